"""What `&` and `|` say where they got hold of something else before a comparison did."""

from __future__ import annotations

from filterlang.diagnostics.diagnostic import class_name

TYPE_CHECKING = False  # See `__init__.py` of the package.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


def _not_with(symbol: str) -> Callable[[object, object], NoReturn]:
    def refuse(node: object, other: object) -> NoReturn:
        message = (
            f"{symbol!r} joins clauses, not {class_name(other)} and {class_name(node)}: it binds"
            " tighter than comparisons, so put each of them in parentheses, as in"
            f" (F.a == 1) {symbol} (F.b == 2)"
        )
        raise TypeError(message)

    return refuse


class JoinsNodes:
    """Refuse `F.a == 1 & F.b.contains("x")`, in which `&` takes 1 for its left side.

    Type checkers are told nothing of it, so that they call it a mistake by themselves.
    """

    __slots__ = ()

    if not TYPE_CHECKING:
        __rand__ = _not_with("&")
        __ror__ = _not_with("|")
