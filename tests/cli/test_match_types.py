"""Values of other types than a filter asks for: said on standard error, and never an error."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

import filterlang as fl
from filterlang import px
from filterlang.backends.files.watching.mistyped import Mistyped
from filterlang.checking.clock import clock_at
from tests.support.engines import need

DATA = Path(__file__).parents[2] / "docs" / "data"
DATE = "wrong type in 'lastSeenDate>=2024-01-01': all {} values are numbers, and '2024-01-01' is a "
DATE += "date; "


def lines(*records):
    return "".join(json.dumps(record) + "\n" for record in records).encode()


@pytest.mark.parametrize(("name", "count"), [("users", 400), ("accounts", 120)])
@pytest.mark.parametrize("more", [(), ("--explain",), ("--jobs", "2"), ("--strict",)])
def test_dates_against_the_numbers_of_the_api(run, name, count, more):
    found = run("match", "lastSeenDate>=2024-01-01", str(DATA / f"{name}.jsonl"), "--count", *more)
    assert (found.code, found.out) == (1, "0\n")
    *_, told = found.err.splitlines()
    assert told == DATE.format(count) + f"say --schema {name}"
    path = str(DATA / f"{name}.jsonl")
    helped = run("match", "lastSeenDate>=2024-01-01", path, "--count", "--schema", name)
    assert helped.err == ""
    assert helped.code == 0


def test_both_schemas_may_be_meant_or_none(run):
    api = lines(
        {"id": "a", "createDate": 1, "lastSeenDate": 1714318401218},
        {"lastSeenDate": 1714318401219},
    )
    found = run("match", "lastSeenDate>=2024-01-01", stdin=api)
    assert found == (1, "", DATE.format(2) + "say --schema users or --schema accounts\n")
    other = lines({"lastSeenDate": 1714318401218, "x": 1, "y": 2}, {"lastSeenDate": 1})
    found = run("match", "lastSeenDate>=2024-01-01", stdin=other)
    number = "write 1704067200000, which is the date in milliseconds since 1970\n"
    assert found == (1, "", DATE.format(2) + number)


FILE = 'say --schema FILE, which holds {"dimensions": {"t": "%s"}, "open": true}'
ONE_VALUE = """
t>=2024-01-01 | 1714318401 | a number, and '2024-01-01' is a date; write 1704067200, which is the \
date in seconds since 1970
t!=2024-01-01 | 17.5 | a number, and '2024-01-01' is a date
t>=2024-01-01 | 1e400 | a number, and '2024-01-01' is a date; write 1704067200000, which is the \
date in milliseconds since 1970
t==abc | 7 | a number, and 'abc' is a text
t!=abc | 7 | a number, and 'abc' is a text
t>=90 | "95" | a number written as text, so '10' is less than '9'; number
t>=2024-01-01 | "1714318401218" | a number written as text, and '2024-01-01' is a date; datetime
t>=1704067200000 | "2024-05-01T10:00:00Z" | a date written as text, and '1704067200000' is a \
number; datetime
t>=2024-01-01 | "17.5" | a number written as text, and '2024-01-01' is a date
t==true | 1 | a number, and 'true' is a truth value; boolean
t==yes | true | a truth value, and 'yes' is a text; write true or false
t>=1 | true | a truth value, which has no order; ask by == or !=
t==Bonn | {"city": "Bonn"} | an object, and 'Bonn' is a text; name one of its keys, such as 't.city'
t==Bonn | [[{}]] | an object, and 'Bonn' is a text
t==31.01.2024 | {"city": 1} | an object, and '31.01.2024' is compared as a text; name one of its \
keys, such as 't.city'
t~*Bonn* | {"city": "Bonn"} | an object, which has no text; name one of its keys, such as 't.city'
t!~2024-01-31 | [{"a b": 1}, null] | an object, which has no text; name one of its keys, such as \
't.a b'
t~* | {} | an object, which has no text
"""


@pytest.mark.parametrize("case", ONE_VALUE.strip().splitlines())
def test_one_value(run, case):
    text, value, told = case.split(" | ")
    told, mark, type_ = told.rpartition("; ")
    is_type = type_ in {"number", "datetime", "boolean"}
    told = f"{told}{mark}{FILE % type_ if is_type else type_}"
    stdin = f'{{"t": {value}, "x": 1}}\n'
    found = run("match", text, "--count", stdin=stdin.encode())
    assert found.err == f"wrong type in '{text}': the one value is {told}\n"
    if is_type:
        Path("schema.json").write_text(told.partition("holds ")[2], encoding="utf-8")
        found = run("match", text, "--schema", "schema.json", stdin=stdin.encode())
        assert found == (0, stdin, "")


def test_many_values(run):
    stdin = lines({"t": [True, False]}, {"t": 1}, {"t": None}, {"t": []}, {"x": 7})
    found = run("match", "t==yes", "-c", stdin=stdin)
    told = "wrong type in 't==yes': all 3 values are truth values or numbers, and 'yes' is a text\n"
    assert found == (1, "0\n", told)
    found = run("match", "t>=9", "-c", stdin=lines({"t": True}, {"t": False}))
    told = "all 2 values are truth values, which have no order; ask by == or !="
    assert found == (1, "0\n", f"wrong type in 't>=9': {told}\n")


@pytest.mark.parametrize(
    ("text", "value"),
    [("t~*a*", [{"a": "b"}, "c"]), ("t~*a*", [None, []]), ("t~*a*", True),
     ("t>=90", 95), ("t==95", "95"), ("t~9*", 95), ("t!=", 95), ("t>=2024-01-01", "2024-05-01"),
     ("t>=Bo", "Bonn"), ("t>=1", "1.2.3"), ("t==x", None), ("t>=B", "7"), ("t==true", False),
     ("t==1.5", 1), ("t>=1", "A12"), ("t>=1", "12A"), ("t>=1", "1.0 beta"), ("t>=1", "3 Elm St"),
     ("t>=1", ["3h", "A12", "B7"]), ("t>=2024/01/15", "2024/02/01"),
     ("t==01.02.2024", "31.12.2023"), ("t>=1.2.2024.1", "31.12.2023"), ("t>=abc", "31.12.2023"),
     ("t>=01.01.2024", "abc")],
)  # fmt: skip  # a table
def test_nothing_is_said_of_values_of_the_type(run, text, value):
    assert run("match", text, "-c", stdin=lines({"t": value})).err == ""


SOME_VALUES = """
t>=90 | "95", "100", "NULL" | all 3 values are numbers written as texts or texts such as 'NULL', \
so '10' is less than '9'; number
t>=90 | "95", "1e2", "" | all 2 values are numbers written as texts, so '10' is less than '9'; \
number
t>=90 | " 95", " 100" | all 2 values are numbers with spaces around them, so '10' is less than \
'9'; take the spaces away
t>=90 | "95,5", null | the one value is a number with a comma, so '10' is less than '9'; write \
decimals behind a point, and nothing between thousands
t>=90 | 95, "100", "95" | 2 of 3 values are numbers written as texts, so '10' is less than '9'; \
number
t>=90 | 95, "n/a" | 1 of 2 values is a text such as 'n/a', and '90' is a number; number
t<90 | 95, true, "n/a", "unknown" | 3 of 4 values are truth values or texts such as 'n/a', and \
'90' is a number
t>=90 | "95", "007" | all 2 values are numbers written as texts, so '10' is less than '9'; \
write them in plain digits, such as 7 for '007'
t>=2024-01-01 | 1704448800000, "2024-02-01" | 1 of 2 values is a number, and '2024-01-01' is a \
date; datetime
t<2024-01-06 | "2024-01-05", "05.01.2024", "n/a" | 2 of 3 values are dates in another spelling or \
texts such as 'n/a', and '2024-01-06' is a date; write them as 2024-01-31 is written; in other \
spellings they have no order
t>=20.11.2026 | "2026-10-01", "2026-12-01T00:00:00Z" | all 2 values are dates written as texts, \
and '20.11.2026' is compared as a text; write 2026-11-20
t==20.11.2026 | "2026-10-01" | the one value is a date written as text, and '20.11.2026' is \
compared as a text; write 2026-11-20
t>=20.11.2026 | 1704448800000 | the one value is a number, and '20.11.2026' is compared as a text; \
write 2026-11-20
t>=now-7d | "2026-10-01" | the one value is a date written as text, and 'now-7d' is compared as a \
text; write 2026-11-19
t>=now-7d | "31.12.2023" | the one value is a date in another spelling, and 'now-7d' is compared \
as a text; write them as 2024-01-31 is written; in other spellings they have no order
t>=01.01.2024 | "31.12.2023", "01.02.2024", "n/a" | 2 of 3 values are dates in another spelling, \
and so is '01.01.2024'; write them as 2024-01-31 is written; in other spellings they have no order
t<1/1/2024 | "12/31/2023 10:00", "1/2/2024 9:00 AM" | all 2 values are dates in another spelling, \
and so is '1/1/2024'; write them as 2024-01-31 is written; in other spellings they have no order
t<1 Jan 2024 | "31 Dec 2023" | the one value is a date in another spelling, and so is \
'1 Jan 2024'; write them as 2024-01-31 is written; in other spellings they have no order
t>=01.01.2024 | "2023-12-31", "01.02.2024" | all 2 values are dates written as texts or dates in \
another spelling, and so is '01.01.2024'; write them as 2024-01-31 is written; in other spellings \
they have no order
t>=50 | "95%", "100%", "5%" | all 3 values are numbers with a unit or sign, so '10' is less than \
'9'; take the unit away
t>=50 | "$1,200", "€3", "12 kg", "-$5" | all 4 values are numbers with a unit or sign, so '10' is \
less than '9'; take the unit away, write decimals behind a point, and nothing between thousands
t>=50 | "3h", "EUR 95", "4\u00a0€", "n/a" | all 4 values are numbers with a unit or sign or texts \
such as 'n/a', so '10' is less than '9'; take the unit away
t>=50 | "1 234", "1'234.5", "1\u00a0234" | all 3 values are numbers with spaces inside, so '10' \
is less than '9'; write nothing between thousands
t>=50 | "1 234", "12 kg", " 7" | all 3 values are numbers with spaces inside or numbers with a \
unit or sign or numbers with spaces around them, so '10' is less than '9'; take the unit away, \
take the spaces away, write nothing between thousands
t>=50 | "1,234,567" | the one value is a number with a comma, so '10' is less than '9'; write \
decimals behind a point, and nothing between thousands
t>=ninety | 95, 96, "x" | 2 of 3 values are numbers, and 'ninety' is a text
"""


@pytest.mark.parametrize("case", SOME_VALUES.strip().splitlines())
def test_some_values_of_what_has_an_order(run, case):
    text, values, told = case.split(" | ")
    stdin = "".join(f'{{"t": {value}, "x": 1}}\n' for value in values.split(", "))
    told, mark, type_ = told.rpartition("; ")
    told = f"{told}{mark}{FILE % type_ if type_ in {'number', 'datetime'} else type_}"
    with clock_at(datetime(2026, 11, 26, tzinfo=UTC)):
        found = run("match", text, "--count", stdin=stdin.encode())
    assert found.err == f"wrong type in '{text}': {told}\n"


def test_cells_that_make_a_column_one_of_texts(run):
    Path("t.csv").write_text("id,t\n1,95\n2,100\n3,NULL\n4,\n", encoding="utf-8")
    found = run("match", "t>=90", "t.csv", "--select", "id")
    assert found.out == "id\n1\n3\n"
    told = "all 3 values are numbers written as texts or texts such as 'NULL'"
    assert found.err.startswith(f"wrong type in 't>=90': {told}, so '10' is less than '9'; say ")
    Path("schema.json").write_text(found.err.partition("holds ")[2], encoding="utf-8")
    found = run("match", "t>=90", "t.csv", "--select", "id", "--schema", "schema.json")
    assert (found.out, found.err) == ("id\n1\n2\n", "")


CELLS = """
v>=1000 --decimal comma | 1,5 1.000,00 | all 2 values are numbers with a comma; write nothing \
between thousands
v>=1000 --decimal comma | 1.000 2.000 3 | all 3 values are numbers written as texts; write nothing \
between thousands
v>=1000 --decimal comma | 1,5 N/A | all 2 values are numbers with a comma or texts such as 'N/A'; \
say --null N/A
v>=1000 --decimal comma | 1.000 N/A | all 2 values are numbers written as texts or texts such as \
'N/A'; write nothing between thousands
v>=1000 --decimal comma | 12% 1,5 | all 2 values are numbers with a unit or sign or numbers with a \
comma; take the unit away
v>=1000 | 1,5 N/A | all 2 values are numbers with a comma or texts such as 'N/A'; say --decimal \
comma --null N/A
v>=1000 | 7 1\u00a0234 N/A | all 3 values are numbers written as texts or numbers with spaces \
inside or texts such as 'N/A'; write nothing between thousands
v>=1000 | 7 95- | all 2 values are numbers written as texts or texts such as '95-'; write them in \
plain digits, such as -95 for '95-'
v<0 | 7 (9.5) | all 2 values are numbers written as texts or texts such as '(9.5)'; write them in \
plain digits, such as -9.5 for '(9.5)'
v>=1000 | 7 .5 | all 2 values are numbers written as texts; write them in plain digits, such as \
0.5 for '.5'
v>=1000 | +7 +5 | all 2 values are numbers written as texts; write them in plain digits, \
such as 7 for '+7'
v>=1000 | 7 A12 | all 2 values are numbers written as texts or texts such as 'A12'; say --schema \
FILE, which holds {"dimensions": {"v": "number"}, "open": true}
"""


@pytest.mark.parametrize("case", CELLS.strip().splitlines())
def test_cells_that_no_option_or_another_one_helps(run, case):
    asked, cells, told = case.split(" | ")
    text, *options = asked.split(" ")
    rows = "".join(f"{number};{cell}\n" for number, cell in enumerate(cells.split(" ")))
    Path("t.csv").write_text(f"id;v\n{rows}", encoding="utf-8")
    types, _, remedy = told.rpartition("; ")
    told = f"{types}, so '10' is less than '9'; {remedy}"
    found = run("match", text, "t.csv", *options, "--count")
    assert found.err == f"wrong type in '{text}': {told}\n"


PADDED = "spaces around what '{}' asks for: {} within spaces, and none without; say --trim\n"


@pytest.mark.parametrize("more", [(), ("--count",), ("--jobs", "2"), ("--input-format", "csv")])
@pytest.mark.parametrize(
    ("text", "cells", "told"),
    [
        ("name==bob", " bob, al", "1 of 2 values has 'bob'"),
        ("name!=bob", "Bob\t, BOB ", "2 of 2 values have 'bob'"),
        ("name==bob", " bob", "1 of 1 value has 'bob'"),
        ("name==95", " 95,96", "1 of 2 values has '95'"),
        ("name==bob", " bob,Bob", None),
        ("name==bob", " bobby, al", None),
        ("name!=bob", "bobby,al", None),
        ("name~bo*", " bob", None),
    ],
)
def test_cells_that_miss_what_is_asked_for_by_spaces(run, more, text, cells, told):
    rows = "".join(f"{number},{cell}\n" for number, cell in enumerate(cells.split(",")))
    Path("t.csv").write_text(f"id,name\n{rows}", encoding="utf-8")
    found = run("match", text, "t.csv", *more)
    assert found.err == ("" if told is None else PADDED.format(text, told))


@pytest.mark.parametrize("type_", ["text", "enum", None])
def test_spaces_are_told_where_cells_are_texts(run, type_):
    Path("t.csv").write_text("id,v\n1, 95 \n2,b \n", encoding="utf-8")
    told = PADDED.format("v==95", "1 of 2 values has '95'")
    options = ["--text"]
    if type_ is not None:
        dimension = {"type": "enum", "values": ["95", "b"]} if type_ == "enum" else type_
        Path("s.json").write_text(json.dumps({"dimensions": {"v": dimension}, "open": True}))
        options = ["--schema", "s.json"]
    assert run("match", "v==95", "t.csv", "-c", *options) == (1, "0\n", told)
    assert run("match", "v==95", "t.csv", "-c", *options, "--trim") == (0, "1\n", "")
    assert run("match", "v>=3", "t.csv", "-c", "--text").err == ""


@pytest.mark.parametrize(
    ("text", "cells", "options"),
    [
        ("v>=90", " 95 , 7", "--trim"),
        ("v>=90", "95, N/A", "--trim --null N/A"),
        ("v>=90", " 95,N/A", "--trim --null N/A"),
        ("v>=90", " 1;5 , 95;5", "--trim --decimal comma"),
    ],
)
def test_spaces_among_numbers_have_an_option(run, text, cells, options):
    Path("t.csv").write_text(
        "id;v\n1;" + cells.replace(";", "|").replace(",", "\n2;").replace("|", ",") + "\n"
    )
    found = run("match", text, "t.csv", "-c").err
    assert f", so '10' is less than '9'; say {options}" in found
    assert run("match", text, "t.csv", "-c", *options.split()) == (0, "1\n", "")


@pytest.mark.parametrize(("type_", "cells"), [("number", " 95 ,x"), ("datetime", "2024-01-31 , x")])
def test_spaces_that_a_schema_reads_no_values_in(run, type_, cells):
    value = cells.split(",")[0]
    Path("t.csv").write_text(f"id,v\n1,{value}\n", encoding="utf-8")
    Path("s.json").write_text(json.dumps({"dimensions": {"v": type_}, "open": True}))
    found = run("match", f"v=={value.strip()}", "t.csv", "-c", "--schema", "s.json")
    assert found.err.endswith("the one value is not as the schema says; say --trim\n")
    assert (
        run("match", f"v=={value.strip()}", "t.csv", "-c", "--schema", "s.json", "--trim").out
        == "1\n"
    )
    Path("t.csv").write_text("id,v\n1, x \n", encoding="utf-8")
    found = run("match", f"v=={value.strip()}", "t.csv", "-c", "--schema", "s.json")
    assert found.err.endswith("not as the schema says; correct the schema, or the records\n")


def test_spaces_in_many_cells(run):
    Path("t.csv").write_text("id,name\n" + "1, bob\n" * 2_000 + "2,bob\n", encoding="utf-8")
    told = PADDED.format("name==bob", "in the first 1,000 records 1,000 of 1,000 values have 'bob'")
    assert run("match", "name==bob", "t.csv", "--count") == (0, "1\n", told)


def test_one_value_of_the_type_is_enough(run):
    assert run("match", "t==x", "-c", stdin=lines({"t": 1}, {"t": 2}, {"t": "x"})).err == ""
    assert run("match", "t==x", "-c", stdin=lines(*[{"t": 1}] * 999, {"t": "y"})).err == ""
    found = run("match", "t==x", "-c", stdin=lines(*[{"t": 1}] * 1000, {"t": "x"}))
    told = "in the first 1,000 records all 1,000 values are numbers, and 'x' is a text"
    assert found == (0, "1\n", f"wrong type in 't==x': {told}\n")


BAD = """\
<stdin>:2: expected a JSON object, found an array
<stdin>:4: expected a line of at most 20 bytes, found a longer one; allow more by --max-line, \
in Python by max_line
"""


LIMIT = ("--max-line", "20", "--input-format", "jsonl")


def test_bad_lines_are_told_as_ever(run):
    found = run("match", "t==x", "-c", *LIMIT, stdin=b'\n[]\n{"t": 1}\n' + b"x" * 30)
    assert found == (
        3,
        "0\n",
        BAD + "wrong type in 't==x': the one value is a number, and 'x' is a text\n",
    )


def test_a_schema_that_doesnt_fit(run):
    Path("schema.json").write_text('{"dimensions": {"t": "datetime"}}', encoding="utf-8")
    stdin = lines({"t": "31/12/2024"}, {"t": ""})
    found = run("match", "t>=2024-01-01", "--schema", "schema.json", stdin=stdin)
    told = "the one value is not as the schema says; correct the schema, or the records\n"
    assert found == (1, "", f"wrong type in 't>=2024-01-01': {told}")


def test_tables(run):
    need("pyarrow", "files")
    import pyarrow as pa
    import pyarrow.parquet

    table = pa.table({"id": [1], "at": [datetime(2024, 5, 1, tzinfo=UTC)], "b": [b"x"], "n": [7]})
    pyarrow.parquet.write_table(table, "t.parquet")
    for text, told in {
        "at>=x": "a date, and 'x' is a text",
        "at>=1.5": "a date, and '1.5' is a number; write a date, such as 2024-01-31",
        "b==x": "a value that equals nothing, and 'x' is a text",
        "n==x": "a number, and 'x' is a text",
    }.items():
        for more in ((), ("--explain",)):
            found = run("match", text, "t.parquet", "-c", *more)
            assert found.err.endswith(f"wrong type in '{text}': the one value is {told}\n")
    assert run("match", "n==7", "t.parquet", "-c") == (0, "1\n", "")
    Path("t.csv").write_text("id,score\n1,95\n2,100\n", encoding="utf-8")
    assert run("match", "score>=90", "t.csv", "-c") == (0, "2\n", "")
    found = run("match", "score>=90", "t.csv", "-c", "--text")
    assert found.out == "1\n"
    assert found.err.startswith("--text compares numbers as texts, so in 'score>=90' '10' is less")
    Path("t.csv").write_text("id,zip\n1,0095\n2,0100\n", encoding="utf-8")
    found = run("match", "zip>=90", "t.csv", "-c")
    assert found.out == "0\n"
    assert found.err.startswith("wrong type in 'zip>=90': all 2 values are")
    Path("t.csv").write_text("id,score\n1,95\n2,100\n", encoding="utf-8")
    assert run("match", "score>=90", "t.csv", "-c", "--schema", "users") == (0, "2\n", "")


def told_of(value):
    found = Mistyped(fl.parse("score==x"), None, lambda: {"users": px.USER})
    found.see_records([{"score": value, "x": 1, "y": 1}])
    return found.tell()


def test_values_that_no_file_holds():
    told = "the one value is a value that equals nothing, and 'x' is a text"
    assert told_of(1j) == [f"wrong type in 'score==x': {told}"]
    assert told_of(uuid.uuid4()) == []
