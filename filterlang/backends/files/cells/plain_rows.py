"""Rows of cells that are plain: as many cells as names, whole and in UTF-8.

Most rows are so, and it takes a part of the time to read many of them together. What isn't so
within some lines is read one by one, where it is told what is wrong, and so is what comes behind.
Of large inputs whole blocks are given away, several at a time, to who may judge them without making
rows of them; what comes back unread is read here.
"""

from __future__ import annotations

import csv
from collections import deque
from contextlib import suppress
from io import BytesIO, StringIO
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.files.opening.inputs import BLOCK as PIECE
from filterlang.backends.files.opening.inputs import EXPECTED, READY, InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from io import BufferedReader

BLOCK = 1 << 21
"""So many bytes are one block: some hundredths of a second of work."""
_BESIDE = 1 << 12
"""So many bytes more a line may have that a block ends in, without being copied for it."""
ALONE = 1 << 23
"""Bytes of rows for which it doesn't pay to load what judges blocks."""
_MOST_LINES = 1000
"""So many lines of a row that is cut are looked at."""
_FEWEST = 16
"""Where fewer rows are plain, those behind them are read one by one."""


class TakePlain(NamedTuple):
    """What takes plain rows.

    Fields: `rows` takes their cells, with the numbers of the lines in which they end.
    `blocks_at_once` returns how many blocks are wanted at a time, 0 if there is nobody who judges
    them. `begin` begins to judge the lines of a block behind so many bytes, by a delimiter, and
    returns what waits for the result; with this and the number of its first line, `finish` takes
    the rows of a block, and returns in how many lines they stand, 0 if one isn't plain.
    """

    rows: Callable[[Sequence[int], list[list[str]]], None]
    blocks_at_once: Callable[[], int]
    begin: Callable[[bytearray, int, str], Callable[[], Any]]
    finish: Callable[[int, Callable[[], Any]], int]


class _Block(NamedTuple):
    """Lines that were read ahead.

    Fields: `data`; `head`, the bytes of the first row, which is read by itself; and `result`,
    which waits for what becomes of the others, None where nobody judges them.
    """

    data: bytearray
    head: int
    result: Callable[[], Any] | None


class PlainRows:
    """Takes plain rows out of what a reader has ready, between the lines that are read one by one.

    Args:
        reader: from which lines are read.
        take: takes plain rows.
        max_row: how many bytes a row may have.
        is_large: whether it is known that there are many rows.
    """

    def __init__(
        self, reader: BufferedReader[Any], take: TakePlain, max_row: int, *, is_large: bool = False
    ) -> None:
        self._reader = reader
        self._take = take
        self._max_row = max_row
        self._read = 0
        self._next = 0
        """The line up to which they are read one by one."""
        self._alone = 0 if is_large else ALONE
        self._lines, self._size = BytesIO(), 0
        """What is read before all that follows here."""
        self._begun: _Block | None = None
        """The block of which these are the lines, as long as nobody has been asked for it."""
        self._blocks: deque[_Block] = deque()
        self._carried = b""
        """Lines of a row that was cut, before what follows here."""
        self._rest = b""
        """The beginning of a line, before what the reader gives."""
        self._error: BaseException | None = None
        self._is_whole = False

    def pieces(self) -> Iterator[bytes]:
        """Return lines, and count them: some may have been read and not yet been looked at."""
        while piece := self._readline(self._max_row + 1):
            self._read += 1
            self._alone -= len(piece)
            yield piece

    def _readline(self, size: int) -> bytes:
        line = self._lines.readline(size)
        if not line and self._blocks:
            self._begun = self._blocks.popleft()
            self._lines, self._size = BytesIO(self._begun.data), len(self._begun.data)
            line = self._lines.readline(size)
        if not line and self._carried:
            self._lines, self._size = BytesIO(self._carried), len(self._carried)
            self._carried = b""
            line = self._lines.readline(size)
        if line:
            return line
        if self._error is not None:
            raise self._error
        line, self._rest = self._rest[:size], self._rest[size:]
        return line if len(line) == size else line + self._reader.readline(size - len(line))

    def take(self, line: int, delimiter: str, columns: int) -> int:
        """Take rows, if the one before ends in the line that was read last.

        Returns:
            The number of the last line that was taken, which is the given one if none was.
        """
        if line != self._read:
            return line
        block, self._begun = self._begun, None
        if block is not None and block.result is not None and self._lines.tell() == block.head:
            count = self._take.finish(line + 1, block.result)
            if count:
                self._lines, self._size = BytesIO(), 0
                self._read += count
                line += count
        if self._alone <= 0:
            self._read_ahead(delimiter)
        return self._take_piece(line, delimiter, columns)

    def _has_lines(self) -> bool:
        return self._lines.tell() < self._size

    def _read_ahead(self, delimiter: str) -> None:
        """Begin with as many blocks as are wanted at a time."""
        number = self._take.blocks_at_once()
        while len(self._blocks) < number and not (self._is_whole or self._rest or self._error):
            data = self._read_block()
            if not data:
                return
            head = _end_of_first_row(data)
            result = None
            if head < len(data) <= self._max_row:
                result = self._take.begin(data, head, delimiter)
            self._blocks.append(_Block(data, head, result))

    def _read_block(self) -> bytearray:
        """Read whole rows; what comes behind the last one, and what goes wrong, are kept."""
        # There is room for the rest of a line, so that nothing is copied to make some.
        data = bytearray(max(BLOCK, len(self._carried)) + _BESIDE)
        data[: len(self._carried)] = self._carried
        size, self._carried = len(self._carried), b""
        rest, at_once = b"", READY
        try:
            with memoryview(data) as room:
                while size < BLOCK:
                    more = self._reader.readinto1(room[size : min(size + at_once, BLOCK)])
                    if not more:
                        self._is_whole = True
                        break
                    size += more
                    at_once = BLOCK
            if not data.endswith(b"\n", 0, size):
                rest = self._reader.readline(self._max_row + 1)
        except (*EXPECTED, InputError) as error:
            # What came before is read first.
            self._error = error
        data[size:] = rest
        end = data.rfind(b"\n") + 1
        if end < len(data):
            self._rest = bytes(data[end:])
        elif not self._is_whole and self._error is None:
            end = _end_of_rows(data)
            self._carried = bytes(data[end:])
        del data[end:]
        return data

    def _take_piece(self, line: int, delimiter: str, columns: int) -> int:
        """Take what is ready to be read; of blocks, what nobody has taken."""
        if line < self._next or (self._blocks and not self._has_lines()):
            return line
        data = self._peek()
        data = data[: data.rfind(b"\n") + 1]
        count = data.count(b"\n")
        rows, ends = _plain(data, count, delimiter, columns)
        if len(data) > self._max_row and _longest(data, ends) > self._max_row:
            rows = []
        if len(rows) < min(_FEWEST, count):
            self._next = line + count
        if not rows:
            return line
        taken = ends[-1]
        size = len(data) if taken == count else _size_of_lines(data, taken)
        (self._lines if self._has_lines() else self._reader).read(size)
        self._read += taken
        self._alone -= size
        self._take.rows([line + end for end in ends], rows)
        return line + taken

    def _peek(self) -> bytes:
        if self._has_lines():
            place = self._lines.tell()
            data = self._lines.read(PIECE)
            self._lines.seek(place)
            return data
        return b"" if self._carried or self._rest or self._error else self._reader.peek()


def _end_of_rows(data: bytearray) -> int:
    """Return behind which line of data no quote is open, if one isn't before it.

    That is where a row ends, or it is told when the block is judged. If there is no such line near
    the end, it is behind the last one.
    """
    end = len(data)
    # To look for one takes a tenth of the time that it takes to count them.
    quotes = data.count(b'"') if b'"' in data else 0
    for _ in range(_MOST_LINES):
        if quotes % 2 == 0:
            return end
        before = data.rfind(b"\n", 0, end - 1) + 1
        if not before:
            break
        quotes -= data.count(b'"', before, end)
        end = before
    return len(data)


def _end_of_first_row(data: bytearray) -> int:
    """Return behind which line no quote is open; behind the first one if that isn't soon."""
    end = first = data.find(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    for _ in range(_MOST_LINES):
        if quotes % 2 == 0:
            return end
        after = data.find(b"\n", end) + 1
        quotes += data.count(b'"', end, after)
        end = after or end
    return first


def _plain(
    data: bytes, count: int, delimiter: str, columns: int
) -> tuple[list[list[str]], Sequence[int]]:
    """Return the cells of the plain rows that whole lines begin with, and in which lines they end.

    A row that isn't whole is read with the lines behind these.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return [], ()
    if '"' not in text:
        with suppress(csv.Error):
            lines = text.split("\n", count)[:count]
            rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
            if len(rows) == count and {*map(len, rows)} == {columns}:
                return rows, range(1, count + 1)
    rows, ends = [], []
    reader = csv.reader(StringIO(text, newline="\n"), delimiter=delimiter, strict=True)
    with suppress(csv.Error):
        for row in reader:
            if len(row) != columns:
                break
            rows.append(row)
            ends.append(reader.line_num)
    return rows, ends


def _longest(data: bytes, ends: Sequence[int]) -> int:
    """Return how many bytes the longest row has, by the lines in which they end."""
    sizes = [0, *accumulate(len(line) + 1 for line in data.split(b"\n"))]
    return max((sizes[end] - sizes[start] - 1 for start, end in pairwise([0, *ends])), default=0)


def _size_of_lines(data: bytes, number: int) -> int:
    """Return how many bytes the first lines of data have."""
    *lines, _ = data.split(b"\n", number)
    return sum(map(len, lines)) + number
