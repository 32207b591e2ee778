"""The quotes of a row of cells → where the row ends, for rows that `csv` doesn't read."""

from __future__ import annotations


class Quotes:
    """Follows the quotes of a row, of which nothing is kept.

    Attributes:
        is_open: whether the row goes on after what was followed.
        is_broken: whether a quoted cell goes on after its end. From there on every second quote
            begins something, and the others end it, whatever was meant; where each line would
            begin a row, and this doesn't, it can't be told which.
    """

    is_open: bool
    is_broken: bool

    def __init__(self, delimiter: bytes) -> None:
        self.is_open = self.is_broken = False
        self._delimiter = delimiter
        self._is_begin = True
        self._may_end = False

    def follow(self, piece: bytes) -> None:
        """Go on with a line, or with a part of one."""
        place = 0
        while place < len(piece) and not self.is_broken:
            if self.is_open:
                place = piece.find(b'"', place) + 1
                if not place:
                    return
                self.is_open, self._may_end = False, True
            elif self._may_end:
                place = self._after_quote(piece, place)
            elif self._is_begin and piece.startswith(b'"', place):
                self.is_open, self._is_begin = True, False
                place += 1
            else:
                place = self._after_text(piece, place)
        if self.is_broken:
            self.is_open ^= piece.count(b'"', place) % 2 == 1

    def _after_quote(self, piece: bytes, place: int) -> int:
        """Go on after a quote that ends a cell, if it isn't the first of two."""
        self._may_end = False
        if piece.startswith(b'"', place):
            self.is_open = True
            return place + 1
        if piece.startswith(self._delimiter, place):
            self._is_begin = True
            return place + 1
        self.is_broken = bool(piece[place:].strip(b"\r\n"))
        return place if self.is_broken else len(piece)

    def _after_text(self, piece: bytes, place: int) -> int:
        """Go on after a cell without quotes around it."""
        end = piece.find(self._delimiter, place)
        self._is_begin = end >= 0
        text = piece[place:] if end < 0 else piece[place:end]
        # An end of a line within one begins a row to some programs, and to others none.
        self.is_broken = b"\r" in (text.rstrip(b"\r\n") if end < 0 else text)
        if self.is_broken:
            return place
        return len(piece) if end < 0 else end + 1
