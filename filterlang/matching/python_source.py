"""Bound clauses → the source of a condition, as careful people would write it by hand.

A condition is an expression about the record `r`. Its names, texts and numbers stand there as
`"C0"`, `"C1"` …, so that filters of one shape have the same condition.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, assert_never

from filterlang.semantics.judge import judges, passes
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import Always, Equals, Like, Never, Within
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from filterlang.semantics.tests import BoundClause, End, Test

_EXPONENTS = range(-40, 40)
"""Numbers of other sizes are left to the judge; written out they could have a billion digits."""


def _flat() -> NoReturn:
    """Return up on a record that holds a dotted name as one key."""
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

    def condition(self, filters: Sequence[Sequence[BoundClause]]) -> str:
        """Write the condition that one of the filters matches the record `r`."""
        return " or ".join([f"({' and '.join(self.conjunction(clauses))})" for clauses in filters])

    def conjunction(self, clauses: Sequence[BoundClause]) -> list[str]:
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

    # --- One clause. `first` is the source of an expression that gives its value and puts it into
    # --- the variable `v`; it is evaluated before anything else of the clause.

    def _positive(self, clause: BoundClause, of_text: Test, first: str, v: str) -> str:
        """Write a clause before it is turned round; `of_text` is what it asks of texts."""
        if clause.of_missing:
            judged = f"{v} is None or {self._any(clause)}({v})"
            return f"(not {v} if type({first}) is str else {judged})"
        match clause.reading:
            case Reading.AS_IS:
                if isinstance(of_text, Like):
                    return self._on_text(clause, first, v, of_text)
                return (
                    self._on_numbers(clause, first, v)
                    or self._on_booleans(clause, first, v)
                    or self._on_text(clause, first, v, of_text)
                )
            case Reading.TEXT:
                return self._on_text(clause, first, v, of_text)
            case Reading.ENUM if not isinstance(of_text, Within):
                return self._on_text(clause, first, v, of_text)
            case Reading.ENUM:
                return self._of_any_type(clause, first, v)  # an empty text has no order
            case Reading.NUMBER:
                return self._on_numbers(clause, first, v) or self._of_any_type(clause, first, v)
            case Reading.BOOLEAN:
                return self._on_booleans(clause, first, v) or self._of_any_type(clause, first, v)
            case Reading.INSTANT:
                return self._on_milliseconds(clause, first, v)
            case _:
                assert_never(clause.reading)

    def _any(self, clause: BoundClause) -> str:
        """Name the function that judges values of any type."""
        return self._function("S", self._on_values(partial(judges, clause)))

    def _judged_text(self, clause: BoundClause) -> str:
        """Name the function that judges what the written test of a text isn't right for."""
        return self._function("M", self._on_values(partial(passes, clause)))

    def _on_values(self, judged: Callable[[object], bool]) -> Callable[[object], bool]:
        """Return the function to be called with values as the condition finds them."""
        return judged

    def _of_any_type(self, clause: BoundClause, first: str, v: str) -> str:
        return f"({first} is not None and {self._any(clause)}({v}))"

    def _or_of_any_type(self, clause: BoundClause, v: str) -> str:
        """End a condition that is written for some types with what holds for all others."""
        return f"{v} is not None and {self._any(clause)}({v})"

    # --- What the clause asks of one kind of value; None where that says nothing of its own.

    def _on_numbers(self, clause: BoundClause, first: str, v: str) -> str | None:
        test = clause.on(Kind.DECIMAL)
        match test:
            case Never() | Always() | Like():
                return None
            case Equals(number, of_text):
                if of_text:
                    return None
                return self._number_equality(clause, first, v, number)
            case Within():
                written = test.written
                if written is None or not _is_ordinary(written):
                    return self._of_any_type(clause, first, v)
                return self._number_order(clause, first, v, test)
            case _:
                assert_never(test)

    def _number_equality(self, clause: BoundClause, first: str, v: str, number: Decimal) -> str:
        if not _is_ordinary(number):
            return self._of_any_type(clause, first, v)
        whole = clause.on(Kind.INTEGER)
        same = f"{v} == {self.constant(whole.value)}" if isinstance(whole, Equals) else "False"
        text, as_text = "", clause.on(Kind.TEXT)
        if clause.reading is Reading.AS_IS and isinstance(as_text, Equals):
            text = f" lower({v}) == {self.constant(as_text.value)} if type({v}) is str else"
        return f"({same} if type({first}) is int else{text} {self._or_of_any_type(clause, v)})"

    def _number_order(self, clause: BoundClause, first: str, v: str, test: Within) -> str:  # noqa: ARG002 — see QuickConditions
        return (
            f"({self._compared(v, clause.on(Kind.INTEGER))} if type({first}) is int"
            f" else {self._compared(v, clause.on(Kind.DOUBLE))} if type({v}) is float"
            f" else {self._or_of_any_type(clause, v)})"
        )

    def _compared(self, v: str, test: Test) -> str:
        """Write a test of a plain number."""
        match test:
            case Never() | Like():
                return "False"
            case Always():
                return "True"
            case Equals(value):
                return f"{v} == {self.constant(value)}"
            case Within(low, high):
                return self._within(v, low, high)
            case _:
                assert_never(test)

    def _within(
        self, v: str, low: End | None, high: End | None, instead: float | None = None
    ) -> str:
        """Write a comparison with ends, or with an equal number of another type instead."""
        parts = []
        if low is not None:
            value = self.constant(low.value if instead is None else instead)
            parts.append(f"{v} {'>=' if low.is_closed else '>'} {value}")
        if high is not None:
            value = self.constant(high.value if instead is None else instead)
            parts.append(f"{v} {'<=' if high.is_closed else '<'} {value}")
        return " and ".join(parts)

    def _on_booleans(self, clause: BoundClause, first: str, v: str) -> str | None:
        test = clause.on(Kind.BOOLEAN)
        match test:
            case Equals(bool(boolean)):
                return (
                    f"({first} is {boolean}"
                    f" or {v} is not {not boolean} and {self._or_of_any_type(clause, v)})"
                )
            case Never() | Always() | Equals() | Within() | Like():
                return None
            case _:
                assert_never(test)

    def _on_milliseconds(self, clause: BoundClause, first: str, v: str) -> str:
        test = clause.on(Kind.MOMENT)
        match test:
            case Within(low, high):
                bounds = []
                if low is not None:
                    bounds.append(f"{v} >= {self.constant(-(-low.value // 1000))}")
                if high is not None:
                    bounds.append(f"{v} <= {self.constant(high.value // 1000)}")
                return (
                    f"({' and '.join(bounds)} if type({first}) is int"
                    f" else {self._or_of_any_type(clause, v)})"
                )
            case Never() | Always() | Equals() | Like():
                return self._of_any_type(clause, first, v)
            case _:
                assert_never(test)

    def _on_text(self, clause: BoundClause, first: str, v: str, test: Test) -> str:
        match test:
            case Never() | Always():
                return self._of_any_type(clause, first, v)
            case Equals(literal):
                return self._text(clause, first, v, TextTest("==", str(literal)))
            case Within():
                folded = f"(lower({v}) if isascii({v}) else fold({v}))"
                return (
                    f"({self._compared(folded, test)} if type({first}) is str"
                    f" else {self._or_of_any_type(clause, v)})"
                )
            case Like():
                return self._like(clause, first, v, test)
            case _:
                assert_never(test)

    def _like(self, clause: BoundClause, first: str, v: str, test: Like) -> str:
        simple = _simple(test)
        if simple is not None:
            return self._text(clause, first, v, simple)

        def matches_folded(text: str) -> bool:
            return test.matches(fold(text))

        matches = self._function("M", matches_folded)
        return f"({matches}({v}) if type({first}) is str else {self._or_of_any_type(clause, v)})"

    def _text(self, clause: BoundClause, first: str, v: str, test: TextTest) -> str:
        """Write a test for text."""
        return (
            f"({self._lowered_test(clause, test, v)} if type({first}) is str"
            f" else {self._or_of_any_type(clause, v)})"
        )

    def _lowered_test(self, clause: BoundClause, test: TextTest, v: str) -> str:
        """Write the test for a text, lowered, and again folded where that makes a difference."""
        literal = test.literal
        if _DOT_ABOVE in literal:
            return f"{self._judged_text(clause)}({v})"
        test_lowered = test.source(self, f"lower({v})")
        marks = ""
        for letter, others in _FOLDED_OTHERWISE.items():
            marks += others if letter in literal else ""
        if not marks:
            return test_lowered
        # A text that passes lowered does so folded too. For one that fails, the marks are looked
        # for, which takes no time in a text of narrower characters.
        marked = " or ".join([f"{self.constant(mark)} in {v}" for mark in marks])
        return f"({test_lowered} or ({marked}) and {self._judged_text(clause)}({v}))"


class TextTest:
    """How a text is compared with a folded literal: `"=="`, or as a simple pattern."""

    __slots__ = ("kind", "literal")

    kind: str
    literal: str

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


def _simple(test: Like) -> TextTest | None:
    """Return the test that a simple pattern is; None for any other."""
    match test.fragments:
        case ((str(literal),), ()):
            return TextTest("prefix", literal)
        case ((), (str(literal),)):
            return TextTest("suffix", literal)
        case ((), (str(literal),), ()):
            return TextTest("infix", literal)
        case _:
            return None
