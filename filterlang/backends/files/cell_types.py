"""The types of cells: what the first rows of CSV and TSV tell, and what later cells are read as.

A column is of numbers if all its cells that aren't empty are written in plain digits, of booleans
if each is `true` or `false`, and else of text. What the first file tells of a column holds for all
of a run. A later cell of another type stays text, and is counted.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.semantics.values import Stray, read_boolean, read_exact_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from filterlang.syntax.nodes import Filter

    Row = dict[str, Any]

SAMPLE = 1000
"""So many rows tell the types of their columns."""

WRITTEN_NUMBER = r"(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)?"
"""How a cell of numbers may be written, as a regular expression: it may be empty."""

_NUMBER_OR_EMPTY = re.compile(WRITTEN_NUMBER)
_BOOLEAN_OR_EMPTY = re.compile(r"(?ai:true|false)?")
_MOST_INTEGER_DIGITS = 4_000
"""Python refuses to read integers of more than 4,300 digits; a `Decimal` holds them as well."""
_MOST_KEPT = 4096
"""So many different cells of a column are kept with what they are read as."""
_LONGEST_KEPT = 40
TOGETHER = 64
"""So many rows are counted together."""


class CellType(Enum):
    """What the cells of a column are; the member's value is its name in messages."""

    TEXT = "texts"
    NUMBER = "numbers"
    BOOLEAN = "booleans"


class _Place(NamedTuple):
    """Where a cell stands that isn't of its column's type."""

    file: str
    line: int
    column: str


class CellTypes:
    """The types of the columns of all files of a run, and what wasn't of them.

    Attributes:
        types: the type of each column that a file has told so far.
        decimals: the columns of numbers of which a file has told decimals.
        strays: how many cells weren't of the type of their column.
    """

    types: dict[str, CellType]
    decimals: set[str]
    strays: int

    def __init__(self) -> None:
        self.types = {}
        self.decimals = set()
        self.strays = 0
        self._first: tuple[_Place, str] | None = None
        self._columns: Columns | None = None

    def learn(self, rows: Iterable[Row]) -> None:
        """Take the types of the columns that are new from the first rows of a file.

        A file without rows tells nothing.
        """
        sample = list(islice(rows, 1))
        new = [name for row in sample for name in row if name not in self.types]
        if not new:
            return
        sample += islice(rows, SAMPLE - 1)
        for name in new:
            cells = {cell for row in sample if (cell := row[name])}
            self.types[name] = _type_of(cells)
            if self.types[name] is CellType.NUMBER and any("." in cell for cell in cells):
                self.decimals.add(name)

    def columns(self, names: Iterable[str], file: str) -> Columns:
        """Return how the rows of a file with such names are read, which come next."""
        self.count_waiting()
        types = {name: self.types.get(name, CellType.TEXT) for name in names}
        self._columns = Columns(types, self, file)
        return self._columns

    def texts(self, row: Row) -> Row:
        """Return the part of a row whose columns are of texts."""
        return {name: cell for name, cell in row.items() if self._is_text(name)}

    def _is_text(self, name: str) -> bool:
        return self.types.get(name, CellType.TEXT) is CellType.TEXT

    def count_waiting(self) -> None:
        """Count what waits to be counted with others."""
        if self._columns is not None:
            self._columns.count_waiting()

    def count(self, place: _Place, cell: str) -> None:
        """Note a cell that isn't of the type of its column."""
        self.strays += 1
        first = self._first
        # Those of one file may come column by column.
        if first is None or (first[0].file == place.file and place.line < first[0].line):
            self._first = place, cell

    def told(self, filters: Iterable[Filter], *, all_text: str = "--text") -> list[str]:
        """Say what people should know at the end: what wasn't of its type, and what can't fit.

        `all_text` is how to say that all cells are texts.
        """
        self.count_waiting()
        told = []
        if self._first is not None:
            (file, line, column), cell = self._first
            are, first = ("cells are", "the first one is ") if self.strays > 1 else ("cell is", "")
            told.append(
                f"{self.strays:,} {are} compared as text in columns of which the first {SAMPLE:,}"
                f" rows hold something else: {first}{quoted(cell, _MOST_SHOWN)} among the"
                f" {self.types[column].value} of {quoted(column)} in {showable(file)}:{line};"
                f" {all_text} keeps all cells as text"
            )
        hints = dict.fromkeys(
            hint for filter_ in filters for hint in self._misfits(filter_, all_text)
        )
        return told + list(hints)

    def _misfits(self, filter_: Filter, all_text: str) -> Iterable[str]:
        """Say which clauses of a filter ask a column for what its type hasn't got."""
        for clause in filter_:
            type_ = self.types.get(clause.name, CellType.TEXT)
            expression = clause.expression
            # Patterns ask all values for their text.
            if type_ is CellType.TEXT or not isinstance(expression, str) or not expression:
                continue
            if type_ is CellType.BOOLEAN and clause.operator.orders:
                why = "which have no order"
            elif _READERS[type_](expression) is None:
                why = f"and {quoted(expression, _MOST_SHOWN)} is none"
            else:
                continue
            yield (
                f"{showable(str(clause), _MOST_SHOWN)}: the cells of {quoted(clause.name)} are"
                f" {type_.value}, {why}; {all_text} compares all cells as text"
            )


_MOST_SHOWN = 100
_READERS: dict[CellType, Callable[[str], object]] = {
    CellType.NUMBER: read_exact_number,
    CellType.BOOLEAN: read_boolean,
}


def _type_of(cells: set[str]) -> CellType:
    """Return the type that all of the cells have, none of which is empty."""
    if cells and all(map(_NUMBER_OR_EMPTY.fullmatch, cells)):
        return CellType.NUMBER
    if cells and all(map(_BOOLEAN_OR_EMPTY.fullmatch, cells)):
        return CellType.BOOLEAN
    return CellType.TEXT


class Columns:
    """The columns of one file, by whose types its cells are read.

    Attributes:
        decimals: the columns of numbers that may be decimals.
        is_typed: whether there are any but of text.
        waiting: rows with their lines, of which it wasn't counted yet what isn't of its type.
    """

    decimals: set[str]
    is_typed: bool
    waiting: list[tuple[int, Row]]

    def __init__(self, types: Mapping[str, CellType], run: CellTypes, file: str) -> None:
        self.decimals = run.decimals
        self._types = types
        self._file = file
        self.waiting = []
        self._run = run
        self._read: dict[str, _Readings] = {}
        for name, type_ in types.items():
            match type_:
                case CellType.NUMBER:
                    self._read[name] = _Readings(_number, _NUMBER_OR_EMPTY)
                case CellType.BOOLEAN:
                    self._read[name] = _Readings(_boolean, _BOOLEAN_OR_EMPTY)
                case CellType.TEXT:
                    pass
                case _:
                    assert_never(type_)
        self.is_typed = bool(self._read)

    def count_waiting(self) -> None:
        """Count the cells of the rows that wait; together they take a part of the time."""
        waiting = self.waiting.copy()
        self.waiting.clear()
        lines = [line for line, _ in waiting]
        for name in self._read:
            self.count_cells(name, lines, [row[name] for _, row in waiting])

    def count_cells(self, name: str, lines: Sequence[int], cells: Sequence[str]) -> None:
        """Count what isn't of the type of a column that has one, by the lines of its cells."""
        read = self._read[name]
        if read.fitting.issuperset(cells):
            return
        if None in map(read.fits, cells):
            for line, cell in zip(lines, cells, strict=True):
                if read.fits(cell) is None:
                    self._run.count(_Place(self._file, line, name), cell)
        elif len(read.fitting) < _MOST_KEPT:
            read.fitting.update([cell for cell in cells if len(cell) < _LONGEST_KEPT])

    def type_of(self, name: str) -> CellType:
        """Return what the cells of a column are."""
        return self._types[name]

    def fits(self, name: str, cell: str) -> bool:
        """Return whether a cell is of the type of its column, which isn't text."""
        return self._read[name].fits(cell) is not None

    @property
    def typed_names(self) -> Iterable[str]:
        """The columns that are of another type than text."""
        return self._read

    def read_cells(self, name: str, cells: Sequence[str]) -> Sequence[object]:
        """Return what the cells of a column are read as."""
        read = self._read.get(name)
        return cells if read is None else [read[cell] for cell in cells]

    def typed(self, row: Row) -> Row:
        """Return a row with its cells read: the empty ones of numbers and booleans are None."""
        if not self._read:
            return row
        typed = row.copy()
        for name, read in self._read.items():
            typed[name] = read[row[name]]
        return typed

    def reader(self, names: Iterable[str]) -> Callable[[Row], Row] | None:
        """Return what gives the part of a row under some names, read; None if there's no need."""
        names = set(names)
        read = [(name, self._read[name]) for name in self._read if name in names]
        if not read:
            return None
        if len(read) == len(names) == 1:
            ((only, read_only),) = read
            return lambda row: {only: read_only[row[only]]}

        def part(row: Row) -> Row:
            typed = {name: row[name] for name in names if name in row}
            for name, read_one in read:
                typed[name] = read_one[row[name]]
            return typed

        return part


class _Readings(dict[str, object]):
    """Cell → what it is in a column; cells that fit it are kept, as many are repeated.

    Attributes:
        fits: gives None for a cell that isn't of the type.
        fitting: cells that are, whether they were read or not.
    """

    fits: Callable[[str], object]
    fitting: set[str]

    def __init__(self, read: Callable[[str], object], pattern: re.Pattern[str]) -> None:
        super().__init__()
        self._read = read
        self.fits = pattern.fullmatch
        self.fitting = set()

    def __missing__(self, cell: str) -> object:
        if self.fits(cell) is None:
            return Stray(cell)
        value = self._read(cell) if cell else None
        if len(self) < _MOST_KEPT and len(cell) < _LONGEST_KEPT:
            self[cell] = value
        return value


def _number(cell: str) -> object:
    is_whole = "." not in cell and len(cell) < _MOST_INTEGER_DIGITS
    return int(cell) if is_whole else Decimal(cell)


def _boolean(cell: str) -> object:
    return cell.lower() == "true"


class Cells(NamedTuple):
    """Selected rows of cells, which are read when they are asked for."""

    rows: Sequence[Row]
    columns: Columns

    def values(self) -> Iterable[Row]:
        """Return them as records."""
        return map(self.columns.typed, self.rows)

    def doubles(self) -> Iterable[Row]:
        """Return them as records, whose numbers have one type in each column that has decimals."""
        for row in self.values():
            for name in self.columns.decimals & row.keys():
                if isinstance(row[name], int | Decimal):
                    row[name] = float(row[name])
            yield row
