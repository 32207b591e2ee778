"""Whole columns become the same lines of JSON as their rows become one by one."""

from __future__ import annotations

import datetime as dt
import decimal
import io
import random
import subprocess
import sys
import uuid

import pytest

from tests.support.engines import need

pyarrow = need("pyarrow", "files")

from filterlang.backends.files.selected import Batch  # noqa: E402 — as above
from filterlang.backends.files.tables import columns  # noqa: E402 — what it needs is asked for first
from filterlang.backends.files.tables.json_columns import lines_of_columns  # noqa: E402 — as above
from filterlang.backends.files.typed_texts.texts import (  # noqa: E402 — as above
    JsonTexts,
    ValueFormatError,
)
from filterlang.backends.files.writing.writers import make_writer  # noqa: E402 — as above

TEXTS = ["", "a", 'say "x"', "a\\b\\", "Köln", "\u2028", "\x7f", "😀", "\u202ex", "null", "{", ","]
CONTROLS = ["\x00", "tab\t", "a\nb\r\n", "\x1b[31m", "\x1f", "\x0b\x0c\x08"]
MOMENTS = [0, 1, -1, 10**15, 1_704_067_200_000_000, 1_704_067_200_120_000, -(10**15)]
BOUNDS = [-62_135_596_800_000_000, 253_402_300_799_999_999]
NUMBERS = [0.0, -0.0, 1.5, 1e16, 1e22, 5e-324, 0.1, 123456789.123, -1e-7, 100.0, 3e200]
ODD = [float("nan"), float("inf"), float("-inf")]


def naive(microseconds):
    return dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=microseconds)  # noqa: DTZ001 — as Arrow has them


POINT = pyarrow.struct([("x", pyarrow.int32()), ("s", pyarrow.string())])
POINTS = [{"x": 1, "s": "a"}, {"x": None, "s": None}, {"x": -7, "s": '"'}]
QUICK = [
    *(
        (type_, [0, 1, 100])
        for type_ in (
            *(pyarrow.int8(), pyarrow.int16(), pyarrow.int32(), pyarrow.uint8(), pyarrow.uint16()),
            pyarrow.uint32(),
        )
    ),
    (pyarrow.int64(), [-(2**63), 2**63 - 1, 0, -1]),
    (pyarrow.uint64(), [2**64 - 1, 0]),
    (pyarrow.bool_(), [True, False]),
    (pyarrow.string(), TEXTS),
    (pyarrow.string(), TEXTS + CONTROLS),
    (pyarrow.large_string(), TEXTS),
    (pyarrow.float64(), NUMBERS),
    (pyarrow.float64(), NUMBERS + ODD),
    (pyarrow.float32(), [0.1, 1.5, 1e10, float("nan")]),
    *(
        (pyarrow.timestamp(unit, zone), [naive(0), naive(10**15), naive(-(10**15))])
        for unit in ("s", "ms", "us", "ns")
        for zone in (None, "UTC", "Europe/Berlin", "+03:00")
    ),
    (pyarrow.timestamp("us"), [naive(one) for one in MOMENTS + BOUNDS]),
    (pyarrow.timestamp("ns"), [1, -1, 1_704_067_200_123_456_789, -1_001, 999]),
    (pyarrow.date32(), [dt.date(1, 1, 1), dt.date(9999, 12, 31)]),
    (POINT, POINTS),
    (pyarrow.struct([("a.b", POINT), ("", pyarrow.float64())]), [{"a.b": POINTS[0], "": 1.0}]),
    (pyarrow.list_(pyarrow.int64()), [[], [1], [1, None, 3]]),
    (pyarrow.list_(pyarrow.string()), [[], [""], ["a", None, '"']]),
    (pyarrow.large_list(POINT), [[], POINTS, [None]]),
    (pyarrow.list_(pyarrow.list_(pyarrow.float64())), [[], [[]], [None, [1.0, float("nan")]]]),
    (pyarrow.dictionary(pyarrow.int8(), pyarrow.string()), ["a", "b", '"']),
    (pyarrow.null(), []),
    (pyarrow.decimal128(20, 2), [decimal.Decimal("1.10"), decimal.Decimal("-0.00")]),
    (pyarrow.date64(), [dt.date(2024, 1, 31)]),
    (pyarrow.time64("us"), []),
    (pyarrow.list_(pyarrow.int8(), 2), [[1, 2], [None, 3]]),
    (pyarrow.map_(pyarrow.string(), pyarrow.int64()), [[("a", 1), ("b", None), ("a", 2)], []]),
    (pyarrow.list_(pyarrow.map_(pyarrow.int8(), POINT)), [[[(1, POINTS[0])]]]),
    (pyarrow.struct([("b", pyarrow.list_(pyarrow.date64()))]), [{"b": [dt.date(1, 1, 1)]}]),
    (pyarrow.timestamp("s"), [10**12, -(10**12), 0]),
    (pyarrow.date32(), [10**6, -(10**6), 0]),
    (pyarrow.struct([]), [{}]),
]


def batches():
    """Make a batch of each type, of all of them, and of some of their rows."""
    made = []
    chance = random.Random(7)  # noqa: S311 — the same batches in every run
    for number, (type_, values) in enumerate(QUICK):
        many = [chance.choice([*values, None]) for _ in range(40)]
        made.append((f"c{number}", pyarrow.array(many, type_)))
    for name, array in made:
        yield pyarrow.record_batch([array], names=[name])
    whole = pyarrow.record_batch([array for _, array in made], names=[name for name, _ in made])
    yield whole
    for _ in range(10):
        start = chance.randrange(30)
        yield whole.slice(start, chance.randrange(1, 10))
        yield whole.take(pyarrow.array(sorted(chance.sample(range(40), 9))))
    full = [pyarrow.array(values * 3, type_) for type_, values in QUICK if len(values) == 3]
    yield pyarrow.record_batch(full, names=[f'"{n}"\n' for n in range(len(full))])


def plainly(batch):
    texts = JsonTexts()
    lines = [texts.value(row) for row in columns.values_of(batch)]
    return "".join(f"{line}\n" for line in lines), texts.nulled


def test_the_lines_are_those_of_the_rows():
    for batch in batches():
        texts = JsonTexts()
        texts.nulled = 5
        found = lines_of_columns(batch, texts)
        assert (found, texts.nulled - 5) == plainly(batch), batch.schema


@pytest.mark.parametrize("format_", ["jsonl", "json"])
@pytest.mark.parametrize("select", [None, {"new": "c3", "c0": "c0"}, {"x": "c22.x", "c": "nope"}])
def test_writers_write_the_same(format_, select, monkeypatch):
    def written():
        stream = io.BytesIO()
        writer = make_writer(format_, stream, select)
        for batch in list(batches())[-15:-1]:
            writer.write(Batch(batch))
        writer.write(Batch(batch.slice(0, 0)))
        writer.finish()
        return stream.getvalue(), writer.told()

    quick = written()
    monkeypatch.setattr(
        "filterlang.backends.files.writing.writers.lines_of_columns", lambda *_: None
    )
    assert quick == written()


def test_what_is_odd_is_left_to_the_plain_way():
    def found(*arrays, names="abc"):
        texts = JsonTexts()
        batch = pyarrow.record_batch(list(arrays), names=list(names[: len(arrays)]))
        return lines_of_columns(batch, texts), texts.nulled

    nan = pyarrow.array([float("nan"), 1.0])
    assert found(nan, pyarrow.array([b"\x00", None])) == (None, 0)
    assert found(pyarrow.array([], pyarrow.int8())) == (None, 0)
    assert found() == (None, 0)
    assert found(nan, nan, names="aa") == (None, 0)
    assert found(nan, nan, pyarrow.array([1, 2]), names="aab") == ('{"b":1}\n{"b":2}\n', 0)
    bad = pyarrow.Array.from_buffers(
        pyarrow.string(),
        1,
        [None, pyarrow.array([0, 1], "int32").buffers()[1], pyarrow.py_buffer(b"\xff")],
    )
    assert found(bad) == (None, 0)
    with pytest.raises(ValueFormatError):
        make_writer("jsonl", io.BytesIO(), None).write(
            Batch(pyarrow.record_batch([pyarrow.array([b"\x00"])], names=["a"]))
        )


def test_types_of_newer_releases():
    arrays = [pyarrow.array(["a", None], pyarrow.string())]
    if hasattr(pyarrow, "string_view"):
        arrays.append(pyarrow.array(["a", '"'], pyarrow.string_view()))
    if hasattr(pyarrow, "uuid"):
        values = [uuid.UUID(int=7).bytes, None]
        arrays.append(pyarrow.array(values, pyarrow.binary(16)).cast(pyarrow.uuid()))
    arrays.append(pyarrow.RunEndEncodedArray.from_arrays([2], ["x"]))
    batch = pyarrow.record_batch(arrays, names=[str(n) for n in range(len(arrays))])
    assert (lines_of_columns(batch, JsonTexts()), 0) == plainly(batch)


def test_nothing_loads_pandas(tmp_path):
    need("pandas", "frames")
    quick = [
        *(pyarrow.int8(), pyarrow.bool_(), pyarrow.string(), pyarrow.float64(), POINT),
        *(pyarrow.date32(), pyarrow.list_(POINT), pyarrow.timestamp("ns", "UTC")),
    ]
    arrays = [pyarrow.array([None, *values], type_) for type_, values in QUICK if type_ in quick]
    size = min(map(len, arrays))
    table = pyarrow.table([one[:size] for one in arrays], names=list(map(str, range(len(arrays)))))
    need("pyarrow.parquet", "files").write_table(table, tmp_path / "x.parquet")
    program = (
        "import sys\nfrom filterlang.backends.files import copy\n"
        "print(copy([], 'x.parquet', 'y.jsonl'), 'pandas' in sys.modules)"
    )
    command = [sys.executable, "-c", program]
    found = subprocess.check_output(command, cwd=tmp_path, text=True)
    assert found == f"Summary(read={size}, matched={size}, bad=0) False\n"
