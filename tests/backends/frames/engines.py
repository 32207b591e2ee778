"""The corpus as a frame of each engine, and the rows of a frame as their numbers."""

from __future__ import annotations

import dask
import dask.dataframe
import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa

from tests.backends.frames.corpus import TABLE

CONNECTION = duckdb.connect()


def to_duckdb(table):
    return CONNECTION.from_arrow(table)


def to_numpy_pandas(table):
    """Give a frame whose columns are NumPy's, with integers that may be missing."""
    frame = table.to_pandas()
    nullable = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.int8(): pd.Int8Dtype()}
    for field in table.schema:
        if field.type in nullable:
            column = table.select([field.name]).to_pandas(types_mapper=nullable.get)
            frame[field.name] = column[field.name]
    return frame


def to_arrow_pandas(table):
    return table.to_pandas(types_mapper=pd.ArrowDtype)


def to_dask(table, partitions=2):
    """Give a frame of partitions of pandas whose texts stay as they are, as do lists and dicts."""
    with dask.config.set({"dataframe.convert-string": False}):
        return dask.dataframe.from_pandas(to_numpy_pandas(table), npartitions=partitions)


IN_MEMORY = {
    "polars": pl.from_arrow,
    "pyarrow": lambda table: table,
    "pandas": to_numpy_pandas,
    "pandas on Arrow": to_arrow_pandas,
    # It is lazy, but its partitions are not, so that it refuses nothing either.
    "dask": to_dask,
}
LAZY = {
    "lazy polars": lambda table: pl.from_arrow(table).lazy(),
    "DuckDB": to_duckdb,
}
ENGINES = IN_MEMORY | LAZY
FRAMES = {name: make(TABLE) for name, make in ENGINES.items()}


def ids(frame):
    """Give the numbers of the rows of a frame."""
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return [row[0] for row in frame.select("id").fetchall()]
    if isinstance(frame, pl.LazyFrame):
        frame = frame.select("id").collect()
    if isinstance(frame, dask.dataframe.DataFrame):
        frame = frame.compute(scheduler="synchronous")
    return nw.from_native(frame)["id"].to_list()
