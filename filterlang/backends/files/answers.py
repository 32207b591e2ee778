"""Inputs that look like JSON Lines and aren't: saved answers of the API, and pretty-printed JSON.

They are known by their first line, so that no other line takes any time. A saved answer is one
object, in which the records stand in a list: as a record it would match what none of them matches.
"""

from __future__ import annotations

import json
import shlex
from typing import Final, cast

from filterlang.backends.files.inputs import STDIN
from filterlang.backends.files.lines import BadRecordError, read_record
from filterlang.backends.files.sources import format_of

_PAGING: Final = frozenset(
    {"scrollId", "totalHits", "pageNumber", "isLastPage", "pageSize", "totalPages"}
)
"""Keys that the API writes beside the list of records."""
_MARKS: Final = tuple(f'"{key}"'.encode() for key in sorted(_PAGING))
_LISTS: Final = frozenset(
    {
        *("users", "accounts", "results", "customEvents", "featureMatchEvents", "identifyEvents"),
        *("sessionInitializedEvents", "segments", "features", "engagements"),
        *("articleExternalViewList", "kcList"),
    }
)
"""Keys of lists of records in the API's answers; another one counts where objects stand in it."""


def refusal(line: bytes, path: str) -> str | None:
    """Return why an input with this first line is none of records; None where it may be one."""
    text = line.strip().removeprefix(b"\xef\xbb\xbf")
    if text in {b"{", b"["}:
        kind, program = ("a list", ".[]") if text == b"[" else ("an object", ".")
        return (
            f"expected a JSON object in one line, found {kind} over several lines; "
            f"make lines of it: {_jq(program, path)} (for an answer of the API, "
            "jq -c '.users[]' or whatever its list is called)"
        )
    # An object of this kind can't be told by its size, but by these texts it can.
    if not any(mark in text for mark in _MARKS):
        return None
    try:
        record = read_record(line)
    except BadRecordError:
        return None
    key = None if record is None else _list_key(record)
    if key is None:
        return None
    program = f".{key}[]" if key.isascii() and key.isidentifier() else f".[{json.dumps(key)}][]"
    return (
        f"expected a record, found an answer of the API, whose records are in the list {key!r}; "
        f"make lines of them: {_jq(program, path)} (if it is a record all the same, "
        "say --input-format jsonl, in Python format)"
    )


def _list_key(record: dict[str, object]) -> str | None:
    """Return the key under which an answer holds its records; None for what is no answer."""
    lists = [key for key, value in record.items() if isinstance(value, list)]
    if _PAGING.isdisjoint(record) or len(lists) != 1:
        return None
    (key,) = lists
    rest = record.keys() - lists
    if key in _LISTS:
        is_answer = not any(isinstance(record[other], dict) for other in rest)
    else:
        # A record may well hold a list, and the number of a page.
        is_answer = bool(record[key]) and rest <= _PAGING
    elements = cast("list[object]", record[key])
    return key if is_answer and all(isinstance(one, dict) for one in elements) else None


def _jq(program: str, path: str) -> str:
    is_plain = path != STDIN and format_of(path)[1] is None
    file = f" {shlex.quote(path)}" if is_plain else ""
    return f"jq -c {shlex.quote(program)}{file} | filterlang match … -"
