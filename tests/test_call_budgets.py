"""Budgets of calls: a slower path shows without a clock, on any machine, however loaded.

Counted are calls of Python functions, generators and comprehensions included. A budget is what was
counted on CPython 3.11; later versions inline some of it.
"""

from __future__ import annotations

import gc
import sys

import pytest

import filterlang as fl
from filterlang import px

RECORD = {
    "type": "USER",
    "role": "Editor",
    "title": "Müller, Engineer",
    "score": 61,
    "location": {"countryCode": "US", "city": "Köln"},
}
MATCHING = "type==user;role==editor;score>=50;score<90;location.countryCode==us;title~*engineer*"


def calls_of(function, *args):
    calls = 0

    def count(_frame, event, _arg):
        nonlocal calls
        calls += event == "call"

    function(*args)  # What is made once is there already.
    before = sys.getprofile()
    # Others have callbacks that the collector of cycles calls, whenever it comes by.
    collects = gc.isenabled()
    gc.disable()
    sys.setprofile(count)
    try:
        function(*args)
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return calls


@pytest.mark.parametrize("clauses", [1, 3, 1000])
def test_valid_text_is_parsed_in_a_fixed_number_of_calls(clauses):
    texts = iter([";".join([f"n{i}=={start}" for i in range(clauses)]) for start in (1, 2)])
    assert calls_of(lambda: fl.parse(next(texts))) <= 4


def test_a_record_is_matched_in_one_call():
    matcher = fl.compile(MATCHING)
    assert matcher(RECORD)
    assert calls_of(matcher, RECORD) == 1
    assert calls_of(matcher.matches, RECORD) == 1
    assert calls_of(matcher, {**RECORD, "score": None}) == 1


def test_a_list_is_filtered_without_a_call_for_each_record():
    matcher = fl.compile(MATCHING)
    records = [RECORD, {}, {**RECORD, "score": 9}] * 300
    assert len(list(matcher.filter(records))) == 300
    assert calls_of(lambda: list(matcher.filter(records))) <= 5


def test_compiling_a_known_shape():
    texts = (f"type==a{number};score>={number};title~*b{number}*" for number in range(2))
    filters = [fl.parse(text) for text in texts]
    fl.compile(filters[0])
    assert calls_of(fl.compile, filters[1]) <= 100


def test_most_filters_of_an_index_are_never_called():
    """What a record pays grows with what it finds, not with the number of filters."""
    few, many = (
        fl.FilterIndex({n: f"accountId==acc-{n};score>={n % 100}" for n in range(count)})
        for count in (1_000, 10_000)
    )
    record = {"accountId": "ACC-7", "score": 50}
    assert few.match(record) == many.match(record) == [7]
    assert calls_of(many.match, record) <= calls_of(few.match, record) + 5 <= 60


def test_checking_against_a_schema_makes_no_list_of_names_for_names_that_are_right():
    score = fl.field("score", schema=px.USER)
    # Each code that a schema tells is asked of each clause once.
    assert calls_of(lambda: score >= 10) <= 61
