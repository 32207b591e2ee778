"""Compressed data: how each kind is recognised, unpacked bit by bit, and written.

A kind joins by a row in `COMPRESSIONS`; what unpacks it is loaded where its data is met. What is
cut off or damaged is told after all that could be unpacked before that; and any number of
compressed files may follow each other in one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.opening.packed import Unpacked, cut_off, damaged, in_steps
from filterlang.backends.files.packages import load_lz4, load_zstandard

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedReader

    from filterlang.backends.files.opening.packed import Packed

_CHUNK = 1 << 16
_ZSTD_CHUNK = 1 << 12
_ZSTD_LEAST = 1 << 7
"""Less than for gzip, since a byte of zstd data may stand for 32 KiB, which come all at once. Where
so few bytes have just given much, more aren't asked for."""
_MUCH = 1 << 20
_ZSTD_WINDOW = 1 << 27
"""What `zstd --long` asks for. The most that the format allows would be 2 GiB of memory."""
_XZ_MEMORY = 1 << 28
"""Enough for `xz -9`, which asks for 65 MiB; the format allows 4 GiB."""


class Compression(NamedTuple):
    """A kind of compressed data.

    Fields: `name`, by which messages call it; `endings` of names, with their dots; `magics`, with
    one of which the data begins; `unpack`, which makes of compressed data a function that reads
    it; and `pack`, which makes a file that compresses into another one, None where it can't be
    written.
    """

    name: str
    endings: tuple[str, ...]
    magics: tuple[bytes, ...]
    unpack: Callable[[Packed], Unpacked]
    pack: Callable[[BinaryIO], BinaryIO] | None


def compression_of_content(head: bytes) -> Compression | None:
    """Return the kind of compressed data that begins so, None for other data."""
    head = _behind_skipped(head)
    found = next((kind for kind in COMPRESSIONS if head.startswith(kind.magics)), None)
    return _ZLIB if found is None and _is_zlib(head) else found


def compression_of_name(name: str) -> Compression | None:
    """Return the kind of compressed data that the end of a name tells, None for others."""
    return _COMPRESSION_OF.get(_ending(name))


def expect_more(name: str, head: bytes) -> None:
    """Refuse the first bytes of a file whose name promises compressed data, and more of it.

    Raises:
        InputError: where only the beginning of a magic is there, or nothing at all.
    """
    kind = compression_of_name(name)
    if kind is not None and any(magic.startswith(head) for magic in kind.magics):
        raise InputError(cut_off(kind.name))


def without_ending(name: str) -> str:
    """Return the name of what is in a compressed file of this name."""
    ending = _ending(name)
    return name[: -len(ending)] if ending in _COMPRESSION_OF else name


def _ending(name: str) -> str:
    dot = name.rfind(".")
    return name[dot:].lower() if dot >= 0 else ""


def _behind_skipped(head: bytes) -> bytes:
    """Return the first bytes behind frames that zstd and lz4 skip, if they can be seen."""
    place = 0
    while head[place : place + 4] in _SKIPPED:
        place += 8 + int.from_bytes(head[place + 4 : place + 8], "little")
    return head[place:] or head


# --- gzip -----------------------------------------------------------------------------------------


def _gunzip(packed: Packed) -> Unpacked:
    from filterlang.backends.files.opening.zipped import gunzipped

    return Unpacked(gunzipped(packed.source, "gzip", packed.file))


def _gzip(file: BinaryIO) -> BinaryIO:
    from gzip import GzipFile

    # Without the time and the name of the moment, the same records give the same bytes.
    stream = GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0)
    return cast("BinaryIO", stream)


# --- bz2, xz, lz4, zlib ---------------------------------------------------------------------------


class _Frames:
    """Unpacks compressed files that follow each other.

    The files that the libraries open take what can't be unpacked for the end, if it stands behind
    a whole one; and some give nothing of a block in which there is an error.
    """

    def __init__(
        self,
        source: BufferedReader,
        kind: str,
        begin: Callable[[], Any],
        error: type[Exception],
        padding: bytes = b"",
    ) -> None:
        self._source = source
        self._kind = kind
        self._begin = begin
        self._error = error
        self._padding = padding
        self._frame = begin()
        self._is_begun = False
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return at most so many bytes; none at the end."""
        while True:
            packed = b""
            if not self._is_begun or self._frame.needs_input:
                packed = self._rest or self._source.read1(_CHUNK)
                self._rest = b""
                if not packed:
                    if self._is_begun:
                        raise InputError(cut_off(self._kind))
                    return b""
                if not self._is_begun:
                    # Nothing begins with what may stand between two.
                    packed = packed.lstrip(self._padding) if self._padding else packed
                    if not packed:
                        continue
                    self._is_begun = True
            try:
                data: bytes = self._frame.decompress(packed, max_length=size)
            except self._error as error:
                raise InputError(self._reason(error)) from error
            if self._frame.eof:
                self._rest = self._frame.unused_data or b""
                self._frame, self._is_begun = self._begin(), False
            if data:
                return data

    def _reason(self, error: Exception) -> str:
        if "limit exceeded" in str(error):
            return (
                f"the {self._kind} data takes more than {_XZ_MEMORY >> 20} MiB of memory to unpack;"
                " unpack it by another program: xz -dc FILE | filterlang …"
            )
        return damaged(self._kind, error)


class _Inflating:
    """One stream of zlib, with the methods of what unpacks bz2 and xz."""

    def __init__(self) -> None:
        import zlib

        self._stream = zlib.decompressobj()
        self.needs_input = True

    @property
    def eof(self) -> bool:
        """Whether the stream has ended."""
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        """What stands behind its end."""
        return self._stream.unused_data

    def decompress(self, packed: bytes, max_length: int) -> bytes:
        """Return at most so many bytes of it."""
        data = self._stream.decompress(self._stream.unconsumed_tail + packed, max_length)
        self.needs_input = len(data) < max_length
        return data


def _is_zlib(head: bytes) -> bool:
    """Return whether data that may begin a text is none, and is unpacked by zlib."""
    if not head.startswith(_LIKE_TEXT):
        return False
    # Hardly a file begins so.
    import codecs
    import zlib

    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        pass
    else:
        return False
    stream = zlib.decompressobj()
    try:
        data = stream.decompress(head, _CHUNK)
    except zlib.error:
        return False
    # Few bytes of any kind can be unpacked, but for the checksum at their end.
    return stream.eof or (len(head) >= _MANY and bool(data))


_MANY = 1 << 8
_LIKE_TEXT = (b"x\x01", b"x^")
"""What the less thorough levels of zlib write first."""


def _inflate(packed: Packed) -> Unpacked:
    import zlib

    return Unpacked(in_steps(_Frames(packed.source, "zlib", _Inflating, zlib.error).read))


def _bunzip2(packed: Packed) -> Unpacked:
    from bz2 import BZ2Decompressor

    return Unpacked(in_steps(_Frames(packed.source, "bz2", BZ2Decompressor, OSError).read))


def _unxz(packed: Packed) -> Unpacked:
    import lzma

    def begin() -> lzma.LZMADecompressor:
        return lzma.LZMADecompressor(memlimit=_XZ_MEMORY)

    return Unpacked(in_steps(_Frames(packed.source, "xz", begin, lzma.LZMAError, b"\0").read))


def _unlz4(packed: Packed) -> Unpacked:
    begin: Any = load_lz4().LZ4FrameDecompressor
    return Unpacked(in_steps(_Frames(packed.source, "lz4", begin, RuntimeError).read))


def _bzip2(file: BinaryIO) -> BinaryIO:
    from bz2 import BZ2File

    return cast("BinaryIO", BZ2File(file, "wb"))


def _xz(file: BinaryIO) -> BinaryIO:
    import lzma

    return cast("BinaryIO", lzma.LZMAFile(file, "wb"))


def _lz4(file: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", load_lz4().LZ4FrameFile(file, "wb", content_checksum=True))


# --- zstd -----------------------------------------------------------------------------------------


class _ZstdReader:
    """Unpacks zstd data of any number of frames, and notices where one is cut off.

    The stream readers of the package take data that is cut off for data that ends.
    """

    def __init__(self, source: BufferedReader) -> None:
        zstandard = load_zstandard()
        self._source = source
        self._error = zstandard.ZstdError
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
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
                    raise InputError(cut_off("zstd"))
                return b""
            self._begun, self._rest = True, b""
            try:
                self._ready = memoryview(self._frame.decompress(packed))
            except self._error as error:
                raise InputError(self._reason(error)) from error
            # What gave nothing says nothing, as the first bytes of a frame.
            if self._ready:
                is_much = len(self._ready) >= _MUCH
                self._size = _ZSTD_LEAST if is_much else min(2 * self._size, _ZSTD_CHUNK)
            if self._frame.eof:
                self._rest = self._frame.unused_data
                self._frame, self._begun = self._decompressor.decompressobj(), False
        data, self._ready = self._ready[:size], self._ready[size:]
        return bytes(data)

    def _reason(self, error: Exception) -> str:
        if "too much memory" in str(error):
            return (
                f"the zstd data takes more than {_ZSTD_WINDOW >> 20} MiB of memory to unpack, as "
                "it was written with a longer --long; "
                "unpack it by another program: zstd -dc --long=31 FILE | filterlang …"
            )
        if "ictionary" in str(error):
            return (
                "the zstd data was written with a dictionary; "
                "unpack it by another program: zstd -dc -D DICTIONARY FILE | filterlang …"
            )
        return damaged("zstd", error)


def _unzstd(packed: Packed) -> Unpacked:
    return Unpacked(_ZstdReader(packed.source).read)


def _zstd(file: BinaryIO) -> BinaryIO:
    compressor = load_zstandard().ZstdCompressor(write_checksum=True)
    return cast("BinaryIO", compressor.stream_writer(file, closefd=False))


def _unzip(packed: Packed) -> Unpacked:
    from filterlang.backends.files.opening.zipped import unzip

    return unzip(packed)


# --- The table ------------------------------------------------------------------------------------

_SKIPPED = {bytes([0x50 + number]) + b"\x2a\x4d\x18" for number in range(16)}
"""What frames begin with that zstd and lz4 skip."""
_BZ2 = tuple(
    b"BZh%d%b" % (level, block)
    for level in range(1, 10)
    # The second one stands there if nothing was compressed.
    for block in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")
)

_ZLIB = Compression("zlib", (".z", ".zz", ".zlib"), (b"x\x9c", b"x\xda"), _inflate, None)
COMPRESSIONS = (
    Compression("gzip", (".gz", ".gzip", ".bgz"), (b"\x1f\x8b",), _gunzip, _gzip),
    Compression("bz2", (".bz2",), _BZ2, _bunzip2, _bzip2),
    Compression("xz", (".xz",), (b"\xfd7zXZ\0",), _unxz, _xz),
    Compression("lzma", (".lzma",), (b"\x5d\0\0",), _unxz, None),
    Compression("lz4", (".lz4",), (b"\x04\x22\x4d\x18",), _unlz4, _lz4),
    # Of what begins with a frame to be skipped, more isn't known.
    Compression(
        "zstd", (".zst", ".zstd"), (b"\x28\xb5\x2f\xfd", *sorted(_SKIPPED)), _unzstd, _zstd
    ),
    _ZLIB,
    Compression("zip", (".zip",), (b"PK\3\4", b"PK\5\6", b"PK\7\10"), _unzip, None),
)
_COMPRESSION_OF = {ending: kind for kind in COMPRESSIONS for ending in kind.endings}
