"""What was found in a block of lines."""

from __future__ import annotations

from typing import NamedTuple


class Scan(NamedTuple):
    """What was found in a block.

    Fields: `kept`, the lines that were selected, without their ends; `lines`, how many lines there
    are; `records`, how many of them are records; `bad`, for each line that isn't one how many
    selected lines come before it, its number in the block from 1, and what is wrong; `is_json`,
    whether it is known of the selected lines that no `NaN` or `Infinity` stands in them, which are
    read, though JSON lacks them.
    """

    kept: list[bytes]
    lines: int
    records: int
    bad: list[tuple[int, int, str]]
    is_json: bool = False
