"""Findings about a clause that is being typed: which of them typing on may mend.

Whoever types isn't told of an operator that is missing before it could be there. What is unfinished
is found by trial: a finding that is gone with one of a few endings isn't told yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filterlang.checking.completion import complete
from filterlang.checking.examine import examine_all
from filterlang.syntax.split import split_clauses

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Schema

_ENDINGS: Final = ("==", "=", "a==", "0", "0000", "*", "\\")
"""An operator, the rest of one, of names, of numbers, of milliseconds, of patterns, of escapes."""
_DATES: Final = ("2000-01-01T00:00:00.000Z", "2000-01-01T00:00:00+00:00")
"""Of what is typed as a date, the rest is taken from these."""
_MOST_VALUES: Final = 3
_LONGEST: Final = 1000
"""A clause of more characters isn't tried, since a keystroke must not wait for that."""
_BY_SCHEMA: Final = "FL5"
"""How the codes begin of what a schema finds fault with."""


def unfinished(
    text: str, cursor: int, diagnostics: Sequence[Diagnostic], schema: Schema | None = None
) -> list[Diagnostic]:
    """Return those findings about a text that typing on at the cursor may mend.

    They are about the last thing in the clause that ends at the cursor. What two clauses say
    together is unfinished, too, as long as one of them is.

    Args:
        text: the decoded text of one filter.
        cursor: how many code points of it stand before the cursor.
        diagnostics: what was found in this text.
        schema: what they were found by.

    Example:
        >>> from filterlang.checking.report import check
        >>> [one.code for one in unfinished("sco", 3, check("sco").diagnostics)]
        ['FL103']
        >>> unfinished("a,==1", 5, check("a,==1").diagnostics)
        []
    """
    clause = next(one for one in split_clauses(text) if cursor <= one.end)
    typed = text[clause.start : cursor]
    if text[cursor : clause.end].strip(" ") or len(typed) > _LONGEST:
        return []
    end = clause.start + len(typed.rstrip(" "))
    own = [
        one for one in diagnostics if clause.start <= one.span.start <= one.span.end <= clause.end
    ]
    found: list[Diagnostic] = []
    for one in own:
        if one.span.end >= end:
            last = typed[one.span.start - clause.start :]
            others = {other.code for other in own if other is not one}
            judging = schema if one.code.startswith(_BY_SCHEMA) else None
            if any(
                _is_mended(continued, one.code, others, judging)
                for continued in _continued(typed, last, judging)
            ):
                found.append(one)
    return found


def _is_mended(continued: str, code: str, others: set[str], schema: Schema | None) -> bool:
    """Return whether a finding is gone, and not because of an error that hides it."""
    _, found = examine_all([continued], schema)
    return all(
        one.code != code and (one.severity != "error" or one.code in others) for one in found
    )


def _continued(typed: str, last: str, schema: Schema | None) -> Iterator[str]:
    """Return a clause with what may still be typed, the most likely first."""
    if schema is not None:
        for value in complete(typed, len(typed), schema, limit=_MOST_VALUES):
            if value.kind == "value":
                yield value.apply(typed)
        for date in _DATES:
            yield typed + date[len(last) :]
    for ending in _ENDINGS:
        yield typed + ending
