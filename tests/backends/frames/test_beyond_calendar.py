"""Times beyond the years 1 to 9999, which engines hold and Python's calendar lacks."""

from __future__ import annotations

from datetime import date

import pytest

import filterlang as fl
from tests.support.engines import need

for package in ("duckdb", "pandas", "polars", "pyarrow"):
    need(package, "frames")

import duckdb  # noqa: E402 — what it needs is asked for first
import narwhals as nw  # noqa: E402 — as above
import pandas as pd  # noqa: E402 — as above
import polars as pl  # noqa: E402 — as above
import pyarrow as pa  # noqa: E402 — as above
from pyarrow import feather, parquet  # noqa: E402 — as above

from filterlang.backends import frames  # noqa: E402 — as above
from filterlang.backends.arrow_values import python_values  # noqa: E402 — as above
from filterlang.backends.files import copy, read  # noqa: E402 — as above
from filterlang.backends.frames import python_rows  # noqa: E402 — as above
from filterlang.semantics.instants import Instant  # noqa: E402 — as above

YEAR_10000 = 253_402_300_800_000_000
TIMES = [0, YEAR_10000, None, -YEAR_10000, YEAR_10000 - 1, -62_135_596_800_000_000]
DAYS = [None if time is None else time // 86_400_000_000 for time in TIMES]
TABLE = pa.table(
    {
        "id": range(len(TIMES)),
        "time": pa.array(TIMES, pa.timestamp("us")),
        "zoned": pa.array(TIMES, pa.timestamp("us", "UTC")),
        "day": pa.array(DAYS, pa.date32()),
        "times": pa.array([[time] for time in TIMES], pa.list_(pa.timestamp("us"))),
        "at": pa.array(
            [{"time": time} for time in TIMES], pa.struct([("time", pa.timestamp("us"))])
        ),
    }
)
RECORDS = [
    dict(zip(TABLE.column_names, row, strict=True))
    for row in zip(*map(python_values, TABLE.columns), strict=True)
]
FILTERS = [
    form.replace("{}", name)
    for name in ("time", "zoned", "day", "times", "at.time")
    for form in (
        "{}>2000-01-01", "{}<2000-01-01", "{}==", "{}!=", "{}~*", "{}!~*", "{}!~1*",
        "{}==253402300800000", "{}!=253402300800000", "{}>=253402300800000", "{}<253402300800001",
        "{}>-253402300800001", "{}>=9999-12-31;{}!~9*",
    )
]  # fmt: skip  # the forms side by side
ENGINES = {
    "polars": pl.from_arrow,
    "lazy polars": lambda table: pl.from_arrow(table).lazy(),
    "pyarrow": lambda table: table,
    "pandas": lambda table: table.select(["id", "time", "day"]).to_pandas(
        date_as_object=False, coerce_temporal_nanoseconds=False
    ),
    "pandas on Arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
    "DuckDB": duckdb.from_arrow,
}


def ids(frame):
    if isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    if isinstance(frame, pd.DataFrame):
        return frame["id"].tolist()
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return sorted(one for (one,) in frame.select("id").fetchall())
    return frame["id"].to_pylist() if isinstance(frame, pa.Table) else frame["id"].to_list()


def expected(text):
    return [record["id"] for record in RECORDS if fl.matches(text, record)]


def test_the_values():
    assert RECORDS[1] == {
        "id": 1,
        "time": Instant(YEAR_10000),
        "zoned": Instant(YEAR_10000),
        "day": Instant(YEAR_10000),
        "times": [Instant(YEAR_10000)],
        "at": {"time": Instant(YEAR_10000)},
    }
    assert expected("time>2000-01-01") == [1, 4]
    assert expected("time~*") == [0, 4, 5]


@pytest.mark.parametrize("engine", ENGINES)
def test_frames(engine):
    frame = ENGINES[engine](TABLE)
    refused = 0
    for text in FILTERS:
        if (engine == "pandas" and not text.startswith(("time", "day"))) or "times" in text:
            continue
        try:
            found = ids(frames.where(frame, text))
        except fl.UnsupportedError:
            refused += 1
            continue
        assert found == expected(text), text
    assert refused == 0 or engine in {"lazy polars", "DuckDB"}


@pytest.mark.parametrize(
    ("name", "write"),
    [("times.parquet", parquet.write_table), ("times.feather", feather.write_feather)],
)
def test_files(name, write, tmp_path):
    write(TABLE, tmp_path / name)
    for text in FILTERS:
        found = [one["id"] for one in read(tmp_path / name, text)]
        assert found == expected(text), text


def test_they_are_written_as_text(tmp_path):
    parquet.write_table(TABLE.select(["id", "time"]), tmp_path / "times.parquet")
    for name, lines in {
        "out.jsonl": [
            '{"id":1,"time":"+10000-01-01T00:00:00Z"}',
            '{"id":3,"time":"-6060-01-02T00:00:00Z"}',
        ],
        "out.csv": ["id,time", "1,+10000-01-01T00:00:00Z", "3,-6060-01-02T00:00:00Z"],
    }.items():
        copy("time!~*;time!=", tmp_path / "times.parquet", tmp_path / name)
        assert (tmp_path / name).read_text().splitlines() == lines


def test_days_in_milliseconds():
    assert python_values(pa.array([0, YEAR_10000 // 1000], pa.date64()))[1] == Instant(YEAR_10000)


def test_polars_without_pyarrow(monkeypatch):
    series = nw.from_native(pl.Series([date(2024, 1, 31), None]), series_only=True)
    monkeypatch.setattr(python_rows, "python_values", missing_package)
    assert list(python_rows.records_of(series.alias("day").to_frame(), ["day"])) == [
        {"day": date(2024, 1, 31)},
        {"day": None},
    ]


def missing_package(_column):
    raise ModuleNotFoundError


def test_zones_may_reach_beyond_what_nanoseconds_count():
    ends = [2**63 - 1, -(2**63) + 1, 0, None]
    column = pa.array(ends, pa.timestamp("ns", "Europe/Paris"))
    frame = pa.table({"id": range(4), "time": column}).to_pandas()
    for text, expected in {
        "time~2262-04-11T23:47:16.854775z": [0],
        "time~1677*": [1],
        "time!~1*": [0, 3],
        "time>2000-01-01": [0],
        "time<=1677-09-22": [1],
    }.items():
        assert list(frames.where(frame, text)["id"]) == expected, text
