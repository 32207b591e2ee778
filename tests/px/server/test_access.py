"""Who is answered: keys, permissions, rates, hosts; and what is logged of it."""

from __future__ import annotations

import logging
import re

import pytest

from filterlang.px.server.access import Hosts, Key, Keys, Rates, is_loopback
from filterlang.px.server.problems import Problem
from filterlang.testing import local_server
from tests.px.server.processes import EVERY_HOST

HEADER = "X-APTRINSIC-API-KEY"


def message_of(answer):
    return answer.json()["externalapierror"]["message"]


@pytest.mark.parametrize("sent", [{}, {HEADER: ""}, {HEADER: "wrong"}, {HEADER: "é"}])
def test_without_a_key_nothing_is_answered(server, sent):
    with server.client() as client:
        for path in ("/users", "/users/usr-0001", "/nothing", "/admin/model/user/attributes"):
            del client.headers[HEADER]
            answer = client.get(path, headers={name: one.encode() for name, one in sent.items()})
            assert answer.status_code == 401
            assert message_of(answer) == f"the header {HEADER} has no API key of this server"
            client.headers[HEADER] = "other"


def test_a_key_that_may_read_may_not_write(server):
    with server.client(headers={HEADER: server.reading_key}) as client:
        assert client.get("/users").status_code == 200
        for method, path in (("POST", "/users"), ("PUT", "/users/x"), ("DELETE", "/users/x")):
            answer = client.request(method, path, json={})
            assert answer.status_code == 403
            assert message_of(answer) == "the API key has no write permission"


def test_a_key_that_may_write_may_not_read():
    keys = Keys([Key.read("only-writes:write")])
    assert keys.admit("only-writes", writes=True)
    with pytest.raises(Problem, match="the API key has no read permission"):
        keys.admit("only-writes", writes=False)


@pytest.mark.parametrize(
    "text", ["", "short", "with space", "ünïcodekey", "abc:read", "tab\there8"]
)
def test_keys_that_no_header_could_hold_or_anybody_guess_are_refused(text):
    with pytest.raises(ValueError, match="expected a key of 8 or more visible ASCII characters"):
        Key.read(text)


def test_a_key_may_have_a_colon():
    assert Key.read("a:b:c:d:e") == Key("a:b:c:d:e")
    assert Key.read("a:b:c:d:e:read") == Key("a:b:c:d:e", may_write=False)


def test_more_requests_than_the_rate_allows_get_429():
    with local_server({}, rate=3) as server, server.client() as client:
        answers = [client.get("/users") for _ in range(5)]
        assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
        assert answers[3].headers["Retry-After"] == "1"
        assert message_of(answers[3]) == "too many requests: 3 a second are answered"
        with server.client(headers={HEADER: server.reading_key}) as other:
            assert other.get("/users").status_code == 200


@pytest.mark.parametrize("on_port", [False, True])
def test_a_long_url_is_refused_however_it_was_written(on_port):
    """What is counted is what was sent: percent signs and all, behind the host."""
    with local_server({}, max_url=40, on_port=on_port) as server, server.client() as client:
        for path, length in (("/users?sort=", 40), ("/users/%C3%A9", 40), ("/users?", 41)):
            url = path + "a" * (length - len("/v1" + path))
            answer = client.get(url)
            assert (answer.status_code == 414) == (length > 40), url
        error = answer.json()["externalapierror"]
        assert error["status"] == "URI_TOO_LONG"
        assert error["message"] == ("the URL has 41 characters behind the host, and 40 are allowed")
        assert server.requests[-1].status == 414


@pytest.mark.parametrize(("rate", "seconds"), [(0.7, "2"), (1e-320, "86400")])
def test_who_waits_as_long_as_it_is_told_is_answered(rate, seconds):
    """1.43 seconds are told as 2, not as 1, after which it would be too early again."""
    rates = Rates(lambda: 0.0)
    rates.count(b"", rate)
    with pytest.raises(Problem) as caught:
        rates.count(b"", rate)
    assert caught.value.headers == {"Retry-After": seconds}


def test_a_rate_allows_more_as_time_goes_by():
    times = iter([0.0, 0.0, 0.4, 0.6, 100.0, 100.0, 100.0])
    rates, answered = Rates(lambda: next(times)), []
    for _ in range(7):
        try:
            rates.count(b"", 2)
        except Problem:
            answered.append(False)
        else:
            answered.append(True)
    assert answered == [True, True, False, True, True, True, False]


@pytest.mark.parametrize(
    ("host", "header", "is_known"),
    [
        ("127.0.0.1", "127.0.0.1:8000", True),
        ("127.0.0.1", "localhost", True),
        ("127.0.0.1", "LOCALHOST:1", True),
        ("127.0.0.1", "[::1]:8000", True),
        ("127.0.0.1", "evil.example", False),
        ("127.0.0.1", "127.0.0.1.evil.example", False),
        ("127.0.0.1", "192.0.2.1", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "named.example:80", True),
        (EVERY_HOST, "192.0.2.1:8000", True),
        (EVERY_HOST, "evil.example", False),
        ("api.example", "api.example:8000", True),
    ],
)
def test_a_server_answers_to_its_own_names_only(host, header, is_known):
    hosts = Hosts(host, ["named.example"])
    if is_known:
        hosts.check(header)
    else:
        what = "names another server" if header else "is missing"
        with pytest.raises(Problem, match=f"the header Host {what}"):
            hosts.check(header)


def test_requests_to_another_host_are_refused(client):
    assert client.get("/users", headers={"Host": "evil.example"}).status_code == 400


def test_other_machines_reach_what_is_no_loopback():
    assert [is_loopback(one) for one in ("localhost", "127.8.0.1", "::1")] == [True] * 3
    assert [is_loopback(one) for one in (EVERY_HOST, "::", "", "example.com")] == [False] * 4


def test_no_page_of_another_site_is_let_in(client):
    answer = client.get("/users", headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_logs_hold_no_keys_and_no_values_of_filters(server, caplog):
    caplog.set_level(logging.INFO)
    with server.client() as client:
        client.get("/users", params={"filter": "lastName==Geheim"})
        client.get("/users", params={"filter": "lastName=Geheim"})
        client.get("/segment", params={"filter": "lastName==Geheim"})
        client.get("/users", headers={HEADER: "wrong-key-of-somebody"})
        client.post("/users", json={"identifyId": "Geheim"})
    # httpx has a log of its own.
    told = [one.getMessage() for one in caplog.records if one.name == "filterlang.px.server"]
    assert [re.sub(r" [0-9.]+ ms$", "", text) for text in told] == [
        "GET '/v1/users' 200",
        "GET '/v1/users' 400",
        "/segment takes no parameter 'filter', which is ignored",
        "GET '/v1/segment' 200",
        "GET '/v1/users' 401",
        "POST '/v1/users' 400",
    ]
    assert all(secret not in text for text in told for secret in ("Geheim", server.key))


def test_a_fault_of_the_server_is_answered_and_logged_without_values(server, caplog, monkeypatch):
    def broken(*_, **__):
        message = "broken"
        raise RuntimeError(message)

    monkeypatch.setattr("filterlang.px.server.database.Database.page", broken)
    with server.client() as client:
        answer = client.get("/users", params={"filter": "lastName==Geheim"})
    assert answer.status_code == 500
    assert answer.json()["externalapierror"]["status"] == "INTERNAL_SERVER_ERROR"
    assert "a request failed" in caplog.text
    assert "Geheim" not in "".join(
        one.getMessage() for one in caplog.records if one.name == "filterlang.px.server"
    )
