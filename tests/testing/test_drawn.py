"""The strategies for other people's tests: what they draw is what they say."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang import Clause, Dimension, Filter, FilterSet, Operator, Schema, px
from filterlang.testing import (
    clauses,
    damaged_texts,
    expressions,
    filter_sets,
    filters,
    matching_records,
    names,
    near_misses,
    patterns,
    records,
)
from filterlang.testing.drawn_records import _of_clause

EVERYTHING = Schema(
    {
        "text": "text",
        "number": Dimension("number", operators=["==", ">="]),
        "flag": "boolean",
        "day": "datetime",
        "kind": Dimension("enum", values=["a b", "ç", "*", ","]),
        "kinds": Dimension("list of enum", values=["one", "two"]),
        "tags": "list of text",
        "place": Dimension("object", fields={"city": "text", "zip": "integer"}),
        "events": Dimension("list of objects", fields={"name": "text", "count": "integer"}),
        "more": Dimension("map", fields={"plan": "text"}),
        "hidden": Dimension("text", filterable=False),
        "unasked": Dimension("text", operators=[]),
        "place.city": "integer",
        "veiled": "text",
    },
    aliases={"town": "place.zip", "veiled": "text"},
)
schemas = st.sampled_from([None, px.USER, px.ACCOUNT, EVERYTHING])


@given(st.data(), schemas)
def test_names(data, schema):
    """A name drawn can be written, and can be used in filters of the schema."""
    name = data.draw(names(schema))
    assert str(Clause(name, "==", "x")) == f"{name}==x"
    if schema is not None:
        found = schema.find(name)
        assert found is not None
        assert found.dimension.filterable
        assert found.dimension.type != "object"


def test_all_usable_names_are_drawn():
    known = ["text", "number", "flag", "day", "kind", "kinds", "tags", "place.zip", "events.name"]
    known += ["events.count", "more.plan", "place.city"]

    drawn = set()

    @settings(max_examples=300, derandomize=True, database=None)
    @given(names(EVERYTHING))
    def draw(name):
        drawn.add(name)

    draw()
    assert drawn == set(known)


@pytest.mark.parametrize("strategy", [names, clauses])
def test_a_schema_without_usable_names(strategy):
    schema = Schema({"a": Dimension("text", filterable=False), "b": "map"})
    with pytest.raises(ValueError, match=r"^the schema has no name that a filter can use$"):
        strategy(schema)


@given(expressions())
def test_expressions(expression):
    """An expression drawn is read back from its clause, the empty one included."""
    clause = Clause("a", "==", expression)
    assert fl.parse_filter(str(clause)) == Filter([clause])


@given(patterns())
def test_patterns(pattern):
    """A pattern drawn is read back from its clause."""
    clause = Clause("a", "~", pattern)
    assert fl.parse_filter(str(clause)) == Filter([clause])


@given(st.data(), schemas)
def test_damaged_texts(data, schema):
    """A damaged text is a filter, or it is said what is wrong with it."""
    report = fl.check(data.draw(damaged_texts(schema)))
    assert report.ok or report.diagnostics


@pytest.mark.slow
@pytest.mark.no_cover
def test_a_text_is_damaged_in_each_way():
    schema = Schema({"abc": Dimension("enum", values=["de"], operators=["=="])})
    drawn = set()

    @settings(max_examples=3000, derandomize=True, database=None)
    @given(damaged_texts(schema))
    def draw(text):
        drawn.add(text)

    draw()
    deleted, doubled, swapped, put_in = "abc=de", "aabc==de", "bac==de", "abc=!=de"
    assert {deleted, doubled, swapped, put_in} <= drawn


@given(st.data(), schemas)
def test_what_is_drawn_for_a_schema_fits_it(data, schema):
    """Filters drawn are read back from their text, and have no error for the schema."""
    drawn = data.draw(filter_sets(schema))
    assert fl.parse(fl.unparse(drawn)) == drawn
    report = fl.check(fl.unparse(drawn), schema)
    assert report.ok, report.render()


@given(st.data())
def test_sizes(data):
    """The sizes asked for are kept to."""
    assert 2 <= len(data.draw(filters(min_size=2, max_size=3))) <= 3
    assert 1 <= len(data.draw(filter_sets(px.USER, min_size=1, max_size=2))) <= 2


@pytest.mark.sampled(1)
@pytest.mark.parametrize("schema", [None, EVERYTHING], ids=["free", "schema"])
@pytest.mark.slow
def test_every_operator_is_drawn(schema):
    drawn = set()

    @settings(max_examples=300, derandomize=True, database=None)
    @given(clauses(schema))
    def draw(clause):
        drawn.add(clause.operator)

    draw()
    assert drawn == set(Operator)


# --- Records --------------------------------------------------------------------------------------


@given(st.data())
def test_free_records(data):
    """A record is a dict, and a matcher says something about it."""
    record = data.draw(records())
    assert isinstance(fl.matches("a==1;b~*", record), bool)


@given(st.data(), st.sampled_from([px.USER, px.ACCOUNT, EVERYTHING]))
def test_records_of_a_schema(data, schema):
    """A record of a schema has the schema's names only, and is what JSON can hold."""
    record = data.draw(records(schema))
    assert record.keys() <= dict(schema.dimensions).keys()
    assert json.loads(json.dumps(record)) == record
    inferred = fl.Schema.infer([record]).schema
    for name, dimension in inferred.walk():
        assert schema.find(name) is not None, name
        if dimension.is_list:
            assert schema.find(name).dimension.is_list


@given(st.data(), schemas)
def test_matching_records(data, schema):
    """A record drawn for filters matches them."""
    drawn = data.draw(filter_sets(schema, min_size=0))
    try:
        matching = matching_records(drawn, schema)
    except ValueError as error:
        # Two clauses about one name may contradict each other.
        assert str(error).startswith("no record was found that matches '")  # noqa: PT017 — as above
        return
    assert fl.compile(drawn, schema=schema)(data.draw(matching))


@given(st.data(), schemas)
def test_near_misses(data, schema):
    """A record that just misses filters doesn't match them; it would without one of the names."""
    drawn = data.draw(filter_sets(schema, min_size=1, max_size=2))
    try:
        missing = near_misses(drawn, schema)
    except ValueError as error:
        assert str(error).startswith("no record was found that just misses '")  # noqa: PT017 — rare
        return
    record = data.draw(missing)
    assert not fl.compile(drawn, schema=schema)(record)


NEAR = [
    ("a==1;b==2", "flat"),
    ("score>=10;score<20;type==USER", "range"),
    ("location.city~B*;location.countryCode!=US", "nested"),
    ("tags==a;tags==b;x~*y?", "list"),
    ("a!=;b==", "empty"),
    ("when>=2024-01-01;when<2024-02-01T00:00Z;flag==true", "dates"),
    ("a==1;a.b==2", "one name through another"),
]


@pytest.mark.sampled(2)
@pytest.mark.parametrize("text", [text for text, _ in NEAR], ids=[name for _, name in NEAR])
def test_one_name_keeps_a_near_miss_from_matching(text):
    filter_ = fl.parse_filter(text)

    @given(matching_records(text), near_misses(text))
    def draw(hit, miss):
        assert fl.matches(text, hit)
        assert not fl.matches(text, miss)
        rests = [
            [clause for clause in filter_ if clause.name != name]
            for name in {clause.name for clause in filter_}
        ]
        assert any(not rest or fl.matches(Filter(rest), miss) for rest in rests)

    draw()


def test_records_for_groups_have_lists_of_objects():
    text = "channelMetricList.channel==3;channelMetricList.environment==1"
    found = set()

    @given(matching_records(text, px.USER))
    @settings(max_examples=100)
    def draw(record):
        found.add(type(record.get("channelMetricList")))

    draw()
    assert found == {type(None), list}


def test_aliases_lead_where_the_schema_says():
    @given(matching_records("countryCode==US;cityName==Bonn", px.USER))
    def draw(record):
        assert fl.matches("location.countryCode==US;location.city==Bonn", record)

    draw()


def test_what_matches_everything():
    @given(matching_records(FilterSet([]), px.USER))
    def draw(record):
        assert record.keys() <= dict(px.USER.dimensions).keys()

    draw()
    with pytest.raises(
        ValueError,
        match=r"^no record was found that just misses no filters at all, which match everything$",
    ):
        near_misses(FilterSet([]))


def test_what_matches_nothing():
    schema = Schema({"a": "integer"})
    with pytest.raises(ValueError, match=r"^no record was found that matches 'a>5;a<3' or 'a==x'$"):
        matching_records(["a>5;a<3", "a==x"], schema)
    # A list may: one of its elements is more, another is less.

    @given(matching_records("a>5;a<3"))
    def draw(record):
        assert type(record["a"]) is list

    draw()


def test_bad_text_is_told():
    with pytest.raises(fl.FilterSyntaxError):
        matching_records("a=1")


@pytest.mark.parametrize("text", ["a==1e999999", "a>9e30", "a<=-9999-01-01", "a>99999999999999999"])
def test_numbers_far_away(text):
    @given(matching_records(text), near_misses(text))
    def draw(hit, miss):
        assert fl.matches(text, hit)
        assert not fl.matches(text, miss)

    draw()


def test_a_text_in_capitals_is_drawn_only_where_it_folds_to_the_same():
    def near(text):
        return {*_of_clause(Clause("a", "==", text))}

    assert near("bonn") == {"bonn", "BONN", "bonnx", "bon"}
    assert near("straße") == {"straße", "straßex", "straß"}
