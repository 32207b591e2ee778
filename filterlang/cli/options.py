"""Options that several commands have."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from filterlang.backends.files.formats import FORMATS
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

max_line_option: Adds = click.option(
    "--max-line",
    metavar="BYTES",
    type=click.IntRange(min=1),
    default=1 << 26,
    show_default="64 MiB",
    help="Refuse longer lines of JSON, and longer rows of CSV or TSV.",
)

records_option: Adds = click.option(
    "--records",
    metavar="NAME",
    help="The list that holds the records of a JSON answer ('.' for none), or the sheet of xlsx.",
)

text_option: Adds = click.option(
    "--text",
    is_flag=True,
    help="Take all cells of CSV and TSV for text, also without --schema.",
)

input_format_option: Adds = click.option(
    "--input-format",
    type=click.Choice([format_.name for format_ in FORMATS]),
    help="Read all files in this format, whatever their names are.",
)


def with_inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command what the four options about its inputs say as one value, `inputs`."""

    @wraps(command)
    def gathered(
        *, input_format: str | None, max_line: int, records: str | None, text: bool, **others: Any
    ) -> Any:
        # What reads files is loaded by the commands that do.
        from filterlang.cli.inputs import InputOptions

        return command(inputs=InputOptions(input_format, max_line, records, text), **others)

    return gathered
