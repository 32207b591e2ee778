"""Clauses as many filters share them: a `SharedClause` judges facts; what it is found by."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any, Final, NamedTuple, assert_never

from filterlang.matching.index.facts import (
    BOOLEAN,
    DOUBLE,
    EXACT,
    INSTANT,
    KINDS,
    MISSING,
    OTHER,
    SEVERAL,
    TEXT,
    text_of_fact,
)
from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import (
    Always,
    Equals,
    Like,
    Never,
    Within,
    pattern_of,
    test_of,
    value_of,
)
from filterlang.semantics.wildcards import Wildcards
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filterlang.matching.index.facts import Fact, IndexedName
    from filterlang.semantics.wildcards import Fragments
    from filterlang.syntax.operators import Operator

    Judge = Callable[[Fact], bool]

UNUSABLE: Final = -1
"""The selectivity of a condition that nothing is found by."""

LOWER, UPPER = 1, 2

_KINDS = (
    (TEXT, Kind.TEXT),
    (EXACT, Kind.DECIMAL),
    (DOUBLE, Kind.DOUBLE),
    (BOOLEAN, Kind.BOOLEAN),
    (INSTANT, Kind.MOMENT),
)
"""By which test facts of each kind are judged: integers compare as decimals do, and dates as the
moments that they begin with."""
_MOST_DIGITS = 40
"""Integers of more digits stay Decimals; written out they could have a billion digits."""


class SharedClause:
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
        "fragments",
        "is_negative",
        "operator",
        "selectivity",
        "side",
        "uses",
    )
    column: IndexedName
    expression: str | Pattern
    fragments: Fragments | None
    is_negative: bool
    operator: Operator
    selectivity: int
    side: int
    uses: int

    def __init__(
        self, column: IndexedName, operator: Operator, expression: str | Pattern, selectivity: int
    ) -> None:
        self.column = column
        self.operator = operator
        self.expression = expression
        self.selectivity = selectivity
        self.is_negative = operator.negative
        self.side = side_of(operator)
        self.fragments = pattern_of(operator, expression) if operator.asks_text else None
        self.uses = 0
        self._check: SharedClause | None = None

    @property
    def decides(self) -> bool:
        """Whether all that its tables find passes it, or fails it if it is negative."""
        return self.fragments is None or access_of(self.fragments)[2]

    def check(self) -> SharedClause:
        """Return the condition without its negation, to be judged but not to be found by."""
        if self._check is None:
            operator = self.operator.complement if self.is_negative else self.operator
            self._check = SharedClause(
                self.column, operator or self.operator, self.expression, UNUSABLE
            )
        return self._check

    def make_judge(self) -> Judge:
        """Build the function that judges facts, those of several values too."""
        if self.fragments is not None:
            return _of_several(_pattern_judge(self.fragments), is_negative=self.is_negative)
        expression = str(self.expression)
        if self.side:
            return _order_judge(ends(self.operator, expression))
        wanted = constants(expression)
        if len(wanted) == 1 and expression:
            return _text_judge(wanted[TEXT], is_negative=self.is_negative)
        return _of_several(_equality_judge(wanted), is_negative=self.is_negative)


class Judges(dict[SharedClause, "Judge"]):
    """What judges the conditions that were asked lately."""

    MOST = 16_384

    def __missing__(self, condition: SharedClause) -> Judge:
        if len(self) >= self.MOST:
            self.clear()
        judge = self[condition] = condition.make_judge()
        return judge


def _of_several(judge: Judge, *, is_negative: bool) -> Judge:
    """Build a judge of any fact of one that judges facts of single values."""

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
    wanted[OTHER] = wanted[TEXT]
    if not wanted[TEXT]:
        wanted[MISSING] = None
    return lambda fact: bool(wanted[fact[0]] == fact[1])


def _order_judge(ends_: Mapping[int, End]) -> Judge:
    bounds = [
        None if end is None else (_RELATIONS[end.is_lower, end.is_closed], end.value)
        for end in map(ends_.get, range(KINDS))
    ]

    def judge(fact: Fact) -> bool:
        kind, key, _ = fact
        if kind == SEVERAL:
            return any(map(judge, key))
        bound = bounds[kind]
        return bound is not None and bound[0](key, bound[1])

    return judge


def _pattern_judge(fragments: Fragments) -> Judge:
    shape, literal, decides = access_of(fragments)
    if not decides:
        matches = Wildcards(fragments).matches
        return lambda fact: (text := text_of_fact(fact)) is not None and matches(text)
    if shape == "prefix":
        return lambda fact: (text := text_of_fact(fact)) is not None and text.startswith(literal)
    if shape == "suffix":
        return lambda fact: (text := text_of_fact(fact)) is not None and text.endswith(literal)
    if shape == "infix":
        return lambda fact: (text := text_of_fact(fact)) is not None and literal in text
    return lambda fact: text_of_fact(fact) == literal


class End(NamedTuple):
    """A bound that keys of one kind are compared with."""

    value: Any
    is_lower: bool
    is_closed: bool


_RELATIONS: dict[tuple[bool, bool], Callable[[Any, Any], bool]] = {
    (True, True): ge,
    (True, False): gt,
    (False, True): le,
    (False, False): lt,
}
"""How a key compares with an end that is lower, and that is closed."""


@lru_cache(maxsize=1024)
def constants(expression: str) -> Mapping[int, Any]:
    """Return what the keys of each kind of fact equal, if an expression can be read so."""
    asked = _asked_kinds(expression)
    values = {fact: value_of(expression, kind) for fact, kind in _KINDS if fact in asked}
    found = {fact: _plain(value) for fact, value in values.items() if value is not None}
    if found[TEXT] == expression:
        found[TEXT] = expression  # a text that is folded already isn't kept twice
    return found


@lru_cache(maxsize=1024)
def ends(operator: Operator, expression: str) -> Mapping[int, End]:
    """Return what the keys of each kind of fact are compared with, in order."""
    found = {}
    asked = _asked_kinds(expression)
    for fact, kind in _KINDS:
        if fact in asked:
            test = test_of(operator, expression, kind)
            match test:
                case Within(low, high):
                    for end in (low, high):
                        if end is not None:
                            found[fact] = End(_plain(end.value), end is low, end.is_closed)
                case Never() | Always() | Equals() | Like():
                    pass
                case _:
                    assert_never(test)
    return found


@cache
def side_of(operator: Operator) -> int:
    """Return `LOWER` or `UPPER` for the bounds of an order, otherwise 0."""
    # Each condition is asked for it when it is made: an operator without a meaning raises here.
    sample = Pattern("*") if operator.matches_pattern else ""
    test = test_of(operator, sample, Kind.TEXT)
    match test:
        case Within(low, _):
            return UPPER if low is None else LOWER
        case Never() | Always() | Equals() | Like():
            return 0
        case _:
            assert_never(test)


def _asked_kinds(expression: str) -> tuple[int, ...]:
    """Return the kinds of facts that an expression may be read as, by how it begins."""
    return _OF_DIGITS if expression[:1] in _FIRST_OF_NUMBERS else _OF_WORDS


_OF_DIGITS, _OF_WORDS = (TEXT, EXACT, DOUBLE, INSTANT), (TEXT, BOOLEAN)
_FIRST_OF_NUMBERS = frozenset("-0123456789")


def _plain(value: Any) -> Any:
    """Return an integer for a decimal that is one, which is compared and found faster."""
    if not isinstance(value, Decimal):
        return value
    is_small = value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS
    return int(value) if is_small and value == value.to_integral_value() else value


@lru_cache(maxsize=1024)
def access_of(fragments: Fragments) -> tuple[str, str, bool]:
    """Return by which literal a pattern can be found, and whether that decides.

    Returns the literal's place (`"plain"` for the whole text, `"prefix"`, `"suffix"`, `"infix"`),
    the literal, folded, which is empty where the pattern has none, and whether every text that has
    it there matches.
    """
    match fragments:
        case ((str(literal),),):
            return "plain", literal, True
        case ((str(literal),), ()):
            return "prefix", literal, True
        case ((), (str(literal),)):
            return "suffix", literal, True
        case ((), (str(literal),), ()):
            return "infix", literal, True
        case _:
            pass
    literals = [part for fragment in fragments for part in fragment if isinstance(part, str)]
    first, last = (
        literals[place] if parts and isinstance(parts[place], str) else ""
        for place, parts in ((0, fragments[0]), (-1, fragments[-1]))
    )
    if first or last:
        return ("prefix", first, False) if len(first) >= len(last) else ("suffix", last, False)
    return "infix", max(literals, key=len, default=""), False
