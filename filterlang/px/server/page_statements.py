"""Statements of lists: the condition of filters, how many records match, and a page of them.

Databases choose an index before they know what it is worth. Here the count comes first, so it is
known: few hits are found by the indexes of what is filtered, and then ordered; many are met soon
in the index of the order. SQLite is told which; PostgreSQL has statistics, and chooses well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from sqlalchemy import (
    BigInteger,
    Double,
    Text,
    UnaryExpression,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.sql.operators import custom_op

from filterlang.backends.sql import where
from filterlang.px.server.json_values import INT64
from filterlang.px.server.ordering import after, terms_of
from filterlang.px.server.record_tables import INDEXED
from filterlang.schema.binding import bind
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import Always, Equals, Like, Never, Within
from filterlang.semantics.values import read_exact_number
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal

    from sqlalchemy import Executable
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.px.server.ordering import Term
    from filterlang.px.server.record_tables import RecordTable
    from filterlang.px.sorting import SortName
    from filterlang.semantics.tests import BoundClause, Test
    from filterlang.syntax.nodes import Clause, Filter, FilterSet


class Listing(NamedTuple):
    """What of a list is asked, and in which order.

    Fields: `table` of the list; `conditions` that records have to meet, those first that take the
    least time; `terms` of the order;
    `dialect` of the database; `is_bound`, whether records are filtered by what comes first in the
    order, so that they may lie far from its beginning, or lie in their order in an index; `bounds`,
    conditions that they meet then of what comes first in the order, a whole number, if others are
    asked for as well, whose indexes lead nowhere then.
    """

    table: RecordTable
    conditions: list[ColumnElement[bool]]
    terms: list[Term]
    dialect: str
    is_bound: bool
    bounds: ColumnElement[bool] | None

    def hits(self) -> Executable:
        """Return the statement of how many records match."""
        return select(func.count()).select_from(self.table.table).where(*self.conditions)

    def pages(
        self, place: Sequence[Any] | None, *, size: int, skip: int, is_met_soon: bool
    ) -> Iterator[Executable]:
        """Return the statements of a page; each goes on where the one before found too few.

        Args:
            place: that of the last record that came before, or None for the first page.
            size: how many records at most, of all statements together.
            skip: how many records to leave out.
            is_met_soon: whether who goes through the list in its order soon has met enough.
        """
        condition, terms = and_(*self.conditions), self.terms
        unindexed = and_(*map(_hidden, self.conditions))
        parts = after(terms, place)
        if self.dialect == "sqlite":
            if self.is_bound:
                # Where it begins in its order is found by the index of that.
                if is_met_soon and self.bounds is not None:
                    condition = and_(self.bounds, unindexed)
            elif is_met_soon:
                condition = unindexed
            else:
                terms = [one._replace(expression=_unindexed(one.expression)) for one in terms]
                parts = [_hidden(or_(*parts))] if place is not None else parts
        for part in parts:
            yield self._page(and_(condition, part), terms, size, skip)

    def _page(
        self, condition: ColumnElement[bool], terms: list[Term], size: int, skip: int
    ) -> Executable:
        # What is sorted are keys alone; documents are many times larger, and fetched at the end.
        number = self.table.table.c.number
        keys = [term.expression.label(f"t{index}") for index, term in enumerate(terms)]
        found = select(number.label("found"), *keys).where(condition).order_by(*_order(terms))
        found = found.limit(size).offset(skip) if skip else found.limit(size)
        few = found.subquery("few")
        document = self.table.table.c.document
        is_text = self.dialect == "sqlite"
        text = type_coerce(document, Text) if is_text else sql_cast(document, Text)
        columns = [few.c[key.name] for key in keys]
        ordered = [
            one._replace(expression=column) for one, column in zip(terms, columns, strict=True)
        ]
        return (
            select(text.label("document"), *columns)
            .select_from(few.join(self.table.table, few.c.found == number))
            .order_by(*_order(ordered))
        )


def listing(
    table: RecordTable,
    filters: FilterSet,
    sort: Sequence[SortName],
    dialect: str,
    *,
    has_odd: bool,
) -> Listing:
    """Return what is asked of a list.

    Args:
        table: of the list.
        filters: what records have to match; an empty one is matched by all.
        sort: names to order by.
        dialect: of the database.
        has_odd: whether there may be rows that are judged by their document alone.
    """
    schema, document = table.endpoint.schema, table.table.c.document
    written: Any = dialect
    conditions = [where(table.columns, filters, schema, document=document, dialect=written)]
    if dialect == "sqlite" and sum(len(one.clauses) for one in filters) <= _MOST_RANGES:
        ranges = [[*_ranges(one, table)] for one in filters]
        # Where one filter has none, an index has to be gone through anyway.
        if ranges and all(ranges):
            conditions.insert(0, or_(*(and_(*one) for one in ranges)))
    clauses = [clause for one in filters for clause in one.clauses]
    names = [_name(clause, table) for clause in clauses]
    columns = map(table.columns.get, names)
    is_beside = any(map(_is_beside_double, clauses, columns))
    if has_odd or is_beside:
        by_document = where(document, filters, schema, dialect=written)
        is_odd = table.table.c.is_odd
        by_columns = and_(not_(is_odd), *conditions)
        conditions = [by_document if is_beside else or_(by_columns, and_(is_odd, by_document))]
    first = sort[0].name if sort else None
    terms = terms_of(sort, table, dialect)
    is_bound = first in names or (first is None and _is_one_number(filters, table))
    bounds = None
    if dialect == "sqlite" and first in names and {*names} != {first}:
        bounds = _bounds(filters, table, sort[0].name)
    return Listing(table, conditions, terms, dialect, is_bound, bounds)


def _order(terms: Sequence[Term]) -> list[Any]:
    *first, last = terms
    return [
        *(
            (one.expression.desc() if one.is_descending else one.expression.asc()).nulls_last()
            for one in first
        ),
        last.expression,
    ]


def _hidden(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition of SQLite that is met by the same rows, and for which no index is used.

    Unlike the value of a condition, a case is decided by as few of its parts as will do; those that
    are Python's take a hundred times longer than others.
    """
    return case((condition, true()))


def _unindexed(expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return an expression of SQLite that has the same value, and for which no index is used."""
    return UnaryExpression(expression.self_group(), operator=_PLUS, type_=expression.type)


_PLUS = custom_op[Any]("+")


# --- Ranges that indexes can find -----------------------------------------------------------------


_MOST_RANGES = 64
"""So many clauses are looked at: SQLite takes expressions of a limited depth."""


def _ranges(one: Filter, table: RecordTable) -> Iterator[ColumnElement[bool]]:
    """Return conditions that all rows meet that match by their columns, and maybe others.

    SQLite lets any value into any column, and conditions ask for the type of each; here a column of
    whole numbers holds nothing else, so that its index finds a range.
    """
    for clause in one.clauses:
        yield from _ends(clause, table)


def _bounds(filters: FilterSet, table: RecordTable, name: str) -> ColumnElement[bool] | None:
    """Return what all rows that match meet of one name; None where that may be anything."""
    of_filters: list[ColumnElement[bool]] = []
    for one in filters:
        clauses = [clause for clause in one if _name(clause, table) == name]
        ends = [end for clause in clauses for end in _ends(clause, table)]
        if not ends or len(of_filters) == _MOST_RANGES:
            return None
        of_filters.append(and_(*ends[:_MOST_RANGES]))
    return or_(*of_filters) if of_filters else None


def _name(clause: Clause, table: RecordTable) -> str:
    return ".".join(bind(clause, table.endpoint.schema).path)


def _is_one_number(filters: FilterSet, table: RecordTable) -> bool:
    """Return whether one number is asked for; an index has those of each one by their keys."""
    clauses = [clause for one in filters for clause in one]
    if len(clauses) != 1:
        return False
    if _name(clauses[0], table) not in INDEXED or not any(True for _ in _ends(clauses[0], table)):
        return False
    test = _whole(bind(clauses[0], table.endpoint.schema))
    match test:
        case Equals():
            return True
        case Never() | Always() | Within() | Like():
            return False
        case _:
            assert_never(test)


def _whole(bound: BoundClause) -> Test:
    """Return what a clause asks of a whole number, which may be a time."""
    return bound.on(Kind.MOMENT if bound.reading is Reading.INSTANT else Kind.INTEGER)


def _ends(clause: Clause, table: RecordTable) -> Iterator[ColumnElement[bool]]:
    bound = bind(clause, table.endpoint.schema)
    column = table.columns.get(".".join(bound.path))
    if column is None or not isinstance(column.type, BigInteger):
        return
    if bound.negative or bound.of_missing:
        return
    test = _whole(bound)
    unit = 1000 if bound.reading is Reading.INSTANT else 1  # instants count microseconds
    match test:
        case Equals(value, of_text=False):
            if _is_near(value) and value % unit == 0 and value // unit in INT64:
                yield column == value // unit
            return
        case Within(first, last, of_text=False):
            low, high = first and first.value, last and last.value
        case Never() | Always() | Equals() | Within() | Like():
            return
        case _:
            assert_never(test)
    if low is not None and _is_near(low) and low // unit in INT64:
        yield column >= low // unit
    if high is not None and _is_near(high) and -(-high // unit) in INT64:
        yield column <= -(-high // unit)


def _is_beside_double(clause: Clause, column: ColumnElement[Any] | None) -> bool:
    """Return whether a column of doubles would take a number for a whole one that it isn't.

    An integer of a document equals whole numbers exactly, and the column doesn't know of it.
    """
    expression = clause.expression
    if isinstance(expression, Pattern) or column is None or not isinstance(column.type, Double):
        return False
    number = read_exact_number(expression)
    if number is None:
        return False
    nearest = float(expression)
    return nearest.is_integer() and nearest != number


_FAR = 10**24


def _is_near(value: int | Decimal) -> bool:
    """Return whether a number may lie among those of columns; decimals far off can't be divided."""
    return -_FAR < value < _FAR
