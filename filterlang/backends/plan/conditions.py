"""Conditions on columns as plain data, which each engine writes in its own way.

Each of them is true or false of every row, never null: what is missing satisfies none of the tests
but `IsMissing`. So they can be joined and negated as in Python.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, assert_never

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from decimal import Decimal

    from filterlang.backends.plan.storage import ListOf, Storage
    from filterlang.semantics.wildcards import Fragments

Part = TypeVar("Part")

# --- Values ---------------------------------------------------------------------------------------


class Column(NamedTuple):
    """A column of the frame."""

    name: str


class Member(NamedTuple):
    """A field of a struct; null where the struct is."""

    record: Value
    name: str


class Entry(NamedTuple):
    """The value that a map has for a key; null where it has none."""

    mapping: Value
    key: str


class Element(NamedTuple):
    """The element that the `AnyElement` of this level asks about; 0 is the outermost."""

    level: int


Value = Column | Member | Entry | Element


# --- Conditions -----------------------------------------------------------------------------------


class Relation(Enum):
    """How a value compares with another of its storage."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="

    def write(self, left: Any, right: Any) -> Any:
        """Write the comparison with the operators of an engine's own expressions."""
        match self:
            case Relation.EQUAL:
                return left == right
            case Relation.LESS:
                return left < right
            case Relation.AT_MOST:
                return left <= right
            case Relation.GREATER:
                return left > right
            case Relation.AT_LEAST:
                return left >= right
            case _:
                assert_never(self)

    @property
    def is_lower(self) -> bool:
        """Whether it sets a lower bound."""
        return self in {Relation.GREATER, Relation.AT_LEAST}

    @property
    def is_upper(self) -> bool:
        """Whether it sets an upper bound."""
        return self in {Relation.LESS, Relation.AT_MOST}


class Constant(NamedTuple):
    """What holds of all rows, or of none."""

    holds: bool


class Every(NamedTuple):
    """Whether all parts hold."""

    parts: tuple[Condition, ...]


class Some(NamedTuple):
    """Whether one part holds."""

    parts: tuple[Condition, ...]


class Not(NamedTuple):
    """Whether a part doesn't hold."""

    part: Condition


class IsMissing(NamedTuple):
    """Whether a value is null or NaN."""

    value: Value
    storage: Storage


class Compared(NamedTuple):
    """Whether a value compares as asked with one of its own storage.

    `limit` is an `int` for integers, a `Decimal` of the column's scale for decimals, a `date` for
    dates of the years 1 to 9999, and for other dates the days, for times the microseconds since
    1970, which the column's unit can express, or the infinity that the column holds.
    """

    value: Value
    storage: Storage
    relation: Relation
    limit: bool | int | float | Decimal | date


class IsSpelled(NamedTuple):
    """Whether a text is one of these, letter by letter."""

    value: Value
    storage: Storage
    texts: tuple[str, ...]


class TextCompared(NamedTuple):
    """Whether the folded text of a value compares as asked with a folded text."""

    value: Value
    storage: Storage
    relation: Relation
    text: str


class TextLike(NamedTuple):
    """Whether the folded text of a value matches a pattern."""

    value: Value
    storage: Storage
    fragments: Fragments


class Form(Enum):
    """How a number is written in a text; the member's value is a regular expression.

    Whole texts match it. It means the same in all dialects, without anchors.
    """

    SHORT = "-?(0|[1-9][0-9]{0,17})"
    """An integer that 64 bits hold."""
    LONG = "[1-9][0-9]{18}[0-9]*"
    """An integer of at least 10^18."""
    LONG_NEGATIVE = "-[1-9][0-9]{18}[0-9]*"
    """An integer of at most -10^18."""
    FLOAT = "-?(0|[1-9][0-9]*)([.][0-9]+([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)"
    """A number that is the nearest double."""


class NumberWritten(NamedTuple):
    """Whether a text is a number of a form that lies within some limits.

    They are integers of 64 bits for `SHORT`, doubles for `FLOAT`, and none for the others.
    """

    value: Value
    storage: Storage
    form: Form
    limits: tuple[tuple[Relation, int | float], ...]


class HasKey(NamedTuple):
    """Whether a map has a key, be it with a null."""

    mapping: Value
    key: str


class AnyElement(NamedTuple):
    """Whether the condition holds of an element of a list; what it asks is about `Element`s."""

    list: Value
    storage: ListOf
    level: int
    condition: Condition


Condition = (
    Constant
    | Every
    | Some
    | Not
    | IsMissing
    | Compared
    | IsSpelled
    | TextCompared
    | TextLike
    | NumberWritten
    | HasKey
    | AnyElement
)

ALWAYS, NEVER = Constant(True), Constant(False)


def every(parts: Iterable[Condition]) -> Condition:
    """Join conditions with AND; what is constant is folded."""
    kept: list[Condition] = []
    for part in parts:
        if part == NEVER:
            return NEVER
        if part != ALWAYS:
            kept += part.parts if isinstance(part, Every) else [part]
    if not kept:
        return ALWAYS
    return kept[0] if len(kept) == 1 else Every(tuple(kept))


def some(parts: Iterable[Condition]) -> Condition:
    """Join conditions with OR; what is constant is folded."""
    kept: list[Condition] = []
    for part in parts:
        if part == ALWAYS:
            return ALWAYS
        if part != NEVER:
            kept += part.parts if isinstance(part, Some) else [part]
    if not kept:
        return NEVER
    return kept[0] if len(kept) == 1 else Some(tuple(kept))


def negated(condition: Condition) -> Condition:
    """Negate a condition."""
    if isinstance(condition, Constant):
        return NEVER if condition.holds else ALWAYS
    return condition.part if isinstance(condition, Not) else Not(condition)


def balanced(join: Callable[[Part, Part], Part], parts: Iterable[Part]) -> Part:
    """Join one part or more in pairs, so that of thousands no engine has to walk a deep tree.

    Example:
        >>> balanced(lambda left, right: f"({left} & {right})", "abcde")
        '(((a & b) & (c & d)) & e)'
    """
    joined = list(parts)
    while len(joined) > 1:
        rest = joined[len(joined) // 2 * 2 :]
        pairs = zip(joined[::2], joined[1::2], strict=False)
        joined = [join(left, right) for left, right in pairs] + rest
    return joined[0]


def bounded(
    relation: Relation,
    limit: Any,
    value: Value,
    storage: Storage,
    least: Any,
    most: Any,
) -> Condition:
    """Compare with a limit that the column can hold, or say what all its values say."""
    if least <= limit <= most:
        return Compared(value, storage, relation, limit)
    if relation is Relation.EQUAL or relation.is_lower is (limit > most):
        return NEVER
    return negated(IsMissing(value, storage))
