"""How the clauses of one filter go together: which repeat each other, and which can't both hold."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, assert_never

from filterlang.diagnostics.diagnostic import quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.schema.binding import KINDS, bind_found
from filterlang.semantics.tests import Always, End, Equals, Like, Never, Within
from filterlang.semantics.values import is_handy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Found
    from filterlang.semantics.kinds import Kind
    from filterlang.semantics.tests import BoundClause
    from filterlang.syntax.nodes import Clause
    from filterlang.syntax.split import Placed

    Find = Callable[[str], Found | None]


class Together:
    """Finds clauses of one filter that repeat each other, or can't hold together, one by one.

    Order and different equalities are reasoned about only where the schema says that a record has
    one value of a known type: on text, or across the elements of a list, `a>10;a<5` can hold.
    """

    def __init__(self, find: Find, source_index: int = 0) -> None:
        self._find = find
        self._source_index = source_index
        self._first: dict[str, tuple[Placed, BoundClause, Found | None]] = {}
        self._asked: dict[str, _Asked] = {}

    def conflict(self, placed: Placed) -> Diagnostic | None:
        """Add a clause; say so if it repeats an earlier one, or can't hold together with it."""
        found = self._find(placed.clause.name)
        bound = bind_found(placed.clause, found)
        asked = self._asked.get(bound.name)
        if asked is None:
            first = self._first.setdefault(bound.name, (placed, bound, found))
            if first[0] is placed:
                # What it asks of each kind of value matters only where another one follows.
                return None
            asked = self._asked[bound.name] = _Asked()
            asked.add(*first)
        code, other = asked.add(placed, bound, found)
        if other is None:
            return None
        return diagnose(
            code,
            placed.span,
            source_index=self._source_index,
            other=quoted(str(other.clause))[1:-1],
        )


def same_filter(clauses: Iterable[Clause], find: Find) -> frozenset[object]:
    """Return a value that two filters share only if they ask for the same, in whatever order."""
    keys = set()
    for clause in clauses:
        found = find(clause.name)
        bound = bind_found(clause, found)
        keys.add((bound.name, bound.negative, _meaning(bound, found)))
    return frozenset(keys)


_MOST_LEFT_OUT = 20
"""In how many clauses of a filter it is looked for what another filter lets pass."""


def left_out(clauses: Sequence[Clause], find: Find) -> Iterator[tuple[object, object, str]]:
    """Return for each clause of one value that is left out: where, which value, and the clause.

    Two filters that leave out different values in one place leave out nothing there, as each value
    passes one of the two. The other clauses belong to the place.
    """
    if len(clauses) > _MOST_LEFT_OUT:
        return
    keys = {}
    for clause in clauses:
        found = find(clause.name)
        bound = bind_found(clause, found)
        keys[bound.name, bound.negative, _meaning(bound, found)] = clause, bound, found
    for key, (clause, bound, found) in keys.items():
        # Of several values in one record, all may be among those that are left out.
        is_one = found is None or found.is_scalar
        if is_one and bound.negative and not (bound.of_missing or bound.is_pattern):
            yield (bound.name, frozenset(keys.keys() - {key})), key, str(clause)


def _meaning(bound: BoundClause, found: Found | None) -> object:
    """Return what a clause asks of the values that its name may lead to."""
    dimension = None if found is None else found.dimension
    kinds = KINDS["object"] if dimension is None else KINDS[dimension.type][:1]
    tests = tuple([bound.on(kind) for kind in kinds])
    # What no value passes, or each one, doesn't tell two expressions from each other.
    is_telling = any(isinstance(test, Equals | Within | Like) for test in tests)
    return tests if is_telling else (tests, bound.clause.expression)


class _Asked:
    """What the clauses of one filter ask of one name, so far: the values that all of them allow.

    A clause that can't hold with those before it adds nothing, so that each is said once.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[bool, object], Placed] = {}
        self._refused: dict[object, Placed] = {}
        self._empty: Placed | None = None
        self._filled: Placed | None = None
        self._low: _Limit | None = None
        self._high: _Limit | None = None

    def add(
        self, placed: Placed, bound: BoundClause, found: Found | None
    ) -> tuple[str, Placed | None]:
        """Add a clause; return the code of what is wrong with it, and what it clashes with."""
        meaning = _meaning(bound, found)
        if (same := self._seen.get((bound.negative, meaning))) is not None:
            return "FL514", same
        if (opposite := self._seen.get((not bound.negative, meaning))) is not None:
            return "FL513", opposite
        self._seen[bound.negative, meaning] = placed
        if found is None or found.dimension is None or not found.is_scalar:
            return "", None
        clash = self._clash(placed, bound, KINDS[found.dimension.type][0])
        return ("", None) if clash is None else ("FL513", clash)

    def _clash(self, placed: Placed, bound: BoundClause, kind: Kind) -> Placed | None:
        if bound.of_missing:
            return None if bound.negative else self._emptied(placed)
        test = bound.on(kind)
        match test:
            case Never() | Always() | Like():
                return None
            case Equals(value):
                if not _is_known(value) or bound.is_pattern:
                    return None
                if bound.negative:
                    return self._refuse(placed, value)
                self._filled = self._filled or placed
                clash = self._empty or self._refused.get(value)
                return clash or self._narrow(*_limits(placed, value))
            case Within(low, high, of_text):
                # Of text, the empty one comes before every other, so that order says nothing.
                if of_text or not all(_is_known(end.value) for end in (low, high) if end):
                    return None
                self._filled = self._filled or placed
                limits = [None if end is None else _Limit(end, placed) for end in (low, high)]
                return self._empty or self._narrow(*limits)
            case _:
                assert_never(test)

    def _emptied(self, placed: Placed) -> Placed | None:
        self._empty = self._empty or placed
        return self._filled

    def _refuse(self, placed: Placed, value: object) -> Placed | None:
        self._refused[value] = placed
        low, high = self._low, self._high
        # Of the values that are allowed only one is left, and it is this one.
        is_only = low is not None and high is not None and low.value == value == high.value
        return low.placed if low is not None and is_only else None

    def _narrow(self, low: _Limit | None, high: _Limit | None) -> Placed | None:
        if low is not None and self._high is not None and low.excludes(self._high):
            return self._high.placed
        if high is not None and self._low is not None and self._low.excludes(high):
            return self._low.placed
        if low is not None and (self._low is None or low.is_above(self._low)):
            self._low = low
        if high is not None and (self._high is None or high.is_below(self._high)):
            self._high = high
        return None


class _Limit(NamedTuple):
    """One end of a range of values, and the clause that set it."""

    end: End
    placed: Placed

    @property
    def value(self) -> Any:
        return self.end.value

    def excludes(self, high: _Limit) -> bool:
        """Return whether nothing lies between this end and a higher one."""
        is_closed = self.end.is_closed and high.end.is_closed
        return _beyond(self.value, high.value, is_closed=is_closed)

    def is_above(self, other: _Limit) -> bool:
        """Return whether this lower end leaves less than another."""
        return (self.value, not self.end.is_closed) > (other.value, not other.end.is_closed)

    def is_below(self, other: _Limit) -> bool:
        """Return whether this upper end leaves less than another."""
        return (self.value, self.end.is_closed) < (other.value, other.end.is_closed)


def _limits(placed: Placed, value: Any) -> tuple[_Limit, _Limit]:
    limit = _Limit(End(value, is_closed=True), placed)
    return limit, limit


def _is_known(value: object) -> bool:
    """Return whether a value can be reasoned about: not a number with too many digits."""
    return not isinstance(value, Decimal) or is_handy(value)


def _beyond(low: Any, high: Any, *, is_closed: bool) -> bool:
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        # A record's number may be a double, to which close decimals are the same.
        doubles = _beyond(float(low), float(high), is_closed=is_closed)
        return doubles and (low > high or (not is_closed and low == high))
    return bool(low > high or (not is_closed and low == high))
