"""Streams over functions that read."""

from __future__ import annotations

from io import RawIOBase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer


class Chunks(RawIOBase):
    """A stream of what a function reads, after what has been read of it already."""

    def __init__(
        self,
        read: Callable[[int], bytes],
        before_reading: Callable[[int], None] | None = None,
        head: bytes = b"",
    ) -> None:
        super().__init__()
        self._read = read
        self._before_reading = before_reading
        self._head = head
        self._size = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read some bytes into a buffer; return how many."""
        view = memoryview(buffer)
        data, self._head = self._head[: len(view)], self._head[len(view) :]
        if not data:
            if self._before_reading is not None:
                self._before_reading(self._size)
            data = self._read(len(view))
        self._size = len(data)
        view[: len(data)] = data
        return len(data)
