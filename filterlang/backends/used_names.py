"""Filters → what of a record they look at: the top of it by name, and its type for msgspec.

A record is read by rule 1 of the language: in an object the whole remaining name is looked for as
one key, then its first segment. So of the object at each place a few keys are enough for the same
verdict, and whatever else is in it need not be made into Python values.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from filterlang.matching.matcher import Matcher

_MOST_KEYS = 64
"""Filters with more names are so rare that they may wait for all of a record."""
_MOST_SEGMENTS = 16
"""So are longer names; each segment is a type within the other."""


def names_of(matcher: Matcher) -> list[tuple[str, ...]]:
    """Return the names that the filters look at, aliases resolved, as segments; each once."""
    schema = matcher.schema
    names: dict[str, None] = {}
    for filter_ in matcher.filters:
        for clause in filter_:
            found = None if schema is None else schema.find(clause.name)
            names[clause.name if found is None else found.name] = None
    return [tuple(name.split(".")) for name in names]


def record_type(names: Iterable[tuple[str, ...]], refused: Iterable[str] = ()) -> Any | None:
    """Build the type of what the names look at, as msgspec reads it; None for too many of them.

    A record with one of the `refused` keys, which no name may lead to, doesn't fit the type.

    None too for names beyond ASCII: of a `TypedDict` msgspec doesn't find such keys, and takes them
    for missing without a word.

    What a record holds otherwise than is usual (lists in lists, an object with unknown content in a
    list at the end of a name) doesn't fit the type, so that msgspec refuses it, and it is read in
    full. Integers of any size are read exactly, since the type names `int`.

    Example:
        >>> sorted(record_type([("location", "city"), ("score",)]).__annotations__)
        ['location', 'location.city', 'score']
    """
    names = list(names)
    if len(names) > _MOST_KEYS or any(len(name) > _MOST_SEGMENTS for name in names):
        return None
    if not all(segment.isascii() for name in names for segment in name):
        return None
    return _object(names, dict.fromkeys(refused, Literal["\0"]))


def _object(names: list[tuple[str, ...]], others: Mapping[str, Any] = MappingProxyType({})) -> Any:
    """Build the type of an object of which the names, from here on, are looked at."""
    ends: dict[str, None] = {}
    deeper: dict[str, list[tuple[str, ...]]] = {}
    for name in names:
        ends[".".join(name)] = None
        if len(name) > 1:
            deeper.setdefault(name[0], []).append(name[1:])
    fields = {**others} | {key: _value([]) for key in ends}
    fields |= {key: _value(rest) for key, rest in deeper.items()}
    # No key is required, and the content of those that aren't named is never made into values.
    return TypedDict("_Part", fields, total=False)  # type: ignore[operator]  # the fields are data


def _value(rest: list[tuple[str, ...]]) -> Any:
    """Build the type of a value, of which the rest of some names may be looked at."""
    scalar = str | int | float | bool | None
    # A mapping at the end of a name equals nothing, whatever it holds.
    part: Any = _object(rest)
    element = scalar | part
    return element | list[element]  # type: ignore[valid-type]  # a type made here


def wanted_columns(columns: Iterable[str], names: Iterable[tuple[str, ...]]) -> list[str]:
    """Return the columns that names look at."""
    wanted = {column for name in names for column in (name[0], ".".join(name))}
    return [column for column in columns if column in wanted]
