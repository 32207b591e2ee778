"""What the filter box is answered, as plain data."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.web import Limits, PayloadError, check, complete, explain

SCHEMA = fl.Schema({"score": "integer", "type": {"type": "enum", "values": ["LEAD", "USER"]}})


def test_it_works_without_starlette():
    code = (
        "import sys; sys.modules['starlette'] = None\n"
        "from filterlang.web import check; print(check({'filters': ['a==1']})['ok'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "True\n"


def test_check_tells_parts_mistakes_and_mends_in_code_points():
    assert check({"filters": ["city==😀;score=10", " "]}) == {
        "ok": False,
        "filters": [
            {
                "canonical": None,
                "clauses": [
                    {"span": [0, 7], "name": [0, 4], "operator": [4, 6], "expression": [6, 7]},
                    {
                        "span": [8, 16],
                        "name": [8, 13],
                        "operator": [13, 14],
                        "expression": [14, 16],
                    },
                ],
                "diagnostics": [
                    {
                        "code": "FL104",
                        "severity": "error",
                        "message": "expected '==', found a single '='",
                        "hint": "write '=='",
                        "span": [13, 14],
                        "fixes": [{"safe": True, "edits": [{"span": [13, 14], "text": "=="}]}],
                    }
                ],
            },
            {"canonical": None, "clauses": [], "diagnostics": []},
        ],
    }


def test_check_tells_the_canonical_text_of_each_that_is_no_blank():
    answer = check({"filters": ["", "score >= 10", " ", "type==LEAD"]}, SCHEMA)
    assert answer["ok"]
    assert [one["canonical"] for one in answer["filters"]] == [
        None,
        "score>=10",
        None,
        "type==LEAD",
    ]


def test_the_same_findings_as_the_library_are_told():
    texts = ["scroe>1;score=1", "type==LAED", "score>1;score<0"]
    found = [
        one["code"]
        for answer in check({"filters": texts}, SCHEMA)["filters"]
        for one in answer["diagnostics"]
    ]
    assert found == [one.code for one in fl.check(texts, SCHEMA).diagnostics]


def test_answers_are_bounded():
    limits = Limits(filters=2, length=400, diagnostics=3, completions=1)
    answer = check({"filters": ["a=1;" * 50, "b" * 401]}, limits=limits)
    first, second = answer["filters"]
    assert [one["code"] for one in first["diagnostics"]] == ["FL104"] * 3 + ["FL304"]
    assert [one["code"] for one in second["diagnostics"]] == ["FL301"]
    assert second["clauses"] == []
    assert complete({"filter": "b" * 401, "cursor": 0}, SCHEMA, limits=limits) == {
        "completions": []
    }
    assert len(complete({"filter": "", "cursor": 0}, SCHEMA, limits=limits)["completions"]) == 1
    with pytest.raises(PayloadError, match=r"^expected at most 2 filters, found 3$"):
        check({"filters": ["", "", ""]}, limits=limits)
    record = {"a": list(range(1000))}
    answer = explain({"filters": ["a==5"], "record": record})
    assert answer["filters"][0]["verdicts"][0]["values"] == [[str(one) for one in range(20)]]


@pytest.mark.parametrize("name", ["filters", "length", "diagnostics", "completions"])
def test_a_limit_is_at_least_1(name):
    with pytest.raises(ValueError, match=rf"^the limit of {name} must be at least 1, not 0$"):
        Limits(**{name: 0})


def test_several_safe_mends_of_a_text_are_told_together():
    """Each text by itself, as far as it goes: whoever reads what comes out decides."""
    texts = ["score=1;type=LEAD", "score=1", "score=1;type=LEAD;scroe>1", "score>1", "a=b,c=d;e=f"]
    assert [one.get("fixed") for one in check({"filters": texts}, SCHEMA)["filters"]] == [
        "score==1;type==LEAD",
        None,
        "score==1;type==LEAD;scroe>1",
        None,
        None,
    ]
    assert "fixed" not in check({"filters": ["score=1"]}, SCHEMA)["filters"][0]


@pytest.mark.parametrize("text", ["score=1;type=LEAD", "score≥１;score=1"])
def test_safe_mends_together_are_those_of_the_library(text):
    [answer] = check({"filters": [text]}, SCHEMA)["filters"]
    assert [answer["fixed"]] == fl.check(text, SCHEMA).fixed


def test_what_typing_on_may_mend_is_told():
    def told(typing):
        answer = check({"filters": ["sco", "scroe==1;sco"], "typing": typing}, SCHEMA)
        return [
            [(one["code"], one.get("unfinished")) for one in filter["diagnostics"]]
            for filter in answer["filters"]
        ]

    rest = [("FL501", None), ("FL103", None)]
    assert told(None) == [[("FL103", None)], rest]
    assert told({"index": 0, "cursor": 3}) == [[("FL103", True)], rest]
    assert told({"index": 0, "cursor": 2}) == [[("FL103", None)], rest]
    assert told({"index": 1, "cursor": 12}) == [
        [("FL103", None)],
        [("FL501", None), ("FL103", True)],
    ]
    long = {"filters": ["sco"], "typing": {"index": 0, "cursor": 3}}
    [told_of] = check(long, SCHEMA, limits=Limits(length=2))["filters"]
    assert [list(one) for one in told_of["diagnostics"]] == [
        ["code", "severity", "message", "hint", "span", "fixes"]
    ]


def test_completions_are_those_of_the_library():
    text = "😀==1;ty"
    answer = complete({"filter": text, "cursor": len(text)}, SCHEMA)
    assert answer["completions"] == [
        {
            "label": one.label,
            "kind": one.kind,
            "detail": one.detail,
            "edit": {"span": list(one.edit.span), "text": one.edit.text},
        }
        for one in fl.complete(text, len(text), SCHEMA)
    ]
    assert answer["completions"][0]["label"] == "type"


def test_explain_says_which_clauses_decided():
    payload = {
        "filters": ["score>=10;type==LEAD", "", "a.b==1;a.c==2"],
        "record": {"score": 3, "a": [{"b": 1}, {"c": 2}]},
    }
    assert explain(payload) == {
        "ok": True,
        "matched": False,
        "filters": [
            {
                "text": "score>=10;type==LEAD",
                "matched": False,
                "verdicts": [
                    {
                        "clauses": ["score>=10"],
                        "matched": False,
                        "values": [["3"]],
                        "through": None,
                    },
                    {
                        "clauses": ["type==LEAD"],
                        "matched": False,
                        "values": [[]],
                        "through": None,
                    },
                ],
            },
            {
                "text": "a.b==1;a.c==2",
                "matched": False,
                "verdicts": [
                    {
                        "clauses": ["a.b==1", "a.c==2"],
                        "matched": False,
                        "values": [["1"], ["2"]],
                        "through": "a",
                    }
                ],
            },
        ],
    }


def test_explain_shows_epoch_milliseconds_beside_their_date():
    schema = fl.Schema({"seen": "datetime", "n": "number"})
    payload = {"filters": ["seen>2021-01-01;n>1"], "record": {"seen": 1621250919908, "n": 2}}
    values = [one["values"] for one in explain(payload, schema)["filters"][0]["verdicts"]]
    assert values == [[["1621250919908 (2021-05-17 11:28:39.908 UTC)"]], [["2"]]]


def test_explain_of_bad_filters_and_of_none():
    bad = {"filters": ["score=1"], "record": {}}
    assert explain(bad) == {"ok": False, "matched": None, "filters": []}
    none = {"filters": [], "record": {}}
    assert explain(none) == {"ok": True, "matched": True, "filters": []}


@pytest.mark.parametrize(
    ("question", "payload", "message"),
    [
        (check, None, "expected an object with 'filters', found None"),
        (check, [], "expected an object with 'filters', found []"),
        (check, {"filter": ""}, "expected an object with 'filters', found the keys ['filter']"),
        (check, {"filters": "a==1"}, "expected a list of texts as 'filters', found 'a==1'"),
        (check, {"filters": ["", 1]}, "expected a list of texts as 'filters', found 1 at 1"),
        (
            check,
            {"filters": [], "typing": 1},
            "expected an object with 'index' and 'cursor', found 1",
        ),
        (
            check,
            {"filters": [], "typing": {"index": 0, "cursor": 0}},
            "expected the index of a filter as 'index', found 0",
        ),
        (
            check,
            {"filters": ["ab"], "typing": {"index": True, "cursor": 0}},
            "expected the index of a filter as 'index', found True",
        ),
        (
            check,
            {"filters": ["ab"], "typing": {"index": 0, "cursor": 3}},
            "expected an integer from 0 to 2 as 'cursor', found 3",
        ),
        (check, {"filters": [""] * 21}, "expected at most 20 filters, found 21"),
        (
            complete,
            {"filter": ""},
            "expected an object with 'filter' and 'cursor', found the keys ['filter']",
        ),
        (complete, {"filter": None, "cursor": 0}, "expected a text as 'filter', found None"),
        *(
            (
                complete,
                {"filter": "ab", "cursor": cursor},
                f"expected an integer from 0 to 2 as 'cursor', found {cursor!r}",
            )
            for cursor in (-1, 3, True, 1.0, "1", None)
        ),
        (explain, {"filters": [], "record": []}, "expected an object as 'record', found []"),
    ],
)
def test_what_is_not_asked_for_is_refused(question, payload, message):
    with pytest.raises(PayloadError) as caught:
        question(payload, SCHEMA)
    assert str(caught.value) == message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
payloads = json_values | st.fixed_dictionaries(
    {},
    optional={
        "filters": st.lists(st.text() | json_values, max_size=3) | json_values,
        "filter": st.text() | json_values,
        "cursor": st.integers(-1, 9) | json_values,
        "typing": st.fixed_dictionaries({"index": st.integers(-1, 3), "cursor": st.integers(-1, 9)})
        | json_values,
        "record": st.dictionaries(st.sampled_from(["score", "type"]), json_values) | json_values,
    },
)


@pytest.mark.parametrize("question", [check, complete, explain])
@given(payload=payloads)
def test_whatever_is_sent_is_answered_by_json_or_refused(question, payload):
    """A payload of any kind gets an answer that is JSON, or a PayloadError."""
    try:
        answer = question(payload, SCHEMA)
    except PayloadError:
        return
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
