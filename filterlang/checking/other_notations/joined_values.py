"""Values with a word or sign between them that joins two values elsewhere: `US or UK`, `a|b`.

Many texts have such words, and here they are a part of the value. So it takes more than the word to
tell that several values are meant. Every regular expression takes time linear in the value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.lexis import AND_OR, PLAIN_NUMBER, QUOTES
from filterlang.diagnostics.diagnostic import Span

if TYPE_CHECKING:
    from collections.abc import Sequence


class Joined(NamedTuple):
    """Values and what joins them: where the first such word or sign is, and whether it is an AND.

    `are_quoted` is whether each of them is in quotes; the values are without them.
    """

    sign: Span
    values: Sequence[str]
    is_and: bool
    are_quoted: bool


_JOIN = re.compile(rf"(?<! ) ++(?:{AND_OR}|\|\|?|&&?) ++", re.IGNORECASE)
_BAR = re.compile(r"\|\|?")
_AND = frozenset({"and", "und", "&", "&&"})


def joined(raw: str) -> Joined | None:
    """Part values at what joins them; None where nothing does, or more than one kind of it.

    Example:
        >>> joined('"head of x" and "y"').values
        ['head of x', 'y']
        >>> joined('"x and y"') is joined("x and y or z") is None
        True
    """
    joins = list(_JOIN.finditer(raw)) or ([] if " " in raw else list(_BAR.finditer(raw)))
    if not joins:
        return None
    kinds = {join[0].strip(" ").lower() in _AND for join in joins}
    starts = [0, *(join.end() for join in joins)]
    stops = [*(join.start() for join in joins), len(raw)]
    sides = [raw[start:stop] for start, stop in zip(starts, stops, strict=True)]
    in_quotes = [_is_quoted(side) for side in sides]
    # A quote that isn't closed on its side holds what joins.
    is_clear = all(sides) and all(
        quoted or side[0] not in QUOTES for side, quoted in zip(sides, in_quotes, strict=True)
    )
    if len(kinds) > 1 or not is_clear:
        return None
    written = joins[0][0]
    first = joins[0].start() + len(written) - len(written.lstrip(" "))
    sign = Span(first, first + len(written.strip(" ")))
    values = [side[1:-1] if one else side for side, one in zip(sides, in_quotes, strict=True)]
    return Joined(sign, values, kinds.pop(), all(in_quotes))


def _is_quoted(side: str) -> bool:
    inner = side[1:-1]
    return inner.strip(" ") != "" and QUOTES.get(side[0]) == side[-1] and side[-1] not in inner


_ADDRESS = re.compile(r"[^ @,;]*+@[\w\-]++(?:\.[\w\-]++)++")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_.\-]++")
_SMALL_WORD = re.compile(r"[a-z]{2}[a-z_\-]*+")
_OF_TEXTS = re.compile(
    r".*(?:name|title|text|subject|description|comment|note|label|message|content|headline|topic"
    r"|city|street|industry|category|company|product)s?",
    re.IGNORECASE | re.DOTALL,
)
"""Names of what people write in words of their own."""
_OF_KINDS = re.compile(
    r".*(?:role|type|kind|status|gender|country|language|locale|currency|code|tier|level)s?",
    re.IGNORECASE | re.DOTALL,
)
"""Names of what has one word of a few for its value."""


def takes_kinds(name: str) -> bool:
    """Return whether a name is that of what has one word of a few for its value, as `role` is."""
    return _OF_KINDS.fullmatch(name) is not None


def are_several(name: str, values: Sequence[str], *, is_and: bool, is_negative: bool) -> bool:
    """Return whether values with a word in small letters or a sign between them are several.

    The rule keeps false alarms rare: each value is one word, and they are alike. All of them are
    numbers, addresses, or codes in capitals, such as `US`; or all are words in small letters where
    the name has one word of a few for its value, as `role` does, or where the operator is negative,
    for `team!=sales or marketing` is true of everybody. What is written as titles are, as
    `Research and Development` is, is one value; and where the name is that of texts, an `and` is a
    part of them.

    Example:
        >>> are_several("code", ["US", "UK"], is_and=False, is_negative=False)
        True
        >>> are_several("role", ["Rock", "Pop"], is_and=False, is_negative=True)
        False
    """
    if is_and and _OF_TEXTS.fullmatch(name) is not None:
        return False
    if all(_CODE.fullmatch(value) for value in values):
        return True
    if all(PLAIN_NUMBER.fullmatch(value) or _ADDRESS.fullmatch(value) for value in values):
        return True
    is_of_words = is_negative or takes_kinds(name)
    return is_of_words and all(_SMALL_WORD.fullmatch(value) for value in values)
