"""What a clause asks of a value of each kind: the meaning of every comparison, stated once.

`BoundClause` is a clause whose name is resolved and whose values are known to be read in some way.
On each kind of value it is one *test* of a small closed union. Whoever decides about a value, a
column or a bound, in whatever way, does it by these tests, and by nothing else; each choice between
them is a `match` that ends in `assert_never`, so that a type checker finds all of them.
"""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, assert_never
from typing import Never as Unreached

from filterlang.semantics.instants import DAY
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import Reading
from filterlang.semantics.values import (
    Extreme,
    fold,
    read_boolean,
    read_exact_number,
    read_instant,
)
from filterlang.semantics.wildcards import Wildcards
from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from filterlang.semantics.wildcards import Fragments
    from filterlang.syntax.nodes import Clause

# --- Tests ----------------------------------------------------------------------------------------


class Why(Enum):
    """Why no value of a kind passes; the member's value says it to a person."""

    UNREADABLE = "the expression is no value of this kind"
    NO_ORDER = "values of this kind have no order"
    NOT_WHOLE = "the expression lies between two values of this kind"
    OUT_OF_RANGE = "the expression lies beyond all values"
    NO_TEXT = "values of this kind have no text"


class Never(NamedTuple):
    """No value of the kind passes."""

    why: Why


_UNREADABLE: Final = Never(Why.UNREADABLE)


class Always(NamedTuple):
    """Each value of the kind passes; a missing one is no value."""


class Equals(NamedTuple):
    """The values whose key is `value` pass or, `of_text`, those whose folded text it is."""

    value: Any
    of_text: bool


class End(NamedTuple):
    """An end of a range; `is_closed` says whether the value itself belongs to it."""

    value: Any
    is_closed: bool


class Within(NamedTuple):
    """The values whose key lies between two ends pass; None for an end that isn't there.

    The ends are exact for the kind: `>1.5` is at least 2 for integers, and so are those of dates,
    in days, and of datetimes, in microseconds. `of_text` says that they are folded texts. `written`
    is the number as the clause has it, for code that compares numbers of any kind alike.
    """

    low: End | None
    high: End | None
    of_text: bool
    written: Decimal | None = None


class Like:
    """The values whose folded text matches a pattern pass.

    `fragments` is what stands between its runs of `*`: each is made of folded texts and of
    `Wildcard.ONE`, and may be empty.
    """

    __slots__ = ("_wildcards", "fragments")
    __match_args__ = ("fragments",)
    fragments: Fragments

    def __init__(self, fragments: Fragments) -> None:
        self.fragments = fragments
        self._wildcards: Wildcards | None = None

    def matches(self, folded: str) -> bool:
        """Return whether a folded text matches, as a whole."""
        # Most patterns are matched by code that is generated from the fragments.
        if self._wildcards is None:
            self._wildcards = Wildcards(self.fragments)
        return self._wildcards.matches(folded)

    def __eq__(self, other: object) -> bool:
        return self.fragments == other.fragments if isinstance(other, Like) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.fragments)

    def __repr__(self) -> str:
        return f"Like({self.fragments!r})"


Test = Never | Always | Equals | Within | Like


# --- Clauses --------------------------------------------------------------------------------------


class BoundClause:
    """A clause with its name resolved, ready to be asked of values.

    A negative clause (`!=`, `!~`) is asked as its complement, and the answer turned round: what it
    says of lists and of missing values belongs to the clause, not to its tests.

    Attributes:
        clause: the clause as it is written.
        path: the segments of its name, aliases resolved.
        negative: whether the answer is turned round.
        reading: what a schema does to values before they are asked.
        of_missing: whether a missing value passes, before the answer is turned round: for an empty
            expression only.
    """

    __slots__ = (
        "_is_pattern",
        "_operator",
        "_tests",
        "clause",
        "negative",
        "of_missing",
        "path",
        "reading",
    )
    clause: Clause
    path: tuple[str, ...]
    negative: bool
    reading: Reading
    of_missing: bool

    def __init__(
        self, clause: Clause, name: str | None = None, reading: Reading = Reading.AS_IS
    ) -> None:
        self.clause = clause
        self.path = tuple((clause.name if name is None else name).split("."))
        self._operator, self.negative = _asked(clause.operator)
        self.reading = reading
        expression = clause.expression
        self.of_missing = isinstance(expression, str) and not expression
        self._tests: dict[Kind, Test] = {}
        self._is_pattern: bool | None = None

    @property
    def is_pattern(self) -> bool:
        """Whether values are compared as texts, whatever they are (rule 7)."""
        if self._is_pattern is None:
            clause = self.clause
            self._is_pattern = pattern_of(clause.operator, clause.expression) is not None
        return self._is_pattern

    @property
    def name(self) -> str:
        """The whole name, aliases resolved."""
        return ".".join(self.path)

    def asks_as(self, other: BoundClause) -> bool:
        """Return whether another clause asks the same of values, not yet negated."""
        return (
            self._operator is other._operator and self.clause.expression == other.clause.expression
        )

    def on(self, kind: Kind) -> Test:
        """Return what the clause asks of values of a kind; read on first use, and kept."""
        test = self._tests.get(kind)
        if test is None:
            expression = self.clause.expression
            if isinstance(expression, Pattern):
                self._tests = _of_pattern(expression)
                return self._tests[kind]
            test = self._tests[kind] = _test(self._operator, expression, kind)
        return test

    def __repr__(self) -> str:
        return f"BoundClause({self.clause!r}, {self.name!r}, {self.reading})"


def value_of(expression: str, kind: Kind) -> Any:
    """Return what an expression is read as for a kind: the key that equals it, or None.

    Example:
        >>> value_of("10.0", Kind.INTEGER), value_of("10.5", Kind.INTEGER)
        (10, None)
    """
    test = _test(Operator.EQ, expression, kind)
    return test.value if isinstance(test, Equals) else None


def test_of(operator: Operator, expression: str | Pattern, kind: Kind) -> Test:
    """Return what a clause asks of values of a kind, for who keeps no bound clause."""
    asked, _ = _asked(operator)
    if isinstance(expression, Pattern):
        return _of_pattern(expression)[kind]
    return _test(asked, expression, kind)


def pattern_of(operator: Operator, expression: str | Pattern) -> Fragments | None:
    """Return the fragments of what a clause compares with the texts of all values (rule 7).

    None for a clause that compares each value by its kind. A text as a whole is one fragment.

    Example:
        >>> pattern_of(Operator.LIKE, Pattern("Clev*")), pattern_of(Operator.EQ, "Cleveland")
        ((('clev',), ()), None)
    """
    if not operator.asks_text:
        return None
    # Truth values have a text, and are asked for it only by what asks all values for theirs.
    test = test_of(operator, expression, Kind.BOOLEAN)
    match test:
        case Like(fragments):
            return fragments
        case Always():
            return ((), ())
        case Equals(text, of_text):
            return ((text,),) if of_text else None
        case Never() | Within():
            return None
        case _:
            assert_never(test)


@cache
def _asked(operator: Operator) -> tuple[Operator, bool]:
    """Return the operator that is asked for an operator, and whether the answer is turned round."""
    match operator:
        case Operator.EQ | Operator.LT | Operator.LE | Operator.GT | Operator.GE | Operator.LIKE:
            return operator, False
        case Operator.NE:
            return Operator.EQ, True
        case Operator.NOT_LIKE:
            return Operator.LIKE, True
        case _:
            # Raised whenever a clause is bound, so that no road can answer for an operator that has
            # no meaning here yet.
            raise _without_meaning(operator)


def _without_meaning(operator: Unreached) -> NotImplementedError:
    """Return what to raise; type checkers prove that it never is, as they do of `assert_never`."""
    message = f"the operator '{operator}' has no meaning: give it one in filterlang.semantics.tests"
    return NotImplementedError(message)


def _test(operator: Operator, expression: str, kind: Kind) -> Test:
    match kind:
        case Kind.TEXT | Kind.UUID:
            # Most texts are folded so, and most are asked for as a whole.
            folded = expression.lower() if expression.isascii() else fold(expression)
            if operator is Operator.EQ:
                return Equals(folded, of_text=True)
            return _compared(operator, folded, of_text=True)
        case Kind.STRAY if operator.orders:
            return Never(Why.NO_ORDER)
        case Kind.STRAY:
            return _compared(operator, fold(expression), of_text=True)
        case Kind.BOOLEAN:
            if operator.orders:
                return Never(Why.NO_ORDER)
            boolean = read_boolean(expression)
            return _UNREADABLE if boolean is None else Equals(boolean, of_text=False)
        case Kind.INTEGER:
            return _integer(operator, expression)
        case Kind.DECIMAL | Kind.RATIO:
            number = read_exact_number(expression)
            return _UNREADABLE if number is None else _decimal(operator, number)
        case Kind.DOUBLE:
            number = read_exact_number(expression)
            if number is None:
                return _UNREADABLE
            written = None if isinstance(number, Extreme) else number
            return _compared(operator, float(expression), written=written)
        case Kind.DATE:
            return _units(operator, expression, DAY)
        case Kind.MOMENT | Kind.INSTANT:
            return _units(operator, expression, 1)
        case Kind.OPAQUE:
            return _UNREADABLE
        case _:
            assert_never(kind)


def _compared(
    operator: Operator,
    value: str | float | Decimal,
    *,
    of_text: bool = False,
    written: Decimal | None = None,
) -> Test:
    """Compare with a value as it is."""
    # Sets of operators would be made anew each time.
    if operator is Operator.EQ:
        return Equals(value, of_text)
    if operator is Operator.GE or operator is Operator.GT:
        return Within(End(value, operator is Operator.GE), None, of_text, written)
    return Within(None, End(value, operator is Operator.LE), of_text, written)


# --- Numbers and dates ----------------------------------------------------------------------------

_MOST_DIGITS = 40
"""Numbers with more digits before the point stay as they are written: as an integer, one with an
exponent could take a gigabyte."""
_ZERO: Final = Decimal(0)
_INFINITY: Final = Decimal("Infinity")


def _integer(operator: Operator, expression: str) -> Test:
    number = read_exact_number(expression)
    if number is None:
        return _UNREADABLE
    if isinstance(number, Extreme):
        return _beside_integers(operator, number)
    if number.adjusted() > _MOST_DIGITS:
        if operator is Operator.EQ and number != number.to_integral_value():
            return Never(Why.NOT_WHOLE)
        return _compared(operator, number, written=number)
    whole = int(number)  # cut towards zero
    if whole == number:
        return _whole(operator, whole, whole, number)
    floor = whole if number > 0 else whole - 1
    return _whole(operator, floor, floor + 1, number)


def _beside_integers(operator: Operator, number: Extreme) -> Test:
    """Compare integers with a number that lies beyond them all, or between 0 and 1 or -1."""
    if not number.is_huge:
        floor = 0 if number.sign > 0 else -1
        return _whole(operator, floor, floor + 1, None)
    is_passed = operator.orders and (operator in {Operator.GT, Operator.GE}) is (number.sign < 0)
    return Always() if is_passed else Never(Why.OUT_OF_RANGE)


def _whole(operator: Operator, floor: int, ceiling: int, written: Decimal | None) -> Test:
    """Compare whole numbers with one that lies between `floor` and `ceiling`, or is both."""
    match operator:
        case Operator.LT:
            return Within(None, End(ceiling - 1, is_closed=True), False, written)
        case Operator.LE:
            return Within(None, End(floor, is_closed=True), False, written)
        case Operator.GT:
            return Within(End(floor + 1, is_closed=True), None, False, written)
        case Operator.GE:
            return Within(End(ceiling, is_closed=True), None, False, written)
        case _:
            return Equals(floor, of_text=False) if floor == ceiling else Never(Why.NOT_WHOLE)


def _decimal(operator: Operator, number: Decimal | Extreme) -> Test:
    if not isinstance(number, Extreme):
        return _compared(operator, number, written=number)
    if operator is Operator.EQ:
        return Never(Why.OUT_OF_RANGE)
    rises = operator in {Operator.GT, Operator.GE}
    # Only an infinity lies beyond a huge number, and only zero beside a tiny one.
    value = _INFINITY.copy_sign(number.sign) if number.is_huge else _ZERO
    is_closed = rises is ((number.sign > 0) is number.is_huge)
    end = End(value, is_closed)
    return Within(end, None, of_text=False) if rises else Within(None, end, of_text=False)


def _units(operator: Operator, expression: str, unit: int) -> Test:
    """Compare dates or datetimes by whole units of so many microseconds since 1970."""
    instant = read_instant(expression)
    if instant is None:
        return _UNREADABLE
    return _whole(operator, instant // unit, -(-instant // unit), None)


# --- Patterns -------------------------------------------------------------------------------------


def fragments_of(pattern: Pattern) -> Fragments:
    """Return what stands between the runs of `*` in a pattern, folded.

    Example:
        >>> fragments_of(Pattern("Clev*d?"))
        (('clev',), ('d', Wildcard.ONE))
    """
    fragments: list[list[str | Wildcard]] = [[]]
    for part in pattern.parts:
        if part is Wildcard.RUN:
            fragments.append([])
        else:
            fragments[-1].append(part if isinstance(part, Wildcard) else fold(part))
    return tuple(map(tuple, fragments))


_KINDS = tuple(Kind)
_NO_TEXT: Final = Never(Why.NO_TEXT)
_WITHOUT_TEXT: dict[Kind, Test] = {
    Kind.OPAQUE: _NO_TEXT,
    Kind.INSTANT: _NO_TEXT,
    Kind.RATIO: _NO_TEXT,
}
_MOST_KEPT = 1000
_LONGEST_KEPT = 100
_kept: dict[str, dict[Kind, Test]] = {}
"""What the short patterns ask that were met last: many filters share theirs, and each is asked by
many."""


def _of_pattern(pattern: Pattern) -> dict[Kind, Test]:
    """Return what a pattern asks of each kind of value: the same of all that have a text.

    Nobody may change what is returned.
    """
    tests = _kept.get(pattern.text)
    if tests is None:
        test: Test
        match fragments_of(pattern):
            case ((str(text),),):
                test = Equals(text, of_text=True)
            case ((), ()):
                test = Always()
            case fragments:
                test = Like(fragments)
        tests = {**dict.fromkeys(_KINDS, test), **_WITHOUT_TEXT}
        if len(pattern.text) <= _LONGEST_KEPT:
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[pattern.text] = tests
    return tests
