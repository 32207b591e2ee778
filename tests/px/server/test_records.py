"""Single records: read by id, made, changed and deleted; and the attributes of both models."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from filterlang.px.endpoints import READ_ONLY
from filterlang.px.server.access import HEADER
from filterlang.px.server.sample import sample_records
from filterlang.testing import local_server

USER = {"identifyId": "new", "propertyKeys": ["AP-1"]}


def error_of(answer):
    return answer.json()["externalapierror"]


def test_an_id_is_case_sensitive(client):
    found = client.get("/users/usr-0001")
    assert (found.status_code, found.json()["identifyId"]) == (200, "usr-0001")
    missing = client.get("/users/USR-0001")
    assert missing.status_code == 404
    assert missing.json() == {
        "externalapierror": {
            "status": "NOT_FOUND",
            "message": "/users has no record with this id; ids are case-sensitive",
            "debugMessage": None,
            "subErrors": None,
        }
    }


def test_records_come_as_they_were_loaded(client):
    for user in sample_records()["users"][:40]:
        assert client.get(f"/users/{user['identifyId']}").json() == user


def test_a_user_is_made_changed_and_deleted(client):
    made = client.post("/users", json={**USER, "score": 7, "customAttributes": {"a": [1]}})
    assert made.status_code == 200
    user = made.json()
    assert client.get("/users/new").json() == user
    assert {name: user[name] for name in ("id", "lastSeenDate", "numberOfVisits", "score")} == {
        "id": "new", "lastSeenDate": 0, "numberOfVisits": 0, "score": 7,
    }  # fmt: skip
    assert re.fullmatch(r"[0-9a-f-]{36}", user["aptrinsicId"])
    changed = client.put("/users/new", json={"score": 8, "email": "New@example.com"}).json()
    expected = {**user, "score": 8, "email": "New@example.com"}
    assert {**changed, "lastModifiedDate": 0} == {**expected, "lastModifiedDate": 0}
    assert changed["lastModifiedDate"] >= user["createDate"] == changed["createDate"]
    assert client.get("/users/new").json() == changed
    page = client.get("/users", params={"filter": "email==new@EXAMPLE.com;score==8"}).json()
    assert page["users"] == [changed]
    deleted = client.delete("/users/new")
    assert (deleted.status_code, deleted.json()) == (200, {})
    for method in ("GET", "PUT", "DELETE"):
        assert client.request(method, "/users/new", json={}).status_code == 404


def test_an_account_is_made_changed_and_deleted(client):
    made = client.post("/accounts", json={"id": "x/ä %", "name": "X", "propertyKeys": []})
    assert made.status_code == 200
    path = "/accounts/x%2F%C3%A4%20%25"
    assert client.get(path).json() == made.json()
    assert client.put(path, json={"plan": "growth"}).json()["plan"] == "growth"
    assert client.delete(path).status_code == 200


def test_what_is_read_only_is_kept_by_the_server(client):
    read = client.get("/users/usr-0001").json()
    sent = {
        name: "other" if type(read[name]) is str else 1
        for name in READ_ONLY["users"]
        if name in read
    }
    answer = client.put("/users/usr-0001", json={**read, **sent})
    assert {**answer.json(), "lastModifiedDate": 0} == {**read, "lastModifiedDate": 0}
    made = client.post("/users", json={**USER, "aptrinsicId": "mine", "createDate": 5}).json()
    assert made["aptrinsicId"] != "mine"
    assert made["createDate"] > 5


@pytest.mark.sampled(6)
@pytest.mark.parametrize(
    ("body", "messages"),
    [
        ({}, ["'identifyId' is required", "'propertyKeys' is required"]),
        ({**USER, "identifyId": ""}, ["'identifyId' is required"]),
        ({**USER, "identifyId": 5}, ["'identifyId' has to be a text, not 5"]),
        ({**USER, "score": "7"}, ["'score' has to be a whole number, not '7'"]),
        ({**USER, "score": 7.0}, ["'score' has to be a whole number, not 7.0"]),
        ({**USER, "score": True}, ["'score' has to be a whole number, not True"]),
        ({**USER, "scroe": 7}, ["'scroe' is no field that the API has"]),
        (
            {**USER, "type": "user"},
            ["'type' has to be one of LEAD, USER, VISITOR, EMPTY_USER_TYPE, not 'user'"],
        ),
        ({**USER, "propertyKeys": "AP-1"}, ["'propertyKeys' has to be a list, not 'AP-1'"]),
        ({**USER, "propertyKeys": [1]}, ["'propertyKeys' has to be a text, not 1"]),
        ({**USER, "location": []}, ["'location' has to be an object, not []"]),
        (
            {**USER, "location": {"city": 1, "town": "x"}},
            [
                "'location.city' has to be a text, not 1",
                "'location.town' is no field that the API has",
            ],
        ),
        (
            {**USER, "signUpDate": "2024-01-01"},
            ["'signUpDate' has to be a whole number of milliseconds since 1970, not '2024-01-01'"],
        ),
        (
            {**USER, "channelMetricList": [{"channel": 1}, 5]},
            ["'channelMetricList' has to be an object, not 5"],
        ),
        (
            {**USER, "customAttributes": {"a": "\0"}},
            ["'customAttributes.a' has text that databases don't hold, or is too deep"],
        ),
        ({**USER, "email": "\ud800"}, ["'email' has text that databases don't hold"]),
    ],
)  # fmt: skip
def test_bodies_are_refused_field_by_field(client, body, messages):
    answer = client.post("/users", content=json.dumps(body))
    assert answer.status_code == 400
    assert [one["message"] for one in error_of(answer)["subErrors"]] == messages
    assert error_of(answer)["message"] == messages[0]


@pytest.mark.sampled(4)
@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{", b'{"a": NaN}', b"\xff", b"[" * 100_000,
        b'{"score": %s}' % (b"9" * 5000), b'{"customAttributes": {"a": 1e999}}',
    ],
)  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("POST", "/users"), ("PUT", "/users/usr-0001")])
def test_bodies_that_are_no_objects_of_json_are_refused(client, method, path, body):
    assert client.request(method, path, content=body).status_code == 400


def test_no_key_is_given_twice_or_changed(client):
    taken = client.post("/users", json={**USER, "identifyId": "usr-0001"})
    expected = "there is a record with this 'identifyId' already; PUT changes it"
    assert (taken.status_code, error_of(taken)["message"]) == (400, expected)
    renamed = client.put("/users/usr-0001", json={"identifyId": "other"})
    expected = "'identifyId' is another one than that of the path"
    assert (renamed.status_code, error_of(renamed)["message"]) == (400, expected)
    emptied = client.put("/users/usr-0001", json={"propertyKeys": None})
    assert error_of(emptied)["message"] == "'propertyKeys' is required"


def test_large_bodies_are_refused(server, client):
    server.behaviour = server.behaviour._replace(max_body=100)

    def parts():
        yield b'{"identifyId": "'
        yield b"x" * 100

    # Python reads no number of so many digits.
    told = {"content-length": "9" * 5000}
    for content, headers in ((b"x" * 101, {}), (parts(), {}), (b"{}", told)):
        answer = client.post("/users", content=content, headers=headers)
        assert answer.status_code == 413
        assert error_of(answer) == {
            "status": "PAYLOAD_TOO_LARGE",
            "message": "the body has more than 100 bytes",
            "debugMessage": None,
            "subErrors": None,
        }


@pytest.mark.parametrize(
    ("method", "path", "status", "name"),
    [
        ("PATCH", "/users/usr-0001", 405, "METHOD_NOT_ALLOWED"),
        ("DELETE", "/users", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/segment", 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/events/custom", 405, "METHOD_NOT_ALLOWED"),
        ("GET", "/nothing", 404, "NOT_FOUND"),
        ("GET", "/users/", 404, "NOT_FOUND"),
    ],
)
def test_other_paths_and_methods_are_refused_in_the_shape_of_the_api(
    client, method, path, status, name
):
    answer = client.request(method, path)
    assert (answer.status_code, error_of(answer)["status"]) == (status, name)
    assert list(error_of(answer)) == ["status", "message", "debugMessage", "subErrors"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/nothing", "nothing is served at this path; all begin with /v1, and /openapi.json lists"),
        ("/users/", "no id stands behind /users/; the list is /users"),
        ("/users/none", "/users has no record with this id; ids are case-sensitive"),
    ],
)
def test_paths_without_anything_tell_where_it_is(client, path, message):
    assert error_of(client.get(path))["message"].startswith(message)


def test_a_connection_that_is_lost_before_the_body_came_is_no_fault(server, caplog):
    messages = iter(
        [
            {"type": "http.request", "body": b'{"identifyId', "more_body": True},
            {"type": "http.disconnect"},
        ]
    )
    sent = []

    async def receive():
        return next(messages)

    async def send(message):
        sent.append(message)

    headers = [(b"host", b"localhost"), (HEADER.lower().encode(), server.key.encode())]
    scope = {
        "type": "http", "method": "POST", "path": "/v1/users", "raw_path": b"/v1/users",
        "query_string": b"", "headers": headers, "http_version": "1.1", "scheme": "http",
    }  # fmt: skip
    asyncio.run(server.app(scope, receive, send))
    assert sent[0]["status"] == server.requests[-1].status == 400
    assert not [one for one in caplog.records if one.levelname == "ERROR"]


# --- Attributes -----------------------------------------------------------------------------------


def attributes(client, model):
    found = client.get(f"/admin/model/{model}/attributes").json()
    return {one["apiName"]: (one["type"], one["origin"]) for one in found}


def test_the_attributes_of_both_models_are_their_dimensions(client):
    users = attributes(client, "user")
    assert users["score"] == ("NUMBER", "DEFAULT")
    assert users["lastSeenDate"] == ("DATE_TIME", "DEFAULT")
    assert users["location.city"] == ("STRING", "DEFAULT")
    assert "id" not in users  # it stands in answers alone
    assert users["satisfaction"] == ("NUMBER", "CUSTOM")
    assert users["seats"] == ("STRING", "CUSTOM")  # a number here, a text there
    assert attributes(client, "account")["nps"] == ("NUMBER", "DEFAULT")
    (one, *_) = client.get("/admin/model/user/attributes").json()
    assert list(one) == [
        "id", "name", "apiName", "internalName", "description", "type", "state", "origin",
        "createdDate", "modifiedDate", "defaultValue",
    ]  # fmt: skip


def test_a_new_custom_attribute_is_listed_once_a_record_has_it():
    with local_server({}) as server, server.client() as client:
        assert not [one for _, one in attributes(client, "user").values() if one == "CUSTOM"]
        client.post("/users", json={**USER, "customAttributes": {"beta": True, "none": None}})
        assert attributes(client, "user")["beta"] == ("BOOLEAN", "CUSTOM")
        client.put("/users/new", json={"customAttributes": {"beta": 1, "seats": 5}})
        found = attributes(client, "user")
        assert (found["beta"], found["seats"]) == (("STRING", "CUSTOM"), ("NUMBER", "CUSTOM"))
        assert "none" not in found
        assert "beta" not in attributes(client, "account")
