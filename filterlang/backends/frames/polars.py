"""Conditions → expressions of polars, and its types → kinds."""

from __future__ import annotations

from operator import and_, or_
from typing import TYPE_CHECKING, Any, assert_never

import polars as pl
from polars.selectors import by_name

from filterlang.backends.frames.literals import described, naive, plain_integers
from filterlang.backends.frames.regular_expressions import MOST_CHARACTERS, fragments, spelled_regex
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
    Scalar,
    StructOf,
    Unknown,
    Whole,
    integers,
)
from filterlang.diagnostics.diagnostic import quoted
from filterlang.semantics.probes import RELATIONS
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filterlang.backends.plan.conditions import Condition, Value
    from filterlang.backends.plan.storage import Kind, Kinds
    from filterlang.syntax.nodes import Pattern

NAME = "polars"

# --- Types ----------------------------------------------------------------------------------------


def engine_of(schema: Mapping[str, Any]) -> Engine:
    """Give what a plan has to know, with the columns of a schema (a mapping of names to types)."""
    return Engine(NAME, kinds_of(schema), write)


def kinds_of(schema: Mapping[str, Any]) -> Kinds:
    """Give the kinds of the columns of a schema, or of a mapping of names to types."""
    return {name: _kind(type_) for name, type_ in schema.items()}


_KINDS: dict[Any, Kind] = {
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
    pl.Date: Scalar.DATE,
    pl.Time: Scalar.UNORDINARY,
    pl.Duration: Scalar.UNORDINARY,
    pl.Binary: Scalar.UNORDINARY,
}


def _kind(type_: Any) -> Kind:  # noqa: ANN401, PLR0911 — a class or an instance; one line a type
    known = _KINDS.get(type_.base_type())
    if known is not None:
        return known
    match type_:
        case pl.Datetime():
            return Moment(type_.time_unit, type_.time_zone)
        case pl.Decimal():
            return Fixed(type_.precision, type_.scale)
        case pl.List():
            return ListOf(_kind(type_.inner))
        case pl.Array():
            return ListOf(_kind(type_.inner), is_fixed=True)
        case pl.Struct():
            return StructOf({field.name: _kind(field.dtype) for field in type_.fields})
        case pl.Map() if type_.key == pl.String:
            return MapOf(_kind(type_.value))
        case pl.Null():
            # All values are null, whatever they are asked.
            return Scalar.BOOLEAN
        case _:
            return Unknown(str(type_))


# --- Conditions -----------------------------------------------------------------------------------


def write(condition: Condition) -> pl.Expr:  # noqa: C901, PLR0911, PLR0912 — one case after the other
    """Write a condition as an expression that is never null.

    Raises:
        InexactError: for what polars says otherwise than the language.
    """
    match condition:
        case Constant(holds):
            return pl.lit(holds)
        case Every(parts):
            return balanced(and_, map(write, parts))
        case Some(parts):
            return balanced(or_, map(write, parts))
        case Not(part):
            return ~write(part)
        case IsMissing(value, kind):
            asked = _value(value)
            return asked.is_null() | asked.is_nan() if kind in FLOATS else asked.is_null()
        case Compared():
            return _compared(condition)
        case IsSpelled(value, kind, texts):
            text = _text(value, kind)
            if len(texts) == 1:
                return text.eq_missing(pl.lit(texts[0]))
            return text.is_not_null() & text.is_in(texts)
        case TextCompared(value, kind, operator, text):
            column = _text(value, kind)
            if operator is Operator.EQ and len(text) <= MOST_CHARACTERS:
                asked = column.str.contains(spelled_regex(text))
            else:
                asked = _related(operator, _folded(column), pl.lit(text))
            return _value(value).is_not_null() & asked
        case TextLike(value, kind, pattern):
            return _value(value).is_not_null() & _like(_text(value, kind), pattern)
        case HasKey(mapping, key):
            return _value(mapping).map.contains_key(pl.lit(key)).fill_null(value=False)
        case AnyElement(list_, kind, _, inner):
            column = _value(list_).arr.to_list() if kind.is_fixed else _value(list_)
            return column.list.eval(write(inner)).list.any().fill_null(value=False)
        case _:
            assert_never(condition)


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
            return _value(mapping).map.get(pl.lit(key))
        case _:
            assert_never(value)


def _is_pattern(name: str) -> bool:
    """Whether it stands for several names, where polars is asked for one."""
    return name == "*" or (name.startswith("^") and name.endswith("$"))


def _related(operator: Operator, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    return RELATIONS[operator](left, right)  # type: ignore[return-value]  # of expressions it is one


def _compared(condition: Compared) -> pl.Expr:
    value, kind, operator, limit = condition
    column = _value(value)
    there = column.is_not_null()
    if kind in FLOATS:
        if operator in {Operator.GT, Operator.GE}:
            # NaN is greater than all numbers here.
            there &= column.is_not_nan()
        return there & _related(operator, column.cast(pl.Float64), pl.lit(limit))
    return there & _related(operator, column, _literal(limit, kind))


def _literal(limit: Any, kind: Kind) -> pl.Expr:  # noqa: ANN401 — of the kind
    if isinstance(kind, Fixed):
        return pl.lit(limit, dtype=pl.Decimal(kind.digits, kind.scale))
    if not isinstance(kind, Moment):
        return pl.lit(limit)
    moment = pl.lit(naive(limit), dtype=pl.Datetime("us"))
    if kind.zone is not None:
        moment = moment.dt.replace_time_zone("UTC").dt.convert_time_zone(kind.zone)
    return moment.dt.cast_time_unit(kind.unit)  # type: ignore[arg-type]  # polars has all but "s"


# --- Texts ----------------------------------------------------------------------------------------


def _folded(text: pl.Expr) -> pl.Expr:
    """Fold as the language does: lowering differs from it for İ and the sigmas alone."""
    dotless = text.str.replace_all("İ", "i", literal=True)
    return dotless.str.to_lowercase().str.replace_all("ς", "σ", literal=True)


def _text(value: Value, kind: Kind) -> pl.Expr:
    """Give the text of a value, as patterns see it."""
    column = _value(value)
    match kind:
        case Scalar.TEXT:
            return column
        case Scalar.CATEGORY:
            return column.cast(pl.String)
        case Scalar.DATE:
            return column.dt.strftime("%Y-%m-%d")
        case Whole(least, most) if plain_integers(least, most):
            return column.cast(pl.String)
        case Fixed():
            return column.cast(pl.String)
        case Moment(_, zone):
            moment = column if zone is None else column.dt.convert_time_zone("UTC")
            text = moment.dt.cast_time_unit("us").dt.strftime("%Y-%m-%dT%H:%M:%S%.6f")
            return text.str.strip_chars_end("0").str.strip_suffix(".") + pl.lit("Z")
        case _:
            message = f"{NAME} writes {described(kind)} in its own way"
            raise InexactError(message)


def _like(text: pl.Expr, pattern: Pattern) -> pl.Expr:
    """Match the text of a value with a pattern."""
    if len(pattern.text) <= MOST_CHARACTERS:
        return text.str.contains(spelled_regex(pattern))
    match fragments(pattern):
        case [prefix, ""]:
            return _folded(text).str.starts_with(prefix)
        case ["", suffix]:
            return _folded(text).str.ends_with(suffix)
        case ["", inside, ""]:
            return _folded(text).str.contains(inside, literal=True)
        case _:
            return text.str.contains(spelled_regex(pattern))
