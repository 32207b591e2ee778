"""A copy of the package in which something is changed, for tests of what follows from it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import filterlang
from filterlang.syntax._grammar import grammar_text, tables_text

PACKAGE = Path(filterlang.__file__).parent


class PackageCopy:
    """The package and its grammar, copied into a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.package = folder / "filterlang"
        self.grammar = self.package / "grammar" / "filter.lark"
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("__pycache__"))
        # Where a wheel has it, wherever it stands here.
        self.grammar.parent.mkdir(exist_ok=True)
        self.grammar.write_text(grammar_text(), encoding="utf-8")
        self.grammar.with_name("tables.json").write_text(tables_text(), encoding="utf-8")

    def edit(self, name, *changes):
        """Replace texts that stand exactly once in a file of the package."""
        path = self.package / name
        source = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {name}"
            source = source.replace(old, new)
        path.write_text(source, encoding="utf-8")

    def run(self, *arguments, status=0):
        """Run Python with the copy in the package's place, and return what it writes."""
        finished = subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            encoding="utf-8",
        )
        assert finished.returncode == status, finished.stdout + finished.stderr
        return finished.stdout
