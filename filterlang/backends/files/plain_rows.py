"""Rows of cells that are plain: one a line, as many cells as names, whole and in UTF-8.

Most rows are so, and it takes a part of the time to read many of them together. What isn't so
within some lines makes all of these be read one by one, where it is told what is wrong.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from io import BufferedReader

    TakePlain = Callable[[int, list[list[str]]], None]
    """Is called with the number of the line of the first row, and the cells of rows."""


class PlainRows:
    """Takes plain rows out of what a reader has ready, between the lines that are read one by one.

    Args:
        reader: from which lines are read.
        take: is called with plain rows.
        max_row: how many bytes a row may have.
    """

    def __init__(self, reader: BufferedReader[Any], take: TakePlain, max_row: int) -> None:
        self._reader = reader
        self._take = take
        self._max_row = max_row
        self._read = 0
        self._next = 0
        """The line up to which they are read one by one."""

    def counted(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Pass on lines, and count them: some may have been read and not yet been looked at."""
        for piece in pieces:
            self._read += 1
            yield piece

    def take(self, line: int, delimiter: str, columns: int) -> int:
        """Take rows, if the one before ends in the line that was read last.

        Returns:
            The number of the last line that was taken, which is the given one if none was.
        """
        if line != self._read or line < self._next:
            return line
        data = self._reader.peek()
        data = data[: data.rfind(b"\n") + 1]
        count = data.count(b"\n")
        rows = None
        if count and (
            len(data) <= self._max_row or max(map(len, data.split(b"\n"))) <= self._max_row
        ):
            rows = _plain(data, count, delimiter, columns)
        if rows is None:
            self._next = line + count
            return line
        self._reader.read(len(data))
        self._read += count
        self._take(line + 1, rows)
        return line + count


def _plain(data: bytes, count: int, delimiter: str, columns: int) -> list[list[str]] | None:
    """Return the cells of whole lines; None if one of them isn't plain."""
    try:
        lines = data.decode().split("\n", count)[:count]
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    return rows if len(rows) == count and set(map(len, rows)) == {columns} else None
