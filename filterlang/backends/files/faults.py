"""What may be wrong with files: where it is, and what it is."""

from __future__ import annotations

from typing import NamedTuple

from filterlang.diagnostics.diagnostic import showable

Place = int | str
"""The number of a line or row, or the way to a record in a list."""


class Fault(NamedTuple):
    """What is wrong with an input, at one place of it.

    Fields: `file`, its name; `line`, which of its lines (rows, in formats without lines), counted
    from 1, or the place of a record in a list (`users[17]` in a saved answer, counted from 0), or
    None for the file as a whole; `message`. `str()` gives `file:line: message`.
    """

    file: str
    line: Place | None
    message: str

    def __str__(self) -> str:
        file = showable(self.file)
        place = file if self.line is None else f"{file}:{self.line}"
        return f"{place}: {showable(self.message)}"


class FileError(Exception):
    """A file can't be read or written; the message says which, where, and why.

    Attributes:
        fault: the same as a `Fault`.
    """

    fault: Fault

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)

    def __str__(self) -> str:
        return str(self.fault)


class InputError(Exception):
    """An input can't be read, or not to its end; the message says why, not of which input."""


def reason_of(error: OSError) -> str:
    """Return why the system refused, as the end of a message."""
    text = showable(error.strerror or str(error))
    return text[:1].lower() + text[1:]
