"""SQLite holds whatever is stored in whichever column: the rows are those of what it shows."""

from __future__ import annotations

import random
import sqlite3
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    create_engine,
    not_,
    select,
)

from filterlang import Schema
from filterlang.backends.sql import folded, register, rows, where
from filterlang.testing import assert_same_rows

TYPES = {
    "whole": Integer,
    "ratio": Double,
    "name": Text,
    "flag": Boolean,
    "rounded": Numeric(asdecimal=False),
}
TABLE = Table(
    "odd",
    MetaData(),
    Column("id", Integer, primary_key=True),
    *[Column(name, type_) for name, type_ in TYPES.items()],
)
AFFINITIES = ["INTEGER", "REAL", "TEXT", "NUMERIC", "BLOB"]
"""What a column is declared as decides what a value becomes as it is stored, and not what it may
be."""
ODD = [
    None, 0, 1, -1, 5, 7, 2**53 + 1, -(2**63), 2**63 - 1, 0.0, -0.0, 1.5, 5.0, 0.1, 1e300,
    float("inf"), float("-inf"), -2.5, "", " ", "abc", "ABC", "5", "5.0", " 5", "007", "0x5", "1e3",
    "1E3", "x y", "true", "0", "2024-01-31", "Σς", "İ", "ab%_c", b"", b"5", b"abc", b"\xff\xfe",
]  # fmt: skip  # values are read beside each other
RESTS = r"""
==5|!=5|==5.0|==abc|==ABC|!=abc|==|!=|==1.5|==007|==1e3|==true|!=true|==1|==0|==0x5|==x|==Σς|==i
>5|>=5|<5|<=5|>4.5|>1|<1.5|<=1.5|>=abc|>abc|<b|>9007199254740992|>=9007199254740993.5|<1e999|>-1e999
<18014398509481985.5|>0.99999999999999999999|<=9223372036854775807|>9223372036854775807|==1e999
~*|!~*|~5*|!~5|~5.0|~?|~abc|~a*|~*.5|~1e*|~1000|~ 5|~*b*|~true|>2024-01-01|==2024-01-31|~i|~ab%*
"""
RESTS = [one for line in RESTS.strip("\n").splitlines() for one in line.split("|")]


def stored(tmp_path, affinity, values, table=TABLE):
    """Fill a table whose columns are declared otherwise than they are known here."""
    path = tmp_path / "odd.db"
    connection = sqlite3.connect(path)
    names = [column.name for column in table.c if column.name != "id"]
    declared = ", ".join(f"{name} {affinity}" for name in names)
    connection.execute(f"CREATE TABLE {table.name} (id INTEGER PRIMARY KEY, {declared})")
    marks = ", ".join("?" * (len(names) + 1))
    connection.executemany(
        f"INSERT INTO {table.name} VALUES ({marks})",  # noqa: S608 — names of this file
        [[at, *[value] * len(names)] for at, value in enumerate(values)],
    )
    connection.commit()
    connection.close()
    engine = create_engine(f"sqlite:///{path}")
    register(engine)
    return engine


def expect(connection, table, records, filters, schema=None, *, checks_rows=True):
    """The rows are the matcher's, those of the negation are all others, and `rows` agrees."""
    everything = list(range(len(records)))
    for filter_ in filters:
        condition = where(table, filter_, schema)
        found = connection.scalars(select(table.c.id).where(condition)).all()
        assert_same_rows(found, records, filter_, schema)
        others = connection.scalars(select(table.c.id).where(not_(condition))).all()
        assert sorted([*found, *others]) == everything, filter_
        if checks_rows:
            checked = [row.id for row in rows(connection, select(table), filter_, schema)]
            assert sorted(checked) == sorted(found), filter_


@pytest.mark.sampled(6)
@pytest.mark.parametrize("affinity", AFFINITIES)
@pytest.mark.parametrize("name", TYPES)
def test_the_rows_are_those_of_what_is_shown(tmp_path, affinity, name):
    engine = stored(tmp_path, affinity, ODD)
    with engine.connect() as connection:
        records = connection.execute(select(TABLE).order_by(TABLE.c.id)).mappings().all()
        expect(connection, TABLE, records, [name + rest for rest in RESTS], checks_rows=False)
        expect(connection, TABLE, records, [f"{name}!=5", f"{name}>=5"])
    engine.dispose()


@pytest.mark.slow
@pytest.mark.no_cover
@pytest.mark.sampled(1, 7)
@pytest.mark.parametrize("affinity", AFFINITIES)
@pytest.mark.parametrize("type_", ["text", "number", "datetime", "boolean"])
def test_a_schema_reads_what_is_shown(tmp_path, affinity, type_):
    engine = stored(tmp_path, affinity, [*ODD, "1706659200000", 1706659200000, 1706659200000.5])
    schema = Schema(dict.fromkeys(TYPES, type_))
    with engine.connect() as connection:
        records = connection.execute(select(TABLE).order_by(TABLE.c.id)).mappings().all()
        filters = [name + rest for name in TYPES for rest in RESTS]
        expect(connection, TABLE, records, filters, schema, checks_rows=False)
    engine.dispose()


@pytest.mark.slow
@pytest.mark.no_cover
def test_several_filters_of_whatever_is_drawn(tmp_path):
    drawn = random.Random(3)  # noqa: S311 — a test that is the same each time
    values = ODD + [drawn.choice([drawn.randint(-9, 9), drawn.uniform(-9, 9)]) for _ in range(60)]
    for affinity in AFFINITIES:
        engine = stored(tmp_path, affinity, values)
        with engine.connect() as connection:
            records = connection.execute(select(TABLE).order_by(TABLE.c.id)).mappings().all()
            for _ in range(15):
                rests = [drawn.choice(RESTS) for _ in range(4)]
                name = drawn.choice(list(TYPES))
                pairs = zip(rests, RESTS, strict=False)
                joined = [f"{name}{one};{name}{other}" for one, other in pairs]
                expect(connection, TABLE, records, [[name + rest for rest in rests], joined])
        engine.dispose()
        (tmp_path / "odd.db").unlink()


def test_an_index_is_used_whatever_else_is_asked_of_texts_and_numbers():
    table = Table(
        "looked_up",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("whole", Integer, index=True),
        Column("ratio", Double, index=True),
        Column("name", Text),
    )
    Index("ix_looked_up_folded", folded(table.c.name))
    engine = create_engine("sqlite://")
    register(engine)
    table.create(engine)
    asked = {
        "id": "INTEGER PRIMARY KEY",
        "whole": "ix_looked_up_whole",
        "ratio": "ix_looked_up_ratio",
        "name": "ix_looked_up_folded",
    }
    with engine.connect() as connection:
        for name, index in asked.items():
            for filters in (f"{name}==5", [f"{name}=={n}" for n in range(40)]):
                statement = select(table.c.id).where(where(table, filters))
                compiled = statement.compile(engine)
                values = tuple(compiled.params[one] for one in compiled.positiontup)
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", values).all()
                steps = [step for *_, step in plan]
                assert any(index in step for step in steps), (filters, steps)
                assert not any(step.startswith("SCAN looked_up") for step in steps), filters


KEY = "12345678-1234-5678-1234-56781234567a"


def test_uuids_are_read_however_they_are_written(tmp_path):
    keys = Table(
        "keys",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("key", Uuid),
        Column("short", Uuid(as_uuid=False)),
    )
    digits = KEY.replace("-", "")
    forms = [digits, KEY, f"{{{KEY}}}", f"{{{digits}}}"]
    forms += [*[one.upper() for one in forms], f"urn:uuid:{KEY}", f"urn:uuid:{KEY.upper()}"]
    values = [*forms, f"urn:uuid:{digits}", str(UUID(int=1)), None]
    engine = stored(tmp_path, "TEXT", values, keys)
    with engine.connect() as connection:
        records = connection.execute(select(keys).order_by(keys.c.id)).mappings().all()
        assert records[0]["key"] == UUID(KEY)
        rests = (f"=={KEY}", f"=={KEY.upper()}", f"!={KEY}", "~*7a", "!~12345678-*", "==", ">1")
        filters = [name + rest for name in ("key", "short") for rest in rests]
        expect(connection, keys, records, [*filters, [f"key=={KEY}", f"key=={UUID(int=1)}"]])
    engine.dispose()


DAYS = ["0001-01-01", "2024-01-01", "2024-12-30", "2024-12-31", "2025-01-05", "9999-12-31"]


@pytest.mark.parametrize("affinity", ["TEXT", "NUMERIC"])
def test_dates_are_read_however_they_are_written(tmp_path, affinity):
    days = Table(
        "days", MetaData(), Column("id", Integer, primary_key=True), Column("day", Date, index=True)
    )
    forms = ["%Y-%m-%d", "%G-W%V-%u", "%GW%V%u"]
    if affinity == "TEXT":
        forms.append("%Y%m%d")  # else it would be stored as a number
    values = [
        date.fromisoformat(day).strftime(form.replace("%Y", day[:4]).replace("%G", year))
        for day in DAYS
        for form in forms
        for year in [f"{date.fromisoformat(day).isocalendar().year:04}"]
    ]
    engine = stored(tmp_path, affinity, [*values, "2025-W01", "2025W01", None], days)
    with engine.connect() as connection:
        records = connection.execute(select(days).order_by(days.c.id)).mappings().all()
        assert {str(one["day"]) for one in records} == {*DAYS, "None"}
        rests = [f"{sign}{day}" for day in DAYS for sign in ("==", "!=", "<", "<=", ">", ">=")]
        rests += ["~2024-12-3*", "!~*W*", "==", "!=", "==1704067200000", ">2024-12-30T10:00Z"]
        filters = [f"day{rest}" for rest in rests]
        expect(connection, days, records, [*filters, [f"day=={day}" for day in DAYS]])
    engine.dispose()
    engine = create_engine("sqlite://")
    register(engine)
    days.create(engine)
    with engine.connect() as connection:
        for rest in ("==2024-01-01", "<2024-01-01", ">=2024-01-01"):
            statement = select(days.c.id).where(where(days, f"day{rest}"))
            sql = statement.compile(engine, compile_kwargs={"literal_binds": True})
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}").all()
            assert any(
                "SEARCH days USING COVERING INDEX ix_days_day" in step for *_, step in plan
            ), plan


def test_times_are_read_however_they_are_written(tmp_path):
    times = Table(
        "times", MetaData(), Column("id", Integer, primary_key=True), Column("seen", DateTime)
    )
    forms = ["2024-01-31 10:00:00.000000", "2024-01-31T10:00:00", "2024-01-31", "2024-01-31T100000"]
    forms += ["2024-01-31 10:00:00+02:00", "2024-01-31 10:00Z", "2024-W05-3", None]
    engine = stored(tmp_path, "TEXT", forms, times)
    with engine.connect() as connection:
        records = connection.execute(select(times).order_by(times.c.id)).mappings().all()
        rests = ("==2024-01-31T10:00", ">2024-01-31T09:00Z", "~*10:00:00z", "<2024-01-31T10:00Z")
        expect(connection, times, records, [f"seen{rest}" for rest in (*rests, "==", "~*")])
    engine.dispose()
