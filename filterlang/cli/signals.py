"""Signals that end the command: first it cleans up, then it dies of the signal, as shells expect.

Handlers belong to the command alone: a program that uses the library keeps its own.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType

_ENDING = [
    getattr(signal, name)
    for name in ("SIGTERM", "SIGHUP")
    if hasattr(signal, name)  # Windows has no terminals that hang up.
]


class EndedError(BaseException):
    """A signal asks the command to end; as with `KeyboardInterrupt`, nothing takes it for a fault.

    Attributes:
        number: of the signal.
    """

    number: int

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


@contextmanager
def ended_by_signals() -> Generator[None, None, None]:
    """Raise `EndedError` for signals that would end this process, so that it can clean up.

    Signals that are ignored, as SIGHUP is below `nohup`, or for which somebody has a handler are
    left alone; and so are all of them outside the main thread, where Python allows no handlers.
    """
    owner = os.getpid()

    def end(number: int, frame: FrameType | None) -> None:
        del frame
        if os.getpid() != owner:
            # A process that has just been forked has nothing to clean up: what there is isn't its.
            die_by(number)
        elif not _is_ending():
            raise EndedError(number)

    is_main = threading.current_thread() is threading.main_thread()
    handled = [
        number for number in _ENDING if is_main and signal.getsignal(number) == signal.SIG_DFL
    ]
    try:
        for number in handled:
            signal.signal(number, end)
        yield
    finally:
        for number in handled:
            signal.signal(number, signal.SIG_DFL)


def _is_ending() -> bool:
    """Return whether the command is cleaning up already.

    `timeout` sends its signal twice, to a process and to its group. The second one must not
    interrupt the cleaning up.
    """
    error = sys.exception()
    while error is not None:
        if isinstance(error, (EndedError, KeyboardInterrupt)):
            return True
        error = error.__context__
    return False


def die_by(number: int) -> int:
    """End this process by a signal; where that is blocked, return the exit code for it."""
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
    return 128 + number
