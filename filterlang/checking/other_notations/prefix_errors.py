"""What is written before a clause by mistake: the key of the parameter, and others around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.clause_text import write
from filterlang.checking.lexis import (
    ALONE,
    ENCODED_PART,
    FILTER_KEY,
    OTHER_KEYS,
    is_encoded_clause,
)
from filterlang.checking.mends import is_safe
from filterlang.checking.other_notations.enclosing_literals import within_literal
from filterlang.checking.other_notations.filters_instead import MOST_WRITTEN
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.parser import read_filter
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from filterlang.checking.clause_text import ClauseText
    from filterlang.diagnostics.diagnostic import Diagnostic

# `/users?pageSize=5&filter=`, `--filter=`, `filters[] =`; also when it is there several times.
_BEFORE_KEY = rf"""[^ ;=!<>~?]*\? (?:[\w.\-\[\]]+=(?!@)[^ ;=&]*&)*?
                 | (?:(?:{OTHER_KEYS})=(?!@)[^ ;=&]*&)+"""
_KEYS = rf"[?&\-]*+ (?:{FILTER_KEY}[ ]*+ = {ALONE} [ ]*+)+"
_PARAMETER_PREFIX = re.compile(
    rf"(?P<before>{_BEFORE_KEY})? {_KEYS}", re.IGNORECASE | re.ASCII | re.VERBOSE
)
_PREFIX_OF_CLAUSE = re.compile(
    rf"(?:(?<=;)|\A) [ ]*+ (?:{_BEFORE_KEY})? {_KEYS}", re.IGNORECASE | re.ASCII | re.VERBOSE
)
"""The same where a clause starts; `filter=filter=a==1` has one clause.

It finds each that is reported, so that of many none is looked for through all of a long text.
"""
_MORE_PARAMETERS = re.compile(r"(?:&[\w.\-\[\]]++=[^ ;&]*+)++", re.ASCII)


def without_prefix(clause: ClauseText) -> tuple[ClauseText | None, list[Diagnostic]]:
    """Report the key of the parameter (FL116); return the clause that follows it, if one does."""
    if _REQUEST.match(clause.text, clause.start) and (request := _of_request(clause)) is not None:
        return None, [request]
    prefix = _PARAMETER_PREFIX.match(clause.text, clause.start, clause.end)
    if prefix is None:
        return clause, []
    start = trimmed(clause.text, prefix.end(), clause.end).start
    follows = start < clause.stop
    filters = [clause.text[slice(*one)] for one in within_literal(clause.text, start, clause.stop)]
    if filters and clause.is_first and clause.end == len(clause.text):
        return None, [_of_list(clause, prefix[0].rstrip(" "), filters)]
    rest, cut = _without_parameters(clause._replace(start=start))
    others = "=" in (prefix["before"] or "") or bool(cut)
    # One `-` is how other languages negate; two are those of a command line.
    negates = re.match("-(?!-)", prefix[0]) is not None
    # What is in quotes or brackets isn't a filter yet.
    wraps = not (clause.text[start : start + 1].isalnum() or clause.text.startswith("_", start))
    # With the key before several clauses each is a filter, of which one has to match; but the API's
    # own documentation of 2019 prints this for AND.
    is_one_of_several = follows and (
        _PREFIX_OF_CLAUSE.search(clause.text, clause.end) is not None
        or _PREFIX_OF_CLAUSE.search(clause.text, 0, clause.start) is not None
    )
    is_whole = not (others or negates or wraps or _is_partly_encoded(rest.written))
    safe = is_safe("key") and is_whole
    # Without a clause nothing would be left, and nothing means everything.
    fixes = [write(clause.start, start, "", safe=safe)] if follows and not is_one_of_several else []
    filters = _parted(clause.text) if is_one_of_several else []
    case = "nothing" if not follows else "others" if others else None
    if is_one_of_several:
        case = "two filters" if filters else "next"
    elif (others or _holds_parameters(clause.text)) and (filters := _of_query(clause.text)):
        case = "query" if len(filters) == 1 else "query of several"
        # What else is asked for is left out.
        fixes = [write(0, len(clause.text), filters[0])] if len(filters) == 1 else []
    key = clause.tell(
        "FL116",
        clause.start,
        len(prefix[0].rstrip(" ")) + clause.start,
        fixes=fixes,
        case=case,
        found=quoted(prefix[0].rstrip(" ")),
        filters=several(filters),
    )
    return (rest if follows else None), [key, *cut]


def _holds_parameters(text: str) -> bool:
    """Return whether another filter follows, or another parameter of a query."""
    return len(text) <= MOST_WRITTEN and _OTHER_PARAMETER.search(text) is not None


_OTHER_PARAMETER = re.compile(rf"&(?:filter|{OTHER_KEYS})=", re.IGNORECASE)


_REQUEST = re.compile(
    r" *+(?:\$ ++)?(?:(?:curl|wget|xh|https?|GET|POST|HEAD) |(?:requests\.get|fetch)\()"
)
_ADDRESS = re.compile(
    r"\?(?P<query>[^ \t\"'#)]++)|(?P<quote>[\"'])(?P<pair>filter=[^\"']++)(?P=quote)"
)


def _of_request(clause: ClauseText) -> Diagnostic | None:
    """Report the command that a filter is sent with, as in `curl '…?filter=a%3D1'`."""
    if clause.span != Span(*trimmed(clause.text, 0, len(clause.text))):
        return None
    address = _ADDRESS.search(clause.text) if len(clause.text) <= MOST_WRITTEN else None
    filters = _of_query(address["query"] or address["pair"]) if address else []
    if address is None or not filters:
        return None
    key = clause.text.lower().index("filter=", address.start()) + len("filter=")
    fixes = [write(clause.start, clause.stop, filters[0])] if len(filters) == 1 else []
    case, found = "query" if len(filters) == 1 else "query of several", clause.text[:key]
    told = {"found": quoted(found.lstrip(" ")), "filters": several(filters)}
    return clause.tell("FL116", clause.start, key, fixes=fixes, case=case, **told)


def _of_list(clause: ClauseText, key: str, filters: list[str]) -> Diagnostic:
    """Report the key before a list of filters, of which one has to match."""
    is_one = len(filters) == 1 and read_filter(filters[0]) is not None
    return clause.tell(
        "FL116",
        clause.start,
        clause.start + len(key),
        fixes=[write(clause.start, clause.stop, filters[0])] if is_one else [],
        case="list" if len(filters) > 1 else "in a list",
        found=quoted(key),
        filters=several(filters),
    )


def _is_partly_encoded(text: str) -> bool:
    """Return whether a text has an operator, and others of it that are still encoded."""
    return ENCODED_PART.search(text) is not None and not is_encoded_clause(text)


def _parted(text: str) -> list[str]:
    """Return the filters of `filter=a==1;filter=b==2`; none where that is long or isn't sure."""
    if len(text) > MOST_WRITTEN:
        return []
    filters = [one.strip(" ;") for one in _PREFIX_OF_CLAUSE.split(text)]
    filters = filters if filters[0] else filters[1:]
    return filters if all(read_filter(one) is not None for one in filters) else []


def _of_query(text: str) -> list[str]:
    """Return the filters of an address or a query string; none where that is long or isn't sure."""
    if len(text) > MOST_WRITTEN:
        return []
    from urllib.parse import parse_qsl  # it takes time to import

    query = text.rpartition("?")[2] if "?" in text else text
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict")
    except ValueError:
        return []
    filters = [value.strip(" ") for key, value in pairs if key.lower() == "filter"]
    return filters if all(read_filter(one) is not None for one in filters) else []


def _without_parameters(clause: ClauseText) -> tuple[ClauseText, list[Diagnostic]]:
    """Report the parameters after an encoded filter (FL413), and cut them off."""
    start = clause.text.find("&", clause.start, clause.stop)
    rest = _MORE_PARAMETERS.fullmatch(clause.text, start, clause.stop) if start >= 0 else None
    if rest is None or not is_encoded_clause(clause.text[clause.start : start]):
        return clause, []
    first = rest[0][1:].partition("=")[0].lower()
    case = "filter" if first == "filter" else "parameter"
    found = clause.tell("FL413", start, start + 1, case=case)
    return clause._replace(stop=start, end=start), [found]
