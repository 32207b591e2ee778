"""The requests of the API and their pages: parameters and back, and walks that lose nothing."""

from __future__ import annotations

import asyncio
import copy
import pickle
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import px
from filterlang.diagnostics.diagnostic import shown
from filterlang.testing import expressions, filter_sets

FILTERS = fl.parse(["score>=10", "email~*@example.com"])

# --- Requests -------------------------------------------------------------------------------------

requests = st.builds(
    px.ListRequest,
    filter_sets(),
    page_size=st.integers(1, 1000),
    scroll_id=st.none() | expressions().filter(bool),
    sort=st.none() | expressions().filter(bool),
)


def test_a_request_is_written_as_parameters():
    request = px.ListRequest(FILTERS, page_size=100, scroll_id="a/b+c==", sort="score")
    assert request.to_params() == [
        ("filter", "score>=10"),
        ("filter", "email~*@example.com"),
        ("pageSize", "100"),
        ("scrollId", "a/b+c=="),
        ("sort", "score"),
    ]


def test_what_is_not_asked_for_is_left_out_but_the_page_size():
    assert px.ListRequest().to_params() == [("pageSize", "25")]


def test_a_clause_and_a_filter_are_taken_as_a_set():
    filter_ = fl.parse_filter("a==1")
    for node in (filter_, filter_.clauses[0]):
        assert px.ListRequest(node).filters == fl.FilterSet([filter_])


@given(requests)
def test_reading_inverts_writing(request):
    """from_params(to_params(x)) == x, among other parameters too, from any iterable of pairs."""
    pairs = request.to_params()
    assert px.ListRequest.from_params(pairs) == request
    assert px.ListRequest.from_params(iter([("page", "2"), *pairs, ("key", "x")])) == request


@given(requests, expressions().filter(bool))
def test_the_next_request_differs_in_its_scroll_id_alone(request, scroll_id):
    """x.after(id) is x with that id."""
    assert request.after(scroll_id) == px.ListRequest(
        request.filters, request.page_size, scroll_id, request.sort
    )


@given(requests)
def test_requests_are_values(request):
    """A copy of a request equals it and has its hash; nothing can be assigned to it."""
    for twin in (copy.deepcopy(request), pickle.loads(pickle.dumps(request))):
        assert twin == request
        assert hash(twin) == hash(request)
    with pytest.raises(AttributeError):
        request.page_size = 1


def test_a_parameter_without_a_value_counts_as_absent():
    pairs = [("scrollId", ""), ("sort", ""), ("pageSize", ""), ("filter", "")]
    assert px.ListRequest.from_params(pairs) == px.ListRequest()


@pytest.mark.parametrize("size", [0, -1, 1001, 10**9, True, False, 25.0, "25", None])
def test_page_sizes_have_bounds(size):
    with pytest.raises(ValueError, match="page size") as caught:
        px.ListRequest(page_size=size)
    is_int = type(size) is int
    kind = "" if is_int else f", which is a {type(size).__name__}, not an int"
    assert str(caught.value) == f"expected a page size from 1 to 1000, found {size!r}{kind}"


@pytest.mark.parametrize("size", [1, 1000])
def test_page_sizes_reach_their_bounds(size):
    assert px.ListRequest(page_size=size).page_size == size


@pytest.mark.parametrize("text", ["x", "25.0", "-1", "+25", " 25", "1_0", "٢٥", "9" * 5000])
def test_page_sizes_that_are_no_numbers(text):
    with pytest.raises(ValueError, match="page size") as caught:
        px.ListRequest.from_params([("pageSize", text)])
    assert str(caught.value) == f"expected a page size from 1 to 1000, found {shown(text)}"


def test_page_sizes_outside_the_bounds_are_refused_on_reading_too():
    with pytest.raises(ValueError, match=r"^expected a page size from 1 to 1000, found 1001$"):
        px.ListRequest.from_params([("pageSize", "1001")])


@pytest.mark.parametrize("value", ["", 5, b"a"])
def test_scroll_ids_and_sorts_are_texts_that_are_not_empty(value):
    with pytest.raises(ValueError, match="scroll id") as caught:
        px.ListRequest(scroll_id=value)
    what = "" if value == "" else f", which is a {type(value).__name__}, not a str"
    message = f"expected a scroll id that isn't empty, or None, found {value!r}{what}"
    assert str(caught.value) == message
    with pytest.raises(ValueError, match="sort") as caught:
        px.ListRequest(sort=value)
    assert str(caught.value) == f"expected a sort that isn't empty, or None, found {value!r}{what}"


@pytest.mark.parametrize("key", ["pageSize", "scrollId", "sort"])
def test_a_parameter_that_occurs_twice_is_refused(key):
    with pytest.raises(ValueError, match=f"^expected one parameter '{key}', found 2$"):
        px.ListRequest.from_params([(key, "1"), ("filter", "a==1"), (key, "1")])


def test_filters_are_refused_as_from_params_refuses_them():
    with pytest.raises(fl.FilterSyntaxError, match="FL203"):
        px.ListRequest.from_params([("filters", "a==1")])
    with pytest.raises(fl.LimitError, match="FL301"):
        px.ListRequest.from_params([("filter", "a==1")], max_length=3)
    with pytest.raises(TypeError, match=r"^expected pairs, not dict"):
        px.ListRequest.from_params({"filter": "a==1"})
    with pytest.raises(TypeError, match=r"not str; parse the text first$"):
        px.ListRequest("a==1")


# --- Pages ----------------------------------------------------------------------------------------


class Server:
    """Answers requests as the API does, one page of its records after the other."""

    def __init__(self, records, make=dict, *, is_last_known=False):
        self.records, self.make, self.is_last_known = records, make, is_last_known
        self.asked = []

    def __call__(self, request):
        # What travels is the parameters; the server sees nothing else.
        request = px.ListRequest.from_params(request.to_params())
        self.asked.append(request)
        start = int(request.scroll_id or 0)
        end = start + request.page_size
        fields = {"users": self.records[start:end], "totalHits": len(self.records)}
        is_last = end >= len(self.records)
        return self.make(**fields, scrollId=None if is_last and self.is_last_known else str(end))

    async def later(self, request):
        await asyncio.sleep(0)
        return self(request)


def walk(fetch, request):
    return list(px.pages(fetch, request))


def async_walk(fetch, request):
    async def fetch_later(asked):
        await asyncio.sleep(0)
        return fetch(asked)

    async def collect():
        return [page async for page in px.async_pages(fetch_later, request)]

    return asyncio.run(collect())


both = pytest.mark.parametrize("walk", [walk, async_walk])


@both
@given(st.lists(st.integers(), unique=True, max_size=12), st.integers(1, 5), st.booleans())
def test_a_walk_gives_every_record_once_and_in_order(walk, records, page_size, is_last_known):
    """The records of all pages are those of the server; only the last page is a short one."""
    server = Server(records, is_last_known=is_last_known)
    request = px.ListRequest(FILTERS, page_size, sort="score")
    found = walk(server, request)
    assert [user for page in found for user in page["users"]] == records
    assert all(len(page["users"]) == page_size for page in found[:-1])
    full, rest = divmod(len(records), page_size)
    # A server that doesn't say which page is the last lets a full one be followed by an empty one.
    is_spared = is_last_known and rest == 0 and full > 0
    assert len(found) == len(server.asked) == full + (not is_spared)
    assert server.asked == [
        request if page == 0 else request.after(str(page * page_size)) for page in range(len(found))
    ]


@both
def test_pages_are_given_as_they_were_fetched(walk):
    server = Server([1, 2, 3], make=SimpleNamespace)
    found = walk(server, px.ListRequest(page_size=2))
    assert found == [
        SimpleNamespace(users=[1, 2], totalHits=3, scrollId="2"),
        SimpleNamespace(users=[3], totalHits=3, scrollId="4"),
    ]


@pytest.mark.parametrize(
    "page",
    [
        {"users": [1, 2], "scrollId": "x"},
        {"accounts": (1, 2), "scrollId": "x"},
        {"users": None, "accounts": [1, 2], "scrollId": "x"},
        {"users": [1, 2, 3], "scrollId": "x"},
        SimpleNamespace(accounts=[1, 2], scroll_id="x"),
        SimpleNamespace(users=[1, 2], scrollId=None, scroll_id="x"),
    ],
)
@both
def test_a_full_page_is_followed_by_its_scroll_id(walk, page):
    last = {"users": []}
    asked = []

    def fetch(request):
        asked.append(request.scroll_id)
        return last if request.scroll_id else page

    assert walk(fetch, px.ListRequest(page_size=2)) == [page, last]
    assert asked == [None, "x"]


@pytest.mark.parametrize(
    "page",
    [
        {"users": [1, 2]},
        {"users": [1, 2], "scrollId": ""},
        {"users": [1, 2], "scrollId": None},
        {"users": [1], "scrollId": "x"},
        {"users": [1], "scrollId": 5},
        {"accounts": None, "scrollId": "x"},
        SimpleNamespace(users=[1, 2]),
        SimpleNamespace(users=[], accounts=None, scroll_id="x"),
    ],
)
@both
def test_a_short_page_or_one_without_a_scroll_id_is_the_last(walk, page):
    assert walk(lambda _: page, px.ListRequest(page_size=2)) == [page]


class Keeping:
    """Answers with the pages it has, whatever it is asked: the position is on its side."""

    def __init__(self, pages, *, total=None, scroll_id="same"):
        self.pages, self.total, self.scroll_id = pages, total, scroll_id
        self.asked = []

    def __call__(self, request):
        assert len(self.asked) < 20, "the walk doesn't end"
        users = next(self.pages)
        self.asked.append(request.scroll_id)
        return {"users": users, "totalHits": self.total, "scrollId": self.scroll_id}


def users_of(found):
    return [user for page in found for user in page["users"]]


@both
def test_the_scroll_id_may_stay_the_same(walk):
    server = Keeping(iter([[1, 2], [3, 4], [5]]))
    assert users_of(walk(server, px.ListRequest(page_size=2))) == [1, 2, 3, 4, 5]
    assert server.asked == [None, "same", "same"]


@both
def test_a_walk_that_begins_with_the_scroll_id_that_stays(walk):
    server = Keeping(iter([[1, 2], [3]]))
    assert users_of(walk(server, px.ListRequest(page_size=2, scroll_id="same"))) == [1, 2, 3]
    assert server.asked == ["same", "same"]


@pytest.mark.parametrize(
    ("total", "pages", "given"),
    [
        # Short pages, each with more to come: the walk ends where all have come, or at nothing.
        (5, [[1, 2], [3], [4, 5]], 3),
        (5, [[1], [2, 3, 4], [5]], 3),
        (6, [[1, 2], [3], [4, 5], []], 4),
        (5, [[1, 2], [], [3]], 2),
        # More came than the total says, or just as many: a full page has one after it all the same.
        (3, [[1, 2, 3], [4, 5, 6], []], 3),
        (1, [[1, 2, 3], [4, 5, 6], [7]], 3),
        (0, [[1, 2, 3], [4]], 2),
        # Without a total, a short page is the last.
        (None, [[1, 2, 3], [4, 5], [6]], 2),
        (None, [[1], [2]], 1),
        (None, [[]], 1),
        (7, [[]], 1),
    ],
)
@both
def test_where_a_walk_ends(walk, total, pages, given):
    server = Keeping(iter(pages), total=total)
    found = walk(server, px.ListRequest(page_size=3))
    assert [page["users"] for page in found] == pages[:given]
    assert len(server.asked) == given


@pytest.mark.parametrize("name", ["totalHits", "total_hits"])
@both
def test_totals_have_two_names(walk, name):
    answers = iter([[1], [2], [3]])

    def fetch(_):
        return SimpleNamespace(users=next(answers), scroll_id="x", **{name: 2})

    assert [page.users for page in walk(fetch, px.ListRequest(page_size=2))] == [[1], [2]]


@both
def test_pages_may_be_emptied_by_who_gets_them(walk):
    """What came is remembered, not looked up in a page that is no longer the walk's own."""

    class Emptying(Keeping):
        def __call__(self, request):
            for page in given:
                page["users"].clear()
            given.append(super().__call__(request))
            return given[-1]

    given = []
    with pytest.raises(px.PageError, match=r"^the page after the scrollId 'same' has the records"):
        walk(Emptying(iter([[1], [1], [2]])), px.ListRequest(page_size=1))


# Two records of the same content are two all the same, if others lie between.
@both
def test_records_may_come_again_among_others(walk):
    server = Keeping(iter([[1, 2], [2, 1], [1, 3], [1, 2], []]))
    assert len(walk(server, px.ListRequest(page_size=2))) == 5


LOOP = (
    "the page after the scrollId {!r} has the records of an earlier one, and the pages would never"
    " end; check that the client sends scrollId"
)


@pytest.mark.parametrize(
    ("answers", "given", "asked"),
    [
        # A client that loses the scrollId gets the first page each time, under whatever scrollId.
        ({None: "a", "a": "a"}, 1, "a"),
        ({None: "a", "a": "b", "b": "c"}, 1, "a"),
        # Scroll ids that lead to one another, through two pages and through three.
        ({None: "a", "a": "b", "b": "a"}, 3, "a"),
        ({None: "a", "a": "b", "b": "c", "c": "a"}, 6, "c"),
        ({None: "a", "a": "b", "b": "b"}, 3, "b"),
    ],
)
@pytest.mark.parametrize("total", [None, 100])
@pytest.mark.parametrize("is_async", [False, True])
def test_pages_that_come_again_end_the_walk_with_an_error(answers, given, asked, total, is_async):
    found = []

    def give(page):
        found.append(page["users"][0])

    def fetch(request):
        assert len(found) < 10, "the walk doesn't end"
        users = ["first" if given == 1 else request.scroll_id]
        return {"users": users, "totalHits": total, "scrollId": answers[request.scroll_id]}

    async def fetch_later(request):
        await asyncio.sleep(0)
        return fetch(request)

    async def collect():
        async for page in px.async_pages(fetch_later, px.ListRequest(page_size=1)):
            give(page)

    with pytest.raises(px.PageError) as caught:  # noqa: PT012 — what came before must be seen
        if is_async:
            asyncio.run(collect())
        else:
            for page in px.pages(fetch, px.ListRequest(page_size=1)):
                give(page)
    assert str(caught.value) == LOOP.format(asked)
    assert len(found) == given, "what came was given, and nothing of it twice in a row"


def test_a_long_circle_is_found_before_it_was_gone_round_thrice():
    """However long it is, and wherever it begins."""
    for lead in (0, 1, 5):
        for length in range(1, 40):
            numbers = [*range(lead), *[lead + number % length for number in range(1000)]]
            answers = iter(numbers)

            def fetch(_, answers=answers):
                number = next(answers)
                return {"users": [number], "scrollId": str(number)}

            walk = px.pages(fetch, px.ListRequest(page_size=1))
            found = 0
            with pytest.raises(px.PageError, match="has the records of an earlier one"):
                for found, _ in enumerate(walk, 1):  # noqa: B007 — how many came before the error
                    pass
            assert found <= 3 * max(lead + 1, length) + 2


def test_a_walk_can_be_taken_up_where_it_broke_off():
    server = Server(list(range(7)))
    request = px.ListRequest(page_size=2)
    broken = px.pages(server, request)
    first = next(broken)
    assert len(server.asked) == 1, "the next page is fetched when it is asked for"
    rest = walk(server, request.after(first["scrollId"]))
    assert [user for page in (first, *rest) for user in page["users"]] == list(range(7))


@both
def test_what_fetch_raises_passes_through(walk):
    def fetch(_):
        message = "connection reset"
        raise ConnectionError(message)

    with pytest.raises(ConnectionError, match=r"^connection reset$"):
        walk(fetch, px.ListRequest())


PAGE = "expected a page with 'users', 'accounts' or the records of another list"


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (
            {"externalapierror": {"status": "NOT_FOUND", "message": "no such list"}},
            (
                "the API answered with an error instead of a page: 'no such list'; raise for a"
                " status that isn't good before the JSON is decoded"
            ),
        ),
        (
            {"error": "NOT_FOUND"},
            f"{PAGE}, found the keys ['error']; fetch returns the decoded JSON",
        ),
        ("text", f"{PAGE}, found str; fetch returns the decoded JSON"),
        (None, f"{PAGE}, found NoneType; fetch returns the decoded JSON"),
        ({"users": 5}, "expected a list of records in the page, found int"),
        ({"users": "ab"}, "expected a list of records in the page, found str"),
        ({"accounts": {"a": 1}}, "expected a list of records in the page, found dict"),
        ({"accounts": b"ab"}, "expected a list of records in the page, found bytes"),
        ({"accounts": {1}}, "expected a list of records in the page, found set"),
        ({"users": [1], "scrollId": 5}, "expected a text as 'scrollId' of the page, found 5"),
    ],
)
@both
def test_what_is_no_page(walk, page, message):
    with pytest.raises(px.PageError) as caught:
        walk(lambda _: page, px.ListRequest(page_size=1))
    assert str(caught.value) == message


def test_functions_that_are_called_by_the_other_walk():
    async def later(_request):
        return {"users": []}

    with pytest.raises(px.PageError, match=r"with a coroutine function as fetch call async_pages$"):
        next(px.pages(later, px.ListRequest()))

    async def first():
        return await anext(px.async_pages(lambda _: {"users": []}, px.ListRequest()))

    with pytest.raises(TypeError) as caught:
        asyncio.run(first())
    assert str(caught.value) == (
        "expected fetch to be a coroutine function, but it returned dict; with any other function"
        " call pages"
    )


@pytest.mark.parametrize("request_", ["users", None, FILTERS])
@both
def test_what_is_no_request(walk, request_):
    with pytest.raises(TypeError, match=r"^expected a ListRequest, not "):
        walk(lambda _: {"users": []}, request_)


@pytest.mark.parametrize("total", ["2", 2.0, True, [2]])
@both
def test_totals_that_are_no_numbers(walk, total):
    page = {"users": [1], "scrollId": "x", "totalHits": total}
    with pytest.raises(px.PageError) as caught:
        walk(lambda _: page, px.ListRequest(page_size=2))
    message = f"expected a whole number as 'totalHits' of the page, found {total!r}"
    assert str(caught.value) == message


# --- The package ----------------------------------------------------------------------------------


def test_every_public_name_is_there():
    assert {*px.__all__} <= {*dir(px)}
    for name in px.__all__:
        assert getattr(px, name) is not None
    with pytest.raises(
        AttributeError, match=r"^module 'filterlang.px' has no attribute 'nothing'$"
    ):
        px.nothing  # noqa: B018 — looking it up is the test


def test_the_schemas_are_loaded_without_what_requests_need():
    code = (
        "import sys, filterlang as fl\n"
        "assert fl.px.USER.find('email')\n"
        "loaded = {'filterlang.syntax.parser', 'filterlang.syntax.query', 'lark', 'asyncio',"
        " 'dataclasses'}\n"
        "loaded &= set(sys.modules)\n"
        "assert not loaded, loaded\n"
        "assert fl.px.ListRequest().to_params()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
