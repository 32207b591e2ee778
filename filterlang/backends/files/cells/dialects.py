"""How the cells of one file are written: what divides them, and whether their names come first."""

from __future__ import annotations

import csv
import re
from collections import Counter
from contextlib import suppress
from io import BytesIO
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.cleaning import UNCHANGED, Cleaning
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from filterlang.backends.files.read_options import ReadOptions

CANDIDATES = (",", ";", "\t", "|")
"""What may divide cells, where nobody says what does; if it isn't told, the first one of a tie."""

OTHERS = (*CANDIDATES, ":", "^", "\x1f")
"""What may divide cells in a first row that has one cell only."""

NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}

_MOST_ROWS = 20
"""So many rows are looked at where the first one doesn't tell what divides cells."""

_MOST_LINES = 100
"""Of a first row that goes on over more lines than these, the beginning has to do."""

_FEWEST_ROWS = 3
"""Of fewer rows nobody knows whether one of them is a title."""

_SEPARATOR = re.compile(rb"\"?sep=(.)\"?\r?\n?", re.IGNORECASE)


class Dialect(NamedTuple):
    """How the cells of a file are written, as far as somebody says so.

    Fields: `delimiter` between cells, None to find it out; `usual`, what it is if nothing tells;
    `header`, whether the first row has the names of the columns; `columns`, the names if it hasn't;
    `skip`, how many lines stand before the first row; `cleaning`, what is made of cells.
    """

    delimiter: str | None = None
    usual: str = ","
    header: bool = True
    columns: tuple[str, ...] | None = None
    skip: int = 0
    cleaning: Cleaning = UNCHANGED


def dialect_of(format_: str, options: ReadOptions) -> Dialect:
    """Return what is said of files of a format."""
    usual = "\t" if format_ == "tsv" else ","
    if usual == options.decimal:
        usual = ";"
    names = options.header, options.columns
    return Dialect(options.delimiter, usual, *names, options.skip, options.cleaning)


def without_separator(line: bytes) -> tuple[str | None, bool]:
    """Return what a first line `sep=;` says, and whether the line is one of these.

    Excel writes it, and reads it.
    """
    found = _SEPARATOR.fullmatch(line)
    if found is None:
        return None, False
    delimiter = found[1].decode("latin-1")
    return delimiter, delimiter not in '"\r\n'


class Divided(NamedTuple):
    """What divides the cells of a file: the `delimiter`, and `doubt`, what may be wrong with it."""

    delimiter: str
    doubt: str | None = None


def find_delimiter(lines: Callable[[], Iterator[bytes]], usual: str) -> Divided:
    """Find out what divides cells: what gives the first row several, and all rows as many.

    Args:
        lines: begins anew with the lines of the file; those behind the first row are only read
            where several delimiters would do.
        usual: what it is where there is only one column, or where others would do as well.
    """
    ranked = (usual, *(one for one in CANDIDATES if one != usual))
    head = _first_row(lines())
    columns = {one: _width(head, one) for one in ranked}
    several = [one for one in ranked if columns[one] > 1]
    if len(several) <= 1:
        return Divided(several[0] if several else usual)
    rows = list(islice(lines(), _MOST_ROWS))
    even = [one for one in several if _is_even(rows, one, columns[one])] or several
    most = max(columns[one] for one in even)
    best = [one for one in even if columns[one] == most]
    if len(best) == 1:
        return Divided(best[0])
    names = " and ".join(NAMES[one] for one in best)
    return Divided(
        best[0],
        f"cells may be divided by {names}, and are taken to be by {NAMES[best[0]]}; "
        "say by --delimiter, in Python by delimiter, what divides them",
    )


def doubt_of_one_column(names: Sequence[str]) -> str | None:
    """Return what may be wrong where there is only one column; None if nothing looks so."""
    if len(names) != 1:
        return None
    (name,) = names
    for delimiter in OTHERS:
        if delimiter in name:
            called = NAMES.get(delimiter, quoted(delimiter))
            return (
                f"there is one column, {quoted(name)}; if {called} divides cells, say so by "
                f"--delimiter {NAMES.get(delimiter, delimiter)}, in Python by delimiter"
            )
    return None


def doubt_of_said(lines: Callable[[], Iterator[bytes]], delimiter: str) -> str | None:
    """Return what divides cells instead of what somebody says; None if that may be right.

    Rows that aren't even tell, if another character makes them so.

    Args:
        lines: as in `find_delimiter`.
        delimiter: what somebody says.
    """
    rows = list(islice(lines(), _MOST_ROWS))
    head = _first_row(iter(rows))
    if _is_even(rows, delimiter, _width(head, delimiter)):
        return None
    widths = {one: _width(head, one) for one in CANDIDATES if one != delimiter}
    even = [one for one, width in widths.items() if width > 1 and _is_even(rows, one, width)]
    if not even:
        return None
    best = max(even, key=lambda one: widths[one])
    said = NAMES.get(delimiter, quoted(delimiter))
    return (
        f"the rows differ in their number of cells if {said} divides them; {NAMES[best]} makes "
        f"each of them {widths[best]}: say so by --delimiter {NAMES[best]}, in Python by delimiter"
    )


def doubt_of_title(
    head: bytes, delimiter: str, before: int, usual: str, *, is_said: bool, has_names: bool = True
) -> str | None:
    """Return what may be wrong where the first row is a title, or a comment; None if it isn't.

    It has fewer cells than most of the rows behind it, of which the first one may have the names.

    Args:
        head: the beginning of the file.
        delimiter: what divides cells.
        before: how many lines stand before the first row.
        usual: as in `find_delimiter`.
        is_said: whether somebody says what divides them; where not, a title may have misled.
        has_names: whether the names are in the first row, as far as somebody says so.
    """
    read = list(islice(BytesIO(head), before, before + _MOST_ROWS))
    if _end_in_empty_cell(read, delimiter):
        called = NAMES.get(delimiter, quoted(delimiter))
        return f"the rows end in an empty cell without a name; put a {called} behind the names, too"
    if has_names and not is_said and usual != ";" and _are_decimals(read):
        return (
            "there is one name, and what stands behind it are numbers with a comma; if that is"
            ' before decimals, say --decimal comma, in Python decimal=","'
        )
    line, width = _lines_before_names(read, delimiter)
    by = ""
    if not (line or is_said or width > 1):
        # Where a semicolon is usual, a comma stands before decimals.
        for other in [one for one in CANDIDATES if (one, usual) != (",", ";")]:
            line, _ = _lines_before_names(read, other)
            if line:
                by = f", divided by {NAMES[other]}"
                break
    if not line:
        return None
    few = f"the first row has fewer cells than those behind it{by}"
    first = next(_cells(_first_row(iter(read)), delimiter), [])
    if len(first) > sum(cell != "" for cell in first) == 1:
        few = "only one cell of the first row isn't empty"
    return (
        f"{few}; if the names stand in line {before + line + 1}, say --skip {before + line}, in "
        "Python skip"
    )


_TWO = 2
_COMMA_NUMBER = re.compile(rb"-?[0-9]+(,[0-9]+)?")


def _are_decimals(lines: list[bytes]) -> bool:
    """Return whether there is one name, and only numbers behind it, some with a comma."""
    name, *numbers = [line.strip() for line in lines if line.strip()] or [b""]
    found = [*map(_COMMA_NUMBER.fullmatch, numbers[:-1] or numbers)]  # The last one may be cut.
    is_name = b"," not in name and not _COMMA_NUMBER.fullmatch(name)
    return is_name and all(found) and any(one is not None and one[1] for one in found)


def _lines_before_names(lines: list[bytes], delimiter: str) -> tuple[int, int]:
    """Return how many lines stand before the row with the names; 0 if there seems to be none.

    And how many cells most of the rows have.
    """
    widths: list[int] = []
    starts: list[int] = []
    rows: list[list[str]] = []
    comments = start = 0
    texts = (line.decode("utf-8", "surrogateescape") for line in lines)
    reader = csv.reader(texts, delimiter=delimiter)
    with suppress(csv.Error):
        for row in reader:
            if any(row):
                comments += row[0].startswith("#") and comments == len(widths)
                # Spreadsheets write delimiters behind a title, too. The names of rows have none.
                has_one = sum(cell != "" for cell in row) == 1 and (row[0] != "" or len(row) > _TWO)
                widths.append(1 if has_one else len(row))
                starts.append(start)
                rows.append(row)
            start = reader.line_num
    if len(widths) < _FEWEST_ROWS:
        return 0, 0
    # The last one of several may have the names, if the row behind doesn't look so.
    before = max(comments - 1, 0)
    if 1 < comments < len(rows) - 1 and _are_names(rows[comments], rows[comments - 1]):
        before = comments
    widths[:before] = [0] * before
    ((usual, count),) = Counter(filter(None, widths[1:])).most_common(1) or [(0, 0)]
    if not count:
        return 0, 0
    place = widths.index(usual)
    is_title = widths[0] < usual > 1 and 2 * count > len(widths) - place
    if usual == 1 and (wide := _rows_behind_titles(widths)) is not None:
        place, usual, is_title = wide, widths[wide], True
    return (starts[place] if is_title else 0), usual


def _rows_behind_titles(widths: list[int]) -> int | None:
    """Return where rows of several cells begin behind more rows of one; None if they don't.

    Reports have many lines before the names. But where rows go on of one cell, the others are
    texts with commas in them.
    """
    place = next((place for place, width in enumerate(widths) if width > 1), 0)
    rows = widths[place:]
    are_alike = len(set(rows[:-1])) == 1  # The last one may be cut.
    return place if place and are_alike and len(rows) >= _FEWEST_ROWS else None


def _are_names(row: list[str], comment: list[str]) -> bool:
    """Return whether a row behind comments has the names, rather than the last one of these.

    Names aren't empty, and begin with no digit; and commas in prose have spaces behind them, but
    those in a row of names have none.
    """
    may_be = all(cell.strip() and not cell.strip(" -+.")[:1].isdigit() for cell in row)
    is_prose = len(row) != len(comment) or any(cell[:1] == " " for cell in comment[1:])
    return may_be and is_prose


def _end_in_empty_cell(lines: list[bytes], delimiter: str) -> bool:
    """Return whether each row but the first has one cell more than that, an empty one."""
    filled = [line.rstrip(b"\r\n") for line in lines if line.strip()]
    rows = filled[1:-1] or filled[1:]  # The last one may be cut.
    mark = delimiter.encode()
    if not rows or not all(row.endswith((mark, mark + b'""')) for row in rows):
        return False
    width = _width(filled[:1], delimiter)
    # One cell alone may be a title.
    return width > 1 and all(_width([row], delimiter) == width + 1 for row in rows)


def _first_row(lines: Iterator[bytes]) -> list[bytes]:
    """Return the lines of the first row that isn't blank; a quote that is open goes on."""
    row: list[bytes] = []
    quotes = 0
    for line in islice(lines, _MOST_LINES):
        if not row and not line.strip(b"\r\n"):
            continue
        row.append(line)
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            break
    return row


def _cells(lines: list[bytes], delimiter: str) -> Iterator[list[str]]:
    texts = (line.decode("utf-8", "surrogateescape") for line in lines)
    try:
        yield from filter(None, csv.reader(texts, delimiter=delimiter))
    except csv.Error:
        return


def _width(lines: list[bytes], delimiter: str) -> int:
    return len(next(_cells(lines, delimiter), ()))


def _is_even(lines: list[bytes], delimiter: str, width: int) -> bool:
    """Whether all rows have as many cells, but for the last of many lines, which may be cut."""
    rows = list(_cells(lines, delimiter))
    return all(len(row) == width for row in (rows[:-1] if len(lines) == _MOST_ROWS else rows))


class Peeked:
    """Pieces of a file, of which the first ones can be read before all are.

    Args:
        pieces: what is read.
        most: how many of them can be read before.
    """

    def __init__(self, pieces: Iterator[bytes], most: int = _MOST_ROWS + _MOST_LINES) -> None:
        self._pieces = pieces
        self._most = most
        self._read: list[bytes] = []

    def first(self) -> Iterator[bytes]:
        """Iterate over the first pieces; what wasn't read yet is read now."""
        for place in range(self._most):
            if place == len(self._read):
                piece = next(self._pieces, None)
                if piece is None:
                    return
                self._read.append(piece)
            yield self._read[place]

    def drop(self) -> None:
        """Leave out the first piece, which was read before."""
        del self._read[0]

    def __iter__(self) -> Iterator[bytes]:
        return chain(self._read, self._pieces)
