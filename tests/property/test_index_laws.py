"""The law of the index: it gives what asking one matcher after the other would give."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang import Clause, FilterIndex, FilterSet, Operator, Pattern, Schema
from filterlang.testing import filter_sets
from tests.support import records
from tests.support.hostile import HOSTILE


def looped(filters, record, schema=None):
    """Ask one matcher after the other."""
    return [key for key, one in filters.items() if fl.compile(one, schema=schema)(record)]


@st.composite
def questions(draw, most=8):
    """Filters by their keys, all about one record, and that record."""
    record = draw(records.records)
    sets = st.lists(records.filters_for(record), min_size=1, max_size=most)
    return dict(enumerate(draw(sets))), record


@given(questions())
def test_one_record(question):
    """The keys are those whose filters match, in the order in which they were given."""
    filters, record = question
    index = FilterIndex(filters)
    assert index.match(record) == looped(filters, record)
    assert pickle.loads(pickle.dumps(index)).match(record) == index.match(record)


@given(questions(), st.data())
def test_any_filters_and_records(question, data):
    """Filters that say nothing of a record, and records that nothing was said of."""
    filters, record = question
    more = dict(enumerate(data.draw(st.lists(filter_sets(), max_size=4)), 100))
    other = data.draw(records.records)
    index = FilterIndex({**filters, **more})
    for one in (record, other):
        assert index.match(one) == looped({**filters, **more}, one)
    assert list(index.match_many([record, other])) == [
        (record, index.match(record)),
        (other, index.match(other)),
    ]


@given(questions(most=12), st.data())
def test_filters_come_and_go(question, data):
    """After any filters were added and removed, the index is as one that was made of the rest."""
    filters, record = question
    keys = list(filters)
    first = data.draw(st.sets(st.sampled_from(keys)))
    index = FilterIndex({key: filters[key] for key in keys if key in first})
    present = {key: filters[key] for key in keys if key in first}
    for key in data.draw(st.lists(st.sampled_from(keys), max_size=12)):
        if key in present:
            index.remove(key)
            del present[key]
        else:
            index.add(key, filters[key])
            present[key] = filters[key]
        assert index.match(record) == looped(present, record)
        assert len(index) == len(present)


SCHEMA = Schema(
    {
        "a": "integer",
        "b": "text",
        "c": fl.Dimension("object", fields={"a": "datetime", "b": "boolean"}),
        "kind": fl.Dimension("list of objects", fields={"a": "number", "b": "text"}),
    },
    aliases={"x": "c.a", "y": "kind.b"},
    is_open=True,
)


@given(questions(), st.data())
def test_schemas(question, data):
    """With a schema too, whether or not the records follow it."""
    filters, record = question
    names = st.sampled_from(["a", "b", "c.a", "c.b", "kind.a", "kind.b", "x", "y"])
    for key, one in list(filters.items()):
        clauses = [
            Clause(data.draw(names), clause.operator, clause.expression)
            for filter_ in one
            for clause in filter_
        ]
        filters[key] = FilterSet([fl.Filter(clauses)])
    index = FilterIndex(filters, SCHEMA)
    assert index.match(record) == looped(filters, record, SCHEMA)


# --- Many filters, so that lists become tables and nodes in nodes ---------------------------------

VALUES = ["a", "A", "b", "10", "10.0", "9", "2024-01-01", "true", "", "ab", "abc"]
PATTERNS = ["a*", "*b", "*b*", "a", "?", "1*", "*", "a?c", "*a*c"]
NAMES = ["a", "b", "o.a", "o.b", "o.c", "o.p.a"]


@st.composite
def plain_clauses(draw):
    operator = draw(st.sampled_from([Operator.EQ] * 6 + list(Operator)))
    if operator.matches_pattern:
        return Clause(
            draw(st.sampled_from(NAMES)), operator, Pattern(draw(st.sampled_from(PATTERNS)))
        )
    value = draw(st.sampled_from(VALUES))
    return Clause(
        draw(st.sampled_from(NAMES)), operator, value or ("" if operator.allows_empty else "a")
    )


plain_sets = st.lists(
    st.lists(plain_clauses(), min_size=1, max_size=4).map(fl.Filter), max_size=2
).map(FilterSet)
plain_scalars = st.sampled_from(
    ["a", "AB", "abc", "10", "", None, 10, 9.5, True, ["a", "b"], [10, None], []]
)
plain_objects = st.dictionaries(st.sampled_from("abc"), plain_scalars, max_size=3)
plain_records = st.fixed_dictionaries(
    {},
    optional={
        "a": plain_scalars,
        "b": plain_scalars,
        "o": plain_objects | st.lists(plain_objects, max_size=3) | plain_scalars,
        "o.a": plain_scalars,
    },
)


@given(
    st.lists(plain_sets, min_size=60, max_size=150),
    st.lists(plain_records, min_size=1, max_size=6),
    st.data(),
)
@settings(max_examples=max(10, settings().max_examples // 5))
@pytest.mark.slow
def test_many_filters(sets, asked, data):
    """Of many filters that are like each other, before and after some were removed."""
    filters = dict(enumerate(sets))
    index = FilterIndex(filters)
    matchers = {key: fl.compile(one) for key, one in filters.items()}
    for record in asked:
        assert index.match(record) == [key for key, one in matchers.items() if one(record)]
    for key in data.draw(st.sets(st.sampled_from(list(filters)), min_size=20)):
        index.remove(key)
        del matchers[key]
    for record in asked:
        assert index.match(record) == [key for key, one in matchers.items() if one(record)]


# --- Names that share segments, over what is an object here and a list there ----------------------

# Few names and values, so that several clauses of a filter hold at once, and not of one element.
SHARED = ["a.b.c", "a.b.d", "a.e.c", "a.c", "a.b", "a"]
sharing_clauses = st.builds(
    Clause,
    st.sampled_from(SHARED[:3] * 2 + SHARED),
    st.sampled_from([Operator.EQ] * 3 + [Operator.NE, Operator.GT, Operator.LE]),
    st.sampled_from(["1", "2"]),
) | st.one_of(
    st.builds(
        Clause,
        st.sampled_from(SHARED),
        st.sampled_from([Operator.LIKE, Operator.NOT_LIKE]),
        st.sampled_from(["*", "1"]).map(Pattern),
    ),
    st.builds(
        Clause, st.sampled_from(SHARED), st.sampled_from([Operator.EQ, Operator.NE]), st.just("")
    ),
)
sharing_sets = st.lists(sharing_clauses, min_size=1, max_size=3).map(
    lambda clauses: FilterSet([fl.Filter(clauses)])
)


def one_or_list(inner):
    """An object, or a list of objects, or of what are none."""
    return inner | st.lists(inner | st.sampled_from([1, None]) | st.lists(inner, max_size=2))


sharing_ends = st.sampled_from([1, 2, 1, 2, None, [1, 2], []])
sharing_inner = st.fixed_dictionaries({}, optional={"c": sharing_ends, "d": sharing_ends})
sharing_outer = st.fixed_dictionaries(
    {"b": one_or_list(sharing_inner)},
    # A dotted name may be a key itself, at any depth.
    optional={"c": sharing_ends, "b.c": sharing_ends, "e": one_or_list(sharing_inner)},
)
sharing_records = st.fixed_dictionaries(
    {"a": one_or_list(sharing_outer)}, optional={"a.b.c": sharing_ends, "a.b": sharing_inner}
)


@pytest.mark.slow
@given(
    st.lists(sharing_sets, min_size=30, max_size=60),
    st.lists(sharing_records, min_size=4, max_size=12),
)
@settings(max_examples=2 * settings().max_examples)
def test_names_that_share_segments(sets, asked):
    """Each verdict is the matcher's, whatever kind of thing a shared segment leads to."""
    filters = dict(enumerate(sets))
    index = FilterIndex(filters)
    matchers = {key: fl.compile(one) for key, one in filters.items()}
    for record in asked:
        assert index.match(record) == [key for key, one in matchers.items() if one(record)]


hostile = st.sampled_from(sorted(HOSTILE))


@given(hostile, st.lists(plain_sets, min_size=1, max_size=20), st.sampled_from(["a", "o", "o.a"]))
def test_no_record_raises(name, sets, key):
    """No value makes it raise, and each verdict is the matcher's."""
    filters = dict(enumerate(sets))
    made: Any = HOSTILE[name]()
    index = FilterIndex(filters)
    for record in ({key: made}, {"o": {"a": made}}, {"o": [{"a": made}]}, made):
        assert index.match(record) == looped(filters, record)
