"""A second, naive statement of what a filter means for a record.

It was written from the description of the language alone, rule by rule and without a look at the
library's own evaluation, so that a mistake in one of the two shows as a difference between them.
It is slow, it recurses, and it knows only well-behaved values.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from itertools import groupby
from uuid import UUID

from filterlang import Clause, Filter, FilterSet, Pattern, Wildcard
from filterlang.semantics.instants import Instant

MISSING = object()
UNREADABLE = object()
COMPLEMENT = {"!=": "==", "!~": "~"}

Asked = tuple[tuple[str, ...], Clause]
"""A clause, and the segments of its name that are still to be walked."""


def matches(filters: FilterSet, record: object) -> bool:
    """Say whether a query matches: one of its filters must, and without any it does."""
    if len(filters) == 0:
        return True
    # In a record that is itself a list, a scalar or None every name is missing.
    start = MISSING if is_list(record) else record
    return any(filter_matches(filter_, start) for filter_ in filters)


def filter_matches(filter_: Filter, record: object) -> bool:
    return all_hold([(clause.segments, clause) for clause in filter_], record)


def all_hold(asked: list[Asked], record: object) -> bool:
    """Rule 6: clauses whose names go through the same list of objects are judged together."""
    walked = [(*walk(record, segments), clause) for segments, clause in asked]
    walked.sort(key=lambda way: way[0] or ())
    for path, ways in groupby(walked, key=lambda way: way[0]):
        if path is None:
            if not all(value_passes(clause, found) for _, found, _, clause in ways):
                return False
        elif not group_holds(list(ways)):
            return False
    return True


def group_holds(ways: list) -> bool:
    """Judge the clauses that go through one list; each way ends at that list's elements."""
    elements = ways[0][1]
    asked = [(rest, clause) for _, _, rest, clause in ways]
    if any(clause.operator not in COMPLEMENT for _, clause in asked):
        return any(all_hold(asked, element) for element in elements)
    return not any(
        all_hold([(rest, positive(clause))], element)
        for rest, clause in asked
        for element in elements
    )


def positive(clause: Clause) -> Clause:
    return Clause(clause.name, COMPLEMENT[clause.operator], clause.expression)


def walk(record: object, segments: tuple[str, ...]):
    """Rule 1: follow a name as far as it meets no list.

    Returns `(None, value, (), …)` where the name ends or goes astray, and otherwise the path to the
    list, its elements, and the segments that are left.
    """
    path: tuple[str, ...] = ()
    value = unwrapped(record)
    while segments:
        if is_list(value):
            elements = flat(value)
            # An empty list on the way is a missing value.
            return (path, elements, segments) if elements else (None, MISSING, ())
        if is_mapping(value):
            whole = ".".join(segments)
            if whole in value.keys():  # noqa: SIM118 — a row of a database has keys, but no `in`
                return None, value[whole], ()
            found = value[segments[0]] if segments[0] in value.keys() else MISSING  # noqa: SIM118 — as above
        else:
            found = attribute(value, segments[0])
        path += (segments[0],)
        value, segments = unwrapped(found), segments[1:]
    return None, value, ()


def attribute(value: object, name: str) -> object:
    scalar = (
        str | bytes | bytearray | int | float | complex | Decimal | Fraction | date | UUID | Instant
    )
    if value is None or value is MISSING or isinstance(value, scalar) or name.startswith("_"):
        return MISSING
    try:
        found = getattr(value, name)
    except Exception:  # noqa: BLE001 — whatever an attribute raises, it is missing
        return MISSING
    return MISSING if callable(found) else found


def unwrapped(value: object) -> object:
    """Rule 2: an enum is its value, and a number of another library the number of Python."""
    while isinstance(value, Enum):
        value = value.value
    return float(value) if isinstance(value, Fraction) else value


def is_list(value: object) -> bool:
    if isinstance(value, tuple) and hasattr(type(value), "_fields"):
        return False  # a named tuple is an object
    return isinstance(value, list | tuple | set | frozenset | deque)


def is_mapping(value: object) -> bool:
    if isinstance(value, type):
        return False
    return isinstance(value, Mapping) or (hasattr(value, "keys") and hasattr(value, "__getitem__"))


def is_missing(value: object) -> bool:
    if value is None or value is MISSING:
        return True
    if isinstance(value, float):
        return value != value  # noqa: PLR0124 — the definition of NaN
    if isinstance(value, Decimal):
        return value.is_nan()
    return is_list(value) and not flat(value)


def flat(values) -> list[object]:
    """Give the elements of a list and of the lists in it, without what is missing."""
    found: list[object] = []
    for value in map(unwrapped, values):
        if is_list(value):
            found.extend(flat(value))
        elif not is_missing(value):
            found.append(value)
    return found


def value_passes(clause: Clause, found: object) -> bool:
    """Rules 4 and 5: a missing value, one value, or several."""
    if clause.operator in COMPLEMENT:
        return not value_passes(positive(clause), found)
    found = unwrapped(found)
    if is_missing(found):
        return clause.operator == "==" and clause.expression == ""
    return any(passes(clause, value) for value in (flat(found) if is_list(found) else [found]))


def passes(clause: Clause, value: object) -> bool:
    """Rules 2 and 7: one value that is there, and a positive operator."""
    if clause.operator == "~":
        text = text_of(value)
        return text is not None and glob_matches(clause.expression, fold(text))
    left, right = typed(value, clause.expression)
    if right is UNREADABLE:
        return False
    match clause.operator:
        case "==":
            return left == right
        case _ if isinstance(value, bool):
            return False
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    raise AssertionError(clause.operator)


def typed(value: object, expression: str):
    """Rule 2: the value, and the expression read in the value's type."""
    match value:
        case str():
            return fold(value), fold(expression)
        case UUID():
            return fold(str(value)), fold(expression)
        case bool():
            return value, {"true": True, "false": False}.get(expression.lower(), UNREADABLE)
        case int():
            return value, number(expression)
        case float():
            # `float` rounds a decimal text to the nearest double.
            readable = number(expression) is not UNREADABLE
            return value, float(expression) if readable else UNREADABLE
        case Decimal():
            return (value if value.is_infinite() else Fraction(value)), number(expression)
        case date():
            return microseconds(value), instant(expression)
        case Instant():
            return value.microseconds, instant(expression)
    return None, UNREADABLE


@cache
def number(expression: str):
    syntax = r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?"
    return Fraction(expression) if re.fullmatch(syntax, expression) else UNREADABLE


EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 — everything is put into UTC by hand


def microseconds(value: date) -> int:
    """Count the microseconds since 1970, UTC; also where UTC leaves the years 1 to 9999."""
    if not isinstance(value, datetime):
        return (value - EPOCH.date()) // timedelta(microseconds=1)
    offset = value.utcoffset() or timedelta()
    return (value.replace(tzinfo=None) - EPOCH - offset) // timedelta(microseconds=1)


def instant(expression: str):
    if re.fullmatch("-?[0-9]+", expression):
        return int(expression) * 1000
    day, clock = r"([0-9]{4})-([0-9]{2})-([0-9]{2})", r"([0-9]{2}):([0-9]{2})"
    form = rf"{day}(?:T{clock}(?::([0-9]{{2}})(?:\.([0-9]+))?)?(Z|[+-]{clock})?)?"
    found = re.fullmatch(form, expression)
    if not found:
        return UNREADABLE
    *fields, fraction, zone, zone_hours, zone_minutes = found.groups()
    hours, minutes = int(zone_hours or 0), int(zone_minutes or 0)
    try:
        local = datetime(*(int(field or 0) for field in fields))  # noqa: DTZ001 — as above
    except ValueError:
        return UNREADABLE
    if hours > 23 or minutes > 59:
        return UNREADABLE
    sign = -1 if zone and zone[0] == "-" else 1
    offset = sign * timedelta(hours=hours, minutes=minutes)
    cut = int((fraction or "").ljust(6, "0")[:6])
    return microseconds(local) + cut - offset // timedelta(microseconds=1)


def fold(text: str) -> str:
    """Rule 3, word by word."""
    return "".join("i" if c == "İ" else c.lower().replace("ς", "σ") for c in text)


def text_of(value: object) -> str | None:
    """Rule 7: what a pattern sees of a value; None where it sees nothing."""
    match value:
        case str():
            return value
        case UUID():
            return str(value)
        case bool():
            return "true" if value else "false"
        case int():
            # A number is written as RFC 8785 does it; digits end where its exponents begin.
            return str(value) if abs(value) < 10**21 else double_text(float(value))
        case float():
            return double_text(value)
        case Decimal():
            if value.is_infinite():
                return "Infinity" if value > 0 else "-Infinity"
            return f"{value:f}"
        case datetime():
            return datetime_text(value)
        case date():
            return value.isoformat()
    return None


def datetime_text(value: datetime) -> str:
    # UTC may lie beyond the years 1 to 9999; the calendar repeats itself every 400 years.
    years = 400 if value.year < 5000 else -400
    moved = value.replace(tzinfo=None, year=value.year + years) - (value.utcoffset() or timedelta())
    text = f"{moved.year - years:04}{moved.replace(tzinfo=None).isoformat()[4:]}"
    return (text.rstrip("0") if "." in text else text) + "Z"


def double_text(value: float) -> str:
    """ECMAScript's Number::toString, which RFC 8785 prescribes, on the shortest digits."""
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    shown, count = "".join(map(str, digits)), len(digits)
    point = count + exponent
    if count <= point <= 21:
        text = shown + "0" * (point - count)
    elif 0 < point <= 21:
        text = f"{shown[:point]}.{shown[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{shown}"
    else:
        mantissa = shown if count == 1 else f"{shown[0]}.{shown[1:]}"
        text = f"{mantissa}e{point - 1:+d}"
    return "-" * sign + text


def glob_matches(pattern: Pattern, text: str) -> bool:
    """Match by dynamic programming: row by row over the pattern, in text x pattern steps."""
    units: list[str | Wildcard] = []
    for part in pattern.parts:
        units.extend([part] if isinstance(part, Wildcard) else fold(part))
    reachable = [True] + [False] * len(text)
    for unit in units:
        following = [unit is Wildcard.RUN and reachable[0]]
        for position, character in enumerate(text):
            if unit is Wildcard.RUN:
                following.append(reachable[position + 1] or following[position])
            else:
                same = unit is Wildcard.ONE or unit == character
                following.append(same and reachable[position])
        reachable = following
    return reachable[-1]
