"""What a schema does to a record's value before a clause is asked of it."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Final, assert_never

from filterlang.semantics.instants import FOREVER, moment_of
from filterlang.semantics.values import (
    is_missing,
    is_number,
    read_boolean,
    read_instant,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class Reading(Enum):
    """What values are read as."""

    AS_IS = "as it is"
    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    INSTANT = "datetime"


READINGS: dict[str, Reading] = {
    "text": Reading.TEXT,
    "enum": Reading.TEXT,
    "integer": Reading.NUMBER,
    "number": Reading.NUMBER,
    "boolean": Reading.BOOLEAN,
    "datetime": Reading.INSTANT,
    "object": Reading.AS_IS,
}
"""How the values of each type of a schema are read."""


def read_as(reading: Reading, value: object) -> object:
    """Return a plain value as a reading has it: converted if it can be read exactly.

    Returns `UNREADABLE` for what can't be read, and None for an empty text that is missing.

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
        case Reading.NUMBER:
            read = _as_number
        case Reading.BOOLEAN:
            read = _as_boolean
        case Reading.INSTANT:
            read = _as_instant
        case _:
            assert_never(reading)
    try:
        return value if is_missing(value) else read(value)
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return UNREADABLE


UNREADABLE: Final = object()
"""Stands for a value that isn't of its dimension's type: it equals nothing and isn't empty."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_MOST_INTEGER_DIGITS = 4_000
"""Python refuses to read integers of more than 4,300 digits."""


def _as_text(value: object) -> object:
    text = text_of(value)
    return value if text is None else text


def _as_number(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value:
        return None
    if not is_number(value):
        return UNREADABLE
    if _INTEGER.fullmatch(value) and len(value) < _MOST_INTEGER_DIGITS:
        return int(value)
    return float(value)


def _as_boolean(value: object) -> object:
    if not isinstance(value, str):
        return value
    if not value:
        return None
    boolean = read_boolean(value)
    return UNREADABLE if boolean is None else boolean


def _as_instant(value: object) -> object:
    if isinstance(value, str):
        if not value:
            return None
        instant = read_instant(value)
    elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    elif not -FOREVER < value < FOREVER:
        # An infinity says no time; what has too many digits to be written out says a far one.
        instant = None
        if value not in {Decimal("Infinity"), Decimal("-Infinity")}:
            instant = FOREVER if value > 0 else -FOREVER
    else:
        instant = int(Fraction(value) * 1000)  # exact, whatever the context of decimals
    return UNREADABLE if instant is None else moment_of(instant)
