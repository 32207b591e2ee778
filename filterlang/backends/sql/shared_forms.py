"""Many conditions of one form → one, which is asked of a list of what they differ in.

A thousand filters `items.name==…;items.count==…` are a thousand conditions with tens of subqueries
each, which take a server minutes to plan. They differ in their parameters alone: these become the
rows of a table, and the condition stands there once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import column, exists, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.visitors import replacement_traverse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.sql.elements import ColumnElement

    Condition = ColumnElement[bool]

_FEWEST = 8
"""So many conditions are worth a table."""


def in_shared_forms(conditions: Iterable[Condition]) -> list[Condition]:
    """Return conditions of which one has to hold, in fewer ones, for PostgreSQL."""
    given = list(conditions)
    if len(given) < _FEWEST:
        return given
    forms: dict[object, list[tuple[Condition, list[BindParameter[Any]]]]] = {}
    for place, one in enumerate(given):
        key = one._generate_cache_key()  # noqa: SLF001 — nothing public tells the form of a condition
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
            found.append(_of_table(members))
    return found


def _is_single(parameter: BindParameter[Any]) -> bool:
    return not parameter.expanding and not isinstance(parameter.type, ARRAY)


def _of_table(members: list[tuple[Condition, list[BindParameter[Any]]]]) -> Condition:
    """Return whether a condition holds of a row of all that its parameters may be."""
    (first, parameters), *_ = members
    lists = zip(*[[one.effective_value for one in bound] for _, bound in members], strict=True)
    columns: dict[str, ColumnElement[Any]] = {}
    values: dict[str, list[Any]] = {}
    for parameter, given in zip(parameters, map(list, lists), strict=True):
        if any(one != given[0] for one in given):
            values[parameter.key] = given
            columns[parameter.key] = column(f"p{len(columns)}", parameter.type)
    if not columns:
        return first
    types = {parameter.key: parameter.type for parameter in parameters}
    arrays = [literal(given, ARRAY(types[key])) for key, given in values.items()]
    table = func.unnest(*arrays).table_valued(*columns.values()).render_derived()

    def replaced(element: Any, **_: Any) -> Any:
        is_listed = isinstance(element, BindParameter) and element.key in columns
        return table.c[columns[element.key].name] if is_listed else None

    number: ColumnElement[int] = literal_column("1")
    condition = replacement_traverse(first, {}, replaced)
    return exists(select(number).select_from(table).where(condition).correlate_except(table))
