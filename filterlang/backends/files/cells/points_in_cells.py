"""Points and commas that may stand between thousands: numbers of cells that are decimals here.

Where a semicolon divides cells, as in the exports of countries with a decimal comma, `1.234` may be
one thousand; and so may `1,234` where commas divide them, though somebody says that a comma stands
before decimals. It is read as a decimal in any case, so that it should be said; but not where
another column of the same file has marks that stand nowhere but before decimals, nor where two
columns are coordinates by their names, whose numbers are degrees.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from filterlang.syntax.nodes import Filter

_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_DOUBTED = {".": ";", ",": ","}
"""What stands before decimals → what divides cells where others write thousands so."""
_MOST_SHOWN = 100
_LATITUDES = {"lat", "latitude", "breite", "breitengrad", "latitud", "latitudine"}
_LONGITUDES = {
    *("lon", "lng", "long", "longitude", "laenge", "länge", "laengengrad", "längengrad"),
    *("longitud", "longitudine"),
}
"""What columns of degrees are called, or a part of their names, in small letters."""
_WORD = re.compile(r"[^\W\d_]+")
_CAPITAL = re.compile(r"(?<=[a-zäöüß])(?=[A-Z])")
_QUARTER = 90
"""So many degrees a latitude has at most, and a longitude twice as many."""


class PointsInCells:
    """The columns in which each point stands where one between thousands would, or each comma.

    Args:
        decimal: what stands before decimals.

    Example:
        >>> points = PointsInCells()
        >>> points.see({"price": {"1.234", "999"}, "size": {"5"}})
        >>> points.see({"weight": {"1.234", "999"}, "rate": {"0.5"}})
        >>> points.see({"price": {"1.234"}, "lat": {"48.137"}, "lon": {"11.575"}})
        >>> points.examples
        {'price': '1.234'}
    """

    examples: dict[str, str]

    def __init__(self, decimal: str = ".") -> None:
        self.examples = {}
        self._decimal = decimal

    def may_be_in(self, delimiter: str) -> bool:
        """Return whether cells so divided are as those who write thousands so divide them."""
        return _DOUBTED[self._decimal] == delimiter

    def see(self, columns: Mapping[str, Collection[str]]) -> None:
        """Look at the first cells of the columns of numbers in a file."""
        mark = self._decimal
        if _has_degrees(columns, mark):
            return
        pointed = {name: [one for one in cells if mark in one] for name, cells in columns.items()}
        if not all(_GROUPED.fullmatch(cell) for cells in pointed.values() for cell in cells):
            return
        for name, cells in columns.items():
            # A number of four digits without a point would have one, if it were written so.
            others = (cell for cell in cells if mark not in cell)
            if pointed[name] and all(len(cell.lstrip("-")) <= len("999") for cell in others):
                self.examples[name] = min(pointed[name])

    def told(self, filters: Iterable[Filter], comma: str) -> Iterable[str]:
        """Say of each column whose numbers a filter compares what they are read as.

        `comma` is the option by which a comma stands before decimals.
        """
        for clause in [clause for filter_ in filters for clause in filter_]:
            example = self.examples.get(clause.name)
            if example is None or not isinstance(clause.expression, str) or not clause.expression:
                continue
            del self.examples[clause.name]
            marks, remedy = "points", f"(and say {comma}, if others have such decimals)"
            if self._decimal == ",":
                marks, remedy = "commas", f"and leave out {comma}"
            yield (
                f"{showable(str(clause), _MOST_SHOWN)}: numbers such as {quoted(example)} are"
                f" decimals here, though all their {marks} stand as between thousands; if they are"
                f" thousands, take the {marks} away {remedy}"
            )


def _has_degrees(columns: Mapping[str, Collection[str]], mark: str) -> bool:
    """Return whether two columns are a latitude and a longitude, by their names and numbers."""
    return all(
        any(
            _are_degrees(name, [cell.replace(mark, ".") for cell in cells], words, most)
            for name, cells in columns.items()
        )
        for words, most in ((_LATITUDES, _QUARTER), (_LONGITUDES, 2 * _QUARTER))
    )


def _are_degrees(name: str, cells: Collection[str], words: set[str], most: int) -> bool:
    parts = {part.lower() for part in _WORD.findall(_CAPITAL.sub(" ", name))}
    has_points = any("." in cell for cell in cells)
    return (
        has_points and not parts.isdisjoint(words) and all(abs(float(one)) <= most for one in cells)
    )
