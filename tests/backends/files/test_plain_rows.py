"""Rows of cells that are read many at a time are those that are read one by one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.backends.files.cells import plain_rows
from filterlang.backends.files.read_options import ReadOptions
from filterlang.backends.files.reader import Reader

if TYPE_CHECKING:
    from pathlib import Path

ONE_BY_ONE = 10**9
"""With a limit, rows are read one by one."""
ROWS = [b"1,US,true", b"2,de,FALSE", b"3,,", b",x,true", b'4,"a,b",true', b'"5,5","a""b",false']
ODD = [
    *(b" 8 , us ,true", b"9,\tUS,TRUE\xc2\xa0"),
    *(b"007,US,yes", b"1.5,US,true", b"x,US,true", b"", b"1", b"1,2,3,4", b'6,"a\nb",true'),
    *(b'"6\n",US,true', b'6,"a\n\n,""b""\n",true', b'6,"\n",true\n7,"x\ny\n', b"\n" * 3),
    *(b'7,a"b,true', b'"8" ,US,true', b'9,"US,true', b"1,\xff,true", b"1,\xc3\xbc,true"),
    *(b"1,a\rb,true", b"1,a\0b,true", b"1,\xe2\x80\xa8,true", b"1," + b"x" * 90 + b",true"),
]
FILTERS = ["a>=2", "a!=2", "b==us", r"b~*\,*;a==4", "c==true", "missing!=1", "b!=us;c==false"]


def selected(
    path: Path,
    text: str,
    limit: int | None,
    *,
    invert: bool,
    is_text: bool,
    null: frozenset[str] = frozenset(),
    decimal: str = ".",
    trim: bool = False,
) -> tuple[object, ...]:
    """Give all that is known after a file has been read."""
    faults: list[str] = []
    options = ReadOptions(text=is_text, max_line=80, null=null, decimal=decimal, trim=trim)
    reader = Reader(lambda fault: faults.append(str(fault)), options=options)
    matcher = fl.compile(text)
    with closing(reader.select([str(path)], matcher, limit=limit, invert=invert)) as parts:
        records = [dict(record) for part in parts for record in part.values()]
    told = reader.types.told(matcher.filters)
    return records, faults, reader.summary, told, reader.types.strays, reader.is_whole


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plain") / "x.csv"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note how many rows are taken at a time."""
    found: list[int] = []
    take = plain_rows.PlainRows.take

    def noting(self: plain_rows.PlainRows, line: int, delimiter: str, columns: int) -> int:
        end = take(self, line, delimiter, columns)
        found.append(end - line)
        return end

    monkeypatch.setattr(plain_rows.PlainRows, "take", noting)
    return found


@given(
    # With the second one, many rows are read to find out what divides them.
    names=st.sampled_from([b"a,b,c", b"a,b,c;d"]),
    rows=st.lists(st.sampled_from(ROWS * 3 + ODD), max_size=12),
    end=st.sampled_from([b"\n", b"\r\n"]),
    is_ended=st.booleans(),
    text=st.sampled_from(FILTERS),
    invert=st.booleans(),
    is_text=st.booleans(),
    size=st.sampled_from([16, 64, 1 << 16]),
    null=st.sampled_from([frozenset(), frozenset({"US", "x", "2"})]),
    decimal=st.sampled_from([".", ","]),
    trim=st.booleans(),
)
@example(
    names=b"a,b,c;d",
    rows=ROWS,
    end=b"\n",
    is_ended=True,
    text="a>=2",
    invert=False,
    is_text=False,
    size=16,
    null=frozenset({"1"}),
    decimal=",",
    trim=False,
)
@example(
    names=b"a,b,c",
    rows=[b"1", b"1,US,true", b"1,US,true"],
    end=b"\n",
    is_ended=False,
    text="a>=2",
    invert=False,
    is_text=False,
    size=64,
    null=frozenset(),
    decimal=".",
    trim=True,
)
def test_what_is_read_together_is_what_is_read_one_by_one(
    path: Path,
    names: bytes,
    rows: list[bytes],
    end: bytes,
    is_ended: bool,
    text: str,
    invert: bool,
    is_text: bool,
    size: int,
    null: frozenset[str],
    decimal: str,
    trim: bool,
) -> None:
    path.write_bytes(end.join([names, *rows]) + end * is_ended)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("filterlang.backends.files.opening.inputs.READY", size)
        cleaning = {"null": null, "decimal": decimal, "trim": trim}
        found = [
            selected(path, text, limit, invert=invert, is_text=is_text, **cleaning)  # type: ignore[arg-type]  # of three types
            for limit in (None, ONE_BY_ONE)
        ]
    assert found[0] == found[1]


def test_plain_rows_are_taken_together(path: Path, taken: list[int]) -> None:
    path.write_bytes(b"a,b,c\n" + b"".join(b"%d,US,true\n" % row for row in range(20_000)))
    found = selected(path, "a>=19990", None, invert=False, is_text=False)
    assert [record["a"] for record in found[0]] == [*range(19_990, 20_000)]  # type: ignore[attr-defined]  # a list
    assert sum(taken) > 19_000
    # What isn't plain makes the rows beside it be read one by one, and no others.
    assert max(taken) < 10_000


def test_rows_of_several_lines_are_taken_together(path: Path, taken: list[int]) -> None:
    rows = (b'%d,"U\n""S",true\n%d,"",\n' % (row, row) for row in range(10_000))
    path.write_bytes(b"a,b,c\n" + b"".join(rows))
    found = selected(path, "a>=9995;c==true", None, invert=False, is_text=False)
    assert [record["a"] for record in found[0]] == [*range(9_995, 10_000)]  # type: ignore[attr-defined]  # a list
    assert sum(taken) > 28_000


def test_a_row_of_several_lines_may_be_too_long(path: Path) -> None:
    lines = [b"%d,US,true" % row for row in range(100)]
    lines[50] = b'50,"%s",true' % (b"x" * 50 + b"\n" + b"y" * 50)
    path.write_bytes(b"\n".join([b"a,b,c", *lines]) + b"\n")
    records, faults, *_ = selected(path, "a>=50", None, invert=False, is_text=False)
    assert len(records) == 49  # type: ignore[arg-type]  # a list
    assert len(faults) == 1  # type: ignore[arg-type]  # a list


def test_rows_behind_one_that_is_not_plain_are_taken_again(path: Path, taken: list[int]) -> None:
    lines = [b"%d,US,true" % row for row in range(20_000)]
    lines[100] = b"1,2"
    path.write_bytes(b"\n".join([b"a,b,c", *lines]) + b"\n")
    records, faults, *_ = selected(path, "a>=19990", None, invert=False, is_text=False)
    assert len(records) == 10  # type: ignore[arg-type]  # a list
    assert faults == [f"{path}:102: expected 3 cells as in the first row, found 2"]
    assert 19_900 < sum(taken) < 20_000


def test_columns_of_which_one_name_stands_in_another(path: Path) -> None:
    path.write_bytes(b"x.y,x\n" + b"1,2\n" * 10)
    for text in ("x.y==1", "x==2", "x.y!=1;x==2"):
        both = [
            selected(path, text, limit, invert=False, is_text=False) for limit in (None, ONE_BY_ONE)
        ]
        assert both[0] == both[1]
