"""Values of records as JSON has them, and texts that databases hold."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from filterlang.semantics.instants import instant_of

INT64 = range(-(2**63), 2**63)
"""The whole numbers that each database holds."""


def is_storable_text(text: str) -> bool:
    """Return whether each database holds a text: some have no NUL, none has half of a pair."""
    return "\0" not in text and (
        text.isascii() or not any("\ud800" <= one <= "\udfff" for one in text)
    )


def is_key(text: str) -> bool:
    """Return whether a text may be a key: one that databases hold, and not empty."""
    return text != "" and is_storable_text(text)


def plain(value: Any) -> Any:
    """Return a value of a record as JSON has it."""
    if type(value) in _SAME:  # most are, of millions
        return value
    match value:
        case dict():
            return {str(key): plain(one) for key, one in value.items()}
        case list() | tuple():
            return [plain(one) for one in value]
        case datetime() | date():
            return instant_of(value) // 1000
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case Decimal():
            return float(value)
        case float() if value != value or value in _INFINITIES:  # noqa: PLR0124 — NaN alone
            return None
        case UUID():
            return str(value)
        case None | bool() | int() | float() | str():
            return value
        case _:
            message = f"a value of type {type(value).__name__}"
            raise TypeError(message)


_SAME = frozenset({str, int, bool, type(None)})
_INFINITIES = (float("inf"), float("-inf"))
