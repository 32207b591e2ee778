"""Terms of search boxes: `role:admin score:>10`, `-role:admin`, `score:[10 TO 20]`, `email:*`.

Lucene, Kibana and GitHub are asked so. Says which clauses they stand for, where all of them are
understood. Every regular expression takes time linear in the clause.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.lexis import FORBIDDEN
from filterlang.checking.meant_values.date_mistakes import until
from filterlang.checking.other_notations.filters_instead import written_instead
from filterlang.checking.other_notations.other_languages import (
    is_plain_name,
    is_plain_value,
    without_quotes,
)
from filterlang.checking.suspect import edits_of
from filterlang.diagnostics.diagnostic import Span
from filterlang.syntax.escaping import escape
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic, Fix

_TERM = re.compile(
    r"(?P<join>(?:AND|OR|&&|\|\|) ++|)(?P<sign>[+\-!]|NOT ++|)(?P<name>[^\W\d][\w.\-]*+) *+"
    r"(?::(?!//) *+(?P<value>\"[^\"\\]*+\"|\([^()\\]++\)|[\[{][^\[\]{}\\]++[\]}]"
    r"|(?P<order>[<>]=?) *+[^ ()\"\[\]{}]++|[^ ()\"\[\]{}<>=:][^ ()\"\[\]{}<>=]*+)"
    r"|(?P<compared>[<>]=?) *+(?P<number>[^ ()\"\[\]{}<>=:]++))(?= |\Z) *+",
    re.IGNORECASE,
)
_RANGE = re.compile(
    r"(?P<open>[\[{]) *+(?P<low>[^ ]++) ++TO ++(?P<high>[^ \]}]++) *+(?P<close>[\]}])",
    re.IGNORECASE,
)
_DOTS = re.compile(r"(?P<low>\*|-?[0-9][0-9:T\-]*+)\.\.(?P<high>\*|-?[0-9][0-9:TZ\-]*+)")
_ITEM = re.compile(r"\"[^\"]++\"|[^ \"]++")
_OF_EMPTINESS = {"_exists_": "!=", "has": "!=", "_missing_": "==", "no": "=="}
_LONGEST = 500
_MOST_TERMS = 20


class Terms(NamedTuple):
    """The filters that terms stand for, and how many terms are written.

    `is_plain` is whether no more than one `name:value` is.
    """

    filters: Sequence[str]
    length: int
    is_plain: bool

    def said(self, text: str, place: Span) -> tuple[str, dict[str, str], list[Fix]] | None:
        """Return the case of the hint, what is filled in, and the fix; None without a filter."""
        return written_instead(text, place, self.filters, "terms", "term filters")


def colon_terms(written: str) -> Terms | None:
    """Read terms; None where one of them isn't understood, or how they are joined.

    Example:
        >>> colon_terms("+role:admin -type:LEAD score:>10").filters
        ['role==admin;type!=LEAD;score>10']
        >>> colon_terms("role:(a OR b)").filters
        ['role==a', 'role==b']
        >>> colon_terms("note: call me") is None
        True
    """
    if len(written) > _LONGEST or ":" not in written or FORBIDDEN.search(written):
        return None
    terms, place = list[re.Match[str]](), 0
    while place < len(written):
        term = _TERM.match(written, place)
        if term is None or len(terms) == _MOST_TERMS:
            return None
        terms.append(term)
        place = term.end()
    joins = {term["join"].strip(" ").lower() for term in terms[1:]}
    is_or = joins <= {"or", "||"} and bool(joins)
    if terms[0]["join"] or (not is_or and joins & {"or", "||"}):
        return None
    each = [_clauses(term) for term in terms]
    filters = [""]
    if is_or:
        filters = [one for clauses in each for one in clauses]
    else:
        if sum(len(clauses) > 1 for clauses in each) > 1:
            return None
        for clauses in each:
            filters = [f"{one};{more}".lstrip(";") for one in filters for more in clauses]
    is_plain = len(terms) == 1 and not terms[0]["sign"] and _is_word(terms[0])
    return Terms(filters, len(terms), is_plain) if all(each) and filters else None


def _is_word(term: re.Match[str]) -> bool:
    value = term["value"] or ""
    is_more = value[:1] in "([{" or term["order"] or value == "*" or ".." in value
    return not is_more and term["name"].lower() not in _OF_EMPTINESS


def _clauses(term: re.Match[str]) -> Sequence[str]:
    """Return the clauses of a term, of which one is meant; none where that isn't known."""
    name, value = term["name"], term["value"] or ""
    is_negated = term["sign"].strip(" ").lower() in {"-", "!", "not"}
    if name.lower() in _OF_EMPTINESS and is_plain_name(value):
        return [f"{value}{_sign(_OF_EMPTINESS[name.lower()], is_negated=is_negated)}"]
    if not is_plain_name(name):
        return ()
    if (sign := term["compared"] or term["order"]) is not None:
        compared = term["number"] or value[len(sign) :].lstrip(" ")
        is_one = is_plain_value(compared) and not is_negated
        return [f"{name}{sign}{compared}"] if is_one else ()
    if (ends := _RANGE.fullmatch(value) or _DOTS.fullmatch(value)) is not None:
        return () if is_negated else _range(name, ends)
    values = [value]
    if value.startswith("("):
        items = _ITEM.findall(value[1:-1])
        words = {item.lower() for item in items if item.lower() in {"or", "||", "and", "&&", "not"}}
        if not words <= {"or", "||"}:
            return ()
        values = [item for item in items if item.lower() not in {"or", "||"}]
    clauses = [_clause(name, one, is_negated=is_negated) for one in values]
    if not all(clauses):
        return ()
    return [";".join(clauses)] if is_negated else clauses


def _clause(name: str, value: str, *, is_negated: bool) -> str:
    """Return the clause of one value; nothing where that isn't known."""
    plain, operator = without_quotes(value), "=="
    if value == "*":
        operator, plain = "!=", ""
    elif plain == value and ("*" in value or "?" in value):
        operator = "~"
        if is_plain_value(value.strip("*?").replace("*", "").replace("?", "")):
            return f"{name}{_sign(operator, is_negated=is_negated)}{value}"
        return ""
    elif plain == value and not is_plain_value(value):
        return ""
    return f"{name}{_sign(operator, is_negated=is_negated)}{escape(plain)}"


def _sign(operator: str, *, is_negated: bool) -> str:
    return str(Operator(operator).complement) if is_negated else operator


def _range(name: str, ends: re.Match[str]) -> Sequence[str]:
    low, high, brackets = ends["low"], ends["high"], ends.groupdict(default="[")
    clauses = []
    if low != "*":
        clauses.append(f"{name}{'>=' if brackets.get('open', '[') == '[' else '>'}{low}")
    if high != "*":
        is_in = brackets.get("close", "]") == "]"
        clauses.append(f"{name}{until(high) if is_in else f'<{high}'}")
    is_known = all(one == "*" or is_plain_value(one) for one in (low, high))
    return [";".join(clauses)] if clauses and is_known else ()


def terms_of_clause(clause: Suspect) -> Diagnostic | None:
    """Find terms in a clause with an operator, as in `role:admin score:>10` (FL417)."""
    written = clause.text[clause.whole.start : clause.whole.end]
    if ":" not in written or not clause.operator.orders:
        return None
    terms = colon_terms(written)
    if terms is None or terms.length == 1:
        return None
    colon = clause.whole.start + written.index(":")
    said = terms.said(clause.text, clause.whole)
    if said is None:
        return None
    case, values, fixes = said
    edits = edits_of(fixes)
    return clause.tell(
        "FL417", Span(colon, colon + 1), edits, case, operator=clause.operator, **values
    )
