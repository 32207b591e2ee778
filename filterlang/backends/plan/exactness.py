"""What can't be said exactly, and decimals moved exactly."""

from __future__ import annotations

from decimal import Decimal

NUMBER_AS_TEXT = "the schema says number, and the column holds text"
"""Why a number held as text can't be compared, for engines that read it in their own way."""


class InexactError(Exception):
    """A clause can't be expressed exactly; its text is the reason, for the message."""


def shifted(number: Decimal, places: int) -> Decimal:
    """Move the point to the right, exactly, whatever context the caller computes in.

    Example:
        >>> shifted(Decimal("1.25"), 1), shifted(Decimal(1), -3)
        (Decimal('12.5'), Decimal('0.001'))
    """
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return Decimal((sign, digits, exponent + places))
