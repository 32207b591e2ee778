"""From page to page of a list of the API, with whatever fetches one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from filterlang.diagnostics.diagnostic import class_name, shown
from filterlang.px.page_fields import (
    PageError,
    awaitable,
    is_last_of,
    records_of,
    scroll_id_of,
    total_of,
)
from filterlang.px.request_parts import Seen, expect_count, parts_of
from filterlang.px.requests import MOST_PAGE_NUMBER, ListRequest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from datetime import datetime

    _Records = list[list[object]]

__all__ = ["MAX_PAGES", "PageError", "Progress", "async_pages", "pages"]

_PageT = TypeVar("_PageT")

MAX_PAGES = 1_000_000
"""How many pages a walk has at most, unless it is told another number."""

_MOST_EMPTY = 10
"""How many pages without records may follow each other where each says that it isn't the last."""


class Progress(NamedTuple):
    """How far a walk has come, with the page that is given next.

    Fields: `pages` and `records`, how many have come; `total`, how many records there are as the
    page's `totalHits` has it, None where that isn't known: where pages have numbers, in a walk that
    is split by time until its last part, and in one that is split by the length of its query.

    Example:
        >>> Progress(pages=2, records=200, total=1250)
        Progress(pages=2, records=200, total=1250)
    """

    pages: int
    records: int
    total: int | None


def pages(
    fetch: Callable[[ListRequest], _PageT],
    request: ListRequest,
    *,
    progress: Callable[[Progress], object] | None = None,
    max_pages: int = MAX_PAGES,
    max_query: int | None = None,
    now: datetime | None = None,
) -> Iterator[_PageT]:
    """Fetch one page after the other, until there are no more records.

    Each page is given as it was fetched, the next one is fetched when it is asked for. The walk
    ends at a page without records or without a `scrollId`, and at one that is shorter than
    `request.page_size`, unless its `totalHits` says that more records are to come: servers may give
    fewer than asked for. The `scrollId` may stay the same, as servers may keep the position
    themselves. To take up a walk that broke off, begin with `request.after(page["scrollId"])`.

    Where pages have numbers, the walk goes by them, and ends where `isLastPage` is true; where it
    is false, a short page or one without records doesn't end it, but the eleventh without records
    in a row does. To take up such a walk, begin with `request.at_page(number)`.

    A request with an `endpoint` of events and a filter of more than 190 days is split as
    `split_by_window` does it, and walked part by part, each with requests of its own.

    No walk is without end: pages that come again are an error, however long the circle is, and so
    are more than `max_pages`.

    Args:
        fetch: takes a request, sends its `to_params()` with any HTTP client, and returns the page:
            a mapping with the records under the key of their list, `scrollId` and perhaps
            `totalHits`, or `isLastPage`, as the API's JSON has them; or an object with attributes
            of these names, or `scroll_id`, `total_hits` and `is_last_page`. Its exceptions pass
            through.
        request: the first request; with an `endpoint`, pages must have the records of that list.
        progress: called with each page's `Progress` before the page is given.
        max_pages: how many pages may come.
        max_query: how many characters the query string of a request may have, without the
            `scrollId`; of a longer one as many parts are asked for, one after the other, as its
            filters need. A record that several of them find comes once: later pages are given as
            copies without it. The keys of all records are kept for that. None for any number.
        now: where filters of events without an upper end stop, with a time zone; None for the
            present. It decides whether they ask for too long a time.

    Raises:
        PageError: for an answer without records under a key that is expected; for a page with the
            records of the one before, with which the pages would never end (records that come
            round later are noticed too, if not at once); and for more pages than `max_pages`.
        ValueError: for what `split_by_window` refuses; and for a walk that has to be split, but
            begins with a `scroll_id`, or is sorted: by another name than `date`, or at all where
            `max_query` splits it.
        LimitError: for a filter that is longer than `max_query` by itself.
        TypeError: for a request that is none.

    Example:
        >>> from filterlang.px import ListRequest
        >>> answers = {None: {"users": [1, 2], "scrollId": "a"}, "a": {"users": [3]}}
        >>> request = ListRequest(page_size=2)
        >>> [page["users"] for page in pages(lambda asked: answers[asked.scroll_id], request)]
        [[1, 2], [3]]
        >>> def fetch(asked):
        ...     return {"segments": [asked.page_number], "isLastPage": asked.page_number == 1}
        >>> walk = pages(fetch, ListRequest(endpoint="segment"), progress=print)
        >>> [page["segments"] for page in walk]
        Progress(pages=1, records=1, total=None)
        Progress(pages=2, records=2, total=None)
        [[0], [1]]
    """
    walk = _Walk(request, progress, max_pages, max_query, now)
    while walk.request is not None:
        page = fetch(walk.request)
        yield walk.read(page)
        walk.go_on()


async def async_pages(
    fetch: Callable[[ListRequest], Awaitable[_PageT]],
    request: ListRequest,
    *,
    progress: Callable[[Progress], object] | None = None,
    max_pages: int = MAX_PAGES,
    max_query: int | None = None,
    now: datetime | None = None,
) -> AsyncIterator[_PageT]:
    """Do what `pages` does where `fetch` is a coroutine function: `async for page in …`.

    Args:
        fetch: as for `pages`, to be awaited.
        request: the first request.
        progress: as for `pages`; it isn't awaited.
        max_pages: as for `pages`.
        max_query: as for `pages`.
        now: as for `pages`.

    Raises:
        PageError, ValueError, LimitError, TypeError: as `pages`; TypeError also for a `fetch`
            whose answers can't be awaited.

    Example:
        >>> import asyncio
        >>> from filterlang.px import ListRequest
        >>> async def fetch(request):
        ...     return {"accounts": [request.page_size]}
        >>> async def walk():
        ...     return [page async for page in async_pages(fetch, ListRequest())]
        >>> asyncio.run(walk())
        [{'accounts': [25]}]
    """
    walk = _Walk(request, progress, max_pages, max_query, now)
    while walk.request is not None:
        page = await awaitable(fetch(walk.request))
        yield walk.read(page)
        walk.go_on()


class _Walk:
    """Where a walk stands: the request to send, None at the end."""

    def __init__(
        self,
        request: ListRequest,
        progress: Callable[[Progress], object] | None,
        max_pages: int,
        max_query: int | None,
        now: datetime | None,
    ) -> None:
        if not isinstance(request, ListRequest):
            message = f"expected a ListRequest, not {class_name(request)}"
            raise TypeError(message)
        expect_count("max_pages", max_pages)
        self._max_pages = max_pages
        self._progress = progress
        self._pages = self._records = self._dropped = 0
        (first, *rest), may_overlap = parts_of(request, max_query, now)
        self._rest = rest[::-1]
        self._seen = Seen(first.endpoint) if may_overlap and first.endpoint is not None else None
        self._begin(first)

    def _begin(self, request: ListRequest) -> None:
        """Begin a part of the walk, whose records are none of the others'."""
        self.request: ListRequest | None = request
        self._last = request
        self._next: ListRequest | None = None
        self._before = self._records
        self._empty = 0
        self._circle = _Circle()

    def read(self, page: _PageT) -> _PageT:
        """Find out from a page whether another one follows; return what is to be given of it."""
        records = records_of(page, self._last.endpoint)
        count = sum(map(len, records))
        if count > 0:
            self._circle.refuse(records, self._last)
        self._pages += 1
        self._records += count
        self._next = self._following(page, count)
        if self._seen is not None:
            page, dropped = self._seen.without(page)
            self._dropped += dropped
        if self._progress is not None:
            total = None if self._rest or self._seen is not None else total_of(page)
            self._progress(
                Progress(
                    self._pages,
                    self._records - self._dropped,
                    None if total is None else self._before + total,
                )
            )
        return page

    def go_on(self) -> None:
        """Build the next request. The page has been given, so that no error can lose it."""
        following = self._next
        if following is None and not self._rest:
            self.request = None
            return
        if self._pages >= self._max_pages:
            message = (
                f"the walk goes on after {self._pages} pages, as many as max_pages allows; if so"
                " many are to come, allow more"
            )
            raise PageError(message)
        if following is None:
            self._begin(self._rest.pop())
        else:
            self.request = self._last = following

    def _following(self, page: object, count: int) -> ListRequest | None:
        """Return the request for the page after one with so many records; None after the last."""
        if self._has_number(page):
            return self._numbered(page, count)
        if count == 0 or (count < self._last.page_size and self._is_complete(page)):
            return None
        scroll_id = scroll_id_of(page)
        return None if scroll_id is None else self._last.after(scroll_id)

    def _has_number(self, page: object) -> bool:
        request = self._last
        if request.endpoint is not None:
            return not request.endpoint.is_scrolled
        if request.page_number is not None:
            return True
        # A list that nobody named may be one whose pages have numbers.
        is_first = request.scroll_id is None
        return is_first and is_last_of(page) is not None and scroll_id_of(page) is None

    def _numbered(self, page: object, count: int) -> ListRequest | None:
        self._empty = 0 if count else self._empty + 1
        is_last = is_last_of(page)
        if is_last is None:
            is_last = count == 0 or (count < self._last.page_size and self._is_complete(page))
        number = self._last.page_number or 0
        # A page without records isn't the last if it says so; a server that always does would be
        # asked for ever.
        if is_last or self._empty > _MOST_EMPTY or number == MOST_PAGE_NUMBER:
            return None
        return self._last.at_page(number + 1)

    def _is_complete(self, page: object) -> bool:
        """Return whether no more records are to come after a page that is shorter than asked."""
        total = total_of(page)
        return total is None or self._records - self._before >= total


class _Circle:
    """Notices pages that come again."""

    def __init__(self) -> None:
        self._page: _Records | None = None
        self._pages = 0
        # The first, second, fourth, eighth … page: one of them is met again where pages go in a
        # circle, however long it is, and only one at a time is held.
        self._kept: tuple[str | int | None, _Records] | None = None

    def refuse(self, records: _Records, request: ListRequest) -> None:
        # Records have keys, so that the same ones come again only if the position is lost; the
        # `scrollId` says nothing of that, as there are servers that make a new one for each answer.
        if request.page_number is None:
            asked: str | int | None = request.scroll_id
            place, sent = f"the page after the scrollId {shown(asked)}", "scrollId"
        else:
            # Each number is asked for once, so that it can't tell a page from one that comes again.
            asked = None
            place, sent = f"the page with the pageNumber {request.page_number}", "pageNumber"
        if records == self._page or (asked, records) == self._kept:
            message = (
                f"{place} has the records of an earlier one, and the pages would never end; check"
                f" that the client sends {sent}"
            )
            raise PageError(message)
        self._page = records
        self._pages += 1
        if self._pages & (self._pages - 1) == 0:
            self._kept = (asked, records)
