"""What headers tell before anything is read: whether tables have the names that filters look at."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.opening.inputs import is_file
from filterlang.backends.files.opening.recognised import recognised
from filterlang.backends.files.opening.sources import sources_of
from filterlang.backends.files.read_options import UNTOLD
from filterlang.backends.files.rows import rows_of
from filterlang.backends.files.tables import columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.backends.files.cells.header_names import Header
    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.backends.files.watching.sought import Sought
    from filterlang.backends.plan.storage import Storages


def look_ahead(
    sought: Sought,
    paths: Iterable[str],
    tell: Callable[[], None],
    options: ReadOptions = UNTOLD,
    *,
    only_count: bool = False,
) -> None:
    """Look into the headers of tables for names; call `tell` where they show that some are missing.

    That is at once, if all inputs are tables in files; or when the header is read, if the only
    input is a table that can be read only once. Others tell at their end. What can't be read is
    complained of when its turn comes. `only_count` is as in `Reader.select`.
    """
    sources = list(sources_of(paths, options.format))
    if not sought.missing or any(source.kind == "json" for source in sources):
        return
    if all(is_file(source.path) for source in sources):
        for source in sources:
            may_count = only_count and len(sources) == 1
            is_table = _see_header(sought, source, options, may_count=may_count)
            if not is_table or not sought.missing:
                return
        if sought.has_seen:
            tell()
    elif len(sources) == 1:
        sought.tell_at_once = tell


def header_of_cells(paths: Iterable[str], options: ReadOptions) -> Header | None:
    """Return what the first file of cells or workbook begins with; None where there is neither."""
    found: list[Header] = []
    for named in sources_of(paths, options.format):
        if not (named.kind == "cells" or named.format == "xlsx") or not is_file(named.path):
            continue
        with suppress(InputError), recognised(named, lambda _: None, options) as source:
            read = rows_of(source, lambda _: None, options, lambda _: None, see_header=found.append)
            with closing(read) as rows:
                next(rows, None)
        break
    return found[0] if found else None


def _see_header(sought: Sought, named: Source, options: ReadOptions, *, may_count: bool) -> bool:
    """Look into one; return whether it is a table, or nothing that can be read."""

    def see(storages: Storages) -> None:
        sought.see_columns(storages | named.keys.storages())

    delimiter = ""

    def see_names(header: Header) -> None:
        nonlocal delimiter
        delimiter = header.delimiter
        sought.see_header(header, options)

    with suppress(InputError), recognised(named, lambda _: None, options) as source:
        if source.kind == "json":
            return False
        if source.kind == "table":
            # What few files need is loaded for these.
            from filterlang.backends.files.tables.counting import ParquetCounter

            counter = ParquetCounter.of(source) if may_count else None
            if (
                counter is not None
                and counter.knows(sought.asked)
                and not sought.is_missed_by(counter.storages)
            ):
                see(counter.storages)
                return True
            with closing(columns.read_batches(source.input, source.format)) as batches:
                see(columns.storages_of(next(batches).schema))
        else:
            found = rows_of(source, lambda _: None, options, see, see_header=see_names)
            with closing(found) as rows:
                number, first = next(rows, (0, ""))
                if not isinstance(first, str) and options.header:
                    sought.see_first_row(source.name, number, first, delimiter)
    return True
