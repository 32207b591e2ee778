"""The columns of what is read, for an output to which no record is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.files.json_records.lines import records_of
from filterlang.backends.files.selected import NOTHING, Batch, Names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filterlang.backends.files.tables import columns

ENOUGH = 1 << 16
"""So many bytes of JSON tell the columns of its records, and no more of it is kept."""
_ROWS = 100
"""So many rows tell the types of columns where nothing else does."""


class FirstColumns:
    """Keeps what tells the columns of the first input that has any.

    Lines of JSON are read only if somebody asks in the end.

    Args:
        takes_answers: whether an object that looks like an answer of the API is a record.
    """

    def __init__(self, *, takes_answers: bool) -> None:
        self._takes_answers = takes_answers
        self._lines: list[bytes] = []
        self._size = 0
        self._keys: Mapping[str, object] = {}
        self._table: Batch | Names | None = None
        self._rows: list[Mapping[str, object]] = []

    @property
    def is_known(self) -> bool:
        """Whether there was a table."""
        return self._table is not None

    @property
    def wants_lines(self) -> bool:
        """Whether more lines of JSON may still tell more columns."""
        return not self.is_known and self._size < ENOUGH

    @property
    def wants_rows(self) -> bool:
        """Whether rows may still tell the types of the columns that were seen last."""
        return len(self._rows) < _ROWS

    def see_lines(self, block: bytes | None, keys: Mapping[str, object] = NOTHING) -> None:
        """Keep the first lines of JSON; `keys` is what the names of folders add to each record."""
        if block is None or not self.wants_lines:
            return
        self._keys = keys if not self._lines else self._keys
        end = block.rfind(b"\n", 0, ENOUGH) + 1 or block.find(b"\n") + 1 or len(block)
        self._lines.append(block[:end])
        self._size += end

    def see_batch(self, batch: columns.RecordBatch, format_: str | None) -> None:
        """Note the columns of a table by a batch of it, without rows."""
        self._table = self._table or Batch(batch, format_)

    def see_names(
        self,
        names: list[str],
        said: Mapping[str, str] = NOTHING,
        row: Mapping[str, object] = NOTHING,
    ) -> None:
        """Note the names of the columns of rows, what they are, and a row of some other columns."""
        if self._table is None:
            self._rows = [row]
            self._table = Names(names, said, self._rows)

    def see_row(self, row: Mapping[str, object]) -> None:
        """Note a row of the columns that were seen first."""
        if self.wants_rows:
            self._rows.append(row)

    @property
    def header(self) -> Batch | Names | None:
        """The columns, without any record; None where there are none."""
        records = [
            record
            for line in b"\n".join(self._lines).split(b"\n")
            for record in self._records(line)
        ]
        if not records:
            return self._table
        names = dict.fromkeys(name for record in records for name in record)
        return Names([*names], sample=records)

    def _records(self, line: bytes) -> list[dict[str, object]]:
        # Tables do without.
        from filterlang.backends.files.json_records.answers import answer_in_place_of

        return [
            {**record, **self._keys}
            for record in records_of(line)
            if self._takes_answers or not answer_in_place_of(record)
        ]
