"""Bound clauses on values that are stored in one way, where engines seldom have such values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from filterlang.backends.plan.comparisons import passes_one
from filterlang.backends.plan.conditions import (
    NEVER,
    Column,
    Compared,
    Form,
    IsMissing,
    IsSpelled,
    Not,
    NumberWritten,
    Relation,
    TextCompared,
    every,
    some,
)
from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.spellings import spellings
from filterlang.backends.plan.storage import Fixed, MapOf, Moment, Scalar, StructOf, integers
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import BoundClause
from filterlang.syntax.nodes import Clause
from filterlang.syntax.pattern import Pattern

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


@pytest.mark.parametrize(
    ("storage", "one", "zero"),
    [
        (integers(8), 1, 0),
        (PRICE, Decimal("1.00"), Decimal("0.00")),
        (Scalar.DECIMAL, Decimal(1), Decimal(0)),
        (Scalar.SINGLE, 1.0, 0.0),
    ],
)
def test_zero_and_one_are_truth_values_to_a_schema(storage, one, zero):
    is_one, is_zero = (compared(storage, Relation.EQUAL, limit) for limit in (one, zero))
    expected = {
        ("==", "true"): is_one,
        ("==", "FALSE"): is_zero,
        ("==", "1"): NEVER,
        ("==", ""): NEVER,
        ("~", "t*"): is_one,
        ("~", "*"): some([is_zero, is_one]),
    }
    for (operator, expression), condition in expected.items():
        assert asked(storage, operator, expression, Reading.BOOLEAN) == condition


def spelled(*texts):
    return IsSpelled(VALUE, Scalar.TEXT, texts)


def test_texts_that_are_truth_values_to_a_schema():
    texts = spellings("true")
    assert asked(Scalar.TEXT, "==", "True", Reading.BOOLEAN) == some(
        [spelled(*texts), spelled("1")]
    )
    assert asked(Scalar.TEXT, "==", "1", Reading.BOOLEAN) == NEVER
    assert asked(Scalar.TEXT, "==", "", Reading.BOOLEAN) == NEVER
    assert asked(Scalar.TEXT, "~", "yes", Reading.BOOLEAN) == spelled(*spellings("yes"))


def test_an_empty_text_is_missing_where_the_type_is_not_text():
    is_there = Not(some([present(Scalar.TEXT).part, spelled("")]))
    for reading in (Reading.ENUM, Reading.NUMBER, Reading.BOOLEAN, Reading.INSTANT):
        assert asked(Scalar.TEXT, "~", "*", reading) == is_there
    before = TextCompared(VALUE, Scalar.TEXT, Relation.LESS, "a")
    assert asked(Scalar.TEXT, "<", "a", Reading.ENUM) == every([before, is_there])
    assert asked(Scalar.TEXT, "<", "a", Reading.TEXT) == before
    assert asked(Scalar.TEXT, "~", "*", Reading.TEXT) == present(Scalar.TEXT)


def written(form, *limits):
    return NumberWritten(VALUE, Scalar.TEXT, form, limits)


@pytest.mark.parametrize(
    ("operator", "expression", "expected"),
    [
        (
            "==",
            "10",
            [
                written(Form.SHORT, (Relation.EQUAL, 10)),
                written(Form.FLOAT, (Relation.EQUAL, 10.0)),
            ],
        ),
        ("==", "1.5", [written(Form.FLOAT, (Relation.EQUAL, 1.5))]),
        (
            ">",
            "1.5",
            [
                written(Form.SHORT, (Relation.AT_LEAST, 2)),
                written(Form.FLOAT, (Relation.GREATER, 1.5)),
                written(Form.LONG),
            ],
        ),
        (
            "<=",
            "1.5",
            [
                written(Form.SHORT, (Relation.AT_MOST, 1)),
                written(Form.FLOAT, (Relation.AT_MOST, 1.5)),
                written(Form.LONG_NEGATIVE),
            ],
        ),
        ("<", "abc", []),
    ],
)
def test_numbers_in_texts(operator, expression, expected):
    assert asked(Scalar.TEXT, operator, expression, Reading.NUMBER) == some(expected)


@pytest.mark.parametrize("expression", ["1e18", "-1e18", HUGE, "1e999999"])
def test_numbers_in_texts_of_many_digits(expression):
    for operator in ("==", "<", ">"):
        with pytest.raises(InexactError, match=r"^its number has too many digits$"):
            asked(Scalar.TEXT, operator, expression, Reading.NUMBER)


@pytest.mark.parametrize(
    ("storage", "reading"),
    [
        (Scalar.BOOLEAN, Reading.NUMBER),
        (Scalar.BOOLEAN, Reading.INSTANT),
        (Scalar.DATE, Reading.NUMBER),
        (Scalar.DATE, Reading.BOOLEAN),
        (Moment("us", "UTC"), Reading.NUMBER),
        (Moment("us", "UTC"), Reading.BOOLEAN),
        (Scalar.UUID, Reading.NUMBER),
        (Scalar.UUID, Reading.BOOLEAN),
        (Scalar.UUID, Reading.INSTANT),
    ],
)
def test_what_is_not_of_its_type_equals_nothing(storage, reading):
    for operator, expression in (("==", "1"), ("==", "true"), ("<", "2024-01-31"), ("~", "*")):
        assert asked(storage, operator, expression, reading) == NEVER


@pytest.mark.parametrize("reading", Reading)
@pytest.mark.parametrize(
    "storage", [StructOf({}), MapOf(Scalar.TEXT), Scalar.UNORDINARY], ids=["struct", "map", "odd"]
)
def test_what_the_language_does_not_know_equals_nothing(storage, reading):
    for operator, expression in (("==", "x"), ("!=", "x"), (">", "1"), ("~", "*")):
        assert asked(storage, operator, expression, reading) == NEVER
