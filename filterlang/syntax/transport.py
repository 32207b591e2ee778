"""What can go wrong between a right query string and its server: long URLs, split parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.errors import LimitError, diagnose
from filterlang.syntax.nodes import FilterSet, filters_of, unparse
from filterlang.syntax.query import encoded_pairs

if TYPE_CHECKING:
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.syntax.argument_types import Dialect
    from filterlang.syntax.nodes import Clause, Filter

MAX_QUERY_LENGTH = 7_168
"""What `split_by_length` allows by default: the usual 8 KiB, less 1 KiB for the rest of the URL."""


def split_by_length(
    filters: FilterSet | Filter | Clause,
    *,
    max_length: int = MAX_QUERY_LENGTH,
    dialect: Dialect = "px",
) -> list[FilterSet]:
    """Split filters into sets whose queries are short enough for a URL.

    Filters are joined by OR, so what matches any of the sets matches the whole. A record may match
    several of the sets and come back with each: drop the second one by its key. A filter is never
    split, for its clauses are joined by AND and no union of parts gives that.

    Args:
        filters: what to split.
        max_length: how many characters `to_query(part, dialect=dialect)` may have. The path and
            the other parameters come on top of them. Servers often refuse a URL (414) or a whole
            request line of more than 8 KiB.
        dialect: as for `to_query`.

    Returns:
        The sets, as few as can be with the filters in their order; one empty set for one.

    Raises:
        LimitError: for filters that are too long by themselves, all of them at once.
        UnsupportedError, ValueError: as `to_query`.

    Example:
        >>> from filterlang import parse, unparse
        >>> parts = split_by_length(parse(["id==1", "id==22", "id==333"]), max_length=35)
        >>> [unparse(part) for part in parts]
        [['id==1', 'id==22'], ['id==333']]
    """
    pairs = encoded_pairs(filters, dialect)
    texts = unparse(filters)
    too_long = [
        _too_long(len(pair), max_length, Span(0, len(texts[index])), index)
        for index, pair in enumerate(pairs)
        if len(pair) > max_length
    ]
    if too_long:
        raise LimitError(too_long, texts)
    parts: list[list[Filter]] = [[]]
    length = 0
    for one, pair in zip(filters_of(filters), pairs, strict=True):
        # A filter that isn't the first one needs an `&` before it.
        if parts[-1] and length + 1 + len(pair) > max_length:
            parts.append([])
        length = length + 1 + len(pair) if parts[-1] else len(pair)
        parts[-1].append(one)
    return [FilterSet(part) for part in parts]


def _too_long(length: int, limit: int, span: Span, index: int) -> Diagnostic:
    return diagnose("FL303", span, source_index=index, length=length, limit=limit)


def comma_trap(filters: FilterSet | Filter | Clause) -> Diagnostic | None:
    r"""Warn of a query that a server built with Spring may misread, or give None.

    Such a server splits a parameter that stands alone at its commas, even at `\,` and `%2C`, and
    leaves one that occurs twice as it is. So a single filter with a comma in it is in danger, and
    sending it twice, which means the same, saves it. What `split_by_length` gives is to be asked
    part by part, since it may leave a filter alone.

    Returns:
        A warning at the first comma of the filter's canonical text.

    Example:
        >>> from filterlang import parse
        >>> filters = parse("name==Smith\\, John")
        >>> comma_trap(filters).message
        "a server may split a single filter at ','"
        >>> comma_trap(filters | filters) is None
        True
    """
    texts = unparse(filters)
    start = texts[0].find(",") if len(texts) == 1 else -1
    if start < 0:
        return None
    return diagnose("FL207", Span(start, start + 1), found=quoted(","))
