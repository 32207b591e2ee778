"""Text → diagnostics: `check` says all that is wrong with filters, and mends what it safely can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from filterlang.diagnostics import Diagnostic, Span, apply_edits, render
from filterlang.errors import diagnose
from filterlang.fitting import Placed, conflicts, misfits
from filterlang.nodes import Filter, FilterSet
from filterlang.parser import MAX_LENGTH, examine, text_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filterlang.diagnostics import Edit
    from filterlang.schema import Schema

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_MOST_ROUNDS = 8
"""Mending one mistake may show the next one; this often it is tried."""


def check(
    source: str | Iterable[str],
    schema: Schema | None = None,
    *,
    max_length: int | None = MAX_LENGTH,
) -> Report:
    """Check the text of one filter, or the texts of several, and report all findings at once.

    Args:
        source: decoded text; an empty one, or one of only spaces, is no filter.
        schema: what names there are, and of what types; without one only the syntax is checked.
        max_length: how many characters one text may have; None for no limit.

    Raises:
        TypeError: for what is not text. Bad text is reported, never raised.

    Example:
        >>> report = check("lastName=Doe;score>=")
        >>> [diagnostic.code for diagnostic in report.diagnostics], report.ok, report.fixed
        (['FL104', 'FL110'], False, None)
    """
    texts = text_list(source)
    filters, diagnostics = _examined(texts, schema, max_length)
    return Report(texts, filters, diagnostics, _mended(texts, schema, max_length, diagnostics))


class Report:
    """What `check` found.

    Attributes:
        sources: the texts that were checked.
        ok: whether there is no error; warnings and hints may be there all the same.
        filters: the `FilterSet`, or None unless `ok`.
        diagnostics: all findings, in the order of the texts and of their places.
        fixed: the texts with every safe fix applied, which have no error; None where no safe mend
            exists.
    """

    __slots__ = ("diagnostics", "filters", "fixed", "sources")

    def __init__(
        self,
        sources: Iterable[str],
        filters: FilterSet | None,
        diagnostics: Iterable[Diagnostic],
        fixed: list[str] | None,
    ) -> None:
        self.sources = tuple(sources)
        self.filters = filters
        self.diagnostics = tuple(diagnostics)
        self.fixed = fixed

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return self.filters is not None

    def render(self, *, color: bool = False) -> str:
        """Show all findings to a person; an empty text where there are none.

        Example:
            >>> print(check("lastName=Doe").render())
            error[FL104]: expected '==', found a single '='
             --> filter, column 9
              |
              | lastName=Doe
              |         ^
            hint: write '=='
        """
        return render(self.diagnostics, self.sources, color=color)

    def to_dict(self, *, encoding: Encoding = "utf-32") -> dict[str, Any]:
        """Give the report as plain data, with diagnostics as editors take them (LSP).

        Args:
            encoding: what the `character` of a position counts: code points (`"utf-32"`), UTF-16
                code units, which editors use unless told otherwise, or UTF-8 bytes.

        Each diagnostic has `range`, `severity` (1 error, 2 warning, 4 hint), `code`, `source` and
        `message` as in the Language Server Protocol; under `data` its `source_index`, `span`,
        `hint` and `fixes`, whose edits have `range` and `newText`.
        """
        return {
            "ok": self.ok,
            "filters": None if self.filters is None else [str(one) for one in self.filters],
            "fixed": self.fixed,
            "diagnostics": [
                _diagnostic_dict(one, self.sources[one.source_index or 0], encoding)
                for one in self.diagnostics
            ],
        }

    def __repr__(self) -> str:
        return f"<Report ok={self.ok} diagnostics={[one.code for one in self.diagnostics]}>"


def _examined(
    texts: Sequence[str], schema: Schema | None, max_length: int | None
) -> tuple[FilterSet | None, list[Diagnostic]]:
    filters: list[Filter] = []
    diagnostics: list[Diagnostic] = []
    seen: dict[Filter, int] = {}
    for index, text in enumerate(texts):
        filter_, found = _examined_one(text, index, schema, max_length)
        if filter_ is not None:
            if filter_ in seen:
                number = seen[filter_] + 1
                found.append(
                    diagnose("FL515", Span(0, len(text)), source_index=index, other=number)
                )
            seen.setdefault(filter_, index)
            filters.append(filter_)
        diagnostics += found
    ok = not any(one.severity == "error" for one in diagnostics)
    return FilterSet(filters) if ok else None, diagnostics


def _examined_one(
    text: str, index: int, schema: Schema | None, max_length: int | None
) -> tuple[Filter | None, list[Diagnostic]]:
    """Examine one text; give its filter too, unless it has a mistake or is empty."""
    if max_length is not None and len(text) > max_length:
        span = Span(max_length, len(text))
        return None, [
            diagnose("FL301", span, source_index=index, length=len(text), limit=max_length)
        ]
    if not text.strip(" "):
        return None, []
    diagnostics: list[Diagnostic] = []
    placed: list[Placed] = []
    complete = True
    for clause in examine(text, index):
        diagnostics += clause.diagnostics
        if clause.node is None or clause.parts is None:
            complete = False
            continue
        placed.append(Placed(clause.node, clause.parts))
        if schema is not None:
            diagnostics += misfits(placed[-1], schema, index)
    diagnostics += conflicts(placed, schema, index)
    diagnostics.sort(key=lambda one: (one.span.start, one.span.end))
    return Filter([one.clause for one in placed]) if complete else None, diagnostics


# --- Mending --------------------------------------------------------------------------------------


def _mended(
    texts: Sequence[str],
    schema: Schema | None,
    max_length: int | None,
    diagnostics: Sequence[Diagnostic],
) -> list[str] | None:
    mended = []
    for index, text in enumerate(texts):
        own = [one for one in diagnostics if one.source_index == index]
        result = _mended_one(text, schema, max_length, own)
        if result is None:
            return None
        mended.append(result)
    return mended


def _mended_one(
    text: str, schema: Schema | None, max_length: int | None, diagnostics: Sequence[Diagnostic]
) -> str | None:
    restricts = text.strip(" ") != ""
    for _ in range(_MOST_ROUNDS):
        edits = _safe_edits(diagnostics)
        if not edits:
            break
        text = apply_edits(text, edits)
        diagnostics = _examined_one(text, 0, schema, max_length)[1]
    if any(one.severity == "error" for one in diagnostics):
        return None
    # A filter that has become empty would match everything.
    return text if text.strip(" ") or not restricts else None


def _safe_edits(diagnostics: Sequence[Diagnostic]) -> list[Edit]:
    """Collect the edits of all safe fixes that don't overlap an earlier one."""
    chosen: list[Edit] = []
    for diagnostic in diagnostics:
        fix = next((fix for fix in diagnostic.fixes if fix.safe), None)
        if fix is not None and not any(
            edit.span.start < other.span.end and other.span.start < edit.span.end
            for edit in fix.edits
            for other in chosen
        ):
            chosen += fix.edits
    return chosen


# --- Plain data -----------------------------------------------------------------------------------

_LSP_SEVERITIES = {"error": 1, "warning": 2, "hint": 4}
_LINE_END = re.compile(r"\r\n|\n|\r")
_BYTES_PER_UNIT = {"utf-8": 1, "utf-16": 2, "utf-32": 4}


def _diagnostic_dict(diagnostic: Diagnostic, text: str, encoding: Encoding) -> dict[str, Any]:
    return {
        "range": _range_dict(diagnostic.span, text, encoding),
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
                        {
                            "range": _range_dict(edit.span, text, encoding),
                            "newText": edit.text,
                        }
                        for edit in fix.edits
                    ],
                }
                for fix in diagnostic.fixes
            ],
        },
    }


def _range_dict(span: Span, text: str, encoding: Encoding) -> dict[str, Any]:
    return {
        "start": _position(span.start, text, encoding),
        "end": _position(span.end, text, encoding),
    }


def _position(offset: int, text: str, encoding: Encoding) -> dict[str, int]:
    line_starts = [0, *(end.end() for end in _LINE_END.finditer(text, 0, offset))]
    before = text[line_starts[-1] : offset]
    size = len(
        before.encode(f"{encoding}-le" if encoding != "utf-8" else encoding, "surrogatepass")
    )
    return {"line": len(line_starts) - 1, "character": size // _BYTES_PER_UNIT[encoding]}
