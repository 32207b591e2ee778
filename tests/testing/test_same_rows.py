"""`assert_same_rows`: what it takes, and what it says of the rows that differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang import Schema
from filterlang.testing import assert_same_rows, filter_sets, records

USERS = [{"score": score} for score in range(8, 20)]


@given(filter_sets(), st.lists(records(), max_size=5))
def test_the_rows_of_the_matcher(filters, rows):
    """The matcher's own rows pass in any order; one more or one less doesn't."""
    matcher = fl.compile(filters)
    selected = [index for index, row in enumerate(rows) if matcher(row)]
    assert_same_rows(reversed(selected), rows, filters)
    for index in range(len(rows)):
        with pytest.raises(AssertionError):
            assert_same_rows({index} ^ set(selected), rows, filters)


def told(*arguments, **options):
    with pytest.raises(AssertionError) as caught:
        assert_same_rows(*arguments, **options)
    return str(caught.value).splitlines()


def test_what_is_said_of_a_row():
    assert told([0], USERS[1:3], ["score>=10", "score==8"]) == [
        "the rows differ from the matcher's for score>=10 or score==8",
        "record 0 was selected, but doesn't match: {'score': 9}",
        "  no match",
        "  filter 1 does not match: score>=10",
        "    no   score>=10: 9",
        "  filter 2 does not match: score==8",
        "    no   score==8: 9",
        "record 1 matches, but wasn't selected: {'score': 10}",
        "  match",
        "  filter 1 matches: score>=10",
        "    yes  score>=10: 10",
        "  filter 2 does not match: score==8",
        "    no   score==8: 10",
    ]


def test_rows_that_are_not_there_or_there_twice():
    assert told([2, 2, 12], USERS[:3], "score>=10") == [
        "the rows differ from the matcher's for score>=10",
        "record 2 was selected more than once",
        "record 12 was selected, but isn't there",
    ]


def test_only_the_first_few_are_shown():
    lines = told([], USERS, "score>=10")
    assert [line for line in lines if not line.startswith(" ")] == [
        "the rows differ from the matcher's for score>=10",
        *(f"record {index} matches, but wasn't selected: {USERS[index]}" for index in range(2, 7)),
        "and 5 more",
    ]


def test_a_schema_types_the_records():
    rows = [{"score": "9"}, {"score": "10"}]
    assert_same_rows([1], rows, "score>=10", Schema({"score": "integer"}))
    with pytest.raises(AssertionError):
        assert_same_rows([1], rows, "score>=10.0")
