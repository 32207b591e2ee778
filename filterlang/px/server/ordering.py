"""Sorts: in which order a list comes, and what stands behind a place in it.

Values come in their order, texts by their folded code points; missing values, and the empty text
that stands for them in the API, come last in both directions. What is equal then comes in the order
of keys, by their code points. Under a name of a map, numbers come before texts and truth values,
which are taken for their texts. Without a sort, records come in the order in which they were made.
"""

from __future__ import annotations

import json
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    Double,
    Numeric,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    true,
    type_coerce,
)

from filterlang.backends.sql import folded
from filterlang.semantics.paths import reach
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.px.server.record_tables import RecordTable
    from filterlang.px.sorting import SortName


class Term(NamedTuple):
    """What rows are ordered by; NULL comes last in both directions."""

    expression: ColumnElement[Any]
    is_descending: bool = False


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
    if name in table.columns and name not in table.maps:
        return [table.ordered(name)]
    document: ColumnElement[Any] = table.table.c.document
    if dialect == "postgresql":
        return _in_document(name, document)
    first = name.partition(".")[0]
    if first in table.maps:
        # A map that lies beside a document is read in a fraction of the time.
        map_alone = f"{{{json.dumps(first)}:" + type_coerce(table.columns[first], Text) + "}"
        document = case((table.table.c.is_odd, type_coerce(document, Text)), else_=map_alone)
    return [
        func.filterlang_sorted_number(document, name, type_=Double()),
        func.filterlang_sorted_text(document, name, type_=Text()),
    ]


def _in_document(name: str, document: Any) -> list[ColumnElement[Any]]:
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


_HUGE = 1e308


def after(terms: Sequence[Term], place: Sequence[Any] | None) -> list[ColumnElement[bool]]:
    """Return the conditions that a row comes behind a place: what its terms are.

    They are parts of the list, in its order, each of which an index finds at its beginning. None is
    the place before the first row.
    """
    if place is None:
        return [true()]
    if len(terms) == 1:
        return [_further(terms, place)]
    (expression, is_descending), value = terms[0], place[0]
    if value is None:
        return [and_(expression.is_(None), _further(terms[1:], place[1:]))]
    from_here = expression <= value if is_descending else expression >= value
    return [and_(from_here, _further(terms, place)), expression.is_(None)]


def _further(terms: Sequence[Term], place: Sequence[Any]) -> ColumnElement[bool]:
    behind: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    *first, last = zip(terms, place, strict=True)
    for (expression, is_descending), value in first:
        if value is None:
            equal.append(expression.is_(None))
            continue
        further = expression < value if is_descending else expression > value
        behind.append(and_(*equal, or_(further, expression.is_(None))))
        equal.append(expression == value)
    # The last is a key, which each row has.
    behind.append(and_(*equal, last[0].expression > last[1]))
    return or_(*behind)


# --- What SQLite calls back -----------------------------------------------------------------------


def sorted_number(document: str | None, name: str) -> float | None:
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


def sorted_text(document: str | None, name: str) -> str | None:
    """Return the folded text, or that of a truth value, under a name; None for anything else."""
    value = _single(document, name)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str) or not value:
        return None
    return fold(value).encode("utf-8", "replace").decode()


def _single(document: str | None, name: str) -> object:
    if document is None:
        return None
    path = tuple(name.split("."))
    value, used = reach(path, _read(document), 0)
    return value if used == len(path) else None


@lru_cache(maxsize=8)
def _read(document: str) -> Any:
    # Its number and its text are asked for one after the other.
    return json.loads(document)
