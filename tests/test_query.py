"""Nodes ⇄ decoded pairs ⇄ query strings: what is written, and what is refused."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given

import filterlang as fl
from tests.property.strategies import filter_sets

GARBLED = (
    "filter=countryCode%3D%3DUS;filter=cityName%3D%3DCleveland "
    "&countryCode%3D%3DUK;filter=cityName%3D%3DCleveland"
)


def refused(query):
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_query(query)
    return caught.value


def test_the_garbled_example_of_the_documentation_is_repaired():
    error = refused(GARBLED)
    assert str(error) == (
        "error[FL205]: expected the key 'filter', found 'countryCode==UK;filter'\n"
        " --> query, column 60\n"
        "  |\n"
        "  | …untryCode%3D%3DUS;filter=cityName%3D%3DCleveland &countryCode%3D%3DUK;filter="
        "cityName%3D%3DCleveland\n"
        "  |                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "hint: within one filter ';' alone joins clauses, and '&filter=' starts the next filter;"
        " this means\n"
        "  filter=countryCode%3D%3DUS;cityName%3D%3DCleveland"
        "&filter=countryCode%3D%3DUK;cityName%3D%3DCleveland\n"
        "and is best sent encoded:\n"
        "  filter=countryCode%3D%3DUS%3BcityName%3D%3DCleveland"
        "&filter=countryCode%3D%3DUK%3BcityName%3D%3DCleveland\n"
        "\n"
        "error[FL116]: expected a clause, found the parameter's key 'filter='\n"
        " --> filter, column 17\n"
        "  |\n"
        "  | countryCode==US;filter=cityName==Cleveland \n".rstrip(" \n")
        + "\n"
        "  |                 ^^^^^^^\n"
        "hint: leave it out; it belongs to the query string, not to the filter"
    )
    mended = error.diagnostics[0].fixes[0].apply(GARBLED)
    assert fl.unparse(fl.from_query(mended)) == [
        "countryCode==US;cityName==Cleveland",
        "countryCode==UK;cityName==Cleveland",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter=%", [("FL201", "%")]),
        ("filter=a==%4&b=%zz", [("FL201", "%4")]),
        ("%zz=1&filter=a==1", [("FL201", "%zz")]),
        ("filter=a==%C3%28%FF%FE", [("FL202", "%C3"), ("FL202", "%FF%FE")]),
        ("Filter=a==1", [("FL203", "Filter")]),
        ("a=1&+%3Ffilters%5B0%5D+=a==1", [("FL203", "+%3Ffilters%5B0%5D+")]),
        ("filter%3Da%3D%3D1", [("FL203", "filter%3Da%3D%3D1")]),
        ("http://x.example/u?filter=a==1", [("FL204", "http://x.example/u?")]),
        ("/users?filter=a==1", [("FL204", "/users?")]),
        ("x;filter=a", [("FL205", "x;filter")]),
        ("pageSize=5;filter=a==1", [("FL205", ";filter")]),
    ],
)
def test_what_is_refused_of_the_query_itself(query, found):
    error = refused(query)
    assert [(d.code, query[d.span.start : d.span.end]) for d in error.diagnostics] == found
    assert {d.source_index for d in error.diagnostics} == {None}
    for diagnostic in error.diagnostics:
        for fix in diagnostic.fixes:
            assert fl.unparse(fl.from_query(fix.apply(query))) == ["a==1"]


@pytest.mark.parametrize(
    "query", ["", "?", "&", "a=%zz", "filter", "filter=", "filter=+", "x=filter"]
)
def test_queries_without_a_filter_restrict_nothing(query):
    assert fl.from_query(query) == fl.FilterSet()


def test_a_query_is_a_str():
    with pytest.raises(TypeError, match="expected a query string, not bytes"):
        fl.from_query(b"filter=a==1")


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (
            "filter=a==1",
            "expected decoded pairs, not a query string; that is what from_query reads",
        ),
        ({"filter": "a==1"}, "expected pairs, not dict: a mapping may hold only one of several "),
        ([("filter", 1)], "parameter 1 is not a pair of str but ('filter', 1)"),
        ([("a", "b"), "xy"], "parameter 2 is not a pair of str but 'xy'"),
    ],
)
def test_pairs_are_pairs(pairs, message):
    with pytest.raises(TypeError) as caught:
        fl.from_params(pairs)
    assert str(caught.value).startswith(message)


def test_a_near_miss_among_pairs():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_params([("filters", "a==1"), ("a;filter", "x"), ("filter", "b=1")])
    assert str(caught.value) == (
        "error[FL203]: expected the key 'filter', found 'filters'\n"
        "hint: write 'filter'; under any other key the filter would not restrict anything\n"
        "\n"
        "error[FL205]: expected the key 'filter', found 'a;filter'\n"
        "hint: within one filter ';' alone joins clauses, and '&filter=' starts the next filter\n"
        "\n"
        "error[FL104]: expected '==', found a single '='\n"
        " --> filter, column 2\n"
        "  |\n"
        "  | b=1\n"
        "  |  ^\n"
        "hint: write '=='"
    )


def test_the_limit_is_that_of_each_decoded_filter():
    assert len(fl.from_query("filter=a%3D%3D1&filter=b%3D%3D2", max_length=4)) == 2
    with pytest.raises(fl.LimitError):
        fl.from_query("filter=a%3D%3D12", max_length=4)
    with pytest.raises(fl.LimitError):
        fl.from_params([("filter", "a==12")], max_length=4)


# --- The dialects ---------------------------------------------------------------------------------


def test_px_is_the_dialect_unless_another_is_named():
    filters = fl.parse("a~x*;b!~y")
    assert fl.to_query(filters) == fl.to_query(filters, dialect="px") == "filter=a~x%2A%3Bb%21~y"


def test_the_dialect_of_2019_has_no_not_like():
    filters = fl.parse(["a==1", "b~x;Ärger!~x;c!~*"])
    with pytest.raises(fl.UnsupportedError) as caught:
        fl.to_query(filters, dialect="aptrinsic-2019")
    hint = (
        "hint: send the filter in the dialect 'px', or leave the clause out and match the answer"
        " offline"
    )
    assert str(caught.value) == (
        "error[FL206]: the dialect 'aptrinsic-2019' has no operator '!~'\n"
        " --> filter 2, column 10\n"
        "  |\n"
        "  | b~x;Ärger!~x;c!~*\n"
        "  |          ^^\n"
        f"{hint}\n"
        "\n"
        "error[FL206]: the dialect 'aptrinsic-2019' has no operator '!~'\n"
        " --> filter 2, column 15\n"
        "  |\n"
        "  | b~x;Ärger!~x;c!~*\n"
        "  |               ^^\n"
        f"{hint}"
    )


@pytest.mark.parametrize("dialect", ["2019", "PX", "", None])
def test_an_unknown_dialect(dialect):
    with pytest.raises(ValueError, match="dialect") as caught:
        fl.to_query(fl.FilterSet(), dialect=dialect)
    message = f"expected the dialect 'px' or 'aptrinsic-2019', found {dialect!r}"
    assert str(caught.value) == message


def has_not_like(filters):
    return any(clause.operator is fl.Operator.NOT_LIKE for one in filters for clause in one)


@given(filter_sets)
def test_the_dialect_of_2019_is_read_back(filters):
    """from_query(to_query(x, 2019)) == x without `!~`; with it, x is refused."""
    if has_not_like(filters):
        with pytest.raises(fl.UnsupportedError):
            fl.to_query(filters, dialect="aptrinsic-2019")
        return
    query = fl.to_query(filters, dialect="aptrinsic-2019")
    assert fl.from_query(query) == filters
    if not any(clause.operator is fl.Operator.LIKE for one in filters for clause in one):
        assert query == fl.to_query(filters)


@given(filter_sets.filter(lambda filters: not has_not_like(filters)))
def test_the_dialects_differ_in_one_operator_alone(filters):
    """A query of 2019 is that of px with `%3D@` for the `~` between a name and a pattern."""
    written = []
    for one in filters:
        clauses = []
        for clause in one:
            name, expression = quote(clause.name, safe=""), quote(str(clause.expression), safe="")
            is_like = clause.operator is fl.Operator.LIKE
            clauses.append(f"{name}%3D@{expression}" if is_like else quote(str(clause), safe=""))
        written.append("filter=" + "%3B".join(clauses))
    assert fl.to_query(filters, dialect="aptrinsic-2019") == "&".join(written)


def test_joined_filters_that_are_too_long_for_a_repair():
    long = "x" * (1 << 20)
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_query(f"x=1;filter=a=={long}", max_length=None)
    joined = next(one for one in caught.value.diagnostics if one.code == "FL205")
    assert joined.fixes == ()
    assert joined.hint == (
        "within one filter ';' alone joins clauses, and '&filter=' starts the next filter"
    )
