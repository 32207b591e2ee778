"""Folders called `key=value`: their keys are columns, in every format, however they are named."""

from __future__ import annotations

import csv
import json
import subprocess
from datetime import UTC, date, datetime

import pytest

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.opening.hive import find_keys
from filterlang.backends.files.reader import Reader
from filterlang.backends.files.watching.headers import look_ahead
from filterlang.backends.files.watching.sought import Sought
from filterlang.checking.parse import parse
from tests.support.engines import need


@pytest.mark.parametrize(
    ("texts", "type_", "values"),
    [
        (["007", "-7", "0"], "int64", [7, -7, 0]),
        (["1", "__HIVE_DEFAULT_PARTITION__", ""], "int64", [1, None, None]),
        (["99999999999999999999", "1"], "decimal128(38, 0)", [99999999999999999999, 1]),
        (["9" * 39], "double", [1e39]),
        (["1", "2.5", "1e3"], "double", [1.0, 2.5, 1000.0]),
        (["true", "FALSE"], "bool", [True, False]),
        (["2024-01-31", "2024-02-01"], "date32", [date(2024, 1, 31), date(2024, 2, 1)]),
        (
            ["2024-01-31", "2024-01-31 12%3A30%3A00", "2024-01-31T00:00:00.5"],
            "timestamp[us, tz=UTC]",
            [
                datetime(2024, 1, 31, tzinfo=UTC),
                datetime(2024, 1, 31, 12, 30, tzinfo=UTC),
                datetime(2024, 1, 31, 0, 0, 0, 500000, tzinfo=UTC),
            ],
        ),
        (["2024-02-30", "2024-02-01"], "string", ["2024-02-30", "2024-02-01"]),
        (["+5", "1"], "string", ["+5", "1"]),
        (["inf", "1"], "string", ["inf", "1"]),
        (["1d", "1"], "string", ["1d", "1"]),
        (["1", "x"], "string", ["1", "x"]),
        (["K%C3%B6ln", "a%2Fb", "a+b"], "string", ["Köln", "a/b", "a+b"]),
        (["__HIVE_DEFAULT_PARTITION__"], "string", [None]),
    ],
)
def test_types_are_told_by_all_values(texts, type_, values):
    paths = [f"data/k={text}/x.csv" for text in texts]
    keys_of = find_keys(paths)
    assert [keys_of(path).values["k"] for path in paths] == values
    assert {keys_of(path).types["k"] for path in paths} == {type_}


def test_which_folders_say_something():
    keys_of = find_keys(["a=1/b%20c=x/=2/d/a=2/e=3.csv", "plain.csv"])
    assert keys_of("a=1/b%20c=x/=2/d/a=2/e=3.csv") == (
        {"a": 2, "b c": "x"},
        {"a": "int64", "b c": "string"},
    )
    assert keys_of("plain.csv") == ({}, {})


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix[1:]:
        case "jsonl":
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        case "json":
            path.write_text(json.dumps(rows))
        case "csv":
            with path.open("w") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        case "xlsx":
            need("python_calamine", "files")
            book = need("openpyxl", "dev").Workbook()
            for row in [list(rows[0]), *([*row.values()] for row in rows)]:
                book.active.append(row)
            book.save(path)
        case "avro":
            fastavro = need("fastavro", "files")
            fields = [
                {"name": name, "type": "long" if isinstance(value, int) else "string"}
                for name, value in rows[0].items()
            ]
            with path.open("wb") as file:
                fastavro.writer(file, {"type": "record", "name": "R", "fields": fields}, rows)
        case format_:
            pyarrow = need("pyarrow", "files")
            need("pyarrow.orc", "files")
            need("pyarrow.parquet", "files")
            table = pyarrow.Table.from_pylist(rows)
            if format_ == "orc":
                pyarrow.orc.write_table(table, path)
            elif format_ == "parquet":
                pyarrow.parquet.write_table(table, path)
            else:
                with pyarrow.ipc.new_file(str(path), table.schema) as file:
                    file.write_table(table)


FORMATS = ["jsonl", "json", "csv", "xlsx", "avro", "parquet", "arrow", "orc"]


@pytest.fixture(params=FORMATS)
def tree(request, tmp_path, monkeypatch):
    """Sales by year and city, in the folder we are in."""
    monkeypatch.chdir(tmp_path)
    name = f"part.{request.param}"
    for year, city, start in ((2023, "Bonn", 1), (2024, "K%C3%B6ln", 3), (2024, "x", 5)):
        rows = [{"n": start}, {"n": start + 1}]
        write(tmp_path / "sales" / f"year={year}" / f"city={city}" / name, rows)
    (tmp_path / "sales" / "_SUCCESS").write_text("")
    return name


def numbers(found):
    return sorted(int(row["n"]) for row in found)


def by_shell(pattern):
    listed = subprocess.run(["sh", "-c", f"ls -d {pattern}"], capture_output=True, check=True)
    return listed.stdout.decode().split()


def test_keys_are_columns_in_every_format(tree):
    assert list(read("sales", "year==2024;city==köln")) in (
        [{"n": n, "year": 2024, "city": "Köln"} for n in (3, 4)],
        [{"n": str(n), "year": 2024, "city": "Köln"} for n in (3, 4)],
    )
    for text, found in {
        "year<2024": [1, 2],
        "year==2024": [3, 4, 5, 6],
        "city==bonn": [1, 2],
        "city~*ö*": [3, 4],
        "n>=4;year==2024": [4, 5, 6],
        "year==": [],
    }.items():
        assert numbers(read("sales", text)) == found, text
        assert len([*Reader(print).records(["sales"])]) == 6


def test_globs_and_folders_quoted_or_not(tree):
    for pattern in (
        "sales",
        "sales/",
        "sal*",
        "sales/*",
        "sales/year=*",
        "sales/year=*/*",
        f"sales/*/*/{tree}",
    ):
        assert numbers(read(pattern, "year>=2024")) == [3, 4, 5, 6], pattern
        assert numbers(read(by_shell(pattern), "year>=2024")) == [3, 4, 5, 6], pattern
    for pattern in ("sales/**", f"**/{tree}", "**/year=*"):
        assert numbers(read(pattern, "year>=2024")) == [3, 4, 5, 6], pattern
    assert numbers(read(f"sales/year=2023/city=Bonn/{tree}", "city==Bonn")) == [1, 2]


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet"])
def test_keys_are_written(tree, to, tmp_path):
    if to == "parquet":
        need("pyarrow.parquet", "files")
    assert copy("n>=2", "sales", f"found.{to}") == (6, 5, 0)
    assert [(int(row["n"]), int(row["year"]), row["city"]) for row in read(f"found.{to}", [])] == [
        (2, 2023, "Bonn"),
        (3, 2024, "Köln"),
        (4, 2024, "Köln"),
        (5, 2024, "x"),
        (6, 2024, "x"),
    ]


def test_names_that_folders_say_are_known(tree):
    sought = Sought(parse("year==2024;city==x;month==1"), None)
    told = []
    look_ahead(sought, ["sales"], lambda: told.append(1))
    reader = Reader(print, sought=sought)
    assert len([*reader.records(["sales"])]) == 6
    assert list(sought.missing) == ["month"]
    assert told == ([] if tree.endswith(("json", "jsonl")) else [1])
    sought = Sought(parse("year==2024;month==1"), None)
    import filterlang

    matcher = filterlang.compile("year==2024;month!=1")
    assert (
        sum(
            len([*part.values()])
            for part in Reader(print, sought=sought).select(["sales"], matcher)
        )
        == 4
    )
    assert list(sought.missing) == ["month"]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_column_of_the_same_name_is_replaced_and_that_is_told(format_, tmp_path, monkeypatch):
    import filterlang

    monkeypatch.chdir(tmp_path)
    for year in (2023, 2024):
        write(tmp_path / f"year={year}" / f"x.{format_}", [{"year": 1999, "n": year}])
    told = []
    reader = Reader(print, remark=told.append)
    rows = [
        row
        for part in reader.select(["year=*"], filterlang.compile("year==2024"))
        for row in part.values()
    ]
    assert [(row["year"], int(row["n"])) for row in rows] == [(2024, 2024)]
    assert list(rows[0]) == ["year", "n"]
    message = (
        f"year=2023/x.{format_}: 'year' is what the names of the folders say; what the files hold "
        "under that name is left out"
    )
    assert told == [message]
    with pytest.warns(UserWarning, match="is what the names of the folders say"):
        assert numbers(read("year=2024", "year==2024")) == [2024]


def test_limits_faults_and_blank_lines_of_json(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "k=1" / "x.jsonl", [{"n": n} for n in range(5)])
    (tmp_path / "k=2").mkdir()
    (tmp_path / "k=2" / "x.jsonl").write_text('{"n": 7}\n\n[1]\n{"n": 8}\n')
    faults = []
    assert list(read("k=*", "k==2", report=faults.append)) == [{"n": 7, "k": 2}, {"n": 8, "k": 2}]
    assert [str(fault) for fault in faults] == [
        "k=2/x.jsonl:3: expected a JSON object, found an array"
    ]
    import filterlang

    reader = Reader(print)
    parts = reader.select(["k=1"], filterlang.compile("k==1"), limit=2)
    assert [row["n"] for part in parts for row in part.values()] == [0, 1]


def test_null_and_names_that_begin_with_an_underscore(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("_k=__HIVE_DEFAULT_PARTITION__", "_k=3", "_temporary", ".hidden=1"):
        write(tmp_path / "t" / folder / "x.csv", [{"n": len(folder)}])
    assert list(read("t", "_k==")) == [{"n": 29, "_k": None}]
    assert list(read("t", "_k!=")) == [{"n": 4, "_k": 3}]


def test_what_stands_for_no_file_is_told_in_its_turn(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "k=1" / "x.csv", [{"n": 1}])
    (tmp_path / "empty").mkdir()
    faults = []
    paths = ["k=*", "nothing*", "empt*"]
    assert list(read(paths, [], report=faults.append)) == [{"n": 1, "k": 1}]
    assert [str(fault) for fault in faults] == [
        "nothing*: no file has a name like this",
        "empt*: no file has a name like this",
    ]
    with pytest.raises(FileError):
        list(read("empty", []))


def test_tables_hold_values_of_every_type(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    values = ["99999999999999999999", "2.5", "true", "2024-01-31", "2024-01-31T12:00:00", "x"]
    for at, value in enumerate(values):
        write(tmp_path / f"k{at}={value}" / "x.parquet", [{"n": at}])
        assert numbers(read(f"k{at}=*", f"k{at}=={value}")) == [at]
        copy([], f"k{at}=*", "y.arrow")
        assert numbers(read("y.arrow", f"k{at}=={value}")) == [at]
