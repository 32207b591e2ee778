"""Sources → what was selected of them, format by format, in order, with nothing lost silently."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files import columns
from filterlang.backends.files.answers import refusal
from filterlang.backends.files.delimited import read_rows
from filterlang.backends.files.faults import Fault, InputError
from filterlang.backends.files.inputs import (
    RANGE,
    STDIN,
    read_blocks,
    read_lines,
    shown,
    too_long,
)
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.lines import BadRecordError, read_record
from filterlang.backends.files.scanner import Scanner
from filterlang.backends.files.sources import find_sources, format_of
from filterlang.backends.used_names import names_of
from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from filterlang.backends.files.scanner import Scan
    from filterlang.backends.files.sought import Sought
    from filterlang.backends.files.sources import Source
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

    `line` is the line as it was read, with its end; None in formats other than JSON Lines.
    """

    name: str
    number: int
    line: bytes | None
    value: dict[str, object]


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

    Attributes:
        read, matched, bad: as in `Summary`, so far.
        is_whole: whether all inputs could be read to their end.
    """

    read: int
    matched: int
    bad: int
    is_whole: bool

    def __init__(
        self,
        report: Callable[[Fault], object],
        before_reading: Callable[[int], None] = lambda _: None,
        *,
        format: str | None = None,
        wanted: Iterable[str] = (),
        max_line: int = MAX_LINE,
        sought: Sought | None = None,
    ) -> None:
        self._sought = sought
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

    def _complain(self, name: str, line: int | None, message: str) -> None:
        self.bad += 1
        self._report(Fault(name, line, showable(message)))

    def _sources(self, paths: Iterable[str]) -> Generator[Source, None, None]:
        for path in paths:
            try:
                yield from find_sources(path, self._format)
            except InputError as error:
                self.is_whole = False
                self._complain(shown(path), None, str(error))

    def _refuses(self, source: Source, number: int, line: bytes) -> bool:
        """Whether the first line of an input shows that it is none of records; complain then."""
        if self._format is not None:
            return False  # Somebody says so.
        reason = refusal(line, source.path)
        if reason is None:
            return False
        self.is_whole = False
        self._complain(source.name, number, reason)
        return True

    # --- All records, with their places -----------------------------------------------------------

    def records(self, paths: Iterable[str]) -> Generator[Record, None, None]:
        """Iterate over all records of all inputs; goes on after what is wrong."""
        for source in self._sources(paths):
            number = 0
            try:
                for number, line, value in self._located(source):
                    if isinstance(value, str):
                        self._complain(source.name, number, value)
                    elif value is not None:
                        self.read += 1
                        if self._sought is not None and line is not None:
                            self._sought.see_record(value)
                        yield Record(source.name, number, line, value)
            except InputError as error:
                self._cut(source, error, number)

    def _cut(self, source: Source, error: InputError, number: int) -> None:
        """Complain of an input that ends too early."""
        self.is_whole = False
        unit = "line" if source.format in {"jsonl", "csv", "tsv"} else "row"
        place = f" (read up to {unit} {number})" if number else ""
        self._complain(source.name, None, f"{error}{place}")

    def _located(
        self, source: Source
    ) -> Generator[tuple[int, bytes | None, dict[str, object] | str | None], None, None]:
        """Return the lines or rows of an input: a text says what is wrong, None is a blank line."""
        path, _, format_ = source
        if format_ == "jsonl":
            yield from self._located_lines(source)
        elif format_ in {"csv", "tsv"}:
            read = read_rows(path, format_, self._before_reading, self._max_line, self._see_names)
            with closing(read) as rows:
                for row in rows:
                    yield row.line, None, row.value
        else:
            number = 0
            with closing(columns.read_batches(path, format_)) as batches:
                for batch in batches:
                    self._see_batch(batch)
                    for value in columns.values_of(batch):
                        number += 1
                        yield number, None, value

    def _see_names(self, names: list[str]) -> None:
        if self._sought is not None:
            self._sought.see_columns(columns.texts(names))

    def _see_batch(self, batch: columns.RecordBatch) -> None:
        """Show the columns of a table, whose first batch is empty."""
        if self._sought is not None and not batch.num_rows:
            self._sought.see_columns(columns.storages_of(batch.schema))

    def _located_lines(
        self, source: Source
    ) -> Generator[tuple[int, bytes | None, dict[str, object] | str | None], None, None]:
        is_first = True
        with closing(read_lines(source.path, self._before_reading, self._max_line)) as lines:
            for number, line in enumerate(lines, 1):
                value: dict[str, object] | str | None
                if line is None:
                    is_first = False
                    yield number, None, too_long(self._max_line)
                    continue
                if is_first and not line.isspace():
                    is_first = False
                    if self._refuses(source, number, line):
                        return
                try:
                    value = read_record(line)
                except BadRecordError as error:
                    value = str(error)
                yield number, line, value

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
    ) -> Generator[Lines | Rows | Batch, None, None]:
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
            if source.format == "jsonl":
                selected = self._select_lines(source, scanner, rest, jobs)
            elif source.format in {"csv", "tsv"}:
                selected = self._select_rows(source, matcher, rest, invert=invert)
            else:
                selected = self._select_batches(source, matcher, rest, invert=invert)
            with closing(selected):
                yield from selected
            if limit is not None and self.matched >= limit:
                return

    def _select_lines(
        self, source: Source, scanner: Scanner, limit: int | None, jobs: int | None
    ) -> Generator[Lines | Rows | Batch, None, None]:
        before = 0
        try:
            with closing(self._scans(source, scanner, limit, jobs)) as scans:
                for scan in scans:
                    self.read += scan.records
                    self.matched += len(scan.kept)
                    done = 0
                    for kept, number, message in scan.bad:
                        if kept > done:
                            yield Lines(scan.kept[done:kept])
                            done = kept
                        self._complain(source.name, before + number, message)
                    if done < len(scan.kept):
                        yield Lines(scan.kept[done:])
                    before += scan.lines
        except InputError as error:
            self._cut(source, error, before)

    def _scans(
        self, source: Source, scanner: Scanner, limit: int | None, jobs: int | None
    ) -> Generator[Scan, None, None]:
        # With a limit most of the file might be read for nothing.
        if limit is None:
            jobs = _jobs(source.path, jobs)
            if jobs > 1:
                # It loads what processes need, which takes as long as matching a small file.
                from filterlang.backends.files import ranges

                if not self._refuses_file(source):
                    self._see_first_block(source)
                    yield from ranges.scan_ranges(source.path, scanner, jobs, self._before_reading)
                return
        lines, is_first = 0, True
        blocks = read_blocks(source.path, self._before_reading, self._max_line)
        with closing(blocks):
            for block in blocks:
                if is_first:
                    blank, line = (0, b"{}") if block is None else _first_line(block)
                    is_first = not line
                    lines += blank
                    if line and self._refuses(source, lines + 1, line):
                        return
                scan = scanner.scan(block, limit)
                yield scan
                if limit is not None:
                    limit -= len(scan.kept)
                    if not limit:
                        return

    def _see_first_block(self, source: Source) -> None:
        """Look for names where most of them are found, so that no process has to."""
        if self._sought is not None:
            with closing(read_blocks(source.path, lambda _: None, self._max_line)) as blocks:
                self._sought.see_block(next(blocks, None) or b"")

    def _refuses_file(self, source: Source) -> bool:
        """Say as `_refuses` does of a file that is read by others."""
        with closing(read_lines(source.path, lambda _: None, self._max_line)) as lines:
            for number, line in enumerate(lines, 1):
                if line is None:
                    return False
                if not line.isspace():
                    return self._refuses(source, number, line)
        return False

    def _select_rows(
        self, source: Source, matcher: Matcher, limit: int | None, *, invert: bool
    ) -> Generator[Lines | Rows | Batch, None, None]:
        matches = matcher.matches
        number, is_first = 0, True
        rows: list[dict[str, object]] = []
        try:
            read = read_rows(
                source.path, source.format, self._before_reading, self._max_line, self._see_names
            )
            with closing(read) as found:
                for number, value in found:
                    if isinstance(value, str):
                        if rows:
                            yield self._taken(rows)
                            rows = []
                        self._complain(source.name, number, value)
                        continue
                    if is_first:
                        self._compare(source, dict.fromkeys(value, "text"), matcher)
                        is_first = False
                    self.read += 1
                    if matches(value) is invert:
                        continue
                    rows.append(value)
                    if limit is not None and len(rows) == limit:
                        break
                    if len(rows) == columns.ROWS:
                        limit = None if limit is None else limit - len(rows)
                        yield self._taken(rows)
                        rows = []
        except InputError as error:
            if rows:
                yield self._taken(rows)
                rows = []
            self._cut(source, error, number)
        if rows:
            yield self._taken(rows)

    def _taken(self, rows: list[dict[str, object]]) -> Rows:
        self.matched += len(rows)
        return Rows(rows)

    def _select_batches(
        self, source: Source, matcher: Matcher, limit: int | None, *, invert: bool
    ) -> Generator[Lines | Rows | Batch, None, None]:
        from filterlang.backends.files.judging import Judge

        judge = Judge(matcher)
        number, size, rows = 0, 0.0, 0
        try:
            with closing(columns.read_batches(source.path, source.format)) as batches:
                for batch in batches:
                    if not batch.num_rows:
                        self._see_batch(batch)
                        types = {field.name: str(field.type) for field in batch.schema}
                        self._compare(source, types, matcher)
                        size = columns.bytes_per_row(source.path, source.format)
                        continue
                    self._before_reading(round(size * rows))
                    rows = batch.num_rows
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
                        part = batch if whole else columns.taken(batch, kept)
                        self.matched += len(kept)
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
        wanted = {
            column
            for name in (*names_of(matcher), *self._wanted)
            for column in (name[0], ".".join(name))
        }
        for column in sorted(wanted):
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


def _first_line(block: bytes) -> tuple[int, bytes]:
    """Return how many blank lines there are before the first other one of a block, and that."""
    start = len(block) - len(block.lstrip())
    end = block.find(b"\n", start)
    return block.count(b"\n", 0, start), block[start:] if end < 0 else block[start:end]


def _jobs(path: str, jobs: int | None) -> int:
    """Return how many processes look at an input; only plain files can be looked at in ranges."""
    if jobs == 1 or path == STDIN or format_of(path)[1] is not None:
        return 1
    try:
        with Path(path).open("rb") as file:
            # Compressed data is known by its content.
            if not file.seekable() or file.read(4).startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
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
