"""Relations of DuckDB give the rows of the matcher over what `fetchall` gives, or are refused."""

from __future__ import annotations

import json

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings

import filterlang as fl
from filterlang import UnsupportedError
from filterlang.backends.frames import explain_plan, where
from filterlang.testing import assert_same_rows
from tests.backends.frames.drawn_duckdb import relations

ZONES = ["UTC", "America/New_York", "Asia/Kathmandu"]


@pytest.fixture(scope="module")
def connection():
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'America/New_York'")
    yield connection
    connection.close()


def ids(relation):
    return [row[0] for row in relation.select("id").fetchall()]


def records_of(relation):
    names = relation.columns
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def expect_rows(relation, filters):
    """Expect the rows of the matcher, or more of them where clauses are refused."""
    records = records_of(relation)
    for one in filters:
        if explain_plan(relation, one, strict=False).is_whole:
            assert_same_rows(ids(where(relation, one, strict=False)), records, one)
        else:
            matching = [record["id"] for record in records if fl.matches(one, record)]
            assert set(matching) <= set(ids(where(relation, one, superset=True, strict=False)))


def expect_pushed(relation, filters):
    """Expect the rows of the matcher, and that DuckDB is asked for all of it."""
    records = records_of(relation)
    for one in filters:
        assert_same_rows(ids(where(relation, one, strict=False)), records, one)


def reason_of(relation, text):
    (part,) = explain_plan(relation, text, strict=False).parts
    assert part.outcome == "checked again"
    with pytest.raises(UnsupportedError, match="can't say exactly"):
        where(relation, text, strict=False)
    return part.reason


# --- Laws -----------------------------------------------------------------------------------------


def check_drawn(connection, folder, drawn):
    connection.execute(f"CREATE OR REPLACE TEMP TABLE drawn AS {drawn.sql}")
    table = connection.table("drawn")
    expect_rows(table, drawn.filters)
    path = str(folder / "drawn.parquet")
    try:
        table.to_parquet(path)
    except duckdb.NotImplementedException:
        return  # DuckDB writes no VARIANT inside of another type.
    expect_rows(connection.read_parquet(path), drawn.filters)


@given(drawn=relations())
@settings(max_examples=6, deadline=None)
def test_rows_of_drawn_types_are_those_of_the_matcher(connection, tmp_path_factory, drawn):
    """Rows of a relation are rows of the matcher over `fetchall`, in memory and from files."""
    check_drawn(connection, tmp_path_factory.getbasetemp(), drawn)


@pytest.mark.slow
@given(drawn=relations())
@settings(max_examples=80, deadline=None)
def test_rows_of_many_drawn_types_are_those_of_the_matcher(connection, tmp_path_factory, drawn):
    """As above, with many more types."""
    check_drawn(connection, tmp_path_factory.getbasetemp(), drawn)


# --- Types ----------------------------------------------------------------------------------------


def test_decimals_of_fractions_alone_are_written_with_a_zero(connection):
    for type_ in ("DECIMAL(1,1)", "DECIMAL(2,2)", "DECIMAL(18,18)", "DECIMAL(38,38)"):
        values = connection.sql("FROM (VALUES (0, 0.5), (1, -0.5), (2, 0), (3, NULL)) t(id, x)")
        relation = values.project(
            f"id, x::{type_} AS x, [x::{type_}] AS l, {{'y': x::{type_}}} AS s"
        )
        texts = [f"{name}~{pattern}" for name in ("x", "l", "s.y") for pattern in ("0.5*", ".5*")]
        expect_pushed(relation, [*texts, "x~-0.5*", "x~-.*", "x~0*", "x!~*0.5*", "x==0.5", "x<0"])
        assert ids(where(relation, "x~0.5*")) == [0]


def test_json_is_refused_by_name(connection, tmp_path):
    path = tmp_path / "mixed.json"
    mixed = [{"id": 0, "v": 1}, {"id": 1, "v": "a"}, {"id": 2, "v": [1]}, {"id": 3, "v": {"a": 1}}]
    path.write_text("\n".join(map(json.dumps, mixed)), "utf-8")
    reason = "DuckDB holds JSON as text; cast it to VARCHAR, or to a STRUCT, a LIST or a MAP"
    read = connection.read_json(str(path))
    assert str(read.types[1]) == "JSON"
    for text in ("v==1", "v==a", "v!=a", "v==", "v!=", "v>0", "v~*a*", "v.a==1", "v.a.b!=1"):
        assert reason_of(read, text) == reason
    nested = connection.sql(
        "SELECT 0 AS id, '1'::JSON AS j, {'j': '1'::JSON} AS s, ['1'::JSON] AS l,"
        " [{'j': '1'::JSON}] AS o, MAP {'k': '1'::JSON} AS m, ['1'::JSON]::JSON[1] AS a"
    )
    for text in ("j==1", "s.j==1", "s.j.x==1", "l==1", "l!=1", "o.j==1", "m.k==1", "a==1", "l.x>1"):
        assert reason_of(nested, text) == reason
    expect_pushed(nested, ["id==0", "s==1", "s!=", "o.z==", "m==", "id==0;s.z=="])
    assert ids(where(nested, "j==1;id==0", superset=True)) == [0]
    assert ids(where(nested, "j==1;id==1", superset=True)) == []
    text = connection.sql("SELECT 0 AS id, '{\"a\": 1}'::JSON::VARCHAR AS j")
    expect_pushed(text, ["j~*a*", 'j=={"a": 1}', "j==1", "j.a==1"])


def test_texts_are_compared_by_code_points_whatever_the_collation(connection):
    texts = ["a==e", "a!=e", "a<f", "a>e", "a~e", "a~*e", "a~e*", "a==", "b==É", "b>=e", "b~?"]
    texts += [f"a=={'é' * 30}", f"a=={'e' * 30}", f"a~{'e' * 410}*", f"a~*{'e' * 410}", "a~*e*e*"]
    texts += [f"a~*{'e' * 410}*"]
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE collated"
        " (id INTEGER, a VARCHAR COLLATE NOACCENT, b VARCHAR COLLATE NOCASE.NOACCENT)"
    )
    connection.execute(
        "INSERT INTO collated VALUES (0, 'é', 'É'), (1, 'e', 'e'), (2, 'E', 'ä'),"
        " (3, NULL, ''), (4, repeat('é', 30), 'x'), (5, repeat('é', 411), 'x')"
    )
    expect_pushed(connection.table("collated"), texts)
    other = duckdb.connect(config={"default_collation": "noaccent"})
    relation = other.sql(
        "SELECT * FROM (VALUES (0, 'é', ['é'], {'x': 'é'}, MAP {'é': 'é', 'e.e': 'e'}, 'é'),"
        " (1, 'e', ['e'], {'x': 'e'}, MAP {'e': 'e'}, 'e')) t(id, a, l, s, m, b)"
    )
    more = ["l==e", "s.x==e", "s.x<f", "m.e==e", "m.é==é", "m.e==", "m.e.e==e", "m.é.e=="]
    expect_pushed(relation, [*texts, *more])
    enum = other.sql("SELECT 0 AS id, 'é'::ENUM('é', 'e') AS a UNION ALL SELECT 1, 'e'")
    expect_pushed(enum, texts)


def test_names_that_differ_by_case_alone_are_refused_where_asked_for(connection):
    reason = "DuckDB doesn't tell the names 'a' and 'A' apart; rename one of them"
    columns = connection.sql("SELECT 0 AS id, 1 AS a, 2 AS A")
    assert [reason_of(columns, text) for text in ("a==1", "A==2", "A.x==")] == [reason] * 3
    expect_pushed(columns, ["id==0", "B=="])
    inner = pa.struct([("a", pa.int64()), ("A", pa.int64()), ("b", pa.int64())])
    table = pa.table({"id": [0], "s": pa.array([{"a": 1, "A": 2, "b": 3}], inner)})
    structs = connection.from_arrow(table)
    assert [reason_of(structs, text) for text in ("s.a==1", "s.A==2")] == [reason] * 2
    expect_pushed(structs, ["s.b==3", "s.B==", "s!="])
    upper = connection.sql("SELECT 0 AS id, 1 AS \"Name\", {'Key': 1} AS s")
    expect_pushed(upper, ["Name==1", "name==1", "name==", "s.Key==1", "s.key==1", "s.KEY!=1"])


def test_the_last_of_a_key_of_a_map_holds(connection, tmp_path):
    maps = [[("a", 1), ("b", 3), ("a", 2)], [("a", None), ("a", 1)], [("a", 1), ("a", None)], []]
    rows = [*maps, None]
    table = pa.table({"id": range(5), "m": pa.array(rows, pa.map_(pa.string(), pa.int64()))})
    pq.write_table(table, tmp_path / "maps.parquet")
    relation = connection.read_parquet(str(tmp_path / "maps.parquet"))
    # DuckDB itself can't return such maps, but it can look into them.
    records = [{"id": at, "m": row if row is None else dict(row)} for at, row in enumerate(rows)]
    for text in ("m.a==1", "m.a==2", "m.a!=1", "m.a==", "m.a!=", "m.b==3", "m.b==", "m.A==1"):
        assert_same_rows(ids(where(relation, text, strict=False)), records, text)


@pytest.mark.parametrize("zone", ZONES)
def test_the_time_zone_of_the_session_has_no_part(zone):
    other = duckdb.connect()
    other.execute(f"SET TimeZone = '{zone}'")
    relation = other.sql(
        "SELECT * FROM (VALUES (0, '2024-03-10 06:59:59.5+00'::TIMESTAMPTZ),"
        " (1, '2024-03-10 07:00:00+00'), (2, '0999-01-01 00:00:00+00'), (3, NULL)) t(id, t)"
    )
    texts = ["t==2024-03-10T07:00:00Z", "t<2024-03-10T07:00", "t~2024-03-10T06:59:59.5Z", "t~*00Z"]
    expect_pushed(relation, [*texts, "t~0999-01-01T*", "t>=0999-01-01", "t==", "t<=0999-01-01"])


def test_values_that_the_language_does_not_know_are_there_and_equal_nothing(connection):
    relation = connection.sql(
        "SELECT 0 AS id, ''::BLOB AS b, INTERVAL 1 DAY AS i, TIME '10:00' AS t,"
        " '10:00:00+02'::TIMETZ AS z UNION ALL SELECT 1, NULL, NULL, NULL, NULL"
    )
    asked = ("==", "!=", "==1", "!=1", ">0", "~*", "!~*")
    expect_pushed(relation, [name + one for name in "bitz" for one in asked])
    other = connection.sql(
        "SELECT 0 AS id, '1'::BIT AS bit, 1::BIGNUM AS big, 1::VARIANT AS variant,"
        " union_value(n := 1) AS united, MAP {1: 1} AS numbered"
    )
    types = {name: str(type_) for name, type_ in zip(other.columns, other.types, strict=True)}
    unknown = "nothing is known of the values of a column of type"
    for name in ("bit", "big", "variant", "united", "numbered"):
        assert reason_of(other, f"{name}==1") == f"{unknown} {types[name]}"
