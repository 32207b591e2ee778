"""Bound clauses on values that are stored in one way, where engines seldom have such values."""

from __future__ import annotations

import pytest

from filterlang.backends.plan.comparisons import passes_one
from filterlang.backends.plan.conditions import (
    NEVER,
    Column,
    Compared,
    IsMissing,
    Not,
    Relation,
    every,
)
from filterlang.backends.plan.storage import Fixed, MapOf, Moment, Scalar, StructOf, integers
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import BoundClause
from filterlang.syntax.nodes import Clause, Pattern

VALUE = Column("a")
PRICE = Fixed(20, 2)
HUGE = "1e9999999999999999999"
NANO = Moment("ns", None)


def asked(storage, operator, expression, reading=Reading.AS_IS):
    if operator in {"~", "!~"}:
        expression = Pattern(expression)
    return passes_one(
        BoundClause(Clause("a", operator, expression), reading=reading), VALUE, storage
    )


def present(storage):
    return Not(IsMissing(VALUE, storage))


def compared(storage, relation, limit):
    return Compared(VALUE, storage, relation, limit)


@pytest.mark.parametrize(
    ("operator", "expression", "condition"),
    [
        (">", HUGE, NEVER),
        ("<", HUGE, present(PRICE)),
        (">=", f"-{HUGE}", present(PRICE)),
        ("<=", f"-{HUGE}", NEVER),
        ("==", HUGE, NEVER),
        ("==", "0.001", NEVER),
    ],
)
def test_decimals_of_a_column_are_finite_and_have_their_digits(operator, expression, condition):
    assert asked(PRICE, operator, expression) == condition


def test_milliseconds_equal_no_fraction_of_one():
    storage = integers(64)
    assert asked(storage, "==", "1970-01-01T00:00:00.0005Z", Reading.INSTANT) == NEVER


@pytest.mark.parametrize(
    ("operator", "limits"),
    [
        ("==", [(Relation.AT_LEAST, 5), (Relation.LESS, 6)]),
        (">", [(Relation.AT_LEAST, 6)]),
        (">=", [(Relation.AT_LEAST, 5)]),
        ("<", [(Relation.LESS, 5)]),
        ("<=", [(Relation.LESS, 6)]),
    ],
)
def test_nanoseconds_are_cut_to_microseconds(operator, limits):
    expected = every(compared(NANO, relation, limit) for relation, limit in limits)
    assert asked(NANO, operator, "1970-01-01T00:00:00.000005Z") == expected


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize(
    "storage", [StructOf({}), MapOf(Scalar.TEXT), Scalar.UNORDINARY], ids=["struct", "map", "odd"]
)
def test_what_the_language_does_not_know_equals_nothing(storage, reading):
    for operator, expression in (("==", "x"), ("!=", "x"), (">", "1"), ("~", "*")):
        assert asked(storage, operator, expression, reading) == NEVER
