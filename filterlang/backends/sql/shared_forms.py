"""Many conditions of one form → one, which is asked of a list of what they differ in.

A thousand filters `items.name==…;items.count==…` are a thousand conditions with tens of subqueries
each, which take a server minutes to plan. They differ in their parameters alone: these become the
rows of a table, and the condition stands there once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import column, exists, func, literal, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.visitors import replacement_traverse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.sql.elements import ColumnClause, ColumnElement

    from filterlang.backends.sql.joining import Database

    Condition = ColumnElement[bool]

_FEWEST = 8
"""So many conditions are worth a table."""


def in_shared_forms(conditions: Iterable[Condition], engine: Database) -> list[Condition]:
    """Return conditions of which one has to hold, in fewer ones, for PostgreSQL and MariaDB."""
    # Nothing public tells the form of a condition.
    given: list[Any] = list(conditions)
    if len(given) < _FEWEST:
        return given
    forms: dict[object, list[tuple[Condition, list[BindParameter[Any]]]]] = {}
    for place, one in enumerate(given):
        key = one._generate_cache_key()  # noqa: SLF001 — as above
        bound: list[BindParameter[Any]] = [] if key is None else list(key.bindparams)
        form: object = place
        if key is not None and all(map(_is_single, bound)):
            names = [parameter.key for parameter in bound]
            form = key.key, tuple(map(names.index, names))
        forms.setdefault(form, []).append((one, bound))
    found: list[Condition] = []
    for members in forms.values():
        if len(members) < _FEWEST:
            found += [one for one, _ in members]
        else:
            found.append(_of_table(members, engine))
    return found


def _is_single(parameter: BindParameter[Any]) -> bool:
    return not parameter.expanding and not isinstance(parameter.type, ARRAY)


def _of_table(
    members: list[tuple[Condition, list[BindParameter[Any]]]], engine: Database
) -> Condition:
    """Return whether a condition holds of a row of all that its parameters may be."""
    (first, parameters), *_ = members
    lists = zip(*[[one.effective_value for one in bound] for _, bound in members], strict=True)
    columns: dict[str, ColumnClause[Any]] = {}
    values: dict[str, list[Any]] = {}
    for parameter, given in zip(parameters, map(list, lists), strict=True):
        if any(one != given[0] for one in given):
            values[parameter.key] = given
            columns[parameter.key] = column(f"p{len(columns)}", parameter.type)
    if not columns:
        return first
    table = _table([*columns.values()], [*values.values()], engine)

    def replaced(element: Any, **_: Any) -> Any:
        is_listed = isinstance(element, BindParameter) and element.key in columns
        return table.c[columns[element.key].name] if is_listed else None

    condition = replacement_traverse(first, {}, replaced)
    return exists(select(_ONE).select_from(table).where(condition).correlate_except(table))


def _table(columns: list[ColumnClause[Any]], lists: list[list[Any]], engine: Database) -> Any:
    """Return a table of values."""
    if engine == "postgresql":
        arrays = [literal(one, ARRAY(of.type)) for of, one in zip(columns, lists, strict=True)]
        return func.unnest(*arrays).table_valued(*columns).render_derived()
    rows = []
    for row in zip(*lists, strict=True):
        values = zip(columns, row, strict=True)
        rows.append(select(*[literal(one, of.type).label(of.name) for of, one in values]))
    return union_all(*rows).subquery()


_ONE: ColumnElement[int] = literal_column("1")
