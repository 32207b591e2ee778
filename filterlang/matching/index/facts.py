"""What a record holds under a name, in the form in which it is looked up.

A *fact* is what one record says under one name: the kind of its value, a key that values which
compare alike share, and the value itself. It is worked out once a record and name, however many
filters ask for it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, assert_never

from filterlang.semantics.instants import DAY
from filterlang.semantics.kinds import Kind, key_of, kind_of
from filterlang.semantics.paths import reach, record_of
from filterlang.semantics.reading import KEEPS_EMPTY, Reading, read_as
from filterlang.semantics.values import (
    elements,
    fold,
    is_list,
    is_missing,
    plain,
    text_of,
)

if TYPE_CHECKING:
    Fact = tuple[int, Any, Any]

TEXT, EXACT, DOUBLE, BOOLEAN, INSTANT, OTHER, MISSING, SEVERAL = range(8)
"""The kinds of facts. Their keys are: the folded text; the integer or Decimal; the float; the truth
value; microseconds since 1970; None, or the folded text of what is equal as texts are but has no
order; None; and a tuple of facts of the other kinds. Where a schema makes something else of a text,
the value is the text as it is written, for patterns. Beside the tuple of facts stands None instead
of a value; or, if the name went through a list of objects, the path to that list where each of its
elements gave one fact, in their order, and else the empty tuple."""
KINDS: Final = 8

NOTHING: Final = (MISSING, None, None)
"""The fact that a name leads nowhere."""

_MOST_STEPS = 16
"""Names of more segments than this are followed in the general way only."""


class IndexedName:
    """A name that filters use, and what its values are to be read as; it gives records' facts.

    What is thought of the name's values is the affair of `shares`: how often which text was `asked`
    for, and how often any; the `bounds` that were asked for; and whether the name `is_closed`, as
    it isn't worth a look.
    """

    __slots__ = (
        "_has_quick_numbers",
        "_last",
        "_steps",
        "asked",
        "bounds",
        "has_quick_texts",
        "is_closed",
        "is_deep",
        "name",
        "reading",
        "segments",
        "total",
    )
    has_quick_texts: bool
    is_closed: bool
    is_deep: bool
    name: str
    segments: tuple[str, ...]
    total: int
    reading: Reading

    def __init__(self, name: str, reading: Reading) -> None:
        self.name = name
        self.reading = reading
        self.asked: Counter[str] = Counter()
        self.total = 0
        self.bounds: set[str] = set()
        self.is_closed = False
        # What these readings would give is what they are given.
        self.has_quick_texts = reading in KEEPS_EMPTY
        self._has_quick_numbers = reading in {Reading.AS_IS, Reading.NUMBER}
        self.segments = tuple(name.split("."))
        self.is_deep = len(self.segments) > _MOST_STEPS
        self._last = self.segments[-1]
        self._steps: list[tuple[str, str]] = []
        if not self.is_deep:
            self._steps = [
                (segment, ".".join(self.segments[depth:]))
                for depth, segment in enumerate(self.segments[:-1])
            ]

    def fact(self, record: object) -> Fact:
        """Return what a record holds under the name."""
        place: Any = record
        if not self.is_deep:
            try:
                if not self._steps and type(record) is dict:
                    return self.fact_of(record.get(self._last))
                for segment, whole in self._steps:
                    if type(place) is not dict or whole in place:
                        return self._walked(record)
                    place = place.get(segment)
                    if place is None:
                        return NOTHING
                if type(place) is dict:
                    return self.fact_of(place.get(self._last))
            except Exception:  # noqa: BLE001,  S110 — rule 8: a key refuses to be compared
                pass
        return self._walked(record)

    def fact_of(self, found: Any) -> Fact:
        """Return what a value is that stands at the end of the name."""
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
        try:
            found = plain(found)
        except Exception:  # noqa: BLE001 — rule 1: what raises when it is looked at is missing
            return NOTHING
        facts = self._facts(found)
        return facts[0] if len(facts) == 1 else (SEVERAL, tuple(facts), None)

    def _walked(self, record: object) -> Fact:
        """Follow the name as the language says, through objects of any kind and lists of them."""
        end = len(self.segments)
        found, reached = reach(self.segments, record_of(record), 0)
        if reached == end:
            return self.fact_of(found)
        path = self.segments[:reached]
        facts: list[Fact] = []
        rest = _elements(found, reached)
        # Lists within elements may be there in many places, and the ways through lists that share
        # their elements are without number. What is remembered lives on, so that nothing else gets
        # its identity meanwhile.
        seen: dict[tuple[int, int], object] = {}
        while rest:
            found, reached = reach(self.segments, *rest.pop())
            if reached < end:
                path = ()
                key = id(found), reached
                if key in seen:
                    continue
                seen[key] = found
                inner = _elements(found, reached)
                rest += inner
                if not inner:
                    facts.append(NOTHING)
            else:
                several = self._facts(found)
                facts += several
                if len(several) > 1:
                    path = ()
        return SEVERAL, tuple(facts) or (NOTHING,), path

    def _facts(self, found: object) -> list[Fact]:
        """Return the facts at one end of the name: of a list's elements, or of one value."""
        values = elements(found) if is_list(found) else [found]
        if self.reading is Reading.AS_IS:
            return [_fact(value) for value in values if not is_missing(value)] or [NOTHING]
        read = [(read_as(self.reading, value), value) for value in values]
        return [_read_fact(*both) for both in read if not is_missing(both[0])] or [NOTHING]


def _elements(found: Any, reached: int) -> list[tuple[object, int]]:
    return [(element, reached) for element in elements(found)]


def _fact(value: Any) -> Fact:
    """Return what one value that isn't missing is."""
    try:
        kind = kind_of(value)
        key: Any = key_of(value, kind)
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return OTHER, None, None
    match kind:
        case Kind.TEXT | Kind.UUID:
            return TEXT, key, value
        case Kind.INTEGER | Kind.DECIMAL | Kind.RATIO:
            return EXACT, key, value
        case Kind.DOUBLE:
            return DOUBLE, key, value
        case Kind.BOOLEAN:
            return BOOLEAN, key, value
        case Kind.MOMENT | Kind.INSTANT:
            return INSTANT, key, value
        case Kind.DATE:
            return INSTANT, key * DAY, value
        case Kind.STRAY:
            return OTHER, key, value
        case Kind.OPAQUE:
            return OTHER, None, None
        case _:
            assert_never(kind)


def _read_fact(value: Any, written: Any) -> Fact:
    """Return what one value is that a schema made of what is written."""
    fact = _fact(value)
    # A text is matched as it is written, whatever it is read as, and also if it can't be read.
    return (*fact[:2], written) if isinstance(written, str) else fact


def text_of_fact(fact: Fact) -> str | None:
    """Return the folded text that patterns are matched against; None if there is none."""
    kind, key, value = fact
    if kind == TEXT:
        return key
    if kind >= OTHER:
        return fold(value) if kind == OTHER and value is not None else None
    try:
        text = text_of(value)
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return None
    return None if text is None else fold(text)
