"""Verdicts on records that are put into frames."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from filterlang.backends.arrow_values import python_values
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.tables.judging import Judge as BatchJudge
from filterlang.diagnostics.errors import UnsupportedError
from filterlang.testing.verdicts import Held, LeftOut, Reason, are_same, of_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pyspark.sql

    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.testing.verdicts import Ask, Verdicts

    # pyarrow has no types, and frames are of many engines.
    Array = Any
    Table = Any
    Frame = Any


_ROW = "filterlang: row"
"""The column with the number of a row, by a name that no filter has."""
_HELD = "held"


def ask_tables(
    matchers: list[Matcher],
    records: Sequence[Mapping[str, object]],
    make: Callable[[Table], Frame],
    read: Callable[[Frame], list[object]],
    judge: Callable[[Matcher, Frame], Iterable[int]],
) -> list[Verdicts]:
    """Ask what takes a table, of the keys that are looked at.

    `make` makes what the engine takes of a table of Arrow, `read` gives the values of the one
    column `_HELD` of it, and `judge` the numbers of the rows that match.
    """
    pa = load_pyarrow()

    def hold(values: list[object]) -> Array | None:
        try:
            column = pa.array(values)
            found = read(make(pa.table({_HELD: column})))
        except Exception:  # noqa: BLE001 — whatever an engine raises, it doesn't hold the values
            return None
        return column if are_same(values, found) else None

    held = Held(records, hold)
    numbers = pa.array(range(len(records)), pa.int64())
    frames: dict[tuple[str, ...], Frame] = {}

    def ask(matcher: Matcher, wanted: dict[str, Any]) -> Verdicts:
        keys = tuple(wanted)
        if keys not in frames:
            frames[keys] = make(pa.table({_ROW: numbers, **wanted}))
        try:
            rows = set(judge(matcher, frames[keys]))
        except UnsupportedError as error:
            return LeftOut(Reason.UNSUPPORTED, str(error))
        return [number in rows for number in range(len(records))]

    return held.ask_each(matchers, ask)


def of_frames(make: Callable[[Table], Frame]) -> Ask:
    """Ask an engine whose frames are made of tables of Arrow."""

    def ask(
        matchers: list[Matcher], records: Sequence[Mapping[str, object]], schema: Schema | None
    ) -> list[Verdicts]:
        from filterlang.backends.frames import where
        from filterlang.backends.frames.python_rows import records_of

        def read(frame: Frame) -> list[object]:
            return [one[_HELD] for one in records_of(_collected(frame), [_HELD])]

        def judge(matcher: Matcher, frame: Frame) -> Iterable[int]:
            # The records decide which columns there are, and the filters ask for any names.
            kept = where(frame, matcher.filters, schema, strict=False)
            found: list[int] = _collected(kept)[_ROW].to_list()
            return found

        return ask_tables(matchers, records, make, read, judge)

    return of_objects(ask)


def of_arrow(make: Callable[[Table], Frame]) -> Ask:
    """Ask what pyarrow has beside frames, too, made of tables at each question."""

    def ask(
        matchers: list[Matcher], records: Sequence[Mapping[str, object]], schema: Schema | None
    ) -> list[Verdicts]:
        from filterlang.backends.frames import where

        def read(table: Table) -> list[object]:
            return python_values(table[_HELD])

        def judge(matcher: Matcher, table: Table) -> Iterable[int]:
            found: Any = where(make(table), matcher.filters, schema, strict=False)
            if hasattr(found, "to_table"):
                found = found.to_table()
            elif hasattr(found, "read_all"):
                found = found.read_all()
            numbers: list[int] = found[_ROW].to_pylist()
            return numbers

        return ask_tables(matchers, records, lambda table: table, read, judge)

    return of_objects(ask)


def to_stream(table: Table) -> Frame:
    """Return a stream of batches of one row, of which each is a frame to itself."""
    batches = table.to_batches(max_chunksize=1)
    return load_pyarrow().RecordBatchReader.from_batches(table.schema, batches)


def to_dataset(table: Table) -> Frame:
    """Put a table into a dataset in memory."""
    return import_module("pyarrow.dataset").dataset(table)


def _collected(frame: Frame) -> Frame:
    """Return a frame of narwhals in memory."""
    import narwhals as nw

    if type(frame).__module__.startswith("dask."):
        frame = frame.compute(scheduler="synchronous")
    wrapped: Any = nw.from_native(frame)
    return wrapped.collect() if isinstance(wrapped, nw.LazyFrame) else wrapped


def to_polars(table: Table) -> Frame:
    """Put a table into a frame of polars."""
    import polars as pl

    return pl.from_arrow(table)


def to_lazy_polars(table: Table) -> Frame:
    """Put a table into a lazy frame of polars."""
    return to_polars(table).lazy()


def to_pandas(table: Table) -> Frame:
    """Return a frame whose columns are NumPy's, with integers that may be missing."""
    pa, pd = load_pyarrow(), import_module("pandas")
    frame = table.to_pandas()
    for field in table.schema:
        if field.type == pa.int64():
            frame[field.name] = table[field.name].to_pandas(
                types_mapper={pa.int64(): pd.Int64Dtype()}.get
            )
    return frame


def to_arrow_pandas(table: Table) -> Frame:
    """Put a table into a frame of pandas that pyarrow holds."""
    return table.to_pandas(types_mapper=import_module("pandas").ArrowDtype)


def to_dask(table: Table) -> Frame:
    """Return a frame of two partitions, whose texts stay as they are."""
    dask, dd = import_module("dask"), import_module("dask.dataframe")
    with dask.config.set({"dataframe.convert-string": False}):
        return dd.from_pandas(to_pandas(table), npartitions=2)


def to_duckdb(table: Table) -> Frame:
    """Put a table into a relation of DuckDB."""
    import duckdb

    return duckdb.from_arrow(table)


@of_objects
def ask_batches(
    matchers: list[Matcher], records: Sequence[Mapping[str, object]], _: Schema | None
) -> list[Verdicts]:
    """Ask for batches of columns, as files have them, and have polars loaded at once."""

    def judge(matcher: Matcher, table: Table) -> list[int]:
        judge = BatchJudge(matcher, small=0)
        verdicts = [one for batch in table.to_batches() for one in judge.verdicts(batch)]
        return [number for number, matches in enumerate(verdicts) if matches]

    def read(table: Table) -> list[object]:
        return python_values(table[_HELD])

    return ask_tables(matchers, records, lambda table: table, read, judge)


_AT_ONCE = 60
"""So many conditions are columns of one frame of Spark; each job of it takes long."""


def ask_spark(
    session: pyspark.sql.SparkSession,
    matchers: list[Matcher],
    records: Sequence[Mapping[str, object]],
    schema: Schema | None,
) -> list[Verdicts]:
    """Ask a session of Spark."""
    from pyspark.sql.types import StructType

    from filterlang.backends.frames import to_spark

    pa = load_pyarrow()

    def hold(values: list[object]) -> Array | None:
        try:
            column = pa.array(values)
        except (TypeError, ValueError, OverflowError, pa.ArrowException):
            return None
        if pa.types.is_null(column.type):
            return pa.nulls(len(values), pa.string())  # Spark makes no column of nothing else
        is_exact = are_same(values, python_values(column))
        return column if is_exact and _is_of_spark(pa, column.type) else None

    held = Held(records, hold)
    names: dict[str, str] = {}
    columns: dict[str, Array] = {}
    for key in held.keys:
        column = held.find(key)
        # Names that differ by case alone are one name to Spark.
        if column is not None and names.setdefault(key.lower(), key) == key:
            columns[key] = column
        else:
            held.lose(key)
    numbers = pa.array(range(len(records)), pa.int64())
    frame = session.createDataFrame(pa.table({_ROW: numbers, **columns}))
    back = frame.toArrow().sort_by(_ROW)
    for key in columns:
        held.compare(key, python_values(back[key]))
    fields = {field.name: field for field in frame.schema.fields}
    found: list[Verdicts] = []
    conditions: dict[int, Any] = {}
    for matcher in matchers:
        wanted = held.wanted(matcher)
        verdicts: Verdicts = [False] * len(records)
        if isinstance(wanted, LeftOut):
            verdicts = wanted
        else:
            try:
                known = StructType([fields[key] for key in wanted])
                conditions[len(found)] = to_spark(matcher.filters, known, schema, strict=False)
            except UnsupportedError as error:
                verdicts = LeftOut(Reason.UNSUPPORTED, str(error))
        found.append(verdicts)
    places = list(conditions)
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        asked = [conditions[place].alias(f"asked {place}") for place in some]
        rows = frame.select(_ROW, *asked).toArrow().sort_by(_ROW)
        for place in some:
            found[place] = rows[f"asked {place}"].to_pylist()
    return found


def _is_of_spark(pyarrow: Any, type_: Any) -> bool:
    """Whether Spark makes a column of a type: it has none of nulls alone, and none of UUIDs."""
    types = pyarrow.types
    if types.is_nested(type_):
        return type_.num_fields > 0 and all(
            _is_of_spark(pyarrow, type_.field(index).type) for index in range(type_.num_fields)
        )
    is_extension = isinstance(type_, pyarrow.BaseExtensionType)
    return not (is_extension or types.is_null(type_) or types.is_decimal256(type_))
