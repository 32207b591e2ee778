r"""Lines of JSON → which of them match, by the values of some names alone.

simdjson checks all of a line, and makes Python values of what the filters look at, in half the time
that msgspec takes for its objects and the check for UTF-8 besides. It looks at a record otherwise
than the language does, though, and takes more for JSON than others do. So its answer is taken only
where the text of the block shows that it makes no difference:

- Each line begins with `{` and ends with `}`. No value has `}`, `\n` and `{` one after the other
  in it, so that these stand between all records only if each begins a line; and where there are as
  many lines as records, no value goes on in the next one.
- Each name was found in as many records as its segments stand in the text. So none of them stands
  twice in a record, of which simdjson takes the first and the language the last, nor in a list,
  which simdjson doesn't go through.
- No key could be written with an escape, none is a name's last segments with dots between them, and
  none shows that it is an answer of the API.
- No `nan` or `inf` stands by itself, which simdjson takes for numbers, in small letters as well.

All other blocks are left to those who look at more of them.
"""

from __future__ import annotations

import sys
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Self

from filterlang.backends.files.depths import has_many_brackets, is_python_deep
from filterlang.backends.files.json_records.json_lists import line_of
from filterlang.backends.files.packages import find_field_reader
from filterlang.backends.files.scanning.lines_together import Pauses, Together
from filterlang.backends.used_names import names_of
from filterlang.matching.codegen import MOST_CLAUSES, MOST_FAILURES, generate_for_fields
from filterlang.schema.binding import bind_filters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from types import ModuleType

    from filterlang.matching.matcher import Matcher

_MOST_NAMES = 8
"""More values than these take as long as objects with all of them."""
_BEGINNING = 6
"""Long enough to be rare: two keys of answers begin with `"total`."""
_ESCAPED = tuple(b"\\u00%d" % row for row in range(2, 8))
"""How escapes of characters begin of which segments are made."""
_ALONE = bytes(
    ord(":") if character in b" \t\r\n,:[]{}-" else ord(chr(character).lower())
    for character in range(128)
) + bytes(range(128, 256))
"""For each byte a colon if it may stand beside a number, or else its small letter."""
_NO_NUMBERS = b":nan:", b":inf:", b":infinity:"
_NO_NUMBERS_BEGIN = b":nan:", b":inf"
"""Where none of these is, none of those is."""


class FieldsTogether:
    """Judges many lines at once.

    Args:
        modules: fastsimdjson, which reads them, and StringZilla.
        matcher: judges.
        refused: keys that no record may have, if no filter asks for them.
    """

    def __init__(
        self, modules: tuple[ModuleType, ModuleType], matcher: Matcher, refused: Collection[str]
    ) -> None:
        paths = names_of(matcher)
        self._json, self._texts = modules
        self._pointers = [f"/{'/'.join(path)}" for path in paths]
        self._counted = _counted(paths)
        whole = {f'{path[-2]}.{path[-1]}"'.encode() for path in paths if len(path) > 1}
        keys = {segment for path in paths for segment in path}
        others = (f'"{key}"'.encode() for key in refused if key not in keys)
        self._unexpected = _by_beginnings([*whole, *others])
        self._absent = object()
        self._generate = partial(
            generate_for_fields,
            bind_filters(matcher.filters, matcher.schema),
            paths,
            failed=self._note_failure,
        )
        self._select_whole = self._generate(absent=None)
        self._failures = 0
        self._pauses = Pauses()
        self._are_references_counted = self._read(b"{}")[1] == len(paths)

    @classmethod
    def of(cls, matcher: Matcher, refused: Collection[str]) -> Self | None:
        """Build it for a matcher; None where that can't be done, as without simdjson."""
        paths = names_of(matcher)
        if not 0 < len(paths) <= _MOST_NAMES or sum(map(len, matcher.filters)) > MOST_CLAUSES:
            return None
        if not all(_is_plain(segment) for path in paths for segment in path):
            return None
        if any(path != other and other[: len(path)] == path for path in paths for other in paths):
            return None
        modules = find_field_reader()
        return None if modules is None else cls(modules, matcher, refused)

    def in_lines(self, block: bytes) -> Together | None:
        """Judge lines, each of which is a record; None where more has to be looked at."""
        return None if self._is_given_up() else self._judged(block, self._are_lines)

    def in_list(self, listed: bytes, between: bytes) -> Together | None:
        r"""Judge a list of records with this between them; None where more has to be looked at.

        They are parted in lines, with no comma between them. What only looks like a record's end
        and the next one's beginning does no harm: no text may have a line end in it, and no line is
        a part of a record. So where there are as many records as parts, they were elements before.
        """
        if b"," not in between or self._is_given_up():
            return None
        parts = self._parts(listed, between)
        block = b"}\n{".join(parts)
        if is_python_deep() and has_many_brackets(block, b"}\n", b"{"):
            # As in lines: others than who reads plainly may take what is nested too deeply.
            return None
        return self._judged(block, lambda _, count: count == len(parts))

    def _parts(self, listed: bytes, between: bytes) -> Sequence[Any]:
        # Three times as fast as to replace it.
        parts: Sequence[Any] = self._texts.split(memoryview(listed)[1:-1], b"}%s{" % between)
        return parts

    def lines(self, block: bytes, numbers: list[int]) -> list[bytes]:
        """Return the lines of a block that have some numbers; others aren't made."""
        parts = self._texts.split(block, b"\n")
        return [bytes(parts[number]) for number in numbers]

    def elements(self, listed: bytes, between: bytes, numbers: list[int]) -> list[bytes]:
        """Return the elements of a list that was judged that have some numbers, each as a line."""
        parts = self._parts(listed, between)
        last = len(parts) - 1
        return [
            line_of(b"%s%s%s" % (b"{" * (number > 0), bytes(parts[number]), b"}" * (number < last)))
            for number in numbers
        ]

    def _is_given_up(self) -> bool:
        return self._failures >= MOST_FAILURES or self._pauses.is_on()

    def _judged(self, block: bytes, are_parted: Callable[[bytes, int], bool]) -> Together | None:
        found = self._found(block, are_parted)
        self._pauses.note(has_failed=found is None)
        return found

    @cached_property
    def _select(self) -> Callable[[Sequence[Sequence[object]]], list[int]]:
        # In many files no record lacks what it looks for in each.
        return self._generate(absent=self._absent)

    def _found(self, block: bytes, are_parted: Callable[[bytes, int], bool]) -> Together | None:
        if not self._is_expected(block):
            return None
        try:
            records, absent = self._read(block)
        except (ValueError, RecursionError):  # What it refuses is read otherwise.
            return None
        if not are_parted(block, len(records)):
            return None
        found = [len(records)] * len(self._pointers)
        has_absent = bool(absent) or not self._are_references_counted
        if has_absent:
            found = [
                size - column.count(self._absent)
                for size, column in zip(found, zip(*records, strict=True), strict=True)
            ]
        for text, nodes in self._counted.items():
            if self._texts.count(block, text) != sum(max(found[at] for at in one) for one in nodes):
                return None
        select = self._select if has_absent else self._select_whole
        return Together(len(records), select(records))

    def _are_lines(self, block: bytes, records: int) -> bool:
        """Return whether each of so many records is a line."""
        count = self._texts.count
        if records != count(block, b"\n") + (not block.endswith(b"\n")):
            return False
        others = records - 1 - count(block, b"}\n{")
        return not others or others == count(block, b"}\r\n{")

    def _read(self, block: bytes) -> tuple[list[Any], int]:
        """Return the values of the names in each record, and how many are absent.

        All that refer to what stands for such a one are counted by Python; where they aren't, it is
        as if there were some.
        """
        absent = self._absent
        before = sys.getrefcount(absent)
        records = list(self._json.loads_many(block, fields=self._pointers, default=absent))
        return records, sys.getrefcount(absent) - before

    def _is_expected(self, block: bytes) -> bool:
        """Return whether it looks like lines of records, and simdjson would see what others see."""
        find = self._texts.find
        if not block.startswith(b"{") or not block.endswith((b"}\n", b"}\r\n", b"}")):
            return False
        if b"\\" in block and any(find(block, escape) >= 0 for escape in _ESCAPED):
            return False
        for begin, texts in self._unexpected.items():
            if find(block, begin) >= 0 and any(find(block, text) >= 0 for text in texts):
                return False
        alone = self._texts.translate(block, _ALONE)
        # Each search takes its time, and hardly a block needs the others.
        if all(find(alone, begun) < 0 for begun in _NO_NUMBERS_BEGIN):
            return True
        return all(find(alone, word) < 0 for word in _NO_NUMBERS)

    def _note_failure(self) -> None:
        self._failures += 1


def _is_plain(segment: str) -> bool:
    """Return whether JSON and its pointers write a segment as it is, and it counts no elements."""
    if not segment.isascii() or not segment.isprintable() or segment.isdigit():
        return False
    return segment not in {"", "-"} and {'"', "\\", "/", "~"}.isdisjoint(segment)


def _by_beginnings(texts: Sequence[bytes]) -> dict[bytes, list[bytes]]:
    """Return for what some texts begin with, or for one alone, the texts: one search for some."""
    found: dict[bytes, list[bytes]] = {}
    for text in texts:
        found.setdefault(text[:_BEGINNING], []).append(text)
    return {some[0] if len(some) == 1 else begin: some for begin, some in found.items()}


def _counted(paths: Sequence[tuple[str, ...]]) -> dict[bytes, list[list[int]]]:
    """Return for the text of each key the places it has, each with the names that lead there."""
    nodes: dict[tuple[str, ...], list[int]] = {}
    for number, path in enumerate(paths):
        for end in range(1, len(path) + 1):
            nodes.setdefault(path[:end], []).append(number)
    counted: dict[bytes, list[list[int]]] = {}
    for node, numbers in nodes.items():
        counted.setdefault(f'"{node[-1]}"'.encode(), []).append(numbers)
    return counted
