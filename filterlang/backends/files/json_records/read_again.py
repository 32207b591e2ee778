"""A plain file of JSON, of which parts are read again where a place has to be told."""

from __future__ import annotations

from io import FileIO
from typing import TYPE_CHECKING

from filterlang.backends.files.opening.inputs import BOM, RANGE

if TYPE_CHECKING:
    from contextlib import ExitStack

MARK = BOM.encode()
_CONTINUING = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 with which no character begins."""


class ReadAgain:
    """Reads parts of a plain file.

    It is opened once, so that what is read is of one file, whatever becomes of its name meanwhile.

    Args:
        path: of the file.
        stack: the file is closed with it.
    """

    def __init__(self, path: str, stack: ExitStack) -> None:
        self._file = stack.enter_context(FileIO(path))

    def count_line_ends(self, start: int, end: int) -> int:
        """Count the line ends between two places."""
        count = 0
        while start < end and (data := self._read_at(start, min(RANGE, end - start))):
            count += data.count(b"\n")
            start += len(data)
        return count

    def count_in_line(self, end: int) -> int:
        """Count the characters that stand before a place in its line."""
        count = 0
        while end:
            start = max(0, end - RANGE)
            data = self._read_at(start, end - start)
            begin = data.rfind(b"\n") + 1
            count += count_characters(data[begin:] if begin or start else data.removeprefix(MARK))
            end = 0 if begin else start
        return count

    def _read_at(self, place: int, size: int) -> bytes:
        self._file.seek(place)
        return self._file.read(size)


def count_characters(data: bytes) -> int:
    """Count the characters that begin in some bytes of UTF-8."""
    return len(data) if data.isascii() else len(data.translate(None, _CONTINUING))
