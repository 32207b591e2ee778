"""Which mends are safe, and why: the one closed list, which the page of errors shows too.

A fix is safe only if the text can't have meant anything else in any language that people come from.
A safe mend may still be only suggested, where its place holds more than the list allows for; one
that is suggested here is never safe.
"""

from __future__ import annotations

from typing import NamedTuple


class Mend(NamedTuple):
    """What is mended, whether that is done unasked, and why or why not."""

    what: str
    is_safe: bool
    why: str


MENDS: dict[str, Mend] = {
    "single equals": Mend(
        "`=` between a name and a plain value", True, "every language that has it asks for equality"
    ),
    "less or equal": Mend("`=<`", True, "it is 'at most' wherever it is an operator"),
    "typographic operator": Mend(
        "`≥`, `≠`, `＝`, `‹=` and their like", True, "they are signs for the same comparison"
    ),
    "entity": Mend("`&lt;` and `&gt;`", True, "they are what pages write for the two signs"),
    "control at the end": Mend(
        "tabs and line ends around the parts of a clause", True, "they came with the text"
    ),
    "key": Mend("a stray `filter=`", True, "no name is compared with a whole filter"),
    "encoded once": Mend(
        "one level of percent-encoding in a clause without operator",
        True,
        "it has no other reading",
    ),
    "space at the end": Mend(
        "spaces of other kinds at the ends of what a schema knows", True, "no known name ends so"
    ),
    "digits": Mend(
        "full-width digits and U+2212 where a number or date is required",
        True,
        "they are the same digits and the same sign",
    ),
    "point first": Mend("`.5` where a number is required", True, "it is a half in all languages"),
    "date": Mend(
        "another spelling of a date with the year first", True, "the year first fixes the order"
    ),
    "0 and 1": Mend("`0` and `1` for a boolean", True, "records hold booleans so"),
    "negation": Mend(
        "`-x`, `not x`, `!x`", False, "they negate: the complement is offered, and never dropped"
    ),
    "greater or equal": Mend(
        "`=>`", False, "an arrow: a pair of a hash, a function, an implication"
    ),
    "regular expression": Mend("`=~`", False, "a regular expression that is found anywhere"),
    "not equal": Mend("`=!`", False, "the `!` may negate the value"),
    "does not contain": Mend("`!@`", False, "'does not contain' of web analytics"),
    "other operator": Mend(
        "other spellings, as `= =` and `=!=`", False, "the second half may belong to the value"
    ),
    "word": Mend("`=gt=`, `=in=`, every `=word=`", False, "the value may hold the second `=`"),
    "pattern": Mend(
        "`*=`, `^=`, `$=`, `=^x`, `=$x`, `=*x*`, `=/x/`",
        False,
        "a part of the text, a regular expression, or the characters themselves",
    ),
    "list": Mend("`=(x)`, `=[x]`", False, "a list, a set of characters, or the characters"),
    "encoded twice": Mend("more than one level of percent-encoding", False, "how many were meant?"),
    "rough sign": Mend("`≡`, `≈` and their negations", False, "they have a meaning of their own"),
    "digits otherwise": Mend(
        "`007`, `+5`, `1,000` for a number", False, "octal, a step, a decimal"
    ),
    "day first": Mend("dates with the day or month first", False, "which is which can't be told"),
    "yes and no": Mend("`yes`, `on`, `t` for a boolean", False, "words of other languages"),
}
"""Each mend that decides by this list, by the key that its place in the code asks for."""


def is_safe(mend: str) -> bool:
    """Return whether a mend may be made unasked.

    Example:
        >>> is_safe("less or equal"), is_safe("negation")
        (True, False)
    """
    return MENDS[mend].is_safe
