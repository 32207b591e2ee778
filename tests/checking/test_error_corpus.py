"""The corpus of mistakes: what `check` reports, how it mends, and every word that it shows.

`test_vectors` runs the same cases as every other vector; here is what is asked of them as a whole,
and the renderings, which are no part of the language.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

import filterlang as fl
from filterlang.diagnostics.messages import MESSAGES
from tests.tools import write_renderings

FOLDER = Path(__file__).parents[2] / "grammar" / "vectors"
CORPUS = json.loads((FOLDER / "errors.json").read_text(encoding="utf-8"))
CASES = {case["name"]: case for case in CORPUS["cases"]}
SCHEMAS = {name: fl.Schema.from_dict(data) for name, data in CORPUS["schemas"].items()}
RENDERINGS = json.loads(write_renderings.TARGET.read_text(encoding="utf-8"))["renderings"]

STATING = [case for case in CASES.values() if "fixed" in case]
"""The cases that state what mending gives; the others are about query strings."""

NOT_OF_A_TEXT = {
    # What `&` of two sets of filters raises; tests/syntax/test_nodes.py shows it.
    "FL302",
    # What sending finds: `to_query`, `comma_trap` and `split_by_length`; tests/syntax/test_query.py
    # and tests/syntax/test_transport.py show them.
    "FL206",
    "FL207",
    "FL303",
    # What is wrong with data that is no text; tests/syntax/test_json_form.py shows it.
    "FL211",
    "FL212",
    # What a database can't say exactly; tests/backends/sql/test_where.py shows it.
    "FL221",
    # Tables of other libraries; tests/backends/frames/test_refused.py shows it.
    "FL222",
    # What is said of very long texts; tests/checking/test_limits.py shows it.
    "FL304",
}


def checked(case):
    options = {"max_length": case["max_length"]} if "max_length" in case else {}
    return fl.check(case["texts"], SCHEMAS.get(case.get("schema")), **options)


def errors(case):
    return [one for one in case["diagnostics"] if one["severity"] == "error"]


each_mended = pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["name"]) for case in STATING if case["fixed"] is not None]
)


@pytest.mark.sampled(500)
@pytest.mark.parametrize("name", RENDERINGS)
def test_every_word_that_is_shown(name):
    assert write_renderings.shown(CASES[name], SCHEMAS).split("\n") == RENDERINGS[name]


@pytest.mark.sampled(100)
@each_mended
def test_what_was_mended_is_right(case):
    report = fl.check(case["fixed"], SCHEMAS.get(case.get("schema")))
    assert report.ok
    assert fl.parse(case["fixed"]) == report.filters
    # A filter that restricts never becomes one that doesn't.
    assert [bool(text.strip(" ")) for text in case["fixed"]] == [
        bool(text.strip(" ")) for text in case["texts"]
    ]


@pytest.mark.sampled(100)
@each_mended
def test_what_was_right_is_not_touched(case):
    if not errors(case):
        assert case["fixed"] == case["texts"]


def test_every_rendering_is_of_a_case_that_has_something_to_show():
    # A pair shows what each of its two mistakes shows elsewhere.
    assert RENDERINGS.keys() == {
        case["name"]
        for case in STATING
        if case["diagnostics"] and not case["name"].startswith("pair-")
    }


def test_the_tool_writes_the_renderings_as_they_stand():
    written = write_renderings.TARGET.read_text(encoding="utf-8")
    assert written == write_renderings.current(), "run: python -m tests.tools.write_renderings"


def test_every_code_is_there_twice():
    cases = Counter(
        code for case in CASES.values() for code in {one["code"] for one in case["diagnostics"]}
    )
    assert {code for code in MESSAGES if cases[code] < 2} == NOT_OF_A_TEXT
    assert cases.keys() <= MESSAGES.keys()


def test_severities_are_those_of_the_table():
    assert all(
        one["severity"] == MESSAGES[one["code"]].severity
        for case in CASES.values()
        for one in case["diagnostics"]
    )


def test_the_corpus_is_large():
    assert len(RENDERINGS) >= 120
    assert len(STATING) >= 120
    assert sum(len(case["diagnostics"]) > 1 for case in STATING) >= 30
    # Not counting the pairs, which were made by a rule.
    assert sum(len(CASES[name]["diagnostics"]) > 1 for name in RENDERINGS) >= 30


def test_most_mistakes_can_be_mended():
    wrong = [
        one for case in STATING for one in checked(case).diagnostics if one.severity == "error"
    ]
    # For OR the hint shows several filters, which no mend of one text can write.
    assert sum(bool(one.fixes) for one in wrong) / len(wrong) >= 0.78
    # Few of them leave no doubt: most mends are only suggested, and all of words and programs are.
    assert sum(any(fix.safe for fix in one.fixes) for one in wrong) / len(wrong) >= 0.15


# --- No two cases are alike -----------------------------------------------------------------------

SAMPLE_NAME = re.compile(
    r"\b(?:[abcnxy]|scores?|nps|type|title|city|name|(?:first|last)Name|email|accountId|url"
    r"|lastSeenDate|signUpDate|countryCode)\b"
)
SAMPLE_VALUE = re.compile(r"\b(?!(?:OR|AND|NOT|None|NaN|TO|LIKE|IN|IS|FL|U)\b)[A-Z][A-Za-z]+\b")


def without_names_and_values(text):
    """Write a text with the same name, value and number for each that it has."""
    text = SAMPLE_NAME.sub("n", text)
    text = re.sub(r"FL[0-9]+|U\+[0-9A-F]+|[0-9]+", shorter_number, text)
    return re.sub(r"\^+|  +", "^", SAMPLE_VALUE.sub("v", text))


def shorter_number(found):
    return "9" if found[0][0].isdigit() else found[0]


def test_no_two_cases_are_alike_but_for_names_and_values():
    alike = defaultdict(list)
    for name, lines in RENDERINGS.items():
        said = [line for line in lines if not line.startswith(" -->")]
        case = CASES[name]
        shape = without_names_and_values("\n".join([*case["texts"], *said]))
        alike[shape, case.get("schema")].append(name)
    assert [names for names in alike.values() if len(names) > 1] == []


def test_there_are_nine_hundred_of_them():
    assert len(CASES) >= 900
