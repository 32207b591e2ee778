"""From page to page of `GET /users` and `GET /accounts`, with whatever fetches one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from filterlang.px.requests import ListRequest

_PageT = TypeVar("_PageT")

_RECORDS = ("users", "accounts")
_SCROLL_IDS = ("scrollId", "scroll_id")


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
    """Fetch one page after the other, until one is shorter than `request.page_size`.

    Each page is given as it was fetched, the next one is fetched when it is asked for. The walk
    also ends at a page without a `scrollId`. To take up a walk that broke off, begin with
    `request.after(page["scrollId"])`.

    Args:
        fetch: takes a request, sends its `to_params()` with any HTTP client, and returns the page:
            a mapping with `users` or `accounts`, and `scrollId`, as the API's JSON has them; or an
            object with attributes of these names, or `scroll_id`. Its exceptions pass through.
        request: the first request.

    Raises:
        PageError: for an answer that has neither `users` nor `accounts`; and, once all that came
            has been given, for a `scrollId` that came before, with which the pages would never end.

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
        self._seen = {request.scroll_id}

    def read(self, page: object) -> None:
        """Find out from a page whether another one follows."""
        is_full = _count(page) >= self._last.page_size
        self._next = _scroll_id(page) if is_full else None

    def go_on(self) -> None:
        """Make the next request. The page has been given, so that no error can lose it."""
        if self._next is None:
            self.request = None
            return
        if self._next in self._seen:
            message = (
                f"the scrollId {self._next!r} came before, and the pages would never end; check"
                " that the client sends scrollId"
            )
            raise PageError(message)
        self._seen.add(self._next)
        self.request = self._last = self._last.after(self._next)


def _count(page: object) -> int:
    """Count the records of a page."""
    found = [_field(page, name) for name in _RECORDS if _has(page, name)]
    if not found:
        names = " or ".join(map(repr, _RECORDS))
        has = f"the keys {[*page]}" if isinstance(page, Mapping) else type(page).__name__
        message = f"expected a page with {names}, found {has}; fetch returns the decoded JSON"
        raise PageError(message)
    count = 0
    for records in found:
        # The API writes null where there is nothing.
        if records is None:
            continue
        if not isinstance(records, Sized) or isinstance(records, str | Mapping):
            message = f"expected a list of records in the page, found {type(records).__name__}"
            raise PageError(message)
        count += len(records)
    return count


def _scroll_id(page: object) -> str | None:
    for name in _SCROLL_IDS:
        scroll_id = _field(page, name)
        if isinstance(scroll_id, str) and scroll_id:
            return scroll_id
        if scroll_id is not None and scroll_id != "":
            message = f"expected a text as {name!r} of the page, found {scroll_id!r}"
            raise PageError(message)
    return None


def _has(page: object, name: str) -> bool:
    return name in page if isinstance(page, Mapping) else hasattr(page, name)


def _field(page: object, name: str) -> object:
    return page.get(name) if isinstance(page, Mapping) else getattr(page, name, None)
