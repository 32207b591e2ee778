"""The first rows of an input, looked at before all are read: they tell the types of its columns.

A file is opened twice. What comes through a pipe is kept till it is enough, or till nothing more
has come for a while, so that nobody waits for a thousand rows who needs an answer to one.
"""

from __future__ import annotations

import select
from contextlib import closing, suppress
from functools import partial
from io import BufferedReader, BytesIO
from itertools import islice
from time import monotonic
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.cells.cell_types import SAMPLE
from filterlang.backends.files.cells.delimited import read_rows, rows_in, rows_of
from filterlang.backends.files.cells.plain_rows import PlainRows
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.opening.chunks import Chunks
from filterlang.backends.files.opening.inputs import BLOCK, EXPECTED, is_file, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from filterlang.backends.files.cells.cell_types import CellTypes
    from filterlang.backends.files.cells.delimited import Row
    from filterlang.backends.files.cells.dialects import Dialect
    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.cells.plain_rows import TakePlain

_PATIENCE = 1.0
"""So many seconds after its first row a pipe is judged by what has come."""
_MOST_KEPT = 1 << 26
"""Of longer rows fewer have to do, so that they all fit into the memory."""


def read_typed_rows(
    path: str | BufferedReader[Any],
    dialect: Dialect,
    before_reading: Callable[[int], None],
    max_row: int,
    see_header: Callable[[Header], None] | None,
    remark: Callable[[str], object] | None,
    take_plain: TakePlain | None = None,
    *,
    types: CellTypes,
) -> Generator[Row, None, None]:
    """Iterate over the rows of an input as `read_rows`, once the types of its columns are found."""
    headers: list[Header] = []
    if isinstance(path, str) and is_file(path):
        sample = read_rows(path, dialect, _nobody, max_row, headers.append)
        # What is wrong with it is told when it is read.
        with suppress(InputError), closing(sample) as rows:
            types.learn(_records(rows), headers)
        yield from read_rows(path, dialect, before_reading, max_row, see_header, remark, take_plain)
        return
    with opened(path, before_reading) as reader:
        head = _Head(reader, dialect, max_row)
        with suppress(InputError):
            types.learn(_records(head.rows(headers.append)), headers)
        whole = BufferedReader(Chunks(head.read), BLOCK)
        plain = None if take_plain is None else PlainRows(whole, take_plain, max_row)
        yield from rows_in(whole, dialect, max_row, see_header, remark, plain)


def _nobody(size: int) -> None:
    """Take no notice of how much is read."""


def _records(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    return (row.value for row in rows if isinstance(row.value, dict))


class _Head:
    """What is read ahead of an input, and what comes after it."""

    def __init__(self, reader: BufferedReader[Any], dialect: Dialect, max_row: int) -> None:
        self._reader = reader
        self._dialect = dialect
        self._max_row = max_row
        self._error: BaseException | None = None
        self._is_whole = False
        self._head = BytesIO()
        self._fill()

    def _fill(self) -> None:
        """Read till there are enough rows, or the input has no more, or none for a while."""
        lines, enough, deadline = -self._dialect.skip, SAMPLE, None
        while self._head.tell() < _MOST_KEPT:
            # The end of the line with the names is one of the lines.
            if lines > enough:
                if self._has_rows(SAMPLE):
                    break
                enough *= 2
            if deadline is None and 1 < lines <= SAMPLE and self._has_rows(1):
                deadline = monotonic() + _PATIENCE
            if deadline is not None and not _is_ready(self._reader, deadline - monotonic()):
                break
            try:
                data = self._reader.read1(BLOCK)
            except (*EXPECTED, InputError) as error:
                # What came before is read first.
                self._error = error
                break
            if not data:
                self._is_whole = True
                break
            self._head.write(data)
            lines += data.count(b"\n")
        self._head.seek(0)

    def _has_rows(self, number: int) -> bool:
        """Whether so many rows were read, or it is told by as many lines that there are none."""
        try:
            return sum(1 for _ in islice(_records(self.rows()), number)) == number
        except InputError:
            # One or two lines may be blank, or the names go on behind them.
            return number > 1

    def rows(self, see_header: Callable[[Header], None] | None = None) -> Iterator[Row]:
        """Return the rows in what was read ahead, but for one that isn't whole."""
        data = self._head.getvalue()
        lines = BytesIO(data if self._is_whole else data[: data.rfind(b"\n") + 1])
        return rows_of(
            iter(partial(lines.readline, self._max_row + 1), b""),
            self._dialect,
            self._max_row,
            see_header,
        )

    def read(self, size: int) -> bytes:
        """Read on, first what was read ahead.

        Raises whatever went wrong there.
        """
        data = self._head.read(size)
        if not data and self._error is not None:
            raise self._error
        return data or self._reader.read1(size)


def _is_ready(reader: BufferedReader[Any], seconds: float) -> bool:
    """Wait for more of an input; where it isn't known whether there is some, there may be."""
    try:
        return bool(select.select([reader], [], [], max(seconds, 0.0))[0])
    except (OSError, ValueError):
        # It isn't a file of the system, or one that Windows can't wait for, or compressed.
        return True
