"""What a schema does to a record's value before a clause is asked of it.

It is strict: a truth value is no number, a date no integer, a UUID neither. What can't be read as
its type equals nothing and isn't empty.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Final, assert_never

from filterlang.semantics.instants import FOREVER, Instant, moment_of
from filterlang.semantics.values import (
    Stray,
    is_missing,
    is_number,
    read_boolean,
    read_exported_instant,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Reading(Enum):
    """What values are read as."""

    AS_IS = "as it is"
    TEXT = "text"
    ENUM = "enum"
    """As text, but that an empty one is missing."""
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "datetime"


READINGS: dict[str, Reading] = {
    "text": Reading.TEXT,
    "enum": Reading.ENUM,
    "integer": Reading.NUMBER,
    "number": Reading.NUMBER,
    "boolean": Reading.BOOLEAN,
    "datetime": Reading.INSTANT,
    "object": Reading.AS_IS,
}
"""How the values of each type of a schema are read; an enum that lists an empty text as text is."""
AS_TEXTS: Final = frozenset({Reading.AS_IS, Reading.TEXT, Reading.ENUM})
"""The readings that leave each text that isn't empty as it is."""
KEEPS_EMPTY: Final = frozenset({Reading.AS_IS, Reading.TEXT})
"""The readings to which an empty text is a value; to the others it is missing."""


def read_as(reading: Reading, value: object, *, is_written: bool = False) -> object:
    """Return a plain value as a reading has it: converted if it can be read exactly.

    Returns `UNREADABLE` for what can't be read, and None for an empty text that is missing. With
    `is_written` a text stays as it is written, as patterns see it (rule 7).

    Example:
        >>> read_as(Reading.NUMBER, "007") is UNREADABLE, read_as(Reading.NUMBER, "7")
        (True, 7)
    """
    read: Callable[[object], object]
    match reading:
        case Reading.AS_IS:
            return value
        case Reading.TEXT:
            read = _as_text
        case Reading.ENUM:
            read = _as_enum
        case Reading.NUMBER:
            read = _as_number
        case Reading.BOOLEAN:
            read = _as_boolean
        case Reading.INSTANT:
            read = _as_instant
        case _:
            assert_never(reading)
    try:
        if is_missing(value) or (is_written and isinstance(value, str) and value):
            return value
        return read(value)
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return UNREADABLE


UNREADABLE: Final = object()
"""Stands for a value that isn't of its dimension's type: it equals nothing and isn't empty."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_MOST_INTEGER_DIGITS = 4_000
"""Python refuses to read integers of more than 4,300 digits."""


def _as_text(value: object) -> object:
    text = text_of(value)
    if text is None:
        # These compare, but not as text.
        return UNREADABLE if isinstance(value, Fraction | Instant) else value
    return text


def _as_enum(value: object) -> object:
    return None if value == "" else _as_text(value)


def _as_number(value: object) -> object:
    if not isinstance(value, str):
        return value if _is_a_number(value) else UNREADABLE
    if not value:
        return None
    # To a cell among numbers with a comma a point stands between thousands.
    if type(value) is Stray or not is_number(value):
        return UNREADABLE
    if _INTEGER.fullmatch(value) and len(value) < _MOST_INTEGER_DIGITS:
        return int(value)
    return float(value)


def _is_a_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool)


_NO_MICROSECOND = -3
"""A decimal whose first digit stands behind this power of ten is no whole microsecond, in ms."""

_DIGITS = {"0": False, "1": True}


def _as_boolean(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not value:
            return None
        boolean = _DIGITS.get(value, read_boolean(value))
        return UNREADABLE if boolean is None else boolean
    # Databases without truth values hold these two.
    return value == 1 if _is_a_number(value) and value in (0, 1) else UNREADABLE


def _as_instant(value: object) -> object:
    if isinstance(value, str):
        if not value:
            return None
        instant = read_exported_instant(value)
    elif isinstance(value, date | Instant):
        return value
    elif isinstance(value, bool) or not isinstance(value, int | float | Decimal | Fraction):
        return UNREADABLE
    elif not -FOREVER < value < FOREVER:
        # An infinity says no time; what has too many digits to be written out says a far one.
        instant = None
        if value not in {Decimal("Infinity"), Decimal("-Infinity")}:
            instant = FOREVER if value > 0 else -FOREVER
    else:
        # Exact, whatever the context of decimals; what is next to nothing isn't written out.
        is_tiny = isinstance(value, Decimal) and value.adjusted() < _NO_MICROSECOND
        instant = 0 if is_tiny else int(Fraction(value) * 1000)
    return UNREADABLE if instant is None else moment_of(instant)
