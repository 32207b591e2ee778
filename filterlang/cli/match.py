"""`filterlang match`: pass on the records that match."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple, Protocol

import click

from filterlang.backends.files.faults import FileError, InputError, MissingPackageError
from filterlang.backends.files.gathering import Ranking, Tally
from filterlang.backends.files.headers import look_ahead
from filterlang.backends.files.inputs import STDIN, shown, total_size
from filterlang.backends.files.limits import MAX_LINE
from filterlang.backends.files.misses import Misses
from filterlang.backends.files.mistyped import Mistyped
from filterlang.backends.files.outputs import Output, expect_writable
from filterlang.backends.files.reader import Lines, Reader, Rows
from filterlang.backends.files.sought import Sought
from filterlang.backends.files.sources import find_sources
from filterlang.backends.files.texts import ValueFormatError
from filterlang.backends.files.writers import make_writer
from filterlang.cli.console import is_terminal
from filterlang.cli.exits import ExitCode
from filterlang.cli.progress import Progress
from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TextIO

    from filterlang.backends.files.faults import Fault
    from filterlang.backends.files.writers import Selected
    from filterlang.cli.console import Console
    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Filter


class Options(NamedTuple):
    """What a person asked for, by the options of the command."""

    only_count: bool = False
    invert: bool = False
    limit: int | None = None
    explain: bool = False
    sample_misses: int | None = None
    output: str | None = None
    format: str | None = None
    input_format: str | None = None
    select: tuple[str, ...] | None = None
    summary: bool = False
    strict: bool = False
    jobs: int | None = None
    max_line: int = MAX_LINE
    records: str | None = None
    text: bool = False
    count_by: str | None = None
    sort: str | None = None
    descending: bool = False


_NO_COLUMN = "no column is called"
_NO_RECORD = "nothing in the records read is called"


class UnknownNamesError(Exception):
    """Headers tell that names lead nowhere, before any record was read; the message says which."""


class _Taker(Protocol):
    def write(self, selected: Selected) -> None: ...


class _Nowhere:
    """Takes what is only counted."""

    def write(self, selected: Selected) -> None:
        pass


def match(matcher: Matcher, paths: Sequence[str], options: Options, console: Console) -> ExitCode:
    """Write the records that match, or their number."""
    writes = not _is_quiet(options)
    refuse_own_output(paths, options.input_format, writes=writes)
    if shows_progress(paths, disturbs=options.explain, is_quiet=_is_quiet(options)):
        console.progress = Progress(total_size(_files(paths)))
    gathered = _gathered(options)
    sought = Sought(matcher.filters, matcher.schema)
    sought.add(name for name in (options.count_by, options.sort) if name is not None)
    try:
        if options.output is not None:
            expect_writable(options.output, options.format)
        look_for_names(
            sought,
            paths,
            console,
            format_=options.input_format,
            max_line=options.max_line,
            strict=options.strict,
            records=options.records,
        )
    except (FileError, UnknownNamesError) as error:
        return console.refuse(str(error))
    mistyped = Mistyped(matcher.filters, matcher.schema, _built_in_schemas)
    reader = make_reader(
        console,
        options.input_format,
        options.select or (),
        max_line=options.max_line,
        sought=sought,
        records=options.records,
        text=options.text or matcher.schema is not None,
        mistyped=None if options.text else mistyped,
    )
    misses = None if options.sample_misses is None else Misses(matcher, options.sample_misses)
    try:
        _write(matcher, paths, options, console, reader, misses, gathered)
    except (MissingPackageError, UnknownNamesError) as error:
        return console.refuse(str(error))
    except (FileError, ValueFormatError) as error:
        console.complain(str(error))
        return ExitCode.BAD_INPUT
    finally:
        console.hide_progress()
    read, matched, bad = reader.summary
    if options.only_count:
        console.write_lines([str(matched)])
    console.flush()
    if read:
        tell_what_no_record_has(sought, console, strict=options.strict)
        for told in mistyped.tell():
            console.say(told)
    tell_of_cells(reader, matcher.filters, console)
    if misses is not None:
        console.say(str(misses))
    if isinstance(gathered, Tally) and gathered.unsaid:
        console.say(
            f"records with something under {quoted(options.count_by or '')} that has no text, such "
            f"as an object, which isn't counted: {gathered.unsaid:,}"
        )
    if options.summary or options.output is not None:
        console.say(f"read {read:,}, matched {matched:,}, bad {bad:,}")
    if console.complained:
        return ExitCode.BAD_INPUT
    return ExitCode.SUCCESS if matched else ExitCode.NOTHING_MATCHED


def _built_in_schemas() -> dict[str, Schema]:
    from filterlang import px

    return {"users": px.USER, "accounts": px.ACCOUNT}


def look_for_names(
    sought: Sought,
    paths: Sequence[str],
    console: Console,
    *,
    format_: str | None,
    max_line: int,
    strict: bool,
    records: str | None = None,
) -> None:
    """Say what no header has, now or once the header is read that tells it.

    Raises `UnknownNamesError` instead, if strict, now or while records are read.
    """

    def tell() -> None:
        told = "\n".join(sought.tell(_NO_COLUMN))
        if strict:
            raise UnknownNamesError(told)
        console.say(told)

    look_ahead(sought, paths, tell, format_, max_line, records)


def tell_what_no_record_has(sought: Sought, console: Console, *, strict: bool) -> None:
    """Say at the end which names nothing had that was read; if strict, complain of them."""
    if sought.missing:
        say = console.complain if strict else console.say
        say("\n".join(sought.tell(_NO_RECORD)))


def tell_of_cells(reader: Reader, filters: Iterable[Filter], console: Console) -> None:
    """Say at the end which cells aren't of their column's type, and which clauses don't fit one."""
    for told in reader.types.told(filters):
        console.say(told)


def make_reader(
    console: Console,
    format_: str | None,
    wanted: Sequence[str] = (),
    *,
    max_line: int = MAX_LINE,
    sought: Sought | None = None,
    records: str | None = None,
    text: bool = False,
    mistyped: Mistyped | None = None,
) -> Reader:
    """Build a reader whose faults are complaints of the command."""

    def complain(fault: Fault) -> None:
        console.complain(str(fault))

    return Reader(
        complain,
        console.before_reading,
        format=format_,
        wanted=wanted,
        max_line=max_line,
        sought=sought,
        records=records,
        remark=console.say,
        text=text,
        mistyped=mistyped,
    )


def refuse_own_output(
    paths: Sequence[str], format_: str | None = None, *, writes: bool = True
) -> None:
    """Refuse inputs that what is written is added to, as the end of them would never come.

    An output file by `--output` is none of these: it is put in its place at the end. `writes` says
    whether records go to standard output while inputs are read; messages go to standard error.

    Raises `click.UsageError`.
    """
    outputs: dict[tuple[int, int], str] = {}
    for name, stream in (("error", sys.stderr), ("output", sys.stdout if writes else None)):
        status = _status(stream)
        if status is not None:
            outputs[status.st_dev, status.st_ino] = name
    if not outputs:
        return
    for path in _files(paths, format_):
        status = _status(sys.stdin if path == STDIN else path)
        output = None if status is None else outputs.get((status.st_dev, status.st_ino))
        if output is not None:
            message = (
                f"the input file {shown(path)!r} is also the standard {output}, so reading would "
                "never end; write to another file"
            )
            if output == "output":
                message += ", or by --output, which may name an input"
            raise click.UsageError(message)


def _status(file: str | TextIO | None) -> os.stat_result | None:
    """Return what the system knows of a regular file; None for anything else."""
    try:
        # A stream that isn't one of the system has no number.
        number = file if file is None or isinstance(file, str) else file.fileno()
        status = None if number is None else os.stat(number)  # noqa: PTH116 — may be a number
    except (OSError, ValueError):
        return None
    return status if status is not None and stat.S_ISREG(status.st_mode) else None


def _write(
    matcher: Matcher,
    paths: Sequence[str],
    options: Options,
    console: Console,
    reader: Reader,
    misses: Misses | None,
    gathered: Ranking | Tally | None,
) -> None:
    def write_to(taker: _Taker) -> None:
        _pass_on(matcher, paths, options, console, reader, misses, gathered or taker)
        if gathered is not None:
            for part in gathered.parts():
                taker.write(part)

    if options.output is not None:
        with Output(options.output, options.format, options.select) as output:
            write_to(output)
            place = output.finish(is_whole=reader.is_whole)
            if not reader.is_whole:
                console.say(
                    f"not all of the input could be read, so the output is called {showable(place)}"
                )
    elif options.only_count:
        write_to(_Nowhere())
    elif isinstance(gathered, Tally) and options.format is None:
        _pass_on(matcher, paths, options, console, reader, misses, gathered)
        console.write_lines(gathered.lines())
    else:
        writer = make_writer(options.format or "jsonl", console, options.select)
        try:
            write_to(writer)
        except BaseException:
            writer.abandon()
            raise
        writer.finish()


def _gathered(options: Options) -> Ranking | Tally | None:
    """Return what gathers all that matches before any of it is written, where that is asked for."""
    if options.count_by is not None:
        return Tally(options.count_by, options.limit)
    if options.sort is not None:
        return Ranking(options.sort, options.limit, descending=options.descending)
    return None


def _reading_limit(options: Options) -> int | None:
    """Return after how many records that match reading stops."""
    return None if options.count_by is not None or options.sort is not None else options.limit


def _pass_on(
    matcher: Matcher,
    paths: Sequence[str],
    options: Options,
    console: Console,
    reader: Reader,
    misses: Misses | None,
    taker: _Taker,
) -> None:
    if options.explain or misses is not None:
        _pass_on_one_by_one(matcher, paths, options, console, reader, misses, taker)
        return
    selected = reader.select(
        paths,
        matcher,
        invert=options.invert,
        limit=_reading_limit(options),
        strict=options.strict,
        jobs=options.jobs,
    )
    with closing(selected):
        for part in selected:
            taker.write(part)


def _pass_on_one_by_one(
    matcher: Matcher,
    paths: Sequence[str],
    options: Options,
    console: Console,
    reader: Reader,
    misses: Misses | None,
    taker: _Taker,
) -> None:
    matches = matcher.matches
    limit = _reading_limit(options)
    with closing(reader.records(paths)) as records:
        for record in records:
            if options.explain:
                console.say(
                    f"{showable(record.name)}:{record.number}: {matcher.explain(record.value)}"
                )
            if misses is not None:
                misses.add(record)
            if matches(record.value) is options.invert:
                continue
            reader.matched += 1
            if record.line is None:
                taker.write(record.cells or Rows([record.value]))
            else:
                # The last line of a file may lack its end, and another file may follow.
                taker.write(Lines([record.line.removesuffix(b"\n")]))
            if reader.matched == limit:
                return


def _files(paths: Sequence[str], format_: str | None = None) -> list[str]:
    files: list[str] = []
    for path in paths:
        try:
            files += [source.path for source in find_sources(path, format_)]
        except InputError:
            continue  # It will be complained of when its turn comes.
    return files


def _is_quiet(options: Options) -> bool:
    """Whether nothing is written to standard output while inputs are read."""
    return _gathered(options) is not None or options.only_count or options.output is not None


def shows_progress(paths: Sequence[str], *, disturbs: bool, is_quiet: bool) -> bool:
    """Whether somebody sees it, and nothing else is written to the same terminal meanwhile."""
    if not is_terminal(sys.stderr) or disturbs:
        return False
    if STDIN in paths and is_terminal(sys.stdin):
        return False
    return is_quiet or not is_terminal(sys.stdout)
