"""What headers tell before anything is read: whether tables have the names that filters look at."""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filterlang.backends.files import columns
from filterlang.backends.files.delimited import read_rows
from filterlang.backends.files.faults import InputError
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.recognised import recognised
from filterlang.backends.files.sources import find_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from filterlang.backends.files.sought import Sought
    from filterlang.backends.files.sources import Source


def look_ahead(
    sought: Sought,
    paths: Iterable[str],
    tell: Callable[[], None],
    format_: str | None = None,
    max_line: int = MAX_LINE,
) -> None:
    """Look into the headers of tables for names; call `tell` where they show that some are missing.

    That is at once, if all inputs are tables in files; or when the header is read, if the only
    input is a table that can be read only once. Others tell at their end. What can't be read is
    complained of when its turn comes.
    """
    sources: list[Source] = []
    for path in paths:
        with suppress(InputError):
            sources += find_sources(path, format_)
    if not sought.missing or any(source.kind == "json" for source in sources):
        return
    if all(Path(source.path).is_file() for source in sources):
        for source in sources:
            if not _see_header(sought, source, format_, max_line) or not sought.missing:
                return
        if sought.has_seen:
            tell()
    elif len(sources) == 1:
        sought.tell_at_once = tell


def _see_header(sought: Sought, named: Source, format_: str | None, max_line: int) -> bool:
    """Look into one; return whether it is a table, or nothing that can be read."""

    def see(names: list[str]) -> None:
        sought.see_columns(columns.texts(names))

    with suppress(InputError), recognised(named, lambda _: None, format_) as source:
        if source.kind == "json":
            return False
        if source.kind == "cells":
            rows = read_rows(source.input, source.format, lambda _: None, max_line, see)
            with closing(rows):
                next(rows, None)
        else:
            with closing(columns.read_batches(source.input, source.format)) as batches:
                sought.see_columns(columns.storages_of(next(batches).schema))
    return True
