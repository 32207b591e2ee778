"""Rows that have nothing but empty cells, as spreadsheets write them behind the others.

They are records as all others. All of them are counted, those in blocks by their lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class EmptyRows:
    """Counts them.

    Attributes:
        number: how many there were.
        is_exact: whether there were no others, which are made empty by what is said of cells.
    """

    number: int
    is_exact: bool

    def __init__(self) -> None:
        self.number = 0
        self.is_exact = True
        self._columns: Sequence[str] = ()
        self._bare = b""
        self._line: re.Pattern[bytes] | None = None

    def begin(self, names: Sequence[str], delimiter: str) -> None:
        """Note the columns of the next file, and what divides its cells; nothing in workbooks.

        Where there is one column, an empty cell may be as well as any other.
        """
        self._columns = names if delimiter and len(names) > 1 else ()
        mark, cells = delimiter.encode(), len(names)
        self._bare = b"\n" + mark * (cells - 1)
        self._line = line_of_empty_cells(delimiter, cells)

    def see_row(self, row: Mapping[str, object]) -> None:
        """Look at a record that has all cells of a row."""
        if self._columns and not row.get(self._columns[0]):
            self.number += not any(map(row.get, self._columns))

    def see_cells(self, rows: Sequence[Iterable[str]]) -> None:
        """Look at the cells of rows."""
        if self._columns:
            self.number += len(rows) - sum(map(any, rows))

    def in_lines(self, data: bytearray, start: int) -> int:
        """Return how many of the rows behind so many bytes of lines are such.

        Threads may ask it at once.
        """
        if self._line is None or not self._columns:
            return 0
        if b'"' not in data and not self._stands(data, start):
            return 0
        number = quotes = 0
        place = start = max(start - 1, 0)
        for found in self._line.finditer(data, start):
            quotes += data.count(b'"', place, found.start())
            # Within quotes it is a part of a cell.
            number += quotes % 2 == 0
            quotes += found[0].count(b'"')
            place = found.end()
        return number

    def _stands(self, data: bytearray, start: int) -> bool:
        """Return whether there is such a line without quotes; it is found in a part of the time."""
        ends = (b"\n", b"\r\n") if b"\r" in data else (b"\n",)
        lines = [self._bare + end for end in ends]
        return data.endswith(self._bare) or any(
            data.find(line, max(start - 1, 0)) >= 0 for line in lines
        )


def line_of_empty_cells(delimiter: str, cells: int) -> re.Pattern[bytes]:
    """Return what finds the end of a line before one of so many empty cells, and this."""
    mark, cell = re.escape(delimiter.encode()), rb'(?:"")?'
    row = cell + (mark + cell) * (cells - 1)
    return re.compile(rb"\n%s(?=\r?\n|\r?\Z)" % row)
