"""What is written must not be read again: reading would never end."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import click
import pytest

from filterlang.cli.command_inputs import refuse_own_output
from tests.cli.conftest import COMMAND, TIMEOUT

LINES = '{"a": 1}\n{"a": 2}\n'
REMEDY = "write to another file"


def run_to(tmp_path, environment, arguments, **files):
    """Run the command with standard streams that are opened as a shell does."""
    streams = {
        name: (tmp_path / file).open({"stdin": "rb"}.get(name, "ab"))
        for name, file in files.items()
    }
    options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    try:
        finished = subprocess.run(
            [*COMMAND, *arguments],
            **(options | streams),
            cwd=tmp_path,
            env=environment,
            timeout=TIMEOUT,
        )
    finally:
        for stream in streams.values():
            stream.close()
    return finished.returncode, finished.stdout, finished.stderr


def message(name, output="output"):
    more = ", or by --output, which may name an input" if output == "output" else ""
    return (
        f"Error: the input file {name!r} is also the standard {output}, so reading would never "
        f"end; {REMEDY}{more}\n"
    )


@pytest.fixture
def file(tmp_path):
    (tmp_path / "f.jsonl").write_text(LINES)
    (tmp_path / "link.jsonl").symlink_to("f.jsonl")
    (tmp_path / "filters.json").write_text(json.dumps({"x": "a>0"}))
    return tmp_path / "f.jsonl"


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("arguments", "streams", "expected"),
    [
        (["match", "a>0", "f.jsonl"], {"stdout": "f.jsonl"}, message("f.jsonl")),
        (["match", "a>0", "link.jsonl"], {"stdout": "f.jsonl"}, message("link.jsonl")),
        (["match", "a>0", "./*.jsonl"], {"stdout": "f.jsonl"}, message("./f.jsonl")),
        (["match", "a>0", "."], {"stdout": "f.jsonl"}, message("f.jsonl")),
        (["match", "a>0"], {"stdin": "f.jsonl", "stdout": "f.jsonl"}, message("<stdin>")),
        (["match", "a>0", "-", "--explain"], {"stdin": "f.jsonl", "stdout": "f.jsonl"},
         message("<stdin>")),
        (["match", "a>0", "f.jsonl", "-o", "/dev/stdout"], {"stdout": "f.jsonl"},
         message("f.jsonl")),
        (["tag", "--filters", "filters.json", "f.jsonl"], {"stdout": "f.jsonl"},
         message("f.jsonl")),
    ],
)  # fmt: skip
def test_an_input_that_is_also_the_output(
    arguments, streams, expected, file, tmp_path, environment
):
    code, _, err = run_to(tmp_path, environment, arguments, **streams)
    assert code == 2
    assert err.decode().endswith("\n\n" + expected) or err.decode() == expected
    assert file.read_text() == LINES


@pytest.mark.parametrize(
    "arguments",
    [
        ["match", "a>0", "f.jsonl", "-c"],
        ["schema", "infer", "f.jsonl"],
        ["match", "a>0", "f.jsonl"],
    ],
)
def test_an_input_that_is_also_where_messages_go(arguments, file, tmp_path, environment):
    code, out, _ = run_to(tmp_path, environment, arguments, stderr="f.jsonl")
    assert (code, out) == (2, b"")
    text = file.read_text()
    assert text.startswith(f"{LINES}Usage: filterlang ")
    assert text.endswith("\n\n" + message("f.jsonl", "error"))


def test_what_is_written_at_the_end_may_go_to_an_input(file, tmp_path, environment):
    assert run_to(tmp_path, environment, ["match", "a>1", "f.jsonl", "-c"], stdout="f.jsonl") == (
        (0, None, b"")
    )
    assert file.read_text() == LINES + "1\n"
    file.write_text(LINES)
    done = run_to(tmp_path, environment, ["schema", "infer", "f.jsonl"], stdout="f.jsonl")
    assert done == (0, None, b"")
    file.write_text(LINES)
    code, out, _ = run_to(tmp_path, environment, ["match", "a>1", "f.jsonl", "-o", "f.jsonl"])
    assert (code, out, file.read_text()) == (0, b"", '{"a": 2}\n')


def test_other_outputs_are_no_inputs(file, tmp_path, environment):
    arguments = ["match", "a>1", "f.jsonl", "missing.jsonl", os.devnull]
    code, _, err = run_to(tmp_path, environment, arguments, stdout="to.jsonl")
    assert code == 3
    assert err == b"missing.jsonl: no such file or directory\n"
    assert (tmp_path / "to.jsonl").read_text() == '{"a": 2}\n'
    assert file.read_text() == LINES


def test_limits_of_lines(run, tmp_path):
    long = '{"a": 1, "t": "' + "x" * 100 + '"}\n'
    (tmp_path / "f.jsonl").write_text(long + LINES)
    reason = (
        "f.jsonl:1: expected a line of at most 100 bytes, found a longer one; "
        "allow more by --max-line, in Python by max_line\n"
    )
    assert run("match", "a==1", "f.jsonl", "--max-line", "100") == (3, '{"a": 1}\n', reason)
    assert run("match", "a==1", "--max-line", "100", stdin=(long + LINES).encode()) == (
        (3, '{"a": 1}\n', reason.replace("f.jsonl", "<stdin>"))
    )
    (tmp_path / "filters.json").write_text(json.dumps({"x": "a>0"}))
    assert run("tag", "--filters", "filters.json", "f.jsonl", "--max-line=100", "--key=k") == (
        (3, '{"a": 1,"k":["x"]}\n{"a": 2,"k":["x"]}\n', reason)
    )
    assert run("schema", "infer", "f.jsonl", "--max-line=100")[::2] == (3, reason)
    assert run("match", "a==1", "f.jsonl", "-c") == (0, "2\n", "")


def test_filters_on_standard_input_have_a_limit(run, monkeypatch):
    from filterlang.cli import convert

    size = sys.modules["filterlang.backends.files.opening.inputs"].MAX_LINE
    assert run("fmt", stdin=b"a==" + b"x" * size + b"\na==1\n") == (
        3,
        "",
        "<stdin>:1: expected a line of at most 67,108,864 bytes, found a longer one\n",
    )
    assert size == convert.MAX_LINE


@pytest.mark.parametrize(("stream", "said"), [("stdout", "output"), ("stderr", "error")])
def test_an_input_that_is_a_stream_of_the_process(stream, said, tmp_path, monkeypatch):
    path = tmp_path / "x.jsonl"
    path.write_text(LINES)
    with path.open("a") as file:
        monkeypatch.setattr(sys, stream, file)
        with pytest.raises(click.UsageError) as caught:
            refuse_own_output([str(path)], None)
    assert message(str(path), said).endswith(caught.value.message + "\n")


def test_an_output_among_the_files_of_a_folder_is_told(run, tmp_path):
    """It would be read the next time, and each time there were more."""
    folder = tmp_path / "ex"
    folder.mkdir()
    (folder / "a.jsonl").write_text(LINES)
    summary = "read 2, matched 1, bad 0\n"
    for named in ("ex", "ex/*.jsonl", "."):
        told = (
            f"ex/vip.jsonl is now one of the files of {named}, so that it is read the next time\n"
        )
        assert run("match", "a==1", named, "-o", "ex/vip.jsonl") == (0, "", told + summary)
        (folder / "vip.jsonl").unlink()
    for arguments in (
        ("ex", "-o", "vip.jsonl"),
        ("ex/a.jsonl", "-o", "ex/vip.jsonl"),
        ("ex/[a].jsonl", "-o", "ex/vip.jsonl"),
        ("ex/a.jsonl", "-o", "ex/a.jsonl"),
    ):
        assert run("match", "a==1", *arguments).err == summary
