"""Filters → a record that matches one and not the others, found by trying likely ones.

What is found has been asked by the rules themselves, so it is a proof; none found proves nothing.
"""

from __future__ import annotations

from itertools import chain, combinations, islice, product
from typing import TYPE_CHECKING, NamedTuple

from filterlang.reasoning.boundary_values import MISSING, OTHER, points
from filterlang.semantics.judge import holds, passes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from filterlang.reasoning.implication import Term
    from filterlang.schema.schema import Found, Schema

_MOST_POINTS = 150
"""So many points of one name are looked at."""
_MOST_PAIRS = 400
_MOST_CHOICES = 12
_MOST_RECORDS = 500
"""So many records of one kind are tried."""


class _Choice(NamedTuple):
    """A value for one name, and which of the filters that must fail it makes fail."""

    value: object
    fails: frozenset[int]


def witness(
    matching: Sequence[Term], failing: Sequence[Sequence[Term]], schema: Schema | None
) -> dict[str, object] | None:
    """Find a record, as the schema describes it, that matches one filter and none of the others.

    A filter without clauses matches everything. Its names are keys of the record as they stand, or
    those of the elements of lists.
    """
    by_name: dict[str, list[Term]] = {}
    for term in chain(matching, *failing):
        by_name.setdefault(term.name, []).append(term)
    choices: dict[str, list[_Choice]] = {}
    for name, terms in by_name.items():
        found = None if schema is None else schema.find(name)
        choices[name] = _choices(name, terms, matching, failing, found)
        if not choices[name]:
            return None
    records = chain(
        islice(_flat(choices, len(failing)), _MOST_RECORDS),
        islice(_nested(choices, by_name, schema), _MOST_RECORDS),
    )
    for record in records:
        if _matches(matching, record) and not any(_matches(terms, record) for terms in failing):
            return record
    return None


def _matches(terms: Sequence[Term], record: object) -> bool:
    return holds([term.bound for term in terms], record)


# --- Values of one name ---------------------------------------------------------------------------


def _choices(
    name: str,
    terms: Sequence[Term],
    matching: Sequence[Term],
    failing: Sequence[Sequence[Term]],
    found: Found | None,
) -> list[_Choice]:
    """Return values that satisfy the filter that must match; those that fail the most others first.

    A value that fails no filter but those that another fails as well is left out.
    """
    wanted = [term for term in matching if term.name == name]
    refused = [
        (index, [term for term in others if term.name == name])
        for index, others in enumerate(failing)
    ]
    refused = [(index, others) for index, others in refused if others]
    made: dict[frozenset[int], _Choice] = {}
    for value in _values(terms, found):
        if all(passes(term.bound, value) is not term.negative for term in wanted):
            fails = frozenset(
                index
                for index, others in refused
                if any(passes(term.bound, value) is term.negative for term in others)
            )
            made.setdefault(fails, _Choice(value, fails))
    best = [one for one in made.values() if not any(one.fails < other for other in made)]
    best.sort(key=lambda choice: -len(choice.fails))
    return best[:_MOST_CHOICES]


def _values(terms: Sequence[Term], found: Found | None) -> Iterator[object]:
    """Return values that a record may have under a name, lists of two of them at last."""
    values = _single_values(terms, found)
    yield from values
    dimension = None if found is None else found.dimension
    if dimension is None or dimension.is_list:
        filled = [value for value in values if value is not None]
        yield from (list(pair) for pair in islice(combinations(filled, 2), _MOST_PAIRS))


def _single_values(terms: Sequence[Term], found: Found | None) -> list[object]:
    dimension = None if found is None else found.dimension
    if dimension is not None and dimension.type == "object":
        return [MISSING.value, OTHER.value]
    if dimension is not None and dimension.type == "enum":
        return [MISSING.value, *dimension.values]
    clauses = [term.bound for term in terms]
    values = [point.value for point in islice(points(terms[0].type, clauses), _MOST_POINTS)]
    # What a schema describes is of its type, or missing.
    return values if dimension is None else [value for value in values if value is not OTHER.value]


# --- Records --------------------------------------------------------------------------------------


def _flat(choices: Mapping[str, Sequence[_Choice]], count: int) -> Iterator[dict[str, object]]:
    """Return records with each name as one key that make all filters fail, if each is a value's."""
    everything = frozenset(range(count))
    for chosen in islice(product(*choices.values()), _MOST_RECORDS * 4):
        if frozenset[int]().union(*[choice.fails for choice in chosen]) == everything:
            yield _record(choices, [choice.value for choice in chosen])


def _record(names: Mapping[str, object], values: Sequence[object]) -> dict[str, object]:
    return dict(zip(names, values, strict=True))


def _nested(
    choices: Mapping[str, Sequence[_Choice]],
    by_name: Mapping[str, Sequence[Term]],
    schema: Schema | None,
) -> Iterator[dict[str, object]]:
    """Return records with a list of two objects, of which the first is made to match."""
    first = {name: found[0].value for name, found in choices.items()}
    for path in _lists(choices, schema):
        inside = {name: value for name, value in first.items() if name.startswith(path + ".")}
        outside = {name: value for name, value in first.items() if name not in inside}
        element = {name[len(path) + 1 :]: value for name, value in inside.items()}
        for name in inside:
            found = None if schema is None else schema.find(name)
            for value in _single_values(by_name[name], found):
                objects: object = [element, {name[len(path) + 1 :]: value}]
                # A record has a whole name as one key, but not the beginning of one.
                first_segment, *others = path.split(".")
                for segment in reversed(others):
                    objects = {segment: objects}
                yield {**outside, first_segment: objects}


def _lists(names: Mapping[str, object], schema: Schema | None) -> dict[str, None]:
    """Return the names that may lead to lists of objects on the way to others."""
    paths: dict[str, None] = {}
    for name in names:
        found = None if schema is None else schema.find(name)
        segments = name.split(".")
        starts = [".".join(segments[:end]) for end in range(1, len(segments))]
        if found is not None and (found.dimension is not None or found.lists):
            starts = [start for start in starts if start in found.lists]
        elif schema is not None:
            starts = [start for start in starts if _is_free(start, schema)]
        paths |= dict.fromkeys(starts)
    return paths


def _is_free(name: str, schema: Schema) -> bool:
    """Return whether a schema says nothing of a name, so that anything may stand there."""
    found = schema.find(name)
    return found is None or found.dimension is None
