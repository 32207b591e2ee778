"""Rows that match, whatever the database can say: `rows`."""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any, overload

from sqlalchemy import CompoundSelect, Date, DateTime, Select, TextualSelect, inspect, select
from sqlalchemy.sql.elements import Over
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import iterate

from filterlang.backends.sql.fields import shown_names
from filterlang.backends.sql.not_sqlalchemy import no_connection, no_statement
from filterlang.backends.sql.stored_values import OF_LOADING, unloadable
from filterlang.backends.sql.where_clause import where
from filterlang.diagnostics.diagnostic import quoted
from filterlang.matching.matcher import compile

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from sqlalchemy import Connection, Row
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, async_scoped_session
    from sqlalchemy.orm import Session, scoped_session

    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters

    Statement = Select[Any] | CompoundSelect[Any] | TextualSelect
    Sync = Connection | Session | scoped_session[Any]
    Async = AsyncConnection | AsyncSession | async_scoped_session[Any]
    RecordOf = Callable[[Row[Any]], Mapping[str, object]]

_AT_ONCE = 1000
"""So many rows are asked for at a time, where the driver can."""


@overload
def rows(
    connection: Sync,
    statement: Statement,
    filters: Filters,
    schema: Schema | None = None,
    *,
    columns: Mapping[str, Any] | None = None,
    strict: bool = True,
) -> Iterator[Row[Any]]: ...
@overload
def rows(
    connection: Async,
    statement: Statement,
    filters: Filters,
    schema: Schema | None = None,
    *,
    columns: Mapping[str, Any] | None = None,
    strict: bool = True,
) -> AsyncIterator[Row[Any]]: ...


def rows(
    connection: Sync | Async,
    statement: Statement,
    filters: Filters,
    schema: Schema | None = None,
    *,
    columns: Mapping[str, Any] | None = None,
    strict: bool = True,
) -> Iterator[Row[Any]] | AsyncIterator[Row[Any]]:
    """Iterate over the selected rows that match, in their order; any filter will do.

    The database selects a superset, as small as it can, and the matcher checks each of its rows.

    Args:
        connection: a connection or session to execute the statement on. With one of
            `sqlalchemy.ext.asyncio` the iterator is asynchronous.
        statement: selects at least the columns that the filters name, or the entities of one
            mapped class; a union may be selected too. It has no limit: take as many rows as you
            need with `itertools.islice`.
        filters: what `filterlang.compile` takes.
        schema: as for `filterlang.compile`.
        columns: name → one of the selected columns; by default those have the names that the rows
            show, and those of an entity the names of its attributes.
        strict: as for `where`.

    Raises:
        ValueError: for a statement with a limit or an offset, which would be counted before rows
            are checked; for one that groups, unites or computes rows, and orders them; for one that
            selects an entity beside something else, without `columns`.
        SchemaError: if strict, for names that neither the columns nor the schema know.
        ValueError: while it is iterated over, for a value of which SQLAlchemy or the driver makes
            none, as an empty text in a column of JSON; it names the column and the row.
        TypeError: for what is no connection or session, or no statement that selects.
        FilterSyntaxError, LimitError, TypeError: as `where` does.

    Example:
        >>> import sqlalchemy as sa
        >>> from filterlang.backends.sql import register
        >>> engine = sa.create_engine("sqlite://")
        >>> register(engine)
        >>> users = sa.Table("users", sa.MetaData(), sa.Column("name", sa.Text))
        >>> with engine.begin() as connection:
        ...     users.create(connection)
        ...     _ = connection.execute(users.insert(), [{"name": "Ada"}, {"name": "Bob"}])
        ...     print(list(rows(connection, sa.select(users), "name~a*")))
        [('Ada',)]
    """
    is_async = hasattr(connection, "stream")
    if not is_async and not (hasattr(connection, "execute") and hasattr(connection, "scalars")):
        raise TypeError(no_connection(connection))
    selected, asked, record_of = _read(statement, columns)
    matcher = compile(filters, schema=schema)
    condition = where(asked, matcher.filters, schema, superset=True, strict=strict)
    narrowed = selected.where(condition)
    # The database streams where its driver can; a part of the rows is often enough.
    narrowed = narrowed.execution_options(yield_per=_AT_ONCE)
    if is_async:
        return _checked_async(connection, narrowed, record_of, matcher)
    return _checked(connection, narrowed, record_of, matcher)


def _checked(
    connection: Any, statement: Select[Any], record_of: RecordOf, matcher: Any
) -> Iterator[Row[Any]]:
    for row in _fetched(connection, statement):
        if matcher(record_of(row)):
            yield row


def _fetched(connection: Any, statement: Select[Any]) -> Iterator[Row[Any]]:
    try:
        with connection.execute(statement) as result:
            yield from result
    except OF_LOADING as error:
        found = unloadable(connection, statement, error)
        if found is None:
            raise
        raise found from error


async def _checked_async(
    connection: Any, statement: Select[Any], record_of: RecordOf, matcher: Any
) -> AsyncIterator[Row[Any]]:
    async for row in _fetched_async(connection, statement):
        if matcher(record_of(row)):
            yield row


async def _fetched_async(connection: Any, statement: Select[Any]) -> AsyncIterator[Row[Any]]:
    try:
        async for row in await connection.stream(statement):
            yield row
    except OF_LOADING as error:
        # A registry of sessions hasn't the method, but gives its session.
        own = connection if hasattr(connection, "run_sync") else connection()
        found = await own.run_sync(unloadable, statement, error)
        if found is None:
            raise
        raise found from error


# --- What a statement selects ---------------------------------------------------------------------


def _read(
    statement: object, columns: Mapping[str, Any] | None
) -> tuple[Select[Any], Any, RecordOf]:
    """Return what to select from, what `where` is asked of, and how a row is a record."""
    if not isinstance(statement, Select | CompoundSelect | TextualSelect):
        raise TypeError(no_statement(statement))
    if getattr(statement, "_has_row_limiting_clause", False):
        message = (
            "the statement has a limit, which would count rows that don't match;"
            " take as many as you need with itertools.islice"
        )
        raise ValueError(message)
    entities = _entities(statement)
    if isinstance(statement, Select) and not _computes(statement, entities):
        if entities and columns is None:
            # An object is a record, with all that it knows of itself.
            return statement, _only(entities, statement).entity, lambda row: row[0]
        named = _named(statement, columns)
        return statement, named, _record_of(statement, named, entities)
    if entities:
        message = "entities can't be selected from groups; select their columns instead"
        raise ValueError(message)
    if getattr(statement, "_order_by_clauses", ()):
        # A condition goes around such rows, and not all databases keep an order from within.
        message = (
            "the statement groups, unites or computes rows, and orders them; make it a subquery,"
            " select from that, and order by its columns"
        )
        raise ValueError(message)
    inner = statement.subquery()
    named = {
        name: _corresponding(inner, name, column)
        for name, column in _named(statement, columns).items()
    }
    around = select(inner)
    return around, named, _record_of(around, named, {})


def _named(statement: Any, columns: Mapping[str, Any] | None) -> dict[str, Any]:
    return shown_names(statement.selected_columns.items()) if columns is None else dict(columns)


def _entities(statement: Any) -> dict[Any, int]:
    """Return the mapped classes, and aliases of them, that are selected whole, by their places."""
    if not isinstance(statement, Select):
        return {}
    described = enumerate(statement.column_descriptions)
    return {
        inspect(one["expr"]): place
        for place, one in described
        if one["expr"] is one.get("entity")  # of a column it is what that belongs to
    }


def _only(entities: dict[Any, int], statement: Select[Any]) -> Any:
    if len(statement.column_descriptions) > 1:
        message = (
            "the statement selects an entity beside something else, so that it isn't clear which"
            " names are whose; say so with columns={name: attribute}"
        )
        raise ValueError(message)
    (entity,) = entities
    return entity


def _record_of(
    statement: Select[Any], named: Mapping[str, Any], entities: dict[Any, int]
) -> RecordOf:
    selected = [_element(one["expr"]) for one in statement.column_descriptions]
    values = {name: _value_of(name, column, selected, entities) for name, column in named.items()}
    return lambda row: {name: value(row) for name, value in values.items()}


def _value_of(
    name: str, column: Any, selected: list[Any], entities: dict[Any, int]
) -> Callable[[Row[Any]], object]:
    place = entities.get(getattr(column, "parent", None))
    if place is not None:
        of_entity = attrgetter(column.key)
        return lambda row: of_entity(row[place])
    # By its place: rows don't know the expression of a hybrid, which is a new one each time.
    element = _element(column)
    for number, one in enumerate(selected):
        if one is element or one.compare(element):
            return _date_at(number) if isinstance(one.type, _DATES) else itemgetter(number)
    message = f"expected one of the selected columns for {quoted(name)}"
    raise ValueError(message)


def _date_at(number: int) -> Callable[[Row[Any]], object]:
    # A date that Python hasn't, as `0000-00-00`, is a text to drivers of MariaDB, and null.
    return lambda row: None if isinstance(row[number], str) else row[number]


_DATES = (Date, DateTime)


def _element(column: Any) -> Any:
    return column.__clause_element__() if hasattr(column, "__clause_element__") else column


def _corresponding(inner: Any, name: str, column: Any) -> Any:
    found = inner.corresponding_column(column)
    if found is None:
        message = f"expected one of the selected columns for {quoted(name)}"
        raise ValueError(message)
    return found


_COMPUTING = (
    "_group_by_clauses",
    "_having_criteria",
    "_distinct_on",
    # Extensions of the syntax, as DISTINCT ON is from SQLAlchemy 2.1 on.
    "_post_select_clause",
    "_pre_columns_clause",
    "_post_criteria_clause",
    "_post_body_clause",
)
"""What a statement has where it makes other rows than those it reads; nothing public says it."""


def _computes(statement: Select[Any], entities: dict[Any, int]) -> bool:
    """Return whether a condition on the rows means something else than one on what they are of.

    What the attributes of an entity compute, they compute of a row.
    """
    others: Any = statement.selected_columns
    if entities:
        others = [
            _element(one["expr"])
            for place, one in enumerate(statement.column_descriptions)
            if place not in entities.values()
        ]
    parts = (part for column in others for part in iterate(column))
    has_parts = (getattr(statement, name, None) not in {None, ()} for name in _COMPUTING)
    return any(has_parts) or any(isinstance(part, FunctionElement | Over) for part in parts)
