"""Columns of frames in memory → records, as the matcher takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from narwhals.dependencies import get_pandas

from filterlang.backends.arrow_values import python_values

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
    columns = {name: _values(frame.get_column(name)) for name in names}
    for name in maps:
        columns[name] = [_as_map(one) if isinstance(one, list) else one for one in columns[name]]
    return (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))


def _as_map(entries: list[Any]) -> object:
    """Build a mapping of the pairs that pandas may hold for one."""
    try:
        return dict(entries)
    except (TypeError, ValueError):
        return entries  # it is a list after all


def _values(series: Any) -> list[Any]:
    """Return the values of a column as Python has them."""
    native = series.to_native()
    if series.implementation.is_pandas() and not hasattr(native.dtype, "pyarrow_dtype"):
        return [_plain(value) for value in native.tolist()]
    if series.implementation.is_polars():
        try:
            return list(native.to_list())
        except (ValueError, OverflowError):
            # Times that no calendar has, of which polars makes no values.
            return python_values(native.to_arrow())
    return python_values(native.array.__arrow_array__() if hasattr(native, "array") else native)


def _plain(value: Any) -> object:
    """Return Python's value for one of pandas, where lists may be arrays, and null is a value."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple) or hasattr(value, "tolist"):
        values = value if isinstance(value, list | tuple) else value.tolist()
        return [_plain(one) for one in values] if isinstance(values, list | tuple) else values
    return None if value is get_pandas().NA else value
