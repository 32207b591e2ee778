"""How filters leave out rows that are hardly records, and whether these pass at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.judge import holds
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Clause, Filter

_MOST_SHOWN = 100


class LeftOut:
    """The filters of a run, by which rows pass.

    Args:
        filters: a row passes that one of them holds of; each if there are none.
        bound: their clauses, each with how values are read for it.
        dimension_of_cells: returns the type of a column, None of texts.
        inverts: whether the rows are wanted that don't pass.
    """

    def __init__(
        self,
        filters: Sequence[Filter],
        bound: Mapping[Clause, BoundClause],
        dimension_of_cells: Callable[[str], str | None],
        *,
        inverts: bool,
    ) -> None:
        self._filters = filters
        self._bound = bound
        self._dimension_of_cells = dimension_of_cells
        self._inverts = inverts

    def passes(self, cells: Mapping[str, object]) -> bool:
        """Return whether a row is wanted of which only these cells aren't empty."""
        clauses = [clause for filter_ in self._filters for clause in filter_]
        empty = {
            one.name: None if self._dimension_of_cells(one.name) is not None else ""
            for one in clauses
        }
        record = {**empty, **cells}
        found = not self._filters or any(
            holds([self._bound[clause] for clause in filter_], record) for filter_ in self._filters
        )
        return found is not self._inverts

    def remedy(self, names: Iterable[str]) -> str:
        """Return how to leave out the rows in which any one of some columns is empty."""
        name = next(filter(_is_holdable, names), None)
        if name is None:
            return "take such rows away"
        if self._inverts:
            return f"add the filter {quoted(f'{name}==')} (by -e) to leave such out"
        clause = f"{name}!="
        if not self._filters:
            return f"filter by {quoted(clause)} to leave such out"
        text = f"{clause};{self._filters[0]}"
        if len(self._filters) > 1 or len(text) > _MOST_SHOWN:
            return f"write {quoted(clause)} into each filter to leave such out"
        return f"write {quoted(text)} to leave such out"


def _is_holdable(name: str) -> bool:
    """Return whether a filter can hold a name as it is."""
    try:
        return "." not in name and normal_name(name) == name
    except ValueError:
        return False
