"""The plain judge: what a filter says of a record, by the rules of docs/reference/language.md.

Here the rules are written to be read; whatever is faster has to give the same verdicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from filterlang.semantics.kinds import Kind, key_of, kind_of
from filterlang.semantics.paths import arrange, record_of
from filterlang.semantics.reading import Reading, read_as
from filterlang.semantics.tests import Always, Equals, Like, Never, Within
from filterlang.semantics.values import (
    elements,
    fold,
    is_list,
    is_missing,
    plain,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from filterlang.semantics.paths import Group
    from filterlang.semantics.tests import BoundClause, End

# --- One clause -----------------------------------------------------------------------------------


def passes(clause: BoundClause, found: object) -> bool:
    """Return whether what a clause's name leads to passes, not yet negated."""
    is_read = clause.reading is not Reading.AS_IS
    if not is_list(found):
        value = _read(clause, found) if is_read else found
        return clause.of_missing if is_missing(value) else _passes_one(clause, value)
    values = elements(found)
    if is_read:
        read = [_read(clause, value) for value in values]
        values = [value for value in read if not is_missing(value)]
    if not values:
        return clause.of_missing
    return any(_passes_one(clause, value) for value in values)


def _read(clause: BoundClause, value: object) -> object:
    """Return a value as the schema has it; patterns see texts as they are written (rule 7)."""
    return read_as(clause.reading, value, is_written=clause.is_pattern)


def judges(clause: BoundClause, value: object) -> bool:
    """Return what `passes` does of a value as the record holds it, which may belong to an enum."""
    try:
        found = plain(value)
    except Exception:  # noqa: BLE001 — rule 1: what raises when it is looked at is missing
        found = None
    return passes(clause, found)


def _passes_one(clause: BoundClause, value: object) -> bool:
    """Return whether one value that isn't missing passes; nothing that it holds may raise."""
    try:
        kind = kind_of(value)
        key = key_of(value, kind)
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        kind, key = Kind.OPAQUE, None
    test = clause.on(kind)
    match test:
        case Never():
            return False
        case Always():
            return True
        case Equals(wanted, of_text):
            return bool((_text(value, kind, key) if of_text else key) == wanted)
        case Within(low, high, of_text):
            return _is_within(_text(value, kind, key) if of_text else key, low, high)
        case Like():
            text = _text(value, kind, key)
            return text is not None and test.matches(text)
        case _:
            assert_never(test)


def _text(value: object, kind: Kind, key: Any) -> str | None:
    """Return the folded text of a value; None if it has none."""
    if kind is Kind.TEXT or kind is Kind.UUID or kind is Kind.STRAY:
        return key
    try:
        text = text_of(value)
    except Exception:  # noqa: BLE001 — rule 8: no content of a record may raise
        return None
    return None if text is None else fold(text)


def _is_within(key: Any, low: End | None, high: End | None) -> bool:
    return (low is None or _is_above(key, low)) and (high is None or _is_below(key, high))


def _is_above(key: Any, low: End) -> bool:
    return bool(key >= low.value if low.is_closed else key > low.value)


def _is_below(key: Any, high: End) -> bool:
    return bool(key <= high.value if high.is_closed else key < high.value)


# --- All clauses of a filter ----------------------------------------------------------------------


def holds(clauses: Sequence[BoundClause], record: object, depth: int = 0) -> bool:
    """Return whether all clauses of one filter hold of one record, whatever the record holds.

    `depth` says how many segments of the names already lead to `record`. Runs without recursion, so
    that no record can be nested too deeply.
    """
    record = record_of(record)
    running: list[_Questions] = [_all_hold(clauses, record, depth, None)]
    answers: _Answers = {}
    answer = None
    while True:
        try:
            # A question is what another run has to answer before this one goes on.
            members, element, depth, positive = running[-1].send(answer)
            running.append(_all_hold(members, element, depth, answers, positive=positive))
            answer = None
        except StopIteration as finished:
            running.pop()
            if not running:
                return bool(finished.value)
            answer = finished.value


if TYPE_CHECKING:
    _Question = tuple[Sequence[BoundClause], object, int, bool]
    _Questions = Generator[_Question, bool | None, bool]
    _Answers = dict[tuple[int, ...], tuple[object, bool]]


def _all_hold(
    clauses: Sequence[BoundClause],
    record: object,
    depth: int,
    answers: _Answers | None,
    *,
    positive: bool = False,
) -> _Questions:
    """Ask the clauses of one object; `positive` asks a negative clause for its complement.

    `answers` are those about lists within elements of lists, which may be there in many places;
    None for the record itself, whose lists are asked about once each.
    """
    ends, groups = arrange(clauses, record, depth)
    for clause, found in ends:
        if passes(clause, found) is (clause.negative and not positive):
            return False
    for group in groups:
        if answers is None:
            answer = yield from _group_holds(group, positive=positive)
        else:
            answer = yield from _group_held(group, answers, positive=positive)
        if not answer:
            return False
    return True


def _group_held(group: Group, answers: _Answers, *, positive: bool) -> _Questions:
    """Answer as `_group_holds` does, from memory where the same list was asked about before.

    The ways through lists that share their elements are without number, the lists aren't.
    """
    key = (id(group.found), len(group.path), positive, *map(id, group.members))
    known = answers.get(key)
    if known is None:
        # What is kept with the answer lives on, so that nothing else gets its identity meanwhile.
        known = answers[key] = group.found, (yield from _group_holds(group, positive=positive))
    return known[1]


def _group_holds(group: Group, *, positive: bool) -> _Questions:
    members, depth = group.members, len(group.path)
    if not group.elements:
        return all(
            member.of_missing is not (member.negative and not positive) for member in members
        )
    if positive or any(not member.negative for member in members):
        for element in group.elements:
            if (yield members, element, depth, positive):
                return True
        return False
    for member in members:
        for element in group.elements:
            if (yield [member], element, depth, True):
                return False
    return True
