"""Options that several commands have."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from filterlang.backends.files.formats import FORMATS
from filterlang.backends.files.limits import LONGEST_LINE
from filterlang.cli.schema_option import SchemaType

if TYPE_CHECKING:
    from collections.abc import Callable

    Adds = Callable[[Callable[..., Any]], Callable[..., Any]]  # What adds an option to a command.

schema_option: Adds = click.option(
    "--schema",
    metavar="NAME",
    type=SchemaType(),
    help="What names there are: users, accounts, or a JSON file (FILE#NAME for one of several).",
)


OUTPUT_FORMATS = [format_.name for format_ in FORMATS if format_.is_written]

_max_line: Adds = click.option(
    "--max-line",
    metavar="BYTES",
    type=click.IntRange(min=1),
    default=1 << 26,
    show_default="64 MiB",
    help="Refuse longer lines of JSON, and longer rows of CSV or TSV.",
)

_records: Adds = click.option(
    "--records",
    metavar="NAME",
    help="The list that holds the records of a JSON answer ('.' for none), or the sheet of xlsx.",
)

_text: Adds = click.option(
    "--text",
    is_flag=True,
    help="Take all cells of CSV and TSV for text, also without --schema.",
)

_input_format: Adds = click.option(
    "--input-format",
    type=click.Choice([format_.name for format_ in FORMATS]),
    help="Read all files in this format, whatever their names are.",
)


_delimiter: Adds = click.option(
    "--delimiter",
    metavar="CHARACTER",
    help="What divides the cells of CSV and TSV: a character, or comma, semicolon, tab, pipe,"
    " space; found out by default.",
)

_no_header: Adds = click.option(
    "--no-header",
    is_flag=True,
    help="The first row of CSV, TSV or xlsx has no names; they are column_1 …, or --columns.",
)

_columns: Adds = click.option(
    "--columns",
    metavar="NAMES",
    help="The names of the columns, divided by commas, of files with --no-header.",
)

_encoding: Adds = click.option(
    "--encoding",
    metavar="NAME",
    help="What texts are in, such as latin-1 or cp1252; UTF-8 by default, or UTF-16 by its mark.",
)

_skip: Adds = click.option(
    "--skip",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="Leave out the first N lines of CSV and TSV, or rows of xlsx, before the names.",
)

_null: Adds = click.option(
    "--null",
    metavar="WORD",
    multiple=True,
    help="Read cells of CSV, TSV and xlsx with just this word as empty ones; may be repeated.",
)

_decimal: Adds = click.option(
    "--decimal",
    metavar="MARK",
    default=".",
    help="What stands before the decimals of numbers in CSV and TSV: point (default) or comma.",
)

_trim: Adds = click.option(
    "--trim",
    is_flag=True,
    help="Take away the spaces around the cells of CSV and TSV, and around texts of xlsx.",
)

_OF_INPUTS = (
    _input_format,
    _records,
    _max_line,
    _text,
    _delimiter,
    _no_header,
    _columns,
    _encoding,
    _skip,
    _null,
    _decimal,
    _trim,
)
"""The options of all commands that read files, in the order of their help."""


def with_inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options about its inputs, and what they say as one value, `inputs`."""

    @wraps(command)
    def gathered(
        *,
        input_format: str | None,
        max_line: int,
        records: str | None,
        text: bool,
        delimiter: str | None,
        no_header: bool,
        columns: str | None,
        encoding: str | None,
        skip: int,
        null: tuple[str, ...],
        decimal: str,
        trim: bool,
        **others: Any,
    ) -> Any:
        # What reads files is loaded by the commands that do.
        from filterlang.backends.files.read_options import ReadOptions, asked_of_cells

        names = None if columns is None else [name.strip() for name in columns.split(",")]
        try:
            of_cells = asked_of_cells(
                delimiter,
                names,
                encoding,
                header=not no_header,
                skip=skip,
                null=null,
                decimal=decimal,
                trim=trim,
                is_text=text,
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from None
        longest = min(max_line, LONGEST_LINE)
        inputs = ReadOptions(input_format, longest, records, text, **of_cells)
        return command(inputs=inputs, **others)

    made: Callable[..., Any] = gathered
    for add in reversed(_OF_INPUTS):
        made = add(made)
    return made
