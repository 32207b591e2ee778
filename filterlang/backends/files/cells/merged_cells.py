"""Merged cells of a sheet, of which only the first has the value that people see over all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Range = tuple[tuple[int, int], tuple[int, int]]
"""The first cell and the last one, each by its row and its column, counted from 0."""


def lacking_values(
    ranges: Iterable[Range],
    rows: Sequence[Sequence[Any]],
    start: tuple[int, int],
    names: Sequence[str | None],
) -> dict[str, list[str]]:
    """Return the columns in which records lack the value that merged cells show for them.

    Args:
        ranges: the merged cells of the sheet.
        rows: the cells of records; others may be above them.
        start: the row and the column where they begin.
        names: those of the columns.

    Returns:
        The names, each with the merged cells, as spreadsheets write them.
    """
    found: dict[str, list[str]] = {}
    for (top, left), (bottom, right) in sorted(ranges):
        first, last = top - start[0], bottom - start[0]
        column = left - start[1]
        is_within = 0 <= first < len(rows) and 0 <= column < len(names)
        if not is_within or rows[first][column] == "":
            continue
        below = [row for row in rows[first + 1 : last + 1] if any(cell != "" for cell in row)]
        for place in range(column, min(right - start[1] + 1, len(names))):
            name = names[place]
            if name is not None and any(row[place] == "" for row in below):
                shown = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
                found.setdefault(name, []).append(shown)
    return found


def told_of_merged(lacking: Mapping[str, Sequence[str]], names: Iterable[str]) -> str | None:
    """Say that cells are merged in columns of these names, and what to do; None if none are."""
    ranges = list(dict.fromkeys(place for name in names for place in lacking[name]))
    if not ranges:
        return None
    told = f"cells are merged ({ranges[0]})"
    if len(ranges) > 1:
        told = f"{len(ranges):,} ranges of cells are merged (the first one is {ranges[0]})"
    return (
        f"{told}, of which only the first cell has the value, and the others are read as empty; "
        "unmerge them in a spreadsheet program, and fill the value down"
    )


def letters(column: int) -> str:
    """Write the number of a column, counted from 0, as spreadsheets do.

    Example:
        >>> letters(0), letters(25), letters(26)
        ('A', 'Z', 'AA')
    """
    column += 1
    written = ""
    while column:
        column, letter = divmod(column - 1, 26)
        written = chr(ord("A") + letter) + written
    return written
