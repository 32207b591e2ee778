"""What stands where a clause has no operator: words for one, encoded text, or nothing like it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from filterlang.checking.clause_text import clause_text, write
from filterlang.checking.lexis import OPERATOR_START, is_encoded_clause
from filterlang.checking.mends import is_safe
from filterlang.checking.operator_errors import approach, read_operator
from filterlang.checking.other_languages import function_call, word_operators
from filterlang.checking.query_parts import query_part_alone
from filterlang.diagnostics.diagnostic import apply_edits, quoted
from filterlang.syntax.operators import Operator
from filterlang.syntax.split import split_clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filterlang.checking.clause_text import ClauseText
    from filterlang.checking.other_languages import Habit
    from filterlang.diagnostics.diagnostic import Diagnostic, Edit

_COLON = re.compile(r"[^\W\d][\w.$\- ]*+:(?!//) *+(?=[^ ])")
_TIMES_ENCODED = 3
"""So often text is decoded; `is_encoded_clause` finds no operator that is encoded more often."""


def missing_operator(clause: ClauseText) -> list[Diagnostic]:
    """Return what is wrong with a clause that has no operator, by the first that knows it."""
    return next(filter(None, (say(clause) for say in MISSING_OPERATOR.values())))


def _encoded(clause: ClauseText) -> list[Diagnostic]:
    if not is_encoded_clause(clause.written):
        return []
    decoded, times = clause.written, 0
    while OPERATOR_START.search(decoded) is None and times < _TIMES_ENCODED:
        decoded, times = unquote(decoded), times + 1
    # A `+` may have been a space, and `&` may have parted two parameters.
    mend = is_safe("encoded once" if times == 1 else "encoded twice")
    safe = mend and not any(character in decoded for character in "+&\ufffd")
    fix = write(clause.start, clause.stop, _safely_mended(decoded), safe=safe)
    case = "twice" if times > 1 else None
    return [clause.tell("FL117", *clause.span, fixes=[fix], case=case, decoded=quoted(decoded))]


def _safely_mended(decoded: str) -> str:
    """Write `==` where what was decoded can mean nothing else: `name%3DDoe` is `name==Doe`."""
    return apply_edits(decoded, list(_equalities(decoded)))


def _equalities(decoded: str) -> Iterator[Edit]:
    for span in split_clauses(decoded):
        clause, operator, _ = approach(clause_text(decoded, span, 0))
        if clause is not None and operator is not None:
            mistake = read_operator(clause, operator).mistake
            if mistake is not None and mistake.code == "FL104":
                yield from (edit for fix in mistake.fixes if fix.safe for edit in fix.edits)


def _in_words(clause: ClauseText) -> list[Diagnostic]:
    """Report words and functions for operators, and what stands between such clauses."""
    call = function_call(clause.text, clause.span)
    if call is not None:
        return [_word(clause, call)]
    words, joins = word_operators(clause.text, clause.span)
    found = [_word(clause, word) for word in words]
    for join in joins:
        fixes = [write(join.whole.start, join.whole.end, ";")] if join.is_and else []
        code = "FL401" if join.is_and else "FL402"
        found.append(clause.tell(code, *join.span, fixes=fixes, found=quoted(join.written)))
    return found


def _word(clause: ClauseText, word: Habit) -> Diagnostic:
    case, values = word.hint(clause.text, clause.span)
    return clause.tell(
        "FL119",
        word.span.start,
        word.span.end,
        fixes=word.fixes,
        case=case,
        meant=word.meant,
        found=quoted(word.written),
        **values,
    )


def _nothing_like_an_operator(clause: ClauseText) -> list[Diagnostic]:
    colon = _COLON.match(clause.written)
    fixes, case, meant = [], None, "=="
    if colon is not None:
        end_of_name = clause.start + len(colon[0].rstrip(" :"))
        meant = "~" if any(wildcard in clause.written for wildcard in "*?") else meant
        fixes, case = [write(end_of_name, clause.start + colon.end(), meant)], "colon"
    elif not clause.is_first:
        case = "separator"
    return [
        clause.tell(
            "FL103",
            *clause.span,
            fixes=fixes,
            case=case,
            name=quoted(clause.written),
            found=clause.follows,
            meant=meant,
            operators=" ".join(Operator),
        )
    ]


MISSING_OPERATOR: dict[tuple[str, ...], Callable[[ClauseText], list[Diagnostic]]] = {
    ("FL117",): _encoded,
    ("FL119", "FL401", "FL402"): _in_words,
    ("FL121",): query_part_alone,
    ("FL103",): _nothing_like_an_operator,
}
"""Who says what of a clause without operator: the first that knows what was meant does."""
