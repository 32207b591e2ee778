"""What SQLite calls back: `register` installs the functions, and says so where it wasn't called.

SQLite runs in this process, so what it doesn't know itself is asked of the language's own rules:
folding, the text of a number, the moment of a date, and what clauses say of a JSON document.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, assert_never

from sqlalchemy import event
from sqlalchemy.engine import Engine

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.sql.fields import FieldType
from filterlang.backends.sql.not_sqlalchemy import no_engine
from filterlang.backends.sql.stored_values import (
    SEARCH,
    StoredValueError,
    misfit,
    undecoded_text,
)
from filterlang.checking.parse import parse_filter
from filterlang.semantics.instants import instant_of
from filterlang.semantics.judge import holds, passes
from filterlang.semantics.reading import Reading
from filterlang.semantics.tests import (
    Always,
    BoundClause,
    Equals,
    Like,
    Never,
    Within,
    fragments_of,
)
from filterlang.semantics.values import fold, text_of
from filterlang.semantics.wildcards import Wildcards
from filterlang.syntax.pattern import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy.engine.interfaces import ExceptionContext
    from sqlalchemy.ext.asyncio import AsyncEngine

    from filterlang.backends.sql.alternatives import Asked
    from filterlang.semantics.kinds import Kind
    from filterlang.semantics.tests import Test
    from filterlang.syntax.nodes import Clause

_MARK = "filterlang"
_RAISED = "user-defined function raised exception"
_OURS = "filterlang_"
_UNKNOWN = f"no such function: {_OURS}"


def register(engine: Engine | AsyncEngine) -> None:
    """Install in every connection of a SQLite engine the functions that `where` needs there.

    It may be an engine of `sqlalchemy.ext.asyncio`, too.

    Call it once, right after the engine is made; other engines need nothing, and are left alone.

    Raises:
        TypeError: for what is no engine.
        ValueError: when a connection is used whose database holds text as UTF-16: SQLite orders
            that by its bytes, not by code points.
    """
    # That of an asynchronous engine, which has no events itself.
    sync = getattr(engine, "sync_engine", engine)
    if not isinstance(sync, Engine):
        raise TypeError(no_engine(engine))
    if sync.dialect.name == "sqlite":
        # Not "connect": connections that the pool holds already need the functions too.
        event.listen(sync, "checkout", _install)


def _install(connection: Any, record: Any, _proxy: object) -> None:
    if _MARK in record.info:
        return
    cursor = connection.cursor()
    cursor.execute("PRAGMA encoding")
    (encoding,) = cursor.fetchone()
    cursor.close()
    if encoding != "UTF-8":
        message = f"expected a SQLite database that holds text as UTF-8, found {encoding}"
        raise ValueError(message)
    misfits: list[StoredValueError] = []
    for name, count, function in _FUNCTIONS:
        told = _telling(function, misfits)
        connection.create_function(name, count, told, deterministic=True)
    record.info[_MARK] = misfits


def _telling(function: Callable[..., object], misfits: list[StoredValueError]) -> Any:
    """Keep the error of a function: SQLite forgets which one it was."""

    def told(*arguments: object) -> object:
        try:
            return function(*arguments)
        except StoredValueError as error:
            misfits[:] = [error]
            raise

    return told


@event.listens_for(Engine, "handle_error")
def _explain(context: ExceptionContext) -> None:
    """Say what is to be done where the functions aren't there, or can't take a value."""
    if _RAISED in str(context.original_exception) and context.connection is not None:
        misfits = context.connection.info.get(_MARK)
        if misfits:
            raise misfits.pop() from context.original_exception
        executed: Any = context.execution_context
        is_ours = misfits is not None and _OURS in str(getattr(executed, "statement", ""))
        if is_ours and not executed.execution_options.get(SEARCH):
            # None of these functions was called: the driver couldn't read what they are given.
            found = undecoded_text(context.connection, executed.compiled)
            raise found from context.original_exception
    if _UNKNOWN in str(context.original_exception):
        message = (
            "this connection doesn't have the functions that filters need on SQLite; call"
            " filterlang.backends.sql.register(engine) once, right after create_engine"
        )
        raise RuntimeError(message) from context.original_exception


# --- The functions --------------------------------------------------------------------------------


def _fold(text: object) -> object:
    # What is no text stays as it is, less or more than all texts, and an index leads to it.
    return fold(text) if isinstance(text, str) else text


def _text(value: object) -> str | None:
    return text_of(value)


def _instant(text: object, name: str) -> int | None:
    return None if text is None else instant_of(_moment(text, name))


def _instant_text(text: object, name: str) -> str | None:
    return None if text is None else text_of(_moment(text, name))


def _moment(text: object, name: str) -> datetime:
    try:
        return datetime.fromisoformat(text)  # type: ignore[arg-type]  # what it isn't is an error
    except (TypeError, ValueError):
        raise misfit(FieldType.DATETIME, name, text) from None


def _date_text(text: object, name: str) -> str | None:
    try:
        return None if text is None else date.fromisoformat(text).isoformat()  # type: ignore[arg-type]  # as above
    except (TypeError, ValueError):
        raise misfit(FieldType.DATE, name, text) from None


_MOST_READ = 32_768
"""So many are kept as they are read: each row asks for all that a statement has, in turn."""


@lru_cache(maxsize=_MOST_READ)
def _wildcards(pattern: str) -> Wildcards:
    return Wildcards(fragments_of(Pattern(pattern)))


def _like(text: object, pattern: str) -> bool | None:
    return _wildcards(pattern).matches(text) if isinstance(text, str) else None


def described(clauses: Iterable[Asked]) -> str:
    """Write clauses for the functions that judge documents and texts.

    Raises:
        InexactError: for several clauses in one that are no equalities, which are asked apart.
    """
    clauses = list(clauses)
    if not all(len(asked.clauses) == 1 or asked.is_equality for asked in clauses):
        message = "the functions take patterns one by one"
        raise InexactError(message)
    return json.dumps(
        [
            [[str(one.clause) for one in asked.clauses], ".".join(asked.path), asked.reading.value]
            for asked in clauses
        ]
    )


class _OneOf:
    """What equals each of many values."""

    def __init__(self, values: Iterable[object]) -> None:
        self._values = frozenset(values)

    def __eq__(self, other: object) -> bool:
        return other in self._values

    __hash__ = None  # type: ignore[assignment]  # as Python has it for what defines equality


class _Alternatives(BoundClause):
    """Equalities of one name, of which one has to hold: each test equals one of many values."""

    __slots__ = ("_others",)

    def __init__(self, clauses: list[Clause], name: str, reading: Reading) -> None:
        super().__init__(clauses[0], name, reading)
        self._others = [BoundClause(clause, name, reading) for clause in clauses]

    def on(self, kind: Kind) -> Test:
        if kind not in self._tests:
            values, is_text = [], False
            for test in [clause.on(kind) for clause in self._others]:
                match test:
                    case Equals(value, of_text):
                        values.append(value)
                        is_text = is_text or of_text
                    case Never() | Always() | Within() | Like():
                        self._tests.setdefault(kind, test)
                    case _:
                        assert_never(test)
            if values:
                self._tests[kind] = Equals(_OneOf(values), is_text)
        return self._tests[kind]


@lru_cache(maxsize=_MOST_READ)
def _clauses(described: str) -> list[BoundClause]:
    return [
        _clause([parse_filter(text, max_length=None).clauses[0] for text in texts], name, reading)
        for texts, name, reading in json.loads(described)
    ]


def _clause(clauses: list[Clause], name: str, written: str) -> BoundClause:
    reading = Reading(written)
    if len(clauses) == 1:
        return BoundClause(clauses[0], name, reading)
    return _Alternatives(clauses, name, reading)


@lru_cache(maxsize=8)
def _document(text: str | bytes) -> Any:
    return json.loads(text)


def _holds(text: object, key: str | None, clauses: str, name: str) -> bool:
    """Judge a document that stands under a key of the record, or is the record itself."""
    # SQLite makes a number of a column of type JSON that holds nothing else.
    try:
        document = _document(text) if isinstance(text, str | bytes) else text
    except (ValueError, RecursionError):
        raise misfit(FieldType.JSON, name, text) from None
    return holds(_clauses(clauses), document if key is None else {key: document})


def _passes(value: object, clauses: str) -> bool:
    """Judge a value that the row shows as it is stored, by clauses of which one has to pass."""
    return any(passes(clause, value) for clause in _clauses(clauses))


def _decimal(value: object, places: int, clauses: str, name: str) -> bool:
    """Judge the decimal number that SQLAlchemy makes of what is stored, as `_passes` does."""
    if not isinstance(value, int | float | None):
        raise misfit(FieldType.DECIMAL, name, value)
    return _passes(None if value is None else Decimal(f"{value:.{places}f}"), clauses)


_FUNCTIONS = (
    ("filterlang_fold", 1, _fold),
    ("filterlang_text", 1, _text),
    ("filterlang_instant", 2, _instant),
    ("filterlang_instant_text", 2, _instant_text),
    ("filterlang_date_text", 2, _date_text),
    ("filterlang_like", 2, _like),
    ("filterlang_holds", 4, _holds),
    ("filterlang_decimal", 4, _decimal),
    ("filterlang_passes", 2, _passes),
)
