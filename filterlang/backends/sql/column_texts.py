"""Values of typed columns → their texts, as each engine writes what the language has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy import Text, case, cast, func, literal, literal_column, type_coerce

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.sql import mariadb, postgresql
from filterlang.backends.sql.fields import Field, FieldType
from filterlang.backends.sql.stored_values import name_of

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.joining import Database


def name_text(column: Any) -> ColumnElement[str]:
    """Return the name of a column, for the error about a value that it can't hold."""
    return literal(name_of(column), Text)


def day_on_sqlite(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the date that SQLAlchemy reads, which may be written by weeks or without dashes."""
    stored: ColumnElement[str] = type_coerce(column, Text)
    # What isn't written as SQLite itself writes dates is asked of Python, which takes longer.
    return case(
        (func.date(stored) == stored, stored),
        else_=func.filterlang_date_text(stored, name_text(column)),
    )


def column_text(field: Field, engine: Database) -> ColumnElement[str]:
    """Return the text of a column's values, as patterns see it."""
    column = field.column
    match field.kind:
        case FieldType.TEXT:
            return column
        case FieldType.INTEGER | FieldType.DOUBLE if engine == "sqlite":
            # A cast fails for bytes that are no text, be they asked for or not.
            return func.filterlang_text(column)
        case FieldType.INTEGER | FieldType.DECIMAL:
            return mariadb.digits(column) if engine == "mariadb" else cast(column, Text)
        case FieldType.DOUBLE:
            return _double_text(column, engine)
        case FieldType.DATE:
            if engine == "sqlite":
                return day_on_sqlite(column)
            if engine == "mariadb":
                return cast(column, Text)
            return func.to_char(column, "YYYY-MM-DD")
        case FieldType.DATETIME:
            return _datetime_text(column, engine)
        case FieldType.UUID:
            return _uuid_text(column, engine)
        case (
            FieldType.BOOLEAN
            | FieldType.ENUM
            | FieldType.JSON
            | FieldType.ARRAY
            | FieldType.OPAQUE
            | FieldType.OTHER
        ):  # pragma: no cover — judged before
            raise NotImplementedError
        case _:
            assert_never(field.kind)


def _double_text(column: ColumnElement[Any], engine: Database) -> ColumnElement[str]:
    if engine == "mariadb":
        return mariadb.double_text(column)
    if engine == "other":
        message = "each database writes floating point numbers in its own way"
        raise InexactError(message)
    return postgresql.double_text(column)


def _datetime_text(column: ColumnElement[Any], engine: Database) -> ColumnElement[str]:
    if engine == "sqlite":
        return func.filterlang_instant_text(type_coerce(column, Text), name_text(column))
    if engine == "mariadb":
        return mariadb.moment_text(column)
    if getattr(column.type, "timezone", False):
        column = func.timezone(literal_column("'UTC'"), column)
    return postgresql.moment_text(column)


def _uuid_text(column: ColumnElement[Any], engine: Database) -> ColumnElement[str]:
    type_: Any = column.type
    if engine not in {"sqlite", "mariadb"} and type_.native_uuid:
        return cast(column, Text)
    digits = _uuid_digits(column, engine)
    parts = [
        func.substr(digits, start, count)
        for start, count in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    ]
    text: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        # As a function: the operator of standard SQL is a logical one in MariaDB.
        text = (
            func.concat(text, literal_column("'-'", Text), part, type_=Text)
            if engine == "mariadb"
            else text + literal_column("'-'", Text) + part
        )
    return text


def _uuid_digits(column: ColumnElement[Any], engine: Database) -> ColumnElement[str]:
    if engine == "mariadb":
        return mariadb.uuid_digits(column)
    text: ColumnElement[str] = type_coerce(column, Text)
    if engine != "sqlite":
        return text
    # Any text may stand there, of which SQLAlchemy leaves out what Python does.
    for part in ("urn:", "uuid:", "{", "}", "-"):
        text = func.replace(text, literal_column(f"'{part}'", Text), literal_column("''", Text))
    return func.lower(text, type_=Text)
