"""Parquet and Arrow files with columns that polars reads and pyarrow doesn't.

Such are integers of 128 bits, as polars writes them: they become decimal numbers without places,
the same to all filters. And arrays of a fixed length of which some are null, as DuckDB writes them
to Parquet: it notes these as if they had elements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.panics import EngineError, failures

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import ModuleType

_DIGITS = 38
"""So many has a decimal number of 128 bits; an integer of 128 bits may have one more."""
_ROWS = 1 << 17


def has_odd_arrays(writer: str, error: Exception) -> bool:
    """Whether pyarrow refuses a Parquet file by its writer for arrays that polars reads."""
    return writer.startswith("DuckDB") and "spanned by list offsets" in str(error)


class FileOfPolars:
    """A file as polars sees it.

    Args:
        path: of the file.
        format_: `"parquet"` or `"arrow"`.

    Raises:
        ImportError: where polars isn't installed.
        InputError: where it can't read the file either.
    """

    def __init__(self, path: str, format_: str) -> None:
        import polars as pl

        self._polars = pl
        scan = pl.scan_parquet if format_ == "parquet" else pl.scan_ipc
        try:
            with failures():
                # It isn't taken for a glob, nor are the names of folders for columns.
                found: Any = scan(path, glob=False, hive_partitioning=False)
                types = found.collect_schema()
        except EngineError as error:
            message = f"neither pyarrow nor polars can read this file ({_reason(error)})"
            raise InputError(message) from error
        held = {name: _held(pl, type_) for name, type_ in types.items()}
        self._scan: Any = found.with_columns(
            pl.col(name).cast(type_) for name, type_ in held.items() if type_ != types[name]
        )

    def rows(self, start: int, count: int) -> Any:
        """Return some rows as a table of Arrow.

        Raises:
            InputError: for an integer of more than 38 digits, or what polars can't read.
        """
        try:
            with failures():
                table = self._scan.slice(start, count).collect()
                return table.to_arrow(compat_level=self._polars.CompatLevel.oldest())
        except EngineError as error:
            message = f"polars can't read this file ({_reason(error)})"
            if isinstance(error.__cause__, self._polars.exceptions.InvalidOperationError):
                message = (
                    "this file has integers of 128 bits, of which those with more than"
                    f" {_DIGITS} digits can't be read ({_reason(error)}); write them as text"
                )
            raise InputError(message) from error

    def batches(self, rows: int) -> Generator[Any, None, None]:
        """Iterate over all rows as batches of Arrow, of so many at most; an empty one comes first.

        Raises:
            InputError: as `rows` does.
        """
        nothing = self.rows(0, 0)
        # A table without rows has no batches.
        yield load_pyarrow().RecordBatch.from_pylist([], nothing.schema)
        yield from self.batches_from(0, rows)

    def batches_from(self, start: int, rows: int) -> Generator[Any, None, None]:
        """Iterate over the rows from one on.

        Raises:
            InputError: as `rows` does.
        """
        while True:
            found = self.rows(start, _ROWS)
            yield from found.to_batches(max_chunksize=rows)
            start += found.num_rows
            if found.num_rows < _ROWS:
                return


def _reason(error: EngineError) -> str:
    return next(iter(str(error.__cause__).splitlines()), "")


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
