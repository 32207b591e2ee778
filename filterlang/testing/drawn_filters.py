"""Strategies for nodes and their parts, and for texts that are almost filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.testing", "testing", "hypothesis"):
    from hypothesis import strategies as st

from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.nodes import Clause, Filter, FilterSet
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from filterlang.schema.schema import Dimension, Schema

NASTY = "=!<>~;,\\.*?@ \"'&%+#/()[]{}|^$`:-_0aAzZéßİıΣςσ€\u00a0\u0301\u200b\u3000😀𐐀"
"""What has a meaning in filters, query strings, shells and regular expressions; and far letters."""
_NOT_IN_NAMES = "=!<>~;,\\."

# No filter can hold controls and surrogates.
_character = st.sampled_from(NASTY) | st.characters(exclude_categories=["Cc", "Cs"])

_texts = st.text(_character, max_size=12)
_segments = (
    st.text(_character.filter(lambda one: one not in _NOT_IN_NAMES), min_size=1, max_size=8)
    .map(lambda text: text.strip(" "))
    .filter(bool)
)
_patterns = (
    st.lists(st.sampled_from(list(Wildcard)) | _texts, min_size=1, max_size=5)
    .filter(lambda parts: any(part != "" for part in parts))
    .map(Pattern.from_parts)
)
_integers = st.integers(-20, 20) | st.integers(-(2**63), 2**63)
_numbers = _integers | st.decimals(-1000, 1000, allow_nan=False, places=2).map(
    lambda number: f"{number:f}"
)
_dates = st.dates().map(str)
_epochs = st.integers(-(10**12), 4 * 10**12)
_EXPRESSIONS: dict[str, st.SearchStrategy[str]] = {
    "text": _texts,
    "integer": _integers.map(str),
    "number": _numbers.map(str),
    "boolean": st.sampled_from(["true", "false"]),
    "datetime": _dates | _epochs.map(str),
}
_ORDERED = frozenset({"text", "integer", "number", "datetime"})
_MATCHED = frozenset({"text", "enum"})


def names(schema: Schema | None = None) -> st.SearchStrategy[str]:
    """Draw names that filters can use: any, or those of a schema that are no objects.

    Raises:
        ValueError: for a schema of which no name can be used in filters.

    Example:
        >>> from hypothesis import given
        >>> @given(names())
        ... def test_a_name_is_written_as_it_is(name):
        ...     assert str(Clause(name, "==", "x")) == f"{name}==x"
        >>> test_a_name_is_written_as_it_is()
    """
    if schema is None:
        return st.lists(_segments, min_size=1, max_size=3).map(".".join)
    return st.sampled_from(list(usable(schema)))


def expressions() -> st.SearchStrategy[str]:
    """Draw expressions that are no patterns, without escapes; the empty one among them.

    Example:
        >>> from filterlang import parse_filter
        >>> from hypothesis import given
        >>> @given(expressions())
        ... def test_an_expression_is_read_back(expression):
        ...     filter_ = Filter([Clause("a", "==", expression)])
        ...     assert parse_filter(str(filter_)) == filter_
        >>> test_an_expression_is_read_back()
    """
    return _texts


def patterns() -> st.SearchStrategy[Pattern]:
    """Draw patterns, with wildcards or without.

    Example:
        >>> from filterlang import parse_filter
        >>> from hypothesis import given
        >>> @given(patterns())
        ... def test_a_pattern_is_read_back(pattern):
        ...     filter_ = Filter([Clause("a", "~", pattern)])
        ...     assert parse_filter(str(filter_)) == filter_
        >>> test_a_pattern_is_read_back()
    """
    return _patterns


def clauses(schema: Schema | None = None) -> st.SearchStrategy[Clause]:
    """Draw clauses: any that can be written, or those that `check` takes for a schema.

    Raises:
        ValueError: for a schema of which no name can be used in filters.

    Example:
        >>> from hypothesis import find
        >>> find(clauses(), lambda clause: clause.operator == "<").operator
        <Operator.LT: '<'>
    """
    if schema is None:
        return _free_clauses()
    known = usable(schema)
    return st.sampled_from(list(known)).flatmap(lambda name: _typed_clauses(name, known[name]))


def filters(
    schema: Schema | None = None, *, min_size: int = 1, max_size: int = 4
) -> st.SearchStrategy[Filter]:
    """Draw filters of `min_size` to `max_size` clauses.

    Example:
        >>> from hypothesis import find
        >>> len(find(filters(), lambda filter_: len(filter_) > 1))
        2
    """
    return st.lists(clauses(schema), min_size=min_size, max_size=max_size).map(Filter)


def filter_sets(
    schema: Schema | None = None, *, min_size: int = 0, max_size: int = 4
) -> st.SearchStrategy[FilterSet]:
    """Draw sets of `min_size` to `max_size` filters; the empty one matches everything.

    Example:
        >>> from hypothesis import find
        >>> len(find(filter_sets(), lambda filters: len(filters) > 1))
        2
    """
    return st.lists(filters(schema), min_size=min_size, max_size=max_size).map(FilterSet)


@st.composite
def damaged_texts(draw: st.DrawFn, schema: Schema | None = None) -> str:
    """Draw what a slip makes of a filter: a few characters are deleted, doubled, swapped or put in.

    What comes out may still be a filter, if seldom the one that was meant.

    Raises:
        ValueError: for a schema of which no name can be used in filters.

    Example:
        >>> from filterlang import check
        >>> from hypothesis import find
        >>> find(damaged_texts(), lambda text: text and not check(text).ok)
        '=='
    """
    text = str(draw(filters(schema)))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(text)))
        before, at, after = text[:place], text[place : place + 1], text[place + 1 :]
        slips = [before + after, before + at + at + after, before + after[:1] + at + after[1:]]
        inserted = before + draw(st.sampled_from(NASTY)) + at + after
        text = draw(st.sampled_from([*slips, inserted]))
    return text


def usable(schema: Schema) -> dict[str, Dimension]:
    """Return the names of a schema that filters can use, each with its dimension."""
    known: dict[str, Dimension] = {}
    for name, _ in schema.walk():
        # One key may hide another, so that what a name leads to is asked anew.
        found = schema.find(name)
        if found is None or found.dimension is None or found.name != name:
            continue
        if found.dimension.filterable and _operators(found.dimension):
            known[name] = found.dimension
    if not known:
        message = "the schema has no name that a filter can use"
        raise ValueError(message)
    return known


def _operators(dimension: Dimension) -> list[Operator]:
    if dimension.type == "object":
        return []
    allowed = Operator if dimension.operators is None else dimension.operators
    return [
        operator
        for operator in allowed
        if (not operator.orders or (dimension.type in _ORDERED and not dimension.is_list))
        and (not operator.asks_text or dimension.type in _MATCHED)
    ]


def _typed_clauses(name: str, dimension: Dimension) -> st.SearchStrategy[Clause]:
    operators = _operators(dimension)
    return st.sampled_from(operators).flatmap(
        lambda operator: _typed_expressions(dimension, operator).map(
            lambda expression: Clause(name, operator, expression)
        )
    )


def _typed_expressions(
    dimension: Dimension, operator: Operator
) -> st.SearchStrategy[str] | st.SearchStrategy[Pattern]:
    if operator.matches_pattern:
        # A pattern of an enum has to match one of its values.
        return st.sampled_from(dimension.values).map(_prefix) if dimension.values else _patterns
    expressions = (
        st.sampled_from(dimension.values) if dimension.values else _EXPRESSIONS[dimension.type]
    )
    return expressions | st.just("") if operator.allows_empty else expressions.filter(bool)


def _prefix(value: str) -> Pattern:
    return Pattern.from_parts([value[:3], Wildcard.RUN])


def _free_clauses() -> st.SearchStrategy[Clause]:
    free_names = names()
    return st.sampled_from(Operator).flatmap(
        lambda operator: st.builds(
            Clause,
            free_names,
            st.just(operator),
            _patterns
            if operator.matches_pattern
            else _texts
            if operator.allows_empty
            else _texts.filter(bool),
        )
    )
