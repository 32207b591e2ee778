"""A schema from what the API says of its own dimensions: the list of attributes of a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from filterlang.diagnostics.diagnostic import quoted, shown
from filterlang.schema.binding import expect_schema
from filterlang.schema.dimension import as_mapping
from filterlang.schema.schema import Schema

TYPES = {"STRING": "text", "DATE_TIME": "datetime", "BOOLEAN": "boolean", "NUMBER": "number"}
"""What the API calls the types of attributes → what they are called here."""

CUSTOM = "customAttributes"
"""Where records have the attributes of the origin CUSTOM."""

_ENABLED = "ENABLED"
_STATES = {
    _ENABLED: "",
    "DISABLED": "the attribute is disabled; enable it in the settings of the API to filter by it",
    "DELETED": "the attribute was deleted",
}
"""The state of an attribute → why no filter may use it."""

_ORIGINS = ("CUSTOM", "DEFAULT")


class _Attribute(NamedTuple):
    """One attribute that was read."""

    name: str
    type: str
    state: str
    is_custom: bool
    detail: str | None


def schema_from_attributes(
    attributes: Iterable[Mapping[str, Any]],
    *,
    base: Schema | None = None,
    name: str | None = None,
) -> Schema:
    """Build a schema of the API's own list of dimensions, custom attributes among them.

    The list is what `GET /admin/model/user/attributes` or `GET /admin/model/account/attributes`
    answers. Of each attribute, `apiName`, `type`, `state` and `origin` are read, and `description`
    for completions. Custom attributes are under `customAttributes`, each with its type, and no
    others are known there. Those that are disabled or deleted are unknown, and `check` says why.

    Args:
        attributes: the decoded JSON.
        base: what else is known of the records, such as `USER` or `ACCOUNT`: its lists and objects,
            of which the API's list says nothing, and its types, which are closer (an enum for a
            STRING, an integer for a NUMBER); None for what the list has alone.
        name: what the records are called, for messages; by default as in `base`.

    Raises:
        ValueError: for an enabled attribute of a type that isn't known, which is no more than
            guessed elsewhere; for a state or an origin that isn't, for what is no list of
            attributes, for a name that no filter can hold, and for two enabled attributes of one
            name.

    Example:
        >>> from filterlang import check
        >>> from filterlang.px import USER
        >>> schema = schema_from_attributes(
        ...     [
        ...         {"apiName": "seats", "type": "NUMBER", "state": "ENABLED", "origin": "CUSTOM"},
        ...         {"apiName": "plan", "type": "STRING", "state": "DISABLED", "origin": "CUSTOM"},
        ...     ],
        ...     base=USER,
        ... )
        >>> schema.find("customAttributes.seats").dimension
        Dimension('number')
        >>> report = check(["customAttributes.seats==x", "customAttributes.plan==x"], schema)
        >>> for found in report.diagnostics:
        ...     print(found.code, found.hint)
        FL509 write a number as in JSON, such as 10 or 0.5
        FL501 the attribute is disabled; enable it in the settings of the API to filter by it
    """
    if isinstance(attributes, str | bytes | Mapping) or not isinstance(attributes, Iterable):
        message = f"expected a list of attributes, found {shown(attributes)}"
        raise ValueError(message)
    expect_schema(base)
    read = [_read(one) for one in attributes]
    data: dict[str, Any] = {"dimensions": {}} if base is None else base.to_dict()
    dimensions: dict[str, Any] = data["dimensions"]
    if any(one.is_custom for one in read) or CUSTOM in dimensions:
        detail = dimensions.get(CUSTOM, {}).get("detail")
        dimensions[CUSTOM] = {"type": "object", "detail": detail, "fields": {}}
    enabled: set[str] = set()
    for one in read:
        if one.state == _ENABLED:
            path = _path(one)
            if path in enabled:
                message = f"there are two enabled attributes with the name {quoted(path)}"
                raise ValueError(message)
            enabled.add(path)
            _put(dimensions, one)
    unknown = {
        _path(one): _STATES[one.state]
        for one in read
        if one.state != _ENABLED and _path(one) not in enabled
    }
    for path in unknown:
        _drop(dimensions, path)
    aliases: dict[str, str] = data.pop("aliases", {})
    lost = {
        alias: hint
        for alias, target in aliases.items()
        for path, hint in unknown.items()
        if f"{target}.".startswith(f"{path}.")
    }
    data["aliases"] = {alias: to for alias, to in aliases.items() if alias not in lost}
    before = {path: hint for path, hint in data.get("unknown", {}).items() if path not in enabled}
    data["unknown"] = {**before, **unknown, **lost}
    return Schema.from_dict({**data, **({} if name is None else {"name": name})})


def _read(attribute: Mapping[str, Any]) -> _Attribute:
    given = as_mapping("an attribute", attribute, "an object with apiName, type, state and origin")
    name = given.get("apiName")
    if not isinstance(name, str) or not name:
        message = f"expected a text as the apiName of an attribute, found {shown(name)}"
        raise ValueError(message)
    state = _one_of(given, name, "state", _STATES)
    origin = _one_of(given, name, "origin", _ORIGINS)
    # What can't be asked for needs no type.
    type_ = TYPES[_one_of(given, name, "type", TYPES)] if state == _ENABLED else ""
    detail = given.get("description")
    is_told = isinstance(detail, str) and detail
    return _Attribute(name, type_, state, origin == "CUSTOM", detail if is_told else None)


def _one_of(given: Mapping[str, Any], name: str, key: str, known: Iterable[str]) -> str:
    found = given.get(key)
    if isinstance(found, str) and found in known:
        return found
    message = (
        f"the {key} {shown(found)} of the attribute {quoted(name)} isn't known; it is one of"
        f" {', '.join(known)}; leave the attribute out of the list to go on without it"
    )
    raise ValueError(message)


def _path(attribute: _Attribute) -> str:
    return f"{CUSTOM}.{attribute.name}" if attribute.is_custom else attribute.name


def _put(dimensions: dict[str, Any], attribute: _Attribute) -> None:
    """Put an attribute where records have it; what is known of it already stays."""
    made = {"type": attribute.type, "detail": attribute.detail}
    if attribute.is_custom:
        # A dot of its name is none between objects.
        dimensions[CUSTOM]["fields"][attribute.name] = made
        return
    *outer, last = attribute.name.split(".")
    fields = dimensions
    for name in outer:
        fields = fields.setdefault(name, {"type": "object"}).setdefault("fields", {})
    fields.setdefault(last, made)


def _drop(dimensions: dict[str, Any], path: str) -> None:
    """Drop what isn't there any more."""
    *outer, last = path.split(".")
    fields = dimensions
    for name in outer:
        fields = fields.get(name, {}).get("fields", {})
    fields.pop(last, None)
