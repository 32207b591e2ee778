"""One large file of JSON Lines → scans of its ranges, by several processes, in their order.

Each process takes every n-th range, and sends what it found through a pipe of its own; from these
pipes the results are fetched in turn. A process whose result isn't fetched yet waits, so that never
more is in memory than one range for each of them. A line belongs to the range that it begins in.
"""

from __future__ import annotations

import errno
from contextlib import ExitStack
from functools import partial
from itertools import starmap
from os.path import samestat
from pathlib import Path
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import InputError, reason_of
from filterlang.backends.files.json_records.scans import Scan
from filterlang.backends.files.opening.inputs import BLOCK, RANGE, read_range
from filterlang.backends.files.scanning.workers import send_scans, start_workers

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator
    from multiprocessing.connection import Connection

    from filterlang.backends.files.scanning.scanner import Scanner


def scan_ranges(
    path: str, scanner: Scanner, jobs: int, before_reading: Callable[[int], None]
) -> Generator[Scan, None, None]:
    """Scan a plain file by so many processes; gives the scans of its blocks in their order.

    Raises:
        InputError: where the file can't be read on, after the scans before that.
    """
    try:
        file = Path(path).stat()
    except OSError as error:
        raise InputError(reason_of(error)) from error
    size = file.st_size
    with ExitStack() as stack:
        arguments = [(path, file, scanner, first, jobs) for first in range(jobs)]
        workers = start_workers(stack, _send_ranges, arguments)
        for number in range(-(-size // RANGE)):
            before_reading(RANGE if number else 0)
            yield from starmap(Scan, workers[number % jobs].result(scanner))


def _send_ranges(
    pipe: Connection, path: str, file: os.stat_result, scanner: Scanner, first: int, step: int
) -> None:
    for start in range(first * RANGE, file.st_size, step * RANGE):
        scan = partial(_scan_same, path, file, scanner, start)
        try:
            send_scans(pipe, scanner, scan)
        except ConnectionError:
            raise
        except OSError as error:
            pipe.send(reason_of(error))
            return


def _scan_same(path: str, file: os.stat_result, scanner: Scanner, start: int) -> list[Scan]:
    """Scan a range, if the file that was begun still had its name when it was opened.

    Raises:
        OSError: where it can't be read, or is another one.
    """
    scans = scan_range(path, scanner, start, start + RANGE)
    if not samestat(Path(path).stat(), file):
        raise OSError(errno.ESTALE, _REPLACED)
    return scans


_REPLACED = "another file took its place while it was read; match it again"


def scan_range(path: str, scanner: Scanner, start: int, end: int) -> list[Scan]:
    """Scan the lines that begin within a range of bytes."""
    blocks = read_range(path, start, end, BLOCK, scanner.max_line)
    return [scanner.scan(block) for block in blocks]
