"""The base of the small immutable values: nodes, spans, fixes and diagnostics.

Written by hand rather than with `dataclasses`, whose import alone costs more than the rest of the
library's start, and whose frozen instances take three times as long to make.
"""

from __future__ import annotations

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from typing import NoReturn, Self


class Immutable:
    """A value made of the fields that `__match_args__` names, in the order of its constructor.

    Two of them are equal when their types and fields are. Subclasses set their fields with
    `object.__setattr__` while they are built; afterwards nothing can be assigned or deleted.
    """

    __slots__ = ()

    def _values(self) -> tuple[object, ...]:
        # Declared here, `__match_args__` would have a wider type than type checkers need.
        return tuple([getattr(self, name) for name in getattr(type(self), "__match_args__", ())])

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self).__name__, *self._values()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self._values()))})"

    def __reduce__(self) -> tuple[type[Self], tuple[object, ...]]:
        return type(self), self._values()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __setattr__(self, name: str, value: object) -> NoReturn:
        message = f"{type(self).__name__} is immutable; cannot set {name!r}"
        raise AttributeError(message)

    def __delattr__(self, name: str) -> NoReturn:
        message = f"{type(self).__name__} is immutable; cannot delete {name!r}"
        raise AttributeError(message)
