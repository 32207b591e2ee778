"""`filterlang match`: pass on the records that match."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from filterlang.cli.console import is_terminal
from filterlang.cli.exits import ExitCode
from filterlang.cli.inputs import STDIN, total_size
from filterlang.cli.progress import Progress
from filterlang.cli.records import read_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.cli.console import Console
    from filterlang.matcher import Matcher


class Options(NamedTuple):
    """What a person asked for, by the options of the command."""

    only_count: bool
    invert: bool
    limit: int | None
    explain: bool


def match(matcher: Matcher, paths: Sequence[str], options: Options, console: Console) -> ExitCode:
    """Write the lines that match, or their number."""
    if _shows_progress(paths, options):
        console.progress = Progress(total_size(paths))
    try:
        selected = _select(matcher, paths, options, console)
    finally:
        console.hide_progress()
    if options.only_count:
        console.write_lines([str(selected)])
    console.flush()
    if console.complained:
        return ExitCode.BAD_INPUT
    return ExitCode.SUCCESS if selected else ExitCode.NOTHING_MATCHED


def _select(matcher: Matcher, paths: Sequence[str], options: Options, console: Console) -> int:
    """Write the lines that match, unless only their number is asked for; return that."""
    only_count, invert, limit, explain = options
    matches = matcher.matches
    selected = 0
    with closing(read_records(paths, console)) as records:
        for name, number, line, value in records:
            if explain:
                console.say(f"{name}:{number}: {matcher.explain(value)}")
            if matches(value) == invert:
                continue
            selected += 1
            if not only_count:
                # The last line of a file may lack its end, and another file may follow.
                console.write(line if line.endswith(b"\n") else line + b"\n")
            if selected == limit:
                break
    return selected


def _shows_progress(paths: Sequence[str], options: Options) -> bool:
    """Whether somebody sees it, and nothing else is written to the same terminal meanwhile."""
    if not is_terminal(sys.stderr) or options.explain:
        return False
    if STDIN in paths and is_terminal(sys.stdin):
        return False
    return options.only_count or not is_terminal(sys.stdout)
