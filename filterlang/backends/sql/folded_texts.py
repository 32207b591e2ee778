"""Patterns and comparisons of folded text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy import Text, and_, any_, false, func, literal, true
from sqlalchemy.dialects.postgresql import ARRAY

from filterlang.backends.sql.alternatives import equal_values
from filterlang.backends.sql.joining import one_of, some
from filterlang.semantics.tests import Always, Equals, Like, Never, Within
from filterlang.syntax.escaping import Wildcard, join_pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.joining import Database
    from filterlang.semantics.tests import End, Test
    from filterlang.semantics.wildcards import Fragments

_ESCAPE = "/"
"""Not the backslash, which some databases read in texts themselves."""
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def text_passes(
    tests: list[Test], text: ColumnElement[str], engine: Database
) -> ColumnElement[bool]:
    """Ask whether a folded text passes one test; the answer is NULL where the text is."""
    likes = [test.fragments for test in tests if isinstance(test, Like)]
    if len(likes) > 1 and engine == "postgresql":
        # The text is folded once, not for each pattern.
        patterns = [_like_pattern(fragments, "\\") for fragments in likes]
        return text.bool_op("LIKE")(any_(literal(patterns, ARRAY(Text))))
    if likes:
        return some(like_passes(fragments, text, engine) for fragments in likes)
    return passes_one_of(tests, text, _text, lambda texts: one_of(text, texts, Text(), engine))


def passes_one_of(
    tests: list[Test],
    value: ColumnElement[Any],
    write: Callable[[Any], ColumnElement[Any]],
    is_one_of: Callable[[list[Any]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    """Ask whether a value passes one of several tests, none of them a pattern.

    Args:
        tests: what is asked, of the value's kind.
        value: is compared.
        write: makes an expression of what it is compared with.
        is_one_of: asks whether the value equals one of two or more.
    """
    equal = equal_values(tests)
    parts = [is_one_of(equal)] if len(equal) > 1 else []
    for test in tests:
        match test:
            case Never() | Like():
                pass
            case Always():
                return true()
            case Equals(wanted):
                parts += [value == write(wanted)] if len(equal) == 1 else []
            case Within(low, high):
                parts.append(within(value, low, high, write))
            case _:
                assert_never(test)
    return some(parts) if parts else false()


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
    return text.like(literal(_like_pattern(fragments, _ESCAPE), Text), escape=_ESCAPE)


def _like_pattern(fragments: Fragments, escape: str) -> str:
    """Write the fragments of a pattern for LIKE."""
    return "%".join(
        "".join("_" if part is Wildcard.ONE else _escaped(str(part), escape) for part in fragment)
        for fragment in fragments
    )


def _escaped(text: str, escape: str) -> str:
    for special in (escape, "%", "_"):
        text = text.replace(special, escape + special)
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
