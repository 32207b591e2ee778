"""Probes → the source of a condition, as careful people would write it by hand.

A condition is an expression about the record `r`. Its names, texts and numbers stand there as
`"C0"`, `"C1"` …, so that filters of one shape have the same condition.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NoReturn

from filterlang.semantics.judge import Wildcards, holds
from filterlang.semantics.values import fold, instant_of, read_boolean, read_instant, read_number
from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.nodes import Pattern
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.semantics.judge import Probe

_TEXT_TYPES = {None, "text", "enum"}
_NUMBER_TYPES = {None, "integer", "number"}
_EXPONENTS = range(-40, 40)
"""Numbers of other sizes are left to `semantics`; written out they could have a billion digits."""

_FIRST_MILLISECOND, _LAST_MILLISECOND = (
    instant_of(datetime.min.replace(tzinfo=UTC)) // 1000,
    instant_of(datetime.max.replace(tzinfo=UTC)) // 1000,
)
_OF_NUMBERS = frozenset("0123456789.-")
_EXACT_DOUBLES = 1 << 53
"""Up to here a double and the nearest integer are told apart alike by either."""


def _flat() -> NoReturn:
    """Give up on a record that holds a dotted name as one key."""
    raise LookupError


SCOPE: dict[str, Any] = {
    "Exception": Exception,
    "EMPTY": {},
    "dict": dict,
    "flat": _flat,
    "float": float,
    "fold": fold,
    "get": dict.get,
    "int": int,
    "isascii": str.isascii,
    "lower": str.lower,
    "str": str,
    "type": type,
}
"""What the conditions name beside constants and functions of their own."""


class Conditions:
    """Writes the condition of a filter set.

    Fields: `constants`, what stands in the finished code where a literal of the source is one of
    these names; `functions`, what the source calls by these names.
    """

    _mark: str
    """Tells the names of functions in one version from those in the other."""

    def __init__(self) -> None:
        self.constants: dict[str, object] = {}
        self.functions: dict[str, object] = {}
        self._variables = 0

    def condition(self, filters: Sequence[Sequence[Probe]]) -> str:
        """Write the condition that one of the filters matches the record `r`."""
        return " or ".join([f"({' and '.join(self.conjunction(probes))})" for probes in filters])

    def conjunction(self, probes: Sequence[Probe]) -> list[str]:
        """Write the conditions of one filter, what is cheap and decides often first."""
        raise NotImplementedError

    def constant(self, value: object) -> str:
        """Write the name in whose place the value will stand."""
        name = f"C{len(self.constants)}"
        self.constants[name] = value
        return f'"{name}"'

    def _function(self, letter: str, function: object) -> str:
        name = f"{letter}{self._mark}{len(self.functions)}"
        self.functions[name] = function
        return name

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    # --- One clause. `first` is the source of an expression that gives its value and puts it into
    # --- the variable `v`; it is evaluated before anything else of the clause.

    def _clause(self, probe: Probe, first: str, v: str) -> str:
        positive = self._positive(probe, first, v)
        return f"not {positive}" if probe.negative else positive

    def _positive(self, probe: Probe, first: str, v: str) -> str:
        expression = probe.clause.expression
        if isinstance(expression, Pattern):
            return self._pattern(probe, first, v, expression)
        if not expression:
            judged = f"{v} is None or {self._any(probe)}({v})"
            return f"(not {v} if type({first}) is str else {judged})"
        if probe.clause.operator.orders:
            return self._order(probe, first, v, expression)
        return self._equality(probe, first, v, expression)

    def _any(self, probe: Probe) -> str:
        """Name the function that judges values of any type."""
        return self._function("S", probe.judges)

    def _of_any_type(self, probe: Probe, first: str, v: str) -> str:
        return f"({first} is not None and {self._any(probe)}({v}))"

    def _or_of_any_type(self, probe: Probe, v: str) -> str:
        """End a condition that is written for some types with what holds for all others."""
        return f"{v} is not None and {self._any(probe)}({v})"

    def _equality(self, probe: Probe, first: str, v: str, expression: str) -> str:
        number, boolean = read_number(expression), read_boolean(expression)
        if number is not None and probe.type in _NUMBER_TYPES:
            return self._number_equality(probe, first, v, expression, number)
        if boolean is not None and probe.type in {None, "boolean"}:
            return (
                f"({first} is {boolean}"
                f" or {v} is not {not boolean} and {self._or_of_any_type(probe, v)})"
            )
        if probe.type not in _TEXT_TYPES:
            return self._of_any_type(probe, first, v)
        test = _TextTest("==", fold(expression))
        is_plain = number is None and boolean is None
        return self._text(probe, first, v, test, is_plain=is_plain)

    def _number_equality(
        self, probe: Probe, first: str, v: str, expression: str, number: Decimal
    ) -> str:
        if not _is_ordinary(number):
            return self._of_any_type(probe, first, v)
        is_integer = number == int(number)
        same = f"{v} == {self.constant(int(number))}" if is_integer else "False"
        text = ""
        if probe.type is None:
            text = f" lower({v}) == {self.constant(fold(expression))} if type({v}) is str else"
        return f"({same} if type({first}) is int else{text} {self._or_of_any_type(probe, v)})"

    def _order(self, probe: Probe, first: str, v: str, expression: str) -> str:
        number = read_number(expression)
        operator = probe.clause.operator
        if number is not None and probe.type in _NUMBER_TYPES:
            if not _is_ordinary(number):
                return self._of_any_type(probe, first, v)
            return self._number_order(probe, first, v, number)
        if probe.type == "datetime" and (instant := read_instant(expression)) is not None:
            bound = self._integer_bound(operator, Fraction(instant, 1000))
            # Beyond the dates that Python knows, an integer is no date.
            within = f"{_FIRST_MILLISECOND} <= {v} <= {_LAST_MILLISECOND}"
            return (
                f"({within} and {v} {bound} if type({first}) is int"
                f" else {self._or_of_any_type(probe, v)})"
            )
        if probe.type not in _TEXT_TYPES:
            return self._of_any_type(probe, first, v)
        folded = f"(lower({v}) if isascii({v}) else fold({v}))"
        return (
            f"({folded} {operator} {self.constant(fold(expression))} if type({first}) is str"
            f" else {self._or_of_any_type(probe, v)})"
        )

    def _number_order(self, probe: Probe, first: str, v: str, number: Decimal) -> str:
        operator = probe.clause.operator
        return (
            f"({v} {self._integer_bound(operator, number)} if type({first}) is int"
            f" else {v} {operator} {self.constant(float(number))} if type({v}) is float"
            f" else {self._or_of_any_type(probe, v)})"
        )

    def _integer_bound(self, operator: Operator, number: Decimal | Fraction) -> str:
        """Write the comparison that holds for the integers which compare so with the number."""
        match operator:
            case Operator.GT:
                return f">= {self.constant(floor(number) + 1)}"
            case Operator.GE:
                return f">= {self.constant(ceil(number))}"
            case Operator.LT:
                return f"<= {self.constant(ceil(number) - 1)}"
            case _:
                return f"<= {self.constant(floor(number))}"

    def _pattern(self, probe: Probe, first: str, v: str, pattern: Pattern) -> str:
        if probe.type not in _TEXT_TYPES:
            return self._of_any_type(probe, first, v)
        test = _text_test(pattern)
        if test is None:
            wildcards = Wildcards(pattern)

            def matches_folded(text: str) -> bool:
                return wildcards.matches(fold(text))

            matches = self._function("M", matches_folded)
            return f"({matches}({v}) if type({first}) is str else {self._or_of_any_type(probe, v)})"
        literal = test.literal
        is_plain = literal not in "true false" and not set(literal) <= _OF_NUMBERS
        return self._text(probe, first, v, test, is_plain=is_plain)

    def _text(self, probe: Probe, first: str, v: str, test: _TextTest, *, is_plain: bool) -> str:  # noqa: ARG002 — see QuickConditions
        """Write a test for text; `is_plain` if hardly a number or truth value can pass it."""
        return (
            f"({self._lowered_test(probe, test, v)} if type({first}) is str"
            f" else {self._or_of_any_type(probe, v)})"
        )

    def _lowered_test(self, probe: Probe, test: _TextTest, v: str) -> str:
        """Write the test for a text, lowered, and again folded where that makes a difference."""
        literal = test.literal
        if _DOT_ABOVE in literal:
            return f"{self._function('M', probe.passes)}({v})"
        test_lowered = test.source(self, f"lower({v})")
        marks = "".join([marks for letter, marks in _FOLDED_OTHERWISE.items() if letter in literal])
        if not marks:
            return test_lowered
        # A text that passes lowered does so folded too. For one that fails, the marks are looked
        # for, which takes no time in a text of narrower characters.
        marked = " or ".join([f"{self.constant(mark)} in {v}" for mark in marks])
        return f"({test_lowered} or ({marked}) and {self._function('M', probe.passes)}({v}))"


class _TextTest:
    """How a text is compared with a folded literal: `"=="`, or as a simple pattern."""

    __slots__ = ("kind", "literal")

    def __init__(self, kind: str, literal: str) -> None:
        self.kind = kind
        self.literal = literal

    def source(self, writer: Conditions, text: str) -> str:
        """Write the test of a text."""
        constant = writer.constant(self.literal)
        match self.kind:
            case "prefix":
                return f"{text}.startswith({constant})"
            case "suffix":
                return f"{text}.endswith({constant})"
            case "infix":
                return f"{constant} in {text}"
            case _:
                return f"{text} == {constant}"


_DOT_ABOVE = "\u0307"
_FOLDED_OTHERWISE = {"i": "İ", "σ": "Σς"}
"""For each letter what is folded to it, and lowered to something else: İ to `i` and U+0307, Σ at
the end of a word to ς."""


def _is_ordinary(number: Decimal) -> bool:
    return number.is_finite() and number.adjusted() in _EXPONENTS


def _text_test(pattern: Pattern) -> _TextTest | None:
    """Give the test that a simple pattern is; None for any other."""
    match pattern.parts:
        case (str(literal),):
            return _TextTest("==", fold(literal))
        case (str(literal), Wildcard.RUN):
            return _TextTest("prefix", fold(literal))
        case (Wildcard.RUN, str(literal)):
            return _TextTest("suffix", fold(literal))
        case (Wildcard.RUN, str(literal), Wildcard.RUN):
            return _TextTest("infix", fold(literal))
        case _:
            return None


_RANKS = {
    Operator.EQ: 0,
    Operator.LT: 1,
    Operator.LE: 1,
    Operator.GT: 1,
    Operator.GE: 1,
    Operator.LIKE: 2,
    Operator.NE: 3,
    Operator.NOT_LIKE: 4,
}


def _rank(probe: Probe) -> tuple[int, int]:
    """Order clauses by how often they decide, then by how deep they look."""
    return _RANKS[probe.clause.operator], len(probe.segments)


class QuickConditions(Conditions):
    """Writes conditions that raise for what they don't expect."""

    _mark = "q"

    def __init__(self) -> None:
        super().__init__()
        self._numbers: dict[str, list[Probe]] = {}
        """For each variable the clauses that compared it as if it were a number."""

    def conjunction(self, probes: Sequence[Probe]) -> list[str]:
        """Write the conditions of one filter; what is a number is asked last."""
        self._numbers = {}
        places: dict[tuple[str, ...], str] = {}
        values: dict[tuple[str, ...], str] = {}
        conditions = []
        for probe in sorted(probes, key=_rank):
            if probe.segments in values:
                first = v = values[probe.segments]
            else:
                values[probe.segments] = v = self._variable()
                first = f"({v} := {self._value(probe, 0, 'r', 'r', places)})"
            conditions.append(self._clause(probe, first, v))
        return conditions + [self._is_number(v, of) for v, of in self._numbers.items()]

    def _value(
        self,
        probe: Probe,
        depth: int,
        first: str,
        later: str,
        places: dict[tuple[str, ...], str],
    ) -> str:
        """Write the look-up of a name from a segment on; the whole rest as one key is unexpected.

        What a prefix leads to is kept in a variable, for this clause and those after it; `first`
        is how the place is reached here, `later` how once it has been reached.
        """
        key = self.constant(probe.segments[depth])
        if depth + 1 == len(probe.segments):
            return f"get({first}, {key})"
        prefix = probe.segments[: depth + 1]
        reached = places.get(prefix)
        if reached is None:
            places[prefix] = variable = self._variable()
            inner = self._value(
                probe,
                depth + 1,
                # Nothing can be found in what isn't there; what is no dict raises in `get`.
                f"({variable} if ({variable} := get({later}, {key})) is not None"
                f" else ({variable} := EMPTY))",
                variable,
                places,
            )
        else:
            inner = self._value(probe, depth + 1, reached, reached, places)
        whole = self.constant(".".join(probe.segments[depth:]))
        return f"({inner} if {whole} not in {first} else flat())"

    def _text(self, probe: Probe, first: str, v: str, test: _TextTest, *, is_plain: bool) -> str:
        if not is_plain:
            return super()._text(probe, first, v, test, is_plain=is_plain)
        # What is no text raises in `lower`.
        return f"({first} is not None and {self._lowered_test(probe, test, v)})"

    def _number_order(self, probe: Probe, first: str, v: str, number: Decimal) -> str:
        bound = int(number) if number == int(number) else float(number)
        # The constructor would be refused where a program traps `FloatOperation`.
        exact = Decimal.from_float(bound) == number  # noqa: FURB164 — see above
        if not exact or number.copy_abs() > _EXACT_DOUBLES:
            return super()._number_order(probe, first, v, number)
        # Whatever has no order with numbers raises. Of what has one, all that doesn't compare so
        # is rightly refused, whatever its type; what does has to show at the end that it is a
        # number, as few records come that far.
        holds_for_numbers = f"{v} {probe.clause.operator} {self.constant(bound)}"
        if v in self._numbers:
            self._numbers[v].append(probe)
            return holds_for_numbers
        self._numbers[v] = [probe]
        return f"({first} is not None and {holds_for_numbers})"

    def _is_number(self, v: str, compared: Sequence[Probe]) -> str:
        judged = " and ".join([f"{self._any(probe)}({v})" for probe in compared])
        return f"(type({v}) is int or type({v}) is float or {judged})"


class CarefulConditions(Conditions):
    """Writes conditions that look at types first; the record `r` is a dict."""

    _mark = "c"

    def conjunction(self, probes: Sequence[Probe]) -> list[str]:
        """Write the conditions of one filter, those with a common beginning side by side."""
        return self._of_object(probes, "r", 0)

    def _of_object(self, probes: Sequence[Probe], place: str, depth: int) -> list[str]:
        groups: dict[str, list[Probe]] = {}
        conditions = []
        for probe in sorted(probes, key=_rank):
            if depth + 1 == len(probe.segments):
                key = self.constant(probe.segments[depth])
                conditions.append(self._clause(probe, f"(v := get({place}, {key}))", "v"))
            else:
                groups.setdefault(probe.segments[depth], []).append(probe)
        for segment, members in groups.items():
            conditions.append(self._group(members, place, segment, depth))
        return conditions

    def _group(self, members: list[Probe], place: str, segment: str, depth: int) -> str:
        """Write the conditions of clauses that share a segment, for what it may lead to."""
        variable = self._variable()
        inner = " and ".join(self._of_object(members, variable, depth + 1))
        names = [self.constant(".".join(probe.segments[depth:])) for probe in members]
        no_whole = "".join(f" and {name} not in {place}" for name in names)
        all_whole = " and ".join(f"{name} in {place}" for name in names)
        flat = " and ".join(
            self._clause(probe, f"(v := get({place}, {name}))", "v")
            for probe, name in zip(members, names, strict=True)
        )
        missing = all(probe.passes(None) is not probe.negative for probe in members)

        def hold_otherwise(record: object) -> bool:
            return holds(members, record, depth)

        other = self._function("G", hold_otherwise)
        return (
            f"(({inner}) if type({variable} := get({place}, {self.constant(segment)})) is dict"
            f"{no_whole} else ({flat}) if {all_whole}"
            f" else {missing} if {variable} is None{no_whole} else {other}({place}))"
        )
