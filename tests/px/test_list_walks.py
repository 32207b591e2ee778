"""Walks through every kind of list: by number, by window, with progress, and never without end."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType, SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import px
from filterlang.px.event_windows import MILLISECONDS_A_DAY as DAY


def walk(fetch, request, **options):
    return list(px.pages(fetch, request, **options))


def async_walk(fetch, request, **options):
    async def fetch_later(asked):
        await asyncio.sleep(0)
        return fetch(asked)

    async def collect():
        return [page async for page in px.async_pages(fetch_later, request, **options)]

    return asyncio.run(collect())


both = pytest.mark.parametrize("walk", [walk, async_walk])

# --- The records of each list ---------------------------------------------------------------------


@pytest.mark.parametrize("path", px.LISTS)
@pytest.mark.parametrize("is_named", [True, False])
def test_each_list_has_its_records_under_its_key(path, is_named):
    key = px.LISTS[path].records_key
    answers = iter(
        [
            {key: [1, 2], "scrollId": "x", "totalHits": 3}
            if px.LISTS[path].is_scrolled
            else {key: [1, 2], "pageNumber": 0, "isLastPage": False},
            {key: [3], "scrollId": "x", "totalHits": 3}
            if px.LISTS[path].is_scrolled
            else {key: [3], "pageNumber": 1, "isLastPage": True},
        ]
    )
    request = px.ListRequest(page_size=2, endpoint=path if is_named else None)
    assert [page[key] for page in walk(lambda _: next(answers), request)] == [[1, 2], [3]]


def test_a_page_of_another_list_is_none():
    request = px.ListRequest(endpoint="events/custom")
    with pytest.raises(px.PageError) as caught:
        walk(lambda _: {"users": [], "results": []}, request)
    assert str(caught.value) == (
        "expected a page with 'customEvents', found the keys ['users', 'results'];"
        " fetch returns the decoded JSON"
    )
    # The records of users are those of users, whatever else stands there.
    assert walk(lambda _: {"users": [1], "results": 5}, px.ListRequest())


# --- Pages with numbers ---------------------------------------------------------------------------


class Numbered:
    """Answers with the page of the number that it is asked for, and empty ones behind."""

    def __init__(self, pages, lasts=None, **more):
        self.pages, self.more, self.asked = pages, more, []
        self.lasts = [*[False] * (len(pages) - 1), True] if lasts is None else lasts

    def __call__(self, request):
        number = request.page_number or 0
        self.asked.append(number)
        assert len(self.asked) < 60, "the walk doesn't end"
        is_there = number < len(self.pages)
        return {
            "segments": self.pages[number] if is_there else [],
            "pageNumber": number,
            "isLastPage": self.lasts[min(number, len(self.lasts) - 1)],
            **self.more,
        }


@st.composite
def numbered(draw):
    """Draw pages of records that are all different, some pages short or without any."""
    sizes = draw(st.lists(st.integers(0, 3), min_size=1, max_size=8))
    ends = [sum(sizes[:index]) for index in range(len(sizes) + 1)]
    return [list(range(low, high)) for low, high in itertools.pairwise(ends)]


@both
@given(numbered(), st.booleans())
def test_a_walk_by_numbers_gives_each_page_once_until_it_says_that_it_is_the_last(
    walk, pages, is_named
):
    """Short pages and empty ones in the middle lose nothing; no page is asked for twice."""
    server = Numbered(pages)
    request = px.ListRequest(page_size=3, endpoint="segment" if is_named else None)
    assert [page["segments"] for page in walk(server, request)] == pages
    assert server.asked == list(range(len(pages)))


@both
def test_a_walk_by_numbers_begins_where_it_is_told(walk):
    server = Numbered([[1], [2], [3], [4]])
    for request in (
        px.ListRequest(page_number=2, endpoint="segment"),
        px.ListRequest(page_number=2, filters=fl.parse("a==1")),
    ):
        assert [page["segments"] for page in walk(server, request)] == [[3], [4]]


@both
def test_pages_with_numbers_may_be_objects(walk):
    def fetch(request):
        return SimpleNamespace(features=[request.page_number], is_last_page=request.page_number > 1)

    found = walk(fetch, px.ListRequest(endpoint="feature"))
    assert [page.features for page in found] == [[0], [1], [2]]


@pytest.mark.parametrize(
    ("pages", "lasts", "more", "given"),
    [
        # Without `isLastPage`, a short page or an empty one is the last.
        ([[1, 2], [3, 4], [5], [6]], [None], {}, 3),
        ([[1, 2], [3, 4]], [None], {}, 3),
        ([[1, 2], [3], [4, 5], []], [None], {"totalHits": 5}, 4),
        ([[1, 2], [3], [4]], [None], {"totalHits": 4}, 3),
        # A page may be the last though it is full, or though a total says otherwise.
        ([[1, 2], [3, 4], [5]], [False, True], {}, 2),
        ([[1], [2]], [True], {"totalHits": 2}, 1),
        # A server that never says so is asked for eleven pages without records.
        ([[1, 2], [3]], [False], {}, 13),
        ([[1], *[[]] * 10, [2], *[[]] * 10, [3]], [False], {}, 34),
        ([[1], *[[]] * 11, [2]], [False], {}, 12),
    ],
)
@both
def test_where_a_walk_by_numbers_ends(walk, pages, lasts, more, given):
    server = Numbered(pages, lasts, **more)
    found = walk(server, px.ListRequest(page_size=2, endpoint="segment"))
    assert len(found) == len(server.asked) == given
    assert server.asked == list(range(given))


@both
def test_the_last_number_is_the_last(walk):
    request = px.ListRequest(page_number=999_999_999, endpoint="segment")
    assert len(walk(Numbered([[1]], [False]), request)) == 1


@pytest.mark.parametrize("is_last", ["false", 0, []])
@both
def test_is_last_page_is_true_or_false(walk, is_last):
    with pytest.raises(px.PageError) as caught:
        walk(Numbered([[1]], [is_last]), px.ListRequest(endpoint="segment"))
    expected = f"expected true or false as 'isLastPage' of the page, found {is_last!r}"
    assert str(caught.value) == expected


@both
def test_a_lost_page_number_is_an_error_and_gives_nothing_twice(walk):
    page = {"segments": [1, 2], "isLastPage": False}
    found = []
    with pytest.raises(px.PageError) as caught:
        walk(lambda _: page, px.ListRequest(endpoint="segment"), progress=found.append)
    assert str(caught.value) == (
        "the page with the pageNumber 1 has the records of an earlier one, and the pages would"
        " never end; check that the client sends pageNumber"
    )
    assert len(found) == 1


def test_numbers_that_go_in_a_circle_are_noticed():
    for length in range(1, 12):

        def fetch(request, length=length):
            return {"segments": [request.page_number % length], "isLastPage": False}

        found = []
        with pytest.raises(px.PageError, match="has the records of an earlier one"):
            walk(fetch, px.ListRequest(endpoint="segment"), progress=found.append)
        assert len(found) <= 3 * length + 2


# --- Progress, and an end -------------------------------------------------------------------------


class Scrolled:
    """Answers with pages of its records; the position is on its side."""

    def __init__(self, pages, *, total, path="users"):
        self.pages, self.total, self.path = iter(pages), total, path

    def __call__(self, request):
        key = px.LISTS[self.path].records_key
        return {key: next(self.pages, []), "totalHits": self.total, "scrollId": "same"}


@both
def test_progress_is_told_before_each_page(walk):
    told = []
    found = walk(
        Scrolled([[1, 2], [3], [4, 5]], total=5), px.ListRequest(page_size=2), progress=told.append
    )
    assert len(found) == 4
    assert told == [
        px.Progress(1, 2, 5), px.Progress(2, 3, 5), px.Progress(3, 5, 5), px.Progress(4, 5, 5),
    ]  # fmt: skip


def test_progress_comes_with_its_page_and_not_with_the_next():
    told = []
    pages = px.pages(
        Scrolled([[1], [2]], total=None), px.ListRequest(page_size=1), progress=told.append
    )
    assert told == []
    next(pages)
    assert told == [px.Progress(1, 1, None)]


@both
def test_a_server_that_never_ends_is_left(walk):
    """It has new records for ever, so that no page comes again."""
    numbers = iter(range(10**6))

    def fetch(_):
        return {"users": [next(numbers)], "totalHits": 3, "scrollId": "x"}

    told = []
    with pytest.raises(px.PageError) as caught:
        walk(fetch, px.ListRequest(page_size=1), max_pages=20, progress=told.append)
    assert str(caught.value) == (
        "the walk goes on after 20 pages, as many as max_pages allows; if so many are to come,"
        " allow more"
    )
    assert len(told) == 20


def test_a_walk_of_just_as_many_pages_is_none_too_long():
    assert len(walk(Numbered([[1], [2], [3]]), px.ListRequest(endpoint="segment"), max_pages=3))
    assert px.MAX_PAGES == 1_000_000


@pytest.mark.parametrize("most", [0, -1, True, 2.0, "9", None])
def test_how_many_pages_may_come_is_a_number(most):
    with pytest.raises(ValueError, match="max_pages") as caught:
        walk(Numbered([[1]]), px.ListRequest(), max_pages=most)
    assert str(caught.value) == f"expected a max_pages from 1 on, found {most!r}"


# --- Walks through more than 190 days -------------------------------------------------------------

NOW = datetime(2024, 7, 1, tzinfo=UTC)
CUSTOM = px.LISTS["events/custom"]


class Events:
    """Answers as the API does of its events, and refuses what is more than 190 days apart."""

    def __init__(self, dates, cap=1000):
        self.events = [{"eventId": f"e{n}", "date": date} for n, date in enumerate(dates)]
        self.cap, self.asked = cap, []

    def __call__(self, request):
        request = px.ListRequest.from_params(request.to_params(), endpoint=CUSTOM)
        bounds = [clause.expression for clause in request.filters.filters[0].clauses]
        assert int(bounds[1]) - int(bounds[0]) <= 190 * DAY
        self.asked.append(request)
        matches = fl.compile(request.filters, schema=CUSTOM.schema)
        found = [event for event in self.events if matches(event)]
        if request.sort is not None:
            found.sort(key=lambda event: event["date"], reverse=request.sort.startswith("-"))
        start = int(request.scroll_id or 0)
        end = start + min(self.cap, request.page_size)
        return {"customEvents": found[start:end], "totalHits": len(found), "scrollId": str(end)}


def events_of(found):
    return [event for page in found for event in page["customEvents"]]


@both
@given(
    st.integers(0, 900), st.lists(st.integers(-5, 905), max_size=12), st.integers(1, 4), st.data()
)
def test_a_walk_through_any_time_gives_each_event_once(walk, days, at, cap, data):
    """The parts together are the walk, in the order that was asked for, and no event is twice."""
    near = [data.draw(st.integers(-1, 1)) for _ in at]
    server = Events([day * DAY + off for day, off in zip(at, near, strict=True)], cap)
    filters = fl.parse(f"date>=0;date<{days * DAY}")
    sort = data.draw(st.sampled_from([None, "date", "-date", "date;-accountId"]))
    told = []
    request = px.ListRequest(filters, page_size=3, sort=sort, endpoint="events/custom")
    # The stand-in reads the two ends of a part by their places.
    found = events_of(walk(lambda one: server(ordered(one)), request, progress=told.append))
    expected = [event for event in server.events if 0 <= event["date"] < days * DAY]
    assert sorted(event["eventId"] for event in found) == sorted(e["eventId"] for e in expected)
    if sort is not None:
        dates = [event["date"] for event in found]
        assert dates == sorted(dates, reverse=sort.startswith("-"))
    assert len({part.filters for part in server.asked}) == max(1, -(-days // 190))
    assert told[-1] == px.Progress(len(told), len(found), len(found))
    assert [one.records for one in told] == sorted(one.records for one in told)


def ordered(request):
    """Return a request with its lower end first."""
    clauses = sorted(request.filters.filters[0].clauses, key=lambda clause: clause.operator)
    first = fl.FilterSet([fl.Filter(clauses[::-1])])
    return px.ListRequest(
        first, request.page_size, request.scroll_id, request.sort, endpoint=request.endpoint
    )


@both
def test_the_total_of_a_split_walk_is_known_in_its_last_part(walk):
    server = Events([day * DAY for day in (1, 2, 200, 300, 390)], cap=1)
    told = []
    request = px.ListRequest(
        fl.parse(f"date>=0;date<{400 * DAY}"), page_size=1, endpoint="events/custom"
    )
    walk(lambda one: server(ordered(one)), request, progress=told.append)
    totals = [(one.records, one.total) for one in told]
    # Each part ends with an empty page, as its pages are full.
    assert totals == [
        (1, None), (2, None), (2, None), (3, None), (4, None), (4, None), (5, 5), (5, 5),
    ]  # fmt: skip


YEAR = fl.parse("date>=2024-01-01;date<2025-01-01")


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (
            px.ListRequest(YEAR, sort="accountId;date", endpoint="events/custom"),
            (
                "a walk through more than 190 days is split by date, and can't be sorted by"
                " 'accountId'; write sort='date', or sort the events that come"
            ),
        ),
        (
            px.ListRequest(YEAR, scroll_id="x", endpoint="events/custom"),
            (
                "a walk through more than 190 days is split, and its scroll_id belongs to one part;"
                " begin with the request of that part, as fetch got it"
            ),
        ),
        (
            px.ListRequest(fl.parse("date>=2023-01-01"), endpoint="events/custom"),
            "'date>=2023-01-01' asks for more than 190 days; write date<… into it, too",
        ),
        (
            px.ListRequest(YEAR | fl.parse("eventName==x"), endpoint="events/custom"),
            (
                "'eventName==x' asks for the last day, beside 'date>=2024-01-01;date<2025-01-01',"
                " which asks for more than 190 days; write date>=… into it, too, or ask for it"
                " alone"
            ),
        ),
    ],
)
@both
def test_walks_that_cannot_be_split_are_refused_with_what_to_write(walk, request_, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the whole message is compared
        walk(lambda _: pytest.fail("asked"), request_, now=NOW)
    assert str(caught.value) == message


def test_a_walk_that_broke_off_is_taken_up_with_the_request_of_its_part():
    server = Events([day * DAY for day in range(0, 400, 40)], cap=2)
    whole = px.ListRequest(fl.parse(f"date>=0;date<{400 * DAY}"), 2, endpoint="events/custom")
    asked = []

    def fetch(one):
        asked.append(one)
        return server(ordered(one))

    first = next(px.pages(fetch, whole))
    rest = list(px.pages(fetch, asked[0].after(first["scrollId"])))
    got = [event["date"] // DAY for event in events_of([first, *rest])]
    assert got == [0, 40, 80, 120, 160]


@pytest.mark.parametrize("path", ["users", "survey/responses"])
def test_lists_without_windows_are_not_split(path):
    name = "lastSeenDate" if path == "users" else "date"
    request = px.ListRequest(fl.parse(f"{name}>=0"), endpoint=path)
    answer = {px.LISTS[path].records_key: []}
    assert walk(lambda _: answer, request, now=NOW) == [answer]


def test_a_filter_without_an_upper_end_ends_now():
    request = px.ListRequest(fl.parse("date>=2024-06-01"), endpoint="events/custom")
    assert walk(lambda _: {"customEvents": None}, request, now=NOW) == [{"customEvents": None}]
    with pytest.raises(ValueError, match="write date<… into it, too"):
        walk(lambda _: {}, request, now=NOW + timedelta(days=190))


# --- Walks whose query is too long ----------------------------------------------------------------


class Users:
    """Answers as a server does that takes no longer queries than so many characters."""

    def __init__(self, ids, most):
        self.ids, self.most, self.asked = ids, most, []

    def __call__(self, request):
        params = [pair for pair in request.to_params() if pair[0] != "scrollId"]
        assert len(urlencode(params)) <= self.most
        self.asked.append(request)
        matches = fl.compile(request.filters)
        found = [user for user in map(self.make, self.ids) if matches(user)]
        start = int(request.scroll_id or 0)
        end = start + request.page_size
        return {"users": found[start:end], "totalHits": len(found), "scrollId": str(end)}

    def make(self, number):
        return {"identifyId": f"u{number}", "score": number % 7}


@both
@given(
    st.lists(st.integers(0, 30), unique=True, max_size=12),
    st.lists(st.integers(0, 30) | st.sampled_from("0123456"), min_size=1, max_size=30),
    st.integers(60, 200),
    st.integers(1, 4),
)
def test_a_walk_is_split_where_its_query_is_too_long(walk, ids, wanted, most, size):
    """The records of all parts are those of the whole, each once, and no query is too long."""
    texts = [
        f"score=={one}" if isinstance(one, str) else f"identifyId==u{one};score>=0"
        for one in wanted
    ]
    server, told = Users(ids, most), []
    request = px.ListRequest(fl.parse(texts), size, endpoint="users")
    found = walk(server, request, max_query=most, progress=told.append)
    came = [user["identifyId"] for page in found for user in page["users"]]
    expected = [user["identifyId"] for user in map(server.make, ids) if fl.matches(texts, user)]
    assert sorted(came) == sorted(expected)
    assert told[-1].records == len(came)
    parts = [one for one in server.asked if one.scroll_id is None]
    assert (told[-1].total is None) == (len(parts) > 1)


def test_what_is_short_enough_is_asked_for_as_it_is():
    server = Users(range(3), 1000)
    for filters in (fl.FilterSet(), fl.parse(["score==0", "score==1"])):
        request = px.ListRequest(filters, sort="score", scroll_id="0")
        px.ListRequest(filters)
        list(px.pages(server, request, max_query=200))
        assert server.asked.pop() == request


MANY = fl.parse([f"identifyId==u{number}" for number in range(9)])
LONG = "a walk whose query has more than 100 characters is split"


@pytest.mark.parametrize(
    ("request_", "most", "error", "message"),
    [
        (
            px.ListRequest(MANY),
            100,
            ValueError,
            (
                f"{LONG}, and records that come twice are told by the key of their list; say which"
                " one by endpoint=, as in ListRequest(endpoint='users')"
            ),
        ),
        (
            px.ListRequest(MANY, endpoint="users", scroll_id="x"),
            100,
            ValueError,
            (
                f"{LONG}, and its scroll_id belongs to one part; begin with the request of that"
                " part, as fetch got it"
            ),
        ),
        (
            px.ListRequest(MANY, endpoint="users", sort="-score"),
            100,
            ValueError,
            (
                f"{LONG}, and its parts can't be sorted together; leave out sort='-score', and sort"
                " the records that come"
            ),
        ),
        *(
            (px.ListRequest(), most, ValueError, f"expected a max_query from 1 on, found {most!r}")
            for most in (0, True, "9")
        ),
    ],
)
@both
def test_long_walks_that_cannot_be_split(walk, request_, most, error, message):
    with pytest.raises(error) as caught:
        walk(lambda _: pytest.fail("asked"), request_, max_query=most)
    assert str(caught.value) == message


def test_one_filter_that_is_too_long_is_told():
    request = px.ListRequest(fl.parse("identifyId==" + "a" * 100), endpoint="users")
    with pytest.raises(
        fl.LimitError, match="takes 123 characters of the query, more than the limit of 88"
    ):
        next(px.pages(lambda _: pytest.fail("asked"), request, max_query=100))


@dataclass
class Page:
    users: Any
    scroll_id: str | None = None


class Frozen(NamedTuple):
    users: Any
    scroll_id: str | None = None


@pytest.mark.parametrize(
    "page",
    [
        Page([SimpleNamespace(identify_id="a")]),
        SimpleNamespace(users=({"identifyId": "a"},), scroll_id=None),
        {"users": [{"identifyId": "a"}]},
    ],
)
def test_records_that_come_twice_are_left_out_of_copies_of_pages(page):
    """One that fetch keeps, as a cache does, stays as it is."""
    request = px.ListRequest(MANY, endpoint="users")
    found = list(px.pages(lambda _: page, request, max_query=100))
    records = [one["users"] if isinstance(one, dict) else one.users for one in found]
    assert [len(one) for one in records] == [1, *[0] * (len(found) - 1)]
    assert len(found) > 1
    assert {type(one) for one in found} == {type(page)}
    assert len(page["users"] if isinstance(page, dict) else page.users) == 1


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (
            {"users": [{"email": "x"}]},
            "expected records with 'identifyId', by which those that come twice are told, found",
        ),
        ({"users": [{"identifyId": []}]}, "expected records with 'identifyId', by which"),
        (
            Frozen([{"identifyId": "a"}]),
            "records that come twice can't be taken out of a page that is a Frozen: ",
        ),
        (
            MappingProxyType({"users": [{"identifyId": "a"}]}),
            "records that come twice can't be taken out of a page that is a mappingproxy: ",
        ),
    ],
)
def test_records_that_cannot_be_told_apart(page, message):
    request = px.ListRequest(MANY, endpoint="users")
    with pytest.raises(px.PageError, match=f"^{message}"):
        list(px.pages(lambda _: page, request, max_query=100))


@both
def test_a_long_time_and_a_long_query_are_split_together(walk):
    asked = []

    def fetch(request):
        asked.append([len(part.clauses) for part in request.filters])
        return {"customEvents": None}

    names = [f"date>=0;date<{200 * DAY};eventName==e{number}" for number in range(4)]
    request = px.ListRequest(fl.parse(names), endpoint="events/custom")
    walk(fetch, request, max_query=160)
    assert asked == [[3, 3]] * 4
