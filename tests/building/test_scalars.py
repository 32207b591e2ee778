"""Scalars of NumPy and pandas in comparisons: the Python values that they hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

import pytest

import filterlang as fl
from filterlang import field
from tests.support.engines import need

need("pandas", "pandas")

import numpy as np  # noqa: E402 — what it needs is asked for first
import pandas as pd  # noqa: E402 — as above

MIDNIGHT = datetime(2024, 1, 31, tzinfo=UTC)
NANOSECOND = "2024-01-02T00:00:00.000000789"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (np.int8(-3), "n==-3"),
        (np.uint64(2**64 - 1), "n==18446744073709551615"),
        (np.float16(2048), "n==2048"),
        (np.float32(0.1), "n==0.10000000149011612"),
        (np.float64(0.1), "n==0.1"),
        (np.longdouble(1.5), "n==1.5"),
        (np.bool_(True), "n==true"),
        (np.str_("a"), "n==a"),
        (np.array(5), "n==5"),
        (np.datetime64("2024-01-31"), "n==1706659200000"),
        (np.datetime64("NaT"), "n=="),
        (pd.Timestamp(MIDNIGHT), "n==1706659200000"),
        (pd.Timestamp(MIDNIGHT).as_unit("s"), "n==1706659200000"),
        (pd.NaT, "n=="),
        (pd.NA, "n=="),
        (np.ma.masked, "n=="),
    ],
    ids=repr,
)
def test_scalars_of_numpy_and_pandas(value, text):
    assert str(field("n") == value) == text
    assert str(field("n").not_in([value])) == text.replace("==", "!=")
    if value is not pd.NA and value is not np.ma.masked:  # these answer before they are asked
        assert str(value == field("n")) == text


def test_comparisons_that_begin_with_a_scalar():
    assert str(np.int64(3) < field("n")) == "n>3"
    assert str(np.float32(1.5) >= field("n")) == "n<=1.5"
    assert str(np.datetime64("2024-01-31") != field("n")) == "n!=1706659200000"


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_a_zone_for_times_of_numpy(unit):
    moment = np.datetime64("2024-01-31T00:00:00", unit)
    assert str(field("n", tz=ZoneInfo("Europe/Berlin")) == moment) == "n==1706655600000"


def test_columns_of_values():
    expected = ["n==1", "n==2"]
    for values in (np.array([1, 2]), pd.Series([1, 2], dtype="Int64"), pd.Index([1.0, 2.0])):
        assert fl.unparse(field("n").in_(values)) == expected
    days = pd.Series([date(2024, 1, 31), None])
    assert fl.unparse(field("n").in_(days)) == ["n==1706659200000", "n=="]
    assert str(field("n").not_in(np.array(["2024-01-31"], "M8[D]"))) == "n!=1706659200000"


ACCEPTED = "str, int, float, Decimal, bool, datetime, date, Enum, UUID or None"


@pytest.mark.parametrize(
    ("value", "kind", "message"),
    [
        *(
            (value, TypeError, f"a value of type {name}; expected {ACCEPTED}")
            for value, name in [
                (np.array([1, 2]), "ndarray"),
                (pd.Series([1]), "Series"),
                (np.timedelta64(2**62, "s"), "timedelta64"),
                (np.bytes_(b"a"), "bytes_"),
                (np.datetime64(10**12, "s"), "datetime64"),
            ]
        ),
        (
            pd.Timedelta(1),
            TypeError,
            (
                f"a value of type Timedelta; expected {ACCEPTED}; a time so long before now is"
                " given by filterlang.ago()"
            ),
        ),
        *(
            (value, ValueError, f"{value}: dates are written in whole milliseconds; round it first")
            for value in [
                *(np.datetime64(NANOSECOND), np.array(NANOSECOND, "M8[ns]")),
                *(pd.Timestamp(NANOSECOND), pd.Timestamp(NANOSECOND, tz="UTC")),
            ]
        ),
        *(
            (
                value,
                ValueError,
                (
                    "a datetime without a zone, 2024-01-02T00:00:00; give it one (tzinfo=) or give"
                    " field() one (tz=)"
                ),
            )
            for value in [pd.Timestamp("2024-01-02"), np.datetime64("2024-01-02T00:00:00")]
        ),
        (np.float32("nan"), ValueError, "nan: only finite numbers can be written"),
        (np.array(np.inf), ValueError, "inf: only finite numbers can be written"),
    ],
    ids=repr,
)
def test_scalars_that_are_refused(value, kind, message):
    for compare in (lambda: field("n") == value, lambda: field("n").in_([value])):
        with pytest.raises(kind) as caught:
            compare()
        assert str(caught.value) == f"'n' can't be compared with {message}"


def test_truth_values_of_numpy_have_no_order():
    with pytest.raises(TypeError) as caught:
        field("n") < np.bool_(True)  # noqa: B015 — it raises
    assert str(caught.value) == "truth values have no order; compare 'n' with == or !="


@pytest.mark.parametrize("missing", [pd.NaT, pd.NA, Enum("Missing", {"A": None}).A])
def test_missing_values_of_other_libraries_are_no_values(missing):
    for text in ("a=={x}", "a>={x}"):
        with pytest.raises(
            ValueError, match=r"^\{x\} is .+, which is no value and leaves 'a[=>]='"
        ):
            fl.template(text).fill(x=missing)
