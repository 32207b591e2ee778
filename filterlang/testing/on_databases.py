"""Verdicts on records that are put into databases."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from filterlang.diagnostics.errors import UnsupportedError
from filterlang.testing.verdicts import Held, LeftOut, Reason, json_values, of_objects

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    import sqlalchemy as sa

    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.testing.verdicts import Ask, AskServer, Verdicts

    # pyarrow has no types, and frames are of many engines.
    Array = Any
    Table = Any
    Frame = Any


def of_sqlite(ask: AskServer) -> Ask:
    """Ask a database of SQLite that is made for the question."""

    def ask_sqlite(
        matchers: list[Matcher], records: Sequence[Mapping[str, object]], schema: Schema | None
    ) -> list[Verdicts]:
        from sqlalchemy import create_engine

        from filterlang.backends.sql import register

        engine = create_engine("sqlite://")
        register(engine)
        try:
            return ask(engine, matchers, records, schema)
        finally:
            engine.dispose()

    return of_objects(ask_sqlite)


def ask_columns(
    engine: sa.Engine,
    matchers: list[Matcher],
    records: Sequence[Mapping[str, object]],
    schema: Schema | None,
) -> list[Verdicts]:
    """Ask a database for a table of typed columns."""
    from sqlalchemy import Column

    held = Held(records, lambda values: _stored(values, engine.dialect.name))
    # Names that differ by case alone are one name to a database.
    names = {key: f"c{place}" for place, key in enumerate(held.keys) if held.find(key) is not None}
    columns = [Column(name, held.find(key)[0]) for key, name in names.items()]
    rows = [
        {name: held.find(key)[1][place] for key, name in names.items()}
        for place in range(len(records))
    ]
    with _filled(engine, columns, rows) as filled:
        for key, name in names.items():
            held.compare(key, [row[name] for row in filled.rows])

        def ask(matcher: Matcher, wanted: dict[str, Any]) -> Verdicts:
            layout = {key: filled.table.c[names[key]] for key in wanted}
            return filled.judge(layout, matcher, schema)

        return held.ask_each(matchers, ask)


def ask_documents(
    engine: sa.Engine,
    matchers: list[Matcher],
    records: Sequence[Mapping[str, object]],
    schema: Schema | None,
) -> list[Verdicts]:
    """Ask a database for a column of whole records as JSON."""
    from sqlalchemy import Column

    dialect = engine.dialect.name
    held = Held(records, lambda values: _documents(values, dialect), columns=False)
    keys = {key for key in held.keys if held.find(key) is not None}
    documents = [{key: record[key] for key in record if key in keys} for record in records]
    columns = [Column("document", _json_type())]
    with _filled(engine, columns, [{"document": one} for one in documents]) as filled:
        back = [row["document"] for row in filled.rows]
        for key in keys:
            held.compare(key, [document.get(key) for document in back])
        document = filled.table.c.document
        return held.ask_each(matchers, lambda matcher, _: filled.judge(document, matcher, schema))


class _Filled(NamedTuple):
    """A table with rows that are numbered, and the rows as they came back."""

    connection: sa.Connection
    table: sa.Table
    rows: Sequence[Any]

    def judge(self, columns: object, matcher: Matcher, schema: Schema | None) -> Verdicts:
        from sqlalchemy import select

        from filterlang.backends.sql import where

        try:
            condition = where(columns, matcher.filters, schema, strict=False)
            statement = select(self.table.c.number).where(condition)
            found = set(self.connection.scalars(statement))
        except UnsupportedError as error:
            return LeftOut(Reason.UNSUPPORTED, str(error))
        return [number in found for number in range(len(self.rows))]


@contextmanager
def _filled(
    engine: sa.Engine, columns: Iterable[sa.Column[Any]], rows: Sequence[Mapping[str, object]]
) -> Generator[_Filled]:
    """Build a temporary table, and undo all of it."""
    from sqlalchemy import Column, Integer, MetaData, Table, insert, select

    number = Column("number", Integer, primary_key=True, autoincrement=False)
    table = Table("filterlang_asked", MetaData(), number, *columns, prefixes=["TEMPORARY"])
    with engine.connect() as connection:
        table.create(connection)
        try:
            for index, row in enumerate(rows):
                connection.execute(insert(table).values(number=index, **row))
            back = connection.execute(select(table).order_by(table.c.number)).mappings().all()
            yield _Filled(connection, table, back)
        finally:
            connection.rollback()
            # MariaDB doesn't undo that a table was made, and its connection lives on in the pool.
            if engine.dialect.name in _MARIADB:
                table.drop(connection)


_MARIADB = ("mariadb", "mysql")


def _json_type() -> Any:
    from sqlalchemy import JSON
    from sqlalchemy.dialects.postgresql import JSONB

    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _documents(values: list[object], dialect: str) -> list[object] | None:
    """Return values as JSON of a database brings them, where it has them."""
    if dialect == "sqlite":
        return json_values(values)
    return _of_mariadb(values) if dialect in _MARIADB else _jsonb_values(values)


_DEEPEST = 30
"""MariaDB reads JSON no deeper than 32; the record and the list of values are two of them."""


def _of_mariadb(values: list[object]) -> list[object] | None:
    """Return values as MariaDB takes them, which has no half of a surrogate pair."""
    found = json_values(values)
    is_held = found is not None and _depth(found) <= _DEEPEST + 1 and _is_text_of_mariadb(found)
    return found if is_held else None


def _depth(value: object) -> int:
    """Return how deep the values of JSON lie in each other."""
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _is_text_of_mariadb(value: object) -> bool:
    text = json.dumps(value, ensure_ascii=False)
    return not any("\ud800" <= one <= "\udfff" for one in text)


def _jsonb_values(values: list[object]) -> list[object] | None:
    """Return values as PostgreSQL takes them, which has no NUL and no half of a surrogate pair."""
    found = json_values(values)
    return None if found is None or not _is_text_of_postgresql(found) else found


def _is_text_of_postgresql(value: object) -> bool:
    text = json.dumps(value, ensure_ascii=False)
    return "\\u0000" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _stored(values: list[object], dialect: str) -> tuple[Any, list[object]] | None:
    """Return the type of a column for values, and the values as it takes them; None for no type."""
    there = [value for value in values if value is not None]
    types = {type(value) for value in there}
    if types <= {dict, list}:
        found = _documents(values, dialect)
        return None if found is None else (_json_type(), found)
    if len(types) > 1 or not all(_fits(value, dialect) for value in there):
        return None
    zones = {value.tzinfo is not None for value in there if isinstance(value, datetime)}
    made = _column_type(types.pop(), there, dialect, has_zone=True in zones)
    if made is None or len(zones) > 1:
        return None
    try:
        return made, [_as_stored(value) for value in values]
    except OverflowError:
        return None  # in UTC it is in a year that Python has not


_EXPONENTS = range(-10_000, 100_000)
"""Those of decimals that PostgreSQL holds, and MariaDB of fewer."""


def _fits(value: object, dialect: str) -> bool:
    match value:
        case str() if dialect in _MARIADB:
            return _is_text_of_mariadb(value)
        case str():
            return _is_text_of_postgresql(value)
        case float() if dialect in _MARIADB:
            return isfinite(value)
        case int():
            return -(2**63) <= value < 2**63
        case Decimal():
            # SQLite has no decimals, and the others none of any exponent.
            return dialect != "sqlite" and value.is_finite() and value.adjusted() in _EXPONENTS
        case _:
            return True


def _as_stored(value: object) -> object:
    """Return times with a zone in UTC: SQLite forgets the zone."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value


def _column_type(type_: type, there: list[Any], dialect: str, *, has_zone: bool) -> Any:
    import sqlalchemy as sa

    if dialect in _MARIADB and type_ in {Decimal, datetime, float, str}:
        return _type_of_mariadb(type_, there)
    types: dict[type, Any] = {
        str: sa.Text(),
        bool: sa.Boolean(),
        int: sa.Integer() if dialect == "sqlite" else sa.BigInteger(),
        float: sa.Float(),
        Decimal: sa.Numeric(),
        date: sa.Date(),
        datetime: sa.DateTime(timezone=has_zone),
        UUID: sa.Uuid(),
        bytes: sa.LargeBinary(),
    }
    return types.get(type_)


def _type_of_mariadb(type_: type, there: list[Any]) -> Any:
    """Return the type of a column where MariaDB would cut the values, or ask for more of it."""
    import sqlalchemy as sa
    from sqlalchemy.dialects import mysql

    from filterlang.backends.sql.mariadb import MOST_DIGITS, MOST_PLACES

    if type_ is Decimal:
        places = max(0, *[-int(one.as_tuple().exponent) for one in there])
        whole = max(one.adjusted() + 1 for one in there)
        is_held = places <= MOST_PLACES and whole + places <= MOST_DIGITS
        return sa.Numeric(MOST_DIGITS, places) if is_held else None
    types: dict[type, Any] = {
        str: mysql.LONGTEXT(charset="utf8mb4"),
        float: sa.Double(),
        datetime: mysql.DATETIME(fsp=6),
    }
    return types[type_]
