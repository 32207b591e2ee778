"""What people write with fields by mistake, and Python would take for something else."""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, cast

from filterlang.diagnostics.diagnostic import shown
from filterlang.syntax.node_joins import refusing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn, TypeVar

    _FunctionT = TypeVar("_FunctionT", bound=Callable[..., Any])


def _not_called(symbol: str) -> Callable[[_Method, object], NoReturn]:
    def refuse(method: _Method, _: object) -> NoReturn:
        name = method.__name__
        owner = method.owner
        message = (
            f"{symbol!r} can't take the method {name!r} of {shown(owner)}: call it, as in"
            f" {shown(owner)}.{name}(…); a dimension of that name is reached by field()"
        )
        raise TypeError(message)

    return refuse


class _Method:
    """A method of one field. Compared, it would be equal to nothing, and nobody would notice."""

    __name__: str
    __hash__ = None  # type: ignore[assignment]  # as the field itself has none

    def __init__(self, function: Callable[..., Any], owner: object) -> None:
        update_wrapper(self, function)
        self.owner = owner
        self._function = function

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return self._function(self.owner, *arguments, **options)

    def __repr__(self) -> str:
        return f"<method {self.__name__} of {shown(self.owner)}>"

    def _remedy(self) -> str:
        return f"call it, as in {shown(self.owner)}.{self.__name__}(…)"

    __eq__ = _not_called("==")
    __ne__ = _not_called("!=")
    __lt__ = _not_called("<")
    __le__ = _not_called("<=")
    __gt__ = _not_called(">")
    __ge__ = _not_called(">=")
    __and__ = __rand__ = _not_called("&")
    __or__ = __ror__ = _not_called("|")


class _OnlyCalled:
    """What stands in a class for a method that can only be called."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self._function if instance is None else _Method(self._function, instance)


def only_called(function: _FunctionT) -> _FunctionT:
    """Make a method that raises `TypeError` where it is compared or joined instead of called.

    To type checkers it is the method that it was.
    """
    made: Any = update_wrapper(cast("Any", _OnlyCalled(function)), function)
    return cast("_FunctionT", made)


def _no_clause(field: object, _: object) -> str:
    return f"and {shown(field)} is none"


class Unjoined:
    """A field: `&`, `|` and `~` are for the clauses that are made of it.

    Type checkers are told nothing of these, so that they call it a mistake by themselves.
    """

    __slots__ = ()

    if not TYPE_CHECKING:
        __and__ = __rand__ = refusing("&", _no_clause)
        __or__ = __ror__ = refusing("|", _no_clause)

        def __invert__(self) -> NoReturn:
            message = f"'~' takes a clause, and {shown(self)} is none; compare it, in parentheses"
            raise TypeError(message)

    def _remedy(self) -> str:
        return f"compare it, as in {shown(self)} == …"
