"""All that is wrong with texts, or hardly meant: what `parse` raises and `check` reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.checking.contradictions import Together, left_out, same_filter
from filterlang.checking.doubts.likely_mistakes import suspect, wrapped
from filterlang.checking.grammar_errors.syntax_errors import (
    empty_clause,
    examine_clause,
    intended_clause,
)
from filterlang.checking.other_notations.enclosing_literals import literal
from filterlang.checking.other_notations.html_text import html
from filterlang.checking.other_notations.pasted_text import pasted
from filterlang.checking.precedence import in_doubt, unabsorbed
from filterlang.checking.schema_misfits.schema_errors import Fitting
from filterlang.checking.soundness import sound_fixes
from filterlang.diagnostics.diagnostic import MAX_DIAGNOSTICS, Span, quoted
from filterlang.diagnostics.errors import diagnose, limited
from filterlang.syntax.nodes import Clause, Filter
from filterlang.syntax.parser import MAX_LENGTH, lark_parse, scan
from filterlang.syntax.split import Placed, split_blocks, split_clauses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Schema
    from filterlang.syntax.split import Parts


MAX_DOUBTED = 2_000
"""In how many clauses of a text it is looked for what is legal but hardly meant, which takes many
times as long as reading them. Errors are found wherever they are."""
_BLOCK = 16_384
"""How many characters of the clauses behind them are read in one go."""


MAX_IN_ALL = 10_000
"""How many findings about all texts together are collected, and how many of the texts are looked
at for more than errors; a last diagnostic, FL304, tells of texts that weren't looked at."""


class ExaminedClause:
    """One clause of a text: what was found, where it and its parts are, and the node if it is one.

    `intended` is the node, or the one that was meant where only the operator is mistaken.
    """

    __slots__ = ("diagnostics", "intended", "node", "parts", "span")
    span: Span
    diagnostics: list[Diagnostic]
    intended: Clause | None
    node: Clause | None
    parts: Parts | None

    def __init__(
        self,
        span: Span,
        diagnostics: list[Diagnostic],
        parts: Parts | None,
        node: Clause | None,
        intended: Clause | None = None,
    ) -> None:
        self.span = span
        self.diagnostics = diagnostics
        self.parts = parts
        self.node = node
        self.intended = node if intended is None else intended


def _place(one: Diagnostic) -> tuple[int, int]:
    return one.span.start, one.span.end


def examine(
    text: str, source_index: int = 0, start: int = 0, *, errors_only: bool = False
) -> Iterator[ExaminedClause]:
    """Look at each clause of a text alone, and say all that is wrong with it or hardly meant.

    `start` is where the first clause to look at starts; with `errors_only` no suspicions are told.
    """
    # Without a clause that isn't empty, nothing would be left.
    mend = text.strip(" ;") != ""
    whole = wrapped(text, source_index) or literal(text, source_index) or pasted(text, source_index)
    skipped = -1
    for clause, following in _with_following(split_clauses(text, start), text):
        if following is not None:
            entity = html(text, clause, following, source_index)
            if entity is not None:
                whole_clause = Span(clause.start, entity.end)
                yield ExaminedClause(whole_clause, [entity.told], None, None)
                skipped = entity.end
        if clause.end <= skipped:
            continue
        if not text[clause.start : clause.end].strip(" "):
            # Nothing is missing after the one separator at the end that is accepted.
            if clause.start == 0 or clause.end < len(text):
                nothing = empty_clause(text, clause, source_index, mend=mend)
                yield ExaminedClause(clause, [nothing], None, None)
            continue
        mistakes, parts = examine_clause(text, clause, source_index)
        node = None if mistakes else _clause(text[clause.start : clause.end])
        suspicions = [] if parts is None or errors_only else suspect(text, parts, source_index)
        if whole is not None and clause.start == 0:
            suspicions = [whole, *suspicions]
        found = unabsorbed(sorted([*mistakes, *suspicions], key=_place), parts)
        intended = None if parts is None else intended_clause(text, parts, mistakes)
        yield ExaminedClause(clause, found, parts, node, intended)


def _with_following(clauses: Iterable[Span], text: str) -> Iterator[tuple[Span, Span | None]]:
    """Return each clause, and the next one where the `;` between them may be that of an entity."""
    if "&" not in text:
        yield from ((clause, None) for clause in clauses)
        return
    before: Span | None = None
    for clause in clauses:
        if before is not None:
            yield before, clause
        before = clause
    if before is not None:
        yield before, None


def examine_all(
    texts: Sequence[str], schema: Schema | None = None, *, max_length: int | None = MAX_LENGTH
) -> tuple[list[Filter] | None, list[Diagnostic]]:
    """Examine all texts; return their filters, unless one has an error, and all that was found.

    This is what `parse` raises and what `check` reports.
    """
    fitting = Fitting(schema)
    filters: list[Filter] = []
    diagnostics: list[Diagnostic] = []
    seen: dict[object, int] = {}
    refused: dict[object, tuple[object, int, str]] = {}
    has_error = False
    for index, text in enumerate(texts):
        is_full = max(index, len(diagnostics)) > MAX_IN_ALL
        if has_error and len(diagnostics) > MAX_IN_ALL:
            rest = Span(0, len(text))
            diagnostics.append(diagnose("FL304", rest, source_index=index, limit=MAX_IN_ALL))
            break
        if max_length is not None and len(text) > max_length:
            excess = Span(max_length, len(text))
            length = len(text)
            diagnostics.append(
                diagnose("FL301", excess, source_index=index, length=length, limit=max_length)
            )
            has_error = True
            continue
        if not text.strip(" "):
            continue
        filter_, found = (_with_errors if is_full else _examined)(text, index, fitting)
        if filter_ is not None:
            filters.append(filter_)
            # One text alone, as it is mostly, repeats no other.
            is_alone = len(texts) == 1 or is_full
            same: object = index if is_alone else same_filter(filter_, fitting.find)
            first = seen.setdefault(same, index)
            if first < index:
                whole = Span(0, len(text))
                found.append(diagnose("FL515", whole, source_index=index, other=first + 1))
                found.sort(key=_place)
            elif not is_alone:
                found += _passing(filter_, text, index, fitting, refused)
        has_error = has_error or _has_error(found)
        diagnostics += found
    return None if has_error else filters, diagnostics


def _passing(
    filter_: Filter,
    text: str,
    index: int,
    fitting: Fitting,
    refused: dict[object, tuple[object, int, str]],
) -> Iterator[Diagnostic]:
    """Say what an earlier filter and this one leave out, each another value, which is nothing."""
    for place, value, clause in left_out(filter_.clauses, fitting.find):
        other, first, written = refused.setdefault(place, (value, index, clause))
        if other != value:
            whole = Span(0, len(text))
            together = quoted(f"{written};{clause}")
            yield diagnose("FL517", whole, source_index=index, other=first + 1, together=together)
            return


def _examined(text: str, index: int, fitting: Fitting) -> tuple[Filter | None, list[Diagnostic]]:
    """Examine one text that isn't empty; return its filter too, unless a clause can't be read.

    It stops when there is more to say than `MAX_DIAGNOSTICS`; whether there is an error is sure.
    """
    diagnostics: list[Diagnostic] = []
    clauses: list[Clause] = []
    complete = True
    together = Together(fitting.find, index)
    for count, clause in enumerate(examine(text, index), 1):
        diagnostics += _found_in(clause, text, index, fitting)
        if clause.parts is not None and clause.node is not None:
            clauses.append(clause.node)
            conflict = together.conflict(Placed(clause.node, clause.parts))
            if conflict is not None:
                diagnostics.append(conflict)
        else:
            complete = False
        is_long = count == MAX_DOUBTED or len(diagnostics) > MAX_DIAGNOSTICS
        if is_long and clause.span.end < len(text):
            rest = ErrorsOnly(text, clause.span.end + 1, index, fitting)
            errors = iter(rest)
            # Once so much is said, the first error is enough, which shows that there is one.
            while not (len(diagnostics) > MAX_DIAGNOSTICS and _has_error(diagnostics)):
                found = next(errors, None)
                if found is None:
                    break
                diagnostics += found
            clauses += rest.clauses
            complete = complete and rest.complete
            break
    diagnostics.sort(key=_place)
    limit = limited(diagnostics, MAX_DIAGNOSTICS, len(text))
    return Filter(clauses) if complete else None, limit


def _with_errors(text: str, index: int, fitting: Fitting) -> tuple[Filter | None, list[Diagnostic]]:
    """Examine one text that isn't empty for errors alone."""
    rest = ErrorsOnly(text, 0, index, fitting)
    found = next(iter(rest), [])
    return Filter(rest.clauses) if rest.complete and not found else None, list(found)


def _found_in(
    clause: ExaminedClause, text: str, index: int, fitting: Fitting
) -> Sequence[Diagnostic]:
    """Return what is said of a clause, what doesn't fit the schema included."""
    found = clause.diagnostics
    if clause.parts is not None and clause.intended is not None:
        found = fitting.misfits(text, Placed(clause.intended, clause.parts), found, index)
    found = in_doubt(found, clause.diagnostics)
    # What is no clause, which has no parts to mend, goes with its separator.
    is_none = not text[clause.span.start : clause.span.end].strip(" ") or any(
        one.code == "FL121" for one in found
    )
    return found if is_none else sound_fixes(text, clause.span, found)


class ErrorsOnly:
    """Reads the clauses from a place on, and looks at those alone that have an error.

    Iterating gives what is wrong with one clause after the other. Then `clauses` are those that
    were read, and `complete` says whether that is all of them. What is right takes no longer than
    parsing it.
    """

    def __init__(self, text: str, start: int, index: int, fitting: Fitting) -> None:
        self._text = text
        self._start = start
        self._index = index
        self._fitting = fitting
        self.clauses: list[Clause] = []
        self.complete: bool = True

    def __iter__(self) -> Iterator[Sequence[Diagnostic]]:
        for block in split_blocks(self._text, self._start, _BLOCK):
            clauses = self._read(block)
            if clauses is not None and all(map(self._fitting.fits, clauses)):
                self.clauses += clauses
            else:
                yield from self._examined(block)

    def _read(self, block: Span) -> Sequence[Clause] | None:
        """Return the clauses of a block; None if one can't be read, or there is none."""
        clauses = self._text[block.start : block.end]
        is_last = block.end == len(self._text)
        if is_last and not clauses.strip(" "):
            return ()  # Nothing is missing after the one separator at the end that is accepted.
        if not is_last and clauses.rstrip(" ").endswith(";"):
            return None  # Another separator follows.
        filter_ = scan(clauses)
        return None if filter_ is None else filter_.clauses

    def _examined(self, block: Span) -> Iterator[Sequence[Diagnostic]]:
        for clause in examine(self._text, self._index, block.start, errors_only=True):
            if clause.span.start > block.end:
                return
            found = _found_in(clause, self._text, self._index, self._fitting)
            errors = [one for one in found if one.severity == "error"]
            if clause.node is None:
                self.complete = False
            else:
                self.clauses.append(clause.node)
            if errors:
                yield errors


def _has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(one.severity == "error" for one in diagnostics)


def _clause(text: str) -> Clause:
    filter_ = scan(text)
    return (lark_parse(text) if filter_ is None else filter_).clauses[0]
