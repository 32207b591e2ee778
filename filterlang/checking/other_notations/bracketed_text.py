"""Text of programs, parted where no quotes and no brackets hold it together.

What is looked at is short, so that the time doesn't matter; each function goes over it once.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.lexis import BRACKETS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    MatchAt = Callable[[str, int], re.Match[str] | None]

_CLOSING = frozenset(BRACKETS.values())
_QUOTED = re.compile(r"\"[^\"\\]*+\"|'[^'\\]*+'|`[^`\\]*+`")


def outside(written: str, match_at: MatchAt) -> Iterator[re.Match[str]]:
    """Return each match that starts outside of quotes and brackets.

    Example:
        >>> [one.start() for one in outside("f(a,b),c", re.compile(",").match)]
        [6]
    """
    place, depth = 0, 0
    while place < len(written):
        match = match_at(written, place) if depth == 0 else None
        quotes = _QUOTED.match(written, place)
        if match is not None and match.end() > place:
            yield match
            place = match.end()
        elif quotes is not None:
            place = quotes.end()
        else:
            character = written[place]
            depth += (character in BRACKETS) - (character in _CLOSING)
            place += 1


def parted(written: str, match_at: MatchAt) -> list[str]:
    """Return what stands between the matches outside of quotes and brackets, without spaces.

    Example:
        >>> parted("role, ['a', 'b']", re.compile(",").match)
        ['role', "['a', 'b']"]
    """
    parts, begun = [], 0
    for one in outside(written, match_at):
        parts.append(written[begun : one.start()].strip(" "))
        begun = one.end()
    return [*parts, written[begun:].strip(" ")]


def last_pair(written: str, opening: str = "(") -> tuple[str, str] | None:
    """Return what stands before the brackets at the end of a text, and what is in them.

    Example:
        >>> last_pair("df['a'].isin(['x'])"), last_pair("(a) and (b)")
        (("df['a'].isin", "['x']"), ('(a) and', 'b'))
        >>> last_pair("a == f(x) or b") is None
        True
    """
    if not written.endswith(BRACKETS[opening]):
        return None
    place, depth, start = 0, 0, 0
    while place < len(written):
        quotes = _QUOTED.match(written, place)
        if quotes is not None:
            place = quotes.end()
            continue
        character = written[place]
        if character in BRACKETS:
            start = place if depth == 0 else start
            depth += 1
        depth -= character in _CLOSING
        place += 1
    if depth != 0 or written[start] != opening:
        return None
    return written[:start].rstrip(" "), written[start + 1 : -1].strip(" ")
