"""Columns that aren't asked for are read only of groups of rows in which something is wanted."""

from __future__ import annotations

import json
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang
from tests.support.engines import need

pyarrow = need("pyarrow", "files")
parquet = need("pyarrow.parquet", "files")

from filterlang.backends.files import copy, read  # noqa: E402 — what it needs is asked for first
from filterlang.backends.files.tables import columns  # noqa: E402 — what it needs is asked for first
from filterlang.backends.files.tables.row_groups import RowGroups  # noqa: E402 — as above


class File:
    """A file of pyarrow that notes which columns of which groups are read, in batches of any size.

    Args:
        file: the file itself.
        sizes: how many rows batches with all columns have, one after the other.
    """

    def __init__(self, file, sizes=(1000,)):
        self.file = file
        self.sizes = sizes
        self.read = []
        self.schema_arrow = file.schema_arrow
        self.num_row_groups = file.num_row_groups

    def iter_batches(self, rows, *, row_groups, columns):
        self.read.append((row_groups, columns))
        if columns is not None:
            yield from self.file.iter_batches(rows, row_groups=row_groups, columns=columns)
            return
        (batch,) = self.file.read_row_groups(row_groups).combine_chunks().to_batches()
        at, sizes = 0, list(self.sizes)
        while at < batch.num_rows:
            size = min(rows, sizes[0])
            sizes = sizes[1:] or sizes
            yield batch.slice(at, size)
            at += size


def table_of(rows):
    return pyarrow.table({"a": list(range(rows)), "b": [f"x{row}" for row in range(rows)]})


@given(
    st.integers(0, 30),
    st.integers(1, 12),
    st.integers(1, 5),
    st.sets(st.integers(0, 20)),
    st.lists(st.integers(1, 7), min_size=1, max_size=4),
)
def test_completed_batches_are_those_of_the_file(
    tmp_path_factory, rows, group, size, wanted, sizes
):
    """For any wanted batches, groups and sizes: complete(batch) has the rows of batch."""
    path = tmp_path_factory.mktemp("groups") / "x.parquet"
    table = table_of(rows)
    parquet.write_table(table, path, row_group_size=group)
    groups = RowGroups(File(parquet.ParquetFile(path), sizes), size, ["a"])
    at = 0
    for number, batch in enumerate(groups.batches()):
        assert batch.column("a").to_pylist() == list(range(at, at + batch.num_rows))
        if number in wanted:
            assert pyarrow.table(groups.complete(batch)) == table.slice(at, batch.num_rows)
        at += batch.num_rows
    assert at == rows


def test_the_others_are_read_only_where_something_is_wanted(tmp_path):
    parquet.write_table(table_of(50), tmp_path / "x.parquet", row_group_size=10)
    file = File(parquet.ParquetFile(tmp_path / "x.parquet"))
    groups = RowGroups(file, 5, ["a"])
    for batch in groups.batches():
        if batch.column("a")[0].as_py() == 15:
            assert groups.complete(batch).column("b").to_pylist() == [
                f"x{row}" for row in range(15, 20)
            ]
    assert file.read == [
        ([0], ["a"]),
        ([1], ["a"]),
        ([1], None),
        ([2], None),
        ([3], ["a"]),
        ([4], ["a"]),
    ]


def test_where_all_are_asked_for_all_are_read_at_once(tmp_path):
    parquet.write_table(table_of(3), tmp_path / "x.parquet")
    file = File(parquet.ParquetFile(tmp_path / "x.parquet"))
    groups = RowGroups(file, 5, ["b", "a"])
    assert [groups.complete(batch).num_rows for batch in groups.batches()] == [3]
    assert file.read == [([0], None)]


@pytest.mark.parametrize("filters", ["a==33", "a>=5;a<25", "b~*9", [], "a==1000"])
def test_written_rows_are_those_that_match(tmp_path, monkeypatch, filters):
    monkeypatch.setattr(columns, "ROWS", 4)
    source, target = tmp_path / "x.parquet", tmp_path / "y.jsonl"
    parquet.write_table(table_of(50), source, row_group_size=10)
    copy(filters, str(source), str(target))
    found = [json.loads(line) for line in target.read_text().splitlines()]
    rows = table_of(50).to_pylist()
    expected = {
        "a==33": rows[33:34],
        "a>=5;a<25": rows[5:25],
        "b~*9": rows[9::10],
        "a==1000": [],
    }
    assert found == (rows if filters == [] else expected[filters])


def test_damage_in_other_columns_is_told(tmp_path):
    """A page of the column that isn't asked for is no longer what it was."""
    source = tmp_path / "x.parquet"
    parquet.write_table(table_of(50), source, compression="gzip", use_dictionary=False)
    with parquet.ParquetFile(source) as file:
        chunk = file.metadata.row_group(0).column(1)
        start, size = chunk.data_page_offset, chunk.total_compressed_size
    data = bytearray(source.read_bytes())
    data[start + size - 60 : start + size] = b"\xff" * 60
    source.write_bytes(data)
    faults = []

    def copied(filters):
        faults.clear()
        target = str(tmp_path / "y.jsonl")
        copy(filters, str(source), target, report=lambda fault: faults.append(str(fault)))
        return faults

    (fault,) = copied("a==1")
    assert fault.startswith(f"{source}: this is no whole Parquet file: ")
    assert copied("a==99") == []


ODD_ROWS = 3000


def arrays_of(places):
    """Return a relation of DuckDB with arrays of which those at some places are null."""
    duckdb = need("duckdb", "dev")
    null = f"list_contains({[*places]}, i)"
    array = "array_value(i, if(i % 4 = 1, null, i + 1), 7)"
    rows = duckdb.sql("select range i from range(?)", params=[ODD_ROWS])
    return rows.project(
        f"i id, if({null}, null, {array}) a, {{'x': if({null}, null, {array}), 'y': 'n' || i}} s, "
        "uuid() u, i::decimal(9, 2) d, make_timestamp(i * 1000000) t"
    )


def listed(value):
    """Return a value of DuckDB with lists in the place of arrays."""
    if isinstance(value, dict):
        return {name: listed(one) for name, one in value.items()}
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("places", [[0], [1, 2999], range(2048, 2900), range(ODD_ROWS)])
def test_arrays_of_which_some_are_null_are_read_as_duckdb_reads_them(tmp_path, monkeypatch, places):
    duckdb, _ = need("duckdb", "dev"), need("polars", "polars")
    path, copied = tmp_path / "x[1].parquet", tmp_path / "y.parquet"
    arrays_of(places).write_parquet(str(path), row_group_size=2048)
    monkeypatch.setattr(columns, "ROWS", 700)
    found = duckdb.read_parquet(f"{tmp_path}/x*.parquet")
    rows = [dict(zip(found.columns, map(listed, row), strict=True)) for row in found.fetchall()]
    for filter_ in ["a>=20", "a!=20;s.x!=7", "id>=1000;id!=2500", "id==2999"]:
        expected = [row for row in rows if filterlang.matches(filter_, row)]
        assert list(read(path, filter_)) == expected, filter_
        copy(filter_, path, copied)
        assert list(read(copied, [])) == expected, filter_


def test_arrays_of_which_some_are_null_need_polars(tmp_path, monkeypatch):
    path = tmp_path / "x.parquet"
    arrays_of([3]).write_parquet(str(path))
    monkeypatch.setitem(sys.modules, "polars", None)
    for filter_ in ["a>=20", "id>=0"]:
        faults = []
        summary = copy(filter_, path, tmp_path / "y.jsonl", report=faults.append)
        assert summary == (0, 0, 1)
        assert [fault.message for fault in faults] == [
            (
                "pyarrow can't read arrays of which some are null, as DuckDB writes them; write "
                "them as lists (by a cast from FLOAT[3] to FLOAT[]), or install polars, which "
                "reads them: pip install 'filterlang[polars]'"
            )
        ]
