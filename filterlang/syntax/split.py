"""Where the clauses of a text stand, and their parts, whether or not the grammar takes them.

A text is split at the separators that no backslash escapes, as the grammar would; so a bad clause
never hides the next one, and never makes up a false one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.diagnostics.diagnostic import Span
from filterlang.syntax.escaping import trim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.syntax.nodes import Clause

# No part is ever given back, so that the time is linear; a backslash may be the last character.
_CLAUSE = re.compile(r"[^;\\]*+(?:\\.[^;\\]*+)*+\\?", re.DOTALL)


class Parts(NamedTuple):
    """Where the parts of one clause stand, without their outer spaces.

    `operator` is what the operator is or was meant to be; the spans are those of the text as it is.
    """

    name: Span
    operator_span: Span
    operator: str
    expression: Span


class Placed(NamedTuple):
    """A clause, and where it and its parts stand in the text."""

    clause: Clause
    parts: Parts

    @property
    def span(self) -> Span:
        """Where the whole clause stands."""
        return Span(
            self.parts.name.start, max(self.parts.operator_span.end, self.parts.expression.end)
        )


def split_clauses(text: str, start: int = 0) -> Iterator[Span]:
    """Return the spans of the clauses, outer spaces included; at least one, maybe empty.

    `start` is where a clause starts; those before it are left out.
    """
    while True:
        found = _CLAUSE.match(text, start)
        assert found is not None
        yield Span(start, found.end())
        if found.end() == len(text):
            return
        start = found.end() + 1


def split_blocks(text: str, start: int, size: int) -> Iterator[Span]:
    """Return spans of whole clauses that follow each other, each as soon as it has some length.

    Args:
        text: the text.
        start: where a clause starts; those before it are left out.
        size: how many characters a span has at least, but for the last one.
    """
    while True:
        end = _separator(text, start + size)
        yield Span(start, end)
        if end == len(text):
            return
        start = end + 1


def _separator(text: str, start: int) -> int:
    """Return the place of the first separator from a place on, or the end of the text."""
    while (place := text.find(";", start)) != -1:
        # Of a run of backslashes every other one is escaped itself.
        low = place
        while low > 0 and text[low - 1] == "\\":
            low -= 1
        if (place - low) % 2 == 0:
            return place
        start = place + 1
    return len(text)


def trimmed(text: str, start: int, end: int) -> Span:
    r"""Return the span without its outer spaces, but with the space of a final `\ `."""
    raw = text[start:end]
    low = start + len(raw) - len(raw.lstrip(" "))
    return Span(min(low, end), min(low, end) + len(trim(raw)))
