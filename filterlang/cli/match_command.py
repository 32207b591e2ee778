"""`filterlang match` as click sees it: which of its arguments are filters, and which are files."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

import filterlang
from filterlang.cli.console import Console, is_terminal, refuse, wants_color
from filterlang.cli.exits import ExitCode
from filterlang.cli.options import (
    OUTPUT_FORMATS,
    schema_option,
    with_inputs,
)
from filterlang.cli.schema_option import complete_filter_or_file
from filterlang.diagnostics.diagnostic import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.schema.schema import Schema

_MATCH_HELP = """\
Print the records that match a filter.

The records are JSON objects, read from each FILE, and from standard input where no FILE is given or
FILE is '-': one a line, one after the other, in a list, or in saved answers of the API. They are
printed one a line, as they were read; rows of CSV as CSV, if there is nothing else. Parquet and
Arrow are known by their first bytes, CSV and TSV by the end of their name (.csv .tsv) or
--input-format. Data of gzip, bz2, xz, lz4, zstd and zlib is unpacked, and so is the one file of
a zip archive; of several one is chosen by 'unzip -p'. A FILE may be a folder or a glob. A column
of CSV holds numbers or booleans if its first 1,000 rows do, else text, unless --schema says
otherwise; with --text all are text.

The first argument is always the FILTER, further filters are given by -e, and a record matches if
at least one of them does. Only with --all is there no FILTER: then every record matches, and all
arguments are FILEs (an empty first one is skipped).

What is wrong with the input is reported on standard error, as PATH:LINE for a line that isn't a
JSON object, and the rest is read all the same; the exit code is then 3. Blank lines are skipped.

\b
  filterlang match 'score>=90' users.jsonl archive.jsonl.gz
  filterlang match 'type==LEAD' -e 'email~*@example.com' --count < users.jsonl
  filterlang match 'lastSeenDate>=2024-01-01' users.jsonl --limit 1 | jq .
  filterlang match 'score>=90' exports/ --output vip.parquet --select id,score
  filterlang match 'score>=90;plan==free' users.jsonl --count --sample-misses 3
"""


def _delimiter(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    del context, parameter
    if value is None:
        return None
    from filterlang.backends.files.read_options import delimiter_of

    try:
        return delimiter_of(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _selected(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> dict[str, str] | None:
    """Read the names of --select: NAME, or NEW=NAME."""
    del context, parameter
    if value is None:
        return None
    found: dict[str, str] = {}
    for part in value.split(","):
        new, is_renamed, name = (one.strip(" ") for one in part.partition("="))
        for one in (new, name) if is_renamed else (new,):
            _expect_name(one, "names with commas between them, each as NAME or NEW=NAME", value)
        if new in found:
            message = f"a name is there twice in {shown(value)}"
            raise click.BadParameter(message)
        found[new] = name or new
    return found


def _named(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Read the name of --sort or --count-by."""
    del context, parameter
    if value is None:
        return None
    _expect_name(value, "a name", value)
    return value.strip(" ")


def _expect_name(name: str, expected: str, value: str) -> None:
    try:
        filterlang.Clause(name, "==", "")
    except ValueError as error:
        message = f"expected {expected}, found {shown(value)}: {error}"
        raise click.BadParameter(message) from error


@click.command(help=_MATCH_HELP, short_help="Print the records that match a filter.")
@click.argument(
    "arguments",
    metavar="FILTER [FILE]...",
    nargs=-1,
    shell_complete=complete_filter_or_file,
)
@click.option("-e", "--filter", "more", metavar="TEXT", multiple=True, help="A further filter.")
@click.option("--all", "everything", is_flag=True, help="Match every record; there is no FILTER.")
@click.option("-c", "--count", is_flag=True, help="Print only how many records match, in all.")
@click.option("-v", "--invert", is_flag=True, help="Take the records that don't match instead.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    help="Stop reading after N records that match; with --sort and --count-by, write N at most.",
)
@click.option(
    "--count-by",
    metavar="NAME",
    callback=_named,
    help="Print how many records that match have which value under this name, most first.",
)
@click.option(
    "--sort",
    metavar="NAME",
    callback=_named,
    help="Write the records in the order of their values under this name, without one last.",
)
@click.option("--descending", is_flag=True, help="With --sort: the largest value first.")
@click.option(
    "--explain",
    is_flag=True,
    help="Say on standard error for each record which clauses hold, and on what values.",
)
@click.option(
    "--sample-misses",
    metavar="N",
    type=click.IntRange(min=0),
    help="Say at the end which clause rejects how many records, with N that it alone rejects.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    help="Write the records to FILE, once all is done; the end of its name tells the format.",
)
@click.option(
    "--format",
    "--output-format",
    "format_",
    type=click.Choice(OUTPUT_FORMATS),
    help="Write in this format; by default CSV or TSV if all that is read is that, else jsonl.",
)
@click.option(
    "--output-delimiter",
    metavar="CHARACTER",
    callback=_delimiter,
    help="What divides cells that are written; by default what divides those of the first file.",
)
@click.option(
    "--color",
    metavar="WHEN",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Colour what in the records the filter found: always, never, or on a terminal (auto).",
)
@click.option(
    "--select",
    metavar="NAME,NEW=NAME…",
    callback=_selected,
    help="Write only what stands under these names; NEW=NAME calls it NEW.",
)
@click.option(
    "--summary", is_flag=True, help="Say at the end how many records were read, matched, bad."
)
@click.option(
    "--strict",
    is_flag=True,
    help="Make a name that no record has an error; and check in full what can't match, in large"
    " files without the extra 'fast', too.",
)
@click.option(
    "-j",
    "--jobs",
    metavar="N",
    type=click.IntRange(min=1),
    help="Look at a large file of JSON by N processes; by default one for each core.",
)
@schema_option
@with_inputs
def match(
    *,
    arguments: tuple[str, ...],
    more: tuple[str, ...],
    everything: bool,
    count: bool,
    invert: bool,
    limit: int | None,
    count_by: str | None,
    sort: str | None,
    descending: bool,
    explain: bool,
    sample_misses: int | None,
    output: str | None,
    format_: str | None,
    output_delimiter: str | None,
    color: str,
    select: dict[str, str] | None,
    inputs: ReadOptions,
    summary: bool,
    strict: bool,
    jobs: int | None,
    schema: Schema | None,
) -> ExitCode:
    """Tell filters from files, and pass on the records that match."""
    _refuse_idle(
        count=count,
        count_by=count_by,
        sort=sort,
        descending=descending,
        output=output,
        format_=format_,
        color=color,
        select=select,
    )
    filters: list[str] = []
    if everything:
        paths = _files_only(arguments, more)
    else:
        filters, paths = _filters_first(arguments, more)

    from filterlang.cli import match as matching
    from filterlang.cli.check import accepted
    from filterlang.cli.match_options import Options
    from filterlang.diagnostics.places import Place

    parsed = accepted(filters, schema, Place.OPTIONS)
    if parsed is None:
        _tell_of_columns(filters, paths, inputs)
        return ExitCode.BAD_USAGE
    options = Options(
        only_count=count,
        invert=invert,
        limit=limit,
        explain=explain,
        sample_misses=sample_misses,
        output=output,
        format=format_,
        output_delimiter=output_delimiter,
        inputs=inputs,
        select=select,
        summary=summary,
        strict=strict,
        jobs=jobs,
        count_by=count_by,
        sort=sort,
        descending=descending,
        color=_color(color),
    )
    console = Console()
    if not paths:
        console.tell_of_terminal("records", otherwise=", or name a file")
    matcher = filterlang.compile(parsed, schema=schema)
    return matching.match(matcher, paths or ["-"], options, console)


def _tell_of_columns(filters: Sequence[str], paths: Sequence[str], inputs: ReadOptions) -> None:
    """Say how to filter by a column whose name no filter can hold, where one begins with it."""
    # What few need is loaded for these.
    from filterlang.backends.files.watching.headers import header_of_cells
    from filterlang.backends.files.watching.unholdable_names import renaming_columns, unholdable

    header = header_of_cells(paths, inputs) if inputs.has_names else None
    for name in unholdable([] if header is None else header.names):
        if header is not None and any(name in text for text in filters):
            refuse(f"hint: {renaming_columns(name, header.names, header.number)}")


def _refuse_idle(
    *,
    count: bool,
    count_by: str | None,
    sort: str | None,
    descending: bool,
    output: str | None,
    format_: str | None,
    color: str,
    select: dict[str, str] | None,
) -> None:
    """Refuse options that would have nothing to do beside others."""
    if output == "-":
        message = (
            "leave --output out to write to standard output (--format says how); a file that is "
            "called so is ./-"
        )
        raise click.UsageError(message)
    if count and (output is not None or format_ is not None or select is not None):
        message = (
            "with --count no records are written, so --output, --format and --select have nothing "
            "to do; leave --count out (--summary says how many records match)"
        )
        raise click.UsageError(message)
    if count_by is not None and (count or sort is not None or select is not None):
        message = (
            "--count-by writes values and their counts, the most frequent first, so --count, "
            "--sort and --select have nothing to do; leave --count-by out, or these"
        )
        raise click.UsageError(message)
    if sort is not None and count:
        message = "with --count no records are written, so --sort has nothing to do; leave one out"
        raise click.UsageError(message)
    if descending and sort is None:
        message = "--descending says how --sort is meant; say --sort NAME, too"
        raise click.UsageError(message)
    if color == "always" and (count or count_by is not None or output is not None):
        message = (
            "--color colours records that are printed, so with --count, --count-by and --output it "
            "has nothing to do; leave one out"
        )
        raise click.UsageError(message)


def _color(when: str) -> bool | None:
    """Return whether records are coloured; None where they are if their format can be."""
    if when == "auto":
        return None if is_terminal(sys.stdout) and wants_color() else False
    return when == "always"


def _filters_first(
    arguments: Sequence[str], more: Sequence[str]
) -> tuple[list[str], Sequence[str]]:
    """Take the first argument for the filter; refuse what would restrict nothing."""
    if not arguments:
        message = "missing FILTER, the first argument; write one, or --all to match every record"
        raise click.UsageError(message)
    filters = [arguments[0], *more]
    if not all(text.strip(" ") for text in filters):
        # A script may have left a variable empty; that must not let everything pass.
        message = (
            "a filter is empty, which restricts nothing; write one, "
            "or only --all to match every record"
        )
        raise click.UsageError(message)
    if _is_file(arguments[0]) and not any(map(_is_filter, arguments)):
        _refuse_files_alone(arguments, more)
    for place, path in enumerate(arguments[1:], 1):
        if path != "-" and not _is_file(path) and _is_filter(path):
            if _is_file(arguments[0]) and not _is_filter(arguments[0]):
                ordered = [path, *arguments[:place], *arguments[place + 1 :]]
                message = (
                    f"the FILTER stands before the files, and {shown(arguments[0])} is a file: "
                    f"filterlang match {shlex.join(ordered)}"
                )
            else:
                message = (
                    f"{shown(path)} is a filter, and no file is called so; further filters are "
                    f"given by -e: -e {shlex.quote(path)}"
                )
            raise click.UsageError(message)
    return filters, arguments[1:]


def _refuse_files_alone(arguments: Sequence[str], more: Sequence[str]) -> None:
    """Refuse arguments of which the first one is a file, and none a filter."""
    told = f"the FILTER stands before the files, and {shown(arguments[0])} is a file"
    if not more:
        message = f"{told}; write one, or --all to match every record"
        raise click.UsageError(message)
    further = [part for text in more[1:] for part in ("-e", text)]
    command = shlex.join([more[0], *further, *arguments])
    message = f"{told}; only further filters are given by -e: filterlang match {command}"
    raise click.UsageError(message)


def _files_only(arguments: Sequence[str], more: Sequence[str]) -> Sequence[str]:
    """Take all arguments for files; refuse filters, which would restrict nothing."""
    if any(text.strip(" ") for text in more):
        message = "--all matches every record, so there is nothing for -e to add; leave one out"
        raise click.UsageError(message)
    if arguments and not arguments[0].strip(" "):
        return arguments[1:]
    if arguments and _is_filter(arguments[0]) and not _is_file(arguments[0]):
        message = (
            f"with --all every argument is a file, but {shown(arguments[0])} is a filter; "
            "leave one of the two out"
        )
        raise click.UsageError(message)
    return arguments


def _is_file(text: str) -> bool:
    try:
        return Path(text).exists()
    except OSError:
        return False  # It is too long for a name of a file.


def _is_filter(text: str) -> bool:
    try:
        filterlang.parse_filter(text)
    except filterlang.FilterError:
        return False
    return True
