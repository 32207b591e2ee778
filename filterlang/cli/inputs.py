"""The lines of files and of standard input, gzipped or not."""

from __future__ import annotations

import os
import stat
import sys
import zlib
from contextlib import AbstractContextManager, nullcontext
from gzip import BadGzipFile, GzipFile
from io import BufferedIOBase, BufferedReader, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, cast

from filterlang.cli.exits import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from _typeshed import WriteableBuffer

STDIN = "-"
"""The name of standard input among the arguments."""

BOM = "\ufeff"
"""The mark that some editors put at the beginning of a file in UTF-8."""

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 16


class InputError(Exception):
    """A file can't be read, or not to its end; the message says why."""


def shown(path: str) -> str:
    """Give the name by which messages call an input."""
    return "<stdin>" if path == STDIN else path


def total_size(paths: Iterable[str]) -> int | None:
    """Count the bytes of all files together; None if one of them isn't a regular file."""
    total = 0
    for path in paths:
        try:
            status = os.stat(0 if path == STDIN else path)  # noqa: PTH116 — 0 is no path
        except OSError:
            continue  # There is nothing to wait for.
        if not stat.S_ISREG(status.st_mode):
            return None
        total += status.st_size
    return total


def read_lines(path: str, before_reading: Callable[[int], None]) -> Generator[bytes, None, None]:
    """Iterate over the lines of a file, ends of lines included.

    What begins like gzip data or is called `….gz` is decompressed. `before_reading` is called
    before each wait for more, with how many bytes the file gave since the last call.

    Raises:
        InputError: where the file can't be opened or read on, after the lines before that.
    """
    try:
        with _opened(path) as source:
            yield from _reader(source, before_reading, is_gzip=path.lower().endswith(".gz"))
    except EOFError:
        message = "the gzip data is cut off; fetch the file again"
        raise InputError(message) from None
    except (BadGzipFile, zlib.error) as error:
        message = f"the gzip data is damaged ({error}); fetch the file again"
        raise InputError(message) from error
    except OSError as error:
        raise InputError(reason_of(error)) from error


def _opened(path: str) -> AbstractContextManager[BufferedIOBase]:
    if path != STDIN:
        return Path(path).open("rb")
    if sys.stdin is None:
        message = "standard input is closed"
        raise InputError(message)
    # Standard input isn't ours to close. Its declared type is wider than what it is.
    return nullcontext(cast("BufferedIOBase", sys.stdin.buffer))


def _reader(
    source: BufferedIOBase, before_reading: Callable[[int], None], *, is_gzip: bool
) -> BufferedReader:
    # A pipe may give its first two bytes one by one; `peek` would be content with one.
    before_reading(0)
    head = source.read(len(_GZIP_MAGIC))
    plain = _Chunks(source.read1, before_reading, head)
    if head != _GZIP_MAGIC and not is_gzip:
        return BufferedReader(plain, _CHUNK)
    if not head:
        # GzipFile takes a file without even a header for an empty one.
        raise EOFError
    if head != _GZIP_MAGIC:
        message = "the name ends in .gz, but there is no gzip data in it; rename the file"
        raise InputError(message)
    # `read1` gives what there is, so that the lines before a cut are not lost with it.
    return BufferedReader(_Chunks(GzipFile(fileobj=plain, mode="rb").read1), _CHUNK)


class _Chunks(RawIOBase):
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
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        data = self._head
        self._head = b""
        if not data:
            if self._before_reading is not None:
                self._before_reading(self._size)
            data = self._read(len(view))
        self._size = len(data)
        view[: len(data)] = data
        return len(data)
