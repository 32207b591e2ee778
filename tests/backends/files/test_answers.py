"""JSON in every shape: lines, lists, values one after the other, saved answers of the API."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import math
import re
import shutil
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.backends.files import copy, read
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records import json_shape
from filterlang.backends.files.json_records.answers import STRONG
from tests.backends.files.test_faults import faults_of
from tests.backends.files.test_limits import located
from tests.support.engines import without_fast

LISTS = (
    "users accounts results customEvents featureMatchEvents identifyEvents "
    "sessionInitializedEvents segments features engagements articleExternalViewList kcList"
)
ROW = {"score": 95, "role": "admin"}
ROWS = [
    {
        "id": number,
        "score": number % 100,
        "text": '"}, {\\' + "x" * (number % 40) + "ü\n\u2028",
        "list": [{"a": 1}, {"a": [{"b": 2}]}],
        "big": 10**30,
        "exact": 1.0,
    }
    for number in range(300)
]


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return "answer.json"


def both(path, **options):
    """Read what matches, by one or several processes, and record by record: all say the same."""
    found = faults_of(path, [], **options)
    assert faults_of(path, [], jobs=2, **options) == found
    assert located(path, **options) == found
    return found


# --- Shapes ---------------------------------------------------------------------------------------


def written(rows, *, indent, compact, is_ascii):
    separators = (",", ":") if compact else None

    def text(value):
        return json.dumps(value, indent=indent, separators=separators, ensure_ascii=is_ascii)

    half = len(rows) // 2
    return {
        "values": "\n".join(map(text, rows)),
        "values side by side": "".join(map(text, rows)),
        "a sequence": "".join(f"\x1e{text(row)}\n" for row in rows),
        "a list": text(rows),
        "lists": f"{text(rows[:half])}\n{text(rows[half:])}",
        "an answer": text({"users": rows, "totalHits": 3, "scrollId": "x"}),
        "an answer, its list at the end": text({"scrollId": "x", "totalHits": 3, "users": rows}),
        "answers": "\n".join(
            text({"customEvents": some, "scrollId": None})
            for some in (rows[:half], [], rows[half:])
        ),
        "another answer": text({"people": rows, "totalHits": 7, "took": 0.1}),
        "a list in an object": text({"data": rows}),
        "an answer in an object": text({"status": "ok", "data": {"items": rows, "totalHits": 1}}),
        "a lonely list in objects": text({"response": {"users": rows}}),
    }


SHAPES = tuple(written([], indent=None, compact=False, is_ascii=True))


@pytest.mark.sampled(12, 80)
@pytest.mark.parametrize(("before", "is_ascii"), [("", True), ("\n \n", False), ("\ufeff", False)])
@pytest.mark.parametrize(
    ("indent", "compact"), [(None, False), (None, True), (2, False), (0, False)]
)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_records_in_every_shape(
    shape, indent, compact, is_ascii, before, engine, path, tmp_path
):
    text = written(ROWS, indent=indent, compact=compact, is_ascii=is_ascii)[shape]
    wanted = [row for row in ROWS if row["score"] >= 90]
    for ends in ("\n", "\r\n") if indent is not None else ("\n",):
        (tmp_path / path).write_text(before + text.replace("\n", ends) + ends, newline="")
        assert list(read(path, "score>=90")) == wanted
        assert located(path) == (ROWS, [])
        if not before:  # To start processes takes longer than all the rest.
            assert list(read(path, "score>=90", jobs=2)) == wanted
    (tmp_path / "answer.json.gz").write_bytes(gzip.compress((before + text).encode()))
    assert list(read("answer.json.gz", "score>=90")) == wanted


def test_records_are_written_as_they_stand_in_a_list(engine, path, tmp_path):
    rows = ['{"a": 1.00, "b":  1e2}', '{"a": 1, "c": "  "}', '{"a" : 12345678901234567890}']
    (tmp_path / path).write_text("[\n  " + ",\n  ".join(rows) + "\n]\n")
    copy([], path, "lines.jsonl")
    assert (tmp_path / "lines.jsonl").read_text().splitlines() == rows
    (tmp_path / path).write_text('{\n  "a": [\n    1.00,\n    2\n  ]\n}\n{ "a": "x  y" }')
    copy([], path, "lines.jsonl")
    assert (tmp_path / "lines.jsonl").read_text() == '{ "a": [ 1.00, 2 ] }\n{ "a": "x  y" }\n'


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(max_size=3), JSON, max_size=3), max_size=20), st.data())
def test_a_list_is_split_into_what_stands_in_it(rows, data):
    from filterlang.backends.files.json_records.json_lists import JsonLists

    indent = data.draw(st.none() | st.integers(0, 2))
    text = json.dumps(rows, indent=indent).encode()
    size = data.draw(st.integers(1, max(1, len(text))))
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    json_text = JsonLists(lambda: pieces.pop(0) if pieces else b"", 1 << 20)
    lines = [line for some in json_text.elements() for line in some]
    assert [json.loads(line) for line in lines] == rows
    assert not any(b"\n" in line for line in lines)
    assert json_text.next() == ""


def test_memory_and_time_grow_with_a_record_not_with_the_list(engine, path, tmp_path):
    """What is read at once is bounded: a list is given on long before it ends."""
    from filterlang.backends.files.json_records.json_lists import JsonLists

    asked = 0

    def endless():
        nonlocal asked
        asked += 1
        return b"[" * (asked == 1) + b'{"a": {"b": [{"c": 1}]}},' * 3000

    elements = JsonLists(endless, 1 << 20).elements()
    taken = 0
    while taken < 30_000:
        taken += len(next(elements))
    assert asked <= taken / 3000 + 4


# --- Which list holds the records -----------------------------------------------------------------


@pytest.mark.parametrize("key", LISTS.split())
@pytest.mark.parametrize(
    "paging",
    [{"totalHits": 2}, {"scrollId": "x"}, {"pageNumber": 1, "isLastPage": True, "other": None}],
)
@pytest.mark.parametrize("rows", [[ROW, ROW], []])
def test_a_saved_answer_is_its_records(key, paging, rows, path, tmp_path):
    for value in ({key: rows, **paging}, {**paging, key: rows}):
        (tmp_path / path).write_text(json.dumps(value))
        assert both(path) == (rows, [])


def test_a_saved_answer_in_processes(path, tmp_path, small_ranges):
    for before in ("", "\n\n", "\n" * 300):
        (tmp_path / path).write_text(before + json.dumps({"users": [ROW] * 50, "totalHits": 50}))
        assert both(path) == ([ROW] * 50, [])
    (tmp_path / path).write_text("\n" * 300)
    assert both(path) == ([], [])


@pytest.mark.parametrize(
    "record",
    [
        {"totalHits": 1},
        {"users": [1], "totalHits": 1},
        {"people": [ROW]},
        {"data": [ROW], "id": 1},
        {"a": "totalHits", "list": [ROW]},
        {"a": '"totalHits"', "list": [ROW]},
        {"a": {"b": {"c": {"users": [ROW]}}}},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_records_that_look_a_little_like_answers(record, indent, path, engine, tmp_path):
    (tmp_path / path).write_text(json.dumps(record, indent=indent) + "\n")
    assert both(path) == ([record], [])


UNDECIDED = (
    "can't tell what the records are: there is an object with {}; if these are the records, say "
    "--records {}, and if the object is one, --records . (in Python records=)"
)


@pytest.mark.parametrize(
    ("value", "seen", "name"),
    [
        (
            {"users": [ROW], "accounts": [ROW], "totalHits": 1},
            "2 lists of objects beside 'totalHits' ('users', 'accounts')",
            "NAME",
        ),
        (
            {"items": [ROW], "pageNumber": 7, "id": "a visit of a page"},
            "the list 'items' of objects beside 'pageNumber'",
            "items",
        ),
        ({"users": [ROW], "count": 1}, "the list 'users' of objects", "users"),
        (
            {"status": "ok", "data": {"users": [ROW]}},
            "the list 'data.users' of objects",
            "data.users",
        ),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_what_may_be_either_is_asked(value, seen, name, indent, path, tmp_path):
    (tmp_path / path).write_text(json.dumps(value, indent=indent))
    assert both(path) == ([], [f"{path}: {UNDECIDED.format(seen, name)}"])
    if name != "NAME":
        assert both(path, records=name) == ([ROW], [])
    assert both(path, records=".") == ([value], [])
    if indent is None:
        assert both(path, format="jsonl") == ([value], [])


ENVELOPES = [
    ({"data": [ROW], "meta": {"page": 1, "pages": [{"n": 1}]}}, "data"),
    ({"data": [], "meta": {"page": 9}}, "data"),
    ({"data": [ROW], "links": {"next": None}, "included": [{"id": 1}]}, "data"),
    ({"next": "x", "data": [ROW]}, "data"),
    ({"@odata.context": "x", "value": [ROW]}, "value"),
    ({"value": [ROW]}, "value"),
    ({"rows": [ROW], "columns": ["score", "role"]}, "rows"),
    ({"rows": [ROW], "columns": [{"name": "score"}]}, "rows"),
    (
        {
            "took": 1,
            "timed_out": False,
            "_shards": {"total": 1, "failed": 0},
            "hits": {"total": {"value": 1}, "max_score": 1.0, "hits": [{"_id": "1"} | ROW]},
        },
        "hits.hits",
    ),
    ({"data": {"items": [ROW], "total": 1}, "error": None}, "data.items"),
    ({"data": {"users": {"rows": [ROW]}}, "errors": []}, "data.users.rows"),
    ({"Items": [ROW], "Count": 1, "ScannedCount": 2}, "Items"),
    ({"response": {"numFound": 1, "docs": [ROW]}, "responseHeader": {}}, "response.docs"),
]


@pytest.mark.parametrize(("value", "name"), ENVELOPES)
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("ends", ["", "\n", "\n\n  \r\n"])
def test_an_object_around_a_list_that_is_all_there_is_is_asked(
    value, name, indent, ends, path, tmp_path
):
    (tmp_path / path).write_text(json.dumps(value, indent=indent) + ends)
    seen = f"the list {name!r} of objects"
    assert both(path) == ([], [f"{path}: {UNDECIDED.format(seen, name)}"])
    inner = value
    for key in name.split("."):
        inner = inner[key]
    assert both(path, records=name) == (inner, [])
    assert both(path, records=".") == ([value], [])


MANY = [{"score": number, "role": "x" * 100} for number in range(3000)]


LED = "data.items", "data.items"


@pytest.fixture
def soon_told(monkeypatch):
    """Have it told by less than 300 KB what the records are."""
    monkeypatch.setattr(json_shape, "_MOST_SKETCHED", 1000)


@pytest.mark.parametrize(
    "value",
    [
        {"users": MANY, "totalHits": 3, "scrollId": "x"},
        {"totalHits": 3, "users": MANY, "scrollId": "x"},
        {"about": "x" * 200_000, "users": MANY, "scrollId": "x"},
        {"result": {"users": MANY, "took": 1}, "scrollId": "x"},
    ],
)
@pytest.mark.parametrize("name", ["answer.json", "answer.jsonl", "answer.json.gz"])
@pytest.mark.usefixtures("soon_told")
def test_a_large_answer_is_its_records_whatever_its_keys_follow(value, name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = json.dumps(value).encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert both(name) == (MANY, [])


@pytest.mark.parametrize(
    ("value", "seen", "way", "name"),
    [
        (
            {"users": MANY, "accounts": [ROW], "totalHits": 1},
            "2 lists of objects beside 'totalHits' ('users', 'accounts')",
            "NAME",
            "users",
        ),
        ({"users": MANY, "count": 1}, "the list 'users' of objects", "users", "users"),
        ({"data": MANY, "meta": {"page": 1}}, "the list 'data' of objects", "data", "data"),
        ({"items": MANY, "id": 5, "score": 9}, "the list 'items' of objects", "items", "items"),
        ({"data": {"items": MANY}, "x": 1}, "the list 'data.items' of objects", *LED),
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.usefixtures("soon_told")
def test_what_stands_behind_a_long_list_may_tell_that_it_was_not_the_records(
    value, seen, way, name, indent, path, tmp_path
):
    (tmp_path / path).write_text(json.dumps(value, indent=indent))
    records, faults = both(path)
    last = f"{name}[{len(MANY) - 1}]"
    assert faults == [f"{path}: {UNDECIDED.format(seen, way)} (read up to {last})"]
    assert records == MANY
    assert both(path, records=name) == (MANY, [])
    assert both(path, records=".") == ([value], [])


def test_several_lists_in_such_an_object_are_all_named(path, tmp_path):
    (tmp_path / path).write_text('{"data": {"rows": [{"a": 1}], "items": [{"a": 2}]}, "took": 1}')
    seen = "2 lists of objects ('data.rows', 'data.items')"
    assert both(path) == ([], [f"{path}: {UNDECIDED.format(seen, 'NAME')}"])


@pytest.mark.parametrize(("value", "name"), ENVELOPES)
def test_such_objects_in_lines_are_records(value, name, path, tmp_path):
    (tmp_path / path).write_text(f"{json.dumps(value)}\n" * 2)
    assert both(path) == ([value, value], [])
    (tmp_path / "x.jsonl").write_text(f"{json.dumps(value)}\n")
    assert both("x.jsonl") == ([value], [])
    (tmp_path / path).write_text(f"{json.dumps(value, indent=1)}\n" * 2)
    assert both(path) == ([value, value], [])
    (tmp_path / path).write_text(json.dumps([value]))
    assert both(path) == ([value], [])


@pytest.mark.parametrize(
    "record",
    [
        {"id": 1, "items": [{"sku": 1}]},
        {"order": 7, "items": [{"sku": 1}], "total": 12},
        {"items": [{"sku": 1}], "total": 12, "customer": {"name": "x"}},
        {"items": ["a", "b"], "total": 2},
        {"people": [ROW], "total": 1},
        {"meta": {"items": [ROW]}, "total": 1},
        {"items": [{"sku": 1}], "status": "paid", "customer": {}},
    ],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_lonely_record_may_hold_lists_of_objects(record, indent, path, tmp_path):
    (tmp_path / path).write_text(json.dumps(record, indent=indent))
    assert both(path) == ([record], [])


# --- Tables ---------------------------------------------------------------------------------------

TWO = [{"id": 1, "score": 95}, {"id": 2, "score": 7}]
APART = "its names are in {!r}, its rows in {!r}"
COLUMNS, TABLE_ROWS = "each member is a column", "each member is a row"
BY_ID = "each member is a record under its id"
TABLES = [
    ({"columns": ["id", "score"], "rows": [[1, 95], [2, 7]]}, APART.format("columns", "rows")),
    (
        {"columns": ["id", "score"], "index": [0, 1], "data": [[1, 95], [2, 7]]},
        APART.format("columns", "data"),
    ),
    (
        {"fields": [{"name": "id"}, {"name": "score"}], "total": 2, "rows": [[1, 95], [2, 7]]},
        APART.format("fields", "rows"),
    ),
    ({"id": {"0": 1, "1": 2}, "score": {"0": 95, "1": 7}}, COLUMNS),
    ({"0": {"id": 1, "score": 95}, "1": {"id": 2, "score": 7}}, TABLE_ROWS),
    ({"id": [1, 2, 3], "score": [95, 7, None]}, COLUMNS),
    ({"1": {"id": 1, "score": 95}, "b": {"id": "b", "score": 7}}, BY_ID),
    ({"ada": {"id": 1, "score": 95}, "bo": {"score": 7, "id": 2}, "c": TWO[0]}, BY_ID),
]
RECORDS_SAID = "; if the object is a record, say --records . (in Python records=)"


def by_jq(message, text):
    """Do what a message says."""
    options, program = re.search(r"(jq -c(?: -n)?) '([^']*)'", message).groups()
    if shutil.which("jq") is None:
        pytest.skip("there is no jq")
    done = subprocess.run([*options.split(), program], input=text, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(("value", "what"), TABLES)
@pytest.mark.parametrize("indent", [None, 1])
def test_a_table_is_no_record(value, what, indent, path, tmp_path):
    text = json.dumps(value, indent=indent)
    (tmp_path / path).write_text(text)
    records, (fault,) = both(path)
    assert records == []
    assert fault.startswith(f"{path}: this is a table: {what}; make records of it: jq -c '")
    assert fault.endswith(RECORDS_SAID)
    assert both(path, records=".") == ([value], [])
    (tmp_path / "x.jsonl").write_text(json.dumps(value))
    assert both("x.jsonl") == ([value], [])
    found = by_jq(fault, text.encode())
    named = [record | {"id": {"b": 2}.get(record["id"], record["id"])} for record in found]
    assert named[:2] == TWO


@pytest.mark.parametrize(
    "record",
    [
        {"columns": ["id", "score"], "rows": 2},
        {"columns": ["id", "score"], "rows": [[1], [2]]},
        {"columns": [1, 2], "rows": [[1, 2]]},
        {"a": {"0": 1}, "b": {"1": 1}},
        {"home": {"lat": 1, "lon": 2}, "work": {"lat": 3, "lon": 4}},
        {"0": {"a": 1}, "x": {"a": 1}},
        {"a": {"id": "a"}, "b": {"id": "c"}},
        {"a": {"x": 1}, "b": {"x": 1}, "c": {"x": 1}},
        {"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 1}, "c": {"x": 1, "z": 1}},
        {"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 1}, "c": {"x": 1, "y": 1}, "d": 1},
        {"a": {"id": "a"}},
        {"tags": ["a", "b", "c"]},
        {"tags": ["a", "b"], "ids": [1, 2]},
        {"tags": ["a", "b", "c"], "ids": [[1], [2], [3]]},
        {"tags": ["a", "b", "c"], "ids": [1, 2, 3], "id": 7},
        {},
    ],
)
def test_what_looks_a_little_like_a_table_is_a_record(record, path, tmp_path):
    (tmp_path / path).write_text(json.dumps(record))
    assert both(path) == ([record], [])


def test_tables_among_others_are_records(path, tmp_path):
    value = TABLES[0][0]
    (tmp_path / path).write_text(f"{json.dumps(value)}\n" * 2)
    assert both(path) == ([value, value], [])


LISTS_OF_VALUES = '["id", "score"]\n[1, 95]\n[2, 7]'
LIST_OF_LISTS = '[["id", "score"], [1, 95], [2, 7]]'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LIST_OF_LISTS, "there are no objects, but a list of lists; "),
        (LISTS_OF_VALUES, "there are no objects, but lists one after the other; "),
        (f"[{json.dumps(TWO)}]", "the records stand in lists within a list; "),
    ],
)
def test_lists_of_values_are_no_records(text, message, path, tmp_path):
    (tmp_path / path).write_text(text)
    records, (fault,) = both(path)
    assert records == []
    assert fault.startswith(f"{path}: {message}")
    assert by_jq(fault, text.encode()) == TWO


@pytest.mark.parametrize("records", [None, "users", "."])
@pytest.mark.parametrize("version", ["HTTP/1.1 200 OK", "HTTP/2 200 "])
def test_headers_before_json_are_told(version, records, path, tmp_path):
    text = f"{version}\r\nContent-Type: application/json\r\n\r\n" + json.dumps({"users": TWO})
    (tmp_path / path).write_text(text)
    faults = []
    assert list(read(str(tmp_path / path), "id!=x", records=records, report=faults.append)) == []
    (fault,) = map(str, faults)
    assert (
        "these are the headers of HTTP before the JSON; fetch it again without curl's -i" in fault
    )
    way = re.search("sed '([^']*)'", fault)[1]
    done = subprocess.run(["sed", way], input=text.encode(), capture_output=True, check=True)
    assert json.loads(done.stdout) == {"users": TWO}


def test_files_whose_lists_are_called_otherwise_are_to_be_matched_apart(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "1.json").write_text(json.dumps({"users": TWO, "totalHits": 2}))
    (tmp_path / "2.json").write_text(json.dumps({"people": TWO, "totalHits": 2, "note": [{}]}))
    apart = "is said of all files; match those apart whose lists are called otherwise"
    for paths, records in ((["1.json", "2.json"], None), (["1.json", "2.json"], "people")):
        faults = []
        list(read(paths, "id!=x", records=records, report=faults.append))
        assert [fault.hint.endswith(apart) for fault in faults] == [True]
    faults = []
    list(read("2.json", "id!=x", report=faults.append))
    assert [fault.hint for fault in faults] == [None]


def test_values_without_any_object_are_told_once(path, tmp_path):
    (tmp_path / path).write_text(json.dumps([1, "x"] * 50))
    no_objects = "there is no object among the first 20 values"
    (fault,) = both(path)[1]
    assert fault.startswith(f"{path}: {no_objects} of the list")
    (tmp_path / path).write_text(json.dumps({"columns": ["a"], "rows": [[1]] * 50}))
    expected = f"{path}: {no_objects}, so nothing more was read; expected records"
    assert both(path, records="rows") == ([], [expected])
    (tmp_path / path).write_text(json.dumps([None, 1, *TWO]))
    assert both(path)[0] == TWO


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("after", ["", '\n{"users": [{"a": 1}], "totalHits": 1}\n'])
def test_an_error_of_the_api_is_no_record(after, indent, path, tmp_path):
    error = {"externalapierror": {"status": "NOT_FOUND", "message": "…", "subErrors": None}}
    (tmp_path / path).write_text(json.dumps(error, indent=indent) + after)
    expected = (
        "there is an error of the API, no answer: fetch the records again; to match it as a "
        "record, say --records . (in Python records=)"
    )
    assert both(path) == ([], [f"{path}: {expected}"])
    assert both(path, records=".")[0][0] == error


def test_records_of_lines_may_hold_lists_beside_a_number_of_a_page(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for record in (
        {"items": [ROW], "pageNumber": 7, "id": "a visit of a page"},
        {"items": [ROW]},
        {"users": [ROW], "id": 1},
    ):
        (tmp_path / "views.jsonl").write_text(f"{json.dumps(record)}\n" * 2)
        assert both("views.jsonl") == ([record, record], [])


def test_who_says_the_format_has_it_read(path, tmp_path):
    answer = {"users": [ROW], "totalHits": 1}
    (tmp_path / path).write_text(json.dumps(answer))
    assert both(path, format="jsonl") == ([answer], [])
    assert both(path, format="json") == ([ROW], [])


@pytest.mark.parametrize("indent", [None, 1])
def test_who_names_the_list_gets_it(indent, path, tmp_path):
    value = {"meta": {"list": [7]}, "pages": [{"list": [ROW]}, {"list": []}, {"list": [ROW, 3]}]}
    (tmp_path / path).write_text(json.dumps(value, indent=indent))
    fault = "expected a JSON object, found a number"
    assert both(path, records="meta.list") == ([], [f"{path}:meta.list[0]: {fault}"])
    assert both(path, records="pages.list") == ([ROW, ROW], [f"{path}:pages[2].list[1]: {fault}"])
    assert both(path, records="meta") == ([{"list": [7]}], [])
    assert both(path, records="nowhere") == (
        [],
        [
            (
                f"{path}: expected the records in 'nowhere', found an object without that in "
                "line 1, after which nothing was read"
            )
        ],
    )
    (fault,) = both(path, records="pages.list.x")[1]
    assert fault.startswith(f"{path}: expected the records in 'x', found an object without that in")


# --- What is wrong --------------------------------------------------------------------------------


def test_places(path, tmp_path, engine):
    fault = "expected a JSON object, found"
    (tmp_path / path).write_text('[{"a": 1}, 7, {"a": 2}, null, [], "x"]')
    assert both(path) == (
        [{"a": 1}, {"a": 2}],
        [
            f"{path}:[1]: {fault} a number",
            f"{path}:[3]: {fault} null",
            f"{path}:[4]: {fault} an array",
            f"{path}:[5]: {fault} a string",
        ],
    )
    (tmp_path / path).write_text('{"users": [{"a": 1}, 7], "totalHits": 1}\n\n' * 2)
    assert both(path) == (
        [{"a": 1}] * 2,
        [f"{path}:users[1]: {fault} a number", f"{path}:3:users[1]: {fault} a number"],
    )
    (tmp_path / path).write_text('{\n"a": 1\n}\n7\n{"a": 2}\n')
    assert both(path) == ([{"a": 1}, {"a": 2}], [f"{path}:4: {fault} a number"])


@pytest.mark.parametrize(
    ("text", "records", "message"),
    [
        ("[", 0, "the JSON data is cut off; fetch the file again"),
        ('[{"a": 1}', 1, "the JSON data is cut off; fetch the file again (read up to [0])"),
        ('[{"a": 1},', 1, "the JSON data is cut off; fetch the file again (read up to [0])"),
        ('[{"a": 1}, {"a"', 1, "the JSON data is cut off; fetch the file again (read up to [0])"),
        (
            '[{"a": 1},\n {"b": 2} {"c": 3}]',
            2,
            "expected ',' or ']' in line 2, after which nothing can be read (read up to [1])",
        ),
        (
            '{"totalHits": 1, "users": [{"a": 1}], }',
            1,
            "expected '\"' in line 1, after which nothing can be read (read up to users[0])",
        ),
    ],
)
def test_lists_that_end_too_early(text, records, message, path, engine, tmp_path):
    (tmp_path / path).write_text(text)
    values, faults = both(path)
    assert (len(values), faults) == (records, [f"{path}: {message}"])


def test_a_mistake_far_from_the_end_is_told_with_its_place(path, engine, tmp_path):
    rows = [json.dumps(row) for row in ROWS]
    rows[200] = '{"a": tru}'
    (tmp_path / path).write_text("[" + ",\n".join(rows) + "]")
    values, faults = both(path)
    assert values == ROWS[:200]
    expected = "expecting value in line 201, column 7, after which nothing can be read"
    assert faults == [f"{path}: {expected} (read up to [199])"]


@pytest.mark.parametrize("text", ["[{}]", '{"users": [{}], "totalHits": 1}', '{\n"b": 1\n}\n{}'])
def test_values_that_are_too_long(text, path, engine, tmp_path):
    long = json.dumps({"a": "x" * 120_000})
    (tmp_path / path).write_text(text.replace("{}", long))
    expected = (
        f"{path}: expected a value of at most 100,000 bytes, found a longer one; allow more by "
        "--max-line, in Python by max_line"
    )
    assert both(path, max_line=100_000)[1][-1].startswith(expected)
    assert both(path)[1] == []


def test_an_object_too_long_to_tell_what_it_is(path, tmp_path):
    rows = [{"a": "x" * 1000}] * 200
    (tmp_path / path).write_text(json.dumps({"people": rows, "id": 1}))
    expected = (
        "can't tell what the records are: there is an object of more than 50,000 bytes, with "
        "'people' in it; say which list holds the records by --records NAME, in Python by records"
    )
    assert both(path, max_line=50_000) == ([], [f"{path}: {expected}"])
    assert both(path, max_line=50_000, records="people") == (rows, [])


def test_what_is_nested_too_deeply(path, engine, tmp_path):
    (tmp_path / path).write_text('[{"a": 1}, ' + "[" * 100_000 + "]" * 100_000 + "]")
    expected = "expected a JSON value, found one that is nested too deeply to be read"
    assert both(path) == ([{"a": 1}], [f"{path}: {expected} (read up to [0])"])


def test_a_first_line_that_is_none(path, tmp_path):
    (tmp_path / path).write_text('{"totalHits": 1\n"totalHits"\n{"a": 1}\n')
    assert both(path) == (
        [{"a": 1}],
        [
            f"{path}:1: expected a JSON object: expecting ',' delimiter in column 16",
            f"{path}:2: expected a JSON object, found a string",
        ],
    )


@pytest.mark.parametrize("name", ["notes", "notes.jsonl", "notes.json"])
def test_what_is_no_json_is_told_once(name, tmp_path, monkeypatch, engine):
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text("\nDear diary,\n\n" * 1000)
    expected = (
        "there is no record in the first 59 lines, so nothing more was read; expected JSON "
        "(line 2: expected a JSON object: expecting value in column 1); say by --input-format what "
        "it is"
    )
    assert both(name) == ([], [f"{name}: {expected}"])
    assert len(both(name, format="jsonl")[1]) == 1000
    (tmp_path / name).write_text("Dear diary,\n" * 19 + '{"a": 1}\n')
    records, faults = both(name)
    assert records == [{"a": 1}]
    assert len(faults) == 19


def test_numbers_of_all_kinds_in_a_list(path, engine, tmp_path):
    (tmp_path / path).write_text('[{"a": NaN}, {"a": ' + "9" * 5000 + '}, {"a": -Infinity}]')
    values, faults = both(path)
    assert faults == []
    assert math.isnan(values[0]["a"])
    assert str(values[1]["a"]) == "9" * 5000
    assert values[2] == {"a": -math.inf}


# --- Whatever is read at once ---------------------------------------------------------------------


def read_in_pieces(text, size, **options):
    """Read a text of which so many bytes come at once; give its values, and what is wrong."""
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    reader = io.BufferedReader(json_shape.Chunks(lambda _: pieces.pop(0) if pieces else b""))
    found, faults = [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_shape, "opened", lambda *_: contextlib.nullcontext(reader))
        try:
            for block in json_shape.read_json("x", lambda _: None, **options):
                found += [json.loads(line) for line in block.data.splitlines() if line.strip()]
        except InputError as error:
            faults.append(str(error))
    return found, faults


@pytest.mark.parametrize("has_msgspec", [True, False])
@given(
    st.lists(st.dictionaries(st.text(max_size=3), JSON, max_size=3) | JSON, max_size=12),
    st.integers(0, 40),
    st.none() | st.integers(0, 2),
    st.sampled_from(["list", "answer", "its list last", "answers", "list of answers", "values"]),
    st.booleans(),
)
def test_it_is_read_as_the_standard_library_reads_it(
    has_msgspec, rows, size, indent, shape, is_ascii
):
    rows = [{"a": 1}, *rows]
    answer = {"users": rows, "totalHits": 12345, "scrollId": "x"}
    values = {
        "list": [rows],
        "answer": [answer],
        "its list last": [dict(reversed(answer.items()))],
        "answers": [answer, answer],
        "list of answers": [[answer, answer]],
        "values": [row for row in rows if not isinstance(row, list)],
    }[shape]
    texts = [json.dumps(value, indent=indent, ensure_ascii=is_ascii) for value in values]
    expected = values if shape == "values" else rows * (2 if "answers" in shape else 1)
    with pytest.MonkeyPatch.context() as patch:
        if not has_msgspec:
            patch.setitem(sys.modules, "msgspec.json", None)
        for between in ("\n", "  "):
            data = between.join(texts).encode()
            if shape == "values" and indent is None and between == "\n":
                data = b"\n" + data.replace(b"\n", b"\n\n")
            assert read_in_pieces(data, size or len(data)) == (expected, [])


@pytest.mark.parametrize("number", ["12", "-1", "0", "1.5", "12.25", "1e5", "1e+5", "-2.5E-07"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7])
def test_no_number_is_taken_for_one_that_ends_where_reading_did(number, size):
    for text in ('[{"a": 1}, %s, {"a": %s}]', '[%s,{"a": 1},%s]'):
        data = (text % (number, number)).encode()
        assert read_in_pieces(data, size) == (json.loads(data), [])
    data = f'{{"totalHits": {number}, "users": [{{"a": 1}}], "pageSize": {number}}}'.encode()
    assert read_in_pieces(data, size) == ([{"a": 1}], [])


CUT_OFF = "the JSON data is cut off; fetch the file again"


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1}, {"b": [true, false, null, -1.5e+3, "\\u00e4\\\\\\n"]}, NaN, -Infinity, [1,2]]',
        '{"users": [{"a": 1}, {"b": "ü"}], "totalHits": 2, "last": true}',
        '{"totalHits": 2, "scrollId": null, "users": [{"a": 1},\n{"b": "\\ud83d\\ude00"}\n]\n}',
        '{\n"a": 1\n}\n{\n"b": -1.5e+3\n}',
        '\x1e{"a": 1}\n\x1e{"b": [1, 2]}',
    ],
)
def test_each_truncation_is_told_and_keeps_what_comes_before(text):
    data = text.encode()
    shape = json_shape.Shape(False, ("users",) if "users" in text else None)
    whole, faults = read_in_pieces(data, len(data), shape=shape)
    assert not faults
    for end in range(1, len(data)):
        found, faults = read_in_pieces(data[:end], 7, shape=shape)
        # Values one after the other may end behind each of them.
        is_between = text.startswith(("{\n", "\x1e")) and data[:end].strip(b"\x1e\n").endswith(b"}")
        assert is_between or not data[:end].strip(b"\x1e\n") or len(faults) == 1, data[:end]
        if found == whole[: len(found)]:
            assert faults in ([], [CUT_OFF]), data[:end]
        else:  # Of a number there was only the beginning.
            assert found[:-1] == whole[: len(found) - 1]


def test_a_list_that_is_there_twice_is_told(path, tmp_path):
    (tmp_path / path).write_text('{"users": [{"a": 1}], "totalHits": 2,\n"users": [{"a": 2}]}')
    expected = (
        "expected 'users' once in an object, found it again in line 2, after which nothing was "
        "read (read up to users[0])"
    )
    assert both(path) == ([{"a": 1}], [f"{path}: {expected}"])


def test_what_is_no_json_near_the_end_is_not_called_cut_off(path, engine, tmp_path):
    (tmp_path / path).write_bytes(b'[{"a": 1},\n\0{"a": 2}]')
    expected = "expecting value in line 2, column 1, after which nothing can be read"
    assert both(path) == ([{"a": 1}], [f"{path}: {expected} (read up to [0])"])


def test_names_in_places_can_be_shown(path, tmp_path):
    (tmp_path / path).write_text('{"\\u001b[31m\\ud800": [{"a": 1}, 7], "totalHits": 1}')
    fault = "expected a JSON object, found a number"
    assert both(path) == ([{"a": 1}], [f"{path}:␛[31m<U+D800>[1]: {fault}"])


def test_files_joined_with_their_boms(path, engine, tmp_path):
    (tmp_path / path).write_text('\ufeff\ufeff[{"a": 1}]\n\ufeff[{"a": 2}]\n\ufeff{"a":\n3}')
    assert both(path) == ([{"a": 1}, {"a": 2}, {"a": 3}], [])


@pytest.mark.parametrize("is_fast", [True, False])
@pytest.mark.parametrize("filters", ["id!=9", "id>=2", "totalHits==1"])
@pytest.mark.parametrize("records", [0, pytest.param(40_000, marks=pytest.mark.slow)])
def test_an_answer_among_records_is_told(is_fast, filters, records, tmp_path, monkeypatch):
    """Whatever way lines are read by, and behind those that are read in full anyhow."""
    if not is_fast:
        without_fast(monkeypatch)
    line = json.dumps({"id": 1, "note": "x" * 100}) + "\n"
    answer = json.dumps({"users": [{"id": 2}], "totalHits": 1, "scrollId": None}) + "\n"
    (tmp_path / "x.jsonl").write_text(line + line * records + answer + line)
    told = []
    found = list(read(tmp_path / "x.jsonl", filters, report=told.append))
    assert {one["id"] for one in found} <= {1}
    assert len(found) == ((records + 2) if filters == "id!=9" else 0)
    assert [(one.line, one.message) for one in told] == [
        (
            records + 2,
            (
                "expected a record, found an answer with the list 'users' beside 'scrollId' and"
                " 'totalHits'; put answers into a file of their own, or say --records . (in Python"
                " records=) if the object is a record"
            ),
        )
    ]
    whole = list(read(tmp_path / "x.jsonl", "users!=z", records="."))
    assert len(whole) == records + 3


@pytest.mark.parametrize("is_fast", [True, False])
@pytest.mark.parametrize("value", [7, "\0", None])
@pytest.mark.parametrize("key", sorted(STRONG))
def test_an_answer_is_told_by_any_key_whatever_is_asked_for(
    key, value, is_fast, tmp_path, monkeypatch
):
    if not is_fast:
        without_fast(monkeypatch)
    rows = [{"id": 1, key: value}, {"users": [{"id": 2}], key: value}]
    (tmp_path / "x.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for filters in (f"{key}!=1", "id!=2", f"a.{key}!=1"):
        told = []
        found = list(read(tmp_path / "x.jsonl", filters, report=told.append))
        assert found == rows[:1]
        assert [(one.line, one.message) for one in told] == [
            (
                2,
                (
                    f"expected a record, found an answer with the list 'users' beside '{key}'; put"
                    " answers into a file of their own, or say --records . (in Python records=) if"
                    " the object is a record"
                ),
            )
        ]


def test_records_of_other_kinds_may_have_such_keys(tmp_path):
    (tmp_path / "x.jsonl").write_text('{"id": 1}\n{"id": 2, "totalHits": 3, "tags": ["a"]}\n')
    assert len(list(read(tmp_path / "x.jsonl", "id!=9"))) == 2


def test_a_key_on_the_way_may_have_a_dot(tmp_path):
    (tmp_path / "x.json").write_text('{"a.b": {"c": [{"id": 1}]}, "n": 1}')
    assert list(read(tmp_path / "x.json", "id==1", records="a.b.c")) == [{"id": 1}]
    (tmp_path / "y.json").write_text('{"a": {"b.c": [{"id": 1}]}, "n": 1}')
    assert list(read(tmp_path / "y.json", "id==1", records="a.b.c")) == [{"id": 1}]
