"""The filters that say what one clause can't, each with the other clauses of its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics.diagnostic import MAX_VALUE_LENGTH, Edit, Fix, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.diagnostics.diagnostic import Span

MOST_WRITTEN = 500
"""Of so many characters a hint writes the filters of which one text may be made."""
_LONG = 200
"""So many characters beside the clauses that differ are written again in each filter."""


def around(text: str, place: Span, clauses: Sequence[str]) -> list[str]:
    """Write each clause in the place of a part of a text; none where that is long or no filter.

    Example:
        >>> from filterlang import Span
        >>> around("a==1;b==2,3", Span(5, 11), ["b==2", "b==3"])
        ['a==1;b==2', 'a==1;b==3']
    """
    if not clauses or len(text) - (place.end - place.start) > _LONG:
        return []
    before, after = text[: place.start], text[place.end :]
    filters = [(before + clause.strip(" ") + after).strip(" ;") for clause in clauses]
    # The clauses are alike, and what is wrong with another one is wrong with each filter.
    return [] if read_filter(filters[0]) is None else filters


def written_instead(
    text: str, place: Span, filters: Sequence[str], alone: str, of_several: str
) -> tuple[str, dict[str, str], list[Fix]] | None:
    """Return the case of the hint, what is filled in, and the fix; None without a filter.

    Only a filter that is alone is written in the place, and has the case `alone`.

    Example:
        >>> from filterlang import Span
        >>> written_instead("-a:1", Span(0, 4), ["a!=1"], "terms", "term filters")[:2]
        ('terms', {'clauses': "'a!=1'"})
    """
    if len(filters) == 1:
        (only,) = filters
        fix = Fix([Edit(place, only)], safe=False)
        return alone, {"clauses": quoted(only, MAX_VALUE_LENGTH)}, [fix]
    written = around(text, place, filters)
    return (of_several, {"filters": several(written)}, []) if written else None
