"""Filters that were built or read one by one → one set of them: `any_of` and `all_of`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from filterlang.checking.parse import parse_all
from filterlang.diagnostics.diagnostic import class_and_remedy, class_name
from filterlang.diagnostics.errors import FilterSyntaxError
from filterlang.syntax.nodes import Clause, Filter, FilterSet, filters_of
from filterlang.syntax.parser import MAX_LENGTH

TYPE_CHECKING = False  # See `__init__.py` of the package.
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from filterlang.syntax.argument_types import Node


def any_of(filters: Iterable[str | Node]) -> FilterSet:
    """Return the set that matches what at least one of several filters matches: an OR.

    It is what a loop of `|` gives, but one that begins with `FilterSet()`, which matches everything
    and stays so.

    Args:
        filters: texts and nodes, in any mixture.

    Raises:
        ValueError: without any filter, and for a blank text or an empty set among them, since all
            of these would match everything.
        FilterSyntaxError, LimitError: as `parse` does, for all texts at once; `source_index` counts
            all that was given.
        TypeError: for what is no text and no node, and for one alone in the place of several.

    Example:
        >>> from filterlang import F, unparse
        >>> unparse(any_of(["city==Bonn;score>9", F.plan == "pro", F.nps.in_([9, 10])]))
        ['city==Bonn;score>9', 'plan==pro', 'nps==9', 'nps==10']
    """
    sets = _sets("any_of", filters)
    for number, one in enumerate(sets, 1):
        if not one.filters:
            message = (
                f"filter {number} is blank or empty and matches everything, and so would any_of();"
                " leave it out, or write FilterSet() if everything is meant"
            )
            raise ValueError(message)
    if not sets:
        message = "any_of() needs at least one filter: without any, everything matches"
        raise ValueError(message)
    return FilterSet([filter_ for one in sets for filter_ in one.filters])


def all_of(filters: Iterable[str | Node]) -> FilterSet:
    """Return the set that a loop of `&` gives: what matches it, matches each of several filters.

    As with `&`, clauses whose names go through the same list of objects then ask for one element
    together. Blank texts and empty sets restrict nothing, and are left out.

    Args:
        filters: texts and nodes, in any mixture.

    Raises:
        ValueError: where no filter is left, since everything would match.
        FilterSyntaxError, TypeError: as `any_of` does.
        LimitError: as `any_of` does, and for more than 65,536 filters that come of sets of several.

    Example:
        >>> from filterlang import F, unparse
        >>> unparse(all_of(["score>9", F.plan == "pro", F.city.in_(["Bonn", "Ulm"])]))
        ['score>9;plan==pro;city==Bonn', 'score>9;plan==pro;city==Ulm']
    """
    sets = [one for one in _sets("all_of", filters) if one.filters]
    if not sets:
        message = (
            "all_of() needs at least one filter that isn't blank or empty: without any, everything"
            " matches"
        )
        raise ValueError(message)
    return _conjunction(sets)


def _conjunction(sets: Sequence[FilterSet]) -> FilterSet:
    # By halves: one after the other, the first clauses would be copied as often as there are sets.
    if len(sets) == 1:
        return sets[0]
    middle = len(sets) // 2
    return _conjunction(sets[:middle]) & _conjunction(sets[middle:])


def _sets(function: str, filters: Iterable[Any]) -> list[FilterSet]:
    """Return each of the filters as a set, which is empty where nothing is asked for."""
    if isinstance(filters, str | Clause | Filter | FilterSet):
        # The clauses of a Filter would be taken for several, or the letters of a text.
        message = (
            f"{function}() takes an iterable of filters, not one {class_name(filters)}; put it"
            " into a list"
        )
        raise TypeError(message)
    if isinstance(filters, bytes | bytearray | Mapping) or not isinstance(filters, Iterable):
        message = f"{function}() takes an iterable of filters, not {class_and_remedy(filters)}"
        raise TypeError(message)
    given = list(filters)
    for number, one in enumerate(given, 1):
        if not isinstance(one, str | Clause | Filter | FilterSet):
            message = (
                f"filter {number} is not a str, Clause, Filter or FilterSet but"
                f" {class_and_remedy(one)}"
            )
            raise TypeError(message)
    # A node counts as a blank text, so that mistakes are told with the number of their filter.
    texts = [one if isinstance(one, str) else "" for one in given]
    read, diagnostics = parse_all(texts, max_length=MAX_LENGTH)
    if diagnostics:
        raise FilterSyntaxError(diagnostics, texts)
    parsed = iter(read)
    sets: list[FilterSet] = []
    for one in given:
        if not isinstance(one, str):
            sets.append(FilterSet(filters_of(one)))
        else:
            sets.append(FilterSet([next(parsed)] if one.strip(" ") else ()))
    return sets
