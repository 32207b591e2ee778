"""Cells that aren't of the type of their column: how many there are, and where the first one is."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where a cell stands that isn't of its column's type."""

    file: str
    line: int
    column: str


class CountedCells:
    """Cells that were counted, and the first one.

    Attributes:
        number: how many there were.
        first: where the first one stands, and what it is.
    """

    number: int
    first: tuple[Place, str] | None

    def __init__(self) -> None:
        self.number = 0
        self.first = None

    def add(self, place: Place, cell: str) -> None:
        """Count one."""
        self.number += 1
        first = self.first
        # Those of one file may come column by column.
        if first is None or (first[0].file == place.file and place.line < first[0].line):
            self.first = place, cell

    def joined(self, other: CountedCells) -> CountedCells:
        """Return these and others, counted together."""
        both = CountedCells()
        for one in (self, other):
            if one.first is not None:
                both.add(*one.first)
        both.number = self.number + other.number
        return both

    @property
    def words(self) -> tuple[str, str]:
        """What a sentence of them begins with, and what names the first one."""
        if self.number == 1:
            return "1 cell is", ""
        return f"{self.number:,} cells are", "the first one is "
