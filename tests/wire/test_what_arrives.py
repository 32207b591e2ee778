"""What real clients send to real servers arrives as it was meant, and in the bytes we state."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings

import filterlang as fl
from filterlang.testing import filter_sets
from filterlang.testing.drawn_filters import NASTY
from tests.wire.awkward import AWKWARD, LONG
from tests.wire.clients import encoded_by
from tests.wire.servers import PATH, Received

OTHERS = [("pageSize", "25"), ("scrollId", "a/b+c d==&é"), ("sort", "-score")]
"""What else a list request carries."""


# Written once, for they are sent many times.
PAIRS = {name: fl.to_params(filters) for name, filters in AWKWARD.items()}
QUERIES = {name: fl.to_query(filters) for name, filters in AWKWARD.items()}


def target_of(query):
    return PATH.encode() + (b"?" + query if query else b"")


def test_the_filters_are_awkward_enough():
    texts = "".join(text for filters in AWKWARD.values() for text in fl.unparse(filters))
    operators = {
        clause.operator for filters in AWKWARD.values() for one in filters for clause in one
    }
    lengths = [len(fl.to_query(filters)) for filters in AWKWARD.values()]
    assert len(set(AWKWARD.values())) == len(AWKWARD) >= 40
    assert operators == set(fl.Operator)
    assert {*map(chr, range(0x20, 0x7F))} <= {*texts}
    assert {*NASTY} <= {*texts}
    assert LONG * 0.95 < max(lengths) <= LONG
    assert min(lengths) == 0


def differences(server, others, send, query_of):
    """Send every set of filters; give what wasn't received as it was meant, by its name.

    Args:
        server: where to send them.
        others: the pairs to send beside the filters.
        send: gets a URL and the name of a set; returns the body of the answer.
        query_of: gets that name; states the bytes of the query.
    """
    wrong = {}
    for name, filters in AWKWARD.items():
        received = server.received(send(server.url, name))
        if received != Received(target_of(query_of(name)), filters, filters, PAIRS[name] + others):
            wrong[name] = received
    return wrong


def differences_of_pairs(client_name, client, server, others):
    return differences(
        server,
        others,
        lambda url, name: client.pairs(url, PAIRS[name] + others),
        lambda name: encoded_by(client_name, PAIRS[name] + others),
    )


def differences_of_queries(client, server, others):
    def query_of(name):
        return "&".join(filter(None, [QUERIES[name], urlencode(others)]))

    return differences(
        server,
        others,
        lambda url, name: client.encoded(url, query_of(name)),
        lambda name: query_of(name).encode(),
    )


@pytest.mark.sampled(6)
def test_decoded_pairs_beside_other_parameters(client_name, client, server):
    """Every set arrives equal, read in both ways, in the very bytes of the client's rule."""
    assert differences_of_pairs(client_name, client, server, OTHERS) == {}


@pytest.mark.sampled(6)
def test_the_encoded_query_beside_other_parameters(client, server):
    """Every set arrives equal, read in both ways, in the very bytes of `to_query`."""
    assert differences_of_queries(client, server, OTHERS) == {}


def test_filters_alone(client_name, client, plain_server):
    """As above in both forms, with no other parameter; without a filter there is no query."""
    assert differences_of_pairs(client_name, client, plain_server, []) == {}
    assert differences_of_queries(client, plain_server, []) == {}


def test_the_encoded_query_of_2019(client, server):
    """The dialect of 2019, whose `@` is not encoded, arrives in its very bytes, too."""
    filters = fl.parse(["email~*@example.com;score>=10", r"title~\**"])
    query = fl.to_query(filters, dialect="aptrinsic-2019")
    received = server.received(client.encoded(server.url, query))
    assert query == "filter=email%3D@%2A%40example.com%3Bscore%3E%3D10&filter=title%3D@%5C%2A%2A"
    assert (received.target, received.from_query) == (target_of(query.encode()), filters)


FORM = {
    "a==1;b!=2;c<3;d<=4;e>5;f>=6;g~h*;i!~j?": (
        b"a%3D%3D1%3Bb%21%3D2%3Bc%3C3%3Bd%3C%3D4%3Be%3E5%3Bf%3E%3D6%3Bg~h%2A%3Bi%21~j%3F"
    ),
    r"name==Smith\, John": b"name%3D%3DSmith%5C%2C+John",
    "email==a.b+c@example.com": b"email%3D%3Da.b%2Bc%40example.com",
    "name==O'Brien & ($on)": b"name%3D%3DO%27Brien+%26+%28%24on%29",
    "url==http://x/y?z=1#2": b"url%3D%3Dhttp%3A%2F%2Fx%2Fy%3Fz%3D1%232",
    "discount==100%;x==%3D": b"discount%3D%3D100%25%3Bx%3D%3D%253D",
    "city==Zürich 😀": b"city%3D%3DZ%C3%BCrich+%F0%9F%98%80",
}
AIOHTTP = FORM | {
    "a==1;b!=2;c<3;d<=4;e>5;f>=6;g~h*;i!~j?": (
        b"a%3D%3D1%3Bb!%3D2%3Bc%3C3%3Bd%3C%3D4%3Be%3E5%3Bf%3E%3D6%3Bg~h*%3Bi!~j?"
    ),
    r"name==Smith\, John": b"name%3D%3DSmith%5C,+John",
    "email==a.b+c@example.com": b"email%3D%3Da.b%2Bc@example.com",
    "name==O'Brien & ($on)": b"name%3D%3DO'Brien+%26+($on)",
    "url==http://x/y?z=1#2": b"url%3D%3Dhttp://x/y?z%3D1%232",
}


def test_the_bytes_of_pairs(client_name, client, plain_server):
    """What the rule of `encoded_by` comes to, letter by letter."""
    sent = {}
    for text in FORM:
        pairs = [*fl.to_params(fl.parse(text)), ("pageSize", "25")]
        sent[text] = plain_server.received(client.pairs(plain_server.url, pairs)).target
    expected = AIOHTTP if client_name == "aiohttp" else FORM
    assert sent == {
        text: b"/users?filter=" + value + b"&pageSize=25" for text, value in expected.items()
    }


def test_most_clients_encode_pairs_as_to_query_does_but_for_spaces():
    """A space is `+` in their forms and `%20` in ours; servers read both."""
    for filters in AWKWARD.values():
        by_clients = encoded_by("httpx", fl.to_params(filters)).decode()
        assert by_clients.replace("+", "%20") == fl.to_query(filters)
        assert by_clients == urlencode(fl.to_params(filters))
        # What aiohttp leaves as it is means the same.
        by_aiohttp = encoded_by("aiohttp", fl.to_params(filters)).decode()
        values = (pair.partition("=")[2] for pair in by_aiohttp.split("&") if pair)
        encoded = (quote(unquote(value.replace("+", " ")), safe="") for value in values)
        assert "&".join(f"filter={value}" for value in encoded) == fl.to_query(filters)


# Opening a client is what takes time, and one is as good for all examples.
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(filters=filter_sets())
def test_any_filters_arrive(client_name, client, plain_server, filters):
    """from_query of what arrived is what was sent, in both forms, and so is from_params."""
    pairs, query = fl.to_params(filters), fl.to_query(filters)
    by_pairs = plain_server.received(client.pairs(plain_server.url, pairs))
    encoded = plain_server.received(client.encoded(plain_server.url, query))
    assert by_pairs == Received(target_of(encoded_by(client_name, pairs)), filters, filters, pairs)
    assert encoded == Received(target_of(query.encode()), filters, filters, pairs)
