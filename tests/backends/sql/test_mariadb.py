"""What MariaDB does otherwise than others: its collations, dates, numbers and modes."""

from __future__ import annotations

import json
import random
import struct
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from uuid import UUID

import pytest
from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Uuid,
    create_engine,
    insert,
    not_,
    select,
    text,
)
from sqlalchemy.dialects import mysql

from filterlang import Schema, UnsupportedError
from filterlang.backends.sql import register, rows, where
from filterlang.backends.sql.mariadb import double_text
from filterlang.semantics.values import text_of
from filterlang.testing import assert_same_rows


def local(*parts):
    """Give a date and time without a zone, as MariaDB has them."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


FIELDS = Table(
    "fields",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("padded", String(20, collation="utf8mb4_general_ci")),
    Column("latin", mysql.VARCHAR(20, charset="latin1")),
    Column("flag", Boolean),
    Column("small", mysql.TINYINT(1)),
    Column("day", Date),
    Column("seen", DateTime),
    Column("exact", mysql.DATETIME(fsp=6)),
    Column("stamp", TIMESTAMP),
    Column("large", mysql.BIGINT(unsigned=True)),
    Column("price", Numeric(30, 4)),
    Column("places", Numeric(65, 38)),
    Column("ratio", Double),
    Column("level", Enum("a", "A", "b ", native_enum=False, length=9)),
    Column("key", Uuid(native_uuid=False)),
    Column("native", Uuid),
    Column("short", Uuid(as_uuid=False, native_uuid=False)),
    Column("doc", mysql.JSON),
)
KEY = "12345678-1234-5678-1234-56781234567a"
VALUES = [
    {
        "padded": "Ada ", "latin": "é", "flag": True, "small": 2, "day": date(2024, 1, 31),
        "seen": local(2024, 1, 31, 10), "exact": local(2024, 1, 31, 10, 0, 0, 500000),
        "stamp": local(2024, 7, 1), "large": 2**64 - 1, "price": Decimal("1.5"),
        "places": Decimal("1e-38"), "ratio": 0.1, "level": "a", "key": UUID(KEY),
        "native": UUID(KEY), "short": KEY, "doc": {"é": 1, "a/b": 2, "x": "Ada "},
    },
    {
        "padded": "ada", "latin": "E", "flag": False, "small": 1, "day": date(9999, 12, 31),
        "seen": local(1000, 1, 1), "exact": local(9999, 12, 31, 23, 59, 59, 999999),
        "stamp": local(2024, 7, 1, 12), "large": 0, "price": Decimal(-3),
        "places": Decimal(10**26), "ratio": -1e21, "level": "A", "key": UUID(int=0),
        "doc": {"x": "ADA"},
    },
    {"padded": "  ", "latin": " ", "level": "b ", "small": 0, "doc": ["  "]},
    {"padded": "", "latin": ""},
    {},
]  # fmt: skip  # records are read by their lines
ASKED = r"""
padded==ada|padded==ada |padded==|padded!=|padded~ada?|padded>ada|padded<=ada|padded~ *|padded~??
latin==é|latin==e|latin~?|latin==k|latin==İ|latin==|latin>e|latin==😀|latin~😀*
flag==true|flag!=true|flag==1|flag==|small==2|small>=1|small==true|small~2
day==2024-01-31|day>=2024-01-31|day<99999-01-01|day==|day!=|day~*-31|seen<2024-01-31T10:00:00.5
seen>=2024-01-31T10:00Z|seen==|seen~*t10:00:00z|exact~*.5z|exact==2024-01-31T10:00:00.5|exact>2024
stamp>=2024-07-01T12:00Z|stamp~2024-07-01T*|stamp==
large==18446744073709551615|large>9223372036854775807|large<1|large>-1|large~1844*|large<1e30
price==1.5|price==1.50|price>1.49999999999999999999999999999999999999999|price~1.5000|price<0
price>1e60|price<1e60|price==1e-60|price>1e-60|places==1e-38|places>9e-39|places~0.000*1|places>=1e26
ratio==0.1|ratio<0|ratio~0.1|ratio~-1e+21|ratio==1e999|ratio<1e999|ratio>1e999|ratio>-1e999|ratio==
level==a|level==A|level==b|level==b |level~?|level>a|level==
key==12345678-1234-5678-1234-56781234567a|key~*7A|key>1|key==|native~1234*|native==12345678-1234-5678-1234-56781234567a
short~*7A|short==12345678-1234-5678-1234-56781234567a|native>1|native!=x
doc.é==1|doc.a/b==2|doc.x==ada|doc.x==ada |doc.x~ada?|doc==|doc.x==|doc.é!=1
"""
FILTERS = [one for line in ASKED.strip().splitlines() for one in line.split("|")]
MODES = [
    "",
    "NO_BACKSLASH_ESCAPES,ANSI_QUOTES,PIPES_AS_CONCAT,HIGH_NOT_PRECEDENCE,IGNORE_SPACE",
    "ORACLE",
    "TRADITIONAL,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_UNSIGNED_SUBTRACTION",
]


def ids_of(connection, table, filters, schema=None):
    """Give the ids of the rows that match; those that don't are all others."""
    condition = where(table, filters, schema)
    ids = connection.scalars(select(table.c.id).where(condition)).all()
    others = connection.scalars(select(table.c.id).where(not_(condition))).all()
    everything = connection.scalars(select(table.c.id)).all()
    assert sorted([*ids, *others]) == sorted(everything), filters
    return ids


@pytest.fixture(scope="module")
def filled(mariadb_engine):
    register(mariadb_engine)  # there is nothing to be made ready
    FIELDS.metadata.drop_all(mariadb_engine)
    FIELDS.metadata.create_all(mariadb_engine)
    with mariadb_engine.begin() as connection:
        for number, value in enumerate(VALUES):
            connection.execute(insert(FIELDS).values(id=number, **value))
    return mariadb_engine


def records_of(connection, table):
    found = connection.execute(select(table).order_by(table.c.id)).mappings().all()
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


@pytest.mark.parametrize("mode", MODES)
def test_each_type_in_each_mode_of_the_server(filled, mode):
    with filled.connect() as connection:
        records = records_of(connection, FIELDS)
        connection.execute(text("SET sql_mode = :mode"), {"mode": mode})
        for filter_ in FILTERS:
            assert_same_rows(ids_of(connection, FIELDS, filter_), records, filter_)
        connection.invalidate()


def test_texts_are_not_read_as_numbers(mariadb_engine):
    table = Table("words", MetaData(), Column("id", Integer), Column("w", String(9)))
    words = ["1abc", "1", "01", "1.0", "abc", "0", " 1"]
    with mariadb_engine.connect() as connection:
        table.create(connection, checkfirst=True)
        connection.execute(insert(table), [{"id": n, "w": w} for n, w in enumerate(words)])
        for filter_ in ("w==1", "w==0", "w>0", "w~1*", "w!=1", "w<=1"):
            assert_same_rows(ids_of(connection, table, filter_), [{"w": w} for w in words], filter_)
        table.drop(connection)


def test_dates_that_python_has_not_are_missing(mariadb_engine):
    table = Table(
        "zero_dates",
        MetaData(),
        Column("id", Integer),
        Column("day", Date),
        Column("seen", DateTime),
    )
    given = ["0000-00-00", "2024-00-00", "2024-01-00", "0000-01-01", "2024-02-31", "2024-02-29"]
    missing = dict.fromkeys(("day", "seen"))
    records = [missing] * 5 + [{"day": date(2024, 2, 29), "seen": local(2024, 2, 29)}]
    with mariadb_engine.connect() as connection:
        table.create(connection, checkfirst=True)
        connection.execute(text("SET sql_mode = 'ALLOW_INVALID_DATES'"))
        for number, day in enumerate(given):
            connection.execute(
                text("INSERT INTO zero_dates VALUES (:n, :day, :day)"), {"n": number, "day": day}
            )
        connection.execute(text("SET sql_mode = DEFAULT"))
        for name in ("day", "seen"):
            for asked in (
                "==",
                "!=",
                "<2025",
                "==2024-02-29",
                "!=2024-02-29",
                "~*-31*",
                "~*",
                "!~0*",
            ):
                filter_ = name + asked
                assert_same_rows(ids_of(connection, table, filter_), records, filter_)
                found = [row.id for row in rows(connection, select(table), filter_)]
                assert_same_rows(found, records, filter_)
        table.drop(connection)


def test_texts_of_doubles_are_those_of_rfc_8785(mariadb_engine):
    drawn = random.Random(14)  # noqa: S311 — nothing is kept secret by it
    bits = [struct.unpack("<d", struct.pack("<Q", drawn.getrandbits(64)))[0] for _ in range(1000)]
    doubles = [one for one in bits if isfinite(one)]
    doubles += [drawn.uniform(-1, 1) * 10.0 ** drawn.randint(-12, 25) for _ in range(1000)]
    doubles += [0.0, -0.0, 1e15, 1e-6, 9.99e-7, 1e21, 123456789012345680000.0, 5e-324, 1e16, 1e-15]
    doubles += [sys.float_info.max, 1234567890123456.8, 1.5e-7, 1e23]
    table = Table("doubles", MetaData(), Column("id", Integer), Column("d", Double))
    with mariadb_engine.connect() as connection:
        table.create(connection, checkfirst=True)
        values = [{"id": number, "d": one} for number, one in enumerate(doubles)]
        connection.execute(insert(table), values)
        found = connection.scalars(select(double_text(table.c.d)).order_by(table.c.id)).all()
        assert found == list(map(text_of, doubles))
        for asked in ("d~*e-1?", "d~-0.0*", "d~1*", "d!~*.*"):
            assert_same_rows(ids_of(connection, table, asked), values, asked)
        table.drop(connection)


NUMBERS = [
    "0", "-0", "1e0", "-0.0", "1E+2", "1.50", "9007199254740993", "9007199254740993.0", "1e400",
    "-1e400", "1.7976931348623157e+308", "-1.7976931348623157E308", "1" + "0" * 400,
    "-1" + "0" * 400, "1" + "0" * 64, str(10**21), str(10**21 - 1), str(2**1024 - 2**970),
    str(2**1024 - 2**970 - 1), str(-(2**1024) + 2**970), "1e-400", "123e-2", "0.1e1",
]  # fmt: skip  # a list of texts


def test_numbers_of_json_as_they_are_written(mariadb_engine):
    table = Table("written", MetaData(), Column("id", Integer), Column("doc", mysql.JSON))
    keys = ['{"😀":7}', '{"\\ud83d\\ude00":7}']
    keys += ['{"a":7}', '{"\\u00e9":7}', '{"\\u00E9":7}', '{"é":7}', '{"a/b":7}', '{"a\\/b":7}']
    written = [*(f'{{"n":{one}}}' for one in NUMBERS), *keys]
    documents = [json.loads(one) for one in written]
    filters = [
        "n==0", "n==1", "n==100", "n==1.5", "n==9007199254740993", "n==9007199254740992", "n>1e60",
        "n<-1e60", "n>=1e62", "n<0", "n~0", "n~1", "n~inf*", "n~-inf*", "n~1e*", "n~1.797*",
        "n~*e+308", "n~1000000000000000000000", "n~999*", "n~1.23", "n!=0", "n==x", "n~*",
        "é==7", "a/b==7", "a==7", "é!=7", "n>1.5;n<1e15", "n==true",
        "😀==7",
    ]  # fmt: skip  # as above
    with mariadb_engine.connect() as connection:
        table.create(connection, checkfirst=True)
        for number, one in enumerate(written):
            connection.execute(
                text("INSERT INTO written VALUES (:n, :doc)"), {"n": number, "doc": one}
            )
        for filter_ in filters:
            condition = where(table.c.doc, filter_)
            found = connection.scalars(select(table.c.id).where(condition)).all()
            assert_same_rows(found, documents, filter_)
        for filter_ in ("n>1e400", "n==1e63", "n==1.7976931348623157e308"):
            with pytest.raises(UnsupportedError, match="its number is too large"):
                connection.execute(select(table.c.id).where(where(table.c.doc, filter_)))
        table.drop(connection)


def test_equality_of_text_uses_an_ordinary_index(mariadb_engine):
    metadata = MetaData()
    table = Table(
        "named",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("name", String(50)),
        Column("key", Uuid),
        Index("ix_named", "name"),
        Index("ix_key", "key"),
    )
    with mariadb_engine.connect() as connection:
        metadata.create_all(connection)
        values = [{"id": one, "name": f"Name {one}", "key": UUID(int=one)} for one in range(1000)]
        connection.execute(insert(table), values)
        connection.execute(text("ANALYZE TABLE named")).all()
        for filter_, key in (("name==name 77", "ix_named"), ("id==77", "PRIMARY"),
                             (f"key=={UUID(int=77)}", "ix_key")):  # fmt: skip  # pairs
            statement = select(table.c.id).where(where(table, filter_))
            compiled = statement.compile(connection, compile_kwargs={"render_postcompile": True})
            (plan,) = connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params).mappings()
            assert plan["key"] == key
            assert connection.scalars(statement).all() == [77]
        metadata.drop_all(connection)


# --- What is refused ------------------------------------------------------------------------------

OTHERS = Table(
    "others",
    MetaData(),
    Column("id", Integer),
    Column("single", Float),
    Column("words", mysql.SET("a", "b")),
    Column("filled", mysql.INTEGER(zerofill=True)),
    Column("price", Numeric(10, 2)),
    Column("doc", mysql.JSON),
)


def refusal(filters, url="mariadb+pymysql://", schema=None):
    engine = create_engine(url)
    with pytest.raises(UnsupportedError) as caught:
        select(OTHERS.c.id).where(where(OTHERS, filters, schema)).compile(engine)
    return str(caught.value).splitlines()[0]


@pytest.mark.parametrize(
    ("filter_", "reason"),
    [
        ("filled~5", "MariaDB fills its numbers up with zeros"),
    ],
)
def test_what_mariadb_cannot_say_is_named(filter_, reason):
    assert refusal(filter_) == f"error[FL221]: MariaDB can't say exactly '{filter_}': {reason}"


def test_decimals_of_too_many_digits_are_refused():
    assert refusal(f"price>{'1' * 36}.{'1' * 30}").endswith(": its number has too many digits")


def test_a_schema_that_reads_texts_of_documents_is_left_to_the_matcher():
    schema = Schema({"doc": {"type": "map", "fields": {"x": "integer"}}})
    assert "a document may hold text there" in refusal("doc.x==1", schema=schema)


def test_mysql_is_refused_by_name():
    expected = (
        "error[FL221]: MySQL can't say exactly 'id==1': it compares texts in ways that nobody"
        " verified; a server of MariaDB 10.10 or newer is known once it is connected to, or by a"
        " URL that begins with mariadb"
    )
    assert refusal("id==1", "mysql+pymysql://") == expected
    engine = create_engine("mysql+pymysql://")
    condition = where(OTHERS, "id==1", superset=True)
    written = str(select(OTHERS.c.id).where(condition).compile(engine))
    assert written.partition("WHERE ")[2] == "(true = 1)"
    engine.dialect.is_mariadb = True
    engine.dialect.server_version_info = (10, 6, 4)
    with pytest.raises(UnsupportedError, match="MySQL can't say exactly 'id==1'"):
        select(OTHERS.c.id).where(where(OTHERS, "id==1")).compile(engine)


def test_a_server_is_known_by_itself(mariadb_engine):
    url = mariadb_engine.url.set(drivername="mysql+pymysql")
    engine = create_engine(url)
    condition = where({"n": Column("n", BigInteger)}, "n==1")
    with engine.connect() as connection:
        assert connection.scalar(select(condition).select_from(select(text("1 AS n")).subquery()))
    engine.dispose()


def test_zones_are_utc(mariadb_engine):
    table = Table("zones", MetaData(), Column("id", Integer), Column("s", DateTime(timezone=True)))
    with mariadb_engine.connect() as connection:
        table.create(connection, checkfirst=True)
        connection.execute(insert(table).values(id=0, s=datetime(2024, 1, 31, tzinfo=UTC)))
        assert ids_of(connection, table, "s==2024-01-31T01:00+01:00") == [0]
        table.drop(connection)


READ = [
    5, 5.0, "5", "5.0", " 5", "abc", "", None, True, False, 0, 1, "0", "1", "TRUE", [5, "x"], ["6"],
    [], [None, ""], {"a": 5}, 10**30, -3, "1e3", 1706659200000, "2024-01-31",
]  # fmt: skip  # values are read beside each other
OF_READ = r"""
n==5|n!=5|n>4|n<=5|n==|n!=|n~5*|n!~5*|n==true|n!=true|n==false|n==x|n==1;n==5|m.n==5;m.k==1
m.n!=5;m.k==1|m.n>4;m.k!=2|m.n==;m.k==1|n==2024-01-31|n>2023|m.n~*5;m.k==1|n~true
"""


@pytest.mark.sampled(1, 6)
@pytest.mark.parametrize("type_", ["number", "boolean", "datetime"])
def test_what_a_schema_makes_of_documents(mariadb_engine, type_):
    schema = Schema(
        {"doc": {"type": "map", "fields": {"n": type_, "m": {"type": "list of map"}}}}
        | {f"doc.m.{name}": one for name, one in (("n", type_), ("k", "number"))},
    )
    table = Table(
        "read", MetaData(), Column("id", Integer, primary_key=True), Column("doc", mysql.JSON)
    )
    documents = [{"n": one, "m": [{"n": one, "k": 1}, {"n": 7, "k": "2"}]} for one in READ]
    filters = ["doc." + text.replace(";", ";doc.") for text in "|".join(OF_READ.split()).split("|")]
    said = fewer = 0
    with mariadb_engine.connect() as connection:
        table.create(connection)
        records = [{"id": at, "doc": one} for at, one in enumerate(documents)]
        connection.execute(insert(table), records)
        for filter_ in filters:
            found = [row.id for row in rows(connection, select(table), filter_, schema)]
            assert_same_rows(found, records, filter_, schema)
            more = where(table, filter_, schema, superset=True)
            selected = connection.scalars(select(table.c.id).where(more)).all()
            assert set(found) <= set(selected)
            fewer += len(selected) < len(records)
            try:
                ids = ids_of(connection, table, filter_, schema)
            except UnsupportedError:
                continue
            assert_same_rows(ids, records, filter_, schema)
            said += 1
        table.drop(connection)
    counts = {"number": (5, 18), "boolean": (16, 19), "datetime": (2, 3)}
    assert (said, fewer) == counts[type_]
