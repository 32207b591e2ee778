"""Law: where polars alone counts the rows of a file of Parquet, nothing comes out otherwise."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.engines import need

need("pyarrow", "files")
need("polars", "polars")

import pyarrow as pa  # noqa: E402 — what it needs is asked for first
import pyarrow.parquet as pq  # noqa: E402 — as above

import filterlang as fl  # noqa: E402 — as above
from filterlang.backends.files.reader import Reader  # noqa: E402 — as above
from filterlang.backends.files.tables import counting  # noqa: E402 — as above
from filterlang.backends.files.tables.counting import ParquetCounter  # noqa: E402 — as above
from filterlang.backends.files.watching.mistyped import Mistyped  # noqa: E402 — as above
from filterlang.backends.files.watching.sought import Sought  # noqa: E402 — as above
from tests.backends.files.test_judging_laws import ARRAYS, filters  # noqa: E402 — as above


def counted(path, text, *, by_polars=True, schema=None, invert=False):
    """Count; give the numbers and all that is told, and whether polars alone has done it."""
    faults, answers = [], []
    count = ParquetCounter.count

    def noted(self, matcher, *, samples):
        answers.append(count(self, matcher, samples=samples) if by_polars else None)
        return answers[-1]

    matcher = fl.compile(text, schema=schema)
    sought = Sought(matcher.filters, schema)
    mistyped = Mistyped(matcher.filters, schema)
    reader = Reader(
        lambda fault: faults.append(str(fault)),
        sought=sought,
        mistyped=mistyped,
        remark=faults.append,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ParquetCounter, "count", noted)
        assert list(reader.select([str(path)], matcher, invert=invert, only_count=True)) == []
    told = sought.tell("no column is called"), mistyped.tell(), faults
    return (reader.summary, *told), any(answers)


def written(path, columns):
    """Write a file of Parquet, if there are such."""
    try:
        pq.write_table(pa.table(columns), path)
    except (pa.ArrowException, NotImplementedError, OSError):
        return False
    return True


@pytest.mark.sampled(1)
@pytest.mark.parametrize("number", range(10))
@given(st.data())
@settings(max_examples=1, deadline=None)
def test_all_is_the_same_with_polars_alone_and_without(tmp_path_factory, number, data):
    path = tmp_path_factory.mktemp("counting") / "x.parquet"
    texts = data.draw(st.lists(filters, min_size=1, max_size=3))
    invert = data.draw(st.booleans())
    for array in ARRAYS[number::10]:
        # At these polars panics before it says what they are, and writes so to standard error.
        if re.search("Nowhere|run_end|view<", str(array.type)) or not written(path, {"c": array}):
            continue
        for text in texts:
            found, _ = counted(path, text, invert=invert)
            expected, _ = counted(path, text, invert=invert, by_polars=False)
            assert found == expected, (array.type, text)


ROWS = {
    "id": range(3000),
    "a": [{"b": number % 3, "c": "x"} for number in range(3000)],
    "text": [f"Text {number}" for number in range(3000)],
    "day": [date(2024, 1, 1 + number % 9) for number in range(3000)],
    "time": [datetime(2024, 1, 1, number % 24, tzinfo=UTC) for number in range(3000)],
}


@pytest.mark.parametrize(
    "text",
    [
        "id>=2990",
        "a.b==1;id<100",
        "text~*99",
        "day>2024-01-05;time<2024-01-01T12:00",
        "id==x",  # of no row, whatever it holds
        "id!=x",
        "a!=",
        "id>=2024-01-01",  # a wrong type, which is told
        "text>5",
    ],
)
def test_what_polars_alone_counts_is_what_matches(tmp_path, text):
    path = tmp_path / "x[1]*.parquet"  # no glob
    assert written(path, ROWS)
    for invert in (False, True):
        found, alone = counted(path, text, invert=invert)
        assert alone
        expected, alone = counted(path, text, invert=invert, by_polars=False)
        assert not alone
        assert found == expected
    assert found[0].read == 3000


def test_a_schema_is_used(tmp_path):
    path = tmp_path / "x.parquet"
    assert written(path, {"n": ["1", "2", "x"]})
    schema = fl.Schema({"n": "integer"})
    assert counted(path, "n>=2.0", schema=schema) == (((3, 1, 0), [], [], []), True)


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"d": pa.array([10**7, 0], pa.date32())}, "d<3000-01-01"),
        ({"d": pa.array([-(10**6), None], pa.date32())}, "d<3000-01-01"),
        ({"t": pa.array([10**18, 0], pa.timestamp("us"))}, "t<3000-01-01"),
        ({"t": pa.array([0, 1], pa.date64())}, "t~1970-01-01"),
        ({"b": pa.array([b"a", None])}, "b==a"),
        ({"m": pa.array([[("a", 1), ("a", 2)], None], pa.map_("string", "int64"))}, "m.a==2"),
        ({"a": [1, 2]}, "b==1"),  # it is told that there is no such column
        ({"a": [1, 2]}, "b!=1;a==1"),
    ],
)
def test_the_rest_is_left_to_who_reads_batches(tmp_path, columns, text):
    path = tmp_path / "x.parquet"
    assert written(path, columns)
    found, alone = counted(path, text)
    assert not alone
    assert found == counted(path, text, by_polars=False)[0]


def test_a_file_with_two_columns_of_one_name_is_told(tmp_path):
    path = tmp_path / "x.parquet"
    table = pa.Table.from_arrays([pa.array([1, 2])] * 3, ["a", "a", "b"])
    pq.write_table(table, path)
    told = (
        f"{path}: two columns are called 'a', which nothing asks for; records in JSON or CSV are "
        "written without them"
    )
    assert counted(path, "b==1") == (((2, 1, 0), [], [], [told]), False)


def test_names_of_folders_and_several_files_are_left_to_others(tmp_path):
    folder = tmp_path / "year=2024"
    folder.mkdir()
    path = folder / "x.parquet"
    assert written(path, {"a": [1, 2]})
    assert counted(path, "year==2024;a==1") == (((2, 1, 0), [], [], []), False)
    assert counted(tmp_path, "a==1") == (((2, 1, 0), [], [], []), False)


def test_damage_is_told_as_ever(tmp_path):
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"text": ROWS["text"]}), path, row_group_size=1000)
    data = bytearray(path.read_bytes())
    start = pq.ParquetFile(path).metadata.row_group(2).column(0).dictionary_page_offset
    data[start : start + 40] = b"\xff" * 40
    path.write_bytes(data)
    found, alone = counted(path, "text~*9")
    assert not alone
    assert found == counted(path, "text~*9", by_polars=False)[0]
    (faults,) = found[-1]
    assert "this is no whole Parquet file" in faults
    path.write_bytes(data[:-9])
    assert not counted(path, "text~*9")[1]


def test_damage_that_only_a_checksum_shows_is_told(tmp_path):
    """polars doesn't look at those of gzip, and counted what came out."""
    path = tmp_path / "x.parquet"
    table = pa.table({"id": list(range(9000))})
    pq.write_table(table, path, compression="gzip", use_dictionary=False)
    assert counted(path, "id>=1000") == (((9000, 8000, 0), [], [], []), False)
    column = pq.ParquetFile(path).metadata.row_group(0).column(0)
    data = bytearray(path.read_bytes())
    # The last bytes of data of gzip are the sum and the size.
    data[column.data_page_offset + column.total_compressed_size - 6] ^= 1
    path.write_bytes(data)
    (_, _, _, faults), alone = counted(path, "id>=1000")
    assert not alone
    assert faults == [
        f"{path}: this is no whole Parquet file: GZipCodec failed: incorrect data check"
    ]


def test_texts_that_are_not_utf8_are_left_to_others(tmp_path):
    path = tmp_path / "x.parquet"
    data = pa.py_buffer(b"a\xffb")
    offsets = pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0")
    assert written(path, {"t": pa.StringArray.from_buffers(3, offsets, data)})
    assert counted(path, "t~?") == (((3, 2, 0), [], [], []), False)


def test_without_polars_there_is_none(tmp_path, monkeypatch):
    path = tmp_path / "x.parquet"
    assert written(path, {"a": [1, 2]})
    monkeypatch.setitem(sys.modules, "polars", None)
    assert counted(path, "a==1") == (((2, 1, 0), [], [], []), False)


def test_an_interrupt_ends_the_count(tmp_path, monkeypatch):
    path = tmp_path / "x.parquet"
    assert written(path, {"a": [1, 2]})

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(counting, "_is_trusted", interrupt)
    with pytest.raises(KeyboardInterrupt):
        counted(path, "a==1")


def test_the_command_counts_without_pyarrow_and_narwhals(tmp_path):
    assert written(tmp_path / "x.parquet", ROWS)
    program = (
        "import sys\nfrom filterlang.cli import main\n"
        "main(['match', 'id>=2990;a.b==1', 'x.parquet', '--count', '--summary'])\n"
        "print('polars' in sys.modules, 'pyarrow' in sys.modules, 'narwhals' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert found.stdout == "3\nTrue False False\n"
    assert found.stderr == "read 3,000, matched 3, bad 0\n"
