"""Bound clauses → Python functions made for them, which judge in a tenth of the time.

Of each filter set there are two versions. The *quick* one expects what records mostly hold, dicts
with text and numbers in them, and runs as fast as a condition written by hand; what it can't judge
raises within it, and is judged by `semantics`. Where that happens often the *careful* version takes
its place for good, which looks at the type of each value before it uses it.

No character of a filter enters the source: its names, texts and numbers stand there as `"C0"`,
`"C1"` …, which are replaced in the finished code. So filters of one shape share their code, which
is compiled once. `conditions` writes what the functions are made around.
"""

from __future__ import annotations

from functools import lru_cache, partial
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

from filterlang.matching.python_source import SCOPE
from filterlang.matching.record_source import CarefulConditions, QuickConditions
from filterlang.matching.struct_source import FieldConditions, StructConditions
from filterlang.semantics.judge import holds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from filterlang.matching.python_source import Conditions
    from filterlang.matching.struct_source import Layout
    from filterlang.semantics.tests import BoundClause

    Matches = Callable[[object], bool]
    Select = Callable[[Sequence[Any]], list[Any]]

MOST_CLAUSES = 64
"""Filter sets with more clauses are made of several functions; one would take long to compile."""
MOST_FAILURES = 64
"""After so many records that the quick version could not judge, the careful one takes its place."""

_MOST_SEGMENTS = 32
"""Longer names are left to `semantics`: Python refuses to compile what is nested too deeply."""

_MATCHES = """\
def matches(r):
    try:
        return True if {condition} else False
    except Exception:
        return recover(r)

"""
_QUICK = (
    _MATCHES
    + """\
def select(records):
    return [r for r in records if {condition}]
"""
)

_CAREFUL = """\
def matches(r):
    try:
        return (True if {condition} else False) if type(r) is dict else judge(r)
    except Exception:
        return judge(r)

def select(records):
    return [r for r in records if ({condition} if type(r) is dict else judge(r))]
"""

_OF_DECODED = """\
def matches(r):
    try:
        {record} = r
        return True if {condition} else False
    except Exception:
        return recover(r)

def select(records):
    return [n for n, {record} in enumerate(records) if {condition}]
"""


class Generated:
    """What was made for a filter set.

    Fields: `matches`, record → whether it matches, which never raises for the record's content;
    `select`, which gives the matching ones of a list of records; `source`.
    """

    __slots__ = ("matches", "select", "source")
    matches: Matches
    select: Select
    source: str

    def __init__(self, matches: Matches, select: Select, source: str) -> None:
        self.matches = matches
        self.select = select
        self.source = source


def generate(filters: Sequence[Sequence[BoundClause]]) -> Generated:
    """Build the functions for filters of which one must match; without any, everything does."""
    if not filters:
        return Generated(lambda _: True, list, "every record matches")
    for clauses in filters:
        for clause in clauses:
            if len(clause.path) > _MOST_SEGMENTS:
                judge = _Recovery(filters).judge
                select = partial(_judged, judge)
                return Generated(judge, select, "# see semantics.py")
    if sum(map(len, filters)) <= MOST_CLAUSES:
        return _generate_small(filters)
    parts = [_long_filter(clauses) for clauses in filters]
    alternatives = [matches for matches, _ in parts]
    source = "\n".join(dict.fromkeys(source for _, source in parts))

    def matches(record: object) -> bool:
        return any(alternative(record) for alternative in alternatives)

    return Generated(matches, lambda records: list(filter(matches, records)), source)


def _generate_small(filters: Sequence[Sequence[BoundClause]]) -> Generated:
    conditions = QuickConditions()
    source = _QUICK.format(condition=conditions.condition(filters))
    recovery = _Recovery(filters)
    matches, select = _functions(source, conditions, recover=recovery)
    recovery.quick, recovery.quick_select = matches, select
    return Generated(matches, recovery.select, source)


def generate_for_structs(
    filters: Sequence[Sequence[BoundClause]],
    layout: Layout,
    *,
    absent: object,
    as_plain: Callable[[object], object],
    failed: Callable[[], object],
) -> Callable[[Sequence[object]], list[int]]:
    """Build the function records → the numbers of those that match, for records in slots.

    Args:
        filters: of which one must match, with at most `MOST_CLAUSES` clauses.
        layout: the slots of a record.
        absent: what stands in the slot of a whole name with dots where there is no such key.
        as_plain: makes dicts and lists of what lies in slots.
        failed: called for each record that had to be made a dict, to be judged.
    """
    conditions = StructConditions(layout, as_plain)
    return _generate_for_decoded(
        filters, conditions, "r", absent=absent, as_plain=as_plain, failed=failed
    )


def generate_for_fields(
    filters: Sequence[Sequence[BoundClause]],
    paths: Sequence[tuple[str, ...]],
    *,
    absent: object,
    failed: Callable[[], object],
) -> Callable[[Sequence[Sequence[object]]], list[int]]:
    """Build the function records → the numbers of those that match, for the values of some names.

    Args:
        filters: of which one must match, with at most `MOST_CLAUSES` clauses.
        paths: the names that the values of a record stand for, none of which begins another.
        absent: stands for the value of a name that a record hasn't; None where all have all.
        failed: called for each record that had to be made a dict, to be judged.
    """
    conditions = FieldConditions(paths, is_all_there=absent is None)

    def as_plain(values: Any) -> object:
        record: dict[str, Any] = {}
        for path, value in zip(paths, values, strict=True):
            if value is not absent:
                place = record
                for segment in path[:-1]:
                    place = place.setdefault(segment, {})
                place[path[-1]] = value
        return record

    return _generate_for_decoded(
        filters, conditions, conditions.record, absent=absent, as_plain=as_plain, failed=failed
    )


def _generate_for_decoded(
    filters: Sequence[Sequence[BoundClause]],
    conditions: Conditions,
    record: str,
    *,
    absent: object,
    as_plain: Callable[[object], object],
    failed: Callable[[], object],
) -> Callable[[Sequence[Any]], list[int]]:
    """Build the function for records that are taken apart into what `record` says."""
    source = _OF_DECODED.format(record=record, condition=conditions.condition(filters))

    def recover(decoded: object) -> bool:
        failed()
        return any(holds(clauses, as_plain(decoded)) for clauses in filters)

    matches, quick_select = _functions(source, conditions, recover=recover, ABSENT=absent)

    def select(records: Sequence[Any]) -> list[int]:
        try:
            return quick_select(records)
        except Exception:  # noqa: BLE001 — whatever the quick version can't judge raises in it
            return [number for number, decoded in enumerate(records) if matches(decoded)]

    return select


def _judged(judge: Matches, records: Sequence[Any]) -> list[Any]:
    return list(filter(judge, records))


def _long_filter(clauses: Sequence[BoundClause]) -> tuple[Matches, str]:
    if len(clauses) <= MOST_CLAUSES:
        generated = _generate_small([clauses])
        return generated.matches, generated.source
    by_start: dict[str, list[BoundClause]] = {}
    for clause in clauses:
        # Clauses that could go through the same list must stay together.
        by_start.setdefault(clause.path[0], []).append(clause)
    chunks: list[list[BoundClause]] = [[]]
    for together in by_start.values():
        if len(chunks[-1]) + len(together) > MOST_CLAUSES and chunks[-1]:
            chunks.append([])
        chunks[-1] += together
    parts = [_generate_small([chunk]) for chunk in chunks]
    steps = [part.matches for part in parts]
    source = "\n".join(dict.fromkeys(part.source for part in parts))
    return lambda record: all(step(record) for step in steps), source


class _Recovery:
    """Judges the records that the quick version can't, and replaces it where they are many."""

    __slots__ = ("_failures", "_filters", "_gave_up", "quick", "quick_select")
    quick: Any
    quick_select: Any

    def __init__(self, filters: Sequence[Sequence[BoundClause]]) -> None:
        self._filters = filters
        self._failures = 0
        self._gave_up = False

    def __call__(self, record: object) -> bool:
        self._failures += 1
        if self._failures >= MOST_FAILURES and not self._gave_up:
            self._give_up()
        return self.judge(record)

    def select(self, records: Sequence[Any]) -> list[Any]:
        """Return the matching ones of the records, by the version that is in force."""
        try:
            return self.quick_select(records)
        except Exception:  # noqa: BLE001 — whatever the quick version can't judge raises in it
            return list(filter(self.quick, records))

    def judge(self, record: object) -> bool:
        """Return whether a record matches, as `semantics` does."""
        return any(holds(clauses, record) for clauses in self._filters)

    def _give_up(self) -> None:
        """Put the careful version in the place of the quick one, for whoever holds on to that."""
        conditions = CarefulConditions()
        source = _CAREFUL.format(condition=conditions.condition(self._filters))
        careful = _functions(source, conditions, judge=self.judge)
        self._gave_up = True
        for old, new in zip((self.quick, self.quick_select), careful, strict=True):
            # The names in the two versions differ, so that a call that is running isn't disturbed.
            old.__globals__.update(new.__globals__)
            old.__code__ = new.__code__


def _functions(source: str, conditions: Conditions, **used: object) -> tuple[Any, Any]:
    """Build the two functions of a source, with its constants in their places."""
    scope = {**SCOPE, **conditions.functions, **used}
    constants = conditions.constants
    matches, select = _compiled(source)
    return (
        FunctionType(_with_constants(matches, constants), scope),
        FunctionType(_with_constants(select, constants), scope),
    )


def _with_constants(code: CodeType, constants: dict[str, object]) -> CodeType:
    return code.replace(
        co_consts=tuple(
            [
                constants.get(value, value)
                if type(value) is str
                else (_with_constants(value, constants) if type(value) is CodeType else value)
                for value in code.co_consts
            ]
        )
    )


@lru_cache(maxsize=512)
def _compiled(source: str) -> tuple[CodeType, CodeType]:
    """Compile a source; return the code of its two functions."""
    module = compile(source, "<filterlang>", "exec")
    matches, select = (code for code in module.co_consts if isinstance(code, CodeType))
    return matches, select
