"""Clauses → conditions on values of one kind, as rules 2, 3, 4 and 7 of the language have them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from filterlang.backends.plan.conditions import (
    NEVER,
    Compared,
    IsMissing,
    IsSpelled,
    TextCompared,
    TextLike,
    every,
    negated,
    some,
)
from filterlang.backends.plan.exactness import InexactError, shifted, whole
from filterlang.backends.plan.spellings import spellings
from filterlang.backends.plan.storage import (
    FLOATS,
    TEXTS,
    Fixed,
    MapOf,
    Moment,
    Scalar,
    StructOf,
    Unknown,
    Whole,
)
from filterlang.semantics.probes import RELATIONS
from filterlang.semantics.values import fold, instant_of, read_exact_number, read_instant
from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.nodes import Pattern
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Kind
    from filterlang.semantics.probes import Probe

_TEXT = {"text", "enum"}
_DAY = 86_400_000_000
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1, "ns": 1}
"""Microseconds of each unit; fractions of them are cut."""
FIRST = instant_of(datetime.min.replace(tzinfo=UTC))
LAST = instant_of(datetime.max.replace(tzinfo=UTC))
_FIRST_OF_NANOSECONDS, _LAST_OF_NANOSECONDS = -(2**63) // 1000 + 1, 2**63 // 1000 - 1


def passes(probe: Probe, value: Value, kind: Kind) -> Condition:
    """Say of one value what a clause asks, not negated; what is missing passes if it is empty.

    Raises:
        InexactError: where nobody can say it of this kind.
    """
    found = passes_one(probe, value, kind)
    return some([IsMissing(value, kind), found]) if probe.passes(None) else found


def passes_one(probe: Probe, value: Value, kind: Kind) -> Condition:  # noqa: PLR0911 — one line a kind
    """Say of one value what a clause asks, not negated; what is missing doesn't pass.

    Raises:
        InexactError: as `passes`.
    """
    if kind is Scalar.BOOLEAN:
        asked = [one for one in (True, False) if probe.judges(one)]
        if len(asked) == 2:  # noqa: PLR2004 — both truth values
            return _present(value, kind)
        return some([Compared(value, kind, Operator.EQ, one) for one in asked])
    if isinstance(kind, StructOf | MapOf) or kind is Scalar.UNORDINARY:
        return NEVER
    _check(probe, kind)
    clause, expression = probe.clause, probe.clause.expression
    if expression == "" and kind not in TEXTS:
        return NEVER
    operator = Operator.EQ if probe.negative else clause.operator
    if isinstance(expression, Pattern):
        return _like(expression, value, kind)
    if kind is Scalar.UUID:
        return _uuid(operator, expression, value)
    if kind in TEXTS or probe.type in _TEXT:
        return _text(operator, fold(expression), value, kind)
    if isinstance(kind, Whole) and probe.type == "datetime":
        return _epoch(operator, expression, value, kind)
    if kind is Scalar.DATE or isinstance(kind, Moment):
        return _instant(operator, expression, value, kind)
    return _number(operator, expression, value, kind)


def _check(probe: Probe, kind: Kind) -> None:
    """Raise where the values, or what the schema makes of them, aren't known exactly."""
    read_as = probe.type
    reason = None
    if isinstance(kind, Unknown):
        reason = f"nothing is known of the values of a column of type {kind.name}"
    elif kind in TEXTS and read_as not in {None, "object", *_TEXT}:
        reason = f"the schema says {read_as}, and the column holds text"
    elif read_as == "datetime" and (kind in FLOATS or isinstance(kind, Fixed)):
        reason = "the schema says datetime, and the column holds numbers with fractions"
    elif (
        read_as == "datetime"
        and isinstance(kind, Whole)
        and isinstance(probe.clause.expression, Pattern)
    ):
        reason = "it is a pattern for dates that are held as integers"
    if reason is not None:
        raise InexactError(reason)


def _present(value: Value, kind: Kind) -> Condition:
    return negated(IsMissing(value, kind))


def _said(says: bool, value: Value, kind: Kind) -> Condition:  # noqa: FBT001 — what all values say
    return _present(value, kind) if says else NEVER


# --- Numbers --------------------------------------------------------------------------------------


def _number(operator: Operator, expression: str, value: Value, kind: Kind) -> Condition:
    number = read_exact_number(expression)
    if number is None:
        return NEVER
    if isinstance(kind, Whole):
        return _bounded(whole(operator, number), value, kind, kind)
    if isinstance(kind, Fixed):
        # Decimals of a column are integers, in units of the last digit behind the point.
        scaled = shifted(number, kind.scale) if isinstance(number, Decimal) else number
        most = 10**kind.digits - 1
        found = _bounded(whole(operator, scaled), value, kind, Whole(-most, most))
        if not isinstance(found, Compared):
            return found
        assert isinstance(found.limit, int)  # noqa: S101 — it is between integers
        return found._replace(limit=shifted(Decimal(found.limit), -kind.scale))
    return Compared(value, kind, operator, float(expression))


def _bounded(
    found: tuple[Operator, int] | bool,  # noqa: FBT001 — what all numbers say
    value: Value,
    kind: Kind,
    within: Whole,
) -> Condition:
    """Compare with an integer, or say what all values of the column say."""
    if isinstance(found, bool):
        return _said(found, value, kind)
    operator, limit = found
    if within.least <= limit <= within.most:
        return Compared(value, kind, operator, limit)
    return _said(operator is not Operator.EQ and RELATIONS[operator](0, limit), value, kind)


# --- Dates ----------------------------------------------------------------------------------------


def _epoch(operator: Operator, expression: str, value: Value, kind: Whole) -> Condition:
    """Compare milliseconds since 1970; those of no date equal nothing."""
    instant = read_instant(expression)
    if instant is None:
        return NEVER
    first, last = -(-FIRST // 1000), LAST // 1000
    asked = _bounded(whole(operator, shifted(Decimal(instant), -3)), value, kind, kind)
    least = _bounded((Operator.GE, first), value, kind, kind)
    most = _bounded((Operator.LE, last), value, kind, kind)
    return every([asked, least, most])


def _instant(operator: Operator, expression: str, value: Value, kind: Kind) -> Condition:
    instant = read_instant(expression)
    if instant is None:
        return NEVER
    if isinstance(kind, Moment):
        return _moment(operator, instant, value, kind)
    # Rounded as `whole` does it, but days are no decimal fractions of microseconds.
    days = _in_units(operator, instant, _DAY)
    if days is None:
        return NEVER
    try:
        day = date(1970, 1, 1) + timedelta(days=days)
    except OverflowError:
        return _said(operator is not Operator.EQ and _beyond(operator, instant), value, kind)
    return Compared(value, kind, operator, day)


def _moment(operator: Operator, instant: int, value: Value, kind: Moment) -> Condition:
    unit = _UNITS[kind.unit]
    count = _in_units(operator, instant, unit)
    if count is None:
        return NEVER
    first, last = FIRST, LAST
    if kind.unit == "ns":
        first, last = _FIRST_OF_NANOSECONDS, _LAST_OF_NANOSECONDS
    limit = count * unit
    if not first <= limit <= last - 1:
        return _said(operator is not Operator.EQ and _beyond(operator, instant), value, kind)
    if kind.unit != "ns":
        return Compared(value, kind, operator, limit)
    # Nanoseconds are cut, so that each microsecond is a range of a thousand.
    match operator:
        case Operator.EQ:
            limits = [(Operator.GE, limit), (Operator.LT, limit + 1)]
        case Operator.GT:
            limits = [(Operator.GE, limit + 1)]
        case Operator.LE:
            limits = [(Operator.LT, limit + 1)]
        case _:
            limits = [(operator, limit)]
    return every(Compared(value, kind, one, bound) for one, bound in limits)


def _in_units(operator: Operator, instant: int, unit: int) -> int | None:
    """Round to units so that they compare as the instant does; None if none of them equals it."""
    floor, ceiling = instant // unit, -(-instant // unit)
    if operator is Operator.EQ:
        return floor if floor == ceiling else None
    return floor if operator in {Operator.LE, Operator.GT} else ceiling


def _beyond(operator: Operator, instant: int) -> bool:
    return (instant > 0) is (operator in {Operator.LT, Operator.LE})


# --- Texts ----------------------------------------------------------------------------------------


def _uuid(operator: Operator, expression: str, value: Value) -> Condition:
    if operator is not Operator.EQ:
        return TextCompared(value, Scalar.UUID, operator, fold(expression))
    try:
        known = str(UUID(expression)) == fold(expression)
    except ValueError:
        known = False
    return TextCompared(value, Scalar.UUID, operator, fold(expression)) if known else NEVER


def _text(operator: Operator, folded: str, value: Value, kind: Kind) -> Condition:
    if operator is Operator.EQ and kind in TEXTS:
        texts = spellings(folded)
        if texts is not None:
            return IsSpelled(value, kind, texts)
    return TextCompared(value, kind, operator, folded)


def _like(pattern: Pattern, value: Value, kind: Kind) -> Condition:
    match pattern.parts:
        case (str(text),):
            return _text(Operator.EQ, fold(text), value, kind)
        case (Wildcard.RUN,):
            return _present(value, kind)
        case _:
            return TextLike(value, kind, pattern)
