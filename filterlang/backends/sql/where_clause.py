"""Nodes → a condition: `where`, which each database writes in its own way."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sqlalchemy import Boolean, Text, false, func, literal, true
from sqlalchemy.ext.compiler import compiles

from filterlang.backends.plan.exactness import InexactError
from filterlang.backends.plan.known_names import expect_known
from filterlang.backends.sql.alternatives import families_of
from filterlang.backends.sql.documents import document_verdict, verdict_on_postgresql
from filterlang.backends.sql.elements import PART, Bracketed, Element, made_of, sources_of
from filterlang.backends.sql.engine_types import on_engine
from filterlang.backends.sql.fields import Field, FieldType, Layout, Refused, may_hold_names
from filterlang.backends.sql.functions import described
from filterlang.backends.sql.joining import every, some
from filterlang.backends.sql.mariadb_documents import MARIADB, MORE_ON_MARIADB
from filterlang.backends.sql.shared_forms import in_shared_forms
from filterlang.backends.sql.stored_values import name_of
from filterlang.backends.sql.typed_columns import verdict
from filterlang.checking.parse import filter_set_of
from filterlang.diagnostics.diagnostic import Span, quoted
from filterlang.diagnostics.errors import UnsupportedError, diagnose
from filterlang.syntax.nodes import FilterSet, unparse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy.sql.compiler import SQLCompiler
    from sqlalchemy.sql.elements import ColumnElement

    from filterlang.backends.sql.alternatives import Asked, Family, Part
    from filterlang.backends.sql.joining import Database
    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters

    Condition = ColumnElement[bool]

_ENGINES = {
    "sqlite": "SQLite",
    "postgresql": "PostgreSQL",
    "mariadb": "MariaDB",
    "mysql": "MySQL",
    "other": "standard SQL",
}
_VERIFIED = ("sqlite", "postgresql", "mariadb")
_FIRST_MARIADB = (10, 10)
_WITH_TABLES = frozenset({"postgresql", "mariadb"})
"""Those that JSON is asked of in SQL, which takes them long."""


def where(
    columns: Any,
    filters: Filters,
    schema: Schema | None = None,
    *,
    document: Any = None,
    dialect: Literal["sqlite", "postgresql", "mariadb"] | None = None,
    superset: bool = False,
    strict: bool = True,
) -> ColumnElement[bool]:
    """Return the condition that a record matches, for anyone's `select().where()`.

    Args:
        columns: what a record consists of: a table or subquery, a mapping of names (dotted ones
            too) to columns, an ORM class, or one JSON column that holds whole records. The columns
            of a table have the names that its rows show, those of a class the names of attributes.
        filters: what `filterlang.compile` takes.
        schema: resolves aliases and types values, as for `filterlang.compile`.
        document: one JSON column with the whole record, in which names are looked up that `columns`
            lacks. What both have has to be the same: columns beside a document are there for speed.
        dialect: the one database that the condition is for, which makes it faster; elsewhere it
            would be compiled to something that is wrong there. None for any database.
        superset: leave out what the database can't say exactly, together with the clauses that
            hold of one element with it; the rows are then more than the matching ones.
        strict: a name that neither the columns nor the schema know is an error; else it is missing
            in all records. A dimension of the schema that the table lacks is missing, and in JSON
            any name may stand.

    The condition is true or false, never NULL, so that it can be negated. Other databases than
    SQLite, PostgreSQL and MariaDB get standard SQL and a warning, since nothing verifies their
    rows; MySQL is refused.

    Raises:
        UnsupportedError: without `superset`, naming each clause that can't be said exactly: here
            if no database can, else when the statement is compiled for one that can't.
        SchemaError: if strict, for names that lead nowhere, also with `superset`.
        FilterSyntaxError, LimitError, TypeError: as `parse` does, where texts are given; TypeError
            also for columns that are none.

    Example:
        >>> from sqlalchemy import Column, Integer, MetaData, Table
        >>> users = Table("users", MetaData(), Column("score", Integer))
        >>> print(where(users, "score>1.5"))
        (users.score IS NOT NULL AND users.score >= :param_1)
    """
    filter_set = filter_set_of(filters)
    layout = Layout(columns, document)
    storages = layout.storages()
    if strict and storages is not None:
        expect_known(filter_set, storages, schema)
    families = families_of(filter_set, schema)
    if dialect is not None:
        return _Compilation(layout, filter_set, families, dialect, superset=superset).condition
    by_engine = {
        engine: _Compilation(layout, filter_set, families, engine, superset=superset)
        for engine in _ENGINES
    }
    # One engine that can say it is enough here: the others are asked once they are needed.
    if all(isinstance(one.condition, _Unsupported) for one in by_engine.values()):
        raise _error(filter_set, {engine: by_engine[engine].wrong() for engine in _VERIFIED})
    if sum(len(one.clauses) for one in filter_set) <= _MOST_KEPT:
        return _Where(by_engine)
    paths = dict.fromkeys(path for one in families for path in one.paths())
    fields = [field for path in paths if isinstance(field := layout.find(path), Field)]
    return _LargeWhere(by_engine, [field.column for field in fields])


_MOST_KEPT = 64
"""Statements with more clauses are compiled each time: they are too long to be kept."""


class _Inexact(NamedTuple):
    """Clauses of one filter that an engine can't say, and why."""

    source_index: int
    start: int
    end: int
    clauses: str
    reason: str


def _error(filters: FilterSet, wrong: dict[Database, list[_Inexact]]) -> UnsupportedError:
    """Return what can't be said, and on which engines."""
    engines: dict[_Inexact, list[str]] = {}
    for engine, found in wrong.items():
        for one in found:
            engines.setdefault(one, []).append(_ENGINES[engine])
    diagnostics = [
        diagnose(
            "FL221",
            Span(one.start, one.end),
            source_index=one.source_index,
            engine=_joined(names),
            clauses=one.clauses,
            reason=one.reason,
        )
        for one, names in sorted(engines.items())
    ]
    return UnsupportedError(diagnostics, unparse(filters))


def _joined(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


_NOT_MARIADB = (
    "it compares texts in ways that nobody verified; a server of MariaDB 10.10 or newer is known"
    " once it is connected to, or by a URL that begins with mariadb"
)


class _Compilation:
    """Filters on their way to the condition of one engine."""

    def __init__(
        self,
        layout: Layout,
        filters: FilterSet,
        families: list[Family],
        engine: Database,
        *,
        superset: bool,
    ) -> None:
        self._layout = layout
        self._filters = filters
        self._families = families
        self._engine = engine
        self._superset = superset
        self._wrong: list[_Inexact] | None = None
        self._fields: dict[str | None, Field | Refused] = {}

    @cached_property
    def condition(self) -> Condition:
        """What the engine is asked, or what raises why it can't be."""
        if not self._filters.filters:
            return true()
        try:
            return some(self._alternatives())
        except InexactError:
            # Of five engines one is asked: what the others can't say is told when it has to be.
            return _Unsupported(self.error)

    def error(self) -> UnsupportedError:
        return _error(self._filters, {self._engine: self.wrong()})

    def wrong(self) -> list[_Inexact]:
        """Return all that the engine can't say."""
        self._wrong = []
        for family in self._families:
            for index, parts in family.members:
                self._all_of(index, parts)
        return self._wrong

    def _alternatives(self) -> list[Condition]:
        """Return conditions of which one has to hold."""
        found: list[Condition] = []
        of_json: list[Condition] = []
        for family in self._families:
            goes_into_json = self._engine in _WITH_TABLES and any(
                isinstance(field := self._find(path), Field) and field.kind is FieldType.JSON
                for path in family.paths()
            )
            (of_json if goes_into_json else found).extend(self._any_of(family))
        return [*found, *in_shared_forms(of_json, self._engine)]

    def _any_of(self, family: Family) -> list[Condition]:
        """Return what filters that are one say, or each of them if together they can't be said."""
        together = self._at_once(family.parts) if len(family.members) > 1 else None
        if together is not None:
            return [together]
        return [self._all_of(index, parts) for index, parts in family.members]

    def _at_once(self, parts: list[Part]) -> Condition | None:
        conditions: list[Condition] = []
        for field, together in self._groups(parts):
            try:
                conditions.append(self._part(field, [part.asked for part in together]))
            except InexactError:
                # Some of many values may be said, and each clause is named that can't.
                if not self._superset or any(len(part.asked.clauses) > 1 for part in together):
                    return None
        return every(conditions) if conditions else true()

    def _all_of(self, index: int, parts: list[Part]) -> Condition:
        conditions: list[Condition] = []
        for field, together in self._groups(parts):
            try:
                conditions.append(self._part(field, [part.asked for part in together]))
            except InexactError as error:
                apart = [one for part in together for one in part.apart or (part,)]
                if len(apart) > len(together):
                    conditions.append(self._all_of(index, apart))
                elif self._wrong is not None:
                    self._wrong.append(self._inexact(index, together, str(error)))
                elif not self._superset:
                    raise
        return every(conditions) if conditions else true()

    def _groups(self, parts: list[Part]) -> Iterable[tuple[Field | Refused | None, list[Part]]]:
        """Return the clauses, those together that one element of a list may have to satisfy."""
        groups: dict[object, tuple[Field | Refused | None, list[Part]]] = {}
        for place, part in enumerate(parts):
            path = part.asked.path
            field = self._find(path)
            key: object = place
            if isinstance(field, Field) and field.kind is FieldType.JSON:
                start = 0 if field.key is None else len(field.key.split("."))
                if len(path) > start + (field.key is None):
                    key = (field.key, path[: start or 1])
            groups.setdefault(key, (field, []))[1].append(part)
        return groups.values()

    def _find(self, path: tuple[str, ...]) -> Field | Refused | None:
        """Return the column that a name leads to, as the engine has it."""
        field = self._layout.find(path)
        if not isinstance(field, Field):
            return field
        if field.key not in self._fields:
            self._fields[field.key] = on_engine(field, self._engine)
        return self._fields[field.key]

    def _part(self, field: Field | Refused | None, together: list[Asked]) -> Condition:
        if isinstance(field, Refused):
            raise InexactError(field.reason)
        if self._engine == "mysql":
            raise InexactError(_NOT_MARIADB)
        if field is None or (field.kind is not FieldType.JSON and _is_beyond(field, together[0])):
            # There is nothing under this name in any record, so it is missing in all of them.
            (asked,) = together
            return true() if asked.of_missing is not asked.negative else false()
        if field.kind is not FieldType.JSON:
            (asked,) = together
            return verdict(asked, field, self._engine)
        if self._engine == "postgresql":
            return verdict_on_postgresql(together, field)
        if self._engine == "mariadb":
            how = MORE_ON_MARIADB if self._superset else MARIADB
            return document_verdict(together, field, how)
        if self._engine == "sqlite":
            clauses = literal(described(together), Text)
            key = literal(field.key, Text)
            name = literal(name_of(field.column), Text)
            return func.filterlang_holds(field.column, key, clauses, name) == 1
        message = "each database reads JSON in its own way"
        raise InexactError(message)

    def _inexact(self, index: int, together: list[Part], reason: str) -> _Inexact:
        written = [part.asked.clauses[0].clause for part in together]
        clauses = " and ".join(quoted(str(clause)) for clause in written)
        return _Inexact(index, together[0].span.start, together[-1].span.end, clauses, reason)


def _is_beyond(field: Field, asked: Asked) -> bool:
    """Return whether a name goes on behind a column whose values have no names in them.

    Raises:
        InexactError: if nobody knows whether they have.
    """
    if field.key is None:
        message = f"the record is no JSON there, but of type {field.column.type!r}"
        raise InexactError(message)
    if field.key == ".".join(asked.path):
        return False
    if field.kind is FieldType.ARRAY and may_hold_names(field.column.type):
        message = "the elements of the array may have names in them"
        raise InexactError(message)
    return field.kind is not FieldType.OTHER


# --- Elements of SQLAlchemy -----------------------------------------------------------------------


class _Where(Bracketed):
    """A condition as each engine writes it, made when it is asked for; one of them is compiled."""

    __visit_name__ = "filterlang_where"
    _traverse_internals = made_of(**dict.fromkeys(_ENGINES, PART))
    inherit_cache: bool | None = True

    def __init__(self, by_engine: dict[Database, _Compilation]) -> None:
        self._by_engine = by_engine

    @cached_property
    def sqlite(self) -> Condition:
        return self._by_engine["sqlite"].condition

    @cached_property
    def postgresql(self) -> Condition:
        return self._by_engine["postgresql"].condition

    @cached_property
    def mariadb(self) -> Condition:
        return self._by_engine["mariadb"].condition

    @cached_property
    def mysql(self) -> Condition:
        return self._by_engine["mysql"].condition

    @cached_property
    def other(self) -> Condition:
        return self._by_engine["other"].condition


class _LargeWhere(_Where):
    """The same for so many clauses that what other engines would be asked isn't looked at."""

    # What a statement is kept by would be made of what each engine is asked.
    inherit_cache = False

    def __init__(self, by_engine: dict[Database, _Compilation], columns: list[Any]) -> None:
        super().__init__(by_engine)
        self._columns = columns

    @property
    def _from_objects(self) -> list[Any]:
        return sources_of(self._columns)


class _Unsupported(Element[bool]):
    """What can't be compiled: it raises why."""

    __visit_name__ = "filterlang_unsupported"
    # Statements with it are kept by SQLAlchemy for the engines that compile another part; for the
    # one that compiles this, there is never anything to be kept.
    _traverse_internals = made_of()
    inherit_cache = True
    type = Boolean()

    def __init__(self, error: Callable[[], UnsupportedError]) -> None:
        self.error = error


@compiles(_Where)
def _standard(element: _Where, compiler: SQLCompiler, **kw: Any) -> str:
    name = compiler.dialect.name
    if name != "default":
        message = (
            "the rows that a filter selects are verified on SQLite, PostgreSQL and MariaDB, not"
            f" {name}"
        )
        warnings.warn(message, stacklevel=2)
    return f"({compiler.process(element.other, **kw)})"


@compiles(_Where, "sqlite")
def _sqlite(element: _Where, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.sqlite, **kw)})"


@compiles(_Where, "postgresql")
def _postgresql(element: _Where, compiler: SQLCompiler, **kw: Any) -> str:
    return f"({compiler.process(element.postgresql, **kw)})"


@compiles(_Where, "mysql", "mariadb")
def _mariadb(element: _Where, compiler: SQLCompiler, **kw: Any) -> str:
    dialect: Any = compiler.dialect
    # A server that isn't connected to yet has no version.
    version = getattr(dialect, "server_version_info", None) or _FIRST_MARIADB
    is_known = dialect.is_mariadb and version >= _FIRST_MARIADB
    return f"({compiler.process(element.mariadb if is_known else element.mysql, **kw)})"


@compiles(_Unsupported)
def _refuse(element: _Unsupported, _compiler: SQLCompiler, **_kw: Any) -> str:
    raise element.error()
