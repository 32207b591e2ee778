"""What is wrong with the expression of a clause: nothing there, commas, and escapes."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from filterlang.checking.clause_text import write
from filterlang.checking.lexis import BRACKETS, CLAUSE_AHEAD, FORBIDDEN
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.join_mistakes import is_simple
from filterlang.checking.other_notations.joined_values import are_several
from filterlang.checking.other_notations.other_languages import (
    clauses_for_each,
    without_quotes,
    without_words,
)
from filterlang.diagnostics.diagnostic import (
    MAX_DIAGNOSTICS,
    MAX_VALUE_LENGTH,
    Edit,
    Fix,
    Span,
    quoted,
)
from filterlang.diagnostics.places import several
from filterlang.syntax.escaping import ESCAPABLE, escape
from filterlang.syntax.operators import Operator
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filterlang.checking.clause_text import ClauseText
    from filterlang.checking.other_notations.signs_of_others import Written
    from filterlang.diagnostics.diagnostic import Diagnostic

_COMMA_OR_ESCAPE = re.compile(r",|\\(.?)", re.DOTALL)
_GROUPED_DIGITS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_MOST_GROUPS = 100
"""Of how many commas a number is freed; no number has more groups of digits."""
_SHORTHANDS = frozenset("dDwWsSbB")
_CODE_POINT = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))")
_ESCAPES = " ".join("\\" + character for character in ESCAPABLE if character != " ") + " '\\ '"


def no_expression(clause: ClauseText, operator: Written) -> Iterator[Diagnostic]:
    """Report that nothing stands after an operator that needs something (FL110)."""
    start = operator.span.end
    if not clause.has_more(start) and not Operator(operator.meant).allows_empty:
        yield clause.tell("FL110", start, start, operator=operator.meant, found=clause.follows)


# --- Escapes --------------------------------------------------------------------------------------


def wrong_escapes(clause: ClauseText, operator: Written) -> Iterator[Diagnostic]:
    """Report backslashes that escape nothing (FL113), or what needs no escape (FL112)."""
    if clause.text.find("\\", operator.span.end, clause.end) < 0:
        return
    if (in_quotes := _escaped_quotes(clause, operator)) is not None:
        yield in_quotes
        return
    for unit in _COMMA_OR_ESCAPE.finditer(clause.text, operator.span.end, clause.end):
        escaped = unit[1]
        if escaped == "":
            fixes = [write(*unit.span(), "\\\\")]
            before = clause.text[operator.span.end : unit.start()].strip(" ")
            # Where the line of a shell goes on, it belongs to the line; a path has it in the value.
            is_of_line = bool(before) and "\\" not in before and not before.endswith((":", "/"))
            fixes = [write(*unit.span(), ""), *fixes] if is_of_line else fixes
            case = "line" if is_of_line else None
            yield clause.tell("FL113", *unit.span(), fixes=fixes, case=case)
        elif escaped is not None and escaped not in ESCAPABLE and FORBIDDEN.match(escaped) is None:
            yield _unknown_escape(clause, unit, Operator(operator.meant))


def _escaped_quotes(clause: ClauseText, operator: Written) -> Diagnostic | None:
    r"""Report the first escape in a text in quotes, as `'O\'Brien'`, all of which go."""
    start, stop = trimmed(clause.text, operator.span.end, clause.end)
    raw = clause.text[start:stop]
    if _ESCAPED_IN_QUOTES.fullmatch(raw) is None:
        return None
    quote = raw[0]
    plain = raw[1:-1].replace(f"\\{quote}", quote)
    written = f"{clause.text[clause.start : operator.span.start]}{operator.meant}{plain}"
    place = start + raw.index(f"\\{quote}")
    told = {"found": f"\\{quote}", "clause": quoted(written, MAX_VALUE_LENGTH)}
    fixes = [write(start, stop, plain)]
    return clause.tell("FL112", place, place + 2, fixes=fixes, case="quotes", **told)


_PLAIN = r"(?:(?!(?P=quote))[^\\,;])*+"
_ESCAPED_IN_QUOTES = re.compile(rf"(?P<quote>['\"]){_PLAIN}(?:\\(?P=quote){_PLAIN})++(?P=quote)")
"""A text in quotes, in which those quotes are escaped, and nothing else is."""


def _unknown_escape(clause: ClauseText, unit: re.Match[str], operator: Operator) -> Diagnostic:
    (start, end), escaped = unit.span(), unit[1]
    found = "\\" + quoted(escaped)[1:-1]
    doubled = write(start, end, "\\\\" + escaped)
    code_point = _CODE_POINT.match(clause.text, start, clause.end)
    if code_point is not None and (plain := _character(code_point)):
        fixes, case = [write(*code_point.span(), plain)], "code point"
        return clause.tell(
            "FL112", start, end, fixes=fixes, case=case, found=found, plain=quoted(plain)
        )
    if operator.matches_pattern and escaped in _SHORTHANDS:
        return clause.tell("FL112", start, end, fixes=[doubled], case="class", found=found)
    if escaped.isalnum():
        return clause.tell("FL112", start, end, fixes=[doubled], found=found, escapes=_ESCAPES)
    fixes = [write(start, end, escaped), doubled]
    return clause.tell(
        "FL112", start, end, fixes=fixes, case="plain", found=found, plain=quoted(escaped)
    )


def _character(code_point: re.Match[str]) -> str:
    r"""Return the character that `\u00e9` or `\xe9` stands for, if a filter can hold it."""
    character = chr(int(code_point[1] or code_point[2], 16))
    return "" if FORBIDDEN.match(character) else escape(character)


# --- Commas ---------------------------------------------------------------------------------------


def bare_commas(clause: ClauseText, operator: Written) -> Iterator[Diagnostic]:
    """Report commas that no backslash escapes (FL111), unless they part the values of a list."""
    if operator.takes_list or clause.text.find(",", operator.span.end, clause.end) < 0:
        return
    units = _COMMA_OR_ESCAPE.finditer(clause.text, operator.span.end, clause.end)
    commas = (unit.start() for unit in units if unit[1] is None)
    bare = list(islice(commas, MAX_DIAGNOSTICS + 1))
    if not bare:
        return
    raw = clause.text[slice(*trimmed(clause.text, operator.span.end, clause.end))]
    first = bare[0], bare[0] + 1
    leaves_out = Operator(operator.meant).negative
    if _GROUPED_DIGITS.fullmatch(raw) and not Operator(operator.meant).matches_pattern:
        edits = [Edit(Span(place, place + 1), "") for place in bare[:_MOST_GROUPS]]
        fixes = [Fix(edits, safe=False)] if len(bare) <= _MOST_GROUPS else []
        yield clause.tell("FL111", *first, fixes=fixes, case="number")
        return
    if len(bare) == 1 and raw.endswith(",") and raw.strip(" ,"):
        end = clause.start + len(clause.written)
        fixes = [write(bare[0], end, ""), write(*first, "\\,")]
        yield clause.tell("FL111", *first, fixes=fixes, case="at the end")
        return
    if (point := _with_point(raw, Operator(operator.meant))) is not None:
        yield _decimal(clause, operator, point, bare)
        return
    if BRACKETS.get(raw[0]) == raw[-1]:
        yield _list(clause, operator, raw[1:-1], bare[0])
        return
    if leaves_out:
        if len(bare) > MAX_DIAGNOSTICS:
            yield clause.tell("FL111", *first, case="none of")
            return
        escaped = Fix([Edit(Span(place, place + 1), "\\,") for place in bare], safe=False)
        clauses = _for_each(clause, operator, raw)
        if not clauses:
            yield clause.tell("FL111", *first, fixes=[escaped], case="none of")
            return
        together = ";".join(clauses)
        each = write(clause.start, clause.stop, together)
        # In prose a space follows a comma.
        fixes = [escaped, each] if ", " in raw else [each, escaped]
        written = quoted(together, MAX_VALUE_LENGTH)
        yield clause.tell("FL111", *first, fixes=fixes, case="each clause", clauses=written)
        return
    is_list = operator.meant == Operator.EQ and _are_several(clause, operator, raw)
    if is_list or (operator.meant == Operator.EQ and ", " not in raw):
        clauses = _for_each(clause, operator, raw)
        filters = around(clause.text, clause.span, clauses)
        if filters:
            edits = [Edit(Span(place, place + 1), "\\,") for place in bare]
            is_text = not is_list and len(bare) <= MAX_DIAGNOSTICS
            fixes = [Fix(edits, safe=False)] if is_text else []
            yield clause.tell("FL111", *first, fixes=fixes, case="each", filters=several(filters))
            return
    yield from _each_comma(clause, operator, bare)


def _are_several(clause: ClauseText, operator: Written, raw: str) -> bool:
    """Return whether the values between commas are hardly one text: numbers, addresses, codes."""
    name = clause.text[clause.start : operator.span.start].strip(" ")
    values = [value.strip(" ") for value in raw.split(",")]
    return are_several(name, values, is_and=False, is_negative=False)


def _each_comma(clause: ClauseText, operator: Written, bare: Sequence[int]) -> Iterator[Diagnostic]:
    """Report commas, each of which may belong to the value or stand between two clauses."""
    # Where operators are words between two `=`, a comma is an OR.
    is_or = _WORD_OPERATOR.search(clause.text, clause.start, clause.stop) is not None
    for place in bare:
        fixes = [write(place, place + 1, "\\,")]
        join = CLAUSE_AHEAD.match(clause.text, place + 1, clause.end)
        may_be_and = (
            join is not None and not is_or and not _asks_the_same(clause, operator, place + 1)
        )
        case = ("and or" if may_be_and else "or") if join else None
        if may_be_and:
            fixes = [write(place, place + 1, ";"), *fixes]
        elif join is not None:
            fixes = []
        filters = _both_sides(clause, place) if join and len(bare) == 1 else []
        if filters:
            case = "and two filters" if may_be_and else "two filters"
        told = several(filters)
        yield clause.tell("FL111", place, place + 1, fixes=fixes, case=case, filters=told)


def _both_sides(clause: ClauseText, comma: int) -> list[str]:
    """Write the filters of the clauses before and behind a comma; none where one isn't simple."""
    sides = clause.text[clause.start : comma], clause.text[comma + 1 : clause.stop]
    each = [without_words(side.strip(" ")) for side in sides]
    return around(clause.text, clause.span, each) if all(map(is_simple, each)) else []


_WORD_OPERATOR = re.compile("=[a-z]++=")


def _asks_the_same(clause: ClauseText, operator: Written, start: int) -> bool:
    """Return whether the clause behind a comma asks one thing for another value: both can't be."""
    name = clause.text[clause.start : operator.span.start].strip(" (")
    behind = clause.text[start : clause.stop].lstrip(" ")
    return (
        operator.meant == Operator.EQ
        and behind.startswith(name)
        and (behind[len(name) :].lstrip(" ")[:1] in {"=", "~"})
    )


_GROUPED_DECIMAL = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_SHORT_DECIMAL = re.compile("-?[0-9]+,[0-9]")
_DECIMAL = re.compile("-?[0-9]+,[0-9]+")


def _with_point(raw: str, operator: Operator) -> str | None:
    """Write a number that has a decimal comma; None where another one may follow the comma.

    Groups of digits show what the comma is, and what is ordered is one number. Of `7,5` the digit
    is hardly a number of its own, but for what is left out a list is as likely.
    """
    is_one = (
        _GROUPED_DECIMAL.fullmatch(raw) is not None
        or (operator.orders and _DECIMAL.fullmatch(raw) is not None)
        or (operator is Operator.EQ and _SHORT_DECIMAL.fullmatch(raw) is not None)
    )
    if not is_one:
        return None
    whole, _, fraction = raw.partition(",")
    return f"{whole.replace('.', '')}.{fraction}"


def _decimal(clause: ClauseText, operator: Written, point: str, bare: Sequence[int]) -> Diagnostic:
    start, stop = trimmed(clause.text, operator.span.end, clause.end)
    mended = f"{clause.text[clause.start : start]}{point}"
    fixes = [write(start, stop, point)]
    if not Operator(operator.meant).orders:
        fixes.append(write(bare[0], bare[0] + 1, "\\,"))
    return clause.tell(
        "FL111", bare[0], bare[0] + 1, fixes=fixes, case="decimal", clause=quoted(mended)
    )


def _list(clause: ClauseText, operator: Written, raw: str, comma: int) -> Diagnostic:
    """Report the first comma of a list in brackets, and write the clauses that say it here."""
    leaves_out = Operator(operator.meant).negative
    clauses = _for_each(clause, operator, raw)
    place = comma, comma + 1
    if not leaves_out:
        filters = around(clause.text, clause.span, clauses)
        case = "each of the list" if filters else "list"
        return clause.tell("FL111", *place, case=case, filters=several(filters))
    if not clauses:
        return clause.tell("FL111", *place, case="none of the list")
    together = ";".join(clauses)
    return clause.tell(
        "FL111",
        *place,
        fixes=[write(clause.start, clause.stop, together)],
        case="each clause of the list",
        clauses=quoted(together, MAX_VALUE_LENGTH),
    )


def _for_each(clause: ClauseText, operator: Written, raw: str) -> Sequence[str]:
    """Write `a!=1` and `a!=2` for `a!=1,2`; none where that can't be all that is meant."""
    name = clause.text[clause.start : operator.span.start].strip(" ")
    values = [without_quotes(value.strip(" ")) for value in raw.split(",")]
    return clauses_for_each(name, operator.meant, values)
