"""Options and commands that people know from elsewhere: what they are called here.

click tells what is spelled nearly so, which is hardly ever what is meant by such a word.
"""

from __future__ import annotations

import re
from typing import Final

import click

from filterlang.diagnostics.diagnostic import shown

_OPTIONS: Final = {
    "--select": "fields cols project projection keep only output-columns output-fields properties",
    "--limit": "top head first max max-results n take -n",
    "--filter": "where query expr expression condition pattern -w",
    "--sort": "order order-by orderby sort-by sortby rank",
    "--descending": "desc reverse reversed -r",
    "--count-by": "by group group-by groupby facet distinct unique value-counts histogram",
    "--count": "number total only-count count-only",
    "--invert": "not exclude negate invert-match",
    "--output": "out to save save-as write -w",
    "--delimiter": "sep separator field-separator -d",
    "--null": "na na-values null-value null-values nan missing",
    "--encoding": "charset codec",
    "--schema": "types dtypes dtype",
    "--records": "sheet sheet-name root path list",
    "--skip": "skip-rows skiprows skip-lines offset",
    "--jobs": "threads workers parallel processes",
    "--summary": "stats statistics verbose",
    "--explain": "why debug trace",
    "--sample-misses": "misses why-not",
    "--input-format": "from input-type type",
    "--format": "to-format json csv",
}
"""Options → the words of others for them, each with two dashes if it has none."""
_MORE: Final = {
    "--limit": ", with --sort NAME --descending for the largest",
    "--filter": ", for each filter behind the first argument",
}
_COMMANDS: Final = {
    "match --count FILTER FILE": "count wc number",
    "match FILTER FILE": "filter grep find search where select query get cat rows run",
    "match --sort NAME FILTER FILE": "sort order",
    "match --limit N FILTER FILE": "head top limit",
    "match --count-by NAME FILTER FILE": "group stats freq frequency distinct unique",
    "match --explain FILTER FILE": "explain why debug",
    "match --all FILE -o NEW.parquet": "convert export transform",
    "schema infer FILE": "infer describe columns fields headers info types",
    "check FILTER": "validate lint parse test verify",
    "check --fix FILTER": "fix repair",
    "fmt FILTER": "format pretty canonical",
    "encode FILTER": "url quote urlencode",
    "decode QUERY": "unquote urldecode",
    "tag --filters FILE": "label segment segments classify",
    "serve": "server api mock",
}
"""What to write → the words of others for it."""
_NO_COMMAND = re.compile(r"No such command '([^']*+)'")


def _of_words(table: dict[str, str]) -> dict[str, str]:
    return {word: here for here, words in table.items() for word in words.split()}


def told_by_meaning(error: click.UsageError) -> click.UsageError:
    """Return an error that tells what is meant by an option or command that there isn't.

    It is the same error where that isn't known.
    """
    if isinstance(error, click.NoSuchOption):
        return _of_option(error)
    found = _NO_COMMAND.match(error.message)
    return error if found is None else _of_command(error, found[1])


def _of_option(error: click.NoSuchOption) -> click.UsageError:
    name = error.option_name
    here = _of_words(_OPTIONS).get(name if name[:2] != "--" else name[2:])
    known = set() if error.ctx is None else _options_of(error.ctx.command)
    if here is None or here not in known:
        return error
    message = f"No such option '{name}'. Did you mean '{here}'{_MORE.get(here, '')}?"
    return click.UsageError(message, error.ctx)


def _options_of(command: click.Command) -> set[str | None]:
    return {option for parameter in command.params for option in parameter.opts}


def _of_command(error: click.UsageError, name: str) -> click.UsageError:
    told = None
    is_at_top = error.ctx is not None and error.ctx.parent is None
    if is_at_top and (here := _of_words(_COMMANDS).get(name)) is not None:
        told = f"Did you mean 'filterlang {here}'?"
    elif is_at_top and _is_filter(name):
        told = "If this is a filter, write 'match' or 'check' before it."
    if told is None:
        return error
    return click.UsageError(f"No such command {shown(name)}. {told}", error.ctx)


def _is_filter(text: str) -> bool:
    # The parser is loaded where a filter stands in the place of a command only.
    import filterlang

    try:
        filterlang.parse_filter(text)
    except filterlang.FilterError:
        return False
    return bool(text.strip())
