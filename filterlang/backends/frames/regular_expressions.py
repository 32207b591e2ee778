"""Patterns → regular expressions that engines match in linear time, and simpler tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.spellings import spelled
from filterlang.syntax.escaping import Wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.semantics.tests import Like
    from filterlang.semantics.wildcards import Fragment

MOST_CHARACTERS = 400
"""Engines compile regular expressions to programs of a limited size."""
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


def length_of(like: Like) -> int:
    """Return how many characters a pattern has, the runs between its fragments among them."""
    parts = [part for fragment in like.fragments for part in fragment]
    lengths = [len(part) if isinstance(part, str) else 1 for part in parts]
    return sum(lengths) + len(like.fragments) - 1


def literals_of(like: Like) -> list[str] | None:
    """Return the folded texts between the runs of a pattern; None if it has a `?`.

    Example:
        >>> from filterlang.semantics.tests import Like
        >>> literals_of(Like((("bo",), ("n",))))
        ['bo', 'n']
    """
    found: list[str] = []
    for fragment in like.fragments:
        texts = [part for part in fragment if isinstance(part, str)]
        if len(texts) < len(fragment):
            return None
        found.append("".join(texts))
    return found


def spelled_regex(sought: Like | str) -> str:
    r"""Write a pattern, or a whole folded text, as all of its spellings.

    So the text that is looked at need not be folded, which takes longer than this search, of which
    engines make an automaton that never goes back.

    Raises:
        InexactError: for a pattern that is too long for them; a text must not be.

    Example:
        >>> from filterlang.semantics.tests import Like
        >>> from filterlang.syntax.escaping import Wildcard
        >>> like = Like(((), ("no",), ("i", Wildcard.ONE)))
        >>> print(spelled_regex(like), spelled_regex("u.s"))
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


def atomic_regex(like: Like) -> str:
    r"""Write a pattern for engines that go back unless they are told not to, such as Java's.

    It is for folded texts. The first place where a fragment is found is as good as any, so it is
    never given up.

    Raises:
        InexactError: as `spelled_regex`.

    Example:
        >>> from filterlang.semantics.tests import Like
        >>> print(atomic_regex(Like((("a",), ("b",), ("c",), ("d",)))))
        (?s)\Aa(?>.*?b)(?>.*?c).*d\z
    """
    _check(like)
    head, *rest = _written(like, _escaped)
    if not rest:
        return rf"(?s)\A{head}\z"
    *middle, tail = rest
    atoms = "".join(f"(?>.*?{fragment})" for fragment in middle if fragment)
    return rf"(?s)\A{head}{atoms}.*{tail}\z"


def _check(like: Like) -> None:
    if length_of(like) > MOST_CHARACTERS:
        message = f"it is a pattern of more than {MOST_CHARACTERS} characters"
        raise InexactError(message)


def _written(like: Like, write: Callable[[str], str]) -> list[str]:
    """Give the fragments between the runs as regular expressions."""
    return [_written_fragment(fragment, write) for fragment in like.fragments]


def _written_fragment(fragment: Fragment, write: Callable[[str], str]) -> str:
    return "".join("." if part is Wildcard.ONE else write(str(part)) for part in fragment)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _spelled(folded: str) -> str:
    """Write each character as the class of its spellings; only letters have several."""
    choices = map(spelled, folded)
    return "".join(f"[{one}]" if len(one) > 1 else _escaped(one) for one in choices)
