"""What is no frame that can be asked: the error says what to pass for it."""

from __future__ import annotations

import sys

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import sqlalchemy as sa

from filterlang import UnsupportedError
from filterlang.backends.frames import explain_plan, where
from tests.backends.frames.engines import ids, to_dask
from tests.support.engines import need

RECORDS = "records are matched by filterlang.compile(filters).filter(records)"
RECORD = (
    "a record is matched by filterlang.matches, and columns become a frame by"
    " polars.DataFrame(columns)"
)
COLUMN = "a column alone has no names to ask for; pass its frame"
SERIES = f"{COLUMN}, or 'series.to_frame()'"
IBIS = (
    "pass 'table.to_polars()', or what 'table.to_pyarrow_batches()' gives; with DuckDB behind it,"
    " 'backend.con.sql(ibis.to_sql(table))' is a relation, which stays lazy"
)
GROUPED = "filter the frame before it is grouped"
PANDAS = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
TABLE = pa.Table.from_pandas(PANDAS)


def of(module, name="DataFrame", base=object):
    """Give an object of a class that looks as if it came from a module."""
    return type(name, (base,), {"__module__": module})()


def refusal(found, kind):
    """Give the message; it is the same for the plan, and whatever the options are."""
    messages = set()
    for ask in (
        where,
        explain_plan,
        lambda *some: where(*some, superset=True),
        lambda *some: where(*some, strict=False),
    ):
        with pytest.raises(kind) as caught:
            ask(found, "a==1")
        messages.add(str(caught.value))
    (message,) = messages
    return message


@pytest.mark.parametrize(
    ("found", "name", "remedy"),
    [
        (None, "NoneType", ""),
        (1, "int", ""),
        ("users.parquet", "str", "files are read by filterlang.backends.files.read"),
        (b"users", "bytes", "files are read by filterlang.backends.files.read"),
        ({"a": [1]}, "dict", RECORD),
        ([{"a": 1}], "list", RECORDS),
        (({"a": one} for one in ()), "generator", RECORDS),
        (pl.Series([1]), "Series", SERIES),
        (nw.from_native(pl.Series([1]), series_only=True), "Series", SERIES),
        (PANDAS["a"], "Series", SERIES),
        (to_dask(TABLE)["a"], "Series", SERIES),
        (of("modin.pandas.series", "Series"), "Series", SERIES),
        (of("ibis.expr.types.numeric", "IntegerColumn"), "IntegerColumn", COLUMN),
        (TABLE["a"], "ChunkedArray", COLUMN),
        (PANDAS.groupby("a"), "DataFrameGroupBy", GROUPED),
        (pl.from_arrow(TABLE).group_by("a"), "GroupBy", GROUPED),
        (pl.from_arrow(TABLE).lazy().group_by("a"), "LazyGroupBy", GROUPED),
        (to_dask(TABLE).groupby("a"), "GroupBy", GROUPED),
        (of("ibis.expr.types.groupby", "GroupedTable"), "GroupedTable", GROUPED),
        (of("pyspark.sql.group", "GroupedData"), "GroupedData", GROUPED),
        (of("xarray.core.dataarray", "DataArray"), "DataArray", "pass 'array.to_dataframe(name)'"),
        (
            of("dask.array.core", "Array"),
            "Array",
            "pass a frame of dask.dataframe, as 'to_dataframe()' of a bag gives",
        ),
        (np.zeros(3), "ndarray", "pass 'pandas.DataFrame(array)', with names for the columns"),
        (
            sa.table("users", sa.column("a")),
            "TableClause",
            "databases are asked by filterlang.backends.sql.where",
        ),
    ],
)
def test_what_is_no_table_is_a_type_error(found, name, remedy):
    message = f"expected a frame of polars, pandas, dask, pyarrow, DuckDB or PySpark, found {name}"
    assert refusal(found, TypeError) == (f"{message}; {remedy}" if remedy else message)


@pytest.mark.parametrize(
    ("module", "engine", "way"),
    [
        (
            "ibis.expr.types.relations",
            "Ibis",
            IBIS,
        ),
        (
            "modin.pandas.dataframe",
            "Modin",
            "pass 'frame.modin.to_pandas()', in older versions 'frame._to_pandas()'",
        ),
        ("cudf.core.dataframe", "cuDF", "pass 'frame.to_pandas()' or 'frame.to_arrow()'"),
        ("datatable", "datatable", "pass 'frame.to_pandas()' or 'frame.to_arrow()'"),
        ("snowflake.snowpark.dataframe", "Snowpark", "pass 'frame.to_pandas()'"),
        ("bigframes.dataframe", "BigQuery DataFrames", "pass 'frame.to_pandas()'"),
        ("vaex.dataframe", "Vaex", "pass 'frame.to_arrow_table()'"),
        (
            "xarray.core.dataset",
            "xarray",
            "pass 'dataset.to_dataframe()', or 'dataset.to_dask_dataframe()', which stays lazy",
        ),
        (
            "pyspark.pandas.frame",
            "pandas on Spark",
            "pass 'frame.to_spark()', which stays lazy",
        ),
        ("sqlframe.duckdb.dataframe", "SQLFrame", "pass 'frame.toPandas()'"),
        ("daft.dataframe.dataframe", "Daft", "pass 'frame.to_arrow()'"),
        (
            "datasets.arrow_dataset",
            "datasets",
            "pass 'dataset.to_polars()' or 'dataset.to_pandas()'",
        ),
    ],
)
def test_tables_of_other_libraries_are_refused_with_what_to_pass(module, engine, way):
    expected = f"error[FL222]: tables of {engine} can't be asked themselves\nhint: {way}"
    before = set(sys.modules)
    found = of(module)
    assert refusal(found, UnsupportedError) == expected
    # Those of somebody's own class are known too.
    assert refusal(of("mine", "Mine", type(found)), UnsupportedError) == expected
    assert set(sys.modules) == before
    with pytest.raises(TypeError):
        where(of(f"{module.partition('.')[0]}ish"), "a==1")


# Ibis reads what DuckDB found by an old name.
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
@pytest.mark.slow
def test_what_is_passed_for_a_table_of_ibis_is_asked():
    ibis = need("ibis", "dev")
    backend = ibis.duckdb.connect()
    backend.con.execute("create table users as values (1, 'x'), (2, 'y')")
    table = backend.table("users").rename(a="col0", b="col1")
    for one in (table, nw.from_native(table), ibis.memtable(TABLE), table.filter(table.a > 0)):
        assert "tables of Ibis can't be asked" in refusal(one, UnsupportedError)
    assert COLUMN in refusal(table.a, TypeError)
    assert GROUPED in refusal(table.group_by("a"), TypeError)
    assert where(table.to_polars(), "b==Y")["a"].to_list() == [2]
    relation = backend.con.sql(ibis.to_sql(table))
    assert where(relation, "b==Y").fetchall() == [(2, "y")]


def test_frames_of_classes_made_of_those_of_pandas_are_taken():
    class GeoDataFrame(pd.DataFrame):
        """As geopandas has one."""

        @property
        def _constructor(self):
            return GeoDataFrame

    frame = GeoDataFrame({"id": [0, 1], "at": [object(), None]})
    found = where(frame, "id==0;at!=")
    assert type(found) is GeoDataFrame
    assert ids(found) == [0]
