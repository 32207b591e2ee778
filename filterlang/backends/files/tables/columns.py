"""Parquet, Arrow, Feather and ORC files → batches of rows, judged by the matcher.

Only the columns that the filters look at are made into Python values; the rows that match are
passed on as they are. A value that Python has no type for (a timestamp after the year 9999) equals
nothing and isn't empty, as the language has it of values that it doesn't know.
"""

from __future__ import annotations

from array import array
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlang.backends.arrow_values import record_values
from filterlang.backends.files.faults import InputError, reason_of
from filterlang.backends.files.opening.hive import DIGITS
from filterlang.backends.files.packages import load_orc, load_pyarrow
from filterlang.backends.files.tables.concatenated import (
    refuse_concatenated_arrow,
    refuse_concatenated_parquet,
)
from filterlang.backends.files.tables.orc import read_stripes, rows_in
from filterlang.backends.files.tables.read_by_polars import FileOfPolars, has_odd_arrays
from filterlang.backends.files.tables.row_groups import RowGroups
from filterlang.backends.used_names import wanted_columns
from filterlang.diagnostics.diagnostic import quoted
from filterlang.diagnostics.missing_packages import MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable
    from io import BufferedReader
    from types import ModuleType

    from filterlang.backends.files.opening.hive import Keys
    from filterlang.backends.plan.storage import Storage, Storages

RecordBatch = Any
"""A batch of pyarrow, whose types aren't known here; see `packages`."""
ROWS = 1 << 14
"""So many rows are looked at together."""
_PARQUET = "parquet"
_TITLES = {_PARQUET: "Parquet", "arrow": "Arrow", "orc": "ORC"}


class Rest:
    """Reads the other columns of rows of which some columns were read at first."""

    def __init__(self) -> None:
        self._groups: RowGroups | None = None
        self._begun: _Rows | None = None

    def begin(self, groups: RowGroups, begun: _Rows) -> Generator[RecordBatch, None, None]:
        """Iterate over groups of rows that can be completed."""
        self._groups, self._begun = groups, begun
        yield from groups.batches()

    def complete(self, batch: RecordBatch) -> RecordBatch:
        """Return the batch that was read last with all columns; to be called once for each.

        Raises:
            InputError: where they can't be read.
        """
        if self._groups is None or self._begun is None or self._begun.are_of_polars:
            return batch
        pyarrow = load_pyarrow()
        try:
            return self._groups.complete(batch)
        except (OSError, pyarrow.ArrowException) as error:
            return self._begun.by_polars(error, batch.num_rows)


class _Rows:
    """The rows of an open Parquet file, which polars reads on where pyarrow can't."""

    def __init__(self, path: str, file: Any) -> None:
        self._path = path
        self._file = file
        self._given = 0
        self._others: FileOfPolars | None = None

    @property
    def are_of_polars(self) -> bool:
        """Whether polars reads them, from a batch that was given on."""
        return self._others is not None

    def batches(self, found: Iterable[RecordBatch]) -> Generator[RecordBatch, None, None]:
        """Iterate over all rows, as long as pyarrow has `found` them."""
        pyarrow = load_pyarrow()
        try:
            for batch in found:
                yield batch
                self._given += batch.num_rows
                if self.are_of_polars:
                    break
            else:
                return
        except pyarrow.ArrowInvalid as error:
            self._take_polars(error)
        others: Any = self._others
        for batch in others.batches_from(self._given, ROWS):
            yield self._alike(batch)

    def by_polars(self, error: Exception, count: int) -> RecordBatch:
        """Return so many rows, from the batch on that was given last.

        Raises:
            InputError: where polars doesn't read what pyarrow can't.
        """
        others = self._take_polars(error)
        (batch,) = others.rows(self._given, count).combine_chunks().to_batches()
        return self._alike(batch)

    def _take_polars(self, error: Exception) -> FileOfPolars:
        if not has_odd_arrays(self._file.metadata.created_by, error):
            raise _damaged(_PARQUET, error) from error
        try:
            self._others = FileOfPolars(self._path, _PARQUET)
        except ImportError:
            message = (
                "pyarrow can't read arrays of which some are null, as DuckDB writes them; write "
                "them as lists (by a cast from FLOAT[3] to FLOAT[]), or install polars, which "
                "reads them: pip install 'filterlang[polars]'"
            )
            raise InputError(message) from error
        return self._others

    def _alike(self, batch: RecordBatch) -> RecordBatch:
        """Return a batch with the types that the others have."""
        pyarrow = load_pyarrow()
        schema = self._file.schema_arrow
        try:
            columns = [
                _stored_as(pyarrow, column, field.type)
                for column, field in zip(batch.columns, schema, strict=True)
            ]
        except (NotImplementedError, pyarrow.ArrowException) as error:
            raise _damaged(_PARQUET, error) from error
        return pyarrow.RecordBatch.from_arrays(columns, schema=schema)


def _stored_as(pyarrow: ModuleType, column: Any, type_: Any) -> Any:
    """Return a column in a type that holds the same values."""
    if isinstance(type_, pyarrow.BaseExtensionType):
        stored = column.cast(type_.storage_type)
        return pyarrow.ExtensionArray.from_storage(type_, stored)
    return column.cast(type_)


def read_batches(
    path: str | BufferedReader,
    format_: str,
    names: Collection[tuple[str, ...]] | None = None,
    rest: Rest | None = None,
) -> Generator[RecordBatch, None, None]:
    """Iterate over a file's rows, some thousand at a time; an empty batch comes first.

    What is open already is read as Arrow in the form of a stream. Where names are given, columns
    that none of them looks at aren't read, if the format keeps them apart; the empty batch has all.
    By `rest` these columns can be read of a batch, as long as it is the last one.

    Raises:
        InputError: where the file can't be read on, after the rows before that.
    """
    if rest is not None and format_ != _PARQUET:
        names = None  # Of the other formats all columns are read at once.
    try:
        if isinstance(path, str):
            # pyarrow would say in words of its own why a file can't be opened.
            Path(path).open("rb").close()
        if format_ == "orc":
            load_orc()
        pyarrow = load_pyarrow()
    except OSError as error:
        raise InputError(reason_of(error)) from error
    except MissingPackageError as error:
        raise InputError(str(error)) from None
    try:
        if not isinstance(path, str):
            yield from _stream_batches(pyarrow, pyarrow.PythonFile(path, mode="r"))
            return
        if format_ == _PARQUET:
            with pyarrow.parquet.ParquetFile(path) as file:
                refuse_concatenated_parquet(path)
                schema = file.schema_arrow
                yield _empty(pyarrow, schema)
                wanted = None if names is None else wanted_columns(schema.names, names)
                rows = _Rows(path, file)
                if rest is None or wanted is None:
                    found = file.iter_batches(batch_size=ROWS, columns=wanted)
                else:
                    found = rest.begin(RowGroups(file, ROWS, wanted), rows)
                yield from rows.batches(found)
            return
        if format_ == "orc":
            stripes = read_stripes(path, ROWS, names)
            schema = next(stripes)
            yield _empty(pyarrow, schema)
            yield from stripes
            return
        with pyarrow.memory_map(path) as data:
            _expect_arrow(bytes(data.read(8)))
            data.seek(0)
            yield from _ipc_batches(pyarrow, data)
    except NotImplementedError as error:
        yield from _read_otherwise(path, format_, error)
    except (OSError, pyarrow.ArrowException) as error:
        raise _damaged(format_, error) from error


def _damaged(format_: str, error: Exception) -> InputError:
    if format_ == _PARQUET and "decrypt" in str(error).lower():
        return InputError("this is encrypted Parquet, which can't be read; write it without that")
    return InputError(f"this is no whole {_TITLES[format_]} file: {str(error).splitlines()[0]}")


def _read_otherwise(
    path: str | BufferedReader, format_: str, error: Exception
) -> Generator[RecordBatch, None, None]:
    """Read a file with types that pyarrow doesn't have, which it says before any row."""
    if isinstance(path, str) and format_ in {"parquet", "arrow"}:
        try:
            yield from FileOfPolars(path, format_).batches(ROWS)
        except ImportError:
            pass
        else:
            return
    message = (
        f"pyarrow can't read this file ({error}); write it anew without such columns, or install"
        " polars, which reads it: pip install 'filterlang[polars]'"
    )
    raise InputError(message) from error


def with_keys(batch: RecordBatch, keys: Keys) -> RecordBatch:
    """Return a batch with the columns that the names of folders say, if it has them or not."""
    pyarrow = load_pyarrow()
    for name, value in keys.values.items():
        type_ = _type_of_key(pyarrow, keys.types[name])
        column = pyarrow.array([value], type_).take(pyarrow.array([0] * batch.num_rows, "int32"))
        places = batch.schema.get_all_field_indices(name)
        for place in reversed(places[1:]):
            batch = batch.remove_column(place)
        if places:
            batch = batch.set_column(places[0], name, column)
        else:
            batch = batch.append_column(name, column)
    return batch


def _type_of_key(pyarrow: ModuleType, name: str) -> Any:
    if name.startswith("decimal"):
        return pyarrow.decimal128(DIGITS, 0)
    if name.startswith("timestamp"):
        return pyarrow.timestamp("us", "UTC")
    return pyarrow.type_for_alias(name)


def rows_of_file(path: str, format_: str) -> int:
    """Return how many rows the end of a file tells; 0 where only reading it would tell.

    Only for files of which `read_batches` has given a batch.
    """
    if format_ == "arrow":
        return 0
    try:
        if format_ == "orc":
            return rows_in(path)
        return int(load_pyarrow().parquet.read_metadata(path).num_rows)
    except NotImplementedError:
        return 0  # polars reads it


def _ipc_batches(pyarrow: ModuleType, data: Any) -> Generator[RecordBatch, None, None]:
    try:
        reader = pyarrow.ipc.open_file(data)
    except pyarrow.ArrowInvalid:
        data.seek(0)
        yield from _stream_batches(pyarrow, data)
        return
    refuse_concatenated_arrow(pyarrow, data)
    batches = map(reader.get_batch, range(reader.num_record_batches))
    yield from _batches(pyarrow, reader.schema, batches)


def _stream_batches(pyarrow: ModuleType, data: Any) -> Generator[RecordBatch, None, None]:
    """Iterate over the other form of Arrow, as it is sent through pipes."""
    reader = pyarrow.ipc.open_stream(data)
    yield from _batches(pyarrow, reader.schema, reader)
    if data.read(1):
        message = (
            "behind the end of the Arrow data more data stands, as where files were joined; "
            "give each as a file of its own"
        )
        raise InputError(message)


def _batches(
    pyarrow: ModuleType, schema: Any, batches: Iterable[RecordBatch]
) -> Generator[RecordBatch, None, None]:
    yield _empty(pyarrow, schema)
    for batch in batches:
        for start in range(0, batch.num_rows, ROWS):
            yield batch.slice(start, ROWS)


def _empty(pyarrow: ModuleType, schema: Any) -> RecordBatch:
    """Build a batch without rows, also of types that pyarrow makes of no Python values."""
    return pyarrow.RecordBatch.from_arrays(
        [pyarrow.nulls(0, field.type) for field in schema], schema=schema
    )


def _expect_arrow(head: bytes) -> None:
    if head.startswith(b"FEA1"):
        message = "this is Feather in its first version; write it anew with a newer library"
        raise InputError(message)


def doubled(schema: Any) -> list[str]:
    """Return the names that several columns have."""
    return [name for name, times in Counter(schema.names).items() if times > 1]


def unique_names(schema: Any) -> list[str]:
    """Return the names that one column has each."""
    return [name for name, times in Counter(schema.names).items() if times == 1]


def texts(names: Iterable[str]) -> Storages:
    """Return how the columns of a text file are stored."""
    from filterlang.backends.plan.storage import Scalar

    return dict.fromkeys(names, Scalar.TEXT)


def storages_of(schema: Any) -> Storages:
    """Return of the columns of a schema which have names in them, and what these are."""
    return {field.name: _storage(field.type) for field in schema}


def _storage(type_: Any) -> Storage:
    from filterlang.backends.plan.storage import ListOf, MapOf, Scalar, StructOf, Unknown

    pyarrow = load_pyarrow()
    types = pyarrow.types
    if isinstance(type_, pyarrow.BaseExtensionType):
        return _storage(type_.storage_type)
    if types.is_struct(type_):
        return StructOf({field.name: _storage(field.type) for field in type_})
    if types.is_map(type_):
        return MapOf(Scalar.TEXT)
    if hasattr(type_, "value_type"):
        # Lists of all kinds, and what is stored by dictionaries or runs.
        return ListOf(_storage(type_.value_type))
    if types.is_union(type_):
        are_scalars = all(isinstance(_storage(field.type), Scalar) for field in _fields(type_))
        return Scalar.TEXT if are_scalars else Unknown(str(type_))
    return Scalar.TEXT


def _fields(union: Any) -> Iterable[Any]:
    return map(union.field, range(union.num_fields))


def values_of(
    batch: RecordBatch, names: Iterable[tuple[str, ...]] | None = None, *, zoned: bool = False
) -> list[dict[str, object]]:
    """Return the rows as records; with names only what these look at.

    What several columns are called can't be a key of them, and is left out. `zoned` is as in
    `record_values`.
    """
    columns = unique_names(batch.schema)
    if names is not None:
        columns = wanted_columns(columns, names)
    lists = [values_of_column(batch.column(name), name, zoned=zoned) for name in columns]
    if not lists:
        return [{} for _ in range(batch.num_rows)]
    return [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]


def values_of_column(column: Any, name: str, *, zoned: bool = False) -> list[Any]:
    """Return the values of a column, which has a name.

    Raises:
        InputError: where pyarrow has no way to make them.
    """
    try:
        return record_values(column, zoned=zoned)
    except Exception as error:
        message = (
            f"the column {quoted(name)} can't be read: pyarrow makes no values of its type"
            f" {column.type}; write it in another type"
        )
        raise InputError(message) from error


def taken(batch: RecordBatch, rows: list[int]) -> list[RecordBatch]:
    """Return some rows of a batch, in their order: as one batch, if pyarrow can take them so."""
    pyarrow = load_pyarrow()
    try:
        return [batch.take(_numbers(pyarrow, rows))]
    except NotImplementedError:
        pass
    columns: list[Any] = []
    for column in batch.columns:
        try:
            # It takes no rows of some types, but joins slices of most of these.
            columns.append(pyarrow.concat_arrays([column.slice(row, 1) for row in rows]))
        except NotImplementedError:
            return _runs(batch, rows)
    return [pyarrow.RecordBatch.from_arrays(columns, schema=batch.schema)]


def _numbers(pyarrow: ModuleType, rows: list[int]) -> Any:
    """Return numbers as Arrow; to make it of a list, pyarrow would load pandas first."""
    data = pyarrow.py_buffer(array("q", rows))
    return pyarrow.Array.from_buffers(pyarrow.int64(), len(rows), [None, data])


def _runs(batch: RecordBatch, rows: list[int]) -> list[RecordBatch]:
    """Cut a batch into those parts of it that stand one after the other."""
    begins = [at for at, row in enumerate(rows) if not at or rows[at - 1] != row - 1]
    ends = [*begins[1:], len(rows)]
    return [batch.slice(rows[at], end - at) for at, end in zip(begins, ends, strict=True)]
