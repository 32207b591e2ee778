"""The commands, as click sees them; each hands over to plain functions."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import click

import filterlang
from filterlang.cli.matching import match_files
from filterlang.cli.output import DONE, USAGE, say, show_error
from filterlang.errors import FilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

INTERRUPTED = 130

_MadeT = TypeVar("_MadeT")


def run(arguments: list[str] | None = None) -> int:
    """Run the command; give its exit code."""
    try:
        return int(cli.main(arguments, prog_name="filterlang", standalone_mode=False) or DONE)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(filterlang.__version__, prog_name="filterlang")
def cli() -> None:
    """Filters of the Aptrinsic (Gainsight PX) REST API: match records, encode, decode, format.

    A filter is 'name operator expression', with ';' for AND; several filters mean OR.
    Exit codes: 0 matched or done, 1 nothing matched, 2 bad usage or filter, 3 bad input.
    """


@cli.command()
@click.argument("filter_", metavar="FILTER")
@click.argument("files", metavar="[FILE]...", nargs=-1)
@click.option(
    "-e",
    "--filter",
    "more",
    metavar="FILTER",
    multiple=True,
    help="A further filter; one of them must match.",
)
@click.option("-c", "--count", is_flag=True, help="Print only how many records match.")
@click.option("-v", "--invert", is_flag=True, help="Take the records that don't match.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Stop after N records.")
@click.option(
    "--explain", is_flag=True, help="Say on standard error what decided about each record."
)
@click.option(
    "--all", "everything", is_flag=True, help="Allow an empty FILTER, which matches every record."
)
def match(  # noqa: PLR0913 — one parameter an option
    filter_: str,
    files: tuple[str, ...],
    more: tuple[str, ...],
    *,
    count: bool,
    invert: bool,
    limit: int | None,
    explain: bool,
    everything: bool,
) -> int:
    """Print the records of JSON Lines FILEs that match, byte for byte.

    Reads standard input without a FILE, or where it is '-'. Gzipped input is unpacked. Lines that
    are no JSON object are reported; the rest still goes through. Blank lines are no records.
    """
    matcher = _valid(lambda: filterlang.compile([filter_, *more]))
    if matcher is None:
        if everything:
            say("note: with --all the first argument is still the filter: match '' --all FILE")
        return USAGE
    if not len(matcher.filters) and not everything:
        message = "an empty filter matches every record; if that is meant, say --all"
        raise click.UsageError(message)
    return match_files(
        matcher, files or ("-",), count=count, invert=invert, limit=limit, explain=explain
    )


@cli.command()
@click.argument("filters", metavar="FILTER...", nargs=-1, required=True)
def encode(filters: tuple[str, ...]) -> int:
    """Print the query string of one FILTER or more, percent-encoded once."""
    parsed = _valid(lambda: filterlang.parse(filters))
    if parsed is None:
        return USAGE
    if not len(parsed):
        message = "an empty filter has no query string: leave the parameter out"
        raise click.UsageError(message)
    click.echo(filterlang.to_query(parsed))
    return DONE


@cli.command()
@click.argument("queries", metavar="[QUERY]...", nargs=-1)
def decode(queries: tuple[str, ...]) -> int:
    """Print the filters in each QUERY string, one a line, as canonical text.

    Without a QUERY, the lines of standard input are decoded.
    """
    return _each(queries, lambda query: filterlang.unparse(filterlang.from_query(query)))


@cli.command()
@click.argument("filters", metavar="[FILTER]...", nargs=-1)
def fmt(filters: tuple[str, ...]) -> int:
    """Print the canonical text of each FILTER, one a line; an empty line for an empty one.

    Without a FILTER, the lines of standard input are formatted.
    """
    return _each(filters, lambda text: filterlang.unparse(filterlang.parse(text)) or [""])


def _each(arguments: tuple[str, ...], convert: Callable[[str], Iterable[str]]) -> int:
    """Print what each argument, or each line of standard input, is converted to."""
    code = DONE
    texts = arguments or (line.rstrip("\r\n") for line in sys.stdin)
    for number, text in enumerate(texts, 1):
        try:
            lines = list(convert(text))
        except FilterError as error:
            if not arguments:
                say(f"<stdin>:{number}:")
            show_error(error)
            code = USAGE
        else:
            for line in lines:
                click.echo(line)
    return code


def _valid(make: Callable[[], _MadeT]) -> _MadeT | None:
    """Give what is made of filters; None, with the error shown, if one of them is wrong."""
    try:
        return make()
    except FilterError as error:
        show_error(error)
        return None
