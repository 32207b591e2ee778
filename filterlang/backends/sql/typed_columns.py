"""Conditions of a plan → conditions on typed columns, of which the values have one type each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import isinf
from typing import TYPE_CHECKING, Any, assert_never
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Date,
    DateTime,
    Float,
    Numeric,
    Text,
    and_,
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
    type_coerce,
)
from sqlalchemy.sql.elements import BinaryExpression, BindParameter

from filterlang.backends.plan import conditions as asked
from filterlang.backends.plan.comparisons import missing
from filterlang.backends.plan.conditions import Relation
from filterlang.backends.plan.exactness import NUMBER_AS_TEXT, InexactError
from filterlang.backends.plan.storage import Fixed, Moment, Reach, Scalar, Unknown, Whole, integers
from filterlang.backends.sql import mariadb, postgresql
from filterlang.backends.sql.column_texts import column_text, name_text
from filterlang.backends.sql.engine_types import on_engine
from filterlang.backends.sql.fields import Field, FieldType, Refused, kind_of_type
from filterlang.backends.sql.folded_texts import like_passes
from filterlang.backends.sql.folding import Folded
from filterlang.backends.sql.joining import one_of, some
from filterlang.backends.sql.postgresql_texts import read_passes
from filterlang.backends.sql.sqlite_columns import (
    compare_day_on_sqlite,
    is_day_on_sqlite,
    is_uuid_on_sqlite,
    passes_on_sqlite,
    truth_on_sqlite,
)
from filterlang.semantics.instants import DAY, moment_of
from filterlang.semantics.judge import judges
from filterlang.semantics.reading import AS_TEXTS, KEEPS_EMPTY
from filterlang.semantics.values import fold, plain

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.plan.storage import Storage
    from filterlang.backends.sql.alternatives import Asked
    from filterlang.backends.sql.joining import Database

    Condition = ColumnElement[bool]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def verdict(clause: Asked, field: Field, engine: Database) -> Condition:
    """Say of a column what a clause says; never NULL, so that it can be negated.

    Raises:
        InexactError: where the engine can't say it exactly.
    """
    ask = _in_array if field.kind is FieldType.ARRAY else _of_one
    found = ask(clause, field, engine)
    return not_(found) if clause.negative else found


def _of_one(clause: Asked, field: Field, engine: Database) -> Condition:
    """Ask the clause, not negated, of a value that is no list."""
    column: Any = field.column
    if field.kind is FieldType.ENUM:
        return _listed(clause, field, engine)
    if engine == "sqlite":
        found = passes_on_sqlite(clause, field, lambda one, of: _written(one, of, engine))
        if found is not None:
            return found
    if engine == "postgresql" and field.kind is FieldType.TEXT and _is_read(clause):
        return and_(column.is_not(None), read_passes(clause, column))
    condition = clause.on_column(field.key or "", _storage(field, engine))
    return _written(condition, field, engine)


def _is_read(clause: Asked) -> bool:
    """Return whether a schema makes something of texts before the clause is asked of them."""
    return clause.reading not in AS_TEXTS and not clause.is_pattern and not clause.of_missing


def _in_array(clause: Asked, field: Field, engine: Database) -> Condition:
    """Ask the clause, not negated, of the elements of an array, those of arrays in it too."""
    column: Any = field.column
    declared = column.type.item_type
    elements = func.unnest(column, type_=declared).alias()
    element = on_engine(Field(field.key, elements.column, kind_of_type(declared)), engine)
    if isinstance(element, Refused):
        raise InexactError(element.reason)
    if element.kind is FieldType.JSON:
        message = "its elements are JSON"
        raise InexactError(message)

    def has(condition: Condition) -> Condition:
        number: ColumnElement[int] = literal_column("1")
        found = select(number).where(not_(_missing(element, engine)), condition)
        return exists(found.select_from(elements).correlate_except(elements))

    passed = has(_of_one(clause, element, engine))
    if not clause.of_missing:
        return passed
    # An element that is read as missing is none, so that only the others may pass.
    empty = _missing_as_read(clause, element, engine)
    return or_(not_(has(not_(empty))), has(and_(not_(empty), _of_one(clause, element, engine))))


def _missing_as_read(clause: Asked, field: Field, engine: Database) -> Condition:
    if field.kind is FieldType.ENUM:
        column: Any = field.column
        keeps = clause.reading in KEEPS_EMPTY
        empty = [] if keeps else [one for one in _members(column) if plain(one) == ""]
        return or_(column.is_(None), and_(column.is_not(None), column.in_(empty)))
    condition = missing(clause.clauses[0], asked.Column(field.key or ""), _storage(field, engine))
    return _written(condition, field, engine)


def _members(column: Any) -> list[Any]:
    return list(column.type.enum_class or column.type.enums)


def _listed(clause: Asked, field: Field, engine: Database) -> Condition:
    """Ask the clause of each value that a column of an enum may have, here and now."""
    column: Any = field.column
    passed = [one for one in _members(column) if any(judges(each, one) for each in clause.clauses)]
    compared = mariadb.as_written(column) if engine == "mariadb" else column
    is_one = and_(column.is_not(None), compared.in_(passed))
    return or_(column.is_(None), is_one) if clause.of_missing else is_one


def _storage(field: Field, engine: Database) -> Storage:
    """Return how a column stores its values; raise `InexactError` where that isn't known."""
    match field.kind:
        case FieldType.TEXT:
            return Scalar.TEXT
        case FieldType.INTEGER:
            return mariadb.INTEGERS if engine == "mariadb" else integers(64)
        case FieldType.DOUBLE:
            return Scalar.DOUBLE
        case FieldType.DECIMAL:
            return mariadb.DECIMALS if engine == "mariadb" else Scalar.DECIMAL
        case FieldType.BOOLEAN:
            return Scalar.BOOLEAN
        case FieldType.DATE:
            return Scalar.ENDLESS_DATE if engine == "postgresql" else Scalar.DATE
        case FieldType.DATETIME:
            reach = Reach.ENDLESS if engine == "postgresql" else Reach.CALENDAR
            zone = "UTC" if getattr(field.column.type, "timezone", False) else None
            return Moment("us", zone, reach)
        case FieldType.UUID:
            return Scalar.UUID
        case FieldType.OPAQUE:
            return Scalar.UNORDINARY
        case FieldType.ENUM | FieldType.JSON | FieldType.ARRAY | FieldType.OTHER:
            return Unknown(repr(field.column.type))
        case _:
            assert_never(field.kind)


def _written(condition: asked.Condition, field: Field, engine: Database) -> Condition:
    """Write a condition about the one column."""
    match condition:
        case asked.Constant(holds):
            return true() if holds else false()
        case asked.Every(parts):
            return and_(*[_written(part, field, engine) for part in parts])
        case asked.Some(parts):
            return _some(parts, field, engine)
        case asked.Not(part):
            return not_(_written(part, field, engine))
        case asked.IsMissing():
            return _missing(field, engine)
        case asked.Compared() | asked.IsSpelled() | asked.TextCompared():
            return _there(field, engine, _leaf(condition, field, engine))
        case asked.TextLike(_, _, fragments):
            found = like_passes(fragments, Folded(column_text(field, engine)), engine)
            return _there(field, engine, found)
        case asked.NumberWritten():
            raise InexactError(NUMBER_AS_TEXT)
        case asked.HasKey() | asked.AnyElement():  # pragma: no cover — no column here holds such
            message = "a column of one type has no keys and no elements"
            raise InexactError(message)
        case _:
            assert_never(condition)


def _leaf(
    condition: asked.Compared | asked.IsSpelled | asked.TextCompared,
    field: Field,
    engine: Database,
) -> Condition:
    """Write a comparison of values that aren't missing."""
    column = field.column
    match condition:
        case asked.Compared(_, storage, relation, limit):
            return _compared(relation, limit, storage, field, engine)
        case asked.IsSpelled(_, _, ("",)):
            text = mariadb.as_written(column) if engine == "mariadb" else column
            return text == literal("", Text)
        case asked.IsSpelled(_, _, texts):
            # An index of the folded text helps, however few its spellings are.
            same = Folded(column_text(field, engine)) == literal(fold(texts[0]), Text)
            if engine == "mariadb":
                same = and_(mariadb.is_spelled(column, [fold(texts[0])]), same)
            return same
        case asked.TextCompared(_, Scalar.UUID, Relation.EQUAL, text) if engine == "sqlite":
            return is_uuid_on_sqlite(column, [text])
        case asked.TextCompared(_, Scalar.UUID, Relation.EQUAL, text):
            return column == _uuid(text, field)
        case asked.TextCompared(_, _, relation, text):
            return relation.write(Folded(column_text(field, engine)), literal(text, Text))
        case _:
            assert_never(condition)


def _some(parts: tuple[asked.Condition, ...], field: Field, engine: Database) -> Condition:
    """Write alternatives; the values that one expression may equal go together."""
    equal: dict[object, list[_Equality]] = {}
    rest: list[Condition] = []
    for part in dict.fromkeys(parts):
        key = _kind_of_equality(part)
        if key is None:
            rest.append(_written(part, field, engine))
        else:
            equal.setdefault(key, []).append(part)  # type: ignore[arg-type]  # it has a key
    for alternatives in equal.values():
        rest += [_there(field, engine, one) for one in _one_of(alternatives, field, engine)]
    return some(rest)


_Equality = asked.Compared | asked.IsSpelled | asked.TextCompared


def _kind_of_equality(condition: asked.Condition) -> object:
    """Return what equalities of one expression have in common; None for what is none."""
    match condition:
        case asked.Compared(_, storage, Relation.EQUAL):
            return asked.Compared, storage
        case asked.TextCompared(_, storage, Relation.EQUAL):
            return asked.TextCompared, storage
        case asked.IsSpelled(_, storage, texts) if texts != ("",):
            return asked.TextCompared, storage
        case _:
            return None


def _one_of(parts: list[_Equality], field: Field, engine: Database) -> list[Condition]:
    """Write that one expression equals one of many values; apart those that aren't parameters."""
    first, *others = parts
    if not others:
        return [_leaf(first, field, engine)]
    texts = [text for part in parts if (text := _folded_text(part)) is not None]
    if texts:
        same = one_of(Folded(column_text(field, engine)), texts, Text(), engine)
        narrowed = mariadb.is_spelled(field.column, texts) if engine == "mariadb" else true()
        return [and_(narrowed, same)]
    if isinstance(first, asked.Compared) and isinstance(first.storage, Whole):
        limits: list[Any] = [part.limit for part in parts if isinstance(part, asked.Compared)]
        numbers = [int(limit) for limit in limits]
        return [one_of(field.column, numbers, BigInteger(), engine)]
    if engine == "sqlite" and field.kind is FieldType.UUID:
        keys = [part.text for part in parts if isinstance(part, asked.TextCompared)]
        return [is_uuid_on_sqlite(field.column, keys)]
    if engine == "sqlite" and field.kind is FieldType.DATE:
        days: list[Any] = [part.limit for part in parts if isinstance(part, asked.Compared)]
        return [is_day_on_sqlite(field.column, days)]
    written = [_leaf(part, field, engine) for part in parts]
    found = [one for one in written if isinstance(one, BinaryExpression)]
    values = [one.right for one in found if isinstance(one.right, BindParameter)]
    if len(values) < len(written):
        # What is no parameter is `IS TRUE`, or a text that is cast where no driver has the value.
        return written
    listed = [value.effective_value for value in values]
    return [one_of(found[0].left, listed, values[0].type, engine)]


def _folded_text(part: _Equality) -> str | None:
    match part:
        case asked.IsSpelled(_, _, (text, *_)):
            return fold(text)
        case asked.TextCompared(_, storage, _, text) if storage is not Scalar.UUID:
            return text
        case _:
            return None


def _there(field: Field, engine: Database, found: Condition) -> Condition:
    return and_(not_(_missing(field, engine)), found)


def _missing(field: Field, engine: Database) -> Condition:
    column = field.column
    null = column.is_(None)
    if engine == "mariadb":
        is_date = field.kind in {FieldType.DATE, FieldType.DATETIME}
        return not_(mariadb.is_day(column)) if is_date else null
    # SQLite stores NaN as NULL.
    if engine == "sqlite" or field.kind not in {FieldType.DOUBLE, FieldType.DECIMAL}:
        return null
    if engine == "other":
        return or_(null, column != column)  # noqa: PLR0124 — asks for NaN
    if field.kind is FieldType.DOUBLE:
        return or_(null, column == literal(float("nan"), Float))
    return or_(null, column == literal(Decimal("NaN"), Numeric))


def _compared(
    relation: Relation,
    limit: Any,
    storage: Storage,
    field: Field,
    engine: Database,
) -> Condition:
    column: Any = field.column
    literal_limit: ColumnElement[Any]
    if isinstance(storage, Moment):
        return _moment(relation, limit, field, engine)
    match storage:
        case Scalar.BOOLEAN if engine == "sqlite":
            return truth_on_sqlite(column, holds=bool(limit))
        case Scalar.BOOLEAN:
            return column.is_(limit)
        case Scalar.ENDLESS_DATE:
            return _endless(relation, limit * DAY, column, _DATES_OF_POSTGRESQL)
        case Scalar.DATE if engine == "sqlite":
            return compare_day_on_sqlite(relation, limit, column)
        case Scalar.DATE:
            literal_limit = literal(limit, Date)
        case Scalar.DOUBLE if engine == "mariadb" and isinf(limit):
            return mariadb.compares_with_infinity(relation, limit)
        case Scalar.DOUBLE:
            literal_limit = literal(limit, Float)
        case Fixed():
            literal_limit = mariadb.decimal(limit)
        case Scalar.DECIMAL:
            if limit.is_infinite() or postgresql.is_long(limit):
                message = "its number has too many digits"
                raise InexactError(message)
            literal_limit = literal(limit, Numeric)
        case _:
            literal_limit = literal(int(limit), BigInteger)
    return relation.write(column, literal_limit)


def _moment(relation: Relation, instant: int, field: Field, engine: Database) -> Condition:
    column = field.column
    if engine == "sqlite":
        found = func.filterlang_instant(type_coerce(column, Text), name_text(column))
        return relation.write(found, literal(instant, BigInteger))
    if engine == "postgresql":
        return _endless(relation, instant, column, _TIMES_OF_POSTGRESQL)
    moment = _EPOCH + timedelta(microseconds=instant)
    if engine == "mariadb":
        shown = literal(moment.replace(tzinfo=None), DateTime)
        return relation.write(mariadb.local_moment(column), shown)
    if not getattr(column.type, "timezone", False):
        moment = moment.replace(tzinfo=None)
    return relation.write(column, literal(moment, column.type))


_DATES_OF_POSTGRESQL = -2_440_588 * DAY, 2_145_042_905 * DAY
_TIMES_OF_POSTGRESQL = -2_440_588 * DAY, 9_224_318_015_999_999_999
"""The microseconds since 1970 of the first and last finite value: from 4714 BC on."""


def _endless(
    relation: Relation, instant: float, column: ColumnElement[Any], finite: tuple[int, int]
) -> Condition:
    """Compare with an instant on PostgreSQL, which may lie beyond what is finite there."""
    first, last = finite
    if first <= instant <= last or isinstance(instant, float):
        return relation.write(column, _instant(instant, column))
    if relation is Relation.EQUAL:
        return false()
    if instant < first:
        beyond = Relation.AT_LEAST if relation.is_lower else Relation.LESS
        return beyond.write(column, _instant(first, column))
    beyond = Relation.GREATER if relation.is_lower else Relation.AT_MOST
    return beyond.write(column, _instant(last, column))


def _instant(instant: float, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Write an instant; in the calendar of Python as its own value, else as a text that is cast."""
    found = moment_of(instant)
    is_date = isinstance(column.type, Date)
    if isinstance(found, datetime):
        zoned = getattr(column.type, "timezone", False)
        moment = found if zoned else found.replace(tzinfo=None)
        return literal(moment.date() if is_date else moment, column.type)
    text = str(found).removeprefix("+")
    if text[0] in "-0" and not text.startswith("-inf"):
        # Before the year 1 there is no year 0, but 1 BC.
        year, *rest = text.removeprefix("-").split("-")
        text = f"{int(year) + 1:04d}-{'-'.join(rest)} BC"
    return cast(literal(text, Text), column.type)


def _uuid(text: str, field: Field) -> ColumnElement[Any]:
    type_: Any = field.column.type
    return literal(UUID(text) if type_.as_uuid else text, type_)
