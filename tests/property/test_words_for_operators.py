"""No fix of words for operators loses a negation, or takes more of the operator for a value.

Clauses are drawn from words: a name, perhaps a copula or an auxiliary, perhaps a negation in one of
its places, a word for an operator, a value. What is offered has to say of each record what a plain
reading of the words says.
"""

from __future__ import annotations

from itertools import product

import pytest

import filterlang as fl
from filterlang.checking.closed_tables import words, words_before

RECORDS = [
    {"title": title, "score": score}
    for title in ("", "eng", "an engineer", "engine", "reeng", "not eng", "like eng", "manager")
    for score in (0, 5, 7, 10, 12)
] + [{}]

# How a person reads the words: of a text, or of a number that may be missing.
TEXT = {
    "": lambda text: text == "eng",
    "equals": lambda text: text == "eng",
    "equal to": lambda text: text == "eng",
    "contain": lambda text: "eng" in text,
    "contains": lambda text: "eng" in text,
    "includes": lambda text: "eng" in text,
    "start with": lambda text: text.startswith("eng"),
    "starts with": lambda text: text.startswith("eng"),
    "begins with": lambda text: text.startswith("eng"),
    "ends with": lambda text: text.endswith("eng"),
    "end with": lambda text: text.endswith("eng"),
    "like": lambda text: text == "eng",
    "one of": lambda text: text == "eng",
    "in": lambda text: text == "eng",
    "different from": lambda text: text != "eng",
    "none of": lambda text: text != "eng",
}
ORDER = {
    "greater than": lambda number: number > 7,
    "more than": lambda number: number > 7,
    "less than": lambda number: number < 7,
    "below": lambda number: number < 7,
    "at least": lambda number: number >= 7,
    "greater than or equal to": lambda number: number >= 7,
    "at most": lambda number: number <= 7,
    "gt": lambda number: number > 7,
    "between": lambda number: 7 <= number <= 10,
}
EMPTY = {
    "empty": lambda text: text == "",
    "blank": lambda text: text == "",
    "null": lambda text: text == "",
    "set": lambda text: text != "",
    "exist": lambda text: text != "",
    "missing": lambda text: text == "",
}
VERBS = ["", *words_before()["copulas"], "do", "does", "did", "has", "have"]
NEGATIONS = ["", "not", "never", "no", "nicht"]
CONTRACTED = ["", "n't", "n\u2019t", "nt"]


BEFORE = [
    (" ".join(filter(None, [verb + ending, negation])), bool(ending) + bool(negation))
    for verb, ending, negation in product(VERBS, CONTRACTED, NEGATIONS)
    if verb or not ending
]


def clauses(before):
    """What is drawn behind `before`: texts of clauses, and what they say without a negation."""
    for name, table in (("title", TEXT), ("score", ORDER), ("title", EMPTY)):
        for word, means in table.items():
            if not word and before.split(" ")[0] in {"has", "have"}:
                continue  # It contains the value then.
            value = "" if table is EMPTY else "eng" if table is TEXT else "7"
            value = "7 and 10" if word == "between" else value
            yield " ".join(filter(None, [name, before, word, value])), name, means


def offered(text):
    """The texts that fixes make, each applied alone."""
    for one in fl.check(text).diagnostics:
        for fix in one.fixes:
            yield fix.apply(text)


def verdict(record, kind, means):
    missing = "" if kind == "title" else None
    value = record.get(kind, missing)
    return False if value is None else means(value)


@pytest.mark.sampled(25, 60)
@pytest.mark.parametrize(
    ("before", "negations"), BEFORE, ids=[before or "-" for before, _ in BEFORE]
)
def test_what_is_offered_says_what_the_words_say(before, negations):
    for text, name, means in clauses(before):
        for mended in offered(text):
            report = fl.check(mended)
            assert report.ok, (text, mended)
            assert negations <= 1, (text, mended)
            said = [fl.matches(report.filters, record) for record in RECORDS]
            expected = [verdict(record, name, means) != bool(negations) for record in RECORDS]
            assert said == expected, (text, mended)


@pytest.mark.parametrize("before", ["", "is", "does", "is not", "isn't", "doesn\u2019t", "isnt"])
def test_texts_are_understood(before):
    texts = [text for text, name, _ in clauses(before) if name == "title" or "n" not in before]
    not_understood = [text for text in texts if not any(fl.check(one).ok for one in offered(text))]
    # Without a word, only a copula or a negation is an operator.
    several = ("one of", "in ", "none of")
    left = [text for text in not_understood if not any(word in text for word in several)]
    assert left in ([], [" ".join(filter(None, ["title", before, "eng"]))])


NEGATED_ELSEWHERE = [
    "not title contains eng", "title not is eng", "title does not eng", "title contains not eng",
    "title is like not eng", "no title contains eng", "never title contains eng",
    "title without eng is set", "title contains eng but not manager", "title is isn't eng",
    "title isn't not eng", "title is not not eng", "title not does contain eng",
    "title don't contains not eng", "title starts with not eng", "title matches no eng",
    "title is never not eng", "title doesn't", "title is not", "title not", "not title",
    "title is eng and not manager", "title in (not eng)", "title one of not eng, manager",
    "title nicht enthält eng", "title is neither eng nor manager",
]  # fmt: skip


@pytest.mark.parametrize("text", NEGATED_ELSEWHERE)
def test_a_negation_that_is_not_understood_is_not_dropped(text):
    said = [mended for mended in offered(text) if fl.check(mended).ok]
    assert all("!" in mended for mended in said), said


@pytest.mark.sampled(60)
@pytest.mark.parametrize("word", words())
@pytest.mark.parametrize("before", ["is", "isn't", "is not", "does not", "has not"])
def test_no_word_for_an_operator_becomes_a_value(before, word):
    text = f"title {before} {word} eng"
    for mended in offered(text):
        for clause in fl.parse_filter(mended).clauses:
            assert word not in str(clause.expression), mended


# --- Wildcards that are typed along ---------------------------------------------------------------

PARTS = {
    "contains": lambda text: "eng" in text,
    "includes": lambda text: "eng" in text,
    "starts with": lambda text: text.startswith("eng"),
    "begins with": lambda text: text.startswith("eng"),
    "ends with": lambda text: text.endswith("eng"),
    "excludes": lambda text: "eng" not in text,
    "enthält": lambda text: "eng" in text,
    "beginnt mit": lambda text: text.startswith("eng"),
    "endet mit": lambda text: text.endswith("eng"),
}
STARRED = [
    before + "eng" + after
    for sign in ("*", "%", "**", "\uff0a")
    for before, after in product(["", sign], repeat=2)
]


@pytest.mark.parametrize("sign", ["", "not ", "doesn't ", "!", "! "])
@pytest.mark.parametrize("word", PARTS)
def test_wildcards_typed_along_say_what_the_word_says_or_nothing_is_offered(word, sign):
    understood = 0
    for value in STARRED:
        for mended in offered(f"title {sign}{word} {value}"):
            filters = fl.parse(mended)
            said = [fl.matches(filters, record) for record in RECORDS]
            expected = [PARTS[word](one.get("title", "")) != bool(sign) for one in RECORDS]
            assert said == expected, (value, mended)
            understood += 1
    assert understood >= len(STARRED) // 4


JOINED = {
    "contains eng or manager": None,
    "contains eng and manager": None,
    'contains "eng" and "manager"': lambda text: "eng" in text and "manager" in text,
    "doesn't contain eng or manager": lambda text: "eng" not in text and "manager" not in text,
    "!contains eng or manager": lambda text: "eng" not in text and "manager" not in text,
    "isn't eng or manager": lambda text: text not in {"eng", "manager"},
    'isn\'t "eng" or "manager"': lambda text: text not in {"eng", "manager"},
    "is eng or manager": None,
    "is eng and manager": None,
    "doesn't contain eng and manager": None,
}


@pytest.mark.parametrize("words_behind", JOINED)
def test_several_values_say_what_the_words_say_or_nothing_is_offered(words_behind):
    means = JOINED[words_behind]
    (*mended,) = offered(f"title {words_behind}")
    assert len(mended) == (means is not None)
    for text in mended:
        filters = fl.parse(text)
        said = [fl.matches(filters, record) for record in RECORDS]
        assert said == [means(record.get("title", "")) for record in RECORDS]
