"""Numbers → bounds that a column of an engine can be compared with exactly."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from filterlang.semantics.values import Extreme
from filterlang.syntax.operators import Operator

_MOST_DIGITS = 40
"""An integer column's values have less; an exponent may make a number of a gigabyte."""
_ZERO = Decimal(0)


class InexactError(Exception):
    """A clause can't be expressed exactly; its text is the reason, for the message."""


Bound = tuple[Operator, Decimal]


def bound(operator: Operator, number: Decimal | Extreme) -> Bound | bool:
    """Give an equal condition on numbers with a decimal, or what all finite numbers say."""
    if not isinstance(number, Extreme):
        return operator, number
    if operator is Operator.EQ:
        return False
    rises = operator in {Operator.GT, Operator.GE}
    if number.is_huge:
        return rises is (number.sign < 0)
    if number.sign > 0:
        return (Operator.GT if rises else Operator.LE), _ZERO
    return (Operator.GE if rises else Operator.LT), _ZERO


def whole(operator: Operator, number: Decimal | Extreme) -> tuple[Operator, int] | bool:
    """Give an equal condition on integers, such as `>= 2` for `> 1.5`."""
    if not isinstance(number, Extreme) and number.adjusted() > _MOST_DIGITS:
        number = Extreme(-1 if number < 0 else 1, is_huge=True)
    found = bound(operator, number)
    if isinstance(found, bool):
        return found
    operator, number = found
    floor = int(number.to_integral_value(ROUND_FLOOR))
    ceiling = int(number.to_integral_value(ROUND_CEILING))
    if operator is Operator.EQ:
        return (operator, floor) if floor == ceiling else False
    return operator, floor if operator in {Operator.LE, Operator.GT} else ceiling


def shifted(number: Decimal, places: int) -> Decimal:
    """Move the point to the right, exactly, whatever context the caller computes in.

    Example:
        >>> shifted(Decimal("1.25"), 1), shifted(Decimal(1), -3)
        (Decimal('12.5'), Decimal('0.001'))
    """
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 — it is no infinity and no NaN
    return Decimal((sign, digits, exponent + places))
