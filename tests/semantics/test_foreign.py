"""Values of NumPy and pandas in records, and the instants that Python's calendar lacks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal
from fractions import Fraction
from numbers import Rational
from operator import eq, ge, lt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.matching.codegen import MOST_FAILURES
from filterlang.semantics.instants import FOREVER, Instant, day_of_month, instant_of, moment_of
from filterlang.semantics.values import plain
from tests.support.engines import need

need("pandas", "pandas")

import numpy as np  # noqa: E402 — what it needs is asked for first
import pandas as pd  # noqa: E402 — as above


def same(made, expected):
    return type(made) is type(expected) and made == expected


def verdicts(clause, record):
    """Give the verdicts of all that judges records: one, if they agree."""
    matcher = fl.compile(clause)
    quick = {matcher(record), *(len(list(matcher.filter([record]))) == 1 for _ in range(2))}
    careful = [matcher(record) for _ in range(MOST_FAILURES + 1)][-1]
    explained = matcher.explain(record).matched
    found = fl.FilterIndex({1: clause}).match(record) == [1]
    return {*quick, careful, explained, found}


STRUCTURES = np.array([(1, "A"), (2, "B")], dtype=[("n", "i4"), ("t", "U3")])


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
        (np.timedelta64(1, "s"), timedelta(seconds=1)),
        (np.timedelta64(-1, "ns"), timedelta(microseconds=-1)),
        (np.timedelta64(2**62, "s"), np.timedelta64(2**62, "s")),
        (np.timedelta64(1), np.timedelta64(1)),
        (np.timedelta64(1, "Y"), np.timedelta64(1, "Y")),
        (np.void(b"ab"), b"ab"),
        (STRUCTURES[0], {"n": 1, "t": "A"}),
        (STRUCTURES[:1].reshape(()), {"n": 1, "t": "A"}),
        (np.ma.array("2020", "M8[Y]", mask=True), None),
        (np.ma.array(5), 5),
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
    alone = np.array(None, object)
    alone[()] = alone
    for verdict in verdicts("x==", {"x": alone}):
        assert verdict


@pytest.mark.parametrize(
    "held", [pd.NA, pd.NaT, np.datetime64("NaT"), None, np.array(np.nan), np.ma.masked], ids=repr
)
def test_an_array_of_one_object_is_what_it_holds(held):
    array = np.array(None, object)
    array[()] = held
    assert verdicts("x==", {"x": array}) == {True}
    array[()] = {"k": [1, held]}
    assert verdicts("x.k==1;x.k!=2", {"x": array}) == {True}


def test_ways_through_arrays_that_share_their_elements_are_not_counted_out():
    """There are 2^40 of them."""
    record, name = {"k": 1}, "k"
    for _ in range(40):
        shared = np.empty(2, object)
        shared[0] = shared[1] = record
        record, name = {"k": shared}, f"{name}.k"
    assert verdicts(f"{name}==1", record) == {True}
    assert verdicts(f"{name}==2", record) == {False}


@pytest.mark.parametrize(
    ("clause", "value", "expected"),
    [
        # NumPy compares with what its type has for the bound, which may be another number.
        ("x<16777217", np.float32(16777216), True),
        ("x>=16777217", np.float32(16777216), False),
        ("x<2049", np.float16(2048), True),
        ("x>4097;x<4099", np.float16(4098), False),
        ("x>4095;x<4097", np.float16(4096), True),
        ("x<70000", np.float16(5), True),
        ("x>70000", np.float16("inf"), True),
        ("x>70000", np.array(["inf"], "f2"), True),
        ("x<2049", np.array([2048], "f2"), True),
        ("x<300;x>-300", np.int8(100), True),
        ("x>-1;x<9223372036854775808", np.uint64(5), True),
        ("x>18446744073709551614", np.uint64(2**64 - 1), True),
        ("x==0.1", np.float32(0.1), False),
        ("x>0.1", np.float32(0.1), True),
        ("x>3", np.timedelta64(5, "s"), False),
        ("x==true", np.bool_(True), True),
        ("x==1", np.bool_(True), False),
        ("x>=0", np.datetime64("1960"), False),
        ("x<0", np.array(["1960"], "M8[D]"), True),
    ],
    ids=str,
)
def test_no_comparison_is_left_to_numpy(clause, value, expected):
    assert verdicts(clause, {"x": value}) == {expected}


# --- Records --------------------------------------------------------------------------------------


def test_structures_are_mappings():
    one = STRUCTURES[0]
    for row in (one, STRUCTURES.view(np.recarray)[0], np.ma.array(STRUCTURES)[0]):
        assert verdicts("n==1;t==a;t!=;dtype==", row) == {True}
        assert verdicts("s.n==1;s.t==a;s!=;s.dtype==", {"s": row}) == {True}
    for rows in (STRUCTURES, STRUCTURES.view(np.recarray), list(STRUCTURES)):
        assert verdicts("s.n==2;s.t==b", {"s": rows}) == {True}
        assert verdicts("s.n==2;s.t==a", {"s": rows}) == {False}
        assert verdicts("n==", rows) == {True}


SCALARS = [
    *(np.float32(1), np.bool_(True), np.str_("a"), np.datetime64("2024"), np.timedelta64(1)),
    *(np.void(b"ab"), np.bytes_(b"a"), np.complex64(1), np.ma.masked, np.array(5), np.array(b"a")),
    *(pd.Timestamp("2024"), pd.Timedelta(1), pd.NA, pd.NaT, np.array(None, object)),
]
LISTS = [
    *(np.array([1, 2]), np.array([[1]]), np.array([]), np.ma.array([1, 2], mask=[True, False])),
    *(pd.Index([1]), pd.Categorical(["a"]), pd.array([1]), pd.date_range("2020", periods=1)),
    pd.arrays.SparseArray([0, 1]),
]
ATTRIBUTES = ["T", "base", "codes", "dtype", "is_monotonic_increasing", "name", "ndim", "real",
              "shape", "size", "values", "year"]  # fmt: skip


@pytest.mark.parametrize("value", [*SCALARS, *LISTS], ids=repr)
def test_scalars_and_lists_have_no_attributes(value):
    asked = ";".join(f"{name}==" for name in ATTRIBUTES)
    assert verdicts(asked, value) == {True}
    asked = ";".join(f"x.{name}==" for name in ATTRIBUTES)
    assert verdicts(asked, {"x": value}) == {True}


class Unhashed(type):
    """A type that can't be remembered."""

    __hash__ = None


class HostileArray(np.ndarray):
    """What can't be asked how many dimensions it has."""

    ndim = property(lambda self: 1 / 0)


def test_what_raises_when_it_is_looked_at_is_missing():
    for hostile in (Unhashed("Hostile", (), {"x": 1})(), np.array([1]).view(HostileArray)):
        assert verdicts("x==", hostile) == {True}
        assert verdicts("x==;x.y==", {"x": hostile}) == {True}
        assert verdicts("x==1;x!=2", {"x": [hostile, 1]}) == {True}


def test_explanations_show_what_is_held():
    record = {"x": np.array([1, 5]), "y": np.float32(2), "z": pd.Timestamp("2024-01-02")}
    assert str(fl.compile("x==5;y>1;z>2024").explain(pd.Series(record))) == (
        "match\n"
        "filter 1 matches: x==5;y>1;z>2024\n"
        "  yes  x==5: 1, 5\n"
        "  yes  y>1: 2.0\n"
        "  yes  z>2024: datetime.datetime(2024, 1, 2, 0, 0)"
    )


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
        (pd.arrays.SparseArray([0, 5]), "x==5", "x=="),
        (pd.DataFrame({"dtype": [1], "a": [2]}), "x.a==2;x.dtype==1", "x=="),
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


DRAWN = [st.fractions(), st.decimals(allow_nan=False, allow_infinity=False)]


@given(DRAWN[0], st.one_of(DRAWN).map(lambda number: Fraction(number).limit_denominator(10**3)))
def test_fractions_compare_exactly(fraction, number):
    """With what has few digits, and with what has more of them than anybody wants to see."""
    for digits in (5, 1500):
        text = f"{Context(prec=digits).divide(number.numerator, number.denominator):f}"
        for operator, compare in (("==", eq), ("<", lt), (">=", ge)):
            expected = compare(fraction, Fraction(text))
            assert fl.matches(f"x{operator}{text}", {"x": fraction}) is expected
            found = fl.FilterIndex({1: f"x{operator}{text}"}).match({"x": [fraction, None]})
            assert found == ([1] if expected else [])


class Third(Rational):
    """A number of another library."""

    numerator, denominator = 1, 3


for _name in Third.__abstractmethods__:
    setattr(Third, _name, None)
Third.__abstractmethods__ = frozenset()


def test_fractions_of_other_libraries_are_exact():
    third = "0." + "3" * 1200
    assert fl.matches(f"x>{third};x<{third}4;x!~*", {"x": Third()})


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
