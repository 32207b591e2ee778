"""What other languages say of a value, which may be more than a dimension can: shapes.

A shape may be of several types, or of none in particular; the dimension made of it has one.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any

from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MOST_SHAPES = 50_000
"""So many may be read of one description, to the deepest level at which that is enough."""
LEVELS = (64, 16, 8, 6, 5, 4, 3, 2, 1)
"""How deep objects in objects are described, each tried if the one before was too deep."""

_ORDER = ("object", "text", "integer", "number", "boolean", "datetime")


class Shape:
    """What a value may be.

    Fields: `types`, those of dimensions and `"list"`, empty if it may be anything; `values`, those
    of an enum, or None if it may be any text; `fields` and `is_open` (None if nothing was said) of
    an object; `item`, the elements of a list; `detail` and `deprecated`.
    """

    __slots__ = ("deprecated", "detail", "fields", "is_open", "item", "types", "values")
    deprecated: str | None
    detail: str | None
    fields: dict[str, Shape | None]
    is_open: bool | None
    item: Shape | None
    types: frozenset[str]
    values: tuple[str, ...] | None

    def __init__(
        self,
        *types: str,
        values: Iterable[str] | None = None,
        fields: Mapping[str, Shape | None] | None = None,
        is_open: bool | None = None,
        item: Shape | None = None,
        detail: str | None = None,
        deprecated: str | None = None,
    ) -> None:
        self.types = frozenset(types)
        self.values = None if values is None else tuple(dict.fromkeys(values))
        self.fields = dict(fields or {})
        self.is_open = is_open
        self.item = item
        self.detail = detail
        self.deprecated = deprecated


class TooManyError(Exception):
    """A description has more shapes than may be read."""


class Budget:
    """Counts what is read of a description, down to a number of levels."""

    def __init__(self, levels: int) -> None:
        self.levels = levels
        self._left = MOST_SHAPES

    def spend(self) -> None:
        """Count one shape."""
        self._left -= 1
        if self._left < 0:
            raise TooManyError


def read_within_budget(read: Callable[[Budget], Shape | None]) -> Shape | None:
    """Read a description as deep as it can be read in reasonable time.

    Types that refer to each other in circles have a great many paths through them, though each one
    ends where a type comes again; nobody filters by the long ones.
    """
    for levels in LEVELS:
        try:
            return read(Budget(levels))
        except TooManyError:
            continue
        except RecursionError:
            message = "the description is nested too deeply to be read"
            raise ValueError(message) from None
    message = f"there are more than {MOST_SHAPES:,} names; take a smaller part of the description"
    raise ValueError(message)


# --- Several shapes -------------------------------------------------------------------------------


def either(shapes: Iterable[Shape | None]) -> Shape | None:
    """Return what is one of several shapes; None, which is no value at all, adds nothing."""
    some = [shape for shape in shapes if shape is not None]
    # Neighbours are joined first: one after the other, what is joined would be copied each time.
    while len(some) > 1:
        pairs = zip(some[::2], some[1::2], strict=False)
        odd = some[-1:] if len(some) % 2 else []
        some = [_either(one, other) for one, other in pairs] + odd
    return some[0] if some else None


def _either(one: Shape, other: Shape) -> Shape:
    is_anything = not one.types or not other.types
    fields = dict(one.fields)
    for name, field in other.fields.items():
        fields[name] = either((fields.get(name), field))
    return Shape(
        *(() if is_anything else one.types | other.types),
        values=_either_value(one, other),
        fields=fields,
        is_open=_joined(one.is_open, other.is_open, max),
        item=either((one.item, other.item)),
        detail=one.detail or other.detail,
        deprecated=one.deprecated if other.deprecated is not None else None,
    )


def _either_value(one: Shape, other: Shape) -> tuple[str, ...] | None:
    if not one.types or not other.types:
        return None  # what may be anything may be any text
    texts = [shape for shape in (one, other) if "text" in shape.types]
    if not texts or any(shape.values is None for shape in texts):
        return None
    return tuple(value for shape in texts for value in shape.values or ())


def both(one: Shape | None, other: Shape | None) -> Shape | None:
    """Return what is of two shapes at once; what `other` says in words comes first."""
    if one is None or other is None:
        return None
    fields = dict(one.fields)
    for name, field in other.fields.items():
        fields[name] = both(fields[name], field) if name in fields else field
    return Shape(
        *_both_types(one.types, other.types),
        values=_both_values(one.values, other.values),
        fields=fields,
        is_open=_joined(one.is_open, other.is_open, min),
        item=both(one.item, other.item) if one.item and other.item else one.item or other.item,
        detail=other.detail or one.detail,
        deprecated=one.deprecated
        if other.deprecated is None
        else other.deprecated or one.deprecated or "",
    )


def _both_types(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if not one or not other:
        return one or other
    common = set(one & other)
    for narrow, wide in (("integer", "number"), ("datetime", "text"), ("datetime", "integer")):
        if (narrow in one and wide in other) or (narrow in other and wide in one):
            common.add(narrow)
    # What contradicts itself has no values; the last word is as good as any.
    return frozenset(common) or other


def _both_values(
    one: tuple[str, ...] | None, other: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    if one is None or other is None:
        return one if other is None else other
    common = set(other)
    return tuple(value for value in one if value in common) or other


def _joined(
    one: bool | None,
    other: bool | None,
    join: Callable[[bool, bool], bool],
) -> bool | None:
    if one is None or other is None:
        return one if other is None else other
    return join(one, other)


# --- Dimensions -----------------------------------------------------------------------------------


def one_line(description: object) -> str | None:
    """Return the first paragraph of a description as one line; None for anything but a text."""
    if not isinstance(description, str):
        return None
    lines = takewhile(str.strip, description.strip().splitlines())
    return " ".join(" ".join(lines).split()) or None


def is_nameable(name: object) -> bool:
    """Return whether a filter can name a key, just as it is."""
    try:
        return isinstance(name, str) and normal_name(name) == name
    except ValueError:
        return False


def fields_data(shape: Shape) -> dict[str, Any]:
    """Return the plain data of an object's fields, without those that no filter can name."""
    return {
        name: dimension_data(field) for name, field in shape.fields.items() if is_nameable(name)
    }


def dimension_data(shape: Shape | None) -> dict[str, Any]:
    """Return the plain data of the dimension that fits a shape best."""
    if shape is None:
        return {"type": "text", "detail": "always null"}
    detail, deprecated = shape.detail, shape.deprecated
    is_list = False
    # A list in a list counts as if its elements stood in the outer one.
    while "list" in shape.types:
        is_list = True
        item = shape.item or Shape()
        others = shape.types - {"list"}
        if others:
            scalar = Shape(*others, values=shape.values, fields=shape.fields, is_open=shape.is_open)
            item = _either(scalar, item)
        shape = item
    type_, note = _type(shape)
    data: dict[str, Any] = {"type": f"list of {type_}" if is_list else type_}
    if type_ == "enum":
        data["values"] = list(shape.values or ())
    elif type_ in {"object", "map"} and (fields := fields_data(shape)):
        data["fields"] = fields
    if deprecated is not None:
        data["deprecated"] = deprecated
    # What a list holds is worth a word if nothing is said of the list.
    said = [part for part in (detail or shape.detail, note) if part]
    if said:
        data["detail"] = "; ".join(said)
    return data


def _type(shape: Shape) -> tuple[str, str | None]:
    """Choose the one type for what may be of several; and say so."""
    types = set(shape.types)
    note = f"{' or '.join(sorted(types, key=_ORDER.index))}" if len(types) > 1 else None
    if "object" in types or (not types and shape.fields):
        # Names in it are lost if it is anything else.
        return _object_type(shape), note
    if not types:
        return "text", "of any type"
    if types == {"text"} and shape.values:
        return "enum", None
    if "datetime" in types and types <= {"datetime", "integer", "number"}:
        return "datetime", None  # a number of milliseconds is a date to filters, too
    if types == {"integer", "number"}:
        return "number", None
    return (types.pop(), None) if note is None else ("text", note)


def _object_type(shape: Shape) -> str:
    if shape.is_open is None:
        return "object" if shape.fields else "map"
    return "map" if shape.is_open else "object"
