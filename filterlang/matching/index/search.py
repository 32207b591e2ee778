"""One record's way through an index."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from filterlang.matching.index.buckets import Checked, Grouped, Node, Several
from filterlang.matching.index.facts import SEVERAL

if TYPE_CHECKING:
    from filterlang.matching.index.look import Look
    from filterlang.matching.index.lookups import SharedClause
    from filterlang.matching.index.tables import Bucket


def search(look: Look, root: Node) -> set[int]:
    """Return the numbers of the filters that match."""
    record, facts, verdicts, judges = look.record, look.facts, look.verdicts, look.judges
    found: set[int] = set()
    unless_vetoed: list[set[int]] = []
    pending: list[Bucket] = [root]
    while pending:
        bucket = pending.pop()
        kind = type(bucket)
        if kind is int:
            found.add(bucket)
        elif kind is Checked:
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
        elif kind is Several:
            pending += bucket
        elif kind is Node:
            if bucket.sure:
                found.update(bucket.sure)
            if bucket.checks:
                pending += bucket.checks
            if bucket.negatives:
                unless_vetoed.append(bucket.negatives)
            bucket.find(look, pending)
        elif kind is Grouped and _group_holds(look, bucket):
            found.add(bucket[0])
    if unless_vetoed:
        vetoed = {~number for number in found if number < 0}
        return {number for number in found if number >= 0}.union(*unless_vetoed) - vetoed
    return found


def _group_holds(look: Look, entry: Grouped) -> bool:
    """Return whether an entry holds of which clauses may go through one list of objects."""
    number, together, used, *left = entry
    goes_through = look.goes_through.get(together)
    if goes_through is None:
        facts = map(look.fact, together.columns)
        goes_through = any(fact[0] == SEVERAL and fact[2] is not None for fact in facts)
        look.goes_through[together] = goes_through
    if not goes_through:
        return all(map(look.verdict, left))
    # Of a group, too, a positive condition holds only if some value passes.
    if not all(one.is_negative or look.verdict(one) for one in left):
        return False
    groups: dict[tuple[str, ...], list[SharedClause]] = {}
    for condition in chain(used, left):
        fact = look.fact(condition.column)
        path = fact[2] if fact[0] == SEVERAL else None
        if path is None:
            if not look.verdict(condition):
                return False
        elif path:
            groups.setdefault(path, []).append(condition)
        else:
            return look.holds(number, look.record)
    return all(_one_element_satisfies(look, together) for together in groups.values())


def _one_element_satisfies(look: Look, conditions: list[SharedClause]) -> bool:
    """Whether conditions hold of a list that all their names go through, and no other list."""
    if all(one.is_negative for one in conditions):
        return all(map(look.verdict, conditions))
    judges = [look.judges[condition] for condition in conditions]
    facts = [look.fact(condition.column)[1] for condition in conditions]
    return any(
        all(judge(fact) for judge, fact in zip(judges, element, strict=True))
        for element in zip(*facts, strict=True)
    )
