"""What share of records a clause is thought to let pass, judged by what the filters ask for.

What many filters ask for, many records are thought to hold: that one filter in three is about the
US makes the US a bad place to look for filters in.
"""

from __future__ import annotations

from math import log2
from operator import itemgetter
from typing import TYPE_CHECKING

from filterlang.matching.index.facts import BOOLEAN
from filterlang.matching.index.lookups import UNUSABLE, access_of, constants
from filterlang.semantics.tests import pattern_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.matching.index.facts import IndexedName
    from filterlang.syntax.operators import Operator
    from filterlang.syntax.pattern import Pattern

    Asked = tuple[IndexedName, Operator, str | Pattern]

_DOUBT = 20
"""So many clauses about other values are imagined beside those that were seen."""
_LETTERS = 8.0
"""One text in so many is thought to have a given letter in a given place."""
_ORDER, _EMPTY, _TRUTH, _MOST = 0.4, 0.25, 0.5, 0.9
_WORTH = {"plain": 4, "prefix": 4, "suffix": 4, "infix": 50}
"""Looking up the patterns of a name takes as long as judging so many conditions."""
_WORTH_OF_COLUMN = 1.5
"""Looking up what a record holds under a name takes as long as judging so many conditions."""
_CLOSED = 0.25
"""The least share of a clause on a name that isn't worth a look."""
_RANGE = 10
_MOST_SELECTIVE = 100


def see(column: IndexedName, operator: Operator, expression: str | Pattern) -> None:
    """Take a clause into account."""
    text = expression if isinstance(expression, str) else expression.text
    if operator.orders:
        column.bounds.add(text)
    elif not operator.negative:
        column.asked[text] += 1
        column.total += 1


def selectivity(
    column: IndexedName, operator: Operator, expression: str | Pattern, filters: int
) -> int:
    """Return the selectivity of a clause, as a `SharedClause` has it, among so many filters."""
    if operator.negative:
        return UNUSABLE
    share = _share(column, operator, expression, filters)
    if column.is_closed and share < _CLOSED:
        share = _CLOSED
    return min(_MOST_SELECTIVE, int(-4 * log2(share)))


def range_selectivity(column: IndexedName) -> int:
    """Return the selectivity of a lower and an upper bound together.

    The more bounds were asked for, the smaller a part of all values lies between two of them.
    """
    return _RANGE + int(2 * min(8.0, log2(1 + len(column.bounds))))


def close_columns(sample: Sequence[Sequence[Asked]], filters: int) -> None:
    """Decide which names aren't worth a look, since other clauses find the same filters well.

    `sample` has the clauses of some of so many filters.
    """
    chosen: dict[IndexedName, list[list[tuple[float, IndexedName]]]] = {}
    for clauses in sample:
        shares = [(_share(*asked, filters), asked[0]) for asked in clauses if not asked[1].negative]
        if shares:
            shares.sort(key=itemgetter(0))
            chosen.setdefault(shares[0][1], []).append(shares)
    for column in sorted(chosen, key=lambda column: len(chosen[column])):
        cost = 0.0
        for shares in chosen[column]:
            others = [share for share, other in shares if other in chosen and other is not column]
            cost += (others[0] if others else 1.0) - shares[0][0]
        if cost * filters / len(sample) < _WORTH_OF_COLUMN:
            column.is_closed = True
            del chosen[column]


def _share(
    column: IndexedName, operator: Operator, expression: str | Pattern, filters: int
) -> float:
    if operator.orders:
        return _ORDER
    text = expression if isinstance(expression, str) else expression.text
    fragments = pattern_of(operator, expression) if operator.asks_text else None
    if fragments is not None:
        shape, literal, _ = access_of(fragments)
        by_chance = _LETTERS ** (1 - len(literal) if shape == "infix" else -len(literal))
        repeated = (column.asked.get(text, 0) - 1) / (column.total + _DOUBT)
        return min(_MOST, max(by_chance, repeated, _WORTH[shape] / (filters + 1)))
    if not text:
        return _EMPTY
    if BOOLEAN in constants(text):
        return _TRUTH
    return (column.asked.get(text, 0) + 0.5) / (column.total + _DOUBT)
