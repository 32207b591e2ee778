"""Characters that look like the `;` between two clauses, where the grammar sees a name or a value.

Signs of operators on either side of one may be look-alikes too. Every regular expression takes time
linear in the clause.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.closed_tables import signs_meant
from filterlang.checking.lexis import NAME, OPERATOR_START, SEPARATORS_ALIKE, SINGLE_EQUALS
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_SEPARATOR = re.compile(f"[{SEPARATORS_ALIKE}]")
_NAME_FIRST = re.compile(rf" *+{NAME} *+[^\w\s.$\-]")


def separator_in_name(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the first look-alike of `;` in a name, which has another clause before it (FL410)."""
    found = None if clause.name.isascii() else _SEPARATOR.search(clause.name)
    if found is None:
        return
    start = clause.parts.name.start
    before = _clauses(clause.name)
    # The last name has its operator behind it.
    *first, last = before.split(";")
    is_whole = bool(first) and all(read_filter(one) is not None for one in first)
    is_whole = is_whole and read_filter(f"{last}==x") is not None
    edits = [(clause.parts.name, before)] if is_whole else None
    span = Span(start + found.start(), start + found.end())
    yield clause.tell("FL410", span, edits, "separator", found=quoted(found[0]))


def separator_behind(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the first look-alike of `;` before a clause with a look-alike operator (FL401)."""
    found = None if clause.raw.isascii() else _SEPARATOR.search(clause.raw)
    if found is None or OPERATOR_START.search(clause.raw, found.end()):
        return  # What has an operator of this language is found as a join.
    behind = _clauses(clause.raw[found.end() :])
    if _NAME_FIRST.match(clause.raw, found.end()) is None or read_filter(behind) is None:
        return
    edits = [(clause.place(found.start(), len(clause.raw)), f";{behind.strip(' ')}")]
    yield clause.tell("FL401", clause.place(*found.span()), edits, found=quoted(found[0]))


def _clauses(text: str) -> str:
    """Write the separators and operators of this language for those that look like them."""
    plain = _SEPARATOR.sub(";", text).translate(signs_meant())
    return SINGLE_EQUALS.sub("==", plain)
