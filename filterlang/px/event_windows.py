"""Which time the filters of events ask about: the API answers for a day or, if told, 190 days."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, assert_never

from filterlang.schema.binding import bind_all
from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import Always, Equals, Like, Never, Within

if TYPE_CHECKING:
    from filterlang.schema.schema import Schema
    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Filter

DAY = 86_400_000
"""A day in milliseconds."""

MOST_DAYS = 190
"""How many days the two ends of a filter's dates may lie apart."""

_MICROSECONDS = 1000


class Window(NamedTuple):
    """The dates that a filter asks for, in epoch milliseconds; None for an end that is open."""

    low: int | None
    high: int | None


def window_of(one: Filter, schema: Schema, name: str = "date") -> Window | None:
    """Return the dates between which all matches of a filter lie; None if it asks for no date.

    Clauses that bound nothing, such as `date!=…` and `date~2024*`, leave both ends open.

    Example:
        >>> from filterlang import Schema, parse_filter
        >>> events = Schema({"date": "datetime", "path": "text"})
        >>> window_of(parse_filter("date>=1000;date<3000;path~*x*"), events)
        Window(low=1000, high=2999)
        >>> window_of(parse_filter("path~*x*"), events) is None
        True
    """
    bound = [clause for clause in bind_all(one.clauses, schema) if clause.path == (name,)]
    if not bound:
        return None
    ends = [_ends(clause) for clause in bound]
    lows = [low for low, _ in ends if low is not None]
    highs = [high for _, high in ends if high is not None]
    return Window(max(lows, default=None), min(highs, default=None))


def _ends(clause: BoundClause) -> Window:
    if clause.negative:
        return Window(None, None)
    test = clause.on(Kind.MOMENT)
    match test:
        case Equals(value):
            return Window(value // _MICROSECONDS, value // _MICROSECONDS)
        case Within(low, high):
            return Window(
                None if low is None else low.value // _MICROSECONDS,
                None if high is None else high.value // _MICROSECONDS,
            )
        case Never() | Always() | Like():
            return Window(None, None)
        case _:
            assert_never(test)


def is_too_long(window: Window, now: int) -> bool:
    """Return whether a window is longer than the API answers for; it ends now where it is open.

    Example:
        >>> is_too_long(Window(0, 190 * DAY), now=0), is_too_long(Window(0, 190 * DAY + 1), now=0)
        (False, True)
    """
    if window.low is None:
        return True
    high = now if window.high is None else window.high
    return high - window.low > MOST_DAYS * DAY
