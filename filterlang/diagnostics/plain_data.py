"""Diagnostics as plain data, in the form that editors take (LSP)."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from filterlang.diagnostics.diagnostic import Diagnostic, Span

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LSP_SEVERITIES = {"error": 1, "warning": 2, "hint": 4}
_LINE_END = re.compile(r"\r\n|\n|\r")


class Positions:
    """Lines and characters of places in one text, counted once for all of its diagnostics."""

    def __init__(self, text: str, encoding: Encoding) -> None:
        self._lines = [0, *(end.end() for end in _LINE_END.finditer(text))]
        self._units: list[int] | None = None
        if encoding != "utf-32" and not text.isascii():
            size = _utf_16_units if encoding == "utf-16" else _utf_8_units
            self._units = [0, *accumulate(map(size, text))]

    def position(self, offset: int) -> dict[str, int]:
        """Return the line and the character in it, both counted from 0."""
        line = bisect_right(self._lines, offset) - 1
        start = self._lines[line]
        if self._units is not None:
            return {"line": line, "character": self._units[offset] - self._units[start]}
        return {"line": line, "character": offset - start}

    def range(self, span: Span) -> dict[str, Any]:
        """Return where a span starts and ends."""
        return {"start": self.position(span.start), "end": self.position(span.end)}


def _utf_16_units(character: str) -> int:
    return 2 if character > "\uffff" else 1


def _utf_8_units(character: str) -> int:
    return len(character.encode("utf-8", "surrogatepass"))


def diagnostic_dict(diagnostic: Diagnostic, positions: Positions) -> dict[str, Any]:
    """Return a diagnostic of the text whose positions these are; `Report.to_dict` describes it."""
    return {
        "range": positions.range(diagnostic.span),
        "severity": _LSP_SEVERITIES[diagnostic.severity],
        "code": diagnostic.code,
        "source": "filterlang",
        "message": diagnostic.message,
        "data": {
            "source_index": diagnostic.source_index,
            "span": list(diagnostic.span),
            "hint": diagnostic.hint,
            "fixes": [
                {
                    "safe": fix.safe,
                    "edits": [
                        {"range": positions.range(edit.span), "newText": edit.text}
                        for edit in fix.edits
                    ],
                }
                for fix in diagnostic.fixes
            ],
        },
    }
