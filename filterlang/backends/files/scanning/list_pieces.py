r"""Pieces of a list of JSON → their scans, by several processes, in their order.

Who takes the list apart doesn't read it: it cuts where what stood between the elements so far
stands again, and deals the pieces. That these are whole elements is known once somebody has looked
at them: what begins where an element does, and is a whole list, ends where one does. So as long as
all pieces before a piece were such lists, what was found in it is right; the first one that is
none, and what comes after it, goes back to who cut.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from filterlang.backends.files.json_records.json_lists import line_of
from filterlang.backends.files.json_records.scans import Scan
from filterlang.backends.files.packages import find_splitter
from filterlang.backends.files.scanning.dealer import Dealer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from filterlang.backends.files.scanning.scanner import Scanner

_NO_ELEMENTS = Scan([], 0, 0, [])
"""What is found in a piece that isn't whole elements."""


class ListPieces:
    """Has several processes scan pieces of a list.

    Args:
        scanner: looks at elements.
        jobs: how many processes, this one among them.
    """

    def __init__(self, scanner: Scanner, jobs: int) -> None:
        self._scanner = scanner
        self._jobs = jobs
        self._pause = self._rest = 0
        self._is_given_up = False

    def give_up(self) -> None:
        """Start no more processes."""
        self._is_given_up = True

    def scan(self, pieces: Iterator[bytes], between: bytes) -> Generator[Scan, None, None]:
        """Iterate over what is found in each piece, up to one that isn't whole elements.

        Args:
            pieces: some elements each.
            between: what stands between two of them, mostly.

        Raises:
            InputError: where no process can be started, or one has ended.
        """
        # To start processes takes some time, which is lost where a piece soon is none.
        if self._is_given_up or self._rest:
            self._rest = max(0, self._rest - 1)
            return
        self._pause = self._rest = 2 * self._pause + 1
        with ExitStack() as stack:
            scan = partial(_scan_elements, self._scanner, between)
            dealer = Dealer[None](stack, self._scanner, self._jobs, scan)
            some = ((piece, None) for piece in _together(pieces, dealer.piece))
            for _, scans in dealer.deal_all(some):
                for found in scans:
                    if not found.lines:
                        return
                    yield found


def _together(pieces: Iterable[bytes], enough: int) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    size = 0
    for piece in pieces:
        some.append(piece)
        size += len(piece)
        if size >= enough:
            yield some
            some, size = [], 0
    if some:
        yield some


def _scan_elements(scanner: Scanner, between: bytes, piece: bytes) -> Scan:
    listed = b"[%s]" % piece
    found = scanner.look(listed, between)
    if found is not None:
        return found
    lines = find_splitter()(listed)
    return _NO_ELEMENTS if lines is None else scanner.scan(b"\n".join(map(line_of, lines)) + b"\n")
