"""Engines of the databases that records may lie in: SQLite, in memory or a file, and PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.pool import StaticPool

from filterlang.backends.sql import register
from filterlang.px.server.ordering import sorted_number, sorted_text

if TYPE_CHECKING:
    from sqlalchemy import Connection

_SUPPORTED = ("sqlite", "postgresql")
WRITES = "filterlang_writes"
"""The execution option of connections that write."""


class DatabaseError(Exception):
    """The database can't be opened, or what it holds isn't what this server has written."""


def engine_of(url: str | None) -> Any:
    """Return the engine of a URL, set up for this server; None is a database in memory.

    Raises:
        DatabaseError: for a URL of another database.
    """
    if url is None:
        engine = create_engine(
            "sqlite://",
            poolclass=StaticPool,
            hide_parameters=True,
            connect_args={"check_same_thread": False},
        )
    else:
        parsed = make_url(url)
        if parsed.get_backend_name() not in _SUPPORTED:
            message = f"expected a URL of SQLite or PostgreSQL, found {parsed.get_backend_name()!r}"
            raise DatabaseError(message)
        if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
            return engine_of(None)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(parsed, pool_size=8, max_overflow=32, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        register(engine)
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, _record: object) -> None:
    # Transactions are begun by `_begin`, not by the driver, which knows no reading ones.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    # What is committed is on the disk, also if the machine stops.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 30000")
    for name, function in (
        ("filterlang_sorted_number", sorted_number),
        ("filterlang_sorted_text", sorted_text),
    ):
        connection.create_function(name, 2, function, deterministic=True)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    # Who reads first and writes then would be refused if somebody else has written meanwhile.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
