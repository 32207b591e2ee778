"""Console blocks of documents as Sybil examples: the commands are run, the output is compared.

A block looks like a terminal::

    ```console
    $ filterlang encode 'name==Smith\\, John'
    filter=name%3D%3DSmith%5C%2C%20John
    $ filterlang encode 'name' \\
          'score>1'
    error: …
    $ echo $?
    2
    ```

A command begins with ``$ ``, and goes on to the next line after a backslash. What follows is all
that it writes, to either stream and in that order. ``$?`` is the exit code of the command before.
Every block of this language is run: commands that set a machine up belong in a ``sh`` block.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sybil.parsers.markdown import CodeBlockParser

if TYPE_CHECKING:
    from sybil import Example

# `filterlang` where a shell expects the name of a command.
_CALLS_FILTERLANG = re.compile(r"(?:^|[|;&(\n]\s*)filterlang(?:\s|$)")
_TIMEOUT = 60  # seconds for one command


class Command(NamedTuple):
    """One command of a block, with what it is to write."""

    line: int  # counted from 0, from the first line of the block's text
    text: str
    expected: str


def read_commands(source: str) -> list[Command]:
    """Read the commands of the text of one block.

    Raises ValueError for a text that is no session with filterlang.
    """
    commands: list[Command] = []
    lines = iter(enumerate(source.splitlines()))
    for number, line in lines:
        if line.startswith("$ "):
            text = line.removeprefix("$ ")
            while text.endswith("\\"):
                _, more = next(lines, (number, ""))
                text = f"{text}\n{more.removeprefix('> ')}"
            commands.append(Command(number, text, ""))
        elif commands:
            last = commands[-1]
            commands[-1] = last._replace(expected=f"{last.expected}{line}\n")
        else:
            message = f"a console block begins with a command ('$ …'), found {line!r}"
            raise ValueError(message)
    if not any(_CALLS_FILTERLANG.search(command.text) for command in commands):
        message = "no command of this console block calls filterlang; is it meant as a sh block?"
        raise ValueError(message)
    return commands


def run(command: str, *, cwd: Path, previous_status: int = 0) -> tuple[str, int]:
    """Run one command by the shell; return all that it wrote, and its exit code."""
    environment = {
        **os.environ,
        # The command of the environment that the tests run in, also if that is not activated.
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        # A document shows what a plain terminal of 80 columns would.
        "COLUMNS": "80",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
        # Otherwise the two streams would be mixed in another order than on a terminal.
        "PYTHONUNBUFFERED": "1",
        "TERM": "dumb",
    }
    for name in ("CLICOLOR_FORCE", "FORCE_COLOR"):
        environment.pop(name, None)
    finished = subprocess.run(
        ["/bin/sh", "-c", f"(exit {previous_status})\n{command}"],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=_TIMEOUT,
    )
    return finished.stdout, finished.returncode


class ConsoleBlockParser(CodeBlockParser):
    """Finds the ``console`` blocks of a Markdown document, and runs them in the folder `cwd`."""

    language = "console"

    def __init__(self, cwd: Path) -> None:
        super().__init__()
        self.cwd = cwd

    def evaluate(self, example: Example) -> str | None:
        """Run the commands of one block; return how the output differs, or None."""
        status = 0
        for command in read_commands(str(example.parsed)):
            written, status = run(command.text, cwd=self.cwd, previous_status=status)
            # A block can't show whether the last line was ended.
            if written and not written.endswith("\n"):
                written += "\n"
            if written != command.expected:
                difference = difflib.unified_diff(
                    command.expected.splitlines(),
                    written.splitlines(),
                    f"the document, line {example.line + 1 + command.line}",
                    f"$ {command.text} (exit code {status})",
                    lineterm="",
                )
                return "\n".join(difference)
        return None
