"""JSON that holds a table: its names stand apart from its values, so that no object is a record.

Taken for a record, such an object would match what none of its rows matches. Each kind is refused
with a command for jq that makes records of it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from filterlang.backends.files.faults import InputError
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from filterlang.backends.files.json_text import JsonText

_NAMES: Final = frozenset(
    {"columns", "cols", "column_names", "columnnames", "fields", "header", "headers", "names"}
)
"""Keys under which the names of columns stand, in small letters."""
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
    found = _named_apart(value) or _of_objects(value) or _of_lists(value)
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
    """Return what is known of a table whose rows are lists."""
    keys = {key.casefold(): key for key in value}
    named = next((keys[key] for key in keys if key in _NAMES), None)
    names = value[named] if named is not None else None
    if not isinstance(names, list) or not names:
        return None
    if all(isinstance(one, str) for one in names):
        path = f".{named}"
    elif all(isinstance(one, dict) and "name" in one for one in names):
        path = f"(.{named} | map(.name))"
    else:
        return None
    for rows in (keys[key] for key in keys if key in _ROWS):
        if _are_rows(value[rows], len(names)):
            what = f"its names are in {quoted(str(named))}, its rows in {quoted(rows)}"
            return _Table(what, f"{path} as $names | .{rows}[] | {_ZIPPED}", "index" in value)
    return None


def _are_rows(rows: object, width: int) -> bool:
    if not isinstance(rows, list) or not rows:
        return False
    return all(isinstance(row, list) and len(row) == width for row in rows[:_MOST_LOOKED_AT])


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
    program = "[to_entries[] | .key as $name | .value | map({($name): .})] | transpose[] | add"
    return _Table("each member is a column", program, is_of_pandas=True)


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
