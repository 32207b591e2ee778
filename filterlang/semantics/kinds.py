"""The kinds of values that clauses compare, and what values of one kind are compared by.

A value decides about its own comparison (rule 2): the same expression is a number to an integer and
a text to a text. So everything that decides a verdict first asks for the kind of a value.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, assert_never
from uuid import UUID

from filterlang.semantics.instants import Instant, days_of, instant_of
from filterlang.semantics.values import Stray, fold


class Kind(Enum):
    """What one value is to the language, if it is neither missing nor a list.

    The member's value is its name in messages.
    """

    TEXT = "text"
    BOOLEAN = "booleans"
    INTEGER = "integers"
    DECIMAL = "decimal numbers"
    DOUBLE = "floating point numbers"
    DATE = "dates"
    MOMENT = "dates and times"
    INSTANT = "dates that no calendar has"
    """They compare as dates and times do, and have no text."""
    RATIO = "fractions"
    """They compare as decimal numbers do, and have no text."""
    STRAY = "texts among other values"
    """They are equal as texts are, and have no order."""
    UUID = "UUIDs"
    OPAQUE = "values that equal nothing"
    """A mapping, bytes, and whatever can't be read as its schema has it."""


# Members are looked up by identity; the hash of their names takes longer than what it finds. Set
# from outside, so that type checkers take it for no override of what Enum declares.
Kind.__hash__ = object.__hash__  # type: ignore[method-assign]  # as said above


def kind_of(value: object) -> Kind:
    """Return the kind of a plain value that is neither missing nor a list.

    May raise what a hostile value raises when it is looked at.

    Example:
        >>> kind_of(True), kind_of(1), kind_of({})
        (<Kind.BOOLEAN: 'booleans'>, <Kind.INTEGER: 'integers'>, <Kind.OPAQUE: 'values that equal \
nothing'>)
    """
    match value:
        case str():
            return Kind.STRAY if type(value) is Stray else Kind.TEXT
        case bool():
            return Kind.BOOLEAN
        case int():
            return Kind.INTEGER
        case float():
            return Kind.DOUBLE
        case Decimal():
            return Kind.DECIMAL
        case datetime():
            return Kind.MOMENT
        case date():
            return Kind.DATE
        case UUID():
            return Kind.UUID
        case Fraction():
            return Kind.RATIO
        case Instant():
            return Kind.INSTANT
        case _:
            return Kind.OPAQUE


def key_of(value: Any, kind: Kind) -> Any:
    """Return what a value of a kind is compared by: a plain Python value that never raises.

    Text by its folded text, a date by its days and a datetime by its microseconds since 1970, a
    UUID by its text, numbers and booleans by themselves, whatever a subclass makes of comparing
    them; an opaque value by None.
    """
    match kind:
        case Kind.TEXT | Kind.STRAY:
            return fold(value)
        case Kind.BOOLEAN:
            return value
        case Kind.INTEGER:
            return int.__pos__(value)
        case Kind.DOUBLE:
            return float.__pos__(value)
        case Kind.DECIMAL:
            return Decimal(value)
        case Kind.RATIO:
            return value  # it compares exactly with decimals, and has their hash
        case Kind.MOMENT | Kind.INSTANT:
            return instant_of(value)
        case Kind.DATE:
            return days_of(value)
        case Kind.UUID:
            return str(value)
        case Kind.OPAQUE:
            return None
        case _:
            assert_never(kind)
