"""Sources → what was selected of them, format by format, in order, with nothing lost silently."""

from __future__ import annotations

import os
import warnings
from contextlib import closing
from functools import partial
from io import BytesIO
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files import columns
from filterlang.backends.files.cell_types import TOGETHER, Cells, CellTypes
from filterlang.backends.files.compressions import compression_of_content
from filterlang.backends.files.faults import Fault, InputError
from filterlang.backends.files.formats import format_of_name
from filterlang.backends.files.inputs import (
    BLOCK,
    RANGE,
    opened,
    shown,
    too_long,
)
from filterlang.backends.files.json_shape import LINES, Shape, find_shape, read_json
from filterlang.backends.files.limits import MAX_LINE, SAMPLE
from filterlang.backends.files.lines import BadRecordError, read_record
from filterlang.backends.files.recognised import recognised
from filterlang.backends.files.rows import rows_of
from filterlang.backends.files.scanner import Scanner
from filterlang.backends.files.sources import sources_of
from filterlang.backends.used_names import names_of, wanted_columns
from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from filterlang.backends.files.cell_types import Columns
    from filterlang.backends.files.faults import Place
    from filterlang.backends.files.json_shape import Block
    from filterlang.backends.files.mistyped import Mistyped
    from filterlang.backends.files.scanner import Scan
    from filterlang.backends.files.sought import Sought
    from filterlang.backends.files.sources import Source
    from filterlang.backends.plan.storage import Storages
    from filterlang.matching.matcher import Matcher


_LARGE = 1 << 26
"""Bytes of a file for which starting processes pays."""
_MOST_JOBS = 8


class Lines(NamedTuple):
    """Selected lines of JSON Lines, without their ends."""

    lines: list[bytes]

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records."""
        return (record for line in self.lines if (record := read_record(line)) is not None)


class Rows(NamedTuple):
    """Selected records."""

    rows: list[dict[str, object]]

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records."""
        return self.rows


class Batch(NamedTuple):
    """Selected rows of a batch of Arrow data."""

    batch: columns.RecordBatch

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records."""
        return columns.values_of(self.batch)


class Summary(NamedTuple):
    """What was done: how many records were `read`, how many `matched`, how many lines were `bad`.

    Bad are also files that can't be read, or not to their end, each as one.
    """

    read: int
    matched: int
    bad: int


class Record(NamedTuple):
    """A record and its place: `name` and `number` say in which file and line (or row) it stands.

    `number` is the way to it, `users[17]`, where it stands in a list. `line` is the record as it
    was read, as one line with its end; None in formats other than JSON. `cells` are the texts of
    which the record was made; None where they are the record, or where there were none.
    """

    name: str
    number: Place
    line: bytes | None
    value: dict[str, object]
    cells: Cells | None = None


class Reader:
    """Reads inputs of all formats, and counts.

    Args:
        report: called with each fault, in the order of the input; what it raises ends the reading.
        before_reading: called before each wait for more input, with how many bytes came lately.
        format: the format of all inputs, in the place of what their names tell.
        wanted: names beside those of the filters that are asked for, which tables should have.
        max_line: how many bytes a line of text, or a row of cells, may have. What is longer is a
            fault, and isn't kept in memory.
        sought: is shown what there is, to look for names that no input has had so far.
        records: the name of the list that holds the records of JSON values, or of the sheet of a
            workbook, where it isn't clear.
        remark: called with what is left out, and nobody asked for; once, whatever follows.
        text: whether cells are texts, whatever they look like, as a schema wants them.
        mistyped: is shown the first records, to look for values of other types.

    Attributes:
        read, matched, bad: as in `Summary`, so far.
        is_whole: whether all inputs could be read to their end.
        types: what was found out about cells.
    """

    read: int
    matched: int
    bad: int
    is_whole: bool
    types: CellTypes

    def __init__(
        self,
        report: Callable[[Fault], object],
        before_reading: Callable[[int], None] = lambda _: None,
        *,
        format: str | None = None,
        wanted: Iterable[str] = (),
        max_line: int = MAX_LINE,
        sought: Sought | None = None,
        records: str | None = None,
        remark: Callable[[str], object] = warnings.warn,
        text: bool = False,
        mistyped: Mistyped | None = None,
    ) -> None:
        self.types = CellTypes()
        self._text = text
        self._sought = sought
        self._mistyped = mistyped
        self._shape = _shape(format, records)
        self._records = records
        self._remark = remark
        self._told: set[object] = set()
        self.read = self.matched = self.bad = 0
        self.is_whole = True
        self._report = report
        self._before_reading = before_reading
        self._format = format
        self._max_line = max_line
        self._wanted = [tuple(name.split(".")) for name in wanted]
        self._tables: dict[str, tuple[str, dict[str, str]]] = {}

    @property
    def summary(self) -> Summary:
        """The counts so far."""
        return Summary(self.read, self.matched, self.bad)

    def _complain(self, name: str, line: Place | None, message: str) -> None:
        self.bad += 1
        self._report(Fault(name, line, showable(message)))

    def _sources(self, paths: Iterable[str]) -> Generator[Source, None, None]:
        def complain(path: str, error: InputError) -> None:
            self.is_whole = False
            self._complain(shown(path), None, str(error))

        for source in sources_of(paths, self._format, complain):
            try:
                with recognised(source, self._before_reading, self._format) as known:
                    yield known
            except InputError as error:
                self._cut(source, error, 0)

    def _blocks(self, source: Source) -> Generator[Block, None, None]:
        """Iterate over the records of JSON as blocks of lines."""
        yield from read_json(
            source.input,
            self._before_reading,
            self._max_line,
            shape=self._shape,
            is_named_lines=_is_named_lines(source),
        )

    # --- All records, with their places -----------------------------------------------------------

    def records(self, paths: Iterable[str]) -> Generator[Record, None, None]:
        """Iterate over all records of all inputs; goes on after what is wrong."""
        for source in self._sources(paths):
            number: Place = 0
            try:
                for number, line, value in self._located(source):
                    if isinstance(value, str):
                        self._complain(source.name, number, value)
                    elif isinstance(value, Cells):
                        self.read += 1
                        (record,) = value.values()
                        yield Record(source.name, number, None, record, value)
                    elif value is not None:
                        self.read += 1
                        if self._sought is not None and source.kind == "json":
                            self._sought.see_record(value)
                        self._see_records((value,))
                        yield Record(source.name, number, line, value)
            except InputError as error:
                self._cut(source, error, number)

    def _cut(self, source: Source, error: InputError, number: Place) -> None:
        """Complain of an input that ends too early."""
        self.is_whole = False
        unit = "line" if source.kind in {"json", "cells"} else "row"
        place = f" (read up to {number if isinstance(number, str) else f'{unit} {number}'})"
        place = place if number else ""
        self._complain(source.name, None, f"{error}{place}")

    def _located(
        self, source: Source
    ) -> Generator[tuple[Place, bytes | None, dict[str, object] | Cells | str | None], None, None]:
        """Return the lines or rows of an input: a text says what is wrong, None is a blank line."""
        if source.kind == "json":
            lines = self._located_lines(source)
            yield from self._keyed(source, lines) if source.keys.values else lines
        elif source.kind == "cells" and not self._text:
            yield from self._located_cells(source)
        elif source.kind != "table":
            with closing(self._rows(source, is_text=True)) as rows:
                for number, value in rows:
                    yield number, None, value
        else:
            number = 0
            asked = [] if self._sought is None else self._sought.asked
            with closing(self._batches(source, asked)) as batches:
                for batch in batches:
                    for value in columns.values_of(batch):
                        number += 1
                        yield number, None, value

    def _located_cells(
        self, source: Source
    ) -> Generator[tuple[Place, None, Cells | str], None, None]:
        found = None
        with closing(self._rows(source, is_text=False)) as rows:
            for number, row in rows:
                if isinstance(row, str):
                    yield number, None, row
                    continue
                if found is None:
                    found = self._columns(source, row)
                found.waiting.append((number, row))
                found.count_waiting()
                yield number, None, Cells([row], found)

    def _columns(self, source: Source, row: Iterable[str]) -> Columns:
        """Return how rows of cells are read; what the names of folders say is no cell."""
        return self.types.columns(
            [name for name in row if name not in source.keys.values], source.name
        )

    def _rows(
        self, source: Source, *, is_text: bool
    ) -> Generator[tuple[int, dict[str, object] | str], None, None]:
        """Iterate over the rows of what isn't JSON and no table of Arrow.

        If cells aren't to be texts, their types are found before.
        """
        see = partial(self._see, source)
        types = None if is_text else self.types
        yield from rows_of(source, self._before_reading, self._max_line, see, self._records, types)

    def _batches(
        self, source: Source, asked: list[tuple[str, ...]]
    ) -> Generator[columns.RecordBatch, None, None]:
        """Iterate over the batches of a table of Arrow, of which the first one is empty."""
        with closing(columns.read_batches(source.input, source.format)) as batches:
            for found in batches:
                if not found.num_rows:
                    self._see(source, columns.storages_of(found.schema))
                batch = columns.with_keys(found, source.keys)
                if not found.num_rows:
                    self._see_doubled(source, columns.doubled(batch.schema), asked)
                yield batch

    def _see_doubled(
        self, source: Source, doubled: list[str], asked: list[tuple[str, ...]]
    ) -> None:
        """Refuse a table in which a name that is asked for is there twice; tell of others."""
        for name in wanted_columns(doubled, [*asked, *self._wanted]):
            message = f"two columns are called {quoted(name)}; rename one of them"
            raise InputError(message)
        for name in doubled:
            self._tell_once(
                name,
                f"{source.name}: two columns are called {quoted(name)}, which nothing asks for; "
                "records in JSON or CSV are written without them",
            )

    def _tell_once(self, key: object, message: str) -> None:
        if key not in self._told:
            self._told.add(key)
            self._remark(showable(message))

    def _see(self, source: Source, storages: Storages) -> None:
        """Show the columns of a table."""
        self._tell_replaced(source, storages)
        if self._sought is not None:
            self._sought.see_columns(storages | source.keys.storages())

    def _tell_replaced(self, source: Source, names: Iterable[str]) -> None:
        """Tell of what a file holds under the name of a key, once a key."""
        for name in source.keys.values.keys() & names:
            self._tell_once(
                ("key", name),
                f"{source.name}: {quoted(name)} is what the names of the folders say; what the "
                "files hold under that name is left out",
            )

    def _keyed(
        self,
        source: Source,
        located: Iterable[tuple[Place, bytes | None, dict[str, object] | str | None]],
    ) -> Generator[tuple[Place, bytes | None, dict[str, object] | str | None], None, None]:
        """Add to records what the names of folders say; their lines are no longer theirs."""
        for number, line, value in located:
            if isinstance(value, dict):
                self._tell_replaced(source, value)
                yield number, None, {**value, **source.keys.values}
            else:
                yield number, line, value

    def _see_records(self, records: Iterable[Mapping[str, object]]) -> None:
        if self._mistyped is not None:
            self._mistyped.see_records(records)

    def _see_block(self, block: bytes | None) -> None:
        if self._mistyped is not None:
            self._mistyped.see_block(block)

    def _see_rows(self, batch: columns.RecordBatch, matcher: Matcher) -> None:
        if self._mistyped is not None and not self._mistyped.is_done:
            first = batch.slice(0, SAMPLE)
            # The names of the others tell what the records are; none of their values is looked at.
            names = dict.fromkeys(batch.schema.names)
            values = columns.values_of(first, names_of(matcher))
            self._mistyped.see_records(names | value for value in values)

    def _located_lines(
        self, source: Source
    ) -> Generator[tuple[Place, bytes | None, dict[str, object] | str | None], None, None]:
        with closing(self._blocks(source)) as blocks:
            for data, place in blocks:
                if data is None:
                    yield place(1), None, too_long(self._max_line)
                    continue
                for number, line in enumerate(BytesIO(data), 1):
                    value: dict[str, object] | str | None
                    try:
                        value = read_record(line)
                    except BadRecordError as error:
                        value = str(error)
                    yield place(number), line, value

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
    ) -> Generator[Lines | Rows | Cells | Batch, None, None]:
        """Iterate over what matches, some at a time; goes on after what is wrong.

        Args:
            paths: files, folders, globs, and `-` for standard input.
            matcher: judges.
            invert: whether the records that don't match are wanted.
            limit: stop reading after so many.
            strict: whether each line is read in full, without msgspec too.
            jobs: how many processes look at a large file of plain JSON Lines; by default one for
                each core, up to 8, where they can be forked.
        """
        scanner = Scanner(
            matcher, invert=invert, strict=strict, max_line=self._max_line, sought=self._sought
        )
        for source in self._sources(paths):
            rest = None if limit is None else limit - self.matched
            if source.kind == "json" and not source.keys.values:
                selected = self._select_lines(source, scanner, rest, jobs)
            elif source.kind != "table":
                selected = self._select_rows(source, matcher, rest, invert=invert)
            else:
                selected = self._select_batches(source, matcher, rest, invert=invert)
            with closing(selected):
                yield from selected
            if limit is not None and self.matched >= limit:
                return

    def _select_lines(
        self, source: Source, scanner: Scanner, limit: int | None, jobs: int | None
    ) -> Generator[Lines | Rows | Cells | Batch, None, None]:
        last: Place = 0
        try:
            with closing(self._scans(source, scanner, limit, jobs)) as scans:
                for scan, place in scans:
                    self.read += scan.records
                    self.matched += len(scan.kept)
                    done = 0
                    for kept, number, message in scan.bad:
                        if kept > done:
                            yield Lines(scan.kept[done:kept])
                            done = kept
                        self._complain(source.name, place(number), message)
                    if done < len(scan.kept):
                        yield Lines(scan.kept[done:])
                    last = place(scan.lines)
        except InputError as error:
            self._cut(source, error, last)

    def _scans(
        self, source: Source, scanner: Scanner, limit: int | None, jobs: int | None
    ) -> Generator[tuple[Scan, Callable[[int], Place]], None, None]:
        # With a limit most of the file might be read for nothing.
        if limit is None:
            jobs = 1 if source.is_packed or source.begun is not None else _jobs(source.path, jobs)
            if jobs > 1 and self._holds_lines(source):
                # It loads what processes need, which takes as long as matching a small file.
                from filterlang.backends.files import ranges

                before = 0
                read = ranges.scan_ranges(source.path, scanner, jobs, self._before_reading)
                for scan in read:
                    yield scan, partial(add, before)
                    before += scan.lines
                return
        with closing(self._blocks(source)) as blocks:
            for data, place in blocks:
                self._see_block(data)
                scan = scanner.scan(data, limit)
                yield scan, place
                if limit is not None:
                    limit -= len(scan.kept)
                    if not limit:
                        return

    def _holds_lines(self, source: Source) -> bool:
        """Whether a file is JSON Lines, which others can read; look for names in its beginning."""
        with opened(source.path, lambda _: None) as reader:
            shape, read = self._shape, [b""]
            if shape is None:
                shape, read = find_shape(
                    reader, self._max_line, is_named_lines=_is_named_lines(source)
                )
            if shape.is_lines:
                block = read[0].rpartition(b"\n")[0] or reader.read1(BLOCK)
                self._see_block(block)
                if self._sought is not None:
                    # Most names are found there, so that no process has to look for them.
                    self._sought.see_block(block)
        return shape.is_lines

    def _select_rows(
        self, source: Source, matcher: Matcher, limit: int | None, *, invert: bool
    ) -> Generator[Lines | Rows | Cells | Batch, None, None]:
        matches = matcher.matches
        number: Place = 0
        found: Columns | None = None
        part: Callable[[dict[str, object]], dict[str, object]] | None = None
        is_first, is_text = True, self._text or matcher.schema is not None
        rows: list[dict[str, object]] = []
        try:
            with closing(self._values(source, is_text=is_text)) as values:
                for number, value in values:
                    if isinstance(value, str):
                        if rows:
                            yield self._taken(rows, found)
                            rows = []
                        self._complain(source.name, number, value)
                        continue
                    if source.kind == "json":
                        if self._sought is not None:
                            self._sought.see_record(value)
                    elif is_first:
                        is_first = False
                        if source.kind == "cells" and not is_text:
                            found = self._columns(source, value)
                            part = found.reader(_columns_of(names_of(matcher)))
                        self._compare(source, dict.fromkeys(value, "text"), matcher)
                    self.read += 1
                    self._see_row(number, value, found)
                    if matches(value if part is None else part(value)) is invert:
                        continue
                    rows.append(value)
                    if limit is not None and len(rows) == limit:
                        break
                    if len(rows) == columns.ROWS:
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
        if found is not None and found.is_typed:
            found.waiting.append((int(number), row))
            if len(found.waiting) == TOGETHER:
                found.count_waiting()
        if self._mistyped is not None and not self._mistyped.is_done:
            # Of other cells it is told which aren't of their type.
            self._mistyped.see_records((row if found is None else self.types.texts(row),))

    def _values(
        self, source: Source, *, is_text: bool
    ) -> Generator[tuple[Place, dict[str, object] | str], None, None]:
        if source.kind != "json":
            yield from self._rows(source, is_text=is_text)
            return
        lines = self._keyed(source, self._located_lines(source))
        yield from ((number, value) for number, _, value in lines if value is not None)

    def _taken(self, rows: list[dict[str, object]], found: Columns | None) -> Cells | Rows:
        self.matched += len(rows)
        return Rows(rows) if found is None else Cells(rows, found)

    def _select_batches(
        self, source: Source, matcher: Matcher, limit: int | None, *, invert: bool
    ) -> Generator[Lines | Rows | Cells | Batch, None, None]:
        from filterlang.backends.files.judging import Judge

        judge = Judge(matcher)
        number, size, rows = 0, 0.0, 0
        try:
            with closing(self._batches(source, names_of(matcher))) as batches:
                for batch in batches:
                    if not batch.num_rows:
                        types = {field.name: str(field.type) for field in batch.schema}
                        self._compare(source, types, matcher)
                        size = columns.bytes_per_row(source.path, source.format)
                        continue
                    self._before_reading(round(size * rows))
                    rows = batch.num_rows
                    self._see_rows(batch, matcher)
                    verdicts = judge.verdicts(batch)
                    kept = [row for row, holds in enumerate(verdicts) if holds is not invert]
                    if limit is not None and len(kept) >= limit:
                        kept = kept[:limit]
                        self.read += kept[-1] + 1
                        limit = 0
                    else:
                        self.read += batch.num_rows
                        limit = None if limit is None else limit - len(kept)
                    number += batch.num_rows
                    if kept:
                        whole = len(kept) == batch.num_rows
                        self.matched += len(kept)
                        for part in [batch] if whole else columns.taken(batch, kept):
                            yield Batch(part)
                    if limit == 0:
                        return
        except InputError as error:
            self._cut(source, error, number)

    def _compare(self, source: Source, types: dict[str, str], matcher: Matcher) -> None:
        """Complain of a table whose columns differ from the first one's, where asked for."""
        first_name, first = self._tables.setdefault(source.format, (source.name, types))
        if first_name == source.name:
            return
        for column in sorted(_columns_of([*names_of(matcher), *self._wanted])):
            here, there = types.get(column), first.get(column)
            if here == there:
                continue
            if here is None:
                difference = f"is missing, though it is in {first_name}"
            elif there is None:
                difference = f"is new, it is not in {first_name}"
            else:
                difference = f"is of type {here}, but of type {there} in {first_name}"
            self._complain(source.name, None, f"the column {quoted(column)} {difference}")


def _columns_of(names: Iterable[tuple[str, ...]]) -> set[str]:
    """Return the columns that names may lead to, of a table or a row of cells."""
    return {column for name in names for column in (name[0], ".".join(name))}


def _shape(format_: str | None, records: str | None) -> Shape | None:
    """Return how JSON holds its records, where somebody says so."""
    if records is not None:
        return Shape(is_lines=False, path=() if records == "." else tuple(records.split(".")))
    return LINES if format_ == "jsonl" else None


def _is_named_lines(source: Source) -> bool:
    named = format_of_name(source.within)
    return named is not None and named.name == "jsonl"


def _jobs(path: str, jobs: int | None) -> int:
    """Return how many processes look at an input; only plain files can be looked at in ranges."""
    if jobs == 1:
        return 1
    try:
        with Path(path).open("rb") as file:
            if not file.seekable() or compression_of_content(file.read(16)) is not None:
                return 1
            size = file.seek(0, 2)
    except OSError:
        return 1
    if jobs is None:
        if size < _LARGE:
            return 1
        from filterlang.backends.files import ranges

        # Where processes can't be forked they run the program's own file anew, which it has to be
        # written for. So they are only started there if they are asked for.
        jobs = min(_cores(), _MOST_JOBS) if ranges.can_fork() else 1
    return min(jobs, size // RANGE + 1)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover — only on macOS and Windows
