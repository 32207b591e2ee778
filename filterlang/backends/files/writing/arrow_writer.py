"""What was selected → Parquet and Arrow."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.cells.cell_types import Cells
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.selected import Batch, Names
from filterlang.backends.files.tables.columns import read_batches, unique_names
from filterlang.backends.files.tables.held_types import (
    filled_fields,
    held_as,
    joined_type,
    plain_type,
)
from filterlang.backends.files.tables.parquet_types import held_by_parquet, read_from_parquet
from filterlang.backends.files.typed_texts.texts import (
    NAMELESS,
    MisfitError,
    UnplacedError,
    ValueFormatError,
    expect_whole_names,
)
from filterlang.backends.files.writing.record_columns import column_of, misfit_in
from filterlang.backends.files.writing.writer import Sink, Writer, renamed
from filterlang.diagnostics.diagnostic import quoted
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from filterlang.backends.files.selected import Selected
    from filterlang.backends.files.writing.parts import Parts
    from filterlang.backends.files.writing.writer import Stream

_ROWS = 1 << 14
"""So many records are made into a batch together."""
_MOST_NAMES = 1 << 12
"""Records that come later bring no names beyond so many: where these are data, they have no end."""


class ArrowWriter(Writer):
    """Writes Parquet or Arrow (Feather); batches of the same columns are passed on as they are.

    The first of them say which columns there are, and their types. Where parts of a file can be
    set aside, columns of nothing but null, also in lists and objects, get a type by later values,
    and later names a column: what was written by then is set aside, and what follows has its own
    part. At the end all parts are written anew as one, so that each row is written twice at most.
    """

    def __init__(
        self,
        stream: Stream,
        select: Mapping[str, str] | None,
        format_: str,
        tables: Callable[[], Iterable[Any]] = tuple,
        parts: Parts | None = None,
    ) -> None:
        super().__init__(stream, select)
        self._tables = tables
        self._parts_of_file = parts
        self._has_set_aside = False
        self._joined: Any = None
        """The columns of all that is written."""
        self._rows = 0
        self._pyarrow: Any = load_pyarrow()
        self._format = format_
        self._sink = Sink(stream)
        self._writer: Any = None
        self._waiting: list[Mapping[str, object]] = []
        self._header = Names([])
        self._is_of_arrow = False
        """Whether the rows are those of a file of Arrow, which has one dictionary for a column."""
        self._table: Any = None
        """The columns of a table, of which some that are wanted aren't there."""
        self._of_cells: set[str] = set()
        self._said: dict[str, str] = {}
        """What a schema says that columns of cells are."""

    def write(self, selected: Selected) -> None:
        """Write the rows, or keep them until there are enough for a batch."""
        if isinstance(selected, Names):
            self._header = selected
            return
        if isinstance(selected, Batch):
            batch: Any = selected.batch
            self._is_of_arrow = selected.format == "arrow"
            if self._select is not None:
                batch = self._selected_columns(batch, self._select)
            if batch is not None:
                self._flush()
                self._write(batch)
                return
            if not selected.batch.num_rows:
                self._table = selected.batch
        if isinstance(selected, Cells):
            rows = self._parts(selected.doubles())
            self._of_cells.update(*rows[:1])
            self._said |= selected.columns.said
            self._waiting += rows
        else:
            self._waiting += self._records(selected)
        if len(self._waiting) >= _ROWS:
            self._flush()

    def finish(self) -> None:
        """Write the rows that are left, and the end of the format."""
        self._flush()
        if self._writer is None:
            self._write(self._without_rows())
        if self._has_set_aside:
            self._join()
        writer: Any = self._writer
        writer.close()

    def _without_rows(self) -> Any:
        """Return the columns that the first records would have, had they been selected."""
        names = list(self._header.names if self._select is None else self._select)
        expect_whole_names(names)
        columns = [self._column_without_rows(name) for name in names]
        return self._pyarrow.RecordBatch.from_arrays(columns, names)

    def _column_without_rows(self, name: str) -> Any:
        header, looked_for = self._header, self._looked_for(name)
        if self._table is not None:
            column = _column_at(self._pyarrow, self._table, looked_for)
            if column is None:
                return self._pyarrow.nulls(0)
            return held_as(column, plain_type(column.type)) if self._is_plain(()) else column
        said = header.said.get(looked_for)
        if said is not None:
            return self._pyarrow.array([], _TYPES.get(said, _TYPES["text"])(self._pyarrow))
        try:
            column = self._array(name, self._parts(header.sample))
            batch = self._pyarrow.RecordBatch.from_arrays([column], [name]).slice(0, 0)
            return (held_by_parquet(batch) if self._format == "parquet" else batch).column(0)
        except ValueFormatError:
            # What these values have no common type for, others may.
            return self._pyarrow.nulls(0)

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
        before = self._joined
        if before is None and not names:
            raise ValueFormatError(NAMELESS)
        known = [] if before is None else list(before)
        new = names.keys() - {field.name for field in known}
        if new and before is not None and self._parts_of_file is None:
            first = next(name for name in names if name in new)
            raise UnplacedError(first, dict.fromkeys([*before.names, *names]))
        expect_whole_names(name for name in names if name in new)
        arrays = [self._array(field.name, rows, field.type) for field in known]
        fields = [field.with_type(one.type) for field, one in zip(known, arrays, strict=True)]
        for name in names:
            if name in new:
                arrays.append(self._typed(name, self._array(name, rows)))
                fields.append(self._pyarrow.field(name, arrays[-1].type))
        schema = self._pyarrow.schema(fields)
        self._write(self._pyarrow.RecordBatch.from_arrays(arrays, schema=schema))

    def _array(
        self,
        name: str,
        rows: Sequence[Mapping[str, object]],
        type_: Any = None,
    ) -> Any:
        values = [row.get(name) for row in rows]
        looked_for, of_cells = self._looked_for(name), name in self._of_cells
        try:
            is_open = self._parts_of_file is not None
            column = column_of(values, type_, name, looked_for, of_cells=of_cells, is_open=is_open)
            self._expect_shallow(column.type, values, name)
        except MisfitError as error:
            error.row += self._rows
            raise
        return column

    def _expect_shallow(self, type_: Any, values: Sequence[object], name: str) -> None:
        if not _is_too_deep(type_, self._format):
            return
        message = (
            f"the values of {quoted(name)} are nested more deeply than {self._format.title()} "
            "can hold; leave it out with --select, or write JSON Lines"
        )
        # None of them may be too deep but all together, one in lists and another in objects.
        row = next(
            (
                row
                for row, value in enumerate(values)
                if _is_too_deep(self._pyarrow.array([value]).type, self._format)
            ),
            len(values) - 1,
        )
        raise MisfitError(message, self._looked_for(name), values[row], row)

    def _typed(self, name: str, column: Any) -> Any:
        """Return a column that is empty so far as one of the type that a schema says."""
        said = _TYPES.get(self._said.get(self._looked_for(name), ""))
        if said is None or not self._pyarrow.types.is_null(column.type):
            return column
        return column.cast(said(self._pyarrow))

    def _looked_for(self, name: str) -> str:
        return name if self._select is None else self._select[name]

    def _selected_columns(self, batch: Any, select: Mapping[str, str]) -> Any:
        """Return the columns of a batch that are wanted; those in others keep their types, too."""
        if all(name in batch.schema.names for name in select.values()):
            return renamed(batch, select)
        columns = [_column_at(self._pyarrow, batch, name) for name in select.values()]
        if all(column is not None for column in columns):
            return self._pyarrow.RecordBatch.from_arrays(columns, list(select))
        return None

    def _begun_with(self, batch: Any) -> Any:
        """Return the schema of all that is to come, as far as that is known."""
        schema = batch.schema
        if len({*schema.names}) < len(schema):
            return schema
        known: dict[str, list[Any]] = {}
        for table in self._tables():
            for field in table:
                known.setdefault(field.name, []).append(field)
        is_plain = self._is_plain(known)

        def plain(field: Any) -> Any:
            return field.with_type(plain_type(field.type)) if is_plain else field

        fields: list[Any] = []
        for field in map(plain, schema):
            joined = _joined(field, known.pop(self._looked_for(field.name), []))
            # What is wider may hold less: doubles don't hold all integers.
            is_held = held_as(batch.column(field.name), joined.type) is not None
            fields.append(joined if is_held else field)
        if self._select is None:
            fields += [plain(_joined(first, more)) for first, *more in known.values()]
        is_as_before = fields == list(schema)
        return schema if is_as_before else self._pyarrow.schema(fields)

    def _is_plain(self, tables: Collection[object]) -> bool:
        """Whether categories become what they are of: other tables, or parts, have others."""
        return self._format == "arrow" and (bool(tables) or not self._is_of_arrow)

    def _like_before(self, batch: Any) -> Any:
        """Return a batch with the columns of those before.

        Raises:
            ValueFormatError: where it holds what these can't.
        """
        schema = self._joined
        if batch.schema == schema:
            return batch
        names = {*batch.schema.names}
        if len(names) < len(batch.schema) or len({*schema.names}) < len(schema):
            message = "the columns differ from those before; write one file for each"
            raise ValueFormatError(message)
        for name in batch.schema.names:
            if name not in schema.names:
                raise UnplacedError(name, dict.fromkeys([*schema.names, *batch.schema.names]))
        columns = [
            self._column_like(batch.column(field.name), field)
            if field.name in names
            else self._pyarrow.nulls(batch.num_rows, field.type)
            for field in schema
        ]
        return self._pyarrow.RecordBatch.from_arrays(columns, schema=schema)

    def _column_like(self, column: Any, field: Any) -> Any:
        held = held_as(column, field.type)
        if held is not None:
            return held
        if joined_type(column.type, field.type) is None:
            message = (
                f"the column {quoted(field.name)} is of type {column.type}, but of type "
                f"{field.type} before; write one file for each, or JSON Lines"
            )
            raise ValueFormatError(message, field.name)
        error = misfit_in(column, field, self._looked_for(field.name))
        error.row += self._rows
        raise error

    def _write(self, batch: Any) -> None:
        before = self._joined
        if before is None:
            self._joined = self._begun_with(batch)
        elif self._parts_of_file is not None and batch.schema != before:
            self._joined = self._wider(before, batch.schema)
            if self._joined != before:
                self._set_aside(self._parts_of_file)
        self._write_part(self._like_before(batch))
        self._rows += batch.num_rows

    def _wider(self, before: Any, schema: Any) -> Any:
        """Return the columns of what was written, with the types and names that come late.

        Raises:
            ValueFormatError: for too many of them.
        """
        if any(len({*one.names}) < len(one) for one in (before, schema)):
            return before
        later = [
            field.with_type(plain_type(field.type)) if self._format == "arrow" else field
            for field in schema
        ]
        fields = filled_fields(before, later)
        count = _names_in(fields)
        if count > _MOST_NAMES and count > _names_in(before):
            message = (
                f"there are more than {_MOST_NAMES:,} names, as where these are data; leave "
                "such out with --select, or write JSON Lines"
            )
            raise ValueFormatError(message)
        wider = self._pyarrow.schema(fields)
        # What is set aside comes back in these types, and there is a way into them from all others.
        is_read_again = self._format == "parquet" and fields != list(before)
        return read_from_parquet(wider) if is_read_again else wider

    def _set_aside(self, parts: Parts) -> None:
        """Finish what is written to, and begin the next part."""
        self._writer.close()
        self._writer = None
        self._sink = Sink(parts.begin())
        self._has_set_aside = True

    def _join(self) -> None:
        """Write all that was set aside as one file."""
        parts = self._parts_of_file
        assert parts is not None
        self._set_aside(parts)
        try:
            for path in parts.taken():
                with closing(read_batches(str(path), self._format)) as batches:
                    for batch in batches:
                        self._write_part(self._like_before(batch))
        except InputError as error:
            message = f"what was written can't be read again: {error}"
            raise ValueFormatError(message) from error

    def _write_part(self, batch: Any) -> None:
        if self._format == "parquet":
            batch = held_by_parquet(batch)
        if self._writer is None:
            stream = self._pyarrow.PythonFile(self._sink, mode="w")
            if self._format == "parquet":
                self._writer = self._pyarrow.parquet.ParquetWriter(stream, batch.schema)
            else:
                self._writer = self._pyarrow.ipc.new_file(stream, batch.schema)
        try:
            self._writer.write_batch(batch)
        except self._pyarrow.ArrowException as error:
            # pyarrow converts values to those that the format has, which some haven't.
            reason = str(error).partition("\n")[0]
            message = f"{reason}; leave such columns out with --select, or write JSON Lines"
            raise ValueFormatError(message) from error


_TYPES: dict[str, Callable[[Any], Any]] = {
    "integer": lambda pyarrow: pyarrow.int64(),
    "number": lambda pyarrow: pyarrow.float64(),
    "boolean": lambda pyarrow: pyarrow.bool_(),
    "datetime": lambda pyarrow: pyarrow.timestamp("us", "UTC"),
    "text": lambda pyarrow: pyarrow.string(),
    "decimal": lambda pyarrow: pyarrow.decimal128(38, 0),
}
"""The type of a dimension → that of the column that holds it; "decimal" is of wide integers."""


_MOST_LEVELS = {"arrow": 63, "parquet": 97}
"""More objects and lists, one in the other, can't be written, or not be read again by pyarrow."""


def _is_too_deep(type_: Any, format_: str) -> bool:
    """Return whether values of a type are nested more deeply than a format holds."""
    types, levels = [type_], 0
    while types := [one for one in types if one.num_fields]:
        # Parquet has two levels for a list.
        has_lists = any(not load_pyarrow().types.is_struct(one) for one in types)
        levels += 2 if has_lists and format_ == "parquet" else 1
        if levels > _MOST_LEVELS[format_]:
            return True
        types = [one.field(place).type for one in types for place in range(one.num_fields)]
    return False


def _names_in(fields: Iterable[Any]) -> int:
    """Return how many names fields have, with those within them."""
    count, types = 0, [field.type for field in fields]
    while types:
        count += len(types)
        types = [one.field(place).type for one in types for place in range(one.num_fields)]
    return count


def _joined(field: Any, others: Iterable[Any]) -> Any:
    """Return a column that holds the values of others of its name, too, as far as there is one."""
    type_ = field.type
    for other in others:
        joined = joined_type(type_, other.type)
        type_ = type_ if joined is None else joined
        if field != other:
            field = field.with_nullable(nullable=True)
    return field.with_type(type_)


def _column_at(pyarrow: Any, batch: Any, name: str) -> Any:
    """Return the column to which a name leads through structs; None where there is none."""
    rest, column = normal_name(name), None
    fields: dict[str, Any] = {one: partial(batch.column, one) for one in unique_names(batch.schema)}
    while True:
        if rest in fields:
            return fields[rest]()
        first, _, rest = rest.partition(".")
        if not rest or first not in fields:
            return None
        column = fields[first]()
        if not pyarrow.types.is_struct(column.type):
            return None
        fields = {
            field.name: partial(pyarrow.compute.struct_field, column, place)
            for place, field in enumerate(column.type)
        }
