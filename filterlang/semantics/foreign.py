"""Values of NumPy and pandas as the Python values that they hold.

They are known by the modules of their types; nothing is imported for them.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import Any, Final, assert_never

from filterlang.semantics.instants import DAY, Instant, day_of_month, moment_of

_UNITS: Final = {
    "W": 7 * DAY * 10**12,
    "D": DAY * 10**12,
    "h": 3_600 * 10**18,
    "m": 60 * 10**18,
    "s": 10**18,
    "ms": 10**15,
    "us": 10**12,
    "ns": 10**9,
    "ps": 10**6,
    "fs": 10**3,
    "as": 1,
}
"""The units of `datetime64`, in attoseconds; months and years have no length of their own."""
_MICROSECOND: Final = 10**12
_IN_DAYS: Final = {"Y", "M", "W", "D"}


class Foreign(Enum):
    """What a type of NumPy or pandas is to the language."""

    ARRAY = "an array, which is a list unless it has no dimensions"
    COLUMN = "a column, which is a list"
    ROW = "a Series: a list, and as a record a mapping"
    SCALAR = "a scalar of NumPy"
    OTHER = "another value of pandas"


def foreign_kind(value: object) -> Foreign | None:
    """Return what a value is, if its type, or one that it is made from, is of NumPy or pandas."""
    type_: Any = type(value)
    return _kind_of_type(type_)


@lru_cache(maxsize=256)
def _kind_of_type(type_: type) -> Foreign | None:
    for base in type_.__mro__:
        package = (base.__module__ or "").partition(".")[0]
        if package == "numpy":
            names = {one.__name__ for one in type_.__mro__}
            return Foreign.ARRAY if "ndarray" in names else Foreign.SCALAR
        if package == "pandas":
            # A frame has no such attribute, unless a column of it is called so.
            if not hasattr(type_, "dtype") or not hasattr(type_, "__iter__"):
                return Foreign.OTHER
            return Foreign.ROW if hasattr(type_, "keys") else Foreign.COLUMN
    return None


def held(value: Any, kind: Foreign) -> Any:
    """Return the Python value that a foreign one holds; a list, and what holds none, stay."""
    match kind:
        case Foreign.COLUMN | Foreign.ROW:
            return value
        case Foreign.ARRAY:
            return value if value.ndim else _of_array_without_dimensions(value)
        case Foreign.SCALAR:
            return _of_scalar(value)
        case Foreign.OTHER:
            return _of_pandas(value)
        case _:
            assert_never(kind)


def operand(value: Any) -> tuple[Any, bool]:
    """Return what a value is compared by, and whether what is finer than microseconds was cut.

    A list stays itself, as does what holds no Python value; a time without a zone gets none.
    """
    kind = foreign_kind(value)
    if kind is None or is_foreign_list(value, kind):
        return value, False
    inner = held(value, kind)
    if isinstance(inner, Instant):
        return value, False
    if not isinstance(inner, datetime):
        return inner, False
    of_numpy = getattr(value, "asm8", value)
    is_cut = bool(of_numpy != of_numpy.astype("M8[us]"))
    return inner if kind is Foreign.OTHER else inner.replace(tzinfo=None), is_cut


def is_foreign_list(value: Any, kind: Foreign) -> bool:
    """Return whether a foreign value is a list.

    An array without dimensions that holds any object is a list of one: the object may be the array.
    """
    if kind is Foreign.ARRAY:
        return bool(value.ndim) or (value.dtype.kind == "O" and not _is_masked(value))
    return kind is Foreign.COLUMN or kind is Foreign.ROW


def contents(value: Any, kind: Foreign) -> list[Any]:
    """Return what a foreign list holds; an array of more dimensions holds lists."""
    if kind is not Foreign.ARRAY:
        return list(value)
    if not value.ndim:
        return [value.item()]
    # Times would become numbers, and structures tuples.
    return list(value.flat) if value.dtype.kind in "mMV" else list(value.tolist())


def record_in(value: Any, kind: Foreign) -> Any:
    """Return in what the names are looked up if a foreign value is the record; None for nothing."""
    if kind is Foreign.OTHER:
        return value
    if kind is Foreign.ROW:
        return Row(value)
    found = None if is_foreign_list(value, kind) else held(value, kind)
    return found if isinstance(found, dict) else None


class Row:
    """A Series that is a record, and so no list."""

    __slots__ = ("_series",)

    def __init__(self, series: Any) -> None:
        self._series = series

    def keys(self) -> Any:
        """Return its labels."""
        return self._series.index

    def __getitem__(self, label: str) -> Any:
        return self._series[label]


def _is_masked(value: Any) -> bool:
    return type(value).__name__ == "MaskedConstant"


def _of_array_without_dimensions(value: Any) -> Any:
    if _is_masked(value):
        return None
    kind = value.dtype.kind
    if kind == "O":
        return value
    if kind == "V":
        return _of_scalar(value)
    inner = value[()] if kind in "mM" else value.item()
    return None if inner is None or _is_masked(inner) else _of_scalar(inner)


def _of_scalar(value: Any) -> Any:
    dtype = getattr(value, "dtype", None)
    match getattr(dtype, "kind", ""):
        case "M":
            return _of_datetime64(value)
        case "m":
            return _of_timedelta64(value)
        case "b":
            return bool(value)
        case "i" | "u":
            return int(value)
        case "f":
            return float(value)
        case "V":
            names = value.dtype.names
            return value.tobytes() if names is None else {name: value[name] for name in names}
        case _:
            return value


def _is_not_a_time(value: Any) -> bool:
    """Whether a time of NumPy or pandas is NaT, which isn't equal to itself."""
    return bool(value != value)  # noqa: PLR0124 — see above


def _of_timedelta64(value: Any) -> Any:
    if _is_not_a_time(value):
        return None
    unit, size = sys.modules["numpy"].datetime_data(value.dtype)
    if unit not in _UNITS:
        return value
    try:
        count = int(value.astype("int64")) * size
        return timedelta(microseconds=count * _UNITS[unit] // _MICROSECOND)
    except OverflowError:
        return value


def _of_datetime64(value: Any) -> date | datetime | Instant | None:
    if _is_not_a_time(value):
        return None
    unit, size = sys.modules["numpy"].datetime_data(value.dtype)
    count = int(value.astype("int64")) * size
    if unit in {"Y", "M"}:
        microseconds = day_of_month(count * 12 if unit == "Y" else count) * DAY
    else:
        microseconds = count * _UNITS[unit] // _MICROSECOND
    moment = moment_of(microseconds)
    if unit in _IN_DAYS and isinstance(moment, datetime):
        return moment.date()
    return moment


def _of_pandas(value: Any) -> Any:
    type_ = type(value)
    if type_.__name__ == "NAType":
        return None
    if not hasattr(type_, "to_pydatetime"):
        return value
    if _is_not_a_time(value):
        return None
    try:
        return value.to_pydatetime(warn=False)  # nanoseconds are cut
    except ValueError:  # it is a time that Python's calendar lacks
        return _of_datetime64(value.asm8)
