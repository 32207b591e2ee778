"""Conditions with their AND and OR before them, or within a function, and the filters they mean.

Directories are asked by `(|(role=admin)(score>=10))`, spreadsheets by `=OR(role="admin",score>=10)`
and JSON by `select(.role == "admin" or .score >= 10)`. Only short texts are read.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from filterlang.checking.lexis import ALONE, FORBIDDEN
from filterlang.checking.other_notations.negations import two_filters
from filterlang.checking.other_notations.other_languages import (
    is_plain_name,
    is_plain_value,
    without_quotes,
)
from filterlang.syntax.escaping import escape
from filterlang.syntax.operators import Operator
from filterlang.syntax.parser import read_filter

if TYPE_CHECKING:
    from collections.abc import Sequence

    Filters = Sequence[Sequence[str]]
    """The clauses of each filter, of which one has to match."""

_LONGEST = 500
"""Of so many characters the filters are written."""
_DEEPEST = 8
_MOST_FILTERS = 4
"""So many filters are written at most."""

_DIRECTORY = re.compile(r"\( *+[&|!] *+\(.*\)", re.DOTALL)
# `not(role==admin)` alone is what many languages have; its opposite is known elsewhere.
_FORMULA = re.compile(
    r"(?:=? *+(?:AND|OR|XOR|IF|ISBLANK|FIND|SEARCH)|= *+\w++"
    r"|NOT(?= *+\( *+(?:\{|(?:AND|OR|ISBLANK) *+\())) *+\(.*\)",
    re.IGNORECASE | re.DOTALL,
)
_FIELD = re.compile(
    rf"(?:=? *+\{{[^{{}}\"':]++\}} *+[=<>]|= *+[^\W\d][\w.]*+ *+={ALONE}).*", re.DOTALL
)
_QUERY = re.compile(
    r"(?:\.[\w.]*+\[\] *+\| *+)?(?P<map>map *+\( *+)?select *+\((?P<inside>.*)\)", re.DOTALL
)


def is_nested(text: str) -> bool:
    """Return whether a text is a condition of a directory, a spreadsheet or a query of JSON.

    Example:
        >>> [is_nested(one) for one in ('(&(a=1)(b=2))', 'OR(a=1,b=2)', '(a==1)')]
        [True, True, False]
    """
    if _DIRECTORY.fullmatch(text) is not None or _QUERY.fullmatch(text) is not None:
        return True
    return _FORMULA.fullmatch(text) is not None and _SIGN.search(text) is not None


_SIGN = re.compile(r"[=<>{]|ISBLANK", re.IGNORECASE)


def nested_filters(text: str) -> list[str]:
    """Write the filters that a condition means, one of which has to match; none where unsure.

    Example:
        >>> nested_filters("(|(role=admin)(score>=10))"), nested_filters('=AND({a}="x",b<>"")')
        (['role==admin', 'score>=10'], ['a==x;b!='])
        >>> nested_filters('select(.role == "x" and .score > 10)'), nested_filters("=NOT(a>=1)")
        (['role==x;score>10'], ['a<1', 'a=='])
    """
    if len(text) > _LONGEST:
        return []
    try:
        filters = _of_directory(text) if _DIRECTORY.fullmatch(text) else _of_formula(text)
    except _UnreadableError:
        return []
    written = [";".join(clauses) for clauses in filters]
    return written if all(read_filter(one) is not None for one in written) else []


def field_clause(text: str) -> str | None:
    """Write the clause of `{name}="value"`, as spreadsheets have it; None for what isn't one.

    Example:
        >>> field_clause("{email}=BLANK()"), field_clause("{email}=={address}") is None
        ('email==', True)
    """
    filters = nested_filters(text) if _FIELD.fullmatch(text) is not None else []
    return filters[0] if len(filters) == 1 else None


class _UnreadableError(Exception):
    """What was written isn't known well enough to be written in another way."""


# --- What is asked of all conditions --------------------------------------------------------------


def _joined(sides: Sequence[Filters], *, together: bool) -> Filters:
    """Return the filters of which one matches where all sides do, or where one of them does."""
    if together:
        filters = [
            [clause for clauses in chosen for clause in clauses] for chosen in _products(sides)
        ]
    else:
        filters = [[*clauses] for side in sides for clauses in side]
    if not 0 < len(filters) <= _MOST_FILTERS:
        raise _UnreadableError
    return filters


def _products(sides: Sequence[Filters]) -> Sequence[Sequence[Sequence[str]]]:
    count = 1
    for side in sides:
        count *= len(side)
        if count > _MOST_FILTERS:
            raise _UnreadableError
    return list(product(*sides))


def _compared(name: str, sign: str, value: str, *, negated: bool) -> Filters:
    """Return the filters that compare a name with a value, or that say the opposite of it."""
    operator = Operator(sign)
    if not is_plain_name(name) or FORBIDDEN.search(value) is not None:
        raise _UnreadableError
    if not negated:
        return [[f"{name}{operator}{value}"]]
    if operator.complement is not None:
        return [[f"{name}{operator.complement}{value}"]]
    both = two_filters(name, operator, value)
    if both is None:
        raise _UnreadableError
    return [[one] for one in both]


# --- Directories ----------------------------------------------------------------------------------

_ITEM = re.compile(r"(?P<name>[^ =<>~!&|()*\\]++) *+(?P<sign>==?|[!<>]=|[<>])(?P<value>[^()\\]*+)")
_STARRED = re.compile(r"[^*?]*+(?:\*[^*?]++)*+\*?")


def _of_directory(text: str) -> Filters:
    filters, place = _group(text, 0, negated=False, depth=0)
    if place < len(text):
        raise _UnreadableError
    return filters


def _group(text: str, place: int, *, negated: bool, depth: int) -> tuple[Filters, int]:
    """Read a group in parentheses; return its filters, and the place behind it."""
    place = _behind_spaces(text, place)
    if text[place : place + 1] != "(" or depth > _DEEPEST:
        raise _UnreadableError
    place = _behind_spaces(text, place + 1)
    sign = text[place : place + 1]
    if not sign or sign not in "&|!":
        return _item(text, place, negated=negated)
    sides, place = [], _behind_spaces(text, place + 1)
    while text[place : place + 1] == "(":
        side, place = _group(text, place, negated=negated != (sign == "!"), depth=depth + 1)
        sides.append(side)
        place = _behind_spaces(text, place)
    if text[place : place + 1] != ")" or (sign == "!" and len(sides) != 1):
        raise _UnreadableError
    return _joined(sides, together=(sign == "&") != negated), place + 1


def _item(text: str, place: int, *, negated: bool) -> tuple[Filters, int]:
    item = _ITEM.match(text, place)
    if item is None or text[item.end() : item.end() + 1] != ")":
        raise _UnreadableError
    value, sign = item["value"].strip(" "), {"=": "=="}.get(item["sign"], item["sign"])
    if sign == "==" and value == "*":
        sign, value = "!=", ""
    elif sign == "==" and "*" in value and _STARRED.fullmatch(value) is not None:
        sign, value = "~", "*".join(escape(part) for part in value.split("*"))
    elif not is_plain_value(value):
        raise _UnreadableError
    return _compared(item["name"], sign, value, negated=negated), item.end() + 1


def _behind_spaces(text: str, place: int) -> int:
    while text[place : place + 1] == " ":
        place += 1
    return place


# --- Spreadsheets, and queries of JSON ------------------------------------------------------------

_TOKEN = re.compile(
    r"""[ ]*+(?P<token>"(?:[^"\\]|"")*+"|'[^'\\]*+'|\{[^{}]++\}|<>|[=!<>]=|[=<>(),]
    |&&|\|\||-?\.?[\w@$][\w.\-@$:]*+)""",
    re.VERBOSE,
)
_SIGNS = {"=": "==", "<>": "!=", **{sign: sign for sign in ("==", "!=", "<", "<=", ">", ">=")}}
_FUNCTIONS = frozenset({"and", "or", "not", "isblank", "find", "search"})
_WORDS = {"and": True, "&&": True, "or": False, "||": False}
"""What stands between two conditions, and whether it asks for both."""
_BEHIND = frozenset({"", ",", ")", *_WORDS})
"""What follows a condition."""
_NAME = re.compile(r"\.?[^\W\d][\w.]*+")
_OF_NOTHING = frozenset({"null", "blank"})
_BOOLEANS = frozenset({"true", "false"})
_LITERAL = re.compile(r"-?[0-9][\w.\-:]*+")


class _Reader:
    """The tokens of a condition, and how many of them are read."""

    def __init__(self, text: str) -> None:
        self._tokens: list[str] = []
        self._at = 0
        place, end = 0, len(text.rstrip(" "))
        while place < end:
            token = _TOKEN.match(text, place)
            if token is None:
                raise _UnreadableError
            self._tokens.append(token["token"])
            place = token.end()

    @property
    def following(self) -> str:
        """The token that is read next, in small letters; nothing at the end."""
        return self._tokens[self._at].lower() if self._at < len(self._tokens) else ""

    def takes(self, token: str) -> bool:
        """Read a token, if it is the next one."""
        is_next = self.following == token
        self._at += is_next
        return is_next

    def expect(self, token: str) -> None:
        """Read a token, which has to be the next one."""
        if not self.takes(token):
            raise _UnreadableError

    def word(self) -> str:
        """Read the next token, whatever it is."""
        if self._at == len(self._tokens):
            raise _UnreadableError
        self._at += 1
        return self._tokens[self._at - 1]


def _of_formula(text: str) -> Filters:
    query = _QUERY.fullmatch(text)
    if query is not None:
        inside = query["inside"]
        text = inside.rstrip(" ").removesuffix(")") if query["map"] else inside
    reader = _Reader(text)
    reader.takes("=")
    filters = _condition(reader, negated=False, depth=0)
    if reader.following:
        raise _UnreadableError
    return filters


def _condition(reader: _Reader, *, negated: bool, depth: int) -> Filters:
    """Read conditions with an `or` between them, or with an `and`, which binds closer."""
    alternatives, sides = [], [_alone(reader, negated=negated, depth=depth)]
    while reader.following in _WORDS:
        if not _WORDS[reader.word().lower()]:
            alternatives.append(_joined(sides, together=not negated))
            sides = []
        sides.append(_alone(reader, negated=negated, depth=depth))
    alternatives.append(_joined(sides, together=not negated))
    return _joined(alternatives, together=negated)


def _alone(reader: _Reader, *, negated: bool, depth: int) -> Filters:
    if depth > _DEEPEST:
        raise _UnreadableError
    if reader.takes("("):
        filters = _condition(reader, negated=negated, depth=depth + 1)
        reader.expect(")")
        return filters
    first = reader.word()
    if first.lower() in _FUNCTIONS and reader.takes("("):
        return _call(reader, first.lower(), negated=negated, depth=depth + 1)
    return _comparison(reader, first, negated=negated)


def _call(reader: _Reader, function: str, *, negated: bool, depth: int) -> Filters:
    if function == "isblank":
        name = _name(reader.word())
        reader.expect(")")
        return _compared(name, "==", "", negated=negated)
    if function in {"find", "search"}:
        return _found_in(reader, negated=negated)
    is_not = function == "not"
    sides = [_condition(reader, negated=negated != is_not, depth=depth)]
    while reader.takes(","):
        sides.append(_condition(reader, negated=negated != is_not, depth=depth))
    reader.expect(")")
    if is_not and len(sides) > 1:
        raise _UnreadableError
    return _joined(sides, together=(function == "and") != negated)


def _found_in(reader: _Reader, *, negated: bool) -> Filters:
    """Read what `FIND("part", {name})` asks for; what it counts isn't known."""
    part = _value(reader.word(), "==")
    reader.expect(",")
    name = _name(reader.word())
    reader.expect(")")
    if not part or reader.following not in _BEHIND:
        raise _UnreadableError
    return _compared(name, "~", f"*{part}*", negated=negated)


def _comparison(reader: _Reader, first: str, *, negated: bool) -> Filters:
    sign = _SIGNS.get(reader.word())
    if sign is None:
        raise _UnreadableError
    value = reader.word()
    if value.lower() == "blank":
        reader.expect("(")
    if reader.takes("("):
        raise _UnreadableError
    if value.lower() == "blank":
        reader.expect(")")
    return _compared(_name(first), sign, _value(value, sign), negated=negated)


def _name(token: str) -> str:
    name = token[1:-1].strip(" ") if token[0] == "{" else token
    if token[0] != "{" and _NAME.fullmatch(name) is None:
        raise _UnreadableError
    return name.removeprefix(".")


def _value(token: str, sign: str) -> str:
    """Return what is compared with, as it is written here."""
    allows_empty = Operator(sign).allows_empty
    if token.lower() in _OF_NOTHING or token in {'""', "''"}:
        if not allows_empty:
            raise _UnreadableError
        return ""
    if token.lower() in _BOOLEANS:
        return token.lower()
    value = without_quotes(token)
    is_text = value != token and '"' not in value and value.strip(" ") == value
    if not (is_text or _LITERAL.fullmatch(token) is not None) or not is_plain_value(value):
        raise _UnreadableError
    return escape(value)
