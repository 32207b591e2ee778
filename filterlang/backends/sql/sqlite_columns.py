"""Columns of SQLite, which hold whatever was stored in them: a clause on each kind of value.

A column of integers holds the texts that are no numbers, and fractions; one of text holds numbers
where it was declared as something that SQLite doesn't know, such as STRING. The rows show each
value as it is stored. Conditions are written so that an index is used: by it numbers come first,
then texts, then bytes.
"""

from __future__ import annotations

from datetime import MAXYEAR
from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy import Integer, Text, and_, func, literal, literal_column, not_, or_, type_coerce

from filterlang.backends.plan import conditions as asked
from filterlang.backends.plan.conditions import Relation
from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.storage import Scalar, integers
from filterlang.backends.sql.alternatives import Asked
from filterlang.backends.sql.column_texts import day_on_sqlite, name_text
from filterlang.backends.sql.fields import Field, FieldType
from filterlang.backends.sql.folding import Folded
from filterlang.backends.sql.functions import described
from filterlang.backends.sql.joining import one_of
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import AS_TEXTS, Reading
from filterlang.semantics.tests import Always, Equals, Like, Never, Within

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.semantics.tests import Test

    Condition = ColumnElement[bool]
    Write = Callable[[asked.Condition, Field], Condition]
    """Writes a condition about a column whose values are all of its kind."""

_EMPTY: ColumnElement[str] = literal_column("''", Text)
"""All numbers are less, and all texts and bytes are not."""
_ONE: ColumnElement[int] = literal_column("1", Integer)


def passes_on_sqlite(clause: Asked, field: Field, write: Write) -> Condition | None:
    """Ask a clause, not negated, of whatever a column holds; None if its type lets nothing else in.

    Bytes equal nothing, have no text and are never missing, so that nothing asks for them.
    """
    match field.kind:
        case FieldType.TEXT:
            return _of_texts(clause, field, write)
        case FieldType.INTEGER | FieldType.DOUBLE:
            return _of_numbers(clause, field, write)
        case FieldType.DECIMAL:
            return _of_decimals(clause, field.column)
        case _:
            return None


def truth_on_sqlite(column: ColumnElement[Any], *, holds: bool) -> Condition:
    """Ask whether a value that isn't missing is the truth value that SQLAlchemy makes of it."""
    # A function's value is compared as it is: in a column of text, 0 would be made a text.
    stored = func.coalesce(type_coerce(column, Integer), literal_column("0"))
    is_false = stored.in_([literal_column("0"), _EMPTY, literal_column("x''")])
    return not_(is_false) if holds else is_false


def is_uuid_on_sqlite(column: ColumnElement[Any], texts: list[str]) -> Condition:
    """Ask whether the UUID that SQLAlchemy reads is one of these, in the spellings of programs.

    SQLAlchemy itself writes the digits alone, others have dashes, capitals, braces or `urn:uuid:`.
    An index looks them up. Of capitals among small letters there are too many ways for that.
    """
    return one_of(type_coerce(column, Text), _written(texts), Text(), "sqlite")


def _written(texts: list[str]) -> list[str]:
    found: list[str] = []
    for dashed in texts:
        plain = dashed.replace("-", "")
        lower = [plain, dashed, f"{{{dashed}}}", f"{{{plain}}}"]
        found += [*lower, *[one.upper() for one in lower]]
        found += [f"urn:uuid:{one}" for one in (dashed, dashed.upper(), plain, plain.upper())]
    return found


def is_day_on_sqlite(column: ColumnElement[Any], days: list[date]) -> Condition:
    """Ask whether the date that SQLAlchemy reads is one of these, however it is written."""
    texts = [text for day in days for text in _written_days(day)]
    return one_of(type_coerce(column, Text), texts, Text(), "sqlite")


def _written_days(day: date) -> list[str]:
    """Return all texts that `date.fromisoformat` reads as a day; a week alone is its Monday."""
    year, week, number = day.isocalendar()
    dashed, plain = f"{year:04}-W{week:02}", f"{year:04}W{week:02}"
    weeks = [dashed, plain] if number == 1 else []
    dates = [day.isoformat(), day.isoformat().replace("-", "")]
    return [*dates, f"{dashed}-{number}", f"{plain}{number}", *weeks]


def compare_day_on_sqlite(relation: Relation, day: date, column: ColumnElement[Any]) -> Condition:
    """Compare the date that SQLAlchemy reads, however it is written; an index narrows to years."""
    # The year of a week may be the one before or after. What ends in a dash is compared as text,
    # also where the column makes numbers of texts.
    match relation:
        case Relation.EQUAL:
            return is_day_on_sqlite(column, [day])
        case Relation.LESS | Relation.AT_MOST:
            bound = f"{day.year + 2:04}-" if day.year + 2 <= MAXYEAR else _BEHIND_DIGITS
        case Relation.GREATER | Relation.AT_LEAST:
            bound = f"{day.year - 1:04}-"
        case _:
            assert_never(relation)
    narrowed = relation.write(type_coerce(column, Text), literal(bound, Text))
    return and_(narrowed, relation.write(day_on_sqlite(column), literal(day.isoformat(), Text)))


_BEHIND_DIGITS = ":"


def _of_texts(clause: Asked, field: Field, write: Write) -> Condition:
    column = field.column
    if clause.reading not in AS_TEXTS:
        # What a schema makes of texts is asked of the language's own rules.
        return _judged(clause, column)
    parts = [
        and_(_is("text", column), write(clause.on_column(field.key or "", Scalar.TEXT), field))
    ]
    if clause.of_missing:
        parts.append(column.is_(None))
    if _may_pass(clause, Kind.INTEGER, Kind.DOUBLE) and not _is_no_text_of_number(clause):
        # What is no text isn't folded, so that an index of the folded text leads to it.
        is_number = and_(Folded(column) < _EMPTY, _is("number", column))
        parts.append(and_(is_number, _judged(clause, column)))
    return or_(*parts)


def _of_numbers(clause: Asked, field: Field, write: Write) -> Condition:
    column, key = field.column, field.key or ""
    whole = _on(clause, key, integers(64))
    fraction = _on(clause, key, Scalar.DOUBLE)
    parts: list[Condition] = []
    if whole is not None and _is_same(whole, fraction):
        parts.append(and_(_is("number", column), write(whole, field)))
    else:
        for name, condition, kind in (
            ("integer", whole, FieldType.INTEGER),
            ("real", fraction, FieldType.DOUBLE),
        ):
            found = (
                _judged(clause, column)
                if condition is None
                else write(condition, field._replace(kind=kind))
            )
            parts.append(and_(_is(name, column), found))
    if clause.of_missing:
        parts.append(column.is_(None))
    if _may_pass(clause, Kind.TEXT):
        is_text = and_(column >= _EMPTY, _is("text", column))
        parts.append(and_(is_text, _judged(clause, column)))
    return or_(*parts)


def _on(clause: Asked, key: str, storage: Any) -> asked.Condition | None:
    """Return what is asked of values that are stored so; None where the rules have to be asked."""
    try:
        return clause.on_column(key, storage)
    except InexactError:
        return None


def _is_same(whole: asked.Condition | None, fraction: asked.Condition | None) -> bool:
    """Return whether one condition is right for integers and for fractions."""
    match whole, fraction:
        case asked.Compared(_, _, one, limit), asked.Compared(_, _, other, bound):
            return one is other and limit == bound
        case asked.TextLike(_, _, one), asked.TextLike(_, _, other):
            return one == other
        case asked.TextCompared(_, _, one, text), asked.TextCompared(_, _, other, found):
            return one is other and text == found
        case asked.Constant(holds), asked.Constant(found):
            return holds is found
        case (asked.Some(parts), asked.Some(others)) | (asked.Every(parts), asked.Every(others)):
            return len(parts) == len(others) and all(map(_is_same, parts, others))
        case _:
            return False


def _is(name: str, column: ColumnElement[Any]) -> Condition:
    kind = func.typeof(column)
    if name == "number":
        return kind.in_([literal_column("'integer'"), literal_column("'real'")])
    return kind == literal_column(f"'{name}'")


def _may_pass(clause: Asked, *kinds: Kind) -> bool:
    """Return whether a value of a kind may pass; what a schema makes of it isn't looked at."""
    if clause.of_missing or clause.reading is not Reading.AS_IS:
        return True
    return any(_lets_pass(test) for kind in kinds for test in clause.tests(kind))


def _lets_pass(test: Test) -> bool:
    match test:
        case Never():
            return False
        case Always() | Equals() | Within() | Like():
            return True
        case _:
            assert_never(test)


_NUMBER_BEGINS = frozenset("-0123456789i")
"""The texts of numbers begin so, folded: digits, a sign, or `Infinity`."""


def _is_no_text_of_number(clause: Asked) -> bool:
    """Return whether a clause asks for texts alone that no number has.

    Without a branch for numbers, an index leads to the rows in their order, too.
    """
    if clause.of_missing or clause.reading is Reading.AS_IS:
        return False  # What is asked of numbers says it.
    return not any(map(_may_be_of_number, clause.tests(Kind.TEXT)))


def _may_be_of_number(test: Test) -> bool:
    match test:
        case Never():
            return False
        case Equals(value, of_text):
            return not of_text or str(value)[:1] in _NUMBER_BEGINS
        case Always() | Within() | Like():
            return True
        case _:
            assert_never(test)


def _judged(clause: Asked, column: ColumnElement[Any]) -> Condition:
    """Ask the language's own rules of a value as it is stored."""
    each = [clause] if clause.is_equality else [Asked((one,)) for one in clause.clauses]
    return func.filterlang_passes(column, literal(described(each), Text)) == _ONE


def _of_decimals(clause: Asked, column: Any) -> Condition:
    """Ask the clause of the number that SQLAlchemy makes of what SQLite holds, which is a double.

    A decimal number has as many places as the column declares, and ten if that says nothing.
    """
    stored = type_coerce(column, Text)
    if not column.type.asdecimal:
        return _judged(clause, stored)
    each = [clause] if clause.is_equality else [Asked((one,)) for one in clause.clauses]
    known = (column.type.decimal_return_scale, getattr(column.type, "scale", None), _PLACES)
    places = next(one for one in known if one is not None)
    clauses = literal(described(each), Text)
    decimal = func.filterlang_decimal(stored, literal(places, Integer), clauses, name_text(column))
    return decimal == _ONE


_PLACES = 10
