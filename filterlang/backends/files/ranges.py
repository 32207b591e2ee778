"""One large file of JSON Lines → scans of its ranges, by several processes, in their order.

Each process takes every n-th range, and sends what it found through a pipe of its own; from these
pipes the results are fetched in turn. A process whose result isn't fetched yet waits, so that never
more is in memory than one range for each of them. A line belongs to the range that it begins in.
"""

from __future__ import annotations

import multiprocessing
import signal
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError, reason_of
from filterlang.backends.files.inputs import BLOCK, RANGE
from filterlang.backends.files.scanner import Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

    from filterlang.backends.files.scanner import Scanner


def scan_ranges(
    path: str, scanner: Scanner, jobs: int, before_reading: Callable[[int], None]
) -> Generator[Scan, None, None]:
    """Scan a plain file by so many processes; gives the scans of its blocks in their order.

    Raises:
        InputError: where the file can't be read on, after the scans before that.
    """
    try:
        size = Path(path).stat().st_size
    except OSError as error:
        raise InputError(reason_of(error)) from error
    context = _context()
    workers = [_Worker(context, path, scanner, size, first, jobs) for first in range(jobs)]
    try:
        for number in range(-(-size // RANGE)):
            before_reading(RANGE if number else 0)
            yield from workers[number % jobs].result()
    finally:
        for worker in workers:
            worker.stop()


_THREADS = Path("/proc/self/task")
"""Where Linux lists the threads of a process, those of libraries too."""


def can_fork() -> bool:
    """Whether it is safe to fork: only where nothing else is running in this process."""
    try:
        return sum(1 for _ in _THREADS.iterdir()) == 1
    except OSError:
        return False  # This isn't Linux; elsewhere libraries of the system may have threads.


def _context() -> BaseContext:
    """Fork where that is safe: it needs no time, and the parsed filters come along."""
    return multiprocessing.get_context("fork" if can_fork() else "spawn")


class _Worker:
    """A process, and the end of its pipe."""

    def __init__(  # noqa: PLR0913, PLR0917 — what the process has to know
        self,
        context: Any,  # noqa: ANN401 — the stubs know no `Process` of a context in general
        path: str,
        scanner: Scanner,
        size: int,
        first: int,
        step: int,
    ) -> None:
        self._ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(
            target=_work, args=(theirs, path, scanner, size, first, step), daemon=True
        )
        self._process.start()
        # Only the process itself holds this end now, so that its end is noticed.
        theirs.close()

    def result(self) -> list[Scan]:
        try:
            result = self._ours.recv()
        except EOFError:
            self._process.join()
            message = (
                "a process that read it ended without a word "
                f"(exit code {self._process.exitcode}); try --jobs 1"
            )
            raise InputError(message) from None
        if isinstance(result, str):
            raise InputError(result)
        return [Scan(*scan) for scan in result]

    def stop(self) -> None:
        self._ours.close()
        self._process.terminate()
        self._process.join()


def _work(  # noqa: PLR0913, PLR0917 — as above
    pipe: Connection, path: str, scanner: Scanner, size: int, first: int, step: int
) -> None:
    # Ctrl-C reaches all processes of a terminal; the one that started this will stop it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(BrokenPipeError), pipe:
        try:
            for start in range(first * RANGE, size, step * RANGE):
                pipe.send([tuple(scan) for scan in scan_range(path, scanner, start, start + RANGE)])
        except OSError as error:
            pipe.send(reason_of(error))


def scan_range(path: str, scanner: Scanner, start: int, end: int) -> list[Scan]:
    """Scan the lines that begin within a range of bytes."""
    scans = []
    with Path(path).open("rb", buffering=BLOCK) as file:
        place = start
        if start:
            # The line before may end just here, so its last byte is looked at, too.
            file.seek(start - 1)
            place += len(file.readline()) - 1
        while place < end and (block := file.read(min(BLOCK, end - place))):
            if not block.endswith(b"\n"):
                block += file.readline()
            place += len(block)
            scans.append(scanner.scan(block))
    return scans
