"""Which time the filters of events ask about: the API answers for a day or, if told, 190 days."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, assert_never

from filterlang.schema.binding import bind_all
from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import Always, Equals, Like, Never, Within
from filterlang.syntax.nodes import Clause, Filter, FilterSet, filters_of

if TYPE_CHECKING:
    from filterlang.schema.schema import Schema
    from filterlang.semantics.tests import BoundClause

MILLISECONDS_A_DAY = 86_400_000

MOST_DAYS = 190
"""How many days the two ends of a filter's dates may lie apart."""

MOST_PARTS = 1000
"""Into how many parts a filter is split at most: more than five centuries."""

_LONGEST = MOST_DAYS * MILLISECONDS_A_DAY
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
        >>> most = 190 * MILLISECONDS_A_DAY
        >>> is_too_long(Window(0, most), now=0), is_too_long(Window(0, most + 1), now=0)
        (False, True)
    """
    if window.low is None:
        return True
    high = now if window.high is None else window.high
    return high - window.low > _LONGEST


def split_by_window(
    filters: FilterSet | Filter | Clause,
    schema: Schema,
    *,
    name: str = "date",
    now: datetime | None = None,
) -> list[FilterSet]:
    """Split a filter of events by time, so that the API answers each part: at most 190 days.

    The parts follow each other and share no instant, so all answers together are the answer, and
    no event comes twice. Filters that are short enough are returned as they are, and so are those
    without a date, for which the API takes the last day.

    Args:
        filters: what is asked for; only one filter alone can be split.
        schema: that of the list, such as `EVENTS["events/custom"]`.
        name: the dimension that holds when an event was.
        now: where a filter without an upper end stops, with a time zone; None for the present.

    Raises:
        ValueError: for a window beyond 190 days that isn't closed on both sides or stands beside
            other filters, for one of more than 1,000 parts, and for a `now` without a time zone;
            it says what to write.

    Example:
        >>> from filterlang import parse, unparse
        >>> from filterlang.px import EVENTS
        >>> year = parse("date>=2024-01-01;date<2025-01-01;eventName==Login")
        >>> for part in split_by_window(year, EVENTS["events/custom"]):
        ...     print(*unparse(part))
        date>=2024-01-01;eventName==Login;date<1720483200000
        date<2025-01-01;eventName==Login;date>=1720483200000
    """
    present = datetime.now(UTC) if now is None else now
    if present.tzinfo is None:
        message = "expected a now with a time zone, such as datetime.now(UTC)"
        raise ValueError(message)
    at = int(present.timestamp() * _MICROSECONDS)
    whole = FilterSet(filters_of(filters))
    for one in whole.filters:
        window = window_of(one, schema, name)
        if window is None or not is_too_long(window, at):
            continue
        if window.low is None or window.high is None:
            end = f"{name}>=…" if window.low is None else f"{name}<…"
            message = f"{str(one)!r} asks for more than {MOST_DAYS} days; write {end} into it, too"
            raise ValueError(message)
        if len(whole.filters) > 1:
            message = (
                f"{str(one)!r} asks for more than {MOST_DAYS} days; split and send each filter"
                " alone, and drop the events that come twice"
            )
            raise ValueError(message)
        if window.high - window.low >= MOST_PARTS * _LONGEST:
            message = (
                f"{str(one)!r} asks for more than {MOST_PARTS} times {MOST_DAYS} days; numbers as"
                f" {name} are milliseconds since 1970; write ends that are closer"
            )
            raise ValueError(message)
        return _parts(one, schema, name, window.low, window.high)
    return [whole]


def _parts(one: Filter, schema: Schema, name: str, low: int, high: int) -> list[FilterSet]:
    """Cut between two ends: the first part keeps the lower bounds as written, the last the upper.

    Ends as they were written may lie between two milliseconds, cuts never do.
    """
    cuts = [*range(low + _LONGEST, high + 1, _LONGEST)]
    ends = [
        _ends(bound) if bound.path == (name,) else Window(None, None)
        for bound in bind_all(one.clauses, schema)
    ]
    parts: list[FilterSet] = []
    for start, stop in zip([None, *cuts], [*cuts, None], strict=True):
        clauses = [
            clause
            for clause, end in zip(one.clauses, ends, strict=True)
            if (end.low is None or start is None) and (end.high is None or stop is None)
        ]
        if start is not None:
            clauses.append(Clause(name, ">=", str(start)))
        if stop is not None:
            clauses.append(Clause(name, "<", str(stop)))
        parts.append(FilterSet([Filter(clauses)]))
    return parts
