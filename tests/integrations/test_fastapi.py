"""FastAPI with the types for pydantic: bad filters are answered with what is wrong with them."""

from __future__ import annotations

from typing import Annotated, Optional

import pytest
from fastapi import Body, Cookie, FastAPI, Form, Header, Query, params
from fastapi.testclient import TestClient
from hypothesis import given
from pydantic import BaseModel

import filterlang as fl
from filterlang import Filter, FilterSet, px
from filterlang.integrations.pydantic import AsFilter, AsFilterSet, FilterParam, FilterSetParam
from filterlang.testing import filter_sets

app = FastAPI()
USERS = [
    {"email": "ann@example.com", "score": 12, "location": {"countryCode": "US"}},
    {"email": "bob@example.org", "score": 3, "location": {"countryCode": "DE"}},
]


@app.get("/users")
def users(
    filter: Annotated[list[Annotated[Filter, AsFilter(px.USER)]], Query()] = [],  # noqa:  B006 — as the API names it; FastAPI copies it
):
    return list(fl.compile(FilterSet(filter), schema=px.USER).filter(USERS))


@app.get("/echo")
def echo(filter: Annotated[list[FilterParam], Query()] = []):  # noqa:  B006 — as above
    return fl.unparse(FilterSet(filter))


client = TestClient(app)


def test_filters_are_applied():
    assert client.get("/users").json() == USERS
    assert client.get("/users?" + fl.to_query(fl.parse("score>=10"))).json() == USERS[:1]
    both = ["score>=10", "email~*.org"]
    assert client.get("/users", params=fl.to_params(fl.parse(both))).json() == USERS


def test_an_alias_that_passes_the_check_finds_what_it_stands_for():
    assert client.get("/users", params={"filter": "countryCode==us"}).json() == USERS[:1]


@given(filter_sets())
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


# --- A set of filters as a parameter --------------------------------------------------------------


class Routed(params.Query):
    """A kind of parameter of one's own."""


@pytest.mark.parametrize(
    "annotation",
    [
        FilterSetParam,
        Annotated[FilterSetParam, Query()],
        Annotated[FilterSetParam, Query(alias="filter")],
        Annotated[FilterSet, AsFilterSet(px.USER), Query()],
        Annotated[FilterSet | None, AsFilterSet(), Query()],
        Annotated[FilterSetParam | None, Query()],
        Annotated[Optional[FilterSetParam], Query()],  # noqa: UP045 — the other spelling
        Annotated[FilterSetParam, Routed()],
        Annotated[FilterSetParam, Header()],
        Annotated[FilterSetParam, Cookie()],
        Annotated[FilterSetParam, Form()],
    ],
)
def test_a_parameter_that_would_keep_the_last_filter_alone_is_refused(annotation, monkeypatch):
    """When the route is declared: of `?filter=a==1&filter=b==2`, FastAPI would give `b==2`."""
    # Forms need a package to be read with, which is not what this is about.
    monkeypatch.setattr("fastapi.dependencies.utils.ensure_multipart_is_installed", lambda: None)

    def endpoint(filter):
        return fl.unparse(filter)

    endpoint.__annotations__["filter"] = annotation
    with pytest.raises(TypeError) as caught:
        FastAPI().post("/")(endpoint)
    assert str(caught.value) == (
        "expected a list as the parameter 'filter', found a FilterSet, for which FastAPI would keep"
        " the last of several filters; write Annotated[list[FilterParam], Query()] and make a"
        " FilterSet(filter) of it"
    )


class Alert(BaseModel):
    """A body with filters."""

    whom: FilterSetParam


def test_a_set_of_filters_may_be_the_body_or_in_it():
    bodies = FastAPI()

    def body(filter):
        return fl.unparse(filter)

    def alert(alert):
        return fl.unparse(alert.whom)

    def sets(filter):
        return [fl.unparse(one) for one in filter]

    body.__annotations__["filter"] = Annotated[FilterSetParam, Body()]
    alert.__annotations__["alert"] = Alert
    sets.__annotations__["filter"] = Annotated[list[FilterSetParam], Query()]
    bodies.post("/body")(body)
    bodies.post("/alert")(alert)
    bodies.get("/sets")(sets)
    asked = TestClient(bodies)
    both = ["a==1", "b==2"]
    assert asked.post("/body", json=both).json() == both
    assert asked.post("/alert", json={"whom": both}).json() == both
    assert asked.get("/sets", params={"filter": both}).json() == [["a==1"], ["b==2"]]
