"""Conditions → expressions of DuckDB, and its types → storages."""

from __future__ import annotations

from datetime import date
from math import nan
from operator import and_, or_
from typing import TYPE_CHECKING, Any, assert_never

from duckdb import ColumnExpression, ConstantExpression, FunctionExpression, LambdaExpression

from filterlang.backends.frames.literals import described, naive, plain_integers
from filterlang.backends.frames.regular_expressions import (
    MOST_CHARACTERS,
    length_of,
    literals_of,
    spelled_regex,
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

if TYPE_CHECKING:
    from duckdb import Expression

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Storage, Storages
    from filterlang.semantics.wildcards import Fragments

NAME = "DuckDB"
_EPOCH = date(1970, 1, 1)

# --- Types ----------------------------------------------------------------------------------------


def engine_of(relation: Any) -> Engine:
    """Return what a plan has to know, with the columns of a relation."""
    return Engine(NAME, storages_of(relation), write)


def storages_of(relation: Any) -> Storages:
    """Return the storages of the columns of a relation."""
    columns = zip(relation.columns, relation.types, strict=True)
    return told_apart(NAME, {name: _storage(type_) for name, type_ in columns})


_STORAGES: dict[str, Storage] = {
    "tinyint": integers(8),
    "smallint": integers(16),
    "integer": integers(32),
    "bigint": integers(64),
    "hugeint": integers(128),
    "utinyint": integers(8, signed=False),
    "usmallint": integers(16, signed=False),
    "uinteger": integers(32, signed=False),
    "ubigint": integers(64, signed=False),
    "uhugeint": integers(128, signed=False),
    "float": Scalar.SINGLE,
    "double": Scalar.DOUBLE,
    "varchar": Scalar.TEXT,
    "enum": Scalar.CATEGORY,
    "boolean": Scalar.BOOLEAN,
    "date": Scalar.ENDLESS_DATE,
    "timestamp": Moment("us", None, Reach.ENDLESS),
    "timestamp_s": Moment("s", None, Reach.ENDLESS),
    "timestamp_ms": Moment("ms", None, Reach.ENDLESS),
    "timestamp_ns": Moment("ns", None),
    "timestamp with time zone": Moment("us", "UTC", Reach.ENDLESS),
    "uuid": Scalar.UUID,
    "blob": Scalar.UNORDINARY,
    "time": Scalar.UNORDINARY,
    "time with time zone": Scalar.UNORDINARY,
    "interval": Scalar.UNORDINARY,
    # All values are null, whatever they are asked.
    "null": Scalar.BOOLEAN,
}


def _storage(type_: Any) -> Storage:
    if str(type_) == "JSON":
        # It is a text to DuckDB, which is parsed, or not, when it is compared.
        return Unknown("JSON", _JSON)
    known = _STORAGES.get(type_.id)
    if known is not None:
        return known
    children = dict(type_.children) if type_.id in _NESTED else {}
    match type_.id:
        case "decimal":
            return Fixed(children["precision"], children["scale"])
        case "list" | "array":
            return ListOf(_storage(children["child"]))
        case "struct":
            fields = {name: _storage(child) for name, child in children.items()}
            return StructOf(told_apart(NAME, fields))
        case "map" if children["key"].id == "varchar":
            return MapOf(_storage(children["value"]))
        case _:
            return Unknown(str(type_))


_JSON = f"{NAME} holds JSON as text; cast it to VARCHAR, or to a STRUCT, a LIST or a MAP"
_NESTED = {"decimal", "list", "array", "struct", "map"}


# --- Conditions -----------------------------------------------------------------------------------


def write(condition: Condition) -> Expression:
    """Write a condition as an expression that is never NULL.

    Raises:
        InexactError: for what DuckDB says otherwise than the language.
    """
    match condition:
        case Constant(holds):
            return ConstantExpression(holds)
        case Every(parts):
            return balanced(and_, map(write, parts))
        case Some(parts):
            return balanced(or_, map(write, parts))
        case Not(part):
            return ~write(part)
        case IsMissing(value, storage):
            column = _value(value)
            null = column.isnull()
            return null | _is_nan(column) if storage in FLOATS else null
        case Compared():
            return _compared(condition)
        case IsSpelled(value, storage, texts):
            spelled = _text(value, storage).isin(*map(ConstantExpression, texts))
            return _value(value).isnotnull() & spelled
        case TextCompared(value, storage, relation, text):
            column = _text(value, storage)
            if relation is Relation.EQUAL and len(text) <= MOST_CHARACTERS:
                asked = _asked("regexp_matches", column, spelled_regex(text))
            else:
                asked = _related(relation, _folded(column), ConstantExpression(text))
            return _value(value).isnotnull() & asked
        case TextLike(value, storage, fragments):
            return _value(value).isnotnull() & _like(_text(value, storage), fragments)
        case NumberWritten():
            return _number_written(condition)
        case HasKey(mapping, key):
            column = _value(mapping)
            has = FunctionExpression("map_contains", column, _exactly(ConstantExpression(key)))
            return column.isnotnull() & has
        case AnyElement(list_, _, level, inner):
            column = _value(list_)
            asked = LambdaExpression(_element(level), write(inner))
            found = FunctionExpression("len", FunctionExpression("list_filter", column, asked))
            return column.isnotnull() & (found > ConstantExpression(0))
        case _:
            assert_never(condition)


def _element(level: int) -> str:
    return f"element_{level}"


def _value(value: Value) -> Expression:
    match value:
        case Column(name):
            if name == "*":
                message = f"{NAME} would take the name '*' for all columns"
                raise InexactError(message)
            return ColumnExpression(name)
        case Member(record, name):
            return FunctionExpression("struct_extract", _value(record), ConstantExpression(name))
        case Element(level):
            return ColumnExpression(_element(level))
        case Entry(mapping, key):
            return _last_entry(_value(mapping), key)
        case _:
            assert_never(value)


def _last_entry(mapping: Expression, key: str) -> Expression:
    """Return the last value of a key: maps in Parquet files may have it twice."""
    keys, values = (
        FunctionExpression("list_reverse", FunctionExpression(part, mapping))
        for part in ("map_keys", "map_values")
    )
    place = FunctionExpression("list_position", keys, _exactly(ConstantExpression(key)))
    return FunctionExpression("list_extract", values, place)


def _related(relation: Relation, left: Expression, right: Expression) -> Expression:
    return relation.write(left, right)


def _compared(condition: Compared) -> Expression:
    value, storage, relation, limit = condition
    column = _value(value)
    there = column.isnotnull()
    if storage in FLOATS:
        # Here NaN is greater than all numbers, or, where statistics speak, any number they allow.
        there &= ~_is_nan(column)
        return there & _related(relation, column.cast("DOUBLE"), ConstantExpression(limit))
    return there & _related(relation, column, _literal(limit, storage))


def _number_written(condition: NumberWritten) -> Expression:
    """Compare the number that a text is; what is written otherwise is none, also to `TRY_CAST`."""
    value, storage, form, limits = condition
    text = _text(value, storage)
    found = _value(value).isnotnull() & _asked("regexp_full_match", text, form.value)
    type_ = "DOUBLE" if form is Form.FLOAT else "BIGINT"
    for relation, limit in limits:
        found &= _related(relation, text.try_cast(type_), ConstantExpression(limit))
    return found


def _is_nan(column: Expression) -> Expression:
    """Ask whether a number is NaN, without being NULL, so that statistics can't answer.

    The least and greatest value that Parquet files keep are those of the numbers alone. What DuckDB
    can work out from them it doesn't ask of the values: `isnan`, comparisons and even texts of
    NaN are then always false. Elements of a list that is made here have no such statistics.
    """
    return FunctionExpression("list_value", column.cast("DOUBLE")) == _NAN


_NAN = FunctionExpression("list_value", ConstantExpression(nan))


_MOMENTS = {"s": "TIMESTAMP_S", "ms": "TIMESTAMP_MS", "us": "TIMESTAMP", "ns": "TIMESTAMP_NS"}


def _literal(limit: Any, storage: Storage) -> Expression:
    if isinstance(storage, Fixed):
        return ConstantExpression(limit).cast(f"DECIMAL({storage.digits}, {storage.scale})")
    if storage is Scalar.ENDLESS_DATE:
        if isinstance(limit, float):
            return ConstantExpression(f"{limit}").cast("DATE")
        return ConstantExpression(_EPOCH) + ConstantExpression(limit).cast("INTEGER")
    if not isinstance(storage, Moment):
        return ConstantExpression(limit)
    type_ = _MOMENTS[storage.unit] if storage.zone is None else "TIMESTAMPTZ"
    if isinstance(limit, float):
        return ConstantExpression(f"{limit}").cast(type_)
    if storage.zone is not None:
        return FunctionExpression("make_timestamptz", ConstantExpression(limit))
    if storage.unit != "ns":
        return FunctionExpression("make_timestamp", ConstantExpression(limit)).cast(type_)
    return ConstantExpression(naive(limit)).cast(type_)


# --- Texts ----------------------------------------------------------------------------------------


def _folded(text: Expression) -> Expression:
    """Fold as the language does: lowering differs from it for İ and the sigmas alone."""
    for before, after in (("İ", "i"), ("Σ", "σ")):
        text = _replaced(text, before, after)
    return _replaced(FunctionExpression("lower", text), "ς", "σ")


def _replaced(text: Expression, before: str, after: str) -> Expression:
    return FunctionExpression(
        "replace", text, ConstantExpression(before), ConstantExpression(after)
    )


def _exactly(text: Expression) -> Expression:
    """Compare by code points, whatever the collation of the column or of the connection."""
    return text.collate("binary")


def _text(value: Value, storage: Storage) -> Expression:
    """Return the text of a value, as patterns see it."""
    return _exactly(_written(_value(value), storage))


def _written(column: Expression, storage: Storage) -> Expression:
    match storage:
        case Scalar.TEXT:
            return column
        case Fixed(digits, scale) if digits == scale:
            # Without a digit before the point DuckDB writes none there.
            written = column.cast("VARCHAR")
            point, zero = ConstantExpression(r"^(-?)\."), ConstantExpression(r"\10.")
            return FunctionExpression("regexp_replace", written, point, zero)
        case Scalar.CATEGORY | Scalar.UUID | Scalar.ENDLESS_DATE | Fixed():
            return column.cast("VARCHAR")
        case Whole(least, most) if plain_integers(least, most):
            return column.cast("VARCHAR")
        case Moment(unit, zone) if unit != "ns":
            moment = column.cast("TIMESTAMP")
            if zone is not None:
                instant = FunctionExpression("epoch_us", column)
                moment = FunctionExpression("make_timestamp", instant)
            form = ConstantExpression("%Y-%m-%dT%H:%M:%S.%f")
            text = FunctionExpression("strftime", moment, form)
            for end in "0.":
                text = FunctionExpression("rtrim", text, ConstantExpression(end))
            return FunctionExpression("concat", text, ConstantExpression("Z"))
        case _:
            message = f"{NAME} writes {described(storage)} in its own way"
            raise InexactError(message)


def _like(text: Expression, fragments: Fragments) -> Expression:
    """Match the text of a value with a pattern."""
    if length_of(fragments) <= MOST_CHARACTERS:
        return _asked("regexp_matches", text, spelled_regex(fragments))
    match literals_of(fragments):
        case [prefix, ""]:
            return _asked("starts_with", _folded(text), prefix)
        case ["", suffix]:
            return _asked("suffix", _folded(text), suffix)
        case ["", inside, ""]:
            return _asked("contains", _folded(text), inside)
        case _:
            return _asked("regexp_matches", text, spelled_regex(fragments))


def _asked(function: str, text: Expression, sought: str) -> Expression:
    return FunctionExpression(function, text, ConstantExpression(sought))
