"""What was meant by an expression that can't be read as a value of a type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from filterlang.checking.closed_tables import boolean_words
from filterlang.checking.mends import is_safe
from filterlang.schema.binding import KINDS
from filterlang.semantics.tests import Always, Equals, Like, Never, Why, Within, test_of
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.syntax.operators import Operator

_NUMBER_PARTS = re.compile(r"([+-]?)0*+([0-9_]*)(?:\.([0-9_]*))?([eE][+-]?[0-9]+)?")
_POINT_FIRST = re.compile(r"-?\.[0-9]+(?:[eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[, '][0-9]{3})+(?:\.[0-9]+)?")
_GROUPED_BY_POINTS = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+")
_WITH_SIGNS = re.compile(
    r"[$\u20ac\u00a3#]? *+(?P<minus>[\u2013\u2014])?(?P<number>-?[0-9]++(?:\.[0-9]++)?) *+"
    r"[)\]},.:!?\"'\u201d\u2019\u2026]*+"
)
"""A number with a sign of money before it, or with what ends a sentence or a bracket behind it."""
_THOUSANDS = re.compile("(-?[0-9]+)[kK]")
_DATE_PARTS = re.compile(
    r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
    r"(?:[Tt ] *([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})([.,][0-9]+)?)?"
    r" *([Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{2})")
_DATE_REVERSED = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4})")


def _as_number(expression: str) -> Iterator[tuple[str, bool]]:
    parts = _NUMBER_PARTS.fullmatch(expression)
    if parts is not None and re.match(r"[+-]?\.?[0-9]", expression):
        whole, fraction = (part.replace("_", "") for part in (parts[2], parts[3] or ""))
        sign = "-" if parts[1] == "-" else ""
        # `.5` is a number and nothing else; `007` may be octal or a text, `+5` a step.
        is_half = _POINT_FIRST.fullmatch(expression) is not None
        safe = is_safe("point first" if is_half else "digits otherwise")
        yield f"{sign}{whole or '0'}{'.' + fraction if fraction else ''}{parts[4] or ''}", safe
    if _GROUPED.fullmatch(expression):
        yield re.sub("[, ']", "", expression), False
    if _GROUPED_BY_POINTS.fullmatch(expression):
        yield expression.replace(".", ""), False
    if around := _WITH_SIGNS.fullmatch(expression):
        yield f"{'-' if around['minus'] else ''}{around['number']}", False
    if thousands := _THOUSANDS.fullmatch(expression):
        yield f"{thousands[1]}000", False


def _as_boolean(expression: str) -> Iterator[tuple[str, bool]]:
    word = fold(expression)
    meant = boolean_words().get(word)
    if meant is not None:
        # Records hold 0 and 1 for booleans; the words are those of other languages.
        yield (
            meant,
            is_safe("0 and 1" if word in {"0", "1"} else "yes and no"),
        )


def _as_instant(expression: str) -> Iterator[tuple[str, bool]]:
    if parts := _DATE_PARTS.fullmatch(expression):
        year, _, month, day, hour, minute, second, fraction, zone = parts.groups()
        date = f"{year}-{month:>02}-{day:>02}"
        if hour is None:
            yield date, is_safe("date")
            return
        seconds = f":{second}{fraction or ''}".replace(",", ".") if second else ""
        zone = zone or ""
        if zone[:1] in {"+", "-"}:
            zone = f"{zone[:3]}:{zone[3:].lstrip(':') or '00'}"
        elif zone:
            zone = "Z"
        yield f"{date}T{hour:>02}:{minute}{seconds}{zone}", is_safe("date")
    elif parts := _DATE_REVERSED.fullmatch(expression):
        first, separator, second, year = parts.groups()
        ends = [(second, first)] if separator == "." else [(first, second), (second, first)]
        for month, day in ends:
            yield f"{year}-{month:>02}-{day:>02}", is_safe("day first")
    elif parts := _MONTH.fullmatch(expression):
        yield f"{parts[1]}-{parts[2]}-01", False


_PLAIN = {
    **{0xFF10 + digit: str(digit) for digit in range(10)},
    ord("\u2212"): "-",
}
"""Full-width digits and the minus sign, where a number or a date is required."""

_READINGS = {
    "integer": _as_number,
    "number": _as_number,
    "boolean": _as_boolean,
    "datetime": _as_instant,
}


def rewritten(type_: str, expression: str) -> Iterator[tuple[str, bool]]:
    """Return what may have been meant by an expression, and whether nothing else can have been.

    What it gives need not be readable either.

    Example:
        >>> list(rewritten("datetime", "2024-1-31 12:00"))
        [('2024-01-31T12:00', True)]
    """
    plain = expression if type_ == "boolean" else expression.translate(_PLAIN)
    if plain != expression:
        yield plain, is_safe("digits")
    yield from (reading for reading in _READINGS[type_](plain) if reading[0] != plain)


def is_readable(operator: Operator, expression: str, type_: str) -> bool:
    """Return whether an expression can be compared with values of a type.

    Between two integers nothing is equal, but there is still an order.

    Example:
        >>> from filterlang.syntax.operators import Operator
        >>> is_readable(Operator.GT, "1.5", "integer"), is_readable(Operator.GT, "x", "integer")
        (True, False)
    """
    test = test_of(operator, expression, KINDS[type_][0])
    match test:
        case Never(why):
            # What is beyond all values can be read, and is less or more than each.
            return why not in {Why.UNREADABLE, Why.NOT_WHOLE}
        case Always() | Equals() | Within() | Like():
            return True
        case _:
            assert_never(test)
