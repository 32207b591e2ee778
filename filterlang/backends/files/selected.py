"""What was selected of an input, in the form in which it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files import columns
from filterlang.backends.files.cell_types import Cells
from filterlang.backends.files.lines import read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Lines(NamedTuple):
    """Selected lines of JSON Lines, without their ends."""

    lines: list[bytes]

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records."""
        return (record for line in self.lines if (record := read_record(line)) is not None)


class Rows(NamedTuple):
    """Selected records."""

    rows: list[dict[str, object]]

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records."""
        return self.rows


class Batch(NamedTuple):
    """Selected rows of a batch of Arrow data."""

    batch: columns.RecordBatch

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records."""
        return columns.values_of(self.batch)


class Names(NamedTuple):
    """The columns of a table of which nothing was selected."""

    names: list[str]

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return no record."""
        return ()


Selected = Lines | Rows | Cells | Batch | Names
