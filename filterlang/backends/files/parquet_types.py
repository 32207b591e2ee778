"""Columns of Arrow → columns that Parquet holds."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from filterlang.backends.arrow_values import python_values
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.texts import ValueFormatError
from filterlang.diagnostics.diagnostic import quoted


def held_by_parquet(batch: Any) -> Any:
    """Return a batch whose types Parquet has, with the same values.

    Categories whose texts are views, as polars writes them, become texts; so does what is stored
    by runs.

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


def _cast(pyarrow: Any, column: Any, type_: Any) -> Any:
    """Return a column with its values in another type; None if pyarrow can't do that."""
    if pyarrow.types.is_run_end_encoded(column.type):
        # Python's values of other types lose nothing; those of times lose nanoseconds.
        with suppress(NotImplementedError):
            column = pyarrow.compute.run_end_decode(column)
    try:
        return column if column.type == type_ else pyarrow.array(python_values(column), type_)
    except (TypeError, pyarrow.ArrowException):
        return None  # It makes none of Python's values, as of UUIDs.


def _held(pyarrow: Any, type_: Any) -> Any:
    """Return the type by which Parquet holds what another one holds; None where there is none."""
    types = pyarrow.types
    if types.is_union(type_) or types.is_interval(type_):
        return None
    if types.is_run_end_encoded(type_):
        return _held(pyarrow, type_.value_type)
    if types.is_dictionary(type_):
        value = type_.value_type
        is_held = not types.is_string_view(value) and _held(pyarrow, value) == value
        return type_ if is_held else _held(pyarrow, value)
    if types.is_struct(type_):
        fields = [(field, _held(pyarrow, field.type)) for field in type_]
        if not fields or any(held is None for _, held in fields):
            return None
        return pyarrow.struct([field.with_type(held) for field, held in fields])
    if types.is_map(type_):
        item = _held(pyarrow, type_.item_type)
        if item is None or item == type_.item_type:
            return item and type_
        return pyarrow.map_(type_.key_type, item)
    if isinstance(type_, pyarrow.BaseExtensionType) or not hasattr(type_, "value_type"):
        return type_
    # What is left are lists of all kinds.
    value = _held(pyarrow, type_.value_type)
    if value is None or value == type_.value_type:
        return value and type_
    return pyarrow.list_(value)
