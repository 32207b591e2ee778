"""What a comparison means on Python values: the rules of docs/reference/language.md, plainly.

`Probe` is one clause made ready to be asked; `holds` asks all clauses of a filter of one record.
Here the rules are written to be read; whatever is faster has to give the same verdicts.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cached_property
from numbers import Integral, Number, Real
from operator import eq, ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from filterlang.escaping import Wildcard
from filterlang.nodes import Pattern
from filterlang.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from filterlang.nodes import Clause

# --- Case -----------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """Fold a text for comparison without case; every character stays one character.

    İ becomes i, then each code point is lowered by itself, then ς becomes σ.

    Example:
        >>> fold("ΣΊΣΥΦΟΣ İZMİR STRASSE ß")
        'σίσυφοσ izmir strasse ß'
    """
    if text.isascii():
        return text.lower()
    # A capital sigma would be lowered by its place in the word, so it goes first.
    return text.replace("İ", "i").replace("Σ", "σ").lower().replace("ς", "σ")


# --- Reading expressions ---------------------------------------------------------------------------

_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_EPOCH = re.compile(r"-?[0-9]+")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?)?"
)
_BOOLEANS = {"true": True, "false": False}
_EPOCH_DATE = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_BEYOND_ALL_DATES = 10**20
"""Microseconds; no date that Python knows is as far from 1970."""


def read_number(expression: str) -> Decimal | None:
    """Read JSON number syntax exactly; None for anything else.

    An exponent that no `Decimal` can hold makes an infinity, or the smallest number there is,
    which are ordered as the number itself would be.
    """
    found = _NUMBER.fullmatch(expression)
    if found is None:
        return None
    try:
        return Decimal(expression)
    except InvalidOperation:
        sign, whole, fraction, exponent = found.groups()
        if not (whole + (fraction or "")).strip("0"):
            return Decimal(0)
        tiny = exponent is not None and exponent.startswith("-")
        return Decimal(sign + ("1e-999999999999999999" if tiny else "Infinity"))


def read_boolean(expression: str) -> bool | None:
    """Read `true` and `false` in any case; None for anything else."""
    return _BOOLEANS.get(fold(expression))


def read_instant(expression: str) -> int | None:
    """Read epoch milliseconds, a date or a date and time as microseconds since 1970, UTC.

    Without a zone a time is UTC; fractions are cut to microseconds; None for anything else.

    Example:
        >>> read_instant("1970-01-02"), read_instant("1970-01-01T01:00:00.5+01:00")
        (86400000000, 500000)
    """
    if _EPOCH.fullmatch(expression):
        digits = expression.lstrip("-").lstrip("0")
        if len(digits) > len(str(_BEYOND_ALL_DATES)):
            return -_BEYOND_ALL_DATES if expression.startswith("-") else _BEYOND_ALL_DATES
        return int(expression) * 1000
    found = _INSTANT.fullmatch(expression)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, _, sign, ahead_hours, ahead_minutes = (
        found.groups()
    )
    try:
        local = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "")[:6].ljust(6, "0")),
            tzinfo=UTC,
        )
        # An offset follows the rules of a time of day: at most 23:59.
        ahead = datetime(1970, 1, 1, int(ahead_hours or 0), int(ahead_minutes or 0), tzinfo=UTC)
    except ValueError:
        return None
    offset = instant_of(ahead)
    return instant_of(local) - (-offset if sign == "-" else offset)


def instant_of(value: date) -> int:
    """Give a date (its midnight) or datetime as microseconds since 1970; without a zone it is UTC."""
    if not isinstance(value, datetime):
        return (value.toordinal() - _EPOCH_DATE.toordinal()) * 86_400_000_000
    if value.utcoffset() is None:
        value = value.replace(tzinfo=UTC)
    return (value - _EPOCH_DATE) // _MICROSECOND


# --- The text of values, for patterns --------------------------------------------------------------

_PLAIN_BELOW = 21
"""RFC 8785 writes numbers with up to this many digits before the point without an exponent."""
_MOST_DIGITS = 1_000_000
"""A decimal with more digits in plain notation is written with an exponent."""


def text_of(value: object) -> str | None:
    """Give the text of a scalar that patterns are matched against, before folding.

    None for a mapping, bytes and any other value that equals nothing.
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return _integer_text(value)
        case float():
            return _float_text(value)
        case Decimal():
            return _decimal_text(value)
        case datetime():
            return _datetime_text(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return None


def _integer_text(value: int) -> str:
    # An integer keeps all its digits, also where a double, and so RFC 8785, could not tell it
    # from its neighbours.
    if abs(value) < 10**_PLAIN_BELOW:
        return str(int(value))
    try:
        return _float_text(float(value))
    except OverflowError:
        return f"{Decimal(value):f}"


def _float_text(value: float) -> str:
    """Write a double as RFC 8785 (and so ECMAScript) does: the shortest digits that tell it."""
    if value in {float("inf"), float("-inf")}:
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(float.__repr__(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    assert isinstance(exponent, int)  # noqa: S101 — infinities and NaN are not here
    point = len(digits) + exponent
    if len(text) <= point <= _PLAIN_BELOW:
        text = text.ljust(point, "0")
    elif 0 < point <= _PLAIN_BELOW:
        text = f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:  # noqa: PLR2004 — 1e-6 is the smallest number that RFC 8785 writes plainly
        text = "0." + "0" * -point + text
    else:
        fraction = f".{text[1:]}" if len(text) > 1 else ""
        text = f"{text[0]}{fraction}e{point - 1:+d}"
    return "-" + text if sign else text


def _decimal_text(value: Decimal) -> str:
    if value.is_infinite():
        return "Infinity" if value > 0 else "-Infinity"
    return f"{value:f}" if abs(value.adjusted()) < _MOST_DIGITS else str(value)


def _datetime_text(value: datetime) -> str:
    instant = instant_of(value)
    days, microseconds = divmod(instant, 86_400_000_000)
    # 400 years are a whole number of weeks; shifted by them, every offset stays within `datetime`.
    shift = 400 if days < 0 else -400
    moment = _EPOCH_DATE + timedelta(days=days + shift // 400 * 146_097, microseconds=microseconds)
    fraction = f".{moment.microsecond:06d}".rstrip("0").rstrip(".")
    return f"{moment.year - shift:04d}-{moment:%m-%dT%H:%M:%S}{fraction}Z"


# --- Kinds of values -------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Give the value of an enum member, of a foreign number the Python number, else the value."""
    while isinstance(value, Enum):
        value = value.value
    if isinstance(value, int | float | str | Decimal):
        return value
    # NumPy's numbers and their like; the values that compare as numbers, whatever made them.
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else value


def is_missing(value: object) -> bool:
    """Whether a value is null: None, NaN, or a date that is none (it isn't equal to itself)."""
    if value is None:
        return True
    if isinstance(value, Decimal):
        return value.is_nan()
    return isinstance(value, float | date) and value != value  # noqa: PLR0124 — the test for NaN


def is_list(value: object) -> bool:
    """Whether a value is a list to the language: of its elements, any may pass a test."""
    if isinstance(value, tuple):
        return not hasattr(value, "_fields")  # a named tuple is an object
    return isinstance(value, list | set | frozenset | deque)


def elements(value: Iterable[object]) -> list[Any]:
    """Give the elements of a list, those of lists in it in their place, without null ones."""
    found: list[Any] = []
    seen = {id(value)}
    rest = [iter(value)]
    while rest:
        for element in rest[-1]:
            value = plain(element)
            if is_list(value):
                # A list that holds itself adds nothing the second time.
                if id(value) not in seen:
                    seen.add(id(value))
                    rest.append(iter(value))
                    break
            elif not is_missing(value):
                found.append(value)
        else:
            rest.pop()
    return found


_NO_ATTRIBUTES = (str, bytes, bytearray, memoryview, Number, date, time, timedelta, UUID)
_NOT_FOUND: Final = None
"""What isn't found is missing, as None is."""


# --- One clause ------------------------------------------------------------------------------------

_RELATIONS: dict[Operator, Callable[[Any, Any], bool]] = {
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
        self._relation = _RELATIONS[operator]

    @cached_property
    def text(self) -> str:
        return fold(self.expression)

    @cached_property
    def number(self) -> Decimal | None:
        return read_number(self.expression)

    @cached_property
    def double(self) -> float | None:
        return None if self.number is None else float(self.expression)

    @cached_property
    def boolean(self) -> bool | None:
        return read_boolean(self.expression)

    @cached_property
    def instant(self) -> int | None:
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
        head, *middle = map(_Fragment, fragments)
        self._head = head
        self._tail = middle.pop() if middle else None
        self._middle = [fragment for fragment in middle if fragment.length]
        self._least = sum(_Fragment(fragment).length for fragment in fragments)

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
            source = "".join("." if part is Wildcard.ONE else re.escape(part) for part in parts)
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

    A negative clause (`!=`, `!~`) is asked as its complement, and the answer turned round.
    """

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        self.segments = clause.segments
        self.negative = clause.operator.negative
        expression = clause.expression
        self._test: Comparison | Wildcards
        if isinstance(expression, Pattern):
            self._test = Wildcards(expression)
        else:
            operator = Operator.EQ if clause.operator is Operator.NE else clause.operator
            self._test = Comparison(operator, expression)
        self._wants_empty = expression == ""

    def passes(self, found: object) -> bool:
        """Whether what the name leads to equals, matches or is ordered as asked, not yet negated."""
        if is_list(found):
            values = elements(found)  # type: ignore[arg-type]  # it is a list
        else:
            values = [] if is_missing(found) else [found]
        if not values:
            return self._wants_empty
        return any(self._passes_one(value) for value in values)

    def _passes_one(self, value: object) -> bool:
        try:
            return self._test.passes(value)
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

    def _step(self, value: Any, depth: int) -> tuple[object, int]:
        end = len(self.segments)
        segment = self.segments[depth]
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


# --- All clauses of a filter -----------------------------------------------------------------------


class Group:
    """Clauses whose names go through the same list of objects, and that list's elements."""

    def __init__(self, path: tuple[str, ...], found: Iterable[object]) -> None:
        self.path = path
        self.elements = elements(found)
        self.members: list[Probe] = []


def arrange(
    probes: Iterable[Probe], record: object, depth: int = 0
) -> tuple[list[tuple[Probe, object]], list[Group]]:
    """Follow every clause's name: give what the names lead to, and the groups that stopped at a list.

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


def holds(probes: Sequence[Probe], record: object) -> bool:
    """Whether all clauses of one filter hold of one record; never raises for the record's content.

    Runs without recursion, so that no record can be nested too deeply.
    """
    if is_list(record):
        record = None  # a list has no attributes
    running: list[_Questions] = [_all_hold(probes, record, 0)]
    answer = None
    while True:
        try:
            # A question is what another run has to answer before this one goes on.
            running.append(_all_hold(*running[-1].send(answer)))
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
    probes: Sequence[Probe], record: object, depth: int, ignore_negation: bool = False  # noqa: FBT001, FBT002 — passed on as data
) -> _Questions:
    ends, groups = arrange(probes, record, depth)
    for probe, found in ends:
        if probe.passes(found) is (probe.negative and not ignore_negation):
            return False
    for group in groups:
        members, inner = group.members, len(group.path)
        together = ignore_negation or any(not member.negative for member in members)
        if not group.elements:
            if not all(
                member.passes(None) is not (member.negative and not ignore_negation)
                for member in members
            ):
                return False
        elif together:
            for element in group.elements:
                if (yield members, element, inner, ignore_negation):
                    break
            else:
                return False
        else:
            for member in members:
                for element in group.elements:
                    if (yield [member], element, inner, True):
                        return False
    return True


def values_at(probe: Probe, record: object) -> list[object]:
    """Give all values that a clause's name leads to, through lists too; empty when it is missing."""
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
