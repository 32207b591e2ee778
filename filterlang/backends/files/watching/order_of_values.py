"""Values of one name that are put in order, or could be: whether that is the order that is meant.

Texts are ordered by their letters, so that '10' stands before '9', and other types stand before
them. What is said of values that a filter compares so is said of these, with the same remedies.
"""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING

from filterlang.backends.files.typed_texts.written_types import (
    NUMBERS,
    Type,
    are_digits_alike,
    is_ordered_alike,
)
from filterlang.backends.files.watching.mistyped import Mistyped
from filterlang.backends.files.watching.type_remedies import in_schema
from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.schema.binding import bind
from filterlang.semantics.paths import values_at
from filterlang.semantics.reading import AS_TEXTS, Reading
from filterlang.semantics.values import fold, read_exported_instant
from filterlang.syntax.nodes import Clause, Filter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from filterlang.backends.files.watching.suspects import Suspect
    from filterlang.schema.schema import Schema

_PROBES = {Type.NUMBER: "0", Type.DATE: "2024-01-31"}
"""What a filter that means this type would ask for."""
_DATES = {Type.OTHER_DATE, Type.WRITTEN_DATE}
_BY_LETTERS = ", which are in the order of their letters"


class OrderOfValues(Mistyped):
    """Looks at the values of one name, as a filter with `>` would.

    Args:
        name: dotted, looked for as in filters.
        schema: says how values are read.
        known: returns the schemas that may be meant, by the names that people give.
        head: begins what is said; as here by default.

    Example:
        >>> order = OrderOfValues("size")
        >>> order.see_records([{"size": "9"}, {"size": "10"}])
        >>> print(*order.tell())  # doctest: +ELLIPSIS
        wrong type in --sort size: all 2 values are numbers written as texts, so '10' is less ...
    """

    path: tuple[str, ...]

    def __init__(
        self,
        name: str,
        schema: Schema | None = None,
        known: Callable[[], Mapping[str, Schema]] = dict,
        *,
        head: str | None = None,
    ) -> None:
        self.path = bind(Clause(name, ">", "0"), schema).path
        super().__init__(_probes(name, schema), schema, known)
        self._name = name
        self._head = f"wrong type in --sort {shlex.quote(showable(name))}" if head is None else head
        self._texts: list[str] = []

    def see_records(self, records: Iterable[Mapping[str, object]]) -> None:
        """Look at records, as long as there is something to be seen."""
        for record in records:
            if self.is_done:
                return
            super().see_records((record,))
            self._texts += [
                text for text in values_at(self.path, record) if isinstance(text, str) and text
            ]

    def tell_like(self, other: Mistyped) -> list[str]:
        """Say what there is to be said, unless another has said it of the same name."""
        if self.path in other.told_of:
            return []
        self.take_cells_of(other)
        if self.has_names_again():
            self._leave_out(self._name)
        for cell in self.cells_again(self._name):
            self._leave_out(cell)
        return self.tell()

    def _leave_out(self, cell: str) -> None:
        """Forget a text that is no value."""
        self._texts = [text for text in self._texts if text != cell]
        for one in self._suspects:
            one.forget(cell)

    def tell(self) -> list[str]:
        """Say in one line of which other types values are, and what to do."""
        found = max(self._suspects, key=_likeness, default=None)
        if found is None or found.total <= 1 or self._is_owed_to_names(found):
            return []
        if found.bound.reading not in AS_TEXTS:
            is_told = found.count == found.total
            return [self._told(found, self._head, "")] if is_told else []
        # Versions, for example, may look like numbers in part.
        is_mixed = any(character.isdigit() for text in found.texts for character in text)
        if 2 * _like(found) >= found.total + is_mixed:
            return self._told_of_most(found)
        return self._told_of_others(found)

    def _remedy(self, suspect: Suspect, trimming: str | None) -> str | None:
        """Return what brings the values into one order; nothing does it to truth values."""
        is_asked = suspect.bound.reading not in AS_TEXTS
        is_mixed = not suspect.types.keys().isdisjoint({Type.BOOLEAN, Type.OBJECT, Type.OTHER})
        return None if is_mixed and not is_asked else super()._remedy(suspect, trimming)

    def _told_of_most(self, found: Suspect) -> list[str]:
        """Say it of values of which most are numbers, or most are dates."""
        if found.count + len(found.texts) == 0 and not _are_in_order(self._texts):
            found.types = {Type.WRITTEN_DATE: len(self._texts)}
            found.count, found.values[:] = len(self._texts), self._texts
        if found.count + len(found.texts) == 0 or _are_alike(found, self._texts):
            return []
        reason: str | None = f", and others are {_meant(found).value[1]}"
        if found.types.keys() & NUMBERS and _meant(found) is Type.NUMBER:
            reason = None
        elif found.types.keys() & _DATES:
            reason = _BY_LETTERS
        return [self._told(found, self._head, reason)]

    def _told_of_others(self, found: Suspect) -> list[str]:
        """Say it of values that are neither numbers nor dates for the most part."""
        kinds = {type_: count for type_, count in found.types.items() if type_ not in _AS_TEXTS}
        if _meant(found) is Type.NUMBER and found.fitting:
            kinds[Type.NUMBER] = found.fitting
        texts = found.total - sum(kinds.values())
        if not kinds or (not texts and len(kinds) == 1):
            return []
        most = max(kinds, key=lambda type_: kinds[type_])
        is_text = texts >= kinds[most]
        if is_text:
            most = Type.TEXT
        else:
            del kinds[most]
            kinds |= {Type.TEXT: texts} if texts else {}
        count = sum(kinds.values())
        words = " or ".join(type_.value[0 if count == 1 else 1] for type_ in kinds)
        if Type.TEXT in kinds:
            words += f" such as {quoted(min(self._texts, key=len))}"
        told = f"{count:,} of {found.total:,} values {'is' if count == 1 else 'are'} {words}"
        helps = is_text and kinds.keys() <= {Type.NUMBER, Type.BOOLEAN, Type.DATE}
        remedy = f"; {self._by_own_schema({self._name: 'text'})}" if helps else ""
        return [f"{self._head}: {self._where}{told}, and others are {most.value[1]}{remedy}"]


class InferredTexts(OrderOfValues):
    """Looks at the values of a name of which an inferred schema says that they are texts.

    That it mixes several types is told by the schema itself.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, head=f"{quoted(name)} is text in the schema")

    def _by_own_schema(self, types: Mapping[str, str]) -> str:
        return f"say {in_schema(types)}"

    def _told_of_most(self, found: Suspect) -> list[str]:
        # Codes have leading zeros, and numbers none.
        is_code = any(re.fullmatch("0[0-9]+", text) for text in self._texts)
        return [] if is_code else super()._told_of_most(found)

    def _told_of_others(self, found: Suspect) -> list[str]:
        del found
        return []


_AS_TEXTS = {*NUMBERS, *_DATES, Type.TEXT, Type.OTHER_CLOCK}
"""What texts are taken for."""


def _probes(name: str, schema: Schema | None) -> list[Filter]:
    """Return filters that ask for an order of what a name has by the schema."""
    reading = bind(Clause(name, ">", "0"), schema).reading
    types = {Reading.NUMBER: [Type.NUMBER], Reading.INSTANT: [Type.DATE], Reading.BOOLEAN: []}
    return [Filter([Clause(name, ">", _PROBES[type_])]) for type_ in types.get(reading, _PROBES)]


def _meant(suspect: Suspect) -> Type:
    is_number = suspect.bound.clause.expression == _PROBES[Type.NUMBER]
    return Type.NUMBER if is_number else Type.DATE


def _like(suspect: Suspect) -> int:
    """Return how many values are of the type that is asked for, or look so."""
    types = NUMBERS if _meant(suspect) is Type.NUMBER else _DATES
    return suspect.fitting + sum(suspect.types.get(type_, 0) for type_ in types)


def _likeness(suspect: Suspect) -> tuple[int, bool]:
    return _like(suspect), _meant(suspect) is Type.DATE and _like(suspect) > 0


def _are_in_order(texts: list[str]) -> bool:
    """Whether dates are ordered by their letters as they are by time."""
    instants = [read_exported_instant(text) for text in sorted(texts, key=fold)]
    found = [instant for instant in instants if instant is not None]
    return found == sorted(found)


def _are_alike(suspect: Suspect, texts: list[str]) -> bool:
    """Whether all values are texts that their letters put in the right order."""
    if len(texts) < suspect.total or suspect.texts:
        return False
    if suspect.types.keys() == {Type.OTHER_DATE}:
        return all(is_ordered_alike(texts[0], text) for text in texts)
    return are_digits_alike(*texts)
