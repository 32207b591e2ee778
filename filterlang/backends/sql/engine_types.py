"""Columns as each engine has them: what a type is there, and what its rows show of it.

A column may have another type on each engine (`with_variant`, `TypeDecorator`), and what Python
sees of a value may be another one than SQL compares: padded text, numbers of 24 bits, rounded ones.
Here a column becomes an expression of the values that are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ARRAY,
    CHAR,
    NCHAR,
    REAL,
    Double,
    Float,
    Interval,
    Numeric,
    PickleType,
    Text,
    case,
    cast,
    func,
    null,
    type_coerce,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator

from filterlang.backends.sql.elements import FLAG, PART, Element, made_of
from filterlang.backends.sql.fields import Field, FieldType, Refused, kind_of_type

if TYPE_CHECKING:
    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ColumnElement
    from sqlalchemy.types import TypeEngine

    from filterlang.backends.sql.joining import Database

_VARIANTS = {
    "sqlite": ("sqlite",),
    "postgresql": ("postgresql",),
    "mariadb": ("mariadb", "mysql"),
    "mysql": ("mysql",),
    "other": (),
}
"""The names that a variant of a type may have on each engine."""
_DIALECTS: dict[Database, Any] = {
    "sqlite": sqlite.dialect(),
    "postgresql": postgresql.dialect(),  # type: ignore[no-untyped-call]  # SQLAlchemy doesn't type it
    "mariadb": MariaDBDialect(),
    "mysql": mysql.dialect(),
    "other": DefaultDialect(),
}
_SINGLE_BITS = 24
_MOST_DIGITS_OF_DOUBLES = 300
"""Decimal numbers with more digits may be none that a double can be."""


def on_engine(field: Field, engine: Database) -> Field | Refused:
    """Return a column as an engine has it: an expression of the values that its rows show.

    Example:
        >>> from sqlalchemy import JSON, Column
        >>> tags = Column("tags", ARRAY(Text).with_variant(JSON(), "sqlite"))
        >>> on_engine(Field("tags", tags, FieldType.ARRAY), "sqlite").kind
        <FieldType.JSON: 'JSON'>
    """
    declared: Any = field.column.type
    try:
        type_ = _type_on(declared, engine)
    except _MadeInPythonError as error:
        return Refused(field.key or "", str(error))
    column = field.column if type_ is declared else type_coerce(field.column, type_)
    return _shown(Field(field.key, column, kind_of_type(type_)), type_, engine)


class _MadeInPythonError(Exception):
    """The rows show what Python code makes of the values; says which type does."""


def _type_on(declared: Any, engine: Database) -> Any:
    """Return the type of a column on an engine, without what decorates it."""
    type_: Any = declared
    while True:
        variants = type_._variant_mapping  # noqa: SLF001 — nothing public tells the variants
        type_ = next((variants[one] for one in _VARIANTS[engine] if one in variants), type_)
        if _is_made_in_python(type_):
            message = (
                f"its type {type(type_).__name__} makes in Python what the rows show, which no"
                " database knows"
            )
            raise _MadeInPythonError(message)
        if not isinstance(type_, TypeDecorator) or isinstance(type_, Interval):
            return type_
        type_ = type_.load_dialect_impl(_DIALECTS[engine])


_MAKERS = {"process_result_value", "result_processor", "column_expression"}
"""What a type has of its own if its values aren't those of the column."""


def _is_made_in_python(type_: Any) -> bool:
    own = [one for one in type(type_).__mro__ if one.__module__.partition(".")[0] != "sqlalchemy"]
    return isinstance(type_, PickleType) or any(_MAKERS & vars(one).keys() for one in own)


def _shown(field: Field, type_: Any, engine: Database) -> Field:
    """Return a column as its rows show it."""
    column = field.column
    other = field._replace(kind=FieldType.OTHER)
    match type_:
        case CHAR() | NCHAR() if engine == "postgresql":
            # What is made of the column otherwise loses the spaces at its end.
            padded = case((column.is_not(None), func.concat(column, type_=Text)), else_=null())
            return Field(field.key, type_coerce(padded, Text), FieldType.TEXT)
        case CHAR() | NCHAR() if engine not in {"sqlite", "mariadb"}:
            return other
        case Float() if engine == "sqlite" and type_.asdecimal:
            return field._replace(kind=FieldType.DECIMAL)
        case Float() if type_.asdecimal:
            return other
        case Float() if engine != "sqlite" and _is_single(type_, engine):
            if engine not in {"postgresql", "mariadb"}:
                return other
            return Field(field.key, AsDouble(column, is_single=True), FieldType.DOUBLE)
        case Numeric() if engine != "sqlite" and not type_.asdecimal and not _is_float(type_):
            is_short = 0 < (type_.precision or 0) <= _MOST_DIGITS_OF_DOUBLES
            if engine == "mariadb" or (engine == "postgresql" and is_short):
                return Field(field.key, AsDouble(column, is_single=False), FieldType.DOUBLE)
            return other
        case ARRAY() if engine != "postgresql":
            return other
        case mysql.SET():  # to SQLAlchemy it is a text, and to Python a set
            return other
        case _:
            return field


def _is_float(type_: Any) -> bool:
    return isinstance(type_, Float)  # which was a Numeric before SQLAlchemy 2.1


def _is_single(type_: Any, engine: Database) -> bool:
    """Whether it has less than the digits of a double: FLOAT has 24 bits on MariaDB by default."""
    if isinstance(type_, Double):
        return False
    if isinstance(type_, REAL) or getattr(type_, "scale", None) is not None:
        return True
    if type_.precision is None:
        return engine == "mariadb"
    return bool(type_.precision <= _SINGLE_BITS)


class AsDouble(Element[float]):
    """A number as the double that Python makes of it.

    Of 24 bits most drivers send the text, and the double that is nearest to `0.1` is another one
    than that which a number of 24 bits is.
    """

    __visit_name__ = "filterlang_as_double"
    _traverse_internals = made_of(column=PART, is_single=FLAG)
    inherit_cache: bool | None = True
    type: TypeEngine[float] = Double()

    def __init__(self, column: ColumnElement[Any], *, is_single: bool) -> None:
        self.column = column
        self.is_single = is_single


@compiles(AsDouble)
def _as_double(element: AsDouble, compiler: SQLCompiler, **kw: Any) -> str:
    # Of the drivers this one alone gets the bits of the number, and not a text.
    is_text = element.is_single and getattr(compiler.dialect, "driver", "") != "asyncpg"
    sent = cast(element.column, Text) if is_text else element.column
    # SQLAlchemy leaves such a cast out for MariaDB, whose older versions don't have it.
    to = "DOUBLE" if compiler.dialect.name in {"mysql", "mariadb"} else "DOUBLE PRECISION"
    return f"CAST({compiler.process(sent, **kw)} AS {to})"
