"""Conditions of programs, `x => x.score > 10 && x.role === 'a'`, and the filters that say the same.

Functions and methods, lambdas, frames, `Q(…)` and calls with names for arguments are read, and what
joins and negates them. What isn't understood as a whole stands for nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.lexis import FORBIDDEN, OPERATOR_START
from filterlang.checking.other_notations.bracketed_text import last_pair, parted
from filterlang.checking.other_notations.filters_instead import written_instead
from filterlang.checking.other_notations.operator_in_name import (
    OperatorInName,
    held_clauses,
    operator_in_name,
)
from filterlang.checking.other_notations.other_languages import is_plain_name
from filterlang.checking.other_notations.program_terms import Term, both, opposites, term
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.checking.other_notations.program_terms import Alternatives
    from filterlang.diagnostics.diagnostic import Fix, Span

SIGNS = re.compile(r"[(\[%]|-\Z|lambda ", re.IGNORECASE)
"""One of them is in each condition that is read here; most names of clauses have none."""
_LONGEST = 500
_DEEPEST = 8
_LAMBDA = re.compile(
    r"(?:lambda ++(?P<python>[^\W\d]\w*+) *+:|\( *+(?P<round>[^\W\d]\w*+) *+\) *+[=\-]>"
    r"|(?P<arrow>[^\W\d]\w*+) *+[=\-]>|\|(?P<bars>[^\W\d]\w*+)\|) *+",
    re.IGNORECASE,
)
_FRAME = re.compile(r"[^\W\d]\w*+(?:\.loc)?")
_OF_KEYWORDS = frozenset({"q", "filter", "filterby", "where", "get", "find", "exclude"})
_KEYWORD = re.compile(r"(?P<name>[^\W\d]\w*+) *+=(?!=) *+(?P<value>[^ ].*)", re.DOTALL)
_COMMA = re.compile(",")
_OR = re.compile(r" *+\|\|?+ *+| ++or(?: ++|(?=\())", re.IGNORECASE)
_AND = re.compile(r" *+&&?+ *+| ++and(?: ++|(?=\())", re.IGNORECASE)
_NOT = re.compile(r"(?:not(?: ++|(?=\())|[!~](?!=)) *+", re.IGNORECASE)


class Program(NamedTuple):
    """The filters that a condition stands for, and the words of it that are no part of a filter."""

    filters: Sequence[str]
    word: str

    def said(self, text: str, place: Span) -> tuple[str, dict[str, str], list[Fix]] | None:
        """Return the case of the hint, what is filled in, and the fix; None without a filter."""
        return written_instead(text, place, self.filters, "program", "program filters")


def of_program(written: str) -> Program | None:
    """Read a condition; None where it isn't understood, or is one of words and signs alone.

    Example:
        >>> of_program("startswith(title,'eng') and score gt 10").filters
        ['title~eng*;score>10']
        >>> of_program("Q(score__gte=10) | Q(role='admin')").filters
        ['score>=10', 'role==admin']
        >>> of_program("score > 10") is None
        True
    """
    if len(written) > _LONGEST or FORBIDDEN.search(written) or "\\" in written:
        return None
    reader = _Reader(written)
    alternatives = reader.condition(written.rstrip("; "), "", 0)
    if alternatives is None or not reader.word:
        return None
    filters = [";".join(one.clause for one in dict.fromkeys(terms)) for terms in alternatives]
    filters = list(dict.fromkeys(filters))
    if any(read_filter(one) is None for one in filters):
        return None
    return Program(filters, reader.word)


class _Reader:
    """Reads a condition, and keeps the first word of it that is part of no filter."""

    def __init__(self, written: str) -> None:
        self.word = ""
        self._is_of_words = OPERATOR_START.search(written) is None

    def condition(self, written: str, variable: str, depth: int) -> Alternatives | None:
        """Read what is joined, negated, or in parentheses."""
        written = written.strip(" ")
        if depth > _DEEPEST or not written:
            return None
        function = None if variable else _LAMBDA.match(written)
        if function is not None:
            self._found(function)
            name = next(filter(None, function.groups()))
            return self.condition(written[function.end() :], name, depth + 1)
        frame = None if variable else last_pair(written, "[")
        if frame is not None and _FRAME.fullmatch(frame[0]) is not None:
            self._found(_FRAME.match(written))
            name = frame[0].removesuffix(".loc")
            return self.condition(frame[1], name, depth + 1)
        sides = parted(written, _OR.match)
        if len(sides) > 1:
            return self._each(sides, variable, depth)
        sides = parted(written, _AND.match)
        if len(sides) > 1:
            return self._together(sides, variable, depth)
        negation = _NOT.match(written)
        if negation is not None:
            inner = self.condition(written[negation.end() :], variable, depth + 1)
            if depth > 0 and self._is_of_words:
                self._found(_UP_TO_BRACKET.match(negation[0]))
            return None if inner is None else opposites(inner)
        pair = last_pair(written)
        if pair is not None and (found := self._of_pair(*pair, variable, depth)) is not None:
            return found
        found_term = term(written, variable)
        if found_term is None:
            return None
        alternatives, is_program = found_term
        if is_program or (depth > 0 and _LIST_BEHIND.search(written) is not None):
            self._found(_WORD_OF_CALL.search(written))
        return alternatives

    def _found(self, word: re.Match[str] | None) -> None:
        self.word = self.word or (word[0].strip(" ") if word else "(")

    def _each(self, sides: Sequence[str], variable: str, depth: int) -> Alternatives | None:
        each = [self.condition(side, variable, depth + 1) for side in sides]
        found = [terms for one in each if one is not None for terms in one]
        return None if None in each else found

    def _together(self, sides: Sequence[str], variable: str, depth: int) -> Alternatives | None:
        found: Alternatives | None = [[]]
        for side in sides:
            one = self.condition(side, variable, depth + 1)
            found = None if found is None or one is None else both(found, one)
        return found

    def _of_pair(self, head: str, inside: str, variable: str, depth: int) -> Alternatives | None:
        """Read parentheses around a condition, and calls whose arguments are conditions."""
        function = head.rpartition(".")[2].replace("_", "").lower()
        if not head:
            return self.condition(inside, variable, depth + 1)
        if head.lower() in {"and", "or"}:
            self._found(_UP_TO_BRACKET.match(f"{head}("))
            sides = parted(inside, _COMMA.match)
            join = self._each if head.lower() == "or" else self._together
            return join(sides, variable, depth)
        if function not in _OF_KEYWORDS or not _RECEIVER.fullmatch(head):
            return None
        arguments = parted(inside, _COMMA.match)
        found = _of_keywords(arguments) if _KEYWORD.match(arguments[0]) else None
        if found is None and len(arguments) == 1 and _LAMBDA.match(inside):
            found = self.condition(inside, "", depth + 1)
        if found is None:
            return None
        self._found(_UP_TO_BRACKET.match(f"{head}("))
        return opposites(found) if function == "exclude" else found


_LIST_BEHIND = re.compile(r"\w\(| (?:not ++)?in *+[\[(]", re.IGNORECASE)
_UP_TO_BRACKET = re.compile(r"[^\[(]*+")
_WORD_OF_CALL = re.compile(
    r"(?<= )(?:not ++)?in(?= *+[\[(])|\bis\.\w++(?=\()|(?<![\w%\-])[\w%\-]++(?= *+\()|%in%"
    r"|(?<!\w)\w++(?=\[)"
)
_RECEIVER = re.compile(r"[\w.]++")


def _of_keywords(arguments: Sequence[str]) -> Alternatives | None:
    """Read arguments with names, which hold the operator too: `score__gte=10, role='admin'`."""
    found: Alternatives | None = [[]]
    for argument in arguments:
        keyword = _KEYWORD.fullmatch(argument)
        if keyword is None or _variables(keyword["value"]):
            return None
        name, value = keyword["name"], keyword["value"].strip(" ")
        held = operator_in_name(name)
        if held is None or not (held.is_sure or "__" in name):
            held = OperatorInName(name.replace("__", "."), "eq", True)
        said = held_clauses(held, value) if is_plain_name(held.name) else None
        if said is None:
            return None
        one = _read(said.together.split(";") if said.together else [], said.each)
        found = None if found is None or not one else both(found, one)
    return found


_QUOTED = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_NAME_OF_VALUE = re.compile(r"(?<![\w.\-])[^\W\d]\w*+")


def _variables(value: str) -> bool:
    """Return whether a value holds names, which stand for something else."""
    names = _NAME_OF_VALUE.findall(_QUOTED.sub("", value))
    return any(one.lower() not in {"true", "false", "none", "null"} for one in names)


def _read(together: Sequence[str], each: Sequence[str]) -> Alternatives:
    """Read clauses again as what they ask."""
    terms = [Term.of(one) for one in together]
    return [terms] if terms else [[Term.of(one)] for one in each]
