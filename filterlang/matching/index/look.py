"""One record, and what an index has found out about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filterlang.matching.index.facts import Fact, IndexedName
    from filterlang.matching.index.lookups import Judges, SharedClause
    from filterlang.matching.index.tables import Bucket, Tables


class Together:
    """The columns of clauses that may go through one list of objects."""

    __slots__ = ("columns",)
    columns: tuple[IndexedName, ...]

    def __init__(self, columns: tuple[IndexedName, ...]) -> None:
        self.columns = columns


class Look:
    """One record, and what has been found out about it: facts, and verdicts of conditions.

    `judges` are those of the index; `holds` says of the number of a filter whether it matches the
    record, by the rules of the language alone.
    """

    __slots__ = ("facts", "goes_through", "holds", "judges", "record", "verdicts")

    judges: Judges
    holds: Callable[[int, object], bool]

    def __init__(
        self, record: object, judges: Judges, holds: Callable[[int, object], bool]
    ) -> None:
        self.record: Any = record
        self.facts: dict[IndexedName, Fact] = {}
        self.judges = judges
        self.holds = holds
        self.verdicts: dict[SharedClause, bool] = {}
        self.goes_through: dict[Together, bool] = {}

    def fact(self, column: IndexedName) -> Fact:
        """Return what the record holds under a name."""
        fact = self.facts.get(column)
        if fact is None:
            fact = self.facts[column] = column.fact(self.record)
        return fact

    def find(self, columns: Mapping[IndexedName, Tables], found: list[Bucket]) -> None:
        """Add the buckets that are found by what the record holds under each of some names."""
        for column, tables in columns.items():
            tables.find(self.fact(column), found)

    def verdict(self, condition: SharedClause) -> bool:
        """Return what a condition says of the record."""
        verdict = self.verdicts.get(condition)
        if verdict is None:
            fact = self.fact(condition.column)
            verdict = self.verdicts[condition] = self.judges[condition](fact)
        return verdict
