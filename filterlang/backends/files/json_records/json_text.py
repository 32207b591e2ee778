"""JSON text of any size → its values one after the other, each as the bytes that it is written in.

What is between the values is looked at here; whether a value is a record is for who gets it. Where
msgspec is installed, many elements of a list are told apart at once.
"""

from __future__ import annotations

import re
from contextlib import closing
from functools import cached_property
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.depths import SHORTEST_DEEP, deeply, is_too_deep
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.read_again import MARK, count_characters
from filterlang.backends.files.opening.inputs import BLOCK, too_long
from filterlang.backends.files.packages import find_splitter

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from filterlang.backends.files.json_records.read_again import ReadAgain
    from filterlang.backends.files.json_records.scans import Scan

_SPACE = re.compile(rb"[ \t\r\n\x1e]*+")
"""What may stand between values: white space, and the mark before each text of a sequence."""
_BESIDE = re.compile(rb"[ \t\r\n]*+,[ \t\r\n]*+")
LONG_TOKEN = 1000
"""What is wrong so far from the end isn't wrong because more is to come."""
_MOST_OF_NUMBER = 3
"""Of a number that goes on behind what is there, so much may not be taken for its own: `e+`."""
_CUT = re.compile(
    rb"(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|Na?|-?(?:I(?:n(?:f(?:i(?:n(?:it?)?)?)?)?)?)?"
    rb"|\.|[eE][+-]?|\\?u?[0-9a-fA-F]{0,4})[ \t\r\n\x1e]*+"
)
"""The end of data that may have gone on: of a word, a number or an escape; or where one lacks."""
_MOST_TRIES = 8
_PATIENCE = 1000
"""So many elements are read plainly where several couldn't be told apart."""

# Numbers aren't read; these count their characters, without a call of Python.
raw_decode: Callable[..., tuple[Any, int]]
raw_decode = JSONDecoder(parse_int=len, parse_float=len, parse_constant=len).raw_decode


class JsonText:
    """A text of JSON values, of which only what is looked at is in memory.

    What stands between values is ASCII, so it is looked at as bytes. To read all as UTF-8, and to
    write it again, would take a third of the time.

    Args:
        read: returns more bytes of it, none at the end.
        most: so many bytes a value may have.
        look: looks at elements of a list together, given as a list of JSON, and with what stands
            between them; returns None where they are to be given one by one.
        again: where it can be read again. To count line ends at once takes a tenth of the time, and
            mostly nobody asks.
        go_on: looks at what follows of a list, from an element on, with what stands between them;
            returns what was found, each with the place behind it. It needs `again`.
    """

    def __init__(
        self,
        read: Callable[[], bytes],
        most: int,
        look: Callable[[bytes, bytes], Scan | None] | None = None,
        again: ReadAgain | None = None,
        go_on: Callable[[int, bytes], Generator[tuple[Scan, int], None, None]] | None = None,
    ) -> None:
        self._line = 1
        self._again = again
        self._go_on = go_on
        self._uncounted: list[tuple[int, int]] = []
        self._before = 0
        self._in_line = 0
        self._read = read
        self._most = most
        self._look = look
        self._data = b""
        self._characters: str | None = None
        self._place = 0
        self._is_whole = False

    @cached_property
    def _split(self) -> Callable[[bytes], list[bytes] | None]:
        # Lines need none of it.
        return find_splitter()

    @property
    def line(self) -> int:
        """The number of the line that is looked at."""
        if self._again is not None:
            self._line += sum(self._again.count_line_ends(*places) for places in self._uncounted)
            self._uncounted.clear()
        return self._line

    def more(self) -> bool:
        """Read on, so that what is there is at least doubled; return whether there was more."""
        rest = self._data[self._place :]
        parts, size = [rest], 0
        while not self._is_whole and size <= len(rest):
            data = self._read()
            self._is_whole = not data
            parts.append(data)
            size += len(data)
        if size:  # Otherwise the places of who asks stay right.
            if self._again is None:
                self._in_line = self._count_in_line(self._place)
            self._before += self._place
            self._data, self._characters, self._place = b"".join(parts), None, 0
        return size > 0

    def ahead(self) -> str:
        """Return what has been read, and not been taken, as text; a character may be cut off."""
        return _text(self._data[self._place :])

    def _one_for_each_byte(self) -> str:
        """Return what is there as characters that have the places of the bytes."""
        if self._characters is None:
            self._characters = self._data.decode("latin-1")
        return self._characters

    def begin(self, most: int | None = None) -> str:
        """Go to the next value; before each there may be a BOM, as files may have been joined."""
        while (found := self.next(most)) == chr(MARK[0]):
            while len(self._data) - self._place < len(MARK) and self.more():
                pass
            if not self._data.startswith(MARK, self._place):
                break
            self._go(self._place + len(MARK))
        return found

    def next(self, most: int | None = None) -> str:
        """Go to the next character that isn't white space and return it; none at the end.

        Nor is there one where none stands in so many bytes from the beginning of the text.
        """
        while True:
            found = _SPACE.match(self._data, self._place)
            assert found is not None
            self._go(found.end())
            if self._place < len(self._data):
                return chr(self._data[self._place])
            if (most is not None and self._before + self._place > most) or not self.more():
                return ""

    def _go(self, end: int) -> None:
        self._line += self._data.count(b"\n", self._place, end)
        self._place = end

    def _leap(self, end: int) -> None:
        """Go to a place, and leave the line ends before it uncounted, if that can be made good."""
        if self._again is None:
            self._go(end)
            return
        self._leave_uncounted(self._before + end)
        self._place = end

    def _leave_uncounted(self, last: int) -> None:
        start = self._before + self._place
        if self._uncounted and self._uncounted[-1][1] == start:
            start = self._uncounted.pop()[0]
        self._uncounted.append((start, last))

    def _read_from(self, place: int) -> None:
        """Go to a place of what can be read again, all before which was looked at."""
        assert self._again is not None
        self._leave_uncounted(place)
        self._read = self._again.read_from(place)
        self._before, self._place, self._is_whole = place, 0, False
        self._data, self._characters = b"", None

    def skip(self, text: str) -> None:
        """Go on behind a text that stands here."""
        self._go(self._place + len(text))

    def value(self) -> bytes:
        """Return the value that begins here, and go on behind it.

        Raises:
            InputError: for what is no JSON value, or one that is too long.
        """
        while True:
            try:
                text, start = self._one_for_each_byte(), self._place
                value, end = deeply(raw_decode, text, start)
                self._expect_short(end)
                if self._may_grow(end) and self.more():
                    continue
                if end - start >= SHORTEST_DEEP and is_too_deep(value, text[start:end]):
                    raise InputError(_TOO_DEEP)
                self._go(end)
                return self._data[start:end]
            except JSONDecodeError as error:
                # A string that isn't at its end is complained of where it begins.
                is_cut = error.msg.startswith("Unterminated string")
                may_go_on = is_cut or error.pos > len(self._data) - LONG_TOKEN
                if may_go_on:
                    self._expect_short(len(self._data))
                if not may_go_on or not self.more():
                    raise self._refused(error) from None
            except RecursionError:
                raise InputError(_TOO_DEEP) from None

    def _may_grow(self, end: int) -> bool:
        """Whether the value up to here may be the beginning of a longer one, as of a number."""
        return end > len(self._data) - _MOST_OF_NUMBER and self._data[self._place] in b"-0123456789"

    def _expect_short(self, end: int) -> None:
        if end - self._place > self._most:
            raise InputError(too_long(self._most, "value")) from None

    def _refused(self, error: JSONDecodeError) -> InputError:
        is_in_string = error.msg.startswith("Unterminated string")
        if self._is_whole and (is_in_string or _CUT.fullmatch(self._data, error.pos)):
            return InputError("the JSON data is cut off; fetch the file again")
        from filterlang.backends.files.json_records.near_json import hint_at, hint_of_begin

        reason = error.msg.removesuffix(" at")
        begin = max(0, error.pos - LONG_TOKEN)
        before = _text(self._data[begin : error.pos])
        after = _text(self._data[error.pos : error.pos + LONG_TOKEN])
        hint = hint_at(before + after, len(before))
        if hint is None and not self._before and not before.strip():
            hint = hint_of_begin(after)
        if not self._before and b"\0" in self._data[:_MARKED]:
            hint = without_mark(self._data)
        return self._refused_at(error.pos, reason, hint)

    def refused(self, hint: str) -> InputError:
        """Return what is wrong with what stands here, where a value has to begin."""
        return self._refused_at(self._place, "expecting value", hint)

    def _refused_at(self, place: int, reason: str, hint: str | None) -> InputError:
        line = self.line + self._data.count(b"\n", self._place, place)
        column = self._count_in_line(place) + 1
        return InputError(
            f"{reason[:1].lower()}{reason[1:]} in line {line}, column {column}, "
            f"after which nothing can be read{'' if hint is None else f'; {hint}'}"
        )

    def _count_in_line(self, place: int) -> int:
        """Count the characters that stand before a place in its line."""
        begin = self._data.rfind(b"\n", 0, place) + 1
        begun = self._data[begin:place]
        if begin or not self._before:
            return count_characters(begun if begin else begun.removeprefix(MARK))
        if self._again is not None:
            return self._again.count_in_line(self._before + place)
        return self._in_line + count_characters(begun)

    def expect(self, characters: str) -> str:
        """Go on behind the next character that isn't white space, which has to be one of these.

        Raises:
            InputError: for another one, and for the end.
        """
        found = self.next()
        if not found:
            message = "the JSON data is cut off; fetch the file again"
            raise InputError(message)
        if found not in characters:
            expected = " or ".join(f"'{one}'" for one in characters)
            message = f"expected {expected} in line {self.line}, after which nothing can be read"
            raise InputError(message)
        self.skip(found)
        return found

    def members(self) -> Generator[str, None, None]:
        """Go through an object that begins here: return each key, and stand at its value.

        Who gets a key goes on behind the value before the next one.
        """
        self.expect("{")
        if self.next() == "}":
            self.skip("}")
            return
        while True:
            if self.next() != '"':
                self.expect('"')
            key: str = raw_decode(_text(self.value()))[0]
            self.expect(":")
            self.next()
            yield key
            if self.expect(",}") == "}":
                return

    def each(self) -> Generator[None, None, None]:
        """Go through a list that begins here, and stand at each of its elements.

        Who goes on has to be behind the element.
        """
        self.expect("[")
        if self.next() == "]":
            self.skip("]")
            return
        while True:
            self.next()
            yield
            if self.expect(",]") == "]":
                return

    def elements(self) -> Generator[list[bytes] | Scan, None, None]:
        """Go through a list that begins here: return its elements as lines, some at a time.

        Or what was found in them, where they were looked at together.
        """
        self.expect("[")
        if self.next() == "]":
            self.skip("]")
            return
        between, patience = None, 0
        while True:
            self.next()
            if between is not None and not patience:
                some = self._many(between)
                if some is not None:
                    yield some
                    if not isinstance(some, list) and self._go_on is not None:
                        yield from self._others(self._go_on, between)
                    continue
                patience = _PATIENCE
            patience = max(0, patience - 1)
            element = self.value()
            yield [line_of(element)]
            start = self._place
            if self.expect(",]") == "]":
                return
            if self.next() == "{" and between is None:
                between = self._between(start)

    def _others(
        self,
        go_on: Callable[[int, bytes], Generator[tuple[Scan, int], None, None]],
        between: bytes,
    ) -> Generator[Scan, None, None]:
        """Return what others found in the elements from here on, and go on behind them."""
        behind = 0
        with closing(go_on(self._before + self._place, between)) as found:
            for scan, place in found:
                behind = place
                yield scan
        if behind:
            self._read_from(behind)

    def _between(self, start: int) -> bytes | None:
        """Return what stands before the element here, since a place; None if that is gone."""
        found = _BESIDE.fullmatch(self._data, start, self._place)
        return None if found is None else found[0]

    def _many(self, between: bytes) -> list[bytes] | Scan | None:
        """Take elements that are whole, each with this behind it; None where there are none.

        Nor are there where it can't be told, as without msgspec.

        What stands between two of them may also stand within one. But what begins where an element
        does, and is a whole list, has been cut between two.
        """
        if len(self._data) - self._place < BLOCK:
            self.more()
        end = min(len(self._data), self._place + 4 * BLOCK)
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


_TOO_DEEP = "expected a JSON value, found one that is nested too deeply to be read"
_MARKED = 4
"""So many bytes a mark of the encoding may have, and tell as well where it lacks."""


def without_mark(data: bytes) -> str:
    """Return how to say the encoding of data in which bytes are NUL."""
    # What few need is loaded for these.
    from filterlang.backends.files.opening.other_encodings import is_no_text, unmarked

    likely = unmarked(data)
    if likely is None and is_no_text(data[:BLOCK]):
        return "this is no text; name a file of records"
    if likely is None:
        return "say --encoding utf-16-le or utf-16-be if it is UTF-16 without its mark"
    kind = likely[: len("utf-16")].upper()
    return f"say --encoding {likely} if it is {kind} without its mark"


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


def _text(data: bytes) -> str:
    """Return bytes as text; what isn't UTF-8 becomes surrogates, which no JSON is made of."""
    return data.decode(errors="surrogateescape")
