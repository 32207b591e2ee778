"""Words for operators, as in `title does not contain x`: which are meant, and the clause for them.

What stands before such a word belongs to it: `is`, `does`, `not`. The clause that is written says
just what the words say; where that isn't known there is none. Every regular expression takes time
linear in the clause.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.closed_tables import Case, any_of, first_words, words, words_before
from filterlang.checking.lexis import (
    AND,
    AND_OR,
    FORBIDDEN,
    JOINS,
    NAME_CHARACTER,
    OPERATOR_START,
)
from filterlang.checking.meant_values.date_mistakes import following_day, no_date
from filterlang.checking.meant_values.respelling import rewritten
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.negations import two_filters
from filterlang.checking.other_notations.other_languages import (
    clause_for,
    clauses_for_each,
    is_negated,
    is_plain_name,
    is_plain_value,
    items_of,
    without_quotes,
)
from filterlang.checking.other_notations.word_values import (
    ENDS,
    Asked,
    Said,
    between,
    domain_of,
    of_several,
    or_more,
    shown,
    since,
    special_clause,
    within,
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
from filterlang.syntax.escaping import escape
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.checking.clause_text import ClauseText
    from filterlang.diagnostics.diagnostic import Diagnostic

_CONTRACTED = re.compile(r"n['\u2019]?t\Z")
_APOSTROPHE_T = re.compile(r"n['\u2019]t\b")


def _verbs() -> list[str]:
    before = words_before()
    return [*before["copulas"], *before["auxiliaries"]]


@cache
def operator_phrase(sign: str = "(?:! *+)?") -> str:
    """Return the expression of words for an operator, with what stands before them."""
    before = words_before()
    nt, alone = r"(?:n['\u2019]?t)?", any_of(_negations_alone())
    return (
        rf"{sign}(?:(?:{any_of(_verbs())}){nt} ++)?(?:(?:{any_of(before['negations'])}) ++)?"
        rf"(?:{any_of(words())})"
        rf"|{sign}(?:{any_of(before['copulas'])}){nt}(?: ++(?:{alone}))?|(?:{alone})"
    )


def _negations_alone() -> list[str]:
    """Return those that no name of a country is, as `NO` is one."""
    return [word for word in words_before()["negations"] if word != "no"]


@cache
def _word_operator() -> re.Pattern[str]:
    return re.compile(rf"(?<=[^ ]) ++({operator_phrase()})(?= |\Z|\()", re.IGNORECASE)


@cache
def _join_of_words() -> re.Pattern[str]:
    # A `!` there is the operator of a clause without words too.
    following = rf"{NAME_CHARACTER}++ ++(?:{operator_phrase('')})(?: |\Z|\()"
    return re.compile(rf"(?<! ) ++({JOINS}) ++(?={following})", re.IGNORECASE)


@cache
def _starts() -> frozenset[str]:
    """Return the words that a value hardly starts with: more of what the operator says."""
    return first_words() | {"than", "either", "without"}


@cache
def _negating() -> frozenset[str]:
    """Return the words that negate what they stand in, wherever that is."""
    return frozenset({*words_before()["negations"], "non", "neither", "nor", "without", "except"})


class _Phrase(NamedTuple):
    """What words say: an operator, which hint and clause they need, and whether they negate it.

    `is_clear` is whether they hold no more than one negation: `isn't never` is anybody's guess.
    """

    word: str
    meant: Operator
    case: Case
    is_negated: bool
    is_clear: bool


def _read(written: str) -> _Phrase:
    rest = written.lower().removeprefix("!").split()
    verbs, negations = set(_verbs()), set(words_before()["negations"])
    times = int(written.startswith("!"))
    while rest and " ".join(rest) not in words():
        first = rest.pop(0)
        if first in negations or (first not in verbs and _CONTRACTED.search(first)):
            times += 1
    word = " ".join(rest)
    meant, case = words().get(word, ("==", ""))
    operator = Operator(meant)
    is_negated, is_clear = times > 0, times <= 1
    if is_negated and operator.complement is not None and case not in {"between", "since"}:
        opposite: dict[Case, Case] = {"any of": "none of", "none of": "any of"}
        return _Phrase(
            word, Operator(operator.complement), opposite.get(case, case), False, is_clear
        )
    return _Phrase(word, operator, case, is_negated, is_clear)


def word_operators(clause: ClauseText) -> list[Diagnostic]:
    """Report the words for operators in a clause without operator, and what joins such clauses."""
    text = clause.text
    first = _word_operator().search(text, clause.start, clause.stop)
    if first is None:
        return []
    found = islice(_join_of_words().finditer(text, first.end(), clause.stop), MAX_DIAGNOSTICS + 1)
    joins = list(found)
    starts = [clause.start, *(join.end() for join in joins)]
    stops = [*(join.start() for join in joins), clause.stop]
    sides = [Span(start, stop) for start, stop in zip(starts, stops, strict=True)]
    told, meant = [], []
    for side in sides:
        word = _word_operator().search(text, side.start, side.end)
        # What joins is one only where such a word follows.
        assert word is not None
        said = _said(text, side, word, is_alone=not joins)
        meant.append(said.clause if said.other is None else None)
        told.append(_tell(clause, side, word, said))
    return [*told, *(_join(clause, join, joins, meant) for join in joins)]


def negated_words(clause: ClauseText, place: int) -> list[Diagnostic]:
    """Report the `!` before words for an operator, as in `title !contains x`; nothing elsewhere."""
    word = _word_operator().search(clause.text, max(clause.start, place - 1), clause.stop)
    before = clause.text[clause.start : place]
    if word is None or word.start(1) != place or not before.strip(" "):
        return []
    raw, phrase = clause.text[word.end() : clause.stop].strip(" "), _read(word[1])
    side, is_more = clause.span, not raw or OPERATOR_START.search(raw) is not None
    if is_more and phrase.case == "pattern":
        return [_tell(clause, side, word, Said("pattern", {}))]
    if not raw and phrase.word in _OF_EMPTINESS:
        return [_tell(clause, side, word, _said(clause.text, side, word, is_alone=True))]
    if is_more or not _may_be_negated(phrase, raw):
        return []
    return [_tell(clause, side, word, _said(clause.text, side, word, is_alone=True))]


def _may_be_negated(phrase: _Phrase, raw: str) -> bool:
    """Return whether words behind a `!` are hardly the value of a `!=` that lacks its `=`."""
    if phrase.meant.orders:
        return raw[:1].isdigit()
    return phrase.case not in {"empty value", "since"}


_OF_EMPTINESS = frozenset({"blank", "empty", "exist", "exists", "null"})


def find_join(text: str) -> re.Match[str] | None:
    """Find what joins a clause of words to what stands before it; group 1 is the word or sign."""
    return _join_of_words().search(text)


def starts_with_words(text: str) -> bool:
    """Return whether a text starts with a name of one word and words for an operator."""
    word = _word_operator().search(text)
    return word is not None and " " not in text[: word.start()].lstrip(" ")


def meant_by_words(text: str, side: Span) -> str | None:
    """Write the clause that a part of a text says in words; None where that isn't known."""
    word = _word_operator().search(text, side.start, side.end)
    if word is None:
        return None
    said = _said(text, side, word, is_alone=False)
    return said.clause if said.other is None else None


def _tell(clause: ClauseText, side: Span, word: re.Match[str], said: Said) -> Diagnostic:
    meant = [one for one in (said.clause, said.other) if one is not None]
    fixes = [Fix([Edit(side, one)], safe=False) for one in meant]
    return clause.tell(
        "FL119",
        word.start(1),
        word.end(1),
        fixes=fixes,
        case=said.case,
        meant=_read(word[1]).meant,
        found=quoted(word[1]),
        **said.values,
    )


def _join(
    clause: ClauseText,
    join: re.Match[str],
    joins: Sequence[re.Match[str]],
    sides: Sequence[str | None],
) -> Diagnostic:
    is_and = join[1].lower() in AND
    if is_and:
        fixes = [Fix([Edit(Span(*join.span()), ";")], safe=False)]
        return clause.tell("FL401", *join.span(1), fixes=fixes, found=quoted(join[1]))
    known = [side for side in sides if side is not None]
    filters = []
    if len(known) == len(joins) + 1 and all(one[1].lower() not in AND for one in joins):
        filters = around(clause.text, clause.span, known)
    case = None if not filters else "two filters" if len(joins) == 1 else "each"
    return clause.tell(
        "FL402", *join.span(1), case=case, found=quoted(join[1]), filters=several(filters)
    )


# --- What the words say ---------------------------------------------------------------------------


def _said(text: str, side: Span, word: re.Match[str], *, is_alone: bool) -> Said:
    phrase = _read(word[1])
    name, raw = text[side.start : word.start()].strip(" "), text[word.end() : side.end].strip(" ")
    if not phrase.is_clear:
        return Said("not", {})
    if FORBIDDEN.search(text, side.start, side.end) is not None:
        return Said(_without_clause(phrase), {})
    if (otherwise := _otherwise(name, phrase, raw, is_alone=is_alone)) is not None:
        return otherwise
    if phrase.meant in {Operator.EQ, Operator.NE} and not phrase.case:
        raw = domain_of(name, raw)
    if not _is_understood(name, raw):
        is_negated_too = is_negated(name) or _negates(name) or _negates(raw)
        return Said("not" if is_negated_too else _without_clause(phrase), {})
    if phrase.is_negated:
        filters = _opposite(name, phrase, raw)
        if filters and is_alone and (filters := around(text, side, filters)):
            return Said("two filters", {"filters": several(filters)})
        return Said("not order", {})
    if phrase.case in {"", "pattern"} and not phrase.meant.orders:
        asked = Asked(text, side, name, phrase.meant, phrase.word, is_alone)
        if (said := of_several(asked, raw, _starts())) is not None:
            return said
    match phrase.case:
        case "between":
            return between(name, raw)
        case "since":
            return since(name, phrase.word, raw)
        case "age":
            return _age(name, phrase, without_quotes(raw))
        case "any of" | "none of":
            return _of_list(text, side, name, phrase, raw, is_alone=is_alone)
        case "empty value":
            clause = clause_for(name, phrase.meant, "empty value", phrase.word, raw)
            return Said("empty value", {}) if clause is None else shown("empty clause", clause)
        case "pattern":
            clause = clause_for(name, phrase.meant, "pattern", phrase.word, raw)
            return Said("pattern", {}) if clause is None else shown("pattern clause", clause)
        case _:
            return _compared(name, phrase, raw)


def _otherwise(name: str, phrase: _Phrase, raw: str, *, is_alone: bool) -> Said | None:
    """Say what is meant where the name or the value stands at another place than usual."""
    if phrase.word == "in":
        return within(name, phrase.meant, raw, is_alone=is_alone)
    if phrase.is_negated or phrase.case:
        return None
    return or_more(name, phrase.meant, phrase.word, raw)


def _without_clause(phrase: _Phrase) -> str | None:
    if phrase.is_negated:
        return "not order"
    return None if phrase.case == "since" else phrase.case or None


def _is_understood(name: str, raw: str) -> bool:
    """Return whether neither the name nor the value holds more of what is asked or negated."""
    last = name.rpartition(" ")[2].lower()
    if is_negated(name) or _negates(name) or last in _verbs() or _CONTRACTED.search(last):
        return False
    if without_quotes(raw) != raw:
        return True
    first, _, more = raw.partition(" ")
    if first.lower() in _negations_alone() or _APOSTROPHE_T.search(raw.lower()):
        return False
    return not more or (first.lower() not in _starts() and not _negates(raw))


def _negates(text: str) -> bool:
    return any(word.strip("(),.") in _negating() for word in text.lower().split(" "))


def _compared(name: str, phrase: _Phrase, raw: str) -> Said:
    value = without_quotes(raw)
    if not value.strip(" ") or (value != raw and "\\" in raw) or _JOINED.search(raw):
        return Said(None, {})
    if phrase.meant not in {Operator.EQ, Operator.NE} and (day := _of_day(name, phrase, value)):
        return day
    special = special_clause(name, phrase.meant, value)
    if special is not None:
        return shown("clause" if value == "*" else "pattern clause", special)
    # A comma is left as it is, and reported as a mistake of its own.
    return shown("clause", f"{name}{phrase.meant}{escape(value) if value != raw else raw}")


_JOINED = re.compile(rf"(?i: (?:{AND_OR}|but) )|[=!<>~]")
_LENGTH = re.compile(r"[0-9]++ *+[a-zA-Z]++(?P<ago> ++ago)?")


def _age(name: str, phrase: _Phrase, value: str) -> Said:
    """Say which date has an age; a number that is one is compared the other way round."""
    found = no_date(f"{value} ago") if _LENGTH.fullmatch(value) else None
    if found is not None and found.case == "relative":
        operator = phrase.meant if phrase.meant is Operator.LT else Operator.GE
        return shown("relative", f"{name}{operator}{found.meant[0]}")
    return _of_day(name, phrase, value) or Said("age", {})


def _of_day(name: str, phrase: _Phrase, value: str) -> Said | None:
    """Say what is compared with a day, in each way in which the day may be meant."""
    days = []
    if _DAY_OTHERWISE.fullmatch(value):
        days = [day for day, _ in rewritten("datetime", value) if following_day(day)]
    said = [_of_one_day(name, phrase, day) for day in days or [value]]
    clauses = {one.clause: quoted(one.clause) for one in said if one and one.clause}
    if len(clauses) > 1:
        (clause, written), (other, also_written) = clauses.items()
        return Said("either", {"clause": written, "other": also_written}, clause, other)
    return said[0]


_DAY_OTHERWISE = re.compile(r"[0-9]{1,4}[./\-][0-9]{1,2}[./\-][0-9]{1,4}")


def _of_one_day(name: str, phrase: _Phrase, value: str) -> Said | None:
    """Say what is compared with a whole day, or with one that is counted from now."""
    meant, is_after = phrase.meant, phrase.meant in {Operator.GT, Operator.LE}
    case = "clause"
    if _LENGTH.fullmatch(value) or no_date(value):
        found = no_date(value)
        if found is None or found.case != "relative":
            # Of 7 days no time is told; and `more than` them ago is before.
            return Said(None, {}) if found or no_date(f"{value} ago") else None
        if value.lower().endswith("ago"):
            if phrase.word not in _TIMES:
                return Said(None, {})
            # What is after a day in the past starts with it.
            return shown("relative", f"{name}{_TIMES[phrase.word]}{found.meant[0]}")
        value, case = found.meant[0], "relative"
    following = following_day(value)
    if following is None:
        return shown(case, f"{name}{meant}{value}") if case == "relative" else None
    if not is_after:
        return shown(case, f"{name}{meant}{value}")
    instead = Operator.GE if meant is Operator.GT else Operator.LT
    return shown("day" if case == "clause" else case, f"{name}{instead}{following}")


_TIMES = {
    "after": ">=", "later than": ">=", "since": ">=", "on or after": ">=", "less than": ">=",
    "before": "<", "earlier than": "<", "more than": "<",
}  # fmt: skip
"""What is asked of a time by words before `7 days ago`; less than that ago is since then."""


def _of_list(
    text: str, side: Span, name: str, phrase: _Phrase, raw: str, *, is_alone: bool
) -> Said:
    case = phrase.case
    values = items_of(raw) or [without_quotes(one.strip(" ")) for one in _PARTED.split(raw)]
    clauses = clauses_for_each(name, phrase.meant, values)
    if len(values) == 1 and clauses:
        return shown("clause", clauses[0])
    if case == "none of":
        if not clauses:
            return Said(case, {}, clause_for(name, phrase.meant, case, phrase.word, raw))
        together = ";".join(clauses)
        return Said("each clause", {"clauses": quoted(together, MAX_VALUE_LENGTH)}, together)
    filters = around(text, side, clauses) if is_alone else []
    return Said("each", {"filters": several(filters)}) if filters else Said(case, {})


_PARTED = re.compile(rf",| (?:{AND_OR}) ", re.IGNORECASE)


def _opposite(name: str, phrase: _Phrase, raw: str) -> Sequence[str]:
    """Write the filters that say the opposite of an order or a range."""
    if phrase.case == "between" and (ends := ENDS.fullmatch(raw)):
        low, high = (without_quotes(end) for end in ends.groups())
        if not (is_plain_name(name) and is_plain_value(low) and is_plain_value(high)):
            return ()
        after = following_day(high)
        above = f"{name}>{high}" if after is None else f"{name}>={after}"
        return f"{name}<{low}", above, f"{name}=="
    if phrase.case:
        return ()
    if (said := _of_day(name, phrase, without_quotes(raw))) is not None:
        read = None if said.clause is None or said.other else read_filter(said.clause)
        if read is None:
            return ()
        (clause,) = read.clauses
        return two_filters(name, clause.operator, str(clause.expression)) or ()
    return two_filters(name, phrase.meant, raw) or ()
