"""What was meant by an expression that is no value of its type (FL509), by the first that knows it.

Dates that are counted from now, ranges, lists, negated values, and words for another operator are
written out; for all else the hint says what a value of the type looks like.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.meant_values.date_mistakes import following_day, no_date, whole_month
from filterlang.checking.meant_values.held_clause import DESCRIBED, alternatives, element
from filterlang.checking.meant_values.named_periods import named_period
from filterlang.checking.meant_values.respelling import is_readable, rewritten
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.negations import negated_value
from filterlang.checking.other_notations.values_behind import behind
from filterlang.checking.other_notations.word_operators import meant_by_words
from filterlang.checking.schema_misfits.date_misfits import clauses_of_time, of_period
from filterlang.checking.schema_misfits.value_misfits import (
    MOST_VALUES,
    each_value,
    negated,
    opposite_of,
)
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, quoted
from filterlang.diagnostics.hints import WORDS
from filterlang.diagnostics.places import several
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from filterlang.checking.meant_values.date_mistakes import Period
    from filterlang.checking.meant_values.held_clause import HeldClause
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Dimension


class _Told(NamedTuple):
    """Which hint says what was meant, what it puts in, what is offered, and where what is wrong is.

    Without a case the hint is the one that says what a value of the type is.
    """

    case: str | None
    values: dict[str, object]
    fixes: Sequence[Fix] = ()
    place: Span | None = None


def unreadable(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL509: the expression is no value of the dimension's type; it says what may be meant."""
    operator, expression, type_ = held.clause.operator, held.compared, dimension.type
    if expression is None or is_readable(operator, expression, type_):
        return None
    called = {"name": element(held, dimension), "type": WORDS[DESCRIBED[type_]]}
    if (opposite := opposite_of(held, negated_value(expression))) is not None:
        return negated(held, "FL509", opposite, **called)
    sayers = (*(_OF_DATES if type_ == "datetime" else ()), *_OF_ALL)
    found = (say(held, expression, type_) for say in sayers)
    told = next(filter(None, found), _Told(None, {}))
    sample = WORDS[f"{DESCRIBED[type_]}, as"]
    values = {**called, "found": quoted(expression), "sample": sample, **told.values}
    return held.says("FL509", told.place or held.parts.expression, told.fixes, told.case, **values)


def _values(
    held: HeldClause, case: str, meant: Sequence[tuple[str, bool]], **more: object
) -> _Told:
    """Offer values in the place of the expression, each of which is safe to write or not."""
    place = held.parts.expression
    fixes = [Fix([Edit(place, value)], safe=safe) for value, safe in meant]
    return _Told(case, {"values": alternatives([value for value, _ in meant]), **more}, fixes)


def _clauses(held: HeldClause, case: str, clauses: Sequence[str]) -> _Told:
    """Offer clauses in the place of the one that is held."""
    fixes = [Fix([Edit(held.placed.span, one)], safe=False) for one in clauses]
    written = alternatives(clauses)
    return _Told(case, {"values": written, "clauses": written}, fixes)


# --- Dates ----------------------------------------------------------------------------------------


def _month(held: HeldClause, expression: str, _: str) -> _Told | None:
    month = whole_month(expression)
    if month is None:
        return None
    clauses = of_period(held, month)
    if clauses is None:
        return _left_out(held, month) or _Told("month left out", {})
    if not clauses:
        return _values(held, "near", [(month.first, False)])
    is_quarter = "q" in expression.lower()
    return _clauses(held, "whole quarter" if is_quarter else "whole month", [clauses])


def _left_out(held: HeldClause, period: Period) -> _Told | None:
    """Write the filters of what isn't in a time."""
    each = period.outside(held.clause.name)
    filters = () if held.text is None else around(held.text, held.placed.span, each)
    return _Told("time left out", {"filters": several(filters)}) if filters else None


_BACK = re.compile(r".*(?:[\-\u2212]| ago\Z).*", re.IGNORECASE | re.DOTALL)


def _no_date(held: HeldClause, expression: str, type_: str) -> _Told | None:
    wrong, operator = no_date(expression), held.clause.operator
    if wrong is None:
        return None
    meant = [value for value in wrong.meant if is_readable(operator, value, type_)]
    if wrong.meant and not meant:
        return None
    is_back = wrong.case == "relative" and _BACK.fullmatch(expression) is not None
    if is_back and operator is Operator.GT and following_day(meant[0]):
        # What is after a day in the past starts with it.
        return _clauses(held, wrong.case, [f"{held.clause.name}>={meant[0]}"])
    return _values(held, wrong.case, [(value, False) for value in meant], **wrong.values)


def _named_time(held: HeldClause, expression: str, _: str) -> _Told | None:
    period = named_period(expression)
    if period is not None and held.clause.operator is Operator.NE:
        return _left_out(held, period)
    clauses = clauses_of_time(held, expression)
    return _clauses(held, "relative", clauses) if clauses else None


# --- All types ------------------------------------------------------------------------------------


def _spelled_otherwise(held: HeldClause, expression: str, type_: str) -> _Told | None:
    operator = held.clause.operator
    meant = {
        value: safe
        for value, safe in rewritten(type_, expression)
        if is_readable(operator, value, type_)
    }
    return _values(held, "near", list(meant.items())) if meant else None


_EMPTY = {"empty", "blank", "missing", "never", "none", "unknown", "unset"}
"""What asks for a missing value elsewhere, where no value is written so."""


def _nothing(held: HeldClause, expression: str, _: str) -> _Told | None:
    if expression.lower() not in _EMPTY or not held.clause.operator.allows_empty:
        return None
    return _Told("empty", {}, [Fix([Edit(held.parts.expression, "")], safe=False)])


_BETWEEN_NUMBERS = re.compile(r"\|\|?| (?:or|OR) ")


def _several(held: HeldClause, expression: str, type_: str) -> _Told | None:
    pieces = _BETWEEN_NUMBERS.split(expression, maxsplit=MOST_VALUES)
    parts = [piece.strip(" ") for piece in pieces]
    operator = held.clause.operator
    if len(parts) == 1 or not all(is_readable(operator, part, type_) for part in parts):
        return None
    case, fixes, more = each_value(held, parts)
    return _Told(case, more, fixes)


def _more_behind(held: HeldClause, _: str, type_: str) -> _Told | None:
    told = behind(held, type_)
    return None if told is None else _Told(told.case, told.values, told.fixes, told.place)


_BEFORE_DAY = re.compile(r"(?:on|at|date) ++(?P<value>[^ ].*)", re.IGNORECASE)


def _in_words(held: HeldClause, expression: str, type_: str) -> _Told | None:
    """Tell the clause of `score==at least 5`, which has words for an operator behind the sign."""
    name, operator = held.clause.name, held.clause.operator
    found = _BEFORE_DAY.fullmatch(expression)
    if found is not None and is_readable(operator, found["value"], type_):
        return _clauses(held, "or more", [f"{name}{operator}{found['value']}"])
    if " " not in expression:
        return None
    asked = f"{name} {expression}"
    meant = meant_by_words(asked, Span(0, len(asked)))
    read = None if meant is None else read_filter(meant)
    if meant is None or read is None:
        return None
    is_same = len(read.clauses) == 1 and read.clauses[0].operator is operator
    is_said = is_same or operator is Operator.EQ
    return _clauses(held, "or more", [meant]) if is_said else None


_OF_DATES: tuple[Callable[[HeldClause, str, str], _Told | None], ...] = (
    _month,
    _spelled_otherwise,
    _no_date,
    _named_time,
)
_OF_ALL: tuple[Callable[[HeldClause, str, str], _Told | None], ...] = (
    _spelled_otherwise,
    _nothing,
    _several,
    _more_behind,
    _in_words,
)
"""Who says what of an expression, the first that knows what was meant."""
