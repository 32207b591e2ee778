"""Nodes: what can be built, what can't, and what `&` and `|` make of them."""

from __future__ import annotations

import itertools

import pytest

import filterlang as fl
from filterlang.syntax import nodes
from filterlang.syntax.nodes import Clause, Filter, FilterSet
from filterlang.syntax.operators import OPERATORS, Operator
from filterlang.syntax.pattern import Pattern

A, B, C = Clause("a", "==", "1"), Clause("b", "<", "2"), Clause("c", "~", Pattern("x*"))
NOTHING = FilterSet()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Clause("", "==", "x"), "the name is empty"),
        (lambda: Clause("  ", "==", "x"), "the name is empty"),
        (lambda: Clause("a. .b", "==", "x"), "the name 'a. .b' has an empty segment"),
        (lambda: Clause("a,b", "==", "x"), "a name can't hold ',': 'a,b'"),
        (lambda: Clause("a\tb", "==", "x"), "a name can't hold U+0009: 'a\\tb'"),
        (
            lambda: Clause("a", "=", "x"),
            f"unknown operator '='; the operators are {' '.join(Operator)}",
        ),
        (
            lambda: Clause("a", "<", ""),
            "after < the expression can't be empty; only == and != allow that",
        ),
        (
            lambda: Clause("a", "==", "x\ny"),
            "an expression can't hold U+000A (character 2 of 'x\\ny')",
        ),
        (
            lambda: Clause("a", "==", "\ud800"),
            "an expression can't hold U+D800 (character 1 of '\\ud800')",
        ),
        (lambda: Clause("a", "==", Pattern("x")), "after == a clause takes a str, not Pattern"),
        (lambda: Clause("a", "~", "x"), "after ~ a clause takes a Pattern, not str"),
        (lambda: Clause("a", "==", 1), "after == a clause takes a str, not int"),
        (lambda: Clause(1, "==", "x"), "a clause's name is a str, not int"),
        (lambda: Pattern(""), "a pattern can't be empty; to test for an empty value, use == or !="),
        (
            lambda: Pattern("  "),
            "a pattern can't be empty; to test for an empty value, use == or !=",
        ),
        (lambda: Pattern(1), "a pattern's text is a str, not int"),
        (lambda: Pattern("a,b"), r"a bare ',' can't stand in a pattern; write '\,': 'a,b'"),
        (lambda: Pattern("a;b"), r"a bare ';' can't stand in a pattern; write '\;': 'a;b'"),
        (lambda: Pattern(r"\n"), r"unknown escape '\n' in the pattern '\\n'; a backslash is '\\'"),
        (
            lambda: Pattern("a\\"),
            r"unknown escape '\' in the pattern 'a\\'; a backslash is '\\'",
        ),
        (
            lambda: Pattern.from_parts([""]),
            "a pattern can't be empty; to test for an empty value, use == or !=",
        ),
        (
            lambda: Pattern.from_parts(["\x7f"]),
            "an expression can't hold U+007F (character 1 of '\\x7f')",
        ),
        (
            lambda: Filter([]),
            "a Filter needs at least one Clause; what matches everything is FilterSet()",
        ),
        (lambda: Filter(A), "a Filter takes an iterable of Clauses, not one Clause"),
        (lambda: Filter("a==1"), "a Filter takes an iterable of Clauses, not one str"),
        (lambda: Filter(1), "a Filter takes an iterable of Clauses, not int"),
        (lambda: Filter([A, "b==1"]), "a Filter holds Clauses, not str"),
        (lambda: FilterSet([A]), "a FilterSet holds Filters, not Clause"),
        (
            lambda: FilterSet(Filter([A])),
            "a FilterSet takes an iterable of Filters, not one Filter",
        ),
    ],
)
def test_what_cannot_be_written_cannot_be_built(make, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the message is compared below
        make()
    assert str(caught.value) == message


def test_building_applies_the_grammar():
    clause = Clause(" a . b c ", "=@", Pattern(" x**,".replace(",", r"\,")))
    assert (clause.name, clause.operator, clause.expression) == ("a.b c", "~", Pattern(r"x*\,"))
    assert clause.segments == ("a", "b c")
    assert str(clause) == r"a.b c~x*\,"
    assert str(Clause("a", "==", " = ")) == r"a==\ =\ "
    assert str(Clause("a", "<", "=,;\\")) == r"a<\=\,\;\\"
    assert str(Clause("a", "==", "") & Clause("b", "!=", "") & A) == "a==;b!=;a==1"
    assert str(Pattern.from_parts([" *?", fl.Wildcard.ONE, "", fl.Wildcard.RUN])) == r"\ \*\??*"


def test_reprs_are_expressions():
    node = Filter([A, C]) | Filter([B])
    assert repr(node) == (
        "FilterSet((Filter((Clause('a', '==', '1'), Clause('c', '~', Pattern('x*')))),"
        " Filter((Clause('b', '<', '2'),))))"
    )
    assert str(node) == repr(node)
    assert repr(Pattern("a*?").parts) == "('a', Wildcard.RUN, Wildcard.ONE)"


def test_iteration_and_length():
    filter_ = Filter([A, B])
    assert (list(filter_), len(filter_), A in filter_) == ([A, B], 2, True)
    assert (list(FilterSet([filter_])), len(NOTHING)) == ([filter_], 0)


def test_equality_is_ordered_and_tells_kinds_apart():
    assert Filter([A, B]) != Filter([B, A])
    assert Filter([A]) != A
    assert Filter([A]) != FilterSet([Filter([A])])
    assert Clause("a", "==", "x") != Clause("a", "==", "X")
    assert A != ("a", "==", "1")
    assert len({A, Clause("a", "==", "1"), Filter([A]), FilterSet([Filter([A])])}) == 3


def test_an_equality_with_what_is_no_node_is_for_the_other_to_say():
    class LikeAll:
        __hash__ = None

        def __eq__(self, other):
            return True

    node = Filter([A])
    assert node.__eq__("a==1") is NotImplemented
    assert node == LikeAll()
    assert (node == "a==1") is False


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (A, "name", "Clause('a', '==', '1')"),
        (Pattern("x"), "text", "Pattern('x')"),
        (Filter([A]), "clauses", "Filter((Clause('a', '==', '1'),))"),
        (NOTHING, "filters", "FilterSet(())"),
        (fl.Edit(fl.Span(1, 2), "x"), "span", "Edit(Span(1, 2), 'x')"),
    ],
    ids=lambda part: type(part).__name__,
)
def test_values_stay_as_they_are(value, name, text):
    before = getattr(value, name)
    for attribute in (name, "other", "__class__"):
        with pytest.raises(AttributeError) as caught:
            setattr(value, attribute, None)
        kind = type(value).__name__
        assert str(caught.value) == f"{kind} is immutable; cannot set '{attribute}'"
        with pytest.raises(AttributeError) as caught:
            delattr(value, attribute)
        assert str(caught.value) == f"{kind} is immutable; cannot delete '{attribute}'"
    assert getattr(value, name) is before
    assert repr(value) == text


AS_SETS = {
    "clause": (A, [[A]]),
    "filter": (Filter([A, B]), [[A, B]]),
    "set": (FilterSet([Filter([A]), Filter([B])]), [[A], [B]]),
    "nothing": (NOTHING, []),
}


@pytest.mark.parametrize(("left", "right"), list(itertools.product(AS_SETS, repeat=2)))
def test_and_and_or_of_all_kinds(left, right):
    (one, ones), (two, twos) = AS_SETS[left], AS_SETS[right]
    either, both = one | two, one & two
    assert [list(f) for f in either] == ([*ones, *twos] if ones and twos else [])
    if not ones or not twos:
        assert both == (two if twos else one)
    elif "set" in {left, right}:
        assert [list(f) for f in both] == [[*a, *b] for a in ones for b in twos]
    else:
        assert both == Filter([*ones[0], *twos[0]])


@pytest.mark.parametrize("node", [A, Filter([A]), NOTHING])
def test_nodes_combine_with_nodes_only(node):
    with pytest.raises(TypeError):
        node & "a==1"
    with pytest.raises(TypeError):
        node | None
    with pytest.raises(TypeError) as caught:
        bool(node)
    assert str(caught.value) == (
        f"a {type(node).__name__} is neither true nor false: combine with '&' and '|', not with"
        " 'and', 'or' or a chain of comparisons, and match records with compile()"
    )


@pytest.mark.parametrize("node", [A, Filter([A]), NOTHING])
def test_what_knows_nodes_may_combine_with_them(node):
    class Knows:
        def __rand__(self, other):
            return ("and", other)

        def __ror__(self, other):
            return ("or", other)

    assert node & Knows() == ("and", node)
    assert node | Knows() == ("or", node)


def test_distribution_stops_before_it_explodes():
    many = FilterSet([Filter([A])] * 300)
    with pytest.raises(fl.LimitError) as caught:
        many & many
    assert str(caught.value) == (
        "error[FL302]: '&' would make 90000 filters, more than the limit of 65536\n"
        "hint: combine smaller sets of filters"
    )
    large = FilterSet([Filter([A])] * (nodes.MAX_FILTERS + 1))
    assert len(large & B) == len(large)


def test_what_distributes_within_the_limit(monkeypatch):
    monkeypatch.setattr(nodes, "MAX_FILTERS", 6)
    one, two, three, four, seven = (FilterSet([Filter([A])] * n) for n in (1, 2, 3, 4, 7))
    assert len(two & three) == len(three & two) == 6
    # A set of one filter multiplies nothing.
    assert len(one & seven) == len(seven & one) == len(A & seven) == 7
    for left, right, count in ((two, four, 8), (four, two, 8), (three, three, 9)):
        with pytest.raises(fl.LimitError) as caught:
            left & right
        assert caught.value.args == (
            (
                fl.Diagnostic(
                    "FL302",
                    "error",
                    f"'&' would make {count} filters, more than the limit of 6",
                    fl.Span(0, 0),
                    "combine smaller sets of filters",
                ),
            ),
            (),
            None,
        )


def test_unparse_takes_nodes_only():
    assert fl.unparse(A) == fl.unparse(Filter([A])) == ["a==1"]
    with pytest.raises(TypeError) as caught:
        fl.unparse("a==1")
    message = "expected a FilterSet, Filter or Clause, not str; parse the text first"
    assert str(caught.value) == message
    with pytest.raises(TypeError) as caught:
        fl.to_query(None)
    assert str(caught.value) == "expected a FilterSet, Filter or Clause, not NoneType"


def test_the_table_of_operators():
    from urllib.parse import quote

    for operator in Operator:
        assert operator.encoded == quote(operator, safe="")
        assert operator == operator.value == str(operator)
        complement = operator.complement
        if complement is None:
            assert not operator.negative
        else:
            assert not operator.orders
            assert complement.complement is operator
            assert complement.negative is not operator.negative
            assert complement.matches_pattern is operator.matches_pattern
    assert OPERATORS["=@"] is Operator("=@") is Operator.LIKE
    assert {o for o in Operator if o.allows_empty} == {Operator.EQ, Operator.NE}
