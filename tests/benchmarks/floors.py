"""What a careful engineer would write by hand for one purpose: the floors of the benchmark.

The parser builds the very nodes of `filterlang`, by the cheapest way that they allow. The
conditions read records as one writes it who knows these records, without a look at what else a
value might be. They are shorter than a library may be: the parser relies on canonical text and
notices no mistake, and a condition may raise for a record of another shape.
`tests/test_benchmark_floors.py` holds both to the library's answers on all that is measured.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.syntax.nodes import Clause, Filter, FilterSet, NewClause, NewFilter, NewFilterSet
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import NewPattern, Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

# --- Parsing --------------------------------------------------------------------------------------

# What was read is never given back (`++`), and the expression is unrolled: of the five ways of
# writing this expression that were tried, it is the fastest.
_CLAUSES = re.compile(
    r"([^=!<>~;]++)(==|!=|~|!~|[<>]=?+)([^;\\]*+(?:\\.[^;\\]*+)*+);?+", re.DOTALL
).findall
_unescape = re.compile(r"\\(.)", re.DOTALL).sub
_OPERATORS = {operator.value: operator for operator in Operator}


def parse(text: str) -> FilterSet:
    """Parse canonical text of one filter; what is no such text gives anything."""
    clauses = []
    for name, spelling, raw in _CLAUSES(text):
        clause = NewClause()
        clause.name = name
        clause.operator = _OPERATORS[spelling]
        if spelling == "~" or spelling == "!~":  # noqa: PLR1714 — a set would have to be hashed into
            pattern = NewPattern()
            pattern.text = raw
            pattern.__class__ = Pattern
            clause.expression = pattern
        elif "\\" in raw:
            clause.expression = _unescape(r"\1", raw)
        else:
            clause.expression = raw
        clause.__class__ = Clause
        clauses.append(clause)
    filter_ = NewFilter()
    filter_.clauses = tuple(clauses)
    filter_.__class__ = Filter
    filters = NewFilterSet()
    filters.filters = (filter_,)
    filters.__class__ = FilterSet
    return filters


# --- Matching -------------------------------------------------------------------------------------


class Floor(NamedTuple):
    """One condition, written for one record and for a list of them."""

    call: Callable[[Any], object]
    """Record → something true if it matches, as conditions by hand have it."""
    select: Callable[[list[Any]], list[Any]]
    """Records → those that match."""


_wild_email = re.compile(r".*\..*a.*@.*\.example\.com", re.DOTALL).fullmatch

# The keys are those of `cases.MATCHING`, where the filters stand. The two conditions of a floor are
# written out twice: one that called the other would be slower than what an engineer writes.
MATCHING = {
    "flat": Floor(
        lambda r: (
            (r.get("type") or "").lower() == "user"
            and (r.get("role") or "").lower() == "editor"
            and (r.get("title") or "").lower() != "accountant"
        ),
        lambda records: [
            r
            for r in records
            if (r.get("type") or "").lower() == "user"
            and (r.get("role") or "").lower() == "editor"
            and (r.get("title") or "").lower() != "accountant"
        ],
    ),
    "nested": Floor(
        lambda r: (
            ((place := r.get("location") or {}).get("continent") or "").lower() == "eu"
            and ((r.get("lastInferredLocation") or {}).get("continent") or "").lower() == "eu"
            and (place.get("timeZone") or "").lower() != "europe/london"
        ),
        lambda records: [
            r
            for r in records
            if ((place := r.get("location") or {}).get("continent") or "").lower() == "eu"
            and ((r.get("lastInferredLocation") or {}).get("continent") or "").lower() == "eu"
            and (place.get("timeZone") or "").lower() != "europe/london"
        ],
    ),
    "order": Floor(
        lambda r: (
            (v := r.get("score")) is not None
            and v >= 50
            and (v := r.get("numberOfVisits")) is not None
            and v < 200
            and (v := r.get("createDate")) is not None
            and v >= 1640995200000
        ),
        lambda records: [
            r
            for r in records
            if (v := r.get("score")) is not None
            and v >= 50
            and (v := r.get("numberOfVisits")) is not None
            and v < 200
            and (v := r.get("createDate")) is not None
            and v >= 1640995200000
        ],
    ),
    "infix": Floor(
        lambda r: "engineer" in (r.get("title") or "").lower(),
        lambda records: [r for r in records if "engineer" in (r.get("title") or "").lower()],
    ),
    "20 clauses": Floor(
        lambda r: (
            (r.get("type") or "").lower() == "user"
            and r.get("globalUnsubscribe") is False
            and (v := r.get("score")) is not None
            and 5 <= v <= 95
            and (v := r.get("numberOfVisits")) is not None
            and 2 <= v < 400
            and (v := r.get("createDate")) is not None
            and 1577836800000 <= v < 1719000000000
            and (v := r.get("lastSeenDate")) is not None
            and v >= 1609459200000
            and (v := r.get("lastModifiedDate")) is not None
            and v >= 1609459200000
            and "example" in (r.get("email") or "").lower()
            and (r.get("accountId") or "").lower().startswith("acc-")
            and (r.get("role") or "").lower() != "owner"
            and (r.get("gender") or "").lower() != "other"
            and (r.get("title") or "").lower() != "accountant"
            and (r.get("lastName") or "").lower() != "smith"
            and ((place := r.get("location") or {}).get("continent") or "").lower() != "sa"
            and (place.get("countryCode") or "").lower() != "tr"
            and ((r.get("lastInferredLocation") or {}).get("continent") or "").lower() != "oc"
            and (r.get("identifyId") or "").lower() != "usr-0007"
        ),
        lambda records: [
            r
            for r in records
            if (r.get("type") or "").lower() == "user"
            and r.get("globalUnsubscribe") is False
            and (v := r.get("score")) is not None
            and 5 <= v <= 95
            and (v := r.get("numberOfVisits")) is not None
            and 2 <= v < 400
            and (v := r.get("createDate")) is not None
            and 1577836800000 <= v < 1719000000000
            and (v := r.get("lastSeenDate")) is not None
            and v >= 1609459200000
            and (v := r.get("lastModifiedDate")) is not None
            and v >= 1609459200000
            and "example" in (r.get("email") or "").lower()
            and (r.get("accountId") or "").lower().startswith("acc-")
            and (r.get("role") or "").lower() != "owner"
            and (r.get("gender") or "").lower() != "other"
            and (r.get("title") or "").lower() != "accountant"
            and (r.get("lastName") or "").lower() != "smith"
            and ((place := r.get("location") or {}).get("continent") or "").lower() != "sa"
            and (place.get("countryCode") or "").lower() != "tr"
            and ((r.get("lastInferredLocation") or {}).get("continent") or "").lower() != "oc"
            and (r.get("identifyId") or "").lower() != "usr-0007"
        ],
    ),
    "three filters": Floor(
        lambda r: (
            (
                (r.get("role") or "").lower() == "owner"
                and (v := r.get("score")) is not None
                and v > 70
            )
            or (
                (r.get("role") or "").lower() == "admin" and (r.get("type") or "").lower() == "user"
            )
            or "manager" in (r.get("title") or "").lower()
        ),
        lambda records: [
            r
            for r in records
            if (
                (r.get("role") or "").lower() == "owner"
                and (v := r.get("score")) is not None
                and v > 70
            )
            or (
                (r.get("role") or "").lower() == "admin" and (r.get("type") or "").lower() == "user"
            )
            or "manager" in (r.get("title") or "").lower()
        ],
    ),
    "wildcards": Floor(
        lambda r: _wild_email((r.get("email") or "").lower()),
        lambda records: [r for r in records if _wild_email((r.get("email") or "").lower())],
    ),
    "list": Floor(
        lambda r: any(key.lower() == "ap-samplemob003-2" for key in r.get("propertyKeys") or ()),
        lambda records: [
            r
            for r in records
            if any(key.lower() == "ap-samplemob003-2" for key in r.get("propertyKeys") or ())
        ],
    ),
    "list of objects": Floor(
        lambda r: any(
            (visit.get("propertyKey") or "").lower() == "ap-sampleweb001-2"
            and ((visit.get("userAgent") or {}).get("browserType") or "").lower() == "firefox"
            for visit in r.get("lastVisitedUserAgentData") or ()
            if visit
        ),
        lambda records: [
            r
            for r in records
            if any(
                (visit.get("propertyKey") or "").lower() == "ap-sampleweb001-2"
                and ((visit.get("userAgent") or {}).get("browserType") or "").lower() == "firefox"
                for visit in r.get("lastVisitedUserAgentData") or ()
                if visit
            )
        ],
    ),
    "mixed types": Floor(
        lambda r: (
            (v := (attributes := r.get("customAttributes") or {}).get("plan")) is not None
            and (
                v.lower() == "enterprise"
                if isinstance(v, str)
                else any(one.lower() == "enterprise" for one in v)
            )
            and str(attributes.get("beta")).lower() != "true"
        ),
        lambda records: [
            r
            for r in records
            if (v := (attributes := r.get("customAttributes") or {}).get("plan")) is not None
            and (
                v.lower() == "enterprise"
                if isinstance(v, str)
                else any(one.lower() == "enterprise" for one in v)
            )
            and str(attributes.get("beta")).lower() != "true"
        ],
    ),
    "objects": Floor(
        lambda r: (
            (r.type or "").lower() == "user"
            and (r.role or "").lower() == "editor"
            and (r.title or "").lower() != "accountant"
        ),
        lambda records: [
            r
            for r in records
            if (r.type or "").lower() == "user"
            and (r.role or "").lower() == "editor"
            and (r.title or "").lower() != "accountant"
        ],
    ),
}
