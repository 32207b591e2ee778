"""The exceptions; each carries the diagnostics that say what is wrong and where."""

from __future__ import annotations

from filterlang.diagnostics import Diagnostic, Span, render
from filterlang.messages import HINTS, MESSAGES

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Iterable

    from filterlang.diagnostics import Fix


class FilterError(ValueError):
    """What is wrong with a filter; the base of the errors that this library raises.

    Attributes:
        diagnostics: all findings, in the order of the texts and of their places.
        sources: the texts that the diagnostics' `source_index` counts; empty without a text.
        query: the query string that diagnostics without a `source_index` are about, or None.

    `str(error)` shows each finding with its line, carets and hint.
    """

    diagnostics: tuple[Diagnostic, ...]
    sources: tuple[str, ...]

    def __init__(
        self,
        diagnostics: Iterable[Diagnostic],
        sources: Iterable[str] = (),
        query: str | None = None,
    ) -> None:
        self.diagnostics = tuple(diagnostics)
        self.sources = tuple(sources)
        self.query = query
        super().__init__(self.diagnostics, self.sources, query)

    def __str__(self) -> str:
        return render(self.diagnostics, self.sources, query=self.query)


class FilterSyntaxError(FilterError):
    """A text or JSON data is not a filter, or a query string can't be read without guessing."""


class SchemaError(FilterError):
    """A filter doesn't fit a schema."""


class UnsupportedError(FilterError):
    """A target can't express a clause exactly."""


class LimitError(FilterError):
    """A text or a result is larger than a limit allows."""


def diagnose(
    code: str,
    span: Span,
    *,
    fixes: Iterable[Fix] = (),
    source_index: int | None = 0,
    case: str | None = None,
    **values: object,
) -> Diagnostic:
    """Make a diagnostic from the tables of messages, `values` filled into their templates.

    `case` chooses the hint `code/case` of `HINTS` in the place of the code's own.
    """
    entry = MESSAGES[code]
    hint = entry.hint if case is None else HINTS[f"{code}/{case}"]
    return Diagnostic(
        code,
        entry.severity,
        entry.message.format(**values),
        span,
        None if hint is None else hint.format(**values),
        fixes,
        source_index,
    )
