"""A first row that is none: what says of each column once more what it is, as its type or unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TYPE = re.compile(
    r"(?:str|string|text|char|(?:n?var)?char(?:acter)?|(?:big|small|tiny)?int(?:eger)?|long|short"
    r"|number|numeric|decimal|float|double|real|bool(?:ean)?|date|time|datetime|timestamp|uuid"
    r"|object|category|u?int(?:8|16|32|64)|float(?:32|64))(?: *\([0-9, ]+\))?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?:(?:big|small|tiny|u)?int|long|short|num|decimal|float|double|real)", re.IGNORECASE
)
_UNIT = re.compile(
    r"[\[(][^\])]+[\])]|%|°[CFc]?|[munkMG]?(?:g|m|s|l|L|W|V|A|Hz|Pa|Wh|J|N)|kg|km|cm|mm|min|h|d|lb|ft"
    r"|in|mi|K|bar|km/h|m/s|m2|m²|m3|m³|USD|EUR|GBP|CHF|\$|€|£|pcs|years?|days?|hours?|seconds?"
)
_DASHES = re.compile(r"-+|=+")
_NOTHING = {"-", "--", "null", "none", "na", "n/a", "nan", "nil", "#n/a", "\\n", "(null)", "?"}
"""What exports write for no value, in small letters, which is no unit."""
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]+)?")
_FEWEST = 2


class SecondHeader:
    """Looks at the first row behind the names, and whether those behind it are otherwise.

    Attributes:
        line: in which line the row stands.
        cells: those of the row that aren't empty.
    """

    line: int | str
    cells: Mapping[str, object]

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._rows = 0
        self.line = 0
        self.cells = {}
        self._others = dict.fromkeys(names, 0)
        """How many numbers stand in a column; -1 of a column in which another cell stands."""
        self._is_repeated = False

    def see(self, line: int | str, filled: Mapping[str, object]) -> None:
        """Look at the cells of a row that aren't empty."""
        self._rows += 1
        if self._rows == 1:
            self.line, self.cells = line, filled
            return
        self._is_repeated |= bool(filled) and _are_types(filled)
        for name in filled.keys() & self._others.keys():
            if self._others[name] >= 0:
                is_number = _is_number(filled[name])
                self._others[name] = self._others[name] + 1 if is_number else -1

    def found(self) -> str | None:
        """Return what the row holds; None if it may be a record."""
        cells = self.cells
        texts = [one for one in cells.values() if isinstance(one, str)]
        if self._rows <= 1 or not texts or len(texts) < len(cells):
            return None
        is_full = len(cells) == len(self._names)
        if is_full and _are_dashes(cells) and any(len(one) > 1 for one in texts):
            # One column alone may well have a word for nothing.
            return "nothing but dashes" if len(texts) > 1 or len(texts[0]) > len("--") else None
        numeric = [name for name, count in self._others.items() if count > 0]
        if is_full and _are_types(cells) and not self._is_repeated:
            may_be = numeric or len(texts) > 1
            return "the types of the columns" if may_be and self._fit_types() else None
        return "names or units of the columns" if self._has_units(numeric) else None

    def _fit_types(self) -> bool:
        """Return whether there are numbers below the types of such, and nothing else."""
        return all(
            self._others[name] >= 0
            for name, cell in self.cells.items()
            if _NUMERIC.match(str(cell).strip())
        )

    def _has_units(self, numeric: list[str]) -> bool:
        """Return whether the row holds units of columns of numbers, and nothing else."""
        units = [str(self.cells[name]) for name in numeric if name in self.cells]
        if not units or any(_is_number(one) or one.lower() in _NOTHING for one in units):
            return False
        if any(self._others[name] < _FEWEST for name in numeric):
            return False
        is_all = all(name in numeric for name in self.cells)
        are_units = all(_UNIT.fullmatch(one.strip()) for one in units)
        if len(numeric) == len(self._names):
            # Where all columns are of numbers, a row without any says what they are.
            return are_units or (len(units) == len(numeric) > 1)
        return are_units and is_all


def _are_types(cells: Mapping[str, object]) -> bool:
    return all(isinstance(one, str) and _TYPE.fullmatch(one.strip()) for one in cells.values())


def _are_dashes(cells: Mapping[str, object]) -> bool:
    return all(isinstance(one, str) and _DASHES.fullmatch(one.strip()) for one in cells.values())


def _is_number(cell: object) -> bool:
    if isinstance(cell, str):
        return _NUMBER.fullmatch(cell.strip()) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)
