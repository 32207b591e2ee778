"""Empty texts that a clause with `<` or `<=` lets pass, as they come before all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.semantics.judge import judges
from filterlang.semantics.paths import values_at
from filterlang.semantics.values import is_missing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Clause, Filter

_MOST_SHOWN = 100


class EmptyTexts:
    """Counts the empty texts among values, which exports have in place of no value.

    Args:
        filters: whose clauses are looked at.
        bound: these, each with how values are read for it.
    """

    def __init__(self, filters: Iterable[Filter], bound: Mapping[Clause, BoundClause]) -> None:
        self._asked: dict[Clause, list[int]] = {}
        """Of each clause the number of empty texts, and of values."""
        self._bound = bound
        for filter_ in filters:
            for clause in filter_:
                path = bound[clause].path
                beside = [bound[one] for one in filter_ if bound[one].path == path]
                # By another clause, such as one with `>=`, they may not pass.
                if clause.operator.orders and all(
                    judges(one, "") is not one.negative for one in beside
                ):
                    self._asked[clause] = [0, 0]

    def see(self, record: object) -> None:
        """Look at a record."""
        for clause, counts in self._asked.items():
            for value in values_at(self._bound[clause].path, record):
                counts[0] += value == ""
                counts[1] += not is_missing(value)

    def told(self, where: str, others: Collection[Clause]) -> Iterable[str]:
        """Say of each clause how many it met, but for those of which there is more to be said.

        `where` says which values were looked at.
        """
        for clause, (empty, total) in self._asked.items():
            if not empty or clause in others:
                continue
            share = f"{empty:,} of {total:,} values {'is' if empty == 1 else 'are'}"
            text = showable(str(clause), _MOST_SHOWN)
            yield (
                f"empty texts pass {quoted(text)}: {where}{share} empty, which comes before all"
                f" other texts; write {quoted(f'{clause.name}!=;{text}')} to leave such out"
            )
