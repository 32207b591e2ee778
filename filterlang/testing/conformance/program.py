"""A program that is asked by lines of JSON: one line in, one line out."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.diagnostic import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType
    from typing import IO, Self

LONGEST_ANSWER = 1 << 20
"""So many bytes an answer may have, its line end included."""


class ProgramError(Exception):
    """A program gave no answer; the text says how."""


class Program:
    """A program that is started, asked, and ended. A context manager.

    Args:
        command: the program and its arguments.
        timeout: how many seconds an answer may take.
    """

    def __init__(self, command: Sequence[str], timeout: float) -> None:
        self._command = command
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.Queue[bytes] = queue.Queue()
        self._reader: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.end()

    def ask(self, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the program's answer to a question. A program that isn't running is started.

        Raises:
            OSError: if the program can't be started.
            ProgramError: if it gives no answer in time, or one that is no object of JSON. It's
                ended then, and the next question starts it again.
        """
        process = self._process or self._start()
        line = json.dumps(question).encode() + b"\n"
        try:
            _pipe(process.stdin).write(line)
            _pipe(process.stdin).flush()
            answer = self._answers.get(timeout=self._timeout)
        except queue.Empty:
            self.end()
            message = f"no answer within {self._timeout:g} seconds"
            raise ProgramError(message) from None
        except BrokenPipeError:
            answer = b""
        if not answer:
            code = self.end()
            message = f"the program ended (exit code {code}) without an answer"
            raise ProgramError(message)
        try:
            read = json.loads(answer)
        except ValueError:
            read = None
        if not isinstance(read, dict):
            self.end()
            text = answer[:200].decode("utf-8", "replace").rstrip()
            message = f"expected a line with an object of JSON, found {shown(text)}"
            raise ProgramError(message)
        return read

    def end(self) -> int | None:
        """End the program, and return its exit code."""
        process, self._process = self._process, None
        if process is None:
            return None
        with suppress(BrokenPipeError):  # It may have ended already.
            _pipe(process.stdin).close()
        try:
            code = process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        if self._reader is not None:
            # It ends with the program, unless another process has the pipe open still.
            self._reader.join(timeout=2)
        return code

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 — it is what the caller asks for
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._process = process
        self._answers = queue.Queue()
        self._reader = threading.Thread(
            target=_read, args=(_pipe(process.stdout), self._answers), daemon=True
        )
        self._reader.start()
        return process


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    """Return a stream that is a pipe, which type checkers can't know."""
    assert stream is not None
    return stream


def _read(stream: IO[bytes], answers: queue.Queue[bytes]) -> None:
    """Put each line where it is waited for, and an empty one at the end."""
    with stream:
        while line := stream.readline(LONGEST_ANSWER):
            answers.put(line)
    answers.put(b"")
