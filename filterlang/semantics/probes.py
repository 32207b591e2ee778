"""To go: what the second tree replaces, for those that are not on it yet.

`Probe` is one clause made ready to be asked; `holds` asks all clauses of a filter of one record.
Here the rules are written to be read; whatever is faster has to give the same verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cached_property, partial
from numbers import Number
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from filterlang.semantics.reading import READINGS, read_as
from filterlang.semantics.values import (
    elements,
    fold,
    instant_of,
    is_list,
    is_missing,
    plain,
    read_boolean,
    read_exact_number,
    read_instant,
    text_of,
)
from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.nodes import Pattern
from filterlang.syntax.operators import Operator

READERS = {
    type_: partial(read_as, reading) for type_, reading in READINGS.items() if type_ != "object"
}

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from filterlang.semantics.values import Extreme
    from filterlang.syntax.nodes import Clause

_NO_ATTRIBUTES = (str, bytes, bytearray, memoryview, Number, date, time, timedelta, UUID)
_NOT_FOUND: Final = None
"""What isn't found is missing, as None is."""


# --- One clause -----------------------------------------------------------------------------------

RELATIONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQ: eq,
    Operator.LT: lt,
    Operator.LE: le,
    Operator.GT: gt,
    Operator.GE: ge,
}


class Comparison:
    """`==` or an order operator and its expression, read once for each type that asks for it."""

    def __init__(self, operator: Operator, expression: str) -> None:
        self.operator = operator
        self.expression = expression
        self._relation = RELATIONS[operator]

    @cached_property
    def text(self) -> str:
        """The folded expression."""
        return fold(self.expression)

    @cached_property
    def number(self) -> Decimal | Extreme | None:
        """The expression as an exact number, if it is one."""
        return read_exact_number(self.expression)

    @cached_property
    def double(self) -> float | None:
        """The expression as the nearest double, if it is a number."""
        return None if self.number is None else float(self.expression)

    @cached_property
    def boolean(self) -> bool | None:
        """The expression as a truth value, if it is one."""
        return read_boolean(self.expression)

    @cached_property
    def instant(self) -> int | None:
        """The expression in microseconds since 1970, if it is a date."""
        return read_instant(self.expression)

    def passes(self, value: object) -> bool:
        """Whether one value that isn't missing compares as asked; the value sets the type."""
        match value:
            case str():
                return self._relation(fold(value), self.text)
            case bool():
                return self.operator is Operator.EQ and value is self.boolean
            case int() | Decimal():
                return self.number is not None and self._relation(value, self.number)
            case float():
                return self.double is not None and self._relation(value, self.double)
            case date():
                return self.instant is not None and self._relation(instant_of(value), self.instant)
            case UUID():
                return self._relation(str(value), self.text)
            case _:
                return False


class Wildcards:
    """A pattern, compared with the folded text of a value in at most text × pattern steps.

    The literal beginning and end are looked at in their place. What lies between two `*` is then
    searched from left to right, and the first place where it is found is as good as any.
    """

    def __init__(self, pattern: Pattern) -> None:
        fragments: list[list[str | Wildcard]] = [[]]
        for part in pattern.parts:
            if part is Wildcard.RUN:
                fragments.append([])
            else:
                fragments[-1].append(part if isinstance(part, Wildcard) else fold(part))
        head, *middle = made = [_Fragment(fragment) for fragment in fragments]
        self._head = head
        self._tail = middle.pop() if middle else None
        self._middle = [fragment for fragment in middle if fragment.length]
        self._least = sum([fragment.length for fragment in made])

    def passes(self, value: object) -> bool:
        """Whether the text of one value that isn't missing matches."""
        text = text_of(value)
        return text is not None and self.matches(fold(text))

    def matches(self, folded: str) -> bool:
        """Whether a folded text matches, as a whole."""
        length = len(folded)
        if self._tail is None:
            return length == self._least and self._head.stands(folded, 0)
        end = length - self._tail.length
        if (
            length < self._least
            or not self._head.stands(folded, 0)
            or not self._tail.stands(folded, end)
        ):
            return False
        position = self._head.length
        for fragment in self._middle:
            position = fragment.find(folded, position, end)
            if position < 0:
                return False
            position += fragment.length
        return True


class _Fragment:
    """A part of a pattern without `*`, so of a fixed length."""

    def __init__(self, parts: list[str | Wildcard]) -> None:
        self.length = sum(len(part) if isinstance(part, str) else 1 for part in parts)
        self._literal = "".join(part for part in parts if isinstance(part, str))
        self._regex = None
        if len(self._literal) < self.length:
            source = "".join(re.escape(part) if isinstance(part, str) else "." for part in parts)
            self._regex = re.compile(source, re.DOTALL)

    def stands(self, text: str, position: int) -> bool:
        if self._regex is None:
            return text.startswith(self._literal, position)
        return self._regex.match(text, position) is not None

    def find(self, text: str, start: int, end: int) -> int:
        if self._regex is None:
            return text.find(self._literal, start, end)
        found = self._regex.search(text, start, end)
        return -1 if found is None else found.start()


class Probe:
    """One clause, ready to be asked of records.

    A negative clause (`!=`, `!~`) is asked as its complement, and the answer turned round. Where a
    schema is known, `name` is the clause's name with aliases resolved, and `type` what values are
    to be read as.
    """

    segments: tuple[str, ...]
    negative: bool

    def __init__(self, clause: Clause, name: str | None = None, type_: str | None = None) -> None:
        self.clause = clause
        self.segments = tuple((name or clause.name).split("."))
        self.type = type_
        self._read = READERS.get(type_) if type_ else None
        self.negative = clause.operator.negative
        self._wants_empty = clause.expression == ""

    @cached_property
    def _test(self) -> Comparison | Wildcards:
        # Most records are judged by generated code, and never ask for it.
        expression, operator = self.clause.expression, self.clause.operator
        if isinstance(expression, Pattern):
            return Wildcards(expression)
        return Comparison(Operator.EQ if operator is Operator.NE else operator, expression)

    def passes(self, found: object) -> bool:
        """Whether what the name leads to compares as asked, not yet negated."""
        values = elements(found) if is_list(found) else [found]  # type: ignore[arg-type]  # it is a list
        if self._read is not None:
            values = [self._read(value) for value in values]
        values = [value for value in values if not is_missing(value)]
        if not values:
            return self._wants_empty
        return any(self._passes_one(value) for value in values)

    def judges(self, value: object) -> bool:
        """Say as `passes` does of a value as the record holds it, which may belong to an enum."""
        try:
            return self.passes(plain(value))
        except Exception:  # noqa: BLE001 — rule 1: what raises when it is looked at is missing
            return self._wants_empty

    def _passes_one(self, value: object) -> bool:
        try:
            return bool(self._test.passes(value))
        except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
            return False

    def reach(self, value: object, depth: int) -> tuple[object, int]:
        """Follow the name from its segment `depth` on, to its end or to the first list on the way.

        Gives what stands there and the number of segments used; what isn't there is None.
        """
        end = len(self.segments)
        try:
            while depth < end and not is_list(value):
                value, depth = self._step(value, depth)
                value = plain(value)
        except Exception:  # noqa: BLE001 — rule 1: what raises when it is looked at is missing
            return _NOT_FOUND, end
        return value, depth

    def _step(self, value: Any, depth: int) -> tuple[object, int]:  # noqa: ANN401 — of any type
        end = len(self.segments)
        segment = self.segments[depth]
        if isinstance(value, dict):
            # What a dict holds, whatever a subclass makes of looking it up.
            whole = ".".join(self.segments[depth:])
            if dict.__contains__(value, whole):
                return dict.__getitem__(value, whole), end
            return dict.get(value, segment), depth + 1
        if isinstance(value, Mapping):
            keys = value
        elif hasattr(type(value), "keys") and hasattr(type(value), "__getitem__"):
            # The rows of databases are read like mappings without being registered as such.
            keys = value.keys()
        elif value is None or isinstance(value, _NO_ATTRIBUTES) or segment.startswith("_"):
            return _NOT_FOUND, end
        else:
            found = getattr(value, segment)
            return (_NOT_FOUND, end) if callable(found) else (found, depth + 1)
        whole = ".".join(self.segments[depth:])
        if whole in keys:
            return value[whole], end
        return (value[segment], depth + 1) if segment in keys else (_NOT_FOUND, end)


# --- All clauses of a filter ----------------------------------------------------------------------


class Group:
    """Clauses whose names go through the same list of objects, and that list's elements."""

    elements: list[Any]

    def __init__(self, path: tuple[str, ...], found: Iterable[object]) -> None:
        self.path = path
        self.elements = elements(found)
        self.members: list[Probe] = []


def arrange(
    probes: Iterable[Probe], record: object, depth: int = 0
) -> tuple[list[tuple[Probe, object]], list[Group]]:
    """Follow every clause's name: give what the names lead to, and the groups they stopped at.

    `depth` says how many segments of the names already lead to `record`.
    """
    ends: list[tuple[Probe, object]] = []
    groups: dict[tuple[str, ...], Group] = {}
    for probe in probes:
        found, reached = probe.reach(record, depth)
        if reached == len(probe.segments):
            ends.append((probe, found))
        else:
            path = probe.segments[:reached]
            if path not in groups:
                groups[path] = Group(path, found)  # type: ignore[arg-type]  # it stopped at a list
            groups[path].members.append(probe)
    return ends, list(groups.values())


def holds(probes: Sequence[Probe], record: object, depth: int = 0) -> bool:
    """Whether all clauses of one filter hold of one record; never raises for the record's content.

    `depth` says how many segments of the names already lead to `record`. Runs without recursion, so
    that no record can be nested too deeply.
    """
    if is_list(record):
        record = None  # a list has no attributes
    running: list[_Questions] = [_all_hold(probes, record, depth)]
    answer = None
    while True:
        try:
            # A question is what another run has to answer before this one goes on.
            members, element, depth, positive = running[-1].send(answer)
            running.append(_all_hold(members, element, depth, positive=positive))
            answer = None
        except StopIteration as finished:
            running.pop()
            if not running:
                return bool(finished.value)
            answer = finished.value


if TYPE_CHECKING:
    _Question = tuple[Sequence[Probe], object, int, bool]
    _Questions = Generator[_Question, bool | None, bool]


def _all_hold(
    probes: Sequence[Probe], record: object, depth: int, *, positive: bool = False
) -> _Questions:
    """Ask the clauses of one object; `positive` asks a negative clause for its complement."""
    ends, groups = arrange(probes, record, depth)
    for probe, found in ends:
        if probe.passes(found) is (probe.negative and not positive):
            return False
    for group in groups:
        if not (yield from _group_holds(group, positive=positive)):
            return False
    return True


def _group_holds(group: Group, *, positive: bool) -> _Questions:
    members, depth = group.members, len(group.path)
    if not group.elements:
        return all(
            member.passes(None) is not (member.negative and not positive) for member in members
        )
    if positive or any(not member.negative for member in members):
        for element in group.elements:
            if (yield members, element, depth, positive):
                return True
        return False
    for member in members:
        for element in group.elements:
            if (yield [member], element, depth, True):
                return False
    return True


def values_at(probe: Probe, record: object) -> list[object]:
    """Give all values that a clause's name leads to, through lists too; none when it is missing."""
    if is_list(record):
        return []
    values: list[object] = []
    rest: list[tuple[object, int]] = [(record, 0)]
    while rest:
        found, reached = probe.reach(*rest.pop())
        if reached < len(probe.segments):
            rest += [(element, reached) for element in reversed(elements(found))]  # type: ignore[arg-type]  # it stopped at a list
        elif is_list(found):
            values += elements(found)  # type: ignore[arg-type]  # it is a list
        elif not is_missing(found):
            values.append(found)
    return values
