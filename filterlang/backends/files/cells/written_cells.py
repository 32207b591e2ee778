"""How the cells of columns are written: which are of numbers, and which are true or false."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WRITTEN_NUMBERS = {
    decimal: rf"(?:-?(?:0|[1-9][0-9]*)(?:[{decimal}][0-9]+)?)?" for decimal in (".", ",")
}
"""How a cell of numbers may be written, as a regular expression, by what stands before decimals: it
may be empty."""

_NUMBER_OR_EMPTY = re.compile(WRITTEN_NUMBERS["."])
_COMMA_NUMBER_OR_EMPTY = re.compile(WRITTEN_NUMBERS[","])
BOOLEAN_OR_EMPTY = re.compile(r"(?ai:true|false)?")
_MOST_INTEGER_DIGITS = 4_000
"""Python refuses to read integers of more than 4,300 digits; a `Decimal` holds them as well."""


class CellType(Enum):
    """What the cells of a column are; the member's value is its name in messages."""

    TEXT = "texts"
    NUMBER = "numbers"
    BOOLEAN = "booleans"


Fits = Callable[[str], object]
"""Returns None for a cell that doesn't fit."""

FITS: dict[str, dict[CellType, Fits]] = {
    decimal: {CellType.NUMBER: number, CellType.BOOLEAN: BOOLEAN_OR_EMPTY.fullmatch}
    for decimal, number in (
        (".", _NUMBER_OR_EMPTY.fullmatch),
        (",", _COMMA_NUMBER_OR_EMPTY.fullmatch),
    )
}
"""What stands before decimals → the types that cells may have, with what fits each."""


def type_of_cells(cells: set[str], decimal: str) -> CellType:
    """Return the type that all of the cells have, none of which is empty.

    Example:
        >>> type_of_cells({"1", "-2.50"}, "."), type_of_cells({"007", "1"}, ".")
        (<CellType.NUMBER: 'numbers'>, <CellType.TEXT: 'texts'>)
    """
    for type_, fits in FITS[decimal].items():
        if cells and all(map(fits, cells)):
            return type_
    return CellType.TEXT


def mark_of_decimals(cells: Iterable[str]) -> str | None:
    """Return what stands before decimals if cells are numbers; None if they are none."""
    cells = list(cells)
    for decimal, fits in FITS.items():
        if all(map(fits[CellType.NUMBER], cells)):
            return decimal
    return None


def is_not_late(decimal: str) -> Fits:
    """Return what fits a column of text of which the first cells are empty: no other type."""
    types = FITS[decimal].values()
    return lambda cell: None if cell and any(fits(cell) for fits in types) else True


def read_number(cell: str) -> object:
    """Read a cell that is written as a number, with a point before decimals."""
    is_whole = "." not in cell and len(cell) < _MOST_INTEGER_DIGITS
    return int(cell) if is_whole else Decimal(cell)


def read_comma_number(cell: str) -> object:
    """Read a cell that is written as a number, with a comma before decimals."""
    return read_number(cell.replace(",", "."))


def read_true(cell: str) -> object:
    """Return whether a cell that is true or false, in any case, is true."""
    return cell.lower() == "true"
