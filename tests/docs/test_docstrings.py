"""The examples in docstrings do what they show."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import filterlang
from filterlang import px, testing
from tests.support.engines import need

MODULES = [
    "filterlang",
    *(module.name for module in pkgutil.walk_packages(filterlang.__path__, "filterlang.")),
]
NEEDED = {
    "filterlang.backends.files.tables.held_types": [("pyarrow", "files")],
    "filterlang.backends.sql": [("sqlalchemy", "sql")],
    "filterlang.backends.frames": [("narwhals", "frames"), ("polars", "polars")],
    "filterlang.web.asgi": [("starlette", "web")],
    "filterlang.backends.frames.duckdb": [("duckdb", "dev")],
    "filterlang.px.server": [
        ("sqlalchemy", "server"),
        ("starlette", "server"),
        ("uvicorn", "server"),
    ],
    "filterlang.testing.local_server": [
        ("sqlalchemy", "server"),
        ("starlette", "server"),
        ("httpx", "test"),
    ],
    "filterlang.backends.plan.planner": [("narwhals", "frames"), ("polars", "polars")],
    "filterlang.backends.frames.native": [("pyspark", "spark")],
    "filterlang.backends.frames.spark": [("pyspark", "spark")],
}
"""The package → the modules that its examples need, and the extra that brings them."""
ASKS_SPARK = {"filterlang.backends.frames.native"}


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module(name):
    for package, modules in NEEDED.items():
        if name.startswith(package):
            for module, extra in modules:
                need(module, extra)
    if name in ASKS_SPARK:
        pytest.skip(
            "needs a session of Spark: tests/backends/frames/test_spark.py runs it in its own"
        )
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def public_names():
    for module in (filterlang, px, testing):
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isclass(value) or inspect.isfunction(value):
                yield pytest.param(value, id=f"{module.__name__}.{name}")


@pytest.mark.parametrize("value", list(public_names()))
def test_what_is_public_has_an_example(value):
    assert ">>> " in inspect.getdoc(value)
    for name, member in vars(value).items() if inspect.isclass(value) else ():
        if inspect.isroutine(member) and not name.startswith("_"):
            assert ">>> " in inspect.getdoc(member), name
