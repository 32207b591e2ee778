"""What is legal in a name but hardly meant: words and signs before it, and numbers for names."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import unquote

from filterlang.checking.closed_tables import letter_look_alikes, letters_meant, one_of
from filterlang.checking.lexis import (
    ENCODED_PART,
    FORBIDDEN,
    INVISIBLE_RUN,
    NAME,
    NUMBER,
    PLAIN_NUMBER,
    TIMES_ENCODED,
)
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.join_mistakes import each_in_parentheses
from filterlang.checking.other_notations.negations import (
    NEGATION,
    complement_edits,
    complement_hint,
    two_filters,
)
from filterlang.checking.other_notations.operator_in_name import held_clauses, operator_in_name
from filterlang.checking.suspect import closes, edits_of, invisible, is_quoted, quotes_around
from filterlang.diagnostics.diagnostic import MAX_VALUE_LENGTH, Span, quoted
from filterlang.diagnostics.hints import WORDS
from filterlang.diagnostics.places import several
from filterlang.syntax.operators import Operator
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_LEADING = re.compile(
    r"(?:select ++.*?\bwhere|where|and|or) ++(?=[^ ])|(?:&&|\|\|) *+(?=[^ ])|\(++ *+"
    rf"|(?P<not>{NEGATION}) *+|\+ *+(?=[^\W\d]|\()"
    r"|(?P<mark>[*\u2022\u25e6\u25aa\u00b7] ++|[0-9]{1,3}[.)] ++)(?=[^\W\d][\w.\-]*+\Z)",
    re.IGNORECASE,
)
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_NAME_LIKE = re.compile(r"[^\W\d][\w.]*")
_BETWEEN = re.compile(rf"(?P<name>[^\W\d][\w.]*+) *+[<>]=? *+{NUMBER}")


def quoted_name(clause: Suspect) -> Iterator[Diagnostic]:
    """Report quotes around the name, or around the whole clause (FL414)."""
    if is_quoted(clause.name):
        yield quotes_around(clause, clause.parts.name, "name")
    elif (
        closes(clause.name[:1], clause.raw[-1:])
        and len(clause.raw) > 1
        # What is around the whole filter is reported as that.
        and clause.whole != Span(*trimmed(clause.text, 0, len(clause.text)))
    ):
        first, last = clause.name[0], clause.raw[-1]
        if not {first, last} & {*clause.name[1:], *clause.raw[:-1], "\\"}:
            start, end = clause.parts.name.start, clause.expression.end
            edits = [(Span(start, start + 1), ""), (Span(end - 1, end), "")]
            yield clause.tell(
                "FL414", Span(start, start + 1), edits, "clause", part=WORDS["clause"]
            )


def leading_word(clause: Suspect) -> Iterator[Diagnostic]:
    """Report a word or sign before the name (FL410), or parentheses (FL411)."""
    word = _LEADING.match(clause.name)
    if word is None or word.end() == len(clause.name):
        return
    start = clause.parts.name.start
    written = word[0].strip(" ")
    removed = (Span(start, start + word.end()), "")
    span = Span(start, start + len(written))
    kind = written.lower().rpartition(" ")[2]
    fix: list[tuple[Span, str]] | None = [removed]
    code, case = "FL410", None
    values: dict[str, str] = {}
    if kind.startswith("("):
        code = "FL411"
        closing = clause.raw.endswith(")") and "(" not in clause.raw and len(kind) == 1
        last = Span(clause.expression.end - 1, clause.expression.end)
        fix = [removed, (last, "")] if closing and len(clause.raw) > 1 else None
        if each := each_in_parentheses(clause):
            fix, case, values = None, "filters", {"filters": several(each)}
    elif word["not"]:
        operator = clause.parts.operator_span
        whole = Span(start, max(operator.end, clause.expression.end))
        edits = complement_edits(
            clause.text, whole, removed[0], operator, clause.operator.complement
        )
        fix = None if edits is None else [(edit.span, edit.text) for edit in edits]
        case, values = complement_hint(clause.text, whole, edits, clause.operator)
        both = two_filters(clause.name[word.end() :], clause.operator, clause.raw)
        filters = around(clause.text, whole, both or ())
        if filters:
            case, values = "two filters", {"filters": several(filters)}
    elif kind in {"or", "||"}:
        fix, case = None, "or"
    elif kind == "where" or word["mark"]:
        case = "where"
    yield clause.tell(code, span, fix, case, found=quoted(written), **values)


_NOT_AT_END = re.compile(
    rf"(?P<name>{NAME}) ++(?P<not>(?:(?:is|are|was|does|do) ++)?not)", re.IGNORECASE
)


def word_behind_name(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the `not` between the name and the operator, as in `score not > 10` (FL410)."""
    found = _NOT_AT_END.fullmatch(clause.name)
    if found is None or not clause.raw:
        return
    start = clause.parts.name.start
    span = Span(start + found.start("not"), start + found.end("not"))
    written, complement = quoted(found["not"]), clause.operator.complement
    if complement is not None:
        operator = clause.parts.operator_span
        # What isn't `!=` may be meant to be that, and no more.
        is_plain = not clause.operator.value.startswith("!")
        removed = Span(start + found.end("name"), clause.parts.name.end)
        edits = [(removed, ""), (operator, complement)] if is_plain else None
        meant = quoted(f"{found['name']}{complement}{clause.raw}")
        case, values = ("complement", {"complement": meant}) if is_plain else ("not", {})
        yield clause.tell("FL410", span, edits, case, found=written, **values)
        return
    both = two_filters(found["name"], clause.operator, clause.raw)
    filters = around(clause.text, clause.whole, both or ())
    case = "two filters" if filters else "not order"
    yield clause.tell("FL410", span, None, case, found=written, filters=several(filters))


def colon_before_operator(clause: Suspect) -> Iterator[Diagnostic]:
    """Report a colon between the name and the operator (FL417)."""
    if clause.name.endswith(":"):
        end = Span(clause.parts.name.end - 1, clause.parts.name.end)
        yield clause.tell("FL417", end, [(end, "")], operator=clause.operator)


def encoded_name(clause: Suspect) -> Iterator[Diagnostic]:
    """Report an operator or separator of the name that is still percent-encoded (FL424).

    Browsers leave `~` and `*` as they are, so that one clause of an encoded filter has an operator.
    """
    found = ENCODED_PART.search(clause.name)
    if found is None:
        return
    whole = clause.text[clause.whole.start : clause.whole.end]
    for _ in range(TIMES_ENCODED):
        if ENCODED_PART.search(whole) is None:
            break
        whole = unquote(whole)
    is_known = not FORBIDDEN.search(whole) and "\ufffd" not in whole
    start = clause.parts.name.start
    yield clause.tell(
        "FL424",
        Span(start + found.start(), start + found.end()),
        [(clause.whole, whole)] if is_known else None,
        found=quoted(found[0]),
        decoded=quoted(whole, MAX_VALUE_LENGTH),
    )


def number_for_name(clause: Suspect) -> Iterator[Diagnostic]:
    """Report a clause whose sides are exchanged (FL419)."""
    mirrored = _MIRRORED.get(clause.operator)
    if mirrored is None or PLAIN_NUMBER.fullmatch(clause.name) is None:
        return
    meant, case = f"{clause.raw}{mirrored}{clause.name}", None
    if between := _BETWEEN.fullmatch(clause.raw):
        meant, case = f"{between['name']}{mirrored}{clause.name};{clause.raw}", "range"
    elif _NAME_LIKE.fullmatch(clause.raw) is None:
        meant, case = "", "nameless"
    name = clause.parts.name
    edits = [(Span(name.start, clause.expression.end), meant)] if meant else None
    yield clause.tell("FL419", name, edits, case, found=quoted(clause.name), meant=meant)


def operator_behind_name(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the operator that a name ends with, as `score__gte==10` (FL410)."""
    written = clause.text[slice(*clause.parts.operator_span)]
    if written != Operator.EQ or _HOLDS_ONE.search(clause.name) is None:
        return
    held = operator_in_name(clause.name)
    if held is None or not held.is_sure:
        return
    clauses = held_clauses(held, clause.raw.replace("\\,", ","))
    said = None if clauses is None else clauses.said(clause.text, clause.whole)
    if said is None:
        return
    case, values, fixes = said
    start = clause.whole.start + len(held.name)
    place = Span(start, clause.parts.name.end)
    edits = edits_of(fixes)
    case = "operator" if case == "in the name" else "operator of several"
    found = quoted(clause.text[slice(*place)])
    yield clause.tell("FL410", place, edits, case, found=found, **values)


_HOLDS_ONE = re.compile(r"__[a-z]|\[")
"""A name without them has words that may be parts of it."""


def invisible_in_name(clause: Suspect) -> Iterator[Diagnostic]:
    """Report characters of the name that can't be seen (FL409)."""
    if not clause.name.isascii():
        runs = INVISIBLE_RUN.finditer(clause.name)
        yield from invisible(clause, "FL409", clause.parts.name, runs)


# --- Letters of other alphabets -------------------------------------------------------------------

_ASCII_LETTER = re.compile("[A-Za-z]")
_OTHER_LETTER = re.compile("[\u0370-\u052f]")
"""A letter of the two alphabets that the table's letters are of."""


@cache
def _alike() -> re.Pattern[str]:
    return re.compile(one_of(letter_look_alikes()))


def letter_alike(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the first letter of another alphabet among Latin ones that it looks like (FL420)."""
    if _OTHER_LETTER.search(clause.name) is None:
        return
    found = _alike().search(clause.name)
    meant = clause.name.translate(letters_meant())
    if found is None or _ASCII_LETTER.search(clause.name) is None or _OTHER_LETTER.search(meant):
        return
    # What a character is called is needed only here, and this takes time to import.
    from unicodedata import name

    place = clause.parts.name.start + found.start()
    yield clause.tell(
        "FL420",
        Span(place, place + 1),
        [(clause.parts.name, meant)],
        found=f"U+{ord(found[0]):04X} ({name(found[0]).lower()})",
        letter=quoted(found[0]),
        latin=quoted(letter_look_alikes()[found[0]]),
        meant=quoted(meant),
    )
