"""What divides cells, whether names come first, and what the text is in: found out, or said."""

from __future__ import annotations

import codecs
import csv
import io
import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.cells.dialects import CANDIDATES
from filterlang.cli import main

ALL = "zz!=1"


def rows(path, **options):
    """Give the records of a file, and what is remarked."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        found = [dict(one) for one in read(path, ALL, **options)]
    return found, [str(one.message).replace(str(path), path.name) for one in told]


def wrote(tmp_path, text, name="x.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


# --- Delimiters -----------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", CANDIDATES)
@pytest.mark.parametrize("name", ["x.csv", "x.tsv"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_what_divides_cells_is_found_out(delimiter, name, bom, tmp_path):
    text = bom + "id,score,note\n1,95,x\n2,100,\n".replace(",", delimiter)
    expected = [{"id": 1, "score": 95, "note": "x"}, {"id": 2, "score": 100, "note": ""}]
    assert rows(wrote(tmp_path, text, name)) == (expected, [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b;c\n1,5;2,5;3\n", {"a": "1,5", "b": "2,5", "c": 3}),
        ("a,b\nx;y,z;w;v\n", {"a": "x;y", "b": "z;w;v"}),
        ('"a;b",c\n1,2\n', {"a;b": 1, "c": 2}),
        ('"a,b";c\n1;2\n', {"a,b": 1, "c": 2}),
        ('"a\n;b",c\n1,2\n', {"a\n;b": 1, "c": 2}),
        ("a|b,c\n1,2\n1,2\n", {"a|b": 1, "c": 2}),
        ("a\tb,c\td\n1\t2,3\t4\n", {"a": 1, "b,c": "2,3", "d": 4}),
        ("\n\na;b\n1;2\n", {"a": 1, "b": 2}),
        ("a,b;c\n1,2;3\n", {"a": 1, "b;c": "2;3"}),
    ],
)
def test_the_first_row_and_the_others_tell_it_together(text, expected, tmp_path):
    (found, *_), _ = rows(wrote(tmp_path, text))
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n1,2\n3,4\n", [{"column_1": 1, "column_2": 2}, {"column_1": 3, "column_2": 4}]),
        ("\n\n7\n", [{"column_1": None}, {"column_1": None}, {"column_1": 7}]),
        ("7\n\n", [{"column_1": 7}, {"column_1": None}]),
        ("\n\n", []),
    ],
)
def test_the_first_row_that_is_not_blank_numbers_the_columns(text, expected, tmp_path):
    assert rows(wrote(tmp_path, text), header=False) == (expected, [])


def test_a_first_row_that_cannot_be_read_numbers_no_columns(tmp_path):
    path = wrote(tmp_path, '"a"b\n1,2\n')
    faults = []
    found = list(read(path, ALL, header=False, report=lambda fault: faults.append(str(fault))))
    assert found == [{"column_1": 1, "column_2": 2}]
    assert faults == [f"{path}:1: expected a row of cells: ',' expected after '\"'"]


def test_a_tie_is_told(tmp_path):
    found, told = rows(wrote(tmp_path, "a;b,c\n1;2,3\n"))
    assert found == [{"a;b": "1;2", "c": 3}]
    assert told == [
        (
            "x.csv: cells may be divided by comma and semicolon, and are taken to be by comma; say"
            " by --delimiter, in Python by delimiter, what divides them"
        )
    ]


@pytest.mark.parametrize(
    ("first", "remedy"),
    [("a:b", "--delimiter :"), ("a^b", "--delimiter ^"), ('"a;b"', "--delimiter semicolon")],
)
def test_one_column_that_holds_a_delimiter_is_told(first, remedy, tmp_path):
    found, (told,) = rows(wrote(tmp_path, f"{first}\n1\n"))
    name = first.strip('"')
    assert found == [{name: 1}]
    assert told.startswith(f"x.csv: there is one column, {name!r}; if ")
    assert remedy in told


@pytest.mark.parametrize("line", ["sep=;\n", '"sep=;"\n', "SEP=;\r\n", "\ufeffsep=;\n"])
def test_the_first_line_of_excel_says_it(line, tmp_path):
    path = wrote(tmp_path, line + "a;b,c\n1;2,3\n1\n")
    found = []
    with_faults = list(read(path, ALL, report=found.append))
    assert with_faults == [{"a": 1, "b,c": "2,3"}]
    assert [(one.line, one.message) for one in found] == [
        (4, "expected 2 cells as in the first row, found 1")
    ]


def test_other_first_lines_that_begin_so_are_rows(tmp_path):
    assert rows(wrote(tmp_path, "sep=ab\n1\n"))[0] == [{"sep=ab": 1}]


@pytest.mark.parametrize(
    ("said", "text"),
    [
        (";", "a;b\n1;2\n"),
        ("semicolon", "a;b\n1;2\n"),
        ("TAB", "a\tb\n1\t2\n"),
        (r"\t", "a\tb\n1\t2\n"),
        ("pipe", "a|b\n1|2\n"),
        ("comma", "a,b\n1,2\n"),
        ("space", "a b\n1 2\n"),
        ("^", "a^b\n1^2\n"),
        ("]", "a]b\n1]2\n"),
    ],
)
def test_somebody_says_it(said, text, tmp_path):
    assert rows(wrote(tmp_path, text), delimiter=said) == ([{"a": 1, "b": 2}], [])


@pytest.mark.parametrize("wrong", ["", "ab", '"', "\n", "é", "\0"])
def test_what_cannot_divide_cells(wrong, tmp_path):
    with pytest.raises(ValueError, match="expected one ASCII character that is no quote, or comma"):
        read(tmp_path / "x.csv", ALL, delimiter=wrong)


@given(
    delimiter=st.sampled_from(CANDIDATES),
    table=st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(
                st.text(st.sampled_from(',;\t|"x \n'), max_size=4), min_size=width, max_size=width
            ),
            min_size=1,
            max_size=5,
        )
    ),
)
def test_no_row_is_invented_or_lost(delimiter, table, tmp_path_factory):
    """What the standard library writes is read as it was, whatever cells hold, if it is said."""
    width = len(table[0])
    names = [f"c{place}" for place in range(width)]
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    writer.writerows([names, *table])
    path = tmp_path_factory.mktemp("x") / "x.csv"
    path.write_text(file.getvalue(), newline="")
    found = [list(one.values()) for one in read(path, ALL, delimiter=delimiter, text=True)]
    assert found == table
    # Found out by itself, a tie may be wrong, but then it is told.
    unsaid, told = rows(path, text=True)
    assert told or [list(one.values()) for one in unsaid] == table


# --- Names ----------------------------------------------------------------------------------------


def test_rows_without_names(tmp_path):
    path = wrote(tmp_path, "1;x\n2;y\n")
    assert rows(path, header=False)[0] == [
        {"column_1": 1, "column_2": "x"},
        {"column_1": 2, "column_2": "y"},
    ]
    assert rows(path, header=False, columns=["id", "name"])[0] == [
        {"id": 1, "name": "x"},
        {"id": 2, "name": "y"},
    ]


def test_a_row_that_has_not_as_many_cells_as_there_are_names(tmp_path):
    found = []
    path = wrote(tmp_path, "1,x\n2,y\n")
    assert list(read(path, ALL, header=False, columns=["id"], report=found.append)) == []
    assert [one.line for one in found] == [1, 2]


def test_an_empty_file_has_no_rows_if_it_needs_no_names(tmp_path):
    path = wrote(tmp_path, "")
    assert rows(path, header=False)[0] == []
    with pytest.raises(FileError, match="there is no row with names at its beginning"):
        rows(path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"columns": ["a"]},
            (
                "names of columns are for files without a first row of names (to write some "
                "columns only say --select NAMES, in Python select=); say --no-header too, in "
                "Python header=False"
            ),
        ),
        ({"columns": [], "header": False}, "expected the names of the columns, found none"),
        ({"columns": [""], "header": False}, "expected the names of the columns, found none"),
        (
            {"columns": ["a", "", "b"], "header": False},
            "column 2 has no name; call it column_2, say",
        ),
        ({"columns": "ab", "header": False}, "expected a list of names, found 'ab'"),
        (
            {"columns": ["a", "b", "a"], "header": False},
            "two columns are called 'a'; rename one of them",
        ),
    ],
)
def test_names_that_cannot_be_any(options, message, tmp_path):
    for use in (read, lambda path, filters, **asked: copy(filters, path, tmp_path / "y", **asked)):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            use(tmp_path / "x.csv", ALL, **options)


def test_a_blank_line_is_a_row_where_there_is_one_column(tmp_path):
    assert rows(wrote(tmp_path, "a\n1\n\n2\n"))[0] == [{"a": 1}, {"a": None}, {"a": 2}]
    assert rows(wrote(tmp_path, "a\nx\n\ny\n"))[0] == [{"a": "x"}, {"a": ""}, {"a": "y"}]
    assert rows(wrote(tmp_path, "a,b\n1,2\n\n3,4\n"))[0] == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


def test_lines_that_end_with_a_carriage_return_alone(tmp_path):
    assert rows(wrote(tmp_path, "a,b\r1,2\r3,4\r"))[0] == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


# --- Encodings ------------------------------------------------------------------------------------

TEXT = "näme,n\nMüller,1\nŁódź,2\n"
ROWS = [{"näme": "Müller", "n": 1}, {"näme": "Łódź", "n": 2}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_tells_the_encoding(encoding, tmp_path):
    assert rows(wrote(tmp_path, TEXT, encoding=encoding)) == (ROWS, [])


@pytest.mark.parametrize("order", ["le", "be"])
def test_both_orders_of_bytes(order, tmp_path):
    mark = codecs.BOM_UTF16_LE if order == "le" else codecs.BOM_UTF16_BE
    path = tmp_path / "x.csv"
    path.write_bytes(mark + TEXT.encode(f"utf-16-{order}"))
    assert rows(path)[0] == ROWS


@pytest.mark.parametrize("encoding", ["latin2", "cp1250", "utf-16-le", "UTF8", "gb18030"])
def test_somebody_says_the_encoding(encoding, tmp_path):
    assert rows(wrote(tmp_path, TEXT, encoding=encoding), encoding=encoding)[0] == ROWS


def test_json_in_other_encodings(tmp_path):
    line = '{"a": "Müller"}\n'
    assert rows(wrote(tmp_path, line, "x.jsonl", "latin-1"), encoding="latin-1")[0] == [
        {"a": "Müller"}
    ]
    assert rows(wrote(tmp_path, line * 3, "x.jsonl", "utf-16"))[0] == [{"a": "Müller"}] * 3


def test_great_files_in_other_encodings(tmp_path):
    """Characters lie across the blocks that are read."""
    many = "a,b\n" + "€ü,1\n" * 50_000
    found, _ = rows(wrote(tmp_path, many, encoding="utf-16"))
    assert found == [{"a": "€ü", "b": 1}] * 50_000


def test_what_is_none_of_the_encoding_is_told_with_its_place(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes("a,b\nx,1\n".encode("cp1252") + b"\x81,2\n")
    found = []
    assert list(read(path, ALL, encoding="cp1252", report=found.append)) == [{"a": "x", "b": 1}]
    assert [one.message for one in found] == [
        (
            "expected text in cp1252, found 81 (hexadecimal) behind 8 bytes; say by --encoding, in"
            " Python by encoding, what it is in (read up to line 2)"
        )
    ]


@pytest.mark.parametrize("size", [16, 32])
def test_an_order_of_bytes_that_nobody_says(size, tmp_path):
    """It isn't guessed: the wrong one gives other characters."""
    path = wrote(tmp_path, TEXT, encoding=f"utf-{size}-le")
    with pytest.raises(FileError) as raised:
        rows(path, encoding=f"utf-{size}")
    assert raised.value.fault.message == (
        f"it doesn't begin with the mark of UTF-{size}, which tells the order of bytes; say "
        f"utf-{size}-le or utf-{size}-be by --encoding, in Python by encoding"
    )


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf_16_without_a_mark_is_told(encoding, tmp_path):
    path = wrote(tmp_path, "a,b\n1,2\n", encoding=encoding)
    with pytest.raises(FileError) as raised:
        rows(path)
    assert raised.value.fault.message == (
        "the names in the first row hold NUL, as UTF-16 does; say by --encoding, in Python by "
        f"encoding, {encoding}, which it likely is"
    )


@pytest.mark.parametrize(
    ("said", "text", "width", "right"),
    [
        (",", "id;score;n\n1;9,5;2\n2;7,25;1,5\n", 3, "semicolon"),
        (";", "id,score,n\n1,a;b,2\n", 3, "comma"),
        ("\t", "id|n\n1|a\tb\n2|c\n", 2, "pipe"),
        (" ", "full name,n\nAda L,1\nBob,2\n", 2, "comma"),
    ],
)
def test_a_delimiter_that_is_said_and_leaves_rows_uneven_is_doubted(
    said, text, width, right, tmp_path
):
    path = wrote(tmp_path, text)
    called = {",": "comma", ";": "semicolon", "\t": "tab"}.get(said, "' '")
    told = (
        f"{path}: the rows differ in their number of cells if {called} divides them; {right} makes "
        f"each of them {width}: say so by --delimiter {right}, in Python by delimiter"
    )
    remarks = []
    list(read(path, ALL, delimiter=said, report=print, remark=remarks.append))
    assert told in remarks


def test_numbers_with_a_comma_are_told(tmp_path, capsys):
    path = wrote(tmp_path, "id;n\n1;95,5\n2;1.100,2\n3;9\n")
    assert main(["match", "n>=90", str(path), "-c"]) == 0
    assert capsys.readouterr() == (
        "1\n",
        (
            "wrong type in 'n>=90': all 3 values are numbers with a comma or numbers written as "
            "texts, so '10' is less than '9'; write decimals behind a point, and nothing between "
            "thousands\n"
        ),
    )


def test_a_mark_that_says_otherwise(tmp_path):
    path = wrote(tmp_path, TEXT, encoding="utf-16")
    with pytest.raises(FileError, match="it begins with the mark of UTF-16, so it isn't iso8859-1"):
        rows(path, encoding="latin-1")


@pytest.mark.parametrize("name", ["latn1", "base64", "", "rot13"])
def test_an_encoding_that_nobody_knows(name, tmp_path):
    with pytest.raises(ValueError, match=f"^unknown encoding {name!r}; known are utf-8, utf-16"):
        read(tmp_path / "x.csv", ALL, encoding=name)
