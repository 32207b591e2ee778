"""What stands around a filter where it was copied from: marks of text, HTML, mail, and commands.

Every regular expression takes time linear in the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.lexis import OPERATOR_START
from filterlang.checking.other_notations.filters_instead import MOST_WRITTEN
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.places import several
from filterlang.syntax.parser import read_filter
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from filterlang.diagnostics.diagnostic import Diagnostic

_MARKED = re.compile(
    r"(?P<mark>\*{1,3}|`{2,3})(?P<inner>[^*`\n]++)(?P=mark)|(?P<begun>```\w*+\n)"
    r"(?P<block>[^`\n]++)(?P<ended>\n```)"
)
_COMMAND = re.compile(
    r"(?P<command>(?:[$#%] ++)?(?:(?:uvx|uv run|pipx run|python3? -m) ++)?filterlang ++"
    r"(?:[\w\-./=:]++ ++)*+|--filter[ =]++|[\"']?filters?[\"']? *+: *+)(?P<rest>[\"'].*)",
    re.DOTALL,
)
_QUOTED = re.compile(r"\"(?P<double>[^\"\\]++)\"|'(?P<single>[^'\\]++)'")
_QUOTED_LIST = re.compile(
    r"[\[(]? *+(?:\"[^\"\\]++\"|'[^'\\]++')(?: *+, *+(?:\"[^\"\\]++\"|'[^'\\]++'))++ *+,?+ *+[\])]?"
)
_ELEMENT = re.compile(
    r"<(?P<tag>[a-zA-Z][a-zA-Z0-9]*+)(?: [^<>]*+)?>(?P<inner>.*)</(?P=tag) *+>", re.DOTALL
)
_MAIL = re.compile(r">(?: *+>)*+ *+(?=[^\W\d][\w.\-]*+ *+[=!<>~])")
_MOST_NESTED = 5


class Inner(NamedTuple):
    """Where a filter stands in what was pasted, and what begins around it."""

    span: Span
    opening: str

    def fix(self, around: Span) -> Fix:
        """Build the fix that removes what stands around it."""
        edges = [Span(around.start, self.span.start), Span(self.span.end, around.end)]
        return Fix([Edit(edge, "") for edge in edges if edge.start < edge.end], safe=False)


def pasted(text: str, source_index: int = 0) -> Diagnostic | None:
    """Find marks of text around a whole filter, and the command that it is passed to (FL421)."""
    start, end = trimmed(text, 0, len(text))
    if text[start : start + 1] not in _FIRST or end - start > MOST_WRITTEN:
        return None
    marked = _MARKED.fullmatch(text, start, end)
    filters, fixes, found = list[str](), list[Fix](), ""
    if marked is not None:
        group = "inner" if marked["mark"] else "block"
        filters, found = [marked[group].strip(" ")], marked["mark"] or marked["begun"].rstrip("\n")
        fixes = [Inner(Span(*marked.span(group)), found).fix(Span(start, end))]
    elif (command := _COMMAND.fullmatch(text, start, end)) is not None:
        items = list(_QUOTED.finditer(command["rest"]))
        filters = [one[0][1:-1] for one in items if OPERATOR_START.search(one[0])]
        found = command["command"].rstrip(" ")
        if len(filters) == 1:
            place = command.start("rest") + command["rest"].index(filters[0])
            inner = Span(place, place + len(filters[0]))
            fixes = [Inner(inner, found).fix(Span(start, end))]
    if not filters or any(read_filter(one) is None for one in filters):
        return None
    return diagnose(
        "FL421",
        Span(start, end),
        fixes=fixes,
        source_index=source_index,
        case="several" if len(filters) > 1 else None,
        found=quoted(found),
        filters=several(filters),
    )


_FIRST = frozenset("*`$#%fup-\"'")


def element(written: str) -> Inner | None:
    """Find the filter in an element of a page; None where there is none.

    Example:
        >>> element("<p><b>score>10</b></p>")
        Inner(span=Span(6, 14), opening='<p>')
    """
    if len(written) > MOST_WRITTEN:
        return None
    start, end, opening = 0, len(written), ""
    for _ in range(_MOST_NESTED):
        found = _ELEMENT.fullmatch(written, start, end)
        if found is None:
            break
        opening = opening or written[: found.start("inner")]
        start, end = trimmed(written, *found.span("inner"))
    is_filter = opening and read_filter(written[start:end]) is not None
    return Inner(Span(start, end), opening) if is_filter else None


def quoted_in_mail(written: str) -> Inner | None:
    """Find the filter behind the signs that mail has before quoted lines; None for no such line.

    Example:
        >>> quoted_in_mail("> > score>10")
        Inner(span=Span(4, 12), opening='> >')
    """
    found = _MAIL.match(written) if len(written) <= MOST_WRITTEN else None
    if found is None or read_filter(written[found.end() :]) is None:
        return None
    return Inner(Span(found.end(), len(written)), found[0].rstrip(" "))


def quoted_filters(written: str) -> list[str]:
    """Return the filters of a list in quotes, as programs have it; none for anything else.

    Example:
        >>> quoted_filters('"score>10", "role==admin"')
        ['score>10', 'role==admin']
    """
    if len(written) > MOST_WRITTEN or _QUOTED_LIST.fullmatch(written) is None:
        return []
    filters = [one[0][1:-1] for one in _QUOTED.finditer(written)]
    return [] if any(read_filter(one) is None for one in filters) else filters
