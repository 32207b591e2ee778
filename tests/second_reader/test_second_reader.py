"""A second reader, written in JavaScript from the page alone, passes the vectors it claims."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

READER = Path(__file__).with_name("reader.mjs")


@pytest.mark.slow
def test_second_reader_passes_the_levels_that_it_claims() -> None:
    node = shutil.which("node")
    if node is None:
        message = "node isn't installed: the second reader isn't run"
        if os.environ.get("FILTERLANG_REQUIRE_ENGINES"):
            pytest.fail(message)
        pytest.skip(message)
    command = [sys.executable, "-m", "filterlang.testing.conformance", node, str(READER)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    verdicts = [line.partition(" (")[0] for line in run.stdout.splitlines()[1:]]
    assert verdicts == ["core: holds", "match: holds", "schema: holds", "json: holds"]
