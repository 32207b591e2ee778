"""What is legal in an expression but hardly meant: more operator, quotes, null, encoded text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from filterlang.checking.closed_tables import operator_continuations
from filterlang.checking.lexis import FORBIDDEN, INVISIBLE_RUN, NUMBER
from filterlang.checking.other_notations.join_mistakes import before_join
from filterlang.checking.other_notations.negations import negated_kind
from filterlang.checking.other_notations.other_languages import as_pattern
from filterlang.checking.suspect import closes, invisible, is_quoted, quotes_around
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.hints import WORDS
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

# In `!important` and `!!` it isn't sure, but hardly meant as a part of a text either.
_NEGATED_VALUE = re.compile(r"(?P<sign>!|<>) *+(?=[\w*@?])")
_COMPARED_AFTER_EQUAL = re.compile(r"([<>])=? *+-?[0-9]")
# Each expression is looked up, so the table's words stand here too; a test compares them.
_NULL = {"null", "undefined", "nil"}
_NULL_EXACTLY = {
    *("EMPTY", "None", "NaN", "N/A", "n/a"),
    *("(blank)", "(empty)", "(none)", "(not set)", "(null)"),
}
_NULL_OF_TEXTS = {"none", "empty"}
"""What a plan or a status may be, and no name or address is."""
_OF_TEXTS = re.compile(
    "mail|phone|mobile|fax|name|title|city|street|url|website|domain", re.IGNORECASE
)
_NEVER_MEANT_INSIDE = "\u200b\u2060\ufeff"
"""Not the joiners that some scripts and emoji need, nor the no-break space of a typographer."""
_ENCODED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


_RANGE = re.compile(rf"> *+(?P<low>{NUMBER})_(?P<high>{NUMBER})")
"""Behind a `<`: the two ends of a range, as web analytics have it."""


def operator_goes_on(clause: Suspect) -> Iterator[Diagnostic]:
    """Report that the expression starts with more of an operator (FL403)."""
    first, operator = clause.raw[0], clause.operator
    negated = _NEGATED_VALUE.match(clause.raw)
    if negated is not None and operator in {Operator.EQ, Operator.LIKE}:
        sign = negated["sign"]
        whole = Span(clause.parts.operator_span.start, clause.expression.start + len(sign))
        opposite = str(operator.complement)
        yield clause.tell(
            "FL403", whole, [(whole, opposite)], operator=operator, first=sign, meant=opposite
        )
        return
    if operator is Operator.LT and (ends := _RANGE.fullmatch(clause.raw)):
        written = f"{clause.name}>={ends['low']};{clause.name}<={ends['high']}"
        whole = Span(clause.parts.operator_span.start, clause.expression.start + 1)
        told = {"operator": operator, "first": first, "clauses": quoted(written)}
        yield clause.tell("FL403", whole, [(clause.whole, written)], "range", **told)
        return
    if (word := _not_before_value(clause)) is not None:
        written = f"{clause.name}{operator.complement}{clause.raw[word.end() :]}"
        whole = Span(clause.parts.operator_span.start, clause.expression.start + word.end())
        told = {"operator": operator, "first": word["not"], "complement": quoted(written)}
        yield clause.tell("FL403", whole, [(whole, str(operator.complement))], "not", **told)
        return
    is_text = operator in {Operator.EQ, Operator.NE} and _HOME.match(clause.raw) is not None
    if first not in "=<>~" or is_text:
        return
    meant = operator_continuations().get((operator, first))
    if operator is Operator.EQ and (compared := _COMPARED_AFTER_EQUAL.match(clause.raw)):
        meant = f"{compared[1]}="
    elif meant is None and first == "=":
        meant = operator
    if meant is not None:
        whole = Span(clause.parts.operator_span.start, clause.expression.start + 1)
        case = {"=": "equals", "~": "regular expression"}.get(first)
        edits = [(whole, str(meant))]
        if first == "~":
            edits = _searched(clause, whole, str(meant)) or edits
        yield clause.tell("FL403", whole, edits, case, operator=operator, first=first, meant=meant)


def _searched(clause: Suspect, operator: Span, meant: str) -> list[tuple[Span, str]]:
    fix = as_pattern(clause.text, clause.whole, operator, meant)
    return [] if fix is None else [(edit.span, edit.text) for edit in fix.edits]


# `~/notes` is a path, and `~5` about five.
_HOME = re.compile(r"~(?: *+[^\w*% ~=<>^]|[0-9]|\Z)")
_NOT = re.compile(r"(?P<not>not) ++(?=(?P<value>[^ ]++)\Z)", re.IGNORECASE)


def _not_before_value(clause: Suspect) -> re.Match[str] | None:
    """Return the `not` that a value starts with, where that is hardly a part of it."""
    if clause.operator not in {Operator.EQ, Operator.LIKE}:
        return None
    word = _NOT.match(clause.raw)
    if word is None:
        return None
    is_pattern = clause.operator is Operator.LIKE and "*" in word["value"]
    return word if is_pattern or negated_kind(clause.name, clause.raw) is not None else None


def invisible_in_expression(clause: Suspect) -> Iterator[Diagnostic]:
    """Report characters of the expression that can't be seen (FL412)."""
    if not clause.raw.isascii():
        yield from invisible(clause, "FL412", clause.expression, _hidden(clause.raw))


def _hidden(raw: str) -> Iterator[re.Match[str]]:
    for run in INVISIBLE_RUN.finditer(raw):
        is_outer = run.start() == 0 or run.end() == len(raw)
        if is_outer or any(character in _NEVER_MEANT_INSIDE for character in run[0]):
            yield run


def quoted_expression(clause: Suspect) -> Iterator[Diagnostic]:
    """Report quotes around the expression, or around its part before a join (FL414)."""
    first = before_join(clause.raw)
    if first == clause.raw and is_quoted(first) and f"\\{first[-1]}" in first[1:-1]:
        return  # The escapes are a mistake of their own, and mended with the quotes.
    if is_quoted(first):
        yield quotes_around(clause, clause.place(0, len(first)), "expression")
    elif clause.raw[0] in '"\u201c' and _QUOTE.search(clause.raw, 1) is None and first != '"':
        # A single quote is the apostrophe of words, and one behind digits are inches.
        span = clause.place(0, 1)
        is_closed = _QUOTE.search(clause.text, clause.expression.end) is not None
        if not is_closed and not closes(clause.name[:1], clause.raw[-1:]):
            yield clause.tell("FL414", span, [(span, "")], "open", part=WORDS["expression"])


_QUOTE = re.compile('["\u201c\u201d]')


def null(clause: Suspect) -> Iterator[Diagnostic]:
    """Report a word for a missing value (FL404)."""
    if clause.operator.asks_text:
        return
    written = clause.raw.lower()
    if (
        written in _NULL
        or clause.raw in _NULL_EXACTLY
        or (written in _NULL_OF_TEXTS and _OF_TEXTS.search(clause.name))
    ):
        allowed = clause.operator.allows_empty
        edits = [(clause.expression, "")] if allowed else None
        case = None if allowed else "order"
        if clause.operator is Operator.NE:
            case = "there"
        there = quoted(f"{clause.name}!=")
        yield clause.tell(
            "FL404", clause.expression, edits, case, found=quoted(clause.raw), there=there
        )


# --- What query strings lose ----------------------------------------------------------------------

# Of a name and an address, as in `Ann <ann@example.com>`, nothing is lost.
_ADDRESS = re.compile(r"[\w.\-]++ [\w.\-]++@[\w\-]++(?:\.[\w\-]++)++")
_PHONE_NUMBER = re.compile(r"[1-9][0-9 ()/.\-]{6,18}[0-9]")
_OF_PHONES = re.compile("phone|mobile|fax|tel", re.IGNORECASE)


def lost_plus(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the space that was a `+` in a query string, of an address or a number (FL423)."""
    start = clause.expression.start
    # One space, and that before the number alone.
    operator = clause.parts.operator_span
    is_before = clause.parts.name.end == operator.start and start == operator.end + 1
    what = "a phone number"
    if _ADDRESS.fullmatch(clause.raw):
        what, at = "an address", start + clause.raw.index(" ")
    elif is_before and _OF_PHONES.search(clause.name) and _PHONE_NUMBER.fullmatch(clause.raw):
        at = start - 1
    else:
        return
    place = Span(at, at + 1)
    meant = f"{clause.text[start:at]}+{clause.text[at + 1 : clause.expression.end]}"
    yield clause.tell("FL423", place, [(place, "+")], what=WORDS[what], meant=quoted(meant))


# --- Percent-encoding -----------------------------------------------------------------------------


def encoded_characters(clause: Suspect) -> Iterator[Diagnostic]:
    """Report characters that are still percent-encoded, the first ones (FL408)."""
    for run in _ENCODED.finditer(clause.raw):
        decoded = unquote(run[0], errors="replace")
        if "\ufffd" in decoded or FORBIDDEN.search(decoded):
            continue
        whole = unquote(clause.raw)
        is_plain = not any(character in whole for character in ";,\\\ufffd")
        is_more = _SEPARATOR.search(clause.raw) is not None and _are_clauses(clause, whole)
        mendable = (is_plain or is_more) and not FORBIDDEN.search(whole) and whole.strip(" ")
        yield clause.tell(
            "FL408",
            clause.place(*run.span()),
            [(clause.expression, whole)] if mendable else None,
            found=quoted(run[0]),
            decoded=quoted(decoded),
        )
        return


_SEPARATOR = re.compile("%3B", re.IGNORECASE)


def _are_clauses(clause: Suspect, decoded: str) -> bool:
    """Return whether a clause becomes several ones with an expression that was decoded."""
    read = read_filter(f"{clause.name}{clause.operator}{decoded}")
    return read is not None and len(read.clauses) > 1


def is_encoded(text: str) -> bool:
    """Return whether each `%` belongs to percent-encoded text."""
    rest = _ENCODED.sub("", text)
    return "%" in text and "%" not in rest and "\ufffd" not in unquote(text)
