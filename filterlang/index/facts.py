"""What a record holds under a name, in the form in which tables look it up.

A *fact* is what one record says under one name: the kind of its value, a key by which equal values
are found, and the value itself. It is worked out once a record and name, whatever the number of
filters that ask.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from filterlang.nodes import Clause
from filterlang.semantics import Probe
from filterlang.values import READERS, elements, fold, instant_of, is_list, is_missing, plain, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    Fact = tuple[int, Any, Any]

TEXT, EXACT, DOUBLE, BOOLEAN, INSTANT, OTHER, MISSING, SEVERAL = range(8)
"""The kinds of facts. Keys are: the folded text; the integer or Decimal; the float; the truth value;
microseconds since 1970; None; None; and a tuple of facts of the other kinds, where the value beside
it says whether the name went through a list of objects."""
KINDS: Final = 8

NOTHING: Final = (MISSING, None, None)
"""The fact that a name leads nowhere."""


class Column:
    """A name that filters use, and what its values are to be read as; it gives records' facts."""

    __slots__ = (
        "_has_quick_numbers",
        "_last",
        "_probe",
        "_read",
        "_steps",
        "has_quick_texts",
        "name",
        "type",
    )

    def __init__(self, name: str, type_: str | None = None) -> None:
        self.name = name
        self.type = type_
        self._probe = Probe(Clause(name, "==", ""))
        self._read = READERS.get(type_) if type_ else None
        # What these readers would give is what they are given.
        self.has_quick_texts = self._read is None or type_ in {"text", "enum"}
        self._has_quick_numbers = self._read is None or type_ in {"integer", "number"}
        segments = self._probe.segments
        self._last = segments[-1]
        self._steps = [
            (segment, ".".join(segments[depth:])) for depth, segment in enumerate(segments[:-1])
        ]

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the name."""
        return self._probe.segments

    def fact(self, record: object) -> Fact:
        """Say what a record holds under the name."""
        place: Any = record
        for segment, whole in self._steps:
            if type(place) is not dict or whole in place:
                return self._walked(record)
            place = place.get(segment)
            if place is None:
                return NOTHING
        if type(place) is not dict:
            return self._walked(record)
        return self.fact_of(place.get(self._last))

    def fact_of(self, found: Any) -> Fact:  # noqa: ANN401 — a record's value has any type
        """Say what a value is that stands at the end of the name."""
        kind = type(found)
        if kind is str:
            if self.has_quick_texts:
                return TEXT, (found.lower() if found.isascii() else fold(found)), found
        elif found is None:
            return NOTHING
        elif self._has_quick_numbers:
            if kind is int:
                return EXACT, found, found
            if kind is float and found == found:  # noqa: PLR0124 — the test for NaN
                return DOUBLE, found, found
        return _united(self._read_all(found), through=False)

    def _walked(self, record: object) -> Fact:
        """Follow the name as the language says, through lists of objects and objects of any kind."""
        reach, end = self._probe.reach, len(self._probe.segments)
        facts: list[Fact] = []
        through = False
        rest: list[tuple[object, int]] = [(None if is_list(record) else record, 0)]
        while rest:
            found, reached = reach(*rest.pop())
            if reached == end:
                facts += self._read_all(found)
                continue
            through = True
            members = _elements(found)
            if members:
                rest += [(member, reached) for member in members]
            else:
                facts.append(NOTHING)
        return _united(facts, through=through)

    def _read_all(self, found: object) -> list[Fact]:
        """Give the facts at one end of the name: those of a list's elements, or of one value."""
        values = _elements(found)
        if self._read is not None:
            values = [self._read(value) for value in values]
        return [_fact(value) for value in values if not _is_nothing(value)] or [NOTHING]


def _united(facts: list[Fact], *, through: bool) -> Fact:
    if len(facts) == 1 and not through:
        return facts[0]
    return SEVERAL, tuple(facts), through


def _elements(found: object) -> list[Any]:
    try:
        found = plain(found)
        return elements(found) if is_list(found) else [found]  # type: ignore[arg-type]  # it is a list
    except Exception:  # noqa: BLE001 — rule 1: what raises when it is looked at is missing
        return []


def _is_nothing(value: object) -> bool:
    try:
        return is_missing(value)
    except Exception:  # noqa: BLE001 — as above
        return True


def _fact(value: Any) -> Fact:  # noqa: ANN401 — a record's value has any type
    """Say what one value that isn't missing is; subclasses are taken for what they derive from."""
    try:
        match value:
            case str():
                return TEXT, fold(str.__str__(value)), value
            case bool():
                return BOOLEAN, value, value
            case int():
                return EXACT, int.__pos__(value), value
            case Decimal():
                return EXACT, Decimal(value), value
            case float():
                return DOUBLE, float.__pos__(value), value
            case date():
                return INSTANT, instant_of(value), value
            case UUID():
                return TEXT, str(value), value
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return OTHER, None, None
    return OTHER, None, value


def text_of_fact(fact: Fact) -> str | None:
    """Give the folded text that patterns are matched against; None if there is none."""
    kind, key, value = fact
    if kind == TEXT:
        return key  # type: ignore[no-any-return]  # the key of a text
    if kind >= OTHER:
        return None
    try:
        text = text_of(value)
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return None
    return None if text is None else fold(text)
