"""Holds fixes against the grammar: none that is offered may make a text worse than it was.

A fix of an error has to leave fewer errors in its clause, and a fix of a warning or a hint no more
than there were. So the only mistake of a text is mended by each of its fixes, and what is legal
stays legal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.checking.grammar_errors.syntax_errors import examine_clause
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, with_fixes
from filterlang.syntax.parser import scan
from filterlang.syntax.split import split_clauses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.diagnostics.diagnostic import Diagnostic

_MOST_TRIED = 32
_MOST_READ = 16_384
"""So many fixes of a clause are tried, and so many characters read for that, beyond the first fix:
each takes the time that the clause itself has taken."""
_SYNTAX = "FL1"


def sound_fixes(text: str, clause: Span, found: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics of one clause without the fixes that would add mistakes.

    Where there are more fixes than are tried, those of warnings and hints are left out.
    """
    if not any(one.fixes for one in found):
        return list(found)
    mistakes = sum(_is_mistake(one) for one in found)
    most = max(1, min(_MOST_TRIED, _MOST_READ // (clause.end - clause.start)))
    tried = 0
    kept = []
    for one in found:
        allowed = mistakes - _is_mistake(one)
        fixes = []
        for fix in one.fixes:
            tried += 1
            if tried > most:
                is_sound = _is_mistake(one)
            else:
                is_sound = _mistakes_after(text, clause, fix) <= allowed
            if is_sound:
                fixes.append(fix)
        kept.append(one if len(fixes) == len(one.fixes) else with_fixes(one, fixes))
    return kept


def _is_mistake(one: Diagnostic) -> bool:
    return one.severity == "error" and one.code.startswith(_SYNTAX)


def _mistakes_after(text: str, clause: Span, fix: Fix) -> int:
    """Count what is wrong with a clause once a fix of it was applied."""
    edits = [
        Edit(Span(edit.span.start - clause.start, edit.span.end - clause.start), edit.text)
        for edit in fix.edits
        # What is mended around several clauses mends each of them alone.
        if clause.start <= edit.span.start and edit.span.end <= clause.end
    ]
    mended = Fix(edits, safe=False).apply(text[clause.start : clause.end])
    if scan(mended) is not None:
        return 0  # The usual case, and the fastest way to know it.
    clauses = list(split_clauses(mended))
    if not mended.strip(" ") and clause.start > 0 and clause.end == len(text):
        return 0  # The one separator at the end is accepted.
    return sum(_mistakes(mended, one) for one in clauses)


def _mistakes(text: str, clause: Span) -> int:
    if not text[clause.start : clause.end].strip(" "):
        return 1
    found, _ = examine_clause(text, clause)
    return sum(map(_is_mistake, found))
