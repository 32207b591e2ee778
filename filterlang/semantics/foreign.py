"""Values of NumPy and pandas as the Python values that they hold.

They are known by the modules of their types; nothing is imported for them.
"""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from typing import Any, Final

from filterlang.semantics.instants import DAY, Instant, day_of_month, moment_of

_PACKAGES: Final = {"numpy", "pandas"}
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


def package_of(type_: type) -> str:
    """Return which of the two packages a type, or one that it is made from, belongs to, or `""`."""
    for base in type_.__mro__:
        package = (base.__module__ or "").partition(".")[0]
        if package in _PACKAGES:
            return package
    return ""


def foreign(value: Any, package: str) -> Any:
    """Return the Python value that a value of a package holds; one that holds none stays itself.

    An array of one dimension, a `Series` and the like are a list of what they hold, one of more
    dimensions a list of arrays; without dimensions it is its scalar.
    """
    return _of_numpy(value) if package == "numpy" else _of_pandas(value)


def _of_numpy(value: Any) -> Any:
    if hasattr(value, "ndim") and hasattr(value, "__array__") and hasattr(value, "__len__"):
        if isinstance(value, str | bytes):
            return value
        if value.ndim:
            return list(value)
        if type(value).__name__ == "MaskedConstant":
            return None
        inner = value[()]
        return value if type(inner) is type(value) else _of_numpy(inner)
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind == "M":
        return _of_datetime64(value)
    if kind == "m":
        return None if value != value else timedelta(0)  # noqa: PLR0124 — asks for NaT
    return bool(value) if kind == "b" else value


def _of_datetime64(value: Any) -> date | datetime | Instant | None:
    if value != value:  # noqa: PLR0124 — asks for NaT
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
    if hasattr(value, "to_pydatetime"):
        # Nanoseconds are cut; NaT isn't equal to itself. An index has the method as well.
        if hasattr(value, "__len__"):
            return list(value)
        if value != value:  # noqa: PLR0124
            return None
        try:
            return value.to_pydatetime(warn=False)
        except ValueError:  # it is a time that Python's calendar lacks
            return _of_datetime64(value.asm8)
    if type(value).__name__ == "NAType":
        return None
    is_column = hasattr(value, "dtype") and hasattr(value, "__iter__")
    return list(value) if is_column else value
