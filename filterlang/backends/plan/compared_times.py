"""Dates and times → conditions on columns that hold them in some unit, within some ends."""

from __future__ import annotations

from datetime import date, timedelta
from math import inf
from typing import TYPE_CHECKING

from filterlang.backends.plan.conditions import (
    NEVER,
    Compared,
    Relation,
    bounded,
    every,
)
from filterlang.backends.plan.storage import Reach, Scalar
from filterlang.semantics.instants import DAY, FIRST_INSTANT, LAST_INSTANT

if TYPE_CHECKING:
    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Moment, Storage, Whole

UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 1}
"""Microseconds of each unit; fractions of them are cut."""
_FIRST_OF_NANOSECONDS, _LAST_OF_NANOSECONDS = -(2**63) // 1000 + 1, 2**63 // 1000 - 2


def epoch_compared(relation: Relation, instant: int, value: Value, storage: Whole) -> Condition:
    """Compare milliseconds since 1970."""
    count = _in_units(relation, instant, 1000)
    if count is None:
        return NEVER
    return bounded(relation, count, value, storage, storage.least, storage.most)


_MOST_DAYS = 2**31 - 1
_MOST_COUNT = 2**63 - 1


def date_compared(relation: Relation, days: int, value: Value, storage: Storage) -> Condition:
    """Compare days since 1970."""
    match storage:
        case Scalar.WIDE_DATE:
            return bounded(relation, days, value, storage, -_MOST_DAYS - 1, _MOST_DAYS)
        case Scalar.ENDLESS_DATE:
            return _endless(relation, days, value, storage, 1 - _MOST_DAYS, _MOST_DAYS - 1)
        case _:
            found = bounded(
                relation, days, value, storage, FIRST_INSTANT // DAY, LAST_INSTANT // DAY
            )
    if not isinstance(found, Compared):
        return found
    return found._replace(limit=date(1970, 1, 1) + timedelta(days=days))


_FIRST_FINITE, _LAST_FINITE = -9_223_372_022_400_000_000, _MOST_COUNT - 1
"""Between these are the finite times of DuckDB, to the microsecond. PostgreSQL ends elsewhere, and
writes what lies beyond its ends in its own way."""


def _endless(
    relation: Relation, limit: int, value: Value, storage: Storage, first: int, last: int
) -> Condition:
    """Compare with a limit that may lie beyond all finite values, but not beyond the infinite."""
    if first <= limit <= last:
        return Compared(value, storage, relation, limit)
    if relation is Relation.EQUAL:
        return NEVER
    is_late = limit > last
    # Nothing lies between the limit and the infinity behind it.
    if relation.is_lower:
        beyond = Relation.AT_LEAST if is_late else Relation.GREATER
    else:
        beyond = Relation.LESS if is_late else Relation.AT_MOST
    return Compared(value, storage, beyond, inf if is_late else -inf)


def moment_compared(relation: Relation, instant: int, value: Value, storage: Moment) -> Condition:
    """Compare instants; the ends of microseconds are closed."""
    unit = UNITS[storage.unit]
    count = _in_units(relation, instant, unit)
    if count is None:
        return NEVER
    first, last = FIRST_INSTANT, LAST_INSTANT
    if storage.unit == "ns":
        first, last = _FIRST_OF_NANOSECONDS, _LAST_OF_NANOSECONDS
    elif storage.reach is Reach.WIDE:
        first, last = (-_MOST_COUNT - 1) * unit, _MOST_COUNT * unit
    elif storage.reach is Reach.ENDLESS:
        return _endless(relation, count * unit, value, storage, _FIRST_FINITE, _LAST_FINITE)
    found = bounded(relation, count * unit, value, storage, first, last)
    if storage.unit != "ns" or not isinstance(found, Compared):
        return found
    # Nanoseconds are cut, so that each microsecond is a range of a thousand.
    limits = []
    if not relation.is_upper:
        limits.append((Relation.AT_LEAST, count * unit))
    if not relation.is_lower:
        limits.append((Relation.LESS, count * unit + 1))
    return every(Compared(value, storage, one, bound) for one, bound in limits)


def _in_units(relation: Relation, instant: int, unit: int) -> int | None:
    """Round to units so that they compare as the instant does; None if none of them equals it."""
    floor, ceiling = instant // unit, -(-instant // unit)
    if relation is Relation.EQUAL:
        return floor if floor == ceiling else None
    return floor if relation in {Relation.AT_MOST, Relation.GREATER} else ceiling
