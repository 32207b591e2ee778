r"""Filters → texts without which no line of JSON can match; for the standard library only.

Decoding takes a microsecond for a hundred bytes, looking for a text in them a hundredth of that. So
lines in which none of the needed texts occurs are left out without being decoded. The test may only
reject lines that certainly don't match, which JSON and the folding of case make delicate:

- any character may be written as an escape: `\u0055S` is `US`. A text is made of printable ASCII
  characters that have no other escape than `\u00…`, and lines with such escapes are decoded.
- İ is folded to `i`, and the Kelvin sign to `k`: no other character that isn't ASCII is folded to
  one that is. Lines with one of the two, written out or as an escape, are decoded.
- a number and a truth value have a text for `~`, and a schema may read values in other ways; then
  the text that is needed is the last segment of the name, as the end of a key.

What is left out isn't checked as JSON, but for its surface: all lines of a block begin with `{` and
end with `}`, there are as many of the one as of the other, and it is UTF-8. A line that is cut off
fails this; who wants every line checked asks for it (`strict`), or installs the extra `fast`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, Self, assert_never

from filterlang.schema.binding import bind
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import AS_TEXTS
from filterlang.semantics.tests import Always, Equals, Like, Never, Within

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.matching.matcher import Matcher
    from filterlang.semantics.tests import BoundClause

_PLAIN_RUN = r"[ !#-.0-\[\]-~]+"
r"""Characters that JSON writes as they are, or as `\u00…`."""
_ESCAPED = tuple(b"\\u00%d" % row for row in range(2, 8))
"""How the escapes of plain characters begin."""
_FOLDED = {b"i": ("İ".encode(), b"\\u0130"), b"k": ("\u212a".encode(), b"\\u212")}
"""What else is folded to a plain letter, and how its escape begins."""
_TEXTS_OF_OTHERS = ("true", "false", "infinity", "-infinity")
"""Folded texts of values that aren't texts, beside those of numbers."""
_OF_NUMBERS = frozenset("0123456789+-.e")
_LEAST = 2
"""Shorter texts are everywhere."""
_MOST = 8
"""For more texts than these it would take as long to look for them as to decode."""


class Prefilter(NamedTuple):
    """Texts, as lower-case bytes, of which each matching line holds at least one."""

    needles: tuple[bytes, ...]

    @classmethod
    def of(cls, matcher: Matcher) -> Self | None:
        """Build it for filters; None where they need no text, as for `score<10`… and `!=` alone."""
        needles: dict[bytes, None] = {}
        for filter_ in matcher.filters:
            bound = [bind(clause, matcher.schema) for clause in filter_]
            found = [needle for clause in bound if (needle := _needle(clause))]
            if not found:
                return None
            # A text of a value decides more often than a key, and a long one than a short one.
            needles[max(found)[1]] = None
        return cls(tuple(needles)) if 0 < len(needles) <= _MOST else None

    def search(self, block: bytes) -> tuple[int, list[bytes]] | None:
        """Return how many lines there are, and those that may match, without their ends.

        None where the block has to be read line by line.
        """
        lines = _count_objects(block)
        if lines is None:
            return None
        found: dict[int, bytes] = {}
        lowered = block.lower()
        for needle in self.needles:
            _search(lowered, needle, block, found)
        for disturbing in self._disturbing(block):
            _search(block, disturbing, block, found)
        return lines, [found[start] for start in sorted(found)]

    def _disturbing(self, block: bytes) -> list[bytes]:
        """Return what might stand for a part of a text, as far as the block can hold it."""
        disturbing: list[bytes] = []
        has_escapes = b"\\" in block
        if has_escapes and b"\\u00" in block:
            disturbing += _ESCAPED
        for letter, (character, escape) in _FOLDED.items():
            if any(letter in needle for needle in self.needles):
                disturbing += [character] * (not block.isascii()) + [escape] * has_escapes
        return disturbing


def _search(searched: bytes, needle: bytes, block: bytes, found: dict[int, bytes]) -> None:
    """Put the lines with a text into `found`, by the places where they start."""
    place = searched.find(needle)
    while place >= 0:
        start, end = block.rfind(b"\n", 0, place) + 1, block.find(b"\n", place)
        if end < 0:
            found[start] = block[start:]
            return
        found[start] = block[start:end]
        place = searched.find(needle, end)


def _count_objects(block: bytes) -> int | None:
    """Count the lines of a block that looks as if each held an object; None for any other."""
    lines = block.count(b"\n") + (not block.endswith(b"\n"))
    joints = block.count(b"}\n{") + (b"\r" in block and block.count(b"}\r\n{"))
    if (
        joints != lines - 1
        or not block.startswith(b"{")
        or not block.rstrip(b"\r\n").endswith(b"}")
        or block.count(b"{") != block.count(b"}")
    ):
        return None
    return lines if is_utf8(block) else None


def is_utf8(block: bytes) -> bool:
    """Return whether the bytes are text in UTF-8."""
    if block.isascii():
        return True
    try:
        block.decode()
    except UnicodeDecodeError:
        return False
    return True


def _needle(clause: BoundClause) -> tuple[bool, bytes] | None:
    """Return a text that a line needs for a clause, and whether it is one of the value."""
    if clause.negative or clause.of_missing:
        return None  # true where the name is missing
    if clause.reading in AS_TEXTS:
        run = _value_run(clause)
        if len(run) >= _LEAST:
            return True, run.encode()
    key = clause.path[-1]
    run = _longest([run + '"' if key.endswith(run) else run for run in _runs(key)])
    # Case makes no difference here, as the block is lowered for the values' sake.
    return (False, run.lower().encode()) if len(run) >= _LEAST else None


def _value_run(clause: BoundClause) -> str:
    """Return the longest text that stands in each value that passes; empty if there is none."""
    test = clause.on(Kind.TEXT)
    match test:
        case Equals(value):
            folded = str(value)
            if clause.is_pattern:
                return _longest([run for run in _runs(folded) if not _is_of_other(run)])
            # What may be a number or a truth value too has more texts than this one.
            if _is_of_others(clause) or folded in _TEXTS_OF_OTHERS:
                return ""
            runs = _runs(folded)
            # The quotes help only where there is nothing between them but the text.
            return f'"{folded}"' if runs == [folded] else _longest(runs)
        case Like(fragments):
            parts = [part for one in fragments for part in one if isinstance(part, str)]
            return _longest([run for part in parts for run in _runs(part) if not _is_of_other(run)])
        case Never() | Always() | Within():
            return ""
        case _:
            assert_never(test)


def _is_of_others(clause: BoundClause) -> bool:
    """Return whether values that aren't texts may pass an equality."""
    tests = clause.on(Kind.DECIMAL), clause.on(Kind.BOOLEAN), clause.on(Kind.DOUBLE)
    return not all(isinstance(test, Never) for test in tests)


def _is_of_other(run: str) -> bool:
    """Return whether it may be part of the text of a number or truth value."""
    return set(run) <= _OF_NUMBERS or any(run in text for text in _TEXTS_OF_OTHERS)


def _runs(text: str) -> list[str]:
    # Compiled when it is first needed, which it isn't with msgspec.
    return re.findall(_PLAIN_RUN, text)


def _longest(runs: Iterable[str]) -> str:
    return max(runs, key=len, default="")
