"""Names of tables and ORM classes: what leads nowhere is an error, what isn't SQL is refused."""

from __future__ import annotations

import enum
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    insert,
    join,
    literal,
    select,
)
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    aliased,
    column_property,
    composite,
    mapped_column,
    relationship,
    synonym,
)

import filterlang as fl
from filterlang import Schema, SchemaError, UnsupportedError, px
from filterlang.backends.sql import rows, where

THINGS = Table(
    "names_things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("score", Integer),
    Column("shown", Text, key="key"),
    Column("doc", JSON),
)


class Base(DeclarativeBase):
    pass


class Size(enum.Enum):
    SMALL = "small"


class Place:
    def __init__(self, street: str | None, town: str | None) -> None:
        self.street, self.town = street, town


class Person(Base):
    __tablename__ = "names_people"
    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[str] = mapped_column("first_name", Text)
    last: Mapped[str] = mapped_column("last_name", Text)
    boss_id: Mapped[int | None] = mapped_column(ForeignKey("names_people.id"))
    street: Mapped[str | None] = mapped_column(Text)
    town: Mapped[str | None] = mapped_column(Text)
    place: Mapped[Place] = composite(Place, "street", "town")
    boss: Mapped[Person | None] = relationship(remote_side="Person.id")
    boss_name = association_proxy("boss", "first")
    chief = synonym("boss")
    surname = synonym("last")
    kind = "person"
    size = Size.SMALL
    twice = column_property(literal(4))

    @hybrid_property
    def full(self) -> Any:
        return self.first + " " + self.last

    @hybrid_property
    def shouted(self) -> Any:
        return self.first.upper()  # of objects alone

    @hybrid_property
    def constant(self) -> Any:
        return "a" if self.first else "b"

    @hybrid_method
    def is_called(self, name):
        return self.first == name

    @property
    def initials(self):
        return self.first[0] + self.last[0]

    @classmethod
    def made(cls):
        return cls()

    @staticmethod
    def nothing():
        return None


@pytest.fixture(scope="module")
def connection(engine):
    with engine.connect() as connection:
        THINGS.metadata.create_all(connection)
        Base.metadata.create_all(connection)
        rows_ = [
            {"id": 0, "score": 90, "key": "x", "doc": {"a": 1}},
            {"id": 1, "score": 7, "key": "y", "doc": None},
        ]
        connection.execute(insert(THINGS), rows_)
        people = Person.__table__
        connection.execute(
            insert(people),
            [
                {"id": 1, "first_name": "Ada", "last_name": "Bly", "boss_id": None, "town": "Bonn"},
                {"id": 2, "first_name": "Bob", "last_name": "Coe", "boss_id": 1, "town": None},
            ],
        )
        yield connection
        connection.rollback()


def ids(connection, filters, schema=None, **options):
    condition = where(THINGS, filters, schema, **options)
    return connection.scalars(select(THINGS.c.id).where(condition).order_by(THINGS.c.id)).all()


def shown(connection, filters, schema=None, **options):
    return [row.id for row in rows(connection, select(THINGS), filters, schema, **options)]


UNKNOWN = {
    "scroe!=90": "did you mean 'score'?",
    "Score!=90": "did you mean 'score'?",
    "score.x!=90": "did you mean 'score'?",
    "key!=x": "the names are 'id', 'score', 'shown', 'doc'",
}


@pytest.mark.parametrize("text", UNKNOWN)
def test_a_name_that_leads_nowhere_is_an_error(connection, text):
    message = (
        f"error[FL501]: unknown name '{text.partition('!')[0]}'\n"
        " --> filter, column 7\n"
        "  |\n"
        f"  | id>=0;{text}\n"
        f"  |       {'^' * len(text)}\n"
        f"hint: {UNKNOWN[text]}"
    )
    named = {"id": THINGS.c.id, "score": THINGS.c.score, "shown": THINGS.c.key, "doc": THINGS.c.doc}
    for columns in (THINGS, THINGS.alias(), select(THINGS).subquery(), named):
        for options in ({}, {"superset": True}):
            with pytest.raises(SchemaError) as caught:
                where(columns, f"id>=0;{text}", **options)
            assert str(caught.value) == message
    with pytest.raises(SchemaError) as caught:
        rows(connection, select(THINGS), f"id>=0;{text}")
    assert str(caught.value) == message
    assert ids(connection, text, strict=False) == [0, 1]
    assert shown(connection, text, strict=False) == [0, 1]


def test_what_the_schema_knows_is_missing_and_in_json_any_name_may_stand(connection):
    schema = Schema({"email": "text"}, aliases={"mail": "email"})
    for text in ("email!=a", "mail!=a"):
        assert ids(connection, text, schema) == shown(connection, text, schema) == [0, 1]
    assert ids(connection, "customAttributes.x!=1", px.USER) == [0, 1]
    assert ids(connection, "doc.b!=1") == shown(connection, "doc.b!=1") == [0, 1]
    assert ids(connection, "doc.a==1") == shown(connection, "doc.a==1") == [0]
    whole = where(THINGS.c.doc, "b!=1")
    assert connection.scalars(select(THINGS.c.id).where(whole)).all() == [0, 1]


def test_a_column_has_the_name_that_its_rows_show(connection):
    assert list(connection.execute(select(THINGS)).keys()) == ["id", "score", "shown", "doc"]
    assert ids(connection, "shown==X") == shown(connection, "shown==X") == [0]
    for table in (THINGS.alias(), select(THINGS).subquery()):
        statement = select(table.c.id).where(where(table, "shown==X"))
        assert connection.scalars(statement).all() == [0]
    other = THINGS.alias()
    both = select(THINGS, other).join(other, THINGS.c.id != other.c.id)
    keys = list(connection.execute(both).keys())
    assert keys == ["id", "score", "shown", "doc", "id_1", "score_1", "shown_1", "doc_1"]
    assert [row.id for row in rows(connection, both, "shown_1==x")] == [1]
    joined = join(THINGS, other, THINGS.c.id == other.c.id)
    condition = where(joined, "names_things_id==1")
    assert connection.scalars(select(THINGS.c.id).select_from(joined).where(condition)).all() == [1]
    labelled = select(THINGS.c.id, THINGS.c.key.label("z"), literal(3))
    assert [row.id for row in rows(connection, labelled, "z==x")] == [0]


def test_orm_attributes_are_their_sql_expression(connection):
    with Session(connection) as session:
        people = session.scalars(select(Person).order_by(Person.id)).all()
        for text, wanted in {
            "first==ada": [1],
            "surname==coe": [2],
            "surname~c*;last==coe": [2],
            "full==ADA bly": [1],
            "full!=ADA bly": [2],
            "full~b*": [2],
            "twice==4": [1, 2],
            "town==bonn": [1],
        }.items():
            for entity in (Person, aliased(Person)):
                found = session.scalars(select(entity.id).where(where(entity, text))).all()
                assert found == wanted, text
            assert [one.id for one in people if fl.matches(text, one)] == wanted, text
        columns = (Person.id, Person.full, Person.surname)
        for text, wanted in {"full==ada bly": [1], "surname!=bly": [2]}.items():
            named = {column.key: column for column in columns}
            for options in ({}, {"columns": named}):
                found = rows(session, select(*columns), text, **options)
                assert [row.id for row in found] == wanted


REFUSED = {
    "boss.first": "'boss' is a relationship, and stands in other rows",
    "chief.first": "'chief' is a relationship, and stands in other rows",
    "boss_name": "'boss_name' has no SQL expression",
    "shouted": "'shouted' has no SQL expression",
    "constant": "'constant' has no SQL expression",
    "place.town": "'place' has no SQL expression",
    "initials": "'initials' is made in Python, not by the database",
    "kind": "'kind' is made in Python, not by the database",
    "size": "'size' is made in Python, not by the database",
}


@pytest.mark.parametrize("name", REFUSED)
def test_orm_attributes_without_one_are_refused_by_name(connection, name):
    for entity in (Person, aliased(Person)):
        for options in ({}, {"strict": False}):
            with pytest.raises(UnsupportedError) as caught:
                where(entity, f"id>1;{name}!=x", **options)
            assert str(caught.value) == (
                "error[FL221]: SQLite, PostgreSQL and MariaDB can't say exactly"
                f" '{name}!=x': {REFUSED[name]}\n"
                " --> filter, column 6\n"
                "  |\n"
                f"  | id>1;{name}!=x\n"
                f"  |      {'^' * (len(name) + 3)}\n"
                "hint: select a superset, and check its rows with the matcher"
            )
        condition = where(entity, f"id>1;{name}!=x", superset=True)
        assert connection.scalars(select(entity.id).where(condition)).all() == [2]


@pytest.mark.parametrize(
    "name", ["is_called", "made", "nothing", "metadata", "_sa_registry", "fisrt"]
)
def test_what_objects_do_not_hold_is_unknown(connection, name):
    with pytest.raises(SchemaError, match=f"unknown name '{name}'"):
        where(Person, f"{name}!=x")
    condition = where(Person, f"{name}!=x", strict=False)
    assert connection.scalars(select(Person.id).where(condition)).all() == [1, 2]


def test_a_relationship_is_no_column():
    with pytest.raises(TypeError) as caught:
        where({"boss": Person.boss}, "boss==1")
    assert str(caught.value) == ("expected a column for 'boss', found the relationship Person.boss")


def test_rows_says_which_column_is_not_selected(connection):
    message = "expected one of the selected columns for 'score'"
    with pytest.raises(ValueError, match=message):
        list(rows(connection, select(THINGS.c.id), "score>1", columns={"score": THINGS.c.score}))
