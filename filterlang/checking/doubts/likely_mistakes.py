"""What is legal but hardly meant: warnings and hints about one clause, with suggested fixes.

Who says what is in the tables here; which of two findings is told is in `precedence`. Every regular
expression takes time linear in the clause.
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from filterlang.checking.doubts.name_mistakes import (
    colon_before_operator,
    encoded_name,
    invisible_in_name,
    leading_word,
    letter_alike,
    number_for_name,
    operator_behind_name,
    quoted_name,
    word_behind_name,
)
from filterlang.checking.doubts.separators_alike import separator_behind, separator_in_name
from filterlang.checking.doubts.value_mistakes import (
    encoded_characters,
    invisible_in_expression,
    lost_plus,
    null,
    operator_goes_on,
    quoted_expression,
)
from filterlang.checking.doubts.wildcard_mistakes import (
    no_wildcard,
    other_wildcard,
    plain_wildcard,
    regular_expression,
)
from filterlang.checking.other_notations.colon_terms import terms_of_clause
from filterlang.checking.other_notations.html_text import html_at_end
from filterlang.checking.other_notations.join_mistakes import joins, repeats, word_or
from filterlang.checking.other_notations.joined_words import words_behind, words_in_name
from filterlang.checking.other_notations.negated_groups import is_behind_sign, negated_group
from filterlang.checking.other_notations.program_clauses import SIGNS, of_program
from filterlang.checking.other_notations.query_parts import query_part
from filterlang.checking.other_notations.second_clauses import other_operator
from filterlang.checking.other_notations.values_with_more import more_than_value
from filterlang.checking.other_notations.whole_clauses import suspected_whole
from filterlang.checking.suspect import closes, edits_of, suspect_of
from filterlang.diagnostics.diagnostic import MAX_DIAGNOSTICS, Edit, Fix, Span, quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.hints import WORDS
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.syntax.split import Parts

    Mistakes = dict[tuple[str, ...], Callable[[Suspect], Iterator[Diagnostic]]]


def _word_in_name(clause: Suspect) -> Iterator[Diagnostic]:
    yield from operator_behind_name(clause)
    yield from words_in_name(clause)
    yield from separator_in_name(clause)
    yield from word_behind_name(clause)


NAME_MISTAKES: Mistakes = {
    ("FL414",): quoted_name,
    ("FL410", "FL411"): leading_word,
    ("FL410",): _word_in_name,
    ("FL417",): colon_before_operator,
    ("FL419",): number_for_name,
    ("FL424",): encoded_name,
    ("FL409",): invisible_in_name,
    ("FL420",): letter_alike,
}
"""Who says what of a name."""

OPERATOR_MISTAKES: Mistakes = {("FL403",): operator_goes_on}
"""Who says what of an operator and the start of its expression, which belongs to it then."""

EXPRESSION_MISTAKES: Mistakes = {
    ("FL401", "FL402", "FL413"): joins,
    ("FL401",): separator_behind,
    ("FL401", "FL402"): repeats,
    ("FL402", "FL401"): words_behind,
    ("FL422",): query_part,
    ("FL416",): other_operator,
    ("FL412",): invisible_in_expression,
    ("FL414",): quoted_expression,
    ("FL404",): null,
    ("FL418",): word_or,
    ("FL405",): plain_wildcard,
    ("FL407",): regular_expression,
    ("FL406",): other_wildcard,
    ("FL415",): no_wildcard,
    ("FL408",): encoded_characters,
    ("FL423",): lost_plus,
    ("FL425",): html_at_end,
    ("FL426",): more_than_value,
}
"""Who says what of the rest of an expression."""

_OPERATOR_WITHIN = re.compile("[=<>~]")


def suspect(text: str, parts: Parts, source_index: int = 0) -> list[Diagnostic]:
    """Find what is legal in one clause, and yet hardly meant, in the order of the places.

    Of a kind that a clause can hold many times it finds one more than are listed.
    """
    clause = suspect_of(text, parts, source_index)
    if (whole := suspected_whole(clause)) is not None:
        return [whole]
    if (group := negated_group(clause)) is not None:
        return [group]
    if is_behind_sign(clause):
        return []
    if ":" in text and (terms := terms_of_clause(clause)) is not None:
        return [terms]
    if (SIGNS.search(clause.name) or "(" in clause.raw) and (program := _of_program(clause)):
        return [program]
    found = _told(NAME_MISTAKES, clause)
    if clause.raw:
        goes_on = _told(OPERATOR_MISTAKES, clause)
        found += goes_on
        clause = clause.without_first() if goes_on else clause
    if clause.raw:
        found += _told(EXPRESSION_MISTAKES, clause)
    found.sort(key=lambda one: (one.span.start, one.span.end))
    return found


def _of_program(clause: Suspect) -> Diagnostic | None:
    """Find functions and lambdas in a clause with an operator, as in `a.isna() & b > 1`.

    They are parts of its name (FL410), or joined to its expression (FL401, FL402).
    """
    written = clause.text[clause.whole.start : clause.whole.end]
    program = of_program(written)
    said = None if program is None else program.said(clause.text, clause.whole)
    if program is None or said is None:
        return None
    case, values, fixes = said
    edits = edits_of(fixes)
    code, found, start = "FL410", program.word, clause.whole.start + written.index(program.word)
    if program.word not in clause.name and (join := _JOIN.search(clause.raw)) is not None:
        code, found, start = "FL401", join[0], clause.expression.start + join.start()
        code = "FL402" if found.lower() in {"or", "|", "||"} else code
    place = Span(start, start + len(found))
    return clause.tell(code, place, edits, case, found=quoted(found), **values)


_JOIN = re.compile(r"&&?|\|\|?|(?<= )(?:and|or)(?= )", re.IGNORECASE)


def _told(table: Mistakes, clause: Suspect) -> list[Diagnostic]:
    each = [islice(say(clause), MAX_DIAGNOSTICS + 1) for say in table.values()]
    return list(chain.from_iterable(each))


def wrapped(text: str, source_index: int = 0) -> Diagnostic | None:
    """Find quotes or parentheses around a whole filter, which belong to its first and last part."""
    start, end = trimmed(text, 0, len(text))
    first, last = text[start : start + 1], text[max(start, end - 1) : end]
    if end - start <= len("()") or (first + last != "()" and not closes(first, last)):
        return None
    inner = text[start + 1 : end - 1]
    if (
        first in inner
        or last in inner
        or inner.endswith("\\")
        or _OPERATOR_WITHIN.search(inner) is None
    ):
        return None
    edits = [Edit(Span(start, start + 1), ""), Edit(Span(end - 1, end), "")]
    return diagnose(
        "FL411" if first == "(" else "FL414",
        Span(start, end),
        fixes=[Fix(edits, safe=False)],
        source_index=source_index,
        case="wrapped" if first == "(" else None,
        found=quoted(first),
        part=WORDS["filter"],
    )
