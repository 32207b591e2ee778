"""Groups of rows of a Parquet file: first the columns that are asked for, the others where wanted.

A column of a group is read whole or not at all. So of a group in which nothing is wanted the others
aren't read; where something was wanted in the group before, all columns are read at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.files.packages import load_pyarrow

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    RecordBatch = Any
    """A batch of pyarrow, whose types aren't known here."""


class RowGroups:
    """Reads batches of a file, and completes the one that was given last.

    Args:
        file: an open file of pyarrow.
        rows: how many rows a batch has at most.
        asked: the names of the columns that are asked for.
    """

    def __init__(self, file: Any, rows: int, asked: list[str]) -> None:
        self._file = file
        self._rows = rows
        self._asked = asked
        self._has_others = not set(file.schema_arrow.names) <= set(asked)
        self._is_wanted = False
        """Whether something of the group was."""
        self._whole: Iterator[RecordBatch] | None = None
        """What of the group was not yet read with all columns; None if batches have all."""
        self._ahead: RecordBatch | None = None
        self._passed = 0
        """How many rows of batches that were given weren't read with all columns."""

    def batches(self) -> Generator[RecordBatch, None, None]:
        """Iterate over the rows of the file, with some of its columns or all."""
        for group in range(self._file.num_row_groups):
            is_whole, self._is_wanted = self._is_wanted or not self._has_others, False
            self._whole, self._ahead, self._passed = None, None, 0
            if is_whole:
                yield from self._read(group, None)
                continue
            self._whole = self._read(group, None)
            for batch in self._read(group, self._asked):
                yield batch
                self._passed += batch.num_rows

    def _read(self, group: int, names: list[str] | None) -> Iterator[RecordBatch]:
        found: Iterator[RecordBatch] = self._file.iter_batches(
            self._rows, row_groups=[group], columns=names
        )
        return found

    def complete(self, batch: RecordBatch) -> RecordBatch:
        """Return the batch that was given last with all columns; to be called once for each."""
        self._is_wanted = True
        if self._whole is None:
            return batch
        parts = []
        missing = batch.num_rows
        while missing:
            ahead = next(self._whole) if self._ahead is None else self._ahead
            skipped = min(self._passed, ahead.num_rows)
            part = ahead.slice(skipped, missing)
            rest = ahead.slice(skipped + part.num_rows)
            self._ahead = rest if rest.num_rows else None
            self._passed -= skipped
            missing -= part.num_rows
            parts.append(part)
        # What comes next in the loop isn't passed, as it was read.
        self._passed -= batch.num_rows
        parts = [part for part in parts if part.num_rows]
        if len(parts) == 1:
            return parts[0]
        (joined,) = load_pyarrow().Table.from_batches(parts).combine_chunks().to_batches()
        return joined
