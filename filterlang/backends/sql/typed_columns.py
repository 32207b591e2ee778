"""Clauses → conditions on typed columns, of which the values have one type each."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, assert_never
from uuid import UUID

from sqlalchemy import (
    Date,
    Float,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    true,
    type_coerce,
)

from filterlang.backends.plan.exactness import InexactError, bound, shifted, whole
from filterlang.backends.sql.comparing import compared, related
from filterlang.backends.sql.fields import Field, Kind
from filterlang.backends.sql.folded_texts import text_passes
from filterlang.backends.sql.folding import Folded
from filterlang.semantics.values import fold, instant_of, read_exact_number, read_instant
from filterlang.syntax.nodes import Pattern
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.comparing import Engine
    from filterlang.semantics.probes import Probe

    Condition = ColumnElement[bool]

_TEXT = {"text", "enum"}
_DAY = 86_400_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = instant_of(datetime.min.replace(tzinfo=UTC))
_LAST = instant_of(datetime.max.replace(tzinfo=UTC))
_MOST_DIGITS = 1000
"""A number with more before or behind the point is not sent to a column of decimals."""


def verdict(probe: Probe, field: Field, engine: Engine) -> Condition:
    """Say of a column what a clause says; never NULL, so that it can be negated.

    Raises:
        InexactError: where the engine can't say it exactly.
    """
    passes = _passes(probe, field, engine)
    return not_(passes) if probe.negative else passes


def _passes(probe: Probe, field: Field, engine: Engine) -> Condition:
    column = field.column
    if field.kind in {Kind.BOOLEAN, Kind.ENUM}:
        return _one_of(probe, field)
    _check(probe, field, engine)
    missing = _missing(field, engine)
    if probe.clause.expression == "":
        empty = field.kind is Kind.TEXT
        return or_(missing, column == literal("", Text)) if empty else missing
    return and_(not_(missing), _found(probe, field, engine))


def _one_of(probe: Probe, field: Field) -> Condition:
    """Ask the clause of each value that the column may have, here and now."""
    column: Any = field.column
    if field.kind is Kind.BOOLEAN:
        values: list[Any] = [True, False]
    else:
        values = list(column.type.enum_class or column.type.enums)
    passed = [value for value in values if probe.judges(value)]
    is_one = and_(column.is_not(None), column.in_(passed))
    return or_(column.is_(None), is_one) if probe.judges(None) else is_one


def _check(probe: Probe, field: Field, engine: Engine) -> None:
    """Raise where the engine's values, or what the schema makes of them, aren't known exactly."""
    kind, read_as = field.kind, probe.type
    reason = None
    if kind in {Kind.OTHER, Kind.JSON}:
        reason = f"the values of a column of type {field.column.type!r} aren't known"
    elif kind is Kind.DECIMAL and engine == "sqlite":
        reason = "SQLite holds decimal numbers as floating point numbers"
    elif kind is Kind.TEXT and read_as not in {None, "object", *_TEXT}:
        reason = f"the schema says {read_as}, and the column holds text"
    elif kind in {Kind.DOUBLE, Kind.DECIMAL} and read_as == "datetime":
        reason = f"the schema says datetime, and the column holds {kind}"
    if reason is not None:
        raise InexactError(reason)


def _missing(field: Field, engine: Engine) -> Condition:
    column = field.column
    null = column.is_(None)
    # SQLite stores NaN as NULL.
    if engine == "sqlite" or field.kind not in {Kind.DOUBLE, Kind.DECIMAL}:
        return null
    if engine == "other":
        return or_(null, column != column)  # noqa: PLR0124 — asks for NaN
    if field.kind is Kind.DOUBLE:
        return or_(null, column == literal(float("nan"), Float))
    return or_(null, column == literal(Decimal("NaN"), Numeric))


def _found(probe: Probe, field: Field, engine: Engine) -> Condition:
    """Ask it of a value that isn't missing."""
    clause, column = probe.clause, field.column
    is_epoch = field.kind is Kind.INTEGER and probe.type == "datetime"
    if isinstance(clause.expression, Pattern) or probe.type in _TEXT or field.kind is Kind.TEXT:
        if is_epoch:
            message = "it is a pattern for dates that are held as integers"
            raise InexactError(message)
        return text_passes(clause, Folded(_text(field, engine)), engine)
    operator = Operator.EQ if probe.negative else clause.operator
    if is_epoch:
        return _epoch(operator, clause.expression, column)
    if field.kind is Kind.UUID:
        return _uuid(operator, probe, field, engine)
    if field.kind in {Kind.DATE, Kind.DATETIME}:
        return _instant(operator, clause.expression, field, engine)
    return _number(operator, clause.expression, field)


# --- Numbers --------------------------------------------------------------------------------------


def _number(operator: Operator, expression: str, field: Field) -> Condition:
    number = read_exact_number(expression)
    column = field.column
    if number is None:
        return false()
    if field.kind is Kind.DOUBLE:
        return related(operator, column, literal(float(expression), Float))
    if field.kind is Kind.INTEGER:
        return _whole(whole(operator, number), column)
    found = bound(operator, number)
    if isinstance(found, bool):
        message = "its number has too many digits"
        raise InexactError(message)
    operator, limit = found
    exponent = limit.as_tuple().exponent
    if abs(limit.adjusted()) > _MOST_DIGITS or int(exponent) < -_MOST_DIGITS:
        message = "its number has too many digits"
        raise InexactError(message)
    return related(operator, column, literal(limit, Numeric))


def _whole(found: tuple[Operator, int] | bool, column: ColumnElement[Any]) -> Condition:  # noqa: FBT001 — what all values say
    said = found if isinstance(found, bool) else compared(found[0], column, found[1])
    return _constant(said)


def _constant(said: Condition | bool) -> Condition:  # noqa: FBT001 — as above
    if isinstance(said, bool):
        return true() if said else false()
    return said


# --- Dates ----------------------------------------------------------------------------------------


def _epoch(operator: Operator, expression: str, column: ColumnElement[Any]) -> Condition:
    """Compare milliseconds since 1970; those of no date equal nothing."""
    instant = read_instant(expression)
    if instant is None:
        return false()
    is_date = and_(column >= -(-_FIRST // 1000), column <= _LAST // 1000)
    return and_(is_date, _whole(whole(operator, shifted(Decimal(instant), -3)), column))


def _instant(operator: Operator, expression: str, field: Field, engine: Engine) -> Condition:
    instant = read_instant(expression)
    column = field.column
    if instant is None:
        return false()
    if field.kind is Kind.DATE:
        # Rounded as `whole` does it, but days are no decimal fractions of microseconds.
        floor, ceiling = instant // _DAY, -(-instant // _DAY)
        if operator is Operator.EQ and floor != ceiling:
            return false()
        days = floor if operator in {Operator.LE, Operator.GT, Operator.EQ} else ceiling
        try:
            day = date(1970, 1, 1) + timedelta(days=days)
        except OverflowError:
            return _constant(operator is not Operator.EQ and _beyond(operator, instant))
        return related(operator, column, literal(day, Date))
    if engine == "sqlite":
        return _whole((operator, instant), func.filterlang_instant(type_coerce(column, Text)))
    if not _FIRST <= instant <= _LAST:
        return _constant(operator is not Operator.EQ and _beyond(operator, instant))
    moment = _EPOCH + timedelta(microseconds=instant)
    if not getattr(column.type, "timezone", False):
        moment = moment.replace(tzinfo=None)
    return related(operator, column, literal(moment, column.type))


def _beyond(operator: Operator, instant: int) -> bool:
    return (instant > 0) is (operator in {Operator.LT, Operator.LE})


# --- Texts ----------------------------------------------------------------------------------------


def _uuid(operator: Operator, probe: Probe, field: Field, engine: Engine) -> Condition:
    expression = probe.clause.expression
    assert isinstance(expression, str)  # noqa: S101 — patterns were dealt with
    if operator is not Operator.EQ:
        return text_passes(probe.clause, Folded(_text(field, engine)), engine)
    try:
        value = UUID(expression)
    except ValueError:
        return false()
    if str(value) != fold(expression):
        return false()
    type_: Any = field.column.type
    return field.column == literal(value if type_.as_uuid else str(value), type_)


def _text(field: Field, engine: Engine) -> ColumnElement[str]:
    """Give the text of a column's values, as patterns see it."""
    column = field.column
    match field.kind:
        case Kind.TEXT:
            return column
        case Kind.INTEGER | Kind.DECIMAL:
            return cast(column, Text)
        case Kind.DOUBLE:
            return _double_text(column, engine)
        case Kind.DATE:
            if engine == "sqlite":
                return type_coerce(column, Text)
            return func.to_char(column, "YYYY-MM-DD")
        case Kind.DATETIME:
            return _datetime_text(column, engine)
        case Kind.UUID:
            return _uuid_text(column, engine)
        case Kind.BOOLEAN | Kind.ENUM | Kind.JSON | Kind.OTHER:  # pragma: no cover — judged before
            raise NotImplementedError
        case _:
            assert_never(field.kind)


def _double_text(column: ColumnElement[Any], engine: Engine) -> ColumnElement[str]:
    if engine == "sqlite":
        return func.filterlang_text(column)
    if engine == "other":
        message = "each database writes floating point numbers in its own way"
        raise InexactError(message)
    return double_text(column)


def double_text(value: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a double on PostgreSQL as RFC 8785 does, of the shortest digits that the server gives.

    The server's setting `extra_float_digits` has to be positive, as it is by default.
    """
    shortest = cast(value, Text)
    size = func.abs(value)
    exponent = or_(size >= literal(1e21, Float), size < literal(1e-6, Float))
    return case(
        (value == literal(0.0, Float), literal_column("'0'", Text)),
        (exponent, func.replace(shortest, literal_column("'e-0'"), literal_column("'e-'"))),
        else_=cast(func.trim_scale(cast(shortest, Numeric)), Text),
    )


def _datetime_text(column: ColumnElement[Any], engine: Engine) -> ColumnElement[str]:
    if engine == "sqlite":
        return func.filterlang_instant_text(type_coerce(column, Text))
    if getattr(column.type, "timezone", False):
        column = func.timezone(literal_column("'UTC'"), column)
    text = func.to_char(column, literal_column("'YYYY-MM-DD\"T\"HH24:MI:SS.US'"))
    trimmed = func.rtrim(func.rtrim(text, literal_column("'0'")), literal_column("'.'"))
    return func.concat(trimmed, literal_column("'Z'"))


def _uuid_text(column: ColumnElement[Any], engine: Engine) -> ColumnElement[str]:
    type_: Any = column.type
    if engine != "sqlite" and type_.native_uuid:
        return cast(column, Text)
    digits = type_coerce(column, Text)
    parts = [
        func.substr(digits, start, count)
        for start, count in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    ]
    text: ColumnElement[str] = parts[0]
    for part in parts[1:]:
        text = text + literal_column("'-'", Text) + part
    return text
