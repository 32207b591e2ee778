"""How a server answers: what may be set when it starts, and by a test while it runs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


def now() -> int:
    """Return the time in epoch milliseconds."""
    return time.time_ns() // 1_000_000


class Behaviour(NamedTuple):
    """What differs from server to server, or is odd of some.

    Attributes:
        page_size_cap: pages have no more records than this, whatever is asked for; None for the
            1000 of the API. Some accounts are known to get 200 or 500.
        short_pages: whether pages have fewer records than asked for, though there are more to come.
        constant_scroll_id: whether the `scrollId` stays the same through a walk: the server keeps
            the position.
        strict: whether parameters that a list doesn't take are an error; else they are ignored,
            and a warning is logged.
        rate: how many requests a second are answered of each key; None for any number. More get the
            status 429.
        max_body: how many bytes the body of a request may have.
        max_url: how many characters the path and the query string of a request may have; None for
            any number. Longer ones get the status 414, as of many servers from 8,190 on.
        clock: returns the end of "the last day", in epoch milliseconds, which events are from that
            are asked for without a date.

    Example:
        >>> Behaviour(page_size_cap=200).size_of(1000), Behaviour(short_pages=True).size_of(25)
        (200, 12)
    """

    page_size_cap: int | None = None
    short_pages: bool = False
    constant_scroll_id: bool = False
    strict: bool = False
    rate: float | None = None
    max_body: int = 1 << 20
    max_url: int | None = None
    clock: Callable[[], int] = now

    def checked(self) -> Behaviour:
        """Return it as it is.

        Raises:
            ValueError: for a number with which nothing would be answered.
            TypeError: for what is no number, no truth value or no function where one is expected.

        Example:
            >>> Behaviour(page_size_cap=0).checked()
            Traceback (most recent call last):
            ...
            ValueError: page_size_cap: expected a number from 1, found 0; leave it out for the API's
        """
        for name, kinds, least, otherwise in _NUMBERS:
            value: Any = getattr(self, name)
            if value is None and name != "max_body":
                continue
            if value is None or type(value) not in kinds:
                message = f"{name}: expected a number, found {value!r}"
                raise TypeError(message)
            if not (value >= least if least else value > 0):
                expected = f"from {least}" if least else "above 0"
                message = f"{name}: expected a number {expected}, found {value}; {otherwise}"
                raise ValueError(message)
        for name in _FLAGS:
            if not isinstance(getattr(self, name), bool):
                message = f"{name}: expected True or False, found {getattr(self, name)!r}"
                raise TypeError(message)
        if not callable(self.clock):
            message = (
                f"clock: expected a function that returns epoch milliseconds, found {self.clock!r}"
            )
            raise TypeError(message)
        return self

    def moment(self) -> int:
        """Return the end of "the last day" by the clock.

        Raises:
            TypeError: for a clock that returns no epoch milliseconds.
        """
        found = self.clock()
        # They are checked where they come from: a `scrollId` and a filter are made of them.
        if type(found) is not int:
            message = f"clock: expected it to return epoch milliseconds as an int, found {found!r}"
            raise TypeError(message)
        return found

    def size_of(self, asked: int) -> int:
        """Return how many records a page has for which so many are asked."""
        size = asked if self.page_size_cap is None else min(asked, self.page_size_cap)
        return max(1, size // 2) if self.short_pages else size


_FLAGS = ("short_pages", "constant_scroll_id", "strict")

_NUMBERS: tuple[tuple[str, tuple[type, ...], int, str], ...] = (
    ("page_size_cap", (int,), 1, "leave it out for the API's"),
    ("rate", (int, float), 0, "leave it out for any number"),
    ("max_body", (int,), 1, "leave it out for 1 MiB"),
    ("max_url", (int,), 1, "leave it out for any number"),
)
"""Fields with their types, the least that they may be (0 is none), and what to do instead."""
