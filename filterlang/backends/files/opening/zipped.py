"""Data of gzip and zip archives: the one file in them is read, and several are told."""

from __future__ import annotations

import zlib
from gzip import BadGzipFile, GzipFile
from io import BufferedReader
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from filterlang.backends.files.faults import InputError, only_the_last
from filterlang.backends.files.formats import format_of_members
from filterlang.backends.files.opening.chunks import Chunks
from filterlang.backends.files.opening.packed import Unpacked, cut_off, damaged, in_steps
from filterlang.backends.files.opening.spooled import spooled
from filterlang.backends.files.opening.unreadable import what_has_members
from filterlang.backends.files.packages import find_igzip
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from zipfile import ZipInfo

    from filterlang.backends.files.opening.packed import Packed

_CHUNK = 1 << 16


def gunzipped(
    source: BufferedReader[Any], kind: str, file: BinaryIO | None = None
) -> Callable[[int], bytes]:
    """Return what reads data of gzip, unpacked: all that stands before a cut or an error first.

    Where the data is a file that can be read anew, it is unpacked by the package isal, if that is
    installed, in a third of the time.
    """
    igzip = None if file is None else find_igzip()
    if file is None or igzip is None:
        return _by_zlib(source, kind)
    unpacked: Any = igzip.IGzipFile(fileobj=source, mode="rb")
    errors = EOFError, BadGzipFile, igzip.isal_zlib.error
    given = 0
    rest: Callable[[int], bytes] | None = None

    def read(size: int) -> bytes:
        nonlocal given, rest
        if rest is None:
            try:
                data: bytes = unpacked.read1(size)
            except errors:
                # Of the data before an error it gives less, and it has other words for what it is.
                rest = _by_zlib_from(file, given, kind)
            else:
                given += len(data)
                return data
        return rest(size)

    return read


def _by_zlib_from(file: BinaryIO, given: int, kind: str) -> Callable[[int], bytes]:
    """Unpack a file anew, and leave out so many bytes."""
    file.seek(0)
    read = _by_zlib(file, kind)
    # A file that got shorter meanwhile ends before.
    while given and (data := read(min(given, _CHUNK))):
        given -= len(data)
    return read


def _by_zlib(source: BufferedReader[Any] | BinaryIO, kind: str) -> Callable[[int], bytes]:
    file = GzipFile(fileobj=source, mode="rb")

    def read(size: int) -> bytes:
        try:
            # It gives what there is, so that the lines before a cut are not lost with it.
            return file.read1(size)
        except EOFError:
            raise InputError(cut_off(kind)) from None
        except (BadGzipFile, zlib.error) as error:
            raise InputError(damaged(kind, error)) from error

    return in_steps(read)


def unzip(packed: Packed) -> Unpacked:
    """Unpack the one file of an archive.

    Raises:
        InputError: where there are several, or none, and for what can't be unpacked.
    """
    file = packed.file or packed.stack.enter_context(spooled(packed.source.read1))
    try:
        archive = packed.stack.enter_context(ZipFile(file))
    except (BadZipFile, NotImplementedError):
        # The list of what is in it stands at the end. What there is of the first file is read.
        return _unzip_cut(file)
    if _is_behind_another(file, archive.infolist()):
        raise InputError(only_the_last("zip archives"))
    names = archive.namelist()
    format_ = format_of_members(names)
    if format_ is not None:
        file.seek(0)
        return Unpacked(file.read, format=format_)
    what = what_has_members(names)
    if what is not None:
        raise InputError(what)
    members = [member for member in archive.infolist() if not _is_beside(member)]
    if len(members) != 1:
        raise InputError(_not_one([member.filename for member in members]))
    (member,) = members
    if member.flag_bits & 1:
        message = "this is a zip archive with a password; unpack it, and name the file in it"
        raise InputError(message)
    if member.compress_type == _DEFLATED:
        try:
            size = _header_size(file, member.header_offset)
        except BadZipFile as error:
            raise InputError(damaged("zip", error)) from error
        file.seek(member.header_offset + size)
        end = member.CRC.to_bytes(4, "little") + (member.file_size % 2**32).to_bytes(4, "little")
        return Unpacked(_inflated(_slice(file, member.compress_size), end), member.filename)
    return Unpacked(_extracted(archive, member), member.filename)


_STORED, _DEFLATED = 0, 8
_MOST_SHOWN = 3


def _is_beside(member: ZipInfo) -> bool:
    """Whether it is a folder, or what macOS puts beside each file."""
    name = member.filename.rpartition("/")[2]
    return (
        member.is_dir()
        or member.filename.startswith("__MACOSX/")
        or name.startswith("._")
        or name == ".DS_Store"
    )


def _is_behind_another(file: BinaryIO, members: list[ZipInfo]) -> bool:
    """Return whether what stands before the first file ends as an archive does.

    The list at the end is that of the last archive. A program may stand before one, too.
    """
    # Of what is cut off it may be negative.
    start = max(min((member.header_offset for member in members), default=0), 0)
    file.seek(max(start - _LONGEST_END, 0))
    return b"PK\5\6" in file.read(min(start, _LONGEST_END))


_LONGEST_END = 22 + (1 << 16)
"""An archive ends in so many bytes at most, a comment among them."""


def _not_one(names: list[str]) -> str:
    if not names:
        return "this is a zip archive without a file in it; expected one of records"
    shown = ", ".join(map(quoted, names[:_MOST_SHOWN])) + (", …" if names[_MOST_SHOWN:] else "")
    return (
        f"this is a zip archive of {len(names)} files ({shown}); unpack it and name the files, "
        "or choose one: unzip -p ARCHIVE NAME | filterlang …"
    )


def _header_size(file: BinaryIO, offset: int) -> int:
    """Return how many bytes stand before the data of a file in an archive."""
    file.seek(offset)
    header = file.read(_HEADER)
    if len(header) < _HEADER or not header.startswith(b"PK\3\4"):
        message = "a file in it has no header"
        raise BadZipFile(message)
    lengths = header[26:28], header[28:30]
    return _HEADER + sum(int.from_bytes(length, "little") for length in lengths)


_HEADER = 30


def _unzip_cut(file: BinaryIO) -> Unpacked:
    try:
        size = _header_size(file, 0)
    except BadZipFile:
        raise InputError(cut_off("zip")) from None
    file.seek(0)
    header = file.read(size)
    name = header[_HEADER : _HEADER + int.from_bytes(header[26:28], "little")]
    shown = name.decode(errors="replace")
    method = int.from_bytes(header[8:10], "little")
    if method not in {_STORED, _DEFLATED} or header[6] & 1:
        raise InputError(cut_off("zip"))
    rest = iter(lambda: file.read(_CHUNK), b"")
    if method == _DEFLATED:
        return Unpacked(_inflated(rest, b""), shown)

    def read(size: int) -> bytes:
        data = file.read(size)
        if not data:
            raise InputError(cut_off("zip"))
        return data

    return Unpacked(read, shown)


def _slice(file: BinaryIO, size: int) -> Iterator[bytes]:
    while size and (data := file.read(min(size, _CHUNK))):
        size -= len(data)
        yield data


def _inflated(data: Iterable[bytes], end: bytes) -> Callable[[int], bytes]:
    """Unpack as gzip does, which gives all that stands before an error."""
    parts = chain([b"\x1f\x8b\x08\0\0\0\0\0\0\xff"], data, [end])
    rest = b""

    def next_part(size: int) -> bytes:
        nonlocal rest
        part = rest or next(parts, b"")
        rest = part[size:]
        return part[:size]

    return gunzipped(BufferedReader(Chunks(next_part), _CHUNK), "zip")


def _extracted(archive: ZipFile, member: ZipInfo) -> Callable[[int], bytes]:
    """Unpack a file that isn't compressed, or in a way that is seldom found in archives."""
    try:
        # Its declared type is wider than what it is.
        file: Any = archive.open(member)
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        message = f"the zip archive can't be read ({error}); unpack it, and name the file in it"
        raise InputError(message) from error

    def read(size: int) -> bytes:
        try:
            return file.read1(size)
        except Exception as error:
            # Each way to compress has an error of its own.
            raise InputError(damaged("zip", error)) from error

    return in_steps(read)
