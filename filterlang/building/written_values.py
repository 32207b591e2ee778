"""Python values → the expressions of clauses, as the language reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import Any
from uuid import UUID

from filterlang.building.moments import milliseconds_of
from filterlang.diagnostics.diagnostic import class_name, shown
from filterlang.semantics.foreign import operand
from filterlang.semantics.values import text_of
from filterlang.syntax.escaping import check_expression
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern

_ACCEPTED = "str, int, float, Decimal, bool, datetime, date, Enum, UUID or None"
_EXACT_DIGITS = 10**21
"""Whole floats below are written with all their digits, as integers compare exactly."""


def expression_of(name: str, operator: Operator, value: object, tz: tzinfo | None) -> str:
    """Write a value as the expression of a clause."""
    held, is_cut = operand(held_by(value))
    if is_cut and not (operator.orders and isinstance(held, datetime)):
        raise ValueError(_too_fine(name, str(value)))
    if isinstance(held, datetime):
        return _milliseconds(held, name, tz, operator, is_cut=is_cut)
    if operator.orders and isinstance(held, bool):
        message = f"truth values have no order; compare {shown(name)} with == or !="
        raise TypeError(message)
    return _written(held, name, tz)


def holdable(text: str, name: str, *, is_place: bool = False) -> str:
    """Return a text that an expression can hold; else raise `ValueError`.

    It tells the name of the clause, or that of a placeholder.
    """
    try:
        check_expression(text)
    except ValueError as error:
        message = f"{f'{{{name}}}' if is_place else shown(name)}: {error}"
        raise ValueError(message) from None
    return text


def held_by(value: Any) -> Any:
    """Return the value of a member of an enumeration, or what is none."""
    while isinstance(value, Enum):
        value = value.value
    return value


def _written(value: object, name: str, tz: tzinfo | None) -> str:
    """Write a value as the language reads it."""
    match value:
        case None:
            return ""
        case str():
            return str.__str__(value)
        case date():
            midnight = datetime(value.year, value.month, value.day, tzinfo=tz or UTC)
            return _milliseconds(midnight, name, tz, Operator.EQ)
        case float() | Decimal() if not _is_finite(value):
            message = (
                f"{shown(name)} can't be compared with {shown(value)}:"
                " only finite numbers can be written"
            )
            raise ValueError(message)
        case float() if value.is_integer() and abs(value) < _EXACT_DIGITS:
            return str(int(value))
        case bool() | float() | Decimal() | UUID():
            text = text_of(value)
            assert text is not None
            return text
        case int():
            # The digits alone, whatever a subclass makes of its methods.
            try:
                return int.__repr__(value)
            except ValueError:
                message = f"{shown(name)} can't be compared with an integer of so many digits"
                raise ValueError(message) from None
        case _:
            message = (
                f"{shown(name)} can't be compared with a value of type {class_name(value)};"
                f" expected {_ACCEPTED}"
            )
            if isinstance(value, Pattern):
                message += "; for patterns there is .matches()"
            if isinstance(value, timedelta):
                message += "; a time so long before now is given by filterlang.ago()"
            raise TypeError(message)


def _is_finite(value: float | Decimal) -> bool:
    # As a float, a large Decimal would be infinite.
    return value.is_finite() if isinstance(value, Decimal) else isfinite(value)


def _milliseconds(
    value: datetime, name: str, tz: tzinfo | None, operator: Operator, *, is_cut: bool = False
) -> str:
    if value.utcoffset() is None:
        if tz is None:
            message = (
                f"{shown(name)} can't be compared with a datetime without a zone,"
                f" {value.isoformat()}; give it one (tzinfo=) or give field() one (tz=)"
            )
            raise ValueError(message)
        value = value.replace(tzinfo=tz)
    milliseconds = milliseconds_of(value, operator, is_cut=is_cut)
    if milliseconds is None:
        raise ValueError(_too_fine(name, value.isoformat()))
    return str(milliseconds)


def _too_fine(name: str, moment: str) -> str:
    return (
        f"{shown(name)} can't be compared with {moment}: dates are written in whole milliseconds;"
        " round it first"
    )
