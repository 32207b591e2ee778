"""Columns of Arrow → columns that Parquet holds."""

from __future__ import annotations

from functools import partial
from typing import Any

from filterlang.backends.arrow_values import python_values
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.typed_texts.texts import ValueFormatError
from filterlang.diagnostics.diagnostic import quoted


def held_by_parquet(batch: Any) -> Any:
    """Return a batch whose types Parquet has, with the same values.

    Categories whose texts are views, as polars writes them, become texts; so does what is stored
    by runs, and views in structs.

    Raises:
        ValueFormatError: for a column of which Parquet can't hold the values.
    """
    pyarrow = load_pyarrow()
    for place, field in enumerate(batch.schema):
        type_ = _held(pyarrow, field.type)
        if type_ == field.type:
            continue
        column = None if type_ is None else _cast(pyarrow, batch.column(place), type_)
        if column is None:
            message = (
                f"the column {quoted(field.name)} has the type {field.type}, which Parquet doesn't "
                "hold; leave it out with --select, or write Arrow"
            )
            raise ValueFormatError(message)
        batch = batch.set_column(place, field.with_type(type_), column)
    return batch


def read_from_parquet(schema: Any) -> Any:
    """Return the columns that come out of a file of Parquet into which those of a schema went.

    Some have other types then: numbers in categories are plain ones, seconds are milliseconds.
    """
    pyarrow = load_pyarrow()
    columns = [pyarrow.nulls(0, field.type) for field in schema]
    batch = held_by_parquet(pyarrow.RecordBatch.from_arrays(columns, schema=schema))
    data = pyarrow.BufferOutputStream()
    with pyarrow.parquet.ParquetWriter(data, batch.schema) as writer:
        writer.write_batch(batch)
    return pyarrow.parquet.read_schema(pyarrow.BufferReader(data.getvalue()))


def _cast(pyarrow: Any, column: Any, type_: Any) -> Any:
    """Return a column with its values in another type; None if pyarrow can't do that."""
    try:
        return _converted(pyarrow, column, type_)
    except (NotImplementedError, TypeError, pyarrow.ArrowException):
        pass
    try:
        return pyarrow.array(python_values(column), type_)
    except (TypeError, pyarrow.ArrowException):
        return None  # It makes none of Python's values, as of UUIDs.


def _converted(pyarrow: Any, column: Any, type_: Any) -> Any:
    """Return a column in another type, part by part: values of Python would lose nanoseconds."""
    types = pyarrow.types
    if column.type == type_:
        return column
    if types.is_run_end_encoded(column.type):
        return _converted(pyarrow, pyarrow.compute.run_end_decode(column), type_)
    if types.is_dictionary(column.type):
        # It takes no views; a part of a column has all categories.
        held = _converted(pyarrow, column.dictionary, _text_of(pyarrow, column.type.value_type))
        plain = pyarrow.DictionaryArray.from_arrays(column.indices, held).dictionary_decode()
        return _converted(pyarrow, plain, type_)
    if types.is_struct(type_):
        fields = [
            _converted(pyarrow, part, field.type)
            for part, field in zip(column.flatten(), type_.fields, strict=True)
        ]
        return pyarrow.StructArray.from_arrays(fields, fields=type_.fields, mask=column.is_null())
    if types.is_map(type_):
        source = column.type
        pairs = column.cast(pyarrow.list_(pyarrow.struct([source.key_field, source.item_field])))
        offsets, mask, flat = _taken_apart(pyarrow, pairs)
        items = _converted(pyarrow, flat.field(1), type_.item_type)
        return pyarrow.MapArray.from_arrays(offsets, flat.field(0), items, type_, mask=mask)
    if types.is_list(type_):
        offsets, mask, flat = _taken_apart(pyarrow, column)
        elements = _converted(pyarrow, flat, type_.value_type)
        return pyarrow.ListArray.from_arrays(offsets, elements, type=type_, mask=mask)
    return column.cast(type_)


def _taken_apart(pyarrow: Any, column: Any) -> tuple[Any, Any, Any]:
    """Return where the lists of a column begin and end, which are null, and their elements."""
    compute = pyarrow.compute
    lengths = compute.fill_null(compute.list_value_length(column).cast("int32"), 0)
    ends = compute.cumulative_sum(lengths)
    offsets = pyarrow.concat_arrays([pyarrow.array([0], "int32"), ends])
    mask = column.is_null() if column.null_count else None
    return offsets, mask, compute.list_flatten(column)


def _text_of(pyarrow: Any, type_: Any) -> Any:
    return pyarrow.large_string() if pyarrow.types.is_string_view(type_) else type_


def _held(pyarrow: Any, type_: Any, *, in_struct: bool = False) -> Any:
    """Return the type by which Parquet holds what another one holds; None where there is none.

    pyarrow writes no views in structs that are in lists, or only a part of a column.
    """
    types = pyarrow.types
    inner = partial(_held, pyarrow, in_struct=in_struct)
    if types.is_union(type_) or types.is_interval(type_):
        return None
    if types.is_run_end_encoded(type_):
        return inner(type_.value_type)
    if types.is_dictionary(type_):
        value = type_.value_type
        is_held = not types.is_string_view(value) and inner(value) == value
        return type_ if is_held else inner(value)
    if types.is_struct(type_):
        fields = [(field, inner(field.type, in_struct=True)) for field in type_]
        if not fields or any(held is None for _, held in fields):
            return None
        return pyarrow.struct([field.with_type(held) for field, held in fields])
    if types.is_map(type_):
        item = inner(type_.item_type)
        if item is None or item == type_.item_type:
            return item and type_
        return pyarrow.map_(type_.key_type, item)
    if in_struct and types.is_binary_view(type_):
        return pyarrow.large_binary()
    if in_struct:
        type_ = _text_of(pyarrow, type_)
    if isinstance(type_, pyarrow.BaseExtensionType) or not hasattr(type_, "value_type"):
        return type_
    # What is left are lists of all kinds.
    value = inner(type_.value_type)
    if value is None or value == type_.value_type:
        return value and type_
    return pyarrow.list_(value)
