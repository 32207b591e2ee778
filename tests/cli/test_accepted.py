"""Filters that the command takes without asking the checker are those it has nothing to say of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.checking import likely_mistakes, other_languages
from filterlang.cli.check import accepted, parse_plain

NAME = r"[a-z][A-Za-z0-9]{0,5}(?:\.[A-Za-z0-9]{1,5}){0,2}"
CLAUSE = rf"{NAME}(?:[=!]=[A-Za-z0-9]{{1,6}}|[<>]=?[0-9]{{1,4}})"


@given(st.from_regex(rf"{CLAUSE}(?:;{CLAUSE}){{0,2}}", fullmatch=True))
def test_the_checker_has_nothing_to_say_of_plain_filters(text):
    """A plain filter has neither a mistake nor a suspicion."""
    if parse_plain([text]) is not None:
        assert fl.check(text).diagnostics == ()
        assert accepted([text], None) == fl.parse(text)


def words_that_people_write():
    found = {"true", "null", "None", "NaN", "nil", "undefined", "and", "or", "not", "filter"}
    for module in (other_languages, likely_mistakes):
        for value in vars(module).values():
            if isinstance(value, dict | set | frozenset):
                found |= {str(one) for one in value}
    return sorted({word for one in found for word in (one, one.upper(), one.title(), f"{one}s")})


@pytest.mark.parametrize(
    "form", ["{}==x", "score=={}", "score!={}", "score>{}", "{}>1", "place.{}==1", "a.{}.b==1"]
)
def test_words_with_a_meaning_elsewhere_are_left_to_the_checker(form):
    for word in words_that_people_write():
        text = form.format(word)
        if parse_plain([text]) is not None:
            assert fl.check(text).diagnostics == (), text


@pytest.mark.parametrize(
    "text",
    ["score>=abc", "score==null", "score==Null;name==x", "score==", "score == 1", "score=1", "a~b",
     "a==1;", "Name==x", "name==a b", "a==0;a==0", "a==x;a!=X", f"name=={'x' * 10_000}"],
)  # fmt: skip  # a list of texts
def test_all_others_are_left_to_the_checker(text):
    assert parse_plain([text]) is None


def test_filters_that_say_the_same_are_left_to_the_checker():
    assert parse_plain(["a==x;b==1", "b==1;a==X"]) is None
    assert [one.code for one in fl.check(["a==x;b==1", "b==1;a==X"]).diagnostics] == ["FL515"]


def test_what_people_type_most_is_plain():
    texts = ["location.countryCode==US;score>=90", "name!=Ada"]
    assert parse_plain(texts) == fl.parse(texts)
    assert parse_plain([]) == fl.parse([])
