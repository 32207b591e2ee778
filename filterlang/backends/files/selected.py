"""What was read of inputs and what was selected, in the form in which it was read."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.backends.files.cells.cell_types import Cells
from filterlang.backends.files.json_records.lines import read_record
from filterlang.backends.files.tables import columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from filterlang.backends.files.faults import Place


class Summary(NamedTuple):
    """What was done: how many records were `read`, how many `matched`, how many lines were `bad`.

    Bad are also files that can't be read, or not to their end, each as one.
    """

    read: int
    matched: int
    bad: int


class Lines(NamedTuple):
    """Selected lines of JSON Lines, without their ends; `is_json` as of a `Scan`."""

    lines: list[bytes]
    is_json: bool = False

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records."""
        return (record for line in self.lines if (record := read_record(line)) is not None)

    def in_full(self) -> Rows:
        """Return them with all digits of their numbers."""
        read = (read_record(line, in_full=True) for line in self.lines)
        return Rows([record for record in read if record is not None])


class Rows(NamedTuple):
    """Selected records."""

    rows: list[dict[str, object]]

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records."""
        return self.rows


class Batch(NamedTuple):
    """Selected rows of a batch of Arrow data; `format` is that of the file, if they are of one."""

    batch: columns.RecordBatch
    format: str | None = None

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return them as records, in which times are in UTC."""
        return columns.values_of(self.batch, zoned=True)

    def in_full(self) -> Batch:
        """Return it with all that texts can hold of it; itself if that is what records hold."""
        from filterlang.backends.files.typed_texts.exact_times import with_exact_times

        full = with_exact_times(self.batch)
        return self if full is self.batch else Batch(full, self.format)


NOTHING: Mapping[str, Any] = MappingProxyType({})


class Names(NamedTuple):
    """The columns of records of which nothing was selected.

    Fields: `names`; `said`, what columns are written as; and `sample`, some of the
    records, whose values tell the types of the other columns.
    """

    names: list[str]
    said: Mapping[str, str] = NOTHING
    sample: Sequence[Mapping[str, object]] = ()

    def values(self) -> Iterable[Mapping[str, object]]:
        """Return no record."""
        return ()


Selected = Lines | Rows | Cells | Batch | Names


class TableRow(NamedTuple):
    """A row of a table: `row` of `batch`, and as the record that filters see."""

    batch: columns.RecordBatch
    row: int
    value: dict[str, object]

    def selected(self) -> Batch:
        """Return it by itself."""
        return Batch(self.batch.slice(self.row, 1))


class Record(NamedTuple):
    """A record and its place: `name` and `number` say in which file and line (or row) it stands.

    `number` is the way to it, `users[17]`, where it stands in a list. `line` is the record as it
    was read, as one line with its end; None in formats other than JSON. `made_of` are the texts of
    cells, or the row of a table, of which the record was made; None where there were none.
    """

    name: str
    number: Place
    line: bytes | None
    value: dict[str, object]
    made_of: Cells | TableRow | None = None

    def selected(self) -> Selected:
        """Return it as it was read."""
        if self.line is not None:
            # The last line of a file may lack its end, and another file may follow.
            return Lines([self.line.removesuffix(b"\n")])
        if self.made_of is None:
            return Rows([self.value])
        return self.made_of if isinstance(self.made_of, Cells) else self.made_of.selected()

    def in_full(self) -> Mapping[str, object]:
        """Return what texts can hold of it, which may be more than filters see."""
        if isinstance(self.made_of, Cells):
            (typed,) = self.made_of.values()
            return typed
        if isinstance(self.made_of, TableRow):
            batch = self.made_of.selected()
            full = batch.in_full()
            if full is not batch:
                (value,) = full.values()
                return value
        return self.value
