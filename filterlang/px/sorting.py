"""The parameter `sort`: names joined by `;`, and by which of them a list can be sorted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from filterlang.px.endpoints import ListEndpoint

MOST_NAMES = 16
"""How many names a sort may have."""


class SortName(NamedTuple):
    """One name of a sort, aliases resolved."""

    name: str
    is_descending: bool


def read_sort(text: str, endpoint: ListEndpoint) -> tuple[SortName, ...]:
    """Read the parameter `sort`: names joined by `;`, each with `-` before it for descending.

    A `+` before a name means ascending; in a query string that isn't encoded it comes as a space.

    Raises:
        ValueError: for names that the list can't be sorted by; it says which it can.

    Example:
        >>> from filterlang.px.endpoints import LISTS
        >>> [tuple(one) for one in read_sort("-createDate;countryCode", LISTS["users"])]
        [('createDate', True), ('location.countryCode', False)]
    """
    names = tuple(_read_name(part, endpoint) for part in text.split(";"))
    if len(names) > MOST_NAMES:
        message = f"expected at most {MOST_NAMES} names to sort by, found {len(names)}"
        raise ValueError(message)
    return names


def _read_name(part: str, endpoint: ListEndpoint) -> SortName:
    written = part.strip(" ")
    is_descending = written.startswith("-")
    name = written[1:] if written[:1] in {"-", "+"} else written
    if not name:
        message = "expected the name to sort by, found nothing; names are joined by ';'"
        raise ValueError(message)
    if endpoint.sortable is not None and name not in endpoint.sortable:
        known = ", ".join(endpoint.sortable)
        message = f"{endpoint.path} can't be sorted by {quoted(name)}; the names are {known}"
        raise ValueError(message)
    found = None if endpoint.schema is None else endpoint.schema.find(name)
    if found is None:
        message = (
            f"{endpoint.path} can't be sorted by the unknown name {quoted(name)}"
            f"{_remedy(name, endpoint)}"
        )
        raise ValueError(message)
    is_object = found.dimension is not None and (
        found.dimension.type == "object" or found.dimension.is_open
    )
    if found.lists or is_object:
        message = f"{endpoint.path} can't be sorted by {quoted(name)}, which has no single value"
        raise ValueError(message)
    return SortName(found.name, is_descending)


_SEPARATORS = re.compile(r"[,\s]|:(?:asc|desc)", re.IGNORECASE)


def _remedy(name: str, endpoint: ListEndpoint) -> str:
    """Return what to write instead of a name that leads nowhere; empty where nobody knows."""
    if _SEPARATORS.search(name):
        return "; names are joined by ';', each with '-' before it for descending"
    # Only mistakes pay for it.
    from filterlang.checking.meant_values.similar_names import Names

    schema = endpoint.schema
    near = [] if schema is None else Names(schema).near(name.lstrip("+-"))[0]
    found = next((one for one in near if _sorts(one, endpoint)), None)
    return "" if found is None else f"; did you mean {quoted(found)}?"


def _sorts(name: str, endpoint: ListEndpoint) -> bool:
    try:
        read_sort(name, endpoint)
    except ValueError:
        return False
    return True
