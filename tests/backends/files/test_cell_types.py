"""The types of cells of CSV and TSV: found in the first rows, and what holds of later ones."""

import gzip
import io
import os
import pickle
import re
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

import filterlang
from filterlang.backends.files import copy, read
from filterlang.backends.files.cells import cell_sample
from filterlang.backends.files.cells.cell_types import CellTypes
from filterlang.backends.files.faults import Fault, FileError
from filterlang.backends.files.read_options import ReadOptions
from filterlang.backends.files.reader import Reader
from filterlang.matching.index.filter_index import FilterIndex
from filterlang.semantics.values import Stray
from tests.support.engines import need

SCHEMA = filterlang.Schema({"a": "text", "b": "integer"})


def types_of(*cells):
    """Return the type of a column with such cells."""
    types = CellTypes()
    types.learn({"a": cell} for cell in cells)
    return types.types["a"].value


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (["0", "-0", "12", "-5", "1.10", "0.5", ""], "numbers"),
        (["9" * 5000], "numbers"),
        (["007", "7"], "texts"),
        (["00"], "texts"),
        (["+5"], "texts"),
        (["12e4"], "texts"),
        ([".5"], "texts"),
        (["5."], "texts"),
        (["1_0"], "texts"),
        (["1,5"], "texts"),
        (["٣"], "texts"),
        ([" 5"], "texts"),
        (["5\n"], "texts"),
        (["NaN"], "texts"),
        (["-"], "texts"),
        (["1", " "], "texts"),
        (["true", "FALSE", "", "True"], "booleans"),
        (["falſe"], "texts"),
        (["true", "1"], "texts"),
        (["yes"], "texts"),
        (["", ""], "texts"),
    ],
)
def test_what_the_first_rows_tell(cells, type_):
    assert types_of(*cells) == type_


def test_only_the_first_thousand_rows_tell():
    assert types_of(*["1"] * 999, "x") == "texts"
    assert types_of(*["1"] * 1000, "x") == "numbers"


def written(path, text):
    Path(path).write_text(text, encoding="utf-8", newline="")
    return path


def values(path, filters="a!=none;b!=none", **options):
    return list(read(path, filters, **options))


def test_numbers_are_exact_and_empty_cells_missing(tmp_path):
    many = "9" * 5000
    path = written(
        tmp_path / "x.csv", f'a,b,c\n1,"1.10",TRUE\n,,\n-0,{2**53 + 1}.5,false\n{many},0,\n'
    )
    assert values(path) == [
        {"a": 1, "b": Decimal("1.10"), "c": True},
        {"a": None, "b": None, "c": None},
        {"a": 0, "b": Decimal(f"{2**53 + 1}.5"), "c": False},
        {"a": Decimal(many), "b": 0, "c": None},
    ]
    assert [row["a"] for row in values(path, "b==")] == [None]
    assert [row["a"] for row in values(path, f"b>{2**53 + 1};b~*.5")] == [0]
    assert [row["a"] for row in values(path, "b~1.10;c==true")] == [1]
    assert values(path, "a==1", text=True) == [{"a": "1", "b": "1.10", "c": "TRUE"}]
    assert values(path, "b==0", schema=SCHEMA) == [{"a": many, "b": 0, "c": ""}]
    typed = values(path, f"a=={many}", schema=filterlang.Schema({"a": "integer"}))
    assert typed == [{"a": Decimal(many), "b": "0", "c": ""}]


def test_what_the_first_file_tells_holds_for_the_run(tmp_path):
    written(tmp_path / "0.csv", "a,b\n")
    written(tmp_path / "1.csv", "a,b\n1,x\n")
    written(tmp_path / "2.tsv", "b\ta\tc\n5\tn/a\t7\n")
    written(tmp_path / "3.csv", "c,a,b\nz,2,7\n")
    records = values(tmp_path, "a!=9")
    assert records == [
        {"a": 1, "b": "x"},
        {"b": "5", "a": "n/a", "c": 7},
        {"c": "z", "a": 2, "b": "7"},
    ]
    assert type(records[1]["a"]) is type(records[2]["c"]) is Stray
    assert [row["b"] for row in values(tmp_path, "a>=1")] == ["x", "7"]


STRAYS = "a,b,t\n" + "5,true,x\n" * 1000 + "n/a,yes,x\n,,x\n7,no,x\n"


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        ("a>=1", 1001),
        ("a<1", 0),
        ("a==N/A", 1),
        ("a!=n/a", 1002),
        ("a~n*", 1),
        ("a!~n*", 1002),
        ("a>=0;b==YES", 0),
        ("a>=m", 0),
        ("a==;b==", 1),
        ("b!=true", 3),
        ("b>=a", 0),
        ("b~*e*", 1001),
        ("t>=w", 1003),
        ("t==x;a==7", 1),
    ],
)
def test_later_cells_of_another_type_stay_text(filters, number, tmp_path):
    path = written(tmp_path / "x.csv", STRAYS)
    found = values(path, filters)
    assert len(found) == number
    records = values(path, "t==x")
    assert len(records) == 1003
    matcher = filterlang.compile(filters)
    assert [record for record in records if matcher.explain(record).matched] == found
    index = FilterIndex({1: filters, 2: "a==5", 3: "a>=n"})
    assert [record for record in records if 1 in index.match(record)] == found
    # The version of the matcher that is made where many records are unusual says the same.
    assert sum(map(matcher, [{"a": Stray("n/a")}] * 100 + records)) >= number
    assert list(matcher.filter(records)) == found
    assert pickle.loads(pickle.dumps(records[1000]))["a"] == "n/a"


def told(path, filters, **options):
    reader = Reader(lambda _: None, options=ReadOptions(**options))
    matcher = filterlang.compile(filters)
    for _ in reader.select([str(path)], matcher):
        pass
    by_record = Reader(lambda _: None, options=ReadOptions(**options))
    for _ in by_record.records([str(path)]):
        pass
    found = reader.types.told(matcher.filters)
    assert by_record.types.told(matcher.filters) == found
    return [line.replace(str(path.parent) + os.sep, "") for line in found]


def test_they_are_counted_and_told(tmp_path):
    path = written(tmp_path / "x.csv", STRAYS)
    assert told(path, "t==x") == [
        (
            "3 cells are compared as text in columns of which the first 1,000 rows hold something"
            " else: the first one is 'n/a' among the numbers of 'a' in x.csv:1002; --text keeps all"
            " cells as text"
        )
    ]
    assert told(path, "t==x", text=True) == []
    written(path, "a,b\n" + "1,1\n" * 1000 + "1,x\n")
    assert told(path, "a==2") == [
        (
            "1 cell is compared as text in columns of which the first 1,000 rows hold something"
            " else: 'x' among the numbers of 'b' in x.csv:1002; --text keeps all cells as text"
        )
    ]
    written(path, "a,b\n" + "1,1\n" * 1000 + "1,x\ny,1\n")
    assert "the first one is 'x' among the numbers of 'b' in x.csv:1002" in told(path, "a==2")[0]
    written(path, "a,b\n" + "1,1\n" * 1000 + "1,1\ny,x\n")
    assert "the first one is 'y' among the numbers of 'a' in x.csv:1003" in told(path, "a==2")[0]
    written(path, "a,b\n" + "1,1\n" * 1000 + "1,x\ny,\n")
    assert "the first one is 'x' among the numbers of 'b' in x.csv:1002" in told(path, "a==2")[0]


def test_a_filter_that_does_not_fit_gets_a_hint(tmp_path):
    path = written(tmp_path / "x.csv", "a,b,t\n7,true,x\n")
    assert told(path, ["a==007;b>=1;t>=5", "a>=x;a==;a~0*;c==x;b==false", "a==007"]) == [
        "a==007: the cells of 'a' are numbers, and '007' is none; write 7",
        "b>=1: the cells of 'b' are booleans, which have no order; ask by == or !=",
        "a>=x: the cells of 'a' are numbers, and 'x' is none; write a number",
    ]


LATE = (
    "{} compared as text, as the first 1,000 rows hold nothing in these columns: {} in {};"
    ' --schema FILE says what they are, such as {{"dimensions": {{"{}": "{}"}}, "open": true}}'
)


def test_later_cells_of_a_column_that_began_empty_are_told(tmp_path):
    path = written(tmp_path / "x.csv", "a,b\n" + "1,\n" * 1000 + "2,n/a\n3,95\n4,TRUE\n5,100\n")
    first = "the first one is '95'"
    message = LATE.format("3 cells are", first, "'b' in x.csv:1003", "b", "number")
    # The verdicts are those of texts.
    assert [row["a"] for row in values(path, "b>=90")] == [2, 3, 4]
    assert told(path, "b>=90") == [message]
    assert told(path, "a==1") == [message]
    assert told(path, "b>=90", text=True) == []
    written(path, "a,b\n" + "1,\n" * 1000 + "2,true\n3,x\n")
    assert told(path, "b==x") == [
        LATE.format("1 cell is", "'true'", "'b' in x.csv:1002", "b", "boolean")
    ]
    written(path, "a,b\n" + "1,\n" * 1000 + "2,x\n3,007\n4,1e5\n5,\n")
    assert told(path, "b>=90") == []
    # Both kinds of cells are told.
    written(path, "a,b\n" + "1,\n" * 1000 + "x,7\n")
    assert [line.partition(" ")[2].partition(":")[0] for line in told(path, "a==1")] == [
        "cell is compared as text in columns of which the first 1,000 rows hold something else",
        "cell is compared as text, as the first 1,000 rows hold nothing in these columns",
    ]


def test_a_column_that_began_empty_in_another_file(tmp_path):
    written(tmp_path / "0.csv", "a,b\n1,\n")
    written(tmp_path / "1.csv", "a,b\n1,95\n")
    assert values(tmp_path, "b>=90") == [{"a": 1, "b": "95"}]
    (found,) = told(tmp_path, "b>=90")
    assert (
        "as text, as the first 1,000 rows hold nothing in these columns: '95' in 'b' in " in found
    )
    assert "1.csv:2; --schema FILE says what they are, " in found


def test_words_for_nothing_are_empty_cells(tmp_path):
    path = written(tmp_path / "x.csv", "a,b,t\n1,N/A,x\n-,true,N/A\nn/a,,-\n3,false,y\n")
    assert values(path, "t!=1", null=["N/A", "-", "n/a"]) == [
        {"a": 1, "b": None, "t": "x"},
        {"a": None, "b": True, "t": ""},
        {"a": None, "b": None, "t": ""},
        {"a": 3, "b": False, "t": "y"},
    ]
    assert [row["a"] for row in values(path, "t==", null="-")] == ["n/a"]
    assert values(path, "a==;t==", null=["N/A", "-"], text=True) == [
        {"a": "", "b": "true", "t": ""}
    ]
    schema = filterlang.Schema({"a": "integer", "b": "boolean", "t": "text"})
    assert len(values(path, "a>=1", null=("N/A", "-", "n/a"), schema=schema)) == 2
    # What is read as empty is written so.
    copy("a!=1", path, tmp_path / "to.csv", null=["N/A", "-", "n/a"])
    assert (tmp_path / "to.csv").read_text() == "a,b,t\n,true,\n,,\n3,false,y\n"
    # Names are no cells.
    assert values(path, "b==true", null="a")[0].keys() == {"a", "b", "t"}


def test_spaces_around_cells_are_taken_away(tmp_path):
    path = written(
        tmp_path / "x.csv", 'id , a,b,t\n1, 95 , true ," x "\n2,\t100,,N/A \n3\u00a0, ,false,y\n'
    )
    assert values(path, "id>=1", trim=True, null="N/A") == [
        {"id": 1, "a": 95, "b": True, "t": "x"},
        {"id": 2, "a": 100, "b": None, "t": ""},
        {"id": 3, "a": None, "b": False, "t": "y"},
    ]
    assert values(path, "a==95", trim=True, text=True) == [
        {"id": "1", "a": "95", "b": "true", "t": "x"}
    ]
    schema = filterlang.Schema({"id": "integer", "a": "integer", "b": "boolean", "t": "text"})
    assert len(values(path, "a>=95", trim=True, schema=schema)) == 2
    assert values(path, "a>=95", schema=schema) == []
    copy("id>=1", path, tmp_path / "to.csv", trim=True)
    assert (tmp_path / "to.csv").read_text() == "id,a,b,t\n1,95,true,x\n2,100,,N/A\n3,,false,y\n"


def test_decimals_behind_a_comma(tmp_path):
    path = written(tmp_path / "x.csv", "a;b;t\n95,5;1;1.100,5\n-9,75;;2,5\n100;3;x\n0,0;1.5;\n")
    assert values(path, "a>=0", decimal=",") == [
        {"a": Decimal("95.5"), "b": "1", "t": "1.100,5"},
        {"a": 100, "b": "3", "t": "x"},
        {"a": Decimal("0.0"), "b": "1.5", "t": ""},
    ]
    assert len(values(path, "a==95.5", decimal="comma")) == 1
    assert len(values(path, r"t==2\,5", decimal=",")) == 1
    copy("a>90", path, tmp_path / "to.csv", decimal=",")
    assert (tmp_path / "to.csv").read_text() == "a;b;t\n95,5;1;1.100,5\n100;3;x\n"
    copy("a>90", path, tmp_path / "to.jsonl", decimal=",", select=["a"])
    assert (tmp_path / "to.jsonl").read_text() == '{"a":95.5}\n{"a":100}\n'
    # With one column nothing tells what divides cells, but it is no comma.
    written(path, "a\n1,5\n")
    assert values(path, "a>1", decimal=",") == [{"a": Decimal("1.5")}]
    written(path, "a\n" + "1,5\n" * 1000 + "1.5\n")
    assert "'1.5' among the numbers of 'a' in x.csv:1002" in told(path, "a>2", decimal=",")[0]


@pytest.mark.parametrize("more", [{"text": True}, {"text": True, "schema": SCHEMA}])
def test_texts_have_no_decimals(more, tmp_path):
    message = (
        "with --text (in Python text=True) cells are texts, so --decimal has nothing to do; leave "
        "one out"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(tmp_path / "x.csv", "a==1", decimal=",", **more)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        copy("a==1", tmp_path / "x.csv", tmp_path / "y.csv", decimal=",", **more)
    with pytest.raises(ValueError, match=r"^decimals stand behind a comma or a point, found ';'$"):
        read(tmp_path / "x.csv", "a==1", decimal=";", **more)


def test_cells_are_divided_as_those_that_were_read(tmp_path):
    path = written(tmp_path / "x.csv", "a;b\n1;x,y\n2;z\n")
    to = tmp_path / "to.csv"
    for options, text in (
        ({}, "a;b\n1;x,y\n"),
        ({"output_delimiter": "comma"}, 'a,b\n1,"x,y"\n'),
        ({"output_delimiter": "|"}, "a|b\n1|x,y\n"),
        ({"text": True}, "a;b\n1;x,y\n"),
        ({"select": {"c": "b"}}, "c\nx,y\n"),
    ):
        copy("a==1", path, to, **options)
        assert to.read_text() == text
    copy("a==7", path, to)
    assert to.read_text() == "a;b\n"
    copy("a==1", path, tmp_path / "to.tsv")
    assert (tmp_path / "to.tsv").read_text() == "a\tb\n1\tx,y\n"
    copy("a==1", tmp_path / "to.tsv", to)
    assert to.read_text() == 'a,b\n1,"x,y"\n'
    with pytest.raises(ValueError, match="expected one ASCII character that is no quote"):
        copy("a==1", path, to, output_delimiter="::")


@pytest.mark.parametrize("name", ["to.csv", "to.tsv", "to.jsonl"])
@pytest.mark.parametrize("select", [None, ["b", "c", "nowhere"]])
def test_cells_are_written_as_they_were(name, select, tmp_path):
    path = written(tmp_path / "x.csv", "a,b,c\n-0,1.10,TRUE\n1,2,\n0,,x\n")
    copy("a==0", path, tmp_path / name, select=select)
    text = (tmp_path / name).read_text().replace("\t", ",")
    expected = {
        (False, None): "a,b,c\n-0,1.10,TRUE\n0,,x\n",
        (False, "some"): "b,c,nowhere\n1.10,TRUE,\n,x,\n",
        (True, None): '{"a":0,"b":1.10,"c":"TRUE"}\n{"a":0,"b":null,"c":"x"}\n',
        (True, "some"): (
            '{"b":1.10,"c":"TRUE","nowhere":null}\n{"b":null,"c":"x","nowhere":null}\n'
        ),
    }[name == "to.jsonl", select and "some"]
    assert text == expected


def test_columns_of_other_formats(tmp_path):
    parquet = need("pyarrow.parquet", "files")
    path = written(tmp_path / "x.csv", "a,b,c,d\n1,1.5,true,x\n2,2,,\n")
    copy("a!=9", path, tmp_path / "x.parquet")
    assert parquet.read_table(tmp_path / "x.parquet").to_pylist() == [
        {"a": 1, "b": 1.5, "c": True, "d": "x"},
        {"a": 2, "b": 2.0, "c": None, "d": ""},
    ]
    written(path, "a\n" + "1\n" * 1000 + "x\n")
    with pytest.raises(FileError, match="the values of 'a' have no common type"):
        copy("a!=9", path, tmp_path / "y.parquet")


# --- What can be read once only -------------------------------------------------------------------


def from_stdin(monkeypatch, stream, filters="a>=10"):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
    faults: list[Fault] = []
    found = list(read("-", filters, format="csv", report=faults.append))
    return found, [str(fault) for fault in faults]


def test_what_has_no_number_is_read_to_its_sample(monkeypatch):
    rows = "".join(f"{number}\n" for number in range(5000))
    found, faults = from_stdin(monkeypatch, io.BytesIO(("a\n" + rows + "x\n").encode()))
    assert (len(found), faults) == (4990, [])
    # Cells of several lines, of which a thousand aren't a thousand rows.
    rows = "".join(f'{number},"\n\n\n"\n' for number in range(1200))
    found, faults = from_stdin(monkeypatch, io.BytesIO(("a,b\n" + rows).encode()))
    assert (len(found), faults) == (1190, [])
    assert from_stdin(monkeypatch, io.BytesIO(b"a\n9\n10")) == ([{"a": 10}], [])
    assert from_stdin(monkeypatch, io.BytesIO(b"")) == (
        [],
        ["<stdin>: there is no row with names at its beginning"],
    )
    assert from_stdin(monkeypatch, io.BytesIO(b"a,a\n" + b"1,2\n" * 2000)) == (
        [],
        ["<stdin>: the columns 1 and 2 are both called 'a'; rename one of them"],
    )


def test_what_is_cut_off_is_read_up_to_there(monkeypatch):
    data = gzip.compress(("a\n" + "10\n" * 9 + "9\n" * 9).encode())
    found, faults = from_stdin(monkeypatch, io.BytesIO(data[:-4]))
    assert (len(found), faults) == (
        9,
        ["<stdin>: the gzip data is cut off; fetch the file again (read up to line 19)"],
    )


@pytest.mark.slow
def test_large_rows_fill_the_memory_no_further(monkeypatch):
    monkeypatch.setattr(cell_sample, "_MOST_KEPT", 10)
    found, _ = from_stdin(monkeypatch, io.BytesIO(b"a\n" + b"9\n" * 99_999 + b"10\nx\n"))
    assert found == [{"a": 10}]


def slowly(descriptor, *parts):
    with os.fdopen(descriptor, "wb", buffering=0) as writer:
        for part in parts:
            if isinstance(part, float):
                time.sleep(part)
            else:
                writer.write(part)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        # Nothing more comes for a while: the type is that of what has come.
        ((b"a\n9\n10\n1", 0.5, b"1\nx\n"), [10, 11]),
        # Before the first row nothing could be told.
        ((b"a\n", 0.5, b"9\n10\n"), [10]),
        ((b"\n", 0.1, b"\na\n9\n", 0.5, b"x\n10\n"), [10]),
        # What comes soon is waited for.
        ((b"a\n9\n10\n", 0.01, b"x\n"), ["9", "10", "x"]),
    ],
)
def test_a_pipe_is_judged_by_what_has_come(parts, expected, monkeypatch):
    monkeypatch.setattr(cell_sample, "_PATIENCE", 0.2)
    reading, writing = os.pipe()
    thread = threading.Thread(target=slowly, args=(writing, *parts))
    thread.start()
    with os.fdopen(reading, "rb") as stream:
        found, faults = from_stdin(monkeypatch, stream)
    thread.join()
    assert ([row["a"] for row in found], faults) == (expected, [])


def test_a_named_pipe(tmp_path):
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    thread = threading.Thread(target=lambda: pipe.write_text("a\n9\n10\n"))
    thread.start()
    assert values(pipe, "a>=10") == [{"a": 10}]
    thread.join()
