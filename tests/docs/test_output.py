"""The reader of output blocks: a document that is wrong must not pass."""

from __future__ import annotations

from contextlib import redirect_stdout

import pytest
from sybil import Sybil
from sybil.example import SybilFailure
from sybil.parsers.markdown import PythonCodeBlockParser

from tests.support.output_blocks import OutputBlockParser


def evaluate(tmp_path, text):
    path = tmp_path / "page.md"
    path.write_text(text, encoding="utf-8")
    output = OutputBlockParser()
    with redirect_stdout(output.printed):
        for example in Sybil(parsers=[PythonCodeBlockParser(), output]).parse(path):
            example.evaluate()
    return output.take()


PYTHON = "```python\nprint('a')\nprint('é')\n```\n\n"


def test_the_same_output_passes(tmp_path):
    assert evaluate(tmp_path, f"{PYTHON}```output\na\né\n```\n") == ""


def test_each_block_is_compared_with_what_was_printed_since_the_last(tmp_path):
    block = f"{PYTHON}```output\na\né\n```\n"
    assert evaluate(tmp_path, f"{block}\n{block}") == ""


def test_what_no_block_shows_is_left_over(tmp_path):
    assert evaluate(tmp_path, PYTHON) == "a\né\n"


@pytest.mark.parametrize(
    "shown", ["a", "a\né\n", "a\né ", "A\né", "a\n\né"], ids=["short", "long", "space", "A", "gap"]
)
def test_other_output_fails_with_the_line_in_the_document(tmp_path, shown):
    with pytest.raises(SybilFailure, match="the document, line 7"):
        evaluate(tmp_path, f"{PYTHON}```output\n{shown}\n```\n")
