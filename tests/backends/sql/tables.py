"""The corpus as tables: one of typed columns, one of whole records as JSON."""

from __future__ import annotations

from datetime import UTC
from math import isfinite

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Enum,
    Float,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    insert,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.postgresql import JSONB

from tests.backends.corpus import KINDS, RECORDS

JSON_TYPE = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
METADATA = MetaData()
TABLE = Table(
    "records",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("name", Text),
    Column("code", Text),
    Column("score", Integer().with_variant(BigInteger(), "postgresql", "mariadb")),
    Column("ratio", Float().with_variant(Double(), "mariadb")),
    Column("price", Numeric().with_variant(Numeric(40, 5), "mariadb")),
    Column("active", Boolean),
    Column("day", Date),
    Column("seen", DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mariadb")),
    Column("local", DateTime().with_variant(mysql.DATETIME(fsp=6), "mariadb")),
    Column("kind", Enum(*KINDS, name="kinds")),
    Column("key", Uuid),
    Column("tags", JSON_TYPE),
    Column("doc", JSON_TYPE),
    Column("items", JSON_TYPE),
)
WHOLE = Table(
    "documents", METADATA, Column("id", Integer, primary_key=True), Column("doc", JSON_TYPE)
)

_IN_JSON = ("name", "code", "score", "active", "tags", "doc", "items")


def as_json(record):
    return {name: record[name] for name in _IN_JSON}


DOCUMENTS = [
    *map(as_json, RECORDS),
    None,
    [],
    [{"name": "Bonn"}],
    "text",
    {"doc.geo.lat": 50.5, "doc.geo": {"lon": 7}, "doc": {"geo": {"lon": 7}}},
]


def fill(engine):
    METADATA.create_all(engine)
    with engine.begin() as connection:
        for index, record in enumerate(RECORDS):
            values = dict(record)
            if engine.dialect.name == "sqlite" and values["price"] is not None:
                values["price"] = None  # SQLite has no decimals
            if engine.dialect.name == "mariadb":
                if values["ratio"] is not None and not isfinite(values["ratio"]):
                    values["ratio"] = None  # MariaDB has neither NaN nor infinities
                if values["seen"] is not None:
                    values["seen"] = values["seen"].astimezone(UTC)  # it has no zones
            connection.execute(insert(TABLE).values(id=index, **values))
        for index, document in enumerate(DOCUMENTS):
            connection.execute(insert(WHOLE).values(id=index, doc=document))
