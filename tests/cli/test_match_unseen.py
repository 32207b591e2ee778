"""Spaces and accents that nobody sees: told where `==` misses what it asks for by them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

NFD = "Mu\u0308ller"


def write(values):
    lines = "".join(json.dumps({"v": value}) + "\n" for value in values)
    Path("t.jsonl").write_text(lines, encoding="utf-8")
    rows = "".join(f'{row},"{value}"\n' for row, value in enumerate(values))
    Path("t.csv").write_text(f"id,v\n{rows}", encoding="utf-8")


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
@pytest.mark.parametrize(
    ("text", "value", "pattern"),
    [
        ("v==Bob Smith", "Bob\u00a0Smith", "v~Bob?Smith"),
        ("v!=bob smith", "Bob\u202fSmith", "v!~Bob?Smith"),
        ("v==Müller", NFD, "v~M??ller"),
        (f"v=={NFD}", "Müller", "v~M?ller"),
        ("v==Bob Smith", "Bob  Smith", "v==Bob  Smith"),
        ("v==Bob", "Bob\u200b", "v~Bob?"),
        ("v==Bob", "\ufeffBob", "v~?Bob"),
        ("v==Bob", "\u2003Bob", "v~?Bob"),
    ],
)
def test_what_looks_alike(run, format_, text, value, pattern):
    write([value, "other"])
    found = run("match", text, f"t.{format_}", "-c")
    asked = text[3:]
    assert found.err == (
        f"what looks like what '{text}' asks for: 1 of 2 values has other spaces, accents or marks "
        f"than '{asked}'; write '{pattern}'\n"
    )
    followed = run("match", pattern, f"t.{format_}", "-c")
    assert (followed.out, followed.err) == ("1\n", "")
    write([value, asked])
    assert run("match", text, f"t.{format_}", "-c").err == ""


@pytest.mark.parametrize("value", [" bob", "bob ", "\u00a0bob"])
@pytest.mark.parametrize("text", ["v==bob", "v!=bob"])
def test_spaces_around_texts_of_json(run, value, text):
    write([value, "al"])
    sign = "~" if "==" in text else "!~"
    found = run("match", text, "t.jsonl", "-c").err
    assert found == (
        f"spaces around what '{text}' asks for: 1 of 2 values has 'bob' within spaces, and none "
        f"without; take them away, or write 'v{sign}*bob*'\n"
    )
    assert run("match", f"v{sign}*bob*", "t.jsonl", "-c") == (0, "1\n", "")


def test_spaces_around_numbers_of_json(run):
    write([" 95", "7"])
    found = run("match", "v==95", "t.jsonl", "-c").err
    assert found.endswith("and none without; take them away, or write 'v~*95*'\n")


@pytest.mark.parametrize("value", ["bobby", "b\u00f6b", "bo b", 7, None, "x" * 100])
def test_what_doesnt_look_alike(run, value):
    write([value, "al"])
    assert "spaces" not in run("match", "v==bob", "t.jsonl", "-c").err
