"""A plain file of JSON, of which parts are read again: to tell a place, and behind a place."""

from __future__ import annotations

from functools import partial
from io import BufferedReader, FileIO
from pathlib import Path
from typing import TYPE_CHECKING

from filterlang.backends.files.opening.chunks import Chunks
from filterlang.backends.files.opening.inputs import BLOCK, BOM, RANGE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

MARK = BOM.encode()
_CONTINUING = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 with which no character begins."""


class ReadAgain:
    """Reads parts of a plain file.

    Args:
        path: of the file.
        before_reading: called before it is read on, with how many bytes were read last.
        stack: what was opened is closed with it.
    """

    def __init__(self, path: str, before_reading: Callable[[int], None], stack: ExitStack) -> None:
        self._path = path
        self._before_reading = before_reading
        self._stack = stack

    def read_from(self, place: int) -> Callable[[], bytes]:
        """Return what reads on from a place, and gives nothing at the end."""
        file = self._stack.enter_context(FileIO(self._path))
        file.seek(place)
        return partial(BufferedReader(Chunks(file.read, self._before_reading)).read1, BLOCK)

    def count_line_ends(self, start: int, end: int) -> int:
        """Count the line ends between two places."""
        count = 0
        with Path(self._path).open("rb", buffering=0) as file:
            file.seek(start)
            while start < end and (data := file.read(min(RANGE, end - start))):
                count += data.count(b"\n")
                start += len(data)
        return count

    def count_in_line(self, end: int) -> int:
        """Count the characters that stand before a place in its line."""
        count = 0
        with Path(self._path).open("rb", buffering=0) as file:
            while end:
                start = max(0, end - RANGE)
                file.seek(start)
                data = file.read(end - start)
                begin = data.rfind(b"\n") + 1
                count += count_characters(
                    data[begin:] if begin or start else data.removeprefix(MARK)
                )
                end = 0 if begin else start
        return count


def count_characters(data: bytes) -> int:
    """Count the characters that begin in some bytes of UTF-8."""
    return len(data) if data.isascii() else len(data.translate(None, _CONTINUING))
