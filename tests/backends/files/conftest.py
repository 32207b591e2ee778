"""The ways to look at a line of JSON: simdjson, msgspec or the standard library; pyarrow."""

from __future__ import annotations

import multiprocessing
import sys

import pytest

from filterlang.backends.files.scanning import jobs, ranges, scanner, workers
from tests.support.engines import need, without_fast


@pytest.fixture
def pyarrow():
    need("pyarrow.parquet", "files")
    return need("pyarrow", "files")


@pytest.fixture(params=["fields", "fast", "plain"])
def engine(request, monkeypatch):
    """Have simdjson and msgspec, msgspec alone, or neither of them."""
    if request.param != "plain":
        need("msgspec", "fast")
    if request.param == "fields":
        need("fastsimdjson", "fast")
        need("stringzilla", "fast")
    elif request.param == "fast":
        monkeypatch.setitem(sys.modules, "fastsimdjson", None)
    else:
        without_fast(monkeypatch)
        # What is small would be read in full.
        monkeypatch.setattr(scanner, "_CHECKED", -1)
    return request.param


def watch_few(patch):
    """Let few records be more than one block, and than those in which types are looked at."""
    for module in ("opening.inputs", "json_records.json_shape", "json_records.json_lists"):
        patch.setattr(f"filterlang.backends.files.{module}.BLOCK", 128)
    patch.setattr("filterlang.backends.files.watching.mistyped.SAMPLE", 3)
    patch.setattr("filterlang.backends.files.json_records.json_lists._PATIENCE", 2)


@pytest.fixture
def small_ranges(monkeypatch):
    # What is changed here is seen by processes that are forked. Tests run beside threads, which
    # newer releases of Python warn of; none of them does anything meanwhile.
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(workers, "_context", lambda: fork)
    monkeypatch.setattr(ranges, "RANGE", 100)
    monkeypatch.setattr(ranges, "BLOCK", 30)
    monkeypatch.setattr(jobs, "RANGE", 100)
