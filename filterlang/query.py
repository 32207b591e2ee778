"""Nodes ⇄ decoded pairs ⇄ percent-encoded query string; percent-encoding is known only here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from filterlang.diagnostics import Edit, Fix, Span, quoted
from filterlang.errors import FilterSyntaxError, diagnose
from filterlang.nodes import unparse
from filterlang.parser import MAX_LENGTH, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from filterlang.diagnostics import Diagnostic
    from filterlang.nodes import Clause, Filter, FilterSet

KEY = "filter"
"""The name of the query parameter."""

_NEAR_MISS = re.compile(r" *\?? *filters? *(?:\[[0-9]*\])? *", re.ASCII | re.IGNORECASE)
_JOINED = re.compile(r";\s*filter *\Z")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_WHOLE_FILTER_AS_KEY = re.compile(_NEAR_MISS.pattern + "=", re.ASCII | re.IGNORECASE)
_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SEQUENCES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_SEQUENCE_LENGTH = 3


def to_params(filters: FilterSet | Filter | Clause) -> list[tuple[str, str]]:
    """Give the decoded pairs for the `params=` of an HTTP client, which encodes them itself.

    Example:
        >>> to_params(parse("name == Smith"))
        [('filter', 'name==Smith')]
    """
    return [(KEY, text) for text in unparse(filters)]


def to_query(filters: FilterSet | Filter | Clause) -> str:
    """Give the query string, percent-encoded once, for who builds the URL; `""` without filters.

    Everything but the unreserved characters of RFC 3986 is encoded, a space as `%20`. An HTTP
    client's `params=` would encode it a second time: give it `to_params`.

    Example:
        >>> to_query(parse(["countryCode==US;cityName==Cleveland", "countryCode==UK"]))
        'filter=countryCode%3D%3DUS%3BcityName%3D%3DCleveland&filter=countryCode%3D%3DUK'
    """
    return "&".join(f"{KEY}={quote(text, safe='')}" for text in unparse(filters))


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
    checked = _pairs(pairs)
    diagnostics = [
        diagnose(
            "FL203", Span(0, len(key)), source_index=index, found=quoted(key), fixes=_key_fixes(key)
        )
        for index, (key, _) in enumerate(checked)
        if _is_near_miss(key)
    ]
    if diagnostics:
        raise FilterSyntaxError(diagnostics, [key for key, _ in checked], label="parameter")
    return parse([value for key, value in checked if key == KEY], max_length=max_length)


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
        message = f"expected a query string, not {type(query).__name__}"
        raise TypeError(message)
    if _URL.match(query):
        raise _url_error(query, query.find("?") + 1 or len(query))
    texts: list[str] = []
    diagnostics: list[Diagnostic] = []
    for raw_key, raw_value in _parameters(query):
        key = _decoded(raw_key, query, diagnostics)
        if key == KEY:
            if (text := _decoded(raw_value, query, diagnostics)) is not None:
                texts.append(text)
        elif key is not None:
            _check_key(key, raw_key, query, diagnostics)
    if diagnostics:
        raise FilterSyntaxError(diagnostics, [query], label="query")
    return parse(texts, max_length=max_length)


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    if isinstance(pairs, str | bytes):
        message = "expected decoded pairs, not a query string; that is what from_query reads"
        raise TypeError(message)
    if isinstance(pairs, Mapping):
        message = (
            f"expected pairs, not {type(pairs).__name__}: a mapping may hold only one of several "
            "filters; pass its list of pairs, such as parse_qsl() or multi_items() gives"
        )
        raise TypeError(message)
    checked = []
    for index, pair in enumerate(pairs):
        match pair:
            case (str(key), str(value)):
                checked.append((key, value))
            case _:
                message = f"parameter {index + 1} is not a pair of str but {pair!r}"
                raise TypeError(message)
    return checked


def _parameters(query: str) -> Iterator[tuple[Span, Span]]:
    """Give the spans of each parameter's key and value, still encoded."""
    start = 1 if query.startswith("?") else 0
    while start <= len(query):
        end = query.find("&", start) if "&" in query[start:] else len(query)
        equals = query.find("=", start, end)
        key_end = end if equals < 0 else equals
        yield Span(start, key_end), Span(min(key_end + 1, end), end)
        start = end + 1


def _decoded(raw: Span, query: str, diagnostics: list[Diagnostic]) -> str | None:
    """Percent-decode a part of the query once, `+` being a space; None where it can't be."""
    text = query[raw.start : raw.end]
    wrong: list[Diagnostic] = []
    for found in _MALFORMED.finditer(text):
        stop = min(found.start() + _SEQUENCE_LENGTH, len(text))
        span = Span(raw.start + found.start(), raw.start + stop)
        wrong.append(diagnose("FL201", span, found=quoted(text[found.start() : stop])))

    def decode(found: re.Match[str]) -> str:
        data = bytes.fromhex(found[0].replace("%", ""))
        start = 0
        while True:
            try:
                return data[start:].decode()
            except UnicodeDecodeError as error:
                low, high = (
                    raw.start + found.start() + (start + place) * _SEQUENCE_LENGTH
                    for place in (error.start, error.end)
                )
                wrong.append(diagnose("FL202", Span(low, high), found=quoted(query[low:high])))
                start += error.end

    decoded = _SEQUENCES.sub(decode, text.replace("+", " "))
    diagnostics += sorted(wrong, key=lambda one: one.span.start)
    return None if wrong else decoded


def _is_near_miss(key: str) -> bool:
    return key != KEY and (
        _NEAR_MISS.fullmatch(key) is not None
        or _JOINED.search(key) is not None
        or _WHOLE_FILTER_AS_KEY.match(key) is not None
    )


def _check_key(key: str, raw: Span, query: str, diagnostics: list[Diagnostic]) -> None:
    """Find a key that its writer meant to be `filter`."""
    path, _, last = key.rpartition("?")
    if path and (last == KEY or _is_near_miss(last)):
        diagnostics.append(_url_error(query, query.find("?", raw.start) + 1).diagnostics[0])
    elif _JOINED.search(key):
        diagnostics.append(_joined_filters(key, raw, query))
    elif _is_near_miss(key):
        fixes = [] if "=" in key else [Fix([Edit(raw, KEY)], safe=True)]
        diagnostics.append(diagnose("FL203", raw, fixes=fixes, found=quoted(key)))


def _key_fixes(key: str) -> list[Fix]:
    """Mend a decoded key: only where nothing but `filter` can be meant."""
    if _NEAR_MISS.fullmatch(key) is None:
        return []
    return [Fix([Edit(Span(0, len(key)), KEY)], safe=True)]


def _url_error(query: str, end: int) -> FilterSyntaxError:
    fixes = [Fix([Edit(Span(0, end), "")], safe=True)] if end < len(query) else []
    return FilterSyntaxError([diagnose("FL204", Span(0, end), fixes=fixes)], [query], label="query")


def _joined_filters(key: str, raw: Span, query: str) -> Diagnostic:
    """Repair filters joined by `;filter=`, as the API's own documentation of 2019 prints them."""
    repaired = "&".join(
        f"{KEY}={part.removeprefix(KEY + '=').replace(f';{KEY}=', ';').strip(' ')}"
        for part in query.removeprefix("?").split("&")
    )
    try:
        encoded = to_query(from_query(repaired))
    except FilterSyntaxError:
        return diagnose("FL205", raw, found=quoted(key), remedy="")
    return diagnose(
        "FL205",
        raw,
        fixes=[Fix([Edit(Span(0, len(query)), encoded)], safe=True)],
        found=quoted(key),
        remedy=f"; this means\n  {repaired}\nand is best sent encoded:\n  {encoded}",
    )
