"""Completion in a real shell: TAB adds to what was typed, and never takes it away."""

from __future__ import annotations

import os
import select
import shutil
import sys
import time

import pytest

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("bash") is None, reason="bash isn't installed"),
]

PATIENCE = 30.0
"""So many seconds a shell may take for an answer."""


class Bash:
    """A bash with our completion, in a terminal."""

    def __init__(self, folder):
        # The command as it is installed, whatever is on the PATH.
        command = folder / "filterlang"
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m filterlang "$@"\n')
        command.chmod(0o755)
        self.pid, self.terminal = pty.fork()
        if not self.pid:
            os.chdir(folder)
            os.environ.update(
                PATH=f"{folder}:{os.environ['PATH']}", PS1="$ ", TERM="dumb", HISTFILE="/dev/null"
            )
            os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])  # noqa: S606 — is a shell
        self.send("bind 'set bell-style none'\n")
        self.send('eval "$(_FILTERLANG_COMPLETE=bash_source filterlang)"; echo REA""DY\n')
        assert b"READY\r\n" in self.read(b"READY\r\n")

    def send(self, text):
        os.write(self.terminal, text.encode())

    def read(self, until):
        seen, deadline = b"", time.monotonic() + PATIENCE
        while until not in seen and time.monotonic() < deadline:
            if select.select([self.terminal], [], [], 0.1)[0]:
                seen += os.read(self.terminal, 4096)
        return seen

    def completed(self, typed):
        """Give the line after TAB, as the shell itself has it."""
        self.send(typed + "\t")
        # Ctrl-X Ctrl-L would depend on a keymap: the line is put between marks, in quotes, instead.
        self.send('\x01: <<<"LINE[\x05]END"; echo D""ONE\n')
        seen = self.read(b"DONE\r\n").decode()
        self.send("\x03")
        return seen

    def close(self):
        self.send("\x03\nexit\n")
        os.close(self.terminal)
        os.waitpid(self.pid, 0)


@pytest.fixture
def bash(tmp_path):
    shell = Bash(tmp_path)
    yield shell
    shell.close()


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("filterlang che", "filterlang check "),
        ("filterlang check numberOfV", "filterlang check numberOfVisits "),
        ("filterlang help mat", "filterlang help match "),
        ("filterlang help schema inf", "filterlang help schema infer "),
        # It has no more commands in it.
        ("filterlang help match mat", "filterlang help match mat"),
        ("filterlang help nothing inf", "filterlang help nothing inf"),
        ("filterlang check --schema acc", "filterlang check --schema accounts "),
        # Nothing begins so, although names hold these letters.
        ("filterlang check lsd", "filterlang check lsd"),
        ("filterlang check xyz", "filterlang check xyz"),
        # Several begin so; what they have in common is there already.
        ("filterlang check firstN", "filterlang check firstName "),
    ],
)
def test_tab_adds_to_what_was_typed(bash, typed, line):
    assert f"LINE[{line}]END" in bash.completed(typed).replace("\r", "")
