"""JSON that holds a table: its names stand apart from its values, so that no object is a record.

Taken for a record, such an object would match what none of its rows matches. Each kind is refused
with a command for jq that makes records of it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from filterlang.backends.files.faults import InputError
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from filterlang.backends.files.json_records.json_text import JsonText

_NAMES: Final = frozenset(
    {"columns", "cols", "column_names", "columnnames", "fields", "header", "headers", "names"}
)
"""Keys under which the names of columns stand, in small letters."""
_NAMED_DEEPER: Final = (["meta"], ["schema", "fields"], ["resultSetMetaData", "rowType"])
"""Where ClickHouse, BigQuery and Snowflake put them, as objects with a name."""
_ROWS: Final = frozenset({"rows", "data", "values", "records", "items", "results"})
"""Keys under which the rows stand, each a list of values."""
_ZIPPED: Final = "[$names, .] | transpose | map({(.[0]): .[1]}) | add"
"""What makes a record of a row, for jq."""
_FEWEST_VALUES = 3
"""Lists of fewer values may be alike long by chance."""
_MOST_LOOKED_AT = 20
"""So many elements tell what a list holds."""


def expect_no_table(value: Mapping[str, object], is_all: Callable[[], bool]) -> None:
    """Expect an object that is all that a file holds to be a record, not a table.

    Only where it looks so, `is_all` is asked, which may have to wait for more.

    Raises:
        InputError: for a table; the message says how to make records of it.

    Example:
        >>> expect_no_table({"0": {"a": 1}, "1": {"a": 2}}, lambda: True)
        Traceback (most recent call last):
        ...
        filterlang.backends.files.faults.InputError: this is a table: each member is a row; make \
records of it: jq -c '.[]', or in pandas by orient='records'; if the object is a record, say \
--records . (in Python records=)
    """
    found = (
        _named_apart(value)
        or _of_columns(value)
        or _of_typed_values(value)
        or _of_objects(value)
        or _of_lists(value)
        or _inside(value)
    )
    if found is not None and is_all():
        what, program, is_of_pandas = found
        in_pandas = ", or in pandas by orient='records'" if is_of_pandas else ""
        message = (
            f"this is a table: {what}; make records of it: jq -c '{program}'{in_pandas}; "
            "if the object is a record, say --records . (in Python records=)"
        )
        raise InputError(message)


class _Table(NamedTuple):
    """Fields: `what` tells how it is written, `program` makes records of it, for jq."""

    what: str
    program: str
    is_of_pandas: bool


def _named_apart(value: Mapping[str, object]) -> _Table | None:
    """Return what is known of a table whose names stand apart from its rows."""
    keys = {key.casefold(): key for key in value}
    for way in [*([keys[key]] for key in keys if key in _NAMES), *_NAMED_DEEPER]:
        names = _at(value, way)
        if not isinstance(names, list) or not names:
            continue
        path = "".join(f".{key}" for key in way)
        if all(isinstance(one, dict) and "name" in one for one in names):
            path = f"({path} | map(.name))"
        elif not all(isinstance(one, str) for one in names):
            continue
        for rows in (keys[key] for key in keys if key in _ROWS and keys[key] != way[0]):
            each = _each_row(value[rows], len(names))
            if each is not None:
                what = f"its names are in {quoted('.'.join(way))}, its rows in {quoted(rows)}"
                program = f"{path} as $names | .{rows}[] | {each}{_ZIPPED}"
                return _Table(what, program, "index" in value)
    return None


def _at(value: object, way: Iterable[str]) -> object:
    for key in way:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _each_row(rows: object, width: int) -> str | None:
    """Return what makes a list of a row's values, for jq; None where there are no such rows."""
    if not isinstance(rows, list) or not rows:
        return None
    first = rows[:_MOST_LOOKED_AT]
    if _are_rows(first, width):
        return ""
    # BigQuery puts each row and each value into an object.
    is_boxed = all(isinstance(row, dict) and row.keys() == {"f"} for row in first)
    return "[.f[].v] | " if is_boxed and _are_rows([row["f"] for row in first], width) else None


def _are_rows(rows: list[object], width: int) -> bool:
    return all(isinstance(row, list) and len(row) == width for row in rows)


def _of_columns(value: Mapping[str, object]) -> _Table | None:
    """Return what is known of a table that ClickHouse writes by columns, beside their types."""
    meta, data = value.get("meta"), value.get("data")
    if not isinstance(meta, list) or not isinstance(data, dict) or not data:
        return None
    if not all(isinstance(one, list) for one in data.values()):
        return None
    return _Table("each member of 'data' is a column", f".data | {_JOINED}", is_of_pandas=False)


_TYPES: Final = frozenset({"S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"})
"""What DynamoDB calls the types of values, as the only key of an object around each."""
_UNTYPED: Final = (
    'def plain: if has("N") then .N | tonumber elif has("NS") then .NS | map(tonumber) '
    'elif has("M") then .M | map_values(plain) elif has("L") then .L | map(plain) '
    'elif has("NULL") then null else .[] end; .Items[] | map_values(plain)'
)


def _of_typed_values(value: Mapping[str, object]) -> _Table | None:
    """Return what is known of records in which an object with its type is around each value."""
    items = value.get("Items")
    first = items[:_MOST_LOOKED_AT] if isinstance(items, list) else []
    values = [one for item in first if isinstance(item, dict) for one in item.values()]
    if not values or not all(isinstance(one, dict) and len(one) == 1 for one in values):
        return None
    if not all(isinstance(one, dict) and one.keys() <= _TYPES for one in values):
        return None
    what = "each value in 'Items' has its type around it, as in DynamoDB"
    return _Table(what, _UNTYPED, is_of_pandas=False)


def _inside(value: Mapping[str, object]) -> _Table | None:
    """Return what is known of a table of records by their ids, which is all there is in an object.

    Ids that Firebase makes are known by their form.
    """
    if len(value) != 1:
        return None
    ((key, inner),) = value.items()
    if not isinstance(inner, dict) or not inner:
        return None
    if not all(isinstance(one, dict) and _PUSHED.fullmatch(id_) for id_, one in inner.items()):
        return None
    what = f"each member of {quoted(key)} is a record under its id"
    return _Table(what, ".[][]", is_of_pandas=False)


_PUSHED = re.compile(r"-[\w-]{19}", re.ASCII)


def _of_objects(value: Mapping[str, object]) -> _Table | None:
    """Return what is known of a table of which each member is an object, by numbers or ids."""
    objects = [member for member in value.values() if isinstance(member, dict)]
    if not objects or len(objects) < len(value):
        return None
    if all(map(_are_numbers, objects)) and len({*map(tuple, objects)}) == 1:
        return _Table("each member is a column", _TURNED, is_of_pandas=True)
    if _are_numbers(value):
        return _Table("each member is a row", ".[]", is_of_pandas=True)
    if _are_by_id(value):
        return _Table("each member is a record under its id", ".[]", is_of_pandas=False)
    return None


def _are_by_id(value: Mapping[str, object]) -> bool:
    """Whether each of several objects holds its own key, or has the same names as all others."""
    records = [(key, member) for key, member in value.items() if isinstance(member, dict)]
    if all(_PUSHED.fullmatch(key) for key, _ in records):
        return True
    if len(records) > 1 and all(_has_scalar(member, key) for key, member in records):
        return True
    names = {tuple(sorted(member)) for _, member in records}
    return len(records) >= _FEWEST_VALUES and len(names) == 1 and len(*names) > 1


def _has_scalar(record: Mapping[str, object], key: str) -> bool:
    return any(one == key or (type(one) is int and str(one) == key) for one in record.values())


_TURNED: Final = ". as $table | first(.[]) | keys_unsorted[] as $row | $table | map_values(.[$row])"


def _of_lists(value: Mapping[str, object]) -> _Table | None:
    """Return what is known of a table of which each member is a list of a column's values."""
    lists = [member for member in value.values() if isinstance(member, list)]
    if not 1 < len(lists) == len(value) or len({*map(len, lists)}) > 1:
        return None
    values = [one for member in lists for one in member[:_MOST_LOOKED_AT]]
    if len(lists[0]) < _FEWEST_VALUES or any(isinstance(one, dict | list) for one in values):
        return None
    return _Table("each member is a column", _JOINED, is_of_pandas=True)


_JOINED: Final = "[to_entries[] | .key as $name | .value | map({($name): .})] | transpose[] | add"


def _are_numbers(keys: Collection[str]) -> bool:
    return len(keys) > 0 and all(map(str.isdecimal, keys))


def expect_objects(text: JsonText) -> None:
    """Expect objects in a list, at the first element of which a text stands.

    What isn't JSON is for who reads it to tell, and so are a few values that are no objects.

    Raises:
        InputError: for a list of lists, for many values of which none is an object, and for such
            lists one after the other; the message says how to make records of them.
    """
    found = None
    with suppress(InputError):
        found = _instead_of_objects(text)
    if found is not None:
        raise InputError(found)


def _instead_of_objects(text: JsonText) -> str | None:
    """Return what is wrong with a list that holds no objects."""
    if text.next() == "[":
        text.skip("[")
        if text.next() == "{":
            return "the records stand in lists within a list; take them out: jq -c '.[][]'"
        return _headed("a list of lists", "jq -c", ".[0] as $names | .[1:][]")
    for _ in range(_MOST_LOOKED_AT):
        if text.next() in _NO_VALUES:
            return None
        text.value()
        if text.expect(",]") == "]":
            is_followed = text.begin() == "["
            lists = "lists one after the other"
            return _headed(lists, "jq -c -n", "input as $names | inputs") if is_followed else None
    return (
        f"there is no object among the first {_MOST_LOOKED_AT} values of the list, so nothing more "
        "was read; expected a list of records"
    )


_NO_VALUES: Final = frozenset({"", "{", "[", "]"})
"""What is no value that could be told here: the end, an object, a list."""


def _headed(what: str, command: str, rows: str) -> str:
    return (
        f"there are no objects, but {what}; if the first one has the names, make records of the "
        f"others: {command} '{rows} | {_ZIPPED}'"
    )
