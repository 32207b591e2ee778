"""Lines and cells of any length, and what is no record at all: nothing of it becomes a row."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc

import pytest

import filterlang
from filterlang.backends.files import copy
from filterlang.backends.files.cells import delimited
from filterlang.backends.files.cells.delimited import read_rows
from filterlang.backends.files.cells.dialects import Dialect
from filterlang.backends.files.opening import inputs
from filterlang.backends.files.read_options import ReadOptions
from filterlang.backends.files.reader import Reader
from filterlang.backends.files.scanning import ranges
from filterlang.backends.files.scanning.scanner import Scanner
from tests.backends.files.test_faults import faults_of
from tests.support.engines import need

TOO_LONG = (
    "expected a line of at most {:,} bytes, found a longer one; "
    "allow more by --max-line, in Python by max_line"
)


def line(length, end="\n"):
    """Give a record of which the line has so many bytes before its end."""
    return json.dumps({"a": 1, "t": "x" * (length - 17)}) + end


def located(path, **options):
    """Read record by record."""
    found = []
    reader = Reader(
        lambda fault: found.append(str(fault).rpartition("/")[2]), options=ReadOptions(**options)
    )
    return [record.value for record in reader.records([str(path)])], found


# --- Lines ----------------------------------------------------------------------------------------


@pytest.mark.sampled(8, 16)
@pytest.mark.parametrize("kind", ["jsonl", "gz", "zst"])
@pytest.mark.parametrize("limit", [30, 100, 70_000, 200_000])
def test_a_line_over_the_limit_is_told_and_the_next_one_read(kind, limit, tmp_path, engine):
    lengths = [limit, limit + 1, 20, limit - 1, 5 * limit, 3 * limit + 70_000, 20, limit + 1, limit]
    compress = {"jsonl": bytes, "gz": gzip.compress}.get(kind)
    if compress is None:
        compress = need("zstandard", "files").compress
    path = tmp_path / f"x.jsonl.{kind}"
    bad = [number for number, length in enumerate(lengths, 1) if length > limit]
    for end in ("\n", ""):
        text = "\n".join(line(length, "") for length in lengths) + end
        path.write_bytes(compress(text.encode()))
        expected = (
            [json.loads(line(length)) for length in lengths if length <= limit],
            [f"{path.name}:{number}: {TOO_LONG.format(limit)}" for number in bad],
        )
        assert faults_of(path, max_line=limit) == expected
        assert located(path, max_line=limit) == expected
        assert copy("a==1", path, tmp_path / "to.jsonl", max_line=limit, report=print) == (
            (5, 5, 4)
        )


@pytest.mark.parametrize("limit", [30, 45, 60, 200])
def test_a_range_gives_none_for_each_line_over_the_limit(limit, tmp_path):
    path = tmp_path / "x.jsonl"
    lines = [line(length).encode() for length in (20, 50, 300, 20, 100, 25, 31)]
    path.write_bytes(b"".join(lines))
    size = path.stat().st_size
    for block in (16, 64, 1000):
        parts = list(inputs.read_range(str(path), 0, size, block, limit))
        found = [one for part in parts for one in (part or b"-").splitlines(keepends=True)]
        assert found == [one if len(one) - 1 <= limit else b"-" for one in lines]


def test_where_the_first_line_is_too_long_the_others_are_read_by_several(tmp_path, small_ranges):
    path = tmp_path / "x.jsonl"
    path.write_text(line(500) + line(20) * 60)
    assert faults_of(path, jobs=2, max_line=100) == faults_of(path, jobs=1, max_line=100)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("last", [20, 500])
@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("limit", [25, 60, 99, 100, 101, 250])
@pytest.mark.slow
def test_lines_over_the_limit_in_ranges(limit, end, last, tmp_path, small_ranges):
    path = tmp_path / "x.jsonl"
    lengths = [20 + number * 37 % 90 for number in range(60)]
    lengths[::9] = [20 + number * 211 % 900 for number in range(7)]
    path.write_text("\n".join(line(length, "") for length in [*lengths, last]) + end)
    alone = faults_of(path, jobs=1, max_line=limit)
    assert alone == located(path, max_line=limit)
    assert len(alone[0]) == sum(length <= limit for length in [*lengths, last])
    # More than there are ranges take their time.
    for jobs in (2, 3, 50) if limit == 100 else (2, 3):
        assert faults_of(path, jobs=jobs, max_line=limit) == alone


def test_what_lies_in_the_middle_of_a_line_is_not_looked_through(tmp_path, monkeypatch):
    path = tmp_path / "x.jsonl"
    path.write_text(line(10_000) + line(20))
    asked = []
    scanner = Scanner(filterlang.compile("a==1"), max_line=100)
    monkeypatch.setattr(
        ranges, "read_range", lambda *of: asked.extend(got := [*inputs.read_range(*of)]) or got
    )
    assert ranges.scan_range(str(path), scanner, 200, 300) == []
    assert asked == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize("kind", ["gz", "zst", "csv", "quoted.csv", "jsonl"])
def test_nothing_is_kept_of_what_is_too_long(kind, tmp_path):
    path = tmp_path / f"x.{kind}"
    limit, size = 1 << 20, 1 << 26
    compress = bytes
    if kind == "gz":
        compress = gzip.compress
    elif kind == "zst":
        compress = need("zstandard", "files").compress
    begin, end = {"csv": ("a,b\n1,", ""), "quoted.csv": ('a,b\n1,"\n', '"')}.get(
        kind, ('{"a":"', '"}')
    )
    last = "1,2\n" if "csv" in kind else '{"a": 1}\n'
    text = begin + ("x" * 1023 + "\n" * ("quoted" in kind)) * (size // 1024) + end + "\n" + last
    path.write_bytes(compress(text.encode()))
    del text
    tracemalloc.start()
    records, faults = faults_of(path, max_line=limit)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(records) == 1
    number = 2 if "csv" in kind else 1
    reason = TOO_LONG.format(limit)
    if "csv" in kind:
        reason = f"expected a row of cells: {reason}"
    assert faults == [f"{path.name}:{number}: {reason}"]
    assert most < 16 * limit


# --- Cells ----------------------------------------------------------------------------------------


def rows_of(path, **options):
    values, faults = faults_of(path, "a!=none", text=True, **options)
    return [[*value.values()] for value in values], faults


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_cells_of_any_size_are_read(ends, delimiter, tmp_path):
    limit = csv.field_size_limit()
    big = f'phantom{delimiter}row{ends}"{delimiter}é' * 20_000
    long = "x" * (limit + 1)
    rows = [["a", "b", "c"], ["1", big, ""], ["", long, "2"], [long, big, "é"], ["3", "4", "5"]]
    path = tmp_path / ("x.csv" if delimiter == "," else "x.tsv")
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows(rows)
    path.write_bytes(text.getvalue().encode())
    assert rows_of(path) == (rows[1:], [])
    assert csv.field_size_limit() == limit


def test_rows_are_taken_apart_as_by_the_standard_library(tmp_path, monkeypatch):
    texts = [
        'a,"b""c""",\n',
        '"",""\r\n',
        ',,"x\n,""\n"\n',
        '1"2,"3"\n',
        "\n",
        '"a"\r\r\n',
        '"x""",y"\n',
    ]
    before = csv.field_size_limit(1)
    try:
        for text in texts:
            got = list(delimited._Rows(iter(text.encode().splitlines(keepends=True)), ",", 1 << 20))
            csv.field_size_limit(before)
            assert got == list(csv.reader(io.StringIO(text, newline=""), strict=True))
            csv.field_size_limit(1)
    finally:
        csv.field_size_limit(before)


BIG = "x" * 140_000
REASON = "',' expected after '\"'"
BROKEN = f"expected a row of cells: {REASON}"
OPEN = (
    "expected a row of cells: a quote isn't closed, so lines 2 to 3 aren't read; close it (a quote "
    "within a cell is written twice), or fetch the file again if it is cut off"
)
STOPPED = "so that it can't be told where the row ends; write each quote within a cell twice"
RETURN = "a carriage return in a cell without quotes; put the cell in quotes"


@pytest.mark.parametrize(
    ("text", "rows", "fault"),
    [
        # A quoted cell that goes on after its end, in one line: the next line is a row.
        ('1,"x"y\n3,4\n', [["3", "4"]], f":2: {BROKEN}"),
        ('1,"he said "hello", or so"\n3,4\n', [["3", "4"]], f":2: {BROKEN}"),
        (f'1,"{BIG}\n7,8\n"y\n3,4\n', [["3", "4"]], f":2: {BROKEN}"),
        # In several lines it can't be told what was meant.
        (f'1,"{BIG}\n7,8\n" "y\n7,8\n"\n3,4\n', [], f": {REASON} in line 4, {STOPPED}"),
        (
            '5,6\n1,"he said "hello" to\n7,8\nme"\n3,4\n',
            [["5", "6"]],
            f": {REASON} in line 3, {STOPPED} (read up to line 2)",
        ),
        ('1,2\n1,"5" disk"\n', [["1", "2"]], f":3: {BROKEN}"),
        # A cell that doesn't end.
        ('1,"x\n7,8\n', [], f":2: {OPEN}"),
        (f'1,"{BIG}\n7,8\n', [], f":2: {OPEN}"),
        # An end of a line that is one to some programs only.
        ("1,2\r3\n3,4\n", [["3", "4"]], f":2: expected a row of cells: {RETURN}"),
        ("1\r2,2\n3,4\n", [["3", "4"]], f":2: expected a row of cells: {RETURN}"),
    ],
)
def test_nothing_of_a_cell_with_a_mistake_is_a_row(text, rows, fault, tmp_path):
    (tmp_path / "x.csv").write_text("a,b\n" + text, newline="")
    found, (told,) = rows_of(tmp_path / "x.csv")
    assert (found, told) == (rows, f"x.csv{fault}")


@pytest.mark.parametrize(
    ("text", "rows", "lines"),
    [
        ("1,{x}\n3,4\n", [["3", "4"]], [2]),
        ('1,"{x}"\n3,4\n', [["3", "4"]], [2]),
        ('1,"x\n{x}\n7,8\n",""\n3,4\n', [["3", "4"]], [2]),
        ('1,"{x}""\n7,8\n""",""\n3,4\n', [["3", "4"]], [2]),
        ('1,"{half}\n7,8\n{half}\n7,8\n"\n3,4\n', [["3", "4"]], [2]),
        ('1,"{half}\n7,8\n{half}\n7,8\n', [], [2]),
        ('5,6\n1,"{x}" "y"\n3,4\n1,{x}', [["5", "6"], ["3", "4"]], [3, 5]),
        ("{x}\n{x}\n3,4\n", [["3", "4"]], [2, 3]),
    ],
)
@pytest.mark.parametrize("times", [1, 5])
def test_rows_over_the_limit_are_told_by_their_first_line(text, rows, lines, times, tmp_path):
    text = text.replace("{x}", "x" * 1001 * times).replace("{half}", "x" * 900)
    (tmp_path / "x.csv").write_text("a,b\n" + text, newline="")
    reason = f"expected a row of cells: {TOO_LONG.format(1000)}"
    assert rows_of(tmp_path / "x.csv", max_line=1000) == (
        rows,
        [f"x.csv:{number}: {reason}" for number in lines],
    )


def test_a_row_just_within_the_limit(tmp_path):
    for end in ("\n", ""):
        (tmp_path / "x.csv").write_text("a,b\n1," + "x" * 998 + end)
        assert rows_of(tmp_path / "x.csv", max_line=1000) == ([["1", "x" * 998]], [])
        (tmp_path / "x.csv").write_text('a,b\n1,"\n' + "x" * 994 + '"' + end)
        assert len(rows_of(tmp_path / "x.csv", max_line=1000)[0]) == 1
        (tmp_path / "x.csv").write_text('a,b\n1,"\n' + "x" * 996 + '"' + end)
        assert rows_of(tmp_path / "x.csv", max_line=1000)[0] == []


def test_the_limit_of_the_module_is_no_concern(tmp_path):
    (tmp_path / "x.csv").write_text('a,b\n1,"' + "x\n7,8\n" * 1000)
    before = csv.field_size_limit(1 << 30)
    try:
        assert rows_of(tmp_path / "x.csv", max_line=1000) == (
            [],
            [f"x.csv:2: expected a row of cells: {TOO_LONG.format(1000)}"],
        )
    finally:
        csv.field_size_limit(before)


def test_a_broken_row_that_is_too_long_and_ends_nowhere(tmp_path):
    (tmp_path / "x.csv").write_text('a,b\n1,"x\n' + "y" * 2000 + '"z"\n7,8\n3,4\n')
    assert rows_of(tmp_path / "x.csv", max_line=1000) == (
        [],
        [
            (
                "x.csv: ',' expected after '\"' in line 3, so that it can't be told where the row "
                "ends; write each quote within a cell twice"
            )
        ],
    )


def test_names_that_are_too_long(tmp_path):
    (tmp_path / "x.csv").write_text("a," + "b" * 2000 + "\n1,2\n")
    assert rows_of(tmp_path / "x.csv", max_line=1000) == (
        [],
        [f"x.csv: the names in the first row can't be read: {TOO_LONG.format(1000)}"],
    )
    (tmp_path / "x.csv").write_text(f'a,"{BIG}"\n1,2\n')
    assert rows_of(tmp_path / "x.csv")[0] == [["1", "2"]]


def test_rows_say_where_they_end(tmp_path):
    (tmp_path / "x.csv").write_text('a,b\n1,"2\n3"\n\n4\n')
    rows = list(read_rows(str(tmp_path / "x.csv"), Dialect(), lambda _: None))
    assert rows == [
        (3, {"a": "1", "b": "2\n3"}),
        (5, "expected 2 cells as in the first row, found 1"),
    ]
