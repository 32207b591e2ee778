"""The table of operators, row by row."""

from __future__ import annotations

import pickle

import pytest

from filterlang.syntax.operators import OPERATORS, SECOND_SPELLING_OF_LIKE, Operator


@pytest.mark.parametrize(
    ("spelling", "member", "complement", "encoded", "properties"),
    [
        ("==", Operator.EQ, "!=", "%3D%3D", {"allows_empty", "in_2019"}),
        ("!=", Operator.NE, "==", "%21%3D", {"allows_empty", "negative", "in_2019"}),
        ("~", Operator.LIKE, "!~", "~", {"matches_pattern", "asks_text", "in_2019"}),
        ("!~", Operator.NOT_LIKE, "~", "%21~", {"matches_pattern", "negative", "asks_text"}),
        ("<", Operator.LT, None, "%3C", {"orders", "in_2019"}),
        ("<=", Operator.LE, None, "%3C%3D", {"orders", "in_2019"}),
        (">", Operator.GT, None, "%3E", {"orders", "in_2019"}),
        (">=", Operator.GE, None, "%3E%3D", {"orders", "in_2019"}),
    ],
)
def test_what_the_table_says_of_an_operator(spelling, member, complement, encoded, properties):
    operator = Operator(spelling)
    assert operator is member is OPERATORS[spelling] is pickle.loads(pickle.dumps(operator))
    assert operator.complement == complement
    assert operator.encoded == encoded
    flags = {
        name: getattr(operator, name)
        for name in (
            *("negative", "orders", "matches_pattern", "allows_empty"),
            *("asks_text", "in_2019"),
        )
    }
    assert flags == {name: name in properties for name in flags}
    assert all(isinstance(flag, bool) for flag in flags.values())


def test_the_table_is_complete_and_in_order():
    spellings = ["==", "!=", "~", "!~", "<", "<=", ">", ">="]
    assert [str(operator) for operator in Operator] == spellings
    assert list(OPERATORS) == [*spellings, "=@"]


def test_the_second_spelling_of_like_is_read_and_never_written():
    assert SECOND_SPELLING_OF_LIKE == "=@"
    assert Operator("=@") is OPERATORS["=@"] is Operator.LIKE
    assert str(Operator("=@")) == "~"


@pytest.mark.parametrize("spelling", ["", "=", "=~", "!@", "<>", " ==", "EQ", None, 1, b"=="])
def test_an_unknown_spelling(spelling):
    with pytest.raises(ValueError, match="Operator") as caught:
        Operator(spelling)
    assert str(caught.value) == f"{spelling!r} is not a valid Operator"
    assert spelling not in OPERATORS
