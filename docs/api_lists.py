"""The page of the reference with the names of every list of the API, written from `px.LISTS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import filterlang as fl
from filterlang import px

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ABOUT = """
What filters and sorts of each list of the API may use. In Python all of it is in
:py:data:`filterlang.px.LISTS`, from which this page is written; ``px.USER`` and ``px.ACCOUNT`` are
the schemas of the first two, ``px.EVENTS`` has those of events.

*Operators* are those that make sense for a name. Where a list takes ``==`` only, others are
refused. Else ``check`` only warns of most others, such as patterns on numbers; but a boolean has no
order. *Sort* says whether the parameter ``sort`` may use the name. A name within a list of objects,
such as ``channelMetricList.channel``, is asked of the elements of the list. Attributes of your own
are added by :py:func:`filterlang.px.schema_from_attributes`.
"""

ALL = "all"


def title(text: str, line: str) -> str:
    """Return a heading in reStructuredText."""
    return f"{text}\n{line * len(text)}\n"


def page() -> str:
    """Return the page."""
    filtered = [one for one in px.LISTS.values() if one.schema is not None]
    others = ", ".join(
        f"``{one.path}`` (records under ``{one.records_key}``)"
        for one in px.LISTS.values()
        if one.schema is None
    )
    sections = "\n".join(section(one) for one in filtered)
    return (
        f"{title('Names of the API: users, accounts, events', '=')}{ABOUT}\n{sections}\n"
        f"{title('Lists without filters', '-')}\n"
        f"No filter and no sort may be sent to {others}. Their pages have numbers.\n"
    )


def section(one: px.ListEndpoint) -> str:
    """Return what is told of one list."""
    about = (
        f"``GET /{one.path}``: records under ``{one.records_key}``, each with its ``{one.key}``."
    )
    if one.has_window:
        about += " Without a date in the filter, those of the last day."
    return f"{title(one.path, '-')}\n{about}\n\n{table(rows(one))}"


def rows(one: px.ListEndpoint) -> Iterator[tuple[str, str, str, str, str]]:
    """Return of each name of a list: itself, its type, operators, whether it sorts, what it is."""
    schema = one.schema
    if schema is None:
        return
    for name, dimension in schema.walk():
        if dimension.type == "object" and not dimension.is_open:
            continue  # Only its fields hold values.
        asked = f"{name}.…" if dimension.is_open else name
        about = dimension.detail or ""
        if dimension.values:
            about += f"{': ' if about else ''}one of {', '.join(dimension.values)}"
        if not dimension.filterable:
            about = "only in records"
        yield (
            asked,
            kind(dimension),
            operators(name, schema) if dimension.filterable else "none",
            "yes" if sorts(name, one) else "no",
            about,
        )
    for alias, meant in schema.aliases:
        found = schema.find(alias)
        if found is not None and found.dimension is not None:
            sorted_by = "yes" if sorts(alias, one) else "no"
            asked = operators(alias, schema)
            yield alias, kind(found.dimension), asked, sorted_by, f"stands for {meant}"


def kind(dimension: fl.Dimension) -> str:
    """Return the type of a dimension as it is written in schemas."""
    return str(dimension.to_dict()["type"])


def operators(name: str, schema: fl.Schema) -> str:
    """Return the operators that are offered behind a name."""
    found = schema.find(name)
    if found is not None and found.dimension is not None and found.dimension.is_open:
        return ALL  # Of any name within.
    offered = [
        one.label for one in fl.complete(name, len(name), schema=schema) if one.kind == "operator"
    ]
    return ALL if len(offered) == len(fl.Operator) else f"``{' '.join(offered)}``"


def sorts(name: str, one: px.ListEndpoint) -> bool:
    """Return whether a list can be sorted by a name."""
    found = None if one.schema is None else one.schema.find(name)
    if found is not None and found.dimension is not None and found.dimension.is_open:
        name = f"{name}.any"
    try:
        px.ListRequest(sort=name, endpoint=one)
    except ValueError:
        return False
    return True


def table(lines: Iterator[Sequence[str]]) -> str:
    """Return a table with a line for each name."""
    shown = "".join(
        f"   * - ``{name}``\n     - {type_}\n     - {asked}\n     - {sort}\n     - {about}\n"
        for name, type_, asked, sort, about in lines
    )
    return (
        ".. list-table::\n   :class: names\n   :header-rows: 1\n\n"
        f"   * - name\n     - type\n     - operators\n     - sort\n     - what it is\n{shown}"
    )
