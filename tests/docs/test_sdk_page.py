"""The page "Write an SDK for this API in 100 lines": its code is no longer, and is typed."""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import run

import pytest

from tests.support.engines import need

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-an-sdk.md"
SDK = PAGE.read_text(encoding="utf-8").partition("```python\n")[2].partition("```")[0]


def test_the_sdk_has_100_lines():
    assert 50 < len(SDK.splitlines()) <= 100


@pytest.mark.slow
def test_the_sdk_is_typed(tmp_path):
    need("mypy", "dev")
    need("httpx", "test")
    module = tmp_path / "sdk.py"
    module.write_text(SDK, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(module)]
    found = run(command, capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path)
    assert found.stdout == "Success: no issues found in 1 source file\n", found.stderr
