"""The laws of text and query strings; each docstring is the law."""

from __future__ import annotations

import copy
import pickle
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.syntax.parser import lark_parse
from filterlang.testing import (
    clauses,
    damaged_texts,
    expressions,
    filter_sets,
    filters,
    names,
    patterns,
)
from tests.support.drawn import nodes, texts

UNRESERVED = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


@given(filter_sets())
def test_parsing_inverts_unparsing(node):
    """parse(unparse(x)) == x for every set of filters, and Lark agrees about each text."""
    written = fl.unparse(node)
    assert fl.parse(written) == node
    assert [lark_parse(text) for text in written] == list(node)


@given(filters())
def test_canonical_text_is_a_fixed_point(node):
    """str(parse_filter(str(x))) == str(x), with spaces around everything it is still that."""
    text = str(node)
    assert str(fl.parse_filter(text)) == text
    spaced = " ; ".join(
        f" {' . '.join(c.segments)}  {c.operator}  {str(c)[len(c.name) + len(c.operator) :]} "
        for c in node
    )
    assert fl.parse_filter(spaced + " ; ") == node


@given(filter_sets())
def test_query_strings_are_exactly_invertible(node):
    """from_query(to_query(x)) == x == from_params(to_params(x)), also behind a `?`."""
    query = fl.to_query(node)
    assert fl.from_query(query) == fl.from_query("?" + query) == node
    assert fl.from_params(fl.to_params(node)) == node
    assert fl.from_query(f"pageSize=25&{query}&sort=%zz") == node


@given(filter_sets())
def test_the_standard_library_decodes_what_was_meant(node):
    """parse_qsl(to_query(x)) == to_params(x), and only unreserved characters stand unencoded."""
    query = fl.to_query(node)
    assert parse_qsl(query, strict_parsing=bool(node.filters)) == fl.to_params(node)
    for part in filter(None, query.split("&")):
        assert part.startswith("filter=")
        assert set(part.removeprefix("filter=")) <= UNRESERVED | {"%"}


@given(texts | damaged_texts())
def test_any_text_parses_or_is_refused_with_places(text):
    """parse returns, or raises FilterSyntaxError whose spans lie inside the text."""
    try:
        node = fl.parse([text, "a==1"])
    except fl.FilterSyntaxError as refusal:
        error = refusal
    else:
        assert fl.parse(fl.unparse(node)) == node
        return
    assert error.sources == (text, "a==1")
    assert any(found.severity == "error" for found in error.diagnostics)
    for found in error.diagnostics:
        assert found.source_index == 0
        assert 0 <= found.span.start <= found.span.end <= len(text)
        assert found.code != "FL199", "the parser refused what `syntax_errors` doesn't know"
    assert str(error)


@given(texts)
def test_any_query_is_read_or_refused_with_places(query):
    """from_query returns, or raises FilterSyntaxError with places in the query or its filters."""
    try:
        fl.from_query(query)
    except fl.FilterSyntaxError as error:
        for found in error.diagnostics:
            source = query if found.source_index is None else error.sources[found.source_index]
            assert 0 <= found.span.start <= found.span.end <= len(source)


@given(nodes)
def test_nodes_hash_pickle_and_copy(node):
    """A copy of a node, however it was made, equals it and has its hash."""
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(node, protocol)) == node
    for twin in (copy.copy(node), copy.deepcopy(node), eval(repr(node), vars(fl))):  # noqa: S307 — a repr is an expression that makes the node
        assert twin == node
        assert hash(twin) == hash(node)


@given(nodes)
def test_nodes_are_immutable_and_have_no_truth_value(node):
    """Nothing can be assigned to a node or deleted from it, and bool() raises."""
    for name in (*node.__match_args__, "other"):
        with pytest.raises(AttributeError):
            setattr(node, name, None)
        with pytest.raises(AttributeError):
            delattr(node, name)
    with pytest.raises(TypeError):
        bool(node)


@given(filter_sets(), filter_sets())
def test_and_and_or_distribute(left, right):
    """`|` joins the filters and `&` pairs them; without filters a set stands for everything."""
    either = left | right
    assert either.filters == (
        left.filters + right.filters if left.filters and right.filters else ()
    )
    both = left & right
    if left.filters and right.filters:
        assert both.filters == tuple(fl.Filter([*a, *b]) for a in left for b in right)
    else:
        assert both == (right if right.filters else left)


@given(expressions().filter(bool), st.sampled_from(fl.Operator))
def test_escaped_text_stands_for_itself_after_any_operator(text, operator):
    """parse("x" + operator + escape(text)) means the text, without wildcards."""
    clause = fl.parse_filter(f"x{operator}{fl.escape(text)}").clauses[0]
    assert clause.operator is operator
    if operator.matches_pattern:
        assert clause.expression.parts == (text,)
    else:
        assert clause.expression == text


@given(patterns())
def test_patterns_are_made_of_their_text_and_of_their_parts(pattern):
    """Pattern(p.text) == p == Pattern.from_parts(p.parts)."""
    assert fl.Pattern(pattern.text) == fl.Pattern.from_parts(pattern.parts) == pattern
    assert fl.parse_filter(f"x~{pattern.text}").clauses[0].expression == pattern


@given(st.text(max_size=8), st.sampled_from(fl.Operator), st.text(max_size=8))
def test_a_node_that_can_be_built_can_be_written(name, operator, expression):
    """Building raises ValueError, or gives a clause that parses back from its text."""
    try:
        if operator.matches_pattern:
            clause = fl.Clause(name, operator, fl.Pattern.from_parts([expression]))
        else:
            clause = fl.Clause(name, operator, expression)
    except ValueError:
        return
    assert fl.parse_filter(str(clause)).clauses == (clause,)


@given(names(), clauses())
def test_names_are_stored_trimmed(name, clause):
    """Spaces around the segments of a name make no difference."""
    spaced = " . ".join(f" {segment}  " for segment in name.split("."))
    twin = fl.Clause(spaced, clause.operator, clause.expression)
    assert twin.name == name
    assert twin.segments == tuple(name.split("."))
