"""Filters and the kinds of columns → a plan: what is asked of each row, and what can't be asked.

Names are followed here, once for all rows, as rules 1, 5 and 6 of the language follow them in each
record. What holds of no row or of all is folded, and what an engine can't say exactly is left out
with all clauses that have to hold of one element with it.
"""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from operator import and_, or_
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.plan.comparisons import passes, passes_one
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
from filterlang.backends.plan.storage import ListOf, MapOf, StructOf, Unknown
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.errors import SchemaError, UnsupportedError, diagnose
from filterlang.semantics.probes import Probe
from filterlang.syntax.nodes import unparse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Kind, Kinds
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Schema
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
        >>> plan = explain_plan(polars.DataFrame({"score": [7]}), "score>5.5;plan==gold")
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
            text = ";".join(map(str, part.clauses))
            reason = f"  ({part.reason})" if part.reason else ""
            lines.append(f"  {part.outcome:<13}  {text}{reason}")
        return "\n".join(lines)


# --- Making one -----------------------------------------------------------------------------------


class Engine(NamedTuple):
    """What a plan has to know of an engine and the frame in hand."""

    name: str
    kinds: Kinds
    write: Callable[[Condition], Any]
    """Writes a condition as the engine has it, or raises `InexactError`."""


class Planned(NamedTuple):
    """What an engine can say of filters, and what it leaves out."""

    plan: Plan
    written: Any
    """A condition as the engine has it, or what holds of all rows."""
    error: UnsupportedError | None
    """What to raise where the condition has to be exact."""


def plan_filters(
    filters: FilterSet, engine: Engine, schema: Schema | None, *, strict: bool = False
) -> Planned:
    """Plan filters for an engine and the columns of a frame.

    Raises:
        SchemaError: if strict, for names that no column has.
    """
    planner = _Planner(engine, schema, strict=strict)
    written = [planner.filter(index, one) for index, one in enumerate(filters)]
    source = unparse(filters)
    if planner.unknown:
        raise SchemaError(planner.unknown, source)
    error = UnsupportedError(planner.wrong, source) if planner.wrong else None
    joined = _joined(or_, written, holds=not written)
    return Planned(Plan(engine.name, tuple(planner.parts)), joined, error)


def _joined(join: Callable[[Any, Any], Any], parts: Iterable[Any], *, holds: bool) -> Any:  # noqa: ANN401 — what an engine has, or a constant
    """Join what an engine has with AND or OR; `holds` says what none of them say together."""
    kept: list[Any] = []
    for part in parts:
        if part is (not holds):
            return part
        if part is not holds:
            kept.append(part)
    return balanced(join, kept) if kept else holds


class _Planner:
    def __init__(self, engine: Engine, schema: Schema | None, *, strict: bool) -> None:
        self._engine = engine
        self._row = StructOf(engine.kinds)
        self._schema = schema
        self._strict = strict
        self.parts: list[PlanPart] = []
        self.wrong: list[Diagnostic] = []
        self.unknown: list[Diagnostic] = []

    def filter(self, index: int, filter_: Filter) -> Any:  # noqa: ANN401 — what the engine has
        """Write what can be said of one filter."""
        probes: list[Probe] = []
        spans: dict[int, Span] = {}
        place = 0
        for clause in filter_:
            probe = _probe(clause, self._schema)
            probes.append(probe)
            length = len(str(clause))
            spans[id(probe)] = Span(place, place + length)
            place += length + 1
            if self._strict:
                self._look_for(probe, index, spans[id(probe)])
        ends, groups = _arrange(probes, None, self._row, 0)
        together = [([end.probe], end.condition) for end in ends]
        together += [(group.members, group.condition) for group in groups]
        # The plan keeps to the order of the clauses.
        together.sort(key=lambda one: probes.index(one[0][0]))
        written = [self._written(index, members, spans, make) for members, make in together]
        return _joined(and_, written, holds=True)

    def _look_for(self, probe: Probe, index: int, span: Span) -> None:
        name = probe.segments[0]
        # pandas has columns whose names aren't texts.
        found: Iterable[object] = self._row.fields
        fields = [field for field in found if isinstance(field, str)]
        if name not in fields and ".".join(probe.segments) not in fields:
            near = get_close_matches(name, fields, n=3, cutoff=0.7)
            names = ", ".join(map(quoted, near or fields)) or "none"
            self.unknown.append(
                diagnose(
                    "FL501",
                    span,
                    source_index=index,
                    case="near" if near else None,
                    name=quoted(probe.clause.name),
                    names=names,
                )
            )

    def _written(
        self,
        index: int,
        probes: Sequence[Probe],
        spans: dict[int, Span],
        make: Callable[[], Condition],
    ) -> Any:  # noqa: ANN401 — what the engine has, or a constant
        clauses = tuple(probe.clause for probe in probes)
        try:
            condition = make()
            written = self._engine.write(condition)
        except InexactError as error:
            self.parts.append(PlanPart(index, clauses, Outcome.CHECKED, str(error)))
            first, last = spans[id(probes[0])], spans[id(probes[-1])]
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
            reason = "always" if condition.holds else "never"
            if self._is_unknown(probes[0]):
                reason += f": there is no column {quoted(probes[0].clause.name)}"
            self.parts.append(PlanPart(index, clauses, Outcome.FOLDED, reason))
            return condition.holds
        self.parts.append(PlanPart(index, clauses, Outcome.PUSHED))
        return written

    def _is_unknown(self, probe: Probe) -> bool:
        return _step(probe, None, self._row, 0) is None


def _probe(clause: Clause, schema: Schema | None) -> Probe:
    found = None if schema is None else schema.find(clause.name)
    if found is None:
        return Probe(clause)
    return Probe(clause, found.name, None if found.dimension is None else found.dimension.type)


# --- Following names ------------------------------------------------------------------------------


class _End(NamedTuple):
    """A clause whose name ends without having met a list, and how what it says is made."""

    probe: Probe
    condition: Callable[[], Condition]


class _Group(NamedTuple):
    """Clauses whose names go through the same list."""

    members: list[Probe]
    condition: Callable[[], Condition]


class _Place(NamedTuple):
    """Where a name leads to after some of its segments."""

    value: Value
    kind: Kind
    depth: int


def _arrange(  # noqa: PLR0913 — a place in the frame, and what is asked there
    probes: Iterable[Probe],
    value: Value | None,
    kind: Kind,
    depth: int,
    level: int = 0,
    *,
    positive: bool = False,
) -> tuple[list[_End], list[_Group]]:
    """Follow every clause's name from one object, as `semantics.arrange` does in a record."""
    ends: list[_End] = []
    lists: dict[tuple[str, ...], _Place] = {}
    members: dict[tuple[str, ...], list[Probe]] = {}
    for probe in probes:
        place = _follow(probe, value, kind, depth)
        if place is not None and isinstance(place.kind, ListOf) and _goes_on(probe, place):
            path = probe.segments[: place.depth]
            lists[path] = place
            members.setdefault(path, []).append(probe)
        else:

            def said(probe: Probe = probe, place: _Place | None = place) -> Condition:
                found = _end(probe, place, level)
                return negated(found) if probe.negative and not positive else found

            ends.append(_End(probe, said))
    groups: list[_Group] = []
    for path, together in members.items():

        def all_said(together: list[Probe] = together, place: _Place = lists[path]) -> Condition:
            return _group(together, place, level, positive=positive)

        groups.append(_Group(together, all_said))
    return ends, groups


def _goes_on(probe: Probe, place: _Place) -> bool:
    return place.depth < len(probe.segments)


def _follow(probe: Probe, value: Value | None, kind: Kind, depth: int) -> _Place | None:
    """Go to the end of a name, or to the first list or map on its way; None if there is nothing."""
    place = _Place(value, kind, depth) if value is not None else None
    while place is None or (_goes_on(probe, place) and isinstance(place.kind, StructOf)):
        stepped = _step(probe, *((value, kind, depth) if place is None else place))
        if stepped is None:
            return None
        place = stepped
    if _goes_on(probe, place) and not isinstance(place.kind, ListOf | MapOf | Unknown):
        return None
    return place


def _step(probe: Probe, value: Value | None, kind: Kind, depth: int) -> _Place | None:
    """Go one step into a struct: the whole rest of the name as one field first (rule 1)."""
    assert isinstance(kind, StructOf)  # noqa: S101 — asked by the caller
    whole = ".".join(probe.segments[depth:])
    for name, reached in ((whole, len(probe.segments)), (probe.segments[depth], depth + 1)):
        if name in kind.fields:
            found = Column(name) if value is None else Member(value, name)
            return _Place(found, kind.fields[name], reached)
    return None


def _end(probe: Probe, place: _Place | None, level: int) -> Condition:
    """Say of what a name leads to, without a list on the way, what a clause asks, not negated."""
    if place is None:
        return Constant(probe.passes(None))
    if not _goes_on(probe, place):
        return _found(probe, place.value, place.kind, level)
    if isinstance(place.kind, MapOf):
        return _in_map(probe, place, level)
    assert isinstance(place.kind, Unknown)  # noqa: S101 — names go on behind nothing else
    message = f"nothing is known of the values of a column of type {place.kind.name}"
    raise InexactError(message)


def _in_map(probe: Probe, place: _Place, level: int) -> Condition:
    """Look for the rest of a name in a map: as one key first, else for its first segment."""
    assert isinstance(place.kind, MapOf)  # noqa: S101 — asked by the caller
    mapping, inner = place.value, place.kind.value
    first, *rest = probe.segments[place.depth :]
    if not rest:
        return _found(probe, Entry(mapping, first), inner, level)
    whole = ".".join([first, *rest])
    if isinstance(inner, StructOf | MapOf | ListOf | Unknown):
        message = "a name goes on behind a key of a map, which may also be the rest of the name"
        raise InexactError(message)
    is_there = HasKey(mapping, whole)
    missing = Constant(probe.passes(None))
    found = _found(probe, Entry(mapping, whole), inner, level)
    return some([every([is_there, found]), every([negated(is_there), missing])])


def _found(probe: Probe, value: Value, kind: Kind, level: int) -> Condition:
    """Ask the clause, not negated, of a value, or of the elements of a list (rule 5)."""
    if not isinstance(kind, ListOf):
        return passes(probe, value, kind)
    passed = _any(value, kind, level, lambda one, of, _level: passes_one(probe, one, of))
    return (
        some([negated(_has_elements(value, kind, level)), passed]) if probe.passes(None) else passed
    )


def _has_elements(value: Value, kind: ListOf, level: int) -> Condition:
    """Whether a list has an element that isn't missing, also in the lists in it."""
    return _any(value, kind, level, lambda _one, _of, _level: every([]))


def _any(
    value: Value, kind: ListOf, level: int, ask: Callable[[Value, Kind, int], Condition]
) -> Condition:
    """Whether an element that isn't missing passes; lists in the list are a part of it."""
    element, inner = Element(level), kind.element
    if isinstance(inner, ListOf):
        condition = _any(element, inner, level + 1, ask)
    else:
        there = negated(IsMissing(element, inner))
        asked = ask(element, inner, level + 1)
        condition = every([there, asked])
    return (
        condition if isinstance(condition, Constant) else AnyElement(value, kind, level, condition)
    )


def _all_hold(  # noqa: PLR0913 — as above
    probes: Sequence[Probe], value: Value, kind: Kind, depth: int, level: int, *, positive: bool
) -> Condition:
    ends, groups = _arrange(probes, value, kind, depth, level, positive=positive)
    return every(one.condition() for one in [*ends, *groups])


def _group(members: Sequence[Probe], place: _Place, level: int, *, positive: bool) -> Condition:
    """Say of a list of objects what a group of clauses does (rule 6)."""
    value, kind, depth = place
    assert isinstance(kind, ListOf)  # noqa: S101 — asked by the caller
    turned = [member.negative and not positive for member in members]
    of_missing = all(
        member.passes(None) is not is_turned
        for member, is_turned in zip(members, turned, strict=True)
    )

    def ask(asked: Sequence[Probe], *, positive: bool) -> Condition:
        return _any(
            value,
            kind,
            level,
            lambda one, of, inner: _all_hold(asked, one, of, depth, inner, positive=positive),
        )

    if all(turned):
        said = every(negated(ask([member], positive=True)) for member in members)
    else:
        said = ask(members, positive=positive)
    filled = _has_elements(value, kind, level)
    if of_missing:
        return some([negated(filled), said])
    return every([filled, said]) if all(turned) else said
