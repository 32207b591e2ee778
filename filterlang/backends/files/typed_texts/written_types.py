"""What texts stand for: numbers and dates, also in spellings that have no order here."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from filterlang.semantics.values import (
    is_number,
    read_boolean,
    read_exported_instant,
    read_instant,
)

if TYPE_CHECKING:
    from collections.abc import Collection

_SPACES = "[ \u00a0\u2009\u202f]"


def _grouped(mark: str) -> str:
    return f"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+(?:[.,][0-9]+)?"


_THOUSANDS = "|".join(_grouped(mark) for mark in (_SPACES, "['\u2019]", ",", r"\."))
_NUMBER = rf"[+\-\u2212]?(?:{_THOUSANDS}|[0-9]+(?:[.,][0-9]+)?)"
_CURRENCY = (
    "[$\u00a2-\u00a5\u20a0-\u20c0]|(?:US|C|A|R|HK)\\$"
    "|EUR|USD|GBP|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|BRL|CAD|AUD|NZD|SGD|HKD|KRW|ZAR|MXN|TRY"
)
_UNIT = (
    "%|\u2030|\u00b0[CF]?|[kcm\u00b5\u03bcn]?m[\u00b2\u00b32-3]?|km/h|mph|[kmM\u00b5]?g|lbs?|oz"
    "|[mcd]?l|[mcd]?L|[KMGTP]i?B|[kKMGT]?bit|kb|[kmM][WVA]|[kMGT]?Wh|[kMG]?Hz|kJ|kcal|K|M|px|pt"
    "|ms|us|\u00b5s|ns|s|secs?|seconds?|min|mins|minutes?|h|hrs?|hours?|d|days?|weeks?|months?"
    "|yrs?|years?|pcs|bytes?"
)
# They are compiled where they are used, since most files have none of these.
_WITH_UNIT = (
    rf"(?:(?:{_CURRENCY}){_SPACES}?{_NUMBER}|{_NUMBER}{_SPACES}?(?:{_CURRENCY}|{_UNIT})"
    rf"|{_NUMBER}{_SPACES}[WVAJ]|[+\-\u2212](?:{_CURRENCY}){_NUMBER})"
)
_SPACED = r"[+\-\u2212]?" + _grouped(f"(?:{_SPACES}|['\u2019])")
_COMMAS = r"[+\-]?[0-9]{1,3}(?:,[0-9]{3}){2,}(?:\.[0-9]+)?"


def has_unit(text: str) -> bool:
    """Return whether a text is a number with a unit, or a sign such as that of a currency.

    Example:
        >>> [has_unit(text) for text in ("95%", "$1,200", "12 kg", "1.2.3", "A12", "12A")]
        [True, True, True, False, False, False]
    """
    return re.fullmatch(_WITH_UNIT, text.strip()) is not None


def are_digits_alike(*texts: str) -> bool:
    """Return whether texts are as many digits each, so that their order is that of numbers.

    Example:
        >>> are_digits_alike("10115", "01067"), are_digits_alike("10115", "9")
        (True, False)
    """
    return len({*map(len, texts)}) == 1 and all(re.fullmatch("[0-9]+", text) for text in texts)


def is_spaced(text: str) -> bool:
    """Return whether a text is a number with spaces or apostrophes between thousands.

    Example:
        >>> is_spaced("1 234"), is_spaced("12 34"), is_spaced("1,234")
        (True, False, False)
    """
    return re.fullmatch(_SPACED, text.strip()) is not None


def has_commas(text: str) -> bool:
    """Return whether a text is a number with several commas, which stand between thousands.

    Example:
        >>> has_commas("1,234,567.8"), has_commas("1,2,3")
        (True, False)
    """
    return re.fullmatch(_COMMAS, text) is not None


_WITH_COMMA = re.compile("-?[1-9][0-9]{0,2},[0-9]{3}")


def may_be_grouped(texts: Collection[str]) -> bool:
    """Return whether there are commas in numbers, all of which may stand between thousands.

    Example:
        >>> may_be_grouped(["1,200", "900"]), may_be_grouped(["1,200", "9,5"])
        (True, False)
    """
    pointed = [text for text in texts if "," in text]
    # A number of four digits without a comma would have one, if it were written so.
    others = (text for text in texts if "," not in text)
    return bool(pointed) and (
        all(map(_WITH_COMMA.fullmatch, pointed))
        and all(len(text.lstrip("-")) <= len("999") for text in others)
    )


_WRAPPED = r"""="(.*)"|'(.*)'|'(.*)"""


def without_wrapping(text: str) -> str:
    """Return a cell without apostrophes, and without what keeps spreadsheets from reading it.

    Example:
        >>> without_wrapping('="007"'), without_wrapping("'007"), without_wrapping("'a'")
        ('007', '007', 'a')
    """
    found = re.fullmatch(_WRAPPED, text)
    return text if found is None else next(filter(None, found.groups()), "")


_GROUPED = rf"[0-9]{{1,3}}(?:([,.'\u2019]|{_SPACES})[0-9]{{3}})+(?:[,.][0-9]+)?"


@lru_cache(maxsize=256)
def numbers_meant(text: str) -> frozenset[Decimal]:
    """Return the numbers that a text may stand for, whatever the spelling.

    Example:
        >>> sorted(map(str, numbers_meant("1,234"))), *numbers_meant("$1,234.50")
        (['1.234', '1234'], Decimal('1234.50'))
    """
    if len(text) > _MOST:
        return frozenset()
    bare = without_wrapping(text.strip()).replace("\u2212", "-")
    if has_unit(bare):
        bare = _without_unit(bare)
    written = [bare, bare.replace(",", ".")]
    grouped = re.fullmatch(_GROUPED, bare.lstrip("+-"))
    if grouped is not None:
        written.append(bare.replace(grouped[1], "").replace(",", "."))
    numbers = set()
    for one in written:
        if re.fullmatch(_NUMERIC, one):
            numbers.add(Decimal(one))
    return frozenset(numbers)


def _without_unit(text: str) -> str:
    """Return what is written of a number, from its first digit to the last one, with its sign."""
    places = [place for place, character in enumerate(text) if character.isdecimal()]
    return "-" * ("-" in text[: places[0]]) + text[places[0] : places[-1] + 1]


_NUMERIC = r"[+-]?(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]{1,3})?"
_MOST = 50
"""No date, and no number that somebody compares, is longer than so many characters."""

# --- Dates ----------------------------------------------------------------------------------------

_TIME = (
    r"(?<![ ,T])[ ,T]+[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:[.,][0-9]+)?)?(?: *[AaPp]\.?[Mm]\.?)?"
)
_YEAR = r"[0-9]{4}|[-./ ][0-9]{2}\b"
_MONTH = r"[^\W\d_]{3,9}\.?"
_SHORT_YEAR = (
    r"^([0-9]{1,2}/[0-9]{1,2}/|[0-9]{2}-[0-9]{2}-|[0-9]{2}\.[0-9]{2}\."
    rf"|[0-9]{{1,2}}(?:-|\.? ){_MONTH}[- ]|{_MONTH} [0-9]{{1,2}}, ?)([0-9]{{2}})$"
)
"""With points and fewer digits it may be a version."""
_CENTURY = 69
"""Years of two digits from here on are of the twentieth century, as POSIX has it."""


def _with_century(found: re.Match[str]) -> str:
    return f"{found[1]}{19 if int(found[2]) >= _CENTURY else 20}{found[2]}"


def is_other_date(text: str) -> bool:
    """Return whether a text is a date in another spelling than that of dates with an order.

    Example:
        >>> is_other_date("31.12.2023"), is_other_date("31 Dec 2023"), is_other_date("2023-12-31")
        (True, True, False)
    """
    return bool(dates_meant(text))


@lru_cache(maxsize=256)
def dates_meant(text: str) -> tuple[str, ...]:
    """Return the dates that a text may stand for which is none itself, as dates are written.

    Example:
        >>> dates_meant("31.12.2023"), dates_meant("2023-12-31")
        (('2023-12-31',), ())
        >>> dates_meant("12/31/23"), dates_meant("31-DEC-23"), dates_meant("1.5.24")
        (('2023-12-31',), ('2023-12-31',), ())
    """
    if len(text) > _MOST or re.search(_YEAR, text) is None:
        return ()
    # Hardly a file has such dates.
    from filterlang.checking.meant_values.date_mistakes import no_date, whole_month
    from filterlang.checking.meant_values.respelling import rewritten

    if read_instant(text) is not None:
        return ()
    time = re.search(_TIME, text)
    alone = text[: time.start()] if time is not None and time.end() == len(text) else text
    alone = re.sub(_SHORT_YEAR, _with_century, alone)
    written = [meant for one in (text, alone) for meant, _ in rewritten("datetime", one)]
    wrong = no_date(alone)
    if wrong is not None and wrong.case == "near":
        written += wrong.meant
    month = whole_month(alone)
    if month is not None:
        written.append(month.first)
    return tuple(dict.fromkeys(one for one in written if read_instant(one) is not None))


_COMPACT = "([0-9]{4})([0-9]{2})([0-9]{2})"


def date_of_digits(number: str, *, is_first: bool) -> str | None:
    """Return the date that a number is without its signs; None where it is none.

    `is_first` tells that a year alone may stand for its first day.

    Example:
        >>> [date_of_digits(one, is_first=True) for one in ("20250601", "2025", "20251301")]
        ['2025-06-01', '2025-01-01', None]
    """
    from filterlang.checking.meant_values.date_mistakes import YEARS

    if re.fullmatch("[0-9]{4}", number):
        return f"{number}-01-01" if is_first and int(number) in YEARS else None
    found = re.fullmatch(_COMPACT, number)
    date = None if found is None else "-".join(found.groups())
    return date if date is not None and read_instant(date) is not None else None


_CLOCK = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"


def is_clock(text: str) -> bool:
    """Return whether a text is a time of day.

    Example:
        >>> is_clock("9:15"), is_clock("10:00:30"), is_clock("1:2")
        (True, True, False)
    """
    return re.fullmatch(_CLOCK, text) is not None


def shape_of(text: str) -> str:
    """Return a text with 0 in the place of each digit.

    Example:
        >>> shape_of("2024-01-31")
        '0000-00-00'
    """
    return re.sub("[0-9]", "0", text)


def is_ordered_alike(text: str, other: str) -> bool:
    """Return whether two dates begin with their year and are spelled with the same signs.

    Their order as texts is that of the dates.
    """
    year, *_ = shapes = {shape_of(one) for one in (text, other)}
    return len(shapes) == 1 and year.startswith("0000")


# --- Types ----------------------------------------------------------------------------------------


class Type(Enum):
    """What values or expressions are; the member's value says it of one and of many."""

    NUMBER = "a number", "numbers"
    DATE = "a date", "dates"
    BOOLEAN = "a truth value", "truth values"
    OBJECT = "an object", "objects"
    OTHER = "a value that equals nothing", "values that equal nothing"
    WRITTEN_NUMBER = "a number written as text", "numbers written as texts"
    COMMA_NUMBER = "a number with a comma", "numbers with a comma"
    SPACED_NUMBER = "a number with spaces around it", "numbers with spaces around them"
    UNIT_NUMBER = "a number with a unit or sign", "numbers with a unit or sign"
    WIDE_NUMBER = "a number with spaces inside", "numbers with spaces inside"
    WRITTEN_DATE = "a date written as text", "dates written as texts"
    OTHER_CLOCK = "a time with other digits", "times with other digits"
    SPELLED_DATE = "a date spelled otherwise", "dates spelled otherwise"
    OTHER_DATE = "a date in another spelling", "dates in another spelling"
    TEXT = "a text", "texts"
    NUMBERED_DATE = "a number that stands for a date", "numbers that stand for dates"
    UNREADABLE = "not as the schema says", "not as the schema says"


_MARKS = str.maketrans("", "", ",.")
"""What stands before decimals or between thousands, in one country or another."""


NUMBERS = {
    Type.WRITTEN_NUMBER,
    Type.COMMA_NUMBER,
    Type.SPACED_NUMBER,
    Type.UNIT_NUMBER,
    Type.WIDE_NUMBER,
}
"""Texts that are compared by their letters, though numbers are meant."""


def type_of(expression: str) -> Type:
    """Return what an expression is, where no schema says so."""
    if is_number(expression):
        return Type.NUMBER
    # Digits with zeros before them are milliseconds where a schema says so.
    if read_instant(expression) is not None and not expression.lstrip("-").isdigit():
        return Type.DATE
    return Type.TEXT if read_boolean(expression) is None else Type.BOOLEAN


def is_other_number(expression: str) -> bool:
    """Return whether an expression is a number in a spelling that is none here.

    Example:
        >>> [is_other_number(text) for text in ("10%", "90,5", "06", "+5", "6", "1.2.3")]
        [True, True, True, True, False, False]
    """
    return type_of(expression) is Type.TEXT and bool(numbers_meant(expression))


def numbers_to_write(expression: str) -> str | None:
    """Return the numbers that are meant by an expression which is none; None if there are none.

    Example:
        >>> numbers_to_write("06"), numbers_to_write("1,234"), numbers_to_write("abc")
        ('6', '1.234 or 1234', None)
    """
    return " or ".join(f"{number:f}" for number in sorted(numbers_meant(expression))) or None


def numbers_for(expression: str, largest: float) -> str | None:
    """Return the numbers that are meant among others, of which none is above the largest one.

    Example:
        >>> numbers_for("50%", 100), numbers_for("50%", 0.9)
        ('50', '0.5 (no value is above 1), or 50 if the values are percent')
    """
    numbers = numbers_to_write(expression)
    if numbers is None or not expression.rstrip().endswith("%") or not 0 < abs(largest) <= 1:
        return numbers
    shares = [number.scaleb(-2).normalize() for number in sorted(numbers_meant(expression))]
    if any(abs(share) > 1 for share in shares):
        return numbers
    meant = " or ".join(f"{share:f}" for share in shares)
    return f"{meant} (no value is above 1), or {numbers} if the values are percent"


def is_written_date(value: object) -> bool:
    """Return whether a value is a text that can be read as a date."""
    return isinstance(value, str) and read_exported_instant(value) is not None


def written(expression: str, text: str) -> Type | None:
    """Return what a text stands for that has another order than texts have."""
    asked = Type.NUMBER if is_other_number(expression) else type_of(expression)
    if asked not in {Type.NUMBER, Type.DATE} or not text:
        return None
    if is_number(text):
        return Type.WRITTEN_NUMBER
    if asked is Type.DATE:
        if read_exported_instant(text) is not None:
            return None
        return Type.OTHER_DATE if is_other_date(text) else Type.TEXT
    bare = text.strip()
    if is_number(bare):
        return Type.SPACED_NUMBER
    if (bare.count(",") == 1 and is_number(bare.translate(_MARKS))) or has_commas(bare):
        return Type.COMMA_NUMBER
    if text.isdigit():
        return Type.WRITTEN_NUMBER  # It begins with a zero.
    if is_spaced(text):
        return Type.WIDE_NUMBER
    if has_unit(text):
        return Type.UNIT_NUMBER
    if read_exported_instant(text) is not None:
        return Type.WRITTEN_DATE
    return Type.WRITTEN_NUMBER if numbers_meant(text) else Type.TEXT


def remedy_of_numbers(
    met: set[Type], values: list[object], *, says_comma: bool, trimming: str | None
) -> str | None:
    """Return how numbers would have to be written that are none as they are.

    `says_comma` tells that a comma is said to stand before decimals, where a point is none;
    `trimming` is the option that takes spaces away, if there is one.
    """
    texts = [value for value in values if isinstance(value, str)]
    has_unit = Type.UNIT_NUMBER in met
    has_comma = Type.COMMA_NUMBER in met or (has_unit and any("," in text for text in texts))
    has_point = bool(NUMBERS & met) and any("." in text for text in texts)
    steps = []
    if has_unit:
        steps.append("take the unit away")
    if Type.SPACED_NUMBER in met and not has_comma:
        steps.append("take the spaces away" if trimming is None else f"say {trimming}")
        if trimming is not None and met == {Type.SPACED_NUMBER, Type.WRITTEN_NUMBER}:
            steps.append("and write the others in plain digits")
    if has_comma and not says_comma:
        steps.append("write decimals behind a point, and nothing between thousands")
    elif Type.WIDE_NUMBER in met or (says_comma and has_point):
        steps.append("write nothing between thousands")
    return ", ".join(steps) or None
