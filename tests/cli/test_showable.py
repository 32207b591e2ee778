"""Nothing that comes from elsewhere reaches the terminal as it is, wherever it is put in."""

from __future__ import annotations

import json
import re

import pytest

from filterlang import compile as compile_filters
from filterlang.backends.files.typed_texts.texts import escaped_json
from filterlang.diagnostics.diagnostic import class_name, quoted, showable, shown

HOSTILE = "\x1b]0;x\x07\x7f\x9b31m\u202e\u2066\u200e\u061c\u200b\u2060\ufeff\u2028"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def unseen(text):
    """Give what a terminal would obey or hide, but for the ends of lines."""
    return [one for one in text.replace("\n", "") if not one.isprintable()]


def test_what_is_showable():
    assert showable("plain é 漢") == "plain é 漢"
    assert showable(HOSTILE) == (
        "␛]0;x␇␡<U+009B>31m<U+202E><U+2066><U+200E><U+061C><U+200B><U+2060><U+FEFF><U+2028>"
    )
    assert showable("\ud800\n\t") == "<U+D800>␊␉"
    assert showable(showable(HOSTILE)) == showable(HOSTILE)
    assert (showable("abcd", 4), showable("abcde", 4)) == ("abcd", "abc…")
    assert quoted("\x1b'") == '"␛\'"'


def test_values_and_classes():
    class Odd:
        def __repr__(self):
            return HOSTILE

    class Mute:
        def __repr__(self):
            raise ValueError

    Mute.__name__ = "M" + HOSTILE
    assert shown(Odd()) == showable(HOSTILE)
    assert class_name(Mute()) == "M" + showable(HOSTILE)
    assert shown(Mute()) == f"a M{showable(HOSTILE)} that can't be shown"
    explained = str(compile_filters("a==1").explain({"a": Mute()}))
    assert explained.splitlines()[-1] == f"  no   a==1: a M{showable(HOSTILE)}"


def test_json_is_escaped_without_another_meaning():
    data = {HOSTILE: [HOSTILE + "\ud800\U000e0001é"]}
    for indent in (None, 2):
        text = escaped_json(json.dumps(data, ensure_ascii=False, indent=indent))
        assert unseen(text) == []
        assert json.loads(text) == data
        assert "é" in text
    assert escaped_json('{"a": 1}') == '{"a": 1}'


@pytest.fixture
def files(tmp_path):
    name = HOSTILE.replace("/", "") + ".jsonl"
    record = {"a": HOSTILE, HOSTILE: 1}
    bad = b'[]\n{"a": \n'
    (tmp_path / name).write_bytes(json.dumps(record).encode() + b"\n" + bad)
    (tmp_path / "bad.csv").write_text(f"{HOSTILE},{HOSTILE}\n1,2\n", encoding="utf-8")
    dimensions = {
        "a": {"type": "enum", "values": [HOSTILE], "deprecated": HOSTILE, "detail": HOSTILE},
    }
    schema = {"name": HOSTILE, "dimensions": dimensions}
    (tmp_path / "schema").write_text(json.dumps(schema))
    (tmp_path / "wrong").write_text(json.dumps({HOSTILE: 1, "dimensions": {}}))
    (tmp_path / "type").write_text(json.dumps({"dimensions": {"a": {"type": HOSTILE}}}))
    saved = {HOSTILE: "a=1"}
    (tmp_path / "saved").write_text(json.dumps(saved))
    (tmp_path / "empty").write_text(json.dumps({HOSTILE: ""}))
    return name


COMMANDS = [
    ("check", f"a={HOSTILE}"),
    ("check", f"{HOSTILE}==1"),
    ("check", "--format", "github", f"a={HOSTILE}"),
    ("check", "--format", "json", f"a={HOSTILE}"),
    ("check", "--fix", f"a=={HOSTILE}"),
    ("check", "--schema", "schema", "a==x"),
    ("check", "--schema", "schema", "b==x"),
    ("check", "--schema", "wrong", "a==x"),
    ("check", "--schema", "type", "a==x"),
    ("check", "--schema", HOSTILE, "a==x"),
    ("encode", f"a={HOSTILE}"),
    ("decode", f"filter=a==1\u202e;filter={HOSTILE}"),
    ("decode", "filter=a==1\u202e;filter=b==2"),
    ("decode", f"{HOSTILE}=1&filters=a==1"),
    ("fmt", f"a={HOSTILE}"),
    ("match", "a==1", HOSTILE),
    ("match", "a==1", "FILE"),
    ("match", "a==1", "FILE", "--explain"),
    ("match", "a==1\u202e", "FILE", "--explain", "--sample-misses", "2"),
    ("match", "a==1", "bad.csv"),
    ("match", "a==1", "FILE", "--count", "--select", HOSTILE),
    ("match", "a==1", "FILE", "--select", HOSTILE),
    ("match", "a==1", "FILE", "-o", f"{HOSTILE}/x"),
    ("match", "--all", f"{HOSTILE}==1"),
    ("match", "a==1", f"--{HOSTILE}"),
    ("match", "a==1", "--limit", HOSTILE),
    (HOSTILE,),
    ("tag", "--filters", "saved", "FILE"),
    ("tag", "--filters", "empty", "FILE"),
    ("tag", "--filters", HOSTILE, "FILE"),
    ("schema", "infer", "FILE"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_shows_nothing_unseen(run, files, command):
    ended = run(*(files if one == "FILE" else one for one in command))
    assert unseen(COLOURS.sub("", ended.err)) == []
    if command[0] in {"check", "schema"} and "--fix" not in command:
        assert unseen(COLOURS.sub("", ended.out)) == []
