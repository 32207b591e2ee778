"""Text that was written into a page: `score&gt;=10` and `name==R&amp;D`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.lexis import FORBIDDEN, OPERATOR, OPERATOR_START
from filterlang.checking.mends import is_safe
from filterlang.checking.other_languages import is_plain_name, is_plain_value
from filterlang.diagnostics.diagnostic import Edit, Fix, Span, quoted
from filterlang.diagnostics.errors import diagnose
from filterlang.syntax.escaping import escape

if TYPE_CHECKING:
    from filterlang.diagnostics.diagnostic import Diagnostic

_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{2,5}|#[xX][0-9A-Fa-f]{2,4})\Z")
_COMPARISONS = {"<", ">"}


def html(text: str, clause: Span, following: Span, source_index: int) -> Diagnostic | None:
    """Say FL120: the `;` between two clauses ends an entity, and what follows is no clause alone.

    Both are one clause then, and nothing else is said of it.
    """
    written = text[clause.start : clause.end]
    found = _ENTITY.search(written, max(0, len(written) - _LONGEST))
    rest = text[following.start : following.end]
    if found is None:
        return None
    # Only texts that came out of a page need this table, and it takes time to import.
    from html import unescape

    before = written[: found.start()]
    meant = unescape(found[0] + ";")
    is_operator = meant in _COMPARISONS and OPERATOR_START.search(before) is None
    # `a==1&amp;b==2` is two clauses, which can be read.
    starts_clause = OPERATOR_START.search(rest) is not None and rest.lstrip(" ")[:1] not in "=<>!~"
    if not is_operator and (starts_clause or OPERATOR.search(before) is None):
        return None
    if len(meant) != 1 or FORBIDDEN.search(meant) is not None:
        return None
    place = Span(clause.start + found.start(), clause.end + 1)
    value = rest.removeprefix("=").strip(" ")
    is_plain = is_plain_name(before.strip(" ")) and is_plain_value(value) and value != ""
    safe = is_operator and is_plain and is_safe("entity")
    plain = meant.replace("\u00a0", " ")
    # Where more than one entity is left, mending one leaves the clause as broken as it was.
    is_last = re.search(r"&[#\w]+\Z", rest) is None
    decoded = meant if is_operator else plain if plain == " " else escape(plain)
    return diagnose(
        "FL120",
        place,
        fixes=[Fix([Edit(place, decoded)], safe=safe)] if is_last else [],
        source_index=source_index,
        found=quoted(found[0] + ";"),
        meant=quoted(meant),
        decoded=quoted((before + decoded + unescape(rest)).strip(" ")),
    )


_LONGEST = len("&#x12345")
