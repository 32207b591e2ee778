"""A clause, and what it meets: values of another type than it asks for, texts without an order.

The first records are looked at, by the rules of the plain judge.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, assert_never

from filterlang.backends.files.typed_texts.written_types import (
    NUMBERS,
    Type,
    are_digits_alike,
    is_clock,
    is_ordered_alike,
    is_other_date,
    is_other_number,
    is_written_date,
    numbers_to_write,
    shape_of,
    type_of,
    written,
)
from filterlang.diagnostics.diagnostic import quoted
from filterlang.schema.binding import bind
from filterlang.semantics.kinds import Kind, kind_of
from filterlang.semantics.paths import values_at
from filterlang.semantics.reading import AS_TEXTS, Reading, read_as
from filterlang.semantics.tests import Always, Equals, Like, Never, Why, Within
from filterlang.semantics.values import is_missing, plain, read_instant
from filterlang.syntax.nodes import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.backends.files.typed_texts.date_texts import DateTexts
    from filterlang.backends.files.typed_texts.numbered_dates import Numbering
    from filterlang.schema.schema import Schema
    from filterlang.semantics.tests import BoundClause

MOST_KEPT = 20
"""So many values and names are kept, to ask of them which schema would help."""
_REPEATED = (bool, int, float, str)
"""Types of which many records have the same values."""

_KINDS = {
    Kind.INTEGER: Type.NUMBER,
    Kind.DECIMAL: Type.NUMBER,
    Kind.DOUBLE: Type.NUMBER,
    Kind.RATIO: Type.NUMBER,
    Kind.BOOLEAN: Type.BOOLEAN,
    Kind.DATE: Type.DATE,
    Kind.MOMENT: Type.DATE,
    Kind.INSTANT: Type.DATE,
}


def _mistyped(bound: BoundClause, means_date: Callable[[], bool], value: object) -> Type | None:
    """Return what a value is, if it is compared under another type than the clause asks for.

    `means_date` tells whether the expression may be meant for a date, and is called if a text is
    one: to tell it takes longer than to look at many values.
    """
    kind = kind_of(value)
    test = bound.on(kind)
    match test:
        case Never(Why.UNREADABLE | Why.NO_ORDER):
            if kind is Kind.OPAQUE and bound.reading is not Reading.AS_IS:
                return Type.UNREADABLE
            return _KINDS.get(kind, Type.OBJECT if isinstance(value, Mapping) else Type.OTHER)
        case Equals() | Within() if is_written_date(value) and means_date():
            return Type.WRITTEN_DATE
        case Within(of_text=True) if bound.reading in AS_TEXTS and isinstance(value, str):
            expression = str(bound.clause.expression)
            if bound.reading is not Reading.AS_IS and are_digits_alike(expression, value):
                return None  # A schema says that they are texts, and their order is right.
            if is_clock(expression) and is_clock(value):
                return None if len(expression) == len(value) else Type.OTHER_CLOCK
            is_date = type_of(expression) is Type.TEXT and is_other_date(value)
            if is_date and (is_other_date(expression) or means_date()):
                return None if is_ordered_alike(expression, value) else Type.OTHER_DATE
            found = written(expression, value)
            is_word = found is None and type_of(expression) is Type.TEXT
            if is_word and is_written_date(value) and not value.isdigit():
                return None if _is_begun_date(expression, value) else Type.WRITTEN_DATE
            return found
        case Never() | Always() | Equals() | Within() | Like():
            return None
        case _:
            assert_never(test)


def _is_begun_date(expression: str, value: str) -> bool:
    """Return whether an expression is what a date begins with, and no mistaken date itself."""
    begun, date = map(shape_of, (expression, value))
    is_whole = len(expression) == len("2024-01-31")
    return begun[:4] == "0000" and date.startswith(begun) and not is_whole


def _meant(bound: BoundClause) -> list[str]:
    """Return the dates that may be meant by an expression that is none."""
    expression = str(bound.clause.expression)
    if bound.reading not in AS_TEXTS or type_of(expression) is not Type.TEXT:
        return []
    from filterlang.checking.meant_values.date_mistakes import no_date
    from filterlang.checking.meant_values.respelling import rewritten

    found = [text for text, _ in rewritten("datetime", expression)]
    wrong = no_date(expression)
    found += wrong.meant if wrong is not None else []
    return [text for text in found if read_instant(text) is not None]


def asks_for_equal_text(bound: BoundClause) -> bool:
    """Return whether a clause passes for texts that equal its expression, or for all others."""
    return bound.reading in AS_TEXTS and isinstance(bound.on(Kind.TEXT), Equals)


class Suspect:
    """A clause, and the values of other types that it has met so far."""

    asks_for_all: bool
    total: int
    count: int
    differs: bool

    def __init__(self, bound: BoundClause) -> None:
        self.bound = bound
        self.asks_for_all = bound.clause.operator.orders
        self.total = 0
        self.count = 0
        self.types: dict[Type, int] = {}
        self.values: list[object] = []
        self.texts: list[str] = []
        """Those that stand for nothing else."""
        self.lost: str | None = None
        """The first text with a digit that a schema doesn't read; words may stand for nothing."""
        self.differs = False
        """Whether numbers among the texts have other digits than the expression."""
        self.numbering: Numbering | None = None
        """How all values stand for dates, if that isn't how a schema reads them."""
        self._numbers: list[object] = []
        self._numerals: list[object] = []
        self._fitted: set[tuple[type, object]] = set()
        """Values that are as the clause asks for them, which needn't be looked at again."""

    @cached_property
    def dates(self) -> DateTexts | None:
        """What looks at dates written as texts, if the expression is a date."""
        expression = str(self.bound.clause.expression)
        if not is_written_date(expression) or expression.isdigit():
            return None
        # The playground waits for each module.
        from filterlang.backends.files.typed_texts.date_texts import date_texts_of

        return date_texts_of(self.bound, self.meant)

    @cached_property
    def asked(self) -> Type:
        """What the expression is; a number with a unit, or in another spelling, is a number."""
        expression = str(self.bound.clause.expression)
        return Type.NUMBER if is_other_number(expression) else type_of(expression)

    @cached_property
    def number(self) -> str | None:
        """What to write for an expression that is a number in another spelling."""
        expression = str(self.bound.clause.expression)
        is_text = self.bound.reading in AS_TEXTS
        return numbers_to_write(expression) if is_text and is_other_number(expression) else None

    @cached_property
    def meant(self) -> list[str]:
        """The dates that may be meant by the expression, which is none."""
        return _meant(self.bound)

    @cached_property
    def _is_of_instants(self) -> bool:
        """Whether values are read as times, and compared with a date that is no number."""
        expression = str(self.bound.clause.expression)
        return self.bound.reading is Reading.INSTANT and type_of(expression) is Type.DATE

    def means_date(self) -> bool:
        """Return whether the expression may be meant for a date."""
        return bool(self.meant) or self.means_period

    @cached_property
    def means_period(self) -> bool:
        """Whether the expression is a month, a quarter or a week."""
        expression = str(self.bound.clause.expression)
        if self.bound.reading not in AS_TEXTS or re.search("[0-9]{4}", expression) is None:
            return False
        from filterlang.backends.files.typed_texts.date_texts import period_of

        return period_of(expression) is not None

    def is_cleared_by(self, record: object) -> bool:
        """Look at what a record holds under its name; whether nothing more is to be asked."""
        for value in values_at(self.bound.path, record):
            if self._is_of_instants and (number := _number_in(value)) is not None:
                self.total += 1
                self._numbers.append(number)
                self._numerals += [value] if len(self._numerals) < MOST_KEPT else []
                continue
            if type(value) in _REPEATED and (type(value), value) in self._fitted:
                self.total += 1
                continue
            found = _as_read(self.bound, value)
            if is_missing(found) or found == "":
                continue
            self.total += 1
            if self.dates is not None and self.dates.see(found):
                if not (self.asks_for_all or self.dates.apart):
                    return True
                continue
            type_ = _mistyped(self.bound, self.means_date, found)
            if type_ is Type.TEXT:
                self.texts.append(str(found))
            elif type_ is not None:
                self.count += 1
                if self.lost is None and type_ is Type.UNREADABLE and _has_digit(value):
                    self.lost = str(value)
                if type_ in NUMBERS and not self.differs:
                    self.differs = _differ(str(self.bound.clause.expression), str(found))
                self.types[type_] = self.types.get(type_, 0) + 1
                if len(self.values) < MOST_KEPT:
                    self.values.append(value)
            elif not self.asks_for_all:
                return True
            elif self.dates is None and type(value) in _REPEATED:
                self._fitted.add((type(value), value))
        return False

    def settle(self) -> None:
        """Count the dates that are spelled otherwise, if some are misjudged; nothing more comes."""
        if self.dates is not None and self.dates.are_misjudged:
            self.count += len(self.dates.apart)
            self.types[Type.SPELLED_DATE] = len(self.dates.apart)
            self.values += self.dates.apart[:MOST_KEPT]
        if self._numbers and len(self._numbers) == self.total:
            # The playground waits for each module.
            from filterlang.backends.files.typed_texts.numbered_dates import numbering_of

            numbering = numbering_of(self._numbers)
            if numbering is not None and not numbering.is_read:
                self.numbering, self.count = numbering, self.total
                self.types[Type.NUMBERED_DATE] = self.total
                self.values += self._numerals

    def forget(self, cell: str) -> None:
        """Leave out a text that is no value."""
        others = [text for text in self.texts if text != cell]
        self.total -= len(self.texts) - len(others)
        self.texts[:] = others

    def words(self, type_: Type) -> str:
        """Return what values are, as a message says it."""
        words = type_.value[0 if self.count + len(self.texts) == 1 else 1]
        if type_ is Type.SPELLED_DATE and self.dates is not None:
            expression, text = str(self.bound.clause.expression), self.dates.apart[0]
            words += f" than {quoted(expression)}, such as {quoted(text)}"
        if type_ is Type.NUMBERED_DATE and self.numbering is not None:
            words += f" {self.numbering.words}"
        if self.lost is not None and self.count < self.total:
            words += f", such as {quoted(self.lost)}"
        return words

    @property
    def fitting(self) -> int:
        """How many values are of the type that it asks for."""
        return self.total - self.count - len(self.texts)

    @property
    def is_to_be_told(self) -> bool:
        """Whether what it met can't be what was meant.

        Texts among texts may be: `version>=1` is true of `1.2.3`. Among numbers they aren't, nor
        are numbers among texts if the clause asks for a number.
        """
        if self.bound.reading not in AS_TEXTS:
            if not self.asks_for_all and self.count < self.total:
                return False
            return self.count > 0 and (self.count == self.total or self.lost is not None)
        if not self.types.keys().isdisjoint({Type.OTHER_DATE, Type.OTHER_CLOCK, Type.SPELLED_DATE}):
            return True
        if self.number is not None and self.types.keys() <= NUMBERS and not self.differs:
            return False
        if type_of(str(self.bound.clause.expression)) is Type.TEXT and not self.meant:
            return 2 * self.count > self.total
        if self.types.keys() == {Type.UNIT_NUMBER} and not self.fitting:
            # Among other texts it may be one that only looks so.
            return 2 * self.count >= self.total
        return self.count > 0 or (len(self.texts) > 0 and self.fitting > 0)

    def is_helped_by(self, schema: Schema) -> bool:
        """Whether by a schema all values are of the type that the clause asks for."""
        clause = self.bound.clause
        if self.number is not None:
            clause = Clause(clause.name, clause.operator, self.number.partition(" ")[0])
        bound = bind(clause, schema)
        if bound.reading is Reading.INSTANT and self._has_other_unit():
            return False
        return bound.reading not in AS_TEXTS and _fit(bound, self.values)

    def _has_other_unit(self) -> bool:
        """Whether values are times in another unit than in milliseconds, which schemas read."""
        from filterlang.backends.files.typed_texts.numbered_dates import number_in, numbering_of

        numbers = [one for value in self.values if (one := number_in(plain(value))) is not None]
        numbering = numbering_of(numbers)
        return numbering is not None and not numbering.is_read

    def would_fit(self, values: Iterable[object]) -> bool:
        """Whether these would be of the type that the clause asks for."""
        return _fit(self.bound, values)


class PatternSuspect(Suspect):
    """A clause with a pattern, which fits any value that has a text, but no object."""

    total: int
    count: int

    def is_cleared_by(self, record: object) -> bool:
        """Look at what a record holds under its name; whether something there has a text."""
        for value in values_at(self.bound.path, record):
            found = plain(value)
            if is_missing(found):
                continue
            if kind_of(found) is not Kind.OPAQUE:
                return True
            self.total += 1
            self.count += 1
            type_ = Type.OBJECT if isinstance(found, Mapping) else Type.OTHER
            self.types[type_] = self.types.get(type_, 0) + 1
            if len(self.values) < MOST_KEPT:
                self.values.append(value)
        return False

    def settle(self) -> None:
        """Nothing more comes; a pattern asks for no date."""

    @property
    def is_to_be_told(self) -> bool:
        """Whether it met anything, as none of that has a text."""
        return self.count > 0


def _number_in(value: object) -> object:
    # The playground waits for each module.
    from filterlang.backends.files.typed_texts.numbered_dates import number_in

    return number_in(plain(value))


def _has_digit(value: object) -> bool:
    return isinstance(value, str) and any(map(str.isdigit, value))


def _fit(bound: BoundClause, values: Iterable[object]) -> bool:
    read = [_as_read(bound, value) for value in values]
    return all(is_missing(one) or _mistyped(bound, bool, one) is None for one in read)


def _differ(expression: str, text: str) -> bool:
    """Return whether two numbers have other digits, so that their order as texts is another one."""
    shapes = {shape_of(one) for one in (expression, text)}
    return len(shapes) > 1 or "-" in expression


def _as_read(bound: BoundClause, value: object) -> object:
    return read_as(bound.reading, plain(value))
