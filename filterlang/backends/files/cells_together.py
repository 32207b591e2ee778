"""Rows of cells that are judged together, column by column: only what is kept becomes a record."""

from __future__ import annotations

from itertools import compress
from operator import not_
from typing import TYPE_CHECKING

from filterlang.backends.used_names import names_of, wanted_columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filterlang.backends.files.cell_types import Columns
    from filterlang.matching.matcher import Matcher


def judge_cells(
    names: Sequence[str],
    line: int,
    rows: Sequence[Sequence[str]],
    found: Columns | None,
    matcher: Matcher,
    *,
    invert: bool,
) -> Iterator[dict[str, object]]:
    """Return the rows that match as records of texts, and count what isn't of its type.

    Args:
        names: those of the columns; each row has as many cells.
        line: the number of the line of the first row; each of the next ones stands in the next.
        rows: at least one.
        found: what cells are read as; None if they are texts.
        matcher: judges.
        invert: whether the rows that don't match are wanted.
    """
    columns = dict(zip(names, zip(*rows, strict=True), strict=True))
    asked = wanted_columns(names, names_of(matcher))
    read: list[Sequence[object]] = [columns[name] for name in asked]
    if found is not None:
        for name in found.typed_names:
            found.count_cells(name, range(line, line + len(rows)), columns[name])
        read = [found.read_cells(name, columns[name]) for name in asked]
    records: list[dict[str, object]] = [{}] * len(rows)
    if asked:
        records = [dict(zip(asked, cells, strict=True)) for cells in zip(*read, strict=True)]
    verdicts = map(matcher.matches, records)
    kept = compress(rows, map(not_, verdicts) if invert else verdicts)
    return (dict(zip(names, cells, strict=True)) for cells in kept)
