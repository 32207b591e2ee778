"""One record's way through an index."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from filterlang.matching.index.buckets import Grouped, Node
from filterlang.matching.index.facts import SEVERAL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filterlang.matching.index.buckets import Together
    from filterlang.matching.index.facts import Column, Fact
    from filterlang.matching.index.lookups import Condition, Judges
    from filterlang.matching.index.tables import Bucket, Tables


class Look:
    """One record, and what has been found out about it: facts, and verdicts of conditions.

    `judges` are those of the index; `holds` says of the number of a filter whether it matches the
    record, by the rules of the language alone.
    """

    __slots__ = ("_goes_through", "_holds", "_judges", "_verdicts", "facts", "record")

    def __init__(
        self, record: object, judges: Judges, holds: Callable[[int, object], bool]
    ) -> None:
        self.record: Any = record
        self.facts: dict[Column, Fact] = {}
        self._judges = judges
        self._holds = holds
        self._verdicts: dict[Condition, bool] = {}
        self._goes_through: dict[Together, bool] = {}

    def fact(self, column: Column) -> Fact:
        """Say what the record holds under a name."""
        fact = self.facts.get(column)
        if fact is None:
            fact = self.facts[column] = column.fact(self.record)
        return fact

    def find(self, columns: Mapping[Column, Tables], found: list[Bucket]) -> None:
        """Add the buckets that are found by what the record holds under each of some names."""
        for column, tables in columns.items():
            tables.find(self.fact(column), found)

    def search(self, root: Node) -> set[int]:
        """Give the numbers of the filters that match."""
        record, facts, verdicts, judges = self.record, self.facts, self._verdicts, self._judges
        found: set[int] = set()
        unless_vetoed: list[set[int]] = []
        pending: list[Bucket] = [root]
        while pending:
            bucket = pending.pop()
            kind = type(bucket)
            if kind is int:
                found.add(bucket)
            elif kind is tuple:
                for condition in bucket[1:]:
                    verdict = verdicts.get(condition)
                    if verdict is None:
                        column = condition.column
                        fact = facts.get(column)
                        if fact is None:
                            fact = facts[column] = column.fact(record)
                        verdict = verdicts[condition] = judges[condition](fact)
                    if not verdict:
                        break
                else:
                    found.add(bucket[0])
            elif kind is list:
                pending += bucket
            elif kind is Node:
                if bucket.sure:
                    found.update(bucket.sure)
                if bucket.checks:
                    pending += bucket.checks
                if bucket.negatives:
                    unless_vetoed.append(bucket.negatives)
                bucket.find(self, pending)
            elif self._group_holds(bucket):
                found.add(bucket[0])
        if unless_vetoed:
            vetoed = {~number for number in found if number < 0}
            return {number for number in found if number >= 0}.union(*unless_vetoed) - vetoed
        return found

    def _verdict(self, condition: Condition) -> bool:
        verdict = self._verdicts.get(condition)
        if verdict is None:
            fact = self.fact(condition.column)
            verdict = self._verdicts[condition] = self._judges[condition](fact)
        return verdict

    def _group_holds(self, entry: Grouped) -> bool:
        """Whether an entry holds of which clauses may go through one list of objects."""
        number, together, used, *left = entry
        goes_through = self._goes_through.get(together)
        if goes_through is None:
            facts = map(self.fact, together.columns)
            goes_through = any(fact[0] == SEVERAL and fact[2] is not None for fact in facts)
            self._goes_through[together] = goes_through
        if not goes_through:
            return all(map(self._verdict, left))
        # Of a group, too, a positive condition holds only if some value passes.
        if not all(one.is_negative or self._verdict(one) for one in left):
            return False
        groups: dict[tuple[str, ...], list[Condition]] = {}
        for condition in chain(used, left):
            fact = self.fact(condition.column)
            path = fact[2] if fact[0] == SEVERAL else None
            if path is None:
                if not self._verdict(condition):
                    return False
            elif path:
                groups.setdefault(path, []).append(condition)
            else:
                return self._holds(number, self.record)
        return all(map(self._one_element_satisfies, groups.values()))

    def _one_element_satisfies(self, conditions: list[Condition]) -> bool:
        """Whether conditions hold of a list that all their names go through, and no other list."""
        if all(one.is_negative for one in conditions):
            return all(map(self._verdict, conditions))
        judges = [self._judges[condition] for condition in conditions]
        facts = [self.fact(condition.column)[1] for condition in conditions]
        return any(
            all(judge(fact) for judge, fact in zip(judges, element, strict=True))
            for element in zip(*facts, strict=True)
        )
