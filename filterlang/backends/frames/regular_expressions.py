"""Patterns → regular expressions that engines match in linear time, and simpler tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.spellings import spelled
from filterlang.syntax.escaping import Wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from filterlang.semantics.wildcards import Fragment, Fragments

MOST_CHARACTERS = 400
"""Engines compile regular expressions to programs of a limited size."""
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


def length_of(fragments: Fragments) -> int:
    """Return how many characters a pattern has, the runs between its fragments among them."""
    parts = [part for fragment in fragments for part in fragment]
    lengths = [len(part) if isinstance(part, str) else 1 for part in parts]
    return sum(lengths) + len(fragments) - 1


def literals_of(fragments: Fragments) -> list[str] | None:
    """Return the folded texts between the runs of a pattern; None if it has a `?`.

    Example:
        >>> literals_of((("bo",), ("n",)))
        ['bo', 'n']
    """
    found: list[str] = []
    for fragment in fragments:
        texts = [part for part in fragment if isinstance(part, str)]
        if len(texts) < len(fragment):
            return None
        found.append("".join(texts))
    return found


def spelled_regex(sought: Fragments | str) -> str:
    r"""Write a pattern, or a whole folded text, as all of its spellings.

    So the text that is looked at need not be folded, which takes longer than this search, of which
    engines make an automaton that never goes back.

    Raises:
        InexactError: for a pattern that is too long for them; a text must not be.

    Example:
        >>> from filterlang.syntax.escaping import Wildcard
        >>> fragments = (), ("no",), ("i", Wildcard.ONE)
        >>> print(spelled_regex(fragments), spelled_regex("u.s"))
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


def atomic_regex(fragments: Fragments) -> str:
    r"""Write a pattern for engines that go back unless they are told not to, such as Java's.

    It is for folded texts. The first place where a fragment is found is as good as any, so it is
    never given up.

    Raises:
        InexactError: as `spelled_regex`.

    Example:
        >>> print(atomic_regex((("a",), ("b",), ("c",), ("d",))))
        (?s)\Aa(?>.*?b)(?>.*?c).*d\z
    """
    _check(fragments)
    head, *rest = _written(fragments, _escaped)
    if not rest:
        return rf"(?s)\A{head}\z"
    *middle, tail = rest
    atoms = "".join(f"(?>.*?{fragment})" for fragment in middle if fragment)
    return rf"(?s)\A{head}{atoms}.*{tail}\z"


def _check(fragments: Fragments) -> None:
    if length_of(fragments) > MOST_CHARACTERS:
        message = f"it is a pattern of more than {MOST_CHARACTERS} characters"
        raise InexactError(message)


def _written(fragments: Fragments, write: Callable[[str], str]) -> list[str]:
    """Return the fragments between the runs as regular expressions."""
    return [_written_fragment(fragment, write) for fragment in fragments]


def _written_fragment(fragment: Fragment, write: Callable[[str], str]) -> str:
    return "".join("." if part is Wildcard.ONE else write(str(part)) for part in fragment)


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _spelled(folded: str) -> str:
    """Write each character as the class of its spellings; only letters have several."""
    choices = map(spelled, folded)
    return "".join(f"[{one}]" if len(one) > 1 else _escaped(one) for one in choices)
