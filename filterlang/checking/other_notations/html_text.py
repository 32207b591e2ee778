"""Text that was written into a page: `score&gt;=10` and `name==R&amp;D`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.lexis import FORBIDDEN, OPERATOR, OPERATOR_START
from filterlang.checking.mends import is_safe
from filterlang.checking.other_notations.other_languages import is_plain_name, is_plain_value
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.syntax.escaping import escape
from filterlang.syntax.split import split_clauses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from filterlang.checking.suspect import Suspect
    from filterlang.diagnostics.diagnostic import Diagnostic

_WRITTEN = "(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{2,5}|#[xX][0-9A-Fa-f]{2,4})"
_ENTITY = re.compile(rf"&{_WRITTEN}\Z")
_AGAIN = re.compile(rf"(?:amp;(?={_WRITTEN};)){{0,8}}+{_WRITTEN};")
"""What follows `&amp;` in a text that was written into a page, and that page into another one."""
_COMPARISONS = {"<", ">"}


class Entity(NamedTuple):
    """What is said of an entity, and the end of the clause that holds it."""

    told: Diagnostic
    end: int


def is_end(text: str, place: int) -> bool:
    """Return whether a separator stands at a place, and nothing behind it."""
    return text[place : place + 1] == ";" and not text[place + 1 :].strip(" ")


def html_at_end(clause: Suspect) -> Iterator[Diagnostic]:
    """Report the entity of HTML at the end of a text, whose `;` isn't missed (FL425)."""
    found = _ENTITY.search(clause.raw, max(0, len(clause.raw) - _LONGEST))
    if found is None or not is_end(clause.text, clause.expression.end):
        return
    from html import unescape

    end = clause.expression.end + 1
    place = Span(clause.expression.start + found.start(), end)
    entity = clause.text[place.start : end]
    meant = unescape(entity).replace("\u00a0", " ")
    if FORBIDDEN.search(meant) is None:
        told = {"found": quoted(entity), "meant": quoted(meant)}
        # Spaces at the end of a value don't count.
        yield clause.tell("FL425", place, [(place, escape(meant.strip(" ")))], **told)


def html(text: str, clause: Span, following: Span, source_index: int) -> Entity | None:
    """Say FL120: the `;` between two clauses ends an entity, and what follows is no clause alone.

    Both are one clause then, and nothing else is said of it.
    """
    written = text[clause.start : clause.end]
    found = _ENTITY.search(written, max(0, len(written) - _LONGEST))
    if found is None:
        return None
    if is_end(text, clause.end) and OPERATOR.search(written) is not None:
        return None  # The one separator at the end is accepted, so that it is a filter.
    again = None
    if found[0] == "&amp" and (again := _AGAIN.match(text, clause.end + 1)) is not None:
        following = next(split_clauses(text, again.end()))
    end = following.start if again is None else again.end()
    rest = text[following.start : following.end]
    # Only texts that came out of a page need this table, and it takes time to import.
    from html import unescape

    before = written[: found.start()]
    place = Span(clause.start + found.start(), end)
    entity = text[place.start : place.end]
    meant = unescape(entity)
    while again is not None and unescape(meant) != meant:
        meant = unescape(meant)
    is_operator = meant in _COMPARISONS and OPERATOR_START.search(before) is None
    # `a==1&amp;b==2` is two clauses, which can be read.
    starts_clause = OPERATOR_START.search(rest) is not None and rest.lstrip(" ")[:1] not in "=<>!~"
    if not is_operator and again is None and (starts_clause or OPERATOR.search(before) is None):
        return None
    if len(meant) != 1 or FORBIDDEN.search(meant) is not None:
        return None
    value = rest.removeprefix("=").strip(" ")
    is_plain = is_plain_name(before.strip(" ")) and is_plain_value(value) and value != ""
    safe = is_operator and is_plain and again is None and is_safe("entity")
    plain = meant.replace("\u00a0", " ")
    # Where more than one entity is left, mending one leaves the clause as broken as it was.
    is_last = re.search(r"&[#\w]+\Z", rest) is None
    decoded = meant if is_operator else plain if plain == " " else escape(plain)
    told = diagnose(
        "FL120",
        place,
        fixes=[Fix([Edit(place, decoded)], safe=safe)] if is_last else [],
        source_index=source_index,
        found=quoted(entity),
        meant=quoted(meant),
        decoded=quoted((before + decoded + unescape(rest)).strip(" ")),
    )
    return Entity(told, following.end)


_LONGEST = len("&#x12345")
