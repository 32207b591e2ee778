"""Values of records → what JSON and CSV write for them; and the part of a record that is wanted."""

from __future__ import annotations

import json
import math
import re
import shlex
from collections.abc import Mapping
from contextlib import suppress
from datetime import time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.depths import deeply, room
from filterlang.diagnostics.diagnostic import class_name, quoted, shown
from filterlang.semantics.instants import Instant
from filterlang.semantics.paths import reach
from filterlang.semantics.values import elements, text_of
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Select = Sequence[str] | Mapping[str, str]


class ValueFormatError(Exception):
    """A value can't be written in a format; the message says which.

    Attributes:
        name: under which name the value stands in its record, dotted; None if that isn't known.
    """

    name: str | None

    def __init__(self, message: str, name: str | None = None) -> None:
        super().__init__(message)
        self.name = name

    def place(self, file: str | None) -> str | None:
        """Say where the value stands, in a file if that is known; None if nothing is known."""
        if self.name is None:
            return None
        return f"the first one stands under {quoted(self.name)}{f' in {file}' if file else ''}"


class TextlessError(ValueFormatError):
    """A value has no text, such as bytes.

    Attributes:
        problem: what is wrong, without what to do: not all that write can select.
    """

    problem: str

    def __init__(self, problem: str) -> None:
        super().__init__(
            f"{problem}; leave its column out with --select, or write the format parquet or arrow"
        )
        self.problem = problem


class MisfitError(ValueFormatError):
    """A value can't be written beside those before.

    Attributes:
        value: it, as it stands in its record.
        row: how many records were to be written before.
    """

    value: object
    row: int

    def __init__(self, message: str, name: str, value: object, row: int) -> None:
        super().__init__(message, name)
        self.value = value
        self.row = row

    def place(self, file: str | None) -> str | None:
        """Say where the value stands: in a file, or among what is to be written."""
        if file is None:
            return f"it stands in record {self.row + 1:,} of those that are to be written"
        return f"the first one stands in {file}"


class UnplacedError(ValueFormatError):
    """A record has a name that the first one hasn't, so that there is no column for it.

    Attributes:
        names: all names seen so far.
    """

    names: list[str]

    def __init__(self, name: str, names: Iterable[str]) -> None:
        super().__init__(
            f"a record has {quoted(name)}, for which the first one has no column; "
            "say with --select which columns there are to be",
            name,
        )
        self.names = list(names)

    def place(self, file: str | None) -> str | None:
        """Say where the name stands, and what to select so that all names seen have a column."""
        stands = f"the first {quoted(str(self.name))} stands in {file}; " if file else ""
        # What the option divides names by can't be in one.
        if any(
            not name or {",", "="} & {*name} or name != normal_name(name.strip(" "))
            for name in self.names
        ):
            return f"{stands}{len(self.names):,} names were seen so far"
        option = shlex.quote(",".join(self.names))
        return f"{stands}for all columns seen so far say --select {option} (in Python select=)"


NAMELESS = (
    "records without any name have no column; say with --select (in Python select=) which columns "
    "there are to be, or write JSON Lines"
)


def _text(value: object) -> str | None:
    # Patterns see no text of these, but they shall not be lost.
    match value:
        case Instant():
            return str(value)
        case time():
            text = value.isoformat()
            return text.rstrip("0") if value.microsecond and value.tzinfo is None else text
        case timedelta():
            # A float would lose the microseconds of many days.
            return duration_text(value // timedelta(microseconds=1) * 1000)
        case _:
            return text_of(value)


def duration_text(nanoseconds: int) -> str:
    """Return a length of time as ISO 8601 writes it, in seconds.

    Example:
        >>> duration_text(3_599_500_000_000)
        'PT3599.5S'
    """
    sign, (whole, rest) = "-" * (nanoseconds < 0), divmod(abs(nanoseconds), 1_000_000_000)
    fraction = f".{rest:09}".rstrip("0") if rest else ""
    return f"{sign}PT{whole}{fraction}S"


class _FoundDecimalError(Exception):
    """There is a decimal in a value, for which the encoder has no word."""


def _other(value: object) -> str:
    """Return what JSON has for a value that isn't one of its own."""
    if isinstance(value, Decimal):
        raise _FoundDecimalError
    return _other_text(value)


def _other_text(value: object) -> str:
    text = _text(value)
    if text is None:
        problem = f"a value of type {class_name(value)} can't be written as text"
        raise TextlessError(problem)
    return text


def name_of_unwritable(value: object) -> str | None:
    """Return the name that leads to the first value without a text; None where there is none."""
    rest: list[tuple[tuple[str, ...], object]] = [((), value)]
    while rest:
        names, found = rest.pop()
        if isinstance(found, dict):
            rest += [((*names, str(key)), inner) for key, inner in reversed(found.items())]
        elif isinstance(found, list | tuple):
            rest += [(names, inner) for inner in reversed(found)]
        elif found is not None and _text(found) is None:
            return ".".join(names)
    return None


_encode = json.JSONEncoder(
    ensure_ascii=False, default=_other, separators=(",", ":"), allow_nan=False
).encode


class JsonTexts:
    """Writes values as JSON, and counts those that JSON lacks, for which it writes null.

    Attributes:
        nulled: how many numbers were NaN or infinite so far.
    """

    nulled: int

    def __init__(self) -> None:
        self.nulled = 0

    def value(self, value: object) -> str:
        """Write a value as JSON: dates as text in UTC, decimals as numbers with all their digits.

        Raises:
            ValueFormatError: for bytes and other values that have no text.
        """
        return escaped_json(self._encoded(value))

    def raw(self, value: object) -> str:
        """Write a value as `value` does, but for what `escaped_json` does."""
        return self._encoded(value)

    def line(self, line: bytes) -> bytes:
        """Return a record of JSON as it is written, but for the numbers that JSON lacks."""
        return _FINITE_AND_NOT.sub(self._finite_and_null, line) if may_lack(line) else line

    def _finite_and_null(self, found: re.Match[bytes]) -> bytes:
        # The last one ends where the line does.
        if not found[2]:
            return found[1]
        self.nulled += 1
        return found[1] + b"null"

    def _encoded(self, value: object) -> str:
        before = self.nulled
        try:
            return self._tried(value)
        except RecursionError:
            self.nulled = before
            with room:
                return self._tried(value)

    def _tried(self, value: object) -> str:
        try:
            return _exact(value)
        except ValueFormatError as error:
            error.name = name_of_unwritable(value)
            raise
        except ValueError:
            # The encoder finds such a number at no cost, and then all are looked for.
            return _exact(_finite(value, self._count))

    def _count(self) -> None:
        self.nulled += 1

    def told(self) -> str | None:
        """Return what to say at the end of the numbers that JSON lacks; None if there were none."""
        if not self.nulled:
            return None
        numbers = "1 number" if self.nulled == 1 else f"{self.nulled:,} numbers"
        return f"written as null, since JSON has no NaN and no infinity: {numbers}"


def may_lack(data: bytes) -> bool:
    """Whether there may be numbers in lines of JSON that JSON lacks, or their names in a text."""
    return b"NaN" in data or b"Infinity" in data


_FINITE_AND_NOT = re.compile(
    rb'((?:[^"NI-]++|"(?:[^"\\]++|\\.)*+(?:"|\Z)|N(?!aN)|I(?!nfinity)|-(?!Infinity))*+)'
    rb"(NaN|-?Infinity|\Z)",
    re.DOTALL,
)
"""What JSON has, its texts as a whole, and what comes behind that: a number it lacks, or the end.

Whatever the data are, it goes through them once.
"""


def _exact(value: object) -> str:
    """Write a value as JSON, with its decimals as numbers; for the others the encoder is fast."""
    match value:
        case dict():
            # To the encoder each decimal is an error, and where one is there are many.
            if Decimal not in map(type, value.values()):
                # A type error: of keys, too, the encoder takes some types alone.
                with suppress(_FoundDecimalError, TypeError):
                    return _encode(value)
            members = [
                f"{_encode(key) if type(key) is str else _key(key)}:"
                f"{_encode(one) if type(one) in _PLAIN else _exact(one)}"
                for key, one in value.items()
            ]
            return f"{{{','.join(members)}}}"
        case Decimal():
            return f"{value:f}" if value.is_finite() else _encode(math.nan)
        case list() | tuple():
            with suppress(_FoundDecimalError, TypeError):
                return _encode(value)
            # Through `map`, each level would take three of those that C may have.
            return f"[{','.join([_exact(one) for one in value])}]"
        case _:
            return _encode(value)


_PLAIN = frozenset({str, int, bool, type(None)})


def _key(key: object) -> str:
    if key is None or isinstance(key, int | float):
        return _encode({key: 0})[1:-3]
    return _encode(_other_text(key))


def _finite(value: object, found: Callable[[], object] = int) -> object:
    """Return a value with null for the numbers that JSON lacks; `found` is called for each."""
    match value:
        case float() if not math.isfinite(value):
            found()
            return None
        case Decimal() if not value.is_finite():
            found()
            return None
        case dict():
            return {key: _finite(inner, found) for key, inner in value.items()}
        case list() | tuple():
            return [_finite(inner, found) for inner in value]
        case _:
            return value


_UNSEEN = re.compile(r"[^\n -~\w]")


def escaped_json(text: str) -> str:
    """Escape in JSON what a terminal would obey or hide; the data stays what it is.

    JSON itself asks for that with the controls below the space only.
    """
    if text.isprintable():
        return text
    return _UNSEEN.sub(lambda found: _escaped(found[0]), text)


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    return json.dumps(character)[1:-1] if character != "\x7f" else "\\u007f"


def has_lone_surrogate(text: str) -> bool:
    """Return whether a text has half a character, as an escape of JSON may be; UTF-8 has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


def expect_whole_names(names: Iterable[str]) -> None:
    """Refuse names with half a character.

    Raises:
        ValueFormatError: for the first one.
    """
    for name in names:
        if has_lone_surrogate(name):
            message = (
                f"the name {quoted(name)} holds half a character, which has no place here; say "
                "with --select (in Python select=) which columns there are to be, or write JSON "
                "Lines"
            )
            raise ValueFormatError(message)


def cell_text(value: object) -> str:
    """Write a value as the text of a cell: nothing for null, JSON for lists and objects."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return json.dumps(value)  # With NaN and infinity, which are cells as any other.
    if isinstance(value, int | list | dict):
        return deeply(lambda: _exact(_finite(value)))
    return _other_text(value)


def selector(names: Mapping[str, str]) -> Callable[[Any], dict[str, object]]:
    """Build a function that gives the part of a record under the names, each called by its key.

    A name is looked for as filters do (rule 1 of the language); what is missing is null, and what
    stands in the objects of a list is a list.

    Example:
        >>> part = selector({"id": "id", "town": "location.city"})
        >>> part({"id": 7, "location": {"city": "Bonn", "street": "Markt"}})
        {'id': 7, 'town': 'Bonn'}
    """
    paths = [(new, tuple(normal_name(name).split("."))) for new, name in names.items()]
    return lambda record: {name: _found(path, record, 0) for name, path in paths}


def selection(select: Select | None) -> dict[str, str] | None:
    """Return what names are written, each with the name that is looked for; None for all.

    Raises:
        ValueError: for a text where names are expected, and for a name that is there twice.
    """
    if select is None:
        return None
    if isinstance(select, str):
        message = f"expected a list of names to select, found {shown(select)}"
        raise ValueError(message)
    names = dict(select) if isinstance(select, Mapping) else dict(zip(select, select, strict=True))
    if len(names) < len(select):
        message = f"a name is there twice in {shown(list(select))}"
        raise ValueError(message)
    return names


def _found(path: tuple[str, ...], value: object, depth: int) -> object:
    found, reached = reach(path, value, depth)
    if reached == len(path):
        return found
    below: Iterable[object] = elements(found)
    return [_found(path, element, reached) for element in below]
