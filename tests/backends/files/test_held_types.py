"""Types that hold the values of several columns, and what is said of values that don't go."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from filterlang.backends.files.typed_texts.texts import MisfitError
from filterlang.semantics.instants import Instant
from tests.support.engines import need

pyarrow = need("pyarrow", "files")

from filterlang.backends.files.tables.held_types import (  # noqa: E402 — as above
    filled_type,
    held_as,
    joined_type,
)
from filterlang.backends.files.writing.record_columns import column_of  # noqa: E402 — as above


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        (pyarrow.uint8(), pyarrow.int8(), pyarrow.int16()),
        (pyarrow.uint16(), pyarrow.int64(), pyarrow.int64()),
        (pyarrow.uint8(), pyarrow.uint32(), pyarrow.uint32()),
        (pyarrow.int64(), pyarrow.decimal128(3, 0), pyarrow.decimal128(20, 0)),
        (pyarrow.decimal128(5, 2), pyarrow.decimal256(60, 2), pyarrow.decimal256(60, 2)),
        (pyarrow.decimal128(5, 2), pyarrow.decimal128(5, 1), None),
        (pyarrow.float16(), pyarrow.int8(), pyarrow.float64()),
        (pyarrow.run_end_encoded(pyarrow.int16(), pyarrow.int8()), pyarrow.int8(), pyarrow.int8()),
        (pyarrow.list_(pyarrow.int8(), 2), pyarrow.large_list(pyarrow.int8()), "large"),
        (pyarrow.list_(pyarrow.int8()), pyarrow.list_(pyarrow.string()), None),
        (pyarrow.struct([("a", pyarrow.int8())]), pyarrow.struct([("a", pyarrow.string())]), None),
        (pyarrow.binary(2), pyarrow.binary(), pyarrow.large_binary()),
        (pyarrow.timestamp("s", "UTC"), pyarrow.timestamp("s", "+01:00"), "UTC"),
        (pyarrow.timestamp("s"), pyarrow.date32(), None),
        (pyarrow.date32(), pyarrow.date64(), pyarrow.date64()),
        (pyarrow.time32("s"), pyarrow.time32("ms"), pyarrow.time32("ms")),
        (pyarrow.time64("us"), pyarrow.time32("ms"), pyarrow.time64("us")),
        (pyarrow.bool_(), pyarrow.int8(), None),
    ],
)
def test_types_are_joined_either_way(first, second, joined):
    special = {
        "large": pyarrow.large_list(pyarrow.int8()),
        "UTC": pyarrow.timestamp("s", "UTC"),
    }
    expected = special.get(joined, joined) if isinstance(joined, str) else joined
    assert joined_type(first, second) == expected
    assert joined_type(second, first) == expected


NULL, INTEGER, TEXT = pyarrow.null(), pyarrow.int64(), pyarrow.string()


@pytest.mark.parametrize(
    ("type_", "other", "filled"),
    [
        (NULL, NULL, NULL),
        (NULL, TEXT, TEXT),
        (TEXT, NULL, TEXT),
        (INTEGER, TEXT, INTEGER),
        (INTEGER, pyarrow.float64(), INTEGER),
        (pyarrow.list_(NULL), INTEGER, pyarrow.list_(NULL)),
        (pyarrow.list_(NULL), pyarrow.list_(TEXT), pyarrow.list_(TEXT)),
        (pyarrow.large_list(NULL), pyarrow.list_(TEXT), pyarrow.large_list(TEXT)),
        (pyarrow.list_(NULL, 2), pyarrow.list_(TEXT, 2), pyarrow.list_(TEXT)),
        (pyarrow.list_(TEXT, 2), pyarrow.list_(NULL), pyarrow.list_(TEXT, 2)),
        (
            pyarrow.struct([("a", NULL), ("b", INTEGER)]),
            pyarrow.struct([("c", NULL), ("b", TEXT), ("a", pyarrow.list_(TEXT))]),
            pyarrow.struct([("a", pyarrow.list_(TEXT)), ("b", INTEGER), ("c", NULL)]),
        ),
        (
            pyarrow.struct([pyarrow.field("a", INTEGER, nullable=False)]),
            pyarrow.struct([pyarrow.field("b", TEXT, nullable=False)]),
            pyarrow.struct([pyarrow.field("a", INTEGER, nullable=False), ("b", TEXT)]),
        ),
    ],
)
def test_what_is_null_or_not_there_is_filled(type_, other, filled):
    assert filled_type(type_, other) == filled


def test_a_column_is_held_in_another_type_or_not_at_all():
    lists = pyarrow.array([[1, 2], None, [3, None]], pyarrow.list_(pyarrow.int8(), 2))
    large = pyarrow.large_list(pyarrow.int64())
    assert held_as(lists, large).to_pylist() == [[1, 2], None, [3, None]]
    runs = pyarrow.compute.run_end_encode(pyarrow.array([1, 1, 2], "int8"))
    assert held_as(runs, pyarrow.int64()).to_pylist() == [1, 1, 2]
    views = pyarrow.DictionaryArray.from_arrays(
        [0, 1, None], pyarrow.array(["a", "b"], "string_view")
    )
    assert held_as(views, pyarrow.large_string()).to_pylist() == ["a", "b", None]
    objects = pyarrow.array([{"a": 1}, None])
    wide = pyarrow.struct([("b", pyarrow.string()), ("a", pyarrow.float64())])
    assert held_as(objects, wide).to_pylist() == [{"b": None, "a": 1.0}, None]
    assert held_as(objects, pyarrow.struct([("b", pyarrow.int64())])) is None
    assert held_as(pyarrow.array([[1.5]]), pyarrow.list_(pyarrow.int64())) is None
    assert held_as(pyarrow.array([0.1]), pyarrow.float32()) is None
    nan = pyarrow.array([0.5, float("nan"), None])
    assert held_as(nan, pyarrow.float32()).null_count == 1


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("1.50"), "the number '1.50'"),
        (0.5, "the number '0.5'"),
        (Instant(2**62), "a time beyond the calendar"),
        (datetime(2024, 1, 31, 10), "the time '2024-01-31T10:00:00'"),  # noqa: DTZ001 — as Arrow has it
        (time(10), "the time '10:00:00'"),
        (date(2024, 1, 31), "the date '2024-01-31'"),
        (b"x", "bytes"),
        (object(), "a value of type object"),
    ],
)
def test_a_value_is_named_in_words(value, words):
    with pytest.raises(MisfitError) as raised:
        column_of(["x", value], None, "a", "a")
    assert f"({words} beside string)" in str(raised.value)
    assert (raised.value.row, raised.value.value) == (1, value)


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ([date(2024, 1, 31), datetime(2024, 1, 31, 10)], "date32[day]"),  # noqa: DTZ001 — see above
        ([date(2024, 1, 31), 1], "date32[day]"),
        ([b"x", "y"], "binary"),
    ],
)
def test_no_value_becomes_one_of_another_kind(values, type_):
    with pytest.raises(MisfitError, match=f"beside {type_}".replace("[", "\\[")):
        column_of(values, None, "a", "a")
