"""Run a document: each example, in its order, and what is printed beside what is shown."""

from __future__ import annotations

from contextlib import redirect_stdout
from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.support.console_blocks import ConsoleBlockParser
from tests.support.output_blocks import OutputBlockParser

ROOT = Path(__file__).parents[2]


def run(path):
    """Run the examples of a document, from the root of the project."""
    output = OutputBlockParser()
    documents = Sybil(parsers=[PythonCodeBlockParser(), ConsoleBlockParser(ROOT), output])
    with redirect_stdout(output.printed):
        for example in documents.parse(path):
            example.evaluate()
    assert output.take() == "", "printed, but no output block shows it"
