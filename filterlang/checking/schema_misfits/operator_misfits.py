"""What is wrong with the operators of clauses: not allowed, order where there is none, patterns."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, assert_never

from filterlang.checking.meant_values.date_mistakes import whole_period
from filterlang.checking.meant_values.held_clause import DESCRIBED, element
from filterlang.checking.meant_values.respelling import is_readable
from filterlang.checking.other_notations.filters_instead import around
from filterlang.diagnostics.diagnostic import Edit, Fix, quoted
from filterlang.diagnostics.hints import WORDS
from filterlang.diagnostics.places import several
from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import Always, Equals, Like, Never, Why, Within, test_of
from filterlang.semantics.values import fold
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from filterlang.checking.meant_values.held_clause import HeldClause
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Dimension


def not_allowed(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL504: the schema allows other operators."""
    operator = held.clause.operator
    if dimension.operators is None or operator in dimension.operators:
        return None
    allowed = " ".join(dimension.operators) or WORDS["no operator"]
    case = "one" if len(dimension.operators) == 1 else None
    return held.says(
        "FL504", held.parts.operator_span, (), case, operator=operator, allowed=allowed
    )


def order_of_booleans(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL506: booleans have no order."""
    if dimension.type != "boolean" or held.compared is None:
        return None
    asked = test_of(held.clause.operator, held.compared, Kind.BOOLEAN)
    match asked:
        case Never(Why.NO_ORDER):
            return held.says("FL506", held.parts.operator_span)
        case Never() | Always() | Equals() | Within() | Like():
            return None
        case _:
            assert_never(asked)


def order_of_lists(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL507: each element is compared, and any may pass."""
    operator = held.clause.operator
    if not dimension.is_list or not operator.orders or held.compared is None:
        return None
    return held.says("FL507", held.parts.operator_span, operator=operator)


_PATTERN_SAMPLES = {
    "integer": "'10'",
    "number": "'0.5'",
    "boolean": "'true'",
    "datetime": "'2024-01-31T12:00:00Z'",
}
_TEXT_OF_DATE = re.compile(r"(?=.*[-:t])[0-9tz:.*?\-]+")


def pattern_of_no_text(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL508: a pattern is matched against how a value is written, not against the value."""
    asked = held.asked_of_texts
    if dimension.type not in _PATTERN_SAMPLES or asked is None:
        return None
    period = whole_period(asked) if dimension.type == "datetime" else None
    if period is None and dimension.type == "datetime" and _TEXT_OF_DATE.fullmatch(fold(asked)):
        return None
    case, fixes, clauses, filters = None, list[Fix](), "", list[str]()
    if period is not None and held.clause.operator is Operator.LIKE:
        # Without a wildcard a pattern asks for the whole text of a moment.
        case, clauses = "period", period.within(held.clause.name)
        fixes = [Fix([Edit(held.placed.span, clauses)], safe=False)]
    elif period is not None and held.text is not None:
        filters = around(held.text, held.placed.span, period.outside(held.clause.name))
        case, clauses = ("left out" if filters else "not"), ""
    elif held.clause.operator is Operator.NOT_LIKE:
        case = "not"
    if period is None and is_readable(Operator.EQ, asked, dimension.type):
        sign = "==" if held.clause.operator is Operator.LIKE else "!="
        case, clauses = "value", f"{held.clause.name}{sign}{asked}"
        fixes = [Fix([Edit(held.placed.span, clauses)], safe=False)]
    return held.says(
        "FL508",
        held.parts.operator_span,
        fixes,
        case,
        filters=several(filters),
        clauses=quoted(clauses),
        name=element(held, dimension),
        type=WORDS[DESCRIBED[dimension.type]],
        sample=_PATTERN_SAMPLES[dimension.type],
    )
