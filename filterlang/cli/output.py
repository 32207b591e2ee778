"""What the command writes: data to standard output, all else to standard error."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from filterlang.diagnostics import render

if TYPE_CHECKING:
    from filterlang.cli.records import Lines
    from filterlang.errors import FilterError

DONE, NOTHING_MATCHED, USAGE, BAD_INPUT = range(4)
"""Exit codes."""


def say(message: str) -> None:
    """Write a line to standard error."""
    sys.stderr.write(message + "\n")


def show_error(error: FilterError) -> None:
    """Show what is wrong with a filter, in colour on a terminal that wants it."""
    say(render(error.diagnostics, error.sources, query=error.query, color=wants_color()))


def wants_color() -> bool:
    """Whether standard error is a terminal, and nobody asked for it to be plain."""
    return sys.stderr.isatty() and "NO_COLOR" not in os.environ


class Progress:
    """Shows on a terminal how far the reading has come, once it has taken two seconds.

    `step` is called for each line, and looks at the clock only now and then.
    """

    _SILENT = 2.0  # seconds
    _LINES = 2048  # between two looks at the clock

    def __init__(self) -> None:
        self._wanted = sys.stderr.isatty()
        self._started = time.monotonic()
        self._lines = 0

    def step(self, lines: Lines) -> None:
        """Count a line, and show the progress if it's time to."""
        self._lines += 1
        if self._wanted and self._lines % self._LINES == 0:
            self._show(lines)

    def _show(self, lines: Lines) -> None:
        elapsed = time.monotonic() - self._started
        if elapsed < self._SILENT:
            return
        rate = f"{self._lines:,} lines, {self._lines / elapsed:,.0f}/s"
        if lines.size:
            done = lines.position() / lines.size
            left = f", {done:.0%} of {lines.name}"
        else:
            left = f" of {lines.name}"
        # The line is written over in place, and taken away at the end.
        sys.stderr.write(f"\r\x1b[2K{rate}{left}")
        sys.stderr.flush()

    def close(self) -> None:
        """Take the progress line away."""
        if self._wanted and time.monotonic() - self._started >= self._SILENT:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
