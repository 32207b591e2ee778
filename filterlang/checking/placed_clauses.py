"""Where the clauses of texts and their parts stand, for who colours or edits them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang._immutable import Immutable
from filterlang.checking.grammar_errors.syntax_errors import examine_clause
from filterlang.diagnostics.diagnostic import Span
from filterlang.syntax.split import Parts, split_clauses, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

_set = object.__setattr__


class ClauseSpans(Immutable):
    """Where one clause and its parts stand, valid or not, without the spaces around them.

    Fields: `source_index`, which of several texts it is in; `span` of the whole clause; `name`,
    `operator` and `expression`, the spans of its parts in code points, empty ones where a part is
    missing.

    Example:
        >>> from filterlang import check
        >>> (clause,) = check("score >= 10").clauses
        >>> clause.name, clause.operator, clause.expression
        (Span(0, 5), Span(6, 8), Span(9, 11))
    """

    __slots__ = ("expression", "name", "operator", "source_index", "span")
    __match_args__ = ("source_index", "span", "name", "operator", "expression")
    source_index: int
    span: Span
    name: Span
    operator: Span
    expression: Span

    def __init__(
        self, source_index: int, span: Span, name: Span, operator: Span, expression: Span
    ) -> None:
        _set(self, "source_index", source_index)
        _set(self, "span", span)
        _set(self, "name", name)
        _set(self, "operator", operator)
        _set(self, "expression", expression)


def clause_spans(text: str, source_index: int = 0) -> Iterator[ClauseSpans]:
    """Iterate over the clauses of a text; what stands empty between two `;` is none."""
    for clause in split_clauses(text):
        whole = trimmed(text, clause.start, clause.end)
        if whole.start == whole.end:
            continue
        _, parts = examine_clause(text, clause)
        if parts is None:
            nowhere = Span(whole.end, whole.end)
            parts = Parts(whole, nowhere, "", nowhere)
        yield ClauseSpans(source_index, whole, parts.name, parts.operator_span, parts.expression)
