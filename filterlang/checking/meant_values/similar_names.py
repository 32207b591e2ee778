"""Did you mean …? What is spelled much like a word, and which names of a schema may be meant."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from filterlang.schema.made_once import MadeOnce
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from filterlang.schema.schema import Dimension, Schema

_MOST_SIMILAR = 3
_CUTOFF = 0.7

# --- Words that are spelled alike -----------------------------------------------------------------

_MOST_REMEMBERED = 1000
"""For how many words it is kept what is spelled like them."""
_LONGEST_INDEXED = 200
"""Longer words are compared with each one: nobody writes them, and it would take long to say in
which letters two of them differ."""


class SimilarWords:
    """Words, and what each stands for, made ready to find those that are spelled alike.

    Finds what `difflib.get_close_matches` does, the ratio of whose matches is at least 0.7. That
    takes some dozen microseconds for each word, so that it is asked only of those that it could
    name: two bounds of its matches, which take less, leave few. These are the letters that two
    words share, in any order, and those that they share in the same order.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self._remembered: dict[str, list[str]] = {}

    def like(self, word: str) -> list[str]:
        """Return what the words stand for that are spelled much like a word, best first.

        Example:
            >>> SimilarWords({"score": "score", "city": "location.city"}).like("citi")
            ['location.city']
        """
        similar = self._remembered.get(word)
        if similar is None:
            similar = [self._known[one] for one in self._similar(word)]
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[word] = similar
        return similar

    def _similar(self, word: str) -> list[str]:
        # Only what is misspelled needs it, and it takes time to import.
        from difflib import SequenceMatcher, get_close_matches

        if len(word) > _LONGEST_INDEXED:
            return get_close_matches(word, self._known, _MOST_SIMILAR, _CUTOFF)
        matcher = SequenceMatcher(None, "", word)
        in_order = _InOrder(word)
        best: list[tuple[float, str]] = []
        worst = (_CUTOFF, "")
        # Those that share most come first, so that the rest is soon known to be worse. What is
        # as similar is better if it comes later in the alphabet, as `difflib` has it.
        for bound, one in sorted(self._sharing(word), reverse=True):
            if (bound, one) < worst:
                break
            if (_ratio(in_order.shared(one), len(word) + len(one)), one) < worst:
                continue
            matcher.set_seq1(one)
            ratio = matcher.ratio()
            if (ratio, one) >= worst:
                best = sorted([*best, (ratio, one)], reverse=True)[:_MOST_SIMILAR]
                if len(best) == _MOST_SIMILAR:
                    worst = best[-1]
        return [one for _, one in best]

    def _sharing(self, word: str) -> Iterator[tuple[float, str]]:
        """Return the words that share enough letters with a word, each with the ratio of them."""
        letters, groups = self._by_length
        mask = letters.mask(word)
        for length, group in groups.items():
            together = len(word) + length
            # In whole numbers: 2 * least / together is at least 0.7.
            least = -(-7 * together // 20)
            if least <= min(len(word), length):
                for letters_of_one, one in group:
                    shared = (mask & letters_of_one).bit_count()
                    if shared >= least:
                        yield _ratio(shared, together), one

    @cached_property
    def _by_length(self) -> tuple[_Letters, dict[int, list[tuple[int, str]]]]:
        """The words by their length, each with its letters, without those that are too long.

        A word has more than half of the length of one that is similar to it.
        """
        short = [one for one in self._known if len(one) < 2 * _LONGEST_INDEXED]
        letters = _Letters(short)
        groups: dict[int, list[tuple[int, str]]] = {}
        for one in short:
            groups.setdefault(len(one), []).append((letters.mask(one), one))
        return letters, groups


def _ratio(matches: int, length: int) -> float:
    """Return the ratio of matches to the length of two words, as `difflib` has it."""
    return 2.0 * matches / length if length else 1.0


class _Letters:
    """The letters of words as bits: two words share as many bits as letters, in any order."""

    def __init__(self, words: Iterable[str]) -> None:
        alphabet = sorted(set().union(*words))
        self._first = {letter: 1 << place for place, letter in enumerate(alphabet)}
        self._stride = len(alphabet)

    def mask(self, word: str) -> int:
        """Return the letters of a word: its second `e` has another bit than its first one."""
        mask = 0
        first, stride = self._first.get, self._stride
        for letter in word:
            bit = first(letter, 0)
            while mask & bit:
                bit <<= stride
            mask |= bit
        return mask


class _InOrder:
    """Says how many letters others have in the same order as one word: what matches is in order.

    Each letter of the other one is looked for at all places of the word at once, as bits of two
    integers: this is the algorithm of Allison and Dix, as Hyyrö writes it.
    """

    def __init__(self, word: str) -> None:
        self._all = (1 << len(word)) - 1
        self._places: dict[str, int] = {}
        for place, letter in enumerate(word):
            self._places[letter] = self._places.get(letter, 0) | 1 << place

    def shared(self, other: str) -> int:
        """Return the length of the longest common subsequence."""
        left = self._all
        places = self._places.get
        for letter in other:
            found = left & places(letter, 0)
            left = (left + found) | (left - found)
        return (~left & self._all).bit_count()


# --- Names of a schema ----------------------------------------------------------------------------

_MOST_SEARCHES = 100
"""For how many misspelled words of one check similar ones are looked for."""
_LONGEST_SEARCHED = 200
_FEWEST_IN_COMMON = 4
"""So many characters at the start or end of a name say that it may be meant; `id` says little."""


class Names:
    """The names of a schema for one check, which may ask of so many misspelled words only."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._ready = _READY.of(schema)
        self._searches = 0
        self._cache: dict[str, tuple[list[str], bool]] = {}

    def near(self, name: str) -> tuple[list[str], bool]:
        """Return the names that may have been meant, at most three, best first.

        Returns also whether they differ from `name` in spelling only: case, `_`, `-` and spaces.
        """
        if name not in self._cache:
            self._cache[name] = self._near(name)
        return self._cache[name]

    def _near(self, name: str) -> tuple[list[str], bool]:
        squashed = _squashed(name)
        spelled = self._ready.spelled.get(squashed)
        if spelled is not None:
            return spelled[:_MOST_SIMILAR], True
        last = squashed.rsplit(".", 1)[-1]
        near = list(self._ready.ending.get(last, ()))
        parent = name.rpartition(".")[0]
        found = self.schema.find(parent) if parent else None
        within = None if found is None else found.dimension
        if within is not None and within.type != "object":
            near.insert(0, parent)
        if within is not None and within.fields:
            # Where the way there is right, only its end can be wrong.
            near += self._similar(last, self._ready.fields(parent, within))
        else:
            near += self._similar(squashed, self._ready.similar)
        near = near or self._with_ends_of(squashed)
        return list(dict.fromkeys(near))[:_MOST_SIMILAR], False

    def _with_ends_of(self, squashed: str) -> list[str]:
        """Return names that start or end with the last word of a name: `lastName` for `name`."""
        word = re.split(r"\W", squashed)[-1]
        if len(word) < _FEWEST_IN_COMMON or self._searches > _MOST_SEARCHES:
            return []
        if word not in self._ready.endings:
            return []
        return [
            names[0]
            for last, names in self._ready.ending.items()
            if last.startswith(word) or last.endswith(word)
        ]

    def similar_values(self, word: str, name: str, enum: Dimension) -> list[str]:
        """Return the values of an enum, the dimension of a name, that are spelled much like a word.

        `word` is folded, and so are the values.
        """
        return self._similar(word, self._ready.values(name, enum))

    def _similar(self, word: str, words: SimilarWords) -> list[str]:
        # What is remembered counts too, so that what was checked before changes nothing.
        self._searches += 1
        if self._searches > _MOST_SEARCHES or len(word) > _LONGEST_SEARCHED:
            return []
        return words.like(word)

    def inside(self, name: str) -> tuple[str, list[str]]:
        """Return the object that a name leads into and the names in it; all names without one."""
        parent = name.rpartition(".")[0]
        while parent:
            found = self.schema.find(parent)
            if found is not None and found.dimension is not None and found.dimension.fields:
                return parent, [f"{parent}.{field}" for field, _ in found.dimension.fields]
            parent = parent.rpartition(".")[0]
        return "", self._ready.listed


def _squashed(name: str) -> str:
    return fold(name).replace("_", "").replace(" ", "").replace("-", "")


class _Ready:
    """What is known of the names of one schema; made when it is asked for: most names are right."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self._fields: dict[str, SimilarWords] = {}
        self._values: dict[str, SimilarWords] = {}

    @cached_property
    def listed(self) -> list[str]:
        """The names as they are listed for a person."""
        maps = [name for name, dimension in self.schema.walk() if dimension.is_open]
        return [*self.schema.names(), *(f"{name}.*" for name in maps)]

    @cached_property
    def _squashed(self) -> list[tuple[str, str]]:
        names = [*self.schema.names(), *(alias for alias, _ in self.schema.aliases)]
        return [(_squashed(name), name) for name in names]

    @cached_property
    def spelled(self) -> dict[str, list[str]]:
        """The names that are the same without case, `_`, `-` and spaces."""
        spelled: dict[str, list[str]] = {}
        for squashed, name in self._squashed:
            spelled.setdefault(squashed, []).append(name)
        return spelled

    @cached_property
    def ending(self) -> dict[str, list[str]]:
        """The names by their last segment."""
        ending: dict[str, list[str]] = {}
        for squashed, name in self._squashed:
            ending.setdefault(squashed.rsplit(".", 1)[-1], []).append(name)
        return ending

    @cached_property
    def endings(self) -> str:
        """All last segments as one text, which is searched faster than each by itself."""
        return "\n".join(self.ending)

    @cached_property
    def similar(self) -> SimilarWords:
        """The names, whole and by their last segments."""
        endings = {last: names[0] for last, names in self.ending.items()}
        whole = {squashed: names[0] for squashed, names in self.spelled.items()}
        return SimilarWords({**endings, **whole})

    def fields(self, parent: str, within: Dimension) -> SimilarWords:
        """Return the fields of an object, under its name or an alias: there are so many only."""
        if parent not in self._fields:
            fields = {_squashed(field): f"{parent}.{field}" for field, _ in within.fields}
            self._fields[parent] = SimilarWords(fields)
        return self._fields[parent]

    def values(self, name: str, enum: Dimension) -> SimilarWords:
        """Return the values of an enum."""
        if name not in self._values:
            self._values[name] = SimilarWords({fold(value): value for value in enum.values})
        return self._values[name]


_READY: Final = MadeOnce(_Ready)
