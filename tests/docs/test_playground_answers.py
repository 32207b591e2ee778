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
