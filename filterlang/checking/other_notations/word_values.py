"""The values behind words for operators: several of them, domains, and patterns of their own.

An OR of values is a filter for each, and what is neither of them a clause for each. Where all of it
may be one text, as in `contains bed and breakfast`, both is said, and neither is written by itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.closed_tables import words
from filterlang.checking.lexis import AND_OR
from filterlang.checking.meant_values.date_mistakes import no_date, until
from filterlang.checking.meant_values.named_periods import named_period
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.joined_values import Joined, are_several, joined
from filterlang.checking.other_notations.other_languages import (
    MAX_REPEATED,
    clause_for,
    is_plain_name,
    is_plain_value,
    items_of,
    without_quotes,
)
from filterlang.checking.other_notations.text_patterns import DOMAIN, is_pattern, pattern_as_written
from filterlang.diagnostics.diagnostic import MAX_VALUE_LENGTH, Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.escaping import escape
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Sequence


class Said(NamedTuple):
    """What is said of words: the hint, what is filled into it, and the clause that they mean.

    `other` is the other clause that they may mean as well, and are as likely to.
    """

    case: str | None
    values: dict[str, str]
    clause: str | None = None
    other: str | None = None


def shown(case: str, clause: str) -> Said:
    """Show the clause in the hint, where it is one."""
    read = read_filter(clause)
    if read is None or len(clause) > MAX_VALUE_LENGTH:
        return Said("pattern" if case == "pattern clause" else None, {}, clause)
    key = "clauses" if len(read.clauses) > 1 else "clause"
    return Said(case, {key: quoted(clause, MAX_VALUE_LENGTH)}, clause)


class Asked(NamedTuple):
    """A name and what words ask of it: the operator, the word, and where that stands in a text."""

    text: str
    side: Span
    name: str
    meant: Operator
    word: str
    is_alone: bool

    @property
    def is_pattern(self) -> bool:
        """Whether a part of a text is asked for, or what is like it."""
        return self.meant.matches_pattern

    @property
    def is_negative(self) -> bool:
        """Whether what is asked for is left out."""
        return self.meant.negative


# --- One value ------------------------------------------------------------------------------------


def of_value(asked: Asked, value: str) -> str | None:
    """Write the clause of one value, without its quotes; None where that isn't known."""
    if asked.is_pattern:
        return clause_for(asked.name, str(asked.meant), "pattern", asked.word, value)
    return special_clause(asked.name, asked.meant, value) or (
        f"{asked.name}{asked.meant}{escape(value)}"
    )


def special_clause(name: str, meant: Operator, value: str) -> str | None:
    """Write the clause that asks for a domain or a pattern, where a value of `==` or `!=` is one.

    Example:
        >>> special_clause("email", Operator.NE, "@example.com")
        'email!~*@example.com'
        >>> special_clause("title", Operator.EQ, "*eng*"), special_clause("title", Operator.EQ, "*")
        ('title~*eng*', 'title!=')
    """
    if meant not in {Operator.EQ, Operator.NE}:
        return None
    pattern_operator = Operator.LIKE if meant is Operator.EQ else Operator.NOT_LIKE
    if DOMAIN.fullmatch(value) is not None:
        return f"{name}{pattern_operator}*{value}"
    if is_pattern(value):
        return f"{name}{pattern_operator}{pattern_as_written(value)}"
    return f"{name}{meant.complement}" if value == "*" else None


_AT = re.compile(r"(?:at|from) ++(?P<at>@?)(?P<host>[\w\-]++(?:\.[\w\-]++)++)", re.IGNORECASE)


def domain_of(name: str, raw: str) -> str:
    """Return the domain for `at example.com` and `from @example.com`, and what else is as it is.

    Without an `@` the name has to say that it is an address.

    Example:
        >>> domain_of("email", "at example.com"), domain_of("office", "at example.com")
        ('@example.com', 'at example.com')
    """
    found = _AT.fullmatch(raw)
    is_one = found is not None and (found["at"] or "mail" in name.lower())
    return f"@{found['host']}" if found is not None and is_one else raw


_OR_MORE = re.compile(
    r"(?P<value>-?[0-9][^ ]*+) ++(?:or|and|oder) ++(?:(?P<more>more|higher|greater|above|over|up"
    r"|later|newer|after|mehr)|less|lower|fewer|below|under|earlier|older|before|weniger)",
    re.IGNORECASE,
)
_VALUE_IN_NAME = re.compile(r"(?P<name>[^ ]++) ++(?P<value>-?[0-9][^ ]*+ ++(?:or|and|oder))")


def or_more(name: str, meant: Operator, word: str, raw: str) -> Said | None:
    """Say what `is 5 or more` means; None where that isn't said.

    Without a verb its last word is the one that was found, and the value seems to be of the name.

    Example:
        >>> or_more("score", Operator.EQ, "", "5 or more").clause
        'score>=5'
        >>> or_more("score 5 or", Operator.LT, "less", "").clause
        'score<=5'
    """
    parted = _VALUE_IN_NAME.fullmatch(name) if meant.orders and not raw else None
    if parted is not None:
        name, raw = parted["name"], f"{parted['value']} {word}"
    elif meant is not Operator.EQ:
        return None
    found = _OR_MORE.fullmatch(raw)
    if found is None or not is_plain_value(found["value"]):
        return None
    return shown("clause", f"{name}{'>=' if found['more'] else '<='}{found['value']}")


ENDS = re.compile(r"([^ ]++) ++(?:and|und|to|bis|&&?) ++([^ ]++)", re.IGNORECASE)
"""The two ends of a range."""


def between(name: str, raw: str) -> Said:
    """Say which two clauses a range is."""
    ends = ENDS.fullmatch(raw)
    if ends is None:
        return Said("between", {})
    low, high = (without_quotes(end) for end in ends.groups())
    if not all(map(is_plain_value, (low, high))):
        return Said("between", {})
    return shown("two clauses", f"{name}>={escape(low)};{name}{until(escape(high))}")


def since(name: str, word: str, raw: str) -> Said:
    """Say since when a time is that is counted from now; `last month` is one of the calendar."""
    first = without_quotes(raw)
    if word == "last" and (period := named_period(f"last {first}")) is not None:
        clauses = period.within(name)
        return Said("relative", {"clause": quoted(clauses)}, clauses)
    found = no_date(f"{first} ago") or no_date(f"1 {first} ago")
    if found is None or found.case != "relative":
        return Said(None, {})
    return shown("relative", f"{name}>={found.meant[0]}")


_NAME_ALONE = re.compile(r"(?!(?:true|false|null|none)\Z)[a-z][\w.]*+")
_NO_VALUE = re.compile(r"[a-z][A-Z]|[ ._]")
"""What a value of one word hardly has, and names have."""


def within(name: str, meant: Operator, raw: str, *, is_alone: bool) -> Said | None:
    """Say what `"eng" in title` asks for, in which the name is on the other side.

    In `vip in tags` either may be the name; a value hardly begins with a small letter behind `in`.
    """
    part = without_quotes(name)
    if not is_plain_name(raw):
        return None
    if part == name:
        is_either = is_alone and _NAME_ALONE.fullmatch(raw) and is_plain_name(name)
        if not is_either or _NO_VALUE.search(name):
            return None
        turned, other = f"{raw}{meant}{name}", f"{name}{meant}{raw}"
        # Neither is a fix: each would mean something else half of the time.
        return Said("either", {"clause": quoted(turned), "other": quoted(other)})
    operator = "~" if meant is Operator.EQ else "!~"
    clause = clause_for(raw, operator, "pattern", "contains", part)
    return None if clause is None else shown("pattern clause", clause)


# --- Several values -------------------------------------------------------------------------------


def of_several(asked: Asked, raw: str, no_values: frozenset[str]) -> Said | None:
    """Say what several values with `or` or `and` between them mean; None where that is one value.

    `no_values` are the words that no value starts with.
    """
    if len(items := items_of(raw)) > 1:
        clauses = [one for value in items if (one := of_value(asked, value))]
        if len(clauses) < len(items) or len(items) * len(asked.name) > MAX_REPEATED:
            return Said(_in_general(asked), {})
        return _of_clauses(asked, Joined(Span(0, 0), items, False, True), clauses, None)
    if without_quotes(raw) != raw and raw[0] not in raw[1:-1]:
        return None
    found = joined(raw)
    if found is None or len(found.values) * len(asked.name) > MAX_REPEATED:
        return Said(None, {}) if _JOINED.search(raw) and not asked.is_pattern else None
    if not found.are_quoted:
        firsts = [value.partition(" ")[0].lower() for value in found.values]
        empty = {word for word, (_, case) in words().items() if case == "empty value"}
        if any(first in no_values or first in empty for first in firsts):
            return Said("pattern" if asked.is_pattern else None, {})
    clauses = [one for value in found.values if (one := of_value(asked, value.strip(" ")))]
    if len(clauses) < len(found.values) or "," in raw:
        return Said(_in_general(asked), {})
    return _of_clauses(asked, found, clauses, _of_one_text(asked, found, raw))


_JOINED = re.compile(rf" (?:{AND_OR}) ", re.IGNORECASE)


def _in_general(asked: Asked) -> str:
    return "none of" if asked.is_negative else "any of"


def _of_one_text(asked: Asked, found: Joined, raw: str) -> str | None:
    """Write the clause of all as one text; None where several values are meant without a doubt."""
    if found.are_quoted or all(map(is_pattern, found.values)):
        return None
    are_words = not any(" " in value for value in found.values)
    if asked.is_pattern:
        # `contains engineer or manager` is two; `bed and breakfast` is one, or both.
        return None if are_words and not found.is_and else of_value(asked, raw)
    is_sure = are_several(
        asked.name, found.values, is_and=found.is_and, is_negative=asked.is_negative
    )
    # A role that is `admin and editor` is one of both, or both in a list.
    return None if is_sure and (asked.is_negative or not found.is_and) else of_value(asked, raw)


def _of_clauses(asked: Asked, found: Joined, clauses: Sequence[str], one: str | None) -> Said:
    together = quoted(";".join(clauses), MAX_VALUE_LENGTH)
    if asked.is_negative:
        if found.is_and and asked.is_pattern:
            # Neither of them, or not both at once?
            return Said("none of", {})
        if one is None:
            return Said("each clause", {"clauses": together}, ";".join(clauses))
        return Said("text or each clause", {"clauses": together, "clause": quoted(one)})
    if found.is_and and asked.is_pattern:
        if one is None:
            return Said("all", {"clauses": together}, ";".join(clauses))
        return Said("text or all", {"clauses": together, "clause": quoted(one)})
    filters = around(asked.text, asked.side, clauses) if asked.is_alone else []
    if not filters:
        return Said("any of", {})
    if one is None:
        return Said("each", {"filters": several(filters)})
    return Said("text or each", {"filters": several(filters), "clause": quoted(one)})
