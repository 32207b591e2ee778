"""Where filters stand by the conditions that they are found by: `Node`, and the search through it.

A filter stands in a node as an *entry*: its number, if nothing is left to be judged once it is
found, or a tuple of the number and the conditions that are left. A node finds an entry by one of
its conditions, the most selective one, in the tables of that condition's name. What is found there
is a *bucket*: an entry, a list of entries, or, where they are many, a node that finds them by the
conditions that are left.

Entries that only have negative conditions are found by what makes them fail: everywhere the number
~n stands for a veto of filter n.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filterlang.index.conditions import UNUSABLE
from filterlang.index.facts import MISSING, SEVERAL
from filterlang.index.tables import Ranges, Tables
from filterlang.operators import Operator
from filterlang.values import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from filterlang.index.conditions import Condition
    from filterlang.index.facts import Column, Fact
    from filterlang.index.tables import Bucket, Place

MOST_IN_A_LIST: Final = 16
"""Longer lists become nodes; shorter ones are judged in the time that a search would take."""
_DEEPEST: Final = 4
"""So deep may nodes stand in each other; what is alike in more conditions is judged one by one."""
_FEW_COLUMNS: Final = 4
RANGE_SELECTIVITY: Final = 17
"""What a lower and an upper bound of one name are worth together."""

_LOWER = {Operator.GT, Operator.GE}
_UPPER = {Operator.LT, Operator.LE}


class Grouped(tuple[Any, ...]):
    """An entry of clauses that may go through one list of objects, and then hold together only.

    Between its number and its conditions stand the columns of such clauses.
    """

    __slots__ = ()


class Branch:
    """Names in the form of a tree, so that only the part that a record has is walked."""

    __slots__ = ("branches", "columns", "leaves", "wholes")

    def __init__(self) -> None:
        self.columns: dict[Column, Tables] = {}
        self.leaves: dict[str, tuple[str, Column, Tables, bool]] = {}
        self.branches: dict[str, Branch] = {}
        self.wholes: dict[str, Column] = {}

    def add(self, column: Column, tables: Tables) -> None:
        branch = self
        segments = column.segments
        for depth, segment in enumerate(segments[:-1]):
            branch.columns[column] = tables
            branch.wholes[".".join(segments[depth:])] = column
            branch = branch.branches.setdefault(segment, Branch())
        branch.columns[column] = tables
        branch.leaves[segments[-1]] = segments[-1], column, tables, column.has_quick_texts

    def find(self, place: dict[Any, Any], look: Look, found: list[Bucket]) -> None:
        """Add the buckets that are found by what a dict of the record holds."""
        keys = place.keys()
        if self.wholes and not keys.isdisjoint(self.wholes):
            for column, tables in self.columns.items():
                tables.find(look.fact(column), found)
            return
        get = place.get
        if len(self.leaves) > len(place):
            leaves = [self.leaves[key] for key in keys & self.leaves.keys()]
        else:
            leaves = self.leaves.values()
        for key, column, tables, has_quick_texts in leaves:
            value = get(key)
            if value is None:
                continue
            if has_quick_texts and type(value) is str:
                text = value.lower() if value.isascii() else fold(value)
                bucket = tables.texts.get(text)
                if bucket is not None:
                    found.append(bucket)
                for find in tables.text_finders:
                    find(text, found)
            else:
                fact = look.facts.get(column)
                if fact is None:
                    fact = look.facts[column] = column.fact_of(value)
                tables.find(fact, found)
        for key, branch in self.branches.items():
            value = get(key)
            if type(value) is dict:
                branch.find(value, look, found)
            elif value is not None:
                for column, tables in branch.columns.items():
                    tables.find(look.fact(column), found)

    def remove(self, column: Column) -> None:
        branch = self
        segments = column.segments
        for depth, segment in enumerate(segments[:-1]):
            del branch.columns[column]
            del branch.wholes[".".join(segments[depth:])]
            outer, branch = branch, branch.branches[segment]
            if len(branch.columns) == 1:
                del outer.branches[segment]
                return
        del branch.columns[column]
        del branch.leaves[segments[-1]]


class Node:
    """Entries, found by one of their conditions each.

    `sure` holds the numbers of filters of which nothing is left to be judged, `checks` the entries
    that must always be judged, `negatives` the numbers of filters that match unless vetoed.
    """

    __slots__ = ("_depth", "_may_be_missing", "branch", "checks", "columns", "negatives", "sure")

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth
        self.sure: list[int] = []
        self.checks: list[Any] = []
        self.negatives: set[int] = set()
        self.columns: dict[Column, Tables] = {}
        self.branch: Branch | None = None
        self._may_be_missing: dict[Column, Tables] = {}

    def insert(self, entry: Any) -> None:  # noqa: ANN401 — an int or a tuple
        """Put in an entry."""
        if type(entry) is int:
            self.sure.append(entry)
            return
        is_grouped = type(entry) is Grouped
        number, *conditions = entry
        if is_grouped:
            del conditions[0]
        access = _access(conditions)
        if not access:
            if is_grouped or not all(one.is_negative for one in conditions):
                self.checks.append(entry)
                return
            self.negatives.add(number)
            for condition in conditions:
                veto = _rest(entry, ~number, (), (condition,))
                self._put(condition.column, self._tables(condition.column).places(condition), veto)
            return
        column = access[0].column
        tables = self._tables(column)
        if len(access) == 1:
            places = tables.places(access[0])
        else:
            places = tables.range_places(*access)
        left = [one for one in conditions if one not in access]
        self._put(column, places, _rest(entry, number, left, access))

    def _tables(self, column: Column) -> Tables:
        tables = self.columns.get(column)
        if tables is None:
            tables = self.columns[column] = Tables()
            if self.branch is not None:
                self.branch.add(column, tables)
            elif len(self.columns) > _FEW_COLUMNS:
                self.branch = Branch()
                for one, its_tables in self.columns.items():
                    self.branch.add(one, its_tables)
        return tables

    def _put(self, column: Column, places: Iterable[Place], entry: Any) -> None:  # noqa: ANN401 — as above
        tables = self.columns[column]
        for table, key in places:
            bucket = table.get(key)
            if bucket is None:
                table[key] = entry
                tables.size += 1
            elif type(bucket) is Node:
                bucket.insert(entry)
            elif type(bucket) is not list:
                table[key] = [bucket, entry]
            elif len(bucket) < MOST_IN_A_LIST or self._depth >= _DEEPEST:
                bucket.append(entry)
            else:
                table[key] = node = Node(self._depth + 1)
                for one in (*bucket, entry):
                    node.insert(one)
        if tables.finds_missing():
            self._may_be_missing[column] = tables

    def discard(self, number: int, conditions: list[Condition]) -> None:
        """Take out the entries of a filter, whose conditions are given, and its vetoes."""
        self.sure = _without(self.sure, number)
        self.checks = _without(self.checks, number)
        self.negatives.discard(number)
        for column in dict.fromkeys(condition.column for condition in conditions):
            tables = self.columns.get(column)
            if tables is None:
                continue
            mine = [condition for condition in conditions if condition.column is column]
            for table, key in list(_all_places(tables, mine)):
                bucket = table.get(key)
                if bucket is None:
                    continue
                if type(bucket) is Node:
                    bucket.discard(number, conditions)
                    is_empty = bucket.is_empty()
                else:
                    left = _without(bucket if type(bucket) is list else [bucket], number)
                    is_empty = not left
                    if left:
                        table[key] = left if len(left) > 1 else left[0]
                if is_empty:
                    del table[key]
                    tables.size -= 1
            if not tables.finds_missing():
                self._may_be_missing.pop(column, None)
            if not tables.size:
                del self.columns[column]
                if self.branch is not None:
                    self.branch.remove(column)

    def is_empty(self) -> bool:
        return not (self.sure or self.checks or self.negatives or self.columns)

    def find(self, look: Look, found: list[Bucket]) -> None:
        """Add all buckets whose condition the record passes, and maybe others."""
        if self.branch is None or type(look.record) is not dict:
            for column, tables in self.columns.items():
                tables.find(look.fact(column), found)
            return
        self.branch.find(look.record, look, found)
        for column, tables in self._may_be_missing.items():
            fact = look.fact(column)
            if fact[0] == MISSING:
                tables.find(fact, found)


def _access(conditions: list[Condition]) -> tuple[Condition, ...]:
    """Choose the condition, or the lower and upper bound, by which an entry is found; or none."""
    best = None
    lows: dict[Column, Condition] = {}
    highs: dict[Column, Condition] = {}
    selectivity = UNUSABLE
    for condition in conditions:
        if condition.selectivity > selectivity and not condition.operator.negative:
            best, selectivity = condition, condition.selectivity
        if condition.selectivity != UNUSABLE:
            if condition.operator in _LOWER:
                lows[condition.column] = condition
            elif condition.operator in _UPPER:
                highs[condition.column] = condition
    if lows and highs and selectivity < RANGE_SELECTIVITY:
        for column, low in lows.items():
            high = highs.get(column)
            if high is not None and Ranges.takes(low, high):
                return low, high
    return () if best is None else (best,)


def _all_places(tables: Tables, conditions: list[Condition]) -> Iterator[Place]:
    for condition in conditions:
        yield from tables.places(condition)
    for low in conditions:
        for high in conditions:
            if low.operator in _LOWER and high.operator in _UPPER and Ranges.takes(low, high):
                yield from tables.range_places(low, high)


def _rest(
    entry: tuple[Any, ...], number: int, left: Iterable[Condition], used: tuple[Condition, ...]
) -> Any:  # noqa: ANN401 — an int or a tuple
    """Make the entry of what is left to be judged when one was found by the conditions used."""
    if len(used) > 1 or not used[0].decides:
        left = (*left, *(one.check() for one in used))
    if type(entry) is Grouped:
        return Grouped((number, entry[1], *left))
    return (number, *left) if left else number


def _without(entries: list[Any], number: int) -> list[Any]:
    """Give a list of entries without those of a filter, and without its vetoes."""
    both = number, ~number
    return [one for one in entries if (one if type(one) is int else one[0]) not in both]


class Look:
    """One record, and what has been found out about it: facts, and verdicts of conditions."""

    __slots__ = ("facts", "record", "verdicts")

    def __init__(self, record: object) -> None:
        self.record = record
        self.facts: dict[Column, Fact] = {}
        self.verdicts: dict[Condition, bool] = {}

    def fact(self, column: Column) -> Fact:
        """Say what the record holds under a name."""
        fact = self.facts.get(column)
        if fact is None:
            fact = self.facts[column] = column.fact(self.record)
        return fact

    def search(self, root: Node, holds: Callable[[int, object], bool]) -> set[int]:
        """Give the numbers of the filters that match; `holds` judges a filter by the language."""
        found: set[int] = set()
        maybe: list[set[int]] = []
        record, facts, verdicts = self.record, self.facts, self.verdicts
        pending: list[Bucket] = [root]
        while pending:
            bucket = pending.pop()
            kind = type(bucket)
            if kind is int:
                found.add(bucket)
            elif kind is list:
                pending += bucket
            elif kind is Node:
                found.update(bucket.sure)
                pending += bucket.checks
                if bucket.negatives:
                    maybe.append(bucket.negatives)
                bucket.find(self, pending)
            else:
                first = 1
                if kind is Grouped:
                    first = 2
                    if self._goes_through_list(bucket[1]):
                        if holds(bucket[0], self.record):
                            found.add(bucket[0])
                        continue
                for condition in bucket[first:]:
                    verdict = verdicts.get(condition)
                    if verdict is None:
                        column = condition.column
                        fact = facts.get(column)
                        if fact is None:
                            fact = facts[column] = column.fact(record)
                        judge = condition.judge or condition.make_judge()
                        if fact[0] == SEVERAL:
                            verdict = condition.judge_several(fact[1])
                        else:
                            verdict = judge(fact)
                        verdicts[condition] = verdict
                    if not verdict:
                        break
                else:
                    found.add(bucket[0])
        if maybe:
            vetoed = {~number for number in found if number < 0}
            return {number for number in found if number >= 0}.union(*maybe) - vetoed
        return found

    def _goes_through_list(self, columns: Iterable[Column]) -> bool:
        for column in columns:
            fact = self.fact(column)
            if fact[0] == SEVERAL and fact[2]:
                return True
        return False
