"""Workbooks (xlsx) → records: the rows of a sheet, by the names in its first row, or given ones.

A number without decimals is an integer, as spreadsheets have no others; a cell with a date gives a
date, with the time where one in its column has a time, one with a time of day or a duration a text.
An empty cell is null, as is one with an error (`#N/A`), and a row of such alone is none.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.cells.header_names import (
    Header,
    numbered,
    of_another_width,
    unique_names,
)
from filterlang.backends.files.cells.merged_cells import lacking_values, letters
from filterlang.backends.files.cells.unsaved_formulas import unsaved_formulas
from filterlang.backends.files.cells.written_cells import mark_of_decimals
from filterlang.backends.files.cleaning import SPACES
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.opening.inputs import opened
from filterlang.backends.files.packages import load_calamine
from filterlang.diagnostics.diagnostic import quoted
from filterlang.diagnostics.missing_packages import MissingPackageError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from io import BufferedReader

    from filterlang.backends.files.cleaning import Cleaning
    from filterlang.backends.files.read_options import ReadOptions

_EXACT = 1 << 53
"""Up to here each integer has a number of its own in a spreadsheet."""


def read_sheet(
    path: str | BufferedReader,
    before_reading: Callable[[int], None],
    options: ReadOptions,
    see_header: Callable[[Header], None],
    remark: Callable[[str], object] | None = None,
) -> Generator[tuple[int, dict[str, object] | str], None, None]:
    """Iterate over the rows of a sheet, each with its number as the sheet has it.

    `options` say which sheet by `records`; None stands for the only one that has any cells and
    isn't hidden. Such a file is read as a whole. `see_header` is called with the names before the
    first row, and before that `remark` with what may be wrong with where they stand, with what the
    options don't do, and with formulas that have no values. A row with cells behind the columns
    that somebody names is given with what is wrong with it.

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
        found = _sheet(book, options.records)
        rows: list[list[Any]] = [] if found is None else found[0].to_python()
    except InputError:
        raise
    except Exception as error:
        message = f"this is no whole workbook ({error}); save it anew"
        if isinstance(error, calamine.PasswordError):
            message = "the workbook is locked by a password; save it without one"
        raise InputError(message) from error
    if found is None:
        # That no record is there is no mistake where no row has to have names.
        if options.has_names:
            raise InputError(_NO_NAMES)
        see_header(Header([*(options.columns or ())], "", []))
        return
    sheet, start = found
    rows, start = _behind(rows, start, options.skip)
    if not rows and options.has_names:
        raise InputError(_NO_NAMES)
    doubts = (
        _doubt_of_title(rows, start[0], has_names=options.has_names),
        _doubt_of_comma(rows, options.decimal),
        unsaved_formulas(data, book.sheet_names.index(sheet.name)),
    )
    for doubt in doubts:
        if remark is not None and doubt is not None:
            remark(doubt)
    if options.has_names:
        names, header = _names(rows, start)
        rows, start = rows[1:], (start[0] + 1, start[1])
    else:
        rows, start = _without_empty_columns(rows, start)
        names, header = _given_names(rows, start, options.columns)
    # Older versions of the package don't tell which cells are merged.
    ranges = getattr(sheet, "merged_cell_ranges", None) or ()
    see_header(header._replace(merged=lacking_values(ranges, rows, start, names)))
    _make_times_alike(rows)
    value = partial(_cleaned, options.cleaning) if options.cleaning.changes else _value
    for number, cells in enumerate(rows, start[0] + 1):
        if not any(cell != "" for cell in cells):
            continue
        if any(cell != "" for cell in cells[len(names) :]):
            width = 1 + max(place for place, cell in enumerate(cells) if cell != "")
            yield number, of_another_width(header.names, width, are_said=True)
            continue
        yield (
            number,
            {
                title: value(cell)
                for title, cell in zip(names, cells, strict=False)
                if title is not None
            },
        )


_NO_NAMES = "there is no row with names at its beginning"


def _behind(
    rows: list[list[Any]], start: tuple[int, int], skip: int
) -> tuple[list[list[Any]], tuple[int, int]]:
    """Leave out so many rows of a sheet, and those without a cell behind them.

    `start` is where the first cell stands; where it does then is returned as well.
    """
    left = min(max(skip - start[0], 0), len(rows))
    while left < len(rows) and not any(cell != "" for cell in rows[left]):
        left += 1
    return rows[left:], (start[0] + left, start[1])


def _without_empty_columns(
    rows: list[list[Any]], start: tuple[int, int]
) -> tuple[list[list[Any]], tuple[int, int]]:
    """Leave out the columns before the first one with a cell, and behind the last one."""
    used = [
        place
        for place, cells in enumerate(zip(*rows, strict=True))
        if any(cell != "" for cell in cells)
    ]
    if not used:
        return [], start
    return [row[used[0] : used[-1] + 1] for row in rows], (start[0], start[1] + used[0])


def _given_names(
    rows: list[list[Any]], start: tuple[int, int], columns: tuple[str, ...] | None
) -> tuple[list[str | None], Header]:
    """Return the names of the columns of a sheet that has none: those that somebody says.

    Else they are numbered as the sheet's are.

    Raises:
        InputError: where more are said than there are.
    """
    width = len(rows[0]) if rows else 0
    if columns is None:
        names = numbered(start[1] + width)[start[1] :]
    else:
        names = list(columns)
        if rows and width < len(names):
            raise InputError(of_another_width(names, width, are_said=True))
    return [*names], Header(names, "", [])


def _sheet(book: Any, name: str | None) -> tuple[Any, tuple[int, int]] | None:
    """Return the sheet that is meant, and where its first cell stands; None if it has none."""
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
        return None
    if len(found) > 1:
        shown = ", ".join(quoted(one) for one, _ in found)
        message = (
            f"there are {len(found)} sheets with cells in the workbook ({shown}); say which holds "
            "the records by --records NAME (in Python records=)"
        )
        raise InputError(message)
    return found[0][1], found[0][1].start


def _names(rows: list[list[Any]], start: tuple[int, int]) -> tuple[list[str | None], Header]:
    """Return the names of all columns, and what the first row tells.

    The name is None of a column that has neither a name nor a cell.
    """
    is_used = [
        title != "" or any(row[column] != "" for row in rows)
        for column, title in enumerate(rows[0])
    ]
    titles = [str(_value(cell)) if cell != "" else "" for cell in rows[0]]
    # What isn't used must not be the one column that stays without a name.
    called = [
        title if used else f"\0{column}"
        for column, (title, used) in enumerate(zip(titles, is_used, strict=True))
    ]
    unique, doubled = unique_names(called, start[1])
    names = [name if used else None for name, used in zip(unique, is_used, strict=True)]
    lettered = [
        one._replace(first=letters(int(one.first) - 1), second=letters(int(one.second) - 1))
        for one in doubled
    ]
    given = [name for name in names if name is not None]
    return names, Header(given, "", lettered, number=start[0] + 1)


def _make_times_alike(rows: list[list[Any]]) -> None:
    """Make dates times at midnight where their column has times: such a cell is read as a date."""
    for column, cells in enumerate(zip(*rows, strict=True)):
        if {date, datetime} <= set(map(type, cells)):
            for row, cell in zip(rows, cells, strict=True):
                if type(cell) is date:
                    row[column] = datetime.combine(cell, time.min)


_MOST_ROWS = 100
"""So many rows tell whether the first one is a title."""
_FEWEST_ROWS = 3


def _doubt_of_title(rows: list[list[Any]], before: int, *, has_names: bool) -> str | None:
    """Return what may be wrong where the first row is a title; None if it isn't.

    It has one cell, or half as many as most of the rows behind it, the first of which may have the
    names, or be a record if the sheet has no names. So many rows stand `before` the first one.
    """
    widths: list[tuple[int, int]] = []
    for place, cells in enumerate(rows[:_MOST_ROWS]):
        filled = [column for column, cell in enumerate(cells) if cell != ""]
        if filled:
            # Above the names of rows, in the first column, stands none.
            has_one = len(filled) == 1 and filled != [1]
            widths.append((1 if has_one else filled[-1] + 1, place))
    if len(widths) < _FEWEST_ROWS:
        return None
    ((usual, count),) = Counter(width for width, _ in widths[1:]).most_common(1)
    line = next(place for width, place in widths[1:] if width == usual)
    first = widths[0][0]
    if usual == 1 or (first > 1 and 2 * first > usual) or 2 * count <= len(widths) - 1:
        return None
    what = "the names stand" if has_names else "the records begin"
    return (
        f"the first row has fewer cells than those behind it; if {what} in row "
        f"{before + line + 1}, say --skip {before + line}, in Python skip"
    )


def _doubt_of_comma(rows: list[list[Any]], decimal: str) -> str | None:
    """Return what isn't done with texts if a comma is said to stand before decimals."""
    if decimal == ".":
        return None
    texts = (cell for cells in rows for cell in cells if isinstance(cell, str))
    first = next((text for text in texts if decimal in text and mark_of_decimals([text])), None)
    if first is None:
        return None
    return (
        f"{quoted(first)} is a text in the workbook and stays one, as --decimal (in Python "
        "decimal=) is for CSV and TSV; make such cells numbers, or save it as CSV"
    )


def _cleaned(cleaning: Cleaning, cell: Any) -> Any:
    """Return what a cell is if it is cleaned; a number is empty if it is written as a word is."""
    if cleaning.trim and isinstance(cell, str):
        cell = cell.strip(SPACES)
    value = _value(cell)
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return None if is_plain and str(value) in cleaning.null else value


def _value(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _EXACT:
        return int(cell)
    if isinstance(cell, time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return "{}:{:02}:{:02}".format(*divmod(minutes, 60), seconds)
    return None if cell == "" else cell
