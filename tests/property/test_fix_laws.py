"""Laws of fixes: none makes a text worse than it was, and none that is safe leaves the closed list.

A fix of an error leaves fewer mistakes (`FL1…`) in its text, a fix of anything else no more than
there were. So what is legal stays legal, and the only mistake of a text is mended by each of its
fixes.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import filterlang as fl
from tests.property.test_check_laws import SCHEMA, any_text, each_schema

VECTORS = Path(__file__).parents[2] / "grammar" / "vectors" / "errors.json"
CORPUS = json.loads(VECTORS.read_text(encoding="utf-8"))
SCHEMAS = {name: fl.Schema.from_dict(data) for name, data in CORPUS["schemas"].items()}
CASES = [case for case in CORPUS["cases"] if "texts" in case and "max_length" not in case]


def mistakes(text):
    found = fl.check(text).diagnostics
    return sum(one.severity == "error" for one in found)


def assert_sound(text, schema):
    before = mistakes(text)
    for one in fl.check(text, schema).diagnostics:
        is_mistake = one.severity == "error" and one.code.startswith("FL1")
        for fix in one.fixes:
            mended = fix.apply(text)
            assert mended.strip(" "), (one.code, text)
            assert mistakes(mended) <= before - is_mistake, (one.code, text, mended)


@each_schema
@given(any_text)
@example("a>>")
@example("x<%3D")
@example(":~！")
@example("( a‹)")
@example("a==1 AND b=2")
@example("a==1;\n")
@example("a==1;\n;b==2")
@example("name%3DDoe")
@example("a%3D%3D1%3Bb%253D1")
@example("!(a==1;b==2)")
@example("((a==1) AND b==2)")
def test_no_fix_makes_a_text_worse(schema, text):
    assert_sound(text, schema)


@pytest.mark.sampled(300)
@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["name"]) for case in CASES if case["diagnostics"]]
)
def test_no_fix_of_the_corpus_makes_a_text_worse(case):
    for text in case["texts"]:
        assert_sound(text, SCHEMAS.get(case.get("schema")))


# --- Negation -------------------------------------------------------------------------------------

SIGNS = ["-", "- ", "!", "! ", "not ", "NOT ", "not(", "not (", "!(", "-(", "\u2212", "\u00ac"]
OPERATORS = {"==": "!=", "!=": "==", "~": "!~", "!~": "~"}


@each_schema
@given(
    st.sampled_from(SIGNS),
    st.sampled_from(["type", "score", "a", "b"]),
    st.sampled_from([*OPERATORS, "<", ">=", "=", "=>"]),
    st.sampled_from(["LEAD", "x", "5"]),
)
def test_no_fix_drops_a_negation(schema, sign, name, operator, value):
    """No fix leads to the clause without what stood before it, and none is safe."""
    text = f"{sign}{name}{operator}{value}" + (")" if "(" in sign else "")
    report = fl.check(text, schema)
    bare = {f"{name}{one}{value}" for one in (operator, "==", ">=")}
    opposite = OPERATORS.get(operator)
    for one in report.diagnostics:
        for fix in one.fixes:
            assert not fix.safe
            mended = fix.apply(text)
            assert mended not in bare - {f"{name}{opposite}{value}"}, mended
    assert report.fixed in (None, [text])


def test_a_negation_is_offered_its_complement():
    assert fl.check("-type==LEAD", SCHEMA).diagnostics[0].fixes[0].apply("-type==LEAD") == (
        "type!=LEAD"
    )


# --- The closed list of safe fixes ----------------------------------------------------------------

OPERATOR_START = re.compile("[=!<>~]")
ENDS = re.compile(r"[\t\n\r\v\f\x85]")
DATE = re.compile(r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?:[Tt ].*)?")
POINT_FIRST = re.compile(r"-?\.[0-9]+.*")
FULL_WIDTH = re.compile("(?=.*[^ -~])[0-9.\uff10-\uff19\u2212:TZ-]+")
INVISIBLE = re.compile("[\u00a0\u200b\u2060\ufeff\u3000]+")


def decodes(old):
    return OPERATOR_START.search(old) is None and OPERATOR_START.search(unquote(old)) is not None


# Code → what is safe about it, and what is written in the place of what. What fits none of these
# isn't safe; the page "What is wrong with a filter" has the same list for people.
CLOSED_LIST = {
    "FL104": [("a single '=' between a name and a plain value", lambda old, new: old == "=")],
    "FL105": [("'=<', which no language has for anything else", lambda old, new: old == "=<")],
    "FL114": [
        ("a control at the ends of a part", lambda old, new: ENDS.fullmatch(old) and not new)
    ],
    "FL116": [("a stray 'filter='", lambda old, new: old.rstrip(" ").endswith("=") and not new)],
    "FL117": [("one level of percent-encoding", lambda old, new: decodes(old))],
    "FL120": [("an entity of HTML", lambda old, new: html.unescape(old) == new)],
    "FL118": [
        (
            "a typographic operator",
            lambda old, new: not old.isascii() and new in {*fl.Operator} and "!" not in old,
        )
    ],
    "FL501": [("a space at the ends", lambda old, new: INVISIBLE.fullmatch(old) and not new)],
    "FL509": [
        ("another spelling of a date", lambda old, new: DATE.fullmatch(old)),
        ("'.5'", lambda old, new: POINT_FIRST.fullmatch(old)),
        ("0 and 1 for a boolean", lambda old, new: (old, new) in {("0", "false"), ("1", "true")}),
        ("full-width digits and the minus sign", lambda old, new: FULL_WIDTH.fullmatch(old)),
        ("a space at the ends", lambda old, new: INVISIBLE.fullmatch(old) and not new),
    ],
}


def reasons(text, schema):
    for one in fl.check(text, schema).diagnostics:
        for fix in one.fixes:
            if fix.safe:
                (edit,) = fix.edits
                old = text[edit.span.start : edit.span.end]
                kinds = [why for why, fits in CLOSED_LIST[one.code] if fits(old, edit.text)]
                assert kinds, (one.code, text, fix)
                yield one.code, kinds[0]


def test_each_safe_fix_of_the_corpus_is_on_the_closed_list():
    found = {
        reason
        for case in CASES
        for text in case["texts"]
        for reason in reasons(text, SCHEMAS.get(case.get("schema")))
    }
    # Each kind is there, so that none stays on the list that isn't needed.
    assert found == {(code, why) for code, kinds in CLOSED_LIST.items() for why, _ in kinds}


@each_schema
@given(any_text)
def test_each_safe_fix_is_on_the_closed_list(schema, text):
    assert len(list(reasons(text, schema))) <= len(text)
