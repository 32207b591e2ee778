"""Filters that are passed as a list or an object of Python or JSON, written out as one text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.lexis import OPERATOR_START
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.places import several
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from filterlang.diagnostics.diagnostic import Diagnostic

_QUOTED = r"""(?:"[^"\\]*+"|'[^'\\]*+')"""
_LIST = rf"[\[(] *+{_QUOTED}(?: *+, *+{_QUOTED})*+ *+,?+ *+[\])]"
_LITERAL = re.compile(
    rf"(?:(?P<object>\{{) *+{_QUOTED} *+: *+(?:{_LIST}|{_QUOTED}) *+,?+ *+\}}|{_LIST})"
)
_ITEM = re.compile(_QUOTED)
_BRACKETED = re.compile(r"\[[^\[\](){}\"']++\]")
_ENDS = ("]", ")", "}")


def literal(text: str, source_index: int = 0) -> Diagnostic | None:
    """Find a list or an object around a whole filter, or around several (FL421)."""
    start, end = trimmed(text, 0, len(text))
    filters = within_literal(text, start, end)
    if not filters:
        return None
    written = several([text[one.start : one.end] for one in filters])
    fixes = []
    if len(filters) == 1:
        (only,) = filters
        around = [Edit(Span(start, only.start), ""), Edit(Span(only.end, end), "")]
        fixes.append(Fix(around, safe=False))
    return diagnose(
        "FL421",
        Span(start, end),
        fixes=fixes,
        source_index=source_index,
        case="several" if len(filters) > 1 else None,
        found=quoted(text[start]),
        filters=written,
    )


def within_literal(text: str, start: int, end: int) -> list[Span]:
    """Return where the filters stand in a list or an object; none if it isn't one of filters.

    Example:
        >>> within_literal("['a==1', 'b==2']", 0, 16)
        [Span(2, 6), Span(10, 14)]
    """
    if not text.endswith(_ENDS, start, end):
        return []
    found = _LITERAL.fullmatch(text, start, end)
    if found is None:
        if _BRACKETED.fullmatch(text, start, end) is None:
            return []
        filters = [Span(start + 1, end - 1)]
    else:
        filters = [
            Span(item.start() + 1, item.end() - 1) for item in _ITEM.finditer(text, start, end)
        ]
        if found["object"] is not None:
            filters = filters[1:]
    return filters if all(OPERATOR_START.search(text, *one) for one in filters) else []
