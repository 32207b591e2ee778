"""Conditions → expressions of polars, and its types → storages."""

from __future__ import annotations

from datetime import date
from operator import and_, or_
from typing import TYPE_CHECKING, Any, assert_never

import polars as pl
from polars.selectors import by_name

from filterlang.backends.frames.literals import described, in_units, plain_integers
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
)
from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.instants import FIRST_INSTANT, LAST_INSTANT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Storage, Storages
    from filterlang.semantics.wildcards import Fragments

NAME = "polars"
_ENDS = (FIRST_INSTANT, LAST_INSTANT)

# --- Types ----------------------------------------------------------------------------------------


def engine_of(schema: Mapping[str, Any]) -> Engine:
    """Give what a plan has to know, with the columns of a schema (a mapping of names to types)."""
    return Engine(NAME, storages_of(schema), write, join_all=_every)


def storages_of(schema: Mapping[str, Any]) -> Storages:
    """Return the storages of the columns of a schema, or of a mapping of names to types."""
    return {name: _storage(type_) for name, type_ in schema.items()}


_STORAGES: dict[Any, Storage] = {
    pl.Int8: integers(8),
    pl.Int16: integers(16),
    pl.Int32: integers(32),
    pl.Int64: integers(64),
    pl.Int128: integers(128),
    pl.UInt8: integers(8, signed=False),
    pl.UInt16: integers(16, signed=False),
    pl.UInt32: integers(32, signed=False),
    pl.UInt64: integers(64, signed=False),
    pl.Float32: Scalar.SINGLE,
    pl.Float64: Scalar.DOUBLE,
    pl.Boolean: Scalar.BOOLEAN,
    pl.String: Scalar.TEXT,
    pl.Categorical: Scalar.CATEGORY,
    pl.Enum: Scalar.CATEGORY,
    pl.Date: Scalar.WIDE_DATE,
    pl.Time: Scalar.UNORDINARY,
    pl.Duration: Scalar.UNORDINARY,
    pl.Binary: Scalar.UNORDINARY,
}


def _storage(type_: Any) -> Storage:
    known = _STORAGES.get(type_.base_type())
    if known is not None:
        return known
    match type_:
        case pl.Datetime():
            return Moment(type_.time_unit, type_.time_zone, Reach.WIDE)
        case pl.Decimal():
            return Fixed(type_.precision, type_.scale)
        case pl.List():
            return ListOf(_storage(type_.inner))
        case pl.Array():
            return ListOf(_storage(type_.inner), is_fixed=True)
        case pl.Struct():
            return StructOf({field.name: _storage(field.dtype) for field in type_.fields})
        case pl.Map() if type_.key == pl.String:
            return MapOf(_storage(type_.value))
        case pl.Null():
            # All values are null, whatever they are asked.
            return Scalar.BOOLEAN
        case _:
            return Unknown(str(type_))


# --- Conditions -----------------------------------------------------------------------------------


def write(condition: Condition) -> pl.Expr:
    """Write a condition as an expression that is never null.

    Raises:
        InexactError: for what polars says otherwise than the language.
    """
    match condition:
        case Constant(holds):
            return pl.lit(holds)
        case Every(parts):
            return _every(list(map(write, parts)))
        case Some(parts):
            return balanced(or_, map(write, parts))
        case Not(part):
            return ~write(part)
        case IsMissing(value, storage):
            asked = _value(value)
            return asked.is_null() | asked.is_nan() if storage in FLOATS else asked.is_null()
        case Compared():
            return _compared(condition)
        case IsSpelled(value, storage, texts):
            text = _text(value, storage)
            if len(texts) == 1:
                return text.eq_missing(pl.lit(texts[0]))
            return text.is_not_null() & text.is_in(texts)
        case TextCompared(value, storage, relation, text):
            column = _text(value, storage)
            if relation is Relation.EQUAL and len(text) <= MOST_CHARACTERS:
                asked = column.str.contains(spelled_regex(text))
            else:
                asked = _related(relation, _folded(column), pl.lit(text))
            return _value(value).is_not_null() & asked
        case TextLike(value, storage, fragments):
            return _value(value).is_not_null() & _like(_text(value, storage), fragments)
        case NumberWritten():
            return _number_written(condition)
        case HasKey(mapping, key):
            return _value(mapping).map.contains_key(pl.lit(key)).fill_null(value=False)
        case AnyElement(list_, storage, _, inner):
            column = _value(list_).arr.to_list() if storage.is_fixed else _value(list_)
            return column.list.eval(write(inner)).list.any().fill_null(value=False)
        case _:
            assert_never(condition)


_MOST_PARTS = 32
"""So few clauses of a filter polars may take apart, to read less of a file."""


def _every(parts: list[pl.Expr]) -> pl.Expr:
    """Join parts with AND; many of them as one expression.

    The optimizer of lazy frames takes each AND apart, and takes time and memory of the square of
    its parts, however they are put in brackets.
    """
    return balanced(and_, parts) if len(parts) <= _MOST_PARTS else pl.all_horizontal(parts)


def _value(value: Value) -> pl.Expr:
    match value:
        case Column(name):
            return by_name(name).as_expr() if _is_pattern(name) else pl.col(name)
        case Member(record, name):
            if _is_pattern(name):
                message = f"{NAME} would take the name {quoted(name)} of a field for a pattern"
                raise InexactError(message)
            return _value(record).struct.field(name)
        case Element():
            # What is asked of an element of an element is about that alone.
            return pl.element()
        case Entry(mapping, key):
            # Its own look-up takes the first of several entries with the key, not the last.
            entry = pl.element().filter(pl.element().struct.field("key") == pl.lit(key))
            found = entry.struct.field("value")
            return _value(mapping).map.entries().list.eval(found).list.last()
        case _:
            assert_never(value)


def _is_pattern(name: str) -> bool:
    """Return whether it stands for several names, where polars is asked for one."""
    return name == "*" or (name.startswith("^") and name.endswith("$"))


def _related(relation: Relation, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return relation.write(left, right)


def _compared(condition: Compared) -> pl.Expr:
    value, storage, relation, limit = condition
    column = _value(value)
    there = column.is_not_null()
    if storage in FLOATS:
        if relation.is_lower:
            # NaN is greater than all numbers here.
            there &= column.is_not_nan()
        return there & _related(relation, column.cast(pl.Float64), pl.lit(limit))
    return there & _related(relation, column, _literal(limit, storage))


def _number_written(condition: NumberWritten) -> pl.Expr:
    """Compare the number that a text is; what is written otherwise is none, also to `cast`."""
    value, storage, form, limits = condition
    text = _text(value, storage)
    found = text.str.contains(f"^({form.value})$")
    number = text.cast(pl.Float64 if form is Form.FLOAT else pl.Int64, strict=False)
    for relation, limit in limits:
        found &= _related(relation, number, pl.lit(limit))
    return found.fill_null(value=False)


def _literal(limit: Any, storage: Storage) -> pl.Expr:
    if isinstance(storage, Fixed):
        return pl.lit(limit, dtype=pl.Decimal(storage.digits, storage.scale))
    if storage is Scalar.WIDE_DATE:
        return pl.lit(limit, dtype=pl.Int32).cast(pl.Date)
    if not isinstance(storage, Moment):
        return pl.lit(limit)
    type_: Any = pl.Datetime(storage.unit, storage.zone)  # type: ignore[arg-type]  # polars has all but "s"
    return pl.lit(in_units(limit, storage.unit), dtype=pl.Int64).cast(type_)


# --- Texts ----------------------------------------------------------------------------------------


def _folded(text: pl.Expr) -> pl.Expr:
    """Fold as the language does: lowering differs from it for İ and the sigmas alone."""
    dotless = text.str.replace_all("İ", "i", literal=True)
    return dotless.str.to_lowercase().str.replace_all("ς", "σ", literal=True)


def _text(value: Value, storage: Storage) -> pl.Expr:
    """Return the text of a value, as patterns see it."""
    column = _value(value)
    match storage:
        case Scalar.TEXT:
            return column
        case Scalar.CATEGORY:
            return column.cast(pl.String)
        case Scalar.WIDE_DATE:
            # polars panics at some dates; those outside of the years 1 to 9999 aren't asked for.
            held = column.clip(pl.lit(date.min), pl.lit(date.max))
            return held.dt.strftime("%Y-%m-%d")
        case Whole(least, most) if plain_integers(least, most):
            return column.cast(pl.String)
        case Fixed():
            return column.cast(pl.String)
        case Moment(unit, zone):
            moment = column if zone is None else column.dt.convert_time_zone("UTC")
            if unit != "ns":
                first, last = (
                    _literal(end, storage._replace(zone=zone and "UTC")) for end in _ENDS
                )
                moment = moment.clip(first, last)
            text = moment.dt.cast_time_unit("us").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
            return text.str.strip_chars_end("0").str.strip_suffix(".") + pl.lit("Z")
        case _:
            message = f"{NAME} writes {described(storage)} in its own way"
            raise InexactError(message)


def _like(text: pl.Expr, fragments: Fragments) -> pl.Expr:
    """Match the text of a value with a pattern."""
    if length_of(fragments) <= MOST_CHARACTERS:
        return text.str.contains(spelled_regex(fragments))
    match literals_of(fragments):
        case [prefix, ""]:
            return _folded(text).str.starts_with(prefix)
        case ["", suffix]:
            return _folded(text).str.ends_with(suffix)
        case ["", inside, ""]:
            return _folded(text).str.contains(inside, literal=True)
        case _:
            return text.str.contains(spelled_regex(fragments))
