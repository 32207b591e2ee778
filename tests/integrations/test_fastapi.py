"""FastAPI with the types for pydantic: bad filters are answered with what is wrong with them."""

from __future__ import annotations

from typing import Annotated, Optional

import pytest
from fastapi import Body, Cookie, Depends, FastAPI, Form, Header, Query, params
from fastapi.testclient import TestClient
from hypothesis import given
from pydantic import BaseModel

import filterlang as fl
from filterlang import Filter, FilterSet, px
from filterlang.integrations.fastapi import FilterQuery
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


def test_several_filters_are_told_as_a_query_string():
    answer = client.get("/found?filter=type%3D%3DLEAD,USER")
    (error,) = answer.json()["detail"]
    hint = error["ctx"]["diagnostics"][0]["hint"]
    assert hint == (
        "for one of several values, write a filter for each:"
        " filter=type%3D%3DLEAD&filter=type%3D%3DUSER; '\\,' is a comma that belongs to the"
        " expression"
    )


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


# --- The filters of a request ---------------------------------------------------------------------


@app.get("/read")
def read(filters: Annotated[FilterSet, Depends(FilterQuery())], pageSize: int = 25):  # noqa:  N803 — the API's own name
    return {"filters": fl.unparse(filters), "pageSize": pageSize}


@app.get("/found")
def found(filters: Annotated[FilterSet, Depends(FilterQuery(px.USER))]):
    return {
        "filters": fl.unparse(filters),
        "users": list(fl.compile(filters, schema=px.USER).filter(USERS)),
    }


@given(filter_sets())
def test_what_was_sent_is_read(filters):
    for answer in (
        client.get("/read?" + fl.to_query(filters)),
        client.get("/read", params=fl.to_params(filters)),
    ):
        assert answer.status_code == 200
        assert fl.parse(answer.json()["filters"]) == filters


@pytest.mark.parametrize("query", ["", "?", "?pageSize=25", "?filter=", "?filter=%20&filter="])
def test_no_filter_restricts_nothing(query):
    assert client.get(f"/read{query}").json() == {"filters": [], "pageSize": 25}


def test_aliases_come_out_as_the_names_that_they_stand_for():
    answer = client.get("/found", params=[("filter", "countryCode==us"), ("filter", "score==012")])
    assert answer.status_code == 422
    answer = client.get("/found", params=[("filter", "countryCode==us"), ("filter", "score==12.0")])
    assert answer.json() == {
        "filters": ["location.countryCode==us", "score==12.0"],
        "users": USERS[:1],
    }


@pytest.mark.parametrize(
    ("query", "loc", "code"),
    [
        ("filters=score%3E9", ["query"], "FL203"),
        ("Filter=score%3E9", ["query"], "FL203"),
        ("filter[]=score%3E9", ["query"], "FL203"),
        ("filter%5B%5D=score%3E9", ["query"], "FL203"),
        ("filter[0]=score%3E9", ["query"], "FL203"),
        ("filter[score]=9", ["query"], "FL203"),
        ("filter.score=9", ["query"], "FL203"),
        ("$filter=score%20gt%209", ["query"], "FL203"),
        ("%20filter=score%3E9", ["query"], "FL203"),
        ("fliter=score%3E9", ["query"], "FL203"),
        ("score>=9", ["query"], "FL203"),
        ("score%3E%3D9", ["query"], "FL203"),
        ("filter=score%3E9%", ["query"], "FL201"),
        ("filter=email%3D%3D%FF", ["query"], "FL202"),
        ("pageSize=5;filter=score%3E9", ["query"], "FL205"),
        ("/users?filter=score%3E9", ["query"], "FL204"),
        ("filter=score%3E9&filter=score%3D9", ["query", "filter", 1], "FL104"),
        ("filter=&filter=scroe%3E9", ["query", "filter", 1], "FL501"),
    ],
)
def test_what_would_restrict_nothing_or_is_wrong_is_refused(query, loc, code):
    """Under a key that FastAPI doesn't know, everybody would be found."""
    answer = client.get(f"/found?{query}")
    assert answer.status_code == 422
    (error,) = answer.json()["detail"]
    assert (error["type"], error["loc"], error["ctx"]["code"]) == ("filter_error", loc, code)


def test_all_that_is_wrong_is_told_at_once():
    answer = client.get("/read?filters=a&filter=b&filter=c%3D1&filter=%zz&pageSize=few")
    assert [(one["loc"], one["msg"].split(" ")[0]) for one in answer.json()["detail"]] == [
        (["query"], "FL203"),
        (["query", "filter", 0], "FL103"),
        (["query", "filter", 1], "FL104"),
    ]
    assert answer.json()["detail"][0]["ctx"]["diagnostics"][1]["code"] == "FL201"
    assert answer.json()["detail"][2] == {
        "type": "filter_error",
        "loc": ["query", "filter", 1],
        "msg": "FL104 at column 2: expected '==', found a single '='; write '=='",
        "input": "c=1",
        "ctx": {
            "code": "FL104",
            "span": [1, 2],
            "fixed": "c==1",
            "diagnostics": [
                {
                    "code": "FL104",
                    "severity": "error",
                    "message": "expected '==', found a single '='",
                    "span": [1, 2],
                    "hint": "write '=='",
                }
            ],
            "message": "FL104 at column 2: expected '==', found a single '='; write '=='",
        },
    }


@pytest.mark.parametrize("query", ["filter=a&" * 2_000, "filters=a&" * 2_000, "%zz&" * 2_000])
def test_a_long_query_makes_no_long_answer(query):
    answer = client.get(f"/read?{query}")
    assert answer.status_code == 422
    assert len(answer.json()["detail"]) <= 20
    assert len(answer.content) < 2 * len(query) + 16_000


def test_limits_can_be_set():
    small = FastAPI()

    @small.get("/")
    def few(
        filters: Annotated[FilterSet, Depends(FilterQuery(max_length=5, max_diagnostics=2))],
    ):
        return fl.unparse(filters)

    sender = TestClient(small)
    assert sender.get("/?filter=a==1").json() == ["a==1"]
    (error,) = sender.get("/?filter=a==123").json()["detail"]
    assert error["ctx"]["code"] == "FL301"
    (error,) = sender.get("/?filter=a==,,,").json()["detail"]
    assert error["ctx"]["code"] == "FL301"
    (error,) = sender.get("/?filter=a,,,,").json()["detail"]
    assert [one["code"] for one in error["ctx"]["diagnostics"]] == ["FL103"]
    (error,) = sender.get("/?filter=;;;;").json()["detail"]
    assert [one["code"] for one in error["ctx"]["diagnostics"]] == ["FL102", "FL102", "FL304"]


def test_the_document_describes_the_parameter():
    (parameter,) = client.get("/openapi.json").json()["paths"]["/found"]["get"]["parameters"]
    about = "Which records to return: those that one of these filters matches; without any, all."
    examples = ["identifyId~A*", "type==LEAD", "lastSeenDate>=2024-01-01"]
    assert parameter == {
        "name": "filter",
        "in": "query",
        "required": False,
        "description": about,
        "schema": {
            "type": "array",
            "title": "Filter",
            "description": about,
            "default": [],
            "examples": [[one] for one in examples],
            "items": {
                "type": "string",
                "maxLength": 1_048_576,
                "description": "Clauses 'name operator value' joined by ';' for AND;"
                " operators == != ~ !~ < <= > >=.",
                "examples": examples,
            },
        },
    }
    for example in examples:
        assert client.get("/found", params={"filter": example}).status_code == 200


# --- A set of filters as a parameter --------------------------------------------------------------


class Routed(params.Query):
    """A kind of parameter of one's own."""


@pytest.mark.parametrize(
    "annotation",
    [
        FilterSet,
        FilterSetParam,
        Annotated[FilterSet, Query()],
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
        " the last of several filters; write Annotated[FilterSet, Depends(FilterQuery())] with the"
        " FilterQuery of filterlang.integrations.fastapi"
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
