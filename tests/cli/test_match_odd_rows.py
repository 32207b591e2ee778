"""Rows of cells that are hardly records: sums, empty rows, notes at the end, second headers."""

from __future__ import annotations

import csv
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

CSV = ("--count", "--input-format", "csv")
LAST = (
    "the last row, which begins with {!r}, is a record as all others; if it holds sums, take it "
    "away\n"
)
OF_OTHERS = (
    "the {} row, in which 'country' is empty, holds the sums of the others, and is a record as all "
    "of them; write 'country!=;n>=150' to leave such out\n"
)


def told(run, cells, *arguments):
    """Give what is said of cells, whatever matches."""
    return run("match", *arguments, *CSV, stdin=cells.encode()).err


# --- Sums -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["Total: Account,1"], "Total: Account"),
        (["Total (2),"], "Total (2)"),
        (["Total général,300"], "Total général"),
        (["Gesamtergebnis,300"], "Gesamtergebnis"),
        (["Sum of a,300"], "Sum of a"),
        (["Average,150"], "Average"),
        (["Moyenne,150.0"], "Moyenne"),
        ([",Total"], "Total"),
    ],
)
def test_what_the_last_row_begins_with(run, rows, text):
    cells = "\n".join(["country,n", "Germany,100", "France,200", *rows]) + "\n"
    assert told(run, cells, "n!=150") == LAST.format(text)


def test_a_sum_in_the_second_column(run):
    assert told(run, "a,b,n\nx,y,3\nz,w,4\n,Total,1\n", "n>=2") == LAST.format("Total")


def test_sums_without_a_word(run):
    rows = ["Germany,100", "France,200"]
    for where, all_rows in (("last", [*rows, ",300"]), ("first", [",300", *rows])):
        cells = "\n".join(["country,n", *all_rows]) + "\n"
        assert told(run, cells, "n>=150") == OF_OTHERS.format(where)
        assert run("match", "country!=;n>=150", *CSV, stdin=cells.encode())[:2] == (0, "1\n")
    cells = "country,n\nTotal,300\nGermany,100\nFrance,200\n"
    assert told(run, cells, "n>=150") == (
        "the first row, which begins with 'Total', holds the sums of the others, and is a record "
        "as all of them; take it away\n"
    )


def test_several_sums(run):
    cells = "a,n\nx,1\nSubtotal,1\ny,2\nSubtotal,2\nTotal,3\n"
    assert told(run, cells, "n>=1") == (
        "3 rows that begin with words such as 'Total' are records as all others; if they hold "
        "sums, take them away\n"
    )


def test_how_many_rows_there_were(run):
    assert told(run, "a,n\n1,100\n(1 rows affected),\n", "n>=1") == (
        "the last row, '(1 rows affected)', says how many rows there are, and is a record as all "
        "others; take it away\n"
    )


@pytest.mark.parametrize(
    "rows",
    [
        ["x,1", "y,2", ",4"],
        [",4", "x,1", "y,2"],
        ["x,1", ",1"],
        ["x,0", "y,0", ",0"],
        ["x,1,5,7", "y,2,6,8", ",3,7,9"],
        ["Good,1", "Poor,2", "Average,5"],
        ["x,1", "y,2", "Sum of all fears,7"],
        ["Total,95", "x,1"],
        ["1,1", "2,2", "3,3"],
        ["x,1", "y,2", "Totally,3"],
    ],
)
def test_rows_that_hold_no_sums(run, rows):
    names = "a,n,o,p"[: 1 + 2 * rows[0].count(",")]
    assert told(run, "\n".join([names, *rows]) + "\n", "a!=9") == ""


# --- Empty rows, and notes ------------------------------------------------------------------------

EMPTY = "2 rows have nothing but empty cells, and are records as all others; "
TWO = "name,score\nann,7\nbob,12\n,\n,\n"


def test_empty_rows_are_told_where_they_pass(run):
    assert told(run, TWO, "name!=ann") == f"{EMPTY}write 'name!=;name!=ann' to leave such out\n"
    assert run("match", "name!=;name!=ann", *CSV, stdin=TWO.encode()) == (0, "1\n", "")
    assert told(run, TWO, "name!=ann", "-e", "score>9") == (
        f"{EMPTY}write 'name!=' into each filter to leave such out\n"
    )
    assert told(run, TWO, "--all") == f"{EMPTY}filter by 'name!=' to leave such out\n"
    assert told(run, TWO, "score>=8") == told(run, TWO, "name==ann") == ""
    assert told(run, TWO, "score!=7") == f"{EMPTY}write 'name!=;score!=7' to leave such out\n"
    assert told(run, TWO, "-v", "name==ann") == (
        f"{EMPTY}add the filter 'name==' (by -e) to leave such out\n"
    )
    assert run("match", "-v", "name==ann", "-e", "name==", *CSV, stdin=TWO.encode())[1:] == (
        "1\n",
        "",
    )
    assert told(run, TWO, "-v", "score>=8") == (
        f"{EMPTY}add the filter 'name==' (by -e) to leave such out\n"
    )


def test_an_empty_row_among_rows_with_empty_cells(run):
    assert told(run, "a,b\n,1\n2,\n,\n", "a!=5") == (
        "1 row has nothing but empty cells, and is a record as all others; take such rows away\n"
    )
    assert told(run, "a,b\n,1\n,\n2,2\n", "a!=5") == (
        "1 row has nothing but empty cells, and is a record as all others; write 'b!=;a!=5' to "
        "leave such out\n"
    )
    # Where there is one column, an empty cell is as good as any.
    assert told(run, "a\nx\n\ny\n", "a!=x") == ""


def test_empty_rows_by_what_is_said_of_cells(run):
    Path("t.csv").write_text("name,n\nx1,1\n , \nNULL,\n")
    told = "2 rows have nothing but empty cells, and are records as all others; write {} to leave "
    found = run("match", "name!=x1", "t.csv", "--count", "--trim", "--null", "NULL")
    assert found.err == told.format("'name!=;name!=x1'") + "such out\n"


def test_notes_at_the_end(run):
    cells = "name,score\nann,7\nbob,12\n,\n(c) 2024,\nConfidential,\n"
    empty = "1 row has nothing but empty cells, and is a record as all others; "
    remedy = "write 'score!=;name!=ann' to leave such out\n"
    assert told(run, cells, "name!=ann") == (
        f"{empty}{remedy}the last 2 rows have a text in their first cell only, such as '(c) 2024', "
        f"and are records as all others; {remedy}"
    )
    assert run("match", "score!=;name!=ann", *CSV, stdin=cells.encode()) == (0, "1\n", "")
    assert told(run, cells, "score>=1") == ""
    # Behind them nothing else stands.
    assert told(run, f"{cells}cem,5\n", "name!=ann") == (
        f"{empty}write 'name!=;name!=ann' to leave such out\n"
    )


# --- Second headers -------------------------------------------------------------------------------

SECOND = "line 2 holds {}, and is a record as all others; leave it out: sed 2d\n"
TYPES, UNITS = "the types of the columns", "names or units of the columns"
DASHES = "nothing but dashes"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("string,integer", TYPES),
        ("VARCHAR(20),Int", TYPES),
        (",kg", UNITS),
        (",[kg]", UNITS),
        (",%", UNITS),
        ("----,-", DASHES),
        ("----,--", DASHES),
    ],
)
def test_second_headers_are_told(run, row, what):
    cells = f"name,w\n{row}\nann,7\nbob,12\n"
    for clause in ("w>=8", "w!=8", "w!=", "name!=ann"):
        assert told(run, cells, clause) == SECOND.format(what)
    lines = cells.splitlines(keepends=True)
    left = "".join(lines[:1] + lines[2:]).encode()
    assert run("match", "w>=8", *CSV, stdin=left) == (0, "1\n", "")
    # The line is the one that is meant.
    assert told(run, f"title\n\n{cells}", "w>=8", "--skip", "1") == SECOND.format(what).replace(
        "line 2", "line 4"
    ).replace("2d", "4d")
    sort = ("--sort", "w", "--input-format", "csv")
    assert run("match", "name!=", *sort, stdin=cells.encode()).err == SECOND.format(what)


def test_second_headers_where_all_columns_are_numbers(run):
    assert told(run, "a,b\nm above sea,m wide\n1,2\n3,4\n", "a>=1") == SECOND.format(UNITS)


@pytest.mark.parametrize(
    "cells",
    [
        "column,type\nid,integer\nname,string\n",
        "a,b\ntext,text\ndate,date\n",
        "name,w\nann,kg\nbob,12\ncem,7\n",
        "type,unit\nfloat,int\nx,y\n",
        "a,b\n-,-\n1,2\n3,4\n",
        "a,b\nn/a,n/a\n1,2\n3,4\n",
        "name,w\n,n/a\nann,7\nbob,12\n",
        "name,w\n,x1\nann,7\nbob,12\n",
        "name,w\nann,\nbob,12\ncem,7\n",
        "name\n--\nann\n",
    ],
)
def test_first_rows_that_may_be_records(run, cells):
    assert "line 2 holds" not in told(run, cells, "a!=x", "-e", "name!=x", "-e", "w>=1")


# --- Quotes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_quotes_behind_spaces_are_told(run, delimiter):
    cells = 'name, a, b\nann, "1", "x"\n'.replace(",", delimiter)
    said = {",": "", ";": ', delimiter=";"', "\t": ', delimiter="\\t"'}[delimiter]
    program = (
        f"import csv, sys; csv.writer(sys.stdout{said}).writerows("
        f"csv.reader(sys.stdin, skipinitialspace=True{said}))"
    )
    assert told(run, cells, "a==3") == (
        "a quote stands behind a space in cells such as ' \"1\"', so that it is a part of them; "
        f"take such spaces away: python3 -c '{program}'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=cells, capture_output=True, text=True, check=True
    )
    assert run("match", "a==1", *CSV, stdin=done.stdout.encode()) == (0, "1\n", "")


@pytest.mark.parametrize("cells", ['id\tin\n1\t"\n2\t"\n3\tx\n', 'id\tin\n1\t"x\n2\ty"\n3\tz\n'])
def test_quotes_that_are_characters_are_told_where_they_hold_rows(run, cells):
    data = cells.encode()
    program = (
        'import csv, sys; csv.writer(sys.stdout, delimiter="\\t").writerows('
        'csv.reader(sys.stdin, delimiter="\\t", quoting=csv.QUOTE_NONE))'
    )
    assert run("match", "id==2", "--input-format", "tsv", "-c", stdin=data) == (
        1,
        "0\n",
        (
            "a cell in quotes that ends in line 3 holds tabs and ends of lines; if quotes are "
            "characters as all others, as in what COPY of PostgreSQL and mysql write, read it by "
            f"python3 -c '{program}'\n"
        ),
    )
    done = subprocess.run(
        [sys.executable, "-c", program], input=cells, capture_output=True, text=True, check=True
    )
    data = done.stdout.encode()
    assert run("match", "id==2", "--input-format", "tsv", "-c", stdin=data) == (0, "1\n", "")


def test_cells_of_several_lines_and_cells_with_tabs_are_told_of_nothing(run):
    data = b'id\tin\n1\t"x\ny"\n2\t"a\tb"\n3\tz\n'
    assert run("match", "id==2", "--input-format", "tsv", "-c", stdin=data) == (0, "1\n", "")


def test_quotes_that_are_as_they_should_be(run):
    written = StringIO()
    csv.writer(written).writerows([["a", "b"], ['5"', 'say "x"'], ["x", '"y"']])
    assert told(run, written.getvalue(), "a!=1") == ""
