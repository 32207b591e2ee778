"""Clauses of words that are joined to one with an operator: `score>10 and role is admin`.

By the grammar all of it is one clause: what stands behind the operator is its expression, and what
stands before it its name. Every regular expression takes time linear in the clause.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.lexis import AND, JOINS, PLAIN_NUMBER
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.join_mistakes import is_simple
from filterlang.checking.other_notations.word_operators import (
    find_join,
    meant_by_words,
    starts_with_words,
)
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.places import several
from filterlang.semantics.values import read_boolean, read_instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_JOIN = re.compile(f" (?:{JOINS}) ", re.IGNORECASE)
"""Without it no table has to be read to tell that nothing is joined."""
_JOIN_IN_NAME = re.compile(rf"(?<= )(?:{JOINS})(?= ++[^ ])", re.IGNORECASE)
_OF_QUERIES = re.compile(
    r"(?:eq|equals|ne|neq|gt|gte|ge|lt|lte|le|contains|between|starts ?with|begins ?with"
    r"|ends ?with|(?:greater|less) than|at (?:least|most)"
    r"|(?:does not|doesn['\u2019]?t) (?:contain|start with|begin with|end with|equal))(?= )",
    re.IGNORECASE,
)
"""Words for operators that are rare in what people write; `Rock and roll is dead` is a title."""


def words_behind(clause: Suspect) -> Iterator[Diagnostic]:
    """Report what joins a clause of words to the expression before it (FL401, FL402)."""
    join = find_join(clause.raw) if _JOIN.search(clause.raw) else None
    if join is None or not _is_whole_value(clause, clause.raw[: join.start()], join.end()):
        return
    span, found = clause.place(*join.span(1)), quoted(join[1])
    meant = meant_by_words(clause.text, clause.place(join.end(), len(clause.raw)))
    if join[1].lower() in AND:
        if meant is None:
            yield clause.tell("FL401", span, None, found=found)
            return
        place = clause.place_with_spaces(*join.span(1))
        edits = [(Span(place.start, clause.expression.end), f";{meant}")]
        told = {"found": found, "clause": quoted(f";{meant}")}
        yield clause.tell("FL401", span, edits, "words", **told)
        return
    first = clause.text[clause.whole.start : clause.expression.start + join.start()]
    filters = []
    if meant is not None and is_simple(first):
        filters = around(clause.text, clause.whole, [first, meant])
    case = "two filters" if filters else None
    yield clause.tell("FL402", span, None, case, found=found, filters=several(filters))


def _is_whole_value(clause: Suspect, value: str, behind: int) -> bool:
    """Return whether a value is hardly the beginning of a text that goes on behind the join."""
    if clause.operator.orders or PLAIN_NUMBER.fullmatch(value) is not None:
        return True
    if read_boolean(value) is not None or read_instant(value) is not None:
        return True
    _, _, rest = clause.raw[behind:].partition(" ")
    return " " not in value and _OF_QUERIES.match(rest.lstrip(" ")) is not None


def words_in_name(clause: Suspect) -> Iterator[Diagnostic]:
    """Report what joins a clause of words to the name behind it (FL410)."""
    join = None
    for found in _JOIN_IN_NAME.finditer(clause.name):
        join = found
    if join is None or not starts_with_words(clause.name[: join.start() - 1]):
        return
    start = clause.parts.name.start
    meant = meant_by_words(clause.text, Span(start, start + join.start() - 1))
    span = Span(start + join.start(), start + join.end())
    rest = clause.text[span.end : clause.whole.end].strip(" ")
    found_word = quoted(join[0])
    if join[0].lower() not in AND:
        filters = []
        if meant is not None and is_simple(rest):
            filters = around(clause.text, clause.whole, [meant, rest])
        case, written = ("for each", several(filters)) if filters else ("or", "")
        yield clause.tell("FL410", span, None, case, found=found_word, filters=written)
    elif meant is None:
        yield clause.tell("FL410", span, None, "join", found=found_word)
    else:
        written = quoted(f"{meant};{rest}")
        yield clause.tell("FL410", span, None, "words", found=found_word, clauses=written)
