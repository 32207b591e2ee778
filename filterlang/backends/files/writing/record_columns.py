"""Values of records → columns of Arrow: as they are, or not at all.

pyarrow would cut `1.5` to an integer, and leave out members of objects, where values come after
others that it has made a type of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from filterlang.backends.arrow_values import python_values
from filterlang.backends.files.cells.exact_numbers import are_wide, exact_numbers
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.tables.held_types import filled_type, held_as
from filterlang.backends.files.typed_texts.exact_times import with_exact_times
from filterlang.backends.files.typed_texts.texts import MisfitError
from filterlang.diagnostics.diagnostic import class_name, quoted
from filterlang.semantics.instants import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_AS_TEXT = "say --text (in Python text=True) to write all cells as text"
_WITHOUT = "leave it out with --select"
_AS_LINES = "write JSON Lines"
_TO_FILE = "write to a file, in which columns get their types late, too"


def column_of(
    values: Sequence[Any],
    type_: Any,
    name: str,
    looked_for: str,
    *,
    of_cells: bool = False,
    is_open: bool = False,
) -> Any:
    """Return values as a column.

    Args:
        values: of the same name in several records.
        type_: what was written of the column before has; None if nothing was.
        name: what the column is called.
        looked_for: the name that leads to the values in their records.
        of_cells: whether they are cells.
        is_open: whether the column may be of another type where that before has null, or lacks
            names of objects.

    Raises:
        MisfitError: for a value that doesn't go with the others.
    """
    pyarrow = load_pyarrow()
    if is_open and type_ is not None and pyarrow.types.is_null(type_):
        type_ = None
    if of_cells or are_wide(values):
        remedy = _AS_TEXT if of_cells else _WITHOUT
        values, type_ = exact_numbers(values, type_, name, looked_for, f"{remedy}, or {_AS_LINES}")
    remedies = [_WITHOUT, *[_AS_TEXT] * of_cells, _AS_LINES]
    if type_ is not None and pyarrow.types.is_decimal(type_):
        made = _made(pyarrow, values, type_)
        if made is not None:
            return made
    made = _made(pyarrow, values)
    if made is None:
        place = _first(lambda count: _made(pyarrow, values[:count]) is not None, len(values))
        before = _made(pyarrow, values[:place]).type
        # Beside nothing but null any value has its place.
        before = None if pyarrow.types.is_null(before) else before
        message = _no_common_type(name, _words(values[place]), before, remedies)
        raise MisfitError(message, looked_for, values[place], place)
    filled = made.type if type_ is None else filled_type(type_, made.type)
    held = held_as(made, filled)
    if held is not None and (is_open or type_ is None or filled == type_):
        return held
    if held is not None:
        remedies = [_TO_FILE, *remedies]
    to_hold = filled if is_open else type_

    def is_held(count: int) -> bool:
        return held_as(_made(pyarrow, values[:count]), to_hold) is not None

    place = _first(is_held, len(values))
    message = _no_common_type(name, _words(values[place]), type_, remedies)
    raise MisfitError(message, looked_for, values[place], place)


def misfit_in(column: Any, field: Any, looked_for: str) -> MisfitError:
    """Return what is wrong with a column of which a field can't hold one of the values."""
    place = _first(
        lambda count: held_as(column.slice(0, count), field.type) is not None, len(column)
    )
    one = load_pyarrow().RecordBatch.from_arrays([column.slice(place, 1)], [field.name])
    (value,), (exact,) = (
        python_values(one.column(0)),
        python_values(with_exact_times(one).column(0)),
    )
    is_exact = isinstance(value, datetime) and isinstance(exact, str)
    found = f"the time {quoted(exact)}" if is_exact else _words(value)
    remedies = ["write one file for each", "JSON Lines"]
    message = _no_common_type(field.name, found, field.type, remedies)
    return MisfitError(message, looked_for, value, place)


def _no_common_type(name: str, found: str, type_: Any, remedies: list[str]) -> str:
    kind = (
        f"no type in which they can be written ({found})"
        if type_ is None
        else f"no common type ({found} beside {type_})"
    )
    *first, last = remedies
    return f"the values of {quoted(name)} have {kind}; {', '.join(first)}, or {last}"


def _made(pyarrow: Any, values: Sequence[Any], type_: Any = None) -> Any:
    """Return values as a column; None if pyarrow can't make one of them."""
    try:
        made = pyarrow.array(values, type_)
    except (pyarrow.ArrowException, OverflowError, TypeError, ValueError):
        return None
    if pyarrow.types.is_temporal(made.type) or pyarrow.types.is_binary(made.type):
        # It would cut times to dates, and take numbers for dates and texts for bytes.
        kinds = {*map(type, values)} - {type(None)}
        return made if len(kinds) <= 1 else None
    return made


def _first(are_fine: Callable[[int], bool], count: int) -> int:
    """Return the place of the first value with which so many values aren't fine."""
    least, most = 0, count
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (middle, most) if are_fine(middle) else (least, middle)
    return least


def _words(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            more = " of more than 64 bits" if are_wide([value]) else ""
            return f"the number {quoted(f'{Decimal(value):f}')}{more}"
        case float():
            return f"the number {quoted(repr(value))}"
        case Decimal():
            return f"the number {quoted(f'{value:f}')}"
        case str():
            return f"the text {quoted(str(value))}"
        case Mapping():
            return f"an object{_with_wide(value.values())}"
        case list() | tuple():
            return f"a list{_with_wide(value)}"
        case Instant():
            return "a time beyond the calendar"
        case datetime() | time():
            return f"the time {quoted(value.isoformat())}"
        case date():
            return f"the date {quoted(value.isoformat())}"
        case bytes():
            return "bytes"
        case _:
            return f"a value of type {class_name(value)}"


def _with_wide(values: Iterable[Any]) -> str:
    """Return which integer of more than 64 bits is within values; nothing if there is none."""
    rest = [*values]
    for value in rest:
        if isinstance(value, Mapping):
            rest += value.values()
        elif isinstance(value, list | tuple):
            rest += value
        elif are_wide([value]):
            return f" with {_words(value)}"
    return ""
