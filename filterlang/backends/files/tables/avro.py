"""Avro files → records, block by block.

The blocks are found here, since the library takes a file that is cut off between two of its bytes
for one that ends, and asks for a package for each codec. It decodes what is in them.
"""

from __future__ import annotations

import bz2
import json
import lzma
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.opening.inputs import opened
from filterlang.backends.files.packages import load_fastavro, load_pyarrow, load_zstandard
from filterlang.backends.files.tables.avro_schema import (
    converter_of,
    plain_schema,
    storages_of_fields,
)
from filterlang.diagnostics.diagnostic import quoted
from filterlang.diagnostics.missing_packages import MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from io import BufferedReader

    from filterlang.backends.plan.storage import Storages

_MAGIC = b"Obj\x01"
_SYNC = 16
_HEADER: Final = {
    "type": "record",
    "name": "header",
    "fields": [
        {"name": "meta", "type": {"type": "map", "values": "bytes"}},
        {"name": "sync", "type": {"type": "fixed", "name": "sync", "size": _SYNC}},
    ],
}
_CUT = "the Avro data is cut off; fetch the file again"


def read_avro(
    path: str | BufferedReader,
    before_reading: Callable[[int], None],
    max_block: int,
    see: Callable[[Storages], None],
) -> Generator[tuple[int, dict[str, object]], None, None]:
    """Iterate over the records of a file, each with its number, counted from 1.

    A block of more than `max_block` bytes isn't kept in memory. `see` is called with what the
    records hold before the first one.

    Raises:
        InputError: where the file can't be read on, after the records before that.
    """
    try:
        fastavro = load_fastavro()
        with opened(path, before_reading) as stream:
            blocks = _Blocks(stream, fastavro, max_block)
            see(blocks.storages)
            number = 0
            for count, data in blocks.read():
                for record in blocks.records(count, data, number):
                    number += 1
                    yield number, record
    except MissingPackageError as error:
        raise InputError(str(error)) from None


class _Blocks:
    """The blocks of a file, and what they hold.

    Attributes:
        storages: what the records hold, by name.
    """

    storages: Storages

    def __init__(self, stream: BufferedReader, fastavro: Any, max_block: int) -> None:
        self._stream = stream
        self._fastavro = fastavro
        self._max_block = max_block
        self._plain: Any = None
        magic = stream.read(len(_MAGIC))
        if magic != _MAGIC:
            message = _CUT if magic and _MAGIC.startswith(magic) else "this is no Avro file"
            raise InputError(message)
        try:
            header: Any = fastavro.schemaless_reader(stream, _HEADER, None)
            meta = header["meta"]
            self._schema = json.loads(meta["avro.schema"])
            items = {"type": "array", "items": self._schema}
            self._parsed = fastavro.parse_schema(items)
            self._check_schema()
            self.storages = storages_of_fields(self._schema)
            self._convert = converter_of(self._schema, is_plain=False)
        except InputError:
            raise
        except EOFError as error:
            raise InputError(_CUT) from error
        except Exception as error:
            # The library raises of what it finds in the bytes of others whatever comes.
            raise InputError(_damaged(error)) from error
        self._sync: bytes = header["sync"]
        self._codec = meta.get("avro.codec", b"null").decode(errors="replace")
        if self._codec not in _CODECS:
            message = f"the Avro data is compressed by {quoted(self._codec)}, which can't be read"
            raise InputError(message)

    def _check_schema(self) -> None:
        kind = self._schema["type"] if isinstance(self._schema, dict) else self._schema
        if kind != "record":
            shown = kind if isinstance(kind, str) else "union"
            message = f"expected records in the Avro file, found values of the type {shown}"
            raise InputError(message)

    def read(self) -> Generator[tuple[int, bytes], None, None]:
        """Iterate over the blocks: how many records there are in each, and their bytes."""
        while begin := self._stream.peek(len(_MAGIC)):
            if begin.startswith(_MAGIC):
                message = (
                    "behind the end of the Avro data another file begins, as where files were "
                    "joined; give each as a file of its own"
                )
                raise InputError(message)
            count, size = self._long(), self._long()
            if count < 0 or size < 0:
                raise InputError(_damaged("a negative size"))
            if size > self._max_block:
                message = (
                    f"expected blocks of at most {self._max_block:,} bytes, found a longer one; "
                    "allow more by --max-line, in Python by max_line"
                )
                raise InputError(message)
            packed, sync = self._stream.read(size), self._stream.read(_SYNC)
            if len(packed) < size or len(sync) < _SYNC:
                raise InputError(_CUT)
            if sync != self._sync:
                raise InputError(_damaged("a block doesn't end where it should"))
            try:
                data = _CODECS[self._codec](packed)
            except (InputError, MissingPackageError):
                raise
            except Exception as error:
                raise InputError(_damaged(error)) from error
            yield count, data

    def _long(self) -> int:
        number = _varint(self._stream)
        return (number >> 1) ^ -(number & 1)

    def records(self, count: int, data: bytes, before: int) -> list[dict[str, object]]:
        """Decode the records of a block."""
        try:
            try:
                found, convert = self._decoded(count, data, self._parsed), self._convert
            except (OverflowError, ValueError):
                # Dates that Python's calendar lacks are numbers at first.
                if self._plain is None:
                    items = {"type": "array", "items": plain_schema(self._schema)}
                    self._plain = self._fastavro.parse_schema(items)
                convert = converter_of(self._schema, is_plain=True)
                found = self._decoded(count, data, self._plain)
            return found if convert is None else [convert(record) for record in found]
        except Exception as error:
            message = f"{_damaged(error)} (in the block after row {before})"
            raise InputError(message) from error

    def _decoded(self, count: int, data: bytes, schema: Any) -> list[dict[str, object]]:
        # The items of an array are written as the records of a block are.
        stream = BytesIO(_written(count) + data + b"\0" if count else b"\0")
        try:
            found: list[dict[str, object]] = self._fastavro.schemaless_reader(stream, schema, None)
        except EOFError:
            found = []
        if len(found) != count or stream.read(1):
            message = "a block holds something else than it says"
            raise ValueError(message)
        return found


_SEVEN = 0x7F
_LONGEST = 63
"""Bits before the last ones of a number."""


def _varint(stream: BufferedReader | BytesIO) -> int:
    """Read a number: seven bits a byte, the lowest first; the last byte is one without an eighth.

    Its last bit is the sign, where it has any.
    """
    number = shift = 0
    while byte := stream.read(1):
        number |= (byte[0] & _SEVEN) << shift
        if byte[0] <= _SEVEN:
            return number
        shift += 7
        if shift > _LONGEST:
            raise InputError(_damaged("a number without an end"))
    raise InputError(_CUT)


def _written(count: int) -> bytes:
    number, found = count << 1, bytearray()
    while number > _SEVEN:
        found.append(number & _SEVEN | (_SEVEN + 1))
        number >>= 7
    found.append(number)
    return bytes(found)


def _damaged(why: object) -> str:
    reason = str(why).partition("\n")[0]
    return f"the Avro data is damaged{f' ({reason})' if reason else ''}; fetch the file again"


# --- Codecs ---------------------------------------------------------------------------------------


def _snappy(packed: bytes) -> bytes:
    # Before the data stands its size, and behind it a checksum.
    return _by_pyarrow("snappy", packed[:-4], _varint(BytesIO(packed)))


def _lz4(packed: bytes) -> bytes:
    return _by_pyarrow("lz4_raw", packed[4:], int.from_bytes(packed[:4], "little"))


def _by_pyarrow(codec: str, packed: bytes, size: int) -> bytes:
    if size > 1 << 30:
        message = "a block of more than a GiB"
        raise ValueError(message)
    found: bytes = load_pyarrow().Codec(codec).decompress(packed, size, asbytes=True)
    return found


def _zstandard(packed: bytes) -> bytes:
    found: bytes = load_zstandard().ZstdDecompressor().decompressobj().decompress(packed)
    return found


_CODECS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "null": bytes,
    "deflate": lambda packed: zlib.decompress(packed, -zlib.MAX_WBITS),
    "bzip2": bz2.decompress,
    "xz": lzma.decompress,
    "snappy": _snappy,
    "lz4": _lz4,
    "zstandard": _zstandard,
}
