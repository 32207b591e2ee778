"""What is hardly a value of a name, or is none: of an enum, of an integer, and what is negated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.meant_values.held_clause import alternatives, listed
from filterlang.checking.meant_values.respelling import is_readable
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.negations import negated_value
from filterlang.diagnostics.diagnostic import Edit, Fix, quoted
from filterlang.diagnostics.places import several
from filterlang.semantics.judge import passes
from filterlang.semantics.tests import BoundClause
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import escape_expression
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.checking.meant_values.held_clause import HeldClause
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Dimension


_BY_POINT = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}")


def point_of_thousands(held: HeldClause, dimension: Dimension) -> Diagnostic | None:
    """Say FL518: an integer is written with a point before three digits, as thousands are."""
    # Every clause comes by, and most have nothing like it, which is told without a call.
    written = held.placed.clause.expression
    if dimension.type != "integer" or type(written) is not str or "." not in written:
        return None
    expression = held.compared
    if expression is None or not _BY_POINT.fullmatch(expression):
        return None
    meant, place = expression.replace(".", ""), held.parts.expression
    fixes = [Fix([Edit(place, meant)], safe=False)]
    return held.says("FL518", place, fixes, found=quoted(expression), meant=meant)


def opposite_of(held: HeldClause, value: str | None) -> str | None:
    """Write the clause that leaves out a value that is negated, where it is one of its type."""
    complement = held.clause.operator.complement
    if value is None or held.clause.operator is not Operator.EQ or held.found is None:
        return None
    dimension = held.found.dimension
    assert dimension is not None
    if dimension.type == "enum":
        values = {fold(one): one for one in dimension.values}
        if fold(value) not in values:
            return None
    elif not is_readable(Operator.EQ, value, dimension.type):
        return None
    return f"{held.clause.name}{complement}{escape_expression(value)}"


def negated(held: HeldClause, code: str, opposite: str, **told: object) -> Diagnostic:
    """Say that there is no NOT in a value, and which clause leaves it out."""
    return held.says(
        code,
        held.parts.expression,
        [Fix([Edit(held.placed.span, opposite)], safe=False)],
        "complement",
        complement=quoted(opposite),
        found=quoted(str(held.compared)),
        **told,
    )


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
    leaves_out = negated_value(expression)
    opposite = opposite_of(held, leaves_out)
    if opposite is not None:
        return negated(held, "FL510", opposite)
    # A negation is never left out.
    near = (
        []
        if leaves_out
        else held.names.similar_values(folded.strip("\"'* "), held.found.name, dimension)
    )
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
    pieces = _BETWEEN_VALUES.split(written, maxsplit=MOST_VALUES)
    parts = [piece.strip(" ") for piece in pieces]
    known = {fold(value) for value in dimension.values}
    if not 1 < len(parts) <= MOST_VALUES or any(fold(part) not in known for part in parts):
        return None
    case, fixes, more = each_value(held, parts)
    return held.says(
        "FL510",
        held.parts.expression,
        fixes,
        case,
        found=quoted(written),
        values=listed(dimension.values),
        **more,
    )


def each_value(
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


MOST_VALUES = 12
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
