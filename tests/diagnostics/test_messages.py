"""The tables of messages: each of their texts is used, and each can be replaced."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import filterlang as fl
from filterlang.diagnostics.hints import HINTS, WORDS
from filterlang.diagnostics.messages import MESSAGES, Message
from filterlang.syntax._grammar import tables_text

SOURCE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in Path(fl.__file__).parent.rglob("*.py")
    if path.name not in {"messages.py", "hints.py"}
)
# The closed tables name cases, too.
SOURCE += tables_text()


def test_codes_are_ordered_and_well_formed():
    assert all(re.fullmatch("FL[1-5][0-9]{2}", code) for code in MESSAGES)
    assert list(MESSAGES) == sorted(MESSAGES)


@pytest.mark.parametrize("code", MESSAGES)
def test_a_code_is_used(code):
    assert f'"{code}"' in SOURCE


@pytest.mark.parametrize("key", HINTS)
def test_a_hint_belongs_to_a_code_and_is_used(key):
    code, _, case = key.partition("/")
    assert code in MESSAGES
    assert f'"{case}"' in SOURCE or f'"{key}"' in SOURCE


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_used(word):
    # What a value of a type looks like is kept beside what the type is called.
    assert f'"{word.removesuffix(", as")}"' in SOURCE


@pytest.mark.parametrize(
    "text",
    [
        *(entry.message for entry in MESSAGES.values()),
        *(entry.hint for entry in MESSAGES.values() if entry.hint is not None),
        *HINTS.values(),
    ],
)
def test_texts_begin_small_and_have_no_full_stop(text):
    assert not text.endswith(".")
    assert not re.match("[A-Z][a-z]", text)


def test_messages_can_be_translated(monkeypatch):
    monkeypatch.setitem(MESSAGES, "FL104", Message("error", "ein einzelnes '='", "schreib '=='"))
    monkeypatch.setitem(HINTS, "FL104/empty", "schreib '==', oder einen Wert")
    monkeypatch.setitem(MESSAGES, "FL102", Message("error", "eine Bedingung fehlt, statt {found}"))
    monkeypatch.setitem(WORDS, "the end", "dem Ende")
    found = fl.check("a=1;b=;;;").diagnostics
    assert [(one.message, one.hint) for one in found] == [
        ("ein einzelnes '='", "schreib '=='"),
        ("ein einzelnes '='", "schreib '==', oder einen Wert"),
        ("eine Bedingung fehlt, statt ';'", None),
        ("eine Bedingung fehlt, statt ';'", None),
    ]
