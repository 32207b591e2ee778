"""FastAPI with the types for pydantic: bad filters are answered with what is wrong with them."""

from __future__ import annotations

from typing import Annotated

import pytest
from fastapi import FastAPI, Query
from fastapi.testclient import TestClient
from hypothesis import given

import filterlang as fl
from filterlang import Filter, FilterSet, px
from filterlang.integrations.pydantic import AsFilter, FilterParam
from tests.property.strategies import filter_sets

app = FastAPI()
USERS = [{"email": "ann@example.com", "score": 12}, {"email": "bob@example.org", "score": 3}]


@app.get("/users")
def users(
    filter: Annotated[list[Annotated[Filter, AsFilter(px.USER)]], Query()] = [],  # noqa: A002, B006 — as the API names it; FastAPI copies it
):
    return list(fl.compile(FilterSet(filter)).filter(USERS))


@app.get("/echo")
def echo(filter: Annotated[list[FilterParam], Query()] = []):  # noqa: A002, B006 — as above
    return fl.unparse(FilterSet(filter))


client = TestClient(app)


def test_filters_are_applied():
    assert client.get("/users").json() == USERS
    assert client.get("/users?" + fl.to_query(fl.parse("score>=10"))).json() == USERS[:1]
    both = ["score>=10", "email~*.org"]
    assert client.get("/users", params=fl.to_params(fl.parse(both))).json() == USERS


@given(filter_sets)
def test_what_was_sent_arrives(filters):
    """The encoded query and the decoded pairs arrive as the equal filters."""
    for answer in (
        client.get("/echo?" + fl.to_query(filters)),
        client.get("/echo", params=fl.to_params(filters)),
    ):
        assert answer.status_code == 200
        assert fl.parse(answer.json()) == filters


def test_bad_filters_are_answered_with_what_is_wrong():
    answer = client.get("/users?filter=score%3E%3D10&filter=scroe%3D1")
    assert answer.status_code == 422
    (error,) = answer.json()["detail"]
    assert error["loc"] == ["query", "filter", 1]
    assert error["type"] == "filter_error"
    assert error["input"] == "scroe=1"
    assert error["ctx"]["code"] == "FL501"
    assert error["ctx"]["span"] == [0, 5]
    assert [one["code"] for one in error["ctx"]["diagnostics"]] == ["FL501", "FL104"]


def test_several_bad_filters_have_an_error_each():
    answer = client.get("/echo?filter=a&filter=b%3D%3D1&filter=c")
    assert [error["loc"] for error in answer.json()["detail"]] == [
        ["query", "filter", 0],
        ["query", "filter", 2],
    ]


def test_a_short_text_makes_no_long_answer():
    text = "a==" + "," * 7_000
    answer = client.get("/echo", params={"filter": text})
    assert answer.status_code == 422
    assert len(answer.content) < len(text) + 16_000


@pytest.mark.parametrize("path", ["/users", "/echo"])
def test_the_documentation_shows_examples(path):
    (parameter,) = client.get("/openapi.json").json()["paths"][path]["get"]["parameters"]
    assert parameter["name"] == "filter"
    assert parameter["schema"]["type"] == "array"
    for example in parameter["schema"]["items"]["examples"]:
        assert client.get(path, params={"filter": example}).status_code == 200
