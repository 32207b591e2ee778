"""Nodes ⇄ decoded pairs ⇄ percent-encoded query string; percent-encoding is known only here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING
from urllib.parse import quote

from filterlang.diagnostics.diagnostic import (
    MAX_DIAGNOSTICS,
    Diagnostic,
    Edit,
    Fix,
    Span,
    class_name,
    quoted,
    shown,
)
from filterlang.diagnostics.errors import (
    UnsupportedError,
    diagnose,
)
from filterlang.syntax.nodes import FilterSet, filters_of, unparse
from filterlang.syntax.operators import SECOND_SPELLING_OF_LIKE, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from filterlang.syntax.argument_types import Dialect, Params
    from filterlang.syntax.nodes import Clause, Filter

KEY = "filter"
"""The name of the query parameter."""

_DIALECTS = ("px", "aptrinsic-2019")

# Runs that may be empty stand side by side here. None gives back what it has taken, or a key of
# spaces would be shared out among them in every way there is.
_NEAR_MISS = re.compile(
    r"[\s\ufeff]*+\?*+[\s\ufeff]*+\$?+(?ai:filters?+)[\s\ufeff]*+"
    r"(?P<inner>(?:\[[^\[\]=]*+\])++|\.[^=]++)?+[\s\ufeff]*+"
)
_LOWERED = str.maketrans(ascii_uppercase, ascii_lowercase)
_COUNTED = re.compile(r"(?:\[[0-9]*+\])++[\s\ufeff]*+")
_CLAUSE_IN_KEY = re.compile("[!<>~]|==")
_JOINED = re.compile(r";\s*+filter *+\Z")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://")
_QUESTION_MARK = re.compile(r"\?|%3F", re.IGNORECASE)
_WHOLE_FILTER_AS_KEY = re.compile(_NEAR_MISS.pattern + "=")
_ENCODED_EQUALS = ("=", "%3D", "%3d")
_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SEQUENCES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_SEQUENCE_LENGTH = 3
_MOST_SHOWN = 1000
"""A repaired query is shown for people to copy, up to this many characters."""


def to_params(filters: FilterSet | Filter | Clause, *, dialect: Dialect = "px") -> Params:
    """Return the decoded pairs for the `params=` of an HTTP client, which encodes them itself.

    They are pairs of texts. Type checkers are told that the second ones are of any type: clients
    ask for lists of pairs with all types that they take, and no list of texts would be one of them.

    Args:
        filters: what to send.
        dialect: as for `to_query`; that of 2019 writes `~` as `=@`.

    Raises:
        UnsupportedError: for `!~` in the dialect of 2019.
        ValueError: for an unknown dialect.

    Example:
        >>> from filterlang import parse
        >>> to_params(parse("name == Smith"))
        [('filter', 'name==Smith')]
        >>> to_params(parse("name ~ Smith*"), dialect="aptrinsic-2019")
        [('filter', 'name=@Smith*')]
    """
    _expect_dialect(filters, dialect)
    if dialect == "px":
        return [(KEY, text) for text in unparse(filters)]
    texts = [";".join("".join(_in_2019(clause)) for clause in one) for one in filters_of(filters)]
    return [(KEY, text) for text in texts]


def to_query(filters: FilterSet | Filter | Clause, *, dialect: Dialect = "px") -> str:
    """Return the query string, percent-encoded once, for URLs that you build; `""` without filters.

    Everything but the unreserved characters of RFC 3986 is encoded, a space as `%20`. An HTTP
    client's `params=` would encode it a second time: give it `to_params`.

    Args:
        filters: what to encode.
        dialect: `"px"`, what the API speaks today, or `"aptrinsic-2019"`, the table of its
            documentation of 2019, where `~` is written `%3D@` and there is no `!~`. `from_query`
            reads both.

    Raises:
        UnsupportedError: for `!~` in the dialect of 2019.
        ValueError: for an unknown dialect.

    Example:
        >>> from filterlang import parse
        >>> to_query(parse(["countryCode==US;cityName==Cleveland", "countryCode==UK"]))
        'filter=countryCode%3D%3DUS%3BcityName%3D%3DCleveland&filter=countryCode%3D%3DUK'
        >>> to_query(parse("email~*@example.com"), dialect="aptrinsic-2019")
        'filter=email%3D@%2A%40example.com'
    """
    return "&".join(encoded_pairs(filters, dialect))


def encoded_pairs(filters: FilterSet | Filter | Clause, dialect: Dialect) -> list[str]:
    """Return each filter as it stands between the `&` of a query; raise what `to_query` raises."""
    _expect_dialect(filters, dialect)
    if dialect == "px":
        return [f"{KEY}={quote(text, safe='')}" for text in unparse(filters)]
    return [f"{KEY}=" + "%3B".join(map(_encoded_in_2019, one)) for one in filters_of(filters)]


def _expect_dialect(filters: FilterSet | Filter | Clause, dialect: Dialect) -> None:
    """Raise what `to_query` raises, if a dialect isn't known or lacks an operator."""
    if dialect not in _DIALECTS:
        message = (
            f"expected the dialect {' or '.join(map(repr, _DIALECTS))}, found {shown(dialect)}"
        )
        raise ValueError(message)
    if dialect == "px":
        return
    # All that the table of 2019 doesn't have is reported at once.
    wrong: list[Diagnostic] = []
    for index, one in enumerate(filters_of(filters)):
        place = 0
        for clause in one:
            if not clause.operator.in_2019:
                start = place + len(clause.name)
                wrong.append(_no_operator(clause.operator, start, index, dialect))
            place += len(str(clause)) + 1
    if wrong:
        raise UnsupportedError(wrong, unparse(filters))


def _in_2019(clause: Clause) -> tuple[str, str, str]:
    """Return the name, the operator and the expression as the table of 2019 spells them."""
    operator = clause.operator
    spelled = SECOND_SPELLING_OF_LIKE if operator is Operator.LIKE else str(operator)
    return clause.name, spelled, str(clause).removeprefix(clause.name + operator)


def _encoded_in_2019(clause: Clause) -> str:
    name, operator, expression = _in_2019(clause)
    # The table prints the `@` of the operator as it stands; any other one is encoded.
    return quote(name, safe="") + quote(operator, safe="@") + quote(expression, safe="")


def _no_operator(operator: Operator, start: int, index: int, dialect: Dialect) -> Diagnostic:
    span = Span(start, start + len(operator))
    return diagnose("FL206", span, source_index=index, dialect=dialect, operator=operator)


def read_query(query: str) -> tuple[list[str], list[Diagnostic]]:
    """Return the decoded filters of a query string, and what is wrong with the query itself."""
    texts: list[str] = []
    diagnostics: list[Diagnostic] = []
    if before := _path_before(query):
        diagnostics.append(whole_url(query, before))
    for raw_key, raw_value in _parameters(query, before.end if before else None):
        key = _decoded(raw_key, query, diagnostics)
        if key == KEY:
            # What can't be decoded keeps its place, so that the filters are counted right.
            texts.append(_decoded(raw_value, query, diagnostics) or "")
        elif key is not None and (path := _path(key, raw_key, query)):
            diagnostics.append(whole_url(query, path))
        elif key is not None and is_near_miss(key):
            diagnostics.append(wrong_key(key, raw_key))
        elif (start := query.find(f";{KEY}=", raw_value.start, raw_value.end)) >= 0:
            # Old servers took ';' for '&'; here the filter would be lost in the other value.
            span = Span(start, start + len(KEY) + 1)
            diagnostics.append(_joined_filters(f";{KEY}", span))
        elif key is not None and is_clause(
            key, "=" if query.startswith(_ENCODED_EQUALS, raw_value.start, raw_value.end) else ""
        ):
            pair = Span(raw_key.start, raw_value.end)
            fix = Fix([Edit(Span(pair.start, pair.start), f"{KEY}=")], safe=False)
            diagnostics.append(no_key(query[pair.start : pair.end], pair, [fix]))
        if len(diagnostics) > MAX_DIAGNOSTICS:
            break
    return texts, diagnostics


def decoded_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Check that these are pairs of texts, and give them as a list, or raise `TypeError`."""
    if isinstance(pairs, str | bytes):
        message = "expected decoded pairs, not a query string; that is what from_query reads"
        raise TypeError(message)
    if isinstance(pairs, Mapping):
        message = (
            f"expected pairs, not {class_name(pairs)}: a mapping may hold only one of several "
            "filters; pass its list of pairs, such as parse_qsl() or multi_items() gives"
        )
        raise TypeError(message)
    checked = []
    for index, pair in enumerate(pairs):
        match pair:
            case (str(key), str(value)):
                checked.append((key, value))
            case _:
                message = f"parameter {index + 1} is not a pair of str but {shown(pair)}"
                raise TypeError(message)
    return checked


def _parameters(query: str, start: int | None) -> Iterator[tuple[Span, Span]]:
    """Return the spans of each parameter's key and value, still encoded, from a place on."""
    if start is None:
        start = 1 if query.startswith("?") else 0
    while start <= len(query):
        end = query.find("&", start)
        end = len(query) if end < 0 else end
        equals = query.find("=", start, end)
        key_end = end if equals < 0 else equals
        yield Span(start, key_end), Span(min(key_end + 1, end), end)
        start = end + 1


def _decoded(raw: Span, query: str, diagnostics: list[Diagnostic]) -> str | None:
    """Percent-decode a part of the query once, `+` being a space; None where it can't be."""
    text = query[raw.start : raw.end]
    wrong: list[Diagnostic] = []
    for found in islice(_MALFORMED.finditer(text), MAX_DIAGNOSTICS + 1):
        stop = min(found.start() + _SEQUENCE_LENGTH, len(text))
        span = Span(raw.start + found.start(), raw.start + stop)
        wrong.append(
            diagnose("FL201", span, source_index=None, found=quoted(text[found.start() : stop]))
        )

    def decode(found: re.Match[str]) -> str:
        data = bytes.fromhex(found[0].replace("%", ""))
        for start, end in islice(_invalid(data), MAX_DIAGNOSTICS + 1 - len(wrong)):
            low, high = (
                raw.start + found.start() + place * _SEQUENCE_LENGTH for place in (start, end)
            )
            bad = quoted(query[low:high])
            wrong.append(diagnose("FL202", Span(low, high), source_index=None, found=bad))
        return data.decode(errors="replace")

    decoded = _SEQUENCES.sub(decode, text.replace("+", " "))
    diagnostics += sorted(wrong, key=lambda one: one.span.start)
    return None if wrong else decoded


def _invalid(data: bytes) -> list[tuple[int, int]]:
    """Find the runs of bytes that are not UTF-8."""
    runs: list[tuple[int, int]] = []
    place = 0
    for character in data.decode(errors="surrogateescape"):
        # Each byte that can't be decoded comes back as half of a surrogate pair.
        if not "\udc80" <= character <= "\udcff":
            place += len(character.encode())
            continue
        start = runs.pop()[0] if runs and runs[-1][1] == place else place
        place += 1
        runs.append((start, place))
    return runs


def is_near_miss(key: str) -> bool:
    """Return whether a key was probably meant to be `filter`, and would restrict nothing.

    Example:
        >>> [key for key in ("filter", "fliter", "$filter", "filterBy") if is_near_miss(key)]
        ['fliter', '$filter']
    """
    return key != KEY and (
        _NEAR_MISS.fullmatch(key) is not None
        or _JOINED.search(key) is not None
        or _WHOLE_FILTER_AS_KEY.match(key) is not None
        or _is_one_edit_away(key)
    )


def _is_one_edit_away(key: str) -> bool:
    """Return whether one character is missing, added or another, or two have changed places."""
    if abs(len(key) - len(KEY)) > len("s"):
        return False
    key = key.translate(_LOWERED)
    start = 0
    while start < min(len(key), len(KEY)) and key[start] == KEY[start]:
        start += 1
    rest, wanted = key[start:], KEY[start:]
    swapped = wanted[1:2] + wanted[:1] + wanted[2:]
    return rest == swapped or rest[1:] == wanted or rest == wanted[1:] or rest[1:] == wanted[1:]


def is_clause(key: str, value: str) -> bool:
    """Return whether a pair is a filter without its `filter=`: `score>=10`, `score==10`.

    Example:
        >>> [is_clause("score>", "10"), is_clause("score", "=10"), is_clause("score==10", "")]
        [True, True, True]
        >>> is_clause("score", "10")
        False
    """
    return key != KEY and (value.startswith("=") or _CLAUSE_IN_KEY.search(key) is not None)


def _path_before(query: str) -> Span | None:
    """Find a path that stands before the first parameter, as in `/users?pageSize=5`.

    Question marks and spaces alone are no path, but part of the key.
    """
    start = 1 if query.startswith("?") else 0
    head = re.split("[=&]", query[start:], maxsplit=1)[0]
    path, mark, _ = head.rpartition("?")
    if not mark or not path.strip(" ?+"):
        return None
    return Span(start, start + len(path) + 1)


def _path(key: str, raw: Span, query: str) -> Span | None:
    """Find a path that stands before the key, as in `/users?filter`, with its `?`."""
    path, _, last = key.rpartition("?")
    if path.strip(" ?") and (last == KEY or is_near_miss(last)):
        raw_last = _QUESTION_MARK.split(query[raw.start : raw.end])[-1]
        return Span(raw.start, raw.end - len(raw_last))
    return None


def is_url(query: str) -> bool:
    """Return whether a query is a whole URL."""
    return _URL.match(query) is not None


def whole_url(query: str, span: Span) -> Diagnostic:
    """Say that a query has a URL or path before it."""
    # Only the URL is cut off: a filter that stands before it has to stay.
    fixes = [Fix([Edit(span, "")], safe=False)] if span.end < len(query) else []
    return diagnose("FL204", span, fixes=fixes, source_index=None)


def wrong_key(key: str, raw: Span) -> Diagnostic:
    """Say that a key was meant to be `filter`."""
    if _JOINED.search(key):
        return _joined_filters(key, raw)
    near = _NEAR_MISS.fullmatch(key)
    inner = near["inner"] if near else None
    # What stands in brackets or behind a dot is a name, which would be lost.
    holds_name = inner is not None and _COUNTED.fullmatch(inner) is None
    is_near = (near is not None and not holds_name) or _is_one_edit_away(key)
    fixes = [Fix([Edit(raw, KEY)], safe=False)] if is_near else []
    case = "name" if holds_name else None
    return diagnose("FL203", raw, fixes=fixes, source_index=None, case=case, found=quoted(key))


def no_key(pair: str, span: Span, fixes: Sequence[Fix] = ()) -> Diagnostic:
    """Say that a pair is a filter that lacks its key."""
    return diagnose(
        "FL203", span, fixes=fixes, source_index=None, case="clause", found=quoted(pair)
    )


def _joined_filters(key: str, raw: Span) -> Diagnostic:
    return diagnose("FL205", raw, source_index=None, found=quoted(key))
