"""Blocks of whole lines of cells → which rows match, by pyarrow, without making rows of them.

What pyarrow would read otherwise than the module `csv` is left to that one: quotes in a place where
they are a mistake, carriage returns alone, another number of cells, what isn't UTF-8. Cells
are texts here as well. Each different combination of those that the filters ask for is judged once,
by the matcher; where too many differ, columns are made of values, for polars to judge.
"""

from __future__ import annotations

from array import array
from itertools import product
from string import digits
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.files.cells.written_cells import WRITTEN_NUMBERS, CellType
from filterlang.backends.files.cleaning import SPACES
from filterlang.backends.files.opening.inputs import BOM
from filterlang.backends.files.packages import find_searches
from filterlang.backends.files.scanning.arrow_scalars import characters_of, number_of, text_of
from filterlang.backends.files.tables.judging import Judge
from filterlang.backends.used_names import names_of, wanted_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from filterlang.backends.files.cells.cell_types import Columns
    from filterlang.backends.files.cells.empty_rows import EmptyRows
    from filterlang.backends.files.cells.names_again import NamesAgain
    from filterlang.backends.files.cleaning import Cleaning
    from filterlang.matching.matcher import Matcher

    Column = Any
    """An array of pyarrow, whose types aren't known here."""

_MOST_COMBINED = 1 << 16
"""If so many combinations are possible, those that occur aren't counted."""
_SHARE = 4
"""One row in so many may hold a combination of its own, before others judge."""
_MOST_DIGITS = 38
"""What a decimal of 128 bits holds."""


class Judged(NamedTuple):
    """What was found in a block.

    Fields: `rows`, how many there are; `lines`, in how many lines; `matched`, how many of them are
    wanted; `kept`, these, as
    records of texts, or none where they are only counted; and `strays`, the names of columns with
    cells that aren't of their type, each with the numbers of the rows, from 0, and the cells.
    `has_names` is whether one of the rows is the names of the columns again, and `empty`, how many
    have nothing but empty cells, if such are wanted.
    """

    rows: int
    lines: int
    matched: int
    kept: list[dict[str, object]]
    strays: list[tuple[str, list[int], list[str]]]
    has_names: bool
    empty: int


class BlockJudge:
    """Judges blocks of one file, several at a time.

    Args:
        arrow: pyarrow, what of it reads CSV, and what computes.
        names: those of the columns.
        found: what cells are read as; None if they are texts.
        matcher: judges.
        cleaning: what is made of cells.
        invert: whether the rows that don't match are wanted.
        only_count: whether what matches may be counted without being given.
        again: looks for the names among the rows.
        empty_rows: counts those of nothing but empty cells.
    """

    def __init__(
        self,
        arrow: tuple[ModuleType, ModuleType, ModuleType],
        names: Sequence[str],
        found: Columns | None,
        matcher: Matcher,
        *,
        cleaning: Cleaning,
        invert: bool,
        only_count: bool,
        again: NamesAgain | None,
        empty_rows: EmptyRows | None,
    ) -> None:
        self._again = again
        self._empty_rows = empty_rows
        self._arrow, self._csv, self._compute = arrow
        self._names = names
        self._found = found
        self._matches = matcher.matches
        self._invert = invert
        self._only_count = only_count
        self._asked = wanted_columns(names, names_of(matcher))
        patterns = [
            tuple(clause.name.split("."))
            for filter_ in matcher.filters
            for clause in filter_
            if not isinstance(clause.expression, str)
        ]
        self._texts_asked = {*wanted_columns(names, patterns)}
        self._watched = [] if found is None else list(found.watched_names)
        # Where a name is odd in its column, there is no need to look for a row of names.
        self._are_names_odd = any(
            found is not None and not found.fits(name, name) for name in self._watched
        )
        self._decimal = "." if found is None else found.decimal
        self._cleaning = cleaning
        read = {*self._asked, *self._watched} if only_count else {*names}
        # A block has no rows without any column.
        self._read = [name for name in names if name in read] or [*names[:1]]
        # A table may have two columns of one name, and this one has none.
        self._keys = {name: str(place) for place, name in enumerate(names)}
        self._combinations: dict[tuple[str, ...], bool] = {}
        self._is_varied = False
        self._judge = Judge(matcher)
        self._searches = find_searches() if self._watched else None
        self._lock = Lock()

    def judge(self, data: bytearray, head: int, delimiter: str) -> Judged | None:
        """Judge the lines behind so many bytes; None if one of them isn't plain."""
        table = self._table(data, head, delimiter)
        if table is None:
            return None
        columns = dict(zip(self._read, table, strict=True))
        rows = len(table[0])
        # Without quotes each line is a row.
        lines = data.count(b"\n", head) if b'"' in data or not data.endswith(b"\n") else rows
        strays = [found for name in self._watched if (found := self._strays(name, columns[name]))]
        if strays and rows < lines:
            # In which lines they stand is known to who reads rows.
            return None
        is_kept = self._verdicts(columns, rows, {name for name, _, _ in strays})
        kept: list[dict[str, object]] = []
        if not self._only_count:
            cells = [column.filter(is_kept).to_pylist() for column in table]
            kept = [dict(zip(self._names, row, strict=True)) for row in zip(*cells, strict=True)]
        has_names = False
        if self._again is not None and (strays or not self._are_names_odd):
            has_names = self._again.are_in_lines(data, head)
        empty = 0
        if self._empty_rows is not None and is_kept.true_count and self._may_be_empty(columns):
            empty = self._empty_rows.in_lines(data, head)
        return Judged(rows, lines, is_kept.true_count, kept, strays, has_names, empty)

    def _may_be_empty(self, columns: dict[str, Column]) -> bool:
        """Return whether a row may have nothing but empty cells, told in a part of the time."""
        empty = text_of(self._arrow, "")
        cells = [self._different(columns[name]) for name in self._asked]
        return all(self._compute.equal(one, empty).true_count for one in cells)

    # --- Reading ----------------------------------------------------------------------------------

    def _table(self, data: bytearray, head: int, delimiter: str) -> list[Column] | None:
        """Return the columns that are read; None if pyarrow might read other cells than `csv`."""
        if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
            return None
        # pyarrow would take it for none of the data.
        if data.startswith(_BOM, head) or not delimiter.isascii():
            return None
        arrow, csv = self._arrow, self._csv
        lines = arrow.py_buffer(data).slice(head)
        if not (data.isascii() or self._is_utf8(lines)):
            return None
        is_quoted = b'"' in data
        if is_quoted and not self._are_quotes_right(data, head, delimiter):
            return None
        texts = dict.fromkeys(self._keys.values(), arrow.string())
        if not (self._is_varied or self._cleaning.changes):
            # Combinations are those of different cells, which are found as cells are read.
            encoded = arrow.dictionary(arrow.int32(), arrow.string())
            texts |= {self._keys[name]: encoded for name in self._asked}
        try:
            table = csv.read_csv(
                arrow.BufferReader(lines),
                csv.ReadOptions(
                    use_threads=False, block_size=len(data), column_names=[*self._keys.values()]
                ),
                csv.ParseOptions(
                    delimiter=delimiter,
                    quote_char='"' if is_quoted else False,
                    newlines_in_values=is_quoted,
                    ignore_empty_lines=False,
                ),
                csv.ConvertOptions(
                    include_columns=[self._keys[name] for name in self._read],
                    column_types=texts,
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except arrow.ArrowInvalid:
            return None
        columns = [column.combine_chunks() for column in table.columns]
        if self._has_blank_lines(data, head, columns):
            return None
        return [*map(self._cleaned, columns)] if self._cleaning.changes else columns

    def _cleaned(self, cells: Column) -> Column:
        null, trim = self._cleaning
        if trim:
            cells = self._compute.utf8_trim(cells, characters=SPACES)
        if not null:
            return cells
        words = self._arrow.array([*null], self._arrow.string())
        is_null = self._compute.is_in(cells, value_set=words)
        return self._compute.if_else(is_null, text_of(self._arrow, ""), cells)

    def _has_blank_lines(self, data: bytearray, head: int, columns: list[Column]) -> bool:
        """Return whether lines are blank, of which pyarrow makes rows of empty cells."""
        empty = text_of(self._arrow, "")
        if len(self._names) == 1 or not all(
            self._compute.equal(self._different(column), empty).true_count for column in columns
        ):
            return False
        # To look for them takes as long as all the rest.
        return any(data.find(ends, head - 1) >= 0 for ends in (b"\n\n", b"\n\r\n"))

    def _is_encoded(self, cells: Column) -> bool:
        return isinstance(cells, self._arrow.DictionaryArray)

    def _different(self, cells: Column) -> Column:
        """Return cells of which each different one is there, or all."""
        return cells.dictionary if self._is_encoded(cells) else cells

    def _decoded(self, cells: Column) -> Column:
        return cells.dictionary_decode() if self._is_encoded(cells) else cells

    def _are_quotes_right(self, data: bytearray, head: int, delimiter: str) -> bool:
        """Return whether each second quote begins a cell, and each other one ends it.

        Two that stand side by side within a cell end it and begin it again.
        """
        arrow, compute = self._arrow, self._compute
        # Before the first line stands the end of another one, and the last one has its end.
        lines = arrow.py_buffer(data).slice(head - 1)
        found = arrow.Array.from_buffers(arrow.uint8(), lines.size, [None, lines])
        quotes, *others = (
            compute.equal(found, number_of(self._arrow, "B", ord(one)))
            for one in ('"', "\r", "\n", delimiter)
        )
        may_be_beside = quotes
        for other in others:
            may_be_beside = compute.or_(may_be_beside, other)
        which = quotes.slice(1, lines.size - 2)
        before = may_be_beside.slice(0, lines.size - 2).filter(which)
        behind = may_be_beside.slice(2).filter(which)
        count = len(before)
        pattern = arrow.py_buffer(b"\x55" * (count // 8 + 1))
        is_first = arrow.Array.from_buffers(arrow.bool_(), count, [None, pattern])
        right = compute.if_else(is_first, before, behind)
        return bool(count % 2 == 0 and right.true_count == count)

    def _is_utf8(self, lines: Any) -> bool:
        """Return whether data is UTF-8, which is told in a part of the time that decoding takes."""
        arrow = self._arrow
        ends = arrow.py_buffer(array("q", [0, lines.size]))
        try:
            arrow.Array.from_buffers(arrow.large_string(), 1, [None, ends, lines]).validate(
                full=True
            )
        except arrow.ArrowInvalid:
            return False
        return True

    # --- Types ------------------------------------------------------------------------------------

    def _strays(self, name: str, cells: Column) -> tuple[str, list[int], list[str]] | None:
        """Return the cells that are odd in their column, None if none is."""
        if self._fitting(name, self._different(cells)) is None:
            return None
        cells = self._decoded(cells)
        compute = self._compute
        rows = compute.indices_nonzero(compute.invert(self._fitting(name, cells)))
        return name, rows.to_pylist(), cells.take(rows).to_pylist()

    def _fitting(self, name: str, cells: Column) -> Column | None:
        """Return for each cell whether it isn't odd in its column, None if all are so."""
        assert self._found is not None
        compute = self._compute
        if self._found.type_of(name) is CellType.NUMBER:
            if self._are_whole(cells):
                return None
            fits = compute.match_substring_regex(cells, _NUMBERS[self._decimal])
        else:
            texts = compute.unique(cells).to_pylist()
            fitting = [text for text in texts if self._found.fits(name, text)]
            if len(fitting) == len(texts):
                return None
            fits = compute.is_in(cells, value_set=self._arrow.array(fitting, self._arrow.string()))
        return None if fits.true_count == len(cells) else fits

    def _are_whole(self, cells: Column) -> bool:
        """Return whether cells are plain digits or empty, if that is found in a part of the time.

        Without StringZilla it isn't found where some are empty.
        """
        compute = self._compute
        if self._searches is not None:
            if self._searches.find_first_not_of(characters_of(cells), digits) >= 0:
                return False
        elif compute.ascii_is_decimal(cells).true_count < len(cells):
            return False
        with_zero = compute.starts_with(cells, "0")
        if not with_zero.true_count:
            return True
        zeros = compute.equal(cells, text_of(self._arrow, "0")).true_count
        return bool(zeros == with_zero.true_count)

    # --- Verdicts ---------------------------------------------------------------------------------

    def _verdicts(self, columns: dict[str, Column], rows: int, strays: set[str]) -> Column:
        """Return for each row whether it is wanted."""
        asked = [columns[name] for name in self._asked]
        found = None
        if not self._is_varied:
            found = self._by_combinations(asked, rows)
            self._is_varied = found is None
        if found is None:
            asked = [self._decoded(column) for column in asked]
            found = self._by_values(asked) if strays.isdisjoint(self._asked) else None
        return self._one_by_one(asked) if found is None else found

    def _by_combinations(self, asked: list[Column], rows: int) -> Column | None:
        """Judge each combination of cells once; None if there are too many of them."""
        arrow, compute = self._arrow, self._compute
        numbers: Column = arrow.repeat(number_of(self._arrow, "i", 0), rows)
        texts: list[list[str]] = []
        possible = 1
        for column in asked:
            encoded = column if self._is_encoded(column) else column.dictionary_encode()
            size = len(encoded.dictionary)
            possible *= size
            if possible > _MOST_COMBINED:
                return None
            texts.append(encoded.dictionary.to_pylist())
            numbers = compute.multiply(numbers, number_of(self._arrow, "i", size))
            numbers = compute.add(numbers, encoded.indices)
        if _SHARE * possible <= rows:
            return self._by_all_combinations(texts, numbers)
        occurring = compute.unique(numbers)
        if asked and _SHARE * len(occurring) > rows:
            return None
        wanted = array("i")
        for number in occurring.to_pylist():
            rest, cells = number, []
            for of_column in reversed(texts):
                rest, place = divmod(rest, len(of_column))
                cells.append(of_column[place])
            if self._is_wanted(tuple(reversed(cells))):
                wanted.append(number)
        data = arrow.py_buffer(wanted)
        kept = arrow.Array.from_buffers(arrow.int32(), len(wanted), [None, data])
        return compute.is_in(numbers, value_set=kept)

    def _by_all_combinations(self, texts: list[list[str]], numbers: Column) -> Column:
        """Judge combinations where they are few; most have been judged in the blocks before."""
        combinations = [*product(*texts)]
        verdicts = [*map(self._combinations.get, combinations)]
        if None in verdicts:
            for number in self._compute.unique(numbers).to_pylist():
                if verdicts[number] is None:
                    verdicts[number] = self._is_wanted(combinations[number])
        # What doesn't occur may be anything.
        data = self._arrow.py_buffer(bytes(map(bool, verdicts)))
        found = self._arrow.Array.from_buffers(self._arrow.uint8(), len(verdicts), [None, data])
        return self._compute.equal(found.take(numbers), number_of(self._arrow, "B", 1))

    def _is_wanted(self, cells: tuple[str, ...]) -> bool:
        found = self._combinations.get(cells)
        if found is None:
            if len(self._combinations) >= _MOST_COMBINED:
                self._combinations.clear()
            (record,) = self._records([[cell] for cell in cells])
            found = self._matches(record) is not self._invert
            self._combinations[cells] = found
        return found

    def _records(self, cells: list[list[str]]) -> list[dict[str, object]]:
        """Build records of what is asked for; one if that is nothing."""
        if not cells:
            return [{}]
        read: list[Sequence[object]] = [*cells]
        if self._found is not None:
            of_file = self._found
            read = [
                of_file.read_cells(name, texts)
                for name, texts in zip(self._asked, cells, strict=True)
            ]
        return [dict(zip(self._asked, row, strict=True)) for row in zip(*read, strict=True)]

    def _by_values(self, asked: list[Column]) -> Column | None:
        """Judge columns of values; None where there is no type for them."""
        arrow = self._arrow
        columns = []
        for name, cells in zip(self._asked, asked, strict=True):
            values = self._values(name, cells)
            if values is None:
                return None
            columns.append(values)
        batch = arrow.RecordBatch.from_arrays(columns, names=self._asked)
        with self._lock:
            verdicts = self._judge.verdicts(batch)
        return self._of_verdicts(verdicts)

    def _values(self, name: str, cells: Column) -> Column | None:
        """Return what the cells of a column are, none of which isn't of its type."""
        arrow, compute = self._arrow, self._compute
        type_ = CellType.TEXT if self._found is None else self._found.type_of(name)
        if type_ is CellType.TEXT:
            return cells
        (nothing,) = arrow.nulls(1, arrow.string())
        texts = compute.if_else(compute.equal(cells, text_of(self._arrow, "")), nothing, cells)
        if type_ is CellType.BOOLEAN:
            return compute.equal(compute.ascii_lower(texts), text_of(self._arrow, "true"))
        try:
            return compute.cast(texts, arrow.int64())
        except arrow.ArrowInvalid:
            pass
        if name in self._texts_asked:
            # Patterns see the digits of each cell, and all of a column have as many decimals.
            return None
        if self._decimal != ".":
            texts = compute.replace_substring(texts, self._decimal, ".")
        decimals = compute.replace_substring_regex(texts, r"^[^.]*\.?", "")
        longest, scale = (
            compute.max(compute.binary_length(one)).as_py() for one in (texts, decimals)
        )
        # Of longer ones pyarrow makes other numbers without a word.
        if longest + scale > _MOST_DIGITS:
            return None
        return compute.cast(texts, arrow.decimal128(_MOST_DIGITS, scale))

    def _one_by_one(self, asked: list[Column]) -> Column:
        records = self._records([column.to_pylist() for column in asked])
        return self._of_verdicts(map(self._matches, records))

    def _of_verdicts(self, verdicts: Any) -> Column:
        arrow = self._arrow
        numbers = bytes(verdicts)
        data = arrow.py_buffer(numbers)
        found = arrow.Array.from_buffers(arrow.uint8(), len(numbers), [None, data])
        return self._compute.equal(found, number_of(self._arrow, "B", not self._invert))


_BOM = BOM.encode()
_NUMBERS = {decimal: f"^{written}$" for decimal, written in WRITTEN_NUMBERS.items()}
