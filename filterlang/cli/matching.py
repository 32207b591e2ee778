"""`filterlang match`: lines in, the matching lines out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from filterlang.cli.output import BAD_INPUT, DONE, NOTHING_MATCHED, Progress, say
from filterlang.cli.records import UNREADABLE, Lines, read_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filterlang.matcher import Matcher


def match_files(  # noqa: PLR0913 — one parameter an option
    matcher: Matcher,
    files: Sequence[str],
    *,
    count: bool = False,
    invert: bool = False,
    limit: int | None = None,
    explain: bool = False,
) -> int:
    """Write the lines of the files that match, or with `invert` the others; give the exit code."""
    reading = _Reading(files)
    found = 0
    write = sys.stdout.buffer.write
    try:
        for place, line, record in reading:
            if explain:
                say(f"{place}: {matcher.explain(record)}")
            if matcher(record) is invert:
                continue
            found += 1
            if not count:
                write(line if line.endswith(b"\n") else line + b"\n")
            if found == limit:
                break
    finally:
        reading.close()
    if count:
        sys.stdout.write(f"{found}\n")
    if reading.bad:
        return BAD_INPUT
    return DONE if found else NOTHING_MATCHED


class _Reading:
    """Goes through the records of all files, and reports what can't be read."""

    def __init__(self, files: Sequence[str]) -> None:
        self._files = files
        self._progress = Progress()
        self.bad = False

    def __iter__(self) -> Iterator[tuple[str, bytes, object]]:
        for path in self._files:
            try:
                with Lines(path) as lines:
                    yield from self._records(lines)
            except UNREADABLE as error:
                self._report(f"{path}: {_reason(error)}")

    def _records(self, lines: Lines) -> Iterator[tuple[str, bytes, object]]:
        for number, line in enumerate(lines, 1):
            self._progress.step(lines)
            if not line.strip():
                continue
            place = f"{lines.name}:{number}"
            try:
                record = read_record(line)
            except ValueError as error:
                self._report(f"{place}: {error}")
            else:
                yield place, line, record

    def _report(self, message: str) -> None:
        self.bad = True
        self._progress.close()
        say(message)

    def close(self) -> None:
        """Take the progress line away."""
        self._progress.close()


def _reason(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return "the compressed data ends too early or is damaged"
