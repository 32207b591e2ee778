"""`filterlang encode`, `decode` and `fmt`: one way to write filters into another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import filterlang
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.opening.inputs import BOM, STDIN, InputError, read_lines, shown
from filterlang.cli.check import accepted
from filterlang.cli.console import Console, rendered
from filterlang.cli.exits import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.schema.schema import Schema


def encode(filters: Sequence[str], schema: Schema | None) -> ExitCode:
    """Write one query string for all filters."""
    parsed = accepted(filters, schema)
    if parsed is None:
        return ExitCode.BAD_USAGE
    console = Console()
    console.write_lines([filterlang.to_query(parsed)])
    console.flush()
    return ExitCode.SUCCESS


# Two in a row, one at the end, and one before the digits of a phone number: hardly spaces.
_LOST_PLUS = re.compile(
    r"(?:&|\A\??)filter=(?:[^&+]|(?<![=~<>])\+(?![+&]|\Z)|(?<=[=~<>])\+(?![0-9+&]|\Z))*+\+"
)


def decode(queries: Sequence[str], console: Console) -> ExitCode:
    """Write the filters of all queries; nothing if there is a mistake in one of them."""
    texts = queries or stdin_lines(console, "query strings")
    lines: list[str] = []
    mistakes = []
    for number, query in enumerate(texts, 1):
        try:
            filters = filterlang.unparse(filterlang.from_query(query))
        except filterlang.FilterError as error:
            place = f"in query {number}:\n" if len(texts) > 1 else ""
            mistakes.append(place + rendered(error))
        else:
            # An empty line is a filter that restricts nothing, just as this query.
            lines += filters or [""]
            if _LOST_PLUS.search(query) is not None:
                console.say("'+' stands for a space in a query string; write '%2B' for a plus")
    return _finish(lines, mistakes, console)


def fmt(filters: Sequence[str], console: Console) -> ExitCode:
    """Write the canonical text of each filter; nothing if there is a mistake in one of them."""
    texts = filters or stdin_lines(console, "filters")
    canonical = iter(filterlang.unparse(filterlang.parse(texts)))
    lines = [next(canonical) if text.strip(" ") else "" for text in texts]
    return _finish(lines, [], console)


def _finish(lines: list[str], mistakes: list[str], console: Console) -> ExitCode:
    if mistakes:
        return console.refuse("\n\n".join(mistakes))
    if console.complained:
        return ExitCode.BAD_INPUT
    console.write_lines(lines)
    console.flush()
    return ExitCode.SUCCESS


def stdin_lines(console: Console, what: str) -> list[str]:
    """Read the lines of standard input, without their ends; complain of those that aren't text."""
    console.tell_of_terminal(f"{what}, one a line,")
    lines = []
    number = 0
    try:
        for number, line in enumerate(read_lines(STDIN, console.before_reading), 1):
            if line is None:
                console.complain(
                    f"{shown(STDIN)}:{number}: expected a line of at most {MAX_LINE:,} bytes, "
                    "found a longer one"
                )
                lines.append("")  # It keeps its place, so that messages count the lines right.
                continue
            try:
                text = line.decode()
            except UnicodeDecodeError as error:
                byte = line[error.start]
                column = error.start + 1
                console.complain(
                    f"{shown(STDIN)}:{number}: expected UTF-8, found the byte 0x{byte:02X} "
                    f"in column {column}"
                )
                text = ""  # as above
            if number == 1:
                text = text.removeprefix(BOM)
            lines.append(text.removesuffix("\n").removesuffix("\r"))
    except InputError as error:
        console.complain(f"{shown(STDIN)}: {error}")
    return lines
