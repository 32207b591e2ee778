"""Rows of cells that are hardly records: comments, what columns are, and a sum at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COMMENT = "#"
_SECOND = 2
_SUMS = {
    *("total", "totals", "grand total", "subtotal", "sum"),
    *("summe", "gesamt", "gesamtsumme", "insgesamt", "somme", "suma", "totale", "totaal"),
}
"""What the last row of a sheet begins with that holds sums, in small letters."""


class OddRows:
    """Looks at the first cell of each row, as long as it is a text."""

    def __init__(self) -> None:
        self._rows = 0
        self._described = False
        self._name = ""
        self._total = 0
        self._comments: list[str] = []
        self._last: object = None
        self._sums: list[str] = []

    def begin(self, names: Sequence[str], *, is_whole: bool) -> None:
        """Note how the columns of the next file are called, and whether all rows were seen."""
        self._end(is_whole=is_whole)
        self._name, self._last, self._rows = next(iter(names), ""), None, 0

    def see(self, record: Mapping[str, object]) -> None:
        """Look at a row."""
        self._rows += 1
        if self._rows == _SECOND:
            cells = [cell for cell in record.values() if cell != ""]
            self._described |= bool(cells) and all(map(_is_import_id, cells))
        self._last = cell = record.get(self._name)
        if isinstance(cell, str):
            self._total += 1
            if cell.startswith(_COMMENT):
                self._comments.append(cell)

    def _end(self, *, is_whole: bool) -> None:
        """Look at the last row of a file, if it was seen."""
        if is_whole and isinstance(self._last, str) and self._last.strip(" :").lower() in _SUMS:
            self._sums.append(self._last)

    def tell(self, *, is_whole: bool) -> list[str]:
        """Say which rows may be none."""
        self._end(is_whole=is_whole)
        told = []
        if self._comments and 2 * len(self._comments) < self._total:
            told.append(
                f"rows that begin with {quoted(_COMMENT)} are records as all others, such as that "
                f"with {quoted(self._comments[0])}; if they are comments, take them away"
            )
        if self._described:
            told.append(
                "the first two rows behind the names say what the columns are, as Qualtrics writes "
                "them, and are records as all others; leave these out: mlr --csv --lazy-quotes "
                "filter 'NR > 2' FILE | filterlang … --input-format csv"
            )
        if self._sums:
            told.append(
                f"the last row, which begins with {quoted(self._sums[0])}, is a record as all "
                "others; if it holds sums, take it away"
            )
        self._described = False
        self._comments.clear()
        self._sums.clear()
        self._last = None
        return told


def _is_import_id(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith('{"ImportId":')
