"""The numbers of cells → what a column of Arrow holds, with all their digits.

Cells may be of more digits than doubles and integers of 64 bits have. Then the column is one of
decimals, if 38 digits are enough for all that is written of it together; else it is refused.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.cells.cell_types import double_of
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.typed_texts.texts import MisfitError
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DIGITS = 38
"""So many has a decimal of 128 bits."""
_TYPES = {int, float, Decimal}
_LEAST, _MOST = -(1 << 63), (1 << 63) - 1


def exact_numbers(
    values: Sequence[Any], type_: Any, name: str, looked_for: str, remedies: str
) -> tuple[list[Any], Any]:
    """Return the values of a column, and the type that holds them; None if pyarrow is to find it.

    Args:
        values: numbers, of which those are decimals that no double holds; or anything else.
        type_: what was written of the column before has; None if nothing was.
        name: what the column is called.
        looked_for: the name that leads to the values in their records.
        remedies: what to do about a number for which there is no place.

    Raises:
        MisfitError: for a number with digits for which there is no place.
    """
    numbers = [value for value in values if type(value) in _TYPES and math.isfinite(value)]
    if len(numbers) + values.count(None) < len(values):
        return [*values], type_  # pyarrow says what is wrong.
    pyarrow = load_pyarrow()
    if type_ is None:
        if Decimal not in map(type, numbers) and not _wide(numbers):
            return [*values], None
        doubles = list(map(double_of, numbers))
        if not _wide(numbers) and Decimal not in map(type, doubles):
            return [value if value is None else double_of(value) for value in values], None
        scale = max(_digits(number)[1] for number in numbers)
        type_ = pyarrow.decimal128(_DIGITS, scale) if scale <= _DIGITS else None
    misfit: object = None
    if type_ is None:
        misfit = max(numbers, key=lambda number: _digits(number)[1])
    elif pyarrow.types.is_decimal(type_):
        whole = type_.precision - type_.scale
        misfit = next(
            (one for one in numbers if not _fits(_digits(one), (whole, type_.scale))), None
        )
        values = [value if value is None else _exact(value) for value in values]
    elif pyarrow.types.is_floating(type_):
        misfit = next((one for one in numbers if type(one) is Decimal), None)
    elif pyarrow.types.is_integer(type_):
        misfit = next((one for one in numbers if type(one) is not int or _wide([one])), None)
    if misfit is not None:
        message = (
            f"the number {quoted(f'{_exact(misfit):f}', _MOST_SHOWN)} in {quoted(name)} has digits "
            f"for which there is no place among {_called(pyarrow, type_)}; {remedies}"
        )
        raise MisfitError(message, looked_for, misfit, values.index(misfit))
    return [*values], type_


_MOST_SHOWN = 60


def _called(pyarrow: Any, type_: Any) -> str:
    """Return what the numbers of a type are called."""
    if type_ is not None and pyarrow.types.is_floating(type_):
        return "the doubles that were written before"
    if type_ is not None and pyarrow.types.is_integer(type_):
        return "the integers of 64 bits that were written before"
    if type_ is not None and type_.scale:
        return f"decimals of {type_.precision} digits, {type_.scale} of them behind the point"
    return f"decimals of {_DIGITS} digits"


def are_wide(values: Sequence[Any]) -> bool:
    """Return whether values are integers, or null, and 64 bits aren't enough for one of them.

    Example:
        >>> are_wide([1, None, 1 << 64]), are_wide([1.5, 1 << 64])
        (True, False)
    """
    return {int, type(None)} >= {*map(type, values)} and _wide(filter(None, values))


def _wide(numbers: Iterable[Any]) -> bool:
    """Whether there is an integer that needs more than 64 bits."""
    return any(type(one) is int and not _LEAST <= one <= _MOST for one in numbers)


def _exact(number: Any) -> Decimal:
    """Return a number with all digits that are written of it."""
    return Decimal(repr(number) if isinstance(number, float) else number)


def _digits(number: Any) -> tuple[int, int]:
    """Return how many digits a number has before the point and behind it."""
    if not number:
        return 0, 0
    _, digits, exponent = _exact(number).as_tuple()
    assert isinstance(exponent, int)
    while digits and exponent < 0 and digits[-1] == 0:
        digits, exponent = digits[:-1], exponent + 1
    return max(len(digits) + exponent, 0), max(-exponent, 0)


def _fits(digits: tuple[int, int], places: tuple[int, int]) -> bool:
    return digits[0] <= places[0] and digits[1] <= places[1]
