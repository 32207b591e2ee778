"""Requests of named lists: what each list takes, and what doesn't go together."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import px
from filterlang.diagnostics.diagnostic import shown
from filterlang.px.endpoints import list_endpoint

SCROLLED = [path for path, one in px.LISTS.items() if one.is_scrolled]
NUMBERED = [path for path, one in px.LISTS.items() if not one.is_scrolled]
FILTERS = fl.parse("identifyId==a")


@st.composite
def requests(draw):
    """Draw a request that its list takes."""
    path = draw(st.sampled_from([None, *px.LISTS]))
    endpoint = None if path is None else px.LISTS[path]
    most = draw(st.integers(1, 2000))
    options = {"page_size": draw(st.integers(1, most)), "max_page_size": most}
    places = [{}]
    if path not in NUMBERED:
        places += [{"scroll_id": "DXF1=="}]
        if path not in {None, "accounts"}:
            options["filters"] = draw(st.sampled_from([fl.FilterSet(), FILTERS]))
        if path is not None:
            names = endpoint.sortable or ("lastSeenDate", "location.countryCode")
            options["sort"] = draw(st.sampled_from([None, *names, f"-{names[-1]};{names[0]}"]))
    if path not in SCROLLED:
        places += [{"page_number": number} for number in (0, 7, 999_999_999)]
    return px.ListRequest(**options, **draw(st.sampled_from(places)), endpoint=path)


@given(requests())
def test_reading_inverts_writing_for_every_list(request):
    """from_params(to_params(x), the same list) == x."""
    pairs = request.to_params()
    limits = {"endpoint": request.endpoint, "max_page_size": request.max_page_size}
    assert px.ListRequest.from_params(pairs, **limits) == request
    assert all(type(name) is type(value) is str for name, value in pairs)


@given(requests())
def test_requests_of_lists_are_values(request):
    for twin in (copy.deepcopy(request), pickle.loads(pickle.dumps(request))):
        assert twin == request
        assert hash(twin) == hash(request)


def test_a_list_is_named_by_its_path_or_given():
    for given_ in ("events/custom", "/events/custom", px.LISTS["events/custom"]):
        assert px.ListRequest(endpoint=given_).endpoint is px.LISTS["events/custom"]
    for wrong in ("event/custom", "", 5, px.USER.find("email"), ["users"]):
        with pytest.raises(ValueError, match="path of a list") as caught:
            px.ListRequest(endpoint=wrong)
        known = ", ".join(px.LISTS)
        expected = f"expected the path of a list, found {shown(wrong)}; they are {known}"
        assert str(caught.value) == expected
    assert list_endpoint("/users").path == "users"


def test_what_is_shown_of_a_request_has_no_schema():
    request = px.ListRequest(FILTERS, endpoint="users", max_page_size=200)
    shown = f"ListRequest({request.filters!r}, 25, None, None, endpoint='users', max_page_size=200)"
    assert repr(request) == shown
    assert repr(px.ListRequest()) == "ListRequest(FilterSet(()), 25, None, None)"
    assert repr(px.ListRequest(endpoint="segment")).endswith("page_number=0, endpoint='segment')")


@pytest.mark.parametrize("path", NUMBERED)
def test_pages_with_numbers_begin_at_the_first(path):
    request = px.ListRequest(endpoint=path)
    assert request.to_params() == [("pageSize", "25"), ("pageNumber", "0")]
    assert request.at_page(4) == px.ListRequest(page_number=4, endpoint=path)


@given(requests())
def test_the_request_for_another_page_differs_in_its_place_alone(request):
    is_scrolled = request.scroll_id is not None or request.page_number is None
    other = request.after("x") if is_scrolled else request.at_page(9)
    assert (other.scroll_id, other.page_number) == (("x", None) if is_scrolled else (None, 9))
    for name in ("filters", "page_size", "sort", "endpoint", "max_page_size"):
        assert getattr(other, name) == getattr(request, name)


def test_how_many_records_a_page_can_have_is_a_parameter():
    assert px.ListRequest(page_size=2000, max_page_size=5000).page_size == 2000
    with pytest.raises(ValueError, match=r"^expected a page size from 1 to 200, found 500$"):
        px.ListRequest(page_size=500, max_page_size=200)
    with pytest.raises(ValueError, match=r"^expected a page size from 1 to 200, found 'x'$"):
        px.ListRequest.from_params([("pageSize", "x")], max_page_size=200)


@pytest.mark.parametrize("value", [0, -1, True, 10**9, 2.0, "9", None])
def test_the_most_is_a_number(value):
    with pytest.raises(ValueError, match="max_page_size") as caught:
        px.ListRequest(max_page_size=value)
    kind = "" if type(value) is int else f", which is a {type(value).__name__}, not an int"
    expected = f"expected a max_page_size from 1 to 999999999, found {value!r}{kind}"
    assert str(caught.value) == expected


@pytest.mark.parametrize("value", [-1, True, 10**9, 2.0, "9"])
def test_page_numbers_have_bounds(value):
    with pytest.raises(ValueError, match="page number") as caught:
        px.ListRequest(page_number=value)
    kind = "" if type(value) is int else f", which is a {type(value).__name__}, not an int"
    expected = f"expected a page number from 0 to 999999999, found {value!r}{kind}"
    assert str(caught.value) == expected


def test_page_numbers_that_are_read_have_bounds():
    with pytest.raises(ValueError, match=r"^expected a page number from 0 to 999999999, found 'x'"):
        px.ListRequest.from_params([("pageNumber", "x")])
    with pytest.raises(ValueError, match=r"^expected one parameter 'pageNumber', found 2$"):
        px.ListRequest.from_params([("pageNumber", "1"), ("pageNumber", "2")])


SCROLLS = "the pages of users have no numbers; write the scroll_id of the page before instead of"
COUNTS = "the pages of segment have numbers, counted from 0; write page_number instead of scroll_id"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"scroll_id": "a", "page_number": 0},
            "a request has a scroll_id or a page_number, not both; leave one out",
        ),
        ({"page_number": 0, "endpoint": "users"}, f"{SCROLLS} page_number"),
        ({"page_number": 0, "scroll_id": "a", "endpoint": "users"}, f"{SCROLLS} page_number"),
        ({"scroll_id": "a", "endpoint": "segment"}, COUNTS),
        ({"scroll_id": "a", "page_number": 0, "endpoint": "segment"}, COUNTS),
        (
            {"filters": FILTERS, "endpoint": "segment"},
            "segment takes no filters; fetch all, and choose here",
        ),
        (
            {"sort": "name", "endpoint": "kcbot"},
            "kcbot takes no sort; fetch all, and choose here",
        ),
        (
            {"sort": "accountId", "endpoint": "events/email"},
            "events/email can't be sorted by 'accountId'; the names are date",
        ),
        (
            {"sort": "-date;;", "endpoint": "events/email"},
            "expected the name to sort by, found nothing; names are joined by ';'",
        ),
        (
            {"sort": "nothing", "endpoint": "users"},
            "users can't be sorted by the unknown name 'nothing'",
        ),
        (
            {"sort": "propertyKeys", "endpoint": "users"},
            "users can't be sorted by 'propertyKeys', which has no single value",
        ),
        (
            {"sort": ";".join(["score"] * 17), "endpoint": "users"},
            "expected at most 16 names to sort by, found 17",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_when_it_is_written(options, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole message is compared
        px.ListRequest(**options)
    assert str(caught.value) == message


@pytest.mark.parametrize("path", SCROLLED)
def test_every_name_that_a_list_sorts_by_is_taken_in_both_directions(path):
    for name in px.LISTS[path].sortable or ("createDate",):
        for sort in (name, f"-{name}", f"+{name};{name}"):
            assert px.ListRequest(sort=sort, endpoint=path).sort == sort


def test_another_place_is_checked_too():
    with pytest.raises(ValueError, match="expected a scroll id that isn't empty"):
        px.ListRequest(endpoint="users").after("")
    with pytest.raises(ValueError, match="the pages of users have no numbers"):
        px.ListRequest(endpoint="users").at_page(1)
    with pytest.raises(ValueError, match="the pages of segment have numbers"):
        px.ListRequest(endpoint="segment").after("x")


def test_filters_that_a_list_cannot_answer_are_refused_when_they_are_written():
    with pytest.raises(fl.SchemaError) as caught:
        px.ListRequest(fl.parse(["date>=0", "url~*x*;identifyId~a*"]), endpoint="events/custom")
    assert str(caught.value) == (
        "error[FL503]: 'url' can't be used in filters\n"
        " --> filter 2, column 1\n"
        "  |\n"
        "  | url~*x*;identifyId~a*\n"
        "  | ^^^\n"
        "hint: filter by 'identifyId', 'date' or 'eventName', or match offline"
    )
    # Doubts are no errors, and who names no list is told nothing.
    assert px.ListRequest(fl.parse("eventName==*x*"), endpoint="events/custom")
    assert px.ListRequest(fl.parse("nothing==1"))


def test_places_are_those_of_the_texts_that_were_sent():
    pairs = [("filter", " "), ("filter", "date >= 0"), ("filter", "date>=0;  url ~ *x*")]
    with pytest.raises(fl.SchemaError) as caught:
        px.ListRequest.from_params(pairs, endpoint="events/custom")
    (found,) = caught.value.diagnostics
    assert (found.code, found.span, found.source_index) == ("FL503", fl.Span(10, 13), 2)
    assert caught.value.sources == tuple(value for _, value in pairs)
    assert "--> filter 3, column 11\n" in str(caught.value)


SEPARATE = "; names are joined by ';', each with '-' before it for descending"


@pytest.mark.parametrize(
    ("sort", "remedy"),
    [
        ("Score", "; did you mean 'score'?"),
        ("-scroe", "; did you mean 'score'?"),
        ("--score", "; did you mean 'score'?"),
        ("city", "; did you mean 'location.city'?"),
        ("score,lastName", SEPARATE),
        ("score desc", SEPARATE),
        ("score:desc", SEPARATE),
        ("propertyKey", ""),  # the list propertyKeys has no single value
        ("nothing", ""),
    ],
)
def test_who_sorts_by_an_unknown_name_is_told_what_was_meant(sort, remedy):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole message is compared
        px.ListRequest(sort=sort, endpoint="users")
    name = sort.removeprefix("-")
    assert str(caught.value) == f"users can't be sorted by the unknown name '{name}'{remedy}"


def test_a_list_may_have_another_schema():
    schema = px.schema_from_attributes([], base=px.USER)
    own = px.LISTS["users"]._replace(schema=schema)
    assert px.ListRequest(fl.parse("customAttributes.x==1"), endpoint="users")
    with pytest.raises(fl.SchemaError, match=r"unknown name 'customAttributes\.x'"):
        px.ListRequest(fl.parse("customAttributes.x==1"), endpoint=own)


# --- What each list of events takes ---------------------------------------------------------------

TAKES = {
    "events/custom": ("identifyId eventName date", "accountId date"),
    "events/email": ("identifyId date email engagementId emailTrackType executionDate", "date"),
    "events/engagementView": (
        "identifyId accountId date contentType carouselState guideState surveyState",
        "accountId date",
    ),
    "events/feature_match": ("featureId identifyId accountId date", "accountId date"),
    "events/formSubmit": ("identifyId accountId date", "date"),
    "events/identify": ("identifyId email date", "accountId date"),
    "events/lead": ("identifyId email date", "accountId date"),
    "events/pageView": (
        "identifyId accountId date path queryString pageTitle host",
        "accountId date",
    ),
    "events/segment_match": ("segmentId identifyId accountId date", "accountId date"),
    "events/session": ("identifyId accountId date", "accountId date"),
}
"""The list → the names that filters may use, and those that sorts may, of the vendor's document."""


def test_there_are_these_lists_of_events():
    assert [*TAKES] == [*px.EVENTS]


@pytest.mark.parametrize("path", TAKES)
def test_what_filters_and_sorts_of_events_may_use(path):
    schema = px.EVENTS[path]
    filterable, sortable = (names.split() for names in TAKES[path])
    assert {name for name, one in schema.dimensions if one.filterable} == set(filterable)
    assert px.LISTS[path].sortable == tuple(sortable)
    for name, one in schema.dimensions:
        assert one.type == "datetime" or not name.lower().endswith("date")
        report = fl.check(f"{name}==" if one.type == "object" else f"{name}==2024-01-31", schema)
        codes = [one.code for one in report.diagnostics if one.severity == "error"]
        assert codes == ([] if name in filterable else ["FL503"])


@pytest.mark.parametrize("path", ["events/feature_match", "events/segment_match"])
@pytest.mark.parametrize("operator", ["!=", "~", "!~", "<", "<=", ">", ">="])
def test_some_names_take_equality_only(path, operator):
    text = f"identifyId{operator}a*"
    report = fl.check(text, px.EVENTS[path])
    assert report.diagnostics[0].code == "FL504"
    assert report.render().split("\n\n")[0] == (
        f"error[FL504]: 'identifyId' doesn't take the operator '{operator}'\n"
        " --> filter, column 11\n"
        "  |\n"
        f"  | {text}\n"
        f"  |           {'^' * len(operator)}\n"
        "hint: 'identifyId' takes == only here"
    )


def test_a_request_says_where_its_list_is():
    for path in px.LISTS:
        assert px.ListRequest(endpoint=path).path == path
    assert px.ListRequest(endpoint="/users").after("x").path == "users"
    with pytest.raises(ValueError, match="names no list") as caught:
        px.ListRequest().path  # noqa: B018 — looking it up is the test
    assert str(caught.value) == (
        "the request names no list, so that it has no path; say which one by endpoint=, as in"
        " ListRequest(endpoint='users')"
    )


def test_what_a_list_is_filtered_by_is_a_schema():
    for path, one in px.LISTS.items():
        if one.schema is not None:
            assert px.schema_of(path) is px.schema_of(one) is one.schema
            continue
        with pytest.raises(ValueError, match="takes no filters") as caught:
            px.schema_of(path)
        assert str(caught.value) == f"{path} takes no filters; fetch all, and choose here"
    assert px.schema_of("/users") is px.USER
    with pytest.raises(ValueError, match=r"^expected the path of a list, found 'user'; they are "):
        px.schema_of("user")
