"""The bases of what this backend adds to the expressions of SQLAlchemy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Boolean
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.types import TypeEngine

_T = TypeVar("_T")

PART = InternalTraversal.dp_clauseelement
PARTS = InternalTraversal.dp_clauseelement_list
TEXT = InternalTraversal.dp_string
FLAG = InternalTraversal.dp_boolean


def made_of(**attributes: InternalTraversal) -> list[tuple[str, InternalTraversal]]:
    """Return what SQLAlchemy has to know of an element: its attributes, and what each of them is.

    Example:
        >>> [name for name, _ in made_of(column=PART, is_single=FLAG)]
        ['column', 'is_single']
    """
    return list(attributes.items())


def sources_of(parts: Iterable[Any]) -> list[Any]:
    """Return the tables that expressions are about, each once."""
    return list({one: None for part in parts for one in part._from_objects})  # noqa: SLF001 — what an element of SQLAlchemy has to say


class Element(ColumnElement[_T]):
    """An expression that is made of others: its attributes, as `made_of` tells."""

    @property
    def _from_objects(self) -> list[Any]:
        parts: list[Any] = []
        for name, kind in self._traverse_internals:
            if kind is PART:
                parts.append(getattr(self, name))
            elif kind is PARTS:
                parts += getattr(self, name)
        return sources_of(parts)


class Bracketed(Element[bool]):
    """A condition whose text is in brackets."""

    type: TypeEngine[bool] = Boolean()

    def self_group(self, against: object = None) -> Any:  # noqa: ARG002 — as SQLAlchemy has it
        """Return it as it is.

        SQLAlchemy would compare it with 1 where there are no truth values: no index helps then.
        """
        return self
