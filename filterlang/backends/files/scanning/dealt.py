"""Blocks that only one process can read → their scans, by it and by others, in their order.

What is compressed can't be begun in its middle, and what is a list of JSON can't either: so one
process reads, takes apart, and deals the blocks of lines to the others; those for which none of
them has room it looks at itself.
"""

from __future__ import annotations

from contextlib import ExitStack
from io import BufferedReader
from typing import TYPE_CHECKING, Any

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.json_shape import Block
from filterlang.backends.files.opening.chunks import Chunks
from filterlang.backends.files.opening.inputs import EXPECTED, READY, opened, read_blocks
from filterlang.backends.files.scanning.dealer import Dealer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from filterlang.backends.files.faults import Place
    from filterlang.backends.files.json_records.scans import Scan
    from filterlang.backends.files.scanning.scanner import Scanner


def scan_dealt(
    blocks: Iterable[Block], scanner: Scanner, jobs: int
) -> Generator[tuple[Scan, Callable[[int], Place] | None], None, None]:
    """Scan blocks by so many processes; gives the scan of each, and the places of its lines.

    Raises:
        InputError: where they can't be read on, after the scans of those before.
    """
    with ExitStack() as stack:
        yield from _deal(blocks, Dealer(stack, scanner, jobs))


def scan_unpacked(
    path: str, scanner: Scanner, jobs: int, before_reading: Callable[[int], None]
) -> Generator[Scan, None, None]:
    """Scan packed JSON Lines by so many processes; gives the scans of their blocks.

    They are unpacked right into the memory that all processes see, which saves a third of the time
    that it takes to unpack and to deal them.

    Raises:
        InputError: where the file can't be read on, after the scans of what stands before that.
    """
    with ExitStack() as stack, opened(path, before_reading) as reader:
        dealer = Dealer[list[Block]](stack, scanner, jobs)
        begun, error, is_end = b"", None, False
        # Within a piece nobody looks for lines that are too long.
        while not is_end and dealer.piece <= scanner.max_line:
            for _, scans in dealer.fetch():
                yield from scans
            with dealer.room() as room:
                size, is_end, error = _filled(reader, room, dealer.piece, begun)
                # What no end of a line follows was cut off where there is an error.
                is_whole = is_end and error is None
                whole = size if is_whole else dealer.end_of_lines(size)
                begun = bytes(room[whole:size])
            if not whole and not is_end:
                break
            if whole:
                try:
                    dealer.deal_room(whole, [])
                except InputError as caught:
                    error, is_end = caught, True
        if is_end:
            for _, scans in dealer.finish():
                yield from scans
        else:
            # There is a line that is longer than a piece, and may be more, or none may be so long.
            rest: BufferedReader[Any] = BufferedReader(Chunks(reader.read1, head=begun))
            lines = read_blocks(rest, before_reading, scanner.max_line)
            for scan, _ in _deal((Block(data, None) for data in lines), dealer):
                yield scan
        if error is not None:
            raise error


def _filled(
    reader: BufferedReader[Any], room: memoryview, piece: int, begun: bytes
) -> tuple[int, bool, Exception | None]:
    """Fill a room behind what has begun; return how far, and whether there is no more, and why."""
    size = len(begun)
    room[:size] = begun
    at_once = READY
    try:
        while size < piece:
            more = reader.readinto1(room[size : min(size + at_once, piece)])
            if not more:
                return size, True, None
            size += more
            at_once = piece
    except (InputError, *EXPECTED) as error:
        return size, True, error
    return size, False, None


def _deal(
    blocks: Iterable[Block], dealer: Dealer[list[Block]]
) -> Generator[tuple[Scan, Callable[[int], Place] | None], None, None]:
    for found in dealer.deal_all(_to_deal(blocks, dealer.piece)):
        yield from _placed(*found)


def _to_deal(blocks: Iterable[Block], enough: int) -> Iterator[tuple[list[bytes], list[Block]]]:
    for piece in _pieces(blocks, enough):
        # There is no empty block, so that this can stand for a line that is too long.
        yield [block.data or b"" for block in piece if block.scan is None], piece


def _placed(
    piece: list[Block], scans: list[Scan]
) -> Iterator[tuple[Scan, Callable[[int], Place] | None]]:
    """Put what was found before, where lists are taken apart, in its place among what was now."""
    found = iter(scans)
    # What unpacked lines were dealt has no blocks.
    if not piece:
        for scan in found:
            yield scan, None
    for block in piece:
        yield next(found) if block.scan is None else block.scan, block.place


def _pieces(blocks: Iterable[Block], enough: int) -> Iterator[list[Block]]:
    """Join blocks to pieces of some size; what ends their reading too early comes after them."""
    piece: list[Block] = []
    size, error = 0, None
    try:
        for block in blocks:
            piece.append(block)
            size += len(block.data or b"")
            # A block that was scanned before may stand for any number of lines.
            if size >= enough or block.scan is not None:
                yield piece
                piece, size = [], 0
    except InputError as caught:
        error = caught
    if piece:
        yield piece
    if error is not None:
        raise error
