"""Strategies for records: any, those that filters match, and those that they just miss."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import compress, pairwise
from operator import not_
from typing import TYPE_CHECKING, Any

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.testing", "testing", "hypothesis"):
    from hypothesis import strategies as st

from filterlang.matching.matcher import Matcher, compile
from filterlang.semantics.values import fold, read_boolean, read_instant, read_number
from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.nodes import Clause, Filter
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from filterlang.schema.schema import Dimension, Schema
    from filterlang.syntax.argument_types import Filters

    Record = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_ELEMENTS = 3
_RARELY = 4
"""One of so many values is missing."""
_FAR = 10**25
"""Numbers beyond it have neighbours that are no longer told apart."""

_words = st.text("abcABCéßİσ ,;*?0123", max_size=8)
_scalars = st.one_of(
    _words,
    st.integers(-20, 20),
    st.floats(-20, 20),
    st.booleans(),
    st.dates(),
    st.none(),
)
_values = st.recursive(
    _scalars,
    lambda values: (
        st.lists(values, max_size=_MOST_ELEMENTS)
        | st.dictionaries(st.sampled_from("abc"), values, max_size=_MOST_ELEMENTS)
    ),
    max_leaves=8,
)
_of_json = _words | st.integers(-20, 20) | st.booleans() | st.none()
_OF_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "text": _words,
    "integer": st.integers(-20, 20) | st.integers(-(2**63), 2**63),
    "number": st.floats(-1000, 1000) | st.integers(-20, 20),
    "boolean": st.booleans(),
    "datetime": st.integers(-(10**12), 4 * 10**12),
}


def records(schema: Schema | None = None) -> st.SearchStrategy[Record]:
    """Draw records, as JSON would give them: any, or those that a schema describes.

    Dates are epoch milliseconds where a schema is given. Any value may be missing: not there, null,
    or an empty text or list.

    Example:
        >>> from filterlang import Schema
        >>> from hypothesis import find
        >>> find(records(Schema({"score": "integer"})), lambda record: record.get("score"))
        {'score': 1}
    """
    if schema is None:
        return st.dictionaries(st.sampled_from(["a", "b", "c", "a.b"]), _values, max_size=4)
    return _objects(dict(schema.dimensions))


def _objects(fields: Mapping[str, Dimension]) -> st.SearchStrategy[Record]:
    return st.fixed_dictionaries({}, optional={name: _field(one) for name, one in fields.items()})


def _joined(record: Record, known: Record) -> Record:
    return {**record, **known}


def _field(dimension: Dimension) -> st.SearchStrategy[Any]:
    one: st.SearchStrategy[Any]
    if dimension.type == "object":
        one = _objects(dict(dimension.fields))
        if dimension.is_open:
            free = st.dictionaries(st.sampled_from(["plan", "seats"]), _of_json, max_size=2)
            one = st.builds(_joined, free, one)
    elif dimension.values:
        one = st.sampled_from(dimension.values)
    else:
        one = _OF_TYPE[dimension.type]
    if dimension.is_list:
        one = st.lists(one, max_size=_MOST_ELEMENTS)
    return st.integers(1, _RARELY).flatmap(lambda dice: st.none() if dice == 1 else one)


# --- For given filters ----------------------------------------------------------------------------


def matching_records(filters: Filters, schema: Schema | None = None) -> st.SearchStrategy[Record]:
    """Draw records that given filters match, by one of the filters at random.

    Args:
        filters: what `filterlang.compile` takes.
        schema: types the values of the records, and resolves aliases, as for `filterlang.compile`.

    Raises:
        ValueError: when no record is found, as for `type==LEAD;type==USER` where a schema says that
            the type is one; the message names the filters.
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given.

    Example:
        >>> from hypothesis import given
        >>> @given(matching_records("location.city==Bonn;score>=10"))
        ... def test_scores_of_bonn(record):
        ...     assert compile("score>=10")(record)
        >>> test_scores_of_bonn()
    """
    matcher = compile(filters, schema=schema)
    if not matcher.filters.filters:
        return records(schema)
    found = [draft for draft in _drafts(matcher) if draft.hits]
    if not found:
        message = f"no record was found that matches {_listed(matcher)}"
        raise ValueError(message)
    drawn = st.sampled_from(found).flatmap(lambda draft: draft.records(draft.hits, schema))
    return drawn.filter(matcher)


def near_misses(filters: Filters, schema: Schema | None = None) -> st.SearchStrategy[Record]:
    """Draw records that given filters just miss: those of one name keep a filter from matching.

    No filter matches such a record, and one filter would without its clauses about that name.

    Args:
        filters: what `filterlang.compile` takes.
        schema: types the values of the records, and resolves aliases, as for `filterlang.compile`.

    Raises:
        ValueError: when no record is found, as for no filters at all, which nothing misses.
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given.

    Example:
        >>> from hypothesis import given
        >>> @given(near_misses("city==Bonn;score>=10"))
        ... def test_one_of_both_is_wrong(record):
        ...     assert compile("city==Bonn")(record) != compile("score>=10")(record)
        >>> test_one_of_both_is_wrong()
    """
    matcher = compile(filters, schema=schema)
    found = [(draft, name) for draft in _drafts(matcher) for name in draft.misses]
    if not found:
        message = f"no record was found that just misses {_listed(matcher)}"
        raise ValueError(message)
    drawn = st.sampled_from(found).flatmap(
        lambda chosen: chosen[0].records(chosen[0].missing(chosen[1]), schema)
    )
    return drawn.filter(lambda record: not matcher(record))


class _Draft:
    """Values by which one filter is matched or missed: for each of its names, several to choose."""

    def __init__(self, filter_: Filter, schema: Schema | None) -> None:
        by_name: dict[str, list[Clause]] = {}
        for clause in filter_:
            name = clause.name if schema is None else schema.resolve(clause.name)
            by_name.setdefault(name, []).append(Clause(name, clause.operator, clause.expression))
        self._lists = frozenset(_lists_on_the_way(by_name, schema))
        self._hits: dict[str, list[Any]] = {}
        self._misses: dict[str, list[Any]] = {}
        for name, clauses in by_name.items():
            whole = compile(Filter(clauses), schema=schema)
            candidates = [one for one in _candidates(clauses) if _is_of(name, schema, one)]
            passed = [whole(_record({name: value}, {})) for value in candidates]
            self._hits[name] = list(compress(candidates, passed))
            self._misses[name] = list(compress(candidates, map(not_, passed)))
            if not self._hits[name] and _may_be_list(name, schema):
                # What no value passes, several in a list may: `tags==a;tags==b`.
                several = [value for value in candidates if value is not _NOT_THERE]
                self._hits[name] = [several] if whole({name: several}) else []

    @property
    def hits(self) -> dict[str, list[Any]]:
        """The values that pass all clauses of their name; empty if a name has none."""
        return self._hits if all(self._hits.values()) else {}

    @property
    def misses(self) -> list[str]:
        """The names that can be missed while the others are hit."""
        return [
            name
            for name, values in self._misses.items()
            if values and all(hits for other, hits in self._hits.items() if other != name)
        ]

    def missing(self, name: str) -> dict[str, list[Any]]:
        """Return the values by which just one name is missed."""
        return {**self._hits, name: self._misses[name]}

    def records(
        self, values: Mapping[str, Sequence[Any]], schema: Schema | None
    ) -> st.SearchStrategy[Record]:
        """Draw records with one of the values for each name, and with anything beside them."""
        chosen = st.fixed_dictionaries(
            {name: st.sampled_from(choices) for name, choices in values.items()}
        )
        lists = st.sampled_from([None, self._lists]) if self._can_nest() else st.none()
        return st.builds(_record, chosen, records(schema), lists)

    def _can_nest(self) -> bool:
        """Whether no name leads through another: only a flat record holds both `a` and `a.b`."""
        return not any(name.startswith(f"{other}.") for name in self._hits for other in self._hits)


_NOT_THERE = object()


def _record(values: Record, beside: Record, lists: frozenset[str] | None = None) -> Record:
    """Put values where their names lead, beside others that none of these names leads to.

    With `lists`, the names of lists of objects, the values stand in objects in each other; without
    it they stand under their whole names.
    """
    first = {name.partition(".")[0] for name in values}
    record = {key: value for key, value in beside.items() if key.partition(".")[0] not in first}
    for name, value in values.items():
        if value is _NOT_THERE:
            continue
        if lists is None:
            record[name] = value
            continue
        place, path = record, ""
        *way, last = name.split(".")
        for segment in way:
            path = f"{path}.{segment}" if path else segment
            inner = place.setdefault(segment, [{}] if path in lists else {})
            place = inner[0] if path in lists else inner
        place[last] = value
    return record


_HELD: dict[str, tuple[type, ...]] = {
    "text": (str, int, float),
    "enum": (str,),
    "integer": (int, float, str),
    "number": (int, float, str),
    "boolean": (bool, str),
    "datetime": (datetime, int, str),
}
"""What records hold of a type: itself, or the text that a CSV file has."""


def _is_of(name: str, schema: Schema | None, value: object) -> bool:
    """Return whether a record of a schema may hold a value."""
    found = None if schema is None else schema.find(name)
    if value is None or value is _NOT_THERE or found is None or found.dimension is None:
        return True
    is_flag = isinstance(value, bool) and found.dimension.type != "boolean"
    return isinstance(value, _HELD[found.dimension.type]) and not is_flag


def _may_be_list(name: str, schema: Schema | None) -> bool:
    found = None if schema is None else schema.find(name)
    return found is None or found.dimension is None or bool(found.lists)


def _lists_on_the_way(names: Iterable[str], schema: Schema | None) -> Iterator[str]:
    for name in names:
        found = None if schema is None else schema.find(name)
        if found is not None:
            yield from (one for one in found.lists if one != name)


def _drafts(matcher: Matcher) -> list[_Draft]:
    return [_Draft(filter_, matcher.schema) for filter_ in matcher.filters]


def _listed(matcher: Matcher) -> str:
    texts = [f"'{filter_}'" for filter_ in matcher.filters]
    return " or ".join(texts) or "no filters at all, which match everything"


# --- Values that clauses speak of -----------------------------------------------------------------


def _candidates(clauses: Sequence[Clause]) -> Iterator[object]:
    """Return values about which clauses of one name say something, the plainest first."""
    found: list[object] = []
    for clause in clauses:
        found += _of_clause(clause)
    found += _between(clauses)
    found += ["", None, _NOT_THERE, "other", 0]
    seen: set[tuple[type, object]] = set()
    for value in found:
        key = (type(value), value)
        if key not in seen:
            seen.add(key)
            yield value


def _of_clause(clause: Clause) -> Iterator[object]:
    if isinstance(clause.expression, Pattern):
        yield from _of_pattern(clause.expression)
        return
    text = clause.expression
    yield text
    number = read_number(text)
    if number is not None and abs(number) < _FAR:
        yield from _near_number(number)
    boolean = read_boolean(text)
    if boolean is not None:
        yield boolean
        yield not boolean
    instant = read_instant(text)
    if instant is not None:
        yield from _near_instant(instant)
    if fold(text) == fold(text.upper()):
        yield text.upper()
    yield text + "x"
    yield text[:-1]


def _near_number(number: Decimal) -> Iterator[object]:
    for near in (number, number + 1, number - 1):
        yield int(near) if near == int(near) else float(near)


def _near_instant(microseconds: int) -> Iterator[object]:
    for near in (microseconds, microseconds + 1000, microseconds - 1000):
        yield near // 1000
        try:
            yield _EPOCH + timedelta(microseconds=near)
        except OverflowError:
            continue


def _of_pattern(pattern: Pattern) -> Iterator[str]:
    for run, one in (("", "x"), ("x", "y"), ("some text", "z")):
        fillings = {Wildcard.RUN: run, Wildcard.ONE: one}
        yield "".join(
            fillings[part] if isinstance(part, Wildcard) else part for part in pattern.parts
        )
    plain = "".join(part for part in pattern.parts if not isinstance(part, Wildcard))
    yield plain + "\u00a7"
    yield "\u00a7" + plain


def _between(clauses: Sequence[Clause]) -> Iterator[object]:
    """Return what lies between two numbers that clauses name."""
    numbers = sorted(
        number
        for clause in clauses
        if isinstance(clause.expression, str)
        and (number := read_number(clause.expression)) is not None
        and abs(number) < _FAR
    )
    for low, high in pairwise(numbers):
        yield float((low + high) / 2)
