"""Changing filters: parts of clauses, names, aliases, clause by clause."""

from __future__ import annotations

import copy
import operator
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import F
from filterlang.testing import clauses, filter_sets, records

# --- Laws -----------------------------------------------------------------------------------------


@given(clauses())
def test_the_complement_of_the_complement_is_the_clause(clause):
    """~~c == c where ~ exists, and replacing nothing is the clause."""
    assert clause.replace() == clause
    if clause.operator.complement is not None:
        assert ~~clause == clause


@given(clauses(), records())
def test_a_complement_is_true_of_exactly_the_other_records(clause, record):
    if clause.operator.complement is not None:
        assert fl.matches(~clause, record) is not fl.matches(clause, record)


@given(filter_sets())
def test_the_identity_changes_nothing(filters):
    assert fl.map_clauses(filters, lambda clause: clause) == filters


@given(filter_sets(), st.data())
def test_renaming_can_be_undone(filters, data):
    names = filters.names()
    new = data.draw(st.permutations([*names, "x.new", "y"]))
    mapping = dict(zip(names, new, strict=False))
    renamed = fl.rename(filters, mapping)
    assert fl.rename(renamed, {new: old for old, new in mapping.items()}) == filters


# --- Nodes ----------------------------------------------------------------------------------------


def test_parts_are_replaced():
    clause = F.score >= 10
    assert str(clause.replace(name=" a . b ", operator="<", expression="20")) == "a.b<20"
    assert str(clause.replace(operator="~", expression=fl.Pattern("1*"))) == "score~1*"
    wrong_parts = [{"operator": "~"}, {"expression": ""}, {"name": "a,b"}, {"operator": "="}]
    for wrong in (*wrong_parts, {"name": None}, {"expression": None}):
        with pytest.raises(ValueError, match=r".+"):
            clause.replace(**wrong)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="copy.replace came with Python 3.13")
def test_copy_replaces():
    clause = F.score >= 10
    assert copy.replace(clause, operator="<") == (F.score < 10)
    assert copy.replace(clause & clause, clauses=[clause]) == fl.Filter([clause])
    assert copy.replace(clause | clause, filters=[]) == fl.FilterSet()


def test_nodes_are_indexed():
    filters = fl.parse(["a==1;b==2", "c==3"])
    assert len(filters) == 2
    assert filters[0][1] == (F.b == 2)
    assert filters[-1] == fl.Filter([F.c == 3])
    assert filters[0][1:] == (F.b == 2,)
    assert filters[2:] == ()
    with pytest.raises(IndexError):
        filters[2]


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (
            F.score >= 10,
            (
                "the opposite of 'score>=10' is no single clause, since a missing value is neither:"
                " write the filters 'score<10' and 'score=='"
            ),
        ),
        (
            (F.a == 1) & (F.b < 2),
            (
                "the opposite of a Filter is no single one: write these filters, if no two clauses"
                " go through one list: 'a!=1', 'b>=2', 'b=='"
            ),
        ),
        (
            (F.a == 1) | (F.b == 2),
            "the opposite of these filters is one filter: write 'a!=1;b!=2'",
        ),
        (
            fl.FilterSet(),
            (
                "the opposite of a FilterSet is no single one: write the filters that are meant,"
                " each with the opposite of a clause"
            ),
        ),
        (
            fl.FilterSet([fl.Filter([F.a == 1])]),
            (
                "the opposite of a FilterSet is no single one: write these filters, if no two"
                " clauses go through one list: 'a!=1'"
            ),
        ),
    ],
)
def test_what_has_no_complement(node, message):
    with pytest.raises(TypeError) as caught:
        operator.invert(node)
    assert str(caught.value) == message


# --- map_clauses ----------------------------------------------------------------------------------


def test_clauses_become_others_several_or_none():
    def change(clause):
        match clause.name:
            case "a":
                return [clause, F.a2 == 2]
            case "b":
                return None
            case "c":
                return (F.x == 1) & (F.y == 2)
        return clause

    assert fl.unparse(fl.map_clauses(["a==1;b==2", "c==3;d==4"], change)) == [
        "a==1;a2==2",
        "x==1;y==2;d==4",
    ]


def test_a_filter_never_becomes_empty_by_accident():
    def without_b(clause):
        return None if clause.name == "b" else clause

    both = ["a==1", "b==2"]
    with pytest.raises(ValueError, match=r"^all clauses of 'b==2' are dropped: say by emptied="):
        fl.map_clauses(both, without_b)
    assert fl.unparse(fl.map_clauses(both, without_b, emptied="drop")) == ["a==1"]
    assert fl.map_clauses(both, without_b, emptied="match all") == fl.FilterSet()
    with pytest.raises(ValueError, match=r"^all filters would be left out, and without any"):
        fl.map_clauses("b==2", without_b, emptied="drop")
    with pytest.raises(ValueError, match=r"^expected 'error', 'drop' or 'match all' as emptied"):
        fl.map_clauses("b==2", without_b, emptied="keep")
    assert fl.map_clauses([], without_b) == fl.FilterSet()


@pytest.mark.parametrize("wrong", ["a==1", 7, ["a==1"], fl.FilterSet()])
def test_what_a_function_must_not_return(wrong):
    with pytest.raises(TypeError, match=r"^the function has to return a Clause, several"):
        fl.map_clauses("a==1", lambda _: wrong)
    with pytest.raises(TypeError, match=r"^the function returned no clause; return None to drop"):
        fl.map_clauses("a==1;b==2", lambda _: [])


# --- rename, resolve ------------------------------------------------------------------------------


def test_names_are_whole():
    assert fl.unparse(fl.rename("city==1;city.code==2", {"city": "town", "zip": "z"})) == [
        "town==1;city.code==2"
    ]
    assert fl.unparse(fl.rename("a==1;b==2", {"a": "b", "b": "a"})) == ["b==1;a==2"]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"a": "x", "b": "x"}, "'a' and 'b' would both become 'x'"),
        ({"a": "b"}, "'a' would become 'b', which a clause asks for already"),
        ({"a": ""}, "the name is empty"),
        # It couldn't be undone, although no clause asks for the old name.
        ({"c": "b"}, "'c' would become 'b', which a clause asks for already"),
    ],
)
def test_renaming_is_one_to_one(mapping, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        fl.rename("a==1;b==2", mapping)


def test_aliases_are_resolved():
    assert fl.unparse(fl.resolve(["countryCode==US", "score>5"], fl.px.USER)) == [
        "location.countryCode==US",
        "score>5",
    ]
    with pytest.raises(fl.SchemaError) as caught:
        fl.resolve(["cuntryCode==US", "score>x;scor>5"], fl.px.USER)
    assert [(one.code, one.source_index, one.span) for one in caught.value.diagnostics] == [
        ("FL501", 0, fl.Span(0, 10)),
        ("FL501", 1, fl.Span(8, 12)),
    ]
    assert fl.unparse(fl.resolve("zz==1;countryCode==US", fl.px.USER, unknown="keep")) == [
        "zz==1;location.countryCode==US"
    ]
    is_open = fl.Schema({"a": "text"}, aliases={"b": "a"}, is_open=True)
    assert fl.unparse(fl.resolve("zz==1;b==2", is_open)) == ["zz==1;a==2"]
    with pytest.raises(ValueError, match=r"^expected 'error' or 'keep' as unknown, found 'drop'$"):
        fl.resolve("a==1", is_open, unknown="drop")


def test_what_comes_out_is_what_went_in():
    clause, filter_ = F.a == 1, fl.parse_filter("a==1;b==2")
    schema = fl.Schema({"x": "text", "b": "text"}, aliases={"a": "x"})
    for one in (clause, filter_, fl.parse(["a==1", "b==2"])):
        assert fl.map_clauses(one, lambda part: part) == one
        assert type(fl.rename(one, {"a": "c"})) is type(one)
        assert type(fl.resolve(one, schema)) is type(one)
    assert fl.map_clauses(clause, lambda part: [part, part]) == clause & clause
    assert fl.map_clauses(filter_, lambda _: None, emptied="match all") == fl.FilterSet()
    assert fl.rename("a==1", {"a": "c"}) == fl.parse("c==1")


# --- Where clauses came from ----------------------------------------------------------------------


def test_clauses_have_their_places():
    report = fl.check([" a == 1 ; b.c>= x;", "", "lastName=Doe;broken; ~x"])
    texts = report.sources
    found = [
        tuple(
            texts[one.source_index][span.start : span.end]
            for span in (one.span, one.name, one.operator, one.expression)
        )
        for one in report.clauses
    ]
    assert found == [
        ("a == 1", "a", "==", "1"),
        ("b.c>= x", "b.c", ">=", "x"),
        ("lastName=Doe", "lastName", "=", "Doe"),
        ("broken", "broken", "", ""),
        ("~x", "", "~", "x"),
    ]
    assert [one.source_index for one in report.clauses] == [0, 0, 2, 2, 2]


@given(filter_sets())
def test_places_of_canonical_text_give_it_back(filters):
    report = fl.check(fl.unparse(filters))
    parts = [
        "".join(report.sources[one.source_index][span.start : span.end] for span in spans)
        for one in report.clauses
        for spans in [(one.name, one.operator, one.expression)]
    ]
    assert parts == [str(clause) for filter_ in filters for clause in filter_]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ([("a", "b")], "expected a mapping of names to new names, not list"),
        (str.upper, "expected a mapping of names to new names, not method_descriptor"),
        ({"a": 1}, "expected names of str, not int: 1"),
        ({None: "b"}, "expected names of str, not NoneType: None"),
    ],
)
def test_what_names_are_not_renamed_by(mapping, message):
    with pytest.raises(TypeError) as caught:
        fl.rename("a==1", mapping)
    assert str(caught.value) == message
