"""Patterns and comparisons of folded text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy import Text, and_, false, func, literal, true

from filterlang.semantics.tests import Always, Equals, Like, Never, Within
from filterlang.syntax.escaping import Wildcard, join_pattern

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.semantics.tests import End, Test
    from filterlang.semantics.wildcards import Fragments

Database = str
"""`"sqlite"`, `"postgresql"`, `"mariadb"`, `"mysql"` that isn't MariaDB, or `"other"`."""

_ESCAPE = "/"
"""Not the backslash, which some databases read in texts themselves."""
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def text_passes(test: Test, text: ColumnElement[str], engine: Database) -> ColumnElement[bool]:
    """Ask a test of a folded text; the answer is NULL where the text is."""
    match test:
        case Never():
            return false()
        case Always():
            return true()
        case Equals(value):
            return text == literal(value, Text)
        case Within(low, high):
            return within(text, low, high, _text)
        case Like(fragments):
            return like_passes(fragments, text, engine)
        case _:
            assert_never(test)


def _text(value: Any) -> ColumnElement[str]:
    return literal(value, Text)


def within(value: Any, low: End | None, high: End | None, write: Any) -> ColumnElement[bool]:
    """Ask whether a value lies between two ends, each of which `write` makes an expression of."""
    parts = []
    if low is not None:
        end = write(low.value)
        parts.append(value >= end if low.is_closed else value > end)
    if high is not None:
        end = write(high.value)
        parts.append(value <= end if high.is_closed else value < end)
    return and_(true(), *parts)


def like_text(fragments: Fragments) -> str:
    """Write the fragments of a pattern as a pattern's text."""
    first, *rest = fragments
    return join_pattern([*first, *[part for one in rest for part in (Wildcard.RUN, *one)]])


def like_passes(
    fragments: Fragments, text: ColumnElement[str], engine: Database
) -> ColumnElement[bool]:
    """Ask whether a folded text matches the fragments of a pattern."""
    match fragments:
        case ((str(prefix),), ()) if engine != "other":
            return _starts(prefix, text)
        case _:
            pass
    if engine == "sqlite":
        # Its LIKE takes exponential time, and a pattern of limited length.
        return func.filterlang_like(text, literal(like_text(fragments), Text)) == 1
    written = "%".join(
        "".join("_" if part is Wildcard.ONE else _escaped(str(part)) for part in fragment)
        for fragment in fragments
    )
    return text.like(literal(written, Text), escape=_ESCAPE)


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
    """Return the first text behind all those with a prefix, by code points."""
    kept = prefix.rstrip(chr(_LAST))
    if not kept:
        return None
    following = ord(kept[-1]) + 1
    return kept[:-1] + chr(_SURROGATES.stop if following in _SURROGATES else following)
