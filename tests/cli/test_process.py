"""The command as a process: how it starts, its streams, its exit codes, its end."""

from __future__ import annotations

import gzip
import importlib
import io
import json
import os
import runpy
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

import filterlang
from filterlang import cli
from filterlang.cli import main

from .conftest import COMMAND, TIMEOUT

USERS = Path(__file__).parents[2] / "docs" / "data" / "users.jsonl"
LINE = b'{"a": 1}\n'
NO_CLICK = (
    "filterlang: the command line needs click, which is not installed; "
    "run: pip install 'filterlang[cli]'\n"
)
FULL = Path("/dev/full")  # every write to it fails, as on a disk that is full
needs_a_full_disk = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


# --- Exit codes -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("match", "a==1"), 0),
        (("match", "a==2"), 1),
        (("match", "a=2"), 2),
        (("match", "a==2", "-", "missing"), 3),
        (("match", "a==1", "-", "missing"), 3),
        (("match", "a=2", "missing"), 2),
        (("match", "a==1", "--nonsense"), 2),
        (("nonsense",), 2),
        (("encode", "a==1"), 0),
        (("fmt", "a=1"), 2),
        ((), 2),
    ],
)
def test_exit_codes(run_process, arguments, code):
    assert run_process(*arguments, stdin=LINE).code == code


def test_data_and_messages_stay_apart(run_process):
    stdin = b'{"name": "Zo\xc3\xab"}\n[]\n'
    # Data is UTF-8 also where the machine is set to something else.
    finished = run_process("match", "name==zoë", "x", "-", stdin=stdin, PYTHONIOENCODING="latin-1")
    assert finished == (
        3,
        '{"name": "Zoë"}\n',
        "x: no such file or directory\n<stdin>:2: expected a JSON object, found an array\n",
    )


def test_both_streams_into_one_keep_the_order(environment):
    finished = subprocess.run(
        [*COMMAND, "match", "a==1", "--explain"],
        input=LINE * 2,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        timeout=TIMEOUT,
    )
    explanation = b"<stdin>:%d: match\nfilter 1 matches: a==1\n  yes  a==1: 1\n"
    assert finished.stdout == explanation % 1 + LINE + explanation % 2 + LINE


def test_no_colour_in_pipes(run_process):
    assert "\x1b" not in run_process("match", "a=b").err


# --- Help and version -----------------------------------------------------------------------------


def test_version(run):
    assert run("--version") == (0, f"filterlang {filterlang.__version__}\n", "")


@pytest.mark.parametrize("command", [(), ("match",), ("encode",), ("decode",), ("fmt",)])
def test_help(run, command):
    finished = run(*command, "--help")
    assert (finished.code, finished.err) == (0, "")
    assert finished.out.startswith(" ".join(["Usage: filterlang", *command, "[OPTIONS]"]))
    assert run(*command, "-h") == finished


def test_without_a_command_the_help_goes_to_standard_error(run):
    assert run() == (2, "", run("--help").out)


def test_an_unknown_command(run):
    finished = run("mtch")
    assert (finished.code, finished.out) == (2, "")
    assert "No such command 'mtch'" in finished.err


def test_help_of_match_tells_what_a_person_must_know(run):
    text = " ".join(run("match", "--help").out.split())
    assert "The first argument is always the FILTER" in text
    assert "Only with --all is there no FILTER" in text
    assert "Blank lines are skipped" in text


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("match", "--help")])
def test_who_only_asks_does_not_wait_for_what_is_heavy(run_process, arguments):
    program = (
        "import sys; from filterlang.cli import main; main(); "
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    finished = run_process(*arguments, command=(sys.executable, "-c", program))
    loaded = set(finished.err.splitlines())
    assert "click" in loaded
    assert not loaded & {
        "lark",
        "rich",
        "gzip",
        "filterlang.parser",
        "filterlang.backends.files.lines",
    }


def test_matching_does_not_load_rich(run_process):
    program = (
        "import sys; from filterlang.cli import main; main(); "
        "print(*sys.modules, sep='\\n', file=sys.stderr)"
    )
    finished = run_process("match", "a==1", stdin=LINE, command=(sys.executable, "-c", program))
    assert not set(finished.err.splitlines()) & {"lark", "rich"}


def test_the_shell_completes_commands(monkeypatch, capsys):
    monkeypatch.setenv("_FILTERLANG_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "filterlang ma")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit) as caught:
        main([])
    assert caught.value.code == 0
    assert capsys.readouterr().out == "plain,match\n"


def test_python_m(monkeypatch, capsys):
    importlib.import_module("filterlang.__main__")  # does nothing
    monkeypatch.setattr(sys, "argv", ["filterlang", "encode", "a==1"])
    monkeypatch.delitem(sys.modules, "filterlang.__main__")
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("filterlang", run_name="__main__")
    assert caught.value.code == 0
    assert capsys.readouterr() == ("filter=a%3D%3D1\n", "")


# --- Without click --------------------------------------------------------------------------------


def test_without_click(run_process):
    program = (
        "import sys; sys.modules['click'] = None; from filterlang.cli import main; sys.exit(main())"
    )
    finished = run_process("--version", command=(sys.executable, "-c", program))
    assert finished == (2, "", NO_CLICK)


def test_without_click_in_this_process(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "click", None)
    assert run("--version") == (2, "", NO_CLICK)


def test_a_click_that_is_broken_is_another_matter(monkeypatch):
    class Broken:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "click":
                raise ModuleNotFoundError(name="something_else")

    monkeypatch.delitem(sys.modules, "click")
    monkeypatch.setattr(sys, "meta_path", [Broken, *sys.meta_path])
    with pytest.raises(ModuleNotFoundError):
        main(["--version"])


# --- Ends before the end --------------------------------------------------------------------------


def started(environment, *arguments, program=None):
    command = COMMAND if program is None else (sys.executable, "-c", program)
    return subprocess.Popen(
        [*command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_who_reads_has_seen_enough(environment, tmp_path, unbuffered):
    path = tmp_path / "long.jsonl"
    path.write_bytes(LINE * 100_000)
    variables = environment | {"PYTHONUNBUFFERED": unbuffered}
    with started(variables, "match", "a==1", str(path)) as process:
        assert process.stdout.readline() == LINE
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(TIMEOUT) == 141


def test_who_reads_messages_has_seen_enough(environment, tmp_path):
    path = tmp_path / "long.jsonl"
    path.write_bytes(b"[]\n" * 100_000)
    with started(environment, "match", "a==1", str(path)) as process:
        assert process.stderr.readline().endswith(b":1: expected a JSON object, found an array\n")
        process.stderr.close()
        assert process.stdout.read() == b""
        assert process.wait(TIMEOUT) == 141


def test_ctrl_c(environment):
    # A shell may have started this test in the background, where Ctrl-C is ignored.
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
        "from filterlang.cli import main; sys.exit(main())"
    )
    with started(environment, "match", "a==1", program=program) as process:
        process.stdin.write(LINE)
        process.stdin.flush()
        # What was found is handed over before more is waited for.
        assert process.stdout.readline() == LINE
        process.send_signal(2)
        assert process.wait(TIMEOUT) == 130
        assert process.stdout.read() == process.stderr.read() == b""


def test_the_limit_ends_the_command_while_its_input_goes_on(environment):
    with started(environment, "match", "a==1", "--limit", "1") as process:
        process.stdin.write(LINE)
        process.stdin.flush()
        assert process.wait(TIMEOUT) == 0
        assert process.stdout.read() == LINE
        assert process.stderr.read() == b""


@needs_a_full_disk
@pytest.mark.parametrize("arguments", [("match", "a==1"), ("--help",), ("encode", "a==1")])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk(environment, arguments, unbuffered):
    with FULL.open("wb") as full:
        finished = subprocess.run(
            [*COMMAND, *arguments],
            input=LINE,
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment | {"PYTHONUNBUFFERED": unbuffered},
            timeout=TIMEOUT,
        )
    message = b"filterlang: the output can't be written: no space left on device\n"
    assert (finished.returncode, finished.stderr) == (3, message)


def test_unbuffered_output_is_complete(run_process):
    expected = run_process("match", "score>=50", str(USERS))
    assert expected.code == 0
    assert run_process("match", "score>=50", str(USERS), PYTHONUNBUFFERED="1") == expected


@pytest.mark.skipif(os.name == "nt", reason="the shell of this system can't close a stream")
@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("match a==1 - missing 2>&-", (3, LINE.decode(), "")),
        ("match a=1 2>&-", (2, "", "")),
        (
            "match a==1 >&-",
            (3, "", "filterlang: the output can't be written: standard output is closed\n"),
        ),
        ("match a==1 <&-", (3, "", "<stdin>: standard input is closed\n")),
        ("match a==1 >&- 2>&-", (3, "", "")),
    ],
)
def test_closed_streams(run_process, command, expected):
    shell = ("sh", "-c", f"exec '{sys.executable}' -m filterlang {command}")
    assert run_process(stdin=LINE, command=shell) == expected


# --- The same within this process -----------------------------------------------------------------


@pytest.fixture
def closed_pipe():
    """A stream whose reader has gone."""
    with ExitStack() as stack:
        reader, writer = os.pipe()
        os.close(reader)
        yield stack.enter_context(os.fdopen(writer, "w"))


def test_ctrl_c_in_this_process(monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "_run", interrupt)
    monkeypatch.setattr(sys, "argv", ["filterlang"])
    assert main() == 130


@pytest.mark.parametrize("arguments", [("match", "a==1"), ("--help",)])
def test_a_closed_output_in_this_process(monkeypatch, capsys, tmp_path, closed_pipe, arguments):
    path = tmp_path / "data.jsonl"
    path.write_bytes(LINE)
    monkeypatch.setattr(sys, "stdout", closed_pipe)
    assert main([*arguments, str(path)]) == 141
    assert capsys.readouterr().err == ""


def test_a_closed_output_of_long_data_in_this_process(monkeypatch, tmp_path, closed_pipe):
    path = tmp_path / "data.jsonl"
    path.write_bytes(b'{"a": 1, "b": "%s"}\n' % (b"x" * 100_000))
    monkeypatch.setattr(sys, "stdout", closed_pipe)
    assert main(["match", "a==1", str(path)]) == 141


def test_closed_messages_in_this_process(monkeypatch, closed_pipe):
    monkeypatch.setattr(sys, "stderr", closed_pipe)
    assert main(["match", "a==1", "missing"]) == 141


@needs_a_full_disk
def test_a_full_disk_in_this_process(monkeypatch, capsys):
    with FULL.open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["encode", "a==1"]) == 3
    message = "filterlang: the output can't be written: no space left on device\n"
    assert capsys.readouterr().err == message


def test_output_that_takes_little_at_a_time(run):
    class Small(io.BytesIO):
        def write(self, data):
            return super().write(data[:3])

    small = Small()
    stream = io.TextIOWrapper(small)
    assert run("match", "a==1", stdin=LINE * 2, stdout=stream) == (0, "", "")
    assert small.getvalue() == LINE * 2


def test_without_standard_streams_in_this_process(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdout", None)
    assert main(["encode", "a==1"]) == 3
    message = "filterlang: the output can't be written: standard output is closed\n"
    assert capsys.readouterr().err == message
    monkeypatch.setattr(sys, "stderr", None)
    assert main(["encode", "a==1"]) == 3
    assert main(["match", "a=1"]) == 2


def test_the_sample_data_is_read_to_its_end(run):
    finished = run("match", "--all", str(USERS))
    assert (finished.code, finished.err) == (0, "")
    assert finished.out == USERS.read_text(encoding="utf-8")
    assert len([json.loads(line) for line in finished.out.splitlines()]) == 400


# --- Schemas --------------------------------------------------------------------------------------


def test_a_schema_of_standard_input_and_of_a_gzipped_file(run_process, tmp_path):
    lines = b'{"a": 1, "in": {"b=": 2, "c": "x"}}\n'
    path = tmp_path / "records.jsonl.gz"
    path.write_bytes(gzip.compress(lines))
    piped = run_process("schema", "infer", stdin=lines)
    assert run_process("schema", "infer", str(path)) == piped
    assert piped.code == 0
    assert list(json.loads(piped.out)["dimensions"]["in"]["fields"]) == ["c"]
    assert piped.err == "no filter can name these keys, so they are left out: 'in.b='\n"
