"""Schemas beside cells: what is told of values that they call texts, and what they make of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from filterlang.backends import files
from filterlang.schema.schema import Schema
from tests.support.engines import need

NUMBERS_AS_TEXTS = "so '10' is less than '9'"
BY_TEXT = {
    ("v>=9", "$9", "$10"): f"all 2 values are numbers with a unit or sign, {NUMBERS_AS_TEXTS}; "
    "take the unit away",
    ("v>=9", "95", "100"): f"all 2 values are numbers written as texts, {NUMBERS_AS_TEXTS}; say "
    '"v": "number" in the schema',
    ("v>=9", "95", "N/A", "100"): "all 3 values are numbers written as texts or texts such as "
    f'\'N/A\', {NUMBERS_AS_TEXTS}; say "v": "number" in the schema',
    ("v>=9.5", "95,5", "100"): "all 2 values are numbers with a comma or numbers written as texts, "
    f'{NUMBERS_AS_TEXTS}; say --decimal comma and "v": "number" in the schema',
    ("v>=2024-01-01", "31.12.2023", "1.1.2024"): "all 2 values are dates in another spelling, and "
    "'2024-01-01' is a date; write them as 2024-01-31 is written; in other spellings they have no "
    "order",
    ("v>=9:15", "09:15", "10:00"): "all 2 values are times with other digits than '9:15', so "
    "'9:15' is more than '10:00'; write all with the same digits, as in 09:15",
}


def write_cells(tmp_path, cells, dimensions, name="v.csv"):
    rows = "".join(f'{place},"{cell}"\n' for place, cell in enumerate(cells, 1))
    (tmp_path / name).write_text(f"id,v\n{rows}")
    (tmp_path / "s.json").write_text(json.dumps({"dimensions": dimensions, "open": True}))


@pytest.mark.parametrize(
    "dimensions", [{"v": "text"}, {"v": {"type": "enum", "values": ["x"]}}, {}]
)
@pytest.mark.parametrize("case", BY_TEXT)
def test_a_schema_silences_nothing(run, tmp_path, case, dimensions):
    text, *cells = case
    write_cells(tmp_path, cells, dimensions)
    found = run("match", text, "v.csv", "--schema", "s.json", "--count")
    assert f"wrong type in '{text}': {BY_TEXT[case]}\n" == found.err


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("v>=50000", ["10115", "60311"]),
        ("v>=2024-01-01", ["2023-12-31", "2024-02-01"]),
        ("v>=B", ["Bonn", "7"]),
        ("v>=1", ["1.2.3", "1.10.0"]),
    ],
)
def test_texts_in_their_order(run, tmp_path, text, cells):
    write_cells(tmp_path, cells, {"v": "text"})
    assert run("match", text, "v.csv", "--schema", "s.json", "--count").err == ""


INFERRED = {
    ("31.12.2023", "01.02.2024"): "'v' is text in the schema: all 2 values are dates in another "
    "spelling, which are in the order of their letters; write them as 2024-01-31 is written; in "
    "other spellings they have no order",
    ("$9", "$10"): f"'v' is text in the schema: all 2 values are numbers with a unit or sign, "
    f"{NUMBERS_AS_TEXTS}; take the unit away",
    ("95,5", "100"): "'v' is text in the schema: all 2 values are numbers with a comma or numbers "
    f"written as texts, {NUMBERS_AS_TEXTS}; say --decimal comma",
    ("95", "N/A"): "'v' is text in the schema: all 2 values are numbers written as texts or texts "
    f'such as \'N/A\', {NUMBERS_AS_TEXTS}; say --null N/A, or "v": "number" in the schema',
    ("2025-06-01 00:30:00+02:00", "2025-05-31 23:00:00+00:00"): "'v' is text in the schema: all 2 "
    'values are dates written as texts, which are in the order of their letters; say "v": '
    '"datetime" in the schema',
}


@pytest.mark.parametrize("cells", INFERRED)
def test_columns_that_look_like_another_type_are_told_as_a_schema_is_inferred(run, tmp_path, cells):
    write_cells(tmp_path, cells, {})
    found = run("schema", "infer", "v.csv")
    assert json.loads(found.out)["dimensions"]["v"]["type"] == "text"
    assert (found.code, found.err) == (0, f"{INFERRED[cells]}\n")


@pytest.mark.parametrize(
    "cells", [("Bonn", "Rome"), ("10115", "01067"), ("007", "8"), ("1.2.3", "2.0"), ("9",)]
)
def test_other_columns_of_texts_are_not(run, tmp_path, cells):
    write_cells(tmp_path, cells, {})
    assert run("schema", "infer", "v.csv").err == ""


def test_keys_within_objects_are_told_too(run):
    lines = b'{"a": {"b": "31.12.2023"}}\n{"a": {"b": "1.1.2024"}}\n'
    found = run("schema", "infer", "-", stdin=lines)
    assert found.err.startswith("'a.b' is text in the schema: all 2 values are dates in another")


# --- Remedies that name a schema ------------------------------------------------------------------


def test_the_date_itself_is_named_first(run, tmp_path):
    rows = "id,Last seen\n1,2025-05-31 10:00:00\n2,2025-06-01\n"
    (tmp_path / "v.csv").write_text(rows)
    found = run("match", "Last seen<20250601", "v.csv", "--count")
    assert found.err == (
        "wrong type in 'Last seen<20250601': all 2 values are dates written as texts, and "
        "'20250601' is a number; write 2025-06-01\n"
    )
    assert run("match", "Last seen<2025-06-01", "v.csv", "--count") == (0, "1\n", "")


def test_the_date_itself_is_named_for_tables_too(run):
    lines = b'{"t": "2025-05-31T10:00:00Z"}\n'
    found = run("match", "t<20250601", stdin=lines)
    assert found.err.endswith("; write 2025-06-01\n")


def test_a_schema_holds_all_that_the_filter_needs(run, tmp_path):
    rows = "id,Score,Active,Name,when\n1,95,true,Bonn,2025-05-31\n2,100,false,Rome,2025-06-02\n"
    (tmp_path / "v.csv").write_text(rows)
    text = "Score>=90;Active==true;Name>=B;when>=1748736000000"
    found = run("match", text, "v.csv", "--sort", "Score")
    types = '{"Score": "number", "Active": "boolean", "when": "datetime"}'
    told = f'; say --schema FILE, which holds {{"dimensions": {types}, "open": true}}\n'
    assert found.err.endswith(told)
    (tmp_path / "s.json").write_text(f'{{"dimensions": {types}, "open": true}}')
    found = run("match", "Score>=90;Active==true;Name>=B", "v.csv", "--schema", "s.json")
    assert (found.out.splitlines()[1:], found.err) == (["1,95,true,Bonn,2025-05-31"], "")


def test_a_schema_of_the_api_is_named_for_its_records_only(run, tmp_path):
    (tmp_path / "two.csv").write_text("id,score,when\n1,95,2024-01-31\n2,N/A,2024-01-31\n")
    found = run("match", "score>=90;when>=2024-01-01", "two.csv", "--count")
    assert "--schema users" not in found.err
    assert "; say --null N/A" in found.err
    own = '{"email": "a@b.c", "title": "x", "score": "95", "lastSeen": 1}\n'
    found = run("match", "score>=90", stdin=own.encode())
    assert "--schema users" not in found.err
    user = '{"email": "a@b.c", "lastName": "x", "score": "95", "accountId": 1, "x": 1}\n'
    assert run("match", "score>=90", stdin=user.encode()).err.endswith("; say --schema users\n")
    found = run("match", "score>=90;x==1", stdin=user.encode())
    assert "--schema users" not in found.err


# --- What a schema makes of cells -----------------------------------------------------------------

GERMAN = """\
id;Score;Active;Seen;Name
1;95,5;true;2024-01-31;007
2;100;false;2024-02-01T10:00:00Z;8
3;;;;
"""
TYPES = {"Score": "number", "Active": "boolean", "Seen": "datetime", "id": "integer"}
MANY = [(), ("--explain",), ("--jobs", "2"), ("--sample-misses", "0")]


@pytest.fixture
def german(tmp_path):
    (tmp_path / "de.csv").write_text(GERMAN)
    (tmp_path / "s.json").write_text(json.dumps({"dimensions": TYPES, "open": True}))


@pytest.mark.parametrize("more", MANY)
def test_numbers_of_a_schema_are_read_with_a_comma(run, german, more):
    given = ("de.csv", "--schema", "s.json", "--decimal", "comma", *more)
    for text, rows in {
        "Score>=95.5": "12",
        "Score>95.5": "2",
        "Score==95.5": "1",
        "Score<96": "1",
        "Score==": "3",
        "Name==007": "1",
    }.items():
        found = run("match", text, *given, "--select", "id", "--format", "csv")
        assert found.out == "id\n" + "".join(f"{row}\n" for row in rows)
    sort = ("match", "--all", *given, "--sort", "Score", "--descending", "--format", "csv")
    assert run(*sort).out.splitlines()[1][0] == "2"


def test_a_point_is_no_comma(run, tmp_path, german):
    (tmp_path / "v.csv").write_text("Score;n\n1.234;1\n1,5;2\n12.5;3\nx;4\n")
    given = ("v.csv", "--schema", "s.json", "--decimal", "comma", "--select", "n", "--format=jsonl")
    told = "3 of 4 values are not as the schema says, such as '1.234'"
    told = f"wrong type in 'Score>=1': {told}; correct the schema, or the records\n"
    assert run("match", "Score>=1", *given) == (0, '{"n":"2"}\n', told)
    assert run("match", "Score!=1.5", *given).out.count("n") == 3
    assert run("match", "Score~1.234", *given).out == '{"n":"1"}\n'


def test_many_rows_with_a_comma(run, tmp_path, german):
    rows = "".join(f"{n},5;{n}\n" for n in range(30_000)) + "1.5;-1\n"
    (tmp_path / "v.csv").write_text("Score;n\n" + rows)
    given = ("v.csv", "--schema", "s.json", "--decimal", "comma", "--count")
    assert run("match", "Score>=29990.5", *given) == (0, "10\n", "")
    assert run("match", "Score!=3.5;Score!=", *given) == (0, "30000\n", "")


def test_what_is_inferred_works_with_the_options_it_was_inferred_with(run, tmp_path, german):
    inferred = run("schema", "infer", "de.csv", "--decimal", "comma")
    assert inferred.err == ""
    (tmp_path / "de.json").write_text(inferred.out)
    found = run("match", "Score>=95.5", "de.csv", "--decimal=comma", "--schema=de.json", "--count")
    assert found == (0, "2\n", "")


@pytest.mark.parametrize("more", [(), ("--sort", "Score")])
def test_a_schema_of_numbers_beside_a_comma_names_the_option(run, tmp_path, german, more):
    found = run("match", "Score>100", "de.csv", "--schema", "s.json", "--count")
    told = "1 of 2 values is not as the schema says, such as '95,5'; say --decimal comma"
    assert found == (1, "0\n", f"wrong type in 'Score>100': {told}\n")
    (tmp_path / "v.csv").write_text("Score;n\n95,5;1\n96,5;2\n")
    found = run("match", "Score>1", "v.csv", "--schema", "s.json", *more)
    assert found.err == (
        "wrong type in 'Score>1': all 2 values are not as the schema says; say --decimal comma\n"
    )


@pytest.mark.parametrize("more", MANY)
def test_types_of_a_schema_are_written(run, tmp_path, german, more):
    lines = (
        '{"id":1,"Score":95.5,"Active":true,"Seen":"2024-01-31","Name":"007"}\n'
        '{"id":2,"Score":100,"Active":false,"Seen":"2024-02-01T10:00:00Z","Name":"8"}\n'
        '{"id":3,"Score":null,"Active":null,"Seen":null,"Name":""}\n'
    )
    given = ("match", "--all", "de.csv", "--schema", "s.json", "--decimal", "comma", *more)
    assert run(*given, "--format", "jsonl").out == lines
    assert run(*given, "--format", "csv").out == GERMAN
    tag = ("tag", "de.csv", "--filters", "f.json", "--schema", "s.json", "--decimal", "comma")
    (tmp_path / "f.json").write_text('{"high": "Score>=96"}')
    if not more:
        assert run(*tag).out.splitlines()[1] == lines.splitlines()[1][:-1] + ',"matches":["high"]}'


@pytest.mark.parametrize("format_", ["parquet", "arrow"])
def test_types_of_a_schema_are_those_of_columns(run, tmp_path, german, format_):
    need("pyarrow", "files")
    (tmp_path / "en.csv").write_text(GERMAN.replace(",", ".").replace(";", ","))
    for name, more in (("de.csv", ("--decimal", "comma")), ("en.csv", ())):
        given = ("match", "--all", name, "--schema", "s.json", *more)
        assert run(*given, "-o", f"out.{format_}").code == 0
        import pyarrow.dataset

        table = pyarrow.dataset.dataset(f"out.{format_}", format=format_).to_table()
        types = {field.name: str(field.type) for field in table.schema}
        assert types == {
            "id": "int64",
            "Score": "double",
            "Active": "bool",
            "Seen": "timestamp[us, tz=UTC]",
            "Name": "string",
        }
        assert table.column("Score").to_pylist() == [95.5, 100.0, None]
        again = run("match", "Seen>=2024-02-01;Score>=100", f"out.{format_}", "--select", "id")
        assert again.out == '{"id":2}\n'


def test_columns_that_are_empty_for_long(run, tmp_path, german, monkeypatch):
    need("pyarrow", "files")
    from filterlang.backends.files.writing import arrow_writer

    monkeypatch.setattr(arrow_writer, "_ROWS", 1)
    rows = "1,,,\n" * 70_000 + "2,9.5,true,2024-01-31\n"
    (tmp_path / "v.csv").write_text("id,Score,Active,Seen\n" + rows)
    found = run("match", "--all", "v.csv", "--schema", "s.json", "-o", "v.parquet")
    assert (found.code, found.err) == (0, "read 70,001, matched 70,001, bad 0\n")
    found = run("match", "Score==9.5;Active==true;Seen==2024-01-31", "v.parquet", "--count")
    assert found.out == "1\n"


def test_cells_that_a_schema_cant_read(run, tmp_path, german):
    (tmp_path / "v.csv").write_text("Score,Active,Seen\nx,maybe,soon\n1e2,1,2024-01-31\n")
    found = run("match", "--all", "v.csv", "--schema", "s.json", "--format", "jsonl")
    assert found.out == (
        '{"Score":"x","Active":"maybe","Seen":"soon"}\n'
        '{"Score":100,"Active":true,"Seen":"2024-01-31"}\n'
    )
    need("pyarrow", "files")
    found = run("match", "--all", "v.csv", "--schema", "s.json", "-o", "v.parquet")
    assert found.code == 3
    assert "no common type" in found.err
    given = ("match", "--all", "v.csv", "--schema", "s.json", "--text", "-o", "v.parquet")
    assert run(*given).code == 0


def test_python_reads_and_copies_so_too(tmp_path, german):
    schema = Schema(TYPES, is_open=True)
    options = {"schema": schema, "decimal": ","}
    (found,) = files.read(tmp_path / "de.csv", "Score>=96", **options)
    assert found == {
        "id": 2,
        "Score": 100,
        "Active": False,
        "Seen": "2024-02-01T10:00:00Z",
        "Name": "8",
    }
    files.copy("Score>=96", tmp_path / "de.csv", tmp_path / "out.jsonl", **options)
    assert json.loads((tmp_path / "out.jsonl").read_text()) == found


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("5 95", None),
        ("5 n/a", None),  # A word may stand for nothing.
        ("5 n/a 1,000 2,000", "3 of 4 values are not as the schema says, such as '1,000'"),
        ("5 12pts", "1 of 2 values is not as the schema says, such as '12pts'"),
        ("n/a none", "all 2 values are not as the schema says"),
        ("12pts 13pts", "all 2 values are not as the schema says"),
    ],
)
def test_values_that_a_schema_does_not_read_are_told_where_they_are_lost(run, cells, told):
    """In order, each way; what is equal to a value is one that is read."""
    lines = "".join(
        f'{{"score":{cell if cell.isdigit() else json.dumps(cell)}}}\n' for cell in cells.split()
    )
    schema = '{"dimensions":{"score":"number"}}'
    Path("schema.json").write_text(schema, encoding="utf-8")
    Path("x.jsonl").write_text(lines, encoding="utf-8")
    Path("x.csv").write_text(
        "score\n" + "".join(f'"{cell}"\n' for cell in cells.split()), encoding="utf-8"
    )
    remedy = "correct the schema, or the records"
    for path in ("x.jsonl", "x.csv"):
        for order in ("<=", ">"):
            found = run("match", f"score{order}90", path, "--schema", "schema.json", "--count")
            expected = "" if told is None else f"wrong type in 'score{order}90': {told}; {remedy}\n"
            assert found.err == expected
