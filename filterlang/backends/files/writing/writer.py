"""What a writer of any format has, and where it writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from filterlang.backends.files.typed_texts.texts import selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from filterlang.backends.files.selected import Selected


class Stream(Protocol):
    """Where bytes go: an open file, or the standard output of a command."""

    def write(self, data: bytes, /) -> object:
        """Take all of the bytes."""


class Writer:
    """Writes records in one format.

    Args:
        stream: where to.
        select: the names to write, in this order, each with the name that is looked for; None for
            all that a record holds.
    """

    def __init__(self, stream: Stream, select: Mapping[str, str] | None) -> None:
        self._stream = stream
        self._select: Mapping[str, str] | None = select
        self._part = None if select is None else selector(select)

    def write(self, selected: Selected) -> None:
        """Write what was selected.

        Raises:
            ValueFormatError: for a record that the format, or what was written before, has no
                place for.
        """
        raise NotImplementedError

    def finish(self) -> None:
        """Write what belongs to the end."""

    def told(self) -> str | None:
        """Return what to say at the end of what could not be written as it was."""
        return None

    def abandon(self) -> None:
        """Write nothing more, not even what belongs to the end."""

    def _records(self, selected: Selected) -> list[Mapping[str, object]]:
        return self._parts(selected.values())

    def _parts(self, values: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
        return list(values) if self._part is None else [self._part(value) for value in values]


class Sink:
    """What other libraries take for a file, and write to until they are collected as garbage.

    Attributes:
        is_abandoned: whether to let go by what is written from now on.
    """

    is_abandoned: bool
    closed: bool

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.is_abandoned = self.closed = False

    def write(self, data: bytes) -> int:
        """Pass the bytes on."""
        if not self.is_abandoned:
            self._stream.write(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing; the file is flushed when it is whole."""


def renamed(batch: Any, select: Mapping[str, str]) -> Any:
    """Return the columns of a batch that are wanted, under their new names."""
    return batch.select(list(select.values())).rename_columns(list(select))
