"""Dates with the day or the month before the other: which one it is, by all dates of a column.

`02/01/2024` is the second of January or the first of February, and `31/12/2023` beside it tells
which. Where no date of the column tells it, nobody but its writer knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.backends.files.typed_texts.written_types import dates_meant
from filterlang.semantics.values import read_instant

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARTS = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<sign>[./-])(?P<second>[0-9]{1,2})(?P=sign)"
    r"(?P<year>[0-9]{4}|[0-9]{2})(?P<rest>(?:[ ,T].*)?)",
    re.DOTALL,
)
_MAY_BE_VERSION = re.compile(r"(?:[0-9]\.[0-9]+|[0-9]+\.[0-9])\.[0-9]{2}(?![0-9])")
_DATE = re.compile("(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?:T00:00.*)?")

_DAY = 86_400_000_000
"""So many microseconds are in a day."""


class DayOrder:
    """Whether the day or the month comes first in the dates of a column.

    Attributes:
        sample: a date with the day and the month in figures; None before there was one.
        count: how many of them there were.
        has_time: whether some have a time behind them.

    Example:
        >>> order = DayOrder()
        >>> order.see("02/01/2024"), order.is_day_first
        (True, None)
        >>> order.see("31/12/2023"), order.is_day_first, order.spelled("2024-02-01")
        (True, True, '01/02/2024')
    """

    sample: str | None
    count: int
    has_time: bool

    def __init__(self) -> None:
        self.sample, self.count, self.has_time = None, 0, False
        self._is_padded = True
        self._proofs: set[bool] = set()

    def see(self, text: str) -> bool:
        """Look at a text; whether it is a date with the day and the month in figures."""
        readings = _readings(text)
        if not readings:
            return False
        if len(readings) == 1:
            self._proofs |= readings.keys()
        found = _PARTS.fullmatch(text)
        assert found is not None
        self.count += 1
        self.has_time = self.has_time or bool(found["rest"])
        lengths = {len(found["first"]), len(found["second"])}
        self._is_padded = self._is_padded and 1 not in lengths
        if self.sample is None:
            self.sample = text
        return True

    @property
    def is_day_first(self) -> bool | None:
        """Whether the day comes first; None where no date tells it, or they disagree."""
        return next(iter(self._proofs)) if len(self._proofs) == 1 else None

    def spelled(self, date: str, *, is_day_first: bool | None = None) -> str:
        """Return a date as those of the column are spelled, without a time."""
        is_day_first = self.is_day_first if is_day_first is None else is_day_first
        like, found = _PARTS.fullmatch(self.sample or ""), _DATE.fullmatch(date)
        assert like is not None
        assert found is not None
        parts = [found["day"], found["month"]] if is_day_first else [found["month"], found["day"]]
        if not self._is_padded:
            parts = [part.lstrip("0") for part in parts]
        return like["sign"].join([*parts, found["year"][-len(like["year"]) :]])


def instants_of(text: str, *, is_day_first: bool | None = None) -> Iterable[int | None]:
    """Return the instants that a text may stand for, whose day and month may be in figures.

    Example:
        >>> [[*instants_of("01.02.24", is_day_first=first)] for first in (True, False)]
        [[1706745600000000], [1704153600000000]]
    """
    readings = _readings(text)
    if not readings:
        return map(read_instant, dates_meant(text))
    found = [one for first, one in readings.items() if is_day_first in {None, first}]
    return map(read_instant, found)


def _readings(text: str) -> dict[bool, str]:
    """Return the dates that a text is with the day first, and with the month first."""
    found = _PARTS.fullmatch(text)
    if found is None or _MAY_BE_VERSION.match(text) is not None:
        return {}
    first, second = found["first"].zfill(2), found["second"].zfill(2)
    readings = {}
    for is_day_first, parts in ((True, (first, second)), (False, (second, first))):
        # With points there is one reading: the day comes first.
        meant = dates_meant(".".join([*parts, found["year"]]) + found["rest"])
        if meant:
            readings[is_day_first] = meant[0]
    return readings


def is_day(expression: str) -> bool:
    """Return whether an expression is a date without a time, or with that of midnight.

    Example:
        >>> is_day("2024-01-31"), is_day("2024-01-31T10:00")
        (True, False)
    """
    instant = read_instant(expression) if _DATE.fullmatch(expression) else None
    return instant is not None and instant % _DAY == 0
