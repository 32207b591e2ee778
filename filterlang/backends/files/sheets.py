"""Workbooks (xlsx) → records: the rows of a sheet, by the names in its first row.

A number without decimals is an integer, as spreadsheets have no others; a cell with a date gives a
date, one with a time of day or a duration a text. An empty cell is null, as is one with an error
(`#N/A`), and a row of such alone is none.
"""

from __future__ import annotations

from datetime import time, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.header_names import trimmed
from filterlang.backends.files.inputs import opened
from filterlang.backends.files.packages import load_calamine
from filterlang.diagnostics.diagnostic import quoted
from filterlang.diagnostics.missing_packages import MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from io import BufferedReader

_EXACT = 1 << 53
"""Up to here each integer has a number of its own in a spreadsheet."""


def read_sheet(
    path: str | BufferedReader,
    before_reading: Callable[[int], None],
    name: str | None,
    see_names: Callable[[list[str]], None],
    skip: int = 0,
) -> Generator[tuple[int, dict[str, object]], None, None]:
    """Iterate over the rows of a sheet, each with its number as the sheet has it.

    `name` says which sheet; None stands for the only one that has any cells and isn't hidden. Such
    a file is read as a whole. `see_names` is called with the names before the first row. So many
    rows of the sheet are left out as `skip` says.

    Raises:
        InputError: for a file that can't be read, or of which the sheet or its names can't be told.
    """
    try:
        calamine = load_calamine()
    except MissingPackageError as error:
        raise InputError(str(error)) from None
    with opened(path, before_reading) as stream:
        data = stream.read()
    try:
        book = calamine.CalamineWorkbook.from_filelike(BytesIO(data))
        sheet, start = _sheet(book, name)
        rows: list[list[Any]] = sheet.to_python()
    except InputError:
        raise
    except Exception as error:
        message = f"this is no whole workbook ({error}); save it anew"
        if isinstance(error, calamine.PasswordError):
            message = "the workbook is locked by a password; save it without one"
        raise InputError(message) from error
    left = min(max(skip - start[0], 0), len(rows))
    rows, start = rows[left:], (start[0] + left, start[1])
    if not rows:
        message = "there is no row with names at its beginning"
        raise InputError(message)
    names = _names(rows, start)
    see_names([title for title in names if title is not None])
    for number, cells in enumerate(rows[1:], start[0] + 2):
        if any(cell != "" for cell in cells):
            yield (
                number,
                {
                    title: _value(cell)
                    for title, cell in zip(names, cells, strict=True)
                    if title is not None
                },
            )


def _sheet(book: Any, name: str | None) -> tuple[Any, tuple[int, int]]:
    """Return the sheet that is meant, and where its first cell stands."""
    all_names: list[str] = book.sheet_names
    if name is not None and name not in all_names:
        shown = ", ".join(map(quoted, all_names))
        message = f"there is no sheet {quoted(name)} in the workbook, only {shown}"
        raise InputError(message)
    hidden = {one.name for one in book.sheets_metadata if not str(one.visible).endswith(".Visible")}
    found: list[tuple[str, Any]] = []
    for one in all_names if name is None else [name]:
        if name is None and one in hidden:
            continue
        sheet = book.get_sheet_by_name(one)
        if sheet.start is not None:
            found.append((one, sheet))
    if not found:
        message = "there is no row with names at its beginning"
        raise InputError(message)
    if len(found) > 1:
        shown = ", ".join(quoted(one) for one, _ in found)
        message = (
            f"there are {len(found)} sheets with cells in the workbook ({shown}); say which holds "
            "the records by --records NAME (in Python records=)"
        )
        raise InputError(message)
    return found[0][1], found[0][1].start


def _names(rows: list[list[Any]], start: tuple[int, int]) -> list[str | None]:
    """Return the names in the first row; None for a column that has neither a name nor a cell."""
    seen: dict[str, int] = {}
    names: list[str | None] = []
    titles = trimmed([str(_value(cell)) for cell in rows[0]])
    for column, (cell, name) in enumerate(zip(rows[0], titles, strict=True)):
        letters = _letters(start[1] + column)
        if cell == "":
            if any(row[column] != "" for row in rows):
                message = (
                    f"the column {letters} has cells, but no name in the first row ({start[0] + 1})"
                    "; give it one"
                )
                raise InputError(message)
            names.append(None)
            continue
        if name in seen:
            message = (
                f"the columns {_letters(start[1] + seen[name])} and {letters} are both called "
                f"{quoted(name)}; rename one of them"
            )
            raise InputError(message)
        seen[name] = column
        names.append(name)
    return names


def _letters(column: int) -> str:
    """Write the number of a column, counted from 0, as spreadsheets do."""
    column += 1
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def _value(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT:
        return int(cell)
    if isinstance(cell, time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return "{}:{:02}:{:02}".format(*divmod(minutes, 60), seconds)
    return None if cell == "" else cell
