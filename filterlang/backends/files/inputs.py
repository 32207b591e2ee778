"""The bytes of files and of standard input, compressed or not: by lines, and by blocks of lines."""

from __future__ import annotations

import os
import stat
import sys
import zlib
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from gzip import BadGzipFile, GzipFile
from io import BufferedIOBase, BufferedReader, RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from filterlang.backends.files.faults import InputError, MissingPackageError, reason_of
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.packages import load_zstandard

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from _typeshed import WriteableBuffer

__all__ = [
    "BLOCK",
    "BOM",
    "RANGE",
    "STDIN",
    "Chunks",
    "InputError",
    "blocks_of",
    "opened",
    "read_blocks",
    "read_lines",
    "read_pieces",
    "read_range",
    "shown",
    "too_long",
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
_ZSTD_CHUNK = 1 << 12
_ZSTD_LEAST = 1 << 7
"""Less than for gzip, since a byte of zstd data may stand for 32 KiB, which come all at once. Where
so few bytes have just given much, more aren't asked for."""
_MUCH = 1 << 20


def shown(path: str) -> str:
    """Return the name by which messages call an input."""
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


def too_long(max_line: int) -> str:
    """Return what is wrong with a line that is longer than is read."""
    return (
        f"expected a line of at most {max_line:,} bytes, found a longer one; "
        "allow more by --max-line, in Python by max_line"
    )


def read_lines(
    path: str, before_reading: Callable[[int], None], max_line: int = MAX_LINE
) -> Generator[bytes | None, None, None]:
    """Iterate over the lines of a file, ends of lines included.

    What begins like gzip or zstd data or is called `….gz` or `….zst` is decompressed.
    `before_reading` is called before each wait for more, with how many bytes the file gave since
    the last call. None stands for a line of more than `max_line` bytes before its end.

    Raises:
        InputError: where the file can't be opened or read on, after the lines before that.
    """
    is_within = False
    for piece in read_pieces(path, before_reading, max_line + 1):
        is_end = piece.endswith(b"\n")
        if is_within:
            is_within = not is_end
        elif is_end or len(piece) <= max_line:
            yield piece
        else:
            yield None
            is_within = True


def read_pieces(
    path: str, before_reading: Callable[[int], None], size: int
) -> Generator[bytes, None, None]:
    """Iterate over the lines of a file, longer ones in pieces of so many bytes; as `read_lines`."""
    with opened(path, before_reading) as reader:
        yield from iter(partial(reader.readline, size), b"")


def read_blocks(
    path: str, before_reading: Callable[[int], None], max_line: int = MAX_LINE
) -> Generator[bytes | None, None, None]:
    """Iterate over the data of a file in blocks of whole lines; otherwise as `read_lines`."""
    with opened(path, before_reading) as reader:
        yield from blocks_of(reader, max_line)


@contextmanager
def opened(path: str, before_reading: Callable[[int], None]) -> Iterator[BufferedReader]:
    """Open a file to read its data, decompressed; as `read_lines`, whatever goes wrong within."""
    try:
        with _stream_of(path) as source:
            yield _reader(source, before_reading, path.lower())
    except _EXPECTED as error:
        raise InputError(_reason(error)) from error


def blocks_of(reader: BufferedReader[Any], max_line: int) -> Generator[bytes | None, None, None]:
    """Iterate over what is read in blocks of whole lines; otherwise as `read_lines`."""
    # No line that lies within what is read at once is too long.
    size = min(BLOCK, max_line)
    begun: list[bytes] = []
    length = 0
    while data := reader.read1(size):
        if length and length + len(data.partition(b"\n")[0]) > max_line:
            yield None
            begun, length = [], 0
            data = _after_line(reader, data, size)
            if not data:
                continue
        cut = data.rfind(b"\n") + 1
        if not cut:
            begun.append(data)
            length += len(data)
            continue
        block = b"".join([*begun, data[:cut]]) if begun else data[:cut]
        begun = [data[cut:]] if cut < len(data) else []
        length = len(data) - cut
        yield block
    if begun:
        yield b"".join(begun)


def _after_line(reader: BufferedReader, data: bytes, size: int) -> bytes:
    """Read on to the end of a line, of which nothing is kept; return what was read beyond it."""
    while (end := data.find(b"\n")) < 0:
        data = reader.read1(size)
        if not data:
            return b""
    return data[end + 1 :]


def read_range(
    path: str, start: int, end: int, block: int, max_line: int = MAX_LINE
) -> Generator[bytes | None, None, None]:
    """Iterate over the lines of a plain file that begin within a range of bytes, as `read_blocks`.

    Raises:
        OSError: where the file can't be read.
    """
    size = min(block, max_line)
    with Path(path).open("rb", buffering=block) as file:
        place = start
        if start:
            # The line before may end just here, so its last byte is looked at, too.
            file.seek(start - 1)
            before = file.readline(end - start + 1)
            if not before.endswith(b"\n"):
                return
            place += len(before) - 1
        while place < end and (data := file.read(min(size, end - place))):
            begun = len(data) - data.rfind(b"\n") - 1
            rest = file.readline(max_line + 1 - begun) if begun else b""
            if begun + len(rest) <= max_line or rest.endswith(b"\n"):
                yield data + rest if rest else data
            else:
                if begun < len(data):
                    yield data[: len(data) - begun]
                yield None
                while not rest.endswith(b"\n") and (more := file.readline(block)):
                    place += len(rest)
                    rest = more
            place += len(data) + len(rest)


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


def _stream_of(path: str) -> AbstractContextManager[BufferedIOBase]:
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
    plain = Chunks(source.read1, before_reading, head)
    if head == _ZSTD_MAGIC or name.endswith(".zst"):
        _expect("zstd", ".zst", head, _ZSTD_MAGIC)
        return BufferedReader(Chunks(_ZstdReader(BufferedReader(plain, _CHUNK)).read), _CHUNK)
    if head.startswith(_GZIP_MAGIC) or name.endswith(".gz"):
        _expect("gzip", ".gz", head, _GZIP_MAGIC)
        # `read1` gives what there is, so that the lines before a cut are not lost with it.
        return BufferedReader(Chunks(GzipFile(fileobj=plain, mode="rb").read1), _CHUNK)
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
        self._size = _ZSTD_LEAST

    def read(self, size: int) -> bytes:
        """Return at most so many bytes; none at the end."""
        while not self._ready:
            packed = self._rest or self._source.read1(self._size)
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
            # What gave nothing says nothing, as the first bytes of a frame.
            if self._ready:
                is_much = len(self._ready) >= _MUCH
                self._size = _ZSTD_LEAST if is_much else min(2 * self._size, _ZSTD_CHUNK)
            if self._frame.eof:
                self._rest = self._frame.unused_data
                self._frame, self._begun = self._decompressor.decompressobj(), False
        data, self._ready = self._ready[:size], self._ready[size:]
        return bytes(data)


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
