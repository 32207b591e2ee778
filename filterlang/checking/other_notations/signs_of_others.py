"""What an operator or a comma is a part of where a whole clause means something else.

Conditions of programs, and what stands around a filter where it was copied from; the clause that is
meant is written in the place of all of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.clause_text import write
from filterlang.checking.lexis import ANY_OPERATOR
from filterlang.checking.other_notations.pasted_text import (
    Inner,
    element,
    quoted_filters,
    quoted_in_mail,
)
from filterlang.checking.other_notations.program_clauses import of_program
from filterlang.diagnostics.diagnostic import MAX_VALUE_LENGTH, Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from filterlang.checking.clause_text import ClauseText
    from filterlang.diagnostics.diagnostic import Diagnostic


class Written(NamedTuple):
    """What is written for an operator: where, what it means or was meant to, and what is wrong.

    `takes_list` is whether a list of values follows, in which a comma parts two of them; `is_all`
    whether the mistake says what the whole clause means.
    """

    span: Span
    meant: str
    mistake: Diagnostic | None = None
    takes_list: bool = False
    is_all: bool = False


def nameless(clause: ClauseText, place: Span) -> Written | None:
    """Read what has an operator before the name: `<b>a>1</b>`, `> a>1`, `~Q(a=1)` (FL107)."""
    found = clause.text[slice(*place)]
    if found == "~":
        # Elsewhere it negates the condition that follows.
        return of_program_sign(clause, "FL107", *place)
    if found not in {"<", ">"}:
        return None
    inner = element(clause.written) if found == "<" else quoted_in_mail(clause.written)
    if inner is None:
        return None
    start, end = (clause.start + one for one in inner.span)
    fixes = [Inner(Span(start, end), inner.opening).fix(clause.span)]
    mistake = clause.tell(
        "FL107",
        place.start,
        place.end,
        fixes=fixes,
        case="element" if found == "<" else "mail",
        found=found,
        opening=quoted(inner.opening),
        clause=quoted(clause.text[start:end], MAX_VALUE_LENGTH),
    )
    return Written(place, found, mistake, is_all=True)


def with_commas(clause: ClauseText, place: Span) -> Written | None:
    """Read calls whose arguments are parted by commas, and filters in quotes that are (FL111)."""
    comma = clause.text.find(",", clause.start, clause.end)
    if comma < 0:
        return None
    if clause.text.find("(", clause.start, comma) >= 0:
        code = "FL109" if comma < place.start else "FL111"
        program = of_program_sign(clause, code, comma, comma + 1)
        if program is not None:
            return program
    is_quoted = clause.span == Span(*trimmed(clause.text, 0, len(clause.text)))
    filters = quoted_filters(clause.written) if is_quoted else []
    if not filters:
        return None
    told = several(filters)
    mistake = clause.tell("FL111", comma, comma + 1, case="filters", filters=told)
    return Written(place, "==", mistake, is_all=True)


def of_program_sign(clause: ClauseText, code: str, start: int, end: int) -> Written | None:
    """Read a sign that belongs to the condition of a program: `x => x.score > 10`, `Q(a=1)`."""
    program = of_program(clause.written)
    said = None if program is None else program.said(clause.text, clause.span)
    if said is None:
        return None
    case, values, fixes = said
    spelled = clause.text[start:end]
    found = quoted(spelled) if code == "FL109" else spelled
    told = {"meant": ">=", "written": spelled, "found": found, **values}
    mistake = clause.tell(code, start, end, fixes=fixes, case=case, **told)
    return Written(Span(start, end), "==", mistake, is_all=True)


_KEYS = frozenset({
    *("q", "query", "where", "search", "fq", "expr", "criteria", "$where"),
})  # fmt: skip
_CLAUSE = re.compile(rf"[^\W\d][\w.\-]*+ *+(?:{ANY_OPERATOR})[^&]*+\Z")


def behind_key(clause: ClauseText, start: int) -> Written | None:
    """Read the key of a parameter before a clause: `q=score>10`."""
    key = clause.text[clause.start : start].strip(" ")
    if key.lower() not in _KEYS:
        return None
    behind = trimmed(clause.text, start + 1, clause.end)
    if _CLAUSE.match(clause.text, behind.start, clause.stop) is None:
        return None
    fixes, found = [write(clause.start, behind.start, "")], quoted(f"{key}=")
    mistake = clause.tell("FL104", start, start + 1, fixes=fixes, case="key", found=found)
    return Written(Span(start, start + 1), "==", mistake, is_all=True)
