"""`filterlang serve`: the API on this machine, over files, a database or the sample data."""

from __future__ import annotations

import logging
import os
from contextlib import closing
from itertools import chain
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

import click

from filterlang.backends.files.faults import reason_of
from filterlang.backends.files.watching.idle_options import IdleOptions
from filterlang.cli.command_inputs import make_reader, tell_of_cells
from filterlang.cli.exits import ExitCode
from filterlang.diagnostics.diagnostic import shown
from filterlang.px.endpoints import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from filterlang.backends.files.read_options import ReadOptions
    from filterlang.cli.console import Console
    from filterlang.px.server.access import Key
    from filterlang.px.server.database import Database

KEYS_VARIABLE = "FILTERLANG_KEYS"
"""The environment variable that may hold keys, with white space between them."""


class ServeOptions(NamedTuple):
    """How a person wants the API to be served, by the options of the command."""

    host: str
    port: int
    db: str | None
    replace: bool
    keys: tuple[str, ...]
    key_file: str | None
    allowed_hosts: tuple[str, ...]
    rate: float | None
    page_size_cap: int | None
    max_url: int | None
    constant_scroll_id: bool
    strict: bool
    verbose: bool


def serve(
    files: Sequence[str], options: ServeOptions, inputs: ReadOptions, console: Console
) -> ExitCode:
    """Load the records, listen, and answer until the process is asked to end."""
    from filterlang.px.server import running
    from filterlang.px.server.access import BASE, is_loopback
    from filterlang.px.server.app import application
    from filterlang.px.server.behaviour import Behaviour
    from filterlang.px.server.database import Database
    from filterlang.px.server.engines import DatabaseError

    sources = sources_of(files)
    keys = _given_keys(options)
    if not keys and not is_loopback(options.host):
        message = (
            f"the host {options.host} can be reached from other machines, so give a key:"
            f" --key, --key-file or {KEYS_VARIABLE}"
        )
        raise click.UsageError(message)
    behaviour = Behaviour(
        page_size_cap=options.page_size_cap,
        constant_scroll_id=options.constant_scroll_id,
        strict=options.strict,
        rate=options.rate,
        max_url=options.max_url,
    )
    try:
        behaviour = behaviour.checked()
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    try:
        listening = running.bound(options.host, options.port)
    except (OSError, OverflowError) as error:
        reason = reason_of(error) if isinstance(error, OSError) else str(error)
        console.complain(f"can't listen on {options.host}, port {options.port}: {reason}")
        return ExitCode.BAD_INPUT
    try:
        database = Database(url_of(options.db), replace=options.replace)
    except DatabaseError as error:
        listening.close()
        console.complain(str(error))
        return ExitCode.BAD_INPUT
    with listening, closing(database):
        if not _fill(database, sources, inputs, console):
            return ExitCode.BAD_INPUT
        if database.holds_sample:
            from filterlang.px.server.sample import END

            behaviour = behaviour._replace(clock=lambda: END)
            console.say("these are the sample data, whose last day is 30 June 2024")
        if not keys:
            keys = [_made_key(console)]
        hosts = options.allowed_hosts
        app = application(database, keys, behaviour, host=options.host, allowed_hosts=hosts)
        _log_to_stderr(verbose=options.verbose)
        console.write_lines([f"serving {running.origin_of(listening)}{BASE}"])
        console.flush()
        running.run(app, listening)
    return ExitCode.SUCCESS


def url_of(db: str | None) -> str | None:
    """Return the URL of a database; what has no scheme is a file of SQLite.

    Example:
        >>> url_of("served.db"), url_of("postgresql://localhost/px")
        ('sqlite:///served.db', 'postgresql://localhost/px')
    """
    return db if db is None or "://" in db else f"sqlite:///{db}"


# --- Keys -----------------------------------------------------------------------------------------


def _given_keys(options: ServeOptions) -> list[Key]:
    from filterlang.px.server.access import Key

    texts = [*options.keys, *os.environ.get(KEYS_VARIABLE, "").split()]
    if options.key_file is not None:
        try:
            texts += Path(options.key_file).read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else "it is no text in UTF-8"
            message = f"the file of keys can't be read: {reason}"
            raise click.UsageError(message) from error
    try:
        return [Key.read(text) for text in texts]
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _made_key(console: Console) -> Key:
    from filterlang.px.server.access import HEADER, Key

    key = Key.made()
    console.write_lines([f"{HEADER}: {key.secret}"])
    return key


# --- Records --------------------------------------------------------------------------------------

_OTHER_NAMES = {
    "custom_events": "events/custom",
    "survey_responses": "survey/responses",
    "segments": "segment",
    "features": "feature",
    "engagements": "engagement",
}
"""What people call files beside the names of the API."""


def sources_of(files: Iterable[str]) -> dict[str, list[str]]:
    """Return the list that each file belongs to: the path of a list → its files.

    It stands before `=`, or follows from the file's name: `users.jsonl`, `users.csv.gz`,
    `events_pageView.jsonl`.

    Raises `click.UsageError` for a file that nobody knows the list of.

    Example:
        >>> sources_of(["users.jsonl", "events/pageView=views.jsonl"])
        {'users': ['users.jsonl'], 'events/pageView': ['views.jsonl']}
    """
    found: dict[str, list[str]] = {}
    for text in files:
        name, equals, path = text.partition("=")
        written = name.strip("/") if equals else PurePath(text).name.split(".")[0]
        known = _list_called(written)
        if known is None:
            which = ", ".join(LISTS)
            message = (
                f"which list does {shown(text)} belong to? Write LIST=FILE; the lists are {which}"
            )
            raise click.UsageError(message)
        if equals and not path:
            message = f"no file stands behind {shown(text)}; write LIST=FILE"
            raise click.UsageError(message)
        found.setdefault(known, []).append(path if equals else text)
    return found


def _list_called(name: str) -> str | None:
    squashed = name.replace("/", "_").replace("-", "_").lower()
    by_name = {path.replace("/", "_").lower(): path for path in LISTS}
    return by_name.get(squashed) or _OTHER_NAMES.get(squashed)


def _fill(
    database: Database,
    sources: Mapping[str, Sequence[str]],
    inputs: ReadOptions,
    console: Console,
) -> bool:
    """Load the files, or the sample data where there are none; return whether all went well."""
    from filterlang.px.server.database import LoadError
    from filterlang.px.server.sample import sample_records

    if not database.is_new:
        if sources:
            console.say("the database is kept as it is; --replace loads the files into it")
        return True
    try:
        if sources:
            idle = IdleOptions(inputs, console.say)
            idle.expect(chain.from_iterable(sources.values()))
            read = {path: _records(files, inputs, idle, console) for path, files in sources.items()}
            counts = database.load(read)
        else:
            counts = database.load(sample_records(), is_sample=True)
    except LoadError as error:
        console.complain(str(error))
        return False
    told = ", ".join(f"{count:,} of {path}" for path, count in counts.items())
    console.say(f"loaded {told}")
    return True


def _records(
    files: Sequence[str], inputs: ReadOptions, idle: IdleOptions, console: Console
) -> Iterator[dict[str, object]]:
    """Read the records of files; where anything is wrong with them, nothing is to be loaded.

    An option may be for other files.
    """
    from filterlang.px.server.database import LoadError

    reader = make_reader(console, inputs)
    reader.idle = idle
    with closing(reader.records(files)) as found:
        for record in found:
            yield record.value
    console.hide_progress()
    tell_of_cells(reader, [], console)
    if console.complained:
        message = "nothing is loaded, since files can't be read whole"
        raise LoadError(message)


# --- The log --------------------------------------------------------------------------------------


def _log_to_stderr(*, verbose: bool) -> None:
    """Write the log of the server to standard error; with queries only if that is asked for."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("filterlang.px.server")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
