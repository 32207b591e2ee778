"""Law: a file gives the same rows with polars judging and without, whatever types it has."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.engines import need

need("pyarrow", "files")
need("narwhals", "frames")
need("polars", "polars")

import pyarrow as pa  # noqa: E402 — what it needs is asked for first

import filterlang as fl  # noqa: E402 — as above
from filterlang.backends.files import FileError, copy, read  # noqa: E402 — as above
from filterlang.backends.files.faults import InputError  # noqa: E402 — as above
from filterlang.backends.files.tables import columns, judging  # noqa: E402 — as above
from filterlang.backends.files.tables.judging import Judge  # noqa: E402 — as above

UNITS = ("s", "ms", "us", "ns")
WHOLE = [0, 1, 2, 100, None]
TEXTS = ["", "a", "A", "1", "Σ", "2024-01-01", None]
LARGE = [0, 1, -1, 10**12, -(2**62), 2**62, 1_704_067_200, 1_704_067_200_000_000, None]
KEYED = [[("a", 1), ("a", 2)], [("b", 1)], [("x", 2), ("a", 1), ("x", 1)], [], None]


def extended(type_, values):
    return pa.ExtensionArray.from_storage(type_, pa.array(values, type_.storage_type))


def unions():
    parts = [pa.array([1, 2, None]), pa.array(["a", "b", "1"])]
    kinds = pa.array([0, 1, 0], pa.int8())
    yield pa.UnionArray.from_sparse(kinds, parts)
    yield pa.UnionArray.from_dense(kinds, pa.array([0, 1, 2], pa.int32()), parts)


def leaves():
    """Give arrays of all types without others inside."""
    widths = [f"{sign}int{bits}" for sign, bits in product(("", "u"), (8, 16, 32, 64))]
    yield from (pa.array(WHOLE, width) for width in widths)
    for type_ in (pa.float16(), pa.float32(), pa.float64()):
        numbers = [0.0, -0.0, 1.0, 2.5, float("nan"), float("inf"), None]
        yield pa.array(numbers).cast(type_)
    for make, digits in (
        (pa.decimal32, 9),
        (pa.decimal64, 18),
        (pa.decimal128, 38),
        (pa.decimal256, 70),
    ):
        for scale in (0, 2, -2):
            yield pa.array([Decimal(0), Decimal(100), Decimal(2500), None], make(digits, scale))
    yield from (
        pa.array(TEXTS, type_) for type_ in (pa.string(), pa.large_string(), pa.string_view())
    )
    data = [b"", b"a", b"1", None]
    yield from (
        pa.array(data, type_) for type_ in (pa.binary(), pa.large_binary(), pa.binary_view())
    )
    yield pa.array([b"ab", b"12", None], pa.binary(2))
    yield pa.array([True, False, None])
    yield pa.nulls(3)
    yield pa.array([0, 1, 19_723, 10**7, -(10**7), None], pa.int32()).cast(pa.date32())
    yield pa.array([0, 86_400_000, 1_704_067_200_000, None], pa.date64())
    yield from (pa.array([0, 1, 80_000, None], pa.time32(unit)) for unit in ("s", "ms"))
    yield from (pa.array([0, 1, 80_000, None], pa.time64(unit)) for unit in ("us", "ns"))
    for unit, zone in product(UNITS, (None, "UTC", "Asia/Tokyo", "+01:00", "Nowhere/Land")):
        yield pa.array(LARGE, pa.timestamp(unit, zone))
        yield pa.array([0, 1, 86_400, None], pa.timestamp(unit, zone))
    yield from (pa.array(LARGE, pa.duration(unit)) for unit in UNITS)
    yield pa.array([(1, 2, 3), None], pa.month_day_nano_interval())
    yield extended(pa.uuid(), [UUID(int=1).bytes, b"a" * 16, None])
    yield extended(pa.json_(), ['{"x": 1}', "1", None])
    yield extended(pa.bool8(), [1, 0, None])
    yield from unions()


def nested(leaf):
    """Give arrays of all types with another inside."""
    count = len(leaf)
    ends = pa.array([*range(count + 1)], pa.int32())
    large = ends.cast(pa.int64())
    yield pa.ListArray.from_arrays(ends, leaf)
    yield pa.LargeListArray.from_arrays(large, leaf)
    yield pa.FixedSizeListArray.from_arrays(leaf, 1)
    yield pa.ListViewArray.from_arrays(ends[:-1], pa.array([1] * count, pa.int32()), leaf)
    yield pa.StructArray.from_arrays([leaf, pa.array([*range(count)])], ["x", "y"])
    keys = pa.array(["x"] * count)
    yield pa.MapArray.from_arrays(ends, keys, leaf)
    yield pa.RunEndEncodedArray.from_arrays(ends[1:], leaf)
    if pa.types.is_primitive(leaf.type) or pa.types.is_string(leaf.type):
        yield pa.DictionaryArray.from_arrays(pa.array([*range(count), None], pa.int8()), leaf)


LEAVES = list(leaves())
ARRAYS = [
    *LEAVES,
    *(array for leaf in LEAVES for array in nested(leaf)),
    pa.array(KEYED, pa.map_(pa.string(), pa.int64())),
    pa.array([KEYED], pa.list_(pa.map_(pa.string(), pa.int64()))),
    pa.array([{"x": one} for one in KEYED], pa.struct([("x", pa.map_(pa.string(), pa.int64()))])),
]
names = st.sampled_from(["c", "c.x", "c.y", "c.a", "c.x.a", "z"])
asked = st.sampled_from(
    [
        *(
            f"{operator}{text}"
            for operator in ("==", "!=")
            for text in ("", "1", "2.5", "a", "true")
        ),
        *(
            f"{operator}{text}"
            for operator in ("<", "<=", ">", ">=")
            for text in ("1", "a", "1970-01-02")
        ),
        *("~*", "!~*", "~1*", "!~a", "~19*", "!~?", "==2024-01-01", "~*Z", "==1e2", "!=100"),
        f"=={UUID(int=1)}",
    ]
)
filters = st.lists(st.builds(str.__add__, names, asked), min_size=1, max_size=3).map(";".join)


def verdicts(judge, batch):
    """Give the verdicts, or why there are none."""
    try:
        return judge.verdicts(batch)
    except InputError as error:
        return str(error)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("number", range(10))
@given(st.data())
@settings(max_examples=6, deadline=None)
def test_the_rows_are_the_same_with_polars_and_without(number, data):
    texts = data.draw(st.lists(filters, min_size=1, max_size=3))
    start = data.draw(st.integers(0, 1))
    for array in ARRAYS[number::10]:
        batch = pa.record_batch({"c": array}).slice(start)
        for text in texts:
            matcher = fl.compile(text)
            expected = verdicts(Judge(matcher, small=1000), batch)
            assert verdicts(Judge(matcher, small=0), batch) == expected, (array.type, text)


def shown(path, text):
    """Write rows, but for what tells apart what Python has no type for."""
    return re.sub(r" at 0x\w+", "", str(list(read(path, text))))


def test_a_file_of_any_type_gives_rows(tmp_path):
    path, to = tmp_path / "x.arrow", tmp_path / "y.arrow"
    for array in ARRAYS:
        table = pa.record_batch({"n": range(len(array)), "c": array})
        with pa.ipc.new_file(path, table.schema) as file:
            file.write(table)
        expected = [row for row in range(len(array)) if row != 1]
        assert [row["n"] for row in read(path, "n!=1")] == expected, array.type
        if "union" not in str(array.type):
            continue
        # pyarrow takes no rows of these.
        assert copy("n!=1", path, to) == (len(array), len(expected), 0), array.type
        assert shown(to, "n!=1") == shown(path, "n!=1"), array.type


@pytest.mark.slow
def test_a_parquet_file_of_any_type_holds_the_same_or_the_column_is_named(tmp_path):
    path, to = tmp_path / "x.arrow", tmp_path / "y.parquet"
    refused = {}
    for array in ARRAYS:
        table = pa.record_batch({"n": range(len(array)), "c": array})
        with pa.ipc.new_file(path, table.schema) as file:
            file.write(table)
        try:
            copy("n!=1", path, to)
        except FileError as error:
            refused[str(array.type)] = error.fault.message
            continue
        if not re.search("time|date64|duration", str(array.type)):
            # Of times Parquet has other units.
            assert shown(to, "n!=1") == shown(path, "n!=1"), array.type
    for name, message in refused.items():
        if re.search("union|interval|extension", name):
            assert message == (
                f"can't be written: the column 'c' has the type {name}, which Parquet doesn't "
                "hold; leave it out with --select, or write Arrow"
            )
        else:
            assert message.startswith("can't be written: ")


def test_after_a_panic_polars_is_not_asked_again(monkeypatch):
    class PanicError(BaseException):
        pass

    asked = []

    def panic(part):
        asked.append(part)
        raise PanicError

    monkeypatch.setattr(judging, "_frame", panic)
    judge = Judge(fl.compile("a==1"), small=0)
    batch = pa.record_batch({"a": [1, 2]})
    assert [judge.verdicts(batch) for _ in range(3)] == [[True, False]] * 3
    assert len(asked) == 1

    def interrupt(part):
        raise KeyboardInterrupt

    monkeypatch.setattr(judging, "_frame", interrupt)
    with pytest.raises(KeyboardInterrupt):
        Judge(fl.compile("a==1"), small=0).verdicts(batch)


def test_a_column_without_values_is_named(monkeypatch):
    def refuse(column):
        raise NotImplementedError

    monkeypatch.setattr(columns, "record_values", refuse)
    with pytest.raises(InputError) as caught:
        columns.values_of(pa.record_batch({"a": [1]}))
    assert str(caught.value) == (
        "the column 'a' can't be read: pyarrow makes no values of its type int64; write it in"
        " another type"
    )


def test_polars_judges_dates_that_are_all_null():
    judge = Judge(fl.compile("d=="), small=0)
    batch = pa.record_batch({"d": pa.nulls(2, pa.date32())})
    assert judge._by_polars(batch) == [True, True]
