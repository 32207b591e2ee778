"""Each format gives the rows that the matcher gives, and each can be written from each."""

from __future__ import annotations

import pytest

import filterlang
from filterlang.backends.files import copy, read
from tests.backends.files.corpus import (
    FILTERS,
    RECORDS,
    SCALAR_FILTERS,
    SCALARS,
    SCHEMA,
    SEVERAL,
    need_for,
    write,
)

JSON_FORMATS = ["jsonl", "ndjson", "jsonl.gz", "jsonl.zst"]
TABLE_FORMATS = ["parquet", "arrow", "feather"]
TEXT_FORMATS = ["csv", "tsv"]


def ids(records):
    return [int(record["id"]) for record in records]


@pytest.mark.parametrize("format_", JSON_FORMATS)
def test_json_lines_give_the_matchers_rows(format_, tmp_path, engine):
    path = tmp_path / f"data.{format_}"
    write(path, format_)
    for filters in [*FILTERS, *SEVERAL]:
        expected = list(filterlang.compile(filters).filter(RECORDS))
        assert list(read(path, filters)) == expected, filters
        assert list(read(path, filters, strict=True)) == expected, filters


@pytest.mark.parametrize("format_", TABLE_FORMATS)
def test_tables_give_the_matchers_rows(format_, tmp_path):
    path = tmp_path / f"data.{format_}"
    write(path, format_)
    for filters in [*FILTERS, *SEVERAL]:
        expected = list(filterlang.compile(filters).filter(RECORDS))
        assert list(read(path, filters)) == expected, filters


@pytest.mark.parametrize("format_", TEXT_FORMATS)
def test_cells_with_a_schema_give_the_matchers_rows(format_, tmp_path):
    path = tmp_path / f"data.{format_}"
    write(path, format_)
    for filters in SCALAR_FILTERS:
        expected = filterlang.compile(filters, schema=SCHEMA).filter(RECORDS)
        assert ids(read(path, filters, schema=SCHEMA)) == ids(expected), filters


def test_cells_without_a_schema_are_text(tmp_path):
    (tmp_path / "data.csv").write_text("id,zip\n1,007\n2,7\n3,10\n")
    assert ids(read(tmp_path / "data.csv", "zip==007")) == [1]
    assert ids(read(tmp_path / "data.csv", "zip==7")) == [2]
    assert ids(read(tmp_path / "data.csv", "zip<7")) == [1, 3]


@pytest.mark.parametrize("to", [*JSON_FORMATS, *TABLE_FORMATS])
@pytest.mark.parametrize("source", ["jsonl", "parquet"])
def test_what_is_copied_is_what_was_there(source, to, tmp_path):
    need_for(to)
    write(tmp_path / f"source.{source}", source)
    path = tmp_path / f"copy.{to}"
    filters = "id!=3"
    expected = [record for record in RECORDS if record["id"] != 3]
    assert copy(filters, tmp_path / f"source.{source}", path) == (6, 5, 0)
    assert list(read(path, [])) == expected


@pytest.mark.parametrize("to", TEXT_FORMATS)
@pytest.mark.parametrize("source", ["jsonl", "parquet", "csv"])
def test_selected_cells_are_copied(source, to, tmp_path):
    write(tmp_path / f"source.{source}", source)
    path = tmp_path / f"copy.{to}"
    assert copy([], tmp_path / f"source.{source}", path, select=SCALARS) == (6, 6, 0)
    for filters in SCALAR_FILTERS:
        expected = filterlang.compile(filters, schema=SCHEMA).filter(RECORDS)
        assert ids(read(path, filters, schema=SCHEMA)) == ids(expected), filters
