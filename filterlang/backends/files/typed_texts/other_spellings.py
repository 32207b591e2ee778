"""Texts that would be what a clause asks for, if they were spelled as it is spelled.

`==` compares texts as they are written. Where no value is written so, but some mean the same, or
hold it beside others, or within spaces, somebody should say so; and where `==` asks for no value,
and a word for nothing stands there.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from filterlang.backends.files.cleaning import SPACES
from filterlang.backends.files.typed_texts.written_types import (
    has_unit,
    numbers_meant,
    without_wrapping,
)
from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.paths import values_at
from filterlang.semantics.values import fold, is_missing, is_number, read_boolean, read_instant
from filterlang.syntax.escaping import escape
from filterlang.syntax.nodes import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from filterlang.backends.files.typed_texts.day_orders import DayOrder

_MOST = 60
"""A longer text is hardly another spelling of what somebody writes into a filter."""

_TRUTHS = {
    True: {"yes", "y", "t", "on", "1", "ja", "j", "wahr", "oui", "vrai", "si", "sí", "sim", "x"},
    False: {"no", "n", "f", "off", "0", "nein", "falsch", "non", "faux", "não", "falso"},
}
"""What exports write for true and false, in small letters."""

_NOTHING = {
    *("null", "(null)", "<null>", "none", "nil", "nan", "<na>", "n/a", "#n/a", "na", "nat"),
    *(r"\n", "-", "--", "(blank)", "(empty)", "(not set)"),
}
"""What exports write for no value, in small letters."""

_AMONG = "[;,|]"
_SEPARATOR = re.compile("[;,|] *")
_OPENING = ("[", "{", "(", '"', "'")
_BRACKETS = "[]{}()\"' \t"


_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
"""Characters that have no width."""


def looks_like(text: str, expression: str) -> bool:
    """Return whether two different texts look alike, or nearly so, on a screen.

    Example:
        >>> looks_like("Bob\u00a0Smith", "Bob Smith"), looks_like("Bob-Smith", "Bob Smith")
        (True, False)
    """
    if text.isascii() and expression.isascii() and "  " not in text + expression:
        return False
    return _as_seen(text) == _as_seen(expression)


def _as_seen(text: str) -> str:
    # Hardly a file needs it.
    from unicodedata import normalize

    return fold(" ".join(normalize("NFC", text.translate(_UNSEEN)).split()))


def pattern_of(text: str, expression: str) -> str:
    """Return a pattern of a text, with a wildcard for each character that looks like another one.

    Example:
        >>> pattern_of("Bob\u00a0Smith", "bob smith")
        'Bob?Smith'
    """
    known = fold(expression)
    runs = groupby(text, key=lambda one: fold(one) in known)
    return "".join(
        escape("".join(run)) if is_known else "?" * len([*run]) for is_known, run in runs
    )


class _Asked:
    """A clause that asks for a text, and how many values have it, but spelled otherwise."""

    def __init__(self, clause: Clause, path: tuple[str, ...]) -> None:
        self.clause = clause
        expression = str(clause.expression)
        self.expression = expression
        self._path = path
        self._folded = fold(expression)
        self._number = Decimal(expression) if is_number(expression) else None
        self._instant = read_instant(expression) if self._number is None else None
        self._truth = read_boolean(expression)
        meanings = self._number, self._instant, self._truth
        self._is_word = all(one is None for one in meanings)
        self._has_digit = any(character.isdigit() for character in expression)
        self.order = None if self._instant is None else _order_of(expression)
        self.total = self.padded = 0
        self.alike: list[str] = []
        self.spelled: list[str] = []
        self.among: list[str] = []
        self.besides: str | None = None
        """The first text that holds what is asked for, but as a part of something else."""

    def is_answered_by(self, record: object, *, are_cells: bool) -> bool:
        """Look at what a record holds under its name; whether that can be what is asked for."""
        for value in values_at(self._path, record):
            if is_missing(value) or value == "":
                continue
            if not isinstance(value, str) or fold(value) == self._folded:
                return True
            self.total += 1
            if len(value) > _MOST:
                continue
            bare = value.strip(SPACES)
            if self.order is not None:
                self.order.see(bare)
            if bare != value and fold(bare) == self._folded:
                self.padded += 1
            elif looks_like(value, self.expression):
                self.alike.append(value)
            elif (are_cells or not self._is_word) and self._means_the_same(bare):
                self.spelled.append(bare)
            elif are_cells and self._is_among(bare):
                self.among.append(bare)
            elif self.besides is None and self._folded in fold(value):
                self.besides = value
        return False

    def _means_the_same(self, text: str) -> bool:
        if self._truth is not None:
            return fold(text) in _TRUTHS[self._truth]
        if self._number is not None:
            return self._number in numbers_meant(text)
        if self.order is not None:
            is_date = text.count("-") > 1 and read_instant(text) == self._instant
            return is_date or self.order.may_be(text)
        truth = read_boolean(text)
        if truth is not None:
            return self._folded in _TRUTHS[truth]
        if self._has_digit and has_unit(self.expression):
            return fold(text.replace(" ", "")) == self._folded.replace(" ", "")
        return fold(without_wrapping(text)) == self._folded

    def is_with_comma(self, text: str) -> bool:
        """Whether a text is what is asked for, with a comma before its decimals."""
        number = text.replace(",", ".")
        return "," in text and is_number(number) and Decimal(number) == self._number

    def _is_among(self, text: str) -> bool:
        parts = re.split(_AMONG, text)
        if len(parts) == 1 and not text.startswith("["):
            return False
        return any(fold(part.strip(_BRACKETS)) == self._folded for part in parts)


class _AskedForNone:
    """A clause that asks whether there is a value, and the words for nothing that it met."""

    def __init__(self, clause: Clause, path: tuple[str, ...]) -> None:
        self.clause = clause
        self._path = path
        self.total = 0
        self.words: list[str] = []

    def see(self, record: object) -> None:
        """Look at what a record holds under its name."""
        for value in values_at(self._path, record):
            self.total += 1
            if isinstance(value, str) and value.strip(SPACES).lower() in _NOTHING:
                self.words.append(value.strip(SPACES))


class OtherSpellings:
    """The clauses with `==` and `!=` that meet what they ask for in other spellings only.

    Args:
        clauses: those that ask for equal texts, with the paths of their names.
        of_missing: those that ask whether there is a value.
        patterns: those that ask for what is like a pattern.
    """

    def __init__(
        self,
        clauses: Iterable[tuple[Clause, tuple[str, ...]]],
        of_missing: Iterable[tuple[Clause, tuple[str, ...]]] = (),
        patterns: Iterable[Clause] = (),
    ) -> None:
        self._patterns = [*patterns]
        self._asked = [_Asked(clause, path) for clause, path in clauses]
        self._for_none = [_AskedForNone(clause, path) for clause, path in of_missing]

    def _is_helped(self, asked: _Asked) -> bool:
        """Whether a pattern beside a clause asks for what it asks for among others."""
        return any(
            one.name == asked.clause.name and asked.expression in str(one.expression)
            for one in self._patterns
        )

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be seen."""
        return not (self._asked or self._for_none)

    def see(self, record: object, *, are_cells: bool) -> None:
        """Look at a record; of cells there are more spellings than of other texts."""
        self._asked = [
            one for one in self._asked if not one.is_answered_by(record, are_cells=are_cells)
        ]
        for one in self._for_none:
            one.see(record)

    def forget(self, cells: Callable[[str], Collection[str]]) -> None:
        """Leave out words that are no values; `cells` returns those under a name."""
        for one in self._for_none:
            others = [word for word in one.words if word not in cells(one.clause.name)]
            one.total -= len(one.words) - len(others)
            one.words = others

    def tell(
        self,
        where: str,
        others: Collection[str] = (),
        known: Collection[Clause] = (),
        *,
        trimming: str | None,
        comma: str | None,
        null: Callable[[str], str] | None,
    ) -> list[str]:
        """Say of each clause how many values it misses by their spelling.

        Args:
            where: begins it.
            others: names of whose values more is said elsewhere.
            known: clauses of which more is said elsewhere.
            trimming: the option that takes spaces away; None where there is none.
            comma: the option by which a comma stands before decimals; None where it can't be said.
            null: returns the option that names a word for nothing; None where there is none.
        """
        told = [
            line
            for one in self._asked
            if one.clause.name not in others and one.clause not in known
            for line in _told(one, where, trimming, comma, is_alone=not self._is_helped(one))
        ]
        for one in self._for_none:
            if one.words:
                word = _first(one.words)
                remedy = _written(one.clause, word) if null is None else f"; say {null(word)}"
                told.append(
                    f"words for nothing under {quoted(str(one.clause))}: {where}"
                    f"{_share(len(one.words), one.total)} not empty, but words such as "
                    f"{quoted(word)}{remedy}"
                )
        self._asked.clear()
        self._for_none.clear()
        return told


def _told(
    asked: _Asked, where: str, trimming: str | None, comma: str | None, *, is_alone: bool
) -> Iterable[str]:
    clause = quoted(str(asked.clause))
    operator = "!~" if asked.clause.operator.negative else "~"
    among = f"{asked.clause.name}{operator}*{escape(asked.expression)}*"
    if asked.padded:
        have = _having(asked.padded, asked.total)
        remedy = f"say {trimming}" if trimming else f"take them away, or write {quoted(among)}"
        yield (
            f"spaces around what {clause} asks for: {where}{have} {quoted(asked.expression)} "
            f"within spaces, and none without; {remedy}"
        )
    if asked.alike:
        text = _first(asked.alike)
        have = "the one value has" if asked.total == 1 else _having(len(asked.alike), asked.total)
        pattern = pattern_of(text, asked.expression)
        remedy = f"; write {quoted(f'{asked.clause.name}{operator}{pattern}')}"
        if pattern == escape(text):
            remedy = _written(asked.clause, text)
        yield (
            f"what looks like what {clause} asks for: {where}{have} other spaces, accents or marks "
            f"than {quoted(asked.expression)}{remedy}"
        )
    order = asked.order
    if order is not None:
        # By now the column may have told which of day and month comes first.
        asked.spelled = order.kept(asked.spelled)
    if order is not None and (days := order.days(asked.spelled, asked.total)):
        yield _told_of_days(asked, order, days, where)
    elif asked.spelled:
        text = _first(asked.spelled)
        share = _share(len(asked.spelled), asked.total)
        remedy = _written(asked.clause, text)
        day = None if order is None else order.day_of(text)
        if day is not None:
            remedy = f"; write {quoted(_timed(asked.clause, day))}"
        if comma is not None and asked.is_with_comma(text):
            remedy = f"; say {comma}"
        yield (
            f"another spelling of what {clause} asks for: {where}{share} spelled as "
            f"{quoted(text)}, and none as {quoted(asked.expression)}{remedy}"
        )
    elif asked.among and is_alone and not asked.padded:
        text = _first(asked.among)
        share = _share(len(asked.among), asked.total)
        yield (
            f"more than what {clause} asks for: {where}{share} such as {quoted(text)}, and none is "
            f"just {quoted(asked.expression)}; write {quoted(among)}{_besides(asked, operator)}"
        )


def _told_of_days(asked: _Asked, order: DayOrder, days: dict[bool, str], where: str) -> str:
    """Say how a date is spelled where day and month are figures, in either order if need be."""
    clause = asked.clause
    writes = {
        first: quoted(
            _timed(clause, day)
            if order.has_time
            else str(Clause(clause.name, clause.operator, day))
        )
        for first, day in days.items()
    }
    if len({*writes.values()}) == 1:
        first, write = next(iter(writes.items()))
        why = f", with the {'day' if first else 'month'} first" if len(days) == 1 else ""
    else:
        why = ", which don't tell whether day or month comes first"
        write = f"{writes[True]} if the day does, {writes[False]} if the month does"
    sample = quoted(order.sample)
    if order.count == 1:
        share = _share(1, asked.total)
        why = why.replace("don't", "doesn't")
        values = f"{share} {sample}{why}"
    elif order.count == asked.total:
        values = f"all {asked.total:,} values are dates such as {sample}{why}"
    else:
        share = _share(order.count, asked.total)
        values = f"{share} dates such as {sample}{why}"
    return (
        f"another spelling of what {quoted(str(clause))} asks for: {where}{values}; none is "
        f"spelled as {quoted(asked.expression)}; write {write}"
    )


def _timed(clause: Clause, day: str) -> str:
    """Return the clause that asks for a day as it is spelled, whatever time is behind it."""
    return f"{clause.name}{'!~' if clause.operator.negative else '~'}{escape(day)}*"


def _order_of(expression: str) -> DayOrder:
    # Hardly a filter asks for a date by ==.
    from filterlang.backends.files.typed_texts.day_orders import DayOrder

    return DayOrder(expression)


def _besides(asked: _Asked, operator: str) -> str:
    """Return what a pattern is true of besides, and what to write in place of it."""
    if asked.besides is None:
        return ""
    is_negative = asked.clause.operator.negative
    told = f", by which {quoted(asked.besides)} {'is left out' if is_negative else 'passes'}, too"
    marks = {mark for text in asked.among for mark in _SEPARATOR.findall(text)}
    if len(marks) != 1 or any(text.startswith(_OPENING) for text in asked.among):
        return told
    mark, text = escape(marks.pop()), escape(asked.expression)
    patterns = [f"{text}{mark}*", f"*{mark}{text}", f"*{mark}{text}{mark}*"]
    clauses = [str(asked.clause), *(f"{asked.clause.name}{operator}{one}" for one in patterns)]
    if is_negative:
        return f"{told}, or {quoted(';'.join(clauses))}"
    return f"{told}, or a filter for each place (by -e): {', '.join(map(quoted, clauses))}"


def _having(count: int, total: int) -> str:
    if total == 1:
        return f"{count:,} of {total:,} value has"
    return f"{count:,} of {total:,} values {'has' if count == 1 else 'have'}"


def _share(count: int, total: int) -> str:
    if total == 1:
        return "the one value is"
    return f"{count:,} of {total:,} values {'is' if count == 1 else 'are'}"


def _first(texts: list[str]) -> str:
    return min(texts, key=len)


def _written(clause: Clause, text: str) -> str:
    """Return what to write to find a text as it is spelled."""
    try:
        return f"; write {quoted(str(Clause(clause.name, clause.operator, text)))}"
    except ValueError:
        return ""
