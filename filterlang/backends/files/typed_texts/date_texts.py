"""Dates that are written as texts: whether their order is that of dates, for a clause of one.

It is where all are spelled alike. A space comes before `T`, and an offset is compared by its signs,
so a clause has to be spelled as the values are.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from filterlang.backends.files.limits import SAMPLE
from filterlang.backends.files.typed_texts.written_types import shape_of
from filterlang.semantics.instants import EPOCH
from filterlang.semantics.judge import judges
from filterlang.semantics.reading import AS_TEXTS, Reading
from filterlang.semantics.tests import BoundClause
from filterlang.semantics.values import read_exported_instant, read_instant
from filterlang.syntax.nodes import Clause

if TYPE_CHECKING:
    from collections.abc import Iterable

_DATE = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:(?P<sign>[Tt ])(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?)"
    r"(?P<zone>[Zz]| UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?)?"
)
_MOST_ZONES = 4
"""The values of one place have two, in summer and in winter."""


class DateTexts:
    """A clause that asks for a date, and the dates written as texts that it met.

    Args:
        clause: whose expression is a date, if need be in the spelling of an export.
        strict: that date as filters write it.

    Attributes:
        strict: as given.
        apart: the texts that are spelled otherwise than the expression.
        are_misjudged: whether the order of texts isn't that of dates for some of them.
    """

    strict: str
    apart: list[str]
    are_misjudged: bool

    def __init__(self, clause: Clause, strict: str) -> None:
        self.strict = strict
        self._clause = clause
        self._expression = str(clause.expression)
        self._shape = _shape(self._expression)
        self._as_text = BoundClause(clause)
        dated = Clause(clause.name, clause.operator, strict)
        self._as_date = BoundClause(dated, clause.name, Reading.INSTANT)
        self._texts: list[str] = []
        self.apart = []
        self.are_misjudged = False

    def see(self, value: object) -> bool:
        """Look at a value; whether it is a date written as a text."""
        if not isinstance(value, str) or _DATE.fullmatch(value) is None:
            return False
        if read_exported_instant(value) is None:
            return False
        if len(self._texts) < SAMPLE:
            self._texts.append(value)
        if _shape(value) != self._shape:
            self.apart.append(value)
            self.are_misjudged = self.are_misjudged or self._is_misjudged(value)
        return True

    def _is_misjudged(self, text: str) -> bool:
        if not self._clause.operator.orders:
            return True
        signs = {_sign(one).upper() for one in (text, self._expression)} - {""}
        return len(signs) > 1 or judges(self._as_text, text) != judges(self._as_date, text)

    def respelled(self) -> str | None:
        """Return the date as the texts are spelled, if that is the order of all; None if it isn't.

        Example:
            >>> from filterlang import field
            >>> dates = DateTexts(field("t") >= "2024-01-31T12:00", "2024-01-31T12:00")
            >>> dates.see("2024-02-01 09:30:00+01:00"), dates.respelled()
            (True, '2024-01-31 13:00:00+01:00')
        """
        found = [match for text in self._texts if (match := _DATE.fullmatch(text))]
        timed = [match for match in found if match["sign"]]
        zones = dict.fromkeys(match["zone"] or "" for match in timed)
        for zone in list(zones)[:_MOST_ZONES] or [""]:
            text = self._written(timed, zone)
            if text is not None and self._is_in_order(text):
                return text
        return None

    def _written(self, timed: list[re.Match[str]], zone: str) -> str | None:
        instant = read_instant(self.strict) or 0
        try:
            moment = _EPOCH + timedelta(microseconds=instant) + _offset(zone)
        except OverflowError:
            return None
        day, _, time = moment.isoformat(timespec="microseconds").partition("T")
        needed = time.removesuffix(".000000").removesuffix(":00") if time.endswith("0") else time
        if not timed:
            return day if needed == "00:00" else None
        length = max(len(needed), min(len(match["time"]) for match in timed))
        time = time.ljust(length, "0")[:length]
        if "," in timed[0]["time"]:
            time = time.replace(".", ",")
        return f"{day}{timed[0]['sign']}{time}{zone}"

    def _is_in_order(self, text: str) -> bool:
        clause = self._clause
        bound = BoundClause(Clause(clause.name, clause.operator, text))
        return all(judges(bound, one) == judges(self._as_date, one) for one in self._texts)


_EPOCH = EPOCH.replace(tzinfo=None)


def _offset(zone: str) -> timedelta:
    digits = zone[1:].replace(":", "").ljust(4, "0")
    if zone[:1] not in {"+", "-"}:
        return timedelta()
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -ahead if zone[0] == "-" else ahead


def _sign(text: str) -> str:
    """Return what stands between a date and its time."""
    return text[10:11]


def _shape(text: str) -> str:
    """Return what texts have in common whose order is that of dates: their signs and their zone."""
    found = _DATE.fullmatch(text)
    zone = "" if found is None else found["zone"] or ""
    return shape_of(text[: len(text) - len(zone)] + " ").upper() + zone.upper()


def date_texts_of(bound: BoundClause, meant: Iterable[str]) -> DateTexts | None:
    """Return what looks at dates in texts; None where a clause asks for no date by a text.

    `meant` are the dates that may be meant by an expression that is none.
    """
    expression = str(bound.clause.expression)
    if bound.reading not in AS_TEXTS or _DATE.fullmatch(expression) is None:
        return None
    if read_instant(expression) is not None:
        # Whether it equals a text in another spelling is looked for elsewhere.
        return DateTexts(bound.clause, expression) if bound.clause.operator.orders else None
    if read_exported_instant(expression) is None:
        return None
    strict = next(iter(meant), None)
    return None if strict is None else DateTexts(bound.clause, strict)


def respelled_for(clause: Clause, strict: str, values: Iterable[object]) -> str:
    """Return a date as values are spelled, if else their order as texts isn't that of dates."""
    if read_instant(strict) is None or _DATE.fullmatch(strict) is None:
        return strict
    dates = DateTexts(Clause(clause.name, clause.operator, strict), strict)
    for value in values:
        dates.see(value)
    return (dates.respelled() if dates.are_misjudged else None) or strict


# --- What is no date ------------------------------------------------------------------------------

_WEEK = re.compile(r"(?P<year>[0-9]{4})-?W(?P<week>[0-9]{2})")


def date_to_write(clause: Clause) -> str:
    """Return what to write for an expression that is no date, among dates.

    Example:
        >>> from filterlang import parse_filter
        >>> [date_to_write(clause) for clause in parse_filter("t<=June 2025;t<soon")]
        ["'t<2025-07-01'", 'a date, such as 2024-01-31']
    """
    # Hardly a filter has such an expression.
    from filterlang.checking.meant_values.date_mistakes import no_date, whole_month
    from filterlang.diagnostics.places import several

    expression = str(clause.expression)
    period = period_of(expression)
    if period is not None:
        return several(within(clause, *period))
    wrong = no_date(expression)
    if wrong is not None and wrong.case == "day":
        month = whole_month(expression[:7])
        if month is not None:
            last = date.fromisoformat(month[1]) - timedelta(days=1)
            return f"{last} or {month[1]}"
    return "a date, such as 2024-01-31"


def within(clause: Clause, first: str, following: str) -> list[str]:
    """Return the filters that ask of dates what a clause asks of the time between two of them."""
    begins, ends = f"{clause.name}>={{}}", f"{clause.name}<{{}}"
    operator = clause.operator
    if operator.negative:
        return [ends.format(first), begins.format(following)]
    if not operator.orders:
        return [f"{begins.format(first)};{ends.format(following)}"]
    bound = first if operator.divides_before else following
    return [(begins if str(operator).startswith(">") else ends).format(bound)]


def period_of(expression: str) -> tuple[str, str] | None:
    """Return the first day of a month, a quarter or a week, and that of the next one.

    Example:
        >>> period_of("June 2025"), period_of("2025-W23"), period_of("2025-06-01")
        (('2025-06-01', '2025-07-01'), ('2025-06-02', '2025-06-09'), None)
    """
    # Hardly a filter has such an expression.
    from filterlang.checking.meant_values.date_mistakes import whole_month

    month = whole_month(expression)
    return _week(expression) if month is None else (month.first, month.following)


def _week(expression: str) -> tuple[str, str] | None:
    found = _WEEK.fullmatch(expression)
    if found is None:
        return None
    try:
        first = date.fromisocalendar(int(found["year"]), int(found["week"]), 1)
        return f"{first}", f"{first + timedelta(days=7)}"
    except (ValueError, OverflowError):
        return None
