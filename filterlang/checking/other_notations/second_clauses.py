"""One more clause in an expression, without what joins it: `role==admin score>10` (FL416).

Every regular expression takes time linear in the expression.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.lexis import ALONE, NAME_CHARACTER
from filterlang.checking.other_notations.join_mistakes import before_join, may_hold_clause
from filterlang.checking.other_notations.words_between import words_between
from filterlang.diagnostics.diagnostic import Span
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_OTHER_OPERATOR = re.compile(r"(?<=[\w.$\-)\]\"' ])(?:===?+|!==?+|>=|<=|!~|=@)(?= *+[^ =])")
# A number ends it; what is less than or more than a word is plain text.
_ORDER_AT_END = re.compile(
    r"(?<= )[^\W\d][\w.]*+ *+(?P<operator>[<>])(?= *+-?[0-9]++(?:\.[0-9]++)?\Z)"
)
_SIGN = re.compile("[=<>~]")
_EQUALS_AT_END = re.compile(
    rf"(?<= )[^\W\d][\w.]*+ *+(?P<operator>={ALONE})"
    r"(?= *+[^ =<>~!&|*?]++(?: ++[^ =<>~!&|*?]++)*+\Z)"
)
_NAME_CHARACTER = re.compile(NAME_CHARACTER)


def other_operator(clause: Suspect) -> Iterator[Diagnostic]:
    """Report an operator that would belong to a clause of its own, the first one (FL416)."""
    if clause.operator is Operator.GT and clause.name.endswith("-"):
        return  # `location->city==Bonn` is one clause, but for its arrow.
    for other in _OTHER_OPERATOR.finditer(clause.raw):
        end = other.start()
        while end > 0 and clause.raw[end - 1] == " ":
            end -= 1
        start = end
        while start > 0 and _NAME_CHARACTER.match(clause.raw, start - 1):
            start -= 1
        # `Java>=8` and the like are plain text; a clause would have its name after a space.
        if start < end and (
            start > 0 or other[0].startswith(("==", "!=")) or clause.operator.orders
        ):
            if may_hold_clause(clause):
                yield _second(clause, Span(start, other.end()), other[0])
            return
    yield from _order_at_end(clause)


def _second(clause: Suspect, found: Span, operator: str) -> Diagnostic:
    place = clause.place(*found)
    between = words_between(clause, found.start)
    if between is not None:
        case, values, edits = between
        return clause.tell("FL416", place, edits, case, found=operator, **values)
    spaces = clause.place_with_spaces(found.start, found.start)
    edits = [(spaces, ";")] if found.start > 0 and spaces.start < spaces.end else None
    return clause.tell("FL416", place, edits, found=operator)


def _order_at_end(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the second clause of `role==admin score>10`, whose operator may be of a text."""
    if not clause.operator.allows_empty:
        return
    found = _ORDER_AT_END.search(clause.raw) or _EQUALS_AT_END.search(clause.raw)
    if found is not None and found["operator"] == "=" and _SIGN.search(clause.raw[: found.start()]):
        return
    if found is None or not may_hold_clause(clause) or before_join(clause.raw) != clause.raw:
        return
    between = words_between(clause, found.start())
    if found["operator"] != "=" or between is not None:
        yield _second(clause, Span(*found.span()), found["operator"])
        return
    spaces = clause.place_with_spaces(found.start(), found.start())
    edits = [(spaces, ";"), (clause.place(*found.span("operator")), "==")]
    yield clause.tell("FL416", clause.place(*found.span()), edits, found="=")
