"""Frames of dask, which are frames of pandas in partitions: asked partition by partition, lazily.

They are spoken to directly, as narwhals gives up on them, and each partition has its own types.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from narwhals import dependencies, from_native, to_native

from filterlang.backends.frames.refused import unsupported
from filterlang.backends.used_names import wanted_columns
from filterlang.schema.binding import bind

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import FilterSet


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


def mapped(
    frame: Any, each: Callable[[Any], Any], filters: FilterSet, schema: Schema | None
) -> Any:
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
