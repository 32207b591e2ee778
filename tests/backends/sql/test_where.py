"""What `where`, `rows` and `register` take and refuse, and the plans that databases make."""

from __future__ import annotations

import enum
from uuid import UUID

import pytest
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Float,
    Index,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    create_engine,
    delete,
    insert,
    not_,
    select,
    text,
)
from sqlalchemy.dialects import mssql, mysql, postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, aliased, mapped_column

from filterlang import Schema, UnsupportedError
from filterlang.backends.sql import folded, misfolded, register, rows, where
from filterlang.testing import assert_same_rows
from tests.backends.sql.tables import JSON_TYPE


class Plan(enum.Enum):
    GOLD = "Gold plan"
    FREE = "free"


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str | None] = mapped_column("fullname", Text)
    plan: Mapped[Plan | None] = mapped_column(Enum(Plan))
    last_seen: Mapped[int | None] = mapped_column(BigInteger)
    token: Mapped[UUID | None] = mapped_column(Uuid(native_uuid=False))
    label: Mapped[str | None] = mapped_column(Uuid(as_uuid=False))
    profile: Mapped[object | None] = mapped_column(JSON_TYPE)


UUID_TEXT = "12345678-1234-5678-1234-56781234567a"
USERS = [
    {
        "full_name": "Ada", "plan": Plan.GOLD, "last_seen": 1706659200000,
        "token": UUID(UUID_TEXT), "label": UUID_TEXT, "profile": {"score": 3, "on": True},
    },
    {"full_name": "ADAM", "plan": Plan.FREE, "last_seen": 10**18, "profile": {"score": "3"}},
    {"full_name": "Bob", "plan": None, "last_seen": None, "profile": None},
]  # fmt: skip  # records are read by their lines
SCHEMA = Schema(
    {
        "full_name": "text",
        "last_seen": "datetime",
        "score": "text",
        "profile": {"type": "map", "fields": {"score": "text", "on": "text"}},
    },
    aliases={"name": "full_name"},
)


@pytest.fixture(scope="module")
def connection(engine):
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        # A worker that takes over tests from another may come here a second time.
        connection.execute(delete(User))
        for index, user in enumerate(USERS):
            connection.execute(insert(User).values(id=index, **user))
        yield connection


@pytest.mark.parametrize(
    "filter_",
    ["full_name~ada*", "name==ada", "plan==gold plan", "plan~*E*", "plan!=", "plan>free", "id>=1",
     "last_seen==2024-01-31", "last_seen>2024", "last_seen!=2024-01-31", "last_seen<1970-01-02",
     "last_seen>99999999999999999", "last_seen==x", f"token=={UUID_TEXT}", f"label=={UUID_TEXT}",
     "token~*7A", "label>1", "token<13", "profile.score==3", "profile.score~3", "profile.on~T*",
     "profile.on==true", "profile.score==", "profile.score==;profile.on==", "nothing.there!=1"],
)  # fmt: skip  # a list of texts
def test_an_orm_class_and_a_schema(connection, filter_):
    with Session(connection) as session:
        condition = where(User, filter_, SCHEMA, strict=False)
        ids = session.scalars(select(User.id).where(condition)).all()
        others = session.scalars(select(User.id).where(not_(condition))).all()
        users = session.scalars(select(User).order_by(User.id)).all()
        assert_same_rows(ids, users, filter_, SCHEMA)
        assert sorted([*ids, *others]) == [0, 1, 2]
        named = {name: getattr(User, name) for name in USERS[0]} | {"id": User.id}
        found = rows(session, select(*named.values()), filter_, SCHEMA, columns=named, strict=False)
        assert sorted(row.id for row in found) == sorted(ids)


def test_an_alias_of_a_table_is_asked_and_not_the_table(connection):
    other = aliased(User)
    joined = select(User.id, other.id).join(other, User.id != other.id)
    statement = joined.where(where(other, "full_name==bob"), User.id == 0)
    assert connection.execute(statement).all() == [(0, 2)]
    assert connection.scalars(select(User.id).where(where(User, []))).all() == [0, 1, 2]


def test_rows_refuses_a_limit(connection):
    with pytest.raises(ValueError, match="the statement has a limit") as caught:
        rows(connection, select(User.id).limit(1), "id==1")
    assert str(caught.value) == (
        "the statement has a limit, which would count rows that don't match;"
        " take as many as you need with itertools.islice"
    )


TABLE = Table(
    "things",
    MetaData(),
    Column("name", Text),
    Column("amount", Numeric),
    Column("ratio", Float),
    Column("real", Numeric(asdecimal=False)),
    Column("vector", postgresql.TSVECTOR),
    Column("doc", JSON),
    Column("seen", DateTime),
    Column("flag", Boolean),
)


def refusal(filters, dialect, schema=None):
    with pytest.raises(UnsupportedError) as caught:
        select(TABLE.c.name).where(where(TABLE, filters, schema)).compile(dialect=dialect)
    return str(caught.value)


def test_the_error_shows_the_clauses_of_a_group_and_why():
    filters = ["name==x", "name!=y;doc.a==1;doc.b==9999999999999999"]
    assert refusal(filters, postgresql.dialect()) == (
        "error[FL221]: PostgreSQL can't say exactly 'doc.a==1' and 'doc.b==9999999999999999': a"
        " column of type JSON may write such a number with an exponent; JSONB doesn't\n"
        " --> filter 2, column 9\n"
        "  |\n"
        "  | name!=y;doc.a==1;doc.b==9999999999999999\n"
        "  |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "hint: select a superset, and check its rows with the matcher"
    )


@pytest.mark.parametrize(
    ("filter_", "types", "reason"),
    [
        ("vector==x", {}, "nothing is known of the values of a column of type TSVECTOR()"),
        ("real==1", {}, "of the values of a column of type Numeric(asdecimal=False)"),
        ("amount==1", {"amount": "datetime"}, "the schema says datetime, and the column holds"),
        ("amount==1e2000", {}, "its number has too many digits"),
        ("amount>1e9999999999999999999", {}, "its number has too many digits"),
        ("doc.x>1e-2000", {}, "its number has too many digits"),
    ],
)
def test_what_is_not_exact_is_named_or_left_out_of_a_superset(filter_, types, reason):
    schema = Schema(types) if types else None
    assert reason in refusal(filter_, postgresql.dialect(), schema)
    condition = where(TABLE, f"{filter_};flag==true", schema, superset=True)
    written = str(select(TABLE.c.flag).where(condition).compile(dialect=postgresql.dialect()))
    asked = "(things.flag IS NOT NULL AND things.flag IS true"
    assert written.partition("WHERE ")[2].startswith(asked)


def test_what_no_database_can_say_is_refused_at_once():
    with pytest.raises(UnsupportedError) as caught:
        where(TABLE, ["name==x", "name==y;vector==x"])
    assert str(caught.value) == (
        "error[FL221]: SQLite, PostgreSQL and MariaDB can't say exactly 'vector==x': nothing is"
        " known of the values of a column of type TSVECTOR()\n"
        " --> filter 2, column 9\n"
        "  |\n"
        "  | name==y;vector==x\n"
        "  |         ^^^^^^^^^\n"
        "hint: select a superset, and check its rows with the matcher"
    )


def test_each_engine_is_named_with_what_it_cannot_say():
    varied = postgresql.TSVECTOR().with_variant(Numeric(asdecimal=False), "postgresql")
    varied = varied.with_variant(mysql.INTEGER(zerofill=True), "mysql")
    unknown = "nothing is known of the values of a column of type"
    with pytest.raises(UnsupportedError) as caught:
        where({"a": Column("a", varied)}, "a~1*")
    assert [one.message for one in caught.value.diagnostics] == [
        "MariaDB can't say exactly 'a~1*': MariaDB fills its numbers up with zeros",
        f"PostgreSQL can't say exactly 'a~1*': {unknown} Numeric(asdecimal=False)",
        f"SQLite can't say exactly 'a~1*': {unknown} TSVECTOR()",
    ]


def test_sqlite_asks_the_rules_of_the_language_what_a_schema_makes_of_texts():
    engine = create_engine("sqlite://")
    register(engine)
    table = Table("things", MetaData(), Column("id", Integer), Column("v", Text))
    texts = ["", "7", "7.0", "007", None, "1", "2024-01-31 12:00:00+00", "1e400"]
    asked = {
        "integer": ["v==7", "v!=7", "v>6", "v<2", "v==", "v!=", "v~7*", "v!~*", "v>1e300"],
        "boolean": ["v==true", "v!=true", "v==", "v~1"],
        "datetime": ["v==2024-01-31T12:00", "v!=2024-01-31T12:00", "v<1970-01-02", "v~*+00"],
        "text": ["v==", "v<1"],
    }
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"id": i, "v": one} for i, one in enumerate(texts)])
        records = connection.execute(select(table).order_by(table.c.id)).mappings().all()
        for type_, filters in asked.items():
            schema = Schema({"v": type_})
            for filter_ in filters:
                statement = select(table.c.id).where(where(table, filter_, schema))
                found = connection.scalars(statement).all()
                assert_same_rows(found, records, filter_, schema)


def test_dates_that_are_integers_have_no_text():
    schema = Schema({"n": "datetime"})
    column = Column("n", Integer)
    condition = where({"n": column}, "n~2024*", schema)
    assert "filterlang_passes" in str(condition.compile(dialect=sqlite.dialect()))
    with pytest.raises(UnsupportedError, match="a pattern for dates that are held as integers"):
        condition.compile(dialect=postgresql.dialect())


def test_other_databases_get_standard_sql_and_a_warning():
    with pytest.warns(UserWarning, match="on SQLite, PostgreSQL and MariaDB, not mssql"):
        written = str(where(TABLE, "name~a_*;ratio>=1").compile(dialect=mssql.dialect()))
    assert "LIKE" in written
    with pytest.raises(UnsupportedError, match="in its own way"):
        str(where(TABLE, "ratio~1*"))
    with pytest.raises(UnsupportedError, match="reads JSON in its own way"):
        str(where(TABLE, "doc.x==1"))


def test_what_are_no_columns():
    with pytest.raises(TypeError, match="expected a column for 'a', found 1"):
        where({"a": 1}, "a==1")
    with pytest.raises(TypeError, match="expected a table, a mapping"):
        where(TABLE.c.name, "a==1")


def test_sqlite_says_what_to_do_where_the_functions_are_missing():
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(text("CREATE TABLE things (name TEXT)"))
        with pytest.raises(RuntimeError) as caught:
            connection.execute(select(TABLE.c.name).where(where(TABLE, "name==x")))
    assert str(caught.value) == (
        "this connection doesn't have the functions that filters need on SQLite; call"
        " filterlang.backends.sql.register(engine) once, right after create_engine"
    )
    engine.dispose()


def test_other_errors_of_a_database_stay_as_they_are():
    engine = create_engine("sqlite://")
    with engine.connect() as connection, pytest.raises(OperationalError):
        connection.execute(text("SELECT * FROM nowhere"))
    engine.dispose()


def test_sqlite_that_orders_text_by_other_bytes_is_refused(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'wide.db'}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA encoding = 'UTF-16le'"))
        connection.execute(text("CREATE TABLE things (name TEXT)"))
        connection.commit()
    engine.dispose()
    register(engine)
    with pytest.raises(ValueError, match="holds text as UTF-8, found UTF-16le"):
        engine.connect()
    engine.dispose()


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_equality_and_prefixes_use_an_index_on_folded_text(request, name):
    engine = request.getfixturevalue(f"{name}_engine")
    metadata = MetaData()
    table = Table(
        "indexed", metadata, Column("id", Integer, primary_key=True), Column("name", Text)
    )
    Index("ix_folded", folded(table.c.name))
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(insert(table), [{"name": f"Name {number}"} for number in range(3000)])
        connection.execute(text("ANALYZE"))
        for filter_, count in (("name==name 77", 1), ("name~NAME 77*", 11)):
            statement = select(table.c.id).where(where(table, filter_))
            compiled = statement.compile(connection)
            explain = "EXPLAIN " if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
            plan = connection.exec_driver_sql(
                explain + str(compiled),
                compiled.params
                if engine.dialect.name == "postgresql"
                else tuple(compiled.params[name] for name in compiled.positiontup),
            ).all()
            assert "ix_folded" in str(plan), plan
            assert len(connection.scalars(statement).all()) == count


def test_a_fold_of_other_length_is_told(monkeypatch):
    class Server:
        def scalar(self, _):
            return "x"

    assert len(misfolded(Server())) > 1_000_000


def test_postgresql_needs_no_functions():
    engine = create_engine("postgresql+psycopg://")
    register(engine)
    assert str(folded(TABLE.c.name)) == "lower(replace(things.name, :replace_1, :replace_2))"
    assert "filterlang_fold" in str(folded(User.full_name).compile(dialect=sqlite.dialect()))


@pytest.mark.parametrize(
    ("clause", "bound"),
    [
        ("day>99999999999999999", ">= CAST('3170843-11-08T00:00:00Z' AS DATE)"),
        ("day>99999999999999999999", ">= CAST('infinity' AS DATE)"),
        ("day<99999999999999999999", "< CAST('infinity' AS DATE)"),
        ("day<-99999999999999999999", "<= CAST('-infinity' AS DATE)"),
        ("day>-99999999999999999999", "> CAST('-infinity' AS DATE)"),
        ("day<-99999999999999999", "< CAST('4714-11-24T00:00:00Z BC' AS DATE)"),
        ("day>-99999999999999999", ">= CAST('4714-11-24T00:00:00Z BC' AS DATE)"),
        ("day==-99964800000000000", "false"),
        ("day>185414400000000000", "> CAST('5874897-12-31T00:00:00Z' AS DATE)"),
        ("day<185414400000000000", "<= CAST('5874897-12-31T00:00:00Z' AS DATE)"),
        ("day>=253402300800000", ">= CAST('10000-01-01T00:00:00Z' AS DATE)"),
        ("day>=-62167219200000", ">= CAST('0001-01-01T00:00:00Z BC' AS DATE)"),
        ("at>99999999999999999", ">= CAST('infinity' AS TIMESTAMP WITHOUT TIME ZONE)"),
        ("at<-9223372022400001", "<= CAST('-infinity' AS TIMESTAMP WITHOUT TIME ZONE)"),
    ],
)
def test_bounds_beyond_the_calendar_on_postgresql(clause, bound):
    table = Table("days", MetaData(), Column("day", Date), Column("at", DateTime))
    compiled = where(table, clause).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )
    assert bound in str(compiled)
