"""A table → its rows that match, batch by batch: first the columns that are asked for are read."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.selected import Batch
from filterlang.backends.files.tables import columns
from filterlang.backends.files.tables.judging import Judge
from filterlang.backends.used_names import names_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.scanning.located import Located
    from filterlang.backends.files.watching.watch import Watch
    from filterlang.matching.matcher import Matcher


class TableScan(NamedTuple):
    """What was found in a batch: how many rows were `read` and `matched`, and these in batches."""

    read: int
    matched: int
    batches: list[Batch]


def scan_table(
    inputs: Located,
    watch: Watch,
    before_reading: Callable[[int], None],
    source: Source,
    matcher: Matcher,
    limit: int | None,
    *,
    invert: bool,
    only_count: bool,
) -> Generator[TableScan, None, None]:
    """Iterate over what is found in the batches of a table.

    Args:
        inputs: gives them.
        watch: is shown them.
        before_reading: called before each wait for more, with about how many bytes came lately.
        source: what is read.
        matcher: judges.
        limit: stop after so many that are selected.
        invert: whether the rows that don't match are selected.
        only_count: whether nothing is wanted but numbers, so that no other columns are read.

    Raises:
        InputError: where it can't be read on, after what was found before.
    """
    judge = Judge(matcher)
    size, rows = 0.0, 0
    types: dict[str, object] = {}
    rest = None if only_count else columns.Rest()
    read = inputs.batches(source, names_of(matcher), only_asked=only_count, rest=rest)
    with closing(read) as batches:
        for batch in batches:
            if not batch.num_rows:
                watch.first.see_batch(batch, source.format)
                types = {field.name: field.type for field in batch.schema}
                watch.compare(source, types, matcher)
                in_file = columns.rows_of_file(source.path, source.format)
                judge.expect(in_file if limit is None else 0)
                size = Path(source.path).stat().st_size / in_file if in_file else 0
                continue
            before_reading(round(size * rows))
            rows = batch.num_rows
            watch.see_batch(batch, matcher, types)
            kept = [row for row, holds in enumerate(judge.verdicts(batch)) if holds is not invert]
            # Before it is counted: rows whose other columns can't be read aren't passed on.
            whole = rest.complete(batch) if kept and rest is not None else None
            are_enough = limit is not None and len(kept) >= limit
            if are_enough:
                kept = kept[:limit]
            elif limit is not None:
                limit -= len(kept)
            found = []
            if whole is not None:
                keyed = columns.with_keys(whole, source.keys)
                are_all = len(kept) == keyed.num_rows
                found = [keyed] if are_all else columns.taken(keyed, kept)
            judged = kept[-1] + 1 if are_enough else rows
            yield TableScan(judged, len(kept), [Batch(part, source.format) for part in found])
            if are_enough:
                return
