"""Nobody decides by an operator, and who chooses between meanings chooses between all of them.

These are rules about the source, so they look at its syntax trees.
"""

from __future__ import annotations

import ast
from functools import cache

import pytest

from filterlang.semantics.kinds import Kind
from filterlang.semantics.tests import BoundClause, Never, Why, Within
from filterlang.syntax.nodes import Clause
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern
from tests.architecture.package_copy import PACKAGE

HOME = "semantics/tests.py"
"""The one place of meaning."""

DECIDING_BY_OPERATOR = {
    "checking/completion.py": "offers values where a dimension takes the operator that is written",
    "checking/schema_misfits/date_misfits.py": (
        "a day after '==' is one instant, which is hardly meant"
    ),
    "checking/schema_misfits/name_misfits.py": (
        "the '>' of an arrow between two parts of a name is no operator"
    ),
    "checking/grammar_errors/expression_errors.py": (
        "values after '!=' are left out by a clause for each"
    ),
    "checking/schema_misfits/operator_misfits.py": (
        "a schema may name the operators that a dimension takes"
    ),
    "checking/other_notations/join_mistakes.py": (
        "as value_misfits: a filter for each says only what '==' asks for"
    ),
    "checking/other_notations/program_terms.py": (
        "reads what programs compare, and what they write for true"
    ),
    "checking/other_notations/second_clauses.py": (
        "as name_misfits: the '>' of an arrow is no operator"
    ),
    "checking/schema_misfits/unreadable_values.py": (
        "as word_operators: `> 7 days ago` takes that day in"
    ),
    "checking/schema_misfits/value_misfits.py": (
        "as expression_errors: what is left out are clauses of one filter"
    ),
    "checking/other_notations/values_behind.py": (
        "a range after '==' or '>=' is written as two clauses"
    ),
    "checking/doubts/value_mistakes.py": "looks at how filters are spelled, whatever they mean",
    "checking/other_notations/word_operators.py": (
        "after and until a day in words take it out, or in"
    ),
    "checking/other_notations/word_values.py": (
        "as word_operators: what words leave out are clauses of one filter"
    ),
    "checking/doubts/name_mistakes.py": "as value_mistakes: `score__gte==10` was hardly meant",
    "checking/other_notations/values_with_more.py": (
        "as value_mistakes: `not contains x` is hardly a value"
    ),
    "checking/other_notations/whole_clauses.py": (
        "as name_misfits: the '>' of an arrow is no operator"
    ),
    "checking/doubts/wildcard_mistakes.py": "as value_mistakes: stars after '==' were hardly meant",
}
"""Why modules may compare operators: they speak about texts, and none of them gives a verdict."""

MEMBERS_OF_TESTS = {"Never", "Always", "Equals", "Within", "Like"}
MEMBERS_OF_OPERATOR = set(Operator.__members__)
CLOSED = {"Kind", "Operator", "Reading", "Relation", "Why"}
"""The enums of which a `match` has to name all members."""


@cache
def modules():
    """Give the modules by their paths in the package, but the syntax and the place of meaning."""
    return {
        name: ast.parse(module.read_text(encoding="utf-8"))
        for module in sorted(PACKAGE.rglob("*.py"))
        if (name := module.relative_to(PACKAGE).as_posix()) != HOME
        and not name.startswith("syntax/")
    }


def nodes(*types):
    """Give the nodes of some types in all modules, with the modules."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, types):
                yield name, node


def member(node, *owners):
    """Give the name of a member of an enum, as `EQ` of `Operator.EQ`; None for anything else."""
    match node:
        case ast.Attribute(ast.Name(owner), name) if owner in owners and name.isupper():
            return name
        case _:
            return None


def is_operator(node):
    """Whether an expression is an operator, a collection of some, or is called one."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            called = name.endswith("operator")
        case ast.Set(elements) | ast.Tuple(elements) | ast.List(elements):
            called = any(map(is_operator, elements))
        case _:
            called = False
    return called or member(node, "Operator") is not None


def test_only_what_reads_texts_compares_operators():
    """What a filter means is asked of `BoundClause`, which says it once for all who ask."""
    comparing = {}
    for name, node in nodes(ast.Compare, ast.MatchValue):
        match node:
            case ast.MatchValue(value):
                decides = member(value, "Operator") is not None
            case ast.Compare(left, _, comparators):
                to_none = all(
                    isinstance(one, ast.Constant) and one.value is None for one in comparators
                )
                decides = not to_none and any(map(is_operator, [left, *comparators]))
        if decides:
            comparing.setdefault(name, []).append(f"{node.lineno}: {ast.unparse(node)}")
    unknown = {name: found for name, found in comparing.items() if name not in DECIDING_BY_OPERATOR}
    assert unknown == {}, "ask a BoundClause for its tests, or say above why not"
    assert sorted(comparing) == sorted(DECIDING_BY_OPERATOR), "take out who compares none any more"


@pytest.mark.parametrize(
    ("owner", "all_members"),
    [("Operator", MEMBERS_OF_OPERATOR), ("a test", MEMBERS_OF_TESTS)],
)
def test_what_is_keyed_by_operators_or_tests_has_them_all(owner, all_members):
    incomplete = []
    for name, node in nodes(ast.Dict):
        if owner == "Operator":
            keys = {member(key, "Operator") for key in node.keys} - {None}
        else:
            keys = {key.id for key in node.keys if isinstance(key, ast.Name)} & MEMBERS_OF_TESTS
        if keys and keys != all_members:
            incomplete.append(f"{name}:{node.lineno} lacks {sorted(all_members - keys)}")
    assert incomplete == []


def alternatives(pattern):
    """Give the patterns of which one has to fit, without the names that they bind."""
    match pattern:
        case ast.MatchOr(patterns):
            return [one for each in patterns for one in alternatives(each)]
        case ast.MatchAs(ast.AST() as inner):
            return alternatives(inner)
        case _:
            return [pattern]


def is_closed(node):
    """Whether a `match` is about tests, or about members of an enum."""
    for case in node.cases:
        for pattern in alternatives(case.pattern):
            match pattern:
                case ast.MatchClass(ast.Name(name)) if name in MEMBERS_OF_TESTS:
                    return True
                case ast.MatchValue(value) if member(value, *CLOSED) is not None:
                    return True
                case _:
                    pass
    return False


def ends_in_proof(node):
    """Whether the last case takes whatever is left, and proves that nothing is."""
    match node.cases[-1]:
        case ast.match_case(
            ast.MatchAs(None), None, [ast.Expr(ast.Call(ast.Name("assert_never")))]
        ):
            return True
        case _:
            return False


def test_each_choice_between_meanings_is_proved_to_be_complete():
    choices = [(name, node) for name, node in nodes(ast.Match) if is_closed(node)]
    unproved = [f"{name}:{node.lineno}" for name, node in choices if not ends_in_proof(node)]
    assert unproved == [], "end the match in `case _: assert_never(…)`"
    assert choices


def bound(operator):
    return BoundClause(Clause("a", operator, Pattern("x") if operator.matches_pattern else "x"))


@pytest.mark.parametrize("operator", Operator)
def test_the_table_of_operators_and_their_meaning_agree(operator):
    """The index and what it estimates read the one, everybody else the other."""
    assert bound(operator).negative is operator.negative
    assert bound(operator).is_pattern is operator.asks_text
    assert isinstance(bound(operator).on(Kind.TEXT), Within) is operator.orders
    # No integer is compared with `x`; only their texts can be asked about it.
    assert (bound(operator).on(Kind.INTEGER) != Never(Why.UNREADABLE)) is operator.asks_text
    if operator.complement is not None:
        complement = bound(operator.complement)
        assert complement.negative is not operator.negative
        assert complement.asks_as(bound(operator))
