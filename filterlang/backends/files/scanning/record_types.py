"""What filters look at of a record → the type of a record for msgspec, which decodes no more.

A record is read by rule 1 of the language: in an object the whole remaining name is looked for as
one key, then its first segment. So of the object at each place a few keys are enough for the same
verdict, and whatever else is in it need not be made into Python values.

What a record holds otherwise than is usual (lists in lists, an object with unknown content in a
list at the end of a name) doesn't fit the types, so that msgspec refuses it, and it is read in
full. Integers of any size are read exactly, since the types name `int`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from filterlang.backends.files.packages import msgspec_itself
from filterlang.matching.struct_source import layout_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from filterlang.matching.struct_source import Layout

_SCALAR = str | int | float | bool | None


def readable_layout(names: Iterable[tuple[str, ...]]) -> Layout | None:
    """Return the slots for names; None for too many of them, and for names beyond ASCII.

    Such keys msgspec doesn't find in a `TypedDict`, and takes them for missing without a word.
    """
    names = list(names)
    if not all(segment.isascii() for name in names for segment in name):
        return None
    return layout_of(names)


def dict_type(layout: Layout, refused: Iterable[str] = ()) -> Any:
    """Build the type of records that become dicts.

    A record with one of the `refused` keys, which no name may lead to, doesn't fit the type.

    Example:
        >>> sorted(dict_type(readable_layout([("location", "city"), ("score",)])).__annotations__)
        ['location', 'location.city', 'score']
    """
    fields: dict[str, Any] = {key: _nothing() for key in refused if key not in layout}
    fields |= {key: _value(dict_type(slot.inner)) for key, slot in layout.items()}
    # No key is required, and the content of those that aren't named is never made into values.
    return TypedDict("_Part", fields, total=False)  # type: ignore[operator]  # the fields are data


def struct_type(layout: Layout, refused: Collection[str] = ()) -> Any:
    """Build the type of records that lie in slots, with nothing in them that could form a circle.

    A record with one of the `refused` keys, which no name may lead to, doesn't fit the type.
    """
    msgspec = msgspec_itself()
    fields, keys = [], {}
    for number, key in enumerate(refused):
        if key not in layout:
            keys[f"x{number}"] = key
            fields.append((f"x{number}", _nothing(), None))
    for key, slot in layout.items():
        keys[slot.name] = key
        absent = msgspec.UNSET if slot.is_whole else None
        fields.append((slot.name, _value(struct_type(slot.inner)), absent))
    return msgspec.defstruct("_Part", fields, rename=keys, gc=False, omit_defaults=True)


def _nothing() -> Any:
    """Build a type that no value fits."""
    return Annotated[int, msgspec_itself().Meta(lt=0, gt=0)]


def _value(part: Any) -> Any:
    """Build the type of a value, which may be a part of a record."""
    # A mapping at the end of a name equals nothing, whatever it holds.
    element: Any = _SCALAR | part
    return element | list[element]
