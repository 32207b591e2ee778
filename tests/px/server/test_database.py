"""The database of the server: pages by either plan, counts, and large loads."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import product

import pytest
from sqlalchemy import event

import filterlang as fl
from filterlang.px.endpoints import LISTS
from filterlang.px.server import database as database_module
from filterlang.px.server.database import Database, LoadError
from filterlang.px.sorting import read_sort
from filterlang.syntax.nodes import FilterSet

RECORDS = [
    {
        "identifyId": f"u{number:02}",
        "email": [None, "", "B@x", "a@x", "c@x"][number % 5],
        "score": [None, 1, 2, 2, 3, 50][number % 6],
        "createDate": 1_600_000_000_000 + number % 4 * 1000,
        "customAttributes": [None, {"seats": number % 3}, {"seats": "many"}, {}, 7][number % 5],
        **({"customAttributes.seats": 9} if number % 11 == 0 else {}),
    }
    for number in range(44)
]
FILTERS = [
    "", "score==2", "score>=2", "score>1.5;score<=2.5", "score==2.5", "score!=2", "score==",
    "score~2", "score>1e30", "createDate>=2020-09-13T12:26:41Z",
    "createDate<2020-09-13T12:26:41.0005Z",
    "createDate==2020-09-13T12:26:42Z", "email~*@x", "customAttributes.seats>=1",
    "customAttributes.seats==many", "customAttributes.seats!=9", "customAttributes.seats==",
    "customAttributes==7", "score==2;customAttributes.seats>=0",
]  # fmt: skip
SORTS = [
    "",
    "email",
    "-email",
    "-score;email",
    "score;-createDate",
    "customAttributes.seats;-email",
]


def walked(database, filters, sort, size):
    found, place = [], None
    while True:
        page = database.page("users", filters, sort, size=size, place=place)
        found += [json.loads(one)["identifyId"] for one in page.documents]
        if len(page.documents) < size:
            return found, page.total
        place = page.place


@pytest.fixture(scope="module")
def loaded():
    with closing(Database()) as database:
        database.load({"users": RECORDS})
        yield database


@pytest.mark.sampled(30, 50)
@pytest.mark.parametrize(("text", "sort"), list(product(FILTERS, SORTS)))
def test_pages_by_the_filters_indexes_are_those_by_the_index_of_the_order(loaded, text, sort):
    # Pages of one are met soon, pages of 50 late: each has its own way through the indexes.
    filters = fl.parse(text) if text else FilterSet()
    by = read_sort(sort, LISTS["users"]) if sort else ()
    schema = LISTS["users"].schema
    matching = {one["identifyId"] for one in fl.compile(filters, schema=schema).filter(RECORDS)}
    whole, total = walked(loaded, filters, by, 50)
    assert (sorted(whole), total) == (sorted(matching), len(matching))
    for size in (1, 3, 7):
        assert walked(loaded, filters, by, size) == (whole, total)


def test_the_count_is_taken_once_until_something_is_written(tmp_path):
    url = f"sqlite:///{tmp_path / 'served.db'}"
    counts = []
    filters = fl.parse("score>=2")
    with closing(Database(url)) as database, closing(Database(url)) as other:

        @event.listens_for(database._engine, "before_cursor_execute")
        def note(_connection, _cursor, statement, *_):
            counts.extend(["count"] if "count(*)" in statement else [])

        def total():
            return database.page("users", filters, size=1).total

        assert (total(), total(), len(counts)) == (0, 0, 1)
        database.add("users", {"identifyId": "a", "score": 2})
        assert (total(), total(), len(counts)) == (1, 1, 2)
        # Another server of the same file is heard of, too.
        other.add("users", {"identifyId": "b", "score": 3})
        assert (total(), total(), len(counts)) == (2, 2, 3)
        other.change("users", "b", {"score": 1})
        assert total() == 1
        database.remove("users", "a")
        assert total() == 0
        database.load({"users": [{"identifyId": "c", "score": 5}]})
        assert total() == 1
        database.clear()
        assert total() == 0


def test_only_so_many_counts_are_remembered(loaded, monkeypatch):
    monkeypatch.setattr(database_module, "_MOST_TOTALS", 2)
    for number in range(5):
        loaded.page("users", fl.parse(f"score>{number}"), size=1)
    assert len(loaded._totals) <= len(FILTERS) + 1
    assert loaded.page("users", fl.parse("score>1"), size=1).total == sum(
        (one["score"] or 0) > 1 for one in RECORDS
    )


def _indexes(database):
    statement = "SELECT name FROM sqlite_master WHERE type = 'index' ORDER BY name"
    with database._connected() as connection:
        return [row.name for row in connection.exec_driver_sql(statement)]


def test_many_records_are_loaded_before_their_indexes_are_made(monkeypatch):
    monkeypatch.setattr(database_module, "_AT_ONCE", 5)
    monkeypatch.setattr(database_module, "_MANY", 10)
    with closing(Database()) as database:
        before = _indexes(database)
        with pytest.raises(LoadError, match=r"^two records of users have one key: one that is"):
            database.load({"users": [*RECORDS, RECORDS[0]]})
        assert _indexes(database) == before
        assert database.page("users", FilterSet(), size=1).total == 0
        assert database.load({"users": RECORDS}) == {"users": 44}
        assert _indexes(database) == before
        assert "ix_users_v_score" in before


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("score==50", "SEARCH users USING INDEX ix_users_v_score (v_score=?)"),
        ("email~e50*", "SEARCH users USING INDEX ix_users_v_email (<expr>>? AND <expr><?)"),
        ("createDate>=2022-01-01;createDate<2022-01-02",
         "SEARCH users USING INDEX ix_users_v_createDate (v_createDate>? AND v_createDate<?)"),
    ],
)  # fmt: skip
def test_few_hits_are_found_by_the_index_of_what_is_filtered(text, plan):
    plans = []
    with closing(Database()) as database:
        records = [
            {"identifyId": f"u{one}", "email": f"e{one}@x", "score": one} for one in range(100)
        ]
        database.load({"users": records})

        @event.listens_for(database._engine, "before_cursor_execute")
        def explain(_connection, cursor, statement, parameters, *_):
            if "LIMIT" in statement:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.extend(row[3] for row in cursor.fetchall())

        database.page("users", fl.parse(text), size=5)
    assert plan in [one.replace(" COVERING", "") for one in plans]
    assert not any(one.startswith("SCAN users") for one in plans)


@pytest.mark.parametrize("sort", ["", "date", "-date", "accountId", "-accountId;date"])
@pytest.mark.parametrize("size", [5, 500])
def test_plain_records_are_never_judged_one_by_one(sort, size):
    """A call of Python for each row takes a hundred times longer than what SQLite compares."""
    judged = []
    with closing(Database()) as database:
        records = [
            {"eventId": f"e{one}", "date": one, "eventName": f"n{one % 3}", "accountId": "a"}
            for one in range(400)
        ]
        database.load({"events/custom": records})
        connection = database._engine.raw_connection().driver_connection
        connection.create_function("filterlang_passes", 2, lambda *_: judged.append(1))
        filters = fl.parse([f"date>=0;date<{end};eventName==n1" for end in (390, 20)])
        order = read_sort(sort, LISTS["events/custom"]) if sort else ()
        page = database.page("events/custom", filters, order, size=size)
        rest = database.page("events/custom", filters, order, size=size, place=page.place)
    assert len(page.documents) + len(rest.documents) == min(130, 2 * size)
    assert judged == []


@pytest.mark.sampled(2)
@pytest.mark.parametrize("is_odd", [False, True])
@pytest.mark.parametrize("clause", ["score==2", "identifyId==u01", "score>=2;score<=2"])
def test_a_page_takes_any_number_of_filters(clause, is_odd):
    with closing(Database()) as database:
        odd = [{"identifyId": "odd", "score": "2"}] if is_odd else []
        database.load({"users": [*RECORDS[:4], *odd]})
        few = database.page("users", fl.parse(clause), size=5).documents
        for many in (60, 1500):
            filters = fl.parse([clause] * many)
            assert database.page("users", filters, size=5).documents == few


def test_what_is_filtered_and_sorted_by_one_name_is_sought_in_its_index():
    plans = []
    with closing(Database()) as database:
        database.load({"users": [{"identifyId": f"u{one}", "score": one} for one in range(100)]})

        @event.listens_for(database._engine, "before_cursor_execute")
        def explain(_connection, cursor, statement, parameters, *_):
            if "LIMIT" in statement:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.extend(row[3] for row in cursor.fetchall())

        sort = read_sort("score", LISTS["users"])
        page = database.page("users", fl.parse("score>=50"), sort, size=5)
    assert (len(page.documents), page.total) == (5, 50)
    # Half of the list comes before the first that matches.
    assert plans[1] == "SEARCH users USING COVERING INDEX sx_users_v_score (v_score>?)"
