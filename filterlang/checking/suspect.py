"""The clause under suspicion, and what is said alike of its name and its expression."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.lexis import QUOTES
from filterlang.diagnostics.diagnostic import Edit, Fix, Span
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.hints import WORDS
from filterlang.syntax.operators import Operator
from filterlang.syntax.split import Parts, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from filterlang.diagnostics.diagnostic import Diagnostic

_OPENED = {**QUOTES, "„": "“", "«": "»", "”": "”", "’": "’", "‚": "‘", "‹": "›"}
_INVISIBLE_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]++")


class Suspect(NamedTuple):
    """One clause that follows the grammar, or nearly so, and its parts as texts.

    `raw` is what is left of its expression to look at, and `expression` where that is.
    """

    text: str
    parts: Parts
    source_index: int
    operator: Operator
    name: str
    expression: Span
    raw: str

    @property
    def whole(self) -> Span:
        """Where the clause stands."""
        return Span(self.parts.name.start, max(self.parts.operator_span.end, self.expression.end))

    def without_first(self) -> Suspect:
        """Leave out the first character of the expression, and the spaces after it."""
        end = self.expression.end
        start = trimmed(self.text, self.expression.start + 1, end).start
        return self._replace(expression=Span(start, end), raw=self.text[start:end])

    def place(self, start: int, end: int) -> Span:
        """Return the span in the text of a part of `raw`."""
        return Span(self.expression.start + start, self.expression.start + end)

    def place_with_spaces(self, start: int, end: int) -> Span:
        """Return the span in the text of a part of `raw` and of the spaces around it."""
        while start > 0 and self.raw[start - 1] == " ":
            start -= 1
        while end < len(self.raw) and self.raw[end] == " ":
            end += 1
        return self.place(start, end)

    def tell(
        self,
        code: str,
        span: Span,
        edits: Sequence[tuple[Span, str]] | None = None,
        case: str | None = None,
        **values: object,
    ) -> Diagnostic:
        """Build a diagnostic, with one fix if there are edits for it."""
        fixes = []
        if edits is not None:
            fixes.append(Fix([Edit(place, new) for place, new in edits], safe=False))
        return diagnose(
            code, span, fixes=fixes, source_index=self.source_index, case=case, **values
        )


def edits_of(fixes: Iterable[Fix]) -> list[tuple[Span, str]] | None:
    """Return what fixes write, as `Suspect.tell` takes it; None where they write nothing.

    Example:
        >>> edits_of([Fix([Edit(Span(1, 2), "==")], safe=False)])
        [(Span(1, 2), '==')]
    """
    return [(edit.span, edit.text) for fix in fixes for edit in fix.edits] or None


def suspect_of(text: str, parts: Parts, source_index: int) -> Suspect:
    """Take a clause out of a text."""
    return Suspect(
        text,
        parts,
        source_index,
        Operator(parts.operator),
        text[parts.name.start : parts.name.end],
        parts.expression,
        text[parts.expression.start : parts.expression.end],
    )


# --- Quotes ---------------------------------------------------------------------------------------


def closes(first: str, last: str) -> bool:
    """Return whether a character closes what another one opens as a quote."""
    return _OPENED.get(first) == last


def is_quoted(text: str) -> bool:
    """Return whether a text is in quotes."""
    return len(text) > 1 and closes(text[0], text[-1])


def quotes_around(clause: Suspect, span: Span, part: str) -> Diagnostic:
    """Report the quotes around a name or an expression (FL414)."""
    text = clause.text[span.start : span.end]
    inner = text[1:-1]
    ends = [(Span(span.start, span.start + 1), ""), (Span(span.end - 1, span.end), "")]
    edits: list[tuple[Span, str]] | None = ends
    case = None
    if not inner.strip(" "):
        edits = [(span, "")] if part == "expression" and clause.operator.allows_empty else None
        case = "empty" if edits else None
    elif (single := _without_doubled(text)) is not None:
        edits = [(span, single)]
    elif text[0] in inner or text[-1] in inner or inner.endswith("\\"):
        edits = None
    return clause.tell("FL414", span, edits, case, part=WORDS[part])


_DOUBLED = re.compile(r"'(?:[^']*+'')++[^']*+'")


def _without_doubled(text: str) -> str | None:
    """Return what SQL writes as `'O''Brien'`, without its quotes; None for anything else."""
    return text[1:-1].replace("''", "'") if _DOUBLED.fullmatch(text) else None


# --- What can't be seen ---------------------------------------------------------------------------


def invisible(
    clause: Suspect, code: str, part: Span, runs: Iterable[re.Match[str]]
) -> Iterator[Diagnostic]:
    """Report characters that can't be seen, in a name (FL409) or an expression (FL412)."""
    # A set of characters is named only here, and this takes time to import.
    from unicodedata import name

    length = part.end - part.start
    for run in runs:
        span = Span(part.start + run.start(), part.start + run.end())
        character = run[0][0]
        described = name(character, "").lower()
        found = f"U+{ord(character):04X}" + (f" ({described})" if described else "")
        is_inside = run.start() > 0 and run.end() < length
        space = code == "FL409" and is_inside and _INVISIBLE_SPACES.fullmatch(run[0])
        yield clause.tell(
            code,
            span,
            [(span, " " if space else "")] if len(run[0]) < length else None,
            "space" if space else None,
            found=found,
        )
