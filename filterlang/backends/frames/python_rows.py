"""Columns of frames in memory → records, as the matcher takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from narwhals.dependencies import get_pandas

from filterlang.backends.arrow_values import python_values, record_values

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator


def records_of(
    frame: Any,
    names: Iterable[str],
    maps: Collection[str] = (),
) -> Iterator[dict[str, object]]:
    """Iterate over the rows of a frame of narwhals as records.

    Args:
        frame: the frame.
        names: the columns that the records shall have, at least one.
        maps: those of them that are maps, which engines without them hold as lists of entries.
    """
    columns = {name: values_of(frame.get_column(name)) for name in names}
    for name in maps:
        columns[name] = [_as_map(one) if isinstance(one, list) else one for one in columns[name]]
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _as_map(entries: list[Any]) -> object:
    """Build a mapping of the pairs that pandas may hold for one."""
    try:
        return dict(entries)
    except (TypeError, ValueError):
        return entries  # it is a list after all


def values_of(series: Any) -> list[Any]:
    """Return the values of a column as Python has them."""
    native = series.to_native()
    if series.implementation.is_pandas() and not hasattr(native.dtype, "pyarrow_dtype"):
        if native.dtype.kind == "M":
            return _times_of_pandas(native)
        return [_plain(value) for value in native.tolist()]
    if series.implementation.is_polars():
        return _values_of_polars(native)
    return record_values(native.array.__arrow_array__() if hasattr(native, "array") else native)


_YEARS = range(-1968, 8029)
"""Years after 1970 in which every zone has times that Python's calendar has."""
_YEARS_OF_NANOSECONDS = range(-292, 292)
"""Years after 1970 in which every zone has times that 64 bits can count."""


def _times_of_pandas(native: Any) -> list[Any]:
    """Return the times of a column, as NumPy has them where Python's calendar lacks some."""
    zoned = getattr(native.dtype, "tz", None) is not None
    held = (native.dt.tz_convert(None) if zoned else native).to_numpy()
    years = held[native.notna().to_numpy()].astype("M8[Y]").astype("int64")
    known = _YEARS_OF_NANOSECONDS if "[ns]" in held.dtype.str else _YEARS
    if not len(years) or (years.min() in known and years.max() in known):
        return [_plain(value) for value in native.tolist()]
    return list(held)


def _values_of_polars(native: Any) -> list[Any]:
    """Return the values of a column; polars itself panics at dates that Python has not."""
    if "Date" not in str(native.dtype):
        return list(native.to_list())
    try:
        return python_values(native.to_arrow())
    except ModuleNotFoundError:  # without pyarrow such dates can't be had
        return list(native.to_list())


def _plain(value: Any) -> object:
    """Return Python's value for one of pandas, where lists may be arrays, and null is a value."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        values = value if isinstance(value, list | tuple) else value.tolist()
        return [_plain(one) for one in values] if isinstance(values, list | tuple) else values
    return None if value is get_pandas().NA else value
