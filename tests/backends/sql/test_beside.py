"""Columns beside a document with the whole record: they are there for speed, and change no row."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    insert,
    select,
)

import filterlang as fl
from filterlang import UnsupportedError
from filterlang.backends.sql import where
from tests.backends.sql.tables import JSON_TYPE

SCHEMA = fl.Schema(
    {"name": "text", "score": "integer", "place": {"type": "map"}, "tags": "list of text"}
)
RECORDS = [
    {"name": name, "score": score, "place": {"city": city}, "tags": tags}
    for name, score, city, tags in [
        ("Bonn", 1, "İzmir", ["New"]), ("", None, None, []), (None, -3, "Σ", ["a", "b"]),
        ("σίσυφος", 2**40, "bonn", ["new", "A"]), ("a*b", 0, 7, None), ("10", 10, ["Bonn"], ["10"]),
    ]
]  # fmt: skip
FILTERS = [
    "name==bonn", "name!=BONN", "name==", "name~*ΟΣ", "name>a", "score>=1", "score!=10", "score==",
    "score~1*", "place.city==bonn", "place.city!=bonn", "place.city==;name==", "tags==new;score>0",
    "tags!=new", "place==", "name==bonn;place.city~*zm*", "unknown==", "unknown==1",
]  # fmt: skip


def table_of(metadata):
    return Table(
        "filterlang_beside",
        metadata,
        Column("number", Integer, primary_key=True),
        Column("name", Text),
        Column("city", Text),
        Column("score", BigInteger),
        Column("document", JSON_TYPE),
        prefixes=["TEMPORARY"],
    )


@pytest.mark.parametrize("schema", [None, SCHEMA], ids=["no schema", "schema"])
@pytest.mark.slow
def test_the_rows_are_those_of_the_document_and_of_the_matcher(engine, schema):
    table = table_of(MetaData())
    columns = {"name": table.c.name, "score": table.c.score}
    dialect = {"mysql": "mariadb"}.get(engine.dialect.name, engine.dialect.name)
    with engine.connect() as connection:
        table.create(connection)
        for number, record in enumerate(RECORDS):
            row = {"number": number, "document": record, "name": record["name"]}
            connection.execute(insert(table).values(score=record["score"], **row))
        for text in FILTERS:
            matcher = fl.compile(text, schema=schema)
            expected = [number for number, one in enumerate(RECORDS) if matcher(one)]
            for options in ({}, {"dialect": dialect}):
                beside = where(columns, text, schema, document=table.c.document, **options)
                try:
                    found = connection.scalars(
                        select(table.c.number).where(beside).order_by(table.c.number)
                    ).all()
                except UnsupportedError:
                    assert dialect == "mariadb"
                    assert schema is not None
                    continue
                assert found == expected, (text, options)
        table.drop(connection)
        connection.commit()


def test_a_column_is_asked_before_the_document():
    table = table_of(MetaData())
    columns = {"place.city": table.c.city}
    asked = where(columns, "place.city==bonn;place.zip==1", document=table.c.document)
    written = str(asked.compile(create_engine("sqlite://")))
    assert "filterlang_fold(filterlang_beside.city)" in written
    assert "filterlang_holds(filterlang_beside.document" in written


def test_a_document_has_to_be_json():
    table = table_of(MetaData())
    with pytest.raises(TypeError, match="or a JSON column with the whole record, found"):
        where({}, "a==1", document=table.c.name)


def test_what_one_database_cant_say_is_refused_when_it_is_compiled():
    table = table_of(MetaData())
    condition = where(table, "document>=1", fl.Schema({"document": "number"}), dialect="mariadb")
    with pytest.raises(UnsupportedError, match="MariaDB can't say"):
        str(condition)
