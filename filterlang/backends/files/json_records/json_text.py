"""JSON text of any size → its values one after the other, each as the bytes that it is written in.

What is between the values is looked at here; whether a value is a record is for who gets it.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.depths import SHORTEST_DEEP, deeply, is_too_deep
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.read_again import MARK, count_characters
from filterlang.backends.files.opening.inputs import EXPECTED, too_long

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from filterlang.backends.files.json_records.read_again import ReadAgain

_SPACE = re.compile(rb"[ \t\r\n\x1e]*+")
"""What may stand between values: white space, and the mark before each text of a sequence."""
LONG_TOKEN = 1000
"""What is wrong so far from the end isn't wrong because more is to come."""
_PAST = 64
"""So many bytes before a mistake tell what it is, mostly."""
_MOST_OF_NUMBER = 3
"""Of a number that goes on behind what is there, so much may not be taken for its own: `e+`."""
_CUT = re.compile(
    rb"(?:t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?|Na?|-?(?:I(?:n(?:f(?:i(?:n(?:it?)?)?)?)?)?)?"
    rb"|\.|[eE][+-]?|\\?u?[0-9a-fA-F]{0,4})[ \t\r\n\x1e]*+"
)
"""The end of data that may have gone on: of a word, a number or an escape; or where one lacks."""

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
        again: where it can be read again. To count line ends at once takes a tenth of the time, and
            mostly nobody asks.
    """

    def __init__(
        self, read: Callable[[], bytes], most: int, again: ReadAgain | None = None
    ) -> None:
        self._line = 1
        self._again = again
        self._error: Exception | None = None
        self._uncounted: list[tuple[int, int]] = []
        self._before = 0
        self._in_line = 0
        self._past = b""
        self._read = read
        self._most = most
        self._data = b""
        self._characters: str | None = None
        self._place = 0
        self._is_whole = False

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
            if self._error is not None:
                raise self._error
            try:
                data = self._read()
            except (InputError, *EXPECTED) as error:
                self._error = error
                if size:
                    break
                raise
            self._is_whole = not data
            parts.append(data)
            size += len(data)
        if size:  # Otherwise the places of who asks stay right.
            if self._again is None:
                self._in_line = self._count_in_line(self._place)
            self._past = self._past_of(self._place)
            self._before += self._place
            self._data, self._characters, self._place = b"".join(parts), None, 0
        return size > 0

    def _past_of(self, place: int) -> bytes:
        """Return what is told of what stands before a place, once that is gone."""
        return (self._past + self._data[max(0, place - _PAST) : place])[-_PAST:]

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
        from filterlang.backends.files.json_records.near_json import (
            hint_at,
            hint_of_begin,
            without_mark,
        )

        reason = error.msg.removesuffix(" at")
        begin = max(0, error.pos - LONG_TOKEN)
        before = _text((b"" if begin else self._past) + self._data[begin : error.pos])
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


_TOO_DEEP = "expected a JSON value, found one that is nested too deeply to be read"
_MARKED = 4
"""So many bytes a mark of the encoding may have, and tell as well where it lacks."""


def _text(data: bytes) -> str:
    """Return bytes as text; what isn't UTF-8 becomes surrogates, which no JSON is made of."""
    return data.decode(errors="surrogateescape")
