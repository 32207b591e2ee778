"""Names as attributes: `F`, for who would rather not write `field("…")` each time."""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING, ClassVar

from filterlang.building.builder import Field, text_of
from filterlang.diagnostics.diagnostic import shown
from filterlang.syntax.escaping import normal_name

if TYPE_CHECKING:
    from typing import NoReturn

_METHODS = tuple(name for name in vars(Field) if not name.startswith("_"))


class Path(Field):
    """A `Field` of which the attributes are the names inside it; `F` has the first ones."""

    __slots__ = ()
    __iter__: ClassVar[None] = None  # brackets take a name, and Python would count in them

    def __getattr__(self, segment: str) -> Path:
        _refuse_private(segment)
        return Path(normal_name(f"{self._name}.{segment}"))

    def __getitem__(self, name: str) -> Path:
        return Path(normal_name(f"{self._name}.{text_of(name)}"))

    if not TYPE_CHECKING:

        def __call__(self, *_: object, **__: object) -> NoReturn:
            """Say what was meant; type checkers know that there is nothing to call."""
            if self._name in _METHODS:
                message = (
                    f"{self._name}() needs a name that it asks about; write F.name.{self._name}(…)"
                )
            else:
                message = (
                    f"{shown(self)} is a name and can't be called; compare it, as in {shown(self)}"
                    f" == …, or call a method of it: {', '.join(_METHODS)}"
                )
            raise TypeError(message)

    def __repr__(self) -> str:
        first, *rest = self._name.split(".")
        is_plain = _is_attribute(first) and all(
            _is_attribute(one) and one not in _METHODS for one in rest
        )
        return f"F.{self._name}" if is_plain else f"F[{self._name!r}]"


class Paths:
    """What `F` is: its attributes are the names that clauses can be built on."""

    __slots__ = ()
    __iter__: ClassVar[None] = None  # as for a `Path`

    def __getattr__(self, segment: str) -> Path:
        _refuse_private(segment)
        return Path(normal_name(segment))

    def __getitem__(self, name: str) -> Path:
        return Path(normal_name(text_of(name)))

    if not TYPE_CHECKING:

        def __call__(self, *_: object, **__: object) -> NoReturn:
            """Say what was meant, as a `Path` does."""
            message = "F can't be called; write F.name, F['name'] or field('name')"
            raise TypeError(message)

    def __repr__(self) -> str:
        return "F"

    def _remedy(self) -> str:
        return "compare a name of it, as in F.name == …"

    def __reduce__(self) -> str:
        return "F"


def _is_attribute(segment: str) -> bool:
    return segment.isidentifier() and not iskeyword(segment) and not segment.startswith("_")


def _refuse_private(segment: str) -> None:
    if segment.startswith("_"):
        # Python itself asks for such names, to copy an object or to show it.
        message = f"a name that begins with '_' is reached by field(), not by F: {shown(segment)}"
        raise AttributeError(message)


F = Paths()
"""Names as attributes: `F.location.countryCode` is `field("location.countryCode")`.

Names that are no identifiers, that begin with `_`, or that are methods of a field (`contains`,
`matches`, `between`, `on` …) stand in brackets: `F["customAttributes.my-attr"]`,
`F.customAttributes["my attr"]`.
"""
