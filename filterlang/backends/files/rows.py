"""Formats that are read row by row: CSV, TSV, Avro and workbooks, each by the module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.files.columns import texts
from filterlang.backends.files.delimited import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from filterlang.backends.files.cell_types import CellTypes
    from filterlang.backends.files.sources import Source
    from filterlang.backends.plan.storage import Storages


def rows_of(
    source: Source,
    before_reading: Callable[[int], None],
    max_line: int,
    see: Callable[[Storages], None],
    records: str | None = None,
    types: CellTypes | None = None,
) -> Generator[tuple[int, dict[str, object] | str], None, None]:
    """Iterate over the rows of a file, each with its number; or with what is wrong with it.

    `see` is called with the columns before the first row. `records` names the sheet of a workbook.
    Where `types` are given, those of cells are found first, and kept there.

    Raises:
        InputError: where the file can't be read on, after the rows before that.
    """
    rows = _rows(source, before_reading, max_line, see, records, types)
    keys = source.keys.values
    if not keys:
        return rows
    return (
        (number, value if isinstance(value, str) else {**value, **keys}) for number, value in rows
    )


def _rows(
    source: Source,
    before_reading: Callable[[int], None],
    max_line: int,
    see: Callable[[Storages], None],
    records: str | None,
    types: CellTypes | None,
) -> Generator[tuple[int, dict[str, object] | str], None, None]:
    def see_names(names: list[str]) -> None:
        see(texts(names))

    match source.format:
        case "avro":
            # What few files need is loaded for these.
            from filterlang.backends.files.avro import read_avro

            yield from read_avro(source.input, before_reading, max_line, see)
        case "xlsx":
            from filterlang.backends.files.sheets import read_sheet

            yield from read_sheet(source.input, before_reading, records, see_names)
        case _ if types is None:
            yield from read_rows(source.input, source.format, before_reading, max_line, see_names)
        case _:
            from filterlang.backends.files.cell_sample import read_typed_rows

            given = source.input, source.format, before_reading, max_line, see_names
            yield from read_typed_rows(*given, types)
