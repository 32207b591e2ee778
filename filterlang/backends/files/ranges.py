"""One large file of JSON Lines → scans of its ranges, by several processes, in their order.

Each process takes every n-th range, and sends what it found through a pipe of its own; from these
pipes the results are fetched in turn. A process whose result isn't fetched yet waits, so that never
more is in memory than one range for each of them. A line belongs to the range that it begins in.

However the process that started them ends, they end with it: each waits for the end of one pipe,
the lifeline, whose other end that process alone holds.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError, reason_of
from filterlang.backends.files.inputs import BLOCK, RANGE, read_range
from filterlang.backends.files.scanner import Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

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
    with ExitStack() as stack:
        try:
            workers = _started(stack, path, scanner, size, jobs)
        except OSError as error:
            message = f"no process can be started to read it: {reason_of(error)}; try --jobs 1"
            raise InputError(message) from error
        for number in range(-(-size // RANGE)):
            before_reading(RANGE if number else 0)
            scans, found = workers[number % jobs].result()
            if scanner.sought is not None:
                scanner.sought.drop(found)
            yield from scans


def _started(stack: ExitStack, path: str, scanner: Scanner, size: int, jobs: int) -> list[_Worker]:
    """Start the processes; they are stopped with the stack, each of them whatever happens."""
    context: Any = _context()  # the stubs know no `Process` of a context in general
    alive, lifeline = context.Pipe(duplex=False)
    stack.callback(lifeline.close)
    stack.callback(alive.close)
    # A process that is forked inherits all that is open here. As long as it holds the ends of
    # others, these don't notice that nobody is left at them.
    is_forked = context.get_start_method() == "fork"
    inherited: list[Connection] = [lifeline]
    workers = []
    for first in range(jobs):
        ours, theirs = context.Pipe(duplex=False)
        stack.callback(ours.close)
        inherited.append(ours)
        others = inherited if is_forked else []
        # Only the process itself holds this end after it has started, so that its end is noticed.
        with theirs:
            process = context.Process(
                target=_work,
                args=(alive, others, theirs, path, scanner, size, first, jobs),
                daemon=True,
            )
            process.start()
        worker = _Worker(process, ours)
        stack.callback(worker.stop)
        workers.append(worker)
    return workers


_THREADS = Path("/proc/self/task")
"""Where Linux lists the threads of a process, those of libraries too."""


def can_fork() -> bool:
    """Return whether it is safe to fork: only where nothing else is running in this process."""
    try:
        return sum(1 for _ in _THREADS.iterdir()) == 1
    except OSError:
        return False  # This isn't Linux; elsewhere libraries of the system may have threads.


def _context() -> BaseContext:
    """Fork where that is safe: it needs no time, and the parsed filters come along."""
    return multiprocessing.get_context("fork" if can_fork() else "spawn")


class _Worker:
    """A process, and the end of its pipe."""

    def __init__(self, process: BaseProcess, pipe: Connection) -> None:
        self._process = process
        self._pipe = pipe

    def result(self) -> tuple[list[Scan], list[str]]:
        """Wait for the scans of a range, and the names that have been found in it."""
        try:
            result = self._pipe.recv()
        except (EOFError, OSError):
            # It ended between two messages, or in the middle of one.
            self._process.join()
            end = _end_of(self._process.exitcode)
            message = f"a worker process that read it ended too early ({end}); try --jobs 1"
            raise InputError(message) from None
        if isinstance(result, str):
            raise InputError(result)
        scans, found = result if isinstance(result, tuple) else (result, [])
        return [Scan(*scan) for scan in scans], found

    def stop(self) -> None:
        # Not by SIGTERM, which it may still handle as the program that it was forked from does.
        self._process.kill()
        self._process.join()


def _end_of(code: int | None) -> str:
    """Return how a process ended, by the exit code that Python gives it."""
    if code is None or code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"  # It is one of those that have no names.


def _work(
    alive: Connection,
    inherited: Sequence[Connection],
    pipe: Connection,
    path: str,
    scanner: Scanner,
    size: int,
    first: int,
    step: int,
) -> None:
    # Ctrl-C and the end of a terminal reach all of its processes; the one that started this will
    # stop it. Nor are the handlers of that one for this one.
    for name, action in _SIGNALS.items():
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), action)
    for connection in inherited:
        connection.close()
    Thread(target=_end_with, args=(alive,), daemon=True).start()
    _send_ranges(pipe, path, scanner, size, first, step)


_SIGNALS = {"SIGINT": signal.SIG_IGN, "SIGHUP": signal.SIG_IGN, "SIGTERM": signal.SIG_DFL}


def _end_with(alive: Connection) -> None:
    """End this process when the one that started it is gone, whatever else it waits for."""
    with suppress(EOFError, OSError):
        alive.recv_bytes()
    os._exit(1)


def _send_ranges(
    pipe: Connection, path: str, scanner: Scanner, size: int, first: int, step: int
) -> None:
    with suppress(BrokenPipeError), pipe:
        try:
            for start in range(first * RANGE, size, step * RANGE):
                before = _missing(scanner)
                scans = scan_range(path, scanner, start, start + RANGE)
                found = before.difference(_missing(scanner))
                sent = [tuple(scan) for scan in scans]
                pipe.send((sent, list(found)) if found else sent)
        except OSError as error:
            pipe.send(reason_of(error))


def _missing(scanner: Scanner) -> set[str]:
    return set() if scanner.sought is None else set(scanner.sought.missing)


def scan_range(path: str, scanner: Scanner, start: int, end: int) -> list[Scan]:
    """Scan the lines that begin within a range of bytes."""
    blocks = read_range(path, start, end, BLOCK, scanner.max_line)
    return [scanner.scan(block) for block in blocks]
