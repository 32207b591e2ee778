"""Texts that a schema makes numbers and instants of, in PostgreSQL.

A regular expression tells what can be read, and only that is cast, in a CASE, so that no text is an
error. What can't be read equals nothing.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import inf, nextafter
from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy import (
    BigInteger,
    Date,
    Double,
    Integer,
    Numeric,
    Text,
    and_,
    case,
    cast,
    collate,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
)

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.sql.folded_texts import text_passes, within
from filterlang.backends.sql.folding import Folded
from filterlang.backends.sql.joining import some
from filterlang.backends.sql.postgresql import (
    OVERFLOW,
    TOO_LONG,
    UNDERFLOW,
    double_passes,
    moment_text,
    number_passes,
    numeric,
)
from filterlang.semantics.instants import DAY, FIRST_INSTANT, FOREVER, LAST_INSTANT
from filterlang.semantics.judge import judges
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import Always, End, Equals, Like, Never, Within

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.alternatives import Asked
    from filterlang.semantics.tests import Test

    Condition = ColumnElement[bool]
    Value = ColumnElement[Any]


def read_passes(clause: Asked, text: ColumnElement[str]) -> Condition:
    """Ask a clause of what a schema makes of a text that isn't NULL; never NULL, not negated.

    Raises:
        InexactError: for numbers of too many digits.
    """
    # Regular expressions need a collation to which what differs is different.
    text = collate(cast(text, Text), "C")
    match clause.reading:
        case Reading.NUMBER:
            return case((_is(text, _NUMBER), _number_passes(clause, text)), else_=false())
        case Reading.BOOLEAN:
            spelled = [
                spelling
                for one, spelling in ((False, "0"), (False, "false"), (True, "1"), (True, "true"))
                if any(judges(each, one) for each in clause.clauses)
            ]
            return or_(false(), *[Folded(text) == literal(one, Text) for one in spelled])
        case Reading.INSTANT:
            tests = clause.tests(Kind.MOMENT)
            return case(
                (_is(text, _EPOCH), _one_passes(tests, _of_epoch(text))),
                (_is(text, _MOMENT), _one_passes(tests, _of_moment(text))),
                else_=false(),
            )
        case Reading.AS_IS | Reading.TEXT | Reading.ENUM:
            return text_passes(clause.tests(Kind.TEXT), Folded(text), "postgresql")
        case _:
            assert_never(clause.reading)


def _is(text: ColumnElement[str], form: str) -> Condition:
    return text.op("~", is_comparison=True)(literal_column(f"'^{form}$'"))


def _part(text: ColumnElement[str], form: str) -> ColumnElement[str]:
    """Return what the group of a regular expression is in a text, or an empty text."""
    return func.coalesce(func.substring(text, literal_column(f"'{form}'")), _NOTHING, type_=Text)


_NOTHING = literal_column("''", Text)
_ZERO = literal_column("'0'", Text)


# --- Numbers --------------------------------------------------------------------------------------

_NUMBER = "-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?"
_HANDY = "-?[0-9]{1,250}([.][0-9]{1,250})?([eE][+-]?0{0,250}[0-9]{1,3})?"
"""Such a number PostgreSQL holds with all its digits."""
_MOST_INTEGER_DIGITS = 4_000
"""A text of an integer that is as long is read as a double, as is one with a point or exponent."""
_FAR = 400
"""A double has fewer digits before the point, or zeros behind it."""
_DIGITS_OF_HALVES = 1_000
"""What lies halfway between two doubles has fewer digits."""


def _number_passes(clause: Asked, text: ColumnElement[str]) -> Condition:
    is_short = func.length(text) < literal_column(str(_MOST_INTEGER_DIGITS))
    is_integer = and_(is_short, _is(text, "[-0-9]*"))
    value = case((or_(is_integer, _is(text, _HANDY)), cast(text, Numeric)), else_=_extreme(text))
    return number_passes(clause, value, not_(is_integer))


def _extreme(text: ColumnElement[str]) -> Value:
    """Return a decimal that lies between the same doubles, and what lies halfway, as the text."""
    whole, behind = _part(text, "^-?([0-9]+)"), _part(text, "[.]([0-9]+)")
    digits = func.ltrim(whole.concat(behind), _ZERO)
    zeros = func.length(whole.concat(behind)) - func.length(digits)
    written = func.ltrim(_part(text, "[eE][+-]?([0-9]+)$"), _ZERO)
    exponent = case(
        (func.length(written) > literal_column("9"), literal_column("10000000000")),
        else_=cast(_ZERO.concat(written), BigInteger),
    )
    sign = case((_is(text, ".*[eE]-.*"), literal_column("-1")), else_=literal_column("1"))
    point = func.length(whole) - zeros + exponent * sign
    kept = func.rtrim(digits, _ZERO)
    most: ColumnElement[int] = literal_column(str(_DIGITS_OF_HALVES))
    # What is cut off isn't nothing.
    rest = case((func.length(kept) > most, literal_column("'1'", Text)), else_=_NOTHING)
    near = func.concat(
        literal_column("'0.'"), func.left(kept, most), rest, literal_column("'e'"), point
    )
    far: ColumnElement[int] = literal_column(str(_FAR))
    size = case(
        (kept == _NOTHING, literal_column("0", Numeric)),
        (point > far, literal_column(f"1e{_FAR}", Numeric)),
        (point < -far, literal_column(f"1e-{_FAR}", Numeric)),
        else_=cast(near, Numeric),
    )
    return case((_is_negative(text), -size), else_=size)


def _is_negative(text: ColumnElement[str]) -> Condition:
    return func.left(text, literal_column("1")) == literal_column("'-'")


# --- Instants -------------------------------------------------------------------------------------

_EPOCH = "-?[0-9]+"
_MOST_EPOCH_DIGITS = 4_300
_YEAR = "(?!0000)[0-9]{4}"
_LEAP = "(?!0000)([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)"
_DAY = (
    f"({_YEAR}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    f"|02-(0[1-9]|1[0-9]|2[0-8]))|{_LEAP}-02-29)"
)
_HOUR, _MINUTE = "([01][0-9]|2[0-3])", "[0-5][0-9]"
_ZONE = f"([Zz]| UTC|[+-]{_HOUR}(:?{_MINUTE})?)"
_MOMENT = f"{_DAY}([Tt ]{_HOUR}:{_MINUTE}(:{_MINUTE}([.,][0-9]+)?)?{_ZONE}?)?"
"""A day of the calendar, and a time, in the spellings that exports use."""
_SECOND = 1_000_000


def _of_epoch(text: ColumnElement[str]) -> Value:
    """Return microseconds of a text of milliseconds."""
    digits = func.ltrim(text, literal_column("'-0'"))
    size = case(
        (
            func.length(digits) <= literal_column(str(_MOST_EPOCH_DIGITS)),
            cast(func.concat(_ZERO, digits, literal_column("'e3'")), Numeric),
        ),
        else_=literal_column(f"1e{Decimal(FOREVER).adjusted()}", Numeric),
    )
    return case((_is_negative(text), -size), else_=size)


def _of_moment(text: ColumnElement[str]) -> Value:
    """Return microseconds of the text of a day, or of a day and a time."""
    days = cast(func.left(text, literal_column("10")), Date) - literal_column("DATE '1970-01-01'")
    hours, minutes, seconds = (
        _count(text, form) for form in ("^.{11}([0-9]{2})", "^.{14}([0-9]{2})", "^.{16}:([0-9]{2})")
    )
    fraction = func.rpad(_part(text, "[.,]([0-9]{1,6})"), literal_column("6"), _ZERO)
    ahead = "^.{16}.*[+-]"
    offset = _count(text, f"{ahead}([0-9]{{2}})") * literal_column("60") + _count(
        text, f"{ahead}[0-9]{{2}}:?([0-9]{{2}})$"
    )
    turned = case((_is(text, ".{16}.*-.*"), -offset), else_=offset)
    of_minutes = hours * literal_column("60") + minutes - turned
    of_seconds = of_minutes * literal_column("60") + seconds
    return (
        cast(days, Numeric) * literal_column(str(DAY))
        + of_seconds * literal_column(str(_SECOND))
        + cast(fraction, Integer)
    )


def _count(text: ColumnElement[str], form: str) -> ColumnElement[int]:
    return cast(_ZERO.concat(_part(text, form)), BigInteger)


def _one_passes(tests: list[Test], value: Value) -> Condition:
    return some(instant_passes(test, value) for test in tests)


def _instant(microseconds: int) -> ColumnElement[Decimal]:
    return numeric(Decimal(microseconds))


def instant_passes(test: Test, value: Value) -> Condition:
    """Ask a test of instants of a count of microseconds."""
    match test:
        case Equals(instant):
            return value == numeric(Decimal(instant))
        case Within(low, high):
            return within(value, low, high, _instant)
        case Always() | Never() | Like():
            return false()
        case _:
            assert_never(test)


def epoch_passes(test: Test, value: Value, is_double: Condition) -> Condition:
    """Ask a test of instants of a number of JSON that counts milliseconds."""
    low: int | None
    high: int | None
    match test:
        case Equals(instant):
            low = high = instant
        case Within(first, last):
            low = None if first is None else first.value
            high = None if last is None else last.value
        case Always() | Never() | Like():
            return false()
        case _:
            assert_never(test)
    # Of a double microseconds are cut towards zero.
    low_end = high_end = None
    if low is not None:
        low_end = _first_double(low if low > 0 else low - 1, inf, is_behind=low <= 0)
    if high is not None:
        high_end = _first_double(high if high < 0 else high + 1, -inf, is_behind=high >= 0)
    is_finite = func.abs(value) < literal(OVERFLOW, Numeric)
    of_double = and_(is_finite, double_passes(Within(low_end, high_end, of_text=False), value))
    microseconds = value * literal_column("1000")
    return case((is_double, of_double), else_=instant_passes(test, microseconds))


def _first_double(microseconds: int, towards: float, *, is_behind: bool) -> End:
    """Return the first double of milliseconds that is at some microseconds, or only behind them."""
    if abs(microseconds) >= _FARTHEST:
        raise InexactError(TOO_LONG)
    edge = Fraction(microseconds, 1000)
    double = float(edge)
    while (double < edge if towards > 0 else double > edge) or (is_behind and double == edge):
        double = nextafter(double, towards)
    return End(double, is_closed=True)


_FARTHEST = 10**300
"""Microseconds, of which there are doubles."""


def epoch_text_passes(tests: list[Test], value: Value, is_double: Condition) -> Condition:
    """Ask tests of the text of an instant of a number of JSON that counts milliseconds."""
    exact = case((is_double, _exactly(value)), else_=value)
    microseconds = func.trunc(exact * literal_column("1000"))
    day: Value = literal_column(str(DAY))
    days = func.floor(microseconds / day)
    since = cast(microseconds - days * day, BigInteger) * literal_column("INTERVAL '1 microsecond'")
    moment: Value = literal_column("DATE '1970-01-01'") + cast(days, Integer) + since
    first: Value = literal_column(str(FIRST_INSTANT))
    last: Value = literal_column(str(LAST_INSTANT))
    in_calendar = and_(microseconds >= first, microseconds <= last)
    passed = text_passes(tests, Folded(moment_text(moment)), "postgresql")
    return case(
        (
            func.abs(value) < literal_column(str(_BEYOND_CALENDAR)),
            case((in_calendar, passed), else_=false()),
        ),
        else_=false(),
    )


_BEYOND_CALENDAR = 10**15
_BITS = 26
"""So many of them at a time are taken from a double; three times are enough for microseconds."""


def _exactly(value: Value) -> Value:
    """Return all bits of the double nearest to a decimal; casts of the server give 15 digits."""
    double: Value = case(
        (func.abs(value) <= literal(UNDERFLOW, Numeric), literal_column("0", Double)),
        else_=cast(value, Double),
    )
    bits = literal_column(f"{2**_BITS}::float8", Double)
    whole = func.trunc(double)
    found: Value = cast(cast(whole, BigInteger), Numeric)
    for level in (1, 2, 3):
        double = (double - whole) * bits
        whole = func.trunc(double)
        unit = literal_column(f"{Decimal(2.0 ** (-_BITS * level)):f}", Numeric)
        found += cast(cast(whole, BigInteger), Numeric) * unit
    return found
