"""How deeply values may be nested, and room for those that are so, which Python's limit refuses.

Each release of Python has another limit, and how much of it is left depends on who calls. So there
is one for all, and Python's is raised while it is in the way.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_P = ParamSpec("_P")
_T = TypeVar("_T")

MOST_LEVELS = 1023
"""A record may hold so many objects and lists one in the other, and is one of them itself."""
SHORTEST_DEEP = 2 * (MOST_LEVELS + 1)
"""Text that is nested more deeply has at least so many brackets."""
_MORE = 3 * MOST_LEVELS
"""For each level some calls one in the other; in C, more would take too much of the stack."""


class _Room:
    """Raises Python's limit of calls one in the other, for as long as somebody is within."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._within = 0
        self._before = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._within:
                self._before = sys.getrecursionlimit()
                sys.setrecursionlimit(self._before + _MORE)
            self._within += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._within -= 1
            if not self._within:
                sys.setrecursionlimit(self._before)


room: _Room = _Room()
"""Room for what goes through values that are nested deeply."""


def deeply(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Call a function, once more with room where Python's limit stops it.

    So values that aren't nested deeply cost nothing.
    """
    try:
        return function(*args, **kwargs)
    except RecursionError:
        with room:
            return function(*args, **kwargs)


def is_too_deep(value: object, text: str) -> bool:
    """Return whether a value, written in a text of JSON, is nested more deeply than it may be."""
    if len(text) < SHORTEST_DEEP or text.count("[") + text.count("{") <= MOST_LEVELS:
        return False
    # Few texts have so many brackets.
    level, levels = [value], 0
    while level := [one for one in level if isinstance(one, dict | list)]:
        levels += 1
        if levels > MOST_LEVELS:
            return True
        level = [
            inner for one in level for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return False


def has_many_brackets(data: bytes, end: bytes, begin: bytes = b"") -> bool:
    """Return whether what stands between two ends in data may be nested too deeply.

    That is so where it has that many brackets. What is too short for them is leapt over, mostly
    several lines at once. Only what such a beginning follows is an end.
    """
    place, meeting = 0, end + begin
    while len(data) - place >= SHORTEST_DEEP:
        found = data.rfind(meeting, place, place + SHORTEST_DEEP)
        if found < 0:
            found = data.find(meeting, place + SHORTEST_DEEP - len(meeting))
            found = len(data) if found < 0 else found
            if data.count(b"[", place, found) + data.count(b"{", place, found) > MOST_LEVELS:
                return True
        place = found + len(end)
    return False


@cache
def is_python_deep() -> bool:
    """Return whether Python lets what is written in C go deeper than a record may be nested.

    It does since 3.12. Before, whoever reads JSON refuses such records of its own accord.
    """
    brackets = MOST_LEVELS + 1
    try:
        json.loads("[" * brackets + "]" * brackets)
    except RecursionError:
        return False
    return True
