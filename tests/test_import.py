"""`import filterlang` is quick: what costs time is loaded on first use."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import filterlang

HEAVY = {
    "click",
    "dataclasses",
    "inspect",
    "lark",
    "pydantic",
    "rich",
    "typing_extensions",
}
PROGRAM = """\
import sys
sys.path[:0] = sys.argv[1:]
import filterlang
import json
print(json.dumps([filterlang.__file__, *sys.modules]))
"""
FIRST_PARSE = """\
import sys
sys.path[:0] = sys.argv[1:]
import filterlang
filterlang.parse("a==1;b~x*")
modules = [*sys.modules]
import json
print(json.dumps([filterlang.__file__, *modules]))
"""


def modules_of(program):
    # -I and -S keep away whatever the site loads at start-up, which would be taken for ours. The
    # folder of installed packages stays in reach, so that nothing fails to load that is asked for.
    folders = [str(Path(filterlang.__file__).parents[1]), sysconfig.get_path("purelib")]
    finished = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, *folders],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return json.loads(finished.stdout)


def test_the_import_loads_nothing_heavy():
    file, *modules = modules_of(PROGRAM)
    assert file == filterlang.__file__
    assert {name.partition(".")[0] for name in modules} & HEAVY == set()


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_what_is_heavy_would_be_seen(name):
    assert name in modules_of(PROGRAM.replace("import json", f"import json, {name}"))


def test_a_first_parse_loads_only_what_it_needs():
    """A valid filter costs neither Lark nor what the standard library is slow to load."""
    file, *modules = modules_of(FIRST_PARSE)
    assert file == filterlang.__file__
    slow = HEAVY | {"contextlib", "importlib", "json", "typing", "threading"}
    assert {name.partition(".")[0] for name in modules} & slow == set()
