"""Where the grammar, its tables and the vectors are, however the library was installed."""

from __future__ import annotations

import pkgutil
from contextlib import suppress
from pathlib import Path


def grammar_text() -> str:
    """Read `filter.lark`: from the package in a wheel, from beside it in a checkout."""
    return _read("filter.lark")


def vectors_text(kind: str) -> str:
    """Read one of the files of conformance vectors."""
    return _read(f"vectors/{kind}.json")


def tables_text() -> str:
    """Read the closed tables that diagnostics lean on."""
    return _read("tables.json")


def _read(name: str) -> str:
    # Not by importlib.resources, which takes ten times as long to import as the tables to read.
    with suppress(OSError):
        packaged = pkgutil.get_data("filterlang", f"grammar/{name}")
        assert packaged is not None  # only for loaders that can't read data at all
        return packaged.decode("utf-8")
    beside = Path(__file__).parents[2] / "grammar" / name
    return beside.read_text(encoding="utf-8")
