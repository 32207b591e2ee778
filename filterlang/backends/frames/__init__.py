"""Filters → the matching rows of data frames of polars, pandas, dask, pyarrow, DuckDB, PySpark.

`where` narrows a frame, `explain_plan` says what its engine does of that, and `to_polars` and
`to_spark` give the condition for anyone's own pipeline. The rows are the matcher's, on every
engine; what one can't say exactly is checked again, or refused. The extras `frames`, `dask`,
`polars` and `spark` bring narwhals and the engines.
Each name is loaded when it is first used: files need polars alone, and no narwhals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filterlang.backends.frames.native import to_polars, to_spark
    from filterlang.backends.frames.selecting import explain_plan, where
    from filterlang.backends.plan.planner import Outcome, Plan, PlanPart

__all__ = ["Outcome", "Plan", "PlanPart", "explain_plan", "to_polars", "to_spark", "where"]

_HOMES = {
    "frames.native": ("to_polars", "to_spark"),
    "frames.selecting": ("explain_plan", "where"),
    "plan.planner": ("Outcome", "Plan", "PlanPart"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # To type checkers, there are only the names above.

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            message = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(message)
        value = getattr(__import__(f"filterlang.backends.{_HOME[name]}", fromlist=[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
