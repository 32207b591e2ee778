"""Bound clauses → conditions on values that are stored in one way: the tests, on columns."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, assert_never
from uuid import UUID

from filterlang.backends.plan.compared_times import (
    UNITS,
    date_compared,
    epoch_compared,
    moment_compared,
)
from filterlang.backends.plan.conditions import (
    ALWAYS,
    NEVER,
    Compared,
    Form,
    IsMissing,
    IsSpelled,
    NumberWritten,
    Relation,
    TextCompared,
    TextLike,
    bounded,
    every,
    negated,
    some,
)
from filterlang.backends.plan.exactness import InexactError, shifted
from filterlang.backends.plan.spellings import spellings
from filterlang.backends.plan.storage import (
    DATES,
    FLOATS,
    TEXTS,
    Fixed,
    MapOf,
    Moment,
    Reach,
    Scalar,
    StructOf,
    Unknown,
    Whole,
)
from filterlang.semantics.instants import DAY, FIRST_INSTANT, LAST_INSTANT
from filterlang.semantics.judge import judges
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import AS_TEXTS, KEEPS_EMPTY, Reading
from filterlang.semantics.tests import (
    Always,
    BoundClause,
    Equals,
    Like,
    Never,
    Why,
    Within,
    value_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Storage
    from filterlang.semantics.tests import End, Test

    Compare = Callable[[Relation, Any], Condition]
    """Makes the condition that a value compares so with one of its semantic kind."""


def passes(clause: BoundClause, value: Value, storage: Storage) -> Condition:
    """Say of one value what a clause asks, not negated; what is missing passes if it is empty.

    Raises:
        InexactError: where nobody can say it of this storage.
    """
    found = passes_one(clause, value, storage)
    return some([missing(clause, value, storage), found]) if clause.of_missing else found


def missing(clause: BoundClause, value: Value, storage: Storage) -> Condition:
    """Say of one value whether it is missing to a clause: a schema may read empty texts so."""
    is_null = IsMissing(value, storage)
    if _drops_empty(clause, storage):
        return some([is_null, IsSpelled(value, storage, ("",))])
    return is_null


def _drops_empty(clause: BoundClause, storage: Storage) -> bool:
    return storage in TEXTS and clause.reading not in KEEPS_EMPTY


def passes_one(clause: BoundClause, value: Value, storage: Storage) -> Condition:
    """Say of one value what a clause asks, not negated; what is missing doesn't pass.

    Raises:
        InexactError: as `passes`.
    """
    if storage is Scalar.BOOLEAN:
        asked = [one for one in (True, False) if judges(clause, one)]
        if len(asked) == 2:  # noqa: PLR2004 — both truth values
            return _present(clause, value, storage)
        return some([Compared(value, storage, Relation.EQUAL, one) for one in asked])
    if clause.reading is Reading.BOOLEAN and (truths := _truths(storage, clause)) is not None:
        return some(truths(value, one) for one in (False, True) if judges(clause, one))
    if _is_number_in_text(clause, storage):
        return _number_in_text(clause, value, storage)
    _check(clause, storage)
    if clause.of_missing and _drops_empty(clause, storage):
        return NEVER  # the text that it asks for is missing
    kind = _kind_of(clause, storage)
    test = clause.on(kind)
    match test:
        case Never():
            return NEVER
        case Always():
            return every([_present(clause, value, storage), _has_text(value, storage)])
        case Equals(wanted, of_text):
            if of_text:
                spelled = _spelled(str(wanted), value, storage)
                return every([_has_text(value, storage), spelled])
            return _comparing(clause, value, storage)(Relation.EQUAL, wanted)
        case Within(low, high, of_text):
            compare = _ordering(value, storage) if of_text else _comparing(clause, value, storage)
            compared = [
                compare(relation, end.value)
                for relation, end in _ends(low, high)
                if end is not None
            ]
            if _drops_empty(clause, storage):
                # It would be less than all others.
                compared.append(_present(clause, value, storage))
            return every([_has_text(value, storage), *compared] if of_text else compared)
        case Like(fragments):
            return every([_has_text(value, storage), TextLike(value, storage, fragments)])
        case _:
            assert_never(test)


def _has_text(value: Value, storage: Storage) -> Condition:
    """Ask whether an instant is in the years 1 to 9999; no other has a text. All else has one."""
    first: int
    last: int
    match storage:
        case Scalar.WIDE_DATE | Scalar.ENDLESS_DATE:
            first, last = FIRST_INSTANT // DAY, LAST_INSTANT // DAY
        case Moment(_, _, Reach.WIDE | Reach.ENDLESS) if storage.unit != "ns":
            unit = UNITS[storage.unit]
            first, last = FIRST_INSTANT, LAST_INSTANT // unit * unit
        case _:
            return ALWAYS
    return every(
        [
            Compared(value, storage, Relation.AT_LEAST, first),
            Compared(value, storage, Relation.AT_MOST, last),
        ]
    )


def _ordering(value: Value, storage: Storage) -> Compare:
    """Return what compares the folded text of a value with another."""
    return lambda relation, text: TextCompared(value, storage, relation, text)


def _ends(low: End | None, high: End | None) -> list[tuple[Relation, End | None]]:
    is_low_closed = low is not None and low.is_closed
    is_high_closed = high is not None and high.is_closed
    return [
        (Relation.AT_LEAST if is_low_closed else Relation.GREATER, low),
        (Relation.AT_MOST if is_high_closed else Relation.LESS, high),
    ]


def _kind_of(clause: BoundClause, storage: Storage) -> Kind:
    """Return the semantic kind of what is stored so, as the clause reads it."""
    match storage:
        case StructOf() | MapOf() | Scalar.UNORDINARY:
            return Kind.OPAQUE
        case _ if clause.reading in {Reading.TEXT, Reading.ENUM} or storage in TEXTS:
            return Kind.TEXT
        case _ if not _is_read(storage, clause.reading):
            return Kind.OPAQUE
        case Scalar.UUID:
            return Kind.UUID
        case Scalar.DOUBLE | Scalar.SINGLE:
            return Kind.DOUBLE
        case Scalar.DATE | Scalar.WIDE_DATE | Scalar.ENDLESS_DATE:
            return Kind.DATE
        case Fixed() | Scalar.DECIMAL:
            return Kind.DECIMAL
        case Whole():
            return Kind.MOMENT if clause.reading is Reading.INSTANT else Kind.INTEGER
        case _:
            # Truth values, lists and what is unknown never come here; what is left are times.
            return Kind.MOMENT


def _is_read(storage: Storage, reading: Reading) -> bool:
    """Return whether values that aren't texts may be read as a schema has them."""
    match reading:
        case Reading.AS_IS | Reading.TEXT | Reading.ENUM:
            return True
        case Reading.NUMBER:
            return _holds_numbers(storage)
        case Reading.BOOLEAN:
            return False  # truth values, and the numbers 0 and 1, are dealt with before
        case Reading.INSTANT:
            return storage in DATES or isinstance(storage, Moment) or _holds_numbers(storage)
        case _:
            assert_never(reading)


def _holds_numbers(storage: Storage) -> bool:
    return storage in (*FLOATS, Scalar.DECIMAL) or isinstance(storage, Whole | Fixed)


def _truths(storage: Storage, clause: BoundClause) -> Callable[[Value, bool], Condition] | None:
    """Return what says of a value that it is read as a truth value; None where none is read."""
    if storage in TEXTS and not clause.is_pattern and not clause.of_missing:
        return lambda value, one: some(
            _spelled(text, value, storage) for text in (("false", "0"), ("true", "1"))[one]
        )
    if _holds_numbers(storage):
        compared = BoundClause(clause.clause)
        kind = _kind_of(compared, storage)
        return lambda value, one: _comparing(compared, value, storage)(
            Relation.EQUAL, value_of(str(int(one)), kind)
        )
    return None


def _check(clause: BoundClause, storage: Storage) -> None:
    """Raise where the values, or what the schema makes of them, aren't known exactly."""
    reading = clause.reading
    is_asked_for_a_value = not clause.is_pattern and not clause.of_missing
    reason = None
    if isinstance(storage, Unknown):
        reason = storage.reason
    elif storage in TEXTS and reading not in AS_TEXTS and is_asked_for_a_value:
        reason = f"the schema says {reading.value}, and the column holds text"
    elif reading is Reading.INSTANT and (
        storage in (*FLOATS, Scalar.DECIMAL) or isinstance(storage, Fixed)
    ):
        reason = "the schema says datetime, and the column holds numbers with fractions"
    elif reading is Reading.INSTANT and isinstance(storage, Whole) and clause.is_pattern:
        reason = "it is a pattern for dates that are held as integers"
    if reason is not None:
        raise InexactError(reason)


def _present(clause: BoundClause, value: Value, storage: Storage) -> Condition:
    return negated(missing(clause, value, storage))


def _comparing(clause: BoundClause, value: Value, storage: Storage) -> Compare:
    """Return what compares a value, by its storage, with one of its semantic kind."""
    match storage:
        case Whole(least, most) if clause.reading is Reading.INSTANT:
            return lambda relation, instant: epoch_compared(relation, instant, value, storage)
        case Whole(least, most):
            # Zero may be written with an exponent that no engine takes.
            return lambda relation, limit: bounded(
                relation, limit or 0, value, storage, least, most
            )
        case Fixed():
            return lambda relation, limit: _fixed(relation, limit, value, storage)
        case Scalar.DATE | Scalar.WIDE_DATE | Scalar.ENDLESS_DATE:
            return lambda relation, days: date_compared(relation, days, value, storage)
        case Moment():
            return lambda relation, instant: moment_compared(relation, instant, value, storage)
        case _:
            return lambda relation, limit: Compared(value, storage, relation, limit)


# --- Numbers --------------------------------------------------------------------------------------


def _fixed(relation: Relation, limit: Decimal, value: Value, storage: Fixed) -> Condition:
    """Compare decimals of a column, which are integers in units of the last digit."""
    most = 10**storage.digits - 1
    if limit.is_infinite():
        return bounded(relation, limit, value, storage, -most, most)
    scaled = shifted(limit, storage.scale)
    floor, ceiling = (scaled.to_integral_value(way) for way in (ROUND_FLOOR, ROUND_CEILING))
    if relation is Relation.EQUAL and floor != ceiling:
        return NEVER
    # Between two units there is nothing, so that the nearest one on the other side says the same.
    to_floor = relation in {Relation.GREATER, Relation.AT_MOST}
    found = bounded(relation, floor if to_floor else ceiling, value, storage, -most, most)
    if not isinstance(found, Compared):
        return found
    assert isinstance(found.limit, Decimal)
    return found._replace(limit=shifted(Decimal(int(found.limit)), -storage.scale))


_MOST_OF_TEXTS = 10**18
"""Integers in texts are told from smaller numbers by their length."""


def _is_number_in_text(clause: BoundClause, storage: Storage) -> bool:
    is_compared = not clause.is_pattern and not clause.of_missing
    return storage in TEXTS and clause.reading is Reading.NUMBER and is_compared


def _number_in_text(clause: BoundClause, value: Value, storage: Storage) -> Condition:
    """Compare the number that a text is: an integer, or with a point or exponent a double."""
    test = clause.on(Kind.DECIMAL)
    match test:
        case Never(Why.UNREADABLE):
            return NEVER
        case Equals(Decimal() as number):
            relation = Relation.EQUAL
        case Within(low, high, _, Decimal() as number):
            relation = next(one for one, end in _ends(low, high) if end is not None)
        case Never() | Always() | Equals() | Within() | Like():
            raise InexactError(_TOO_LONG)
        case _:
            assert_never(test)
    if not -_MOST_OF_TEXTS < number < _MOST_OF_TEXTS:
        raise InexactError(_TOO_LONG)
    parts: list[Condition] = [
        NumberWritten(value, storage, form, limits)
        for form, kind in ((Form.SHORT, Kind.INTEGER), (Form.FLOAT, Kind.DOUBLE))
        if (limits := _limits(clause.on(kind)))
    ]
    if relation.is_lower:
        parts.append(NumberWritten(value, storage, Form.LONG, ()))
    if relation.is_upper:
        parts.append(NumberWritten(value, storage, Form.LONG_NEGATIVE, ()))
    return some(parts)


_TOO_LONG = "its number has too many digits"


def _limits(test: Test) -> tuple[tuple[Relation, int | float], ...]:
    match test:
        case Equals(wanted):
            return ((Relation.EQUAL, wanted),)
        case Within(low, high):
            return tuple((one, end.value) for one, end in _ends(low, high) if end is not None)
        case Never() | Always() | Like():
            return ()
        case _:
            assert_never(test)


# --- Texts ----------------------------------------------------------------------------------------


def _spelled(folded: str, value: Value, storage: Storage) -> Condition:
    if storage is Scalar.UUID and not _is_uuid(folded):
        return NEVER
    if storage in TEXTS and (texts := spellings(folded)) is not None:
        return IsSpelled(value, storage, texts)
    return TextCompared(value, storage, Relation.EQUAL, folded)


def _is_uuid(folded: str) -> bool:
    try:
        return str(UUID(folded)) == folded
    except ValueError:
        return False
