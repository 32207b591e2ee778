"""What is legal but hardly meant: warnings and hints about one clause, with suggested fixes.

Every regular expression here takes time linear in the clause.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from filterlang.checking.other_languages import NEGATION, complement_edits
from filterlang.diagnostics.diagnostic import MAX_DIAGNOSTICS, Diagnostic, Edit, Fix, Span, quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.messages import WORDS
from filterlang.syntax.escaping import ESCAPABLE, NEVER_ALLOWED
from filterlang.syntax.operators import Operator
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from filterlang.syntax.split import Parts

# --- What would join clauses elsewhere ------------------------------------------------------------

_CLAUSE_AHEAD = r"\(*+ *+(?:not ++)?+[\w.$\-]++ *+(?P<{}>[=!<>~])"
# U+FF1B and U+037E look like a semicolon.
_JOIN = re.compile(
    r"(?<= )(?P<word>and|or)(?= ++" + _CLAUSE_AHEAD.format("after_word") + ")"
    r"|(?P<sign>&&?|\|\|?|[\uff1b\u037e]|\\;|(?<!\\),)(?= *+"
    + _CLAUSE_AHEAD.format("after_sign")
    + ")",
    re.IGNORECASE,
)
_AND = {"and", "&&", "&", "\uff1b", "\u037e"}
_PARAMETER = re.compile(r"&(?P<key>[A-Za-z][\w.\-\[\]]*+)=(?![=~!<>@])")
_SINGLE_EQUALS = re.compile(r"=(?![=~!<>@])")
_OTHER_KEY = re.compile(r"pageSize|scrollId|sort|page|limit|offset", re.IGNORECASE)
_FILTER_KEY = re.compile(r"filters?(?:\[[0-9]*\])?", re.IGNORECASE)
_OTHER_OPERATOR = re.compile(r"(?<=[\w.$\-)\]\"' ])(?:===?+|!==?+|>=|<=|!~|=@)(?= *+[^ =])")
_NAME_CHARACTER = re.compile(r"[\w.$\-]")
_OR_BETWEEN_WORDS = re.compile(r"[^ ]++(?: ++OR ++[^ ]++)+")
_OR = re.compile(r"(?<= )OR(?= )")

# --- What stands before a name elsewhere ----------------------------------------------------------

_LEADING = re.compile(
    r"(?:select ++.*?\bwhere|where|and|or) ++(?=[^ ])|(?:&&|\|\|) *+(?=[^ ])|\(++ *+"
    rf"|(?P<not>{NEGATION}) *+|\+ *+(?=[^\W\d]|\()",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NAME_LIKE = re.compile(r"[^\W\d][\w.]*")
_BETWEEN = re.compile(r"(?P<name>[^\W\d][\w.]*+) *+[<>]=? *+-?[0-9]++(?:\.[0-9]++)?")

# --- What is plain text here, and something else elsewhere ----------------------------------------

_OPERATOR_STARTS = {
    ("<", ">"): "!=",
    (">", "<"): "!=",
    ("<=", ">"): "==",
    ("<", "="): "<=",
    (">", "="): ">=",
    (">", ">"): ">",
    (">=", ">"): ">=",
    ("<", "<"): "<",
    ("<=", "<"): "<=",
    ("~", "~"): "~",
    ("!~", "~"): "!~",
}
_COMPARED_AFTER_EQUAL = re.compile(r"([<>])=? *+-?[0-9]")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "„": "“", "«": "»", "`": "`", "”": "”"}
_NULL = {"null", "undefined", "nil"}
_NULL_EXACTLY = {"None", "NaN"}
# A run of stars is one wildcard, and `*.*` is what file names have.
_REGEX = re.compile(r"\A\^|(?<![*\\])\.[*+]|(?<!\\)\$\Z|\[[^\[\]]+\]|\([^()|]*\|[^()]*\)")
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_UNIT = re.compile(r"\\.|[*?]", re.DOTALL)
# Who escapes a wildcard knows of them.
_WILDCARD = re.compile(r"[*?]")
_UNKNOWN_ESCAPE = re.compile(rf"(?:\\[{re.escape(ESCAPABLE)}]|[^\\])*+\\", re.DOTALL)
# Such a pattern asks for the text that a number, a boolean or a date has.
_TEXT_OF_VALUE = re.compile(r"true|false|-?[0-9][0-9.:etz+\-]*+")
_SPACED_STAR = re.compile(r"(?<= )\*(?= )")
_SQL_WILDCARD = re.compile(r"[%_＊？∗]")
_WILDCARD_MEANT = {"%": "*", "_": "?", "＊": "*", "∗": "*", "？": "?"}
_INVISIBLE = "\u00a0\u00ad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
_INVISIBLE_RUN = re.compile(f"[{_INVISIBLE}]++")
_INVISIBLE_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]++")
_NEVER_MEANT_INSIDE = "\u200b\u2060\ufeff"
"""Not the joiners that some scripts and emoji need, nor the no-break space of a typographer."""
_NEVER_ALLOWED = re.compile(NEVER_ALLOWED)


def suspect(text: str, parts: Parts, source_index: int = 0) -> list[Diagnostic]:
    """Find what is legal in one clause, and yet hardly meant, in the order of the places.

    Of a kind that a clause can hold many times it finds one more than are listed.
    """
    found = list(_Clause(text, parts, source_index).suspicions())
    return sorted(found, key=lambda one: (one.span.start, one.span.end))


def wrapped(text: str, source_index: int = 0) -> Diagnostic | None:
    """Find quotes or parentheses around a whole filter, which belong to its first and last part."""
    start, end = trimmed(text, 0, len(text))
    first, last = text[start : start + 1], text[max(start, end - 1) : end]
    if end - start <= len("()") or (first + last != "()" and _QUOTES.get(first) != last):
        return None
    inner = text[start + 1 : end - 1]
    if first in inner or last in inner or inner.endswith("\\") or not re.search("[=<>~]", inner):
        return None
    edits = [Edit(Span(start, start + 1), ""), Edit(Span(end - 1, end), "")]
    return diagnose(
        "FL411" if first == "(" else "FL414",
        Span(start, end),
        fixes=[Fix(edits, safe=False)],
        source_index=source_index,
        case="wrapped" if first == "(" else None,
        found=quoted(first),
        part=WORDS["filter"],
    )


def in_doubt(
    diagnostics: list[Diagnostic], suspected: Sequence[Diagnostic] = ()
) -> list[Diagnostic]:
    """Give the diagnostics of one clause; where something is hardly meant, no fix is safe.

    `suspected` is what was found before a schema said the same of it in other words.
    """
    if not any(map(_is_doubt, diagnostics)) and not any(
        _is_doubt(one) and one.code not in _ENDS_TRIMMED for one in suspected
    ):
        return diagnostics
    return [
        Diagnostic(
            one.code,
            one.severity,
            one.message,
            one.span,
            one.hint,
            [Fix(fix.edits, safe=False) for fix in one.fixes],
            one.source_index,
        )
        for one in diagnostics
    ]


_ENDS_TRIMMED = {"FL409"}
"""What may be removed safely at the ends of what a schema knows the name or type of."""


def _is_doubt(one: Diagnostic) -> bool:
    # A lone `!` negates, so that nothing else in its clause is sure.
    return one.code == "FL106" or (one.severity == "warning" and one.code.startswith("FL4"))


class _Clause:
    """One clause under suspicion; `_raw` is what is left of its expression to look at."""

    def __init__(self, text: str, parts: Parts, source_index: int) -> None:
        self._text = text
        self._parts = parts
        self._source_index = source_index
        self._operator = Operator(parts.operator)
        self._name = text[parts.name.start : parts.name.end]
        self._expression = parts.expression
        self._raw = text[parts.expression.start : parts.expression.end]
        self._is_shifted = False

    def suspicions(self) -> Iterator[Diagnostic]:
        if not self._name:
            return
        yield from self._in_name()
        operator_start = self._operator_start() if self._raw else None
        self._is_shifted = operator_start is not None
        if operator_start is not None:
            yield operator_start
            start = trimmed(self._text, self._expression.start + 1, self._expression.end).start
            self._expression = Span(start, self._expression.end)
            self._raw = self._text[start : self._expression.end]
        if self._raw:
            yield from self._in_expression()

    def _make(
        self,
        code: str,
        span: Span,
        edits: Sequence[tuple[Span, str]] | None = None,
        case: str | None = None,
        **values: object,
    ) -> Diagnostic:
        fixes = []
        if edits is not None:
            fixes.append(Fix([Edit(place, new) for place, new in edits], safe=False))
        return diagnose(
            code, span, fixes=fixes, source_index=self._source_index, case=case, **values
        )

    # --- Names ---

    def _in_name(self) -> Iterator[Diagnostic]:
        name = self._parts.name
        if _is_quoted(self._name):
            yield self._quotes(name, self._name, "name")
        word = _LEADING.match(self._name)
        if word is not None and word.end() < len(self._name):
            yield self._leading(word)
        if self._name.endswith(":"):
            end = Span(name.end - 1, name.end)
            yield self._make("FL417", end, [(end, "")], operator=self._operator)
        if _NUMBER.fullmatch(self._name) and self._operator in _MIRRORED:
            yield self._mirrored()
        if not self._name.isascii():
            runs = islice(_INVISIBLE_RUN.finditer(self._name), MAX_DIAGNOSTICS + 1)
            yield from self._invisible("FL409", name, runs, len(self._name))

    def _leading(self, word: re.Match[str]) -> Diagnostic:
        start = self._parts.name.start
        written = word[0].strip(" ")
        removed = (Span(start, start + word.end()), "")
        span = Span(start, start + len(written))
        kind = written.lower().rpartition(" ")[2]
        if kind.startswith("("):
            closing = self._raw.endswith(")") and "(" not in self._raw and len(kind) == 1
            last = Span(self._expression.end - 1, self._expression.end)
            fix = [removed, (last, "")] if closing and len(self._raw) > 1 else None
            return self._make("FL411", span, fix, found=quoted(written))
        if word["not"]:
            clause = Span(start, max(self._parts.operator_span.end, self._expression.end))
            edits = complement_edits(
                self._text,
                clause,
                removed[0],
                self._parts.operator_span,
                self._operator.complement,
            )
            fix = None if edits is None else [(edit.span, edit.text) for edit in edits]
            negated = "not order" if self._operator.orders else "not"
            return self._make("FL410", span, fix, negated, found=quoted(written))
        if kind in {"or", "||"}:
            return self._make("FL410", span, None, "or", found=quoted(written))
        case = "where" if kind == "where" else None
        return self._make("FL410", span, [removed], case, found=quoted(written))

    def _mirrored(self) -> Diagnostic:
        name = self._parts.name
        mirrored = _MIRRORED[self._operator]
        meant, case = f"{self._raw}{mirrored}{self._name}", None
        if between := _BETWEEN.fullmatch(self._raw):
            meant, case = f"{between['name']}{mirrored}{self._name};{self._raw}", "range"
        elif _NAME_LIKE.fullmatch(self._raw) is None:
            meant, case = "", "nameless"
        whole = Span(name.start, self._expression.end)
        edits = [(whole, meant)] if meant else None
        return self._make("FL419", name, edits, case, found=quoted(self._name), meant=meant)

    def _invisible(
        self, code: str, part: Span, runs: Iterable[re.Match[str]], length: int
    ) -> Iterator[Diagnostic]:
        # A set of characters is named only here, and this takes time to import.
        from unicodedata import name

        for run in runs:
            span = Span(part.start + run.start(), part.start + run.end())
            character = run[0][0]
            described = name(character, "").lower()
            found = f"U+{ord(character):04X}" + (f" ({described})" if described else "")
            is_inside = run.start() > 0 and run.end() < length
            space = code == "FL409" and is_inside and _INVISIBLE_SPACES.fullmatch(run[0])
            yield self._make(
                code,
                span,
                [(span, " " if space else "")] if len(run[0]) < length else None,
                "space" if space else None,
                found=found,
            )

    # --- Expressions ---

    def _in_expression(self) -> Iterator[Diagnostic]:
        joins = [*_JOIN.finditer(self._raw)]
        yield from islice(self._joined(joins), MAX_DIAGNOSTICS + 1)
        yield from self._other_operator(joins)
        if not self._raw.isascii():
            hidden = islice(self._hidden(), MAX_DIAGNOSTICS + 1)
            yield from self._invisible("FL412", self._expression, hidden, len(self._raw))
        first = self._raw[: joins[0].start()].rstrip(" ") if joins else self._raw
        if _is_quoted(first):
            start = self._expression.start
            yield self._quotes(Span(start, start + len(first)), first, "expression")
            return
        if not self._operator.matches_pattern and (
            self._raw.lower() in _NULL or self._raw in _NULL_EXACTLY
        ):
            yield self._null()
        if _OR_BETWEEN_WORDS.fullmatch(self._raw) and not joins:
            found = _OR.search(self._raw)
            assert found is not None
            yield self._make("FL418", self._place(*found.span()), found=quoted(found[0]))
        yield from self._wildcards()
        yield from self._encoded()

    def _place(self, start: int, end: int) -> Span:
        """Give the span in the text of a part of the expression."""
        return Span(self._expression.start + start, self._expression.start + end)

    def _operator_start(self) -> Diagnostic | None:
        first, operator = self._raw[0], self._operator
        meant = _OPERATOR_STARTS.get((operator, first))
        if operator is Operator.EQ and (compared := _COMPARED_AFTER_EQUAL.match(self._raw)):
            meant = f"{compared[1]}="
        elif meant is None and first == "=":
            meant = operator
        if meant is None:
            return None
        return self._make(
            "FL403",
            Span(self._parts.operator_span.start, self._expression.start + 1),
            [(Span(self._parts.operator_span.start, self._expression.start + 1), meant)],
            "equals" if first == "=" else None,
            operator=operator,
            first=first,
            meant=meant,
        )

    def _joined(self, joins: Iterable[re.Match[str]]) -> Iterator[Diagnostic]:
        for join in joins:
            kind = "word" if join["word"] else "sign"
            written = join[kind]
            span = self._place(*join.span(kind))
            if written == "&" and (key := _PARAMETER.match(self._raw, join.start())):
                yield self._parameter(span, key)
            elif written == ",":
                continue  # A bare comma is a mistake, and reported as one.
            elif written == "\\;":
                edits = [(span, "\\\\;")]
                yield self._make("FL401", span, edits, "escaped", found=quoted(written))
            elif written.lower() in _AND:
                whole = self._with_spaces(*join.span(kind))
                edits = [(whole, ";"), *self._equality(join.start(f"after_{kind}"))]
                yield self._make("FL401", span, edits, found=quoted(written))
            else:
                yield self._make("FL402", span, found=quoted(written))

    def _equality(self, operator: int) -> list[tuple[Span, str]]:
        """Write the `==` of a clause that is made where a single `=` stands."""
        is_single = _SINGLE_EQUALS.match(self._raw, operator) is not None
        return [(self._place(operator, operator + 1), "==")] if is_single else []

    def _parameter(self, span: Span, found: re.Match[str]) -> Diagnostic:
        key = found["key"]
        if _FILTER_KEY.fullmatch(key):
            return self._make("FL413", span, None, "filter")
        if _OTHER_KEY.fullmatch(key):
            return self._make("FL413", span, None, "parameter")
        return self._make("FL413", span, [(span, ";"), *self._equality(found.end() - 1)])

    def _with_spaces(self, start: int, end: int) -> Span:
        while start > 0 and self._raw[start - 1] == " ":
            start -= 1
        while end < len(self._raw) and self._raw[end] == " ":
            end += 1
        return self._place(start, end)

    def _other_operator(self, joins: Iterable[re.Match[str]]) -> Iterator[Diagnostic]:
        """Find an operator that would belong to a clause of its own, the first one."""
        operator = self._parts.operator_span
        is_lone_bang = self._text[operator.start : operator.end] == "!"
        is_number = _NUMBER.fullmatch(self._name) is not None
        if joins or is_number or is_lone_bang or _NEVER_ALLOWED.search(self._raw):
            return  # What is said of these says it already.
        for other in _OTHER_OPERATOR.finditer(self._raw):
            end = other.start()
            while end > 0 and self._raw[end - 1] == " ":
                end -= 1
            start = end
            while start > 0 and _NAME_CHARACTER.match(self._raw, start - 1):
                start -= 1
            # `Java>=8` and the like are plain text; a clause would have its name after a space.
            if start < end and (
                start > 0 or other[0].startswith(("==", "!=")) or self._operator.orders
            ):
                spaces = self._with_spaces(start, start)
                yield self._make(
                    "FL416",
                    self._place(start, other.end()),
                    [(spaces, ";")] if start > 0 and spaces.start < spaces.end else None,
                    found=other[0],
                )
                return

    def _hidden(self) -> Iterator[re.Match[str]]:
        for run in _INVISIBLE_RUN.finditer(self._raw):
            is_outer = run.start() == 0 or run.end() == len(self._raw)
            if is_outer or any(character in _NEVER_MEANT_INSIDE for character in run[0]):
                yield run

    def _quotes(self, span: Span, text: str, part: str) -> Diagnostic:
        inner = text[1:-1]
        ends = [(Span(span.start, span.start + 1), ""), (Span(span.end - 1, span.end), "")]
        edits: list[tuple[Span, str]] | None = ends
        case = None
        if not inner.strip(" "):
            edits = [(span, "")] if part == "expression" and self._operator.allows_empty else None
            case = "empty" if edits else None
        elif text[0] in inner or text[-1] in inner or inner.endswith("\\"):
            edits = None
        return self._make("FL414", span, edits, case, part=WORDS[part])

    def _null(self) -> Diagnostic:
        allowed = self._operator.allows_empty
        return self._make(
            "FL404",
            self._expression,
            [(self._expression, "")] if allowed else None,
            None if allowed else "order",
            found=quoted(self._raw),
        )

    # --- Wildcards ---

    def _wildcards(self) -> Iterator[Diagnostic]:
        if self._operator.allows_empty:
            yield from self._plain_wildcards()
        elif self._operator.matches_pattern and not _UNKNOWN_ESCAPE.match(self._raw):
            regex = _REGEX.search(self._raw)
            if regex is not None:
                yield self._regex(regex)
            elif not (
                self._is_shifted
                or _WILDCARD.search(self._raw)
                or _TEXT_OF_VALUE.fullmatch(self._raw.lower())
            ):
                yield self._no_wildcard()

    def _plain_wildcards(self) -> Iterator[Diagnostic]:
        meant = "~" if self._operator is Operator.EQ else "!~"
        if self._raw == "*":
            opposite = "!=" if self._operator is Operator.EQ else "=="
            yield self._make(
                "FL405",
                self._expression,
                [(Span(self._parts.operator_span.start, self._expression.end), opposite)],
                "any" if self._operator is Operator.EQ else "none",
                found="'*'",
                operator=self._operator,
                meant=opposite,
            )
            return
        # A question and the address of a page have a `?` of their own.
        is_prose = " " in self._raw or "/" in self._raw
        for unit in _UNIT.finditer(self._raw):
            if (unit[0] == "?" and not is_prose) or (
                unit[0] == "*" and not _SPACED_STAR.match(self._raw, unit.start())
            ):
                yield self._make(
                    "FL405",
                    self._place(*unit.span()),
                    [(self._parts.operator_span, meant)],
                    found=quoted(unit[0]),
                    operator=self._operator,
                    meant=meant,
                )
                return

    def _regex(self, found: re.Match[str]) -> Diagnostic:
        meant = self._raw.replace(".*", "*").replace(".+", "?*")
        if meant.startswith("^"):
            meant = meant[1:] + ("" if meant.endswith("$") else "*")
        meant = meant.removesuffix("$").replace("**", "*")
        mended = meant and _REGEX.search(meant) is None
        return self._make(
            "FL407",
            self._place(*found.span()),
            [(self._expression, meant)] if mended else None,
            found=quoted(found[0]),
        )

    def _no_wildcard(self) -> Diagnostic:
        operator = self._operator
        sql = _SQL_WILDCARD.search(self._raw)
        if sql is not None and not _is_encoded(self._raw):
            written = sql[0]
            mended = self._raw
            for character, meant in _WILDCARD_MEANT.items():
                if character != "_" or written == "_" or "%" in self._raw:
                    mended = mended.replace(character, meant)
            return self._make(
                "FL406",
                self._place(*sql.span()),
                [(self._expression, mended)],
                found=quoted(written),
                meant=_WILDCARD_MEANT[written],
            )
        contains = f"*{self._raw}*"
        equality = "==" if operator is Operator.LIKE else "!="
        return self._make(
            "FL415",
            self._expression,
            [(self._expression, contains)],
            operator=operator,
            contains=quoted(f"{operator}{contains}"),
            equality=quoted(f"{equality}{self._raw}"),
        )

    # --- Percent-encoding ---

    def _encoded(self) -> Iterator[Diagnostic]:
        for run in _ENCODED.finditer(self._raw):
            decoded = unquote(run[0], errors="replace")
            if "\ufffd" in decoded or _NEVER_ALLOWED.search(decoded):
                continue
            whole = unquote(self._raw)
            is_plain = not any(character in whole for character in ";,\\\ufffd")
            mendable = is_plain and not _NEVER_ALLOWED.search(whole) and whole.strip(" ")
            yield self._make(
                "FL408",
                self._place(*run.span()),
                [(self._expression, whole)] if mendable else None,
                found=quoted(run[0]),
                decoded=quoted(decoded),
            )
            return


def _is_encoded(text: str) -> bool:
    """Whether each `%` belongs to percent-encoded text."""
    rest = _ENCODED.sub("", text)
    return "%" in text and "%" not in rest and "\ufffd" not in unquote(text)


def _is_quoted(text: str) -> bool:
    return len(text) > 1 and _QUOTES.get(text[0]) == text[-1]
