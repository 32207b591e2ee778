"""How records lie in a database: each as a document, with columns beside it for speed.

A column holds what the document has under a name, if that is a plain value of the type that the
schema says. Where any value is of another type, the row is *odd*, and judged by its document alone:
so filters select the same rows, whatever records hold, and those whose records are as the API
describes them by columns and indexes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    collate,
    func,
    literal_column,
)
from sqlalchemy.dialects.postgresql import JSONB

from filterlang.backends.sql import folded
from filterlang.px.endpoints import LISTS
from filterlang.px.server.json_values import INT64, is_storable_text

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.px.endpoints import ListEndpoint

INDEXED = frozenset(
    {
        "accountId",
        "createDate",
        "date",
        "email",
        "eventName",
        "identifyId",
        "id",
        "lastModifiedDate",
        "lastSeenDate",
        "location.countryCode",
        "name",
        "plan",
        "score",
        "signUpDate",
    }
)
"""The names that are asked often: these columns have an index, of the folded text if it is text."""

_TYPES: dict[str, Any] = {
    "text": Text(),
    "enum": Text(),
    "integer": BigInteger(),
    "datetime": BigInteger(),  # epoch milliseconds, as the API has them
    "number": Double(),
    "boolean": Boolean(),
}


class Row(NamedTuple):
    """What a record is in its table."""

    is_odd: bool
    columns: dict[str, Any]


class RecordTable:
    """The table of one list.

    Attributes:
        endpoint: which list it is.
        table: its columns `number`, in the order of which records came; `key`; `document`;
            `is_odd`; and those by name.
        columns: name → column, of all that filters find beside the document.
        maps: the names of columns that hold a map, as JSON.
    """

    endpoint: ListEndpoint
    table: Table
    columns: dict[str, ColumnElement[Any]]
    maps: list[str]

    def __init__(self, endpoint: ListEndpoint, metadata: MetaData) -> None:
        self.endpoint = endpoint
        self._types = _scalar_types(endpoint)
        self.maps = _maps(endpoint)
        name = endpoint.path.replace("/", "_")
        beside = {one: Column(one, _TYPES[type_]) for one, type_ in self._types.items()}
        number = Column("number", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True)
        self.table = Table(
            name,
            metadata,
            number,
            Column("key", Text, nullable=False),
            Column("is_odd", Boolean, nullable=False, index=True),
            # Few bytes before many: SQLite reads a row from its beginning.
            *(Column(_label(one), column.type) for one, column in beside.items()),
            *(Column(_label(one), _json(none_as_null=True)) for one in self.maps),
            Column("document", _json(), nullable=False),
            UniqueConstraint("key"),
            # No number is given twice, so that a new record comes behind all that were there.
            sqlite_autoincrement=True,
        )
        names = (*self._types, *self.maps)
        self.columns = {one: self.table.c[_label(one)] for one in names}
        self._labels = [(one, _label(one), type_) for one, type_ in self._types.items()]
        for one in INDEXED.intersection(self._types):
            column = self.columns[one]
            is_text = isinstance(column.type, Text)
            asked = folded(column) if is_text else column
            Index(f"ix_{name}_{_label(one)}", asked, _table=self.table)
            # What is equal comes in the order of keys: many records may share a number.
            ordered = (self.ordered(one),) if is_text else (column, self.table.c.key)
            Index(f"sx_{name}_{_label(one)}", *ordered, _table=self.table)

    def drop_indexes(self, connection: Connection) -> list[Index]:
        """Drop the indexes, but for those that keep keys apart, and return them."""
        indexes = list(self.table.indexes)
        for index in indexes:
            index.drop(connection)
        return indexes

    def row(self, record: dict[str, Any]) -> Row:
        """Return what stands beside the document of a record."""
        found: dict[str, Any] = {}
        is_odd = False
        for name, label, type_ in self._labels:
            value, is_plain = _followed(record, name)
            if not is_plain or not (value is None or _is_of(type_, value)):
                value, is_odd = None, True
            found[label] = value
        for name in self.maps:
            value = record.get(name)
            is_plain = value is None or type(value) is dict
            found[_label(name)] = value if is_plain else None
            is_odd |= not is_plain or any(key.startswith(f"{name}.") for key in record)
        return Row(is_odd, found)

    def ordered(self, name: str) -> ColumnElement[Any]:
        """Return what orders rows by a name that has a column; the empty text is none."""
        column = self.columns[name]
        if not isinstance(column.type, Text):
            return column
        # Written out: an index is no use to an expression with a parameter.
        return func.nullif(folded(column), literal_column("''"))

    def order_of_keys(self, dialect: str) -> ColumnElement[Any]:
        """Return the key as it is ordered: by its code points."""
        key = self.table.c.key
        return collate(key, "C") if dialect == "postgresql" else key


def record_tables(metadata: MetaData) -> dict[str, RecordTable]:
    """Return the tables of all lists, by their paths."""
    return {path: RecordTable(endpoint, metadata) for path, endpoint in LISTS.items()}


def _label(name: str) -> str:
    # Names of the API have no `__`, and none is called as one of the other columns.
    return f"v_{name.replace('.', '__')}"


def _json(*, none_as_null: bool = False) -> Any:
    return JSON(none_as_null).with_variant(JSONB(none_as_null), "postgresql")


def _maps(endpoint: ListEndpoint) -> list[str]:
    """Return the names of maps, which are read without the rest of a document."""
    schema = endpoint.schema
    return [] if schema is None else [name for name, one in schema.dimensions if one.is_open]


def _scalar_types(endpoint: ListEndpoint) -> dict[str, str]:
    """Return the names that have at most one value in a record, and of which type it is."""
    schema = endpoint.schema
    if schema is None:
        return {}
    found = [(name, schema.find(name)) for name in schema.names()]
    return {
        name: one.dimension.type
        for name, one in found
        if one is not None and one.is_scalar and one.dimension is not None and one.name == name
        # What stands in a map may be anything, and the map itself is no value.
        if not one.dimension.is_open and one.dimension.type in _TYPES
    }


def _followed(record: dict[str, Any], name: str) -> tuple[Any, bool]:
    """Return what a record has under a name, and whether it is reached by plain objects alone."""
    first, _, rest = name.partition(".")
    if not rest:
        return record.get(first), True
    if name in record:
        return None, False
    inner = record.get(first)
    if inner is None:
        return None, True
    return _followed(inner, rest) if type(inner) is dict else (None, False)


def _is_of(type_: str, value: object) -> bool:
    """Return whether a column of a type holds a value as it is."""
    match type_:
        case "text" | "enum":
            return type(value) is str and is_storable_text(value)
        case "integer" | "datetime":
            return type(value) is int and value in INT64
        case "number" if type(value) is int:
            return abs(value) <= 2**53
        case "number":
            return type(value) is float and math.isfinite(value)
        case _:
            return type(value) is bool
