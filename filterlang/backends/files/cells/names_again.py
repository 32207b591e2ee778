"""The names of columns that stand again among the rows, as where files were put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.files.opening.byte_order_mark import BOM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from filterlang.backends.files.cells.header_names import Header

_AROUND = f" \t{BOM}"
"""What may stand around a name in a row, as in the first row of a file."""


class NamesAgain:
    """Looks whether any row is what the first one is.

    Attributes:
        is_found: whether one was.
    """

    is_found: bool

    def __init__(self) -> None:
        self.is_found = False
        self._columns: Sequence[str] = ()
        self._written: Sequence[str] = ()
        self._line = b""
        self._is_line = True
        self._number = 1

    def begin(self, header: Header) -> None:
        """Note what the first row of the next file is."""
        written = header.written
        # Cells without letters may well be those of a row.
        is_text = any(map(str.isalnum, "".join(written)))
        self._columns, self._written = (header.names, written) if is_text else ((), ())
        line = header.line or header.delimiter.join(written).encode()
        self._line = b"\n" + line if is_text and header.delimiter else b""
        if not self.is_found:
            self._is_line = bool(header.line) and b"\n" not in header.line
            self._number = header.number

    def are_in(self, row: Mapping[str, object]) -> bool:
        """Return whether a record is the names, none of which is missing."""
        columns, written = self._columns, self._written
        if not columns or not is_name(row.get(columns[0]), written[0]):
            return False
        return all(map(is_name, map(row.get, columns), written))

    def see_row(self, row: Mapping[str, object]) -> None:
        """Look at a record that has all cells of a row."""
        self.is_found = self.is_found or self.are_in(row)

    def told(self, *, are_cells: bool) -> list[str]:
        """Say that a row was found; `are_cells` is whether a program for texts takes it away."""
        if not self.is_found:
            return []
        # The first row may be written otherwise than the others, as behind a mark.
        row = r"""r = $0; gsub(/^\357\273\277|[" \t\r]/, "", r)"""
        number = self._number
        remedy = f"awk '{{{row}}} NR == {number} {{n = r}} NR <= {number} || r != n'"
        told = "the names of the columns stand again in rows behind them, which are records as all"
        is_line = are_cells and self._is_line
        return [f"{told} others; {f'leave these out: {remedy}' if is_line else 'take these away'}"]

    def see_cells(self, rows: Iterable[Sequence[str]]) -> None:
        """Look at the cells of rows."""
        if self.is_found or not self._columns:
            return
        first, *others = self._written
        self.is_found = any(
            is_name(cells[0], first) and all(map(is_name, cells[1:], others)) for cells in rows
        )

    def are_in_lines(self, data: bytearray, start: int) -> bool:
        """Return whether a row that begins behind so many bytes of lines is the names.

        Threads may ask it at once.
        """
        if self.is_found or not self._line:
            return False
        lines = [self._line]
        if not data.isascii():
            lines.append(b"\n" + BOM.encode() + self._line[1:])
        return any(_stands(line, data, start) for line in lines)


def is_name(cell: object, name: str) -> bool:
    """Return whether a cell is a name, perhaps within spaces or behind a mark of Unicode."""
    return cell == name or (isinstance(cell, str) and name in cell and cell.strip(_AROUND) == name)


def _stands(line: bytes, data: bytearray, start: int) -> bool:
    """Return whether a line stands among others, and not within a cell."""
    quotes, place = 0, data.find(line, max(start - 1, 0))
    while place >= 0:
        quotes += data.count(b'"', start, place)
        start = place + len(line)
        if quotes % 2 == 0 and not data[start : start + 1].strip(b"\r\n"):
            return True
        quotes += line.count(b'"')
        place = data.find(line, start)
    return False
