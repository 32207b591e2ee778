"""What others put around their records is asked about, and what is then said works."""

from __future__ import annotations

import json

import pytest

from filterlang.backends.files.json_records.answers import Sketch, path_of_records
from filterlang.backends.files.json_records.envelopes import expect_no_envelope
from tests.backends.files.test_answers import RECORDS_SAID, both, by_jq

ROWS = [{"id": 1, "score": 95}, {"id": 2, "score": 7}]
NAMED = [{"name": "id", "type": "UInt64"}, {"name": "score", "type": "UInt8"}]
VALUES = [[1, 95], [2, 7]]
EDGES = [{"cursor": "x", "node": row} for row in ROWS]
PUSHED = {"-NaBcDeFgHiJkLmNoPqR": ROWS[0], "-NaBcDeFgHiJkLmNoP_-": ROWS[1]}

ENVELOPES = [
    # ClickHouse
    ({"meta": NAMED, "data": ROWS, "rows": 2, "statistics": {"elapsed": 0.1}}, "data"),
    ({"meta": NAMED, "data": ROWS, "rows": 2, "rows_before_limit_at_least": 2}, "data"),
    # Stripe and its like
    ({"object": "list", "data": ROWS, "has_more": False, "url": "/v1/customers"}, "data"),
    ({"object": "list", "data": ROWS, "url": "/v1/customers"}, "data"),
    ({"type": "list", "data": ROWS, "pages": {"type": "pages"}, "total_count": 2}, "data"),
    # GraphQL
    ({"data": {"users": {"nodes": ROWS}}}, "data.users.nodes"),
    ({"data": {"users": {"nodes": ROWS, "pageInfo": {"endCursor": ""}}}}, "data.users.nodes"),
    ({"data": {"viewer": {"repositories": {"nodes": ROWS}}}}, "data.viewer.repositories.nodes"),
    ({"data": {"people": ROWS}, "extensions": {"cost": 1}}, "data.people"),
    ({"data": {"people": ROWS, "viewer": {"login": "x"}}}, "data.people"),
    # OData, Azure, Elasticsearch, Solr
    ({"@odata.context": "x", "people": ROWS}, "people"),
    ({"value": ROWS, "nextLink": "x"}, "value"),
    ({"took": 1, "_shards": {"total": 1}, "hits": {"total": 2, "hits": ROWS}}, "hits.hits"),
    ({"status": "success", "data": {"resultType": "vector", "result": ROWS}}, "data.result"),
    # AWS, Google, Salesforce, HubSpot
    ({"Users": ROWS, "IsTruncated": False, "Marker": "x"}, "Users"),
    ({"Jobs": ROWS, "NextToken": "x"}, "Jobs"),
    ({"Records": ROWS, "ResponseMetadata": {"RequestId": "x"}}, "Records"),
    ({"kind": "calendar#events", "etag": "x", "items": ROWS, "nextPageToken": "y"}, "items"),
    ({"kind": "calendar#events", "etag": "x", "items": ROWS}, "items"),
    ({"totalSize": 2, "done": True, "records": ROWS}, "records"),
    ({"Response": {"Jobs": ROWS}}, "Response.Jobs"),
    ({"status": 0, "result": {"records": ROWS, "totalSize": 2, "done": True}}, "result.records"),
    ({"results": ROWS, "paging": {"next": {"after": "x"}}}, "results"),
    # GitHub, Jira, Slack, Laravel, Algolia, SCIM, Kubernetes, DataTables
    ({"total_count": 2, "incomplete_results": False, "items": ROWS}, "items"),
    ({"expand": "x", "startAt": 0, "maxResults": 50, "total": 2, "issues": ROWS}, "issues"),
    ({"members": ROWS, "cache_ts": 1, "response_metadata": {"next_cursor": ""}}, "members"),
    ({"current_page": 1, "data": ROWS, "from": 1, "to": 2, "total": 2}, "data"),
    ({"hits": ROWS, "nbHits": 2, "hitsPerPage": 20, "query": "", "params": ""}, "hits"),
    ({"schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"], "R": ROWS}, "R"),
    ({"apiVersion": "v1", "kind": "PodList", "metadata": {}, "items": ROWS}, "items"),
    ({"draw": 1, "recordsTotal": 2, "recordsFiltered": 2, "data": ROWS}, "data"),
]


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return "answer.json"


def told_of(name, beside=""):
    return (
        f"answer.json: can't tell what the records are: there is an object with the list {name!r} "
        f"of objects; if these are the records, say --records {name}{beside}, and if the object is "
        "one, --records . (in Python records=)"
    )


@pytest.mark.parametrize(("value", "name"), ENVELOPES)
@pytest.mark.parametrize("indent", [None, 1])
def test_an_envelope_is_asked_about(value, name, indent, path, tmp_path):
    (tmp_path / path).write_text(json.dumps(value, indent=indent))
    assert both(path) == ([], [told_of(name)])
    assert both(path, records=name) == (ROWS, [])
    assert both(path, records=".") == ([value], [])


def in_each(key, **beside):
    return [{**beside, key: row} for row in ROWS]


@pytest.mark.parametrize(
    ("value", "name", "key"),
    [
        ({"data": {"users": {"edges": EDGES}}}, "data.users.edges", "node"),
        ({"data": {"users": {"edges": EDGES, "pageInfo": {}}}}, "data.users.edges", "node"),
        ({"took": 1, "hits": {"hits": in_each("_source", _id="1")}}, "hits.hits", "_source"),
        ({"data": in_each("attributes", type="u", id="1"), "links": {}}, "data", "attributes"),
        ({"results": in_each("properties", id="1"), "paging": {}}, "results", "properties"),
        (
            {"type": "FeatureCollection", "features": in_each("properties", type="Feature")},
            "features",
            "properties",
        ),
        (
            {"resourceType": "Bundle", "type": "searchset", "entry": in_each("resource")},
            "entry",
            "resource",
        ),
        ({"records": in_each("fields", id="x"), "offset": "z"}, "records", "fields"),
        ({"total_rows": 2, "offset": 0, "rows": in_each("doc", id="1")}, "rows", "doc"),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_what_stands_in_each_element_is_offered(value, name, key, indent, path, tmp_path):
    (tmp_path / path).write_text(json.dumps(value, indent=indent))
    offered = f" (of what each holds in {key!r}: --records {name}.{key})"
    assert both(path) == ([], [told_of(name, offered)])
    assert both(path, records=f"{name}.{key}") == (ROWS, [])


def test_what_salesforce_tells_of_its_records_is_not_offered(path, tmp_path):
    told = {"type": "User", "url": "x"}
    value = {"totalSize": 2, "done": True, "records": in_each("x", attributes=told)}
    (tmp_path / path).write_text(json.dumps(value))
    assert both(path) == ([], [told_of("records")])


@pytest.mark.parametrize(
    "record",
    [
        {"id": "sub_1", "items": {"object": "list", "data": ROWS, "has_more": False}},
        {"id": 1, "tags": [{"k": "v"}], "total_count": 3, "per_page": 5},
        {"_id": "x", "kind": "a#b", "items": ROWS},
        {"order": 7, "lines": ROWS, "total": 12, "count": 2},
        {"name": "x", "edges": ROWS, "nodes": ROWS},
        {"kind": "car", "parts": ROWS},
        {"type": "order", "lines": ROWS},
        {"data": {"x": 1}, "lines": ROWS},
        {"customer": {"orders": ROWS, "nextPage": 2}, "name": "x"},
        {"a": {"b": {"c": {"users": ROWS}}}},
        {"data": {"score": 7, "tags": ["a"]}},
        {"meta": [{"name": "x"}], "score": 7},
        {"meta": {"items": ROWS, "count": 1}, "total": 7},
        {"response": {"name": "x", "jobs": ROWS}},
        {"docs": []},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_record_may_look_a_little_like_an_envelope(record, indent, path, tmp_path):
    (tmp_path / path).write_text(json.dumps(record, indent=indent))
    assert both(path) == ([record], [])


@pytest.mark.parametrize("value", [value for value, name in ENVELOPES if name != "results"])
def test_such_objects_in_named_lines_are_records(value, path, tmp_path):
    (tmp_path / "x.jsonl").write_text(f"{json.dumps(value)}\n")
    assert both("x.jsonl") == ([value], [])
    (tmp_path / path).write_text(f"{json.dumps(value)}\n" * 2)
    assert both(path) == ([value, value], [])


@pytest.mark.parametrize("outer", [(), ("data",), ("response",), ("meta", "x")])
@pytest.mark.parametrize("key", ["xs", "items"])
def test_many_objects_with_lists_are_looked_at_in_linear_time(outer, key):
    """Each takes a part of a second; with anything quadratic in it, whoever waits here notices."""
    value = {f"k{number}": {key: [{}]} for number in range(10_000)}
    for name in reversed(outer):
        value = {name: value}
    sketch = Sketch(json.dumps({**value, "z": 1}))
    assert path_of_records(sketch, is_named_lines=False) is None
    expect_no_envelope(sketch, lambda: True)


BOXED = [{"f": [{"v": one} for one in row]} for row in VALUES]
TYPED = [
    {
        "id": {"N": "1"},
        "of": {"M": {"list": {"L": [{"S": "x"}, {"NULL": True}, {"BOOL": False}]}}},
        "set": {"NS": ["1", "2"]},
    }
]
UNTYPED = [{"id": 1, "of": {"list": ["x", None, False]}, "set": [1, 2]}]


@pytest.mark.parametrize(
    ("value", "what", "rows"),
    [
        (
            {"meta": NAMED, "data": VALUES, "rows": 2},
            "its names are in 'meta', its rows in 'data'",
            ROWS,
        ),
        (
            {"schema": {"fields": NAMED}, "rows": BOXED, "jobComplete": True},
            "its names are in 'schema.fields', its rows in 'rows'",
            ROWS,
        ),
        (
            {"resultSetMetaData": {"rowType": NAMED}, "data": VALUES, "code": "090001"},
            "its names are in 'resultSetMetaData.rowType', its rows in 'data'",
            ROWS,
        ),
        (
            {"meta": NAMED, "data": {"id": [1, 2], "score": [95, 7]}, "rows": 2},
            "each member of 'data' is a column",
            ROWS,
        ),
        (
            {"Items": TYPED, "Count": 1, "ScannedCount": 1},
            "each value in 'Items' has its type around it, as in DynamoDB",
            UNTYPED,
        ),
        (PUSHED, "each member is a record under its id", ROWS),
        ({"users": PUSHED}, "each member of 'users' is a record under its id", ROWS),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_tables_of_databases_are_told_with_what_makes_records(
    value, what, rows, indent, path, tmp_path
):
    text = json.dumps(value, indent=indent)
    (tmp_path / path).write_text(text)
    records, (fault,) = both(path)
    assert records == []
    assert fault.startswith(f"{path}: this is a table: {what}; make records of it: jq -c '")
    assert fault.endswith(RECORDS_SAID)
    assert by_jq(fault, text.encode()) == rows
    assert both(path, records=".") == ([value], [])
