"""What MariaDB says in its own words: texts as they are, dates that are none, numbers' texts.

Its comparisons of text follow a collation, which may ignore case, accents and spaces at the end, so
every text is compared by the code points of `utf8mb4_nopad_bin`. Literals that aren't ASCII are
written as their bytes, and none holds a backslash, so that neither the character set of the
connection nor a mode of the server changes what they mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    TIMESTAMP,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    true,
    type_coerce,
)
from sqlalchemy.dialects import mysql

from filterlang.backends.plan.conditions import Relation
from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.spellings import spellings
from filterlang.backends.plan.storage import Fixed, Whole
from filterlang.backends.sql.folding import AsWritten

if TYPE_CHECKING:
    from decimal import Decimal

    from sqlalchemy.sql.elements import ColumnElement

    Condition = ColumnElement[bool]

MOST_DIGITS, MOST_PLACES = 65, 38
"""The digits of a decimal number that MariaDB holds, and how many of them behind the point."""
DECIMALS = Fixed(MOST_DIGITS + MOST_PLACES, MOST_PLACES)
"""What any of its columns of decimal numbers can hold, whatever its own digits are."""
INTEGERS = Whole(-(2**63), 2**64 - 1)
"""What any of its columns of integers can hold; some are unsigned."""


# --- Missing values -------------------------------------------------------------------------------


def is_day(column: ColumnElement[Any]) -> Condition:
    """Whether a date is one that Python has too; `0000-00-00` and `2024-02-31` are as missing."""
    day = func.dayofmonth(column)
    last = func.dayofmonth(func.last_day(column))
    known = and_(func.year(column) > _ZERO, day > _ZERO, day <= last)
    return func.coalesce(known, literal_column("0")) == literal_column("1")


_ZERO: ColumnElement[Any] = literal_column("0")

# --- Comparisons ----------------------------------------------------------------------------------


def compares_with_infinity(relation: Relation, limit: float) -> Condition:
    """Compare with an infinity, which no column of MariaDB holds and no driver sends."""
    if relation is Relation.EQUAL:
        return false()
    return true() if relation.is_upper is (limit > 0) else false()


def decimal(limit: Decimal) -> ColumnElement[Decimal]:
    """Write a decimal number with the places it has; drivers would send some as doubles.

    Raises:
        InexactError: if MariaDB has no number of so many digits.
    """
    text = f"{limit:f}"
    whole, _, places = text.partition(".")
    places = places.rstrip("0")
    if len(whole.lstrip("-0")) + len(places) > MOST_DIGITS or len(places) > MOST_PLACES:
        message = "its number has too many digits"
        raise InexactError(message)
    written = f"{whole}.{places}" if places else whole
    return cast(literal(written, Text), Numeric(MOST_DIGITS, len(places)))


def local_moment(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a date and time as it is shown, also where it is stored as a TIMESTAMP."""
    if isinstance(column.type, TIMESTAMP):
        return cast(column, mysql.DATETIME(fsp=6))
    return column


_MOST_SPELLINGS = 4096
"""More of them take longer to send than an index saves."""


def is_spelled(column: ColumnElement[Any], folded: list[str]) -> Condition:
    """Narrow a column to the texts that fold to one of these, in any collation, for an index.

    Only for ASCII: a column of another character set can't be compared with every text.
    """
    listed: list[str] = []
    for one in folded:
        texts = spellings(one)
        if texts is None or not all(map(str.isascii, texts)):
            return true()
        listed += texts
        if len(listed) > _MOST_SPELLINGS:
            return true()
    return column.in_(listed)


def as_written(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a text that is compared by its code points, with the type of the column."""
    return type_coerce(AsWritten(column), column.type)


# --- Texts ----------------------------------------------------------------------------------------


def digits(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the digits of an integer or a decimal number.

    Raises:
        InexactError: for columns that show zeros in front, which Python's numbers don't have.
    """
    if getattr(column.type, "zerofill", False):
        message = "MariaDB fills its numbers up with zeros"
        raise InexactError(message)
    return cast(column, Text)


def double_text(value: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a double as RFC 8785 does, of the shortest digits that MariaDB gives too."""
    size = func.abs(value)
    text = cast(size, Text)
    # MariaDB writes an exponent from 15 zeros on, in front of the digits or behind them.
    has_exponent = text.like(literal_column("'%e%'", Text))
    behind = func.trim(literal_column("LEADING '0' FROM ", Text).op("")(func.substr(text, 3)))
    places = func.char_length(text) - func.char_length(behind) - literal_column("1")
    first, rest = func.left(behind, literal_column("1")), func.substr(behind, 2)
    point = case((rest == literal_column("''"), literal_column("''")), else_=literal_column("'.'"))
    plain = cast(cast(text, Numeric(MOST_DIGITS, 20)), Text)
    unsigned = case(
        (size >= literal_column("1e21"), func.replace(text, _E, literal_column("'e+'"))),
        (and_(size < literal_column("1e-6"), has_exponent), text),
        (
            size < literal_column("1e-6"),
            func.concat(first, point, rest, literal_column("'e-'"), places),
        ),
        (has_exponent, without_zeros(plain)),
        else_=text,
    )
    sign = case((value < _ZERO, literal_column("'-'")), else_=literal_column("''"))
    return case((value == _ZERO, literal_column("'0'", Text)), else_=func.concat(sign, unsigned))


_E: ColumnElement[str] = literal_column("'e'", Text)


def without_zeros(text: ColumnElement[str]) -> ColumnElement[str]:
    """Take the zeros behind the point away, and a point with nothing behind it."""
    trimmed = _trailing(literal_column("TRAILING '0' FROM ", Text), text)
    return _trailing(literal_column("TRAILING '.' FROM ", Text), trimmed)


def _trailing(what: ColumnElement[str], text: ColumnElement[str]) -> ColumnElement[str]:
    return func.trim(what.op("")(text), type_=Text)


def moment_text(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a date and time as RFC 3339 does, without zeros at the end."""
    text = cast(cast(column, mysql.DATETIME(fsp=6)), Text)
    joined = func.replace(without_zeros(text), literal_column("' '"), literal_column("'T'"))
    return func.concat(joined, literal_column("'Z'"))


def uuid_digits(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Return the 32 digits of a UUID, which a column holds as it is, or as a text."""
    text = cast(type_coerce(column, Text), Text)
    return func.lower(func.replace(text, literal_column("'-'"), literal_column("''")))
