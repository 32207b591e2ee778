"""What a person asks of `filterlang match`, by the options of the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.backends.files.read_options import UNTOLD, ReadOptions

if TYPE_CHECKING:
    from collections.abc import Mapping


class Options(NamedTuple):
    """What a person asked for, by the options of the command."""

    only_count: bool = False
    invert: bool = False
    limit: int | None = None
    explain: bool = False
    sample_misses: int | None = None
    output: str | None = None
    format: str | None = None
    output_delimiter: str | None = None
    inputs: ReadOptions = UNTOLD
    select: Mapping[str, str] | None = None
    summary: bool = False
    strict: bool = False
    jobs: int | None = None
    count_by: str | None = None
    sort: str | None = None
    descending: bool = False
    color: bool | None = False
    """None to colour what can be coloured."""

    @property
    def counts(self) -> bool:
        """Whether nothing is asked for but numbers."""
        return self.only_count and self.output is None and not self.gathers

    @property
    def gathers(self) -> bool:
        """Whether all that matches is gathered before any of it is written."""
        return self.count_by is not None or self.sort is not None

    @property
    def reading_limit(self) -> int | None:
        """After how many records that match reading stops."""
        return None if self.gathers else self.limit
