"""What a query of SQL has behind its condition, and a filter hasn't: ORDER BY, LIMIT and so on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import Span, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_NAMES = r"[\w.$\"`]++(?: ++(?:asc|desc))?+(?: *+\\?+,|\Z)"
_PART = re.compile(
    rf"(?<= )(?:(?P<order>(?:order|sort) ++by) ++{_NAMES}|(?P<group>group ++by) ++{_NAMES}"
    r"|(?P<page>limit|offset|fetch ++(?:first|next)) ++[0-9]++(?= *+(?:\Z|,|limit|offset|rows?))"
    r"|(?P<having>having) ++[\w.()*]++ *+[=<>])",
    re.IGNORECASE,
)


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
