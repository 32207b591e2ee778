"""Rows of cells that are judged together, column by column: only what is kept becomes a record."""

from __future__ import annotations

from functools import partial
from itertools import compress
from operator import not_
from typing import TYPE_CHECKING

from filterlang.backends.files.cells.plain_rows import TakePlain
from filterlang.backends.files.packages import find_arrow_csv
from filterlang.backends.files.scanning.jobs import threads_for
from filterlang.backends.used_names import names_of, wanted_columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor
    from typing import Self

    from filterlang.backends.files.cells.cell_types import Columns
    from filterlang.backends.files.cleaning import Cleaning
    from filterlang.backends.files.scanning.cell_blocks import BlockJudge, Judged
    from filterlang.backends.files.watching.watch import Watch
    from filterlang.matching.matcher import Matcher


class CellsTogether:
    """Takes the plain rows of one file, and gives those that are wanted.

    Args:
        matcher: judges.
        watch: is shown values.
        jobs: how many threads look at blocks of rows; None for one on each core.
        cleaning: what is made of cells.
        invert: whether the rows that don't match are wanted.
        only_count: whether what matches may be counted without being given.
        taken: called with the number of the last line that was taken, how many rows there were, how
            many of these are wanted without being given, and those that are given.
    """

    def __init__(
        self,
        matcher: Matcher,
        watch: Watch,
        jobs: int | None,
        *,
        cleaning: Cleaning,
        invert: bool,
        only_count: bool,
        taken: Callable[[int, int, int, Iterable[dict[str, object]]], None],
    ) -> None:
        self._matcher = matcher
        self._watch = watch
        self._jobs = jobs
        self._cleaning = cleaning
        self._invert = invert
        self._only_count = only_count
        self._taken = taken
        self._names: list[str] = []
        self._found: Columns | None = None
        self._judge: BlockJudge | None = None
        self._threads: Executor | None = None
        self._at_once: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

    @property
    def take(self) -> TakePlain:
        """What takes the rows."""
        return TakePlain(self.rows, self.blocks_at_once, self.begin, self.finish)

    def see(self, names: list[str], found: Columns | None) -> None:
        """Note the columns of the file, and what their cells are read as; None if as texts."""
        self._names, self._found = names, found

    def rows(self, lines: Sequence[int], cells: list[list[str]]) -> None:
        """Take the cells of rows, with the numbers of the lines in which they end."""
        names, found = self._names, self._found
        if self._watch.again is not None:
            self._watch.again.see_cells(cells)
        if self._cleaning.changes:
            cells = [*map(self._cleaning.cells, cells)]
        if self._watch.empty_rows is not None:
            self._watch.empty_rows.see_cells(cells)
        if self._watch.sees_records:
            records = (dict(zip(names, row, strict=True)) for row in cells)
            self._watch.see_rows(lines, records, found)
        kept = judge_cells(names, lines, cells, found, self._matcher, invert=self._invert)
        self._taken(lines[-1], len(cells), 0, kept)

    def blocks_at_once(self) -> int:
        """Return how many blocks are wanted at a time; 0 if there is nobody who judges them."""
        if self._watch.sees_records:
            return 0
        if self._at_once is None:
            self._at_once = self._load()
        return self._at_once

    def _load(self) -> int:
        arrow = find_arrow_csv()
        if arrow is None:
            return 0
        from filterlang.backends.files.scanning.cell_blocks import BlockJudge

        given = arrow, self._names, self._found, self._matcher
        if self._watch.empty_rows is not None and self._cleaning.changes:
            self._watch.empty_rows.is_exact = False
        self._judge = BlockJudge(
            *given,
            cleaning=self._cleaning,
            invert=self._invert,
            only_count=self._only_count,
            again=self._watch.again,
            empty_rows=self._watch.empty_rows,
        )
        number = threads_for(self._jobs)
        if number == 1:
            return 1
        from concurrent.futures import ThreadPoolExecutor

        self._threads = ThreadPoolExecutor(number)
        return 2 * number

    def begin(self, data: bytearray, head: int, delimiter: str) -> Callable[[], Judged | None]:
        """Begin to judge whole lines, without so many bytes; return what waits for the result."""
        assert self._judge is not None
        if self._threads is None:
            return partial(self._judge.judge, data, head, delimiter)
        return self._threads.submit(self._judge.judge, data, head, delimiter).result

    def finish(self, line: int, result: Callable[[], Judged | None]) -> int:
        """Take the rows of a block that begins in a line.

        Return in how many lines they stand, 0 if one isn't plain.
        """
        judged = result()
        if judged is None:
            return 0
        for name, rows, cells in judged.strays:
            assert self._found is not None
            self._found.count_cells(name, [line + row for row in rows], cells)
        if judged.has_names and self._watch.again is not None:
            self._watch.again.is_found = True
        if self._watch.empty_rows is not None:
            self._watch.empty_rows.number += judged.empty
        counted = judged.matched if self._only_count else 0
        self._taken(line + judged.lines - 1, judged.rows, counted, judged.kept)
        return judged.lines


def judge_cells(
    names: Sequence[str],
    lines: Sequence[int],
    rows: Sequence[Sequence[str]],
    found: Columns | None,
    matcher: Matcher,
    *,
    invert: bool,
) -> Iterator[dict[str, object]]:
    """Return the rows that match as records of texts, and count what isn't of its type.

    Args:
        names: those of the columns; each row has as many cells.
        lines: the numbers of the lines in which they end.
        rows: at least one.
        found: what cells are read as; None if they are texts.
        matcher: judges.
        invert: whether the rows that don't match are wanted.
    """
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    asked = wanted_columns(names, names_of(matcher))
    read: list[Sequence[object]] = [columns[name] for name in asked]
    if found is not None:
        for name in found.watched_names:
            found.count_cells(name, lines, columns[name])
        read = [found.read_cells(name, columns[name]) for name in asked]
    records: list[dict[str, object]] = [{}] * len(rows)
    if asked:
        records = [dict(zip(asked, cells, strict=True)) for cells in zip(*read, strict=True)]
    verdicts = map(matcher.matches, records)
    kept = compress(rows, map(not_, verdicts) if invert else verdicts)
    return (dict(zip(names, cells, strict=True)) for cells in kept)
