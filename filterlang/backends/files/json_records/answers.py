"""Which list of a JSON object holds the records: of a saved answer of the API, or of its like.

As a record, an answer would match what none of its records matches. So an object that may be one is
taken for one, or it has to be said what it is.
"""

from __future__ import annotations

import re
import shlex
from json import JSONDecodeError
from typing import TYPE_CHECKING, Final

from filterlang.backends.files.depths import deeply
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.json_text import LONG_TOKEN, raw_decode
from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGING: Final = frozenset(
    {"scrollId", "totalHits", "pageNumber", "isLastPage", "pageSize", "totalPages"}
)
"""Keys that the API writes beside the list of records."""
_WEAK: Final = frozenset({"pageNumber", "pageSize"})
"""Those of them that records may well have."""
STRONG: Final = PAGING - _WEAK
"""Those of them that hardly any record has."""
_LISTS: Final = frozenset(
    {
        *("users", "accounts", "results", "customEvents", "featureMatchEvents", "identifyEvents"),
        *("sessionInitializedEvents", "segments", "features", "engagements"),
        *("articleExternalViewList", "kcList"),
    }
)
"""Keys of lists of records in the API's answers."""
WRAPPERS: Final = _LISTS | {
    "data",
    "entries",
    "hits",
    "items",
    "list",
    "records",
    "rows",
    "values",
}
"""Keys under which others put the list of records, as all that there is."""

_ERROR: Final = "externalapierror"
"""The only key of what the API answers where something went wrong."""

_SPACE = re.compile(r"[ \t\r\n]*+")
_COLON = re.compile(r"[ \t\r\n]*+:[ \t\r\n]*+")
_COMMA = re.compile(r"[ \t\r\n]*+,[ \t\r\n]*+")
_LIST_OF_OBJECTS = re.compile(r"\[[ \t\r\n]*+\{")


_DEEPEST = 4
"""Objects to which so many names lead are looked into."""
_DEEPEST_ANSWER = 2
"""So many names may lead to the object that holds the list of an answer."""

Path = tuple[str, ...]


def answer_in_place_of(record: Mapping[str, object]) -> str | None:
    """Return what is wrong with a record that is an answer of the API; None for any other.

    Where records are read one by one, an answer among them would match what none of its records
    matches.
    """
    if STRONG.isdisjoint(record):
        return None
    for key, value in record.items():
        has_objects = isinstance(value, list) and any(isinstance(one, dict) for one in value)
        if has_objects or (key in _LISTS and (value is None or value == [])):
            paging = " and ".join(map(quoted, sorted(STRONG.intersection(record))))
            return (
                f"expected a record, found an answer with the list {quoted(key)} beside {paging}; "
                "put answers into a file of their own, or say --records . (in Python records=) if "
                "the object is a record"
            )
    return None


class Sketch:
    """What is seen of a JSON object that begins a text, and may go on behind its end.

    Attributes:
        lists: the paths of its lists, each with whether objects stand in it; None for an empty one.
        keys: of it, and of the objects in it, the names of all members that are no such objects.
        objects: the paths of these objects.
        nulls: the paths of what is null in the place of a list that the API answers.
        value: all that it holds, with lengths for its numbers; None if that isn't known.
        end: where it ends in the text; None if that isn't known.
        is_bad: whether it is no JSON, however it goes on.
    """

    lists: dict[Path, bool | None]
    keys: dict[Path, set[str]]
    objects: set[Path]
    nulls: set[Path]
    value: dict[str, object] | None
    end: int | None
    is_bad: bool

    def __init__(self, text: str) -> None:
        self.lists, self.keys, self.objects, self.nulls = {}, {}, set(), set()
        self.value, self.end, self.is_bad = None, None, False
        try:
            value, self.end = deeply(raw_decode, text)
        except JSONDecodeError:
            self.is_bad = not self._see_begun(text, 0, ())
        except RecursionError:
            self.is_bad = True
        else:
            self.value = value
            self._see(value, ())

    def is_paged(self) -> bool:
        """Whether it has keys that hardly any record has."""
        return any(keys & STRONG for keys in self.keys.values())

    def _see(self, value: Mapping[str, object], path: Path) -> None:
        self.keys[path] = set()
        for key, inner in value.items():
            self.see_member(key, inner, path)

    def see_member(self, key: str, inner: object, path: Path) -> None:
        """Note a member of the object to which a path leads."""
        if isinstance(inner, dict) and len(path) < _DEEPEST:
            self.objects.add((*path, key))
            self._see(inner, (*path, key))
            return
        self.keys[path].add(key)
        if isinstance(inner, list):
            has_objects = any(isinstance(one, dict) for one in inner)
            self.lists[*path, key] = has_objects if inner else None
        elif inner is None and key in _LISTS:
            self.nulls.add((*path, key))

    def _see_begun(self, text: str, place: int, path: Path) -> bool:
        """Look at an object that isn't whole; return whether it may become so."""
        self.keys[path] = set()
        begin = _SPACE.match(text, place + 1)
        place = place + 1 if begin is None else begin.end()
        while place < len(text):
            key = ""
            try:
                key, place = raw_decode(text, place)
                colon = _COLON.match(text, place)
                if colon is None or not isinstance(key, str):
                    return not text[place:].strip()
                place = colon.end()
                inner, place = deeply(raw_decode, text, place)
            except JSONDecodeError as error:
                if text.startswith(("[", "{"), place):
                    return self._see_open(text, place, (*path, key), error)
                return _may_go_on(text, error)
            except RecursionError:
                return False
            self.see_member(key, inner, path)
            comma = _COMMA.match(text, place)
            place = place if comma is None else comma.end()
        return True

    def _see_open(self, text: str, place: int, path: Path, error: JSONDecodeError) -> bool:
        """Look at a list or an object, the end of which isn't there."""
        if text[place] == "{" and len(path) <= _DEEPEST:
            self.objects.add(path)
            return self._see_begun(text, place, path)
        self.keys[path[:-1]].add(path[-1])
        if _LIST_OF_OBJECTS.match(text, place):
            self.lists[path] = True
        return _may_go_on(text, error)


def _may_go_on(text: str, error: JSONDecodeError) -> bool:
    """Whether what is wrong with a text may be that it isn't whole."""
    is_in_string = error.msg.startswith("Unterminated")
    return is_in_string or error.pos > len(text) - LONG_TOKEN


def path_of_records(sketch: Sketch, *, is_named_lines: bool) -> Path | None:
    """Return the names that lead to the list of records; None for an object that is a record.

    Raises:
        InputError: where it can't be told; the message says how to say it.
    """
    if sketch.keys.keys() == {(), (_ERROR,)} and not sketch.keys[()] and not is_named_lines:
        message = (
            "there is an error of the API, no answer: fetch the records again; to match it as a "
            "record, say --records . (in Python records=)"
        )
        raise InputError(message)
    lists_in: dict[Path, dict[Path, bool | None]] = {}
    for path, are in sketch.lists.items():
        lists_in.setdefault(path[:-1], {})[path] = are
    for outer in sorted(lists_in, key=len):
        if len(outer) > _DEEPEST_ANSWER:
            break
        lists = lists_in[outer]
        paging = (sketch.keys[outer] & PAGING) | (sketch.keys[()] & PAGING)
        rest = {key for key in sketch.keys[outer] if (*outer, key) not in lists} - paging
        found = [
            path
            for path, are in lists.items()
            if are or (are is None and (path[-1] in _LISTS or (len(lists) == 1 and not rest)))
        ]
        if not found:
            continue
        if not paging:
            # In lines that are named so, such objects are records.
            if is_named_lines:
                continue
            if _is_wrapper(sketch, found[0]):
                return found[0]
            if found[0][-1] in _LISTS:
                raise undecided(sketch, found, [])
            continue
        if len(found) == 1 and (found[0][-1] in _LISTS or not rest or not paging <= _WEAK):
            return found[0]
        if not (paging <= _WEAK and is_named_lines):
            raise undecided(sketch, found, sorted(paging))
    # An answer without records may have null in the place of its list.
    for path in sorted(sketch.nulls):
        if (sketch.keys[path[:-1]] | sketch.keys[()]) & STRONG:
            return path
    return None


class Guess:
    """A list that was taken for the records before its object was read to the end.

    Args:
        sketch: of the beginning of the object.
        path: what leads to the list.
        is_named_lines: as for `path_of_records`.
    """

    def __init__(self, sketch: Sketch, path: Path, *, is_named_lines: bool) -> None:
        self._sketch = sketch
        self._path = path
        self._is_named_lines = is_named_lines

    def see(self, before: Path, key: str, value: bytes) -> None:
        """Note a member that stands behind the list, in the object to which `before` leads."""
        found, _ = deeply(raw_decode, value.decode(errors="surrogateescape"))
        self._sketch.see_member(key, found, before)

    def expect_right(self) -> None:
        """Expect that all members, as they are known now, tell the same list.

        Raises:
            InputError: where they don't; the message says how to say it.
        """
        if path_of_records(self._sketch, is_named_lines=self._is_named_lines) != self._path:
            raise undecided(self._sketch, [self._path], [])


def _is_wrapper(sketch: Sketch, path: Path) -> bool:
    """Whether there is nothing in an object but what leads to a list of records."""
    # Members are only counted where there may be so few.
    if path[-1] not in WRAPPERS or len(sketch.objects) >= len(path):
        return False
    members = sum(map(len, sketch.keys.values())) + len(sketch.objects)
    return members == len(path) and sketch.lists[path] is True


def undecided(sketch: Sketch, lists: list[Path], paging: list[str]) -> InputError:
    """Return what to say of an object that may be a record, or hold the records in some lists."""
    names = [".".join(path) for path in lists]
    beside = f" beside {' and '.join(map(quoted, paging))}" if paging else ""
    if len(names) == 1:
        seen, way = f"the list {quoted(names[0])} of objects{beside}", _option(names[0])
        inner = _wrapped(sketch.value, lists[0])
        if inner is not None:
            deeper = _option(f"{names[0]}.{inner}")
            way += f" (of what each holds in {quoted(inner)}: --records {deeper})"
    else:
        shown = ", ".join(map(quoted, names))
        seen, way = f"{len(names)} lists of objects{beside} ({shown})", "NAME"
    return InputError(
        f"can't tell what the records are: there is an object with {seen}; if these are the "
        f"records, say --records {way}, and if the object is one, --records . (in Python records=)"
    )


def _option(name: str) -> str:
    """Write a name as a shell takes it behind an option."""
    return shlex.quote(showable(name))


_WRAPPED: Final = ("node", "_source", "properties", "attributes", "resource", "fields", "doc")
"""Keys under which elements of lists hold what is known of one thing, beside what is told of it."""


def _wrapped(value: object, path: Path) -> str | None:
    """Return the key under which each element of a list holds its record; None without one."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    elements = value if isinstance(value, list) else []
    for key in _WRAPPED:
        held = [one.get(key) if isinstance(one, dict) else None for one in elements]
        # What Salesforce puts there is told of the record, and isn't it.
        if held and all(isinstance(one, dict) and one.keys() != {"type", "url"} for one in held):
            return key
    return None


_MOST_LISTS = 10


def lists_there(members: Mapping[str, bytes], before: Path) -> str:
    """Return which lists stand in an object, by the beginnings of its members, to be named so.

    `before` are the names that lead to the object.
    """
    found: list[str] = []
    for key, value in members.items():
        if value.startswith(b"["):
            found.append(".".join((*before, key)))
        elif value.startswith(b"{"):
            lists = Sketch(value.decode(errors="surrogateescape")).lists
            found += [".".join((*before, key, *path)) for path in lists]
    if not found:
        return "no list stands in that object; if it is a record itself, leave --records out"
    names = ", ".join(map(quoted, found[:_MOST_LISTS]))
    more = ", …" if len(found) > _MOST_LISTS else ""
    are = "the one list there is" if len(found) == 1 else "the lists there are"
    return f"{are} {names}{more} (--records NAME, in Python records=)"


def too_long_to_tell(sketch: Sketch, max_line: int) -> InputError:
    """Return what is wrong with an object that holds lists, and is longer than a record may be."""
    names = ", ".join(quoted(".".join(path)) for path in sketch.lists)
    return InputError(
        f"can't tell what the records are: there is an object of more than {max_line:,} bytes, with"
        f" {names} in it; say which list holds the records by --records NAME, in Python by records"
    )
