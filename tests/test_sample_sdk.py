"""The sample SDK: what its users ask for is what a server gets, page after page."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang import px
from filterlang.testing import filter_sets, matching_records, near_misses, records
from tests.sample_sdk import Client

HEADERS = {"X-APTRINSIC-API-KEY": "key"}


class Server:
    """Answers as the API does, from records of its own, and writes down what it was asked."""

    def __init__(self, **held):
        self.held = held
        self.asked = []

    def __call__(self, path, params, headers):
        self.asked.append((path, params, headers))
        name = path.removeprefix("/")
        request = px.ListRequest.from_params(params)
        found = list(fl.compile(request.filters, schema=SCHEMAS[name]).filter(self.held[name]))
        start = int(request.scroll_id or 0)
        end = start + request.page_size
        return {name: found[start:end], "totalHits": len(found), "scrollId": str(end)}


SCHEMAS = {"users": px.USER, "accounts": px.ACCOUNT}


def test_what_is_sent():
    server = Server(users=[{"email": f"{n}@example.com", "score": n} for n in range(5)])
    client = Client("key", server)
    score = client.users.field("score")
    assert [user["score"] for user in client.users.list(score >= 1, page_size=2)] == [1, 2, 3, 4]
    first = [("filter", "score>=1"), ("pageSize", "2")]
    assert server.asked == [
        ("/users", first, HEADERS),
        ("/users", [*first, ("scrollId", "2")], HEADERS),
        ("/users", [*first, ("scrollId", "4")], HEADERS),
    ]


def test_all_ways_to_ask():
    users = [{"email": f"{n}@example.com", "score": n} for n in range(60)]
    client = Client("key", Server(users=users, accounts=[{"id": "a", "name": "Äpfel"}]))
    email = client.users.field("email")
    assert list(client.users.list()) == users
    assert list(client.users.list("score>=58")) == users[58:]
    assert list(client.users.list(["score>=58", "score<1"])) == [users[0], *users[58:]]
    assert list(client.users.list(email.in_(["7@EXAMPLE.com", "9@example.com"]))) == users[7:10:2]
    assert list(client.accounts.list("name==äpfel")) == [{"id": "a", "name": "Äpfel"}]


def test_mistakes_are_found_before_anything_is_sent():
    server = Server(users=[])
    client = Client("key", server)
    with pytest.raises(fl.SchemaError) as caught:
        list(client.users.list(["scroe>=1", "score>=x"]))
    assert [(one.code, one.source_index) for one in caught.value.diagnostics] == [
        ("FL501", 0),
        ("FL509", 1),
    ]
    with pytest.raises(fl.SchemaError, match="did you mean 'score'"):
        client.users.field("scroe")
    with pytest.raises(ValueError, match="expected a page size from 1 to 1000, found 0"):
        list(client.users.list(page_size=0))
    assert server.asked == []


ANY = st.lists(records(px.USER), max_size=3)


@st.composite
def some(draw, strategy, filters):
    """Draw a few records for filters; none where no record can match, or just miss."""
    try:
        return draw(st.lists(strategy(filters, px.USER), max_size=2))
    except ValueError:
        return []


@settings(max_examples=15)
@given(data=st.data(), filters=filter_sets(px.USER))
@pytest.mark.slow
def test_the_server_gives_what_was_meant(data, filters):
    """Whatever is asked for, all records that match come back, in order, and no other."""
    matching = data.draw(some(matching_records, filters))
    drawn = [*matching, *data.draw(some(near_misses, filters)), *data.draw(ANY)]
    # Pages that are equal would be taken for one that comes again.
    mixed = data.draw(st.permutations(drawn))
    users = [{**user, "number of the record": number} for number, user in enumerate(mixed)]
    server = Server(users=users)
    got = list(Client("key", server).users.list(filters, page_size=data.draw(st.integers(1, 3))))
    matcher = fl.compile(filters, schema=px.USER)
    assert got == [user for user in users if matcher(user)]
    assert len(got) >= len(matching)


def test_what_type_checkers_read_runs():
    runpy.run_path(str(Path(__file__).parent / "typed" / "builder.py"))
