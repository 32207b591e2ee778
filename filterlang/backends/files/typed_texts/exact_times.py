"""Times of Arrow with more digits than Python's have → texts with all of them.

Filters see microseconds, but what is written of a column of nanoseconds shall not lose any.
"""

from __future__ import annotations

from array import array
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from filterlang.backends.arrow_leaves import has_leaf, with_leaves
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.typed_texts.texts import duration_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType


def with_exact_times(batch: Any) -> Any:
    """Return a batch with texts in the place of the columns that hold single nanoseconds."""
    pyarrow = load_pyarrow()
    for place, field in enumerate(batch.schema):
        if not has_leaf(pyarrow, field.type, _is_fine):
            continue
        change = partial(_texts, pyarrow)
        column = with_leaves(pyarrow, batch.column(place), _is_fine, change)
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


def _is_fine(type_: Any) -> bool:
    """Whether there may be nanoseconds in a column of a type."""
    return getattr(type_, "unit", None) == "ns"


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
