"""Names that hold the operator, as those of ORMs and query strings do: `score__gte`, `score[gt]`.

Says which clauses such a name and its value stand for. Every regular expression takes time linear
in the clause.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from math import prod
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.closed_tables import any_of
from filterlang.checking.lexis import FORBIDDEN
from filterlang.checking.meant_values.date_mistakes import until, whole_period
from filterlang.checking.other_notations.filters_instead import written_instead
from filterlang.checking.other_notations.other_languages import (
    clauses_for_each,
    is_plain_name,
    is_plain_value,
    items_of,
    without_quotes,
)
from filterlang.checking.other_notations.text_patterns import pattern_of
from filterlang.syntax.escaping import escape
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.diagnostics.diagnostic import Fix, Span

# Where only one of these stands behind a name, it is nothing else but an operator.
_COMPARED = {
    "eq": "==", "exact": "==", "iexact": "==", "ne": "!=", "neq": "!=", "not_eq": "!=", "gt": ">",
    "gte": ">=", "gteq": ">=", "ge": ">=", "lt": "<", "lte": "<=", "lteq": "<=", "le": "<=",
}  # fmt: skip
_PARTS = {
    "contains": "contains", "icontains": "contains", "cont": "contains", "i_cont": "contains",
    "startswith": "startswith", "istartswith": "startswith", "starts_with": "startswith",
    "endswith": "endswith", "iendswith": "endswith", "ends_with": "endswith",
}  # fmt: skip
"""Which of `text_parts` a word is; a `not_` before it negates it."""
# These are words of names too: `birth_year`, `opt_in` and `valid_from` are no comparisons.
_ALSO_OF_NAMES = {
    "is": "==", "not": "!=", "min": ">=", "from": ">=", "since": ">=", "max": "<=", "until": "<=",
    "to": "<=", "after": ">", "before": "<",
}  # fmt: skip
_PARTS_ALSO = {"start": "startswith", "end": "endswith"}
_EMPTY = {
    **dict.fromkeys(("isnull", "is_null", "null", "blank", "isempty", "empty"), "=="),
    **dict.fromkeys(("notnull", "not_null", "present", "exists"), "!="),
}
_LISTS = {"in": "==", "not_in": "!=", "nin": "!=", "notin": "!="}
_RANGES = frozenset({"range", "between"})
_PERIODS = frozenset({"date", "year"})
_NEGATED_PARTS = {f"not_{word}" for word in (*_PARTS, *_PARTS_ALSO)}
_SURE = (*_COMPARED, *_PARTS, *(f"not_{word}" for word in _PARTS), "isnull")
_ALL = (
    *_SURE, *_ALSO_OF_NAMES, *_PARTS_ALSO, *_NEGATED_PARTS, *_EMPTY, *_LISTS, *_RANGES, *_PERIODS,
)  # fmt: skip


@cache
def _held() -> re.Pattern[str]:
    """Match names that hold the operator: `score__gte`, `score[gt]`, `score.lt`, `score_min`."""
    return re.compile(
        rf"(?P<name>[^\W\d][\w.\-]*?)"
        rf"(?:__(?P<django>{any_of(_ALL)})|\[\$?(?P<bracket>{any_of(_ALL)})\]"
        rf"|[_.:](?P<sure>{any_of(_SURE)})|_(?P<maybe>{any_of(_ALL)}))",
        re.IGNORECASE,
    )


_KEYED = re.compile(r"(?:filters?|where|query|q|f)\[(?P<name>[^\[\]]++)\](?P<more>\[[^\[\]]++\])?+")
_LONGEST = 200
_LONGEST_TOGETHER = 500
"""So many characters a name with an operator has at most."""
_TRUE = {"": True, "true": True, "1": True, "false": False, "0": False}


@cache
def _in_value() -> re.Pattern[str]:
    """Match values that hold it: `gte.10`, `in:(a,b)`."""
    return re.compile(
        rf"(?P<word>{any_of((*_COMPARED, *_PARTS, *_LISTS))})[.:](?P<value>[^ :].*)",
        re.IGNORECASE | re.DOTALL,
    )


_WORD_BEFORE_VALUE = re.compile(
    r"(?P<word>gte?|lte?|ge|le|eq|neq?) ++(?P<value>-?[0-9][^ ]*+)", re.IGNORECASE
)


class OperatorInName(NamedTuple):
    """A name without the operator that it holds, the word for that, and what is certain of it.

    `is_sure` is whether the word is no part of a name in any language.
    """

    name: str
    word: str
    is_sure: bool


class HeldClauses(NamedTuple):
    """The clauses that a name and its value stand for, or those of which one is meant."""

    together: str
    each: Sequence[str]

    def said(self, text: str, place: Span) -> tuple[str, dict[str, str], list[Fix]] | None:
        """Return the case of the hint, what is filled in, and the fix; None without a clause."""
        filters = [self.together] if self.together else self.each
        return written_instead(text, place, filters, "in the name", "each")


def operator_in_name(name: str) -> OperatorInName | None:
    """Return the operator that a name ends with in other languages; None where there is none.

    Example:
        >>> operator_in_name("score__gte"), operator_in_name("opt_in").is_sure
        (OperatorInName(name='score', word='gte', is_sure=True), False)
        >>> operator_in_name("filter[score][gt]").name
        'score'
    """
    if len(name) > _LONGEST:
        return None
    keyed = _KEYED.fullmatch(name)
    if keyed is not None:
        inner = f"{keyed['name']}{keyed['more'] or ''}"
        return operator_in_name(inner) or (
            OperatorInName(inner, "eq", True) if is_plain_name(inner) else None
        )
    found = _held().fullmatch(name)
    if found is None:
        return None
    word = found["django"] or found["bracket"] or found["sure"] or found["maybe"]
    base = found["name"].rstrip("_").replace("__", ".")
    if not is_plain_name(base):
        return None
    return OperatorInName(base, word.lower(), found["maybe"] is None)


def held_clauses(held: OperatorInName, raw: str) -> HeldClauses | None:
    """Write what a name and its value stand for; None where that isn't certain.

    Example:
        >>> held_clauses(OperatorInName("score", "gte", True), "10").together
        'score>=10'
        >>> held_clauses(OperatorInName("role", "in", True), "a,b").each
        ['role==a', 'role==b']
    """
    name, word, _ = held
    if FORBIDDEN.search(raw) is not None or "\\" in raw:
        return None
    if word in _LISTS:
        values = items_of(raw) or [without_quotes(one.strip(" ")) for one in raw.split(",")]
        clauses = clauses_for_each(name, _LISTS[word], values)
        if len(clauses) > 1 and _LISTS[word] == "==":
            return HeldClauses("", clauses)
        return HeldClauses(";".join(clauses), ()) if clauses else None
    clause = _clause(name, word, without_quotes(raw))
    return None if clause is None else HeldClauses(clause, ())


def _clause(name: str, word: str, value: str) -> str | None:
    if word in _EMPTY:
        is_asked = _TRUE.get(value.lower())
        opposite = Operator(_EMPTY[word]).complement
        return None if is_asked is None else f"{name}{_EMPTY[word] if is_asked else opposite}"
    if word in _RANGES:
        ends = items_of(value) or value.split(",")
        are_two = len(ends) == len(("low", "high")) and all(map(is_plain_value, ends))
        return _range(name, *ends) if are_two else None
    if not is_plain_value(value):
        return None
    if word in _PERIODS:
        period = whole_period(value)
        return None if period is None else period.within(name)
    is_negated, part = word in _NEGATED_PARTS, word.removeprefix("not_")
    if (asks := _PARTS.get(part) or _PARTS_ALSO.get(part)) is not None:
        pattern = pattern_of(asks, value)
        return None if pattern is None else f"{name}{'!~' if is_negated else '~'}{pattern}"
    return f"{name}{_COMPARED.get(word) or _ALSO_OF_NAMES[word]}{escape(value)}"


def _range(name: str, low: str, high: str) -> str:
    return f"{name}>={low.strip(' ')};{name}{until(high.strip(' '))}"


def held_by_value(name: str, raw: str) -> HeldClauses | None:
    """Write what a value stands for that holds the operator, as `gte.10` and `in:(a,b)` do.

    Example:
        >>> held_by_value("score", "gt.10").together
        'score>10'
    """
    found = _in_value().fullmatch(raw) or _WORD_BEFORE_VALUE.fullmatch(raw)
    if found is None or not is_plain_name(name):
        return None
    return held_clauses(OperatorInName(name, found["word"].lower(), True), found["value"])


@cache
def _parted() -> re.Pattern[str]:
    """Match what signs part into a name, an operator and a value: `score:gt:10`."""
    words = (*_COMPARED, *_PARTS, *_LISTS)
    return re.compile(
        rf"(?P<name>[^\W\d][\w\-]*+(?:\.[\w\-]+)*?) *+(?P<sign>[:|,/.]{{1,2}}) *+\$?"
        rf"(?P<word>{any_of((*words, *_RANGES))}) *+"
        rf"(?:(?P=sign)|[:|]) *+(?P<value>[^ :|].*)"
        rf"|(?P<owner>[^\W\d][\w.\-]*+)\[\$?(?P<bracket>{any_of(words)})\]"
        r" *+:? *+(?P<rest>[^ :].*)",
        re.IGNORECASE | re.DOTALL,
    )


def held_between(written: str) -> HeldClauses | None:
    """Write what a name, an operator and a value stand for that signs part: `score:gt:10`.

    Example:
        >>> held_between("score|gt|10").together, held_between("role:in:a,b").each
        ('score>10', ['role==a', 'role==b'])
    """
    found = _parted().fullmatch(written) if len(written) <= _LONGEST_TOGETHER else None
    if found is None:
        return None
    name, word = found["name"] or found["owner"], found["word"] or found["bracket"]
    value = (found["value"] or found["rest"]).strip(" ")
    if not is_plain_name(name):
        return None
    return held_clauses(OperatorInName(name, word.lower(), True), value)


_MOST_FILTERS = 8
"""So many filters are written for several parameters."""
_ELEMENT = re.compile(r"(?P<name>[^\[\]]++)\[[0-9]{0,3}\]")


def of_parameters(written: str) -> HeldClauses | None:
    """Write the clauses of several parameters, as `a[gte]=1&b=2`; None where one isn't clear.

    Of a name that is there several times, as in `a[]=1&a[]=2`, each value is one that is meant.

    Example:
        >>> of_parameters("score[gte]=10&score[lt]=20&role=admin").together
        'score>=10;score<20;role==admin'
        >>> of_parameters("role[]=a&role[]=b&score[gte]=10").each
        ['role==a;score>=10', 'role==b;score>=10']
    """
    if len(written) > _LONGEST_TOGETHER or "=" not in written.partition("&")[2]:
        return None
    values, holds_one = dict[str, list[str]](), False
    for count, parameter in enumerate(written.split("&")):
        key, sign, raw = parameter.partition("=")
        element = _ELEMENT.fullmatch(key.strip(" "))
        name = key.strip(" ") if element is None else element["name"]
        held = operator_in_name(name)
        is_held = held is not None and held.is_sure
        holds_one = holds_one or is_held or element is not None
        held = held if held is not None and is_held else OperatorInName(name, "eq", True)
        said = held_clauses(held, raw.strip(" ")) if sign and is_plain_name(held.name) else None
        if said is None or not said.together:
            return None
        # Two ends of a range hold both.
        values.setdefault(f"{name} {count}" if is_held else name, []).append(said.together)
    count = prod(map(len, values.values()))
    repeated = [name for name, clauses in values.items() if len(clauses) > 1]
    if count > _MOST_FILTERS or not (holds_one or repeated):
        return None
    filters = [";".join(chosen) for chosen in product(*values.values())]
    return HeldClauses("", filters) if repeated else HeldClauses(filters[0], ())


_OF_EQUALS = {"gt": (">", ">="), "lt": ("<", "<="), "greater": (">=",), "less": ("<=",)}
"""With an `=` behind it, `gt` is the word of RSQL or means `>=`."""


def word_with_equals(name: str, word: str, raw: str) -> Sequence[str] | None:
    """Write the clauses that a word with a `=` behind it may mean; None where it is no such word.

    Example:
        >>> word_with_equals("score", "gt", "10"), word_with_equals("role", "not", "admin")
        (['score>10', 'score>=10'], ['role!=admin'])
    """
    word, value = word.lower(), without_quotes(raw.strip(" "))
    if word not in _BEFORE_EQUALS or not is_plain_name(name):
        return None
    if not is_plain_value(value):
        return []
    if word in _OF_EQUALS:
        return [f"{name}{sign}{value}" for sign in _OF_EQUALS[word]]
    clause = _clause(name, word, value)
    return [] if clause is None else [clause]


_BEFORE_EQUALS = frozenset({*_COMPARED, *_PARTS, *_OF_EQUALS, "is", "not"})
