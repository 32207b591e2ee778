"""What a schema makes of documents and of texts, on PostgreSQL said whole and by the database."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import JSON, Column, Integer, MetaData, Table, Text, cast, insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB

import filterlang as fl
from filterlang import UnsupportedError
from filterlang.backends.sql import rows, where
from filterlang.testing import assert_same_rows

METADATA = MetaData()
VALUES = Table(
    "readings",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("text", Text),
    Column("doc", JSONB),
    Column("plain", JSON),
)
LONG = "1" + "0" * 400
TEXTS = (
    "", " ", "0", "1", "-1", "7", "007", "7.0", "7e0", "0.7e1", "-0", "+7", ".5", "5.", "1e400",
    "-1e400", "1e-400", "0e99999999999", "1e99999999999", "-1e99999999999", "1e-99999999999",
    LONG, "-" + LONG, "1" + "0" * 4000, "-1" + "0" * 4000, LONG + ".5",
    "0." + "0" * 2000 + "1e2001", "1." + "0" * 2000, "1." + "0" * 2000 + "1",
    "10" + "0" * 2000 + "e-2001", "0." + "0" * 2000, "9007199254740993", "9007199254740993.0",
    "9007199254740992.9999", "5e-324", "2e-324", "1.7976931348623158e308",
    "1.7976931348623159e308", "7\n", "\n7", "٧", "NaN", "Infinity", "7 ", "true", "TRUE",
    "false", "False", "yes", "x", "9" * 140_000, "1e" + "0" * 300 + "1", "1700000000000",
    "-62135596800001", "253402300800000", "9" * 4_305, "-" + "9" * 4_305, "0" * 5_000 + "7",
    "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2024-02-30", "2024-04-31",
    "2024-13-01", "2024-00-01", "2024-01-00", "0000-01-01", "0001-01-01",
    "9999-12-31T23:59:59.9999999Z", "2024-02-29T12:30", "2024-02-29 12:30:15.123456789",
    "2024-02-29t12:30:15,5+01", "2024-02-29T12:30:15+0130", "2024-02-29T12:30:15-01:30",
    "2024-02-29 12:30:15 UTC", "2024-02-29T12:30z", "2024-02-29T24:00", "2024-02-29T12:60",
    "2024-02-29T12:30:60", "2024-02-29T12:30+24:00", "2024-02-29T12:30-23:59", "2024-02-29Z",
    "2024-02-29T12", "20240229", "0001-01-01T00:00+23:59", "9999-12-31T23:59-23:59",
    "1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.9999995", "2024-02-29T12:30:15.",
    "2024-02-29T12:30-01", "1970-01-01", "1970-01-01T00:00:00.000001Z",
)  # fmt: skip  # a list of texts
NUMBERS = (
    "0", "1", "1.0", "1.00000000000000000001", "0.0", "-0.0", "-1", "2", "7", "7.0", "7.5",
    "1e400", "-1e400", "1e400.0", "1700000000000", "1700000000000.5", "0.3", "-0.3", "0.0005",
    "-0.0005", "0.001", "-0.001", "1709209815123.4567", "-62135596800001", "253402300800000",
    "9007199254740993", "9007199254740993.0", "5e-324", "1e-400", "100000000000000000000",
    "0.001000000000000000020816681711721685", "1709210000000",
)  # fmt: skip  # a list of numbers
OTHERS = (
    "true", "false", "null", "{}", "[]", '[""]', '["", null]', '["7", 8]', "[[7.0], true]",
    '{"a": 7}', '["2024-02-29", 5]',
)  # fmt: skip  # a list of values


def documents():
    found = [json.dumps(one) for one in TEXTS]
    found += [one for one in NUMBERS if one != "1e400.0"]
    return [f'{{"v": {one}}}' for one in [*found, *OTHERS]] + ["{}"]


EXPRESSIONS = {
    "number": (
        "7", "7.0", "0", "-1", "1e308", "-1e308", "9007199254740993", "x", "5e-324", "1e400",
        "1e19",
    ),
    "boolean": ("true", "FALSE", "1", "0", "x"),
    "datetime": (
        "2024-02-29", "2024-02-29T12:30:15.123456Z", "1709209815123", "0", "-1",
        "1970-01-01T00:00:00.0003", "1969-12-31T23:59:59.9997", "1970-01-01T00:00:00.001",
        "0001-01-01", "-62135596800001", "x",
        "253402300800000", "1970-01-01T00:00:00.000001",
    ),
    "enum": ("7", "true"),
    "text": ("7", "true"),
}  # fmt: skip  # a line a type
TYPES = {"enum": {"type": "enum", "values": ["7", "true"]}}
PATTERNS = (
    "*",
    "*:15.123456z",
    "*00:00:00z",
    "*.999699z",
    "*.00000?z",
    "*.0002??z",
    "7*",
    "tr*",
    "*0",
    "2024*",
    "7",
    "true",
    "?",
    "*e*",
)


def clauses(path, type_):
    for text in EXPRESSIONS[type_]:
        for operator in ("==", "!=", "<", "<=", ">", ">="):
            yield f"{path}{operator}{text}"
    yield f"{path}=="
    yield f"{path}!="
    for pattern in PATTERNS:
        yield f"{path}~{pattern}"
        yield f"{path}!~{pattern}"


@pytest.fixture(scope="module")
def connection(postgresql_engine):
    with postgresql_engine.connect() as connection:
        VALUES.create(connection)
        for index, document in enumerate(documents()):
            text = json.loads(document).get("v")
            connection.execute(
                insert(VALUES).values(
                    id=index,
                    text=text if isinstance(text, str) else None,
                    doc=cast(literal(document, Text), JSONB),
                    plain=cast(literal(document, Text), JSON),
                )
            )
        yield connection


def left(connection, path, type_, written):
    """Compare the rows of filters with the matcher's; return those that weren't said exactly."""
    schema = fl.Schema({path: TYPES.get(type_, type_)})
    shown = [one._mapping for one in connection.execute(select(VALUES).order_by(VALUES.c.id))]
    found = []
    for one in written:
        try:
            ids = connection.scalars(select(VALUES.c.id).where(where(VALUES, one, schema))).all()
        except UnsupportedError:
            ids = [row.id for row in rows(connection, select(VALUES), one, schema)]
            found.append(one)
        assert_same_rows(ids, shown, one, schema)
    return found


@pytest.mark.parametrize(
    "step", [11, pytest.param(1, marks=[pytest.mark.slow, pytest.mark.no_cover])]
)
@pytest.mark.parametrize("type_", EXPRESSIONS)
@pytest.mark.parametrize("path", ["text", "doc.v"])
def test_what_a_schema_makes_of_values_is_said_by_the_database(connection, path, type_, step):
    assert left(connection, path, type_, list(clauses(path, type_))[::step]) == []


@pytest.mark.parametrize("type_", ["number", "datetime"])
def test_what_columns_of_json_write_with_exponents_goes_to_the_matcher(connection, type_):
    expected = {
        "number": ["plain.v>9007199254740993", "plain.v~7*"],
        "datetime": ["plain.v>2024-02-29", "plain.v~7*"],
    }
    written = [*expected[type_], "plain.v==7", "plain.v!=2024-02-29", "plain.v=="]
    assert left(connection, "plain.v", type_, written) == expected[type_]
    assert left(connection, "plain.v", "boolean", ["plain.v==true", "plain.v~tr*"]) == []


def test_clauses_of_one_element_are_typed_by_the_schema(connection):
    """What one object in a list has to satisfy is said together."""
    schema = fl.Schema({"doc.v.a": "number", "doc.v.b": "datetime"})
    for one in ("doc.v.a>=7;doc.v.b!=2024-02-29", "doc.v.a<8;doc.v.b==", "doc.v.a!=7;doc.v.b!=1"):
        shown = [one._mapping for one in connection.execute(select(VALUES).order_by(VALUES.c.id))]
        ids = connection.scalars(select(VALUES.c.id).where(where(VALUES, one, schema))).all()
        assert_same_rows(ids, shown, one, schema)


@pytest.mark.slow
def test_numbers_of_too_many_digits_go_to_the_matcher(connection):
    long = [f"text>{'9' * 1_100}", f"text==-{'9' * 4_400}", "text>1e999999999999999999999"]
    assert left(connection, "text", "number", long) == long
    far = [f"doc.v>{'9' * 400}", f"doc.v==-{'9' * 4_400}"]
    assert left(connection, "doc.v", "datetime", far) == far
