"""Patterns → regular expressions that engines match in linear time, and simpler tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.backends.exactness import InexactError
from filterlang.escaping import Wildcard
from filterlang.values import fold

if TYPE_CHECKING:
    from filterlang.nodes import Pattern

_MOST_CHARACTERS = 400
"""Engines compile regular expressions to programs of a limited size."""
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


def fragments(pattern: Pattern) -> list[str] | None:
    """Give the folded texts between the runs of a pattern; None if it has a `?`.

    Example:
        >>> from filterlang import Pattern
        >>> fragments(Pattern("Bo*n"))
        ['bo', 'n']
    """
    found = [""]
    for part in pattern.parts:
        if part is Wildcard.ONE:
            return None
        if part is Wildcard.RUN:
            found.append("")
        else:
            found[-1] += fold(part)
    return found


def linear_regex(pattern: Pattern) -> str:
    r"""Write a pattern for engines whose regular expressions never go back, such as RE2's.

    Raises:
        InexactError: for a pattern that is too long for them.

    Example:
        >>> from filterlang import Pattern
        >>> print(linear_regex(Pattern("Bo*n?")))
        (?s)\Abo.*n.\z
    """
    return rf"(?s)\A{'.*'.join(_written(pattern))}\z"


def atomic_regex(pattern: Pattern) -> str:
    r"""Write a pattern for engines that go back unless they are told not to, such as Java's.

    The first place where a fragment is found is as good as any, so it is never given up.

    Raises:
        InexactError: as `linear_regex`.

    Example:
        >>> from filterlang import Pattern
        >>> print(atomic_regex(Pattern("a*b*c*d")))
        (?s)\Aa(?>.*?b)(?>.*?c).*d\z
    """
    head, *rest = _written(pattern)
    if not rest:
        return rf"(?s)\A{head}\z"
    *middle, tail = rest
    atoms = "".join(f"(?>.*?{fragment})" for fragment in middle if fragment)
    return rf"(?s)\A{head}{atoms}.*{tail}\z"


def _written(pattern: Pattern) -> list[str]:
    """Give the fragments between the runs as regular expressions."""
    if len(pattern.text) > _MOST_CHARACTERS:
        message = f"it is a pattern of more than {_MOST_CHARACTERS} characters"
        raise InexactError(message)
    written = [""]
    for part in pattern.parts:
        if part is Wildcard.RUN:
            written.append("")
        else:
            written[-1] += "." if part is Wildcard.ONE else _SPECIAL.sub(r"\\\g<0>", fold(part))
    return written
