"""Which clauses and filters follow from others, whatever the record: only what can be proved.

A clause passes a record if one of the points that its name leads to passes, or, if it is negative
(`!=`, `!~`), none of them. So of two clauses with one name and one polarity the first implies the
second if each point that passes the one passes the other, for lists as for single values. What
else can be known needs a schema, by which the name leads to one point.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, assert_never

from filterlang.reasoning.boundary_values import is_reasoned_about, points
from filterlang.schema.binding import bind, expect_schema
from filterlang.semantics.judge import passes
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import AS_TEXTS
from filterlang.semantics.tests import Always, Equals, Like, Never, Within, pattern_of
from filterlang.syntax.escaping import Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filterlang.reasoning.boundary_values import Point
    from filterlang.schema.schema import Schema
    from filterlang.semantics.tests import BoundClause
    from filterlang.semantics.wildcards import Fragments
    from filterlang.syntax.nodes import Clause

_MOST_STEPS = 100_000
"""Two patterns with more characters × characters aren't compared."""


class Term:
    """A clause, and where its name leads.

    Attributes:
        clause: the clause.
        name: its name, with aliases resolved.
        type: the type that the schema gives it, or None.
        negative: whether it is true of a missing value.
        is_single: whether the schema says that a record has at most one value there.
        may_be_grouped: whether the name may go through a list of objects.
        bound: what is asked of a record.
        text: the only folded text that equals its expression, after `==` and `!=`; None where none
            does, or it asks for something else.
    """

    name: str
    type: str | None
    negative: bool
    is_single: bool
    may_be_grouped: bool
    bound: BoundClause
    text: str | None

    def __init__(self, clause: Clause, schema: Schema | None) -> None:
        found = None if schema is None else schema.find(clause.name)
        dimension = None if found is None else found.dimension
        self.clause = clause
        self.name = clause.name if found is None else found.name
        self.type = None if dimension is None else dimension.type
        self.is_single = found is not None and found.is_scalar
        self.may_be_grouped = "." in self.name and not (
            found is not None and dimension is not None and not found.lists
        )
        self.bound = bind(clause, schema)
        self.negative = self.bound.negative
        fragments = pattern_of(clause.operator, clause.expression)
        self._pattern = None if fragments is None else _tokens(fragments)
        self.text = _only_text(self.bound) if fragments is None else None
        self._is_literal = self._pattern is not None and not set(self._pattern) & set(Wildcard)

    def passes(self, point: Point) -> bool | None:
        """Whether a point passes, not yet negated; None if that depends on which value it is."""
        if self._pattern is None or point.is_exact:
            return passes(self.bound, point.value)
        if self._pattern in _ANY:
            return True  # what isn't exact is text, a number or a date, so it has a text
        # Beside a text there are only others.
        return False if self._is_literal and isinstance(point.value, str) else None

    def holds(self, point: Point) -> bool | None:
        """Return whether the clause is true where its name leads to this point alone."""
        passes = self.passes(point)
        return passes if passes is None else passes is not self.negative

    @cached_property
    def passing(self) -> list[Point]:
        """Points that pass, not yet negated."""
        return [point for point in points(self.type, [self.bound]) if self.passes(point)]

    def includes(self, other: Term) -> bool:
        """Whether both have patterns, and each text that matches the other's matches this one's."""
        if self._pattern is None or other._pattern is None:
            return False
        return _includes(self._pattern, other._pattern)


def _only_text(bound: BoundClause) -> str | None:
    """Return the one folded text that passes, where values are compared as texts."""
    test = bound.on(Kind.TEXT)
    match test:
        case Equals(value):
            return str(value) if bound.reading in AS_TEXTS else None
        case Never() | Always() | Within() | Like():
            return None
        case _:
            assert_never(test)


class Entailment:
    """What follows from what by a schema, or by none; remembers what it was asked."""

    def __init__(self, schema: Schema | None) -> None:
        expect_schema(schema)
        self._schema = schema
        self._terms: dict[Clause, Term] = {}
        self._never: dict[Clause, bool] = {}

    def terms(self, clauses: Iterable[Clause]) -> list[Term]:
        """Build terms of clauses."""
        return [self._term(clause) for clause in clauses]

    def _term(self, clause: Clause) -> Term:
        if clause not in self._terms:
            self._terms[clause] = Term(clause, self._schema)
        return self._terms[clause]

    # --- Filters ----------------------------------------------------------------------------------

    def follows(self, premises: Sequence[Term], conclusions: Sequence[Term]) -> bool:
        """Whether the filter of some clauses implies that of others, both as they may be grouped.

        A negative clause in a group with a positive one asks one element, else all of them. So
        where the premises have a positive clause that may make such a group, the conclusions need
        one that is in the same group: clauses of one name always are.
        """
        return all(self.clause_follows(premises, term) for term in conclusions) and not any(
            term.negative
            and term.may_be_grouped
            and self._is_grouped_away(term, premises, conclusions)
            for term in conclusions
        )

    def _is_grouped_away(
        self, conclusion: Term, premises: Iterable[Term], conclusions: Iterable[Term]
    ) -> bool:
        """Whether a positive clause may ask a negative one of fewer elements in the premises."""
        positive = {term.name for term in conclusions if not term.negative}
        return (
            conclusion.name not in positive
            and not self._is_always_true(conclusion)
            and any(
                not term.negative
                and term.may_be_grouped
                and term.name not in positive
                and _root(term) == _root(conclusion)
                for term in premises
            )
        )

    def is_impossible(self, terms: Iterable[Term]) -> bool:
        """Return whether no record matches a filter of these clauses."""
        by_name: dict[str, list[Term]] = {}
        for term in terms:
            by_name.setdefault(term.name, []).append(term)
        return any(map(self._clash, by_name.values()))

    def _clash(self, terms: Sequence[Term]) -> bool:
        """Return whether clauses of one name, which meet the same values, can't all hold."""
        positive = [term for term in terms if not term.negative]
        negative = [term for term in terms if term.negative]
        return (
            any(map(self._is_never_true, positive))
            or any(_covers(wide, narrow) for wide in negative for narrow in positive)
            or (terms[0].is_single and not _satisfiable(terms))
        )

    # --- Clauses ----------------------------------------------------------------------------------

    def clause_follows(self, premises: Iterable[Term], conclusion: Term) -> bool:
        """Whether the clauses of a filter imply one, in whatever groups they stand together."""
        if self._is_always_true(conclusion):
            return True
        same = [term for term in premises if term.name == conclusion.name]
        for term in same:
            if term.negative is conclusion.negative:
                wide, narrow = (term, conclusion) if term.negative else (conclusion, term)
                if _covers(wide, narrow):
                    return True
        # Of one clause with the same polarity all has been said.
        is_more = len(same) > 1 or any(term.negative is not conclusion.negative for term in same)
        return is_more and conclusion.is_single and _entail(same, conclusion)

    def _is_always_true(self, term: Term) -> bool:
        """Return whether a clause is true of every record, as `score!=high` is of numbers."""
        return term.negative and self._is_never_true(term)

    def _is_never_true(self, term: Term) -> bool:
        """Return whether no point passes a clause, not yet negated."""
        clause = term.clause
        if clause not in self._never:
            self._never[clause] = is_reasoned_about(term.bound) and all(
                term.passes(point) is False for point in points(term.type, [term.bound])
            )
        return self._never[clause]


def _root(term: Term) -> str:
    """Return the first segment of a name, which clauses share that may be in one group."""
    return term.name.partition(".")[0]


def _covers(wide: Term, narrow: Term) -> bool:
    """Whether each point that passes one clause passes the other, neither of them negated."""
    if wide.text is not None and narrow.text is not None and wide.text != narrow.text:
        return False  # as of most pairs in a long list
    if wide.includes(narrow) or wide.bound.asks_as(narrow.bound):
        return True
    # Most other pairs end here, without points of their own.
    for point in narrow.passing:
        if wide.passes(point) is False:
            return False
    clauses = wide.bound, narrow.bound
    return all(map(is_reasoned_about, clauses)) and all(
        wide.passes(point) is True
        for point in points(wide.type, clauses)
        if narrow.passes(point) is not False
    )


# --- Clauses about one value ----------------------------------------------------------------------


def _satisfiable(terms: Sequence[Term]) -> bool:
    """Return whether one value may satisfy all clauses of one name."""
    known = [term for term in terms if is_reasoned_about(term.bound)]
    return any(
        all(term.holds(point) is not False for term in known)
        for point in points(terms[0].type, [term.bound for term in known])
    )


def _entail(premises: Sequence[Term], conclusion: Term) -> bool:
    """Return whether one value that satisfies some clauses satisfies another."""
    if not is_reasoned_about(conclusion.bound):
        return False
    known = [term for term in premises if is_reasoned_about(term.bound)]
    return all(
        conclusion.holds(point) is True or any(term.holds(point) is False for term in known)
        for point in points(conclusion.type, [term.bound for term in [*known, conclusion]])
    )


# --- Patterns -------------------------------------------------------------------------------------


def _tokens(fragments: Fragments) -> tuple[str | Wildcard, ...]:
    """Return folded characters and wildcards; among wildcards `?` first, so that `*?` is `?*`."""
    tokens: list[str | Wildcard] = []
    has_run = False
    for number, fragment in enumerate(fragments):
        has_run |= number > 0
        for part in fragment:
            if part is Wildcard.ONE:
                tokens.append(part)
            else:
                tokens += [Wildcard.RUN] * has_run + list(str(part))
                has_run = False
    return (*tokens, *[Wildcard.RUN] * has_run)


_ANY = {(Wildcard.RUN,), (Wildcard.ONE, Wildcard.RUN)}
"""Patterns that every text matches that isn't empty."""


def _includes(wide: Sequence[str | Wildcard], narrow: Sequence[str | Wildcard]) -> bool:
    """Return whether one pattern matches another as if it were a text.

    Only a `*` matches a `*`, and only `*` and `?` a `?`: that is enough for every text to match.
    """
    if len(wide) * len(narrow) > _MOST_STEPS:
        return False
    places = _reached(wide, {0})
    for token in narrow:
        following = set()
        for place in places:
            if place < len(wide):
                at = wide[place]
                if at is Wildcard.RUN:
                    following.add(place)
                elif at == token or (at is Wildcard.ONE and token is not Wildcard.RUN):
                    following.add(place + 1)
        places = _reached(wide, following)
    return len(wide) in places


def _reached(wide: Sequence[str | Wildcard], places: set[int]) -> set[int]:
    """Add the places behind each `*` that may be none."""
    reached = set(places)
    for place in places:
        while place < len(wide) and wide[place] is Wildcard.RUN:
            place += 1  # noqa: PLW2901 — it walks on from there
            reached.add(place)
    return reached
