"""Names that lead nowhere: what a table's columns and a schema know, and what may be meant.

A table knows its columns and the fields of its structs. What stands behind a map, or a column of
which nothing is known (a document, say), may be called anything.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from filterlang.backends.plan.storage import ListOf, MapOf, StructOf, leads_on
from filterlang.checking.meant_values.held_clause import alternatives, listed
from filterlang.checking.meant_values.similar_names import Names
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.errors import SchemaError, diagnose
from filterlang.schema.binding import bind
from filterlang.schema.dimension import MOST_LEVELS, Dimension
from filterlang.schema.schema import Schema
from filterlang.syntax.escaping import normal_name
from filterlang.syntax.nodes import unparse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from filterlang.backends.plan.storage import Storage
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.syntax.nodes import FilterSet


def expect_known(filters: FilterSet, columns: Mapping[str, Storage], schema: Schema | None) -> None:
    """Check that all names of filters lead somewhere.

    Raises:
        SchemaError: for names that neither the columns, with the fields of their structs, nor the
            schema know.
    """
    known = KnownNames(columns, schema)
    unknown: list[Diagnostic] = []
    for index, filter_ in enumerate(filters):
        place = 0
        for clause in filter_:
            length = len(str(clause))
            if not known.has(clause.name, bind(clause, schema).path):
                unknown.append(known.diagnostic(clause.name, Span(place, place + length), index))
            place += length + 1
    if unknown:
        raise SchemaError(unknown, unparse(filters))


class KnownNames:
    """The names that columns and a schema know."""

    def __init__(self, columns: Mapping[str, Storage], schema: Schema | None) -> None:
        self._columns = columns
        self._schema = schema

    def has(self, name: str, path: tuple[str, ...]) -> bool:
        """Return whether a name, which stands for a path, leads somewhere."""
        return leads_on(path, StructOf(self._columns)) or is_in_schema(name, self._schema)

    def diagnostic(self, name: str, span: Span, index: int) -> Diagnostic:
        """Say FL501 of a name that leads nowhere."""
        case, names, parent = self.hint(name)
        return diagnose(
            "FL501",
            span,
            source_index=index,
            case=case,
            name=quoted(name),
            names=names,
            parent=parent,
        )

    def hint(self, name: str) -> tuple[str | None, str, str]:
        """Return which hint of FL501 helps with a name, the names in it, and what they are in."""
        near = self.near(name)
        if near:
            return "near", alternatives(near), ""
        parent, inside = self._names.inside(name)
        if parent:
            return "inside", listed([quoted(one) for one in inside]), quoted(parent)
        return None, listed([quoted(one) for one in _addressable(self._columns)]) or "none", ""

    def near(self, name: str) -> list[str]:
        """Return the names that may be meant, best first."""
        near, _ = self._names.near(name)
        if not near and self._schema is not None:
            # An alias, or a dimension that the table lacks.
            near, _ = Names(self._schema).near(name)
        return near

    def spelled(self, name: str) -> list[str]:
        """Return the names that differ in spelling only: case, `_`, `-` and spaces."""
        near, is_spelling = self._names.near(name)
        return near if is_spelling else []

    @cached_property
    def _names(self) -> Names:
        return Names(Schema(_dimensions(self._columns)))


def is_in_schema(name: str, schema: Schema | None) -> bool:
    """Return whether a schema has a name, or a map that it leads into.

    That a schema lets other names pass doesn't say that it knows them.
    """
    if schema is None:
        return False
    found = schema.find(name)
    if found is None:
        return False
    if found.dimension is not None:
        return True
    segments = found.name.split(".")
    parents = (schema.find(".".join(segments[:end])) for end in range(1, len(segments)))
    return any(parent is not None and parent.dimension is not None for parent in parents)


def _dimensions(fields: Mapping[str, Storage], level: int = 1) -> dict[str, Dimension]:
    """Describe columns as a schema does, those whose names a filter can hold.

    A key with a point is the end of a name, by rule 1, so no name leads to what stands behind it.
    What lies deeper than a schema goes is left to a map.
    """
    return {
        name: Dimension("text") if "." in name else _dimension(fields[name], level)
        for name in _addressable(fields)
    }


def _addressable(names: Iterable[object]) -> list[str]:
    # pandas has columns whose names aren't texts, and any engine some that can't be written.
    return [name for name in names if isinstance(name, str) and _is_normal(name)]


def _is_normal(name: str) -> bool:
    try:
        return normal_name(name) == name
    except ValueError:
        return False


def _dimension(storage: Storage, level: int) -> Dimension:
    while isinstance(storage, ListOf):
        storage = storage.element
    if isinstance(storage, StructOf) and not storage.is_open:
        if level >= MOST_LEVELS:
            return Dimension("map")
        return Dimension("object", fields=_dimensions(storage.fields, level + 1))
    return Dimension("map" if isinstance(storage, MapOf) else "text")
