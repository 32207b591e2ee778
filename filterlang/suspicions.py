"""What is legal but hardly meant: warnings and hints about one clause, with suggested fixes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from filterlang.diagnostics import Edit, Fix, Span, quoted
from filterlang.errors import diagnose
from filterlang.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.diagnostics import Diagnostic
    from filterlang.pieces import Parts

_JOINED = re.compile(
    r"(?: +(?P<word>and|or) +| *(?P<sign>&&|\|\|) *)"
    r"(?=[\w.$\-]+ *(?:==|=|!=|!~|<=|>=|<|>|~))",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"&(?=[A-Za-z]+=)")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»", "`": "`", "”": "”"}
_LEADING_WORD = re.compile(r"(?:and|or|not|where) +(?=[^ ])|\(+ *|!", re.IGNORECASE)
_NULL = {"null", "nil", "none", "undefined", "nan"}
_REGEX = re.compile(r"^\^|\.[*+]|(?<!\\)\$$|\[[^\]]+\][*+]?")
_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_BARE_WILDCARD = re.compile(r"(?:[^\\*?]|\\.)*?([*?])", re.DOTALL)
_INVISIBLE = re.compile(
    "[\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]+"
)


def suspect(text: str, parts: Parts, source_index: int = 0) -> list[Diagnostic]:
    """Find what is legal in one clause, and yet hardly meant, in the order of the places."""
    found = list(_Clause(text, parts, source_index).suspicions())
    return sorted(found, key=lambda one: (one.span.start, one.span.end))


class _Clause:
    """One clause under suspicion."""

    def __init__(self, text: str, parts: Parts, source_index: int) -> None:
        self._text = text
        self._parts = parts
        self._source_index = source_index
        self._operator = Operator(parts.operator)
        self._name = text[parts.name.start : parts.name.end]
        self._raw = text[parts.expression.start : parts.expression.end]

    def suspicions(self) -> Iterator[Diagnostic]:
        yield from self._in_name()
        if not self._raw:
            return
        if self._starts_like_operator():
            yield self._operator_start()
            return
        yield from self._joined()
        yield from self._invisible_ends()
        if self._is_quoted(self._raw):
            yield self._quotes(self._parts.expression, self._raw)
            return
        if self._operator.allows_empty and self._raw.lower() in _NULL:
            yield self._make(
                "FL404",
                self._parts.expression,
                [(self._parts.expression, "")],
                found=quoted(self._raw),
            )
        yield from self._wildcards()
        if encoded := _ENCODED.search(self._raw):
            start = self._parts.expression.start + encoded.start()
            yield self._make(
                "FL408",
                Span(start, start + len(encoded[0])),
                [(self._parts.expression, unquote(self._raw))],
                found=quoted(encoded[0]),
                decoded=quoted(unquote(encoded[0])),
            )

    def _make(
        self, code: str, span: Span, edits: list[tuple[Span, str]] | None = None, **values: object
    ) -> Diagnostic:
        fixes = []
        if edits is not None:
            fixes.append(Fix([Edit(place, new) for place, new in edits], safe=False))
        return diagnose(code, span, fixes=fixes, source_index=self._source_index, **values)

    def _in_name(self) -> Iterator[Diagnostic]:
        name = self._parts.name
        if self._is_quoted(self._name):
            yield self._quotes(name, self._name)
        word = _LEADING_WORD.match(self._name)
        if word is not None and word.end() < len(self._name):
            span = Span(name.start, name.start + len(word[0].rstrip(" ")))
            removed = Span(name.start, name.start + word.end())
            code = "FL411" if word[0].startswith("(") else "FL410"
            fixable = code == "FL410" and word[0].strip(" ").lower() not in {"or", "not", "!"}
            yield self._make(
                code, span, [(removed, "")] if fixable else None, found=quoted(word[0].strip(" "))
            )
        for found in _INVISIBLE.finditer(self._name):
            span = Span(name.start + found.start(), name.start + found.end())
            names = " ".join(f"U+{ord(character):04X}" for character in found[0])
            yield self._make("FL409", span, [(span, "")], found=names, where="the name")

    def _invisible_ends(self) -> Iterator[Diagnostic]:
        start = self._parts.expression.start
        for found in _INVISIBLE.finditer(self._raw):
            if found.start() == 0 or found.end() == len(self._raw):
                span = Span(start + found.start(), start + found.end())
                names = " ".join(f"U+{ord(character):04X}" for character in found[0])
                yield self._make(
                    "FL412",
                    span,
                    [(span, "")] if found[0] != self._raw else None,
                    found=names,
                    where="start" if span.start == start else "end",
                )

    # --- Operators within the expression ---

    def _starts_like_operator(self) -> bool:
        return self._raw.startswith("=") or (
            self._operator is Operator.LT and self._raw.startswith(">")
        )

    def _operator_start(self) -> Diagnostic:
        first = self._raw[0]
        written = self._operator + first
        meant = "!=" if first == ">" else written if written in {"<=", ">="} else self._operator
        span = Span(self._parts.operator_span.start, self._parts.expression.start + 1)
        return self._make(
            "FL403",
            span,
            [(span, meant)],
            operator=self._operator,
            first=first,
            meant=meant,
            otherwise=r", or '\=' for an expression that starts with '='" if first == "=" else "",
        )

    def _joined(self) -> Iterator[Diagnostic]:
        for found in _JOINED.finditer(self._raw):
            start = self._parts.expression.start
            whole = Span(start + found.start(), start + found.end())
            group = "word" if found["word"] else "sign"
            span = Span(start + found.start(group), start + found.end(group))
            is_and = found[group].lower() in {"and", "&&"}
            code = "FL401" if is_and else "FL402"
            yield self._make(
                code, span, [(whole, ";")] if is_and else None, found=quoted(found[group])
            )
        for found in _PARAMETER.finditer(self._raw):
            place = self._parts.expression.start + found.start()
            yield self._make("FL413", Span(place, place + 1))

    # --- Quotes ---

    @staticmethod
    def _is_quoted(text: str) -> bool:
        return len(text) > 1 and _QUOTES.get(text[0]) == text[-1]

    def _quotes(self, span: Span, text: str) -> Diagnostic:
        return self._make(
            "FL414",
            span,
            [
                (Span(span.start, span.start + 1), ""),
                (Span(span.end - 1, span.end), ""),
            ]
            if text[1:-1].strip(" ")
            else None,
            found=text[0] + text[-1],
        )

    # --- Wildcards ---

    def _wildcards(self) -> Iterator[Diagnostic]:
        start = self._parts.expression.start
        wildcard = _BARE_WILDCARD.match(self._raw)
        if self._operator.allows_empty:
            if wildcard is not None:
                place = start + wildcard.start(1)
                meant = "~" if self._operator is Operator.EQ else "!~"
                yield self._make(
                    "FL405",
                    Span(place, place + 1),
                    [(self._parts.operator_span, meant)],
                    found=quoted(wildcard[1]),
                    operator=self._operator,
                    meant=meant,
                )
        elif self._operator.matches_pattern:
            regex = _REGEX.search(self._raw)
            if regex is not None:
                yield self._regex(regex)
            elif wildcard is None:
                yield from self._sql_wildcards()

    def _regex(self, found: re.Match[str]) -> Diagnostic:
        start = self._parts.expression.start
        meant = self._raw.removeprefix("^").removesuffix("$").replace(".*", "*").replace(".+", "?*")
        mended = meant and _REGEX.search(meant) is None
        return self._make(
            "FL407",
            Span(start + found.start(), start + found.end()),
            [(self._parts.expression, meant)] if mended else None,
            found=quoted(found[0]),
        )

    def _sql_wildcards(self) -> Iterator[Diagnostic]:
        for written, meant in (("%", "*"), ("_", "?")):
            place = self._raw.find(written)
            if place >= 0 and not _ENCODED.match(self._raw, place):
                start = self._parts.expression.start + place
                mended = (
                    self._raw.replace("%", "*").replace("_", "?")
                    if written == "%"
                    else (self._raw.replace("_", "?"))
                )
                yield self._make(
                    "FL406",
                    Span(start, start + 1),
                    [(self._parts.expression, mended)],
                    found=quoted(written),
                    meant=meant,
                )
                return
