"""The bytes of files and of standard input, compressed or not: by lines, and by blocks of lines."""

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

from filterlang.backends.files.faults import InputError, MissingPackageError, reason_of
from filterlang.backends.files.packages import load_zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from _typeshed import WriteableBuffer

__all__ = [
    "BLOCK",
    "BOM",
    "RANGE",
    "STDIN",
    "InputError",
    "read_blocks",
    "read_lines",
    "shown",
    "total_size",
]

STDIN = "-"
"""The name of standard input among the arguments."""

BOM = "\ufeff"
"""The mark that some editors put at the beginning of a file in UTF-8."""

BLOCK = 1 << 16
"""So many bytes are looked at together: enough to make calls cheap, few enough for the caches."""

RANGE = 1 << 22
"""So many bytes are one piece of work for a process: some hundredths of a second."""

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_CHUNK = 1 << 16
_ZSTD_CHUNK = 1 << 14
"""Less than for gzip, since a byte of zstd data may stand for far more bytes."""


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

    What begins like gzip or zstd data or is called `….gz` or `….zst` is decompressed.
    `before_reading` is called before each wait for more, with how many bytes the file gave since
    the last call.

    Raises:
        InputError: where the file can't be opened or read on, after the lines before that.
    """
    try:
        with _opened(path) as source:
            yield from _reader(source, before_reading, path.lower())
    except _EXPECTED as error:
        raise InputError(_reason(error)) from error


def read_blocks(path: str, before_reading: Callable[[int], None]) -> Generator[bytes, None, None]:
    """Iterate over the data of a file in blocks of whole lines; otherwise as `read_lines`."""
    try:
        with _opened(path) as source:
            reader = _reader(source, before_reading, path.lower())
            begun: list[bytes] = []
            while data := reader.read1(BLOCK):
                cut = data.rfind(b"\n") + 1
                if not cut:
                    begun.append(data)
                    continue
                block = b"".join([*begun, data[:cut]]) if begun else data[:cut]
                begun = [data[cut:]] if cut < len(data) else []
                yield block
            if begun:
                yield b"".join(begun)
    except _EXPECTED as error:
        raise InputError(_reason(error)) from error


_EXPECTED = (EOFError, OSError, zlib.error, MissingPackageError)
"""What goes wrong with files, and not with this program."""


def _reason(error: Exception) -> str:
    match error:
        case EOFError():
            # `GzipFile` says more than a person wants to know.
            kind = "zstd" if str(error) == "zstd" else "gzip"
            return f"the {kind} data is cut off; fetch the file again"
        case BadGzipFile() | zlib.error():
            return f"the gzip data is damaged ({error}); fetch the file again"
        case OSError():
            return reason_of(error)
        case _:
            return str(error)


def _opened(path: str) -> AbstractContextManager[BufferedIOBase]:
    if path != STDIN:
        return Path(path).open("rb")
    if sys.stdin is None:
        message = "standard input is closed"
        raise InputError(message)
    # Standard input isn't ours to close. Its declared type is wider than what it is.
    return nullcontext(cast("BufferedIOBase", sys.stdin.buffer))


def _reader(
    source: BufferedIOBase, before_reading: Callable[[int], None], name: str
) -> BufferedReader:
    # A pipe may give its first bytes one by one; `peek` would be content with one.
    before_reading(0)
    head = source.read(len(_GZIP_MAGIC))
    if head and head == _ZSTD_MAGIC[: len(head)]:
        head += source.read(len(_ZSTD_MAGIC) - len(head))
    plain = _Chunks(source.read1, before_reading, head)
    if head == _ZSTD_MAGIC or name.endswith(".zst"):
        _expect("zstd", ".zst", head, _ZSTD_MAGIC)
        return BufferedReader(_Chunks(_ZstdReader(BufferedReader(plain, _CHUNK)).read), _CHUNK)
    if head.startswith(_GZIP_MAGIC) or name.endswith(".gz"):
        _expect("gzip", ".gz", head, _GZIP_MAGIC)
        # `read1` gives what there is, so that the lines before a cut are not lost with it.
        return BufferedReader(_Chunks(GzipFile(fileobj=plain, mode="rb").read1), _CHUNK)
    return BufferedReader(plain, _CHUNK)


def _expect(kind: str, suffix: str, head: bytes, magic: bytes) -> None:
    if not head:
        # GzipFile takes a file without even a header for an empty one.
        raise EOFError(kind)
    if not head.startswith(magic):
        if magic.startswith(head):
            raise EOFError(kind)
        message = f"the name ends in {suffix}, but there is no {kind} data in it; rename the file"
        raise InputError(message)


class _ZstdReader:
    """Decompresses zstd data of any number of frames, and notices where one is cut off.

    The stream readers of the package take data that is cut off for data that ends.
    """

    def __init__(self, source: BufferedReader) -> None:
        zstandard = load_zstandard()
        self._source = source
        self._error = zstandard.ZstdError
        # The most that the format allows, as `zstd --long=31` writes it, would be 2 GiB of memory.
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=1 << 27)
        self._frame = self._decompressor.decompressobj()
        self._begun = False
        self._rest = b""
        self._ready = memoryview(b"")

    def read(self, size: int) -> bytes:
        """Give at most so many bytes; none at the end."""
        while not self._ready:
            packed = self._rest or self._source.read1(_ZSTD_CHUNK)
            if not packed:
                if self._begun:
                    kind = "zstd"
                    raise EOFError(kind)
                return b""
            self._begun, self._rest = True, b""
            try:
                self._ready = memoryview(self._frame.decompress(packed))
            except self._error as error:
                message = f"the zstd data is damaged ({error}); fetch the file again"
                raise InputError(message) from error
            if self._frame.eof:
                self._rest = self._frame.unused_data
                self._frame, self._begun = self._decompressor.decompressobj(), False
        data, self._ready = self._ready[:size], self._ready[size:]
        return bytes(data)


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
