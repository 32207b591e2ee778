"""Records that are sent: which fields they may have, and what of them the server writes itself."""

from __future__ import annotations

import json
import uuid
from math import isfinite
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.diagnostic import quoted, showable, shown
from filterlang.px.endpoints import READ_ONLY, REQUIRED
from filterlang.px.server.json_values import INT64, is_storable_text
from filterlang.px.server.problems import bad_request

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.px.endpoints import ListEndpoint
    from filterlang.px.server.problems import Problem
    from filterlang.schema.dimension import Dimension

_ABSENT = (None, "")
_DEEPEST = 32
_MOST_ERRORS = 20
_LONGEST_NUMBER = 60


def read_body(body: bytes) -> dict[str, Any]:
    """Read the JSON object of a request.

    Raises:
        Problem: for anything else.
    """
    try:
        value = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        message = f"the body is no JSON: {error}"
        raise bad_request(message) from error
    if not isinstance(value, dict):
        message = f"expected a JSON object as the body, found {shown(value)}"
        raise bad_request(message)
    return value


def _refuse_constant(name: str) -> object:
    message = f"{name} is no number of JSON"
    raise ValueError(message)


def _finite(text: str) -> float:
    # Beyond the range of doubles it would be infinite, which no answer could have.
    number = float(text)
    if not isfinite(number):
        message = f"the number {showable(text, _LONGEST_NUMBER)} is too large"
        raise ValueError(message)
    return number


def new_record(endpoint: ListEndpoint, body: dict[str, Any], now: int) -> dict[str, Any]:
    """Return the record to be made: what was sent, and what the server writes itself.

    Read-only fields that were sent are left out, so that a record that was read may be sent back.

    Raises:
        Problem: with one object for each field that is wrong.
    """
    fields = _checked(endpoint, body)
    missing = [name for name in REQUIRED[endpoint.path] if fields.get(name) in _ABSENT]
    if missing:
        raise _refused(endpoint, [(name, "is required") for name in missing])
    own: dict[str, Any] = {"createDate": now, "lastModifiedDate": now}
    if endpoint.path == "users":
        own |= {
            "aptrinsicId": str(uuid.uuid4()),
            "id": fields["identifyId"],
            "lastSeenDate": 0,
            "numberOfVisits": 0,
        }
    else:
        own["numberOfUsers"] = 0
    return {**fields, **own}


def changed_fields(
    endpoint: ListEndpoint, key: str, body: dict[str, Any], now: int
) -> dict[str, Any]:
    """Return the fields to be set in a record; those that weren't sent stay as they are.

    Raises:
        Problem: with one object for each field that is wrong.
    """
    fields = _checked(endpoint, body)
    if fields.get(endpoint.key, key) != key:
        raise _refused(endpoint, [(endpoint.key, "is another one than that of the path")])
    emptied = [name for name in REQUIRED[endpoint.path] if fields.get(name, " ") in _ABSENT]
    if emptied:
        raise _refused(endpoint, [(name, "is required") for name in emptied])
    return {**fields, "lastModifiedDate": now}


def _checked(endpoint: ListEndpoint, body: dict[str, Any]) -> dict[str, Any]:
    schema = endpoint.schema
    assert schema is not None
    fields = {name: value for name, value in body.items() if name not in READ_ONLY[endpoint.path]}
    wrong: list[tuple[str, str]] = []
    dimensions = dict(schema.dimensions)
    for name, value in fields.items():
        wrong += _misfits(name, value, dimensions.get(name))
    if wrong:
        raise _refused(endpoint, wrong)
    return fields


def _refused(endpoint: ListEndpoint, wrong: list[tuple[str, str]]) -> Problem:
    sub_errors = [
        {"object": endpoint.path, "field": name, "message": f"{quoted(name)} {message}"}
        for name, message in wrong[:_MOST_ERRORS]
    ]
    return bad_request(str(sub_errors[0]["message"]), sub_errors)


def _misfits(name: str, value: Any, dimension: Dimension | None) -> Iterator[tuple[str, str]]:
    """Return what is wrong with a value: the name, dotted, and what to say of it."""
    if dimension is None:
        yield name, "is no field that the API has"
    elif value is None:
        return
    elif dimension.is_list:
        if not isinstance(value, list):
            yield name, f"has to be a list, not {shown(value)}"
            return
        for element in value:
            yield from _value_misfits(name, element, dimension)
    else:
        yield from _value_misfits(name, value, dimension)


def _value_misfits(name: str, value: Any, dimension: Dimension) -> Iterator[tuple[str, str]]:
    if dimension.type == "object":
        if not isinstance(value, dict):
            yield name, f"has to be an object, not {shown(value)}"
            return
        known = dict(dimension.fields)
        for key, inner in value.items():
            if key in known:
                yield from _misfits(f"{name}.{key}", inner, known[key])
            elif not dimension.is_open:
                yield f"{name}.{key}", "is no field that the API has"
            elif not _is_storable({key: inner}, _DEEPEST):
                yield f"{name}.{key}", "has text that databases don't hold, or is too deep"
    elif dimension.type == "text" and isinstance(value, str) and not is_storable_text(value):
        yield name, "has text that databases don't hold"
    elif not _is_of(dimension, value):
        allowed = f" one of {', '.join(dimension.values)}" if dimension.values else ""
        what = allowed or f" {_NAMES[dimension.type]}"
        yield name, f"has to be{what}, not {shown(value)}"


_NAMES = {
    "text": "a text",
    "integer": "a whole number",
    "datetime": "a whole number of milliseconds since 1970",
    "number": "a number",
    "boolean": "true or false",
}


def _is_of(dimension: Dimension, value: Any) -> bool:
    match dimension.type:
        case "text":
            return isinstance(value, str)
        case "enum":
            return value in dimension.values
        case "integer" | "datetime":
            return type(value) is int and value in INT64
        case "number":
            return type(value) in {int, float} and abs(value) < _HUGE
        case _:
            return isinstance(value, bool)


_HUGE = 1e300


def _is_storable(value: Any, depth: int) -> bool:
    """Return whether each database holds a value: no NUL, no half of a pair, and not too deep."""
    match value:
        case str():
            return is_storable_text(value)
        case dict():
            return depth > 0 and all(
                is_storable_text(key) and _is_storable(one, depth - 1) for key, one in value.items()
            )
        case list():
            return depth > 0 and all(_is_storable(one, depth - 1) for one in value)
        case _:
            return True
