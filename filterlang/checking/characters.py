"""The characters that no filter can hold: controls, and halves of characters."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from filterlang.checking.lexis import BLANKS, CLAUSE_AHEAD, FORBIDDEN, LINE_ENDS, OPERATOR_START
from filterlang.checking.mends import is_safe
from filterlang.diagnostics.diagnostic import MAX_DIAGNOSTICS, Edit, Fix, Span
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.hints import WORDS
from filterlang.syntax.escaping import NEVER_ALLOWED, SURROGATES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.diagnostics.diagnostic import Diagnostic
    from filterlang.syntax.split import Parts

_NOTHING_ELSE = re.compile(f"(?: |{NEVER_ALLOWED})*+")
_SURROGATE = re.compile(f"[{SURROGATES}]")
_BLANK_RUN = re.compile(f"[ {BLANKS}]++")
_NAMES = {"\t": "a tab", "\n": "a line feed", "\r": "a carriage return"}


def is_blank(text: str, clause: Span) -> bool:
    """Return whether a clause holds nothing else, so that nothing more can be said of it."""
    return (
        _NOTHING_ELSE.fullmatch(text, clause.start, clause.end) is not None
        and not text[clause.start : clause.end].isprintable()
    )


def forbidden(
    text: str, clause: Span, parts: Parts | None, source_index: int
) -> Iterator[Diagnostic]:
    """Find the characters of a clause that no filter can hold, up to one more than are listed."""
    if text[clause.start : clause.end].isprintable():
        return
    runs = _BLANK_RUN.finditer(text, clause.start, clause.end)
    run = next(runs, None)
    every = FORBIDDEN.finditer(text, clause.start, clause.end)
    for found in islice(every, MAX_DIAGNOSTICS + 1):
        place, character = found.start(), found[0]
        span = Span(*found.span())
        name = f"U+{ord(character):04X}"
        if _SURROGATE.match(character):
            yield diagnose("FL115", span, source_index=source_index, found=name)
            continue
        while run is not None and run.end() <= place:
            run = next(runs, None)
        name = WORDS[_NAMES[character]] if character in _NAMES else name
        edit, safe, case = Edit(span, ""), False, None
        if _is_escaped(text, clause.start, place):
            # Alone, the backslash would escape what comes next.
            edit, case = Edit(Span(place - 1, place + 1), ""), "escaped"
        elif run is not None and run.start() <= place and _is_around(text, clause, parts, run):
            safe, case = is_safe("control at the end"), "blank"
        elif character in LINE_ENDS and CLAUSE_AHEAD.match(text, place + 1, clause.end):
            edit, case = Edit(span, ";"), "line"
        elif character in BLANKS:
            edit, case = Edit(span, " "), "inside"
        fixes = [Fix([edit], safe=safe)]
        yield diagnose("FL114", span, fixes=fixes, source_index=source_index, case=case, found=name)


def _is_escaped(text: str, start: int, place: int) -> bool:
    backslashes = 0
    while place - backslashes > start and text[place - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _is_around(text: str, clause: Span, parts: Parts | None, run: re.Match[str]) -> bool:
    """Whether a run of tabs, line ends and spaces is where spaces could stand, around the parts."""
    operator = None if parts is None else parts.operator_span
    is_before = operator is not None and run.end() == operator.start
    is_after = operator is not None and run.start() == operator.end
    # Two operator characters must not come together: `a=\t=b` isn't `a===b`.
    joins = is_after and OPERATOR_START.match(text, run.end()) is not None
    is_outer = run.start() == clause.start or run.end() == clause.end
    return (is_outer or is_before or is_after) and not joins
