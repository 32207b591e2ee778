"""What a single `=` stands for: an equality, a part of another operator, or the whole of a clause.

Every regular expression takes time linear in the clause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.checking.clause_text import write
from filterlang.checking.other_notations.negations import negated_kind
from filterlang.checking.other_notations.operator_in_name import (
    held_by_value,
    held_clauses,
    of_parameters,
    operator_in_name,
    word_with_equals,
)
from filterlang.checking.other_notations.other_languages import (
    is_in_slashes,
    is_plain_name,
    is_plain_value,
    pattern_for,
)
from filterlang.checking.other_notations.signs_of_others import Written
from filterlang.checking.other_notations.values_with_more import words_for_operator
from filterlang.diagnostics.diagnostic import Span, quoted

if TYPE_CHECKING:
    from filterlang.checking.clause_text import ClauseText
    from filterlang.diagnostics.diagnostic import Diagnostic


def single_equals(clause: ClauseText, start: int, *, is_safe: bool) -> Written:
    """Report a single `=` (FL104); `is_safe` is whether `==` may be written unasked."""
    place = Span(start, start + 1)
    whole = (
        _word_before(clause, start)
        or _backslash_before(clause, start)
        or _of_parameters(clause, start)
        or _words_behind(clause, start)
    )
    if whole is not None:
        return Written(place, "==", whole, is_all=True)
    held = _held_in_name(clause, start)
    if held is not None:
        return Written(place, "==", held, takes_list=True)
    opposite = _negated_value(clause, start)
    if opposite is not None:
        return Written(place, "==", opposite, is_all=True)
    end = start + 1
    fixes = [write(start, end, "==", safe=is_safe)]
    case = None if clause.has_more(end) else "empty"
    pattern = pattern_for(clause.text, clause.span, start)
    if pattern is not None:
        fixes, case = [pattern], _pattern_case(clause, start)
    elif _asks_for_part(clause, start):
        fixes, case = [], "pattern"
    elif is_in_slashes(clause.text[end : clause.stop]):
        fixes, case = [], "regular expression"
    return Written(place, "==", clause.tell("FL104", start, end, fixes=fixes, case=case))


def _words_behind(clause: ClauseText, start: int) -> Diagnostic | None:
    """Report the `=` before words for an operator, as in `title=contains eng`."""
    name = clause.text[clause.start : start].strip(" ")
    words = words_for_operator(name, clause.text[start + 1 : clause.stop].lstrip(" "))
    if words is None or not is_plain_name(name):
        return None
    if words.meant is None:
        return clause.tell("FL104", start, start + 1, case="word")
    fixes, told = [write(clause.start, clause.stop, words.meant)], {"clause": quoted(words.meant)}
    return clause.tell("FL104", start, start + 1, fixes=fixes, case="word clause", **told)


def _of_parameters(clause: ClauseText, start: int) -> Diagnostic | None:
    """Report the `=` of several parameters, as in `role[]=a&role[]=b`."""
    parameters = of_parameters(clause.written)
    said = None if parameters is None else parameters.said(clause.text, clause.span)
    if said is None:
        return None
    case, values, fixes = said
    return clause.tell("FL104", start, start + 1, fixes=fixes, case=case, **values)


def _word_before(clause: ClauseText, start: int) -> Diagnostic | None:
    """Report the `=` behind a word for an operator, as in `score gt= 10`."""
    name, _, word = clause.text[clause.start : start].rstrip(" ").rpartition(" ")
    clauses = word_with_equals(name.rstrip(" "), word, clause.text[start + 1 : clause.stop])
    if clauses is None:
        return None
    fixes = [write(clause.start, clause.stop, written) for written in clauses]
    case = ("word", "word clause", "either")[len(clauses)]
    told = dict(zip(("clause", "other"), map(quoted, clauses), strict=False))
    return clause.tell("FL104", start, start + 1, fixes=fixes, case=case, **told)


def _backslash_before(clause: ClauseText, start: int) -> Diagnostic | None:
    r"""Report the `\=` or `=\=` that may be an `=` with an escape, or Prolog's 'not equal'."""
    is_before = start > clause.start and clause.text[start - 1] == "\\"
    if not is_before and not clause.text.startswith("\\=", start + 1):
        return None
    return clause.tell("FL104", start, start + 1, case="backslash")


def _negated_value(clause: ClauseText, start: int) -> Diagnostic | None:
    """Report the `=` before a value that a word negates, as in `type=not LEAD`."""
    name = clause.text[clause.start : start].strip(" ")
    raw = clause.text[start + 1 : clause.stop].lstrip(" ")
    value = negated_kind(name, raw)
    if value is None or not (is_plain_name(name) and is_plain_value(value)):
        return None
    written = f"{name}!={value}"
    fixes, told = [write(clause.start, clause.stop, written)], {"complement": quoted(written)}
    return clause.tell("FL104", start, start + 1, fixes=fixes, case="complement", **told)


def _held_in_name(clause: ClauseText, start: int) -> Diagnostic | None:
    """Report the `=` where the name holds the operator, as `score__gte` does, or the value."""
    what, name = "in the name", clause.text[clause.start : start].strip(" ")
    raw = clause.text[start + 1 : clause.stop].strip(" ")
    held = operator_in_name(name)
    if held is not None and held.is_sure:
        clauses = held_clauses(held, raw)
    else:
        clauses, what = held_by_value(name, raw), "in the value"
    said = None if clauses is None else clauses.said(clause.text, clause.span)
    if said is None:
        return None
    case, values, fixes = said
    case = what if case == "in the name" else case
    return clause.tell("FL104", start, start + 1, fixes=fixes, case=case, **values)


_PATTERN_SIGNS = {
    "=^": "starts",
    "=$": "ends",
    "*=": "contains",
    "^=": "starts with",
    "$=": "ends with",
    "/=": "not equal",
}
"""Operators of other languages that ask for a part of a text, and which hint says so."""


def _asks_for_part(clause: ClauseText, start: int) -> bool:
    """Return whether a sign at a `=` asks for a part of a text, as in `a=^x*`."""
    if not clause.has_more(start + 1):
        return False
    around = clause.text[max(clause.start, start - 1) : start + 2]
    return any(sign in around for sign in ("*=", "^=", "$=", "=^", "=$"))


def _pattern_case(clause: ClauseText, start: int) -> str:
    before = clause.text[max(clause.start, start - 1) : start + 1]
    after = clause.text[start : start + 2]
    if clause.text[start + 1 : clause.stop].strip(" )]") == "*":
        return "any"
    return _PATTERN_SIGNS.get(before) or _PATTERN_SIGNS.get(after) or "pattern"
