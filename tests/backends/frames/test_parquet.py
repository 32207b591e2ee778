"""Files of Parquet keep statistics, in which NaN is missing; the rows are right nevertheless."""

from __future__ import annotations

from math import inf, isnan, nan

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import filterlang as fl
from filterlang.backends.frames import where
from tests.backends.frames.engines import ids


def by_pyarrow(table, path, rows):
    pq.write_table(table, path, row_group_size=rows)


def by_polars(table, path, rows):
    pl.from_arrow(table).write_parquet(path, row_group_size=rows)


def by_duckdb(table, path, rows):
    relation = duckdb.from_arrow(table)
    relation.to_parquet(str(path), row_group_size=rows)


WRITERS = [by_pyarrow, by_polars, by_duckdb]
READERS = [lambda path: duckdb.read_parquet(str(path)), pl.scan_parquet]
COLUMNS = [
    ([1, nan, 3, None], pa.float64()),
    ([1, nan], pa.float32()),
    ([-nan, None], pa.float64()),
    ([3, nan, -nan, 1, 1], pa.float32()),
    ([inf, nan, -inf, 0.0], pa.float64()),
]
OPERATIONS = [
    *("==", "!=", "==1", "!=1", "==3", "!=3", "<2", "<=1", "<=3", ">0", ">2", ">=1", ">=3"),
    *("<1e400", ">=-1e400"),
]
DEEP = [name + asked for name in ("s.x", "l", "o.x", "o.s.x") for asked in ("==", "!=1", ">2")]
FILTERS = [f"x{asked}" for asked in OPERATIONS] + DEEP


def table_of(values, type_):
    """Give a table with the values as a column, in a struct, in a list, and in a list of structs.

    The list's lengths differ, so that an element isn't found by the number of its row.
    """
    inner = pa.struct([("x", type_)])
    outer = pa.struct([("x", type_), ("s", inner)])
    return pa.table(
        {
            "id": range(len(values)),
            "x": pa.array(values, type_),
            "s": pa.array([{"x": value} for value in values], inner),
            "l": pa.array(
                [[value] * (row % 3) for row, value in enumerate(values)], pa.list_(type_)
            ),
            "o": pa.array([[{"x": value, "s": {"x": value}}] for value in values], pa.list_(outer)),
        }
    )


@pytest.mark.sampled(1)
@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.slow
def test_nan_is_found_behind_statistics(write, tmp_path):
    path, found, expected = tmp_path / "x.parquet", [], []
    for values, type_ in COLUMNS:
        table = table_of(values, type_)
        records = table.to_pylist()
        for rows in (2, 10):
            write(table, path, rows)
            for text in FILTERS:
                matching = [record["id"] for record in records if fl.matches(text, record)]
                for read in READERS:
                    expected.append((values, rows, text, matching))
                    found.append((values, rows, text, ids(where(read(path), text))))
    assert found == expected


def test_what_is_right_of_one_file(tmp_path):
    path = tmp_path / "x.parquet"
    by_pyarrow(table_of([1, nan, 3], pa.float64()), path, 10)
    frame = duckdb.read_parquet(str(path))
    texts = ("x>2", "x==", "x!=1", "x<2", "x==3", "x!=", "x<=3")
    rows = {text: where(frame, text).select("x").fetchall() for text in texts}
    values = {text: ["nan" if isnan(x) else x for (x,) in found] for text, found in rows.items()}
    assert values == {
        "x>2": [3],
        "x==": ["nan"],
        "x!=1": ["nan", 3],
        "x<2": [1],
        "x==3": [3],
        "x!=": [1, 3],
        "x<=3": [1, 3],
    }
