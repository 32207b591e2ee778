"""The exceptions; each carries the diagnostics that say what is wrong and where."""

from __future__ import annotations

from filterlang.diagnostics.diagnostic import (
    MAX_DIAGNOSTICS,
    MAX_SHOWN,
    MAX_VALUE_LENGTH,
    Diagnostic,
    Span,
    class_name,
    gravest,
    render,
    showable,
)
from filterlang.diagnostics.hints import HINTS
from filterlang.diagnostics.messages import MESSAGES

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from filterlang.diagnostics.diagnostic import Fix
    from filterlang.diagnostics.plain_data import Encoding


class FilterError(ValueError):
    """What is wrong with a filter; the base of the errors that this library raises.

    Attributes:
        diagnostics: all findings, in the order of the texts and of their places; of one text at
            most 1,000, and then a last one, FL304, which says that there are more.
        sources: the texts that the diagnostics' `source_index` counts; empty without a text.
        query: the query string that diagnostics without a `source_index` are about, or None.

    `str(error)` shows each finding with its line, carets and hint; of one text at most 20, of all
    texts at most 100, and then how many more there are. `to_dict` gives all of them for JSON.

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

    def to_dict(
        self, *, encoding: Encoding = "utf-32", max_diagnostics: int = MAX_DIAGNOSTICS
    ) -> dict[str, Any]:
        """Return the error as plain data, such as a service answers a bad filter with.

        Under `diagnostics` are the findings, each in the form that `Report.to_dict` gives it; `ok`
        is false, as in a report with errors. A finding without a `source_index` has its places in
        the query string.

        Args:
            encoding: what the `character` of a position counts, as for `Report.to_dict`.
            max_diagnostics: how many diagnostics are given of each text, the gravest ones; if there
                are more, a last one, FL304, says so.

        Example:
            >>> from filterlang import parse
            >>> try:
            ...     parse("score=10")
            ... except FilterError as error:
            ...     data = error.to_dict()
            >>> [(one["code"], one["data"]["span"]) for one in data["diagnostics"]]
            [('FL104', [5, 6])]
        """
        # Only who asks pays for it.
        from filterlang.diagnostics.plain_data import Positions, diagnostic_dict

        found: dict[int | None, list[Diagnostic]] = {}
        for one in self.diagnostics:
            found.setdefault(one.source_index, []).append(one)
        told: list[dict[str, Any]] = []
        for index, own in found.items():
            text = self._text(index)
            positions = Positions(text, encoding)
            told += [
                diagnostic_dict(one, positions) for one in limited(own, max_diagnostics, len(text))
            ]
        return {"ok": False, "diagnostics": told}

    def _text(self, index: int | None) -> str:
        """Return what diagnostics are about; an empty text where there is none."""
        if index is None:
            return self.query or ""
        return self.sources[index] if index < len(self.sources) else ""

    def __repr__(self) -> str:
        # Not the arguments: they hold all findings, and the texts as they came.
        return f"<{class_name(self)} diagnostics={codes(self.diagnostics)}>"


def codes(diagnostics: Sequence[Diagnostic]) -> str:
    """Write the codes of diagnostics as a list, of more than 20 the first ones."""
    few = ", ".join(repr(one.code) for one in diagnostics[:MAX_SHOWN])
    return f"[{few}{', …' if len(diagnostics) > MAX_SHOWN else ''}]"


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
    """Build a diagnostic from the tables of messages, `values` filled into their templates.

    Whatever is filled in is made showable, as most of it comes from elsewhere, and cut, since any
    of it may be as long as the text. `case` chooses the hint `code/case` of `HINTS` in the place of
    the code's own.
    """
    entry = MESSAGES[code]
    filled = {name: showable(str(value), MAX_VALUE_LENGTH) for name, value in values.items()}
    hint = entry.hint if case is None else HINTS[f"{code}/{case}"]
    if hint is not None and "{several}" in hint:
        # Only hints about several filters need this, and it takes time to import.
        from filterlang.diagnostics.places import of_several

        filled["several"] = of_several()
    return Diagnostic(
        code,
        entry.severity,
        entry.message.format(**filled),
        span,
        None if hint is None else hint.format(**filled),
        fixes,
        source_index,
    )


def limited(diagnostics: Sequence[Diagnostic], limit: int, end: int) -> list[Diagnostic]:
    """Return at most so many findings about one text, the gravest ones, and then one that says so.

    Args:
        diagnostics: those of one text, in the order of their places.
        limit: how many of them are given; the one that tells of the rest comes on top.
        end: the length of the text.
    """
    found = [one for one in diagnostics if one.code != "FL304"]
    if len(found) <= limit:
        return list(diagnostics)
    kept = gravest(found, limit)
    start = min(kept[-1].span.end, end) if kept else 0
    rest = diagnose("FL304", Span(start, end), source_index=found[0].source_index, limit=limit)
    return [*kept, rest]


def limited_each(
    diagnostics: Iterable[Diagnostic], sources: Sequence[str], limit: int
) -> list[Diagnostic]:
    """Return of each text what `limited` gives, in the order of the texts."""
    found: list[list[Diagnostic]] = [[] for _ in sources]
    for one in diagnostics:
        found[one.source_index or 0].append(one)
    return [
        one
        for text, own in zip(sources, found, strict=True)
        for one in limited(own, limit, len(text))
    ]
