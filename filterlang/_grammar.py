"""Where the grammar's text is, however the library was installed."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def grammar_text() -> str:
    """Read `filter.lark`: from the package in a wheel, from beside it in a checkout."""
    packaged = resources.files("filterlang") / "grammar" / "filter.lark"
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    beside = Path(__file__).parent.parent / "grammar" / "filter.lark"
    return beside.read_text(encoding="utf-8")
