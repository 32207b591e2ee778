"""The ASGI app of the filter box, asked by Starlette's test client."""

from __future__ import annotations

import gzip
import json

import pytest

import filterlang as fl
from filterlang.web import Limits, check, complete, explain
from tests.support.engines import need

need("starlette", "web")

from starlette.applications import Starlette  # noqa: E402 — only where it is installed
from starlette.routing import Mount  # noqa: E402 — as above
from starlette.testclient import TestClient  # noqa: E402 — as above

from filterlang.web import filter_box  # noqa: E402 — as above

SCHEMA = fl.Schema({"score": "integer", "city": "text"})


@pytest.fixture
def client():
    return TestClient(Starlette(routes=[Mount("/filters", filter_box(SCHEMA))]))


@pytest.mark.parametrize(
    ("path", "question", "payload"),
    [
        ("check", check, {"filters": ["score=10", "city==Köln", "\ud800"]}),
        ("complete", complete, {"filter": "sc", "cursor": 2}),
        ("explain", explain, {"filters": ["score>1"], "record": {"score": 3}}),
    ],
)
def test_it_answers_as_the_functions_do(client, path, question, payload):
    answer = client.post(f"/filters/{path}", content=json.dumps(payload))
    assert (answer.status_code, answer.json()) == (200, question(payload, SCHEMA))
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_it_keeps_to_its_limits():
    client = TestClient(filter_box(limits=Limits(filters=1), max_body=100))
    refused = client.post("/check", json={"filters": ["", ""]})
    assert (refused.status_code, refused.json()) == (
        400,
        {"error": "expected at most 1 filters, found 2"},
    )
    assert client.post("/check", content=b" " * 86 + b'{"filters":[]}').status_code == 200
    assert client.post("/check", content=b" " * 87 + b'{"filters":[]}').status_code == 413


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", "expected JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"{", "expected JSON: Expecting property name enclosed in double quotes: "),
        (b'"\xff"', "expected JSON, found bytes that are no UTF-8"),
        (b"[" * 100_000, "expected JSON, found too deep a nesting"),
        (b'{"filters": NaN}', "expected JSON: NaN is no JSON"),
        (b"1" * 5000, "expected JSON: a number of 5000 digits"),
        (b"filter=a", "expected JSON: Expecting value: line 1 column 1 (char 0)"),
        (b"[]", "expected an object with 'filters', found []"),
    ],
)
def test_a_bad_body_is_told_what_is_wrong(client, body, error):
    answer = client.post("/filters/check", content=body)
    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]
    assert answer.json()["error"].startswith(error)


@pytest.mark.parametrize("length", ["262145", "9" * 5000])
def test_a_body_that_is_said_to_be_large_is_not_read(length):
    client = TestClient(filter_box())
    answer = client.post("/check", content=b"{}", headers={"content-length": length})
    assert (answer.status_code, answer.json()) == (
        413,
        {"error": "expected a body of at most 262144 bytes"},
    )


def test_a_large_body_of_no_said_length_is_refused(client):
    answer = client.post("/filters/check", content=iter([b" " * 65536] * 8))
    assert (answer.status_code, answer.json()) == (
        413,
        {"error": "expected a body of at most 262144 bytes"},
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "error", "allowed"),
    [
        ("GET", "/filters/check", 405, "Method Not Allowed", {"POST"}),
        ("PUT", "/filters/complete", 405, "Method Not Allowed", {"POST"}),
        ("POST", "/filters/filter-box.js", 405, "Method Not Allowed", {"GET", "HEAD"}),
        ("GET", "/filters/else", 404, "Not Found", None),
        ("GET", "/filters/..%2fapp.py", 404, "Not Found", None),
    ],
)
def test_other_methods_and_paths_are_refused(client, method, path, status, error, allowed):
    answer = client.request(method, path)
    assert (answer.status_code, answer.json()) == (status, {"error": error})
    if allowed:
        assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("name", "kind"),
    [("filter-box.js", "text/javascript"), ("filter-box.css", "text/css")],
)
def test_the_files_of_the_element_are_served_and_kept(client, name, kind):
    answer = client.get(f"/filters/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    again = client.get(f"/filters/{name}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"/filters/{name}", headers={"if-none-match": '"else"'})
    assert other.content == answer.content


def test_the_element_is_small(client):
    sizes = [
        len(gzip.compress(client.get(f"/filters/filter-box.{end}").content))
        for end in ("js", "css")
    ]
    assert sum(sizes) < 15_000


def test_the_element_makes_no_html_of_texts_and_asks_no_other_host(client):
    script = client.get("/filters/filter-box.js").text
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "://"):
        assert word not in script
    assert "url(" not in client.get("/filters/filter-box.css").text


def test_who_goes_away_is_no_error():
    from anyio import run

    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message["type"])

    scope = {"type": "http", "method": "POST", "path": "/check", "headers": [], "query_string": b""}
    run(filter_box(), scope, receive, send)
    assert sent == ["http.response.start", "http.response.body"]
