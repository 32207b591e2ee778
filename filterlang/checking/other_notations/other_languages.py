"""What other languages write for an operator, words, functions, RSQL, and the clause for it here.

Every regular expression takes time linear in the clause.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.closed_tables import (
    Case,
    any_of,
    equals_signs,
    functions,
    joining_words,
    methods,
    name_endings,
    pattern_signs,
    rsql_words,
    text_parts,
    value_beginnings,
)
from filterlang.checking.lexis import BRACKETS, CLAUSE_START, DAY, FORBIDDEN, NEGATION_SIGNS, QUOTES
from filterlang.checking.mends import is_safe
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.text_patterns import pattern_of
from filterlang.diagnostics.diagnostic import (
    MAX_VALUE_LENGTH,
    Edit,
    Fix,
    Span,
    quoted,
)
from filterlang.diagnostics.places import several
from filterlang.syntax.escaping import NEVER_ALLOWED, escape
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence


@cache
def _rsql_operator() -> re.Pattern[str]:
    return re.compile(f"=({any_of(rsql_words())})=", re.IGNORECASE)


@cache
def _method() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<name>[\w.$]+)\.(?P<call>{any_of(methods())})\((?P<value>.*)\)",
        re.IGNORECASE | re.DOTALL,
    )


@cache
def _function() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<call>{any_of(functions())}) *+\( *+(?P<name>[\w./$]++) *+, *+(?P<value>.*)\)",
        re.IGNORECASE | re.DOTALL,
    )


# --- What a single '=' may have to do with --------------------------------------------------------

_NEGATED_NAME = re.compile(
    rf"[ (]*+(?:(?i:not?|non)(?![a-z])|[{NEGATION_SIGNS}!])|.*\b(?i:not)\b", re.DOTALL
)
_PLAIN_VALUE = re.compile(
    r"(?:[\-\u2212](?=\.?[0-9]))?\.?[^\W_][^*?~=!<>|&^$%\\,()\[\]{}\"`]*+", re.DOTALL
)

# Elsewhere `10-5` is five, `0x10` sixteen, `1_000` a thousand and `010` eight or ten.
_NUMBER_LIKE = re.compile(
    r"[\-\u2212]?\.?[0-9][0-9_.]*+"
    r"(?:[xXbBoO][0-9A-Fa-f_]++|[eE][+\-]?[0-9]++)?[A-Za-z]?(?: *+[+\-/] *+|\Z)"
)
_NUMBER_OR_DATE = re.compile(
    rf"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+\-]?[0-9]++)?|{DAY}(?:T.*+)?"
)

MAX_REPEATED = 10_000
"""How many characters of names a fix writes where the text has the name once."""


@cache
def _lookup() -> re.Pattern[str]:
    """Match names that hold the operator: `score__gte`, `score[gt]`, `score.lt`, `score:ne`."""
    ends = rf"(?:[_\[:.]\$?|(?<=[a-z])(?=[A-Z]))(?i:{any_of(name_endings())})\]?"
    return re.compile(f".*{ends}", re.DOTALL)


@cache
def _word_ahead() -> re.Pattern[str]:
    """Match values that hold it, `gte.18` and `gt:18`, or the negation, as `not done`."""
    words = value_beginnings()
    before_space, before_sign = any_of(words["before_space"]), any_of(words["before_sign"])
    return re.compile(rf"(?:{before_space})[.: ]|(?:{before_sign})[.:]", re.IGNORECASE)


@cache
def _joining() -> re.Pattern[str]:
    """Match what goes on behind the value elsewhere: another clause, or a clause of the query."""
    return re.compile(rf" (?:{any_of(joining_words())})(?: |\Z)", re.IGNORECASE)


_MORE = re.compile(rf"(?<!\\),{CLAUSE_START}")
"""A comma before one more clause."""


class Habit(NamedTuple):
    """What stands for an operator, what is written here instead, and which hint says more."""

    span: Span
    written: str
    meant: str
    case: Case
    fix: Fix | None
    each: Sequence[str] = ()
    """The clauses that say it, one for each value of a list, where that can be told."""

    @property
    def takes_list(self) -> bool:
        """Whether a list of values follows, in which a comma parts two of them."""
        return self.case in {"any of", "none of"}

    @property
    def fixes(self) -> list[Fix]:
        """The fix as a list, which is empty without one."""
        return [] if self.fix is None else [self.fix]

    def hint(self, text: str, clause: Span) -> tuple[str | None, dict[str, str]]:
        """Return the case that chooses the hint, and what is filled into it."""
        match self.case:
            case "any of" if len(self.each) > 1 and (filters := around(text, clause, self.each)):
                return "each", {"filters": several(filters)}
            case "none of" if len(self.each) > 1:
                return "each clause", {"clauses": quoted(";".join(self.each), MAX_VALUE_LENGTH)}
            case "empty value" if self.fix is not None:
                return "empty clause", {"clause": quoted(self.fix.edits[0].text)}
            case _:
                return self.case or None, {}


def is_plain_name(name: str) -> bool:
    """Return whether a name holds nothing that is a sign, a negation or an operator elsewhere.

    Example:
        >>> [name for name in ("score", "-score", "score*", "score__gte") if is_plain_name(name)]
        ['score']
    """
    return (
        bool(name)
        and _is_word(name[0])
        and _is_word(name[-1])
        and _lookup().fullmatch(name) is None
        and not is_negated(name)
    )


def is_plain_value(raw: str) -> bool:
    """Whether an expression holds nothing that is a wildcard, a list or an operator elsewhere.

    Example:
        >>> [raw for raw in ("Doe", "x*", "[1]", "gt:5", "not x") if is_plain_value(raw)]
        ['Doe']
    """
    return (
        _PLAIN_VALUE.fullmatch(raw) is not None
        and ".." not in raw
        and _joining().search(raw) is None
        and (_NUMBER_LIKE.match(raw) is None or _NUMBER_OR_DATE.fullmatch(raw) is not None)
        and _word_ahead().match(raw) is None
    )


def _is_word(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character == "_"
    # Only names that aren't ASCII need this table, and it takes time to import.
    from unicodedata import category

    # The vowel signs of many scripts and emoji are no word characters to `re`.
    kind = category(character)
    return kind[0] in "LMN" or kind == "So"


def is_negated(name: str) -> bool:
    """Return whether a name starts with, or holds, what negates a clause elsewhere."""
    return _NEGATED_NAME.match(name) is not None


def rsql_operator(text: str, clause: Span, start: int) -> Habit | None:
    """Read an operator of RSQL, such as `=gt=` or `=in=`, at a place in a clause."""
    found = _rsql_operator().match(text, start, clause.end)
    if found is None:
        return None
    word = found[1].lower()
    meant, case = rsql_words()[word]
    span = Span(*found.span())
    raw = text[found.end() : clause.end].strip(" ")
    fix: Fix | None
    each: Sequence[str] = ()
    if case:
        name = text[clause.start : start].strip(" ")
        fix = instead(clause, clause_for(name, meant, case, word, raw))
        each = clauses_for_each(name, meant, items_of(raw))
    else:
        case = "empty" if not raw and meant in {"==", "!="} else ""
        # A comma is an OR there, and would be none of this language beside a sign of it.
        fix = None if _MORE.search(raw) else Fix([Edit(span, meant)], safe=is_safe("word"))
    return Habit(span, found[0], meant, case, fix, each)


def without_words(clause: str) -> str:
    """Write signs for the operators of RSQL that are words, where these compare one value.

    Example:
        >>> without_words("score=gt=10"), without_words("role=in=(a)")
        ('score>10', 'role=in=(a)')
    """
    found = _rsql_operator().search(clause)
    if found is None or rsql_words()[found[1].lower()][1]:
        return clause
    return f"{clause[: found.start()]}{rsql_words()[found[1].lower()][0]}{clause[found.end() :]}"


def pattern_for(text: str, clause: Span, start: int) -> Fix | None:
    """Write the pattern for `a*=x`, `a^=x`, `a$=x`, `a=^x`, `a=$x` and `a=x*`.

    None where the single `=` at `start` is no part of such an operator.
    """
    name = text[clause.start : start].rstrip(" ")
    value = text[start + 1 : clause.end].strip(" ")
    pattern = None
    place = Span(clause.start + len(name), clause.end)
    opening = []
    if value and BRACKETS.get(name[:1]) == value[-1]:
        # `[title*='x']` is how elements of a page are looked for.
        value = value[:-1].rstrip(" ")
        opening = [Edit(Span(clause.start, clause.start + 1), "")]
    if value == "*":
        edits = [*opening, Edit(Span(start, clause.end), "!=")]
        return Fix(edits, safe=is_safe("pattern"))
    if name[-1:] in pattern_signs() and name[:-1].strip(" "):
        pattern = pattern_signs()[name[-1]]
        place = Span(place.start - 1, place.end)
    elif value[:1] in {"^", "$"}:
        pattern, value = pattern_signs()[value[0]], value[1:].lstrip(" ")
    elif name[-1:] == "/" and name[:-1].strip(" ") and value:
        return Fix([Edit(Span(place.start - 1, start + 1), "!=")], safe=is_safe("pattern"))
    elif name[-1:] in equals_signs() and name[:-1].strip(" "):
        return Fix([Edit(Span(place.start - 1, start + 1), "==")], safe=is_safe("pattern"))
    elif len(value) > len("//") and value[0] == value[-1] == "/":
        return as_pattern(text, clause, Span(start, start + 1), "~")
    elif len(value) > len("[]") and BRACKETS.get(value[0]) == value[-1]:
        inner = value[1:-1].strip(" ")
        if _PLAIN_VALUE.fullmatch(inner) is None:
            return None
        return Fix([Edit(Span(start, clause.end), "==" + inner)], safe=is_safe("list"))
    elif "*" in value or "?" in value:
        return Fix([Edit(Span(start, start + 1), "~")], safe=is_safe("pattern"))
    value = without_quotes(value)
    if pattern is None or not value or _UNPLAIN.search(value) is not None:
        return None
    edits = [*opening, Edit(place, "~" + pattern.format(value))]
    return Fix(edits, safe=is_safe("pattern"))


def as_pattern(text: str, clause: Span, operator: Span, meant: str) -> Fix | None:
    """Write the pattern for a regular expression that is found anywhere, if it holds plain text.

    `^` and `$` at its ends tie it to those of the text; so slashes around it are left out.
    """
    value = text[operator.end : clause.end].strip(" ")
    if len(value) > len("//") and value[0] == value[-1] == "/":
        value = value[1:-1]
    before, after = "" if value[:1] == "^" else "*", "" if value[-1:] == "$" else "*"
    value = value.removeprefix("^").removesuffix("$")
    if not value.strip(" ") or _REGULAR.search(value) is not None:
        return None
    place = Span(operator.start, clause.end)
    return Fix([Edit(place, f"{meant}{before}{value}{after}")], safe=False)


def is_in_slashes(raw: str) -> bool:
    """Return whether a value is a regular expression between slashes, as `/eng.*/i` is."""
    return _IN_SLASHES.fullmatch(raw.strip(" ")) is not None


_IN_SLASHES = re.compile(r"/[^/ ][^/]*+/[a-z]{0,3}")
_REGULAR = re.compile(rf"[\\,*?.+|()\[\]{{}}^$/]|{NEVER_ALLOWED}")
_UNPLAIN = re.compile(rf"[\\,*?]|{NEVER_ALLOWED}")


def function_call(text: str, clause: Span) -> Habit | None:
    """Read a function of JavaScript or OData that asks for a part of a text."""
    whole = text[clause.start : clause.end]
    found = _method().fullmatch(whole) or _function().fullmatch(whole)
    if found is None:
        return None
    word = found["call"].lower()
    meant = (methods() | functions())[word]
    mended = None
    value = without_quotes(found["value"].strip(" "))
    is_text = value != found["value"].strip(" ") or not _LIST_LIKE & {*value}
    if value and is_text and FORBIDDEN.search(value) is None:
        # A column of a table has its methods of texts behind `.str`.
        name = found["name"].replace("/", ".").removeprefix("df.").removesuffix(".str")
        mended = f"{name}{meant}{text_parts().get(word, '{}').format(escape(value))}"
    span = Span(clause.start + found.start("call"), clause.start + found.end("call"))
    case: Case = "call" if meant == "~" else ""
    return Habit(span, found["call"], meant, case, instead(clause, mended))


_LIST_LIKE = frozenset("()[]{},")
"""What a value without quotes has that is a list, or more of the call."""


def opposite_call(call: Habit) -> str | None:
    """Write the opposite of what a function asks for; None where that isn't written."""
    if call.fix is None:
        return None
    return call.fix.edits[0].text.replace(call.meant, str(Operator(call.meant).complement), 1)


# --- The clause that says it here -----------------------------------------------------------------


def instead(clause: Span, mended: str | None) -> Fix | None:
    """Build the fix that writes another clause, if there is one."""
    return None if mended is None else Fix([Edit(clause, mended)], safe=False)


def clause_for(name: str, meant: str, case: Case, word: str, raw: str) -> str | None:
    """Write what was meant by a word for an operator, or None where that can't be said."""
    clause: str | None = None
    if "\\" in raw or FORBIDDEN.search(name + raw) is not None:
        return None
    match case:
        case "empty value":
            opposite = Operator(meant).complement
            operator = {"": meant, "true": meant, "false": opposite}.get(
                without_quotes(raw).lower()
            )
            clause = None if operator is None else name + operator
        case "any of":
            items = items_of(raw)
            clause = f"{name}=={escape(items[0])}" if len(items) == 1 else None
        case "none of":
            items = items_of(raw)
            # The name is written once for each item, which may be more than memory holds.
            if len(name) * len(items) <= MAX_REPEATED:
                clause = ";".join(f"{name}!={escape(item)}" for item in items) or None
        case _:
            clause = _compared(name, meant, word, without_quotes(raw), is_pattern=case == "pattern")
    return clause


def _compared(name: str, meant: str, word: str, value: str, *, is_pattern: bool) -> str | None:
    if not value:
        return None
    if is_pattern and word not in text_parts():
        pattern = value.replace(",", "\\,").replace("%", "*").replace("_", "?")
        return f"{name}{meant}{pattern}"
    if word not in text_parts():
        return f"{name}{meant}{escape(value)}"
    part = pattern_of(word, value)
    return None if part is None else f"{name}{meant}{part}"


def without_quotes(raw: str) -> str:
    """Return what stands in quotes without them, and anything else as it is."""
    return raw[1:-1] if len(raw) > 1 and QUOTES.get(raw[0]) == raw[-1] else raw


def clauses_for_each(name: str, operator: str, values: Sequence[str]) -> Sequence[str]:
    """Write a clause for each of several values; none where more may be meant by one of them.

    Example:
        >>> clauses_for_each("score", "!=", ["10", "20"])
        ['score!=10', 'score!=20']
    """
    # The name is written once for each value, which may be more than memory holds.
    if not is_plain_name(name) or len(name) * len(values) > MAX_REPEATED:
        return ()
    if not all(is_plain_value(value) for value in values):
        return ()
    return [f"{name}{operator}{value}" for value in values]


def items_of(raw: str) -> list[str]:
    """Return the values of a list in brackets, without quotes; none if it isn't one."""
    if len(raw) < len("()") or BRACKETS.get(raw[0]) != raw[-1]:
        return []
    items = [without_quotes(item.strip(" ")) for item in raw[1:-1].split(",")]
    return items if all(items) else []
