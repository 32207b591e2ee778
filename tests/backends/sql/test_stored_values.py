"""One value that its column can't hold: the error names column and row, and says what to do."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Time,
    Uuid,
    create_engine,
    insert,
    literal_column,
    select,
    text,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Session

from filterlang.backends.sql import register, rows, where
from tests.support.engines import need

THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", Text),
    Column("count", Integer),
    Column("ratio", Double),
    Column("price", Numeric(10, 2)),
    Column("day", Date),
    Column("seen", DateTime),
    Column("at", Time),
    Column("plan", Enum("gold", "free")),
    Column("key", Uuid),
    Column("doc", JSON),
)


class Base(DeclarativeBase):
    pass


class Thing(Base):
    __table__ = Table(
        "things",
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("count", Integer),
        Column("doc", JSON),
    )


OF_DATES = (
    "; store it so, or declare the column as what it holds, Integer or Text, and let a schema call"
    " it a datetime"
)
OF_NUMBERS = (
    "; store a number or null there, or declare the column Text, and let a schema call it a number"
)
OF_JSON = "; store a document or null there, or declare the column Text"
BAD = {
    "price": ("'abc'", "expected a number", "'abc'", OF_NUMBERS),
    "day": ("1706659200", "expected a date as YYYY-MM-DD", "1706659200", OF_DATES),
    "seen": (
        "1706659200000",
        "expected a date and time as YYYY-MM-DD HH:MM:SS",
        "1706659200000",
        OF_DATES,
    ),
    "at": (
        "'noon'",
        "expected a value of its type",
        "'noon'",
        "; store one or null there, or declare the column as what it holds",
    ),
    "plan": (
        "'silver'",
        "expected a value of the enum",
        "'silver'",
        "; store one of its values or null there, or declare the column Text",
    ),
    "key": (
        "'x'",
        "expected a UUID",
        "'x'",
        "; store one or null there, or declare the column Text",
    ),
    "doc": ("''", "expected JSON", "''", OF_JSON),
}
MATCHING = {
    "price": ["price>1", "price~*"],
    "doc": ["doc.x!=1"],
    "day": ["day~2024*"],
    "seen": ["seen!=2024", "seen~2024*"],
}


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'things.db'}")
    register(engine)
    with engine.begin() as connection:
        THINGS.create(connection)
        connection.execute(insert(THINGS), [{"id": number} for number in range(4)])
    yield engine
    engine.dispose()


def spoil(engine, name):
    with engine.begin() as connection:
        value = type_coerce(literal_column(BAD[name][0]), THINGS.c[name].type)
        connection.execute(update(THINGS).where(THINGS.c.id == 2).values({name: value}))


def said(name, *, of_row):
    _, expected, found, remedy = BAD[name]
    row = " of the row with id=2" if of_row else ""
    return f"{expected} in the column '{name}'{row}, found {found}{remedy}"


@pytest.mark.parametrize("name", BAD)
def test_rows_names_the_column_and_the_row(engine, name):
    spoil(engine, name)
    filters = ["id>=0", f"{name}==1"]
    for statement in (select(THINGS), select(THINGS).order_by(THINGS.c.id)):
        with engine.connect() as connection, pytest.raises(ValueError, match="expected") as caught:
            list(rows(connection, statement, filters))
        assert str(caught.value) == said(name, of_row=True)


@pytest.mark.parametrize("name", MATCHING)
def test_where_names_the_column(engine, name):
    spoil(engine, name)
    for filter_ in MATCHING[name]:
        statement = select(THINGS.c.id).where(where(THINGS, filter_)).order_by(THINGS.c.id)
        with engine.connect() as connection, pytest.raises(ValueError, match="expected") as caught:
            connection.execute(statement).all()
        assert str(caught.value) == said(name, of_row=False)
        with engine.connect() as connection, pytest.raises(ValueError, match="expected") as caught:
            list(rows(connection, select(THINGS.c.id, THINGS.c[name]), filter_))
        assert str(caught.value) == said(name, of_row=False)
    with engine.connect() as connection:
        found = connection.scalars(select(THINGS.c.id).where(where(THINGS, "id==1"))).all()
        assert found == [1]


def not_utf_8(name, row=" of the row with id=2"):
    return (
        f"expected text as UTF-8 in the column '{name}'{row}, found b'\\xffA'; store the text as"
        f" UTF-8 there, or the bytes as a blob: {'UPDATE'} … SET {name} = CAST({name} AS BLOB)"
    )


def test_text_that_is_not_utf_8_is_told_with_its_column(engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE things SET name = 'Ada' WHERE id < 2"))
        connection.execute(text("UPDATE things SET name = CAST(x'ff41' AS TEXT) WHERE id = 2"))
        condition = where(THINGS, ["plan==free", "name!=x"])
        other = THINGS.alias("other")
        for statement in (
            *(select(THINGS.c.id).where(where(THINGS, f"name{rest}")) for rest in ("==x", "~*x")),
            select(THINGS.c.id).where(condition),
            update(THINGS).values(count=1).where(condition),
            union_all(select(literal_column("1")), select(THINGS.c.id).where(condition)),
            select(other.c.id).where(where(other, "name==x")),
        ):
            with pytest.raises(ValueError, match="expected") as caught:
                connection.execute(statement).all()
            assert str(caught.value) == not_utf_8("name")
        # Where nothing but the row's own columns is asked, loading it fails.
        with pytest.raises(ValueError, match="expected") as caught:
            list(rows(connection, select(THINGS), "id==2"))
        assert str(caught.value) == not_utf_8("name")
        with pytest.raises(ValueError, match="expected") as caught:
            list(rows(connection, select(THINGS.c.name), []))
        assert str(caught.value) == not_utf_8("name", row="")
        connection.execute(text("UPDATE things SET name = CAST(name AS BLOB)"))
        statement = select(THINGS.c.id).where(where(THINGS, "name!=x")).order_by(THINGS.c.id)
        assert connection.scalars(statement).all() == [0, 1, 2, 3]


@pytest.mark.parametrize("name", ["count", "ratio", "price", "day", "seen", "key", "doc"])
def test_so_is_text_in_columns_of_other_types(engine, name):
    with engine.begin() as connection:
        spoiled = update(THINGS).where(THINGS.c.id == 2)
        spoiled = spoiled.values({name: literal_column("CAST(x'ff41' AS TEXT)")})
        connection.execute(spoiled)
        statement = select(THINGS.c.id).where(where(THINGS, f"{name}~*x", superset=True))
        with pytest.raises(ValueError, match="expected") as caught:
            connection.execute(statement).all()
        assert str(caught.value) == not_utf_8(name)


def test_where_it_is_not_found_what_is_not_utf_8_is_told_without_a_column(engine):
    around = select(THINGS.c.id).where(where(THINGS, "name==x")).subquery()
    key = Table("keys", MetaData(), Column("key", Text, primary_key=True))
    key.create(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE things SET name = CAST(x'ff41' AS TEXT) WHERE id = 2"))
        connection.execute(text("INSERT INTO keys VALUES (CAST(x'ff41' AS TEXT))"))
        for statement in (
            select(around.c.id),
            select(around.c.id).where(around.c.id > 1),
            text("SELECT filterlang_fold(name) FROM things"),
            select(key.c.key).where(where(key, "key==x")),
        ):
            with pytest.raises(ValueError, match="expected") as caught:
                connection.execute(statement).all()
            assert str(caught.value) == (
                "expected text as UTF-8 in a column that the filters name, found other bytes; store"
                " the text as UTF-8 there, or the bytes as a blob: UPDATE … SET name = CAST(name AS"
                " BLOB)"
            )
        with pytest.raises(OperationalError, match="no such column: nowhere"):
            list(rows(connection, select(literal_column("nowhere").label("x")), []))


def test_sessions_and_entities(engine):
    spoil(engine, "doc")
    with Session(engine) as session, pytest.raises(ValueError, match="expected") as caught:
        list(rows(session, select(Thing), "id>0"))
    assert str(caught.value) == said("doc", of_row=True)


def test_a_statement_around_others_names_the_column(engine):
    spoil(engine, "doc")
    both = union_all(select(THINGS.c.doc), select(THINGS.c.doc))
    with engine.connect() as connection, pytest.raises(ValueError, match="expected") as caught:
        list(rows(connection, both, []))
    assert str(caught.value) == said("doc", of_row=False)


def test_asynchronous_connections_and_sessions(engine, tmp_path):
    need("aiosqlite", "dev")

    async def each():
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'things.db'}")
        register(engine)
        statement, messages = select(THINGS.c.id, THINGS.c.doc), []

        async def caught(connection, filters):
            with pytest.raises(ValueError, match="expected") as caught:
                [row async for row in rows(connection, statement, filters)]
            messages.append(str(caught.value))

        async with engine.connect() as connection:
            await caught(connection, "id>=0")
            await caught(connection, "doc!=1")
        async with AsyncSession(engine) as session:
            await caught(session, "id>=0")
        scoped = async_scoped_session(lambda: AsyncSession(engine), scopefunc=asyncio.current_task)
        await caught(scoped, "id>=0")
        await scoped.remove()
        await engine.dispose()
        return messages

    spoil(engine, "doc")
    of_row = said("doc", of_row=True)
    assert asyncio.run(each()) == [of_row, said("doc", of_row=False), of_row, of_row]


def test_what_a_driver_cannot_make_a_value_of_names_the_column(postgresql_engine):
    table = Table("ages", MetaData(), Column("id", Integer), Column("seen", DateTime))
    with postgresql_engine.connect() as connection:
        table.create(connection)
        connection.execute(text("INSERT INTO ages VALUES (1, '2024-01-31'), (2, 'infinity')"))
        with pytest.raises(ValueError, match="expected") as caught:
            list(rows(connection, select(table), "id>0"))
    assert str(caught.value) == (
        "expected values that Python has in the column 'seen', and the driver says: timestamp too"
        " large (after year 10K): 'infinity'; select the column as text, with cast(seen, Text), and"
        " let a schema say what it is"
    )


@pytest.mark.parametrize("name", ["postgresql", "mariadb"])
def test_servers_too(request, name):
    table = Table(
        "plans",
        MetaData(),
        Column("id", Integer, primary_key=True),
        Column("price", Numeric(10, 2)),
        Column("plan", Enum("gold", "free", native_enum=False, length=9)),
    )
    with request.getfixturevalue(f"{name}_engine").connect() as connection:
        table.create(connection)
        connection.execute(text("INSERT INTO plans VALUES (1, 1, 'gold'), (2, 1, 'silver')"))
        with pytest.raises(ValueError, match="expected") as caught:
            list(rows(connection, select(table), "price==1"))
        assert str(caught.value) == said("plan", of_row=True)
        connection.rollback()


class Failing:
    """What streams asynchronously, and fails, without a thread in which coverage can't follow."""

    def __init__(self, connection):
        self.connection = connection

    async def stream(self, _statement):
        message = "of another kind"
        raise LookupError(message)

    async def run_sync(self, function, *arguments):
        return function(self.connection, *arguments)


def test_a_fault_of_another_kind_stays_as_it_is(engine):
    async def found():
        return [row async for row in rows(Failing(connection), select(THINGS), "id>0")]

    with engine.connect() as connection, pytest.raises(LookupError, match="of another kind"):
        asyncio.run(found())


def test_functions_of_others_fail_as_they_do(engine):
    with engine.connect() as connection:
        connection.connection.create_function("failing", 0, lambda: 1 / 0)
        with pytest.raises(OperationalError, match="user-defined function raised exception"):
            connection.execute(text("SELECT failing()")).all()


def test_other_errors_stay_as_they_are(engine):
    with engine.connect() as connection:
        assert [row.id for row in rows(connection, select(THINGS), "id==2")] == [2]
        connection.execute(text("DROP TABLE things"))
        with pytest.raises(OperationalError, match="no such table"):
            list(rows(connection, select(THINGS), "id==2"))
