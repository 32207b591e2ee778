"""What was selected → bytes of a format."""

from __future__ import annotations

import csv
import io
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.files.cells.cell_types import Cells
from filterlang.backends.files.opening.byte_order_mark import BOM_IN_UTF8
from filterlang.backends.files.selected import Batch, Lines, Names
from filterlang.backends.files.tables.columns import unique_names
from filterlang.backends.files.tables.json_columns import lines_of_columns
from filterlang.backends.files.typed_texts.texts import (
    NAMELESS,
    JsonTexts,
    MisfitError,
    UnplacedError,
    ValueFormatError,
    cell_text,
    expect_whole_names,
    has_lone_surrogate,
    may_lack,
    name_of_unwritable,
)
from filterlang.backends.files.writing.writer import Writer, renamed
from filterlang.diagnostics.diagnostic import quoted, shown
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from filterlang.backends.files.selected import Selected
    from filterlang.backends.files.writing.parts import Parts
    from filterlang.backends.files.writing.writer import Stream


def _lines_of(batch: Any, select: Mapping[str, str] | None, texts: JsonTexts) -> str | None:
    """Return the lines of JSON of a batch; None if they are to be written row by row."""
    if select is None:
        return lines_of_columns(batch, texts)
    # A name with a dot may lead through columns.
    names = set(unique_names(batch.schema))
    if all(
        name in names and "." not in name and normal_name(name) == name for name in select.values()
    ):
        return lines_of_columns(renamed(batch, select), texts)
    return None


def _in_full(selected: Selected) -> Selected:
    """Return what was selected with all that texts can hold of it."""
    return selected.in_full() if isinstance(selected, Batch | Lines) else selected


class JsonLinesWriter(Writer):
    """Writes JSON Lines; lines that were JSON Lines before are passed on byte for byte.

    But for the numbers that JSON lacks, and others write all the same, such as NaN, and for the
    mark that some programs write before texts: readers of JSON know none between records.
    """

    def __init__(self, stream: Stream, select: Mapping[str, str] | None) -> None:
        super().__init__(stream, select)
        self._texts = JsonTexts()

    def told(self) -> str | None:
        """Return how many numbers were written as null."""
        return self._texts.told()

    def write(self, selected: Selected) -> None:
        """Write one line for each record."""
        if isinstance(selected, Lines) and self._part is None:
            self._stream.write(b"\n".join(_plain_lines(selected, self._texts)) + b"\n")
            return
        selected = _in_full(selected)
        if isinstance(selected, Batch):
            text = _lines_of(selected.batch, self._select, self._texts)
            if text is not None:
                self._stream.write(text.encode())
                return
        lines = [self._texts.value(record) for record in self._records(selected)]
        if not lines:
            return
        # What was written as the escape of a lone surrogate can only be written so again.
        self._stream.write(("\n".join(lines) + "\n").encode(errors="backslashreplace"))


def _plain_lines(selected: Lines, texts: JsonTexts) -> list[bytes]:
    """Return lines of JSON as they are, but for a mark before them and what JSON lacks in them."""
    lines = selected.lines
    joined = b"\n".join(lines)
    # Hardly a block has such words, so that the lines needn't be looked at one by one.
    if BOM_IN_UTF8 in joined or (not selected.is_json and may_lack(joined)):
        return [texts.line(line.removeprefix(BOM_IN_UTF8)) for line in lines]
    return lines


class JsonArrayWriter(Writer):
    """Writes one JSON array, each record in a line of it."""

    def __init__(self, stream: Stream, select: Mapping[str, str] | None) -> None:
        super().__init__(stream, select)
        self._texts = JsonTexts()
        self._before = b"[\n"

    def told(self) -> str | None:
        """Return how many numbers were written as null."""
        return self._texts.told()

    def write(self, selected: Selected) -> None:
        """Write the records, each behind a comma but for the first one."""
        if isinstance(selected, Lines) and self._part is None:
            lines = [line.strip() for line in _plain_lines(selected, self._texts)]
        else:
            lines = self._lines(_in_full(selected))
        if not lines:
            return
        self._stream.write(self._before + b",\n".join(lines))
        self._before = b",\n"

    def _lines(self, selected: Selected) -> list[bytes]:
        if isinstance(selected, Batch):
            text = _lines_of(selected.batch, self._select, self._texts)
            if text is not None:
                return text.encode().splitlines()
        texts = [self._texts.value(record) for record in self._records(selected)]
        return [text.encode(errors="backslashreplace") for text in texts]

    def finish(self) -> None:
        """Write the end of the array, and its beginning where nothing matched."""
        self._stream.write(b"[]\n" if self._before == b"[\n" else b"\n]\n")


class DelimitedWriter(Writer):
    """Writes CSV or TSV; the names are those of the first record, unless some were selected.

    `delimiter` returns what divides cells; it is asked when the first row is written.
    """

    def __init__(
        self, stream: Stream, select: Mapping[str, str] | None, delimiter: Callable[[], str]
    ) -> None:
        super().__init__(stream, select)
        self._delimiter_of = delimiter
        self._delimiter: str | None = None
        self._names: list[str] | None = None
        self._count = 0

    def write(self, selected: Selected) -> None:
        """Write one row for each record, before the first one the names."""
        names = _columns_without_rows(selected)
        if names is not None:
            if self._names is None and self._select is None:
                self._select = dict(zip(names, names, strict=True))
            return
        # Cells are written as they were.
        values = selected.rows if isinstance(selected, Cells) else _in_full(selected).values()
        self._write_rows(self._parts(values))

    def _write_rows(self, records: Sequence[Mapping[str, object]]) -> None:
        text = io.StringIO()
        if self._delimiter is None:
            self._delimiter = self._delimiter_of()
        writer = csv.writer(text, delimiter=self._delimiter, lineterminator="\n")
        # A bare CR ends a row to many programs, and Python quotes it in new versions only.
        quoting = csv.writer(
            text, delimiter=self._delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL
        )

        def write_row(cells: list[str]) -> None:
            (quoting if any("\r" in cell for cell in cells) else writer).writerow(cells)

        if self._names is None and self._select is not None:
            self._names = list(self._select)
            expect_whole_names(self._names)
            write_row(self._names)
        for record in records:
            if self._names is None:
                self._names = list(record)
                expect_whole_names(self._names)
                write_row(self._names)
            elif len(record) > len(self._names) or not record.keys() <= set(self._names):
                new = next(name for name in record if name not in set(self._names))
                # What comes before it isn't lost.
                self._pass_on(text)
                seen = dict.fromkeys(name for one in records for name in one)
                raise UnplacedError(new, dict.fromkeys([*self._names, *seen]))
            try:
                cells = [cell_text(record.get(name)) for name in self._names]
            except ValueFormatError as error:
                self._pass_on(text)
                error.name = name_of_unwritable(record)
                raise
            if not all(map(str.isascii, cells)):
                self._expect_whole(record, text)
            write_row(cells)
            self._count += 1
        self._pass_on(text)

    def _expect_whole(self, record: Mapping[str, object], text: io.StringIO) -> None:
        """Refuse texts with half a character; in JSON, also that of a cell, they are escapes."""
        for name, value in record.items():
            if isinstance(value, str) and has_lone_surrogate(value):
                self._pass_on(text)
                message = (
                    f"{shown(value)} under {quoted(name)} holds half a character, which has no "
                    "place here; leave it out with --select (in Python select=), or write JSON "
                    "Lines"
                )
                looked_for = (self._select or {}).get(name, name)
                raise MisfitError(message, looked_for, value, self._count)

    def _pass_on(self, text: io.StringIO) -> None:
        self._stream.write(text.getvalue().encode(errors="backslashreplace"))

    def finish(self) -> None:
        """Write the names where nothing matched, if they are known.

        Raises:
            ValueFormatError: where there were records, and no name in any of them.
        """
        if self._names is None:
            self._write_rows([])
        elif not self._names:
            raise ValueFormatError(NAMELESS)


def _columns_without_rows(selected: Selected) -> list[str] | None:
    """Return the columns of a table of which nothing was selected; None for all else."""
    if isinstance(selected, Names):
        return selected.names
    if isinstance(selected, Batch) and not selected.batch.num_rows:
        return list(selected.batch.schema.names)
    return None


class Dividing(NamedTuple):
    """What divides the cells that are written.

    Fields: `said`, what somebody says; and `read`, what divides those of each format that is read,
    as far as it has been. A file in the format of what is read is divided as that is.
    """

    said: str | None = None
    read: Mapping[str, str] = MappingProxyType({})

    def of(self, format_: str) -> str:
        """Return what divides the cells of a format."""
        return self.said or self.read.get(format_, "\t" if format_ == "tsv" else ",")


AS_READ = Dividing()
"""Nobody says anything, and nothing is read."""


def make_writer(
    format_: str,
    stream: Stream,
    select: Mapping[str, str] | None,
    dividing: Dividing = AS_READ,
    tables: Callable[[], Iterable[Any]] = tuple,
    parts: Parts | None = None,
) -> Writer:
    """Build the writer of a format: jsonl, json, csv, tsv, parquet or arrow.

    `tables` returns the schemas of the tables that are read, as far as they are known before.
    `parts` are the files of which the stream is the first, where it is one; columns that are known
    late are written to others.

    Raises:
        MissingPackageError: where pyarrow is needed, and isn't installed.
    """
    match format_:
        case "jsonl":
            return JsonLinesWriter(stream, select)
        case "json":
            return JsonArrayWriter(stream, select)
        case "csv" | "tsv":
            return DelimitedWriter(stream, select, partial(dividing.of, format_))
        case _:
            from filterlang.backends.files.writing.arrow_writer import ArrowWriter

            return ArrowWriter(stream, select, format_, tables, parts)
