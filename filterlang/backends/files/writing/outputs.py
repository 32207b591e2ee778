"""A file that is written beside its place, and put there when it is whole."""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Self, cast

from filterlang.backends.files.faults import Fault, FileError, reason_of
from filterlang.backends.files.formats import FORMAT_NAMED, FORMATS, format_of_name
from filterlang.backends.files.opening.compressions import (
    COMPRESSIONS,
    compression_of_name,
    without_ending,
)
from filterlang.backends.files.typed_texts.texts import ValueFormatError
from filterlang.backends.files.writing.parts import Parts
from filterlang.backends.files.writing.writer import Sink
from filterlang.backends.files.writing.writers import AS_READ, Dividing, make_writer
from filterlang.diagnostics.diagnostic import quoted, showable
from filterlang.diagnostics.missing_packages import MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType

    from filterlang.backends.files.selected import Selected
    from filterlang.backends.files.writing.writer import Writer


def expect_writable(
    to: str, format_: str | None = None
) -> tuple[str, Callable[[BinaryIO], BinaryIO] | None]:
    """Return the format in which a file is to be written, and what compresses it.

    Raises:
        FileError: for a name whose end tells what can't be written, or nothing that is known.
    """
    name = without_ending(to)
    kind = compression_of_name(to)
    ending = Path(name).suffix
    found = FORMAT_NAMED[format_] if format_ is not None else format_of_name(name)
    message = None
    if kind is not None and kind.pack is None:
        packed = " ".join(one.endings[0] for one in COMPRESSIONS if one.pack is not None)
        message = f"{kind.name} data can be read, but not written; expected one of {packed}"
    elif found is None:
        if not ending or _is_direct(to):
            found = FORMAT_NAMED["jsonl"]
        else:
            message = f"no format is known whose names end in {quoted(ending)}"
    elif not found.is_written:
        message = f"{found.title} can be read, but not written"
    elif kind is not None and found.kind == "table":
        message = (
            f"the format {found.name} is compressed within; "
            "leave the end of the name that says so out"
        )
        raise FileError(Fault(to, None, message))
    if found is None or not found.is_written:
        written = " ".join(ending for one in FORMATS if one.is_written for ending in one.endings)
        message = f"{message}; expected one of {written}, or --format (in Python format=)"
    if found is None or message is not None:
        raise FileError(Fault(to, None, str(message)))
    return found.name, None if kind is None else kind.pack


class Output:
    """A file being written, as a context manager; what raises within it leaves no trace of it.

    Until it is whole, its data stands beside it under other names (`.NAME.….part`), so that nobody
    takes a part for the whole, and an input may have the same name. Nobody can know these
    before, and several that write to one place don't meet: the last one to be whole stays. A file
    that is replaced leaves its mode to the new one. Devices and pipes are written to at once, and
    so is what is open already, such as /dev/stdout: others write to it before and after.

    Args:
        to: the path; the end of its name tells format and compression.
        format: in the place of what the name tells.
        select: the names to write, each with the name that is looked for; None for all that a
            record holds.
        dividing: what divides cells.
        tables: returns the schemas of the tables that are read, as far as they are known before.

    Attributes:
        is_direct: whether it is written to at once, as what is no file; then nothing was there.

    Raises:
        FileError: where it can't be written; the message says why.
    """

    def __init__(
        self,
        to: str,
        format: str | None = None,
        select: Mapping[str, str] | None = None,
        dividing: Dividing = AS_READ,
        tables: Callable[[], Iterable[object]] = tuple,
    ) -> None:
        self._to = to
        self._tables = tables
        self._dividing = dividing
        # Through a link to the file itself.
        self._place = Path(os.path.realpath(to))
        self._format, self._compression = expect_writable(to, format)
        self._select = select
        self._writer: Writer | None = None
        self.is_direct: bool = _is_direct(to)
        self._is_placed = False
        self._mode = None if self.is_direct else _mode_of(self._place)
        # What replaces a file may be as private as that, from the beginning.
        mode = 0o666 if self._mode is None else 0o600
        self._parts = None if self.is_direct else Parts(self._place, mode)

    def __enter__(self) -> Self:
        try:
            self._file = self._opened()
        except OSError as error:
            raise self._failed(reason_of(error)) from error
        self._sink = Sink(self._file)
        try:
            self._stream = self._compressed()
            self._writer = make_writer(
                self._format, self._stream, self._select, self._dividing, self._tables, self._parts
            )
        except MissingPackageError as error:
            self._discard()
            raise self._failed(str(error)) from None
        except BaseException:
            # Libraries are loaded here, which takes long enough for an interrupt.
            self._discard()
            raise
        return self

    def _opened(self) -> BinaryIO:
        if self._parts is not None:
            return self._parts.begin()
        descriptor = descriptor_of(self._to)
        # To open the file of a descriptor anew would empty it.
        return (
            Path(self._to).open("wb") if descriptor is None else os.fdopen(os.dup(descriptor), "wb")
        )

    @property
    def _entered(self) -> Writer:
        assert self._writer is not None
        return self._writer

    def _compressed(self) -> BinaryIO:
        if self._compression is None:
            return self._file
        return self._compression(cast("BinaryIO", self._sink))

    def told(self) -> str | None:
        """Return what to say at the end of what could not be written as it was."""
        return self._entered.told()

    def write(self, selected: Selected) -> None:
        """Write what was selected."""
        try:
            self._entered.write(selected)
        except OSError as error:
            raise self._failed(reason_of(error)) from error
        except ValueFormatError as error:
            raise self._failed(str(error)) from error

    def complete(self) -> None:
        """Write what belongs to the end; the file isn't in its place yet."""
        try:
            self._entered.finish()
            if self._compression is not None:
                self._stream.close()
            file = self._file if self._parts is None else self._parts.file
            file.flush()
            file.close()
        except OSError as error:
            raise self._failed(reason_of(error)) from error
        except ValueFormatError as error:
            raise self._failed(str(error)) from error

    def place(self, *, is_whole: bool = True) -> str:
        """Put the complete file in its place; under `NAME.partial` if it isn't whole.

        Return where it is.
        """
        self._is_placed = True
        try:
            if self._parts is None:
                return self._to
            beside = self._parts.path
            place = self._place if is_whole else Path(f"{self._place}.partial")
            mode = _mode_of(place)
            mode = self._mode if mode is None else mode
            if mode is not None:
                beside.chmod(mode)
            beside.replace(place)
        except OSError as error:
            raise self._failed(reason_of(error)) from error
        return self._to if is_whole else f"{self._to}.partial"

    def __exit__(
        self,
        type_: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._is_placed or value is not None:
            self._discard()

    def _discard(self) -> None:
        # What is left of compressed data is written when its stream is collected, at the latest.
        self._sink.is_abandoned = True
        try:
            if self._writer is not None:
                self._writer.abandon()
                if self._compression is not None:
                    self._stream.close()
        finally:
            # What can't be written can't be flushed either.
            with suppress(OSError):
                (self._file if self._parts is None else self._parts.file).close()
            if self._parts is not None:
                self._parts.remove()

    def _failed(self, reason: str) -> FileError:
        return FileError(Fault(self._to, None, showable(f"can't be written: {reason}")))


_DESCRIPTOR = re.compile("/(?:dev|proc/self)/fd/([0-9]+)")


def descriptor_of(to: str) -> int | None:
    """Return the number of the open file that a path like /dev/stdout stands for; or None."""
    if to in {"/dev/stdout", "/dev/stderr"}:
        return 1 if to.endswith("out") else 2
    found = _DESCRIPTOR.fullmatch(to)
    return None if found is None else int(found[1])


def _is_direct(to: str) -> bool:
    """Whether it is a device, a pipe, what is open already or the like."""
    if descriptor_of(to) is not None:
        return True
    try:
        # No path but this one may lead to it, so links aren't resolved before.
        return not stat.S_ISREG(Path(to).stat().st_mode)
    except OSError:
        return False


def _mode_of(place: Path) -> int | None:
    """Return the mode of a file that is to be replaced; None where there is none."""
    try:
        status = place.lstat()
    except OSError:
        return None
    # A link is replaced itself, and has no mode to keep.
    return stat.S_IMODE(status.st_mode) if stat.S_ISREG(status.st_mode) else None
