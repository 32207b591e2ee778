"""Frames of dask, which are frames of pandas in partitions: asked partition by partition, lazily.

They are spoken to directly, as narwhals gives up on them, and each partition has its own types. A
plan goes by what can be known without computing anything.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from narwhals import dependencies, from_native, to_native

from filterlang.backends.frames.refused import unsupported
from filterlang.backends.plan.storage import Unknown
from filterlang.backends.used_names import wanted_columns
from filterlang.schema.binding import bind

if TYPE_CHECKING:
    from filterlang.backends.plan.planner import Engine
    from filterlang.backends.plan.storage import Storage
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import FilterSet


class Selection(partial[Any]):
    """What keeps some rows of a partition as they are."""


def meta_of(frame: object) -> Any | None:
    """Return the frame without rows that shows the columns of one of dask; None for others.

    Raises:
        UnsupportedError: if the partitions aren't frames of pandas.
    """
    native: Any = to_native(frame, pass_through=True)
    dask: Any = sys.modules.get("dask.dataframe")
    if dask is None or not isinstance(native, dask.DataFrame):
        return None
    meta = dask.dispatch.make_meta(native)
    if not dependencies.is_pandas_dataframe(meta):
        engine = "dask whose partitions aren't those of pandas"
        raise unsupported(engine, "dask")
    return meta


def mapped(frame: Any, each: Selection, filters: FilterSet, schema: Schema | None) -> Any:
    """Return a frame of dask with those rows of each partition that `each` selects by filters."""
    native: Any = to_native(frame, pass_through=True)
    columns = [name for name in native.columns if isinstance(name, str)]
    paths = dict.fromkeys(bind(clause, schema).path for filter_ in filters for clause in filter_)
    kept = native.map_partitions(
        each,
        meta=meta_of(native),
        # Partitions may differ from what is known of them, and stay as they are.
        enforce_metadata=False,
        # Of files only those columns are read that the filters or somebody later needs.
        required_columns=wanted_columns(columns, paths),
    )
    return kept if native is frame else from_native(kept)


# --- What is known before anything is computed ----------------------------------------------------

_OBJECTS = Unknown("object", "each partition is asked by what its objects are, once it is computed")


def as_planned(engine: Engine, frame: object) -> Engine:
    """Return the engine of the frame without rows, with what is known of the objects of all.

    What objects are is known only if they lie in memory, as those of `dask.dataframe.from_pandas`
    do, and rows were only selected since.
    """
    from filterlang.backends.frames.pandas_types import Fields, storage_of

    meta: Any = meta_of(frame)
    held = _in_memory(to_native(frame, pass_through=True).expr)

    def known(name: str) -> Storage:
        if meta[name].dtype != "object":
            return engine.storages[name]
        return _OBJECTS if held is None else storage_of(held.get(name))

    return engine._replace(name="dask", storages=Fields(engine.storages, known))


def _in_memory(expression: Any) -> Any | None:
    """Return what holds the frame of pandas of which the rows of an expression are some."""
    from dask.dataframe.dask_expr import _expr, io

    # Their types are not known here.
    expr: Any = _expr
    from_pandas: Any = io.FromPandas
    selects = (expr.Projection, expr.Filter, expr.Partitions, expr.Head, expr.Tail)
    while not isinstance(expression, from_pandas):
        is_ours = isinstance(expression, expr.MapPartitions) and isinstance(
            expression.operand("func"), Selection
        )
        if not is_ours and not isinstance(expression, selects):
            return None
        expression = expression.frame
    # It passes on what it is asked to the frame of pandas that it holds.
    return expression.frame
