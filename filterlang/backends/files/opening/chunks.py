"""Streams over functions that read."""

from __future__ import annotations

from io import RawIOBase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedIOBase

    from _typeshed import WriteableBuffer


class Chunks(RawIOBase):
    """A stream of what a function reads, after what has been read of it already.

    Args:
        read: reads at most so many bytes.
        before_reading: called before that, with how many bytes were given last.
        head: what has been read already.
        source: the file whose bytes these are, as they stand there.
        readinto: does as `read`, with nothing to be copied.
    """

    def __init__(
        self,
        read: Callable[[int], bytes],
        before_reading: Callable[[int], None] | None = None,
        head: bytes = b"",
        source: BufferedIOBase | None = None,
        readinto: Callable[[memoryview], int] | None = None,
    ) -> None:
        super().__init__()
        self._source = source
        self._read = read
        self._readinto = readinto
        self._before_reading = before_reading
        # What is long is read in small parts; bytes would be copied as a whole for each of them.
        self._head = memoryview(head)
        self._size = 0
        self._is_ended = False

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def fileno(self) -> int:
        """Return the number of the file whose bytes these are, as they stand there."""
        return super().fileno() if self._source is None else self._source.fileno()

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes into a buffer; return how many."""
        view = memoryview(buffer)
        data: bytes | memoryview = self._head[: len(view)]
        self._head = self._head[len(view) :] if len(view) < len(self._head) else memoryview(b"")
        if not data:
            # Who types at a terminal says once that it is the end.
            if self._is_ended:
                return 0
            if self._before_reading is not None:
                self._before_reading(self._size)
            if self._readinto is not None:
                self._size = self._readinto(view)
                self._is_ended = not self._size
                return self._size
            data = self._read(len(view))
            self._is_ended = not data
        self._size = len(data)
        view[: len(data)] = data
        return len(data)
