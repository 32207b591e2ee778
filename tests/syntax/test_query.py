"""Nodes ⇄ decoded pairs ⇄ query strings: what is written, and what is refused."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given

import filterlang as fl
from filterlang.testing import filter_sets

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
    ("query", "found", "mended"),
    [
        ("filter=%", [("FL201", "%")], []),
        ("filter=a==%4&b=%zz", [("FL201", "%4")], []),
        ("%zz=1&filter=a==1", [("FL201", "%zz")], []),
        ("filter=a==%C3%28%FF%FE", [("FL202", "%C3"), ("FL202", "%FF%FE")], []),
        ("filter=a==%80", [("FL202", "%80")], []),
        ("filter=%E2%82%AC%BF%C0%80%F0%9F", [("FL202", "%BF%C0%80%F0%9F")], []),
        ("Filter=a==1", [("FL203", "Filter")], ["filter=a==1"]),
        (
            "a=1&+%3Ffilters%5B0%5D+=a==1",
            [("FL203", "+%3Ffilters%5B0%5D+")],
            ["a=1&filter=a==1"],
        ),
        # Nobody knows how much of these keys was meant to be the filter.
        ("filter%3Da%3D%3D1", [("FL203", "filter%3Da%3D%3D1")], []),
        ("FILTER%3Da==1", [("FL203", "FILTER%3Da")], []),
        ("http://x.example/u?filter=a==1", [("FL204", "http://x.example/u?")], ["filter=a==1"]),
        (
            "https://x.example/u?b=1&filter=a==1",
            [("FL204", "https://x.example/u?")],
            ["b=1&filter=a==1"],
        ),
        # A URL asks for its query also where it has none: it must not pass for no filter.
        ("http://x.example/users", [("FL204", "http://x.example/users")], []),
        ("A1+b.c-d://x?", [("FL204", "A1+b.c-d://x?")], []),
        ("??filter=a==1", [("FL203", "?filter")], ["?filter=a==1"]),
        ("X?filter=a==1", [("FL204", "X?")], ["filter=a==1"]),
        ("/users?filter=a==1", [("FL204", "/users?")], ["filter=a==1"]),
        (
            "/users?Filters=a==1",
            [("FL204", "/users?"), ("FL203", "Filters")],
            ["Filters=a==1", "/users?filter=a==1"],
        ),
        # A path is one also where no filter follows it.
        ("/users?pageSize=5", [("FL204", "/users?")], ["pageSize=5"]),
        ("?/users?x=1", [("FL204", "/users?")], ["?x=1"]),
        ("next?page=2&filter=a==1", [("FL204", "next?")], ["page=2&filter=a==1"]),
        ("users?", [("FL204", "users?")], []),
        # A filter without its `filter=`.
        ("score>=10", [("FL203", "score>=10")], ["filter=score>=10"]),
        ("a=1&score==10", [("FL203", "score==10")], ["a=1&filter=score==10"]),
        ("a%21=5", [("FL203", "a%21=5")], ["filter=a%21=5"]),
        ("a~x*", [("FL203", "a~x*")], ["filter=a~x*"]),
        ("a=%3D5", [("FL203", "a=%3D5")], ["filter=a=%3D5"]),
        # One edit away: two exchanged, one missing, one more, another one.
        ("fliter=a==1", [("FL203", "fliter")], ["filter=a==1"]),
        ("fiter=a==1", [("FL203", "fiter")], ["filter=a==1"]),
        ("filtter=a==1", [("FL203", "filtter")], ["filter=a==1"]),
        ("Filtet=a==1", [("FL203", "Filtet")], ["filter=a==1"]),
        ("f\u0131lter=a==1", [("FL203", "f\u0131lter")], ["filter=a==1"]),
        # As frameworks write it; what stands in brackets or behind a dot would be lost.
        ("filter[12]=a==1", [("FL203", "filter[12]")], ["filter=a==1"]),
        ("filter[][]=a==1", [("FL203", "filter[][]")], ["filter=a==1"]),
        ("filter[a]=1", [("FL203", "filter[a]")], []),
        ("filter[a][gte]=1", [("FL203", "filter[a][gte]")], []),
        ("filter.a=1", [("FL203", "filter.a")], []),
        ("%24filter=a==1", [("FL203", "%24filter")], ["filter=a==1"]),
        ("%EF%BB%BFfilter=a==1", [("FL203", "%EF%BB%BFfilter")], ["filter=a==1"]),
        ("%09filter%C2%A0=a==1", [("FL203", "%09filter%C2%A0")], ["filter=a==1"]),
        # What stands before the path stays: it may be a filter.
        ("filter=b==1&/u?filter=a==1", [("FL204", "/u?")], ["filter=b==1&filter=a==1"]),
        ("?/u?filter=a==1", [("FL204", "/u?")], ["?filter=a==1"]),
        ("a?b?filter=a==1", [("FL204", "a?b?")], ["filter=a==1"]),
        # The `?` behind the path may be encoded, and one in the value is not it.
        ("/u%3Ffilter=a==1", [("FL204", "/u%3F")], ["filter=a==1"]),
        ("/u%3ffilter=a==1?", [("FL204", "/u%3f")], ["filter=a==1?"]),
        ("x;filter=a", [("FL205", "x;filter")], []),
        ("pageSize=5;filter=a==1", [("FL205", ";filter")], []),
        # Without a value that can be read there is no telling what the repair would leave out.
        ("x==1;filter=a==1&filter=%zz", [("FL205", ";filter"), ("FL201", "%zz")], []),
        (
            "?X==1 ;filter=a==X",
            [("FL205", ";filter")],
            ["filter=X%3D%3D1%3Ba%3D%3DX"],
        ),
    ],
)
def test_what_is_refused_of_the_query_itself(query, found, mended):
    error = refused(query)
    assert [(d.code, query[d.span.start : d.span.end]) for d in error.diagnostics] == found
    assert {d.source_index for d in error.diagnostics} == {None}
    assert error.query == query
    fixes = [fix for diagnostic in error.diagnostics for fix in diagnostic.fixes]
    assert [fix.apply(query) for fix in fixes] == mended
    assert not any(fix.safe for fix in fixes)


@pytest.mark.parametrize(
    "query",
    [
        "", "?", "&", "a=%zz", "filter", "filter=", "filter=+", "x=filter",
        # Two edits away, or words of other people.
        "filterBy=x", "filter_name=x", "filter-name=x", "file=x", "filtering=x", "filter[a]b=x",
        # A `?` in a value is no path.
        "x=http://x.example/u?y=1", "pageSize=5?", "pageSize&x?=1",
        # Nothing follows the key in this value.
        "=;filter",
    ],
)  # fmt: skip  # one kind of query a line
def test_queries_without_a_filter_restrict_nothing(query):
    assert fl.from_query(query) == fl.FilterSet()


@pytest.mark.parametrize(
    "query",
    [
        "filter=a%3D%3D1",
        "?filter=a==1",
        "&filter=a==1&",
        "next=?2&filter=a==1",
        "b&filter=a==1",
    ],
)
def test_what_stands_around_a_filter_is_left_alone(query):
    assert fl.unparse(fl.from_query(query)) == ["a==1"]


def test_what_can_not_be_decoded_is_shown_in_the_query():
    assert str(refused("a=1&filter=b%3D%3D%C3+%4xy")) == (
        "error[FL202]: '%C3' is not valid UTF-8\n"
        " --> query, column 19\n"
        "  |\n"
        "  | a=1&filter=b%3D%3D%C3+%4xy\n"
        "  |                   ^^^\n"
        "hint: percent-encode the UTF-8 bytes of the text\n"
        "\n"
        "error[FL201]: malformed percent sequence '%4x'\n"
        " --> query, column 23\n"
        "  |\n"
        "  | a=1&filter=b%3D%3D%C3+%4xy\n"
        "  |                       ^^^\n"
        "hint: a '%' is followed by two hexadecimal digits; a percent sign itself is written '%25'"
    )


def test_a_mistake_in_a_filter_is_shown_in_its_decoded_text():
    assert str(refused("b=1&filter=a%20=%201")) == (
        "error[FL104]: expected '==', found a single '='\n"
        " --> filter, column 3\n"
        "  |\n"
        "  | a = 1\n"
        "  |   ^\n"
        "hint: write '=='"
    )


def test_the_repair_belongs_to_the_first_joined_filters():
    """Other mistakes before them keep their own, and one repair is enough."""
    query = "Filter==a&x==1;filter=b==2&y==1;filter=c==3"
    key, *joined = refused(query).diagnostics
    assert (key.code, [fix.edits for fix in key.fixes]) == (
        "FL203",
        [(fl.Edit(fl.Span(0, 6), "filter"),)],
    )
    assert [(one.code, len(one.fixes)) for one in joined] == [("FL205", 1), ("FL205", 0)]
    assert {one.message for one in joined} == {"expected the key 'filter', found ';filter'"}
    assert fl.unparse(fl.from_query(joined[0].fixes[0].apply(query))) == [
        "Filter==a",
        "x==1;b==2",
        "y==1;c==3",
    ]


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
        (
            b"filter=a==1",
            "expected decoded pairs, not a query string; that is what from_query reads",
        ),
        (
            {"filter": "a==1"},
            (
                "expected pairs, not dict: a mapping may hold only one of several filters; pass its"
                " list of pairs, such as parse_qsl() or multi_items() gives"
            ),
        ),
        ([("filter", 1)], "parameter 1 is not a pair of str but ('filter', 1)"),
        ([("a", "b"), "xy"], "parameter 2 is not a pair of str but 'xy'"),
    ],
)
def test_pairs_are_pairs(pairs, message):
    with pytest.raises(TypeError) as caught:
        fl.from_params(pairs)
    assert str(caught.value) == message


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
    near, joined, _ = caught.value.diagnostics
    assert (near.span, joined.span) == (fl.Span(0, 7), fl.Span(0, 8))
    assert (near.source_index, joined.source_index) == (None, None)


def test_filters_without_their_key_among_pairs():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.from_params([("score", "=10"), ("n!", "1"), ("pageSize", "5"), ("filter[a]", "1")])
    hint = "write 'filter=' before it; a filter under no key would not restrict anything"
    name = "write 'filter=' and the whole filter behind it, as in 'filter=score>=10'"
    assert str(caught.value) == (
        f"error[FL203]: expected the key 'filter', found 'score==10'\nhint: {hint}\n\n"
        f"error[FL203]: expected the key 'filter', found 'n!=1'\nhint: {hint}\n\n"
        f"error[FL203]: expected the key 'filter', found 'filter[a]'\nhint: {name}"
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


def test_all_nodes_are_written_in_the_dialect_of_2019():
    filter_ = fl.parse_filter("a b/c~x/*;d<1/2;e~%")
    query = "filter=a%20b%2Fc%3D@x%2F%2A%3Bd%3C1%2F2%3Be%3D@%25"
    for node in (filter_, fl.FilterSet([filter_])):
        assert fl.to_query(node, dialect="aptrinsic-2019") == query
    assert fl.to_query(filter_.clauses[1], dialect="aptrinsic-2019") == "filter=d%3C1%2F2"
    assert fl.to_query(fl.FilterSet(), dialect="aptrinsic-2019") == ""
    with pytest.raises(fl.UnsupportedError):
        fl.to_query(fl.parse_filter("a!~b"), dialect="aptrinsic-2019")


@pytest.mark.parametrize("dialect", ["2019", "PX", "", None])
def test_an_unknown_dialect(dialect):
    with pytest.raises(ValueError, match="dialect") as caught:
        fl.to_query(fl.FilterSet(), dialect=dialect)
    message = f"expected the dialect 'px' or 'aptrinsic-2019', found {dialect!r}"
    assert str(caught.value) == message


def is_of_2019(filters):
    return all(clause.operator.in_2019 for one in filters for clause in one)


@given(filter_sets())
def test_the_dialect_of_2019_is_read_back(filters):
    """from_query(to_query(x, 2019)) == x without newer operators; with one, x is refused."""
    if not is_of_2019(filters):
        with pytest.raises(fl.UnsupportedError):
            fl.to_query(filters, dialect="aptrinsic-2019")
        return
    query = fl.to_query(filters, dialect="aptrinsic-2019")
    assert fl.from_query(query) == filters
    if not any(clause.operator is fl.Operator.LIKE for one in filters for clause in one):
        assert query == fl.to_query(filters)


@given(filter_sets().filter(is_of_2019))
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
