"""Values that a column can't hold by its type, yet holds: which they are, and what to do.

SQLite lets any value into any column, and every driver has values that Python can't take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    CompoundSelect,
    LargeBinary,
    cast,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError
from sqlalchemy.sql.elements import TypeCoerce
from sqlalchemy.types import NullType

from filterlang.backends.sql.elements import sources_of
from filterlang.backends.sql.fields import FieldType, kind_of_type
from filterlang.diagnostics.diagnostic import quoted, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select
    from sqlalchemy.orm import Session, scoped_session
    from sqlalchemy.sql.elements import ColumnElement

    Sync = Connection | Session | scoped_session[Any]

_REMEDY_OF_BYTES = (
    "store the text as UTF-8 there, or the bytes as a blob: UPDATE … SET {0} = CAST({0} AS BLOB)"
)
_NUMBER = (
    "a number",
    "store a number or null there, or declare the column Text, and let a schema call it a number",
)
_OF_DATES = (
    "store it so, or declare the column as what it holds, Integer or Text, and let a schema call it"
    " a datetime"
)
_EXPECTED = {
    FieldType.TEXT: ("text", "store text there, or declare the column LargeBinary"),
    FieldType.INTEGER: _NUMBER,
    FieldType.DOUBLE: _NUMBER,
    FieldType.DECIMAL: _NUMBER,
    FieldType.DATE: ("a date as YYYY-MM-DD", _OF_DATES),
    FieldType.DATETIME: ("a date and time as YYYY-MM-DD HH:MM:SS", _OF_DATES),
    FieldType.ENUM: (
        "a value of the enum",
        "store one of its values or null there, or declare the column Text",
    ),
    FieldType.UUID: ("a UUID", "store one or null there, or declare the column Text"),
    FieldType.JSON: ("JSON", "store a document or null there, or declare the column Text"),
}
_ELSE = "a value of its type", "store one or null there, or declare the column as what it holds"


class StoredValueError(ValueError):
    """A column holds a value that its type doesn't have."""


def misfit(
    kind: FieldType,
    name: str,
    value: object,
    row: str = "",
    instead: tuple[str, str] | None = None,
) -> StoredValueError:
    """Return the error that says which value is where, and what can be done.

    What is expected and what can be done is that of its kind, or something else `instead`.

    Example:
        >>> print(misfit(FieldType.UUID, "key", "x", row="id=3"))
        expected a UUID in the column 'key' of the row with id=3, found 'x'; store one or null \
there, or declare the column Text
    """
    expected, remedy = _EXPECTED.get(kind, _ELSE) if instead is None else instead
    of_row = f" of the row with {row}" if row else ""
    return StoredValueError(
        f"expected {expected} in the column {quoted(name)}{of_row}, found {shown(value)}; {remedy}"
    )


def name_of(column: Any) -> str:
    """Return the name of a column, whatever type it was made to have.

    Example:
        >>> from sqlalchemy import Integer, Text, column
        >>> name_of(type_coerce(column("score", Integer), Text))
        'score'
    """
    while isinstance(column, TypeCoerce):
        column = column.clause
    return str(getattr(column, "name", column))


# --- What can't be loaded -------------------------------------------------------------------------

OF_VALUES = (ValueError, TypeError, LookupError, ArithmeticError, DataError)
"""What SQLAlchemy and drivers raise of a value that they can't make a Python value of."""
OF_LOADING = (*OF_VALUES, OperationalError)
"""That, and what the driver of SQLite raises of text that isn't UTF-8, and of much else."""
_UNDECODED = "Could not decode to UTF-8 column"


def unloadable(
    connection: Sync, statement: Select[Any], error: Exception
) -> StoredValueError | None:
    """Look for the value that a statement couldn't load; None where the fault is another one."""
    if isinstance(error, StoredValueError):
        return None
    columns = list(statement.selected_columns)
    if isinstance(error, OperationalError):
        if _UNDECODED not in str(error.orig):
            return None
        keys = [one for one in columns if getattr(one, "primary_key", False)]
        return _undecoded(connection, statement, columns, keys)
    try:
        return _unmade(connection, statement, columns)
    except OF_VALUES:
        # The driver itself can't make a value of what is sent.
        return next(
            (
                one
                for column in columns
                if (one := _unsent(connection, statement, column)) is not None
            ),
            None,
        )


def _unmade(
    connection: Sync, statement: Select[Any], columns: Sequence[Any]
) -> StoredValueError | None:
    """Look for a value that the driver gives, and that a type makes nothing of."""
    bind_of = getattr(connection, "get_bind", None)  # which only sessions have
    bind: Any = connection if bind_of is None else bind_of(clause=statement)
    dialect = bind.dialect
    raw = [type_coerce(column, NullType()).label(f"c{at}") for at, column in enumerate(columns)]
    making = [_maker(column.type, dialect) for column in columns]
    # All at once, so that nothing is left open where one is found.
    selected = statement.with_only_columns(*raw, maintain_column_froms=True)
    for row in connection.execute(selected).all():
        for column, make, value in zip(columns, making, row, strict=True):
            try:
                if make is not None:
                    make(value)
            except OF_VALUES:
                kind = kind_of_type(column.type)
                return misfit(kind, name_of(column), value, row_of(columns, row))
    return None


def _maker(type_: Any, dialect: Any) -> Any:
    """Return what makes a value of what the driver gives; None where nothing is known to."""
    try:
        return type_.dialect_impl(dialect).result_processor(dialect, None)
    except (*OF_VALUES, SQLAlchemyError):  # some numbers want to be told what the driver calls them
        return None


def _unsent(connection: Sync, statement: Select[Any], column: Any) -> StoredValueError | None:
    only = statement.with_only_columns(column, maintain_column_froms=True)
    try:
        connection.execute(only).all()
    except OF_VALUES as error:
        return StoredValueError(
            f"expected values that Python has in the column {quoted(name_of(column))}, and the"
            f" driver says: {getattr(error, 'orig', error)}; select the column as text, with"
            f" cast({name_of(column)}, Text), and let a schema say what it is"
        )
    return None


# --- Text of SQLite that isn't UTF-8 --------------------------------------------------------------

SEARCH = "filterlang_search"
"""The execution option of the statements that look for it, for which nobody looks again."""


def undecoded_text(connection: Connection, compiled: Any) -> StoredValueError:
    """Look for the text that a function of SQLite couldn't be given, in what a statement names."""
    statement = getattr(compiled, "statement", None)
    _, _, conditions = str(getattr(compiled, "string", "")).partition("WHERE")
    for source in _sources(statement):
        columns = [
            one for one in source.c if str(one.compile(dialect=connection.dialect)) in conditions
        ]
        keys = list(getattr(source, "primary_key", ()))
        found = _undecoded(connection, select().select_from(source), columns, keys)
        if found is not None:
            return found
    return StoredValueError(
        "expected text as UTF-8 in a column that the filters name, found other bytes;"
        f" {_REMEDY_OF_BYTES.format('name')}"
    )


def _sources(statement: Any) -> list[Any]:
    """Return the tables that the conditions of a statement are about."""
    if isinstance(statement, CompoundSelect):
        return [source for one in statement.selects for source in _sources(one)]
    condition = getattr(statement, "whereclause", None)
    return [] if condition is None else sources_of([condition])


def _undecoded(
    connection: Sync, statement: Select[Any], columns: Sequence[Any], keys: Sequence[Any]
) -> StoredValueError | None:
    is_text: ColumnElement[str] = literal_column("'text'")
    for column in columns:
        stored = cast(column, LargeBinary)
        selected = statement.with_only_columns(*keys, stored, maintain_column_froms=True)
        selected = selected.where(func.typeof(column) == is_text)
        try:
            with connection.execute(selected, execution_options={SEARCH: True}) as found:
                row = next((row for row in found if not _is_utf_8(row[-1])), None)
        except (OperationalError, StoredValueError):  # the keys aren't, or what it is selected from
            continue
        if row is not None:
            name, of_row = name_of(column), row_of(keys, row[:-1])
            remedy = _REMEDY_OF_BYTES.format(name)
            return misfit(FieldType.TEXT, name, row[-1], of_row, ("text as UTF-8", remedy))
    return None


def _is_utf_8(stored: bytes) -> bool:
    try:
        stored.decode()
    except UnicodeDecodeError:
        return False
    return True


def row_of(columns: Sequence[Any], row: Sequence[object]) -> str:
    """Return which row it is, by those of its columns that are its primary key.

    Example:
        >>> from sqlalchemy import Column, Integer
        >>> row_of([Column("id", Integer, primary_key=True), Column("score", Integer)], [3, 7])
        'id=3'
    """
    keys = [
        f"{name_of(column)}={shown(value)}"
        for column, value in zip(columns, row, strict=True)
        if getattr(column, "primary_key", False)
    ]
    return " and ".join(keys)
