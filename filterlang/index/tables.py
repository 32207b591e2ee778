"""Where the filters of a node are found by what a record holds under one name.

Each table maps what conditions ask for to a *bucket* of filters: equality by hash, order by sorted
arrays, patterns by their literals, and `a>=1;a<5` by cells of a grid. A *place* is a table and a
key in it; what a fact passes is always found, and what else a table finds is judged afterwards.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
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
    from collections.abc import Iterator

    from filterlang.index.conditions import Condition
    from filterlang.index.facts import Fact

    Bucket = Any
    Place = tuple[Any, Any]

_NONE: Final[dict[Any, Any]] = {}
_COMPARED = (TEXT, EXACT, DOUBLE, BOOLEAN, INSTANT)
_ORDERED = (TEXT, EXACT, DOUBLE, INSTANT)


class Bounds:
    """Buckets by the bounds of one order operator, sorted."""

    __slots__ = ("_bounds", "_buckets", "_is_lower", "_side")

    def __init__(self, operator: Operator) -> None:
        self._is_lower = operator in {Operator.GT, Operator.GE}
        # Whether the bound itself passes decides on which side of it the others begin.
        self._side = bisect_left if operator in {Operator.GT, Operator.LE} else bisect_right
        self._bounds: list[Any] = []
        self._buckets: list[Bucket] = []

    def get(self, bound: Any) -> Bucket:  # noqa: ANN401 — a bound has the type of its facts' keys
        index = bisect_left(self._bounds, bound)
        is_there = index < len(self._bounds) and self._bounds[index] == bound
        return self._buckets[index] if is_there else None

    def __setitem__(self, bound: Any, bucket: Bucket) -> None:  # noqa: ANN401 — as above
        index = bisect_left(self._bounds, bound)
        if index < len(self._bounds) and self._bounds[index] == bound:
            self._buckets[index] = bucket
        else:
            self._bounds.insert(index, bound)
            self._buckets.insert(index, bucket)

    def __delitem__(self, bound: Any) -> None:  # noqa: ANN401 — as above
        index = bisect_left(self._bounds, bound)
        del self._bounds[index]
        del self._buckets[index]

    def __len__(self) -> int:
        return len(self._bounds)

    def passed_by(self, key: Any) -> list[Bucket]:  # noqa: ANN401 — as above
        """Give the buckets of all bounds that a key passes."""
        index = self._side(self._bounds, key)
        return self._buckets[:index] if self._is_lower else self._buckets[index:]


class Affixes:
    """Buckets by what texts begin with, or end with."""

    __slots__ = ("_is_suffix", "_tables")

    def __init__(self, *, is_suffix: bool) -> None:
        self._is_suffix = is_suffix
        self._tables: dict[int, dict[str, Bucket]] = {}

    def get(self, literal: str) -> Bucket:
        return self._tables.get(len(literal), _NONE).get(literal)

    def __setitem__(self, literal: str, bucket: Bucket) -> None:
        self._tables.setdefault(len(literal), {})[literal] = bucket

    def __delitem__(self, literal: str) -> None:
        table = self._tables[len(literal)]
        del table[literal]
        if not table:
            del self._tables[len(literal)]

    def find(self, text: str, found: list[Bucket]) -> None:
        """Add the buckets of all literals that a text begins, or ends, with."""
        length = len(text)
        for size, table in self._tables.items():
            if size <= length:
                part = text[length - size :] if self._is_suffix else text[:size]
                bucket = table.get(part)
                if bucket is not None:
                    found.append(bucket)


class Infixes:
    """Buckets by what texts contain: each literal is found by a few characters of it."""

    __slots__ = ("_buckets", "_grams")

    _LONGEST = 3
    _FEW = 4
    """So many literals are looked for in the time that it takes to look up one part of a text."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}
        self._grams: dict[int, dict[str, list[str]]] = {}

    def get(self, literal: str) -> Bucket:
        return self._buckets.get(literal)

    def __setitem__(self, literal: str, bucket: Bucket) -> None:
        if literal not in self._buckets:
            size = min(len(literal), self._LONGEST)
            grams = self._grams.setdefault(size, {})
            # The gram that the fewest literals are found by yet.
            gram = min(_grams(literal, size), key=lambda gram: len(grams.get(gram, ())))
            grams.setdefault(gram, []).append(literal)
        self._buckets[literal] = bucket

    def __delitem__(self, literal: str) -> None:
        del self._buckets[literal]
        size = min(len(literal), self._LONGEST)
        grams = self._grams[size]
        gram = next(g for g in _grams(literal, size) if literal in grams.get(g, ()))
        grams[gram].remove(literal)
        if not grams[gram]:
            del grams[gram]
        if not grams:
            del self._grams[size]

    def find(self, text: str, found: list[Bucket]) -> None:
        """Add the buckets of all literals that a text contains."""
        if len(self._buckets) <= self._FEW * len(text):
            found += [bucket for literal, bucket in self._buckets.items() if literal in text]
            return
        for size, grams in self._grams.items():
            for gram in _grams(text, size) & grams.keys():
                found += [self._buckets[literal] for literal in grams[gram] if literal in text]


def _grams(text: str, size: int) -> set[str]:
    return {text[start : start + size] for start in range(len(text) - size + 1)}


class Patterns:
    """Buckets by the literals of patterns."""

    __slots__ = ("_all", "_infixes", "_plain", "_prefixes", "_suffixes")

    def __init__(self) -> None:
        self._plain: dict[str, Bucket] = {}
        self._prefixes: Affixes | None = None
        self._suffixes: Affixes | None = None
        self._infixes: Infixes | None = None
        self._all: dict[None, Bucket] = {}

    def place(self, pattern: Pattern) -> Place:
        """Give the place of a pattern."""
        shape, literal, _ = access_of(pattern)
        if not literal:
            return self._all, None
        if shape == "plain":
            return self._plain, literal
        if shape == "prefix":
            self._prefixes = self._prefixes or Affixes(is_suffix=False)
            return self._prefixes, literal
        if shape == "suffix":
            self._suffixes = self._suffixes or Affixes(is_suffix=True)
            return self._suffixes, literal
        self._infixes = self._infixes or Infixes()
        return self._infixes, literal

    def find(self, fact: Fact, found: list[Bucket]) -> None:
        text = text_of_fact(fact)
        if text is None:
            return
        if self._all:
            found.append(self._all[None])
        bucket = self._plain.get(text)
        if bucket is not None:
            found.append(bucket)
        if self._prefixes is not None:
            self._prefixes.find(text, found)
        if self._suffixes is not None:
            self._suffixes.find(text, found)
        if self._infixes is not None:
            self._infixes.find(text, found)


class Ranges:
    """Buckets of `a>=1;a<5`: numbers and instants by the cells of a grid, texts by a prefix.

    Where a record holds several values, one of them may pass one bound and another the other, so
    then all are found.
    """

    __slots__ = ("_all", "_cells", "_levels", "_prefixes")

    _LARGEST = 1 << 62

    def __init__(self) -> None:
        self._all: dict[None, Bucket] = {}
        self._cells: dict[int, dict[tuple[int, int], Bucket]] = {EXACT: {}, INSTANT: {}}
        self._levels: dict[int, list[int]] = {EXACT: [], INSTANT: []}
        self._prefixes = Affixes(is_suffix=False)

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
        yield self._all, None
        lows, highs = constants(low.expression), constants(high.expression)  # type: ignore[arg-type]  # bounds are texts
        if lows[TEXT] <= highs[TEXT]:
            # What lies between two texts begins as both do.
            yield self._prefixes, commonprefix([lows[TEXT], highs[TEXT]])
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

    def find(self, fact: Fact, found: list[Bucket]) -> None:
        kind, key, _ = fact
        if kind == TEXT:
            self._prefixes.find(key, found)
        elif kind == INSTANT or (kind in {EXACT, DOUBLE} and abs(key) < self._LARGEST):
            cells = self._cells[INSTANT if kind == INSTANT else EXACT]
            number = floor(key)
            for level in self._levels[INSTANT if kind == INSTANT else EXACT]:
                cell = number >> level
                for place in ((level, cell), (level, cell - 1)):
                    bucket = cells.get(place)
                    if bucket is not None:
                        found.append(bucket)

    def find_all(self, found: list[Bucket]) -> None:
        found += self._all.values()


class Tables:
    """All tables of one name in one node."""

    __slots__ = ("_bounds", "_equal", "_others", "_patterns", "_ranges", "size")

    def __init__(self) -> None:
        self._equal: list[dict[Any, Bucket]] = [_NONE] * KINDS
        self._bounds: list[dict[Operator, Bounds] | None] = [None] * KINDS
        self._patterns: Patterns | None = None
        self._ranges: Ranges | None = None
        self._others = False
        self.size = 0

    def places(self, condition: Condition) -> Iterator[Place]:
        """Give the places of a condition, or of its complement if it is negative."""
        expression = condition.expression
        if isinstance(expression, Pattern):
            self._patterns = self._patterns or Patterns()
            self._others = True
            yield self._patterns.place(expression)
            return
        wanted = constants(expression)
        if condition.operator.orders:
            self._others = True
            for kind in _ORDERED:
                if wanted[kind] != "":
                    yield self._bounds_of(kind, condition.operator), wanted[kind]
            return
        for kind in _COMPARED:
            key = wanted[kind]
            if (key != "" or kind == TEXT) and not (kind == DOUBLE and key == wanted[EXACT]):
                yield self._equal_of(kind), key
        if not expression:
            yield self._equal_of(MISSING), None

    def range_places(self, low: Condition, high: Condition) -> Iterator[Place]:
        """Give the places of a lower and an upper bound."""
        self._ranges = self._ranges or Ranges()
        self._others = True
        return self._ranges.places(low, high)

    def _equal_of(self, kind: int) -> dict[Any, Bucket]:
        if self._equal[kind] is _NONE:
            self._equal[kind] = {}
        return self._equal[kind]

    def _bounds_of(self, kind: int, operator: Operator) -> Bounds:
        by_operator = self._bounds[kind]
        if by_operator is None:
            by_operator = self._bounds[kind] = {}
        if operator not in by_operator:
            by_operator[operator] = Bounds(operator)
        return by_operator[operator]

    def finds_missing(self) -> bool:
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
            # Numbers that a double holds exactly stand with the integers.
            bucket = self._equal[EXACT].get(key)
            if bucket is not None:
                found.append(bucket)
        if not self._others:
            return
        bounds = self._bounds[kind]
        if bounds is not None:
            for by_bound in bounds.values():
                found += by_bound.passed_by(key)
        if self._patterns is not None:
            self._patterns.find(fact, found)
        if self._ranges is not None:
            self._ranges.find(fact, found)
