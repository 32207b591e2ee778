"""The list of everything in the library that gives verdicts, behind one face.

The plain judge, generated code, the index, files, each engine of frames and each database: whoever
holds one of them to something (the vectors, a law, drawn records) holds all of them to it, and a
new one becomes a line here. What an evaluator can't be asked is left out for one of a few reasons,
never silently.
"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from filterlang.matching.codegen import MOST_FAILURES
from filterlang.matching.index.filter_index import FilterIndex
from filterlang.matching.matcher import compile
from filterlang.schema.binding import bind_all
from filterlang.semantics.judge import holds
from filterlang.testing.on_databases import ask_columns, ask_documents, of_sqlite
from filterlang.testing.on_files import judge_by_prefilter, judge_file, of_lines
from filterlang.testing.on_frames import (
    ask_batches,
    ask_spark,
    of_arrow,
    of_frames,
    to_arrow_pandas,
    to_dask,
    to_dataset,
    to_duckdb,
    to_lazy_polars,
    to_pandas,
    to_polars,
    to_stream,
)
from filterlang.testing.verdicts import LeftOut, Reason, of_objects

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyspark.sql
    import sqlalchemy as sa

    from filterlang.matching.matcher import Matcher
    from filterlang.schema.schema import Schema
    from filterlang.syntax.argument_types import Filters
    from filterlang.testing.verdicts import Ask, AskServer, Judge, Verdicts

    # pyarrow has no types, and frames are of many engines.
    Array = Any
    Table = Any
    Frame = Any


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
    found = [
        Evaluator("plain judge", "filterlang.semantics.judge", (), _each(_judge_plainly)),
        Evaluator("generated code", codegen, (), _each(lambda matcher: matcher.matches)),
        Evaluator("generated code, careful", codegen, (), _each(_judge_carefully)),
        Evaluator("generated code, of a list", codegen, (), _each(_judge_list)),
        Evaluator("explain", "filterlang.matching.matcher", (), _each(_explain)),
        Evaluator("index", "filterlang.matching.index.filter_index", (), _each(_judge_by_index)),
        Evaluator("prefilter", files + "scanning.prefilter", (), of_lines(judge_by_prefilter)),
        Evaluator("JSON Lines", files + "scanning.scanner", (), of_lines(judge_file)),
        Evaluator("Arrow batches", files + "tables.judging", (*arrow, "polars"), ask_batches),
        Evaluator("polars", frames + "polars", (*arrow, "polars"), of_frames(to_polars)),
        Evaluator("lazy polars", frames + "polars", (*arrow, "polars"), of_frames(to_lazy_polars)),
        Evaluator("pandas", frames + "pandas_columns", (*arrow, "pandas"), of_frames(to_pandas)),
        Evaluator(
            "pandas on Arrow",
            frames + "pandas_columns",
            (*arrow, "pandas"),
            of_frames(to_arrow_pandas),
        ),
        Evaluator("dask", frames + "partitions", (*arrow, "pandas", "dask"), of_frames(to_dask)),
        Evaluator("pyarrow", frames + "arrow_frames", arrow, of_arrow(lambda table: table)),
        Evaluator("pyarrow batches", frames + "arrow_frames", arrow, of_arrow(to_stream)),
        Evaluator("pyarrow datasets", frames + "arrow_compute", arrow, of_arrow(to_dataset)),
        Evaluator("DuckDB", frames + "duckdb", (*arrow, "duckdb"), of_frames(to_duckdb)),
        Evaluator("Spark", frames + "spark", (*arrow, "pyspark"), _connected(ask_spark, spark)),
        Evaluator(
            "Spark Connect",
            frames + "spark",
            (*arrow, "pyspark", "grpc"),
            _connected(ask_spark, spark_connect),
        ),
        Evaluator("SQLite", sql + "typed_columns", on_sqlite, of_sqlite(ask_columns)),
        Evaluator("SQLite documents", sql + "functions", on_sqlite, of_sqlite(ask_documents)),
        Evaluator(
            "PostgreSQL", sql + "typed_columns", on_postgresql, _connected(ask_columns, postgresql)
        ),
        Evaluator(
            "PostgreSQL documents",
            sql + "documents",
            on_postgresql,
            _connected(ask_documents, postgresql),
        ),
        Evaluator("MariaDB", sql + "mariadb", on_mariadb, _connected(ask_columns, mariadb)),
        Evaluator(
            "MariaDB documents",
            sql + "mariadb_documents",
            on_mariadb,
            _connected(ask_documents, mariadb),
        ),
    ]
    return [one._replace(ask=_where_installed(one.requires, one.ask)) for one in found]


def _connected(ask: AskServer, server: object) -> Ask:
    """Ask a server, or say that there is none."""
    return _unconnected if server is None else of_objects(partial(ask, server))


def _unconnected(
    asked: Sequence[Filters], _records: Sequence[object], _schema: Schema | None
) -> list[Verdicts]:
    return [LeftOut(Reason.NOT_CONNECTED)] * len(asked)


def _where_installed(requires: tuple[str, ...], ask: Ask) -> Ask:
    """Ask where all packages are there, or name those that aren't."""
    if not requires or ask is _unconnected:
        return ask

    def ask_if_installed(
        asked: Sequence[Filters], records: Sequence[object], schema: Schema | None
    ) -> list[Verdicts]:
        missing = [package for package in requires if find_spec(package) is None]
        if missing:
            return [LeftOut(Reason.NOT_INSTALLED, ", ".join(missing))] * len(asked)
        return ask(asked, records, schema)

    return ask_if_installed


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
