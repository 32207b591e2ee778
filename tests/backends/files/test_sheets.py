"""Workbooks: numbers, dates, empty cells, names, and which sheet."""

from __future__ import annotations

import re
import sys
from datetime import date, datetime, time, timedelta
from time import monotonic
from zipfile import ZipFile

import pytest

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.cells import unsaved_formulas as looking
from filterlang.backends.files.cells.unsaved_formulas import unsaved_formulas
from filterlang.cli import main
from tests.support.engines import need

need("python_calamine", "files")
openpyxl = need("openpyxl", "dev")


def saved(path, *sheets, hidden=()):
    """Write sheets, each a name and its rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def fault_of(path, **options):
    with pytest.raises(FileError) as caught:
        list(read(path, [], **options))
    return caught.value.fault.message


NOON = datetime.fromisoformat("2024-01-31T12:30")
ROWS = [
    ["id", "score", "on", "day", "at", "time", "span", "text", 2024],
    [1, 1.5, True, date(2024, 1, 31), NOON, time(1, 2, 3),
     timedelta(days=1, hours=2), "007", "x"],
    [None] * 9,
    [2.0, 1e21, False, None, None, None, None, "", None],
]  # fmt: skip  # a row a record


def test_texts_are_cleaned_if_somebody_says_so(tmp_path):
    rows = [["id", "name", "v"], [1, " Bob\t", "N/A"], [-1, "Al", True], [2.5, " N/A ", 7]]
    path = saved(tmp_path / "x.xlsx", ("Data", rows))
    assert list(read(path, "id==1")) == [{"id": 1, "name": " Bob\t", "v": "N/A"}]
    assert list(read(path, [], trim=True, null=["N/A", "-1", "2.5", "True"])) == [
        {"id": 1, "name": "Bob", "v": None},
        {"id": None, "name": "Al", "v": True},
        {"id": None, "name": None, "v": 7},
    ]


def test_texts_with_a_comma_stay_texts_which_is_told(tmp_path):
    rows = [["id", "v"], [1, "x,y"], [2, "95,5"], [3, "1,5"]]
    path = saved(tmp_path / "x.xlsx", ("Data", rows))
    remarks = []
    assert len(list(read(path, r"v==95\,5", decimal=",", remark=remarks.append))) == 1
    told = (
        "'95,5' is a text in the workbook and stays one, as --decimal (in Python decimal=) is for "
        "CSV and TSV; make such cells numbers, or save it as CSV"
    )
    assert remarks == [f"{path}: {told}"]
    remarks.clear()
    assert len(list(read(path, [], remark=remarks.append))) == 3
    path = saved(tmp_path / "y.xlsx", ("Data", [["id", "v"], [1, "x,y"], [2, 95.5]]))
    assert len(list(read(path, [], decimal=",", remark=remarks.append))) == 2
    assert remarks == []


def test_cells_are_what_they_are(tmp_path):
    path = saved(tmp_path / "x.xlsx", ("Data", ROWS), ("Empty", []))
    assert list(read(path, [])) == [
        {
            "id": 1,
            "score": 1.5,
            "on": True,
            "day": date(2024, 1, 31),
            "at": NOON,
            "time": "01:02:03",
            "span": "26:00:00",
            "text": "007",
            "2024": "x",
        },
        {"id": 2, "score": 1e21, "on": False}
        | dict.fromkeys(("day", "at", "time", "span", "text", "2024")),
    ]
    assert [type(row["id"]) for row in read(path, [])] == [int, int]
    for text, ids in {
        "id==1": [1],
        "score>1": [1, 2],
        "on==true": [1],
        "day==2024-01-31": [1],
        "at>2024-01-31T12:00:00Z": [1],
        "text==007": [1],
        "text==": [2],
        "day==": [2],
    }.items():
        assert [row["id"] for row in read(path, text)] == ids, text


def test_rows_are_told_by_their_number_in_the_sheet(tmp_path):
    from filterlang.backends.files.reader import Reader

    path = saved(tmp_path / "x.xlsm", ("Data", [[], [], [None, "a", "b"], [], [None, 1, 2]]))
    (record,) = Reader(print).records([str(path)])
    assert (record.number, record.value) == (5, {"a": 1, "b": 2})


def test_errors_and_formulas(tmp_path):
    path = saved(tmp_path / "x.xlsx", ("Data", [["a", "b"], ["#N/A", 1], ["#DIV/0!", "x"]]))
    assert list(read(path, [])) == [{"a": None, "b": 1}, {"a": None, "b": "x"}]


def test_formulas_without_values_are_told(tmp_path):
    formulas = [["a", "b"], [1, "=A2+1"], [2, "=A3+1"], [None, "=1"]]
    path = saved(tmp_path / "x.xlsx", ("One", [["a"], [1]]), ("Two & 3", formulas))
    remarks = []
    found = list(read(path, "a>=1", records="Two & 3", remark=remarks.append))
    assert found == [{"a": 1, "b": None}, {"a": 2, "b": None}]
    assert remarks == [
        (
            f"{path}: 3 cells have formulas without values (the first one is B2) and are read as "
            "empty; open the workbook in a spreadsheet program, and save it there"
        )
    ]
    remarks.clear()
    assert len(list(read(path, [], records="One", remark=remarks.append))) == 1
    assert remarks == []


def changed(source, path, change):
    """Write a workbook anew, with its sheet changed."""
    with ZipFile(source) as old, ZipFile(path, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name.endswith("sheet1.xml") else data)
    return path


WITHOUT_VALUE = (
    "a cell has a formula without a value (B2) and is read as empty; open the workbook in a "
    "spreadsheet program, and save it there"
)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: re.sub(rb"<(/?)([a-z])", rb"<\1x:\2", data).replace(b"xmlns=", b"xmlns:x="),
        lambda data: data.replace(b"<f>", b"<!-- <f></f></c> <f>1</f><v/></c> --><f>"),
        lambda data: data.replace(b'<c r="B2"', b'<c t="n" note="%s" r="B2"' % (b"a>b" * 1000)),
    ],
)
def test_formulas_are_found_however_a_sheet_is_written(tmp_path, change):
    source = saved(tmp_path / "x.xlsx", ("Data", [["a", "b"], [1, "=A2+1"]]))
    path = changed(source, tmp_path / "y.xlsx", change)
    assert unsaved_formulas(path.read_bytes(), 0) == WITHOUT_VALUE


def test_entities_of_a_sheet_are_refused(tmp_path):
    """A few lines of them would stand for more than any memory holds."""
    declared = b'<!DOCTYPE x [<!ENTITY a "%s">' % (b"a" * 1000)
    for one, two in zip(b"abcdefgh", b"bcdefghi", strict=True):
        declared += b'<!ENTITY %c "%s">' % (two, b"&%c;" % one * 100)

    def change(data):
        at = data.index(b"<worksheet")
        return data[:at] + declared + b"]>" + data[at:].replace(b"A2+1", b"&i;")

    source = saved(tmp_path / "x.xlsx", ("Data", [["a", "b"], [1, "=A2+1"]]))
    path = changed(source, tmp_path / "y.xlsx", change)
    assert unsaved_formulas(path.read_bytes(), 0) is None


def test_a_sheet_is_looked_at_piece_by_piece(tmp_path, monkeypatch):
    """What has no end isn't kept, nor looked at again and again; what was found before is told."""
    source = saved(tmp_path / "x.xlsx", ("Data", [["a", "b"], [1, "=A2+1"]]))
    cells = b"".join(
        b'<row r="%d"><c r="A%d"><f>1</f><v>7</v></c></row>' % (n, n) for n in range(3, 9)
    )
    path = changed(
        source,
        tmp_path / "y.xlsx",
        lambda data: data.replace(b"</sheetData>", cells + b"</sheetData>"),
    )
    monkeypatch.setattr(looking, "_CHUNK", 3)
    assert unsaved_formulas(path.read_bytes(), 0) == WITHOUT_VALUE
    monkeypatch.setattr(looking, "_CHUNK", 1 << 16)
    endless = changed(source, tmp_path / "z.xlsx", lambda data: data + b"<a " + b" " * (1 << 24))
    monkeypatch.setattr(looking.ZipFile, "read", pytest.fail)
    started = monotonic()
    assert unsaved_formulas(endless.read_bytes(), 0) == WITHOUT_VALUE
    assert monotonic() - started < 2


@pytest.mark.parametrize(
    ("cell", "value", "told"),
    [
        ('<c r="B2"><f>A2+1</f><v>2</v></c>', 2, False),
        ('<c r="B2" t="str"><f>""</f><v></v></c>', None, False),
        ('<c r="B2" t="b"><f>TRUE()</f><v>1</v></c>', True, False),
        ('<c r="B2" s="0"><f>A2+1</f></c>', None, True),
        ('<c s="0" r="B2"><f t="shared" si="0"/><v/></c>', None, True),
        ('<c r="B2"><f t="array" ref="B2">A2 &lt; 1</f> <v></v> </c>', None, True),
    ],
)
def test_which_formulas_have_values(tmp_path, cell, value, told):
    source = saved(tmp_path / "x.xlsx", ("Data", [["a", "b"], [1, "=A2+1"]]))
    remarks = []
    pattern = re.compile(rb'<c r="B2".*?</c>')
    path = changed(
        source, tmp_path / "y.xlsx", lambda data: pattern.sub(lambda _: cell.encode(), data)
    )
    assert list(read(path, [], remark=remarks.append)) == [{"a": 1, "b": value}]
    assert remarks == [f"{path}: {WITHOUT_VALUE}"] * told


def test_which_sheet(tmp_path):
    one, two = ("One", [["a"], [1]]), ("Two", [["a"], [2]])
    path = saved(tmp_path / "x.xlsx", one, two)
    assert fault_of(path) == (
        "there are 2 sheets with cells in the workbook ('One', 'Two'); say which holds the records "
        "by --records NAME (in Python records=)"
    )
    assert list(read(path, [], records="Two")) == [{"a": 2}]
    assert fault_of(path, records="Three") == (
        "there is no sheet 'Three' in the workbook, only 'One', 'Two'"
    )
    saved(path, one, two, hidden=("One",))
    assert list(read(path, [])) == [{"a": 2}]
    assert list(read(path, [], records="One")) == [{"a": 1}]


def test_a_workbook_without_cells(tmp_path):
    path = saved(tmp_path / "x.xlsx", ("One", []))
    assert fault_of(path) == "there is no row with names at its beginning"
    assert list(read(saved(path, ("One", [["a"]])), [])) == []


def told_of(path, filters, **options):
    """Read what matches; give it, and what is told of the workbook itself."""
    told = []
    found = list(read(path, filters, remark=told.append, **options))
    return found, [one for one in told if one.startswith(f"{path}: ")]


def test_names_that_are_missing(tmp_path):
    path = tmp_path / "x.xlsx"
    saved(path, ("One", [["a", None, "b"], [1, 2, 3]]))
    assert told_of(path, "b==3") == ([{"a": 1, "": 2, "b": 3}], [])
    saved(path, ("One", [["a", None, "b"], [1, None, 3]]))
    assert told_of(path, "b==3") == ([{"a": 1, "b": 3}], [])
    saved(path, ("One", [["a", None, None, "b", None], [1, None, 2, 3, 4], [None, None, 5]]))
    told = f"{path}: the columns C and E have no name; the second one is called 'column_5' here"
    assert told_of(path, []) == (
        [
            {"a": 1, "": 2, "b": 3, "column_5": 4},
            {"a": None, "": 5, "b": None, "column_5": None},
        ],
        [told],
    )
    saved(path, ("One", [[], [None, "a", None, None], [None, 1, 2, 3]]))
    told = f"{path}: the columns C and D have no name; the second one is called 'column_4' here"
    assert told_of(path, "column_4==3") == ([{"a": 1, "": 2, "column_4": 3}], [told])
    assert told_of(path, "column_3==3") == ([], [told])


def test_names_that_are_there_twice(tmp_path):
    path = saved(tmp_path / "x.xlsx", ("One", [["id", "score", "score", 7, "7"], [1, 95, 7, 8, 9]]))
    told = (
        f"{path}: the columns B and C are both called 'score'; the second one is called 'score_2' "
        "here, and 1 more likewise"
    )
    record = {"id": 1, "score": 95, "score_2": 7, "7": 8, "7_2": 9}
    assert told_of(path, "id==1") == ([record], [told])
    assert told_of(path, "score_2==7") == ([record], [told])
    refused = "the columns B and C are both called 'score'; rename one of them"
    for filters in ("score>=90", "score.x==1"):
        with pytest.raises(FileError) as caught:
            list(read(path, filters))
        assert caught.value.fault.message == refused
    with pytest.raises(FileError) as caught:
        copy("id==1", path, tmp_path / "to.csv", select=["score"])
    assert caught.value.fault.message == refused
    saved(path, ("One", [[*range(26), 0], [1]]))
    with pytest.raises(FileError) as caught:
        list(read(path, "0==1"))
    assert caught.value.fault.message == (
        "the columns A and AA are both called '0'; rename one of them"
    )
    with pytest.warns(UserWarning, match="the second one is called '0_2' here"):
        copy("1!=1", path, tmp_path / "to.csv")
    assert (tmp_path / "to.csv").read_text() == (
        f"{','.join(map(str, range(26)))},0_2\n1{',' * 26}\n"
    )


@pytest.mark.parametrize(
    ("before", "names_in"),
    [
        ([["Users of 2024"]], 2),
        ([["Users"], []], 3),
        ([[], ["Users"], ["as of", "today"]], 4),
        ([["Users", 2024]], 2),
    ],
)
def test_rows_before_the_names_are_told(before, names_in, tmp_path):
    rows = [*before, ["id", "score", "city", "x"], [1, 95, "Bonn", 1], [2, None, "Ulm", 2]]
    path = saved(tmp_path / "x.xlsx", ("One", rows))
    told = (
        f"{path}: the first row has fewer cells than those behind it; if the names stand in row "
        f"{names_in}, say --skip {names_in - 1}, in Python skip"
    )
    found, remarks = told_of(path, "score>=90")
    assert (found, remarks[0]) == ([], told)
    assert told_of(path, "score>=90", skip=names_in - 1) == (
        [{"id": 1, "score": 95, "city": "Bonn", "x": 1}],
        [],
    )


@pytest.mark.parametrize(
    "rows",
    [
        [["id"], [1], [2], [3]],
        [[None, "a", "b"], [0, 1, 2], [1, 3, 4], [2, 5, 6]],
        [["a", "b", None], [0, 1, 2], [1, 3, 4], [2, 5, 6]],
        [["a", "b", "c", "d"], [1], [2], [3]],
        [["a"], [1, 2]],
    ],
)
def test_rows_of_names_are_no_titles(rows, tmp_path):
    path = saved(tmp_path / "x.xlsx", ("One", rows))
    found, told = told_of(path, [])
    assert (len(found), told) == (len(rows) - 1, [])


def test_what_is_no_workbook(tmp_path, monkeypatch):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"a,b\n1,2\n")
    assert fault_of(path) == "this is no whole workbook (Cannot detect file format); save it anew"
    whole = saved(path, ("One", [["a"]])).read_bytes()
    path.write_bytes(whole[:-30])
    assert fault_of(path).startswith("the zip data is ")
    sheet = whole.index(b"xl/worksheets/sheet1.xml") + 40
    path.write_bytes(whole[:sheet] + bytes(40) + whole[sheet + 40 :])
    assert fault_of(path).startswith("this is no whole workbook (")
    assert fault_of(tmp_path / "y.xlsx") == "no such file or directory"

    import python_calamine

    class Locked:
        @staticmethod
        def from_filelike(file):
            raise python_calamine.PasswordError

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Locked)
    assert fault_of(path) == "the workbook is locked by a password; save it without one"
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert fault_of(path) == (
        "xlsx data needs python-calamine, which is not installed; "
        "run: pip install 'filterlang[files]'"
    )


def test_cells_are_copied_to_csv(tmp_path):
    path = saved(tmp_path / "x.xlsx", ("Data", [["a", "b"], [1, None], [None, "x"]]))
    copy([], path, tmp_path / "y.csv")
    assert (tmp_path / "y.csv").read_text() == "a,b\n1,\n,x\n"


def test_a_date_in_a_column_of_times_is_a_time_at_midnight(tmp_path):
    """As such a cell is read: its time can't be seen, and would not be one in Parquet."""
    need("pyarrow", "files")
    book = openpyxl.Workbook()
    midnight, later = datetime(2024, 1, 31), datetime(2024, 1, 31, 10)  # noqa: DTZ001 — as sheets have it
    for cells in (["at", "day", "x"], [midnight, midnight, midnight], [later, None, "x"], [None]):
        book.active.append(cells)
    book.save(tmp_path / "x.xlsx")
    day = date(2024, 1, 31)
    assert list(read(tmp_path / "x.xlsx", [])) == [
        {"at": midnight, "day": day, "x": day},
        {"at": later, "day": None, "x": "x"},
    ]
    copy([], tmp_path / "x.xlsx", tmp_path / "x.parquet", select=["at", "day"])
    assert [one["at"] for one in read(tmp_path / "x.parquet", "at~*-31T00:00:00Z")] == [midnight]


# --- Without names --------------------------------------------------------------------------------

UNNAMED = [[1, "ann", 5], [2, "bob", 12], [3, "cy", 20]]


def test_without_names_the_columns_are_numbered_or_called_as_is_said(tmp_path):
    path = saved(tmp_path / "x.xlsx", ("One", UNNAMED))
    numbers = ["column_1", "column_2", "column_3"]
    for names, options in [(numbers, {}), (list("abc"), {"columns": ["a", "b", "c"]})]:
        records = [dict(zip(names, row, strict=True)) for row in UNNAMED]
        assert told_of(path, [], header=False, **options) == (records, [])
        assert told_of(path, [], header=False, skip=1, **options) == (records[1:], [])
        assert told_of(path, f"{names[2]}>=12", header=False, **options) == (records[1:], [])
        copy(f"{names[2]}>=12", path, tmp_path / "y.csv", header=False, **options)
        assert (tmp_path / "y.csv").read_text() == f"{','.join(names)}\n2,bob,12\n3,cy,20\n"
    assert list(read(path, [], header=False, skip=2, null="cy")) == [
        {"column_1": 3, "column_2": None, "column_3": 20}
    ]


def test_without_names_columns_are_numbered_as_the_sheet_s_are(tmp_path):
    """As in CSV that is made of it; a column without a cell is one between others."""
    rows = [["Users"], [], [None, 1, None, NOON], [], [None, 2, None, date(2024, 1, 31)]]
    path = saved(tmp_path / "x.xlsx", ("One", rows))
    midnight = datetime.fromisoformat("2024-01-31")
    assert told_of(path, [], header=False, skip=1) == (
        [
            {"column_2": 1, "column_3": None, "column_4": NOON},
            {"column_2": 2, "column_3": None, "column_4": midnight},
        ],
        [],
    )
    names = ["a", "b", "c"]
    assert told_of(path, "a==2", header=False, columns=names, skip=2) == (
        [{"a": 2, "b": None, "c": midnight}],
        [],
    )


def test_rows_have_as_many_cells_as_columns_are_named(tmp_path):
    rows = [[1, "ann"], [2, None, 12], [3, "cy"]]
    path = saved(tmp_path / "x.xlsx", ("One", rows))
    faults = []
    found = list(read(path, [], header=False, columns=["a", "b"], report=faults.append))
    assert found == [{"a": 1, "b": "ann"}, {"a": 3, "b": "cy"}]
    assert [str(fault) for fault in faults] == [
        (
            f"{path}:2: expected 2 cells, as --columns names (in Python columns), found 3; say "
            "--columns a,b,column_3 if all rows have so many"
        )
    ]
    assert fault_of(path, header=False, columns=["a", "b", "c", "d"]) == (
        "expected 4 cells, as --columns names (in Python columns), found 3; say --columns a,b,c if "
        "all rows have so many"
    )


def test_a_sheet_without_names_may_have_no_row(tmp_path):
    """As a file of CSV may."""
    path = saved(tmp_path / "x.xlsx", ("One", []))
    for options in ({}, {"columns": ["a", "b"]}):
        assert list(read(path, [], header=False, **options)) == []
    saved(path, ("One", UNNAMED))
    assert list(read(path, [], header=False, columns=["a", "b"], skip=3)) == []
    assert fault_of(path, skip=3) == "there is no row with names at its beginning"
    copy([], path, tmp_path / "y.csv", header=False, columns=["a", "b"], skip=3)
    assert (tmp_path / "y.csv").read_text() == "a,b\n"


def test_a_title_above_records_without_names_is_told(tmp_path):
    path = saved(tmp_path / "x.xlsx", ("One", [["Users"], *UNNAMED]))
    told = (
        f"{path}: the first row has fewer cells than those behind it; if the records begin in row "
        "2, say --skip 1, in Python skip"
    )
    found, remarks = told_of(path, "column_1==1", header=False)
    assert (found, remarks) == ([{"column_1": 1, "column_2": "ann", "column_3": 5}], [told])
    assert told_of(path, "column_1==1", header=False, skip=1) == (found, [])


def test_rows_without_cells_before_the_names_are_none(tmp_path):
    """As blank lines of CSV are none."""
    path = saved(tmp_path / "x.xlsx", ("One", [["Users"], [], [], ["id", "n"], [1, "ann"]]))
    assert told_of(path, [], skip=1) == ([{"id": 1, "n": "ann"}], [])


def test_names_that_look_like_values_are_told_as_of_csv(tmp_path):
    path = saved(tmp_path / "x.xlsx", ("One", UNNAMED))
    remarks = []
    assert list(read(path, "score>=10", remark=remarks.append)) == []
    assert remarks == [
        (
            "unknown name 'score': nothing in the records read is called so; the names are '1', "
            "'ann', '5'; if the first row is a record, say --no-header --columns "
            "column_1,column_2,column_3, with their names (in Python header and columns)"
        )
    ]


def test_columns_that_no_filter_can_name_may_be_called_otherwise(tmp_path):
    rows = [["Users"], [], ["id", "Last, First"], [1, "Doe, J"], [2, "Roe, R"]]
    path = saved(tmp_path / "x.xlsx", ("One", rows))
    remarks = []
    assert list(read(path, "last==Doe", skip=1, remark=remarks.append)) == []
    assert remarks == [
        (
            "unknown name 'last': nothing in the records read is called so; no filter can hold the "
            "name 'Last, First'; call the columns otherwise: --no-header --skip 3 --columns "
            "id,Last_First"
        )
    ]
    names = ["id", "Last_First"]
    found = list(read(path, "Last_First~Doe*", skip=3, header=False, columns=names))
    assert found == [{"id": 1, "Last_First": "Doe, J"}]


# --- Merged cells ---------------------------------------------------------------------------------


def merged(path, rows, *ranges):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for one in ranges:
        book.active.merge_cells(one)
    book.save(path)
    return path


REGIONS = [["region", "v"], ["North", 1], [None, 2], [None, 3], ["South", 4], [None, 5]]
ONLY_THE_FIRST = (
    ", of which only the first cell has the value, and the others are read as empty; unmerge them "
    "in a spreadsheet program, and fill the value down"
)


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        (["A2:A4"], "cells are merged (A2:A4)"),
        (["A5:A6", "A2:A4"], "2 ranges of cells are merged (the first one is A2:A4)"),
        (["C2:D4"], None),
        # It is one row, or there is no other record.
        (["B2:C2"], None),
        (["A6:A9"], None),
    ],
)
def test_merged_cells_are_told(ranges, told, tmp_path):
    path = merged(tmp_path / "x.xlsx", REGIONS, *ranges)
    expected = [] if told is None else [f"{path}: {told}{ONLY_THE_FIRST}"]
    north = {"region": "North", "v": 1}
    assert told_of(path, "region==North") == ([north], expected)
    assert told_of(path, [])[1] == expected
    assert told_of(path, "v==1") == ([north], [])


def test_merged_cells_among_the_names_are_not_told(tmp_path):
    rows = [["Users"], ["region", "score", "of"], *([n, n, n] for n in range(4))]
    path = merged(tmp_path / "x.xlsx", rows, "A1:C1", "A2:A3")
    assert told_of(path, [], skip=1)[1] == []


def test_merged_cells_in_what_is_written_are_told(tmp_path):
    path = merged(tmp_path / "x.xlsx", REGIONS, "A2:A4")
    told = f"{path}: cells are merged (A2:A4){ONLY_THE_FIRST}"
    remarks = []
    copy("v>1", path, tmp_path / "y.csv", select=["v", "region"], remark=remarks.append)
    assert remarks == [told]
    assert (tmp_path / "y.csv").read_text() == "v,region\n2,\n3,\n4,South\n5,\n"
    remarks.clear()
    copy("v>1", path, tmp_path / "y.csv", select=["v"], remark=remarks.append)
    assert remarks == []


def test_merged_cells_over_several_columns(tmp_path):
    rows = [["a", "b", "c"], [1, None, 7], [None, None, 8]]
    path = merged(tmp_path / "x.xlsx", rows, "A2:B3")
    told = f"{path}: cells are merged (A2:B3){ONLY_THE_FIRST}"
    assert told_of(path, "b==1") == ([], [told])
    assert told_of(path, "c==7") == ([{"a": 1, "b": None, "c": 7}], [])
    # Where nothing was written in the first one, nothing is lacking.
    rows = [["a", "c"], [None, 7], [None, 8]]
    path = merged(tmp_path / "x.xlsx", rows, "A2:A3")
    assert told_of(path, "a==") == ([{"a": None, "c": 7}, {"a": None, "c": 8}], [])


def test_merged_cells_by_which_records_are_counted_or_sorted_are_told(tmp_path, capsys):
    path = merged(tmp_path / "x.xlsx", REGIONS, "A2:A4")
    told = f"{path}: cells are merged (A2:A4){ONLY_THE_FIRST}\n"
    for option in ("--count-by", "--sort"):
        assert main(["match", "v>3", str(path), option, "region"]) == 0
        assert capsys.readouterr().err == told
    assert main(["match", "v>3", str(path), "--count-by", "v"]) == 0
    assert capsys.readouterr() == ("1  4\n1  5\n", "")
