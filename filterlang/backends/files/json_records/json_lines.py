"""Lines in which JSON is expected: what they are instead, told before all of them are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.lines import BadRecordError, read_record
from filterlang.backends.files.opening.byte_order_mark import BOM

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BAD = 20
"""Where so many lines are no records, and no other line is one, nothing after them is read."""


def expected_lines(blocks: Iterator[bytes | None]) -> Iterator[bytes | None]:
    """Pass on blocks of lines, if they begin with something that is JSON.

    What stands before the first record is held back until there is one.

    Raises:
        InputError: where there are many lines, and none is a record; and where there are a few,
            none of which begins as one.
    """
    held: list[bytes | None] = []
    number = bad = blank = 0
    first, is_json = "", False
    for block in blocks:
        held.append(block)
        if block is not None and block.isspace() and not bad:
            # However many blank lines come first, not all are kept.
            number += block.count(b"\n")
            blank += len(block)
            if blank > MOST_HINTED:
                yield from held
                held.clear()
                blank = 0
            continue
        for line in (block or b"").split(b"\n"):
            number += 1
            try:
                is_record = read_record(line) is not None
            except BadRecordError as error:
                is_record = bool(error.parts)
                if not (first or is_record) and (hint := _hint_of_begin(line)) is not None:
                    message = f"expected JSON (line {number}: {error}); {hint}"
                    raise InputError(message) from None
                first = first or f"line {number}: {error}"
                bad += 1
                is_json = is_json or line.lstrip().startswith((b"{", b"["))
            if is_record:
                yield from held
                yield from blocks
                return
            if bad == MOST_BAD:
                message = (
                    f"there is no record in the first {number} lines, so nothing more was read; "
                    f"expected JSON ({first}); {_remedy(held[0])}"
                )
                raise InputError(message)
        number -= 1  # It ends with the end of a line.
    begun = held[0] if held else None
    is_told_once = not is_json or b"\0" in (begun or b"")
    if bad and ((bad > 1 and is_told_once) or _hint_of_all(begun) is not None):
        message = f"there is no record in it; expected JSON ({first}); {_remedy(held[0])}"
        raise InputError(message)
    yield from held


# What is no JSON is rare, and to load what knows it takes longer than to read a small file.


def _hint_of_begin(line: bytes) -> str | None:
    from filterlang.backends.files.json_records.near_json import hint_of_begin

    return hint_of_begin(_text(line))


def _hint_of_all(begun: bytes | None) -> str | None:
    from filterlang.backends.files.json_records.near_json import hint_of_all

    return hint_of_all(_text(begun))


def _text(begun: bytes | None) -> str:
    return (begun or b"")[:MOST_HINTED].decode(errors="replace").removeprefix(BOM)


MOST_HINTED = 1 << 16
_DELIMITERS = {b",": "csv", b";": "csv", b"\t": "tsv", b"|": "csv"}


def _remedy(begun: bytes | None) -> str:
    """Return what to say of lines that are no JSON, by what they may be."""
    lines = (begun or b"").splitlines()
    if b"\0" in (begun or b""):
        from filterlang.backends.files.json_records.near_json import without_mark

        return without_mark(begun or b"")
    hint = _hint_of_all(begun)
    if hint is not None:
        return hint
    for delimiter, format_ in _DELIMITERS.items():
        counts = {line.count(delimiter) for line in lines[:MOST_BAD] if line}
        is_header = bool(lines) and all(map(bytes.strip, lines[0].split(delimiter)))
        if is_header and len(lines) > 1 and len(counts) == 1 and counts != {0}:
            return f"say --input-format {format_} if it is that"
    return "say by --input-format what it is"
