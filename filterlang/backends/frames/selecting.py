"""Frames of any engine → the rows that match: `where`, and `explain_plan`, which says how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.backends.frames", "frames", "narwhals"):
    import narwhals as nw

from filterlang.backends.frames.column_names import (
    expect_askable,
    names_of_columns,
    narrowed,
)
from filterlang.backends.frames.partitions import Selection, as_planned, mapped, meta_of
from filterlang.backends.frames.python_rows import records_of
from filterlang.backends.frames.refused import refusal
from filterlang.backends.plan.planner import plan_filters
from filterlang.backends.plan.storage import ListOf, Unknown
from filterlang.backends.used_names import names_of, wanted_columns
from filterlang.checking.parse import filter_set_of
from filterlang.matching.matcher import compile

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.backends.plan.planner import Engine, Plan
    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters


Frame = TypeVar("Frame")


def where(
    frame: Frame,
    filters: Filters,
    schema: Schema | None = None,
    *,
    superset: bool = False,
    strict: bool = True,
) -> Frame:
    """Return the rows of a frame that match, as a frame of the same storage.

    What the engine can say exactly is pushed down to it. Of a frame in memory the matcher checks
    what is left, by itself; a lazy one stays lazy. One of dask does both: each of its partitions is
    a frame in memory, once it is computed.

    Args:
        frame: a DataFrame or LazyFrame of polars, a DataFrame of pandas or of dask, a Table,
            RecordBatch, RecordBatchReader or Dataset of pyarrow, a relation of DuckDB, or a
            DataFrame of PySpark; each row is a record, and each column a dimension of it
            (`location.city` is a column of that name, or a field of a struct). A reader is read
            when the one that is returned is; a Dataset is lazy.
        filters: what `filterlang.compile` takes.
        schema: resolves aliases and types values, as for `filterlang.compile`.
        superset: leave out what the engine can't say exactly, together with the clauses that hold
            of one element with it, and check nothing again: the rows are then more than the
            matching ones.
        strict: a name that neither the columns, with the fields of their structs, nor the schema
            know is an error; else it is missing in all rows. A dimension of the schema that the
            frame lacks is missing, and behind a map or a document any name may stand.

    Raises:
        UnsupportedError: for a lazy frame without `superset`, naming each clause that the engine
            can't say exactly; and for a table of another library, saying what to pass for it.
        SchemaError: if strict, for names that lead nowhere.
        TypeError: for what is no table.
        ValueError: for a name that two columns have, and for one that is the text of a name that is
            no text, as pandas has such; other columns may have any names.
        FilterSyntaxError, LimitError: as `parse` does, where texts are given.

    Example:
        >>> import polars
        >>> users = polars.DataFrame({"name": ["Ada", "Bob"], "score": [7.5, 8.5]})
        >>> where(users, "score~7*")["name"].to_list()
        ['Ada']
    """
    filter_set = filter_set_of(filters)
    meta = meta_of(frame)
    if meta is not None:
        # Names are judged now. Partitions are judged by the types that they have themselves.
        explain_plan(frame, filter_set, schema, strict=strict)
        each = Selection(where, filters=filter_set, schema=schema, superset=superset, strict=False)
        by_partitions: Frame = mapped(frame, each, filter_set, schema)
        return by_partitions
    names = names_of_columns(frame)
    expect_askable(filter_set, names, schema)
    narrow = narrowed(frame, names)
    if narrow is not None:
        kept = where(narrow.frame, filter_set, schema, superset=superset, strict=strict)
        wanted: Frame = narrow.take(kept)
        return wanted
    target = _target(frame)
    engine = _as_read(target.engine, schema)
    planned = plan_filters(filter_set, engine, schema, strict=strict)
    is_left = planned.error is not None and not superset
    if planned.error is not None and is_left and target.is_lazy:
        raise planned.error
    found: Frame = target.select(
        planned.written, lambda: compile(filter_set, schema=schema), is_left
    )
    return found


def explain_plan(
    frame: object,
    filters: Filters,
    schema: Schema | None = None,
    *,
    strict: bool = True,
) -> Plan:
    """Return what of filters is pushed down to a frame's engine, folded, and checked again.

    Args and errors are those of `where`; clauses that a lazy frame can't be asked are no error
    here.

    Example:
        >>> import polars
        >>> frame = polars.LazyFrame({"name": ["Ada", "Bob"], "score": [7.5, 8.5]})
        >>> print(explain_plan(frame, "name~a*;score~7*"))
        polars
        filter 1
          pushed down    name~a*
          checked again  score~7*  (polars writes floating point numbers in its own way)
    """
    filter_set = filter_set_of(filters)
    meta = meta_of(frame)
    shown = frame if meta is None else meta
    names = names_of_columns(shown)
    expect_askable(filter_set, names, schema)
    narrow = narrowed(shown, names)
    target = _target(shown if narrow is None else narrow.frame)
    engine = target.engine if meta is None else as_planned(target.engine, frame)
    engine = _as_read(engine, schema)
    return plan_filters(filter_set, engine, schema, strict=strict).plan


# --- Engines --------------------------------------------------------------------------------------


class _Target(NamedTuple):
    """A frame, and how its engine is spoken to."""

    engine: Engine
    is_lazy: bool
    """Whether its rows are not at hand, to be checked again."""
    select: Callable[[Any, Callable[[], Matcher], bool], Any]
    """Gives the rows that match, of what was written (or what holds of all rows), of what makes the
    matcher, and whether it has to check the rows again.
    """


def _target(frame: Any) -> _Target:
    """Find out whose frame it is."""
    if type(frame).__module__.startswith("pyarrow"):
        found = _arrow(frame)
        if found is not None:
            return found
    wrapped: Any = nw.from_native(frame, pass_through=True)
    known = isinstance(wrapped, nw.DataFrame | nw.LazyFrame)
    make = _TARGETS.get(wrapped.implementation) if known else None
    if make is None:
        raise refusal(nw.to_native(frame, pass_through=True))
    target = make(wrapped, wrapped.to_native())
    if not isinstance(frame, nw.DataFrame | nw.LazyFrame):
        return target

    def select(written: Any, matcher: Callable[[], Matcher], is_left: bool) -> Any:
        return nw.from_native(target.select(written, matcher, is_left))

    return target._replace(select=select)


# Each engine is imported when a frame of it shows that it is there.


def _polars(wrapped: Any, native: Any) -> _Target:
    from filterlang.backends.frames import polars

    return _of_narwhals(wrapped, polars.engine_of(native.collect_schema()), native.filter)


def _duckdb(wrapped: Any, native: Any) -> _Target:
    from filterlang.backends.frames import duckdb

    return _of_narwhals(wrapped, duckdb.engine_of(native), native.filter)


def _spark(wrapped: Any, native: Any) -> _Target:
    from filterlang.backends.frames import spark

    return _of_narwhals(wrapped, spark.engine_of(native.schema, native.sparkSession), native.filter)


def _pandas(native: Any) -> _Target:
    from filterlang.backends.frames import pandas_columns, pandas_rows

    engine = pandas_columns.engine_of(native)

    def select(written: Any, matcher: Callable[[], Matcher], is_left: bool) -> Any:
        found = native if written else native.iloc[:0]
        if not isinstance(written, bool):
            found = pandas_rows.kept(native, written.of(native))
        if not is_left:
            return found
        verdicts = _verdicts(nw.from_native(found), engine, matcher())
        return pandas_rows.kept(found, verdicts) if verdicts else found

    return _Target(engine, is_lazy=False, select=select)


def _of_narwhals(wrapped: Any, engine: Engine, narrow: Callable[[Any], Any]) -> _Target:
    """Return a frame as a target; `narrow` gives the rows for which what was written holds."""

    def select(written: Any, matcher: Callable[[], Matcher], is_left: bool) -> Any:
        if isinstance(written, bool):
            found = wrapped if written else wrapped.head(0)
        else:
            found = nw.from_native(narrow(written))
        if is_left:
            found = _checked(found, engine, matcher())
        return found.to_native()

    return _Target(engine, isinstance(wrapped, nw.LazyFrame), select)


def _arrow(native: Any) -> _Target | None:
    """Return something of pyarrow as a target, or None if it holds no rows."""
    from filterlang.backends.frames import arrow_frames

    found = arrow_frames.target_of(native)
    return None if found is None else _Target(found.engine, found.is_lazy, found.select)


_TARGETS: dict[Any, Callable[[Any, Any], Any]] = {
    nw.Implementation.POLARS: _polars,
    nw.Implementation.DUCKDB: _duckdb,
    nw.Implementation.PYSPARK: _spark,
    nw.Implementation.PYSPARK_CONNECT: _spark,
    nw.Implementation.PANDAS: lambda _wrapped, native: _pandas(native),
    nw.Implementation.PYARROW: lambda _wrapped, native: _arrow(native),
}


def _is_map(name: str, schema: Schema | None) -> bool:
    known = None if schema is None else schema.find(name)
    return known is not None and known.dimension is not None and known.dimension.type == "object"


def _as_read(engine: Engine, schema: Schema | None) -> Engine:
    """Return an engine that leaves to the matcher the lists in which pandas holds maps."""
    if engine.name not in ("pandas", "dask") or schema is None:
        return engine
    maps = {
        name: Unknown("list", "the schema says map, and the column holds lists")
        for name in engine.storages
        if _is_map(name, schema) and isinstance(engine.storages[name], ListOf)
    }
    if not maps:
        return engine
    from filterlang.backends.frames.pandas_types import Fields

    known = engine.storages
    return engine._replace(storages=Fields(known, lambda name: maps.get(name) or known[name]))


# --- What the matcher checks again ----------------------------------------------------------------


def _checked(frame: Any, engine: Engine, matcher: Matcher) -> Any:
    """Keep the rows of a frame in memory that the matcher takes."""
    verdicts = _verdicts(frame, engine, matcher)
    # A filter of narwhals takes no empty list.
    return frame.filter(verdicts) if verdicts else frame


def _verdicts(frame: Any, engine: Engine, matcher: Matcher) -> list[bool]:
    names = wanted_columns(engine.storages, names_of(matcher))
    maps = [name for name in names if _is_map(name, matcher.schema)]
    return [matcher(record) for record in records_of(frame, names, maps)]
