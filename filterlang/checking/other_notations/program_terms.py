"""One comparison or call of a program: `score gt 10`, `role.isin(['a', 'b'])`, `startswith(a,'b')`.

Each is read as what it asks of a name, in the alternatives of which one has to match.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

from filterlang.checking.lexis import DAY, FORBIDDEN
from filterlang.checking.other_notations.bracketed_text import last_pair, outside, parted
from filterlang.checking.other_notations.computed_names import computed
from filterlang.checking.other_notations.negations import two_filters
from filterlang.checking.other_notations.other_languages import is_plain_name, without_quotes
from filterlang.checking.other_notations.text_patterns import (
    is_pattern,
    pattern_as_written,
    pattern_of,
)
from filterlang.syntax.escaping import escape
from filterlang.syntax.operators import Operator

if TYPE_CHECKING:
    from collections.abc import Sequence


class Term(NamedTuple):
    """What is asked of a name: the operator, and the expression as it is written."""

    name: str
    operator: str
    written: str

    @property
    def clause(self) -> str:
        """The clause that asks it."""
        return f"{self.name}{self.operator}{self.written}"

    @classmethod
    def of(cls, clause: str) -> Term:
        """Read the term that a clause is written of."""
        found = _CLAUSE.match(clause)
        assert found is not None  # it was written as one
        return cls(found["name"], found["operator"], clause[found.end() :])

    def opposite(self) -> list[Term] | None:
        """Return what asks the opposite, each alone; None where that isn't known."""
        operator = Operator(self.operator)
        if operator.complement is not None:
            return [Term(self.name, str(operator.complement), self.written)]
        if two_filters(self.name, operator, self.written) is None:
            return None
        return [Term(self.name, str(operator.reverse), self.written), Term(self.name, "==", "")]


_CLAUSE = re.compile(r"(?P<name>[^=!<>~]++)(?P<operator>==|!=|<=|>=|!~|~|<|>)")

Alternatives = list[list[Term]]
"""Filters, each with its terms, of which one has to match."""
_MOST = 12
"""More filters are more than a hint shows."""


def opposites(alternatives: Alternatives) -> Alternatives | None:
    """Return what is true where no alternative is; None where that is long or isn't known.

    Example:
        >>> opposites([[Term("a", "==", "1")], [Term("a", "==", "2")]])
        [[Term(name='a', operator='!=', written='1'), Term(name='a', operator='!=', written='2')]]
    """
    each: list[list[Term]] = []
    for terms in alternatives:
        opposite = [term.opposite() for term in terms]
        each.append([one for several in opposite if several for one in several])
        if None in opposite:
            return None
    found: Alternatives = [[]]
    for one in each:
        found = [[*terms, term] for terms, term in product(found, dict.fromkeys(one))]
        if len(found) > _MOST:
            return None
    return found


def both(first: Alternatives, second: Alternatives) -> Alternatives | None:
    """Return what is true where both are; None where that is long."""
    found = [[*one, *other] for one, other in product(first, second)]
    return found if len(found) <= _MOST else None


# --- Names and values -----------------------------------------------------------------------------

_COLUMN = re.compile(r"(?:[a-z]\w*\.)?(?:col|column|field)\( *+(?P<quoted>['\"][\w.]++['\"]) *+\)")
_SUBSCRIPT = re.compile(r"\[ *+(?:\"(?P<double>\w++)\"|'(?P<single>\w++)') *+\]")
_PATH = re.compile(r"[^\W\d][\w\-]*+(?:\.[^\W\d][\w\-]*+)*+")
_FRAME = "df"
"""What a table is called in most programs."""
_NULLS = {"null", "none", "nil", "undefined", "nan", "na"}
_BOOLEANS = {"true": "true", "false": "false"}
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?")
_WORD = re.compile(r"[^\W\d][\w\-@]*+")
_TIME = re.compile(rf"{DAY}(?:T[0-9:.]++Z?)?")


def name_of(written: str, variable: str = "") -> str | None:
    """Return the name that a program means; `variable` is what it calls the record.

    Example:
        >>> name_of("x.score", "x"), name_of("df['score']"), name_of("location/city")
        ('score', 'score', 'location.city')
        >>> name_of("score + 1") is None
        True
    """
    column = _COLUMN.fullmatch(written)
    if column is not None:
        return without_quotes(column["quoted"])
    folded = computed(written) if written.endswith(")") else None
    if folded is not None and folded.case == "case":
        # Comparisons fold all the same.
        return name_of(folded.meant.removesuffix(".str"), variable)
    path = _SUBSCRIPT.sub(lambda key: f".{key['double'] or key['single']}", written)
    path = path.removeprefix("./").removeprefix("@").replace("?.", ".").replace("/", ".")
    if variable and not path.startswith(f"{variable}."):
        return None
    path = path.removeprefix(f"{variable or _FRAME}.")
    return path if _PATH.fullmatch(path) and is_plain_name(path) else None


def value_of(written: str, *, is_text: bool = True) -> str | None:
    r"""Return the expression for a value of a program, empty for none; None for what isn't one.

    `is_text` is whether a word without quotes is a text, and no variable.

    Example:
        >>> value_of("'Smith, J'"), value_of("True"), value_of("null"), value_of("f(x)") is None
        ('Smith\\, J', 'true', '', True)
    """
    inner = without_quotes(written)
    if inner != written:
        is_one = written[0] not in inner and "\\" not in inner and FORBIDDEN.search(inner) is None
        return escape(inner) if is_one and inner.strip(" ") else None if inner else ""
    word = written.lower()
    if word in _NULLS:
        return ""
    if word in _BOOLEANS:
        return _BOOLEANS[word]
    if _NUMBER.fullmatch(written) or _TIME.fullmatch(written):
        return written
    return written if is_text and _WORD.fullmatch(written) else None


def _text_of(written: str) -> str | None:
    """Return the text in quotes; None where there is none."""
    inner = without_quotes(written)
    is_text = inner != written and value_of(written) is not None
    return inner if is_text else None


def _values(arguments: Sequence[str], *, is_text: bool) -> list[str] | None:
    """Return the expressions of a list in brackets, or of all arguments."""
    if len(arguments) == 1:
        listed = _LIST.fullmatch(arguments[0])
        arguments = parted(listed["items"], _COMMA.match) if listed else arguments
    values = [value_of(one, is_text=is_text) for one in arguments]
    known = [one for one in values if one]
    return known if known and len(known) == len(values) else None


_LIST = re.compile(r"(?:(?:c|list|set|tuple|array) *+)?[\[({](?P<items>[^\[\](){}]*+)[\])}]")
_COMMA = re.compile(",")


# --- Calls ----------------------------------------------------------------------------------------

_PARTS = {
    **dict.fromkeys(("startswith", "beginswith", "hasprefix"), "startswith"),
    **dict.fromkeys(("endswith", "hassuffix"), "endswith"),
    **dict.fromkeys(("contains", "includes", "icontains", "containsstring"), "contains"),
}
_EMPTY = frozenset({
    *("isnull", "isna", "isnone", "isnil", "isnan", "isempty", "empty", "isblank", "blank"),
    *("missing", "ismissing", "isundefined", "isnullorempty", "isnullorwhitespace"),
    *("stringisnullorempty", "stringisnullorwhitespace"),
})  # fmt: skip
_THERE = frozenset({
    *("notnull", "notna", "isnotnull", "isnotna", "isnotnone", "isnotempty", "isnotblank"),
    *("notempty", "exists", "present", "ispresent", "isdefined", "defined", "isset"),
})  # fmt: skip
_LISTS = {
    **dict.fromkeys(("isin", "in", "isanyof", "anyof", "oneof"), "=="),
    **dict.fromkeys(("notin", "isnotin", "nin", "noneof"), "!="),
}
_RANGES = frozenset({"between", "isbetween"})
_COMPARED = {
    **dict.fromkeys(("eq", "equals", "equal", "equalto", "equalsignorecase"), "=="),
    **dict.fromkeys(("ne", "neq", "notequals", "notequal", "notequalto"), "!="),
    **dict.fromkeys(("gt", "greaterthan"), ">"),
    **dict.fromkeys(("ge", "gte", "goe", "greaterorequal", "greaterthanorequal"), ">="),
    **dict.fromkeys(("lt", "lessthan"), "<"),
    **dict.fromkeys(("le", "lte", "loe", "lessorequal", "lessthanorequal"), "<="),
}
_LIKE = frozenset({"like", "ilike"})
FUNCTIONS = frozenset({*_PARTS, *_EMPTY, *_THERE, *_LISTS, *_RANGES, *_COMPARED, *_LIKE})
"""What asks something of a name, in small letters without what stands between words."""
_BETWEEN_WORDS = re.compile("[._-]")


def call(head: str, inside: str, variable: str) -> Alternatives | None:
    """Read a call: what stands before its parentheses, and what is in them.

    Example:
        >>> call("startswith", "title,'eng'", "")
        [[Term(name='title', operator='~', written='eng*')]]
        >>> [[one.clause for one in terms] for terms in call("role.isin", "['a','b']", "") or []]
        [['role==a'], ['role==b']]
    """
    arguments = parted(inside, _COMMA.match) if inside else []
    function = _BETWEEN_WORDS.sub("", head.lower())
    if function == "substringof" and len(arguments) == len(("part", "name")):
        arguments, function = arguments[::-1], "contains"
    if arguments and (name := name_of(arguments[0], variable)) is not None:
        found = _asked(name, function, arguments[1:], is_text=not variable)
        if found is not None:
            return found
    receiver, dot, method = head.rpartition(".")
    if not dot:
        return None
    method, listed = _BETWEEN_WORDS.sub("", method.lower()), _LIST.fullmatch(receiver)
    if listed is not None and method in {"includes", "contains"} and len(arguments) == 1:
        name = name_of(arguments[0], variable)
        return None if name is None else _asked(name, "isin", [receiver], is_text=False)
    name = name_of(receiver.removesuffix(".str"), variable)
    return None if name is None else _asked(name, method, arguments, is_text=False)


def _asked(
    name: str, function: str, arguments: Sequence[str], *, is_text: bool
) -> Alternatives | None:
    """Return what a function asks of a name; None for one that isn't known."""
    if not arguments:
        operator = "==" if function in _EMPTY else "!=" if function in _THERE else None
        return None if operator is None else [[Term(name, operator, "")]]
    if function in _LISTS:
        values = _values(arguments, is_text=is_text)
        if values is None:
            return None
        terms = [Term(name, _LISTS[function], value) for value in values]
        return [terms] if _LISTS[function] == "!=" else [[term] for term in terms]
    if function in _RANGES:
        ends = _values(arguments, is_text=is_text)
        if ends is None or len(ends) != len(("low", "high")):
            return None
        return [[Term(name, ">=", ends[0]), Term(name, "<=", ends[1])]]
    if len(arguments) != 1:
        return None
    if function in _COMPARED:
        return compared(name, _COMPARED[function], arguments[0], is_text=is_text)
    text = _text_of(arguments[0])
    if text is None and function in _PARTS and is_text and _WORD.fullmatch(arguments[0]):
        text = arguments[0]
    if text is None:
        return None
    if function in _LIKE:
        if is_pattern(text):
            return [[Term(name, "~", pattern_as_written(text))]]
        return None if "%" in text or "_" in text else [[Term(name, "==", escape(text))]]
    pattern = pattern_of(_PARTS[function], text) if function in _PARTS else None
    return None if pattern is None else [[Term(name, "~", pattern)]]


# --- Comparisons ----------------------------------------------------------------------------------

_OPERATOR = re.compile(
    r" *+(?P<sign>===?|!==?|<>|>=|<=|>|<|=(?![>~=])) *+"
    r"| ++(?P<word>eq|ne|gt|ge|lt|le|is +not|is|not +in|in|%in%)(?: ++|(?=[\[(]))",
    re.IGNORECASE,
)
_SIGNS = {"===": "==", "!==": "!=", "<>": "!=", "=": "=="}
_WORDS = {"eq": "==", "ne": "!=", "gt": ">", "ge": ">=", "lt": "<", "le": "<=", "is": "=="}


def compared(name: str, operator: str, written: str, *, is_text: bool) -> Alternatives | None:
    """Read what a name is compared with."""
    value = value_of(written, is_text=is_text)
    if value is None or (not value and operator not in {"==", "!="}):
        return None
    return [[Term(name, operator, value)]]


def term(written: str, variable: str) -> tuple[Alternatives, bool] | None:
    """Read one comparison or call, and return whether it is a call, or hides one.

    Example:
        >>> term("contains(title,'eng') eq false", "")
        ([[Term(name='title', operator='!~', written='*eng*')]], True)
    """
    pair = last_pair(written)
    if pair is not None and pair[0]:
        found = call(*pair, variable)
        if found is not None:
            return found, True
    operators = list(outside(written, _OPERATOR.match))
    if len(operators) != 1:
        return None
    (found_operator,) = operators
    left, right = written[: found_operator.start()], written[found_operator.end() :]
    word = " ".join((found_operator["word"] or "").lower().split())
    sign = found_operator["sign"] or ""
    operator = _SIGNS.get(sign, sign) or _WORDS.get(word) or {"is not": "!="}.get(word, "")
    pair = last_pair(left)
    if pair is not None and (looked := _looked_for(*pair, operator, right, variable)) is not None:
        return looked, True
    if pair is not None and (called := call(*pair, variable)) is not None:
        return _of_truth(called, operator, right.strip(" ").lower())
    name = name_of(left.strip(" "), variable)
    if name is None:
        return None
    right = right.strip(" ")
    if not operator:
        asked = "notin" if word == "not in" else "isin"
        listed = _asked(name, asked, [right], is_text=not variable)
        is_list = _LIST.fullmatch(right) is not None
        return (listed, word == "%in%") if listed is not None and is_list else None
    alternatives = compared(name, operator, right, is_text=not variable)
    is_column = _COLUMN.fullmatch(left.strip(" ")) is not None or left.startswith(f"{_FRAME}[")
    return None if alternatives is None else (alternatives, is_column)


_WHERE = {
    **dict.fromkeys((">= 0", "> -1", "!= -1"), ("contains", False)),
    **dict.fromkeys(("< 0", "== -1", "<= -1"), ("contains", True)),
    "== 0": ("startswith", False),
    "!= 0": ("startswith", True),
}
"""What is asked by the place of a part in a text, and whether that is negated."""


def _looked_for(
    head: str, inside: str, operator: str, right: str, variable: str
) -> Alternatives | None:
    """Read what asks for the place of a part: `title.indexOf('eng') >= 0`."""
    receiver, _, method = head.rpartition(".")
    meant = _WHERE.get(f"{operator} {right.strip(' ')}")
    if meant is None or method.lower() != "indexof":
        return None
    word, is_negated = meant
    found = call(f"{receiver}.{word}" if receiver else word, inside, variable)
    return opposites(found) if found is not None and is_negated else found


def _of_truth(called: Alternatives, operator: str, value: str) -> tuple[Alternatives, bool] | None:
    """Read a call that is compared with `true` or `false`."""
    if operator not in {"==", "!="} or value not in _BOOLEANS:
        return None
    if (operator == "==") == (value == "true"):
        return called, True
    negated = opposites(called)
    return None if negated is None else (negated, True)
