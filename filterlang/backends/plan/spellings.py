"""The texts that fold to one: few of them can be looked for letter by letter.

An engine compares a column with them faster than it folds the column, and can leave out the parts
of a Parquet file whose least and greatest texts tell that there is none of them.
"""

from __future__ import annotations

from functools import cache
from itertools import product

from filterlang.semantics.values import fold

_MOST = 64
"""More spellings than these are looked for by folding; six letters without K and I have as many."""
_LAST_LETTER = 0x1FFFF
"""No character beyond it has another case."""
# Most names and codes are ASCII, for which no table has to be made.
_ASCII = {chr(code): chr(code) + chr(code).upper() for code in range(ord("a"), ord("z") + 1)}
_ASCII["i"] += "İ"
_ASCII["k"] += "\N{KELVIN SIGN}"


def spellings(folded: str) -> tuple[str, ...] | None:
    """Return all texts that fold to this one, or None if there are many.

    Example:
        >>> spellings("us")
        ('us', 'uS', 'Us', 'US')
    """
    choices: list[str] = []
    count = 1
    for character in folded:
        choices.append(spelled(character))
        count *= len(choices[-1])
        if count > _MOST:
            return None
    return tuple(map("".join, product(*choices)))


def spelled(character: str) -> str:
    """Return all characters that fold to this one, itself first.

    Example:
        >>> spelled("u"), spelled("σ"), spelled("1")
        ('uU', 'σΣς', '1')
    """
    if character.isascii():
        return _ASCII.get(character, character)
    return _unfolded().get(character, character)


@cache
def _unfolded() -> dict[str, str]:
    """Return for each folded character all that become it, itself first."""
    found: dict[str, str] = {}
    for character in map(chr, range(0x80, _LAST_LETTER)):
        folded = fold(character)
        if folded != character:
            found[folded] = found.get(folded, folded) + character
    return found
