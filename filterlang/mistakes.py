"""What people write by mistake: finds it in the text of a filter, and says what to write instead.

Called where the grammar has refused a text. The text is split at the separators that no backslash
escapes, and each clause is looked at alone, so that a bad clause never hides the next one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from filterlang.diagnostics import Edit, Fix, Span, quoted
from filterlang.errors import diagnose
from filterlang.escaping import ESCAPABLE, NEVER_ALLOWED, SURROGATES
from filterlang.operators import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.diagnostics import Diagnostic

_CLAUSE = re.compile(r"(?:[^;\\]|\\.|\\\Z)*", re.DOTALL)
_OPERATOR_START = re.compile(r"[=!<>~]")
_OPERATOR = re.compile("|".join(map(re.escape, sorted(OPERATORS, key=len, reverse=True))))
_MISSPELLED = {"=~": "~", "=!": "!=", "=<": "<=", "=>": ">=", "!@": "!~"}
_PARAMETER_PREFIX = re.compile(r"[ ?&]*filters?=(?!=)", re.IGNORECASE | re.ASCII)
_ENCODED_OPERATOR = re.compile(r"%(?:25)*(?:3D|21|3C|3E|7E)", re.IGNORECASE)
_IN_EXPRESSION = re.compile(r",|\\(.?)", re.DOTALL)
_SURROGATE = re.compile(f"[{SURROGATES}]")


def find_mistakes(text: str, source_index: int = 0) -> list[Diagnostic]:
    """Find everything that keeps a text from being a filter, in the order of the places.

    An empty list means that the text follows the grammar.
    """
    clauses = list(split_clauses(text))
    has_more = len(clauses) > 1
    if has_more and not text[clauses[-1].start : clauses[-1].end].strip(" "):
        clauses.pop()  # what follows the one trailing separator that is accepted
    found = []
    empty = [not text[clause.start : clause.end].strip(" ") for clause in clauses]
    for clause, is_empty in zip(clauses, empty, strict=True):
        if is_empty:
            found.append(_empty_clause(text, clause, source_index, mend=not all(empty)))
        else:
            found += _Clause(text, clause, source_index).diagnostics()
    return found


def split_clauses(text: str) -> Iterator[Span]:
    """Give the spans of the clauses: what lies between the separators that nothing escapes."""
    start = 0
    while True:
        found = _CLAUSE.match(text, start)
        assert found is not None  # noqa: S101 — the expression matches the empty text
        yield Span(start, found.end())
        if found.end() == len(text):
            return
        start = found.end() + 1


def _empty_clause(text: str, clause: Span, source_index: int, *, mend: bool) -> Diagnostic:
    at_end = clause.end == len(text)
    span = Span(clause.start, clause.end if at_end else clause.end + 1)
    # Where every clause is empty, nothing would be left, and nothing means everything.
    fixes = [Fix([Edit(span, "")], safe=True)] if mend and not at_end else []
    found = "the end of the filter" if at_end else "';'"
    return diagnose("FL102", span, fixes=fixes, source_index=source_index, found=found)


class _Clause:
    """One clause of a text that the grammar refused; collects what is wrong with it."""

    def __init__(self, text: str, clause: Span, source_index: int) -> None:
        self._text = text
        self._source_index = source_index
        self._found: list[Diagnostic] = []
        outer = text[clause.start : clause.end]
        self._start = clause.start + len(outer) - len(outer.lstrip(" "))
        self._end = clause.end
        self._stop = self._start + len(outer.strip(" "))

    def diagnostics(self) -> list[Diagnostic]:
        self._check_characters()
        self._check_prefix()
        operator = _OPERATOR_START.search(self._text, self._start, self._end)
        if operator is None:
            self._no_operator()
        else:
            name_end = operator.start()
            spelling, expression_start = self._check_operator(name_end)
            self._check_name(name_end, self._text[name_end:expression_start])
            self._check_expression(expression_start, spelling)
        return sorted(self._found, key=lambda found: (found.span.start, found.span.end))

    def _add(
        self, code: str, start: int, end: int, *, replacement: str | None = None, **values: object
    ) -> None:
        span = Span(start, end)
        fixes = [] if replacement is None else [Fix([Edit(span, replacement)], safe=True)]
        self._found.append(
            diagnose(code, span, fixes=fixes, source_index=self._source_index, **values)
        )

    def _check_characters(self) -> None:
        for found in NEVER_ALLOWED.finditer(self._text, self._start, self._end):
            code = "FL115" if _SURROGATE.match(found[0]) else "FL114"
            self._add(code, found.start(), found.end(), found=f"U+{ord(found[0]):04X}")

    def _check_prefix(self) -> None:
        prefix = _PARAMETER_PREFIX.match(self._text, self._start, self._end)
        if prefix is not None:
            self._add("FL116", self._start, prefix.end(), replacement="", found=prefix[0])
            self._start = prefix.end()

    def _no_operator(self) -> None:
        clause = self._text[self._start : self._stop]
        if _ENCODED_OPERATOR.search(clause):
            decoded = _decoded(clause)
            self._add(
                "FL117", self._start, self._stop, replacement=decoded, decoded=quoted(decoded)
            )
        else:
            self._add("FL103", self._start, self._stop, found=quoted(clause))

    def _check_operator(self, start: int) -> tuple[str, int]:
        """Give what the operator at this place is or was meant to be, and where it ends."""
        pair = self._text[start : min(start + 2, self._end)]
        if pair in _MISSPELLED:
            meant = _MISSPELLED[pair]
            self._add("FL105", start, start + 2, replacement=meant, meant=meant, written=pair)
            return meant, start + 2
        known = _OPERATOR.match(self._text, start, self._end)
        if known is not None:
            return known[0], known.end()
        if pair.startswith("="):
            self._add("FL104", start, start + 1, replacement="==")
            return "==", start + 1
        self._add("FL106", start, start + 1)
        return "!=", start + 1

    def _check_name(self, end: int, operator: str) -> None:
        name = self._text[self._start : end]
        if not name.strip(" "):
            self._add("FL107", end, end + len(operator), found=operator)
            return
        for position, character in enumerate(name, self._start):
            if character in ",\\;":
                self._add("FL109", position, position + 1, found=quoted(character))
        position = self._start
        segments = name.split(".")
        for index, segment in enumerate(segments):
            following = position + len(segment)
            if not segment.strip(" "):
                is_last = index == len(segments) - 1
                dot = position - 1 if is_last else following
                found = quoted(operator) if is_last else "'.'"
                self._add("FL108", dot, dot + 1, found=found)
            position = following + 1

    def _check_expression(self, start: int, operator: str) -> None:
        if not self._text[start : self._end].strip(" "):
            if not OPERATORS[operator].allows_empty:
                found = "';'" if self._end < len(self._text) else "the end of the filter"
                self._add("FL110", start, start, operator=operator, found=found)
            return
        for unit in _IN_EXPRESSION.finditer(self._text, start, self._end):
            self._check_unit(unit)

    def _check_unit(self, found: re.Match[str]) -> None:
        start, end, escaped = found.start(), found.end(), found[1]
        if escaped is None:
            self._add("FL111", start, end, replacement="\\,")
        elif not escaped:
            self._add("FL113", start, end, replacement="\\\\")
        elif escaped not in ESCAPABLE:
            escapes = " ".join("\\" + character for character in ESCAPABLE if character != " ")
            self._add(
                "FL112",
                start,
                end,
                replacement="\\\\" + escaped,
                found="\\" + quoted(escaped)[1:-1],
                escapes=escapes + " and '\\ '",
            )


def _decoded(clause: str) -> str:
    """Percent-decode until an operator shows: a text may have been encoded twice."""
    while _OPERATOR_START.search(clause) is None:
        clause = unquote(clause)
    return clause
