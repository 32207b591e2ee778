"""Characters that no filter can hold: where they are said, and what becomes of them."""

from __future__ import annotations

import pytest

import filterlang as fl
from tests.support.reports import hint, safely, said, suggested


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("\ta==1", "a==1"),
        ("a==1\r\n", "a==1"),
        ("a==1;\n\tb==2;\n", "a==1;b==2;"),
        (" \n a==1", "  a==1"),
        ("a\t==1", "a==1"),
        ("a==\t 1", "a== 1"),
        ("a\n=\n1", "a==1"),
        ("a==1\x0b\x0c\x85", "a==1"),
        ("a==x\\ \n", "a==x\\ "),
        ("a==x\\\\\n;b==2", "a==x\\\\;b==2"),
        # Between words it may stand for a space, or for a `;`, or be meant.
        ("a\tb==1", None),
        ("a==New\tYork", None),
        ("a==1\nb==2", None),
        ("a==x\x00", None),
        ("a==x\ud800", None),
        # `a===b` would be something else, and so would `\;`.
        ("a=\t=b", None),
        ("a= \t =b", None),
        ("a==x\\\t;b==2", None),
        ("a==x\\\\\\\t;b==2", None),
    ],
)
def test_what_is_safe(text, fixed):
    assert safely(text) == fixed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a==New\tYork", ["a==New York"]),
        ("a==1\nb==2", ["a==1;b==2"]),
        ("a==1\n (b==2", ["a==1; (b==2"]),
        ("a==x\x00y", ["a==xy"]),
        ("a==x\\\ty", ["a==xy"]),
        ("a==x\ud800", []),
    ],
)
def test_suggestions(text, expected):
    assert suggested(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a==\t\x00\ud800", [("FL114", "\t"), ("FL114", "\x00"), ("FL115", "\ud800")]),
        # What holds nothing else is no name without an operator.
        ("a==1;\t\n", [("FL114", "\t"), ("FL114", "\n")]),
        ("\x00", [("FL114", "\x00")]),
        ("\t ; ", [("FL114", "\t")]),
        ("a\n", [("FL103", "a\n"), ("FL114", "\n")]),
        # An escape of what can't stand anywhere is no unknown escape.
        ("a==\\\n", [("FL114", "\n")]),
        ("a==\\\udfff", [("FL115", "\udfff")]),
    ],
)
def test_places(text, expected):
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a==1\n", "remove it; only spaces may stand around names, operators and expressions"),
        ("a==1\nb==2", "write ';' between two clauses"),
        ("a==b\tc", "write a space, or remove it"),
        ("a==b\x00", "remove it"),
        ("a==b\\\n", "remove it, and the backslash before it"),
    ],
)
def test_hints(text, expected):
    assert hint(text) == expected


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\t", "U+0009 (a tab)"),
        ("\n", "U+000A (a line feed)"),
        ("\r", "U+000D (a carriage return)"),
        ("\x00", "U+0000"),
        ("\x85", "U+0085"),
    ],
)
def test_names(character, name):
    (one,) = fl.check(f"a==1{character}").diagnostics
    assert one.message == f"a filter can't hold the control character {name}"
