"""Days that are offered where a date may stand, with the words for how long ago they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from filterlang.checking.clock import now
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_DAYS_AGO: Final = {"today": 0, "yesterday": 1, "a week ago": 7, "30 days ago": 30}


def offered_dates(typed: str) -> Iterator[tuple[str, str]]:
    """Return the dates that begin with a folded text, or whose words do, each with its detail.

    Whoever types `today` is offered what a filter has instead. The days are those of UTC.

    Example:
        >>> from datetime import UTC, datetime
        >>> from filterlang.checking.clock import clock_at
        >>> with clock_at(datetime(2024, 1, 31, tzinfo=UTC)):
        ...     list(offered_dates("a w"))
        [('2024-01-24', 'a week ago, 00:00 UTC')]
    """
    today = now().toordinal()
    for words, days in _DAYS_AGO.items():
        # The calendar begins with the first day of the year 1.
        if days < today:
            day = date.fromordinal(today - days).isoformat()
            if day.startswith(typed) or fold(words).startswith(typed):
                yield day, f"{words}, 00:00 UTC"
