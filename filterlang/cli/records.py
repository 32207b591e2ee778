"""JSON Lines → records: one JSON object a line, whatever else is in the way."""

from __future__ import annotations

from contextlib import closing
from decimal import Decimal
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, NamedTuple

from filterlang.cli.inputs import BOM, InputError, read_lines, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filterlang.cli.console import Console


class BadRecordError(Exception):
    """A line isn't a record; the message says why."""


class Record(NamedTuple):
    """A record: `place` (`"FILE:LINE"` as two parts), its `line` as it was read, its `value`."""

    name: str
    number: int
    line: bytes
    value: dict[str, object]


def read_records(paths: Iterable[str], console: Console) -> Iterator[Record]:
    """Iterate over the records of all files; complain of all that is none, and go on after it."""
    for path in paths:
        name = shown(path)
        number = 0
        try:
            with closing(read_lines(path, console.before_reading)) as lines:  # type: ignore[type-var]
                for number, line in enumerate(lines, 1):
                    try:
                        value = read_record(line)
                    except BadRecordError as error:
                        console.complain(f"{name}:{number}: {error}")
                    else:
                        if value is not None:
                            yield Record(name, number, line, value)
        except InputError as error:
            place = f" (read up to line {number})" if number else ""
            console.complain(f"{name}: {error}{place}")


def read_record(line: bytes) -> dict[str, object] | None:
    """Read a line; None for a blank one, which is no record.

    `NaN` and `Infinity` are read, of keys that are there twice the last one counts, integers may
    have any number of digits.

    Raises:
        BadRecordError: for all else that isn't a JSON object in UTF-8.
    """
    if line.isspace():
        return None
    try:
        text = line.decode()
        try:
            value = _decode(text)
        except ValueError:
            # A BOM may also stand within a file, where files were joined.
            text = text.removeprefix(BOM)
            if not text.strip():
                return None
            value = _decode_carefully(text)
    except UnicodeDecodeError as error:
        message = (
            f"expected UTF-8, found the byte 0x{line[error.start]:02X} in column {error.start + 1}"
        )
        raise BadRecordError(message) from None
    except JSONDecodeError as error:
        column = min(error.pos, len(text.rstrip())) + 1
        reason = error.msg.removesuffix(" at")
        message = f"expected a JSON object: {reason[:1].lower()}{reason[1:]} in column {column}"
        raise BadRecordError(message) from None
    except RecursionError:
        message = "expected a JSON object, found one that is nested too deeply to be read"
        raise BadRecordError(message) from None
    if not isinstance(value, dict):
        message = f"expected a JSON object, found {_kind(value)}"
        raise BadRecordError(message)
    return value


_MOST_DIGITS = 4_000
"""Python refuses to read integers of more than 4,300 digits, and is slow at it."""


def _integer(digits: str) -> int | Decimal:
    # As integers, decimals are compared exactly.
    return int(digits) if len(digits) < _MOST_DIGITS else Decimal(digits)


_decode = JSONDecoder().decode
_decode_carefully = JSONDecoder(parse_int=_integer).decode
"""Calls a function for each integer, which takes its time."""


def _kind(value: object) -> str:
    match value:
        case list():
            return "an array"
        case str():
            return "a string"
        case bool():
            return "a truth value"
        case None:
            return "null"
        case _:
            return "a number"
