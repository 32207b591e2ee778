r"""One large list of JSON in a plain file → scans of its ranges, by several processes, in order.

No process has to go through the list from its beginning. What stood between the elements so far
may stand between others too, so each process looks for the first one behind the beginning of its
range, and for the first one behind the end. That these are where elements meet is known once what
is between them was looked at: what begins where an element does, and is a whole list of elements,
ends where one does. So as long as all ranges before a range were such lists, what was found in it
is right; at the first range that is none, who asked goes on by itself.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import reason_of
from filterlang.backends.files.json_records.json_text import line_of
from filterlang.backends.files.json_records.scans import Scan
from filterlang.backends.files.opening.inputs import BLOCK, RANGE
from filterlang.backends.files.packages import find_splitter
from filterlang.backends.files.scanning.workers import send_scans, start_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from multiprocessing.connection import Connection

    from filterlang.backends.files.scanning.scanner import Scanner

_TOGETHER = 4
"""So many blocks of elements are looked at together: enough to make calls cheap."""


class ListRanges:
    """Has several processes scan what follows of a list.

    Args:
        path: a plain file.
        scanner: looks at elements.
        jobs: how many processes.
        before_reading: called before each wait for more.
    """

    def __init__(
        self, path: str, scanner: Scanner, jobs: int, before_reading: Callable[[int], None]
    ) -> None:
        self._path = path
        self._scanner = scanner
        self._jobs = jobs
        self._before_reading = before_reading
        self._pause = self._rest = 0
        self._is_given_up = False

    def give_up(self) -> None:
        """Start no more processes."""
        self._is_given_up = True

    def scan(self, start: int, between: bytes) -> Generator[tuple[Scan, int], None, None]:
        """Iterate over what is found in elements, with the place in the file behind each scan.

        What isn't given has to be looked at otherwise, from there on.

        Args:
            start: the place of an element.
            between: what stands between two of them, mostly.

        Raises:
            InputError: where the file can't be read on, or no process started.
        """
        size = Path(self._path).stat().st_size
        # To start processes takes some time, which is lost where they soon have to end.
        if self._is_given_up or size - start < 2 * RANGE or self._rest:
            self._rest = max(0, self._rest - 1)
            return
        self._pause = self._rest = 2 * self._pause + 1
        with ExitStack() as stack:
            arguments = [
                (self._path, self._scanner, start, between, first, self._jobs)
                for first in range(self._jobs)
            ]
            workers = start_workers(stack, _send_ranges, arguments)
            for number in count():
                self._before_reading(RANGE if number else 0)
                for scan, end in workers[number % self._jobs].result(self._scanner):
                    if scan is None:
                        return
                    yield Scan(*scan), end


def _send_ranges(
    pipe: Connection,
    path: str,
    scanner: Scanner,
    start: int,
    between: bytes,
    first: int,
    step: int,
) -> None:
    look = partial(_look, scanner, find_splitter(), between)
    for number in count(first, step):
        begin = start + number * RANGE
        scan = partial(_scan_range, path, look, begin, b"}%s{" % between, is_first=not number)
        try:
            send_scans(pipe, scanner, scan)
        except ConnectionError:
            raise
        except OSError as error:
            pipe.send(reason_of(error))
            return


def _look(
    scanner: Scanner, split: Callable[[bytes], list[bytes] | None], between: bytes, listed: bytes
) -> Scan | None:
    """Look at a list of elements, with this between them; None for what is no list."""
    found = scanner.look(listed, between)
    if found is None:
        lines = split(listed)
        found = None if lines is None else scanner.scan(b"\n".join(map(line_of, lines)) + b"\n")
    return found


def _scan_range(
    path: str,
    look: Callable[[bytes], Scan | None],
    begin: int,
    meeting: bytes,
    *,
    is_first: bool,
) -> Iterator[tuple[Scan | None, int]]:
    """Scan the elements that begin in a range, each scan with the place of the next element.

    `meeting` is the end of an element with the beginning of the next one. None stands for elements
    that have to be looked at otherwise.
    """
    data, last = b"", -1
    with Path(path).open("rb", buffering=0) as file:
        file.seek(begin)
        # The last element ends behind the range, mostly soon.
        for size in (RANGE + BLOCK, RANGE):
            data += file.read(size)
            last = data.find(meeting, RANGE)
            if last >= 0:
                break
    behind = len(meeting) - 1
    place = 0 if is_first else data.find(meeting) + behind
    if last < 0 or place > last:
        yield None, begin
        return
    while place <= last:
        end = last
        if last - place > _TOGETHER * BLOCK:
            end = data.rfind(meeting, place, place + _TOGETHER * BLOCK)
        found = None if end < 0 else look(b"[%s]" % memoryview(data)[place : end + 1])
        place = end + behind
        yield found, begin + place
        if found is None:
            return
