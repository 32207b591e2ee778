"""What stands where a clause has no operator: words for one, encoded text, or nothing like it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from filterlang.checking.clause_text import clause_text, write
from filterlang.checking.grammar_errors.operator_errors import approach, read_operator
from filterlang.checking.lexis import (
    FORBIDDEN,
    NAME_CHARACTER,
    OPERATOR_START,
    QUOTES,
    TIMES_ENCODED,
    WHOLE_NAME,
    is_encoded_clause,
)
from filterlang.checking.mends import is_safe
from filterlang.checking.other_notations.colon_terms import colon_terms
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.keyed_values import keyed_values
from filterlang.checking.other_notations.nested_values import nested_values
from filterlang.checking.other_notations.operator_in_name import held_between
from filterlang.checking.other_notations.other_languages import (
    function_call,
    is_in_slashes,
    is_negated,
    is_plain_name,
    is_plain_value,
    opposite_call,
)
from filterlang.checking.other_notations.program_clauses import of_program
from filterlang.checking.other_notations.prose_clauses import prose
from filterlang.checking.other_notations.query_parts import query_part_alone
from filterlang.checking.other_notations.word_operators import word_operators
from filterlang.diagnostics.diagnostic import (
    MAX_VALUE_LENGTH,
    Edit,
    Fix,
    Span,
    apply_edits,
    quoted,
)
from filterlang.diagnostics.places import several
from filterlang.syntax.operators import Operator
from filterlang.syntax.split import split_clauses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filterlang.checking.clause_text import ClauseText
    from filterlang.checking.other_notations.other_languages import Habit
    from filterlang.diagnostics.diagnostic import Diagnostic

_COLON = re.compile(rf"[^\W\d](?:{NAME_CHARACTER}| )*+[:\uff1a](?!//) *+(?=[^ ])")


def missing_operator(clause: ClauseText) -> list[Diagnostic]:
    """Return what is wrong with a clause that has no operator, by the first that knows it."""
    return next(filter(None, (say(clause) for say in MISSING_OPERATOR.values())))


def _encoded(clause: ClauseText) -> list[Diagnostic]:
    if not is_encoded_clause(clause.written):
        return []
    decoded, times = clause.written, 0
    while OPERATOR_START.search(decoded) is None and times < TIMES_ENCODED:
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
    negation = _NOT_BEFORE.match(clause.written)
    if negation is not None:
        start = clause.start + negation.end()
        call = function_call(clause.text, Span(start, clause.stop))
        written = None if call is None else opposite_call(call)
        if call is not None and written is not None:
            fix = write(clause.start, clause.stop, written)
            told = {"meant": call.meant, "found": quoted(call.written), "clause": quoted(written)}
            start, end = call.span
            return [clause.tell("FL119", start, end, fixes=[fix], case="opposite", **told)]
    return _of_program(clause) or prose(clause) or word_operators(clause)


def _of_program(clause: ClauseText) -> list[Diagnostic]:
    """Report functions, methods and lambdas, also several with what joins them."""
    program = of_program(clause.written)
    said = None if program is None else program.said(clause.text, clause.span)
    if program is None or said is None:
        return []
    case, values, fixes = said
    start = clause.text.index(program.word, clause.start)
    found, end = quoted(program.word), start + len(program.word)
    return [
        clause.tell("FL119", start, end, fixes=fixes, case=case, found=found, meant="~", **values)
    ]


_NOT_BEFORE = re.compile("not ++", re.IGNORECASE)


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
    told = next(filter(None, (say(clause) for say in _TOLD)), None)
    told = told or _Told(None if clause.is_first else "separator", {}, [])
    values = {"found": clause.follows, "operators": " ".join(Operator), **told.values}
    name = quoted(clause.written)
    return [
        clause.tell(
            "FL103",
            clause.start,
            clause.stop,
            fixes=told.fixes,
            case=told.case,
            name=name,
            **values,
        )
    ]


class _Told(NamedTuple):
    """Which hint says more of a clause without operator, what it puts in, and what is offered."""

    case: str | None
    values: dict[str, str]
    fixes: list[Fix]


def _terms(clause: ClauseText) -> _Told | None:
    """Tell which clauses the terms of a search box stand for, as `-role:admin` does."""
    terms = colon_terms(clause.written)
    said = None if terms is None or terms.is_plain else terms.said(clause.text, clause.span)
    return None if said is None else _Told(*said)


def _parted_operator(clause: ClauseText) -> _Told | None:
    """Tell which clause is written with signs between its parts, as `score:gt:10` is."""
    held = held_between(clause.written)
    said = None if held is None else held.said(clause.text, clause.span)
    if said is None:
        return None
    case, values, fixes = said
    return _Told("terms" if case == "in the name" else "each value", values, fixes)


def _colon_for_operator(clause: ClauseText) -> _Told | None:
    colon = _COLON.match(clause.written)
    if colon is None:
        return None
    if is_in_slashes(clause.written[colon.end() :]):
        return _Told("regular expression", {}, [])
    end_of_name = clause.start + len(colon[0].rstrip(" :\uff1a"))
    meant = "~" if any(wildcard in clause.written for wildcard in "*?") else "=="
    fix = write(end_of_name, clause.start + colon.end(), meant)
    return _Told("colon", {"meant": meant, "colon": colon[0].rstrip(" ")[-1]}, [fix])


_OPENED = re.compile("[=!~<>] *+(?P<quote>[\"'`\u201c\u2018])[^\"'`\u201c\u201d\u2018\u2019;]*+\\Z")
_MOST_BEFORE = 500
"""So far back is looked for what opens the quotes that a clause closes."""


def _quotes_parted(clause: ClauseText) -> _Told | None:
    """Tell that a `;` in quotes parts two clauses all the same."""
    separator = len(clause.text[: clause.start].rstrip(" ")) - 1
    first = max(0, separator - _MOST_BEFORE)
    opened = _OPENED.search(clause.text[first : max(0, separator)])
    if opened is None or clause.written[-1] != QUOTES[opened["quote"]]:
        return None
    if _QUOTE.search(clause.written[:-1]) or FORBIDDEN.search(clause.written):
        return None
    quote = first + opened.start("quote")
    edits = [
        Edit(Span(quote, quote + 1), ""),
        Edit(Span(separator, separator), "\\"),
        Edit(Span(clause.stop - 1, clause.stop), ""),
    ]
    begun = clause.text.rfind(";", 0, separator) + 1
    mended = apply_edits(clause.text[: clause.stop], edits)[begun:].strip(" ")
    return _Told("quotes", {"clause": quoted(mended)}, [Fix(edits, safe=False)])


_QUOTE = re.compile("[\"'`\u201c\u201d\u2018\u2019]")


# Other letters may stand for the placeholders of a template.
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*+")


def _name_alone(clause: ClauseText) -> _Told | None:
    """Tell what asks whether a boolean is true: in other languages its name does."""
    if not clause.is_first:
        return None
    if _PLAIN_NAME.fullmatch(clause.written) is not None:
        return _Told("name", {"clause": quoted(f"{clause.written}==true")}, [])
    negation, _, name = clause.written.partition(" ")
    name = name.strip(" ")
    if negation.lower() != "not" or WHOLE_NAME.fullmatch(name) is None or is_negated(name):
        return None
    fix = write(clause.start, clause.stop, f"{name}!=true")
    return _Told(
        "not", {"clause": quoted(f"{name}!=true"), "other": quoted(f"{name}==false")}, [fix]
    )


_NEVER_BESIDE = frozenset({
    *("select", "where", "having", "order", "group", "sort", "by", "limit", "offset", "fetch"),
    *("from", "only", "and", "or", "asc", "desc", "with", "than", "to", "of"),
    *("no", "not", "non", "never", "nicht", "without"),
    *("is", "are", "was", "does", "do", "did", "has", "have"),
})  # fmt: skip
"""What is no name and no value of a clause that lacks its operator alone."""


def _two_words(clause: ClauseText) -> _Told | None:
    """Tell where the operator goes between a name and a value."""
    name, _, value = clause.written.partition(" ")
    value = value.lstrip(" ")
    if not clause.is_first or WHOLE_NAME.fullmatch(name) is None or " " in value:
        return None
    if not (is_plain_name(name) and is_plain_value(value)):
        return None
    if {name.lower(), value.lower()} & _NEVER_BESIDE or "'" in value or "\u2019" in value:
        return None
    mended = f"{name}=={value}"
    return _Told(
        "two words", {"clause": quoted(mended)}, [write(clause.start, clause.stop, mended)]
    )


def _object(clause: ClauseText) -> _Told | None:
    """Tell which clauses an object stands for."""
    if not (clause.written.startswith("{") and clause.written.endswith("}")):
        return None
    found = keyed_values(clause.written)
    if found is None or not (found.clauses or found.filters):
        found = nested_values(clause.written) or found
    if found is None:
        return _Told("object keys", {}, []) if ":" in clause.written else None
    if found.clauses:
        fix = write(clause.start, clause.stop, found.clauses)
        case = "object" if ";" not in found.clauses else "object clauses"
        return _Told(case, {"clauses": quoted(found.clauses, MAX_VALUE_LENGTH)}, [fix])
    filters = around(clause.text, clause.span, found.filters)
    if not filters:
        return _Told("object keys", {}, [])
    return _Told("object filters", {"filters": several(filters)}, [])


_TOLD = (
    _quotes_parted,
    _object,
    _parted_operator,
    _terms,
    _colon_for_operator,
    _name_alone,
    _two_words,
)

MISSING_OPERATOR: dict[tuple[str, ...], Callable[[ClauseText], list[Diagnostic]]] = {
    ("FL117",): _encoded,
    ("FL119", "FL401", "FL402"): _in_words,
    ("FL121",): query_part_alone,
    ("FL103",): _nothing_like_an_operator,
}
"""Who says what of a clause without operator: the first that knows what was meant does."""
