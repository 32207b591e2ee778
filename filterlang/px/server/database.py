"""The records in their database: pages of lists, single records, and what is written.

Filter, sort and page are one statement, the number of hits is another; both see the same state.
What was written is on the disk before it is answered, where the database is a file.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from contextlib import contextmanager, nullcontext
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.diagnostics.diagnostic import class_name
from filterlang.diagnostics.missing_packages import needed

with needed("filterlang.px.server", "server", "sqlalchemy"):
    from sqlalchemy import (
        Column,
        MetaData,
        Table,
        Text,
        delete,
        exists,
        func,
        insert,
        inspect,
        select,
        update,
    )
    from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError

from filterlang.px.endpoints import READ_ONLY
from filterlang.px.server.engines import WRITES, DatabaseError, engine_of
from filterlang.px.server.json_values import is_key, plain
from filterlang.px.server.page_statements import listing
from filterlang.px.server.record_tables import record_tables
from filterlang.syntax.nodes import unparse

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from sqlalchemy import Connection, Index

    from filterlang.px.server.page_statements import Listing
    from filterlang.px.server.record_tables import RecordTable
    from filterlang.px.sorting import SortName
    from filterlang.syntax.nodes import FilterSet

_LAYOUT = "2"
_AT_ONCE = 500
"""So many records are inserted by one statement."""
_MANY = 10_000
"""So many records of a new database are loaded before its indexes wait for the last one."""
_MOST_TOTALS = 1000
"""So many counts are remembered."""
_STATE = "state"
"""The fact that another value stands for after each write."""
_SAMPLE = "sample data"


class LoadError(ValueError):
    """A record can't be taken into a list; the message says which and why."""


class Page(NamedTuple):
    """A part of a list.

    Fields: `documents`, the JSON of the records; `total`, how many records of the list match;
    `place` of the last record in the order of the list, None if there is none.
    """

    documents: list[str]
    total: int
    place: tuple[Any, ...] | None


class Database:
    """The lists of the API in a database of SQLite or PostgreSQL.

    Args:
        url: as SQLAlchemy takes it, such as `sqlite:///served.db`; None for one in memory.
        replace: forget what the database holds of an earlier server.

    Attributes:
        is_new: whether nothing has been loaded into it yet.
        holds_sample: whether the sample data was loaded into it.
        secret: signs what clients shall not make up.

    Raises:
        DatabaseError: if it can't be opened, or holds something else.
    """

    is_new: bool
    holds_sample: bool
    secret: bytes

    def __init__(self, url: str | None = None, *, replace: bool = False) -> None:
        self._metadata = MetaData()
        self._tables = record_tables(self._metadata)
        self._facts = Table(
            "filterlang_served",
            self._metadata,
            Column("name", Text, primary_key=True),
            Column("value", Text, nullable=False),
        )
        self._attributes = Table(
            "filterlang_attributes",
            self._metadata,
            Column("path", Text, primary_key=True),
            Column("name", Text, primary_key=True),
            Column("type", Text, primary_key=True),
        )
        self._writing = Lock()
        self._totals: dict[tuple[str, bytes], tuple[str | None, int]] = {}
        self._counting = Lock()
        # In memory there is one connection, which threads have to share.
        self._sharing = Lock() if url is None else None
        try:
            self._engine = engine_of(url)
            self._dialect = self._engine.dialect.name
            with self._connected(writes=True) as connection:
                self._prepare(connection, replace=replace)
        except (DBAPIError, ArgumentError, ImportError) as error:
            reason = getattr(error, "orig", None) or error
            message = f"the database can't be opened: {reason}"
            raise DatabaseError(message) from error

    def _prepare(self, connection: Connection, *, replace: bool) -> None:
        held = set(inspect(connection).get_table_names())
        mine = set(self._metadata.tables)
        if held & mine and self._facts.name not in held:
            found = ", ".join(sorted(held & mine))
            message = f"the database has tables of somebody else: {found}; name another database"
            raise DatabaseError(message)
        if replace:
            self._metadata.drop_all(connection)
        self._metadata.create_all(connection)
        facts = {row.name: row.value for row in connection.execute(select(self._facts))}
        if facts.get("layout", _LAYOUT) != _LAYOUT:
            message = "the database was made by another version; --replace makes it anew"
            raise DatabaseError(message)
        if not facts:
            facts = {"layout": _LAYOUT, "secret": secrets.token_hex(32)}
            rows = [{"name": name, "value": value} for name, value in facts.items()]
            connection.execute(insert(self._facts), rows)
        self.secret = bytes.fromhex(facts["secret"])
        self.is_new = "loaded" not in facts
        self.holds_sample = facts.get("loaded") == _SAMPLE
        self._seen = {tuple(row) for row in connection.execute(select(self._attributes))}
        self._odd = {
            path: bool(connection.scalar(select(exists().where(one.table.c.is_odd))))
            for path, one in self._tables.items()
        }

    def close(self) -> None:
        """Close all connections; what is in memory is gone."""
        self._engine.dispose()

    @contextmanager
    def _connected(self, *, writes: bool = False) -> Generator[Connection]:
        """Return a connection within a transaction, which is committed if nothing is raised."""
        with self._sharing or nullcontext(), self._writing if writes else nullcontext():
            options: dict[str, Any] = {WRITES: writes}
            if self._dialect == "postgresql" and not writes:
                # All statements see the same state; SQLite knows nothing else.
                options["isolation_level"] = "REPEATABLE READ"
            with self._engine.execution_options(**options).begin() as connection:
                yield connection
                if writes:
                    self._note_write(connection)

    def _note_write(self, connection: Connection) -> None:
        """Make what was counted before void, for other servers of the database too."""
        facts = self._facts
        value = secrets.token_hex(8)
        noted = connection.execute(update(facts).where(facts.c.name == _STATE).values(value=value))
        if not noted.rowcount:
            connection.execute(insert(facts).values(name=_STATE, value=value))

    # --- Lists ------------------------------------------------------------------------------------

    def page(
        self,
        path: str,
        filters: FilterSet,
        sort: Sequence[SortName] = (),
        *,
        size: int,
        place: Sequence[Any] | None = None,
        skip: int = 0,
    ) -> Page:
        """Return the records of a list that match, behind a place in its order.

        Args:
            path: of the list.
            filters: what records have to match; an empty one is matched by all.
            sort: names to order by.
            size: how many records at most.
            place: that of the last record that came before, or None for the first page.
            skip: how many records to leave out, for lists that number their pages.
        """
        table, has_odd = self._tables[path], self._odd[path]
        asked = listing(table, filters, sort, self._dialect, has_odd=has_odd)
        rows: list[Any] = []
        with self._connected() as connection:
            total = self._total(connection, path, filters, asked)
            of_all = connection.scalar(select(func.max(table.table.c.number))) or 0
            # One of so many matches; so many are gone through in the order of the list.
            is_met_soon = total * total > of_all * size
            for statement in asked.pages(place, size=size, skip=skip, is_met_soon=is_met_soon):
                rows += connection.execute(statement).all()[: size - len(rows)]
                if len(rows) == size:
                    break
        last = tuple(rows[-1][1:]) if rows else None
        return Page([row.document for row in rows], total, last)

    def _total(self, connection: Connection, path: str, filters: FilterSet, asked: Listing) -> int:
        """Return how many records match, counted once for all pages until something is written."""
        state = connection.scalar(select(self._facts.c.value).where(self._facts.c.name == _STATE))
        key = (path, hashlib.sha256(json.dumps(unparse(filters)).encode()).digest())
        known = self._totals.get(key)
        if known is not None and known[0] == state:
            return known[1]
        total: int = connection.scalar(asked.hits())
        assert total is not None
        with self._counting:
            self._totals[key] = (state, total)
            if len(self._totals) > _MOST_TOTALS:
                self._totals.pop(next(iter(self._totals)))
        return total

    # --- Single records ---------------------------------------------------------------------------

    def find(self, path: str, key: str) -> dict[str, Any] | None:
        """Return the record with a key, which is case-sensitive; None if there is none."""
        with self._connected() as connection:
            return self._find(connection, self._tables[path], key)

    def _find(self, connection: Connection, table: RecordTable, key: str) -> dict[str, Any] | None:
        statement = select(table.table.c.document).where(table.table.c.key == key)
        return connection.scalar(statement)

    def add(self, path: str, record: dict[str, Any]) -> bool:
        """Add a record; return False if there is one with its key already."""
        table = self._tables[path]
        values = self._values(table, record)
        try:
            with self._connected(writes=True) as connection:
                connection.execute(insert(table.table), [values])
                self._note_attributes(connection, path, [values])
        except IntegrityError:
            return False
        return True

    def change(self, path: str, key: str, fields: Mapping[str, Any]) -> dict[str, Any] | None:
        """Set fields of a record, and return it; None if there is none with the key."""
        table = self._tables[path]
        with self._connected(writes=True) as connection:
            found = self._find(connection, table, key)
            if found is None:
                return None
            changed = {**found, **fields}
            values = self._values(table, changed)
            statement = update(table.table).where(table.table.c.key == key)
            connection.execute(statement.values(values))
            self._note_attributes(connection, path, [values])
        return changed

    def remove(self, path: str, key: str) -> bool:
        """Delete a record; return whether there was one."""
        table = self._tables[path].table
        with self._connected(writes=True) as connection:
            return connection.execute(delete(table).where(table.c.key == key)).rowcount > 0

    def _values(self, table: RecordTable, record: dict[str, Any]) -> dict[str, Any]:
        row = table.row(record)
        if row.is_odd:
            # Before the row is there: who asks meanwhile asks too much, and is answered rightly.
            self._odd[table.endpoint.path] = True
        key = record[table.endpoint.key]
        return {"key": key, "is_odd": row.is_odd, "document": record, **row.columns}

    def clear(self) -> None:
        """Delete all records, so that others can be loaded."""
        with self._connected(writes=True) as connection:
            for table in (*(one.table for one in self._tables.values()), self._attributes):
                connection.execute(delete(table))
            connection.execute(delete(self._facts).where(self._facts.c.name == "loaded"))
        self._seen = set()
        self._odd = dict.fromkeys(self._tables, False)
        self.is_new, self.holds_sample = True, False

    # --- Loading ----------------------------------------------------------------------------------

    def load(
        self, records: Mapping[str, Iterable[Mapping[str, Any]]], *, is_sample: bool = False
    ) -> dict[str, int]:
        """Put records into lists, all or none of them; return how many came into each list.

        Args:
            records: the path of a list → its records. Times and decimal numbers in them become
                epoch milliseconds and numbers, as the API has them.
            is_sample: whether they are the sample data.

        Raises:
            LoadError: for a record without a key, or with one that is there already.
        """
        counts = dict.fromkeys(records, 0)
        dropped: list[Index] = []
        with self._connected(writes=True) as connection:
            for path, of_list in records.items():
                table = self._tables[path]
                waiting: list[dict[str, Any]] = []
                for record in of_list:
                    counts[path] += 1
                    waiting.append(self._loaded(table, record, counts[path]))
                    if len(waiting) == _AT_ONCE:
                        self._insert(connection, table, waiting)
                        waiting = []
                    if counts[path] == _MANY and self.is_new:
                        # Each is made at once then, which is faster than record by record.
                        dropped += table.drop_indexes(connection)
                if waiting:
                    self._insert(connection, table, waiting)
            for index in dropped:
                index.create(connection)
            if self.is_new:
                what = _SAMPLE if is_sample else "records"
                connection.execute(insert(self._facts).values(name="loaded", value=what))
        self.holds_sample = self.holds_sample or is_sample
        self.is_new = False
        return counts

    def _loaded(self, table: RecordTable, record: Mapping[str, Any], number: int) -> dict[str, Any]:
        endpoint = table.endpoint
        what = f"record {number} of {endpoint.path}"
        if not isinstance(record, Mapping):
            message = f"{what} is no mapping but {class_name(record)}"
            raise LoadError(message)
        try:
            document = {str(key): plain(value) for key, value in record.items()}
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            message = f"{what} is no JSON: {error}"
            raise LoadError(message) from error
        key = document.get(endpoint.key)
        if type(key) is int:  # as a spreadsheet has them
            key = str(key)
        if endpoint.schema is None and not isinstance(key, str):
            key = f"#{number}"
        if not isinstance(key, str) or not key:
            message = f"{what} has no text as {endpoint.key!r}, which is its key"
            raise LoadError(message)
        if not is_key(key):
            message = f"{what} has a key that databases don't hold: {key!r}"
            raise LoadError(message)
        return {**self._values(table, {**document, endpoint.key: key}), "document": document}

    def _insert(
        self, connection: Connection, table: RecordTable, rows: list[dict[str, Any]]
    ) -> None:
        try:
            connection.execute(insert(table.table), rows)
        except IntegrityError as error:
            seen: set[str] = set()
            again = None
            for key in (row["key"] for row in rows):
                again = key if again is None and key in seen else again
                seen.add(key)
            which = "one that is there already" if again is None else repr(again)
            message = f"two records of {table.endpoint.path} have one key: {which}"
            raise LoadError(message) from error
        except DBAPIError as error:
            # PostgreSQL holds no NUL, also within documents.
            message = f"the database can't hold a record of {table.endpoint.path}: {error.orig}"
            raise LoadError(message) from error
        self._note_attributes(connection, table.endpoint.path, rows)

    # --- Attributes -------------------------------------------------------------------------------

    def attributes(self, path: str) -> dict[str, str]:
        """Return the custom attributes that records of a list have, or had: name → type of the API.

        An attribute with values of several types is a STRING.
        """
        found: dict[str, str] = {}
        for of_path, name, type_ in sorted(self._seen):
            if of_path == path:
                found[name] = "STRING" if name in found else type_
        return found

    def _note_attributes(
        self, connection: Connection, path: str, rows: Sequence[Mapping[str, Any]]
    ) -> None:
        if path not in READ_ONLY:
            return
        found: set[tuple[str, ...]] = set()
        for row in rows:
            custom = row["document"].get(_CUSTOM)
            if isinstance(custom, dict):
                found |= {
                    (path, name, _attribute_type(value))
                    for name, value in custom.items()
                    if value is not None and is_key(name)
                }
        new = found - self._seen
        if new:
            columns = self._attributes.c.keys()
            known = [dict(zip(columns, one, strict=True)) for one in sorted(new)]
            connection.execute(insert(self._attributes), known)
            # A new set, since others may be going through the old one.
            self._seen = self._seen | new


_CUSTOM = "customAttributes"


def _attribute_type(value: object) -> str:
    """Return the type that the API has for the values of an attribute."""
    if isinstance(value, bool):
        return "BOOLEAN"
    return "NUMBER" if isinstance(value, int | float) else "STRING"
