"""What a query of SQL has behind its condition, and a filter hasn't: ORDER BY, LIMIT and so on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.clause_text import write
from filterlang.diagnostics.diagnostic import Span, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.clause_text import ClauseText
    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_NEXT = "order|sort|group|having|limit|offset|fetch"
_NAMES = rf"[\w.$\"`]++(?: ++(?:asc|desc))?+(?: *+\\?+,| ++(?:{_NEXT}) |\Z)"
_PART = re.compile(
    rf"(?<= )(?:(?P<order>(?:order|sort) ++by) ++{_NAMES}|(?P<group>group ++by) ++{_NAMES}"
    r"|(?P<page>limit|offset|fetch ++(?:first|next)) ++[0-9]++(?= *+(?:\Z|,|limit|offset|rows?))"
    r"|(?P<having>having) ++[\w.()*]++ *+[=<>])",
    re.IGNORECASE,
)

# Without an operator the words can't be a name: `limit>5` asks for a limit, `LIMIT 5` has one.
_WHOLE = re.compile(
    r"(?:(?P<order>(?:order|sort) ++by)|(?P<group>group ++by)|(?P<having>having)|(?P<select>select)"
    r"|(?P<page>(?:limit|offset|fetch ++(?:first|next))(?= ++[0-9]))) ++[^ ]",
    re.IGNORECASE,
)


def query_part_alone(clause: ClauseText) -> list[Diagnostic]:
    """Report a part of a query that stands in the place of a clause (FL121)."""
    found = _WHOLE.match(clause.written)
    if found is None:
        return []
    part = found.lastgroup or ""
    fixes = []
    separator = clause.text.rfind(";", 0, clause.start)
    # Without another clause nothing would be left, and nothing means everything.
    if separator >= 0:
        fixes.append(write(separator, clause.stop, ""))
    elif clause.end < len(clause.text):
        fixes.append(write(clause.start, clause.end + 1, ""))
    start, end = found.span(part)
    return [
        clause.tell(
            "FL121",
            clause.start + start,
            clause.start + end,
            fixes=fixes,
            case=part if part in {"order", "page"} else None,
            found=quoted(found[part]),
        )
    ]


def query_part(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the first part of a query that stands behind the condition (FL422)."""
    found = _PART.search(clause.raw)
    if found is None:
        return
    part = found.lastgroup or ""
    before = clause.raw[: found.start()].rstrip(" ")
    # In small letters the words may be prose, but hardly behind a single word.
    if " " in before and not found[part].isupper():
        return
    words = clause.place(*found.span(part))
    start = clause.place_with_spaces(*found.span(part)).start
    yield clause.tell(
        "FL422",
        words,
        [(Span(start, clause.expression.end), "")],
        part if part in {"order", "page"} else None,
        found=quoted(found[part]),
    )
