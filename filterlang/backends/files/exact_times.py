"""Times of Arrow with more digits than Python's have → texts with all of them.

Filters see microseconds, but what is written of a column of nanoseconds shall not lose any.
"""

from __future__ import annotations

from array import array
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.texts import duration_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType


def with_exact_times(batch: Any) -> Any:
    """Return a batch with texts in the place of the columns that hold single nanoseconds."""
    pyarrow = load_pyarrow()
    for place, field in enumerate(batch.schema):
        if not _is_fine(pyarrow, field.type):
            continue
        column = _exact(pyarrow, batch.column(place))
        if column.type != field.type:
            batch = batch.set_column(place, field.with_type(column.type), column)
    return batch


def time_texts(pyarrow: ModuleType, column: Any) -> Any:
    """Return the texts of dates and times of Python's calendar, without zeros at the end."""
    compute: Any = pyarrow.compute
    texts = column.cast(pyarrow.large_string())
    if pyarrow.types.is_date(column.type):
        return texts
    texts = compute.replace_substring(texts, " ", "T")
    return compute.ascii_rtrim(compute.ascii_rtrim(texts, "0"), ".")


def _is_fine(pyarrow: ModuleType, type_: Any) -> bool:
    """Whether there may be nanoseconds in a column of a type."""
    types = pyarrow.types
    if types.is_temporal(type_):
        return getattr(type_, "unit", None) == "ns"
    if isinstance(type_, pyarrow.BaseExtensionType) or types.is_union(type_):
        return False
    if types.is_struct(type_):
        return any(_is_fine(pyarrow, field.type) for field in type_)
    if types.is_map(type_):
        return _is_fine(pyarrow, type_.item_type)
    return hasattr(type_, "value_type") and _is_fine(pyarrow, type_.value_type)


def _exact(pyarrow: ModuleType, column: Any) -> Any:
    """Return a column with texts where it has nanoseconds, which its type may hold."""
    types, type_ = pyarrow.types, column.type
    if not _is_fine(pyarrow, type_):
        return column
    if types.is_temporal(type_):
        return _texts(pyarrow, column)
    if types.is_dictionary(type_):
        return _exact(pyarrow, column.dictionary_decode())
    if types.is_run_end_encoded(type_):
        return _exact(pyarrow, pyarrow.compute.run_end_decode(column))
    mask = column.is_null() if column.null_count else None
    if types.is_struct(type_):
        parts = [_exact(pyarrow, part) for part in column.flatten()]
        return pyarrow.StructArray.from_arrays(parts, [field.name for field in type_], mask=mask)
    if types.is_map(type_):
        pairs = column.cast(pyarrow.list_(pyarrow.struct([type_.key_field, type_.item_field])))
        offsets, flat = _taken_apart(pyarrow, pairs)
        items = _exact(pyarrow, flat.field(1))
        return pyarrow.MapArray.from_arrays(offsets, flat.field(0), items, mask=mask)
    offsets, flat = _taken_apart(pyarrow, column)
    return pyarrow.ListArray.from_arrays(offsets, _exact(pyarrow, flat), mask=mask)


def _taken_apart(pyarrow: ModuleType, column: Any) -> tuple[Any, Any]:
    """Return where the lists of a column begin and end, and their elements."""
    compute: Any = pyarrow.compute
    # To make it of Python's numbers, pyarrow would load pandas first.
    zeros = pyarrow.py_buffer(bytes(4))
    zero = pyarrow.Array.from_buffers(pyarrow.int32(), 1, [None, zeros])
    lengths = compute.fill_null(compute.list_value_length(column).cast(pyarrow.int32()), zero[0])
    return (
        pyarrow.concat_arrays([zero, compute.cumulative_sum(lengths)]),
        compute.list_flatten(column),
    )


def _texts(pyarrow: ModuleType, column: Any) -> Any:
    """Return the texts of a column of nanoseconds; itself if there are microseconds only."""
    types, type_, compute = pyarrow.types, column.type, pyarrow.compute
    try:
        column.cast(_of_microseconds(pyarrow, type_))
    except pyarrow.ArrowInvalid:
        pass
    else:
        return column
    if types.is_time(type_):
        return time_texts(pyarrow, column)
    if types.is_timestamp(type_):
        texts = time_texts(pyarrow, column.cast(pyarrow.timestamp("ns")))
        end, nothing = made_of_texts(pyarrow, ["Z", ""])
        return compute.binary_join_element_wise(texts, end, nothing)
    numbers = column.cast(pyarrow.int64()).to_pylist()
    texts = made_of_texts(pyarrow, ["" if one is None else duration_text(one) for one in numbers])
    return compute.if_else(column.is_valid(), texts, pyarrow.nulls(1, texts.type)[0])


def _of_microseconds(pyarrow: ModuleType, type_: Any) -> Any:
    if pyarrow.types.is_timestamp(type_):
        return pyarrow.timestamp("us", type_.tz)
    return (pyarrow.time64 if pyarrow.types.is_time(type_) else pyarrow.duration)("us")


def made_of_texts(pyarrow: ModuleType, texts: Iterable[str]) -> Any:
    """Return texts as a column; to make it of Python's, pyarrow would load pandas first."""
    data = [text.encode() for text in texts]
    offsets = array("q", accumulate(map(len, data), initial=0))
    buffers = [None, *map(pyarrow.py_buffer, (offsets, b"".join(data)))]
    return pyarrow.Array.from_buffers(pyarrow.large_string(), len(data), buffers)
