"""Clauses → the condition of a record of which a decoder gives only what they look at.

What is looked at of a record is known from the filters. A decoder that makes objects with a slot
for each of these names, instead of a dict, takes two thirds of the time, and a slot is reached
faster than a key. One that gives a tuple of the values alone takes less still.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, assert_never

from filterlang.matching.record_source import QuickConditions
from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import Always, Equals, Like, Never, Within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from filterlang.semantics.tests import BoundClause, Test

Layout = dict[str, "Slot"]
"""For each key of an object that is looked at its slot."""

MOST_KEYS = 64
"""Filters with more names are so rare that they may wait for all of a record."""
MOST_SEGMENTS = 16
"""So are longer names; each segment is a type within the other."""


class Slot(NamedTuple):
    """Where the value of a key lies.

    Fields: `name`, of the attribute; `inner`, the slots of the object that the value may be;
    `is_whole`, whether the key is the whole of a name with dots. If so the attribute of an object
    without the key is `ABSENT`, otherwise None, since null and no value are the same.
    """

    name: str
    inner: Layout
    is_whole: bool


def layout_of(names: Iterable[tuple[str, ...]]) -> Layout | None:
    """Return the slots for names, as segments; None for too many of them.

    Example:
        >>> list(layout_of([("location", "city"), ("score",)]))
        ['location.city', 'score', 'location']
    """
    names = list(names)
    if len(names) > MOST_KEYS or any(len(name) > MOST_SEGMENTS for name in names):
        return None
    return _layout(names)


def _layout(names: Iterable[tuple[str, ...]]) -> Layout:
    deeper: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        deeper.setdefault(".".join(name), [])
    for name in names:
        if len(name) > 1:
            deeper.setdefault(name[0], []).append(name[1:])
    return {
        key: Slot(f"f{number}", _layout(rest), "." in key)
        for number, (key, rest) in enumerate(deeper.items())
    }


class _DecodedConditions(QuickConditions):
    """Writes conditions about records of which each value is reached at once."""

    def _rank(self, clause: BoundClause, of_text: Test) -> tuple[int, int]:
        # To compare a number takes a third of the time that a text takes to be lowered.
        rank, depth = super()._rank(clause, of_text)
        test = clause.on(Kind.DECIMAL)
        match test:
            case Equals() | Within():
                return rank if clause.negative else -1, depth
            case Never() | Always() | Like():
                return rank, depth
            case _:
                assert_never(test)


class FieldConditions(_DecodedConditions):
    """Writes conditions about the values of some names, each in a variable of its own.

    Args:
        paths: the names.
        is_all_there: whether all records have all of them. Otherwise the variable of a name that a
            record hasn't is `ABSENT`.
    """

    _mark = "f"

    def __init__(self, paths: Sequence[tuple[str, ...]], *, is_all_there: bool) -> None:
        super().__init__()
        self._is_all_there = is_all_there
        self._values = {path: f"r{number}" for number, path in enumerate(paths)}

    @property
    def record(self) -> str:
        """What a record is taken apart into."""
        return f"({', '.join(self._values.values())},)"

    def _look_up(self, clause: BoundClause, places: dict[tuple[str, ...], str]) -> str:
        # Nothing is reached on the way.
        value = places.setdefault(clause.path, self._values[clause.path])
        return value if self._is_all_there else f"None if {value} is ABSENT else {value}"


class StructConditions(_DecodedConditions):
    """Writes conditions about records in slots; they raise for what they don't expect.

    Args:
        layout: the slots of a record.
        as_plain: makes dicts and lists of what lies in slots.
    """

    _mark = "s"

    def __init__(self, layout: Layout, as_plain: Callable[[object], object]) -> None:
        super().__init__()
        self._layout = layout
        self._as_plain = as_plain

    def _look_up(self, clause: BoundClause, places: dict[tuple[str, ...], str]) -> str:
        return self._from_slot(clause, 0, "r", self._layout, places)

    def _from_slot(
        self,
        clause: BoundClause,
        depth: int,
        place: str,
        layout: Layout,
        places: dict[tuple[str, ...], str],
    ) -> str:
        """Write the look-up of a name from a segment on, in the object that `place` names."""
        slot = layout[clause.path[depth]]
        if depth + 1 == len(clause.path):
            return f"{place}.{slot.name}"
        prefix = clause.path[: depth + 1]
        reached = places.get(prefix)
        if reached is None:
            self._variables += 1
            places[prefix] = variable = f"v{self._variables}"
            first = f"({variable} := {place}.{slot.name})"
        else:
            # Where the clause before didn't come that far, this one doesn't either.
            first = variable = reached
        inner = self._from_slot(clause, depth + 1, variable, slot.inner, places)
        whole = layout[".".join(clause.path[depth:])]
        return (
            f"((None if {first} is None else {inner})"
            f" if {place}.{whole.name} is ABSENT else flat())"
        )

    def _on_values(self, judged: Callable[[object], bool]) -> Callable[[object], bool]:
        return partial(_judge_plain, judged, self._as_plain)


def _judge_plain(
    judged: Callable[[object], bool], as_plain: Callable[[object], object], value: object
) -> bool:
    return judged(as_plain(value))
