"""Texts in other encodings than UTF-8, read as UTF-8."""

from __future__ import annotations

import codecs
from io import BufferedReader
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.opening.chunks import Chunks

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.backends.files.opening.inputs import Input

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What a text begins with → its encoding. UTF-32 comes first, as it begins like UTF-16."""

_CHUNK = 1 << 16


def encoding_of_mark(head: bytes) -> str | None:
    """Return the encoding that the mark at the beginning of a text tells, if not UTF-8."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def transcoded(found: Input, encoding: str | None) -> Input:
    """Return an input that gives UTF-8, whatever its text is in.

    Args:
        found: the input, of which nothing was read.
        encoding: what somebody says that it is, None to look at its first bytes.

    Raises:
        InputError: where a mark says that the text is in another encoding.
    """
    marked = encoding_of_mark(found.head)
    if marked is not None and encoding is not None and not encoding.startswith(marked):
        message = f"it begins with the mark of {marked.upper()}, so it isn't {encoding}"
        raise InputError(message)
    if marked is None and encoding in {"utf-16", "utf-32"} and found.head:
        # Versions of Python say so in different ways, or take the order of the machine.
        message = (
            f"it doesn't begin with the mark of {encoding.upper()}, which tells the order of "
            f"bytes; say {encoding}-le or {encoding}-be by --encoding, in Python by encoding"
        )
        raise InputError(message)
    source = marked or encoding
    if source is None or source == "utf-8":
        return found
    reader = BufferedReader(Chunks(_Decoded(found.reader.read1, source).read), _CHUNK)
    # What is known of it now is not what stands in the file.
    return found._replace(reader=reader, head=reader.peek(_CHUNK), is_packed=True)


class _Decoded:
    """A function that reads, made one that reads UTF-8."""

    def __init__(self, read: Callable[[int], bytes], encoding: str) -> None:
        self._read = read
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._place = 0
        self._rest = b""
        self._error: InputError | None = None
        self._is_whole = False

    def read(self, size: int) -> bytes:
        """Read at most so many bytes of UTF-8; none at the end.

        Raises:
            InputError: for bytes that are none of the encoding, after the text before them; and
                where the order of bytes isn't known.
        """
        while not self._rest and not self._is_whole:
            if self._error is not None:
                raise self._error
            self._rest = self._more(size).encode()
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def _more(self, size: int) -> str:
        """Decode what is read next."""
        data = self._read(size)
        self._is_whole = not data
        # What is left of a character that the last bytes began is decoded once more.
        start = self._place - len(self._decoder.getstate()[0])
        self._place += len(data)
        try:
            return self._decoder.decode(data, final=not data)
        except UnicodeDecodeError as error:
            self._is_whole = False
            wrong = error.object[error.start : error.end].hex(" ").upper()
            message = (
                f"expected text in {self._encoding}, found {wrong} (hexadecimal) behind "
                f"{start + error.start:,} bytes; say by --encoding, in Python by encoding, what "
                "it is in"
            )
            self._error = InputError(message)
            return error.object[: error.start].decode(error.encoding)


def with_line_feeds(found: Input) -> Input:
    """Return a text whose lines end with a carriage return alone as one of lines that all know.

    Old programs, and some spreadsheets still, write them so. A beginning with a line feed in it is
    a text as any other.
    """
    if b"\r" not in found.head.rstrip(b"\r") or b"\n" in found.head:
        return found
    read = found.reader.read1
    reader = BufferedReader(Chunks(lambda size: read(size).replace(b"\r", b"\n")), _CHUNK)
    return found._replace(reader=reader, head=reader.peek(_CHUNK), is_packed=True)
