"""Numbers that stand for dates: in which way they seem to do so, and which number a date is so."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.typed_texts.date_texts import within
from filterlang.backends.files.typed_texts.written_types import are_digits_alike, date_of_digits
from filterlang.checking.meant_values.date_mistakes import YEARS
from filterlang.diagnostics.places import several
from filterlang.semantics.instants import EPOCH
from filterlang.semantics.values import is_missing, read_exact_number, read_instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.syntax.nodes import Clause

_DAY = 86_400_000_000
"""So many microseconds are in a day."""


class Numbering(ABC):
    """A way in which numbers stand for dates.

    Attributes:
        words: say it behind the word for numbers.
        is_told: whether a date that is written so is to be explained.
        is_read: whether schemas read numbers so.
    """

    words: str
    is_told = True
    is_read = False

    @abstractmethod
    def number(self, instant: int, clause: Clause) -> str | None:
        """Return the number to write for an instant, in place of the expression of a clause.

        Raises:
            OverflowError: where the calendar has none.
        """

    def remedy(self, clause: Clause, texts: Sequence[str] = ()) -> str | None:
        """Return what to write to ask numbers for the date that a clause asks for.

        None where some of them are texts, whose order with that number isn't that of numbers.
        """
        instant = read_instant(str(clause.expression))
        try:
            number = None if instant is None else self.number(instant, clause)
        except OverflowError:
            return None
        if number is None or (texts and not _are_alike(number, *texts)):
            return None
        return f"write {number}" + (f", which is the date {self.words}" if self.is_told else "")


class _Epoch(Numbering):
    """Time since 1970, in a unit of which so many are in a second."""

    def __init__(self, unit: str, in_second: int) -> None:
        self.words = f"in {unit} since 1970"
        self.in_second = in_second
        self.is_read = unit == "milliseconds"

    def number(self, instant: int, clause: Clause) -> str:
        """Return the number, cut to a whole one."""
        del clause
        return str(instant * self.in_second // 1_000_000)


class _Serials(Numbering):
    words = "in days, as spreadsheets count them"

    def number(self, instant: int, clause: Clause) -> str | None:
        """Return the number, with decimals for a time, if they have an end."""
        del clause
        number, rest = divmod(instant * _PARTS, _DAY)
        written = f"{Decimal(number + _FIRST_SERIAL * _PARTS) / _PARTS:f}"
        return None if rest else written


class _Digits(Numbering):
    words = "with year, month and day as digits"
    is_told = False

    def number(self, instant: int, clause: Clause) -> str | None:
        """Return the number of the day, or of the one behind it where `>=` and `<` ask so."""
        day, time = divmod(instant, _DAY)
        operator = clause.operator
        if time and not operator.orders:
            return None
        digits = _digits((day + bool(time and operator.divides_before)) * _DAY)
        return digits[: len("20240131")]


class _LongDigits(Numbering):
    words = "with year, month, day and time as digits"
    is_told = False

    def number(self, instant: int, clause: Clause) -> str | None:
        """Return the digits of a time; of a day as a whole there may be more to ask."""
        if instant % 1_000_000:
            return None
        first, operator = _digits(instant), clause.operator
        is_whole = operator.orders and operator.divides_before
        if instant % _DAY or is_whole:
            return first
        return several(within(clause, first, _digits(instant + _DAY)))


class _Years(Numbering):
    words = "by the year alone"
    is_told = False

    def number(self, instant: int, clause: Clause) -> str | None:
        """Return a year where its first day is asked for, as `>=` and `<` do."""
        operator = clause.operator
        is_first = operator.orders and operator.divides_before
        year, rest = _digits(instant)[:4], _digits(instant)[4:]
        return year if is_first and rest == "0101000000" else None


_FIRST_SERIAL = 25_569
"""What spreadsheets write for the first day of 1970."""
_PARTS = 10**6
"""Into so many parts days may be divided, as decimals say."""
_SERIALS = range(20_000, 80_000)
"""From 1954 up to 2119."""
_EPOCHS = [
    _Epoch("seconds", 1),
    _Epoch("milliseconds", 1_000),
    _Epoch("microseconds", 1_000_000),
    _Epoch("nanoseconds", 1_000_000_000),
]
_MILLISECONDS = _EPOCHS[1]
_LEAST = 10**8
"""A smaller number is hardly a time in seconds, and one a thousand times as large hardly still one,
but in milliseconds: from 1973 up to the year 5138."""
_LONG = re.compile("[0-9]{8}(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]")


def numbering_of(values: list[object]) -> Numbering | None:
    """Return the way in which numbers seem to stand for dates; None where they hardly do.

    Zeros are left out, which some write for no date.

    Example:
        >>> for value in (7, 1704067200, 1704067200000, 45322, 20240131, 20240131100000, 2024):
        ...     print(found.words if (found := numbering_of([0, value])) else None)
        None
        in seconds since 1970
        in milliseconds since 1970
        in days, as spreadsheets count them
        with year, month and day as digits
        with year, month, day and time as digits
        by the year alone
    """
    # They are of all types that numbers have, which compare with each other.
    numbers: list[Any] = [value for value in values if value]
    if not numbers:
        return None
    least, most = min(numbers), max(map(abs, numbers))
    if most >= _LEAST * _EPOCHS[-1].in_second * 1_000:
        return _MILLISECONDS  # It is none in any unit, and this is the one that schemas read.
    texts = [str(int(number)) if number == int(number) else "" for number in numbers]
    if all(map(_is_day, texts)):
        return _Digits()
    if all(_LONG.fullmatch(text) and _is_day(text[: len("20240131")]) for text in texts):
        return _LongDigits()
    if all(texts) and least in YEARS and most in YEARS:
        return _Years()
    if _SERIALS.start <= least <= most < _SERIALS.stop:
        return _Serials()
    units = [unit for unit in _EPOCHS if most >= _LEAST * unit.in_second]
    return units[-1] if units else None


def remedy_of_numbers_for_dates(clause: Clause, values: list[object]) -> str | None:
    """Return what to write for the date of a clause, among numbers that seem to stand for dates."""
    numbers = [number for value in values if (number := number_in(value)) is not None]
    numbering = numbering_of(numbers)
    texts = [value for value in values if isinstance(value, str)]
    return None if numbering is None else numbering.remedy(clause, texts)


def number_in(value: object) -> object:
    """Return the number that a value is, or that its text is in plain digits; None for others.

    Example:
        >>> number_in("20240131"), number_in(7.5), number_in("x"), number_in(True)
        (Decimal('20240131'), 7.5, None, None)
    """
    if isinstance(value, str):
        is_whole = value.isascii() and value.removeprefix("-").isdigit()
        number = read_exact_number(value) if is_whole else None
        return number if isinstance(number, Decimal) else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return None if is_missing(value) else value


def _are_alike(number: str, *texts: str) -> bool:
    return are_digits_alike(*texts) and (not number.isdigit() or len(number) == len(texts[0]))


def _is_day(text: str) -> bool:
    return len(text) == len("20240131") and date_of_digits(text, is_first=False) is not None


def _digits(instant: int) -> str:
    moment = EPOCH + timedelta(microseconds=instant)
    if moment.year < _FIRST_YEAR:
        message = f"no number begins with the zeros of {moment.year:04}"
        raise OverflowError(message)
    return f"{moment:%Y%m%d%H%M%S}"


_FIRST_YEAR = 1000
"""Of earlier ones not all have four digits."""
