"""Rows that match, whatever the database can say: `rows`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.sql.where_clause import where
from filterlang.matching.matcher import compile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection, Row, Select
    from sqlalchemy.orm import Session

    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Clause, Filter, FilterSet


def rows(
    connection: Connection | Session,
    statement: Select[Any],
    filters: FilterSet | Filter | Clause | str | Iterable[str],
    schema: Schema | None = None,
    *,
    columns: Mapping[str, Any] | None = None,
) -> Iterator[Row[Any]]:
    """Iterate over the selected rows that match, in their order; any filter will do.

    The database selects a superset, as small as it can, and the matcher checks each of its rows.

    Args:
        connection: a connection or session to execute the statement on.
        statement: selects at least the columns that the filters name, and has no limit: take as
            many rows as you need with `itertools.islice`.
        filters: what `filterlang.compile` takes.
        schema: as for `filterlang.compile`.
        columns: name → one of the selected columns; by default those have the names they are
            selected by.

    Raises:
        ValueError: for a statement with a limit or an offset, which would be counted before rows
            are checked.
        FilterSyntaxError, LimitError, TypeError: as `where` does.
    """
    if statement._has_row_limiting_clause:  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  # nothing public says it
        message = (
            "the statement has a limit, which would count rows that don't match;"
            " take as many as you need with itertools.islice"
        )
        raise ValueError(message)
    named = dict(statement.selected_columns.items()) if columns is None else dict(columns)
    matcher = compile(filters, schema=schema)
    narrowed = statement.where(where(named, matcher.filters, schema, superset=True))
    return _checked(connection, narrowed, named, matcher)


def _checked(
    connection: Connection | Session,
    statement: Select[Any],
    named: Mapping[str, Any],
    matcher: Any,
) -> Iterator[Row[Any]]:
    # The database streams where its driver can; a part of the rows is often enough.
    for row in connection.execute(statement.execution_options(yield_per=1000)):
        values = row._mapping  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]  # its public name
        if matcher({name: values[column] for name, column in named.items()}):
            yield row
