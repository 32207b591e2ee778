"""`filterlang schema infer`, and the documents that `--schema` takes."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import click
import pytest

from filterlang import Schema
from filterlang.cli.schema_option import SchemaType

RECORDS = (
    b'{"score": 7, "place": {"city": "Bonn"}, "role": "user"}\n'
    b'{"score": "8", "place": {"city": ""}, "role": "user", "a=b": 1}\n'
)
INFERRED = """\
{
  "dimensions": {
    "score": {
      "type": "integer",
      "detail": "in 2 of 2: 1 integer, 1 integer text"
    },
    "place": {
      "type": "object",
      "fields": {
        "city": {
          "type": "text",
          "detail": "in 2 of 2: 1 text, 1 empty text"
        }
      },
      "detail": "in 2 of 2"
    },
    "role": {
      "type": "text",
      "detail": "in 2 of 2"
    }
  }
}
"""
LEFT_OUT = "no filter can name these keys, so they are left out: 'a=b'\n"


def test_a_schema_of_samples(run):
    assert run("schema", "infer", stdin=RECORDS) == (0, INFERRED, LEFT_OUT)


def test_nothing_is_said_of_keys_that_filters_can_name(run):
    finished = run("schema", "infer", stdin=b'{"a": 1}')
    assert (finished.code, json.loads(finished.out)["dimensions"]["a"]["type"]) == (0, "integer")
    assert finished.err == ""


def test_several_files_gzipped_or_not(run, tmp_path):
    first, second = RECORDS.splitlines(keepends=True)
    (tmp_path / "a.jsonl").write_bytes(first)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(second))
    assert run("schema", "infer", "a.jsonl", "b.jsonl.gz") == (0, INFERRED, LEFT_OUT)


def test_options(run):
    finished = run("schema", "infer", "--enums-up-to", "2", "--name", "visits", stdin=RECORDS)
    data = json.loads(finished.out)
    assert data["name"] == "visits"
    assert data["dimensions"]["role"] == {"type": "enum", "values": ["user"], "detail": "in 2 of 2"}


def test_what_is_inferred_is_taken_as_a_schema(run, tmp_path):
    (tmp_path / "x.json").write_text(run("schema", "infer", stdin=RECORDS).out, encoding="utf-8")
    assert run("match", "score>7", "-c", "--schema", "x.json", stdin=RECORDS).out == "1\n"
    assert run("check", "scor>7", "--schema", "x.json").code == 2


def test_bad_lines_are_told_and_the_rest_counts(run):
    finished = run("schema", "infer", stdin=RECORDS + b"oops\n")
    assert (finished.code, finished.out) == (3, INFERRED)
    assert finished.err == (
        "<stdin>:3: expected a JSON object: expecting value in column 1\n" + LEFT_OUT
    )


def test_very_many_odd_keys(run):
    record = json.dumps({f"{number}=": 0 for number in range(6)}).encode()
    assert run("schema", "infer", stdin=record).err == (
        "no filter can name these keys, so they are left out: '0=', '1=', '2=', '3=', '4=' …\n"
    )


@pytest.mark.parametrize("stdin", [b"", b"\n"])
def test_nothing_to_infer_from(run, stdin):
    message = "there are no records to infer a schema from\n"
    assert run("schema", "infer", stdin=stdin) == (3, "", message)


def test_a_file_that_is_not_there(run):
    finished = run("schema", "infer", "x.jsonl")
    assert (finished.code, finished.out) == (3, "")
    assert finished.err.startswith("x.jsonl: no such file")
    assert finished.err.endswith("there are no records to infer a schema from\n")


def test_the_group_alone_shows_its_commands(run):
    finished = run("schema")
    assert finished.code == 2
    assert "infer  Print a schema" in finished.out + finished.err


# --- JSON Schema, OpenAPI and Swagger -------------------------------------------------------------

USER = {"type": "object", "properties": {"score": {"type": "integer"}}}
PLACE = {"type": "object", "properties": {"city": {"type": "string"}}}


@pytest.fixture
def document(tmp_path):
    def document(data, name="x.json"):
        (tmp_path / name).write_text(json.dumps(data), encoding="utf-8")

    return document


def test_a_json_schema(run, document):
    document(USER)
    assert run("check", "score>7", "--schema", "x.json") == (0, "", "")
    assert "FL501" in run("check", "city==x", "--schema", "x.json").out


@pytest.mark.parametrize(
    "name", ["x.json#User", "x.json#/components/schemas/User", "a#b.json#User"]
)
def test_one_schema_of_a_document(run, document, name):
    document({"components": {"schemas": {"User": USER, "Place": PLACE}}}, name.rpartition("#")[0])
    assert run("check", "score>7", "--schema", name) == (0, "", "")


def test_a_file_whose_name_has_the_mark(run, document):
    document(USER, "a#b.json")
    assert run("check", "score>7", "--schema", "a#b.json") == (0, "", "")


def test_a_name_that_says_dimensions(run, document):
    document(Schema({"score": "integer"}).to_dict())
    assert run("check", "score>7", "--schema", "x.json") == (0, "", "")


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (
            {"definitions": {"User": USER, "Place": PLACE}},
            "x.json",
            (
                "'x.json' is not a schema: the document holds several schemas; choose one"
                " as 'x.json#NAME'; its schemas are User, Place"
            ),
        ),
        (
            {"definitions": {"User": USER, "Place": PLACE}},
            "x.json#user",
            (
                "'x.json' is not a schema: the document has no schema called 'user';"
                " its schemas are User, Place"
            ),
        ),
        (
            {"a": 1},
            "x.json",
            (
                "'x.json' is not a schema: the document is no schema; one looks like"
                ' {"dimensions": {"score": "number", "seen": "datetime"}, "open": true}, or is a'
                " JSON Schema ('filterlang schema infer FILE' makes one)"
            ),
        ),
        (
            {"Last seen": "datetime", "n": "number"},
            "x.json",
            (
                "'x.json' is not a schema: the document is no schema; write"
                ' {"dimensions": {"Last seen": "datetime", "n": "number"}, "open": true}'
            ),
        ),
        (
            {"properties": {"a": {"type": "strin"}}},
            "x.json",
            (
                "'x.json' is not a schema: unknown type 'strin' at #/properties/a; JSON Schema has"
                " array, boolean, integer, null, number, object, string, and lists of them"
            ),
        ),
        (
            {"dimensions": {"a": "text"}},
            "x.json#User",
            (
                "'x.json#User' names no schema: the file holds one schema in filterlang's own form,"
                " with the key 'dimensions', which takes no #NAME; leave it out"
            ),
        ),
        (
            {"definitions": {"User": USER, "Place": PLACE}},
            "x.json#",
            "'x.json#' names no schema: expected a name after '#': User, Place",
        ),
        (
            USER,
            "x.json#",
            (
                "'x.json#' names no schema: expected a pointer after '#', for the document names no"
                " schemas; or leave '#' out"
            ),
        ),
        ({}, "y.json#User", "'y.json' is neither users nor accounts nor a file that can be read"),
    ],
)
def test_what_is_said_of_bad_documents(run, document, data, name, message):
    document(data)
    finished = run("check", "a==1", "--schema", name)
    assert finished.code == 2
    assert message in " ".join(finished.err.split())


@pytest.mark.parametrize(
    ("incomplete", "offered"),
    [
        ("x.json#", ["x.json#User", "x.json#Place"]),
        ("x.json#P", ["x.json#Place"]),
        ("x.json#Q", []),
        ("y.json#", []),
        ("list.json#", []),
    ],
)
def test_the_names_in_a_file_are_completed(document, incomplete, offered, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    document({"$defs": {"User": USER, "Place": PLACE}})
    document([], "list.json")
    param = click.Option(["--schema"])
    items = SchemaType().shell_complete(click.Context(click.Command("x")), param, incomplete)
    assert [item.value for item in items] == offered


def test_a_file_that_is_nested_too_deeply(run, document):
    document({})
    Path("x.json").write_text("[" * 100_000, encoding="utf-8")
    finished = run("check", "a==1", "--schema", "x.json")
    assert (finished.code, "'x.json' is not JSON" in finished.err) == (2, True)
