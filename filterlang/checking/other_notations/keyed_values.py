"""Objects whose keys are names, as `{"role": "admin", "score": {"$gte": 10}}`, and their clauses.

Databases of documents and libraries for SQL are asked so. Every regular expression takes time
linear in the text.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.other_notations.other_languages import (
    clauses_for_each,
    is_plain_name,
    without_quotes,
)
from filterlang.checking.other_notations.text_patterns import pattern_of
from filterlang.syntax.escaping import escape
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCALAR = r"""(?:"[^"\\]*+"|'[^'\\]*+'|-?[\w.]++(?:[\-:][\w.]++)*+)"""
_LIST = rf"\[ *+{_SCALAR}(?: *+, *+{_SCALAR})*+ *+\]"
_KEY = r"""(?:"[^"\\{}]++"|'[^'\\{}]++'|[\w.$]++)"""
_VALUE = rf"(?:{_SCALAR}|{_LIST})"
_ASKED = rf"{_KEY} *+: *+{_VALUE}"
_PAIR = rf"{_KEY} *+: *+(?:{_VALUE}|\{{ *+{_ASKED}(?: *+, *+{_ASKED})*+ *+\}})"
_ITEM = re.compile(_SCALAR)
_EQUAL = {"eq": "==", "equals": "==", "in": "=="}
_UNEQUAL = {"ne": "!=", "not": "!=", "nin": "!=", "notIn": "!="}
_SIGNS = {
    "=": "eq", "==": "eq", "===": "eq", "is": "eq", "!=": "ne", "<>": "ne", "!==": "ne",
    "is_not": "ne", "neq": "ne", "not_equal": "ne", "equal": "eq", ">": "gt", ">=": "gte",
    "greater": "gt", "greaterthan": "gt", "greater_or_equal": "gte", "greaterthaninclusive": "gte",
    "less": "lt", "lessthan": "lt", "less_or_equal": "lte", "lessthaninclusive": "lte",
    "notequal": "ne", "<": "lt", "<=": "lte", "not_in": "nin", "has_property": "exists",
    "contains": "contains",
}  # fmt: skip
_TEXTS = {"regex", "contains", "startsWith", "endsWith", "startswith", "endswith", "like", "ilike"}
_OPERATORS = {**_EQUAL, **_UNEQUAL, "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
"""What keys below a name ask for; a `$` may stand before them."""
_PLAIN = re.compile(r"\w[\w @\-]*+")
_LONGEST = 1000
"""More characters make more clauses than a hint shows."""
_NOTHING = {"null", "None", "undefined", "nil"}
_WORDS = {"True": "true", "False": "false"}


@cache
def _object() -> re.Pattern[str]:
    return re.compile(rf"\{{ *+{_PAIR}(?: *+, *+{_PAIR})*+ *+,?+ *+\}}")


@cache
def _each() -> re.Pattern[str]:
    """Match a key of such an object, and its value, or what is asked in an object behind it."""
    return re.compile(
        rf"(?<=[{{, ])(?P<key>{_KEY}) *+: *+(?:(?P<value>{_VALUE})|\{{(?P<asked>[^{{}}]*+)\}})"
    )


@cache
def _each_asked() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.$])(?P<key>{_KEY}) *+: *+(?P<value>{_VALUE})")


class KeyedValues(NamedTuple):
    """The clauses that an object stands for, and the filters, where one value of a list is meant.

    Either is empty where it isn't known, or there is nothing to be written so.
    """

    clauses: str
    filters: list[str]


def keyed_values(text: str) -> KeyedValues | None:
    """Read an object of names and values; None for what isn't one.

    Example:
        >>> keyed_values("{'role': 'admin', 'score': {'$gte': 10}}").clauses
        'role==admin;score>=10'
        >>> keyed_values('{"type": ["LEAD", "USER"]}').filters
        ['type==LEAD', 'type==USER']
    """
    if len(text) > _LONGEST or _object().fullmatch(text) is None:
        return None
    if (rule := _rule(text)) is not None:
        return rule
    filters = [""]
    for pair in _each().finditer(text):
        alternatives = _of_pair(without_quotes(pair["key"]), pair)
        # Two lists would be as many filters as there are pairs of their values.
        if not alternatives or (len(alternatives) > 1 and len(filters) > 1):
            return KeyedValues("", [])
        filters = [f"{one};{more}".lstrip(";") for one in filters for more in alternatives]
    if any(read_filter(one) is None for one in filters):
        return KeyedValues("", [])
    return KeyedValues(filters[0], []) if len(filters) == 1 else KeyedValues("", filters)


_PARTS_OF_RULE = {
    "name": (
        "field",
        "name",
        "property",
        "propertyName",
        "attribute",
        "column",
        "key",
        "id",
        "fact",
    ),
    "operator": ("operator", "op", "comparator", "condition"),
    "value": ("value", "val", "values"),
}


def _rule(text: str) -> KeyedValues | None:
    pairs = {without_quotes(pair["key"]): pair["value"] for pair in _each().finditer(text)}
    clauses = clauses_of_rule(pairs)
    return None if clauses is None else _alone(clauses)


def clauses_of_rule(pairs: Mapping[str, str]) -> list[str] | None:
    """Read keys that say what is compared, how, and with what; None for any others.

    Example:
        >>> clauses_of_rule({"field": "score", "operator": ">", "value": "10"})
        ['score>10']
    """
    parts = {
        part: next((key for key in keys if key in pairs), None)
        for part, keys in _PARTS_OF_RULE.items()
    }
    if set(pairs) != set(parts.values()):
        return None
    name, operator, value = (pairs[key] or "" for key in parts.values() if key is not None)
    asked = without_quotes(operator).lower()
    return clauses_of_key(without_quotes(name), _SIGNS.get(asked, asked), value)


@cache
def _triple() -> re.Pattern[str]:
    parts = rf"(?P<name>{_SCALAR}) *+, *+(?P<operator>{_SCALAR}) *+, *+(?P<value>{_VALUE})"
    return re.compile(rf"\[ *+{parts} *+,?+ *+\]")


def listed_condition(text: str) -> KeyedValues | None:
    """Read a list of a name, an operator and a value; None for what isn't one.

    Example:
        >>> listed_condition('["score", ">", 10]').clauses
        'score>10'
    """
    found = _triple().fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    asked = without_quotes(found["operator"]).lower()
    if asked not in _SIGNS and asked not in _OPERATORS and asked not in _TEXTS:
        return None
    name = without_quotes(found["name"])
    return _alone(clauses_of_key(name, _SIGNS.get(asked, asked), found["value"]))


def _alone(clauses: list[str]) -> KeyedValues:
    if not clauses or any(read_filter(one) is None for one in clauses):
        return KeyedValues("", [])
    return KeyedValues(clauses[0], []) if len(clauses) == 1 else KeyedValues("", clauses)


def _of_pair(name: str, pair: re.Match[str]) -> list[str]:
    """Return the clauses of one key, of which one is meant; none where that isn't known."""
    if pair["value"] is not None:
        return clauses_of_key(name, "eq", pair["value"])
    asked = list(_each_asked().finditer(pair["asked"]))
    each = [
        clauses_of_key(name, _operator(without_quotes(one["key"])), one["value"]) for one in asked
    ]
    if len(each) == 1:
        return each[0]
    together = [clauses[0] for clauses in each if len(clauses) == 1]
    return [";".join(together)] if len(together) == len(each) else []


def _operator(key: str) -> str:
    return _SIGNS.get(key, key.removeprefix("$"))


def clauses_of_key(name: str, key: str, value: str) -> list[str]:
    """Return the clauses of one name, of which one is meant; none where that isn't known.

    Example:
        >>> clauses_of_key("role", "in", '["a", "b"]')
        ['role==a', 'role==b']
    """
    if key == "exists" and is_plain_name(name):
        asked = {"true": "!=", "True": "!=", "1": "!=", "false": "==", "False": "==", "0": "=="}
        return [f"{name}{asked[value]}"] if value in asked else []
    if key in _TEXTS and is_plain_name(name):
        word = "contains" if key in {"regex", "like", "ilike"} else key.lower()
        part = without_quotes(value)
        pattern = pattern_of(word, part) if _PLAIN.fullmatch(part) else None
        return [] if pattern is None else [f"{name}~{pattern}"]
    operator = _OPERATORS.get(key)
    if operator is None or not is_plain_name(name):
        return []
    if value.startswith("["):
        items = [without_quotes(item) for item in _ITEM.findall(value)]
        clauses = [*clauses_for_each(name, operator, items)]
        return [";".join(clauses)] if key in _UNEQUAL and clauses else clauses
    if value in _NOTHING:
        return [f"{name}{operator}"] if key in _EQUAL or key in _UNEQUAL else []
    written = escape(without_quotes(value))
    return [f"{name}{operator}{_WORDS.get(value, written)}"] if written.strip(" ") else []
