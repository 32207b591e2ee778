"""What is wrong with the expressions of clauses: no value of the type, or none of the enum."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from filterlang.checking.date_mistakes import no_date
from filterlang.checking.held_clause import DESCRIBED, alternatives, element, listed
from filterlang.checking.respelling import rewritten
from filterlang.diagnostics.diagnostic import Edit, Fix, quoted
from filterlang.diagnostics.hints import WORDS
from filterlang.diagnostics.places import several
from filterlang.schema.binding import KINDS
from filterlang.semantics.judge import passes
from filterlang.semantics.tests import (
    Always,
    BoundClause,
    Equals,
    Like,
    Never,
    Why,
    Within,
    test_of,
)
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import escape_expression
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from filterlang.checking.held_clause import HeldClause
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Dimension


def unreadable(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL509: the expression is no value of the dimension's type; it says what may be meant."""
    operator, expression, type_ = held.clause.operator, held.compared, dimension.type
    if expression is None or _is_readable(operator, expression, type_):
        return None
    meant = {
        value: safe
        for value, safe in rewritten(type_, expression)
        if _is_readable(operator, value, type_)
    }
    case, more = "near" if meant else None, dict[str, object]()
    wrong = no_date(expression) if type_ == "datetime" and not meant else None
    if wrong is not None:
        readable = [value for value in wrong.meant if _is_readable(operator, value, type_)]
        meant = dict.fromkeys(readable, False)
        if meant or not wrong.meant:
            case, more = wrong.case, wrong.values
    span = held.parts.expression
    return held.says(
        "FL509",
        span,
        [Fix([Edit(span, value)], safe=safe) for value, safe in meant.items()],
        case,
        **more,
        name=element(held, dimension),
        type=WORDS[DESCRIBED[type_]],
        found=quoted(expression),
        sample=WORDS[f"{DESCRIBED[type_]}, as"],
        values=alternatives(list(meant)),
    )


def _is_readable(operator: Operator, expression: str, type_: str) -> bool:
    """Return whether an expression can be compared with values of a type.

    Between two integers nothing is equal, but there is still an order.
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


def not_in_enum(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL510: the enum has no such value; of similar ones it says which."""
    expression = held.compared
    if dimension.type != "enum" or expression is None or held.clause.operator.orders:
        return None
    folded = fold(expression)
    if any(fold(value) == folded for value in dimension.values):
        return None
    assert held.found is not None
    several = _several_values(held, dimension, expression)
    if several is not None:
        return several
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
    name, operator = held.clause.name, held.clause.operator
    each = [f"{name}{operator}{escape_expression(part)}" for part in parts]
    leaves_out = operator is Operator.NE
    fixes = [Fix([Edit(held.placed.span, ";".join(each))], safe=False)] if leaves_out else []
    return held.says(
        "FL510",
        held.parts.expression,
        fixes,
        "none of" if leaves_out else "any of",
        found=quoted(written),
        values=listed(dimension.values),
        filters=several(each),
        meant=quoted(";".join(each)),
    )


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
