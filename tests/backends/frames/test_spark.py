"""Spark gives the matcher's rows: one test, since a session takes long to start, and one is enough.

The rows come from a Parquet file in several partitions, the session is in another time zone than
UTC, and many conditions are asked at once, as columns of one frame.
"""

from __future__ import annotations

import doctest
import os
import sys
import warnings
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import filterlang as fl
from filterlang import UnsupportedError
from filterlang.backends.arrow_values import python_values
from filterlang.semantics.values import fold
from filterlang.testing import LeftOut, Reason, assert_same_rows, evaluators
from tests.backends.frames import corpus, drawn, test_folding
from tests.support.documents import run
from tests.support.engines import need, need_java
from tests.support.evaluated import evaluator_of, expect_vectors
from tests.tools import write_frames_tables

need("pyspark", "spark")
need_java()

from pyspark.sql import SparkSession  # noqa: E402 — what it needs is asked for first
from pyspark.sql import functions as fn  # noqa: E402 — as above

from filterlang.backends.frames import (  # noqa: E402 — as above
    explain_plan,
    native,
    to_spark,
    where,
)
from filterlang.backends.frames import spark as spark_engine  # noqa: E402 — as above

AT_ONCE = 60


@contextmanager
def session(**more):
    """Start Spark on this machine, bound to itself, with as little around it as there can be."""
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # Whatever Python stands first on the PATH would be its workers', of another version perhaps.
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    options = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.log.level": "ERROR",
        # Each call of a function would look for its place in the program, in Java.
        "spark.python.sql.dataFrameDebugging.enabled": "false",
        "spark.sql.session.timeZone": "America/New_York",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        **more,
    }
    with warnings.catch_warnings():
        # What it says of the version of pandas is no affair of these tests.
        warnings.simplefilter("ignore")
        spark = SparkSession.builder.master("local[2]").config(map=options).getOrCreate()
        try:
            yield spark
        finally:
            spark.stop()


def spark_table(table):
    """Give a table in the types that Spark has: no nanoseconds, and no column of nulls alone."""
    columns = {
        field.name: table[field.name] for field in table.schema if not pa.types.is_null(field.type)
    }
    for name, column in columns.items():
        if pa.types.is_dictionary(column.type):
            columns[name] = column.cast(pa.string())
        elif pa.types.is_timestamp(column.type):
            values = python_values(column)
            columns[name] = pa.array(values, pa.timestamp("us", column.type.tz))
    return pa.table(columns)


def expect_rows(frame, records, filters):
    """Ask many conditions at once; a negated one selects exactly the other rows."""
    for start in range(0, len(filters), AT_ONCE):
        some = filters[start : start + AT_ONCE]
        conditions = [
            to_spark(one, frame, strict=False).alias(str(index)) for index, one in enumerate(some)
        ]
        rows = frame.select("id", *conditions).collect()
        assert sorted(row["id"] for row in rows) == list(range(len(records)))
        for index, one in enumerate(some):
            assert all(row[str(index)] is not None for row in rows), one
            assert_same_rows([row["id"] for row in rows if row[str(index)]], records, one)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # as in `session`
def test_spark_gives_the_rows_of_the_matcher(tmp_path, monkeypatch):
    for name in ("python", "python3"):
        wrong = tmp_path / name
        wrong.write_text("#!/bin/sh\nexit 9\n")
        wrong.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    warehouse = {"spark.sql.warehouse.dir": str(tmp_path / "warehouse")}
    with session(**warehouse) as spark:
        path = str(tmp_path / "corpus.parquet")
        pyarrow.parquet.write_table(spark_table(corpus.TABLE), path)
        file = spark.read.parquet(path)
        frame = file.repartition(3).cache()
        assert frame.rdd.getNumPartitions() == 3

        expect_corpus(frame)
        matching = {record["id"] for record in corpus.RECORDS if fl.matches("ratio~1*", record)}
        assert matching <= {row["id"] for row in where(frame, "ratio~1*", superset=True).collect()}

        found = where(frame, ["score>1;name!=bonn", "unknown==1"], strict=False)
        assert_same_rows(
            [row["id"] for row in found.collect()], corpus.RECORDS, "score>1;name!=bonn"
        )
        rest = frame.where(~to_spark("score>1;name!=bonn", frame)).collect()
        others = set(range(30)) - {row["id"] for row in rest}
        assert_same_rows(others, corpus.RECORDS, "score>1;name!=bonn")
        assert where(frame, []) is frame
        assert where(frame, "unknown==1", strict=False).count() == 0

        # The examples take the session that is there.
        assert doctest.testmod(native).failed == 0
        run(write_frames_tables.FOLDER / write_frames_tables.SPARK_PAGE)
        page, expected = write_frames_tables.current(
            write_frames_tables.SPARK_PAGE, write_frames_tables.spark_table()
        )
        assert page == expected, "run: python -m tests.tools.write_frames_tables"
        expect_folded(spark)
        expect_pushed(file)
        expect_drawn(spark)
        expect_kinds(spark)
        expect_types(spark, tmp_path)
        expect_evaluated(evaluators(spark=spark), "Spark")


def expect_corpus(frame):
    """Nearly all of the corpus is pushed down, and gives the rows of the matcher."""
    left = {"ratio~1*", "ratio~*e*", "ratio~inf*", "ratio~0", "ratio~*.125"}
    pushed = [text for text in corpus.FILTERS if text not in left]
    assert len(pushed) == 263
    expect_rows(frame, corpus.RECORDS, pushed)
    for text in left:
        assert not explain_plan(frame, text).is_whole
        with pytest.raises(UnsupportedError):
            where(frame, text)


def expect_folded(spark):
    """All characters that Python knows are folded as it folds them."""
    folded = [[*map(fold, test_folding.characters())]]
    frame = spark.createDataFrame(test_folding.table().append_column("f", folded))
    rows = frame.where(spark_engine._folded(fn.col("c")) != fn.col("f")).collect()
    assert test_folding.known([row["c"] for row in rows]) == []


def expect_pushed(file):
    """The plan of a Parquet file has the filters, and no Python in it."""
    for text, pushed in {
        "score>1.5": "[IsNotNull(score), GreaterThanOrEqual(score,2)]",
        "kind==z": "[IsNotNull(kind), In(kind, [Z,z])]",
        # The zone of the machine decides how this one is shown.
        "seen>=2024-01-31T12:00": "[IsNotNull(seen), GreaterThanOrEqual(seen,2024-0",
        "day<2024-01-31": "[IsNotNull(day), LessThanOrEqual(day,2024-01-30)]",
        "price>=1.505": "[IsNotNull(price), GreaterThanOrEqual(price,1.51)]",
    }.items():
        plan = where(file, text)._jdf.queryExecution().toString()
        assert f"PushedFilters: {pushed}" in plan, plan
        assert "Python" not in plan


def expect_drawn(spark):
    """Drawn rows and filters, all in one frame."""
    found = []

    @settings(
        max_examples=1,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(drawn.rows, min_size=12, max_size=12),
        st.lists(drawn.filters, min_size=60, max_size=60),
    )
    def draw(rows, filters):
        found[:] = [rows, filters]

    draw()
    rows, filters = found
    numbered = [row | {"id": index} for index, row in enumerate(rows)]
    table = pa.Table.from_pylist(numbered, drawn.SCHEMA)
    frame = spark.createDataFrame(table)
    whole = [one for one in filters if explain_plan(frame, one, strict=False).is_whole]
    assert len(whole) > len(filters) / 2
    expect_rows(frame, drawn.records_of_table(table), whole)


def expect_kinds(spark):
    """Columns of other types are refused, or judged as what they are."""
    frame = spark.sql(
        "select 0 as id, cast('a' as char(3)) as padded, parse_json('1') as variant,"
        " interval '1' day as span, map(1, 'a') as numbered, null as nothing,"
        " 'A' collate utf8_lcase as collated, cast(1.5 as decimal(20, 10)) as fine"
    )
    reasons = {
        name: explain_plan(frame, f"{name}==a").parts[0][2:]
        for name in ("variant", "span", "numbered", "nothing", "collated", "fine")
    }
    unknown = "nothing is known of the values of a column of type"
    assert reasons == {
        "variant": ("checked again", f"{unknown} variant"),
        "span": ("folded", "never"),
        "numbered": ("checked again", f"{unknown} map<int,string>"),
        "nothing": ("folded", "never"),
        "collated": ("checked again", f"{unknown} string collate UTF8_LCASE"),
        "fine": ("folded", "never: 'fine' holds decimal numbers"),
    }
    (part,) = explain_plan(frame, "fine~1*").parts
    assert part.reason == "Spark writes decimal numbers in its own way"
    assert where(frame, "fine==1.5").count() == 1
    odd = ["*", "a`b", "`", "x y", "$1", "😀", "a'b"]
    table = pa.table({"id": [0, 1], **{name: ["x", None] for name in odd}})
    frame = spark.createDataFrame(table)
    texts = [text for name in odd for text in (f"{name}==X", f"{name}!=x")]
    expect_rows(frame, table.to_pylist(), texts)
    nested = pa.table({"id": [0, 1], "s": [dict.fromkeys(odd, "x"), None]})
    texts = [text for name in odd for text in (f"s.{name}==X", f"s.{name}!=x")]
    expect_rows(spark.createDataFrame(nested), nested.to_pylist(), texts)
    twice = spark.sql("select 1 as a, 2 as a")
    with pytest.raises(ValueError, match="two columns are called 'a'; rename one of them"):
        where(twice, "a==1")


def expect_shown(frame, filters):
    """The rows are those of the matcher over what `collect` shows."""
    records = [row.asDict(recursive=True) for row in frame.orderBy("id").collect()]
    expect_rows(frame, records, filters)


def expect_types(spark, folder):
    """Types that show their values otherwise than they compare them, and names by case alone."""
    for name in ("padded", "nested"):
        spark.sql(f"drop table if exists {name}")
    spark.sql("create table padded (id int, c char(5), v varchar(5)) using parquet").collect()
    spark.sql(
        "insert into padded values (0, 'x', 'x'), (1, 'y    ', 'x  '), (2, null, null), (3, '', '')"
    ).collect()
    asked = ["==x", "!=x", "~x", "~x*", "~*x", "~x?*", "==", "!=", "<y", ">x", "~* *"]
    texts = [name + one for name in "cv" for one in asked]
    expect_shown(spark.table("padded"), texts)
    spark.sql(
        "create table nested (id int, s struct<c: char(5), v: varchar(5)>, l array<char(3)>,"
        " m map<string, char(3)>) using parquet"
    ).collect()
    spark.sql(
        "insert into nested values"
        " (0, named_struct('c', 'x', 'v', 'x'), array('a', ''), map('k', 'x')),"
        " (1, null, null, null)"
    ).collect()
    texts = [name + one for name in ("s.c", "s.v", "l", "m.k") for one in asked]
    expect_shown(spark.table("nested"), [*texts, "l==a", "l~a*"])

    days = ["0001-01-01", "0999-12-31", "1582-10-04", "1582-10-10", "1582-10-15", "2024-02-29"]
    rows = spark.createDataFrame(
        pa.table({"id": range(len(days) + 1), "t": pa.array([*days, None], pa.string())})
    )
    frame = rows.selectExpr("id", "cast(t as date) d").selectExpr(
        "*", "cast(d as timestamp_ntz) n", "array(d) l", "named_struct('d', d) s"
    )
    texts = [f"{name}{one}{day}" for day in days for name in "dn" for one in ("==", "<", ">=")]
    texts += [f"{name}=={day}" for day in days for name in ("l", "s.d")]
    texts += [f"{name}~{one}" for name in "dn" for one in ("0*", "???-*", "0999-*", "*-04*")]
    expect_shown(frame, texts)
    # Of files Spark asks for what is pushed down to them, in a calendar of Java.
    frame.write.mode("overwrite").parquet(str(folder / "days"))
    file = spark.read.parquet(str(folder / "days"))
    records = [row.asDict(recursive=True) for row in file.orderBy("id").collect()]
    for text in ("d==1582-10-10", "n==1582-10-10", "d>=1582-10-05", "d<0999-12-31", "d<1582-10-14"):
        assert_same_rows([row["id"] for row in where(file, text).collect()], records, text)

    pairs = [[("a", 1), ("b", 3), ("a", 2)], [("a", None), ("a", 1)], [("a", 1), ("a", None)], []]
    maps = pa.array([*pairs, None], pa.map_(pa.string(), pa.int64()))
    path = str(folder / "maps.parquet")
    pyarrow.parquet.write_table(pa.table({"id": range(5), "m": maps}), path)
    asked = ("a==1", "a==2", "a!=1", "a==", "a!=", "b==3", "b==", "A==1", "c.d==")
    expect_shown(spark.read.parquet(path), [f"m.{one}" for one in asked])

    sql = (
        "select 0 id, 1 a, 2 A, named_struct('a', 1, 'A', 2, 'b', 3) s,"
        " array(named_struct('q', 1)) o"
    )
    twice = spark.sql(sql)
    reason = "Spark doesn't tell the names 'a' and 'A' apart; rename one of them"
    for text in ("a==1", "A==1", "s.a==2", "s.A!=2"):
        assert explain_plan(twice, text).parts[0].reason == reason
        with pytest.raises(UnsupportedError):
            to_spark(text, twice.schema)
    assert [row.id for row in where(twice, ["s.b==3", "o.q==1"]).collect()] == [0]
    spark.conf.set("spark.sql.caseSensitive", "true")
    texts = [
        name + one for name in ("a", "A", "s.a", "s.A", "s.B") for one in ("==1", "==2", "!=1")
    ]
    expect_shown(spark.sql(sql), texts)
    for text in texts:
        to_spark(text, twice.schema, strict=False)
    spark.conf.set("spark.sql.caseSensitive", "false")

    decimals = spark.sql(
        "select id, cast(x as decimal(2,2)) d, cast(x as decimal(38,6)) e,"
        " cast(x as decimal(38,38)) f"
        " from values (0, 0.5), (1, -0.25), (2, 0.0), (3, null) t(id, x)"
    )
    texts = [f"{name}~{one}" for name in "de" for one in ("0.5*", ".5*", "-0.2*", "0*", "0", "*0")]
    texts += [f"{name}{one}" for name in "def" for one in ("==0.5", "<0", ">=-0.25", "==", "==0")]
    expect_shown(decimals, texts)
    odd = spark.sql("select 0 id, X'00' b, interval '1' day i union all select 1, null, null")
    expect_shown(odd, [name + one for name in "bi" for one in ("==", "!=", "==1", "!=1", "~*")])


def expect_evaluated(known, name):
    """In the list of evaluators it gives the verdicts of the vectors."""
    evaluator = evaluator_of(known, name)
    expect_vectors(evaluator)
    records = [{"a": 1.5, "A": 1, "odd": 1j, "big": 10**30, "b": [None], "n": None}]
    not_held = Reason.VALUES_NOT_HELD
    asked = ["a==1.5", "a~1*", "A==1", "odd==1", "big==1", "b==", "n=="]
    said = evaluator.ask(asked, records, None)
    reasons = [one.reason if isinstance(one, LeftOut) else one for one in said]
    assert reasons == [[True], Reason.UNSUPPORTED, *[not_held] * 4, [True]]
    assert evaluator.judge("a==1", [{"a": 1}, None]) == LeftOut(Reason.NO_OBJECT)
    assert evaluator.judge("a==1", [{"a": 1}, {"a": 2}, {}]) == [True, False, False]
