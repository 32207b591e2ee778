"""Parquet files → how many rows match, by polars alone, for who wants to know no more than that.

polars reads what the filters look at and counts; pyarrow, which takes as long to load as polars
does, isn't needed. Whatever might come out otherwise than by reading batches is left to those:
types of which polars doesn't hold just what the matcher sees, names that lead nowhere, dates that
Python has not, files that can't be read to their end, and those with checksums that polars doesn't
look at.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.files.limits import SAMPLE
from filterlang.backends.files.panics import EngineError, failures
from filterlang.backends.files.tables.concatenated import look_at_parquet
from filterlang.backends.used_names import names_of, wanted_columns
from filterlang.semantics.instants import FIRST_INSTANT, LAST_INSTANT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType
    from typing import Self

    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.plan.storage import Storages
    from filterlang.matching.matcher import Matcher


class Counted(NamedTuple):
    """How many `rows` a file has, and how many of them have `matched`.

    `sample` are its first rows, if they were asked for: all columns, of which only those have
    values that the filters look at.
    """

    rows: int
    matched: int
    sample: list[dict[str, object]]


class ParquetCounter:
    """A Parquet file as polars sees it.

    Attributes:
        storages: how its columns are stored.
    """

    storages: Storages

    def __init__(self, polars: ModuleType, path: str) -> None:
        self._polars = polars
        self._path = path
        # It isn't taken for a glob, nor are the names of folders for columns.
        self._scan = polars.scan_parquet(path, glob=False, hive_partitioning=False)
        self._schema: Mapping[str, Any] = self._scan.collect_schema()
        from filterlang.backends.frames.polars import storages_of

        self.storages = storages_of(self._schema)

    @classmethod
    def of(cls, source: Source) -> Self | None:
        """Look at an input; None where polars isn't installed, or isn't to be asked about it."""
        if source.format != "parquet" or source.keys.values:
            return None
        try:
            import polars as pl
        except ModuleNotFoundError:
            return None
        with suppress(EngineError), failures():
            return cls(pl, source.path)
        return None

    def knows(self, paths: Iterable[tuple[str, ...]]) -> bool:
        """Return whether polars tells what the columns hold to which some names lead."""
        from filterlang.backends.plan.storage import Unknown

        wanted = wanted_columns(self.storages, paths)
        return not any(isinstance(self.storages[name], Unknown) for name in wanted)

    def count(self, matcher: Matcher, *, samples: bool) -> Counted | None:
        """Count the rows that match; None where it isn't known that polars does it exactly.

        `samples` says whether the first rows are wanted, too.
        """
        seen = look_at_parquet(self._path)
        if seen.is_concatenated or seen.has_checksums:
            return None
        with suppress(EngineError), failures():
            return self._count(matcher, samples=samples)
        return None

    def _count(self, matcher: Matcher, *, samples: bool) -> Counted | None:
        from filterlang.backends.frames.polars import engine_of
        from filterlang.backends.plan.planner import plan_filters

        pl = self._polars
        wanted = wanted_columns(self._schema, names_of(matcher))
        if not all(_is_trusted(pl, self._schema[name]) for name in wanted):
            return None
        engine = engine_of({name: self._schema[name] for name in wanted})
        planned = plan_filters(matcher.filters, engine, matcher.schema, strict=False)
        if planned.error is not None:
            return None
        condition: Any = planned.written
        if isinstance(condition, bool):
            condition = pl.lit(condition)
        dates = [name for name in wanted if self._schema[name].is_temporal()]
        # No row is left out by what the file says of its parts, as a filter would do it.
        counts = self._scan.select(
            pl.len().alias("rows"),
            condition.sum().alias("matched"),
            *(pl.col(name).to_physical().min().alias(f"first {name}") for name in dates),
            *(pl.col(name).to_physical().max().alias(f"last {name}") for name in dates),
        ).collect(engine="streaming")
        rows, matched, *ends = counts.row(0)
        for name, first, last in zip(dates, ends, ends[len(dates) :], strict=False):
            unit = _MICROSECONDS_OF_DAY if self._schema[name] == pl.Date else 1
            if first is not None and not _has_python(first * unit, last * unit):
                return None
        if not condition.meta.root_names():
            # It is the same for all rows, and was asked once.
            matched *= rows
        sample: list[dict[str, object]] = []
        if samples:
            names = dict.fromkeys(self._schema)
            first_rows = self._scan.select(wanted).head(SAMPLE).collect().rows(named=True)
            # Without any columns it has no rows.
            sample = [names | row for row in first_rows or [{}] * min(rows, SAMPLE)]
        return Counted(rows, matched, sample)


_MICROSECONDS_OF_DAY = 86_400_000_000


def _has_python(first: int, last: int) -> bool:
    """Return whether all is in the years 1 to 9999, in microseconds since 1970."""
    return first >= FIRST_INSTANT and last <= LAST_INSTANT


_MOST_DIGITS = 38


def _is_trusted(pl: ModuleType, type_: Any, *, is_inner: bool = False) -> bool:
    """Return whether polars is known to hold what the matcher sees of a column of Parquet.

    Times in milliseconds aren't: dates may have been written so. Nor are those in nanoseconds,
    which may have come round, nor lists of structs, which may be maps.
    """
    match type_:
        case pl.Boolean() | pl.Float32() | pl.Float64() | pl.String():
            return True
        case pl.Int8() | pl.Int16() | pl.Int32() | pl.Int64():
            return True
        case pl.UInt8() | pl.UInt16() | pl.UInt32() | pl.UInt64():
            return True
        case pl.Struct():
            fields = type_.fields
            return bool(fields) and all(
                _is_trusted(pl, field.dtype, is_inner=True) for field in fields
            )
        case pl.List():
            inner = type_.inner
            return not inner.is_nested() and _is_trusted(pl, inner, is_inner=True)
        case pl.Decimal():
            return not is_inner and type_.precision <= _MOST_DIGITS
        case pl.Datetime():
            is_utc = type_.time_zone in {None, "UTC"}
            return not is_inner and type_.time_unit == "us" and is_utc
        case pl.Date():
            return not is_inner
        case _:
            return False
