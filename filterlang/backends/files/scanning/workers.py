"""Processes that scan, whatever each of them is given to do.

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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext
    from multiprocessing.process import BaseProcess

    from filterlang.backends.files.scanning.scanner import Scanner


WIDTH = 1 << 20
"""So many bytes a pipe holds by which blocks are dealt; more takes a privilege on Linux."""


def start_workers(
    stack: ExitStack,
    work: Callable[..., None],
    arguments: Iterable[tuple[Any, ...]],
    *,
    are_dealt: bool = False,
) -> list[Worker]:
    """Start a process for each of the arguments, which calls `work` with its pipe and them.

    Where blocks are dealt to them, the pipe by which these come stands before the arguments. They
    are stopped with the stack, each of them whatever happens.

    Raises:
        InputError: where the system starts no more of them.
    """
    context: Any = _context()  # the stubs know no `Process` of a context in general
    try:
        return _started(context, stack, work, arguments, are_dealt=are_dealt)
    except OSError as error:
        remedy = _remedy(is_forked=_is_forked(context))
        message = f"no process can be started to read it: {reason_of(error)}; {remedy}"
        raise InputError(message) from error


def _started(
    context: Any,
    stack: ExitStack,
    work: Callable[..., None],
    arguments: Iterable[tuple[Any, ...]],
    *,
    are_dealt: bool,
) -> list[Worker]:
    alive, lifeline = context.Pipe(duplex=False)
    stack.callback(lifeline.close)
    stack.callback(alive.close)
    # A process that is forked inherits all that is open here. As long as it holds the ends of
    # others, these don't notice that nobody is left at them.
    is_forked = _is_forked(context)
    inherited: list[Connection] = [lifeline]
    workers = []
    for given in arguments:
        # Only the process itself holds its ends after it has started, so that its end is noticed.
        with ExitStack() as ends:
            ours, theirs = context.Pipe(duplex=False)
            stack.callback(ours.close)
            ends.callback(theirs.close)
            inherited.append(ours)
            dealing, taken = None, given
            if are_dealt:
                source, dealing = context.Pipe(duplex=False)
                stack.callback(dealing.close)
                ends.callback(source.close)
                inherited.append(dealing)
                _widen(dealing)
                taken = (source, *given)
            others = inherited if is_forked else []
            process = context.Process(
                target=_work, args=(alive, others, theirs, work, taken), daemon=True
            )
            process.start()
        worker = Worker(process, ours, dealing, is_forked=is_forked)
        stack.callback(worker.stop)
        workers.append(worker)
    return workers


def _widen(pipe: Connection) -> None:
    """Let a pipe hold a whole piece where the system can do that, so that nobody waits for it."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, WIDTH)


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


def _is_forked(context: BaseContext) -> bool:
    return context.get_start_method() == "fork"


def _remedy(*, is_forked: bool) -> str:
    """Say what to do where processes come to nothing."""
    if is_forked:
        return "try --jobs 1"
    # Each process runs the script that started it, up to where that starts processes itself.
    return (
        "try --jobs 1 (in Python jobs=1, or begin what the script does with "
        '`if __name__ == "__main__":`)'
    )


class Worker:
    """A process, and the ends of its pipes: for its results, and for what is dealt to it."""

    def __init__(
        self,
        process: BaseProcess,
        pipe: Connection,
        dealing: Connection | None = None,
        *,
        is_forked: bool,
    ) -> None:
        self._is_forked = is_forked
        self._process = process
        self._pipe = pipe
        self._dealing = dealing

    def send(self, message: object, blocks: Iterable[bytes] = ()) -> None:
        """Give it a message, and some blocks, which it has to wait for.

        Raises:
            InputError: where it has ended.
        """
        assert self._dealing is not None
        # What the pipe raises holds the buffer that was being sent, and one error must not hold the
        # other: Python 3.13 complains of buffers that are let go in a circle.
        with suppress(OSError):
            self._dealing.send(message)
            for block in blocks:
                self._dealing.send_bytes(block)
            return
        raise self._ended()

    def has_result(self) -> bool:
        """Return whether there is one, or never will be, so that nobody waits for it."""
        return self._pipe.poll()

    def result(self, scanner: Scanner) -> list[tuple[Any, ...]]:
        """Wait for what was sent; the names that were found with it are no longer looked for.

        Raises:
            InputError: where it has ended, or couldn't read.
        """
        result = None
        # It may end between two messages, or in the middle of one.
        with suppress(EOFError, OSError):
            result = self._pipe.recv()
        if result is None:
            raise self._ended()
        if isinstance(result, str):
            raise InputError(result)
        scans, found = result if isinstance(result, tuple) else (result, [])
        if scanner.sought is not None:
            scanner.sought.drop(found)
        sent: list[tuple[Any, ...]] = scans
        return sent

    def _ended(self) -> InputError:
        self._process.join()
        end = _end_of(self._process.exitcode)
        remedy = _remedy(is_forked=self._is_forked)
        return InputError(f"a worker process that read it ended too early ({end}); {remedy}")

    def stop(self) -> None:
        """End it at once."""
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


# --- Within a process -----------------------------------------------------------------------------


def _work(
    alive: Connection,
    inherited: Sequence[Connection],
    pipe: Connection,
    work: Callable[..., None],
    arguments: tuple[Any, ...],
) -> None:
    # Ctrl-C and the end of a terminal reach all of its processes; the one that started this will
    # stop it. Nor are the handlers of that one for this one.
    for name, action in _SIGNALS.items():
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), action)
    for connection in inherited:
        connection.close()
    Thread(target=_end_with, args=(alive,), daemon=True).start()
    with suppress(ConnectionError), pipe:
        work(pipe, *arguments)


_SIGNALS = {"SIGINT": signal.SIG_IGN, "SIGHUP": signal.SIG_IGN, "SIGTERM": signal.SIG_DFL}


def _end_with(alive: Connection) -> None:
    """End this process when the one that started it is gone, whatever else it waits for."""
    with suppress(EOFError, OSError):
        alive.recv_bytes()
    os._exit(1)


def send_scans(
    pipe: Connection, scanner: Scanner, scan: Callable[[], Iterable[tuple[Any, ...]]]
) -> None:
    """Scan, and send what was found as tuples, with the names that have been found meanwhile."""
    before = _missing(scanner)
    sent = [tuple(one) for one in scan()]
    found = before.difference(_missing(scanner))
    pipe.send((sent, list(found)) if found else sent)


def _missing(scanner: Scanner) -> set[str]:
    return set() if scanner.sought is None else set(scanner.sought.missing)
