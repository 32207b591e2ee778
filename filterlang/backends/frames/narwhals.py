"""Conditions → expressions of narwhals, for frames of pandas, on NumPy and on Arrow.

Here only what all of its engines say alike is written; the matcher checks the rest again.
"""

from __future__ import annotations

from operator import and_, or_
from typing import TYPE_CHECKING, Any, assert_never

import narwhals as nw

from filterlang.backends.frames.literals import described, in_units, plain_integers
from filterlang.backends.frames.regular_expressions import (
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
from filterlang.backends.plan.exactness import NUMBER_AS_TEXT, InexactError
from filterlang.backends.plan.planner import Engine
from filterlang.backends.plan.storage import (
    FLOATS,
    ListOf,
    Moment,
    Reach,
    Scalar,
    StructOf,
    Unknown,
    Whole,
    integers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Storage, Storages
    from filterlang.semantics.wildcards import Fragments

# --- Types ----------------------------------------------------------------------------------------


def engine_of(frame: nw.DataFrame[Any]) -> Engine:
    """Return what a plan has to know of a frame."""
    storages = {name: _storage_of(frame, name) for name in frame.columns}
    empty = _objects_without_values(frame)
    return Engine(str(frame.implementation), storages, write, empty)


def _objects_without_values(frame: Any) -> frozenset[str]:
    """Return those columns of pandas that may hold documents, and hold nothing yet.

    Other columns of objects are texts if their values are, and narwhals takes these for texts too.
    """
    if not frame.implementation.is_pandas():
        return frozenset()
    native = frame.to_native()
    objects = [name for name, type_ in native.dtypes.items() if type_ == "object"]
    return frozenset(name for name in objects if native[name].isna().all())


def _storage_of(frame: nw.DataFrame[Any], name: str) -> Storage:
    try:
        return _storage(frame.get_column(name).dtype)
    except (ValueError, NotImplementedError) as error:
        # There are types of pyarrow that narwhals has no name for.
        return Unknown(str(error))


def storages_of(schema: Mapping[str, Any]) -> Storages:
    """Return the storages of the columns of a schema of narwhals."""
    return {name: _storage(type_) for name, type_ in schema.items()}


_STORAGES: dict[Any, Storage] = {
    nw.Int8: integers(8),
    nw.Int16: integers(16),
    nw.Int32: integers(32),
    nw.Int64: integers(64),
    nw.UInt8: integers(8, signed=False),
    nw.UInt16: integers(16, signed=False),
    nw.UInt32: integers(32, signed=False),
    nw.UInt64: integers(64, signed=False),
    nw.Float32: Scalar.SINGLE,
    nw.Float64: Scalar.DOUBLE,
    nw.Boolean: Scalar.BOOLEAN,
    nw.String: Scalar.TEXT,
    nw.Date: Scalar.WIDE_DATE,
}


def _storage(type_: Any) -> Storage:
    known = _STORAGES.get(type_.base_type())
    if known is not None:
        return known
    match type_:
        case nw.Datetime():
            return Moment(type_.time_unit, type_.time_zone, Reach.WIDE)
        case nw.List():
            return ListOf(_storage(type_.inner))
        case nw.Struct():
            return StructOf({field.name: _storage(field.dtype) for field in type_.fields})
        case _:
            return Unknown(str(type_))


# --- Conditions -----------------------------------------------------------------------------------


def write(condition: Condition) -> nw.Expr:
    """Write a condition as an expression that is never null.

    Raises:
        InexactError: for what narwhals can't say, or not for all of its engines.
    """
    match condition:
        case Constant(holds):
            return nw.lit(holds)
        case Every(parts):
            return balanced(and_, map(write, parts))
        case Some(parts):
            return balanced(or_, map(write, parts))
        case Not(part):
            return ~write(part)
        case IsMissing(value, storage):
            column = _value(value)
            null = column.is_null()
            return null | _is_nan(column) if storage in FLOATS else null
        case Compared():
            return _compared(condition)
        case IsSpelled(value, storage, texts):
            return _there(_value(value), _text(value, storage).is_in(texts))
        case TextCompared(value, storage, relation, text):
            folded = _folded(_text(value, storage))
            return _there(_value(value), _related(relation, folded, nw.lit(text)))
        case TextLike(value, storage, fragments):
            return _there(_value(value), _like(_folded(_text(value, storage)), fragments))
        case NumberWritten():
            raise InexactError(NUMBER_AS_TEXT)
        case HasKey() | AnyElement():
            message = "lists and maps are looked into by the matcher"
            raise InexactError(message)
        case _:
            assert_never(condition)


def _there(column: nw.Expr, holds: nw.Expr) -> nw.Expr:
    return ~column.is_null() & holds.fill_null(value=False)


def _is_nan(column: nw.Expr) -> nw.Expr:
    return column.is_nan().fill_null(value=False)


def _value(value: Value) -> nw.Expr:
    match value:
        case Column(name):
            return nw.col(name)
        case Member(record, name):
            return _value(record).struct.field(name)
        case Element() | Entry():  # pragma: no cover — their list or map was refused before
            raise NotImplementedError
        case _:
            assert_never(value)


def _related(relation: Relation, left: nw.Expr, right: nw.Expr) -> nw.Expr:
    return relation.write(left, right)


def _compared(condition: Compared) -> nw.Expr:
    value, storage, relation, limit = condition
    column = _value(value)
    if storage in FLOATS:
        # NaN is neither equal to anything nor less or greater in these engines.
        double = column.cast(nw.Float64)
        return _there(column, _related(relation, double, nw.lit(limit)))
    number: Any = limit
    # Instants are compared as what they are stored as: Python has no literals for some, and what
    # is converted to another unit may be too great for it.
    if isinstance(storage, Moment):
        counted, number = column.cast(nw.Int64), in_units(number, storage.unit)
    elif storage is Scalar.WIDE_DATE:
        counted = column.cast(nw.Int32)
    else:
        counted = column
    return _there(column, _related(relation, counted, nw.lit(number)))


# --- Texts ----------------------------------------------------------------------------------------


def _folded(text: nw.Expr) -> nw.Expr:
    """Fold as the language does: lowering differs from it for İ and the sigmas alone."""
    for before, after in (("İ", "i"), ("Σ", "σ")):
        text = text.str.replace_all(before, after, literal=True)
    return text.str.to_lowercase().str.replace_all("ς", "σ", literal=True)


def _text(value: Value, storage: Storage) -> nw.Expr:
    """Return the text of a value, as patterns see it."""
    match storage:
        case Scalar.TEXT:
            return _value(value)
        case Whole(least, most) if plain_integers(least, most):
            return _value(value).cast(nw.String)
        case _:
            message = f"the text of {described(storage)} is made by the matcher"
            raise InexactError(message)


def _like(text: nw.Expr, fragments: Fragments) -> nw.Expr:
    """Match a folded text with a pattern."""
    match literals_of(fragments):
        case [prefix, ""]:
            return text.str.starts_with(prefix)
        case ["", suffix]:
            return text.str.ends_with(suffix)
        case ["", inside, ""]:
            return text.str.contains(inside, literal=True)
        case _:
            message = "some of its engines match such patterns in exponential time"
            raise InexactError(message)
