"""What is wrong with the name of a clause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.clause_text import write
from filterlang.diagnostics.diagnostic import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.clause_text import ClauseText
    from filterlang.checking.other_notations.signs_of_others import Written
    from filterlang.diagnostics.diagnostic import Diagnostic

_RESERVED = re.compile(r"[,\\;]")


def no_name(clause: ClauseText, operator: Written) -> Iterator[Diagnostic]:
    """Report that nothing stands before the operator (FL107)."""
    if not clause.text[clause.start : operator.span.start].strip(" "):
        yield clause.tell("FL107", *operator.span, found=_shown(clause, operator)[1:-1])


def reserved_characters(clause: ClauseText, operator: Written) -> Iterator[Diagnostic]:
    """Report the characters that no name can hold (FL109)."""
    name = clause.text[clause.start : operator.span.start]
    for found in _RESERVED.finditer(name):
        place, character = clause.start + found.start(), found[0]
        follows = name[found.end() : found.end() + 1]
        is_unequal = character == "\\" and clause.text.startswith("==", place + 1)
        is_removable = not is_unequal and character == "\\" and follows not in {";", "\\"}
        yield clause.tell(
            "FL109",
            place,
            place + 1,
            fixes=[write(place, place + 1, "")] if is_removable else [],
            case="not equal" if is_unequal else {",": "comma", "\\": "backslash"}.get(character),
            found=quoted(character),
        )


def empty_segments(clause: ClauseText, operator: Written) -> Iterator[Diagnostic]:
    """Report dots beside which a part of the name is missing (FL108)."""
    name = clause.text[clause.start : operator.span.start]
    if "." not in name:
        return
    segments = name.split(".")
    is_dots_only = not name.strip(" .")
    position, reported = clause.start, -1
    for index, segment in enumerate(segments):
        following = position + len(segment)
        is_last = index == len(segments) - 1
        dot = position - 1 if is_last else following
        # The dot before the last segment may have been reported by the segment before it.
        if not segment.strip(" ") and dot != reported:
            reported = dot
            yield clause.tell(
                "FL108",
                dot,
                dot + 1,
                fixes=[] if is_dots_only else [write(dot, dot + 1, "")],
                found=_shown(clause, operator) if is_last else "'.'",
            )
        position = following + 1


def _shown(clause: ClauseText, operator: Written) -> str:
    return quoted(clause.text[operator.span.start : operator.span.end])
