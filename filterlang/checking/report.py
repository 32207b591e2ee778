"""Text → diagnostics: `check` says all that is wrong with filters, and mends what it safely can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from filterlang.checking.examine import examine_all
from filterlang.checking.parse import text_list
from filterlang.checking.placed_clauses import clause_spans
from filterlang.diagnostics.diagnostic import MAX_DIAGNOSTICS, apply_edits, paint, render
from filterlang.diagnostics.errors import codes, limited_each
from filterlang.diagnostics.plain_data import Positions, diagnostic_dict
from filterlang.syntax.nodes import FilterSet
from filterlang.syntax.parser import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Self

    from filterlang.checking.placed_clauses import ClauseSpans
    from filterlang.diagnostics.diagnostic import Diagnostic, Edit
    from filterlang.diagnostics.plain_data import Encoding
    from filterlang.schema.schema import Schema

_MOST_ROUNDS = 8
"""Mending one mistake may show the next one; this often it is tried."""
_MOST_SHOWN = 1000
"""A mended text is shown for people to copy, up to this many characters."""


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
    filters, diagnostics = examine_all(texts, schema, max_length=max_length)
    return Report(
        texts,
        None if filters is None else FilterSet(filters),
        diagnostics,
        _mended(texts, schema, max_length, diagnostics),
    )


class Report:
    """What `check` found.

    Attributes:
        sources: the texts that were checked.
        ok: whether there is no error; warnings and hints may be there all the same.
        filters: the `FilterSet`, or None unless `ok`.
        diagnostics: all findings, in the order of the texts and of their places; of one text at
            most 1,000, and then a last one, FL304, which says that there are more.
        fixed: the texts with every safe fix applied, which have no error; None where no safe mend
            exists. Nothing is mended in a text with more than 1,000 findings: it is given as it is
            if it has no error, else `fixed` is None.
        clauses: where each clause and its parts stand.

    Example:
        >>> report = check(["score=10", "city==Bonn"])
        >>> report.ok, report.fixed
        (False, ['score==10', 'city==Bonn'])
    """

    __slots__ = ("diagnostics", "filters", "fixed", "sources")
    diagnostics: tuple[Diagnostic, ...]
    filters: FilterSet | None
    fixed: list[str] | None
    sources: tuple[str, ...]

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

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        # Without it the oldest protocols of pickle refuse whatever has slots.
        return type(self), (self.sources, self.filters, self.diagnostics, self.fixed)

    @property
    def ok(self) -> bool:
        """Whether there is no error.

        Example:
            >>> check("city==Bonn").ok, check("city=Bonn").ok
            (True, False)
        """
        return self.filters is not None

    @property
    def clauses(self) -> tuple[ClauseSpans, ...]:
        """Where the clauses of all texts and their parts stand, those with mistakes too.

        Example:
            >>> [clause.name for clause in check("a==1; b.c > 2").clauses]
            [Span(0, 1), Span(6, 9)]
        """
        return tuple(
            spans for index, text in enumerate(self.sources) for spans in clause_spans(text, index)
        )

    def render(self, *, color: bool = False) -> str:
        """Show all findings to a person, and what the safe fixes give; nothing if there are none.

        Of one text at most 20 are shown, the gravest ones, and of all texts at most 100, and then
        how many more there are.

        Example:
            >>> print(check("lastName=Doe").render())
            error[FL104]: expected '==', found a single '='
             --> filter, column 9
              |
              | lastName=Doe
              |         ^
            hint: write '=='
            <BLANKLINE>
            fixed: lastName==Doe
        """
        shown = render(self.diagnostics, self.sources, color=color)
        return "\n".join([shown, *self._shown_fixes(color=color)])

    def _shown_fixes(self, *, color: bool) -> Iterator[str]:
        is_first = True
        for index, (text, fixed) in enumerate(zip(self.sources, self.fixed or (), strict=False)):
            if fixed == text or len(fixed) > _MOST_SHOWN or not fixed.isprintable():
                continue
            if is_first:
                yield ""
                is_first = False
            label = f"fixed, filter {index + 1}" if len(self.sources) > 1 else "fixed"
            yield f"{paint(label, 'fixed') if color else label}: {fixed}"

    def to_dict(
        self, *, encoding: Encoding = "utf-32", max_diagnostics: int = MAX_DIAGNOSTICS
    ) -> dict[str, Any]:
        """Return the report as plain data, with diagnostics as editors take them (LSP).

        Args:
            encoding: what the `character` of a position counts: code points (`"utf-32"`), UTF-16
                code units, which editors use unless told otherwise, or UTF-8 bytes.
            max_diagnostics: how many diagnostics are given of each text, the gravest ones; if there
                are more, a last one, FL304, says so. No more than 1,000 are there to be given.

        Each diagnostic has `range`, `severity` (1 error, 2 warning, 4 hint), `code`, `source` and
        `message` as in the Language Server Protocol; under `data` its `source_index`, `span`,
        `hint` and `fixes`, whose edits have `range` and `newText`.

        Example:
            >>> check("score=10").to_dict()["diagnostics"][0]["range"]
            {'start': {'line': 0, 'character': 5}, 'end': {'line': 0, 'character': 6}}
        """
        positions = [Positions(text, encoding) for text in self.sources]
        return {
            "ok": self.ok,
            "filters": None if self.filters is None else [str(one) for one in self.filters],
            "fixed": self.fixed,
            "diagnostics": [
                diagnostic_dict(one, positions[one.source_index or 0])
                for one in limited_each(self.diagnostics, self.sources, max_diagnostics)
            ],
        }

    def __repr__(self) -> str:
        return f"<Report ok={self.ok} diagnostics={codes(self.diagnostics)}>"


# --- Mending --------------------------------------------------------------------------------------


def _mended(
    texts: Sequence[str],
    schema: Schema | None,
    max_length: int | None,
    diagnostics: Sequence[Diagnostic],
) -> list[str] | None:
    found: list[list[Diagnostic]] = [[] for _ in texts]
    for one in diagnostics:
        found[one.source_index or 0].append(one)
    mended = []
    for text, own in zip(texts, found, strict=True):
        if own and own[0].code == "FL304":
            return None  # Nobody has looked at it, nor at those behind it.
        result = _mended_one(text, schema, max_length, own)
        if result is None:
            return None
        mended.append(result)
    return mended


def _mended_one(
    text: str, schema: Schema | None, max_length: int | None, diagnostics: Sequence[Diagnostic]
) -> str | None:
    mended, left = safely_mended(text, schema, diagnostics, max_length=max_length)
    if any(one.severity == "error" for one in left):
        return None
    # A filter that has become empty would match everything.
    return mended if mended.strip(" ") or not text.strip(" ") else None


def safely_mended(
    text: str,
    schema: Schema | None,
    diagnostics: Sequence[Diagnostic],
    *,
    max_length: int | None = MAX_LENGTH,
) -> tuple[str, Sequence[Diagnostic]]:
    """Return one text with every safe fix applied, and what is found in it then.

    Example:
        >>> mended, left = safely_mended("a=1;b", None, check("a=1;b").diagnostics)
        >>> mended, [one.code for one in left]
        ('a==1;b', ['FL103'])
    """
    for _ in range(_MOST_ROUNDS):
        # Where not all is known that is wrong, mending might go half way, and nobody would notice.
        edits = [] if _is_cut(diagnostics) else _safe_edits(diagnostics)
        if not edits:
            break
        text = apply_edits(text, edits)
        _, diagnostics = examine_all([text], schema, max_length=max_length)
    return text, diagnostics


def _is_cut(diagnostics: Sequence[Diagnostic]) -> bool:
    return bool(diagnostics) and diagnostics[-1].code == "FL304"


def _safe_edits(diagnostics: Sequence[Diagnostic]) -> list[Edit]:
    """Collect the edits of all safe fixes but those that reach into an earlier one."""
    fixes = [fix for one in diagnostics for fix in one.fixes if fix.safe]
    fixes.sort(key=lambda fix: fix.edits[0].span.start)
    chosen: list[Edit] = []
    reached = 0
    for fix in fixes:
        if fix.edits[0].span.start >= reached:
            chosen += fix.edits
            reached = fix.edits[-1].span.end
    return chosen
