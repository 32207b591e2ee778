"""The pages for authors of SDKs: the code of 100 lines has no more, and both are typed."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest

from tests.support.engines import need

DOCS = Path(__file__).parents[2] / "docs"


def block(page, held):
    """Give the first example of a page that holds a text."""
    examples = (DOCS / page).read_text(encoding="utf-8").split("```python\n")[1:]
    return next(one.partition("```")[0] for one in examples if held in one)


SDK = block("how-to/write-an-sdk.md", "class Client")
ARGUMENT = block("start/build-and-send.md", "def list_users")


def test_the_sdk_has_100_lines():
    assert 50 < len(SDK.splitlines()) <= 100


@pytest.mark.slow
@pytest.mark.parametrize("code", [SDK, ARGUMENT], ids=["an SDK", "a filter argument"])
def test_the_code_is_typed(tmp_path, code):
    need("mypy", "dev")
    need("httpx", "test")
    module = tmp_path / "sdk.py"
    module.write_text(code, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(module)]
    found = run(command, capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path)
    assert found.stdout == "Success: no issues found in 1 source file\n", found.stderr
