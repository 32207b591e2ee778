"""A plain file of JSON, of which parts are read again where a place has to be told."""

from __future__ import annotations

from pathlib import Path

from filterlang.backends.files.opening.inputs import BOM, RANGE

MARK = BOM.encode()
_CONTINUING = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 with which no character begins."""


class ReadAgain:
    """Reads parts of a plain file.

    Args:
        path: of the file.
    """

    def __init__(self, path: str) -> None:
        self._path = path

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
