"""Packed JSON Lines → scans of its pieces, by several processes, in their order.

What is packed can't be begun in its middle. Where it is unpacked in a part of the time that it
takes to look at it, each process unpacks all of it, and looks at every n-th piece: that takes less
time than to send it around. A process whose result isn't fetched yet waits.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import cycle, groupby, islice
from operator import itemgetter
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.inputs import EXPECTED, RANGE, blocks_of, opened
from filterlang.backends.files.workers import send_scans, start_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from multiprocessing.connection import Connection

    from filterlang.backends.files.scanner import Scanner
    from filterlang.backends.files.scans import Scan


def scan_shares(
    path: str, scanner: Scanner, jobs: int, before_reading: Callable[[int], None]
) -> Generator[Scan, None, None]:
    """Scan a packed file by so many processes; gives the scans of its blocks in their order.

    Raises:
        InputError: where the file can't be read on, after the scans before that.
    """
    with ExitStack() as stack:
        arguments = [(path, scanner, first, jobs) for first in range(jobs)]
        workers = start_workers(stack, _send_shares, arguments)
        read = 0
        taken = cycle(workers)
        for worker in taken:
            before_reading(max(worker.place - read, 0))
            read = max(worker.place, read)
            scans = worker.result(scanner)
            if not scans:
                break
            yield from scans
        # What is the end for one is the end for all.
        if any(worker.result(scanner) for worker in islice(taken, jobs - 1)):
            message = "it was changed while it was read"
            raise InputError(message)


def _send_shares(pipe: Connection, path: str, scanner: Scanner, first: int, step: int) -> None:
    """Send the scans of each piece of one's own, and after it where in the file one is.

    At the end of the file there are no scans.
    """
    place = 0

    def note(size: int) -> None:
        nonlocal place
        place += size

    try:
        with opened(path, note) as reader:
            blocks = blocks_of(reader, scanner.max_line)
            for number, piece in groupby(_numbered(blocks), itemgetter(0)):
                if number % step == first:
                    _send_share(pipe, scanner, (block for _, block in piece))
                    pipe.send(place)
    except InputError as error:
        pipe.send(str(error))
    else:
        pipe.send([])


def _numbered(blocks: Iterable[bytes | None]) -> Iterator[tuple[int, bytes | None]]:
    """Number pieces of some size, which are the same ones in each process."""
    number = size = 0
    for block in blocks:
        yield number, block
        size += len(block or b"")
        if size >= RANGE:
            number, size = number + 1, 0


def _send_share(pipe: Connection, scanner: Scanner, blocks: Iterable[bytes | None]) -> None:
    """Send the scans of blocks.

    Raises:
        InputError, OSError: where they can't be read on, after those before that were sent.
    """
    errors: list[Exception] = []

    def scan() -> list[Scan]:
        found: list[Scan] = []
        try:
            found.extend(map(scanner.scan, blocks))
        except (InputError, *EXPECTED) as error:
            if not found:
                raise
            errors.append(error)
        return found

    send_scans(pipe, scanner, scan)
    if errors:
        raise errors.pop()
