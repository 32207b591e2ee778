"""Columns → what their values are to the language: the layout that names are looked up in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    CHAR,
    JSON,
    REAL,
    Boolean,
    Date,
    DateTime,
    Enum,
    Float,
    FromClause,
    Integer,
    Numeric,
    String,
    Uuid,
    inspect,
)
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.elements import ColumnElement

from filterlang.diagnostics.diagnostic import shown


class FieldType(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    INTEGER = "integer"
    DOUBLE = "floating point numbers"
    DECIMAL = "decimal numbers"
    BOOLEAN = "booleans"
    DATE = "dates"
    DATETIME = "dates and times"
    ENUM = "an enum"
    UUID = "UUIDs"
    JSON = "JSON"
    OTHER = "other"


class Field(NamedTuple):
    """A column, the key that the record has for it (None for a whole record), and its kind."""

    key: str | None
    column: ColumnElement[Any]
    kind: FieldType


class Layout:
    """Where the names of filters lead: to a column each, or into one JSON column."""

    def __init__(self, columns: object) -> None:
        self.fields: dict[str, Field] = {}
        self.whole: Field | None = None
        if isinstance(columns, Mapping):
            for key, column in columns.items():
                self.fields[key] = _field(key, column)
        elif isinstance(columns, FromClause):
            for key, column in columns.c.items():
                self.fields[key] = _field(key, column)
        elif mapper := _mapper(columns):
            for attribute in mapper.column_attrs:
                self.fields[attribute.key] = _field(attribute.key, getattr(columns, attribute.key))
        else:
            self.whole = _field(None, columns)
            if self.whole.kind is not FieldType.JSON:
                message = (
                    "expected a table, a mapping of names to columns, an ORM class or a JSON column"
                    f" with the whole record, found {shown(columns)}"
                )
                raise TypeError(message)

    def find(self, segments: tuple[str, ...]) -> Field | None:
        """Return the column that a name leads to or into; None where there is none (rule 1)."""
        if self.whole is not None:
            return self.whole
        whole = self.fields.get(".".join(segments))
        return self.fields.get(segments[0]) if whole is None else whole


def _mapper(columns: object) -> Mapper[Any] | None:
    """Return what maps an ORM class, or an alias of one, to its table."""
    mapper = getattr(inspect(columns, raiseerr=False), "mapper", None)
    return mapper if isinstance(mapper, Mapper) else None


def _field(key: str | None, column: Any) -> Field:
    if hasattr(column, "__clause_element__"):
        column = column.__clause_element__()
    if not isinstance(column, ColumnElement):
        message = f"expected a column for {shown(key)}, found {shown(column)}"
        raise TypeError(message)
    return Field(key, column, _kind(column.type))


def _kind(type_: Any) -> FieldType:
    for kind, classes in _KINDS:
        if isinstance(type_, classes):
            if kind is FieldType.DECIMAL and not type_.asdecimal:
                return FieldType.OTHER
            if kind is FieldType.DOUBLE and (type_.asdecimal or _is_single(type_)):
                return FieldType.OTHER
            return kind
    return FieldType.OTHER


def _is_single(type_: Float[Any]) -> bool:
    """Whether it has less than the digits of a double, which Python's values would get from it."""
    return isinstance(type_, REAL) or (type_.precision is not None and type_.precision <= _SINGLE)


_SINGLE = 24
# An Enum is a String to SQLAlchemy, and a Float a Numeric.
_KINDS: tuple[tuple[FieldType, type[Any]], ...] = (
    (FieldType.ENUM, Enum),
    # What is filled up with spaces has them in Python, and loses them in some comparisons.
    (FieldType.OTHER, CHAR),
    (FieldType.TEXT, String),
    (FieldType.INTEGER, Integer),
    (FieldType.DOUBLE, Float),
    (FieldType.DECIMAL, Numeric),
    (FieldType.BOOLEAN, Boolean),
    (FieldType.DATETIME, DateTime),
    (FieldType.DATE, Date),
    (FieldType.UUID, Uuid),
    (FieldType.JSON, JSON),
)
