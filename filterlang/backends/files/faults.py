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

    @property
    def hint(self) -> str | None:
        """What would help, where that is known and isn't in the message; a text, or None."""
        return None


class HintedFault(Fault):
    """A fault of which it is known what would help."""

    @classmethod
    def of(cls, fault: Fault, hint: str) -> HintedFault:
        """Add to a fault what would help."""
        hinted = cls(*fault)
        hinted.__dict__["hint"] = hint
        return hinted

    @property
    def hint(self) -> str:
        """What would help."""
        text: str = self.__dict__["hint"]
        return text


class FileError(Exception):
    """A file can't be read or written; the message says which, where, and why.

    What would help, if it isn't in the message, is a note of the error.

    Attributes:
        fault: the same as a `Fault`.
    """

    fault: Fault

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault)
        if fault.hint is not None:
            self.add_note(fault.hint)

    def __str__(self) -> str:
        return str(self.fault)


class InputError(Exception):
    """An input can't be read, or not to its end; the message says why, not of which input.

    Attributes:
        hint: what would help, to be said beside the message; None if that isn't known.
    """

    hint: str | None

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def only_the_last(title: str) -> str:
    """Say that a file is several, as where they were joined, and what to do."""
    return (
        f"here several {title} stand one after the other, of which only the last one can be read; "
        "give each as a file of its own"
    )


def reason_of(error: OSError) -> str:
    """Return why the system refused, as the end of a message."""
    text = showable(error.strerror or str(error))
    return text[:1].lower() + text[1:]
