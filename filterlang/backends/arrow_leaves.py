"""Columns of Arrow whose values hold others: structs, lists, maps, dictionaries and runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def has_leaf(pyarrow: ModuleType, type_: Any, is_wanted: Callable[[Any], bool]) -> bool:
    """Return whether a type is one that is wanted, or its values hold some of one."""
    types = pyarrow.types
    if isinstance(type_, pyarrow.BaseExtensionType) or types.is_union(type_):
        return False
    if types.is_struct(type_):
        return any(has_leaf(pyarrow, field.type, is_wanted) for field in type_)
    if types.is_map(type_):
        return has_leaf(pyarrow, type_.item_type, is_wanted)
    if hasattr(type_, "value_type"):
        return has_leaf(pyarrow, type_.value_type, is_wanted)
    return is_wanted(type_)


def with_leaves(
    pyarrow: ModuleType, column: Any, is_wanted: Callable[[Any], bool], change: Callable[[Any], Any]
) -> Any:
    """Return a column in which the columns of the types that are wanted are changed.

    Keys of maps stay as they are, and what is stored by dictionaries or runs is no longer.
    """

    def changed(inner: Any) -> Any:
        return with_leaves(pyarrow, inner, is_wanted, change)

    types, type_ = pyarrow.types, column.type
    if not has_leaf(pyarrow, type_, is_wanted):
        return column
    if types.is_dictionary(type_):
        return changed(column.dictionary_decode())
    if types.is_run_end_encoded(type_):
        return changed(pyarrow.compute.run_end_decode(column))
    mask = column.is_null() if column.null_count else None
    if types.is_struct(type_):
        parts = [changed(part) for part in column.flatten()]
        return pyarrow.StructArray.from_arrays(parts, [field.name for field in type_], mask=mask)
    if types.is_map(type_):
        pairs = column.cast(pyarrow.list_(pyarrow.struct([type_.key_field, type_.item_field])))
        offsets, flat = _taken_apart(pyarrow, pairs)
        items = changed(flat.field(1))
        return pyarrow.MapArray.from_arrays(offsets, flat.field(0), items, mask=mask)
    if not hasattr(type_, "value_type"):
        return change(column)
    offsets, flat = _taken_apart(pyarrow, column)
    return pyarrow.ListArray.from_arrays(offsets, changed(flat), mask=mask)


def _taken_apart(pyarrow: ModuleType, column: Any) -> tuple[Any, Any]:
    """Return where the lists of a column begin and end, and their elements."""
    compute: Any = pyarrow.compute
    # To make it of Python's numbers, pyarrow would load pandas first.
    zeros = pyarrow.py_buffer(bytes(4))
    zero = pyarrow.Array.from_buffers(pyarrow.int32(), 1, [None, zeros])
    lengths = compute.fill_null(compute.list_value_length(column).cast(pyarrow.int32()), zero[0])
    offsets = pyarrow.concat_arrays([zero, compute.cumulative_sum(lengths)])
    return offsets, compute.list_flatten(column)
