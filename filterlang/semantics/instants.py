"""Dates and times as microseconds since 1970, also those that Python's calendar lacks."""

from __future__ import annotations

from datetime import MAXYEAR, UTC, date, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
DAY: Final = 86_400_000_000
"""Microseconds."""
FOREVER: Final = 10**4_303
"""Microseconds: later than any expression or number says a time, as `infinity` is."""

_MICROSECOND: Final = timedelta(microseconds=1)
FIRST_INSTANT: Final = (datetime.min.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
LAST_INSTANT: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)
"""The first and the last microsecond of Python's calendar."""
_FIRST_DAY: Final = date.min.toordinal() - EPOCH.toordinal()
_LAST_DAY: Final = date.max.toordinal() - EPOCH.toordinal()
_CENTURIES: Final = 146_097
"""Days of 400 years, after which the calendar is the same again."""


class Instant:
    """A date or a date and time that Python's calendar lacks: `microseconds` since 1970, UTC.

    Data engines hold the year 10000 and infinity. Two are equal if their microseconds are.

    Example:
        >>> Instant(253_402_300_800_000_000)
        Instant('+10000-01-01T00:00:00Z')
    """

    __slots__ = ("microseconds",)
    microseconds: int

    def __init__(self, microseconds: int) -> None:
        self.microseconds = microseconds

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Instant):
            return NotImplemented
        return self.microseconds == other.microseconds

    def __hash__(self) -> int:
        return hash(self.microseconds)

    def __str__(self) -> str:
        if abs(self.microseconds) >= FOREVER:
            return "infinity" if self.microseconds > 0 else "-infinity"
        days, rest = divmod(self.microseconds, DAY)
        centuries, day = divmod(days, _CENTURIES)
        within = EPOCH + timedelta(days=day, microseconds=rest)
        year = within.year + 400 * centuries
        sign = "-" if year < 0 else "+" if year > MAXYEAR else ""
        fraction = f".{within.microsecond:06d}".rstrip("0").rstrip(".")
        return f"{sign}{abs(year):04d}-{within:%m-%dT%H:%M:%S}{fraction}Z"

    def __repr__(self) -> str:
        return f"Instant({str(self)!r})"


def days_of(value: date) -> int:
    """Return a date as days since 1970."""
    return value.toordinal() - EPOCH.toordinal()


def instant_of(value: date | Instant) -> int:
    """Return a date (its midnight) or datetime, UTC without a zone, as microseconds since 1970."""
    if isinstance(value, Instant):
        return value.microseconds
    if not isinstance(value, datetime):
        return days_of(value) * DAY
    if value.utcoffset() is None:
        value = value.replace(tzinfo=UTC)
    return (value - EPOCH) // _MICROSECOND


def moment_of(microseconds: float) -> datetime | Instant:
    """Return the datetime that is so many microseconds after 1970, UTC, or the instant.

    The count is an `int`, or an infinity.

    Example:
        >>> moment_of(0), moment_of(253_402_300_800_000_000)
        (datetime.datetime(1970, 1, 1, 0, 0, tzinfo=datetime.timezone.utc), \
Instant('+10000-01-01T00:00:00Z'))
    """
    if isinstance(microseconds, float):
        return Instant(FOREVER if microseconds > 0 else -FOREVER)
    days, rest = divmod(microseconds, DAY)
    if _FIRST_DAY <= days <= _LAST_DAY:
        return EPOCH + timedelta(days=days, microseconds=rest)
    return Instant(microseconds)


def day_of_month(months: int) -> int:
    """Return the first day of a month, both counted from January 1970, in any year.

    Example:
        >>> day_of_month(1), day_of_month(-12), day_of_month(12 * 8030)
        (31, -365, 2932897)
    """
    year, month = divmod(months, 12)
    centuries, year = divmod(year, 400)
    return days_of(date(1970 + year, month + 1, 1)) + _CENTURIES * centuries
