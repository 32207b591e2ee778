"""Laws of rewriting: never a wrong yes or no, and what is simplified means the same."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import Answer
from filterlang.reasoning.counterexamples import witness
from filterlang.reasoning.implication import Entailment
from tests.support import near_queries, records, typed_records
from tests.support.reports import USERS, codes

CASES = [
    pytest.param(None, typed_records.untyped_records, id="untyped"),
    pytest.param(USERS, typed_records.typed_records, id="typed"),
]
each_schema = pytest.mark.parametrize(("schema", "rows"), CASES)


@each_schema
@given(data=st.data())
def test_a_yes_holds_of_every_record(schema, rows, data):
    """implies(a, b) is YES => each record that matches a matches b."""
    a, b = data.draw(typed_records.near_filters(schema))
    if fl.implies(a, b, schema) is Answer.YES:
        first, second = fl.compile(a, schema=schema), fl.compile(b, schema=schema)
        for row in data.draw(st.lists(rows, min_size=10, max_size=10)):
            assert second(row) or not first(row)


@pytest.mark.parametrize("schema", [None, USERS], ids=["untyped", "typed"])
@given(seed=st.integers(0, 2**32))
def test_no_record_made_of_their_own_values_tells_apart_what_is_the_same(schema, seed):
    """A yes holds, and simplify changes nothing, for the records that are most likely to object."""
    draw = random.Random(seed)  # noqa: S311 — a sample, no secret
    for _ in range(3):
        a, b = near_queries.near_pair(draw, schema)
        is_yes = fl.implies(a, b, schema) is Answer.YES
        first, second, simple = (
            fl.compile(filters, schema=schema) for filters in (a, b, fl.simplify(a, schema))
        )
        for row in near_queries.records_about(draw, (a, b), schema, 40):
            assert schema is None or typed_records.conforms(row, schema)
            assert simple(row) is first(row)
            assert not is_yes or second(row) or not first(row)


@each_schema
@given(data=st.data())
def test_a_no_has_a_witness(schema, rows, data):
    """implies(a, b) is NO => a record matches a, by the compiled matcher too, and not b."""
    a, b = data.draw(typed_records.near_filters(schema))
    if fl.implies(a, b, schema) is Answer.NO:
        reasons = Entailment(schema)
        failing = [reasons.terms(filter_) for filter_ in b]
        found = [witness(reasons.terms(filter_), failing, schema) for filter_ in a]
        seen = [row for row in found if row is not None]
        assert seen
        for row in seen:
            assert schema is None or typed_records.conforms(row, schema)
            assert typed_records.verdict(a, row, schema)
            assert not typed_records.verdict(b, row, schema)


@each_schema
@given(data=st.data())
def test_what_is_simplified_means_the_same_and_is_no_longer(schema, rows, data):
    """simplify(x) gives x's verdicts, is idempotent, never longer, and restricts where x does."""
    filters, _ = data.draw(typed_records.near_filters(schema))
    simple = fl.simplify(filters, schema)
    assert fl.simplify(simple, schema) == simple
    assert simple.filters
    assert len(simple) <= len(filters)
    assert sum(map(len, simple)) <= sum(map(len, filters))
    before, after = fl.compile(filters, schema=schema), fl.compile(simple, schema=schema)
    for row in data.draw(st.lists(rows, min_size=10, max_size=10)):
        assert before(row) is after(row)


@given(st.data())
def test_without_a_schema_any_record_will_do(data):
    """Both laws hold of records of any Python values, too."""
    row = data.draw(records.records)
    a, b = data.draw(records.filters_for(row)), data.draw(records.filters_for(row))
    assert fl.matches(fl.simplify(a), row) is fl.matches(a, row)
    if fl.implies(a, b) is Answer.YES:
        assert fl.matches(b, row) or not fl.matches(a, row)


@each_schema
@given(data=st.data())
def test_a_filter_implies_itself_and_what_it_is_joined_to(schema, rows, data):
    """implies(a, a), implies(a, a | b) and equivalent(a, a) are YES."""
    a, b = data.draw(typed_records.near_filters(schema))
    assert fl.implies(a, a, schema) is Answer.YES
    assert fl.implies(a, a | b, schema) is Answer.YES
    assert fl.equivalent(a, a, schema) is Answer.YES


@each_schema
@given(data=st.data())
def test_equivalence_is_implication_both_ways(schema, rows, data):
    """equivalent(a, b) is what implies(a, b) and implies(b, a) say together."""
    a, b = data.draw(typed_records.near_filters(schema))
    both = {fl.implies(a, b, schema), fl.implies(b, a, schema)}
    expected = Answer.YES if both == {Answer.YES} else Answer.UNKNOWN
    expected = Answer.NO if Answer.NO in both else expected
    assert fl.equivalent(a, b, schema) is expected is fl.equivalent(b, a, schema)


@each_schema
@given(data=st.data())
def test_what_check_calls_a_contradiction_is_impossible(schema, rows, data):
    """`check` finds that clauses can't both hold => no record matches their filter."""
    filters, _ = data.draw(typed_records.near_filters(schema))
    for filter_ in filters:
        if "FL513" in codes(str(filter_), schema):
            assert fl.implies(filter_, "a==x;a!=x", schema) is Answer.YES
