"""Instants that Python's calendar lacks: the same rows in every engine, in memory and from files.

What is expected comes from the naive oracle, of records that are made of the counts themselves.
"""

from itertools import product

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import filterlang as fl
from filterlang.backends.frames import where
from filterlang.semantics.instants import EPOCH, instant_of, moment_of
from tests.support import oracle

UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}
YEAR_1, YEAR_10000 = -62_135_596_800_000_000, 253_402_300_800_000_000
DAY = 86_400_000_000
INSTANTS = [
    *(YEAR_10000, YEAR_10000 - 1_000_000, YEAR_10000 + 1_000_000, YEAR_10000 + DAY, 2 * YEAR_10000),
    *(YEAR_1, YEAR_1 - 1_000_000, YEAR_1 + 1_000_000, YEAR_1 - 400 * DAY, 3 * YEAR_1),
    *(0, -1_000_000, 1_714_565_700_000_000, -(10**12)),
    9_223_372_036_854_000_000,
    -9_223_372_022_000_000_000,
]
DAYS = [
    *(YEAR_10000 // DAY, YEAR_10000 // DAY - 1, 3_000_000, YEAR_1 // DAY, YEAR_1 // DAY - 1),
    *(0, -1, 19_844, 100_000_000, -100_000_000, 2_000_000_000, -2_000_000_000),
]
BOUNDS = [
    *(
        "253402300800000",
        "253402300799999",
        "253402300799000",
        "253402387200000",
        "506804601600000",
    ),
    *("-62135596800000", "-62135596800001", "-62135596801000", "-62135683200000"),
    *("9223372036854000", "8640000000000000", "-8640000000000000", "172800000000000000"),
    *("99999999999999999999999", "-99999999999999999999999", "9" * 400, "-" + "9" * 4000),
    *("9999-12-31", "9999-12-31T23:59:59.999999Z", "9999-12-31T23:00:00-23:59", "0001-01-01"),
    *("0001-01-01T00:00:00+23:59", "1970-01-01", "0", "2024-05-01", "2024-05-01T12:15:00Z"),
]
PATTERNS = ["*", "1*", "*0*", "+*", "*-01-01*", "infinity", "9999-*", "0001-*", "2024-05-01*"]
CLAUSES = [
    *(f"x{operator}{bound}" for operator, bound in product(("==", "<", "<=", ">", ">="), BOUNDS)),
    *(f"x!={bound}" for bound in BOUNDS[:6]),
    *(f"x{operator}{pattern}" for operator, pattern in product(("~", "!~"), PATTERNS)),
    *("x==", "x!=", "x==soon", "x!=soon"),
    *("x>253402300800000;x<506804601600001", "x>9999-12-31;x!~*9*", "x<0001-01-01;x!=0", "x~*;x>0"),
]
TYPES = [
    *((pa.timestamp(unit, zone), unit) for unit in UNITS for zone in (None, "UTC", "Asia/Tokyo")),
    (pa.date32(), "day"),
]
IDS = [str(type_) for type_, _ in TYPES]


def day_of(days):
    found = moment_of(days * DAY)
    return found.date() if isinstance(found, type(EPOCH)) else found


def column(type_, unit):
    """The values of a column as Arrow has them, and as records have them."""
    if unit == "day":
        held = [*map(day_of, DAYS), None]
        return pa.array([*DAYS, None], pa.int32()).cast(type_), held
    counts = [instant // UNITS[unit] for instant in INSTANTS]
    held = [*(moment_of(count * UNITS[unit]) for count in counts), None]
    return pa.array([*counts, None], pa.int64()).cast(type_), held


def expected(text, held):
    filters = fl.parse(text)
    return [row for row, one in enumerate(held) if oracle.matches(filters, {"x": one})]


def table_of(type_, unit):
    values, held = column(type_, unit)
    return pa.table({"row": range(len(held)), "x": values}), held


def rows_of(found):
    if isinstance(found, duckdb.DuckDBPyRelation):
        return sorted(row for (row,) in found.select("row").fetchall())
    if isinstance(found, pl.LazyFrame):
        found = found.collect()
    return (
        [int(row) for row in found["row"].to_pylist()]
        if isinstance(found, pa.Table)
        else list(found["row"])
    )


ENGINES = {
    "pyarrow": lambda table: table,
    "polars": pl.from_arrow,
    "lazy polars": lambda table: pl.from_arrow(table).lazy(),
    "duckdb": duckdb.from_arrow,
    "pandas": lambda table: table.to_pandas(date_as_object=False),
    "pandas with Arrow": lambda table: table.to_pandas(types_mapper=pd.ArrowDtype),
}


@pytest.mark.sampled(6, 18)
@pytest.mark.parametrize(("type_", "unit"), TYPES, ids=IDS)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_of_odd_instants_gives_the_matchers_rows(engine, type_, unit):
    table, held = table_of(type_, unit)
    if engine == "pandas" and unit == "day":
        # NumPy's days are times to pandas, and Python's dates can't be had of these.
        held = [None if day is None else moment_of(instant_of(day)) for day in held]
    frame = ENGINES[engine](table)
    found = {text: rows_of(where(frame, text)) for text in CLAUSES}
    assert found == {text: expected(text, held) for text in CLAUSES}
