"""Clauses that ask for a date or a time of day, among texts of which the order is another one.

A day is no time of that day, so where all values have a time no value equals a day, and `<=` leaves
those of the day out. And texts that aren't written as the expression is have the order of their
letters, whatever date they are; there are more spellings than anybody knows.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.backends.files.typed_texts.date_texts import within
from filterlang.backends.files.typed_texts.written_types import is_clock, is_written_date
from filterlang.checking.lexis import DAY
from filterlang.checking.meant_values.date_mistakes import following_day
from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.paths import values_at
from filterlang.semantics.reading import AS_TEXTS
from filterlang.semantics.values import is_missing
from filterlang.syntax.escaping import escape

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Clause

_DAY = re.compile(DAY)
_BEGUN = re.compile(r"[0-9]{4}-[0-9]{2}(?![0-9])")
_TIME = re.compile(
    rf"{DAY}[Tt ]++(?:(?P<midnight>0?0:00(?::00(?:[.,]0++)?)?(?![0-9:.,]))|[0-9]{{1,2}}:[0-9]{{2}})"
    r"[^+\-]*+(?P<offset>[+\-](?!00:?(?:00)?\Z))?",
    re.DOTALL,
)
_BEGUN_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}(?![0-9])")
_TWELVE_HOURS = re.compile(
    r"[0-9]:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?\Z"
)
_FEW = 10
"""One text of so many may be written as dates are, among others that aren't."""


class _Asked:
    """A clause that asks for a date or a time of day, and the texts that it met."""

    def __init__(self, bound: BoundClause) -> None:
        self.clause = bound.clause
        self.path = bound.path
        self.expression = str(self.clause.expression)
        self._is_of_clock = is_clock(self.expression)
        operator = self.clause.operator
        is_whole = operator.orders and operator.divides_before
        is_day = _DAY.fullmatch(self.expression) is not None
        self.asks_for_day = is_day and not is_whole
        self.asks_for_time = operator.orders and not is_day
        self.total = self.timed = self.midnights = self.offsets = self.on_day = 0
        self.unlike: list[str] = []
        self.of_twelve_hours: list[str] = []
        self.first = ""

    def is_passed_by(self, record: object) -> bool:
        """Look at what a record holds under its name; whether nothing more is to be asked."""
        for value in values_at(self.path, record):
            if is_missing(value) or value == "":
                continue
            self.total += 1
            if not isinstance(value, str):
                continue
            self.first = self.first or value
            time = _TIME.match(value) if self.asks_for_day else None
            if time is not None:
                self.timed += 1
                self.midnights += time["midnight"] is not None
                self.offsets += time["offset"] is not None
                self.on_day += value.startswith(self.expression)
            elif not self._is_begun(value):
                self.unlike.append(value)
            if self.asks_for_time and _TWELVE_HOURS.search(value):
                self.of_twelve_hours.append(value)
        return not self.clause.operator.orders and self.timed < self.total

    def _is_begun(self, text: str) -> bool:
        """Whether a text begins as the expression does."""
        if self._is_of_clock:
            return _BEGUN_CLOCK.match(text) is not None
        return _BEGUN.match(text) is not None

    def is_of_days(self, *, is_told: bool) -> bool:
        """Whether all values have a time, though a day is asked for.

        `is_told` says that more was said of their order.
        """
        if not self.asks_for_day or not self.total or self.timed < self.total:
            return False
        if self.clause.operator.orders and following_day(self.expression) is None:
            return False
        if self.midnights == self.total:
            return not self.on_day and not is_told  # Of these the day may be written as they are.
        return not is_told or not self.offsets

    def told_of_day(self, where: str) -> str:
        """Say that a day is asked for, and what finds its times."""
        clause, day = self.clause, self.expression
        operator = clause.operator
        if operator.orders:
            (write,) = within(clause, day, following_day(day) or day)
            too = "leave that day out" if str(operator).startswith(">") else "have that day, too"
            why, aim = f"and those of {day} come after {quoted(day)}", f"to {too}"
        else:
            write = f"{clause.name}{'!~' if operator.negative else '~'}{escape(day)}*"
            why, aim = f"so none is {quoted(day)}", "for that day"
        have = "the one value has" if self.total == 1 else f"all {self.total:,} values have"
        return (
            f"a day in {quoted(str(clause))}: {where}{have} a time, such as {quoted(self.first)}, "
            f"{why}; write {quoted(write)} {aim}"
        )

    def told_of_texts(self, where: str) -> str | None:
        """Say that the order of texts isn't that of dates; None where it may be."""
        if not self.clause.operator.orders or not self.total:
            return None
        texts, of = self.of_twelve_hours, "as clocks of twenty-four hours are"
        if 2 * len(texts) < self.total:
            texts, of = self.unlike, f"as {quoted(self.expression)} is"
            if _FEW * (self.total - len(texts)) > self.total or not texts:
                return None
        count, example = len(texts), quoted(texts[0])
        are = "are texts" if count > 1 else "is a text"
        if count < self.total:
            are = f"{count:,} of {self.total:,} values {are}"
        else:
            are = f"all {count:,} values {are}" if count > 1 else f"the one value {are}"
        what = "times" if self._is_of_clock else "dates"
        written = "isn't written" if count == 1 else "aren't written"
        return (
            f"wrong type in {quoted(str(self.clause))}: {where}{are}, such as {example}, which "
            f"{written} {of}, so the order is that of their letters, not of {what}; write them so"
        )


class AskedDates:
    """The clauses that ask for dates by a text, and what they meet."""

    def __init__(self, bound: Iterable[BoundClause]) -> None:
        self._asked = [_Asked(one) for one in bound if _asks_for_date(one)]

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be seen."""
        return not self._asked

    def see(self, record: object) -> None:
        """Look at a record."""
        self._asked = [one for one in self._asked if not one.is_passed_by(record)]

    def of_days(self, told: Collection[Clause]) -> set[Clause]:
        """Return the clauses that ask for a day of times; `told` are those with more to be said."""
        asked = [one for one in self._asked if one.is_of_days(is_told=one.clause in told)]
        return {one.clause for one in asked}

    def tell(self, where: str, of_days: Collection[Clause], told: Collection[Clause]) -> list[str]:
        """Say it of each clause, but for those of which there is more to be said."""
        lines = []
        for one in self._asked:
            if one.clause in of_days:
                lines.append(one.told_of_day(where))
            elif one.clause not in told and (line := one.told_of_texts(where)):
                lines.append(line)
        return lines


def _asks_for_date(bound: BoundClause) -> bool:
    expression = str(bound.clause.expression)
    if bound.is_pattern or bound.of_missing or bound.reading not in AS_TEXTS:
        return False
    if is_clock(expression):
        return bound.clause.operator.orders
    return is_written_date(expression) and not expression.lstrip("-").isdigit()
