"""Text → nodes, at two speeds; the only module that knows Lark.

A valid text is read by the scanner, one regular expression that is derived from the terminals of
the grammar. What it doesn't fit, and so every mistake, goes to Lark, which alone decides what is
valid. Lark is imported and the parser built on first use, once; after that everything is only
read, so that any number of threads can parse at the same time.
"""

from __future__ import annotations

import re
from _thread import allocate_lock  # `threading` itself would cost a millisecond to import

from filterlang.syntax._scanner import COMPACT, SPACED
from filterlang.syntax.escaping import unescape
from filterlang.syntax.nodes import Clause, Filter, NewClause, NewFilter
from filterlang.syntax.operators import OPERATORS, Operator
from filterlang.syntax.pattern import NewPattern, Pattern

TYPE_CHECKING = False  # See `__init__.py`.
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


MAX_LENGTH = 1 << 20
"""How many characters one filter may have unless a caller says otherwise."""

_CACHED_FILTERS = 128
_CACHED_LENGTH = 1024
"""Longer texts are not kept, so that the cache stays below a megabyte."""


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


def scan(text: str) -> Filter | None:
    """Read a text with the scanner; None where it doesn't fit, valid or not."""
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
        clause: Any = NewClause()
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
        clause.__class__ = Clause  # The same fields, from now on fixed.
        clauses.append(clause)
    filter_: Any = NewFilter()
    filter_.clauses = tuple(clauses)
    filter_.__class__ = Filter  # The same fields, from now on fixed.
    return filter_


def _joined(name: str) -> str:
    return ".".join([segment.strip(" ") for segment in name.split(".")])


def _pattern(raw: str) -> Pattern:
    if "\\" in raw or "**" in raw or raw[0] == "=":
        return Pattern(raw)
    # Without an escape, a run of stars and a leading "=" the text is canonical already.
    pattern: Any = NewPattern()
    pattern.text = raw
    pattern.__class__ = Pattern  # The same fields, from now on fixed.
    return pattern


def scanner_source() -> str:
    """Derive `_scanner.py` from the terminals of the grammar.

    `COMPACT` fits texts without spaces around names, operators and separators, `SPACED` all that
    is valid. Both find a clause as (name, operator, expression, ""), and the rest of a text that
    doesn't fit as the last part of a tuple. No part is ever given back once it was read, so that
    the time is linear.
    """
    from lark import Lark

    from filterlang.syntax._grammar import grammar_text

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
        "A test says so when the grammar has changed. `python -m tests.tools.write_scanner` writes"
        ' it anew.\n"""\n\n'
        f"COMPACT = {_literal(compact)}\n\nSPACED = {_literal(spaced)}\n"
    )


def _literal(text: str) -> str:
    """Write a text as an expression of Python that keeps to ASCII and to short lines."""
    pieces = [ascii(text[start : start + 40])[1:-1] for start in range(0, len(text), 40)]
    lines = "\n".join(f'    "{piece}"' for piece in pieces)
    return f"(\n{lines}\n)"


# --- Lark, and what is wrong ----------------------------------------------------------------------


def read_filter(text: str) -> Filter | None:
    """Read one text; None where it has a mistake."""
    filter_ = scan(text)
    if filter_ is not None:
        return filter_
    from lark.exceptions import UnexpectedInput

    try:
        return lark_parse(text)
    except UnexpectedInput:
        return None


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
    from lark import Lark, Transformer

    from filterlang.syntax._grammar import grammar_text

    class Nodes(Transformer):  # type: ignore[type-arg]  # its types say nothing of inline callbacks
        def clause(self, parts: list[str | None]) -> Clause:
            name, spelling, raw = parts
            assert name is not None and spelling is not None  # noqa:  PT018 — the grammar's own
            operator = OPERATORS[spelling]
            raw = str(raw or "")
            expression = Pattern(raw) if operator.matches_pattern else unescape(raw)
            return Clause(str(name), operator, expression)

        def filter(self, clauses: list[Clause]) -> Filter:
            return Filter(clauses)

    lark = Lark(grammar_text(), parser="lalr", start="filter", transformer=Nodes())
    return lark.parse  # type: ignore[return-value]  # the transformer makes it a Filter
