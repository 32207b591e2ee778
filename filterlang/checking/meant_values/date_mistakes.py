"""What was meant by an expression that is no date: one to be computed, a day that no month has."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.clock import now
from filterlang.checking.lexis import DAY
from filterlang.diagnostics.hints import WORDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

_LAST_YEAR, _LAST_HOUR, _LAST_MINUTE = 9999, 23, 59
"""The ends of the calendar, and of a clock, whose seconds end as its minutes do."""


class NoDate(NamedTuple):
    """Which hint says what is wrong, what it puts in, and what may have been meant, best first."""

    case: str
    values: dict[str, object]
    meant: list[str]


_MONTHS_A_YEAR = 12
_LENGTHS = {
    **dict.fromkeys(("ms", "millisecond", "milliseconds"), timedelta(milliseconds=1)),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), timedelta(seconds=1)),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), timedelta(hours=1)),
    **dict.fromkeys(("d", "day", "days"), timedelta(days=1)),
    **dict.fromkeys(("w", "week", "weeks"), timedelta(weeks=1)),
}
"""Units of time as they are written, and how long they are."""
_LENGTHS_IN_MONTHS = {
    **dict.fromkeys(("M", "mo", "mon", "month", "months"), 1),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), _MONTHS_A_YEAR),
}
"""Those that are counted by the calendar."""
_UNIT = "|".join([*_LENGTHS, *_LENGTHS_IN_MONTHS])
_BASES = {
    "now": 0,
    "getdate": 0,
    "getutcdate": 0,
    "current_timestamp": 0,
    "sysdate": 0,
    "today": 0,
    "current_date": 0,
    "curdate": 0,
    "yesterday": -1,
    "tomorrow": 1,
    "heute": 0,
    "gestern": -1,
    "morgen": 1,
}
"""Words of other languages for an instant, and how many days from today it is."""
_INSTANTS = {"now", "getdate", "getutcdate", "current_timestamp", "sysdate"}
_COUNTED = rf"(?P<count>[0-9]{{1,4}}) *+(?P<unit>{_UNIT})?"
_RELATIVE = re.compile(
    rf"@?(?P<base>(?i:{'|'.join(_BASES)})) *+(?:\( *+\))? *+"
    rf"(?:(?P<sign>[+\-\u2212]) *+(?:(?i:interval) *+)?'?{_COUNTED}'?)?(?:/d)?"
)
_FROM_NOW = re.compile(rf"(?P<base>)(?P<sign>[+\-\u2212]?){_COUNTED}(?P<ago> ++ago)?")
_DATE = re.compile(
    r"(?P<year>[+\-]?[0-9]{4,9})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})"
    r"(?:[Tt ](?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?.*)?",
    re.DOTALL,
)
_DAY = re.compile(DAY)
_SECONDS = re.compile(r"-?[0-9]{9,10}\.[0-9]{1,9}")
_LOST_PLUS = re.compile(
    r"(?P<instant>[^ Tt]++[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]++)?)?)"
    r" (?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2})"
)


def no_date(expression: str) -> NoDate | None:
    """Return what is wrong with what can't be read as a date, by the first that knows it.

    Example:
        >>> no_date("2024-02-30").values["days"]
        29
    """
    found = (say(expression) for say in _WHAT_IS_WRONG)
    return next(filter(None, found), None)


def following_day(expression: str) -> str | None:
    """Return the day after a date; None for what is no date alone, and at the end of the calendar.

    Example:
        >>> following_day("2024-01-31"), following_day("2024-01-31T12:00"), following_day("31")
        ('2024-02-01', None, None)
    """
    if _DAY.fullmatch(expression) is None:
        return None
    try:
        return (date.fromisoformat(expression) + timedelta(days=1)).isoformat()
    except (OverflowError, ValueError):
        return None


def until(last: str) -> str:
    """Write the end of a range that holds its last value; a day is held until the next one.

    Example:
        >>> until("2024-01-31"), until("10")
        ('<2024-02-01', '<=10')
    """
    following = following_day(last)
    return f"<={last}" if following is None else f"<{following}"


# --- To be computed -------------------------------------------------------------------------------


def _relative(expression: str) -> NoDate | None:
    found = _RELATIVE.fullmatch(expression) or _FROM_NOW.fullmatch(expression)
    if found is None:
        return None
    base, count, unit = (found["base"] or "today").lower(), found["count"] or "0", found["unit"]
    if not found["base"] and (unit is None or bool(found["sign"]) == bool(found["ago"])):
        return None  # It is a number, or a length of time.
    unit, sign = unit or "d", 1 if found["sign"] == "+" else -1
    try:
        instant = _moved(now() + timedelta(days=_BASES[base]), sign * int(count), unit)
    except (OverflowError, ValueError):
        return None  # No calendar has it.
    # A day has its date; what is counted in hours, or is now itself, is an instant of it.
    is_instant = _LENGTHS.get(unit, _A_DAY) < _A_DAY if count != "0" else base in _INSTANTS
    meant = f"{instant:%Y-%m-%dT%H:%M:%SZ}" if is_instant else f"{instant:%Y-%m-%d}"
    # `strftime` writes years before 1000 without their zeros on some systems.
    return NoDate("relative", {}, [meant.zfill(len("YYYY-MM-DD"))])


_A_DAY = timedelta(days=1)


def _moved(instant: datetime, count: int, unit: str) -> datetime:
    """Move an instant; in a month that is too short it becomes the last day."""
    if unit in _LENGTHS:
        return instant + count * _LENGTHS[unit]
    months = count * _LENGTHS_IN_MONTHS[unit]
    year, month = divmod(instant.year * _MONTHS_A_YEAR + instant.month - 1 + months, _MONTHS_A_YEAR)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)


# --- Nearly a date --------------------------------------------------------------------------------


def _lost_plus(expression: str) -> NoDate | None:
    found = _LOST_PLUS.fullmatch(expression)
    if found is None:
        return None
    instant = found["instant"].replace(" ", "T")
    return NoDate("plus", {}, [f"{instant}+{found['hours']}:{found['minutes']}"])


def _seconds(expression: str) -> NoDate | None:
    if _SECONDS.fullmatch(expression) is None:
        return None
    return NoDate("seconds", {}, [str(int(Decimal(expression) * 1000))])


def _out_of_range(expression: str) -> NoDate | None:
    found = _DATE.fullmatch(expression)
    if found is None:
        return None
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if not 1 <= year <= _LAST_YEAR:
        return NoDate("year", {}, [])
    if not 1 <= month <= _MONTHS_A_YEAR:
        swapped = f"{year:04}-{day:02}-{month:02}"
        is_day_first = 1 <= day <= _MONTHS_A_YEAR and 1 <= month <= monthrange(year, day)[1]
        meant = [swapped] if is_day_first and found["hour"] is None else []
        return NoDate("near" if meant else "month", {}, meant)
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        names = WORDS["months"].split()
        named = f"{names[month - 1]} {year}"
        return NoDate("day", {"month": named, "days": days}, [])
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    if hour > _LAST_HOUR or max(minute, second) > _LAST_MINUTE:
        return NoDate("time", {}, [])
    return None


_ZONE = re.compile(
    rf"{DAY}[Tt ][0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]++)?)?"
    r" *+(?!(?:[Zz]|UTC|GMT)\Z)[A-Za-z][A-Za-z_]*+(?:/[A-Za-z_]++)?"
)


def _named_zone(expression: str) -> NoDate | None:
    # What is meant by CET, BST or Berlin depends on the day and the country.
    return NoDate("zone", {}, []) if _ZONE.fullmatch(expression) else None


_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mär": 3, "apr": 4, "may": 5, "mai": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}  # fmt: skip
"""How the names of months begin in English and in German."""
_MONTH = r"(?P<month>[^\W\d_]{3,9})\.?"
_DAY_OF_MONTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?"
_DAY_FIRST = re.compile(rf"{_DAY_OF_MONTH}[ \-]*+{_MONTH}[ \-,]*+(?P<year>[0-9]{{4}})")
_MONTH_FIRST = re.compile(rf"{_MONTH} *+{_DAY_OF_MONTH}[ ,]++(?P<year>[0-9]{{4}})")
_FULL_NAMES = frozenset({
    *("january", "february", "march", "april", "june", "july", "august", "september", "sept"),
    *("october", "november", "december"),
    *("januar", "februar", "märz", "juni", "juli", "oktober", "dezember"),
})  # fmt: skip


def _month_by_name(expression: str) -> NoDate | None:
    found = _DAY_FIRST.fullmatch(expression) or _MONTH_FIRST.fullmatch(expression)
    if found is None:
        return None
    month = _month_called(found["month"])
    if month is None:
        return None
    written = f"{found['year']}-{month:02}-{int(found['day']):02}"
    return NoDate("near", {}, [written]) if following_day(written) else None


class Period(NamedTuple):
    """A month or a year: its first day, and the first day after it."""

    first: str
    following: str

    def within(self, name: str) -> str:
        """Write the clauses that ask for all of it, together.

        Example:
            >>> Period("2024-01-01", "2024-02-01").within("birthday")
            'birthday>=2024-01-01;birthday<2024-02-01'
        """
        return f"{name}>={self.first};{name}<{self.following}"

    def outside(self, name: str) -> list[str]:
        """Write the clauses of which one asks for what isn't in it, a missing time among that.

        Example:
            >>> Period("2024-01-01", "2024-02-01").outside("birthday")
            ['birthday<2024-01-01', 'birthday>=2024-02-01', 'birthday==']
        """
        return [f"{name}<{self.first}", f"{name}>={self.following}", f"{name}=="]


_MONTH_OF_YEAR = re.compile(r"(?P<year>[0-9]{4})[-/](?P<number>[0-9]{2})")
_NAMED_MONTH = re.compile(rf"{_MONTH},? ++(?P<year>[0-9]{{4}})")


def whole_month(expression: str) -> Period | None:
    """Return the month that is written as a number or a name, or the quarter, `2024-Q1`.

    None for anything else.

    Example:
        >>> whole_month("2024-12")
        Period(first='2024-12-01', following='2025-01-01')
        >>> whole_month("november 2026").first
        '2026-11-01'
    """
    if (quarter := _quarter(expression)) is not None:
        return quarter
    found = _MONTH_OF_YEAR.fullmatch(expression)
    if found is not None:
        month: int | None = int(found["number"])
    else:
        found = _NAMED_MONTH.fullmatch(expression)
        month = None if found is None else _month_called(found["month"])
    if found is None or month is None or not 1 <= month <= _MONTHS_A_YEAR:
        return None
    year = int(found["year"])
    if not 1 <= year < _LAST_YEAR:
        return None
    return of_months(year * _MONTHS_A_YEAR + month - 1, 1)


def of_months(first: int, count: int) -> Period | None:
    """Return so many months as one time, where the months are counted from the year 0."""
    ends = [divmod(month, 12) for month in (first, first + count)]
    try:
        start, following = (date(year, month + 1, 1).isoformat() for year, month in ends)
    except ValueError:
        return None  # No calendar has it.
    return Period(start, following)


_QUARTER = re.compile(
    r"(?:Q(?P<first>[1-4])[ /\-]?)?(?P<year>[0-9]{4})(?:[ /\-]?Q(?P<last>[1-4]))?"
)


def _quarter(expression: str) -> Period | None:
    found = _QUARTER.fullmatch(expression)
    if found is None or (found["first"] is None) == (found["last"] is None):
        return None
    quarter = int(found["first"] or found["last"]) - 1
    return of_months(int(found["year"]) * 12 + 3 * quarter, 3)


YEARS = range(1900, 2100)
"""Which four digits are hardly anything else than a year, where a date is asked for."""
_YEAR = re.compile("[0-9]{4}")


def whole_period(expression: str) -> Period | None:
    """Return the day, month or year of an expression; None for anything else.

    Example:
        >>> whole_period("2024-02-29").following, whole_period("2024").following
        ('2024-03-01', '2025-01-01')
    """
    if _YEAR.fullmatch(expression) and int(expression) in YEARS:
        return Period(f"{expression}-01-01", f"{int(expression) + 1}-01-01")
    following = following_day(expression)
    return whole_month(expression) if following is None else Period(expression, following)


def _month_called(written: str) -> int | None:
    name, short = written.lower(), written.lower()[:3]
    return _MONTHS.get(short) if name == short or name in _FULL_NAMES else None


_WRITTEN = re.compile(
    r"(?:new )?(?:datetimeoffset|datetime|timestamp|to_date|isodate|date(?:\.parse)?) *+\(? *+"
    r"[\"'](?P<date>[^\"']++)[\"'] *+\)?",
    re.IGNORECASE,
)


def _in_function(expression: str) -> NoDate | None:
    """Find a date that a function or a type makes of a text: `DATE '2024-01-31'`."""
    found = _WRITTEN.fullmatch(expression)
    return None if found is None else NoDate("near", {}, [found["date"]])


_WHAT_IS_WRONG: tuple[Callable[[str], NoDate | None], ...] = (
    _relative,
    _lost_plus,
    _named_zone,
    _in_function,
    _month_by_name,
    _seconds,
    _out_of_range,
)
