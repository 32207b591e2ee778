"""Thousands of conditions joined, and thousands of values that one may equal, within limits.

SQLite refuses expressions that are deeper than 1000, and PostgreSQL more than 65,535 parameters.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, and_, any_, bindparam, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles

from filterlang.backends.sql.elements import PARTS, TEXT, Bracketed, made_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.types import TypeEngine

    Condition = ColumnElement[bool]

Database = str
"""`"sqlite"`, `"postgresql"`, `"mariadb"`, `"mysql"` that isn't MariaDB, or `"other"`."""

_MOST_BESIDE = 32
"""So many conditions stand beside each other; of more, each pair of brackets has so many."""


class _Joined(Bracketed):
    """Conditions, joined in few levels of brackets."""

    __visit_name__ = "filterlang_joined"
    _traverse_internals = made_of(word=TEXT, parts=PARTS)
    inherit_cache = True

    def __init__(self, word: str, parts: list[Condition]) -> None:
        self.word = word
        self.parts = parts


@compiles(_Joined)
def _in_brackets(element: _Joined, compiler: SQLCompiler, **kw: Any) -> str:
    texts = [f"({compiler.process(part, **kw)})" for part in element.parts]
    while len(texts) > 1:
        starts = range(0, len(texts), _MOST_BESIDE)
        texts = [f"({element.word.join(texts[one : one + _MOST_BESIDE])})" for one in starts]
    return texts[0]


def every(parts: Iterable[Condition]) -> Condition:
    """Join one condition or more with AND."""
    joined = list(parts)
    return and_(*joined) if len(joined) <= _MOST_BESIDE else _Joined(" AND ", joined)


def some(parts: Iterable[Condition]) -> Condition:
    """Join one condition or more with OR."""
    joined = list(parts)
    return or_(*joined) if len(joined) <= _MOST_BESIDE else _Joined(" OR ", joined)


def one_of(
    left: ColumnElement[Any], values: Sequence[Any], type_: TypeEngine[Any], engine: Database
) -> Condition:
    """Ask whether something equals one of two values or more, as few parameters as possible."""
    if engine == "postgresql":
        return left == any_(literal(list(values), ARRAY(type_)))
    if engine == "sqlite" and all(isinstance(value, int | str) for value in values):
        # Its reading of doubles isn't exact, so that they stay parameters.
        each = func.json_each(literal(json.dumps(list(values)), Text)).table_valued("value")
        return left.in_(select(each.c.value))
    listed = bindparam(None, list(values), type_=type_, expanding=True, unique=True)
    return left.in_(listed)
