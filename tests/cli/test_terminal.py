"""What only a person in front of a terminal sees: colours and progress."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import time

import pytest

from filterlang.cli import progress
from filterlang.cli.progress import Progress

from .conftest import COMMAND, TIMEOUT

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

LINE = b'{"a": 1}\n'
RED = "\x1b[1;31m"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(autouse=True)
def data(tmp_path):
    (tmp_path / "data").write_bytes(LINE * 1000)


class Terminal(io.StringIO):
    def isatty(self):
        return True


class TerminalBytes(io.BytesIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.fixture
def terminal(monkeypatch):
    """Something to write to that looks like one; and progress is shown from the beginning."""
    monkeypatch.setattr(progress, "_DELAY", 0)
    monkeypatch.setattr(progress, "_INTERVAL", 0)
    return Terminal()


@pytest.fixture
def run_terminal(environment):
    """Run the command with a pseudo-terminal as its standard error; give what it wrote there."""

    def run_terminal(*arguments, stdin, **variables):
        ours, theirs = pty.openpty()
        try:
            process = subprocess.Popen(
                [*COMMAND, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=theirs,
                env=environment | variables,
            )
        finally:
            os.close(theirs)
        with process:
            for pause, data in stdin:
                time.sleep(pause)
                process.stdin.write(data)
                process.stdin.flush()
            out, _ = process.communicate(timeout=TIMEOUT)
        # So little is written that the terminal has kept all of it.
        shown = b""
        while data := read(ours):
            shown += data
        os.close(ours)
        return process.returncode, out, shown.decode()

    return run_terminal


def read(terminal):
    try:
        return os.read(terminal, 65_536)
    except OSError:  # This is how Linux says that the other end is closed.
        return b""


def words(shown):
    return ESCAPES.sub("", shown)


# --- Colours --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "has_colours"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_on_a_terminal(run, terminal, monkeypatch, variables, has_colours):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run("match", "a=b", stderr=terminal).code == 2
    assert (RED in terminal.getvalue()) == has_colours
    assert words(terminal.getvalue()).startswith(
        "error[FL104]: expected '==', found a single '='\n"
    )


def test_colours_on_a_real_terminal(run_terminal):
    code, out, shown = run_terminal("match", "a=b", stdin=[])
    assert (code, out) == (2, b"")
    assert RED in shown
    assert RED not in run_terminal("match", "a=b", stdin=[], NO_COLOR="1")[2]


# --- Progress -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_progress_on_a_real_terminal(run_terminal):
    stdin = [(0, LINE), (2.5, LINE * 1000), (0.3, LINE)]
    code, out, shown = run_terminal("match", "a==1", stdin=stdin)
    assert (code, out) == (0, LINE * 1002)
    assert "read 9.0 kB" in words(shown)
    # It takes itself away, and gives the cursor back.
    assert "\x1b[2K" in shown
    assert shown.rfind("\x1b[?25h") > shown.rfind("\x1b[?25l") >= 0


def test_no_progress_for_what_is_soon_done(run_terminal):
    assert run_terminal("match", "a==1", stdin=[(0, LINE)]) == (0, LINE, "")


def test_a_bar_where_the_size_is_known(run, terminal):
    assert run("match", "a==1", "data", "-c", stderr=terminal) == (0, "1000\n", "")
    assert "/9.0 kB" in words(terminal.getvalue())


@pytest.mark.parametrize("path", ["folder/*", "folder"])
@pytest.mark.parametrize("command", [["match", "a==1", "-c"], ["tag", "--filters", "saved.json"]])
def test_a_bar_of_what_a_pattern_or_a_folder_stands_for(run, terminal, tmp_path, command, path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "data.jsonl").write_bytes(LINE * 1000)
    (tmp_path / "saved.json").write_text('{"one": "a==1"}')
    assert run(*command, path, stderr=terminal).code == 0
    assert "/9.0 kB" in words(terminal.getvalue())


def test_a_counter_where_the_size_is_unknown(run, terminal, monkeypatch):
    monkeypatch.setattr("filterlang.cli.command_inputs.total_size", lambda _: None)
    assert run("match", "a==1", "-c", stdin=LINE * 1000, stderr=terminal) == (0, "1000\n", "")
    assert "9.0 kB" in words(terminal.getvalue())
    assert "/" not in words(terminal.getvalue())


def test_progress_makes_room_for_messages(run, terminal, tmp_path):
    with (tmp_path / "data").open("ab") as data:
        data.write(b"[]\n" + LINE)
    assert run("match", "a==1", "data", "-c", stderr=terminal).code == 3
    lines = terminal.getvalue().splitlines()
    assert "data:1001: expected a JSON object, found an array" in [
        words(line).rpartition("\r")[2] for line in lines
    ]


@pytest.mark.parametrize(
    ("arguments", "standard", "is_shown"),
    [
        (["data"], "", True),
        (["data"], "stdin", True),
        # The lines that match would be written right across it.
        (["data"], "stdout", False),
        (["data", "-c"], "stdout", True),
        (["data", "--explain"], "", False),
        # What a person types would be.
        (["data", "-"], "stdin", False),
        (["data", "-"], "", True),
    ],
)
def test_progress_disturbs_nothing(run, terminal, arguments, standard, is_shown):
    """`standard` names the stream that is a terminal, beside standard error."""
    stdin = TerminalBytes() if standard == "stdin" else io.BytesIO()
    stdout = io.TextIOWrapper(TerminalBytes() if standard == "stdout" else io.BytesIO())
    finished = run("match", "a==1", *arguments, stdin=stdin, stdout=stdout, stderr=terminal)
    assert finished.code == 0
    assert ("9.0 kB" in words(terminal.getvalue())) == is_shown


def test_progress_comes_only_now_and_then(terminal, monkeypatch):
    clock = iter([0.0, 1.0, 2.5, 2.55, 2.7])
    monkeypatch.setattr(progress, "_DELAY", 2)
    monkeypatch.setattr(progress, "_INTERVAL", 0.1)
    monkeypatch.setattr(progress, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys, "stderr", terminal)
    shown = Progress(900)
    seen = []
    for _ in range(4):
        shown.advance(10)
        seen.append(words(terminal.getvalue()))
    shown.hide()
    shown.hide()
    assert seen[0] == ""
    assert "20/900 bytes" in seen[1]
    assert seen[2] == seen[1]
    assert "40/900 bytes" in seen[3]


def test_without_rich_there_is_no_progress(run, terminal, monkeypatch):
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert run("match", "a==1", "data", "-c", stderr=terminal) == (0, "1000\n", "")
    assert terminal.getvalue() == ""


def test_a_terminal_that_goes_away(run, terminal, monkeypatch):
    def hang_up(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Progress, "advance", hang_up)
    assert run("match", "a==1", "data", "-c", stderr=terminal) == (3, "", "")
    message = "filterlang: the output can't be written: input/output error\n"
    assert terminal.getvalue() == message


def test_progress_of_a_folder_and_of_what_is_missing(run, terminal, tmp_path):
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "x.jsonl").write_bytes(LINE * 1000)
    finished = run("match", "a==1", "more", "*.none", "-c", stderr=terminal)
    assert finished[:2] == (3, "1000\n")
    assert "/9.0 kB" in words(terminal.getvalue())


def test_progress_of_labelling(run, terminal, tmp_path):
    (tmp_path / "saved.json").write_text('{"one": "a==1"}')
    assert run("tag", "--filters", "saved.json", "data", stderr=terminal).code == 0
    assert "/9.0 kB" in words(terminal.getvalue())


# --- Names of files -------------------------------------------------------------------------------


def test_a_hostile_name_on_a_real_terminal(run_terminal, tmp_path):
    path = tmp_path / "\x1b]0;owned\x07\u202e.jsonl"
    code, out, shown = run_terminal("match", "a==1", str(path), stdin=[])
    assert (code, out) == (3, b"")
    assert shown == f"{tmp_path}/␛]0;owned␇<U+202E>.jsonl: no such file or directory\r\n"
    code, out, shown = run_terminal("match", "a=\x1b[31m\u202e", str(path), stdin=[])
    assert (code, out) == (2, b"")
    assert "\x1b" not in re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert "\x1b[31m" not in shown
    assert "\u202e" not in shown


# --- Typed input ----------------------------------------------------------------------------------

RECORDS = "reading records from the terminal; end them with Ctrl-D, or name a file\n"


@pytest.mark.parametrize(
    ("arguments", "typed", "told", "printed"),
    [
        (
            ("check",),
            "score>=80\n",
            "reading filters, one a line, from the terminal; end them with Ctrl-D\n",
            "",
        ),
        (
            ("fmt",),
            "score >= 80\n",
            "reading filters, one a line, from the terminal; end them with Ctrl-D\n",
            "score>=80\n",
        ),
        (
            ("decode",),
            "filter=a%3D%3D1\n",
            "reading query strings, one a line, from the terminal; end them with Ctrl-D\n",
            "a==1\n",
        ),
        (("match", "a==1"), '{"a": 1}\n', RECORDS, '{"a": 1}\n'),
        (("tag", "--filters", "saved.json"), '{"a": 1}\n', RECORDS, '{"a": 1,"matches":["x"]}\n'),
        (("schema", "infer"), '{"a": 1}\n', RECORDS, None),
    ],
)
def test_who_has_to_type_is_told(environment, tmp_path, arguments, typed, told, printed):
    (tmp_path / "saved.json").write_text('{"x": "a==1"}')
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            cwd=tmp_path,
            text=True,
        ) as process:
            os.close(theirs)
            # One end has to be enough, whenever it is typed.
            os.write(ours, typed.encode() + b"\x04")
            try:
                out, error = process.communicate(timeout=TIMEOUT)
            finally:
                process.kill()
    finally:
        os.close(ours)
    assert error == told
    if printed is not None:
        assert out == printed
    else:
        assert '"a"' in out
