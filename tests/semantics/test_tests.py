"""What clauses ask of each kind of value, where that is seldom asked."""

from __future__ import annotations

from decimal import Decimal

import pytest

from filterlang.semantics import tests
from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import (
    Always,
    BoundClause,
    End,
    Equals,
    Like,
    Never,
    Why,
    Within,
    pattern_of,
    value_of,
)
from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.nodes import Clause
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern

LONG = "1" * 50
HUGE, TINY = "1e9999999999999999999", "1e-9999999999999999999"


def on(kind, operator, expression):
    return BoundClause(Clause("a", operator, expression)).on(kind)


@pytest.mark.parametrize(
    ("operator", "expression", "test"),
    [
        ("==", LONG, Equals(Decimal(LONG), of_text=False)),
        ("==", f"{LONG}.5", Never(Why.NOT_WHOLE)),
        (">", f"{LONG}.5", Within(End(Decimal(f"{LONG}.5"), is_closed=False), None, of_text=False,
                                  written=Decimal(f"{LONG}.5"))),
        ("==", HUGE, Never(Why.OUT_OF_RANGE)),
        ("<", HUGE, Always()),
        (">", HUGE, Never(Why.OUT_OF_RANGE)),
        (">=", f"-{HUGE}", Always()),
        ("==", TINY, Never(Why.NOT_WHOLE)),
        (">", TINY, Within(End(1, is_closed=True), None, of_text=False)),
        ("<=", f"-{TINY}", Within(None, End(-1, is_closed=True), of_text=False)),
        (">", "1.5", Within(End(2, is_closed=True), None, of_text=False, written=Decimal("1.5"))),
    ],
)  # fmt: skip  # one line a clause
def test_integers_compare_with_any_number(operator, expression, test):
    assert on(Kind.INTEGER, operator, expression) == test


@pytest.mark.parametrize(
    ("operator", "expression", "test"),
    [
        (">", HUGE, Within(End(Decimal("Infinity"), is_closed=True), None, of_text=False)),
        ("<", HUGE, Within(None, End(Decimal("Infinity"), is_closed=False), of_text=False)),
        (">", f"-{HUGE}", Within(End(Decimal("-Infinity"), is_closed=False), None, of_text=False)),
        ("<", f"-{HUGE}", Within(None, End(Decimal("-Infinity"), is_closed=True), of_text=False)),
        (">=", TINY, Within(End(Decimal(0), is_closed=False), None, of_text=False)),
        ("<=", TINY, Within(None, End(Decimal(0), is_closed=True), of_text=False)),
        (">=", f"-{TINY}", Within(End(Decimal(0), is_closed=True), None, of_text=False)),
        ("<=", f"-{TINY}", Within(None, End(Decimal(0), is_closed=False), of_text=False)),
    ],
)  # fmt: skip  # one line a clause
def test_beyond_a_number_that_no_decimal_holds_are_infinities_only_and_beside_it_is_zero(
    operator, expression, test
):
    assert on(Kind.DECIMAL, operator, expression) == test


def test_what_an_expression_is_read_as():
    assert value_of("10.0", Kind.INTEGER) == 10
    assert value_of("1970-01-02", Kind.DATE) == 1
    assert value_of("1970-01-02T12:00", Kind.DATE) is None
    assert value_of("x", Kind.OPAQUE) is None


def test_what_is_compared_with_all_texts():
    assert pattern_of(Operator.LIKE, Pattern("A*")) == (("a",), ())
    assert pattern_of(Operator.NOT_LIKE, Pattern("*")) == ((), ())
    assert pattern_of(Operator.LIKE, Pattern("A")) == (("a",),)
    assert pattern_of(Operator.EQ, "A") is None
    # No clause is made so: what has no pattern is compared as a value.
    assert pattern_of(Operator.LIKE, "A") is None


def test_what_short_patterns_ask_is_kept_for_a_while(monkeypatch):
    monkeypatch.setattr(tests, "_kept", {})
    monkeypatch.setattr(tests, "_MOST_KEPT", 2)
    short, long = Pattern("a?"), Pattern("b" * 101 + "*")
    first = on(Kind.TEXT, "~", short)
    assert on(Kind.TEXT, "~", Pattern("a?")) is first
    assert on(Kind.TEXT, "~", long) == Like((("b" * 101,), ()))
    assert list(tests._kept) == ["a?"]
    for text in ("b?", "c?", "a?"):
        assert on(Kind.TEXT, "~", Pattern(text)) == Like(((text[0], Wildcard.ONE),))
    assert list(tests._kept) == ["c?", "a?"]
    assert on(Kind.TEXT, "~", short) is not first
