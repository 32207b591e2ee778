"""How clauses fit a schema, and each other: the diagnostics that need more than the syntax."""

from __future__ import annotations

import difflib
import re
from datetime import UTC, datetime
from math import ceil, floor
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.diagnostics import Edit, Fix, Span, quoted
from filterlang.errors import diagnose
from filterlang.nodes import Clause, Pattern
from filterlang.operators import Operator
from filterlang.semantics import Wildcards
from filterlang.values import fold, read_boolean, read_instant, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from decimal import Decimal

    from filterlang.diagnostics import Diagnostic
    from filterlang.pieces import Parts
    from filterlang.schema import Dimension, Found, Schema


class Placed(NamedTuple):
    """A clause, and where it and its parts stand in the text."""

    clause: Clause
    parts: Parts

    @property
    def span(self) -> Span:
        """Where the whole clause stands."""
        return Span(
            self.parts.name.start, max(self.parts.operator_span.end, self.parts.expression.end)
        )


# --- One clause and its dimension -----------------------------------------------------------------

_SAMPLES = {
    "integer": "'10'",
    "number": "'0.5'",
    "boolean": "'true'",
    "datetime": "'2024-01-31T12:00:00Z'",
}
_ADVICE = {
    "integer": "write digits, such as 10",
    "number": "write a number as in JSON, such as 10 or 0.5",
    "boolean": "write true or false",
    "datetime": "write epoch milliseconds, 2024-01-31, or 2024-01-31T12:00:00Z",
}
_MOST_NAMES = 12
_SECONDS = range(10**8, 10**11)
"""As milliseconds these are in 1970 to 1973, as seconds in 1973 to 5138."""


def misfits(placed: Placed, schema: Schema, source_index: int = 0) -> list[Diagnostic]:
    """Find what of one clause doesn't fit the schema."""
    return list(_Fitting(placed, schema, source_index).diagnostics())


class _Fitting:
    """One clause held against a schema."""

    def __init__(self, placed: Placed, schema: Schema, source_index: int) -> None:
        self._clause = placed.clause
        self._parts = placed.parts
        self._schema = schema
        self._source_index = source_index

    def diagnostics(self) -> Iterator[Diagnostic]:
        found = self._schema.find(self._clause.name)
        if found is None:
            yield self._unknown()
        elif found.dimension is not None:
            yield from self._with_dimension(found, found.dimension)

    def _make(
        self, code: str, span: Span, fixes: Iterable[Fix] = (), **values: object
    ) -> Diagnostic:
        return diagnose(
            code,
            span,
            fixes=fixes,
            source_index=self._source_index,
            name=quoted(self._clause.name),
            **values,
        )

    def _unknown(self) -> Diagnostic:
        near, is_spelling = near_names(self._clause.name, self._schema)
        span = self._parts.name
        safe = is_spelling and len(near) == 1
        fixes = [Fix([Edit(span, name)], safe=safe) for name in near]
        if near:
            advice = f"did you mean {_alternatives(near)}?"
        else:
            names = self._schema.names()
            more = f", … ({len(names)} in all)" if len(names) > _MOST_NAMES else ""
            advice = f"the names are {', '.join(names[:_MOST_NAMES])}{more}"
        return self._make("FL501", span, fixes, advice=advice)

    def _with_dimension(self, found: Found, dimension: Dimension) -> Iterator[Diagnostic]:
        name, operator = self._parts.name, self._clause.operator
        if not dimension.filterable:
            yield self._make("FL503", name)
            return
        if dimension.deprecated is not None:
            advice = dimension.deprecated or "use another name"
            yield self._make("FL502", name, advice=advice)
        if dimension.operators is not None and operator not in dimension.operators:
            allowed = " ".join(dimension.operators) or "none"
            yield self._make("FL504", self._parts.operator_span, operator=operator, allowed=allowed)
            return
        if self._clause.expression == "":
            return
        if dimension.type == "object":
            yield self._object(dimension)
        elif isinstance(self._clause.expression, Pattern):
            yield from self._pattern(dimension, self._clause.expression)
        else:
            yield from self._comparison(found, dimension, self._clause.expression)

    def _object(self, dimension: Dimension) -> Diagnostic:
        fields = [f"{self._clause.name}.{name}" for name, _ in dimension.fields]
        advice = (
            f"filter by one of its fields: {', '.join(fields[:_MOST_NAMES])}"
            if fields
            else f"filter by something in it, such as {self._clause.name}.plan"
        )
        return self._make("FL505", self._parts.name, type=dimension.described(), advice=advice)

    def _pattern(self, dimension: Dimension, pattern: Pattern) -> Iterator[Diagnostic]:
        if dimension.type in _SAMPLES:
            yield self._make(
                "FL508",
                self._parts.operator_span,
                type=_described(dimension),
                sample=_SAMPLES[dimension.type],
            )
        elif dimension.type == "enum":
            wildcards = Wildcards(pattern)
            if not any(wildcards.matches(fold(value)) for value in dimension.values):
                yield self._make(
                    "FL511",
                    self._parts.expression,
                    found=quoted(pattern.text),
                    values=", ".join(dimension.values[:_MOST_NAMES]),
                )

    def _comparison(
        self, found: Found, dimension: Dimension, expression: str
    ) -> Iterator[Diagnostic]:
        operator = self._clause.operator
        if operator.orders and dimension.type == "boolean":
            yield self._make("FL506", self._parts.operator_span)
            return
        if operator.orders and dimension.is_list and found.lists:
            yield self._make("FL507", self._parts.operator_span, operator=operator)
        if dimension.type == "enum":
            if not operator.orders:
                yield from self._enum(dimension, expression)
        elif not _readable(dimension.type, operator, expression):
            yield self._make(
                "FL509",
                self._parts.expression,
                type=_described(dimension),
                found=quoted(expression),
                advice=_ADVICE[dimension.type],
            )
        elif dimension.type == "datetime":
            yield from self._seconds(expression)

    def _enum(self, dimension: Dimension, expression: str) -> Iterator[Diagnostic]:
        folded = {fold(value): value for value in dimension.values}
        if fold(expression) in folded:
            return
        near = difflib.get_close_matches(fold(expression), folded, n=3, cutoff=0.6)
        values = [folded[value] for value in near]
        span = self._parts.expression
        advice = (
            f"did you mean {_alternatives(values)}?"
            if values
            else f"its values are {', '.join(dimension.values[:_MOST_NAMES])}"
        )
        fixes = [Fix([Edit(span, _written(value))], safe=False) for value in values]
        yield self._make("FL510", span, fixes, found=quoted(expression), advice=advice)

    def _seconds(self, expression: str) -> Iterator[Diagnostic]:
        if re.fullmatch("-?[0-9]+", expression) and abs(int(expression[:15])) in _SECONDS:
            span = self._parts.expression
            yield self._make(
                "FL512",
                span,
                [Fix([Edit(Span(span.end, span.end), "000")], safe=False)],
                found=expression,
                date=_day(int(expression) / 1000),
                meant=_day(int(expression)),
            )


def near_names(name: str, schema: Schema) -> tuple[list[str], bool]:
    """Find the names that may have been meant, at most three, best first.

    Gives also whether they differ from `name` in spelling only: case, `_`, `-` and spaces.
    """
    known = [*schema.names(), *(alias for alias, _ in schema.aliases)]
    squashed = _squashed(name)
    spelled = [other for other in known if _squashed(other) == squashed]
    if spelled:
        return spelled[:3], True
    last = squashed.rsplit(".", 1)[-1]
    same_end = [other for other in known if _squashed(other).rsplit(".", 1)[-1] == last]
    by_squashed: dict[str, str] = {}
    for other in known:
        by_squashed.setdefault(_squashed(other), other)
        by_squashed.setdefault(_squashed(other).rsplit(".", 1)[-1], other)
    close = difflib.get_close_matches(squashed, by_squashed, n=3, cutoff=0.7)
    return list(dict.fromkeys([*same_end, *(by_squashed[one] for one in close)]))[:3], False


def _squashed(name: str) -> str:
    return re.sub("[_ -]", "", fold(name))


def _alternatives(words: Sequence[str]) -> str:
    shown = [quoted(word) for word in words]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _described(dimension: Dimension) -> str:
    name = dimension.type
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _written(value: str) -> str:
    return str(Clause("x", Operator.EQ, value))[len("x==") :]


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"


def _readable(type_: str, operator: Operator, expression: str) -> bool:
    """Whether an expression can be read as a value of a type."""
    match type_:
        case "integer":
            number = read_number(expression)
            # Between two integers nothing is equal, but there is still an order.
            return number is not None and (operator.orders or number == number.to_integral_value())
        case "number":
            return read_number(expression) is not None
        case "boolean":
            return read_boolean(expression) is not None
        case "datetime":
            return read_instant(expression) is not None
        case _:
            return True


# --- Clauses of one filter ------------------------------------------------------------------------


def conflicts(
    clauses: Sequence[Placed], schema: Schema | None, source_index: int = 0
) -> list[Diagnostic]:
    """Find clauses of one filter that repeat each other, or can't hold together.

    Order and different equalities are reasoned about only where the schema says that a record has
    one value of a known type: on text, or across the elements of a list, `a>10;a<5` can hold.
    """
    diagnostics: list[Diagnostic] = []
    seen: dict[str, list[tuple[Placed, _Range | None]]] = {}
    for placed in clauses:
        found = None if schema is None else schema.find(placed.clause.name)
        name = placed.clause.name if found is None else found.name
        earlier = seen.setdefault(name, [])
        allowed = _range(placed.clause, found)
        code, other = _clash(placed.clause, allowed, earlier)
        if other is not None:
            diagnostics.append(
                diagnose(code, placed.span, source_index=source_index, other=str(other.clause))
            )
        earlier.append((placed, allowed))
    return diagnostics


def _clash(
    clause: Clause, allowed: _Range | None, earlier: list[tuple[Placed, _Range | None]]
) -> tuple[str, Placed | None]:
    common = allowed
    for other, range_ in earlier:
        same = other.clause.expression == clause.expression
        if same and other.clause.operator is clause.operator:
            return "FL514", other
        if same and other.clause.operator is clause.operator.complement:
            return "FL513", other
        if common is not None and range_ is not None:
            if common.excludes(range_):
                return "FL513", other
            common = common.within(range_)
    return "", None


class _Range(NamedTuple):
    """The values that a clause allows: from `low` to `high`, each end included unless open."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False

    def excludes(self, other: _Range) -> bool:
        """Whether no value is in both."""
        common = self.within(other)
        if common.low is None or common.high is None:
            return False
        if common.low == common.high:
            return common.low_open or common.high_open
        return bool(common.low > common.high)

    def within(self, other: _Range) -> _Range:
        """Give what is in both."""
        lows = [(one.low, one.low_open) for one in (self, other) if one.low is not None]
        highs = [(one.high, not one.high_open) for one in (self, other) if one.high is not None]
        low, low_open = max(lows, default=(None, False))
        high, high_closed = min(highs, default=(None, True))
        return _Range(low, high, low_open, not high_closed)


def _range(clause: Clause, found: Found | None) -> _Range | None:
    """Give the range of values that a clause on a scalar dimension allows; None for any other."""
    expression = clause.expression
    if found is None or not found.is_scalar or found.dimension is None:
        return None
    if isinstance(expression, Pattern) or not expression or clause.operator is Operator.NE:
        return None
    type_ = found.dimension.type
    if type_ == "integer":
        return _integer_range(clause.operator, read_number(expression))
    value: Any
    match type_:
        case "number":
            value = read_number(expression)
        case "datetime":
            value = read_instant(expression)
        case _:
            value = None if clause.operator.orders else fold(expression)
    return None if value is None else _range_of(clause.operator, value)


def _range_of(operator: Operator, value: object) -> _Range:
    match operator:
        case Operator.EQ:
            return _Range(low=value, high=value)
        case Operator.GT | Operator.GE:
            return _Range(low=value, low_open=operator is Operator.GT)
        case _:
            return _Range(high=value, high_open=operator is Operator.LT)


_MOST_DIGITS = 30
"""Integers beyond this many digits are not reasoned about; they could have a billion."""


def _integer_range(operator: Operator, value: Decimal | None) -> _Range | None:
    """Give the range with its ends on integers, of which there is none between 1 and 2."""
    if value is None or value.adjusted() > _MOST_DIGITS or value.adjusted() < -_MOST_DIGITS:
        return None
    match operator:
        case Operator.EQ:
            return _Range(low=value, high=value)
        case Operator.GT:
            return _Range(low=floor(value) + 1)
        case Operator.GE:
            return _Range(low=ceil(value))
        case Operator.LT:
            return _Range(high=ceil(value) - 1)
        case _:
            return _Range(high=floor(value))
