"""What is made of cells before anything is asked of them: spaces taken away, words for nothing."""

from __future__ import annotations

from typing import NamedTuple

SPACES = " \t\u00a0"
"""What counts as space around a cell; the last one is what spreadsheets write between thousands."""


class Cleaning(NamedTuple):
    r"""What somebody wants to be made of cells.

    Fields: `null`, the words that count as empty ones; `trim`, whether spaces around them are taken
    away, before that.

    Example:
        >>> Cleaning(frozenset({"N/A"}), trim=True).cells([" N/A ", "95\t", "7"])
        ['', '95', '7']
    """

    null: frozenset[str] = frozenset()
    trim: bool = False

    @property
    def changes(self) -> bool:
        """Whether there is anything to be made."""
        return bool(self.null) or self.trim

    def cells(self, cells: list[str]) -> list[str]:
        """Return the cells of a row as they are wanted."""
        if self.trim:
            cells = [cell.strip(SPACES) for cell in cells]
        if self.null and not self.null.isdisjoint(cells):
            cells = ["" if cell in self.null else cell for cell in cells]
        return cells


UNCHANGED = Cleaning()
"""Cells are as they are written."""
