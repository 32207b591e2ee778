"""The tables of the pages about frames: what of each type of column an engine is asked itself.

`python -m tests.tools.write_frames_tables` writes them into the pages; tests prove them current.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import dask
import dask.dataframe
import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

import filterlang as fl
from filterlang.backends.frames import arrow_compute, pandas_columns
from filterlang.backends.frames import duckdb as duckdb_engine
from filterlang.backends.frames import polars as polars_engine
from filterlang.backends.frames.partitions import as_planned, meta_of
from filterlang.backends.plan.planner import plan_filters

FOLDER = Path(__file__).parents[2] / "docs" / "how-to"
START, END = "<!-- pushdown: generated -->\n", "<!-- /pushdown -->\n"

ASKED = {
    "`==` `!=`": "v==1",
    "order": "v>1",
    "patterns": "v~*ab*",
    "patterns with `?` or several texts": "v~*a?b*",
    "empty": "v==",
}
KEYS = {what: f"v.x{text[1:]}" for what, text in ASKED.items()}
GROUP = KEYS | {"clauses of one element": "v.x==1;v.y!=2"}

POINT = pl.Struct({"x": pl.Int64, "y": pl.String})
POLARS = {
    "`String`": (pl.String, ASKED),
    "`Categorical`, `Enum`": (pl.Enum(["a"]), ASKED),
    "integers to 64 bits": (pl.Int64, ASKED),
    "`Int128`": (pl.Int128, ASKED),
    "`Float32`, `Float64`": (pl.Float64, ASKED),
    "`Decimal`": (pl.Decimal(38, 2), ASKED),
    "`Boolean`": (pl.Boolean, ASKED),
    "`Date`": (pl.Date, ASKED),
    "`Datetime` of any unit and zone": (pl.Datetime("ns", "Europe/Paris"), ASKED),
    "`Struct`": (POINT, KEYS),
    "`List`, `Array` of text": (pl.List(pl.String), ASKED),
    "`List`, `Array` of structs": (pl.List(POINT), GROUP),
    "`Map` of text": (pl.Map(pl.String, pl.String), KEYS),
    "`Object`": (pl.Object, ASKED),
}
DUCKDB = {
    "`VARCHAR`": ("VARCHAR", ASKED),
    "`ENUM`": ("ENUM('a')", ASKED),
    "integers to 64 bits": ("UBIGINT", ASKED),
    "`HUGEINT`, `UHUGEINT`": ("HUGEINT", ASKED),
    "`FLOAT`, `DOUBLE`": ("DOUBLE", ASKED),
    "`DECIMAL`": ("DECIMAL(38, 10)", ASKED),
    "`BOOLEAN`": ("BOOLEAN", ASKED),
    "`DATE`": ("DATE", ASKED),
    "`TIMESTAMP`, `TIMESTAMPTZ`": ("TIMESTAMPTZ", ASKED),
    "`TIMESTAMP_NS`": ("TIMESTAMP_NS", ASKED),
    "`UUID`": ("UUID", ASKED),
    "`STRUCT`": ("STRUCT(x BIGINT, y VARCHAR)", KEYS),
    "lists, arrays of text": ("VARCHAR[]", ASKED),
    "lists, arrays of structs": ("STRUCT(x BIGINT, y VARCHAR)[]", GROUP),
    "`MAP` with text as keys": ("MAP(VARCHAR, VARCHAR)", KEYS),
    "`MAP` with other keys": ("MAP(INTEGER, VARCHAR)", KEYS),
    "`BLOB`, `TIME`, `TIMETZ`, `INTERVAL`": ("BLOB", ASKED),
    "`JSON`": ("JSON", ASKED),
    "`UNION`, `BIT`, `BIGNUM`, `VARIANT`": ("UNION(n INTEGER)", ASKED),
}
SPARK = {
    "`string`": ("string", ASKED),
    "`char(n)`, `varchar(n)`": ("char(3)", ASKED),
    "`string` of another collation": ("string collate utf8_lcase", ASKED),
    "`tinyint` to `bigint`": ("bigint", ASKED),
    "`float`, `double`": ("double", ASKED),
    "`decimal` with up to 6 digits after the point": ("decimal(38, 6)", ASKED),
    "`decimal` with more of them": ("decimal(38, 7)", ASKED),
    "`boolean`": ("boolean", ASKED),
    "`date`": ("date", ASKED),
    "`timestamp`, `timestamp_ntz`": ("timestamp", ASKED),
    "`struct`": ("struct<x bigint, y string>", KEYS),
    "`array` of text": ("array<string>", ASKED),
    "`array` of structs": ("array<struct<x bigint, y string>>", GROUP),
    "`map` with text as keys": ("map<string, string>", KEYS),
    "`variant`, `map` with other keys": ("map<int, string>", KEYS),
}
ARROW = {
    "text, also large and as views": (pa.string_view(), ASKED),
    "dictionaries of text": (pa.dictionary(pa.int32(), pa.string()), ASKED),
    "integers": (pa.uint64(), ASKED),
    "`halffloat`, `float`, `double`": (pa.float64(), ASKED),
    "`decimal128` with up to 6 digits after the point": (pa.decimal128(38, 6), ASKED),
    "`decimal128` with more of them": (pa.decimal128(38, 7), ASKED),
    "other decimals, negative scales": (pa.decimal128(38, -1), ASKED),
    "`bool`": (pa.bool_(), ASKED),
    "`date32`": (pa.date32(), ASKED),
    "`date64`": (pa.date64(), ASKED),
    "timestamps of any unit and zone": (pa.timestamp("ns", "Europe/Paris"), ASKED),
    "UUIDs": (pa.uuid(), ASKED),
    "structs": (pa.struct([("x", pa.int64()), ("y", pa.string())]), KEYS),
    "maps with `string` as keys": (pa.map_(pa.string(), pa.string()), KEYS),
    "maps with other keys": (pa.map_(pa.int64(), pa.string()), KEYS),
    "lists of text": (pa.list_(pa.string()), ASKED),
    "unions, run-end-encoded, other extension types": (
        pa.run_end_encoded(pa.int32(), pa.string()),
        ASKED,
    ),
}
PANDAS = {
    "`str`, `string`": (pd.Series(["a"], dtype="string[python]"), ASKED),
    "`category` of any of these": (pd.Series(["a"], dtype="category"), ASKED),
    "integers, also nullable": (pd.Series([1], dtype="Int64"), ASKED),
    "`float16` to `float64`, `Float64`": (pd.Series([1.5]), ASKED),
    "`bool`, `boolean`": (pd.Series([True], dtype="boolean"), ASKED),
    "`datetime64` of any unit and zone": (pd.Series([pd.Timestamp(0, tz="UTC")]), ASKED),
    "`timedelta64`": (pd.Series([pd.Timedelta(1)]), ASKED),
    "`object`: texts": (pd.Series(["a"], dtype="object"), ASKED),
    "`object`: integers": (pd.Series([10**30], dtype="object"), ASKED),
    "`object`: integers and floating point numbers": (pd.Series([1, 1.5], dtype="object"), ASKED),
    "`object`: decimals": (pd.Series([Decimal("1.50")]), ASKED),
    "`object`: truth values": (pd.Series([True, None], dtype="object"), ASKED),
    "`object`: dates": (pd.Series([date(2024, 1, 31)]), ASKED),
    "`object`: dates and times": (
        pd.Series([datetime(1, 1, 1, tzinfo=UTC)], dtype="object"),
        ASKED,
    ),
    "`object`: UUIDs": (pd.Series([UUID(int=0)]), ASKED),
    "`object`: bytes": (pd.Series([b"a"]), ASKED),
    "`object`: lists, arrays": (pd.Series([["a"], np.array(["a"], "object")]), ASKED),
    "`object`: dicts": (pd.Series([{"x": 1, "y": "a"}]), KEYS),
    "`object`: lists of dicts": (pd.Series([[{"x": 1, "y": "a"}]]), GROUP),
    "`object`: nulls alone": (pd.Series([None], dtype="object"), ASKED),
    "`object`: values of several kinds": (pd.Series([1, "a"], dtype="object"), ASKED),
    "`interval`, `period`, `Sparse`, `complex`": (pd.Series([1], dtype="Sparse[int]"), ASKED),
    "`ArrowDtype` of scalars": (pd.Series([1], dtype=pd.ArrowDtype(pa.int64())), ASKED),
    "`ArrowDtype` of lists, structs, maps": (
        pd.Series([[{"x": 1, "y": "a"}]], dtype=pd.ArrowDtype(pa.list_(ARROW["structs"][0]))),
        GROUP,
    ),
}


def row(name, engine, asked):
    """Say what of a column is asked of the engine itself."""
    left = [
        what
        for what, text in asked.items()
        if not plan_filters(fl.parse(text), engine, None).plan.is_whole
    ]
    if not left:
        return f"| {name} | all |"
    if {"patterns", "patterns with `?` or several texts"} <= set(left):
        left.remove("patterns with `?` or several texts")
        asked = {what: text for what, text in asked.items() if "?" not in what}
    return f"| {name} | {'nothing' if len(left) == len(asked) else 'all but ' + ', '.join(left)} |"


def table(engines):
    lines = ["| column | asked of the engine |", "|---|---|"]
    lines += [row(name, engine, asked) for name, (engine, asked) in engines.items()]
    return "\n".join(lines) + "\n"


def polars_table():
    return table(
        {
            name: (polars_engine.engine_of({"v": type_}), asked)
            for name, (type_, asked) in POLARS.items()
        }
    )


def duckdb_table():
    with duckdb.connect() as connection:
        return table(
            {
                name: (duckdb_engine.engine_of(connection.sql(f"select null::{type_} as v")), asked)
                for name, (type_, asked) in DUCKDB.items()
            }
        )


def pyarrow_table():
    return table(
        {
            name: (arrow_compute.engine_of(pa.schema({"v": type_})), asked)
            for name, (type_, asked) in ARROW.items()
        }
    )


def pandas_table():
    return table(
        {
            name: (pandas_columns.engine_of(pd.DataFrame({"v": series})), asked)
            for name, (series, asked) in PANDAS.items()
        }
    )


def dask_table():
    """Make the table of frames that aren't in memory, as those of files aren't."""

    def engine(series):
        frame = dask.dataframe.from_map(lambda _: None, [0], meta=pd.DataFrame({"v": series}))
        return as_planned(pandas_columns.engine_of(meta_of(frame)), frame)

    with dask.config.set({"dataframe.convert-string": False}):
        return table({name: (engine(series), asked) for name, (series, asked) in PANDAS.items()})


def spark_table():
    """Make the table of Spark, of which a session has to be there."""
    from pyspark.sql.types import StructType

    from filterlang.backends.frames import spark as spark_engine

    return table(
        {
            name: (spark_engine.engine_of(StructType.fromDDL(f"v {type_}")), asked)
            for name, (type_, asked) in SPARK.items()
        }
    )


PAGES = {
    "match-in-polars.md": polars_table,
    "match-in-duckdb.md": duckdb_table,
    "match-in-dask.md": dask_table,
    "match-in-pandas.md": pandas_table,
    "match-in-pyarrow.md": pyarrow_table,
}
SPARK_PAGE = "match-in-spark.md"


def current(name, made):
    """Give a page as it is, and as it should be with the table that was made."""
    page = (FOLDER / name).read_text(encoding="utf-8")
    before, _, rest = page.partition(START)
    return page, f"{before}{START}\n{made}\n{END}{rest.partition(END)[2]}"


def write(name, made):
    (FOLDER / name).write_text(current(name, made)[1], encoding="utf-8")


if __name__ == "__main__":
    from tests.backends.frames.test_spark import session

    for page_name, make in PAGES.items():
        write(page_name, make())
    with session():
        write(SPARK_PAGE, spark_table())
