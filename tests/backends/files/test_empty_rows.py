"""Rows of nothing but empty cells are counted in blocks as they are one by one."""

from __future__ import annotations

import csv
from contextlib import closing
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang.backends.files.cells import plain_rows
from filterlang.backends.files.cells.empty_rows import EmptyRows
from filterlang.backends.files.read_options import ReadOptions
from filterlang.backends.files.reader import Reader
from filterlang.backends.files.watching import mistyped
from filterlang.backends.files.watching.mistyped import Mistyped
from tests.support.engines import need

CELLS = ["", "", '""', "x", "1", '"a\n,\nb"', '"\n,"', '"q""r"', " "]
ROWS = st.lists(st.lists(st.sampled_from(CELLS), min_size=2, max_size=2).map(",".join), max_size=30)
ENDS = st.sampled_from(["\n", "\r\n"])


def counted(text):
    """Count such rows by the rules that others read them by."""
    rows = list(csv.reader(StringIO(text, newline="")))[1:]
    return sum(bool(row) and not any(row) for row in rows)


@given(rows=ROWS, end=ENDS, last=st.booleans())
def test_lines_are_counted_as_rows_are(rows, end, last):
    text = end.join(["a,b", *rows]) + end * last
    seen, lines = EmptyRows(), EmptyRows()
    for one in (seen, lines):
        one.begin(["a", "b"], ",")
    cells = [row for row in csv.reader(StringIO(text, newline="")) if row][1:]
    seen.see_cells(cells)
    assert seen.number == counted(text)
    assert lines.in_lines(bytearray(text.encode()), len(f"a,b{end}")) == seen.number


@pytest.mark.parametrize("size", [40, 400, 1 << 21])
@given(rows=ROWS, end=ENDS, jobs=st.sampled_from([1, 2]))
@settings(deadline=None, max_examples=25)
def test_all_rows_of_a_file_are_counted(tmp_path_factory, size, rows, end, jobs):
    need("pyarrow", "files")
    path = tmp_path_factory.mktemp("empty") / "x.csv"
    text = end.join(["a,b", "1,x", *rows]) + end
    path.write_bytes(text.encode())
    seen = seen_in_blocks(path, size, ReadOptions(), jobs)
    assert seen.empty_rows is not None
    assert seen.empty_rows.number == counted(text)


def seen_in_blocks(path, size, options, jobs=1):
    """Read a file in blocks from the second row on, and give what has looked at it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plain_rows, "BLOCK", size)
        patch.setattr(plain_rows, "ALONE", 0)
        patch.setattr(mistyped, "SAMPLE", 1)
        matcher = fl.compile("a!=1")
        seen = Mistyped(matcher.filters, None)
        reader = Reader(lambda _: None, options=options, mistyped=seen, remark=lambda _: None)
        with closing(reader.select([str(path)], matcher, jobs=jobs)) as parts:
            for _ in parts:
                pass
    return seen


def test_what_is_made_empty_may_not_be_counted_in_blocks(tmp_path):
    need("pyarrow", "files")
    path = tmp_path / "x.csv"
    path.write_text("\n".join(["a,b", "2,x", ",", *["2,x"] * 50, " , ", *["2,x"] * 50]) + "\n")
    (told,) = seen_in_blocks(path, 400, ReadOptions(trim=True)).tell()
    assert told == (
        "at least 1 row has nothing but empty cells, and is a record as all others; write "
        "'a!=;a!=1' to leave such out"
    )


def test_neither_one_column_nor_a_workbook_has_such():
    rows = EmptyRows()
    rows.begin(["a"], ",")
    rows.see_cells([[""]])
    rows.see_row({"a": ""})
    rows.begin(["a", "b"], "")
    rows.see_row({"a": "", "b": ""})
    assert (rows.number, rows.in_lines(bytearray(b"a,b\n,\n"), 4)) == (0, 0)
