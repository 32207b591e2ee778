"""Clauses as many filters share them: a `Condition` judges facts, and says what it is found by."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final

from filterlang.matching.index.facts import (
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
from filterlang.semantics.probes import Wildcards
from filterlang.semantics.values import Extreme, fold, read_boolean, read_exact_number, read_instant
from filterlang.syntax.escaping import split_pattern
from filterlang.syntax.nodes import Pattern
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from filterlang.matching.index.facts import Column, Fact

    Judge = Callable[[Fact], bool]

UNUSABLE: Final = -1
"""The selectivity of a condition that nothing is found by."""

_RELATIONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LT: lt,
    Operator.LE: le,
    Operator.GT: gt,
    Operator.GE: ge,
}
LOWER, UPPER = 1, 2
_SIDES = {
    **dict.fromkeys(Operator, 0),
    Operator.GT: LOWER,
    Operator.GE: LOWER,
    Operator.LT: UPPER,
    Operator.LE: UPPER,
}
_POSITIVE = {Operator.NE: Operator.EQ, Operator.NOT_LIKE: Operator.LIKE}
_MOST_DIGITS = 40
"""Integers of more digits stay Decimals; written out they could have a billion digits."""


class Condition:
    """One clause, whichever filters have it.

    A negative condition is looked up, and decided, as its complement. `selectivity` is the negative
    binary logarithm, times four, of the share of records that are thought to pass; `UNUSABLE` for
    negative conditions and those that are only judged. `side` is `LOWER` or `UPPER` for bounds,
    otherwise 0. `uses` counts the filters that have the condition.
    """

    __slots__ = (
        "_check",
        "column",
        "expression",
        "is_negative",
        "operator",
        "selectivity",
        "side",
        "uses",
    )
    column: Column
    expression: str | Pattern
    is_negative: bool
    operator: Operator
    selectivity: int
    side: int
    uses: int

    def __init__(
        self, column: Column, operator: Operator, expression: str | Pattern, selectivity: int
    ) -> None:
        self.column = column
        self.operator = operator
        self.expression = expression
        self.selectivity = selectivity
        self.is_negative = operator.negative
        self.side = _SIDES[operator]
        self.uses = 0
        self._check: Condition | None = None

    @property
    def decides(self) -> bool:
        """Whether all that its tables find passes it, or fails it if it is negative."""
        expression = self.expression
        if isinstance(expression, Pattern):
            return access_of(expression)[2]
        # Extreme numbers stand in no order; whatever could pass them is judged.
        return not (self.side and isinstance(constants(expression).get(EXACT), Extreme))

    def check(self) -> Condition:
        """Give the condition without its negation, to be judged but not to be found by."""
        if self._check is None:
            operator = _POSITIVE.get(self.operator, self.operator)
            self._check = Condition(self.column, operator, self.expression, UNUSABLE)
        return self._check

    def make_judge(self) -> Judge:
        """Make the function that judges facts, those of several values too."""
        expression = self.expression
        if isinstance(expression, Pattern):
            return _of_several(_pattern_judge(expression), is_negative=self.is_negative)
        if self.operator.orders:
            return _order_judge(_RELATIONS[self.operator], constants(expression))
        wanted = constants(expression)
        if len(wanted) == 1 and expression:
            return _text_judge(wanted[TEXT], is_negative=self.is_negative)
        return _of_several(_equality_judge(wanted), is_negative=self.is_negative)


class Judges(dict[Condition, "Judge"]):
    """What judges the conditions that were asked lately."""

    MOST = 16_384

    def __missing__(self, condition: Condition) -> Judge:
        if len(self) >= self.MOST:
            self.clear()
        judge = self[condition] = condition.make_judge()
        return judge


def _of_several(judge: Judge, *, is_negative: bool) -> Judge:
    """Make a judge of any fact of one that judges facts of single values."""

    def judge_any(fact: Fact) -> bool:
        passes = any(map(judge, fact[1])) if fact[0] == SEVERAL else judge(fact)
        return passes is not is_negative

    return judge_any


def _text_judge(folded: str, *, is_negative: bool) -> Judge:
    # Only facts of texts have a text for a key, and few facts are of several values.
    def judge(fact: Fact) -> bool:
        if fact[0] == SEVERAL:
            return any(one[1] == folded for one in fact[1]) is not is_negative
        return (fact[1] == folded) is not is_negative

    return judge


def _equality_judge(constants_: Mapping[int, Any]) -> Judge:
    # The key of a missing value is None, and so is what its kind is compared with, but not that of
    # another value that can't be compared.
    wanted = [constants_.get(kind, "") for kind in range(KINDS)]
    if not wanted[TEXT]:
        wanted[MISSING] = None
    return lambda fact: bool(wanted[fact[0]] == fact[1])


def _order_judge(relation: Callable[[Any, Any], bool], bounds: Mapping[int, Any]) -> Judge:
    def judge(fact: Fact) -> bool:
        kind, key, _ = fact
        if kind == SEVERAL:
            return any(map(judge, key))
        bound = bounds.get(kind)
        return bound is not None and kind != BOOLEAN and relation(key, bound)

    return judge


def _pattern_judge(pattern: Pattern) -> Judge:
    shape, literal, decides = access_of(pattern)
    if not decides:
        matches = Wildcards(pattern).matches
        return lambda fact: (text := text_of_fact(fact)) is not None and matches(text)
    if shape == "prefix":
        return lambda fact: (text := text_of_fact(fact)) is not None and text.startswith(literal)
    if shape == "suffix":
        return lambda fact: (text := text_of_fact(fact)) is not None and text.endswith(literal)
    if shape == "infix":
        return lambda fact: (text := text_of_fact(fact)) is not None and literal in text
    return lambda fact: text_of_fact(fact) == literal


@lru_cache(maxsize=1024)
def constants(expression: str) -> Mapping[int, Any]:
    """Give what the keys of each kind of fact are compared with, if they can be."""
    folded = fold(expression)
    # A text that is folded already isn't kept twice.
    found: dict[int, Any] = {TEXT: expression if folded == expression else folded}
    if folded[:1] in _FIRST_OF_NUMBERS:
        number = read_exact_number(expression)
        if number is not None:
            found[EXACT] = number if isinstance(number, Extreme) else _plain_number(number)
            found[DOUBLE] = float(expression)
        instant = read_instant(expression)
        if instant is not None:
            found[INSTANT] = instant
    else:
        boolean = read_boolean(folded)
        if boolean is not None:
            found[BOOLEAN] = boolean
    return found


_FIRST_OF_NUMBERS = frozenset("-0123456789")


def _plain_number(number: Decimal) -> int | Decimal:
    is_small = number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS
    return int(number) if is_small and number == number.to_integral_value() else number


def access_of(pattern: Pattern) -> tuple[str, str, bool]:
    """Say by which literal a pattern can be found, and whether that decides.

    Gives the literal's place (`"plain"` for the whole text, `"prefix"`, `"suffix"`, `"infix"`),
    the literal, folded, which is empty where the pattern has none, and whether every text that has
    it there matches.
    """
    return _access_of(pattern.text)


@lru_cache(maxsize=1024)
def _access_of(text: str) -> tuple[str, str, bool]:
    simple = _SIMPLE.fullmatch(text)
    if simple is not None:
        before, literal, after = simple.groups()
        return _SHAPES[before, after], fold(literal), True
    literals = [fold(part) if isinstance(part, str) else "" for part in split_pattern(text)]
    first, last = literals[0], literals[-1]
    if len(literals) == 1 and first:
        return "plain", first, True
    if first or last:
        return ("prefix", first, False) if len(first) >= len(last) else ("suffix", last, False)
    return "infix", max(literals, key=len), False


_SIMPLE = re.compile(r"(\*?)([^*?\\]+)(\*?)", re.DOTALL)
_SHAPES = {
    ("", ""): "plain",
    ("", "*"): "prefix",
    ("*", ""): "suffix",
    ("*", "*"): "infix",
}
