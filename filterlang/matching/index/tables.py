"""Where filters are found by what a record holds under one name.

Each table maps what conditions ask for to a *bucket* of filters: equality by hash, order by sorted
arrays, patterns by their literals, and `a>=1;a<5` by the cells of a grid. A *place* is a table and
a key in it. What a fact passes is always found; where more than that may be found, the condition
has to be judged afterwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from math import floor
from typing import TYPE_CHECKING, Any, Final

from filterlang.matching.index.facts import (
    DOUBLE,
    EXACT,
    INSTANT,
    KINDS,
    MISSING,
    OTHER,
    SEVERAL,
    TEXT,
    text_of_fact,
)
from filterlang.matching.index.lookups import access_of, constants, ends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from filterlang.matching.index.facts import Fact
    from filterlang.matching.index.lookups import End, SharedClause
    from filterlang.semantics.wildcards import Fragments

    Bucket = Any
    Table = Any
    Place = tuple[Table, Any]
    Finder = Callable[[Any, list[Bucket]], None]

_NONE: Final[dict[Any, Any]] = {}
_LARGEST: Final = 1 << 62
"""Numbers beyond this stand in no grid."""


class Bounds(dict[Any, Any]):
    """Buckets by bounds that are all lower or upper ones, and all closed or open."""

    __slots__ = ("_is_lower", "_side", "_sorted")

    def __init__(self, *, is_lower: bool, is_closed: bool) -> None:
        super().__init__()
        self._is_lower = is_lower
        # Whether the bound itself passes decides on which side of it the others begin.
        self._side = bisect_right if is_lower is is_closed else bisect_left
        self._sorted: list[Any] | None = None

    def __setitem__(self, bound: Any, bucket: Bucket) -> None:
        # While an index is built nothing is looked for; sorting once is quicker then.
        if self._sorted is not None and bound not in self:
            insort(self._sorted, bound)
        super().__setitem__(bound, bucket)

    def __delitem__(self, bound: Any) -> None:
        if self._sorted is not None:
            del self._sorted[bisect_left(self._sorted, bound)]
        super().__delitem__(bound)

    def find(self, key: Any, found: list[Bucket]) -> None:
        """Add the buckets of all bounds that a key passes."""
        bounds = self._sorted
        if bounds is None:
            bounds = self._sorted = sorted(self)
        index = self._side(bounds, key)
        found += map(self.__getitem__, bounds[:index] if self._is_lower else bounds[index:])


class Texts(dict[str, Any]):
    """Buckets by whole texts."""

    __slots__ = ()

    def find(self, text: str, found: list[Bucket]) -> None:
        """Add the bucket of a text."""
        bucket = self.get(text)
        if bucket is not None:
            found.append(bucket)


class Literals(dict[str, Any]):
    """Buckets by literals that stand in texts; each is found by a few characters, its *cut*."""

    __slots__ = ("_by_cut",)

    def __init__(self) -> None:
        super().__init__()
        # The size of cuts → the cuts of literals → the literals.
        self._by_cut: dict[int, dict[str, list[str]]] = {}

    def __setitem__(self, literal: str, bucket: Bucket) -> None:
        if literal not in self:
            cut = self._best_cut(literal)
            by_cut = self._by_cut.get(len(cut))
            if by_cut is None:
                by_cut = self._by_cut[len(cut)] = {}
                self._sizes_changed()
            by_cut.setdefault(cut, []).append(literal)
        super().__setitem__(literal, bucket)

    def __delitem__(self, literal: str) -> None:
        super().__delitem__(literal)
        size, cut = next(
            (size, cut)
            for size, by_cut in self._by_cut.items()
            for cut in self._cuts(literal, size)
            if literal in by_cut.get(cut, ())
        )
        by_cut = self._by_cut[size]
        by_cut[cut].remove(literal)
        if not by_cut[cut]:
            del by_cut[cut]
        if not by_cut:
            del self._by_cut[size]
            self._sizes_changed()

    def _count(self, cut: str) -> int:
        """Return how many literals are found by a cut."""
        return len(self._by_cut.get(len(cut), _NONE).get(cut, ()))

    def _sizes_changed(self) -> None:
        """Prepare for cuts of other sizes than before."""

    def _best_cut(self, literal: str) -> str:
        raise NotImplementedError

    def _cuts(self, text: str, size: int) -> Iterable[str]:
        """Return what a text has of the size where its cuts are taken."""
        raise NotImplementedError


class Prefixes(Literals):
    """Buckets by what texts begin with."""

    __slots__ = ("_finders",)

    _SIZES = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256)
    """A text is cut to these sizes, not to that of every literal, as long as that tells enough."""
    _MOST = 4

    _stands = staticmethod(str.startswith)

    def __init__(self) -> None:
        super().__init__()
        self._finders: list[tuple[slice, Callable[[str], list[str] | None]]] = []

    def _sizes_changed(self) -> None:
        self._finders = [(self._slice(size), by_cut.get) for size, by_cut in self._by_cut.items()]

    def _best_cut(self, literal: str) -> str:
        size = self._SIZES[bisect_right(self._SIZES, len(literal)) - 1]
        cut = literal[self._slice(size)]
        return cut if self._count(cut) < self._MOST else literal

    def _cuts(self, text: str, size: int) -> Iterable[str]:
        return (text[self._slice(size)],)

    def _slice(self, size: int) -> slice:
        return slice(size)

    def find(self, text: str, found: list[Bucket]) -> None:
        """Add the buckets of all literals that a text has in their place."""
        for place, get in self._finders:
            literals = get(text[place])
            if literals is not None:
                stands = self._stands
                found += [self[literal] for literal in literals if stands(text, literal)]


class Suffixes(Prefixes):
    """Buckets by what texts end with."""

    __slots__ = ()

    _stands = staticmethod(str.endswith)

    def _slice(self, size: int) -> slice:
        return slice(-size, None)


class Infixes(Literals):
    """Buckets by what texts contain."""

    __slots__ = ()

    _SIZE = 3

    def _best_cut(self, literal: str) -> str:
        return min(self._cuts(literal, min(self._SIZE, len(literal))), key=self._count)

    def _cuts(self, text: str, size: int) -> set[str]:
        return {text[start : start + size] for start in range(len(text) - size + 1)}

    def find(self, text: str, found: list[Bucket]) -> None:
        """Add the buckets of all literals that a text contains."""
        if len(self) <= len(text):
            found += [bucket for literal, bucket in self.items() if literal in text]
            return
        for size, by_cut in self._by_cut.items():
            for cut in self._cuts(text, size) & by_cut.keys():
                found += [self[literal] for literal in by_cut[cut] if literal in text]


_PATTERNS = {"plain": Texts, "prefix": Prefixes, "suffix": Suffixes, "infix": Infixes}


class Ranges:
    """Buckets of `a>=1;a<5`: numbers and instants by the cells of grids, texts by a prefix.

    Where a record holds several values, one of them may pass one bound and another the other, so
    then all are found.
    """

    __slots__ = ("_instants", "_numbers", "_others", "prefixes")
    prefixes: Prefixes

    def __init__(self) -> None:
        self.prefixes = Prefixes()
        self._others: dict[None, Bucket] = {}
        # The level of a grid → its cells; a cell is 2 to the power of its level wide.
        self._numbers: dict[int, dict[int, Bucket]] = {}
        self._instants: dict[int, dict[int, Bucket]] = {}

    def places(self, low: SharedClause, high: SharedClause) -> Iterator[Place]:
        """Return the places of a lower and an upper bound."""
        lows, highs = _values(low), _values(high)
        if lows[TEXT] <= highs[TEXT]:
            # What lies between two texts begins as both do.
            yield self.prefixes, _common_prefix(lows[TEXT], highs[TEXT])
        else:
            yield self._others, None
        if EXACT in lows and EXACT in highs:
            # A double may be a little beyond the exact number that it stands for.
            first = min(floor(lows[EXACT]), floor(lows[DOUBLE]))
            yield from _cells(self._numbers, first, max(floor(highs[EXACT]), floor(highs[DOUBLE])))
        if INSTANT in lows and INSTANT in highs:
            yield from _cells(self._instants, lows[INSTANT], highs[INSTANT])

    def find_number(self, number: Any, found: list[Bucket]) -> None:
        """Add the buckets of the ranges about where a number lies."""
        if abs(number) < _LARGEST:
            _find_cells(self._numbers, floor(number), found)

    def find_instant(self, instant: int, found: list[Bucket]) -> None:
        """Add the buckets of the ranges about where an instant lies."""
        _find_cells(self._instants, instant, found)

    def find_all(self, found: list[Bucket]) -> None:
        """Add all buckets."""
        found += self.prefixes.values()
        found += self._others.values()


def _cells(grids: dict[int, dict[int, Bucket]], first: int, last: int) -> Iterator[Place]:
    """Return the place of a range of whole numbers, if there are any in it."""
    if first <= last:
        # A cell is wider than the range, which so lies in one cell, or in it and the next.
        level = (last - first).bit_length()
        yield grids.setdefault(level, {}), first >> level


def _find_cells(grids: dict[int, dict[int, Bucket]], number: int, found: list[Bucket]) -> None:
    for level, cells in grids.items():
        cell = number >> level
        bucket = cells.get(cell)
        if bucket is not None:
            found.append(bucket)
        bucket = cells.get(cell - 1)
        if bucket is not None:
            found.append(bucket)


def _common_prefix(one: str, other: str) -> str:
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a != b:
            return one[:index]
    return min(one, other, key=len)


def are_ranges(low: SharedClause, high: SharedClause) -> bool:
    """Return whether two bounds have a size for which there are cells."""
    return all(abs(_values(one).get(EXACT, 0)) < _LARGEST for one in (low, high))


def _values(condition: SharedClause) -> Mapping[int, Any]:
    """Return the values of a condition's ends, by the kinds of facts."""
    found = ends(condition.operator, str(condition.expression))
    return {kind: end.value for kind, end in found.items()}


class Tables:
    """All tables of one name in one node.

    `texts` is the table of texts that are equal to an expression; `text_finders` find buckets by
    what else a text passes. `size` counts the places in use.
    """

    __slots__ = (
        "_equal",
        "_finders",
        "_patterns",
        "_ranges",
        "_tables",
        "size",
        "text_finders",
        "texts",
    )
    size: int

    def __init__(self) -> None:
        self.texts: dict[str, Bucket] = {}
        self.text_finders: tuple[Finder, ...] = ()
        self.size = 0
        self._equal: list[dict[Any, Bucket]] = [self.texts, *[_NONE] * (KINDS - 1)]
        self._equal[OTHER] = self.texts  # what has a key there is a text without an order
        self._finders: list[tuple[Finder, ...]] = [()] * KINDS
        self._tables: dict[tuple[int, bool, bool], Table] = _NONE
        self._patterns: dict[str, Table] = _NONE
        self._ranges: Ranges | None = None

    def places(self, condition: SharedClause) -> Iterator[Place]:
        """Return the places of a condition, or of its complement if it is negative."""
        if condition.fragments is not None:
            yield self._pattern_place(condition.fragments)
            return
        expression = str(condition.expression)
        if condition.side:
            for kind, end in ends(condition.operator, expression).items():
                yield self._table(kind, end), end.value
            return
        wanted = constants(expression)
        yield self.texts, wanted[TEXT]
        if len(wanted) > 1:
            for kind, key in wanted.items():
                # Numbers that a double holds exactly stand with the integers.
                is_there = kind == TEXT or (kind == DOUBLE and key == wanted.get(EXACT))
                if not is_there:
                    yield self._equal_of(kind), key
        if not expression:
            yield self._equal_of(MISSING), None

    def range_places(self, low: SharedClause, high: SharedClause) -> Iterator[Place]:
        """Return the places of a lower and an upper bound."""
        ranges = self._ranges
        if ranges is None:
            ranges = self._ranges = Ranges()
            self._add_finder(TEXT, ranges.prefixes.find)
            self._add_finder(EXACT, ranges.find_number)
            self._add_finder(DOUBLE, ranges.find_number)
            self._add_finder(INSTANT, ranges.find_instant)
        return ranges.places(low, high)

    def _equal_of(self, kind: int) -> dict[Any, Bucket]:
        if self._equal[kind] is _NONE:
            self._equal[kind] = {}
        return self._equal[kind]

    def _table(self, kind: int, end: End) -> Table:
        """Return the table of one kind of bounds."""
        key = kind, end.is_lower, end.is_closed
        table = self._tables.get(key)
        if table is None:
            table = Bounds(is_lower=end.is_lower, is_closed=end.is_closed)
            self._tables = {**self._tables, key: table}
            self._add_finder(kind, table.find)
        return table

    def _pattern_place(self, fragments: Fragments) -> Place:
        shape, literal, _ = access_of(fragments)
        table = self._patterns.get(shape)
        if table is None:
            table = _PATTERNS[shape]()
            self._patterns = {**self._patterns, shape: table}
            self._add_finder(TEXT, table.find)
        return table, literal

    def _add_finder(self, kind: int, find: Finder) -> None:
        self._finders[kind] += (find,)
        self.text_finders = self._finders[TEXT]

    def finds_missing(self) -> bool:
        """Return whether a missing value is found here."""
        return bool(self._equal[MISSING])

    def find(self, fact: Fact, found: list[Bucket]) -> None:
        """Add the buckets of all conditions that a fact passes, and maybe others."""
        kind, key, _ = fact
        if kind == SEVERAL:
            for one in key:
                self.find(one, found)
            if self._ranges is not None:
                self._ranges.find_all(found)
            return
        bucket = self._equal[kind].get(key)
        if bucket is not None:
            found.append(bucket)
        if kind == DOUBLE:
            bucket = self._equal[EXACT].get(key)
            if bucket is not None:
                found.append(bucket)
        for find in self._finders[kind]:
            find(key, found)
        if self._patterns and kind != TEXT:
            text = text_of_fact(fact)
            if text is not None:
                for table in self._patterns.values():
                    table.find(text, found)
