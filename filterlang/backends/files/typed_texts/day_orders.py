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
    from collections.abc import Collection, Iterable

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
    """A date that is asked for, and whether day or month comes first in the dates of a column.

    Args:
        expression: the date, as filters write it.

    Attributes:
        sample: the first date with the day and the month in figures; empty before there was one.
        count: how many of them there were.
        has_time: whether some have a time behind them.

    Example:
        >>> order = DayOrder("2024-02-01")
        >>> order.see("02/01/2024")
        >>> order.is_day_first, order.days(["02/01/2024"], 1)
        (None, {True: '01/02/2024', False: '02/01/2024'})
        >>> order.see("31/12/2023")
        >>> order.is_day_first, order.days([], 2)
        (True, {True: '01/02/2024'})
    """

    sample: str
    count: int
    has_time: bool

    def __init__(self, expression: str) -> None:
        self.sample, self.count, self.has_time = "", 0, False
        self._instant = read_instant(expression)
        self._date = _DATE.fullmatch(expression)
        if self._instant is None or self._instant % _DAY:
            self._date = None
        self._is_padded = True
        self._proofs: set[bool] = set()

    def see(self, text: str) -> None:
        """Look at a text, which may be a date with the day and the month in figures."""
        readings, found = _readings(text), _PARTS.fullmatch(text)
        if not readings or found is None:
            return
        if len(readings) == 1:
            self._proofs |= readings.keys()
        self.count += 1
        self.has_time = self.has_time or bool(found["rest"])
        lengths = {len(found["first"]), len(found["second"])}
        self._is_padded = self._is_padded and 1 not in lengths
        self.sample = self.sample or text

    @property
    def is_day_first(self) -> bool | None:
        """Whether the day comes first; None where no date tells it, or they disagree."""
        return next(iter(self._proofs)) if len(self._proofs) == 1 else None

    def may_be(self, text: str) -> bool:
        """Return whether a text may stand for the date, whichever of day and month comes first."""
        meant = _readings(text).values() or dates_meant(text)
        return self._instant in map(read_instant, meant)

    def kept(self, texts: Iterable[str]) -> list[str]:
        """Return those of texts that may be the date by what all dates of the column tell."""
        first = self.is_day_first
        if first is None:
            return [*texts]
        kept = []
        for text in texts:
            readings = _readings(text)
            meant = readings.get(first)
            if not readings or (meant is not None and read_instant(meant) == self._instant):
                kept.append(text)
        return kept

    def days(self, spelled: Collection[str], total: int) -> dict[bool, str]:
        """Return how the date is spelled in the column, by whether the day comes first.

        Empty where one of the texts that may stand for the date is it for certain, or where the
        column has other texts, too; `total` counts all.
        """
        like = _PARTS.fullmatch(self.sample)
        is_open = any(len({*_readings(text).values()}) > 1 for text in spelled)
        if self._date is None or like is None:
            return {}
        if spelled and (self.is_day_first is not None or not is_open):
            return {}
        if not spelled and self.count < total:
            return {}
        found = (True, False) if self.is_day_first is None else (self.is_day_first,)
        days = {is_first: self._spelled(self._date, like, is_first) for is_first in found}
        # Of a year two digits may stand for another century.
        return days if all(map(self.may_be, days.values())) else {}

    def day_of(self, text: str) -> str | None:
        """Return the day of a text that has a time behind it, where a day is asked for."""
        found = _PARTS.fullmatch(text)
        if found is None or not found["rest"] or self._date is None:
            return None
        return text.removesuffix(found["rest"])

    def _spelled(self, date: re.Match[str], like: re.Match[str], is_day_first: bool) -> str:
        parts = [date["day"], date["month"]] if is_day_first else [date["month"], date["day"]]
        if not self._is_padded:
            parts = [part.lstrip("0") for part in parts]
        return like["sign"].join([*parts, date["year"][-len(like["year"]) :]])


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
