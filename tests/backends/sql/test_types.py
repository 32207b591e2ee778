"""Types that are another thing on each engine: what rows show of them decides."""

from __future__ import annotations

import enum
import random
import struct
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from uuid import UUID

import pytest
from sqlalchemy import (
    ARRAY,
    CHAR,
    JSON,
    NCHAR,
    REAL,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Numeric,
    PickleType,
    String,
    Table,
    Text,
    Time,
    TypeDecorator,
    Uuid,
    create_engine,
    func,
    insert,
    not_,
    select,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.engine.default import DefaultDialect

from filterlang import Schema, SchemaError, UnsupportedError
from filterlang.backends.sql import register, rows, where
from filterlang.backends.sql.engine_types import AsDouble
from filterlang.testing import assert_same_rows


class Plan(enum.Enum):
    GOLD = "Gold plan"
    FREE = "free"
    NONE = ""


class Trimmed(TypeDecorator):
    """Changes what is written, and not what is read."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value, _dialect):
        return value and value.strip()


class OnEach(TypeDecorator):
    """Another type on each engine."""

    impl = String(10)
    cache_ok = True

    def load_dialect_impl(self, dialect):
        is_server = dialect.name == "postgresql"
        return dialect.type_descriptor(CHAR(10) if is_server else String(10))


class Shouting(TypeDecorator):
    impl = Text
    cache_ok = True

    def process_result_value(self, value, _dialect):
        return value and value.upper()


class Lowered(Text):
    def column_expression(self, column):
        return func.lower(column)


SINGLE = mysql.FLOAT().with_variant(REAL(), "postgresql", "sqlite")
PLAIN = Table(
    "plain",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("code", CHAR(5)),
    Column("wide", NCHAR(5)),
    Column("single", SINGLE),
    Column("real", REAL),
    Column("price", Numeric(10, 2)),
    Column("rounded", Numeric(30, 15, asdecimal=False)),
    Column("data", LargeBinary),
    Column("at", Time),
    Column("took", Interval),
    Column("trimmed", Trimmed),
    Column("each", OnEach),
    Column("note", Text().with_variant(String(20), "mariadb")),
    Column("key", Uuid(native_uuid=False)),
)
KEY = UUID("12345678-1234-5678-1234-56781234567a")
VALUES = [
    {
        "code": "x", "wide": "x é", "single": 0.1, "real": 16777217, "price": Decimal("1.50"),
        "rounded": 0.1, "data": b"x", "at": time(10, 30), "took": timedelta(1), "trimmed": " Ada ",
        "each": "ada", "note": "n", "key": KEY,
    },
    {
        "code": "X é  ", "wide": "", "single": -2.5, "real": 0.1, "price": Decimal(-3),
        "rounded": 123456789012345.678, "data": b"", "at": time(0), "took": timedelta(0),
        "trimmed": "", "each": "", "note": "",
    },
    {"code": "", "wide": "ẍ", "single": 1e20, "real": 1.5, "price": Decimal("12345678.99")},
    {"code": "ab%_c", "single": 0.0, "real": 2.0**20, "price": Decimal(0), "rounded": 0.0},
    {},
]  # fmt: skip  # records are read by their lines
ASKED = r"""
code==x|code==x    |code!=x|code~x*|code~*x|code~?????|code==|code!=|code>x
code<=x    |code~*x?|code~*%_c|code~x ?  |code==x é
wide==x|wide~x*|wide~x ?|wide==x é|wide==|wide~?????|wide!~x*
single==0.1|single>0.1|single>=0.1|single<0.1|single!=0.1
single==0.10000000149011612|single~0.1|single~*.5|single==|single>1e19|single==-2.5|single~1e*|single~1000*
real==0.1|real==16777217|real==16777216|real>16777000|real~0.1|real==|real<=1.5|real~1677*
price==1.5|price==1.50|price==1.500|price!=1.5|price>1.4999|price<0|price~1.50|price~1.5|price~*.99|price==|price==0|price~0.00|price>1e30|price==x
rounded==0.1|rounded>0.1|rounded==123456789012345.678|rounded~0.1|rounded==|rounded!=0|rounded~1234*
data==x|data!=x|data==|data~*|data>a|at==10:30|at!=10:30|at==|at~*|took==1|took==|took!=|took~*|took<2
trimmed==ada|trimmed==|trimmed!=|trimmed~a*|trimmed>a
each==ada       |each==ada|each~ada*|each==|each~ada
key==12345678-1234-5678-1234-56781234567a|key~*7A|key==
"""
FILTERS = [one for line in ASKED.strip().splitlines() for one in line.split("|")]


def fill(connection, table, values):
    table.create(connection)
    for index, one in enumerate(values):
        connection.execute(insert(table).values(id=index, **one))
    return connection.execute(select(table).order_by(table.c.id)).mappings().all()


def expect(connection, table, records, filters, schema=None):
    """The rows are the matcher's, those of the negation are all others, and `rows` agrees."""
    for number, filter_ in enumerate(filters):
        condition = where(table, filter_, schema)
        ids = connection.scalars(select(table.c.id).where(condition)).all()
        assert_same_rows(ids, records, filter_, schema)
        others = connection.scalars(select(table.c.id).where(not_(condition))).all()
        assert sorted([*ids, *others]) == list(range(len(records))), filter_
        if number % 8 == 0:
            found = [row.id for row in rows(connection, select(table), filter_, schema)]
            assert sorted(found) == sorted(ids), filter_


@pytest.fixture(scope="module")
def connection(engine):
    with engine.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def records(connection):
    return fill(connection, PLAIN, VALUES)


def test_rows_are_those_of_what_the_rows_show(connection, records):
    shown = {"sqlite": "x", "postgresql": "x    ", "mariadb": "x"}[connection.dialect.name]
    assert records[0]["code"] == shown
    expect(connection, PLAIN, records, FILTERS)


def expect_what_is_said(connection, table, records, filters, schema):
    """Expect the matcher's rows of all filters that aren't refused."""
    for filter_ in filters:
        try:
            where(table, filter_, schema).compile(connection)
        except UnsupportedError:
            continue
        expect(connection, table, records, [filter_], schema)


@pytest.mark.slow
@pytest.mark.parametrize("type_", ["text", "number", "datetime", "boolean"])
def test_a_schema_reads_what_the_rows_show(connection, records, type_):
    names = ["single", "real", "price", "data", "at", "took"]
    schema = Schema(dict.fromkeys(names, type_))
    rests = ("==", "!=0", "==0.1", ">0", "~1*", "==true")
    filters = [name + rest for name in names for rest in rests]
    expect_what_is_said(connection, PLAIN, records, filters, schema)


# --- Arrays ---------------------------------------------------------------------------------------

ARRAYS = Table(
    "arrays",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("tags", postgresql.ARRAY(Text)),
    Column("counts", ARRAY(Integer)),
    Column("grid", ARRAY(Integer, dimensions=2, as_tuple=True)),
    Column("ratios", ARRAY(Float)),
    Column("singles", ARRAY(REAL)),
    Column("prices", ARRAY(Numeric)),
    Column("flags", ARRAY(Boolean)),
    Column("days", ARRAY(Date)),
    Column("seen", ARRAY(DateTime)),
    Column("keys", ARRAY(Uuid)),
    Column("plans", ARRAY(Enum(Plan, name="plans"))),
    Column("codes", ARRAY(CHAR(3))),
    Column("data", ARRAY(LargeBinary)),
    Column("trimmed", ARRAY(Trimmed)),
    Column("varied", JSON(none_as_null=True).with_variant(ARRAY(Text), "postgresql")),
)
LISTS = [
    {
        "tags": ["a", "B"], "counts": [1, 2], "grid": [[1, 2], [3, 4]],
        "ratios": [0.5, float("nan")], "singles": [0.1], "prices": [Decimal("1.50")],
        "flags": [True, False],
        "days": [date(2024, 1, 31)], "seen": [datetime(2024, 1, 31, 10)],  # noqa: DTZ001 — it has none
        "keys": [KEY], "plans": [Plan.GOLD, Plan.FREE], "codes": ["x"], "data": [b"x"],
        "trimmed": [" Ada "], "varied": ["a", "B"],
    },
    {
        "tags": [], "counts": [None], "grid": [], "ratios": [float("nan")], "flags": [None, False],
        "plans": [Plan.NONE], "codes": [], "days": [None, date(1, 1, 1)], "varied": [],
    },
    {"tags": ["", None], "counts": [-5], "plans": [None], "codes": [""], "varied": ["", None]},
    {"tags": [None], "plans": [Plan.NONE, Plan.FREE], "singles": [1e20, None], "varied": [None]},
    {},
]  # fmt: skip  # records are read by their lines
ASKED_OF_LISTS = r"""
tags==a|tags==b|tags!=b|tags==|tags!=|tags~*|tags!~?|tags>a|tags<=a|counts==1|counts!=1|counts>1|counts<0|counts==|counts!=|counts~-*
grid==4|grid==|grid!=4|grid>3|ratios==0.5|ratios==|ratios!=
ratios!=0.5|ratios<1|singles==0.1|singles~0.1|singles>1e19|singles==
prices==1.5|prices~1.50|prices==|flags==true|flags!=true|flags==false|flags==|flags~f*
days==2024-01-31|days<2000|days~2024*|days==|seen>2024|seen==2024-01-31T10:00
keys==12345678-1234-5678-1234-56781234567a|keys~*7a|keys==
plans==gold plan|plans==|plans!=|plans~*e|plans!=free|plans>free
codes==x|codes==x  |codes~x??|codes==|codes!=
data==x|data==|data!=|data~*|trimmed==ada|trimmed~a*|varied==b|varied==|varied!=|varied~*
"""
FILTERS_OF_LISTS = [one for line in ASKED_OF_LISTS.strip().splitlines() for one in line.split("|")]


def test_arrays_are_lists(postgresql_engine):
    with postgresql_engine.connect() as connection:
        records = fill(connection, ARRAYS, LISTS)
        assert records[0]["grid"] == ((1, 2), (3, 4))
        expect(connection, ARRAYS, records, FILTERS_OF_LISTS)


@pytest.mark.slow
@pytest.mark.parametrize("type_", ["text", "enum", "number", "boolean", "datetime"])
def test_a_schema_reads_elements_of_arrays(postgresql_engine, type_):
    with postgresql_engine.connect() as connection:
        records = fill(connection, ARRAYS, LISTS)
        names = ["tags", "counts", "plans", "prices"]
        described = {"type": "enum", "values": ["a", "b"]} if type_ == "enum" else type_
        schema = Schema(dict.fromkeys(names, described))
        filters = [name + rest for name in names for rest in ("==", "!=", "==1", "!=b")]
        expect_what_is_said(connection, ARRAYS, records, filters, schema)


REFUSED = Table(
    "refused",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("loud", Shouting),
    Column("low", Lowered),
    Column("pickled", PickleType),
    Column("tags", ARRAY(Text)),
    Column("docs", ARRAY(JSON)),
    Column("louds", ARRAY(Shouting)),
    Column("code", CHAR(5)),
    Column("single", REAL),
    Column("real", Numeric(asdecimal=False)),
    Column("exact", Float(asdecimal=True)),
    Column("words", mysql.SET("a", "b")),
    Column("trimmed", Trimmed),
)
ALL = "SQLite, PostgreSQL and MariaDB"
IN_PYTHON = "makes in Python what the rows show, which no database knows"
UNKNOWN = "nothing is known of the values of a column of type"


def refusals(filter_):
    """Give what is refused for which engine."""
    try:
        condition = where(REFUSED, filter_)
    except UnsupportedError as error:
        return [one.message for one in error.diagnostics]
    found = []
    for dialect in (sqlite.dialect(), postgresql.dialect(), MariaDBDialect(), DefaultDialect()):
        try:
            condition.compile(dialect=dialect)
        except UnsupportedError as error:
            found += [one.message for one in error.diagnostics]
    return found


@pytest.mark.parametrize(
    ("filter_", "refused"),
    [
        ("loud==X", {ALL: f"its type Shouting {IN_PYTHON}"}),
        ("loud==", {ALL: f"its type Shouting {IN_PYTHON}"}),
        ("low~x", {ALL: f"its type Lowered {IN_PYTHON}"}),
        ("pickled==1", {ALL: f"its type PickleType {IN_PYTHON}"}),
        (
            "louds==1",
            {
                "PostgreSQL": f"its type Shouting {IN_PYTHON}",
                "SQLite and MariaDB": f"{UNKNOWN} ARRAY(Shouting())",
            },
        ),
        (
            "docs.x==1",
            {
                "SQLite and MariaDB": f"{UNKNOWN} ARRAY(JSON())",
                "PostgreSQL": "the elements of the array may have names in them",
            },
        ),
        (
            "docs==1",
            {
                "PostgreSQL": "its elements are JSON",
                "SQLite and MariaDB": f"{UNKNOWN} ARRAY(JSON())",
            },
        ),
        (
            "tags==a",
            {
                "SQLite": f"{UNKNOWN} ARRAY(Text())",
                "MariaDB": f"{UNKNOWN} ARRAY(Text())",
                "standard SQL": f"{UNKNOWN} ARRAY(Text())",
            },
        ),
        ("code==x", {"standard SQL": f"{UNKNOWN} CHAR(length=5)"}),
        ("single==1", {"standard SQL": f"{UNKNOWN} REAL()"}),
        (
            "real==1",
            {
                "PostgreSQL": f"{UNKNOWN} Numeric(asdecimal=False)",
                "standard SQL": f"{UNKNOWN} Numeric(asdecimal=False)",
            },
        ),
        (
            "exact==1",
            {
                "PostgreSQL": f"{UNKNOWN} Float(asdecimal=True)",
                "MariaDB": f"{UNKNOWN} Float(asdecimal=True)",
                "standard SQL": f"{UNKNOWN} Float(asdecimal=True)",
            },
        ),
        ("words==a", {ALL: f"{UNKNOWN} SET('a', 'b')"}),
    ],
)
def test_what_is_refused_names_the_engines_that_refuse_it(filter_, refused):
    assert refusals(filter_) == [
        f"{engine} can't say exactly '{filter_}': {reason}" for engine, reason in refused.items()
    ]


def test_rows_takes_what_is_made_in_python_to_the_matcher():
    engine = create_engine("sqlite://")
    register(engine)
    table = Table(
        "made", MetaData(), Column("id", Integer), Column("loud", Shouting), Column("low", Lowered)
    )
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(
            insert(table),
            [{"id": 1, "loud": "ab", "low": "AB"}, {"id": 2, "loud": "c", "low": None}],
        )
        assert list(rows(connection, select(table), "loud==AB;low==ab")) == [(1, "AB", "ab")]
    engine.dispose()


def test_a_name_that_goes_on_behind_an_array_or_a_decorated_text_leads_nowhere():
    with pytest.raises(SchemaError, match=r"unknown name 'tags\.x'"):
        where(REFUSED, "tags.x==1")
    condition = where({"id": REFUSED.c.id, "tags": REFUSED.c.tags}, "tags.x!=1", strict=False)
    assert str(condition.compile(dialect=postgresql.dialect())) == "(true)"
    condition = where(REFUSED, "trimmed.x==", strict=False)
    assert str(condition.compile(dialect=postgresql.dialect())) == "(true)"


def test_whole_records_are_json_whatever_decorates_it():
    class Document(TypeDecorator):
        impl = JSON().with_variant(postgresql.JSONB(), "postgresql")
        cache_ok = True

    condition = where(Column("doc", Document), "a==x")
    for dialect in (sqlite.dialect(), postgresql.dialect(), MariaDBDialect()):
        assert "doc" in str(condition.compile(dialect=dialect))
    condition = where(Column("doc", Text().with_variant(JSON(), "sqlite")), "a==x")
    assert "filterlang_holds" in str(condition.compile(dialect=sqlite.dialect()))
    with pytest.raises(UnsupportedError) as caught:
        str(condition.compile(dialect=postgresql.dialect()))
    assert str(caught.value).splitlines()[0] == (
        "error[FL221]: PostgreSQL can't say exactly 'a==x': the record is no JSON there, but of"
        " type Text()"
    )


def test_drivers_that_get_the_bits_of_a_number_see_another_one():
    class Binary(postgresql.base.PGDialect):
        driver = "asyncpg"

    single = AsDouble(Column("single", REAL), is_single=True)
    assert str(single.compile(dialect=Binary())) == "CAST(single AS DOUBLE PRECISION)"
    sent = "CAST(CAST(single AS TEXT) AS DOUBLE PRECISION)"
    assert str(single.compile(dialect=postgresql.dialect())) == sent
    on_servers = [(Float(10), postgresql.dialect()), (mysql.FLOAT(30, 2), MariaDBDialect())]
    for type_, dialect in on_servers:
        condition = where(Table("t", MetaData(), Column("single", type_)), "single==1")
        assert "CAST(CAST(t.single AS " in str(condition.compile(dialect=dialect))


@pytest.mark.slow
def test_drawn_numbers_are_compared_as_python_sees_them(connection):
    table = Table(
        "drawn_numbers",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("single", SINGLE),
        Column("rounded", Numeric(38, 20, asdecimal=False)),
    )
    drawn = random.Random(5)  # noqa: S311 — a test that is the same each time
    numbers = [struct.unpack("<f", struct.pack("<I", drawn.getrandbits(32)))[0] for _ in range(400)]
    values = [
        {"single": one if isfinite(one) else 0.5, "rounded": drawn.uniform(-1e9, 1e9)}
        for one in numbers
    ]
    records = fill(connection, table, values)
    for name in ("single", "rounded"):
        some = [record[name] for record in records[::40]]
        filters = [f"{name}{operator}{one}" for one in some for operator in ("==", ">=", "<")]
        expect(connection, table, records, [*filters, f"{name}~*5", f"{name}~-*"])
