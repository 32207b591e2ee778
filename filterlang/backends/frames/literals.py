"""What engines need to write literals and texts: times without a zone, digits that are plain."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from filterlang.backends.plan.storage import DATES, Moment, Scalar, Whole

if TYPE_CHECKING:
    from filterlang.backends.plan.storage import Storage

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 — what engines call a time without a zone
_PLAIN = 10**21
"""RFC 8785, and so the text of a number, has an exponent from here on."""


def naive(instant: int) -> datetime:
    """Return microseconds since 1970 as a time in UTC, without its zone."""
    return _EPOCH + timedelta(microseconds=instant)


_UNITS = {"s": (1, 1_000_000), "ms": (1, 1_000), "us": (1, 1), "ns": (1_000, 1)}


def in_units(instant: int, unit: str) -> int:
    """Return microseconds since 1970 in another unit, which has to be able to express them."""
    times, parts = _UNITS[unit]
    return instant * times // parts


def plain_integers(least: int, most: int) -> bool:
    """Return whether all integers between two are written with their digits alone."""
    return least > -_PLAIN and most < _PLAIN


def described(storage: Storage) -> str:
    """Return the name of a storage whose texts an engine may write otherwise, for messages."""
    if isinstance(storage, Moment):
        return "dates and times"
    if storage in DATES:
        return Scalar.DATE.value
    if isinstance(storage, Whole):
        return "integers of more than 64 bits"
    return storage.value if isinstance(storage, Scalar) else "decimal numbers"
