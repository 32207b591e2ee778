"""Lists give the rows of the matcher, page by page, in the order that was asked for."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

import filterlang as fl
from filterlang import px
from filterlang.px.endpoints import LISTS
from filterlang.px.server.database import Database
from filterlang.px.server.sample import sample_records
from filterlang.px.sorting import read_sort
from filterlang.syntax.nodes import Clause, Filter, FilterSet
from filterlang.testing import filter_sets, local_server
from tests.backends.corpus import FILTERS, RECORDS
from tests.px.server.walking import MODES, records_of, walk

SAMPLE = sample_records()
USERS, EVENTS = SAMPLE["users"], SAMPLE["events/custom"]

ODD = [
    {"score": "90"},
    {"score": 90.0},
    {"score": True},
    {"score": 2**70},
    {"score": [90, 91]},
    {"location": [{"countryCode": "US"}, {"countryCode": "DE"}]},
    {"location": "US"},
    {"location.countryCode": "us"},
    {"lastSeenDate": "2024-06-20T10:00:00Z"},
    {"email": "a\0b@example.com"},
    {"email": "half \ud800 of a pair"},
    {"globalUnsubscribe": 1},
    {"globalUnsubscribe": "true"},
    {"type": 5},
    {"customAttributes": [{"plan": "growth"}]},
    {"customAttributes": {"half \ud800": 1, "nul \0": 2, "": 3}},
]
"""What no record of the API should hold under names that have a column."""


def matched(filters, records, schema=px.USER, key="identifyId"):
    matcher = fl.compile(filters, schema=schema)
    return [record[key] for record in records if matcher(record)]


# --- Laws -----------------------------------------------------------------------------------------


def in_attributes(text):
    """Ask a filter of the corpus of custom attributes."""
    clauses = [
        Clause(f"customAttributes.{one.name}", one.operator, one.expression)
        for one in fl.parse_filter(text).clauses
    ]
    return str(Filter(tuple(clauses)))


@pytest.fixture(scope="module")
def corpus():
    users = [
        {"identifyId": f"u{number}", "customAttributes": record}
        for number, record in enumerate(RECORDS)
    ]
    with local_server({"users": users}) as server, server.client() as client:
        held = records_of(walk(client, "/users"), "users")
        assert [one["identifyId"] for one in held] == [one["identifyId"] for one in users]
        yield server, client, held


@pytest.mark.sampled(6, 60)
@pytest.mark.parametrize("text", FILTERS)
def test_every_filter_of_the_corpus_gives_the_rows_of_the_matcher(corpus, text):
    server, client, held = corpus
    asked = in_attributes(text)
    expected = matched(asked, held)
    for mode in MODES.values():
        server.reset()
        server.behaviour = server.behaviour._replace(**mode)
        pages = walk(client, "/users", asked, size=10)
        assert [one["identifyId"] for one in records_of(pages, "users")] == expected, mode
        assert all(page["totalHits"] == len(expected) for page in pages)


@cache
def odd_database():
    database = Database()
    users = [{"identifyId": f"odd-{number}", **one} for number, one in enumerate(ODD)]
    database.load({"users": [*users, *USERS[:80]]})
    page = database.page("users", FilterSet(), size=1000)
    return database, [json.loads(one) for one in page.documents]


@given(filter_sets(px.USER))
def test_drawn_filters_give_the_rows_of_the_matcher_whatever_records_hold(filters):
    database, held = odd_database()
    page = database.page("users", filters, size=1000)
    ids = [json.loads(one)["identifyId"] for one in page.documents]
    assert ids == matched(filters, held)


@pytest.mark.parametrize(
    "text",
    [
        "score==90", "score>=90", "score!=90", "score~9*", "score==", "location.countryCode==US",
        "location.countryCode!=US", "location.countryCode==", "countryCode~u*", "location==",
        "location.countryCode==US;location.city==", "lastSeenDate>=2024-06-20", "email~a*",
        "email~half*", "globalUnsubscribe==true", "globalUnsubscribe!=true", "type==USER",
        "type!=USER", "customAttributes.plan==growth", "email==", "customAttributes==",
    ],
)  # fmt: skip  # a table is read by its rows
def test_odd_records_are_judged_by_their_documents(text):
    database, held = odd_database()
    page = database.page("users", fl.parse(text), size=1000)
    assert [json.loads(one)["identifyId"] for one in page.documents] == matched(text, held)


@pytest.mark.parametrize("operator", ["==", "!=", ">", ">=", "<", "<="])
@pytest.mark.parametrize(
    "number", ["1e300", "-1e400", "1e999999", "9" * 30, "9" * 5000, "-" + "9" * 40, "1e-400"]
)
def test_numbers_beyond_those_of_columns_are_answered(operator, number):
    database, held = odd_database()
    text = f"score{operator}{number}"
    page = database.page("users", fl.parse(text), size=1000)
    assert [json.loads(one)["identifyId"] for one in page.documents] == matched(text, held)


@pytest.mark.parametrize("operator", ["==", "!=", ">", "<=", "~"])
@pytest.mark.parametrize(
    "number", ["1e-400", "-1e-400", "9007199254740993", "9007199254740992.5", "1." + "0" * 30 + "1"]
)
def test_whole_numbers_in_columns_of_doubles_are_compared_exactly(operator, number):
    accounts = [
        {"id": f"a{place}", "nps": nps} for place, nps in enumerate([0, 0.0, 1, 1.0, 2**53, None])
    ]
    database = Database()
    database.load({"accounts": accounts})
    text = f"nps{operator}{number}"
    page = database.page("accounts", fl.parse(text), size=10)
    database.close()
    found = [json.loads(one)["id"] for one in page.documents]
    assert found == matched(text, accounts, px.ACCOUNT, "id")


SORTS = ["", "score", "-score", "-createDate", "lastName;-email", "customAttributes.seats",
         "-customAttributes.plan;type", "location.countryCode;-score", "+firstName"]  # fmt: skip


@pytest.mark.slow
@given(
    st.sampled_from(SORTS),
    st.sampled_from(
        [
            {},
            {"page_size_cap": 50},
            {"constant_scroll_id": True},
            {"constant_scroll_id": True, "page_size_cap": 90, "short_pages": True},
        ]
    ),
    st.sampled_from(["", "score>=50", "type==USER;countryCode!=US", "customAttributes.beta==true"]),
    st.integers(60, 300),
)
def test_each_record_comes_once_however_pages_are_cut(sort, mode, text, size):
    server, client, _ = every()
    server.reset()
    server.behaviour = server.behaviour._replace(**mode)
    filters = [text] if text else []
    pages = walk(client, "/users", *filters, size=size, **({"sort": sort} if sort else {}))
    ids = [one["identifyId"] for one in records_of(pages, "users")]
    expected = matched(filters, USERS)
    assert sorted(ids) == sorted(expected)
    if not sort:
        assert ids == expected
    server.reset()
    (page,) = walk(client, "/users", *filters, **({"sort": sort} if sort else {}))
    assert ids == [one["identifyId"] for one in page["users"]]


@cache
def every():
    """Return a server for laws, whose examples can't have fixtures; it ends with the process."""
    running = ExitStack()
    server = running.enter_context(local_server())
    return server, server.client(), running


# --- Order ----------------------------------------------------------------------------------------


def order(records, sort):
    with local_server({"users": records}) as server, server.client() as client:
        return [
            one["identifyId"]
            for one in records_of(walk(client, "/users", size=2, sort=sort), "users")
        ]


NAMED = [
    {"identifyId": "b", "lastName": "Ziegler"},
    {"identifyId": "e", "lastName": None},
    {"identifyId": "a", "lastName": "ZIEGLER"},
    {"identifyId": "c", "lastName": "adler"},
    {"identifyId": "f", "lastName": ""},
    {"identifyId": "d"},
    {"identifyId": "B", "lastName": "ziegler"},
    {"identifyId": "g", "lastName": "Özil"},
]


def test_texts_are_sorted_without_case_ties_by_key_and_missing_ones_last():
    assert order(NAMED, "lastName") == ["c", "B", "a", "b", "g", "d", "e", "f"]
    assert order(NAMED, "-lastName") == ["g", "B", "a", "b", "c", "d", "e", "f"]


def test_under_a_name_of_a_map_numbers_come_before_texts():
    values = {"a": "x", "b": 2, "c": None, "d": 10, "e": "X", "f": True, "g": [1], "h": 2.5}
    records = [
        {"identifyId": key, "customAttributes": {"v": value}} for key, value in values.items()
    ]
    assert order(records, "customAttributes.v") == ["b", "h", "d", "f", "a", "e", "c", "g"]
    assert order(records, "-customAttributes.v") == ["d", "h", "b", "a", "e", "f", "c", "g"]


@pytest.mark.parametrize(
    ("sort", "message"),
    [
        ("nope", "users can't be sorted by the unknown name 'nope'"),
        ("score;", "expected the name to sort by, found nothing; names are joined by ';'"),
        ("-", "expected the name to sort by, found nothing; names are joined by ';'"),
        ("propertyKeys", "users can't be sorted by 'propertyKeys', which has no single value"),
        ("location", "users can't be sorted by 'location', which has no single value"),
        (";".join(["score"] * 17), "expected at most 16 names to sort by, found 17"),
    ],
)
def test_what_lists_cant_be_sorted_by_is_refused(client, sort, message):
    answer = client.get("/users", params={"sort": sort})
    assert answer.status_code == 400
    assert answer.json() == {
        "externalapierror": {
            "status": "BAD_REQUEST",
            "message": message,
            "debugMessage": None,
            "subErrors": [{"object": "parameter", "field": "sort", "message": message}],
        }
    }


# --- Pages ----------------------------------------------------------------------------------------


def test_a_page_has_25_records_unless_it_is_asked_for_more(client):
    page = client.get("/users").json()
    assert [len(page["users"]), page["totalHits"]] == [25, 400]
    assert len(client.get("/users", params={"pageSize": "1000"}).json()["users"]) == 400


@pytest.mark.parametrize("size", ["0", "1001", "-1", "x", "1.5", "٣", "9" * 400])
def test_other_page_sizes_are_refused(client, size):
    assert client.get("/users", params={"pageSize": size}).status_code == 400


@pytest.mark.slow
def test_the_walk_that_the_library_makes_gets_everything(server, client):
    for mode in MODES.values():
        server.behaviour = server.behaviour._replace(**mode)
        request = px.ListRequest(fl.parse("score>=50"), page_size=20, sort="-score")
        pages = px.pages(
            lambda asked: client.get("/users", params=tuple(asked.to_params())).json(), request
        )
        ids = [one["identifyId"] for page in pages for one in page["users"]]
        assert sorted(ids) == sorted(matched("score>=50", USERS))


def test_what_changes_meanwhile_keeps_no_other_record_from_coming_once():
    with local_server() as server, server.client() as client:
        first = client.get("/users", params={"sort": "score", "pageSize": "100"}).json()
        came = [one["identifyId"] for one in first["users"]]
        client.delete(f"/users/{came[0]}")
        client.delete(f"/users/{USERS[-1]['identifyId']}")
        client.post("/users", json={"identifyId": "new", "propertyKeys": ["AP-1"], "score": -5})
        rest, scroll_id = [], first["scrollId"]
        while page := client.get("/users", params={"scrollId": scroll_id}).json()["users"]:
            answer = client.get("/users", params={"scrollId": scroll_id}).json()
            assert answer["users"] == page  # the same place, as often as it is asked for
            rest += [one["identifyId"] for one in page]
            scroll_id = answer["scrollId"]
        assert len({*came, *rest}) == len(came) + len(rest)
        unchanged = {one["identifyId"] for one in USERS[:-1]}
        assert {*came, *rest} | {USERS[-1]["identifyId"]} >= unchanged


def test_a_constant_scroll_id_is_one_and_each_walk_has_its_own(server, client):
    server.behaviour = server.behaviour._replace(constant_scroll_id=True)
    walks = [walk(client, "/users", "score>=50", size=50) for _ in range(2)]
    ids = [{page["scrollId"] for page in pages} for pages in walks]
    assert [len(one) for one in ids] == [1, 1]
    assert ids[0] != ids[1]


@pytest.mark.sampled(4)
@pytest.mark.parametrize("is_constant", [False, True])
@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("/users", {"filter": "score>=51"}),
        ("/users", {"sort": "score"}),
        ("/users", {"scrollId": "made up"}),
        ("/users", {"scrollId": "AAAA"}),
        ("/accounts", {}),
    ],
)
def test_a_scroll_id_belongs_to_one_request(server, client, path, changed, is_constant):
    server.behaviour = server.behaviour._replace(constant_scroll_id=is_constant)
    params = {"filter": "score>=50", "sort": "-score"}
    page = client.get("/users", params=params).json()
    assert client.get("/users", params={"scrollId": page["scrollId"]}).status_code == 200
    sent = {"scrollId": page["scrollId"], **changed}
    assert client.get(path, params=sent).status_code == 400


def test_filters_that_are_too_long_for_a_scroll_id_are_sent_again(client):
    text = "firstName!=" + "x" * 3000
    page = client.get("/users", params={"filter": text}).json()
    alone = {"scrollId": page["scrollId"]}
    assert client.get("/users", params=alone).status_code == 400
    assert client.get("/users", params={**alone, "filter": text}).status_code == 200


# --- Filters that are refused ---------------------------------------------------------------------


def test_a_filter_with_a_mistake_is_answered_with_its_diagnostics(client):
    answer = client.get("/users", params=(("filter", "score==1"), ("filter", "scroe>=10")))
    assert answer.status_code == 400
    error = answer.json()["externalapierror"]
    assert error["message"] == "filter 2, column 1: unknown name 'scroe'"
    (sub_error,) = error["subErrors"]
    expected = fl.check(["score==1", "scroe>=10"], px.USER).to_dict()["diagnostics"]
    assert [sub_error] == [{"object": "filter", **one} for one in expected]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("filters=score==1", "query string, column 1: expected the key 'filter', found 'filters'"),
        ("filter=score>=%zz", "query string, column 17: malformed percent sequence '%zz'"),
        ("filter=score=1", "filter, column 6: expected '==', found a single '='"),
        ("filter=score==x", "filter, column 8: 'score' is an integer; 'x' is not one"),
        ("pageSize=5&pageSize=6", "expected one parameter 'pageSize', found 2"),
    ],
)
def test_queries_that_cant_be_read_are_refused(client, query, message):
    answer = client.get(f"/users?{query}")
    assert (answer.status_code, answer.json()["externalapierror"]["message"]) == (400, message)


def test_what_only_equality_may_ask_is_told(client):
    params = {"filter": "identifyId~usr*;date==2024-06-30"}
    answer = client.get("/events/segment_match", params=params)
    error = answer.json()["externalapierror"]
    assert error["message"] == "filter, column 11: 'identifyId' doesn't take the operator '~'"
    assert error["subErrors"][0]["data"]["hint"] == "'identifyId' takes == only here"


# --- Events, and lists with numbered pages --------------------------------------------------------

END = 1_719_792_000_000
DAY = 86_400_000


def events(client, *filters):
    pages = walk(client, "/events/custom", *filters, records_key="customEvents")
    return [one["eventId"] for one in records_of(pages, "customEvents")]


def test_events_without_a_date_are_those_of_the_last_day(client):
    late = [one for one in EVENTS if one["date"] >= END - DAY]
    assert events(client) == [one["eventId"] for one in late]
    named = [one["eventId"] for one in late if one["eventName"] == "plan_viewed"]
    assert events(client, "eventName==plan_viewed") == named
    both = events(client, "eventName==plan_viewed", "date<2024-05-01;date>=2024-04-01")
    assert set(both) > set(named)


def test_events_of_190_days_are_answered_and_of_more_are_not(client):
    low = END - 190 * DAY
    assert len(events(client, f"date>={low};date<={END}")) == len(EVENTS)
    assert len(events(client, f"date>={low}")) == len(EVENTS)
    for text in (f"date>={low - 1};date<={END}", f"date>={low - 1}", f"date<={END}", "date!=0"):
        answer = client.get("/events/custom", params={"filter": text})
        assert answer.json()["externalapierror"]["message"] == (
            "filter 1 asks for more than 190 days; write both 'date>=…' and 'date<…', and ask in"
            " several parts for more"
        )


def test_a_walk_through_the_last_day_keeps_to_the_day_in_which_it_began(server, client):
    page = client.get("/events/custom", params={"pageSize": "2"}).json()
    server.behaviour = server.behaviour._replace(clock=lambda: END + 30 * DAY)
    again = client.get("/events/custom", params={"scrollId": page["scrollId"]}).json()
    assert again["totalHits"] == page["totalHits"] > 2


def test_lists_with_numbered_pages_say_which_is_the_last():
    segments = [{"id": f"s{number}", "name": "x"} for number in range(5)]
    with local_server({"segment": segments}) as server, server.client() as client:
        pages = [
            client.get("/segment", params={"pageSize": "2", "pageNumber": str(number)}).json()
            for number in range(4)
        ]
    assert [(len(page["segments"]), page["pageNumber"], page["isLastPage"]) for page in pages] == [
        (2, 0, False), (2, 1, False), (1, 2, True), (0, 3, True),
    ]  # fmt: skip


def test_lists_without_filters_ignore_them_or_refuse_them_if_strict(server, client, caplog):
    assert client.get("/segment", params={"filter": "secret==1"}).status_code == 200
    told = "/segment takes no parameter 'filter', which is ignored"
    assert told in [record.getMessage() for record in caplog.records]
    server.behaviour = server.behaviour._replace(strict=True)
    answer = client.get("/segment", params={"filter": "secret==1"})
    assert answer.json()["externalapierror"]["message"] == "/segment takes no parameter 'filter'"


@pytest.mark.sampled(4)
@pytest.mark.parametrize("path", LISTS)
def test_every_list_answers(client, path):
    endpoint = LISTS[path]
    page = client.get(f"/{path}").json()
    rest = ["totalHits", "scrollId"] if endpoint.is_scrolled else ["pageNumber", "isLastPage"]
    assert list(page) == [endpoint.records_key, *rest]
    for name in endpoint.sortable or ():
        assert client.get(f"/{path}", params={"sort": f"-{name}"}).status_code == 200


@pytest.mark.parametrize("sort", ["email", "-email", "score", "-lastSeenDate"])
def test_a_page_in_the_order_of_an_indexed_name_is_read_from_its_index(sort):
    plans = []
    with closing(Database()) as database:
        database.load({"users": [{"identifyId": f"u{n}", "email": f"{n}@x"} for n in range(50)]})

        @event.listens_for(database._engine, "before_cursor_execute")
        def explain(_connection, cursor, statement, parameters, *_):
            if "LIMIT" in statement:
                cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans.extend(row[3] for row in cursor.fetchall())

        database.page("users", FilterSet(), read_sort(sort, LISTS["users"]), size=5)
    few, scan, *rest = plans
    assert few == "MATERIALIZE few"
    assert scan.replace(" COVERING", "").startswith("SCAN users USING INDEX ")
    # What is equal comes in the order of keys, which few records are sorted for.
    if sort != "score":
        assert rest.pop(0) == "USE TEMP B-TREE FOR RIGHT PART OF ORDER BY"
    assert rest == [
        # Documents are fetched for the few, and these put into order again.
        "SCAN few",
        "SEARCH users USING INTEGER PRIMARY KEY (rowid=?)",
        "USE TEMP B-TREE FOR ORDER BY",
    ]
