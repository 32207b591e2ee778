"""What Python values are to the language: folding, reading expressions, texts and kinds of values.

Nothing here knows of clauses; `semantics` says what a clause asks of a value.
"""

from __future__ import annotations

import re
from collections import deque
from datetime import UTC, date, datetime, timedelta
from decimal import (
    MAX_EMAX,
    MAX_PREC,
    MIN_EMIN,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
)
from enum import Enum
from fractions import Fraction
from numbers import Integral, Rational, Real
from typing import TYPE_CHECKING, Any
from uuid import UUID

from filterlang.semantics.foreign import contents, foreign_kind, held, is_foreign_list
from filterlang.semantics.instants import DAY, EPOCH, FOREVER, instant_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeGuard

# --- Case -----------------------------------------------------------------------------------------


def fold(text: str) -> str:
    """Fold a text for comparison without case; every character stays one character.

    İ becomes i, then each code point is lowered by itself, then ς becomes σ.

    Example:
        >>> fold("ΣΊΣΥΦΟΣ İZMİR STRASSE ß")
        'σίσυφοσ izmir strasse ß'
    """
    if text.isascii():
        return text.lower()
    # A capital sigma would be lowered by its place in the word, so it goes first.
    return text.replace("İ", "i").replace("Σ", "σ").lower().replace("ς", "σ")


# --- Reading expressions --------------------------------------------------------------------------

_NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_EPOCH = re.compile(r"-?[0-9]+")
_INSTANT = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?)?"
)
_EXPORTED = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2}(?:[.,][0-9]+)?)?"
    r"(?:[Zz]| UTC|([+-][0-9]{2})(?::?([0-9]{2}))?)?"
)
_BOOLEANS = {"true": True, "false": False}
_MOST_EPOCH_DIGITS = 4_300
"""Milliseconds with more digits are later, or earlier, than all that a number can say."""


def read_number(expression: str) -> Decimal | None:
    """Read JSON number syntax exactly; None for anything else.

    An exponent that no `Decimal` can hold makes an infinity, or the smallest number there is;
    `read_exact_number` tells these from the number itself.
    """
    number = read_exact_number(expression)
    if isinstance(number, Extreme):
        return Decimal(("-" if number.sign < 0 else "") + _NEAREST[number.is_huge])
    return number


_NEAREST = {True: "Infinity", False: "1e-999999999999999999"}
_EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[InvalidOperation, Inexact])
"""Reads numbers the same way whatever context the caller computes in."""


class Extreme:
    """A number with an exponent that no `Decimal` can hold: a huge one, or one beside zero."""

    __slots__ = ("is_huge", "sign")
    is_huge: bool
    sign: int

    def __init__(self, sign: int, *, is_huge: bool) -> None:
        self.sign = sign
        self.is_huge = is_huge


def read_exact_number(expression: str) -> Decimal | Extreme | None:
    """Read JSON number syntax exactly, whatever its exponent; None for anything else."""
    found = _NUMBER.fullmatch(expression)
    if found is None:
        return None
    try:
        return _EXACT.create_decimal(expression)
    except (InvalidOperation, Inexact):
        # Zero is exact with any exponent, so this is none.
        sign, _, _, exponent = found.groups()
        is_tiny = exponent is not None and exponent.startswith("-")
        return Extreme(-1 if sign else 1, is_huge=not is_tiny)


_MOST_HANDY_DIGITS = 30


def is_handy(number: Decimal) -> bool:
    """Whether a number is finite and short enough to compute with; some have a billion digits."""
    return (
        number.is_finite()
        and abs(number.adjusted()) <= _MOST_HANDY_DIGITS
        and len(number.as_tuple().digits) <= _MOST_HANDY_DIGITS
    )


def is_number(text: str) -> bool:
    """Return whether a text is a number in the syntax of JSON."""
    return _NUMBER.fullmatch(text) is not None


def read_boolean(expression: str) -> bool | None:
    """Read `true` and `false` in any case; None for anything else."""
    # Nothing but these letters is lowered to them.
    return _BOOLEANS.get(expression.lower())


def read_instant(expression: str) -> int | None:
    """Read epoch milliseconds, a date or a date and time as microseconds since 1970, UTC.

    Without a zone a time is UTC; fractions are cut to microseconds; None for anything else.

    Example:
        >>> read_instant("1970-01-02"), read_instant("1970-01-01T01:00:00.5+01:00")
        (86400000000, 500000)
    """
    if _EPOCH.fullmatch(expression):
        digits = expression.lstrip("-").lstrip("0")
        microseconds = FOREVER
        if len(digits) <= _MOST_EPOCH_DIGITS:
            microseconds = int(_EXACT.create_decimal(digits or "0")) * 1000
        return -microseconds if expression.startswith("-") else microseconds
    found = _INSTANT.fullmatch(expression)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, _, sign, ahead_hours, ahead_minutes = (
        found.groups()
    )
    try:
        local = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            int((fraction or "")[:6].ljust(6, "0")),
            tzinfo=UTC,
        )
        # An offset follows the rules of a time of day: at most 23:59.
        ahead = datetime(1970, 1, 1, int(ahead_hours or 0), int(ahead_minutes or 0), tzinfo=UTC)
    except ValueError:
        return None
    offset = instant_of(ahead)
    return instant_of(local) - (-offset if sign == "-" else offset)


def read_exported_instant(text: str) -> int | None:
    """Read what `read_instant` does, and a date and time as databases and programs export them.

    A space or `t` may stand for `T`, `z` or ` UTC` for `Z`, `±HH` and `±HHMM` for `±HH:MM`, and a
    comma for the point. Expressions are stricter.

    Example:
        >>> read_exported_instant("1970-01-01 01:00:00,5+01"), read_instant("1970-01-01 00:00:00")
        (500000, None)
    """
    instant = read_instant(text)
    found = None if instant is not None else _EXPORTED.fullmatch(text)
    if found is None:
        return instant
    day, time, seconds, hours, minutes = found.groups()
    zone = f"{hours}:{minutes or '00'}" if hours else "Z"
    return read_instant(f"{day}T{time}{(seconds or '').replace(',', '.')}{zone}")


# --- The text of values, for patterns -------------------------------------------------------------

_PLAIN_BELOW = 21
"""RFC 8785 writes numbers with up to this many digits before the point without an exponent."""
_MOST_DIGITS = 1_000_000
"""A decimal with more digits in plain notation is written with an exponent."""


def text_of(value: object) -> str | None:
    """Return the text of a scalar that patterns are matched against, before folding.

    None for a mapping, bytes and any other value that equals nothing.
    """
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return _integer_text(value)
        case float():
            return _float_text(value)
        case Decimal():
            return _decimal_text(value)
        case datetime():
            return _datetime_text(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return None


def _integer_text(value: int) -> str:
    # An integer keeps all its digits, also where a double, and so RFC 8785, could not tell it
    # from its neighbours.
    if abs(value) < 10**_PLAIN_BELOW:
        return str(int(value))
    try:
        return _float_text(float(value))
    except OverflowError:
        return f"{Decimal(value):f}"


def _float_text(value: float) -> str:
    """Write a double as RFC 8785 (and so ECMAScript) does: the shortest digits that tell it."""
    if value in {float("inf"), float("-inf")}:
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(float.__repr__(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0")
    assert isinstance(exponent, int)
    point = len(digits) + exponent
    if len(text) <= point <= _PLAIN_BELOW:
        text = text.ljust(point, "0")
    elif 0 < point <= _PLAIN_BELOW:
        text = f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:  # noqa: PLR2004 — 1e-6 is the smallest number that RFC 8785 writes plainly
        text = "0." + "0" * -point + text
    else:
        fraction = f".{text[1:]}" if len(text) > 1 else ""
        text = f"{text[0]}{fraction}e{point - 1:+d}"
    return "-" + text if sign else text


def _decimal_text(value: Decimal) -> str:
    if value.is_infinite():
        return "Infinity" if value > 0 else "-Infinity"
    if not value:
        value = value.copy_abs()  # zero has no sign
    return f"{value:f}" if abs(value.adjusted()) < _MOST_DIGITS else str(value)


def _datetime_text(value: datetime) -> str:
    instant = instant_of(value)
    days, microseconds = divmod(instant, DAY)
    # 400 years are a whole number of weeks; shifted by them, every offset stays within `datetime`.
    shift = 400 if days < 0 else -400
    moment = EPOCH + timedelta(days=days + shift // 400 * 146_097, microseconds=microseconds)
    fraction = f".{moment.microsecond:06d}".rstrip("0").rstrip(".")
    return f"{moment.year - shift:04d}-{moment:%m-%dT%H:%M:%S}{fraction}Z"


# --- Kinds of values ------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Return the value of an enum member, the Python value of a foreign one, else the value.

    May raise what a hostile value raises when it is looked at.
    """
    if type(value) in _PLAIN_TYPES:
        return value
    while isinstance(value, Enum):
        value = value.value
    if isinstance(value, str):
        return str.__str__(value)  # the text alone, whatever a subclass makes of its methods
    if isinstance(value, int | float | Decimal):
        return value
    if type(value) in _OTHER_TYPES:
        return value
    kind = foreign_kind(value)
    if kind is not None:
        return held(value, kind)
    # The values that compare as numbers, whatever made them.
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Rational):
        return Fraction(int(value.numerator), int(value.denominator))
    return float(value) if isinstance(value, Real) else value


class Stray(str):
    """A text among numbers or booleans: a cell that isn't of the type that its column has.

    It is equal to a text and matches patterns as texts do, and has no order.
    """

    __slots__ = ()


_PLAIN_TYPES = frozenset({str, int, float, bool, dict, list, type(None), Stray})
"""The types that nearly all values have, and that hold no surprises."""
_OTHER_TYPES = frozenset({date, datetime, UUID, tuple, set, frozenset, deque, bytes, Fraction})
"""More types of Python itself, which need no second look."""
_NO_LISTS = frozenset(
    {*(str, int, float, bool, dict, type(None)), *(date, datetime, UUID, bytes, Decimal, Fraction)}
)
"""The types that nearly all values have that are no lists."""


def is_missing(value: object) -> bool:
    """Whether a value is null: None, NaN, or a date that is none (it isn't equal to itself)."""
    if value is None:
        return True
    try:
        if isinstance(value, Decimal):
            return value.is_nan()
        return isinstance(value, float | date) and bool(value != value)  # noqa: PLR0124 — asks for NaN
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return False


def is_list(value: object) -> TypeGuard[Iterable[object]]:
    """Return whether a value is a list to the language: of its elements, any may pass a test."""
    if type(value) in _NO_LISTS:
        return False
    try:
        if isinstance(value, tuple):
            # A named tuple is an object, and so are the structures of C that have names, such as
            # an interval of Arrow.
            return not (hasattr(value, "_fields") or hasattr(type(value), "n_fields"))
        if isinstance(value, list | set | frozenset | deque):
            return True
        kind = foreign_kind(value)
        return kind is not None and is_foreign_list(value, kind)
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return False


def elements(value: Iterable[object]) -> list[Any]:
    """Return the elements of a list, those of lists in it in their place, without null ones."""
    found: list[Any] = []
    # What was seen lives on, so that nothing else gets its identity meanwhile.
    seen: dict[int, object] = {id(value): value}
    rest = [iter(_contents(value))]
    while rest:
        for element in rest[-1]:
            value = _looked_at(element)
            if is_list(value):
                # A list that holds itself adds nothing the second time.
                if id(element) not in seen:
                    seen[id(element)] = element
                    rest.append(iter(_contents(value)))
                    break
            elif not is_missing(value):
                found.append(value)
        else:
            rest.pop()
    return found


def _contents(value: Iterable[object]) -> list[Any]:
    try:
        kind = foreign_kind(value)
        return list(value) if kind is None else contents(value, kind)
    except Exception:  # noqa: BLE001 — rule 8: what raises when it is looked at is missing
        return []


def _looked_at(value: object) -> Any:
    try:
        return plain(value)
    except Exception:  # noqa: BLE001 — rule 8: what raises when it is looked at is missing
        return None
