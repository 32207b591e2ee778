"""What polars says of batches of rows is what the matcher says, and it isn't asked for the rest."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

from tests.support.engines import need

need("pyarrow", "files")
need("narwhals", "frames")
need("polars", "polars")

import pyarrow as pa  # noqa: E402 — what it needs is asked for first

import filterlang as fl  # noqa: E402 — as above
from filterlang.backends.files.tables.judging import Judge  # noqa: E402 — as above
from tests.backends.frames.corpus import FILTERS, RECORDS, TABLE  # noqa: E402 — as above

BATCH = TABLE.to_batches()[0]


def judged(filters, batch, schema=None):
    """Give the verdicts, and whether they are those of polars."""
    judge = Judge(fl.compile(filters, schema=schema), small=0)
    judge._matcher = judge._matcher if judge._by_polars(batch) is None else None
    by_polars = judge._matcher is None
    judge._matcher = fl.compile(filters, schema=schema)
    return judge.verdicts(batch), by_polars


def test_the_verdicts_are_those_of_the_matcher():
    asked = 0
    for text in FILTERS:
        verdicts, by_polars = judged(text, BATCH)
        assert verdicts == [fl.matches(text, record) for record in RECORDS], text
        asked += by_polars
    assert asked == 250


def test_a_schema_is_used():
    batch = pa.record_batch({"seen": [1706659200000, None, 10**18], "n": ["1", "2", "3"]})
    schema = fl.Schema({"seen": "datetime", "n": "integer"}, aliases={"s": "seen"})
    assert judged("s>=2024-01-31", batch, schema) == ([True, False, True], True)
    assert judged("n==1.0", batch, schema) == ([True, False, False], True)


def test_dates_that_python_has_not_are_left_to_the_matcher():
    ordinary = {"d": pa.array([0, None], pa.date32()), "t": pa.array([0, 1], pa.timestamp("s"))}
    batch = pa.record_batch(ordinary)
    assert judged("d==1970-01-01;t<2024-01-01", batch) == ([True, False], True)
    for column in (
        pa.array([10**7, 0], pa.date32()),
        pa.array([10**12, 0], pa.timestamp("s")),
        pa.array([[10**12], [0]], pa.list_(pa.timestamp("ms"))),
    ):
        batch = pa.record_batch({"d": column})
        verdicts, by_polars = judged("d<3000-01-01", batch)
        assert verdicts[1]
        assert not by_polars
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    batch = pa.record_batch({"d": [date(9999, 12, 31)], "t": [last]})
    assert judged("d>=9999-12-31;t>9999-12-31", batch) == ([True], True)


def test_texts_that_are_not_utf8_are_left_to_the_matcher():
    data = pa.py_buffer(b"a\xffb")
    offsets = pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0")
    column = pa.StringArray.from_buffers(3, offsets, data)
    batch = pa.RecordBatch.from_arrays([column], ["t"])
    assert judged("t~?", batch) == ([True, False, True], False)
    assert Judge(fl.compile("t~?"), small=0)._by_polars(batch) is None


def test_a_constant_needs_no_columns():
    batch = pa.record_batch({"a": [1, 2]})
    assert judged("b!=1", batch) == ([True, True], True)
    assert judged("b==1", batch) == ([False, False], True)


def test_each_schema_is_planned_anew():
    judge = Judge(fl.compile("a==1"), small=0)
    for values in ([1, 2], ["1", "2"], [1.0, 2.0]):
        assert judge.verdicts(pa.record_batch({"a": values})) == [True, False]


def test_small_files_need_no_polars(monkeypatch):
    monkeypatch.setitem(sys.modules, "filterlang.backends.frames", None)
    batch = pa.record_batch({"a": [1, 2]})
    judge = Judge(fl.compile("a==1"), small=3)
    assert [judge.verdicts(batch) for _ in range(3)] == [[True, False]] * 3
    assert judged("a==1", batch) == ([True, False], False)


def test_a_large_parquet_file_gives_the_rows_of_the_matcher(tmp_path):
    import pyarrow.parquet as pq

    from filterlang.backends.files import read
    from filterlang.backends.files.reader import Reader

    values = [index % 7 for index in range(150_000)]
    pq.write_table(pa.table({"a": values, "id": range(len(values))}), tmp_path / "a.parquet")
    found = [row["id"] for row in read([tmp_path / "a.parquet"], "a==3")]
    assert found == [index for index, value in enumerate(values) if value == 3]

    # How far it has come is known by the rows.
    path, steps = tmp_path / "a.parquet", []
    reader = Reader(lambda fault: None, steps.append)
    assert sum(1 for _ in reader.select([str(path)], fl.compile("a==9"))) == 0
    assert path.stat().st_size * 0.8 < sum(steps) <= path.stat().st_size
    pq.write_table(pa.table({"a": []}), path)
    assert sum(1 for _ in reader.select([str(path)], fl.compile("a==9"))) == 0
