"""What is asked of a list of the API: filters, an order, the size of a page, and which one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from filterlang._immutable import Immutable
from filterlang.checking.parse_query import from_params
from filterlang.diagnostics.diagnostic import class_name, shown
from filterlang.diagnostics.errors import SchemaError
from filterlang.px.sorting import read_sort
from filterlang.syntax.nodes import FilterSet, filters_of, unparse
from filterlang.syntax.parser import MAX_LENGTH
from filterlang.syntax.query import KEY, decoded_pairs, to_params

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filterlang.px.endpoints import ListEndpoint
    from filterlang.syntax.argument_types import Params
    from filterlang.syntax.nodes import Clause, Filter

PAGE_SIZE = 25
"""How many records a page has unless the request says otherwise."""

MAX_PAGE_SIZE = 1000
"""How many records a page can have, unless a key is given fewer."""

MOST_PAGE_NUMBER = 999_999_999
"""The last page that may be asked for by its number; no page is larger, either."""

_PAGE_SIZE_KEY, _SCROLL_ID_KEY, _SORT_KEY = "pageSize", "scrollId", "sort"
_PAGE_NUMBER_KEY = "pageNumber"
_MOST_DIGITS = len(str(MOST_PAGE_NUMBER))

_set = object.__setattr__


class ListRequest(Immutable):
    """One request for a page of a list.

    Args:
        filters: which records; without filters all of them, of events those of the last day.
        page_size: how many at a time, from 1 to `max_page_size`.
        scroll_id: what the page before answered as `scrollId`; None for the first page.
        sort: the order, names joined by `;` with `-` before each for descending, as in
            `"-createDate;name"`; None for the API's own.
        page_number: which page, counted from 0, of a list whose pages have numbers; there None is
            the first one.
        endpoint: which list, by its path such as `"events/custom"`, or as a `ListEndpoint`; what it
            can't answer is refused then. None for users or accounts, of which nothing is checked.
        max_page_size: the most that a page can have; some keys are given fewer than 1000.

    Raises:
        ValueError: for a page size or number outside its bounds, an empty scroll id or sort, an
            unknown path, and for what doesn't go together: a scroll id and a page number, or what
            the list doesn't take of them, of filters and of names to sort by.
        SchemaError: for filters that the list can't answer; it is a ValueError, too. Its places are
            those in the canonical texts; `from_params` tells those in the texts that were sent.
        TypeError: for filters that aren't nodes.

    Example:
        >>> from filterlang import parse
        >>> request = ListRequest(parse("score>=10"), page_size=100)
        >>> request.to_params()
        [('filter', 'score>=10'), ('pageSize', '100')]
        >>> request.after("DXF1ZXJ5").to_params()[2:]
        [('scrollId', 'DXF1ZXJ5')]
        >>> ListRequest(endpoint="segment").to_params()
        [('pageSize', '25'), ('pageNumber', '0')]
        >>> ListRequest(sort="accountId", endpoint="events/email")
        Traceback (most recent call last):
        ...
        ValueError: events/email can't be sorted by 'accountId'; the names are date
    """

    __slots__ = (
        "endpoint",
        "filters",
        "max_page_size",
        "page_number",
        "page_size",
        "scroll_id",
        "sort",
    )
    __match_args__ = (
        "filters",
        "page_size",
        "scroll_id",
        "sort",
        "page_number",
        "endpoint",
        "max_page_size",
    )
    filters: FilterSet
    page_size: int
    scroll_id: str | None
    sort: str | None
    page_number: int | None
    endpoint: ListEndpoint | None
    max_page_size: int

    def __init__(
        self,
        filters: FilterSet | Filter | Clause = FilterSet(),  # noqa: B008 — it is immutable
        page_size: int = PAGE_SIZE,
        scroll_id: str | None = None,
        sort: str | None = None,
        page_number: int | None = None,
        endpoint: ListEndpoint | str | None = None,
        max_page_size: int = MAX_PAGE_SIZE,
    ) -> None:
        if endpoint is not None:
            # Only who names a list pays for their schemas.
            from filterlang.px.endpoints import list_endpoint

            endpoint = list_endpoint(endpoint)
        _set(self, "endpoint", endpoint)
        _set(self, "filters", FilterSet(filters_of(filters)))
        _set(self, "max_page_size", _within("a max_page_size", max_page_size, 1, MOST_PAGE_NUMBER))
        _set(self, "page_size", _within("a page size", page_size, 1, max_page_size))
        _set(self, "sort", _text_or_none("a sort", sort))
        self._set_place(scroll_id, page_number)
        if endpoint is not None:
            self._fit(endpoint)

    def _set_place(self, scroll_id: str | None, page_number: int | None) -> None:
        """Set which page is asked for."""
        _set(self, "scroll_id", _text_or_none("a scroll id", scroll_id))
        if page_number is not None:
            _within("a page number", page_number, 0, MOST_PAGE_NUMBER)
        if self.endpoint is None:
            if scroll_id is not None and page_number is not None:
                message = "a request has a scroll_id or a page_number, not both; leave one out"
                raise ValueError(message)
        elif self.endpoint.is_scrolled:
            if page_number is not None:
                message = (
                    f"the pages of {self.endpoint.path} have no numbers; write the scroll_id of the"
                    " page before instead of page_number"
                )
                raise ValueError(message)
        elif scroll_id is not None:
            message = (
                f"the pages of {self.endpoint.path} have numbers, counted from 0; write page_number"
                " instead of scroll_id"
            )
            raise ValueError(message)
        elif page_number is None:
            page_number = 0
        _set(self, "page_number", page_number)

    def _fit(self, endpoint: ListEndpoint) -> None:
        """Refuse what the list can't answer."""
        if endpoint.schema is None:
            given = "filters" if self.filters.filters else "sort"
            if self.filters.filters or self.sort is not None:
                message = f"{endpoint.path} takes no {given}; fetch all, and choose here"
                raise ValueError(message)
            return
        if self.sort is not None:
            read_sort(self.sort, endpoint)
        if self.filters.filters:
            error = _misfits(unparse(self.filters), endpoint)
            if error is not None:
                raise error

    @property
    def path(self) -> str:
        """Where the list is, behind the base path: `client.get(f"/{request.path}", …)`.

        Raises:
            ValueError: for a request without `endpoint`, which may be of users or of accounts.

        Example:
            >>> ListRequest(endpoint="events/custom").path
            'events/custom'
        """
        if self.endpoint is None:
            message = (
                "the request names no list, so that it has no path; say which one by endpoint=, as"
                " in ListRequest(endpoint='users')"
            )
            raise ValueError(message)
        return self.endpoint.path

    def after(self, scroll_id: str) -> Self:
        """Return the request for the next page, from the `scrollId` that came with the last one.

        Raises:
            ValueError: for an empty one, and for a list whose pages have numbers.

        Example:
            >>> ListRequest(page_size=100).after("DXF1ZXJ5").scroll_id
            'DXF1ZXJ5'
        """
        return self._at(scroll_id, None)

    def at_page(self, page_number: int) -> Self:
        """Return the request for the page of a number, counted from 0.

        Raises:
            ValueError: for a negative one, and for a list whose pages have a `scrollId`.

        Example:
            >>> ListRequest(endpoint="segment").at_page(3).to_params()
            [('pageSize', '25'), ('pageNumber', '3')]
        """
        return self._at(None, page_number)

    def _at(self, scroll_id: str | None, page_number: int | None) -> Self:
        """Return the request for another page; all else fits already."""
        other = object.__new__(type(self))
        for name in ("endpoint", "filters", "max_page_size", "page_size", "sort"):
            _set(other, name, getattr(self, name))
        other._set_place(scroll_id, page_number)
        return other

    def __repr__(self) -> str:
        options = {
            "page_number": self.page_number,
            # A schema would fill pages.
            "endpoint": None if self.endpoint is None else self.endpoint.path,
            "max_page_size": None if self.max_page_size == MAX_PAGE_SIZE else self.max_page_size,
        }
        values = [repr(one) for one in (self.filters, self.page_size, self.scroll_id, self.sort)]
        values += [f"{name}={value!r}" for name, value in options.items() if value is not None]
        return f"{type(self).__name__}({', '.join(values)})"

    def to_params(self) -> Params:
        """Return the decoded pairs for the `params=` of an HTTP client; inverse of `from_params`.

        They are pairs of texts, and typed as those of `filterlang.to_params` are.

        Example:
            >>> ListRequest(sort="-score").to_params()
            [('pageSize', '25'), ('sort', '-score')]
        """
        pairs = to_params(self.filters)
        pairs.append((_PAGE_SIZE_KEY, str(self.page_size)))
        if self.scroll_id is not None:
            pairs.append((_SCROLL_ID_KEY, self.scroll_id))
        if self.page_number is not None:
            pairs.append((_PAGE_NUMBER_KEY, str(self.page_number)))
        if self.sort is not None:
            pairs.append((_SORT_KEY, self.sort))
        return pairs

    @classmethod
    def from_params(
        cls,
        pairs: Iterable[tuple[str, str]],
        *,
        max_length: int | None = MAX_LENGTH,
        endpoint: ListEndpoint | str | None = None,
        max_page_size: int = MAX_PAGE_SIZE,
    ) -> Self:
        """Read a request from decoded pairs, as a server does; parameters it doesn't know are left.

        A parameter without a value counts as absent.

        Args:
            pairs: names and values, decoded.
            max_length: as for the function `from_params`.
            endpoint: as for `ListRequest`.
            max_page_size: as for `ListRequest`.

        Raises:
            FilterSyntaxError, LimitError, TypeError: as the function `from_params`.
            ValueError: for a page size or number that is none within its bounds, for a parameter
                other than `filter` that occurs more than once, and for what `ListRequest` refuses.

        Example:
            >>> ListRequest.from_params([("filter", "score>=10"), ("sort", "score")]).page_size
            25
        """
        checked = decoded_pairs(pairs)
        filters = from_params(checked, max_length=max_length)
        size, number = only(_PAGE_SIZE_KEY, checked), only(_PAGE_NUMBER_KEY, checked)
        try:
            return cls(
                filters,
                PAGE_SIZE if size is None else _number("a page size", size, 1, max_page_size),
                only(_SCROLL_ID_KEY, checked),
                only(_SORT_KEY, checked),
                None if number is None else _number("a page number", number, 0, MOST_PAGE_NUMBER),
                endpoint,
                max_page_size,
            )
        except SchemaError as error:
            # Places are those in the texts that were sent.
            from filterlang.px.endpoints import list_endpoint

            assert endpoint is not None
            sent = [value for name, value in checked if name == KEY]
            raise (_misfits(sent, list_endpoint(endpoint)) or error) from None


def _misfits(texts: list[str], endpoint: ListEndpoint) -> SchemaError | None:
    """Return an error with what a list can't answer, at its places in the texts; None for all."""
    # Only who names a list has its filters checked.
    from filterlang.checking.report import check

    report = check(texts, schema=endpoint.schema, max_length=None)
    errors = [one for one in report.diagnostics if one.severity == "error"]
    return SchemaError(errors, report.sources) if errors else None


def _within(what: str, value: int, low: int, high: int) -> int:
    # True is an int, but nobody counts with it.
    is_number = isinstance(value, int) != isinstance(value, bool)
    if is_number and low <= value <= high:
        return value
    error = _outside(what, value, low, high)
    if is_number:
        raise error
    message = f"{error}, which is a {class_name(value)}, not an int"
    raise ValueError(message)


def _outside(what: str, value: object, low: int, high: int) -> ValueError:
    return ValueError(f"expected {what} from {low} to {high}, found {shown(value)}")


def _text_or_none(what: str, value: str | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and value:  # type: ignore[redundant-expr]  # callers may be untyped
        return value
    message = f"expected {what} that isn't empty, or None, found {shown(value)}"
    if not isinstance(value, str):
        message += f", which is a {class_name(value)}, not a str"
    raise ValueError(message)


def only(key: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    """Return the value of a parameter; None for one that wasn't sent, or empty.

    Raises:
        ValueError: for a parameter that occurs more than once.
    """
    values = [value for name, value in pairs if name == key]
    if len(values) > 1:
        message = f"expected one parameter {shown(key)}, found {len(values)}"
        raise ValueError(message)
    return values[0] or None if values else None


def number_of(text: str) -> int | None:
    """Read a parameter that is a number; None for what is none, or longer than any page's.

    Example:
        >>> number_of("25"), number_of("-1"), number_of("9" * 5000)
        (25, None, None)
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def _number(what: str, text: str, low: int, high: int) -> int:
    """Read a number; whether it is within its bounds is the request's to say."""
    number = number_of(text)
    if number is None:
        raise _outside(what, text, low, high)
    return number
