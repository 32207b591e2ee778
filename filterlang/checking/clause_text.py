"""The clause that is looked at for mistakes, as far as it has been understood."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from filterlang.diagnostics.diagnostic import Edit, Fix, Span
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.hints import WORDS
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.diagnostics.diagnostic import Diagnostic


class ClauseText(NamedTuple):
    """A part of a text that is to be a clause, without what stands before and after it.

    `start` and `stop` are those without outer spaces; `end` is where the separator stands, or the
    end of the text. `is_first` is whether no other clause stands before it.
    """

    text: str
    start: int
    stop: int
    end: int
    is_first: bool
    source_index: int

    @property
    def span(self) -> Span:
        """Where it stands, without outer spaces."""
        return Span(self.start, self.stop)

    @property
    def written(self) -> str:
        """What is written there, without outer spaces."""
        return self.text[self.start : self.stop]

    @property
    def follows(self) -> str:
        """What follows it, as messages say it."""
        return "';'" if self.end < len(self.text) else WORDS["the end"]

    def has_more(self, start: int) -> bool:
        """Return whether anything but spaces stands from a place on."""
        return trimmed(self.text, start, self.end).start < self.end

    def tell(
        self,
        code: str,
        start: int,
        end: int,
        *,
        fixes: Iterable[Fix] = (),
        case: str | None = None,
        **values: str,
    ) -> Diagnostic:
        """Build a diagnostic about a part of the text."""
        return diagnose(
            code,
            Span(start, end),
            fixes=fixes,
            source_index=self.source_index,
            case=case,
            **values,
        )


def clause_text(text: str, clause: Span, source_index: int) -> ClauseText:
    """Take a clause out of a text."""
    start, stop = trimmed(text, clause.start, clause.end)
    return ClauseText(text, start, stop, clause.end, clause.start == 0, source_index)


def write(start: int, end: int, text: str, *, safe: bool = False) -> Fix:
    """Build the fix that writes a text in the place of a span."""
    return Fix([Edit(Span(start, end), text)], safe=safe)
