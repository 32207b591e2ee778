"""The OpenAPI document of the server, made from the same facts as the server itself."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from filterlang._version import __version__
from filterlang.px.endpoints import LISTS, READ_ONLY, REQUIRED
from filterlang.px.requests import MAX_PAGE_SIZE, MOST_PAGE_NUMBER, PAGE_SIZE
from filterlang.px.server.access import BASE, HEADER
from filterlang.px.server.attributes import MODELS

if TYPE_CHECKING:
    from filterlang.px.endpoints import ListEndpoint
    from filterlang.schema.dimension import Dimension

    JSON = dict[str, Any]

_SCALARS: dict[str, JSON] = {
    "text": {"type": "string"},
    "enum": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "datetime": {"type": "integer", "format": "int64", "description": "epoch milliseconds, UTC"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
}


@cache
def openapi() -> JSON:
    """Return the document, of OpenAPI 3.1.

    Example:
        >>> sorted(openapi()["paths"]["/v1/users/{key}"])
        ['delete', 'get', 'parameters', 'put']
    """
    paths: JSON = {}
    for path, endpoint in LISTS.items():
        paths[f"{BASE}/{path}"] = {"get": _list(endpoint)}
        if path in READ_ONLY:
            paths[f"{BASE}/{path}"]["post"] = _writing(endpoint, is_new=True)
            paths[f"{BASE}/{path}/{{key}}"] = _single(endpoint)
    for model in MODELS:
        answer = {"type": "array", "items": _ref("AttributeMetadata")}
        paths[f"{BASE}/admin/model/{model}/attributes"] = {
            "get": {
                "operationId": f"list_{model}_attributes",
                "summary": f"The attributes of the model of {model}s.",
                "responses": _responses(answer),
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The API of Aptrinsic (Gainsight PX), as filterlang serves it",
            "version": __version__,
        },
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": HEADER}},
            "schemas": _schemas(),
        },
    }


def _ref(name: str) -> JSON:
    return {"$ref": f"#/components/schemas/{name}"}


def _name(endpoint: ListEndpoint) -> str:
    return {"users": "User", "accounts": "Account"}.get(endpoint.path, "Record")


# --- Paths ----------------------------------------------------------------------------------------


def _list(endpoint: ListEndpoint) -> JSON:
    records = {"type": "array", "items": _ref(_name(endpoint))}
    fields: JSON = {endpoint.records_key: records}
    if endpoint.is_scrolled:
        fields |= {"totalHits": {"type": "integer"}, "scrollId": {"type": "string"}}
    else:
        fields |= {"pageNumber": {"type": "integer"}, "isLastPage": {"type": "boolean"}}
    answer = {"type": "object", "required": list(fields), "properties": fields}
    return {
        "operationId": f"list_{endpoint.path.replace('/', '_')}",
        "summary": f"A page of {endpoint.path}.",
        "parameters": _parameters(endpoint),
        "responses": _responses(answer, "400"),
    }


def _parameters(endpoint: ListEndpoint) -> list[JSON]:
    size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
    found = [_parameter("pageSize", size, "How many records to return at most.")]
    if not endpoint.is_scrolled:
        number = {"type": "integer", "minimum": 0, "maximum": MOST_PAGE_NUMBER, "default": 0}
        return [*found, _parameter("pageNumber", number, "Which page, counted from 0.")]
    filters = {"type": "array", "items": {"type": "string"}}
    text = {"type": "string"}
    names = "any" if endpoint.sortable is None else ", ".join(endpoint.sortable)
    sort = f"Names joined by ';', each with '-' before it for descending. The names: {names}."
    one_name = f"[-+]?({'|'.join(_sortable(endpoint))})"
    order = {**text, "pattern": f"^({one_name}(;{one_name}){{0,3}})?$"}
    return [
        _parameter("filter", filters, f"Records match one of them. {_filterable(endpoint)}"),
        _parameter("sort", order, sort),
        *found,
        _parameter("scrollId", text, "What the page before has answered."),
    ]


def _sortable(endpoint: ListEndpoint) -> list[str]:
    """Return names that a list may be sorted by: all, but those that stand in maps."""
    assert endpoint.schema is not None
    if endpoint.sortable is not None:
        return [*endpoint.sortable]
    return [
        re.escape(name)
        for name, one in endpoint.schema.walk()
        if one.type in _SCALARS and (found := endpoint.schema.find(name)) and not found.lists
    ]


def _filterable(endpoint: ListEndpoint) -> str:
    assert endpoint.schema is not None
    dimensions = endpoint.schema.dimensions
    if endpoint.sortable is None:
        others = [name for name, one in dimensions if not one.filterable]
        but = f" but {', '.join(others)}" if others else ""
        return f"They may use any field{but}."
    names = [name for name, one in dimensions if one.filterable]
    return f"They may use {', '.join(names)}."


def _parameter(name: str, schema: JSON, description: str) -> JSON:
    # What is sent without a value counts as absent.
    return {
        "name": name,
        "in": "query",
        "schema": schema,
        "description": description,
        "allowEmptyValue": True,
    }


def _writing(endpoint: ListEndpoint, *, is_new: bool) -> JSON:
    name = _name(endpoint)
    verb = "make" if is_new else "change"
    body = _ref(f"New{name}" if is_new else f"Changed{name}")
    failures = ("400", "413")
    return {
        "operationId": f"{verb}_{name.lower()}",
        "summary": "Make a record." if is_new else "Change fields of a record.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": _responses(_ref(name), *failures, *(() if is_new else ("404",))),
    }


def _single(endpoint: ListEndpoint) -> JSON:
    name = _name(endpoint)
    failures: tuple[str, ...] = ("404",)
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "parameters": [{**key, "description": f"The {endpoint.key}, case-sensitive."}],
        "get": {
            "operationId": f"get_{name.lower()}",
            "summary": "A record by its id.",
            "responses": _responses(_ref(name), *failures),
        },
        "put": _writing(endpoint, is_new=False),
        "delete": {
            "operationId": f"delete_{name.lower()}",
            "summary": "Delete a record.",
            "responses": _responses({"type": "object"}, *failures),
        },
    }


_MEANINGS = {
    "400": "The request can't be answered; subErrors say why.",
    "401": "No key, or none of this server.",
    "403": "The key lacks the permission.",
    "404": "There is no record with this id.",
    "413": "The body is too large.",
    "414": "The URL is too long.",
    "429": "Too many requests.",
}


_ALWAYS = ("401", "403", "414", "429")
"""The statuses that any request may get."""


def _responses(answer: JSON, *failures: str) -> JSON:
    error = {"application/json": {"schema": _ref("Error")}}
    return {
        "200": {"description": "The answer.", "content": {"application/json": {"schema": answer}}},
        **{
            status: {"description": _MEANINGS[status], "content": error}
            for status in sorted([*failures, *_ALWAYS])
        },
    }


# --- Schemas --------------------------------------------------------------------------------------


def _schemas() -> JSON:
    found: JSON = {"Record": {"type": "object"}, "Error": _ERROR, "AttributeMetadata": _ATTRIBUTE}
    for path in READ_ONLY:
        endpoint = LISTS[path]
        assert endpoint.schema is not None
        name, own = _name(endpoint), dict(endpoint.schema.dimensions)
        # Records that were loaded are as they are: what holds of those that are sent needn't hold.
        found[name] = {"type": "object", "properties": {key: {} for key in own}}
        sent = {key: _dimension(one) for key, one in own.items() if key not in READ_ONLY[path]}
        sent |= {key: _not_null(sent[key]) for key in REQUIRED[path]}
        # What is read-only may be sent, and is ignored; any other field is refused.
        ignored: JSON = {key: {} for key in sorted(READ_ONLY[path])}
        changed: JSON = {
            "type": "object",
            "properties": {**sent, **ignored},
            "additionalProperties": False,
        }
        found[f"Changed{name}"] = changed
        found[f"New{name}"] = {**changed, "required": list(REQUIRED[path])}
    return found


def _not_null(schema: JSON) -> JSON:
    kept = schema["anyOf"][0]
    return {**kept, "minLength": 1} if kept["type"] == "string" else kept


def _dimension(one: Dimension) -> JSON:
    if one.type == "object":
        fields = {name: _dimension(inner) for name, inner in one.fields}
        schema: JSON = {
            "type": "object",
            "properties": fields,
            "additionalProperties": one.is_open,
        }
    else:
        schema = dict(_SCALARS[one.type])
    if one.values:
        schema["enum"] = list(one.values)
    if one.is_list:
        schema = {"type": "array", "items": schema}
    return {
        "anyOf": [schema, {"type": "null"}],
        **({"description": one.detail} if one.detail else {}),
    }


_TEXT_OR_NULL = {"type": ["string", "null"]}
_ERROR: JSON = {
    "type": "object",
    "required": ["externalapierror"],
    "properties": {
        "externalapierror": {
            "type": "object",
            "required": ["status", "message", "debugMessage", "subErrors"],
            "properties": {
                "status": {"type": "string"},
                "message": {"type": "string"},
                "debugMessage": _TEXT_OR_NULL,
                "subErrors": {"type": ["array", "null"], "items": {"type": "object"}},
            },
        }
    },
}
_ATTRIBUTE: JSON = {
    "type": "object",
    "properties": {
        **{
            name: {"type": "string"}
            for name in ("id", "name", "apiName", "internalName", "description", "defaultValue")
        },
        "type": {"enum": ["STRING", "DATE_TIME", "BOOLEAN", "NUMBER"]},
        "state": {"enum": ["ENABLED", "DISABLED", "DELETED"]},
        "origin": {"enum": ["CUSTOM", "DEFAULT"]},
        **dict.fromkeys(("createdDate", "modifiedDate"), _SCALARS["integer"]),
    },
}
