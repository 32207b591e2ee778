"""The local server as tests use it: requests, faults, pages, and how it forgets all of it."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.support.engines import need

need("starlette", "server")
need("sqlalchemy", "server")
httpx = need("httpx", "testing")

from filterlang import px  # noqa: E402 — as below
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


@pytest.mark.parametrize("is_async", [False, True])
def test_a_client_gives_up_on_an_answer_that_is_late_and_is_carried_out_all_the_same(
    server, is_async
):
    async def delete():
        async with server.async_client(timeout=0.02) as client:
            await client.delete("/users/u1")

    server.delay(60, times=1)
    server.disconnect(times=1)  # is met, but nobody is there any more
    with server.client(timeout=0.02) as client, pytest.raises(httpx.ReadTimeout, match="timed out"):
        asyncio.run(delete()) if is_async else client.delete("/users/u1")
    assert [(one.method, one.status) for one in server.requests] == [("DELETE", 200)]
    with server.client(timeout=None) as client:
        assert client.get("/users/u1").status_code == 404


def test_one_late_answer_leaves_others_of_the_same_task_waiting(server):
    """Whether the client gave up is told of one request alone."""

    async def ask():
        async with server.async_client() as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.get("/users", timeout=0.02)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(server.app), base_url=server.url
        ) as client:
            began = time.monotonic()
            await client.get("/users")
            return time.monotonic() - began

    server.delay(0.1)
    assert asyncio.run(ask()) >= 0.1


def test_a_client_that_is_cancelled_leaves_nothing_running(server):
    async def ask():
        async with server.async_client(timeout=None) as client, asyncio.timeout(0.02):
            await client.get("/users")

    server.delay(60, times=1)
    with pytest.raises(TimeoutError):
        asyncio.run(ask())
    assert [one.status for one in server.requests] == [0]


@pytest.mark.parametrize("on_port", [False, True])
def test_connections_are_lost_in_the_middle_of_answers(on_port):
    with local_server(RECORDS, on_port=on_port) as server, server.client() as client:
        server.disconnect(path="/users/u1", times=2)
        for method in ("DELETE", "GET"):
            with pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"):
                client.request(method, "/users/u1")
        assert client.get("/users/u1").status_code == 404
        assert [one.status for one in server.requests] == [200, 404, 404]


def test_other_clients_of_the_application_get_an_error_of_the_system(server):
    async def ask():
        transport = httpx.ASGITransport(server.app)
        async with httpx.AsyncClient(transport=transport, base_url=server.url) as client:
            await client.get("/users")

    server.disconnect()
    with pytest.raises(ConnectionResetError):
        asyncio.run(ask())


@pytest.mark.parametrize("on_port", [False, True])
def test_answers_may_be_anything(on_port):
    with local_server(RECORDS, on_port=on_port) as server, server.client() as client:
        server.fail(502, body="<h1>Bad gateway ü</h1>", headers={"content-type": "text/html"})
        server.fail(200, body=b"\xff{", path="/users")
        server.fail(529, body="")
        server.fail(503, times=None)
        found = [client.get("/users") for _ in range(5)]
        assert [(one.status_code, one.content) for one in found[:3]] == [
            (502, "<h1>Bad gateway ü</h1>".encode()),
            (200, b"\xff{"),
            (529, b""),
        ]
        types = [one.headers["Content-Type"] for one in found[:2]]
        assert types == ["text/html", "text/plain; charset=utf-8"]
        assert [one.status_code for one in found[3:]] == [503, 503]
        server.reset()
        assert client.get("/users").status_code == 200


@pytest.mark.parametrize(
    ("status", "options", "error", "message"),
    [
        (
            0,
            {},
            ValueError,
            (
                "expected the status of an error, such as 429 or 503, found 0; give a body to"
                " answer with another one"
            ),
        ),
        (
            200,
            {},
            ValueError,
            (
                "expected the status of an error, such as 429 or 503, found 200; give a body to"
                " answer with another one"
            ),
        ),
        (
            529,
            {},
            ValueError,
            (
                "expected the status of an error, such as 429 or 503, found 529; give a body to"
                " answer with another one"
            ),
        ),
        (
            204,
            {"body": ""},
            ValueError,
            "expected a status from 200 to 599 that may have a body, found 204",
        ),
        (
            600,
            {"body": ""},
            ValueError,
            "expected a status from 200 to 599 that may have a body, found 600",
        ),
        ("429", {}, TypeError, "expected a status such as 429, not str"),
        (True, {}, TypeError, "expected a status such as 429, not bool"),
        (429, {"times": 0}, ValueError, "expected at least one time, found 0"),
        (429, {"times": 1.5}, TypeError, "expected a number of times or None, not float"),
        (429, {"path": 1}, TypeError, "expected a path such as '/users', not int"),
        (
            429,
            {"headers": {"Retry-After": 1}},
            TypeError,
            "expected headers of str, not int: 1",
        ),
        (
            429,
            {"body": {}},
            TypeError,
            "expected a body of str or bytes, not dict; write it as JSON before",
        ),
        (
            200,
            {"body": "a\ud800"},
            ValueError,
            "the body holds half of a pair at 1; give bytes to send it so",
        ),
        (429, {"headers": {"a b": "1"}}, ValueError, "'a b' can't be the name of a header"),
        (429, {"headers": {"": "1"}}, ValueError, "'' can't be the name of a header"),
        (
            429,
            {"headers": {"Content-Length": "5"}},
            ValueError,
            "the header Content-Length follows from the body; leave it out",
        ),
        *(
            (
                429,
                {"headers": {"Retry-After": value}},
                ValueError,
                (
                    f"{value!r} can't be the value of the header Retry-After, which holds"
                    " characters of Latin-1 and no ends of lines"
                ),
            )
            for value in ("1\r\nX: y", "€")
        ),
    ],
)
def test_failures_that_cannot_happen(server, status, options, error, message):
    with pytest.raises(error) as caught:
        server.fail(status, **options)
    assert str(caught.value) == message


@pytest.mark.parametrize("wrong", ["/user", "usr-1", "/users/", "/users?filter=a", "", "/v2/users"])
def test_paths_at_which_nothing_would_ever_happen(server, wrong):
    for script in (lambda: server.fail(429, path=wrong), lambda: server.disconnect(path=wrong)):
        with pytest.raises(ValueError, match="no request is answered at ") as caught:
            script()
        assert str(caught.value) == (
            f"no request is answered at {wrong!r}, so that it would never happen; expected the"
            f" path of a list, a record or attributes: {', '.join(px.LISTS)}, users/…,"
            " accounts/…, admin/model/user/attributes, admin/model/account/attributes"
        )


@pytest.mark.parametrize("path", ["users", "/users", "/v1/users"])
def test_paths_are_known_as_lists_and_clients_write_them(server, path):
    server.fail(503, path=path)
    with server.client() as client:
        assert [client.get(one).status_code for one in ("/accounts", "/users")] == [200, 503]


def test_paths_of_all_that_is_answered(server):
    for path in ("/users/a/b", "accounts/1", "/admin/model/user/attributes", "/openapi.json"):
        server.delay(0, path=path)


@pytest.mark.parametrize(
    ("seconds", "error", "message"),
    [
        (-1, ValueError, "expected seconds to wait, found -1"),
        (float("nan"), ValueError, "expected seconds to wait, found nan"),
        ("1", TypeError, "expected a number of seconds, not str"),
        (True, TypeError, "expected a number of seconds, not bool"),
    ],
)
def test_delays_that_nobody_can_wait(server, seconds, error, message):
    with pytest.raises(error) as caught:
        server.delay(seconds)
    assert str(caught.value) == message


def test_records_of_no_list():
    with pytest.raises(ValueError, match=r"^expected the path of a list, found 'user'; they are "):
        local_server({"user": []}).__enter__()


@pytest.mark.parametrize(
    ("behaviour", "error", "message"),
    [
        (
            {"page_size_cap": 0},
            ValueError,
            "page_size_cap: expected a number from 1, found 0; leave it out for the API's",
        ),
        (
            {"rate": -1},
            ValueError,
            "rate: expected a number above 0, found -1; leave it out for any number",
        ),
        (
            {"rate": float("nan")},
            ValueError,
            "rate: expected a number above 0, found nan; leave it out for any number",
        ),
        (
            {"max_body": 0},
            ValueError,
            "max_body: expected a number from 1, found 0; leave it out for 1 MiB",
        ),
        ({"max_body": None}, TypeError, "max_body: expected a number, found None"),
        ({"rate": "5"}, TypeError, "rate: expected a number, found '5'"),
        ({"page_size_cap": True}, TypeError, "page_size_cap: expected a number, found True"),
        ({"short_pages": "no"}, TypeError, "short_pages: expected True or False, found 'no'"),
        ({"strict": None}, TypeError, "strict: expected True or False, found None"),
        (
            {"clock": 1719792000000},
            TypeError,
            "clock: expected a function that returns epoch milliseconds, found 1719792000000",
        ),
    ],
)
def test_a_behaviour_with_which_nothing_would_be_answered(server, behaviour, error, message):
    with pytest.raises(error) as at_first:
        local_server(RECORDS, **behaviour).__enter__()
    with pytest.raises(error) as later:
        server.behaviour = server.behaviour._replace(**behaviour)
    assert (str(at_first.value), str(later.value)) == (message, message)


def test_what_is_no_behaviour(server):
    with pytest.raises(TypeError) as caught:
        server.behaviour = {"page_size_cap": 10}
    assert str(caught.value) == (
        "expected a Behaviour, not dict; change what the server has by"
        " server.behaviour._replace(page_size_cap=10)"
    )


def test_a_clock_that_tells_no_milliseconds_is_told_in_the_log(server, caplog):
    server.behaviour = server.behaviour._replace(clock=lambda: "now")
    with server.client() as client:
        assert client.get("/users").status_code == 500
    assert "clock: expected it to return epoch milliseconds as an int, found 'now'" in caplog.text


@pytest.mark.parametrize(
    ("records", "error", "message"),
    [
        (
            [{"identifyId": "a"}],
            TypeError,
            "expected a mapping of lists, such as {'users': […]}, not list",
        ),
        ({"users": {}}, TypeError, "expected a list of records of 'users', not dict"),
        ({"users": None}, TypeError, "expected a list of records of 'users', not NoneType"),
        ({"users": ["a"]}, ValueError, "record 1 of users is no mapping but str"),
        (
            {"users": [{"email": "a"}]},
            ValueError,
            "record 1 of users has no text as 'identifyId', which is its key",
        ),
    ],
)
def test_what_are_no_records(records, error, message):
    with pytest.raises(error) as caught:
        local_server(records).__enter__()
    assert str(caught.value) == message


def test_names_that_are_no_texts_are_written_as_json_has_them():
    with local_server({"users": [{"identifyId": "a", 1: 2}]}) as server, server.client() as client:
        assert client.get("/users/a").json() == {"identifyId": "a", "1": 2}


def test_nobody_waits_for_late_answers_when_a_test_ends(caplog):
    with local_server(RECORDS, on_port=True) as server:
        server.delay(60)
        with server.client(timeout=0.1) as client, pytest.raises(httpx.ReadTimeout):
            client.get("/users")
    # One that the server had given up would have no status.
    assert [one.status for one in server.requests] == [200]
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


@pytest.mark.parametrize("on_port", [False, True])
def test_a_server_that_is_closed_is_not_reached(on_port):
    with local_server(RECORDS, on_port=on_port) as server:
        client = server.client()
    with client, pytest.raises(httpx.ConnectError):
        client.get("/users")


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


def test_an_asynchronous_client_reaches_the_port(px_server_on_port):  # noqa: F811 — the fixture
    async def total():
        async with px_server_on_port.async_client() as client:
            return (await client.get("/accounts")).json()["totalHits"]

    assert asyncio.run(total()) == 120


def test_what_is_no_request_is_not_kept(server):
    messages = iter(["lifespan.startup", "lifespan.shutdown"])
    sent = []

    async def receive():
        return {"type": next(messages)}

    async def send(message):
        sent.append(message["type"])

    asyncio.run(server.app({"type": "lifespan"}, receive, send))
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert server.requests == []


def test_the_fixture_serves_the_sample_data(px_server):  # noqa: F811 — the fixture
    with px_server.client() as client:
        assert client.get("/events/custom").json()["totalHits"] > 0
        assert client.get("/accounts").json()["totalHits"] == 120


@pytest.mark.parametrize("name", ["cap", "page_size", "port"])
def test_a_behaviour_that_there_is_not_is_told_with_those_that_there_are(name):
    with pytest.raises(TypeError) as caught:
        local_server(RECORDS, **{name: 3}).__enter__()
    assert str(caught.value) == (
        f"local_server() has no argument {name!r}; beside records and on_port there are"
        " page_size_cap, short_pages, constant_scroll_id, strict, rate, max_body, max_url, clock"
    )
