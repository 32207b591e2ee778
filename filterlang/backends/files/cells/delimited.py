"""CSV and TSV → records: each row a mapping of texts, by the names in the first row.

What the texts are is the affair of `cell_types`, or of a schema.
"""

from __future__ import annotations

import csv
import re
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.files.cells.dialects import (
    Divided,
    Peeked,
    doubt_of_one_column,
    doubt_of_said,
    doubt_of_title,
    find_delimiter,
    without_separator,
)
from filterlang.backends.files.cells.header_names import (
    Doubled,
    Header,
    numbered,
    of_another_width,
    unique_names,
)
from filterlang.backends.files.cells.plain_rows import ALONE, PlainRows
from filterlang.backends.files.cells.quotes import Quotes
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.opening.inputs import BOM, is_file, opened, too_long
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from io import BufferedReader

    from filterlang.backends.files.cells.dialects import Dialect
    from filterlang.backends.files.cells.plain_rows import TakePlain

_ENCODING = "; say by --encoding, in Python by encoding, what it is in"
_LOOKED_AT = 1 << 16
"""So many bytes are looked at to see whether lines stand before the names."""
_UNDECODED = re.compile("[\udc80-\udcff]")


class Row(NamedTuple):
    """A row: in which line it ends, and its record; or in which it begins, and what is wrong."""

    line: int
    value: dict[str, object] | str


def read_rows(
    path: str | BufferedReader,
    dialect: Dialect,
    before_reading: Callable[[int], None],
    max_row: int = MAX_LINE,
    see_header: Callable[[Header], None] | None = None,
    remark: Callable[[str], object] | None = None,
    take_plain: TakePlain | None = None,
) -> Generator[Row, None, None]:
    """Iterate over the rows of a file; those that aren't records are given with what is wrong.

    The rules are those of RFC 4180: a cell may stand in quotes, then it may hold delimiters, quotes
    written twice, and ends of lines. Blank lines are skipped, but where there is one column they
    are rows with an empty cell. A row of more than `max_row` bytes is none, and isn't kept in
    memory. `see_header` is called before the first row, `remark` with what may be wrong with the
    dialect. Who wants plain rows many at a time gives `take_plain`, which is called
    with those between the rows that are given, in their order; the first record is always given.

    Raises:
        InputError: for a file that can't be read on, and for one whose first row can't give names.
    """
    with opened(path, before_reading) as reader:
        plain = None
        if take_plain is not None:
            plain = PlainRows(reader, take_plain, max_row, is_large=_is_large(path))
        yield from rows_in(reader, dialect, max_row, see_header, remark, plain)


def rows_in(
    reader: BufferedReader[Any],
    dialect: Dialect,
    max_row: int = MAX_LINE,
    see_header: Callable[[Header], None] | None = None,
    remark: Callable[[str], object] | None = None,
    plain: PlainRows | None = None,
) -> Generator[Row, None, None]:
    """Iterate over the rows that a reader gives; as `read_rows`."""
    head = b"" if remark is None else reader.peek()[:_LOOKED_AT]
    pieces = iter(partial(reader.readline, max_row + 1), b"")
    yield from rows_of(pieces, dialect, max_row, see_header, remark, plain, head)


def rows_of(
    pieces: Iterator[bytes],
    dialect: Dialect,
    max_row: int = MAX_LINE,
    see_header: Callable[[Header], None] | None = None,
    remark: Callable[[str], object] | None = None,
    plain: PlainRows | None = None,
    head: bytes = b"",
) -> Generator[Row, None, None]:
    """Iterate over the rows in pieces of lines, of at most `max_row + 1` bytes; as `read_rows`.

    `head` is the beginning of the same, as far as there is no need to wait for it.
    """
    if plain is not None:
        pieces = plain.pieces()
    delimiter, pieces, before, doubt = _begun(pieces, dialect, head)
    rows = _Rows(pieces, delimiter, max_row, before)
    read = iter(rows)
    names, doubled, first = yield from _names(rows, read, dialect)
    if not names:
        return
    if dialect.columns is None and dialect.header:
        doubt = doubt or doubt_of_one_column(names)
    if see_header is not None:
        raw = b"" if first else rows.raw.rstrip(b"\r\n")
        see_header(Header(names, delimiter, doubled, raw, rows.line))
    if doubt is not None and remark is not None:
        remark(doubt)
    has_record = False
    for line, cells in chain(first, ((rows.line, cells) for cells in read)):
        if isinstance(cells, str):
            yield _unreadable(rows, cells)
        elif cells or len(names) == 1:
            record = _record(names, cells or [""], dialect)
            yield Row(line, record)
            has_record = has_record or not isinstance(record, str)
            if plain is not None and has_record and line == rows.line:
                rows.line = plain.take(line, delimiter, len(names))


def _names(
    rows: _Rows, read: Iterator[list[str] | str], dialect: Dialect
) -> Generator[Row, None, tuple[list[str], list[Doubled], list[tuple[int, list[str]]]]]:
    """Find the names of the columns, and give what can't be read before they are known.

    Returns:
        The names; none if there is no row. Those that were there twice. And the rows that were read
        meanwhile, with their lines.

    Raises:
        InputError: where the first row should have the names and hasn't.
    """
    if dialect.columns is not None:
        return list(dialect.columns), [], []
    blank: list[tuple[int, list[str]]] = []
    for cells in read:
        if dialect.header:
            if isinstance(cells, str):
                message = f"the names in the first row can't be read: {cells}"
                raise InputError(message)
            if cells:
                _expect_names(cells)
                names, doubled = unique_names(cells)
                return names, doubled, []
        elif isinstance(cells, str):
            yield _unreadable(rows, cells)
        elif cells:
            return numbered(len(cells)), [], [*blank, (rows.line, cells)]
        else:
            blank.append((rows.line, []))
    if dialect.header:
        message = "there is no row with names at its beginning"
        raise InputError(message)
    return [], [], []


def _unreadable(rows: _Rows, reason: str) -> Row:
    if reason == _OPEN:
        lines = f"line {rows.begun} isn't"
        if rows.line > rows.begun:
            lines = f"lines {rows.begun} to {rows.line} aren't"
        reason = (
            f"a quote isn't closed, so {lines} read; close it (a quote within a cell is written "
            "twice), or fetch the file again if it is cut off"
        )
    return Row(rows.begun, f"expected a row of cells: {reason}")


def _is_large(path: str | BufferedReader) -> bool:
    """Return whether a file has many rows, whether it is packed or not."""
    return isinstance(path, str) and is_file(path) and Path(path).stat().st_size >= ALONE


def _begun(
    pieces: Iterator[bytes], dialect: Dialect, head: bytes
) -> tuple[str, Iterator[bytes], int, str | None]:
    """Look at the first lines.

    Returns:
        The delimiter, the lines of rows, how many were none of these, and what may be wrong with
        the delimiter, or with what is taken for names.
    """
    before = _skipped(pieces, dialect.skip)
    peeked = Peeked(pieces)
    first = next(peeked.first(), b"").removeprefix(_BOM)
    said, is_separator = without_separator(first)
    if is_separator:
        peeked.drop()
        before += 1
    found = dialect.delimiter or (said if is_separator else None)
    divided = Divided(found) if found else find_delimiter(peeked.first, dialect.usual)
    given = divided.delimiter, before, dialect.usual
    doubt = divided.doubt
    if found and head:
        doubt = doubt_of_said(peeked.first, found)
    if not (found and doubt):
        is_said, has_names = found is not None, dialect.header
        text = head.removeprefix(_BOM)
        doubt = doubt_of_title(text, *given, is_said=is_said, has_names=has_names) or doubt
    return divided.delimiter, iter(peeked), before, doubt


def _skipped(pieces: Iterator[bytes], lines: int) -> int:
    """Leave out so many lines; return how many there were."""
    left = lines
    while left and (piece := next(pieces, b"")):
        left -= piece.endswith(b"\n")
    return lines - left


class _Rows:
    """The cells of each row, or what is wrong with it, from pieces of lines.

    The module `csv` begins anew after an error, which may be within a cell; and it takes no cell
    that is longer than a limit of the whole program. So the lines of the row that it reads are
    kept, from which it is found out where the row ends, and what its cells are.

    Attributes:
        begun: the number of the line in which the row begins that was given last.
        line: the number of the line in which it ends.
    """

    begun: int
    line: int

    def __init__(
        self, pieces: Iterator[bytes], delimiter: str, max_row: int, before: int = 0
    ) -> None:
        self.begun = self.line = before
        self._pieces = pieces
        self._delimiter = delimiter
        self._max_row = max_row
        self._row: list[bytes] = []
        self._size = 0
        self._is_cut = True

    @property
    def raw(self) -> bytes:
        """The bytes of the row that was given last; none before the first one."""
        return b"".join(self._row)

    def __iter__(self) -> Generator[list[str] | str, None, None]:
        while self._is_cut:
            # Where lines end too early for a row, a new reader begins after it.
            self._is_cut = False
            reader = csv.reader(self._lines(), delimiter=self._delimiter, strict=True)
            while True:
                cells: list[str] | str
                try:
                    cells = next(reader)
                except StopIteration:
                    if not self._row:
                        break
                    cells = self._recovered("")
                except csv.Error as error:
                    cells = self._recovered(_reason_of(error))
                yield cells
                self._row.clear()
                self._size = 0

    def _lines(self) -> Generator[str, None, None]:
        """Return line after line, and keep those of a row; end where it gets too long."""
        row, most = self._row, self._max_row + 1
        for piece in self._pieces:
            self.line += 1
            line = piece.removeprefix(_BOM) if self.line == 1 else piece
            if not row:
                self.begun = self.line
            row.append(line)
            self._size += len(line)
            if self._size >= most and (self._size > most or not line.endswith(b"\n")):
                self._is_cut = True
                return
            yield line.decode(errors=_UNDECODED_AS)

    def _recovered(self, reason: str) -> list[str] | str:
        """Read on to the end of a row that `csv` doesn't read; give its cells, or why it has none.

        Raises:
            InputError: where it can't be told which quotes begin a cell, and which end one.
        """
        quotes = Quotes(self._delimiter.encode())
        for line in self._row:
            quotes.follow(line)
        is_whole = self._row[-1].endswith(b"\n")
        is_long = self._is_cut
        if is_long:
            # The last line wasn't given to `csv`, which may complain that it is missing.
            reason = _LIMIT
        while (quotes.is_open or not is_whole) and (piece := next(self._pieces, b"")):
            if is_whole and quotes.is_broken:
                message = (
                    f"{_BROKEN if _LIMIT in reason else reason} in line {self.line}, so that it "
                    "can't be told where the row ends; write each quote within a cell twice"
                )
                raise InputError(message)
            self.line += is_whole
            quotes.follow(piece)
            is_whole = piece.endswith(b"\n")
            self._size += len(piece)
            is_long = is_long or self._size > self._max_row + is_whole
            if is_long:
                self._row.clear()
            else:
                self._row.append(piece)
        if is_long:
            return too_long(self._max_row)
        if _LIMIT not in reason:
            return reason
        if quotes.is_broken or quotes.is_open:
            return _BROKEN if quotes.is_broken else _OPEN
        return _cells(b"".join(self._row).decode(errors=_UNDECODED_AS), self._delimiter)


_BOM = BOM.encode()
_UNDECODED_AS = "surrogateescape"
"""What isn't UTF-8 becomes lone surrogates, so that its row can be told."""
_LIMIT = "limit"
"""What stands in the message of the module `csv` for a cell that it finds too long."""
_BROKEN = "',' expected after '\"'"
_OPEN = "unexpected end of data"
"""What `csv` says of a quote that isn't closed."""
_RETURN = "a carriage return in a cell without quotes; put the cell in quotes"


def _reason_of(error: csv.Error) -> str:
    """Return why a row isn't read; of a return `csv` says how to open a file, which nobody did."""
    reason = str(error)
    return _RETURN if reason.startswith("new-line character") else reason


def _cells(row: str, delimiter: str) -> list[str]:
    """Take a whole row apart in which all quotes are as they should be."""
    found = cell_pattern(delimiter).findall(row.rstrip("\r\n") + delimiter)
    # Behind the last delimiter stands nothing more, which is found as well.
    return [quoted.replace('""', '"') or text for quoted, text in found[:-1]]


def cell_pattern(delimiter: str) -> re.Pattern[str]:
    """Return what finds the cells of a row, each with the delimiter behind it, or the rest."""
    escaped = re.escape(delimiter)
    return re.compile(rf'(?:"([^"]*+(?:""[^"]*+)*+)"|([^{escaped}]*+))(?:{escaped}|\Z)')


def _expect_names(cells: list[str]) -> None:
    """Refuse names that tell that the text is in another encoding."""
    for name in cells:
        found = _undecoded(name)
        if "\0" not in name and found is None:
            continue
        # What few need is loaded for these.
        from filterlang.backends.files.opening.other_encodings import likely_encoding, unmarked

        if "\0" in name:
            likely = unmarked(cells[0].encode(errors="surrogateescape"))
            which = f"{likely}, which it likely is"
            if likely is None:
                which = "whether it is utf-16-le or utf-16-be"
            message = (
                "the names in the first row hold NUL, as UTF-16 does; say by --encoding, in Python "
                f"by encoding, {which}"
            )
            raise InputError(message)
        likely = likely_encoding(name.encode(errors="surrogateescape"))
        message = f"expected UTF-8 in the first row, found the byte {found}{_ENCODING}"
        if likely is not None:
            message += f", likely {likely}"
        raise InputError(message)


def _record(names: list[str], cells: list[str], dialect: Dialect) -> dict[str, object] | str:
    if len(cells) != len(names):
        return of_another_width(names, len(cells), are_said=dialect.columns is not None)
    if not all(map(str.isascii, cells)):
        for name, cell in zip(names, cells, strict=True):
            found = _undecoded(cell)
            if found is not None:
                return (
                    f"expected UTF-8, found the byte {found} in the column {quoted(name)}"
                    f"{_ENCODING}"
                )
    if dialect.cleaning.changes:
        cells = dialect.cleaning.cells(cells)
    return dict(zip(names, cells, strict=True))


def _undecoded(text: str) -> str | None:
    """Name the first byte that wasn't UTF-8; None if all was."""
    found = None if text.isascii() else _UNDECODED.search(text)
    return None if found is None else f"0x{ord(found[0]) - 0xDC00:02X}"
