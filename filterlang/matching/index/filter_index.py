"""Many filters × one record: a `FilterIndex` says which of many saved filters match.

It looks at what the record holds, not at one filter after the other. `facts` says what stands under
a name, `lookups` what clauses ask of that, `shares` how selective they are; `tables` and `buckets`
are where filters stand by their conditions, and `search` finds them there.
"""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from filterlang.checking.parse import filter_set_of, parse
from filterlang.diagnostics.diagnostic import shown
from filterlang.diagnostics.errors import FilterError
from filterlang.matching.index.buckets import Checked, Grouped, Node
from filterlang.matching.index.facts import IndexedName
from filterlang.matching.index.look import Look, Together
from filterlang.matching.index.lookups import Judges, SharedClause
from filterlang.matching.index.search import search
from filterlang.matching.index.shares import close_columns, see, selectivity
from filterlang.matching.matcher import Matcher
from filterlang.matching.several_records import expect_records
from filterlang.schema.binding import expect_schema, reading_of
from filterlang.semantics.judge import holds
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import BoundClause
from filterlang.syntax.nodes import Clause, Filter, FilterSet
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.matching.index.shares import Asked
    from filterlang.matching.matcher import Explanation
    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters
    from filterlang.syntax.operators import Operator


_KeyT = TypeVar("_KeyT", bound=Hashable)
_RecordT = TypeVar("_RecordT")

_SAMPLE = 4096
"""So many filter sets are looked at to judge by them what others ask for."""
_BETWEEN_CALLS = 1000
"""So many filter sets are put in between two calls of `progress`."""
_MOST_BOUND = 1024
"""So many filters are kept in the form that the judge takes."""

_selectivity = attrgetter("selectivity")


class FilterIndex(Generic[_KeyT]):
    """Many saved filters by their keys; `match` says which of them match a record.

    The verdicts are those of a `Matcher` of each key's filters, in a small part of the time that
    asking each of them would take: a record pays for what it holds and for what matches it, hardly
    for the number of filters. Any number of threads may ask at the same time; while one of them
    adds or removes filters, no other may use the index. It can be pickled, which keeps the filters
    and builds the index again.

    Args:
        filters: key → what `filterlang.compile` takes: filters, parsed or as text.
        schema: resolves aliases and types the values of records, as in `filterlang.compile`.
        progress: called with the numbers of filter sets done and to do, now and then while the
            index is built; what it raises ends the building. Until then, Python's collector of
            cycles (`gc`) pauses.

    Raises:
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given; a note
            names the key.

    Memory: about 450 bytes a filter of two or three clauses (tracemalloc, CPython 3.11, 100,000
    filters: 45 MB), beside the parsed filters themselves if they are given so; texts are kept as
    texts.

    Example:
        >>> index = FilterIndex({"teens": "age>=13;age<20", "Bonn": ["city==Bonn", "zip~531*"]})
        >>> index.match({"age": 17, "zip": "53113"})
        ['teens', 'Bonn']
    """

    __slots__ = (
        "_bound",
        "_columns",
        "_columns_by_name",
        "_given",
        "_judges",
        "_keys",
        "_next",
        "_numbers",
        "_root",
        "_seen",
        "_shared",
        "_together",
        "schema",
    )
    schema: Schema | None

    def __init__(
        self,
        filters: Mapping[_KeyT, Filters],
        schema: Schema | None = None,
        *,
        progress: Callable[[int, int], object] | None = None,
    ) -> None:
        expect_schema(schema)
        self.schema = schema
        self._given: dict[_KeyT, Filters] = {}
        # Each filter has a number; a set takes several in a row, and one if it is empty.
        self._numbers: dict[_KeyT, int] = {}
        self._keys: dict[int, _KeyT] = {}
        self._next = 0
        self._root = Node()
        self._judges = Judges()
        self._bound: dict[int, list[BoundClause]] = {}
        self._columns: dict[tuple[str, Reading], IndexedName] = {}
        self._columns_by_name: dict[str, IndexedName] = {}
        # The conditions of each name, by operator and text, whichever filters have them.
        self._shared: dict[IndexedName, dict[Operator, dict[str, SharedClause]]] = {}
        self._together: dict[tuple[IndexedName, ...], Together] = {}
        self._seen = 0
        # Nothing that is made here is garbage; looking through it again and again for cycles would
        # take a third of the time.
        collects = gc.isenabled()
        gc.disable()
        try:
            self._build(filters, progress)
        finally:
            if collects:
                gc.enable()

    def _build(
        self, filters: Mapping[_KeyT, Filters], progress: Callable[[int, int], object] | None
    ) -> None:
        total = len(filters)
        kept = {key: _kept(given) for key, given in filters.items()}
        sample = list(islice(kept.items(), 0, None, total // _SAMPLE + 1))
        close_columns(
            [asked for key, given in sample for asked in self._see(_parsed(key, given))], total
        )
        for done, (key, given) in enumerate(kept.items()):
            if progress is not None and done % _BETWEEN_CALLS == 0:
                progress(done, total)
            self._put(key, given, _parsed(key, given), total)
        if progress is not None:
            progress(total, total)

    # --- Filters come and go ---

    def add(self, key: _KeyT, filters: Filters) -> None:
        """Add filters under a key that isn't there yet.

        Raises:
            ValueError: if the key is there; `remove` it first.
            FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given.

        Example:
            >>> index = FilterIndex({})
            >>> index.add("adults", "age>=18")
            >>> index.match({"age": 30})
            ['adults']
        """
        if key in self._given:
            message = f"there are filters under the key {shown(key)} already; remove them first"
            raise ValueError(message)
        given = _kept(filters)
        parsed = _parsed(key, given)
        if self._seen < _SAMPLE:
            self._see(parsed)
        self._put(key, given, parsed, len(self))

    def remove(self, key: _KeyT) -> None:
        """Remove the filters under a key.

        Raises:
            KeyError: if there are none.

        Example:
            >>> index = FilterIndex({"adults": "age>=18"})
            >>> index.remove("adults")
            >>> len(index)
            0
        """
        filters = _parsed(key, self._given_under(key))
        first = self._numbers.pop(key)
        del self._given[key]
        for number, filter_ in enumerate(filters, first):
            conditions = self._conditions(filter_, len(self))
            self._root.discard(number, conditions)
            for condition in conditions:
                self._release(condition)
            self._bound.pop(number, None)
            del self._keys[number]
        if not filters:
            self._root.discard(first, ())
            del self._keys[first]

    def _see(self, filters: tuple[Filter, ...]) -> list[list[Asked]]:
        """Take filters into account for what is thought of others."""
        self._seen += 1
        seen = [
            [(self._column(clause.name), clause.operator, clause.expression) for clause in filter_]
            for filter_ in filters
        ]
        for clauses in seen:
            for asked in clauses:
                see(*asked)
        return seen

    def _put(self, key: _KeyT, given: Filters, filters: tuple[Filter, ...], total: int) -> None:
        self._given[key] = given
        self._numbers[key] = number = self._next
        # An empty set takes a number as well.
        self._next += len(filters) or 1
        if not filters:
            self._keys[number] = key
            self._root.insert(number)
        for one, filter_ in enumerate(filters, number):
            self._keys[one] = key
            conditions = self._conditions(filter_, total)
            for condition in conditions:
                condition.uses += 1
            for condition in self._root.insert(self._entry(one, conditions)):
                self._release(condition)

    def _conditions(self, filter_: Filter, total: int) -> tuple[SharedClause, ...]:
        """Return the conditions of a filter, each once, the most selective ones first."""
        conditions: dict[SharedClause, None] = {}
        columns = self._columns_by_name
        for clause in filter_.clauses:
            # Most names were asked for before, and so were many clauses.
            column = columns.get(clause.name) or self._column(clause.name)
            operator, expression = clause.operator, clause.expression
            by_text = self._shared[column].get(operator)
            if by_text is None:
                by_text = self._shared[column][operator] = {}
            text = expression.text if isinstance(expression, Pattern) else expression
            condition = by_text.get(text)
            if condition is None:
                worth = selectivity(column, operator, expression, total)
                condition = by_text[text] = SharedClause(column, operator, expression, worth)
            conditions[condition] = None
        if len(conditions) == 1:
            return tuple(conditions)
        return tuple(sorted(conditions, key=_selectivity, reverse=True))

    def _entry(self, number: int, conditions: tuple[SharedClause, ...]) -> Checked | Grouped:
        columns = [one.column for one in conditions if len(one.column.segments) > 1]
        if len(columns) > 1 and not all(one.is_negative for one in conditions):
            heads = [column.segments[0] for column in columns]
            if len(set(heads)) < len(heads):
                several = {head for head, count in Counter(heads).items() if count > 1}
                shared = tuple([column for column in columns if column.segments[0] in several])
                together = self._together.get(shared)
                if together is None:
                    together = self._together[shared] = Together(shared)
                return Grouped((number, together, (), *conditions))
        return Checked((number, *conditions))

    def _column(self, name: str) -> IndexedName:
        column = self._columns_by_name.get(name)
        if column is None:
            found = None if self.schema is None else self.schema.find(name)
            real_name = name if found is None else found.name
            reading = Reading.AS_IS
            if found is not None and found.dimension is not None:
                reading = reading_of(found.dimension)
            column = self._columns.get((real_name, reading))
            if column is None:
                column = self._columns[real_name, reading] = IndexedName(real_name, reading)
                self._shared[column] = {}
            self._columns_by_name[name] = column
        return column

    # --- What a record matches ---

    def match(self, record: object) -> list[_KeyT]:
        """Return the keys whose filters match a record, in the order in which they were added.

        No record's content makes it raise.

        Example:
            >>> FilterIndex({1: "city==Bonn", 2: "city~b*", 3: "city==Ulm"}).match({"city": "BONN"})
            [1, 2]
        """
        numbers = search(Look(record, self._judges, self._holds), self._root)
        if not numbers:
            return []
        found = [self._keys[number] for number in sorted(numbers)]
        # Several filters of one set may match.
        return found if len(self._keys) == len(self._numbers) else list(dict.fromkeys(found))

    def match_many(self, records: Iterable[_RecordT]) -> Iterator[tuple[_RecordT, list[_KeyT]]]:
        """Iterate over records, each with the keys whose filters match it.

        Raises:
            TypeError: for what gives no records, such as a text, a file, a frame or one record.

        Example:
            >>> index = FilterIndex({1: "score>=10", 2: "score>=20"})
            >>> for record, keys in index.match_many([{"score": 15}, {"score": 25}]):
            ...     print(record, keys)
            {'score': 15} [1]
            {'score': 25} [1, 2]
        """
        expect_records(records)
        return ((record, self.match(record)) for record in records)

    def explain(self, key: _KeyT, record: object) -> Explanation:
        """Return which clauses of a key's filters decided about a record, and on what values.

        Raises:
            KeyError: if there are no filters under the key.

        Example:
            >>> print(FilterIndex({1: "score>=10"}).explain(1, {"score": 9}))
            no match
            filter 1 does not match: score>=10
              no   score>=10: 9
        """
        filters = _parsed(key, self._given_under(key))
        return Matcher(FilterSet(filters), self.schema).explain(record)

    def _holds(self, number: int, record: object) -> bool:
        """Return whether a filter matches, by the rules of the language alone."""
        bound = self._bound.get(number)
        if bound is None:
            if len(self._bound) >= _MOST_BOUND:
                self._bound.clear()
            bound = self._bound[number] = self._bind(number)
        return holds(bound, record)

    def _bind(self, number: int) -> list[BoundClause]:
        key = self._keys[number]
        filters = _parsed(key, self._given[key])
        clauses = filters[number - self._numbers[key]].clauses
        columns = [self._column(clause.name) for clause in clauses]
        return [
            BoundClause(clause, column.name, column.reading)
            for clause, column in zip(clauses, columns, strict=True)
        ]

    def _release(self, condition: SharedClause) -> None:
        """Forget a condition that no filter has any more."""
        condition.uses -= 1
        if condition.uses <= 0:
            expression = condition.expression
            text = expression if isinstance(expression, str) else expression.text
            self._shared[condition.column][condition.operator].pop(text, None)

    def _given_under(self, key: _KeyT) -> Filters:
        try:
            return self._given[key]
        except KeyError:
            message = f"there are no filters under the key {shown(key)}"
            raise KeyError(message) from None

    # --- A collection of keys ---

    def __len__(self) -> int:
        return len(self._given)

    def __contains__(self, key: object) -> bool:
        return key in self._given

    def __iter__(self) -> Iterator[_KeyT]:
        return iter(self._given)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._given, self.schema)

    def __repr__(self) -> str:
        return f"<FilterIndex: the filters of {len(self):,} keys>"


_KEPT = (FilterSet, Filter, Clause, str)


def _kept(filters: Filters) -> Filters:
    """Return filters in a form that lasts: an iterable of texts may be gone when it was read."""
    return filters if isinstance(filters, _KEPT) else tuple(filters)


def _parsed(key: object, filters: Filters) -> tuple[Filter, ...]:
    try:
        # Most are texts.
        return (parse(filters) if isinstance(filters, str) else filter_set_of(filters)).filters
    except (FilterError, TypeError) as error:
        error.add_note(f"in the filters under the key {shown(key)}")
        raise
