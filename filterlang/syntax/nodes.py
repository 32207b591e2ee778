"""The tree of a query: a `FilterSet` (OR) of `Filter`s (AND) of `Clause`s.

Nodes are immutable and apply the grammar while they are built: a node that can't be written as
text can't be made, and `str()` gives its canonical text.
"""

from __future__ import annotations

from filterlang._immutable import Immutable
from filterlang.diagnostics.diagnostic import Span, class_and_remedy, class_name, shown
from filterlang.diagnostics.errors import LimitError, diagnose
from filterlang.syntax.escaping import check_expression, escape_expression, normal_name
from filterlang.syntax.model_field import ModelField
from filterlang.syntax.node_joins import JoinsNodes
from filterlang.syntax.operators import Operator
from filterlang.syntax.pattern import Pattern

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, NoReturn, TypeVar, overload

    _PartT = TypeVar("_PartT")

_set = object.__setattr__

_KEPT: Any = object()
"""Stands for what `replace` leaves as it is; None would be a mistake that nobody sees."""

MAX_FILTERS = 65_536
"""How many filters `&` may make by distributing over two sets of several filters."""


class _Node(Immutable, JoinsNodes):
    """What the three nodes share: `&`, `|`, and no truth value."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        message = (
            f"a {class_name(self)} is neither true nor false: combine with '&' and '|', not with"
            " 'and', 'or' or a chain of comparisons, and match records with compile()"
        )
        raise TypeError(message)

    def __or__(self, other: Clause | Filter | FilterSet) -> FilterSet:
        """Return the filters of both, of which one has to match: an OR.

        A set without filters matches everything, and so does what it is joined with.

        Example:
            >>> unparse(Clause("a", "==", "1") | Clause("b", "==", "2"))
            ['a==1', 'b==2']
            >>> unparse(Clause("a", "==", "1") | FilterSet())
            []
        """
        if not isinstance(other, _Node):
            return NotImplemented
        left, right = filters_of(self), filters_of(other)  # type: ignore[arg-type]  # a _Node is one of the three
        # Without any filter a set matches everything, and so does what is joined to it by OR.
        return FilterSet(left + right if left and right else ())

    def names(self) -> tuple[str, ...]:
        """Return the names that clauses are about, each once, in the order of the text.

        Example:
            >>> (Clause("b.c", ">", "1") & Clause("a", "==", "") & Clause("b.c", "<", "9")).names()
            ('b.c', 'a')
        """
        filters = filters_of(self)  # type: ignore[arg-type]  # a _Node is one of the three
        return tuple(dict.fromkeys([clause.name for one in filters for clause in one.clauses]))


class ClauseFields:
    """Where a clause keeps its fields; as `NewClause` they can still be set."""

    __slots__ = ("expression", "name", "operator")
    name: str
    """The dotted name, without spaces around its segments."""
    operator: Operator
    """The operator, which equals its spelling."""
    expression: str | Pattern
    """The text, without escapes; after `~` and `!~` a `Pattern`."""


class NewClause(ClauseFields):
    """A clause that the parser is building."""

    __slots__ = ()


class Clause(_Node, ClauseFields):
    r"""`name operator expression`, the smallest part of a filter.

    Args:
        name: the dotted name of a dimension; stored without the spaces around its segments.
        operator: an `Operator` or its spelling.
        expression: the unescaped text, or a `Pattern` after `~` and `!~`.

    Raises:
        ValueError: where the clause could not be written as text: an empty name or segment, a
            character that a name or an expression can't hold, an empty expression after an order
            operator, a text after `~` or a pattern after another operator.

    Example:
        >>> str(Clause("name", "==", "Smith, John"))
        'name==Smith\\, John'
        >>> Clause("location.city", "~", Pattern("Clev*")) & Clause("score", ">=", "10")
        Filter((Clause('location.city', '~', Pattern('Clev*')), Clause('score', '>=', '10')))
    """

    __slots__ = ()
    __match_args__ = ("name", "operator", "expression")

    def __init__(self, name: str, operator: Operator | str, expression: str | Pattern) -> None:
        if not isinstance(name, str):
            message = f"a clause's name is a str, not {_type_name(name)}"
            raise ValueError(message)
        try:
            operator = Operator(operator)
        except ValueError:
            spellings = " ".join(Operator)
            message = f"unknown operator {shown(operator)}; the operators are {spellings}"
            raise ValueError(message) from None
        if operator.matches_pattern:
            if not isinstance(expression, Pattern):
                message = f"after {operator} a clause takes a Pattern, not {_type_name(expression)}"
                raise ValueError(message)
        elif not isinstance(expression, str):
            message = f"after {operator} a clause takes a str, not {_type_name(expression)}"
            raise ValueError(message)
        elif not expression and not operator.allows_empty:
            message = f"after {operator} the expression can't be empty; only == and != allow that"
            raise ValueError(message)
        else:
            check_expression(expression)
        _set(self, "name", normal_name(name))
        _set(self, "operator", operator)
        _set(self, "expression", expression)

    def replace(
        self,
        *,
        name: str = _KEPT,
        operator: Operator | str = _KEPT,
        expression: str | Pattern = _KEPT,
    ) -> Clause:
        """Return a clause with other parts, which is checked as any other; `copy.replace` does it.

        Raises:
            ValueError: as the class does; a pattern needs `~` or `!~`, a text another operator.

        Example:
            >>> print(Clause("score", ">=", "10").replace(operator="<", expression="20"))
            score<20
        """
        return Clause(
            self.name if name is _KEPT else name,
            self.operator if operator is _KEPT else operator,
            self.expression if expression is _KEPT else expression,
        )

    __replace__ = replace

    def __invert__(self) -> Clause:
        """Return the clause that is true of exactly the other records.

        Only `==` and `!=`, `~` and `!~` are complements: a missing value is neither less than 10
        nor at least 10.

        Raises:
            TypeError: for an order, with the filters to write in its place.

        Example:
            >>> print(~Clause("type", "==", "LEAD"))
            type!=LEAD
        """
        other = self.operator.complement
        if other is None:
            names = " and ".join(shown(str(one)) for one in opposites(self))
            message = (
                f"the opposite of {shown(str(self))} is no single clause, since a missing value is"
                f" neither: write the filters {names}"
            )
            raise TypeError(message)
        return Clause(self.name, other, self.expression)

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the dotted name.

        Example:
            >>> Clause("location.city", "==", "Bonn").segments
            ('location', 'city')
        """
        return tuple(self.name.split("."))

    if TYPE_CHECKING:

        @overload
        def __and__(self, other: Clause | Filter) -> Filter: ...
        @overload
        def __and__(self, other: FilterSet) -> FilterSet: ...

    def __and__(self, other: Clause | Filter | FilterSet) -> Filter | FilterSet:
        """Return what is true where both are: an AND, spread over the filters of a set."""
        both: Filter | FilterSet = _conjunction(self, other)
        return both

    def __str__(self) -> str:
        expression = self.expression
        if isinstance(expression, Pattern):
            return f"{self.name}{self.operator}{expression.text}"
        return f"{self.name}{self.operator}{escape_expression(expression)}"

    def __repr__(self) -> str:
        return f"Clause({self.name!r}, {str(self.operator)!r}, {self.expression!r})"


class FilterFields:
    """Where a filter keeps its clauses; as `NewFilter` they can still be set."""

    __slots__ = ("clauses",)
    clauses: tuple[Clause, ...]
    """The clauses, one or more."""


class NewFilter(FilterFields):
    """A filter that the parser is building."""

    __slots__ = ()


class Filter(_Node, ModelField, FilterFields):
    """Clauses that must all hold of one record.

    `Filter(clauses)` takes one clause or more; iterating gives them back. Raises `ValueError` for
    none, and for anything that is not a `Clause`.

    Clauses whose names go through the same list of objects hold of *one* of its elements together:
    a filter may mean more than its clauses one by one.

    Example:
        >>> clauses = [Clause("city", "==", "Bonn"), Clause("score", ">=", "10")]
        >>> print(Filter(clauses))
        city==Bonn;score>=10
        >>> len(Filter(clauses)), Filter(clauses) == clauses[0] & clauses[1]
        (2, True)
    """

    __slots__ = ()
    __match_args__ = ("clauses",)

    def __init__(self, clauses: Iterable[Clause]) -> None:
        clauses = _parts(clauses, Clause, self)
        if not clauses:
            message = "a Filter needs at least one Clause; what matches everything is FilterSet()"
            raise ValueError(message)
        _set(self, "clauses", clauses)

    if TYPE_CHECKING:

        @overload
        def __and__(self, other: Clause | Filter) -> Filter: ...
        @overload
        def __and__(self, other: FilterSet) -> FilterSet: ...

    def __and__(self, other: Clause | Filter | FilterSet) -> Filter | FilterSet:
        """Return what is true where both are: an AND, spread over the filters of a set."""
        both: Filter | FilterSet = _conjunction(self, other)
        return both

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, place: int) -> Clause: ...
        @overload
        def __getitem__(self, place: slice) -> tuple[Clause, ...]: ...

    def __getitem__(self, place: int | slice) -> Clause | tuple[Clause, ...]:
        # A slice is no filter: it may be empty, and clauses of a group mean something together.
        return self.clauses[place]

    def __replace__(self, *, clauses: Iterable[Clause]) -> Filter:
        return Filter(clauses)

    def __invert__(self) -> NoReturn:
        raise TypeError(_no_opposite(self, self.clauses))

    def __str__(self) -> str:
        return ";".join(map(str, self.clauses))


class FilterSetFields:
    """Where a set keeps its filters; as `NewFilterSet` they can still be set."""

    __slots__ = ("filters",)
    filters: tuple[Filter, ...]
    """The filters; none if everything matches."""


class NewFilterSet(FilterSetFields):
    """A set that the parser is building."""

    __slots__ = ()


class FilterSet(_Node, ModelField, FilterSetFields):
    """Filters of which at least one must match; without any, everything matches.

    `FilterSet(filters)` takes any number of filters; iterating gives them back. Raises `ValueError`
    for anything that is not a `Filter`. A set has no single text (`unparse` gives one text a
    filter), so `str()` is its `repr()`.

    Example:
        >>> either = Clause("city", "==", "Bonn") | Clause("city", "==", "Ulm")
        >>> unparse(either)
        ['city==Bonn', 'city==Ulm']
        >>> unparse(either & Clause("score", ">", "9"))
        ['city==Bonn;score>9', 'city==Ulm;score>9']
    """

    __slots__ = ()
    __match_args__ = ("filters",)

    def __init__(self, filters: Iterable[Filter] = ()) -> None:
        _set(self, "filters", _parts(filters, Filter, self))

    def __and__(self, other: Clause | Filter | FilterSet) -> FilterSet:
        """Return what is true where both are: an AND, spread over the filters of both.

        A set without filters leaves the other one as it is.

        Raises:
            LimitError: if that would make more than 65,536 filters.

        Example:
            >>> unparse((Clause("a", "==", "1") | Clause("b", "==", "2")) & Clause("c", "==", "3"))
            ['a==1;c==3', 'b==2;c==3']
        """
        both: FilterSet = _conjunction(self, other)
        return both

    def __iter__(self) -> Iterator[Filter]:
        return iter(self.filters)

    def __len__(self) -> int:
        return len(self.filters)

    if TYPE_CHECKING:

        @overload
        def __getitem__(self, place: int) -> Filter: ...
        @overload
        def __getitem__(self, place: slice) -> tuple[Filter, ...]: ...

    def __getitem__(self, place: int | slice) -> Filter | tuple[Filter, ...]:
        # A slice is no set of filters: an empty one would match everything.
        return self.filters[place]

    def __replace__(self, *, filters: Iterable[Filter]) -> FilterSet:
        return FilterSet(filters)

    def __invert__(self) -> NoReturn:
        if len(self.filters) == 1:
            raise TypeError(_no_opposite(self, self.filters[0].clauses))
        singles = [filter_.clauses[0] for filter_ in self.filters if len(filter_.clauses) == 1]
        message = _no_opposite(self, ())
        if (
            singles
            and len(singles) == len(self.filters) <= _MOST_OPPOSITES
            and not any(clause.operator.orders for clause in singles)
        ):
            one = Filter(~clause for clause in singles)
            message = f"the opposite of these filters is one filter: write {shown(str(one))}"
        raise TypeError(message)


def opposites(clause: Clause) -> list[Clause]:
    """Return the clauses of which one holds of each record that a clause doesn't hold of.

    Each is a filter of its own: of an order that is the other order, or a missing value.

    Example:
        >>> [str(one) for one in opposites(Clause("score", ">=", "10"))]
        ['score<10', 'score==']
    """
    other = clause.operator.complement
    if other is not None:
        return [Clause(clause.name, other, clause.expression)]
    reverse = Clause(clause.name, clause.operator.reverse, clause.expression)
    return [reverse, Clause(clause.name, Operator.EQ, "")]


_MOST_OPPOSITES = 8
"""So many filters are named by a message."""


def _no_opposite(node: Filter | FilterSet, clauses: Iterable[Clause]) -> str:
    """Return why a node of several clauses has no `~`, and what to write instead."""
    filters = [str(other) for clause in clauses for other in opposites(clause)]
    message = f"the opposite of a {class_name(node)} is no single one"
    if not filters or len(filters) > _MOST_OPPOSITES:
        return f"{message}: write the filters that are meant, each with the opposite of a clause"
    names = ", ".join(map(shown, filters))
    return f"{message}: write these filters, if no two clauses go through one list: {names}"


def unparse(node: FilterSet | Filter | Clause) -> list[str]:
    r"""Return the canonical text of each filter, the exact inverse of `parse`.

    Example:
        >>> unparse(Clause("city", "==", "Bonn") | Clause("name", "!=", ""))
        ['city==Bonn', 'name!=']
    """
    return [str(filter_) for filter_ in filters_of(node)]


def filters_of(node: FilterSet | Filter | Clause) -> tuple[Filter, ...]:
    """Return the filters that a node stands for; raise `TypeError` for what is no node."""
    match node:
        case FilterSet():
            return node.filters
        case Filter():
            return (node,)
        case Clause():
            return (Filter((node,)),)
        case _:
            hint = "; parse the text first" if isinstance(node, str) else ""
            message = f"expected a FilterSet, Filter or Clause, not {class_and_remedy(node)}{hint}"
            raise TypeError(message)


def _conjunction(left: Clause | Filter | FilterSet, right: Clause | Filter | FilterSet) -> Any:
    if not isinstance(right, _Node):
        return NotImplemented
    if isinstance(left, FilterSet) or isinstance(right, FilterSet):
        lefts, rights = filters_of(left), filters_of(right)
        if not lefts or not rights:
            # Type checkers are told that a set comes of a set, which all but this case gives: a
            # clause that no set restricts would else have to be told apart wherever one is joined.
            return left if lefts else right
        count = len(lefts) * len(rights)
        if count > MAX_FILTERS and min(len(lefts), len(rights)) > 1:
            raise LimitError([diagnose("FL302", Span(0, 0), count=count, limit=MAX_FILTERS)])
        return FilterSet(Filter(a.clauses + b.clauses) for a in lefts for b in rights)
    return Filter(filters_of(left)[0].clauses + filters_of(right)[0].clauses)


def _parts(parts: Iterable[_PartT], kind: type[_PartT], whole: object) -> tuple[_PartT, ...]:
    owner = type(whole).__name__
    if isinstance(parts, _Node | str):
        message = f"a {owner} takes an iterable of {kind.__name__}s, not one {_type_name(parts)}"
        raise ValueError(message)
    try:
        checked = tuple(parts)
    except TypeError:
        message = f"a {owner} takes an iterable of {kind.__name__}s, not {_type_name(parts)}"
        raise ValueError(message) from None
    for part in checked:
        if not isinstance(part, kind):
            message = f"a {owner} holds {kind.__name__}s, not {class_and_remedy(part)}"
            raise ValueError(message)
    return checked


def _type_name(value: object) -> str:
    return class_name(value)
