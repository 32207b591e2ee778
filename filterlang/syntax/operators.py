"""The one table of operators: what reads, prints, encodes or evaluates a filter looks here."""

from __future__ import annotations

from enum import StrEnum


class Operator(StrEnum):
    """What a clause asks of its dimension; a member equals its spelling: `Operator.EQ == "=="`.

    `Operator("~")` looks an operator up by its spelling; `Operator("=@")` is `LIKE`, because the
    API's documentation of 2019 spells it so. An unknown spelling raises `ValueError`.

    Example:
        >>> Operator("=="), Operator.EQ == "=="
        (<Operator.EQ: '=='>, True)
        >>> Operator.EQ.complement
        <Operator.NE: '!='>
    """

    EQ = "=="
    NE = "!="
    LIKE = "~"
    NOT_LIKE = "!~"
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="

    encoded: str
    """How the operator stands in a query string: everything but unreserved characters encoded."""
    negative: bool
    """Whether it denies its complement: `!=` and `!~`, which are true of a missing value."""
    orders: bool
    """Whether it compares by order."""
    matches_pattern: bool
    """Whether its expression is a pattern with the wildcards `*` and `?`."""
    allows_empty: bool
    """Whether an empty expression may follow, which tests for an empty value."""
    asks_text: bool
    """Whether it is asked of the texts of all values, whatever their type."""
    in_2019: bool
    """Whether the documentation of 2019 has it."""

    @property
    def complement(self) -> Operator | None:
        """The operator that is true of exactly the other records; None for the order operators.

        A missing value is neither `<` nor `>=` anything, so these have no complement.

        Example:
            >>> Operator.LIKE.complement, Operator.LT.complement
            (<Operator.NOT_LIKE: '!~'>, None)
        """
        return _COMPLEMENTS.get(self)

    @property
    def reverse(self) -> Operator:
        """The order operator that is true of exactly the other values that are there.

        Raises:
            KeyError: for operators that compare by no order.

        Example:
            >>> Operator.GE.reverse
            <Operator.LT: '<'>
        """
        return _REVERSES[self]

    @property
    def divides_before(self) -> bool:
        """Whether it divides values before its bound, as `>=` and `<` do, or behind it.

        Example:
            >>> Operator.GE.divides_before, Operator.GT.divides_before
            (True, False)
        """
        return self in _DIVIDING_BEFORE

    @classmethod
    def _missing_(cls, value: object) -> Operator | None:
        return cls.LIKE if value == SECOND_SPELLING_OF_LIKE else None


SECOND_SPELLING_OF_LIKE = "=@"

_COMPLEMENTS = {
    Operator.EQ: Operator.NE,
    Operator.NE: Operator.EQ,
    Operator.LIKE: Operator.NOT_LIKE,
    Operator.NOT_LIKE: Operator.LIKE,
}

_REVERSES = {
    Operator.LT: Operator.GE,
    Operator.GE: Operator.LT,
    Operator.LE: Operator.GT,
    Operator.GT: Operator.LE,
}

_DIVIDING_BEFORE = {Operator.GE, Operator.LT}

#                        encoded  negative orders pattern empty  text   2019
_TABLE = {
    Operator.EQ:       ("%3D%3D", False, False, False, True,  False, True),
    Operator.NE:       ("%21%3D", True,  False, False, True,  False, True),
    Operator.LIKE:     ("~",      False, False, True,  False, True,  True),
    Operator.NOT_LIKE: ("%21~",   True,  False, True,  False, True,  False),
    Operator.LT:       ("%3C",    False, True,  False, False, False, True),
    Operator.LE:       ("%3C%3D", False, True,  False, False, False, True),
    Operator.GT:       ("%3E",    False, True,  False, False, False, True),
    Operator.GE:       ("%3E%3D", False, True,  False, False, False, True),
}  # fmt: skip  # a table is read by its columns

for _operator, _row in _TABLE.items():
    (
        _operator.encoded,
        _operator.negative,
        _operator.orders,
        _operator.matches_pattern,
        _operator.allows_empty,
        _operator.asks_text,
        _operator.in_2019,
    ) = _row

OPERATORS: dict[str, Operator] = {
    **{operator.value: operator for operator in Operator},
    SECOND_SPELLING_OF_LIKE: Operator.LIKE,
}
"""Every spelling that is read, and the operator that it means."""
