"""What the servers make of queries that no client of ours would send."""

from __future__ import annotations

import socket

import pytest

import filterlang as fl
from tests.support.engines import need
from tests.wire.servers import HOST, PATH, TIMEOUT


def ask(server, query):
    """Send a query as it stands, and give the status and the body of the answer."""
    port = int(server.origin.rpartition(":")[2])
    with socket.create_connection((HOST, port), TIMEOUT) as connection:
        head = f"GET {PATH}?{query} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        with connection.makefile("rb") as answer:
            status = answer.readline().split(b" ")[1]
            _, _, body = answer.read().partition(b"\r\n\r\n")
    return int(status), body


def received(server, query):
    status, body = ask(server, query)
    assert status == 200
    found = server.received(body)
    assert found.target == f"{PATH}?{query}".encode()
    return found


def codes(error):
    return [one.code for one in error.diagnostics]


@pytest.mark.parametrize(
    "query",
    [
        "filter=a==1;b==2&filter=c==3",
        "pageSize=5&filter=a==1;b==2&filter=c==3&sort=x",
        "filter=a%3D%3D1;b==2&&filter=&filter&filter=+&x&filter=c=%3d3",
        "%66ilter=%61==1;b==2&fil%74er=c==3",
        # Operators, quotes and brackets as they stand, as people type them.
        "filter=+a+==+1+;+b+==+2+&filter=c==3;",
    ],
)
def test_untidy_queries_are_read_by_all_in_the_same_way(server, query):
    """from_query and the framework's pairs agree, where nothing is encoded that needn't be."""
    filters = fl.parse(["a==1;b==2", "c==3"])
    found = received(server, query)
    assert (found.from_query, found.from_params) == (filters, filters)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("filter=a%253D%253D1", "FL117"),
        ("filter=a==1;filter=b==2", "FL116"),
        ("filters=a==1", "FL203"),
        ("filter[]=a==1", "FL203"),
        ("Filter=a==1", "FL203"),
        ("filter=a=1", "FL104"),
        ("filter=a==1,2", "FL111"),
        ("filter=a==%00", "FL114"),
    ],
)
def test_mistakes_are_refused_whoever_decoded_them(server, query, code):
    found = received(server, query)
    assert codes(found.from_query) == codes(found.from_params) == [code]


KEPT, REPLACED = "%FF", "\ufffd"


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("standard library", REPLACED),
        ("Starlette", REPLACED),
        ("Flask", KEPT),
        ("Django", REPLACED),
    ],
)
def test_bytes_that_are_no_utf_8_are_noticed_only_in_the_raw_query(started, name, instead):
    found = received(started(name), "filter=name%3D%3Da%FFb")
    assert codes(found.from_query) == ["FL202"]
    assert found.from_params == fl.parse(f"name==a{instead}b")


def test_a_percent_sign_that_encodes_nothing_is_noticed_only_in_the_raw_query(server):
    found = received(server, "filter=discount==100%")
    assert codes(found.from_query) == ["FL201"]
    assert found.from_params == fl.parse("discount==100%")


GARBLED = "Ã¶"
"""The bytes of an `ö` in UTF-8, read as Latin-1."""


@pytest.mark.parametrize(
    ("name", "by_query", "by_params"),
    [("standard library", GARBLED, GARBLED), ("Flask", GARBLED, GARBLED), ("Django", GARBLED, "ö")],
)
def test_letters_that_are_not_encoded_are_garbled(started, name, by_query, by_params):
    """A URL holds ASCII alone, and of what doesn't, some read the bytes as Latin-1."""
    found = received(started(name), "filter=name==ö")
    assert found.from_query == fl.parse(f"name=={by_query}")
    assert found.from_params == fl.parse(f"name=={by_params}")


def test_letters_that_are_not_encoded_are_refused_by_uvicorn(started):
    assert ask(started("Starlette"), "filter=name==ö") == (400, b"Invalid HTTP request received.")


def test_django_reads_1000_parameters_and_no_more(started):
    """The raw query is read by `from_query` whatever their number."""
    server = started("Django")
    many = fl.parse(["a==1"] * 1_000)
    assert received(server, fl.to_query(many)).from_params == many
    found = received(server, fl.to_query(many) + "&pageSize=25")
    assert type(found.from_params).__name__ == "TooManyFieldsSent"
    assert found.from_query == many


# --- Without a server -----------------------------------------------------------------------------

QUERY = "filter=a==1&filter=b==2"


def of_starlette():
    need("starlette", "test")
    from starlette.datastructures import QueryParams

    return QueryParams(QUERY)


def of_flask():
    need("flask", "test")
    from flask import Request

    return Request.from_values(query_string=QUERY).args


def of_django(started):
    started("Django")  # a QueryDict asks for settings
    from django.http import QueryDict

    return QueryDict(QUERY)


@pytest.mark.parametrize(
    ("name", "alone"), [("Starlette", "b==2"), ("Flask", "a==1"), ("Django", "b==2")]
)
def test_as_a_mapping_the_parameters_hold_one_filter_and_are_refused(started, name, alone):
    params = {
        "Starlette": of_starlette,
        "Flask": of_flask,
        "Django": lambda: of_django(started),
    }[name]()
    assert params["filter"] == alone
    with pytest.raises(TypeError, match=r"^expected pairs, not \w+: a mapping may hold only one"):
        fl.from_params(params)
