"""The attributes of a model: which dimensions users and accounts have, custom ones among them."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

from filterlang.px.attribute_schema import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filterlang.px.endpoints import ListEndpoint

MODELS = {"user": "users", "account": "accounts"}
"""The models that have attributes → the lists of their records."""

_TYPES = {
    **{type_: called for called, type_ in TYPES.items()},
    "enum": "STRING",
    "integer": "NUMBER",
}
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|[._ ]")


def attributes_of(endpoint: ListEndpoint, custom: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the attributes of a model, as the API lists them.

    Args:
        endpoint: the list of the model's records.
        custom: the custom attributes, name → type.

    Example:
        >>> from filterlang.px.endpoints import LISTS
        >>> found = attributes_of(LISTS["accounts"], {"beta": "BOOLEAN"})
        >>> [(one["apiName"], one["type"], one["origin"]) for one in (found[0], found[-1])]
        [('id', 'STRING', 'DEFAULT'), ('beta', 'BOOLEAN', 'CUSTOM')]
    """
    assert endpoint.schema is not None
    own = [
        _metadata(endpoint, name, _TYPES[one.type], one.detail or "", "DEFAULT")
        for name, one in endpoint.schema.walk()
        if one.type in _TYPES
        and one.filterable
        and not one.is_list
        and not _is_in_list(endpoint, name)
    ]
    return own + [
        _metadata(endpoint, name, type_, "", "CUSTOM") for name, type_ in sorted(custom.items())
    ]


def _is_in_list(endpoint: ListEndpoint, name: str) -> bool:
    found = None if endpoint.schema is None else endpoint.schema.find(name)
    return found is None or bool(found.lists)


def _metadata(
    endpoint: ListEndpoint, name: str, type_: str, detail: str, origin: str
) -> dict[str, Any]:
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{endpoint.path}/{origin}/{name}")
    words = " ".join(one for one in _WORD.split(name) if one)
    return {
        "id": str(identity),
        "name": words[:1].upper() + words[1:],
        "apiName": name,
        "internalName": name,
        "description": detail,
        "type": type_,
        "state": "ENABLED",
        "origin": origin,
        "createdDate": 0,
        "modifiedDate": 0,
        "defaultValue": "",
    }
