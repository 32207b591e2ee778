"""What people write by mistake: finds what the grammar refuses, and says what to write instead.

Looks at one clause at a time (`pieces` tells where they stand). What is legal but hardly meant is
the business of `suspicions`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from filterlang.diagnostics import Edit, Fix, Span, quoted
from filterlang.errors import diagnose
from filterlang.escaping import ESCAPABLE, NEVER_ALLOWED, SURROGATES
from filterlang.operators import OPERATORS, Operator
from filterlang.pieces import Parts, trimmed

if TYPE_CHECKING:
    from filterlang.diagnostics import Diagnostic

_OPERATOR_START = re.compile(r"[=!<>~]")
_OPERATOR = re.compile("|".join(map(re.escape, sorted(OPERATORS, key=len, reverse=True))))

# Longest first. A name can't end before any of these, so each must have been meant as an operator.
_MISSPELLED = {
    "=gt=": ">",
    "=ge=": ">=",
    "=lt=": "<",
    "=le=": "<=",
    "=eq=": "==",
    "=ne=": "!=",
    "=!=": "!=",
    "=!~": "!~",
    "=<=": "<=",
    "=>=": ">=",
    "= =": "==",
    "! =": "!=",
    "! ~": "!~",
    "=~": "~",
    "=!": "!=",
    "=<": "<=",
    "=>": ">=",
    "!@": "!~",
}
_MISSPELLED_OPERATOR = re.compile("|".join(map(re.escape, _MISSPELLED)))

_LOOK_ALIKES = str.maketrans(
    {
        "＝": "=",
        "﹦": "=",
        "⩵": "==",
        "≡": "==",
        "≠": "!=",
        "！": "!",
        "﹗": "!",
        "＜": "<",
        "﹤": "<",
        "＞": ">",
        "﹥": ">",
        "≤": "<=",
        "≦": "<=",
        "⩽": "<=",
        "≥": ">=",
        "≧": ">=",
        "⩾": ">=",
        "～": "~",
        "∼": "~",
        "˜": "~",
        "≈": "~",
        "≁": "!~",
        "≉": "!~",
    }
)
_LOOK_ALIKE = "".join(map(chr, _LOOK_ALIKES))
_LOOK_ALIKE_OPERATOR = re.compile(f"[{_LOOK_ALIKE}=!<>~]*[{_LOOK_ALIKE}][{_LOOK_ALIKE}=!<>~]*")

_WORDS = {
    "is not null": "!=",
    "is null": "==",
    "is not empty": "!=",
    "is empty": "==",
    "is not": "!=",
    "is": "==",
    "not like": "!~",
    "like": "~",
    "contains": "~",
    "matches": "~",
    "equals": "==",
    "eq": "==",
    "ne": "!=",
    "neq": "!=",
    "gt": ">",
    "ge": ">=",
    "gte": ">=",
    "lt": "<",
    "le": "<=",
    "lte": "<=",
    "not in": "!=",
    "in": "==",
    "between": ">=",
}
_WORD_OPERATOR = re.compile(
    r"(?<=[^ ]) +(" + "|".join(_WORDS).replace(" ", " +") + r")(?= |\Z|\()", re.IGNORECASE
)
_UNARY_WORDS = ("null", "empty")

_PARAMETER_PREFIX = re.compile(r"(?:[^ ;=]*[?&])?filters?=(?![=@~!<>])", re.IGNORECASE | re.ASCII)
_ENCODED_OPERATOR = re.compile(r"%(?:25)*(?:3D|21|3C|3E|7E)", re.IGNORECASE)
_IN_EXPRESSION = re.compile(r",|\\(.?)", re.DOTALL)
_NEVER_ALLOWED = re.compile(NEVER_ALLOWED)
_SURROGATE = re.compile(f"[{SURROGATES}]")


def empty_clause(text: str, clause: Span, source_index: int, *, mend: bool) -> Diagnostic:
    """Say that there is nothing between two separators; `mend` if something else is left then."""
    at_end = clause.end == len(text)
    span = Span(clause.start, clause.end if at_end else clause.end + 1)
    # Where every clause is empty, nothing would be left, and nothing means everything.
    fixes = [Fix([Edit(span, "")], safe=True)] if mend else []
    found = "the end of the filter" if at_end else "';'"
    return diagnose("FL102", span, fixes=fixes, source_index=source_index, found=found)


def examine_clause(
    text: str, clause: Span, source_index: int = 0
) -> tuple[list[Diagnostic], Parts | None]:
    """Find everything that keeps one clause, which isn't empty, from following the grammar.

    Without diagnostics it does follow it. Gives also where its parts are, if it has an operator.
    """
    return _Examination(text, clause, source_index).examined()


class _Examination:
    """The work of `examine_clause`; `_start` moves on as parts of the clause are understood."""

    def __init__(self, text: str, clause: Span, source_index: int) -> None:
        self._text = text
        self._source_index = source_index
        self._found: list[Diagnostic] = []
        self._start, self._stop = trimmed(text, clause.start, clause.end)
        self._end = clause.end
        self._separated = clause.start > 0

    def examined(self) -> tuple[list[Diagnostic], Parts | None]:
        self._check_characters()
        self._check_prefix()
        parts = None
        start = self._operator_start()
        if start is None:
            self._no_operator()
        else:
            operator_span, operator = self._check_operator(start)
            written = self._text[operator_span.start : operator_span.end]
            self._check_name(operator_span.start, written)
            self._check_expression(operator_span.end, operator)
            parts = Parts(
                trimmed(self._text, self._start, operator_span.start),
                operator_span,
                operator,
                trimmed(self._text, operator_span.end, self._end),
            )
        self._found.sort(key=lambda found: (found.span.start, found.span.end))
        return self._found, parts

    def _add(
        self,
        code: str,
        start: int,
        end: int,
        *,
        replacement: str | None = None,
        safe: bool = True,
        **values: object,
    ) -> None:
        span = Span(start, end)
        fixes = [] if replacement is None else [Fix([Edit(span, replacement)], safe=safe)]
        self._found.append(
            diagnose(code, span, fixes=fixes, source_index=self._source_index, **values)
        )

    def _check_characters(self) -> None:
        for found in _NEVER_ALLOWED.finditer(self._text, self._start, self._end):
            code = "FL115" if _SURROGATE.match(found[0]) else "FL114"
            self._add(code, found.start(), found.end(), found=f"U+{ord(found[0]):04X}")

    def _check_prefix(self) -> None:
        prefix = _PARAMETER_PREFIX.match(self._text, self._start, self._end)
        if prefix is not None:
            self._add("FL116", self._start, prefix.end(), replacement="", found=quoted(prefix[0]))
            self._start = trimmed(self._text, prefix.end(), self._end).start

    # --- Operators ---

    def _operator_start(self) -> int | None:
        """Find where the operator starts, or what was meant as one."""
        known = _OPERATOR_START.search(self._text, self._start, self._end)
        alike = _LOOK_ALIKE_OPERATOR.search(self._text, self._start, self._end)
        # A look-alike is a legal character of a name; it is an operator only where no other is.
        if alike is not None and (
            known is None
            or (alike.start() <= known.start() < alike.end() and self._single(known.start()))
        ):
            return alike.start()
        return None if known is None else known.start()

    def _single(self, start: int) -> bool:
        """Whether the operator character at this place makes no operator by itself."""
        return _OPERATOR.match(self._text, start, self._end) is None

    def _check_operator(self, start: int) -> tuple[Span, str]:
        """Give where the operator stands, and what it is or was meant to be."""
        alike = _LOOK_ALIKE_OPERATOR.match(self._text, start, self._end)
        if alike is not None and self._single(start):
            return self._look_alike(alike)
        known = _OPERATOR.match(self._text, start, self._end)
        if known is not None:
            return Span(start, known.end()), known[0]
        misspelled = _MISSPELLED_OPERATOR.match(self._text, start, self._end)
        if misspelled is not None:
            written, end = misspelled[0], misspelled.end()
            meant = _MISSPELLED[written]
            self._add("FL105", start, end, replacement=meant, meant=meant, written=written)
            return Span(start, end), meant
        if self._text[start] == "=":
            self._add("FL104", start, start + 1, replacement="==")
            return Span(start, start + 1), "=="
        self._add("FL106", start, start + 1)
        return Span(start, start + 1), "!="

    def _look_alike(self, alike: re.Match[str]) -> tuple[Span, str]:
        plain = alike[0].translate(_LOOK_ALIKES)
        known = _OPERATOR.match(plain)
        meant = str(OPERATORS[known[0]]) if known else "!=" if plain.startswith("!") else "=="
        self._add(
            "FL118",
            alike.start(),
            alike.end(),
            replacement=meant,
            found=quoted(alike[0]),
            meant=meant,
        )
        return Span(alike.start(), alike.end()), meant

    def _no_operator(self) -> None:
        clause = self._text[self._start : self._stop]
        word = _WORD_OPERATOR.search(clause)
        if _ENCODED_OPERATOR.search(clause):
            decoded = _decoded(clause)
            safe = "+" not in clause and "\ufffd" not in decoded
            self._add(
                "FL117",
                self._start,
                self._stop,
                replacement=decoded,
                safe=safe,
                decoded=quoted(decoded),
            )
        elif word is not None:
            self._word_operator(word)
        elif self._start < self._stop:
            self._add("FL103", self._start, self._stop, found=quoted(clause))
            self._suggest_escaped_separator()

    def _word_operator(self, word: re.Match[str]) -> None:
        written = " ".join(word[1].lower().split())
        meant = _WORDS[written]
        rest = word.string[word.end() :]
        is_whole = written.endswith(_UNARY_WORDS) == (not rest.strip(" "))
        mendable = is_whole and written not in {"in", "not in", "between", "contains"}
        start = self._start
        self._found.append(
            diagnose(
                "FL119",
                Span(start + word.start(1), start + word.end(1)),
                fixes=[
                    Fix(
                        [
                            Edit(
                                Span(
                                    start + word.start(),
                                    start + word.end() + len(rest) - len(rest.lstrip(" ")),
                                ),
                                meant,
                            )
                        ],
                        safe=False,
                    )
                ]
                if mendable
                else [],
                source_index=self._source_index,
                found=quoted(word[1]),
                meant=meant,
            )
        )

    def _suggest_escaped_separator(self) -> None:
        """A clause without an operator may be the rest of an expression that holds a `;`."""
        separator = self._text.rfind(";", 0, self._start)
        if self._separated and separator >= 0:
            last = self._found.pop()
            fix = Fix([Edit(Span(separator, separator + 1), "\\;")], safe=False)
            self._found.append(
                diagnose(
                    last.code,
                    last.span,
                    fixes=[fix],
                    source_index=self._source_index,
                    found=quoted(self._text[self._start : self._stop]),
                )
            )

    # --- Names and expressions ---

    def _check_name(self, end: int, operator: str) -> None:
        name = self._text[self._start : end]
        if not name.strip(" "):
            # `!a==b` asks for a NOT; that the `!` is no operator has been said already.
            if operator != "!":
                self._add("FL107", end, end + len(operator), found=quoted(operator))
            return
        for position, character in enumerate(name, self._start):
            if character in ",\\;":
                self._add("FL109", position, position + 1, found=quoted(character))
        position = self._start
        segments = name.split(".")
        for index, segment in enumerate(segments):
            following = position + len(segment)
            if not segment.strip(" "):
                is_last = index == len(segments) - 1
                dot = position - 1 if is_last else following
                found = quoted(operator) if is_last else "'.'"
                self._add("FL108", dot, dot + 1, found=found)
            position = following + 1

    def _check_expression(self, start: int, operator: str) -> None:
        if not self._text[start : self._end].strip(" "):
            if not Operator(operator).allows_empty:
                found = "';'" if self._end < len(self._text) else "the end of the filter"
                self._add("FL110", start, start, operator=operator, found=found)
            return
        for unit in _IN_EXPRESSION.finditer(self._text, start, self._end):
            self._check_unit(unit)

    def _check_unit(self, found: re.Match[str]) -> None:
        start, end, escaped = found.start(), found.end(), found[1]
        if escaped is None:
            self._add("FL111", start, end, replacement="\\,")
        elif not escaped:
            self._add("FL113", start, end, replacement="\\\\")
        elif escaped not in ESCAPABLE:
            escapes = " ".join("\\" + character for character in ESCAPABLE if character != " ")
            self._add(
                "FL112",
                start,
                end,
                replacement="\\\\" + escaped,
                found="\\" + quoted(escaped)[1:-1],
                escapes=escapes + " and '\\ '",
            )


def _decoded(clause: str) -> str:
    """Percent-decode until an operator shows: a text may have been encoded twice."""
    while _OPERATOR_START.search(clause) is None:
        clause = unquote(clause)
    return clause
