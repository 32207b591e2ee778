"""Objects whose keys are names, as `{"role": "admin", "score": {"$gte": 10}}`, and their clauses.

Databases of documents and libraries for SQL are asked so. Every regular expression takes time
linear in the text.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from filterlang.checking.other_languages import clauses_for_each, is_plain_name, without_quotes
from filterlang.syntax.escaping import escape
from filterlang.syntax.parser import read_filter

_SCALAR = r"""(?:"[^"\\]*+"|'[^'\\]*+'|-?[\w.]++(?:[\-:][\w.]++)*+)"""
_LIST = rf"\[ *+{_SCALAR}(?: *+, *+{_SCALAR})*+ *+\]"
_KEY = r"""(?:"[^"\\{}]++"|'[^'\\{}]++'|[\w.$]++)"""
_PAIR = rf"{_KEY} *+: *+(?:{_SCALAR}|{_LIST}|\{{ *+{_KEY} *+: *+(?:{_SCALAR}|{_LIST}) *+\}})"
_OBJECT = re.compile(rf"\{{ *+{_PAIR}(?: *+, *+{_PAIR})*+ *+,?+ *+\}}")
_EACH = re.compile(
    rf"(?<=[{{, ])(?P<key>{_KEY}) *+: *+(?:\{{ *+(?P<operator>{_KEY}) *+: *+)?"
    rf"(?P<value>{_SCALAR}|{_LIST})"
)
_ITEM = re.compile(_SCALAR)
_EQUAL = {"eq": "==", "equals": "==", "in": "=="}
_UNEQUAL = {"ne": "!=", "not": "!=", "nin": "!=", "notIn": "!="}
_OPERATORS = {**_EQUAL, **_UNEQUAL, "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
"""What keys below a name ask for; a `$` may stand before them."""
_LONGEST = 1000
"""More characters make more clauses than a hint shows."""
_NOTHING = {"null", "None", "undefined", "nil"}
_WORDS = {"True": "true", "False": "false"}


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
    if len(text) > _LONGEST or _OBJECT.fullmatch(text) is None:
        return None
    filters = [""]
    for pair in _EACH.finditer(text):
        key = without_quotes(pair["operator"] or "eq").removeprefix("$")
        alternatives = _clauses(without_quotes(pair["key"]), key, pair["value"])
        # Two lists would be as many filters as there are pairs of their values.
        if not alternatives or (len(alternatives) > 1 and len(filters) > 1):
            return KeyedValues("", [])
        filters = [f"{one};{more}".lstrip(";") for one in filters for more in alternatives]
    if any(read_filter(one) is None for one in filters):
        return KeyedValues("", [])
    return KeyedValues(filters[0], []) if len(filters) == 1 else KeyedValues("", filters)


def _clauses(name: str, key: str, value: str) -> list[str]:
    """Return the clauses of one name, of which one is meant; none where that isn't known."""
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
