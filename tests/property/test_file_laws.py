"""Law: a file on disk gives the same rows with polars judging from row one, and without it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.engines import need

need("pyarrow", "files")
need("narwhals", "frames")
need("polars", "polars")
need("duckdb", "dev")

import duckdb  # noqa: E402 — what it needs is asked for first
import pyarrow as pa  # noqa: E402 — as above
import pyarrow.parquet as pq  # noqa: E402 — as above

from filterlang.backends.files import read  # noqa: E402 — as above
from filterlang.backends.files.tables.judging import Judge  # noqa: E402 — as above
from tests.backends.files.test_judging_laws import ARRAYS, filters  # noqa: E402 — as above


def write_ipc(new, table, path):
    with new(path, table.schema) as file:
        file.write_table(table, max_chunksize=2)


def write_parquet(table, path):
    pq.write_table(table, path, row_group_size=2)


WRITERS = {
    "parquet": write_parquet,
    "feather": lambda table, path: write_ipc(pa.ipc.new_file, table, path),
    "arrow": lambda table, path: write_ipc(pa.ipc.new_stream, table, path),
}


def rows(path, text, small):
    """Give the numbers of the rows, and what was reported, where so many need no polars."""
    faults = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Judge.__init__.__kwdefaults__, "small", small)
        found = [row["n"] for row in read([path], text, report=faults.append)]
    return found, [fault.message for fault in faults]


def expect_the_same_rows(path, text):
    assert rows(path, text, 0) == rows(path, text, 10**6), text


def is_odd(type_):
    """Say whether polars is known to hold other values of a type than the file has."""
    types = pa.types
    return (
        types.is_map(type_)
        or types.is_date64(type_)
        or types.is_decimal256(type_)
        or isinstance(type_, pa.BaseExtensionType)
    )


drawn = st.sampled_from(ARRAYS) | st.sampled_from([one for one in ARRAYS if is_odd(one.type)])
arrays = st.builds(lambda array, at: array.slice(at), drawn, st.integers(0, 1))


@pytest.mark.parametrize("format_", WRITERS)
@given(array=arrays, texts=st.lists(filters, min_size=3, max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_file_gives_the_same_rows_with_polars_and_without(
    format_, array, texts, tmp_path_factory
):
    path = tmp_path_factory.mktemp("files") / f"x.{format_}"
    try:
        WRITERS[format_](pa.table({"n": range(len(array)), "c": array}), path)
    except (pa.ArrowException, NotImplementedError, OSError):
        return  # the format has no such columns
    for text in texts:
        expect_the_same_rows(path, text)


COLUMNS = {
    "uuid": "uuid '00000000-0000-0000-0000-000000000001'",
    "hugeint": "1::hugeint",
    "decimal": "0.5::decimal(38, 38)",
    "enum": "'a'::enum('a', 'b')",
    "time": "time '12:00'",
    "interval": "interval 1 day",
    "map": "map {'x': 1}",
    "list of uuid": "[uuid '00000000-0000-0000-0000-000000000001']",
    "struct of uuid": "{'x': uuid '00000000-0000-0000-0000-000000000001'}",
    "nanoseconds": "timestamp_ns '2024-01-31 12:30:00.123456789'",
    "timestamptz": "timestamptz '2024-01-01 00:00:00+00'",
    "json": "'{\"x\": 1}'::json",
    "blob": "'a'::blob",
}


@pytest.mark.parametrize("type_", COLUMNS)
def test_columns_as_duckdb_writes_them(type_, tmp_path):
    path = tmp_path / "x.parquet"
    with duckdb.connect() as connection:
        relation = connection.sql("select 0 as n").project(f"n, {COLUMNS[type_]} as c")
        relation.union(connection.sql("select 1, null")).write_parquet(str(path))
    identifier = "00000000-0000-0000-0000-000000000001"
    for name in ("c", "c.x"):
        for asks in (
            "==",
            "!=",
            "==1",
            "!=1",
            ">0",
            "~*",
            "!~a",
            "==a",
            "~2024*",
            f"=={identifier}",
        ):
            expect_the_same_rows(path, name + asks)
    if type_ == "uuid":
        assert rows(path, f"c=={identifier}", 0) == ([0], [])
