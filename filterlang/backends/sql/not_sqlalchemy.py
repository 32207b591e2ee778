"""What is given in the place of an object of SQLAlchemy: what it is, and how to make one of it."""

from __future__ import annotations

from filterlang.diagnostics.diagnostic import class_name, shown


def no_connection(found: object) -> str:
    """Return what is wrong with what is no connection.

    Example:
        >>> import sqlite3
        >>> no_connection(sqlite3.connect(":memory:")).rpartition("; ")[2]
        'make one by create_engine(URL).connect()'
    """
    said = f"expected a connection or session of SQLAlchemy, found {_class_of(found)}"
    if hasattr(found, "connect"):
        return f"{said}; make one by its connect()"
    return f"{said}; make one by create_engine(URL).connect()"


def no_engine(found: object) -> str:
    """Return what is wrong with what is no engine."""
    said = f"expected an engine of SQLAlchemy, found {_class_of(found)}"
    return said if _is_of_sqlalchemy(found) else f"{said}; make one by create_engine(URL)"


def no_statement(found: object) -> str:
    """Return what is wrong with what is no statement that selects."""
    said = (
        "expected a statement that selects, made by select(), union() or text().columns(), found "
        f"{_class_of(found)}"
    )
    if isinstance(found, str):
        return f"{said}; of a table's name one is made by select(Table(…, autoload_with=engine))"
    return f"{said}; write select(…) of it" if hasattr(found, "primary_key") else said


def no_table(found: object) -> str:
    """Return what is wrong with what are no columns.

    Example:
        >>> no_table("users").rpartition("; ")[2]
        "of a table's name one is made by Table('users', MetaData(), autoload_with=engine)"
    """
    said = (
        "expected a table, a mapping of names to columns, an ORM class or a JSON column"
        f" with the whole record, found {shown(found)}"
    )
    if not isinstance(found, str):
        return said
    if not found.isidentifier():
        return f"{said}; the columns come first: where(columns, filters)"
    made = f"Table({found!r}, MetaData(), autoload_with=engine)"
    return f"{said}; of a table's name one is made by {made}"


def no_column(key: str | None, found: object) -> str:
    """Return what is wrong with what is no column."""
    said = f"expected a column for {shown(key)}, found {shown(found)}"
    return f"{said}; write column({shown(found)}, TYPE)" if isinstance(found, str) else said


def _is_of_sqlalchemy(found: object) -> bool:
    return type(found).__module__.partition(".")[0] == "sqlalchemy"


def _class_of(found: object) -> str:
    module = type(found).__module__.partition(".")[0]
    own = _is_of_sqlalchemy(found) or module == "builtins"
    return class_name(found) if own else f"{class_name(found)} of {shown(module)}"
