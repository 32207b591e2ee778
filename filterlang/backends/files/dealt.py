"""Blocks that only one process can read → their scans, by several others, in their order.

What is compressed can't be begun in its middle, and what is a list of JSON can't either: so one
process reads, takes apart, and deals the blocks of lines to the others. Each of these has one piece
at a time, and waits for the next one only after its result was fetched, so that no two of them wait
for each other, and never more is in memory than a piece for each.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.workers import send_scans, start_workers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from multiprocessing.connection import Connection

    from filterlang.backends.files.faults import Place
    from filterlang.backends.files.json_shape import Block
    from filterlang.backends.files.scanner import Scanner
    from filterlang.backends.files.scans import Scan
    from filterlang.backends.files.workers import Worker

PIECE = 1 << 19
"""So many bytes are dealt together, some milliseconds of work; with the rest of the last block a
pipe should hold them."""


def scan_dealt(
    blocks: Iterable[Block], scanner: Scanner, jobs: int
) -> Generator[tuple[Scan, Callable[[int], Place] | None], None, None]:
    """Scan blocks by so many processes; gives the scan of each, and the places of its lines.

    Raises:
        InputError: where they can't be read on, after the scans of those before.
    """
    with ExitStack() as stack:
        idle = deque(start_workers(stack, _scan_pieces, [(scanner,)] * jobs, are_dealt=True))
        busy: deque[tuple[Worker, list[Block]]] = deque()
        error = None
        for piece in _pieces(blocks):
            if isinstance(piece, InputError):
                error = piece
                break
            if not idle:
                yield from _finished(busy, idle, scanner)
            worker = idle.popleft()
            try:
                # There is no empty block, so that this can stand for a line that is too long.
                worker.send([block.data or b"" for block in piece if block.scan is None])
            except InputError as caught:
                # It has ended; what was dealt before is no less right.
                error = caught
                break
            busy.append((worker, piece))
        while busy:
            yield from _finished(busy, idle, scanner)
        if error is not None:
            raise error


def _finished(
    busy: deque[tuple[Worker, list[Block]]], idle: deque[Worker], scanner: Scanner
) -> Iterator[tuple[Scan, Callable[[int], Place] | None]]:
    worker, piece = busy.popleft()
    scans = iter(worker.result(scanner))
    idle.append(worker)
    # What was found before, where lists are taken apart, keeps its place among what is found now.
    for block in piece:
        yield next(scans) if block.scan is None else block.scan, block.place


def _pieces(blocks: Iterable[Block]) -> Iterator[list[Block] | InputError]:
    """Join blocks to pieces of some size; what ends their reading too early comes after them."""
    piece: list[Block] = []
    size, error = 0, None
    try:
        for block in blocks:
            piece.append(block)
            size += len(block.data or b"")
            # A block that was scanned before may stand for any number of lines.
            if size >= PIECE or block.scan is not None:
                yield piece
                piece, size = [], 0
    except InputError as caught:
        error = caught
    if piece:
        yield piece
    if error is not None:
        yield error


def _scan_pieces(pipe: Connection, dealt: Connection, scanner: Scanner) -> None:
    while True:
        try:
            data = [dealt.recv_bytes() for _ in range(dealt.recv())]
        except EOFError:
            return
        send_scans(pipe, scanner, partial(_scan_all, scanner, data))


def _scan_all(scanner: Scanner, data: list[bytes]) -> list[Scan]:
    return [scanner.scan(block or None) for block in data]
