"""Where a command writes: data to standard output, all else to standard error."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING

import click

from filterlang.cli.exits import ExitCode, if_possible
from filterlang.diagnostics.diagnostic import render, showable_lines

if TYPE_CHECKING:
    from typing import TextIO

    from filterlang.backends.files.faults import Fault
    from filterlang.cli.progress import Progress
    from filterlang.diagnostics.errors import FilterError


_MANY = 3
"""So many lines that aren't UTF-8 are hardly damaged ones."""
_MOST = 20
"""Of each file so many lines are told of that have the same fault; and then how many there are."""
_NO_WIDTH = re.compile(r"expected \d+ cells?,? as (?:in the first row|--columns names)\b")
_COMMENT = "expected a JSON object, found a comment"
_NO_UTF8 = "expected UTF-8, found the byte 0x"


class OutputError(Exception):
    """Standard output or standard error can't be written to.

    It is no `OSError`, so that it isn't taken for one of the input that is being read.
    """

    def __init__(self, reason: OSError) -> None:
        self.reason = reason
        super().__init__(str(reason))


class Console:
    """The two output streams of a command, kept in the order in which things happen.

    Attributes:
        progress: what shows how far the input has been read, or None.
        complained: whether something was wrong with the input.
    """

    complained: bool

    def __init__(self) -> None:
        if sys.stdout is None:
            raise OutputError(OSError(errno.EBADF, "standard output is closed"))
        # Records are passed on byte for byte, and other data is UTF-8 on every machine.
        self._stdout = sys.stdout.buffer
        self.progress: Progress | None = None
        self.complained = False
        self._no_width: Counter[str] = Counter()
        self._comments: Counter[str] = Counter()
        self._no_utf8: dict[str, Counter[int]] = {}

    def write(self, data: bytes) -> None:
        """Write data to standard output, at the latest when more input is waited for."""
        try:
            written = self._stdout.write(data)
            # Under PYTHONUNBUFFERED, as in many containers, a part may have been written only.
            while written < len(data):
                written += self._stdout.write(data[written:])
        except OSError as error:
            raise OutputError(error) from error

    def write_lines(self, lines: list[str]) -> None:
        """Write texts to standard output, one a line."""
        self.write("".join(f"{line}\n" for line in lines).encode())

    def flush(self) -> None:
        """Hand over what has been written."""
        try:
            self._stdout.flush()
        except OSError as error:
            raise OutputError(error) from error

    def say(self, message: str) -> None:
        """Write a message to standard error, after the data that came before it."""
        self.say_rendered(showable_lines(message))

    def say_rendered(self, text: str) -> None:
        """Write what `render` made, which may have colours, to standard error as it is."""
        self.flush()
        self.hide_progress()
        click.echo(text, err=True)

    def tell_of_terminal(self, what: str, *, otherwise: str = "") -> None:
        """Say that somebody has to type what is read, where standard input is a terminal."""
        if is_terminal(sys.stdin):
            end = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D"
            self.say(f"reading {what} from the terminal; end them with {end}{otherwise}")

    def refuse(self, message: str) -> ExitCode:
        """Say why nothing can be done, after what was written, and return the exit code for it."""
        self.flush()
        self.hide_progress()
        return refuse(message)

    def complain(self, message: str) -> None:
        """Say that something is wrong with the input, and remember it for the exit code."""
        self.complained = True
        self.say(message)

    def complain_of(self, fault: Fault) -> None:
        """Complain of a fault in the input; of what very many lines have, some times only."""
        told = str(fault)
        if fault.message.startswith(_NO_UTF8):
            found = self._no_utf8.setdefault(fault.file, Counter())
            found[_byte_in(fault.message)] += 1
            is_told = found.total() <= _MOST
        elif _NO_WIDTH.match(fault.message):
            self._no_width[fault.file] += 1
            is_told = self._no_width[fault.file] <= _MOST
        elif fault.message == _COMMENT:
            self._comments[fault.file] += 1
            is_told = self._comments[fault.file] == 1
            # What few need is loaded for these.
            from filterlang.backends.files.json_records.near_json import LEAVE_COMMENTS

            told = f"{told}; {LEAVE_COMMENTS}"
        else:
            is_told = True
        self.complained = True
        if is_told:
            self.say(told)
        if fault.hint is not None:
            self.say(f"{fault.file}: {fault.hint}")

    def tell_what_helps(self) -> None:
        """Say at the end what would help against faults that many lines may have."""
        for file, count in self._no_width.items():
            if count > _MOST:
                told = "haven't as many cells as there are names, as those of the lines above"
                self.say(f"{file}: {count:,} rows in all {told}")
        self._no_width.clear()
        for file, count in self._comments.items():
            if count > 1:
                self.say(f"{file}: {count:,} lines in all are comments")
        self._comments.clear()
        for file, found in self._no_utf8.items():
            count = found.total()
            if count > _MOST:
                self.say(f"{file}: {count:,} lines in all aren't UTF-8, as the first {_MOST}")
            if count >= _MANY:
                # What few need is loaded for these.
                from filterlang.backends.files.opening.other_encodings import likely_encoding

                likely = likely_encoding(found)
                told = (
                    "what it is, as latin-1" if likely is None else f"{likely}, which it likely is"
                )
                self.say(f"{file}: if its text isn't UTF-8, say by --encoding {told}")
        self._no_utf8.clear()

    def before_reading(self, size: int) -> None:
        """Do what is due before more input is waited for; `size` bytes have been read lately.

        Called once for some thousand bytes, so that neither flushing nor the progress costs time
        for every record, and yet nobody waits for what has been found.
        """
        self.flush()
        if self.progress is not None:
            try:
                self.progress.advance(size)
            except OSError as error:
                raise OutputError(error) from error

    def hide_progress(self) -> None:
        """Take the progress off the terminal; it comes back by itself when reading goes on."""
        if self.progress is not None:
            self.progress.hide()


def _byte_in(message: str) -> int:
    """Return the byte that a line isn't UTF-8 by."""
    return int(message.removeprefix(_NO_UTF8)[:2], 16)


def refuse(message: str) -> ExitCode:
    """Say on standard error why usage is wrong, if it can be said, and return its exit code."""
    with if_possible():
        click.echo(message, err=True)
    return ExitCode.BAD_USAGE


def rendered(error: FilterError) -> str:
    """Show what is wrong with filters as the library does, in colours on a terminal."""
    text = render(
        error.diagnostics,
        error.sources,
        query=error.query,
        color=is_terminal(sys.stderr) and wants_color(),
    )
    return "\n".join([text, *getattr(error, "__notes__", ())])


def is_terminal(stream: TextIO | None) -> bool:
    """Return whether a standard stream, which may be closed, is a terminal."""
    return stream is not None and stream.isatty()


def wants_color() -> bool:
    """Return whether the person in front of the terminal wants colours (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
