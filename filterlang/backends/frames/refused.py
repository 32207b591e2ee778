"""What is no frame that can be asked → an error that says how to come by one.

Everything is known by the modules of its class, so that nothing has to be imported for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from filterlang.diagnostics.diagnostic import Span, class_name
from filterlang.diagnostics.errors import UnsupportedError, diagnose

FRAMES = "polars, pandas, dask, pyarrow, DuckDB or PySpark"


class _Kind(NamedTuple):
    """Tables that aren't asked: where their classes are, whose they are, and the case of FL222."""

    module: str
    engine: str
    case: str


# The first that fits counts.
_KINDS = (
    _Kind("ibis", "Ibis", "ibis"),
    _Kind("modin", "Modin", "modin"),
    _Kind("cudf", "cuDF", "to_pandas or to_arrow"),
    _Kind("datatable", "datatable", "to_pandas or to_arrow"),
    _Kind("snowflake.snowpark", "Snowpark", "to_pandas"),
    _Kind("bigframes", "BigQuery DataFrames", "to_pandas"),
    _Kind("vaex", "Vaex", "vaex"),
    _Kind("xarray", "xarray", "xarray"),
    _Kind("pyspark.pandas", "pandas on Spark", "pandas on spark"),
    _Kind("sqlframe", "SQLFrame", "sqlframe"),
    _Kind("daft", "Daft", "daft"),
    _Kind("datasets", "datasets", "datasets"),
)


def refusal(found: object) -> Exception:
    """Build the error to raise for what isn't a frame that can be asked."""
    name = type(found).__name__
    # What belongs to a frame has a remedy of its own, whoever made it.
    if not _is_part(name):
        for kind in _KINDS:
            if is_of(found, kind.module):
                return unsupported(kind.engine, kind.case)
    remedy = _remedy(found, name)
    message = f"expected a frame of {FRAMES}, found {class_name(found)}"
    return TypeError(f"{message}; {remedy}" if remedy else message)


def unsupported(engine: str, case: str) -> UnsupportedError:
    """Build the error for a frame of an engine that isn't asked; `case` is that of the hint."""
    found = diagnose("FL222", Span(0, 0), source_index=None, case=case, engine=engine)
    return UnsupportedError([found])


def is_of(found: object, module: str) -> bool:
    """Return whether a class of what was found comes from a module, or from one within it."""
    return any(f"{one.__module__}.".startswith(f"{module}.") for one in type(found).__mro__)


def _is_part(name: str) -> bool:
    """Return whether a class of this name is a part of a frame."""
    return name.endswith(("Series", "Column", "Scalar", "DataArray")) or _is_grouped(name)


def _is_grouped(name: str) -> bool:
    return "GroupBy" in name or name.startswith("Grouped")


def _remedy(found: object, name: str) -> str:
    """Say what to do with what is no frame."""
    match found:
        case str() | bytes():
            return "files are read by filterlang.backends.files.read"
        case Mapping():
            return (
                "a record is matched by filterlang.matches, and columns become a frame by"
                " polars.DataFrame(columns)"
            )
        case _ if _is_grouped(name):
            return "filter the frame before it is grouped"
        case _ if name.endswith("Series"):
            return "a column alone has no names to ask for; pass its frame, or 'series.to_frame()'"
        case _ if name == "DataArray":
            return "pass 'array.to_dataframe(name)'"
        case _ if name.endswith(("Array", "Column", "Scalar")) and not is_of(found, "dask"):
            return "a column alone has no names to ask for; pass its frame"
        case _ if is_of(found, "sqlalchemy"):
            return "databases are asked by filterlang.backends.sql.where"
        case _ if is_of(found, "dask"):
            return "pass a frame of dask.dataframe, as 'to_dataframe()' of a bag gives"
        case _ if is_of(found, "numpy"):
            return "pass 'pandas.DataFrame(array)', with names for the columns"
        case _ if hasattr(found, "__iter__"):
            return "records are matched by filterlang.compile(filters).filter(records)"
        case _:
            return ""
