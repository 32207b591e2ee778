"""Values of NumPy and pandas in records, and the instants that Python's calendar lacks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.semantics.instants import FOREVER, Instant, day_of_month, instant_of, moment_of
from filterlang.semantics.values import Ratio, plain
from tests.support.engines import need

need("pandas", "pandas")

import numpy as np  # noqa: E402 — what it needs is asked for first
import pandas as pd  # noqa: E402 — as above


def same(made, expected):
    return type(made) is type(expected) and made == expected


# --- NumPy ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (np.bool_(True), True),
        (np.int8(-3), -3),
        (np.uint64(2**64 - 1), 2**64 - 1),
        (np.float16(0.1), 0.0999755859375),
        (np.float32(0.1), 0.10000000149011612),
        (np.longdouble(1.5), 1.5),
        (np.str_("A"), "A"),
        (np.datetime64("2020-01-02"), date(2020, 1, 2)),
        (np.datetime64("2020-02"), date(2020, 2, 1)),
        (np.datetime64("1969"), date(1969, 1, 1)),
        (np.datetime64("2020-01-02", "W"), date(2020, 1, 2)),
        (np.datetime64("2020-01-02T03"), datetime(2020, 1, 2, 3, tzinfo=UTC)),
        (np.datetime64("2020-01-02T03:04:05"), datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (
            np.datetime64("1969-12-31T23:59:59.999999999"),
            datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ),
        (np.datetime64(-1, "as"), datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        (np.datetime64("12020-05", "M"), Instant(317157811200000000)),
        (np.datetime64(10**9, "25s"), datetime(2762, 3, 21, 20, 26, 40, tzinfo=UTC)),
        (np.datetime64("NaT"), None),
        (np.timedelta64("NaT"), None),
        (np.timedelta64(1, "s"), timedelta(0)),
        (np.array(5), 5),
        (np.array("2020-01-02", "M8[D]"), date(2020, 1, 2)),
        (np.ma.masked, None),
    ],
    ids=repr,
)
def test_scalars_of_numpy(value, held):
    assert same(plain(value), held)


@pytest.mark.parametrize(
    "value", [np.bytes_(b"a"), np.void(b"a"), np.complex64(1j), np.timedelta64(1)], ids=repr
)
def test_scalars_that_equal_nothing(value):
    assert not fl.matches("x==a", {"x": value})
    assert not fl.matches("x==", {"x": value})
    assert fl.matches("x!=a;x!~*", {"x": value})


@pytest.mark.parametrize(
    ("value", "yes", "no"),
    [
        (np.array([1, 2]), "x==2;x<2;x!=3", "x!=1"),
        (np.array([[1, 2], [3, 4]]), "x==4;x==1", "x==5"),
        (np.array([]), "x==;x!=1", "x!="),
        (np.array([np.nan, np.nan]), "x==", "x!="),
        (np.array([np.nan, 1.5]), "x==1.5;x~1.5", "x=="),
        (np.array(["A", "b"]), "x==a;x~B", "x==c"),
        (np.array(["2020-01-02T00:00:00.5"], "M8[ns]"), "x>2020-01-02;x~*00.5z", "x==2020-01-02"),
        (np.array([None, "a", 1], object), "x==a;x==1", "x=="),
        (np.ma.array([1, 2], mask=[False, True]), "x==1", "x==2"),
        (np.array(1), "x==1", "x==2"),
        ([np.array([1]), np.int8(2)], "x==1;x==2", "x==3"),
    ],
    ids=repr,
)
def test_arrays_are_lists(value, yes, no):
    for clause in yes.split(";"):
        assert fl.matches(clause, {"x": value}), clause
    assert not fl.matches(no, {"x": value})


def test_an_array_of_objects_is_gone_through():
    record = {"x": np.array([{"a": 1, "b": 1}, {"a": 2, "b": 2}], object)}
    assert fl.matches("x.a==1;x.b==1", record)
    assert not fl.matches("x.a==1;x.b==2", record)


def test_an_array_that_holds_itself_ends():
    array = np.empty(2, object)
    array[0], array[1] = array, 1
    assert fl.matches("x==1", {"x": array})
    assert not fl.matches("x==2", {"x": array})


def test_what_was_made_of_an_array_is_not_taken_for_another():
    """The lists that are made of arrays come and go, and others get their identities."""
    values = [np.array([number]) for number in range(1000)]
    assert all(fl.matches(f"x=={number}", {"x": values}) for number in (0, 1, 500, 999))


# --- pandas ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (pd.NA, None),
        (pd.NaT, None),
        (
            pd.Timestamp("2020-01-02T00:00:00.123456789Z"),
            datetime(2020, 1, 2, microsecond=123_456, tzinfo=UTC),
        ),
        (
            pd.Timestamp(np.datetime64(253_402_300_800, "s"), tz="UTC"),
            Instant(253_402_300_800_000_000),
        ),
        (pd.Timestamp("1960-01-02"), datetime(1960, 1, 2)),  # noqa: DTZ001 — as records may have it
    ],
    ids=str,
)
def test_scalars_of_pandas(value, held):
    assert same(plain(value), held)


@pytest.mark.parametrize(
    ("value", "yes", "no"),
    [
        (pd.Series([1, None]), "x==1;x!=2", "x=="),
        (pd.Series(["a", None], index=["k", "l"]), "x==a", "x.k==a"),
        (pd.Categorical(["a", None]), "x==A", "x=="),
        (pd.Index([1, 2]), "x==2", "x==3"),
        (pd.date_range("2020-01-01", periods=2), "x==2020-01-02", "x==2020-01-03"),
        (pd.array([1, None]), "x==1", "x=="),
        (pd.array([None], dtype="Int64"), "x==", "x!="),
        (pd.Series([], dtype=object), "x==", "x!="),
        (pd.Timedelta(1), "x!=1", "x=="),
        (pd.Period("2020"), "x!=2020", "x~2020*"),
        (pd.Interval(0, 1), "x!=", "x==0"),
    ],
    ids=repr,
)
def test_columns_are_lists(value, yes, no):
    for clause in yes.split(";"):
        assert fl.matches(clause, {"x": value}), clause
    assert not fl.matches(no, {"x": value})


def test_a_row_is_a_record():
    frame = pd.DataFrame({"name": ["Ada", "Bob"], "score": [3, None], "tags": [["a"], None]})
    matcher = fl.compile(["name==ada;score<4;tags==a", "score==;tags=="])
    assert [matcher(row) for _, row in frame.iterrows()] == [True, True]
    assert [matcher(row) for row in frame.itertuples()] == [True, True]
    assert [matcher(row) for row in frame.to_dict("records")] == [True, True]


# --- Instants -------------------------------------------------------------------------------------

YEAR_10000 = 253_402_300_800_000_000


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (Instant(YEAR_10000), "+10000-01-01T00:00:00Z"),
        (Instant(YEAR_10000 + 500_000), "+10000-01-01T00:00:00.5Z"),
        (Instant(-62_135_596_800_000_001), "0000-12-31T23:59:59.999999Z"),
        (Instant(-62_167_219_200_000_001), "-0001-12-31T23:59:59.999999Z"),
        (Instant(FOREVER), "infinity"),
        (Instant(-FOREVER), "-infinity"),
    ],
)
def test_the_text_of_an_instant(instant, text):
    assert str(instant) == text
    assert repr(instant) == f"Instant({text!r})"


def test_instants_are_values():
    assert Instant(1) == Instant(1) != Instant(2)
    assert Instant(1) != 1
    assert len({Instant(1), Instant(1), Instant(2)}) == 2


@given(st.integers(-(10**19), 10**19))
def test_moments_are_exact(microseconds):
    moment = moment_of(microseconds)
    assert instant_of(moment) == microseconds
    first, last = instant_of(datetime.min), instant_of(datetime.max)  # noqa: DTZ901 — as above
    assert isinstance(moment, Instant) is not (first <= microseconds <= last)


@given(st.dates())
def test_days_of_months(day):
    first = day.replace(day=1)
    assert day_of_month((day.year - 1970) * 12 + day.month - 1) == (first - date(1970, 1, 1)).days
    assert (
        day_of_month(12 * 400 + (day.year - 1970) * 12 + day.month - 1)
        == 146_097 + (first - date(1970, 1, 1)).days
    )


@pytest.mark.parametrize("schema", [None, fl.Schema({"x": "datetime"})], ids=["none", "typed"])
@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("x==253402300800000", True),
        ("x!=253402300800000", False),
        ("x>253402300799999", True),
        ("x>=9999-12-31T23:59:59.999999Z", True),
        ("x<253402300800001", True),
        ("x<253402300800000", False),
        (f"x<{'9' * 5000}", True),
        (f"x>-{'9' * 5000}", True),
        ("x~*", False),
        ("x!~*", True),
        ("x==", False),
        ("x!=", True),
        ("x==soon", False),
        ("x.microseconds==", True),
    ],
)
def test_instants_compare_and_have_no_text(schema, clause, expected):
    record = {"x": Instant(YEAR_10000)}
    assert fl.matches(clause, record, schema=schema) is expected
    assert fl.compile(clause, schema=schema).explain(record).matched is expected
    assert fl.FilterIndex({1: clause}, schema=schema).match(record) == ([1] if expected else [])


@pytest.mark.parametrize("number", [10**18, -(10**18), 10**300, Decimal("1E+5000"), 1e300])
def test_milliseconds_beyond_the_calendar_compare_by_a_schema(number):
    schema = fl.Schema({"x": "datetime"})
    order = "x>9999-12-31" if number > 0 else "x<0001-01-01"
    for clause, expected in ((order, True), ("x!~*", True), ("x!=", True), ("x==0", False)):
        assert fl.matches(clause, {"x": number}, schema=schema) is expected
        index = fl.FilterIndex({1: clause}, schema=schema)
        assert index.match({"x": number}) == ([1] if expected else [])
    if isinstance(number, int):
        assert fl.matches(f"x=={number};x<={number};x<{number + 1}", {"x": number}, schema=schema)


# --- Fractions ------------------------------------------------------------------------------------


@given(st.fractions(), st.decimals(allow_nan=False, allow_infinity=False))
def test_fractions_compare_exactly(fraction, number):
    ratio, other = plain(fraction), Fraction(number)
    assert type(ratio) is Ratio
    assert (ratio == number) is (fraction == other)
    assert (ratio < number) is (fraction < other)


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("x<0.3333333333333333333333333333333333333334", True),
        ("x>0.3333333333333333333333333333333333333333", True),
        ("x==0.3333333333333333", False),
        ("x~*", False),
        ("x!~0.3*", True),
        ("x==", False),
    ],
)
def test_a_fraction(clause, expected):
    record = {"x": Fraction(1, 3)}
    assert fl.matches(clause, record) is expected
    assert fl.FilterIndex({1: clause}).match(record) == ([1] if expected else [])
    assert fl.matches(clause, {"x": [Fraction(1, 3)]}) is expected


# --- Texts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (10**400, "1" + "0" * 400),
        (-0.0, "0"),
        (Decimal("-0"), "0"),
        (Decimal("-0.00"), "0.00"),
        (Decimal("-1.50"), "-1.50"),
        (float("inf"), "Infinity"),
        (Decimal("-Infinity"), "-Infinity"),
    ],
)
def test_the_texts_of_numbers(value, text):
    assert fl.matches(f"x~{text}", {"x": value})
