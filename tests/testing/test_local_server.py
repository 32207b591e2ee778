"""The local server as tests use it: requests, faults, pages, and how it forgets all of it."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.support.engines import need

need("starlette", "server")
need("sqlalchemy", "server")
need("httpx", "test")

from filterlang.testing import local_server  # noqa: E402 — what it needs is asked for first
from filterlang.testing.fixtures import px_server, px_server_on_port  # noqa: E402, F401 — as above
from filterlang.testing.local_server import ReceivedRequest  # noqa: E402 — as above

RECORDS = {"users": [{"identifyId": f"u{number}", "score": number} for number in range(6)]}


@pytest.fixture
def server():
    with local_server(RECORDS) as server:
        yield server


def test_requests_are_kept_in_their_order(server):
    with server.client() as client:
        client.get("/users", params={"filter": "score>=1;score<3", "pageSize": "2"})
        client.post("/users", json={"identifyId": 1})
    first, second = server.requests
    assert first == ReceivedRequest(
        "GET",
        "/users",
        [("filter", "score>=1;score<3"), ("pageSize", "2")],
        first.headers,
        b"",
        200,
    )
    assert first.headers["x-aptrinsic-api-key"] == server.key
    assert second[:3] + second[4:] == ("POST", "/users", [], b'{"identifyId":1}', 400)


def test_the_next_requests_fail_as_often_as_is_asked_for(server):
    server.fail(429, times=2, headers={"Retry-After": "3"})
    with server.client() as client:
        answers = [client.get("/users") for _ in range(3)]
    assert [one.status_code for one in answers] == [429, 429, 200]
    assert answers[0].headers["retry-after"] == "3"
    assert answers[0].json() == {
        "externalapierror": {
            "status": "TOO_MANY_REQUESTS",
            "message": "this answer was asked for by the test",
            "debugMessage": None,
            "subErrors": None,
        }
    }
    assert [one.status for one in server.requests] == [429, 429, 200]


def test_faults_of_one_path_leave_others_alone_and_come_one_after_the_other(server):
    server.fail(503, path="/users")
    server.fail(500, path="/users/u1")
    server.fail(502, path="/users")
    with server.client() as client:
        paths = ("/accounts", "/users", "/users/u1", "/users", "/users", "/users/u1")
        assert [client.get(path).status_code for path in paths] == [200, 503, 500, 502, 200, 200]


def test_answers_are_delayed(server):
    server.delay(0.05, times=1)
    with server.client() as client:
        began = time.monotonic()
        client.get("/users")
        first = time.monotonic() - began
    assert first >= 0.05
    assert server.requests[0].status == 200


def test_a_reset_forgets_all_but_how_the_server_was_started():
    with local_server(RECORDS, page_size_cap=4) as server, server.client() as client:
        server.fail(500)
        server.delay(60)
        server.behaviour = server.behaviour._replace(page_size_cap=1, short_pages=True)
        server.reset()
        assert client.delete("/users/u0").status_code == 200
        client.post("/users", json={"identifyId": "new", "propertyKeys": []})
        server.reset()
        page = client.get("/users").json()
        assert ([one["identifyId"] for one in page["users"]], page["totalHits"]) == (
            ["u0", "u1", "u2", "u3"],
            6,
        )
        assert len(server.requests) == 1


def test_pages_are_cut_as_is_set(server):
    with server.client() as client:
        server.behaviour = server.behaviour._replace(page_size_cap=4)
        assert len(client.get("/users").json()["users"]) == 4
        server.behaviour = server.behaviour._replace(short_pages=True)
        assert len(client.get("/users").json()["users"]) == 2


def test_an_asynchronous_client_is_answered_in_the_same_process(server):
    async def ids():
        async with server.async_client() as client:
            answers = await asyncio.gather(*(client.get(f"/users/u{one}") for one in range(6)))
            return [answer.json()["identifyId"] for answer in answers]

    assert asyncio.run(ids()) == [f"u{one}" for one in range(6)]


def test_programs_reach_it_on_a_port(px_server_on_port):  # noqa: F811 — the fixture
    with px_server_on_port.client() as client:
        assert client.get("/users").json()["totalHits"] == 400
    assert px_server_on_port.url.startswith("http://127.0.0.1:")


def test_the_fixture_serves_the_sample_data(px_server):  # noqa: F811 — the fixture
    with px_server.client() as client:
        assert client.get("/events/custom").json()["totalHits"] > 0
        assert client.get("/accounts").json()["totalHits"] == 120
