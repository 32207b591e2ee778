"""Finds the characters that no filter can hold: controls, and halves of characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.diagnostics import Edit, Fix, Span
from filterlang.errors import diagnose
from filterlang.escaping import NEVER_ALLOWED, SURROGATES
from filterlang.messages import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.diagnostics import Diagnostic
    from filterlang.pieces import Parts

_NEVER_ALLOWED = re.compile(NEVER_ALLOWED)
_SURROGATE = re.compile(f"[{SURROGATES}]")
_LINE_ENDS = "\n\r\v\f\x85"
_BLANKS = "\t" + _LINE_ENDS
_BLANK_RUN = re.compile(f"[ {_BLANKS}]++")
_NAMES = {"\t": "a tab", "\n": "a line feed", "\r": "a carriage return"}
_OPERATOR_START = re.compile(r"[=!<>~]")
_CLAUSE_AHEAD = re.compile(r" *+\(*+ *+[\w.$\-]++ *+[=!<>~]")


def is_blank(text: str, clause: Span) -> bool:
    """Whether a clause holds nothing else, so that nothing more can be said of it."""
    written = text[clause.start : clause.end]
    return not written.isprintable() and not _NEVER_ALLOWED.sub("", written).strip(" ")


def forbidden(
    text: str, clause: Span, parts: Parts | None, source_index: int
) -> Iterator[Diagnostic]:
    """Find the characters of a clause that no filter can hold."""
    if text[clause.start : clause.end].isprintable():
        return
    around = _around_parts(text, clause, parts)
    for found in _NEVER_ALLOWED.finditer(text, clause.start, clause.end):
        place, character = found.start(), found[0]
        span = Span(*found.span())
        name = f"U+{ord(character):04X}"
        if _SURROGATE.match(character):
            yield diagnose("FL115", span, source_index=source_index, found=name)
            continue
        name = WORDS[_NAMES[character]] if character in _NAMES else name
        edit, safe, case = Edit(span, ""), False, None
        if _is_escaped(text, clause.start, place):
            # Alone, the backslash would escape what comes next.
            edit, case = Edit(Span(place - 1, place + 1), ""), "escaped"
        elif place in around:
            safe, case = True, "blank"
        elif character in _LINE_ENDS and _CLAUSE_AHEAD.match(text, place + 1, clause.end):
            edit, case = Edit(span, ";"), "line"
        elif character in _BLANKS:
            edit, case = Edit(span, " "), "inside"
        fixes = [Fix([edit], safe=safe)]
        yield diagnose("FL114", span, fixes=fixes, source_index=source_index, case=case, found=name)


def _is_escaped(text: str, start: int, place: int) -> bool:
    backslashes = 0
    while place - backslashes > start and text[place - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _around_parts(text: str, clause: Span, parts: Parts | None) -> set[int]:
    """Collect the places of tabs and line ends around the parts, where a space could stand."""
    around: set[int] = set()
    operator = None if parts is None else parts.operator_span
    for run in _BLANK_RUN.finditer(text, clause.start, clause.end):
        is_before = operator is not None and run.end() == operator.start
        is_after = operator is not None and run.start() == operator.end
        # Two operator characters must not come together: `a=\t=b` isn't `a===b`.
        joins = is_after and _OPERATOR_START.match(text, run.end()) is not None
        is_outer = run.start() == clause.start or run.end() == clause.end
        if (is_outer or is_before or is_after) and not joins:
            around.update(range(*run.span()))
    return around
