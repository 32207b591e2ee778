"""Following names in records, as rules 1, 5 and 6 of docs/reference/language.md have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from numbers import Number
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from filterlang.semantics.foreign import foreign_kind, record_in
from filterlang.semantics.instants import Instant
from filterlang.semantics.values import elements, is_list, is_missing, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.semantics.tests import BoundClause

_NO_ATTRIBUTES = (str, bytes, bytearray, memoryview, Number, date, time, timedelta, UUID, Instant)
_NOT_FOUND: Final = None
"""What isn't found is missing, as None is."""


def record_of(record: Any) -> Any:
    """Return in what the names are looked up: None if the record is a list, which has none.

    A row of NumPy or pandas is what it holds.
    """
    if type(record) is dict:
        return record
    try:
        kind = foreign_kind(record)
        if kind is None:
            return None if is_list(record) else record
        return record_in(record, kind)
    except Exception:  # noqa: BLE001 — rule 8: what raises when it is looked at is missing
        return None


def reach(path: tuple[str, ...], value: object, depth: int) -> tuple[Any, int]:
    """Follow a name from its segment `depth` on, to its end or to the first list on the way.

    Returns what stands there and the number of segments used; what isn't there is None.
    """
    end = len(path)
    while depth < end and not is_list(value):
        try:
            value, depth = _step(path, value, depth)
            value = plain(value)
        except Exception:  # noqa: BLE001 — rule 1: what raises when it is looked at is missing
            return _NOT_FOUND, end
    return value, depth


def _step(path: tuple[str, ...], value: Any, depth: int) -> tuple[object, int]:
    end = len(path)
    segment = path[depth]
    if isinstance(value, dict):
        # What a dict holds, whatever a subclass makes of looking it up.
        whole = ".".join(path[depth:])
        if dict.__contains__(value, whole):
            return dict.__getitem__(value, whole), end
        return dict.get(value, segment), depth + 1
    if isinstance(value, Mapping):
        keys = value
    elif hasattr(type(value), "keys") and hasattr(type(value), "__getitem__"):
        # The rows of databases are read like mappings without being registered as such.
        keys = value.keys()
    elif value is None or isinstance(value, _NO_ATTRIBUTES) or segment.startswith("_"):
        return _NOT_FOUND, end
    else:
        found = getattr(value, segment)
        return (_NOT_FOUND, end) if callable(found) else (found, depth + 1)
    whole = ".".join(path[depth:])
    if whole in keys:
        return value[whole], end
    return (value[segment], depth + 1) if segment in keys else (_NOT_FOUND, end)


class Group:
    """Clauses whose names go through the same list of objects, and that list's elements."""

    def __init__(self, path: tuple[str, ...], found: Iterable[object]) -> None:
        self.path = path
        self.found = found
        self.members: list[BoundClause] = []
        self._elements: list[Any] | None = None

    @property
    def elements(self) -> list[Any]:
        """The list's elements, those of lists in it in their place, without null ones."""
        if self._elements is None:
            self._elements = elements(self.found)
        return self._elements


def arrange(
    clauses: Iterable[BoundClause], record: object, depth: int = 0
) -> tuple[list[tuple[BoundClause, object]], list[Group]]:
    """Follow every clause's name: return what the names lead to, and the groups they stopped at.

    `depth` says how many segments of the names already lead to `record`.
    """
    ends: list[tuple[BoundClause, object]] = []
    groups: dict[tuple[str, ...], Group] = {}
    for clause in clauses:
        found, reached = reach(clause.path, record, depth)
        if reached == len(clause.path):
            ends.append((clause, found))
        else:
            path = clause.path[:reached]
            if path not in groups:
                groups[path] = Group(path, found)
            groups[path].members.append(clause)
    return ends, list(groups.values())


_MANY_STEPS = 1_000
"""After so many steps through lists it pays to ask whether they lead to the same things."""


def values_at(path: tuple[str, ...], record: object) -> list[object]:
    """Return all values that a name leads to, through lists too; none when it is missing.

    Where there are very many, what stands in several places is looked at once; the ways through
    lists that share their elements may be without number.
    """
    values: list[object] = []
    rest: list[tuple[object, int]] = [(record_of(record), 0)]
    seen: dict[tuple[int, int], object] = {}
    steps = 0
    while rest:
        found, reached = reach(path, *rest.pop())
        steps += 1
        if reached < len(path):
            if steps > _MANY_STEPS:
                key = id(found), reached
                if key in seen:
                    continue
                # What is remembered lives on, so that nothing else gets its identity meanwhile.
                seen[key] = found
            rest += [(element, reached) for element in reversed(elements(found))]
        elif is_list(found):
            values += elements(found)
        elif not is_missing(found):
            values.append(found)
    return values
