"""From page to page of `GET /users` and `GET /accounts`, with whatever fetches one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from filterlang.diagnostics.diagnostic import class_name, shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from filterlang.px.requests import ListRequest

    _Records = list[list[object]]

_PageT = TypeVar("_PageT")

_RECORDS = ("users", "accounts")
_SCROLL_IDS = ("scrollId", "scroll_id")
_TOTALS = ("totalHits", "total_hits")


class PageError(ValueError):
    """An answer is not a page of users or accounts, or the pages would never end.

    Example:
        >>> from filterlang.px import ListRequest
        >>> try:
        ...     next(pages(lambda request: {"error": 1}, ListRequest()))
        ... except PageError as error:
        ...     print(str(error).partition(";")[0])
        expected a page with 'users' or 'accounts', found the keys ['error']
    """


def pages(fetch: Callable[[ListRequest], _PageT], request: ListRequest) -> Iterator[_PageT]:
    """Fetch one page after the other, until there are no more records.

    Each page is given as it was fetched, the next one is fetched when it is asked for. The walk
    ends at a page without records or without a `scrollId`, and at one that is shorter than
    `request.page_size`, unless its `totalHits` says that more records are to come: servers may give
    fewer than asked for. The `scrollId` may stay the same, as servers may keep the position
    themselves. To take up a walk that broke off, begin with `request.after(page["scrollId"])`.

    Args:
        fetch: takes a request, sends its `to_params()` with any HTTP client, and returns the page:
            a mapping with `users` or `accounts`, `scrollId` and perhaps `totalHits`, as the API's
            JSON has them; or an object with attributes of these names, or `scroll_id` and
            `total_hits`. Its exceptions pass through.
        request: the first request.

    Raises:
        PageError: for an answer that has neither `users` nor `accounts`; and for a page with the
            records of the one before, with which the pages would never end. Records that come
            round later are noticed too, if not at once.

    Example:
        >>> from filterlang.px import ListRequest
        >>> answers = {None: {"users": [1, 2], "scrollId": "a"}, "a": {"users": [3]}}
        >>> request = ListRequest(page_size=2)
        >>> [page["users"] for page in pages(lambda asked: answers[asked.scroll_id], request)]
        [[1, 2], [3]]
    """
    walk = _Walk(request)
    while walk.request is not None:
        page = fetch(walk.request)
        walk.read(page)
        yield page
        walk.go_on()


async def async_pages(
    fetch: Callable[[ListRequest], Awaitable[_PageT]], request: ListRequest
) -> AsyncIterator[_PageT]:
    """Do what `pages` does where `fetch` is a coroutine function: `async for page in …`.

    Args:
        fetch: as for `pages`, to be awaited.
        request: the first request.

    Raises:
        PageError: as `pages`.

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
    walk = _Walk(request)
    while walk.request is not None:
        page = await fetch(walk.request)
        walk.read(page)
        yield page
        walk.go_on()


class _Walk:
    """Where a walk stands: the request to send, None at the end."""

    def __init__(self, request: ListRequest) -> None:
        self.request: ListRequest | None = request
        self._last = request
        self._next: str | None = None
        self._given = 0
        self._page: _Records | None = None
        self._pages = 0
        # The first, second, fourth, eighth … page: one of them is met again where pages go in a
        # circle, however long it is, and only one at a time is held.
        self._kept: tuple[str | None, _Records] | None = None

    def read(self, page: object) -> None:
        """Find out from a page whether another one follows."""
        records = _records(page)
        count = sum(map(len, records))
        self._next = None
        if count == 0:
            return
        self._refuse_repeated(records)
        self._given += count
        if count >= self._last.page_size or not self._is_complete(page):
            self._next = _scroll_id(page)

    def go_on(self) -> None:
        """Build the next request. The page has been given, so that no error can lose it."""
        if self._next is None:
            self.request = None
        else:
            self.request = self._last = self._last.after(self._next)

    def _is_complete(self, page: object) -> bool:
        """Return whether no more records are to come after a page that is shorter than asked."""
        total = _total(page)
        return total is None or self._given >= total

    def _refuse_repeated(self, records: _Records) -> None:
        # Records have keys, so that the same ones come again only if the position is lost; the
        # `scrollId` says nothing of that, as there are servers that make a new one for each answer.
        asked = self._last.scroll_id
        if records == self._page or (asked, records) == self._kept:
            message = (
                f"the page after the scrollId {shown(asked)} has the records of an earlier one, and"
                " the pages would never end; check that the client sends scrollId"
            )
            raise PageError(message)
        self._page = records
        self._pages += 1
        if self._pages & (self._pages - 1) == 0:
            self._kept = (asked, records)


def _records(page: object) -> _Records:
    """Return the records of a page, in lists of their own: whoever gets the page may empty its."""
    found = [_field(page, name) for name in _RECORDS if _has(page, name)]
    if not found:
        names = " or ".join(map(repr, _RECORDS))
        has = f"the keys {shown([*page])}" if isinstance(page, Mapping) else class_name(page)
        message = f"expected a page with {names}, found {has}; fetch returns the decoded JSON"
        raise PageError(message)
    # The API writes null where there is nothing.
    return [_listed(records) for records in found if records is not None]


def _listed(records: object) -> list[object]:
    if not isinstance(records, Sequence) or isinstance(records, str | bytes):
        message = f"expected a list of records in the page, found {class_name(records)}"
        raise PageError(message)
    return list(records)


def _scroll_id(page: object) -> str | None:
    for name in _SCROLL_IDS:
        scroll_id = _field(page, name)
        if isinstance(scroll_id, str) and scroll_id:
            return scroll_id
        if scroll_id is not None and scroll_id != "":
            message = f"expected a text as {shown(name)} of the page, found {shown(scroll_id)}"
            raise PageError(message)
    return None


def _total(page: object) -> int | None:
    for name in _TOTALS:
        total = _field(page, name)
        if isinstance(total, int) and not isinstance(total, bool):
            return total
        if total is not None:
            message = f"expected a whole number as {name!r} of the page, found {total!r}"
            raise PageError(message)
    return None


def _has(page: object, name: str) -> bool:
    return name in page if isinstance(page, Mapping) else hasattr(page, name)


def _field(page: object, name: str) -> object:
    return page.get(name) if isinstance(page, Mapping) else getattr(page, name, None)
