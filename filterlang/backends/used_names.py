"""Filters → the names of a record that they look at, and the columns that these may lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.matching.matcher import Matcher


def names_of(matcher: Matcher) -> list[tuple[str, ...]]:
    """Return the names that the filters look at, aliases resolved, as segments; each once."""
    schema = matcher.schema
    names: dict[str, None] = {}
    for filter_ in matcher.filters:
        for clause in filter_:
            found = None if schema is None else schema.find(clause.name)
            names[clause.name if found is None else found.name] = None
    return [tuple(name.split(".")) for name in names]


def wanted_columns(columns: Iterable[str], names: Iterable[tuple[str, ...]]) -> list[str]:
    """Return the columns that names look at."""
    wanted = {column for name in names for column in (name[0], ".".join(name))}
    return [column for column in columns if column in wanted]
