"""What the tests of frames need: narwhals and the engines, of which all but Spark are quick."""

from __future__ import annotations

from tests.support.engines import need

need("narwhals", "frames")
need("polars", "polars")
need("pyarrow", "files")
need("dask", "dask")
for name in ("duckdb", "pandas"):
    need(name, "dev")
