"""Where the filters of a node are found by what a record holds under one name.

Each table maps what conditions ask for to a *bucket* of filters: equality by hash, order by sorted
arrays, patterns by their literals, and `a>=1;a<5` by cells of a grid. A *place* is a table and a
key in it; what a fact passes is always found, and what else a table finds is judged afterwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from math import floor
from os.path import commonprefix
from typing import TYPE_CHECKING, Any, Final

from filterlang.index.conditions import access_of, constants
from filterlang.index.facts import (
    BOOLEAN,
    DOUBLE,
    EXACT,
    INSTANT,
    KINDS,
    MISSING,
    SEVERAL,
    TEXT,
    text_of_fact,
)
from filterlang.nodes import Pattern
from filterlang.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from filterlang.index.conditions import Condition
    from filterlang.index.facts import Fact

    Bucket = Any
    Place = tuple[Any, Any]
    Finder = Callable[[Any, list[Bucket]], None]

_NONE: Final[dict[Any, Any]] = {}
_COMPARED = (TEXT, EXACT, DOUBLE, BOOLEAN, INSTANT)
_ORDERED = (TEXT, EXACT, DOUBLE, INSTANT)


class Bounds(dict[Any, Any]):
    """Buckets by the bounds of one order operator."""

    __slots__ = ("_is_lower", "_side", "_sorted")

    def __init__(self, operator: Operator) -> None:
        super().__init__()
        self._is_lower = operator in {Operator.GT, Operator.GE}
        # Whether the bound itself passes decides on which side of it the others begin.
        self._side = bisect_left if operator in {Operator.GT, Operator.LE} else bisect_right
        self._sorted: list[Any] | None = None

    def __setitem__(self, bound: Any, bucket: Bucket) -> None:  # noqa: ANN401 — of its facts' keys
        # While an index is built nothing is looked for, and then sorting once is quicker.
        if self._sorted is not None and bound not in self:
            insort(self._sorted, bound)
        super().__setitem__(bound, bucket)

    def __delitem__(self, bound: Any) -> None:  # noqa: ANN401 — as above
        if self._sorted is not None:
            del self._sorted[bisect_left(self._sorted, bound)]
        super().__delitem__(bound)

    def find(self, key: Any, found: list[Bucket]) -> None:  # noqa: ANN401 — as above
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


class Literals:
    """Buckets by literals that stand in texts; each is found by a few characters of it, its cut."""

    __slots__ = ("_buckets", "_cuts")

    _SIZES: tuple[int, ...]

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._cuts: dict[int, dict[str, list[str]]] = {}

    def get(self, literal: str) -> Bucket:
        return self._buckets.get(literal)

    def __setitem__(self, literal: str, bucket: Bucket) -> None:
        if literal not in self._buckets:
            size = self._size(literal)
            by_cut = self._cuts.setdefault(size, {})
            # The cut that the fewest literals are found by yet.
            cut = min(self._all_cuts(literal, size), key=lambda cut: len(by_cut.get(cut, ())))
            by_cut[cut] = [*by_cut.get(cut, ()), literal]
        self._buckets[literal] = bucket

    def __delitem__(self, literal: str) -> None:
        del self._buckets[literal]
        size = self._size(literal)
        by_cut = self._cuts[size]
        cut = next(c for c in self._all_cuts(literal, size) if literal in by_cut.get(c, ()))
        by_cut[cut] = [one for one in by_cut[cut] if one != literal]
        if not by_cut[cut]:
            del by_cut[cut]
        if not by_cut:
            del self._cuts[size]

    def _size(self, literal: str) -> int:
        return self._SIZES[bisect_right(self._SIZES, len(literal)) - 1]

    def _all_cuts(self, literal: str, size: int) -> Iterable[str]:
        raise NotImplementedError


class Prefixes(Literals):
    """Buckets by what texts begin with."""

    __slots__ = ()

    _SIZES = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256)

    def _all_cuts(self, literal: str, size: int) -> Iterable[str]:
        return (literal[:size],)

    def find(self, text: str, found: list[Bucket]) -> None:
        """Add the buckets of all literals that a text begins with."""
        for size, by_cut in self._cuts.items():
            # A cut of a shorter text is found only if it is the whole literal, and then rightly.
            literals = by_cut.get(text[:size])
            if literals is not None:
                found += [self._buckets[one] for one in literals if text.startswith(one)]


class Suffixes(Literals):
    """Buckets by what texts end with."""

    __slots__ = ()

    _SIZES = Prefixes._SIZES  # noqa: SLF001 — a sibling in one file

    def _all_cuts(self, literal: str, size: int) -> Iterable[str]:
        return (literal[-size:],)

    def find(self, text: str, found: list[Bucket]) -> None:
        """Add the buckets of all literals that a text ends with."""
        for size, by_cut in self._cuts.items():
            literals = by_cut.get(text[-size:])
            if literals is not None:
                found += [self._buckets[one] for one in literals if text.endswith(one)]


class Infixes(Literals):
    """Buckets by what texts contain."""

    __slots__ = ()

    _SIZES = (0, 1, 2, 3)
    _FEW = 4
    """So many literals are looked for in the time that it takes to look up one part of a text."""

    def _all_cuts(self, literal: str, size: int) -> set[str]:
        return {literal[start : start + size] for start in range(len(literal) - size + 1)}

    def find(self, text: str, found: list[Bucket]) -> None:
        """Add the buckets of all literals that a text contains."""
        buckets = self._buckets
        if len(buckets) <= self._FEW * len(text):
            found += [buckets[literal] for literal in buckets if literal in text]
            return
        for size, by_cut in self._cuts.items():
            for cut in self._all_cuts(text, size) & by_cut.keys():
                found += [buckets[literal] for literal in by_cut[cut] if literal in text]


_PATTERNS = {"plain": Texts, "prefix": Prefixes, "suffix": Suffixes, "infix": Infixes}


class Ranges:
    """Buckets of `a>=1;a<5`: numbers and instants by the cells of a grid, texts by a prefix.

    Where a record holds several values, one of them may pass one bound and another the other, so
    then all are found.
    """

    __slots__ = ("_all", "_cells", "_levels", "prefixes")

    _LARGEST = 1 << 62

    def __init__(self) -> None:
        self._all: dict[None, Bucket] = {}
        self._cells: dict[int, dict[tuple[int, int], Bucket]] = {EXACT: {}, INSTANT: {}}
        self._levels: dict[int, list[int]] = {EXACT: [], INSTANT: []}
        self.prefixes = Prefixes()

    @classmethod
    def takes(cls, low: Condition, high: Condition) -> bool:
        """Whether the bounds have a size for which there are cells."""
        return all(
            abs(bound) < cls._LARGEST
            for condition in (low, high)
            for bound in constants(condition.expression)[EXACT : DOUBLE + 1]  # type: ignore[arg-type]  # bounds are texts
            if bound != ""
        )

    def places(self, low: Condition, high: Condition) -> Iterator[Place]:
        """Give the places of a lower and an upper bound."""
        yield self._all, None
        lows, highs = constants(low.expression), constants(high.expression)  # type: ignore[arg-type]  # bounds are texts
        if lows[TEXT] <= highs[TEXT]:
            # What lies between two texts begins as both do.
            yield self.prefixes, commonprefix([lows[TEXT], highs[TEXT]])
        for kind, kinds in ((EXACT, (EXACT, DOUBLE)), (INSTANT, (INSTANT,))):
            if lows[kind] == "" or highs[kind] == "":
                continue
            first = min(floor(lows[kind]) for kind in kinds)
            last = max(floor(highs[kind]) for kind in kinds)
            if first <= last:
                # A cell is wider than the range, which so lies in one cell, or in it and the next.
                level = (last - first).bit_length()
                if level not in self._levels[kind]:
                    self._levels[kind] = [*self._levels[kind], level]
                yield self._cells[kind], (level, first >> level)

    def find_number(self, number: Any, found: list[Bucket]) -> None:  # noqa: ANN401 — of three types
        if abs(number) < self._LARGEST:
            self._find(EXACT, floor(number), found)

    def find_instant(self, instant: int, found: list[Bucket]) -> None:
        self._find(INSTANT, instant, found)

    def _find(self, kind: int, number: int, found: list[Bucket]) -> None:
        cells = self._cells[kind]
        for level in self._levels[kind]:
            cell = number >> level
            bucket = cells.get((level, cell))
            if bucket is not None:
                found.append(bucket)
            bucket = cells.get((level, cell - 1))
            if bucket is not None:
                found.append(bucket)

    def find_all(self, found: list[Bucket]) -> None:
        found += self._all.values()


class Tables:
    """All tables of one name in one node.

    `texts` is the table of texts that are equal to an expression; `text_finders` find buckets by
    what else a text passes.
    """

    __slots__ = (
        "_bounds",
        "_equal",
        "_finders",
        "_patterns",
        "_ranges",
        "size",
        "text_finders",
        "texts",
    )

    def __init__(self) -> None:
        self.texts: dict[str, Bucket] = {}
        self.text_finders: tuple[Finder, ...] = ()
        self.size = 0
        self._equal: list[dict[Any, Bucket]] = [self.texts, *[_NONE] * (KINDS - 1)]
        self._finders: list[tuple[Finder, ...]] = [()] * KINDS
        self._bounds: dict[tuple[int, Operator], Bounds] = _NONE
        self._patterns: dict[str, Any] = _NONE
        self._ranges: Ranges | None = None

    def places(self, condition: Condition) -> Iterator[Place]:
        """Give the places of a condition, or of its complement if it is negative."""
        expression = condition.expression
        if isinstance(expression, Pattern):
            yield self._pattern_place(expression)
            return
        wanted = constants(expression)
        if condition.operator.orders:
            for kind in _ORDERED:
                if wanted[kind] != "":
                    yield self._bounds_of(kind, condition.operator), wanted[kind]
            return
        for kind in _COMPARED:
            key = wanted[kind]
            # Numbers that a double holds exactly stand with the integers.
            if (key != "" or kind == TEXT) and not (kind == DOUBLE and key == wanted[EXACT]):
                yield self._equal_of(kind), key
        if not expression:
            yield self._equal_of(MISSING), None

    def range_places(self, low: Condition, high: Condition) -> Iterator[Place]:
        """Give the places of a lower and an upper bound."""
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

    def _bounds_of(self, kind: int, operator: Operator) -> Bounds:
        bounds = self._bounds.get((kind, operator))
        if bounds is None:
            bounds = Bounds(operator)
            self._bounds = {**self._bounds, (kind, operator): bounds}
            self._add_finder(kind, bounds.find)
        return bounds

    def _pattern_place(self, pattern: Pattern) -> Place:
        shape, literal, _ = access_of(pattern)
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
        """Whether a missing value is found here."""
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
