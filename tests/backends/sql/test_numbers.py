"""Numbers that databases write or round in their own way are found as the matcher finds them."""

from __future__ import annotations

import json
import struct
from decimal import Decimal
from math import isfinite
from random import Random

import pytest
from sqlalchemy import (
    JSON,
    Column,
    Double,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    cast,
    insert,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB

import filterlang as fl
from filterlang import UnsupportedError
from filterlang.backends.sql import rows, where
from filterlang.semantics.values import text_of
from filterlang.testing import assert_same_rows

METADATA = MetaData()
COLUMNS = Table(
    "numbers",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("double", Double),
    Column("decimal", Numeric(65, 30).with_variant(Numeric(), "postgresql")),
    Column("doc", JSON().with_variant(JSONB(), "postgresql")),
    Column("plain", JSON()),
)
# The last digits of some lie halfway between two doubles, where PostgreSQL writes one more.
SPECIAL = (
    1e23, -1e23, 9e22, 1e22, 1e21, 9.5e20, 64295608915343340.0, 3092535278770144000.0, 2.0**54,
    2.0**54 + 4, 2.0**53, 1e-6, 1e-7, 0.1, 0.3, 0.0, -0.0, 5e-324, 2.2250738585072014e-308,
    1.7976931348623157e308, 1e39, 1e40, 123456789012345680.0, 1.5, 15.0,
)  # fmt: skip  # a list of numbers
WRITTEN = (
    "1e23", "1E23", "1e400", "-1E+400", "1.5e1", "15", "15.0", "12345678901234567e0",
    "12345678901234567", "12345678901234568.0", "9007199254740993", "9007199254740993.0",
    "1e-400", "1e21", "1000000000000000000000", f"1{'0' * 310}", "0e5", "-0", "-0.0", "10e-1",
)  # fmt: skip  # a list of numbers


def drawn(count, seed=14):
    """Draw doubles by their bits, and around where their shortest digits are hard to find."""
    random = Random(seed)  # noqa: S311 — a sample, no secret
    found = list(SPECIAL)
    while len(found) < count:
        (bits,) = struct.unpack("<d", struct.pack("<Q", random.getrandbits(64)))
        whole = random.getrandbits(53) * 2.0 ** random.randint(0, 75)
        short = float(f"{random.randrange(10 ** random.randint(1, 17))}e{random.randint(-40, 40)}")
        found += [bits, whole, short]
    return [one for one in found if isfinite(one)]


def decimal(number):
    """Return a number as the column of decimals holds it on each of the servers."""
    found = Decimal(repr(number))
    return found if abs(found) < 10**34 and int(found.as_tuple().exponent) >= -30 else None


def fill(connection, numbers):
    """Write the numbers, and those that are written out in the documents alone."""
    name = connection.dialect.name
    METADATA.drop_all(connection)
    METADATA.create_all(connection)
    texts = [json.dumps({"v": one}) for one in numbers] + [f'{{"v": {one}}}' for one in WRITTEN]
    values = [*numbers, *[None] * len(WRITTEN)]
    lines = [
        {
            "id": index,
            "double": one,
            "decimal": None if one is None or name == "sqlite" else decimal(one),
            "text": text,
        }
        for index, (one, text) in enumerate(zip(values, texts, strict=True))
    ]
    for line in lines:
        text = literal(line.pop("text"), Text)
        doc, plain = (
            (cast(text, JSONB), cast(text, JSON))
            if name == "postgresql"
            else (type_coerce(text, JSON),) * 2
        )
        connection.execute(insert(COLUMNS).values(**line, doc=doc, plain=plain))
    return connection.execute(select(COLUMNS).order_by(COLUMNS.c.id)).all()


def asked(path, number):
    """Return clauses of all operators that a number may pass or just not pass."""
    text, written = text_of(number), repr(number)
    clauses = [f"{path}{operator}{written}" for operator in ("==", "!=", "<", "<=", ">", ">=")]
    clauses += [f"{path}~{text}", f"{path}!~{text}", f"{path}~{text[:4]}*", f"{path}~*{text[-4:]}"]
    return clauses


GENERAL = [
    "{}~*", "{}~1*", "{}~*0", "{}~*?e+2?", "{}~inf*", "{}!~*i*", "{}~-*", "{}~??", "{}~1e+23",
    "{}~12345678901234568", "{}~12345678901234567", "{}~????????????????*", "{}~15", "{}~a*",
    "{}~*-*e*", "{}==1e400", "{}>1e308", "{}<-1e308", "{}~-infinity", "{}~?????????",
]  # fmt: skip  # a list of filters


def compare(connection, numbers, filters):
    """Compare the rows of filters with the matcher's; return those that weren't said exactly."""
    shown = [row._mapping for row in fill(connection, numbers)]
    left = []
    for path in ("double", "decimal", "doc.v", "plain.v"):
        for one, schema in filters(path):
            try:
                statement = select(COLUMNS.c.id).where(where(COLUMNS, one, schema))
                ids = connection.scalars(statement).all()
            except UnsupportedError:
                ids = [row.id for row in rows(connection, select(COLUMNS), one, schema)]
                left.append(one)
            assert_same_rows(ids, shown, one, schema)
    return left


def test_numbers_are_selected_as_the_matcher_does(engine):
    """What PostgreSQL can't know of a column of type JSON goes to the matcher."""
    is_json = engine.dialect.name == "postgresql"
    of_large = ["plain.v~1*", "plain.v~inf*", "plain.v==1e+23", "plain.v>1e22"]

    def filters(path):
        general = [f"{path}~{one}" for one in ("1*", "1e+23", "*e+2?", "inf*", "*-*e*")]
        return [(one, None) for one in [*general, f"{path}==1e+23", f"{path}>1e22"]]

    with engine.connect() as connection:
        left = compare(connection, drawn(40), filters)
        connection.rollback()
    # SQLite has no decimal numbers.
    of_documents = [one for one in left if not one.startswith("decimal")]
    assert of_documents == (of_large if is_json else [])


@pytest.mark.slow
@pytest.mark.no_cover
def test_more_numbers_are_selected_as_the_matcher_does(engine):
    """All operators, with a schema that says text and with none."""

    def filters(path):
        found = [one.format(path) for one in GENERAL]
        for number in SPECIAL[:8]:
            found += asked(path, number)
        schemas = (None, fl.Schema({path: "text"}))
        return [(one, schema) for one in found for schema in schemas]

    with engine.connect() as connection:
        compare(connection, drawn(100), filters)
        connection.rollback()
