"""Sources → what was selected of them, format by format, in order, with nothing lost silently."""

from __future__ import annotations

import re
import warnings
from contextlib import closing
from functools import cache, cached_property, partial
from operator import add
from typing import TYPE_CHECKING

from filterlang.backends.files.cells.cell_types import TOGETHER, Cells, CellTypes
from filterlang.backends.files.faults import Fault, HintedFault, InputError
from filterlang.backends.files.opening.inputs import STDIN, is_file, shown
from filterlang.backends.files.opening.recognised import recognised
from filterlang.backends.files.opening.sources import sources_of
from filterlang.backends.files.read_options import UNTOLD
from filterlang.backends.files.scanning.located import Located
from filterlang.backends.files.selected import Batch, Lines, Names, Record, Rows, Summary, TableRow
from filterlang.backends.files.tables import columns
from filterlang.backends.files.watching.idle_options import IdleOptions
from filterlang.backends.files.watching.watch import Watch, columns_of
from filterlang.backends.used_names import names_of
from filterlang.diagnostics.diagnostic import showable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from filterlang.backends.files.cells.cell_types import Columns
    from filterlang.backends.files.faults import Place
    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.backends.files.scanning.line_scans import LineScans
    from filterlang.backends.files.scanning.scanner import Scanner
    from filterlang.backends.files.selected import Selected
    from filterlang.backends.files.watching.mistyped import Mistyped
    from filterlang.backends.files.watching.sought import Sought
    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema


_SAYS_RECORDS = re.compile(r"--records (?!\.)")
_TOGETHER = (
    "--records (in Python records=) is said of all files; match those apart whose lists are called "
    "otherwise"
)


class Reader:
    """Reads inputs of all formats, and counts.

    Args:
        report: called with each fault, in the order of the input; what it raises ends the reading.
        before_reading: called before each wait for more input, with how many bytes came lately.
        options: how inputs are read, where they don't tell it.
        wanted: names beside those of the filters that are asked for, which tables should have.
        sought: is shown what there is, to look for names that no input has had so far.
        remark: called with what is left out, and nobody asked for; once, whatever follows.
        mistyped: is shown the first records, to look for values of other types.
        left_out: called with a folder and the files in it whose names tell no format.
        schema: says what cells are; `select` takes that of its matcher.

    Attributes:
        read, matched, bad: as in `Summary`, so far.
        is_whole: whether all inputs could be read to their end.
        types: what was found out about cells.
        delimiters: what divides cells in the first file of each format that was begun.
        reading: the name of the input that is read now; None before the first and after the last.
        idle: is shown all inputs, to look for options that none of them has a use for.
        empty: the names of inputs without a record that hold nothing, or begin with blanks; and
            whether they hold nothing.
    """

    read: int
    matched: int
    bad: int
    is_whole: bool
    types: CellTypes
    delimiters: Mapping[str, str]
    reading: str | None
    idle: IdleOptions
    empty: list[tuple[str, bool]]

    def __init__(
        self,
        report: Callable[[Fault], object],
        before_reading: Callable[[int], None] = lambda _: None,
        *,
        options: ReadOptions = UNTOLD,
        wanted: Iterable[str] = (),
        sought: Sought | None = None,
        remark: Callable[[str], object] = warnings.warn,
        mistyped: Mistyped | None = None,
        left_out: Callable[[str, list[str]], object] = lambda _, __: None,
        schema: Schema | None = None,
    ) -> None:
        self._text = options.text
        self._sought = sought
        self.read = self.matched = self.bad = 0
        self.is_whole = True
        self.reading = None
        self.idle = IdleOptions(options, remark)
        self.empty = []
        self._are_several = False
        self._report = report
        self._left_out = left_out
        self._before_reading = before_reading
        self._options = options
        self._max_line = options.max_line

        def complain(name: str, message: str) -> None:
            self._complain(name, None, message)

        if mistyped is not None:
            mistyped.decimal = options.decimal
        takes_answers = options.takes_answers
        self._watch = Watch(complain, remark, wanted, sought, mistyped, takes_answers=takes_answers)
        self._inputs = Located(before_reading, options, self._watch)
        self._inputs.schema = schema
        self.types, self.delimiters = self._inputs.types, self._inputs.delimiters
        if mistyped is not None:
            mistyped.dimension_of_cells = self.types.dimension_of
            self.types.schema_for = mistyped.schema_for
            self.types.has_names_again = mistyped.has_names_again

    @cached_property
    def _line_scans(self) -> LineScans:
        # Tables do without.
        from filterlang.backends.files.scanning.line_scans import LineScans

        return LineScans(
            self._inputs, self._watch, self._before_reading, max_line=self._options.max_line
        )

    @property
    def summary(self) -> Summary:
        """The counts so far."""
        return Summary(self.read, self.matched, self.bad)

    @property
    def header(self) -> Batch | Names | None:
        """The columns of the first input that has any, without a record; None if none has."""
        return self._watch.first.header

    def _complain(
        self, name: str, line: Place | None, message: str, hint: str | None = None
    ) -> None:
        self.bad += 1
        fault = Fault(name, line, showable(message))
        self._report(fault if hint is None else HintedFault.of(fault, showable(hint)))

    def _sources(self, paths: Iterable[str]) -> Generator[Source, None, None]:
        def complain(path: str, error: InputError) -> None:
            self.is_whole = False
            self._complain(shown(path), None, str(error))

        paths = list(paths)
        self._are_several = len(paths) > 1 or any(
            path != STDIN and not is_file(path) for path in paths
        )
        self.idle.expect(paths)
        for source in sources_of(paths, self._options.format, complain, self._left_out):
            try:
                with recognised(source, self._before_reading, self._options) as known:
                    self.reading = known.name
                    self.idle.see(known)
                    before = self.read + self.bad
                    yield known
                    if known.is_blank and before == self.read + self.bad:
                        self.empty.append((known.name, known.is_empty))
            except InputError as error:
                self._cut(source, error, 0)
        self.reading = None

    # --- All records, with their places -----------------------------------------------------------

    def records(self, paths: Iterable[str]) -> Generator[Record, None, None]:
        """Iterate over all records of all inputs; goes on after what is wrong."""
        for source in self._sources(paths):
            number: Place = 0
            try:
                for number, line, value in self._inputs.located(source):
                    if isinstance(value, str):
                        self._complain(source.name, number, value)
                    elif isinstance(value, Cells):
                        self.read += 1
                        for row in value.rows:
                            self._look_at(row)
                        self._watch.see_rows((number,), value.rows, value.columns)
                        (record,) = map(value.columns.judged, value.rows)
                        yield Record(source.name, number, None, record, value)
                    elif isinstance(value, TableRow):
                        self.read += 1
                        self._watch.see_records((value.value,))
                        yield Record(source.name, number, None, value.value, value)
                    elif value is not None:
                        self.read += 1
                        if source.kind == "json":
                            self._watch.seek(value)
                            self._watch.see_records((value,))
                        else:
                            self._look_at(value)
                            self._watch.see_rows((number,), (value,), None)
                        yield Record(source.name, number, line, value)
            except InputError as error:
                self._cut(source, error, number)

    def _cut(self, source: Source, error: InputError, number: Place) -> None:
        """Complain of an input that ends too early."""
        self.is_whole = False
        unit = "line" if source.kind in {"json", "cells"} else "row"
        place = f" (read up to {number if isinstance(number, str) else f'{unit} {number}'})"
        place = place if number else ""
        hint = error.hint
        if self._are_several and _SAYS_RECORDS.search(f"{error} {hint}"):
            hint = _TOGETHER if hint is None else f"{hint}; {_TOGETHER}"
        self._complain(source.name, None, f"{error}{place}", hint)

    # --- What matches -----------------------------------------------------------------------------

    def select(
        self,
        paths: Iterable[str],
        matcher: Matcher,
        *,
        invert: bool = False,
        limit: int | None = None,
        strict: bool = False,
        jobs: int | None = None,
        only_count: bool = False,
    ) -> Generator[Selected, None, None]:
        """Iterate over what matches, some at a time; goes on after what is wrong.

        Args:
            paths: files, folders, globs, and `-` for standard input.
            matcher: judges.
            invert: whether the records that don't match are wanted.
            limit: stop reading after so many.
            strict: whether each line is read in full, without msgspec too.
            jobs: how many processes look at a large file of JSON; by default one for each core, up
                to 8, where they can be forked. What takes long to unpack, and what is no JSON
                Lines, is read by this process for them.
            only_count: whether what matches may be counted without being given, so that no columns
                of tables are read but those that the filters look at. Lines that are given may
                be empty then.
        """

        @cache
        def scanner() -> Scanner:
            # It loads what tables don't need.
            from filterlang.backends.files.scanning.scanner import Scanner

            return Scanner(
                matcher,
                invert=invert,
                strict=strict,
                max_line=self._max_line,
                sought=self._sought,
                takes_answers=self._options.takes_answers,
                only_count=only_count,
            )

        paths = list(paths)
        self._inputs.schema = matcher.schema
        for source in self._sources(paths):
            # The columns of several tables are compared, by the types that pyarrow has for them.
            may_count = only_count and limit is None and paths == [source.path]
            if may_count and self._count_rows(source, matcher, invert=invert):
                return
            rest = None if limit is None else limit - self.matched
            if source.kind == "json" and not source.keys.values:
                selected = self._select_lines(source, scanner(), rest, jobs, only_count=only_count)
            elif source.kind != "table":
                selected = self._select_rows(
                    source, matcher, rest, jobs, invert=invert, only_count=only_count
                )
            else:
                selected = self._select_batches(
                    source, matcher, rest, invert=invert, only_count=only_count
                )
            with closing(selected):
                yield from selected
            if limit is not None and self.matched >= limit:
                return

    def _select_lines(
        self,
        source: Source,
        scanner: Scanner,
        limit: int | None,
        jobs: int | None,
        *,
        only_count: bool,
    ) -> Generator[Selected, None, None]:
        last: Place = 0
        before = 0
        found = self._line_scans.scans(source, scanner, limit, jobs, only_count=only_count)
        try:
            with closing(found) as scans:
                for scan, place_of in scans:
                    place = place_of or partial(add, before)
                    before += scan.lines
                    self.read += scan.records
                    self.matched += len(scan.kept)
                    done = 0
                    for kept, number, message in scan.bad:
                        if kept > done:
                            yield Lines(scan.kept[done:kept], scan.is_json)
                            done = kept
                        self._complain(source.name, place(number), message)
                    if done < len(scan.kept):
                        yield Lines(scan.kept[done:], scan.is_json)
                    last = place(scan.lines)
        except InputError as error:
            self._cut(source, error, last)

    def _select_rows(
        self,
        source: Source,
        matcher: Matcher,
        limit: int | None,
        jobs: int | None,
        *,
        invert: bool,
        only_count: bool,
    ) -> Generator[Selected, None, None]:
        matches = matcher.matches
        number: Place = 0
        found: Columns | None = None
        part: Callable[[dict[str, object]], dict[str, object]] | None = None
        is_first, is_text = True, self._text or matcher.schema is not None
        rows: list[dict[str, object]] = []

        def taken(last: int, read: int, matched: int, kept: Iterable[dict[str, object]]) -> None:
            nonlocal number
            number = last
            self.read += read
            self.matched += matched
            rows.extend(kept)

        from filterlang.backends.files.scanning.cells_together import CellsTogether

        together = CellsTogether(
            matcher,
            self._watch,
            jobs,
            cleaning=self._options.cleaning,
            invert=invert,
            only_count=only_count,
            taken=taken,
        )
        # What stands behind the last one wanted must not be counted.
        plain = None if limit is not None or source.keys.values else together.take
        try:
            read = self._inputs.values(source, names_of(matcher), is_text=is_text, take_plain=plain)
            with together, closing(read) as values:
                for number, value in values:
                    if isinstance(value, str):
                        if rows:
                            yield self._taken(rows, found)
                            rows = []
                        self._complain(source.name, number, value)
                        continue
                    if source.kind == "json":
                        self._watch.seek(value)
                    elif is_first:
                        is_first = False
                        if source.kind == "cells" and not self._text:
                            found = self._inputs.columns_of_cells(source, value)
                            part = found.reader(columns_of(names_of(matcher)))
                        together.see(list(value), found)
                        self._watch.compare(source, dict.fromkeys(value, "text"), matcher)
                    self.read += 1
                    self._see_row(number, value, found)
                    if matches(value if part is None else part(value)) is not invert:
                        rows.append(value)
                    if limit is not None and len(rows) == limit:
                        break
                    if len(rows) >= columns.ROWS:
                        limit = None if limit is None else limit - len(rows)
                        yield self._taken(rows, found)
                        rows = []
        except InputError as error:
            if rows:
                yield self._taken(rows, found)
                rows = []
            self._cut(source, error, number)
        if rows:
            yield self._taken(rows, found)

    def _see_row(self, number: Place, row: dict[str, object], found: Columns | None) -> None:
        if found is not None and found.is_watched:
            found.waiting.append((int(number), row))
            if len(found.waiting) == TOGETHER:
                found.count_waiting()
        self._look_at(row)
        self._watch.see_rows((number,), (row,), found)

    def _look_at(self, row: Mapping[str, object]) -> None:
        """Look at any row: whether it is the names again, or empty."""
        if self._watch.again is not None:
            self._watch.again.see_row(row)
        if self._watch.empty_rows is not None:
            self._watch.empty_rows.see_row(row)

    def _taken(self, rows: list[dict[str, object]], found: Columns | None) -> Cells | Rows:
        self.matched += len(rows)
        return Rows(rows) if found is None else Cells(rows, found)

    def _count_rows(self, source: Source, matcher: Matcher, *, invert: bool) -> bool:
        """Count the rows of a table by polars alone, if that comes out the same."""
        if source.format != "parquet":
            return False
        from filterlang.backends.files.tables.counting import ParquetCounter

        counter = ParquetCounter.of(source)
        # Of a name that nothing has there is more to be said.
        if counter is None or self._watch.misses(counter.storages):
            return False
        counted = counter.count(matcher, samples=self._watch.sees_records)
        if counted is None:
            return False
        self._watch.see_columns(source, counter.storages)
        self._watch.see_records(counted.sample)
        self.read += counted.rows
        self.matched += counted.rows - counted.matched if invert else counted.matched
        return True

    def _select_batches(
        self,
        source: Source,
        matcher: Matcher,
        limit: int | None,
        *,
        invert: bool,
        only_count: bool,
    ) -> Generator[Selected, None, None]:
        # What reads tables takes long to load.
        from filterlang.backends.files.scanning.table_scans import scan_table

        number = 0
        common = self._inputs, self._watch, self._before_reading
        found = scan_table(*common, source, matcher, limit, invert=invert, only_count=only_count)
        try:
            with closing(found) as scans:
                for read, matched, batches in scans:
                    number += read
                    self.read += read
                    self.matched += matched
                    yield from batches
        except InputError as error:
            self._cut(source, error, number)
