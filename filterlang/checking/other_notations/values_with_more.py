"""Expressions that hold more than the value: addresses with names, `+` for spaces, words (FL426).

Every regular expression takes time linear in the expression.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.other_notations.join_mistakes import is_simple
from filterlang.checking.other_notations.word_operators import meant_by_words
from filterlang.diagnostics.diagnostic import MAX_VALUE_LENGTH, Span, quoted
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_ADDRESS = r"[\w.+%\-]++@[\w\-]++(?:\.[\w\-]++)++"
_WITH_NAME = re.compile(
    rf"(?P<before>[^<>@]*+<)(?P<value>{_ADDRESS})>"
    rf"|(?P<scheme>mailto:)(?P<address>{_ADDRESS})"
    r"|(?P<call>tel:)(?P<number>\+?[0-9][0-9 ()/.\-]*+)",
    re.IGNORECASE,
)
_PLUSES = re.compile(r"[^\W\d_]{2,}+(?:\+[^\W\d_]{2,}+)++")
_IN_WORDS = re.compile(
    r"(?:not ++)?+(?:contains?|includes?|(?:starts?|begins?|ends?) ?with"
    r"|(?:greater|less|more|higher|lower) than|at (?:least|most)"
    r"|does(?: not|n['\u2019]t) (?:contain|include|start with|end with)) ++(?=[^ ])",
    re.IGNORECASE,
)
"""Words for an operator that hardly begin a value."""


def more_than_value(clause: Suspect) -> Iterator[Diagnostic]:
    """Report what an expression holds beside the value that is meant (FL426)."""
    if clause.operator not in {Operator.EQ, Operator.NE}:
        return
    raw = clause.raw
    operator = f"{clause.name}{clause.operator}"
    if (address := _WITH_NAME.fullmatch(raw)) is not None:
        value = address["value"] or address["address"] or address["number"]
        end = address.start("value") if address["value"] else raw.index(":") + 1
        told = {"found": quoted(raw[:end]), "clause": quoted(operator + value, MAX_VALUE_LENGTH)}
        yield clause.tell("FL426", clause.place(0, end), [(clause.expression, value)], **told)
    elif _PLUSES.fullmatch(raw) is not None:
        place, value = raw.index("+"), raw.replace("+", " ")
        told = {"found": "'+'", "clause": quoted(operator + value, MAX_VALUE_LENGTH)}
        edits = [(clause.expression, value)]
        yield clause.tell("FL426", clause.place(place, place + 1), edits, "plus", **told)
    elif (words := words_for_operator(clause.name, raw)) is not None:
        yield _in_words(clause, words)


class WordsForOperator(NamedTuple):
    """Words for an operator that a value starts with, and the clause that they mean, if known."""

    written: str
    meant: str | None


def words_for_operator(name: str, raw: str) -> WordsForOperator | None:
    """Read the words for an operator at the start of a value; None where there are none.

    Example:
        >>> words_for_operator("title", "not contains eng")
        WordsForOperator(written='not contains', meant='title!~*eng*')
    """
    words = _IN_WORDS.match(raw)
    if words is None:
        return None
    sentence = f"{name} {raw}" if len(raw) < _LONGEST else ""
    meant = meant_by_words(sentence, Span(0, len(sentence)))
    is_known = meant is not None and is_simple(meant)
    return WordsForOperator(words[0].rstrip(" "), meant if is_known else None)


_LONGEST = 500
"""Of so many characters it is said what they mean."""


def _in_words(clause: Suspect, words: WordsForOperator) -> Diagnostic:
    """Report words for an operator behind one of signs, as in `title==not contains eng`."""
    place, found = clause.place(0, len(words.written)), quoted(words.written)
    if words.meant is None or clause.operator is Operator.NE:
        return clause.tell("FL426", place, None, "no words", found=found)
    told = {"found": found, "clause": quoted(words.meant, MAX_VALUE_LENGTH)}
    return clause.tell("FL426", place, [(clause.whole, words.meant)], "words", **told)
