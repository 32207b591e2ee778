"""The conformance vectors of the language, as they are installed with the library.

`python -m filterlang.testing.conformance COMMAND` asks them of any program that answers lines of
JSON, and says what it may claim: `grammar/vectors/README.md` of the source describes the exchange.
"""

from __future__ import annotations

import base64
import json
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filterlang.diagnostics.diagnostic import shown
from filterlang.schema.schema import Schema
from filterlang.syntax._grammar import vectors_text

if TYPE_CHECKING:
    from collections.abc import Callable

Vector = dict[str, Any]
"""One case; which keys it has is said in `grammar/vectors/README.md` of the source."""

KINDS = (
    "parse",
    "canonical",
    "encode",
    "decode",
    "refused",
    "match",
    "match_schema",
    "json",
    "errors",
)

_TYPES: dict[str, Callable[[Any], object]] = {
    "int": int,
    "float": float,
    "decimal": Decimal,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "uuid": UUID,
    "enum": lambda value: getattr(Enum("Kind", {"MEMBER": value}), "MEMBER"),  # noqa: B009 — what a type checker can't know
    "bytes": base64.b64decode,
}


def vectors(kind: str) -> list[Vector]:
    """Return the conformance vectors of one kind, each with a unique `name`.

    Args:
        kind: `"parse"`, `"canonical"`, `"encode"`, `"decode"`, `"refused"`, `"match"`,
            `"match_schema"`, `"json"` or `"errors"`.

    Each case has a `level`, the lowest at which it says something, and `requires` where it needs
    a type of values that a language may lack. In those of `"match"` and `"match_schema"`, `record`
    is the Python value that a record of the file stands for; in those of `"match_schema"`, `schema`
    is a `Schema`.

    Raises:
        ValueError: for another kind.

    Example:
        >>> case = vectors("match")[0]
        >>> sorted(case.keys() & {"filters", "matches", "name", "record"})
        ['filters', 'matches', 'name', 'record']
    """
    if kind not in KINDS:
        message = f"expected one of {', '.join(map(repr, KINDS))}, found {shown(kind)}"
        raise ValueError(message)
    data = json.loads(vectors_text(kind))
    cases: list[Vector] = data["cases"]
    if kind == "match":
        shared = data["records"]
        return [
            {
                **case,
                "record": value_of(
                    shared[case["record"]] if isinstance(case["record"], str) else case["record"]
                ),
            }
            for case in cases
        ]
    if kind == "match_schema":
        schemas = {name: Schema.from_dict(one) for name, one in data["schemas"].items()}
        return [
            {**case, "record": value_of(case["record"]), "schema": schemas[case["schema"]]}
            for case in cases
        ]
    return cases


def value_of(data: Any, mapping: Callable[[dict[str, Any]], object] = dict) -> Any:
    """Return what a value of a vector stands for; `mapping` makes each of its mappings."""
    if isinstance(data, list):
        return [value_of(element, mapping) for element in data]
    if not isinstance(data, dict):
        return data
    type_, fields = data.get("$type"), data
    if type_ in _TYPES:
        return _TYPES[type_](data["value"])
    if type_ is not None:
        fields = data["value"]
    made = {key: value_of(field, mapping) for key, field in fields.items()}
    return SimpleNamespace(**made) if type_ == "object" else mapping(made)
