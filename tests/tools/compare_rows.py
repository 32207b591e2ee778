"""`python -m tests.tools.compare_rows` compares the rows of each engine with the matcher's.

The table has 200,000 rows (`--rows`; for Spark at most 5,000), drawn with a seed from the odd
values of the corpus and from others, in all types that each engine has; every filter of the corpus
is asked. What an engine can't be asked whole goes the way that users go: frames in memory check it,
databases by `rows`. Each line of what it prints is one engine: the types drawn, filters × rows
compared, the differences, and how many of the filters are pushed down whole. It ends with 1 if
there are differences.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from contextlib import contextmanager, nullcontext
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import NamedTuple

import dask.dataframe
import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet
from sqlalchemy import create_engine, insert, select

import filterlang as fl
from filterlang.backends.arrow_values import python_values
from filterlang.backends.frames import explain_plan
from filterlang.backends.frames import where as where_frame
from filterlang.backends.sql import register, rows, where
from tests.backends import corpus
from tests.backends.frames import corpus as frames_corpus
from tests.backends.frames.engines import to_arrow_pandas, to_dask, to_numpy_pandas
from tests.backends.sql import server, tables

ROWS = 200_000
_AT_ONCE = 2_000
_MOST_OF_SPARK = 5_000
_CONDITIONS_AT_ONCE = 60
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LETTERS = "aAbÉßİΣςKſ*?%_/\\'\"; \n1.-😀"


class Line(NamedTuple):
    """What is told of an engine."""

    engine: str
    types: int
    filters: int
    rows: int
    differences: int
    whole: int

    def __str__(self) -> str:
        share = self.whole / self.filters
        asked = f"{self.filters} × {self.rows:,}"
        return f"| {self.engine} | {self.types} | {asked} | {self.differences} | {share:.0%} |"


HEAD = """\
| engine | types drawn | filters × rows | differences | pushed down whole |
|---|---|---|---|---|"""


# --- What is drawn --------------------------------------------------------------------------------


def _text(draw):
    return "".join(draw.choices(_LETTERS, k=draw.randint(0, 4)))


def _moment(draw):
    return _EPOCH + timedelta(milliseconds=draw.randint(-(10**12), 2 * 10**12))


OTHERS = {
    "name": _text,
    "code": lambda draw: str(draw.randint(-20, 20)),
    "score": lambda draw: draw.randint(-20, 20),
    "ratio": lambda draw: draw.uniform(-20, 20),
    "price": lambda draw: Decimal(draw.randint(-3000, 3000)) / 100,
    "day": lambda draw: date(2024, 1, 31) + timedelta(draw.randint(-9, 9)),
    "seen": _moment,
    "paris": _moment,
    "local": lambda draw: _moment(draw).replace(tzinfo=None),
    "small": lambda draw: draw.randint(-128, 127),
    "tags": lambda draw: [_text(draw) for _ in range(draw.randint(0, 3))],
}
"""What is drawn besides what stands in the corpus."""


def drawn_table(count, seed=14):
    """Draw a table of the types of the corpus."""
    draw = random.Random(seed)  # noqa: S311 — a sample, no secret
    columns = []
    for field in frames_corpus.SCHEMA:
        if field.name == "id":
            columns.append(pa.array(range(count), field.type))
            continue
        known, other = frames_corpus.TABLE[field.name].combine_chunks(), OTHERS.get(field.name)
        pool = known
        if other is not None:
            more = pa.array([other(draw) for _ in range(2_000)], field.type)
            # As many of the corpus as of the others.
            pool = pa.concat_arrays([*[known] * 60, more])
        columns.append(pool.take(pa.array(draw.choices(range(len(pool)), k=count))))
    return pa.Table.from_arrays(columns, schema=frames_corpus.SCHEMA)


def drawn_records(count, seed=14):
    """Draw records for the columns of the databases."""
    draw = random.Random(seed)  # noqa: S311 — as above
    pools = {}
    for name in corpus.RECORDS[0]:
        known, other = [record[name] for record in corpus.RECORDS], OTHERS.get(name)
        pools[name] = known if other is None else [*known * 60, *(other(draw) for _ in range(2000))]
    columns = [draw.choices(pool, k=count) for pool in pools.values()]
    return [dict(zip(pools, row, strict=True)) for row in zip(*columns, strict=True)]


# --- Frames ---------------------------------------------------------------------------------------


MAPS = fl.Schema({"attrs": {"type": "map"}})
OF_NUMPY = {"pandas, NumPy", "dask, NumPy"}


def _ids(frame):
    if isinstance(frame, duckdb.DuckDBPyRelation):
        return frame.select("id").fetchnumpy()["id"].tolist()
    if isinstance(frame, pl.LazyFrame):
        return frame.select("id").collect()["id"].to_list()
    if isinstance(frame, dask.dataframe.DataFrame):
        frame = frame.compute(scheduler="synchronous")
    if isinstance(frame, pyarrow.dataset.Dataset):
        return frame.to_table(columns=["id"])["id"].to_pylist()
    return frame["id"].to_pylist() if isinstance(frame, pa.Table) else list(frame["id"])


def frame_of(name, table, path):
    """Return a frame of an engine, of a table or of the same in a Parquet file."""
    match name:
        case "pyarrow":
            return table
        case "pyarrow, dataset of Parquet":
            return pyarrow.dataset.dataset(path)
        case "polars":
            return pl.from_arrow(table)
        case "polars, lazy over Parquet":
            return pl.scan_parquet(path)
        case "pandas, NumPy":
            return to_numpy_pandas(table)
        case "pandas, Arrow":
            return to_arrow_pandas(table)
        case "dask, NumPy":
            return to_dask(table, 4)
        case "dask, Arrow":
            return dask.dataframe.from_pandas(to_arrow_pandas(table), npartitions=4)
        case "DuckDB":
            return duckdb.connect().from_arrow(table)
        case _:
            return duckdb.connect().read_parquet(path)


def compare_frame(name, frame, matched, filters):
    """Compare the rows of a frame with those that the matcher takes."""
    differences = whole = asked = 0
    # NumPy's types hold a map as a list of pairs.
    schema = MAPS if name in OF_NUMPY else None
    for text in filters:
        whole += explain_plan(frame, text, schema, strict=False).is_whole
        try:
            found = set(_ids(where_frame(frame, text, schema, strict=False)))
        except fl.UnsupportedError:
            found = set(_ids(where_frame(frame, text, schema, superset=True, strict=False)))
            # What is selected is more, and is checked by who asks.
            differences += len(matched[text] - found)
        else:
            differences += len(matched[text] ^ found)
        asked += 1
    kinds = len({str(field.type) for field in frames_corpus.SCHEMA})
    return Line(name, kinds, asked, len(matched[None]), differences, whole)


def matched_by(records, filters, key="id"):
    """Return the numbers of the records that the matcher takes; under None those of all."""
    found = {None: {record[key] for record in records}}
    for text in filters:
        matches = fl.compile(text).matches
        found[text] = {record[key] for record in records if matches(record)}
    return found


# --- Databases ------------------------------------------------------------------------------------


def _fitting(record, dialect):
    """Return a record as a database can hold it, as `tests.backends.sql.tables.fill` does."""
    values = dict(record)
    if dialect == "sqlite":
        values["price"] = None
    if dialect == "mariadb":
        ratio, seen = values["ratio"], values["seen"]
        values["ratio"] = ratio if ratio is not None and isfinite(ratio) else None
        values["seen"] = None if seen is None else seen.astimezone(UTC)
    return values


def compare_database(name, engine, records, filters):
    """Compare the rows of a database with those that the matcher takes of what they show."""
    table, dialect = tables.TABLE, engine.dialect.name
    tables.METADATA.create_all(engine)
    with engine.begin() as connection:
        for start in range(0, len(records), _AT_ONCE):
            some = records[start : start + _AT_ONCE]
            values = [_fitting(one, dialect) | {"id": start + at} for at, one in enumerate(some)]
            connection.execute(insert(table), values)
    differences = whole = 0
    with engine.connect() as connection:
        shown = [dict(row) for row in connection.execute(select(table)).mappings()]
        matched = matched_by(shown, filters)
        for text in filters:
            try:
                condition = where(table, text, strict=False)
                condition.compile(dialect=engine.dialect)
            except fl.UnsupportedError:
                statement = rows(connection, select(table), text, strict=False)
                found = {row.id for row in statement}
            else:
                whole += 1
                found = set(connection.scalars(select(table.c.id).where(condition)))
            differences += len(matched[text] ^ found)
    kinds = len({type(column.type) for column in table.c})
    return Line(name, kinds, len(filters), len(shown), differences, whole)


@contextmanager
def database(name):
    """Start a database, give its engine, and stop it again."""
    starts = {"PostgreSQL": server.postgresql, "MariaDB": server.mariadb}
    with starts.get(name, lambda: nullcontext("sqlite://"))() as url:
        engine = create_engine(url)
        register(engine)
        yield engine
        engine.dispose()


# --- Spark ----------------------------------------------------------------------------------------


def compare_spark(name, frame, records, filters):
    """Compare the rows of a frame of Spark with the matcher's, many conditions at once."""
    from filterlang.backends.frames import to_spark

    matched = matched_by(records, filters)
    whole = {text for text in filters if explain_plan(frame, text, strict=False).is_whole}
    differences = 0
    for start in range(0, len(filters), _CONDITIONS_AT_ONCE):
        some = filters[start : start + _CONDITIONS_AT_ONCE]
        conditions = [
            to_spark(text, frame, superset=text not in whole, strict=False).alias(str(index))
            for index, text in enumerate(some)
        ]
        found = frame.select("id", *conditions).collect()
        for index, text in enumerate(some):
            ids = {row["id"] for row in found if row[str(index)]}
            wrong = matched[text] ^ ids if text in whole else matched[text] - ids
            differences += len(wrong)
    kinds = len({str(field.dataType) for field in frame.schema.fields})
    return Line(name, kinds, len(filters), len(records), differences, len(whole))


@contextmanager
def spark_session(name, folder):
    """Start Spark, or a server of Spark Connect and a session with it."""
    from tests.backends.frames.test_spark import session

    if name == "Spark":
        with session(**{"spark.sql.warehouse.dir": str(folder / "warehouse")}) as spark:
            yield spark
    else:
        from tests.backends.frames.test_spark_connect import connected

        with connected(folder) as spark:
            yield spark


FRAMES = (
    "pyarrow",
    "pyarrow, dataset of Parquet",
    "polars",
    "polars, lazy over Parquet",
    "pandas, NumPy",
    "pandas, Arrow",
    "dask, NumPy",
    "dask, Arrow",
    "DuckDB",
    "DuckDB over Parquet",
)
SPARKS = ("Spark", "Spark Connect")
DATABASES = ("SQLite", "PostgreSQL", "MariaDB")


def lines(count, chosen=""):
    """Yield the line of each engine whose name holds a text."""
    if any(chosen in name for name in FRAMES):
        yield from _lines_of_frames(count, chosen)
    if any(chosen in name for name in SPARKS):
        yield from _lines_of_spark(min(count, _MOST_OF_SPARK), chosen)
    filters, drawn = list(dict.fromkeys(corpus.FILTERS)), drawn_records(count)
    for name in DATABASES:
        if chosen in name:
            with database(name) as engine:
                yield compare_database(name, engine, drawn, filters)


def _lines_of_frames(count, chosen):
    filters = list(dict.fromkeys(frames_corpus.FILTERS))
    table = drawn_table(count)
    matched = matched_by(_records_of(table), filters)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "drawn.parquet")
        pyarrow.parquet.write_table(table, path, row_group_size=10_000)
        for name in FRAMES:
            if chosen in name:
                yield compare_frame(name, frame_of(name, table, path), matched, filters)


def _lines_of_spark(count, chosen):
    from tests.backends.frames.test_spark import spark_table

    filters = list(dict.fromkeys(frames_corpus.FILTERS))
    table = spark_table(drawn_table(count))
    records = _records_of(table)
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "drawn.parquet")
        pyarrow.parquet.write_table(table, path, row_group_size=1_000)
        for name in SPARKS:
            if chosen in name:
                with spark_session(name, Path(folder)) as spark:
                    frame = spark.read.parquet(path)
                    yield compare_spark(name, frame, records, filters)


def _records_of(table):
    return [
        dict(zip(table.column_names, values, strict=True))
        for values in zip(*map(python_values, table.columns), strict=True)
    ]


def main(arguments=None):
    """Print the table; return the status to exit with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--only", default="", help="a part of the name of an engine")
    asked = parser.parse_args(arguments)
    differences = 0
    print(HEAD)  # noqa: T201 — what it is for
    for line in lines(asked.rows, asked.only):
        print(line, flush=True)  # noqa: T201 — as above
        differences += line.differences
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
