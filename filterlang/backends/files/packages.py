"""The libraries of the formats, each imported when a file first needs it.

They belong to extras, and are not typed, or by each release otherwise. So they are imported by
name, and what comes from them is of any type.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from filterlang.backends.files.faults import MissingPackageError

if TYPE_CHECKING:
    from types import ModuleType


def load_pyarrow() -> ModuleType:
    """Import pyarrow with what is used of it, which takes a tenth of a second.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    need = "Parquet, Arrow or Feather data"
    for part in ("pyarrow.compute", "pyarrow.parquet"):
        _load(part, need, "pyarrow")
    return _load("pyarrow", need, "pyarrow")


def load_zstandard() -> ModuleType:
    """Import zstandard; the standard library has its like only since Python 3.14.

    Raises:
        MissingPackageError: where it isn't installed.
    """
    return _load("zstandard", "zstd data", "zstandard")


def find_msgspec() -> ModuleType | None:
    """Import the part of msgspec that reads JSON; None where it isn't installed."""
    try:
        return import_module("msgspec.json")
    except ModuleNotFoundError:
        return None


def _load(name: str, need: str, package: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        raise MissingPackageError(need, package, "files") from None
