"""Two ways to run the command: within the process of the test, and in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import NamedTuple

import pytest

from filterlang.cli import main

COMMAND = (sys.executable, "-m", "filterlang")
INTERRUPTIBLE = (
    sys.executable,
    "-c",
    """
import signal, sys
for number, action in [
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGTERM, signal.SIG_DFL),
    (signal.SIGHUP, signal.SIG_DFL),
]:
    signal.signal(number, action)
from filterlang.cli import main
sys.exit(main())
""",
)
"""The command, where what started the tests ignores signals: a shell does of what it has in the
background."""
TIMEOUT = 60  # seconds; only what hangs takes so long


class Finished(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch, capsysbinary, tmp_path):
    """Run the command within this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments, stdin=b"", **streams):
        # Not in a fixture: pytest sets the streams that it captures anew before each test.
        for name, stream in streams.items():
            monkeypatch.setattr(sys, name, stream)
        stream = io.BytesIO(stdin) if isinstance(stdin, bytes) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))
        code = main(arguments)
        out, err = capsysbinary.readouterr()
        return Finished(int(code), out.decode(), err.decode())

    return run


@pytest.fixture
def environment():
    """What a process gets to see: nothing of what the tests themselves were started with."""
    unwanted = ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in unwanted}
    return {**kept, "TERM": "xterm"}


@pytest.fixture
def run_process(environment, tmp_path):
    """Run the command as a person does, in an empty folder."""

    def run_process(*arguments, stdin=b"", command=COMMAND, **variables):
        finished = subprocess.run(
            [*command, *arguments],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env=environment | variables,
            timeout=TIMEOUT,
        )
        return Finished(finished.returncode, finished.stdout.decode(), finished.stderr.decode())

    return run_process
