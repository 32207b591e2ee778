"""Patterns → regular expressions that engines match in linear time, and simpler tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.spellings import spelled
from filterlang.semantics.values import fold
from filterlang.syntax.escaping import Wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.syntax.nodes import Pattern

MOST_CHARACTERS = 400
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


def spelled_regex(sought: Pattern | str) -> str:
    r"""Write a pattern, or a whole folded text, as all of its spellings.

    So the text that is looked at need not be folded, which takes longer than this search, of which
    engines make an automaton that never goes back.

    Raises:
        InexactError: for a pattern that is too long for them; a text must not be.

    Example:
        >>> from filterlang import Pattern
        >>> print(spelled_regex(Pattern("*no*i?")), spelled_regex("u.s"))
        (?s)[nN][oO].*[iIİ].\z (?s)\A[uU]\.[sS]\z
    """
    if isinstance(sought, str):
        written = [_spelled(sought)]
    else:
        _check(sought)
        written = _written(sought, _spelled)
    start = "" if len(written) > 1 and not written[0] else r"\A"
    end = "" if len(written) > 1 and not written[-1] else r"\z"
    return f"(?s){start}{'.*'.join(filter(None, written))}{end}"


def atomic_regex(pattern: Pattern) -> str:
    r"""Write a pattern for engines that go back unless they are told not to, such as Java's.

    It is for folded texts. The first place where a fragment is found is as good as any, so it is
    never given up.

    Raises:
        InexactError: as `spelled_regex`.

    Example:
        >>> from filterlang import Pattern
        >>> print(atomic_regex(Pattern("a*b*c*d")))
        (?s)\Aa(?>.*?b)(?>.*?c).*d\z
    """
    _check(pattern)
    head, *rest = _written(pattern, _escaped)
    if not rest:
        return rf"(?s)\A{head}\z"
    *middle, tail = rest
    atoms = "".join(f"(?>.*?{fragment})" for fragment in middle if fragment)
    return rf"(?s)\A{head}{atoms}.*{tail}\z"


def _check(pattern: Pattern) -> None:
    if len(pattern.text) > MOST_CHARACTERS:
        message = f"it is a pattern of more than {MOST_CHARACTERS} characters"
        raise InexactError(message)


def _written(pattern: Pattern, write: Callable[[str], str]) -> list[str]:
    """Give the fragments between the runs as regular expressions."""
    written = [""]
    for part in pattern.parts:
        if part is Wildcard.RUN:
            written.append("")
        else:
            written[-1] += "." if part is Wildcard.ONE else write(fold(part))
    return written


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _spelled(folded: str) -> str:
    """Write each character as the class of its spellings; only letters have several."""
    choices = map(spelled, folded)
    return "".join(f"[{one}]" if len(one) > 1 else _escaped(one) for one in choices)
