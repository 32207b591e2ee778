"""Text → nodes; the only module that knows Lark.

Lark is imported and the parser built on first use, once; after that it is only read, so that any
number of threads can parse at the same time.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from filterlang._grammar import grammar_text
from filterlang.diagnostics import Span, quoted
from filterlang.errors import FilterSyntaxError, LimitError, diagnose
from filterlang.escaping import unescape
from filterlang.mistakes import empty_clause, examine_clause
from filterlang.nodes import Clause, Filter, FilterSet, Pattern
from filterlang.operators import OPERATORS
from filterlang.pieces import split_clauses
from filterlang.suspicions import suspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from lark.exceptions import UnexpectedInput

    from filterlang.diagnostics import Diagnostic
    from filterlang.pieces import Parts

MAX_LENGTH = 1 << 20
"""How many characters one filter may have unless a caller says otherwise."""


class ExaminedClause(NamedTuple):
    """One clause of a text: what was found, where its parts are, and the node if it is one."""

    diagnostics: list[Diagnostic]
    parts: Parts | None
    node: Clause | None


def parse(source: str | Iterable[str], *, max_length: int | None = MAX_LENGTH) -> FilterSet:
    """Parse the text of one filter, or the texts of several, of which one must match.

    Args:
        source: decoded text; an empty one, or one of only spaces, is no filter and is skipped.
        max_length: how many characters one text may have; None for no limit.

    Raises:
        FilterSyntaxError: with a diagnostic for every mistake in every text.
        LimitError: for texts longer than `max_length`.
        TypeError: for what is not text.

    Example:
        >>> parse(["countryCode==US;cityName==Cleveland", "countryCode==UK"]).filters[1]
        Filter((Clause('countryCode', '==', 'UK'),))
    """
    texts = text_list(source)
    filters, diagnostics = parse_all(texts, max_length=max_length)
    if diagnostics:
        raise FilterSyntaxError(diagnostics, texts)
    return FilterSet(filters)


def parse_filter(text: str, *, max_length: int | None = MAX_LENGTH) -> Filter:
    """Parse the text of exactly one filter.

    Raises what `parse` raises; an empty text is a `FilterSyntaxError` here.

    Example:
        >>> parse_filter("score >= 10").clauses[0].expression
        '10'
    """
    if not isinstance(text, str):
        message = f"expected one filter's text, not {type(text).__name__}"
        raise TypeError(message)
    if not text.strip(" "):
        raise FilterSyntaxError([diagnose("FL101", Span(0, len(text)))], [text])
    return parse(text, max_length=max_length).filters[0]


def text_list(source: str | Iterable[str]) -> list[str]:
    """Give the texts that a caller passed: one alone, or several; raise `TypeError` for others."""
    if isinstance(source, str):
        return [source]
    if not isinstance(source, bytes | bytearray):
        try:
            texts = list(source)
        except TypeError:
            pass
        else:
            for index, text in enumerate(texts):
                if not isinstance(text, str):
                    message = f"filter {index + 1} is not a str but {type(text).__name__}"
                    raise TypeError(message)
            return texts
    message = f"expected a filter's text or an iterable of texts, not {type(source).__name__}"
    raise TypeError(message)


def parse_all(
    texts: Sequence[str], *, max_length: int | None
) -> tuple[list[Filter], list[Diagnostic]]:
    """Parse all texts that aren't empty; give the filters, and what is wrong with the others.

    Raises `LimitError` for texts longer than `max_length`.
    """
    if max_length is not None and (too_long := _too_long(texts, max_length)):
        raise LimitError(too_long, texts)
    filters: list[Filter] = []
    diagnostics: list[Diagnostic] = []
    for index, text in enumerate(texts):
        if not text.strip(" "):
            continue
        result = _parsed_or_diagnosed(text, index)
        if isinstance(result, Filter):
            filters.append(result)
        else:
            diagnostics += result
    return filters, diagnostics


def _too_long(texts: Sequence[str], max_length: int) -> list[Diagnostic]:
    return [
        diagnose(
            "FL301",
            Span(max_length, len(text)),
            source_index=index,
            length=len(text),
            limit=max_length,
        )
        for index, text in enumerate(texts)
        if len(text) > max_length
    ]


def _parsed_or_diagnosed(text: str, source_index: int) -> Filter | list[Diagnostic]:
    from lark.exceptions import UnexpectedInput  # noqa: PLC0415 — Lark is loaded on first use

    try:
        return _lark_parse()(text)
    except UnexpectedInput as error:
        found = [one for clause in examine(text, source_index) for one in clause.diagnostics]
        if not any(one.severity == "error" for one in found):
            found.append(_unforeseen(error, text, source_index))
        return found


def examine(text: str, source_index: int = 0) -> Iterator[ExaminedClause]:
    """Look at each clause of a text alone, and say all that is wrong with it or hardly meant."""
    clauses = list(split_clauses(text))
    empty = [not text[clause.start : clause.end].strip(" ") for clause in clauses]
    if len(clauses) > 1 and empty[-1]:
        clauses.pop()  # what follows the one separator at the end that is accepted
    mend = not all(empty)
    for clause, is_empty in zip(clauses, empty, strict=False):
        if is_empty:
            nothing = empty_clause(text, clause, source_index, mend=mend)
            yield ExaminedClause([nothing], None, None)
            continue
        diagnostics, parts = examine_clause(text, clause, source_index)
        node = None if diagnostics else _lark_parse()(text[clause.start : clause.end]).clauses[0]
        if parts is not None:
            diagnostics = diagnostics + suspect(text, parts, source_index)
            diagnostics.sort(key=lambda found: (found.span.start, found.span.end))
        yield ExaminedClause(diagnostics, parts, node)


@cache
def _lark_parse() -> Callable[[str], Filter]:
    """Build the parser from the grammar; its callbacks make the nodes while it parses."""
    from lark import Lark, Transformer  # noqa: PLC0415 — Lark is loaded on first use

    class Nodes(Transformer):  # type: ignore[type-arg]  # its types say nothing of inline callbacks
        def clause(self, parts: list[str | None]) -> Clause:
            name, spelling, raw = parts
            assert name is not None and spelling is not None  # noqa: S101, PT018 — the grammar's own
            operator = OPERATORS[spelling]
            raw = str(raw or "")
            expression = Pattern(raw) if operator.matches_pattern else unescape(raw)
            return Clause(str(name), operator, expression)

        def filter(self, clauses: list[Clause]) -> Filter:
            return Filter(clauses)

    lark = Lark(grammar_text(), parser="lalr", start="filter", transformer=Nodes())
    return lark.parse  # type: ignore[return-value]  # the transformer makes it a Filter


_TERMINALS = {
    "NAME": "a name",
    "EQUALITY": "an operator",
    "ORDER": "an operator",
    "LIKENESS": "an operator",
    "EXPRESSION": "an expression",
    "_SEPARATOR": "';'",
    "$END": "the end of the filter",
}


def _unforeseen(error: UnexpectedInput, text: str, source_index: int) -> Diagnostic:
    """Say what the parser says, for a mistake that `mistakes` doesn't know."""
    names = getattr(error, "allowed", None) or getattr(error, "expected", None) or ()
    expected = sorted({_TERMINALS[name] for name in names if name in _TERMINALS})
    # At the end of the text the parser gives the place of the last token, or none at all.
    at_end = getattr(getattr(error, "token", None), "type", None) == "$END"
    place = len(text) if at_end else error.pos_in_stream
    assert place is not None  # noqa: S101 — only the end of the text has no place
    found = "the end of the filter" if at_end else quoted(text[place])
    return diagnose(
        "FL199",
        Span(place, len(text) if at_end else place + 1),
        source_index=source_index,
        expected=" or ".join(expected) or "something else",
        found=found,
    )
