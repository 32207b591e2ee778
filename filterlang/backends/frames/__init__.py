"""Filters → the matching rows of data frames of polars, pandas, dask, pyarrow, DuckDB, PySpark.

`where` narrows a frame, `explain_plan` says what its engine does of that, and `to_polars` and
`to_spark` give the condition for anyone's own pipeline. The rows are the matcher's, on every
engine; what one can't say exactly is checked again, or refused. The extras `frames`, `dask`,
`polars` and `spark` bring narwhals and the engines.
"""

from __future__ import annotations

from filterlang.backends.frames.native import to_polars, to_spark
from filterlang.backends.frames.selecting import explain_plan, where
from filterlang.backends.plan.planner import Outcome, Plan, PlanPart

__all__ = ["Outcome", "Plan", "PlanPart", "explain_plan", "to_polars", "to_spark", "where"]
