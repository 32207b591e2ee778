"""Where filters stand by the conditions that they are found by: the `Node`s of an index.

A filter stands in a node as an *entry*: its number, if nothing is left to be judged once it is
found, or `Checked`, the number and the conditions that are left. A node finds an entry by one of
its conditions, the most selective one, in the tables of that condition's name. What is found there
is a *bucket*: an entry, `Several` entries, or, where they are many, a node that finds them by the
conditions that are left.

An entry with negative conditions only is found by what makes it fail: everywhere the number ~n
stands for a veto of filter n.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from filterlang.matching.index.facts import MISSING
from filterlang.matching.index.lookups import LOWER, UNUSABLE, UPPER
from filterlang.matching.index.shares import range_selectivity
from filterlang.matching.index.tables import Tables, are_ranges
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from filterlang.matching.index.facts import IndexedName
    from filterlang.matching.index.look import Look
    from filterlang.matching.index.lookups import SharedClause
    from filterlang.matching.index.tables import Bucket, Place

    Leaf = tuple[str, Callable[[str], Bucket] | None, Tables, IndexedName]

MOST_IN_A_LIST: Final = 16
"""Longer lists become nodes; shorter ones are judged in the time that a search would take."""
DEEPEST: Final = 4
"""So deep may nodes stand in each other; what is alike in more conditions is judged one by one."""
FEW_COLUMNS: Final = 4
"""So many names are looked up one by one, without a look at what the record holds."""
_SELECTIVE: Final = 40
"""Where one condition is as selective as this, two bounds are not looked for."""


class Checked(tuple[Any, ...]):
    """An entry that is judged once it is found: its number, and the conditions that are left."""

    __slots__ = ()


class Several(list[Any]):
    """A bucket of several entries."""

    __slots__ = ()


class Grouped(tuple[Any, ...]):
    """An entry of clauses that may go through one list of objects, and then hold together only.

    Between its number and its conditions stand the `Together` of such clauses, and the tuple of
    conditions that it was found by.
    """

    __slots__ = ()


Entry = int | Checked | Grouped


class Branch:
    """The names of a node as a tree, so that only the part of it that a record has is walked."""

    __slots__ = ("branches", "columns", "leaves", "wholes")

    def __init__(self) -> None:
        self.columns: dict[IndexedName, Tables] = {}
        self.leaves: dict[str, Leaf] = {}
        self.branches: dict[str, tuple[str, Branch]] = {}
        self.wholes: set[str] = set()

    def add(self, column: IndexedName, tables: Tables) -> None:
        """Add a column below this branch."""
        branch, segments = self, column.segments
        for depth, segment in enumerate(segments[:-1]):
            branch.columns[column] = tables
            branch.wholes.add(".".join(segments[depth:]))
            branch = branch.branches.setdefault(segment, (segment, Branch()))[1]
        branch.columns[column] = tables
        equal = tables.texts.get if column.has_quick_texts else None
        branch.leaves[segments[-1]] = segments[-1], equal, tables, column

    def remove(self, column: IndexedName) -> None:
        """Remove a column below this branch, and the branches that only it had."""
        branch, segments = self, column.segments
        for depth, segment in enumerate(segments[:-1]):
            del branch.columns[column]
            branch.wholes.discard(".".join(segments[depth:]))
            inner = branch.branches[segment][1]
            if len(inner.columns) == 1:
                del branch.branches[segment]
                return
            branch = inner
        del branch.columns[column]
        del branch.leaves[segments[-1]]

    def find(self, record: dict[Any, Any], look: Look, found: list[Bucket]) -> None:
        """Add the buckets that are found by what a dict holds."""
        facts = look.facts
        places: list[tuple[Branch, dict[Any, Any]]] = [(self, record)]
        for branch, place in places:
            if branch.wholes and not place.keys().isdisjoint(branch.wholes):
                # A dotted name that is a key goes before what its segments lead to.
                look.find(branch.columns, found)
                continue
            get = place.get
            leaves: Collection[Leaf] = branch.leaves.values()
            if len(leaves) > len(place):
                leaves = [branch.leaves[key] for key in place.keys() & branch.leaves.keys()]
            for key, equal, tables, column in leaves:
                value = get(key)
                if equal is not None and type(value) is str:
                    # As `IndexedName.fact_of` and `Tables.find` do, without the tuple between them.
                    text = value.lower() if value.isascii() else fold(value)
                    bucket = equal(text)
                    if bucket is not None:
                        found.append(bucket)
                    for find in tables.text_finders:
                        find(text, found)
                elif value is not None:
                    fact = facts.get(column)
                    if fact is None:
                        fact = facts[column] = column.fact_of(value)
                    tables.find(fact, found)
            if not branch.branches:
                continue
            branches: Collection[tuple[str, Branch]] = branch.branches.values()
            if len(branches) > len(place):
                branches = [branch.branches[key] for key in place.keys() & branch.branches.keys()]
            for key, inner in branches:
                value = get(key)
                if type(value) is dict:
                    places.append((inner, value))
                elif value is not None:
                    look.find(inner.columns, found)


class Node:
    """Entries, found by one of their conditions each.

    `sure` holds the numbers of filters of which nothing is left to be judged, `checks` the entries
    that must always be judged, `negatives` the numbers of filters that match unless vetoed;
    `columns` has the tables of each name.
    """

    __slots__ = (
        "_branch",
        "_deep",
        "_depth",
        "_may_be_missing",
        "checks",
        "columns",
        "negatives",
        "sure",
    )

    def __init__(self, depth: int = 0) -> None:
        self.sure: list[int] = []
        self.checks: list[Entry] = []
        self.negatives: set[int] = set()
        self.columns: dict[IndexedName, Tables] = {}
        self._depth = depth
        self._branch: Branch | None = None
        self._deep: dict[IndexedName, Tables] = {}
        self._may_be_missing: dict[IndexedName, Tables] = {}

    def is_empty(self) -> bool:
        """Return whether no filter stands here."""
        return not (self.sure or self.checks or self.negatives or self.columns)

    # --- Filters come and go ---

    def insert(self, entry: Entry) -> tuple[SharedClause, ...]:
        """Put in an entry; the conditions of a tuple stand in the order of their selectivity.

        Returns the conditions that nothing here refers to any more.
        """
        if isinstance(entry, int):
            self.sure.append(entry)
            return ()
        is_grouped = type(entry) is Grouped
        conditions: tuple[SharedClause, ...] = entry[3 if is_grouped else 1 :]
        access = _access(conditions)
        if access:
            column = access[0].column
            tables = self._tables(column)
            if len(access) == 1:
                places = tables.places(access[0])
                left = conditions[1:]
                if not access[0].decides:
                    left += (access[0].check(),)
            else:
                places = tables.range_places(*access)
                left = (
                    *[one for one in conditions if one not in access],
                    *[one.check() for one in access],
                )
            if is_grouped:
                rest: Entry = Grouped((*entry[:2], entry[2] + access, *left))
            else:
                rest = Checked((entry[0], *left)) if left else entry[0]
            self._put(column, tables, places, rest)
            return () if is_grouped else access
        if is_grouped or not all(one.is_negative for one in conditions):
            self.checks.append(entry)
            return ()
        self.negatives.add(entry[0])
        for one in conditions:
            tables = self._tables(one.column)
            veto = ~entry[0]
            self._put(
                one.column,
                tables,
                tables.places(one),
                veto if one.decides else Checked((veto, one.check())),
            )
        return conditions

    def _tables(self, column: IndexedName) -> Tables:
        tables = self.columns.get(column)
        if tables is None:
            tables = self.columns[column] = Tables()
            if column.is_deep:
                self._deep[column] = tables
            elif self._branch is not None:
                self._branch.add(column, tables)
            elif len(self.columns) > FEW_COLUMNS:
                self._branch = Branch()
                for one, its_tables in self.columns.items():
                    if not one.is_deep:
                        self._branch.add(one, its_tables)
        return tables

    def _put(
        self, column: IndexedName, tables: Tables, places: Iterable[Place], entry: Entry
    ) -> None:
        for table, key in places:
            bucket = table.get(key)
            if bucket is None:
                table[key] = entry
                tables.size += 1
            elif type(bucket) is Node:
                bucket.insert(entry)
            elif type(bucket) is not Several:
                table[key] = Several((bucket, entry))
            elif len(bucket) < MOST_IN_A_LIST or self._depth >= DEEPEST:
                bucket.append(entry)
            else:
                node = Node(self._depth + 1)
                for one in bucket:
                    node.insert(one)
                node.insert(entry)
                table[key] = node
        if tables.finds_missing():
            self._may_be_missing[column] = tables

    def discard(self, number: int, conditions: Iterable[SharedClause]) -> None:
        """Take out a filter, of which the conditions are given, and its vetoes."""
        self.sure = [one for one in self.sure if one not in (number, ~number)]
        self.checks = _without(self.checks, number)
        self.negatives.discard(number)
        for column in dict.fromkeys([condition.column for condition in conditions]):
            tables = self.columns.get(column)
            if tables is None:
                continue
            # The places are known before any of them is changed.
            for table, key in list(_all_places(tables, column, conditions)):
                bucket = table.get(key)
                if bucket is None:
                    continue
                left = _bucket_without(bucket, number, conditions)
                if left is None:
                    del table[key]
                    tables.size -= 1
                else:
                    table[key] = left
            if not tables.finds_missing():
                self._may_be_missing.pop(column, None)
            if not tables.size:
                del self.columns[column]
                if column.is_deep:
                    del self._deep[column]
                elif self._branch is not None:
                    self._branch.remove(column)

    # --- What a record finds ---

    def find(self, look: Look, found: list[Bucket]) -> None:
        """Add all buckets whose condition the record passes, and maybe others."""
        if self._branch is None or type(look.record) is not dict:
            look.find(self.columns, found)
            return
        try:
            self._branch.find(look.record, look, found)
        except Exception:  # noqa: BLE001 — rule 8: a key of the record refuses to be compared
            look.find(self.columns, found)
            return
        if self._deep:
            look.find(self._deep, found)
        for column, tables in self._may_be_missing.items():
            fact = look.fact(column)
            if fact[0] == MISSING:
                tables.find(fact, found)


def _access(conditions: tuple[SharedClause, ...]) -> tuple[SharedClause, ...]:
    """Choose the condition, or the lower and upper bound, by which an entry is found; or none."""
    if not conditions:
        return ()
    best = conditions[0]
    if best.selectivity < _SELECTIVE and len(conditions) > 1:
        usable = [one for one in conditions if one.side and one.selectivity != UNUSABLE]
        lows = {one.column: one for one in usable if one.side == LOWER}
        highs = {one.column: one for one in usable if one.side == UPPER} if lows else {}
        column = max(lows.keys() & highs.keys(), key=range_selectivity, default=None)
        if column is not None and range_selectivity(column) > best.selectivity:
            low, high = lows[column], highs[column]
            if are_ranges(low, high):
                return low, high
    return () if best.selectivity == UNUSABLE else (best,)


def _all_places(
    tables: Tables, column: IndexedName, conditions: Iterable[SharedClause]
) -> Iterator[Place]:
    """Return all places of one column where a filter may stand."""
    mine = [condition for condition in conditions if condition.column is column]
    for condition in mine:
        yield from tables.places(condition)
    for low in mine:
        for high in mine:
            if low.side == LOWER and high.side == UPPER and are_ranges(low, high):
                yield from tables.range_places(low, high)


def _bucket_without(
    bucket: Bucket, number: int, conditions: Iterable[SharedClause]
) -> Bucket | None:
    """Return a bucket without a filter; None if nothing else was in it."""
    if type(bucket) is Node:
        bucket.discard(number, conditions)
        return None if bucket.is_empty() else bucket
    left = _without(bucket if type(bucket) is Several else [bucket], number)
    return Several(left) if len(left) > 1 else left[0] if left else None


def _without(entries: list[Entry], number: int) -> list[Entry]:
    """Return a list of entries without those of a filter, and without its vetoes."""
    both = number, ~number
    return [one for one in entries if (one if isinstance(one, int) else one[0]) not in both]
