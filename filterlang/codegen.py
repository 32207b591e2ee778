"""Probes → Python functions made for them, with the verdicts of `semantics` in a tenth of the time.

Of each filter set there are two versions. The *quick* one expects what records mostly hold, dicts
with text and numbers in them, and runs as fast as a condition written by hand; what it can't judge
raises within it, and is judged by `semantics`. Where that happens often the *careful* version takes
its place for good, which looks at the type of each value before it uses it.

No character of a filter enters the source: its names, texts and numbers stand there as `"C0"`,
`"C1"` …, which are replaced in the finished code. So filters of one shape share their code, which
is compiled once.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from operator import ge, gt, le, lt
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, NoReturn

from filterlang.escaping import Wildcard
from filterlang.nodes import Pattern
from filterlang.operators import Operator
from filterlang.semantics import Wildcards, holds
from filterlang.values import fold, instant_of, read_boolean, read_instant, read_number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from filterlang.semantics import Probe

    Matches = Callable[[object], bool]
    Select = Callable[[Sequence[Any]], list[Any]]

MOST_CLAUSES = 64
"""Filter sets with more clauses are made of several functions; one would take long to compile."""
MOST_FAILURES = 64
"""After so many records that the quick version could not judge, the careful one takes its place."""

_MOST_SEGMENTS = 32
"""Longer names are left to `semantics`: Python refuses to compile what is nested too deeply."""

_TEXT_TYPES = {None, "text", "enum"}
_NUMBER_TYPES = {None, "integer", "number"}
_EXPONENTS = range(-40, 40)
"""Numbers of other sizes are left to `semantics`; written out they could have a billion digits."""

_FIRST_MILLISECOND, _LAST_MILLISECOND = (
    instant_of(datetime.min.replace(tzinfo=UTC)) // 1000,
    instant_of(datetime.max.replace(tzinfo=UTC)) // 1000,
)
_EXACT_DOUBLES = 1 << 53
"""Up to here a double and the nearest integer are told apart alike by either."""

_QUICK = """\
def matches(r):
    try:
        return {condition}
    except Exception:
        return recover(r)

def select(records):
    return [r for r in records if {condition}]
"""

_CAREFUL = """\
def matches(r):
    try:
        return ({condition}) if type(r) is dict else judge(r)
    except Exception:
        return judge(r)

def select(records):
    return [r for r in records if ({condition} if type(r) is dict else judge(r))]
"""


def _flat() -> NoReturn:
    """Give up on a record that holds a dotted name as one key."""
    raise LookupError


_GLOBALS: dict[str, Any] = {
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


class Generated:
    """What was made for a filter set.

    Fields: `matches`, record → whether it matches, which never raises for the record's content;
    `select`, which gives the matching ones of a list of records; `source`.
    """

    __slots__ = ("matches", "select", "source")

    def __init__(self, matches: Matches, select: Select, source: str) -> None:
        self.matches = matches
        self.select = select
        self.source = source


def generate(filters: Sequence[Sequence[Probe]]) -> Generated:
    """Make the functions for filters of which one must match; without any, everything does."""
    if not filters:
        return Generated(lambda _: True, list, "every record matches")
    if any(len(probe.segments) > _MOST_SEGMENTS for probes in filters for probe in probes):
        judge = _Recovery(filters).judge
        return Generated(judge, lambda records: list(filter(judge, records)), "# see semantics.py")
    if sum(map(len, filters)) <= MOST_CLAUSES:
        return _generate_small(filters)
    parts = [_long_filter(probes) for probes in filters]
    alternatives = [matches for matches, _ in parts]
    source = "\n".join(dict.fromkeys(source for _, source in parts))

    def matches(record: object) -> bool:
        return any(alternative(record) for alternative in alternatives)

    return Generated(matches, lambda records: list(filter(matches, records)), source)


def _generate_small(filters: Sequence[Sequence[Probe]]) -> Generated:
    writer = _Quick()
    source = _QUICK.format(condition=writer.condition(filters))
    recovery = _Recovery(filters)
    matches, select = writer.functions(source, recover=recovery)
    recovery.quick, recovery.quick_select = matches, select
    return Generated(matches, recovery.select, source)


def _long_filter(probes: Sequence[Probe]) -> tuple[Matches, str]:
    if len(probes) <= MOST_CLAUSES:
        generated = _generate_small([probes])
        return generated.matches, generated.source
    by_start: dict[str, list[Probe]] = {}
    for probe in probes:
        # Clauses that could go through the same list must stay together.
        by_start.setdefault(probe.segments[0], []).append(probe)
    chunks: list[list[Probe]] = [[]]
    for together in by_start.values():
        if len(chunks[-1]) + len(together) > MOST_CLAUSES and chunks[-1]:
            chunks.append([])
        chunks[-1] += together
    parts = [_generate_small([chunk]) for chunk in chunks]
    steps = [part.matches for part in parts]
    source = "\n".join(dict.fromkeys(part.source for part in parts))
    return lambda record: all(step(record) for step in steps), source


class _Recovery:
    """Judges the records that the quick version can't, and replaces it where they are many."""

    __slots__ = ("_failures", "_filters", "_gave_up", "quick", "quick_select")
    quick: Any
    quick_select: Any

    def __init__(self, filters: Sequence[Sequence[Probe]]) -> None:
        self._filters = filters
        self._failures = 0
        self._gave_up = False

    def __call__(self, record: object) -> bool:
        self._failures += 1
        if self._failures >= MOST_FAILURES and not self._gave_up:
            self._give_up()
        return self.judge(record)

    def select(self, records: Sequence[Any]) -> list[Any]:
        """Give the matching ones of the records, by the version that is in force."""
        try:
            return self.quick_select(records)  # type: ignore[no-any-return]  # of generated code
        except Exception:  # noqa: BLE001 — whatever the quick version can't judge raises in it
            return list(filter(self.quick, records))

    def judge(self, record: object) -> bool:
        """Say whether a record matches, as `semantics` does."""
        return any(holds(probes, record) for probes in self._filters)

    def _give_up(self) -> None:
        """Put the careful version in the place of the quick one, for whoever holds on to that."""
        writer = _Careful()
        source = _CAREFUL.format(condition=writer.condition(self._filters))
        careful = writer.functions(source, judge=self.judge)
        self._gave_up = True
        for old, new in zip((self.quick, self.quick_select), careful, strict=True):
            # The names in the two versions differ, so that a call that is running isn't disturbed.
            old.__globals__.update(new.__globals__)
            old.__code__ = new.__code__


class _Writer:
    """Writes the condition of a filter set; gathers what its constants and functions stand for."""

    _mark: str
    """Tells the names of functions in one version from those in the other."""

    def __init__(self) -> None:
        self._constants: dict[str, object] = {}
        self._functions: dict[str, object] = {}
        self._variables = 0

    def condition(self, filters: Sequence[Sequence[Probe]]) -> str:
        """Write the condition that one of the filters matches the record `r`."""
        return " or ".join([f"({' and '.join(self.conjunction(probes))})" for probes in filters])

    def conjunction(self, probes: Sequence[Probe]) -> list[str]:
        """Write the conditions of one filter, what is cheap and decides often first."""
        raise NotImplementedError

    def functions(self, source: str, **used: object) -> tuple[Any, Any]:
        """Make the two functions of a source, with its constants in their places."""
        scope = {**_GLOBALS, **self._functions, **used}
        matches, select = (
            FunctionType(self._with_constants(code), scope) for code in _compiled(source)
        )
        return matches, select

    def _with_constants(self, code: CodeType) -> CodeType:
        return code.replace(
            co_consts=tuple(
                [
                    self._constants.get(value, value)
                    if type(value) is str
                    else (self._with_constants(value) if type(value) is CodeType else value)
                    for value in code.co_consts
                ]
            )
        )

    def constant(self, value: object) -> str:
        name = f"C{len(self._constants)}"
        self._constants[name] = value
        return f'"{name}"'

    def _function(self, letter: str, function: object) -> str:
        name = f"{letter}{self._mark}{len(self._functions)}"
        self._functions[name] = function
        return name

    def _variable(self) -> str:
        self._variables += 1
        return f"j{self._variables}"

    # --- One clause; `value` is the source of an expression for its value ---

    def _clause(self, probe: Probe, value: str) -> str:
        positive = self._positive(probe, value)
        return f"not {positive}" if probe.negative else positive

    def _positive(self, probe: Probe, value: str) -> str:
        expression = probe.clause.expression
        if isinstance(expression, Pattern):
            return self._pattern(probe, value, expression)
        if not expression:
            return f"(not v if type(v := {value}) is str else v is None or {self._any(probe)}(v))"
        if probe.clause.operator.orders:
            return self._order(probe, value, expression)
        return self._equality(probe, value, expression)

    def _any(self, probe: Probe) -> str:
        """Name the function that judges values of any type."""
        return self._function("S", probe.judges)

    def _of_any_type(self, probe: Probe, value: str) -> str:
        return f"((v := {value}) is not None and {self._any(probe)}(v))"

    def _equality(self, probe: Probe, value: str, expression: str) -> str:
        number, boolean = read_number(expression), read_boolean(expression)
        if number is not None and probe.type in _NUMBER_TYPES:
            return self._number_equality(probe, value, expression, number)
        if boolean is not None and probe.type in {None, "boolean"}:
            return (
                f"(v is {boolean} if (v := {value}) is True or v is False"
                f" else v is not None and {self._any(probe)}(v))"
            )
        if probe.type not in _TEXT_TYPES:
            return self._of_any_type(probe, value)
        folded = fold(expression)
        is_plain_text = number is None and boolean is None
        test = _TextTest("==", folded)
        return self._text(probe, value, test, is_plain_text=is_plain_text)

    def _number_equality(self, probe: Probe, value: str, expression: str, number: Decimal) -> str:
        if not _is_ordinary(number):
            return self._of_any_type(probe, value)
        is_integer = number == int(number)
        same = f"v == {self.constant(int(number))}" if is_integer else "False"
        text = ""
        if probe.type is None:
            text = f" lower(v) == {self.constant(fold(expression))} if type(v) is str else"
        return (
            f"({same} if type(v := {value}) is int else{text}"
            f" v is not None and {self._any(probe)}(v))"
        )

    def _order(self, probe: Probe, value: str, expression: str) -> str:
        number = read_number(expression)
        operator = probe.clause.operator
        if number is not None and probe.type in _NUMBER_TYPES:
            if not _is_ordinary(number):
                return self._of_any_type(probe, value)
            if self._is_quick_order(operator, number):
                bound = f"{operator} {self.constant(int(number))}"
                judged = f"type(v) is int or {self._any(probe)}(v)"
                return f"((v := {value}) is not None and (({judged}) if v {bound} else False))"
            double = self.constant(float(expression))
            return (
                f"(v {self._integer_bound(operator, number)} if type(v := {value}) is int"
                f" else v {operator} {double} if type(v) is float"
                f" else v is not None and {self._any(probe)}(v))"
            )
        if probe.type == "datetime" and (instant := read_instant(expression)) is not None:
            bound = self._integer_bound(operator, Fraction(instant, 1000))
            # Beyond the dates that Python knows, an integer is no date.
            within = f"{_FIRST_MILLISECOND} <= v <= {_LAST_MILLISECOND}"
            return (
                f"({within} and v {bound} if type(v := {value}) is int"
                f" else v is not None and {self._any(probe)}(v))"
            )
        if probe.type not in _TEXT_TYPES:
            return self._of_any_type(probe, value)
        return (
            f"((lower(v) if isascii(v) else fold(v)) {operator} {self.constant(fold(expression))}"
            f" if type(v := {value}) is str else v is not None and {self._any(probe)}(v))"
        )

    def _is_quick_order(self, operator: Operator, number: Decimal) -> bool:  # noqa: ARG002 — see _Quick
        """Whether values of all types may be compared with the number as they are."""
        return False

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

    def _pattern(self, probe: Probe, value: str, pattern: Pattern) -> str:
        if probe.type not in _TEXT_TYPES:
            return self._of_any_type(probe, value)
        wildcards = Wildcards(pattern)
        test = _text_test(pattern)
        if test is None:

            def matches_folded(text: str) -> bool:
                return wildcards.matches(fold(text))

            matches = self._function("M", matches_folded)
            return (
                f"({matches}(v) if type(v := {value}) is str"
                f" else v is not None and {self._any(probe)}(v))"
            )
        # The quick version takes zeros and false for "", which must make no difference.
        is_plain_text = not wildcards.matches("false") and not set(test.literal) <= set("0.-")
        return self._text(probe, value, test, is_plain_text=is_plain_text)

    def _text(self, probe: Probe, value: str, test: _TextTest, *, is_plain_text: bool) -> str:
        """Write a test for text; `is_plain_text` if no value that is false can pass it."""
        raise NotImplementedError

    def _typed_text(self, probe: Probe, value: str, test: _TextTest) -> str:
        return (
            f"({self._lowered_test(probe, test, 'v')} if type(v := {value}) is str"
            f" else v is not None and {self._any(probe)}(v))"
        )

    def _lowered_test(self, probe: Probe, test: _TextTest, text: str) -> str:
        """Write the test for a text, lowered, and again folded where that makes a difference."""
        literal = test.literal
        if not _is_ambiguous(literal):
            return test.source(self, f"lower({text})", literal)
        folded = f"{self._function('M', probe.passes)}({text})"
        if _DOT_ABOVE in literal:
            return folded
        again = f"not isascii(x) and {folded}"
        first = test.necessary()
        if first:
            # Most texts fail here already, and that is certain: no İ, Σ or ς could change it.
            return (
                f"({test.source(self, f'(x := lower({text}))', first)}"
                f" and ({test.source(self, 'x', literal)} or {again}))"
            )
        return f"({test.source(self, f'(x := lower({text}))', literal)} or {again})"


class _TextTest:
    """How a text is compared with a folded literal: `"=="`, or as a simple pattern."""

    __slots__ = ("kind", "literal")

    def __init__(self, kind: str, literal: str) -> None:
        self.kind = kind
        self.literal = literal

    def source(self, writer: _Writer, text: str, literal: str) -> str:
        """Write the test of a text for a literal."""
        constant = writer.constant(literal)
        match self.kind:
            case "prefix":
                return f"{text}.startswith({constant})"
            case "suffix":
                return f"{text}.endswith({constant})"
            case "infix":
                return f"{constant} in {text}"
            case _:
                return f"{text} == {constant}"

    def necessary(self) -> str:
        """Give a part of the literal that has to be there too, the same lowered or folded."""
        parts = _AMBIGUOUS.split(self.literal)
        match self.kind:
            case "prefix":
                return parts[0]
            case "suffix":
                return parts[-1]
            case "infix":
                return max(parts, key=len)
            case _:
                return ""


_DOT_ABOVE = "\u0307"
_AMBIGUOUS = re.compile(f"[iσ{_DOT_ABOVE}]")
"""Lowering gives `i` and U+0307 for İ, where folding gives `i`; and ς for some Σ, instead of σ."""


def _is_ambiguous(literal: str) -> bool:
    return _AMBIGUOUS.search(literal) is not None


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


class _Quick(_Writer):
    """Writes conditions that raise for what they don't expect."""

    _mark = "q"

    def conjunction(self, probes: Sequence[Probe]) -> list[str]:
        assigned: dict[tuple[str, ...], str] = {}
        return [
            self._clause(probe, self._value(probe, 0, "r", "r", assigned))
            for probe in sorted(probes, key=_rank)
        ]

    def _value(
        self,
        probe: Probe,
        depth: int,
        first: str,
        later: str,
        assigned: dict[tuple[str, ...], str],
    ) -> str:
        """Write the look-up of a name from a segment on; the whole rest as one key is unexpected.

        What a prefix leads to is kept in a variable, for this clause and those after it; `first`
        is how the place is reached here, `later` how once it has been reached.
        """
        key = self.constant(probe.segments[depth])
        if depth + 1 == len(probe.segments):
            return f"get({first}, {key})"
        prefix = probe.segments[: depth + 1]
        reached = assigned.get(prefix)
        if reached is None:
            assigned[prefix] = variable = self._variable()
            inner = self._value(
                probe,
                depth + 1,
                # Nothing can be found in what isn't there; what is no dict raises in `get`.
                f"({variable} if ({variable} := get({later}, {key})) is not None"
                f" else ({variable} := EMPTY))",
                variable,
                assigned,
            )
        else:
            inner = self._value(probe, depth + 1, reached, reached, assigned)
        whole = self.constant(".".join(probe.segments[depth:]))
        return f"({inner} if {whole} not in {first} else flat())"

    def _text(self, probe: Probe, value: str, test: _TextTest, *, is_plain_text: bool) -> str:
        if not is_plain_text:
            return self._typed_text(probe, value, test)
        # None is taken for "", which can't pass the test; what is no text raises in `lower`.
        text = f"z if (z := {value}) is not None else {_NOTHING}"
        return f"({self._lowered_test(probe, test, text)})"

    def _is_quick_order(self, operator: Operator, number: Decimal) -> bool:
        if number != int(number) or number.copy_abs() > _EXACT_DOUBLES:
            return False
        # True and False have no order here; they are left out where Python's order says no too.
        compare = {"<": lt, "<=": le, ">": gt, ">=": ge}[operator]
        return not compare(0, number) and not compare(1, number)


_NOTHING = '""'


class _Careful(_Writer):
    """Writes conditions that look at types first; the record `r` is a dict."""

    _mark = "c"

    def conjunction(self, probes: Sequence[Probe]) -> list[str]:
        return self._of_object(probes, "r", 0)

    def _of_object(self, probes: Sequence[Probe], place: str, depth: int) -> list[str]:
        groups: dict[str, list[Probe]] = {}
        conditions = []
        for probe in sorted(probes, key=_rank):
            if depth + 1 == len(probe.segments):
                key = self.constant(probe.segments[depth])
                conditions.append(self._clause(probe, f"get({place}, {key})"))
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
            self._clause(probe, f"get({place}, {name})")
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

    def _text(
        self,
        probe: Probe,
        value: str,
        test: _TextTest,
        *,
        is_plain_text: bool,  # noqa: ARG002 — only the quick version makes use of it
    ) -> str:
        return self._typed_text(probe, value, test)


@lru_cache(maxsize=512)
def _compiled(source: str) -> tuple[CodeType, CodeType]:
    """Compile a source; give the code of its two functions."""
    module = compile(source, "<filterlang>", "exec")
    matches, select = (code for code in module.co_consts if isinstance(code, CodeType))
    return matches, select
