"""JSON in any shape → blocks of lines, one record a line, each with its place.

What an input holds is told by its beginning: JSON Lines, as which it is passed on; values one after
the other, pretty-printed or not; a list of records; or answers of the API, in which the records
stand in a list. Nothing is kept in memory but a block, or a value that is longer.
"""

from __future__ import annotations

import re
from contextlib import ExitStack, suppress
from functools import partial
from io import BufferedReader
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.answers import (
    Guess,
    Sketch,
    lists_there,
    path_of_records,
    too_long_to_tell,
)
from filterlang.backends.files.json_records.envelopes import expect_no_envelope
from filterlang.backends.files.json_records.json_lines import MOST_BAD, MOST_HINTED, expected_lines
from filterlang.backends.files.json_records.json_lists import JsonLists, line_of
from filterlang.backends.files.json_records.json_text import JsonText
from filterlang.backends.files.json_records.read_again import ReadAgain
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.opening.inputs import (
    BLOCK,
    BOM,
    Chunks,
    blocks_of,
    opened,
)
from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from filterlang.backends.files.faults import Place
    from filterlang.backends.files.json_records.json_lists import Deal
    from filterlang.backends.files.json_records.scans import Scan

_SEPARATOR = "\x1e"
"""Stands before each text of a sequence of JSON texts."""
_MOST_SKETCHED = 1 << 20
"""So many characters of a value are looked at before it is taken for what it seems to be."""


class Block(NamedTuple):
    """Some lines, each one value; `place` says of each, counted from 1, where it stands.

    It is None for JSON Lines, whose places are the numbers of their lines in the input: who looks
    at lines counts them anyhow. `data` is None for one line that is too long, and where there is a
    `scan`: what was found in them when they were looked at together.
    """

    data: bytes | None
    place: Callable[[int], Place] | None
    scan: Scan | None = None


class Shape(NamedTuple):
    """How the text of an input holds records.

    Fields: `is_lines`, whether it is JSON Lines; `path`, the names that lead from each value to its
    list of records, or None where the values are records (or lists of them); `guess`, what that was
    told by before the first value was read to its end.
    """

    is_lines: bool
    path: tuple[str, ...] | None
    guess: Guess | None = None


LINES = Shape(True, None)
VALUES = Shape(False, None)


def read_json(
    path: str | BufferedReader,
    before_reading: Callable[[int], None],
    max_line: int = MAX_LINE,
    *,
    shape: Shape | None = None,
    is_named_lines: bool = False,
    look: Callable[[bytes, bytes], Scan | None] | None = None,
    is_plain: bool = False,
    see_path: Callable[[tuple[str, ...]], object] | None = None,
    deal: Deal | None = None,
) -> Generator[Block, None, None]:
    """Iterate over the records of an input as blocks of lines.

    `shape` is how it holds them, None to find out; `is_named_lines` says whether its name ends as
    those of JSON Lines do; `look` is as for `JsonLists`, and so is `deal`;
    `is_plain` says whether a file can be read again, as it stands there; `see_path` is called with
    the names that lead to the records before the first one.

    Raises:
        InputError: where it can't be opened or read on, and where it can't be told what the
            records are.
    """
    with opened(path, before_reading) as reader, ExitStack() as stack:
        read: list[bytes] = []
        is_guessed = shape is None
        if shape is None:
            shape, read = find_shape(reader, max_line, is_named_lines=is_named_lines)
        if see_path is not None:
            see_path(shape.path or ())
        if shape.is_lines:
            for data in lines_of(reader, read, max_line, is_guessed=is_guessed):
                yield Block(data, None)
        else:
            again = ReadAgain(path, stack) if is_plain and isinstance(path, str) else None
            text = JsonLists(partial(_read_on, read, reader), max_line, again, look, deal)
            yield from _with_objects(_blocks(_parts(text, shape)))


def lines_of(
    reader: BufferedReader, read: list[bytes], max_line: int, *, is_guessed: bool
) -> Iterator[bytes | None]:
    """Iterate over blocks of lines: those that were read already to find out what it is, and on.

    Raises:
        InputError: where it can't be read on, and where that it is lines was a guess, and wrong.
    """
    whole = reader
    if read:
        head = b"".join(read)
        whole = BufferedReader(Chunks(reader.read1, head=head, readinto=reader.readinto1))
    blocks: Iterator[bytes | None] = blocks_of(whole, max_line)
    return expected_lines(blocks) if is_guessed else blocks


def _read_on(read: list[bytes], reader: BufferedReader) -> bytes:
    """Return more bytes: what was read already comes first."""
    return read.pop(0) if read else reader.read1(BLOCK)


def _with_objects(blocks: Iterator[Block]) -> Iterator[Block]:
    """Pass on blocks of values, if they begin with some that may be records.

    Raises:
        InputError: where there are many values, and none is an object.
    """
    for first in blocks:
        lines = (first.data or b"").split(b"\n", MOST_BAD)
        if len(lines) > MOST_BAD and not any(line.startswith(b"{") for line in lines[:-1]):
            message = (
                f"there is no object among the first {MOST_BAD} values, so nothing more was read; "
                "expected records"
            )
            raise InputError(message)
        yield first
        break
    yield from blocks


def find_shape(
    reader: BufferedReader, max_line: int, *, is_named_lines: bool
) -> tuple[Shape, list[bytes]]:
    """Return how an input holds its records, and what was read of it to find that out."""
    read: list[bytes] = []

    def read_on() -> bytes:
        read.append(reader.read1(BLOCK))
        return read[-1]

    text = JsonText(read_on, max_line)
    text.more()
    is_sequence = text.ahead().lstrip(f" \t\r\n{BOM}").startswith(_SEPARATOR)
    # What no value begins in for so long is given to who reads lines, as they are.
    match text.begin(max_line):
        case "[":
            text.skip("[")
            if text.next() == "{":
                # Answers may have been collected in a list.
                sketch = _sketch(text, max_line, is_in_list=True)
                if sketch.is_paged():
                    return _shape_of(sketch, is_named_lines=True), read
            else:
                # Hardly a list begins so.
                from filterlang.backends.files.json_records.json_tables import expect_objects
                from filterlang.backends.files.json_records.near_json import (
                    BEHIND_TEXT,
                    is_bracketed,
                )

                if is_bracketed(f"[{text.ahead()}"):
                    raise InputError(BEHIND_TEXT)
                expect_objects(text)
            return VALUES, read
        case "{":
            sketch = _sketch(text, max_line, is_named_lines=is_named_lines)
            shape = _shape_of(sketch, is_named_lines=is_named_lines)
            if shape.path is not None:
                return shape, read
            if not is_named_lines and sketch.end is not None:
                is_all = partial(_is_all, text, sketch.end, max_line)
                _expect_no_table(sketch.value or {}, is_all)
                expect_no_envelope(sketch, is_all)
            is_lines = not is_sequence and (
                sketch.end is None or _is_line(text, sketch.end, max_line)
            )
            return (LINES if is_lines else VALUES), read
        case _:
            return LINES, read


def _expect_no_table(value: dict[str, object], is_all: Callable[[], bool]) -> None:
    """Expect an object to be a record, as is one without any list or object in it."""
    if any(isinstance(one, list | dict) for one in value.values()):
        from filterlang.backends.files.json_records.json_tables import expect_no_table

        expect_no_table(value, is_all)


def _shape_of(sketch: Sketch, *, is_named_lines: bool) -> Shape:
    """Return how values hold records, by the sketch of the first one."""
    path = path_of_records(sketch, is_named_lines=is_named_lines)
    if path is None:
        return VALUES
    guess = None if sketch.end is not None else Guess(sketch, path, is_named_lines=is_named_lines)
    return Shape(False, path, guess)


def _sketch(
    text: JsonText, max_line: int, *, is_in_list: bool = False, is_named_lines: bool = False
) -> Sketch:
    """Look at a value that begins here, as far as that takes to tell what it is."""
    while True:
        ahead = text.ahead()
        sketch = Sketch(ahead)
        if sketch.end is not None or sketch.is_bad:
            return sketch
        if len(ahead) > _MOST_SKETCHED:
            # What can't be told yet may be told by what follows.
            with suppress(InputError):
                if path_of_records(sketch, is_named_lines=is_in_list or is_named_lines):
                    return sketch
        if len(ahead) > max_line and sketch.lists and not is_in_list:
            raise too_long_to_tell(sketch, max_line)
        if len(ahead) > max_line or not text.more():
            return sketch


_BLANKS_IN_LINE = re.compile(r"[ \t\r]*+")
_BLANKS = re.compile(r"\s*+")


def _is_line(text: JsonText, end: int, max_line: int) -> bool:
    """Whether a value stands in one line, with nothing behind it."""
    if "\n" in text.ahead()[:end]:
        return False
    ahead, place = _behind(text, end, max_line, in_line=True)
    if place == len(ahead):
        return place - end <= max_line
    # A comma belongs to what stands before it, in the next line too.
    return ahead[place] == "\n" and not ahead.startswith(
        ",", _end_of_blanks(ahead, place, in_line=False)
    )


def _is_all(text: JsonText, end: int, max_line: int) -> bool:
    """Whether nothing stands behind a value, or nothing but very many blanks."""
    ahead, place = _behind(text, end, max_line, in_line=False)
    return place == len(ahead)


def _behind(text: JsonText, end: int, most: int, *, in_line: bool) -> tuple[str, int]:
    """Return what is ahead, and where in it the blanks end that stand behind a value.

    Behind more blanks than these nothing is looked for, as all that is ahead is in memory.
    """
    ahead, place = text.ahead(), end
    while True:
        place = _end_of_blanks(ahead, place, in_line=in_line)
        if place < len(ahead) or place - end > most or not text.more():
            return ahead, place
        ahead = text.ahead()


def _end_of_blanks(ahead: str, place: int, *, in_line: bool) -> int:
    found = _BLANKS_IN_LINE.match(ahead, place) if in_line else _BLANKS.match(ahead, place)
    return place if found is None else found.end()


_NONE_BEGINS_SO = {",", "\0", ";"}
"""What people write between values, and no value begins with."""


class _Part(NamedTuple):
    """Some records: their lines, and the place of the first one, after which it is counted on.

    Or what was found in them, where they were looked at together.
    """

    lines: list[bytes]
    line: int
    prefix: str
    first: int | None
    scan: Scan | None = None


def _parts(text: JsonLists, shape: Shape) -> Iterator[_Part]:
    path, guess = shape.path, shape.guess
    is_first = True
    while beginning := text.begin():
        line = text.line
        if not is_first and beginning in _NONE_BEGINS_SO:
            from filterlang.backends.files.json_records.near_json import BETWEEN

            raise text.refused(BETWEEN[beginning])
        if path is None and beginning != "[":
            yield _Part([line_of(text.value())], line, "", None)
        else:
            prefix = "" if is_first else f"{line}:"
            yield from _below(text, path or (), prefix, line, guess=guess)
        is_first, guess = False, None


def _below(
    text: JsonLists,
    path: tuple[str, ...],
    prefix: str,
    line: int,
    before: tuple[str, ...] = (),
    guess: Guess | None = None,
) -> Iterator[_Part]:
    """Go through the records to which a path leads from a value, before which others led to it.

    What stands behind them in the first value must not contradict the `guess` of the path.
    """
    beginning = text.next()
    if beginning == "[":
        number = 0
        if not path:
            for some in text.elements():
                if isinstance(some, list):
                    yield _Part(some, line, prefix, number)
                    number += len(some)
                else:
                    yield _Part([], line, prefix, number, some)
                    number += some.lines
            return
        for _ in text.each():
            yield from _below(text, path, f"{prefix}[{number}]", line, before, guess)
            number, guess = number + 1, None
    elif not path:
        value = text.value()
        # In the place of a list null stands for an empty one.
        if not before or value != b"null":
            yield _Part([line_of(value)], line, prefix, None)
    elif beginning == "{":
        yield from _in_object(text, path, prefix, line, before, guess)
    else:
        text.value()
        message = f"expected an object with {quoted(path[0])}, found none in line {line}"
        raise InputError(message)


def _in_object(
    text: JsonLists,
    path: tuple[str, ...],
    prefix: str,
    line: int,
    before: tuple[str, ...],
    guess: Guess | None,
) -> Iterator[_Part]:
    """Go through the records to which a path leads from an object."""
    is_there = False
    others: dict[str, bytes] = {}
    for key in text.members():
        taken = _taken(path, key)
        if taken:
            if is_there:
                message = (
                    f"expected {quoted(key)} once in an object, found it again in line "
                    f"{text.line}, after which nothing was read"
                )
                raise InputError(message)
            is_there = True
            dot = "." if prefix[-1:] not in {"", ":"} else ""
            inner = f"{prefix}{dot}{showable(key)}"
            way = (*before, *path[:taken])
            yield from _below(text, path[taken:], inner, line, way, guess)
        else:
            value = text.value()
            if not is_there and len(others) < _MOST_OTHERS:
                others[key] = value[:MOST_HINTED]
            elif is_there and guess is not None:
                guess.see(before, key, value)
    if not is_there:
        message = (
            f"expected the records in {quoted('.'.join(path))}, found an object without that "
            f"in line {line}, after which nothing was read"
        )
        raise InputError(message, lists_there(others, before))
    if guess is not None and not before:
        guess.expect_right()


_MOST_OTHERS = 100
"""Of so many members of an object it is told whether they are lists, if the wanted one lacks."""


def _taken(path: tuple[str, ...], key: str) -> int:
    """Return how many names of a path a key stands for; a key may have dots in it, too."""
    for number in range(1, len(path) + 1):
        if key == ".".join(path[:number]):
            return number
    return 0


def _blocks(parts: Iterator[_Part]) -> Iterator[Block]:
    """Join parts, so that a block has more than a few lines."""
    lines: list[bytes] = []
    places: list[tuple[int, _Part]] = []
    size, error = 0, None
    try:
        for part in parts:
            if part.scan is not None:
                if lines:
                    yield Block(b"\n".join(lines) + b"\n", partial(_place, places))
                    lines, places, size = [], [], 0
                yield Block(None, partial(_place, [(0, part)]), part.scan)
                continue
            places.append((len(lines), part))
            lines += part.lines
            size += sum(map(len, part.lines))
            if size >= BLOCK:
                yield Block(b"\n".join(lines) + b"\n", partial(_place, places))
                lines, places, size = [], [], 0
    except InputError as caught:
        # What was read before is no less right.
        error = caught
    if lines:
        yield Block(b"\n".join(lines) + b"\n", partial(_place, places))
    if error is not None:
        raise error


def _place(places: list[tuple[int, _Part]], number: int) -> Place:
    before, part = next(one for one in reversed(places) if one[0] < number)
    if part.first is None:
        return part.prefix or part.line
    return f"{part.prefix}[{part.first + number - before - 1}]"
