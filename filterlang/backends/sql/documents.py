"""Clauses → conditions on JSON documents in PostgreSQL, whose values may be of any type.

All goes by `jsonb_path_query` of a value and a path that takes lists in lists apart: a list gives
its elements, any other value itself. So a list of objects and one object are asked the same way,
and what one element has to satisfy stands in one EXISTS.
"""

from __future__ import annotations

import struct
from decimal import Context, Decimal
from math import inf, isinf, nextafter
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Double,
    Numeric,
    Text,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from filterlang.backends.plan.exactness import InexactError, bound
from filterlang.backends.sql.comparing import related
from filterlang.backends.sql.folded_texts import text_passes
from filterlang.backends.sql.folding import Folded
from filterlang.backends.sql.typed_columns import double_text
from filterlang.semantics.values import read_boolean, read_exact_number
from filterlang.syntax.nodes import Pattern
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.fields import Field
    from filterlang.semantics.probes import Probe

    Condition = ColumnElement[bool]
    Value = ColumnElement[Any]

_MOST_LISTS = 16
_ELEMENTS: ColumnElement[str] = literal_column(f"'lax ${'[*]' * _MOST_LISTS}'")
"""Takes lists apart that lie in each other, at most so many."""
_MOST_DIGITS = 1000
_SAFE_INTEGER = 2**53
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy doesn't type it


def document_verdict(probes: Sequence[Probe], field: Field) -> Condition:
    """Say of a document what clauses of one filter say together; never NULL.

    Raises:
        InexactError: where PostgreSQL can't say it exactly.
    """
    column = field.column
    if not isinstance(column.type.dialect_impl(_DIALECT), JSONB):
        for probe in probes:
            _check_json(probe)
        column = cast(column, JSONB)
    if field.key is None:
        return _all_of([_Member(probe, probe.segments) for probe in probes], column)
    start = len(field.key.split("."))
    ends = [probe for probe in probes if len(probe.segments) == start]
    members = [
        _Member(probe, probe.segments[start:]) for probe in probes if len(probe.segments) > start
    ]
    conditions = [_negated(probe, _leads_to(probe, column, ())) for probe in ends]
    if members:
        conditions.append(_together(members, column))
    return and_(*conditions)


def _check_json(probe: Probe) -> None:
    number = probe.clause.expression
    read = None if isinstance(number, Pattern) else read_exact_number(number)
    if read is not None and not -_SAFE_INTEGER < read < _SAFE_INTEGER:
        message = "a column of type JSON may write such a number with an exponent; JSONB doesn't"
        raise InexactError(message)


class _Member:
    """A clause, the rest of its name, and whether its name gets here; None where it always does."""

    def __init__(
        self, probe: Probe, rest: tuple[str, ...], reaches: Condition | None = None
    ) -> None:
        self.probe = probe
        self.rest = rest
        self.reaches = reaches

    def said(self, condition: Condition) -> Condition:
        """Say nothing where the name doesn't get here."""
        return condition if self.reaches is None else or_(not_(self.reaches), condition)


def _all_of(members: Sequence[_Member], value: Value) -> Condition:
    """Ask clauses of a value that is no list."""
    conditions: list[Condition] = []
    deeper: dict[str, list[_Member]] = {}
    for member in members:
        segment, *rest = member.rest
        if rest:
            deeper.setdefault(segment, []).append(member)
        else:
            found = _leads_to(member.probe, _at(value, segment), ())
            conditions.append(member.said(_negated(member.probe, found)))
    for segment, going in deeper.items():
        if len(going) == 1:
            (member,) = going
            found = _inside(member.probe, value, member.rest)
            conditions.append(member.said(_negated(member.probe, found)))
            continue
        inner: list[_Member] = []
        for member in going:
            # A key that is the whole rest of the name goes before (rule 1).
            whole = _at(value, ".".join(member.rest))
            is_there = whole.is_not(None)
            found = _negated(member.probe, _leads_to(member.probe, whole, ()))
            conditions.append(member.said(or_(not_(is_there), found)))
            reaches: Condition = not_(is_there)
            if member.reaches is not None:
                reaches = and_(member.reaches, reaches)
            inner.append(_Member(member.probe, member.rest[1:], reaches))
        conditions.append(_together(inner, _at(value, segment)))
    return and_(*conditions)


def _together(members: Sequence[_Member], value: Value) -> Condition:
    """Ask clauses of a value that may be a list of objects: one element answers them all."""
    if len(members) == 1:
        (member,) = members
        return member.said(_negated(member.probe, _leads_to(member.probe, value, member.rest)))
    missing = and_(
        *(member.said(_of_missing(member.probe)) for member in members),
    )
    one = or_(
        _any(value, lambda element: _all_of(members, element)),
        and_(not_(_any(value, lambda _: true())), missing),
    )
    positive = [member for member in members if not member.probe.negative]
    if any(member.reaches is None for member in positive) or len(positive) == len(members):
        return one
    each = and_(
        *(
            member.said(not_(_leads_to(member.probe, value, member.rest)))
            for member in members
            if member.probe.negative
        )
    )
    reaches = [member.reaches for member in positive if member.reaches is not None]
    return case((or_(*reaches), one), else_=each) if reaches else each


def _of_missing(probe: Probe) -> Condition:
    return true() if (probe.clause.expression == "") is not probe.negative else false()


def _negated(probe: Probe, passes: Condition) -> Condition:
    return not_(passes) if probe.negative else passes


def _leads_to(probe: Probe, value: Value, rest: tuple[str, ...]) -> Condition:
    """Say whether a value, or an element of it, passes at the end of the name; not negated."""
    if rest:
        found = _any(value, lambda element: _inside(probe, element, rest))
        there = _any(value, lambda _: true())
    else:
        found = _any(value, lambda element: and_(_is_there(probe, element), _test(probe, element)))
        there = _any(value, lambda element: _is_there(probe, element))
    return or_(found, not_(there)) if probe.clause.expression == "" else found


def _inside(probe: Probe, value: Value, rest: tuple[str, ...]) -> Condition:
    found = _leads_to(probe, _at(value, rest[0]), rest[1:])
    if len(rest) == 1:
        return found
    whole = _at(value, ".".join(rest))
    return case((whole.is_not(None), _leads_to(probe, whole, ())), else_=found)


def _at(value: Value, key: str) -> Value:
    """Give what an object has under a key: NULL for what is no object, and where it isn't there."""
    return func.jsonb_object_field(value, literal(key, Text), type_=JSONB)


def _any(value: Value, asked: Callable[[Value], Condition]) -> Condition:
    """Say whether a value that isn't null, or an element of it, is as asked."""
    path = cast(_ELEMENTS, postgresql.JSONPATH)
    elements = func.jsonb_path_query(value, path, type_=JSONB).alias()
    column = elements.column
    one: ColumnElement[int] = literal_column("1")
    found = select(one).where(_kind(column) != _NULL, asked(column))
    return exists(found.select_from(elements).correlate_except(elements))


# --- One value ------------------------------------------------------------------------------------

_NULL = literal_column("'null'", Text)
_STRING = literal_column("'string'", Text)
_NUMBER = literal_column("'number'", Text)
_BOOLEAN = literal_column("'boolean'", Text)
_TRUE = literal_column("'true'", Text)
_POINT = literal_column("'%.%'", Text)


def _kind(value: Value) -> ColumnElement[str]:
    return func.jsonb_typeof(value, type_=Text)


def _written(value: Value) -> ColumnElement[str]:
    """Give the text of a scalar."""
    return value.op("#>>", return_type=Text())(literal_column("'{}'"))


def _is_there(probe: Probe, value: Value) -> Condition:
    """Say whether a value that isn't null is one: as text, a number or truth value may be empty."""
    if probe.type in {None, "object", "text", "enum"}:
        return true()
    return not_(and_(_kind(value) == _STRING, _written(value) == literal_column("''", Text)))


def _test(probe: Probe, value: Value) -> Condition:
    """Ask the clause of one value, not negated; the value sets the type, or the schema does."""
    clause, kind, text = probe.clause, _kind(value), _written(value)
    if probe.type in {"integer", "number", "boolean", "datetime"}:
        # What a schema makes of texts, only the matcher says.
        message = f"the schema says {probe.type}, and a document may hold text there"
        raise InexactError(message)
    as_text = text_passes(clause, Folded(text), "postgresql")
    if isinstance(clause.expression, Pattern) or probe.type in {"text", "enum"}:
        return case(
            (kind.in_([_STRING, _BOOLEAN]), as_text),
            (kind == _NUMBER, text_passes(clause, Folded(_number_text(text)), "postgresql")),
            else_=false(),
        )
    boolean = read_boolean(clause.expression)
    operator = Operator.EQ if probe.negative else clause.operator
    truth = false() if boolean is None or operator is not Operator.EQ else _is(text, boolean)
    return case(
        (kind == _STRING, as_text),
        (kind == _NUMBER, _number(operator, clause.expression, text)),
        (kind == _BOOLEAN, truth),
        else_=false(),
    )


def _is(text: ColumnElement[str], boolean: bool) -> Condition:  # noqa: FBT001 — the value that is compared
    return text == _TRUE if boolean else text != _TRUE


def _number(operator: Operator, expression: str, text: ColumnElement[str]) -> Condition:
    """Compare a number of JSON: with a point it is a double in Python, without one an integer."""
    exact = read_exact_number(expression)
    if exact is None:
        return false()
    found = bound(operator, exact)
    if isinstance(found, bool) or _is_long(found[1]):
        message = "its number has too many digits"
        raise InexactError(message)
    value = cast(text, Numeric)
    return case(
        (text.like(_POINT), _double(operator, float(expression), value)),
        else_=related(found[0], value, literal(found[1], Numeric)),
    )


def _is_long(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return abs(number.adjusted()) > _MOST_DIGITS or int(exponent) < -_MOST_DIGITS


_PRECISE = Context(prec=1200)
_HALF = Decimal("0.5")
_OVERFLOW = _PRECISE.create_decimal(2**1024 - 2**970)
"""From here on the nearest double is infinity."""
_UNDERFLOW = _PRECISE.multiply(_PRECISE.create_decimal(nextafter(0.0, 1.0)), _HALF)
"""Up to here the nearest double is zero."""


def _double(operator: Operator, double: float, value: Value) -> Condition:
    """Compare the double that is nearest to a decimal, by the decimals between two doubles."""
    low, high = _edge(double, -inf), _edge(double, inf)
    # Halfway the double with the even mantissa is the nearest one.
    is_closed = struct.unpack("<Q", struct.pack("<d", double))[0] % 2 == 0
    at_least, at_most = (Operator.GE, Operator.LE) if is_closed else (Operator.GT, Operator.LT)
    below, above = (Operator.LT, Operator.GT) if is_closed else (Operator.LE, Operator.GE)
    edge_low, edge_high = literal(low, Numeric), literal(high, Numeric)
    match operator:
        case Operator.LT:
            return related(below, value, edge_low)
        case Operator.LE:
            return related(at_most, value, edge_high)
        case Operator.GT:
            return related(above, value, edge_high)
        case Operator.GE:
            return related(at_least, value, edge_low)
        case _:
            return and_(related(at_least, value, edge_low), related(at_most, value, edge_high))


def _edge(double: float, towards: float) -> Decimal:
    """Give the decimal halfway from a double to its neighbour."""
    neighbour = nextafter(double, towards)
    if isinf(double):
        return Decimal(double) if neighbour == double else _OVERFLOW.copy_sign(Decimal(double))
    if isinf(neighbour):
        return _OVERFLOW.copy_sign(Decimal(neighbour))
    halves = _PRECISE.add(Decimal(double), Decimal(neighbour))
    return _PRECISE.multiply(halves, _HALF)


def _number_text(text: ColumnElement[str]) -> ColumnElement[str]:
    """Write a number of JSON as RFC 8785 does."""
    value = cast(text, Numeric)
    size = func.abs(value)
    is_double = text.like(_POINT)
    return case(
        (
            and_(
                not_(is_double),
                or_(
                    size < literal(Decimal(10) ** 21, Numeric), size >= literal(_OVERFLOW, Numeric)
                ),
            ),
            cast(value, Text),
        ),
        (size <= literal(_UNDERFLOW, Numeric), literal_column("'0'", Text)),
        (
            size >= literal(_OVERFLOW, Numeric),
            case(
                (value < literal_column("0"), literal_column("'-Infinity'", Text)),
                else_=literal_column("'Infinity'", Text),
            ),
        ),
        else_=double_text(cast(text, Double)),
    )
