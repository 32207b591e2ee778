"""How a command ends: the exit codes, which are ripgrep's with one for bad input."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


class ExitCode(IntEnum):
    """How a command ended.

    `BAD_INPUT` wins over the two above it, so that a script sees that something is missing;
    `BAD_USAGE` wins over all, since nothing was read then.
    """

    SUCCESS = 0
    NOTHING_MATCHED = 1
    BAD_USAGE = 2
    BAD_INPUT = 3
    """Also where the output can't be written."""
    INTERRUPTED = 130
    """What a shell reports of a process that Ctrl-C (signal 2) ended."""
    BROKEN_PIPE = 141
    """What a shell reports of a process that a closed pipe (signal 13) ended."""


@contextmanager
def if_possible() -> Generator[None, None, None]:
    """Let go of messages that can't be written, where the exit code says the same without them."""
    try:
        yield
    except OSError:
        discard_unwritten()


def discard_unwritten() -> None:
    """Let go of what can't be written; Python would try it again at exit, and complain."""
    for stream in (sys.stdout, sys.stderr):
        if stream is None:
            continue
        try:
            stream.flush()
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
