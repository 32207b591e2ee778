"""Times that are named by how far they are from now: `this year`, `LAST_MONTH`, `last 7 days`.

Each is written out by the clock that `clock` holds, in UTC; a week begins on Monday. Every regular
expression takes time linear in the expression.
"""

from __future__ import annotations

import re
from datetime import timedelta

from filterlang.checking.clock import now
from filterlang.checking.meant_values.date_mistakes import Period, no_date, of_months

_UNITS = "day|week|month|quarter|year"
_NAMED = re.compile(
    rf"(?:in )?(?:the )?(?P<which>this|current|last|previous|next)[ _](?P<unit>{_UNITS})",
    re.IGNORECASE,
)
_FROM_THIS = {"this": 0, "current": 0, "last": -1, "previous": -1, "next": 1}
_START = re.compile(
    rf"(?:startof|(?:the )?(?:start|beginning) of (?:the |this )?)(?P<unit>{_UNITS})"
    r"(?:\( *+\"?(?P<count>-?[0-9]{1,4})?(?P<of>[dwMy])?\"? *+\))?",
    re.IGNORECASE,
)
_LETTERS = {"d": "day", "w": "week", "M": "month", "y": "year"}
_SINCE = re.compile(
    r"(?:(?:in|within) )?(?:the )?(?:last|past)[ _](?:n_)?(?:(?P<count>[0-9]{1,4})[ _]?)?"
    r"(?P<unit>hour|day|week|month|year)(?P<many>s?)(?::(?P<behind>[0-9]{1,4}))?",
    re.IGNORECASE,
)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


def named_period(expression: str) -> Period | None:
    """Return the days of a time that is named by how far it is from now; None for anything else.

    Example:
        >>> from datetime import datetime
        >>> from filterlang.checking.clock import clock_at
        >>> with clock_at(datetime(2024, 1, 31)):
        ...     named_period("LAST_MONTH"), named_period("this week").first
        (Period(first='2023-12-01', following='2024-01-01'), '2024-01-29')
    """
    named = _NAMED.fullmatch(expression)
    if named is None:
        return None
    return _period(named["unit"].lower(), _FROM_THIS[named["which"].lower()])


def _period(unit: str, count: int) -> Period | None:
    today = now().date()
    try:
        if unit in _MONTHS:
            months = _MONTHS[unit]
            first = today.year * 12 + today.month - 1
            return of_months(first - first % months + count * months, months)
        days = 7 if unit == "week" else 1
        start = today - timedelta(days=today.weekday() if unit == "week" else 0)
        start += timedelta(days=count * days)
        return Period(start.isoformat(), (start + timedelta(days=days)).isoformat())
    except OverflowError:
        return None  # No calendar has it.


def first_day(expression: str) -> str | None:
    """Return the day that a time counted back from now begins with, or that is the first of one.

    Example:
        >>> from datetime import datetime
        >>> from filterlang.checking.clock import clock_at
        >>> with clock_at(datetime(2024, 1, 31)):
        ...     first_day("last 7 days"), first_day("startOfMonth(-1)")
        ('2024-01-24', '2023-12-01')
    """
    start = _START.fullmatch(expression)
    if start is not None:
        unit, of = start["unit"].lower(), _LETTERS.get(start["of"] or "")
        if of is not None and unit != of:
            return None
        period = _period(unit, int(start["count"] or 0))
        return None if period is None else period.first
    since = _SINCE.fullmatch(expression)
    if since is None or (since["count"] and since["behind"]):
        return None
    count = since["count"] or since["behind"]
    # `last month` is a month of the calendar.
    if count is None and (since["many"] or expression.lower().split(" ")[-2:][0] != "past"):
        return None
    found = no_date(f"{count or 1} {since['unit'].lower()} ago")
    return None if found is None or not found.meant else found.meant[0]


def is_start(expression: str) -> bool:
    """Return whether an expression names the first day of a time, as `startOfMonth()` does."""
    return _START.fullmatch(expression) is not None
