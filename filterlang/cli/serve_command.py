"""The command `serve` as click sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from filterlang.cli.console import Console, refuse
from filterlang.cli.options import with_inputs

if TYPE_CHECKING:
    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.cli.exits import ExitCode

_HELP = """\
Serve records as the API does, on this machine, for programs that are written for it.

Each FILE holds the records of one list, which follows from its name (users.jsonl, accounts.csv) or
stands before it: events/pageView=views.jsonl. Without FILE the sample data is served. All formats
that 'match' reads are taken. Lists, filters, sorts, pages and single records are as in the API;
the base path is /v1, and /openapi.json describes all of it.

Records and what is written to them are kept in memory, or with --db in a database: a file of
SQLite, or a URL such as postgresql://localhost/px. One that is there is kept as it is, and files
are not loaded again, unless --replace says so.

A key has to be sent in the header X-APTRINSIC-API-KEY. Without --key, --key-file and the variable
FILTERLANG_KEYS one is made and printed. KEY:read and KEY:write are keys with one permission.

\b
  filterlang serve
  filterlang serve --db served.db users.jsonl events/pageView=views.jsonl
"""


@click.command(help=_HELP, short_help="Serve records as the API does.")
@click.argument("files", metavar="[[LIST=]FILE]...", nargs=-1)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port to listen on; 0 for any that is free.",
)
@click.option("--db", metavar="URL", help="Keep the records in this file or database.")
@click.option("--replace", is_flag=True, help="Forget what the database holds.")
@click.option(
    "--key", "keys", metavar="KEY", multiple=True, help="A key of clients; may be repeated."
)
@click.option("--key-file", metavar="FILE", type=click.Path(), help="A file with keys, one a line.")
@click.option(
    "--allow-host",
    "allowed_hosts",
    metavar="NAME",
    multiple=True,
    help="A name by which requests may call the server; may be repeated.",
)
@click.option(
    "--rate",
    metavar="N",
    type=click.FloatRange(min=0, min_open=True),
    help="Answer N requests a second of each key, and more with 429.",
)
@click.option(
    "--page-size-cap",
    metavar="N",
    type=click.IntRange(1, 1000),
    help="Return at most N records a page, whatever is asked for.",
)
@click.option(
    "--max-url",
    metavar="N",
    type=click.IntRange(min=1),
    help="Refuse requests with more characters behind the host with 414.",
)
@click.option(
    "--constant-scroll-id",
    is_flag=True,
    help="Keep the position of each walk, whose scrollId then stays the same.",
)
@click.option("--strict", is_flag=True, help="Refuse parameters that a list doesn't take with 400.")
@click.option("--verbose", is_flag=True, help="Log queries, too, with the values in filters.")
@with_inputs
def serve(*, files: tuple[str, ...], inputs: ReadOptions, **options: Any) -> ExitCode:
    """Look whether the extra is there, and serve."""
    from importlib.util import find_spec

    missing = [name for name in ("sqlalchemy", "starlette", "uvicorn") if find_spec(name) is None]
    if missing:
        return refuse(
            f"serving needs {' and '.join(missing)}, not installed; "
            "run: pip install 'filterlang[server]'"
        )
    from filterlang.cli import serve as serving

    return serving.serve(files, serving.ServeOptions(**options), inputs, Console())
