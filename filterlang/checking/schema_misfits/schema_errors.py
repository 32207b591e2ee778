"""How clauses fit a schema: what doesn't, and what else was suspected at the same place.

Who says which code stands in the table of `misfits`; here one mistake becomes one diagnostic.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.lexis import OPERATOR, SEPARATORS_ALIKE
from filterlang.checking.meant_values.held_clause import HeldClause
from filterlang.checking.meant_values.similar_names import Names
from filterlang.checking.mends import is_safe
from filterlang.checking.other_notations.other_languages import is_negated
from filterlang.checking.schema_misfits.misfits import misfits
from filterlang.diagnostics.diagnostic import Diagnostic, Edit, Fix, Span, apply_edits
from filterlang.diagnostics.hints import HINTS
from filterlang.schema.binding import expect_schema
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import trim, unescape
from filterlang.syntax.nodes import Clause
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import read_filter
from filterlang.syntax.pattern import Pattern
from filterlang.syntax.split import Parts, Placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from filterlang.schema.schema import Found, Schema

    Find = Callable[[str], Found | None]


_NOWHERE = Span(0, 0)
_ANYWHERE = Parts(_NOWHERE, _NOWHERE, "", _NOWHERE)
"""Stands in for where parts of a clause are, where only whether it fits is asked."""


_NO_NOT = HINTS["FL416/complement"].partition("{")[0]
_ONE_SIGN = re.compile("[<>]\\Z|(?<![=!<>~])=\\Z")
"""What may be a sign of a text as well as an operator."""


class Fitting:
    """Holds clauses against a schema; keeps what it has looked up in it for the next clause."""

    def __init__(self, schema: Schema | None) -> None:
        expect_schema(schema)
        self._schema = schema
        self._found: dict[str, Found | None] = {}
        self._names = None if schema is None else Names(schema)

    def find(self, name: str) -> Found | None:
        """Find where a name leads in the schema."""
        if self._schema is None:
            return None
        if name not in self._found:
            self._found[name] = self._schema.find(name)
        return self._found[name]

    def fits(self, clause: Clause) -> bool:
        """Return whether nothing of a clause is wrong by the schema, wherever the clause stands."""
        if self._names is None:
            return True
        held = HeldClause(Placed(clause, _ANYWHERE), self.find(clause.name), self._names, 0)
        _, said = misfits(held)
        return all(one.severity != "error" for one in said)

    def _is_certain(self, text: str, suspicion: Diagnostic) -> bool:
        """Return whether what looks like `name > 10` or `name=1` has a name of the schema."""
        written = text[suspicion.span.start : suspicion.span.end]
        if suspicion.code != "FL416" or _ONE_SIGN.search(written) is None or _says_all(suspicion):
            return True
        if (suspicion.hint or "").startswith(_NO_NOT):
            return True
        name = text[suspicion.span.start : suspicion.span.end - 1].rstrip(" ")
        return self._names is not None and self._names.schema.find(name) is not None

    def misfits(
        self, text: str, placed: Placed, suspicions: Sequence[Diagnostic], source_index: int = 0
    ) -> list[Diagnostic]:
        """Find what of one clause doesn't fit; return it and the suspicions that remain."""
        if suspicions:
            suspicions = [one for one in suspicions if self._is_certain(text, one)]
            if self.find(placed.clause.name) is not None:
                suspicions = [one for one in suspicions if not _holds_operator(one)]
        if self._names is None:
            return list(suspicions)
        found = self.find(placed.clause.name)
        if found is not None and suspicions and _is_listed(placed.clause, found):
            start = placed.parts.operator_span.start
            suspicions = [
                one for one in suspicions if one.severity == "error" or one.span.start < start
            ]
        held, said = misfits(HeldClause(placed, found, self._names, source_index, text))
        return _with_suspicions(text, held, said, suspicions, self.find) if suspicions else said


def _is_listed(clause: Clause, found: Found) -> bool:
    """Return whether an enum lists the expression, so that nothing is odd in it."""
    dimension = found.dimension
    if dimension is None or dimension.type != "enum":
        return False
    written = fold(str(clause.expression))
    return any(fold(value) == written for value in dimension.values)


# --- One mistake, one diagnostic ------------------------------------------------------------------

# What a misfit makes of what is suspected at the same place.
_JOINS = {"FL401", "FL402", "FL413", "FL416"}
_PLACED = _JOINS | {"FL422"}
_REMOVABLE_AT_ENDS = {"FL409", "FL412"}
_NOTHING_MORE = {"FL405", "FL415", "FL418", "FL426"}
_OF_VALUE = {"FL508", "FL509", "FL510", "FL511"}
_MOST_TRIED = 20
"""Of how many suspicions about one clause it is tried whether it fits once they are mended."""


def _with_suspicions(
    text: str,
    held: HeldClause,
    said: Sequence[Diagnostic],
    suspicions: Sequence[Diagnostic],
    find: Find,
) -> list[Diagnostic]:
    """Return what doesn't fit, and the suspicions that say something else."""
    merged: list[Diagnostic] = []
    for misfit in said:
        if misfit.code == "FL501":
            low, high = held.parts.name
        elif misfit.code in _OF_VALUE:
            low, high = held.parts.operator_span.start, held.placed.span.end
        else:
            merged.append(misfit)
            continue
        same = [
            one
            for one in suspicions
            if one.severity != "error" and low <= one.span.start < max(high, low + 1)
        ]
        one_of_all, absorbed = _merged(text, held, misfit, same, find)
        merged.append(one_of_all)
        gone = {id(one) for one in absorbed}
        suspicions = [one for one in suspicions if id(one) not in gone]
    return [*suspicions, *merged]


def _merged(
    text: str, held: HeldClause, misfit: Diagnostic, same: Sequence[Diagnostic], find: Find
) -> tuple[Diagnostic, list[Diagnostic]]:
    """Say one thing of one place: return the misfit with a better hint, and what it replaces."""
    joins = [
        one
        for one in same
        if (one.code in _JOINS and not _says_all(one)) or _is_separator(text, one)
    ]
    if misfit.code == "FL509" and misfit.fixes and all(_is_single(text, one) for one in joins):
        # What it has to say of another clause behind a value is more.
        joins = []
    if joins:
        edits = [edit for one in joins for fix in one.fixes for edit in fix.edits]
        fixes = [Fix(edits, safe=False)] if all(one.fixes for one in joins) else []
        return _with_hint(misfit, joins[0], fixes), list(same)
    for one in same[:_MOST_TRIED]:
        if one.fixes and _fits_after(one.fixes[0], text, held, find):
            fix = Fix(one.fixes[0].edits, safe=_trims(one, held.parts))
            return _with_hint(misfit, one, [fix]), list(same)
        if (
            one.code in {"FL419", "FL424", "FL425"}
            or (misfit.code == "FL501" and one.code == "FL421" and not _says_all(one))
            or _is_of_terms(held, one)
            or (misfit.code == "FL501" and _says_all(one))
        ):
            return _with_hint(misfit, one, one.fixes), list(same)
        is_whole = one.code == "FL403" and _is_for_all(held, one)
        if (
            is_whole
            or one.code in {"FL404", "FL421"}
            or (one.code == "FL410" and is_negated(held.clause.name))
        ):
            is_known = _has_known_names(held, one, find)
            return _with_hint(misfit, one, one.fixes if is_known else []), list(same)
    covered = misfit.fixes and (
        misfit.code == "FL510" or any(_is_single(text, one) for one in same)
    )
    return misfit, [
        one for one in same if covered or one.code in _NOTHING_MORE or _holds_operator(one)
    ]


def _has_known_names(held: HeldClause, one: Diagnostic, find: Find) -> bool:
    """Return whether a fix writes clauses for the whole one, all of which have known names."""
    span = held.placed.span
    for fix in one.fixes:
        if [edit.span for edit in fix.edits] != [span]:
            return False
        read = read_filter(fix.edits[0].text)
        if read is None or any(find(clause.name) is None for clause in read.clauses):
            return False
    return bool(one.fixes)


def _is_for_all(held: HeldClause, one: Diagnostic) -> bool:
    """Return whether the fix of a finding writes all of the clause anew."""
    return [edit.span for fix in one.fixes for edit in fix.edits] == [held.placed.span]


def _is_of_terms(held: HeldClause, one: Diagnostic) -> bool:
    """Return whether a `:` belongs to terms, which have clauses or filters of their own."""
    return one.code == "FL417" and (_is_for_all(held, one) or not one.fixes)


def _is_single(text: str, one: Diagnostic) -> bool:
    """Return whether a single `=` is suspected to belong to another clause."""
    return one.code == "FL416" and _ONE_SIGN.search(text[one.span.start : one.span.end]) is not None


def _is_separator(text: str, one: Diagnostic) -> bool:
    """Return whether what is suspected in a name is a look-alike of `;`."""
    return one.code == "FL410" and text[one.span.start : one.span.end] in SEPARATORS_ALIKE


def _says_all(one: Diagnostic) -> bool:
    """Return whether the hint about parentheses, or about an object, says what all of it means."""
    keys = [key for key in _WHOLE if key.startswith(one.code)]
    return any((one.hint or "").startswith(HINTS[key].partition("{")[0]) for key in keys)


_WHOLE = (
    *("FL410/program", "FL410/program filters"),
    *("FL411/filters", "FL411/clauses", "FL411/condition"),
    *("FL403/arrow", "FL403/part", "FL416/arrow", "FL416/part", "FL421/keys"),
)


def _holds_operator(one: Diagnostic) -> bool:
    """Return whether a name is suspected to end with the operator."""
    before, _, _ = HINTS["FL410/operator"].partition(";")
    return one.code == "FL410" and (one.hint or "").startswith(before)


def _with_hint(misfit: Diagnostic, better: Diagnostic, fixes: Iterable[Fix]) -> Diagnostic:
    return Diagnostic(
        misfit.code,
        misfit.severity,
        misfit.message,
        # What joins, or what SQL has behind a condition, is the one thing that is wrong. Quotes or
        # parentheses around the filter are mended in its last clause too.
        better.span
        if better.code in _PLACED
        else max(misfit.span, better.span, key=lambda span: span.end),
        better.hint,
        fixes,
        misfit.source_index,
    )


def _trims(one: Diagnostic, parts: Parts) -> bool:
    """Return whether all that is mended is what can't be seen at the ends of a name or value."""
    ends = {*parts.name, *parts.expression}
    return (
        is_safe("space at the end") and one.code in _REMOVABLE_AT_ENDS and bool({*one.span} & ends)
    )


# --- Whether a clause fits once it is mended ------------------------------------------------------


def _fits_after(fix: Fix, text: str, held: HeldClause, find: Find) -> bool:
    """Return whether the clause fits once a fix of it has been applied."""
    mended = _mended(fix, text, held)
    if mended is None:
        return False
    found = held.found if mended.name == held.clause.name else find(mended.name)
    _, said = misfits(held._replace(placed=Placed(mended, held.parts), found=found))
    return all(one.severity == "hint" for one in said)


def _mended(fix: Fix, text: str, held: HeldClause) -> Clause | None:
    """Return the clause that a fix makes of one; None if it makes none, or another altogether."""
    name, operator, _, expression = held.parts
    if any(edit.span.start < operator.start < edit.span.end for edit in fix.edits):
        return None
    try:
        if all(
            edit.span.start >= operator.end or edit.span.end <= operator.start for edit in fix.edits
        ):
            return _clause(
                _edited(text, name, fix), held.clause.operator, _edited(text, expression, fix)
            )
        rest = _edited(text, Span(operator.start, expression.end), fix)
        found = OPERATOR.match(rest)
        assert found is not None
        return _clause(_edited(text, name, fix), Operator(found[0]), rest[found.end() :])
    except ValueError:
        return None


def _edited(text: str, part: Span, fix: Fix) -> str:
    edits = [
        Edit(Span(edit.span.start - part.start, edit.span.end - part.start), edit.text)
        for edit in fix.edits
        if part.start <= edit.span.start and edit.span.end <= part.end
    ]
    return apply_edits(text[part.start : part.end], edits)


def _clause(name: str, operator: Operator, raw: str) -> Clause:
    raw = trim(raw)
    return Clause(name, operator, Pattern(raw) if operator.matches_pattern else unescape(raw))
