"""Many filters × one record: a `FilterIndex` says which of many saved filters match.

It looks at what the record holds, not at the filters one by one: `facts` says what stands under a
name, `conditions` what clauses ask of that, `tables` and `nodes` where the filters stand by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from filterlang.escaping import Wildcard
from filterlang.index.conditions import Condition, access_of, selectivity_of
from filterlang.index.facts import Column
from filterlang.index.nodes import Grouped, Look, Node
from filterlang.matcher import Explanation, Matcher
from filterlang.nodes import Clause, Filter, FilterSet, Pattern, filters_of
from filterlang.operators import Operator
from filterlang.parser import parse
from filterlang.semantics import Probe, holds
from filterlang.values import read_boolean

if TYPE_CHECKING:
    from filterlang.schema import Schema

_KeyT = TypeVar("_KeyT", bound=Hashable)
_RecordT = TypeVar("_RecordT")

_STEPS_PER_CALL = 1000
_MOST_PROBES = 1024


class FilterIndex(Generic[_KeyT]):
    def __init__(self, filters, schema=None, *, progress=None) -> None:
        self.schema = schema
        self._columns_by_name: dict[str, Column] = {}
        self._columns: dict[tuple[str, str | None], Column] = {}
        self._conditions: dict[Column, dict[str, dict[str, Condition]]] = {}
        self._together: dict[tuple[Column, ...], tuple[Column, ...]] = {}
        self._root = Node()
        self._given: dict[_KeyT, Any] = {}
        self._numbers: dict[_KeyT, int] = {}
        self._keys: dict[int, _KeyT] = {}
        self._next = 0
        counts: dict[Column, Counter] = {}
        total = 2 * len(filters)
        done = 0
        for key, given in filters.items():
            if type(given) is not FilterSet and not isinstance(given, (Filter, Clause, str, FilterSet)):
                given = tuple(given)
            self._given[key] = given
            for filter_ in _filters(given):
                for clause in filter_:
                    if clause.operator is Operator.EQ:
                        column = self._column(clause.name)
                        c = counts.get(column)
                        if c is None:
                            c = counts[column] = Counter()
                        c[clause.expression] += 1
            done += 1
            if progress is not None and done % _STEPS_PER_CALL == 0:
                progress(done, total)
        totals = {column: sum(c.values()) + 20 for column, c in counts.items()}
        def share(column, expression):
            return counts[column][expression] / totals[column]
        for key, given in self._given.items():
            self._put(key, _filters(given), share)
            done += 1
            if progress is not None and done % _STEPS_PER_CALL == 0:
                progress(done, total)

    def _put(self, key, filters, share):
        number = self._next
        self._numbers[key] = number
        self._next += max(1, len(filters))
        if not filters:
            self._keys[number] = key
            self._root.insert(number)
        for number, filter_ in enumerate(filters, number):
            self._keys[number] = key
            self._root.insert(self._entry(number, filter_, share))

    def _entry(self, number, filter_, share):
        conditions = dict.fromkeys([self._condition(clause, share) for clause in filter_.clauses])
        if len(conditions) > 1:
            heads = {}
            for c in conditions:
                if len(c.column.segments) > 1:
                    heads.setdefault(c.column.segments[0], []).append(c)
            shared = [c.column for cs in heads.values() if len(cs) > 1 for c in cs]
            if shared and not all(c.is_negative for c in conditions):
                cols = tuple(dict.fromkeys(shared))
                cols = self._together.setdefault(cols, cols)
                return Grouped((number, cols, *conditions))
        return (number, *conditions)

    def _condition(self, clause, share):
        column = self._column(clause.name)
        operator, expression = clause.operator, clause.expression
        text = expression.text if isinstance(expression, Pattern) else expression
        by_text = self._conditions.setdefault(column, {}).setdefault(operator, {})
        condition = by_text.get(text)
        if condition is None:
            sel = selectivity_of(self._share(column, operator, expression, share))
            condition = by_text[text] = Condition(column, operator, expression, sel)
        condition.uses += 1
        return condition

    def _share(self, column, operator, expression, share):
        if isinstance(expression, Pattern):
            shape, literal, _ = access_of(expression)
            if shape == "plain":
                return 0.01
            return max(min(0.9, (8 if shape == "infix" else 1)* 8.0 ** -len(literal)), 0.001)
        if operator.orders:
            return 0.4
        if not expression:
            return 0.25
        if read_boolean(expression) is not None:
            return 0.5
        if operator is Operator.EQ:
            return share(column, expression)
        return 0.5

    def _column(self, name):
        column = self._columns_by_name.get(name)
        if column is None:
            found = None if self.schema is None else self.schema.find(name)
            if found is not None:
                place = found.name, None if found.dimension is None else found.dimension.type
            else:
                place = name, None
            column = self._columns.get(place)
            if column is None:
                column = self._columns[place] = Column(*place)
            self._columns_by_name[name] = column
        return column

    def match(self, record):
        numbers = Look(record).search(self._root, self._holds)
        keys = self._keys
        return list(dict.fromkeys([keys[n] for n in sorted(numbers)]))

    def _holds(self, number, record):
        return holds(self._probes(number), record)

    def _probes(self, number):
        key = self._keys[number]
        filter_ = _filters(self._given[key])[number - self._numbers[key]]
        cols = [self._column(c.name) for c in filter_]
        return [Probe(c, col.name, col.type) for c, col in zip(filter_, cols)]


def _filters(given):
    if isinstance(given, (FilterSet, Filter, Clause)):
        return filters_of(given)
    return parse(given).filters
