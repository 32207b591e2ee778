"""Formats that are read row by row: CSV, TSV, Avro and workbooks, each by the module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.files.tables.columns import texts

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from filterlang.backends.files.cells.cell_types import CellTypes
    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.cells.plain_rows import TakePlain
    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.backends.plan.storage import Storages


def rows_of(
    source: Source,
    before_reading: Callable[[int], None],
    options: ReadOptions,
    see: Callable[[Storages], None],
    types: CellTypes | None = None,
    remark: Callable[[str], object] | None = None,
    take_plain: TakePlain | None = None,
    see_header: Callable[[Header], object] | None = None,
) -> Generator[tuple[int, dict[str, object] | str], None, None]:
    """Iterate over the rows of a file, each with its number; or with what is wrong with it.

    `see` is called with the columns before the first row, `see_header` before that with what is
    known of cells and of workbooks, `remark` with what may be wrong with where they begin and how
    they are divided. Where `types` are
    given, those of cells are found first, and kept there.
    `take_plain` is as in `read_rows`; the names of folders are no cells of its rows.

    Raises:
        InputError: where the file can't be read on, after the rows before that.
    """
    rows = _rows(source, before_reading, options, see, types, remark, take_plain, see_header)
    keys = source.keys.values
    if not keys:
        return rows
    return (
        (number, value if isinstance(value, str) else {**value, **keys}) for number, value in rows
    )


def _rows(
    source: Source,
    before_reading: Callable[[int], None],
    options: ReadOptions,
    see: Callable[[Storages], None],
    types: CellTypes | None,
    remark: Callable[[str], object] | None,
    take_plain: TakePlain | None,
    see_header: Callable[[Header], object] | None,
) -> Generator[tuple[int, dict[str, object] | str], None, None]:
    def see_names(names: list[str]) -> None:
        see(texts(names))

    def see_cells(header: Header) -> None:
        if see_header is not None:
            see_header(header)
        see_names(header.names)

    match source.format:
        case "avro":
            # What few files need is loaded for these.
            from filterlang.backends.files.tables.avro import read_avro

            yield from read_avro(source.input, before_reading, options.max_line, see)
        case "xlsx":
            from filterlang.backends.files.cells.sheets import read_sheet

            yield from read_sheet(source.input, before_reading, options, see_cells, remark)
        case _:
            from filterlang.backends.files.cells.dialects import dialect_of

            dialect = dialect_of(source.format, options)
            seen = see_cells, remark, take_plain
            given = source.input, dialect, before_reading, options.max_line, *seen
            if types is None:
                from filterlang.backends.files.cells.delimited import read_rows

                yield from read_rows(*given)
            else:
                from filterlang.backends.files.cells.cell_sample import read_typed_rows

                yield from read_typed_rows(*given, types=types)
