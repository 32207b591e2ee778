"""Rows of pandas: a frame keeps what the matcher takes of its rows, however these are had."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlang as fl
from tests.support.engines import need

need("pandas", "pandas")
need("pyarrow", "pyarrow")

import numpy as np  # noqa: E402 — what it needs is asked for first
import pandas as pd  # noqa: E402 — as above
import pyarrow as pa  # noqa: E402 — as above

from filterlang.backends.frames import where  # noqa: E402 — as above

# --- Columns --------------------------------------------------------------------------------------

TEXTS = ["a", "A", "", "10", "1.5", "true", "İ", "2024-01-01", "nan", "abc"]
NUMBERS = [0, 1, 2, 10, 100]
FLOATS = [0.0, -0.0, 1.5, 0.1, 2048.0, 4098.0, 16777216.0, float("inf"), float("nan"), 1e21]
ZONED = [
    datetime(2024, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2024, 2, 29, 1, tzinfo=UTC),
]
TIMES = [moment.replace(tzinfo=None) for moment in ZONED]
DATES = [date(2024, 1, 1), date(1960, 2, 29)]
WHOLE = {f"{sign}int{bits}": bits for sign in ("", "u") for bits in (8, 16, 32, 64)}


def whole_numbers(name: str) -> list[int]:
    first, last = np.iinfo(name).min, np.iinfo(name).max
    many = [*NUMBERS, 2049, 16777217, 2**53 + 1, 2**63, first, last, -1]
    return [number for number in many if first <= number <= last]


def arrays_of(values: list[Any]) -> list[Any]:
    return [
        np.array(values[:2]),
        values[:2],
        np.array([values[:1], values[1:2]]),
        tuple(values[:1]),
    ]


PLAIN: dict[str, list[Any]] = {
    "bool": [True, False],
    **{name: whole_numbers(name) for name in WHOLE},
    "float16": [one for one in FLOATS if not 65504 < one < 1e300],
    "float32": FLOATS,
    "float64": FLOATS,
    "M8[s]": TIMES,
    "M8[ms]": TIMES,
    "M8[us]": TIMES,
    "M8[ns]": TIMES,
}
"""The values of NumPy's types, of which only floats and times have null values."""
NULLABLE: dict[str, list[Any]] = {
    "datetime64[ns, UTC]": ZONED,
    "datetime64[s, Europe/Berlin]": ZONED,
    "m8[ns]": [timedelta(1), timedelta(microseconds=-1)],
    "str": TEXTS,
    "string": TEXTS,
    "category": TEXTS,
    "Int8": [1, -128, 127],
    "UInt64": [0, 1, 2**64 - 1],
    "Float32": [0.1, 1.5, 16777216.0],
    "Float64": [0.1, 1.5, 1e21],
    "boolean": [True, False],
    "Sparse[float64]": [0.0, 1.5],
    "period[D]": DATES,
    "object": [
        *(*TEXTS[:4], *NUMBERS[:3], *FLOATS[4:], *TIMES[:1], *ZONED[:1], *DATES, Decimal("1.50")),
        *(True, b"a", [1, None], {"k": 1}, timedelta(1), {"k": np.array([1, 2])}),
        *(
            np.float32(0.1),
            np.float32(16777216),
            np.float16(2048),
            np.int8(1),
            np.bool_(True),
            np.str_("A"),
            np.datetime64("2024-01-01"),
        ),
        *(np.datetime64("NaT"), np.datetime64("1969-12-31T23:59:59.999999999"), pd.NA, pd.NaT),
        *(pd.Timestamp("2024-01-01"), pd.Series([1, 2]), pd.Categorical(["a"])),
        *arrays_of([1, 2]),
        *arrays_of([0.1, float("nan")]),
        *arrays_of(["a", "B"]),
        *([{"k": 1}, {"k": None}], np.array([{"k": 1}, None], object)),
    ],
}
ARROW: dict[pa.DataType, list[Any]] = {
    pa.bool_(): [True, False],
    **{pa.type_for_alias(name): whole_numbers(name) for name in WHOLE},
    pa.float16(): [np.float16(one) for one in FLOATS[:6]],
    pa.float32(): FLOATS,
    pa.float64(): FLOATS,
    pa.string(): TEXTS,
    pa.large_string(): TEXTS,
    pa.dictionary(pa.int32(), pa.string()): TEXTS,
    pa.binary(): [b"a", b""],
    pa.decimal128(10, 2): [Decimal("1.50"), Decimal("-0.00"), Decimal(10)],
    pa.date32(): DATES,
    pa.date64(): DATES,
    **{
        pa.timestamp(unit): [moment.replace(microsecond=0) for moment in TIMES]
        for unit in ("s", "ms")
    },
    pa.timestamp("us"): TIMES,
    pa.timestamp("ns"): TIMES,
    pa.timestamp("us", "Europe/Berlin"): ZONED,
    pa.duration("us"): [timedelta(1)],
    pa.list_(pa.int64()): [[1, None], [], [2, 10], None],
    pa.list_(pa.float32()): [[0.1, float("nan")], [], [1.5]],
    pa.list_(pa.timestamp("ns")): [TIMES, []],
    pa.list_(pa.date32()): [DATES, []],
    pa.list_(pa.decimal128(5, 2)): [[Decimal("1.50"), None], [Decimal(10)]],
    pa.large_list(pa.int8()): [[1], [2, None], []],
    pa.decimal256(50, 2): [Decimal("1.50"), Decimal(10)],
    pa.time64("us"): [time(1)],
    pa.null(): [None],
    pa.list_(pa.list_(pa.string())): [[["a"], ["B", None]], [[]]],
    pa.struct([("k", pa.int8()), ("t", pa.string())]): [{"k": 1, "t": "a"}, {"k": None, "t": "B"}],
    pa.list_(pa.struct([("k", pa.float32())])): [[{"k": 1.5}, {"k": None}], [None, {"k": 0.1}]],
}
"""The types but maps: rows show them as lists of pairs, which frames can tell from maps."""


def numpy_columns(length: int) -> st.SearchStrategy[pd.Series]:
    def made(name: str, values: list[Any]) -> st.SearchStrategy[pd.Series]:
        nulls = [] if name == "bool" or name in WHOLE else [None]
        drawn = st.lists(st.sampled_from([*values, *nulls]), min_size=length, max_size=length)
        return drawn.map(lambda column: series(column, name))

    return st.one_of([made(name, values) for name, values in (PLAIN | NULLABLE).items()])


def series(column: list[Any], name: str) -> pd.Series:
    if name != "object":
        return pd.Series(column, dtype=name)
    cells = np.empty(len(column), object)
    for index, cell in enumerate(column):
        cells[index] = cell
    return pd.Series(cells, dtype=object)


def arrow_columns(length: int) -> st.SearchStrategy[pd.Series]:
    def made(type_: pa.DataType, values: list[Any]) -> st.SearchStrategy[pd.Series]:
        drawn = st.lists(st.sampled_from([*values, None]), min_size=length, max_size=length)
        return drawn.map(
            lambda column: pd.Series(pd.arrays.ArrowExtensionArray(pa.array(column, type_)))
        )

    return st.one_of([made(type_, values) for type_, values in ARROW.items()])


@st.composite
def frames(draw) -> pd.DataFrame:
    length = draw(st.integers(1, 3))
    columns = draw(st.sampled_from([numpy_columns, arrow_columns]))(length)
    drawn = {name: draw(columns) for name in "abc"[: draw(st.integers(1, 3))]}
    return pd.DataFrame({"number": range(length)} | drawn)


# --- Filters --------------------------------------------------------------------------------------

EXPRESSIONS = [
    *("a", "B", "true", "0", "1", "2", "10", "-1", "1.5", "1.50", "0.1", "100", "2049", "16777217"),
    *("0.10000000149011612", "9007199254740993", "9223372036854775808", "18446744073709551615"),
    *("2024-01-01", "2024-01-01T00:00:00Z", "1960-02-29", "1969-12-31T23:59:59.999999Z", "70000"),
    *("1704067200000", "0.5", "4097", "127", "65535", "1e21", "abc", "İ"),
]
PATTERNS = [
    "a*",
    "*",
    "1*",
    "?",
    "0.1*",
    "1.5",
    "1.50",
    "*z",
    "2024-01-01*",
    "true",
    "-*",
    "0",
    "inf*",
]
NAMES = ["a", "b", "c", "a", "b", "a.k", "b.k", "a.t", "a.year", "a.size"]
OPERATORS = ["==", "!=", "<", "<=", ">", ">="]


@st.composite
def clauses(draw) -> str:
    name = draw(st.sampled_from(NAMES))
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return name + draw(st.sampled_from(["~", "!~"])) + draw(st.sampled_from(PATTERNS))
    if kind == 1:
        return name + draw(st.sampled_from(["==", "!="]))
    return name + draw(st.sampled_from(OPERATORS)) + draw(st.sampled_from(EXPRESSIONS))


queries = st.lists(clauses(), min_size=1, max_size=2).map(";".join)

# --- Laws -----------------------------------------------------------------------------------------


def told_by(matcher: fl.Matcher, rows: Any) -> list[int]:
    return [number for number, row in enumerate(rows) if matcher(row)]


def agree(frame: pd.DataFrame, filters: list[str]) -> None:
    """Check that a frame keeps what all that judges rows takes of its rows, however they are had.

    `iterrows` shows a row as a column of one type, that of `frame.astype(row.dtype)`: numbers of
    several types have become those of one, which may be a float that can't tell large integers
    from their neighbours. It is with the frame of that type that such rows agree.
    """
    rows = [row for _, row in frame.iterrows()]
    (common,) = {row.dtype for row in rows}
    shown = frame if pd.api.types.is_object_dtype(common) else frame.astype(common)
    records = frame.to_dict("records")
    for filter_ in filters:
        kept = list(where(frame, filter_, strict=False)["number"])
        matcher = fl.compile(filter_)
        assert told_by(matcher, records) == kept, filter_
        assert told_by(matcher, frame.itertuples()) == kept, filter_
        assert [row["number"] for row in matcher.filter(records)] == kept, filter_
        as_shown = list(where(shown, filter_, strict=False)["number"])
        assert told_by(matcher, rows) == as_shown, filter_
        index = fl.FilterIndex({1: filter_})
        for row in [*rows, *records]:
            assert index.match(row) == ([1] if matcher(row) else []), (filter_, row)
            assert matcher.explain(row).matched is matcher(row), (filter_, row)


many_queries = st.lists(queries, min_size=1, max_size=6)


@given(frames(), many_queries)
def test_frames_and_their_rows_agree(frame, filters):
    agree(frame, filters)


@pytest.mark.slow
@given(frames(), many_queries)
@settings(max_examples=250)
def test_many_frames_and_their_rows_agree(frame, filters):
    agree(frame, filters)


def test_a_row_of_one_type_cannot_hold_what_its_frame_does():
    """Of what `iterrows` makes floats, which two integers equal, other ways keep the digits."""
    frame = pd.DataFrame({"number": [0], "a": [2**53 + 1], "b": [0.5]})
    ((_, row),) = frame.iterrows()
    for filter_, in_frame, in_row in (("a==9007199254740993", 1, 1), ("a==9007199254740992", 0, 1)):
        assert len(where(frame, filter_)) == in_frame
        for record in (*frame.to_dict("records"), *frame.itertuples(), *frame.to_records()):
            assert fl.matches(filter_, record) == in_frame
        assert fl.matches(filter_, row) == in_row
