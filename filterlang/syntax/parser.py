"""Text → nodes, at two speeds; the only module that knows Lark.

A valid text is read by the scanner, one regular expression that is derived from the terminals of
the grammar. What it doesn't fit, and so every mistake, goes to Lark, which alone decides what is
valid. Lark is imported and the parser built on first use, once; after that everything is only
read, so that any number of threads can parse at the same time.
"""

from __future__ import annotations

import re
from _thread import allocate_lock  # `threading` itself would cost a millisecond to import

from filterlang.diagnostics.diagnostic import MAX_DIAGNOSTICS, Span
from filterlang.diagnostics.errors import FilterSyntaxError, LimitError, diagnose, limited
from filterlang.syntax._scanner import COMPACT, SPACED
from filterlang.syntax.escaping import unescape
from filterlang.syntax.nodes import (
    Clause,
    Filter,
    FilterSet,
    NewClause,
    NewFilter,
    NewFilterSet,
    NewPattern,
    Pattern,
)
from filterlang.syntax.operators import OPERATORS, Operator

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from filterlang.checking.schema_errors import Fitting
    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.schema.schema import Schema
    from filterlang.syntax.split import Parts

MAX_LENGTH = 1 << 20
"""How many characters one filter may have unless a caller says otherwise."""

_CACHED_FILTERS = 128
_CACHED_LENGTH = 1024
"""Longer texts are not kept, so that the cache stays below a megabyte."""


class ExaminedClause:
    """One clause of a text: what was found, where it and its parts are, and the node if it is one.

    `intended` is the node, or the one that was meant where only the operator is mistaken.
    """

    __slots__ = ("diagnostics", "intended", "node", "parts", "span")
    span: Span
    diagnostics: list[Diagnostic]
    intended: Clause | None
    node: Clause | None
    parts: Parts | None

    def __init__(
        self,
        span: Span,
        diagnostics: list[Diagnostic],
        parts: Parts | None,
        node: Clause | None,
        intended: Clause | None = None,
    ) -> None:
        self.span = span
        self.diagnostics = diagnostics
        self.parts = parts
        self.node = node
        self.intended = node if intended is None else intended


def parse(source: str | Iterable[str], *, max_length: int | None = MAX_LENGTH) -> FilterSet:
    """Parse the text of one filter, or the texts of several, of which one must match.

    Args:
        source: decoded text; an empty one, or one of only spaces, is no filter and is skipped.
        max_length: how many characters one text may have; None for no limit.

    Raises:
        FilterSyntaxError: with a diagnostic for every mistake in every text; of one text at most
            1,000, and then FL304, which says that there are more.
        LimitError: for texts longer than `max_length`.
        TypeError: for what is not text.

    Example:
        >>> parse(["countryCode==US;cityName==Cleveland", "countryCode==UK"]).filters[1]
        Filter((Clause('countryCode', '==', 'UK'),))
    """
    if isinstance(source, str) and (max_length is None or len(source) <= max_length):
        filter_ = _scanned(source)
        if filter_ is not None:
            one = NewFilterSet()
            one.filters = (filter_,)
            one.__class__ = FilterSet  # type: ignore[assignment]  # the same field, now fixed
            return one  # type: ignore[return-value]  # its class has just been set
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
    if max_length is None or len(text) <= max_length:
        filter_ = _scanned(text)
        if filter_ is not None:
            return filter_
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
    """Parse all texts that aren't empty; give the filters, or all findings if one has a mistake.

    Raises `LimitError` if a text is longer than `max_length`.
    """
    if max_length is None or all(len(text) <= max_length for text in texts):
        parsed = [_parsed(text) for text in texts if text.strip(" ")]
        filters = [filter_ for filter_ in parsed if filter_ is not None]
        if len(filters) == len(parsed):
            return filters, []
    _, diagnostics = examine_all(texts, max_length=max_length)
    if any(one.code == "FL301" for one in diagnostics):
        raise LimitError(diagnostics, texts)
    return [], diagnostics


# --- The scanner ----------------------------------------------------------------------------------

_COMPACT = re.compile(COMPACT, re.DOTALL)

_ANY_TEXT, _SOME_TEXT, _PATTERN = range(3)
_READ: dict[str, tuple[Operator, int]] = {
    spelling: (
        operator,
        _PATTERN
        if operator.matches_pattern
        else (_ANY_TEXT if operator.allows_empty else _SOME_TEXT),
    )
    for spelling, operator in OPERATORS.items()
}
"""What each spelling means, and what has to follow it."""


_cache: dict[str, Filter | None] = {}
"""What short texts were read as. It is emptied when full: `lru_cache` would take longer to forget
one text than the scanner takes to read three clauses."""


def _scanned(text: str) -> Filter | None:
    """Read a text with the scanner; None where it doesn't fit."""
    if len(text) > _CACHED_LENGTH:
        return _scan(text)
    filter_ = _cache.get(text)
    if filter_ is None:
        if len(_cache) >= _CACHED_FILTERS:
            _cache.clear()
        filter_ = _cache[text] = _scan(text)
    return filter_


def _scan(text: str) -> Filter | None:
    found = _COMPACT.findall(text)
    is_spaced = not found or found[-1][3]
    if is_spaced:
        # Compiled when it is first needed, which takes some milliseconds, and then kept by `re`.
        found = re.findall(SPACED, text, re.DOTALL)
        if not found or found[-1][3]:
            return None
    clauses = []
    for name, spelling, raw, _ in found:
        # The fields are set one by one: a call would cost more than all of them.
        clause = NewClause()
        clause.name = _joined(name) if is_spaced and " " in name else name
        clause.operator, takes = _READ[spelling]
        if takes == _PATTERN:
            if not raw:
                return None
            clause.expression = _pattern(raw)
        elif "\\" in raw:
            clause.expression = unescape(raw)
        elif raw or takes == _ANY_TEXT:
            clause.expression = raw
        else:
            return None
        clause.__class__ = Clause  # type: ignore[assignment]  # the same fields, from now on fixed
        clauses.append(clause)
    filter_ = NewFilter()
    filter_.clauses = tuple(clauses)  # type: ignore[arg-type]  # their class has just been set
    filter_.__class__ = Filter  # type: ignore[assignment]  # the same field, from now on fixed
    return filter_  # type: ignore[return-value]  # its class has just been set


def _joined(name: str) -> str:
    return ".".join([segment.strip(" ") for segment in name.split(".")])


def _pattern(raw: str) -> Pattern:
    if "\\" in raw or "**" in raw or raw[0] == "=":
        return Pattern(raw)
    # Without an escape, a run of stars and a leading "=" the text is canonical already.
    pattern = NewPattern()
    pattern.text = raw
    pattern.__class__ = Pattern  # type: ignore[assignment]  # the same field, from now on fixed
    return pattern  # type: ignore[return-value]  # its class has just been set


def scanner_source() -> str:
    """Derive `_scanner.py` from the terminals of the grammar.

    `COMPACT` fits texts without spaces around names, operators and separators, `SPACED` all that
    is valid. Both find a clause as (name, operator, expression, ""), and the rest of a text that
    doesn't fit as the last part of a tuple. No part is ever given back once it was read, so that
    the time is linear.
    """
    from lark import Lark  # noqa: PLC0415 — Lark is loaded on first use

    from filterlang.syntax._grammar import grammar_text  # noqa: PLC0415 — as Lark

    terminals, _, _ = Lark(grammar_text(), parser="lalr", start="filter").grammar.compile(
        ["filter"], "*"
    )
    source = {terminal.name: terminal.pattern.to_regexp() for terminal in terminals}
    operator = "|".join([source["EQUALITY"], source["LIKENESS"], source["ORDER"]])
    separator = source["_SEPARATOR"]
    spaces = f"(?:{source['_SPACES']})?+"
    name = f"{source['NAME_TEXT']}(?:\\.{source['NAME_TEXT']})*"
    # The words of an expression in one go, the spaces between them included.
    text = source["PLAIN_TEXT"].replace("[^ ", "[^", 1).removesuffix("+") + "*+"
    expression = f"(?! ){text}(?:{source['ESCAPE']}{text})*+(?<! )"
    compact = f"((?>{name}))((?>{operator}))({expression})(?:{separator}|\\Z)|(.+)"
    spaced = (
        f"{spaces}((?>{source['NAME']})){spaces}((?>{operator})){spaces}"
        f"((?>{source['EXPRESSION']})?+){spaces}(?:{separator}{spaces}\\Z|{separator}|\\Z)|(.+)"
    )
    return (
        '"""Derived from the grammar by `filterlang.syntax.parser.scanner_source`, not by hand.\n\n'
        "A test says so when the grammar has changed. `python -m tests.write_scanner` writes it"
        ' anew.\n"""\n\n'
        f"COMPACT = {_literal(compact)}\n\nSPACED = {_literal(spaced)}\n"
    )


def _literal(text: str) -> str:
    """Write a text as an expression of Python that keeps to ASCII and to short lines."""
    pieces = [ascii(text[start : start + 40])[1:-1] for start in range(0, len(text), 40)]
    lines = "\n".join(f'    "{piece}"' for piece in pieces)
    return f"(\n{lines}\n)"


# --- Lark, and what is wrong ----------------------------------------------------------------------


def _parsed(text: str) -> Filter | None:
    """Parse one text; None where it has a mistake."""
    filter_ = _scanned(text)
    if filter_ is not None:
        return filter_
    from lark.exceptions import UnexpectedInput  # noqa: PLC0415 — Lark is loaded on first use

    try:
        return lark_parse(text)
    except UnexpectedInput:
        return None


def _place(one: Diagnostic) -> tuple[int, int]:
    return one.span.start, one.span.end


def examine(
    text: str, source_index: int = 0, start: int = 0, *, errors_only: bool = False
) -> Iterator[ExaminedClause]:
    """Look at each clause of a text alone, and say all that is wrong with it or hardly meant.

    `start` is where the first clause to look at starts; with `errors_only` no suspicions are told.
    """
    # Only a text with a mistake needs these, and a valid one is parsed sooner without them.
    from filterlang.checking.likely_mistakes import suspect, wrapped  # noqa: PLC0415 — see above
    from filterlang.checking.syntax_errors import (  # noqa: PLC0415 — see above
        empty_clause,
        examine_clause,
        intended_clause,
    )
    from filterlang.syntax.split import split_clauses  # noqa: PLC0415 — see above

    # Without a clause that isn't empty, nothing would be left.
    mend = text.strip(" ;") != ""
    whole = wrapped(text, source_index)
    for clause in split_clauses(text, start):
        if not text[clause.start : clause.end].strip(" "):
            # Nothing is missing after the one separator at the end that is accepted.
            if clause.start == 0 or clause.end < len(text):
                nothing = empty_clause(text, clause, source_index, mend=mend)
                yield ExaminedClause(clause, [nothing], None, None)
            continue
        mistakes, parts = examine_clause(text, clause, source_index)
        node = None if mistakes else _clause(text[clause.start : clause.end])
        suspicions = [] if parts is None or errors_only else suspect(text, parts, source_index)
        if whole is not None and clause.start == 0:
            # It explains what was found at its first character.
            later = [one for one in suspicions if one.span.start > whole.span.start]
            suspicions = [whole, *later]
        found = sorted([*mistakes, *suspicions], key=_place)
        intended = None if parts is None else intended_clause(text, parts, mistakes)
        yield ExaminedClause(clause, found, parts, node, intended)


def examine_all(
    texts: Sequence[str], schema: Schema | None = None, *, max_length: int | None = MAX_LENGTH
) -> tuple[list[Filter] | None, list[Diagnostic]]:
    """Examine all texts; give their filters, unless one has an error, and all that was found.

    This is what `parse` raises and what `check` reports.
    """
    from filterlang.checking.contradictions import same_filter  # noqa: PLC0415 — as in `examine`
    from filterlang.checking.schema_errors import Fitting  # noqa: PLC0415 — as in `examine`

    fitting = Fitting(schema)
    filters: list[Filter] = []
    diagnostics: list[Diagnostic] = []
    seen: dict[frozenset[object], int] = {}
    for index, text in enumerate(texts):
        if max_length is not None and len(text) > max_length:
            excess = Span(max_length, len(text))
            length = len(text)
            diagnostics.append(
                diagnose("FL301", excess, source_index=index, length=length, limit=max_length)
            )
            continue
        if not text.strip(" "):
            continue
        filter_, found = _examined(text, index, fitting)
        if filter_ is not None:
            filters.append(filter_)
            first = seen.setdefault(same_filter(filter_, fitting.find), index)
            if first < index:
                whole = Span(0, len(text))
                found.append(diagnose("FL515", whole, source_index=index, other=first + 1))
                found.sort(key=_place)
        diagnostics += found
    return None if _has_error(diagnostics) else filters, diagnostics


def _examined(text: str, index: int, fitting: Fitting) -> tuple[Filter | None, list[Diagnostic]]:
    """Examine one text that isn't empty; give its filter too, unless a clause can't be read.

    It stops when there is more to say than `MAX_DIAGNOSTICS`; whether there is an error is sure.
    """
    from filterlang.checking.contradictions import Together  # noqa: PLC0415 — as in `examine`
    from filterlang.checking.likely_mistakes import in_doubt  # noqa: PLC0415 — as in `examine`
    from filterlang.checking.soundness import sound_fixes  # noqa: PLC0415 — as in `examine`
    from filterlang.syntax.split import Placed  # noqa: PLC0415 — as in `examine`

    diagnostics: list[Diagnostic] = []
    placed: list[Placed] = []
    complete = True
    together = Together(fitting.find, index)
    for clause in examine(text, index):
        found = clause.diagnostics
        if clause.parts is not None and clause.intended is not None:
            found = fitting.misfits(text, Placed(clause.intended, clause.parts), found, index)
        found = in_doubt(found, clause.diagnostics)
        # An empty clause, which has no parts to mend, goes with its separator.
        is_empty = not text[clause.span.start : clause.span.end].strip(" ")
        diagnostics += found if is_empty else sound_fixes(text, clause.span, found)
        if clause.parts is not None and clause.node is not None:
            placed.append(Placed(clause.node, clause.parts))
            conflict = together.conflict(placed[-1])
            if conflict is not None:
                diagnostics.append(conflict)
        else:
            complete = False
        if len(diagnostics) > MAX_DIAGNOSTICS:
            filter_ = None
            if not _has_error(diagnostics):
                filter_ = _parsed(text)
                if filter_ is None or fitting.has_schema:
                    diagnostics += _first_errors(text, clause.span.end + 1, index, fitting)
            diagnostics.sort(key=_place)
            return filter_, limited(diagnostics, MAX_DIAGNOSTICS, len(text))
    diagnostics.sort(key=_place)
    return Filter([one.clause for one in placed]) if complete else None, diagnostics


def _has_error(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(one.severity == "error" for one in diagnostics)


def _first_errors(text: str, start: int, index: int, fitting: Fitting) -> list[Diagnostic]:
    """Give the errors of the first clause that has any, of those from a place on."""
    from filterlang.syntax.split import Placed  # noqa: PLC0415 — as in `examine`

    if start > len(text):
        return []
    for clause in examine(text, index, start, errors_only=True):
        found = clause.diagnostics
        if clause.parts is not None and clause.intended is not None:
            found = fitting.misfits(text, Placed(clause.intended, clause.parts), found, index)
        errors = [one for one in found if one.severity == "error"]
        if errors:
            return errors
    return []


def _clause(text: str) -> Clause:
    filter_ = _scanned(text)
    return (lark_parse(text) if filter_ is None else filter_).clauses[0]


_building = allocate_lock()
_lark_parsers: list[Callable[[str], Filter]] = []
"""The one parser, once it has been built."""


def lark_parse(text: str) -> Filter:
    """Parse one text with Lark, whose word on what is valid is the last.

    Raises `lark.exceptions.UnexpectedInput` for a text that isn't.
    """
    if not _lark_parsers:
        with _building:
            if not _lark_parsers:
                _lark_parsers.append(_built_parser())
    return _lark_parsers[0](text)


def _built_parser() -> Callable[[str], Filter]:
    """Build the parser from the grammar; its callbacks make the nodes while it parses."""
    from lark import Lark, Transformer  # noqa: PLC0415 — Lark is loaded on first use

    from filterlang.syntax._grammar import grammar_text  # noqa: PLC0415 — as Lark

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
