"""A line of JSON Lines → a record: one JSON object a line, whatever else is in the way.

This is the plain way to read a line, by the standard library. What reads lines faster has to give
the same records, and to refuse the same lines. Where files were joined without a line end between,
a line holds the last record of one and the first of the next; it is refused, and its parts read.
"""

from __future__ import annotations

import re
from decimal import Decimal
from json import JSONDecodeError, JSONDecoder

from filterlang.backends.files.depths import deeply, is_too_deep
from filterlang.backends.files.opening.byte_order_mark import BOM
from filterlang.diagnostics.diagnostic import quoted


class BadRecordError(Exception):
    """A line isn't a record; the message says why.

    Attributes:
        parts: the objects that the line holds one behind the other, as text, and nothing else; none
            if it holds anything else, or very many.
    """

    parts: list[bytes]

    def __init__(self, message: str, parts: list[bytes] | None = None) -> None:
        super().__init__(message)
        self.parts = parts or []


def read_record(line: bytes, *, in_full: bool = False) -> dict[str, object] | None:
    """Read a line; None for a blank one, which is no record.

    `NaN` and `Infinity` are read, of keys that are there twice the last one counts, integers may
    have any number of digits. `in_full` says that a number with digits that no double has is a
    decimal, as for who writes it anew; to filters it is a double.

    Raises:
        BadRecordError: for all else that isn't a JSON object in UTF-8.
    """
    if not line or line.isspace():
        return None
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        byte = line[error.start]
        message = f"expected UTF-8, found the byte 0x{byte:02X} in column {error.start + 1}"
        raise BadRecordError(message) from None
    try:
        value = deeply(_value_in_full if in_full else _value, text)
    except JSONDecodeError as error:
        if not text.removeprefix(BOM).strip():
            return None
        plain = text.removeprefix(BOM)
        if error.msg == "Extra data" and plain.lstrip().startswith("{"):
            raise BadRecordError(_more(plain, error.pos), _parts(plain)) from None
        if plain.lstrip().startswith(("//", "#")):
            raise BadRecordError(_COMMENT) from None
        raise BadRecordError(_refused(error, text)) from None
    except RecursionError:
        raise BadRecordError(_TOO_DEEP) from None
    if is_too_deep(value, text):
        raise BadRecordError(_TOO_DEEP)
    if not isinstance(value, dict):
        message = f"expected a JSON object, found {_kind(value)}"
        raise BadRecordError(message)
    return value


_COMMENT = "expected a JSON object, found a comment"
"""Is wrong with each line that is one, of which a file may have very many."""
_TOO_DEEP = "expected a JSON object, found one that is nested too deeply to be read"


def _refused(error: JSONDecodeError, text: str) -> str:
    column = min(error.pos, len(text.rstrip())) + 1
    reason = error.msg.removesuffix(" at")
    return f"expected a JSON object: {reason[:1].lower()}{reason[1:]} in column {column}"


def _more(text: str, place: int) -> str:
    """Return what to say of what stands behind an object in its line."""
    found = f"expected one JSON object, found behind it in column {place + 1}"
    if text[place] == "{":
        return (
            f"{found} another one; put each in a line of its own, or say --records . (in "
            'Python records=".")'
        )
    # Hardly a file has such lines.
    from filterlang.backends.files.json_records.near_json import BETWEEN, hint_at

    character = "a comma" if text[place] == "," else quoted(text[place])
    hint = BETWEEN.get(text[place]) or hint_at(text, place)
    return f"{found} {character}; {hint}" if hint else f"{found} {character}"


_MOST_PARTS = 1000
"""Files that were joined without line ends have fewer objects in a line."""
_BETWEEN = re.compile(rf"[ \t\r\n\x1e{BOM}]*+")
"""What may stand between the objects of a line, as between values one after the other."""


def _parts(text: str) -> list[bytes]:
    """Return the objects that stand in a line, one behind the other; none if they are very many.

    Raises:
        BadRecordError: where one of them is none, and where something else stands there.
    """
    # Hardly a file has such lines.
    skim = JSONDecoder(parse_int=len, parse_float=len, parse_constant=len).raw_decode
    parts: list[bytes] = []
    place = _behind_blanks(text, 0)
    while place < len(text):
        if text[place] != "{":
            raise BadRecordError(_more(text, place))
        try:
            _, end = deeply(skim, text, place)
        except JSONDecodeError as error:
            raise BadRecordError(_refused(error, text)) from None
        except RecursionError:
            raise BadRecordError(_TOO_DEEP) from None
        if len(parts) == _MOST_PARTS:
            return []
        parts.append(text[place:end].encode())
        place = _behind_blanks(text, end)
    return parts


def _behind_blanks(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return place if found is None else found.end()


def records_of(line: bytes) -> list[dict[str, object]]:
    """Return the records of a line; none of one that is refused.

    Example:
        >>> records_of(b'{"a": 1}'), records_of(b'{"a": 1}{"a": 2}'), records_of(b"a")
        ([{'a': 1}], [{'a': 1}, {'a': 2}], [])
    """
    try:
        record = read_record(line)
    except BadRecordError as error:
        return [record for part in error.parts for record in records_of(part)]
    return [] if record is None else [record]


_MOST_DIGITS = 600
"""Python refuses to read integers of more than 4,300 digits, or of 640 if it is told so."""


def _integer(digits: str) -> int | Decimal:
    # As integers, decimals are compared exactly.
    return int(digits) if len(digits) < _MOST_DIGITS else Decimal(digits)


_decode = JSONDecoder().decode
_decode_carefully = JSONDecoder(parse_int=_integer).decode
"""Calls a function for each integer, which takes its time."""


def _value(text: str) -> object:
    try:
        return _decode(text)
    except ValueError:
        # An integer has too many digits; or there is a BOM, which may stand before any line, as
        # files may have been joined.
        return _decode_carefully(text.removeprefix(BOM))


_MOST_CHARACTERS = 16
"""Fifteen digits and a point, which each double has."""
_LARGEST_EXPONENT = 400
"""Somewhat larger than any of a double; all digits of a number may be written one by one."""


def _number(text: str) -> float | Decimal:
    double = float(text)
    if len(text) <= _MOST_CHARACTERS:
        return double
    exact = Decimal(text)
    if abs(exact.adjusted()) > _LARGEST_EXPONENT or Decimal(repr(double)) == exact:
        return double
    return exact


_decode_in_full = JSONDecoder(parse_float=_number).decode
_decode_carefully_in_full = JSONDecoder(parse_int=_integer, parse_float=_number).decode


def _value_in_full(text: str) -> object:
    try:
        return _decode_in_full(text)
    except ValueError:  # as in `_value`
        return _decode_carefully_in_full(text.removeprefix(BOM))


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
