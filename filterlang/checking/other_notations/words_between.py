"""Words between a value and one more clause: `score>10 unless role==admin`, `a==1 oder b==2`.

Behind a word that negates, the clause that follows is meant to be its opposite.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.lexis import OPERATOR, SINGLE_EQUALS
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.join_mistakes import is_simple
from filterlang.checking.other_notations.negations import two_filters
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from filterlang.checking.suspect import Suspect

_NOT = frozenset({
    *("not", "unless", "except", "excluding", "without", "minus", "nicht", "kein", "ohne"),
    *("außer", "sauf", "sans", "pas"),
})  # fmt: skip
_OR = frozenset({"or", "oder", "ou", "o", "either"})
_AND = frozenset({
    *("and", "but", "with", "plus", "also", "where", "while", "then", "if", "is", "und", "aber"),
    *("mit", "et", "y", "e", "mais", "avec"),
})  # fmt: skip
_OTHERS = frozenset({"xor", "nor", "neither", "than", "as"})
_MOST_WORDS = 3


class Between(NamedTuple):
    """What is said of words before a clause: which hint, what it puts in, and what is mended."""

    case: str | None
    values: dict[str, str]
    edits: list[tuple[Span, str]] | None


def words_between(clause: Suspect, start: int) -> Between | None:
    """Return what the words before a clause mean, which starts within an expression.

    None where no such word stands there.
    """
    kept, words = clause.raw[:start].rstrip(" "), list[str]()
    while len(words) < _MOST_WORDS:
        before, _, last = kept.rpartition(" ")
        if last.lower() not in _NOT | _OR | _AND | _OTHERS or not before.strip(" "):
            break
        kept = before.rstrip(" ")
        words.append(last.lower())
    if not words:
        return None
    negations = sum(word in _NOT for word in words)
    others = {word for word in words if word not in _NOT | _AND}
    place = clause.place(len(kept), start)
    second = SINGLE_EQUALS.sub("==", clause.raw[start:], count=1)
    if not negations and not others:
        return Between(None, {}, [(Span(place.start, clause.expression.end), f";{second}")])
    first = clause.text[clause.whole.start : place.start]
    if others <= _OR and not negations:
        each = [first, second] if is_simple(second) else []
        filters = around(clause.text, clause.whole, each)
        return Between("two filters" if filters else "or", {"filters": several(filters)}, None)
    if negations == 1 and not others and is_simple(second):
        return _opposite(clause, first, Span(place.start, clause.expression.end), second)
    return Between("joined", {}, None)


def _opposite(clause: Suspect, first: str, place: Span, second: str) -> Between:
    operator = OPERATOR.search(second)
    assert operator is not None  # it is what the clause was found by
    name, raw = second[: operator.start()].rstrip(" "), second[operator.end() :].strip(" ")
    complement = Operator(operator[0]).complement
    if complement is not None:
        opposite = f";{name}{complement}{raw}"
        return Between("complement", {"complement": quoted(opposite)}, [(place, opposite)])
    each = two_filters(name, Operator(operator[0]), raw) or ()
    filters = around(clause.text, clause.whole, [f"{first};{one}" for one in each])
    return Between("not filters" if filters else "not", {"filters": several(filters)}, None)
