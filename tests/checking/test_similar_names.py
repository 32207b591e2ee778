"""Similar names: the same ones as `difflib` finds, in a small part of the time."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher, get_close_matches
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import filterlang as fl
from filterlang.checking.meant_values import similar_names
from filterlang.checking.meant_values.similar_names import Names, SimilarWords

# --- The same as difflib --------------------------------------------------------------------------

# Few letters, so that many words are alike; one beyond the alphabet of the known ones.
WORDS = st.text("abcde_ß", max_size=12) | st.sampled_from(
    ["", "column_1", "column_12", "column_21", "columns", "city", "cityName", "nameCity"]
)
LONG = st.integers(190, 410).flatmap(
    lambda size: st.text("ab", min_size=4, max_size=8).map(lambda text: (text * size)[:size])
)


@given(WORDS | LONG, st.lists(WORDS | LONG, max_size=30, unique=True))
def test_the_same_words_are_similar_as_to_difflib(word, known):
    similar = SimilarWords({one: one for one in known})
    expected = get_close_matches(word, known, n=3, cutoff=0.7)
    assert similar.like(word) == expected
    assert similar.like(word) == expected


@pytest.mark.parametrize("known", [[], [""], ["a"], ["", "a"], ["a" * 399, "a" * 400]])
@pytest.mark.parametrize("word", ["", "a", "b", "a" * 200, "a" * 201, "a" * 350])
def test_at_the_edges_too(word, known):
    expected = get_close_matches(word, known, n=3, cutoff=0.7)
    assert SimilarWords({one: one for one in known}).like(word) == expected


def test_of_every_short_word():
    known = ["".join(letters) for size in range(5) for letters in product("ab", repeat=size)]
    similar = SimilarWords({one: one for one in known})
    for letters in product("abc", repeat=4):
        word = "".join(letters)
        assert similar.like(word) == get_close_matches(word, known, n=3, cutoff=0.7)


# --- In a small part of the time ------------------------------------------------------------------


@pytest.fixture
def compared(monkeypatch):
    """Count how often `difflib` is asked for the matches of two words."""
    counted = Counter()
    ratio = SequenceMatcher.ratio

    def counting(self):
        counted["ratio"] += 1
        return ratio(self)

    monkeypatch.setattr(SequenceMatcher, "ratio", counting)
    return counted


def test_few_words_are_compared_one_by_one(compared):
    # All of them share most of their letters, so that plain `difflib` compares each.
    known = {f"column{number}": f"column_{number}" for number in range(1000)}
    assert SimilarWords(known).like("colunm123") == ["column_123", "column_23", "column_13"]
    assert compared["ratio"] <= 20
    get_close_matches("colunm123", known)
    assert compared["ratio"] >= 1000


def test_what_was_looked_for_is_kept_for_the_next_check(compared):
    schema = fl.Schema({"score": "integer", "type": {"type": "enum", "values": ["LEAD"]}})
    text = "scroe>5;type==LEED"
    first = fl.check(text, schema)
    assert compared.pop("ratio") == 2
    assert fl.check(text, schema).diagnostics == first.diagnostics
    assert compared == {}


def test_only_so_many_words_are_kept(monkeypatch):
    monkeypatch.setattr(similar_names, "_MOST_REMEMBERED", 2)
    similar = SimilarWords({"score": "score"})
    for word in ("scor", "core", "scores"):
        assert similar.like(word) == ["score"]
    assert similar._remembered == {"scores": ["score"]}


def test_what_was_checked_before_changes_no_suggestion():
    schema = fl.Schema({"score": "integer"})
    before = Names(schema)
    for number in range(101):
        before.near(f"scor{number}")
    again = Names(schema)
    assert [again.near(f"scor{number}")[0] for number in range(101)] == [["score"]] * 100 + [[]]
