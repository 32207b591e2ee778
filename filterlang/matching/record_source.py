"""Clauses → the condition of a record: which are asked first, and what stands where they look.

There are two ways: `QuickConditions` expects what records mostly hold, and raises for the rest,
`CarefulConditions` looks at types first.
"""

from __future__ import annotations

from decimal import Decimal
from struct import pack, unpack
from typing import TYPE_CHECKING, assert_never

from filterlang.matching.python_source import Conditions, TextTest
from filterlang.semantics.judge import holds
from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import Always, Equals, Like, Never, Within

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from filterlang.semantics.tests import BoundClause, Test


_OF_NUMBERS = frozenset("0123456789.-")
_ZERO = Decimal(0)
_EXACT_DOUBLES = 1 << 53
"""Up to here a double and the nearest integer are told apart alike by either."""


def _is_short(number: float) -> bool:
    """Return whether every kind of float has a number; NumPy compares with what its kinds have."""
    try:
        return bool(unpack("e", pack("e", float(number)))[0] == number)
    except OverflowError:
        return False


def _is_no_value(clause: BoundClause) -> bool:
    """Return whether what a clause asks for is no number and no truth value."""
    return isinstance(clause.on(Kind.DECIMAL), Never) and isinstance(clause.on(Kind.BOOLEAN), Never)


def _rank(clause: BoundClause, of_text: Test) -> tuple[int, int]:
    """Order clauses by how often they decide, then by how deep they look."""
    match of_text:
        case Equals():
            rank = 0
        case Within():
            rank = 1
        case Like() | Always() | Never():
            rank = 2
        case _:
            assert_never(of_text)
    return rank + 3 * clause.negative, len(clause.path)


def _ranked(
    clauses: Sequence[BoundClause],
    rank: Callable[[BoundClause, Test], tuple[int, int]] = _rank,
) -> list[tuple[tuple[int, int], int, BoundClause, Test]]:
    """Return clauses in order, each with its rank and place before it and what it asks of texts."""
    found = []
    for place, clause in enumerate(clauses):
        of_text = clause.on(Kind.TEXT)
        found.append((rank(clause, of_text), place, clause, of_text))
    found.sort()
    return found


class QuickConditions(Conditions):
    """Writes conditions that raise for what they don't expect."""

    _mark = "q"

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, list[BoundClause]] = {}
        """For each variable the clauses that compared it as if it were a number."""

    def conjunction(self, clauses: Sequence[BoundClause]) -> list[str]:
        """Write the conditions of one filter; what is a number is asked last."""
        self._numbers = {}
        places: dict[tuple[str, ...], str] = {}
        values: dict[tuple[str, ...], str] = {}
        conditions = []
        for _, _, clause, of_text in _ranked(clauses, self._rank):
            if clause.path in values:
                first = v = values[clause.path]
            elif (found := self._look_up(clause, places)).isidentifier():
                values[clause.path] = first = v = found
            else:
                self._variables += 1
                values[clause.path] = v = f"v{self._variables}"
                first = f"({v} := {found})"
            positive = self._positive(clause, of_text, first, v)
            conditions.append(f"not {positive}" if clause.negative else positive)
        return conditions + [self._is_number(v, of) for v, of in self._numbers.items()]

    def _rank(self, clause: BoundClause, of_text: Test) -> tuple[int, int]:
        return _rank(clause, of_text)

    def _look_up(self, clause: BoundClause, places: dict[tuple[str, ...], str]) -> str:
        """Write what gives the value that a name leads to; `places` is what has been reached."""
        return self._value(clause, 0, "r", "r", places)

    def _value(
        self,
        clause: BoundClause,
        depth: int,
        first: str,
        later: str,
        places: dict[tuple[str, ...], str],
    ) -> str:
        """Write the look-up of a name from a segment on; the whole rest as one key is unexpected.

        What a prefix leads to is kept in a variable, for this clause and those after it; `first`
        is how the place is reached here, `later` how once it has been reached.
        """
        key = self.constant(clause.path[depth])
        if depth + 1 == len(clause.path):
            return f"get({first}, {key})"
        prefix = clause.path[: depth + 1]
        reached = places.get(prefix)
        if reached is None:
            self._variables += 1
            places[prefix] = variable = f"v{self._variables}"
            inner = self._value(
                clause,
                depth + 1,
                # Nothing can be found in what isn't there; what is no dict raises in `get`.
                f"({variable} if ({variable} := get({later}, {key})) is not None"
                f" else ({variable} := EMPTY))",
                variable,
                places,
            )
        else:
            inner = self._value(clause, depth + 1, reached, reached, places)
        whole = self.constant(".".join(clause.path[depth:]))
        return f"({inner} if {whole} not in {first} else flat())"

    def _text(self, clause: BoundClause, first: str, v: str, test: TextTest) -> str:
        literal = test.literal
        # Hardly a number or truth value can pass a test for text, if it isn't written as one.
        is_written_so = literal in "true false" or _OF_NUMBERS.issuperset(literal)
        if is_written_so and not _is_no_value(clause):
            return super()._text(clause, first, v, test)
        # What is no text raises in `lower`.
        return f"({first} is not None and {self._lowered_test(clause, test, v)})"

    def _number_order(self, clause: BoundClause, first: str, v: str, test: Within) -> str:
        number = test.written or _ZERO
        bound = int(number) if number == int(number) else float(number)
        # The constructor would be refused where a program traps `FloatOperation`.
        exact = Decimal.from_float(bound) == number  # noqa: FURB164 — see above
        if not exact or number.copy_abs() > _EXACT_DOUBLES:
            return super()._number_order(clause, first, v, test)
        holds_for_numbers = self._within(v, test.low, test.high, bound)
        if not _is_short(bound):
            return (
                f"({holds_for_numbers} if type({first}) is int or type({v}) is float"
                f" else {self._or_of_any_type(clause, v)})"
            )
        # Whatever has no order with numbers raises. Of what has one, all that doesn't compare so
        # is rightly refused, whatever its type; what does has to show at the end that it is a
        # number, as few records come that far.
        if v in self._numbers:
            self._numbers[v].append(clause)
            return holds_for_numbers
        self._numbers[v] = [clause]
        return f"({first} is not None and {holds_for_numbers})"

    def _is_number(self, v: str, compared: Sequence[BoundClause]) -> str:
        judged = " and ".join([f"{self._any(clause)}({v})" for clause in compared])
        return f"(type({v}) is int or type({v}) is float or {judged})"


class CarefulConditions(Conditions):
    """Writes conditions that look at types first; the record `r` is a dict."""

    _mark = "c"

    def conjunction(self, clauses: Sequence[BoundClause]) -> list[str]:
        """Write the conditions of one filter, those with a common beginning side by side."""
        return self._of_object(clauses, "r", 0)

    def _of_object(self, clauses: Sequence[BoundClause], place: str, depth: int) -> list[str]:
        groups: dict[str, list[BoundClause]] = {}
        conditions = []
        for _, _, clause, _ in _ranked(clauses):
            if depth + 1 == len(clause.path):
                key = self.constant(clause.path[depth])
                conditions.append(self._clause(clause, f"(v := get({place}, {key}))", "v"))
            else:
                groups.setdefault(clause.path[depth], []).append(clause)
        for segment, members in groups.items():
            conditions.append(self._group(members, place, segment, depth))
        return conditions

    def _clause(self, clause: BoundClause, first: str, v: str) -> str:
        positive = self._positive(clause, clause.on(Kind.TEXT), first, v)
        return f"not {positive}" if clause.negative else positive

    def _group(self, members: list[BoundClause], place: str, segment: str, depth: int) -> str:
        """Write the conditions of clauses that share a segment, for what it may lead to."""
        self._variables += 1
        variable = f"v{self._variables}"
        inner = " and ".join(self._of_object(members, variable, depth + 1))
        names = [self.constant(".".join(clause.path[depth:])) for clause in members]
        no_whole = "".join(f" and {name} not in {place}" for name in names)
        all_whole = " and ".join(f"{name} in {place}" for name in names)
        flat = " and ".join(
            self._clause(clause, f"(v := get({place}, {name}))", "v")
            for clause, name in zip(members, names, strict=True)
        )
        missing = all(clause.of_missing is not clause.negative for clause in members)

        def hold_otherwise(record: object) -> bool:
            return holds(members, record, depth)

        other = self._function("G", hold_otherwise)
        return (
            f"(({inner}) if type({variable} := get({place}, {self.constant(segment)})) is dict"
            f"{no_whole} else ({flat}) if {all_whole}"
            f" else {missing} if {variable} is None{no_whole} else {other}({place}))"
        )
