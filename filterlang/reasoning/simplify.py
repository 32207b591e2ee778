"""Filters → equal filters that are shorter, and what follows from what: `simplify`, `implies`."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from filterlang.checking.parse import filter_set_of
from filterlang.reasoning.counterexamples import witness
from filterlang.reasoning.implication import Entailment
from filterlang.syntax.nodes import Filter, FilterSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.reasoning.implication import Term
    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters


_MOST_SEARCHES = 50
"""For so many filters of `a` a record is searched that matches none of `b`."""


class Answer(Enum):
    """What `implies` and `equivalent` say: `YES`, `NO`, or `UNKNOWN`.

    `YES` and `NO` are true and false. `bool()` of `UNKNOWN` raises `TypeError`, so that neither
    `if implies(a, b)` nor `if not implies(a, b)` takes it for the other; ask `is Answer.YES`.

    Example:
        >>> implies("name~ab*", "name~a*") is Answer.YES
        True
    """

    YES = "yes"
    """It is so for every record."""
    NO = "no"
    """There is a record for which it is not so."""
    UNKNOWN = "unknown"
    """Neither could be shown."""

    def __bool__(self) -> bool:
        if self is Answer.UNKNOWN:
            message = (
                "unknown is neither yes nor no: compare the answer with 'is Answer.YES', or with"
                " 'is Answer.NO'"
            )
            raise TypeError(message)
        return self is Answer.YES


def implies(a: Filters, b: Filters, schema: Schema | None = None) -> Answer:
    """Return whether every record that matches `a` matches `b`.

    Args:
        a: filters, parsed or as text, as `compile` takes them.
        b: filters, likewise.
        schema: which names lead to one value, and of what type. With it an answer is about records
            that are as it says; without, about all records.

    Returns:
        `Answer.YES` if it can be proved, `Answer.NO` if a record was found that matches `a` but not
        `b`, else `Answer.UNKNOWN`.

    Raises:
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given.

    Example:
        >>> implies("city~New*;plan==pro", ["city~N*", "plan==free"])
        <Answer.YES: 'yes'>
        >>> implies("plan==pro", "plan!=free")  # what if it is the list ["pro", "free"]?
        <Answer.NO: 'no'>
        >>> from filterlang import px
        >>> implies("score>10", "score!=5", px.USER)
        <Answer.YES: 'yes'>
    """
    return _implies(filter_set_of(a), filter_set_of(b), Entailment(schema), schema)


def equivalent(a: Filters, b: Filters, schema: Schema | None = None) -> Answer:
    """Return whether `a` and `b` match the same records; takes and raises what `implies` does.

    Example:
        >>> equivalent("country==US;plan==pro", "plan==PRO;country==us")
        <Answer.YES: 'yes'>
    """
    one, other, reasons = filter_set_of(a), filter_set_of(b), Entailment(schema)
    answers = {_implies(one, other, reasons, schema), _implies(other, one, reasons, schema)}
    for answer in (Answer.NO, Answer.UNKNOWN):
        if answer in answers:
            return answer
    return Answer.YES


def simplify(filters: Filters, schema: Schema | None = None) -> FilterSet:
    """Leave out what changes nothing: clauses and filters that repeat, follow or can't hold.

    What stays keeps its order and its spelling. Where no record can match, one filter stays that
    says so: without any, everything would match.

    Args:
        filters: parsed, or as text, as `compile` takes them.
        schema: which names lead to one value, and of what type; then the result means the same for
            records that are as it says. Without one, it does for all records.

    Raises:
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given.

    Example:
        >>> from filterlang.syntax.nodes import unparse
        >>> from filterlang import px
        >>> unparse(simplify(["score>5;score>10", "score>20", "title==a;title!=A"], px.USER))
        ['score>10']
    """
    reasons = Entailment(schema)
    kept = [_without_idle_clauses(filter_, reasons) for filter_ in filter_set_of(filters)]
    possible = [terms for terms in kept if not reasons.is_impossible(terms)]
    kept = possible or kept[:1]
    kept = _without_subsumed(kept, reasons)
    return FilterSet(Filter(term.clause for term in terms) for terms in kept)


def _without_idle_clauses(filter_: Filter, reasons: Entailment) -> list[Term]:
    """Return the clauses of a filter without those that follow from the others, the last first.

    A clause is left out for others of its own name only, which stand in the same groups, so that
    nothing changes for the other clauses there.
    """
    kept = reasons.terms(filter_)
    for index in range(len(kept) - 1, -1, -1):
        others = kept[:index] + kept[index + 1 :]
        if others and reasons.clause_follows(others, kept[index]):
            kept = others
    return kept


def _without_subsumed(filters: list[list[Term]], reasons: Entailment) -> list[list[Term]]:
    """Leave out the filters that imply another one, the last first."""
    kept = filters
    for index in range(len(kept) - 1, -1, -1):
        others = kept[:index] + kept[index + 1 :]
        if any(reasons.follows(kept[index], other) for other in others):
            kept = others
    return kept


def _implies(a: FilterSet, b: FilterSet, reasons: Entailment, schema: Schema | None) -> Answer:
    if not b.filters:
        return Answer.YES
    conclusions = [reasons.terms(filter_) for filter_ in b]
    # Without any filter everything matches, as with one that has no clauses.
    premises: list[list[Term]] = [reasons.terms(filter_) for filter_ in a] or [[]]
    open_ = [
        terms
        for terms in premises
        if not reasons.is_impossible(terms) and not _follows_one(terms, conclusions, reasons)
    ]
    if not open_:
        return Answer.YES
    found = any(witness(terms, conclusions, schema) is not None for terms in open_[:_MOST_SEARCHES])
    return Answer.NO if found else Answer.UNKNOWN


def _follows_one(
    premises: Sequence[Term], conclusions: Sequence[Sequence[Term]], reasons: Entailment
) -> bool:
    return any(reasons.follows(premises, terms) for terms in conclusions)
