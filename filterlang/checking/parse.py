"""Reading texts: the public `parse` gives filters, or all that is wrong with the texts.

A valid text needs nothing but the parser. What looks for mistakes is loaded when there is one.
"""

from __future__ import annotations

from collections.abc import Mapping

from filterlang.diagnostics.diagnostic import Span, class_and_remedy, class_name
from filterlang.diagnostics.errors import FilterSyntaxError, LimitError, diagnose
from filterlang.syntax.nodes import Clause, Filter, FilterSet, NewFilterSet, filters_of
from filterlang.syntax.parser import MAX_LENGTH, read_filter, scan

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.syntax.argument_types import Filters, Texts

_LONG = 16_384


def parse(source: Texts, *, max_length: int | None = MAX_LENGTH) -> FilterSet:
    """Parse the text of one filter, or the texts of several, of which one must match.

    Args:
        source: decoded text; an empty one, or one of only spaces, is no filter and is skipped.
        max_length: how many characters one text may have; None for no limit.

    Raises:
        FilterSyntaxError: with a diagnostic for every mistake in every text; of one text at most
            1,000, and then FL304, which says that there are more.
        LimitError: for texts longer than `max_length`.
        TypeError: for what is not text.

    Example:
        >>> parse(["countryCode==US;cityName==Cleveland", "countryCode==UK"]).filters[1]
        Filter((Clause('countryCode', '==', 'UK'),))
    """
    if isinstance(source, str) and (max_length is None or len(source) <= max_length):
        filter_ = scan(source)
        if filter_ is not None:
            one: Any = NewFilterSet()
            one.filters = (filter_,)
            one.__class__ = FilterSet  # The same field, from now on fixed.
            return one
    texts = text_list(source)
    filters, diagnostics = parse_all(texts, max_length=max_length)
    if diagnostics:
        raise FilterSyntaxError(diagnostics, texts)
    return FilterSet(filters)


def filter_set_of(filters: Filters, *, max_length: int | None = MAX_LENGTH) -> FilterSet:
    """Return filters as a set of them, whether they are parsed or text.

    Raises what `parse` does, where texts are given.

    Example:
        >>> filter_set_of(parse_filter("score >= 10"))
        FilterSet((Filter((Clause('score', '>=', '10'),)),))
    """
    if isinstance(filters, FilterSet):
        return filters
    if isinstance(filters, Filter | Clause):
        return FilterSet(filters_of(filters))
    texts: Any = filters  # Any iterable of texts: `parse` looks at what it is given.
    return parse(texts, max_length=max_length)


def parse_filter(text: str, *, max_length: int | None = MAX_LENGTH) -> Filter:
    """Parse the text of exactly one filter.

    Raises what `parse` raises; an empty text is a `FilterSyntaxError` here.

    Example:
        >>> parse_filter("score >= 10").clauses[0].expression
        '10'
    """
    if not isinstance(text, str):
        message = f"expected one filter's text, not {class_name(text)}"
        raise TypeError(message)
    if max_length is None or len(text) <= max_length:
        filter_ = scan(text)
        if filter_ is not None:
            return filter_
    if not text.strip(" "):
        raise FilterSyntaxError([diagnose("FL101", Span(0, len(text)))], [text])
    return parse(text, max_length=max_length).filters[0]


def text_list(source: Texts | Iterable[str]) -> list[str]:
    """Return the texts that a caller passed, one or several; raise `TypeError` for others."""
    if isinstance(source, str):
        return [source]
    if isinstance(source, Mapping):
        message = (
            f"expected a filter's text or an iterable of texts, not {class_name(source)}: of a"
            " mapping only the keys would be read; pass its list of texts"
        )
        raise TypeError(message)
    if not isinstance(source, bytes | bytearray):
        try:
            texts = list(source)
        except TypeError:
            pass
        else:
            for index, text in enumerate(texts):
                if not isinstance(text, str):
                    message = f"filter {index + 1} is not a str but {class_and_remedy(text)}"
                    raise TypeError(message)
            return texts
    message = f"expected a filter's text or an iterable of texts, not {class_and_remedy(source)}"
    raise TypeError(message)


def parse_all(
    texts: Sequence[str], *, max_length: int | None
) -> tuple[list[Filter], list[Diagnostic]]:
    """Parse all texts that aren't empty; return the filters, or all findings if one has a mistake.

    Raises `LimitError` if a text is longer than `max_length`.
    """
    if max_length is None or all(len(text) <= max_length for text in texts):
        filters = []
        for text in texts:
            if not text.strip(" "):
                continue
            # Of a long text, what looks for mistakes knows sooner than Lark whether there is any.
            filter_ = read_filter(text) if len(text) <= _LONG else scan(text)
            if filter_ is None:
                break
            filters.append(filter_)
        else:
            return filters, []
    # Only a text with a mistake needs this, and a valid one is parsed sooner without it.
    from filterlang.checking.examine import examine_all

    read, diagnostics = examine_all(texts, max_length=max_length)
    if read is not None:
        return read, []
    if any(one.code == "FL301" for one in diagnostics):
        raise LimitError(diagnostics, texts)
    return [], diagnostics
