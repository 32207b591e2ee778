"""The documents tell the truth: each of their examples is executed.

Sybil reads them, but its plug-in for pytest is not used: a plug-in is heard only for files below
its own folder, and README.md lies above it; and it makes each example a test of its own, which
workers of pytest-xdist would then take out of each other's sight. Here a document is one test.
"""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from tests.docs.console import ConsoleBlockParser
from tests.docs.output import OutputBlockParser
from tests.engines import need

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCUMENTS = [README, *sorted((ROOT / "docs").rglob("*.md"))]

EXECUTED = {"console", "output", "python"}
SHOWN = {"", "json", "lark", "sh", "text", "toml", "url"}

NEEDED = {
    "docs/how-to/match-in-databases.md": [("sqlalchemy", "sql")],
    "docs/how-to/send-filters.md": [
        (name, "test") for name in ("aiohttp", "flask", "httpx", "requests", "urllib3")
    ],
}
"""The page → the modules that it shows, and the extra that brings them."""

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
    for module, extra in NEEDED.get(path.relative_to(ROOT).as_posix(), ()):
        need(module, extra)
    monkeypatch.chdir(ROOT)
    # Documents send requests to servers of their own alone, which no proxy could reach.
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    output = OutputBlockParser()
    documents = Sybil(parsers=[PythonCodeBlockParser(), ConsoleBlockParser(ROOT), output])
    with redirect_stdout(output.printed):
        for example in documents.parse(path):
            example.evaluate()
    assert output.take() == "", "printed, but no output block shows it"


@each_document
def test_no_example_escapes_by_the_name_of_its_language(path):
    # For Sybil "python title=…" and "pycon" are other languages, which it silently leaves alone.
    assert languages(path) <= EXECUTED | SHOWN


def test_the_readme_shows_python_and_the_command_line():
    assert languages(README) >= {"console", "python"}
