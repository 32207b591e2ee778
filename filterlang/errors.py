"""The exceptions; each carries the diagnostics that say what is wrong and where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filterlang.diagnostics import Diagnostic, Span, render
from filterlang.messages import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.diagnostics import Fix


class FilterError(ValueError):
    """What is wrong with a filter; the base of the errors that this library raises.

    Attributes:
        diagnostics: all findings, in the order of the texts and of their places.
        sources: the texts that the diagnostics' `source_index` counts; empty without a text.
        label: what one of the sources is: `"filter"` or `"query"`.

    `str(error)` shows each finding with its line, carets and hint.
    """

    def __init__(
        self, diagnostics: Iterable[Diagnostic], sources: Iterable[str] = (), label: str = "filter"
    ) -> None:
        self.diagnostics = tuple(diagnostics)
        self.sources = tuple(sources)
        self.label = label
        super().__init__(self.diagnostics, self.sources, label)

    def __str__(self) -> str:
        return render(self.diagnostics, self.sources, label=self.label)


class FilterSyntaxError(FilterError):
    """A text is not a filter, or a query string can't be read without guessing."""


class SchemaError(FilterError):
    """A filter doesn't fit a schema."""


class UnsupportedError(FilterError):
    """A target can't express a clause exactly."""


class LimitError(FilterError):
    """A text or a result is larger than a limit allows."""


def diagnose(
    code: str, span: Span, *, fixes: Iterable[Fix] = (), source_index: int = 0, **values: object
) -> Diagnostic:
    """Make a diagnostic from the table of messages, `values` filled into its templates."""
    entry = MESSAGES[code]
    return Diagnostic(
        code,
        entry.severity,
        entry.message.format(**values),
        span,
        None if entry.hint is None else entry.hint.format(**values),
        fixes,
        source_index,
    )
