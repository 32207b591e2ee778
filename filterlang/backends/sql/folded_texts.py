"""Patterns and comparisons of folded text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, and_, func, literal, true

from filterlang.backends.sql.comparing import related
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import Wildcard
from filterlang.syntax.nodes import Pattern
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.comparing import Engine
    from filterlang.syntax.nodes import Clause

_ESCAPE = "/"
"""Not the backslash, which some databases read in texts themselves."""
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def text_passes(clause: Clause, text: ColumnElement[str], engine: Engine) -> ColumnElement[bool]:
    """Ask of a folded text what a clause asks, not negated; it is NULL where the text is."""
    expression = clause.expression
    if isinstance(expression, Pattern):
        return _like(expression, text, engine)
    operator = Operator.EQ if clause.operator is Operator.NE else clause.operator
    return related(operator, text, literal(fold(expression), Text))


def _like(pattern: Pattern, text: ColumnElement[str], engine: Engine) -> ColumnElement[bool]:
    match pattern.parts:
        case (str(literal_text),):
            return text == literal(fold(literal_text), Text)
        case (Wildcard.RUN,):
            return true()
        case (str(prefix), Wildcard.RUN) if engine != "other":
            return _starts(fold(prefix), text)
        case _:
            pass
    if engine == "sqlite":
        # Its LIKE takes exponential time, and a pattern of limited length.
        return func.filterlang_like(text, literal(pattern.text, Text)) == 1
    written = "".join(
        _WILDCARDS[part] if isinstance(part, Wildcard) else _escaped(fold(part))
        for part in pattern.parts
    )
    return text.like(literal(written, Text), escape=_ESCAPE)


_WILDCARDS = {Wildcard.RUN: "%", Wildcard.ONE: "_"}


def _escaped(text: str) -> str:
    for special in (_ESCAPE, "%", "_"):
        text = text.replace(special, _ESCAPE + special)
    return text


def _starts(prefix: str, text: ColumnElement[str]) -> ColumnElement[bool]:
    """Write a prefix as a range, which an index on the folded text can answer."""
    after = _after(prefix)
    starts = text >= literal(prefix, Text)
    return starts if after is None else and_(starts, text < literal(after, Text))


def _after(prefix: str) -> str | None:
    """Give the first text behind all those with a prefix, by code points."""
    kept = prefix.rstrip(chr(_LAST))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if following in _SURROGATES else following)
