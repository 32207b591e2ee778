"""Run a document: each example, in its order, and what is printed beside what is shown."""

from __future__ import annotations

from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.support.console_blocks import ConsoleBlockParser
from tests.support.output_blocks import OutputBlockParser

ROOT = Path(__file__).parents[2]


def run(path):
    """Run the examples of a document.

    Its commands find `docs` as from the root of the project, and may leave files where they run.
    """
    output = OutputBlockParser()
    with TemporaryDirectory() as folder, redirect_stdout(output.printed):
        Path(folder, "docs").symlink_to(ROOT / "docs", target_is_directory=True)
        console = ConsoleBlockParser(Path(folder))
        documents = Sybil(parsers=[PythonCodeBlockParser(), console, output])
        for example in documents.parse(path):
            example.evaluate()
    assert output.take() == "", "printed, but no output block shows it"
