"""The pattern that a word and a value ask for, where the value brings wildcards of its own.

Who writes `contains *engineer*` says twice what contains it; `ends with eng*` says two things, and
nobody knows which one is meant. What follows takes time linear in the value.
"""

from __future__ import annotations

import re

from filterlang.checking.closed_tables import text_parts
from filterlang.syntax.escaping import escape

_STARS = "*\uff0a\u2217"
_WILDCARD = re.compile(rf"[{_STARS}?\uff1f%_]")
# A share: its sign is no wildcard, unless another one stands at the other end.
_PER_CENT = re.compile(r"(?<=[0-9])%(?![^ ,.;:!])")
_MAY_BE_ENCODED = re.compile("%[0-9A-Fa-f]{2}")


def pattern_of(word: str, value: str) -> str | None:
    """Write the pattern of a word that asks for a part of a text; None where it isn't certain.

    A wildcard at an end where the word says the same is left out. One at another place is a
    wildcard only where there is such a one besides; whether it is one alone, nobody knows.

    Example:
        >>> pattern_of("contains", "*engineer*"), pattern_of("starts with", "%eng%")
        ('*engineer*', None)
        >>> pattern_of("contains", "50%"), pattern_of("contains", "*a*b*")
        ('*50%*', '*a*b*')
    """
    template = text_parts()[word]
    part = value.strip(_STARS)
    signs = _STARS
    if part == value and not _is_share(value):
        part, signs = value.strip("%"), "%"
    if not part:
        return None
    before, _, after = value.partition(part)
    if part == value:
        is_certain = _WILDCARD.search(_without_shares(value).replace("_", "")) is None
        return template.format(escape(part)) if is_certain else None
    if signs == "%" and _MAY_BE_ENCODED.match(value) and not after:
        return None
    says_both = template.startswith("*") >= bool(before) and template.endswith("*") >= bool(after)
    if not says_both or part != part.strip(" "):
        return None
    return _with_wildcards(template, part, signs)


def _with_wildcards(template: str, part: str, signs: str) -> str | None:
    """Write the part of a pattern whose other wildcards are of the same kind; None of another."""
    others = set(_WILDCARD.findall(_without_shares(part)))
    if signs == "%":
        # The `_` of SQL is one character, and is in many names.
        return None if others else template.format(escape(part))
    if others - {*_STARS, "_"} or " * " in part:
        return None
    stars = part.translate(dict.fromkeys(map(ord, _STARS), "*"))
    return template.format("*".join(escape(one) for one in stars.split("*")))


def _is_share(value: str) -> bool:
    return not value.startswith("%") and "%" not in _without_shares(value)


def _without_shares(value: str) -> str:
    return _PER_CENT.sub("", value)


DOMAIN = re.compile(r"@[\w\-]++(?:\.[\w\-]++)++")
"""What the addresses of one host end with, such as `@example.com`."""


def is_pattern(value: str) -> bool:
    """Return whether a value of one word has wildcards at its ends, as a pattern has.

    Example:
        >>> [value for value in ("*@x.org", "%eng%", "50%", "5 * 3", "*") if is_pattern(value)]
        ['*@x.org', '%eng%']
    """
    part = value.strip(_STARS)
    if part == value and not _is_share(value):
        part = value.strip("%")
    is_one = part not in {"", value} and " " not in value
    return is_one and _WILDCARD.search(part.replace("_", "")) is None


def pattern_as_written(value: str) -> str:
    """Write the pattern that a value is by `is_pattern`."""
    signs = _STARS if value.strip(_STARS) != value else "%"
    part = value.strip(signs)
    before, _, after = value.partition(part)
    return f"{'*' if before else ''}{escape(part)}{'*' if after else ''}"
