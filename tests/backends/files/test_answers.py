"""Inputs that look like JSON Lines and aren't: saved answers, and pretty-printed JSON."""

from __future__ import annotations

import gzip
import json

import pytest

from filterlang.backends.files import FileError, read
from tests.backends.files.test_faults import faults_of
from tests.backends.files.test_limits import located

LISTS = (
    "users accounts results customEvents featureMatchEvents identifyEvents "
    "sessionInitializedEvents segments features engagements articleExternalViewList kcList"
)
ROW = {"score": 95, "role": "admin"}


def refusal(key, program, path):
    return (
        f"expected a record, found an answer of the API, whose records are in the list {key!r}; "
        f"make lines of them: jq -c '{program}'{path} | filterlang match … - (if it is a record "
        "all the same, say --input-format jsonl, in Python format)"
    )


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


@pytest.mark.parametrize("key", LISTS.split())
@pytest.mark.parametrize(
    "paging",
    [{"totalHits": 2}, {"scrollId": "x"}, {"pageNumber": 1, "isLastPage": True, "other": None}],
)
@pytest.mark.parametrize("rows", [[ROW, ROW], []])
def test_a_saved_answer_is_refused(key, paging, rows, path, engine, tmp_path):
    text = json.dumps({key: rows, **paging})
    for before, after in (("", "\n"), ("\n \n", ""), ("\ufeff", f"\n{text}\n")):
        (tmp_path / path).write_text(before + text + after)
        number = before.count("\n") + 1
        expected = [f"{path}:{number}: {refusal(key, f'.{key}[]', ' answer.json')}"]
        assert faults_of(path, "score>=90") == ([], expected)
        assert faults_of(path, "role!=admin") == ([], expected)
        assert located(path) == ([], expected)
        assert faults_of(path, "score>=90", jobs=2) == ([], expected)


def test_a_saved_answer_in_processes(path, tmp_path, small_ranges):
    for before in ("", "\n\n", "\n" * 300):
        (tmp_path / path).write_text(before + json.dumps({"users": [ROW] * 50, "totalHits": 50}))
        records, (fault,) = both(path)
        assert records == []
        number = before.count("\n") + 1
        assert fault == f"{path}:{number}: {refusal('users', '.users[]', ' answer.json')}"
    (tmp_path / path).write_text("\n" * 300)
    assert both(path) == ([], [])


def test_the_way_to_its_records_is_one_for_a_shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = json.dumps({"my-list": [ROW], "totalHits": 1})
    program = '.["my-list"][]'
    (tmp_path / "my answer.json").write_text(text)
    assert faults_of("my answer.json")[1] == [
        "my answer.json:1: " + refusal("my-list", program, " 'my answer.json'")
    ]
    (tmp_path / "x.json.gz").write_bytes(gzip.compress(text.encode()))
    assert faults_of("x.json.gz")[1] == [f"x.json.gz:1: {refusal('my-list', program, '')}"]
    with pytest.raises(FileError, match="found an answer of the API"):
        list(read("my answer.json", "score>=90"))


@pytest.mark.parametrize(
    "record",
    [
        {"users": [ROW]},
        {"totalHits": 1},
        {"users": [1], "totalHits": 1},
        {"users": [ROW, 1], "totalHits": 1},
        {"users": [ROW], "accounts": [ROW], "totalHits": 1},
        {"users": [ROW], "totalHits": 1, "location": {"city": "Bonn"}},
        {"items": [], "totalHits": 1},
        {"items": [ROW], "pageNumber": 7, "id": "a visit of a page"},
        {"a": "totalHits", "users": [ROW]},
        {"a": '"totalHits"', "users": [ROW]},
    ],
)
def test_records_that_look_a_little_like_answers(record, path, engine, tmp_path):
    (tmp_path / path).write_text(json.dumps(record) + "\n")
    assert both(path) == ([record], [])


def test_who_says_the_format_has_it_read(path, tmp_path):
    answer = {"users": [ROW], "totalHits": 1}
    (tmp_path / path).write_text(json.dumps(answer))
    assert both(path, format="jsonl") == ([answer], [])


def test_a_first_line_that_is_none(path, tmp_path):
    (tmp_path / path).write_text('{"totalHits": 1\n"totalHits"\n{"a": 1}\n')
    assert both(path) == (
        [{"a": 1}],
        [
            f"{path}:1: expected a JSON object: expecting ',' delimiter in column 16",
            f"{path}:2: expected a JSON object, found a string",
        ],
    )
    answer = json.dumps({"users": [ROW], "totalHits": 1})
    (tmp_path / path).write_text(f'{{"a": "{"x" * 100}"}}\n{answer}\n')
    # Only the first line is looked at, and it is too long.
    records, faults = both(path, max_line=80)
    assert records == [json.loads(answer)]
    assert len(faults) == 1


@pytest.mark.parametrize(
    ("value", "kind", "program"),
    [
        ({"users": [ROW] * 500, "totalHits": 500}, "an object", "."),
        ([ROW] * 500, "a list", "'.[]'"),
    ],
)
@pytest.mark.parametrize("before", ["", "\n", "\ufeff"])
def test_json_over_several_lines_is_told_once(value, kind, program, before, path, engine, tmp_path):
    (tmp_path / path).write_text(before + json.dumps(value, indent=2))
    number = before.count("\n") + 1
    expected = (
        f"{path}:{number}: expected a JSON object in one line, found {kind} over several lines; "
        f"make lines of it: jq -c {program} answer.json | filterlang match … - (for an answer of "
        "the API, jq -c '.users[]' or whatever its list is called)"
    )
    assert both(path) == ([], [expected])
