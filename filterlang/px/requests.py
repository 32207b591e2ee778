"""What is asked of `GET /users` and `GET /accounts`: filters, the size of a page, and which one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from filterlang._immutable import Immutable
from filterlang.checking.parse_query import from_params
from filterlang.diagnostics.diagnostic import shown
from filterlang.syntax.nodes import FilterSet, filters_of
from filterlang.syntax.parser import MAX_LENGTH
from filterlang.syntax.query import decoded_pairs, to_params

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.syntax.nodes import Clause, Filter
    from filterlang.syntax.query import Params

PAGE_SIZE = 25
"""How many records a page has unless the request says otherwise."""

MAX_PAGE_SIZE = 1000
"""How many records a page can have."""

_PAGE_SIZE_KEY, _SCROLL_ID_KEY, _SORT_KEY = "pageSize", "scrollId", "sort"
_MOST_DIGITS = 9

_set = object.__setattr__


class ListRequest(Immutable):
    """One request for a page of users or accounts.

    Args:
        filters: which records; without filters all of them.
        page_size: how many at a time, from 1 to 1000.
        scroll_id: what the page before answered as `scrollId`; None for the first page.
        sort: the order, as the API takes it; None for the API's own.

    Raises:
        ValueError: for a page size outside these bounds, and for an empty scroll id or sort.
        TypeError: for filters that aren't nodes.

    Example:
        >>> from filterlang import parse
        >>> request = ListRequest(parse("score>=10"), page_size=100)
        >>> request.to_params()
        [('filter', 'score>=10'), ('pageSize', '100')]
        >>> request.after("DXF1ZXJ5").to_params()[2:]
        [('scrollId', 'DXF1ZXJ5')]
    """

    __slots__ = ("filters", "page_size", "scroll_id", "sort")
    __match_args__ = ("filters", "page_size", "scroll_id", "sort")
    filters: FilterSet
    page_size: int
    scroll_id: str | None
    sort: str | None

    def __init__(
        self,
        filters: FilterSet | Filter | Clause = FilterSet(),  # noqa: B008 — it is immutable
        page_size: int = PAGE_SIZE,
        scroll_id: str | None = None,
        sort: str | None = None,
    ) -> None:
        _set(self, "filters", FilterSet(filters_of(filters)))
        # True is an int, but nobody counts with it.
        is_number = isinstance(page_size, int) != isinstance(page_size, bool)
        if not is_number or not 1 <= page_size <= MAX_PAGE_SIZE:
            message = f"expected a page size from 1 to {MAX_PAGE_SIZE}, found {shown(page_size)}"
            raise ValueError(message)
        _set(self, "page_size", page_size)
        _set(self, "scroll_id", _text_or_none("a scroll id", scroll_id))
        _set(self, "sort", _text_or_none("a sort", sort))

    def after(self, scroll_id: str) -> Self:
        """Return the request for the next page, from the `scrollId` that came with the last one.

        Example:
            >>> ListRequest(page_size=100).after("DXF1ZXJ5").scroll_id
            'DXF1ZXJ5'
        """
        return type(self)(self.filters, self.page_size, scroll_id, self.sort)

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
        if self.sort is not None:
            pairs.append((_SORT_KEY, self.sort))
        return pairs

    @classmethod
    def from_params(
        cls, pairs: Iterable[tuple[str, str]], *, max_length: int | None = MAX_LENGTH
    ) -> Self:
        """Read a request from decoded pairs, as a server does; parameters it doesn't know are left.

        A parameter without a value counts as absent.

        Raises:
            FilterSyntaxError, LimitError, TypeError: as the function `from_params`.
            ValueError: for a page size that is no number from 1 to 1000, and for a parameter other
                than `filter` that occurs more than once.

        Example:
            >>> ListRequest.from_params([("filter", "score>=10"), ("sort", "score")]).page_size
            25
        """
        checked = decoded_pairs(pairs)
        filters = from_params(checked, max_length=max_length)
        size = _only(_PAGE_SIZE_KEY, checked)
        return cls(
            filters,
            PAGE_SIZE if size is None else _number(size),
            _only(_SCROLL_ID_KEY, checked),
            _only(_SORT_KEY, checked),
        )


def _text_or_none(what: str, value: str | None) -> str | None:
    if value is None:
        return None
    if isinstance(value, str) and value:  # type: ignore[redundant-expr]  # callers may be untyped
        return value
    message = f"expected {what} that isn't empty, or None, found {shown(value)}"
    raise ValueError(message)


def _only(key: str, pairs: list[tuple[str, str]]) -> str | None:
    values = [value for name, value in pairs if name == key]
    if len(values) > 1:
        message = f"expected one parameter {shown(key)}, found {len(values)}"
        raise ValueError(message)
    return values[0] or None if values else None


def _number(text: str) -> int:
    """Read a page size; whether it is within its bounds is the request's to say."""
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        return int(text)
    message = f"expected a page size from 1 to {MAX_PAGE_SIZE}, found {shown(text)}"
    raise ValueError(message)
