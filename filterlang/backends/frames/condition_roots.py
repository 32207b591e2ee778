"""Conditions → what they are about, and the same conditions on the columns of a table of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from filterlang.backends.plan.conditions import (
    AnyElement,
    Column,
    Compared,
    Constant,
    Element,
    Entry,
    Every,
    HasKey,
    IsMissing,
    Member,
    Not,
    Some,
)

if TYPE_CHECKING:
    from filterlang.backends.plan.conditions import Condition, Value

NAME_OF_ELEMENTS = "="
"""The column of a table in which elements of lists are, by a name that no filter has."""


def root_of(value: Value) -> Value:
    """Return the column, or the element, that a value is in."""
    match value:
        case Column() | Element():
            return value
        case Member(record, _):
            return root_of(record)
        case Entry(mapping, _):
            return root_of(mapping)
        case _:
            assert_never(value)


def find_roots(condition: Condition, roots: dict[Value, bool]) -> bool:
    """Collect what a condition is about, and whether a text of it is asked.

    Returns:
        False if it asks for elements of lists.
    """
    match condition:
        case Constant():
            pass
        case Every(parts) | Some(parts):
            return all(find_roots(part, roots) for part in parts)
        case Not(part):
            return find_roots(part, roots)
        case AnyElement():
            return False
        case HasKey(mapping, _):
            roots[root_of(mapping)] = True
        case _:
            root = root_of(condition.value)
            of_text = not isinstance(condition, IsMissing | Compared)
            roots[root] = roots.get(root, False) or of_text
    return True


def name_of(root: Value) -> str:
    """Return the column of a table in which a column, or an element, is."""
    return root.name if isinstance(root, Column) else NAME_OF_ELEMENTS


def moved(condition: Condition) -> Condition:
    """Return a condition that is about the columns of a table where it is about elements."""
    match condition:
        case Constant() | AnyElement():  # pragma: no cover — they have no column to be moved to
            return condition
        case Every(parts):
            return Every(tuple(map(moved, parts)))
        case Some(parts):
            return Some(tuple(map(moved, parts)))
        case Not(part):
            return Not(moved(part))
        case HasKey(mapping, key):
            return HasKey(_moved_value(mapping), key)
        case _:
            return condition._replace(value=_moved_value(condition.value))


def _moved_value(value: Value) -> Value:
    match value:
        case Column():
            return value
        case Element():
            return Column(NAME_OF_ELEMENTS)
        case Member(record, name):
            return Member(_moved_value(record), name)
        case Entry(mapping, key):
            return Entry(_moved_value(mapping), key)
        case _:
            assert_never(value)
