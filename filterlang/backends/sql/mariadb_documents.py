"""Values of JSON documents in MariaDB, which holds them as text.

`JSON_TABLE` takes lists apart: a list gives its elements, lists in it theirs, and any other value
itself. What it gives is the text of JSON again, so that a number is compared as it is written.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Double,
    Float,
    Numeric,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.ext.compiler import compiles

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.sql.documents import (
    IS_TRUTH,
    MOST_LISTS,
    Json,
    is_passing_truth,
    read_by_matcher,
    truth,
    truths_of,
)
from filterlang.backends.sql.elements import PART, Element, made_of
from filterlang.backends.sql.folded_texts import passes_one_of, text_passes
from filterlang.backends.sql.folding import Folded
from filterlang.backends.sql.mariadb import double_text
from filterlang.semantics.kinds import Kind
from filterlang.semantics.reading import AS_TEXTS, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.types import TypeEngine

    from filterlang.backends.sql.alternatives import Asked

    Condition = ColumnElement[bool]
    Value = ColumnElement[Any]


# --- Names and lists ------------------------------------------------------------------------------


def _at(value: Value, key: str) -> Value:
    """Give what an object has under a key: NULL for what is no object, and where it isn't there."""
    found = [func.json_extract(value, literal(path, Text), type_=Text) for path in _paths(key)]
    return func.coalesce(*found, type_=Text)


def _paths(key: str) -> list[str | None]:
    """Return the paths to a key, one for each way to write it that is in use.

    MariaDB finds a key only by the escapes that it is written with. They are always as many, so
    that nothing of a name shows in the SQL; nothing is at the path NULL.
    """
    plain, escaped = json.dumps(key, ensure_ascii=False), json.dumps(key)
    capital = f'"{"".join(map(_in_capitals, key))}"'
    # Writers that escape the slash, as PHP does, write small letters.
    other = escaped.replace("/", r"\/") if "/" in key else capital
    paths = [f"$.{one}" for one in dict.fromkeys([plain, escaped, other])]
    return [*paths, *[None] * (_WAYS - len(paths))]


_WAYS = 3


def _in_capitals(character: str) -> str:
    """Write a character of a key as JSON does, with capital letters in an escape of its code."""
    escaped = json.dumps(character)[1:-1]
    codes = escaped.split("\\u")
    return "\\u".join(map(str.upper, codes)) if len(codes) > 1 else escaped


_ELEMENTS: ColumnElement[Any] = literal_column(
    "'$' COLUMNS (v0 JSON PATH '$', "
    + ", ".join(
        f"NESTED PATH '${'[*]' * depth}' COLUMNS (v{depth} JSON PATH '$')"
        for depth in range(1, MOST_LISTS + 1)
    )
    + ")"
)


class _Element(Element[str]):
    """What a row of `_ELEMENTS` has: an element of one depth or, if there is none, the value."""

    __visit_name__ = "filterlang_element"
    _traverse_internals = made_of(whole=PART)
    inherit_cache: bool | None = True
    type: TypeEngine[str] = Text()

    def __init__(self, whole: ColumnElement[Any]) -> None:
        self.whole = whole


@compiles(_Element)
def _coalesced(element: _Element, compiler: SQLCompiler, **kw: Any) -> str:
    whole = compiler.process(element.whole, **kw)
    depths = [f"{whole[:-1]}{depth}" for depth in range(MOST_LISTS, 0, -1)]
    return f"COALESCE({', '.join([*depths, whole])})"


def _any(value: Value, asked: Callable[[Value], Condition]) -> Condition:
    """Return whether a value that isn't null, or an element of it, is as asked."""
    elements = func.json_table(value, _ELEMENTS).table_valued("v0").alias()
    element = _Element(elements.c.v0)
    there = _kind(element).not_in(_NO_ELEMENTS)
    # Counted, not EXISTS: MariaDB loses elements of the next document where it stops at the first.
    found = select(func.count()).where(there, asked(element)).select_from(elements)
    return found.correlate_except(elements).scalar_subquery() > literal_column("0")


# --- One value ------------------------------------------------------------------------------------

_STRING = literal_column("'STRING'", Text)
_BOOLEAN = literal_column("'BOOLEAN'", Text)
_NUMBERS = [literal_column("'INTEGER'", Text), literal_column("'DOUBLE'", Text)]
_NO_ELEMENTS = [literal_column("'NULL'", Text), literal_column("'ARRAY'", Text)]


def _kind(value: Value) -> ColumnElement[str]:
    return func.json_type(value, type_=Text)


def _written(value: Value) -> ColumnElement[str]:
    """Return the text of a scalar."""
    return func.json_unquote(value, type_=Text)


def _is_empty(value: Value) -> Condition:
    return value == literal_column("'\"\"'", Text)


def _test(clause: Asked, value: Value) -> Condition:
    """Ask the clause of one value, not negated; the value sets the type, or the schema does."""
    if clause.reading not in AS_TEXTS:
        return _read(clause, value, is_superset=False)
    kind, text = _kind(value), _written(value)
    of_text = clause.tests(Kind.TEXT)
    as_text = text_passes(of_text, Folded(text), "mariadb")
    if clause.reading is not Reading.AS_IS or clause.is_pattern:
        return case(
            (kind.in_([_STRING, _BOOLEAN]), as_text),
            (
                kind.in_(_NUMBERS),
                text_passes(of_text, Folded(_number_text(text)), "mariadb"),
            ),
            else_=false(),
        )
    return case(
        (kind == _STRING, as_text),
        (kind.in_(_NUMBERS), _number(clause, text)),
        (kind == _BOOLEAN, truth(clause.tests(Kind.BOOLEAN), text)),
        else_=false(),
    )


def _test_or_more(clause: Asked, value: Value) -> Condition:
    """Ask the same, or say of more values than pass that they do, before the answer is negated."""
    if clause.reading in AS_TEXTS:
        return _test(clause, value)
    return _read(clause, value, is_superset=True)


def _read(clause: Asked, value: Value, *, is_superset: bool) -> Condition:
    """Ask the clause of what a schema makes of one value, not negated.

    Of a text, MariaDB can't say which number it is. Where more may be selected, each may pass; of a
    negative clause none, since the answer is negated.
    """
    if clause.of_missing:
        return false()  # what is there is not missing, be it readable or not
    kind, text = _kind(value), _written(value)
    as_text = text_passes(clause.tests(Kind.TEXT), Folded(text), "mariadb")
    if clause.reading is Reading.BOOLEAN:
        truths = truths_of(clause)
        spelled = [word for one in truths for word in (("false", "0"), ("true", "1"))[one]]
        is_spelled = or_(false(), *[Folded(text) == literal(word, Text) for word in spelled])
        return case(
            (kind == _STRING, as_text if clause.is_pattern else is_spelled),
            (kind.in_(_NUMBERS), or_(false(), *[_number(IS_TRUTH[one], text) for one in truths])),
            (kind == _BOOLEAN, is_passing_truth(clause, text)),
            else_=false(),
        )
    if clause.reading is Reading.INSTANT:
        raise read_by_matcher(clause)
    if clause.is_pattern:
        number_text = Folded(_number_text(text))
        of_number = text_passes(clause.tests(Kind.TEXT), number_text, "mariadb")
        return case((kind == _STRING, as_text), (kind.in_(_NUMBERS), of_number), else_=false())
    if not is_superset:
        raise read_by_matcher(clause)
    of_string = false() if clause.negative else true()
    return case(
        (kind == _STRING, of_string), (kind.in_(_NUMBERS), _number(clause, text)), else_=false()
    )


# --- Numbers --------------------------------------------------------------------------------------

_CUT = 64
"""A longer text of an integer stands for a number beyond all that are asked for."""
_LIMIT = 10 ** (_CUT - 1)
_OVERFLOW = str(2**1024 - 2**970)
"""From here on the nearest double is infinity."""
_LARGEST = sys.float_info.max
_SPELLINGS_OF_LARGEST = [
    literal_column(f"'{_LARGEST!r}'".replace("e+", exponent), Text)
    for exponent in ("e+", "e", "E+", "E")
]
_TOO_LARGE = "its number is too large"


def _number(clause: Asked, text: ColumnElement[str]) -> Condition:
    """Compare a number of JSON: with a point it is a double in Python, without one an integer."""
    return case(
        (_is_double(text), _double(clause, text)),
        else_=_integer(clause, text),
    )


def _is_double(text: ColumnElement[str]) -> Condition:
    return text.op("REGEXP")(literal_column("'[.eE]'"))


def _integer(clause: Asked, text: ColumnElement[str]) -> Condition:
    value = case(
        (func.char_length(text) <= literal_column(str(_CUT)), cast(text, Numeric(65, 0))),
        (_is_negative(text), literal_column(f"-{10**_CUT}")),
        else_=literal_column(str(10**_CUT)),
    )
    tests = clause.tests(Kind.INTEGER)
    return passes_one_of(tests, value, _whole, lambda numbers: value.in_(map(_whole, numbers)))


def _is_negative(text: ColumnElement[str]) -> Condition:
    return func.left(text, literal_column("1")) == literal_column("'-'")


def _whole(number: Any) -> ColumnElement[Any]:
    if not -_LIMIT < number < _LIMIT:
        raise InexactError(_TOO_LARGE)
    return cast(literal(str(int(number)), Text), Numeric(65, 0))


def _double(clause: Asked, text: ColumnElement[str]) -> Condition:
    value = _nearest(text)
    tests = clause.tests(Kind.DOUBLE)
    return passes_one_of(tests, value, _float, lambda numbers: value.in_(map(_float, numbers)))


def _nearest(text: ColumnElement[str]) -> ColumnElement[float]:
    """Return the double that is nearest to a number; the largest one for what is larger."""
    # Not a cast: SQLAlchemy leaves it out as long as it doesn't know the server.
    return type_coerce(text, Double) + literal_column("0e0", Double)


def _float(number: float) -> ColumnElement[float]:
    # MariaDB reads what is larger as the largest double.
    if not abs(number) < _LARGEST:
        raise InexactError(_TOO_LARGE)
    return literal(float(number), Float)


def _number_text(text: ColumnElement[str]) -> ColumnElement[str]:
    """Write a number of JSON as RFC 8785 does."""
    size = func.char_length(_unsigned(text))
    digits: ColumnElement[int] = literal_column(str(len(_OVERFLOW)))
    beyond = or_(
        size > digits,
        and_(size == digits, _unsigned(text) >= literal_column(f"'{_OVERFLOW}'")),
    )
    infinity = case(
        (_is_negative(text), literal_column("'-Infinity'", Text)),
        else_=literal_column("'Infinity'", Text),
    )
    value = _nearest(text)
    is_infinite = and_(
        func.abs(value) >= literal_column(f"{_LARGEST!r}".replace("e+", "e")),
        _unsigned(text).not_in(_SPELLINGS_OF_LARGEST),
    )
    zero = literal_column("'0'", Text)
    return case(
        (_is_double(text), case((is_infinite, infinity), else_=double_text(value))),
        (text == literal_column("'-0'"), zero),
        # An integer that is no double keeps all its digits.
        (or_(size <= literal_column("21"), beyond), text),
        else_=double_text(value),
    )


def _unsigned(text: ColumnElement[str]) -> ColumnElement[str]:
    return func.trim(literal_column("LEADING '-' FROM ", Text).op("")(text), type_=Text)


MARIADB = Json(_at, _any, _is_empty, _test)
MORE_ON_MARIADB = Json(_at, _any, _is_empty, _test_or_more)
"""What selects a superset."""
