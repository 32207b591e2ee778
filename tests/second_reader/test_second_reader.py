"""A second reader, written in JavaScript from the page alone, passes the vectors it claims.

Its mutants in turn say whether the vectors notice a mistake.
"""

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.tools.mutate_second_reader import Judge, drawn, equivalent, key, mutants, sources

READER = Path(__file__).with_name("reader.mjs")


@pytest.fixture
def node() -> str:
    found = shutil.which("node")
    if found is None:
        message = "node isn't installed: the second reader isn't run"
        if os.environ.get("FILTERLANG_REQUIRE_ENGINES"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.mark.slow
def test_second_reader_passes_the_levels_that_it_claims(node: str) -> None:
    command = [sys.executable, "-m", "filterlang.testing.conformance", node, str(READER)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    verdicts = [line.partition(" (")[0] for line in run.stdout.splitlines()[1:]]
    assert verdicts == ["core: holds", "match: holds", "schema: holds", "json: holds"]


@pytest.mark.slow
def test_vectors_kill_mutants_of_the_second_reader(node: str) -> None:
    files, known = sources(), equivalent()
    with Judge(node, files) as judge:
        assert judge.killer(None) is None
        found = list(drawn(judge, count=10, seed=7, jobs=2))
    survived = [key(mutant, files) for mutant, name in found if name is None]
    assert [one for one in survived if one not in known] == []
    assert len(found) == 10


def test_equivalent_mutants_that_are_listed_can_be_drawn() -> None:
    files = sources()
    made = {key(mutant, files) for mutant in mutants(files)}
    assert equivalent().keys() - made == set()


def test_each_file_of_the_second_reader_has_mutants() -> None:
    files = sources()
    counts = Counter(mutant.file for mutant in mutants(files))
    assert counts.keys() == files.keys()
    assert min(counts.values()) >= 20
