"""The reader of console blocks: a document that is wrong must not pass."""

from __future__ import annotations

import pytest
from sybil import Sybil
from sybil.example import SybilFailure

from tests.support import documents
from tests.support.console_blocks import Command, ConsoleBlockParser, read_commands, run


def evaluate(tmp_path, block):
    path = tmp_path / "page.md"
    path.write_text(f"Some text.\n\n```console\n{block}\n```\n", encoding="utf-8")
    (example,) = Sybil(parsers=[ConsoleBlockParser(tmp_path)]).parse(path)
    example.evaluate()


def test_commands_and_their_output_are_read():
    source = "$ filterlang fmt \\\n    'a==1'\na==1\n\n$ echo $?\n0\n"
    assert read_commands(source) == [
        Command(0, "filterlang fmt \\\n    'a==1'", "a==1\n\n"),
        Command(4, "echo $?", "0\n"),
    ]


def test_the_prompt_of_a_continued_line_is_dropped():
    (command,) = read_commands("$ cat x | \\\n> filterlang match --all\n")
    assert command.text == "cat x | \\\nfilterlang match --all"


def test_a_block_that_begins_with_output_is_refused():
    with pytest.raises(ValueError, match="begins with a command"):
        read_commands("a==1\n$ filterlang fmt a==1\n")


@pytest.mark.parametrize("source", ["", "$ pip install filterlang", "$ ls filterlang"])
def test_a_block_without_the_command_is_refused(source):
    with pytest.raises(ValueError, match="calls filterlang"):
        read_commands(source)


def test_a_command_runs_in_its_folder_and_both_streams_are_kept_in_order(tmp_path):
    (tmp_path / "here").touch()
    assert run("ls; echo b >&2; echo c; exit 3", cwd=tmp_path) == ("here\nb\nc\n", 3)


def test_a_command_sees_the_exit_code_before_it(tmp_path):
    assert run("echo $?", cwd=tmp_path, previous_status=2) == ("2\n", 0)


@pytest.mark.parametrize(
    "block",
    [
        "$ filterlang() { echo a; echo b >&2; }; filterlang\na\nb",
        "$ filterlang() { printf a; }; filterlang\na\n$ echo $?\n0",
        "$ filterlang() { return 4; }; filterlang\n$ echo $?\n4",
    ],
)
def test_the_same_output_passes(tmp_path, block):
    evaluate(tmp_path, block)


@pytest.mark.parametrize(
    "expected", ["", "a ", "a\n", "b", "aa", "A"], ids=["none", "space", "line", "b", "aa", "case"]
)
def test_other_output_fails_with_the_line_in_the_document(tmp_path, expected):
    with pytest.raises(SybilFailure, match="the document, line 4"):
        evaluate(tmp_path, f"$ filterlang() {{ echo a; }}; filterlang\n{expected}")


def test_what_a_document_writes_stays_out_of_the_project(tmp_path):
    page = tmp_path / "page.md"
    written = "$ echo '{\"a\": 1}' > left.jsonl\n$ filterlang match 'a==1' left.jsonl --count\n1\n"
    found = "$ filterlang match 'score>=100' docs/data/users.jsonl --count\n6\n"
    page.write_text(f"```console\n{written}{found}```\n", encoding="utf-8")
    documents.run(page)
    assert not (documents.ROOT / "left.jsonl").exists()
