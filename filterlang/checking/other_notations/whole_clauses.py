"""What all of a clause is in another language: conditions in functions, objects, arrows.

Where one of these is known, nothing else is said of the clause, for each of its parts alone would
be mended into another meaning. Every regular expression takes time linear in the clause.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.clause_text import write
from filterlang.checking.lexis import ALONE, FILTER_KEY, FORBIDDEN
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.keyed_values import keyed_values, listed_condition
from filterlang.checking.other_notations.nested_conditions import (
    field_clause,
    is_nested,
    nested_filters,
)
from filterlang.checking.other_notations.other_languages import is_plain_value, without_quotes
from filterlang.checking.other_notations.word_operators import meant_by_words
from filterlang.checking.suspect import edits_of
from filterlang.diagnostics.diagnostic import MAX_VALUE_LENGTH, Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.escaping import escape
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from filterlang.checking.clause_text import ClauseText
    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic, Fix

_FIRST = frozenset("([{=.aAoOxXiInNmMsS")
"""What the conditions that are looked for here start with."""
_LAST = frozenset(")]}")


_OF_FILTERS = re.compile(rf"\{{ *+[\"']?{FILTER_KEY}[\"']? *+:", re.IGNORECASE)
"""The start of an object that holds whole filters."""


class Whole(NamedTuple):
    """What a clause means: the filters of which one has to match; none where that isn't known."""

    is_object: bool
    filters: list[str]


def whole_clause(text: str) -> Whole | None:
    """Return what all of a clause means in another language; None where it is no such thing.

    Example:
        >>> whole_clause("(|(role=admin)(role=editor))").filters
        ['role==admin', 'role==editor']
        >>> whole_clause('{"score": {">": 10}}'), whole_clause("score>10") is None
        (Whole(is_object=True, filters=['score>10']), True)
    """
    if text[:1] not in _FIRST:
        return None
    if text[-1:] in _LAST:
        if is_nested(text):
            return Whole(False, nested_filters(text))
        if _OF_FILTERS.match(text) is not None:
            return None
        found = keyed_values(text) or listed_condition(text)
        if found is not None:
            return Whole(True, [found.clauses] if found.clauses else found.filters)
    clause = field_clause(text)
    return None if clause is None else Whole(False, [clause])


def refused_whole(clause: ClauseText) -> Diagnostic | None:
    """Report a condition of another language that is no clause here (FL103)."""
    whole = whole_clause(clause.written)
    if whole is None or (whole.is_object and not whole.filters):
        return None
    if read_filter(clause.written) is not None:
        return None
    case, values, fixes = _said(whole, clause.text, clause.span)
    told = {"name": quoted(clause.written), "found": clause.follows, **values}
    start, stop = clause.span
    return clause.tell("FL103", start, stop, fixes=fixes, case=_REFUSED[case], **told)


def suspected_whole(clause: Suspect) -> Diagnostic | None:
    """Report a condition of another language that is a clause here too (FL411, FL416, FL421)."""
    if clause.name.endswith(("-", "#")):
        return _arrow(clause)
    text = clause.text[slice(*clause.whole)]
    whole = whole_clause(text)
    # `{score}>10` is known by its name.
    if whole is None or _FIELD.match(text) is not None:
        return None
    said, values, fixes = _said(whole, clause.text, clause.whole)
    code, case = _SUSPECTED[said]
    edits = edits_of(fixes)
    return clause.tell(
        code, clause.whole, edits, case, found=quoted("(" if code == "FL411" else text[0]), **values
    )


_FIELD = re.compile(r"=? *+\{[^\"':]")
_REFUSED = {
    "condition": "terms",
    "condition filters": "term filters",
    "no condition": "condition",
    "object": "object",
    "object clauses": "object clauses",
    "object filters": "object filters",
    "no object": "object keys",
}
"""Which hint of FL103 says what is meant."""
_SUSPECTED: dict[str, tuple[str, str | None]] = {
    "condition": ("FL411", "clauses"),
    "condition filters": ("FL411", "filters"),
    "no condition": ("FL411", "condition"),
    "object": ("FL421", None),
    "object clauses": ("FL421", None),
    "object filters": ("FL421", "several"),
    "no object": ("FL421", "keys"),
}
"""The same where it is a clause by the grammar, with the code."""


def _said(whole: Whole, text: str, place: Span) -> tuple[str, dict[str, str], list[Fix]]:
    """Return what is meant, what is filled into its hint, and the fix that writes it."""
    kind = "object" if whole.is_object else "condition"
    if len(whole.filters) == 1:
        (only,) = whole.filters
        shown = quoted(only, MAX_VALUE_LENGTH)
        case = "object clauses" if whole.is_object and ";" in only else kind
        return case, {"clauses": shown, "filters": shown}, [write(place.start, place.end, only)]
    filters = around(text, place, whole.filters)
    if not filters:
        return f"no {kind}", {}, []
    return f"{kind} filters", {"filters": several(filters)}, []


# --- Parts of a name ------------------------------------------------------------------------------

_PART = r"""(?:'(?:\$\.)?[\w. ]++'|"(?:\$\.)?[\w. ]++"|[\w.]++)"""
_BEHIND_ARROW = re.compile(
    rf">? *+(?P<first>{_PART})(?P<more>(?: *+->>? *+{_PART})*+)(?P<rest> *+[^ ].*)", re.DOTALL
)
_EACH_PART = re.compile(_PART)
_COMPARED = re.compile(
    rf" *+(?P<sign>==|!=|<>|<=|>=|[<>]|={ALONE}) *+(?P<value>[^ =<>~!].*)", re.DOTALL
)
_SIGNS = {"=": "==", "<>": "!="}


def _arrow(clause: Suspect) -> Diagnostic | None:
    """Report the arrows of `location->>'city' = 'Bonn'`, whose `>` is no operator."""
    if clause.operator is not Operator.GT or not clause.raw:
        return None
    found = _BEHIND_ARROW.fullmatch(clause.raw)
    if found is not None and found["first"].startswith(f"{clause.name[:-1].rstrip(' ')}."):
        return None  # `x -> x.score > 10` is a function.
    compared = None if found is None else _COMPARED.fullmatch(found["rest"])
    if found is None or compared is None:
        return _arrow_and_words(clause, found)
    end = clause.place(0, found.start("rest") + compared.end("sign")).end
    span, sign = Span(clause.whole.start, end), compared["sign"]
    value = without_quotes(compared["value"])
    if not is_plain_value(value) or FORBIDDEN.search(value) is not None:
        return clause.tell("FL416", span, None, "part", found=sign)
    written = f"{_path(clause, found)}{_SIGNS.get(sign, sign)}{escape(value)}"
    told = {"found": sign, "clause": quoted(written, MAX_VALUE_LENGTH)}
    return clause.tell("FL416", span, [(clause.whole, written)], "arrow", **told)


def _path(clause: Suspect, found: re.Match[str]) -> str:
    """Return the name with a `.` before each part."""
    parts = [found["first"], *_EACH_PART.findall(found["more"])]
    owner = clause.name[:-1].rstrip(" ")
    return ".".join([owner, *(without_quotes(part).removeprefix("$.") for part in parts)])


def _arrow_and_words(clause: Suspect, found: re.Match[str] | None) -> Diagnostic | None:
    """Report arrows before words for an operator, as `->>'city' LIKE 'B%'`, or before nothing."""
    if clause.raw[0] not in ">'\"":
        return None
    sentence = "" if found is None else f"{_path(clause, found)}{found['rest']}"
    meant = meant_by_words(sentence, Span(0, len(sentence))) if len(sentence) < _LONGEST else None
    span = Span(clause.whole.start, clause.expression.start + 1)
    told = {"operator": clause.operator, "first": clause.raw[0]}
    if meant is None or read_filter(meant) is None:
        return clause.tell("FL403", span, None, "part", **told)
    told["clause"] = quoted(meant, MAX_VALUE_LENGTH)
    return clause.tell("FL403", span, [(clause.whole, meant)], "arrow", **told)


_LONGEST = 500
"""Of so many characters what words mean is written."""
