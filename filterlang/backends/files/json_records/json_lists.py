"""Lists of JSON of any size → their elements as lines, many at once; or what was found in them.

Where msgspec is installed, many elements are told apart at once; and who only asks what is in them
looks at them as they stand there, himself or by others.
"""

from __future__ import annotations

import re
from collections import deque
from contextlib import closing, suppress
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.json_text import JsonText
from filterlang.backends.files.opening.inputs import BLOCK, EXPECTED
from filterlang.backends.files.packages import find_splitter

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from filterlang.backends.files.json_records.read_again import ReadAgain
    from filterlang.backends.files.json_records.scans import Scan

    Deal = Callable[[Iterator[bytes], bytes], Generator[Scan, None, None]]

_BESIDE = re.compile(rb"[ \t\r\n]*+,[ \t\r\n]*+")
_TOGETHER = 4
"""So many blocks of elements are looked at together, at most."""
_MOST_TRIES = 8
_PATIENCE = 1000
"""So many elements are read plainly where several couldn't be told apart."""


class _Here(NamedTuple):
    """Where somebody stands in a text.

    Fields: `place`; the number of its `line`; `in_line`, how many characters that has before it;
    `past`, some bytes before it.
    """

    place: int
    line: int
    in_line: int
    past: bytes


class JsonLists(JsonText):
    """A text of JSON values, of whose lists many elements are taken at once.

    Args:
        read: as for any text, and so are `most` and `again`.
        look: looks at elements of a list together, given as a list of JSON, and with what stands
            between them; returns None where they are to be given one by one.
        deal: has others look at pieces of a list, each some elements, with what stands between
            them; returns what was found, in their order, up to a piece that is no elements.
    """

    def __init__(
        self,
        read: Callable[[], bytes],
        most: int,
        again: ReadAgain | None = None,
        look: Callable[[bytes, bytes], Scan | None] | None = None,
        deal: Deal | None = None,
    ) -> None:
        super().__init__(read, most, again)
        self._look = look
        self._deal = deal

    @cached_property
    def _split(self) -> Callable[[bytes], list[bytes] | None]:
        # Lines need none of it.
        return find_splitter()

    def elements(self) -> Generator[list[bytes] | Scan, None, None]:
        """Go through a list that begins here: return its elements as lines, some at a time.

        Or what was found in them, where they were looked at together.
        """
        self.expect("[")
        if self.next() == "]":
            self.skip("]")
            return
        between, patience = None, 0
        # Who takes many doesn't look how long each of them is.
        takes_many = self._most >= _TOGETHER * BLOCK
        while True:
            self.next()
            if between is not None and not patience:
                some = self._many(between)
                if some is not None:
                    yield some
                    if not isinstance(some, list) and self._deal is not None:
                        yield from self._dealt(self._deal, between)
                    continue
                patience = _PATIENCE
            patience = max(0, patience - 1)
            element = self.value()
            yield [line_of(element)]
            start = self._place
            if self.expect(",]") == "]":
                return
            if self.next() == "{" and between is None and takes_many:
                between = self._between(start)

    def _dealt(self, deal: Deal, between: bytes) -> Generator[Scan, None, None]:
        """Return what others found in the elements from here on, and go on behind them.

        What they were given and didn't answer is taken back.
        """
        given: deque[tuple[bytes, _Here]] = deque()
        with closing(deal(self._pieces(between, given), between)) as found:
            for scan in found:
                given.popleft()
                yield scan
        if given:
            _, here = given[0]
            pieces = [piece + between for piece, _ in given]
            self._data = b"".join([*pieces, self._data[self._place :]])
            self._characters, self._place = None, 0
            self._before, self._line, self._in_line, self._past = here
            places = self._uncounted
            self._uncounted = [(a, min(b, here.place)) for a, b in places if a < here.place]

    def _pieces(
        self, between: bytes, given: deque[tuple[bytes, _Here]]
    ) -> Generator[bytes, None, None]:
        """Take pieces from here on that end where elements may meet, and note what was given."""
        while True:
            self._read_for_many()
            end = self._data.rfind(b"}%s{" % between, self._place, self._place + _TOGETHER * BLOCK)
            if end < 0:
                return
            in_line = self._count_in_line(self._place) if self._again is None else 0
            past = self._past_of(self._place)
            here = _Here(self._before + self._place, self._line, in_line, past)
            piece = self._data[self._place : end + 1]
            given.append((piece, here))
            self._leap(end + 1 + len(between))
            yield piece

    def _between(self, start: int) -> bytes | None:
        """Return what stands before the element here, since a place; None if that is gone."""
        found = _BESIDE.fullmatch(self._data, start, self._place)
        return None if found is None else found[0]

    def _read_for_many(self) -> None:
        """See to it that more than a few elements are there, which come before an error."""
        if len(self._data) - self._place < BLOCK:
            with suppress(InputError, *EXPECTED):
                self.more()

    def _many(self, between: bytes) -> list[bytes] | Scan | None:
        """Take elements that are whole, each with this behind it; None where there are none.

        Nor are there where it can't be told, as without msgspec.

        What stands between two of them may also stand within one. But what begins where an element
        does, and is a whole list, has been cut between two.
        """
        self._read_for_many()
        end = min(len(self._data), self._place + _TOGETHER * BLOCK)
        for _ in range(_MOST_TRIES):
            end = self._data.rfind(b"}%s{" % between, self._place, end)
            if end < 0:
                return None
            listed = b"[%s]" % memoryview(self._data)[self._place : end + 1]
            found = None if self._look is None else self._look(listed, between)
            lines = self._split(listed) if found is None else None
            if found is None and lines is None:
                continue
            after = end + 1 + len(between)
            if lines is None:
                self._leap(after)
                return found
            line = self._line
            self._go(after)
            within = self._line - line - between.count(b"\n") * len(lines)
            return list(map(line_of, lines)) if within else lines
        return None

    def _leap(self, end: int) -> None:
        """Go to a place, and leave the line ends before it uncounted, if that can be made good."""
        if self._again is None:
            self._go(end)
            return
        start, last = self._before + self._place, self._before + end
        if self._uncounted and self._uncounted[-1][1] == start:
            start = self._uncounted.pop()[0]
        self._uncounted.append((start, last))
        self._place = end


def line_of(value: bytes) -> bytes:
    """Return a value as one line; it has line ends between its tokens only."""
    if b"\n" not in value:
        return value
    parts: list[bytes] = []
    start = 0
    while start < len(value):
        # All of its lines at once would take many times the memory that it takes itself.
        end = value.find(b"\n", start + BLOCK)
        end = len(value) if end < 0 else end
        lines = value[start:end].split(b"\n")
        parts.append(b" ".join([line.strip(b" \t\r") for line in lines]))
        start = end + 1
    return b" ".join(parts)
