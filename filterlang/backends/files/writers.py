"""What was selected → bytes of a format."""

from __future__ import annotations

import csv
import io
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from filterlang.backends.files.cell_types import Cells
from filterlang.backends.files.columns import unique_names
from filterlang.backends.files.exact_numbers import exact_numbers
from filterlang.backends.files.json_columns import lines_of_columns
from filterlang.backends.files.lines import read_record
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.parquet_types import held_by_parquet
from filterlang.backends.files.selected import Batch, Lines, Names
from filterlang.backends.files.texts import (
    JsonTexts,
    UnplacedError,
    ValueFormatError,
    cell_text,
    name_of_unwritable,
    selector,
)
from filterlang.diagnostics.diagnostic import quoted
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from filterlang.backends.files.selected import Selected


_ROWS = 1 << 14
"""So many records are made into a batch together."""


class Stream(Protocol):
    """Where bytes go: an open file, or the standard output of a command."""

    def write(self, data: bytes, /) -> object:
        """Take all of the bytes."""


class Writer:
    """Writes records in one format.

    Args:
        stream: where to.
        select: the names to write, in this order, each with the name that is looked for; None for
            all that a record holds.
    """

    def __init__(self, stream: Stream, select: Mapping[str, str] | None) -> None:
        self._stream = stream
        self._select: Mapping[str, str] | None = select
        self._part = None if select is None else selector(select)

    def write(self, selected: Selected) -> None:
        """Write what was selected.

        Raises:
            ValueFormatError: for a record that the format, or what was written before, has no
                place for.
        """
        raise NotImplementedError

    def finish(self) -> None:
        """Write what belongs to the end."""

    def told(self) -> str | None:
        """Return what to say at the end of what could not be written as it was."""
        return None

    def abandon(self) -> None:
        """Write nothing more, not even what belongs to the end."""

    def _text_of(self, selected: Batch, texts: JsonTexts) -> str | None:
        """Return the lines of JSON of a batch; None if they are to be written row by row."""
        batch = selected.batch
        if self._select is None:
            return lines_of_columns(batch, texts)
        # A name with a dot may lead through columns.
        names = set(unique_names(batch.schema))
        if all(
            name in names and "." not in name and normal_name(name) == name
            for name in self._select.values()
        ):
            return lines_of_columns(_renamed(batch, self._select), texts)
        return None

    def _records(self, selected: Selected) -> list[Mapping[str, object]]:
        return self._parts(selected.values())

    def _parts(self, values: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
        return list(values) if self._part is None else [self._part(value) for value in values]


class JsonLinesWriter(Writer):
    """Writes JSON Lines; lines that were JSON Lines before are passed on byte for byte.

    So what programs write there that is no JSON, such as NaN, stays what it was.
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
            self._stream.write(b"\n".join(selected.lines) + b"\n")
            return
        if isinstance(selected, Batch):
            text = self._text_of(selected, self._texts)
            if text is not None:
                self._stream.write(text.encode())
                return
        write = self._texts.cells if isinstance(selected, Cells) else self._texts.value
        lines = [write(record) for record in self._records(selected)]
        if not lines:
            return
        # What was written as the escape of a lone surrogate can only be written so again.
        self._stream.write(("\n".join(lines) + "\n").encode(errors="backslashreplace"))


def _finite_lines(lines: list[bytes], texts: JsonTexts) -> list[bytes]:
    """Return lines of JSON as they are, but for those that hold a number that JSON lacks."""
    if not any(b"NaN" in line or b"Infinity" in line for line in lines):
        return lines
    found: list[bytes] = []
    for line in lines:
        before = texts.nulled
        record = read_record(line) if b"NaN" in line or b"Infinity" in line else None
        written = texts.value(record).encode(errors="backslashreplace")
        # The words may stand in a text, too.
        found.append(line if texts.nulled == before else written)
    return found


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
            lines = [line.strip() for line in _finite_lines(selected.lines, self._texts)]
        elif (
            isinstance(selected, Batch)
            and (text := self._text_of(selected, self._texts)) is not None
        ):
            lines = text.encode().splitlines()
        else:
            write = self._texts.cells if isinstance(selected, Cells) else self._texts.value
            texts = [write(record) for record in self._records(selected)]
            lines = [text.encode(errors="backslashreplace") for text in texts]
        if not lines:
            return
        self._stream.write(self._before + b",\n".join(lines))
        self._before = b",\n"

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

    def write(self, selected: Selected) -> None:
        """Write one row for each record, before the first one the names."""
        names = _columns_without_rows(selected)
        if names is not None:
            if self._names is None and self._select is None:
                self._select = dict(zip(names, names, strict=True))
            return
        # Cells are written as they were.
        values = selected.rows if isinstance(selected, Cells) else selected.values()
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
            write_row(self._names)
        for record in records:
            if self._names is None:
                self._names = list(record)
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
            write_row(cells)
        self._pass_on(text)

    def _pass_on(self, text: io.StringIO) -> None:
        self._stream.write(text.getvalue().encode(errors="backslashreplace"))

    def finish(self) -> None:
        """Write the names where nothing matched, if they are known."""
        if self._names is None:
            self._write_rows([])


def _columns_without_rows(selected: Selected) -> list[str] | None:
    """Return the columns of a table of which nothing was selected; None for all else."""
    if isinstance(selected, Names):
        return selected.names
    if isinstance(selected, Batch) and not selected.batch.num_rows:
        return list(selected.batch.schema.names)
    return None


class Sink:
    """What other libraries take for a file, and write to until they are collected as garbage.

    Attributes:
        is_abandoned: whether to let go by what is written from now on.
    """

    is_abandoned: bool
    closed: bool

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.is_abandoned = self.closed = False

    def write(self, data: bytes) -> int:
        """Pass the bytes on."""
        if not self.is_abandoned:
            self._stream.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing; the file is flushed when it is whole."""


class ArrowWriter(Writer):
    """Writes Parquet or Arrow (Feather); batches of the same columns are passed on as they are."""

    def __init__(self, stream: Stream, select: Mapping[str, str] | None, format_: str) -> None:
        super().__init__(stream, select)
        self._pyarrow: Any = load_pyarrow()
        self._format = format_
        self._sink = Sink(stream)
        self._writer: Any = None
        self._schema: Any = None
        self._waiting: list[Mapping[str, object]] = []
        self._names: list[str] = []
        self._of_cells: set[str] = set()

    def write(self, selected: Selected) -> None:
        """Write the rows, or keep them until there are enough for a batch."""
        if isinstance(selected, Names):
            self._names = selected.names
            return
        if isinstance(selected, Batch):
            batch = selected.batch
            if self._select is None or all(
                name in batch.schema.names for name in self._select.values()
            ):
                self._flush()
                self._write(batch if self._select is None else _renamed(batch, self._select))
                return
        if isinstance(selected, Cells):
            rows = self._parts(selected.doubles())
            self._of_cells.update(*rows[:1])
            self._waiting += rows
        else:
            self._waiting += self._records(selected)
        if len(self._waiting) >= _ROWS:
            self._flush()

    def finish(self) -> None:
        """Write the rows that are left, and the end of the format."""
        self._flush()
        if self._writer is None:
            names = self._names if self._select is None else self._select
            schema = self._pyarrow.schema([(name, self._pyarrow.null()) for name in names])
            self._write(self._pyarrow.RecordBatch.from_pylist([], schema))
        writer: Any = self._writer
        writer.close()

    def abandon(self) -> None:
        """Write nothing more, also when pyarrow's writers are collected as garbage."""
        self._sink.is_abandoned = True
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        rows, self._waiting = self._waiting, []
        if not rows:
            return
        names = dict.fromkeys(name for row in rows for name in row)
        if self._schema is not None:
            for name in names:
                if name not in self._schema.names:
                    raise UnplacedError(name, dict.fromkeys([*self._schema.names, *names]))
        schema = self._schema
        if schema is None:
            arrays = [self._array(name, rows) for name in names]
            types = [array.type for array in arrays]
            schema = self._pyarrow.schema(list(zip(names, types, strict=True)))
        else:
            arrays = [self._array(field.name, rows, field.type) for field in schema]
        self._write(self._pyarrow.RecordBatch.from_arrays(arrays, schema=schema))

    def _array(
        self,
        name: str,
        rows: Sequence[Mapping[str, object]],
        type_: Any = None,
    ) -> Any:
        values = [row.get(name) for row in rows]
        if name in self._of_cells:
            values, type_ = exact_numbers(values, type_, name)
        try:
            return self._pyarrow.array(values, type_)
        except (self._pyarrow.ArrowException, OverflowError, TypeError, ValueError) as error:
            message = (
                f"the values of {quoted(name)} have no common type "
                f"({str(error).splitlines()[0]}); leave it out with --select, or write JSON Lines"
            )
            raise ValueFormatError(message) from error

    def _write(self, batch: Any) -> None:
        if self._format == "parquet":
            batch = held_by_parquet(batch)
        if self._writer is None:
            self._schema = batch.schema
            stream = self._pyarrow.PythonFile(self._sink, mode="w")
            if self._format == "parquet":
                self._writer = self._pyarrow.parquet.ParquetWriter(stream, batch.schema)
            else:
                self._writer = self._pyarrow.ipc.new_file(stream, batch.schema)
        elif batch.schema != self._schema:
            differing = [
                field.name
                for field in {*batch.schema, *self._schema}
                if field not in batch.schema or field not in self._schema
            ]
            found = ", ".join(sorted({quoted(name) for name in differing})) or "their order"
            message = f"the columns differ from those before ({found}); write one file for each"
            raise ValueFormatError(message)
        try:
            self._writer.write_batch(batch)
        except self._pyarrow.ArrowException as error:
            # pyarrow converts values to those that the format has, which some haven't.
            reason = str(error).partition("\n")[0]
            message = f"{reason}; leave such columns out with --select, or write JSON Lines"
            raise ValueFormatError(message) from error


def _renamed(batch: Any, select: Mapping[str, str]) -> Any:
    """Return the columns of a batch that are wanted, under their new names."""
    return batch.select(list(select.values())).rename_columns(list(select))


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
) -> Writer:
    """Build the writer of a format: jsonl, json, csv, tsv, parquet or arrow.

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
            return ArrowWriter(stream, select, format_)
