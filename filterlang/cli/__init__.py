"""The command `filterlang`; the only part of the library that prints.

Here is what belongs to every command: how it starts, and how it ends when something goes wrong.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import reason_of
from filterlang.cli.exits import ExitCode, discard_unwritten, if_possible
from filterlang.cli.signals import EndedError, die_by, ended_by_signals
from filterlang.diagnostics.missing_packages import MissingPackageError, needed

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMPLETION = "_FILTERLANG_COMPLETE"
"""Shells set this variable to ask click for completions."""
_MOST_ALIVE = 100_000
"""Python looks for cycles after so many new objects that live on.

What is loaded at the start are fewer, all live to the end, and to look through them again and again
takes a part of the time of a short command.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, or with those of the process; return its exit code.

    Where SIGTERM or SIGHUP would end the process, it cleans up before it dies of them.
    """
    thresholds = gc.get_threshold()
    gc.set_threshold(_MOST_ALIVE)
    # What is left at the end of the process is not looked through for cycles: the system takes its
    # memory back faster. Once, however often this is called.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    try:
        with ended_by_signals():
            return _run(sys.argv[1:] if arguments is None else list(arguments))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except EndedError as error:
        return die_by(error.number)
    finally:
        gc.set_threshold(*thresholds)


def _run(arguments: list[str]) -> int:
    try:
        # The core does without click, so this may be the first time that it is missed.
        with needed("the command line", "cli", "click"):
            import click
    except MissingPackageError as error:
        _say(str(error))
        return ExitCode.BAD_USAGE
    # These need click.
    from filterlang.cli.commands import group
    from filterlang.cli.console import OutputError, refuse, rendered
    from filterlang.diagnostics.diagnostic import showable_lines
    from filterlang.diagnostics.errors import FilterError

    if _COMPLETION in os.environ:
        group.main(arguments, prog_name="filterlang")
    try:
        # Not `group.main`, which has its own exit codes for a closed pipe and for Ctrl-C.
        with group.make_context("filterlang", arguments) as context:
            return int(group.invoke(context))
    except click.exceptions.Exit as error:
        return error.exit_code
    except click.ClickException as error:
        if isinstance(error, click.UsageError):
            from filterlang.cli.meant import told_by_meaning

            error = told_by_meaning(error)
        shown = io.StringIO()
        error.show(shown)
        with if_possible():
            # It may name an argument or a file as it was given.
            click.echo(showable_lines(shown.getvalue()), nl=False, err=True)
        return error.exit_code
    except FilterError as error:
        return refuse(rendered(error))
    except OutputError as error:
        return _cannot_write(error.reason)
    except OSError as error:
        # What reads input turns its errors into messages, so it was a message that failed.
        return _cannot_write(error)


def _cannot_write(error: OSError) -> ExitCode:
    discard_unwritten()
    if isinstance(error, BrokenPipeError):
        # Who reads the output has seen enough, as in `filterlang match … | head -1`.
        return ExitCode.BROKEN_PIPE
    _say(f"the output can't be written: {reason_of(error)}")
    return ExitCode.BAD_INPUT


def _say(message: str) -> None:
    if sys.stderr is not None:
        with if_possible():
            sys.stderr.write(f"filterlang: {message}\n")
