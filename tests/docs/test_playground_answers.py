"""What the playground's program answers; Pyodide runs it in the page, and Python here."""

from __future__ import annotations

import importlib.util
import json

import pytest

from tests.support.documents import ROOT


@pytest.fixture(scope="module")
def asked():
    path = ROOT / "docs" / "playground" / "playground.py"
    spec = importlib.util.spec_from_file_location("playground_answers", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def ask(records="", own=None):
        payload = {"filters": ["a==1"], "records": records}
        schema = "none" if own is None else "own"
        return json.loads(
            module.answer("report", json.dumps({"payload": payload, "schema": schema, "own": own}))
        )

    return ask


DEEP = "more than 100 lists and objects within each other"


@pytest.mark.parametrize("text", ["[" * 3000, '{"a":' * 3000, '{"b": 1}\n' + "[" * 3000])
def test_what_would_overflow_the_browser_is_refused(asked, text):
    assert asked(text)["error"] == f"The records: {DEEP}"
    assert asked(own=text) == {"error": f"The schema: {DEEP}"}


def test_brackets_in_texts_are_not_counted(asked):
    deep = {"a": "1", "b": "[{" * 300 + '"\\' + "[" * 300}
    assert [one["matched"] for one in asked(json.dumps(deep))["records"]] == [True]
    wide = {"a": 1, "b": [[]] * 300}
    assert [one["matched"] for one in asked(json.dumps(wide))["records"]] == [True]


@pytest.mark.parametrize(
    "text",
    ['{"a": 1}\n{"a": 2}', '{"a": 1}\r\n\r\n{"a": 2}', '[{"a": 1}, {"a": 2}]'],
)
def test_records_are_a_list_or_one_a_line(asked, text):
    for given in (text, f"\ufeff{text}"):
        assert [one["matched"] for one in asked(given)["records"]] == [True, False]


def test_a_line_ends_where_json_says_so(asked):
    given = '{"a": 1, "b": "x\u2028y"}\n{"a": 2}'
    assert [one["matched"] for one in asked(given)["records"]] == [True, False]


@pytest.mark.parametrize("beside", [{}, {"totalHits": 2, "scrollId": "x"}, {"pageNumber": 1}])
def test_an_answer_of_the_api_holds_records(asked, beside):
    given = json.dumps({"users": [{"a": 1}, {"a": 2}], **beside}, indent=1)
    assert [one["matched"] for one in asked(given)["records"]] == [True, False]


@pytest.mark.parametrize("record", [{"a": 1, "b": [{"a": 2}]}, {"a": [1]}, {"a": [1], "b": [{}]}])
def test_a_record_with_lists_is_none(asked, record):
    (one,) = asked(json.dumps(record))["records"]
    assert (one["matched"], one["text"]) == (True, json.dumps(record))


def test_the_beginning_of_a_record_is_shown(asked):
    (one,) = asked(json.dumps({"a": 1, "b": "ö" * 200}))["records"]
    assert one["text"] == '{"a": 1, "b": "' + "ö" * 84 + "…"


WRITE = 'write objects such as {"score": 12}, one a line or in a list'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a,b\n1,2", f"no JSON: expecting value in line 1, column 1; {WRITE}"),
        (
            '{"a" 1}',
            f"no JSON: expecting ':' delimiter in line 1, column 6; {WRITE}",
        ),
        ('[{"a": 1},\n{"a": }]', f"no JSON: expecting value in line 2, column 7; {WRITE}"),
        ('{"a": 1}\n\nfoo\n{"a": 2}', "no JSON: expecting value in line 3, column 1"),
        ('{"a": 1}\n[2]', "number 2 is no object"),
    ],
)
def test_what_is_wrong_with_records_is_told(asked, text, told):
    answer = asked(text)
    assert (answer["error"], answer["records"]) == (f"The records: {told}", [])


def test_a_schema_may_be_a_whole_one(asked):
    whole = {"dimensions": {"a": "integer", "b": "text"}, "open": True}
    for own in (whole, whole["dimensions"], {"dimensions": {"a": "integer"}}):
        assert asked('{"a": "1"}', json.dumps(own))["records"][0]["matched"]
    told = asked(own='{"a": integer}')["error"]
    assert told == "The schema: no JSON: expecting value in line 1, column 7"
