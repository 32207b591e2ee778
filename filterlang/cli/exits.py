"""How a command ends: the exit codes, which are ripgrep's with one for bad input, and why."""

from __future__ import annotations

from enum import IntEnum

from filterlang.backends.files.faults import reason_of

__all__ = ["ExitCode", "reason_of"]


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
