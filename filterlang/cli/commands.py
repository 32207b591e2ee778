"""The commands as click sees them: arguments, options and help.

The modules that do the work are imported by the command that needs them, so that `--help` and
completion in the shell don't wait for the parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

import filterlang
from filterlang.cli.console import Console, refuse
from filterlang.cli.exits import ExitCode
from filterlang.cli.match_command import match
from filterlang.cli.options import (
    schema_option,
    with_inputs,
)
from filterlang.cli.schema_option import complete_filter
from filterlang.cli.serve_command import serve
from filterlang.diagnostics.diagnostic import shown
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from filterlang.backends.files.read_options import ReadOptions
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

The records are read as by 'match', in all its formats. The 'detail' of each name says how often it
was seen and with what values: correct by hand what is wrong, save it, and give the file to
--schema. What is wrong with the input is reported on standard error, and the exit code is then 3.

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
    """Print the help for who names no command, which is wrong usage."""
    if context.invoked_subcommand is None:
        context.exit(refuse(context.get_help()))


group.add_command(match)
group.add_command(serve)


def _complete_command(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Offer the commands, or those of the group that was named before."""
    del parameter
    parent = context.find_root()
    for name in context.params.get("names") or ():
        command = parent.command
        found = command.get_command(parent, name) if isinstance(command, click.Group) else None
        if found is None:
            return []
        parent = click.Context(found, info_name=name, parent=parent)
    command = parent.command
    # Of what isn't a group the options would be offered.
    return command.shell_complete(parent, incomplete) if isinstance(command, click.Group) else []


@group.command("help", short_help="Print the help of a command.")
@click.argument("names", metavar="[COMMAND]...", nargs=-1, shell_complete=_complete_command)
@click.pass_context
def help_(context: click.Context, names: tuple[str, ...]) -> ExitCode:
    """Print what COMMAND --help prints, of a command of a group too: help schema infer."""
    command, parent = context.find_root().command, context.find_root()
    for name in names:
        found = command.get_command(parent, name) if isinstance(command, click.Group) else None
        if found is None:
            raise click.UsageError(_no_command(name, command))
        command, parent = found, click.Context(found, info_name=name, parent=parent)
    console = Console()
    console.write_lines([command.get_help(parent)])
    console.flush()
    return ExitCode.SUCCESS


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
@schema_option
@with_inputs
def tag(
    *,
    files: tuple[str, ...],
    saved: str,
    key: str,
    only_tagged: bool,
    strict: bool,
    inputs: ReadOptions,
    schema: Schema | None,
) -> ExitCode:
    """Label the records of files, or of standard input."""
    from filterlang.cli import tag as tagging

    filters, console = tagging.load_filters(saved), Console()
    if not files:
        console.tell_of_terminal("records", otherwise=", or name a file")
    return tagging.tag(
        filters,
        files or ["-"],
        console,
        schema=schema,
        key=key,
        inputs=inputs,
        only_tagged=only_tagged,
        strict=strict,
    )


@group.command(help=_ENCODE_HELP, short_help="Print the query string for filters.")
@click.argument(
    "filters", metavar="FILTER...", nargs=-1, required=True, shell_complete=complete_filter
)
@schema_option
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
@schema_option
@click.option("--fix", is_flag=True, help="Print the filters with every safe fix applied.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="Write the report for people, for programs, or as annotations on GitHub.",
)
@click.option("--strict", is_flag=True, help="Take a warning for an error.")
def check(
    *, filters: tuple[str, ...], schema: Schema | None, fix: bool, format_: str, strict: bool
) -> ExitCode:
    """Check the filters given, or those on standard input."""
    from filterlang.cli import check as checking
    from filterlang.cli import convert

    console = Console()
    texts = filters or convert.stdin_lines(console, "filters")
    if console.complained:
        return ExitCode.BAD_INPUT
    return checking.check(texts, schema, format_, console, fix=fix, strict=strict)


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
@with_inputs
def infer(
    *,
    files: tuple[str, ...],
    enums_up_to: int,
    name: str | None,
    inputs: ReadOptions,
) -> ExitCode:
    """Infer a schema from the records of files, or of standard input."""
    from filterlang.cli import infer as inferring

    console = Console()
    if not files:
        console.tell_of_terminal("records", otherwise=", or name a file")
    return inferring.infer(files or ["-"], console, inputs, enums_up_to=enums_up_to, name=name)


def _no_command(name: str, command: click.Command) -> str:
    if not isinstance(command, click.Group):
        return f"{shown(command.name or '')} has no commands of its own, such as {shown(name)}"
    from difflib import get_close_matches

    near = get_close_matches(name, command.commands, n=1)
    known = ", ".join(command.commands)
    told = f"did you mean {shown(near[0])}?" if near else f"the commands here are: {known}"
    return f"no command is called {shown(name)}; {told}"
