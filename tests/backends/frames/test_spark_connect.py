"""Spark Connect gives the same rows as a classic session, and is asked for as much."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from unittest.mock import patch

import pyarrow.parquet
import pytest

from filterlang.testing import evaluators
from tests.backends.frames import corpus
from tests.support.engines import need

need("grpc", "dev")

from tests.backends.frames.test_spark import (  # noqa: E402 — what it needs is asked for first
    expect_corpus,
    expect_drawn,
    expect_evaluated,
    expect_kinds,
    expect_types,
    session,
    spark_table,
)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def connected(folder):
    """Start a server of Spark Connect on this machine, and give a session with it."""
    # Imported here, since it warns of the version of pandas, as in `test_spark`.
    from pyspark.sql.connect.session import SparkSession

    port = free_port()
    options = {
        "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }
    # So PySpark calls the functions of Connect, as it does in a program without another kind.
    mode = {"SPARK_CONNECT_MODE_ENABLED": "1"}
    with session(**options), patch.dict("os.environ", mode):
        spark = SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()
        try:
            yield spark
        finally:
            spark.stop()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # as in `test_spark`
def test_spark_connect_gives_the_rows_of_the_matcher(tmp_path):
    with connected(tmp_path) as spark:
        path = str(tmp_path / "corpus.parquet")
        pyarrow.parquet.write_table(spark_table(corpus.TABLE), path)
        expect_corpus(spark.read.parquet(path))
        expect_drawn(spark)
        expect_kinds(spark)
        expect_types(spark, tmp_path)
        expect_evaluated(evaluators(spark_connect=spark), "Spark Connect")
