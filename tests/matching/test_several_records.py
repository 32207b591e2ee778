"""What gives no records is refused where several are asked for; records of every kind are taken."""

from __future__ import annotations

import csv
import io
from collections import UserDict, deque
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import NamedTuple

import pytest

import filterlang as fl
from tests.support.engines import need
from tests.support.hostile import database_row

TEXT = "a text of JSON is read by json.loads, files by filterlang.backends.files.read"
FRAME = "frames are asked by filterlang.backends.frames.where(frame, filters)"
MAPPING = "pass one record as [record], and the records that it holds as .values()"
ONE = "pass one record as [record]"
FILE = "files are read by filterlang.backends.files.read"
CALL = "pass what it returns"
CSV = "its rows are lists without names; csv.DictReader gives records"


class Row(NamedTuple):
    a: int


@dataclass
class Held:
    a: int = 1


def pydantic_record():
    class Model(need("pydantic", "pydantic").BaseModel):
        a: int = 1

    return Model()


def pandas_frame():
    return need("pandas", "pandas").DataFrame({"a": [1]})


REFUSED = [
    (lambda: '{"a": 1}', "str", TEXT),
    (lambda: b'{"a": 1}', "bytes", TEXT),
    (lambda: bytearray(b"{}"), "bytearray", TEXT),
    (lambda: memoryview(b"{}"), "memoryview", TEXT),
    (lambda: {"a": 1}, "dict", MAPPING),
    (dict, "dict", MAPPING),
    (lambda: MappingProxyType({"a": 1}), "mappingproxy", MAPPING),
    (lambda: UserDict(a=1), "UserDict", MAPPING),
    (lambda: io.StringIO("{}"), "StringIO", FILE),
    (io.BytesIO, "BytesIO", FILE),
    (lambda: csv.reader(["a", "1"]), "reader", CSV),
    (Held, "Held", ONE),
    (lambda: lambda: [{"a": 1}], "function", CALL),
    (lambda: [].__len__, "method-wrapper", CALL),
    (lambda: Held, "type", CALL),
    (lambda: SimpleNamespace(a=1), "SimpleNamespace", ONE),
    (lambda: Row(1), "Row", ONE),
    (database_row, "Row", ONE),
    (pydantic_record, "Model", ONE),
    (pandas_frame, "DataFrame", FRAME),
    (lambda: need("polars", "polars").DataFrame({"a": [1]}), "DataFrame", FRAME),
    (lambda: need("polars", "polars").LazyFrame({"a": [1]}), "LazyFrame", FRAME),
    (lambda: need("pyarrow", "files").table({"a": [1]}), "Table", FRAME),
    (lambda: need("pyarrow", "files").record_batch({"a": [1]}), "RecordBatch", FRAME),
    (lambda: need("duckdb", "frames").sql("select 1 as a"), "DuckDBPyRelation", FRAME),
]


@pytest.mark.parametrize("ask", [fl.compile("a==1").filter, fl.FilterIndex({1: "a==1"}).match_many])
@pytest.mark.parametrize(("make", "name", "remedy"), REFUSED)
def test_what_gives_no_records_is_refused_at_once(ask, make, name, remedy):
    with pytest.raises(TypeError) as caught:
        ask(make())
    assert str(caught.value) == f"expected records, found a {name}; {remedy}"


@pytest.mark.parametrize("found", [None, 7, 1.5])
def test_what_holds_nothing_is_refused_as_python_does(found):
    message = f"'{type(found).__name__}' object is not iterable"
    for ask in (fl.compile("a==1").filter, fl.FilterIndex({1: "a==1"}).match_many):
        with pytest.raises(TypeError, match=message):
            ask(found)


@pytest.mark.parametrize("make", [make for make, _, remedy in REFUSED if remedy == ONE])
def test_one_record_is_matched_by_what_takes_one(make):
    record = make()
    assert list(fl.compile("a==1").filter([record])) == [record] * fl.matches("a==1", record)


@pytest.mark.parametrize("kind", [list, tuple, deque, iter, lambda rows: (row for row in rows)])
@pytest.mark.parametrize(
    "record", [{"a": 1}, MappingProxyType({"a": 1}), Held(), Row(1), database_row()]
)
def test_records_come_in_any_iterable(kind, record):
    assert list(fl.compile("a==1").filter(kind([record]))) == [record]
    assert list(fl.FilterIndex({1: "a==1"}).match_many(kind([record]))) == [(record, [1])]


class Table(list):
    """A frame only by its name."""


class Places:
    """Is gone through by places, as things were before there were iterators."""

    def __getitem__(self, place):
        return [{"a": 1}, {"a": 2}][place]


@pytest.mark.parametrize("records", [Table([{"a": 1}, {"a": 2}]), Places()])
def test_records_come_in_what_is_no_frame_and_no_record(records):
    assert list(fl.compile("a==1").filter(records)) == [{"a": 1}]


def test_records_of_other_libraries_come_in_what_holds_them():
    matcher = fl.compile("a==1")
    records = [{"a": 1}, {"a": 2}]
    assert [*matcher.filter(need("pandas", "pandas").Series(records))] == records[:1]
    assert [*matcher.filter(need("polars", "polars").Series(records))] == records[:1]
    assert [*matcher.filter(csv.DictReader(["a", "1", "2"]))] == [{"a": "1"}]
    alchemy = need("sqlalchemy", "sql")
    with alchemy.create_engine("sqlite://").connect() as connection:
        selected = connection.execute(alchemy.text("select 1 as a"))
        assert [row.a for row in matcher.filter(selected)] == [1]
        selected = connection.execute(alchemy.text("select 1 as a")).mappings()
        assert [*matcher.filter(selected)] == [{"a": 1}]
    objects = need("numpy", "frames").array(records, dtype=object)
    assert [*matcher.filter(objects)] == records[:1]


def test_what_is_no_record_is_one_without_names_still():
    for record in (None, [{"a": 1}], '{"a": 1}', b"{}", 7):
        assert [*fl.compile("a!=1").filter([record])] == [record]
        assert not fl.matches("a==1", record)
