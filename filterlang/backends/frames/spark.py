"""Conditions → columns of PySpark, and its types → storages.

Only functions of Spark itself are used, so that no row goes through Python, and they are the same
for Spark Connect.
"""

from __future__ import annotations

from operator import and_, or_
from typing import TYPE_CHECKING, Any, assert_never

from pyspark.sql import SparkSession, types
from pyspark.sql import functions as fn

from filterlang.backends.frames.literals import described
from filterlang.backends.frames.regular_expressions import (
    atomic_regex,
    literals_of,
)
from filterlang.backends.plan.conditions import (
    AnyElement,
    Column,
    Compared,
    Constant,
    Element,
    Entry,
    Every,
    Form,
    HasKey,
    IsMissing,
    IsSpelled,
    Member,
    Not,
    NumberWritten,
    Relation,
    Some,
    TextCompared,
    TextLike,
    balanced,
)
from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.planner import Engine
from filterlang.backends.plan.storage import (
    FLOATS,
    Fixed,
    ListOf,
    MapOf,
    Moment,
    Reach,
    Scalar,
    StructOf,
    Unknown,
    Whole,
    integers,
    told_apart,
)
from filterlang.semantics.instants import Instant

if TYPE_CHECKING:
    from pyspark.sql import Column as SparkColumn

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Storage, Storages
    from filterlang.semantics.wildcards import Fragments

NAME = "Spark"
_DAY = 86_400_000_000
_PLAIN_SCALE = 6
"""Spark may write decimals of a greater scale with an exponent."""

# --- Types ----------------------------------------------------------------------------------------


def engine_of(schema: Any, session: Any = None) -> Engine:
    """Return what a plan has to know, with the columns of a schema.

    Without a session it is the active one whose settings count.
    """
    return Engine(NAME, storages_of(schema, session), write)


def storages_of(schema: Any, session: Any = None) -> Storages:
    """Return the storages of the columns of a schema, or of the fields of a struct."""
    exact = {field.name: _storage(field.dataType, session) for field in schema.fields}
    apart = told_apart(NAME, exact)
    # A setting is asked for only if it counts: it may be on another machine.
    return exact if apart == exact or _is_case_sensitive(session) else apart


def _is_case_sensitive(session: Any) -> bool:
    asked = session or SparkSession.getActiveSession()
    return asked is not None and asked.conf.get("spark.sql.caseSensitive") == "true"


_STORAGES: dict[type, Storage] = {
    types.ByteType: integers(8),
    types.ShortType: integers(16),
    types.IntegerType: integers(32),
    types.LongType: integers(64),
    types.FloatType: Scalar.SINGLE,
    types.DoubleType: Scalar.DOUBLE,
    types.BooleanType: Scalar.BOOLEAN,
    types.DateType: Scalar.WIDE_DATE,
    types.TimestampType: Moment("us", "UTC", Reach.WIDE),
    types.TimestampNTZType: Moment("us", None, Reach.WIDE),
    types.CharType: Scalar.TEXT,
    types.VarcharType: Scalar.TEXT,
    types.BinaryType: Scalar.UNORDINARY,
    types.DayTimeIntervalType: Scalar.UNORDINARY,
    # All values are null, whatever they are asked.
    types.NullType: Scalar.BOOLEAN,
}


def _storage(type_: Any, session: Any) -> Storage:
    known = _STORAGES.get(type(type_))
    if known is not None:
        return known
    match type_:
        case types.StringType() if type_ == types.StringType():
            # Other collations compare texts in other ways.
            return Scalar.TEXT
        case types.DecimalType():
            return Fixed(type_.precision, type_.scale)
        case types.ArrayType():
            return ListOf(_storage(type_.elementType, session))
        case types.StructType():
            return StructOf(storages_of(type_, session))
        case types.MapType() if type_.keyType == types.StringType():
            return MapOf(_storage(type_.valueType, session))
        case _:
            return Unknown(type_.simpleString())


# --- Conditions -----------------------------------------------------------------------------------


def write(condition: Condition) -> SparkColumn:
    """Write a condition as a column that is never null.

    Raises:
        InexactError: for what Spark says otherwise than the language.
    """
    return _Writer(()).condition(condition)


class _Writer:
    """Writes what is asked of the elements of lists that are in hand, the outermost first."""

    def __init__(self, elements: tuple[SparkColumn, ...]) -> None:
        self._elements = elements

    def condition(self, condition: Condition) -> SparkColumn:
        match condition:
            case Constant(holds):
                return fn.lit(holds)
            case Every(parts):
                return balanced(and_, map(self.condition, parts))
            case Some(parts):
                return balanced(or_, map(self.condition, parts))
            case Not(part):
                return ~self.condition(part)
            case IsMissing(value, storage):
                column = self._value(value)
                return column.isNull() | fn.isnan(column) if storage in FLOATS else column.isNull()
            case Compared():
                return self._compared(condition)
            case IsSpelled(value, storage, texts):
                text = self._text(value, storage)
                return text.isNotNull() & text.isin(*texts)
            case TextCompared(value, storage, relation, text):
                folded = _folded(self._text(value, storage))
                return self._value(value).isNotNull() & _related(relation, folded, fn.lit(text))
            case TextLike(value, storage, fragments):
                folded = _folded(self._text(value, storage))
                return self._value(value).isNotNull() & _like(folded, fragments)
            case NumberWritten():
                return self._number_written(condition)
            case HasKey(mapping, key):
                column = self._value(mapping)
                return column.isNotNull() & fn.map_contains_key(column, fn.lit(key))
            case AnyElement(list_, _, _, inner):
                column = self._value(list_)

                def asked(element: SparkColumn) -> SparkColumn:
                    return _Writer((*self._elements, element)).condition(inner)

                return column.isNotNull() & fn.exists(column, asked)
            case _:
                assert_never(condition)

    def _value(self, value: Value) -> SparkColumn:
        match value:
            case Column(name):
                return fn.col(f"`{name.replace('`', '``')}`")
            case Member(record, name):
                return self._value(record).getField(name)
            case Element(level):
                return self._elements[level]
            case Entry(mapping, key):
                return _last_entry(self._value(mapping), key)
            case _:
                assert_never(value)

    def _compared(self, condition: Compared) -> SparkColumn:
        value, storage, relation, limit = condition
        column = self._value(value)
        there = column.isNotNull()
        if storage in FLOATS:
            if relation.is_lower:
                # NaN is greater than all numbers here.
                there &= ~fn.isnan(column)
            return there & _related(relation, column.cast("double"), fn.lit(limit))
        if storage is Scalar.WIDE_DATE and limit in _SKIPPED_DAYS:
            # What is asked of a function isn't asked of files.
            return there & _related(relation, fn.unix_date(column), fn.lit(limit))
        return there & _related(relation, column, _literal(limit, storage))

    def _number_written(self, condition: NumberWritten) -> SparkColumn:
        """Compare the number that a text is; what is written otherwise is none to `try_cast`."""
        value, storage, form, limits = condition
        text = self._text(value, storage)
        found = text.rlike(f"^({form.value})\\z")
        number = text.try_cast("double" if form is Form.FLOAT else "bigint")
        for relation, limit in limits:
            found &= _related(relation, number, fn.lit(limit))
        return fn.coalesce(found, fn.lit(False))

    def _text(self, value: Value, storage: Storage) -> SparkColumn:
        """Return the text of a value, as patterns see it."""
        column = self._value(value)
        match storage:
            case Scalar.TEXT:
                # Constants that are compared with a CHAR(n) itself are padded with spaces. The
                # optimizer removes the cast later.
                return column.cast("string")
            case Scalar.WIDE_DATE | Whole():
                return column.cast("string")
            case Fixed(_, scale) if scale <= _PLAIN_SCALE:
                return column.cast("string")
            case Moment(_, zone):
                return _instant_text(column) if zone else _wall_clock_text(column)
            case _:
                message = f"{NAME} writes {described(storage)} in its own way"
                raise InexactError(message)


_SKIPPED_DAYS = range(-141_437, -141_427)
"""The days after 1582-10-04, which Java's old calendar hasn't: of files Spark asks for others."""


def _last_entry(mapping: SparkColumn, key: str) -> SparkColumn:
    """Return the last value of a key: maps in files may have it twice."""
    keys, values = fn.reverse(fn.map_keys(mapping)), fn.reverse(fn.map_values(mapping))
    place = fn.array_position(keys, fn.lit(key)) - fn.lit(1)
    return fn.get(values, place.cast("int"))


def _related(relation: Relation, left: SparkColumn, right: SparkColumn) -> SparkColumn:
    return relation.write(left, right)


def _literal(limit: Any, storage: Storage) -> SparkColumn:
    if isinstance(storage, Fixed):
        return fn.lit(limit).cast(types.DecimalType(storage.digits, storage.scale))
    if storage is Scalar.WIDE_DATE:
        return fn.date_from_unix_date(fn.lit(limit).cast("int"))
    if not isinstance(storage, Moment):
        return fn.lit(limit)
    if storage.zone is not None:
        # The time zone of the session has no part in it.
        return fn.timestamp_micros(fn.lit(limit))
    return fn.lit(str(Instant(limit))[:-1]).cast(types.TimestampNTZType())


# --- Texts ----------------------------------------------------------------------------------------


def _folded(text: SparkColumn) -> SparkColumn:
    """Fold as the language does: lowering differs from it for İ and the sigmas alone."""
    return fn.translate(fn.lower(fn.translate(text, "İΣ", "iσ")), "ς", "σ")


def _wall_clock_text(column: SparkColumn) -> SparkColumn:
    return fn.concat(fn.translate(column.cast("string"), " ", "T"), fn.lit("Z"))


def _instant_text(column: SparkColumn) -> SparkColumn:
    """Write a time in UTC; what Spark writes itself is in the time zone of the session."""
    instant = fn.unix_micros(column)
    rest = fn.pmod(instant, fn.lit(_DAY))
    # A quotient of whole days is exact, although Spark makes it a floating point number.
    day = fn.date_from_unix_date(((instant - rest) / fn.lit(_DAY)).cast("int"))
    text = fn.concat(day.cast("string"), fn.lit("T"))
    parts = ((3_600_000_000, 24, ":"), (60_000_000, 60, ":"), (1_000_000, 60, "."), (1, 10**6, ""))
    for unit, count, mark in parts:
        number = fn.pmod(fn.floor(rest / fn.lit(unit)), fn.lit(count))
        digits = fn.lpad(number.cast("string"), len(str(count - 1)), "0")
        text = fn.concat(text, digits, fn.lit(mark))
    return fn.concat(fn.regexp_replace(text, r"\.?0+$", ""), fn.lit("Z"))


def _like(text: SparkColumn, fragments: Fragments) -> SparkColumn:
    """Match a folded text with a pattern."""
    match literals_of(fragments):
        case [prefix, ""]:
            return text.startswith(prefix)
        case ["", suffix]:
            return text.endswith(suffix)
        case ["", inside, ""]:
            return text.contains(inside)
        case _:
            return text.rlike(atomic_regex(fragments))
