"""Which of two findings is told: each line of the table of precedence counts, and no other does."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import filterlang as fl
from filterlang.checking.doubts import likely_mistakes
from filterlang.checking.grammar_errors import syntax_errors
from filterlang.checking.grammar_errors.missing_operator import MISSING_OPERATOR
from filterlang.checking.grammar_errors.operator_errors import OPERATOR_ERRORS, Written
from filterlang.checking.precedence import ABSORBS, Absorbed
from filterlang.diagnostics.messages import MESSAGES

FOLDER = Path(__file__).parents[2] / "grammar" / "vectors"
CORPUS = json.loads((FOLDER / "errors.json").read_text(encoding="utf-8"))

TEXTS = {
    ("FL106", "FL411"): "!(a==1)",
    ("FL106", "FL416"): "a!b==c",
    ("FL107", "FL401"): "==1 and b==2",
    ("FL107", "FL402"): "==1 or b==2",
    ("FL107", "FL403"): ">>1",
    ("FL107", "FL404"): "==null",
    ("FL104", "FL405"): "a=x*",
    ("FL107", "FL405"): "==x*",
    ("FL107", "FL406"): "~x%",
    ("FL107", "FL407"): "~^x",
    ("FL107", "FL408"): "==%20x",
    ("FL107", "FL412"): "==x\u200b",
    ("FL107", "FL413"): "==1&filter=2",
    ("FL107", "FL414"): "=='x'",
    ("FL107", "FL415"): "~x",
    ("FL107", "FL416"): "==1 b==2",
    ("FL107", "FL418"): "==x OR y",
    ("FL401", "FL405"): "a==x and b~*y*",
    ("FL401", "FL415"): "a~x and b==y",
    ("FL401", "FL416"): "a==1 and b==2",
    ("FL401", "FL418"): "a==x OR y&&b==2",
    ("FL402", "FL416"): "a==1 or b==2",
    ("FL402", "FL418"): "a==1 OR b==2",
    ("FL403", "FL405"): "a==~x*",
    ("FL403", "FL406"): "a~~x%",
    ("FL403", "FL415"): "a~~x",
    ("FL406", "FL415"): "a~x%",
    ("FL407", "FL406"): "a~^x%",
    ("FL407", "FL415"): "a~^x",
    ("FL411", "FL411"): "(a==1;b==2)",
    ("FL413", "FL416"): "a==1&b=2 c==3",
    ("FL413", "FL418"): "a==x OR y&b=2",
    ("FL414", "FL405"): "a=='x*'",
    ("FL414", "FL406"): "a~'x%'",
    ("FL414", "FL407"): "a~'x.*'",
    ("FL414", "FL408"): "a=='%20x'",
    ("FL414", "FL415"): "a~'x'",
    ("FL414", "FL418"): "a=='x' OR 'y'",
    ("FL418", "FL415"): "a~xx|yy",
    ("FL422", "FL405"): "a==x GROUP BY b HAVING count(*)>5",
    ("FL422", "FL406"): "a~x ORDER BY b, c%",
    ("FL422", "FL407"): "a~x HAVING count(.*)>5",
    ("FL422", "FL415"): "a~x LIMIT 5",
    ("FL422", "FL416"): "a==x GROUP BY b HAVING c>=5",
}


def codes(text):
    return Counter(one.code for one in fl.check(text).diagnostics)


def test_each_line_of_the_table_has_its_text():
    assert set(TEXTS) == {(one, code) for one, what in ABSORBS.items() for code in what.codes}
    assert all(what.reason for what in ABSORBS.values())


@pytest.mark.parametrize(("winner", "absorbed"), TEXTS)
def test_one_is_told_and_the_other_only_without_its_line(winner, absorbed, monkeypatch):
    text = TEXTS[winner, absorbed]
    with_it = codes(text)
    assert with_it[winner] == 1
    assert with_it[absorbed] == (winner == absorbed)
    # Where several absorb it, it is told once none does.
    for code, what in ABSORBS.items():
        rest = Absorbed(what.codes - {absorbed}, what.reason)
        monkeypatch.setitem(ABSORBS, code, rest)
    assert codes(text) == with_it + Counter([absorbed])


def test_what_stands_at_the_other_side_is_told():
    # The name is in quotes, and a pattern without a wildcard is none.
    assert codes("'a'~x") == Counter(["FL414", "FL415"])
    # The '!' stands before the name.
    assert codes("!a==b c==d") == Counter(["FL106", "FL416"])


# --- Who says what --------------------------------------------------------------------------------

TABLES = [
    syntax_errors.NAME_ERRORS,
    syntax_errors.EXPRESSION_ERRORS,
    MISSING_OPERATOR,
    OPERATOR_ERRORS,
    likely_mistakes.NAME_MISTAKES,
    likely_mistakes.OPERATOR_MISTAKES,
    likely_mistakes.EXPRESSION_MISTAKES,
]
OUTSIDE_OF_TABLES = {
    "FL101": "of an empty text",
    "FL102": "of an empty clause",
    "FL114": "of a character",
    "FL115": "of a character",
    "FL116": "of what stands before a clause",
    "FL120": "of a whole filter, whose clauses it parts wrongly",
    "FL421": "of a whole filter, around which it stands",
}


def recording(said, function):
    def say(*args):
        found = function(*args)
        if isinstance(found, Written):
            said.add(found.mistake.code)
            return found
        listed = list(found or ())
        said.update(one.code for one in listed)
        return listed

    return say


def test_a_function_says_what_its_line_states(monkeypatch):
    stated, said = [], []
    for table in TABLES:
        for codes_of_line, function in table.items():
            line = {codes_of_line} if isinstance(codes_of_line, str) else {*codes_of_line}
            stated.append((function.__name__, line))
            said.append((function.__name__, set()))
            monkeypatch.setitem(table, codes_of_line, recording(said[-1][1], function))
    texts = [text for case in CORPUS["cases"] for text in case.get("texts", [])]
    for text in [*texts, *TEXTS.values(), "a eq 1 or b eq 2"]:
        fl.check(text)
    assert said == stated
    of_clauses = {code for code in MESSAGES if code.startswith(("FL1", "FL4"))}
    assert of_clauses - set().union(*[line for _, line in stated]) == set(OUTSIDE_OF_TABLES)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("a%3D1%3Bb%3D%3D2", ["a==1;b==2"]),
        # Decoded, the second clause has no operator either.
        ("a%3D1%3Bb", []),
    ],
)
def test_what_was_encoded_is_mended_clause_by_clause(text, mended):
    (one,) = fl.check(text).diagnostics
    assert one.code == "FL117"
    assert [fix.apply(text) for fix in one.fixes] == mended
