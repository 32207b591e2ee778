"""What people write by mistake: finds what the grammar refuses, and says what to write instead.

Looks at one clause at a time (`split` tells where they stand), from its start to its end:

- `prefix_errors`: what stands before it (FL116), and parameters behind it (FL413);
- `operator_errors`: its operator, and a `!` before it (FL104 to FL106, FL118);
- `missing_operator`: what is there without an operator (FL103, FL117, FL119);
- `name_errors` and `expression_errors`: its other parts, by the two tables here;
- `characters`: what can stand nowhere (FL114, FL115).

How other languages write operators is in `other_languages`; what is legal but hardly meant is the
business of `likely_mistakes`. Every regular expression takes time linear in the clause.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from filterlang.checking.characters import forbidden, is_blank
from filterlang.checking.clause_text import clause_text
from filterlang.checking.grammar_errors.expression_errors import (
    bare_commas,
    no_expression,
    wrong_escapes,
)
from filterlang.checking.grammar_errors.missing_operator import missing_operator
from filterlang.checking.grammar_errors.name_errors import (
    empty_segments,
    no_name,
    reserved_characters,
)
from filterlang.checking.grammar_errors.operator_errors import approach, read_operator
from filterlang.checking.other_notations.whole_clauses import refused_whole
from filterlang.checking.other_notations.word_operators import negated_words
from filterlang.diagnostics.diagnostic import MAX_DIAGNOSTICS, Edit, Fix, Span
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.hints import WORDS
from filterlang.syntax.escaping import unescape
from filterlang.syntax.nodes import Clause
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern
from filterlang.syntax.split import Parts, trimmed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from filterlang.checking.clause_text import ClauseText
    from filterlang.checking.other_notations.signs_of_others import Written
    from filterlang.diagnostics.diagnostic import Diagnostic

    Errors = dict[tuple[str, ...], Callable[[ClauseText, Written], Iterator[Diagnostic]]]

NAME_ERRORS: Errors = {
    ("FL107",): no_name,
    ("FL109",): reserved_characters,
    ("FL108",): empty_segments,
}
"""Who says what of the part before an operator."""

EXPRESSION_ERRORS: Errors = {
    ("FL110",): no_expression,
    ("FL112", "FL113"): wrong_escapes,
    ("FL111",): bare_commas,
}
"""Who says what of the part behind an operator."""


def empty_clause(text: str, clause: Span, source_index: int, *, mend: bool) -> Diagnostic:
    """Say that there is nothing between two separators; `mend` if something else is left then."""
    at_end = clause.end == len(text)
    span = Span(clause.start, clause.end if at_end else clause.end + 1)
    # Where every clause is empty, nothing would be left, and nothing means everything.
    fixes = [Fix([Edit(span, "")], safe=False)] if mend else []
    found = WORDS["the end"] if at_end else "';'"
    return diagnose("FL102", span, fixes=fixes, source_index=source_index, found=found)


def examine_clause(
    text: str, clause: Span, source_index: int = 0
) -> tuple[list[Diagnostic], Parts | None]:
    """Find everything that keeps one clause, which isn't empty, from following the grammar.

    Without diagnostics it does follow it. Gives also where its parts are, if it has an operator.

    Of a kind of mistake that a clause can hold many times, one more is made than are listed, which
    shows that there are more.
    """
    found: list[Diagnostic] = []
    parts = None
    # What can't stand anywhere is nothing else: it makes no name without an operator.
    if not is_blank(text, clause):
        found, parts = _examined(clause_text(text, clause, source_index))
    found += forbidden(text, clause, parts, source_index)
    found.sort(key=lambda one: (one.span.start, one.span.end))
    return found, parts


def _examined(whole: ClauseText) -> tuple[list[Diagnostic], Parts | None]:
    refused = refused_whole(whole)
    if refused is not None:
        return [refused], None
    clause, start, found = approach(whole)
    if clause is None:
        return found, None
    if start is None:
        return [*found, *missing_operator(clause)], None
    operator = read_operator(clause, start)
    if operator.mistake is not None and operator.mistake.code == "FL106" and not found:
        in_words = negated_words(clause, start)
        if in_words:
            return in_words, None
    if operator.mistake is not None:
        found.append(operator.mistake)
        if operator.is_all:
            return found, None
    for say in chain(NAME_ERRORS.values(), EXPRESSION_ERRORS.values()):
        found += islice(say(clause, operator), MAX_DIAGNOSTICS + 1)
    return found, Parts(
        trimmed(clause.text, clause.start, operator.span.start),
        operator.span,
        operator.meant,
        trimmed(clause.text, operator.span.end, clause.end),
    )


_ONLY_THE_OPERATOR = {"FL104", "FL105", "FL116", "FL118"}


def intended_clause(text: str, parts: Parts, mistakes: Sequence[Diagnostic]) -> Clause | None:
    """Build the clause that was meant, where no more than the operator and its key is mistaken."""
    certain = all(one.code in _ONLY_THE_OPERATOR and _mends_itself(one) for one in mistakes)
    raw = text[parts.expression.start : parts.expression.end]
    if not mistakes or not certain or "," in raw:
        return None
    operator = Operator(parts.operator)
    expression = Pattern(raw) if operator.matches_pattern else unescape(raw)
    return Clause(text[parts.name.start : parts.name.end], operator, expression)


def _mends_itself(mistake: Diagnostic) -> bool:
    """Return whether a fix writes what was meant just where the mistake is."""
    places = [[edit.span for edit in fix.edits] for fix in mistake.fixes]
    return any(place == [mistake.span] or mistake.code == "FL116" for place in places)
