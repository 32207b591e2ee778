"""`filterlang tag`: each record with the keys of the saved filters that match it."""

from __future__ import annotations

import json

import pytest

from tests.support.engines import need

SAVED = {"teens": "age>=13;age<20", "Bonn": ["city==Bonn", "zip~531*"], "é": "age==99"}


@pytest.fixture(autouse=True)
def saved(tmp_path):
    (tmp_path / "saved.json").write_text(json.dumps(SAVED), encoding="utf-8")


def test_labels_stand_at_the_end(run):
    stdin = b'{"age": 17,  "zip": "53113"}\r\n{}\n\n{ "age":99 } \n{"age":1}'
    assert run("tag", "--filters", "saved.json", stdin=stdin) == (
        0,
        (
            '{"age": 17,  "zip": "53113","matches":["teens", "Bonn"]}\n'
            '{"matches":[]}\n'
            '{ "age":99,"matches":["é"]}\n'
            '{"age":1,"matches":[]}\n'
        ),
        "",
    )


def test_only_what_is_tagged_under_another_key(run):
    stdin = b'{"age": 17}\n{"age": 1}\n'
    finished = run(
        "tag", "--filters", "saved.json", "--only-tagged", "--key", 'my "keys"', stdin=stdin
    )
    assert finished == (0, '{"age": 17,"my \\"keys\\"":["teens"]}\n', "")
    finished = run("tag", "--filters", "saved.json", stdin=b'{"age": 1}')
    assert finished == (1, '{"age": 1,"matches":[]}\n', "")


def test_rows_are_read_by_a_schema(run, tmp_path):
    (tmp_path / "x.csv").write_text("age,city\n17,köln\n9,bonn\n")
    (tmp_path / "schema.json").write_text('{"dimensions": {"age": "integer"}, "open": true}')
    finished = run("tag", "--filters", "saved.json", "x.csv", "--schema", "schema.json")
    assert finished == (
        0,
        (
            '{"age":"17","city":"köln","matches":["teens"]}\n'
            '{"age":"9","city":"bonn","matches":["Bonn"]}\n'
        ),
        "",
    )


def test_what_is_wrong_with_records(run):
    stdin = b'{"age": 17, "matches": 1}\n[]\n{"age": 18}\n'
    assert run("tag", "--filters", "saved.json", stdin=stdin) == (
        3,
        '{"age": 18,"matches":["teens"]}\n',
        (
            "<stdin>:1: 'matches': the record has this key already; "
            "give the labels another by --key\n"
            "<stdin>:2: expected a JSON object, found an array\n"
        ),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "can't be read: no such file or directory"),
        ("{", "is not JSON: Expecting property name enclosed in double quotes"),
        ("[]", "holds no JSON object, whose keys would be those of the filters"),
        ('{"a": 1}', "expected a filter or a list of filters for 'a' in"),
        ('{"a": [1]}', "expected a filter or a list of filters for 'a' in"),
        ('{"a": " "}', "is empty, which restricts nothing"),
        ('{"a": []}', "is empty, which restricts nothing"),
        ('{"a": ["x==1", ""]}', "is empty, which restricts nothing"),
    ],
)
def test_filters_that_are_none(run, tmp_path, content, message):
    if content is not None:
        (tmp_path / "bad.json").write_text(content)
    finished = run("tag", "--filters", "bad.json", stdin=b"{}")
    assert (finished.code, finished.out) == (2, "")
    assert message in " ".join(finished.err.split())


def test_a_filter_with_a_mistake(run, tmp_path):
    (tmp_path / "bad.json").write_text('{"good": "a==1", "bad": "a=1"}')
    finished = run("tag", "--filters", "bad.json", stdin=b"{}")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.startswith("error[FL104]: expected '==', found a single '='")
    assert "'bad'" in finished.err


def test_bytes_have_no_text(run, tmp_path):
    pyarrow = need("pyarrow", "files")
    table = pyarrow.table({"age": [17], "b": [b"\x00"]})
    need("pyarrow.parquet", "files").write_table(table, tmp_path / "x.parquet")
    assert run("tag", "--filters", "saved.json", "x.parquet") == (
        3,
        "",
        (
            "a value of type bytes can't be written as text; leave its column out with --select, "
            "or write the format parquet or arrow\n"
        ),
    )
