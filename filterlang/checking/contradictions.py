"""How the clauses of one filter go together: which repeat each other, and which can't both hold."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.respelling import is_handy
from filterlang.diagnostics.diagnostic import quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.semantics.values import fold, read_boolean, read_instant, read_number
from filterlang.syntax.nodes import Pattern
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Found
    from filterlang.syntax.nodes import Clause
    from filterlang.syntax.split import Placed

    Find = Callable[[str], Found | None]


class Together:
    """Finds clauses of one filter that repeat each other, or can't hold together, one by one.

    Order and different equalities are reasoned about only where the schema says that a record has
    one value of a known type: on text, or across the elements of a list, `a>10;a<5` can hold.
    """

    def __init__(self, find: Find, source_index: int = 0) -> None:
        self._find = find
        self._source_index = source_index
        self._asked: dict[str, _Asked] = {}

    def conflict(self, placed: Placed) -> Diagnostic | None:
        """Add a clause; say so if it repeats an earlier one, or can't hold together with it."""
        found = self._find(placed.clause.name)
        name = placed.clause.name if found is None else found.name
        code, other = self._asked.setdefault(name, _Asked()).add(placed, found)
        if other is None:
            return None
        return diagnose(
            code,
            placed.span,
            source_index=self._source_index,
            other=quoted(str(other.clause))[1:-1],
        )


def same_filter(clauses: Iterable[Clause], find: Find) -> frozenset[object]:
    """Give a value that two filters share only if they ask for the same, in whatever order."""
    keys = set()
    for clause in clauses:
        found = find(clause.name)
        name = clause.name if found is None else found.name
        keys.add((name, clause.operator, _meaning(clause, found)))
    return frozenset(keys)


def _meaning(clause: Clause, found: Found | None) -> object:
    """Give what an expression means, if a schema says so, else what it is."""
    expression = clause.expression
    if isinstance(expression, Pattern):
        return fold(expression.text)
    value = None if found is None or found.dimension is None else _value(found, expression)
    return expression if value is None else value


def _value(found: Found, expression: str) -> object:
    """Read an expression as its dimension's type; None where it can't be, or says nothing."""
    type_ = "" if found.dimension is None else found.dimension.type
    match type_:
        case "integer" | "number":
            number = read_number(expression)
            return number if number is not None and is_handy(number) else None
        case "datetime":
            return read_instant(expression)
        case "boolean":
            return read_boolean(expression)
        case "text" | "enum":
            return fold(expression)
        case _:
            return None


class _Asked:
    """What the clauses of one filter ask of one name, so far: the values that all of them allow.

    A clause that can't hold with those before it adds nothing, so that each is said once.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[Operator, object], Placed] = {}
        self._refused: dict[object, Placed] = {}
        self._empty: Placed | None = None
        self._filled: Placed | None = None
        self._low: _End | None = None
        self._high: _End | None = None

    def add(self, placed: Placed, found: Found | None) -> tuple[str, Placed | None]:
        """Add a clause; give the code of what is wrong with it, and the clause it clashes with."""
        clause = placed.clause
        meaning = _meaning(clause, found)
        if (same := self._seen.get((clause.operator, meaning))) is not None:
            return "FL514", same
        complement = clause.operator.complement
        if complement is not None and (opposite := self._seen.get((complement, meaning))):
            return "FL513", opposite
        self._seen[clause.operator, meaning] = placed
        if found is None or found.dimension is None or not found.is_scalar:
            return "", None
        clash = self._clash(placed, found, found.dimension.type)
        return ("", None) if clash is None else ("FL513", clash)

    def _clash(self, placed: Placed, found: Found, type_: str) -> Placed | None:
        operator, expression = placed.clause.operator, placed.clause.expression
        if isinstance(expression, Pattern):
            return None
        if expression == "":
            return self._emptied(placed) if operator is Operator.EQ else None
        value = _value(found, expression)
        # Of text, the empty one comes before every other, so that order says nothing.
        if value is None or (operator.orders and type_ in {"text", "enum", "boolean"}):
            return None
        if operator is Operator.NE:
            return self._refuse(placed, value)
        self._filled = self._filled or placed
        clash = self._empty or (self._refused.get(value) if operator is Operator.EQ else None)
        return clash or self._narrow(placed, operator, value, whole=type_ == "integer")

    def _emptied(self, placed: Placed) -> Placed | None:
        self._empty = self._empty or placed
        return self._filled

    def _refuse(self, placed: Placed, value: object) -> Placed | None:
        self._refused[value] = placed
        low, high = self._low, self._high
        # Of the values that are allowed only one is left, and it is this one.
        is_only = low is not None and high is not None and low.value == value == high.value
        return low.placed if low is not None and is_only else None

    def _narrow(
        self, placed: Placed, operator: Operator, value: object, *, whole: bool
    ) -> Placed | None:
        low, high = _ends(placed, operator, value, whole=whole)
        if low is not None and self._high is not None and low.excludes(self._high):
            return self._high.placed
        if high is not None and self._low is not None and self._low.excludes(high):
            return self._low.placed
        if low is not None and (self._low is None or low.is_above(self._low)):
            self._low = low
        if high is not None and (self._high is None or high.is_below(self._high)):
            self._high = high
        return None


class _End(NamedTuple):
    """One end of a range of values, the value itself included unless it is open."""

    value: object
    is_open: bool
    placed: Placed

    def excludes(self, high: _End) -> bool:
        """Whether nothing lies between this end and a higher one."""
        return _beyond(self.value, high.value, is_open=self.is_open or high.is_open)

    def is_above(self, other: _End) -> bool:
        """Whether this lower end leaves less than another."""
        return (self.value, self.is_open) > (other.value, other.is_open)

    def is_below(self, other: _End) -> bool:
        """Whether this upper end leaves less than another."""
        return (self.value, not self.is_open) < (other.value, not other.is_open)


def _beyond(low: object, high: object, *, is_open: bool) -> bool:
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        # A record's number may be a double, to which close decimals are the same.
        doubles = _beyond(float(low), float(high), is_open=is_open)
        return doubles and (low > high or (is_open and low == high))
    return low > high or (is_open and low == high)  # type: ignore[operator]  # of one type


def _ends(
    placed: Placed, operator: Operator, value: object, *, whole: bool
) -> tuple[_End | None, _End | None]:
    """Give the ends of the range of values that a clause allows."""
    if operator is Operator.EQ:
        end = _End(int(value) if whole else value, False, placed)  # type: ignore[call-overload]  # noqa: FBT003 — a field
        return end, end
    if whole and isinstance(value, Decimal):
        # There is no integer between 1 and 2, so its ends are integers, and closed.
        match operator:
            case Operator.GT:
                return _End(floor(value) + 1, False, placed), None  # noqa: FBT003 — a field
            case Operator.GE:
                return _End(ceil(value), False, placed), None  # noqa: FBT003 — a field
            case Operator.LT:
                return None, _End(ceil(value) - 1, False, placed)  # noqa: FBT003 — a field
            case _:
                return None, _End(floor(value), False, placed)  # noqa: FBT003 — a field
    end = _End(value, operator in {Operator.GT, Operator.LT}, placed)
    return (end, None) if operator in {Operator.GT, Operator.GE} else (None, end)
