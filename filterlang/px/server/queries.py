"""What a list is asked: the parameters of its query string, and what filters mean there."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from filterlang.building.builder import field
from filterlang.checking.parse_query import from_query
from filterlang.checking.report import Report, check
from filterlang.diagnostics.diagnostic import shown
from filterlang.diagnostics.errors import FilterError
from filterlang.diagnostics.places import Place, written_in
from filterlang.px.event_windows import MILLISECONDS_A_DAY, MOST_DAYS, is_too_long, window_of
from filterlang.px.requests import MAX_PAGE_SIZE, MOST_PAGE_NUMBER, PAGE_SIZE, number_of, only
from filterlang.px.server.problems import bad_request, wrong_parameter
from filterlang.syntax.nodes import Filter, FilterSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.px.endpoints import ListEndpoint
    from filterlang.px.server.problems import Problem

logger: logging.Logger = logging.getLogger("filterlang.px.server")


class ListQuery(NamedTuple):
    """The parameters of a list; None for those that weren't sent, or empty."""

    filters: FilterSet | None
    sort: str | None
    page_size: int | None
    scroll_id: str | None
    page_number: int | None


def read_query(query: str, endpoint: ListEndpoint, *, strict: bool) -> ListQuery:
    """Read the query string of a list.

    Args:
        query: as it came, percent-encoded.
        endpoint: the list that is asked.
        strict: whether parameters that it doesn't take are an error; else a warning is logged.

    Raises:
        Problem: for what is wrong, with the diagnostics of filters.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError as error:
        message = f"the query string can't be read: {error}"
        raise bad_request(message) from error
    takes = _taken(endpoint)
    for name in dict.fromkeys(name for name, _ in pairs if name in _KNOWN and name not in takes):
        if strict:
            message = f"/{endpoint.path} takes no parameter {name!r}"
            raise wrong_parameter(message, name)
        logger.warning("/%s takes no parameter %r, which is ignored", endpoint.path, name)
    filters = _filters(query, pairs, endpoint) if "filter" in takes else None
    values = {name: _only(name, pairs) for name in takes if name != "filter"}
    size = values.get("pageSize")
    number = values.get("pageNumber")
    return ListQuery(
        filters,
        values.get("sort"),
        None if size is None else _number("pageSize", size, 1, MAX_PAGE_SIZE),
        values.get("scrollId"),
        None if number is None else _number("pageNumber", number, 0, MOST_PAGE_NUMBER),
    )


_KNOWN = ("filter", "sort", "pageSize", "scrollId", "pageNumber")


def _taken(endpoint: ListEndpoint) -> tuple[str, ...]:
    if endpoint.is_scrolled:
        return ("filter", "sort", "pageSize", "scrollId")
    return ("pageSize", "pageNumber")


def page_size_of(query: ListQuery) -> int:
    """Return how many records are asked for."""
    return PAGE_SIZE if query.page_size is None else query.page_size


def _only(name: str, pairs: Sequence[tuple[str, str]]) -> str | None:
    try:
        return only(name, pairs)
    except ValueError as error:
        raise wrong_parameter(str(error), name) from error


def _number(name: str, text: str, low: int, high: int) -> int:
    number = number_of(text)
    if number is not None and low <= number <= high:
        return number
    message = f"expected a number from {low} to {high} as {name!r}, found {shown(text)}"
    raise wrong_parameter(message, name)


# --- Filters --------------------------------------------------------------------------------------


def _filters(
    query: str, pairs: Sequence[tuple[str, str]], endpoint: ListEndpoint
) -> FilterSet | None:
    """Return the filters that were sent; None if there were none."""
    try:
        # It refuses what is almost `filter`, under which a filter would restrict nothing.
        filters = from_query(query)
    except FilterError as error:
        raise refused(error) from error
    texts = [value for name, value in pairs if name == "filter"]
    if not filters.filters:
        return None
    with written_in(Place.QUERY):
        report = check(texts, endpoint.schema)
    if report.filters is None:
        raise _bad_filter(report)
    return report.filters


def refused(error: FilterError) -> Problem:
    """Return the answer for filters that an operation of the library refuses."""
    of_query = [one for one in error.diagnostics if one.source_index is None]
    if of_query and error.query is not None:
        return _bad_filter(Report([error.query], None, of_query, None), "query string")
    return _bad_filter(Report(error.sources or [""], None, error.diagnostics, None))


def _bad_filter(report: Report, what: str = "filter") -> Problem:
    first = next(one for one in report.diagnostics if one.severity == "error")
    found: list[dict[str, Any]] = report.to_dict()["diagnostics"]
    which = "" if len(report.sources) == 1 else f" {(first.source_index or 0) + 1}"
    place = f"{what}{which}, column {first.span.start + 1}"
    return bad_request(f"{place}: {first.message}", [{"object": what, **one} for one in found])


def with_windows(filters: FilterSet, endpoint: ListEndpoint, now: int) -> FilterSet:
    """Return the filters of events as the API understands them: without a date, of the last day.

    Args:
        filters: those that were sent.
        endpoint: of the events.
        now: the end of the last day, in epoch milliseconds.

    Raises:
        Problem: for a filter whose dates are further apart than the API answers for.
    """
    if not endpoint.has_window or endpoint.schema is None:
        return filters
    latest = field("date") >= now - MILLISECONDS_A_DAY
    if not filters.filters:
        return FilterSet((Filter((latest,)),))
    bounded: list[Filter] = []
    for index, one in enumerate(filters.filters):
        window = window_of(one, endpoint.schema)
        if window is None:
            bounded.append(Filter((*one.clauses, latest)))
            continue
        if is_too_long(window, now):
            message = (
                f"filter {index + 1} asks for more than {MOST_DAYS} days; write both"
                " 'date>=…' and 'date<…', and ask in several parts for more"
            )
            raise wrong_parameter(message, "filter")
        bounded.append(one)
    return FilterSet(tuple(bounded))
