"""What stands in a page: its records, where it leads to, and how many records there are in all.

A page is a mapping, as the API's JSON is, or an object with attributes, whose names may then be
written as Python writes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from filterlang.diagnostics.diagnostic import class_name, shown

if TYPE_CHECKING:
    from filterlang.px.endpoints import ListEndpoint

_FIRST_RECORDS = ("users", "accounts")
_SCROLL_IDS = ("scrollId", "scroll_id")
_TOTALS = ("totalHits", "total_hits")
_LASTS = ("isLastPage", "is_last_page")


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
        has = f"the keys {shown([*page])}" if isinstance(page, Mapping) else class_name(page)
        message = f"expected a page with {names}, found {has}; fetch returns the decoded JSON"
        raise PageError(message)
    # The API writes null where there is nothing.
    return [_listed(records) for records in found if records is not None]


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
