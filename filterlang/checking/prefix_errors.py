"""What is written before a clause by mistake: the key of the parameter, and others around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from filterlang.checking.clause_text import write
from filterlang.checking.lexis import ALONE, FILTER_KEY, OTHER_KEYS, is_encoded_clause
from filterlang.checking.mends import is_safe
from filterlang.diagnostics.diagnostic import quoted
from filterlang.syntax.split import trimmed

if TYPE_CHECKING:
    from filterlang.checking.clause_text import ClauseText
    from filterlang.diagnostics.diagnostic import Diagnostic

# `/users?pageSize=5&filter=`, `--filter=`, `filters[] =`; also when it is there several times.
_PARAMETER_PREFIX = re.compile(
    rf"""(?P<before>[^ ;=!<>~?]*\? (?:[\w.\-\[\]]+=(?!@)[^ ;=&]*&)*?
            | (?:(?:{OTHER_KEYS})=(?!@)[^ ;=&]*&)+)?
         [?&\-]*+ (?:{FILTER_KEY}[ ]*+ = {ALONE} [ ]*+)+""",
    re.IGNORECASE | re.ASCII | re.VERBOSE,
)
_MORE_PARAMETERS = re.compile(r"(?:&[\w.\-\[\]]++=[^ ;&]*+)++", re.ASCII)


def without_prefix(clause: ClauseText) -> tuple[ClauseText | None, list[Diagnostic]]:
    """Report the key of the parameter (FL116); give the clause that follows it, if there is one."""
    prefix = _PARAMETER_PREFIX.match(clause.text, clause.start, clause.end)
    if prefix is None:
        return clause, []
    start = trimmed(clause.text, prefix.end(), clause.end).start
    follows = start < clause.stop
    rest, cut = _without_parameters(clause._replace(start=start))
    others = "=" in (prefix["before"] or "") or bool(cut)
    # One `-` is how other languages negate; two are those of a command line.
    negates = re.match("-(?!-)", prefix[0]) is not None
    # What is in quotes or brackets isn't a filter yet.
    wraps = not (clause.text[start : start + 1].isalnum() or clause.text.startswith("_", start))
    # Without a clause nothing would be left, and nothing means everything.
    fixes = (
        [write(clause.start, start, "", safe=is_safe("key") and not (others or negates or wraps))]
        if follows
        else []
    )
    key = clause.tell(
        "FL116",
        clause.start,
        len(prefix[0].rstrip(" ")) + clause.start,
        fixes=fixes,
        case="nothing" if not follows else "others" if others else None,
        found=quoted(prefix[0].rstrip(" ")),
    )
    return (rest if follows else None), [key, *cut]


def _without_parameters(clause: ClauseText) -> tuple[ClauseText, list[Diagnostic]]:
    """Report the parameters after an encoded filter (FL413), and cut them off."""
    start = clause.text.find("&", clause.start, clause.stop)
    rest = _MORE_PARAMETERS.fullmatch(clause.text, start, clause.stop) if start >= 0 else None
    if rest is None or not is_encoded_clause(clause.text[clause.start : start]):
        return clause, []
    first = rest[0][1:].partition("=")[0].lower()
    case = "filter" if first == "filter" else "parameter"
    found = clause.tell("FL413", start, start + 1, case=case)
    return clause._replace(stop=start, end=start), [found]
