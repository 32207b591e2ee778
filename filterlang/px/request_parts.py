"""Walks that take several requests: a part for each window of time, and for so long a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from filterlang.diagnostics.diagnostic import shown
from filterlang.px.page_fields import key_of, records_in, with_records
from filterlang.px.requests import ListRequest
from filterlang.px.sorting import read_sort
from filterlang.syntax.transport import split_by_length

if TYPE_CHECKING:
    from datetime import datetime

    from filterlang.px.endpoints import ListEndpoint
    from filterlang.syntax.nodes import FilterSet

_PageT = TypeVar("_PageT")


def parts_of(
    request: ListRequest, max_query: int | None, now: datetime | None
) -> tuple[list[ListRequest], bool]:
    """Return the requests that a walk begins with, and whether two of them may find one record.

    Args:
        request: the first request of the walk.
        max_query: how many characters of a query string a request may have; None for any number.
        now: where filters of events without an upper end stop; None for the present.

    Raises:
        ValueError: for a walk that has to be split and can't be, and a `max_query` that is none.
        LimitError: for a filter that is too long by itself.
    """
    windows = _windows(request, now)
    if max_query is None:
        return windows, False
    expect_count("max_query", max_query)
    parts = [part for window in windows for part in _short(window, max_query)]
    return parts, len(parts) > len(windows)


def expect_count(name: str, value: Any) -> None:
    """Expect an argument to be a whole number from 1 on.

    Raises:
        ValueError: for anything else.
    """
    # True is an int, but nobody counts with it.
    is_number = isinstance(value, int) != isinstance(value, bool)
    if not is_number or value < 1:
        message = f"expected a {name} from 1 on, found {shown(value)}"
        raise ValueError(message)


def _part(request: ListRequest, filters: FilterSet) -> ListRequest:
    return ListRequest(
        filters,
        request.page_size,
        sort=request.sort,
        endpoint=request.endpoint,
        max_page_size=request.max_page_size,
    )


def _expect_no_scroll_id(request: ListRequest, why: str) -> None:
    if request.scroll_id is not None:
        message = (
            f"{why}, and its scroll_id belongs to one part; begin with the request of that part, as"
            " fetch got it"
        )
        raise ValueError(message)


# --- By the length of the query -------------------------------------------------------------------


def _short(request: ListRequest, max_query: int) -> list[ListRequest]:
    """Return requests whose queries are short enough, as few as can be."""
    if not request.filters.filters:
        return [request]
    others = [(name, value) for name, value in request.to_params() if name != "filter"]
    room = max_query - len(f"&{urlencode(others)}")
    sets = split_by_length(request.filters, max_length=max(0, room))
    if len(sets) == 1:
        return [request]
    why = f"a walk whose query has more than {max_query} characters is split"
    if request.endpoint is None:
        message = (
            f"{why}, and records that come twice are told by the key of their list; say which one"
            " by endpoint=, as in ListRequest(endpoint='users')"
        )
        raise ValueError(message)
    _expect_no_scroll_id(request, why)
    if request.sort is not None:
        message = (
            f"{why}, and its parts can't be sorted together; leave out sort={request.sort!r}, and"
            " sort the records that come"
        )
        raise ValueError(message)
    return [_part(request, filters) for filters in sets]


class Seen:
    """The records of a walk that have come already, by their keys.

    Args:
        endpoint: the list that is walked through.
    """

    def __init__(self, endpoint: ListEndpoint) -> None:
        self._endpoint = endpoint
        self._keys: set[object] = set()

    def without(self, page: _PageT) -> tuple[_PageT, int]:
        """Return a page without the records that have come with earlier ones, and how many.

        The page itself stays as it is: whoever fetched it may keep it.

        Raises:
            PageError: for records without a key, and for a page of which no other can be made.
        """
        records = records_in(page, self._endpoint) or ()
        kept: list[object] = []
        for record in records:
            key = key_of(record, self._endpoint)
            if key not in self._keys:
                self._keys.add(key)
                kept.append(record)
        dropped = len(records) - len(kept)
        return with_records(page, self._endpoint, kept) if dropped else page, dropped


# --- By time --------------------------------------------------------------------------------------


def _windows(request: ListRequest, now: datetime | None) -> list[ListRequest]:
    """Return the request, or one for each window of its events."""
    endpoint = request.endpoint
    if endpoint is None or endpoint.schema is None or not endpoint.has_window:
        return [request]
    # Only walks through events need to bind filters.
    from filterlang.px.event_windows import MOST_DAYS, split_by_window

    parts = split_by_window(request.filters, endpoint.schema, now=now)
    if len(parts) == 1:
        return [request]
    why = f"a walk through more than {MOST_DAYS} days is split"
    _expect_no_scroll_id(request, why)
    if request.sort is not None:
        by, is_descending = read_sort(request.sort, endpoint)[0]
        if by != "date":
            message = (
                f"{why} by date, and can't be sorted by {by!r}; write sort='date', or sort the"
                " events that come"
            )
            raise ValueError(message)
        if is_descending:
            parts.reverse()
    return [_part(request, part) for part in parts]
