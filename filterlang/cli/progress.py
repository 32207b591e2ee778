"""How far the input has been read, on a terminal, once that takes longer."""

from __future__ import annotations

from math import inf
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

_DELAY = 2.0
"""Seconds; what is done sooner needs no progress."""
_INTERVAL = 0.1
"""Seconds from one update to the next."""


class Progress:
    """A bar on standard error, or a counter where nobody knows how much there is to read.

    It leaves no trace on the terminal.
    """

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._done = 0
        self._next = monotonic() + _DELAY
        self._bar: Bar | None = None

    def advance(self, size: int) -> None:
        """Count bytes, and show it if it is time to."""
        self._done += size
        now = monotonic()
        if now < self._next:
            return
        self._next = now + _INTERVAL
        if self._bar is None:
            try:
                self._bar = _started(self._total, self._done)
            except ModuleNotFoundError:
                # Without rich all works but this.
                self._next = inf
        else:
            self._bar.update(self._bar.task_ids[0], completed=self._done, refresh=True)

    def hide(self) -> None:
        """Take it off the terminal, until the next update."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


def _started(total: int | None, done: int) -> Bar:
    # Most runs are over before this is needed, and it takes longer to import than they to run.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        FileSizeColumn,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bar

    columns: list[ProgressColumn] = [TextColumn("read")]
    if total is None:
        columns += [FileSizeColumn()]
    else:
        columns += [DownloadColumn(), BarColumn(), TransferSpeedColumn(), TimeRemainingColumn()]
    bar = Bar(
        *columns,
        console=Console(stderr=True),
        # A thread that draws would slow down the one that reads.
        auto_refresh=False,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.add_task("", total=total, completed=done)
    bar.start()
    return bar
