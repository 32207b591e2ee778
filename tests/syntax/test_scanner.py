"""The scanner is derived from the grammar, and reads what Lark reads."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark.exceptions import UnexpectedInput

from filterlang.checking.parse import parse_filter
from filterlang.syntax import parser

PIECES = [
    *"=!<>~;,\\.*?@ \"'&%+",
    *("==", "!=", "~", "!~", "=@", "<=", ">=", "\\\\", "\\,", "\\;", "\\*", "\\ ", "\\=", "\\n"),
    *("a", "b c", "location.city", "x", "10", "é", "😀", "\u00a0", "\t", "\x85", "\ud800"),
    *("a==b", "score>=10", "n~Clev*", ";a!=", "; b == c "),
]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def by_lark(text):
    try:
        return parser.lark_parse(text)
    except UnexpectedInput:
        return None


def test_the_module_is_what_the_grammar_gives():
    module = Path(parser.__file__).with_name("_scanner.py")
    assert module.read_text(encoding="utf-8") == parser.scanner_source()


@given(texts | st.text())
def test_the_scanner_and_lark_read_the_same(text):
    """For every text the scanner gives the filter that Lark gives, or neither gives one."""
    scanned = parser._scan(text)
    assert scanned == by_lark(text)
    if scanned is not None:
        assert parser.lark_parse(str(scanned)) == scanned


def test_the_scanner_and_lark_read_the_same_of_damaged_filters():
    """As above, for filters with characters deleted, doubled, swapped or put in."""
    dice = random.Random(20240229)  # noqa: S311 — a seeded generator of test cases
    whole = r"location.city==New York;score >= 10; title~*en\*g?;plan!=;a . b!~x\ ;c==\=d\;e"
    for _ in range(3000):
        text = whole
        for _ in range(dice.randrange(4)):
            place = dice.randrange(len(text) + 1)
            text = text[:place] + dice.choice(["", *PIECES]) + text[place + dice.randrange(3) :]
        assert parser._scan(text) == by_lark(text), text


@pytest.mark.parametrize(
    "text",
    ["a" * 30_000, "a " * 30_000, "a." * 30_000, "a==" + "b " * 30_000, "a==" + r"\ " * 30_000],
)
def test_a_text_that_does_not_fit_is_left_in_linear_time(text):
    """Nothing that was read is given back: with backtracking this would not end."""
    parser._scan(text + "\x00")
    parser._scan(text + ",")


def test_repeated_texts_give_the_same_object_and_the_cache_is_bounded():
    first = parse_filter("city==Bonn;score>=1")
    assert parse_filter("city==Bonn;score>=1") is first
    for number in range(1000):
        parse_filter(f"a=={number}")
        assert len(parser._cache) <= parser._CACHED_FILTERS
    long = "a==" + "x" * parser._CACHED_LENGTH
    assert parse_filter(long) == parse_filter(long)
    assert long not in parser._cache


@pytest.mark.parametrize("text", ["a<", "a~;b==1", "a=1", "", ";", "a==1; ;", "a . ==1"])
def test_what_the_grammar_refuses_the_scanner_refuses(text):
    assert parser._scan(text) is None


def test_spaced_texts_are_read_without_lark(monkeypatch):
    monkeypatch.setattr(parser, "lark_parse", None)
    filter_ = parse_filter(" location . city ==  New York ; score>= 10 ;  ")
    assert str(filter_) == "location.city==New York;score>=10"
