"""A source of JSON → the scans of its lines, by this process or by several."""

from __future__ import annotations

from contextlib import closing, suppress
from math import inf
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import InputError
from filterlang.backends.files.json_records.json_shape import find_shape, lines_of
from filterlang.backends.files.opening.inputs import opened
from filterlang.backends.files.scanning.jobs import (
    bytes_alone,
    jobs_beside,
    jobs_for,
    jobs_for_packed,
)
from filterlang.backends.files.scanning.located import is_named_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from filterlang.backends.files.faults import Place
    from filterlang.backends.files.json_records.json_shape import Block
    from filterlang.backends.files.json_records.scans import Scan
    from filterlang.backends.files.opening.sources import Source
    from filterlang.backends.files.scanning.located import Located
    from filterlang.backends.files.scanning.scanner import Scanner
    from filterlang.backends.files.watching.watch import Watch


class LineScans:
    """Scans sources of JSON.

    Args:
        inputs: gives their records as blocks of lines.
        watch: is shown what is read.
        before_reading: called before each wait for more input.
        max_line: how many bytes a line may have.
    """

    def __init__(
        self,
        inputs: Located,
        watch: Watch,
        before_reading: Callable[[int], None],
        *,
        max_line: int,
    ) -> None:
        self._inputs = inputs
        self._watch = watch
        self._before_reading = before_reading
        self._max_line = max_line

    def scans(
        self,
        source: Source,
        scanner: Scanner,
        limit: int | None,
        jobs: int | None,
        *,
        only_count: bool,
    ) -> Generator[tuple[Scan, Callable[[int], Place] | None], None, None]:
        """Iterate over what is found in a source of JSON, with what tells the places of its lines.

        That is None where they are the numbers of the lines in the input.

        Args:
            source: what is read.
            scanner: looks at lines.
            limit: stop after so many that are selected.
            jobs: how many processes look at a large input; None for one on each core.
            only_count: whether what is selected may be counted without being given.

        Raises:
            InputError: where the source can't be read on, after what was found before.
        """
        # With a limit most of the file might be read for nothing. What comes through a pipe may
        # come slowly, and somebody wait for each record.
        may_share = limit is None and source.begun is None
        number = 1
        if may_share:
            for_source = jobs_for_packed if source.is_packed else jobs_for
            number = for_source(source.path, jobs)
            if number > 1 and self._holds_lines(source):
                # It loads what processes need, which takes as long as matching a small file.
                from filterlang.backends.files.scanning import dealt, ranges

                scan_all = dealt.scan_unpacked if source.is_packed else ranges.scan_ranges
                for scan in scan_all(source.path, scanner, number, self._before_reading):
                    yield scan, None
                return
        look = self._looking(scanner, only_count=only_count) if limit is None else None
        pieces = None
        if number > 1:
            # As above.
            from filterlang.backends.files.scanning.list_pieces import ListPieces

            pieces = ListPieces(scanner, number)
        size, alone = 0, inf
        if may_share:
            alone = bytes_alone(source.path, jobs, is_packed=source.is_packed)
        deal = None if pieces is None else pieces.scan
        with closing(self._inputs.blocks(source, look, deal)) as blocks:
            for data, place, found in blocks:
                if found is not None:
                    yield found, place
                    continue
                self._watch.see_block(data)
                scan = scanner.scan(data, limit)
                yield scan, place
                if limit is not None:
                    limit -= len(scan.kept)
                    if not limit:
                        return
                size += self._max_line if data is None else len(data)
                if size >= alone:
                    alone, number = inf, jobs_beside(jobs)
                    if pieces is not None:
                        # It has to be taken apart by one, and its lines are dealt.
                        pieces.give_up()
                    if number > 1:
                        from filterlang.backends.files.scanning import dealt

                        rest = dealt.scan_dealt(self._watched(blocks), scanner, number)
                        with closing(rest):
                            yield from rest

    def _looking(
        self, scanner: Scanner, *, only_count: bool
    ) -> Callable[[bytes, bytes], Scan | None]:
        """Return what looks at elements of a list together, once nobody has to see them singly."""
        watch = self._watch

        def look(listed: bytes, between: bytes) -> Scan | None:
            if watch.sees_records or (not only_count and watch.first.wants_lines):
                return None
            return scanner.look(listed, between)

        return look

    def _watched(self, blocks: Iterable[Block]) -> Generator[Block, None, None]:
        for block in blocks:
            self._watch.see_block(block.data)
            yield block

    def _holds_lines(self, source: Source) -> bool:
        """Whether a file is JSON Lines, which others can read; look for names in its beginning.

        What is wrong with that is told by who then reads it alone.
        """
        shape, read = self._inputs.shape, list[bytes]()
        is_guessed = shape is None
        with suppress(InputError), opened(source.path, lambda _: None) as reader:
            if shape is None:
                is_named = is_named_lines(source)
                shape, read = find_shape(reader, self._max_line, is_named_lines=is_named)
            if not shape.is_lines:
                return False
            block = next(lines_of(reader, read, self._max_line, is_guessed=is_guessed), None)
            self._watch.see_block(block)
            # Most names are found there, so that no process has to look for them.
            self._watch.seek_in_block(block or b"")
            return True
        return False
