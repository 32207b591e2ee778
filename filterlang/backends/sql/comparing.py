"""Comparisons of columns, with numbers that fit into them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, literal

from filterlang.semantics.probes import RELATIONS
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

Engine = str
"""`"sqlite"`, `"postgresql"`, or `"other"`."""

MOST = 2**63 - 1
"""The greatest integer of a column; the least is one further from zero."""


def related(operator: Operator, left: Any, right: Any) -> ColumnElement[bool]:  # noqa: ANN401 — an expression, and what it is compared with
    """Write a comparison."""
    return RELATIONS[operator](left, right)  # type: ignore[return-value]  # of a column it is a condition


def compared(
    operator: Operator, column: ColumnElement[Any], number: int
) -> ColumnElement[bool] | bool:
    """Compare a column of integers, or say what all of its values say."""
    if not -MOST - 1 <= number <= MOST:
        return operator is not Operator.EQ and RELATIONS[operator](0, number)
    return related(operator, column, literal(number, BigInteger))
