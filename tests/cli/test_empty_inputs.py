"""Inputs that hold nothing are told of, in one line, and change no exit code."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

EMPTY = "{}: it is empty\n"
BLANK = "{}: no record stands behind the blanks at its beginning\n"


@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "x", "x.ndjson"])
@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", EMPTY),
        (b"\xef\xbb\xbf", EMPTY),
        (b"\n\n  \r\n\t", BLANK),
        (b"\n" * 10_000, BLANK),
        (b"[]", ""),
        (b'{"users": [], "totalHits": 0}', ""),
        (b"\n \n[]\n", ""),
    ],
)
@pytest.mark.parametrize("options", [[], ["--count"], ["--jobs", "2"], ["--explain"]])
def test_an_empty_file_is_told(name, data, told, options, run):
    Path(name).write_bytes(data)
    out = "0\n" if options == ["--count"] else ""
    assert run("match", "a!=1", name, *options) == (1, out, told.format(name))
    packed = Path(f"{name}.gz")
    packed.write_bytes(gzip.compress(data))
    assert run("match", "a!=1", f"{name}.gz", *options) == (1, out, told.format(f"{name}.gz"))
    assert run("match", "a!=1", stdin=data) == (1, "", told.format("<stdin>"))


def test_several_are_told_together_beside_what_was_read(run):
    Path("a.jsonl").write_text("", encoding="utf-8")
    Path("b.jsonl").write_text("\n", encoding="utf-8")
    Path("c.jsonl").write_text('{"a":1}\n', encoding="utf-8")
    row = '{"a":1}\n'
    assert run("match", "a==1", "a.jsonl", "c.jsonl") == (0, row, EMPTY.format("a.jsonl"))
    told = "2 inputs are empty or blank, such as a.jsonl\n"
    assert run("match", "a==1", "a.jsonl", "b.jsonl", "c.jsonl") == (0, row, told)


def test_a_pipe_may_be_empty_beside_files_with_records(run):
    Path("c.jsonl").write_text('{"a":1}\n', encoding="utf-8")
    assert run("match", "a==1", "c.jsonl", "-") == (0, '{"a":1}\n', "")
    assert run("match", "a==2", "c.jsonl", os.devnull) == (1, "", "")
    assert run("match", "a==1", os.devnull) == (1, "", "")


def test_nothing_is_told_of_what_is_told_otherwise(run):
    Path("x.csv").write_text("", encoding="utf-8")
    told = "x.csv: there is no row with names at its beginning\n"
    assert run("match", "a==1", "x.csv") == (3, "", told)
    assert run("match", "a==1", stdin=b"\n7\n").err.count("\n") == 1
