"""The names in a first row: with spaces around them, there twice, or below a title."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.cells.header_names import Doubled, Header, unique_names

if TYPE_CHECKING:
    from pathlib import Path


def rows(path: Path, filters: str = "zz!=1", **options: object) -> tuple[list[object], list[str]]:
    """Give the records of a file, and what is remarked."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = [dict(one) for one in read(path, filters, **options)]  # type: ignore[arg-type]  # each its own
    return [*found], [str(one.message).replace(str(path), path.name) for one in told]


def wrote(tmp_path: Path, text: str, name: str = "x.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


# --- Spaces around them ---------------------------------------------------------------------------


def test_spaces_around_names_are_no_part_of_them(tmp_path: Path) -> None:
    path = wrote(tmp_path, ' id , "score"\t," a b "\n 1 ,95, x \n')
    record = {"id": " 1 ", '"score"': "95", "a b": " x "}
    assert rows(path, text=True)[0] == [record]
    assert rows(path, "a b~*x*")[0] == [{**record, '"score"': 95}]


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        (["id", " id"], ["id", " id"]),
        ([" id", "id"], [" id", "id"]),
        ([" ", "a"], [" ", "a"]),
        (["", "a"], ["", "a"]),
        (["\u00a0a", "a "], ["\u00a0a", "a"]),
        ([" id", "id "], ["id", "id_2"]),
        (["a", "a", "a_2", "a"], ["a", "a_3", "a_2", "a_4"]),
        (["", "", "column_2", ""], ["", "column_3", "column_2", "column_4"]),
    ],
)
def test_each_column_has_a_name_of_its_own(cells: list[str], names: list[str]) -> None:
    assert unique_names(cells)[0] == names


@given(st.lists(st.text(st.sampled_from("a_23 "), max_size=4), max_size=8))
def test_no_name_is_there_twice(cells: list[str]) -> None:
    """All names differ, those that are there once stay, and what became of the others is told."""
    names, doubled = unique_names(cells)
    assert len({*names}) == len(names) == len(cells)
    changed = {one.second - 1: one.called for one in doubled}
    for place, (cell, name) in enumerate(zip(cells, names, strict=True)):
        assert changed.get(place, name) == name
        assert place in changed or name.strip() == cell.strip()
    assert unique_names(names) == (names, [])


# --- There twice ----------------------------------------------------------------------------------


def test_a_name_that_is_there_twice_matters_where_it_is_asked_for(tmp_path: Path) -> None:
    path = wrote(tmp_path, "id,score,score\n1,95,7\n2,9,8\n")
    told = (
        "x.csv: the columns 2 and 3 are both called 'score'; the second one is called 'score_2' "
        "here"
    )
    assert rows(path, "id==1") == ([{"id": 1, "score": 95, "score_2": 7}], [told])
    assert rows(path, "score_2>7") == ([{"id": 2, "score": 9, "score_2": 8}], [told])
    refused = "the columns 2 and 3 are both called 'score'; rename one of them"
    for filters in ("score>=90", "score.x==1"):
        with pytest.raises(FileError) as caught:
            rows(path, filters)
        assert caught.value.fault.message == refused
    with pytest.raises(FileError) as caught:
        copy("id==1", path, tmp_path / "to.csv", select=["score"])
    assert caught.value.fault.message == refused
    with pytest.warns(UserWarning, match="the second one is called 'score_2' here"):
        copy("id==1", path, tmp_path / "to.csv")
    assert (tmp_path / "to.csv").read_text() == "id,score,score_2\n1,95,7\n"


def test_what_is_told_of_several() -> None:
    def remark(*cells: str) -> str | None:
        names, doubled = unique_names([*cells])
        return Header(names, ",", doubled).remark()

    assert remark("a", "b") is None
    assert remark("a", "a", "b", "a") == (
        "the columns 1 and 2 are both called 'a'; the second one is called 'a_2' here, and 1 more "
        "likewise"
    )
    assert remark("a", "", "") == (
        "the columns 2 and 3 have no name; the second one is called 'column_3' here"
    )
    assert Doubled("a", 1, 3, "a_2").refusal() == (
        "the columns 1 and 3 are both called 'a'; rename one of them"
    )


# --- What stands above them -----------------------------------------------------------------------

SKIP = "x.csv: the first row has fewer cells than those behind it{}; if the names stand in line "
SKIP += "{}, say --skip {}, in Python skip"
TABLE = "id,score\n1,95\n2,100\n"
RECORDS = [{"id": 1, "score": 95}, {"id": 2, "score": 100}]


@pytest.mark.parametrize("names", [",score", '"","score"'])
def test_names_of_rows_have_no_name(tmp_path: Path, names: str) -> None:
    """R and pandas write them before the values; the row with the names isn't a title."""
    path = wrote(tmp_path, f"{names}\nBob,95\nAnn,100\n")
    assert rows(path, "score>=100") == ([{"": "Ann", "score": 100}], [])


@pytest.mark.parametrize(
    ("title", "by"),
    [
        ("Export of users\n", ""),
        ("Export of users\r\n\r\n", ""),
        ("\nExport of users\n", ""),
        ('"Export\nof users"\n', ""),
        ("# Export of users, from 2024\n# made today\n", ""),
        ("# a\n# b, c\n", ""),
        ("# a\n# b\n# c, d\n", ""),
        ("\ufeffExport of users\n", ""),
        ("Export; of users\n", ", divided by comma"),
    ],
)
def test_lines_before_the_names(title: str, by: str, tmp_path: Path) -> None:
    path = wrote(tmp_path, title + TABLE)
    faults: list[object] = []
    told = rows(path, report=faults.append)[1]
    lines = title.count("\n")
    assert SKIP.format(by, lines + 1, lines) in told
    assert rows(path, skip=lines) == (RECORDS, [])
    assert rows(path, skip=lines, text=True)[0] == [{"id": "1", "score": "95"},
                                                    {"id": "2", "score": "100"}]  # fmt: skip
    assert rows(path, "score>=100", skip=lines)[0] == RECORDS[1:]


def test_a_title_above_rows_that_are_divided_otherwise(tmp_path: Path) -> None:
    path = wrote(tmp_path, "Export\n" + TABLE.replace(",", ";"))
    assert rows(path)[1] == [SKIP.format(", divided by semicolon", 2, 1)]
    assert rows(path, skip=1) == (RECORDS, [])


def test_a_name_above_numbers_with_commas(tmp_path: Path) -> None:
    """What is taken for rows of two cells are numbers with decimals."""
    told = (
        "x.csv: there is one name, and what stands behind it are numbers with a comma; if that is "
        'before decimals, say --decimal comma, in Python decimal=","'
    )
    for text in ("v\n1,5\n2,5\n", "v\n1,5\n", "v\n1\n2,5\n-3,5\n"):
        assert told in rows(wrote(tmp_path, text), "v!=9", report=lambda _: None)[1]
        found, remarks = rows(wrote(tmp_path, text), "v!=9", decimal=",")
        assert (len(found), remarks) == (text.count("\n") - 1, [])
    for text in ("v\n1\n2\n", "Title\nid,score\n1,95\n2,9\n", "v,w\n1,5\n2,5\n"):
        remarks = rows(wrote(tmp_path, text), "v!=9", report=lambda _: None)[1]
        assert told not in remarks


def test_a_first_row_that_a_spreadsheet_fills_up(tmp_path: Path) -> None:
    """It has as many cells as the others, of which only one isn't empty."""
    told = (
        "x.csv: only one cell of the first row isn't empty; if the names stand in line {}, say "
        "--skip {}, in Python skip"
    )
    path = wrote(tmp_path, f"Export of users,\n,\n{TABLE}")
    assert told.format(3, 2) in rows(path, "score!=9")[1]
    told = told.format(2, 1)
    assert told in rows(wrote(tmp_path, f"Export of users,\n{TABLE}"), "score!=9")[1]
    assert told in rows(wrote(tmp_path, "name,,\nann,1,2\nbob,3,4\n"), "name!=x")[1]
    path = wrote(tmp_path, f"Export of users,\n{TABLE}")
    assert rows(path, "score!=9", skip=1) == (RECORDS, [])


def test_a_comment_with_the_names(tmp_path: Path) -> None:
    for text in ("# a\n# id,score\n1,95\n2,100\n", "# a\n# name,city\nbob,Bonn\nal,Ulm\n"):
        path = wrote(tmp_path, text)
        assert rows(path, report=lambda _: None)[1] == [SKIP.format("", 2, 1)]


END = "x.csv: the rows end in an empty cell without a name; put a {} behind the names, too"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,score\n1,95,\n2,100,\n", [END.format("comma")]),
        ("id;score\n1;95;\n", [END.format("semicolon")]),
        ("\ufeffid,score\n1,95,\n2,100,\n3,7\n", [END.format("comma")]),
        ("id,score\r\n\r\n1,95,\r\n", [END.format("comma")]),
        ("Title\nid,\n1,\n2,\n", []),
        ('id,score\n1,95,""\n2,100,""\n', [END.format("comma")]),
    ],
)
def test_rows_that_end_in_a_delimiter(text: str, told: list[str], tmp_path: Path) -> None:
    found = rows(wrote(tmp_path, text), report=lambda _: None)[1]
    assert found == told


def test_names_that_end_in_a_delimiter_too(tmp_path: Path) -> None:
    found, told = rows(wrote(tmp_path, "id,score,\n1,95,\n2,100,\n"))
    assert (found, told) == ([record | {"": ""} for record in RECORDS], [])


def test_lines_behind_those_that_are_skipped(tmp_path: Path) -> None:
    path = wrote(tmp_path, "x\nTitle\n" + TABLE)
    assert rows(path, skip=1, report=lambda _: None)[1] == [SKIP.format("", 3, 2)]
    path = wrote(tmp_path, "Title\nsep=;\na;b\n1;2\n1\n")
    faults: list[str] = []
    found, _ = rows(path, skip=1, report=lambda fault: faults.append(str(fault)))
    assert (found, len(faults)) == ([{"a": 1, "b": 2}], 1)
    assert faults[0].endswith("x.csv:5: expected 2 cells as in the first row, found 1")
    path = wrote(tmp_path, "Title\n1,2\n")
    assert rows(path, skip=1, header=False)[0] == [{"column_1": 1, "column_2": 2}]
    for skip in (2, 3):
        with pytest.raises(FileError, match="there is no row with names at its beginning"):
            rows(path, skip=skip)
    with pytest.raises(ValueError, match=r"^expected how many lines to skip, found -1$"):
        rows(path, skip=-1)


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n2\n",
        "a,b\n1,\n2,\n3,\n",
        "a,b,c\n1,2,3\n4,,\n5,6,7\n8,,\n",
        "#chrom,pos\n1,2\n3,4\n",
        "a;b\n1,5;2,5\n3,5;4,5\n",
        "a,b\n\n1,2\n3,4\n",
        "Title\na,b\n",
        "",
        "a,b,c\n" + "1,2,3\n" * 5 + "x\n" + "1,2,3\n" * 5,
    ],
)
def test_first_rows_that_look_like_names(text: str, tmp_path: Path) -> None:
    assert rows(wrote(tmp_path, text), report=lambda _: None)[1] == []


def test_a_row_longer_than_any_may_be_is_skipped_as_a_line(tmp_path: Path) -> None:
    path = wrote(tmp_path, "x" * 500 + "\n" + TABLE)
    assert rows(path, skip=1, max_line=100)[0] == RECORDS
