"""Filters and how columns are stored → a plan: what is asked of each row, and what can't be.

Names are followed here, once for all rows, as rules 1, 5 and 6 of the language follow them in each
record. What holds of no row or of all is folded, and what an engine can't say exactly is left out
with all clauses that have to hold of one element with it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from operator import and_, or_
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.plan.comparisons import missing, passes, passes_one
from filterlang.backends.plan.conditions import (
    AnyElement,
    Column,
    Constant,
    Element,
    Entry,
    HasKey,
    IsMissing,
    Member,
    balanced,
    every,
    negated,
    some,
)
from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.storage import ListOf, MapOf, StructOf, Unknown, words_of
from filterlang.diagnostics.diagnostic import Span, quoted, showable
from filterlang.diagnostics.errors import UnsupportedError, diagnose
from filterlang.schema.binding import bind
from filterlang.syntax.nodes import unparse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Storage
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Schema
    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Clause, Filter, FilterSet

# --- What a plan says -----------------------------------------------------------------------------


class Outcome(StrEnum):
    """What becomes of clauses."""

    PUSHED = "pushed down"
    FOLDED = "folded"
    CHECKED = "checked again"


class PlanPart(NamedTuple):
    """Clauses of one filter that were dealt with together, and what became of them.

    Attributes:
        source_index: the number of the filter, from 0.
        clauses: one clause, or all that have to hold of the same element of a list.
        outcome: what became of them.
        reason: why, for what wasn't pushed down.

    Example:
        >>> import polars
        >>> from filterlang.backends.frames import explain_plan
        >>> frame = polars.DataFrame({"score": [7]})
        >>> plan = explain_plan(frame, "score>5.5;plan==gold", strict=False)
        >>> print(plan.parts[1].outcome, "-", plan.parts[1].reason)
        folded - never: there is no column 'plan'
    """

    source_index: int
    clauses: tuple[Clause, ...]
    outcome: Outcome
    reason: str = ""


class Plan(NamedTuple):
    """What an engine is asked for filters, and what is left to the matcher.

    `str(plan)` is a table with a line for each part.

    Attributes:
        engine: its name.
        parts: what became of the clauses, filter by filter.

    Example:
        >>> import polars
        >>> from filterlang.backends.frames import explain_plan
        >>> frame = polars.DataFrame({"name": ["Ada"], "score": [7.5]})
        >>> plan = explain_plan(frame, ["name==ada;score>5", "score~7*"])
        >>> plan.is_whole
        False
        >>> print(plan)
        polars
        filter 1
          pushed down    name==ada
          pushed down    score>5
        filter 2
          checked again  score~7*  (polars writes floating point numbers in its own way)
    """

    engine: str
    parts: tuple[PlanPart, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the engine says all, so that nothing has to be checked again."""
        return all(part.outcome is not Outcome.CHECKED for part in self.parts)

    def __str__(self) -> str:
        lines = [self.engine]
        last = None
        for part in self.parts:
            if part.source_index != last:
                last = part.source_index
                lines.append(f"filter {last + 1}")
            text = showable(";".join(map(str, part.clauses)))
            reason = f"  ({showable(part.reason)})" if part.reason else ""
            lines.append(f"  {part.outcome:<13}  {text}{reason}")
        return "\n".join(lines)


# --- Making one -----------------------------------------------------------------------------------


class Engine(NamedTuple):
    """What a plan has to know of an engine and the frame in hand."""

    name: str
    storages: Mapping[str, Storage]
    write: Callable[[Condition], Any]
    """Writes a condition as the engine has it, or raises `InexactError`.

    What it returns is joined with `|`.
    """
    join_all: Callable[[list[Any]], Any] = partial(balanced, and_)
    """Joins what was written of the clauses of a filter, one or more, with AND."""


class Planned(NamedTuple):
    """What an engine can say of filters, and what it leaves out."""

    plan: Plan
    written: Any
    """A condition as the engine has it, or what holds of all rows."""
    error: UnsupportedError | None
    """What to raise where the condition has to be exact."""


def plan_filters(
    filters: FilterSet, engine: Engine, schema: Schema | None, *, strict: bool = True
) -> Planned:
    """Plan filters for an engine and the columns of a frame.

    Raises:
        SchemaError: if strict, for names that neither the columns nor the schema know.
    """
    if strict:
        # It loads what finds names that are like others, which files have no use for.
        from filterlang.backends.plan.known_names import expect_known

        expect_known(filters, engine.storages, schema)
    planner = _Planner(engine, schema)
    written = [planner.filter(index, one) for index, one in enumerate(filters)]
    error = UnsupportedError(planner.wrong, unparse(filters)) if planner.wrong else None
    joined = _joined(partial(balanced, or_), written, holds=not written)
    return Planned(Plan(engine.name, tuple(planner.parts)), joined, error)


def _joined(join: Callable[[list[Any]], Any], parts: Iterable[Any], *, holds: bool) -> Any:
    """Join what an engine has with AND or OR; `holds` says what none of them say together."""
    kept: list[Any] = []
    for part in parts:
        if part is (not holds):
            return part
        if part is not holds:
            kept.append(part)
    return join(kept) if kept else holds


class _Planner:
    def __init__(self, engine: Engine, schema: Schema | None) -> None:
        self._engine = engine
        self._row = StructOf(engine.storages)
        self._schema = schema
        self.parts: list[PlanPart] = []
        self.wrong: list[Diagnostic] = []

    def filter(self, index: int, filter_: Filter) -> Any:
        """Write what can be said of one filter."""
        bound: list[BoundClause] = []
        spans: dict[int, Span] = {}
        place = 0
        for written in filter_:
            clause = bind(written, self._schema)
            bound.append(clause)
            length = len(str(written))
            spans[id(clause)] = Span(place, place + length)
            place += length + 1
        ends, groups = _arrange(bound, None, self._row, 0)
        together = [([end.clause], end.condition) for end in ends]
        together += [(group.members, group.condition) for group in groups]
        # The plan keeps to the order of the clauses.
        together.sort(key=lambda one: spans[id(one[0][0])].start)
        parts = [self._written(index, members, spans, make) for members, make in together]
        return _joined(self._engine.join_all, parts, holds=True)

    def _written(
        self,
        index: int,
        bound: Sequence[BoundClause],
        spans: dict[int, Span],
        make: Callable[[], Condition],
    ) -> Any:
        clauses = tuple(clause.clause for clause in bound)
        try:
            condition = make()
            written = self._engine.write(condition)
        except InexactError as error:
            self.parts.append(PlanPart(index, clauses, Outcome.CHECKED, str(error)))
            first, last = spans[id(bound[0])], spans[id(bound[-1])]
            self.wrong.append(
                diagnose(
                    "FL221",
                    Span(first.start, last.end),
                    source_index=index,
                    engine=self._engine.name,
                    clauses=" and ".join(quoted(str(clause)) for clause in clauses),
                    reason=error,
                )
            )
            return True
        if isinstance(condition, Constant):
            reason = f"{'always' if condition.holds else 'never'}{self._why(bound[0])}"
            self.parts.append(PlanPart(index, clauses, Outcome.FOLDED, reason))
            return condition.holds
        self.parts.append(PlanPart(index, clauses, Outcome.PUSHED))
        return written

    def _why(self, clause: BoundClause) -> str:
        """Say of a clause that is true or false of every row what its name leads to."""
        name = quoted(clause.clause.name)
        if _step(clause, None, self._row, 0) is None:
            return f": there is no column {name}"
        place = _follow(clause, None, self._row, 0)
        words = "" if place is None or _goes_on(clause, place) else words_of(place.storage)
        return f": {name} holds {words}" if words else ""


# --- Following names ------------------------------------------------------------------------------


class _End(NamedTuple):
    """A clause whose name ends without having met a list, and how what it says is made."""

    clause: BoundClause
    condition: Callable[[], Condition]


class _Group(NamedTuple):
    """Clauses whose names go through the same list."""

    members: list[BoundClause]
    condition: Callable[[], Condition]


class _Place(NamedTuple):
    """Where a name leads to after some of its segments."""

    value: Value
    storage: Storage
    depth: int


def _arrange(
    bound: Iterable[BoundClause],
    value: Value | None,
    storage: Storage,
    depth: int,
    level: int = 0,
    *,
    positive: bool = False,
) -> tuple[list[_End], list[_Group]]:
    """Follow every clause's name from one object, as `paths.arrange` does in a record."""
    ends: list[_End] = []
    lists: dict[tuple[str, ...], _Place] = {}
    members: dict[tuple[str, ...], list[BoundClause]] = {}
    for clause in bound:
        place = _follow(clause, value, storage, depth)
        if place is not None and isinstance(place.storage, ListOf) and _goes_on(clause, place):
            path = clause.path[: place.depth]
            lists[path] = place
            members.setdefault(path, []).append(clause)
        else:

            def said(clause: BoundClause = clause, place: _Place | None = place) -> Condition:
                found = _end(clause, place, level)
                return negated(found) if clause.negative and not positive else found

            ends.append(_End(clause, said))
    groups: list[_Group] = []
    for path, together in members.items():

        def all_said(
            together: list[BoundClause] = together, place: _Place = lists[path]
        ) -> Condition:
            return _group(together, place, level, positive=positive)

        groups.append(_Group(together, all_said))
    return ends, groups


def _goes_on(clause: BoundClause, place: _Place) -> bool:
    return place.depth < len(clause.path)


def _follow(
    clause: BoundClause, value: Value | None, storage: Storage, depth: int
) -> _Place | None:
    """Go to the end of a name, or to the first list or map on its way; None if there is nothing."""
    place = _Place(value, storage, depth) if value is not None else None
    while place is None or (_goes_on(clause, place) and isinstance(place.storage, StructOf)):
        stepped = _step(clause, *((value, storage, depth) if place is None else place))
        if stepped is None:
            return None
        place = stepped
    if _goes_on(clause, place) and not isinstance(place.storage, ListOf | MapOf | Unknown):
        return None
    return place


def _step(clause: BoundClause, value: Value | None, storage: Storage, depth: int) -> _Place | None:
    """Go one step into a struct: the whole rest of the name as one field first (rule 1)."""
    assert isinstance(storage, StructOf)
    whole = ".".join(clause.path[depth:])
    for name, reached in ((whole, len(clause.path)), (clause.path[depth], depth + 1)):
        if name in storage.fields:
            found = Column(name) if value is None else Member(value, name)
            return _Place(found, storage.fields[name], reached)
    return None


def _end(clause: BoundClause, place: _Place | None, level: int) -> Condition:
    """Say of what a name leads to, without a list on the way, what a clause asks, not negated."""
    if place is None:
        return Constant(clause.of_missing)
    if not _goes_on(clause, place):
        return _found(clause, place.value, place.storage, level)
    if isinstance(place.storage, MapOf):
        return _in_map(clause, place, level)
    assert isinstance(place.storage, Unknown)
    raise InexactError(place.storage.reason)


def _in_map(clause: BoundClause, place: _Place, level: int) -> Condition:
    """Look for the rest of a name in a map: as one key first, else for its first segment."""
    assert isinstance(place.storage, MapOf)
    mapping, inner = place.value, place.storage.value
    first, *rest = clause.path[place.depth :]
    if not rest:
        return _found(clause, Entry(mapping, first), inner, level)
    whole = ".".join([first, *rest])
    if isinstance(inner, StructOf | MapOf | ListOf | Unknown):
        message = "a name goes on behind a key of a map, which may also be the rest of the name"
        raise InexactError(message)
    is_there = HasKey(mapping, whole)
    missing = Constant(clause.of_missing)
    found = _found(clause, Entry(mapping, whole), inner, level)
    return some([every([is_there, found]), every([negated(is_there), missing])])


def _found(clause: BoundClause, value: Value, storage: Storage, level: int) -> Condition:
    """Ask the clause, not negated, of a value, or of the elements of a list (rule 5)."""
    if not isinstance(storage, ListOf):
        return passes(clause, value, storage)
    passed = _any(value, storage, level, lambda one, of, _level: passes_one(clause, one, of))
    if not clause.of_missing:
        return passed
    # What a schema reads as missing is no element.
    filled = _any(value, storage, level, lambda one, of, _level: negated(missing(clause, one, of)))
    return some([negated(filled), passed])


def _has_elements(value: Value, storage: ListOf, level: int) -> Condition:
    """Return whether a list has an element that isn't null, also in the lists in it."""
    return _any(value, storage, level, lambda _one, _of, _level: every([]))


def _any(
    value: Value, storage: ListOf, level: int, ask: Callable[[Value, Storage, int], Condition]
) -> Condition:
    """Return whether an element that isn't missing passes; lists in the list are a part of it."""
    element, inner = Element(level), storage.element
    if isinstance(inner, ListOf):
        condition = _any(element, inner, level + 1, ask)
    else:
        there = negated(IsMissing(element, inner))
        asked = ask(element, inner, level + 1)
        condition = every([there, asked])
    return (
        condition
        if isinstance(condition, Constant)
        else AnyElement(value, storage, level, condition)
    )


def _all_hold(
    bound: Sequence[BoundClause],
    value: Value,
    storage: Storage,
    depth: int,
    level: int,
    *,
    positive: bool,
) -> Condition:
    ends, groups = _arrange(bound, value, storage, depth, level, positive=positive)
    return every(one.condition() for one in [*ends, *groups])


def _group(
    members: Sequence[BoundClause], place: _Place, level: int, *, positive: bool
) -> Condition:
    """Say of a list of objects what a group of clauses does (rule 6)."""
    value, storage, depth = place
    assert isinstance(storage, ListOf)
    turned = [member.negative and not positive for member in members]
    of_missing = all(
        member.of_missing is not is_turned
        for member, is_turned in zip(members, turned, strict=True)
    )

    def ask(asked: Sequence[BoundClause], *, positive: bool) -> Condition:
        return _any(
            value,
            storage,
            level,
            lambda one, of, inner: _all_hold(asked, one, of, depth, inner, positive=positive),
        )

    if all(turned):
        said = every(negated(ask([member], positive=True)) for member in members)
    else:
        said = ask(members, positive=positive)
    filled = _has_elements(value, storage, level)
    if of_missing:
        return some([negated(filled), said])
    return every([filled, said]) if all(turned) else said
