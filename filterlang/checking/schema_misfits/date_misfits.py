"""What is hardly meant by dates: numbers in another unit than milliseconds, and whole days."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, assert_never

from filterlang.checking.meant_values.date_mistakes import YEARS, Period, following_day
from filterlang.checking.meant_values.named_periods import first_day, is_start, named_period
from filterlang.checking.other_notations.filters_instead import around
from filterlang.diagnostics.diagnostic import Edit, Fix, quoted
from filterlang.diagnostics.hints import WORDS
from filterlang.diagnostics.places import several
from filterlang.semantics.values import read_instant
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.checking.meant_values.held_clause import HeldClause
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Dimension

_CYCLE = 146_097 * 86_400_000
"""The milliseconds of 400 years."""
_SECONDS = range(10**8, 10**11)
"""As milliseconds these are in 1970 to 1973, as seconds in 1973 to 5138."""
_MICROSECONDS = range(10**14, 10**17)
"""As milliseconds these are beyond the year 5138, as microseconds in 1973 to 5138."""
_NANOSECONDS = range(10**17, 10**20)
"""As milliseconds these are millions of years away, as nanoseconds in 1973 to 5138."""
_COMPACT_DATES = range(YEARS.start * 10_000, YEARS.stop * 10_000)
"""What may be a year with two digits for its month and its day."""
_NUMBER = re.compile("-?[0-9]+")


def other_unit(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL512: as milliseconds the number is far from where it is in another unit."""
    expression = held.compared
    if dimension.type != "datetime" or expression is None or not _NUMBER.fullmatch(expression):
        return None
    # Beyond these digits nothing else can have been meant, and `int` takes no end of them.
    if len(expression) > len("-99999999999999999999"):
        return None
    number = int(expression)
    if abs(number) in _SECONDS:
        meant, instead, case = _day(number * 1000), str(number * 1000), None
    elif abs(number) in _MICROSECONDS:
        meant, instead, case = "", str(number // 1000), "beyond"
    elif abs(number) in _NANOSECONDS:
        meant, instead, case = "", str(number // 10**6), "beyond"
    elif number in _COMPACT_DATES and read_instant(_dashed(expression)) is not None:
        meant = instead = _dashed(expression)
        case = "date"
    elif number in YEARS:
        if (whole := _whole_year(held, number)) is not None:
            return whole
        meant = instead = f"{number}-01-01"
        case = "date"
    else:
        return None
    span = held.parts.expression
    return held.says(
        "FL512",
        span,
        [Fix([Edit(span, instead)], safe=False)],
        case,
        found=quoted(expression),
        date=_day(number),
        meant=meant,
        milliseconds=instead,
    )


def _whole_year(held: HeldClause, number: int) -> Diagnostic | None:
    """Say FL512 of a year that is meant as a whole; None where its first day says the same."""
    year = of_period(held, Period(f"{number}-01-01", f"{number + 1}-01-01"))
    if year == "":
        return None
    fixes = [] if year is None else [Fix([Edit(held.placed.span, year)], safe=False)]
    return held.says(
        "FL512",
        held.parts.expression,
        fixes,
        "left out" if year is None else "year",
        found=quoted(str(held.compared)),
        date=_day(number),
        clauses=quoted(year or ""),
    )


def of_period(held: HeldClause, period: Period) -> str | None:
    """Write what a clause asks of a month or a year as a whole.

    None where no one filter says it, and nothing where the first day says it already.
    """
    name = held.clause.name
    match held.clause.operator:
        case Operator.EQ:
            return period.within(name)
        case Operator.GT:
            return f"{name}>={period.following}"
        case Operator.LE:
            return f"{name}<{period.following}"
        case Operator.NE:
            return None
        case Operator.LT | Operator.GE | Operator.LIKE | Operator.NOT_LIKE:
            return ""
        case _:
            assert_never(held.clause.operator)


def clauses_of_time(held: HeldClause, expression: str) -> Sequence[str]:
    """Write what a clause may ask of a time that is named, best first; none where it names none."""
    name, operator = held.clause.name, held.clause.operator
    first = first_day(expression)
    if first is not None:
        if operator in {Operator.EQ, Operator.GT} and not is_start(expression):
            return [f"{name}>={first}"]
        return [] if operator is Operator.NE else [f"{name}{operator}{first}"]
    period = named_period(expression)
    if period is None:
        return []
    if operator is Operator.GT:
        # `> last month` may take the month in or leave it out.
        return [f"{name}>={period.first}", f"{name}>={period.following}"]
    if operator.orders and operator is not Operator.LE:
        return [f"{name}{operator}{period.first}"]
    written = of_period(held, period)
    return [written] if written else []


def whole_day(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL516: a date is one instant, its midnight, which hardly anything equals.

    What is asked to be after it, or until it, holds the day itself, or lacks it.
    """
    expression = held.compared
    if dimension.type != "datetime" or expression is None:
        return None
    if expression == "0":
        return _no_date(held)
    following = following_day(expression)
    if following is None:
        return None
    name = held.clause.name
    match held.clause.operator:
        case Operator.EQ:
            case, day = None, Period(expression, following).within(name)
        case Operator.GT:
            case, day = "after", f"{name}>={following}"
        case Operator.LE:
            case, day = "until", f"{name}<{following}"
        case Operator.NE:
            each = Period(expression, following).outside(name)
            filters = each if held.text is None else around(held.text, held.placed.span, each)
            if not filters:
                return None
            place, found = held.parts.expression, quoted(expression)
            return held.says("FL516", place, (), "left out", found=found, filters=several(filters))
        case Operator.LT | Operator.GE | Operator.LIKE | Operator.NOT_LIKE:
            return None
        case _:
            assert_never(held.clause.operator)
    return held.says(
        "FL516",
        held.parts.expression,
        [Fix([Edit(held.placed.span, day)], safe=False)],
        case,
        found=quoted(expression),
        day=day,
    )


def _no_date(held: HeldClause) -> Diagnostic | None:
    """Say FL516 of the 0 that stands for no date: what has none is asked for in another way.

    A record of the API does hold it, so that nothing else is written in its place.
    """
    if held.clause.operator not in {Operator.EQ, Operator.NE}:
        return None
    clause = quoted(f"{held.clause.name}{held.clause.operator}")
    told = {"found": quoted("0"), "clause": clause}
    return held.says("FL516", held.parts.expression, (), "none", **told)


def _day(milliseconds: int) -> str:
    """Return the date of epoch milliseconds; of what no calendar has, the year."""
    try:
        return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds):%Y-%m-%d}"
    except OverflowError:
        # The calendar repeats itself after 400 years.
        cycles, rest = divmod(milliseconds, _CYCLE)
        shifted = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=rest)
        return WORDS["a year"].format(year=shifted.year + 400 * cycles)


def _dashed(digits: str) -> str:
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
