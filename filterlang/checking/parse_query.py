"""Reading query strings and decoded pairs: their filters, or all that is wrong with them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from filterlang.checking.parse import parse_all
from filterlang.diagnostics.diagnostic import (
    MAX_DIAGNOSTICS,
    MAX_VALUE_LENGTH,
    Diagnostic,
    Edit,
    Fix,
    Span,
    class_name,
    showable,
)
from filterlang.diagnostics.errors import FilterSyntaxError, LimitError, limited
from filterlang.diagnostics.hints import HINTS
from filterlang.diagnostics.places import Place, written_in
from filterlang.syntax.nodes import FilterSet
from filterlang.syntax.parser import MAX_LENGTH
from filterlang.syntax.query import (
    KEY,
    decoded_pairs,
    is_clause,
    is_near_miss,
    is_url,
    no_key,
    read_query,
    to_query,
    whole_url,
    wrong_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def from_params(
    pairs: Iterable[tuple[str, str]], *, max_length: int | None = MAX_LENGTH
) -> FilterSet:
    """Parse the `filter` parameters among decoded pairs, as servers hand them over.

    Other parameters are left to their readers.

    Raises:
        FilterSyntaxError: for a key that is almost `filter` (`Filters`, `filter[]` …), under which
            a filter would silently restrict nothing, and for what `parse` refuses.
        LimitError: for a filter longer than `max_length` characters.
        TypeError: for what is not an iterable of pairs of texts.

    Example:
        >>> from_params([("pageSize", "25"), ("filter", "score>=10")]).filters[0]
        Filter((Clause('score', '>=', '10'),))
    """
    checked = decoded_pairs(pairs)
    wrong = (_wrong_pair(key, value) for key, value in checked)
    diagnostics = list(islice(filter(None, wrong), MAX_DIAGNOSTICS + 1))
    return _parsed([value for key, value in checked if key == KEY], diagnostics, None, max_length)


def _wrong_pair(key: str, value: str) -> Diagnostic | None:
    span = Span(0, len(key))
    if is_near_miss(key):
        return wrong_key(key, span)
    return no_key(f"{key}={value}", span) if is_clause(key, value) else None


def from_query(query: str, *, max_length: int | None = MAX_LENGTH) -> FilterSet:
    """Parse the `filter` parameters of a percent-encoded query string, decoding exactly once.

    A leading `?` is allowed, `+` is a space, other parameters are left to their readers.

    Raises:
        FilterSyntaxError: for malformed percent sequences and invalid UTF-8, a whole URL, a key
            that is almost `filter`, and for what `parse` refuses. The first three are shown in the
            query string, the last one in the decoded text of its filter.
        LimitError: for a filter longer than `max_length` characters, decoded.
        TypeError: for what is not a str.

    Example:
        >>> from_query("?filter=name%3D%3DNew%20York&pageSize=25").filters[0]
        Filter((Clause('name', '==', 'New York'),))
    """
    if not isinstance(query, str):
        message = f"expected a query string, not {class_name(query)}"
        raise TypeError(message)
    if is_url(query):
        span = Span(0, query.find("?") + 1 or len(query))
        raise FilterSyntaxError([whole_url(query, span)], query=query)
    texts, diagnostics = read_query(query)
    for index, one in enumerate(diagnostics):
        if one.code == "FL205":
            # One repair mends them all; it takes a second look at the whole query.
            diagnostics[index] = _repaired(one, query)
            break
    return _parsed(texts, diagnostics, query, max_length)


def _parsed(
    texts: list[str], diagnostics: list[Diagnostic], query: str | None, max_length: int | None
) -> FilterSet:
    """Parse the decoded filters, and raise what is wrong with them and with the query at once."""
    with written_in(Place.TEXTS if query is None else Place.QUERY):
        filters, more = parse_all(texts, max_length=max_length)
    if diagnostics or more:
        of_query = limited(diagnostics, MAX_DIAGNOSTICS, len(query or ""))
        raise FilterSyntaxError([*of_query, *more], texts, query)
    return FilterSet(filters)


def _repaired(joined: Diagnostic, query: str) -> Diagnostic:
    """Repair filters joined by `;filter=`, as the API's own documentation of 2019 prints them."""
    repaired = "&".join(
        f"{KEY}={part.removeprefix(KEY + '=').replace(f';{KEY}=', ';').strip(' ')}"
        for part in query.removeprefix("?").split("&")
    )
    texts, wrong = read_query(repaired)
    try:
        filters, more = parse_all(texts, max_length=MAX_LENGTH)
    except LimitError:
        return joined
    if wrong or more:
        return joined
    encoded = to_query(FilterSet(filters))
    return Diagnostic(
        joined.code,
        joined.severity,
        joined.message,
        joined.span,
        HINTS["FL205/repaired"].format(
            repaired=showable(repaired, MAX_VALUE_LENGTH),
            encoded=showable(encoded, MAX_VALUE_LENGTH),
        ),
        [Fix([Edit(Span(0, len(query)), encoded)], safe=False)],
        source_index=None,
    )
