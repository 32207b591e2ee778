"""The kit that asks programs the conformance vectors: ours, wrong ones, and broken ones."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys

import pytest

from filterlang.testing.conformance.__main__ import main
from filterlang.testing.conformance.own_answers import answer
from filterlang.testing.conformance.questions import LEVELS, language_version, questions

OURS = [sys.executable, "-m", "filterlang.testing.conformance.own_answers"]

ANSWERER = """
import json, sys
from filterlang.testing.conformance.own_answers import _ANSWERS
for line in sys.stdin:
    question = json.loads(line)
    answer = dict(_ANSWERS[question["kind"]](question))
    {change}
    print(json.dumps(answer), flush=True)
"""


def program(change):
    """Give the command of a program that answers as we do, but for a change."""
    return [sys.executable, "-c", ANSWERER.format(change=change)]


def reported(tmp_path, command, *options):
    """Run the kit; give its exit code and its report."""
    path = tmp_path / "report.json"
    code = main([*options, "--report", str(path), *command])
    return code, json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_our_own_answers_hold_at_every_level(tmp_path, capsys):
    code, report = reported(tmp_path, OURS)
    assert code == 0
    assert list(report["levels"]) == list(LEVELS)
    counts = {level: one["passed"] for level, one in report["levels"].items()}
    assert all(one["failed"] == {} == one["left_out"] for one in report["levels"].values())
    expected = dict.fromkeys(LEVELS, 0)
    for question in questions():
        for level in question.expected:
            expected[level] += 1
    assert counts == expected
    first, *others = capsys.readouterr().out.splitlines()
    assert first == f"filterlang {report['version']}, language {language_version()}"
    assert others == [f"{level}: holds ({count} passed)" for level, count in counts.items()]


def test_every_question_has_the_answer_that_its_vector_says():
    asked, lines = list(questions()), io.StringIO()
    answer([json.dumps(question.asked) for question in asked], lines)
    answers = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert [
        (question.name, given)
        for question, given in zip(asked, answers, strict=True)
        if not all(holds(given) for holds in question.expected.values())
    ] == []


def test_no_question_tells_its_answer():
    for question in questions():
        untold = {"level", "why", "matches", "diagnostics", "fixed", "filter", "invalid", "refused"}
        assert not untold & question.asked.keys(), question.name


def test_a_wrong_answer_fails_its_level_alone(tmp_path, capsys):
    change = (
        "answer.update({'canonical': 'x'} if question.get('name') == 'canonical-plain' else {})"
    )
    code, report = reported(tmp_path, program(change), "--level", "core", "--level", "json")
    assert code == 1
    assert report["levels"]["core"]["failed"] == {"canonical-plain": "answered {'canonical': 'x'}"}
    assert "core: 1 of " in capsys.readouterr().out


def test_errors_alone_are_asked_of_who_claims_diagnostics(tmp_path):
    change = (
        "answer['diagnostics'] = [one for one in answer.get('diagnostics', [])"
        " if one['severity'] == 'error']"
    )
    _, report = reported(tmp_path, program(change), "--level", "diagnostics", "--level", "lint")
    assert report["levels"]["diagnostics"]["failed"] == {}
    assert len(report["levels"]["lint"]["failed"]) > 100


def test_what_a_program_lacks_is_left_out_and_counted(tmp_path):
    change = (
        "answer.update({'levels': ['match'], 'lacks': ['decimal', 'uuid']}"
        " if question['kind'] == 'hello' else {})"
    )
    code, report = reported(tmp_path, program(change))
    assert code == 0
    assert list(report["levels"]) == ["match"]
    left_out = report["levels"]["match"]["left_out"]
    assert left_out.keys() == {"decimal", "uuid"}
    assert min(left_out.values()) > 0


def test_a_level_that_nobody_knows(capsys):
    change = "answer.update({'levels': ['gold']} if question['kind'] == 'hello' else {})"
    assert main(program(change)) == 3
    assert capsys.readouterr().err == (
        f"{sys.executable}: expected levels of core, match, schema, json, diagnostics, lint, mend,"
        " found 'gold'\n"
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("raise SystemExit(7)", "the program ended (exit code 7) without an answer"),
        ("print('hm', flush=True); input()", "expected a line with an object of JSON, found 'hm'"),
        ("print([], flush=True); input()", "expected a line with an object of JSON, found '[]'"),
        ("import time; time.sleep(60)", "no answer within 0.5 seconds"),
    ],
)
@pytest.mark.slow
def test_a_program_without_answers(source, message, capsys):
    assert main(["--timeout", "0.5", sys.executable, "-c", source]) == 3
    assert capsys.readouterr().err == f"{sys.executable}: {message}\n"


def test_a_program_that_is_not_there(capsys):
    assert main(["no-such-program-anywhere"]) == 3
    assert "no-such-program-anywhere" in capsys.readouterr().err


@pytest.mark.slow
def test_a_program_that_dies_is_asked_the_rest_and_not_for_ever(tmp_path):
    change = "question['kind'] != 'json' or sys.exit(3)"
    code, report = reported(tmp_path, program(change), "--level", "json", "--level", "core")
    assert code == 1
    assert report["levels"]["core"]["failed"] == {}
    reasons = set(report["levels"]["json"]["failed"].values())
    assert reasons == {
        "the program ended (exit code 3) without an answer",
        "not asked, for too many questions had no answer",
    }


def test_the_command_runs_by_its_module():
    done = subprocess.run(
        [sys.executable, "-m", "filterlang.testing.conformance", "--level", "json", *OURS],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].startswith("json: holds (")
    nothing = subprocess.run(
        [sys.executable, "-m", "filterlang.testing.conformance"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert nothing.returncode == 2
    assert "expected the command of a program, found none" in nothing.stderr


# --- A corpus -------------------------------------------------------------------------------------


NO_CASE = "line 2: expected a case of canonical, decode, refused, match or match_schema, found "
CASES = [
    {"format": 2, "version": "1.0.0", "schemas": {"one": {"dimensions": {"n": "number"}}}},
    {"kind": "canonical", "text": "a == 1", "canonical": "a==1"},
    {"kind": "match", "filters": ["a==1"], "record": {"a": 2}, "matches": True},
    {
        "kind": "match_schema",
        "filters": ["n==1"],
        "schema": "one",
        "record": {"n": {"$type": "decimal", "value": "1"}},
        "matches": True,
        "requires": ["decimal"],
    },
]


@pytest.mark.parametrize("name", ["corpus.jsonl", "corpus.jsonl.gz"])
def test_a_corpus_is_asked_in_the_place_of_the_vectors(tmp_path, name, capsys):
    path = tmp_path / name
    lines = "".join(json.dumps(case) + "\n" for case in CASES).encode()
    path.write_bytes(gzip.compress(lines) if name.endswith(".gz") else lines)
    levels = [f"--level={level}" for level in ("core", "match", "schema", "json")]
    code, report = reported(tmp_path, OURS, "--corpus", str(path), *levels)
    assert code == 1
    assert report["levels"]["match"]["failed"] == {"corpus-3": "answered {'matches': False}"}
    assert capsys.readouterr().out.splitlines()[1:] == [
        "core: holds (1 passed)",
        "match: 1 of 1 failed (0 passed)",
        "  corpus-3: answered {'matches': False}",
        "schema: holds (1 passed)",
        "json: nothing asked",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected a corpus of format 2, found None"),
        ('{"format": 1}\n', "expected a corpus of format 2, found {'format': 1}"),
        ('{"format": 2}\n{"kind": "errors"}\n', NO_CASE + "{'kind': 'errors'}"),
        ('{"format": 2}\n[]\n', NO_CASE + "[]"),
    ],
)
def test_what_is_no_corpus_is_told(tmp_path, content, message, capsys):
    path = tmp_path / "corpus.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["--corpus", str(path), *OURS])
    assert ended.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1].endswith(f"error: {path}: {message}")


def test_a_corpus_that_is_not_there(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--corpus", str(tmp_path / "none.jsonl"), *OURS])
    assert ended.value.code == 2
    assert "No such file" in capsys.readouterr().err
