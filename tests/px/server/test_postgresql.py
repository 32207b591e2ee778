"""The same lists over PostgreSQL: the rows and the order of SQLite."""

from __future__ import annotations

import json

import pytest

import filterlang as fl
from filterlang import px
from filterlang.px.endpoints import LISTS
from filterlang.px.server.database import Database, LoadError
from filterlang.px.server.sample import sample_records
from filterlang.px.sorting import read_sort
from filterlang.syntax.nodes import FilterSet
from tests.backends.sql.server import postgresql
from tests.support.engines import need

need("psycopg", "dev")

SAMPLE = sample_records()
_AGENTS = "lastVisitedUserAgentData"
FILTERS = [
    "score>=50;type==USER", "lastName~*ö*", "customAttributes.plan==growth", "role==", "score~9*",
    f"{_AGENTS}.userAgent.browserType==firefox;{_AGENTS}.propertyKey==AP-SAMPLEWEB001-2",
    "location.coordinates.latitude>50", "propertyKeys==AP-SAMPLEDOC004-2", "email!~*@example.com",
    "customAttributes.seats>20", "lastSeenDate>=2024-06-01;countryCode!=US",
]  # fmt: skip
SORTS = ["", "-score;lastName", "email", "customAttributes.seats", "-customAttributes.beta",
         "customAttributes.billing.currency;-createDate", "-location.countryCode"]  # fmt: skip


@pytest.fixture(scope="module")
def both():
    """Return the databases: one of SQLite, one of PostgreSQL."""
    with postgresql() as url:
        made = [Database(), Database(url)]
        for database in made:
            database.load({"users": [{"identifyId": "odd", "score": "90"}, *SAMPLE["users"]]})
        yield made
        for database in made:
            database.close()


def walked(database, filters, sort, size):
    found, place = [], None
    while True:
        page = database.page("users", filters, sort, size=size, place=place)
        found += [json.loads(one) for one in page.documents]
        if not page.documents:
            return found, page.total
        place = tuple(json.loads(json.dumps(page.place)))  # as in a `scrollId`


@pytest.mark.slow
@pytest.mark.sampled(1, 30)
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["", *FILTERS])
def test_rows_and_order_are_those_of_sqlite_and_of_the_matcher(both, text, sort):
    filters = fl.parse(text) if text else FilterSet()
    names = read_sort(sort, LISTS["users"]) if sort else ()
    sqlite, postgres = (walked(database, filters, names, 60) for database in both)
    assert sqlite == postgres
    matcher = fl.compile(filters, schema=px.USER)
    assert postgres[1] == sum(map(matcher, [{"score": "90"}, *SAMPLE["users"]]))


@pytest.mark.slow
def test_records_are_written_and_kept(both):
    _, database = both
    user = {"identifyId": "Ü/x", "propertyKeys": [], "score": 3}
    assert database.add("users", user)
    assert not database.add("users", user)
    assert database.change("users", "Ü/x", {"score": 4}) == {**user, "score": 4}
    assert database.find("users", "Ü/x") == {**user, "score": 4}
    assert database.find("users", "ü/x") is None
    assert database.remove("users", "Ü/x")
    assert not database.remove("users", "Ü/x")


@pytest.mark.slow
def test_what_postgresql_cant_hold_is_an_error_that_says_so(both):
    _, database = both
    record = {"identifyId": "nul", "customAttributes": {"text": "\0"}}
    with pytest.raises(LoadError, match="the database can't hold a record of users: unsupported"):
        database.load({"users": [record]})
    assert database.find("users", "nul") is None
