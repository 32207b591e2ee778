"""Columns → what their values are to the language: the layout that names are looked up in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from inspect import getattr_static
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BINARY,
    JSON,
    VARBINARY,
    Boolean,
    Date,
    DateTime,
    Enum,
    Float,
    FromClause,
    Integer,
    Interval,
    LargeBinary,
    Numeric,
    String,
    Time,
    Uuid,
    inspect,
)
from sqlalchemy.dialects import mysql
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.ext.hybrid import HybridExtensionType
from sqlalchemy.orm import Mapper, RelationshipProperty
from sqlalchemy.sql.elements import ColumnClause, ColumnElement
from sqlalchemy.types import TypeDecorator

from filterlang.backends.plan.storage import Scalar, Unknown
from filterlang.backends.sql.not_sqlalchemy import no_column, no_table
from filterlang.diagnostics.diagnostic import quoted, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filterlang.backends.plan.storage import Storage, Storages


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
    ARRAY = "arrays"
    OPAQUE = "values that equal nothing"
    OTHER = "other"


class Field(NamedTuple):
    """A column, the key that the record has for it (None for a whole record), and its kind."""

    key: str | None
    column: ColumnElement[Any]
    kind: FieldType


class Refused(NamedTuple):
    """What an object has under a key, and SQL can't say; and why."""

    key: str
    reason: str


class Layout:
    """Where the names of filters lead: to a column each, or into one JSON column.

    With a `document`, which holds whole records, columns are looked up first.
    """

    def __init__(self, columns: object, document: object = None) -> None:
        self.fields: dict[str, Field | Refused] = {}
        self.whole: Field | None = None if document is None else _whole(document)
        if isinstance(columns, Mapping):
            for key, column in columns.items():
                self.fields[key] = _field(key, column)
        elif isinstance(columns, FromClause):
            for key, column in shown_names(columns.c.items()).items():
                self.fields[key] = _field(key, column)
        elif mapper := _mapper(columns):
            self.fields |= _attributes(columns, mapper)
        else:
            self.whole = _whole(columns)

    def find(self, segments: tuple[str, ...]) -> Field | Refused | None:
        """Return the column that a name leads to or into; None where there is none (rule 1)."""
        found = self.fields.get(".".join(segments)) or self.fields.get(segments[0])
        return self.whole if found is None else found

    def storages(self) -> Storages | None:
        """Return what is known of the columns' values: which have no names in them, that is.

        None for a document that is the whole record.
        """
        if self.whole is not None:
            return None
        return {key: _storage(field) for key, field in self.fields.items()}


def _whole(column: Any) -> Field:
    if not (hasattr(column, "__clause_element__") or isinstance(column, ColumnElement)):
        raise TypeError(no_table(column))
    field = _field(None, column)
    if any(kind_of_type(one) is FieldType.JSON for one in _types(field)):
        return field
    raise TypeError(no_table(column))


def _storage(field: Field | Refused) -> Storage:
    if isinstance(field, Refused) or may_hold_names(field.column.type):
        return Unknown("")
    return Scalar.TEXT


def may_hold_names(type_: Any) -> bool:
    """Return whether a name may go on behind values of a type, on one of the engines.

    Example:
        >>> from sqlalchemy import Text
        >>> may_hold_names(Text()), may_hold_names(Text().with_variant(JSON(), "sqlite"))
        (False, True)
    """
    for one in _variants(type_):
        kind = kind_of_type(one)
        is_known = kind not in {FieldType.JSON, FieldType.OTHER}
        if not is_known or (kind is FieldType.ARRAY and may_hold_names(one.item_type)):
            return True
    return False


def _variants(type_: Any) -> list[Any]:
    """Return a type, and what it is instead on some engines."""
    return [type_, *type_._variant_mapping.values()]  # noqa: SLF001 — nothing public tells them


def _types(field: Field) -> Iterator[Any]:
    """Return what the type of a column may be, without what decorates it."""
    rest = [field.column.type]
    while rest:
        for one in _variants(rest.pop()):
            if isinstance(one, TypeDecorator):
                rest.append(one.impl_instance)
            else:
                yield one


def shown_names(columns: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return columns by the names that rows show: the `key` of a column is Python's name for it.

    Where several columns have a name, SQLAlchemy numbers their keys; such a number stays.
    """
    named: dict[str, Any] = {}
    for key, column in columns:
        own, name = getattr(column, "key", None), getattr(column, "name", None)
        rest = key.removeprefix(own) if isinstance(own, str) else key
        is_own = isinstance(column, ColumnClause) and (rest == "" or _NUMBER.fullmatch(rest))
        named[f"{name}{rest}" if is_own else key] = column
    return named


_NUMBER = re.compile(r"_\d+")


# --- ORM classes ----------------------------------------------------------------------------------


def _mapper(columns: object) -> Mapper[Any] | None:
    """Return what maps an ORM class, or an alias of one, to its table."""
    mapper = getattr(inspect(columns, raiseerr=False), "mapper", None)
    return mapper if isinstance(mapper, Mapper) else None


def _attributes(columns: object, mapper: Mapper[Any]) -> dict[str, Field | Refused]:
    """Return all that objects of a class have under names: columns, and what stands for others."""
    found: dict[str, Field | Refused] = {
        attribute.key: _field(attribute.key, getattr(columns, attribute.key))
        for attribute in mapper.column_attrs
    }
    for key, descriptor in mapper.all_orm_descriptors.items():
        is_method = descriptor.extension_type is HybridExtensionType.HYBRID_METHOD
        if key not in found and not key.startswith("_") and not is_method:
            found[key] = _attribute(columns, key)
    for key in set(dir(mapper.class_)).difference(mapper.all_orm_descriptors.keys()):
        if _is_attribute(key, getattr_static(mapper.class_, key)):
            found[key] = Refused(key, f"{quoted(key)} is made in Python, not by the database")
    return found


def _attribute(columns: object, key: str) -> Field | Refused:
    """Return the SQL expression of a hybrid or synonym; refuse what has none."""
    try:
        attribute: Any = getattr(columns, key)
        property_ = getattr(attribute, "property", None)
        if isinstance(property_, RelationshipProperty):
            return Refused(key, f"{quoted(key)} is a relationship, and stands in other rows")
        return _field(key, attribute)
    except Exception:  # noqa: BLE001 — a hybrid is anybody's code, written for objects
        return Refused(key, f"{quoted(key)} has no SQL expression")


_OF_BASE = {"metadata", "registry"}
"""What SQLAlchemy itself gives every class."""


def _is_attribute(key: str, value: object) -> bool:
    """Return whether an object has a value under a key that its class has, as rule 1 sees it."""
    if key.startswith("_") or key in _OF_BASE:
        return False
    return not callable(value) and not isinstance(value, classmethod)


# --- Columns --------------------------------------------------------------------------------------


def _field(key: str | None, column: Any) -> Field:
    if isinstance(getattr(column, "property", None), RelationshipProperty):
        # Its SQL expression is the condition of a join.
        message = f"expected a column for {shown(key)}, found the relationship {column}"
        raise TypeError(message)
    if hasattr(column, "__clause_element__"):
        column = column.__clause_element__()
    if not isinstance(column, ColumnElement):
        raise TypeError(no_column(key, column))
    return Field(key, column, kind_of_type(column.type))


def kind_of_type(type_: Any) -> FieldType:
    """Return what the values of a type of SQLAlchemy are, on engines that show them as they are.

    Example:
        >>> from sqlalchemy import Text
        >>> kind_of_type(Text())
        <FieldType.TEXT: 'text'>
    """
    return next((kind for kind, classes in _KINDS if isinstance(type_, classes)), FieldType.OTHER)


_BLOBS = (mysql.TINYBLOB, mysql.MEDIUMBLOB, mysql.LONGBLOB)
# An Enum is a String to SQLAlchemy, and a Float was a Numeric before 2.1.
_KINDS: tuple[tuple[FieldType, type[Any] | tuple[type[Any], ...]], ...] = (
    (FieldType.ENUM, Enum),
    (FieldType.TEXT, String),
    (FieldType.INTEGER, Integer),
    (FieldType.DOUBLE, Float),
    (FieldType.DECIMAL, Numeric),
    (FieldType.BOOLEAN, Boolean),
    (FieldType.DATETIME, DateTime),
    (FieldType.DATE, Date),
    (FieldType.UUID, Uuid),
    (FieldType.JSON, JSON),
    (FieldType.ARRAY, ARRAY),
    # To the language they equal nothing, and have no text.
    (FieldType.OPAQUE, (LargeBinary, BINARY, VARBINARY, *_BLOBS, Time, Interval, INTERVAL)),
)
