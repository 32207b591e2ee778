"""Wildcards where none count, none where they do, and those of other languages."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from filterlang.checking.closed_tables import one_of, wildcard_look_alikes
from filterlang.checking.doubts.value_mistakes import is_encoded
from filterlang.checking.other_notations.other_languages import is_in_slashes
from filterlang.checking.other_notations.text_patterns import DOMAIN
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.syntax.escaping import ESCAPABLE
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_UNIT = re.compile(r"\\.|[*?]", re.DOTALL)
_SPACED_STAR = re.compile(r"(?<= )\*(?= )")
# A run of stars is one wildcard, and `*.*` is what file names have.
_REGEX = re.compile(r"\A\^|(?<![*\\])\.[*+]|(?<!\\)\$\Z|\[[^\[\]]+\]|\([^()|]*\|[^()]*\)")
# Hosts and addresses, `www.*`, `10.*` and `mail.example.*`.
_DOTTED = re.compile(
    r"(?:https?://)?(?:www|[0-9]{1,3}|[\w\-]++\.[\w\-]++)(?:\.[\w\-]++)*+\.\*[\w./\-]*+"
)
# Who escapes a wildcard knows of them.
_WILDCARD = re.compile(r"[*?]")
_UNKNOWN_ESCAPE = re.compile(rf"(?:\\[{re.escape(ESCAPABLE)}]|[^\\])*+\\", re.DOTALL)
# Such a pattern asks for the text that a number, a boolean or a date has.
_TEXT_OF_VALUE = re.compile(r"true|false|-?[0-9][0-9.:etz+\-]*+")


_WITHIN_PERCENTS = re.compile(r"%(?! *+%)(?P<part>[^%*?\\]++)%")


@cache
def _other_wildcard() -> re.Pattern[str]:
    return re.compile(one_of(wildcard_look_alikes()))


def plain_wildcard(clause: Suspect) -> Iterator[Diagnostic]:
    """Report a wildcard where it is plain text (FL405)."""
    if not clause.operator.allows_empty:
        return
    is_equality = clause.operator is Operator.EQ
    operator = clause.parts.operator_span
    if clause.raw == "*":
        opposite = "!=" if is_equality else "=="
        yield clause.tell(
            "FL405",
            clause.expression,
            [(Span(operator.start, clause.expression.end), opposite)],
            "any" if is_equality else "none",
            found="'*'",
            operator=clause.operator,
            meant=opposite,
        )
        return
    meant = "~" if is_equality else "!~"
    if (part := _WITHIN_PERCENTS.fullmatch(clause.raw)) is not None:
        pattern = f"{meant}*{part['part']}*"
        whole = Span(operator.start, clause.expression.end)
        told = {"found": "'%'", "operator": clause.operator, "meant": pattern}
        yield clause.tell("FL405", clause.place(0, 1), [(whole, pattern)], "percent", **told)
        return
    if is_in_slashes(clause.raw):
        if (star := clause.raw.find("*")) > 0:
            told = {"found": "'*'", "operator": clause.operator}
            place = clause.place(star, star + 1)
            yield clause.tell("FL405", place, None, "regular expression", **told)
        return
    # A question and the address of a page have a `?` of their own.
    is_prose = " " in clause.raw or "/" in clause.raw
    for unit in _UNIT.finditer(clause.raw):
        if (unit[0] == "?" and not is_prose) or (
            unit[0] == "*" and not _SPACED_STAR.match(clause.raw, unit.start())
        ):
            yield clause.tell(
                "FL405",
                clause.place(*unit.span()),
                [(operator, meant)],
                found=quoted(unit[0]),
                operator=clause.operator,
                meant=meant,
            )
            return


def _is_pattern(clause: Suspect) -> bool:
    """Return whether an expression is a pattern that can be read, so that its wildcards count."""
    return clause.operator.matches_pattern and _UNKNOWN_ESCAPE.match(clause.raw) is None


def regular_expression(clause: Suspect) -> Iterator[Diagnostic]:
    """Report what makes a pattern a regular expression (FL407)."""
    if not _is_pattern(clause):
        return
    found = _REGEX.search(clause.raw)
    # `www.*` and `10.*` are hosts and addresses.
    if found is None or (found[0] == ".*" and _DOTTED.fullmatch(clause.raw)):
        return
    meant = clause.raw.replace(".*", "*").replace(".+", "?*")
    if meant.startswith("^"):
        meant = meant[1:] + ("" if meant.endswith("$") else "*")
    meant = meant.removesuffix("$").replace("**", "*")
    mended = meant and _REGEX.search(meant) is None
    edits = [(clause.expression, meant)] if mended else None
    yield clause.tell("FL407", clause.place(*found.span()), edits, found=quoted(found[0]))


def _lacks_wildcard(clause: Suspect) -> bool:
    return (
        _is_pattern(clause)
        and _WILDCARD.search(clause.raw) is None
        and _TEXT_OF_VALUE.fullmatch(clause.raw.lower()) is None
    )


def other_wildcard(clause: Suspect) -> Iterator[Diagnostic]:
    """Report another language's wildcard in a pattern that has none (FL406)."""
    if not _lacks_wildcard(clause):
        return
    found = _other_wildcard().search(clause.raw)
    if found is None or is_encoded(clause.raw):
        return
    written, mended = found[0], clause.raw
    for character, meant in wildcard_look_alikes().items():
        if character != "_" or written == "_" or "%" in clause.raw:
            mended = mended.replace(character, meant)
    yield clause.tell(
        "FL406",
        clause.place(*found.span()),
        [(clause.expression, mended)],
        found=quoted(written),
        meant=wildcard_look_alikes()[written],
    )


_ENDING = re.compile(r"(?:\.[A-Za-z]{2,10}){1,3}")
"""What addresses and files end with, such as `.co.uk` and `.pdf`."""


def no_wildcard(clause: Suspect) -> Iterator[Diagnostic]:
    """Report a pattern that has no wildcard, and a domain that needs one (FL415)."""
    if clause.operator.allows_empty and DOMAIN.fullmatch(clause.raw) is not None:
        is_equality = clause.operator is Operator.EQ
        pattern = f"{'~' if is_equality else '!~'}*{clause.raw}"
        whole = Span(clause.parts.operator_span.start, clause.expression.end)
        yield clause.tell(
            "FL415",
            clause.expression,
            [(whole, pattern)],
            "domain" if is_equality else "no domain",
            operator=clause.operator,
            contains=quoted(pattern),
        )
    if not _lacks_wildcard(clause):
        return
    is_like = clause.operator is Operator.LIKE
    if DOMAIN.fullmatch(clause.raw) is not None or _ENDING.fullmatch(clause.raw) is not None:
        pattern = f"*{clause.raw}"
        yield clause.tell(
            "FL415",
            clause.expression,
            [(clause.expression, pattern)],
            "domain" if is_like else "no domain",
            operator=clause.operator,
            contains=quoted(f"{clause.operator}{pattern}"),
        )
        return
    contains = f"*{clause.raw}*"
    equality = "==" if is_like else "!="
    yield clause.tell(
        "FL415",
        clause.expression,
        [(clause.expression, contains)],
        operator=clause.operator,
        contains=quoted(f"{clause.operator}{contains}"),
        equality=quoted(f"{equality}{clause.raw}"),
    )
