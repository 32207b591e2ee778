"""Clauses as many filters share them: a `Condition` judges facts, and says how it can be looked up."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from math import log2
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final

from filterlang.escaping import Wildcard
from filterlang.index.facts import (
    BOOLEAN,
    DOUBLE,
    EXACT,
    INSTANT,
    KINDS,
    MISSING,
    TEXT,
    text_of_fact,
)
from filterlang.nodes import Pattern
from filterlang.operators import Operator
from filterlang.semantics import Wildcards
from filterlang.values import fold, read_boolean, read_instant, read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.index.facts import Column, Fact

    Judge = Callable[[Fact], bool]

_RELATIONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LT: lt,
    Operator.LE: le,
    Operator.GT: gt,
    Operator.GE: ge,
}
_NEVER: Final = ""
"""Equals the key of no fact of a kind other than text."""
_MOST_DIGITS = 40
"""Decimals of other sizes stay as they are; as an integer they could have a billion digits."""

UNUSABLE: Final = -1
"""The selectivity of a condition that filters can't be looked up by."""


class Condition:
    """One clause, whichever filters have it.

    `operator` is the clause's own; `is_negative` conditions are judged, and looked up, as their
    complement. `selectivity` is the negative binary logarithm of the share of records that are
    thought to pass, times four; `judge` is made when the condition is first asked.
    """

    __slots__ = ("_check", "column", "expression", "judge", "operator", "selectivity", "uses")

    def __init__(
        self, column: Column, operator: Operator, expression: str | Pattern, selectivity: int
    ) -> None:
        self.column = column
        self.operator = operator
        self.expression = expression
        self.selectivity = selectivity
        self.uses = 0
        self.judge: Judge | None = None
        self._check: Condition | None = None

    @property
    def is_negative(self) -> bool:
        """Whether it is the complement of what its tables find."""
        return self.operator.negative

    @property
    def decides(self) -> bool:
        """Whether all that its tables find passes it, or fails it if it is negative."""
        expression = self.expression
        return not isinstance(expression, Pattern) or access_of(expression)[2]

    def check(self) -> Condition:
        """Give the condition without its negation, to be judged but not to be found by."""
        if self._check is None:
            operator = self.operator
            if operator.negative:
                operator = Operator.EQ if operator is Operator.NE else Operator.LIKE
            self._check = Condition(self.column, operator, self.expression, UNUSABLE)
        return self._check

    def make_judge(self) -> Judge:
        """Make `judge`, the function that judges facts of single values."""
        expression = self.expression
        if isinstance(expression, Pattern):
            judge = _pattern_judge(expression)
        elif self.operator.orders:
            judge = _order_judge(_RELATIONS[self.operator], constants(expression))
        else:
            judge = _equality_judge(expression, is_negative=self.is_negative)
        if self.is_negative and isinstance(expression, Pattern):
            positive = judge
            judge = lambda fact: not positive(fact)
        self.judge = judge
        return judge

    def judge_several(self, facts: Iterable[Fact]) -> bool:
        """Judge several values: one must pass, or all if the condition is negative."""
        judge = self.judge or self.make_judge()
        return (all if self.is_negative else any)(map(judge, facts))


def _equality_judge(expression: str, *, is_negative: bool) -> Judge:
    wanted = constants(expression)
    wanted[MISSING] = _NEVER if expression else None
    if all(key is _NEVER for key in wanted[TEXT + 1 :]):
        # Only texts have a text for a key.
        folded = wanted[TEXT]
        if is_negative:
            return lambda fact: fact[1] != folded
        return lambda fact: fact[1] == folded
    if is_negative:
        return lambda fact: bool(wanted[fact[0]] != fact[1])
    return lambda fact: bool(wanted[fact[0]] == fact[1])


def _order_judge(relation: Callable[[Any, Any], bool], bounds: list[Any]) -> Judge:
    bounds[BOOLEAN] = _NEVER

    def judge(fact: Fact) -> bool:
        kind, key, _ = fact
        bound = bounds[kind]
        return bound is not _NEVER and relation(key, bound)

    return judge


def _pattern_judge(pattern: Pattern) -> Judge:
    shape, literal, is_exact = access_of(pattern)
    if not is_exact:
        matches = _wildcards(pattern.text).matches
        return lambda fact: (text := text_of_fact(fact)) is not None and matches(text)
    if shape == "prefix":
        return lambda fact: (text := text_of_fact(fact)) is not None and text.startswith(literal)
    if shape == "suffix":
        return lambda fact: (text := text_of_fact(fact)) is not None and text.endswith(literal)
    if shape == "infix":
        return lambda fact: (text := text_of_fact(fact)) is not None and literal in text
    return lambda fact: text_of_fact(fact) == literal


@lru_cache(maxsize=4096)
def _wildcards(text: str) -> Wildcards:
    return Wildcards(Pattern(text))


def constants(expression: str) -> list[Any]:
    """Give what facts of each kind compare the expression with; `""` where they can't."""
    found: list[Any] = [_NEVER] * KINDS
    found[TEXT] = folded = fold(expression)
    if folded == expression:
        found[TEXT] = expression  # so that the text isn't kept twice
    if expression[:1] in "-0123456789" and expression:
        number = read_number(expression)
        if number is not None:
            found[EXACT] = _plain_number(number)
            found[DOUBLE] = float(expression)
        instant = read_instant(expression)
        if instant is not None:
            found[INSTANT] = instant
    boolean = read_boolean(expression)
    if boolean is not None:
        found[BOOLEAN] = boolean
    return found


def _plain_number(number: Decimal) -> int | Decimal:
    is_small = number.is_finite() and abs(number.adjusted()) < _MOST_DIGITS
    return int(number) if is_small and number == number.to_integral_value() else number


@lru_cache(maxsize=4096)
def _shape(text: str) -> tuple[str, str, bool]:
    parts = Pattern(text).parts
    literals = [fold(part) if isinstance(part, str) else "" for part in parts]
    match parts:
        case (str(),):
            return "plain", literals[0], True
        case (str(), Wildcard.RUN):
            return "prefix", literals[0], True
        case (Wildcard.RUN, str()):
            return "suffix", literals[1], True
        case (Wildcard.RUN, str(), Wildcard.RUN):
            return "infix", literals[1], True
    if len(literals[0]) >= len(literals[-1]) and literals[0]:
        return "prefix", literals[0], False
    if literals[-1]:
        return "suffix", literals[-1], False
    return "infix", max(literals, key=len), False


def access_of(pattern: Pattern) -> tuple[str, str, bool]:
    """Say by which literal a pattern can be looked up, and whether that decides.

    Gives the literal's place (`"plain"` for the whole text, `"prefix"`, `"suffix"`, `"infix"`),
    the literal, folded, which is empty where the pattern has none, and whether every text that has
    it there matches.
    """
    return _shape(pattern.text)


def selectivity_of(share: float) -> int:
    """Give the selectivity of what a share of the records passes."""
    return min(100, int(-4 * log2(share)))
