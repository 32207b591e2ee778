"""Lines → their scans, by several processes to which one deals pieces, in their order.

The lines come through memory that all of them see, where each of these processes has room for a
piece beside the one that it looks at, so that it needn't wait for the next one. Never more than
these pieces is in memory.

Where memory can't be shared, and for a piece that is too long for its room, they come through
pipes. Then a process has one piece at a time, and gets the next one only after its result was
fetched, so that no two of them wait for each other.
"""

from __future__ import annotations

import mmap
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from filterlang.backends.files.opening.inputs import BLOCK
from filterlang.backends.files.scanning import workers
from filterlang.backends.files.scanning.workers import send_scans, start_workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import ExitStack
    from multiprocessing.connection import Connection

    from filterlang.backends.files.json_records.scans import Scan
    from filterlang.backends.files.scanning.scanner import Scanner
    from filterlang.backends.files.scanning.workers import Worker

PIECE = 1 << 20
"""So many bytes are dealt together, some hundredths of a second of work."""
PIPED = 1 << 19
"""The same where they go through a pipe, which should hold them with the rest of the last block."""
_BESIDE = 1 << 18
"""So many bytes more there is room for, since pieces are made of whole blocks."""
_ROOMS = 3
"""So many pieces each process has room for."""

What = TypeVar("What")


class _Seat(NamedTuple):
    """Where a piece may be dealt to: a process, and where its room in the memory starts."""

    worker: Worker
    start: int


class Dealer(Generic[What]):
    """Deals pieces, and fetches what was found in them in the order in which they were dealt.

    With each piece something may be left, which comes back with what was found.

    Attributes:
        piece: how many bytes a piece should have.

    Raises:
        InputError: where no process can be started, and by what waits where one has ended.
    """

    piece: int

    def __init__(self, stack: ExitStack, scanner: Scanner, jobs: int) -> None:
        self._scanner = scanner
        self._memory = None
        self.piece, rooms = PIPED, 1
        # Only processes that are forked have the memory that has no name.
        if workers.can_fork():
            self.piece, rooms = PIECE, _ROOMS
            self._size = self.piece + _BESIDE
            self._memory = stack.enter_context(mmap.mmap(-1, jobs * rooms * self._size))
        arguments = [(scanner, self._memory)] * jobs
        started = start_workers(stack, _scan_pieces, arguments, are_dealt=True)
        self._free = deque(
            _Seat(worker, (room * jobs + number) * self._size if self._memory else 0)
            for room in range(rooms)
            for number, worker in enumerate(started)
        )
        self._taken: deque[tuple[_Seat, What]] = deque()

    def wait(self, size: int = 0) -> Iterator[tuple[What, list[Scan]]]:
        """Fetch results until there is room for a piece of so many bytes."""
        if not self._free:
            yield self._fetch()
        # Who has to take them from a pipe must not wait for a result to be taken.
        while not self._fits(size) and self._is_busy(self._free[0].worker):
            yield self._fetch()

    def deal(self, blocks: list[bytes], what: What) -> None:
        """Deal a piece, for which there is room.

        Raises:
            InputError: where the process has ended that should get it.
        """
        if self._memory is None or not self._fits(sum(map(len, blocks))):
            self._send(what, len(blocks), blocks)
            return
        start = place = self._free[0].start
        ends = []
        for block in blocks:
            self._memory[place : place + len(block)] = block
            place += len(block)
            ends.append(place)
        self._send(what, (start, ends))

    def room(self) -> memoryview:
        """Return the room for the next piece, to be filled with lines; there must be some."""
        assert self._memory is not None
        start = self._free[0].start
        with memoryview(self._memory) as whole:
            return whole[start : start + self._size]

    def end_of_lines(self, size: int) -> int:
        """Return how many of so many bytes in the room are whole lines."""
        assert self._memory is not None
        start = self._free[0].start
        return max(self._memory.rfind(b"\n", start, start + size) + 1 - start, 0)

    def deal_room(self, size: int, what: What) -> None:
        """Deal the lines by which so many bytes of the room were filled; as `deal`."""
        assert self._memory is not None
        start = place = self._free[0].start
        ends = []
        while place < start + size:
            end = self._memory.find(b"\n", place + BLOCK, start + size) + 1
            place = end or start + size
            ends.append(place)
        self._send(what, (start, ends))

    def finish(self) -> Iterator[tuple[What, list[Scan]]]:
        """Fetch the results of all that was dealt."""
        while self._taken:
            yield self._fetch()

    def _send(self, what: What, message: object, blocks: Iterable[bytes] = ()) -> None:
        seat = self._free.popleft()
        seat.worker.send(message, blocks)
        self._taken.append((seat, what))

    def _fits(self, size: int) -> bool:
        return self._memory is not None and size <= self._size

    def _is_busy(self, worker: Worker) -> bool:
        return any(seat.worker is worker for seat, _ in self._taken)

    def _fetch(self) -> tuple[What, list[Scan]]:
        seat, what = self._taken.popleft()
        scans = seat.worker.result(self._scanner)
        self._free.append(seat)
        return what, scans


def _scan_pieces(
    pipe: Connection, dealt: Connection, scanner: Scanner, memory: mmap.mmap | None
) -> None:
    while True:
        try:
            dealing = dealt.recv()
            if memory is None or isinstance(dealing, int):
                data: Iterable[bytes] = [dealt.recv_bytes() for _ in range(dealing)]
            else:
                data = _cut(memory, *dealing)
        except EOFError:
            return
        send_scans(pipe, scanner, partial(_scan_all, scanner, data))


def _cut(memory: mmap.mmap, start: int, ends: list[int]) -> Iterator[bytes]:
    for end in ends:
        yield memory[start:end]
        start = end


def _scan_all(scanner: Scanner, data: Iterable[bytes]) -> list[Scan]:
    return [scanner.scan(block or None) for block in data]
