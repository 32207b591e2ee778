"""The bytes of files and of standard input, compressed or not: by lines, and by blocks of lines."""

from __future__ import annotations

import codecs
import os
import stat
import sys
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from filterlang.backends.files.faults import InputError, reason_of
from filterlang.backends.files.formats import FORMATS
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.opening.byte_order_mark import BOM
from filterlang.backends.files.opening.chunks import Chunks
from filterlang.backends.files.opening.compressions import (
    COMPRESSIONS,
    compression_of_content,
    expect_more,
    without_ending,
)
from filterlang.backends.files.opening.packed import Packed
from filterlang.backends.files.opening.unreadable import MAGICS as UNREADABLE
from filterlang.backends.files.opening.unreadable import TAR, is_page_begun
from filterlang.diagnostics.missing_packages import MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from filterlang.backends.files.formats import Format

__all__ = [
    "BLOCK",
    "BOM",
    "EXPECTED",
    "RANGE",
    "READY",
    "STDIN",
    "Chunks",
    "Input",
    "InputError",
    "blocks_of",
    "is_file",
    "opened",
    "opened_input",
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

"""The mark that some editors put at the beginning of a file in UTF-8."""

BLOCK = 1 << 17
"""So many bytes are looked at together: enough to make calls cheap, few enough for the caches."""


RANGE = 1 << 22
"""So many bytes are one piece of work for a process: some hundredths of a second."""

READY = 1 << 16
"""So many bytes a reader may have ready. Who asks for more at once than these loses them where it
can't be read on behind them, with `readinto1` of Python's readers."""
_HEAD = 1 << 12
"""So many bytes are read to tell what they are the beginning of."""
_MOST_LAYERS = 4


def shown(path: str) -> str:
    """Return the name by which messages call an input."""
    return "<stdin>" if path == STDIN else path or "''"


def is_file(path: str) -> bool:
    """Return whether an input is a file, which can be opened again; one may be called `-`, too."""
    return path != STDIN and Path(path).is_file()


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


def too_long(max_line: int, what: str = "line") -> str:
    """Return what is wrong with a line, or a value, that is longer than is read."""
    return (
        f"expected a {what} of at most {max_line:,} bytes, found a longer one; "
        "allow more by --max-line, in Python by max_line"
    )


def read_lines(
    path: str | BufferedReader, before_reading: Callable[[int], None], max_line: int = MAX_LINE
) -> Generator[bytes | None, None, None]:
    """Iterate over the lines of a file, ends of lines included.

    What begins like compressed data is unpacked.
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
    path: str | BufferedReader, before_reading: Callable[[int], None], size: int
) -> Generator[bytes, None, None]:
    """Iterate over the lines of a file, longer ones in pieces of so many bytes; as `read_lines`."""
    with opened(path, before_reading) as reader:
        yield from iter(partial(reader.readline, size), b"")


def read_blocks(
    path: str | BufferedReader, before_reading: Callable[[int], None], max_line: int = MAX_LINE
) -> Generator[bytes | None, None, None]:
    """Iterate over the data of a file in blocks of whole lines; otherwise as `read_lines`."""
    with opened(path, before_reading) as reader:
        yield from blocks_of(reader, max_line)


class Input(NamedTuple):
    """An input that was opened.

    Fields: `reader` of its data, unpacked; `head`, the first bytes of that; `name`, which it had
    before it was packed; `format`, if that is known already; `is_packed`, whether it was packed.
    """

    reader: BufferedReader[Any]
    head: bytes
    name: str
    format: Format | None
    is_packed: bool


@contextmanager
def opened_input(path: str, before_reading: Callable[[int], None]) -> Generator[Input]:
    """Open an input, and look at its first bytes; as `read_lines`, whatever goes wrong within."""
    try:
        with ExitStack() as stack:
            source = stack.enter_context(_stream_of(path))
            yield _unpacked(source, path, before_reading, stack)
    except EXPECTED as error:
        raise InputError(_reason(error)) from error


@contextmanager
def opened(
    path: str | BufferedReader[Any], before_reading: Callable[[int], None]
) -> Generator[BufferedReader[Any]]:
    """Open a file to read its data, unpacked; as `opened_input`.

    What can be opened only once is opened already.
    """
    if isinstance(path, str):
        with opened_input(path, before_reading) as found:
            yield found.reader
        return
    try:
        yield path
    except EXPECTED as error:
        raise InputError(_reason(error)) from error


def blocks_of(reader: BufferedReader[Any], max_line: int) -> Generator[bytes | None, None, None]:
    """Iterate over what is read in blocks of whole lines; otherwise as `read_lines`."""
    # No line that lies within what is read at once is too long.
    size = min(BLOCK, max_line)
    begun: list[bytes] = []
    length = 0
    while data := reader.read1(size):
        if length + len(data) > max_line and length + _first_length(data) > max_line:
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
        block = b"".join([*begun, memoryview(data)[:cut]]) if begun else data[:cut]
        begun = [data[cut:]] if cut < len(data) else []
        length = len(data) - cut
        yield block
    if begun:
        yield b"".join(begun)


def _first_length(data: bytes) -> int:
    """Return how long the first line is, without its end."""
    end = data.find(b"\n")
    return len(data) if end < 0 else end


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


EXPECTED = (OSError, MissingPackageError)
"""What goes wrong with files, and not with this program."""


def _reason(error: Exception) -> str:
    return reason_of(error) if isinstance(error, OSError) else str(error)


def _stream_of(path: str) -> AbstractContextManager[BufferedIOBase]:
    if path != STDIN:
        return Path(path).open("rb")
    if sys.stdin is None:
        message = "standard input is closed"
        raise InputError(message)
    # Standard input isn't ours to close. Its declared type is wider than what it is.
    return nullcontext(cast("BufferedIOBase", sys.stdin.buffer))


def _unpacked(
    source: BufferedIOBase,
    path: str,
    before_reading: Callable[[int], None],
    stack: ExitStack,
) -> Input:
    file = cast("BinaryIO", source) if path != STDIN and source.seekable() else None
    read: Callable[[int], bytes] = source.read1
    before: Callable[[int], None] | None = before_reading
    name, format_ = path, None
    for layers in range(_MOST_LAYERS):
        head = _beginning(read, before)
        kind = None if format_ is not None else compression_of_content(head)
        if kind is None:
            expect_more(name, head)
            if layers:
                chunks = Chunks(read, before, head)
            else:
                chunks = Chunks(read, before, head, source, source.readinto1)
            reader = BufferedReader(chunks, READY)
            return Input(reader, head, name, format_, layers > 0)
        packed = BufferedReader(Chunks(read, before, head), READY)
        read, inner, format_ = kind.unpack(Packed(packed, file, stack))
        name = inner or without_ending(name)
        before = file = None
    message = f"it is compressed more than {_MOST_LAYERS - 1} times; unpack it"
    raise InputError(message)


def _beginning(read: Callable[[int], bytes], before_reading: Callable[[int], None] | None) -> bytes:
    """Read so many bytes that they tell what they are the beginning of.

    A pipe may give its first bytes one by one; and who waits for what it gives next shouldn't have
    to wait for more than is needed.
    """
    head = b""
    while _tells_nothing(head):
        if before_reading is not None:
            before_reading(0)
        more = read(_HEAD)
        if not more:
            break
        head += more
    return head


def _tells_nothing(head: bytes) -> bool:
    return (
        any(len(head) < len(magic) and magic.startswith(head) for magic in _MAGICS)
        or (len(head) < TAR and b"\0" in head)
        or is_page_begun(head)
    )


_MAGICS = (
    *(magic for kind in COMPRESSIONS for magic in kind.magics),
    *(magic for format_ in FORMATS for magic in format_.magics),
    *UNREADABLE,
    codecs.BOM_UTF32_LE,
    codecs.BOM_UTF32_BE,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)
