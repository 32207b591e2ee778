"""What PostgreSQL says in its own words: texts of doubles and times, and decimals as doubles."""

from __future__ import annotations

import re
import struct
from decimal import Context, Decimal
from functools import partial
from math import inf, isinf, nextafter
from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy import (
    Double,
    Float,
    Integer,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    true,
)

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.sql.alternatives import equal_values
from filterlang.backends.sql.folded_texts import passes_one_of
from filterlang.backends.sql.joining import one_of, some
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import Always, Equals, Like, Never, Why, Within

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.alternatives import Asked
    from filterlang.semantics.tests import BoundClause, Test

    Condition = ColumnElement[bool]
    Value = ColumnElement[Any]

# --- Texts ----------------------------------------------------------------------------

_FIRST_HALF, _LAST_HALF = 2.0**54, 1e40
"""Between these a decimal of at most 16 digits may lie halfway between two doubles."""
_HALF_DIGITS = 16
_ZERO = literal_column("'0'", Text)
_TEN: ColumnElement[Any] = literal_column("10::numeric")


def double_text(value: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a double on PostgreSQL as RFC 8785 does, of the shortest digits that tell it.

    The server's setting `extra_float_digits` has to be positive, as it is by default.
    """
    shortest = cast(value, Text)
    size = func.abs(value)
    sign = case(
        (value < literal_column("0"), literal_column("'-'", Text)), else_=literal_column("''", Text)
    )
    exponent = or_(size >= literal(1e21, Float), size < literal(1e-6, Float))
    return case(
        (value == literal(0.0, Float), _ZERO),
        (
            and_(size >= literal(_FIRST_HALF, Float), size < literal(_LAST_HALF, Float)),
            sign.concat(_whole_text(size)),
        ),
        (exponent, func.replace(shortest, literal_column("'e-0'"), literal_column("'e-'"))),
        else_=cast(func.trim_scale(cast(shortest, Numeric)), Text),
    )


def _whole_text(size: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a large whole double; that the server reads 1e23 as a double it doesn't write so."""
    digits = cast(_shortest(size), Text)
    kept = func.rtrim(digits, _ZERO)
    rest = func.substr(kept, literal_column("2"))
    point = case(
        (rest == literal_column("''", Text), literal_column("''", Text)),
        else_=literal_column("'.'", Text),
    )
    exponent = cast(func.length(digits) - literal_column("1"), Text)
    first = func.left(kept, literal_column("1"))
    return case(
        (size < literal(1e21, Float), digits),
        else_=func.concat(first, point, rest, literal_column("'e+'"), exponent),
    )


def _shortest(size: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the decimal of the fewest digits that is read as a large double.

    The server's own is one strictly nearer to it than to its neighbours. A shorter one that lies
    halfway, and is read as this double because that is the even one, has at most 16 digits.
    """
    own = cast(cast(size, Text), Numeric)
    places = literal_column(str(_HALF_DIGITS), Integer) - func.length(cast(own, Text))
    below = func.trunc(own, places)
    above = below + func.round(func.power(_TEN, -places))
    # The server casts a double to a decimal of 15 digits.
    few = cast(size, Numeric)
    return case(
        *[(cast(one, Double) == size, one) for one in (few, below, above)],
        else_=own,
    )


def moment_text(moment: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a time without a zone as RFC 3339 does, without zeros at the end."""
    text = func.to_char(moment, literal_column("'YYYY-MM-DD\"T\"HH24:MI:SS.US'"))
    trimmed = func.rtrim(func.rtrim(text, literal_column("'0'")), literal_column("'.'"))
    return func.concat(trimmed, literal_column("'Z'"))


# --- Numbers of columns of type JSON --------------------------------------------------------------


def asks_large_numbers(clause: BoundClause) -> bool:
    """Return whether texts are asked for that an integer has, and the double it equals hasn't.

    They are the digits of an integer that no double may be, and infinity.
    """
    if not clause.is_pattern and clause.reading not in {Reading.TEXT, Reading.ENUM}:
        return False
    test = clause.on(Kind.TEXT)
    match test:
        case Equals(text):
            return text in _INFINITIES or _LARGE.fullmatch(text) is not None
        case Like(fragments):
            parts = [one for fragment in fragments for one in fragment]
            length = sum(len(one) if isinstance(one, str) else 1 for one in parts)
            is_long = len(fragments) > 1 or length >= _SAFE_DIGITS
            is_plain = all(_PLAIN.issuperset(one) for one in parts if isinstance(one, str))
            return (is_long and is_plain) or any(map(test.matches, _INFINITIES))
        case Within():
            return True
        case Never() | Always():
            return False
        case _:
            assert_never(test)


_INFINITIES = ("infinity", "-infinity")
_PLAIN = frozenset("-0123456789")
_SAFE_DIGITS = 16
"""No shorter text is that of an integer from 2^53 on."""
_LARGE = re.compile(f"-?[0-9]{{{_SAFE_DIGITS},}}")


# --- Decimals -------------------------------------------------------------------------------------

_MOST_DIGITS = 1000
"""A number with more before or behind the point is not sent to a column of decimals."""
TOO_LONG = "its number has too many digits"


def is_long(number: Decimal) -> bool:
    """Return whether a number has too many digits to be sent to a database."""
    exponent = number.as_tuple().exponent
    return abs(number.adjusted()) > _MOST_DIGITS or int(exponent) < -_MOST_DIGITS


def numeric(number: Any) -> ColumnElement[Decimal]:
    """Write a decimal number.

    Raises:
        InexactError: if it has too many digits.
    """
    if number.is_infinite() or is_long(number):
        raise InexactError(TOO_LONG)
    return literal(number, Numeric)


def number_passes(clause: Asked, value: Value, is_double: Condition) -> Condition:
    """Ask a clause of a decimal that is an integer, or stands for the double nearest to it.

    Raises:
        InexactError: for numbers of too many digits.
    """
    exact = clause.tests(Kind.DECIMAL)
    if any(isinstance(test, Never) and test.why is not Why.UNREADABLE for test in exact):
        raise InexactError(TOO_LONG)
    if not any(isinstance(test, Equals | Within) for test in exact):
        return false()
    compared = passes_one_of(exact, value, numeric, partial(_is_one_of, value))
    return case((is_double, _doubles_pass(clause.tests(Kind.DOUBLE), value)), else_=compared)


def _is_one_of(value: Value, numbers: list[Any]) -> Condition:
    for number in numbers:
        numeric(number)  # It refuses what is too long.
    return one_of(value, numbers, Numeric(), "postgresql")


def _doubles_pass(tests: list[Test], value: Value) -> Condition:
    """Compare the double that is nearest to a decimal with each of several."""
    equal = [float(number) for number in equal_values(tests)]
    if len(equal) <= 1:
        return some(double_passes(test, value) for test in tests)
    return one_of(_nearest(value), equal, Double(), "postgresql")


def _nearest(value: Value) -> ColumnElement[float]:
    """Return the double that is nearest to a decimal; PostgreSQL has none for some."""
    size = func.abs(value)
    infinity = literal_column("'Infinity'::float8", Double)
    return case(
        (size <= literal(UNDERFLOW, Numeric), literal_column("0", Double)),
        (
            size >= literal(OVERFLOW, Numeric),
            case((value < literal_column("0"), -infinity), else_=infinity),
        ),
        else_=cast(value, Double),
    )


# --- Decimals as doubles --------------------------------------------------------------------------

_PRECISE = Context(prec=1200)
_HALF = Decimal("0.5")
OVERFLOW = _PRECISE.create_decimal(2**1024 - 2**970)
"""From here on the nearest double is infinity."""
UNDERFLOW = _PRECISE.multiply(_PRECISE.create_decimal(nextafter(0.0, 1.0)), _HALF)
"""Up to here the nearest double is zero."""


def double_passes(test: Test, value: Value) -> Condition:
    """Compare the double that is nearest to a decimal, by the decimals between two doubles."""
    match test:
        case Equals(float(double)):
            return and_(_above(double, value), _below(double, value))
        case Within(low, high):
            parts: list[Condition] = []
            if low is not None:
                double = float(low.value)
                is_in = _above(double, value) if low.is_closed else not_(_below(double, value))
                parts.append(is_in)
            if high is not None:
                double = float(high.value)
                is_in = _below(double, value) if high.is_closed else not_(_above(double, value))
                parts.append(is_in)
            return and_(true(), *parts)
        case Never() | Always() | Equals() | Like():
            return false()
        case _:
            assert_never(test)


def _above(double: float, value: Value) -> Condition:
    """Return whether the nearest double of a decimal is at least another one."""
    edge = literal(_edge(double, -inf), Numeric)
    return value >= edge if _is_even(double) else value > edge


def _below(double: float, value: Value) -> Condition:
    """Return whether the nearest double of a decimal is at most another one."""
    edge = literal(_edge(double, inf), Numeric)
    return value <= edge if _is_even(double) else value < edge


def _is_even(double: float) -> bool:
    """Return whether a double has an even mantissa: halfway to another, it is the nearest one."""
    return bool(struct.unpack("<Q", struct.pack("<d", double))[0] % 2 == 0)


def _edge(double: float, towards: float) -> Decimal:
    """Return the decimal halfway from a double to its neighbour."""
    neighbour = nextafter(double, towards)
    if isinf(double):
        return Decimal(double) if neighbour == double else OVERFLOW.copy_sign(Decimal(double))
    if isinf(neighbour):
        return OVERFLOW.copy_sign(Decimal(neighbour))
    halves = _PRECISE.add(Decimal(double), Decimal(neighbour))
    return _PRECISE.multiply(halves, _HALF)
