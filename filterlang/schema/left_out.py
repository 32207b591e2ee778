"""The plain data of a schema → that of one without some of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.diagnostic import class_name
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def checked_names(names: Sequence[object]) -> list[str]:
    """Return names as a schema stores them; raise `TypeError` for what is no text."""
    checked: list[str] = []
    for name in names:
        if not isinstance(name, str):
            message = f"a name is a str, not {class_name(name)}"
            raise TypeError(message)
        checked.append(normal_name(name))
    return checked


def left_out(data: Mapping[str, Any], names: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the data without names, and all names that are gone with them.

    What is inside a name goes with it, and so do the aliases that lead there.

    Example:
        >>> data = {"dimensions": {"a": "text", "b": "text"}, "aliases": {"c": "b"}}
        >>> left_out(data, ["b"])
        ({'dimensions': {'a': 'text'}, 'aliases': {}}, ['b', 'c'])
    """
    dimensions, aliases = data["dimensions"], data.get("aliases", {})
    gone = [*names, *(name for name in _walked(dimensions) if _is_within(name, names))]
    gone += [alias for alias, name in aliases.items() if _is_within(name, names)]
    for name in names:
        dimensions = _without(dimensions, name)
    left = {alias: name for alias, name in aliases.items() if not _is_within(name, names)}
    return {**data, "dimensions": dimensions, "aliases": left}, list(dict.fromkeys(gone))


def _is_within(name: str, names: Sequence[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in names)


def _walked(dimensions: Mapping[str, Any], before: str = "") -> Iterator[str]:
    for key, data in dimensions.items():
        yield before + key
        yield from _walked(_fields(data), f"{before}{key}.")


def _without(dimensions: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Leave out all that a name leads to: a key may be a dotted name, beside an object's field."""
    kept: dict[str, Any] = {}
    for key, data in dimensions.items():
        if key == name:
            continue
        is_inside = name.startswith(f"{key}.") and _fields(data)
        inner = _without(data["fields"], name[len(key) + 1 :]) if is_inside else None
        kept[key] = data if inner is None else {**data, "fields": inner}
    return kept


def _fields(data: str | Mapping[str, Any]) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = {} if isinstance(data, str) else data.get("fields", {})
    return fields
