"""Filters that the command takes without asking the checker are those it has nothing to say of."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.cli.check import accepted, parse_plain
from filterlang.syntax._grammar import tables_text

NAME = r"[a-z][A-Za-z0-9]{0,5}(?:\.[A-Za-z0-9]{1,5}){0,2}"
CLAUSE = rf"{NAME}(?:[=!]=[A-Za-z0-9]{{1,6}}|[<>]=?[0-9]{{1,4}})"


@given(st.from_regex(rf"{CLAUSE}(?:;{CLAUSE}){{0,2}}", fullmatch=True))
def test_the_checker_has_nothing_to_say_of_plain_filters(text):
    """A plain filter has neither a mistake nor a suspicion."""
    if parse_plain([text]) is not None:
        assert fl.check(text).diagnostics == ()
        assert accepted([text], None) == fl.parse(text)


TABLES = json.loads(tables_text())
OF_WORDS = (
    *("words", "words_before", "rsql_words", "methods", "functions", "text_parts", "name_endings"),
    *("value_beginnings", "joining_words", "null_words", "boolean_words"),
)


def texts_in(table):
    """Give the texts of a table: its keys, and what its lists hold."""
    for one in table:
        yield one
        if isinstance(table, dict) and isinstance(table[one], list):
            yield from table[one]


def words_that_people_write():
    found = {"true", "filter", *(word for name in OF_WORDS for word in texts_in(TABLES[name]))}
    assert {"null", "None", "and", "not", "gte", "startswith", "yes"} <= found
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
