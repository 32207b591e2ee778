"""Columns of Arrow → Python values, as the matcher takes them."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from filterlang.backends.arrow_leaves import has_leaf, with_leaves
from filterlang.semantics.instants import DAY, moment_of
from filterlang.semantics.values import text_of

if TYPE_CHECKING:
    from types import ModuleType


def python_values(column: Any, *, zoned: bool = False) -> list[Any]:
    """Return the values of a column, chunked or not, as Python has them; maps as mappings.

    Times are in UTC. They have no zone, by which they are made in a third of the time; if they are
    to be `zoned`, those of columns with a zone have that of UTC.
    """
    pyarrow = import_module("pyarrow")  # The column is one of its own.
    types = pyarrow.types
    if zoned and types.is_timestamp(column.type) and column.type.tz is not None:
        # Arrow takes longer to add it.
        moments = python_values(column)
        return [_zoned(one) if isinstance(one, datetime) else one for one in moments]
    plain = _plain_type(pyarrow, column.type, zoned=zoned)
    is_fine = partial(_is_fine, types)
    if has_leaf(pyarrow, column.type, is_fine):
        column = column.combine_chunks() if hasattr(column, "combine_chunks") else column
        column = with_leaves(pyarrow, column, is_fine, partial(_cut, pyarrow))
    with warnings.catch_warnings():
        # Of a key that comes twice in a map the last entry counts; that needs no warning.
        warnings.simplefilter("ignore", UserWarning)
        try:
            if plain != column.type:
                column = column.cast(plain, safe=False)
            values: list[Any] = column.to_pylist(maps_as_pydicts="lossy")
        except (ValueError, OverflowError, pyarrow.ArrowException):
            return [_value(scalar) for scalar in column]
        return values


def record_values(column: Any, *, zoned: bool = False) -> list[Any]:
    """Return the values of a column as records have them, in whose maps all keys are texts.

    A key of another type becomes the text that patterns see of it, by which names find it, and
    which a file of JSON would have: rule 1 of `docs/reference/language.md`. One without a text
    stays as it is, and no name finds it.
    """
    values = python_values(column, zoned=zoned)
    types = import_module("pyarrow").types
    return list(map(_with_texts_as_keys, values)) if _has_other_keys(types, column.type) else values


def _has_other_keys(types: Any, type_: Any) -> bool:
    """Whether a type has maps whose keys aren't texts."""
    if types.is_map(type_):
        return str(type_.key_type) not in _TEXTS or _has_other_keys(types, type_.item_type)
    if types.is_struct(type_):
        return any(_has_other_keys(types, field.type) for field in type_.fields)
    return hasattr(type_, "value_type") and _has_other_keys(types, type_.value_type)


_TEXTS = frozenset({"string", "large_string", "string_view"})
"""Names of types of Arrow whose values are texts."""


def _with_texts_as_keys(value: Any) -> Any:
    if isinstance(value, dict):
        texts = [key if (text := text_of(key)) is None else text for key in value]
        return dict(zip(texts, map(_with_texts_as_keys, value.values()), strict=True))
    return [*map(_with_texts_as_keys, value)] if isinstance(value, list) else value


_zoned = partial(datetime.replace, tzinfo=UTC)


def _is_fine(types: Any, type_: Any) -> bool:
    return types.is_timestamp(type_) and type_.unit == "ns"


def _cut(pyarrow: ModuleType, column: Any) -> Any:
    """Return times in microseconds, of which fractions are cut, also before 1970."""
    # Zones may be unknown.
    plain = column.cast(pyarrow.timestamp("ns"))
    floored = pyarrow.compute.floor_temporal(plain, unit="microsecond")
    return floored.cast(pyarrow.timestamp("us", column.type.tz))


_UTC = "+00:00"
"""Under this name it is there without the data of all zones."""
_UNITS = {"s": 10**9, "ms": 10**6, "us": 1000, "ns": 1}
"""Nanoseconds."""


def _value(scalar: Any) -> object:
    """Return the value of a scalar, also where it holds times that Python's calendar lacks."""
    try:
        return scalar.as_py(maps_as_pydicts="lossy")
    except (ValueError, OverflowError):
        pass
    types = import_module("pyarrow").types
    type_ = scalar.type
    if types.is_timestamp(type_):
        return moment_of(scalar.value * _UNITS[type_.unit] // 1000)
    if types.is_date32(type_):
        return moment_of(scalar.value * DAY)
    if types.is_date64(type_):
        return moment_of(scalar.value * 1000)
    if types.is_struct(type_):
        return {name: _value(one) for name, one in scalar.items()}
    if types.is_map(type_):
        pairs = [tuple(pair.values()) for pair in scalar.values]
        return {key.as_py(): _value(one) for key, one in pairs}
    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return _value(scalar.value)
    # Of the other types only lists hold what has no value of its own.
    return [_value(one) for one in scalar.values] if hasattr(scalar, "values") else object()


def _plain_type(pyarrow: ModuleType, type_: Any, *, zoned: bool) -> Any:
    """Return the type of which Python has all values: microseconds, and times in UTC."""

    def plain_type(inner: Any) -> Any:
        return _plain_type(pyarrow, inner, zoned=zoned)

    types = pyarrow.types
    plain = type_
    if types.is_timestamp(type_):
        zone = _UTC if zoned and type_.tz is not None else None
        plain = pyarrow.timestamp("us" if type_.unit == "ns" else type_.unit, zone)
    elif types.is_time64(type_):
        plain = pyarrow.time64("us")
    elif types.is_duration(type_):
        plain = pyarrow.duration("us" if type_.unit == "ns" else type_.unit)
    elif types.is_struct(type_):
        plain = pyarrow.struct([one.with_type(plain_type(one.type)) for one in type_.fields])
    elif types.is_large_list(type_):
        plain = pyarrow.large_list(plain_type(type_.value_type))
    elif types.is_fixed_size_list(type_):
        plain = pyarrow.list_(plain_type(type_.value_type), type_.list_size)
    elif types.is_map(type_):
        plain = pyarrow.map_(type_.key_type, plain_type(type_.item_type))
    elif types.is_list(type_):
        plain = pyarrow.list_(plain_type(type_.value_type))
    elif types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        plain = plain_type(type_.value_type)
    return plain
