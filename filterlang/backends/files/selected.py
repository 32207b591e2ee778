"""What was read of inputs and what was selected, in the form in which it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files import columns
from filterlang.backends.files.cell_types import Cells
from filterlang.backends.files.lines import read_record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from filterlang.backends.files.faults import Place


class Summary(NamedTuple):
    """What was done: how many records were `read`, how many `matched`, how many lines were `bad`.

    Bad are also files that can't be read, or not to their end, each as one.
    """

    read: int
    matched: int
    bad: int


class Record(NamedTuple):
    """A record and its place: `name` and `number` say in which file and line (or row) it stands.

    `number` is the way to it, `users[17]`, where it stands in a list. `line` is the record as it
    was read, as one line with its end; None in formats other than JSON. `cells` are the texts of
    which the record was made; None where they are the record, or where there were none.
    """

    name: str
    number: Place
    line: bytes | None
    value: dict[str, object]
    cells: Cells | None = None


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
        """Return them as records, in which times are in UTC."""
        return columns.values_of(self.batch, zoned=True)


class Names(NamedTuple):
    """The columns of a table of which nothing was selected."""

    names: list[str]

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return no record."""
        return ()


Selected = Lines | Rows | Cells | Batch | Names
