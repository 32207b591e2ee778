"""Equalities of one name → one that asks for many values, in many filters and in one.

Filters `id==1`, `id==2` … are a list of values to a database, which looks each of them up in an
index, and so are the clauses of `id!=1;id!=2`. A thousand conditions take it seconds to plan, and
there are more than it takes at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from filterlang.backends.plan.comparisons import passes
from filterlang.backends.plan.conditions import Column, some
from filterlang.diagnostics.diagnostic import Span
from filterlang.schema.binding import bind
from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import Always, Equals, Like, Never, Within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.backends.plan.conditions import Condition
    from filterlang.backends.plan.storage import Storage
    from filterlang.schema.schema import Schema
    from filterlang.semantics.reading import Reading
    from filterlang.semantics.tests import BoundClause, Test
    from filterlang.syntax.nodes import Filter, FilterSet

_MOST_CLAUSES = 8
"""Filters with more clauses are not compared with each other."""


class Asked:
    """A clause, or several of one name of which one passes, before the answer is turned round.

    Several are equalities, patterns or orders, none for missing values, and all negative or none.
    """

    def __init__(self, clauses: tuple[BoundClause, ...]) -> None:
        first = clauses[0]
        self.clauses = clauses
        self.path: tuple[str, ...] = first.path
        self.reading: Reading = first.reading
        self.negative: bool = first.negative
        self.of_missing: bool = first.of_missing
        self.is_pattern: bool = first.is_pattern
        self._on_columns: dict[tuple[str, Storage], Condition] = {}

    def on_column(self, name: str, storage: Storage) -> Condition:
        """Return what is asked of a column, not negated; kept, since databases store much alike.

        Raises:
            InexactError: where nobody can say it of this storage.
        """
        found = self._on_columns.get((name, storage))
        if found is None:
            column = Column(name)
            found = some(passes(clause, column, storage) for clause in self.clauses)
            self._on_columns[name, storage] = found
        return found

    def tests(self, kind: Kind) -> list[Test]:
        """Return what is asked of a value of a kind: one of these."""
        return list(dict.fromkeys(clause.on(kind) for clause in self.clauses))

    @property
    def is_equality(self) -> bool:
        """Whether each clause asks for one value."""
        return _form(self.clauses[0]) is Equals


def equal_values(tests: Iterable[Test]) -> list[Any]:
    """Return the values that the equalities of several tests ask for."""
    return [test.value for test in tests if isinstance(test, Equals)]


class Part(NamedTuple):
    """A clause of a filter as it is asked, and where it stands in the filter's text.

    `apart` are the clauses of which it was made, if it was made of several.
    """

    asked: Asked
    span: Span
    apart: tuple[Part, ...] = ()


class Family(NamedTuple):
    """Filters that differ in one clause: as one, and each of them with its number."""

    parts: list[Part]
    members: list[tuple[int, list[Part]]]

    def paths(self) -> set[tuple[str, ...]]:
        """Return the names of the clauses."""
        return {part.asked.path for part in self.parts}


def families_of(filters: FilterSet, schema: Schema | None) -> list[Family]:
    """Return the filters, those together that are one, in the order of their first members."""
    bound = [_bound(one, schema) for one in filters]
    counts: dict[object, int] = {}
    keys = [_keys(parts) for parts in bound]
    for one in keys:
        for key in one:
            counts[key] = counts.get(key, 0) + 1
    found: dict[object, tuple[int, list[int]]] = {}
    for index, one in enumerate(keys):
        # The largest family that a filter can belong to; alone it is one by itself.
        key = max(one, key=lambda key: counts[key], default=index)
        found.setdefault(key, (one.get(key, 0), []))[1].append(index)
    return [_family(place, members, bound) for place, members in found.values()]


def _bound(filter_: Filter, schema: Schema | None) -> list[Part]:
    parts: list[Part] = []
    place = 0
    for clause in filter_:
        length = len(str(clause))
        parts.append(Part(Asked((bind(clause, schema),)), Span(place, place + length)))
        place += length + 1
    return _merged(parts)


def _merged(parts: list[Part]) -> list[Part]:
    """Make one of the negative clauses of each name: none of what they ask for may be there."""
    found: dict[object, list[Part]] = {}
    for place, part in enumerate(parts):
        (clause,) = part.asked.clauses
        form = _form(clause) if clause.negative else None
        alike = (clause.path, clause.reading, clause.is_pattern, form)
        key: object = place if form is None else alike
        found.setdefault(key, []).append(part)
    return [one if not others else _one(one, *others) for one, *others in found.values()]


def _one(*parts: Part) -> Part:
    clauses = tuple(clause for part in parts for clause in part.asked.clauses)
    return Part(Asked(clauses), Span(parts[0].span.start, parts[-1].span.end), parts)


def _keys(parts: list[Part]) -> dict[object, int]:
    """Return the place of each clause that may be one of many, by what all of them share."""
    if len(parts) > _MOST_CLAUSES:
        return {}
    found: dict[object, int] = {}
    for place, part in enumerate(parts):
        clause = part.asked.clauses[0]
        form = None if clause.negative else _form(clause)
        if form is not None:
            others = [*parts[:place], *parts[place + 1 :]]
            shared = tuple((one.clause, one.path) for part in others for one in part.asked.clauses)
            alike = (clause.path, clause.reading, clause.is_pattern, form)
            found[alike, place, shared] = place
    return found


def _form(clause: BoundClause) -> type[Test] | None:
    """Return what a clause asks of texts, if it can be one of several; None if it stands alone."""
    test = clause.on(Kind.TEXT)
    match test:
        case Equals() | Within() | Like():
            return None if clause.of_missing else type(test)
        case Never() | Always():
            return None
        case _:
            assert_never(test)


def _family(place: int, members: Iterable[int], bound: list[list[Part]]) -> Family:
    filters = [(index, bound[index]) for index in members]
    parts = list(filters[0][1])
    if len(filters) > 1:
        clauses = tuple(parts[place].asked.clauses[0] for _, parts in filters)
        parts[place] = parts[place]._replace(asked=Asked(clauses))
    return Family(parts, filters)
