"""What is made of a schema once, and kept for the schemas that were used last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.schema.schema import Schema

_MadeT = TypeVar("_MadeT")

MOST_KEPT = 16
"""What is made of so many schemas is kept."""


class MadeOnce(Generic[_MadeT]):
    """Makes something of a schema on first use, and finds it again by the schema's identity.

    To hash or compare a schema takes longer than most of what is made of it.
    """

    def __init__(self, make: Callable[[Schema], _MadeT]) -> None:
        self._make = make
        self._kept: dict[int, tuple[Schema, _MadeT]] = {}

    def of(self, schema: Schema) -> _MadeT:
        """Return what was made of a schema."""
        kept = self._kept.get(id(schema))
        if kept is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            # With the schema, so that no other one can take its identity meanwhile.
            self._kept[id(schema)] = kept = schema, self._make(schema)
        return kept[1]
