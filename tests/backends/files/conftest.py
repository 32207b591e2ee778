"""The ways to look at a line of JSON: by msgspec, or by the standard library; and pyarrow."""

from __future__ import annotations

import multiprocessing
import sys

import pytest

from filterlang.backends.files import jobs, ranges, scanner, workers
from tests.support.engines import need


@pytest.fixture
def pyarrow():
    need("pyarrow.parquet", "files")
    return need("pyarrow", "files")


@pytest.fixture(params=["fast", "plain"])
def engine(request, monkeypatch):
    """Have msgspec, or don't."""
    if request.param == "fast":
        need("msgspec", "fast")
    else:
        monkeypatch.setitem(sys.modules, "msgspec.json", None)
        # What is small would be read in full.
        monkeypatch.setattr(scanner, "_CHECKED", -1)
    return request.param


@pytest.fixture
def small_ranges(monkeypatch):
    # What is changed here is seen by processes that are forked. Tests run beside threads, which
    # newer releases of Python warn of; none of them does anything meanwhile.
    fork = multiprocessing.get_context("fork")
    monkeypatch.setattr(workers, "_context", lambda: fork)
    monkeypatch.setattr(ranges, "RANGE", 100)
    monkeypatch.setattr(ranges, "BLOCK", 30)
    monkeypatch.setattr(jobs, "RANGE", 100)
