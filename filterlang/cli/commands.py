"""The commands as click sees them: arguments, options and help.

The modules that do the work are imported by the command that needs them, so that `--help` and
completion in the shell don't wait for the parser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

import filterlang
from filterlang.backends.files.formats import FORMATS
from filterlang.cli.console import Console, refuse
from filterlang.cli.exits import ExitCode
from filterlang.cli.schema_option import SchemaType, complete_filter, complete_filter_or_file
from filterlang.diagnostics.diagnostic import shown
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.schema.schema import Schema

_OF_PATTERNS = " and ".join([one for one in Operator if one.matches_pattern])
_OF_VALUES = " ".join([one for one in Operator if not one.matches_pattern])
_GROUP_HELP = f"""\
Match records with filters of the Aptrinsic (Gainsight PX) REST API, and convert the filters.

A filter is made of clauses 'name operator expression', joined by ';' for AND; several filters mean
OR. The operators are {_OF_VALUES} and, with the wildcards * and ?, {_OF_PATTERNS}.

\b
  filterlang match 'location.countryCode==US;score>=10' users.jsonl
  filterlang encode 'title ~ *engineer*' 'role==admin'

\b
Exit codes:
  0  something matched, or the command did its work
  1  nothing matched
  2  wrong usage, or a filter with a mistake
  3  input that could not be read, or output that could not be written
"""

_MATCH_HELP = """\
Print the records that match a filter.

The records are JSON objects, read from each FILE, and from standard input where no FILE is given or
FILE is '-': one a line, one after the other, in a list, or in saved answers of the API. They are
printed one a line, as they were read. Parquet and Arrow are known by their first bytes, CSV and TSV
by the end of their name (.csv .tsv) or --input-format. Data of gzip, bz2, xz, lz4 and zstd is
unpacked, and so is the one file of a zip archive; of several one is chosen by 'unzip -p'. A FILE
may be a folder or a glob. A column of CSV holds numbers or booleans if its first 1,000 rows do,
else text, unless --schema says otherwise; with --text all are text.

The first argument is always the FILTER, further filters are given by -e, and a record matches if
at least one of them does. Only with --all is there no FILTER: then every record matches, and all
arguments are FILEs (an empty first one is skipped).

What is wrong with the input is reported on standard error, as FILE:LINE for a line that isn't a
JSON object, and the rest is read all the same; the exit code is then 3. Blank lines are skipped.

\b
  filterlang match 'score>=90' users.jsonl archive.jsonl.gz
  filterlang match 'type==LEAD' -e 'email~*@example.com' --count < users.jsonl
  filterlang match 'lastSeenDate>=2024-01-01' users.jsonl --limit 1 | jq .
  filterlang match 'score>=90' exports/ --output vip.parquet --select id,score
  filterlang match 'score>=90;plan==free' users.jsonl --count --sample-misses 3
"""

_TAG_HELP = """\
Print each record with the keys of the saved filters that match it.

The filters are a JSON object: {"key": "filter", "other key": ["filter", "or this one"]}. The
records are read as by 'match' and printed as JSON Lines, with a list of keys at their end.

\b
  filterlang tag --filters segments.json users.jsonl
  filterlang tag --filters segments.json --key segments --only-tagged users.jsonl.gz
"""

_ENCODE_HELP = """\
Print the query string for filters, percent-encoded once.

Several FILTERs make one query, whose filters are joined by OR.
"""

_CHECK_HELP = """\
Say what is wrong with filters, and what to write instead.

The report goes to standard output. With --fix the filters go there, one a line, with every safe fix
applied, and the report to standard error; where no safe fix mends all errors, nothing is printed.
Without FILTER each line of standard input is one. The exit code is 2 if an error stays.

\b
  filterlang check 'lastName=Doe'
  filterlang check --schema users 'scor>10' --format json
  filterlang check --fix < filters.txt
"""

_DECODE_HELP = """\
Print the filters in query strings, one a line.

The filters are printed as canonical text, parameters other than 'filter' are left out, and an empty
line stands for a query without any filter. Without QUERY each line of standard input is one. If
there is a mistake in one of them, nothing is printed.
"""

_FMT_HELP = """\
Print the canonical text of filters, one a line.

Without FILTER each line of standard input is one. Each filter gives one line: an empty one, which
restricts nothing, an empty line. If there is a mistake in one of them, nothing is printed.
"""


_INFER_HELP = """\
Print a schema that sample records seem to follow, as JSON.

The records are JSON Lines, read as by 'match'. The 'detail' of each name says how often it was seen
and with what values: correct by hand what is wrong, save it, and give the file to --schema. What is
wrong with the input is reported on standard error, and the exit code is then 3.

\b
  filterlang schema infer users.jsonl > users.schema.json
  filterlang schema infer --enums-up-to 12 --name visits < visits.jsonl
"""


@click.group(
    help=_GROUP_HELP,
    context_settings={"help_option_names": ["--help", "-h"]},
    invoke_without_command=True,
)
@click.version_option(filterlang.__version__, message="%(prog)s %(version)s")
@click.pass_context
def group(context: click.Context) -> None:
    """Return the help to who names no command."""
    if context.invoked_subcommand is None:
        context.exit(refuse(context.get_help()))


_schema_option = click.option(
    "--schema",
    metavar="NAME",
    type=SchemaType(),
    help="What names there are: users, accounts, or a JSON file (FILE#NAME for one of several).",
)


_FORMATS = [format_.name for format_ in FORMATS if format_.is_written]
_INPUT_FORMATS = [format_.name for format_ in FORMATS]

_max_line_option = click.option(
    "--max-line",
    metavar="BYTES",
    type=click.IntRange(min=1),
    default=1 << 26,
    show_default="64 MiB",
    help="Refuse longer lines of JSON, and longer rows of CSV or TSV.",
)

_records_option = click.option(
    "--records",
    metavar="NAME",
    help="The list that holds the records of a JSON answer ('.' for none), or the sheet of xlsx.",
)

_text_option = click.option(
    "--text",
    is_flag=True,
    help="Take all cells of CSV and TSV for text, also without --schema.",
)

_input_format_option = click.option(
    "--input-format",
    type=click.Choice(_INPUT_FORMATS),
    help="Read all files in this format, whatever their names are.",
)


def _selected(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[str, ...] | None:
    """Read the names of --select."""
    del context, parameter
    if value is None:
        return None
    names = [name.strip(" ") for name in value.split(",")]
    for name in names:
        try:
            filterlang.Clause(name, "==", "")
        except ValueError as error:
            message = f"expected names with commas between them, found {shown(value)}: {error}"
            raise click.BadParameter(message) from error
    if len(set(names)) < len(names):
        message = f"a name is there twice in {shown(value)}"
        raise click.BadParameter(message)
    return tuple(names)


def _named(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Read the name of --sort or --count-by."""
    del context, parameter
    if value is None:
        return None
    try:
        filterlang.Clause(value, "==", "")
    except ValueError as error:
        message = f"expected a name, found {shown(value)}: {error}"
        raise click.BadParameter(message) from error
    return value.strip(" ")


@group.command(help=_MATCH_HELP, short_help="Print the records that match a filter.")
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
    help="Say at the end which clause rejects how many records, with N near misses for each.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    help="Write the records to FILE, once all is done; the end of its name tells the format.",
)
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="Write in this format.")
@click.option(
    "--select",
    metavar="NAME,NAME…",
    callback=_selected,
    help="Write only what stands under these names.",
)
@_input_format_option
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
    help="Look at a large file of JSON Lines by N processes; by default one for each core.",
)
@_max_line_option
@_records_option
@_text_option
@_schema_option
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
    select: tuple[str, ...] | None,
    input_format: str | None,
    summary: bool,
    strict: bool,
    jobs: int | None,
    max_line: int,
    records: str | None,
    text: bool,
    schema: Schema | None,
) -> ExitCode:
    """Tell filters from files, and pass on the records that match."""
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
    filters: list[str] = []
    if everything:
        paths = _files_only(arguments, more)
    else:
        filters, paths = _filters_first(arguments, more)

    from filterlang.cli import match as matching
    from filterlang.cli.check import accepted

    parsed = accepted(filters, schema)
    if parsed is None:
        if _is_file(filters[0]):
            refuse(f"hint: {shown(filters[0])} is a file; the FILTER stands before the files")
        return ExitCode.BAD_USAGE
    options = matching.Options(
        only_count=count,
        invert=invert,
        limit=limit,
        explain=explain,
        sample_misses=sample_misses,
        output=output,
        format=format_,
        input_format=input_format,
        select=select,
        summary=summary,
        strict=strict,
        jobs=jobs,
        max_line=max_line,
        records=records,
        text=text,
        count_by=count_by,
        sort=sort,
        descending=descending,
    )
    matcher = filterlang.compile(parsed, schema=schema)
    return matching.match(matcher, paths or ["-"], options, Console())


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
    return filters, arguments[1:]


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


@group.command(help=_TAG_HELP, short_help="Print records with the keys of saved filters.")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path())
@click.option(
    "--filters",
    "saved",
    metavar="FILE",
    required=True,
    type=click.Path(),
    help="A JSON object of keys and filters.",
)
@click.option(
    "--key",
    metavar="NAME",
    default="matches",
    show_default=True,
    help="The key under which each record gets its list.",
)
@click.option("--only-tagged", is_flag=True, help="Leave out records that no filter matches.")
@click.option("--strict", is_flag=True, help="Make a name that no record has an error.")
@_input_format_option
@_max_line_option
@_records_option
@_text_option
@_schema_option
def tag(
    *,
    files: tuple[str, ...],
    saved: str,
    key: str,
    only_tagged: bool,
    strict: bool,
    input_format: str | None,
    max_line: int,
    records: str | None,
    text: bool,
    schema: Schema | None,
) -> ExitCode:
    """Label the records of files, or of standard input."""
    from filterlang.cli import tag as tagging

    return tagging.tag(
        tagging.load_filters(saved),
        files or ["-"],
        Console(),
        schema=schema,
        key=key,
        input_format=input_format,
        only_tagged=only_tagged,
        strict=strict,
        max_line=max_line,
        records=records,
        text=text,
    )


@group.command(help=_ENCODE_HELP, short_help="Print the query string for filters.")
@click.argument(
    "filters", metavar="FILTER...", nargs=-1, required=True, shell_complete=complete_filter
)
@_schema_option
def encode(*, filters: tuple[str, ...], schema: Schema | None) -> ExitCode:
    """Refuse empty filters, and encode the others."""
    if not all(text.strip(" ") for text in filters):
        message = (
            "a filter is empty, which restricts nothing; write one, "
            "or send the request without a filter"
        )
        raise click.UsageError(message)

    from filterlang.cli import convert

    return convert.encode(filters, schema)


@group.command(help=_CHECK_HELP, short_help="Say what is wrong with filters, and mend it.")
@click.argument("filters", metavar="[FILTER]...", nargs=-1, shell_complete=complete_filter)
@_schema_option
@click.option("--fix", is_flag=True, help="Print the filters with every safe fix applied.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Write the report for people, for programs, or as annotations on GitHub.",
)
def check(*, filters: tuple[str, ...], schema: Schema | None, fix: bool, format_: str) -> ExitCode:
    """Check the filters given, or those on standard input."""
    from filterlang.cli import check as checking
    from filterlang.cli import convert

    console = Console()
    texts = filters or convert.stdin_lines(console)
    if console.complained:
        return ExitCode.BAD_INPUT
    return checking.check(texts, schema, format_, console, fix=fix)


@group.command(help=_DECODE_HELP, short_help="Print the filters in query strings.")
@click.argument("queries", metavar="[QUERY]...", nargs=-1)
def decode(*, queries: tuple[str, ...]) -> ExitCode:
    """Decode the queries given, or those on standard input."""
    from filterlang.cli import convert

    return convert.decode(queries, Console())


@group.command(help=_FMT_HELP, short_help="Print the canonical text of filters.")
@click.argument("filters", metavar="[FILTER]...", nargs=-1)
def fmt(*, filters: tuple[str, ...]) -> ExitCode:
    """Format the filters given, or those on standard input."""
    from filterlang.cli import convert

    return convert.fmt(filters, Console())


@group.group(short_help="Make schemas.")
def schema() -> None:
    """Build the schemas that --schema takes."""


@schema.command(help=_INFER_HELP, short_help="Print a schema that sample records seem to follow.")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path())
@click.option(
    "--enums-up-to",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Take text with at most N different values for an enum, if they are repeated.",
)
@click.option("--name", metavar="TEXT", help="What the records are called.")
@_input_format_option
@_max_line_option
@_records_option
@_text_option
def infer(
    *,
    files: tuple[str, ...],
    enums_up_to: int,
    name: str | None,
    input_format: str | None,
    max_line: int,
    records: str | None,
    text: bool,
) -> ExitCode:
    """Infer a schema from the records of files, or of standard input."""
    from filterlang.cli import infer as inferring

    return inferring.infer(
        files or ["-"],
        Console(),
        enums_up_to=enums_up_to,
        name=name,
        max_line=max_line,
        input_format=input_format,
        records=records,
        text=text,
    )
