"""`px.pages` against the server: every list, however it pages and whatever fails on the way."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import httpx
import pytest

import filterlang as fl
from filterlang import px
from filterlang.px.event_windows import MILLISECONDS_A_DAY as DAY
from filterlang.px.server.sample import END
from filterlang.testing import local_server
from tests.px.server.walking import MODES

COUNT = 23
NOW = datetime.fromtimestamp(END / 1000, UTC)


def record(path, number):
    """A record that lists of users, of events and of anything else can hold."""
    key = px.LISTS[path].key
    dated = {"date": END - DAY + number} if px.LISTS[path].schema is not None else {}
    if path in {"users", "accounts"}:
        return {key: f"r{number:02}", "name" if path == "accounts" else "email": "x"}
    return {key: f"r{number:02}", "identifyId": f"u{number % 2}", **dated}


@pytest.fixture(scope="module")
def full():
    """A server with records in every list, which refuses parameters that a list doesn't take."""
    records = {path: [record(path, number) for number in range(COUNT)] for path in px.LISTS}
    with local_server(records, strict=True, clock=lambda: END) as server:
        yield server


class Client:
    """Fetches pages with httpx; what is too much for now is asked for again."""

    def __init__(self, client):
        self.client = client

    def __call__(self, request):
        answer = self.client.get(f"/{request.endpoint.path}", params=request.to_params())
        if answer.status_code in {429, 503}:
            return self(request)
        answer.raise_for_status()
        return answer.json()


def ids_of(pages, path):
    endpoint = px.LISTS[path]
    return [one[endpoint.key] for page in pages for one in page[endpoint.records_key]]


@pytest.mark.sampled(4, 40)
@pytest.mark.parametrize("path", px.LISTS)
@pytest.mark.parametrize("mode", MODES)
def test_every_list_is_walked_whole_however_it_pages(full, path, mode):
    """Each record comes once, with failures on the way, and no page is asked for twice."""
    full.reset()
    full.behaviour = full.behaviour._replace(**MODES[mode])
    told = []
    with full.client() as client:
        full.fail(429, times=2)
        request = px.ListRequest(page_size=5, endpoint=path)
        found = ids_of(px.pages(Client(client), request, progress=told.append), path)
    assert found == [f"r{number:02}" for number in range(COUNT)]
    assert told[-1].records == COUNT
    assert told[-1].total == (COUNT if px.LISTS[path].is_scrolled else None)
    assert len(full.requests) == told[-1].pages + 2
    answered = [tuple(one.params) for one in full.requests if one.status == 200]
    assert MODES[mode].get("constant_scroll_id") or len(set(answered)) == len(answered)


@pytest.mark.parametrize("path", ["users", "events/session", "segment"])
def test_a_walk_that_awaits_is_the_same(full, path):
    full.reset()
    full.behaviour = full.behaviour._replace(**MODES["all of it"])

    async def collect():
        async with full.async_client() as client:

            async def fetch(request):
                answer = await client.get(f"/{path}", params=request.to_params())
                return answer.json()

            request = px.ListRequest(page_size=5, endpoint=path)
            return [page async for page in px.async_pages(fetch, request)]

    assert ids_of(asyncio.run(collect()), path) == [f"r{number:02}" for number in range(COUNT)]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", px.EVENTS)
def test_filters_and_sorts_of_events_reach_the_server(full, path):
    full.reset()
    with full.client() as client:
        request = px.ListRequest(
            fl.parse(f"identifyId==u1;date>={END - DAY}"), 4, sort="-date", endpoint=path
        )
        found = ids_of(px.pages(Client(client), request, now=NOW), path)
    assert found == [f"r{number:02}" for number in range(COUNT - 2, 0, -2)]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("sort", ["-date", "date", None])
def test_events_of_two_years_come_in_windows(sort):
    days = range(0, 730, 35)
    events = [{"eventId": f"e{day:03}", "date": END - 730 * DAY + day * DAY} for day in days]
    with local_server({"events/custom": events}, clock=lambda: END) as server:
        request = px.ListRequest(
            fl.parse(f"date>={END - 730 * DAY};date<{END}"), sort=sort, endpoint="events/custom"
        )
        with server.client() as client:
            assert client.get("/events/custom", params=request.to_params()).status_code == 400
            found = ids_of(px.pages(Client(client), request), "events/custom")
    expected = [one["eventId"] for one in events]
    assert found == (expected[::-1] if sort == "-date" else expected)


def test_a_lost_scroll_id_is_noticed(full):
    full.reset()
    with full.client() as client:
        fetch = Client(client)
        request = px.ListRequest(page_size=5, endpoint="users")
        with pytest.raises(px.PageError, match="check that the client sends scrollId"):
            list(
                px.pages(lambda one: fetch(px.ListRequest(page_size=5, endpoint="users")), request)
            )


# --- Attributes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "base"), [("user", px.USER), ("account", px.ACCOUNT)])
def test_the_attributes_of_the_server_are_a_schema(client, model, base):
    attributes = client.get(f"/admin/model/{model}/attributes").json()
    schema = px.schema_from_attributes(attributes, base=base)
    own = [one for one in attributes if one["origin"] == "CUSTOM"]
    assert own
    for one in own:
        found = schema.find(f"customAttributes.{one['apiName']}").dimension
        assert found.type == {"STRING": "text", "DATE_TIME": "datetime"}.get(
            one["type"], one["type"].lower()
        )
    # What is built in is as it was, and what the list alone has are its scalars.
    for name in base.names():
        if not name.startswith("customAttributes"):
            assert schema.find(name) == base.find(name)
    alone = px.schema_from_attributes(attributes)
    assert {name for name, _ in alone.walk()} <= {name for name, _ in schema.walk()}
    request = px.ListRequest(
        fl.parse(f"customAttributes.{own[0]['apiName']}!="),
        endpoint=px.LISTS[f"{model}s"]._replace(schema=schema),
    )
    assert list(px.pages(Client(client), request))


@pytest.mark.slow
@pytest.mark.parametrize("path", ["users", "events/custom"])
def test_a_walk_keeps_below_the_longest_url(path):
    """Each record comes once, though several parts find most of them."""
    with local_server(max_url=1000) as server, server.client() as client:
        name = "identifyId" if path == "users" else "eventName"
        texts = [f"{name}~*{number}*" for number in range(80)] + [f"{name}~*e*"]
        if path != "users":
            texts = [f"date>=2024-01-01;date<2024-07-01;{one}" for one in texts]
        request = px.ListRequest(fl.parse(texts), 100, endpoint=path)
        found = Client(client)
        with pytest.raises(httpx.HTTPStatusError, match="414"):
            next(px.pages(found, request))
        key = px.LISTS[path].records_key
        came = [
            record[px.LISTS[path].key]
            for page in px.pages(found, request, max_query=700)
            for record in page[key]
        ]
        assert {one.status for one in server.requests} == {414, 200}
        server.behaviour = server.behaviour._replace(max_url=None)
        whole = [record for page in px.pages(found, request) for record in page[key]]
        assert sorted(came) == sorted(one[px.LISTS[path].key] for one in whole)
