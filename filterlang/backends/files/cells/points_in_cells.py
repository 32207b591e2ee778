"""Points that may stand between thousands: numbers of cells that are decimals here.

Where a semicolon divides cells, as in the exports of countries with a decimal comma, `1.234` may be
one thousand. It is read as a decimal in any case, so that it should be said; but not where another
column of the same file has points that stand nowhere but before decimals.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from filterlang.syntax.nodes import Filter

_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_MOST_SHOWN = 100


class PointsInCells:
    """The columns in which each point stands where one between thousands would.

    Example:
        >>> points = PointsInCells()
        >>> points.see({"price": {"1.234", "999"}, "size": {"5"}})
        >>> points.see({"weight": {"1.234", "999"}, "rate": {"0.5"}})
        >>> points.examples
        {'price': '1.234'}
    """

    examples: dict[str, str]

    def __init__(self) -> None:
        self.examples = {}

    def see(self, columns: Mapping[str, Collection[str]]) -> None:
        """Look at the first cells of the columns of numbers in a file."""
        pointed = {name: [one for one in cells if "." in one] for name, cells in columns.items()}
        if not all(_GROUPED.fullmatch(cell) for cells in pointed.values() for cell in cells):
            return
        for name, cells in columns.items():
            # A number of four digits without a point would have one, if it were written so.
            others = (cell for cell in cells if "." not in cell)
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
            yield (
                f"{showable(str(clause), _MOST_SHOWN)}: numbers such as {quoted(example)} are"
                " decimals here, though all their points stand as between thousands; if they are"
                f" thousands, take the points away (and say {comma}, if others have such decimals)"
            )
