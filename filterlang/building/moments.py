"""Points in time as the milliseconds that filters have, and points in time before now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.diagnostic import class_name
from filterlang.semantics.instants import instant_of

if TYPE_CHECKING:
    from filterlang.syntax.operators import Operator


def milliseconds_of(moment: datetime, operator: Operator, *, is_cut: bool) -> int | None:
    """Return a bound in whole milliseconds; None where that would change the meaning.

    Records hold whole milliseconds, so a bound between two of them means the next one: up for `>=`
    and `<`, down for `>` and `<=`. `==` and `!=` have none.

    Args:
        moment: with a zone.
        operator: what it is the bound of.
        is_cut: whether it is a little later than that, by less than a microsecond.

    Example:
        >>> from filterlang.syntax.operators import Operator
        >>> half = datetime(1970, 1, 1, 0, 0, 0, 1500, tzinfo=UTC)
        >>> milliseconds_of(half, Operator.GE, is_cut=False)
        2
    """
    milliseconds, microseconds = divmod(instant_of(moment), 1000)
    if not microseconds and not is_cut:
        return milliseconds
    if not operator.orders:
        return None
    return milliseconds + operator.divides_before


def expect_zone(zone: Any) -> None:
    """Look whether what is given as `tz=` is a zone, or None.

    Raises:
        TypeError: for the name of a zone, and anything else.
    """
    if zone is not None and not isinstance(zone, tzinfo):
        message = f"tz is a zone, such as ZoneInfo('Europe/Berlin'), not {class_name(zone)}"
        raise TypeError(message)


def midnights(day: date, zone: tzinfo | None) -> tuple[datetime, datetime]:
    """Return the midnight at which a day begins in a zone, and the one at which the next begins.

    Example:
        >>> [str(one) for one in midnights(date(2024, 2, 29), None)]
        ['2024-02-29 00:00:00+00:00', '2024-03-01 00:00:00+00:00']
    """
    next_day = day + timedelta(days=1)
    zone = zone or UTC
    return (
        datetime(day.year, day.month, day.day, tzinfo=zone),
        datetime(next_day.year, next_day.month, next_day.day, tzinfo=zone),
    )


def ago(
    *,
    weeks: float = 0,
    days: float = 0,
    hours: float = 0,
    minutes: float = 0,
    seconds: float = 0,
    now: datetime | None = None,
) -> datetime:
    """Return the point in time so long before now, in UTC.

    It is a moment like any other: a filter that is saved keeps it, and doesn't move with the clock.

    Args:
        weeks: how long ago it is, together with all others.
        days: of 24 hours.
        hours: as above.
        minutes: as above.
        seconds: as above.
        now: with a zone; by default what the clock says.

    Raises:
        TypeError: if nothing says how long ago.
        ValueError: for a `now` without a zone, and for a time that isn't past.
        OverflowError: for a time before the year 1.

    Example:
        >>> from filterlang import F
        >>> print(F.lastSeenDate >= ago(days=7, now=datetime(2024, 5, 8, tzinfo=UTC)))
        lastSeenDate>=1714521600000
    """
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if span == timedelta(0):
        message = "ago() needs to know how long ago: ago(days=7)"
        raise TypeError(message)
    if span < timedelta(0):
        message = f"expected a time that is past, found one {-span} from now"
        raise ValueError(message)
    if now is None:
        now = datetime.now(UTC)
    elif not isinstance(now, datetime):
        message = f"now is a datetime, not {class_name(now)}"
        raise TypeError(message)
    elif now.utcoffset() is None:
        message = f"now needs a zone (tzinfo=): {now.isoformat()}"
        raise ValueError(message)
    return now.astimezone(UTC) - span
