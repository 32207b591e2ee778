"""The documents tell the truth: each of their examples is executed.

Sybil reads them, but its plug-in for pytest is not used: a plug-in is heard only for files below
its own folder, and README.md lies above it; and it makes each example a test of its own, which
workers of pytest-xdist would then take out of each other's sight. Here a document is one test.
"""

from __future__ import annotations

import re

import pytest
from sybil import Sybil
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from tests.support.documents import ROOT, run
from tests.support.engines import need

README = ROOT / "README.md"
INCLUDING = {"docs/changelog.md", "docs/reference/vectors.md"}
"""Pages of the site that hold nothing but another file."""
DOCUMENTS = [
    README,
    *(
        path
        for path in sorted((ROOT / "docs").rglob("*.md"))
        if path.relative_to(ROOT).as_posix() not in INCLUDING
    ),
]

EXECUTED = {"console", "output", "python"}
SHOWN = {"", "{toctree}", "abnf", "css", "html", "js", "json", "lark", "sh", "text", "toml", "url"}

FRAMES = [("narwhals", "frames"), ("polars", "polars")]
SERVER = [
    ("sqlalchemy", "server"),
    ("starlette", "server"),
    ("uvicorn", "server"),
    ("httpx", "test"),
]
NEEDED = {
    "docs/how-to/accept-filters.md": [("fastapi", "fastapi"), ("httpx", "test")],
    "docs/how-to/filter-your-own-api.md": [
        ("fastapi", "fastapi"),
        ("httpx", "test"),
        ("sqlalchemy", "sql"),
    ],
    "docs/how-to/filters-in-django.md": [("django", "dev")],
    "docs/how-to/filters-in-flask.md": [("flask", "test")],
    "docs/how-to/filters-in-starlette.md": [("starlette", "server"), ("httpx", "test")],
    "docs/how-to/from-laptop-to-cluster.md": FRAMES,
    "docs/how-to/it-found-nothing.md": [*FRAMES, ("sqlalchemy", "sql")],
    "docs/how-to/match-in-dask.md": [*FRAMES, ("dask", "dask")],
    "docs/how-to/match-in-duckdb.md": [*FRAMES, ("duckdb", "dev")],
    "docs/how-to/match-in-pandas.md": [*FRAMES, ("pandas", "dev")],
    "docs/how-to/match-in-polars.md": FRAMES,
    "docs/how-to/match-in-pyarrow.md": [*FRAMES, ("pyarrow", "files")],
    "docs/how-to/filter-box.md": [("fastapi", "test"), ("starlette", "web"), ("jinja2", "docs")],
    "docs/how-to/match-files.md": [("pyarrow", "files"), ("duckdb", "dev")],
    "docs/how-to/match-in-databases.md": [("sqlalchemy", "sql")],
    "docs/how-to/serve.md": SERVER,
    "docs/how-to/write-an-sdk.md": SERVER,
    "docs/start/build-and-send.md": SERVER,
    "docs/how-to/test-your-sdk.md": [*SERVER, *FRAMES, ("pyarrow", "files"), ("duckdb", "dev")],
    "docs/how-to/send-filters.md": [
        (name, "test") for name in ("aiohttp", "flask", "httpx", "requests", "urllib3")
    ],
}
"""The page → the modules that it shows, and the extra that brings them."""
ASKS_SPARK = {"docs/how-to/match-in-spark.md"}
"""Pages that tests/backends/frames/test_spark.py runs, since a session takes long to start."""

any_block = RawFencedCodeBlockLexer(re.compile(r"(?P<language>[^\n]*)\n"))

each_document = pytest.mark.parametrize(
    "path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix()
)


def languages(path):
    """Collect what stands behind the opening fence of each block of a document."""
    document = Sybil(parsers=[]).parse(path)
    return {region.lexemes["language"] for region in any_block(document)}


@each_document
def test_every_example_does_what_the_document_shows(path, monkeypatch):
    name = path.relative_to(ROOT).as_posix()
    if name in ASKS_SPARK:
        pytest.skip("runs in the session of tests/backends/frames/test_spark.py")
    for module, extra in NEEDED.get(name, ()):
        need(module, extra)
    # Documents send requests to servers of their own alone, which no proxy could reach.
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.chdir(ROOT)
    run(path)


@each_document
def test_no_example_escapes_by_the_name_of_its_language(path):
    # For Sybil "python title=…" and "pycon" are other languages, which it silently leaves alone.
    assert languages(path) <= EXECUTED | SHOWN


def test_the_readme_shows_python_and_the_command_line():
    assert languages(README) >= {"console", "python"}
