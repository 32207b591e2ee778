"""Filters → expressions of one engine, for people's own pipelines: `to_polars` and `to_spark`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.frames.column_names import expect_askable
from filterlang.backends.plan.conditions import Constant
from filterlang.backends.plan.planner import plan_filters
from filterlang.checking.parse import filter_set_of
from filterlang.diagnostics.missing_packages import needed

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl
    import pyspark.sql
    from pyspark.sql.types import StructType

    from filterlang.backends.plan.planner import Engine
    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters


def to_polars(
    filters: Filters,
    columns: Mapping[str, Any] | pl.DataFrame | pl.LazyFrame,
    schema: Schema | None = None,
    *,
    superset: bool = False,
    strict: bool = True,
) -> pl.Expr:
    """Return filters as an expression of polars, which is true or false of every row, never null.

    Args:
        filters: what `filterlang.compile` takes.
        columns: the schema of the frame that the expression is for (a mapping of names to types),
            or such a frame.
        schema: as for `where`.
        superset: as for `where`.
        strict: as for `where`.

    Raises:
        UnsupportedError: without `superset`, naming each clause that polars can't say exactly.
        SchemaError, FilterSyntaxError, LimitError: as `where` does.

    Example:
        >>> import polars
        >>> users = polars.DataFrame({"name": ["Ada", "Bob"], "score": [7, 8]})
        >>> matches = to_polars("score>7.5", users.schema)
        >>> users.with_columns(good=matches)["good"].to_list()
        [False, True]
    """
    with needed("to_polars", "polars", "polars"):
        from filterlang.backends.frames import polars

    known: Any = columns
    known = known.collect_schema() if hasattr(known, "collect_schema") else known
    engine = polars.engine_of(known)
    return _written(engine, filters, schema, superset=superset, strict=strict)


def to_spark(
    filters: Filters,
    columns: StructType | pyspark.sql.DataFrame,
    schema: Schema | None = None,
    *,
    superset: bool = False,
    strict: bool = True,
) -> pyspark.sql.Column:
    """Return filters as a column of PySpark, which is true or false of every row, never null.

    Only functions of Spark itself are used, no Python ones; Spark Connect takes it as well. A
    session has to be there.

    Args:
        filters: what `filterlang.compile` takes.
        columns: the schema of the frame that the column is for, or such a frame.
        schema: as for `where`.
        superset: as for `where`.
        strict: as for `where`.

    Raises:
        UnsupportedError: without `superset`, naming each clause that Spark can't say exactly.
        SchemaError, ValueError, FilterSyntaxError, LimitError: as `where` does.

    Example:
        >>> from pyspark.sql import SparkSession
        >>> spark = SparkSession.builder.getOrCreate()
        >>> users = spark.createDataFrame([("Ada", 7), ("Bob", 8)], "name string, score int")
        >>> users.where(to_spark("score>7.5", users.schema)).collect()
        [Row(name='Bob', score=8)]
    """
    with needed("to_spark", "spark", "pyspark"):
        from filterlang.backends.frames import spark

    known: Any = getattr(columns, "schema", columns)
    expect_askable(filter_set_of(filters), [field.name for field in known.fields], schema)
    engine = spark.engine_of(known, getattr(columns, "sparkSession", None))
    return _written(engine, filters, schema, superset=superset, strict=strict)


def _written(engine: Engine, filters: Filters, schema: Schema | None, **options: bool) -> Any:
    strict, superset = options["strict"], options["superset"]
    planned = plan_filters(filter_set_of(filters), engine, schema, strict=strict)
    if planned.error is not None and not superset:
        raise planned.error
    if isinstance(planned.written, bool):
        return engine.write(Constant(planned.written))
    return planned.written
