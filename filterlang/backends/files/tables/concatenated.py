"""Tables of which several stand in one file, as where files were joined by `cat`.

Parquet, Arrow and ORC end in a list of what stands where, counted from the begin of the file. Of
several, one behind the other, the last list is read with what the first one has at these places:
some rows instead of others, without an error. Such files are refused here.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.files.faults import InputError, only_the_last
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.tables.thrift_structures import Walk
from filterlang.diagnostics.missing_packages import MissingPackageError

if TYPE_CHECKING:
    from types import ModuleType
    from typing import BinaryIO

_MOST_INDEXES = 1 << 20
"""Of what is in no place of the list, so many bytes are looked through."""
_MOST_WALKED = 1 << 16
"""A longer list is left to pyarrow, which takes a tenth of a second to load."""


def refuse_concatenated_parquet(path: str) -> None:
    """Look whether a file is several of Parquet; other faults of it are left to who reads it.

    Raises:
        InputError: where it is several.
    """
    if is_concatenated_parquet(path):
        raise InputError(only_the_last("Parquet files"))


def is_concatenated_parquet(path: str) -> bool:
    """Return whether a file is several of Parquet, for most without pyarrow."""
    return look_at_parquet(path).is_concatenated


class Looks(NamedTuple):
    """What can be seen of a file of Parquet from outside.

    Fields: `is_concatenated`, whether it is several; `has_checksums`, whether a column is packed by
    gzip, in which pyarrow sees damage that polars doesn't look for.
    """

    is_concatenated: bool
    has_checksums: bool


def look_at_parquet(path: str) -> Looks:
    """Look at the list at the end of a Parquet file, for most without pyarrow."""
    with Path(path).open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - _END, 0))
        length = int.from_bytes(file.read(4), "little")
        begin = max(size - _END - length, 0)
        file.seek(begin)
        columns = _columns(path, file.read(length))
        end = max((one.end for one in columns), default=0)
        has_checksums = any(one.is_gzip for one in columns)
        # In a list that is damaged numbers are any.
        if not 0 <= end <= begin:
            return Looks(False, has_checksums)
        data = _unlisted(file, begin - end)
        ends = [one.start() for one in _BETWEEN_PARQUET.finditer(data)]
        return Looks(any(_has_list_before(data, one) for one in ends), has_checksums)


def refuse_concatenated_orc(file: BinaryIO, orc: Any) -> None:
    """Look whether an open file is several of ORC, of which pyarrow has made an `ORCFile`.

    Raises:
        InputError: where it is several.
    """
    known = orc.content_length + orc.file_footer_length + orc.file_postscript_length
    if _BETWEEN_ORC.search(_unlisted(file, max(orc.file_length - known, 0))):
        raise InputError(only_the_last("ORC files"))


def refuse_concatenated_arrow(pyarrow: ModuleType, data: Any) -> None:
    """Look whether a file, mapped by pyarrow, is several of Arrow, and leave it somewhere.

    Raises:
        InputError: where it is several.
    """
    data.seek(_FIRST_MESSAGE)
    messages = pyarrow.ipc.MessageReader.open_stream(data)
    end = data.tell()
    try:
        while True:
            messages.read_next_message()
            end = data.tell()
    except (StopIteration, OSError, pyarrow.ArrowException):
        # What comes then is the list, which not all writers tell from a message; and what polars
        # writes are no messages one behind the other.
        data.seek(end)
        rest = memoryview(data.read_buffer())
        if any(_has_list_before(rest, one.start()) for one in _BETWEEN_ARROW.finditer(rest)):
            raise InputError(only_the_last("Arrow files")) from None


def _unlisted(file: BinaryIO, unknown: int) -> bytes:
    """Return what stands where, if there are several files, one ends and another begins.

    `unknown` bytes are in no place of the last list. If it is of one file, these are its indexes,
    and of several files these indexes and all that stands before the last file.
    """
    begin = max(unknown - _MOST_INDEXES, 0)
    file.seek(begin)
    return file.read(unknown - begin + _END)


def _has_list_before(data: bytes | memoryview, end: int) -> bool:
    """Return whether a list of Parquet or Arrow may end there, and no text that holds the marks."""
    # Behind a list stands how long it is.
    return 0 < int.from_bytes(data[max(end - 4, 0) : end], "little") < _LONGEST_LIST


_END = 8
"""A file of Parquet ends in so many bytes: the length of the list, and its mark."""
_LONGEST_LIST = 1 << 29
"""The bytes of a text are a larger number."""
_BETWEEN_PARQUET = re.compile(rb"PAR1PAR1")
_BETWEEN_ARROW = re.compile(rb"ARROW1ARROW1\x00\x00")
_BETWEEN_ORC = re.compile(rb"\x82\xf4\x03\x03ORC[\x00-\xff]ORC")
_FIRST_MESSAGE = 8
"""In a file of Arrow; it stands behind the mark, which is filled up to so many bytes."""


class _Column(NamedTuple):
    """A column of a group of rows: where it ends, and whether gzip packs it."""

    end: int
    is_gzip: bool


def _columns(path: str, listed: bytes) -> list[_Column]:
    """Return the columns that are listed; one without an end where the list is damaged."""
    if len(listed) > _MOST_WALKED:
        # It may be missing, and refuse what polars reads.
        with suppress(MissingPackageError, OSError, ValueError, NotImplementedError):
            return _columns_by_pyarrow(path)
    try:
        return _columns_by_walking(Walk(listed))
    except (IndexError, RecursionError):
        return [_Column(-1, False)]


def _columns_by_pyarrow(path: str) -> list[_Column]:
    metadata: Any = load_pyarrow().parquet.read_metadata(path)
    if not metadata.num_row_groups:
        return []
    # Writers have them in order, all packed alike; of others too much is unknown.
    last = metadata.row_group(metadata.num_row_groups - 1)
    return [
        _Column(
            _end(one.total_compressed_size, one.data_page_offset, one.dictionary_page_offset),
            one.compression == "GZIP",
        )
        for one in map(last.column, range(last.num_columns))
    ]


def _end(size: int, pages: int, dictionary: int | None) -> int:
    # Before the pages stands the dictionary, if there is one.
    return min(pages, dictionary or pages) + size


# Numbers of fields, from `parquet.thrift` in the definition of the format.
_ROW_GROUPS, _COLUMNS, _META_DATA = 4, 1, 3
_CODEC, _SIZE, _PAGES, _DICTIONARY = 4, 7, 9, 11
_GZIP = 2
"""The number of a codec, from there, too."""


def _columns_by_walking(walk: Walk) -> list[_Column]:
    return [
        _Column(
            _end(found.get(_SIZE, 0), found.get(_PAGES, 0), found.get(_DICTIONARY)),
            found.get(_CODEC) == _GZIP,
        )
        for _ in walk.only(_ROW_GROUPS)
        for _ in walk.structures()
        for _ in walk.only(_COLUMNS)
        for _ in walk.structures()
        for _ in walk.only(_META_DATA)
        for found in [walk.integers({_CODEC, _SIZE, _PAGES, _DICTIONARY})]
    ]
