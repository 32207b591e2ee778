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

    Example:
        >>> from filterlang import parse
        >>> try:
        ...     parse("score=10")
        ... except FilterError as error:
        ...     print(error.diagnostics[0].code)
        ...     print(error)
        FL104
        error[FL104]: expected '==', found a single '='
         --> filter, column 6
          |
          | score=10
          |      ^
        hint: write '=='
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
    """A text or JSON data is not a filter, or a query string can't be read without guessing.

    Example:
        >>> from filterlang import parse
        >>> try:
        ...     parse(["a==1", "b"])
        ... except FilterSyntaxError as error:
        ...     print([(one.code, one.source_index) for one in error.diagnostics])
        [('FL103', 1)]
    """


class SchemaError(FilterError):
    """A filter doesn't fit a schema.

    Example:
        >>> from filterlang import field, px
        >>> try:
        ...     field("scroe", schema=px.USER)
        ... except SchemaError as error:
        ...     print(error.diagnostics[0].hint)
        did you mean 'score'?
    """


class UnsupportedError(FilterError):
    """A target can't express a clause exactly.

    Example:
        >>> from filterlang import parse, to_query
        >>> try:
        ...     to_query(parse("city!~B*"), dialect="aptrinsic-2019")
        ... except UnsupportedError as error:
        ...     print(error.diagnostics[0].code)
        FL206
    """


class LimitError(FilterError):
    """A text or a result is larger than a limit allows.

    Example:
        >>> from filterlang import parse
        >>> try:
        ...     parse("city==Cleveland", max_length=10)
        ... except LimitError as error:
        ...     print(error.diagnostics[0].message)
        the filter has 15 characters, more than the limit of 10
    """


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
