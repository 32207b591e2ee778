"""Backslash escapes both ways, and the characters that names and expressions may hold."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filterlang.syntax.escaping import (
    NEVER_ALLOWED,
    Wildcard,
    check_expression,
    escape,
    escape_expression,
    join_pattern,
    name_character,
    normal_name,
    split_pattern,
    trim,
    unescape,
)
from filterlang.testing import expressions, names, patterns
from filterlang.testing.drawn_filters import NASTY

RUN, ONE = Wildcard.RUN, Wildcard.ONE

parts = st.lists(st.sampled_from(Wildcard) | expressions(), max_size=6)
padding = st.text(" ", max_size=3)


def refused(call, *arguments):
    """Give the text of the ValueError that a call raises."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 — the callers compare the whole text
        call(*arguments)
    return str(caught.value)


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("character", "name"),
    [
        (",", "','"),
        (" ", "' '"),
        ("'", "'''"),
        ("\\", "'\\'"),
        ("é", "'é'"),
        ("😀", "'😀'"),
        ("\t", "U+0009"),
        ("\x7f", "U+007F"),
        ("\u00a0", "U+00A0"),
        ("\u200b", "U+200B"),
        ("\ud800", "U+D800"),
        ("\U000e0001", "U+E0001"),
    ],
)
def test_what_cannot_be_seen_is_called_by_its_number(character, name):
    assert name_character(character) == name


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("a", "a"),
        (" a ", "a"),
        (" X X ", "X X"),
        ("a.b", "a.b"),
        (" a . b .  c d ", "a.b.c d"),
        # Other spaces than U+0020 are characters like any other, and so is what can't be seen.
        ("\u00a0a\u3000.\u200bb", "\u00a0a\u3000.\u200bb"),
        ("a\"b'c*d?e%f+g&h#i@j(k)l[0]", "a\"b'c*d?e%f+g&h#i@j(k)l[0]"),
    ],
)
def test_names_lose_the_spaces_around_their_segments(name, normal):
    assert normal_name(name) == normal


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "the name is empty"),
        ("   ", "the name is empty"),
        (".", "the name '.' has an empty segment"),
        (" . ", "the name ' . ' has an empty segment"),
        ("a.", "the name 'a.' has an empty segment"),
        ("X. ", "the name 'X. ' has an empty segment"),
        (".a", "the name '.a' has an empty segment"),
        ("a. .b", "the name 'a. .b' has an empty segment"),
        ("a\x00b", "a name can't hold U+0000: 'a\\x00b'"),
        ("a.b\x9f", "a name can't hold U+009F: 'a.b\\x9f'"),
        ("\udfff", "a name can't hold U+DFFF: '\\udfff'"),
        # The first character that doesn't belong there is named; others that can't be seen do.
        ("a\u200bb!c=", "a name can't hold '!': 'a\\u200bb!c='"),
        # Segments are looked at in their order.
        ("a,b..c", "a name can't hold ',': 'a,b..c'"),
        ("a..b,c", "the name 'a..b,c' has an empty segment"),
    ],
)
def test_what_is_no_name(name, message):
    assert refused(normal_name, name) == message


@pytest.mark.parametrize("character", "=!<>~;,\\")
def test_a_name_holds_no_character_that_ends_it(character):
    message = f"a name can't hold '{character}': {f'a{character}b'!r}"
    assert refused(normal_name, f"a{character}b") == message


@given(names())
def test_a_normal_name_is_its_own(name):
    """normal_name(x) == x for the names that nodes store."""
    assert normal_name(name) == name


# --- Expressions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\x00", "an expression can't hold U+0000 (character 1 of '\\x00')"),
        ("ab\ncd\t", "an expression can't hold U+000A (character 3 of 'ab\\ncd\\t')"),
        ("\u200b\x1f", "an expression can't hold U+001F (character 2 of '\\u200b\\x1f')"),
        ("x\x7f", "an expression can't hold U+007F (character 2 of 'x\\x7f')"),
        ("x\x80", "an expression can't hold U+0080 (character 2 of 'x\\x80')"),
        ("x\x9f", "an expression can't hold U+009F (character 2 of 'x\\x9f')"),
        ("x\ud800", "an expression can't hold U+D800 (character 2 of 'x\\ud800')"),
        ("x\udfff", "an expression can't hold U+DFFF (character 2 of 'x\\udfff')"),
    ],
)
@pytest.mark.parametrize("call", [check_expression, escape, split_pattern])
def test_what_no_expression_can_hold(call, text, message):
    assert refused(call, text) == message


def test_what_no_literal_part_of_a_pattern_can_hold():
    message = "an expression can't hold U+000A (character 2 of 'b\\n')"
    assert refused(join_pattern, ["a", RUN, "b\n"]) == message


@pytest.mark.parametrize("text", ["", NASTY, " \u00a0\u00ad\u2028\u3000\ue000\ufeff\uffff"])
def test_what_an_expression_can_hold(text):
    check_expression(text)
    assert unescape(escape(text)) == text


def test_controls_and_lone_surrogates_are_all_that_is_never_allowed():
    text = "".join(map(chr, range(0x110000)))
    never = set(re.findall(NEVER_ALLOWED, text))
    controls = {*range(0x20), *range(0x7F, 0xA0)}
    assert never == {chr(c) for c in (*controls, *range(0xD800, 0xE000))}


@pytest.mark.parametrize(
    ("text", "as_expression", "anywhere"),
    [
        ("", "", ""),
        ("a", "a", "a"),
        ("X", "X", "X"),
        ("Smith, John", r"Smith\, John", r"Smith\, John"),
        ("a;b", r"a\;b", r"a\;b"),
        ("C:\\x", r"C:\\x", r"C:\\x"),
        ("50*2?", "50*2?", r"50\*2\?"),
        # An `=` lengthens the operator before it, elsewhere it stands for itself.
        ("=", r"\=", r"\="),
        ("==a=", r"\==a=", r"\==a="),
        # Of several outer spaces the outermost keeps the others from being trimmed.
        (" ", r"\ ", r"\ "),
        ("  ", r"\ \ ", r"\ \ "),
        ("   ", "\\  \\ ", "\\  \\ "),
        ("  a b  ", "\\  a b \\ ", "\\  a b \\ "),
        (" =", r"\ =", r"\ ="),
        ("= ", r"\=\ ", r"\=\ "),
        ("\\ ", "\\\\\\ ", "\\\\\\ "),
        # Other spaces aren't trimmed, and other characters of operators don't lengthen one.
        ("\u00a0a\u3000", "\u00a0a\u3000", "\u00a0a\u3000"),
        ("<>~!\"'@", "<>~!\"'@", "<>~!\"'@"),
    ],
)
def test_only_what_needs_an_escape_gets_one(text, as_expression, anywhere):
    assert escape_expression(text) == as_expression
    assert escape(text) == anywhere
    assert unescape(as_expression) == unescape(anywhere) == text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        (r"\\\,\;\*\?\ \=", "\\,;*? ="),
        (r"\\\\", r"\\"),
        (r"\\,", "\\,"),
        (r"a\ ", "a "),
        (r"a*b?", "a*b?"),
    ],
)
def test_an_escape_stands_for_its_second_character(raw, text):
    assert unescape(raw) == text


@given(expressions())
def test_expressions_are_escaped_and_back(text):
    """unescape(trim(spaces + escape(x) + spaces)) == x, and so for escape_expression."""
    for escaped in (escape(text), escape_expression(text)):
        assert unescape(escaped) == text
        assert trim(escaped) == escaped
        assert trim(f"  {escaped} ") == escaped


@pytest.mark.parametrize(
    ("raw", "trimmed"),
    [
        ("", ""),
        ("   ", ""),
        (" a b ", "a b"),
        (" X\\\\X ", "X\\\\X"),
        ("X ", "X"),
        ("X\\", "X\\"),
        ("\ta\u00a0", "\ta\u00a0"),
        # The space of a final escape stays, those behind it go.
        ("\\ ", "\\ "),
        (" \\   ", "\\ "),
        ("a\\  ", "a\\ "),
        ("a \\\\\\  ", "a \\\\\\ "),
        # An even number of backslashes escapes no space.
        ("a\\\\ ", "a\\\\"),
        ("a\\\\\\\\  ", "a\\\\\\\\"),
        # Nor does a backslash that no space stands behind.
        ("a\\", "a\\"),
        ("  a\\", "a\\"),
        ("  \\", "\\"),
        # Spaces at the beginning go, whatever stands at the end.
        ("  a\\ ", "a\\ "),
        ("\\ a ", "\\ a"),
    ],
)
def test_outer_spaces_are_trimmed_unless_they_are_escaped(raw, trimmed):
    assert trim(raw) == trimmed


@given(st.text(" \\a", max_size=8), padding, padding)
def test_spaces_around_an_expression_make_no_difference(raw, before, after):
    """trim(spaces + x + spaces) == trim(x) unless x ends in the half of an escape."""
    trimmed = trim(raw)
    assert trim(trimmed) == trimmed
    half = (len(raw) - len(raw.rstrip("\\"))) % 2
    assert trim(before + raw + ("" if half else after)) == trimmed


# --- Patterns -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "parts", "canonical"),
    [
        ("", (), ""),
        ("  ", (), ""),
        ("abc", ("abc",), "abc"),
        (" a b ", ("a b",), "a b"),
        ("*", (RUN,), "*"),
        ("?", (ONE,), "?"),
        ("t2700*", ("t2700", RUN), "t2700*"),
        ("a***b", ("a", RUN, "b"), "a*b"),
        # Each `?` counts, and between two `*` it keeps them apart.
        ("??", (ONE, ONE), "??"),
        ("**?**", (RUN, ONE, RUN), "*?*"),
        # What is escaped is text like what stands beside it.
        (r"a\*\?b", ("a*?b",), r"a\*\?b"),
        (r"\**\*", ("*", RUN, "*"), r"\**\*"),
        (r"Smith\, J*", ("Smith, J", RUN), r"Smith\, J*"),
        (r"\;\\", (";\\",), r"\;\\"),
        (r"a\=b\ c", ("a=b c",), "a=b c"),
        (r"\=a=", ("=a=",), r"\=a="),
        ("=a", ("=a",), r"\=a"),
        ("\\ a\\  ", (" a ",), "\\ a\\ "),
        # A space that a wildcard stands beside is no outer one.
        ("* a *", (RUN, " a ", RUN), "* a *"),
        (r"\ *", (" ", RUN), r"\ *"),
    ],
)
def test_patterns_are_parts_and_parts_are_patterns(raw, parts, canonical):
    assert split_pattern(raw) == parts
    assert join_pattern(parts) == canonical
    assert split_pattern(canonical) == parts


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("a,b", r"a bare ',' can't stand in a pattern; write '\,': 'a,b'"),
        (" ;", r"a bare ';' can't stand in a pattern; write '\;': ' ;'"),
        (r"\n*", r"unknown escape '\n' in the pattern '\\n*'; a backslash is '\\'"),
        (r"\\\.", r"unknown escape '\.' in the pattern '\\\\\\.'; a backslash is '\\'"),
        ("a\\", r"unknown escape '\' in the pattern 'a\\'; a backslash is '\\'"),
        # The first mistake is told.
        (r"\X,", r"unknown escape '\X' in the pattern '\\X,'; a backslash is '\\'"),
        (r",\x", r"a bare ',' can't stand in a pattern; write '\,': ',\\x'"),
    ],
)
def test_what_is_no_pattern(raw, message):
    assert refused(split_pattern, raw) == message


@pytest.mark.parametrize(
    ("parts", "canonical"),
    [
        ([], ""),
        ([""], ""),
        (["a", "b"], "ab"),
        (["a", "", "b"], "ab"),
        ([RUN, "a", "b", ONE, "c", "d"], "*ab?cd"),
        ([RUN, RUN], "*"),
        ([RUN, "", RUN], "*"),
        ([ONE, "", ONE], "??"),
        (["*", RUN, "?", ONE], r"\**\??"),
        (["x", " "], "x\\ "),
        ([" ", "=", RUN], r"\ =*"),
        ([RUN, "="], "*="),
    ],
)
def test_parts_are_joined_and_merged(parts, canonical):
    assert join_pattern(parts) == canonical
    assert join_pattern(iter(parts)) == canonical


@given(parts)
def test_joining_is_undone_by_splitting(parts):
    """join(split(join(x))) == join(x); literals of split aren't empty, and stand apart, as `*`."""
    text = join_pattern(parts)
    split = split_pattern(text)
    assert join_pattern(split) == text
    assert trim(text) == text
    assert "" not in split
    for one, other in pairwise(split):
        assert not (isinstance(one, str) and isinstance(other, str))
        assert not (one is RUN and other is RUN)
    # What the parts meant is what was split: literals joined, wildcards in their order.
    assert [p for p in split if p is not RUN] == [p for p in split_apart(parts) if p is not RUN]


def split_apart(parts):
    """Merge neighbouring texts of parts, the slow way."""
    merged = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return merged


@given(patterns())
def test_the_text_of_a_pattern_is_canonical(pattern):
    """join_pattern(split_pattern(x)) == x for the texts that nodes store."""
    assert join_pattern(split_pattern(pattern.text)) == pattern.text


@given(expressions())
def test_an_escaped_text_is_a_pattern_without_wildcards(text):
    """split_pattern(escape(x)) == (x,), or () for an empty text."""
    assert split_pattern(escape(text)) == ((text,) if text else ())


def test_wildcards_show_their_names():
    assert [repr(one) for one in Wildcard] == ["Wildcard.RUN", "Wildcard.ONE"]
    assert [one.value for one in Wildcard] == ["*", "?"]
