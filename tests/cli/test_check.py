"""`filterlang check`, and what `--schema` does to the other commands."""

from __future__ import annotations

import json

import pytest
from click.shell_completion import ShellComplete

from filterlang import px
from filterlang.cli.commands import group

MISTAKE = """\
error[FL104]: expected '==', found a single '='
 --> filter, column 9
  |
  | lastName=Doe
  |         ^
hint: write '=='

fixed: lastName==Doe
"""
TYPO = """\
error[FL501]: unknown name 'scor'
 --> filter, column 1
  |
  | scor>=10
  | ^^^^
hint: did you mean 'score'?
"""


def test_nothing_is_said_of_a_good_filter(run):
    assert run("check", "lastName==Doe", "--schema", "users") == (0, "", "")


def test_a_mistake(run):
    assert run("check", "lastName=Doe") == (2, MISTAKE, "")


def test_the_mended_filters_are_the_output_of_fix(run):
    assert run("check", "--fix", "lastName=Doe") == (0, "lastName==Doe\n", MISTAKE)
    assert run("check", "--fix", "a==1", "b==2") == (0, "a==1\nb==2\n", "")


def test_what_has_no_safe_fix_gives_no_output(run):
    finished = run("check", "--fix", "lastName=Doe", "score>=")
    assert (finished.code, finished.out) == (2, "")
    assert finished.err.count("error[") == 2


def test_filters_on_standard_input(run):
    assert run("check", "--fix", stdin=b"a=1\n\nb==2\r\n").out == "a==1\n\nb==2\n"
    finished = run("check", stdin=b"a==\xff\n")
    assert finished == (3, "", "<stdin>:1: expected UTF-8, found the byte 0xFF in column 4\n")


@pytest.mark.parametrize("name", ["users", "schema.json"])
def test_a_schema_by_name_or_from_a_file(run, tmp_path, name):
    plain = {"dimensions": {"score": "integer"}}
    (tmp_path / "schema.json").write_text(json.dumps(plain), encoding="utf-8")
    assert run("check", "--schema", name, "scor>=10") == (2, TYPO, "")
    assert run("match", "scor>=10", "--schema", name) == (2, "", TYPO)
    assert run("encode", "scor>=10", "--schema", name) == (2, "", TYPO)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "'x.json' is neither users nor accounts nor a file that can be read: No such file"),
        ("{", "'x.json' is not JSON: "),
        ("[]", "'x.json' is not a schema: "),
        ('{"dimensions": {"a": "colour"}}', "'x.json' is not a schema: unknown type 'colour'"),
    ],
)
def test_a_file_that_is_no_schema(run, tmp_path, content, message):
    if content is not None:
        (tmp_path / "x.json").write_text(content, encoding="utf-8")
    finished = run("check", "--schema", "x.json", "a==1")
    assert (finished.code, finished.out) == (2, "")
    assert message in " ".join(finished.err.split())


def test_the_report_as_json(run):
    finished = run("check", "--format", "json", "--schema", "accounts", "nps>x", "a=1")
    assert finished.code == 2
    report = json.loads(finished.out)
    assert report["ok"] is False
    assert [found["code"] for found in report["diagnostics"]][:1] == ["FL509"]


def test_the_report_as_annotations_on_github(run):
    finished = run("check", "--format", "github", "a=1", "b==50%*")
    assert finished.code == 2
    assert finished.out == (
        "::error title=FL104 in filter 1,col=2,endColumn=2::"
        "expected '==', found a single '='%0Ahint: write '=='\n"
        "::notice title=FL405 in filter 2,col=7,endColumn=7::"
        "'*' is an ordinary character after '=='%0Ahint: write '~' to match with wildcards\n"
    )


@pytest.mark.parametrize(("times", "last"), [(20, "FL111"), (21, "FL304"), (5_000, "FL304")])
def test_annotations_are_few(run, times, last):
    finished = run("check", "--format", "github", "a==b" + "," * times, "b=1")
    *lines, second = finished.out.splitlines()
    assert second.startswith("::error title=FL104 in filter 2,")
    assert [line.split()[1].removeprefix("title=") for line in lines] == [
        *["FL111"] * 20,
        *([last] if last != "FL111" else []),
    ]


def test_what_is_shown_is_short(run):
    finished = run("check", "a==" + "," * 5_000)
    assert finished.code == 2
    assert finished.out.endswith("\n\n… and at least 980 more\n")
    assert len(finished.out) < 8_000
    assert run("check", "--fix", "\t" * 5_000 + "a==b").out == ""
    assert len(run("encode", "a==" + "," * 5_000).err) < 8_000


def test_warnings_are_said_beside_the_result(run):
    finished = run("encode", "a==1 AND b==2")
    assert (finished.code, finished.out) == (0, "filter=a%3D%3D1%20AND%20b%3D%3D2\n")
    assert finished.err.startswith("warning[FL401]: 'AND' doesn't join clauses")


def test_a_schema_types_the_records(run):
    records = b'{"score": "7"}\n{"score": "12"}\n{"score": 8}\n'
    assert run("match", "score<10", stdin=records).out == '{"score": 8}\n'
    assert run("match", "score<10", "-c", "--schema", "users", stdin=records).out == "2\n"
    assert run("match", "score>10", "--schema", "users", stdin=records).out == '{"score": "12"}\n'


def completed(*arguments):
    shell = ShellComplete(group, {}, "filterlang", "_FILTERLANG_COMPLETE")
    return [item.value for item in shell.get_completions(list(arguments[:-1]), arguments[-1])]


def test_completion_in_the_shell():
    assert completed("check", "numberOfV") == ["numberOfVisits"]
    assert completed("check", "--schema", "accounts", "numberOf") == [
        "numberOfEmployees",
        "numberOfUsers",
    ]
    assert completed("encode", "type==LE") == ["type==LEAD"]
    assert completed("match", "gender==FEM") == ["gender==FEMALE"]
    assert completed("match", "gender==FEMALE", "users") == ["users"]
    assert completed("check", "--schema", "a") == ["accounts"]
    assert completed("check", "--schema", "x") == ["x"]
    assert "numberOfVisits" in px.USER.names()
