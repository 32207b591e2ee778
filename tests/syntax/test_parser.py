"""Text → nodes: arguments, limits, threads, and the class of every character."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import UserDict

import pytest
from lark import Lark

import filterlang as fl
from filterlang.syntax import escaping, parser
from filterlang.syntax._grammar import grammar_text

CHARACTERS = [chr(code) for code in range(0x110000)]


@pytest.mark.slow
def test_the_grammar_and_escaping_have_the_same_characters():
    """Every code point may stand in a name, an expression and after a backslash alike in both."""
    import re

    terminals, _, _ = Lark(grammar_text(), parser="lalr", start="filter").grammar.compile(
        ["filter"], "*"
    )
    source = {terminal.name: re.compile(terminal.pattern.to_regexp()) for terminal in terminals}
    never = re.compile(escaping.NEVER_ALLOWED)
    for character in CHARACTERS:
        is_never = never.fullmatch(character) is not None
        assert is_never is (not character.isprintable() and character in _never())
        in_name = not is_never and character not in escaping.RESERVED_IN_NAME + " "
        assert (source["NAME_TEXT"].fullmatch(character) is not None) is in_name
        in_expression = not is_never and character not in escaping.RESERVED_IN_EXPRESSION + " "
        assert (source["PLAIN_TEXT"].fullmatch(character) is not None) is in_expression
    for character in [*map(chr, range(0x300)), "\ud800", "＝", "😀"]:
        escaped = source["ESCAPE"].fullmatch("\\" + character) is not None
        assert escaped is (character in escaping.ESCAPABLE)


def _never():
    if not hasattr(_never, "found"):
        codes = [*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)]
        _never.found = frozenset(map(chr, codes))
    return _never.found


def test_empty_texts_are_no_filters():
    assert fl.parse("") == fl.parse(["", "  "]) == fl.parse([]) == fl.FilterSet()
    assert fl.parse(["", "a==1", " "]) == fl.FilterSet([fl.parse_filter("a==1")])
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.parse_filter("  ")
    assert str(caught.value) == (
        "error[FL101]: expected a filter, found nothing\n"
        " --> filter, column 1\n"
        "  |\n"
        "  |\n"
        "  | ^^\n"
        "hint: write at least one clause, such as 'countryCode==US'"
    )


def test_all_mistakes_in_all_texts_are_raised_at_once():
    with pytest.raises(fl.FilterSyntaxError) as caught:
        fl.parse(["a==1", "b=2;c<", "", "d"])
    found = [(one.code, one.source_index, tuple(one.span)) for one in caught.value.diagnostics]
    assert found == [("FL104", 1, (1, 2)), ("FL110", 1, (6, 6)), ("FL103", 3, (0, 1))]
    assert caught.value.sources == ("a==1", "b=2;c<", "", "d")


OF_A_MAPPING = (
    "expected a filter's text or an iterable of texts, not {}: of a mapping only the keys would be"
    " read; pass its list of texts"
)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"a==1", "expected a filter's text or an iterable of texts, not bytes"),
        (1, "expected a filter's text or an iterable of texts, not int"),
        ({"a": 1}, OF_A_MAPPING.format("dict")),
        ({"a==1": 1}, OF_A_MAPPING.format("dict")),
        ({}, OF_A_MAPPING.format("dict")),
        (UserDict({"filter": "a==1"}), OF_A_MAPPING.format("UserDict")),
        (["a==1", None], "filter 2 is not a str but NoneType"),
    ],
)
def test_what_is_not_text(source, message):
    with pytest.raises(TypeError) as caught:
        fl.parse(source)
    assert str(caught.value) == message


def test_parse_filter_takes_one_text():
    with pytest.raises(TypeError, match="expected one filter's text, not list"):
        fl.parse_filter(["a==1"])


@pytest.mark.parametrize("parse", [fl.parse, fl.parse_filter])
def test_the_limit_of_length(parse):
    text = "a==12345"
    assert len(parse(text, max_length=8)) == 1
    assert len(parse(text, max_length=None)) == 1
    with pytest.raises(fl.LimitError) as caught:
        parse(text, max_length=7)
    (found,) = caught.value.diagnostics
    assert (found.code, tuple(found.span)) == ("FL301", (7, 8))
    with pytest.raises(fl.LimitError):
        parse("a==" + "x" * parser.MAX_LENGTH)


def test_a_hundred_thousand_clauses_need_no_recursion():
    code = (
        "import sys, filterlang as fl\n"
        "sys.setrecursionlimit(250)\n"
        "text = ';'.join(['a==1'] * 100_000)\n"
        "assert len(fl.parse_filter(text)) == 100_000\n"
        "assert str(fl.parse_filter(text)) == text\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_many_threads_may_parse_at_first_use():
    code = (
        "import threading, filterlang as fl\n"
        "wrong = []\n"
        "start = threading.Barrier(8)\n"
        "def run(number):\n"
        "    start.wait()\n"
        "    for turn in range(20):\n"
        "        text = f'n{number}.{turn}=={turn};b~x*'\n"
        "        try:\n"
        "            fl.parse(text + ';c=1')\n"
        "        except fl.FilterSyntaxError as error:\n"
        "            ok = [one.code for one in error.diagnostics] == ['FL104']\n"
        "        else:\n"
        "            ok = False\n"
        "        if not ok or fl.unparse(fl.parse(text)) != [text]:\n"
        "            wrong.append(text)\n"
        "threads = [threading.Thread(target=run, args=(n,)) for n in range(8)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "from filterlang.syntax import parser\n"
        "assert len(parser._lark_parsers) == 1\n"
        "assert not wrong, wrong\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_only_the_first_of_two_threads_builds_the_parser(monkeypatch):
    looked = threading.Event()

    class Parsers(list):
        def __len__(self):
            looked.set()
            return super().__len__()

    parsers = Parsers()
    monkeypatch.setattr(parser, "_lark_parsers", parsers)
    found = []
    with parser._building:
        thread = threading.Thread(target=lambda: found.append(parser.lark_parse("a==1")))
        thread.start()
        assert looked.wait(timeout=10)
        parsers.append(lambda text: f"read {text}")
    thread.join(timeout=10)
    # The one that was built meanwhile is used.
    assert found == ["read a==1"]
