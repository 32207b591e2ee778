"""Sorts: in which order a list comes, and what stands behind a place in it.

Values come in their order, texts by their folded code points; missing values, and the empty text
that stands for them in the API, come last in both directions. What is equal then comes in the order
of keys, by their code points. Under a name of a map, numbers come before texts and truth values,
which are taken for their texts. Without a sort, records come in the order in which they were made.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Double, Numeric, Text, and_, case, cast, false, func, literal_column, or_

from filterlang.backends.sql import folded
from filterlang.diagnostics.diagnostic import quoted
from filterlang.px.server.problems import wrong_parameter
from filterlang.semantics.paths import reach
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.px.endpoints import ListEndpoint
    from filterlang.px.server.record_tables import RecordTable

_MOST_NAMES = 16


class SortName(NamedTuple):
    """One name of a sort."""

    name: str
    is_descending: bool


class Term(NamedTuple):
    """What rows are ordered by; NULL comes last in both directions."""

    expression: ColumnElement[Any]
    is_descending: bool = False


def read_sort(text: str, endpoint: ListEndpoint) -> tuple[SortName, ...]:
    """Read the parameter `sort`: names joined by `;`, each with `-` before it for descending.

    A `+` before a name means ascending; in a query string that isn't encoded it comes as a space.

    Raises:
        Problem: for names that the list can't be sorted by.

    Example:
        >>> from filterlang.px.endpoints import LISTS
        >>> [tuple(one) for one in read_sort("-createDate;countryCode", LISTS["users"])]
        [('createDate', True), ('location.countryCode', False)]
    """
    names = [_read_name(part, endpoint) for part in text.split(";")]
    if len(names) > _MOST_NAMES:
        message = f"expected at most {_MOST_NAMES} names to sort by, found {len(names)}"
        raise wrong_parameter(message, "sort")
    return tuple(names)


def _read_name(part: str, endpoint: ListEndpoint) -> SortName:
    written = part.strip(" ")
    is_descending = written.startswith("-")
    name = written[1:] if written[:1] in {"-", "+"} else written
    if not name:
        message = "expected the name to sort by, found nothing; names are joined by ';'"
        raise wrong_parameter(message, "sort")
    if endpoint.sortable is not None and name not in endpoint.sortable:
        known = ", ".join(endpoint.sortable)
        message = f"{endpoint.path} can't be sorted by {quoted(name)}; the names are {known}"
        raise wrong_parameter(message, "sort")
    found = None if endpoint.schema is None else endpoint.schema.find(name)
    if found is None:
        message = f"{endpoint.path} can't be sorted by the unknown name {quoted(name)}"
        raise wrong_parameter(message, "sort")
    is_object = found.dimension is not None and (
        found.dimension.type == "object" or found.dimension.is_open
    )
    if found.lists or is_object:
        message = f"{endpoint.path} can't be sorted by {quoted(name)}, which has no single value"
        raise wrong_parameter(message, "sort")
    return SortName(found.name, is_descending)


def terms_of(sort: Sequence[SortName], table: RecordTable, dialect: str) -> list[Term]:
    """Return what rows are ordered by, the last of which no two rows share."""
    if not sort:
        return [Term(table.table.c.number)]
    terms = [
        Term(expression, one.is_descending)
        for one in sort
        for expression in _expressions(one.name, table, dialect)
    ]
    return [*terms, Term(table.order_of_keys(dialect))]


def _expressions(name: str, table: RecordTable, dialect: str) -> list[ColumnElement[Any]]:
    if name in table.columns:
        return [table.ordered(name)]
    return _in_document(name, table.table.c.document, dialect)


def _in_document(name: str, document: Any, dialect: str) -> list[ColumnElement[Any]]:
    if dialect == "postgresql":
        first, _, rest = name.partition(".")
        # A dotted name may be one key of a map, before it is a way through objects.
        value = func.coalesce(
            func.jsonb_extract_path(document, first, rest),
            func.jsonb_extract_path(document, *name.split(".")),
        )
        kind = func.jsonb_typeof(value)
        text = value.op("#>>")(literal_column("'{}'"))
        number = cast(text, Numeric)
        is_double = and_(kind == "number", case((kind == "number", func.abs(number) < _HUGE)))
        plain = case((kind.in_(["string", "boolean"]), folded(cast(text, Text))))
        return [case((is_double, cast(number, Double))), func.nullif(plain, "")]
    return [
        func.filterlang_sorted_number(document, name, type_=Double()),
        func.filterlang_sorted_text(document, name, type_=Text()),
    ]


_HUGE = 1e308


def after(terms: Sequence[Term], place: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition that a row comes behind a place: what its terms are."""
    behind: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for (expression, is_descending), value in zip(terms, place, strict=True):
        if value is None:
            equal.append(expression.is_(None))
            continue
        further = expression < value if is_descending else expression > value
        behind.append(and_(*equal, or_(further, expression.is_(None))))
        equal.append(expression == value)
    return or_(false(), *behind)


# --- What SQLite calls back -----------------------------------------------------------------------


def sorted_number(document: str, name: str) -> float | None:
    """Return the number under a name of a document; None for anything else.

    Example:
        >>> sorted_number('{"customAttributes": {"seats": 3}}', "customAttributes.seats")
        3.0
    """
    value = _single(document, name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and abs(number) < _HUGE else None


def sorted_text(document: str, name: str) -> str | None:
    """Return the folded text, or that of a truth value, under a name; None for anything else."""
    value = _single(document, name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or not value:
        return None
    return fold(value).encode("utf-8", "replace").decode()


def _single(document: str, name: str) -> object:
    path = tuple(name.split("."))
    value, used = reach(path, json.loads(document), 0)
    return value if used == len(path) else None
