"""What characters names and expressions may hold, and backslash escapes both ways.

The same classes stand in `grammar/filter.lark`; a test goes through every code point to prove that
the two agree.
"""

from __future__ import annotations

import re
from enum import Enum

from filterlang.diagnostics.diagnostic import showable, shown

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Iterable

CONTROLS = "\x00-\x1f\x7f-\x9f"
SURROGATES = "\ud800-\udfff"
RESERVED_IN_NAME = "=!<>~;,\\."
RESERVED_IN_EXPRESSION = ";,\\"
ESCAPABLE = "\\,;*? ="
"""The characters that a backslash may stand before, in any expression."""

NEVER_ALLOWED = f"[{CONTROLS}{SURROGATES}]"
"""A regular expression for what no filter can hold."""
_UNIT = re.compile(r"\\(.?)|([*?;,])|[^\\*?;,]+", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

_RESERVED_IN_SEGMENT = frozenset(RESERVED_IN_NAME)

_EXPRESSION_ESCAPES = str.maketrans({c: "\\" + c for c in RESERVED_IN_EXPRESSION})
_PATTERN_ESCAPES = str.maketrans({c: "\\" + c for c in RESERVED_IN_EXPRESSION + "*?"})


class Wildcard(Enum):
    """A part of a pattern that stands for other text.

    Example:
        >>> from filterlang import Pattern
        >>> Pattern("Clev*").parts
        ('Clev', Wildcard.RUN)
    """

    RUN = "*"
    """Any run of characters, also none."""
    ONE = "?"
    """Exactly one character (code point)."""

    def __repr__(self) -> str:
        return str(self)


_WILDCARDS = {wildcard.value: wildcard for wildcard in Wildcard}


def name_character(character: str) -> str:
    """Return how a character is called in a message: `','` or, where it can't be seen, `U+0009`."""
    if character.isprintable():
        return f"'{character}'"
    return f"U+{ord(character):04X}"


def normal_name(name: str) -> str:
    """Return a name as nodes store it: each segment without its outer spaces.

    Raises `ValueError` for an empty segment and for a character that a name can't hold.
    """
    segments = [segment.strip(" ") for segment in name.split(".")]
    for segment in segments:
        if not segment:
            message = (
                f"the name {shown(name)} has an empty segment"
                if name.strip(" ")
                else "the name is empty"
            )
            raise ValueError(message)
        if not segment.isprintable() or not _RESERVED_IN_SEGMENT.isdisjoint(segment):
            _check_segment(segment, name)
    return ".".join(segments)


def _check_segment(segment: str, name: str) -> None:
    for character in segment:
        if character in RESERVED_IN_NAME or re.match(NEVER_ALLOWED, character):
            message = f"a name can't hold {name_character(character)}: {shown(name)}"
            raise ValueError(message)


def check_expression(text: str) -> None:
    """Raise `ValueError` for a character that no expression can hold, escaped or not."""
    # All that is never allowed isn't printable, and most text is.
    if not text.isprintable() and (found := re.search(NEVER_ALLOWED, text)):
        message = (
            f"an expression can't hold {name_character(found[0])} "
            f"(character {found.start() + 1} of {shown(text)})"
        )
        raise ValueError(message)


def escape(text: str) -> str:
    r"""Escape a text so that it stands for itself after any operator, `~` and `!~` included.

    Args:
        text: what the value is to be, equal to, order by or, after `~`, match as it stands.

    Returns:
        The text to write into a filter. An empty text stays empty, which only `==` and `!=` take.

    Raises:
        ValueError: for control characters and lone surrogates, which no filter can hold.

    Example:
        >>> escape("Smith, John")
        'Smith\\, John'
        >>> escape("50*2?")
        '50\\*2\\?'
    """
    check_expression(text)
    return _protect_ends(text.translate(_PATTERN_ESCAPES))


def escape_expression(text: str) -> str:
    """Return the canonical text of an expression that isn't a pattern; inverse of `unescape`."""
    return _protect_ends(text.translate(_EXPRESSION_ESCAPES))


def unescape(raw: str) -> str:
    """Return what an expression stands for, from its text in a filter without its outer spaces."""
    return _ESCAPED.sub(r"\1", raw) if "\\" in raw else raw


def trim(raw: str) -> str:
    r"""Drop the outer spaces of an expression, but not the space of a final `\ `."""
    trimmed = raw.strip(" ")
    backslashes = len(trimmed) - len(trimmed.rstrip("\\"))
    # An odd backslash at the end escapes the space that was stripped from behind it.
    if backslashes % 2 and raw.lstrip(" ") != trimmed:
        return trimmed + " "
    return trimmed


def split_pattern(raw: str) -> tuple[str | Wildcard, ...]:
    r"""Split a pattern's text into literal texts and wildcards, a run of `*` counting once.

    Raises `ValueError` where the text could not stand after `~`: a bare `,` or `;`, an unknown
    escape, a backslash at the end.

    Example:
        >>> split_pattern(r"Smith\, J*")
        ('Smith, J', Wildcard.RUN)
    """
    check_expression(raw)
    parts: list[str | Wildcard] = []
    for unit in _UNIT.finditer(trim(raw)):
        escaped, bare = unit.groups()
        part: str | Wildcard
        if bare is not None:
            if bare in RESERVED_IN_EXPRESSION:
                message = (
                    rf"a bare {shown(bare)} can't stand in a pattern; write '\{bare}': {shown(raw)}"
                )
                raise ValueError(message)
            part = _WILDCARDS[bare]
        elif escaped is None:
            part = unit[0]
        elif escaped and escaped in ESCAPABLE:
            part = escaped
        else:
            message = (
                rf"unknown escape '\{showable(escaped)}' in the pattern {shown(raw)};"
                r" a backslash is '\\'"
            )
            raise ValueError(message)
        _append_part(parts, part)
    return tuple(parts)


def join_pattern(parts: Iterable[str | Wildcard]) -> str:
    """Return the canonical text of a pattern's parts; inverse of `split_pattern`."""
    merged: list[str | Wildcard] = []
    for part in parts:
        if isinstance(part, str):
            check_expression(part)
        _append_part(merged, part)
    return _protect_ends(
        "".join(
            part.value if isinstance(part, Wildcard) else part.translate(_PATTERN_ESCAPES)
            for part in merged
        )
    )


def _append_part(parts: list[str | Wildcard], part: str | Wildcard) -> None:
    last = parts[-1] if parts else None
    if isinstance(part, str) and isinstance(last, str):
        parts[-1] = last + part
    elif part != "" and not (part is Wildcard.RUN and last is Wildcard.RUN):
        parts.append(part)


def _protect_ends(escaped: str) -> str:
    """Escape what would be trimmed or would lengthen the operator before it."""
    if escaped.endswith(" "):
        escaped = escaped[:-1] + "\\ "
    if escaped.startswith((" ", "=")):
        escaped = "\\" + escaped
    return escaped
