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
    stdin = b'{"age": 17,  "zip": "53113"}\r\n{}\n\n{ "age":99 } \n{"age":1,"city":""}'
    assert run("tag", "--filters", "saved.json", stdin=stdin) == (
        0,
        (
            '{"age": 17,  "zip": "53113","matches":["teens", "Bonn"]}\n'
            '{"matches":[]}\n'
            '{ "age":99,"matches":["é"]}\n'
            '{"age":1,"city":"","matches":[]}\n'
        ),
        "",
    )


def test_only_what_is_tagged_under_another_key(run):
    stdin = b'{"age": 17}\n{"age": 1, "city": "", "zip": ""}\n'
    finished = run(
        "tag", "--filters", "saved.json", "--only-tagged", "--key", 'my "keys"', stdin=stdin
    )
    assert finished == (0, '{"age": 17,"my \\"keys\\"":["teens"]}\n', "")
    finished = run("tag", "--filters", "saved.json", stdin=b'{"age": 1, "city": "", "zip": ""}')
    assert finished == (1, '{"age": 1, "city": "", "zip": "","matches":[]}\n', "")


def test_rows_are_read_by_a_schema(run, tmp_path):
    (tmp_path / "x.csv").write_text("age,city,zip\n17,köln,\n9,bonn,\n")
    (tmp_path / "schema.json").write_text('{"dimensions": {"age": "integer"}, "open": true}')
    finished = run("tag", "--filters", "saved.json", "x.csv", "--schema", "schema.json")
    assert finished == (
        0,
        (
            '{"age":17,"city":"köln","zip":"","matches":["teens"]}\n'
            '{"age":9,"city":"bonn","zip":"","matches":["Bonn"]}\n'
        ),
        "",
    )


def test_what_is_wrong_with_records(run):
    stdin = b'{"age": 17, "matches": 1}\n[]\n{"age": 18, "city": [], "zip": 0}\n'
    assert run("tag", "--filters", "saved.json", stdin=stdin) == (
        3,
        '{"age": 18, "city": [], "zip": 0,"matches":["teens"]}\n',
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


def test_no_mark_is_written(run):
    stdin = '\ufeff{"age":17}\n\ufeff{"age":18}\n'.encode()
    found = run("tag", "--filters", "saved.json", stdin=stdin)
    assert found == run("tag", "--filters", "saved.json", stdin=stdin.replace(b"\xef\xbb\xbf", b""))


def test_bytes_have_no_text(run, tmp_path):
    pyarrow = need("pyarrow", "files")
    table = pyarrow.table({"age": [17], "b": [b"\x00"], "city": [""], "zip": [""]})
    need("pyarrow.parquet", "files").write_table(table, tmp_path / "x.parquet")
    assert run("tag", "--filters", "saved.json", "x.parquet") == (
        3,
        "",
        (
            "a value of type bytes can't be written as text; pipe lines to tag that lack its "
            "column, as 'filterlang match --all --select NAMES' prints them\n"
            "the first one stands under 'b'\n"
        ),
    )


COLUMN = "unknown name 'agee': no column is called so; did you mean 'age'?\n"
RECORD = "unknown name 'agee': nothing in the records read is called so; did you mean 'age'?\n"


def test_names_that_lead_nowhere_are_told(run, tmp_path):
    (tmp_path / "saved.json").write_text('{"old": "agee>60;age>0", "any": ["age!=1", "agee==1"]}')
    (tmp_path / "x.csv").write_text("age,city\n17,köln\n")
    command = ("tag", "--filters", "saved.json")
    rows = '{"age":17,"city":"köln","matches":["any"]}\n'
    # A header tells before anything is written.
    assert run(*command, "x.csv") == (0, rows, COLUMN)
    assert run(*command, "x.csv", "--strict") == (2, "", COLUMN)
    stdin = b"age,city\n17,k\xc3\xb6ln\n"
    options = ("-", "--input-format", "csv")
    assert run(*command, *options, stdin=stdin) == (0, rows, COLUMN)
    assert run(*command, *options, "--strict", stdin=stdin) == (2, "", COLUMN)
    # Records tell at the end.
    lines = '{"age":17,"matches":["any"]}\n'
    assert run(*command, stdin=b'{"age":17}\n') == (0, lines, RECORD)
    assert run(*command, "--strict", stdin=b'{"age":17}\n') == (3, lines, RECORD)
    assert run(*command, "--strict", stdin=b'{"agee":null,"age":1}\n') == (
        1,
        '{"agee":null,"age":1,"matches":[]}\n',
        "",
    )
    # Where nothing was read, nothing is told of names; and a schema knows names too.
    assert run(*command, "--strict", stdin=b"") == (1, "", "<stdin>: it is empty\n")
    (tmp_path / "schema.json").write_text('{"dimensions": {"age": "integer", "agee": "integer"}}')
    typed = (*command, "--schema", "schema.json", "--strict")
    assert run(*typed, stdin=b'{"age":17}\n') == (0, lines, "")


def test_names_in_parquet_are_told_before_anything_is_written(run, tmp_path):
    pyarrow = need("pyarrow", "files")
    table = pyarrow.table({"age": [17], "city": [{"name": "Bonn"}]})
    need("pyarrow.parquet", "files").write_table(table, tmp_path / "x.parquet")
    (tmp_path / "saved.json").write_text('{"a": "city.nmae==Bonn", "b": "city.name==Bonn"}')
    message = "unknown name 'city.nmae': no column is called so; did you mean 'city.name'?\n"
    rows = '{"age":17,"city":{"name":"Bonn"},"matches":["b"]}\n'
    assert run("tag", "--filters", "saved.json", "x.parquet") == (0, rows, message)
    assert run("tag", "--filters", "saved.json", "x.parquet", "--strict") == (2, "", message)


def test_values_of_other_types_are_told(run, tmp_path):
    (tmp_path / "saved.json").write_text('{"old": "lastSeenDate<2024-01-01", "rich": "score>=10"}')
    user = '{"lastSeenDate": 1700000000000, "score": 12, "identifyId": "a"'
    (tmp_path / "x.jsonl").write_text(user + "}\n")
    found = run("tag", "--filters", "saved.json", "x.jsonl")
    assert found.out == user + ',"matches":["rich"]}\n'
    assert found.err == (
        "wrong type in 'lastSeenDate<2024-01-01': the one value is a number, and '2024-01-01' is a"
        " date; say --schema users\n"
    )
