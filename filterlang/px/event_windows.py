"""Which time the filters of events ask about: the API answers for a day or, if told, 190 days."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, assert_never

from filterlang.diagnostics.diagnostic import class_name, quoted
from filterlang.schema.binding import bind_all, expect_schema
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
    """Split filters of events by time, so that the API answers each part: at most 190 days.

    The parts follow each other and share no instant, so all answers together are the answer, and
    no event comes twice. Of several filters, each part has those that ask for any of its time.
    Filters that are all short enough are returned as they are, and so are those without a date, for
    which the API takes the last day.

    Args:
        filters: what is asked for.
        schema: that of the list, such as `EVENTS["events/custom"]`.
        name: the dimension that holds when an event was.
        now: where a filter without an upper end stops, with a time zone; None for the present.

    Raises:
        ValueError: for a window beyond 190 days that isn't closed on both sides or stands beside a
            filter without a date, for more than 1,000 parts, for a `name` that the schema doesn't
            have, and for a `now` without a time zone; it says what to write.
        TypeError: for a `schema` or a `now` that is none.

    Example:
        >>> from filterlang import parse, unparse
        >>> from filterlang.px import EVENTS
        >>> year = "date>=2024-01-01;date<2025-01-01"
        >>> logins = parse([f"{year};eventName==In", "date>=2024-12-24;eventName==Out"])
        >>> now = datetime(2025, 1, 1, tzinfo=UTC)
        >>> for part in split_by_window(logins, EVENTS["events/custom"], now=now):
        ...     print(unparse(part))
        ['date>=2024-01-01;eventName==In;date<1720483200000']
        ['date<2025-01-01;eventName==In;date>=1720483200000', 'date>=2024-12-24;eventName==Out']
    """
    expect_schema(schema)
    if schema.find(name) is None:
        message = f"the schema has no {quoted(name)}; write the name of its dates"
        raise ValueError(message)
    at = _milliseconds(now)
    whole = FilterSet(filters_of(filters))
    asked = [(one, window_of(one, schema, name)) for one in whole.filters]
    long = [one for one, window in asked if window is not None and is_too_long(window, at)]
    if not long:
        return [whole]
    spans = [_span(one, window, schema, name, long) for one, window in asked]
    low = min(span.low for span in spans)
    high = max(max(at, span.low) if span.high is None else span.high for span in spans)
    if high - low >= MOST_PARTS * _LONGEST:
        asks = f"{str(long[0])!r} asks" if len(asked) == 1 else "the filters together ask"
        message = (
            f"{asks} for more than {MOST_PARTS} times {MOST_DAYS} days; numbers as {name} are"
            " milliseconds since 1970; write ends that are closer"
        )
        raise ValueError(message)
    cuts = [*range(low + _LONGEST, high + 1, _LONGEST)]
    parts = [
        [cut for span in spans if (cut := span.between(start, stop, name)) is not None]
        for start, stop in zip([None, *cuts], [*cuts, None], strict=True)
    ]
    # Where nothing is asked of a part, no filter at all would ask for everything.
    return [FilterSet(part) for part in parts if part]


def _milliseconds(now: datetime | None) -> int:
    present = datetime.now(UTC) if now is None else now
    if not isinstance(present, datetime):
        message = f"expected a datetime as now, not {class_name(now)}"
        raise TypeError(message)
    if present.tzinfo is None:
        message = "expected a now with a time zone, such as datetime.now(UTC)"
        raise ValueError(message)
    return int(present.timestamp() * _MICROSECONDS)


class _Span(NamedTuple):
    """A filter with the ends of its clauses, and the dates that it asks for.

    None as `high` is for an end that is open.
    """

    filter: Filter
    ends: list[Window]
    low: int
    high: int | None

    def between(self, start: int | None, stop: int | None, name: str) -> Filter | None:
        """Return what is asked from one cut to the next; None for nothing.

        Bounds within are kept as they were written: they may lie between two milliseconds, and cuts
        never do.
        """
        is_before = start is not None and self.high is not None and self.high < start
        if is_before or (stop is not None and self.low >= stop):
            return None
        rises = start is not None and self.low < start
        falls = stop is not None and (self.high is None or self.high >= stop)
        clauses = [
            clause
            for clause, end in zip(self.filter.clauses, self.ends, strict=True)
            if not (rises and end.low is not None) and not (falls and end.high is not None)
        ]
        if rises:
            clauses.append(Clause(name, ">=", str(start)))
        if falls:
            clauses.append(Clause(name, "<", str(stop)))
        return Filter(clauses)


def _span(
    one: Filter, window: Window | None, schema: Schema, name: str, long: list[Filter]
) -> _Span:
    """Return the dates of a filter that is to be split, or stands beside one."""
    if window is None:
        message = (
            f"{str(one)!r} asks for the last day, beside {str(long[0])!r}, which asks for more than"
            f" {MOST_DAYS} days; write {name}>=… into it, too, or ask for it alone"
        )
        raise ValueError(message)
    if window.low is None or (window.high is None and one in long):
        end = f"{name}>=…" if window.low is None else f"{name}<…"
        message = f"{str(one)!r} asks for more than {MOST_DAYS} days; write {end} into it, too"
        raise ValueError(message)
    ends = [
        _ends(bound) if bound.path == (name,) else Window(None, None)
        for bound in bind_all(one.clauses, schema)
    ]
    return _Span(one, ends, window.low, window.high)
