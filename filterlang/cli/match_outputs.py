"""What `filterlang match` writes: in which format, and by which writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.backends.files.formats import FORMAT_NAMED
from filterlang.backends.files.opening.sources import sources_of
from filterlang.backends.files.typed_texts.texts import ValueFormatError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.backends.files.reader import Reader
    from filterlang.backends.files.writing.writer import Writer
    from filterlang.backends.files.writing.writers import Dividing
    from filterlang.cli.console import Console
    from filterlang.cli.match_options import Options
    from filterlang.cli.painting import Painter
    from filterlang.matching.matcher import Matcher


def format_like(paths: Sequence[str], format_: str | None) -> str:
    """Return the format to write where nobody says which: rows of cells where all inputs are."""
    formats = {source.format for source in sources_of(paths, format_)}
    if formats and all(FORMAT_NAMED[one].kind == "cells" for one in formats):
        return formats.pop() if len(formats) == 1 else "csv"
    return "jsonl"


def written_format(paths: Sequence[str], options: Options) -> str | None:
    """Return the format to write; None where nothing but numbers, or lines for people, are written.

    Raises:
        FileError: for an output whose name tells none.
    """
    if options.output is not None:
        from filterlang.backends.files.writing.outputs import expect_writable

        return expect_writable(options.output, options.format)[0]
    if options.only_count or (options.count_by is not None and options.format is None):
        return None
    return options.format or format_like(paths, options.inputs.format)


def dividing_of(options: Options, reader: Reader) -> Dividing:
    """Return what is to stand between cells."""
    from filterlang.backends.files.writing.writers import Dividing

    return Dividing(options.output_delimiter, reader.delimiters)


def standard_writer(
    matcher: Matcher,
    format_: str,
    paths: Sequence[str],
    options: Options,
    console: Console,
    dividing: Dividing,
) -> Writer | Painter:
    """Return what writes to standard output, in colour where that is wanted.

    Raises:
        ValueFormatError: where it is wanted of a format that has no lines to read.
    """
    if options.color is not False:
        from filterlang.cli.painting import PAINTED, Painter

        if format_ in PAINTED:
            return Painter(matcher, format_, console, options.select, dividing)
        if options.color:
            expected = " ".join(PAINTED)
            message = f"{format_} has no colours; write one of {expected}, or leave --color out"
            raise ValueFormatError(message)
    from filterlang.backends.files.tables.table_schemas import schemas_ahead
    from filterlang.backends.files.writing.writers import make_writer

    tables = schemas_ahead(paths, options.inputs.format)
    return make_writer(format_, console, options.select, dividing, tables)
