"""Filters → other filters, clause by clause: `rename`, `resolve`, `map_clauses`.

What changes a name may change more than that. Clauses of one filter whose names go through the same
list of objects hold of *one* element together (rule 6 of the language); so a name that leads into
another list, or out of one, changes what the clauses beside it mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from filterlang.checking.parse import filter_set_of
from filterlang.checking.report import check
from filterlang.diagnostics.diagnostic import class_name, quoted, shown
from filterlang.diagnostics.errors import SchemaError
from filterlang.schema.binding import expect_schema
from filterlang.syntax.escaping import normal_name
from filterlang.syntax.nodes import Clause, Filter, FilterSet, unparse

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import overload

    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters

    Changed = Clause | Filter | Iterable[Clause] | None
    Emptied = Literal["error", "drop", "match all"]
    _NodeT = TypeVar("_NodeT", Clause, Filter, FilterSet)


_UNKNOWN_NAME = "FL501"


if TYPE_CHECKING:

    @overload
    def map_clauses(
        filters: FilterSet | str | Iterable[str],
        function: Callable[[Clause], Changed],
        *,
        emptied: Emptied = "error",
    ) -> FilterSet: ...
    @overload
    def map_clauses(
        filters: Clause | Filter,
        function: Callable[[Clause], Changed],
        *,
        emptied: Emptied = "error",
    ) -> Clause | Filter | FilterSet: ...


def map_clauses(
    filters: Filters, function: Callable[[Clause], Changed], *, emptied: Emptied = "error"
) -> Clause | Filter | FilterSet:
    """Return filters in whose clauses' places stands what a function makes of them.

    What comes out is what went in, a clause, a filter or a set, unless a clause becomes several, or
    a filter true of everything. Texts give a set.

    Clauses whose names go through the same list of objects ask for one element together: to change
    or drop one of them may change what the others mean.

    Args:
        filters: parsed, or as text, as `compile` takes them.
        function: is given each clause, and returns a clause, several for an AND, or None to drop
            it.
        emptied: what becomes of a filter of which all clauses are dropped. `"error"` raises;
            `"drop"` leaves the filter out, so that fewer records match; `"match all"` takes it for
            true, so that all records match.

    Raises:
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given.
        TypeError: for a function that returns something else.
        ValueError: where all clauses of a filter are dropped, and `emptied` doesn't say what that
            means; and where all filters would be left out, since without any everything matches.

    Example:
        >>> def without_scores(clause):
        ...     return None if clause.name == "score" else clause
        >>> unparse(map_clauses("type==LEAD;score>5", without_scores))
        ['type==LEAD']
    """
    if emptied not in {"error", "drop", "match all"}:
        message = f"expected 'error', 'drop' or 'match all' as emptied, found {shown(emptied)}"
        raise ValueError(message)
    given = filter_set_of(filters)
    found: list[Filter] = []
    for filter_ in given:
        clauses = [made for clause in filter_ for made in _clauses(function(clause))]
        if clauses:
            found.append(Filter(clauses))
        elif emptied == "error":
            message = (
                f"all clauses of {quoted(str(filter_))} are dropped: say by emptied='drop' that "
                "the filter is to be left out, or by emptied='match all' that it is to be true"
            )
            raise ValueError(message)
        elif emptied == "match all":
            return FilterSet()
    if given.filters and not found:
        message = (
            "all filters would be left out, and without any everything matches; say by "
            "emptied='match all' if that is meant"
        )
        raise ValueError(message)
    if isinstance(filters, Clause) and len(found[0].clauses) == 1:
        return found[0].clauses[0]
    return found[0] if isinstance(filters, Clause | Filter) else FilterSet(found)


if TYPE_CHECKING:

    @overload
    def rename(filters: _NodeT, mapping: Mapping[str, str]) -> _NodeT: ...
    @overload
    def rename(filters: str | Iterable[str], mapping: Mapping[str, str]) -> FilterSet: ...


def rename(filters: Filters, mapping: Mapping[str, str]) -> Clause | Filter | FilterSet:
    """Return filters whose clauses ask for other names; of the kind that went in, texts as a set.

    Names are whole: `{"city": "location.city"}` leaves `city.code` as it is. A name that leads
    through another list of objects than before changes what the clauses beside it mean.

    Args:
        filters: parsed, or as text, as `compile` takes them.
        mapping: name → new name, one to one; names that no clause has change nothing.

    Raises:
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given; TypeError
            also for a mapping that is none, or of other things than names.
        ValueError: for what can't be a name, for two names that become one, and for a new name that
            a clause has already, so that it couldn't be changed back.

    Example:
        >>> unparse(rename("city==Bonn;score>5", {"city": "location.city"}))
        ['location.city==Bonn;score>5']
    """
    if not isinstance(mapping, Mapping):
        message = f"expected a mapping of names to new names, not {class_name(mapping)}"
        raise TypeError(message)
    for name in (name for pair in mapping.items() for name in pair):
        if not isinstance(name, str):
            message = f"expected names of str, not {class_name(name)}: {shown(name)}"
            raise TypeError(message)
    new = {normal_name(name): normal_name(other) for name, other in mapping.items()}
    olds: dict[str, str] = {}
    for name, other in new.items():
        if other in olds:
            message = f"{quoted(olds[other])} and {quoted(name)} would both become {quoted(other)}"
            raise ValueError(message)
        olds[other] = name
    given = filter_set_of(filters)
    for name in given.names():
        if name in olds and name not in new:
            message = (
                f"{quoted(olds[name])} would become {quoted(name)}, which a clause asks for already"
            )
            raise ValueError(message)

    def renamed(clause: Clause) -> Clause:
        return clause.replace(name=new.get(clause.name, clause.name))

    return map_clauses(filters, renamed)


if TYPE_CHECKING:

    @overload
    def resolve(
        filters: _NodeT, schema: Schema, *, unknown: Literal["error", "keep"] = "error"
    ) -> _NodeT: ...
    @overload
    def resolve(
        filters: str | Iterable[str],
        schema: Schema,
        *,
        unknown: Literal["error", "keep"] = "error",
    ) -> FilterSet: ...


def resolve(
    filters: Filters, schema: Schema, *, unknown: Literal["error", "keep"] = "error"
) -> Clause | Filter | FilterSet:
    """Return filters that ask for the names that a schema's aliases stand for.

    They are of the kind that went in, texts a set. Who matches records without the schema, or
    hands filters on, gets the names that records have.

    Args:
        filters: parsed, or as text, as `compile` takes them.
        schema: what names there are, and their aliases.
        unknown: what becomes of a name that the schema doesn't have: `"error"`, or `"keep"` to
            leave it as it is. An open schema lets other names pass anyhow.

    Raises:
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given.
        SchemaError: for unknown names, all of them at once, with those that may be meant.

    Example:
        >>> from filterlang import px
        >>> unparse(resolve("countryCode==US;score>5", px.USER))
        ['location.countryCode==US;score>5']
    """
    if unknown not in {"error", "keep"}:
        message = f"expected 'error' or 'keep' as unknown, found {shown(unknown)}"
        raise ValueError(message)
    if cast("object", schema) is None:
        message = "expected a Schema, whose aliases are resolved, not None"
        raise TypeError(message)
    expect_schema(schema)
    given = filter_set_of(filters)
    if unknown == "error":
        texts = unparse(given)
        errors = [one for one in check(texts, schema).diagnostics if one.code == _UNKNOWN_NAME]
        if errors:
            raise SchemaError(errors, texts)
    names: dict[str, str] = {}
    for name in given.names():
        found = schema.find(name)
        names[name] = name if found is None else found.name
    return map_clauses(filters, lambda clause: clause.replace(name=names[clause.name]))


def _clauses(changed: Changed) -> tuple[Clause, ...]:
    if changed is None:
        return ()
    if isinstance(changed, Clause):
        return (changed,)
    given: object = changed  # Whatever its annotation says.
    if isinstance(given, Iterable) and not isinstance(given, str | FilterSet):
        clauses = tuple(given)
        if not clauses:
            message = "the function returned no clause; return None to drop one"
            raise TypeError(message)
        if all(isinstance(one, Clause) for one in clauses):
            return clauses
    message = (
        f"the function has to return a Clause, several of them, or None, not {class_name(changed)}"
    )
    raise TypeError(message)
