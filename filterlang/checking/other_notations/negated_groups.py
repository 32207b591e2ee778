"""What negates several clauses at once in other languages: `not (a==1 or b==2)`.

What is neither is one filter, and what isn't both is several. Every regular expression takes time
linear in the clause.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from filterlang.checking.lexis import OPERATOR
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.join_mistakes import AND_SIGN, OR_SIGN, is_simple
from filterlang.checking.other_notations.negations import NEGATION, case_of, two_filters
from filterlang.checking.other_notations.other_languages import is_plain_name
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_GROUP = re.compile(r" *+\((?P<inner>[^()]*)\)")
_NEGATED = re.compile(rf"(?P<not>{NEGATION}) *+(?=\()", re.IGNORECASE)
_MOST_SIDES = 4
"""Of more clauses a hint doesn't write the filters."""


def opposites(group: str) -> list[str]:
    """Write the filters that say the opposite of clauses in parentheses; none where it isn't sure.

    Example:
        >>> opposites("(a==1 or b==2)"), opposites("(a==1 and b>2)")
        (['a!=1;b!=2'], ['a!=1', 'b<=2', 'b=='])
    """
    found = _GROUP.fullmatch(group)
    if found is None:
        return []
    alternatives, together = OR_SIGN.split(found["inner"]), AND_SIGN.split(found["inner"])
    if (len(alternatives) > 1) == (len(together) > 1):
        return []
    sides = [side.strip(" ") for side in max(alternatives, together, key=len)]
    if len(sides) > _MOST_SIDES or not all(map(is_simple, sides)):
        return []
    each = [_opposite(side) for side in sides]
    if not all(each):
        return []
    if len(together) > 1:
        return [one for filters in each for one in filters]
    return [";".join(clauses) for clauses in product(*each)]


def _opposite(clause: str) -> Sequence[str]:
    operator = OPERATOR.search(clause)
    if operator is None:
        return ()
    name, raw = clause[: operator.start()].strip(" "), clause[operator.end() :].strip(" ")
    if not is_plain_name(name):
        return ()
    complement = Operator(operator[0]).complement
    if complement is not None:
        return (f"{name}{complement}{raw}",)
    return two_filters(name, Operator(operator[0]), raw) or ()


def negated_group(clause: Suspect) -> Diagnostic | None:
    """Find what negates several clauses, whose opposite is known (FL410)."""
    start = clause.whole.start
    negation = _NEGATED.match(clause.text, start, clause.whole.end)
    if negation is None:
        return None
    meant = opposites(clause.text[negation.end() : clause.whole.end])
    filters = around(clause.text, clause.whole, meant) if len(meant) > 1 else meant
    if not filters:
        return None
    span, found = Span(start, negation.end("not")), quoted(negation["not"])
    if len(filters) > 1:
        told = {"found": found, "filters": several(filters)}
        return clause.tell("FL410", span, None, case_of(filters), **told)
    edits = [(clause.whole, meant[0])]
    return clause.tell("FL410", span, edits, "complement", found=found, complement=quoted(meant[0]))


def is_behind_sign(clause: Suspect) -> bool:
    """Return whether a `!` stands before a group whose opposite is known."""
    place = clause.whole.start
    while clause.text.endswith(" ", 0, place):
        place -= 1
    is_negated = clause.text.endswith("!", 0, place)
    return is_negated and bool(opposites(clause.text[slice(*clause.whole)]))
