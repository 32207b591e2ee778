"""The folded text of a column, as each engine computes it.

On PostgreSQL ICU lowers every code point as Python does, but for İ, Σ and ς, which are replaced
around it: the root locale's `lower` was compared for all code points (`misfolded`). So does
MariaDB, but for ς, with a collation that knows the pairs of letters of Unicode 14. A `translate`
with Python's own table would not depend on the server's version of Unicode, but took 170 times as
long. In SQLite, which lowers ASCII only, the Python function itself is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, collate, func, literal, literal_column, select
from sqlalchemy.ext.compiler import compiles

from filterlang.backends.sql.elements import PART, Element, made_of
from filterlang.semantics.values import fold

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.types import TypeEngine

ICU = "und-x-icu"
"""The collation of PostgreSQL for no language in particular."""


CODE_POINTS = "utf8mb4_nopad_bin"
"""The collation of MariaDB that compares code points, also those of spaces at the end."""
_LETTERS = "utf8mb4_uca1400_nopad_as_cs"
"""The collation of MariaDB that knows the pairs of letters of Unicode 14; it is there since 10.10.

All other ones know those of older versions.
"""
_SIGMAS = "_utf8mb4 x'CF82', _utf8mb4 x'CF83'"


class Folded(Element[str]):
    """A column's folded text; each dialect writes it in its own way."""

    __visit_name__ = "filterlang_folded"
    _traverse_internals = made_of(column=PART)
    inherit_cache: bool | None = True
    type: TypeEngine[str] = Text()

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column


def folded(column: Any) -> ColumnElement[str]:
    """Return the folded text of a column, for an index on it.

    Example:
        >>> from sqlalchemy import Column, Index, MetaData, Table, Text
        >>> users = Table("users", MetaData(), Column("name", Text))
        >>> Index("ix_users_name", folded(users.c.name)).name
        'ix_users_name'
    """
    return Folded(column.__clause_element__())


class AsWritten(Element[str]):
    """A column's text on MariaDB, compared by code points, whatever the column's collation is."""

    __visit_name__ = "filterlang_as_written"
    _traverse_internals = made_of(column=PART)
    inherit_cache: bool | None = True
    type: TypeEngine[str] = Text()

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column


@compiles(AsWritten)
def _as_written(element: AsWritten, compiler: SQLCompiler, **kw: Any) -> str:
    text = compiler.process(element.column, **kw)
    return f"(CONVERT({text} USING utf8mb4) COLLATE {CODE_POINTS})"


@compiles(Folded)
def _standard(element: Folded, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(func.lower(func.replace(element.column, "İ", "i")), **kw)


@compiles(Folded, "sqlite")
def _sqlite(element: Folded, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(func.filterlang_fold(element.column), **kw)


@compiles(Folded, "postgresql")
def _postgresql(element: Folded, compiler: SQLCompiler, **kw: Any) -> str:
    prepared = func.translate(
        cast(element.column, Text), literal_column("'İΣ'"), literal_column("'iσ'")
    )
    lowered = func.replace(
        func.lower(collate(prepared, ICU)), literal_column("'ς'"), literal_column("'σ'")
    )
    return f"({compiler.process(collate(lowered, 'C'), **kw)})"


@compiles(Folded, "mysql", "mariadb")
def _mariadb(element: Folded, compiler: SQLCompiler, **kw: Any) -> str:
    text = compiler.process(element.column, **kw)
    lowered = f"LOWER(CONVERT({text} USING utf8mb4) COLLATE {_LETTERS})"
    return f"REPLACE({lowered} COLLATE {CODE_POINTS}, {_SIGMAS})"


def misfolded(connection: Connection) -> str:
    """Return the characters that a server of PostgreSQL or MariaDB folds otherwise than Python.

    There are none as long as both know the same pairs of letters. A server with a much newer or
    older version of Unicode may have some, in scripts that were added since; texts without them are
    compared rightly all the same.
    """
    characters = "".join(map(chr, [*range(1, 0xD800), *range(0xE000, 0x110000)]))
    found = connection.scalar(select(Folded(literal(characters, Text))))
    assert isinstance(found, str)
    if len(found) != len(characters):
        return characters
    return "".join(
        one for one, by_server in zip(characters, found, strict=True) if fold(one) != by_server
    )
