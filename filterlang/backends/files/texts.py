"""Values of records → what JSON and CSV write for them; and the part of a record that is wanted."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.diagnostic import class_name
from filterlang.semantics.instants import Instant
from filterlang.semantics.paths import reach
from filterlang.semantics.values import elements, text_of
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence


class ValueFormatError(Exception):
    """A value can't be written in a format; the message says which."""


def _other(value: object) -> object:
    """Return what JSON has for a value that isn't one of its own."""
    # Patterns see no text of a time beyond the calendar, but it shall not be lost.
    text = str(value) if isinstance(value, Instant) else text_of(value)
    if text is None:
        message = (
            f"a value of type {class_name(value)} can't be written as text; "
            "leave its column out with --select, or write the format parquet or arrow"
        )
        raise ValueFormatError(message)
    return text


_encode = json.JSONEncoder(ensure_ascii=False, default=_other, separators=(",", ":")).encode


def json_text(value: object) -> str:
    """Write a value as JSON: dates as text in UTC, decimals as text with all their digits.

    Raises:
        ValueFormatError: for bytes and other values that have no text.
    """
    return escaped_json(_encode(value))


def cells_json(record: Mapping[str, object]) -> str:
    """Write a record made of cells as JSON: its decimals as numbers, with all their digits."""
    if Decimal not in map(type, record.values()):
        return json_text(record)
    members = [
        f"{_encode(name)}:{f'{value:f}' if isinstance(value, Decimal) else _encode(value)}"
        for name, value in record.items()
    ]
    return escaped_json(f"{{{','.join(members)}}}")


_UNSEEN = re.compile(r"[^\n -~\w]")


def escaped_json(text: str) -> str:
    """Escape in JSON what a terminal would obey or hide; the data stays what it is.

    JSON itself asks for that with the controls below the space only.
    """
    if text.isprintable():
        return text
    return _UNSEEN.sub(lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def cell_text(value: object) -> str:
    """Write a value as the text of a cell: nothing for null, JSON for lists and objects."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return _encode(value) if isinstance(value, int | float | list | dict) else str(_other(value))


def selector(names: Sequence[str]) -> Callable[[Any], dict[str, object]]:
    """Build a function that gives the part of a record under the names, dotted names as keys.

    A name is looked for as filters do (rule 1 of the language); what is missing is null, and what
    stands in the objects of a list is a list.

    Example:
        >>> part = selector(["id", "location.city"])
        >>> part({"id": 7, "location": {"city": "Bonn", "street": "Markt"}})
        {'id': 7, 'location.city': 'Bonn'}
    """
    paths = [(name, tuple(normal_name(name).split("."))) for name in names]
    return lambda record: {name: _found(path, record, 0) for name, path in paths}


def _found(path: tuple[str, ...], value: object, depth: int) -> object:
    found, reached = reach(path, value, depth)
    if reached == len(path):
        return found
    below: Iterable[object] = elements(found)
    return [_found(path, element, reached) for element in below]
