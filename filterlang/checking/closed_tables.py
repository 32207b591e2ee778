"""The closed tables of `grammar/tables.json`, which other implementations read too.

They are read when something is wrong, or looks wrong: `import`, `parse` and a check of filters
without a mistake don't need them. What regular expressions are made of them is made then, too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

# What needs more than another spelling of the operator: which hint says what.
Case = Literal[
    "", "any of", "none of", "pattern", "empty value", "between", "since", "age", "call", "empty"
]


class Mend(NamedTuple):
    """What is mended, whether that is done unasked, and why or why not."""

    what: str
    is_safe: bool
    why: str


class Misspelled(NamedTuple):
    """Which operator a spelling is meant to be, and by which mend it becomes it."""

    means: str
    mend: str


class SignAlike(NamedTuple):
    """Which characters of operators a look-alike is meant to be, and whether that is a guess.

    A rough one has a meaning of its own.
    """

    means: str
    is_rough: bool


@cache
def _tables() -> Any:
    # They take time to import, which filters without a mistake don't pay for.
    import json

    from filterlang.syntax._grammar import tables_text

    return json.loads(tables_text())


def _table(name: str) -> Any:
    return _tables()[name]


@cache
def mends() -> dict[str, Mend]:
    """Return each mend that decides by the closed list, by the key that its place asks for."""
    return {key: Mend(**one) for key, one in _table("mends").items()}


@cache
def misspelled_operators() -> dict[str, Misspelled]:
    """Return the spellings of operators that are none; a space in one is any number of them."""
    return {key: Misspelled(**one) for key, one in _table("misspelled_operators").items()}


@cache
def operator_continuations() -> dict[tuple[str, str], str]:
    """Return what is meant where an expression starts with more of its operator."""
    rows = _table("operator_continuations")
    return {(row["operator"], row["next"]): row["means"] for row in rows}


@cache
def sign_look_alikes() -> dict[str, SignAlike]:
    """Return the characters that look like those of operators."""
    return {
        key: SignAlike(one["means"], one.get("is_rough", False))
        for key, one in _table("sign_look_alikes").items()
    }


@cache
def signs_meant() -> dict[int, str]:
    """Return the look-alikes of signs as `str.translate` takes them."""
    return {ord(key): one.means for key, one in sign_look_alikes().items()}


def wildcard_look_alikes() -> dict[str, str]:
    """Return the wildcards of other languages, and look-alikes, with the wildcard meant."""
    return cast("dict[str, str]", _table("wildcard_look_alikes"))


def letter_look_alikes() -> dict[str, str]:
    """Return Cyrillic and Greek letters, and the Latin ones that they look like."""
    return cast("dict[str, str]", _table("letter_look_alikes"))


@cache
def letters_meant() -> dict[int, str]:
    """Return the look-alikes of letters as `str.translate` takes them."""
    return {ord(key): latin for key, latin in letter_look_alikes().items()}


@cache
def words() -> dict[str, tuple[str, Case]]:
    """Return the words that stand for operators elsewhere, and what needs more than another one."""
    return _words("words")


def words_before() -> dict[str, list[str]]:
    """Return what stands before those words, or negates them: `is`, `does`, `not`."""
    return cast("dict[str, list[str]]", _table("words_before"))


@cache
def first_words() -> frozenset[str]:
    """Return what words for operators begin with, and what stands before or negates them."""
    firsts = {word.partition(" ")[0] for word in words()} - {"a", "the"}
    return frozenset(firsts.union(*words_before().values()))


@cache
def rsql_words() -> dict[str, tuple[str, Case]]:
    """Return the words that RSQL has between two `=`."""
    return _words("rsql_words")


def _words(name: str) -> dict[str, tuple[str, Case]]:
    return {word: (one["means"], one.get("case", "")) for word, one in _table(name).items()}


def methods() -> dict[str, str]:
    """Return the methods that compare a text, in lower case, and the operators meant."""
    return cast("dict[str, str]", _table("methods"))


def functions() -> dict[str, str]:
    """Return the functions of a name and a text, in lower case, and the operators meant."""
    return cast("dict[str, str]", _table("functions"))


def text_parts() -> dict[str, str]:
    """Return the patterns of the words that ask for a part of a text; `{}` is that part."""
    return cast("dict[str, str]", _table("text_parts"))


def name_endings() -> list[str]:
    """Return what names end with where they hold the operator, as `score__gte` does."""
    return cast("list[str]", _table("name_endings"))


def value_beginnings() -> dict[str, list[str]]:
    """Return what values begin with where they hold the operator, as `gte.18` and `not x` do."""
    return cast("dict[str, list[str]]", _table("value_beginnings"))


def joining_words() -> list[str]:
    """Return the words behind which something else than the value goes on."""
    return cast("list[str]", _table("joining_words"))


def pattern_signs() -> dict[str, str]:
    """Return the signs beside a `=` that ask for a part of a text, and the pattern meant."""
    return cast("dict[str, str]", _table("pattern_signs"))


def equals_signs() -> list[str]:
    """Return the signs before a `=` that make another equality of it."""
    return cast("list[str]", _table("equals_signs"))


@cache
def boolean_words() -> dict[str, str]:
    """Return the words for booleans elsewhere, in lower case, and what they are here."""
    return {word: key for key, those in _table("boolean_words").items() for word in those}


def any_of(spellings: Iterable[str]) -> str:
    r"""Return a regular expression of any of some texts, the longest that fits.

    A space in one stands for one or more.

    Example:
        >>> any_of(["is", "is not", "a.b"])
        'is ++not|a\\.b|is'
    """
    ordered = sorted(spellings, key=lambda one: (-len(one), one))
    return "|".join(" ++".join(map(re.escape, one.split(" "))) for one in ordered)


def one_of(characters: Iterable[str]) -> str:
    r"""Return a regular expression of one of some characters.

    Example:
        >>> one_of("]a")
        '[\\]a]'
    """
    return f"[{''.join(map(re.escape, characters))}]"
