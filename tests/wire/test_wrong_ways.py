"""What goes wrong between a right filter and its server, client by client.

The page docs/how-to/send-filters.md warns of these ways. Should a new version of a client mend one,
its test fails, and the warning is to be taken back.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest

import filterlang as fl
from filterlang import px
from tests.support.engines import need
from tests.wire.clients import CLIENTS, encoded_by

FILTER = fl.parse("score>=10")
TWO = fl.parse(["score>=10", "role==admin"])


def codes(received):
    """Give the codes of what is wrong with a query: from_query's and from_params' must agree."""
    by_query, by_params = (
        [one.code for one in error.diagnostics]
        for error in (received.from_query, received.from_params)
    )
    assert by_query == by_params
    return by_query


def sent(client, server, url, params):
    """Send something as `params=`, and give the query that arrived, or the client's error."""
    try:
        return server.received(client.pairs(url, params)).target.partition(b"?")[2].decode()
    except TypeError as error:
        return str(error)


# --- Encoded twice --------------------------------------------------------------------------------


def test_what_is_encoded_already_is_encoded_twice_by_every_client(client, plain_server):
    encoded = quote("score>=10", safe="")
    received = plain_server.received(client.pairs(plain_server.url, [("filter", encoded)]))
    assert received.target == b"/users?filter=score%253E%253D10"
    assert codes(received) == ["FL117"]


def test_an_expression_that_is_encoded_alone_becomes_another_one_and_nobody_notices(
    client, plain_server
):
    text = f"city=={quote('New York')}"
    received = plain_server.received(client.pairs(plain_server.url, [("filter", text)]))
    assert received.target == b"/users?filter=city%3D%3DNew%2520York"
    assert received.from_query == fl.parse("city==New%20York") != fl.parse("city==New York")


NO_PAIRS = "not a valid non-string sequence or mapping object"


@pytest.mark.parametrize(
    ("client_name", "query"),
    [
        ("httpx", "filter=city%3D%3DNew+York"),
        ("httpx2", "filter=city%3D%3DNew+York"),
        ("requests", "filter=city%3D%3DNew%20York"),
        ("aiohttp", "filter=city%253D%253DNew%2520York"),
        ("urllib3", NO_PAIRS),
        ("standard library", NO_PAIRS),
    ],
)
def test_the_encoded_query_as_params(client, plain_server, query):
    """httpx decodes and encodes it, requests leaves it, aiohttp encodes it twice, two refuse it."""
    encoded = fl.to_query(fl.parse("city==New York"))
    assert sent(client, plain_server, plain_server.url, encoded) == query


def test_aiohttp_encodes_a_url_that_is_a_str_anew(plain_server):
    """The filters are the same, the bytes are not; `URL(…, encoded=True)` keeps them."""
    yarl = need("yarl", "test")
    filters = fl.parse(r"name==O'Brien\, Bob;url~http://x/?*")
    url = f"{plain_server.url}?{fl.to_query(filters)}"
    assert str(yarl.URL(url, encoded=True)) == url
    with CLIENTS["aiohttp"]() as client:
        # The same as `session.get(url)`: no parameters are added.
        received = plain_server.received(client.pairs(url, None))
    assert (
        received.target
        == (b"/users?filter=name%3D%3DO'Brien%5C,%20Bob%3Burl~http://x/?*")
        != url.removeprefix(plain_server.origin).encode()
    )
    assert received.from_query == received.from_params == filters


# --- Parameters in the URL already ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("client_name", "query"),
    [
        ("httpx", "filter=score%3E%3D10"),  # scrollId is lost
        ("httpx2", "filter=score%3E%3D10"),
        ("requests", "scrollId=abc&filter=score%3E%3D10"),
        ("aiohttp", "scrollId=abc&filter=score%3E%3D10"),
        ("urllib3", "scrollId=abc?filter=score%3E%3D10"),  # both are lost
    ],
)
def test_pairs_for_a_url_that_has_a_query(client, plain_server, query):
    url = plain_server.url + "?scrollId=abc"
    assert sent(client, plain_server, url, fl.to_params(FILTER)) == query


def test_what_urllib3_makes_of_such_a_url_restricts_nothing(plain_server):
    with CLIENTS["urllib3"]() as client:
        body = client.pairs(plain_server.url + "?scrollId=abc", fl.to_params(FILTER))
    received = plain_server.received(body)
    assert received.pairs == [("scrollId", "abc?filter=score>=10")]
    assert received.from_query == received.from_params == fl.FilterSet()


@pytest.mark.parametrize("client_name", ["httpx", "httpx2"])
@pytest.mark.parametrize("params", [[], {}, ""])
def test_httpx_drops_the_query_of_the_url_even_for_no_pairs(client, plain_server, params):
    url = plain_server.url + "?scrollId=abc"
    assert fl.to_params(fl.FilterSet()) == []
    assert sent(client, plain_server, url, params) == ""
    assert sent(client, plain_server, url, None) == "scrollId=abc"


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_httpx_adds_pairs_to_a_url_when_it_is_asked_to(name):
    url = need(name, "test").URL("http://127.0.0.1/users?scrollId=abc")
    assert str(url.copy_merge_params(fl.to_params(TWO))) == (
        "http://127.0.0.1/users?scrollId=abc&filter=score%3E%3D10&filter=role%3D%3Dadmin"
    )


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_httpx_refuses_urls_of_more_than_64_kib(name):
    httpx = need(name, "test")
    url = "http://127.0.0.1/?filter=a~" + "b" * 70_000
    with pytest.raises(httpx.InvalidURL, match=r"^URL too long$"):
        httpx.URL(url)
    assert len(str(httpx.URL(url[:65_536]))) == 65_536
    with pytest.raises(httpx.InvalidURL, match=r"^URL too long$"):
        httpx.URL(url[:65_537])


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_a_client_of_httpx_keeps_its_own_parameters(name):
    httpx = need(name, "test")
    with httpx.Client(params={"pageSize": "25"}, trust_env=False, verify=False) as client:
        request = client.build_request("GET", "http://127.0.0.1/", params=fl.to_params(TWO))
    assert request.url.query == b"pageSize=25&filter=score%3E%3D10&filter=role%3D%3Dadmin"


PAIRS, BY_KEY = fl.to_params(TWO), {"filter": fl.unparse(TWO)}
FILTERS = "filter=score%3E%3D10&filter=role%3D%3Dadmin"


@pytest.mark.parametrize(
    ("of_session", "of_request", "query"),
    [
        ({"pageSize": "25"}, PAIRS, FILTERS),
        ({"pageSize": "25"}, BY_KEY, f"pageSize=25&{FILTERS}"),
        ({"pageSize": "25"}, None, "pageSize=25"),
        # As a list they are dropped whatever comes with the request, even nothing.
        ([("pageSize", "25")], PAIRS, FILTERS),
        ([("pageSize", "25")], BY_KEY, FILTERS),
        ([("pageSize", "25")], None, ""),
    ],
)
def test_requests_keeps_the_parameters_of_a_session_only_among_dicts(of_session, of_request, query):
    requests = need("requests", "test")
    with requests.Session() as session:
        session.params = of_session
        request = requests.Request("GET", "http://127.0.0.1/", params=of_request)
        assert session.prepare_request(request).url.partition("?")[2] == query


# --- Values and dicts -----------------------------------------------------------------------------


def test_a_dict_of_the_pairs_holds_the_last_filter_alone(client, plain_server):
    received = plain_server.received(client.pairs(plain_server.url, dict(fl.to_params(TWO))))
    assert received.target == b"/users?filter=role%3D%3Dadmin"
    assert received.from_query == fl.parse("role==admin") != TWO


@pytest.mark.parametrize(
    ("client_name", "query"),
    [
        *((name, FILTERS) for name in ("httpx", "httpx2", "requests", "aiohttp")),
        *(
            (name, "filter=%5B%27score%3E%3D10%27%2C+%27role%3D%3Dadmin%27%5D")
            for name in ("urllib3", "standard library")
        ),
    ],
)
def test_a_dict_of_lists(client, plain_server, query):
    """Four clients send a parameter for each element; two send what Python prints of the list."""
    assert sent(client, plain_server, plain_server.url, BY_KEY) == query


def test_the_standard_library_is_told_that_a_dict_holds_lists():
    assert urlencode(BY_KEY, doseq=True) == FILTERS == urlencode(PAIRS)
    # For pairs it makes no difference.
    assert urlencode(PAIRS, doseq=True) == FILTERS


@pytest.mark.parametrize(
    ("client_name", "query"),
    [
        ("httpx", "filter=score%3E%3D10&scrollId="),
        ("httpx2", "filter=score%3E%3D10&scrollId="),
        ("requests", "filter=score%3E%3D10"),
        ("urllib3", "filter=score%3E%3D10&scrollId=None"),
        ("standard library", "filter=score%3E%3D10&scrollId=None"),
    ],
)
def test_a_scroll_id_that_is_none(client_name, client, plain_server, query):
    """Each client makes something else of it; `ListRequest` leaves it out."""
    pairs = [*fl.to_params(FILTER), ("scrollId", None)]
    assert sent(client, plain_server, plain_server.url, pairs) == query


@pytest.mark.parametrize("value", [None, True, b"abc"])
def test_aiohttp_refuses_values_that_are_no_texts(plain_server, value):
    with CLIENTS["aiohttp"]() as client:
        found = sent(client, plain_server, plain_server.url, [("scrollId", value)])
    assert found == (
        "Invalid variable type: value should be str, int or float,"
        f" got {value!r} of type {type(value)}"
    )


def test_a_list_request_is_sent_by_every_client(client_name, client, plain_server):
    for request in (px.ListRequest(TWO), px.ListRequest(TWO, 1000, "a/b+c==", "-score")):
        received = plain_server.received(client.pairs(plain_server.url, request.to_params()))
        assert received.target == b"/users?" + encoded_by(client_name, request.to_params())
        assert px.ListRequest.from_params(received.pairs) == request


# --- Joined by hand -------------------------------------------------------------------------------


def test_a_url_joined_by_hand_loses_the_rest_of_the_filter(client, plain_server):
    """No client can know that `&` and `#` belonged to the expression."""
    received = plain_server.received(client.encoded(plain_server.url, "filter=team==R&D#1"))
    assert received.target == b"/users?filter=team==R&D"
    assert received.from_query == received.from_params == fl.parse("team==R")


def test_plus_in_a_url_joined_by_hand_is_a_space(client, plain_server):
    received = plain_server.received(client.encoded(plain_server.url, "filter=language==C++"))
    assert received.target == b"/users?filter=language==C++"
    assert received.from_query == received.from_params == fl.parse("language==C")
