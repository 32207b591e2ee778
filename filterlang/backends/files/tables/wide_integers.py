"""Parquet and Arrow files with integers of 128 bits, which polars writes and pyarrow can't read.

polars reads them; such integers become decimal numbers without places, the same to all filters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.packages import load_pyarrow

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import ModuleType

_DIGITS = 38
"""So many has a decimal number of 128 bits; an integer of 128 bits may have one more."""
_ROWS = 1 << 17


def read_wide(path: str, format_: str, rows: int) -> Generator[Any, None, None]:
    """Iterate over a file's rows as batches of Arrow; an empty batch comes first.

    Args:
        path: of the file.
        format_: `"parquet"` or `"arrow"`.
        rows: so many are in a batch at most.

    Raises:
        ImportError: where polars isn't installed.
        InputError: for an integer of more than 38 digits, or a column that polars can't convert.
    """
    import polars as pl

    pyarrow = load_pyarrow()
    scan = pl.scan_parquet(path) if format_ == "parquet" else pl.scan_ipc(path)
    types = scan.collect_schema()
    held = {name: _held(pl, type_) for name, type_ in types.items()}
    scan = scan.with_columns(
        pl.col(name).cast(type_) for name, type_ in held.items() if type_ != types[name]
    )
    start, count = 0, 0
    while True:
        try:
            table = scan.slice(start, count).collect()
        except pl.exceptions.PolarsError as error:
            reason = str(error).splitlines()[0]
            message = (
                "this file has integers of 128 bits, of which those with more than"
                f" {_DIGITS} digits can't be read ({reason}); write them as text"
            )
            raise InputError(message) from error
        found = table.to_arrow(compat_level=pl.CompatLevel.oldest())
        # A table without rows has no batches.
        nothing = [pyarrow.RecordBatch.from_pylist([], found.schema)]
        yield from found.to_batches(max_chunksize=rows) or nothing
        start += table.height
        if count and table.height < count:
            return
        count = _ROWS


def _held(pl: ModuleType, type_: Any) -> Any:
    """Return the type that pyarrow can hold for one of pl."""
    match type_:
        case pl.Int128() | pl.UInt128():
            return pl.Decimal(_DIGITS, 0)
        case pl.Categorical() | pl.Enum():
            return pl.String()  # Each part would have categories of its own.
        case pl.List():
            return pl.List(_held(pl, type_.inner))
        case pl.Array():
            return pl.Array(_held(pl, type_.inner), type_.size)
        case pl.Struct():
            fields = {field.name: _held(pl, field.dtype) for field in type_.fields}
            return pl.Struct(fields)
        case _:
            return type_
