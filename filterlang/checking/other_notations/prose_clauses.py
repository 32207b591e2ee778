"""Sentences about a name that no word for an operator is in, or two are, and what they ask.

`lastSeenDate after 2024-01-01 and before 2024-02-01`, `score from 5 to 10`, `has email`. Every
regular expression takes time linear in the clause.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.clause_text import write
from filterlang.checking.closed_tables import first_words
from filterlang.checking.lexis import DAY, FORBIDDEN
from filterlang.checking.meant_values.date_mistakes import whole_period
from filterlang.checking.other_notations.filters_instead import around
from filterlang.checking.other_notations.other_languages import (
    clauses_for_each,
    is_plain_name,
    is_plain_value,
    without_quotes,
)
from filterlang.checking.other_notations.word_operators import meant_by_words, operator_phrase
from filterlang.checking.other_notations.word_values import between
from filterlang.diagnostics.diagnostic import MAX_VALUE_LENGTH, Span, quoted
from filterlang.diagnostics.places import several
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from filterlang.checking.clause_text import ClauseText
    from filterlang.diagnostics.diagnostic import Diagnostic, Fix

_LONGEST = 300
_NAME = r"(?P<name>[^\W\d][\w.\-]*+)"
_BE = "(?: ++(?:is|are|was|were|be|been))?"


class Prose(NamedTuple):
    """The words that stand for an operator, and the filters that are meant, of which one matches.

    `case` is the hint for a single filter.
    """

    words: str
    filters: Sequence[str]
    case: str = "clause"


def prose(clause: ClauseText) -> list[Diagnostic]:
    """Report what a sentence asks of a name, by the first kind of sentence that it is (FL119)."""
    written = clause.written
    if len(written) > _LONGEST or FORBIDDEN.search(written) is not None:
        return []
    said = next(filter(None, (read(written) for read in _KINDS)), None)
    if said is None or any(read_filter(one) is None for one in said.filters):
        return []
    case, values, fixes = _shown(clause, said)
    if case is None:
        return []
    start = clause.text.index(said.words, clause.start)
    end, found = start + len(said.words), quoted(said.words)
    return [
        clause.tell("FL119", start, end, fixes=fixes, case=case, meant="==", found=found, **values)
    ]


def _shown(clause: ClauseText, said: Prose) -> tuple[str | None, dict[str, str], list[Fix]]:
    """Return the case of the hint, what is filled in, and the fixes; no case without a filter."""
    written = [quoted(one, MAX_VALUE_LENGTH) for one in said.filters]
    fixes = [write(clause.start, clause.stop, one) for one in said.filters]
    if said.case == "either":
        return "either", {"clause": written[0], "other": written[1]}, fixes
    if len(written) == 1:
        case = said.case
        if ";" in said.filters[0]:
            case = "each clause" if case == "each" else "two clauses"
        return case, {"clause": written[0], "clauses": written[0]}, fixes
    filters = around(clause.text, clause.span, said.filters)
    case = "each" if said.case == "each" else "program filters"
    return case if filters else None, {"filters": several(filters)}, []


# --- Whether there is a value ---------------------------------------------------------------------

_HAS = re.compile(
    r"(?:(?:that|which|who) ++)?(?P<words>(?P<none>(?:(?:has|have|with|mit) ++)?"
    r"(?:no|without|missing|lacks|lacking|ohne|keine?)|(?:does|do)(?: ++not|n['\u2019]t) ++have)"
    rf"|has|have|with|mit)(?: ++(?:an?|any|eine?))? ++{_NAME}",
    re.IGNORECASE,
)
_NEVER = re.compile(rf"{_NAME} ++(?P<words>(?:(?:is|was|are|were) ++)?never)", re.IGNORECASE)


def _emptiness(written: str) -> Prose | None:
    found = _HAS.fullmatch(written)
    if found is not None and is_plain_name(found["name"]):
        operator = "==" if found["none"] else "!="
        return Prose(found["words"], [f"{found['name']}{operator}"], "empty clause")
    never = _NEVER.fullmatch(written)
    if never is None or not is_plain_name(never["name"]):
        return None
    return Prose(never["words"], [f"{never['name']}=="], "empty clause")


# --- Ranges and days ------------------------------------------------------------------------------

_END = rf"(?:{DAY}|-?[0-9]++(?:\.[0-9]++)?)"
_RANGE = re.compile(
    rf"{_NAME}(?P<words>{_BE}(?: ++in)?(?: ++the)?(?: ++range)?(?: ++(?:from|of|von))?)"
    rf" ++(?P<low>{_END})(?P<to> *+[\u2013\u2014] *+| ++(?:to|till?|until|through|thru|bis|-) ++)"
    rf"(?P<high>{_END})(?: ++inclusive)?",
    re.IGNORECASE,
)
_ON = re.compile(
    rf"{_NAME}{_BE} ++(?P<words>(?:(?P<not>not) ++)?(?:on|during|within|in|am)) ++"
    r"(?P<time>[0-9][0-9\-]++)",
    re.IGNORECASE,
)


def _range(written: str) -> Prose | None:
    found = _RANGE.fullmatch(written)
    if found is None or not is_plain_name(found["name"]):
        return None
    said = between(found["name"], f"{found['low']} and {found['high']}")
    if said.clause is None:
        return None
    return Prose(found["words"].strip(" ") or found["to"].strip(" "), [said.clause])


def _day(written: str) -> Prose | None:
    found = _ON.fullmatch(written)
    if found is None or not is_plain_name(found["name"]):
        return None
    name, time, is_day = found["name"], found["time"], re.fullmatch(DAY, found["time"]) is not None
    if found["words"].lower() not in {"on", "am", "not on", "not am"} and is_day:
        return None
    period = whole_period(time)
    if period is None:
        return None
    if found["not"]:
        return Prose(found["words"], period.outside(name))
    clauses = period.within(name)
    if time.isdigit() and found["words"].lower() == "in":
        return Prose(found["words"], [clauses, f"{name}=={time}"], "either")
    return Prose(found["words"], [clauses])


# --- Several values, and several words for operators ----------------------------------------------

_EITHER = re.compile(
    rf"{_NAME} ++(?P<words>(?:(?:is|are|was|were|equals) ++)?(?P<which>either|neither)(?: ++of)?)"
    r" ++(?P<values>[^ ].*)",
    re.IGNORECASE,
)
_OR_NOR = re.compile(r"(?<! ) ++(?:or|nor|oder|noch) ++|, *+(?:(?:or|nor) ++)?", re.IGNORECASE)


def _either(written: str) -> Prose | None:
    found = _EITHER.fullmatch(written)
    if found is None:
        return None
    values = [without_quotes(one.strip(" ")) for one in _OR_NOR.split(found["values"])]
    is_either = found["which"].lower() == "either"
    clauses = clauses_for_each(found["name"], "==" if is_either else "!=", values)
    if len(clauses) < len(("one", "the other")) or any(" " in one for one in values):
        return None
    return Prose(found["words"], clauses if is_either else [";".join(clauses)], "each")


@cache
def _twice() -> re.Pattern[str]:
    phrase = operator_phrase("")
    return re.compile(
        rf"{_NAME} ++(?P<words>{phrase}) ++(?P<first>[^ ]++) ++(?P<join>and|but|or)"
        rf"(?: ++(?P=name))? ++(?P<again>{phrase}) ++(?P<second>[^ ]++)",
        re.IGNORECASE,
    )


_JOINS = (" and ", " but ", " or ")


def _two_words(written: str) -> Prose | None:
    lowered = written.lower()
    if not any(join in lowered for join in _JOINS):
        return None
    found = _twice().fullmatch(written)
    if found is None or not is_plain_name(found["name"]):
        return None
    if not all(map(is_plain_value, (found["first"], found["second"]))):
        return None
    if found["first"].lower() in first_words() | {"on"}:
        return None  # `on or after` is one of them.
    sides = [
        f"{found['name']} {found['words']} {found['first']}",
        f"{found['name']} {found['again']} {found['second']}",
    ]
    clauses = [meant_by_words(side, Span(0, len(side))) for side in sides]
    known = [one for one in clauses if one]
    if len(known) < len(sides):
        return None
    is_or = found["join"].lower() == "or"
    return Prose(found["words"], known if is_or else [";".join(known)])


_KINDS: tuple[Callable[[str], Prose | None], ...] = (
    _emptiness,
    _range,
    _day,
    _either,
    _two_words,
)
