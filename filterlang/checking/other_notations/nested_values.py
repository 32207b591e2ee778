"""Objects within objects, `{"$or": [{"a": 1}, {"location": {"city": "b"}}]}`, and their filters.

Databases of documents and search engines are asked so. What isn't understood as a whole stands for
nothing. Every regular expression takes time linear in the text.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.closed_tables import name_endings, words
from filterlang.checking.other_notations.keyed_values import (
    KeyedValues,
    clauses_of_key,
    clauses_of_rule,
)
from filterlang.checking.other_notations.other_languages import is_plain_name, without_quotes
from filterlang.checking.other_notations.program_terms import FUNCTIONS, Term, opposites
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOKEN = re.compile(
    r" *+(?:(?P<sign>[\[\]{}:,])"
    r"|(?P<scalar>\"[^\"\\]*+\"|'[^'\\]*+'|-?[\w.$@]++(?:[\-:][\w.]++)*+))"
)
_KEY = re.compile(r" *+(?P<key>\"[^\"\\]++\"|'[^'\\]++'|[\w.$@]++) *+:")
_LONGEST = 1000
_DEEPEST = 12
_MOST = 12
"""More filters are more than a hint shows."""
_ALL = frozenset({"and", "all", "must", "filter", "query", "where", "bool", "constant_score"})
_ANY = frozenset({"or", "any", "should"})
_NONE = frozenset({"nor", "must_not"})
_NOT = frozenset({"not"})
_MATCHED = {
    "term": "eq",
    "terms": "eq",
    # What is analysed, or a pattern of its own, has no clause that says just the same.
    **dict.fromkeys(("match", "match_phrase", "wildcard", "regexp", "fuzzy"), ""),
    "prefix": "startsWith",
    "range": "range",
}
"""What a search engine calls what is asked of a name, which stands in an object behind it."""
_OF_ELEMENTS = frozenset({"is", "isnot", "some", "every", "none", "elemmatch"})
"""Keys that ask for elements of a list, or for an object as a whole."""
_UNKNOWN = frozenset({
    *("expr", "text", "jsonschema", "nested", "has_child", "has_parent", "multi_match"),
    *("query_string", "function_score"),
    *("minimum_should_match", "boost", "sort", "size", "from", "mode", "regex", "options"),
})  # fmt: skip
"""Keys that are no names at the top, and ask for more than is read here."""
_OF_RULES = frozenset({"condition", "combinator", "rules", "valid", "id"})


def nested_values(text: str) -> KeyedValues | None:
    """Read an object that holds objects; None for what isn't one, or isn't understood.

    Example:
        >>> nested_values('{"$or": [{"role": "a"}, {"location": {"city": "b"}}]}').filters
        ['role==a', 'location.city==b']
        >>> nested_values('{"bool": {"must": [{"term": {"role": "a"}}]}}').clauses
        'role==a'
    """
    if len(text) > _LONGEST:
        return None
    found = _Reader(text).whole()
    filters = _of_object("", found) if isinstance(found, dict) else None
    if not filters or any(read_filter(one) is None for one in filters):
        return None
    filters = list(dict.fromkeys(filters))
    return KeyedValues(filters[0], []) if len(filters) == 1 else KeyedValues("", filters)


class _Reader:
    """Reads objects, lists and scalars, with or without quotes around their keys."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0

    def whole(self) -> object:
        """Return all of the text as data; None where it is none."""
        found = self._value(0)
        return found if not self._text[self._place :].strip(" ") else None

    def _sign(self, sign: str) -> bool:
        token = _TOKEN.match(self._text, self._place)
        if token is None or token["sign"] != sign:
            return False
        self._place = token.end()
        return True

    def _value(self, depth: int) -> object:
        token = _TOKEN.match(self._text, self._place)
        if token is None or depth > _DEEPEST:
            return None
        self._place = token.end()
        match token["sign"]:
            case "{":
                return self._object(depth)
            case "[":
                return self._list(depth)
            case None:
                return token["scalar"]
            case _:
                return None

    def _object(self, depth: int) -> object:
        found: dict[str, object] = {}
        while not self._sign("}"):
            key = _KEY.match(self._text, self._place)
            if key is None or (found and self._text[self._place - 1] != ","):
                return None
            self._place = key.end()
            value = self._value(depth + 1)
            name = without_quotes(key["key"])
            if value is None or name in found:
                return None
            found[name] = value
            self._sign(",")
        return found

    def _list(self, depth: int) -> object:
        found: list[object] = []
        while not self._sign("]"):
            if found and self._text[self._place - 1] != ",":
                return None
            value = self._value(depth + 1)
            if value is None:
                return None
            found.append(value)
            self._sign(",")
        return found


class _Asked(NamedTuple):
    """A key without what marks it as one of the language, and whether something does."""

    word: str
    is_marked: bool


def _asked(key: str) -> _Asked:
    word = key.lstrip("$_").lower() if key[:1] in {"$", "_"} else key.lower()
    return _Asked(word, key[:1] in {"$", "_"})


def _of_object(name: str, found: dict[str, object]) -> list[str] | None:
    """Return the filters of which one has to match, of an object that asks for all of its keys."""
    if "should" in found and {"must", "filter"} & found.keys():
        return None  # It changes the order only.
    if "rules" in found and found.keys() <= _OF_RULES:
        word = without_quotes(str(found.get("condition", found.get("combinator", "")))).lower()
        return _of_key(name, word, found["rules"]) if word in {"and", "or"} else None
    scalars = {key: _written(value) for key, value in found.items()}
    if (rule := clauses_of_rule({key: one for key, one in scalars.items() if one})) is not None:
        return (rule or None) if all(scalars.values()) else None
    if {"operator", "op", "comparator"} & found.keys():
        return None
    filters: list[str] | None = [""] if found else None
    for key, value in found.items():
        one = _of_key(name, key, value)
        filters = None if filters is None or not one else _both(filters, one)
    return filters


def _of_key(name: str, key: str, value: object) -> list[str] | None:
    word, is_marked = _asked(key)
    if word in _ALL | _ANY | _NONE | _NOT and not isinstance(value, str):
        each = [_of_any(name, one) for one in (value if isinstance(value, list) else [value])]
        return _joined(word, each)
    if word in _MATCHED and not name and isinstance(value, dict):
        return _of_search(word, value)
    if word == "exists" and not name and isinstance(value, dict):
        field = without_quotes(str(value.get("field", "")))
        return [f"{field}!="] if is_plain_name(field) and len(value) == 1 else None
    if word in _OF_ELEMENTS or (not name and (is_marked or word in _UNKNOWN)):
        return None
    written = _written(value)
    clauses = [] if written is None else clauses_of_key(name, key.lstrip("$_"), written)
    if is_marked or clauses:
        return clauses or None
    if name and _asks_more(word):
        return None
    return _of_any(f"{name}.{key}" if name else key, value)


def _asks_more(word: str) -> bool:
    """Return whether a key below a name is hardly the name of a part, but what is asked of it."""
    return re.sub("[_-]", "", word) in _words_asking()


_BOUNDS = ("min", "max", "minimum", "maximum", "from", "to", "start", "end", "low", "high")


@cache
def _words_asking() -> frozenset[str]:
    phrases = (phrase.replace(" ", "") for phrase in words())
    return frozenset({*phrases, *FUNCTIONS, *name_endings(), *_BOUNDS})


def _of_any(name: str, value: object) -> list[str] | None:
    if isinstance(value, dict):
        return _of_object(name, value)
    written = _written(value)
    return None if not name or written is None else clauses_of_key(name, "eq", written) or None


def _written(value: object) -> str | None:
    """Write a scalar or a list of them again; None for anything else."""
    if isinstance(value, list):
        are_scalars = all(isinstance(one, str) for one in value)
        return f"[{', '.join(map(str, value))}]" if are_scalars and value else None
    return value if isinstance(value, str) else None


def _of_search(word: str, found: dict[str, object]) -> list[str] | None:
    """Return the filters of `{"term": {"role": "a"}}` and its like."""
    meant = _MATCHED[word]
    if len(found) != 1 or not meant:
        return None
    ((name, value),) = found.items()
    if isinstance(value, dict):
        value = value.get("value", value) if len(value) == 1 else value
    if meant == "range":
        return _of_object(name, value) if isinstance(value, dict) else None
    written = _written(value)
    return None if written is None else clauses_of_key(name, meant, written) or None


def _joined(word: str, each: Sequence[list[str] | None]) -> list[str] | None:
    known = [one for one in each if one]
    if not known or len(known) < len(each):
        return None
    if word in _ANY:
        return [one for filters in known for one in filters]
    together: list[str] | None = [""]
    if word in _ALL:
        for one in known:
            together = None if together is None else _both(together, one)
        return together
    alternatives = [
        [Term.of(clause) for clause in _SEPARATOR.split(one)]
        for filters in known
        for one in filters
    ]
    negated = opposites(alternatives) if len(known) == 1 or word in _NONE else None
    return None if negated is None else [";".join(one.clause for one in terms) for terms in negated]


_SEPARATOR = re.compile(r"(?<!\\);")


def _both(filters: Sequence[str], others: Sequence[str]) -> list[str] | None:
    both = [f"{one};{other}".lstrip(";") for one, other in product(filters, others)]
    return both if len(both) <= _MOST else None
