"""Types that hold the values of columns of several types, and columns put into them without loss.

Numbers go together, as long as each is exact in the wider type; so do texts, bytes, times, lists
and structs, whose fields needn't be the same. Numbers and texts don't, nor decimals of different
scales, whose texts would change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.backends.files.packages import load_pyarrow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import ModuleType

_MOST_DIGITS = 38
"""Decimals of more have 256 bits."""


def joined_type(first: Any, second: Any) -> Any:
    """Return the type that holds the values of two types; None where there is none.

    Example:
        >>> import pyarrow
        >>> joined_type(pyarrow.int64(), pyarrow.float32())
        DataType(double)
    """
    pyarrow = load_pyarrow()
    types = pyarrow.types
    if first == second or types.is_null(second):
        return first
    if types.is_null(first):
        return second
    first, second = plain_type(first), plain_type(second)
    if first == second:
        return first
    for are, join in _JOINS:
        if are(pyarrow, first) and are(pyarrow, second):
            return join(pyarrow, first, second)
    return None


def filled_type(type_: Any, other: Any) -> Any:
    """Return a type in which that of another stands where the first one has null, or no field.

    What both have stays as the first one has it, whether that holds the other's values or not.

    Example:
        >>> import pyarrow
        >>> filled_type(pyarrow.list_(pyarrow.null()), pyarrow.list_(pyarrow.int64()))
        ListType(list<item: int64>)
    """
    pyarrow = load_pyarrow()
    types = pyarrow.types
    if types.is_null(type_):
        return other
    if types.is_struct(type_) and types.is_struct(other):
        filled = filled_fields(type_, other)
        return type_ if filled == list(type_) else pyarrow.struct(filled)
    if _is_list(pyarrow, type_) and _is_list(pyarrow, other):
        value = filled_type(type_.value_type, other.value_type)
        if value == type_.value_type:
            return type_
        of = pyarrow.large_list if types.is_large_list(type_) else pyarrow.list_
        return of(type_.value_field.with_type(value).with_nullable(nullable=True))
    return type_


def filled_fields(fields: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    """Return fields with the types of others of their names where they have none, and new ones."""
    fields, rest = list(fields), {field.name: field for field in others}
    filled: list[Any] = []
    for field in fields:
        other = rest.pop(field.name, None)
        type_ = field.type if other is None else filled_type(field.type, other.type)
        is_as_before = type_ == field.type
        filled.append(
            field if is_as_before else field.with_type(type_).with_nullable(nullable=True)
        )
    return filled + [field.with_nullable(nullable=True) for field in rest.values()]


def plain_type(type_: Any) -> Any:
    """Return the type of the values of what is stored by dictionaries or runs, within others too.

    Example:
        >>> import pyarrow
        >>> plain_type(pyarrow.list_(pyarrow.dictionary(pyarrow.int8(), pyarrow.string())))
        ListType(list<item: string>)
    """
    pyarrow = load_pyarrow()
    types = pyarrow.types
    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return plain_type(type_.value_type)
    if types.is_struct(type_):
        fields = [field.with_type(plain_type(field.type)) for field in type_]
        return type_ if fields == list(type_) else pyarrow.struct(fields)
    if _is_list(pyarrow, type_):
        field = type_.value_field.with_type(plain_type(type_.value_type))
        of = pyarrow.large_list if types.is_large_list(type_) else pyarrow.list_
        return type_ if field == type_.value_field else of(field)
    return type_


def held_as(column: Any, type_: Any) -> Any:
    """Return a column in another type, with the same values; None where one can't be held by it."""
    pyarrow = load_pyarrow()
    types = pyarrow.types
    if column.type == type_:
        return column
    if types.is_null(column.type):
        return pyarrow.nulls(len(column), type_)
    if types.is_run_end_encoded(column.type):
        return held_as(pyarrow.compute.run_end_decode(column), type_)
    if types.is_dictionary(column.type):
        return held_as(_without_categories(pyarrow, column), type_)
    if joined_type(column.type, type_) is None:
        return None
    if types.is_struct(type_):
        return _held_struct(pyarrow, column, type_)
    if _is_list(pyarrow, type_) and _is_list(pyarrow, column.type):
        return _held_list(pyarrow, column, type_)
    try:
        held = column.cast(type_)
        return held if _are_same(pyarrow, held.cast(column.type), column) else None
    except pyarrow.ArrowException:
        return None


def _without_categories(pyarrow: ModuleType, column: Any) -> Any:
    # It takes no views, as polars writes them.
    if pyarrow.types.is_string_view(column.type.value_type):
        texts = column.dictionary.cast(pyarrow.large_string())
        column = pyarrow.DictionaryArray.from_arrays(column.indices, texts)
    return column.dictionary_decode()


def _are_same(pyarrow: ModuleType, one: Any, other: Any) -> bool:
    if not pyarrow.types.is_floating(one.type):
        return bool(one.equals(other))
    compute: Any = pyarrow.compute
    are_nan = compute.and_(compute.is_nan(one), compute.is_nan(other))
    return compute.all(compute.or_(compute.equal(one, other), are_nan)).as_py() is not False


def _held_struct(pyarrow: ModuleType, column: Any, type_: Any) -> Any:
    names = [field.name for field in column.type]
    if len({*names}) < len(names) or not {*names} <= {field.name for field in type_}:
        return None
    there = dict(zip(names, column.flatten(), strict=True))
    parts: list[Any] = []
    for field in type_:
        part = there.get(field.name)
        part = pyarrow.nulls(len(column)) if part is None else part
        parts.append(held_as(part, field.type))
        if parts[-1] is None:
            return None
    return pyarrow.StructArray.from_arrays(parts, fields=list(type_), mask=column.is_null())


def _held_list(pyarrow: ModuleType, column: Any, type_: Any) -> Any:
    compute: Any = pyarrow.compute
    elements = held_as(compute.list_flatten(column), type_.value_type)
    if elements is None:
        return None
    lengths = compute.fill_null(compute.list_value_length(column).cast("int64"), 0)
    offsets = pyarrow.concat_arrays([pyarrow.array([0], "int64"), compute.cumulative_sum(lengths)])
    mask = column.is_null() if column.null_count else None
    is_large = pyarrow.types.is_large_list(type_)
    of_type = pyarrow.LargeListArray if is_large else pyarrow.ListArray
    return of_type.from_arrays(
        offsets if is_large else offsets.cast("int32"), elements, type=type_, mask=mask
    )


# --- Kinds of types -------------------------------------------------------------------------------


def _is_binary_number(pyarrow: ModuleType, type_: Any) -> bool:
    return bool(pyarrow.types.is_integer(type_) or pyarrow.types.is_floating(type_))


def _is_whole(pyarrow: ModuleType, type_: Any) -> bool:
    types = pyarrow.types
    return bool(types.is_integer(type_) or (types.is_decimal(type_) and type_.scale == 0))


def _is_text(pyarrow: ModuleType, type_: Any) -> bool:
    types = pyarrow.types
    return bool(
        types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_)
    )


def _is_bytes(pyarrow: ModuleType, type_: Any) -> bool:
    types = pyarrow.types
    return bool(
        types.is_binary(type_)
        or types.is_large_binary(type_)
        or types.is_binary_view(type_)
        or types.is_fixed_size_binary(type_)
    )


def _is_list(pyarrow: ModuleType, type_: Any) -> bool:
    types = pyarrow.types
    return bool(
        types.is_list(type_) or types.is_large_list(type_) or types.is_fixed_size_list(type_)
    )


# --- How they are joined --------------------------------------------------------------------------


def _joined_integers(pyarrow: ModuleType, first: Any, second: Any) -> Any:
    types = pyarrow.types
    if types.is_decimal(first) or types.is_decimal(second):
        return _decimal(pyarrow, max(map(_digits, (first, second))), 0)
    if types.is_signed_integer(first) == types.is_signed_integer(second):
        return max(first, second, key=lambda type_: type_.bit_width)
    width = max(
        type_.bit_width * (1 if types.is_signed_integer(type_) else 2) for type_ in (first, second)
    )
    wide = {16: pyarrow.int16, 32: pyarrow.int32, 64: pyarrow.int64}.get(width)
    return _decimal(pyarrow, _digits(pyarrow.uint64()), 0) if wide is None else wide()


def _digits(type_: Any) -> int:
    """Return how many digits a whole number of a type may have."""
    return type_.precision if hasattr(type_, "precision") else len(str(1 << type_.bit_width))


def _decimal(pyarrow: ModuleType, digits: int, scale: int) -> Any:
    of_bits = pyarrow.decimal128 if digits <= _MOST_DIGITS else pyarrow.decimal256
    return of_bits(digits, scale)


def _joined_numbers(pyarrow: ModuleType, first: Any, second: Any) -> Any:
    types = pyarrow.types
    if types.is_floating(first) and types.is_floating(second):
        return max(first, second, key=lambda type_: type_.bit_width)
    return pyarrow.float64()


def _joined_decimals(pyarrow: ModuleType, first: Any, second: Any) -> Any:
    if first.scale != second.scale:
        return None
    return _decimal(pyarrow, max(first.precision, second.precision), first.scale)


_UNITS = ["s", "ms", "us", "ns"]


def _finer(_: ModuleType, first: Any, second: Any) -> Any:
    """Return which of two types of dates, or of times of day, counts in smaller units."""

    def fineness(type_: Any) -> tuple[int, int]:
        return type_.bit_width, _UNITS.index(getattr(type_, "unit", "ms"))

    return max(first, second, key=fineness)


def _joined_times(pyarrow: ModuleType, first: Any, second: Any) -> Any:
    if (first.tz is None) != (second.tz is None):
        return None
    unit = max(first.unit, second.unit, key=_UNITS.index)
    return pyarrow.timestamp(unit, first.tz if first.tz == second.tz else "UTC")


def _joined_lists(pyarrow: ModuleType, first: Any, second: Any) -> Any:
    value = joined_type(first.value_type, second.value_type)
    if value is None:
        return None
    is_large = pyarrow.types.is_large_list
    return (pyarrow.large_list if is_large(first) or is_large(second) else pyarrow.list_)(value)


def _joined_structs(pyarrow: ModuleType, first: Any, second: Any) -> Any:
    fields: dict[str, Any] = {}
    for field in (*first, *second):
        before = fields.get(field.name)
        fields[field.name] = field.type if before is None else joined_type(before, field.type)
        if fields[field.name] is None:
            return None
    are_unique = len({field.name for field in first}) == len(first)
    return pyarrow.struct(list(fields.items())) if are_unique else None


_JOINS: list[tuple[Callable[[ModuleType, Any], bool], Callable[[ModuleType, Any, Any], Any]]] = [
    (_is_whole, _joined_integers),
    (_is_binary_number, _joined_numbers),
    (lambda pyarrow, type_: pyarrow.types.is_decimal(type_), _joined_decimals),
    (_is_text, lambda pyarrow, _, __: pyarrow.large_string()),
    (_is_bytes, lambda pyarrow, _, __: pyarrow.large_binary()),
    (lambda pyarrow, type_: pyarrow.types.is_timestamp(type_), _joined_times),
    (lambda pyarrow, type_: pyarrow.types.is_date(type_), _finer),
    (lambda pyarrow, type_: pyarrow.types.is_time(type_), _finer),
    (_is_list, _joined_lists),
    (lambda pyarrow, type_: pyarrow.types.is_struct(type_), _joined_structs),
]
"""For each kind of types whether one is of it, and how two are joined."""
