"""What is nearly JSON is told in one line that says what it is, and what to do."""

from __future__ import annotations

import gzip
import json

import pytest

from filterlang.backends.files import FileError, copy, read
from filterlang.backends.files.json_records.near_json import hint_of_all
from tests.cli.test_input import BEGUN, PROPERTY

LIST = (
    "a comma between records is that of a list; put [ before the first one and ] behind the last "
    "one, in place of its comma if it has one"
)
PYTHON = "single quotes are Python's, not JSON's; write it by json.dumps"
SCRIPT = "this is JavaScript, not JSON; write it by JSON.stringify"
LEFT = "this is JavaScript; leave only what stands from the first [ or { to its end"
GUARD = "there is a guard against scripts before the JSON; take it away"
NUMBER = "JSON has no number of this form; write it in plain digits, such as 0.5 or 16"
COMMENTS = "JSON has no comments; take them away"
LEAVE_COMMENTS = "JSON has no comments; leave them out: grep -vE '^[[:space:]]*(//|#)'"
QUOTES = "these aren't the quotes of JSON; write \""
COMMA = "JSON has no comma behind the last one; take it away"
MARK = "say --encoding {} if it is UTF-{} without its mark"
VALUE = BEGUN.format("value", 1)
ROWS = ['{"a":1}', '{"a":2}', '{"a":3}']


def ended(kind, line, column, hint, read=""):
    told = f"expecting {kind} in line {line}, column {column}, after which nothing can be read"
    return f"{told}; {hint}{read and f' (read up to {read})'}"


def without(first, hint):
    return f"there is no record in it; expected JSON (line 1: {first}); {hint}"


NAMES = "property name enclosed in double quotes"


@pytest.mark.parametrize(
    ("text", "records", "told"),
    [
        (",\n".join(ROWS), 1, ended("value", 1, 8, LIST, "line 1")),
        ("".join(f"{row},\n" for row in ROWS * 20), 1, ended("value", 1, 8, LIST, "line 1")),
        (",".join(ROWS), 1, ended("value", 1, 8, LIST, "line 1")),
        ("\n,".join(ROWS), 1, ended("value", 2, 1, LIST, "line 1")),
        (
            ";\n".join(ROWS),
            1,
            ended("value", 1, 8, "JSON has no semicolons; take them away", "line 1"),
        ),
        (
            "\0".join(ROWS),
            1,
            ended(
                "value",
                1,
                8,
                "NUL bytes divide nothing in JSON; make them line ends: tr '\\0' '\\n'",
                "line 1",
            ),
        ),
        ("{'a': 1}\n{'a': None}\n", 0, without(PROPERTY, PYTHON)),
        ("{'a': 1}\n", 0, without(PROPERTY, PYTHON)),
        ("[{'a': 1}, {'a': 2}]", 0, ended(NAMES, 1, 3, PYTHON)),
        (
            '{"a": None}\n{"a": True}\n',
            0,
            without(
                BEGUN.format("value", 7),
                "this is a word of Python's, not of JSON's; write it by json.dumps",
            ),
        ),
        ("{a: 1}\n{a: 2}\n", 0, without(PROPERTY, SCRIPT)),
        ("[\n  {\n    a: 1\n  }\n]", 0, ended(NAMES, 3, 5, SCRIPT)),
        ('{"a": undefined}\n', 0, without(BEGUN.format("value", 7), SCRIPT)),
        (
            '{"_id": ObjectId("507f")}',
            0,
            without(
                BEGUN.format("value", 9),
                "this is a call of a function, which JSON lacks; export it as JSON",
            ),
        ),
        *(
            (text, 0, f"expected JSON (line {text.count(chr(10)) + 1}: {VALUE}); {LEFT}")
            for text in (
                'var x = [{"a":1},{"a":2}];',
                'const data = [{"a": 1}]',
                'export const data = [\n{"a":1}\n];\n'.replace("\n", " "),
                'export const data: User[] = [{"a":1}]',
                'let x: Array<User> = [{"a":1}]',
                '\nwindow.YTD.part0 = [ {"a":1} ]',
                'export default [{"a":1}]',
                'callback([{"a":1}]);',
            )
        ),
        *(
            (text, 0, f"expected JSON (line 1: {VALUE}); {GUARD}")
            for text in (')]}\'\n[{"a":1}]\n', 'while(1);[{"a":1}]', 'for (;;);{"a":1}')
        ),
        *(
            (f'{{"a":{number}}}\n', 0, without(first, NUMBER))
            for number, first in (
                ("+1", BEGUN.format("value", 6)),
                (".5", BEGUN.format("value", 6)),
                ("0x1F", BEGUN.format("',' delimiter", 7)),
                ("01", BEGUN.format("',' delimiter", 7)),
                ("12n", BEGUN.format("',' delimiter", 8)),
            )
        ),
        (
            '{"a"=>1}\n',
            0,
            without(
                BEGUN.format("':' delimiter", 5),
                "JSON has : in the place of =>; write it by what writes JSON, in Ruby by to_json",
            ),
        ),
        (
            '[{"a":1}, ...]',
            1,
            ended("value", 1, 11, "something was left out here; get the whole of it", "[0]"),
        ),
        *(
            (
                f'{before} {{"a":1}}\n{before} {{"a":2}}\n',
                0,
                "JSON stands behind other text in each line; take that away: sed 's/^[^{]*//'",
            )
            for before in ("[INFO]", "[2024-01-31 10:00:00] x:", "[a/b]")
        ),
        ('/* x */\n[{"a":1}]\n', 0, without(VALUE, COMMENTS)),
        (
            '# x\n[{"a":1}]\n',
            0,
            without(
                "expected a JSON object, found a comment",
                LEAVE_COMMENTS,
            ),
        ),
        ('[\n  // first\n  {"a":1}\n]\n', 0, ended("value", 2, 3, COMMENTS)),
        ('{"a":1} // x\n{"a":2}\n', 1, ended("value", 1, 9, COMMENTS, "line 1")),
        ('{\n  # first\n  "a":1\n}\n', 0, without(PROPERTY, COMMENTS)),
        ("{“a”: 1}", 0, without(PROPERTY, QUOTES)),
        ('[{"a":1},{"a":2},]', 2, ended("value", 1, 18, COMMA, "[1]")),
        (
            '```json\n[{"a":1}]\n```\n',
            0,
            without(VALUE, "there are lines with ``` around the JSON; take them away"),
        ),
        ("- a: 1\n- a: 2\n", 0, without(VALUE, "this is YAML; convert it to JSON")),
        ("---\n- a: 1\n", 0, without(VALUE, "this is YAML; convert it to JSON")),
        ("--- \r\na: 1\n", 0, without(VALUE, "this is YAML; convert it to JSON")),
        (
            '"{\\"a\\":1}"\n"{\\"a\\":2}"\n',
            0,
            without(
                "expected a JSON object, found a string",
                "each value is a text that holds JSON; take it out: jq -r .",
            ),
        ),
        *(
            (
                text,
                0,
                without(
                    first,
                    "JSON stands behind other text in each line; take that away: sed 's/^[^{]*//'",
                ),
            )
            for text, first in (
                ('data: {"a":1}\n\ndata: {"a":2}\n', VALUE),
                ('2024-01-01 {"a":1}\n', "expected a JSON object: extra data in column 5"),
            )
        ),
    ],
)
@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_it_is_told_once(text, records, told, pack, run, tmp_path):
    (tmp_path / "x").write_bytes(pack(text))
    expected = "".join(f"{row}\n" for row in ROWS[:records])
    assert run("match", "a!=7", "x") == (3, expected, f"x: {told}\n")
    assert run("match", "a!=7", "x", "--explain").err.endswith(f"x: {told}\n")


@pytest.mark.parametrize(("encoding", "bits"), [("utf-16-le", 16), ("utf-32-le", 32)])
def test_other_encodings_of_lists(encoding, bits, run):
    data = f"[{','.join(ROWS)}]".encode(encoding)
    told = ended("value", 1, 2, MARK.format(encoding, bits))
    assert run("match", "a!=7", stdin=data) == (3, "", f"<stdin>: {told}\n")
    assert run("match", "a!=7", "-c", "--encoding", encoding, stdin=data) == (0, "3\n", "")
    lines = "\n".join(ROWS).encode(encoding)
    told = without(PROPERTY, MARK.format(encoding, bits))
    assert run("match", "a!=7", stdin=lines) == (3, "", f"<stdin>: {told}\n")


@pytest.mark.parametrize(
    "data",
    [
        "\ufeff" + "\n".join(ROWS),
        f"\ufeff[{','.join(ROWS)}]",
        "[\n" + ",\n".join(ROWS) + "\n]\n",
        "".join(ROWS),
        " ".join(ROWS),
        "\r".join(ROWS),
        "\r\n".join(ROWS),
        "\n\n".join(ROWS) + "\n \n",
    ],
)
@pytest.mark.parametrize("times", [0, 1, 2])
def test_what_is_json_is_read(data, times, run):
    packed = data.encode()
    for _ in range(times):
        packed = gzip.compress(packed)
    assert run("match", "a!=7", "-c", stdin=packed) == (0, "3\n", "")


@pytest.mark.parametrize(
    ("begin", "found"),
    [
        ("// x", f", found a comment; {LEAVE_COMMENTS}\n"),
        ("# x", f", found a comment; {LEAVE_COMMENTS}\n"),
        ("{'a': 1}", ": expecting property name enclosed in double quotes in column 2\n"),
        ("```", ": expecting value in column 1\n"),
    ],
)
def test_a_line_among_records_is_told_with_its_place(begin, found, run):
    data = "\n".join([begin, *ROWS]).encode()
    code, out, err = run("match", "a!=7", "-c", stdin=data)
    assert (code, out) == (3, "3\n")
    assert err.startswith(f"<stdin>:1: expected a JSON object{found}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[", '{"a": 1}', "dear diary", "a: b", "1 2", '"x"', "[" * 99_999]
)
def test_of_other_text_nothing_is_known(text):
    assert hint_of_all(text) is None


# --- Lists that aren't there ----------------------------------------------------------------------


NOPE = "expected the records in 'nope', found an object without that in line 1, after which nothing"
NOPE += " was read"


@pytest.mark.parametrize(
    ("value", "records", "hint"),
    [
        ({"users": [], "accounts": [{}]}, "nope", "the lists there are 'users', 'accounts'"),
        ({"users": [{"nope": []}]}, "nope", "the one list there is 'users'"),
        ({"meta": {"list": [1], "n": 1}, "x": 7}, "nope", "the one list there is 'meta.list'"),
        (
            {"meta": {"list": [1], "n": 1}, "x": []},
            "meta.nope",
            "the one list there is 'meta.list'",
        ),
        ([{"page": [{"list": []}]}], "page.nope", "the one list there is 'page.list'"),
        (
            {f"k{n}": [] for n in range(11)},
            "nope",
            "the lists there are 'k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8', 'k9', …",
        ),
    ],
)
def test_the_lists_that_are_there_are_named(value, records, hint, run, tmp_path):
    path = tmp_path / "x.json"
    path.write_text(json.dumps(value))
    hint += " (--records NAME, in Python records=)"
    found = run("match", "a==1", "x.json", "--records", records)
    assert found == (3, "", f"x.json: {NOPE}\nx.json: {hint}\n")
    found = run("schema", "infer", "x.json", "--records", records)
    assert found.err.startswith(f"x.json: {NOPE}\nx.json: {hint}\n")
    for jobs in (None, 2):
        with pytest.raises(FileError) as caught:
            list(read(path, "a==1", records=records, jobs=jobs))
        assert caught.value.__notes__ == [hint]
        assert str(caught.value) == f"{path}: {NOPE}"
        assert caught.value.fault == (str(path), None, NOPE)
        assert caught.value.fault.hint == hint
    faults = []
    copy("a==1", path, tmp_path / "y.jsonl", records=records, report=faults.append)
    assert [(str(one), one.hint) for one in faults] == [(f"{path}: {NOPE}", hint)]


def test_records_without_any_list(run):
    hint = "no list stands in that object; if it is a record itself, leave --records out"
    found = run("match", "a==1", "--records", "nope", stdin=b'{"a": 1, "b": {"c": 1}}\n')
    assert found == (3, "", f"<stdin>: {NOPE}\n<stdin>: {hint}\n")
    with pytest.raises(FileError) as caught:
        list(read("missing", "a==1"))
    assert caught.value.fault.hint is None
    assert not hasattr(caught.value, "__notes__")
