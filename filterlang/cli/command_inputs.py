"""The inputs of commands: how they are read, and what is told of them."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import closing, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.opening.compressions import compression_of_name
from filterlang.backends.files.opening.inputs import STDIN, is_file, shown, total_size
from filterlang.backends.files.opening.sources import find_sources, sources_of
from filterlang.backends.files.read_options import UNTOLD, ReadOptions
from filterlang.backends.files.reader import Reader
from filterlang.backends.files.watching.headers import look_ahead
from filterlang.backends.files.watching.sought import NO_COLUMN, NO_RECORD, Sought
from filterlang.cli.console import is_terminal
from filterlang.cli.progress import Progress
from filterlang.diagnostics.diagnostic import quoted, showable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TextIO

    from filterlang.backends.files.watching.mistyped import Mistyped
    from filterlang.cli.console import Console
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Filter


class UnknownNamesError(Exception):
    """Headers tell that names lead nowhere, before any record was read; the message says which."""


def look_for_names(
    sought: Sought,
    paths: Sequence[str],
    console: Console,
    inputs: ReadOptions,
    *,
    strict: bool,
    only_count: bool = False,
) -> None:
    """Say what no header has, now or once the header is read that tells it.

    Raises `UnknownNamesError` instead, if strict, now or while records are read.
    """

    def tell() -> None:
        told = "\n".join(sought.tell(NO_COLUMN))
        if strict:
            raise UnknownNamesError(told)
        console.say(told)

    look_ahead(sought, paths, tell, inputs, only_count=only_count)


def tell_at_end(
    reader: Reader,
    sought: Sought,
    mistyped: Mistyped,
    filters: Iterable[Filter],
    console: Console,
    *,
    strict: bool,
    paths: Iterable[str] = (),
    inputs: ReadOptions = UNTOLD,
) -> None:
    """Say once all was read what names, values and cells didn't fit the filters.

    `paths` and `inputs` tell where what others had is looked for once more.
    """
    _tell_of_empty(reader, console)
    if reader.read:
        _tell_what_no_record_has(sought, console, strict=strict)
        for told in sought.tell_of_tables():
            console.complain(told)
        # Where a limit ended it, nothing is known of the inputs behind.
        for told in _spelled_otherwise(sought, paths, inputs) if reader.reading is None else ():
            console.complain(told)
        for told in mistyped.tell():
            console.say(told)
    tell_of_cells(reader, filters, console)


def _tell_of_empty(reader: Reader, console: Console) -> None:
    """Say which inputs have nothing in them, as that seldom is what somebody expects of them."""
    # Who names that device wants nothing, and nothing may come from a pipe beside files.
    silent = {os.devnull, shown(STDIN)} if reader.read else {os.devnull}
    found = [one for one in reader.empty if one[0] not in silent]
    if not found:
        return
    name, is_empty = found[0]
    if len(found) > 1:
        console.say(f"{len(found):,} inputs are empty or blank, such as {name}")
    elif is_empty:
        console.say(f"{name}: it is empty")
    else:
        console.say(f"{name}: no record stands behind the blanks at its beginning")


_LOOKED_AT = 200
"""So many records tell how a file of JSON spells a name."""
_SEVERAL = 2
"""One file alone has no others beside it."""


def _spelled_otherwise(sought: Sought, paths: Iterable[str], inputs: ReadOptions) -> Iterator[str]:
    """Say which files of JSON spell a name otherwise than the inputs beside them."""
    names = sought.found()
    sources = [*sources_of(paths, inputs.format)] if names else []
    if len(sources) < _SEVERAL:
        return
    from filterlang.checking.meant_values.held_clause import alternatives

    for source in sources:
        if source.kind != "json" or not is_file(source.path):
            continue
        here = Sought((), None)
        here.add(names)
        reader = Reader(lambda _: None, options=inputs, sought=here, remark=lambda _: None)
        with closing(reader.records([source.path])) as records:
            for _ in islice(records, _LOOKED_AT):
                if not here.missing:
                    break
        for name, near in here.spelled_otherwise().items():
            yield (
                f"{source.name}: its first records lack {quoted(name)}, though other files have it;"
                f" did you mean {alternatives(near)}?"
            )


def _tell_what_no_record_has(sought: Sought, console: Console, *, strict: bool) -> None:
    """Say at the end which names nothing had that was read; if strict, complain of them."""
    if sought.missing:
        say = console.complain if strict else console.say
        say("\n".join(sought.tell(NO_RECORD)))


def tell_of_cells(reader: Reader, filters: Iterable[Filter], console: Console) -> None:
    """Say at the end which cells aren't of their column's type, and which clauses don't fit one.

    Before that it is said what would help against faults of lines.
    """
    console.tell_what_helps()
    for told in reader.types.told(filters):
        console.say(told)


def make_reader(
    console: Console,
    inputs: ReadOptions,
    wanted: Sequence[str] = (),
    *,
    sought: Sought | None = None,
    schema: Schema | None = None,
    mistyped: Mistyped | None = None,
) -> Reader:
    """Build a reader whose faults are complaints of the command; a schema says what cells are."""
    return Reader(
        console.complain_of,
        console.before_reading,
        options=inputs,
        wanted=wanted,
        sought=sought,
        remark=console.say,
        mistyped=mistyped,
        left_out=partial(_tell_of_left_out, console),
        schema=schema,
    )


_MOST_LEFT = 3
"""So many files that are left out are named."""


def _tell_of_left_out(console: Console, folder: str, files: Sequence[str]) -> None:
    # Those that are packed hold records more often than others.
    likely = sorted(files, key=lambda file: compression_of_name(file) is None)
    first, *others = [quoted(str(Path(file).relative_to(folder))) for file in likely[:_MOST_LEFT]]
    told = f"{first} is left out, whose name tells no format; name it to have it read"
    if others:
        *_, last = others
        shown = f"{', '.join([first, *others[:-1]])} and {last}"
        such = ": " if len(files) <= _MOST_LEFT else ", such as "
        told = (
            f"{len(files):,} files are left out whose names tell no format{such}{shown}; name them "
            "to have them read"
        )
    console.say(f"{folder}: {told}")


def refuse_own_output(
    paths: Sequence[str], format_: str | None = None, *, writes: bool = True
) -> None:
    """Refuse inputs that what is written is added to, as the end of them would never come.

    An output file by `--output` is none of these, but for /dev/stdout and the like: it is put in
    its place at the end. `writes` says whether records go to standard output while inputs are read;
    messages go to standard error.

    Raises `click.UsageError`.
    """
    outputs: dict[tuple[int, int], str] = {}
    for name, stream in (("error", sys.stderr), ("output", sys.stdout if writes else None)):
        status = _status(stream)
        if status is not None:
            outputs[status.st_dev, status.st_ino] = name
    if not outputs:
        return
    for path in files_of(paths, format_):
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


def files_of(paths: Sequence[str], format_: str | None = None) -> list[str]:
    """List the files that a person named; what is none is complained of in its turn."""
    files: list[str] = []
    for path in paths:
        try:
            files += [source.path for source in find_sources(path, format_)]
        except InputError:
            continue
    return files


def tell_of_output_among(
    paths: Sequence[str], output: str, console: Console, format_: str | None = None
) -> None:
    """Say that an output stands in a folder or a glob that is read, from which it comes again."""
    for path in paths:
        if path == STDIN or Path(path).is_file():
            continue
        for file in files_of([path], format_):
            with suppress(OSError):
                if Path(file).samefile(output):
                    console.say(
                        f"{showable(output)} is now one of the files of {showable(path)}, so that "
                        "it is read the next time"
                    )
                    return


def start_progress(
    console: Console, paths: Sequence[str], format_: str | None, *, disturbs: bool, is_quiet: bool
) -> None:
    """Have the console show how far the inputs are read, where somebody sees it."""
    if _shows_progress(paths, disturbs=disturbs, is_quiet=is_quiet):
        console.progress = Progress(total_size(files_of(paths, format_)))


def _shows_progress(paths: Sequence[str], *, disturbs: bool, is_quiet: bool) -> bool:
    """Whether somebody sees it, and nothing else is written to the same terminal meanwhile."""
    if not is_terminal(sys.stderr) or disturbs:
        return False
    if STDIN in paths and is_terminal(sys.stdin):
        return False
    return is_quiet or not is_terminal(sys.stdout)
