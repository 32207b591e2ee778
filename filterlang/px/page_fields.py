"""What stands in a page: its records, where it leads to, and how many records there are in all.

A page is a mapping, as the API's JSON is, or an object with attributes, whose names may then be
written as Python writes them.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Coroutine, Hashable, Mapping, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

from filterlang.diagnostics.diagnostic import class_name, shown

if TYPE_CHECKING:
    from filterlang.px.endpoints import ListEndpoint

_FIRST_RECORDS = ("users", "accounts")
_SCROLL_IDS = ("scrollId", "scroll_id")
_TOTALS = ("totalHits", "total_hits")
_LASTS = ("isLastPage", "is_last_page")
_ERROR = "externalapierror"
_BEFORE_CAPITALS = re.compile(r"(?<!^)(?=[A-Z])")

_PageT = TypeVar("_PageT")


class PageError(ValueError):
    """An answer is not a page of the list, or the pages would never end.

    Example:
        >>> from filterlang.px import ListRequest, pages
        >>> try:
        ...     next(pages(lambda request: {"error": 1}, ListRequest(endpoint="segment")))
        ... except PageError as error:
        ...     print(str(error).partition(";")[0])
        expected a page with 'segments', found the keys ['error']
    """


def records_of(page: object, endpoint: ListEndpoint | None) -> list[list[object]]:
    """Return the records of a page, in lists of their own: whoever gets the page may empty its.

    Args:
        page: the answer.
        endpoint: the list it is of; None for a list that is told by the page's own key.

    Raises:
        PageError: for a page without records, and for records that are no list.
    """
    found = [_field(page, name) for name in _keys(page, endpoint) if _has(page, name)]
    if not found:
        names = (
            "'users', 'accounts' or the records of another list"
            if endpoint is None
            else shown(endpoint.records_key)
        )
        raise PageError(_no_page(page, names))
    # The API writes null where there is nothing.
    return [_listed(records) for records in found if records is not None]


def _no_page(page: object, names: str) -> str:
    """Return what to say of an answer that is no page, and what to do."""
    if isinstance(page, Mapping):
        error = page.get(_ERROR)
        if isinstance(error, Mapping):
            told = shown(error.get("message"))
            return (
                f"the API answered with an error instead of a page: {told}; raise for a status that"
                " isn't good before the JSON is decoded"
            )
        return (
            f"expected a page with {names}, found the keys {shown([*page])}; fetch returns the"
            " decoded JSON"
        )
    if isinstance(page, Coroutine):
        # Nobody will await it, and Python would warn of that.
        page.close()
        return (
            f"expected a page with {names}, found a coroutine; with a coroutine function as fetch"
            " call async_pages"
        )
    return f"expected a page with {names}, found {class_name(page)}; fetch returns the decoded JSON"


def awaitable(answer: Awaitable[_PageT]) -> Awaitable[_PageT]:
    """Return what a coroutine function gave.

    Raises:
        TypeError: for what comes of any other function.
    """
    if not isinstance(answer, Awaitable):
        message = (
            f"expected fetch to be a coroutine function, but it returned {class_name(answer)}; with"
            " any other function call pages"
        )
        raise TypeError(message)
    return answer


def records_in(page: object, endpoint: ListEndpoint) -> Sequence[object] | None:
    """Return the records of a page of a list as the page has them; None where it has null."""
    # What it is, `records_of` has looked at.
    records: Any = _field(page, endpoint.records_key)
    return records


def with_records(page: _PageT, endpoint: ListEndpoint, records: list[object]) -> _PageT:
    """Return a copy of a page that has other records.

    Raises:
        PageError: for a page whose copies can't be changed.
    """
    is_mapping = isinstance(page, Mapping)
    try:
        made: Any = copy(page)
        if is_mapping:
            made[endpoint.records_key] = records
        else:
            setattr(made, endpoint.records_key, records)
    except (AttributeError, TypeError, ValueError) as error:
        message = (
            "records that come twice can't be taken out of a page that is a"
            f" {class_name(page)}: {error}; fetch returns the decoded JSON"
        )
        raise PageError(message) from error
    return made


def key_of(record: object, endpoint: ListEndpoint) -> object:
    """Return what tells a record of a list from all others.

    Raises:
        PageError: for a record without it.
    """
    name = endpoint.key
    key = _field(record, name)
    if key is None:
        key = _field(record, _BEFORE_CAPITALS.sub("_", name).lower())
    if key is None or not isinstance(key, Hashable):
        message = (
            f"expected records with {shown(name)}, by which those that come twice are told, found"
            f" {shown(key)}"
        )
        raise PageError(message)
    return key


def _keys(page: object, endpoint: ListEndpoint | None) -> Sequence[str]:
    if endpoint is not None:
        return (endpoint.records_key,)
    if any(_has(page, name) for name in _FIRST_RECORDS):
        return _FIRST_RECORDS
    # Most pages are of users or accounts; only others need to know all lists.
    from filterlang.px.endpoints import LISTS

    return list(dict.fromkeys(one.records_key for one in LISTS.values()))


def _listed(records: object) -> list[object]:
    if not isinstance(records, Sequence) or isinstance(records, str | bytes):
        message = f"expected a list of records in the page, found {class_name(records)}"
        raise PageError(message)
    return list(records)


def scroll_id_of(page: object) -> str | None:
    """Return the `scrollId` of a page; None where it is absent or empty.

    Raises:
        PageError: for one that is no text.
    """
    return _value(page, _SCROLL_IDS, str, "a text")


def total_of(page: object) -> int | None:
    """Return the `totalHits` of a page; None where it is absent.

    Raises:
        PageError: for one that is no whole number.
    """
    return _value(page, _TOTALS, int, "a whole number")


def is_last_of(page: object) -> bool | None:
    """Return the `isLastPage` of a page; None where it is absent.

    Raises:
        PageError: for one that is no truth value.
    """
    return _value(page, _LASTS, bool, "true or false")


_ValueT = TypeVar("_ValueT", str, int, bool)


def _value(page: object, names: Sequence[str], type_: type[_ValueT], what: str) -> _ValueT | None:
    """Return what a page has under the first of some names; an empty text is none."""
    for name in names:
        value = _field(page, name)
        # True is an int, but nobody counts with it.
        if isinstance(value, type_) and isinstance(value, bool) is (type_ is bool):
            if value != "":
                return value
        elif value is not None:
            message = f"expected {what} as {name!r} of the page, found {shown(value)}"
            raise PageError(message)
    return None


def _has(page: object, name: str) -> bool:
    return name in page if isinstance(page, Mapping) else hasattr(page, name)


def _field(page: object, name: str) -> object:
    return page.get(name) if isinstance(page, Mapping) else getattr(page, name, None)
