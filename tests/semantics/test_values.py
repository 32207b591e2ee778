"""What values are: folding, reading expressions, the texts that patterns see, kinds of values."""
# ruff: noqa: DTZ001, DTZ901 — a time without a zone is a value of records, too

import sys
from collections import deque, namedtuple
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from fractions import Fraction
from numbers import Integral
from typing import Any
from uuid import UUID

import pytest

import filterlang as fl
from filterlang.semantics.instants import FOREVER, Instant, instant_of
from filterlang.semantics.reading import READINGS, UNREADABLE, Reading, read_as
from filterlang.semantics.values import (
    elements,
    fold,
    is_list,
    is_missing,
    plain,
    read_boolean,
    read_exported_instant,
    read_instant,
    read_number,
    text_of,
)

CODE_POINTS = [chr(code) for code in range(sys.maxunicode + 1)]


# --- Rule 3: case ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folded():
    """What every code point folds to, by itself."""
    return list(map(fold, CODE_POINTS))


def test_folding_keeps_every_code_point_one_character(folded):
    assert set(map(len, folded)) == {1}


def test_folding_is_lowering_but_for_two_letters(folded):
    changed = [c for c, f in zip(CODE_POINTS, folded, strict=True) if f != c.lower()]
    assert changed == ["İ", "ς"]
    assert (fold("İ"), fold("ς")) == ("i", "σ")


def test_folding_is_idempotent(folded):
    assert list(map(fold, folded)) == folded


@pytest.mark.parametrize("neighbour", ["", "Σ", "İ", "\u0307", "a", " "])
def test_folding_looks_at_no_neighbour(folded, neighbour):
    """A text folds character by character; `str.lower` would look around each Σ."""
    assert fold(neighbour.join(CODE_POINTS)) == fold(neighbour).join(folded)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ΟΔΟΣ ΣΟΣ", "οδοσ σοσ"),
        ("I\u0307ı", "i\u0307ı"),  # a dot of its own stays where it is
        ("STRASSE ẞ ß", "strasse ß ß"),
        ("\u212a\u212b", "kå"),  # Kelvin and Ångström are letters here
        ("ﬃ ŉ ſ", "ﬃ ŉ ſ"),  # what only `casefold` takes apart
        ("é É e\u0301", "é é e\u0301"),  # no normalisation
        ("ǄǅǆꭰᎠ𐐀", "ǆǆǆꭰꭰ𐐨"),
    ],
)
def test_folding_of_remarkable_letters(text, folded):
    assert fold(text) == folded


# --- Rule 2: reading expressions ------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["0", "-0", "7", "-7", "10.0", "0.10", "1e3", "1E3", "1e+3", "1e-3", "-1.50e2", "0e0", "0.0",
     "9007199254740993", "1" + "0" * 4000, "0." + "1" * 4000, "123e400", "5e-400"],
)  # fmt: skip  # as many in a line as there is room for
def test_a_number_is_read_exactly(text):
    read = read_number(text)
    assert read is not None
    assert Fraction(read) == Fraction(text)


@pytest.mark.parametrize(
    "text",
    ["", "+5", ".5", "5.", "-", "--5", "+", "e5", "1e", "1e+", "1.e5", "1_0", "1,0", "0x1F", "0b1",
     "01", "-01", "00", "1 ", " 1", "1\n", "1.5.2", "nan", "NaN", "inf", "-inf", "Infinity",
     "٣", "１", "1٣", "1.٣", "1e٣", "−5", "½", "²", "1e5.0", "1e0x1", "true", "10L", "1j"],
)  # fmt: skip  # as many in a line as there is room for
def test_what_is_not_the_syntax_of_json_is_no_number(text):
    assert read_number(text) is None


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("digits", ["1", "10", "999.5", "0.001"])
@pytest.mark.parametrize("exponent", ["9" * 18, "9" * 19, "9" * 30, "0" * 30 + "9" * 30])
def test_numbers_of_any_size_keep_their_order(sign, digits, exponent):
    """Exponents that no digits could be written out for are compared all the same."""
    huge = read_number(f"{sign}{digits}e{exponent}")
    tiny = read_number(f"{sign}{digits}e-{exponent}")
    assert huge is not None
    assert tiny is not None
    if sign:
        assert huge < -(10**4000)
        assert Decimal("-1e-4000") < tiny < 0
    else:
        assert huge > 10**4000
        assert Decimal("1e-4000") > tiny > 0


@pytest.mark.parametrize("zero", ["0", "-0", "0.000"])
@pytest.mark.parametrize("exponent", ["", "e5", "e" + "9" * 30, "e-" + "9" * 30, "E+" + "9" * 30])
def test_zero_is_zero_with_any_exponent(zero, exponent):
    assert read_number(zero + exponent) == 0


@pytest.mark.parametrize(
    ("text", "read"),
    [("true", True), ("TRUE", True), ("tRuE", True), ("false", False), ("False", False)]
    + [(text, None) for text in ("", "1", "0", "yes", "t", "truе", "true ", "null")],
)
def test_a_truth_value_in_any_case(text, read):
    assert read_boolean(text) is read


def micros(*fields: int, ahead: timedelta = timedelta()) -> int:
    return (datetime(*fields, tzinfo=UTC) - ahead - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(
        microseconds=1
    )


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        # Epoch milliseconds: digits only, perhaps with a minus sign.
        ("0", 0),
        ("-0", 0),
        ("007", 7_000),
        ("1704067200000", micros(2024, 1, 1)),
        ("20240101", 20_240_101_000),
        ("-62135596800000", micros(1, 1, 1)),
        ("-1", -1_000),
        # A date is its midnight.
        ("2024-01-01", micros(2024, 1, 1)),
        ("2024-02-29", micros(2024, 2, 29)),
        ("2000-02-29", micros(2000, 2, 29)),
        ("0001-01-01", micros(1, 1, 1)),
        ("9999-12-31", micros(9999, 12, 31)),
        # Without a zone a time is UTC, as with Z.
        ("2024-01-01T12:30", micros(2024, 1, 1, 12, 30)),
        ("2024-01-01T12:30Z", micros(2024, 1, 1, 12, 30)),
        ("2024-01-01T23:59:59", micros(2024, 1, 1, 23, 59, 59)),
        ("2024-01-01T00:00:00Z", micros(2024, 1, 1)),
        # Offsets, up to a minute less than a day, also out of the years 1 to 9999.
        ("2024-01-01T00:00+05:45", micros(2024, 1, 1) - 20_700_000_000),
        ("2024-01-01T00:00:00-03:30", micros(2024, 1, 1) + 12_600_000_000),
        ("2024-01-01T00:00+23:59", micros(2024, 1, 1) - 86_340_000_000),
        ("2024-01-01T00:00-23:59", micros(2024, 1, 1) + 86_340_000_000),
        ("2024-01-01T00:00+00:00", micros(2024, 1, 1)),
        ("2024-01-01T00:00-00:00", micros(2024, 1, 1)),
        ("0001-01-01T00:00+23:59", micros(1, 1, 1) - 86_340_000_000),
        ("9999-12-31T23:59-23:59", micros(9999, 12, 31, 23, 59) + 86_340_000_000),
        # Fractions of any length, cut to microseconds.
        *((f"2024-01-01T00:00:00.{'1' * n}", micros(2024, 1, 1) + int("1" * n + "0" * (6 - n)))
          for n in range(1, 7)),
        *((f"2024-01-01T00:00:00.{'9' * n}", micros(2024, 1, 1) + 999_999) for n in range(6, 13)),
        ("2024-01-01T00:00:00.0000009Z", micros(2024, 1, 1)),
        ("2024-01-01T00:00:00.5+00:30", micros(2024, 1, 1) + 500_000 - 1_800_000_000),
        ("1969-12-31T23:59:59.9999999", -1),
    ],
)  # fmt: skip  # one line a form
def test_an_instant_is_read(text, instant):
    assert read_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    ["", "-", "+0", "1.0", "1e3", "--1", "1 ", "0x10", "٣", "1_0",
     # Dates in other forms, and dates that are none.
     "2024-", "2024-01", "2024-1-1", "24-01-01", "02024-01-01", "+2024-01-01",
     "2024-W01-1", "2024W011", "2024-001", "20240101T000000", "2024/01/01", "01.01.2024",
     "2024-00-01", "2024-13-01", "2024-01-00", "2024-01-32", "2024-02-30", "2023-02-29",
     "1900-02-29", "0000-01-01", "-0001-01-01", "10000-01-01", "2024-01-01Z", "2024-01-01+01:00",
     "٢٠٢٤-01-01", "2024-01-01\n", " 2024-01-01", "today", "January 1 2024",
     # Times.
     "2024-01-01T", "2024-01-01T00", "2024-01-01T0000", "2024-01-01T1:00", "2024-01-01 00:00",
     "2024-01-01t00:00", "2024-01-01T00:00z", "2024-01-01T24:00", "2024-01-01T24:00:00",
     "2024-01-01T00:60", "2024-01-01T00:00:60", "2024-01-01T00:00:00.", "2024-01-01T00:00:00,5",
     "2024-01-01T00:00.5", "2024-01-01T00:00:", "2024-01-01T00:00:00 Z", "2024-01-01T00:00ZZ",
     # Offsets.
     "2024-01-01T00:00+01", "2024-01-01T00:00+0100", "2024-01-01T00:00+1:00",
     "2024-01-01T00:00+24:00", "2024-01-01T00:00-24:00", "2024-01-01T00:00+00:60",
     "2024-01-01T00:00+00:00:30", "2024-01-01T00:00Z+01:00", "2024-01-01T00:00 +01:00",
     "2024-01-01T00:00UTC", "2024-01-01T00:00[UTC]", "2024-01-01T00:00−01:00"],
)  # fmt: skip  # as many in a line as there is room for
def test_what_is_in_no_form_of_the_language_is_no_instant(text):
    assert read_instant(text) is None


@pytest.mark.parametrize("digits", [18, 20, 22, 4301, 100_000])
def test_milliseconds_beyond_all_dates_keep_their_order(digits):
    after, before = read_instant("9" * digits), read_instant("-" + "9" * digits)
    assert after is not None
    assert before is not None
    assert after > micros(9999, 12, 31)
    assert before < micros(1, 1, 1)


def test_milliseconds_with_any_number_of_zeros_before_them():
    assert read_instant("0" * 5000 + "7") == 7_000


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        (date(1970, 1, 2), micros(1970, 1, 2)),
        (datetime(2024, 1, 1, 0, 0, 0, 1), micros(2024, 1, 1) + 1),
        (datetime(2024, 1, 1, tzinfo=UTC), micros(2024, 1, 1)),
        (
            datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=23, minutes=59))),
            micros(1, 1, 1) - 86_340_000_000,
        ),
        (
            datetime.max.replace(tzinfo=timezone(-timedelta(hours=23, minutes=59, seconds=59))),
            micros(9999, 12, 31) + 86_399_999_999 + 86_399_000_000,
        ),
    ],
)
def test_the_instant_of_a_date(value, instant):
    assert instant_of(value) == instant


# --- Rule 7: the texts that patterns are matched against ------------------------------------------

# Checked once with node's `String(number)`, which RFC 8785 prescribes.
DOUBLES = [
    (0.0, "0"), (-0.0, "0"), (1.0, "1"), (-1.0, "-1"), (10.0, "10"), (100.0, "100"), (0.5, "0.5"),
    (-0.5, "-0.5"), (1.5, "1.5"), (0.1, "0.1"), (0.2, "0.2"), (0.1 + 0.2, "0.30000000000000004"),
    (0.1234567890123456, "0.1234567890123456"), (123456.789, "123456.789"), (1e5, "100000"),
    (1e15, "1000000000000000"), (1e16, "10000000000000000"), (1e17, "100000000000000000"),
    (1e20, "100000000000000000000"), (123456789012345680000.0, "123456789012345680000"),
    (999999999999999900000.0, "999999999999999900000"), (1e21, "1e+21"), (-1e21, "-1e+21"),
    (1.5e21, "1.5e+21"), (1e22, "1e+22"), (1.2345e25, "1.2345e+25"), (1e23, "1e+23"),
    (1e100, "1e+100"), (1e300, "1e+300"), (1.7976931348623157e308, "1.7976931348623157e+308"),
    (-1.7976931348623157e308, "-1.7976931348623157e+308"), (1e-5, "0.00001"),
    (1.5e-5, "0.000015"), (1e-6, "0.000001"), (1.5e-6, "0.0000015"), (-1e-6, "-0.000001"),
    (9.999999e-7, "9.999999e-7"), (1e-7, "1e-7"), (1.5e-7, "1.5e-7"), (-1.5e-7, "-1.5e-7"),
    (1e-10, "1e-10"), (1.23e-18, "1.23e-18"), (5e-324, "5e-324"), (-5e-324, "-5e-324"),
    (2.2250738585072014e-308, "2.2250738585072014e-308"), (1e-323, "1e-323"),
    (2.225073858507201e-308, "2.225073858507201e-308"), (4.9406564584124654e-320, "4.9407e-320"),
    (9007199254740991.0, "9007199254740991"), (9007199254740992.0, "9007199254740992"),
    (9007199254740994.0, "9007199254740994"), (4503599627370495.5, "4503599627370495.5"),
    (4503599627370496.5, "4503599627370496"), (333333333.3333333, "333333333.3333333"),
    (1 / 3, "0.3333333333333333"), (2 / 3, "0.6666666666666666"),
    (3.141592653589793, "3.141592653589793"), (2.718281828459045, "2.718281828459045"),
    (1704067200000.0, "1704067200000"), (1704067200000.25, "1704067200000.25"),
    (-62135596800000.0, "-62135596800000"), (295147905179352830000.0, "295147905179352830000"),
    (1.0000000000000002, "1.0000000000000002"), (0.9999999999999999, "0.9999999999999999"),
    (0.000001234, "0.000001234"),
]  # fmt: skip  # a table of pairs


@pytest.mark.parametrize(("value", "text"), DOUBLES)
def test_the_text_of_a_double_is_that_of_rfc_8785(value, text):
    assert text_of(value) == text


AHEAD = timezone(timedelta(hours=5, minutes=45))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("As It Is\n", "As It Is\n"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-10, "-10"),
        (2**53 + 1, "9007199254740993"),
        (10**21 - 1, "9" * 21),
        (10**21, "1e+21"),
        (-(10**21), "-1e+21"),
        (2**70, "1.1805916207174113e+21"),
        (-(10**400), "-1" + "0" * 400),  # no double is as large
        pytest.param(10**5000, "1" + "0" * 5000, id="beyond Python's own limit on str"),
        (float("inf"), "Infinity"),
        (float("-inf"), "-Infinity"),
        (Decimal(10), "10"),
        (Decimal("10.50"), "10.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-1E-3"), "-0.001"),
        (Decimal("1E-10"), "0.0000000001"),
        (Decimal("1E+999999"), "1" + "0" * 999_999),
        (Decimal("1E+1000000"), "1E+1000000"),  # digits without end are written short
        (Decimal("1E+999999999"), "1E+999999999"),
        (Decimal("Infinity"), "Infinity"),
        (Decimal("-Infinity"), "-Infinity"),
        (date(2024, 1, 1), "2024-01-01"),
        (date.min, "0001-01-01"),
        (datetime(2024, 1, 1), "2024-01-01T00:00:00Z"),
        (datetime(2024, 1, 1, 12, 30, 15, 500_000), "2024-01-01T12:30:15.5Z"),
        (datetime(2024, 1, 1, 12, 30, 15, 10), "2024-01-01T12:30:15.00001Z"),
        (datetime(1969, 12, 31, 23, 59, 59, 999_999), "1969-12-31T23:59:59.999999Z"),
        (datetime(2024, 1, 1, tzinfo=AHEAD), "2023-12-31T18:15:00Z"),
        (datetime.min, "0001-01-01T00:00:00Z"),
        (datetime.max, "9999-12-31T23:59:59.999999Z"),
        # UTC may lie a day beyond the years that `datetime` can hold.
        (datetime.min.replace(tzinfo=AHEAD), "0000-12-31T18:15:00Z"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=2))), "10000-01-01T01:00:00Z"),
        (datetime(1970, 1, 1, tzinfo=timezone(timedelta(seconds=1))), "1969-12-31T23:59:59Z"),
        (UUID("ABCDEF00-0000-4000-8000-000000000000"), "abcdef00-0000-4000-8000-000000000000"),
        # What equals nothing has no text.
        (b"bytes", None),
        ({"a": 1}, None),
        (1j, None),
        (timedelta(1), None),
        (object(), None),
        (None, None),
    ],
)
def test_the_text_of_a_value(value, text):
    assert text_of(value) == text


def test_the_text_of_a_subclass_is_that_of_its_kind():
    class Shouting(float, Enum):
        VALUE = 10.0

    class Loud(float):
        def __repr__(self):
            return "LOUD"

    class Steps(int):
        def __str__(self):
            return "steps"

    assert text_of(Shouting.VALUE) == text_of(Loud(10)) == text_of(Steps(10)) == "10"


# --- Kinds of values ------------------------------------------------------------------------------


class Colour(Enum):
    RED = "red"


class Deep(Enum):
    INNER = Colour.RED


class Level(IntEnum):
    LOW = 1


class Word(StrEnum):
    YES = "yes"


@Integral.register
class Foreign:
    """As NumPy's integers: registered as a number, but no `int`."""

    def __int__(self):
        return 7


@pytest.mark.parametrize(
    ("value", "made"),
    [
        (Colour.RED, "red"),
        (Deep.INNER, "red"),
        (Level.LOW, 1),
        (Word.YES, "yes"),
        (Fraction(1, 2), Fraction(1, 2)),
        (Foreign(), 7),
        (True, True),
        (1.5, 1.5),
        (2**100, 2**100),
        (Decimal("1.50"), Decimal("1.50")),
        ("text", "text"),
        (b"bytes", b"bytes"),
        (None, None),
    ],
)
def test_the_plain_value(value, made):
    assert plain(value) == made
    assert type(plain(value)) is type(made)


class NotATime(datetime):
    """As pandas' NaT: a datetime that is none, and so isn't equal to itself."""

    def __ne__(self, other):
        return True

    __hash__ = datetime.__hash__


def test_missing_are_none_nan_and_dates_that_are_none():
    missing = [None, float("nan"), Decimal("NaN"), Decimal("sNaN"), Decimal("-NaN123")]
    assert all(map(is_missing, [*missing, NotATime(2024, 1, 1)]))


def test_zero_false_and_empty_things_are_not_missing():
    there = [0, 0.0, False, "", b"", {}, Decimal(0), date.min, datetime.min, float("inf"), object()]
    assert not any(map(is_missing, there))


def test_lists_are_what_python_calls_so_but_named_tuples():
    assert all(map(is_list, [[], (), (1,), set(), frozenset(), deque()]))
    point = namedtuple("point", "x")(1)  # noqa: PYI024 — the untyped kind is the point
    others = [point, "ab", b"ab", {}, {}.keys(), range(3), iter([]), bytearray(), None, len]
    assert not any(map(is_list, others))


def test_elements_are_flat_and_plain_and_there():
    nested = [1, [2, (Colour.RED, [None, float("nan")], deque([3])), []], None, "x", [[[]]]]
    assert elements(nested) == [1, 2, "red", 3, "x"]


def test_elements_of_a_list_that_holds_itself():
    inner: list[object] = [1]
    outer: list[object] = [inner, 2, inner]
    inner.append(outer)
    outer.append(outer)
    assert elements(outer) == [1, 2]


def test_elements_of_equal_lists_are_all_there():
    """Only the same list adds nothing the second time; an equal one does."""
    assert elements([[1], [1]]) == [1, 1]


def test_elements_of_a_list_that_is_very_deep():
    deep: list[object] = [1]
    for _ in range(50_000):
        deep = [deep]
    assert elements(deep) == [1]


# --- Values of a known type -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "value", "read"),
    [
        ("text", 111, "111"),
        ("text", 10.0, "10"),
        ("text", True, "true"),
        ("text", "x", "x"),
        ("text", date(2024, 1, 1), "2024-01-01"),
        ("text", b"x", b"x"),  # what has no text stays what it is, and equals nothing
        ("enum", 5, "5"),
        ("integer", "10", 10),
        ("integer", "-10", -10),
        ("integer", "10.0", 10.0),
        ("integer", "9007199254740993", 2**53 + 1),
        pytest.param("integer", "9" * 3999, 10**3999 - 1, id="many digits"),
        pytest.param("integer", "9" * 4000, float("inf"), id="too many digits"),
        ("integer", "", None),
        ("integer", " 1", UNREADABLE),
        ("integer", "ten", UNREADABLE),
        ("integer", 5, 5),
        ("number", "0.1", 0.1),
        ("number", "1e3", 1000.0),
        ("number", "1e999", float("inf")),
        ("number", "+5", UNREADABLE),
        ("number", Decimal("0.1"), Decimal("0.1")),
        ("boolean", "TRUE", True),
        ("boolean", "false", False),
        ("boolean", "", None),
        ("boolean", "yes", UNREADABLE),
        ("boolean", "1", True),
        ("boolean", "0", False),
        ("boolean", "1.0", UNREADABLE),
        ("boolean", 1, True),
        ("boolean", 0.0, False),
        ("boolean", Decimal("1.00"), True),
        ("boolean", 2, UNREADABLE),
        ("boolean", Decimal("0.5"), UNREADABLE),
        ("boolean", False, False),
        ("boolean", date(2024, 1, 1), UNREADABLE),
        ("integer", True, UNREADABLE),
        ("integer", date(2024, 1, 1), UNREADABLE),
        ("number", UUID(int=5), UNREADABLE),
        ("number", {}, UNREADABLE),
        ("enum", "", None),
        ("enum", " ", " "),
        ("text", "", ""),
        ("datetime", "2024-01-01 00:00:00,5+0030", datetime(2023, 12, 31, 23, 30, 0, 500_000, UTC)),
        ("datetime", "0001-01-01 00:00+01", Instant(-62_135_600_400_000_000)),
        ("datetime", UUID(int=5), UNREADABLE),
        ("datetime", "2024-01-01", datetime(2024, 1, 1, tzinfo=UTC)),
        ("datetime", "1000", datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("datetime", 1000, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)),
        ("datetime", -1, datetime(1969, 12, 31, 23, 59, 59, 999_000, tzinfo=UTC)),
        ("datetime", 0.5, datetime(1970, 1, 1, 0, 0, 0, 500, tzinfo=UTC)),
        ("datetime", Decimal("0.25"), datetime(1970, 1, 1, 0, 0, 0, 250, tzinfo=UTC)),
        ("datetime", "", None),
        ("datetime", "soon", UNREADABLE),
        ("datetime", 10**18, Instant(10**21)),
        ("datetime", -(10**18), Instant(-(10**21))),
        ("datetime", 10**400, Instant(10**403)),
        ("datetime", 1e300, Instant(int(1e300) * 1000)),
        ("datetime", float("inf"), UNREADABLE),
        ("datetime", Decimal("-Infinity"), UNREADABLE),
        ("datetime", Decimal("1E+999999999"), Instant(FOREVER)),
        ("datetime", Decimal("-1E+999999999"), Instant(-FOREVER)),
        ("datetime", True, UNREADABLE),
        ("datetime", date(2024, 1, 1), date(2024, 1, 1)),
        ("datetime", b"", UNREADABLE),
        *((type_, None, None) for type_ in READINGS),
    ],
)  # fmt: skip  # one line a case
def test_a_value_of_a_known_type(type_, value, read):
    made = read_as(READINGS[type_], value)
    assert made == read
    assert type(made) is type(read)


@pytest.mark.parametrize("reading", [one for one in Reading if one is not Reading.AS_IS])
def test_patterns_see_a_text_as_it_is_written(reading):
    assert read_as(reading, "1.50", is_written=True) == "1.50"
    assert read_as(reading, "", is_written=True) == ("" if reading is Reading.TEXT else None)
    assert read_as(reading, b"1", is_written=True) == read_as(reading, b"1")


SPELLINGS = {
    "2024-01-31T12:00Z": [
        "2024-01-31 12:00",
        "2024-01-31t12:00:00z",
        "2024-01-31 12:00:00 UTC",
        "2024-01-31T14:00+02",
        "2024-01-31 06:45:00.000-0515",
        "2024-01-31 06:45:00,000-05:15",
        "1706702400000",
    ],
    "2024-01-31T12:00:00.123456Z": ["2024-01-31 12:00:00,12345678901234567890 UTC"],
    "1969-12-31T23:59:59.999999Z": ["1969-12-31 23:59:59.9999999"],
}


def test_datetimes_are_read_as_they_are_exported():
    for strict, texts in SPELLINGS.items():
        assert {read_exported_instant(text) for text in texts} == {read_instant(strict)}


@pytest.mark.parametrize(
    "text",
    [
        "0000-01-01 00:00", "2024-02-30 00:00", "2024-01-31 24:00", "2024-01-31 12:60",
        "2024-01-31 12:00:60", "2024-01-31 12:00+24", "2024-01-31 12:00+0060", "2024-01-31 12",
        "2024-01-31 12:00,5", "2024-01-31 12:00:00,", "2024-01-31 12:00 +00", "2024-01-31 UTC",
        "2024-01-31  12:00", "2024-01-31 12:00 utc", "2024-01-31 12:00 GMT", "2024-01-31z",
        "2024-01-31 12:00UTC", "2024-01-31 12:00+2", "2024-01-31 12:00\n", "",
    ],
)  # fmt: skip  # a list of texts
def test_what_no_export_writes_is_no_datetime(text):
    assert read_exported_instant(text) is None


def test_a_value_that_raises_when_a_schema_types_it_is_unreadable():
    class Broken(int):
        def __lt__(self, other: object) -> Any:
            raise OSError

        __gt__ = __le__ = __ge__ = __lt__

    schema = fl.Schema({"a": "datetime"})
    assert not fl.matches("a>=1", {"a": Broken(5)}, schema=schema)
    assert fl.matches("a!=5", {"a": Broken(5)}, schema=schema)
    assert not fl.matches("a==", {"a": Broken(5)}, schema=schema)
