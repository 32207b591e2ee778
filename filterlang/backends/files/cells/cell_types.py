"""The types of cells: what the first rows of CSV and TSV tell, and what later cells are read as.

A column is of numbers if all its cells that aren't empty are written in plain digits, of booleans
if each is `true` or `false`, and else of text. What the first file tells of a column holds for all
of a run. A later cell of another type stays text, and is counted.
"""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from filterlang.backends.files.cells.counted_cells import CountedCells, Place
from filterlang.backends.files.cells.names_again import is_name
from filterlang.backends.files.cells.points_in_cells import PointsInCells
from filterlang.backends.files.cells.written_cells import (
    BOOLEAN_OR_EMPTY,
    FITS,
    CellType,
    is_not_late,
    read_comma_number,
    read_number,
    read_true,
    type_of_cells,
)
from filterlang.backends.files.typed_texts.written_types import numbers_for
from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.semantics.values import Stray, fold, read_boolean, read_exact_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.cells.written_cells import Fits
    from filterlang.syntax.nodes import Clause, Filter

    Row = dict[str, Any]

SAMPLE = 1000
"""So many rows tell the types of their columns."""

_MOST_WHOLE = 1 << 63
"""Integers from here on have more than 64 bits."""
_MOST_KEPT = 4096
"""So many different cells of a column are kept with what they are read as."""
_LONGEST_KEPT = 40
TOGETHER = 64
"""So many rows are counted together."""


class CellTypes:
    """The types of the columns of all files of a run, and what wasn't of them.

    Args:
        decimal: what stands before the decimals of numbers.

    Attributes:
        types: the type of each column that a file has told so far.
        decimals: the columns of numbers of which a file has told decimals.
        empty: the columns of text of which a file has told only empty cells.
        decimal: what stands before the decimals of numbers.
        schema_for: returns what to do to have numbers read as a clause asks for, by a schema that
            the records seem to follow; None where there is none.
        has_names_again: returns whether rows were found, and are told of, that are the names of
            the columns; no cells of these are told.
    """

    types: dict[str, CellType]
    decimals: set[str]
    empty: set[str]
    decimal: str
    schema_for: Callable[[Clause, list[object]], str | None]
    has_names_again: Callable[[], bool]

    def __init__(self, decimal: str = ".") -> None:
        self.types = {}
        self.decimals, self.empty = set(), set()
        self.decimal = decimal
        self.schema_for, self.has_names_again = (lambda _, __: None), (lambda: False)
        self._strays, self._late, self._names = CountedCells(), CountedCells(), CountedCells()
        self._odd: dict[str, set[str]] = {}
        self._largest: dict[str, float] = {}
        self._least: dict[str, float] = {}
        self._points = PointsInCells(decimal)
        self._columns: Columns | None = None

    @property
    def strays(self) -> int:
        """How many cells weren't of the type of their column."""
        return self._strays.number + self._names.number

    def learn(self, rows: Iterable[Row], headers: Sequence[Header] = ()) -> None:
        """Take the types of the columns that are new from the first rows of a file.

        A file without rows tells nothing. Its header is in `headers` once there are rows.
        """
        sample = list(islice(rows, 1))
        new = [name for row in sample for name in row if name not in self.types]
        if not new:
            return
        sample += islice(rows, SAMPLE - 1)
        numeric: dict[str, set[str]] = {}
        for name in new:
            cells = {cell for row in sample if (cell := row[name])}
            self.types[name] = type_of_cells(cells, self.decimal)
            if not cells:
                self.empty.add(name)
            elif self.types[name] is CellType.NUMBER:
                numeric[name] = cells
                if any(self.decimal in one for one in cells):
                    self.decimals.add(name)
                numbers = [float(one.replace(self.decimal, ".")) for one in cells]
                self._largest[name] = max(map(abs, numbers))
                self._least[name] = min(filter(None, numbers), default=0.0)
        if any(self._points.may_be_in(one.delimiter) for one in headers):
            self._points.see(numeric)

    def dimension_of(self, name: str) -> str | None:
        """Return the type of a column as a schema calls it; None for texts, and where unknown."""
        type_ = self.types.get(name, CellType.TEXT)
        match type_:
            case CellType.NUMBER:
                return "number"
            case CellType.BOOLEAN:
                return "boolean"
            case CellType.TEXT:
                return None
            case _:
                assert_never(type_)

    def dimension_written(self, name: str) -> str:
        """Return what a column is written as: a type of schemas, or "decimal" for wide integers."""
        dimension = self.dimension_of(name)
        if dimension == "number" and name not in self.decimals:
            return "integer" if self._largest.get(name, 0) < _MOST_WHOLE else "decimal"
        return dimension or "text"

    def columns(self, names: Iterable[str], file: str) -> Columns:
        """Return how the rows of a file with such names are read, which come next."""
        self.count_waiting()
        types = {name: self.types.get(name, CellType.TEXT) for name in names}
        self._columns = Columns(types, self, file)
        return self._columns

    def count_waiting(self) -> None:
        """Count what waits to be counted with others."""
        if self._columns is not None:
            self._columns.count_waiting()

    def count(self, place: Place, cell: str) -> None:
        """Note a cell that isn't of the type of its column, or would be of one if it had come."""
        strays = self._names if is_name(cell, place.column) else self._strays
        (self._late if place.column in self.empty else strays).add(place, cell)
        odd = self._odd.setdefault(place.column, set())
        if len(odd) < TOGETHER and len(cell) <= _MOST_SHOWN:
            odd.add(fold(cell))

    def told(self, filters: Iterable[Filter], *, all_text: str = "--text") -> list[str]:
        """Say what people should know at the end: what wasn't of its type, and what can't fit.

        `all_text` is how to say that all cells are texts.
        """
        self.count_waiting()
        told = []
        strays = self._strays if self.has_names_again() else self._strays.joined(self._names)
        if strays.first is not None:
            (file, line, column), cell = strays.first
            are, first = strays.words
            told.append(
                f"{are} compared as text in columns of which the first {SAMPLE:,}"
                f" rows hold something else: {first}{quoted(cell, _MOST_SHOWN)} among the"
                f" {self.types[column].value} of {quoted(column)} in {showable(file)}:{line};"
                f" {all_text} keeps all cells as text"
            )
        if self._late.first is not None:
            (file, line, column), cell = self._late.first
            are, first = self._late.words
            dimension = "boolean" if BOOLEAN_OR_EMPTY.fullmatch(cell) else "number"
            schema = json.dumps({"dimensions": {column: dimension}, "open": True})
            schema_option = "--schema FILE" if all_text == "--text" else "a schema"
            told.append(
                f"{are} compared as text, as the first {SAMPLE:,} rows hold nothing in these"
                f" columns: {first}{quoted(cell, _MOST_SHOWN)} in {quoted(column)} in"
                f" {showable(file)}:{line}; {schema_option} says what they are, such as {schema}"
            )
        hints = dict.fromkeys(hint for filter_ in filters for hint in self._misfits(filter_))
        comma = "--decimal comma" if all_text == "--text" else 'decimal=","'
        return [*told, *hints, *self._points.told(filters, comma)]

    def _misfits(self, filter_: Filter) -> Iterable[str]:
        """Say which clauses of a filter ask a column for what its type hasn't got."""
        for clause in filter_:
            type_ = self.types.get(clause.name, CellType.TEXT)
            expression = clause.expression
            # Patterns ask all values for their text.
            if type_ is CellType.TEXT or not isinstance(expression, str) or not expression:
                continue
            if type_ is CellType.BOOLEAN and clause.operator.orders:
                why = "which have no order; ask by == or !="
            elif _READERS[type_](expression) is None:
                if fold(expression) in self._odd.get(clause.name, ()):
                    continue
                remedy = "write true or false"
                if type_ is CellType.NUMBER:
                    remedy = self._number_to_write(clause, expression)
                why = f"and {quoted(expression, _MOST_SHOWN)} is none; {remedy}"
            else:
                continue
            yield (
                f"{showable(str(clause), _MOST_SHOWN)}: the cells of {quoted(clause.name)} are"
                f" {type_.value}, {why}"
            )

    def _number_to_write(self, clause: Clause, expression: str) -> str:
        """Return what to write for what is no number, to ask a column of numbers."""
        numbers = numbers_for(expression, self._largest.get(clause.name, 0))
        ends = (ends.get(clause.name, 0.0) for ends in (self._least, self._largest))
        values: list[object] = [int(end) if end.is_integer() else end for end in ends]
        date = None
        if not numbers:
            # Hardly a filter asks numbers for a date.
            from filterlang.backends.files.typed_texts.numbered_dates import (
                remedy_of_numbers_for_dates,
            )

            date = remedy_of_numbers_for_dates(clause, values)
        by_schema = self.schema_for(clause, values) if date else None
        return ", or ".join(filter(None, [by_schema, date])) or f"write {numbers or 'a number'}"


_MOST_SHOWN = 100
_READERS: dict[CellType, Callable[[str], object]] = {
    CellType.NUMBER: read_exact_number,
    CellType.BOOLEAN: read_boolean,
}


class Columns:
    """The columns of one file, by whose types its cells are read.

    Attributes:
        decimals: the columns of numbers that may be decimals.
        said: what a schema says that columns are.
        is_watched: whether there are any of which odd cells are counted.
        waiting: rows with their lines, of which it wasn't counted yet what isn't of its type.
    """

    decimals: set[str]
    said: Mapping[str, str]
    is_watched: bool
    waiting: list[tuple[int, Row]]

    def __init__(self, types: Mapping[str, CellType], run: CellTypes, file: str) -> None:
        self.decimals, self.said = run.decimals, {}
        self._types = types
        self._file = file
        self.waiting = []
        self._run = run
        self._read: dict[str, _Readings] = {}
        self._watched: dict[str, _Fitting] = {}
        fits = FITS[run.decimal]
        number = read_number if run.decimal == "." else read_comma_number
        for name, type_ in types.items():
            match type_:
                case CellType.NUMBER:
                    self._read[name] = _Readings(number, fits[type_])
                case CellType.BOOLEAN:
                    self._read[name] = _Readings(read_true, fits[type_])
                case CellType.TEXT:
                    if name in run.empty:
                        self._watched[name] = _Fitting(is_not_late(run.decimal))
                    continue
                case _:
                    assert_never(type_)
            self._watched[name] = _Fitting(fits[type_])
        self.is_watched = bool(self._watched)

    def count_waiting(self) -> None:
        """Count the cells of the rows that wait; together they take a part of the time."""
        waiting = self.waiting.copy()
        self.waiting.clear()
        lines = [line for line, _ in waiting]
        for name in self._watched:
            self.count_cells(name, lines, [row[name] for _, row in waiting])

    def count_cells(self, name: str, lines: Sequence[int], cells: Sequence[str]) -> None:
        """Count what is odd in a column that is watched, by the lines of its cells."""
        watched = self._watched[name]
        fits, known = watched.fits, watched.known
        if known.issuperset(cells):
            return
        if None in map(fits, cells):
            for line, cell in zip(lines, cells, strict=True):
                if fits(cell) is None:
                    self._run.count(Place(self._file, line, name), cell)
        elif len(known) < _MOST_KEPT:
            known.update([cell for cell in cells if len(cell) < _LONGEST_KEPT])

    def dimensions(self) -> dict[str, str]:
        """Return what columns are written as, as `dimension_written` calls it."""
        return {name: self._run.dimension_written(name) for name in self._types}

    def type_of(self, name: str) -> CellType:
        """Return what the cells of a column are."""
        return self._types[name]

    def fits(self, name: str, cell: str) -> bool:
        """Return whether a cell isn't odd in its column, which is watched."""
        return self._watched[name].fits(cell) is not None

    def texts(self, row: Row) -> Row:
        """Return the part of a row whose cells are read as texts."""
        if self._read.keys().isdisjoint(row):
            return row
        return {name: cell for name, cell in row.items() if name not in self._read}

    @property
    def watched_names(self) -> Iterable[str]:
        """The columns of another type than text, and those of which the first cells are empty."""
        return self._watched

    @property
    def decimal(self) -> str:
        """What stands before the decimals of numbers."""
        return self._run.decimal

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

    def judged(self, row: Row) -> Row:
        """Return a row as filters see it."""
        return self.typed(row)

    def timed(self, row: Row) -> Row:
        """Return a row that was read for a format that has times; without a schema it has none."""
        return row

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


class _Fitting:
    """Which cells aren't odd in a column.

    Attributes:
        fits: gives None for a cell that is.
        known: cells that aren't.
    """

    fits: Fits
    known: set[str]

    def __init__(self, fits: Fits) -> None:
        self.fits = fits
        self.known = set()


class _Readings(dict[str, object]):
    """Cell → what it is in a column; cells that fit it are kept, as many are repeated."""

    def __init__(self, read: Callable[[str], object], fits: Fits) -> None:
        super().__init__()
        self._read = read
        self._fits = fits

    def __missing__(self, cell: str) -> object:
        if self._fits(cell) is None:
            return Stray(cell)
        value = self._read(cell) if cell else None
        if len(self) < _MOST_KEPT and len(cell) < _LONGEST_KEPT:
            self[cell] = value
        return value


class Cells(NamedTuple):
    """Selected rows of cells, which are read when they are asked for."""

    rows: Sequence[Row]
    columns: Columns

    def values(self) -> Iterable[Row]:
        """Return them as records."""
        return map(self.columns.typed, self.rows)

    def doubles(self) -> Iterable[Row]:
        """Return them as records, whose numbers are doubles in each column that has decimals.

        But for those that no double holds, which are decimals. Times are such, where a schema says
        that texts are.
        """
        for row in map(self.columns.timed, self.values()):
            for name in self.columns.decimals & row.keys():
                if isinstance(row[name], int | Decimal):
                    row[name] = double_of(row[name])
            yield row


def double_of(number: float | Decimal) -> float | Decimal:
    """Return the double that is written as a number is; a decimal where there is none."""
    if isinstance(number, float):
        return number
    exact = Decimal(number)
    double = float(exact)
    return double if Decimal(repr(double)) == exact else exact
