"""Columns of pandas → storages: what their types say, and what the objects are that some hold.

A column of objects may hold anything. Where all of them are of one type it is asked like a typed
column; what is mixed is left to the matcher. They are looked through only where a filter asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from itertools import chain
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filterlang.backends.plan.storage import (
    ListOf,
    Moment,
    Reach,
    Scalar,
    StructOf,
    Unknown,
    Whole,
    integers,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from filterlang.backends.plan.storage import Storage

    Array = Any
    Frame = Any
    Series = Any

# Their types are not known here.
np: Any = import_module("numpy")
pd: Any = import_module("pandas")


class Fields(Mapping[str, "Storage"]):
    """Storages by name, each made when it is asked for."""

    def __init__(self, names: Iterable[str], make: Callable[[str], Storage]) -> None:
        self._found: dict[str, Storage | None] = dict.fromkeys(names)
        self._make = make

    def __getitem__(self, name: str) -> Storage:
        found = self._found[name]
        if found is None:
            found = self._found[name] = self._make(name)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._found

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


def storages_of(frame: Frame) -> Fields:
    """Return the storages of the columns of a frame that have a text for a name."""
    names = [name for name in frame.columns if isinstance(name, str)]
    return Fields(names, lambda name: storage_of(frame[name]))


def arrow_array(series: Series) -> Any | None:
    """Return what pyarrow holds of a column; None if pyarrow doesn't hold it."""
    type_ = series.dtype
    if hasattr(type_, "pyarrow_dtype") or getattr(type_, "storage", "") == "pyarrow":
        return series.array.__arrow_array__()
    return None


_FLOATS = {2: Scalar.SINGLE, 4: Scalar.SINGLE, 8: Scalar.DOUBLE}


def storage_of(series: Series) -> Storage:
    """Return the storage of a column."""
    type_ = series.dtype
    array = arrow_array(series)
    found: Storage = Unknown(str(type_))
    if array is not None:
        from filterlang.backends.frames import arrow_compute

        schema = arrow_compute.pa.schema([("", array.type)])
        found = arrow_compute.storages_of(schema)[""]
    elif isinstance(type_, pd.CategoricalDtype):
        found = storage_of(pd.Series(type_.categories))
    elif isinstance(type_, pd.StringDtype):
        found = Scalar.TEXT
    elif isinstance(type_, pd.SparseDtype | pd.PeriodDtype | pd.IntervalDtype):
        pass
    elif type_.kind == "O":
        found = storage_of_objects(series.to_numpy())
    elif type_.kind == "b":
        found = Scalar.BOOLEAN
    elif type_.kind in "iu":
        found = integers(8 * type_.itemsize, signed=type_.kind == "i")
    elif type_.kind == "f":
        found = _FLOATS.get(type_.itemsize, found)
    elif type_.kind == "M":
        found = Moment(_unit(type_), str(getattr(type_, "tz", None) or "") or None, Reach.WIDE)
    elif type_.kind == "m":
        found = Scalar.UNORDINARY
    return found


def _unit(type_: Any) -> str:
    unit: str = type_.unit if hasattr(type_, "unit") else np.datetime_data(type_)[0]
    return unit


# --- Objects --------------------------------------------------------------------------------------

_NULLS = {type(None), type(pd.NA), type(pd.NaT)}
_KINDS: dict[type, type] = {
    **{one: one for one in (str, bool, int, float, Decimal, date, datetime, UUID, bytes)},
    **{one: one for one in (list, dict)},
    tuple: list,
    np.ndarray: list,
    np.bool_: bool,
    np.float64: float,
    np.float32: float,
    np.float16: float,
    pd.Timestamp: datetime,
    **dict.fromkeys((np.int8, np.int16, np.int32, np.int64), int),
    **dict.fromkeys((np.uint8, np.uint16, np.uint32, np.uint64), int),
}
_SCALARS: dict[type, Storage] = {
    str: Scalar.TEXT,
    bool: Scalar.BOOLEAN,
    float: Scalar.DOUBLE,
    Decimal: Scalar.DECIMAL,
    date: Scalar.DATE,
    # The zone is that of each of them; they are counted in UTC.
    datetime: Moment("us", "UTC"),
    UUID: Scalar.UUID,
    bytes: Scalar.UNORDINARY,
}
_OBJECTS = Unknown("object", "its objects are of several types, or of one that isn't known")
_NULLS_ALONE = StructOf({}, is_open=True)
"""What is missing in each row, whatever name is asked for behind it."""
_MOST_LISTS = 4
"""Lists in lists that are looked into."""
_MOST_EXACT = 2**53
"""All integers up to here are floating point numbers."""


def storage_of_objects(values: Array, lists: int = 0) -> Storage:
    """Return the storage of objects, some of which may be null, if all of them have one."""
    kinds = {_KINDS.get(one, one) for one in set(map(type, values)) - _NULLS}
    there = None
    if float in kinds or Decimal in kinds:
        try:
            there = values[~pd.isna(values)]
        except ArithmeticError:  # a signaling NaN can't be compared
            return _OBJECTS
        # NaN is null, whatever the others are.
        kinds = {_KINDS.get(one, one) for one in set(map(type, there)) - _NULLS}
    if kinds == {int, float}:
        least, most = _ends(values)
        return Scalar.DOUBLE if least >= -_MOST_EXACT and most <= _MOST_EXACT else _OBJECTS
    if not kinds:
        return _NULLS_ALONE
    if len(kinds) != 1:
        return _OBJECTS
    (kind,) = kinds
    if kind is int:
        return Whole(*_ends(values))
    if kind is dict:
        return _storage_of_documents(values)
    if kind is list:
        flat = flattened(values) if lists < _MOST_LISTS else None
        return _OBJECTS if flat is None else ListOf(storage_of_objects(flat.values, lists + 1))
    return _SCALARS.get(kind, _OBJECTS)


def _ends(values: Array) -> tuple[int, int]:
    whole = [int(one) for one in values if _KINDS.get(type(one)) is int]
    return min(whole), max(whole)


def _storage_of_documents(values: Array) -> Storage:
    """Return the storage of mappings; a key may be missing in some, as if it were null."""
    names = set(chain.from_iterable(one for one in values if type(one) is dict))
    # A whole name is looked up before its parts, in each document anew.
    if not all(type(name) is str and "." not in name for name in names):
        return _OBJECTS
    fields = Fields(names, lambda name: storage_of_objects(members_of(values, name)))
    return StructOf(fields, is_open=True)


def members_of(values: Array, name: str) -> Array:
    """Return what mappings hold for a key; null where there is none."""
    return objects([one.get(name) if type(one) is dict else None for one in values])


class Flat:
    """The elements of lists, one after the other, and the number of the list of each."""

    __slots__ = ("parents", "values")
    parents: Array
    values: Array

    def __init__(self, values: Array, parents: Array) -> None:
        self.values = values
        self.parents = parents


def flattened(values: Array) -> Flat | None:
    """Return the elements of lists; None if NumPy gives other ones than Python has."""
    places: list[int] = []
    held: list[Any] = []
    for place, one in enumerate(values):
        if isinstance(one, np.ndarray):
            if not one.ndim or one.dtype.kind not in "OiufbU":
                return None
            one = one.tolist()  # noqa: PLW2901 — so the matcher sees them
        elif not isinstance(one, list) and type(one) is not tuple:
            continue
        places.append(place)
        held.append(one)
    parents = np.repeat(np.array(places, "int64"), np.array(list(map(len, held)), "int64"))
    return Flat(objects(list(chain.from_iterable(held))), parents)


def objects(values: list[Any]) -> Array:
    """Return values as an array of objects, whatever they are."""
    array = np.empty(len(values), "object")
    for place, one in enumerate(values):
        array[place] = one
    return array
