"""What is wrong with the expressions of clauses: no value of the type, or none of the enum."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.date_misfits import of_period
from filterlang.checking.date_mistakes import no_date, whole_month
from filterlang.checking.filters_instead import around
from filterlang.checking.held_clause import DESCRIBED, alternatives, element, listed
from filterlang.checking.respelling import is_readable, rewritten
from filterlang.checking.values_behind import behind
from filterlang.diagnostics.diagnostic import Edit, Fix, quoted
from filterlang.diagnostics.hints import WORDS
from filterlang.diagnostics.places import several
from filterlang.semantics.judge import passes
from filterlang.semantics.tests import BoundClause
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import escape_expression
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.checking.held_clause import HeldClause
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Dimension


def unreadable(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL509: the expression is no value of the dimension's type; it says what may be meant."""
    operator, expression, type_ = held.clause.operator, held.compared, dimension.type
    if expression is None or is_readable(operator, expression, type_):
        return None
    meant = {
        value: safe
        for value, safe in rewritten(type_, expression)
        if is_readable(operator, value, type_)
    }
    case, more = "near" if meant else None, dict[str, object]()
    wrong = no_date(expression) if type_ == "datetime" and not meant else None
    if wrong is not None:
        readable = [value for value in wrong.meant if is_readable(operator, value, type_)]
        meant = dict.fromkeys(readable, False)
        if meant or not wrong.meant:
            case, more = wrong.case, wrong.values
    month = whole_month(expression) if type_ == "datetime" else None
    whole = "" if month is None else of_period(held, month)
    if month is not None and whole == "":
        meant = {month.first: False}
        case, more = "near", {}
    place = held.parts.expression
    fixes = [Fix([Edit(place, value)], safe=safe) for value, safe in meant.items()]
    if whole:
        fixes = [Fix([Edit(held.placed.span, whole)], safe=False)]
        case, more = "whole month", {"clauses": quoted(whole)}
    elif whole is None:
        case, fixes = "month left out", []
    if case is None and expression.lower() in _EMPTY and operator.allows_empty:
        case, fixes = "empty", [Fix([Edit(place, "")], safe=False)]
    if case is None:
        pieces = _BETWEEN_NUMBERS.split(expression, maxsplit=_MOST_VALUES)
        parts = [piece.strip(" ") for piece in pieces]
        if len(parts) > 1 and all(is_readable(operator, part, type_) for part in parts):
            case, fixes, more = _each_value(held, parts)
        elif (told := behind(held, type_)) is not None:
            place, case, more, fixes = told
    return held.says(
        "FL509",
        place,
        fixes,
        case,
        **{
            "name": element(held, dimension),
            "type": WORDS[DESCRIBED[type_]],
            "found": quoted(expression),
            "sample": WORDS[f"{DESCRIBED[type_]}, as"],
            "values": alternatives(list(meant)),
            **more,
        },
    )


_EMPTY = {"empty", "blank", "missing", "none", "unset"}
"""What asks for a missing value elsewhere, where no value is written so."""


def not_in_enum(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL510: the enum has no such value; of similar ones it says which."""
    expression = held.compared
    if dimension.type != "enum" or expression is None or held.clause.operator.orders:
        return None
    folded = fold(expression)
    if any(fold(value) == folded for value in dimension.values):
        return None
    assert held.found is not None
    each = _several_values(held, dimension, expression)
    if each is not None:
        return each
    near = held.names.similar_values(folded.strip("\"'* "), held.found.name, dimension)
    span = held.parts.expression
    return held.says(
        "FL510",
        span,
        [Fix([Edit(span, escape_expression(value))], safe=False) for value in near],
        "near" if near else None,
        found=quoted(expression),
        values=alternatives(near) if near else listed(dimension.values),
    )


_BETWEEN_VALUES = re.compile(r"[|/,+&]++|\b(?:or|OR|and|AND)\b")


def _several_values(held: HeldClause, dimension: Dimension, written: str) -> Diagnostic | None:
    """Say FL510 of `LEAD|USER`, whose parts are all values of the enum."""
    pieces = _BETWEEN_VALUES.split(written, maxsplit=_MOST_VALUES)
    parts = [piece.strip(" ") for piece in pieces]
    known = {fold(value) for value in dimension.values}
    if not 1 < len(parts) <= _MOST_VALUES or any(fold(part) not in known for part in parts):
        return None
    case, fixes, more = _each_value(held, parts)
    return held.says(
        "FL510",
        held.parts.expression,
        fixes,
        case,
        found=quoted(written),
        values=listed(dimension.values),
        **more,
    )


def _each_value(
    held: HeldClause, values: Sequence[str]
) -> tuple[str | None, list[Fix], dict[str, object]]:
    """Return what is said of several values in one expression: the case, a fix, and the clauses."""
    name, operator = held.clause.name, held.clause.operator
    each = [f"{name}{operator}{escape_expression(value)}" for value in values]
    together = ";".join(each)
    if operator.orders:
        return None, [], {}
    if operator is Operator.NE:
        fix = Fix([Edit(held.placed.span, together)], safe=False)
        return "none of", [fix], {"meant": quoted(together)}
    filters = each if held.text is None else around(held.text, held.placed.span, each)
    return ("any of", [], {"filters": several(filters)}) if filters else ("several", [], {})


_BETWEEN_NUMBERS = re.compile(r"\|\|?| (?:or|OR) ")
_MOST_VALUES = 12
"""Of how many values a hint writes a filter for each."""


def pattern_of_no_value(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL511: no value of the enum matches the pattern."""
    asked = held.asked_of_texts
    if dimension.type != "enum" or asked is None:
        return None
    bound = BoundClause(held.clause)
    if any(passes(bound, value) for value in dimension.values):
        return None
    return held.says(
        "FL511",
        held.parts.expression,
        found=quoted(asked),
        values=listed(dimension.values),
    )
