"""Lines → their scans, in their order, by one that deals pieces to others, and scans some itself.

The lines come through memory that all of these processes see, where each of the others has room for
pieces beside the one that it looks at, so that it needn't wait for the next one. A piece for which
none of them has room is looked at by the one that deals, which has room for it, too: so all of them
have work, and there are no more of them than somebody wants. Never more than these pieces is in
memory, beside what was found in them and isn't fetched.

Where memory can't be shared, and for a piece that is too long for its room, they come through
pipes. Then a process has one piece at a time, and gets the next one only after its result was
fetched, so that no two of them wait for each other.
"""

from __future__ import annotations

import mmap
from collections import deque
from functools import partial
from itertools import starmap
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.scans import Scan
from filterlang.backends.files.opening.inputs import BLOCK
from filterlang.backends.files.scanning import workers
from filterlang.backends.files.scanning.workers import send_scans, start_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import ExitStack
    from multiprocessing.connection import Connection

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
_AHEAD = 4
"""So many times what there is room for may be done before it is fetched."""

What = TypeVar("What")


class _Seat(NamedTuple):
    """Where a piece may be dealt to: a process, and where its room in the memory starts."""

    worker: Worker | None
    """None for the one that deals."""
    start: int


class _Dealt(NamedTuple, Generic[What]):
    """A piece that was dealt, what was left with it, and its scans if they are there already."""

    seat: _Seat
    what: What
    scans: list[Scan] | None


class Dealer(Generic[What]):
    """Deals pieces, and fetches what was found in them in the order in which they were dealt.

    With each piece something may be left, which comes back with what was found.

    Args:
        stack: what was started is stopped with it.
        scanner: looks at lines.
        jobs: how many processes look at them, this one among them; at least two.
        scan: looks at a block with that scanner; None to look at lines.

    Attributes:
        piece: how many bytes a piece should have.

    Raises:
        InputError: where no process can be started, and by what fetches where one has ended.
    """

    piece: int

    def __init__(
        self,
        stack: ExitStack,
        scanner: Scanner,
        jobs: int,
        scan: Callable[[bytes], Scan] | None = None,
    ) -> None:
        self._scanner = scanner
        self._scan_block = scan or partial(_scan_lines, scanner)
        self._memory = None
        self.piece, rooms = PIPED, 1
        others = jobs - 1
        # Only processes that are forked have the memory that has no name.
        if workers.can_fork():
            self.piece, rooms = PIECE, _ROOMS
            self._size = self.piece + _BESIDE
            self._memory = stack.enter_context(mmap.mmap(-1, (others * rooms + 1) * self._size))
        arguments = [(scanner, self._scan_block, self._memory)] * others
        started = start_workers(stack, _scan_pieces, arguments, are_dealt=True)
        self._free = deque(
            _Seat(worker, (room * others + number) * self._size if self._memory else 0)
            for room in range(rooms)
            for number, worker in enumerate(started)
        )
        self._own = _Seat(None, others * rooms * self._size if self._memory else 0)
        self._most = _AHEAD * len(self._free)
        self._taken: deque[_Dealt[What]] = deque()

    def fetch(self) -> Iterator[tuple[What, list[Scan]]]:
        """Fetch the results that are there; wait for some only where many others are behind."""
        while self._taken and (self._is_done(self._taken[0]) or len(self._taken) > self._most):
            yield self._fetch()

    def deal(self, blocks: list[bytes], what: What) -> None:
        """Deal a piece.

        Raises:
            InputError: where the process has ended that should get it.
        """
        size = sum(map(len, blocks))
        fits = self._memory is not None and size <= self._size
        seat = self._seat
        # Nobody is waked for nothing; and who has to take blocks from a pipe must not wait for a
        # result to be taken.
        if not blocks or seat.worker is None or (not fits and self._is_busy(seat.worker)):
            self._scan(blocks, what)
        elif fits:
            assert self._memory is not None
            place = seat.start
            ends = []
            for block in blocks:
                self._memory[place : place + len(block)] = block
                place += len(block)
                ends.append(place)
            self._send(what, (seat.start, ends))
        else:
            self._send(what, len(blocks), blocks)

    def deal_all(
        self, pieces: Iterable[tuple[list[bytes], What]]
    ) -> Iterator[tuple[What, list[Scan]]]:
        """Deal pieces, and fetch what is found in them in their order.

        Raises:
            InputError: as `deal`, or as the pieces do, after what was found in those before.
        """
        error, left = None, iter(pieces)
        while True:
            try:
                blocks, what = next(left)
            except StopIteration:
                break
            except InputError as caught:
                error = caught
                break
            yield from self.fetch()
            try:
                self.deal(blocks, what)
            except InputError as caught:
                # It has ended; what was dealt before is no less right.
                error = caught
                break
        yield from self.finish()
        if error is not None:
            raise error

    def room(self) -> memoryview:
        """Return the room for the next piece, to be filled with lines, where memory is shared."""
        assert self._memory is not None
        start = self._seat.start
        with memoryview(self._memory) as whole:
            return whole[start : start + self._size]

    def end_of_lines(self, size: int) -> int:
        """Return how many of so many bytes in the room are whole lines."""
        assert self._memory is not None
        start = self._seat.start
        return max(self._memory.rfind(b"\n", start, start + size) + 1 - start, 0)

    def deal_room(self, size: int, what: What) -> None:
        """Deal the lines by which so many bytes of the room were filled; as `deal`."""
        assert self._memory is not None
        seat = self._seat
        start = place = seat.start
        ends = []
        while place < start + size:
            end = self._memory.find(b"\n", place + BLOCK, start + size) + 1
            place = end or start + size
            ends.append(place)
        if seat.worker is None:
            self._scan(_cut(self._memory, start, ends), what)
        else:
            self._send(what, (start, ends))

    def finish(self) -> Iterator[tuple[What, list[Scan]]]:
        """Fetch the results of all that was dealt."""
        while self._taken:
            yield self._fetch()

    @property
    def _seat(self) -> _Seat:
        """The one of the next piece, which only changes by what is dealt or fetched."""
        return self._free[0] if self._free else self._own

    def _scan(self, blocks: Iterable[bytes], what: What) -> None:
        self._taken.append(_Dealt(self._own, what, list(map(self._scan_block, blocks))))

    def _send(self, what: What, message: object, blocks: Iterable[bytes] = ()) -> None:
        seat = self._free.popleft()
        assert seat.worker is not None
        seat.worker.send(message, blocks)
        self._taken.append(_Dealt(seat, what, None))

    def _is_busy(self, worker: Worker) -> bool:
        return any(dealt.seat.worker is worker for dealt in self._taken)

    @staticmethod
    def _is_done(dealt: _Dealt[What]) -> bool:
        return dealt.seat.worker is None or dealt.seat.worker.has_result()

    def _fetch(self) -> tuple[What, list[Scan]]:
        seat, what, scans = self._taken.popleft()
        if scans is None:
            assert seat.worker is not None
            scans = list(starmap(Scan, seat.worker.result(self._scanner)))
            self._free.append(seat)
        return what, scans


def _scan_pieces(
    pipe: Connection,
    dealt: Connection,
    scanner: Scanner,
    scan: Callable[[bytes], Scan],
    memory: mmap.mmap | None,
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
        send_scans(pipe, scanner, partial(map, scan, data))


def _cut(memory: mmap.mmap, start: int, ends: list[int]) -> Iterator[bytes]:
    for end in ends:
        yield memory[start:end]
        start = end


def _scan_lines(scanner: Scanner, block: bytes) -> Scan:
    # There is no empty block, so that this can stand for a line that is too long.
    return scanner.scan(block or None)
