"""The row of a sheet that holds the sums, or the means, of the others: the last one, or the first.

A word tells it where it is the first text of the last row; where it may be any other text, or where
there is none, the numbers of the row have to be the sums of those in the others.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_SUM = re.compile(
    r"(?:(?:grand|sub)?[ -]?totals?|sum|totals? g[eé]n[eé]ral|total geral|summe|(?:end)?summe"
    r"|gesamt(?:summe|ergebnis)?|insgesamt|somme|suma|totale(?: complessivo)?|(?:eind)?totaal)"
    r"(?: *[:(\[].*)?",
    re.IGNORECASE,
)
"""What the last row of a sheet begins with that holds sums."""
_AGGREGATE = re.compile(
    r"(?:sum|totals?|averages?|avg|mean|summe|durchschnitt|mittelwert|somme|moyenne|media|promedio)"
    r"(?: (?:of|von|de|di) .*)?",
    re.IGNORECASE,
)
"""What may be any text, but where the numbers beside it are sums or means."""
_COUNT = re.compile(r"\([0-9]+ rows?(?: affected)?\)", re.IGNORECASE)
"""What programs of databases write behind the rows."""
_NUMBER = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
_FEWEST = 3
"""Of a row and one other alone nobody knows which is the sum."""


class _Numbers:
    """The numbers of a column: how many, their sum, the first and the last one."""

    def __init__(self) -> None:
        self.count = 0
        self.sum = self.first = self.last = Decimal()

    def add(self, number: Decimal) -> None:
        """Add the next one."""
        if not self.count:
            self.first = number
        self.count += 1
        self.sum += number
        self.last = number

    def _at(self, place: int) -> Decimal:
        return self.last if place else self.first

    def is_sum(self, place: int) -> bool:
        """Return whether the first one, or the last one, is the sum of all others."""
        one = self._at(place)
        return self.count >= _FEWEST and one != 0 and self.sum == 2 * one

    def is_mean(self, place: int) -> bool:
        """Return whether the first one, or the last one, is the mean of all others, rounded."""
        one = self._at(place)
        if self.count < _FEWEST:
            return False
        mean = (self.sum - one) / (self.count - 1)
        exponent = one.as_tuple().exponent
        digits = exponent if isinstance(exponent, int) else 0
        return abs(mean - one) <= Decimal(5).scaleb(digits - 1)


class SumRows:
    """Looks at the first and the last row of a file, and at the sums of its columns.

    Args:
        names: those of the columns.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._numbers = {name: _Numbers() for name in names}
        self._name = next(iter(names), "")
        self._rows = 0
        self._sums = 0
        self._first: Mapping[str, object] = {}
        self._last: Mapping[str, object] = {}

    def see(self, filled: Mapping[str, object]) -> None:
        """Look at the cells of a row that aren't empty."""
        self._rows += 1
        self._first = self._first if self._rows > 1 else filled
        self._last = filled
        text = _text(filled)
        self._sums += _is_sum(text)
        for name in filled.keys() & self._numbers.keys():
            number = _number(filled[name])
            if number is not None:
                self._numbers[name].add(number)
            elif self._rows > 1 or name == self._name:
                del self._numbers[name]

    def told(self, leave_out: Callable[[list[str]], str]) -> str | None:
        """Say which row is hardly a record; None if each may be.

        `leave_out` returns how to leave out the rows in which one of some columns is empty.
        """
        text = _text(self._last)
        if _COUNT.fullmatch(text):
            return (
                f"the last row, {quoted(text)}, says how many rows there are, and is a record as "
                "all others; take it away"
            )
        is_sum = _is_sum(text)
        if is_sum and self._sums > 1:
            return (
                f"{self._sums:,} rows that begin with words such as {quoted(text)} are records as "
                "all others; if they hold sums, take them away"
            )
        is_sum = is_sum or (_is_aggregate(text) and self._is_of_others(-1))
        if is_sum:
            return (
                f"the last row, which begins with {quoted(text)}, is a record as all others; if it "
                "holds sums, take it away"
            )
        for place, where in ((-1, "last"), (0, "first")):
            row = (self._first, self._last)[place]
            if not row or not self._is_of_others(place):
                continue
            text = _text(row)
            if self._name not in row:
                return (
                    f"the {where} row, in which {quoted(self._name)} is empty, holds the sums of "
                    f"the others, and is a record as all of them; {leave_out([self._name])}"
                )
            if _is_sum(text) or _is_aggregate(text):
                return (
                    f"the {where} row, which begins with {quoted(text)}, holds the sums of the "
                    "others, and is a record as all of them; take it away"
                )
        return None

    def _is_of_others(self, place: int) -> bool:
        """Return whether the numbers of the first or last row are sums of the others, or means."""
        row = (self._first, self._last)[place]
        named = [one for name, one in self._numbers.items() if _number(row.get(name)) is not None]
        if self._name in row:
            return any(one.is_sum(place) or one.is_mean(place) for one in named)
        # Without a word one number alone may be so by chance; and there are shares beside sums.
        sums = sum(one.is_sum(place) for one in named)
        return 2 * sums >= len(named) > 0


def _text(filled: Mapping[str, object]) -> str:
    """Return the first cell of a row if it is a text; an empty one if it is none."""
    first = next(iter(filled.values()), None)
    return first if isinstance(first, str) else ""


def _is_sum(text: str) -> bool:
    return _SUM.fullmatch(text.strip(" :")) is not None


def _is_aggregate(text: str) -> bool:
    return _AGGREGATE.fullmatch(text.strip(" :")) is not None


def _number(cell: object) -> Decimal | None:
    if isinstance(cell, str):
        if not _NUMBER.fullmatch(cell):
            return None
        cell = cell.replace(",", ".")
    elif isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return None
    try:
        return Decimal(str(cell))
    except InvalidOperation:
        return None
