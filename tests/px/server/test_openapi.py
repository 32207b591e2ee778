"""The OpenAPI document: it names all paths, and answers are as it says."""

from __future__ import annotations

import jsonschema
import pytest

from filterlang.px.endpoints import LISTS, READ_ONLY, REQUIRED
from filterlang.px.server.openapi import openapi


def schema_of(name_or_schema):
    document = openapi()
    found = {"components": document["components"]}
    if isinstance(name_or_schema, str):
        return {**found, "$ref": f"#/components/schemas/{name_or_schema}"}
    return {**found, **name_or_schema}


def test_it_is_served_to_everybody(client):
    url = str(client.base_url).replace("/v1/", "/openapi.json")
    answer = client.get(url, headers={"X-APTRINSIC-API-KEY": ""})
    assert answer.json() == openapi()
    assert answer.json()["openapi"] == "3.1.0"


def test_it_has_all_paths():
    expected = {f"/v1/{path}" for path in LISTS} | {f"/v1/{path}/{{key}}" for path in READ_ONLY}
    expected |= {f"/v1/admin/model/{model}/attributes" for model in ("user", "account")}
    assert set(openapi()["paths"]) == expected


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        *((f"/{path}", f"/v1/{path}") for path in LISTS),
        ("/users/usr-0001", "/v1/users/{key}"),
        ("/accounts/acc-001", "/v1/accounts/{key}"),
        ("/admin/model/user/attributes", "/v1/admin/model/user/attributes"),
    ],
)
def test_answers_are_as_it_says(client, path, name):
    answers = openapi()["paths"][name]["get"]["responses"]
    for asked, status in ((path, 200), (f"{path}?pageSize=x", 400)):
        answer = client.get(asked)
        if answer.status_code != 200:
            assert answer.status_code == status
        content = answers[str(answer.status_code)]["content"]["application/json"]
        jsonschema.validate(answer.json(), schema_of(content["schema"]))


@pytest.mark.parametrize(("path", "name"), [("users", "User"), ("accounts", "Account")])
def test_what_may_be_sent_is_what_is_taken(client, path, name):
    key = LISTS[path].key
    body = {one: [] if one == "propertyKeys" else "x" for one in REQUIRED[path]}
    bodies = [body, {**body, "nothing": 1}, {**body, "location": {"city": 5}}, {}, {key: None}]
    for sent in bodies:
        errors = list(jsonschema.Draft202012Validator(schema_of(f"New{name}")).iter_errors(sent))
        assert (client.post(f"/{path}", json=sent).status_code == 400) == bool(errors)
