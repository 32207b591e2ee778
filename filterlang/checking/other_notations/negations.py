"""What negates a clause in other languages: the clause that says the opposite, or two filters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.lexis import NEGATION_SIGNS
from filterlang.checking.other_notations.joined_values import takes_kinds
from filterlang.checking.other_notations.other_languages import (
    is_negated,
    is_plain_name,
    is_plain_value,
)
from filterlang.diagnostics.diagnostic import Edit, Span, apply_edits, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from filterlang.syntax.operators import Operator

NEGATION = rf"not(?= *+\(| ++[^ ])|[{NEGATION_SIGNS}](?= *+(?:[^\W\d]|\())"
"""What stands before a clause that is to be negated elsewhere; a `!` is an operator here."""
_NEGATED_VALUE = re.compile(
    rf"(?:(?:not|nicht) ++|non-|! *+|<> *+|[{NEGATION_SIGNS}](?=[^\W\d]))(?P<value>[^ ].*)",
    re.IGNORECASE | re.DOTALL,
)
_JOINED = re.compile(r"\b(?:and|or)\b|[&|]", re.IGNORECASE)


def negated_value(raw: str) -> str | None:
    """Return the value that a word or sign before it negates; None where none does.

    A word for what isn't may be a value as a whole: `not started`, `non-profit`.

    Example:
        >>> negated_value("not LEAD"), negated_value("-LEAD"), negated_value("-5") is None
        ('LEAD', 'LEAD', True)
    """
    found = _NEGATED_VALUE.fullmatch(raw)
    return None if found is None else found["value"]


_NOT_A_KIND = re.compile(r"not ++(?P<value>[^ ]++)", re.IGNORECASE)
# `not started` and `not available` are values of their own.
_STATE = re.compile(r".*(?:ed|en|able|ible)|found|known|none|ready|set|sure|yet", re.IGNORECASE)


def negated_kind(name: str, raw: str) -> str | None:
    """Return the word behind a `not`, where a name has one word of a few for its value.

    Example:
        >>> negated_kind("type", "not LEAD"), negated_kind("status", "not started") is None
        ('LEAD', True)
    """
    found = _NOT_A_KIND.fullmatch(raw) if takes_kinds(name) else None
    if found is None or _STATE.fullmatch(found["value"]) is not None:
        return None
    return found["value"]


def complement_edits(
    text: str, clause: Span, negation: Span, operator: Span, complement: str | None
) -> list[Edit] | None:
    """Write the opposite of a negated clause; None where no one clause says it.

    The negation goes, and the parentheses around the clause with it. What negates several clauses,
    or an order, needs more than one filter to be said.
    """
    before, after = text[negation.end : operator.start], text[operator.end : clause.end].rstrip(" ")
    if complement is None or is_negated(before.strip(" ")):
        return None
    edits = [Edit(negation, ""), Edit(operator, complement)]
    opening = before.count("(") + before.count("[")
    if not opening:
        return edits
    opened = negation.end + before.find("(")
    closed = operator.end + len(after) - 1
    is_one = (
        before.lstrip(" ").startswith("(")
        and opening == 1
        and after.endswith(")")
        and len(after.strip(" ")) > len(")")
        and "(" not in after
        and after.count(")") == 1
        and _JOINED.search(after) is None
    )
    if not is_one:
        return None
    start = len(before[opened + 1 - negation.end :]) - len(
        before[opened + 1 - negation.end :].lstrip(" ")
    )
    edits[0] = Edit(Span(negation.start, opened + 1 + start), "")
    return [*edits, Edit(Span(closed, closed + 1), "")]


def complement_hint(
    text: str, clause: Span, edits: list[Edit] | None, operator: Operator
) -> tuple[str, dict[str, str]]:
    """Return the case of the hint about a negation, and what is filled into it."""
    if operator.orders:
        return "not order", {}
    if edits is None:
        return "not", {}
    written = apply_edits(text[: clause.end], edits)[clause.start :]
    return "complement", {"complement": quoted(written.strip(" "))}


def case_of(filters: Sequence[str]) -> str:
    """Return the case of the hint that shows the filters which say the opposite together.

    Example:
        >>> case_of(["a<1", "a=="]), case_of(["a!=1", "b<=2", "b=="])
        ('two filters', 'several filters')
    """
    is_pair = len(filters) == len(("one", "the other"))
    return "two filters" if is_pair else "several filters"


def two_filters(name: str, operator: Operator, raw: str) -> tuple[str, str] | None:
    """Write the two filters that say the opposite of an order, such as `not(score>10)`.

    A missing value is neither less nor more, so that the second one has to ask for it.

    Example:
        >>> from filterlang.syntax.operators import Operator
        >>> two_filters("(score", Operator.GT, "10)")
        ('score<=10', 'score==')
    """
    name, value = name.strip(" "), raw.strip(" ")
    if name.startswith("(") and value.endswith(")"):
        name, value = name[1:].strip(" "), value[:-1].rstrip(" ")
    is_one = is_plain_name(name) and is_plain_value(value) and "=" not in value
    if not operator.orders or not is_one:
        return None
    return f"{name}{operator.reverse}{value}", f"{name}=="
