"""What `&` and `|` say where they got hold of something else before a comparison did."""

from __future__ import annotations

from filterlang.diagnostics.diagnostic import class_name

TYPE_CHECKING = False  # See `__init__.py` of the package.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NoReturn


def refusing(
    symbol: str, what: Callable[[object, object], str]
) -> Callable[[object, object], NoReturn]:
    """Build a method that refuses to join; `what` says of the two sides why they are no clauses."""

    def refuse(one: object, other: object) -> NoReturn:
        message = (
            f"{symbol!r} joins clauses, {what(one, other)}: it binds tighter than comparisons, so"
            f" put each of them in parentheses, as in (F.a == 1) {symbol} (F.b == 2)"
        )
        raise TypeError(message)

    return refuse


def _no_clauses(node: object, other: object) -> str:
    return f"not {class_name(other)} and {class_name(node)}"


class JoinsNodes:
    """Refuse `F.a == 1 & F.b.contains("x")`, in which `&` takes 1 for its left side.

    Type checkers are told nothing of it, so that they call it a mistake by themselves.
    """

    __slots__ = ()

    if not TYPE_CHECKING:
        __rand__ = refusing("&", _no_clauses)
        __ror__ = refusing("|", _no_clauses)
