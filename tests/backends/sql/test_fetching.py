"""What `rows` takes: connections and sessions of both forms, and statements of all forms."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import UserDict
from contextlib import closing

import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    func,
    insert,
    literal_column,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, create_async_engine
from sqlalchemy.orm import (
    DeclarativeBase,
    Session,
    aliased,
    column_property,
    scoped_session,
    sessionmaker,
)
from sqlalchemy.types import NullType

from filterlang.backends.sql import register, rows, where
from tests.support.engines import need

USERS = Table(
    "users",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", Text),
    Column("team", Text),
    Column("score", Integer),
)
PEOPLE = [
    {"id": 1, "name": "Ada", "team": "a", "score": 3},
    {"id": 2, "name": "Bob", "team": "a", "score": 5},
    {"id": 3, "name": "Cy", "team": "b", "score": 7},
]


class Base(DeclarativeBase):
    pass


class User(Base):
    __table__ = Table(
        "users",
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("name", Text, key="full"),
        Column("team", Text),
        Column("score", Integer),
    )


class Renamed(Base):
    __table__ = User.__table__
    id = User.__table__.c.id
    points = User.__table__.c.score


MATES = USERS.alias("mates")


class Computed(Base):
    __table__ = User.__table__
    loud = column_property(func.upper(User.__table__.c.full, type_=Text))
    mates = column_property(
        select(func.count(MATES.c.id))
        .where(MATES.c.team == User.__table__.c.team)
        .correlate(User.__table__)
        .scalar_subquery()
    )


@pytest.fixture(scope="module")
def engine():
    engine = create_engine("sqlite://")
    register(engine)
    with engine.begin() as connection:
        USERS.create(connection)
        connection.execute(insert(USERS), PEOPLE)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine):
    with engine.connect() as connection:
        yield connection


# --- Connections ----------------------------------------------------------------------------------


def test_sessions(engine):
    statement = select(USERS.c.name, USERS.c.score)
    with Session(engine) as session:
        assert list(rows(session, statement, "score>3;name~b*")) == [("Bob", 5)]
    scoped = scoped_session(sessionmaker(engine))
    assert list(rows(scoped, statement, "score>3;name~b*")) == [("Bob", 5)]
    scoped.remove()


class Streaming:
    """What streams asynchronously, without a thread in which coverage can't follow."""

    def __init__(self, connection):
        self.connection = connection

    async def stream(self, statement):
        assert statement.get_execution_options() == {"yield_per": 1000}

        async def each():
            for row in self.connection.execute(statement):
                yield row

        return each()


def test_rows_are_streamed(connection):
    # Of a type that no database is asked about, so that the matcher alone decides.
    name = type_coerce(USERS.c.name, NullType()).label("name")

    async def found():
        statement = select(USERS.c.id, name)
        return [row.id async for row in rows(Streaming(connection), statement, "name~*b*")]

    assert asyncio.run(found()) == [2]


def test_asynchronous_connections_and_sessions(tmp_path):
    need("aiosqlite", "dev")
    need("greenlet", "dev")

    async def found():
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'users.db'}")
        register(engine)
        statement = select(USERS.c.name)
        async with engine.begin() as connection:
            await connection.run_sync(USERS.create)
            await connection.execute(insert(USERS), PEOPLE)
            yield [row.name async for row in rows(connection, statement, "name~?d*")]
        async with AsyncSession(engine) as session:
            yield [row.name async for row in rows(session, statement, "name!~?d*")]
        scoped = async_scoped_session(lambda: AsyncSession(engine), asyncio.current_task)
        yield [row.name async for row in rows(scoped, statement, "name==cy")]
        await scoped.remove()
        await engine.dispose()

    async def collected():
        return [names async for names in found()]

    assert asyncio.run(collected()) == [["Ada"], ["Bob", "Cy"], ["Cy"]]


@pytest.mark.parametrize(
    ("connection", "found"),
    [(None, "NoneType"), ("sqlite://", "str"), (UserDict(), "UserDict of 'collections'")],
)
def test_what_is_no_connection(connection, found):
    with pytest.raises(TypeError) as caught:
        rows(connection, select(USERS), "id==1")
    made = "make one by create_engine(URL).connect()"
    told = f"expected a connection or session of SQLAlchemy, found {found}; {made}"
    assert str(caught.value) == told


def test_an_engine_is_no_connection(engine):
    with pytest.raises(TypeError) as caught:
        rows(engine, select(USERS), "id==1")
    told = "expected a connection or session of SQLAlchemy, found Engine; make one by its connect()"
    assert str(caught.value) == told


def test_what_is_no_object_of_sqlalchemy_is_told_as_what_it_is(connection):
    with closing(sqlite3.connect(":memory:")) as driver:
        with pytest.raises(
            TypeError, match="found Connection of 'sqlite3'; make one by create_eng"
        ):
            rows(driver, select(USERS), "id==1")
        with pytest.raises(
            TypeError, match="found Connection of 'sqlite3'; make one by create_eng"
        ):
            register(driver)
    with pytest.raises(TypeError, match=r"found str; of a table's name one is made by select\(Tab"):
        rows(connection, "users", "id==1")
    for columns, told in (
        (
            "users",
            r"; of a table's name one is made by Table\('users', MetaData\(\), autoload_with=",
        ),
        ("id==1", r"found 'id==1'; the columns come first: where\(columns, filters\)"),
        ({"id": "id"}, r"expected a column for 'id', found 'id'; write column\('id', TYPE\)"),
        (["id"], r"expected a table, a mapping of names to columns.*, found \['id'\]"),
        (None, r"expected a table, a mapping of names to columns.*, found None"),
    ):
        with pytest.raises(TypeError, match=told):
            where(columns, "id==1")


def test_only_engines_are_registered(connection):
    with pytest.raises(TypeError) as caught:
        register(connection)
    assert str(caught.value) == "expected an engine of SQLAlchemy, found Connection"


# --- Statements -----------------------------------------------------------------------------------


def test_an_entity(engine):
    with Session(engine) as session:
        (found,) = rows(session, select(User), "full~a*;score>=3")
        assert found.User.full == "Ada"
        ((renamed,),) = rows(session, select(Renamed), "points>5")
        assert renamed.id == 3
        alias = aliased(User)
        ((other,),) = rows(session, select(alias), "full==BOB")
        assert other.id == 2


def test_an_entity_may_compute_what_it_has(engine):
    with Session(engine) as session:
        for text_, numbers in {"loud~A*": [1], "mates==2": [1, 2], "mates<2;loud==cy": [3]}.items():
            assert [one.id for (one,) in rows(session, select(Computed), text_)] == numbers
        statement = select(Computed, func.count(USERS.c.id).over())
        with pytest.raises(ValueError, match="entities can't be selected from groups"):
            rows(session, statement, "loud~A*", columns={"loud": Computed.loud})


def test_an_entity_beside_something_else(engine):
    statement = select(User, User.score + 1)
    with Session(engine) as session:
        with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole text is compared
            rows(session, statement, "score>3")
        assert str(caught.value) == (
            "the statement selects an entity beside something else, so that it isn't clear which"
            " names are whose; say so with columns={name: attribute}"
        )
        found = rows(session, statement, "points>3", columns={"points": User.score})
        assert [(user.full, more) for user, more in found] == [("Bob", 6), ("Cy", 8)]


def test_two_entities(engine):
    other = aliased(User)
    statement = select(User, other).where(User.id < other.id)
    names = {"mine": User.full, "other": other.full}
    with Session(engine) as session:
        found = rows(session, statement, ["mine~a*;other~c*", "other==bob"], columns=names)
        assert [(one.id, two.id) for one, two in found] == [(1, 2), (1, 3)]


def test_a_union(connection):
    statement = union_all(
        select(USERS.c.name, USERS.c.score).where(USERS.c.score < 4),
        select(USERS.c.team, USERS.c.id),
    )
    assert sorted(rows(connection, statement, "score<3")) == [("a", 1), ("a", 2)]
    assert sorted(rows(connection, statement, "name~a*")) == [("Ada", 3), ("a", 1), ("a", 2)]


def test_groups(connection):
    statement = select(USERS.c.team, func.count().label("people")).group_by(USERS.c.team)
    assert list(rows(connection, statement, "people>1")) == [("a", 2)]
    assert list(rows(connection, statement, "team==b")) == [("b", 1)]
    alone = select(func.max(USERS.c.score).label("most"))
    assert list(rows(connection, alone, "most==7")) == [(7,)]
    assert list(rows(connection, alone, "most<7")) == []


def test_windows_are_computed_before_rows_are_left_out(connection):
    rank = func.row_number().over(order_by=USERS.c.score).label("rank")
    statement = select(USERS.c.name, rank)
    assert list(rows(connection, statement, "name==cy")) == [("Cy", 3)]
    assert list(rows(connection, statement, "rank<=2;name!=ada")) == [("Bob", 2)]


def test_columns_of_what_is_computed(connection):
    least = func.min(USERS.c.score).label("least")
    statement = select(USERS.c.team, least).group_by(USERS.c.team)
    found = rows(connection, statement, "points<5", columns={"points": least})
    assert list(found) == [("a", 3)]
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole text is compared
        rows(connection, statement, "points<5", columns={"points": USERS.c.id})
    assert str(caught.value) == "expected one of the selected columns for 'points'"


def test_a_text_with_columns(connection):
    statement = text("SELECT name, score FROM users").columns(USERS.c.name, USERS.c.score)
    assert list(rows(connection, statement, "score>5")) == [("Cy", 7)]


def test_what_is_ordered_stays_so(connection):
    statement = select(USERS.c.name).order_by(USERS.c.score.desc())
    assert list(rows(connection, statement, "name!=bob")) == [("Cy",), ("Ada",)]
    distinct = select(USERS.c.team).distinct().order_by(USERS.c.team.desc())
    assert list(rows(connection, distinct, "team!=c")) == [("b",), ("a",)]


@pytest.mark.parametrize(
    "statement",
    [
        union_all(select(USERS.c.name), select(USERS.c.team)).order_by(literal_column("1")),
        select(USERS.c.team).group_by(USERS.c.team).order_by(USERS.c.team),
        select(USERS.c.team).having(func.count() > 1).order_by(USERS.c.team),
        select(func.lower(USERS.c.name).label("name")).order_by(USERS.c.id),
        select(USERS.c.team).ext(distinct_on(USERS.c.team)).order_by(USERS.c.team),
    ],
    ids=["union", "group", "having", "function", "distinct on"],
)
def test_an_order_of_what_is_computed_is_refused(connection, statement):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole text is compared
        rows(connection, statement, "team==a", columns={})
    assert str(caught.value) == (
        "the statement groups, unites or computes rows, and orders them; make it a subquery,"
        " select from that, and order by its columns"
    )


def test_entities_of_groups_are_refused(connection):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole text is compared
        rows(connection, select(User).group_by(User.team), "team==a")
    assert str(caught.value) == (
        "entities can't be selected from groups; select their columns instead"
    )


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SELECT 1", "str"),
        (text("SELECT 1"), "TextClause"),
        (insert(USERS), "Insert"),
        (USERS, "Table"),
        (User, "DeclarativeAttributeIntercept"),
    ],
    ids=["str", "text", "insert", "table", "class"],
)
def test_what_selects_nothing(connection, statement, found):
    with pytest.raises(TypeError) as caught:
        rows(connection, statement, "id==1")
    told = "expected a statement that selects, made by select(), union() or text().columns(), found"
    assert str(caught.value).startswith(f"{told} {found}")


@pytest.mark.parametrize(
    "statement",
    [
        select(USERS).limit(1),
        select(USERS).offset(1),
        union_all(select(USERS.c.id), select(USERS.c.id)).limit(2),
    ],
    ids=["limit", "offset", "union"],
)
def test_a_limit_is_refused(connection, statement):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole text is compared
        rows(connection, statement, "id==1")
    assert str(caught.value) == (
        "the statement has a limit, which would count rows that don't match; take as many as you"
        " need with itertools.islice"
    )
