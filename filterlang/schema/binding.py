"""Clauses + a schema → bound clauses: names resolved, and how their values are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.diagnostic import class_name
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import READINGS, Reading
from filterlang.semantics.tests import BoundClause
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.schema.dimension import Dimension
    from filterlang.schema.schema import Found, Schema
    from filterlang.syntax.nodes import Clause, FilterSet


KINDS: dict[str, tuple[Kind, ...]] = {
    "text": (Kind.TEXT,),
    "enum": (Kind.TEXT,),
    "integer": (Kind.INTEGER, Kind.DECIMAL, Kind.DOUBLE),
    "number": (Kind.DECIMAL, Kind.DOUBLE),
    "boolean": (Kind.BOOLEAN,),
    "datetime": (Kind.MOMENT, Kind.DATE),
    "object": tuple(Kind),
}
"""What kinds of values each type of a schema has; the first one is what its expressions are read as
where one reading has to do."""


def expect_schema(schema: Any) -> None:
    """Look whether what is given as `schema=` is one, or None.

    Raises:
        TypeError: for anything else, such as the name of one.

    Example:
        >>> expect_schema("users")
        Traceback (most recent call last):
        TypeError: expected a Schema, such as filterlang.px.USER, not str
    """
    from filterlang.schema.schema import Schema

    if schema is not None and not isinstance(schema, Schema):
        message = f"expected a Schema, such as filterlang.px.USER, not {class_name(schema)}"
        raise TypeError(message)


def bind(clause: Clause, schema: Schema | None) -> BoundClause:
    """Bind a clause to a schema, or to none; a name that the schema lacks stays as it is.

    Example:
        >>> from filterlang import field, px
        >>> bind(field("countryCode") == "US", px.USER).path
        ('location', 'countryCode')
    """
    try:
        return bind_found(clause, None if schema is None else schema.find(clause.name))
    except (AttributeError, TypeError):
        # Millions of clauses are bound; only mistakes pay for being told.
        expect_schema(schema)
        raise


def bind_found(clause: Clause, found: Found | None) -> BoundClause:
    """Bind a clause to what its name leads to in a schema; None for a name that it lacks."""
    if found is None:
        return BoundClause(clause)
    if found.dimension is None:
        return BoundClause(clause, found.name)
    return BoundClause(clause, found.name, reading_of(found.dimension))


def reading_of(dimension: Dimension) -> Reading:
    """Return how the values of a dimension are read.

    Example:
        >>> from filterlang.schema.dimension import Dimension
        >>> reading_of(Dimension("enum", values=["", "LEAD"]))
        <Reading.TEXT: 'text'>
    """
    if dimension.type == "enum" and "" in dimension.values:
        return Reading.TEXT  # to it an empty text is a value like the others
    return READINGS[dimension.type]


def resolved(name: str, schema: Schema | None) -> str:
    """Return where a name leads to, which stands alone and in no clause.

    Example:
        >>> from filterlang import px
        >>> resolved("countryCode", px.USER), resolved("countryCode", None)
        ('location.countryCode', 'countryCode')
    """
    name = normal_name(name)
    return name if schema is None else schema.resolve(name)


def bind_all(clauses: Iterable[Clause], schema: Schema | None) -> list[BoundClause]:
    """Bind the clauses of one filter."""
    if schema is None:
        return [BoundClause(clause) for clause in clauses]
    return [bind(clause, schema) for clause in clauses]


def bind_filters(filters: FilterSet, schema: Schema | None) -> list[list[BoundClause]]:
    """Bind the clauses of each filter of a set."""
    if schema is None:
        return [[BoundClause(clause) for clause in one.clauses] for one in filters.filters]
    return [bind_all(one.clauses, schema) for one in filters.filters]
