"""The list of everything in the library that gives verdicts, behind one face.

The plain judge, generated code, the index, files, each engine of frames and each database: whoever
holds one of them to something (the vectors, a law, drawn records) holds all of them to it, and a
new one becomes a line here. What an evaluator can't be asked is left out for one of a few reasons,
never silently.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from functools import partial
from importlib import import_module
from math import isfinite
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from filterlang.backends.arrow_values import python_values
from filterlang.backends.files import copy
from filterlang.backends.files.judging import Judge as BatchJudge
from filterlang.backends.files.lines import read_record
from filterlang.backends.files.packages import load_pyarrow
from filterlang.backends.files.prefilter import Prefilter
from filterlang.backends.used_names import names_of, wanted_columns
from filterlang.diagnostics.errors import UnsupportedError
from filterlang.matching.codegen import MOST_FAILURES
from filterlang.matching.index.filter_index import FilterIndex
from filterlang.matching.matcher import compile
from filterlang.schema.binding import bind_all
from filterlang.semantics.judge import holds
from filterlang.semantics.kinds import Kind, key_of, kind_of
from filterlang.semantics.values import is_list, is_missing, plain, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    import pyspark.sql
    import sqlalchemy as sa

    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.syntax.nodes import Clause, Filter, FilterSet

    # pyarrow has no types, and frames are of many engines.
    Array = Any
    Table = Any
    Frame = Any
    Filters = FilterSet | Filter | Clause | str | Iterable[str]


class Reason(Enum):
    """Why an evaluator gives no verdicts; there are no other reasons.

    Example:
        >>> [reason.name for reason in Reason]
        ['NO_OBJECT', 'VALUES_NOT_HELD', 'UNSUPPORTED', 'NOT_CONNECTED']
    """

    NO_OBJECT = "a record is no mapping of texts to values"
    VALUES_NOT_HELD = "it can't hold values that the filters look at as they are"
    UNSUPPORTED = "it refuses the filters, since it can't say them exactly"
    NOT_CONNECTED = "nobody said where its server is"


class LeftOut(NamedTuple):
    """What takes the place of verdicts: the `reason`, and in words what it is about.

    Example:
        >>> LeftOut(Reason.VALUES_NOT_HELD, "score").reason.value
        "it can't hold values that the filters look at as they are"
    """

    reason: Reason
    detail: str = ""


if TYPE_CHECKING:
    Verdicts = list[bool] | LeftOut
    Ask = Callable[[Sequence[Filters], Sequence[object], Schema | None], list[Verdicts]]
    Judge = Callable[[object], bool]
    _AskObjects = Callable[
        [list[Matcher], Sequence[Mapping[str, object]], Schema | None], list[Verdicts]
    ]
    _AskServer = Callable[
        [Any, list[Matcher], Sequence[Mapping[str, object]], Schema | None], list[Verdicts]
    ]


class Evaluator(NamedTuple):
    """Something in the library that gives verdicts.

    Fields: `name`; `module`, the module that decides; `requires`, the packages that have to be
    installed; `ask`, which gives for each of several filters the verdicts on the same records.

    Example:
        >>> index = next(one for one in evaluators() if one.name == "index")
        >>> index.ask(["score>9", "score>10"], [{"score": 10}, {"score": 11}], None)
        [[True, True], [False, True]]
    """

    name: str
    module: str
    requires: tuple[str, ...]
    ask: Ask

    def judge(
        self, filters: Filters, records: Sequence[object], schema: Schema | None = None
    ) -> Verdicts:
        """Return the verdicts on records, or say why there are none.

        Raises:
            ModuleNotFoundError: if a package is missing that is required.
            FilterSyntaxError, LimitError, TypeError: as `filterlang.compile` does.

        Example:
            >>> lines = next(one for one in evaluators() if one.name == "JSON Lines")
            >>> lines.judge("score>=10", [{"score": 9}, {"score": 10}])
            [False, True]
            >>> lines.judge("score>=10", [{"score": 9j}]).reason
            <Reason.VALUES_NOT_HELD: "it can't hold values that the filters look at as they are">
        """
        return self.ask([filters], records, schema)[0]


def evaluators(
    *,
    postgresql: sa.Engine | None = None,
    mariadb: sa.Engine | None = None,
    spark: pyspark.sql.SparkSession | None = None,
    spark_connect: pyspark.sql.SparkSession | None = None,
) -> list[Evaluator]:
    """List everything in the library that gives verdicts.

    Packages are imported when an evaluator is asked that needs them, and not before.

    Args:
        postgresql: a server to ask; all that is done there is rolled back.
        mariadb: a server to ask, with a database that it uses; nothing is left there.
        spark: a session to ask.
        spark_connect: a session of Spark Connect to ask, while PySpark is in its mode.

    Example:
        >>> for one in evaluators():
        ...     if not one.requires:
        ...         print(one.name, one.judge("name==ada", [{"name": "Ada"}, {"name": "Bob"}]))
        plain judge [True, False]
        generated code [True, False]
        generated code, careful [True, False]
        generated code, of a list [True, False]
        explain [True, False]
        index [True, False]
        prefilter [True, False]
        JSON Lines [True, False]
    """
    codegen = "filterlang.matching.codegen"
    files = "filterlang.backends.files."
    frames = "filterlang.backends.frames."
    sql = "filterlang.backends.sql."
    arrow = ("pyarrow", "narwhals")
    on_sqlite = ("sqlalchemy",)
    on_postgresql = ("sqlalchemy", "psycopg")
    on_mariadb = ("sqlalchemy", "pymysql")
    return [
        Evaluator("plain judge", "filterlang.semantics.judge", (), _each(_judge_plainly)),
        Evaluator("generated code", codegen, (), _each(lambda matcher: matcher.matches)),
        Evaluator("generated code, careful", codegen, (), _each(_judge_carefully)),
        Evaluator("generated code, of a list", codegen, (), _each(_judge_list)),
        Evaluator("explain", "filterlang.matching.matcher", (), _each(_explain)),
        Evaluator("index", "filterlang.matching.index.filter_index", (), _each(_judge_by_index)),
        Evaluator("prefilter", files + "prefilter", (), _lines(_judge_by_prefilter)),
        Evaluator("JSON Lines", files + "scanner", (), _lines(_judge_file)),
        Evaluator("Arrow batches", files + "judging", (*arrow, "polars"), _ask_batches),
        Evaluator("polars", frames + "polars", (*arrow, "polars"), _frames(_to_polars)),
        Evaluator("lazy polars", frames + "polars", (*arrow, "polars"), _frames(_to_lazy_polars)),
        Evaluator("pandas", frames + "pandas_columns", (*arrow, "pandas"), _frames(_to_pandas)),
        Evaluator(
            "pandas on Arrow",
            frames + "pandas_columns",
            (*arrow, "pandas"),
            _frames(_to_arrow_pandas),
        ),
        Evaluator("dask", frames + "partitions", (*arrow, "pandas", "dask"), _frames(_to_dask)),
        Evaluator("pyarrow", frames + "arrow_frames", arrow, _arrow(lambda table: table)),
        Evaluator("pyarrow batches", frames + "arrow_frames", arrow, _arrow(_to_stream)),
        Evaluator("pyarrow datasets", frames + "arrow_compute", arrow, _arrow(_to_dataset)),
        Evaluator("DuckDB", frames + "duckdb", (*arrow, "duckdb"), _frames(_to_duckdb)),
        Evaluator("Spark", frames + "spark", (*arrow, "pyspark"), _connected(_ask_spark, spark)),
        Evaluator(
            "Spark Connect",
            frames + "spark",
            (*arrow, "pyspark", "grpc"),
            _connected(_ask_spark, spark_connect),
        ),
        Evaluator("SQLite", sql + "typed_columns", on_sqlite, _on_sqlite(_ask_columns)),
        Evaluator("SQLite documents", sql + "functions", on_sqlite, _on_sqlite(_ask_documents)),
        Evaluator(
            "PostgreSQL", sql + "typed_columns", on_postgresql, _connected(_ask_columns, postgresql)
        ),
        Evaluator(
            "PostgreSQL documents",
            sql + "documents",
            on_postgresql,
            _connected(_ask_documents, postgresql),
        ),
        Evaluator("MariaDB", sql + "mariadb", on_mariadb, _connected(_ask_columns, mariadb)),
        Evaluator(
            "MariaDB documents",
            sql + "mariadb_documents",
            on_mariadb,
            _connected(_ask_documents, mariadb),
        ),
    ]


def _connected(ask: _AskServer, server: object) -> Ask:
    """Ask a server, or say that there is none."""
    if server is None:
        return lambda asked, _records, _schema: [LeftOut(Reason.NOT_CONNECTED)] * len(asked)
    return _of_objects(partial(ask, server))


# --- Python's objects -----------------------------------------------------------------------------


def _each(judge_of: Callable[[Matcher], Judge]) -> Ask:
    """Ask what takes any record, one record after the other."""

    def ask(
        asked: Sequence[Filters], records: Sequence[object], schema: Schema | None
    ) -> list[Verdicts]:
        judges = [judge_of(compile(filters, schema=schema)) for filters in asked]
        return [[judge(record) for record in records] for judge in judges]

    return ask


def _judge_plainly(matcher: Matcher) -> Judge:
    bound = [bind_all(filter_, matcher.schema) for filter_ in matcher.filters]
    return lambda record: not bound or any(holds(clauses, record) for clauses in bound)


def _judge_carefully(matcher: Matcher) -> Judge:
    for _ in range(MOST_FAILURES):
        matcher.matches(None)  # after so many records that are none it changes its ways
    return matcher.matches


def _judge_list(matcher: Matcher) -> Judge:
    return lambda record: bool(list(matcher.filter([record])))


def _explain(matcher: Matcher) -> Judge:
    return lambda record: matcher.explain(record).matched


def _judge_by_index(matcher: Matcher) -> Judge:
    index = FilterIndex({"asked": matcher.filters}, matcher.schema)
    return lambda record: index.match(record) == ["asked"]


# --- What holds values in a way of its own --------------------------------------------------------


class _Held:
    """Records that are mappings, as an evaluator holds them: by key.

    `hold` makes what the evaluator takes of the values of one key; it gives None where it can't
    hold them as they are. In `columns` what a record lacks is null.
    """

    def __init__(
        self,
        records: Sequence[Mapping[str, object]],
        hold: Callable[[list[object]], Any],
        *,
        columns: bool = True,
    ) -> None:
        self.records = records
        self.keys = list(dict.fromkeys(key for record in records for key in record))
        self._hold = hold
        self._columns: dict[str, Any] = {}
        if columns:
            # A key with a dot hides a nested value, even if it leads to null.
            hiding = [key for key in self.keys if "." in key]
            self._columns |= {
                key: None for key in hiding if not all(key in record for record in records)
            }

    def find(self, key: str) -> Any:
        """Return what stands for a key, or None."""
        if key not in self._columns:
            self._columns[key] = self._hold([record.get(key) for record in self.records])
        return self._columns[key]

    def lose(self, key: str) -> None:
        """Note that the values of a key aren't held."""
        self._columns[key] = None

    def compare(self, key: str, back: Sequence[object]) -> None:
        """Note whether the values of a key came back as others."""
        if not _are_same([record.get(key) for record in self.records], back):
            self.lose(key)

    def wanted(self, matcher: Matcher) -> dict[str, Any] | LeftOut:
        """Return what stands for the keys that filters look at."""
        wanted = {key: self.find(key) for key in wanted_columns(self.keys, names_of(matcher))}
        for key, column in wanted.items():
            if column is None:
                return LeftOut(Reason.VALUES_NOT_HELD, key)
        return wanted


def _is_object(record: object) -> bool:
    return isinstance(record, Mapping) and all(isinstance(key, str) for key in record)


def _of_objects(ask: _AskObjects) -> Ask:
    """Ask what takes mappings only."""

    def ask_objects(
        asked: Sequence[Filters], records: Sequence[object], schema: Schema | None
    ) -> list[Verdicts]:
        matchers = [compile(filters, schema=schema) for filters in asked]
        objects: Any = records
        if not all(map(_is_object, objects)):
            return [LeftOut(Reason.NO_OBJECT)] * len(asked)
        return ask(matchers, objects, schema)

    return ask_objects


def _are_same(values: Iterable[object], others: Iterable[object]) -> bool:
    left, right = list(values), list(others)
    return len(left) == len(right) and all(map(_is_same, left, right))


def _is_same(given: object, held: object) -> bool:
    """Return whether two values are the same to the language; what is held has to be."""
    value, other = plain(given), plain(held)
    if is_missing(value) or is_missing(other):
        return is_missing(value) and is_missing(other)
    if is_list(value) or is_list(other):
        return is_list(value) and is_list(other) and _are_same(value, other)
    if isinstance(value, Mapping) and isinstance(other, Mapping):
        # A key that is new leads to null, and hides nothing.
        return not any("." in key for key in other.keys() - value.keys()) and all(
            _is_same(value.get(key), other.get(key)) for key in {**value, **other}
        )
    kind = kind_of(value)
    if kind is Kind.OPAQUE:
        return bool(value == other)
    return (
        kind is kind_of(other)
        and key_of(value, kind) == key_of(other, kind)
        and text_of(value) == text_of(other)
    )


# --- Lines of JSON --------------------------------------------------------------------------------


def _lines(judge: Callable[[Matcher, list[bytes]], Verdicts]) -> Ask:
    """Ask what takes lines of JSON."""

    def ask(
        matchers: list[Matcher], records: Sequence[Mapping[str, object]], _: Schema | None
    ) -> list[Verdicts]:
        held = _Held(records, _json_values, columns=False)
        # Keys that aren't asked for are part of a line too.
        keys = {key for key in held.keys if held.find(key) is not None}
        lines = [_line({key: record[key] for key in record if key in keys}) for record in records]
        found: list[Verdicts] = []
        for matcher in matchers:
            wanted = held.wanted(matcher)
            found.append(wanted if isinstance(wanted, LeftOut) else judge(matcher, lines))
        return found

    return _of_objects(ask)


def _json_values(values: list[object]) -> list[object] | None:
    """Return values as JSON brings them, where it has them."""
    try:
        found: list[object] = json.loads(json.dumps(values, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        return None
    return found if _are_same(values, found) else None


def _line(record: dict[str, object]) -> bytes:
    try:
        return json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON has as an escape alone
        return json.dumps(record).encode()


def _judge_by_prefilter(matcher: Matcher, lines: list[bytes]) -> Verdicts:
    """Let the prefilter reject lines, and the matcher judge those that are left."""
    if not lines:
        return []
    prefilter = Prefilter.of(matcher)
    if prefilter is None:
        return LeftOut(Reason.UNSUPPORTED, "no text is needed for a match")
    found = prefilter.search(b"\n".join(lines))
    if found is None:
        return LeftOut(Reason.VALUES_NOT_HELD, "the lines have to be read one by one")
    candidates = set(found[1])
    return [line in candidates and matcher.matches(read_record(line)) for line in lines]


def _judge_file(matcher: Matcher, lines: list[bytes]) -> Verdicts:
    with TemporaryDirectory() as folder:
        path, kept = Path(folder, "records.jsonl"), Path(folder, "kept.jsonl")
        path.write_bytes(b"".join(line + b"\n" for line in lines))
        copy(matcher, path, kept, jobs=1)
        found = set(kept.read_bytes().split(b"\n"))
    return [line in found for line in lines]


# --- Frames ---------------------------------------------------------------------------------------

_ROW = "filterlang: row"
"""The column with the number of a row, by a name that no filter has."""
_HELD = "held"


def _ask_tables(
    matchers: list[Matcher],
    records: Sequence[Mapping[str, object]],
    make: Callable[[Table], Frame],
    read: Callable[[Frame], list[object]],
    judge: Callable[[Matcher, Frame], Iterable[int]],
) -> list[Verdicts]:
    """Ask what takes a table, of the keys that are looked at.

    `make` makes what the engine takes of a table of Arrow, `read` gives the values of the one
    column `_HELD` of it, and `judge` the numbers of the rows that match.
    """
    pa = load_pyarrow()

    def hold(values: list[object]) -> Array | None:
        try:
            column = pa.array(values)
            found = read(make(pa.table({_HELD: column})))
        except Exception:  # noqa: BLE001 — whatever an engine raises, it doesn't hold the values
            return None
        return column if _are_same(values, found) else None

    held = _Held(records, hold)
    numbers = pa.array(range(len(records)), pa.int64())
    frames: dict[tuple[str, ...], Frame] = {}
    found: list[Verdicts] = []
    for matcher in matchers:
        wanted = held.wanted(matcher)
        if isinstance(wanted, LeftOut):
            found.append(wanted)
            continue
        keys = tuple(wanted)
        if keys not in frames:
            frames[keys] = make(pa.table({_ROW: numbers, **wanted}))
        try:
            rows = set(judge(matcher, frames[keys]))
        except UnsupportedError as error:
            found.append(LeftOut(Reason.UNSUPPORTED, str(error)))
        else:
            found.append([number in rows for number in range(len(records))])
    return found


def _frames(make: Callable[[Table], Frame]) -> Ask:
    """Ask an engine whose frames are made of tables of Arrow."""

    def ask(
        matchers: list[Matcher], records: Sequence[Mapping[str, object]], schema: Schema | None
    ) -> list[Verdicts]:
        from filterlang.backends.frames import where
        from filterlang.backends.frames.python_rows import records_of

        def read(frame: Frame) -> list[object]:
            return [one[_HELD] for one in records_of(_collected(frame), [_HELD])]

        def judge(matcher: Matcher, frame: Frame) -> Iterable[int]:
            # The records decide which columns there are, and the filters ask for any names.
            kept = where(frame, matcher.filters, schema, strict=False)
            found: list[int] = _collected(kept)[_ROW].to_list()
            return found

        return _ask_tables(matchers, records, make, read, judge)

    return _of_objects(ask)


def _arrow(make: Callable[[Table], Frame]) -> Ask:
    """Ask what pyarrow has beside frames, too, made of tables at each question."""

    def ask(
        matchers: list[Matcher], records: Sequence[Mapping[str, object]], schema: Schema | None
    ) -> list[Verdicts]:
        from filterlang.backends.frames import where

        def read(table: Table) -> list[object]:
            return python_values(table[_HELD])

        def judge(matcher: Matcher, table: Table) -> Iterable[int]:
            found: Any = where(make(table), matcher.filters, schema, strict=False)
            if hasattr(found, "to_table"):
                found = found.to_table()
            elif hasattr(found, "read_all"):
                found = found.read_all()
            numbers: list[int] = found[_ROW].to_pylist()
            return numbers

        return _ask_tables(matchers, records, lambda table: table, read, judge)

    return _of_objects(ask)


def _to_stream(table: Table) -> Frame:
    """Return a stream of batches of one row, of which each is a frame to itself."""
    batches = table.to_batches(max_chunksize=1)
    return load_pyarrow().RecordBatchReader.from_batches(table.schema, batches)


def _to_dataset(table: Table) -> Frame:
    return import_module("pyarrow.dataset").dataset(table)


def _collected(frame: Frame) -> Frame:
    """Return a frame of narwhals in memory."""
    import narwhals as nw

    if type(frame).__module__.startswith("dask."):
        frame = frame.compute(scheduler="synchronous")
    wrapped: Any = nw.from_native(frame)
    return wrapped.collect() if isinstance(wrapped, nw.LazyFrame) else wrapped


def _to_polars(table: Table) -> Frame:
    import polars as pl

    return pl.from_arrow(table)


def _to_lazy_polars(table: Table) -> Frame:
    return _to_polars(table).lazy()


def _to_pandas(table: Table) -> Frame:
    """Return a frame whose columns are NumPy's, with integers that may be missing."""
    pa, pd = load_pyarrow(), import_module("pandas")
    frame = table.to_pandas()
    for field in table.schema:
        if field.type == pa.int64():
            frame[field.name] = table[field.name].to_pandas(
                types_mapper={pa.int64(): pd.Int64Dtype()}.get
            )
    return frame


def _to_arrow_pandas(table: Table) -> Frame:
    return table.to_pandas(types_mapper=import_module("pandas").ArrowDtype)


def _to_dask(table: Table) -> Frame:
    """Return a frame of two partitions, whose texts stay as they are."""
    dask, dd = import_module("dask"), import_module("dask.dataframe")
    with dask.config.set({"dataframe.convert-string": False}):
        return dd.from_pandas(_to_pandas(table), npartitions=2)


def _to_duckdb(table: Table) -> Frame:
    import duckdb

    return duckdb.from_arrow(table)


@_of_objects
def _ask_batches(
    matchers: list[Matcher], records: Sequence[Mapping[str, object]], _: Schema | None
) -> list[Verdicts]:
    """Ask for batches of columns, as files have them, and have polars loaded at once."""

    def judge(matcher: Matcher, table: Table) -> list[int]:
        judge = BatchJudge(matcher, small=0)
        verdicts = [one for batch in table.to_batches() for one in judge.verdicts(batch)]
        return [number for number, matches in enumerate(verdicts) if matches]

    def read(table: Table) -> list[object]:
        return python_values(table[_HELD])

    return _ask_tables(matchers, records, lambda table: table, read, judge)


_AT_ONCE = 60
"""So many conditions are columns of one frame of Spark; each job of it takes long."""


def _ask_spark(
    session: pyspark.sql.SparkSession,
    matchers: list[Matcher],
    records: Sequence[Mapping[str, object]],
    schema: Schema | None,
) -> list[Verdicts]:
    from pyspark.sql.types import StructType

    from filterlang.backends.frames import to_spark

    pa = load_pyarrow()

    def hold(values: list[object]) -> Array | None:
        try:
            column = pa.array(values)
        except (TypeError, ValueError, OverflowError, pa.ArrowException):
            return None
        if pa.types.is_null(column.type):
            return pa.nulls(len(values), pa.string())  # Spark makes no column of nothing else
        is_exact = _are_same(values, python_values(column))
        return column if is_exact and _is_of_spark(pa, column.type) else None

    held = _Held(records, hold)
    names: dict[str, str] = {}
    columns: dict[str, Array] = {}
    for key in held.keys:
        column = held.find(key)
        # Names that differ by case alone are one name to Spark.
        if column is not None and names.setdefault(key.lower(), key) == key:
            columns[key] = column
        else:
            held.lose(key)
    numbers = pa.array(range(len(records)), pa.int64())
    frame = session.createDataFrame(pa.table({_ROW: numbers, **columns}))
    back = frame.toArrow().sort_by(_ROW)
    for key in columns:
        held.compare(key, python_values(back[key]))
    fields = {field.name: field for field in frame.schema.fields}
    found: list[Verdicts] = []
    conditions: dict[int, Any] = {}
    for matcher in matchers:
        wanted = held.wanted(matcher)
        verdicts: Verdicts = [False] * len(records)
        if isinstance(wanted, LeftOut):
            verdicts = wanted
        else:
            try:
                known = StructType([fields[key] for key in wanted])
                conditions[len(found)] = to_spark(matcher.filters, known, schema, strict=False)
            except UnsupportedError as error:
                verdicts = LeftOut(Reason.UNSUPPORTED, str(error))
        found.append(verdicts)
    places = list(conditions)
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE]
        asked = [conditions[place].alias(f"asked {place}") for place in some]
        rows = frame.select(_ROW, *asked).toArrow().sort_by(_ROW)
        for place in some:
            found[place] = rows[f"asked {place}"].to_pylist()
    return found


def _is_of_spark(pyarrow: Any, type_: Any) -> bool:
    """Whether Spark makes a column of a type: it has none of nulls alone, and none of UUIDs."""
    types = pyarrow.types
    if types.is_nested(type_):
        return type_.num_fields > 0 and all(
            _is_of_spark(pyarrow, type_.field(index).type) for index in range(type_.num_fields)
        )
    is_extension = isinstance(type_, pyarrow.BaseExtensionType)
    return not (is_extension or types.is_null(type_) or types.is_decimal256(type_))


# --- Databases ------------------------------------------------------------------------------------


def _on_sqlite(ask: _AskServer) -> Ask:
    """Ask a database of SQLite that is made for the question."""

    def ask_sqlite(
        matchers: list[Matcher], records: Sequence[Mapping[str, object]], schema: Schema | None
    ) -> list[Verdicts]:
        from sqlalchemy import create_engine

        from filterlang.backends.sql import register

        engine = create_engine("sqlite://")
        register(engine)
        try:
            return ask(engine, matchers, records, schema)
        finally:
            engine.dispose()

    return _of_objects(ask_sqlite)


def _ask_columns(
    engine: sa.Engine,
    matchers: list[Matcher],
    records: Sequence[Mapping[str, object]],
    schema: Schema | None,
) -> list[Verdicts]:
    """Ask a database for a table of typed columns."""
    from sqlalchemy import Column

    held = _Held(records, lambda values: _stored(values, engine.dialect.name))
    # Names that differ by case alone are one name to a database.
    names = {key: f"c{place}" for place, key in enumerate(held.keys) if held.find(key) is not None}
    columns = [Column(name, held.find(key)[0]) for key, name in names.items()]
    rows = [
        {name: held.find(key)[1][place] for key, name in names.items()}
        for place in range(len(records))
    ]
    with _filled(engine, columns, rows) as filled:
        for key, name in names.items():
            held.compare(key, [row[name] for row in filled.rows])
        found: list[Verdicts] = []
        for matcher in matchers:
            wanted = held.wanted(matcher)
            if isinstance(wanted, LeftOut):
                found.append(wanted)
            else:
                layout = {key: filled.table.c[names[key]] for key in wanted}
                found.append(filled.judge(layout, matcher, schema))
    return found


def _ask_documents(
    engine: sa.Engine,
    matchers: list[Matcher],
    records: Sequence[Mapping[str, object]],
    schema: Schema | None,
) -> list[Verdicts]:
    """Ask a database for a column of whole records as JSON."""
    from sqlalchemy import Column

    dialect = engine.dialect.name
    held = _Held(records, lambda values: _documents(values, dialect), columns=False)
    keys = {key for key in held.keys if held.find(key) is not None}
    documents = [{key: record[key] for key in record if key in keys} for record in records]
    columns = [Column("document", _json_type())]
    with _filled(engine, columns, [{"document": one} for one in documents]) as filled:
        back = [row["document"] for row in filled.rows]
        for key in keys:
            held.compare(key, [document.get(key) for document in back])
        found: list[Verdicts] = []
        for matcher in matchers:
            wanted = held.wanted(matcher)
            if isinstance(wanted, LeftOut):
                found.append(wanted)
            else:
                found.append(filled.judge(filled.table.c.document, matcher, schema))
    return found


class _Filled(NamedTuple):
    """A table with rows that are numbered, and the rows as they came back."""

    connection: sa.Connection
    table: sa.Table
    rows: Sequence[Any]

    def judge(self, columns: object, matcher: Matcher, schema: Schema | None) -> Verdicts:
        from sqlalchemy import select

        from filterlang.backends.sql import where

        try:
            condition = where(columns, matcher.filters, schema, strict=False)
            statement = select(self.table.c.number).where(condition)
            found = set(self.connection.scalars(statement))
        except UnsupportedError as error:
            return LeftOut(Reason.UNSUPPORTED, str(error))
        return [number in found for number in range(len(self.rows))]


@contextmanager
def _filled(
    engine: sa.Engine, columns: Iterable[sa.Column[Any]], rows: Sequence[Mapping[str, object]]
) -> Generator[_Filled]:
    """Build a temporary table, and undo all of it."""
    from sqlalchemy import Column, Integer, MetaData, Table, insert, select

    number = Column("number", Integer, primary_key=True, autoincrement=False)
    table = Table("filterlang_asked", MetaData(), number, *columns, prefixes=["TEMPORARY"])
    with engine.connect() as connection:
        table.create(connection)
        try:
            for index, row in enumerate(rows):
                connection.execute(insert(table).values(number=index, **row))
            back = connection.execute(select(table).order_by(table.c.number)).mappings().all()
            yield _Filled(connection, table, back)
        finally:
            connection.rollback()
            # MariaDB doesn't undo that a table was made, and its connection lives on in the pool.
            if engine.dialect.name in _MARIADB:
                table.drop(connection)


_MARIADB = ("mariadb", "mysql")


def _json_type() -> Any:
    from sqlalchemy import JSON
    from sqlalchemy.dialects.postgresql import JSONB

    return JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def _documents(values: list[object], dialect: str) -> list[object] | None:
    """Return values as JSON of a database brings them, where it has them."""
    if dialect == "sqlite":
        return _json_values(values)
    return _of_mariadb(values) if dialect in _MARIADB else _jsonb_values(values)


_DEEPEST = 30
"""MariaDB reads JSON no deeper than 32; the record and the list of values are two of them."""


def _of_mariadb(values: list[object]) -> list[object] | None:
    """Return values as MariaDB takes them, which has no half of a surrogate pair."""
    found = _json_values(values)
    is_held = found is not None and _depth(found) <= _DEEPEST + 1 and _is_text_of_mariadb(found)
    return found if is_held else None


def _depth(value: object) -> int:
    """Return how deep the values of JSON lie in each other."""
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _is_text_of_mariadb(value: object) -> bool:
    text = json.dumps(value, ensure_ascii=False)
    return not any("\ud800" <= one <= "\udfff" for one in text)


def _jsonb_values(values: list[object]) -> list[object] | None:
    """Return values as PostgreSQL takes them, which has no NUL and no half of a surrogate pair."""
    found = _json_values(values)
    return None if found is None or not _is_text_of_postgresql(found) else found


def _is_text_of_postgresql(value: object) -> bool:
    text = json.dumps(value, ensure_ascii=False)
    return "\\u0000" not in text and not any("\ud800" <= one <= "\udfff" for one in text)


def _stored(values: list[object], dialect: str) -> tuple[Any, list[object]] | None:
    """Return the type of a column for values, and the values as it takes them; None for no type."""
    there = [value for value in values if value is not None]
    types = {type(value) for value in there}
    if types <= {dict, list}:
        found = _documents(values, dialect)
        return None if found is None else (_json_type(), found)
    if len(types) > 1 or not all(_fits(value, dialect) for value in there):
        return None
    zones = {value.tzinfo is not None for value in there if isinstance(value, datetime)}
    made = _column_type(types.pop(), there, dialect, has_zone=True in zones)
    if made is None or len(zones) > 1:
        return None
    try:
        return made, [_as_stored(value) for value in values]
    except OverflowError:
        return None  # in UTC it is in a year that Python has not


def _fits(value: object, dialect: str) -> bool:
    match value:
        case str() if dialect in _MARIADB:
            return _is_text_of_mariadb(value)
        case str():
            return _is_text_of_postgresql(value)
        case float() if dialect in _MARIADB:
            return isfinite(value)
        case int():
            return -(2**63) <= value < 2**63
        case Decimal():
            return dialect != "sqlite" and value.is_finite()  # SQLite has no decimals
        case _:
            return True


def _as_stored(value: object) -> object:
    """Return times with a zone in UTC: SQLite forgets the zone."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC)
    return value


def _column_type(type_: type, there: list[Any], dialect: str, *, has_zone: bool) -> Any:
    import sqlalchemy as sa

    if dialect in _MARIADB and type_ in {Decimal, datetime, float, str}:
        return _type_of_mariadb(type_, there)
    types: dict[type, Any] = {
        str: sa.Text(),
        bool: sa.Boolean(),
        int: sa.Integer() if dialect == "sqlite" else sa.BigInteger(),
        float: sa.Float(),
        Decimal: sa.Numeric(),
        date: sa.Date(),
        datetime: sa.DateTime(timezone=has_zone),
        UUID: sa.Uuid(),
        bytes: sa.LargeBinary(),
    }
    return types.get(type_)


def _type_of_mariadb(type_: type, there: list[Any]) -> Any:
    """Return the type of a column where MariaDB would cut the values, or ask for more of it."""
    import sqlalchemy as sa
    from sqlalchemy.dialects import mysql

    from filterlang.backends.sql.mariadb import MOST_DIGITS, MOST_PLACES

    if type_ is Decimal:
        places = max(0, *[-int(one.as_tuple().exponent) for one in there])
        return sa.Numeric(MOST_DIGITS, places) if places <= MOST_PLACES else None
    types: dict[type, Any] = {
        str: mysql.LONGTEXT(charset="utf8mb4"),
        float: sa.Double(),
        datetime: mysql.DATETIME(fsp=6),
    }
    return types[type_]
