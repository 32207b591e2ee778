"""Matching folded texts with patterns, in at most text × pattern steps."""

from __future__ import annotations

import re

from filterlang.syntax.escaping import Wildcard

Fragment = tuple[str | Wildcard, ...]
"""A part of a pattern between two runs of `*`: folded texts and `Wildcard.ONE`; may be empty."""
Fragments = tuple[Fragment, ...]
"""What stands between the runs of `*` in a pattern."""


class Wildcards:
    """The fragments of a pattern, ready to be asked of folded texts.

    The literal beginning and end are looked at in their place. What lies between two `*` is then
    searched from left to right, and the first place where it is found is as good as any.
    """

    __slots__ = ("_head", "_least", "_middle", "_tail")

    def __init__(self, fragments: Fragments) -> None:
        head, *middle = made = [_Fragment(fragment) for fragment in fragments]
        self._head = head
        self._tail = middle.pop() if middle else None
        self._middle = [fragment for fragment in middle if fragment.length]
        self._least = sum([fragment.length for fragment in made])

    def matches(self, folded: str) -> bool:
        """Return whether a folded text matches, as a whole."""
        length = len(folded)
        if self._tail is None:
            return length == self._least and self._head.stands(folded, 0)
        end = length - self._tail.length
        if (
            length < self._least
            or not self._head.stands(folded, 0)
            or not self._tail.stands(folded, end)
        ):
            return False
        position = self._head.length
        for fragment in self._middle:
            position = fragment.find(folded, position, end)
            if position < 0:
                return False
            position += fragment.length
        return True


class _Fragment:
    """A part of a pattern without `*`, so of a fixed length."""

    def __init__(self, parts: Fragment) -> None:
        self.length = sum(len(part) if isinstance(part, str) else 1 for part in parts)
        self._literal = "".join(part for part in parts if isinstance(part, str))
        self._regex = None
        if len(self._literal) < self.length:
            source = "".join(re.escape(part) if isinstance(part, str) else "." for part in parts)
            self._regex = re.compile(source, re.DOTALL)

    def stands(self, text: str, position: int) -> bool:
        if self._regex is None:
            return text.startswith(self._literal, position)
        return self._regex.match(text, position) is not None

    def find(self, text: str, start: int, end: int) -> int:
        if self._regex is None:
            return text.find(self._literal, start, end)
        found = self._regex.search(text, start, end)
        return -1 if found is None else found.start()
