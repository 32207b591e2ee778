r"""Lines of JSON, or a list of it → which of its records match, decoded and judged all at once.

That takes two thirds of the time of one record after the other, and can't say anything of what
isn't as expected: whatever that is, it is left to those who look at each record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

from filterlang.backends.files.packages import find_msgspec, msgspec_itself
from filterlang.backends.files.scanning.prefilter import is_utf8
from filterlang.backends.files.scanning.record_types import readable_layout, struct_type
from filterlang.backends.used_names import names_of
from filterlang.matching.codegen import MOST_CLAUSES, MOST_FAILURES, generate_for_structs
from filterlang.schema.binding import bind_filters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from filterlang.matching.matcher import Matcher
    from filterlang.matching.struct_source import Layout

_BETWEEN = b"null\nnull"
r"""Stands between two lines where several are decoded by one call.

The decoder takes any number of values without commas, at the ends of lines or not. So lines that
are none by themselves might be taken for values together. A null next to another isn't allowed
within a value, nor is `\n` in a text, so that no value goes through from one line into the next;
and where each third value is an object, and there are as many as there should be, each line is one
(a line with none, two or three moves a null to the place of an object; and one with four or more
makes too many, as no line makes too few).
"""
_LONGEST_PAUSE = 64
"""After each refusal so many blocks more are looked at otherwise, at most."""


class Together(NamedTuple):
    """What was found: how many `records`, and of those `matching` the numbers, from 0."""

    records: int
    matching: list[int]


class Pauses:
    """When a way to look at blocks is tried again: the later the more often it has failed."""

    def __init__(self) -> None:
        self._rest = 0
        self._next = 1

    def is_on(self) -> bool:
        """Return whether a block is to be passed over; each is one of the pause."""
        if not self._rest:
            return False
        self._rest -= 1
        return True

    def note(self, *, has_failed: bool) -> None:
        """Note how it went."""
        if has_failed:
            self._rest = self._next
            self._next = min(2 * self._next, _LONGEST_PAUSE)
        else:
            self._next = 1


class LinesTogether:
    """Judges many records at once.

    Args:
        matcher: judges.
        layout: what its filters look at.
        refused: keys that no record may have, if no filter asks for them.
    """

    def __init__(self, matcher: Matcher, layout: Layout, refused: Collection[str]) -> None:
        msgspec = msgspec_itself()
        record: Any = struct_type(layout, refused)
        self._decode_lines = msgspec.json.Decoder(record | None).decode_lines
        self._decode_list = msgspec.json.Decoder(list[record]).decode
        self._select = generate_for_structs(
            bind_filters(matcher.filters, matcher.schema),
            layout,
            absent=msgspec.UNSET,
            as_plain=msgspec.to_builtins,
            failed=self._note_failure,
        )
        self._failures = 0
        self._pauses = Pauses()

    @classmethod
    def of(cls, matcher: Matcher, refused: Collection[str]) -> Self | None:
        """Build it for a matcher; None where that can't be done, as without msgspec."""
        if find_msgspec() is None:
            return None
        names = names_of(matcher)
        if not all(_can_be_renamed(segment) for name in names for segment in name):
            return None
        layout = readable_layout(names)
        if layout is None or not 0 < sum(map(len, matcher.filters)) <= MOST_CLAUSES:
            return None
        return cls(matcher, layout, refused)

    def in_lines(self, block: bytes) -> Together | None:
        """Judge lines, each of which is a record; None where they have to be looked at singly."""
        if self._pauses.is_on():
            return None
        records = self._records(block)
        self._pauses.note(has_failed=records is None)
        return None if records is None else self._judged(records)

    def _records(self, block: bytes) -> list[Any] | None:
        joined = block.replace(b"\n", _BETWEEN)
        ends = (len(joined) - len(block)) // (len(_BETWEEN) - 1)
        lines = ends + (not block.endswith(b"\n"))
        found = self._decoded(self._decode_lines, joined)
        if found is None or len(found) != lines + 2 * ends:
            return None
        records = found[::3]
        return None if None in records else records

    def in_list(self, text: bytes) -> Together | None:
        """Judge a list of records; None where they have to be looked at singly."""
        records = self._decoded(self._decode_list, text)
        return None if records is None else self._judged(records)

    def _decoded(self, decode: Callable[[bytes], list[Any]], text: bytes) -> list[Any] | None:
        if self._failures >= MOST_FAILURES or not is_utf8(text):
            return None
        try:
            return decode(text)
        except Exception:  # noqa: BLE001 — whatever msgspec refuses is read plainly
            return None

    def _judged(self, records: list[Any]) -> Together:
        return Together(len(records), self._select(records))

    def _note_failure(self) -> None:
        self._failures += 1


def _can_be_renamed(key: str) -> bool:
    """Return whether msgspec has slots for a key: only if JSON writes it as it is."""
    return key.isprintable() and '"' not in key
