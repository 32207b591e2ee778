"""Clauses → conditions on JSON documents in PostgreSQL, whose values may be of any type.

All goes by `jsonb_path_query` of a value and a path that takes lists in lists apart: a list gives
its elements, any other value itself. So a list of objects and one object are asked the same way,
and what one element has to satisfy stands in one EXISTS.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

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

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.sql.alternatives import Asked
from filterlang.backends.sql.folded_texts import text_passes
from filterlang.backends.sql.folding import Folded
from filterlang.backends.sql.joining import every, some
from filterlang.backends.sql.postgresql import (
    OVERFLOW,
    UNDERFLOW,
    asks_large_numbers,
    double_text,
    number_passes,
)
from filterlang.backends.sql.postgresql_texts import (
    epoch_passes,
    epoch_text_passes,
    read_passes,
)
from filterlang.semantics.judge import judges
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import AS_TEXTS, KEEPS_EMPTY, Reading
from filterlang.semantics.tests import Always, BoundClause, Equals, Like, Never, Why, Within
from filterlang.syntax.nodes import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.fields import Field
    from filterlang.semantics.tests import Test

    Condition = ColumnElement[bool]
    Value = ColumnElement[Any]

MOST_LISTS = 16
_ELEMENTS: ColumnElement[str] = literal_column(f"'lax ${'[*]' * MOST_LISTS}'")
"""Takes lists apart that lie in each other, at most so many."""
_SAFE_INTEGER = 2**53
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy doesn't type it


class Json(NamedTuple):
    """How an engine looks into JSON.

    Attributes:
        at: what an object has under a key; NULL for what is no object, or has no such key.
        any: whether a value that isn't null, or an element of it, is as asked.
        is_empty: whether a value is the empty text.
        test: asks a clause of one value that is no list, not negated.
    """

    at: Callable[[Value, str], Value]
    any: Callable[[Value, Callable[[Value], Condition]], Condition]
    is_empty: Callable[[Value], Condition]
    test: Callable[[Asked, Value], Condition]


def verdict_on_postgresql(clauses: Sequence[Asked], field: Field) -> Condition:
    """Say of a document what clauses of one filter say together; never NULL.

    Raises:
        InexactError: where PostgreSQL can't say it exactly.
    """
    column = field.column
    if not isinstance(column.type.dialect_impl(_DIALECT), JSONB):
        for clause in clauses:
            _check_json(clause)
        column = cast(column, JSONB)
    return document_verdict(clauses, field._replace(column=column), _POSTGRESQL)


def document_verdict(clauses: Sequence[Asked], field: Field, json: Json) -> Condition:
    """Say of a document what clauses of one filter say together; never NULL.

    Raises:
        InexactError: where the engine can't say it exactly.
    """
    column = field.column
    if field.key is None:
        return _all_of([_Member(clause, clause.path) for clause in clauses], column, json)
    start = len(field.key.split("."))
    ends = [clause for clause in clauses if len(clause.path) == start]
    members = [
        _Member(clause, clause.path[start:]) for clause in clauses if len(clause.path) > start
    ]
    conditions = [_negated(clause, _leads_to(clause, column, (), json)) for clause in ends]
    if members:
        conditions.append(_together(members, column, json))
    return every(conditions)


def _check_json(clause: Asked) -> None:
    numbers: list[Any] = []
    for test in clause.tests(Kind.DECIMAL):
        match test:
            case Equals(value, of_text):
                numbers += [] if of_text else [value]
            case Within(low, high):
                numbers += [end.value for end in (low, high) if end is not None]
            case Never(why):
                numbers += [_SAFE_INTEGER] if why is Why.OUT_OF_RANGE else []
            case Always() | Like():
                pass
            case _:
                assert_never(test)
    is_safe = all(-_SAFE_INTEGER < number < _SAFE_INTEGER for number in numbers)
    orders = any(isinstance(test, Within) for test in clause.tests(Kind.MOMENT))
    if clause.reading is Reading.INSTANT and orders:
        message = "a column of type JSON may write infinity with an exponent; JSONB doesn't"
        raise InexactError(message)
    if not is_safe or any(map(asks_large_numbers, clause.clauses)):
        message = "a column of type JSON may write such a number with an exponent; JSONB doesn't"
        raise InexactError(message)


class _Member:
    """A clause, the rest of its name, and whether its name gets here; None where it always does."""

    def __init__(
        self, clause: Asked, rest: tuple[str, ...], reaches: Condition | None = None
    ) -> None:
        self.clause = clause
        self.rest = rest
        self.reaches = reaches

    def said(self, condition: Condition) -> Condition:
        """Say nothing where the name doesn't get here."""
        return condition if self.reaches is None else or_(not_(self.reaches), condition)


def _all_of(members: Sequence[_Member], value: Value, json: Json) -> Condition:
    """Ask clauses of a value that is no list."""
    conditions: list[Condition] = []
    deeper: dict[str, list[_Member]] = {}
    for member in members:
        segment, *rest = member.rest
        if rest:
            deeper.setdefault(segment, []).append(member)
        else:
            found = _leads_to(member.clause, json.at(value, segment), (), json)
            conditions.append(member.said(_negated(member.clause, found)))
    for segment, going in deeper.items():
        if len(going) == 1:
            (member,) = going
            found = _inside(member.clause, value, member.rest, json)
            conditions.append(member.said(_negated(member.clause, found)))
            continue
        inner: list[_Member] = []
        for member in going:
            # A key that is the whole rest of the name goes before (rule 1).
            whole = json.at(value, ".".join(member.rest))
            is_there = whole.is_not(None)
            found = _negated(member.clause, _leads_to(member.clause, whole, (), json))
            conditions.append(member.said(or_(not_(is_there), found)))
            reaches: Condition = not_(is_there)
            if member.reaches is not None:
                reaches = and_(member.reaches, reaches)
            inner.append(_Member(member.clause, member.rest[1:], reaches))
        conditions.append(_together(inner, json.at(value, segment), json))
    return every(conditions)


def _together(members: Sequence[_Member], value: Value, json: Json) -> Condition:
    """Ask clauses of a value that may be a list of objects: one element answers them all."""
    if len(members) == 1:
        (member,) = members
        found = _leads_to(member.clause, value, member.rest, json)
        return member.said(_negated(member.clause, found))
    one = json.any(value, lambda element: _all_of(members, element, json))
    if all(member.reaches is not None or _takes_missing(member.clause) for member in members):
        missing = every(member.said(_of_missing(member.clause)) for member in members)
        one = or_(one, and_(not_(json.any(value, lambda _: true())), missing))
    positive = [member for member in members if not member.clause.negative]
    if any(member.reaches is None for member in positive) or len(positive) == len(members):
        return one
    each = and_(
        *(
            member.said(not_(_leads_to(member.clause, value, member.rest, json)))
            for member in members
            if member.clause.negative
        )
    )
    reaches = [member.reaches for member in positive if member.reaches is not None]
    return case((or_(*reaches), one), else_=each) if reaches else each


def _of_missing(clause: Asked) -> Condition:
    return true() if _takes_missing(clause) else false()


def _takes_missing(clause: Asked) -> bool:
    return clause.of_missing is not clause.negative


def _negated(clause: Asked, passes: Condition) -> Condition:
    return not_(passes) if clause.negative else passes


def _leads_to(clause: Asked, value: Value, rest: tuple[str, ...], json: Json) -> Condition:
    """Return whether a value, or an element of it, passes at the end of the name; not negated."""
    if rest:
        found = json.any(value, lambda element: _inside(clause, element, rest, json))
        there = json.any(value, lambda _: true())
    else:
        found = json.any(
            value, lambda one: and_(_is_there(clause, one, json), json.test(clause, one))
        )
        there = json.any(value, lambda one: _is_there(clause, one, json))
    return or_(found, not_(there)) if clause.of_missing else found


def _inside(clause: Asked, value: Value, rest: tuple[str, ...], json: Json) -> Condition:
    found = _leads_to(clause, json.at(value, rest[0]), rest[1:], json)
    if len(rest) == 1:
        return found
    whole = json.at(value, ".".join(rest))
    return case((whole.is_not(None), _leads_to(clause, whole, (), json)), else_=found)


def _at(value: Value, key: str) -> Value:
    """Give what an object has under a key: NULL for what is no object, and where it isn't there."""
    return func.jsonb_object_field(value, literal(key, Text), type_=JSONB)


def _any(value: Value, asked: Callable[[Value], Condition]) -> Condition:
    """Return whether a value that isn't null, or an element of it, is as asked."""
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
    """Return the text of a scalar."""
    return value.op("#>>", return_type=Text())(literal_column("'{}'"))


def _is_there(clause: Asked, value: Value, json: Json) -> Condition:
    """Say whether a value that isn't null is one: as text, a number or truth value may be empty."""
    if clause.reading in KEEPS_EMPTY:
        return true()
    return not_(json.is_empty(value))


def _is_empty(value: Value) -> Condition:
    return and_(_kind(value) == _STRING, _written(value) == literal_column("''", Text))


def read_by_matcher(clause: Asked) -> InexactError:
    """Return the error where a schema makes of texts what only the matcher says."""
    message = f"the schema says {clause.reading.value}, and a document may hold text there"
    return InexactError(message)


def _test(clause: Asked, value: Value) -> Condition:
    """Ask the clause of one value, not negated; the value sets the type, or the schema does."""
    kind, text = _kind(value), _written(value)
    if clause.reading not in AS_TEXTS:
        return case(
            (kind == _STRING, _string_read(clause, text)),
            (kind == _NUMBER, _number_read(clause, text)),
            (kind == _BOOLEAN, _truth_read(clause, text)),
            else_=false(),
        )
    of_text = clause.tests(Kind.TEXT)
    as_text = text_passes(of_text, Folded(text), "postgresql")
    if clause.reading is not Reading.AS_IS or clause.is_pattern:
        return case(
            (kind.in_([_STRING, _BOOLEAN]), as_text),
            (kind == _NUMBER, text_passes(of_text, Folded(_number_text(text)), "postgresql")),
            else_=false(),
        )
    return case(
        (kind == _STRING, as_text),
        (kind == _NUMBER, _number(clause, text)),
        (kind == _BOOLEAN, truth(clause.tests(Kind.BOOLEAN), text)),
        else_=false(),
    )


def _string_read(clause: Asked, text: ColumnElement[str]) -> Condition:
    """Ask the clause of what a schema makes of a text; patterns see it as it is written."""
    if clause.is_pattern:
        return text_passes(clause.tests(Kind.TEXT), Folded(text), "postgresql")
    return read_passes(clause, text)


def _number_read(clause: Asked, text: ColumnElement[str]) -> Condition:
    """Ask the clause of what a schema makes of a number."""
    value, is_double = cast(text, Numeric), text.like(_POINT)
    if clause.reading is Reading.BOOLEAN:
        asked = [IS_TRUTH[one] for one in truths_of(clause)]
        return or_(false(), *[number_passes(one, value, is_double) for one in asked])
    if clause.reading is Reading.NUMBER:
        if clause.is_pattern:
            of_text = clause.tests(Kind.TEXT)
            return text_passes(of_text, Folded(_number_text(text)), "postgresql")
        return number_passes(clause, value, is_double)
    if clause.is_pattern:
        return epoch_text_passes(clause.tests(Kind.TEXT), value, is_double)
    return some(epoch_passes(test, value, is_double) for test in clause.tests(Kind.MOMENT))


IS_TRUTH = [Asked((BoundClause(Clause("n", "==", number)),)) for number in ("0", "1")]
"""Ask whether a number stands for a truth value."""


def truths_of(clause: Asked) -> list[bool]:
    """Return the truth values that pass."""
    return [one for one in (False, True) if any(judges(each, one) for each in clause.clauses)]


def _truth_read(clause: Asked, text: ColumnElement[str]) -> Condition:
    """Ask the clause of a truth value, which isn't read as anything else."""
    if clause.reading is not Reading.BOOLEAN:
        return false()
    return is_passing_truth(clause, text)


def is_passing_truth(clause: Asked, text: ColumnElement[str]) -> Condition:
    """Ask whether the text of a truth value is that of one that passes."""
    return truth([Equals(one, of_text=False) for one in truths_of(clause)], text)


def truth(tests: list[Test], text: ColumnElement[str]) -> Condition:
    """Ask whether the text of a truth value passes one test."""
    return or_(false(), *[_truth(test, text) for test in tests])


def _truth(test: Test, text: ColumnElement[str]) -> Condition:
    match test:
        case Equals(value):
            return text == _TRUE if value else text != _TRUE
        case Never() | Within() | Like():
            return false()
        case Always():
            return true()
        case _:
            assert_never(test)


def _number(clause: Asked, text: ColumnElement[str]) -> Condition:
    """Compare a number of JSON: with a point it is a double in Python, without one an integer."""
    return number_passes(clause, cast(text, Numeric), text.like(_POINT))


def _number_text(text: ColumnElement[str]) -> ColumnElement[str]:
    """Write a number of JSON as RFC 8785 does."""
    value = cast(text, Numeric)
    size = func.abs(value)
    is_double = text.like(_POINT)
    return case(
        (
            and_(
                not_(is_double),
                or_(size < literal(Decimal(10) ** 21, Numeric), size >= literal(OVERFLOW, Numeric)),
            ),
            cast(value, Text),
        ),
        (size <= literal(UNDERFLOW, Numeric), literal_column("'0'", Text)),
        (
            size >= literal(OVERFLOW, Numeric),
            case(
                (value < literal_column("0"), literal_column("'-Infinity'", Text)),
                else_=literal_column("'Infinity'", Text),
            ),
        ),
        else_=double_text(cast(text, Double)),
    )


_POSTGRESQL = Json(_at, _any, _is_empty, _test)
