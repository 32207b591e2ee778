"""Names that hold more than a name: functions of one, arithmetic, keys in brackets, what opens.

What is computed can't be asked for here, so that no known name is meant by it. Every regular
expression takes time linear in the name.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from filterlang.checking.lexis import BRACKETS

_CALL = re.compile(r"(?P<function>[^\W\d][\w.]*+) *+\( *+(?P<inside>[^()]++)\)", re.DOTALL)
_CALLED = re.compile(r"[\w\]] *+\( *+[^ ()][^()]*+\)|\.\w++\(\)")
_METHOD = re.compile(r"(?P<name>[^\W\d][\w.]*?)(?:\.str)?\.(?P<function>\w++)\(\)")
_OF_CASE = frozenset({
    *("lower", "upper", "lcase", "ucase", "tolower", "toupper", "casefold", "tolowercase"),
    *("touppercase", "trim", "strip"),
})  # fmt: skip
"""Functions that change nothing that a comparison here depends on, or hardly ever does."""
_CAST = re.compile(r"(?P<name>[^\W\d][\w.]*+)::[a-z]++", re.IGNORECASE)
_SUBSCRIPT = re.compile(r"\[ *+(?:\"(?P<double>[\w. ]++)\"|'(?P<single>[\w. ]++)') *+\]")
_LENGTH = re.compile(r"(?P<name>.*)\.(?:length|size|count|len)(?:\(\))?", re.DOTALL)
_ARITHMETIC = re.compile(
    r"[\w)\]}] *+[+*/%] *+[\w({]|[\w)] ++(?:mod|div|add|sub|mul|divby) ++[\w(]|[\w)] ++- ++[\w(]",
    re.IGNORECASE,
)
_JOINED = re.compile(r"&&|\|\|| (?:and|or|but|unless|except) ", re.IGNORECASE)
_LONGEST = 200
"""Of so many characters it is said what a name holds."""
_CLOSING = {closing: opening for opening, closing in BRACKETS.items()}


class Computed(NamedTuple):
    """What a name holds: which hint says so, and the name that is meant by all of it, if one is."""

    case: str
    meant: str


def computed(name: str) -> Computed | None:
    """Return what is computed of a name, or joined to it; None where it may just be misspelled.

    Example:
        >>> computed("LOWER(title)"), computed("len(title)").meant, computed("titel") is None
        (Computed(case='case', meant='title'), '', True)
        >>> computed('user["score"]').meant
        'user.score'
    """
    if len(name) > _LONGEST:
        return None
    if (call := _CALL.fullmatch(name)) is not None:
        is_of_case = call["function"].lower() in _OF_CASE
        return Computed("case", call["inside"].strip(" ")) if is_of_case else Computed("none", "")
    if (method := _METHOD.fullmatch(name)) is not None:
        is_of_case = method["function"].lower() in _OF_CASE
        return Computed("case", method["name"]) if is_of_case else Computed("none", "")
    if (cast := _CAST.fullmatch(name)) is not None:
        return Computed("cast", cast["name"])
    plain = _SUBSCRIPT.sub(lambda key: f".{key['double'] or key['single']}", name)
    if plain != name and plain.replace(".", "").replace(" ", "").isidentifier():
        return Computed("key", plain)
    if _LENGTH.fullmatch(name) is not None or _ARITHMETIC.search(name) is not None:
        return Computed("none", "")
    if _JOINED.search(name) is not None:
        return Computed("joined", "")
    return Computed("none", "") if _CALLED.search(name) else None


def closed_behind(name: str, raw: str) -> int:
    """Return how many characters at the end of an expression close what its name opens.

    Example:
        >>> closed_behind("$[?(@.score", "10)]"), closed_behind("(score", "10")
        (2, 0)
    """
    opened: list[str] = []
    for character in name[:_LONGEST]:
        if character in BRACKETS:
            opened.append(character)
        elif opened and opened[-1] == _CLOSING.get(character):
            opened.pop()
    if any(bracket in raw for bracket in BRACKETS):
        return 0
    closing = "".join(BRACKETS[bracket] for bracket in reversed(opened))
    return len(closing) if closing and raw.endswith(closing) else 0
