"""Clauses → points: a few values that stand for all values, as far as these clauses can tell.

Comparisons cut the values of a type at their expressions, and between two cuts all values pass the
same ones. So it is enough to look at the cuts, at one value beside each, and at what is no value.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from math import inf, nextafter
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import (
    Always,
    Equals,
    Like,
    Never,
    Why,
    Within,
    pattern_of,
    value_of,
)
from filterlang.semantics.values import is_handy
from filterlang.syntax.escaping import Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filterlang.semantics.tests import BoundClause
    from filterlang.semantics.wildcards import Fragment


class Point(NamedTuple):
    """A value, and whether those it stands for all have one text, which patterns can be asked."""

    value: object
    is_exact: bool


MISSING = Point(None, True)
OTHER = Point({}, True)
"""What equals nothing and isn't empty: an object, or a value that isn't of its type."""

UNREAD = Point({}, False)
"""A text that isn't of its type: it equals nothing and isn't empty, but has a text for patterns."""


def points(type_: str | None, clauses: Iterable[BoundClause]) -> list[Point]:
    """Return points for the values of a type, or of all types where it is None or `"object"`.

    They are complete for comparisons whose numbers are handy (`is_reasoned_about`): any value
    passes just the ones that its point passes. `MISSING` and `OTHER` are among them.
    """
    expressions = dict.fromkeys(text for clause in clauses for text in _texts(clause))
    found = [MISSING, OTHER]
    untyped = type_ in {None, "object"}
    if not untyped and type_ not in {"text", "enum"}:
        found.append(UNREAD)
    if untyped or type_ in {"text", "enum"}:
        found += _text_points(expressions)
    if untyped or type_ == "boolean":
        found += [Point(True, True), Point(False, True)]
    if type_ == "boolean":
        # The texts `1` and `TRUE` are the same to all but patterns.
        found += [Point(True, False), Point(False, False)]
    if untyped or type_ in {"integer", "number"}:
        found += _number_points(expressions, whole=type_ == "integer")
    if untyped or type_ == "datetime":
        found += _instant_points(expressions)
    return found


def is_reasoned_about(clause: BoundClause) -> bool:
    """Return whether `points` are complete for a clause: not if its number has too many digits."""
    if clause.is_pattern:
        return True
    number = value_of(str(clause.clause.expression), Kind.DECIMAL)
    if number is not None:
        return is_handy(number)
    test = clause.on(Kind.DECIMAL)
    match test:
        case Never(why):
            return why is Why.UNREADABLE
        case Always() | Equals() | Within() | Like():
            return False  # a number that is too large or too small to have a value
        case _:
            assert_never(test)


def _texts(clause: BoundClause) -> list[str]:
    written = clause.clause
    fragments = pattern_of(written.operator, written.expression)
    if fragments is None:
        return [str(written.expression)]
    # Texts that match; where nothing is a wildcard, all of them are the only one. A digit may
    # make a number of them.
    fills = ("", "x"), ("x", "y"), ("0", "1")
    return [run.join(_filled(fragment, one) for fragment in fragments) for run, one in fills]


def _filled(fragment: Fragment, one: str) -> str:
    return "".join(one if part is Wildcard.ONE else str(part) for part in fragment)


# --- Points of one type ---------------------------------------------------------------------------


def _wanted(expressions: Iterable[str], kind: Kind) -> dict[Any, None]:
    """Return the values of a kind that expressions are read as, each once."""
    values = [value_of(expression, kind) for expression in expressions]
    return dict.fromkeys(value for value in values if value is not None)


def _text_points(expressions: Iterable[str]) -> Iterator[Point]:
    for text in {"": None, **_wanted(expressions, Kind.TEXT)}:
        yield Point(text, True)
        # Nothing comes between a text and this one, which no expression can hold.
        yield Point(text + "\0", False)


_EXACT = Context(prec=200)
"""Enough for the digits of a handy number and of what lies beside it."""
_BESIDE = Decimal("1e-100")


def _number_points(expressions: Iterable[str], *, whole: bool) -> Iterator[Point]:
    numbers = {Decimal(0), *filter(is_handy, _wanted(expressions, Kind.DECIMAL))}
    exact: dict[int | Decimal, None] = {}
    doubles: dict[float, None] = {}
    for number in numbers:
        floor = int(number.to_integral_value(ROUND_FLOOR))
        ceiling = int(number.to_integral_value(ROUND_CEILING))
        if whole:
            exact |= dict.fromkeys([floor - 1, floor, ceiling, ceiling + 1])
        else:
            beside = _EXACT.subtract(number, _BESIDE), _EXACT.add(number, _BESIDE)
            exact |= dict.fromkeys([_written(number), *beside])
        # To a double its neighbours are the same number, so doubles are cut elsewhere.
        double = float(number)
        near = [double, nextafter(double, -inf), nextafter(double, inf)]
        near += map(float, [floor - 1, floor, ceiling, ceiling + 1]) if whole else []
        doubles |= dict.fromkeys(value for value in near if not whole or value.is_integer())
    for value in [*exact, *doubles]:
        yield Point(value, False)


def _written(number: Decimal) -> int | Decimal:
    """Return a number as JSON holds it: as an integer, if it is one."""
    return int(number) if number == number.to_integral_value() else number


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EDGES = (datetime.min, datetime.max)  # noqa: DTZ901 — they get a zone below
_OFFSET = timedelta(days=1, microseconds=-1)
"""The greatest that a zone has; by it datetimes reach beyond the years 1 and 9999."""


def _instant_points(expressions: Iterable[str]) -> Iterator[Point]:
    zones = timezone(_OFFSET), timezone(-_OFFSET)
    moments = [edge.replace(tzinfo=zone) for edge, zone in zip(_EDGES, zones, strict=True)]
    for instant in _wanted(expressions, Kind.MOMENT):
        near = map(_moment, (instant, instant - 1, instant + 1))
        moments += [moment for moment in near if moment is not None]
    for moment in moments:
        yield Point(moment, False)


def _moment(instant: int) -> datetime | None:
    """Return a datetime of microseconds since 1970; None if there is none, in any zone."""
    for offset in (timedelta(0), _OFFSET, -_OFFSET):
        try:
            local = _EPOCH + (timedelta(microseconds=instant) + offset)
        except OverflowError:
            continue
        return local.replace(tzinfo=timezone(offset))
    return None
