"""What people write by mistake: finds what the grammar refuses, and says what to write instead.

Looks at one clause at a time (`pieces` tells where they stand). How other languages write operators
is in `habits`; what is legal but hardly meant is the business of `suspicions`. Every regular
expression here takes time linear in the clause.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from filterlang.checking import other_languages as habits
from filterlang.checking.characters import forbidden, is_blank
from filterlang.diagnostics.diagnostic import MAX_DIAGNOSTICS, Edit, Fix, Span, apply_edits, quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.diagnostics.messages import WORDS
from filterlang.syntax.escaping import ESCAPABLE, NEVER_ALLOWED, escape, unescape
from filterlang.syntax.nodes import Clause, Pattern
from filterlang.syntax.operators import OPERATORS, Operator
from filterlang.syntax.split import Parts, split_clauses, trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from filterlang.diagnostics.diagnostic import Diagnostic

_OPERATOR_START = re.compile(r"[=!<>~]")
_OPERATOR = re.compile("|".join(map(re.escape, sorted(OPERATORS, key=len, reverse=True))))

# --- What is meant as an operator and is none -----------------------------------------------------

# The spellings are those without inner spaces; `= =` is looked up as `==`.
_MISSPELLED = {
    "=!=": "!=",
    "=!~": "!~",
    "=<=": "<=",
    "=>=": ">=",
    "==": "==",
    "!=": "!=",
    "!~": "!~",
    "=~": "~",
    "=!": "!=",
    "=<": "<=",
    "=>": ">=",
    "!@": "!~",
}
_MISSPELLED_OPERATOR = re.compile(r"=!=|=!~|=<=|=>=|= ++[=~!<>]|! ++[=~]|=~|=!|=<|=>|!@")

_LOOK_ALIKES = {
    ord(character): meant
    for characters, meant in {
        "＝﹦": "=",
        "⩵≡": "==",
        "≠≢": "!=",
        "！﹗": "!",
        "＜﹤‹": "<",
        "＞﹥›": ">",
        "≤≦⩽": "<=",
        "≥≧⩾": ">=",
        "～∼˜≈": "~",
        "≁≉": "!~",
    }.items()
    for character in characters
}
_ROUGH_LOOK_ALIKES = "≡≢≈≉"
"""They have a meaning of their own, so what is meant here is a guess."""
_ALIKE = "".join(map(chr, _LOOK_ALIKES))
_LOOK_ALIKE = re.compile(f"[{_ALIKE}]")
_RUN = re.compile(f"[{_ALIKE}=!<>~]++")

_BLANKS = " \t\n\r\v\f\x85"
"""What may stand around the parts of a clause, or is removed safely there."""

_COLON = re.compile(r"[^\W\d][\w.$\- ]*+:(?!//) *+(?=[^ ])")

# --- What else is looked for ----------------------------------------------------------------------

# `/users?pageSize=5&filter=`, `--filter=`, `filters[] =`; also when it is there several times.
_PARAMETER_PREFIX = re.compile(
    r"""(?P<before>[^ ;=!<>~?]*\? (?:[\w.\-\[\]]+=(?!@)[^ ;=&]*&)*?
           | (?:(?:pageSize|scrollId|sort|page|limit|offset)=(?!@)[^ ;=&]*&)+)?
        [?&\-]*+ (?:filters?(?:\[[0-9]*\])? [ ]*+ = (?![=@~!<>]) [ ]*+)+""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_MORE_PARAMETERS = re.compile(r"(?:&[\w.\-\[\]]++=[^ ;&]*+)++", re.ASCII)
# Encoded three times at most: every time more would be one more round over the text.
_ENCODED_OPERATOR = re.compile(r"%(?:25){0,2}(?:3D|21|3C|3E|7E)", re.IGNORECASE)
_TIMES_ENCODED = 3
_IN_EXPRESSION = re.compile(r",|\\(.?)", re.DOTALL)
_IN_NAME = re.compile(r"[,\\;]")
_NEVER_ALLOWED = re.compile(NEVER_ALLOWED)
_CLAUSE_AHEAD = re.compile(r" *+\(*+ *+[\w.$\-]++ *+[=!<>~]")
_GROUPED_DIGITS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MOST_GROUPS = 100
"""Of how many commas a number is freed; no number has more groups of digits."""
_BRACKETS = {"(": ")", "[": "]", "{": "}"}
_SHORTHANDS = frozenset("dDwWsSbB")
_CODE_POINT = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")


def _write(start: int, end: int, text: str, *, safe: bool = False) -> Fix:
    """Make the fix that writes a text in the place of a span."""
    return Fix([Edit(Span(start, end), text)], safe=safe)


def empty_clause(text: str, clause: Span, source_index: int, *, mend: bool) -> Diagnostic:
    """Say that there is nothing between two separators; `mend` if something else is left then."""
    at_end = clause.end == len(text)
    span = Span(clause.start, clause.end if at_end else clause.end + 1)
    # Where every clause is empty, nothing would be left, and nothing means everything.
    fixes = [Fix([Edit(span, "")], safe=False)] if mend else []
    found = WORDS["the end"] if at_end else "';'"
    return diagnose("FL102", span, fixes=fixes, source_index=source_index, found=found)


def examine_clause(
    text: str, clause: Span, source_index: int = 0
) -> tuple[list[Diagnostic], Parts | None]:
    """Find everything that keeps one clause, which isn't empty, from following the grammar.

    Without diagnostics it does follow it. Gives also where its parts are, if it has an operator.

    Of a kind of mistake that a clause can hold many times, one more is made than are listed, which
    shows that there are more.
    """
    return _Examination(text, clause, source_index).examined()


_ONLY_THE_OPERATOR = {"FL104", "FL105", "FL116", "FL118"}


def intended_clause(text: str, parts: Parts, mistakes: Sequence[Diagnostic]) -> Clause | None:
    """Make the clause that was meant, where no more than the operator and its key is mistaken."""
    certain = all(one.code in _ONLY_THE_OPERATOR and _mends_itself(one) for one in mistakes)
    raw = text[parts.expression.start : parts.expression.end]
    if not mistakes or not certain or "," in raw:
        return None
    operator = Operator(parts.operator)
    expression = Pattern(raw) if operator.matches_pattern else unescape(raw)
    return Clause(text[parts.name.start : parts.name.end], operator, expression)


def _mends_itself(mistake: Diagnostic) -> bool:
    """Whether a fix writes what was meant just where the mistake is."""
    places = [[edit.span for edit in fix.edits] for fix in mistake.fixes]
    return any(place == [mistake.span] or mistake.code == "FL116" for place in places)


def _safely_mended(decoded: str) -> str:
    """Apply the safe fixes of what was decoded: `name%3DDoe` is `name==Doe`."""
    edits = [
        edit
        for clause in split_clauses(decoded)
        for one in _Examination(decoded, clause, 0, is_decoded=True).examined()[0]
        if one.code == "FL104"
        for fix in one.fixes
        if fix.safe
        for edit in fix.edits
    ]
    return apply_edits(decoded, edits)


class _Examination:
    """The work of `examine_clause`; `_start` moves on as parts of the clause are understood."""

    def __init__(
        self, text: str, clause: Span, source_index: int, *, is_decoded: bool = False
    ) -> None:
        self._text = text
        self._source_index = source_index
        self._found: list[Diagnostic] = []
        self._clause = clause
        self._is_decoded = is_decoded
        self._end = clause.end
        self._start, self._stop = trimmed(text, clause.start, clause.end)

    def examined(self) -> tuple[list[Diagnostic], Parts | None]:
        # What can't stand anywhere is nothing else: it makes no name without an operator.
        parts = None if is_blank(self._text, self._clause) else self._examined()
        self._found += forbidden(self._text, self._clause, parts, self._source_index)
        self._found.sort(key=lambda found: (found.span.start, found.span.end))
        return self._found, parts

    def _examined(self) -> Parts | None:
        if not self._check_prefix():
            return None
        start = self._operator_start()
        if start is not None and start == self._start and self._is_negation(start):
            start = self._negation(start)
            if start is None:
                return None
        if start is None:
            self._no_operator()
            return None
        operator_span, operator, commas = self._check_operator(start)
        self._check_name(operator_span)
        self._check_expression(operator_span.end, operator, commas=commas)
        return Parts(
            trimmed(self._text, self._start, operator_span.start),
            operator_span,
            operator,
            trimmed(self._text, operator_span.end, self._end),
        )

    def _add(
        self,
        code: str,
        start: int,
        end: int,
        *,
        fixes: Iterable[Fix] = (),
        case: str | None = None,
        **values: str,
    ) -> None:
        self._found.append(
            diagnose(
                code,
                Span(start, end),
                fixes=fixes,
                source_index=self._source_index,
                case=case,
                **values,
            )
        )

    def _follows(self) -> str:
        """Say what follows the clause."""
        return "';'" if self._end < len(self._text) else WORDS["the end"]

    # --- What stands before a clause ---

    def _check_prefix(self) -> bool:
        """Report the key of the parameter; give whether a clause follows it."""
        prefix = _PARAMETER_PREFIX.match(self._text, self._start, self._end)
        if prefix is None:
            return True
        start, self._start = self._start, trimmed(self._text, prefix.end(), self._end).start
        follows = self._start < self._stop
        others = "=" in (prefix["before"] or "") or self._cut_parameters()
        # One `-` is how other languages negate; two are those of a command line.
        negates = re.match("-(?!-)", prefix[0]) is not None
        self._add(
            "FL116",
            start,
            len(prefix[0].rstrip(" ")) + start,
            # Without a clause nothing would be left, and nothing means everything.
            fixes=[Fix([Edit(Span(start, self._start), "")], safe=not (others or negates))]
            if follows
            else [],
            case="nothing" if not follows else "others" if others else None,
            found=quoted(prefix[0].rstrip(" ")),
        )
        return follows

    def _cut_parameters(self) -> bool:
        """Report the parameters after an encoded filter, and leave them out of the clause."""
        start = self._text.find("&", self._start, self._stop)
        rest = _MORE_PARAMETERS.fullmatch(self._text, start, self._stop) if start >= 0 else None
        if rest is None or not self._is_encoded(self._text[self._start : start]):
            return False
        first = rest[0][1:].partition("=")[0].lower()
        self._end = self._stop = start
        self._add("FL413", start, start + 1, case="filter" if first == "filter" else "parameter")
        return True

    def _is_encoded(self, clause: str) -> bool:
        return (
            _OPERATOR_START.search(clause) is None and _ENCODED_OPERATOR.search(clause) is not None
        )

    def _is_negation(self, start: int) -> bool:
        return (
            self._text[start] == "!"
            and self._single(start)
            and _MISSPELLED_OPERATOR.match(self._text, start, self._end) is None
        )

    def _negation(self, start: int) -> int | None:
        """Report the `!` before a clause, and give where that clause's operator starts."""
        end = start
        while end < self._stop and (self._text[end] == " " or self._is_negation(end)):
            end += 1
        self._start = end
        operator_start = self._operator_start()
        known = (
            None
            if operator_start is None
            else _OPERATOR.match(self._text, operator_start, self._end)
        )
        edits, case = None, "not"
        if known is not None:
            operator = Operator(known[0])
            # Two of them negate nothing, and what is meant by more nobody knows.
            if self._text.count("!", start, end) == 1:
                span = Span(*known.span())
                edits = habits.complement_edits(
                    self._text,
                    Span(start, self._stop),
                    Span(start, end),
                    span,
                    operator.complement,
                )
            case = "not order" if operator.orders else "not"
        fixes = [] if edits is None else [Fix(edits, safe=False)]
        self._add("FL106", start, start + 1, fixes=fixes, case=case)
        return operator_start

    # --- Operators ---

    def _operator_start(self) -> int | None:
        """Find where the operator starts, or what was meant as one."""
        known = _OPERATOR_START.search(self._text, self._start, self._end)
        if known is None:
            if self._text.isascii():
                return None
            alike = _LOOK_ALIKE.search(self._text, self._start, self._end)
            return None if alike is None else alike.start()
        start = known.start()
        # A look-alike is a legal character of a name; it is an operator only where no other is.
        if self._single(start):
            while start > self._start and ord(self._text[start - 1]) in _LOOK_ALIKES:
                start -= 1
        return start

    def _single(self, start: int) -> bool:
        """Whether the operator character at this place makes no operator by itself."""
        return _OPERATOR.match(self._text, start, self._end) is None

    def _has_expression(self, start: int) -> bool:
        return trimmed(self._text, start, self._end).start < self._end

    def _check_operator(self, start: int) -> tuple[Span, str, bool]:
        """Give where the operator stands, what it is or was meant to be, and if commas matter."""
        known = _OPERATOR.match(self._text, start, self._end)
        if known is not None:
            return Span(start, known.end()), known[0], True
        run = _RUN.match(self._text, start, self._end)
        if run is not None and _LOOK_ALIKE.search(run[0]):
            return self._look_alike(run)
        rsql = habits.rsql_operator(self._text, Span(self._start, self._stop), start)
        if rsql is not None:
            self._habit("FL105", rsql, written=rsql.written)
            return rsql.span, rsql.meant, not rsql.takes_list
        misspelled = _MISSPELLED_OPERATOR.match(self._text, start, self._end)
        if misspelled is not None:
            written, end = misspelled[0], misspelled.end()
            short = written.replace(" ", "")
            meant = _MISSPELLED[short]
            empty = not self._has_expression(end) and meant in {"==", "!="}
            self._add(
                "FL105",
                start,
                end,
                fixes=[
                    _write(
                        start,
                        end,
                        meant,
                        safe=written == "=<" and self._is_plain(start),
                    )
                ],
                case="empty" if empty else None,
                meant=meant,
                written=quoted(written)[1:-1],
            )
            return Span(start, end), meant, True
        end = start + 1
        if self._text[start] == "=":
            empty = not self._has_expression(end)
            self._single_equals(start, empty=empty)
            return Span(start, end), "==", True
        follows = self._text[end : end + 1]
        if follows in {"<", ">"}:
            meant = {"<": ">=", ">": "<="}[follows]
            fixes, case = [_write(start, end + 1, meant)], "order"
        else:
            meant, case = "!=", None
            fixes = [] if follows in {"!", "~"} else [_write(start, end, meant)]
        self._add("FL106", start, end, fixes=fixes, case=case, meant=meant, written="!" + follows)
        return Span(start, end), "!=", True

    def _is_plain(self, operator: int) -> bool:
        """Whether the name before an operator has nothing to do with it, nor negates it."""
        return habits.is_plain_name(self._text[self._start : operator].strip(_BLANKS))

    def _is_equality(self, start: int, end: int) -> bool:
        """Whether a single `=` at a place can mean nothing else in any language."""
        raw = trimmed(self._text, end, self._end)
        return self._is_plain(start) and habits.is_plain_value(
            self._text[raw.start : raw.end].strip(_BLANKS)
        )

    def _single_equals(self, start: int, *, empty: bool) -> None:
        fixes = [_write(start, start + 1, "==", safe=self._is_equality(start, start + 1))]
        case = "empty" if empty else None
        pattern = habits.pattern_for(self._text, Span(self._start, self._stop), start)
        if pattern is not None:
            fixes, case = [pattern], "pattern"
        self._add("FL104", start, start + 1, fixes=fixes, case=case)

    def _look_alike(self, run: re.Match[str]) -> tuple[Span, str, bool]:
        plain = run[0].translate(_LOOK_ALIKES)
        meant = _MISSPELLED.get(plain, plain) if plain != "=" else "=="
        known = _OPERATOR.match(meant)
        meant = str(OPERATORS[known[0]]) if known else "!=" if plain.startswith("!") else "=="
        is_exact = plain in {"=", meant} and not any(one in run[0] for one in _ROUGH_LOOK_ALIKES)
        if plain == "=":
            safe = self._is_equality(run.start(), run.end())
        else:
            safe = is_exact and self._is_plain(run.start()) and self._has_expression(run.end())
        self._add(
            "FL118",
            run.start(),
            run.end(),
            fixes=[_write(run.start(), run.end(), meant, safe=safe)],
            found=quoted(run[0]),
            meant=meant,
        )
        return Span(*run.span()), meant, True

    # --- Without any operator ---

    def _no_operator(self) -> None:
        clause = self._text[self._start : self._stop]
        if self._is_encoded(clause):
            self._encoded(clause)
            return
        span = Span(self._start, self._stop)
        call = habits.function_call(self._text, span)
        if call is not None:
            self._habit("FL119", call, found=quoted(call.written))
        elif not self._words(span):
            self._nothing_like_an_operator(clause)

    def _nothing_like_an_operator(self, clause: str) -> None:
        colon = _COLON.match(clause)
        fixes, case, meant = [], None, "=="
        if colon is not None:
            name = colon[0].rstrip(" :")
            place = Span(self._start + len(name), self._start + colon.end())
            meant = "~" if any(wildcard in clause for wildcard in "*?") else meant
            fixes, case = [Fix([Edit(place, meant)], safe=False)], "colon"
        elif self._clause.start > 0:
            case = "separator"
        self._add(
            "FL103",
            self._start,
            self._stop,
            fixes=fixes,
            case=case,
            name=quoted(clause),
            found=self._follows(),
            meant=meant,
        )

    def _encoded(self, clause: str) -> None:
        decoded, times = clause, 0
        while _OPERATOR_START.search(decoded) is None and times < _TIMES_ENCODED:
            decoded, times = unquote(decoded), times + 1
        # A `+` may have been a space, and `&` may have parted two parameters.
        safe = times == 1 and not any(character in decoded for character in "+&\ufffd")
        # What was decoded is looked at once more, but not what would have to be decoded again.
        mended = decoded if self._is_decoded else _safely_mended(decoded)
        self._add(
            "FL117",
            self._start,
            self._stop,
            fixes=[_write(self._start, self._stop, mended, safe=safe)],
            case="twice" if times > 1 else None,
            decoded=quoted(decoded),
        )

    def _words(self, clause: Span) -> bool:
        """Report words for operators, and those between such clauses; give whether one is there."""
        words, joins = habits.word_operators(self._text, clause)
        for word in words:
            self._habit("FL119", word, found=quoted(word.written))
        for join in joins:
            fixes = [Fix([Edit(join.whole, ";")], safe=False)] if join.is_and else []
            code = "FL401" if join.is_and else "FL402"
            self._add(code, join.span.start, join.span.end, fixes=fixes, found=quoted(join.written))
        return bool(words)

    def _habit(self, code: str, habit: habits.Habit, **values: str) -> None:
        start, end = habit.span
        fixes = [habit.fix] if habit.fix is not None else []
        self._add(
            code, start, end, fixes=fixes, case=habit.case or None, meant=habit.meant, **values
        )

    # --- Names ---

    def _check_name(self, operator: Span) -> None:
        name = self._text[self._start : operator.start]
        written = self._text[operator.start : operator.end]
        if not name.strip(" "):
            shown = quoted(written)[1:-1]
            self._add("FL107", operator.start, operator.end, found=shown)
            return
        for found in islice(_IN_NAME.finditer(name), MAX_DIAGNOSTICS + 1):
            place, character = self._start + found.start(), found[0]
            is_removable = character == "\\" and name[found.end() : found.end() + 1] not in {
                ";",
                "\\",
            }
            self._add(
                "FL109",
                place,
                place + 1,
                fixes=[_write(place, place + 1, "")] if is_removable else [],
                case={",": "comma", "\\": "backslash"}.get(character),
                found=quoted(character),
            )
        if "." in name:
            self._check_segments(name, written)

    def _check_segments(self, name: str, operator: str) -> None:
        segments = name.split(".")
        is_dots_only = not name.strip(" .")
        position = self._start
        most = len(self._found) + MAX_DIAGNOSTICS
        for index, segment in enumerate(segments):
            following = position + len(segment)
            is_last = index == len(segments) - 1
            # Of dots alone, the last one has been reported by the segment before it.
            if not segment.strip(" ") and not (is_last and is_dots_only):
                dot = position - 1 if is_last else following
                self._add(
                    "FL108",
                    dot,
                    dot + 1,
                    fixes=[] if is_dots_only else [_write(dot, dot + 1, "")],
                    found=quoted(operator) if is_last else "'.'",
                )
                if len(self._found) > most:
                    return
            position = following + 1

    # --- Expressions ---

    def _check_expression(self, start: int, operator: str, *, commas: bool) -> None:
        if not self._has_expression(start):
            if not Operator(operator).allows_empty:
                self._add("FL110", start, start, operator=operator, found=self._follows())
            return
        bare: list[int] = []
        most = len(self._found) + MAX_DIAGNOSTICS
        for unit in _IN_EXPRESSION.finditer(self._text, start, self._end):
            if unit[1] is None:
                bare.append(unit.start())
            elif len(self._found) <= most:
                self._check_escape(unit, Operator(operator))
        if bare and commas:
            self._check_commas(bare, start, Operator(operator))

    def _check_commas(self, bare: Sequence[int], start: int, operator: Operator) -> None:
        raw_start, raw_end = trimmed(self._text, start, self._end)
        raw = self._text[raw_start:raw_end]
        if _GROUPED_DIGITS.fullmatch(raw) and not operator.matches_pattern:
            edits = [Edit(Span(place, place + 1), "") for place in bare[:_MOST_GROUPS]]
            fixes = [Fix(edits, safe=False)] if len(bare) <= _MOST_GROUPS else []
            self._add("FL111", bare[0], bare[0] + 1, fixes=fixes, case="number")
            return
        if _BRACKETS.get(raw[0]) == raw[-1]:
            self._add("FL111", bare[0], bare[0] + 1, case="list")
            return
        joins = [_CLAUSE_AHEAD.match(self._text, place + 1, self._end) for place in bare]
        for place, join in islice(zip(bare, joins, strict=True), MAX_DIAGNOSTICS + 1):
            case = "or" if join else None
            self._add(
                "FL111",
                place,
                place + 1,
                fixes=[_write(place, place + 1, "\\,")],
                case=case,
            )

    def _check_escape(self, unit: re.Match[str], operator: Operator) -> None:
        start, end, escaped = unit.start(), unit.end(), unit[1]
        if not escaped:
            self._add("FL113", start, end, fixes=[_write(start, end, "\\\\")])
        elif escaped not in ESCAPABLE and _NEVER_ALLOWED.match(escaped) is None:
            found = "\\" + quoted(escaped)[1:-1]
            code_point = _CODE_POINT.match(self._text, start, self._end)
            doubled = Fix([Edit(Span(start, end), "\\\\" + escaped)], safe=False)
            if code_point is not None and (plain := _character(code_point)):
                fix = Fix([Edit(Span(*code_point.span()), plain)], safe=False)
                shown = quoted(plain)
                self._add(
                    "FL112", start, end, fixes=[fix], case="code point", found=found, plain=shown
                )
            elif operator.matches_pattern and escaped in _SHORTHANDS:
                self._add("FL112", start, end, fixes=[doubled], case="class", found=found)
            elif escaped.isalnum():
                self._add("FL112", start, end, fixes=[doubled], found=found, escapes=_ESCAPES)
            else:
                alone = Fix([Edit(Span(start, end), escaped)], safe=False)
                self._add(
                    "FL112",
                    start,
                    end,
                    fixes=[alone, doubled],
                    case="plain",
                    found=found,
                    plain=quoted(escaped),
                )


_ESCAPES = " ".join("\\" + character for character in ESCAPABLE if character != " ") + " '\\ '"


def _character(code_point: re.Match[str]) -> str:
    r"""Give the character that `\u00e9` or `\xe9` stands for elsewhere, if a filter can hold it."""
    character = chr(int(code_point[1] or code_point[2], 16))
    return "" if _NEVER_ALLOWED.match(character) else escape(character)
